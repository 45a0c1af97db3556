"""Fuzzing: whatever comes in, what goes out is described, and nothing fails inside."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from graph_home import shared_home
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from listener import Listener

from kg.errors import RefusedQuery
from kg.queries import load_queries
from kg.query_worker import check_text
from kg.schema import DATA
from kg.store import open_graph

LONG = int(os.environ.get("KG_FUZZ", "1"))  # how many times the usual number of examples
QUICKLY = settings(max_examples=80 * LONG, deadline=None, suppress_health_check=list(HealthCheck))
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
WORDS = st.text("'\"\\{}()<>?$:;.,@#^|&%/=!*+- \n\t\u0000\u2028\ufeff职校a1_", max_size=40)


# ---- the reader of queries

QUERIES = [query.text for query in load_queries().values()]
SPLIT = re.compile(r"\s+|[{}().;,]")


@pytest.fixture(scope="module")
def graph() -> Iterator[object]:
    with open_graph(shared_home()) as opened:
        yield opened


@QUICKLY
@given(
    text=st.one_of(
        ANY_TEXT,
        WORDS,
        st.lists(
            st.sampled_from(
                [
                    "SELECT",
                    "*",
                    "{",
                    "}",
                    "?x",
                    "<a>",
                    "'b'",
                    ".",
                    "FILTER",
                    "(",
                    ")",
                    "OPTIONAL",
                    "VALUES",
                    "UNDEF",
                    "a",
                    ";",
                    ",",
                    "FROM",
                    "SERVICE",
                    "GROUP",
                    "BY",
                    "1",
                    "+",
                    "^",
                    "/",
                    "|",
                ]
            ),
            max_size=25,
        ).map(" ".join),
    )
)
def test_any_text_is_read_or_refused_in_one_line(text):
    try:
        check_text(text)
    except RefusedQuery as error:
        assert "\n" not in str(error) and len(str(error)) < 400


@QUICKLY
@given(
    query=st.sampled_from(QUERIES),
    at=st.integers(0, 10_000),
    call=st.sampled_from(
        [
            "SERVICE <{url}/x> { ?s ?p ?o }",
            "SERVICE ?x { }",
            "FROM <{url}/x>",
            "} SERVICE <{url}/x> { ?a ?b ?c",
            "' SERVICE <{url}/x> { ?a ?b ?c } '",
            "\n# ' \n SERVICE <{url}/x> {}",
        ]
    ),
    data=st.data(),
)
def test_a_call_put_anywhere_into_a_query_is_refused_or_only_words(graph, listener, query, at, call, data):
    """What passes is run by Oxigraph itself, which would ask the listener if it saw a call where we saw none."""
    places = [match.start() for match in SPLIT.finditer(query)] if data.draw(st.booleans()) else range(len(query))
    place = places[at % len(places)]
    text = query[:place] + " " + call.replace("{url}", listener) + " " + query[place:]
    try:
        checked = check_text(text)
    except RefusedQuery:
        return
    with contextlib.suppress(RefusedQuery):
        graph.query(checked.text)
    assert not Listener.asked


@QUICKLY
@given(query=st.sampled_from(QUERIES), cut=st.tuples(st.integers(0, 5000), st.integers(0, 30)))
def test_what_oxigraph_takes_is_not_refused_by_us(graph, query, cut):
    """A blank takes the place of a part: where that is still a query to Oxigraph, it is one to us.

    Without the blank words would run together: Oxigraph alone reads ``ORDERBY`` as two of them.
    """
    start, length = cut
    text = query[: start % len(query)] + " " + query[start % len(query) + length :]
    try:
        check_text(text)
    except RefusedQuery as error:
        with pytest.raises(RefusedQuery):
            graph.query(text)
        assert "\n" not in str(error)


# ---- the server

NAMES = sorted(load_queries())


@QUICKLY
@given(
    q=st.one_of(ANY_TEXT, WORDS),
    types=st.lists(st.sampled_from(["School", "Organisation", "Entity", "Nothing", ""]), max_size=3),
    limit=st.one_of(st.integers(), ANY_TEXT),
)
@example(q="\x00", types=[], limit=1)
def test_search_answers_whatever_is_typed(client, q, types, limit):
    answer = client.get("/api/search", params={"q": q, "type": types, "limit": limit})
    assert answer.status_code in (200, 400)
    assert set(answer.json()) == ({"results"} if answer.status_code == 200 else {"error"})


@QUICKLY
@given(name=st.sampled_from(NAMES), value=st.one_of(ANY_TEXT, WORDS), other=ANY_TEXT, data=st.data())
def test_queries_answer_whatever_is_given(client, name, value, other, data):
    known = [each.name for each in load_queries()[name].parameters]
    given_ = {each: data.draw(st.sampled_from([value, "白洋湖", "2023", ""])) for each in known}
    answer = client.get(
        f"/api/queries/{name}",
        params={**given_, **({other: value} if other and data.draw(st.integers(0, 5)) == 0 else {})},
    )
    assert answer.status_code in (200, 400, 503, 504), answer.text
    assert "rows" in answer.json() if answer.status_code == 200 else answer.json()["error"]


@QUICKLY
@given(
    path=st.one_of(ANY_TEXT, WORDS),
    page=st.one_of(st.integers(), ANY_TEXT),
    lang=ANY_TEXT,
    accept=st.sampled_from(["text/html", "text/turtle", "*/*", "x/y"]),
)
def test_every_address_has_an_answer(client, path, page, lang, accept):
    for start in ("/id/", "/id/school/", "/search?q=", "/sparql?library=", "/"):
        answer = client.get(
            httpx.URL(f"{client.base_url}").copy_with(raw_path=(start + quote(path, safe="")).encode()),
            headers={"accept": accept},
        )
        assert answer.status_code in (200, 303, 400, 404, 405, 406, 504), (start, path, answer.text[:200])
    answer = client.get(
        f"/id/{SCHOOL.removeprefix(DATA)}", params={"page": page, "lang": lang, "relation": path, "direction": lang}
    )
    assert answer.status_code in (200, 504)  # this server gives a query two seconds, which a busy machine may need


with open_graph(shared_home()) as _graph:
    SCHOOL = str(_graph.query("SELECT ?s { ?s a zj:School } ORDER BY ?s LIMIT 1").rows[0][0])


# ---- schemathesis


def test_the_interface_is_described(server):
    described = httpx.get(f"{server}/openapi.json", trust_env=False).json()
    assert set(described["paths"]) == {
        "/sparql",
        "/api/search",
        "/api/queries",
        "/api/queries/{name}",
        "/api/queries/{name}/sparql",
    }
    assert set(described["paths"]["/sparql"]) == {"get", "post"}
    assert httpx.get(f"{server}/docs", trust_env=False).status_code == 404  # it would load scripts from elsewhere


@pytest.fixture(scope="module")
def operations(server) -> dict[str, schemathesis.APIOperation]:
    loaded = schemathesis.openapi.from_url(f"{server}/openapi.json")
    return {each.ok().label: each.ok() for each in loaded.get_all_operations()}


OPERATIONS = (
    "GET /sparql",
    "POST /sparql",
    "GET /api/search",
    "GET /api/queries",
    "GET /api/queries/{name}",
    "GET /api/queries/{name}/sparql",
)
# What a valid query is cannot be told from a schema, and a query that is too slow has a status of its own.
schemathesis.checks.load_all_checks()
CHECKS = schemathesis.checks.CHECKS.get_by_names(
    [
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "missing_required_header",
    ]
)


@pytest.mark.parametrize("label", OPERATIONS)
def test_schemathesis_finds_nothing_open(operations, server, label):
    """Every answer is one that the interface describes, and none fails inside."""

    @settings(max_examples=40 * LONG, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operations[label].as_strategy())
    def run(case: schemathesis.Case) -> None:
        answer = case.call(base_url=server)
        assert answer.status_code not in (500, 502)
        case.validate_response(answer, checks=CHECKS)

    run()


@pytest.mark.endurance
def test_fuzzing_for_long():
    """All of this module again with many more examples."""
    command = [sys.executable, "-m", "pytest", __file__, "-q", "-p", "no:cacheprovider"]
    subprocess.run(command, env=os.environ | {"KG_FUZZ": "25"}, check=True, timeout=3000)
