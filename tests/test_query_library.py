"""The library of queries, each asked on two years of one school, its city, and a year of another school."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from graph_home import STATEMENTS, shared_home

from kg import queries, store
from kg.errors import UsageError
from kg.queries import TOPICS, find_query, load_queries, run_bulk, run_query
from kg.store import open_facts, open_graph
from kg.strangers import check_text

ID = "https://w3id.org/zhijiao-kg/id/"
LAKE, HILL = "白洋湖职业技术学校", "青松岭职业教育中心"
CARS, MILK, STAR, CLINIC, LOTUS, CLOUD = (
    "长城哈弗汽车分公司",
    "蒙牛",
    "星途精密机械有限公司",
    "白洋湖县人民医院",
    "小荷幼儿园",
    "云岭数控设备有限公司",
)
EXAMPLES = {
    "school": "白洋湖",
    "enterprise": "哈弗",
    "partner": "哈弗",
    "programme": "汽车运用与维修",
    "group": "燕西",
    "organisation": "青松岭",
    "entity": "长城哈弗",
    "subject": "白洋湖",
    "region": "河北",
    "class": "装备制造",
    "year": 2023,
    "mode": "订单",
    "report": "baiyanghu-2023",
    "indicator": "在校生数",
    "name": "哈弗",
    "designation": "国家级",
}


def place(text, start):
    return {"text": text, "start": start, "end": start + len(text), "section": "三、合作", "page": 7}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """The fixture home, and the other school's own report of the year after: it repeats what the city's said of it."""
    folder = tmp_path_factory.mktemp("图谱")
    shutil.copytree(STATEMENTS, folder / "statements")
    hill, cars, cloud = ID + "school/fe152bd508aa", ID + "enterprise/4ea878d15f75", ID + "enterprise/00c10ad00001"
    repair, electric = ID + "programme/5f6342801149", ID + "programme/d3721577275f"
    county, group = ID + "region/0dcebb89584a", ID + "education-group/5ea1c4c8bd08"

    def entity(iri, kind, name, scheme="", code=""):
        link = {"scheme": scheme, "code": code, "how": "exact", "words": name, "evidence": place(name, 10)}
        row = {"kind": "entity", "iri": iri, "type": kind, "name": name, "aliases": []}
        return row | ({"link": link} if scheme else {})

    said: list[dict] = []

    def state(predicate, target, **qualifiers):
        row = {
            "kind": "statement",
            "id": f"e000000{len(said)}",
            "predicate": predicate,
            "subject": hill,
            "object": target,
            "evidence": place(f"第{len(said)}句。", 100 * len(said) + 100),
            "qualifiers": qualifiers,
        }
        said.append(row | ({"programmes": [repair]} if "programmes" in qualifiers else {}))

    state("partnersWith", cars, modes=["现代学徒制"], programmes=["汽车运用与维修"], year=2023, headcount=22)
    state("partnersWith", cars, modes=["订单培养"], headcount=18)
    state("partnersWith", cloud, modes=["顶岗实习"], year=2024)
    state("offersProgramme", repair, year=2024)
    state("offersProgramme", electric, year=2024)
    state("memberOf", group, role="牵头")
    rows = [
        {
            "kind": "report",
            "report": "qingsongling-2024",
            "level": "school",
            "publisher": HILL,
            "region": "安新县",
            "year": 2024,
        },
        entity(hill, "School", HILL),
        entity(cars, "Enterprise", "长城哈弗"),
        entity(cloud, "Enterprise", CLOUD),
        entity(repair, "Programme", "汽车运用与维修", "programme-catalogue-2021", "700206"),
        entity(electric, "Programme", "机电技术应用", "programme-catalogue-2021", "660301"),
        entity(county, "Region", "安新县", "gb-t-2260", "130632"),
        entity(group, "EducationGroup", "燕西职业教育集团"),
        *said,
    ]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "statements" / "qingsongling-2024.jsonl").write_text(text, encoding="utf-8")
    store.rebuild(folder)
    return folder


@pytest.fixture
def ask(home):
    return lambda name, /, **values: run_query(home, name, values).as_dicts()


def pick(rows, *columns):
    return [tuple(row[column] for column in columns) for row in rows]


# ---- the form of the library


def test_the_library_is_large_and_divided_into_topics():
    queries = load_queries().values()
    assert len(queries) >= 26 and {query.topic for query in queries} == set(TOPICS)
    assert list(dict.fromkeys(query.topic for query in queries)) == list(TOPICS)


@pytest.mark.parametrize("query", load_queries().values(), ids=lambda query: query.name)
def test_every_query_runs_and_its_header_is_true(home, query):
    required = {each.name: EXAMPLES[each.name] for each in query.parameters if each.required}
    answer = run_query(home, query.name, required)
    assert answer.rows or query.name in ("possible-partners", "programmes-without-partner")
    assert list(answer.columns) == list(query.columns) == list(query.columns_en)
    assert all(any("\u4e00" <= char <= "\u9fff" for char in heading) for heading in query.columns.values())
    assert not any("\u4e00" <= char <= "\u9fff" for char in "".join((*query.columns_en.values(), query.title_en)))
    assert set(answer.columns) & {"link", "iri", "statement"}
    assert run_query(home, query.name, required) == answer


@pytest.mark.parametrize("query", load_queries().values(), ids=lambda query: query.name)
def test_every_query_file_is_sparql_as_it_stands_and_reads_only(query):
    check_text(query.text)
    assert not re.search(r"CONTAINS|REGEX|searchText", query.text)  # names are found by the index
    assert query.text.rstrip().splitlines()[-1].startswith("ORDER BY")


@pytest.mark.parametrize("query", load_queries().values(), ids=lambda query: query.name)
def test_every_optional_value_can_be_given(home, query):
    required = {each.name: EXAMPLES[each.name] for each in query.parameters if each.required}
    words = {
        "type": "企业",
        "status": "新增",
        "level": "学校报告",
        "kind": "数与名单",
        "verdict": "不符",
        "relation": "合作",
    }
    others = {"before": 2022, "other": "青松岭", "object": "哈弗"}
    every = {each.name: ({**EXAMPLES, **words, **others})[each.name] for each in query.parameters}
    whole = set(run_query(home, query.name, required).rows)
    for name in every.keys() - required.keys():
        part = run_query(home, query.name, {**required, name: every[name]})
        if not query.lists and "# without" not in query.text:  # lists and counts grow shorter, rows only fewer
            assert set(part.rows) <= whole
        assert list(part.columns) == list(query.columns)
    run_query(home, query.name, every)


@pytest.mark.parametrize("query", load_queries().values(), ids=lambda query: query.name)
def test_a_name_that_nobody_bears_gives_no_rows_and_is_told(home, query):
    for parameter in query.parameters:
        if parameter.type.startswith("entity"):
            required = {each.name: EXAMPLES[each.name] for each in query.parameters if each.required}
            answer = run_query(home, query.name, {**required, parameter.name: "月球学校"})
            assert not answer.rows and any("月球学校" in note and "no name" in note for note in answer.notes)


def test_documentation_lists_every_query():
    text = (Path(__file__).parent.parent / "docs" / "queries.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([\w-]+)` \| (.*?) \| (.*?) \| (.*?) \|$", text, re.M)
    assert [row[0] for row in listed] == list(load_queries())
    for name, title_zh, title_en, takes in listed:
        query = find_query(name)
        assert (title_zh, title_en) == (query.title_zh, query.title_en)
        assert takes == " ".join(f"`{each.name}`" if each.required else f"[`{each.name}`]" for each in query.parameters)


# ---- partners


def test_partners_of_a_school_row_by_row(ask):
    rows = ask("partners-of-school", school="白洋湖职校", year=2023)
    assert sorted(pick((row for row in rows if row["partner"] == CARS), "programmes", "headcount")) == [
        ("机电", "36"),
        ("汽修", "40"),
    ]
    assert {row["partner"] for row in rows} == {CARS, MILK, STAR, CLINIC}
    assert all(row["evidence"] and row["report"] == "baiyanghu-2023" for row in rows)


@pytest.mark.parametrize("typed", [LAKE, "白洋湖职校", "白洋湖职业技校", "洋湖职", " 白洋湖 职校 ", "byhzyjsxx"])
def test_a_school_is_found_as_one_types_it(ask, typed):
    assert {row["school"] for row in ask("partners-of-school", school=typed)} == {LAKE}


@pytest.mark.parametrize("mode", ["订单培养", "订单班", "订单", "order class"])
def test_a_mode_is_found_by_other_words_for_it(ask, mode):
    assert {row["partner"] for row in ask("partners-of-school", school="白洋湖", mode=mode)} == {CARS, STAR}


def test_partners_over_the_years(ask):
    rows = ask("partners-over-years", school=HILL)
    assert pick(rows, "partner", "years", "first", "last", "modes", "mentions") == [
        (CARS, "2023、2024", 2023, 2024, "现代学徒制、订单培养", 3),
        (CLOUD, "2024", 2024, 2024, "顶岗实习", 1),
        (MILK, "2023", 2023, 2023, "就业合作", 1),
    ]


def test_partners_from_one_year_to_the_next(ask):
    rows = ask("partner-changes", school=LAKE, year=2023)
    assert pick(rows, "partner", "change") == [
        (STAR, "2023年新提及"),
        (CLINIC, "2023年新提及"),
        (MILK, "2023年新提及"),
        (CARS, "两年均提及"),
        (LOTUS, "2023年报告未再提及（不等于终止）"),
    ]
    (cars,) = (row for row in rows if row["partner"] == CARS)
    assert (cars["modes_before"], cars["modes_now"]) == ("现代学徒制、订单培养", "顶岗实习")
    assert ask("partner-changes", school=LAKE, year=2023, before=2022) == rows


def test_a_year_without_a_report_ends_nothing(ask):
    rows = ask("partner-changes", school=LAKE, year=2024)
    assert rows[0]["change"] == "图谱中没有该校2024年的报告" and rows[0]["partner"] is None
    assert {row["change"] for row in rows[1:]} == {"不能判断：图谱中没有该校2024年的报告"}
    assert {row["partner"] for row in rows[1:]} == {CARS, MILK, STAR, CLINIC}
    # of the year before there is the city's report only, which does not tell all partners
    rows = ask("partner-changes", school=HILL, year=2024)
    assert {row["change"] for row in rows} == {"图谱中没有该校2023年的报告", "不能判断：图谱中没有该校2023年的报告"}
    assert pick(ask("partner-changes", school=LAKE, year=2031), "change") == [
        ("图谱中没有该校2030年的报告",),
        ("图谱中没有该校2031年的报告",),
    ]


def test_schools_of_an_enterprise_over_reports(ask):
    assert {row["school"] for row in ask("schools-of-enterprise", enterprise="长城哈弗")} == {LAKE, HILL}
    assert len(ask("schools-of-enterprise", enterprise="长城哈弗", year=2024)) == 1


def test_enterprises_by_number_of_schools(ask):
    assert pick(ask("enterprises-by-schools"), "partner", "schools") == [(MILK, 2), (CARS, 2)]
    here = pick(ask("enterprises-by-schools", region="安新县"), "partner", "schools")
    assert here[:2] == [(MILK, 2), (CARS, 2)] and (CLOUD, 1) in here and len(here) == 6
    assert pick(ask("enterprises-by-schools", region="安新县", type="医院"), "partner") == [(CLINIC,)]


def test_partners_by_mode_count_a_repeated_fact_once(ask):
    rows = ask("partners-by-mode", mode="学徒制", region="安新县")
    assert pick(rows, "school", "partner", "years", "headcount", "reports") == [
        (LAKE, CARS, "2022", "25、30", "旧/baiyanghu-2022"),
        (HILL, CARS, "2023", "22", "baoding-2023、qingsongling-2024"),
    ]


def test_modes_year_by_year_count_pairs(ask):
    rows = {row[:2]: row[2:] for row in pick(ask("modes-by-year", region="130000"), "mode", "year", "pairs", "schools")}
    assert rows["现代学徒制", 2023] == (1, 1) and rows["现代学徒制", 2022] == (1, 1)
    assert rows["顶岗实习", 2023] == (2, 1)  # 哈弗 twice, the hospital once
    assert rows["订单培养", 2024] == (1, 1)


def test_partners_by_region(ask):
    rows = ask("partners-by-region", region="河北")
    assert pick(rows, "partner", "schools", "modes")[:2] == [
        (MILK, 2, "就业合作"),
        (CARS, 2, "现代学徒制、订单培养、顶岗实习"),
    ]
    assert pick(ask("partners-by-region", region="河北", mode="就业"), "partner", "schools") == [(MILK, 1)]
    assert pick(ask("partners-by-region", region="河北", year=2024), "partner") == [(CLOUD,), (CARS,)]
    assert ask("partners-by-region", region="山西") == []


def test_partners_by_class_of_programmes(ask):
    assert pick(ask("partners-by-class", **{"class": "道路运输类"}), "partner", "schools", "programmes") == [
        (CARS, 2, "汽车运用与维修")
    ]
    assert pick(ask("partners-by-class", **{"class": "装备制造"}), "partner") == [(STAR,), (CARS,)]
    assert pick(ask("partners-by-class", **{"class": "700206", "year": 2022}), "schools") == [(1,)]
    assert ask("partners-by-class", **{"class": "700206", "region": "石家庄"}) == []


def test_partners_by_programme(ask):
    rows = ask("partners-by-programme", programme="汽车运用与维修")
    assert pick(rows, "school", "partner", "headcount") == [(LAKE, CARS, "25、30、40"), (HILL, CARS, "22")]
    assert pick(ask("partners-by-programme", programme="汽车运用与维修", school="青松岭"), "school") == [(HILL,)]


def test_order_classes_and_apprenticeships_by_enterprise(ask):
    rows = ask("order-classes", region="保定")
    assert pick(rows, "partner", "mode", "schools", "headcount") == [
        (STAR, "订单培养", 1, None),
        (CARS, "现代学徒制", 2, "22、25、30"),
        (CARS, "订单培养", 2, "18、25、30"),
    ]
    assert pick(ask("order-classes", region="保定", enterprise="星途"), "partner") == [(STAR,)]


def test_partners_that_a_school_might_win(ask):
    rows = ask("possible-partners", school="青松岭", region="河北")
    assert pick(rows, "programme", "partner", "school_names") == [
        ("机电技术应用", STAR, LAKE),
        ("机电技术应用", CARS, LAKE),
    ]


# ---- schools


def test_schools_that_share_partners(ask):
    (row,) = ask("schools-sharing-partners", school="青松岭")
    assert (row["other"], row["shared"], row["partners"]) == (LAKE, 2, f"{MILK}、{CARS}")
    assert ask("schools-sharing-partners", school="青松岭", other="燕西应用") == []


def test_collaboration_has_no_direction(ask):
    assert pick(ask("collaborating-schools", school="白洋湖"), "other") == [("燕西应用技术学院",)]
    assert pick(ask("collaborating-schools", school="燕西"), "other") == [(LAKE,)]


def test_schools_of_a_province_by_the_county_they_lie_in(ask):
    rows = ask("schools-by-region", region="河北")
    assert pick(rows, "province", "prefecture", "place", "code", "school", "basis") == [
        ("河北省", "保定市", "保定市", "130600", HILL, "报告写明所在地"),
        ("河北省", "保定市", "安新县", "130632", LAKE, "报告写明所在地、报告所属地区"),
        ("河北省", "保定市", "安新县", "130632", HILL, "报告所属地区"),
    ]
    assert ask("schools-by-region", region="保定") == rows
    assert len(ask("schools-by-region", region="安新")) == 2
    assert ask("schools-by-region", region="石家庄") == []


def test_designations_and_bases(ask):
    assert pick(ask("schools-by-designation", designation="重点校"), "school", "years") == [(LAKE, "2010")]
    (row,) = ask("bases-of-school", school="白洋湖")
    assert (row["base"], row["area"], row["workstations"], row["partners"]) == (
        "智能制造实训中心",
        "2600.5",
        "180",
        "星途精机",
    )


# ---- programmes


def test_a_programme_shows_its_code_and_where_it_is_from(ask):
    rows = ask("programmes-of-school", school="白洋湖", year=2022)
    assert set(pick(rows, "programme", "catalogue_code", "class", "way")) == {
        ("学前教育", None, None, None),
        ("汽车运用与维修", "700206", "道路运输类", "名称相同"),
    }


def test_programmes_without_a_partner(ask):
    assert pick(ask("programmes-without-partner", school="青松岭"), "programme", "catalogue_code", "years") == [
        ("机电技术应用", "660301", "2023、2024")
    ]
    assert ask("programmes-without-partner", school="白洋湖") == []
    rows = ask("unpartnered-programmes-by-region", region="保定市")
    assert pick(rows, "programme", "offering", "without", "school_names") == [("机电技术应用", 2, 1, HILL)]


def test_programmes_by_class_and_category(ask):
    (row,) = ask("programmes-by-class", **{"class": "护理"})
    assert (row["category"], row["class"], row["catalogue_code"], row["level"]) == (
        "医药卫生大类",
        "护理类",
        "720201",
        "中职",
    )
    rows = ask("programmes-by-class", **{"class": "装备制造", "school": "青松岭"})
    assert pick(rows, "catalogue_name", "school", "years") == [("机电技术应用", HILL, "2023、2024")]


def test_programmes_opened_and_closed(ask):
    rows = ask("programme-changes", region="河北")
    assert pick(rows, "programme", "status", "year") == [("学前教育", "停办", 2022), ("护理", "新增", 2023)]
    assert pick(ask("programme-changes", region="河北", status="新设"), "programme") == [("护理",)]


def test_programmes_without_a_code_are_told_with_what_they_may_be(ask):
    (row,) = ask("unlinked-programmes")
    assert (row["programme"], row["candidates"], row["schools"]) == ("学前教育", "770101 幼儿保育 (中职)", LAKE)
    assert "2021" in row["reason"]
    assert ask("unlinked-programmes", school="青松岭") == []


# ---- groups, figures


def test_members_with_roles_founders_and_leaders_first(ask):
    rows = pick(ask("members-of-group", group="燕西职教集团"), "member", "role")
    assert rows[:2] == [("保定市", "组建"), (HILL, "牵头")]
    assert sorted(rows[2:]) == sorted([(LAKE, "常务理事"), (LAKE, "成员"), (HILL, "成员")])
    assert pick(ask("groups-of-organisation", organisation="保定市"), "group", "role") == [("燕西职业教育集团", "组建")]


def test_groups_by_members(ask):
    rows = ask("groups-by-members")
    assert pick(rows, "group", "members", "leaders") == [
        ("燕西职业教育集团", 2, f"保定市、{HILL}"),
        ("新能源汽车行业产教融合共同体", 1, CARS),
    ]


def test_figures(ask):
    assert pick(ask("figures-of-school", school="白洋湖", indicator="在校生"), "year", "value") == [
        (2022, 1198),
        (2023, 1260),
    ]
    rows = ask("figures-by-region", region="河北", indicator="在校生数", year=2023)
    assert pick(rows, "school", "value") == [(HILL, 2304), (LAKE, 1260)]


def test_stated_totals_against_found(ask):
    assert (CARS not in str(rows := ask("differing-checks"))) and rows
    assert {row["verdict"] for row in rows} <= {"前后不一", "不符", "多于所述", "只列出一部分"}
    assert ask("differing-checks", report="baoding-2023", kind="名单") == [
        row for row in rows if row["report"] == "baoding-2023"
    ]


# ---- entities


def test_entities_by_name(ask):
    (row,) = ask("entities", name="青松岭职教")
    assert (row["name"], row["aliases"], row["type"]) == (HILL, "青松岭职教", "学校")
    assert ask("entities", name="青松岭", type="企业") == []
    assert {row["entity"] for row in ask("everything-about-entity", entity=row["iri"])} == {HILL}
    assert pick(ask("entities", name="安新县", type="Region"), "code") == [("130632",)]


def test_everything_about_an_entity(ask):
    found = pick(ask("everything-about-entity", entity="护理"), "about", "value")
    assert ("代码", "720201 护理 (名称相同)") in found and ("<- 开设专业", LAKE) in found


def test_neighbours_and_the_way_there(ask):
    rows = pick(ask("neighbours", entity="小荷"), "first", "through", "second", "neighbour")
    assert set(rows) == {
        ("合作", LAKE, "合作", CARS),
        ("合作", LAKE, "合作", MILK),
        ("合作", LAKE, "合作", STAR),
        ("合作", LAKE, "合作", CLINIC),
        ("合作", LAKE, "校际合作", "燕西应用技术学院"),
        ("合作", LAKE, "加入", "燕西职业教育集团"),
    }
    assert ("合作", f"{LAKE}、{HILL}", "合作", MILK) in pick(
        ask("neighbours", entity="哈弗"), "first", "through", "second", "neighbour"
    )


def test_evidence_leads_to_the_place_from_either_end(ask):
    (row,) = ask("evidence-of-fact", subject="白洋湖", object="智能制造")
    assert (row["table"], row["row"], row["page"], row["caption"]) == (4, 2, 9, "表4：实训基地")
    assert row["end"] - row["start"] == len(row["evidence"])
    assert ask("evidence-of-fact", subject="智能制造", object="白洋湖") == [row]
    assert len(ask("evidence-of-fact", subject="白洋湖职校", relation="位于")) == 1
    assert len(ask("evidence-of-fact", subject="青松岭", object="哈弗", relation="partnersWith", year=2023)) == 2


def test_reports_and_what_they_say(ask):
    assert pick(ask("reports", school="白洋湖"), "report", "year") == [
        ("baiyanghu-2023", 2023),
        ("旧/baiyanghu-2022", 2022),
    ]
    assert pick(ask("reports", level="市级"), "report") == [("baoding-2023",)]
    rows = pick(ask("report-contents", report="qingsongling-2024"), "kind", "statements", "targets")
    assert rows == [("校企合作", 3, 2), ("专业开设", 2, 2), ("成员关系", 1, 1)]


# ---- what is typed for places, classes, lists


def test_what_a_word_was_taken_for_is_told(home):
    (note,) = run_query(home, "schools-by-region", {"region": "河北"}).notes
    assert "河北省" in note and "was taken for" in note  # there is a district of that name too
    assert run_query(home, "schools-by-region", {"region": "河北省"}).notes == ()
    (note,) = run_query(home, "programmes-by-class", {"class": "护理"}).notes
    assert "护理类 7202（中职）" in note
    assert "720201" not in note  # the class before the programme of that name


@pytest.mark.parametrize(
    ("query", "values", "said"),
    [
        ("schools-by-region", {"region": "亚特兰蒂斯"}, "GB/T 2260"),
        ("programmes-by-class", {"class": "炼金术"}, "catalogue"),
        ("partners-of-school", {"school": "白洋湖", "mode": "打牌"}, "订单培养"),
        ("evidence-of-fact", {"subject": "白洋湖", "relation": "hates"}, "partnersWith"),
        ("entities", {"name": "白洋湖", "type": "Star"}, "Enterprise"),
    ],
)
def test_a_word_that_means_nothing_is_told_with_what_there_is(home, query, values, said):
    with pytest.raises(UsageError, match=said):
        run_query(home, query, values)


# ---- in bulk


def test_network_links_stand_once_and_statements_each():
    with open_graph(shared_home()) as graph, open_facts(shared_home()) as facts:
        links = run_bulk(graph, "network-links")
        ends = {row[end] for row in links for end in ("source", "target")}
        statements = facts.list_between((row["source"], row["predicate"], row["target"]) for row in links)
        nodes = {row["iri"] for row in run_bulk(graph, "network-nodes")}
        few = run_bulk(graph, "network-nodes", entity=sorted(nodes)[:2])
    assert len({row["statement"] for row in statements}) == len(statements) == 29 > len(links)
    pairs = {(row["source"], row["predicate"], row["target"]) for row in statements}
    assert pairs == {(row["source"], row["predicate"], row["target"]) for row in links}
    assert ends <= nodes and [row["iri"] for row in few] == sorted(nodes)[:2]
    assert not {"network-links", "network-nodes"} & set(load_queries())


def test_what_is_asked_in_lots_is_what_is_asked_at_once(monkeypatch):
    with open_graph(shared_home()) as graph:
        ends = sorted(str(row["iri"]) for row in run_bulk(graph, "network-nodes"))
        whole = run_bulk(graph, "network-links", source=ends)
        monkeypatch.setattr(queries, "LOT", 3)
        assert run_bulk(graph, "network-links", source=ends) == whole != []
