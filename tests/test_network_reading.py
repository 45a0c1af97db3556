"""Reading the picture as a person does: switches, search, panels, paths, folding, the way back, keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import DESKTOP, PHONE, Heard, open_page
from graph_home import shared_home
from network_pages import (
    EVIDENCE,
    find_node,
    is_phone,
    large_graph,
    open_legend,
    panel,
    place_of,
    point_at,
    point_twice,
    reading_graph,
    seen,
    seen_lines,
    wait_for_picture,
)

from kg.network import draw_home, draw_network
from kg.network_views import View

pytestmark = pytest.mark.browser

ALL = {"云汐工业学校", "石阑卫生学校", "麦川技工学校", "远航汽车有限公司", "启明电子有限公司", "石阑市人民医院"}
GROUP = "云汐现代制造职业教育集团"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("reading") / "network.html"
    draw_network(reading_graph(), file, title="职业教育合作网络")
    return file


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request, browser, drawn) -> Iterator[Any]:
    with open_page(browser, drawn, request.param) as (page, heard):
        wait_for_picture(page)
        yield page
        assert heard == Heard()


@pytest.fixture
def desk(browser, drawn) -> Iterator[Any]:
    with open_page(browser, drawn) as (page, heard):
        wait_for_picture(page)
        yield page
        assert heard == Heard()


# -- the legend


def test_modes_are_counted_and_switched(page):
    open_legend(page)
    legend = page.inner_text("#legend")
    assert [word in legend for word in ("顶岗实习", "订单培养", "现代学徒制", "未写明方式")] == [True] * 4
    assert page.inner_text("#modes li:has([data-key='mode 订单培养']) .count") == "3"
    page.uncheck("[data-key='mode 订单培养']")
    # The line of 云汐 and 远航 stays: it has other modes as well.
    assert seen(page) == ALL - {"麦川技工学校"} | {GROUP}
    assert seen_lines(page) == 4
    assert page.inner_text("#modes li:has([data-key='mode 订单培养']) .count") == "1/3"


def test_one_mode_alone_is_two_clicks_away(desk):
    open_legend(desk)
    desk.click("[data-kind=mode] .all")
    desk.check("[data-key='mode 现代学徒制']")
    assert seen(desk) == {"云汐工业学校", "远航汽车有限公司", GROUP}
    desk.click("[data-kind=mode] .all")
    assert seen(desk) == ALL | {GROUP}


def test_lines_look_like_their_mode_and_follow_the_switches(desk):
    def look_of(a: str, b: str) -> dict:
        return desk.evaluate(
            """([a, b]) => {
                const line = GRAPH.edges.find(({ from, to }) => [from, to].every((id) => [a, b].includes(NAMES[id])));
                return { mode: line.look.name, color: allLines.get(line.id).color.color };
            }""",
            [a, b],
        )

    colours = {one["name"]: one["color"] for one in json.loads(desk.inner_text("#graph-data"))["modes"]}
    assert look_of("石阑卫生学校", "石阑市人民医院") == {"mode": "顶岗实习", "color": colours["顶岗实习"]}
    first = look_of("云汐工业学校", "远航汽车有限公司")["mode"]
    desk.uncheck(f"[data-key='mode {first}']")
    assert look_of("云汐工业学校", "远航汽车有限公司")["mode"] not in (first, None)


def test_years_are_switched_by_boxes_and_by_the_slider(page):
    open_legend(page)
    assert page.inner_text("#years").split() == ["2021年", "1", "2022年", "3/5", "2023年", "2/3", "未写明年份", "1"]
    page.uncheck("[data-key='year 2023']")
    assert "石阑市人民医院" not in seen(page)
    page.click("#reset")
    # The handle moves by keyboard as by mouse.
    page.focus("#year-from")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#year-from-text") == "2023"
    assert page.get_attribute("#year-from", "aria-valuetext") == "2023"
    assert not page.is_checked("[data-key='year 2022']")
    assert seen(page) == {"石阑卫生学校", "石阑市人民医院", "远航汽车有限公司", "启明电子有限公司"}
    page.focus("#year-to")
    page.keyboard.press("Home")  # one handle takes the other along
    assert page.inner_text("#year-from-text") == page.inner_text("#year-to-text") == "2021"
    page.uncheck("[data-key='year ']")
    assert seen(page) == {"云汐工业学校", "远航汽车有限公司"}


# -- search and panels


def test_pinyin_initials_are_found(desk):
    for text, found in {"yxgy": "云汐工业学校", "slwx": "石阑卫生学校", "YHQC": "远航汽车有限公司"}.items():
        find_node(desk, text)
        assert desk.inner_text("#panel-body h2") == found
        assert desk.evaluate("NAMES[selected.node]") == found


def test_what_was_typed_is_marked_in_the_results(desk):
    desk.fill("#search", "卫生")
    assert desk.inner_text("#results mark") == "卫生"
    desk.fill("#search", "石阑卫校")
    assert desk.inner_text("#results [role=option]").startswith("石阑卫生学校 (石阑卫校)")


def test_a_node_is_told_with_its_partners_by_mode_and_year(page):
    find_node(page, "云汐工业学校")
    text = panel(page)
    for said in ("云汐工校", "学校", "云汐市", "汽车维修", "远航汽车有限公司", EVIDENCE, "4 校企合作", "第12页"):
        assert said in text
    page.click("[data-by=mode]")
    groups = page.locator("#panel-body details.inner > summary").all_inner_texts()
    assert [group.split() for group in groups] == [["顶岗实习", "1"], ["订单培养", "1"], ["现代学徒制", "1"]]
    page.click("[data-by=year]")
    groups = page.locator("#panel-body details.inner > summary").all_inner_texts()
    assert [group.split() for group in groups] == [["2022年", "1"], ["2021年", "1"]]
    assert page.evaluate("document.activeElement.dataset.by") == "year"
    inner = page.locator("#panel-body details.inner").last.inner_text()
    assert EVIDENCE in inner and "《云汐市质量年度报告》（2022年）" in inner and "40" in inner


# -- history and address


def test_a_link_reopens_the_same_view(browser, drawn, page):
    open_legend(page)
    page.uncheck("[data-key='mode 顶岗实习']")
    page.uncheck("[data-key='year 2022']")
    find_node(page, "石阑卫生学校")
    page.click("#language")
    page.click("#zoom-in")
    page.click("#taking-button")
    link = page.input_value("#link")
    ask = "[[...seen.nodes].sort(), selected, network.getScale(), network.getViewPosition(), language]"
    before = page.evaluate(ask)
    size = page.viewport_size
    with open_page(browser, drawn, (size["width"], size["height"])) as (other, heard):
        other.goto("about:blank")
        other.goto(link)
        wait_for_picture(other)
        after = other.evaluate(ask)
        assert after[:2] == before[:2] and after[4] == 1
        assert after[2] == pytest.approx(before[2], rel=0.01)
        assert after[3]["x"] == pytest.approx(before[3]["x"], abs=3)
        assert after[3]["y"] == pytest.approx(before[3]["y"], abs=3)
        assert "Modes" in other.inner_text("#panel-body") or "Partners" in other.inner_text("#panel-body")
        assert not other.is_checked("[data-key='mode 顶岗实习']")
        assert heard.errors == []


def test_a_link_to_a_path_and_to_a_line_reopens_it(desk, browser, drawn):
    find_node(desk, "云汐工业学校")
    desk.click("[data-act='panel.path']")
    find_node(desk, "麦川技工学校")
    path = desk.evaluate("location.href")
    desk.evaluate("select({ line: 0 })")
    line = desk.evaluate("location.href")
    with open_page(browser, drawn) as (other, heard):
        for link, said in ((path, "共 4 步"), (line, "条事实")):
            other.goto("about:blank")
            other.goto(link)
            wait_for_picture(other)
            assert said in panel(other)
        assert heard.errors == []


def test_back_and_forward_lead_through_what_was_done(page):
    assert not page.is_visible("#back")
    find_node(page, "云汐工业学校")
    find_node(page, "石阑卫生学校")
    page.click("#back")
    assert page.inner_text("#panel-body h2") == "云汐工业学校"
    page.click("#forward")
    assert page.inner_text("#panel-body h2") == "石阑卫生学校"
    assert not page.is_visible("#forward")
    open_legend(page)
    page.uncheck("[data-key='type Hospital']")
    page.go_back()
    assert page.is_checked("[data-key='type Hospital']")
    assert "石阑市人民医院" in seen(page)
    page.go_forward()
    assert not page.is_checked("[data-key='type Hospital']")


def test_moving_about_adds_nothing_to_the_history(desk):
    length = desk.evaluate("history.length")
    for _ in range(3):
        desk.click("#zoom-in")
    desk.wait_for_timeout(400)
    assert desk.evaluate("history.length") == length
    assert "at=" in desk.evaluate("location.hash")


def test_an_address_of_nonsense_opens_the_page_as_it_is(browser, drawn):
    with open_page(browser, drawn) as (page, heard):
        for address in (
            "#node=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&hide=type%20__proto__&hide=constructor%20x&show=nothing",
            "#at=NaN,Infinity,-1&line=a&line=b&path=x",
            "#at=1e999,0,0&lang=<script>&fold=1&open=2",
            "#%E0%A4%A",
        ):
            page.goto("about:blank")
            page.goto(drawn.as_uri() + address)
            wait_for_picture(page)
            assert seen(page) == ALL | {GROUP} and page.evaluate("selected") is None
        assert heard.errors == [] and heard.dialogs == []


# -- opening and folding


def test_a_double_click_opens_folds_and_leaves_as_before(page):
    point_twice(page, "云汐工业学校")
    assert seen(page) == ALL | {GROUP, "汽车维修", "云汐市"}
    page.click("#close")
    page.wait_for_timeout(400)  # so that the next click is no third one
    point_twice(page, "云汐工业学校")
    # What others are joined to as well stays.
    assert seen(page) == ALL
    page.click("#close")
    page.wait_for_timeout(400)
    point_twice(page, "云汐工业学校")
    assert seen(page) == ALL | {GROUP}


def test_the_panel_opens_and_folds_too(desk):
    find_node(desk, "石阑卫生学校")
    assert "展开相邻（1）" in panel(desk)
    desk.click("[data-act='panel.unfold']")
    assert "护理" in seen(desk)
    desk.click("[data-act='panel.fold']")
    assert not {"护理", "石阑市人民医院"} & seen(desk)
    desk.click("[data-act='panel.asbefore']")
    assert "石阑市人民医院" in seen(desk) and "护理" not in seen(desk)


# -- paths


def test_a_path_is_found_by_pointing(page):
    point_at(page, "云汐工业学校")
    page.click("[data-act='panel.path']")
    assert "云汐工业学校" in page.inner_text("#picking")
    point_at(page, "麦川技工学校")
    assert "共 4 步" in panel(page) and not page.is_visible("#picking")
    names = page.locator("#panel-body ol.path > li > .entity").all_inner_texts()
    assert names == ["云汐工业学校", "远航汽车有限公司", "石阑卫生学校", "启明电子有限公司", "麦川技工学校"]
    page.locator("#panel-body ol.path summary").first.click()
    assert EVIDENCE in panel(page)


def test_a_path_is_found_by_keyboard(desk):
    find_node(desk, "麦川技工学校")
    desk.focus(".vis-network")
    desk.keyboard.press("p")
    assert desk.evaluate("document.activeElement.id") == "search"
    desk.keyboard.type("石阑市人民")
    desk.keyboard.press("Enter")
    assert "共 3 步" in panel(desk)


def test_picking_can_be_given_up(page):
    find_node(page, "麦川技工学校")
    page.click("[data-act='panel.path']")
    page.click("#picking-cancel")
    point_at(page, "启明电子有限公司")
    assert page.evaluate("NAMES[selected.node]") == "启明电子有限公司"
    page.click("[data-act='panel.path']")
    page.keyboard.press("Escape")
    assert not page.is_visible("#picking")


def test_where_no_path_is_shown_the_page_says_so_and_looks_further(desk):
    open_legend(desk)
    desk.uncheck("[data-key='mode 订单培养']")
    desk.uncheck("[data-key='mode ']")
    find_node(desk, "云汐工业学校")
    desk.click("[data-act='panel.path']")
    find_node(desk, "麦川技工学校")
    assert "没有路径" in panel(desk)
    desk.click("#panel-body .actions button")
    assert "共 4 步" in panel(desk)


# -- keys


def test_arrows_point_at_neighbours_and_enter_goes_there(desk):
    find_node(desk, "远航汽车有限公司")
    desk.focus(".vis-network")
    reached = []
    for _ in range(3):
        desk.keyboard.press("ArrowRight")
        reached.append(desk.evaluate("NAMES[pointed]"))
    assert set(reached) == {"云汐工业学校", "石阑卫生学校"} and reached[2] == reached[0]
    assert reached[2] in desk.inner_text("#said") and "学校" in desk.inner_text("#said")
    desk.keyboard.press("Enter")
    assert desk.evaluate("NAMES[selected.node]") == reached[2]
    desk.go_back()
    assert desk.inner_text("#panel-body h2") == "远航汽车有限公司"


def test_keys_of_the_picture(desk):
    desk.focus(".vis-network")
    desk.keyboard.press("ArrowRight")  # nothing is selected: the best connected first
    assert desk.evaluate("NAMES[pointed]") in {"云汐工业学校", "石阑卫生学校"}
    desk.keyboard.press("Enter")
    desk.keyboard.press("Space")
    assert desk.evaluate("opened.has(selected.node) || folded.has(selected.node)")
    before = desk.evaluate("network.getViewPosition().x")
    desk.keyboard.press("Shift+ArrowRight")
    assert desk.evaluate("network.getViewPosition().x") > before
    scale = desk.evaluate("network.getScale()")
    desk.keyboard.press("+")
    assert desk.evaluate("network.getScale()") > scale
    desk.keyboard.press("0")
    desk.keyboard.press("/")
    assert desk.evaluate("document.activeElement.id") == "search"
    desk.keyboard.press("Escape")
    desk.focus(".vis-network")
    desk.keyboard.press("Escape")
    assert desk.evaluate("selected") is None


@pytest.mark.parametrize(("tabs", "target"), [(1, "search"), (2, "vis-network"), (3, "panel")])
def test_skip_links_come_first_and_lead_there(desk, tabs, target):
    for _ in range(tabs):
        desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.className") == "skip"
    assert desk.locator(".skip:focus").bounding_box()["width"] > 30
    desk.keyboard.press("Enter")
    assert target in desk.evaluate("document.activeElement.id + document.activeElement.className")


# -- a phone


def test_fingers_find_what_they_press(browser, drawn):
    with open_page(browser, drawn, PHONE) as (page, heard):
        wait_for_picture(page)
        assert is_phone(page)
        find_node(page, "云汐工业学校")
        page.click("#legend-button")
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, .row, input[type=range], input[type=search]")]
                .filter((one) => one.checkVisibility() && !one.closest(".skips"))
                .filter((one) => one.getBoundingClientRect().height < 34).map((one) => one.id || one.textContent)"""
        )
        assert small == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert heard == Heard()


# -- moving a large picture


@pytest.fixture
def large(browser, tmp_path) -> Iterator[Any]:
    file = tmp_path / "network.html"
    draw_network(large_graph(), file, title="职业教育合作网络")
    with open_page(browser, file) as (page, heard):
        wait_for_picture(page)
        yield page
        assert heard == Heard()


PUSHED = "getComputedStyle(document.querySelector('#picture canvas')).transform"


def free_spot(page) -> tuple[float, float]:
    """A place of the picture, in pixels of the screen, where there is nothing to take hold of."""
    frame = page.locator("#picture").bounding_box()
    for x in range(60, int(frame["width"]) - 300, 17):
        for y in range(60, int(frame["height"]) - 300, 17):
            if page.evaluate(
                "([x, y]) => !findAt(network, { x, y }, 12) && network.getNodeAt({ x, y }) === undefined", [x, y]
            ):
                return frame["x"] + x, frame["y"] + y
    raise AssertionError("there is no free spot")


def wait_until_painted(page) -> None:
    for _ in range(100):  # the page's policy lets no predicate run in it
        if page.evaluate(PUSHED) == "none":
            return
        page.wait_for_timeout(50)
    raise AssertionError("it was not painted anew")


def test_a_large_picture_follows_the_hand_and_stays_where_it_was_put(large):
    name = large.evaluate("NAMES[[...seen.nodes][0]]")
    before = place_of(large, name)
    x, y = free_spot(large)
    large.mouse.move(x, y)
    large.mouse.down()
    large.mouse.move(x + 40, y + 25)
    large.mouse.move(x + 80, y + 50)
    assert large.evaluate(PUSHED) != "none"  # it is pushed along before it is painted anew
    large.mouse.move(x + 160, y + 90)
    wait_until_painted(large)  # while the hand holds it
    large.mouse.move(x + 200, y + 110)
    large.mouse.up()
    wait_until_painted(large)
    after = place_of(large, name)
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((200, 110), abs=1)
    # What lies under the pointer is what is seen there, and a mark itself can be moved as in a small picture.
    point_at(large, name)
    assert name in panel(large)
    spot = place_of(large, name)
    frame = large.locator("#picture").bounding_box()
    large.mouse.move(frame["x"] + spot["x"], frame["y"] + spot["y"])
    large.mouse.down()
    large.mouse.move(frame["x"] + spot["x"] + 60, frame["y"] + spot["y"] + 30, steps=5)
    large.mouse.up()
    assert place_of(large, name)["x"] == pytest.approx(spot["x"] + 60, abs=15)  # the first step says that it is a drag


# -- schools that share partners


def test_a_line_of_shared_partners_leads_to_the_words_of_both_schools(browser, tmp_path):
    file = tmp_path / "shared.html"
    draw_home(shared_home(), file, View(shared=True))
    with open_page(browser, file) as (page, heard):
        wait_for_picture(page)
        page.evaluate("select({ line: 0 })")
        assert [each.split("\n")[0] for each in page.locator("[data-shared] > summary").all_inner_texts()] == [
            "蒙牛",
            "长城哈弗汽车分公司",
        ]
        page.click("[data-shared=长城哈弗汽车分公司] > summary")
        told = page.inner_text("[data-shared=长城哈弗汽车分公司]")
        assert "白洋湖职业技术学校" in told and "青松岭职业教育中心" in told
        assert "机电 长城哈弗 2023.8 36 顶岗实习" in told and "第12页" in told and "2023年度" in told
    assert heard == Heard()


# -- movement on demand


def places_of(page) -> list[list[int]]:
    return page.evaluate("places.map(({ x, y }) => [Math.round(x), Math.round(y)])")


def test_nothing_moves_until_it_is_asked_to_and_all_can_be_put_back(page):
    before = places_of(page)
    page.wait_for_timeout(600)
    assert places_of(page) == before
    page.click("#move")
    assert page.get_attribute("#move", "aria-pressed") == "true"
    page.wait_for_timeout(700)
    if page.get_attribute("#move", "aria-pressed") == "true":  # else it has come to rest
        page.click("#move")
    moved = places_of(page)
    assert moved != before
    page.wait_for_timeout(400)
    assert (
        places_of(page)
        == moved
        == page.evaluate(
            "GRAPH.nodes.map(({ id }) => allNodes.get(id)).map(({ x, y }) => [Math.round(x), Math.round(y)])"
        )
    )
    open_legend(page)
    page.click("#reset")
    assert places_of(page) == before


def test_a_node_that_was_dragged_and_hidden_comes_back_where_it_was_put(desk):
    spot, frame = place_of(desk, "启明电子有限公司"), desk.locator("#picture").bounding_box()
    desk.mouse.move(frame["x"] + spot["x"], frame["y"] + spot["y"])
    desk.mouse.down()
    desk.mouse.move(frame["x"] + spot["x"] + 90, frame["y"] + spot["y"] + 40, steps=6)
    desk.mouse.up()
    for _ in range(2):
        desk.click('#types [data-key="type Enterprise"]')
    at = "NAMES.indexOf('启明电子有限公司')"
    assert desk.evaluate(f"network.getPosition({at})") == desk.evaluate(f"places[{at}]")
