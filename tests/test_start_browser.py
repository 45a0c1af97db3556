"""The start page as people meet it: opened from disk in Chromium, with no network, on a desk and on a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browser import DESKTOP, PHONE, Heard, check_with_axe, open_page
from start_home import HAFO, make_named_home, make_placed_home
from test_network import HOSTILE

from kg import network, start_page
from kg.schema import DATA

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


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


# What a chart says of its bars, with the boxes in which they are drawn, but for their borders.
BARS = """(paths) => paths.map((path) => {
  const box = path.getBBox(), to = path.getScreenCTM();
  return [path.getAttribute('aria-label'), { x: box.x * to.a + to.e, y: box.y * to.d + to.f, width: box.width * to.a, height: box.height * to.d }];
})"""


def find_bars(page, chart: str) -> dict[str, dict[str, float]]:
    return dict(page.locator(f"#picture-{chart} path[aria-label]").evaluate_all(BARS))


def find_bar(page, chart: str, said: str):
    return page.locator(f"#picture-{chart} path[aria-label={json.dumps(said, ensure_ascii=False)}]")


@SIZES
def test_numbers_charts_map_and_tables_are_there_at_once(browser, home, size):
    with visit(browser, home, size) as (page, _):
        assert page.locator(".numbers li").all_inner_texts()[3].split("\n")[:2] == ["7", "校企合作"]
        bars = find_bars(page, "modes")
        assert list(bars)[:2] == ["顶岗实习：3", "现代学徒制：2"] and list(bars)[-1] == "未写方式：1"
        widths = [box["width"] for box in bars.values()]
        assert widths[0] == pytest.approx(1.5 * widths[1], rel=0.01) and widths[0] > size[0] / 10
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


@SIZES
def test_years_are_columns_and_modes_their_pieces(browser, home, size):
    with visit(browser, home, size) as (page, _):
        years = find_bars(page, "years")
        assert list(years) == ["2022：2", "2023：6"]
        assert years["2023：6"]["height"] == pytest.approx(3 * years["2022：2"]["height"], rel=0.01)
        assert years["2022：2"]["x"] < years["2023：6"]["x"]
        pieces = find_bars(page, "modesByYear")
        assert pieces["2023 顶岗实习：2"]["height"] == pytest.approx(2 * pieces["2022 顶岗实习：1"]["height"], rel=0.01)
        column = [box for said, box in pieces.items() if said.startswith("2023")]
        assert len({box["x"] for box in column}) == 1 and len(column) == 5
        column.sort(key=lambda box: box["y"])  # one on the other, with no gap and no overlap
        assert all(
            upper["y"] + upper["height"] == pytest.approx(lower["y"], abs=0.1) for upper, lower in pairwise(column)
        )
        legend = page.locator("#picture-modesByYear .role-legend-label text").all_text_contents()
        assert set(legend) == {"顶岗实习", "订单培养", "现代学徒制", "共建实训基地", "就业合作"} and len(legend) == 5


# Texts of charts that reach out of their picture, or over another text of it.
CROWDED = """() => [...document.querySelectorAll('.picture svg')].flatMap((svg) => {
  const around = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll('text')].filter((text) => text.textContent && text.getAttribute('opacity') !== '0')
    .map((text) => [text.textContent, text.getBoundingClientRect()]);
  const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4;
  return boxes.filter(([, box], at) => box.left < around.left - 1 || box.right > around.right + 1 || box.bottom > around.bottom + 1
    || boxes.slice(0, at).some(([, other]) => over(box, other))).map(([words]) => words);
})"""


DRAWN = "new Promise((then) => requestAnimationFrame(() => setTimeout(then, 50)))"


@SIZES
@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_fit_their_place_and_nothing_overlaps(browser, home, size, language):
    with visit(browser, home, size) as (page, _):
        if language == "en":
            page.click("#language")
        assert page.locator(".picture svg").count() == 8 and page.evaluate(CROWDED) == []
        width = "document.querySelector('#picture-modes svg').getBoundingClientRect().width"
        before = page.evaluate(width)
        page.set_viewport_size({"width": 320, "height": 700})
        page.evaluate(DRAWN)
        assert page.evaluate(width) < 300 and page.evaluate(CROWDED) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.evaluate(DRAWN)
        assert page.evaluate(width) == before


def test_a_bar_tells_itself_to_a_pointer(browser, home):
    with visit(browser, home) as (page, _):
        find_bar(page, "modes", "顶岗实习：3").hover()
        assert page.locator("#picture-modes").get_attribute("title") == "顶岗实习：3"
        page.locator("#picture-classes .role-axis-label text").first.hover()
        assert page.locator("#picture-classes").get_attribute("title") == "自动化类：2 (2)"


def test_the_numbers_of_a_chart_are_a_table_for_keys(browser, home):
    with visit(browser, home) as (page, _):
        table = page.locator("#numbers-modesByYear table")
        assert table.is_hidden()
        page.focus("#numbers-modesByYear summary")
        page.keyboard.press("Enter")
        rows = [row.split("\t") for row in table.inner_text().splitlines()]
        assert rows[:2] == [["合作方式", "2022", "2023"], ["顶岗实习", "1", "2"]] and len(rows) == 6
        page.click("#language")  # it stays open, in the other language
        assert table.inner_text().splitlines()[1] == "internship\t1\t2"
        page.focus("#numbers-modesByYear summary")
        page.keyboard.press("Tab")  # to the part that scrolls
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "table-partners"
        assert page.inner_text("#count-partners") == "3 of 5"
        assert page.locator("#numbers-classes").evaluate("(details) => details.textContent").count("自动化类22") == 1


def add_bars(data: dict[str, Any]) -> None:
    names = [*HOSTILE, *(f"第{at}类" for at in range(20))]
    data["charts"]["classes"] = [[str(at), name, "中职", 40 - at, 1] for at, name in enumerate(names)]
    data["charts"]["regions"]["rows"] = [["130600", name, 40 - at, 1] for at, name in enumerate(names)]
    data["charts"]["modes"] = [[name, 40 - at] for at, name in enumerate(names[:10])]
    data["charts"]["modesByYear"] = [[name, year, 3] for name in names[:10] for year in range(2012, 2024)]
    data["charts"]["looks"]["modes"] = {name: ["#ffffff", "#000000"] for name in names[:10]}
    data["charts"]["years"] = [[year, 12345, 1] for year in range(2000, 2025)]


@SIZES
def test_labels_of_charts_run_nothing_and_are_cut_to_their_place(browser, tmp_path, monkeypatch, size):
    home = make_placed_home(tmp_path)
    write_with(home, monkeypatch, add_bars)
    with visit(browser, home, size) as (page, _):
        assert page.evaluate(CROWDED) == []
        said = list(find_bars(page, "classes"))
        assert len(said) == 10 and said[:5] == [f"{name}：{40 - at} (1)" for at, name in enumerate(HOSTILE[:5])]
        labels = page.locator("#picture-classes .role-axis-label text").all_text_contents()
        assert labels[4].endswith("…") and len(labels[4]) < 20
        assert len(find_bars(page, "modesByYear")) == 120
        assert page.locator(".picture img, .picture script, .picture a").count() == 0
        page.locator("#more-classes").click()
        assert len(find_bars(page, "classes")) == 30 and page.inner_text("#more-classes") == "收起"
        find_bar(page, "classes", f"{HOSTILE[0]}：40 (1)").click()
        assert page.evaluate("document.activeElement.id") == "table-programmes"
        assert page.input_value("#programmes-class") == HOSTILE[0]
        find_bar(page, "modesByYear", f"2012 {HOSTILE[1]}：3").click()
        assert page.input_value("#partners-mode") == HOSTILE[1]


@SIZES
def test_a_bar_filters_the_table_that_it_counts(browser, home, size):
    with visit(browser, home, size) as (page, _):
        find_bar(page, "modes", "顶岗实习：3").click()
        assert set(read_names(page, "partners")) == {"长城哈弗汽车分公司", "小荷幼儿园", "白洋湖县人民医院"}
        assert page.inner_text("#count-partners") == "共 5 条，符合 3 条"
        assert page.evaluate("document.activeElement.id") == "table-partners"
        page.select_option("#partners-type", "Hospital")
        assert read_names(page, "partners") == ["白洋湖县人民医院"]
        page.click("#clear-partners")
        assert len(read_names(page, "partners")) == 5 and page.is_hidden("#clear-partners")
        find_bar(page, "years", "2022：2").click()
        assert read_names(page, "reports") == ["白洋湖职业技术学校质量年度报告（2022年度）"]
        page.locator("#picture-partnerTypes .role-axis-label text", has_text="医院").click()  # or by its name
        assert read_names(page, "partners") == ["白洋湖县人民医院"]
        find_bar(page, "regions", "安新县：5 (1)").click()
        assert read_names(page, "schools") == ["白洋湖职业技术学校"]
        find_bar(page, "relations", "校企合作：10").click()  # counts no row of a table
        assert read_names(page, "schools") == ["白洋湖职业技术学校"]


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
    rows = [[f"{DATA}school/{at}", f"第{at}职业学校", "", "", at, 1, 1] for at in range(999, 0, -1)]
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
        page.set_viewport_size({"width": 718, "height": 1000})  # the width of a sheet, without a resize to draw for
        assert (
            page.locator(".picture svg").count() == 8 and page.evaluate("document.documentElement.scrollWidth") <= 718
        )
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
        assert {"language", "map-size", "map-in", "text-schools", "partners-mode", "河北 安新县"} <= seen
        assert "以表格显示：合作方式" in seen
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
        for summary in page.locator("#charts summary").all():
            summary.click()
        assert check_with_axe(page) == []


def test_a_graph_without_places_or_partners_has_a_whole_page(browser, tmp_path, monkeypatch):
    def empty(data: dict[str, Any]) -> None:
        data |= {"places": [], "flows": []}
        data["charts"] |= {"modes": [], "modesByYear": [], "classes": [], "silent": 0}
        data["tables"] = {name: {"total": 0, "rows": []} for name in data["tables"]}

    home = make_placed_home(tmp_path)
    write_with(home, monkeypatch, empty)
    with visit(browser, home) as (page, _):
        assert "无法作图" in page.inner_text("#map") and page.locator(".picture svg").count() == 5
        for chart in ("modes", "modesByYear", "classes"):
            assert "报告中没有这样的内容" in page.inner_text(f"#chart-{chart}")
        assert page.inner_text("#count-schools") == "共 0 条"
        assert page.locator("a", has_text="打开合作网络图").count() == 0  # no picture lies beside it
