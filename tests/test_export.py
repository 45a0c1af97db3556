"""Exports: the form that others were promised, the names that each report uses, whole files or none."""

from __future__ import annotations

import csv
import io
import json

import pytest
from graph_home import make_home, shared_home
from hypothesis import given
from hypothesis import strategies as st

from kg.current_store import find_store
from kg.errors import BrokenStatementFile, KgError, MissingStore, UsageError
from kg.export import harmless_cell, text_tables, write_csv_rows
from kg.export.kinds import TABLES
from kg.export.writing import export
from kg.model import Predicate


def rows(what, home=None):
    out = io.BytesIO()
    count = export(home or shared_home(), what, "jsonl", out)
    found = [json.loads(line) for line in out.getvalue().decode("utf-8").splitlines()]
    assert len(found) == count
    return found


def test_facts_have_the_form_that_was_promised():
    facts = rows("facts")
    assert len(facts) == 29
    for fact in facts:
        assert fact["predicate"] in {str(each) for each in Predicate}
        for end in ("subject", "object"):
            assert set(fact[end]) == {"iri", "name", "type", "aliases"}
            assert fact[end]["name"] and isinstance(fact[end]["aliases"], list)
        (evidence,) = fact["evidence"]
        assert evidence["text"] and evidence["section"]
    first = next(fact for fact in facts if fact["qualifiers"].get("headcount") == 40)
    assert first["report"] == "baiyanghu-2023"
    assert first["qualifiers"] == {"modes": ["顶岗实习"], "programmes": ["汽修"], "year": 2023, "headcount": 40}
    assert first["evidence"][0]["page"] == 12 and first["evidence"][0]["table"] == 6


def test_names_are_those_that_the_report_uses():
    named = {
        fact["report"]: (fact[end]["name"], fact[end]["aliases"])
        for fact in rows("facts")
        for end in ("subject", "object")
        if fact[end]["name"].startswith("白洋湖职") and fact[end]["type"] == "School"
    }
    assert named == {
        "baiyanghu-2023": ("白洋湖职业技术学校", ["白洋湖职校"]),
        "旧/baiyanghu-2022": ("白洋湖职业技术学校", ["白洋湖职业技校"]),
        "baoding-2023": ("白洋湖职校", []),
    }


def test_figures_have_the_form_that_was_promised():
    figures = rows("figures")
    assert len(figures) == 7
    found = {(each["report"], each["subject"]["name"], each["indicator"]): each for each in figures}
    rate = found["baiyanghu-2023", "白洋湖职业技术学校", "就业率"]
    assert (rate["value"], rate["unit"], rate["year"]) == (96.75, "%", 2023)
    assert rate["evidence"][0]["text"] == "毕业生就业率为96.75%。"
    assert found["baiyanghu-2023", "白洋湖职业技术学校", "生师比"]["year"] is None


def test_entities_have_all_names_of_all_reports_once():
    entities = {each["name"]: each for each in rows("entities")}
    assert len(entities) == 19
    school = entities["白洋湖职业技术学校"]
    assert school["aliases"] == ["白洋湖职业技校", "白洋湖职校"]
    assert school["reports"] == ["baiyanghu-2023", "baoding-2023", "旧/baiyanghu-2022"]
    nursing = entities["护理"]
    assert (nursing["code"], nursing["how"], nursing["class"], nursing["level"]) == (
        "720201",
        "exact",
        "护理类",
        "中职",
    )
    former = entities["学前教育"]
    assert (former["code"], former["unlinked"], former["proposals"]) == ("", "older-name", ["770101"])
    assert entities["保定市"]["code"] == "130600" and entities["保定市"]["class"] == ""


def test_issues_name_their_report_and_place():
    (issue,) = rows("issues")
    assert issue["report"] == "baiyanghu-2023" and issue["code"] == "unresolved-name" and issue["page"] == 13


@pytest.mark.parametrize("what", TABLES)
def test_csv_opens_in_a_spreadsheet(tmp_path, what):
    to = tmp_path / "表 格.csv"
    count = export(shared_home(), what, "csv", to)
    assert to.read_bytes().startswith(b"\xef\xbb\xbf")
    with to.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert len(lines) == count + 1 and len({len(line) for line in lines}) == 1
    assert all(any("\u4e00" <= char <= "\u9fff" for char in heading) for heading in lines[0])


def test_csv_says_types_and_relations_in_chinese(tmp_path):
    export(shared_home(), "facts", "csv", tmp_path / "facts.csv")
    text = (tmp_path / "facts.csv").read_text(encoding="utf-8-sig")
    assert "学校,合作,长城哈弗,企业" in text and "partnersWith" not in text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "＝1", "\x00=1", "\n=cmd|' /C calc'!A0"])
def test_a_cell_never_runs(text):
    assert harmless_cell(text).startswith("'")


def test_numbers_stay_numbers():
    assert harmless_cell(-5) == -5 and harmless_cell(None) is None and harmless_cell([1, "b"]) == "1、b"


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.integers(), min_size=1), min_size=1)
)
def test_csv_reads_back(table):
    out = io.BytesIO()
    assert write_csv_rows(iter(table), out) == len(table)
    read = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert [[cell.removeprefix("'") for cell in line] for line in read] == [
        [str(cell).removeprefix("'") for cell in line] for line in table
    ]


def test_wrong_use_is_told(tmp_path):
    with pytest.raises(UsageError, match="facts"):
        export(shared_home(), "fact", "jsonl", tmp_path / "x")
    with pytest.raises(UsageError, match="jsonl"):
        export(shared_home(), "facts", "docx", tmp_path / "x")
    with pytest.raises(MissingStore, match="kg build"):
        export(tmp_path, "facts", "jsonl", tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    home = make_home(tmp_path)
    to = tmp_path / "facts.jsonl"
    to.write_text("old")
    (find_store(home) / "statements" / "zzz.jsonl").write_text("{}\n")
    with pytest.raises(BrokenStatementFile):
        export(home, "facts", "jsonl", to)
    assert to.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facts.jsonl", home.name]


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    to = tmp_path / "facts.jsonl"
    to.write_text("old")
    monkeypatch.setattr(text_tables, "write_jsonl", full)
    with pytest.raises(KgError, match=r"facts\.jsonl.*No space left"):
        export(shared_home(), "facts", "jsonl", to)
    assert to.read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_a_target_that_is_a_folder(tmp_path):
    with pytest.raises(KgError, match="cannot be written"):
        export(shared_home(), "facts", "jsonl", tmp_path)
