"""What the analyses say of small homes, against numbers worked out by hand."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import networkx
import pytest
from analysis_home import (
    CARS,
    CLOUD,
    ELECTRICS,
    FAR_OFF,
    GREAT,
    GROUP,
    HILL,
    LAKE,
    MACHINES,
    NURSERY,
    ROBOTICS,
    ROBOTS,
    SMALL,
    STAR,
    WARD,
    WORLD,
    iri_of,
    read_home,
    shared_world,
)
from graph_home import shared_home

from kg import analysis
from kg.analysis import Scope
from kg.analysis.wording import load_words, read_headings, write_answer
from kg.divisions import find_shared_level, measure_distance
from kg.frames import Frames, read_frames

HAFO, MENGNIU, XINGTU = "长城哈弗汽车分公司", "蒙牛", "星途精密机械有限公司"
SCHOOL, OTHER = "白洋湖职业技术学校", "青松岭职业教育中心"


@pytest.fixture(scope="module")
def frames() -> Frames:
    return read_frames(shared_home())


@pytest.fixture(scope="module")
def world() -> Frames:
    return read_frames(shared_world())


def rows_by(answer, column: str) -> dict[str, dict]:
    return {row[column]: row for row in answer.to_dict("records")}


def school_of(frames: Frames, name: str) -> frozenset[str]:
    return frozenset(frames.entities.index[frames.entities["name"] == name])


# ---- graphs


def test_schools_and_partners_are_joined_once_with_all_that_is_said(frames):
    graph = analysis.build_partner_graph(frames)
    assert (len(graph), graph.number_of_edges()) == (7, 7)  # a city's own partnership is no school's
    by_name = {node["name"]: iri for iri, node in graph.nodes(data=True)}
    line = graph.edges[by_name[SCHOOL], by_name[HAFO]]
    assert line["statements"] == 3
    assert line["modes"] == ("现代学徒制", "订单培养", "顶岗实习") and line["years"] == (2022, 2023)


def test_schools_are_joined_by_the_partners_that_they_share(world):
    graph = analysis.build_school_graph(world)
    weights = {
        frozenset(graph.nodes[end]["name"] for end in ends): weight for *ends, weight in graph.edges(data="weight")
    }
    assert weights[frozenset({CLOUD, STAR})] == 2  # 甲途 and 庚光
    assert sorted(weights.values()) == [1, 1, 1, 1, 1, 2]
    assert graph.edges[iri_of(CLOUD), iri_of(STAR)]["partners"] == (SMALL, GREAT)


def test_degree_counts_each_pair_once(frames):
    rows = rows_by(analysis.measure_degree(frames), "name")
    assert {name: row["degree"] for name, row in rows.items()} == {
        SCHOOL: 5,
        HAFO: 2,
        MENGNIU: 2,
        OTHER: 2,
        XINGTU: 1,
        "白洋湖县人民医院": 1,
        "小荷幼儿园": 1,
    }
    assert next(iter(rows)) == SCHOOL and rows[SCHOOL]["centrality"] == 1.0  # all five partners
    assert rows[OTHER]["centrality"] == 0.4 and rows[HAFO]["centrality"] == 1.0
    assert rows[HAFO]["neighbours"] == (SCHOOL, OTHER) and rows[HAFO]["statements"] == 4


def test_degree_of_a_school_shows_it_and_its_partners_as_they_stand_in_the_whole(world):
    rows = rows_by(analysis.measure_degree(world, Scope(schools=frozenset({iri_of(HILL)}))), "name")
    assert set(rows) == {HILL, GREAT, FAR_OFF} and rows[GREAT]["degree"] == 4


def test_betweenness_is_the_part_of_shortest_paths(frames):
    between = {row["name"]: row["betweenness"] for row in analysis.measure_betweenness(frames).to_dict("records")}
    # Of 15 pairs of six others: three leaves with each other (3), each with both shared partners (6) and with the other
    # school (3) lead over 白洋湖, and half of the paths between the two shared partners.
    assert between[SCHOOL] == pytest.approx(12.5 / 15, abs=1e-6)
    assert (
        between[HAFO] == between[MENGNIU] == pytest.approx(2 / 15, abs=1e-6)
    )  # half of four paths to the other school
    assert between[OTHER] == pytest.approx(0.5 / 15, abs=1e-6)
    assert between[XINGTU] == 0.0


def test_a_large_network_is_estimated_and_says_so(world, monkeypatch):
    monkeypatch.setattr("kg.analysis.graphs.EXACT", 5)
    monkeypatch.setattr("kg.analysis.graphs.PIVOTS", 4)
    answer = analysis.measure_betweenness(world)
    assert any("4个节点估算" in note for note in analysis.list_notes(answer))
    assert answer.equals(analysis.measure_betweenness(world))


def test_communities_are_the_parts_that_hang_together(tmp_path):
    apart = read_home(
        tmp_path / "home",
        {
            ("a-2023", CLOUD, 2023): [("合作", CLOUD, each, {}) for each in (GREAT, SMALL)],
            ("b-2023", STAR, 2023): [("合作", STAR, each, {}) for each in (ROBOTICS, FAR_OFF)],
        },
    )
    answer = analysis.find_communities(apart)
    rows = answer.to_dict("records")
    assert [(row["school_names"], row["partner_names"]) for row in rows] == [
        ((STAR,), (ROBOTICS, FAR_OFF)),
        ((CLOUD,), (SMALL, GREAT)),
    ]
    assert [(row["lines"], row["outward"]) for row in rows] == [(2, 0), (2, 0)]
    assert "模块度0.500" in analysis.list_notes(answer)[0]  # two equal parts: 2 × (1/2 − 1/4)


def test_brokers_join_schools_that_nothing_else_joins(world):
    answer = analysis.find_brokers(world)
    rows = rows_by(answer, "partner_name")
    assert list(rows) == [GREAT, SMALL]
    great = rows[GREAT]
    # Six pairs of four schools; 云岭 and 星河 share 庚光 too, 东湖 and 南山 are in one group.
    assert (great["schools"], great["pairs"], great["only_pairs"]) == (4, 6, 4)
    assert great["only_pair_names"] == (f"{LAKE}—{CLOUD}", f"{LAKE}—{STAR}", f"{CLOUD}—{HILL}", f"{HILL}—{STAR}")
    assert great["parts"] == 3  # without it 云岭 and 星河 hang together by 庚光, 东湖 and 南山 each fall away
    assert (rows[SMALL]["only_pairs"], rows[SMALL]["parts"]) == (0, 1)
    assert [place["report"] for place in great["evidence"]] == [
        "donghu-2023",
        "yunling-2023",
        "nanshan-2023",
        "xinghe-2023",
    ]


def test_brokers_of_one_school_are_those_of_its_own_pairs(world):
    rows = rows_by(analysis.find_brokers(world, Scope(schools=frozenset({iri_of(HILL)}))), "partner_name")
    assert set(rows) == {GREAT} and (rows[GREAT]["pairs"], rows[GREAT]["only_pairs"]) == (3, 2)


def test_cooperation_of_two_schools_joins_them_as_well(tmp_path):
    told = {**WORLD, ("also-2023", CLOUD, 2023): [("校际", HILL, CLOUD, {})]}
    rows = rows_by(analysis.find_brokers(read_home(tmp_path / "home", told)), "partner_name")
    assert rows[GREAT]["only_pairs"] == 3


# ---- shares and programmes


def test_concentration_counts_programmes_with_partners(frames):
    rows = rows_by(analysis.measure_concentration(frames), "school_name")
    school = rows[SCHOOL]
    # 长城哈弗 for two programmes, four others for one each or none that is told: 2, 1, 1, 1, 1.
    assert (school["partners"], school["links"]) == (5, 6)
    assert school["top_partners"] == (HAFO,) and school["top_share"] == pytest.approx(2 / 6, abs=1e-6)
    assert school["top3_share"] == pytest.approx(4 / 6, abs=1e-6)
    assert school["hhi"] == pytest.approx((4 + 1 + 1 + 1 + 1) / 36, abs=1e-6)
    assert school["effective"] == pytest.approx(4.5)
    assert rows[OTHER]["hhi"] == 0.5 and rows[OTHER]["top_partners"] == (MENGNIU, HAFO)
    assert any(
        "占75.0%" in note for note in analysis.list_notes(analysis.measure_concentration(frames))
    )  # 3, 2, 1 of 8


def test_a_programme_with_one_partner_is_at_risk(frames):
    rows = analysis.find_programmes_at_risk(frames).to_dict("records")
    assert [(row["school_name"], row["programme"], row["partner_name"]) for row in rows] == [
        (SCHOOL, "护理", "白洋湖县人民医院"),
        (SCHOOL, "汽车运用与维修", HAFO),
        (OTHER, "汽车运用与维修", HAFO),
    ]  # 机电 has two partners, 学前教育 was closed
    assert rows[1]["headcounts"] == (25, 30, 40) and rows[1]["years"] == (2022, 2023)
    assert rows[0]["evidence"][0]["page"] == 12
    assert any("停办的专业1个" in note for note in analysis.list_notes(analysis.find_programmes_at_risk(frames)))


def test_a_mode_asks_for_partners_of_that_mode(frames):
    rows = analysis.find_programmes_at_risk(frames, Scope(modes=frozenset({"订单培养"}))).to_dict("records")
    assert [(row["programme"], row["partner_name"]) for row in rows] == [
        ("机电技术应用", XINGTU),
        ("汽车运用与维修", HAFO),
    ]


def test_programmes_without_a_partner_tell_who_might_be_meant(world, frames):
    rows = rows_by(analysis.find_unpartnered_programmes(world), "programme")
    assert set(rows) == {MACHINES, "学前教育"}  # 茶艺 was closed
    assert rows["学前教育"]["perhaps"] == (NURSERY,) and rows[MACHINES]["perhaps"] == ()
    assert rows[MACHINES]["unnamed"] == 1 and rows[MACHINES]["code"] == "660301"
    others = analysis.find_unpartnered_programmes(frames).to_dict("records")
    assert [(row["school_name"], row["programme"]) for row in others] == [(OTHER, "机电技术应用")]


def test_two_names_of_one_entry_of_the_catalogue_are_one_programme(tmp_path, monkeypatch):
    import analysis_home

    known = analysis_home._codes("programme-catalogue-2021")
    monkeypatch.setitem(known, "汽修技术", known[CARS])
    told = {
        ("a-2023", CLOUD, 2023): [
            ("开设", CLOUD, "汽修技术", {}),
            ("合作", CLOUD, GREAT, {"programmes": [CARS]}),
        ]
    }
    found = read_home(tmp_path / "home", told)
    assert analysis.find_unpartnered_programmes(found).empty
    (row,) = analysis.find_programmes_at_risk(found).to_dict("records")
    assert {row["programme"], *row["also"]} == {"汽修技术", CARS}


@pytest.mark.parametrize(
    ("sayings", "closed"),
    [
        ([({"status": "停办", "year": 2021}), ({"year": 2023})], False),  # taken up again
        ([({"year": 2021}), ({"status": "停办", "year": 2023})], True),
        ([({"status": "停办", "year": 2023}), ({"headcount": 20, "year": 2023})], True),  # the last classes
        ([({"status": "停办"}), ({"year": 2022})], True),  # of the report's year, 2023
    ],
)
def test_a_programme_is_closed_where_that_is_the_last_that_is_said(tmp_path, sayings, closed):
    found = read_home(tmp_path / "home", {("a-2023", CLOUD, 2023): [("开设", CLOUD, CARS, each) for each in sayings]})
    assert analysis.list_programmes(found)["closed"].tolist() == [closed]
    assert len(analysis.find_unpartnered_programmes(found)) == (0 if closed else 1)


def test_a_year_looks_at_what_was_there_then(tmp_path):
    told = [("开设", CLOUD, CARS, {"year": 2022}), ("开设", CLOUD, CARS, {"status": "停办", "year": 2023})]
    found = read_home(tmp_path / "home", {("a-2023", CLOUD, 2023): told})
    then = Scope(years=frozenset({2022}))
    assert analysis.find_unpartnered_programmes(found, then)["years"].tolist() == [(2022,)]
    assert analysis.find_unpartnered_programmes(found).empty


# ---- candidates


def test_candidates_have_reasons_nearness_and_evidence(world):
    answer = analysis.find_candidates(world, iri_of(CLOUD))
    first, second = answer.to_dict("records")
    assert (first["partner_name"], first["match"], first["programmes"]) == (ELECTRICS, "programme", (MACHINES,))
    assert (first["near"], first["via"], first["place"], first["place_basis"]) == (
        "prefecture",
        "partner",
        "容城县",
        "name",
    )
    # 安新 115.9356°, 38.9354°; 容城 115.8617°, 39.0428°: 11.94 km north, 6.39 km west
    assert first["distance_km"] == pytest.approx(math.hypot(11.944, 6.391), abs=0.1)
    assert (second["partner_name"], second["match"], second["programmes"]) == (ROBOTICS, "class", (MACHINES,))
    assert (second["near"], second["via"], second["place"]) == ("prefecture", "school", "")
    assert first["evidence"] == (
        {
            "text": f"{STAR}合作{ELECTRICS}。",
            "report": "xinghe-2023",
            "section": "四、合作",
            "page": 5,
            "table": None,
            "row": None,
        },
    )
    assert analysis.say_reasons(first["reasons"]) == [
        f"{STAR}的{MACHINES}专业与其合作，本校也开设{MACHINES}",
        "单位在容城县（据名称推断）",
        "与本校同市",
        "两地中心相距约14公里",
    ]
    assert analysis.say_reasons(second["reasons"], english=True) == [
        f"{STAR} works with it on {ROBOTS}, of the class 自动化类 like this school's {MACHINES}",
        f"{STAR}, which works with it, lies in 容城县: same prefecture",
        "the school and the nearest one that works with it are about 14 km apart",
    ]
    assert any("1个单位" in note and "外省" in note for note in analysis.list_notes(answer))  # 己远


def test_candidates_of_a_region_lie_there_or_work_there(world):
    there = Scope(places=frozenset({"410000"}))
    (row,) = analysis.find_candidates(world, iri_of(CLOUD), there).to_dict("records")
    assert (row["partner_name"], row["near"], row["match"]) == (FAR_OFF, "elsewhere", "programme")


def test_who_already_works_with_a_school_is_no_candidate_in_whatever_year_or_mode(world):
    answer = analysis.find_candidates(world, iri_of(CLOUD), Scope(years=frozenset({2023})))
    assert {GREAT, SMALL}.isdisjoint(answer["partner_name"])
    only = analysis.find_candidates(world, iri_of(CLOUD), Scope(modes=frozenset({"订单培养"})))
    assert only["partner_name"].tolist() == [ROBOTICS]


def test_candidates_are_enterprises_unless_a_type_is_given(world):
    hospitals = replace(Scope(), types=frozenset({"Hospital"}))
    assert analysis.find_candidates(world, iri_of(STAR), hospitals).empty  # it offers nothing that the hospital takes
    assert WARD not in set(analysis.find_candidates(world, iri_of(STAR))["partner_name"])


@pytest.mark.parametrize(
    ("one", "other", "level", "km"),
    [
        ("130632", "130632", "county", None),
        ("130632", "130600", "prefecture", None),  # a county in its prefecture: the seats say nothing
        ("130632", "130528", "province", 169.7),
        ("130600", "120000", "", 151.8),
        ("130632", "410000", "", None),  # somewhere in a province
        ("130000", "130632", "province", None),
        ("110101", "110105", "province", 2.4),
        ("", "130632", "", None),
    ],
)
def test_places_are_near_or_far(one, other, level, km):
    assert find_shared_level(one, other) == find_shared_level(other, one) == level
    found = measure_distance(one, other)
    assert found == measure_distance(other, one)
    assert found is None if km is None else found == pytest.approx(km, abs=0.2)


# ---- scopes, words, order


def test_a_region_takes_schools_by_any_knowledge_of_their_place_and_says_what_is_inferred(tmp_path):
    named = "安新县白水职业学校"
    found = read_home(
        tmp_path / "home",
        {
            ("a-2023", CLOUD, 2023): [("位于", CLOUD, "容城县", {})]
            + [("合作", each, GREAT, {}) for each in (CLOUD, named)]
        },
    )
    answer = analysis.measure_degree(found, Scope(places=frozenset({"130632"})))
    assert set(answer["name"]) == {named, GREAT}
    assert rows_by(answer, "name")[named]["place_basis"] == "name"
    assert any(named in note and "推断" in note for note in analysis.list_notes(answer))
    assert len(analysis.measure_degree(found, Scope(places=frozenset({"130600"})))) == 3


def test_what_is_said_of_a_whole_region_does_not_count_and_is_told(frames):
    answer = analysis.measure_degree(frames)
    assert "保定市" not in set(answer["name"])
    assert any("1处陈述" in note for note in analysis.list_notes(answer))


ANALYSES = (
    analysis.measure_degree,
    analysis.measure_betweenness,
    analysis.find_communities,
    analysis.find_brokers,
    analysis.measure_concentration,
    analysis.find_programmes_at_risk,
    analysis.find_unpartnered_programmes,
    lambda frames, scope=analysis.EVERYTHING: analysis.find_candidates(frames, frames.entities.index[0], scope),
    lambda frames, scope=analysis.EVERYTHING: analysis.compare_years(frames, 2022, 2023, scope),
    lambda frames, scope=analysis.EVERYTHING: analysis.compare_builds(frames, frames, scope),
    lambda frames, scope=analysis.EVERYTHING: analysis.compare_regions(frames, {"130632"}, {"130629"}, scope),
)


@pytest.mark.parametrize("analyse", ANALYSES)
@pytest.mark.parametrize("english", [False, True])
def test_every_answer_has_words_for_all_that_it_says(world, analyse, english):
    answer = analyse(world)
    assert len(read_headings(answer.columns, english=english)) == len(answer.columns)
    rows = write_answer(answer, english=english)
    assert rows.notes and all(isinstance(cell, str | int | float | None) for row in rows.rows for cell in row)
    assert json.dumps(write_answer(answer, plain=True).as_dicts())


@pytest.mark.parametrize("analyse", ANALYSES)
def test_an_answer_about_nothing_keeps_its_columns(world, analyse):
    answer = analyse(world, Scope(modes=frozenset({"对口支援"}), types=frozenset({"Government"})))
    if analyse is not analysis.find_unpartnered_programmes:
        assert answer.empty
    assert list(answer.columns) == list(analyse(world).columns) and analysis.list_notes(answer)


def test_no_words_are_left_over():
    words = load_words()
    source = "".join(path.read_text(encoding="utf-8") for path in Path(analysis.__file__).parent.glob("*.py"))
    for key in words["notes"]:
        assert f'"{key}"' in source
    for zh, en in [*words["columns"].values(), *words["notes"].values(), *words["reasons"].values()]:
        assert zh and en and not any("一" <= char <= "鿿" for char in en)


def test_the_same_graph_gives_the_same_answers_in_every_process():
    code = (
        "import sys; from pathlib import Path; from kg import analysis; from kg.frames import read_frames;"
        "frames = read_frames(Path(sys.argv[1]));"
        "print(analysis.find_communities(frames).to_json(), analysis.measure_betweenness(frames).to_json(),"
        " analysis.find_brokers(frames).to_json(), list(analysis.build_partner_graph(frames).edges))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code, str(shared_home())],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_graphs_are_written_by_networkx(world, tmp_path):
    graph = analysis.build_school_graph(world)
    assert networkx.is_connected(graph)
    assert GROUP not in {name for _, name in graph.nodes(data="name")}
