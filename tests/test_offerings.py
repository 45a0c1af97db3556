"""Programmes that schools offer, in running text, form by form."""

from __future__ import annotations

import pytest
from sentences import REGION, SCHOOL, pairs, read_claims

A, B = "桃源县职业中专", "石门县职业中专"


def told(text: str, city: bool = False) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for _, programme, qualifiers in read_claims(text, "offersProgramme", city):
        found.setdefault(programme, {}).update(qualifiers)
    return found


@pytest.mark.parametrize(
    ("text", "programme", "expected"),
    [
        (
            "物流服务与管理专业为当年新增，招收36人。",
            "物流服务与管理",
            {"status": "新增", "since": 2023, "headcount": 36},
        ),
        ("中草药栽培专业是2022年新开设的专业。", "中草药栽培", {"status": "新增", "since": 2022}),
        ("现代农艺技术、护理两个专业扩大了招生。", "现代农艺技术", {"status": "扩招"}),
        (
            "制冷和空调设备运行与维修专业缩减为1个班，28人。",
            "制冷和空调设备运行与维修",
            {"status": "缩招", "headcount": 28},
        ),
        ("文秘、会计事务两个专业因连续三年无人报考而停办。", "文秘", {"status": "停办"}),
        ("护理专业是学校的老牌专业，建于1978年，2023年在籍1468人。", "护理", {"since": 1978, "headcount": 1468}),
        ("康复技术专业2021年获批招生，现有两个年级共118人。", "康复技术", {"since": 2021, "headcount": 118}),
        ("药剂专业351人，护理专业94人。", "药剂", {"headcount": 351}),
    ],
)
def test_what_follows_a_programme_tells_of_its_change_and_size(text: str, programme: str, expected: dict) -> None:
    assert expected.items() <= told(text)[programme].items()


def test_a_number_after_a_list_is_not_each_programme_s() -> None:
    assert all("headcount" not in each for each in told("学校护理、药剂两个专业在籍1468人。").values())


@pytest.mark.parametrize(
    "text",
    [
        "旅游服务与管理专业曾列入增设计划，经论证后未予增设。",
        "原有的制冷和空调设备运行与维护专业早在2015年就已从目录中删去。",
    ],
)
def test_what_was_only_thought_of_is_not_offered(text: str) -> None:
    assert not told(text)


def test_each_school_has_its_own_programme_of_a_list() -> None:
    text = f"{A}的机电技术应用专业、{B}的护理专业获评省级重点专业。"
    assert pairs(text, "offersProgramme", city=True) == {(A, "机电技术应用"), (B, "护理")}
    assert {each.get("designation") for each in told(text, city=True).values()} == {"省级重点专业"}


def test_a_hospital_teaches_for_the_school_that_asked_it_to() -> None:
    text = f"{A}占地120亩。常德市第四人民医院被{B}聘为护理专业的教学医院。"
    assert pairs(text, "offersProgramme", city=True) == {(B, "护理")}


def test_the_school_before_does_not_offer_what_others_train_for() -> None:
    text = f"{A}占地120亩。幼儿保育专业方面，常德市小荷幼儿园接收{B}的见习生40人。"
    assert (A, "幼儿保育") not in pairs(text, "offersProgramme", city=True)


def test_a_region_offers_what_all_its_schools_do() -> None:
    text = "常德市中职学校主要开设护理、电子商务等专业。2023年新增智能网联汽车技术应用专业点3个。"
    assert pairs(text, "offersProgramme", city=True) == {
        (REGION, "护理"),
        (REGION, "电子商务"),
        (REGION, "智能网联汽车技术应用"),
    }
    assert SCHOOL not in {school for school, _ in pairs(text, "offersProgramme", city=True)}
