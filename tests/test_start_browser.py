"""The start page as people meet it: opened from disk in Chromium, with no network, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browser import DESKTOP, PHONE, Heard, check_with_axe, open_browser, open_page
from start_home import HAFO, make_named_home, make_placed_home
from test_network import HOSTILE

from kg import network, start_page

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    made = make_placed_home(tmp_path_factory.mktemp("start"))
    network.draw_home(made, made / "network.html")
    start_page.write_start(made)
    return made


@contextmanager
def visit(browser, home: Path, size: tuple[int, int] = DESKTOP) -> Iterator[tuple[Any, Heard]]:
    """The start page of a home, which must ask for nothing, say nothing, and fit into the window."""
    with open_page(browser, home / "index.html", size) as (page, heard):
        yield page, heard
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert heard == Heard()


def read_names(page, table: str) -> list[str]:
    """The names in the first column of a table, as they are seen."""
    return page.locator(f"#rows-{table} th[scope=row]").all_inner_texts()


@SIZES
def test_numbers_charts_map_and_tables_are_there_at_once(browser, home, size):
    with visit(browser, home, size) as (page, _):
        assert page.locator(".numbers li").all_inner_texts()[3].split("\n")[:2] == ["7", "校企合作"]
        bars = page.locator("#charts .chart", has_text="以每种方式合作的校企对数").locator("tbody tr")
        assert [" ".join(text.split()) for text in bars.all_inner_texts()][:2] == ["顶岗实习 3", "现代学徒制 2"]
        widths = [box["width"] for box in (bar.bounding_box() for bar in bars.locator(".bar").all())]
        assert widths[0] == pytest.approx(1.5 * widths[1], rel=0.03) and widths[-1] > 5
        assert page.locator("#map-stage circle").count() == 2 and page.locator("#map-stage .flow").count() == 1
        assert read_names(page, "schools") == ["白洋湖职业技术学校", "青松岭职业教育中心", "燕西应用技术学院"]
        assert page.inner_text("#count-partners") == "共 5 条"


@SIZES
def test_the_page_speaks_english_and_chinese_again(browser, home, size):
    with visit(browser, home, size) as (page, _):
        page.click("#language")
        assert page.evaluate("document.documentElement.lang") == "en"
        text = page.inner_text("body")
        for words in ("At a glance", "Modes of cooperation", "internship", "Enterprise", "Map of partnerships"):
            assert words in text, words
        assert not set("的是在") & set(page.inner_text("#charts") + page.inner_text("#numbers"))
        page.click("#language")
        assert "合作地图" in page.inner_text("body") and page.title() == "职业教育质量报告知识图谱"


def test_a_bar_filters_the_table_that_it_counts(browser, home):
    with visit(browser, home) as (page, _):
        page.get_by_role("button", name="顶岗实习").click()
        assert set(read_names(page, "partners")) == {"长城哈弗汽车分公司", "小荷幼儿园", "白洋湖县人民医院"}
        assert page.inner_text("#count-partners") == "共 5 条，符合 3 条"
        assert page.evaluate("document.activeElement.id") == "table-partners"
        page.select_option("#partners-type", "Hospital")
        assert read_names(page, "partners") == ["白洋湖县人民医院"]
        page.click("#clear-partners")
        assert len(read_names(page, "partners")) == 5 and page.is_hidden("#clear-partners")
        page.get_by_role("button", name="2022").click()
        assert read_names(page, "reports") == ["白洋湖职业技术学校质量年度报告（2022年度）"]


def test_tables_sort_by_each_column_and_filter_by_name(browser, home):
    with visit(browser, home) as (page, _):
        head = page.locator("#table-schools thead th")
        head.get_by_text("陈述数").click()
        assert head.nth(4).get_attribute("aria-sort") == "descending"
        assert read_names(page, "schools")[0] == "白洋湖职业技术学校"
        head.get_by_text("陈述数").click()
        assert read_names(page, "schools") == ["燕西应用技术学院", "青松岭职业教育中心", "白洋湖职业技术学校"]
        for _ in range(2):  # what is not known comes last, whichever way the others go
            head.get_by_text("所在地").click()
            assert read_names(page, "schools")[-1] == "燕西应用技术学院"
        page.fill("#text-schools", " 青松 ")
        assert read_names(page, "schools") == ["青松岭职业教育中心"]
        page.fill("#text-schools", "没有这个名称")
        assert read_names(page, "schools") == [] and page.inner_text("#count-schools") == "没有符合的条目。"
        page.fill("#text-programmes", "青松岭")  # a programme is found by the schools it names
        assert read_names(page, "programmes") == ["机电技术应用"]


@SIZES
def test_a_place_filters_schools_and_partners(browser, home, size):
    with visit(browser, home, size) as (page, _):
        page.locator('#map-stage circle[data-code="130632"]').click()
        assert read_names(page, "schools") == ["白洋湖职业技术学校"]
        assert page.inner_text("#table-schools .tag") == "所在地 · 安新县"
        page.locator("#map-places button", has_text="保定市").click()
        # The county lies in the prefecture.
        assert read_names(page, "schools") == ["白洋湖职业技术学校", "青松岭职业教育中心"]
        assert read_names(page, "partners") == ["长城哈弗汽车分公司"]
        assert page.locator("#map-places button[aria-pressed=true]").inner_text() == "河北 保定市"


def test_the_map_tells_what_a_pointer_meets_and_zooms(browser, home):
    with visit(browser, home) as (page, _):
        stage = page.locator("#map-stage")
        stage.scroll_into_view_if_needed()
        page.locator('circle[data-code="130600"]').hover()
        assert page.inner_text("#map-said") == "河北 保定市：合作 3，学校 1，单位 1"
        page.locator("#map-stage .flow").dispatch_event("pointerenter")
        assert page.inner_text("#map-said") == "河北 安新县 — 河北 保定市：合作 1"
        gap = "() => Math.abs(...[...document.querySelectorAll('circle')].map((c) => +c.getAttribute('cx')).sort((a, b) => a - b).reverse().reduce((a, b) => [a - b]))"
        before = page.evaluate(gap)
        page.click("#map-in")
        assert page.evaluate(gap) == pytest.approx(1.6 * before, rel=0.01)
        box = stage.bounding_box()
        at = "Number(document.querySelector('circle').getAttribute('cx'))"
        start = page.evaluate(at)
        page.mouse.move(box["x"] + 30, box["y"] + 200)
        page.mouse.down()
        page.mouse.move(box["x"] + 90, box["y"] + 200, steps=5)
        page.mouse.up()
        assert page.evaluate(at) == pytest.approx(start + 60, abs=2)
        page.click("#map-fit")
        assert page.evaluate(gap) == pytest.approx(before)


def test_names_lead_into_the_network(browser, home):
    with visit(browser, home) as (page, _):
        link = page.locator("#rows-partners a").first
        assert link.get_attribute("href") == f"network.html#node={quote(HAFO, safe='')}"
        assert page.locator("a", has_text="打开合作网络图").get_attribute("href") == "network.html"
    with open_page(browser, home / "index.html") as (page, heard):
        page.locator("a", has_text="打开合作网络图").click()
        page.wait_for_url("**/network.html*")
        assert heard.errors == []


def write_with(home: Path, monkeypatch, change) -> None:
    """The page of a home with its data changed."""
    data = start_page.read_start(home)
    change(data)
    monkeypatch.setattr(start_page, "read_start", lambda *_, **__: data)
    start_page.write_start(home)


def add_schools(data: dict[str, Any]) -> None:
    rows = [[f"{start_page.DATA}school/{at}", f"第{at}职业学校", "", "", at, 1, 1] for at in range(999, 0, -1)]
    data["tables"]["schools"] = {"total": 4321, "rows": rows}


@SIZES
def test_a_long_table_comes_page_by_page_and_says_what_it_leaves_out(browser, tmp_path, monkeypatch, size):
    home = make_placed_home(tmp_path)
    write_with(home, monkeypatch, add_schools)
    with visit(browser, home, size) as (page, _):
        assert len(read_names(page, "schools")) == 20 and page.inner_text("#page-schools") == "第 1 / 50 页"
        assert "列出排在最前的 999 条，全部 4\u2009321 条" in page.inner_text("#table-schools .note")
        pager = page.locator("#pager-schools")
        assert pager.get_by_text("上一页").is_disabled()
        pager.get_by_text("下一页").click()
        assert read_names(page, "schools")[0] == "第979职业学校" and "2 / 50" in page.inner_text("#page-schools")
        page.locator("#table-schools thead").get_by_text("学校", exact=True).click()
        assert read_names(page, "schools")[:2] == ["第1职业学校", "第2职业学校"]  # as people count, from the first page
        page.fill("#text-schools", "第99")
        assert (
            page.inner_text("#count-schools") == "共 999 条，符合 11 条"
            and page.locator("#pager-schools *").count() == 0
        )


def test_paper_has_more_rows_than_a_screen(browser, tmp_path, monkeypatch):
    home = make_placed_home(tmp_path)
    write_with(home, monkeypatch, add_schools)
    with visit(browser, home) as (page, _):
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert len(read_names(page, "schools")) == 200
        assert page.is_hidden("#language") and page.is_hidden("#pager-schools")
        assert len(page.pdf()) > 20_000
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert len(read_names(page, "schools")) == 20


def test_one_walks_the_page_by_keys(browser, home):
    with visit(browser, home) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        seen = set()
        for _ in range(90):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        assert {"language", "map-size", "map-in", "text-schools", "partners-mode", "顶岗实习", "河北 安新县"} <= seen
        page.focus("#table-schools thead button")
        page.keyboard.press("Enter")
        assert page.locator("#table-schools th[aria-sort=ascending]").count() == 1


@SIZES
def test_names_run_nothing_and_break_nothing(browser, tmp_path, size):
    home = make_named_home(tmp_path, HOSTILE)
    start_page.write_start(home)
    with visit(browser, home, size) as (page, _):
        shown = {name for table in ("schools", "partners") for name in read_names(page, table)}
        whole = {" ".join(name.split()) for name in HOSTILE}
        assert len(shown) > 5 and {" ".join(name.split()) for name in shown} <= whole
        assert page.locator("#start img, #start iframe, #start script").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0
        commands = page.locator("#ways code").all_inner_texts()
        assert not any(mark in command for command in commands for mark in "<>\"'&;{}"), commands
        page.click("#language")
        page.locator("#table-partners thead button").first.click()


@SIZES
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_no_serious_fault(browser, home, size, language):
    with visit(browser, home, size) as (page, _):
        if language == "en":
            page.click("#language")
        assert check_with_axe(page) == []
        page.locator("#map-places button").first.click()
        assert check_with_axe(page) == []


def test_a_graph_without_places_or_partners_has_a_whole_page(browser, tmp_path, monkeypatch):
    def empty(data: dict[str, Any]) -> None:
        data |= {"places": [], "flows": []}
        data["charts"] |= {"modes": [], "modesByYear": [], "classes": [], "silent": 0}
        data["tables"] = {name: {"total": 0, "rows": []} for name in data["tables"]}

    home = make_placed_home(tmp_path)
    write_with(home, monkeypatch, empty)
    with visit(browser, home) as (page, _):
        assert "无法作图" in page.inner_text("#map") and "报告中没有这样的内容" in page.inner_text("#charts")
        assert page.inner_text("#count-schools") == "共 0 条"
        assert page.locator("a", has_text="打开合作网络图").count() == 0  # no picture lies beside it
