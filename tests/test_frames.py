"""The graph as tables: values worked out by hand from the fixture statement files."""

from __future__ import annotations

import time

import pandas
import pytest
from analysis_home import CARS, CLOUD, GREAT, SMALL, make_home, read_home
from graph_home import shared_home

from kg import store
from kg.errors import MissingStore
from kg.frames import HOSTS, Frames, read_frames
from kg.store import open_graph
from tests.benchmarks.made_graph import make_statements

ID = "https://w3id.org/zhijiao-kg/id"
SCHOOL, OTHER = f"{ID}/school/667ed4760304", f"{ID}/school/fe152bd508aa"
HAFO, MENGNIU = f"{ID}/enterprise/4ea878d15f75", f"{ID}/enterprise/d1aae59ceaec"
BAODING, MACHINES = f"{ID}/region/d9dc88acbd5e", f"{ID}/programme/d3721577275f"
TABLES = ("reports", "entities", "partnerships", "offerings", "memberships", "collaborations", "figures", "redirects")


@pytest.fixture(scope="module")
def frames() -> Frames:
    return read_frames(shared_home())


def statement(table: pandas.DataFrame, identifier: str) -> dict:
    return table[table["statement"] == f"{ID}/statement/{identifier}"].to_dict("records")[0]


def test_reports_tell_whose_they_are(frames):
    rows = frames.reports.set_index("report").to_dict("index")
    assert rows["baiyanghu-2023"]["year"] == 2023 and rows["baiyanghu-2023"]["region"] == "安新县"
    assert rows["baiyanghu-2023"]["publisher_iri"] == rows["旧/baiyanghu-2022"]["publisher_iri"] == SCHOOL
    assert rows["baoding-2023"]["level"] == "city" and rows["baoding-2023"]["publisher"] in (None, "")
    assert rows["baoding-2023"]["publisher_iri"] == ""  # whom it is of the file does not say


def test_entities_have_their_names_their_entry_and_their_place(frames):
    school, car, early = (
        frames.entities.loc[iri] for iri in (SCHOOL, f"{ID}/programme/5f6342801149", f"{ID}/programme/96a86d262a52")
    )
    assert school["aliases"] == ("白洋湖职业技校", "白洋湖职校") and school["type"] == "School"
    assert (school["place_code"], school["place_basis"]) == ("130632", "said")
    assert tuple(school[["province", "prefecture", "county"]]) == ("河北省", "保定市", "安新县")
    assert tuple(frames.entities.loc[OTHER, ["prefecture", "county"]]) == ("保定市", "")
    assert (car["code"], car["class_code"], car["class"], car["category"], car["level"]) == (
        "700206",
        "7002",
        "道路运输类",
        "交通运输大类",
        "中职",
    )
    assert (early["code"], early["class"]) == ("", "")  # a name of an older catalogue
    assert frames.entities.loc[f"{ID}/government/f2e8f3988d5b", "place_basis"] == "name"  # 安新县教育和体育局
    assert frames.entities.loc[MENGNIU, "place_basis"] == "" and len(frames.entities) == 19


def test_a_partnership_keeps_together_what_stood_together(frames):
    row = statement(frames.partnerships, "732eca267015ffb7")
    assert (row["school"], row["partner"], row["partner_type"]) == (SCHOOL, HAFO, "Enterprise")
    assert row["partner_name"] == "长城哈弗汽车分公司"  # the merged name, not the report's
    assert row["modes"] == ("现代学徒制", "订单培养") and row["headcount"] == (25, 30)
    assert (row["years"], row["year_basis"], row["report"], row["report_year"]) == (
        (2022,),
        "said",
        "旧/baiyanghu-2022",
        2022,
    )
    assert row["programmes"] == ("汽车运用与维修",) and len(row["programme_iris"]) == 1
    assert pandas.isna(row["page"]) and pandas.isna(row["table"])


def test_what_is_missing_is_empty_and_a_year_may_be_the_reports(frames):
    row = statement(frames.partnerships, "16b83ab2176d15cd")
    assert row["modes"] == row["programmes"] == row["headcount"] == row["programme_iris"] == ()
    assert (row["years"], row["year_basis"]) == ((2023,), "report")
    assert (row["page"], row["section"]) == (13, "4 校企合作 / 4.2 订单培养")
    assert frames.partnerships["page"].dtype == "Int64"


def test_where_no_year_is_known_there_is_none(tmp_path):
    found = read_home(
        tmp_path / "home", {("a", CLOUD, None): [("合作", CLOUD, GREAT, {}), ("合作", CLOUD, SMALL, {"year": 2020})]}
    )
    rows = {row["partner_name"]: row for row in found.partnerships.to_dict("records")}
    assert (rows[GREAT]["years"], rows[GREAT]["year_basis"]) == ((), "")
    assert (rows[SMALL]["years"], rows[SMALL]["year_basis"]) == ((2020,), "said")
    assert pandas.isna(rows[GREAT]["report_year"])


def test_a_regions_partnership_stands_under_the_region(frames):
    row = statement(frames.partnerships, "d47aec2a874d3ab7")
    assert (row["school"], row["school_type"], row["school_name"]) == (BAODING, "Region", "保定市")
    assert len(frames.partnerships) == 10


def test_offerings_tell_status_code_and_numbers(frames):
    row = statement(frames.offerings, "b8de80ef942473b8")
    assert (row["code"], row["status"], row["since"], row["headcount"]) == (("700206",), ("开设",), (2005,), (312,))
    assert (row["page"], row["table"], row["row"]) == (5, 2, 2)
    assert statement(frames.offerings, "5fb0628339bb8353")["status"] == ("停办",)
    assert frames.offerings.groupby("programme_name").size().to_dict() == {
        "学前教育": 1,
        "护理": 1,
        "机电技术应用": 3,
        "汽车运用与维修": 3,
    }


def test_memberships_are_of_members_and_of_who_set_a_group_up(frames):
    rows = {(row["member_name"], row["group_name"], *row["role"]) for row in frames.memberships.to_dict("records")}
    assert rows == {
        ("保定市", "燕西职业教育集团", HOSTS),
        ("白洋湖职业技术学校", "燕西职业教育集团", "常务理事"),
        ("白洋湖职业技术学校", "燕西职业教育集团", "成员"),
        ("青松岭职业教育中心", "燕西职业教育集团", "成员"),
        ("长城哈弗汽车分公司", "新能源汽车行业产教融合共同体", "牵头"),
    }
    assert statement(frames.memberships, "529ced799acde2f4")["years"] == (2016,)


def test_collaborations_and_figures(frames):
    (row,) = frames.collaborations.to_dict("records")
    assert (row["school"], row["other_name"], row["modes"]) == (SCHOOL, "燕西应用技术学院", ("贯通培养",))
    assert row["programme_iris"] == (MACHINES,)
    values = {(row["about_name"], row["indicator"], row["value"]) for row in frames.figures.to_dict("records")}
    assert ("保定市", "在校生数", 61000) in values and ("白洋湖职业技术学校", "就业率", 96.75) in values
    assert pandas.isna(frames.figures.set_index("indicator").loc["生师比", "year"]) and len(values) == 7


def test_redirects_lead_from_a_merged_entity_to_the_one_that_stayed(tmp_path, frames):
    assert frames.redirects.empty and list(frames.redirects.columns) == ["former", "iri"]
    home = make_home(tmp_path / "home", {("a", CLOUD, 2023): [("合作", CLOUD, each, {}) for each in (GREAT, SMALL)]})
    former = read_frames(home)
    from kg.cli import main

    with pytest.raises(SystemExit):
        main(["identity", "merge", GREAT, SMALL, "--reason", "试", "--home", str(home)])
    merged = read_frames(home)
    (row,) = merged.redirects.to_dict("records")
    assert row["former"] in former.entities.index and row["former"] not in merged.entities.index
    assert merged.entities.loc[row["iri"], "name"] == GREAT


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("安新县红星机械厂公司", "130632"),
        ("保定红星机械有限公司", "130600"),
        ("河北红星电缆集团有限公司", "130000"),  # the province: before a company nobody means the district of Tianjin
        ("红星汽车天津分公司", "120000"),
        ("内蒙古红星集团有限公司保定分公司", "130600"),  # where the branch is, not the head
        ("红星银行股份有限公司安新支行", "130632"),
        ("红星机械有限公司", ""),
        ("北京路幼儿园", ""),  # a street
        ("河北大街幼儿园", ""),
        ("红星公司第一分公司", ""),
    ],
)
def test_a_name_tells_a_place_and_it_is_called_inferred(tmp_path, name, code):
    found = read_home(tmp_path / "home", {("a", CLOUD, 2023): [("合作", CLOUD, name, {})]})
    row = found.entities[found.entities["name"] == name].to_dict("records")[0]
    assert (row["place_code"], row["place_basis"]) == (code, "name" if code else "")


def test_what_a_report_says_of_a_place_counts_more_than_a_name(tmp_path):
    name = "安新县红星职业学校"
    found = read_home(tmp_path / "home", {("a", CLOUD, 2023): [("位于", name, "容城县", {})]})
    row = found.entities[found.entities["name"] == name].to_dict("records")[0]
    assert (row["county"], row["place_basis"]) == ("容城县", "said")


def test_tables_of_a_graph_that_says_nothing_keep_their_columns(tmp_path, frames):
    empty = read_home(tmp_path / "home", {("a", CLOUD, 2023): []})
    for name in TABLES:
        assert list(getattr(empty, name).columns) == list(getattr(frames, name).columns), name


def test_tables_are_read_when_they_are_asked_for():
    with open_graph(shared_home()) as graph:
        asked = Frames(graph)
        assert "partnerships" not in vars(asked)
        assert len(asked.partnerships) == 10 and "figures" not in vars(asked)


def test_a_home_without_a_graph(tmp_path):
    with pytest.raises(MissingStore):
        read_frames(tmp_path)


def test_a_hundred_thousand_quads_are_read_in_seconds(tmp_path):
    make_statements(tmp_path, 100_000)
    store.rebuild(tmp_path)
    start = time.perf_counter()
    found = read_frames(tmp_path)
    assert time.perf_counter() - start < 15  # about one when nobody else works
    assert len(found.partnerships) > 1_000 and CARS
    assert found.partnerships["statement"].is_unique and found.offerings["statement"].is_unique
    assert found.partnerships["school_name"].notna().all() and found.entities.index.is_unique
