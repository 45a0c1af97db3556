"""Queries: the library answers what it says, values are values and never code, strangers only read."""

from __future__ import annotations

import http.server
import socket
import threading
import time

import pytest
from graph_home import make_home, shared_home
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg import queries
from kg.errors import KgError, MissingStore, RefusedQuery, StoppedQuery, UsageError
from kg.queries import bind_query, find_query, load_queries, parse_query, run_query
from kg.store import open_graph
from kg.strangers import check_text, run_text

WANTED = {
    *("partners-of-school", "schools-of-enterprise", "programmes-of-school", "partners-by-programme"),
    *("members-of-group", "partners-by-mode-and-year", "evidence-of-fact", "everything-about-entity"),
    *("schools-sharing-partners", "network-nodes", "network-edges", "figures-of-school"),
}
EXAMPLES = {
    "school": "白洋湖",
    "enterprise": "哈弗",
    "programme": "汽修",
    "group": "燕西",
    "organisation": "青松岭",
    "entity": "长城哈弗",
    "subject": "白洋湖",
}


def ask(name, /, **values):
    return run_query(shared_home(), name, values).as_dicts()


# ---- the library


def test_the_library_has_what_was_promised():
    assert set(load_queries()) >= WANTED


@pytest.mark.parametrize("query", load_queries().values(), ids=lambda query: query.name)
def test_every_query_runs_and_its_header_is_true(query):
    required = {each.name: EXAMPLES[each.name] for each in query.parameters if each.required}
    answer = run_query(shared_home(), query.name, required)
    assert answer.rows
    assert list(answer.columns) == list(query.columns)
    assert all(any("\u4e00" <= char <= "\u9fff" for char in heading) for heading in query.columns.values())
    assert run_query(shared_home(), query.name, required) == answer


@pytest.mark.parametrize("query", load_queries().values(), ids=lambda query: query.name)
def test_every_query_file_is_sparql_as_it_stands_and_reads_only(query):
    check_text(query.text)


def test_partners_of_a_school_row_by_row():
    rows = ask("partners-of-school", school="白洋湖职校", year=2023)
    haval = [(row["programmes"], row["headcount"]) for row in rows if "哈弗" in row["partner"]]
    assert sorted(haval) == [("机电", "36"), ("汽修", "40")]
    assert {row["partner"] for row in rows} == {
        "长城哈弗汽车分公司",
        "蒙牛",
        "星途精密机械有限公司",
        "白洋湖县人民医院",
    }
    assert all(row["evidence"] and row["report"] == "baiyanghu-2023" for row in rows)


@pytest.mark.parametrize("typed", ["白洋湖职业技术学校", "白洋湖职校", "白洋湖职业技校", "洋湖职", " 白洋湖 职校 "])
def test_a_school_is_found_as_one_types_it(typed):
    assert {row["school"] for row in ask("partners-of-school", school=typed)} == {"白洋湖职业技术学校"}


def test_an_entity_is_found_by_its_iri():
    iri = ask("entities", name="青松岭")[0]["iri"]
    assert {row["entity"] for row in ask("everything-about-entity", entity=iri)} == {"青松岭职业教育中心"}


@pytest.mark.parametrize("query", load_queries().values(), ids=lambda query: query.name)
def test_every_name_may_be_an_iri(query):
    names = [each.name for each in query.parameters if each.type == "name"]
    assert [name for name in names if f"= ?given_{name}" not in query.text] == []


@pytest.mark.parametrize(
    ("name", "key", "type_", "column"),
    [
        ("partners-by-programme", "school", "School", "school"),
        ("programmes-by-class", "school", "School", "school"),
        ("unlinked-programmes", "school", "School", "schools"),
        ("unlinked-programmes", "programme", "Programme", "programme"),
    ],
)
def test_an_iri_gives_the_rows_of_its_entity(name, key, type_, column):
    others = {each.name: EXAMPLES[each.name] for each in find_query(name).parameters if each.required}
    entities = ask("entities", type=type_)
    rows = {entity["name"]: ask(name, **others, **{key: entity["iri"]}) for entity in entities}
    assert any(rows.values())
    assert [row for entity, found in rows.items() for row in found if entity not in row[column].split("、")] == []


@pytest.mark.parametrize("mode", ["订单培养", "订单班", "订单"])
def test_a_mode_is_found_by_other_words_for_it(mode):
    assert {row["partner"] for row in ask("partners-of-school", school="白洋湖", mode=mode)} == {
        "长城哈弗汽车分公司",
        "星途精密机械有限公司",
    }
    assert {row["mode"] for row in ask("partners-by-mode-and-year", mode=mode)} == {"订单培养"}


def test_schools_of_an_enterprise_over_reports():
    assert {row["school"] for row in ask("schools-of-enterprise", enterprise="长城哈弗")} == {
        "白洋湖职业技术学校",
        "青松岭职业教育中心",
    }


def test_shared_partners():
    (row,) = ask("schools-sharing-partners", school="青松岭")
    assert row["shared"] == 2 and set(row["partners"].split("、")) == {"长城哈弗汽车分公司", "蒙牛"}
    assert len(ask("schools-sharing-partners")) == 1


def test_programmes_without_a_partner():
    assert [(row["school"], row["programme"]) for row in ask("programmes-without-partner")] == [
        ("青松岭职业教育中心", "机电技术应用")
    ]


def test_programmes_by_class_and_category():
    rows = ask("programmes-by-class", **{"class": "护理"})
    assert {(row["category"], row["class"], row["catalogue_code"], row["level"]) for row in rows} == {
        ("医药卫生大类", "护理类", "720201", "中职")
    }
    assert {row["catalogue_name"] for row in ask("programmes-by-class", category="装备制造")} == {"机电技术应用"}
    assert ask("programmes-by-class", category="装备制造", school="青松岭")


def test_programmes_without_a_code_are_told_with_what_they_may_be():
    (row,) = ask("unlinked-programmes")
    assert (row["programme"], row["candidates"]) == ("学前教育", "770101 幼儿保育（中职）")
    assert "2021" in row["reason"] and row["schools"] == "白洋湖职业技术学校"
    assert ask("unlinked-programmes", school="青松岭") == []


def test_schools_of_a_province_by_the_county_they_lie_in():
    rows = ask("schools-by-region", region="河北")
    assert [(row["province"], row["prefecture"], row["place"], row["code"]) for row in rows] == [
        ("河北省", "保定市", "保定市", "130600"),
        ("河北省", "保定市", "安新县", "130632"),
    ]
    assert ask("schools-by-region", region="保定") == ask("schools-by-region") == rows
    assert [row["school"] for row in ask("schools-by-region", region="安新")] == ["白洋湖职业技术学校"]
    assert ask("schools-by-region", region="石家庄") == []


def test_a_programme_shows_its_code_and_where_it_is_from():
    rows = ask("programmes-of-school", school="白洋湖", year=2022)
    assert {(row["programme"], row["catalogue_code"], row["class"], row["way"]) for row in rows} == {
        ("学前教育", None, None, None),
        ("汽车运用与维修", "700206", "道路运输类", "名称相同"),
    }
    found = ask("everything-about-entity", entity="护理")
    assert "720201 护理（名称相同）" in {row["value"] for row in found if row["about"] == "代码"}


def test_members_with_roles_and_the_host():
    rows = {(row["member"], row["role"]) for row in ask("members-of-group", group="燕西职教集团")}
    assert rows == {
        ("保定市", "组建"),
        ("白洋湖职业技术学校", "常务理事"),
        ("白洋湖职业技术学校", "成员"),
        ("青松岭职业教育中心", "成员"),
    }


def test_collaboration_has_no_direction():
    assert [row["other"] for row in ask("collaborating-schools", school="白洋湖")] == ["燕西应用技术学院"]
    assert [row["other"] for row in ask("collaborating-schools", school="燕西")] == ["白洋湖职业技术学校"]


def test_evidence_leads_to_the_place():
    (row,) = ask("evidence-of-fact", subject="白洋湖", object="智能制造")
    assert (row["table"], row["row"], row["page"], row["caption"]) == (4, 2, 9, "表4：实训基地")
    assert row["end"] - row["start"] == len(row["evidence"])
    assert len(ask("evidence-of-fact", subject="白洋湖", predicate="locatedIn")) == 1


def test_network_edges_have_a_row_for_each_statement():
    edges = ask("network-edges")
    assert len({row["statement"] for row in edges}) == len(edges) == 29
    two = next(row for row in edges if row["headcount"] == "25|30")
    assert two["modes"].split("|") == ["现代学徒制", "订单培养"] or set(two["modes"].split("|")) == {
        "现代学徒制",
        "订单培养",
    }
    nodes = {row["iri"] for row in ask("network-nodes")}
    assert {row["source"] for row in edges} | {row["target"] for row in edges} <= nodes
    assert {row["predicate"] for row in ask("network-edges", predicate="memberOf")} == {"memberOf"}


# ---- values


def test_wrong_names_and_values_are_told():
    for values, said in (
        ({}, "school"),
        ({"school": " "}, "school"),
        ({"school": "x", "colour": "red"}, "colour"),
        ({"school": "x", "year": "zwanzig"}, "year"),
        ({"school": "\ud800"}, "school"),
    ):
        with pytest.raises(UsageError, match=said):
            run_query(shared_home(), "partners-of-school", values)
    with pytest.raises(UsageError, match="partners-of-school"):
        find_query("partners-of-shool")


def test_a_home_without_a_graph(tmp_path):
    with pytest.raises(MissingStore):
        run_query(tmp_path, "reports")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "# title-zh: 一\n",
        "# title-zh: 一\n# title-en: a\n# about-zh: 二\n# about-en: b\n# columns: x 列\n"
        "# param: x | colour | required | 一 | a",
    ],
)
def test_a_wrong_header_is_told(header):
    with pytest.raises(UsageError, match="mine"):
        parse_query("mine", header + "\nSELECT ?x { VALUES ?given_x { UNDEF } }")


ECHO = parse_query(
    "echo",
    "# title-zh: 一\n# title-en: a\n# about-zh: 二\n# about-en: b\n# columns: given_x 值\n"
    "# param: x | text | required | 值 | value\nSELECT ?given_x { VALUES ?given_x { UNDEF } }",
)
NASTY = [
    '" } UNION { ?a ?b ?c } #',
    '\\" } } SELECT * { ?a ?b ?c',
    "\\u0022 } { ?a ?b ?c } #",
    "\\\\u0022 }",
    "UNDEF",
    "?given_x",
    'x"\n} SERVICE <http://localhost/> { ?a ?b ?c',
    "'''\"\"\"",
    "\\",
    "\x00\x01\x7f\u2028\r\n\t",
    '"@zh',
    '"^^<http://x>',
    "<http://x>",
]


@pytest.fixture(scope="module")
def graph():
    with open_graph(shared_home()) as opened:
        yield opened


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_a_value_comes_back_as_it_went_in(graph, text):
    assert graph.query(bind_query(ECHO, {"x": text})).rows == ((text,),)


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_value_is_only_a_value(graph, text):
    if text.strip():
        assert graph.query(bind_query(ECHO, {"x": text})).rows == ((text,),)


@settings(max_examples=200, deadline=None)
@given(text=st.text("\"'\\{}()<>#?.;@^|&\n\r\tu0022职校 ", min_size=1).filter(str.strip))
@example(text='白洋湖") || true || CONTAINS("')
def test_a_name_finds_only_what_holds_it(graph, text):
    rows = graph.query(bind_query(find_query("entities"), {"name": text}))
    folded = queries.fold_name(text)
    for row in rows.as_dicts():
        names = [row["name"], *(row["aliases"] or "").split("、")]
        assert any(folded in queries.fold_name(name) for name in names)


# ---- strangers


def test_a_stranger_may_select_ask_construct_and_describe():
    home = shared_home()
    assert run_text(home, "SELECT (COUNT(*) AS ?n) { ?s a zj:School }").rows == ((3,),)
    assert run_text(home, "ASK { ?s zj:partnersWith ?o }").rows == ((True,),)
    assert len(run_text(home, "CONSTRUCT { ?s zj:x ?o } WHERE { ?s zj:hostsGroup ?o }").rows) == 1
    assert run_text(home, "DESCRIBE zj:School").columns == ("subject", "predicate", "object")
    assert run_text(home, "\ufeffSELECT ?x { VALUES ?x { 'SERVICE FROM LOAD' } } # SERVICE\r\n").rows == (
        ("SERVICE FROM LOAD",),
    )


HOSTILE = [
    "SELECT * { SERVICE <{url}> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <{url}> { ?s ?p ?o } }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <{url}> { ?s ?p ?o } } } } }",
    "SELECT * { FILTER NOT EXISTS { SERVICE <{url}> { ?s ?p ?o } } }",
    "SELECT * { # \r SERVICE <{url}> { ?s ?p ?o } \n }",
    "SELECT * { # \r\n SERVICE <{url}> { ?s ?p ?o } }",
    "ASK { VALUES ?g { <{url}> } SERVICE ?g { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <{url}> { ?s ?p ?o } }",
    "SELECT * FROM <{url}> { ?s ?p ?o }",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM NAMED <{url}> { GRAPH ?g { ?s ?p ?o } }",
    "CONSTRUCT FROM <{url}> WHERE { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } FROM <{url}> WHERE { ?s ?p ?o }",
    "DESCRIBE ?s FROM <{url}> { ?s ?p ?o }",
    "ASK FROM <{url}> { ?s ?p ?o }",
    "LOAD <{url}>",
    "LOAD SILENT <file:///etc/passwd> INTO GRAPH <http://x/>",
    "INSERT DATA { <http://x/> <http://x/> <http://x/> }",
    "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "DELETE WHERE { ?s ?p ?o }",
    "DROP ALL",
    "CLEAR DEFAULT",
    "ADD DEFAULT TO <http://x/>",
    "SELECT * { ?s ?p ?o } ; DROP ALL",
    "SELECT * { ?s ?p ?o } SELECT * { ?s ?p ?o }",
    "",
    "  \n",
    "# nothing but a comment",
    "hello",
    "SELECT",
    "SELECT * {" + "{" * 5000 + "}" * 5000 + "}",
    "SELECT * { ?s " + "(" * 5000 + "zj:x" + ")" * 5000 + " ?o }",
    "SELECT * { ?s ?p ?o } " + "#" * 200_000,
    "SELECT ?x { BIND('\ud800' AS ?x) }",
]


class Listener(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self):
        self.asked.append(self.path)
        self.send_error(404)

    do_POST = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def url():
    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/data"
    server.shutdown()


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:40]))
def test_a_hostile_query_is_refused_and_reaches_nothing(text, url):
    began = time.monotonic()
    with pytest.raises(KgError) as caught:
        run_text(shared_home(), text.replace("{url}", url), seconds=20)
    assert isinstance(caught.value, RefusedQuery)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400
    assert not Listener.asked
    assert time.monotonic() - began < 20


def test_the_listener_would_notice(url):
    host, port = url.split("/")[2].split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /seen HTTP/1.0\r\n\r\n")
        connection.recv(100)
    assert Listener.asked.pop() == "/seen"


def test_a_query_that_takes_too_long_is_stopped():
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
    began = time.monotonic()
    with pytest.raises(StoppedQuery, match="longer than 1 second"):
        run_text(shared_home(), endless, seconds=1)
    assert time.monotonic() - began < 5


def test_strangers_see_missing_graphs_as_such(tmp_path):
    with pytest.raises(MissingStore):
        run_text(tmp_path, "ASK {}")


def test_a_stranger_changes_nothing(tmp_path):
    home = make_home(tmp_path)
    before = sorted((path.name, path.read_bytes()) for path in (home / "store").rglob("*.sst"))
    run_text(home, "SELECT * { ?s ?p ?o }")
    assert sorted((path.name, path.read_bytes()) for path in (home / "store").rglob("*.sst")) == before


def test_an_answer_is_a_frame_of_pandas() -> None:
    answer = run_query(shared_home(), "schools-of-enterprise", {"enterprise": "哈弗"})
    frame = answer.as_frame()
    assert list(frame.columns) == list(answer.columns)
    assert frame["partner"].tolist() == [row["partner"] for row in answer.as_dicts()]


def test_a_frame_without_rows_keeps_its_columns() -> None:
    answer = run_query(shared_home(), "schools-of-enterprise", {"enterprise": "nobody has this name"})
    assert answer.rows == () and list(answer.as_frame().columns) == list(answer.columns)
