"""The report of a build: what became of each file, beside the build before; for programs and for people."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from browser import DESKTOP, PHONE, Heard, check_with_axe, open_page

from kg.build_report import PAGE, REPORT, write_build_report
from kg.build_results import BuildSummary, FileResult, State

AT = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
HOSTILE = '坏"><img src=x onerror=alert(1)>.pdf'
COUNTS = {"partnersWith": 4, "offersProgramme": 2, "figures": 3, "issues": 1}


def make_summary(*others: FileResult, notes: tuple[str, ...] = ()) -> BuildSummary:
    return BuildSummary(
        [FileResult("in/甲校-2023.docx", State.READ, "甲校-2023", "", COUNTS, 1.26), *others], list(notes)
    )


EVERY = (
    FileResult("in/乙校.pdf", State.UNCHANGED, "乙校", counts={"partnersWith": 1}),
    FileResult(f"in/{HOSTILE}", State.FAILED, "坏", f"in/{HOSTILE}: damaged (EOF)", seconds=0.2),
    FileResult("in/甲校-2023.pdf", State.DUPLICATE, "甲校-2023.pdf", "the same report as 甲校-2023, which is used"),
    FileResult("in/照片.jpg", State.SKIPPED, cause="no reader for .jpg"),
    FileResult("in/旧.docx", State.REMOVED, "旧", "its file is gone"),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def read(home: Path) -> dict[str, Any]:
    return json.loads((home / REPORT).read_text(encoding="utf-8"))


def test_each_file_is_told_with_what_it_gave_or_why_it_gave_nothing(home):
    write_build_report(home, make_summary(*EVERY, notes=("look at this",)), AT, 12.34)
    told = read(home)
    assert (told["at"], told["seconds"], told["exit"], told["notes"]) == (
        "2026-03-01T22:30:00+00:00",
        12.3,
        1,
        ["look at this"],
    )
    assert told["totals"] == {
        "states": {"duplicate": 1, "failed": 1, "read": 1, "removed": 1, "skipped": 1, "unchanged": 1},
        "counts": COUNTS | {"partnersWith": 5},
    }
    assert told["files"][0] == {
        "file": "in/甲校-2023.docx",
        "state": "read",
        "report": "甲校-2023",
        "seconds": 1.26,
        "counts": COUNTS,
    }
    assert told["files"][2]["cause"].endswith("damaged (EOF)")


def test_the_build_before_stands_beside_it(home):
    write_build_report(home, make_summary(), AT, 1)
    assert read(home)["before"] is None and read(home)["exit"] == 0
    write_build_report(home, make_summary(*EVERY), AT, 1)
    assert read(home)["before"] == {"states": {"read": 1}, "counts": COUNTS}


@pytest.mark.parametrize("before", ["", "[]", "{}", '{"totals": 3}', '{"totals": {"counts": [], "states": {}}}'])
def test_a_report_before_that_cannot_be_understood_is_none(home, before):
    (home / REPORT).write_text(before, encoding="utf-8")
    write_build_report(home, make_summary(), AT, 1)
    assert read(home)["before"] is None


def rows(page) -> list[list[str]]:
    return [line.split("\t") for line in page.locator("#rows-files tr").all_inner_texts()]


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_shows_what_failed_first_and_filters_by_result(browser, home, size):
    write_build_report(home, make_summary(), AT, 1)
    write_build_report(home, make_summary(*EVERY, notes=(f"{HOSTILE}: gave no fact",)), AT, 75)
    with open_page(browser, home / PAGE, size) as (page, heard):
        assert "1 分 15 秒" in page.inner_text("#when") and "有 1 个文件未能读取" in page.inner_text("#when")
        assert [row[:2] for row in rows(page)][:2] == [[f"in/{HOSTILE}", "失败"], ["in/甲校-2023.pdf", "重复"]]
        assert "damaged (EOF)" in rows(page)[0][-1]
        assert HOSTILE in page.inner_text("#notes")
        found = page.inner_text("#found table").split("\n")
        assert "校企合作\t5\t4\t+1" in found and "数据\t3\t3\t0" in found
        page.click("#states button:has-text('读入')")
        assert rows(page) == [["in/甲校-2023.docx", "读入", "6", "3", "1", "1.3", ""]]
        page.click("#language")
        assert rows(page)[0][1] == "Read" and page.inner_text("h1") == "Build report"
        assert check_with_axe(page) == []
        page.fill("#text-files", "照片")
        page.select_option("#files-state", "")
        assert [row[1] for row in rows(page)] == ["Skipped"]
    assert heard == Heard()


@pytest.mark.browser
def test_the_page_of_a_first_build_has_nothing_to_compare_with(browser, home):
    write_build_report(home, make_summary(), AT, 1)
    with open_page(browser, home / PAGE) as (page, heard):
        assert "没有上次构建可比" in page.inner_text("#found") and "全部文件已处理" in page.inner_text("#when")
        assert page.locator("#notes").count() == 0
    assert heard == Heard()
