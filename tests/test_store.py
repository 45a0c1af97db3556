"""The store: each fact once, evidence in its report's graph, whole before and after every change."""

from __future__ import annotations

import io
import json
import shutil

import pyoxigraph
import pytest
from graph_home import STATEMENTS, make_home, shared_home
from hypothesis import given
from hypothesis import strategies as st

from kg import store
from kg.current_store import pin_graph
from kg.decision_file import add_decision, read_decided_files, remove_decision
from kg.errors import BrokenStatementFile, KgError, MissingStore
from kg.export.writing import export
from kg.quads import DATA, fold_name, make_iri, write_text, write_value

SCHOOL = "https://w3id.org/zhijiao-kg/id/school/"


def ask(home, text):
    with store.open_graph(home) as graph:
        return graph.query(text).rows


def nquads(home):
    out = io.BytesIO()
    count = store.write_nquads(home, out)
    assert count == out.getvalue().count(b"\n")
    return out.getvalue()


def test_a_fact_that_two_reports_state_is_one_edge_and_several_nodes():
    edges = "SELECT (COUNT(*) AS ?n) { ?s zj:memberOf ?o . ?s skos:prefLabel '白洋湖职业技术学校' }"
    nodes = "SELECT (COUNT(*) AS ?n) { ?m a zj:Membership ; org:member ?s . ?s skos:prefLabel '白洋湖职业技术学校' }"
    assert ask(shared_home(), edges) == ((1,),)
    assert ask(shared_home(), nodes) == ((2,),)


def test_what_stood_in_one_row_stays_together():
    rows = ask(
        shared_home(),
        "SELECT ?p ?n { ?x a zj:Partnership ; zj:programmeName ?p ; zj:headcount ?n ; dcterms:source ?r . "
        "?r dcterms:identifier 'baiyanghu-2023' } ORDER BY ?p",
    )
    assert rows == (("机电", 36), ("汽修", 40))


def test_evidence_lies_in_the_graph_of_its_report():
    rows = ask(
        shared_home(),
        "SELECT DISTINCT ?id { GRAPH ?r { ?fact zj:evidence ?e . ?e oa:hasSource ?r } ?fact dcterms:source ?r . "
        "?r dcterms:identifier ?id } ORDER BY ?id",
    )
    assert [row[0] for row in rows] == ["baiyanghu-2023", "baoding-2023", "旧/baiyanghu-2022"]
    assert ask(shared_home(), "SELECT (COUNT(*) AS ?n) { ?s zj:evidence ?e }") == ((0,),)


def test_an_entity_has_its_fullest_name_and_all_others():
    rows = ask(
        shared_home(),
        "SELECT ?name ?alias { ?e a zj:Enterprise ; skos:prefLabel ?name ; skos:altLabel ?alias "
        "FILTER(CONTAINS(?name, '哈弗')) }",
    )
    assert rows == (("长城哈弗汽车分公司", "长城哈弗"),)


def test_a_report_graph_has_the_names_that_the_report_uses():
    rows = ask(
        shared_home(),
        "SELECT ?name { ?r dcterms:identifier 'baoding-2023' GRAPH ?r { ?e skos:prefLabel ?name } "
        "FILTER(CONTAINS(?name, '白洋湖')) }",
    )
    assert rows == (("白洋湖职校",),)


def test_figures_are_observations():
    rows = ask(
        shared_home(),
        "SELECT ?v ?u { ?f a qb:Observation ; zj:indicator/skos:notation '就业率' ; zj:value ?v ; zj:unit ?u }",
    )
    assert rows == ((96.75, "%"),)


def test_the_publisher_of_a_report_is_linked_where_its_name_is_known():
    rows = ask(
        shared_home(),
        "SELECT ?id { ?r dcterms:publisher/skos:prefLabel '白洋湖职业技术学校' ; dcterms:identifier ?id } ORDER BY ?id",
    )
    assert [row[0] for row in rows] == ["baiyanghu-2023", "旧/baiyanghu-2022"]


def test_the_same_files_give_the_same_bytes_in_any_order(tmp_path):
    whole = nquads(shared_home())
    other = tmp_path / "b"
    (other / "statements").mkdir(parents=True)
    for path in sorted(STATEMENTS.glob("*.jsonl"), reverse=True):
        shutil.copy(path, other / "statements")
        store.rebuild(other)
    assert nquads(other) == whole
    assert whole.splitlines() == sorted(set(whole.splitlines()))


def test_sorting_in_parts_gives_the_same(monkeypatch):
    whole = nquads(shared_home())
    monkeypatch.setattr(store, "SORTED_AT_ONCE", 97)
    assert nquads(shared_home()) == whole


def test_loading_in_lots_gives_the_same(monkeypatch, tmp_path):
    monkeypatch.setattr(store, "LOADED_AT_ONCE", 999)
    assert nquads(make_home(tmp_path)) == nquads(shared_home())


def test_nquads_read_back_give_the_same_graph():
    whole = nquads(shared_home())
    again = pyoxigraph.Store()
    again.bulk_load(input=whole, format=pyoxigraph.RdfFormat.N_QUADS)
    dump = again.dump(format=pyoxigraph.RdfFormat.N_QUADS)
    assert sorted(dump.splitlines(keepends=True)) == whole.splitlines(keepends=True)


def test_a_report_goes_and_comes_back(tmp_path):
    home = make_home(tmp_path)
    whole = nquads(home)
    path = home / "statements" / "baoding-2023.jsonl"
    text = path.read_bytes()
    path.unlink()
    assert store.rebuild(home).reports == 2
    assert ask(home, "ASK { ?s skos:prefLabel '青松岭职业教育中心' }") == ((False,),)
    assert ask(home, "ASK { ?s skos:prefLabel '白洋湖职业技术学校' }") == ((True,),)
    assert b"baoding-2023" not in nquads(home)
    path.write_bytes(text)
    store.rebuild(home)
    assert nquads(home) == whole


def test_nothing_is_done_where_nothing_changed(tmp_path):
    home = make_home(tmp_path)
    assert not store.rebuild(home).rebuilt


def test_the_current_and_the_former_store_are_left_after_many_builds(tmp_path):
    home = make_home(tmp_path)
    for year in (1999, 2000, 2001):
        path = home / "statements" / "baoding-2023.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[0] = json.dumps(json.loads(lines[0]) | {"year": year}, ensure_ascii=False)
        path.write_text("\n".join(lines), encoding="utf-8")
        store.rebuild(home)
    assert len([entry for entry in (home / "store").iterdir() if entry.is_dir()]) == 2


def test_readers_go_on_with_the_old_graph_while_a_new_one_comes(tmp_path):
    home = make_home(tmp_path)
    with store.open_graph(home) as first, store.open_graph(home) as second:
        (home / "statements" / "baoding-2023.jsonl").unlink()
        store.rebuild(home)
        count = "SELECT (COUNT(*) AS ?n) { ?r a zj:Report }"
        assert first.query(count).rows == second.query(count).rows == ((3,),)
        assert ask(home, count) == ((2,),)


REPORTS_THERE = "SELECT (COUNT(*) AS ?n) { ?r a zj:Report }"


def test_a_graph_that_is_held_stays_whole_however_many_follow(tmp_path):
    home = make_home(tmp_path)
    with pin_graph(home) as pinned:
        for number in range(3):
            (home / "statements" / "baoding-2023.jsonl").unlink(missing_ok=True)
            add_decision(
                home, {"rename": f"长城哈弗 <{DATA}enterprise/4ea878d15f75>", "to": f"哈弗{number}", "reason": "x"}
            )
            store.rebuild(home)
            remove_decision(home, 1)
        assert ask(pinned, REPORTS_THERE) == ((3,),) and ask(home, REPORTS_THERE) == ((2,),)
        assert len(list(read_decided_files(pinned))) == 3 and store.find_store(pinned) == pinned
        assert len(list(export_lines(pinned))) > len(list(export_lines(home)))
    store.rebuild(home)
    store.rebuild(home)
    assert not pinned.exists()


def export_lines(home):
    out = io.BytesIO()
    export(home, "facts", "jsonl", out)
    return out.getvalue().splitlines()


def test_exports_say_what_the_graph_says_and_not_what_a_stopped_build_has_left(tmp_path):
    home = make_home(tmp_path)
    before = export_lines(home)
    (home / "statements" / "baoding-2023.jsonl").unlink()
    add_decision(home, {"reject": "1ace6a668ea8b657", "reason": "x"})
    assert export_lines(home) == before
    store.rebuild(home)
    assert len(export_lines(home)) < len(before)


def test_a_former_store_that_was_half_taken_away_is_not_taken_for_whole(tmp_path, monkeypatch):
    """Its reports may come back, and with them its name."""
    home = make_home(tmp_path)
    before, first = nquads(home), store.find_store(home)
    saved = {path.name: path.read_bytes() for path in (home / "statements").iterdir()}

    class Stopped(BaseException):
        pass

    take_all = shutil.rmtree

    def take_half(folder, **options):
        if first.name not in str(folder):
            return take_all(folder, **options)
        (folder / "index.sqlite").unlink()
        raise Stopped

    (home / "statements" / "baoding-2023.jsonl").unlink()
    store.rebuild(home)
    (home / "statements" / "baiyanghu-2023.jsonl").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(store.shutil, "rmtree", take_half)
        with pytest.raises(Stopped):
            store.rebuild(home)
    assert not first.exists()
    for name, content in saved.items():
        (home / "statements" / name).write_bytes(content)
    store.rebuild(home)
    assert store.find_store(home) == first and nquads(home) == before
    assert [path.name for path in (home / "store").iterdir() if path.name.startswith(".")] == []


def test_a_broken_file_leaves_the_old_graph(tmp_path):
    home = make_home(tmp_path)
    (home / "statements" / "broken.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(BrokenStatementFile, match=r"broken\.jsonl:1"):
        store.rebuild(home)
    assert ask(home, "SELECT (COUNT(*) AS ?n) { ?r a zj:Report }") == ((3,),)
    assert not list((home / "store").glob(".*"))


def test_a_home_without_a_graph(tmp_path):
    with pytest.raises(MissingStore, match="kg build"), store.open_store(tmp_path):
        pass
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "current").write_text("gone", encoding="ascii")
    with pytest.raises(MissingStore), store.open_store(tmp_path):
        pass
    assert not (tmp_path / "store" / "gone").exists()


def test_a_home_that_cannot_be_written(tmp_path):
    (tmp_path / "store").write_text("a file where the folder should be")
    with pytest.raises(KgError, match="cannot be written"):
        store.rebuild(tmp_path)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_nquads(text):
    line = f"<https://x.org/s> <https://x.org/p> {write_text(text)} ."
    assert "\n" not in line and "\r" not in line
    (quad,) = pyoxigraph.parse(input=line, format=pyoxigraph.RdfFormat.N_QUADS)
    assert quad.object.value == text


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_survives_nquads(number):
    line = f"<https://x.org/s> <https://x.org/p> {write_value(number)} ."
    (quad,) = pyoxigraph.parse(input=line, format=pyoxigraph.RdfFormat.N_QUADS)
    assert type(number)(quad.object.value) == number


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_report_id_makes_an_iri(name):
    pyoxigraph.NamedNode(make_iri("report", name))


def test_names_fold_width_case_and_blanks():
    assert fold_name(" ＡＢＣ（集团） 有限 公司 ") == "abc(集团)有限公司"
