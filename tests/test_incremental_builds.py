"""What a build reads again and what not, what it takes out, and how it goes on after it was stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import pytest
from test_pipeline import SAMPLES, files_of, make_text, partners, records, reports_in, write

from kg import extraction, pipeline
from kg.built_inputs import BuiltInputs
from kg.pipeline import build, statement_path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for at, partner in enumerate(("汉江轴承厂", "秦岭制药厂", "月河丝绸厂")):
        write(tmp_path / "in" / f"r{at}.txt", make_text(partner=partner, year=2020 + at))
    return tmp_path / "in"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_what_has_not_changed_is_not_read_again(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build([folder], home)
    before = files_of(home)
    monkeypatch.setattr(extraction, "read_document", None)  # whoever reads fails
    summary = build([folder], home)
    assert (summary.reports, summary.unchanged, summary.failed) == ([], 3, [])
    assert files_of(home) == before


def test_only_what_has_changed_is_read_again(folder: Path, home: Path) -> None:
    build([folder], home)
    others = {name: text for name, text in files_of(home / "statements").items() if name != "r1.jsonl"}
    write(folder / "r1.txt", make_text(partner="巴山茶厂", year=2021))
    summary = build([folder], home)
    assert (summary.reports, summary.unchanged) == (["r1"], 2)
    assert partners(home, "r1") == {"巴山茶厂"}
    assert {name: text for name, text in files_of(home / "statements").items() if name != "r1.jsonl"} == others


def test_a_large_registry_is_added_to_and_put_in_order_when_much_is_new(
    folder: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.registry.LARGE", 0)
    for at in range(40):
        write(folder / f"s{at}.txt", make_text(partner=f"第{at}轴承厂", year=2001 + at % 20))
    build([folder], home)
    before = (home / "identity" / "registry.jsonl").read_text(encoding="utf-8").splitlines()
    assert before == sorted(before, key=lambda line: json.loads(line)["key"])
    write(folder / "a.txt", make_text(partner="巴山茶厂", year=2021))
    build([folder], home)
    after = (home / "identity" / "registry.jsonl").read_text(encoding="utf-8").splitlines()
    assert after[: len(before)] == before and len(after) > len(before)
    again = tmp_path / "again"
    shutil.copytree(home / "identity", again / "identity")
    build([folder], again)
    assert files_of(again / "statements") == files_of(home / "statements")


def test_another_version_of_the_code_reads_all_again(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build([folder], home)
    before = files_of(home / "statements")
    monkeypatch.setattr("kg.pipeline.digest_code", lambda: "another")
    assert build([folder], home).reports == ["r0", "r1", "r2"]
    assert files_of(home / "statements") == before


def test_fresh_reads_all_again(folder: Path, home: Path) -> None:
    build([folder], home)
    assert build([folder], home, fresh=True).reports == ["r0", "r1", "r2"]


def test_a_statement_file_that_somebody_deleted_is_made_again(folder: Path, home: Path) -> None:
    build([folder], home)
    before = files_of(home)
    statement_path(home, "r2").unlink()
    assert build([folder], home).reports == ["r2"]
    assert files_of(home) == before


def test_a_renamed_file_is_read_under_its_new_name(folder: Path, home: Path) -> None:
    build([folder], home)
    (folder / "r1.txt").rename(folder / "r9.txt")
    summary = build([folder], home)
    assert (summary.reports, summary.removed) == (["r9"], ["r1"])
    assert reports_in(home) == {"r0", "r2", "r9"}


def test_a_report_whose_file_is_gone_goes(folder: Path, home: Path) -> None:
    write(folder.parent / "elsewhere.txt", make_text(partner="别处工厂"))
    build([folder, folder.parent / "elsewhere.txt"], home)
    (folder / "r1.txt").unlink()
    assert build([folder / "r0.txt"], home).removed == []  # only a folder says that something is not in it
    summary = build([folder], home)
    assert (summary.removed, summary.unchanged) == (["r1"], 2)
    assert reports_in(home) == {"r0", "r2", "elsewhere"}
    assert build([folder], home).removed == []


def test_an_empty_folder_takes_nothing_away(folder: Path, home: Path) -> None:
    """It may be a drive that is not mounted."""
    build([folder], home)
    for file in folder.iterdir():
        file.unlink()
    summary = build([folder], home)
    assert summary.removed == [] and "no report in this folder" in summary.failed[0][1]
    assert reports_in(home) == {"r0", "r1", "r2"}


def test_a_file_that_cannot_be_read_any_more_keeps_what_was_known(folder: Path, home: Path) -> None:
    build([folder], home)
    (folder / "r1.txt").write_bytes(b"")
    summary = build([folder], home)
    assert summary.removed == [] and len(summary.failed) == 1
    assert partners(home, "r1") == {"秦岭制药厂"}


def test_a_second_file_of_one_name_moves_the_first_to_a_longer_id(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "in" / "a" / "report.txt", make_text(partner="汉江轴承厂"))
    build([tmp_path / "in"], home)
    write(tmp_path / "in" / "b" / "report.txt", make_text(partner="秦岭制药厂"))
    summary = build([tmp_path / "in"], home)
    assert (sorted(summary.reports), summary.removed) == (["a/report", "b/report"], ["report"])
    assert reports_in(home) == {"a/report", "b/report"}


@pytest.mark.parametrize("torn", ['{"iri": "https://w3id.org/zhijiao-kg/id/school/0', "{"])
def test_a_registry_whose_last_line_was_broken_off_is_mended(folder: Path, home: Path, torn: str) -> None:
    build([folder], home)
    before = files_of(home)
    with (home / "identity" / "registry.jsonl").open("a", encoding="utf-8") as file:
        file.write(torn)
    write(folder / "r1.txt", make_text(partner="秦岭制药厂", year=2021) + "\n")  # the same, in other bytes
    build([folder], home)
    after = files_of(home)
    assert after["identity/registry.jsonl"] == before["identity/registry.jsonl"]
    assert [json.loads(line)["report"] for line in after["inputs.jsonl"].splitlines()] == ["r0", "r1", "r2"]


def test_inputs_that_cannot_be_understood_are_read_again(folder: Path, home: Path) -> None:
    build([folder], home)
    (home / "inputs.jsonl").write_bytes(b"\xff\xfe nothing\n[1, 2]\n")
    assert build([folder], home).reports == ["r0", "r1", "r2"]


KILLED = """
import sys
from pathlib import Path
from kg.pipeline import build
build([Path(sys.argv[1])], Path(sys.argv[2]), on_progress=lambda at: print(at.done, flush=True))
"""


def test_a_killed_build_goes_on_where_it_stopped(tmp_path: Path, folder: Path, home: Path) -> None:
    for at in range(3, 12):
        write(folder / f"r{at}.txt", make_text(partner=f"第{at}机械厂", year=2010 + at))
    build([folder], tmp_path / "undisturbed")
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder), str(home)], stdout=subprocess.PIPE, env=os.environ
    ) as process:
        assert process.stdout is not None
        while int(process.stdout.readline()) < 4:
            pass
        process.send_signal(signal.SIGKILL)
    summary = build([folder], home)
    assert summary.unchanged >= 4 and summary.unchanged + len(summary.reports) == 12
    assert files_of(home) == files_of(tmp_path / "undisturbed")


# --- stopped in between -------------------------------------------------------------------------------------------------


class Stopped(BaseException):
    """As if the process had been killed just there: nothing after it is done."""


def stop_at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, after: int = 0) -> None:
    """Stops at the call of a function, or at a later one of its calls."""
    original = getattr(owner, name)
    calls = iter(range(after))

    def stop(*args: Any, **options: Any) -> Any:
        if next(calls, None) is None:
            raise Stopped
        return original(*args, **options)

    monkeypatch.setattr(owner, name, stop)


def build_stopped(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch, *where: Any) -> None:
    with monkeypatch.context() as patch:
        stop_at(patch, *where)
        with pytest.raises(Stopped):
            build([folder], home)


def test_a_report_that_was_begun_and_whose_file_is_gone_by_then_goes(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_stopped(folder, home, monkeypatch, BuiltInputs, "add", 1)  # its statement file is there
    assert statement_path(home, "r0").exists()
    (folder / "r0.txt").unlink()
    assert build([folder], home).removed == ["r0"]
    assert reports_in(home) == {"r1", "r2"}


def test_a_report_that_is_better_told_elsewhere_is_not_there_twice_whenever_the_build_is_stopped(
    tmp_path: Path, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SAMPLES / "weixian-2021.txt", folder / "long.txt")
    build([folder], home)
    document = docx.Document()
    for line in (folder / "long.txt").read_text(encoding="utf-8").splitlines():
        document.add_paragraph(line)
    document.save(folder / "better.docx")
    for after in range(3):
        shutil.copytree(home, tmp_path / str(after))
        build_stopped(folder, tmp_path / str(after), monkeypatch, BuiltInputs, "add", after)
        build([folder], tmp_path / str(after))
        assert reports_in(tmp_path / str(after)) == {"better", "r0", "r1", "r2"}


def test_a_build_that_was_stopped_at_its_end_leaves_files_in_order_all_the_same(
    tmp_path: Path, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "a9.txt", make_text(partner="女娲茶厂"))
    build([folder], tmp_path / "undisturbed")
    build_stopped(folder, home, monkeypatch, pipeline, "_write_lines", 4)  # all reports are done
    build([folder], home)
    assert files_of(home) == files_of(tmp_path / "undisturbed")


def test_inputs_whose_last_line_was_broken_off_lose_only_that(folder: Path, home: Path) -> None:
    build([folder], home)
    with (home / "inputs.jsonl").open("ab") as file:
        file.write('{"report": "r1", "path": "岚'.encode()[:-1])
    write(folder / "r2.txt", make_text(partner="巴山茶厂", year=2021))
    assert build([folder], home).reports == ["r2"]
    assert build([folder], home).unchanged == 3


def test_what_somebody_fills_in_while_a_build_runs_stays(folder: Path, home: Path) -> None:
    write(folder / "r3.txt", "质量报告\n学校与汉江轴承厂合作，选派护理专业40名学生顶岗实习。\n")
    build([folder], home)
    place = home / "reports.csv"
    lines = place.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["r3"]
    write(folder / "r2.txt", make_text(partner="巴山茶厂", year=2021))
    filled = f"{lines[0]}\nr3,r3.txt,2022,学校,岚皋县巴山职业教育中心,岚皋县\n"
    build([folder], home, on_progress=lambda _: place.write_text(filled, encoding="utf-8-sig"))
    assert "r3.txt,2022,学校,岚皋县巴山职业教育中心" in place.read_text(encoding="utf-8-sig")
    assert build([folder], home).reports == ["r3"]
    assert records(home, "r3", "report")[0]["year"] == 2022


def test_a_duplicate_of_what_has_changed_is_looked_at_again(folder: Path, home: Path) -> None:
    shutil.copy(folder / "r1.txt", folder / "r5.txt")
    assert build([folder], home).duplicates
    write(folder / "r1.txt", make_text(school="石泉县职业教育中心", partner="巴山茶厂", year=2023))
    summary = build([folder], home)
    assert (sorted(summary.reports), summary.duplicates) == (["r1", "r5"], [])
    assert partners(home, "r5") == {"秦岭制药厂"}


def test_a_report_under_another_name_is_not_taken_for_what_its_old_name_holds_now(folder: Path, home: Path) -> None:
    shutil.copy(SAMPLES / "weixian-2021.txt", folder / "r9.txt")
    build([folder], home)
    (folder / "r9.txt").rename(folder / "r8.txt")
    write(folder / "r9.txt", make_text(school="石泉县职业教育中心", partner="巴山茶厂", year=2023))
    summary = build([folder], home)
    assert (sorted(summary.reports), summary.duplicates) == (["r8", "r9"], [])
