"""Training bases in running text, form by form."""

from __future__ import annotations

import pytest
from sentences import SCHOOL, pairs, read_claims


def test_bases_told_by_number_each_with_its_own_size() -> None:
    text = (
        "校内建有四处实训场所。其一，“沅水智造工坊”，建筑面积3600平方米，设工位240个，由学校与常德瑞和机械有限公司共同投入；"
        "其二，“远航售后服务人才培养中心”，1850㎡，96个工位；其三是电子装调实训中心，工位120个；"
        "其四为智慧物流体验馆，现有面积680平方米。"
    )
    found = {name: told for _, name, told in read_claims(text, "operatesBase")}
    assert {name: (told.get("area"), told.get("workstations")) for name, told in found.items()} == {
        "沅水智造工坊": (3600, 240),
        "远航售后服务人才培养中心": (1850, 96),
        "电子装调实训中心": (None, 120),
        "智慧物流体验馆": (680, None),
    }
    assert found["沅水智造工坊"]["partners"] == ["常德瑞和机械有限公司"]


def test_a_size_belongs_to_the_base_beside_it() -> None:
    text = (
        "学校建有数控加工实训中心（面积2600平方米，工位180个）、电商直播孵化中心（面积900平方米）和柑橘栽培实训基地。"
    )
    sizes = {name: told.get("area") for _, name, told in read_claims(text, "operatesBase")}
    assert sizes == {"数控加工实训中心": 2600, "电商直播孵化中心": 900, "柑橘栽培实训基地": None}


def test_a_park_builds_a_base_together_with_a_school() -> None:
    text = "常德经济技术开发区同桃源县职业中专共建跨境电商实训基地。"
    [(school, base, told)] = read_claims(text, "operatesBase", city=True)
    assert (school, base) == ("桃源县职业中专", "跨境电商实训基地")
    assert told["partners"] == ["常德经济技术开发区"]


def test_a_base_whose_name_begins_with_a_quotation() -> None:
    assert pairs("学校在酒店内设立“旺季学校”实训基地。", "operatesBase") == {(SCHOOL, "“旺季学校”实训基地")}
    assert pairs("学校把旧教学楼改成“面点世家”烘焙实训楼。", "operatesBase") == {(SCHOOL, "“面点世家”烘焙实训楼")}


@pytest.mark.parametrize(
    "text",
    [
        "学校将择机与常德高新区共建新材料实训基地。",
        "规划中的“新能源电池实训基地”（约5000平方米）已完成选址，预计2025年投入使用。",
        "学校选派教师支教，帮助对方建成服装缝制实训车间。",
        "校内建有四处成规模的实训场所。",
        "湖南远航职业技术学院在学校设立“机电”中高职衔接教学点。",
    ],
)
def test_no_base_from_plans_aid_and_general_words(text: str) -> None:
    assert not pairs(text, "operatesBase")
