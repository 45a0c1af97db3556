"""What the start page shows of a home, against numbers worked out by hand from the fixture statement files."""

from __future__ import annotations

import json
import shutil

import pytest
from graph_home import make_home, shared_home
from hypothesis import given
from hypothesis import strategies as st
from start_home import BAODING, HAFO, IRI, make_placed_home

from kg import network_page, start_page, store
from kg.divisions import choose_places, climb, infer_place, list_above
from kg.errors import KgError, MissingStore
from kg.reference_data import load_regions
from kg.schema import load_schema
from kg.start_page import load_words, read_start, write_start


@pytest.fixture(scope="module")
def data() -> dict:
    return read_start(shared_home())


@pytest.fixture(scope="module")
def placed(tmp_path_factory) -> dict:
    return read_start(make_placed_home(tmp_path_factory.mktemp("placed")))


def test_the_numbers_are_those_of_the_statement_files(data):
    assert data["numbers"] == {
        "reports": 3,
        "schools": 3,
        "partners": 5,  # the city's own partner is no school's, but a school has it too
        "pairs": 7,  # five of one school, two of the other, however many reports and rows name them
        "programmes": 4,
        "groups": 2,
        "bases": 1,
        "statements": 29,
        "figures": 7,
        "issues": 1,
        "differ": 0,
    }


def test_modes_count_pairs_once_whatever_the_number_of_reports(data):
    charts = data["charts"]
    assert charts["modes"] == [
        ["顶岗实习", 3],
        ["现代学徒制", 2],
        ["订单培养", 2],
        ["共建实训基地", 1],
        ["就业合作", 1],
    ]
    assert charts["silent"] == 1  # 蒙牛, with which a school keeps up cooperation of no told kind
    assert charts["partnerTypes"] == [["Enterprise", 3], ["Hospital", 1], ["Kindergarten", 1]]


def test_a_fact_without_a_year_counts_for_the_year_of_its_report(data):
    assert data["charts"]["years"] == [[2022, 2, 1], [2023, 6, 2]]  # year, pairs, reports
    both = {(mode, year): count for mode, year, count in data["charts"]["modesByYear"]}
    assert both["顶岗实习", 2022] == 1 and both["顶岗实习", 2023] == 2  # the hospital's sentence names no year


def test_bars_look_like_types_and_modes_of_the_network(data):
    looks = data["charts"]["looks"]
    assert looks["types"]["Hospital"] == ["#CC79A7", "#8C3F69"]
    assert list(looks["modes"]) == [
        "顶岗实习",
        "订单培养",
        "现代学徒制",
        "共建实训基地",
        "就业合作",
    ]  # the legend's order
    assert looks["modes"]["顶岗实习"] == ["#0652b1", "#0652B1"]
    assert looks["modes"]["订单培养"] == ["#76a0d4", "#0652B1"]


def test_classes_of_the_catalogue_count_pairs_and_schools(data):
    assert data["charts"]["classes"] == [
        ["6603", "自动化类", "中职", 2, 2],
        ["7002", "道路运输类", "中职", 2, 2],
        ["7202", "护理类", "中职", 1, 1],
    ]


def test_regions_are_told_at_the_level_at_which_they_differ(data):
    regions = data["charts"]["regions"]
    assert regions["level"] == "county"  # one province and one prefecture say nothing
    assert regions["rows"] == [["130632", "安新县", 5, 1], ["130600", "保定市", 2, 1]]
    assert regions["unplaced"] == 1


def test_schools_and_partners_are_ranked_with_what_is_known_of_them(data):
    schools = [row[1:] for row in data["tables"]["schools"]["rows"]]
    assert schools[0] == ["白洋湖职业技术学校", "130632", "河北 安新县", 5, 3, 19]
    assert schools[1] == ["青松岭职业教育中心", "130600", "河北 保定市", 2, 2, 6]
    assert schools[2][:3] == ["燕西应用技术学院", "", ""] and schools[2][3] == 0
    partners = data["tables"]["partners"]["rows"]
    first = ["长城哈弗汽车分公司", "Enterprise", "", "", 2, ["现代学徒制", "订单培养", "顶岗实习"], 2022, 2023]
    assert partners[0] == [HAFO, *first]
    assert [row[1] for row in partners][:2] == ["长城哈弗汽车分公司", "蒙牛"]


def test_programmes_without_a_partner_are_those_that_are_still_offered(data):
    # 学前教育 was closed; 护理 and 汽车运用与维修 have partners at each school that offers them.
    rows = data["tables"]["programmes"]["rows"]
    assert [row[1:] for row in rows] == [["机电技术应用", "660301", "自动化类", 2, 1, ["青松岭职业教育中心"]]]


def test_reports_come_newest_first_with_the_number_of_their_statements(data):
    rows = data["tables"]["reports"]["rows"]
    assert [(row[2], row[3], row[6]) for row in rows] == [(2023, "school", 14), (2023, "city", 11), (2022, "school", 4)]


def test_the_map_has_places_and_lines_between_them(data, placed):
    assert [(row[0], *row[5:]) for row in data["places"]] == [("130632", 1, 0, 5), ("130600", 1, 0, 2)]
    assert data["flows"] == []  # nobody says where a partner is
    # With the enterprise in the city: that school's pair with it joins the two places, the other's lies within one.
    assert [(row[0], *row[5:]) for row in placed["places"]] == [("130632", 1, 0, 5), ("130600", 1, 1, 3)]
    assert placed["flows"] == [[0, 1, 1]] and placed["flowsInAll"] == 1
    longitude, latitude = placed["places"][1][3:5]
    assert 115 < longitude < 116 and 38 < latitude < 39.5


def test_every_province_of_the_country_is_on_the_map(data):
    names = [name for name, _, _ in data["provinces"]]
    assert len(names) == len(set(names)) == 34
    assert {"河北", "内蒙古", "广西", "宁夏", "新疆", "台湾", "香港", "澳门"} <= set(names)


@pytest.mark.parametrize(
    ("codes", "place"),
    [
        (["130632"], "130632"),
        (["130632", "130600", "130000"], "130632"),  # the county, with all that it lies in
        (["130632", "130606"], "130600"),  # two counties of one prefecture
        (["130632", "130100"], ""),  # two places of a province: nobody knows
        (["130632", "440106"], ""),
    ],
)
def test_a_school_said_to_lie_in_several_places_is_where_they_agree(codes, place):
    rows = [("school", code, "said") for code in codes]
    assert choose_places(rows).get("school", ("",))[0] == place
    assert choose_places(rows[::-1]) == choose_places(rows)


def test_what_a_report_says_of_a_place_comes_before_what_the_report_is_of():
    rows = [("school", "130600", "own"), ("school", "440106", "said")]
    assert choose_places(rows) == {"school": ("440106", "said")}


CODES = [each.code for each in load_regions()]


@given(st.lists(st.sampled_from(CODES), min_size=1, max_size=4))
def test_a_place_holds_or_is_each_place_that_it_was_chosen_from(codes):
    chosen = choose_places([("it", code, "said") for code in codes]).get("it", (None,))[0]
    if chosen is not None:
        assert all(chosen in list_above(code) or code in list_above(chosen) for code in codes)
        assert climb(chosen, "province") in {climb(code, "province") for code in codes}


def test_a_long_list_is_cut_and_the_page_is_told(monkeypatch):
    monkeypatch.setattr(start_page, "MOST_ROWS", 2)
    tables = read_start(shared_home())["tables"]
    assert tables["partners"]["total"] == 5 and [row[5] for row in tables["partners"]["rows"]] == [2, 2]


def test_counties_become_prefectures_where_a_map_has_too_many(monkeypatch):
    monkeypatch.setattr(start_page, "MOST_PLACES", 1)
    data = read_start(shared_home())
    assert data["placeLevel"] == "prefecture" and [(row[0], *row[5:]) for row in data["places"]] == [
        ("130600", 2, 0, 7)
    ]


def test_the_page_is_written_beside_the_network_and_links_what_lies_there(tmp_path):
    home = make_home(tmp_path)
    for name in ("network.html", "facts.csv", "笔记.csv", "secret.txt", ".hidden.csv"):
        (home / name).write_text("", encoding="utf-8")
    assert write_start(home).partners == 5
    page = (home / "index.html").read_text(encoding="utf-8")
    assert '"files":["facts.csv","network.html","笔记.csv"]' in page
    assert "default-src 'none'" in page and "unsafe" not in page and "http-equiv" in page
    assert "University of Washington Interactive Data Lab" in page  # the charting library has its licence with it
    assert len(page.encode()) < 600_000


def test_without_the_charting_library_one_is_told_what_to_do(tmp_path, monkeypatch):
    def read(name: str) -> str:
        raise FileNotFoundError(name)

    monkeypatch.setattr(network_page, "read_asset", read)
    with pytest.raises(KgError, match=r"vega\.js.*pip install"):
        network_page.read_vega()


def test_the_same_graph_gives_the_same_page(tmp_path):
    home = make_home(tmp_path)
    write_start(home)
    first = (home / "index.html").read_bytes()
    shutil.rmtree(home / "store")
    store.rebuild(home)
    (home / "index.html").unlink()
    write_start(home)
    assert (home / "index.html").read_bytes() == first


def test_an_empty_graph_has_a_page_and_no_graph_has_none(tmp_path):
    with pytest.raises(MissingStore):
        write_start(tmp_path)
    home = make_home(tmp_path)
    report = (home / "statements" / "baoding-2023.jsonl").read_text(encoding="utf-8").splitlines()[0]
    shutil.rmtree(home / "statements")
    (home / "statements").mkdir()
    (home / "statements" / "baoding-2023.jsonl").write_text(f"{report}\n", encoding="utf-8")
    store.rebuild(home)
    data = read_start(home)
    assert data["numbers"]["reports"] == 1 and sum(data["numbers"].values()) == 1 and data["places"] == []


def test_every_word_stands_in_two_languages(data):
    words = load_words()
    for table, pairs in words.items():
        for key, pair in pairs.items():
            assert len(pair) == 2 and all(pair), (table, key)
    assert set(load_schema().types) <= set(words["types"])
    assert {mode.notation for mode in load_schema().lists["modes"]} == set(words["modes"])


def test_iris_are_whole(data):
    for table in data["tables"].values():
        assert all(row[0].startswith(IRI) for row in table["rows"])
    assert BAODING not in json.dumps(data["tables"]["schools"])


@pytest.mark.parametrize(
    ("type_", "name", "place"),
    [
        ("School", "安新县职业技术教育中心", ("130632", "name")),
        ("Hospital", "保定市第一医院", ("130600", "name")),
        ("Enterprise", "安新县白洋淀苇编有限公司", ("130632", "name")),
        ("School", "第一职业高中", ("", "")),
        ("School", "鼓楼区职业学校", ("", "")),  # there are several
        ("Programme", "中国画", ("", "")),
    ],
)
def test_a_place_is_inferred_from_the_name_where_one_place_alone_is_meant(type_, name, place):
    assert infer_place(type_, name) == place


def test_an_inferred_place_is_told_apart_from_a_stated_one(tmp_path):
    home = make_home(tmp_path)
    for file in (home / "statements").rglob("*.jsonl"):
        file.write_text(file.read_text(encoding="utf-8").replace("小荷幼儿园", "安新县小荷幼儿园"), encoding="utf-8")
    store.rebuild(home)
    read = read_start(home)
    partner = next(row for row in read["tables"]["partners"]["rows"] if row[1] == "安新县小荷幼儿园")
    assert partner[3:5] == ["130632", "河北 安新县"] and read["inferred"] == [partner[0]]
    lake = next(row for row in read["tables"]["schools"]["rows"] if row[1] == "白洋湖职业技术学校")
    assert lake[0] not in read["inferred"]  # its own report is of a place
