"""Virtuoso in place of the store: the same build, the same questions, the same answers."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from graph_home import STATEMENTS, make_home, shared_home
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from same_answers import VALUES, assert_same, choose_values
from virtuoso import PASSWORD, Virtuoso, run_virtuoso

from kg import remote_loading, store
from kg.address import FACTS, MARKER
from kg.errors import KgError, MissingStore, RefusedQuery, StoppedQuery
from kg.frames import Frames
from kg.graph import AnswerForm
from kg.network import draw_home
from kg.network_views import View
from kg.quads import write_text
from kg.queries import load_queries, run_query
from kg.remote import open_remote
from kg.remote_loading import open_loader

pytestmark = pytest.mark.virtuoso
REPORT = "https://w3id.org/zhijiao-kg/id/report/"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_EVIDENCE = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory) -> Iterator[Virtuoso]:
    with run_virtuoso(tmp_path_factory.mktemp("virtuoso")) as started:
        yield started


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("KG_TEST_PASSWORD", PASSWORD)


@pytest.fixture(scope="module")
def loaded(virtuoso, tmp_path_factory) -> Path:
    """A home whose graph is in Virtuoso."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(STATEMENTS, home / "statements")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TEST_PASSWORD", PASSWORD)
        store.rebuild(home, virtuoso.address())
    return home


@pytest.fixture
def graphs(virtuoso, loaded):
    """The graph in Virtuoso and the embedded one."""
    with open_remote(virtuoso.address()) as served, store.open_graph(shared_home()) as embedded:
        yield served, embedded


def test_the_tables_of_the_graph_are_the_same(graphs):
    served, embedded = map(Frames, graphs)
    for name in ("reports", "entities", "partnerships", "offerings", "memberships", "collaborations", "figures"):
        assert_frame_equal(getattr(served, name), getattr(embedded, name))


def nquads(home, default_graph=None) -> bytes:
    out = io.BytesIO()
    store.write_nquads(home, out, default_graph)
    return out.getvalue()


def count(address) -> tuple[int, int]:
    with open_remote(address) as graph:
        return graph.query(COUNT).rows[0][0], graph.query(COUNT_EVIDENCE).rows[0][0]


# ---- the same answers


@pytest.mark.parametrize("query", load_queries().values(), ids=lambda query: query.name)
def test_the_library_gives_the_same_answers(virtuoso, loaded, query):
    chosen = choose_values(query)
    every = {each.name: VALUES[each.name] for each in query.parameters if each.name in VALUES}
    for values in (chosen, every):
        served = run_query(loaded, query.name, values, virtuoso.address())
        assert_same(served, run_query(shared_home(), query.name, values))


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(focus="蒙牛", steps=1),
        View(focus="蒙牛", steps=3),
        View(region="保定"),
        View(programme_class="护理类"),
        View(shared=True),
        View(groups=True),
    ],
    ids=str,
)
def test_pictures_are_the_same(virtuoso, loaded, tmp_path, view):
    draw_home(loaded, tmp_path / "served.html", view, virtuoso.address())
    draw_home(shared_home(), tmp_path / "own.html", view)
    assert (tmp_path / "served.html").read_bytes() == (tmp_path / "own.html").read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s a zj:School }",
        "ASK { ?s a zj:Nothing }",
        COUNT,
        COUNT_EVIDENCE,
        "CONSTRUCT { ?s zj:x ?o } WHERE { ?s zj:partnersWith ?o }",
        "CONSTRUCT { ?s zj:x ?o } WHERE { ?s zj:nothing ?o }",
        f"SELECT ?s ?e {{ GRAPH <{REPORT}baoding-2023> {{ ?s zj:evidence ?e }} }}",
        f"SELECT * {{ ?s a zj:School GRAPH <{REPORT}baoding-2023> {{ ?s skos:prefLabel ?name }} }}",
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?s ?o { GRAPH ?g { ?s skos:prefLabel ?o } OPTIONAL { GRAPH ?g { ?s zj:evidence ?e } } }",
        "SELECT ?n { ?s a zj:School ; skos:prefLabel ?n } ORDER BY ?n LIMIT 2",
        "SELECT ?s ?v { ?s zj:value ?v OPTIONAL { ?s zj:nothing ?w } }",
        "SELECT (SUM(?v) AS ?sum) (AVG(?v) AS ?mean) (MIN(?v) AS ?least) { ?s zj:value ?v }",
        "SELECT ?n { ?s skos:prefLabel ?n FILTER(REGEX(?n, '职业.*学校')) }",
        "SELECT ?s { VALUES ?s { } ?s a zj:School }",
        "SELECT ?c ?up { ?c skos:notation '130632' ; skos:broader* ?up }",
    ],
)
def test_queries_of_ones_own_give_the_same_answers(graphs, text):
    served, embedded = graphs
    assert_same(served.query(text), embedded.query(text))


@pytest.mark.parametrize("form", AnswerForm)
def test_answers_are_written_in_every_format(graphs, form):
    served, embedded = graphs
    text = "SELECT ?s ?n { ?s a zj:School ; skos:prefLabel ?n } ORDER BY ?n"
    if form in (AnswerForm.TURTLE, AnswerForm.NTRIPLES, AnswerForm.JSONLD, AnswerForm.RDFXML):
        text = "CONSTRUCT { ?s zj:x ?n } WHERE { ?s a zj:School ; skos:prefLabel ?n }"
    one, other = io.BytesIO(), io.BytesIO()
    served.write_answer(text, form, one)
    embedded.write_answer(text, form, other)
    assert len(one.getvalue()) == len(other.getvalue()) > 100


def test_a_text_that_is_no_query(graphs):
    with pytest.raises(RefusedQuery, match="not a query that the server can run"):
        graphs[0].query("SELECT ?s { ?s ?p")


def test_a_path_with_both_ends_open_is_an_error_and_no_answer(graphs):
    with pytest.raises(KgError):
        graphs[0].query("SELECT ?a ?b { ?a skos:broader* ?b }")


# ---- loading


def test_the_same_quads_stand_in_the_server(virtuoso, loaded):
    whole = nquads(shared_home()).splitlines()
    evidence = sum(f"<{REPORT}".encode() in line.rsplit(b" ", 2)[1] and line.count(b" <") > 2 for line in whole)
    assert sum(count(virtuoso.address())) == len(whole) and evidence > 0
    assert nquads(loaded) == nquads(shared_home())


def test_one_report_goes_and_comes_back(virtuoso, loaded, monkeypatch):
    monkeypatch.setattr(store, "MOST_CHANGED", 1.0)
    monkeypatch.setattr(remote_loading.Loader, "load_all", None)  # nothing is loaded anew
    before = count(virtuoso.address())
    path = loaded / "statements" / "baoding-2023.jsonl"
    text = path.read_bytes()
    path.unlink()
    store.rebuild(loaded, virtuoso.address())
    try:
        with store.open_graph(loaded, virtuoso.address()) as graph:
            rows = graph.query("SELECT ?id { ?r a zj:Report ; dcterms:identifier ?id } ORDER BY ?id").rows
            assert rows == (("baiyanghu-2023",), ("旧/baiyanghu-2022",))
            assert graph.query(f"ASK {{ GRAPH <{REPORT}baoding-2023> {{ ?s ?p ?o }} }}").rows == ((False,),)
        without = count(virtuoso.address())
        assert without < before
        (loaded.parent / "anew").mkdir(exist_ok=True)
        shutil.copytree(loaded / "statements", loaded.parent / "anew" / "statements", dirs_exist_ok=True)
        store.rebuild(loaded.parent / "anew")
        assert sum(without) == nquads(loaded.parent / "anew").count(b"\n")
    finally:
        path.write_bytes(text)
        store.rebuild(loaded, virtuoso.address())
    assert count(virtuoso.address()) == before


def test_without_the_graph_store_protocol_the_same_is_loaded(virtuoso, loaded):
    before = count(virtuoso.address())
    for way in ({"graph_store": ""}, {"update": ""}):
        with open_loader(virtuoso.address(**way)) as loader:
            former = loader.find_loaded()
            loader.load_all(nquads(loaded).decode("utf-8").splitlines(keepends=True), former)
        assert count(virtuoso.address()) == before


def test_a_load_that_is_broken_off_passes_for_none_and_the_next_makes_it_whole(virtuoso, loaded):
    before = count(virtuoso.address())
    lines = nquads(loaded).decode("utf-8").splitlines(keepends=True)

    def broken() -> Iterator[str]:
        yield from lines[: len(lines) // 2]
        raise OSError("the disk is gone")

    with open_loader(virtuoso.address()) as loader, pytest.raises(OSError, match="the disk"):
        loader.load_all(broken(), "broken")
    with pytest.raises(MissingStore, match="no whole graph"):
        count(virtuoso.address())
    assert store.rebuild(loaded, virtuoso.address()).rebuilt
    assert count(virtuoso.address()) == before


@settings(max_examples=20, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=2000))
def test_any_text_survives_the_way_there_and_back(virtuoso, text):
    subject = "<https://x.org/s>"
    line = f"{subject} <https://x.org/p> {write_text(text)} .\n"
    fingerprint = "as it was"
    with open_loader(virtuoso.address(graph_store="", default_graph="https://x.org/g")) as loader:
        former = loader.find_loaded() or fingerprint
        loader.apply_changes([], [line], former)
        assert loader._server.ask(f"SELECT ?o {{ {subject} ?p ?o }}").rows == ((text,),)
        loader.apply_changes([line], [], former)
        assert loader._server.ask("ASK { ?s ?p ?o }").rows == ((False,),)


def test_a_wrong_password(virtuoso, loaded, monkeypatch):
    monkeypatch.setenv("KG_TEST_PASSWORD", "wrong")
    before = count(virtuoso.address())
    with open_loader(virtuoso.address()) as loader, pytest.raises(KgError, match="refuses this user or password"):
        loader.load_all([], "other")
    assert count(virtuoso.address()) == before


def test_the_bulk_loader_takes_the_file(tmp_path):
    with run_virtuoso(tmp_path, "ResultSetMaxRows = 10") as other:
        (tmp_path / "graph.nq").write_bytes(nquads(shared_home(), FACTS))
        other.run_sql(f"ld_dir('{tmp_path}', 'graph.nq', '{FACTS}'); rdf_loader_run(); checkpoint;")
        assert "NULL" in other.run_sql("SELECT ll_error FROM DB.DBA.load_list;")
        assert sum(count(other.address())) == nquads(shared_home()).count(b"\n")
        home = tmp_path / "home"
        shutil.copytree(STATEMENTS, home / "statements")
        assert store.rebuild(make_home(tmp_path / "made")).rebuilt is False
        with open_remote(other.address()) as graph, pytest.raises(StoppedQuery, match="10 rows at most"):
            graph.query("SELECT ?s { ?s skos:prefLabel ?n }")
        # a build goes on from what the bulk loader loaded
        with open_loader(other.address()) as loader:
            assert loader.find_loaded() == store.find_store(shared_home()).name


def test_a_server_that_is_down(tmp_path):
    with run_virtuoso(tmp_path) as other:
        address = other.address()
    with pytest.raises(KgError, match="cannot be reached"):
        count(address)
    assert MARKER
