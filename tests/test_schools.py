"""Statuses, places and administration of schools, form by form."""

from __future__ import annotations

import pytest
from sentences import SCHOOL, pairs, read_claims

A, B, C, D = "桃源县职业中专", "石门县职业中专", "澧县职业中专", "安乡县职业中专"
STATUS = "省级示范性中职学校"


@pytest.mark.parametrize(
    "text",
    [
        f"{STATUS}3所，除{A}外，还有{B}和{C}。",
        f"{STATUS}3所，分别为{A}、{B}、{C}。",
        f"{STATUS}（3所）：{A}、{B}、{C}；湖南省重点中等职业学校（1所）：{D}。",
        f"{STATUS}有{A}、{B}、{C}三所；全市在校生增加。",
        f"新认定的三所{STATUS}分布在三个县：{A}位于桃源县；{B}位于石门县；{C}位于澧县。",
    ],
)
def test_a_status_is_said_once_for_the_schools_that_hold_it(text: str) -> None:
    found = {pair for pair in pairs(text, "designatedAs", city=True) if pair[1] == STATUS}
    assert found == {(A, STATUS), (B, STATUS), (C, STATUS)}


def test_each_status_has_the_year_in_its_brackets() -> None:
    text = f"{A}先后成为国家级重点中等职业学校（2008年）、湖南省高水平中职学校建设单位（2020年）。"
    found = {(status, told.get("year")) for _, status, told in read_claims(text, "designatedAs", city=True)}
    assert found == {("国家级重点中等职业学校", 2008), ("湖南省高水平中职学校建设单位", 2020)}


def test_a_former_name_in_brackets_holds_no_status() -> None:
    text = f"{A}（2009年以前叫桃源县农业机械学校）是全市唯一的国家级重点中等职业学校。"
    assert pairs(text, "designatedAs", city=True) == {(A, "国家级重点中等职业学校")}


@pytest.mark.parametrize(
    "text",
    [
        f"{A}、{B}则仍在{STATUS}培育名单之中。",
        f"力争再建成{STATUS}2所，{A}正在创建。",
        "与长沙、株洲等市相比，我市尚无一所国家级高水平中职学校。",
        f"{A}食堂被评为“阳光厨房”。",
    ],
)
def test_no_status_from_candidates_aims_and_canteens(text: str) -> None:
    assert not pairs(text, "designatedAs", city=True)


def test_places_in_brackets_after_each_school() -> None:
    text = f"开展传承教学的学校有3所：{A}（桃源县）、{B}（石门县）、{C}（地址：澧县城关镇）。"
    assert pairs(text, "locatedIn", city=True) == {(A, "桃源县"), (B, "石门县"), (C, "澧县")}


def test_what_else_stands_in_brackets_is_no_place() -> None:
    assert not pairs(f"{A}（桃源职专）、{B}（民办）参加。", "locatedIn", city=True)


@pytest.mark.parametrize("where", ["分设于桃源县和石门县", "举办者均为自然人，校址一在桃源县、一在石门县"])
def test_two_schools_stand_in_two_places_respectively(where: str) -> None:
    assert pairs(f"{A}、{B}{where}。", "locatedIn", city=True) == {(A, "桃源县"), (B, "石门县")}


def test_a_place_after_a_hill_and_an_address_of_teaching() -> None:
    assert pairs(f"{A}地处武陵山脚下的桃源县，占地120亩。", "locatedIn", city=True) == {(A, "桃源县")}
    assert pairs("学校办学地点在津市市新洲镇。", "locatedIn") == {(SCHOOL, "津市市")}


def test_who_runs_a_school_that_others_were_merged_into() -> None:
    text = "学校位于桃源县漳江路，2009年由原桃源县职业中学、县农广校合并组建，隶属桃源县教育局。"
    assert pairs(text, "administeredBy") == {(SCHOOL, "桃源县教育局")}


def test_a_government_that_runs_a_school() -> None:
    assert pairs("学校为桃源县人民政府举办的公办学校。", "administeredBy") == {(SCHOOL, "桃源县人民政府")}
    assert not pairs(f"{A}等公办学校由所在县（区）教育局管理。", "administeredBy", city=True)
