"""The generator of the benchmarks makes the graphs that it promises, and the benchmark runs on one of them."""

from __future__ import annotations

import hashlib
import statistics
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import store
from kg.schema import load_schema
from kg.schemes import scheme_quads
from kg.shapes import list_faults
from kg.statement_files import list_statement_files, read_statement_file
from tests.benchmarks.made_graph import make_statements

QUADS = 20_000


@cache
def small_home() -> Path:
    home = Path(mkdtemp(prefix="kg-test-")) / "made"
    make_statements(home, QUADS)
    store.rebuild(home)
    return home


@cache
def many_reports():
    home = Path(mkdtemp(prefix="kg-test-")) / "made"
    make_statements(home, 300_000)
    return tuple(read_statement_file(path) for path in list_statement_files(home))


def digest(home):
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in list_statement_files(home)]


def test_a_graph_has_the_quads_that_were_asked_for():
    common = {*(f"{triple}\n" for triple in load_schema().triples), *scheme_quads(load_schema())}
    with store.open_store(small_home()) as dataset:
        assert len(dataset) - len(common) == pytest.approx(QUADS, rel=0.02)


@settings(max_examples=5, deadline=None)
@given(quads=st.integers(8_000, 60_000), seed=st.integers(0, 1000))
def test_any_size_and_seed_gives_valid_files_of_about_that_size(tmp_path_factory, quads, seed):
    home = tmp_path_factory.mktemp("made")
    made = make_statements(home, quads, seed)
    assert made.quads == pytest.approx(quads, rel=0.02)
    assert len([read_statement_file(path) for path in list_statement_files(home)]) == made.reports


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    homes = [tmp_path / name for name in ("one", "again", "other")]
    for home, seed in zip(homes, (7, 7, 8), strict=True):
        make_statements(home, QUADS, seed)
    assert digest(homes[0]) == digest(homes[1]) != digest(homes[2])


def test_a_home_is_made_anew_without_what_was_there(tmp_path):
    make_statements(tmp_path, 2 * QUADS)
    make_statements(tmp_path, QUADS)
    assert digest(tmp_path) == digest(small_home())


def test_a_made_graph_breaks_no_rule_of_the_ontology():
    assert [fault for fault in list_faults(small_home()) if fault.is_violation] == []


def test_reports_are_as_long_as_real_ones():
    sizes = defaultdict(list)
    for file in many_reports()[:-1]:
        sizes[file.report.level].append(len(file.statements) + len(file.figures))
    assert 100 < statistics.mean(sizes["school"]) < 200 < statistics.mean(sizes["city"]) < 400


def test_most_partners_have_one_school_and_a_few_have_many():
    schools = defaultdict(set)
    for file in many_reports():
        for each in file.statements:
            if each.predicate == "partnersWith" and file.entities[each.object].type == "Enterprise":
                schools[each.object].add(each.subject)
    counts = Counter(len(each) for each in schools.values())
    all_schools = {school for each in schools.values() for school in each}
    assert counts[1] > 0.6 * len(schools)
    assert max(counts) > 0.3 * len(all_schools)


def test_a_school_reports_over_years_and_keeps_some_of_its_partners():
    partners = defaultdict(dict)
    for file in many_reports():
        if file.report.level == "school":
            names = {each.object for each in file.statements if each.predicate == "partnersWith"}
            partners[file.report.publisher][file.report.year] = names
    pairs = [(years[year], years[year + 1]) for years in partners.values() for year in years if year + 1 in years]
    kept = statistics.mean(len(before & after) / len(before) for before, after in pairs if before)
    assert len(pairs) > 20 and 0.3 < kept < 0.95


def test_a_city_repeats_facts_of_its_schools_own_reports():
    facts = {
        level: {
            (each.subject, each.predicate, each.object)
            for file in many_reports()
            if file.report.level == level
            for each in file.statements
        }
        for level in ("school", "city")
    }
    assert len(facts["school"] & facts["city"]) > 50


def test_the_benchmark_tells_of_every_query(capsys):
    from tests.benchmarks import graph_queries

    arguments = ("--quads", str(QUADS), "--home", str(small_home()), "--markdown", "--no-rdflib")
    graph_queries.main(arguments)
    printed = capsys.readouterr().out
    for heading in ("The library", "Search by name", "Loading", "Memory"):
        assert f"**{heading}" in printed
    for query in graph_queries.load_queries():
        assert f"| {query} |" in printed


def test_rdflib_gives_the_same_answers():
    from tests.benchmarks.graph_queries import compare_with_rdflib

    compared = compare_with_rdflib(small_home(), patience=0, helped_patience=8)
    assert [each.query for each in compared if each.same is False] == []
    assert sum(each.same is True for each in compared) > 0.9 * len(compared)  # rdflib does not come to an end with all
