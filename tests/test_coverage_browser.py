"""The page of the coverage as people meet it: in Chromium, from disk, with no network, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import DESKTOP, PHONE, Heard, check_with_axe, open_page
from graph_home import shared_home
from start_home import make_named_home, make_placed_home
from test_network import HOSTILE

from kg import coverage_page
from kg.coverage_page import read_coverage, write_coverage

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
SCHOOL, OTHER = "白洋湖职业技术学校", "青松岭职业教育中心"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("coverage")
    write_coverage(read_coverage(make_placed_home(folder)), folder / "coverage.html")
    return folder / "coverage.html"


@contextmanager
def visit(browser, file: Path, size: tuple[int, int] = DESKTOP) -> Iterator[tuple[Any, Heard]]:
    """The page, which must ask for nothing, say nothing, and fit into the window."""
    with open_page(browser, file, size) as (page, heard):
        yield page, heard
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert heard == Heard()


def read_row(page, part: str, name: str) -> list[str]:
    return page.locator(f"#{part} tbody tr", has=page.locator("th", has_text=name)).locator("td").all_inner_texts()


@SIZES
def test_matrices_hold_numbers_and_not_colours_alone(browser, page_file, size):
    with visit(browser, page_file, size) as (page, _):
        heads = page.locator("#classes thead th").all_inner_texts()
        assert heads == [
            "学校",
            "合计",
            "合作单位",
            "6603 自动化类",
            "7002 道路运输类",
            "7202 护理类",
            "目录外",
            "未写明专业",
        ]
        assert read_row(page, "classes", OTHER) == ["1/2", "2", "0/1", "1/1", "", "", "1"]
        assert read_row(page, "classes", "保定市（全地区）") == ["1", "1", "", "", "", "", "1"]
        assert read_row(page, "modes", "汽车运用与维修")[:2] == ["2", "1"]
        row = read_row(page, "places", OTHER)
        assert any("保定市" in text and "报告写明" in text for text in row)


@SIZES
def test_a_field_opens_its_facts_with_the_words_of_the_report(browser, page_file, size):
    with visit(browser, page_file, size) as (page, _):
        button = page.get_by_role("button", name=f"{OTHER}，合计：2个专业中1个有合作单位，查看依据")
        button.click()
        text = page.inner_text("dialog")
        assert "有合作单位的专业：汽车运用与维修" in text and "报告未提到合作单位的专业：机电技术应用" in text
        assert "青松岭职教与长城哈弗合作开展现代学徒制" in text and "22人" in text and "2023年" in text
        assert "按报告年度" in text  # of the statement that names no year
        assert "青松岭职教 机电技术应用" in text and "第12页" in text and "第3张表第5行" in text
        assert page.evaluate("document.activeElement.id") == "close"
        page.keyboard.press("Escape")
        assert page.locator("dialog").is_hidden()
        assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(OTHER)
        page.get_by_role("button", name=f"{SCHOOL}与蒙牛：1处").click()
        assert "白洋湖职校还与蒙牛等企业保持合作" in page.inner_text("dialog")
        page.click("#close")


@SIZES
def test_headings_stay_in_sight(browser, page_file, size):
    with visit(browser, page_file, size) as (page, _):
        scroll = page.locator("#classes .scroll")
        scroll.evaluate("(element) => { element.scrollLeft = 10000; element.scrollTop = 10000; }")
        box = scroll.bounding_box()
        corner = page.locator("#classes thead th").first.bounding_box()
        name = page.locator("#classes tbody th").first.bounding_box()
        assert corner["x"] == pytest.approx(box["x"] + 1, abs=2) and corner["y"] == pytest.approx(box["y"] + 1, abs=2)
        assert name["x"] == pytest.approx(box["x"] + 1, abs=2) and name["width"] <= 0.45 * size[0]


@SIZES
def test_the_page_speaks_english_and_chinese_again(browser, page_file, size):
    with visit(browser, page_file, size) as (page, _):
        page.click("#language")
        assert page.evaluate("document.documentElement.lang") == "en"
        text = page.inner_text("body")
        for words in ("Coverage of programmes", "internship", "said by a report", "no programme named", "prefecture"):
            assert words in text, words
        page.click("#language")
        assert page.title() == "专业的合作覆盖" and "顶岗实习" in page.inner_text("#modes")


def test_rows_are_found_by_name(browser, page_file):
    with visit(browser, page_file) as (page, _):
        page.fill("#filter-places", "青松岭")
        assert page.locator("#places tbody tr").count() == 2
        assert "显示 2 行，共 7 行" in page.inner_text("#places [role=status]")
        page.fill("#filter-places", "没有")
        assert "没有符合" in page.inner_text("#places [role=status]")
        page.click("#language")  # what was typed stays
        assert page.input_value("#filter-places") == "没有" and page.locator("#places tbody tr").count() == 0


def test_one_walks_the_page_by_keys(browser, page_file):
    with visit(browser, page_file) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.focus("#classes td button")
        page.keyboard.press("Enter")
        assert page.locator("dialog").is_visible()
        page.keyboard.press("Enter")  # the button that closes it has the focus
        assert page.locator("dialog").is_hidden()


@SIZES
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_no_serious_fault(browser, page_file, size, language):
    with visit(browser, page_file, size) as (page, _):
        if language == "en":
            page.click("#language")
        assert check_with_axe(page) == []
        page.locator("#classes td button").first.click()
        assert check_with_axe(page) == []


@SIZES
def test_names_run_nothing_and_break_nothing(browser, tmp_path, size):
    write_coverage(read_coverage(make_named_home(tmp_path, HOSTILE)), tmp_path / "coverage.html")
    with visit(browser, tmp_path / "coverage.html", size) as (page, _):
        assert page.locator("main img, main iframe, main script, dialog script").count() == 0
        for at in range(3):
            page.locator("main td button").nth(at).click()
            assert page.locator("dialog img, dialog script").count() == 0
            page.keyboard.press("Escape")
        page.click("#language")


def test_a_page_that_leaves_something_out_says_so(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(coverage_page, "MOST_LINES", 1)
    monkeypatch.setattr(coverage_page, "MOST_PAIRS", 2)
    monkeypatch.setattr(coverage_page, "MOST_FACTS", 1)
    monkeypatch.setattr(coverage_page, "LONGEST", 5)
    write_coverage(read_coverage(shared_home()), tmp_path / "a.html", english=True)
    with visit(browser, tmp_path / "a.html") as (page, _):
        assert "The first 1 rows of 3" in page.inner_text("#classes .note")
        assert "The first 2 rows of 7" in page.inner_text("#places .note")
        page.locator("#classes td button").first.click()
        text = page.inner_text("dialog")
        assert "6 more are not listed here" in text and "……" in text
        page.keyboard.press("Escape")


def test_paper_has_all_rows_and_columns(browser, page_file):
    with visit(browser, page_file) as (page, _):
        page.emulate_media(media="print")
        assert page.is_hidden("#language") and page.is_hidden("#filter-classes")
        assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflow") == "visible"
        assert len(page.pdf()) > 15_000
