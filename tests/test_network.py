"""Laws of the graph behind the picture: what rows become, what a focus takes along, where nodes stand."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import network, network_layout, network_page, network_style
from kg.errors import KgError, UsageError
from kg.model import EntityType, Predicate
from kg.network import build_graph, draw_home, draw_network
from kg.network_page import compose_page, encode_json
from kg.network_part import find_focus
from kg.network_views import View
from kg.store import rebuild

NODE = dict.fromkeys(("iri", "type", "name", "aliases", "region"))
EDGE = dict.fromkeys(
    (
        *("statement", "source", "target", "predicate", "modes", "programmes", "year", "headcount", "evidence"),
        *("section", "page", "report", "report_title", "report_year", "table", "row"),
    )
)
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '"></script><script>alert(1)</script>',
    "javascript:alert(1)",
    '<a href="javascript:alert(1)">href</a>',
    "龙" * 500,
    "行\u2028段\u2029尾",
    "</style><!--",
    "{{scripts}}{{data}}",
    "__proto__",
    "&lt;b&gt;",
]


def node(name: str, type: str = "School", **more: Any) -> dict[str, Any]:
    return NODE | {"iri": f"https://example.org/{name}", "type": type, "name": name} | more


def edge(source: str, predicate: str, target: str, **more: Any) -> dict[str, Any]:
    ends = {"source": f"https://example.org/{source}", "target": f"https://example.org/{target}"}
    return EDGE | ends | {"statement": f"{source}-{predicate}-{target}", "predicate": predicate} | more


def names(graph: Any) -> set[str]:
    return {name for _, name in graph.nodes(data="name")}


def page_data(file: Path) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    block = re.search(r'<script type="application/json" id="graph-data">(.*?)</script>', text, re.DOTALL)
    assert block
    return json.loads(block[1])


# -- rows to graph


def test_each_statement_is_an_edge_of_its_own():
    rows = [
        edge("甲校", "partnersWith", "乙厂", statement="1", modes="顶岗实习", headcount=40, programmes="汽修"),
        edge("甲校", "partnersWith", "乙厂", statement="2", modes="订单培养", headcount=36, programmes="机电"),
    ]
    graph = build_graph([node("甲校"), node("乙厂", "Enterprise")], rows)
    facts = graph.get_edge_data("https://example.org/甲校", "https://example.org/乙厂")
    assert {key: (fact["programmes"], fact["headcount"]) for key, fact in facts.items()} == {
        "1": (("汽修",), (40,)),
        "2": (("机电",), (36,)),
    }


def test_rows_of_one_statement_are_joined_whatever_their_order():
    rows = [
        edge("甲校", "partnersWith", "乙厂", modes="订单培养|顶岗实习", year=2023),
        edge("甲校", "partnersWith", "乙厂", modes=["现代学徒制"], year=2023, page=4),
        edge("甲校", "partnersWith", "乙厂", programmes="汽修", evidence="汽修 40"),
    ]
    graphs = [build_graph([], order) for order in itertools.permutations(rows)]
    (fact,) = [fact for _, _, fact in graphs[0].edges(data=True)]
    assert fact["modes"] == ("现代学徒制", "订单培养", "顶岗实习")
    assert (fact["year"], fact["page"], fact["evidence"]) == ((2023,), 4, "汽修 40")
    assert all(dict(graph.edges) == dict(graphs[0].edges) for graph in graphs)


def test_rows_of_one_entity_are_joined():
    graph = build_graph([node("甲校", aliases="甲职校|甲"), node("甲校", aliases="甲中专", region="乙市")], [])
    assert graph.nodes["https://example.org/甲校"] == {
        "type": "School",
        "name": "甲校",
        "aliases": ("甲", "甲中专", "甲职校"),
        "region": ("乙市",),
    }


def test_nothing_in_the_graph_is_none():
    graph = build_graph([node("甲校"), node("乙厂", None)], [edge("甲校", "partnersWith", "乙厂")])
    values = [value for _, entity in graph.nodes(data=True) for value in entity.values()]
    values += [value for _, _, fact in graph.edges(data=True) for value in fact.values()]
    assert None not in values


def test_an_end_without_a_row_is_named_after_its_iri():
    graph = build_graph([], [edge("甲校", "partnersWith", "%E4%B9%99%E5%8E%82")])
    assert names(graph) == {"甲校", "乙厂"}


def test_types_and_predicates_may_be_iris():
    graph = build_graph(
        [node("甲校", "https://w3id.org/zhijiao-kg/ontology#School")],
        [edge("甲校", "https://w3id.org/zhijiao-kg/ontology#partnersWith", "乙厂")],
    )
    assert graph.nodes["https://example.org/甲校"]["type"] == "School"
    assert [predicate for _, _, predicate in graph.edges(data="predicate")] == ["partnersWith"]


# -- focus


@pytest.fixture
def chain() -> Any:
    rows = [
        edge("甲校", "partnersWith", "乙厂"),
        edge("丙校", "partnersWith", "乙厂"),
        edge("丙校", "partnersWith", "丁厂"),
        edge("甲校", "locatedIn", "戊市"),
        edge("己校", "locatedIn", "戊市"),
        edge("甲校", "offersProgramme", "护理"),
        edge("己校", "offersProgramme", "护理"),
    ]
    entities = [
        node("甲校", aliases="甲职校"),
        node("乙厂", "Enterprise"),
        node("丙校", aliases="丙职教中心|职教中心"),
        node("丁厂", "Enterprise"),
        node("戊市", "Region"),
        node("己校", aliases="职教中心"),
        node("护理", "Programme"),
    ]
    return build_graph(entities, rows)


def drawn(graph: Any, tmp_path: Path, focus: str | None = None) -> dict[str, Any]:
    draw_network(graph, tmp_path / "n.html", title="图", focus=focus)
    return page_data(tmp_path / "n.html")


def test_a_focus_takes_two_steps_but_none_through_a_city_or_programme(chain, tmp_path):
    data = drawn(chain, tmp_path, "甲校")
    assert {one["label"] for one in data["nodes"]} == {"甲校", "乙厂", "丙校", "戊市", "护理"}
    assert [data["nodes"][at]["label"] for at in data["focus"]] == ["甲校"]


def test_a_programme_in_focus_shows_its_schools(chain, tmp_path):
    data = drawn(chain, tmp_path, "护理")
    assert {one["label"] for one in data["nodes"]} >= {"护理", "甲校", "己校", "乙厂"}
    assert "丁厂" not in {one["label"] for one in data["nodes"]}
    assert "offersProgramme" not in data["off"]


@pytest.mark.parametrize("focus", ["甲职校", " 甲 职校", "https://example.org/甲校"])
def test_a_focus_may_be_an_alias_or_an_iri(chain, focus):
    assert find_focus(chain, focus) == ["https://example.org/甲校"]


def test_an_unknown_focus_suggests_near_names(chain):
    with pytest.raises(UsageError, match="甲校") as caught:
        find_focus(chain, "甲中校")
    assert "\n" not in str(caught.value)


def test_an_alias_of_several_is_not_guessed(chain):
    with pytest.raises(UsageError, match=r"丙校、己校|己校、丙校"):
        find_focus(chain, "职教中心")


def test_nothing_is_written_for_an_unknown_focus(chain, tmp_path):
    with pytest.raises(UsageError):
        draw_network(chain, tmp_path / "n.html", title="图", focus="不存在的学校")
    assert not list(tmp_path.iterdir())


# -- drawing


def test_parallel_statements_are_one_line_with_all_facts(tmp_path):
    rows = [edge("甲校", "partnersWith", "乙厂", statement=str(at), modes="顶岗实习") for at in range(5)]
    rows.append(edge("乙厂", "memberOf", "甲校", statement="back"))
    summary = draw_network(build_graph([], rows), tmp_path / "n.html", title="图")
    data = page_data(tmp_path / "n.html")
    assert summary == network.DrawSummary(nodes=2, edges=1, left_out=0)
    assert len(data["facts"]) == 6 and {fact["line"] for fact in data["facts"]} == {0}


def test_the_background_is_off_unless_it_is_all_there_is(chain, tmp_path):
    assert drawn(chain, tmp_path)["off"] == ["locatedIn", "offersProgramme"]
    only = build_graph([], [edge("甲校", "offersProgramme", "护理")])
    assert drawn(only, tmp_path)["off"] == []


def test_of_a_large_graph_the_most_connected_part_is_drawn(monkeypatch, tmp_path):
    monkeypatch.setattr(network, "MAX_NODES", 10)
    rows = [edge("大校", "partnersWith", f"厂{at}") for at in range(20)]
    rows += [edge(f"小校{at}", "partnersWith", f"店{at}") for at in range(20)]
    summary = draw_network(build_graph([], rows), tmp_path / "n.html", title="图")
    data = page_data(tmp_path / "n.html")
    assert summary == network.DrawSummary(nodes=10, edges=9, left_out=51)
    assert data["leftOut"] == 51 and "大校" in {one["label"] for one in data["nodes"]}


def test_an_empty_graph_and_a_lonely_node_are_drawn(tmp_path):
    assert draw_network(build_graph([], []), tmp_path / "n.html", title="图").nodes == 0
    assert draw_network(build_graph([node("甲校")], []), tmp_path / "n.html", title="图").nodes == 1


def test_a_school_that_is_joined_to_itself_is_not_drawn_as_a_line(tmp_path):
    graph = build_graph([node("甲校")], [edge("甲校", "collaboratesWith", "甲校")])
    assert draw_network(graph, tmp_path / "n.html", title="图").edges == 0
    assert len(page_data(tmp_path / "n.html")["facts"]) == 1


def test_the_same_rows_give_the_same_page(chain, tmp_path):
    for name in ("a.html", "b.html"):
        draw_network(chain, tmp_path / name, title="图")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_part_keeps_the_order_of_the_whole(chain, tmp_path):
    whole = [one["label"] for one in drawn(chain, tmp_path)["nodes"]]
    part = [one["label"] for one in drawn(chain, tmp_path, "丙校")["nodes"]]
    assert part == [name for name in whole if name in part] != whole


def test_folders_are_made_and_an_old_page_is_replaced(chain, tmp_path):
    to = tmp_path / "新 文件夹" / "网络.html"
    for _ in range(2):
        draw_network(chain, to, title="图")
    assert [file.name for file in to.parent.iterdir()] == ["网络.html"]


def test_a_place_that_cannot_be_written_is_told(chain, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(KgError, match=r"file/n\.html: cannot be written"):
        draw_network(chain, tmp_path / "file" / "n.html", title="图")


# -- a home


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(Path(__file__).parent / "fixtures" / "statements", folder / "statements")
    rebuild(folder)
    return folder


def test_a_home_is_drawn_with_its_evidence(home, tmp_path):
    summary = draw_home(home, tmp_path / "n.html")
    data = page_data(tmp_path / "n.html")
    assert summary.nodes == len(data["nodes"]) > 5 and summary.left_out == 0
    assert all(fact["evidence"] and fact["report"] in data["reports"] for fact in data["facts"])
    assert {entity["type"] for entity in data["entities"]} <= set(EntityType)


def test_a_home_is_drawn_around_a_focus(home, tmp_path):
    draw_home(home, tmp_path / "n.html", View(focus="白洋湖职校"))
    data = page_data(tmp_path / "n.html")
    assert [data["nodes"][at]["label"] for at in data["focus"]] == ["白洋湖职业技术学校"]
    with pytest.raises(UsageError, match="白洋湖职业技术学校"):
        draw_home(home, tmp_path / "n.html", View(focus="白洋湖学校"))


# -- page


def test_the_page_links_to_nothing_and_keeps_the_licence(chain, tmp_path):
    draw_network(chain, tmp_path / "n.html", title="图")
    text = (tmp_path / "n.html").read_text(encoding="utf-8")
    markup = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r'(src|href)="(?!data:)', markup)
    assert "@license" in text and "Apache 2.0 License" in text and "vis-network" in text
    assert "default-src 'none'" in text and "unsafe" not in re.search(r'Policy" content="([^"]*)"', text)[1]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    page = compose_page(
        "<title>{{title}}</title>{{policy}}{{styles}}{{data}}{{scripts}}",
        title=text,
        styles=["a{}"],
        scripts=["1"],
        data={"d": [text]},
    )
    assert page.count("<script") == 2 and page.count("</script>") == 2 and "<img" not in page
    block = re.search(r'id="d">(.*?)</script>', page)
    assert block and json.loads(block[1]) == [text]


@given(st.text())
def test_json_survives_and_cannot_end_its_block(text):
    encoded = encode_json({text: [text, None, 1]})
    assert json.loads(encoded) == {text: [text, None, 1]}
    assert not set(encoded) & set("<>&\u2028\u2029")


def test_a_script_that_would_end_its_element_is_refused():
    with pytest.raises(ValueError, match="script"):
        compose_page("{{scripts}}", title="", styles=[], scripts=["'</SCRIPT>'"], data={})


def test_every_type_predicate_and_mode_has_words_in_both_languages():
    words = json.loads(network_page.read_asset("words.json"))
    assert set(network_style.TYPE_STYLES) == set(EntityType)
    assert set(network_style.PREDICATE_STYLES) == {*Predicate, network_style.SHARES}
    assert set(network_style.TYPE_STYLES) <= set(words["types"])
    for table in ("predicates", "forward", "backward"):
        assert set(network_style.PREDICATE_STYLES) == set(words[table])
    assert all(len(pair) == 2 and all(pair) for table in words.values() for pair in table.values())


def test_every_phrase_that_the_page_says_exists():
    words = json.loads(network_page.read_asset("words.json"))["page"]
    sources = [network_page.read_asset(name) for name in ("network.html", *network.SCRIPT_FILES)]
    used = {key for text in sources for key in re.findall(r'(?:say\(|data-say(?:-\w+)?=)"([\w.]+)"', text)}
    assert len(used) > 20 and used <= set(words)


# -- layout


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 40).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=60),
            st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=20),
        )
    )
)
def test_every_node_gets_a_place_of_its_own(graph):
    count, links, later = graph
    points = network_layout.place_nodes([(20.0, 20.0)] * count, links, later)
    assert points.shape == (count, 2) and not network_layout.np.isnan(points).any()
    again = network_layout.place_nodes([(20.0, 20.0)] * count, links, later)
    assert (points == again).all()
    for a, b in itertools.combinations(points.tolist(), 2):
        assert max(abs(a[0] - b[0]), abs(a[1] - b[1])) > 4


def test_boxes_of_a_star_do_not_overlap():
    boxes = [(60.0, 60.0)] + [(120.0, 40.0)] * 60
    points = network_layout.place_nodes(boxes, [(0, at) for at in range(1, 61)])
    for a, b in itertools.combinations(range(61), 2):
        apart = abs(points[a] - points[b]) - (network_layout.np.array(boxes[a]) + boxes[b]) / 2
        assert apart.max() > -2


def test_later_links_move_nothing():
    boxes = [(20.0, 20.0)] * 6
    links = [(0, 1), (1, 2), (2, 3)]
    alone = network_layout.place_nodes(boxes, links)
    joined = network_layout.place_nodes(boxes, links, [(0, 4), (4, 5)])
    assert (alone[:4] == joined[:4]).all()


def test_large_cores_are_placed_by_pivots():
    count = network_layout.EXACT + 100
    links = [(at, (at + 1) % count) for at in range(count)] + [(at, (at * 7) % count) for at in range(count)]
    points = network_layout.place_nodes([(20.0, 20.0)] * count, links)
    assert not network_layout.np.isnan(points).any()
