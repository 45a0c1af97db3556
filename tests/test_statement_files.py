"""Statement files: what is right is read as it stands, what is wrong is named with its line."""

from __future__ import annotations

import json

import pytest
from graph_home import STATEMENTS

from kg.errors import BrokenStatementFile
from kg.statement_files import list_statement_files, read_statement_file

GOOD = (STATEMENTS / "baiyanghu-2023.jsonl").read_text(encoding="utf-8").splitlines()


def write(tmp_path, lines):
    path = tmp_path / "报告 1.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def changed(kind, /, **values):
    """The good file with the first line of a kind changed; returns its lines and the number of the changed one."""
    lines = list(GOOD)
    at = next(at for at, line in enumerate(lines) if json.loads(line)["kind"] == kind)
    lines[at] = json.dumps(json.loads(lines[at]) | values, ensure_ascii=False)
    return lines, at + 1


def test_reads_what_stands_there():
    file = read_statement_file(STATEMENTS / "baiyanghu-2023.jsonl")
    assert file.report.report == "baiyanghu-2023" and file.report.year == 2023
    assert len(file.statements) == 14 and len(file.figures) == 3 and len(file.issues) == 1
    first = file.statements[0]
    assert first.qualifiers == {"modes": ["顶岗实习"], "programmes": ["汽修"], "year": 2023, "headcount": 40}
    assert first.evidence.table == 6 and first.evidence.row == 2 and first.evidence.page == 12
    assert first.said_subject == "我校"
    assert file.entities[first.object].name == "长城哈弗"
    assert [file.entities[iri].name for iri in first.entities["programmes"]] == ["汽车运用与维修"]


def test_checks_are_read_as_they_stand(tmp_path):
    check = {"kind": "check", "id": "c1", "check": "total", "what": "人数 · 合计", "stated": 76, "verdict": "differs"}
    check |= {"found": 75.5, "names": ["40", "35.5"], "evidence": {"text": "合计 76", "start": 3, "end": 8}}
    line = json.dumps(check, ensure_ascii=False)
    (read,) = read_statement_file(write(tmp_path, [*GOOD, line])).checks
    assert (read.stated, read.found, read.names, read.subject, read.year) == (76, 75.5, ("40", "35.5"), "", None)
    for wrong in ({"verdict": "odd"}, {"check": "odd"}, {"stated": "76"}, {"subject": "https://example.org/x"}):
        with pytest.raises(BrokenStatementFile, match=f":{len(GOOD) + 1}: "):
            read_statement_file(write(tmp_path, [*GOOD, json.dumps(check | wrong, ensure_ascii=False)]))


def test_a_newer_file_with_more_keys_can_be_read(tmp_path):
    lines, _ = changed("statement", confidence=0.9)
    assert len(read_statement_file(write(tmp_path, lines)).statements) == 14


def test_a_home_without_anything_lists_nothing(tmp_path):
    assert list_statement_files(tmp_path / "none") == ()


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("statement", {"predicate": "worksWith"}, "worksWith"),
        ("statement", {"subject": "https://w3id.org/zhijiao-kg/id/school/unknown"}, "no entity line"),
        ("statement", {"qualifiers": {"modes": ["喝茶"]}}, "喝茶"),
        ("statement", {"qualifiers": {"modes": "顶岗实习"}}, "list"),
        ("statement", {"qualifiers": {"colour": "red"}}, "colour"),
        ("statement", {"qualifiers": {"year": True}}, "year"),
        ("statement", {"programmes": ["https://w3id.org/zhijiao-kg/id/x"]}, "programmes"),
        ("statement", {"evidence": {"text": "", "start": 1, "end": 2}}, "text"),
        ("statement", {"evidence": {"text": "x", "start": 5, "end": 2}}, "start"),
        ("statement", {"evidence": None}, "evidence"),
        ("statement", {"id": "a b"}, "id"),
        ("figure", {"value": "12"}, "value"),
        ("figure", {"value": True}, "value"),
        ("figure", {"indicator": "桌子数"}, "桌子数"),
        ("figure", {"year": "2023"}, "year"),
        ("entity", {"type": "Planet"}, "Planet"),
        ("entity", {"name": "  "}, "name"),
        ("entity", {"iri": "https://example.org/a b"}, "iri"),
        ("entity", {"iri": "https://example.org/a>b"}, "iri"),
        ("entity", {"aliases": [1]}, "aliases"),
        ("entity", {"link": "720201"}, "link"),
        ("entity", {"link": {"scheme": "gb-t-2260", "code": "13", "how": "guess"}}, "guess"),
        ("entity", {"link": {"scheme": "mine", "code": "13", "how": "exact"}}, "mine"),
        ("entity", {"link": {"scheme": "gb-t-2260", "code": "1> <", "how": "exact"}}, "digits"),
        ("entity", {"link": {"scheme": "gb-t-2260", "code": "13", "how": "exact"}}, "evidence"),
        ("entity", {"unlinked": {"scheme": "gb-t-2260", "why": "mood"}}, "mood"),
        ("entity", {"unlinked": {"scheme": "gb-t-2260", "why": "ambiguous", "proposals": [13]}}, "proposals"),
        ("report", {"level": "planet"}, "level"),
        ("report", {"report": ""}, "report"),
        ("issue", {"code": None}, "code"),
        ("issue", {"kind": "rumour"}, "kind"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, kind, values, said):
    lines, number = changed(kind, **values)
    path = write(tmp_path, lines)
    with pytest.raises(BrokenStatementFile) as caught:
        read_statement_file(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:{number}: ") and said in message and "\n" not in message


@pytest.mark.parametrize(
    "line", ["{", "[]", "1", '{"kind": "figure", "value": NaN}', "[" * 100_000, '{"kind": "\\ud83d"}']
)
def test_a_line_that_is_no_record_is_named(tmp_path, line):
    path = write(tmp_path, [GOOD[0], line])
    with pytest.raises(BrokenStatementFile, match=":2: "):
        read_statement_file(path)


def test_a_line_that_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(GOOD[0].encode() + b"\n" + "报告".encode("gb18030"))
    with pytest.raises(BrokenStatementFile, match=":2: "):
        read_statement_file(path)


def test_doubles_are_named(tmp_path):
    for kind in ("report", "entity", "statement", "figure"):
        line = next(line for line in GOOD if json.loads(line)["kind"] == kind)
        with pytest.raises(BrokenStatementFile, match=f":{len(GOOD) + 1}: "):
            read_statement_file(write(tmp_path, [*GOOD, line]))


def test_a_file_without_its_report_or_that_is_not_there(tmp_path):
    with pytest.raises(BrokenStatementFile, match="no report line"):
        read_statement_file(write(tmp_path, GOOD[1:]))
    with pytest.raises(BrokenStatementFile, match=r"none\.jsonl"):
        read_statement_file(tmp_path / "none.jsonl")
