"""The picture as people meet it: opened from disk in Chromium, with no network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import DESKTOP, PHONE, Heard, open_page
from network_pages import EVIDENCE, click_at, large_graph, panel, place_of, small_graph, wait_for_picture
from test_network import HOSTILE, edge, node

from kg.network import SCRIPT_FILES, build_graph, draw_network

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("page") / "网络 图.html"
    draw_network(small_graph(), file, title="职业教育合作网络")
    return file


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def opened(request, browser, small) -> Iterator[tuple[Any, Heard]]:
    with open_page(browser, small, request.param) as (page, heard):
        wait_for_picture(page)
        yield page, heard
        assert heard == Heard()


def count_colours(page) -> int:
    return page.evaluate(
        """() => {
            const canvas = document.querySelector("#picture canvas");
            const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            const found = new Set();
            for (let i = 0; i < data.length; i += 4) found.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
            return found.size;
        }"""
    )


def test_it_asks_for_nothing_and_draws(opened):
    page, heard = opened
    assert page.title() == "职业教育合作网络"
    assert heard == Heard()
    assert count_colours(page) > 20
    assert "5 个节点，4 条连线" in page.inner_text("#note")


def test_names_do_not_cover_each_other_nor_leave_the_screen(opened):
    page, _ = opened
    boxes = page.evaluate("[...paintedNames, ...paintedLines].map((box) => box.slice(0, 4))")
    size = page.locator("#picture").bounding_box()
    assert len(page.evaluate("paintedNames")) == 5
    for at, one in enumerate(boxes):
        assert one[0] >= 0 and one[1] >= 0 and one[2] <= size["width"] and one[3] <= size["height"]
        for other in boxes[:at]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_a_click_on_a_line_shows_its_statements(opened):
    page, _ = opened
    a, b = place_of(page, "云汐工业学校"), place_of(page, "远航汽车有限公司")
    # A third along the line: its text stands in the middle, which counts as a click on it as well.
    click_at(page, a["x"] + (b["x"] - a["x"]) * 0.62, a["y"] + (b["y"] - a["y"]) * 0.62)
    text = panel(page)
    for said in ("2 条事实", EVIDENCE, "顶岗实习", "订单培养", "现代学徒制", "4 校企合作 / 4.1 订单班"):
        assert said in text
    for said in ("第12页", "表20第3行", "《云汐市质量年度报告》（2023年）", "汽修", "40"):
        assert said in text


def test_a_click_on_a_node_shows_its_facts(opened):
    page, _ = opened
    spot = place_of(page, "远航汽车有限公司")
    click_at(page, spot["x"], spot["y"])
    text = panel(page)
    for said in ("远航汽车有限公司", "又名", "企业", "合作的学校、地区", "云汐工业学校", "石阑卫生学校", EVIDENCE):
        assert said in text
    page.click("#close")
    assert not page.evaluate("selected")


def test_what_is_not_known_is_not_shown(opened):
    page, _ = opened
    for at in range(7):
        page.evaluate("id => select({ node: id })", at)
        assert not {"null", "undefined", "None"} & set(panel(page).split())


def test_search_finds_a_short_name(opened):
    page, _ = opened
    page.fill("#search", "石阑卫校")
    assert page.locator("#results [role=option]").count() == 1
    page.keyboard.press("Enter")
    assert "石阑卫生学校" in page.inner_text("#panel-body h2")
    page.fill("#search", "工 校")
    page.locator("#results [role=option]").first.click()
    assert "云汐工业学校" in page.inner_text("#panel-body h2")
    page.click("#back")
    assert "石阑卫生学校" in page.inner_text("#panel-body h2")


def test_search_says_when_nothing_is_found(opened):
    page, _ = opened
    page.fill("#search", "<b>没有")
    assert "没有找到“<b>没有”" in page.inner_text("#results")


def test_the_legend_counts_and_switches(opened):
    page, _ = opened
    if page.is_visible("#legend-button"):
        page.click("#legend-button")
    legend = page.inner_text("#legend")
    assert "企业" in legend and "0/1" in legend
    page.uncheck("[data-key='type Enterprise']")
    assert page.evaluate("[...seen.nodes].map((id) => NAMES[id])").count("远航汽车有限公司") == 0
    # A type whose relation is hidden brings it along.
    page.check("[data-key='type Programme']")
    assert page.is_checked("[data-key='predicate offersProgramme']")
    assert "护理" in page.evaluate("[...seen.nodes].map((id) => NAMES[id])")
    page.uncheck("[data-key='predicate offersProgramme']")
    assert not page.is_checked("[data-key='type Programme']")


def test_a_hidden_entity_can_be_found_and_is_shown(opened):
    page, _ = opened
    page.fill("#search", "护理")
    page.keyboard.press("Enter")
    assert "开设学校" in panel(page)
    assert "护理" in page.evaluate("[...seen.nodes].map((id) => NAMES[id])")


def test_the_language_switches_and_back(opened):
    page, _ = opened
    page.click("#language")
    assert page.get_attribute("html", "lang") == "en"
    assert "5 nodes, 4 lines" in page.inner_text("#note")
    assert page.title() == page.inner_text("h1") == "Network of vocational education"
    page.evaluate("select({ node: 0 })")
    assert "internship" in panel(page) and "page 12" in panel(page)
    page.click("#language")
    assert page.get_attribute("html", "lang") == "zh-CN" and "合作单位" in panel(page)


def test_everything_is_reached_by_keyboard(browser, small):
    with open_page(browser, small) as (page, _):
        wait_for_picture(page)
        reached = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.add(
                page.evaluate(
                    """() => {
                        const at = document.activeElement;
                        return at.id || (at.dataset && at.dataset.key) || at.className;
                    }"""
                )
            )
        assert {"search", "language", "zoom-in", "zoom-out", "zoom-fit", "entity"} <= reached
        assert {"vis-network", "type School", "predicate partnersWith"} <= reached
        # Ticking by keyboard keeps the place, though the legend is made anew.
        page.focus("[data-key='type Hospital']")
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.dataset.key") == "type Hospital"
        page.focus("#panel-body .entity")
        page.keyboard.press("Enter")
        assert page.evaluate("selected.node !== undefined")
        assert page.evaluate("document.activeElement.id") == "panel"
        page.keyboard.press("Escape")
        assert page.evaluate("selected") is None


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_texts_have_the_contrast_of_wcag_aa(opened):
    page, _ = opened
    page.evaluate("select({ node: 0 })")
    pairs = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((element) => element.checkVisibility()
            && [...element.childNodes].some((child) => child.nodeType === 3 && child.data.trim())).map((element) => {
            let ground = element, colour;
            do { colour = getComputedStyle(ground).backgroundColor; ground = ground.parentElement; }
            while (ground && /, 0\\)$/.test(colour));
            return [element.className || element.tagName, getComputedStyle(element).color, colour];
        })"""
    )
    assert len(pairs) > 15
    for name, ink, ground in pairs:
        assert contrast(ink, ground if not ground.endswith(", 0)") else "rgb(255, 255, 255)") >= 4.5, name


def test_a_thousand_nodes_stand_still_and_are_readable(browser, tmp_path):
    file = tmp_path / "large.html"
    assert draw_network(large_graph(), file, title="大图").nodes == 1000
    with open_page(browser, file) as (page, heard):
        # Measured at 0.3 to 0.7 s; the limit leaves room for busy machines.
        assert wait_for_picture(page) < 5000
        assert len(page.evaluate("paintedNames")) >= 20
        before = page.evaluate("JSON.stringify(network.getPositions())")
        page.wait_for_timeout(500)
        assert page.evaluate("JSON.stringify(network.getPositions())") == before
        assert heard == Heard()


def test_what_was_left_out_is_said(browser, tmp_path, monkeypatch):
    monkeypatch.setattr("kg.network.MAX_NODES", 100)
    draw_network(large_graph(300), tmp_path / "n.html", title="图")
    with open_page(browser, tmp_path / "n.html") as (page, _):
        assert "100 个节点，另有 200 个未画" in page.inner_text("#note")


def test_an_empty_graph_says_so(browser, tmp_path):
    draw_network(build_graph([], []), tmp_path / "n.html", title="图")
    with open_page(browser, tmp_path / "n.html") as (page, heard):
        wait_for_picture(page)
        assert "图中还没有事实" in page.inner_text("#note")
        assert heard == Heard()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_hostile_names_run_nothing_and_break_nothing(browser, tmp_path, size):
    nodes = [node(text, HOSTILE[(at + 1) % 3] if at % 2 else "School", aliases=text) for at, text in enumerate(HOSTILE)]
    rows = [
        edge(
            text,
            HOSTILE[at - 4] if at % 3 == 0 else "partnersWith",
            HOSTILE[at - 1],
            **dict.fromkeys(("modes", "programmes", "year", "headcount", "evidence", "section"), text),
            **dict.fromkeys(("page", "report", "report_title", "report_year", "table", "row"), text),
        )
        for at, text in enumerate(HOSTILE)
    ]
    graph = build_graph(nodes, rows)
    file = tmp_path / "<img src=x onerror=alert(1)>.html"
    summary = draw_network(graph, file, title=HOSTILE[1])
    with open_page(browser, file, size) as (page, heard):
        wait_for_picture(page)
        for at in range(summary.nodes):
            page.evaluate("id => select({ node: id }, true)", at)
            assert page.inner_text("#panel-body h2") == page.evaluate("id => NAMES[id]", at).strip()
        for at in range(summary.edges):
            page.evaluate("id => select({ line: id }, true)", at)
        for text in HOSTILE:
            page.fill("#search", text[:100])
            page.keyboard.press("Enter")
        page.click("#language")
        # Nothing that a report says became an element of its own, and no text runs out of the panel.
        assert page.locator("img, a, iframe, object, embed, [onerror], [href]:not([rel=icon])").count() == 0
        assert page.locator("script:not([type])").count() == len(SCRIPT_FILES) + 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("byId('panel').scrollWidth <= byId('panel').clientWidth")
        page.wait_for_timeout(200)
        assert heard == Heard()


def test_the_policy_stops_what_a_slip_would_let_in(browser, small):
    with open_page(browser, small) as (page, heard):
        wait_for_picture(page)
        page.evaluate(
            """() => {
                document.body.insertAdjacentHTML("beforeend", "<img src='data:,x' onerror='window.ran = 1'>");
                const script = document.createElement("script");
                script.textContent = "window.ran = 2";
                document.body.append(script);
                fetch("https://example.org/").catch(() => {});
            }"""
        )
        page.wait_for_timeout(300)
        assert page.evaluate("window.ran") is None
        assert heard.errors and not heard.dialogs
