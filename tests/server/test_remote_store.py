"""kg serve over a server that holds the graph: pages, queries and search as over the store of a home."""

from __future__ import annotations

import shutil

import httpx
from conftest import run_server
from graph_home import STATEMENTS
from sparql_server import PASSWORD, serve_small

from kg import store
from kg.store import open_names

COUNT = "SELECT (COUNT(*) AS ?n) { ?s zj:partnersWith ?o }"


def test_the_answers_are_those_of_the_other_server(tmp_path, monkeypatch, server):
    monkeypatch.setenv("KG_TEST_PASSWORD", PASSWORD)
    home = tmp_path / "home"
    shutil.copytree(STATEMENTS, home / "statements")
    with serve_small() as small:
        store.rebuild(home, small.address())
        assert not (store.find_store(home) / "graph").exists()  # the facts are held there, not here
        with open_names(home) as names:
            path = "/id/" + names.search("白洋湖")[0].iri.partition("/id/")[2]
        with run_server(home, "--store", small.address().query) as url:
            for asked in (f"/sparql?query={COUNT}", path, "/api/search?q=byh", "/api/queries/reports"):
                here, there = httpx.get(url + asked), httpx.get(server + asked)
                assert here.status_code == 200
                if asked == path:
                    assert "蒙牛" in here.text and "白洋湖县人民医院" in here.text
                else:
                    assert here.json() == there.json()
            refused = httpx.get(
                url + "/sparql", params={"query": "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }"}
            )
            assert refused.status_code in (400, 403)
