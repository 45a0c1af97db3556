"""Strange names in every place of a picture run nothing and break nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import Heard, open_browser, open_page
from hypothesis import given, settings
from hypothesis import strategies as st
from test_network import HOSTILE, edge, node, page_data

from kg.network import build_graph, draw_network

STRANGE = [
    *HOSTILE,
    "\u200f‏右到左\u202e反转",
    "行\u2028段\u2029尾",
    "</title><script>alert(1)</script>",
    "<!--<script>",
    "{0}{1}$&$1",
    "constructor",
    "a\x00b\x07c",
    "lone \ud800 half",
    "<svg onload=alert(1)>" * 25,
]


def strange_graph():
    """A school with a partner for each strange text, which stands in every field of the fact between them as well."""
    nodes = [node("中心学校", aliases=list(STRANGE), region=STRANGE[0])]
    rows = []
    for at, text in enumerate(STRANGE):
        nodes.append(node(f"p{at}", text if at % 3 == 0 else "Enterprise") | {"name": text, "aliases": text[::-1]})
        said = dict.fromkeys(("modes", "programmes", "evidence", "section", "report", "report_title", "role"), text)
        facts = {"statement": text, "year": text, "page": text, "table": text, "row": text, "report_year": text}
        predicate = text if at % 4 == 1 else "partnersWith"
        rows.append(edge("中心学校", predicate, f"p{at}", **said, **facts))
    return build_graph(nodes, rows)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_any_text_comes_back_as_it_was_and_ends_no_element(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("any") / "n.html"
    rows = [edge("校", "partnersWith", "厂", evidence=text, section=text, report=text, report_title=text, modes=[text])]
    draw_network(build_graph([node("校"), node("厂", text)], rows), file, title=text)
    data = page_data(file)
    fact = data["facts"][0]
    assert (fact["evidence"], fact["section"], fact["report"], fact["modes"]) == (text, text, text, [text])
    assert data["reports"][text]["title"] == text == data["view"]["words"]["zh"]
    markup = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert "<script" not in markup and "<img" not in markup and len(re.findall("<title>", markup)) == 1


@pytest.mark.browser
@pytest.mark.parametrize("title", [HOSTILE[0], HOSTILE[1], "龙" * 500, "\u202e反转"])
def test_strange_names_run_nothing_wherever_one_clicks(tmp_path: Path, title):
    file = tmp_path / "<img src=x onerror=alert(1)> \"' &amp; \u202e.html"
    draw_network(strange_graph(), file, title=title)
    with open_browser() as browser, open_page(browser, file) as (page, heard):
        page.wait_for_selector("#picture[data-first-picture]")
        assert page.inner_text("h1").strip() and page.title()
        page.evaluate("select({ node: NAMES.indexOf('中心学校') })")
        assert "<img src=x onerror=alert(1)>" in page.inner_text("#panel-body")
        for at in range(len(STRANGE)):
            page.evaluate(f"select({{ line: {at} }}, true)")
            assert page.inner_text("#panel-body")
        for text in STRANGE[:4]:
            page.fill("#search", text)
            assert page.locator("#results li").count() >= 1
        page.click("#language")
        assert page.locator("#stage img, #panel img, #legend img, #panel a, #legend a").count() == 0
        assert page.evaluate("document.scripts.length") == page.evaluate(
            "document.querySelectorAll('body > script').length"
        )
        assert heard == Heard()
