"""One report in or out: the changed graph is the one that a build of all reports makes, and so is what lies beside it."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from graph_home import STATEMENTS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import store
from kg.decision_file import add_decision
from kg.errors import BrokenStatementFile
from kg.start_page import read_start
from kg.store import INDEX, find_store, open_graph, open_names


def read_lines(name: str) -> list[dict]:
    return [json.loads(line) for line in (STATEMENTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def write_report(home: Path, name: str, records: list[dict]) -> None:
    path = home / "statements" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")  # as a build writes it
    aside.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records), encoding="utf-8")
    aside.replace(path)


def vary(name: str, as_report: str, version: int) -> list[dict]:
    """A fixture report under another id; its version changes names, years, links and figures a little."""
    records = json.loads(json.dumps(read_lines(name)).replace(f'"{name}"', f'"{as_report}"'))
    for at, record in enumerate(records):
        if record["kind"] == "report":
            record["report"] = as_report
            record["year"] = (record.get("year") or 2023) - version
        if "id" in record:
            record["id"] = f"{as_report}-{record['id']}"
        if record["kind"] == "entity":
            if (at + version) % 3 == 0:
                record["aliases"] = [*record.get("aliases", []), f"{record['name']}{'甲乙丙丁'[version % 4]}"]
            if version == 2 and at % 4 == 0:
                record["name"] = f"{record['name']}分校" if record["type"] == "School" else f"新{record['name']}"
        if record["kind"] == "statement" and version % 2:
            record.setdefault("qualifiers", {})["year"] = 2020 + version
        if record["kind"] == "figure" and version:
            record["value"] += version
    return records


def drop_statements(records: list[dict], version: int) -> list[dict]:
    """Without every third statement: edges and entities of one report alone go with it."""
    kept = [r for at, r in enumerate(records) if r["kind"] != "statement" or (at + version) % 3]
    used = {r[key] for r in kept if r["kind"] in ("statement", "figure") for key in ("subject", "object") if key in r}
    used |= {
        iri for r in kept if r["kind"] == "statement" for key in ("programmes", "partners") for iri in r.get(key, ())
    }
    used |= {r["subject"] for r in kept if r["kind"] == "check" and r.get("subject")}
    return [r for r in kept if r["kind"] != "entity" or r["iri"] in used]


def whole(home: Path) -> bytes:
    to = io.BytesIO()
    store.write_nquads(home, to)
    return to.getvalue()


def beside(home: Path) -> dict[str, set[tuple]]:
    """What the file beside the store holds, without its running numbers."""
    asked = {
        "names": "SELECT named.iri, type, named.name, degree, text, folded, letters FROM name JOIN named USING (entity)",
        "namings": "SELECT iri, file, said FROM naming JOIN entity ON entity.id = entity JOIN report ON report.id = report",
        "edges": "SELECT s.iri, predicate, o.iri, file, statements FROM edge JOIN entity s ON s.id = subject"
        " JOIN entity o ON o.id = object JOIN report ON report.id = report",
        "reports": "SELECT file, name, digest FROM report",
        "units": "SELECT iri, parent FROM unit",
        "heads": "SELECT key, iri FROM head",
        "renames": "SELECT iri, file, scheme, code, how, instead_of FROM rename JOIN entity ON entity.id = entity"
        " JOIN report ON report.id = report",
        "measured": "SELECT iri, file FROM measuring JOIN entity ON entity.id = entity JOIN report ON report.id = report",
        "stamps": "SELECT file, digest FROM stamp",
        "told": "SELECT file, title, year, level, publisher, region, p.iri, r.iri, figures, issues FROM told"
        " JOIN report ON report.id = told.report LEFT JOIN entity p ON p.id = publisher_entity"
        " LEFT JOIN entity r ON r.id = region_entity",
        "partnering": "SELECT s.iri, p.iri, mode, year, file FROM partnering JOIN entity s ON s.id = school"
        " JOIN entity p ON p.id = partner JOIN report ON report.id = report",
        "partnered": "SELECT g.iri, s.iri, p.iri, file FROM partnered JOIN entity s ON s.id = school"
        " JOIN entity p ON p.id = partner JOIN entity g ON g.id = programme JOIN report ON report.id = report",
        "closed": "SELECT g.iri, s.iri, file FROM closed JOIN entity s ON s.id = school"
        " JOIN entity g ON g.id = programme JOIN report ON report.id = report",
        "placed": "SELECT iri, code, inferred FROM placed JOIN entity ON entity.id = entity",
        "facts": "SELECT fact.id, file, s.iri, predicate, o.iri, said FROM fact JOIN report ON report.id = report"
        " JOIN entity s ON s.id = subject JOIN entity o ON o.id = object",
        "verdicts": "SELECT verdict, checks FROM verdict WHERE checks",
    }
    with closing(sqlite3.connect(find_store(home) / INDEX)) as connection:
        return {key: set(connection.execute(text).fetchall()) for key, text in asked.items()}


def make_anew(home: Path, folder: Path) -> Path:
    """A home of the same statement files and decisions, built at once."""
    again = folder / "again"
    shutil.rmtree(again, ignore_errors=True)
    shutil.copytree(home / "statements", again / "statements")
    if (home / "identity").exists():
        shutil.copytree(home / "identity", again / "identity")
    store.rebuild(again)
    return again


@pytest.fixture
def changed_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores are changed however much of them is new, and never made anew once there is one."""
    monkeypatch.setattr(store, "MOST_CHANGED", 1000)


REPORTS = [  # nine reports, of three kinds
    (name, f"{name}-{number}" if number else name)
    for name in ("baiyanghu-2022", "baiyanghu-2023", "baoding-2023")
    for number in range(3)
]
STEPS = st.lists(
    st.tuples(st.sampled_from(REPORTS), st.sampled_from(["gone", 0, 1, 2, 3]), st.booleans()), min_size=1, max_size=6
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=4))
def test_any_changes_give_the_graph_of_a_build_of_all(tmp_path_factory, monkeypatch, steps):
    monkeypatch.setattr(store, "MOST_CHANGED", 1000)
    folder = tmp_path_factory.mktemp("changes")
    home = folder / "home"
    write_report(home, "baoding-2023", read_lines("baoding-2023"))
    store.rebuild(home)
    monkeypatch.setattr(store, "_make", None)  # from here on the store is only changed
    for step in steps:
        for (name, report), version, less in step:
            if version == "gone":
                (home / "statements" / f"{report}.jsonl").unlink(missing_ok=True)
            else:
                records = vary(name, report, version)
                write_report(home, report, drop_statements(records, version) if less else records)
        if not list((home / "statements").glob("*.jsonl")):
            write_report(home, "baoding-2023", read_lines("baoding-2023"))
        store.rebuild(home)
    monkeypatch.undo()
    again = make_anew(home, folder)
    assert whole(home).splitlines() == whole(again).splitlines()
    assert beside(home) == beside(again)
    assert read_start(home) == read_start(again)


def test_a_report_that_comes_ties_a_branch_of_another(tmp_path, changed_only, monkeypatch):
    home = tmp_path / "home"
    branch = {
        "kind": "entity",
        "iri": "https://x.org/branch",
        "type": "Enterprise",
        "name": "云岭机电有限公司大理分公司",
    }
    head = {"kind": "entity", "iri": "https://x.org/head", "type": "Enterprise", "name": "云岭机电有限公司"}
    write_report(home, "a", [{"kind": "report", "report": "a"}, branch])
    store.rebuild(home)
    monkeypatch.setattr(store, "_make", None)
    tie = "ASK { <https://x.org/branch> org:unitOf <https://x.org/head> }"
    for records, tied in (([head], True), ([], False), ([head, head | {"iri": "https://x.org/other"}], False)):
        write_report(home, "b", [{"kind": "report", "report": "b"}, *records])
        store.rebuild(home)
        with open_graph(home) as graph:
            assert graph.query(tie).rows == ((tied,),)


def test_an_edge_stays_while_any_report_gives_it(tmp_path, changed_only):
    home = tmp_path / "home"
    for report in ("one", "two"):
        write_report(home, report, vary("baiyanghu-2023", report, 0))
    store.rebuild(home)
    count = "SELECT (COUNT(*) AS ?n) { ?s zj:partnersWith ?o }"
    with open_graph(home) as graph:
        both = graph.query(count).rows
    (home / "statements" / "one.jsonl").unlink()
    store.rebuild(home)
    with open_graph(home) as graph:
        assert graph.query(count).rows == both != ((0,),)


def test_names_are_in_step_with_the_graph(tmp_path, changed_only):
    home = tmp_path / "home"
    write_report(home, "baiyanghu-2022", read_lines("baiyanghu-2022"))
    write_report(home, "baoding-2023", read_lines("baoding-2023"))
    store.rebuild(home)
    with open_names(home) as names:
        assert [found.name for found in names.search("青松岭")] == ["青松岭职业教育中心"]
    (home / "statements" / "baoding-2023.jsonl").unlink()
    store.rebuild(home)
    with open_names(home) as names:
        assert names.search("青松岭") == () and names.search("qsl") == ()
        assert names.search("白洋湖")


def test_decisions_make_the_store_anew(tmp_path, changed_only):
    home = tmp_path / "home"
    for name in ("baiyanghu-2022", "baoding-2023"):
        write_report(home, name, read_lines(name))
    store.rebuild(home)
    with open_names(home) as names:
        iri = names.search("青松岭")[0].iri
    add_decision(home, {"rename": f"青松岭职业教育中心 <{iri}>", "to": "青松岭职教集团学校", "reason": "更名"})
    store.rebuild(home)
    with open_names(home) as names:
        assert names.search("青松岭")[0].name == "青松岭职教集团学校"
    write_report(home, "more", vary("baoding-2023", "more", 0))
    store.rebuild(home)
    assert whole(home) == whole(make_anew(home, tmp_path))


def test_a_statement_file_that_was_written_in_its_place_is_noticed(tmp_path, changed_only):
    home = tmp_path / "home"
    for name in ("baiyanghu-2022", "baoding-2023"):
        write_report(home, name, read_lines(name))
    store.rebuild(home)
    path = home / "statements" / "baoding-2023.jsonl"
    path.write_bytes(path.read_bytes().replace("青松岭".encode(), "青石岭".encode()))
    store.rebuild(home)
    assert "青松岭" not in whole(home).decode("utf-8")
    assert whole(home) == whole(make_anew(home, tmp_path))


@pytest.mark.parametrize("first", ["baoding-2023", "baiyanghu-2022"])
def test_two_files_of_one_report_are_told_and_the_graph_stays(tmp_path, changed_only, first):
    home = tmp_path / "home"
    write_report(home, first, read_lines(first))
    store.rebuild(home)
    before = whole(home)
    for name in (first, "copy"):
        write_report(home, name, read_lines(first))
    with pytest.raises(BrokenStatementFile, match=r"copy\.jsonl: is of report '.+', as .+\.jsonl is; take one"):
        store.rebuild(home)
    assert whole(home) == before
