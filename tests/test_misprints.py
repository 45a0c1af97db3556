"""One character of the same sound may be a slip; what tells two things apart never is."""

from __future__ import annotations

import pytest

from kg.misprints import is_misprint
from kg.model import EntityType

T = EntityType


@pytest.mark.parametrize(
    ("name", "other", "type_"),
    [
        ("岚皋茗源茶业公司", "岚皋铭源茶业公司", T.ENTERPRISE),
        ("岐黄卫校", "歧黄卫校", T.SCHOOL),
        ("安康市蓓蕾幼儿园", "安康市蓓雷幼儿园", T.KINDERGARTEN),
    ],
)
def test_a_character_of_the_same_sound_is_a_slip(name: str, other: str, type_: EntityType) -> None:
    assert is_misprint(name, other, type_)
    assert is_misprint(other, name, type_)


@pytest.mark.parametrize(
    ("name", "other", "type_"),
    [
        ("岚皋茗源茶业公司", "岚皋泉源茶业公司", T.ENTERPRISE),  # another sound
        ("砚青宾馆", "砚清宾馆", T.ENTERPRISE),  # too short to tell
        ("安康市第一职业中专", "安康市第七职业中专", T.SCHOOL),
        ("山西农业学校", "陕西农业学校", T.SCHOOL),
        ("安康市东关小学", "安康市冬关小学", T.SCHOOL),  # a direction
        ("宏炫建筑有限公司", "宏萱建筑有限公司", T.ENTERPRISE),  # both in full
        ("护理", "互理", T.PROGRAMME),
    ],
)
def test_these_are_two(name: str, other: str, type_: EntityType) -> None:
    assert not is_misprint(name, other, type_)
    assert not is_misprint(other, name, type_)
