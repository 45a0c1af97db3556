"""``--store`` on the command line, and the graph as a file, as their user meets them."""

from __future__ import annotations

import json

import pytest
from graph_home import shared_home
from sparql_server import PASSWORD, USER, serve_small
from test_cli import pipeline, run  # noqa: F401 - fixtures

from kg import remote
from kg.address import FACTS, MARKER


@pytest.fixture
def served(monkeypatch, tmp_path):
    """A server and the TOML file that names it."""
    monkeypatch.setenv("KG_TEST_PASSWORD", PASSWORD)
    monkeypatch.setattr(remote, "PAUSES", (0.0,))
    with serve_small() as server:
        toml = tmp_path / "服务器.toml"
        toml.write_text(
            f'query = "{server.url}/query"\nupdate = "{server.url}/update"\ngraph-store = "{server.url}/graphs"\n'
            f'user = "{USER}"\npassword-variable = "KG_TEST_PASSWORD"\n',
            encoding="utf-8",
        )
        yield server, toml


@pytest.fixture
def built(served, run, pipeline, tmp_path):  # noqa: F811
    server, toml = served
    home = tmp_path / "图 谱"
    code, _, err = run("build", tmp_path / "报告.docx", "--home", home, "--store", toml)
    assert code == 0 and f"graph    {server.url}/query" in err and (home / "network.html").stat().st_size > 100_000
    return home, server, toml


def test_what_was_built_into_a_server_is_asked_there(built, run, monkeypatch):  # noqa: F811
    home, server, toml = built
    questions = (
        ("query", "reports", "--format", "json"),
        ("query", "partners-of-school", "-p", "school=白洋湖", "--format", "json"),
    )
    for question in questions:
        code, out, _ = run(*question, "--home", home, "--store", toml)
        assert code == 0 and len(json.loads(out)) == len(json.loads(run(*question, "--home", shared_home())[1])) > 1
    for question in (("analyse", "degree"), ("compare", "--years", "2022", "2023")):
        code, out, _ = run(*question, "--format", "json", "--home", home, "--store", toml)
        assert code == 0 and out == run(*question, "--format", "json", "--home", shared_home())[1]
    code, _, err = run("query", "reports", "--home", home)
    assert code == 1 and "--store" in err
    monkeypatch.setenv("KG_STORE", f"{server.url}/query")
    assert run("query", "reports", "--home", home)[0] == 0
    server.requests.clear()
    code, _, err = run("build", "报告.docx", "--home", home, "--store", toml)
    assert code == 0 and not any(path in ("/update", "/graphs") for _, path, _ in server.requests)


def test_a_query_of_ones_own_goes_to_the_server(built, run, tmp_path):  # noqa: F811
    home, _, toml = built
    mine = tmp_path / "mine.rq"
    mine.write_text("SELECT ?n { ?s a zj:School ; skos:prefLabel ?n } ORDER BY ?n", encoding="utf-8")
    code, out, _ = run("query", "--file", mine, "--format", "json", "--home", home, "--store", toml)
    assert code == 0 and [row["n"] for row in json.loads(out)][1] == "白洋湖职业技术学校"
    mine.write_text("DROP ALL", encoding="utf-8")
    code, _, err = run("query", "--file", mine, "--home", home, "--store", toml)
    assert code == 2 and "only read" in err


def test_a_picture_is_drawn_of_what_the_server_holds(built, run, tmp_path):  # noqa: F811
    home, _, toml = built
    code, _, err = run("draw", "--focus", "蒙牛", "--to", tmp_path / "a.html", "--home", home, "--store", toml)
    assert code == 0 and "nodes" in err and "蒙牛" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_decisions_reach_the_server(built, run, monkeypatch):  # noqa: F811
    home, _, toml = built
    monkeypatch.setenv("KG_STORE", str(toml))
    code, _, err = run("identity", "merge", "哈弗汽车", "蒙牛", "--reason", "试试", "--home", home)
    assert code == 0 and "/query" in err, err
    code, out, _ = run("query", "entities", "-p", "name=蒙牛", "--format", "json", "--home", home)
    assert code == 0 and [row["name"] for row in json.loads(out)] == ["长城哈弗汽车分公司"]


def test_a_server_that_cuts_answers_gives_no_picture_but_a_graph(served, run, pipeline, tmp_path):  # noqa: F811
    server, toml = served
    cut = (200, {"X-SPARQL-MaxRows": "10"}, b"{}")
    server.answer = lambda path, sent: cut if "network" in sent or "%3Fpredicate" in sent else None
    code, _, err = run("build", tmp_path / "报告.docx", "--home", tmp_path / "home", "--store", toml)
    assert code == 0 and "no picture was drawn" in err and "10 rows at most" in err
    assert MARKER in server.graphs()


@pytest.mark.parametrize(
    ("wrong", "said"), [("none.toml", "neither a URL nor a file"), ("https://kg:geheim@example.org/", "password")]
)
def test_a_wrong_address_is_wrong_use(run, wrong, said):  # noqa: F811
    code, _, err = run("query", "reports", "--home", shared_home(), "--store", wrong)
    assert code == 2 and said in err and "geheim" not in err


def test_a_server_that_is_down_is_one_line(run, monkeypatch):  # noqa: F811
    monkeypatch.setattr(remote, "PAUSES", (0.0,))
    with serve_small() as server:
        url = f"{server.url}/query"
    code, out, err = run("query", "reports", "--home", shared_home(), "--store", url)
    assert code == 1 and out == "" and len(err.splitlines()) == 1 and "cannot be reached" in err


# ---- the graph as a file


def test_the_graph_is_a_file(run, tmp_path):  # noqa: F811
    file = tmp_path / "图谱.nq"
    code, _, err = run("export", "graph", "--to", file, "--home", shared_home())
    lines = file.read_bytes().splitlines(keepends=True)
    assert code == 0 and f"{len(lines)} quads written" in err and lines == sorted(set(lines))
    code, out, _ = run("export", "graph", "--format", "nquads", "--home", shared_home())
    assert out.encode() == file.read_bytes()
    code, out, _ = run("export", "graph", "--default-graph", FACTS, "--home", shared_home())
    named = out.splitlines()
    assert all(f" <{FACTS}> ." in line or "/id/report/" in line for line in named[:-1]) and MARKER in named[-1]
    assert len(named) == len(lines) + 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("graph", "--format", "csv"), "not written as csv, but as: nquads"),
        (("facts", "--format", "nquads"), "not written as nquads, but as: csv"),
        (("facts", "--default-graph", "https://x.org/g"), "for the whole graph"),
        (("graph", "--default-graph", "no iri"), "not the IRI of a graph"),
    ],
)
def test_formats_that_nobody_writes(run, arguments, said):  # noqa: F811
    code, out, err = run("export", *arguments, "--home", shared_home())
    assert (code, out) == (2, "") and said in err
