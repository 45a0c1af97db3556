"""A server in place of the store: the same answers, nothing half, nothing sent where it does not belong."""

from __future__ import annotations

import io
import re
import shutil
import time
from dataclasses import asdict

import pyoxigraph
import pytest
from graph_home import STATEMENTS, make_home, shared_home
from hypothesis import example, given, settings
from hypothesis import strategies as st
from same_answers import assert_same, choose_values
from sparql_server import PASSWORD, serve_small

from kg import remote, remote_loading, store
from kg.address import FACTS, MARKER, Address, read_address
from kg.errors import KgError, MissingStore, RefusedQuery, StoppedQuery, UsageError
from kg.graph import AnswerForm
from kg.quads import name_graph, split_line, write_text
from kg.queries import load_queries, run_query
from kg.remote import finish_text, open_remote
from kg.remote_loading import open_loader
from kg.strangers import run_text

REPORT = "https://w3id.org/zhijiao-kg/id/report/"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    monkeypatch.setenv("KG_TEST_PASSWORD", PASSWORD)
    monkeypatch.setattr(remote, "PAUSES", (0.0, 0.0))


@pytest.fixture(scope="module")
def lines() -> list[str]:
    out = io.BytesIO()
    store.write_nquads(shared_home(), out)
    return out.getvalue().decode("utf-8").splitlines(keepends=True)


ONTOLOGY_LINE = (
    "<https://w3id.org/zhijiao-kg/ontology> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    "<http://www.w3.org/2002/07/owl#Ontology> .\n"
)


def small_graph(number: int = 1) -> list[str]:
    """A graph of a fact and a report with one evidence; the number tells one from another."""
    report = f"<{REPORT}r{number}>"
    return [
        f"{report} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/zhijiao-kg/ontology#Report> .\n",
        ONTOLOGY_LINE,
        f'<https://x.org/s> <https://x.org/p> "{number}" .\n',
        f"<https://x.org/s> <https://w3id.org/zhijiao-kg/ontology#evidence> <https://x.org/e{number}> {report} .\n",
    ]


def load(address: Address, lines, fingerprint: str = "abc") -> int:
    with open_loader(address) as loader:
        return loader.load_all(lines, fingerprint)


def ask(address: Address, text: str, expected: str | None = None):
    with open_remote(address, expected) as graph:
        return graph.query(text)


# ---- addresses


def test_a_url_is_an_address():
    assert read_address("https://example.org/sparql") == Address("https://example.org/sparql")


def test_a_file_is_an_address(tmp_path):
    file = tmp_path / "服务器.toml"
    file.write_text(
        'query = "https://example.org/sparql"\nupdate = "https://example.org/update"\n'
        'graph-store = "https://example.org/data?x=1"\nuser = "kg"\npassword-variable = "SECRET"\nauth = "digest"\n'
        'default-graph = ""\ncertificates = "ca.pem"\n',
        encoding="utf-8",
    )
    assert asdict(read_address(str(file))) == {
        "query": "https://example.org/sparql",
        "update": "https://example.org/update",
        "graph_store": "https://example.org/data?x=1",
        "user": "kg",
        "password_variable": "SECRET",
        "auth": "digest",
        "default_graph": "",
        "certificates": "ca.pem",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("query = ", "not TOML"),
        ('update = "https://example.org/u"', "query, the URL of the query endpoint, is missing"),
        ('query = "https://example.org/q"\nqerry = "x"', "unknown key 'qerry'"),
        ('query = "https://example.org/q"\nuser = 1', "user must be a text"),
        ('query = "ftp://example.org/q"', "not the URL of a server"),
        ('query = "https://"', "not the URL of a server"),
        ('query = "https://example.org/q"\nupdate = "example.org/u"', "not the URL of a server: example.org/u"),
        ('query = "https://kg:secret@example.org/q"', "password-variable"),
        ('query = "https://example.org/q"\nauth = "bearer"', "basic, digest"),
        ('query = "https://example.org/q"\nuser = "kg"', "go together"),
        ('query = "https://example.org/q"\ndefault-graph = "a b"', "not the IRI of a graph"),
    ],
)
def test_a_fault_in_an_address_is_told_in_one_line(tmp_path, text, told):
    file = tmp_path / "server.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(told)) as error:
        read_address(str(file))
    assert "\n" not in str(error.value) and "secret" not in str(error.value)


def test_an_address_that_is_nothing(tmp_path):
    with pytest.raises(UsageError, match="neither a URL nor a file"):
        read_address(str(tmp_path / "none.toml"))
    with pytest.raises(UsageError, match="not the URL of a server"):
        read_address("https://:80")


# ---- answers


@pytest.mark.parametrize("settings", [{"strict": True, "default_graph": ""}, {"strict": False, "default_graph": FACTS}])
def test_the_library_gives_the_same_answers(lines, settings):
    with serve_small(strict=settings["strict"]) as server:
        address = server.address(default_graph=settings["default_graph"])
        assert load(address, lines, store.find_fingerprint(shared_home())) == len(lines)
        for query in load_queries().values():
            values = choose_values(query)
            served = run_query(shared_home(), query.name, values, address)
            embedded = run_query(shared_home(), query.name, values)
            assert_same(served, embedded)
            assert served.notes == embedded.notes


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s a zj:School }",
        "ASK { ?s a zj:Nothing }",
        "CONSTRUCT { ?s zj:x ?o } WHERE { ?s zj:partnersWith ?o }",
        "DESCRIBE zj:School",
        f"SELECT ?s ?e {{ GRAPH <{REPORT}baoding-2023> {{ ?s zj:evidence ?e }} }}",
        f"SELECT * {{ ?s a zj:School GRAPH <{REPORT}baoding-2023> {{ ?s skos:prefLabel ?name }} }}",
        "PREFIX r: <https://w3id.org/zhijiao-kg/id/report/> SELECT * { graph r:baoding-2023 { ?s zj:evidence ?e } }",
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s skos:prefLabel ?o } OPTIONAL { GRAPH ?h { ?s zj:evidence ?e } } }",
        "SELECT ?n { ?s a zj:School ; skos:prefLabel ?n } ORDER BY ?n LIMIT 2",
        "SELECT ?s ?v { ?s zj:value ?v OPTIONAL { ?s zj:nothing ?w } }",
    ],
)
def test_queries_of_ones_own_give_the_same_answers(lines, text):
    with serve_small() as server, store.open_graph(shared_home()) as embedded:
        load(server.address(), lines)
        assert_same(ask(server.address(), text), embedded.query(text))


@pytest.mark.parametrize("form", AnswerForm)
def test_answers_are_written_in_every_format(form):
    tables = {AnswerForm.JSON, AnswerForm.XML, AnswerForm.CSV, AnswerForm.TSV}
    right, wrong = "SELECT ?o { <https://x.org/s> <https://x.org/p> ?o }", "CONSTRUCT WHERE { ?s <https://x.org/p> ?o }"
    if form not in tables:
        right, wrong = wrong, right
    with serve_small() as server:
        load(server.address(), small_graph(7))
        out = io.BytesIO()
        with open_remote(server.address()) as graph:
            graph.write_answer(right, form, out)
            with pytest.raises(UsageError, match="is not written as"):
                graph.write_answer(wrong, form, io.BytesIO())
    assert b"7" in out.getvalue()


def test_a_text_that_is_no_query():
    with serve_small() as server:
        load(server.address(), small_graph())
        with pytest.raises(RefusedQuery, match="not a query that the server can run"):
            ask(server.address(), "SELECT ?s {")


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@given(TEXTS)
@example("GRAPH <https://x.org/g> { ?s ?p ?o }")
@example('"GRAPH ?g {')
@example("\\u0041 \\")
def test_what_stands_in_a_literal_or_a_comment_is_no_part_of_the_query(text):
    comment = re.sub(r"[\r\n]", " ", text)
    query = f"SELECT ?x # {comment}\n {{ VALUES ?x {{ {write_text(text)} }} }}"
    assert finish_text(query).endswith(query)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
@example("\\u0041 \\")
@example('"> .\n<https://x.org/s>')
def test_any_text_survives_the_way_into_a_server(small, text):
    line = f"<https://x.org/s> <https://x.org/p> {write_text(text)} .\n"
    with open_loader(small.address(graph_store="")) as loader:
        loader.load_all([line], "a")
    (quad,) = (quad for quad in small.store if quad.subject.value == "https://x.org/s")
    assert quad.object.value == text
    with open_loader(small.address()) as loader:
        loader.apply_changes([line], [], "b")
    assert not any(quad.subject.value == "https://x.org/s" for quad in small.store)


@pytest.fixture(scope="module")
def small():
    with serve_small() as server:
        yield server


@given(
    st.lists(
        st.tuples(TEXTS, st.sampled_from(["", f" <{REPORT}a>"]), st.sampled_from(["", "@zh", "^^<https://x.org/t>"]))
    )
)
def test_a_line_is_split_as_n_quads_have_it(parts):
    for text, graph, kind in parts:
        line = f"<https://x.org/s> <https://x.org/p> {write_text(text)}{kind}{graph} .\n"
        name, triple = split_line(line)
        assert name == graph.strip(" <>")
        (quad,) = pyoxigraph.parse(line, format=pyoxigraph.RdfFormat.N_QUADS)
        (alone,) = pyoxigraph.parse(triple, format=pyoxigraph.RdfFormat.N_TRIPLES)
        assert alone.triple == quad.triple
        (named,) = pyoxigraph.parse(name_graph(line, FACTS), format=pyoxigraph.RdfFormat.N_QUADS)
        assert named.triple == quad.triple and named.graph_name.value == (name or FACTS)


@pytest.mark.parametrize(
    "line", ["", "_:a <https://x.org/p> <https://x.org/o> .\n", "<https://x.org/s> <https://x.org/p> .\n"]
)
def test_what_is_no_line_is_refused(line):
    with pytest.raises(ValueError, match="N-Quads"):
        split_line(line)


# ---- loading


@pytest.mark.parametrize("without", [{}, {"update": ""}, {"graph_store": ""}])
@pytest.mark.parametrize("default_graph", [FACTS, ""])
def test_a_graph_is_loaded_whole_by_either_protocol(lines, without, default_graph):
    lines = [line for line in lines if "gb-t-2260" not in line]  # most of a small graph are regions
    with serve_small() as server:
        address = server.address(default_graph=default_graph, **without)
        load(address, small_graph(), "first")
        load(address, lines, "second")
        expected = pyoxigraph.Store()
        named = [name_graph(line, default_graph) if default_graph else line for line in lines]
        expected.extend(pyoxigraph.parse("".join(named), format=pyoxigraph.RdfFormat.N_QUADS))
        assert {quad for quad in server.store if quad.graph_name != pyoxigraph.NamedNode(MARKER)} == set(expected)
        assert ask(address, "SELECT (COUNT(*) AS ?n) { ?s a zj:Report }").rows == ((3,),)


def test_graphs_of_others_are_left_alone():
    others = pyoxigraph.Quad(*(pyoxigraph.NamedNode(f"https://x.org/{each}") for each in "spog"))
    with serve_small() as server:
        server.store.add(others)
        load(server.address(), small_graph(1))
        load(server.address(), small_graph(2))
        assert others in server.store
        assert server.graphs() == {"https://x.org/g", FACTS, MARKER, f"{REPORT}r2"}


@pytest.mark.parametrize("default_graph", [FACTS, ""])
def test_what_others_put_where_the_facts_go_is_not_overwritten(default_graph):
    graph = pyoxigraph.NamedNode(default_graph) if default_graph else pyoxigraph.DefaultGraph()
    others = pyoxigraph.Quad(*(pyoxigraph.NamedNode(f"https://x.org/{each}") for each in "spo"), graph)
    with serve_small() as server:
        server.store.add(others)
        with pytest.raises(KgError, match="holds what no build of ours put there"):
            load(server.address(default_graph=default_graph), small_graph())
        assert list(server.store) == [others]


def test_only_what_changed_is_sent(lines):
    with serve_small() as server:
        load(server.address(), lines)
        server.requests.clear()
        with open_loader(server.address()) as loader:
            loader.apply_changes(small_graph(3)[3:], small_graph(4), "later")
            assert loader.find_loaded() == "later"
        sent = "".join(text for _, _, text in server.requests)
        assert "r4" in sent and len(sent) < 3000
        assert ask(server.address(), f"SELECT ?e {{ GRAPH <{REPORT}r4> {{ ?s zj:evidence ?e }} }}").rows == (
            ("https://x.org/e4",),
        )


def test_lines_are_read_as_they_are_sent(monkeypatch):
    monkeypatch.setattr(remote_loading, "LINES_IN_MEMORY", 100)
    ahead = []
    with serve_small() as server:

        def made():
            for number in range(1000):
                ahead.append(number - len(server.store))
                yield f'<https://x.org/s> <https://x.org/p> "{number}" .\n'

        told = []
        with open_loader(server.address()) as loader:
            assert loader.load_all(made(), "a", told.append) == 1000
    assert max(ahead) <= 101
    assert told == list(range(100, 1001, 100))


@pytest.mark.parametrize("at", range(1, 9))
@pytest.mark.parametrize("status", [0, 500])
def test_a_load_that_is_broken_off_passes_for_none_and_the_next_makes_it_whole(monkeypatch, at, status):
    monkeypatch.setattr(remote_loading, "LINES_IN_UPDATE", 1)
    with serve_small() as server:
        load(server.address(), small_graph(1), "first")
        changing = 0

        def fail(path, sent):
            nonlocal changing
            changing += path != "/query"
            return (status, {}, b"out of space") if path != "/query" and changing >= at else None

        server.answer = fail
        with pytest.raises(KgError):
            load(server.address(graph_store=""), small_graph(2), "second")
        server.answer = lambda path, sent: None
        if at == 1:  # nothing was touched yet
            assert ask(server.address(), "SELECT ?o { ?s <https://x.org/p> ?o }", "first").rows == (("1",),)
        else:
            with pytest.raises(MissingStore, match="no whole graph"):
                ask(server.address(), "ASK {}")
        load(server.address(), small_graph(2), "second")
        assert ask(server.address(), "SELECT ?o { ?s <https://x.org/p> ?o }").rows == (("2",),)
        assert server.graphs() == {FACTS, MARKER, f"{REPORT}r2"}


def test_lines_that_end_in_an_error_leave_no_whole_graph():
    def broken():
        yield from small_graph()
        raise OSError("the disk is gone")

    with serve_small() as server:
        load(server.address(), small_graph(), "first")
        with pytest.raises(OSError, match="the disk"):
            load(server.address(), broken(), "second")
        with pytest.raises(MissingStore):
            ask(server.address(), "ASK {}")


def test_a_server_that_hides_the_reports_is_told():
    with serve_small(strict=True) as server:
        with pytest.raises(KgError, match='set default-graph = ""'):
            load(server.address(), small_graph())
        with pytest.raises(MissingStore):
            ask(server.address(), "ASK {}")


def test_another_build_than_the_homes_is_noted():
    with serve_small() as server:
        load(server.address(), small_graph(), "abc")
        assert ask(server.address(), "ASK {}", "abc").notes == ()
        assert ask(server.address(), "ASK {}", None).notes == ()
        (note,) = ask(server.address(), "ASK {}", "other").notes
        assert "another build" in note


def test_an_address_that_names_no_way_to_write():
    with pytest.raises(UsageError, match="name update or graph-store"), open_loader(Address("https://example.org/q")):
        pass


# ---- servers that fail


def test_a_server_that_is_down():
    with serve_small() as server:
        address = server.address()
    with pytest.raises(KgError, match="cannot be reached") as error:
        ask(address, "ASK {}")
    assert "\n" not in str(error.value)


def test_a_wrong_password(monkeypatch):
    with serve_small() as server:
        monkeypatch.setenv("KG_TEST_PASSWORD", "another")
        with pytest.raises(KgError, match="refuses this user or password") as error:
            load(server.address(), small_graph())
        assert "another" not in str(error.value)
        monkeypatch.delenv("KG_TEST_PASSWORD")
        with pytest.raises(UsageError, match="KG_TEST_PASSWORD holds no password"):
            load(server.address(), small_graph())


def test_a_read_is_tried_again_and_a_write_is_not():
    with serve_small() as server:
        load(server.address(), small_graph())
        failures = iter([(0, {}, b""), (503, {}, b"")])
        server.answer = lambda path, sent: next(failures, None)
        assert ask(server.address(), "ASK { ?s ?p ?o }").rows == ((True,),)
        failures = iter([(0, {}, b"")])
        server.answer = lambda path, sent: next(failures, None) if path != "/query" else None
        with pytest.raises(KgError, match="the connection broke"):
            load(server.address(), small_graph())


def test_nobody_is_sent_on_to_another_server():
    with serve_small() as other, serve_small() as server:
        server.answer = lambda path, sent: (307, {"Location": f"{other.url}/query"}, b"")
        with pytest.raises(KgError, match=f"sends on to {other.url}/query"):
            ask(server.address(), "ASK {}")
        assert other.requests == []


def test_no_proxy_hears_of_a_query(monkeypatch):
    with serve_small() as other, serve_small() as server:
        monkeypatch.setenv("HTTP_PROXY", other.url)
        monkeypatch.setenv("ALL_PROXY", other.url)
        load(server.address(), small_graph())
        assert other.requests == []


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"X-SPARQL-MaxRows": "10000"}, "gives 10000 rows at most"),
        ({"X-SQL-State": "S1TAT"}, "stopped the query before its end"),
    ],
)
def test_part_of_an_answer_is_no_answer(headers, told):
    with serve_small() as server:
        load(server.address(), small_graph())
        whole = b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'
        server.answer = lambda path, sent: (200, headers, whole) if "print" not in sent else None
        with pytest.raises(StoppedQuery, match=told):
            ask(server.address(), "SELECT ?s { ?s ?p ?o }")


def test_an_answer_that_is_too_large(monkeypatch):
    with serve_small() as server:
        load(server.address(), small_graph())
        monkeypatch.setattr(remote, "LARGEST", 1000)
        with pytest.raises(StoppedQuery, match="larger than"):
            ask(server.address(), "SELECT * { VALUES ?x { " + "1 " * 500 + "} }")


def test_a_server_that_does_not_answer(tmp_path):
    with serve_small() as server:
        load(server.address(), small_graph())
        server.answer = lambda path, sent: time.sleep(1) if "print" not in sent else None
        with pytest.raises(StoppedQuery, match=r"no whole answer within 0\.2 seconds"):
            run_text(tmp_path, "ASK {}", 0.2, server.address())


def test_strangers_only_read_a_server(tmp_path):
    with serve_small() as server:
        load(server.address(), small_graph())
        server.requests.clear()
        assert run_text(tmp_path, "ASK { ?s a zj:Report }", store=server.address()).rows == ((True,),)
        for text in (
            "DELETE WHERE { ?s ?p ?o }",
            "ASK { SERVICE <https://example.org/> { ?s ?p ?o } }",
            "ASK FROM <https://x.org/g> {}",
            f"ASK FROM <{REPORT}r1> {{}}",
        ):
            with pytest.raises(RefusedQuery):
                run_text(tmp_path, text, store=server.address())
        assert len(server.requests) == 2  # the marker and the one query


@pytest.mark.parametrize(
    "body", [b"<html>", b'{"head": {}}', b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s":']
)
def test_an_answer_that_is_none(body):
    with serve_small() as server:
        server.answer = lambda path, sent: (200, {}, body)
        with pytest.raises(KgError, match="cannot be read"):
            ask(server.address(), "ASK {}")


# ---- homes


def test_a_home_is_built_into_a_server_and_changed_there(tmp_path):
    home = tmp_path / "home"
    shutil.copytree(STATEMENTS, home / "statements")
    with serve_small() as server:
        address = server.address()

        def whole() -> set[str]:
            return {str(quad) for quad in server.store if quad.graph_name.value != MARKER}

        assert store.rebuild(home, address).rebuilt
        assert not store.rebuild(home, address).rebuilt
        full = whole()
        path = home / "statements" / "baoding-2023.jsonl"
        text = path.read_bytes()
        path.unlink()
        server.requests.clear()
        store.rebuild(home, address)
        sent = sum(len(text) for _, _, text in server.requests)
        with store.open_graph(home, address) as graph:
            answer = graph.query("SELECT ?id { ?r a zj:Report ; dcterms:identifier ?id } ORDER BY ?id")
        assert answer.rows == (("baiyanghu-2023",), ("旧/baiyanghu-2022",)) and answer.notes == ()
        assert not any("baoding-2023" in quad for quad in whole())
        path.write_bytes(text)
        store.rebuild(home, address)
        assert whole() == full
        assert sent < sum(map(len, full)) / 3
        with pytest.raises(MissingStore, match="--store"), store.open_graph(home):
            pass


@pytest.fixture(autouse=True)
def changes_however_many(monkeypatch):
    monkeypatch.setattr(store, "MOST_CHANGED", 1.0)


def test_a_server_that_lost_its_graph_is_loaded_anew(tmp_path):
    home = tmp_path / "home"
    shutil.copytree(STATEMENTS, home / "statements")
    with serve_small() as server:
        store.rebuild(home, server.address())
        full = {str(quad) for quad in server.store}
        server.store.clear()
        assert store.rebuild(home, server.address()).rebuilt
        assert {str(quad) for quad in server.store} == full


def test_a_home_goes_from_its_own_store_to_a_server_and_back(tmp_path):
    home = make_home(tmp_path)
    own = nquads(home)
    with serve_small() as server:
        store.rebuild(home, server.address())
        assert nquads(home) == own
        store.rebuild(home)
    assert nquads(home) == own


def test_a_file_for_servers_is_what_a_build_loads(tmp_path):
    named = nquads(shared_home(), FACTS)
    with serve_small() as server:
        store.rebuild(shutil.copytree(shared_home(), tmp_path / "home"), server.address())
        by_hand = pyoxigraph.Store()
        by_hand.bulk_load(named, format=pyoxigraph.RdfFormat.N_QUADS)
        assert set(by_hand) == set(server.store)
    plain, last = nquads(shared_home()), nquads(shared_home(), "").splitlines(keepends=True)[-1]
    assert nquads(shared_home(), "") == plain + last


def nquads(home, default_graph=None) -> bytes:
    out = io.BytesIO()
    count = store.write_nquads(home, out, default_graph)
    assert count == out.getvalue().count(b"\n")
    return out.getvalue()
