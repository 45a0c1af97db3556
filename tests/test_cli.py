"""The command line as its user meets it: what is said where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from graph_home import STATEMENTS, make_home, shared_home

import kg.pipeline
from kg import cli
from kg.build_results import BuildSummary, FileResult, State
from kg.pipeline import Progress

DOCS = (Path(__file__).parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]


@pytest.fixture
def run(capfdbinary):
    """Runs the command line; gives its exit code, stdout and stderr."""

    def run_command(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.main([str(each) for each in arguments])
        out, err = capfdbinary.readouterr()
        return ended.value.code or 0, out.decode("utf-8"), err.decode("utf-8")

    return run_command


@pytest.fixture
def pipeline(monkeypatch):
    """A stand-in for the first half: copies the fixture statement files, and fails for files named 坏."""

    def build(paths, home, *, fresh=False, extract=None, on_progress=None):
        failed = [(str(path), f"{path}: no such file or folder") for path in paths if "坏" in path.name]
        good = [path for path in paths if "坏" not in path.name]
        (home / "statements").mkdir(parents=True, exist_ok=True)
        for done, path in enumerate(good):
            on_progress(Progress(done, len(good), path.name, "reading"))
            for source in STATEMENTS.glob("*.jsonl"):
                (home / "statements" / source.name).write_bytes(source.read_bytes())
            on_progress(Progress(done + 1, len(good), path.name, "built"))
        counts = {"partnersWith": 7, "memberOf": 2, "figures": 3, "issues": 1}
        read = [FileResult("in.txt", State.READ, "baiyanghu-2023", counts=counts)] if good else []
        bad = [FileResult(name, State.FAILED, cause=cause) for name, cause in failed]
        return BuildSummary([*read, *bad], entities_by_type={"School": 3} if good else {})

    monkeypatch.setattr(kg.pipeline, "build", build)


# ---- build


def test_build_says_what_it_found_and_where_it_lies(run, pipeline, tmp_path):
    home = tmp_path / "图 谱"
    code, out, err = run("build", tmp_path / "报告.docx", "--home", home)
    assert code == 0 and out == ""
    for said in ("报告.docx", "合作", "partnersWith", "7", "学校", "3 figures", "1 issues", "network.html"):
        assert said in err
    assert (home / "network.html").exists()
    assert run("query", "reports", "--home", home)[0] == 0


def test_a_failed_file_is_named_and_the_others_are_built(run, pipeline, tmp_path):
    home = tmp_path / "home"
    code, _, err = run("build", tmp_path / "好.docx", tmp_path / "坏.docx", "--home", home)
    assert code == 1 and "坏.docx: no such file or folder" in err and "1 reports built" in err
    assert run("query", "reports", "--home", home)[0] == 0


def test_nothing_built_leaves_what_was_there(run, pipeline, tmp_path):
    home = make_home(tmp_path)
    code, _, _ = run("build", tmp_path / "坏.docx", "--home", home)
    assert code == 1
    assert len(json.loads(run("query", "reports", "--format", "json", "--home", home)[1])) == 3
    code, _, err = run("build", tmp_path / "坏.docx", "--home", tmp_path / "empty")
    assert code == 1 and "picture" not in err


def test_demo_says_what_to_open(run, pipeline, tmp_path):
    code, out, err = run("demo", "--home", tmp_path / "demo")
    assert code == 0 and out == ""
    assert str(tmp_path / "demo" / "network.html") in err and "kg query" in err


# ---- query


def test_query_as_table_csv_and_json(run):
    asked = ("query", "partners-of-school", "-p", "school=白洋湖职校", "-p", "year=2023", "--home", shared_home())
    code, table, talk = run(*asked)
    assert (
        code == 0 and "合作单位" in table and "白洋湖县人民医院" in table and "5 rows" in talk and "https" not in table
    )
    code, text, talk = run(*asked, "--format", "csv")
    assert code == 0 and text.startswith("\ufeff学校,合作单位") and talk == ""
    assert len(list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))) == 6
    code, text, _ = run(*asked, "--format", "json")
    found = json.loads(text)
    assert code == 0 and len(found) == 5 and found[0]["school"] == "白洋湖职业技术学校" and "人民医院" in text


def test_query_list_names_all_with_their_values(run):
    code, out, _ = run("query", "--list")
    assert code == 0 and "partners-of-school" in out and "school [year] [mode]" in out and "学校的合作单位" in out


# ---- search


def test_search_finds_by_any_part_and_by_initials(run):
    for typed in ("洋湖职校", "byh", "白洋湖 学校"):
        code, out, _ = run("search", typed, "--format", "json", "--home", shared_home())
        found = json.loads(out)
        assert code == 0 and found[0]["name"] == "白洋湖职业技术学校" and found[0]["type"] == "学校"
    code, table, talk = run("search", "长城", "--type", "企业", "--limit", "1", "--home", shared_home())
    assert code == 0 and "长城哈弗汽车分公司" in table and "1 rows" in talk and "https" not in table


def test_search_for_nothing_that_is_there(run):
    code, out, talk = run("search", "月球", "--format", "csv", "--home", shared_home())
    assert code == 0 and len(out.splitlines()) == 1 and "月球" in talk


# ---- queries of one's own


def test_a_query_says_what_it_takes_in_both_languages(run):
    code, out, _ = run("query", "partners-by-mode", "--about")
    said = (
        "某地按合作方式",
        "Partners by mode",
        "-p region=",
        "-p year=",
        "可选 / optional",
        "顶岗实习 (internship)",
        "school: 学校",
    )
    assert code == 0 and all(words in out for words in said)


def test_headings_in_english(run):
    asked = ("query", "partners-of-school", "-p", "school=白洋湖职校", "--english", "--home", shared_home())
    assert run(*asked, "--format", "csv")[1].startswith("\ufeffschool,partner,type,modes,programmes,years,students,")


def test_the_finished_query_is_shown_and_can_be_asked_as_it_is(run, tmp_path):
    values = ("-p", "school=白洋湖", "-p", "mode=订单班", "--home", shared_home())
    code, text, talk = run("query", "partners-of-school", *values, "--show")
    assert code == 0 and "PREFIX zj:" in text and "UNDEF" not in text and "given_year" not in text
    assert "订单培养" in talk  # what the word was taken for
    file = tmp_path / "shown.rq"
    file.write_text(text, encoding="utf-8")
    rows = run("query", "--file", file, "--format", "json", "--home", shared_home())[1]
    partners = [row["partner"] for row in json.loads(rows)]
    assert partners == [
        row["partner"] for row in json.loads(run("query", "partners-of-school", *values, "--format", "json")[1])
    ]
    assert run("query", "--file", file, "--about")[0] == 2


def test_a_copy_of_a_library_query_without_its_values_names_them(run, tmp_path):
    file = tmp_path / "mine.rq"
    file.write_text(cli_query_text("entities"), encoding="utf-8")
    code, out, err = run("query", "--file", file, "--home", shared_home())
    assert code == 2 and out == "" and "-p name=" in err


def test_query_from_file_and_stdin(run, tmp_path, monkeypatch):
    file = tmp_path / "我的 查询.rq"
    file.write_text("SELECT (COUNT(*) AS ?n) { ?s a zj:School }", encoding="utf-8-sig")
    assert json.loads(run("query", "--file", file, "--format", "json", "--home", shared_home())[1]) == [{"n": 3}]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"ASK { ?s a zj:Nothing }")))
    assert json.loads(run("query", "--file", "-", "--format", "json", "--home", shared_home())[1]) == [
        {"answer": False}
    ]


def test_a_copy_of_a_library_query_takes_values(run, tmp_path):
    file = tmp_path / "mine.rq"
    file.write_text(cli_query_text("entities"), encoding="utf-8")
    code, out, _ = run("query", "--file", file, "-p", "name=蒙牛", "--format", "json", "--home", shared_home())
    assert code == 0 and [row["name"] for row in json.loads(out)] == ["蒙牛"]


def cli_query_text(name):
    from kg.queries import find_query

    return find_query(name).text


def test_a_name_that_nobody_bears_is_told(run):
    code, _, err = run("query", "partners-of-school", "-p", "school=月球学校", "--home", shared_home())
    assert code == 0 and "月球学校" in err and "no name in the graph" in err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["query", "nothing"], 2, "partners-of-school"),
        (["query"], 2, "--list"),
        (["query", "reports", "--file", "x.rq"], 2, "not both"),
        (["query", "partners-of-school"], 2, "-p school="),
        (["query", "partners-of-school", "-p", "school"], 2, "key=value"),
        (["query", "partners-of-school", "-p", "school=x", "-p", "year=old"], 2, "whole number"),
        (["query", "reports", "-p", "x=1"], 2, "no parameter"),
        (["query", "--file", "/nowhere/x.rq"], 2, "/nowhere/x.rq"),
        (["query", "reports", "--format", "docx"], 2, "docx"),
        (["query", "reports", "--home", "/nowhere"], 1, "kg build"),
        (["search", "x", "--home", "/nowhere"], 1, "kg build"),
        (["search", "x", "--type", "月亮"], 2, "School (学校)"),
        (["draw", "--home", "/nowhere"], 1, "kg build"),
        (["export", "facts", "--home", "/nowhere"], 1, "kg build"),
        (["check", "--home", "/nowhere"], 1, "kg build"),
        (["check", "月球-2023"], 1, "月球-2023"),
        (["export", "everything"], 2, "facts"),
        (["fly"], 2, "fly"),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else "",
)
def test_what_is_wrong_is_one_line_and_a_code(run, arguments, code, said):
    home = [] if "--home" in arguments else ["--home", shared_home()]
    at = [] if arguments == ["fly"] else home
    got, out, err = run(*arguments, *at)
    assert got == code and out == "" and said in err
    if err.startswith("kg: "):
        assert err.count("\n") == 1


def test_a_hostile_file_is_refused_with_code_2(run, tmp_path):
    file = tmp_path / "x.rq"
    file.write_text("DROP ALL")
    code, out, err = run("query", "--file", file, "--home", shared_home())
    assert code == 2 and out == "" and "DROP" in err


def test_an_endless_file_is_stopped_with_code_1(run, tmp_path):
    file = tmp_path / "x.rq"
    file.write_text("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }")
    code, _, err = run("query", "--file", file, "--seconds", "1", "--home", shared_home())
    assert code == 1 and "longer than 1 second" in err


# ---- check


def test_check_as_table_csv_and_json(run):
    code, _, err = run("check", "--home", shared_home())
    assert code == 0 and "checks differ" in err
    code, text, talk = run("check", "--all", "--format", "csv", "--home", shared_home())
    assert code == 0 and text.startswith("\ufeff结论,核对类型,对象") and talk == ""
    code, text, _ = run("check", "baiyanghu-2023", "--all", "--format", "json", "--home", shared_home())
    found = json.loads(text)
    assert code == 0 and all(row["report"] == "baiyanghu-2023" and row["evidence"] for row in found)
    shown = json.loads(run("check", "--format", "json", "--home", shared_home())[1])
    assert {row["verdict"] for row in shown} <= {"contradicts", "differs", "more-found", "fewer-found"}


# ---- draw, export


def test_draw_writes_a_page(run, tmp_path):
    page = tmp_path / "图.html"
    code, out, err = run("draw", "--to", page, "--focus", "白洋湖职校", "--home", shared_home())
    assert code == 0 and out == "" and page.exists() and "nodes" in err


def test_export_to_stdout_and_to_a_file(run, tmp_path):
    code, out, err = run("export", "facts", "--home", shared_home())
    assert code == 0 and len(out.splitlines()) == 29 and "29 facts" in err
    file = tmp_path / "数据.csv"
    code, out, _ = run("export", "figures", "--to", file, "--home", shared_home())
    assert code == 0 and out == "" and file.read_bytes().startswith(b"\xef\xbb\xbf")
    file = tmp_path / "figures.txt"
    run("export", "figures", "--format", "jsonl", "--to", file, "--home", shared_home())
    assert len(file.read_text(encoding="utf-8").splitlines()) == 7


# ---- documentation and help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name):
    assert f"## kg {name}" in DOCS
    section = DOCS.split(f"## kg {name}\n")[1].split("\n## ")[0]
    below = getattr(COMMANDS[name], "commands", {})
    assert [each for each in below if f"`{each}" not in section] == []
    for parameter in (*COMMANDS[name].params, *(each for command in below.values() for each in command.params)):
        for option in parameter.opts:
            if option.startswith("-") and option not in ("--help", "-h", "--home"):
                assert option in section, f"{option} of kg {name} is not documented"
        assert parameter.name in ("help", "name", "paths", "what", "reports") or getattr(parameter, "help", None)


def test_every_query_that_the_documentation_names_is_there():
    from kg.queries import load_queries

    assert set(re.findall(r"kg query ([a-z][a-z-]+)", DOCS)) <= set(load_queries())


def test_the_sparql_of_the_documentation_runs(run, tmp_path):
    counts = []
    for text in re.findall(r"```sparql\n(.*?)```", DOCS, re.DOTALL):
        file = tmp_path / "x.rq"
        file.write_text(text, encoding="utf-8")
        code, out, _ = run("query", "--file", file, "--format", "json", "--home", shared_home())
        assert code == 0
        counts.append(len(json.loads(out)))
    assert counts == [10, 6]  # partnerships; links of programmes


@pytest.mark.parametrize(
    ("what", "heavy"),
    [
        ("kg.cli", {"rdflib", "pyoxigraph", "spacy", "networkx", "pandas", "pdfplumber"}),  # help
        ("kg.queries, kg.checks", {"pypinyin", "spacy", "networkx", "pandas", "pdfplumber"}),  # an answer
    ],
)
def test_nothing_waits_for_libraries_that_it_does_not_use(what, heavy):
    """The time itself is measured, not asserted."""
    code = f"import sys, {what}; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_version_and_help(run):
    assert run("--version")[1].startswith("kg ")
    assert "build" in run("--help")[1]
