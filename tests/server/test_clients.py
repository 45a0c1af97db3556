"""The clients that people have: SPARQLWrapper, rdflib's SPARQLStore, curl; and the start and end of a server."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
import rdflib
from conftest import ROOT, run_server
from graph_home import make_home, shared_home
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from kg.schema import DATA, PREFIXES
from kg.store import rebuild

SCHOOLS = "SELECT ?school ?name { ?school a zj:School ; skos:prefLabel ?name } ORDER BY ?name"
NAMES = ["燕西应用技术学院", "白洋湖职业技术学校", "青松岭职业教育中心"]


def wrap(server: str, query: str, form: str) -> SPARQLWrapper:
    wrapper = SPARQLWrapper(f"{server}/sparql")
    wrapper.setQuery("".join(f"PREFIX {key}: <{value}>\n" for key, value in PREFIXES.items()) + query)
    wrapper.setReturnFormat(form)
    return wrapper


@pytest.mark.parametrize("method", ["GET", POST, POSTDIRECTLY])
def test_sparqlwrapper_asks_in_every_way(server, method):
    wrapper = wrap(server, SCHOOLS, JSON)
    if method == "GET":
        wrapper.setMethod("GET")
    else:
        wrapper.setMethod(POST)
        wrapper.setRequestMethod("postdirectly" if method == POSTDIRECTLY else "urlencoded")
    rows = wrapper.queryAndConvert()["results"]["bindings"]
    assert [row["name"]["value"] for row in rows] == sorted(NAMES)


@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_gets_tables(server, form):
    answer = wrap(server, SCHOOLS, form).queryAndConvert()
    text = (
        answer.toxml() if form == XML else json.dumps(answer, ensure_ascii=False) if form == JSON else answer.decode()
    )
    assert all(name in text for name in NAMES)


@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, JSONLD, XML])
def test_sparqlwrapper_gets_graphs(server, form):
    answer = wrap(
        server, "CONSTRUCT { ?s skos:prefLabel ?n } { ?s a zj:School ; skos:prefLabel ?n }", form
    ).queryAndConvert()
    found = answer if isinstance(answer, rdflib.Graph) else rdflib.Graph().parse(data=answer, format="turtle")
    assert sorted(map(str, found.objects())) == sorted(NAMES)


def test_sparqlwrapper_asks_yes_or_no_and_hears_of_errors(server):
    assert wrap(server, "ASK { ?s a zj:School }", JSON).queryAndConvert()["boolean"] is True
    with pytest.raises(Exception, match="QueryBadFormed"):
        wrap(server, "ASK { SERVICE <http://x/> { ?s ?p ?o } }", JSON).query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_works_on_the_endpoint_as_on_a_graph(server, method):
    graph = rdflib.Graph(SPARQLStore(f"{server}/sparql", method=method))
    prefixes = {key: rdflib.Namespace(value) for key, value in PREFIXES.items()}
    rows = graph.query(SCHOOLS, initNs=prefixes)
    assert [str(row.name) for row in rows] == sorted(NAMES)
    school = rdflib.URIRef(next(iter(rows)).school)
    assert (school, rdflib.RDF.type, rdflib.URIRef(f"{PREFIXES['zj']}School")) in graph
    assert str(graph.value(school, rdflib.SKOS.prefLabel)) == sorted(NAMES)[0]
    built = graph.query("CONSTRUCT { ?s a zj:School } { ?s a zj:School }", initNs=prefixes).graph
    assert len(built) == 3


def run_curl(*arguments: str) -> str:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    command = ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "20", *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")


def test_curl_asks(server, tmp_path):
    query = tmp_path / "schools.rq"
    query.write_text(SCHOOLS, encoding="utf-8")
    expected = sorted(NAMES)
    csv = ("--header", "Accept: text/csv")
    direct = ("--header", "Content-Type: application/sparql-query", "--data-binary", f"@{query}")
    for way in (("--get", "--data-urlencode", f"query@{query}"), ("--data-urlencode", f"query@{query}"), direct):
        lines = run_curl(*csv, *way, f"{server}/sparql").splitlines()
        assert lines[0] == "school,name"
        assert [line.split(",")[1] for line in lines[1:]] == expected


def test_curl_follows_an_iri_to_its_data(server):
    school = httpx.get(f"{server}/sparql", params={"query": SCHOOLS}, trust_env=False).json()
    path = school["results"]["bindings"][0]["school"]["value"].removeprefix(DATA)
    turtle = run_curl("--location", "--header", "Accept: text/turtle", f"{server}/id/{path}")
    found = rdflib.Graph().parse(data=turtle, format="turtle")
    assert (rdflib.URIRef(DATA + path), rdflib.SKOS.prefLabel, rdflib.Literal(sorted(NAMES)[0])) in found
    assert set(rdflib.Graph().parse(data=run_curl(f"{server}/id/{path}.jsonld"), format="json-ld")) == set(found)
    assert set(rdflib.Graph().parse(data=run_curl(f"{server}/id/{path}.nt"), format="nt")) == set(found)


# ---- start and end


def start(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kg.cli", "serve", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60)


def test_a_home_without_a_graph_is_told_in_one_line(tmp_path):
    told = start("--home", str(tmp_path), "--port", "0")
    assert told.returncode == 1 and told.stdout == ""
    assert told.stderr.startswith("kg: ") and told.stderr.count("\n") == 1 and "kg build" in told.stderr


def test_a_port_in_use_is_told_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = start("--home", str(shared_home()), "--port", str(taken.getsockname()[1]))
    assert told.returncode == 2 and told.stderr.count("\n") == 1
    assert "another program uses it" in told.stderr


def test_an_address_that_is_not_ours_is_told_in_one_line():
    told = start("--home", str(shared_home()), "--host", "no-such-host.invalid", "--port", "0")
    assert told.returncode == 2 and told.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_and_a_running_query(number):
    command = [sys.executable, "-m", "kg.cli", "serve", "--home", str(shared_home()), "--port", "0", "--workers", "2"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        url = process.stderr.readline().strip()
        endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        host, port = url.split("/")[2].split(":")
        with socket.create_connection((host, int(port))) as connection:
            body = endless.encode()
            connection.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            time.sleep(0.5)
            began = time.monotonic()
            process.send_signal(number)
            assert process.wait(20) == 0
            assert time.monotonic() - began < 12
        assert process.stderr.read() == ""


def test_cors_can_be_allowed_for_one_site():
    with run_server(shared_home(), "--cors", "https://site.example", "--workers", "1") as url:
        ask = {"url": f"{url}/sparql", "params": {"query": "ASK {}"}, "trust_env": False}
        allowed = httpx.get(headers={"origin": "https://site.example"}, **ask)
        assert allowed.headers["access-control-allow-origin"] == "https://site.example"
        assert (
            "access-control-allow-origin" not in httpx.get(headers={"origin": "https://other.example"}, **ask).headers
        )
        preflight = httpx.options(
            f"{url}/sparql",
            headers={
                "origin": "https://site.example",
                "access-control-request-method": "POST",
                "access-control-request-headers": "content-type",
            },
            trust_env=False,
        )
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == "https://site.example"


def test_another_name_can_be_allowed():
    with run_server(shared_home(), "--allow-host", "kg.example", "--workers", "1") as url:
        statuses = {
            name: httpx.get(f"{url}/health", headers={"host": name}, trust_env=False).status_code
            for name in ("kg.example", "KG.EXAMPLE:80", "127.0.0.1", "other.example")
        }
    assert statuses == {"kg.example": 200, "KG.EXAMPLE:80": 200, "127.0.0.1": 200, "other.example": 421}


# ---- one writer, many readers


def test_a_new_graph_is_taken_up_without_a_restart_or_a_failed_request(tmp_path):
    home = make_home(tmp_path)
    statements = home / "statements"
    away = tmp_path / "away"
    away.mkdir()
    moved = sorted(statements.rglob("*baoding-2023*"))
    assert moved
    query = "SELECT (COUNT(?r) AS ?n) { ?r a zj:Report }"
    with run_server(home) as url, httpx.Client(base_url=url, trust_env=False, timeout=30) as client:

        def count() -> int:
            answer = client.get("/sparql", params={"query": query})
            assert answer.status_code == 200, answer.text
            assert client.get("/api/search", params={"q": "白洋湖"}).status_code == 200
            return int(answer.json()["results"]["bindings"][0]["n"]["value"])

        whole = count()
        for _ in range(2):
            for path in moved:
                shutil.move(path, away / path.name)
            rebuilding = subprocess.Popen([sys.executable, "-c", REBUILD, str(home)], cwd=ROOT)
            seen = {count()}
            while rebuilding.poll() is None:
                seen.add(count())
            assert rebuilding.returncode == 0 and seen <= {whole, whole - 1}
            assert count() == whole - 1
            for path in moved:
                shutil.move(away / path.name, path)
            rebuild(home)
            assert count() == whole


REBUILD = "import sys, pathlib; from kg.store import rebuild; rebuild(pathlib.Path(sys.argv[1]))"
