"""The cases of the W3C's validator for the SPARQL 1.1 Protocol, each by its name.

The list is that of the working group's manifest (data-sparql11/protocol). Where a case names graphs that it expects a
server to fetch or to have been given, graphs of the test home stand in their place: this server fetches nothing. Cases
of the update operation expect a server that changes its data: here each is refused, with the same status for all.
"""

from __future__ import annotations

import json

import httpx
import pytest

from kg.schema import DATA

DATA1 = f"{DATA}report/baiyanghu-2023"
DATA2 = f"{DATA}report/yanxi-2023"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
TABULAR = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv; charset=utf-8",
    "text/tab-separated-values; charset=utf-8",
}
RDF = {"text/turtle; charset=utf-8", "application/n-triples", "application/ld+json", "application/rdf+xml"}


@pytest.fixture(scope="module")
def graphs(client: httpx.Client) -> tuple[str, str]:
    """Two named graphs of the server."""
    found = client.get("/sparql", params={"query": "SELECT ?g { ?g a zj:Report } ORDER BY ?g"}).json()
    first, second, *_ = (row["g"]["value"] for row in found["results"]["bindings"])
    return first, second


def post(client: httpx.Client, kind: str | None, body: str | bytes, **params) -> httpx.Response:
    headers = {"content-type": kind} if kind else {}
    content = body.encode("utf-8") if isinstance(body, str) else body
    return client.post("/sparql", content=content, headers=headers, params=params)


def expect_true(response: httpx.Response) -> None:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert response.json()["boolean"] is True


def expect_refusal(response: httpx.Response, status: int) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.endswith("\n") and response.text.count("\n") == 1


# ---- the query operation


def test_query_post_form(client, graphs):
    expect_true(client.post("/sparql", data={"query": "ASK {}"}, params={"default-graph-uri": graphs[0]}))


def ask_for(graphs):
    """Both graphs describe something, in their default graph or each in its own."""
    names = [f"<{graph}>" for graph in graphs]
    return (
        f"ASK {{ ?a oa:hasSource {names[0]} . ?b oa:hasSource {names[1]} }}",
        f"ASK {{ GRAPH ?g1 {{ ?a oa:hasSource {names[0]} }} GRAPH ?g2 {{ ?b oa:hasSource {names[1]} }} }}",
    )


def test_query_dataset_default_graphs_get(client, graphs):
    query = ask_for(graphs)[0]
    expect_true(client.get("/sparql", params={"query": query, "default-graph-uri": list(graphs)}))
    one = client.get("/sparql", params={"query": query, "default-graph-uri": graphs[0]})
    assert one.json()["boolean"] is False


def test_query_dataset_default_graphs_post(client, graphs):
    expect_true(post(client, QUERY, ask_for(graphs)[0], **{"default-graph-uri": list(graphs)}))


def test_query_dataset_named_graphs_post(client, graphs):
    expect_true(post(client, QUERY, ask_for(graphs)[1], **{"named-graph-uri": list(graphs)}))


def test_query_dataset_named_graphs_get(client, graphs):
    query = ask_for(graphs)[1]
    expect_true(client.get("/sparql", params={"query": query, "named-graph-uri": list(graphs)}))
    one = client.get("/sparql", params={"query": query, "named-graph-uri": graphs[0]})
    assert one.json()["boolean"] is False


def test_query_dataset_full(client, graphs):
    query = f"ASK {{ ?a oa:hasSource <{graphs[0]}> . GRAPH ?g {{ ?b oa:hasSource <{graphs[1]}> }} }}"
    dataset = {"default-graph-uri": graphs[0], "named-graph-uri": graphs[1]}
    expect_true(client.get("/sparql", params={"query": query, **dataset}))
    expect_true(client.post("/sparql", data={"query": query, **dataset}))


def test_query_multiple_dataset(client, graphs):
    """The dataset of the request replaces that of the query, even one that would be refused."""
    for source in (graphs[1], "http://kasei.example/data1.rdf"):
        query = f"ASK FROM <{source}> {{ ?a oa:hasSource <{graphs[0]}> }}"
        expect_true(client.get("/sparql", params={"query": query, "default-graph-uri": graphs[0]}))


def test_query_get(client, graphs):
    expect_true(client.get("/sparql", params={"query": "ASK {}", "default-graph-uri": graphs[0]}))


def test_query_content_type_select(client):
    answer = post(client, QUERY, "SELECT (1 AS ?value) {}")
    assert answer.status_code == 200 and answer.headers["content-type"] in TABULAR


def test_query_content_type_ask(client):
    answer = post(client, QUERY, "ASK {}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] in {"application/sparql-results+json", "application/sparql-results+xml"}


def test_query_content_type_describe(client):
    answer = post(client, QUERY, "DESCRIBE <http://example.org/>")
    assert answer.status_code == 200 and answer.headers["content-type"] in RDF


def test_query_content_type_construct(client):
    answer = post(client, QUERY, "CONSTRUCT { <s> <p> 1 } WHERE {}")
    assert answer.status_code == 200 and answer.headers["content-type"] in RDF
    assert DATA in answer.text  # a relative IRI is one of this graph


def test_query_post_direct(client):
    expect_true(post(client, QUERY, "ASK {}"))


def test_bad_query_method(client):
    answer = client.put("/sparql", content="query=ASK%20%7B%7D", headers={"content-type": FORM})
    expect_refusal(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_bad_multiple_queries(client):
    expect_refusal(client.get("/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"), 400)
    expect_refusal(post(client, FORM, "query=ASK%20%7B%7D&query=ASK%20%7B%7D"), 400)
    expect_refusal(post(client, QUERY, "ASK {}", query="ASK {}"), 400)


def test_bad_query_wrong_media_type(client):
    expect_refusal(post(client, "text/plain", "ASK {}"), 415)


def test_bad_query_missing_form_type(client):
    expect_refusal(post(client, None, "query=ASK%20%7B%7D"), 415)


def test_bad_query_missing_direct_type(client):
    expect_refusal(post(client, None, "ASK {}"), 415)


def test_bad_query_non_utf8(client):
    expect_refusal(post(client, f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16")), 415)
    expect_refusal(post(client, QUERY, "ASK {}".encode("utf-16")), 400)
    expect_refusal(client.get("/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22%FF%22%20%7D"), 400)


def test_bad_query_syntax(client):
    answer = client.get("/sparql", params={"query": "ASK {"})
    expect_refusal(answer, 400)
    assert "line 1, column 6" in answer.text


# ---- the update operation: each case is refused

UPDATES = {
    "update_dataset_default_graph": {"using-graph-uri": DATA1},
    "update_dataset_default_graphs": {"using-graph-uri": [DATA1, DATA2]},
    "update_dataset_named_graphs": {"using-named-graph-uri": [DATA1, DATA2]},
    "update_dataset_full": {"using-graph-uri": DATA1, "using-named-graph-uri": DATA2},
    "update_post_direct": {},
    "update_base_uri": {},
    "bad_multiple_updates": {},
    "bad_update_syntax": {},
    "bad_update_dataset_conflict": {"using-named-graph-uri": DATA1},
}


@pytest.mark.parametrize("case", UPDATES)
def test_update_direct(client, case):
    texts = {
        "update_base_uri": "CLEAR GRAPH <g> ; INSERT DATA { GRAPH <g> { <http://example.org/s> <p> <o> } }",
        "bad_update_syntax": "INSERT DATA { ?s ?p ?o",
        "bad_update_dataset_conflict": f"INSERT {{ ?s a <x> }} USING <{DATA1}> WHERE {{ ?s ?p ?o }}",
    }
    expect_refusal(post(client, UPDATE, texts.get(case, "CLEAR ALL"), **UPDATES[case]), 403)


def test_update_post_form(client):
    expect_refusal(post(client, FORM, "update=CLEAR%20ALL"), 403)


def test_bad_update_get(client):
    expect_refusal(client.get("/sparql", params={"update": "CLEAR ALL"}), 400)


def test_bad_multiple_updates_by_form(client):
    expect_refusal(post(client, FORM, "update=CLEAR%20ALL&update=CLEAR%20ALL"), 403)


def test_bad_update_wrong_media_type(client):
    expect_refusal(post(client, "text/plain", "CLEAR ALL"), 415)


def test_bad_update_missing_form_type(client):
    expect_refusal(post(client, None, "update=CLEAR%20ALL"), 415)


def test_bad_update_non_utf8(client):
    expect_refusal(post(client, f"{UPDATE}; charset=UTF-16", "CLEAR ALL".encode("utf-16")), 403)


def test_an_update_as_a_query_is_named_as_such(client):
    answer = post(client, QUERY, "PREFIX x: <http://x/>\nINSERT DATA { x:a x:b x:c }")
    expect_refusal(answer, 400)
    assert answer.text.startswith("INSERT: queries only read the graph")


# ---- what the cases leave out


def test_a_foreign_graph_is_refused_clearly(client, graphs):
    for field in ("default-graph-uri", "named-graph-uri"):
        for graph in ("http://kasei.example/data1.rdf", "file:///etc/passwd", "", "x> <y", f"{graphs[0]}-not-there"):
            answer = client.get("/sparql", params={"query": "ASK {}", field: graph})
            expect_refusal(answer, 400)
            assert "graph" in answer.text


def test_a_report_may_be_named_in_the_query(client, graphs):
    expect_true(client.get("/sparql", params={"query": f"ASK FROM <{graphs[0]}> {{ ?s oa:exact ?words }}"}))
    nothing = client.get("/sparql", params={"query": f"ASK FROM <{graphs[0]}> {{ ?s a zj:School }}"})
    assert nothing.json()["boolean"] is False


def test_head_and_options(client):
    got = client.get("/sparql", params={"query": "ASK {}"})
    head = client.head("/sparql", params={"query": "ASK {}"})
    assert head.status_code == 200 and head.content == b""
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}
    options = client.options("/sparql")
    assert options.status_code == 204 and options.headers["allow"] == "GET, HEAD, POST, OPTIONS"


# Accept, the type of the answer to a SELECT, and that of the answer to a CONSTRUCT; None for 406.
JSON, XML, CSV, TSV = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv; charset=utf-8",
    "text/tab-separated-values; charset=utf-8",
)
TTL, NT, JSONLD, RDFXML = (
    "text/turtle; charset=utf-8",
    "application/n-triples",
    "application/ld+json",
    "application/rdf+xml",
)
ACCEPTED = [
    ("*/*", JSON, TTL),
    ("", JSON, TTL),
    ("application/sparql-results+json", JSON, None),
    ("application/json", "application/json", "application/json"),
    ("application/sparql-results+xml", XML, None),
    ("application/xml", "application/xml", "application/xml"),
    ("text/csv", CSV, None),
    ("text/tab-separated-values", TSV, None),
    ("text/turtle", None, TTL),
    ("application/n-triples", None, NT),
    ("application/ld+json", None, JSONLD),
    ("application/rdf+xml", None, RDFXML),
    ("text/plain", None, "text/plain; charset=utf-8"),
    ("text/*", CSV, TTL),
    ("application/*", JSON, NT),
    ("text/csv;q=0.4, application/sparql-results+xml;q=0.8", XML, None),
    ("text/csv;q=0.8,application/sparql-results+xml;q=0.4", CSV, None),
    ("text/csv;q=0.5, */*;q=0.1", CSV, TTL),
    ("*/*;q=0.5, application/sparql-results+json;q=0, text/turtle;q=0", XML, NT),
    ("application/sparql-results+json;q=0", None, None),
    ("*/*;q=0", None, None),
    ("TEXT/CSV; Q=1.0", CSV, None),
    ("text/csv; header=present; q=0.9", CSV, None),
    ("image/png", None, None),
    ("text/html", None, None),
    ("image/png, */*;q=0.01", JSON, TTL),
    ("nonsense", JSON, TTL),
    ("text/csv;q=much, text/tab-separated-values", TSV, None),
    (
        "application/sparql-results+json, application/json, text/javascript, application/javascript",
        JSON,
        "application/json",
    ),
]


@pytest.mark.parametrize(("accept", "table", "triples"), ACCEPTED, ids=[repr(each[0]) for each in ACCEPTED])
def test_the_format_is_the_one_that_is_accepted(client, accept, table, triples):
    for query, expected in (("SELECT (1 AS ?x) {}", table), ("CONSTRUCT { <s> <p> 1 } {}", triples)):
        answer = client.post("/sparql", data={"query": query}, headers={"accept": accept})
        if expected is None:
            expect_refusal(answer, 406)
        else:
            assert (answer.status_code, answer.headers["content-type"]) == (200, expected)
            assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("word", "table", "triples"),
    [
        ("json", JSON, JSONLD),
        ("xml", XML, RDFXML),
        ("csv", CSV, None),
        ("tsv", TSV, None),
        ("ttl", None, TTL),
        ("nt", None, NT),
        ("jsonld", None, JSONLD),
        ("rdf", None, RDFXML),
        ("docx", None, None),
    ],
)
def test_the_format_may_be_a_field(client, word, table, triples):
    for query, expected in (("SELECT (1 AS ?x) {}", table), ("CONSTRUCT { <s> <p> 1 } {}", triples)):
        answer = client.get("/sparql", params={"query": query, "format": word}, headers={"accept": "image/png"})
        if expected is None:
            expect_refusal(answer, 406)
        else:
            assert (answer.status_code, answer.headers["content-type"]) == (200, expected)


def test_all_formats_say_the_same(client):
    query = "SELECT ?name { ?s a zj:School ; skos:prefLabel ?name } ORDER BY ?name"
    texts = {
        each: client.get("/sparql", params={"query": query, "format": each}).text
        for each in ("json", "xml", "csv", "tsv")
    }
    names = [row["name"]["value"] for row in json.loads(texts["json"])["results"]["bindings"]]
    assert len(names) == 3
    assert texts["csv"].split("\r\n")[1:4] == names
    assert [line.strip('"') for line in texts["tsv"].splitlines()[1:4]] == names
    assert all(f"<literal>{name}</literal>" in texts["xml"] for name in names)


@pytest.mark.parametrize("kind", [TTL, NT, JSONLD, RDFXML])
def test_the_service_describes_itself(client, kind):
    import rdflib

    answer = client.get("/sparql", headers={"accept": kind.partition(";")[0]})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    formats = {TTL: "turtle", NT: "nt", JSONLD: "json-ld", RDFXML: "xml"}
    found = rdflib.Graph().parse(data=answer.text, format=formats[kind])
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    (service,) = found.subjects(rdflib.RDF.type, sd.Service)
    assert str(service) == f"{str(client.base_url).rstrip('/')}/sparql"
    assert found.value(service, sd.supportedLanguage) == sd.SPARQL11Query
    assert len(list(found.subjects(rdflib.RDF.type, sd.NamedGraph))) >= 2


def test_cors_is_off_and_can_be_allowed(client):
    answer = client.get("/sparql", params={"query": "ASK {}"}, headers={"origin": "https://site.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_answers_carry_what_keeps_browsers_safe(client):
    for path in ("/sparql?query=ASK%7B%7D", "/sparql?query=ASK", "/nothing-here"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "server" not in headers
