"""From files to statement files: what a build makes, keeps, replaces and says when an input is bad."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from kg import extraction, inputs, pipeline
from kg.errors import UnreadableInput
from kg.input_hashes import HASHES
from kg.pipeline import Progress, build, statement_path
from kg.readers import read_document
from kg.statement_files import read_statement_file

SAMPLES = Path(pipeline.__file__).parent / "samples"


def make_text(school: str = "岚皋县巴山职业教育中心", partner: str = "汉江轴承厂", year: int = 2022) -> str:
    return (
        f"{school}{year}年度质量报告\n1.学校情况\n{school}位于岚皋县，开设护理专业。\n2.校企合作\n"
        f"学校与{partner}合作，{year}年选派护理专业40名学生顶岗实习。\n"
    )


def write(path: Path, text: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    # each file with bytes of its own: two that are the same are one report
    own = hashlib.sha256(str(path).encode()).hexdigest()[:8]
    path.write_text(f"{make_text()}{own}\n" if text is None else text, encoding="utf-8")
    return path


def records(home: Path, report: str, kind: str = "") -> list[dict[str, Any]]:
    lines = statement_path(home, report).read_text(encoding="utf-8").splitlines()
    return [record for record in map(json.loads, lines) if not kind or record["kind"] == kind]


def partners(home: Path, report: str) -> set[str]:
    return {r["said"]["object"] for r in records(home, report, "statement") if r["predicate"] == "partnersWith"}


def files_of(home: Path) -> dict[str, bytes]:
    """All of a home but what hashes it remembers, which depends on how old the reports are."""
    paths = (path for path in sorted(home.rglob("*")) if path.is_file() and path.name != HASHES)
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in paths}


def reports_in(home: Path) -> set[str]:
    return {json.loads(path.read_text().splitlines()[0])["report"] for path in (home / "statements").glob("*.jsonl")}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


# --- a build ----------------------------------------------------------------------------------------------------------


def test_a_build_writes_one_file_a_report_that_the_second_half_reads(tmp_path: Path, home: Path) -> None:
    summary = build([write(tmp_path / "巴山-2022.txt")], home)
    assert (summary.reports, summary.failed) == (["巴山-2022"], [])
    path = statement_path(home, "巴山-2022")
    assert path.name == "巴山-2022.jsonl"
    file = read_statement_file(path)
    assert file.report.report == "巴山-2022"
    assert partners(home, "巴山-2022") == {"汉江轴承厂"}
    assert summary.statements_by_predicate["partnersWith"] == 1
    assert summary.entities_by_type["School"] == 1


def test_the_first_line_tells_of_the_report(tmp_path: Path, home: Path) -> None:
    build([write(tmp_path / "a.txt")], home)
    head = records(home, "a")[0]
    assert head["kind"] == "report"
    assert (head["source"], head["publisher"], head["region"]) == ("a.txt", "岚皋县巴山职业教育中心", "岚皋县")
    assert (head["level"], head["year"]) == ("school", 2022)
    assert len(head["sha256"]) == 64 and head["characters"] > 50


def test_every_statement_leads_back_to_its_place(home: Path) -> None:
    for source in sorted(SAMPLES.glob("*.*")):
        if source.suffix == ".md":
            continue
        build([source], home)
        text = read_document(source).text
        found = records(home, source.stem)
        iris = {record["iri"] for record in found if record["kind"] == "entity"}
        facts = [record for record in found if record["kind"] in ("statement", "figure")]
        assert facts
        for fact in facts:
            evidence = fact["evidence"]
            assert "".join(text[evidence["start"] : evidence["end"]].split()) == "".join(evidence["text"].split())
            assert evidence["text"]
            assert ("table" in evidence) == ("row" in evidence)
            assert {fact["subject"], fact.get("object", fact["subject"])} <= iris
            if "said" in fact:
                assert set(fact.get("programmes", ())) <= iris
        assert len({fact["id"] for fact in facts}) == len(facts)


def test_each_table_without_facts_is_an_issue(tmp_path: Path, home: Path) -> None:
    tables = (
        "表1 图书册数\n\t类别\n\t册数\n\n\t纸质\n\t12000\n\n\n表2 安全检查记录\n\t日期\n\t内容\n\n\t三月\n\t消防\n\n\n"
    )
    summary = build([write(tmp_path / "a.txt", make_text() + tables)], home)
    issues = [record for record in records(home, "a", "issue") if record["code"] == "table-without-facts"]
    assert [issue["message"].split("：")[-1] for issue in issues] == ["表1图书册数", "表2安全检查记录"]
    assert all(issue["quote"] and issue["section"] and "start" in issue for issue in issues)
    assert summary.issues >= 2


def test_a_table_with_facts_is_no_issue(tmp_path: Path, home: Path) -> None:
    table = "表1 学生规模\n\t年度\n\t招生数\n\t在校生数\n\n\t2021年\n\t398\n\t1146\n\n\t2022年\n\t412\n\t1180\n\n\n"
    build([write(tmp_path / "a.txt", make_text() + table)], home)
    assert not [record for record in records(home, "a", "issue") if record["code"] == "table-without-facts"]
    figures = {(r["indicator"], r["year"], r["value"]) for r in records(home, "a", "figure")}
    assert {("招生数", 2021, 398), ("在校生数", 2022, 1180)} <= figures


def test_progress_is_told_for_each_file(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "in" / "a.txt")
    write(tmp_path / "in" / "b.txt", "")
    told: list[Progress] = []
    build([tmp_path / "in"], home, on_progress=told.append)
    assert [(p.file, p.state) for p in told] == [
        ("a.txt", "reading"),
        ("a.txt", "built"),
        ("b.txt", "reading"),
        ("b.txt", "failed"),
    ]
    assert [p.done for p in told] == [0, 1, 1, 2]
    assert {p.total for p in told} == {2}


# --- bad input --------------------------------------------------------------------------------------------------------


def write_damaged_docx(path: Path) -> None:
    docx.Document().save(str(path))
    path.write_bytes(path.read_bytes()[:-2000])


def write_damaged_pdf(path: Path) -> None:
    canvas = Canvas(str(path))
    canvas.drawString(72, 700, "text")
    canvas.save()
    path.write_bytes(path.read_bytes()[:200])


def write_encrypted_pdf(path: Path) -> None:
    canvas = Canvas(str(path), encrypt=StandardEncryption("secret", strength=128))
    canvas.drawString(72, 700, "text")
    canvas.save()


def write_scanned_pdf(path: Path) -> None:
    canvas = Canvas(str(path))
    canvas.rect(72, 500, 200, 200, fill=1)
    canvas.save()


def write_folder(path: Path) -> None:
    path.mkdir()


BAD: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "empty": ("坏 文件.txt", lambda path: path.write_bytes(b""), "empty"),
    "blank": ("坏 文件.txt", lambda path: path.write_text(" \n\t\n\n"), "no text"),
    "binary as text": ("坏 文件.txt", lambda path: path.write_bytes(bytes(range(256)) * 8), "not a text file"),
    "binary as pdf": ("坏 文件.pdf", lambda path: path.write_bytes(bytes(range(256)) * 8), r"named \.pdf"),
    "picture as docx": ("坏 文件.docx", lambda path: path.write_bytes(b"\x89PNG\r\n"), r"named \.docx.* a picture"),
    "pdf as text": ("坏 文件.txt", write_encrypted_pdf, "password"),
    "pdf as docx": ("坏 文件.docx", write_encrypted_pdf, "password"),
    "damaged docx": ("坏 文件.docx", write_damaged_docx, "damaged"),
    "damaged pdf": ("坏 文件.pdf", write_damaged_pdf, "damaged"),
    "encrypted pdf": ("坏 文件.pdf", write_encrypted_pdf, "password"),
    "scanned pdf": ("坏 文件.pdf", write_scanned_pdf, "scan|text"),
    "unknown kind": ("坏 文件.pages", lambda path: path.write_text(make_text()), "no reader"),
    "no ending": ("坏 文件", lambda path: path.write_text(make_text()), "no reader"),
    "empty folder": ("坏 文件", write_folder, "no report in this folder"),
    "missing": ("坏 文件.txt", lambda path: None, "no such file"),
    "dangling link": ("坏 文件.txt", lambda path: path.symlink_to("nowhere"), "no such file"),
}


@pytest.mark.parametrize("what", list(BAD))
def test_a_bad_input_is_one_line_and_stops_nobody_else(tmp_path: Path, home: Path, what: str) -> None:
    name, make, cause = BAD[what]
    bad = tmp_path / "in" / name
    bad.parent.mkdir()
    make(bad)
    good = [write(tmp_path / "a.txt"), write(tmp_path / "z.txt", make_text(partner="汉水酒店"))]
    summary = build([good[0], bad, good[1]], home)
    assert summary.reports == ["a", "z"]
    assert partners(home, "z") == {"汉水酒店"}
    ((path, message),) = summary.failed
    assert path == str(bad)
    assert name in message and "\n" not in message
    assert re.search(cause, message), message
    assert "internal error" not in message and "Traceback" not in message


@pytest.mark.parametrize(
    "what", [what for what in BAD if what not in ("missing", "unknown kind", "no ending", "empty folder")]
)
def test_a_bad_file_in_a_folder_is_told_and_the_others_are_built(tmp_path: Path, home: Path, what: str) -> None:
    name, make, _ = BAD[what]
    write(tmp_path / "in" / "a.txt")
    make(tmp_path / "in" / name)
    summary = build([tmp_path / "in"], home)
    assert summary.reports == ["a"]
    assert [path for path, _ in summary.failed] == [str(tmp_path / "in" / name)]


def test_a_file_that_may_not_be_read(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, secret = write(tmp_path / "a.txt"), write(tmp_path / "b.txt")
    opened = Path.open

    def refuse(self: Path, *args: Any, **options: Any) -> Any:
        if self == secret:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    summary = build([good, secret], home)
    assert summary.reports == ["a"]
    assert summary.failed == [(str(secret), f"{secret}: cannot be opened (Permission denied)")]


def test_a_folder_that_may_not_be_listed(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in" / "a.txt")
    closed = tmp_path / "in" / "closed"
    closed.mkdir()
    walk = inputs.os.walk

    def refuse(top: Any, onerror: Any = None, **options: Any) -> Any:
        onerror(PermissionError(13, "Permission denied", str(closed)))
        return walk(top, onerror=onerror, **options)

    monkeypatch.setattr(inputs.os, "walk", refuse)
    summary = build([tmp_path / "in"], home)
    assert summary.reports == ["a"]
    assert summary.failed == [(str(closed), f"{closed}: Permission denied")]


def test_a_fault_of_ours_on_one_file_stops_nobody_else(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = extraction.find_mentions

    def stumble(document: Any) -> Any:
        if document.report == "b":
            raise KeyError("two\nlines")
        return find(document)

    monkeypatch.setattr(extraction, "find_mentions", stumble)
    summary = build([write(tmp_path / f"{name}.txt") for name in "abc"], home)
    assert summary.reports == ["a", "c"]
    ((path, message),) = summary.failed
    assert path == str(tmp_path / "b.txt")
    assert "b.txt" in message and "KeyError" in message and "\n" not in message


def test_a_build_of_bad_files_only_leaves_the_home_as_it_was(tmp_path: Path, home: Path) -> None:
    build([write(tmp_path / "a.txt")], home)
    before = files_of(home)
    for fresh in (False, True):
        summary = build([write(tmp_path / "b.txt", "")], home, fresh=fresh)
        assert summary.reports == [] and len(summary.failed) == 1
        assert files_of(home) == before


def test_a_bad_file_leaves_no_home_behind(tmp_path: Path, home: Path) -> None:
    build([write(tmp_path / "b.txt", "")], home)
    assert not home.exists()


def test_a_changed_file_that_fails_keeps_its_former_facts(tmp_path: Path, home: Path) -> None:
    path = write(tmp_path / "a.txt")
    build([path, write(tmp_path / "b.txt")], home)
    before = files_of(home)
    path.write_bytes(b"")
    summary = build([path], home)
    assert summary.failed[0][0] == str(path)
    assert files_of(home) == before


def test_a_fresh_build_keeps_the_former_facts_of_a_named_file_that_fails(tmp_path: Path, home: Path) -> None:
    path, other = write(tmp_path / "a.txt"), write(tmp_path / "b.txt")
    build([path, other], home)
    path.write_bytes(b"")
    build([path, other], home, fresh=True)
    assert reports_in(home) == {"a", "b"}


def test_a_broken_registry_is_named(tmp_path: Path, home: Path) -> None:
    registry = home / "identity" / "registry.jsonl"
    registry.parent.mkdir(parents=True)
    registry.write_text("{broken\n", encoding="utf-8")
    with pytest.raises(pipeline.KgError, match=r"registry\.jsonl"):
        build([write(tmp_path / "a.txt")], home)


# --- names of files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["岚皋 报告（终稿）.txt", "a.b.c.txt", "100%.txt", "～ä é.TXT", "报告 [2022] 'x'.txt", "a#b&c;.txt", "-x.txt"],
)
def test_names_of_files_with_odd_characters(tmp_path: Path, home: Path, name: str) -> None:
    summary = build([write(tmp_path / name)], home)
    report = name.rpartition(".")[0]
    assert (summary.reports, summary.failed) == ([report], [])
    assert read_statement_file(statement_path(home, report)).report.report == report


def test_two_files_of_one_name_in_two_folders(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "in" / "甲 县" / "报告.txt")
    write(tmp_path / "in" / "乙县" / "报告.txt", make_text(partner="汉水酒店"))
    summary = build([tmp_path / "in"], home)
    assert summary.reports == ["乙县/报告", "甲 县/报告"]
    assert partners(home, "甲 县/报告") == {"汉江轴承厂"}
    assert partners(home, "乙县/报告") == {"汉水酒店"}
    assert len(list((home / "statements").iterdir())) == 2


def test_two_files_of_one_name_named_one_by_one(tmp_path: Path, home: Path) -> None:
    paths = [write(tmp_path / folder / "报告.txt") for folder in ("甲", "乙")]
    assert build(paths, home).reports == ["乙/报告", "甲/报告"]


def test_two_kinds_of_one_name(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "in" / "报告.txt")
    write(tmp_path / "in" / "报告.html", f"<html><body><p>{make_text(partner='汉水酒店')}</p></body></html>")
    assert len(build([tmp_path / "in"], home).reports) == 2
    assert len(reports_in(home)) == 2


def test_three_files_of_one_name_in_folders_of_one_name(tmp_path: Path, home: Path) -> None:
    for place in "甲乙丙":
        write(tmp_path / place / "2022" / "报告.txt", make_text(partner=f"{place}江轴承厂"))
    summary = build([tmp_path / place for place in "甲乙丙"], home)
    assert len(summary.reports) == 3
    assert {partner for report in summary.reports for partner in partners(home, report)} == {
        f"{place}江轴承厂" for place in "甲乙丙"
    }


def test_ids_do_not_depend_on_the_order_of_paths(tmp_path: Path) -> None:
    folders = [tmp_path / place for place in ("甲", "乙")]
    for folder in folders:
        write(folder / "2022" / "报告.txt", make_text(partner=f"{folder.name}江轴承厂"))
    build(folders, tmp_path / "one")
    build(folders[::-1], tmp_path / "other")
    assert files_of(tmp_path / "one") == files_of(tmp_path / "other")


@pytest.mark.xfail(reason="built one after the other, the second file takes the first one's place", strict=False)
def test_two_files_of_one_name_built_one_after_the_other(tmp_path: Path, home: Path) -> None:
    for place in ("甲", "乙"):
        build([write(tmp_path / place / "报告.txt", make_text(partner=f"{place}江轴承厂"))], home)
    assert len(reports_in(home)) == 2


def test_long_chinese_names_in_two_folders(tmp_path: Path, home: Path) -> None:
    for place in ("甲县", "乙县"):
        write(tmp_path / "in" / place / "岚皋县巴山职业教育中心2022年度中等职业教育质量年度报告（正式稿）.txt")
    write(tmp_path / "in" / "z.txt")
    assert len(build([tmp_path / "in"], home).reports) == 3


def test_the_longest_name_that_a_file_may_have(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "in" / f"{'报' * 83}.txt")
    write(tmp_path / "in" / "z.txt")
    assert len(build([tmp_path / "in"], home).reports) == 2


def test_hidden_and_temporary_files_and_notes_are_passed_over(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "in" / "a.txt")
    for name in (".a.txt", "~$a.docx", "README.txt", "notes.md", ".git/config.txt"):
        write(tmp_path / "in" / name)
    summary = build([tmp_path / "in"], home)
    assert (summary.reports, summary.failed) == (["a"], [])


def test_a_file_named_twice_is_built_once(tmp_path: Path, home: Path) -> None:
    path = write(tmp_path / "in" / "a.txt")
    assert build([path, path, tmp_path / "in"], home).reports == ["a"]


# --- again ------------------------------------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    sources = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".md")
    homes = [tmp_path / name for name in ("one", "other", "third")]
    build(sources, homes[0])
    build(sources[::-1], homes[1])
    build([SAMPLES], homes[2])
    assert files_of(homes[0]) == files_of(homes[1]) == files_of(homes[2])
    before = files_of(homes[0])
    build(sources, homes[0])
    assert files_of(homes[0]) == before


def test_building_one_by_one_gives_the_same_entities(tmp_path: Path) -> None:
    sources = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".md")
    together, one_by_one = tmp_path / "together", tmp_path / "one by one"
    build(sources, together)
    for source in sources:
        build([source], one_by_one)
    for source in sources:
        assert records(together, source.stem, "entity") == records(one_by_one, source.stem, "entity")


def test_a_second_build_replaces_its_report_and_keeps_the_others(tmp_path: Path, home: Path) -> None:
    path, other = write(tmp_path / "a.txt"), write(tmp_path / "b.txt")
    build([path, other], home)
    kept = statement_path(home, "b").read_bytes()
    write(path, make_text(partner="汉水酒店"))
    build([path], home)
    assert partners(home, "a") == {"汉水酒店"}
    assert statement_path(home, "b").read_bytes() == kept


def test_an_iri_stays_when_the_report_changes(tmp_path: Path, home: Path) -> None:
    path = write(tmp_path / "a.txt")

    def school() -> str:
        (entity,) = [record for record in records(home, "a", "entity") if record["type"] == "School"]
        return str(entity["iri"])

    build([path], home)
    before = school()
    write(path, make_text(school="岚皋县巴山职教中心", partner="汉水酒店"))
    build([path], home)
    assert school() == before


def test_a_fresh_build_takes_the_others_away(tmp_path: Path, home: Path) -> None:
    build([write(tmp_path / "a.txt"), write(tmp_path / "b.txt")], home)
    build([write(tmp_path / "c.txt")], home, fresh=True)
    assert reports_in(home) == {"c"}


def test_a_fresh_build_takes_nothing_away_before_it_has_something(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([write(tmp_path / "a.txt")], home)
    seen: list[bool] = []
    read = extraction.read_document

    def look(*arguments: Any) -> Any:
        seen.append(statement_path(home, "a").exists())
        return read(*arguments)

    monkeypatch.setattr(extraction, "read_document", look)
    build([write(tmp_path / "c.txt")], home, fresh=True)
    assert seen == [True]
    assert reports_in(home) == {"c"}


def test_a_build_that_is_broken_off_leaves_whole_files_only(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.txt")
    build([path], home)
    before = files_of(home)
    write(path, make_text(partner="汉水酒店"))

    def interrupt(*args: Any, **options: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build([path], home)
    monkeypatch.undo()
    after = files_of(home)
    for name in ("identity/registry.jsonl", "inputs.jsonl"):  # lines were added: what is begun
        journal = after.pop(name)
        assert journal.startswith(before.pop(name)) and journal.endswith(b"\n")
    assert after == before
    build([path], home)  # and the next one does it
    assert partners(home, "a") == {"汉水酒店"}


def test_a_home_may_be_moved(tmp_path: Path, home: Path) -> None:
    path = write(tmp_path / "a.txt")
    build([path], home)
    before = files_of(home)
    shutil.move(home, tmp_path / "moved home")
    build([path], tmp_path / "moved home")
    assert files_of(tmp_path / "moved home") == before


def test_a_missing_path_says_so() -> None:
    summary = build([Path("/no/such/place")], Path("/no/home"))
    assert summary.failed == [("/no/such/place", str(UnreadableInput("/no/such/place: no such file or folder")))]
