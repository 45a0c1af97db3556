"""The catalogue and the divisions in the graph, and the links to them: over one report, over several, over years."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyoxigraph
from graph_home import shared_home

from kg import store
from kg.export.rows import list_entities
from kg.schema import load_schema
from kg.schemes import scheme_quads
from kg.statement_files import list_statement_files, read_statement_file

ID = "https://w3id.org/zhijiao-kg/id/"
SCHEME = f"<{ID}scheme/programme-catalogue-2021>"


def ask(home: Path, text: str) -> tuple[tuple[Any, ...], ...]:
    with store.open_graph(home) as graph:
        return graph.query(text).rows


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((files("kg.reference") / name).read_text(encoding="utf-8").splitlines()))


# ---- the schemes


def test_every_programme_has_its_class_and_category() -> None:
    found = ask(
        shared_home(),
        f"SELECT ?code ?name ?class ?category ?level {{ ?p skos:inScheme {SCHEME} ; skos:notation ?code ; "
        "skos:prefLabel ?name ; skos:broader/skos:prefLabel ?class ; skos:broader/skos:broader/skos:prefLabel ?category "
        "; zj:schemeLevel/skos:notation ?level }",
    )
    rows = rows_of("programme-catalogue.csv")
    assert sorted(found) == sorted((r["code"], r["name"], r["class"], r["category"], r["level"]) for r in rows)


def test_the_top_of_the_catalogue_is_its_categories() -> None:
    found = ask(shared_home(), f"SELECT ?code {{ {SCHEME} skos:hasTopConcept/skos:notation ?code }}")
    assert {code for (code,) in found} == {r["category_code"] for r in rows_of("programme-catalogue.csv")}


def test_later_additions_say_when() -> None:
    found = ask(shared_home(), "SELECT ?code { ?p skos:notation ?code ; skos:historyNote ?note }")
    assert {code for (code,) in found} == {r["code"] for r in rows_of("programme-catalogue.csv") if r["note"]}


def test_every_place_lies_in_its_province() -> None:
    found = ask(
        shared_home(),
        f"SELECT ?code ?top {{ ?p skos:inScheme <{ID}scheme/gb-t-2260> ; skos:notation ?code ; skos:broader* ?t . "
        "?t zj:schemeLevel zj:scheme-level-province ; skos:notation ?top }",
    )
    assert dict(found) == {r["code"]: f"{r['code'][:2]}0000" for r in rows_of("regions.csv")}
    ((north,),) = ask(shared_home(), "SELECT ?north { ?p skos:prefLabel '岚皋县'@zh ; schema:latitude ?north }")
    assert 32 < north < 33


def test_broader_and_narrower_mirror_each_other() -> None:
    up, down = (
        "{ ?a skos:broader ?b MINUS { ?b skos:narrower ?a } }",
        "{ ?b skos:narrower ?a MINUS { ?a skos:broader ?b } }",
    )
    assert ask(shared_home(), f"ASK {up}") == ask(shared_home(), f"ASK {down}") == ((False,),)


def test_the_lines_are_n_quads_and_each_stands_once() -> None:
    lines = list(scheme_quads(load_schema()))
    assert len(lines) == len(set(lines)) > 40_000
    quads = list(pyoxigraph.parse(input="".join(lines), format=pyoxigraph.RdfFormat.N_QUADS))
    assert len(quads) == len(lines)


def test_the_schemes_cost_a_moment() -> None:
    begin = time.perf_counter()
    for _ in scheme_quads(load_schema()):
        pass
    assert time.perf_counter() - begin < 1


# ---- links over several reports

SCHOOL, OTHER, FORMER, NOW = (f"{ID}{each}" for each in ("school/a", "school/b", "programme/f", "programme/n"))


def evidence(row: int) -> dict[str, Any]:
    return {"text": f"表格第{row}行", "start": row * 10, "end": row * 10 + 5, "section": "专业", "table": 1, "row": row}


def write_report(
    home: Path, name: str, year: int, offers: Iterable[tuple[str, str, str]], programmes: dict[str, dict[str, Any]]
) -> None:
    """A report whose schools offer programmes under codes; ``programmes`` are the entity lines' own keys."""
    lines: list[dict[str, Any]] = [{"kind": "report", "report": name, "level": "school", "year": year}]
    for iri, school in ((SCHOOL, "岚皋县职业教育中心"), (OTHER, "汉阴县职业教育中心")):
        lines.append({"kind": "entity", "iri": iri, "type": "School", "name": school, "aliases": []})
    for iri, keys in programmes.items():
        lines.append({"kind": "entity", "iri": iri, "type": "Programme", "aliases": [], **keys})
    for number, (school, programme, code) in enumerate(offers, 1):
        qualifiers = {"year": year} | ({"code": code} if code else {})
        ends = {"subject": school, "object": programme, "predicate": "offersProgramme", "qualifiers": qualifiers}
        lines.append({"kind": "statement", "id": f"{name}-{number}", **ends, "evidence": evidence(number)})
    (home / "statements").mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (home / "statements" / f"{name}.jsonl").write_text(text, encoding="utf-8")


CATALOGUE = "programme-catalogue-2021"
OLD = {FORMER: {"name": "会计", "unlinked": {"scheme": CATALOGUE, "why": "older-name", "proposals": ["730301"]}}}


def linked(code: str, how: str = "exact", name: str = "会计事务") -> dict[str, Any]:
    link = {"scheme": CATALOGUE, "code": code, "how": how, "words": name, "evidence": evidence(1)}
    return {"name": name, "link": link}


def exported(home: Path, iri: str) -> dict[str, Any]:
    return next(row for row in list_entities(map(read_statement_file, list_statement_files(home))) if row["iri"] == iri)


MATCHES = "SELECT ?code { <%s> %s/skos:notation ?code }"


def test_tables_of_two_years_show_a_rename(tmp_path: Path) -> None:
    write_report(tmp_path, "2020", 2020, [(SCHOOL, FORMER, "120100")], OLD)
    write_report(tmp_path, "2022", 2022, [(SCHOOL, NOW, "120100")], {NOW: linked("730301")})
    store.rebuild(tmp_path)
    assert ask(tmp_path, MATCHES % (FORMER, "skos:closeMatch")) == (("730301",),)
    assert ask(tmp_path, MATCHES % (NOW, "skos:exactMatch")) == (("730301",),)
    assert ask(tmp_path, f"ASK {{ <{FORMER}> zj:unlinkedBecause ?why }}") == ((False,),)
    ((way, report, statements),) = ask(
        tmp_path,
        f"SELECT ?way ?report (COUNT(?s) AS ?n) {{ ?l zj:linkedEntity <{FORMER}> ; zj:linkWay/skos:notation ?way ; "
        "dcterms:source/dcterms:identifier ?report ; prov:wasDerivedFrom ?s } GROUP BY ?way ?report",
    )
    assert (way, report, statements) == ("same-table-years", "2020", 2)
    assert (exported(tmp_path, FORMER)["code"], exported(tmp_path, FORMER)["how"]) == ("730301", "same-table-years")


def test_no_rename_without_one_code_one_school_and_two_years(tmp_path: Path) -> None:
    cases = {
        "other code": (2022, SCHOOL, "730301"),
        "other school": (2022, OTHER, "120100"),
        "same year": (2020, SCHOOL, "120100"),
        "earlier": (2018, SCHOOL, "120100"),
        "no code": (2022, SCHOOL, ""),
    }
    for name, (year, school, code) in cases.items():
        home = tmp_path / name
        write_report(home, "one", 2020, [(SCHOOL, FORMER, "120100")], OLD)
        write_report(home, "two", year, [(school, NOW, code)], {NOW: linked("730301")})
        assert exported(home, FORMER)["code"] == "", name


def test_a_rename_of_one_school_is_not_another_s(tmp_path: Path) -> None:
    write_report(tmp_path, "2020", 2020, [(SCHOOL, FORMER, "120100")], OLD)
    write_report(tmp_path, "2022", 2022, [(SCHOOL, NOW, "120100")], {NOW: linked("730301")})
    write_report(tmp_path, "else", 2020, [(OTHER, FORMER, "")], OLD)
    store.rebuild(tmp_path)
    assert ask(tmp_path, MATCHES % (FORMER, "skos:closeMatch")) == ()
    assert (exported(tmp_path, FORMER)["code"], exported(tmp_path, FORMER)["unlinked"]) == ("", "older-name")
    assert ask(tmp_path, f"SELECT ?r {{ ?l zj:linkedEntity <{FORMER}> ; dcterms:source/dcterms:identifier ?r }}") == (
        ("2020",),
    )


def test_reports_that_link_one_programme_in_two_ways_give_no_match(tmp_path: Path) -> None:
    write_report(tmp_path, "school", 2023, [(SCHOOL, NOW, "")], {NOW: linked("720201", name="护理")})
    write_report(tmp_path, "college", 2023, [(OTHER, NOW, "")], {NOW: linked("520201", name="护理")})
    store.rebuild(tmp_path)
    assert ask(tmp_path, MATCHES % (NOW, "skos:mappingRelation")) == ()
    row = exported(tmp_path, NOW)
    assert (row["code"], row["unlinked"], row["proposals"]) == ("", "links-disagree", ["520201", "720201"])
    each = f"SELECT ?r ?c {{ ?l zj:linkedEntity <{NOW}> ; zj:linkedConcept/skos:notation ?c ; dcterms:source/dcterms:identifier ?r }}"
    assert set(ask(tmp_path, each)) == {("school", "720201"), ("college", "520201")}


def test_the_way_of_a_link_decides_its_match(tmp_path: Path) -> None:
    ways = load_schema().link_ways
    for how, way in ways.items():
        home = tmp_path / how
        write_report(home, "one", 2023, [(SCHOOL, NOW, "")], {NOW: linked("730301", how)})
        store.rebuild(home)
        if how != "same-table-years":
            assert ask(home, MATCHES % (NOW, f"<{way.match}>")) == (("730301",),)
            assert ask(home, MATCHES % (NOW, "skos:mappingRelation")) == (("730301",),)
