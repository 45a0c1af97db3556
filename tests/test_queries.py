"""Queries: headers are checked, values are values and never code, strangers only read (the library: test_query_library)."""

from __future__ import annotations

import re
import socket
import time

import pytest
from graph_home import make_home, shared_home
from hypothesis import example, given, settings
from hypothesis import strategies as st
from listener import Listener, listen

from kg import queries
from kg.errors import KgError, MissingStore, RefusedQuery, StoppedQuery, UsageError
from kg.quads import concept_iri, fold_name
from kg.queries import bind_query, find_query, parse_query, run_query
from kg.reference_data import CATALOGUE, REGIONS, load_catalogue, load_regions
from kg.store import open_graph, open_names
from kg.strangers import check_text, run_text


def ask(name, /, **values):
    return run_query(shared_home(), name, values).as_dicts()


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


def test_what_is_missing_is_named_in_both_languages():
    with pytest.raises(UsageError) as told:
        run_query(shared_home(), "partners-by-mode", {"year": 2023})
    assert all(word in str(told.value) for word in ("-p mode=", "-p region=", "合作方式", "the mode"))


def test_a_home_without_a_graph(tmp_path):
    with pytest.raises(MissingStore):
        run_query(tmp_path, "reports")


HEADER = (
    "# title-zh: 一\n# title-en: a\n# about-zh: 二\n# about-en: b\n# topic: partners\n"
    "# column: given_x | 值 | value\n# param: x | text | required | 值 | value\n"
)
BODY = "SELECT ?given_x { VALUES ?given_x { UNDEF } }"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("", HEADER),
        ("", "# topic: partners\n"),
        ("# topic: weather\n", "# topic: partners\n"),
        ("", "# column: given_x | 值 | value\n"),
        ("# column: given_x | 值\n", "# column: given_x | 值 | value\n"),
        ("# column: given_x | 值 | value | heap\n", "# column: given_x | 值 | value\n"),
        ("| colour |", "| text |"),
        ("| entity |", "| text |"),
        ("| always |", "| required |"),
        ("# param: y |", "# param: x |"),
        ("| optional |", "| required |"),  # its line can not be left out
        ("?given_x } # with x", "?given_x }"),  # a required one's may not be
        ("?given_x } # with z", "?given_x }"),
    ],
)
def test_a_wrong_header_is_told(wrong, right):
    text = HEADER + BODY.replace("}", "?given_x }", 1) if "with" in wrong else HEADER + BODY
    assert right in text
    with pytest.raises(UsageError, match="mine"):
        parse_query("mine", text.replace(right, wrong, 1))


def test_lines_of_a_value_that_is_not_given_are_left_out():
    header = HEADER.replace("required", "optional")
    query = parse_query(
        "mine",
        header
        + "SELECT ?a {\nVALUES ?given_x { UNDEF } # with x\nVALUES ?a { 1 2 } # without x\n# with x:\n"
        + "BIND(?given_x\n  AS ?a)\n# end\n}",
    )
    assert bind_query(query, {}, NOBODY).text.endswith("SELECT ?a {\nVALUES ?a { 1 2 }\n}\n")
    assert bind_query(query, {"x": "b"}, NOBODY).text.endswith(
        'SELECT ?a {\nVALUES ?given_x { "b" }\nBIND(?given_x\n  AS ?a)\n}\n'
    )


class Bearers:
    """Names as the index finds them: so many entities bear any name."""

    def __init__(self, count):
        self.count = count

    def resolve(self, text, types=(), limit=1000):
        return tuple(f"http://x/{at}" for at in range(min(self.count, limit))), self.count


NOBODY = Bearers(0)
NAMED = parse_query(
    "named",
    (HEADER + BODY).replace("| text |", "| entity School Group |").replace("UNDEF }", "UNDEF }\n?given_x a ?c ."),
)


@pytest.mark.parametrize(
    ("count", "values", "said"),
    [(0, 0, "no name"), (1, 1, ""), (2, 2, "2 entities"), (2500, 1000, "only the best 1000")],
)
def test_a_name_is_bound_as_iris_and_what_it_was_taken_for_is_told(count, values, said):
    bound = bind_query(NAMED, {"x": "职校"}, Bearers(count))
    assert bound.text.count("<http://x/") == values and "职校" not in bound.text
    check_text(bound.text)
    assert [said in note and "职校" in note for note in bound.notes] == [True] * bool(said)


def test_an_iri_is_bound_as_it_is_and_what_is_none_is_a_name():
    assert "<https://w3id.org/x>" in bind_query(NAMED, {"x": " https://w3id.org/x "}, NOBODY).text
    assert "{  }" in bind_query(NAMED, {"x": "https://w3id.org/x> } DROP ALL"}, NOBODY).text


ECHO = parse_query("echo", HEADER + BODY)
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


@pytest.fixture(scope="module")
def names():
    with open_names(shared_home()) as opened:
        yield opened


KNOWN = {
    f"<{concept_iri(scheme, code)}>"
    for scheme, codes in (
        (CATALOGUE, [entry.code for entry in load_catalogue()]),
        (REGIONS, [region.code for region in load_regions()]),
    )
    for code in codes
}


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_a_value_comes_back_as_it_went_in(graph, text):
    assert graph.query(bind_query(ECHO, {"x": text}, NOBODY).text).rows == ((text,),)


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_value_is_only_a_value(graph, text):
    if text.strip():
        assert graph.query(bind_query(ECHO, {"x": text}, NOBODY).text).rows == ((text,),)


@settings(max_examples=200, deadline=None)
@given(text=st.text("\"'\\{}()<>#?.;@^|&\n\r\tu0022职校 ", min_size=1).filter(str.strip))
@example(text='白洋湖") || true || CONTAINS("')
def test_a_name_finds_only_what_holds_it(graph, names, text):
    rows = queries.ask_query(graph, names, find_query("entities"), {"name": text})
    folded = fold_name(text)
    for row in rows.as_dicts():
        found = [row["name"], *(row["aliases"] or "").split("、")]
        assert any(folded in fold_name(name) for name in found)


@settings(max_examples=200, deadline=None)
@given(text=st.text(min_size=1).filter(str.strip))
@example(text="订单> } UNION { ?a ?b ?c")
def test_what_is_typed_for_a_list_a_place_or_a_class_never_reaches_the_query(text):
    query = find_query("partners-by-class")
    for values in ({"class": text}, {"class": "护理类", "region": text}):
        try:
            bound = bind_query(query, values, NOBODY).text
        except UsageError:
            continue
        check_text(bound)
        assert set(re.findall("<https://w3id.org/zhijiao-kg/id/[^>]*>", bound)) <= KNOWN


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


@pytest.fixture(scope="module")
def url():
    with listen() as address:
        yield f"{address}/data"


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
