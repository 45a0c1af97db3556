"""Graphs for tests of the page, and what a person does with the page."""

from __future__ import annotations

import random
from typing import Any

from browser import PHONE
from test_network import edge, node

from kg.network import build_graph

EVIDENCE = "云汐工业学校与远航汽车有限公司共建订单班，2023年送40名学生顶岗实习。"


def small_graph() -> Any:
    nodes = [
        node("云汐工业学校", aliases="云汐工校|工校", region="云汐市"),
        node("石阑卫生学校", aliases="石阑卫校", region="石阑市"),
        node("远航汽车有限公司", "Enterprise", aliases="远航"),
        node("石阑市人民医院", "Hospital"),
        node("云汐现代制造职业教育集团", "EducationGroup"),
        node("护理", "Programme"),
        node("云汐市", "Region"),
    ]
    place = {"section": "4 校企合作 / 4.1 订单班", "page": 12, "table": 20, "row": 3}
    report = {"report": "demo-2023", "report_title": "云汐市质量年度报告", "report_year": 2023}
    first = {"modes": "顶岗实习|订单培养", "programmes": "汽修", "year": 2023, "headcount": 40}
    rows = [
        edge("云汐工业学校", "partnersWith", "远航汽车有限公司", evidence=EVIDENCE, **first, **place, **report),
        edge("云汐工业学校", "partnersWith", "远航汽车有限公司", statement="2", modes="现代学徒制", **report),
        edge("石阑卫生学校", "partnersWith", "石阑市人民医院", modes="顶岗实习", evidence="护理 见习", **report),
        edge("石阑卫生学校", "partnersWith", "远航汽车有限公司", evidence="共建", **report),
        edge("云汐工业学校", "memberOf", "云汐现代制造职业教育集团", **report),
        edge("石阑卫生学校", "offersProgramme", "护理", **report),
        edge("云汐工业学校", "locatedIn", "云汐市", **report),
    ]
    return build_graph(nodes, rows)


def reading_graph() -> Any:
    """Three schools in a chain of partners, with facts of several modes and years, and some of none."""
    nodes = [
        node("云汐工业学校", aliases="云汐工校", region="云汐市"),
        node("石阑卫生学校", aliases="石阑卫校", region="石阑市"),
        node("麦川技工学校"),
        node("远航汽车有限公司", "Enterprise", aliases="远航"),
        node("启明电子有限公司", "Enterprise"),
        node("石阑市人民医院", "Hospital"),
        node("云汐现代制造职业教育集团", "EducationGroup"),
        node("护理", "Programme"),
        node("汽车维修", "Programme"),
        node("云汐市", "Region"),
    ]
    old = {"report": "demo-2022", "report_title": "云汐市质量年度报告", "report_year": 2022}
    new = {"report": "demo-2023", "report_title": "石阑市质量年度报告", "report_year": 2023}
    first = {"modes": "顶岗实习|订单培养", "programmes": "汽车维修", "year": 2021, "headcount": 40, "page": 12}
    rows = [
        edge(
            "云汐工业学校", "partnersWith", "远航汽车有限公司", evidence=EVIDENCE, section="4 校企合作", **first, **old
        ),
        edge("云汐工业学校", "partnersWith", "远航汽车有限公司", statement="2", modes="现代学徒制", year=2022, **old),
        edge("石阑卫生学校", "partnersWith", "石阑市人民医院", modes="顶岗实习", evidence="护理 见习", **new),
        edge("石阑卫生学校", "partnersWith", "远航汽车有限公司", modes="订单培养", evidence="共建", year=2023),
        edge("石阑卫生学校", "partnersWith", "启明电子有限公司"),
        edge("麦川技工学校", "partnersWith", "启明电子有限公司", modes="订单培养", year=2022, **old),
        edge("云汐工业学校", "memberOf", "云汐现代制造职业教育集团", **old),
        edge("石阑卫生学校", "offersProgramme", "护理", **new),
        edge("云汐工业学校", "offersProgramme", "汽车维修", **old),
        edge("云汐工业学校", "locatedIn", "云汐市", **old),
    ]
    return build_graph(nodes, rows)


def large_graph(count: int = 1000) -> Any:
    chance = random.Random(3)
    schools = [f"学校{at}" for at in range(count // 14)]
    others = [f"企业{at}" for at in range(count - len(schools))]
    rows = []
    for other in others:
        for school in chance.sample(schools, chance.choice([1, 1, 2])):
            rows.append(edge(school, "partnersWith", other, modes="顶岗实习", evidence=EVIDENCE))
    return build_graph([*map(node, schools), *(node(other, "Enterprise") for other in others)], rows)


def wait_for_picture(page) -> float:
    page.wait_for_selector("#picture[data-first-picture]")
    return float(page.get_attribute("#picture", "data-first-picture"))


def place_of(page, name: str) -> dict[str, float]:
    return page.evaluate("name => network.canvasToDOM(places[NAMES.indexOf(name)])", name)


def click_at(page, x: float, y: float) -> None:
    frame = page.locator("#picture").bounding_box()
    page.mouse.click(frame["x"] + x, frame["y"] + y)


def panel(page) -> str:
    return page.inner_text("#panel-body")


def is_phone(page) -> bool:
    return page.viewport_size["width"] == PHONE[0]


def point_at(page, name: str) -> None:
    """Click a node, or tap it on a phone."""
    frame, spot = page.locator("#picture").bounding_box(), place_of(page, name)
    press = page.touchscreen.tap if is_phone(page) else page.mouse.click
    press(frame["x"] + spot["x"], frame["y"] + spot["y"])


def point_twice(page, name: str) -> None:
    """Double click a node, or tap it twice."""
    frame, spot = page.locator("#picture").bounding_box(), place_of(page, name)
    x, y = frame["x"] + spot["x"], frame["y"] + spot["y"]
    if not is_phone(page):
        return page.mouse.dblclick(x, y)
    state = "JSON.stringify([[...opened], [...folded]])"
    before = page.evaluate(state)
    for _ in range(5):  # on a busy machine the second tap may come too late to be one with the first
        page.touchscreen.tap(x, y)
        page.touchscreen.tap(x, y)
        if page.evaluate(state) != before:
            return None
        page.wait_for_timeout(500)
    raise AssertionError("two taps did nothing")


def open_legend(page) -> None:
    if is_phone(page) and page.get_attribute("#legend-button", "aria-expanded") == "false":
        page.click("#legend-button")


def seen(page) -> set[str]:
    return set(page.evaluate("[...seen.nodes].map((id) => NAMES[id])"))


def seen_lines(page) -> int:
    return page.evaluate("seen.lines.size")


def find_node(page, text: str) -> None:
    """Type into the search and take the first that is found."""
    page.fill("#search", text)
    page.keyboard.press("Enter")
