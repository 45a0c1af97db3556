"""What ``kg serve`` shows at ``/``: the start page of the present graph, with search and the query library."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import httpx
import pytest
from browser import DESKTOP, PHONE, check_with_axe
from conftest import run_server
from graph_home import make_home, shared_home
from start_home import make_named_home, make_placed_home
from test_network import HOSTILE
from test_pages import FLAWS, HTML, visit, wait

from kg.start_page import read_start, write_start
from kg.store import rebuild


def read_data(page: str) -> dict:
    return json.loads(re.search(r'id="start-data">(.*?)</script>', page, re.DOTALL)[1])


def test_the_page_holds_what_the_file_holds_and_more(client):
    page = client.get("/", headers=HTML)
    data = read_data(page.text)
    assert {key: data[key] for key in ("numbers", "charts", "tables")} == {
        key: value for key, value in read_start(shared_home()).items() if key in ("numbers", "charts", "tables")
    }
    assert data["served"] and "unsafe" not in page.headers["content-security-policy"]
    assert "/sparql?library=partners-of-school" in page.text and 'action="/search"' in page.text


@pytest.mark.parametrize("written", [True, False], ids=["page of the build", "no page"])
def test_it_is_of_the_new_graph_after_each_swap(tmp_path, written):
    home = make_home(tmp_path)
    if written:
        write_start(home)
    with run_server(home) as url, httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        assert read_data(client.get("/").text)["numbers"]["reports"] == 3
        (home / "statements" / "baiyanghu-2022.jsonl").unlink()
        rebuild(home)  # a page of the former graph, where there is one, is not taken for this one's
        assert read_data(client.get("/").text)["numbers"]["reports"] == 2
        assert not read_data(client.get("/").text)["network"]
        (home / "network.html").write_text("<!DOCTYPE html>", encoding="utf-8")
        assert read_data(client.get("/").text)["network"]


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_people_find_their_way_from_it(browser, tmp_path, size):
    home = make_placed_home(tmp_path)
    (home / "network.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    with run_server(home) as url, visit(browser, f"{url}/", size) as (page, heard):
        wait(page, "document.querySelectorAll('#map-stage circle').length === 2")
        assert page.evaluate(FLAWS) == [] and check_with_axe(page) == []
        assert page.locator(".picture svg").count() == 8
        page.locator("#picture-modes path[aria-label='顶岗实习：3']").click()
        assert page.input_value("#partners-mode") == "顶岗实习"
        page.click("#clear-partners")
        page.fill("#text-partners", "星途")
        assert page.locator("#rows-partners .beside").get_attribute("href").startswith("/network.html#node=https%3A")
        page.locator("#rows-partners a").first.click()
        page.wait_for_load_state()
        assert "/id/enterprise/" in page.url and page.locator("h1", has_text="星途精密机械有限公司").count() == 1
        page.goto(f"{url}/?lang=en")
        wait(page, "document.querySelectorAll('#rows-reports a').length === 3")
        assert "At a glance" in page.inner_text("main") and "本" not in page.inner_text("#charts")
        page.locator("#rows-reports a").last.click()
        page.wait_for_load_state()
        assert "baiyanghu-2022" in unquote(unquote(page.url)) and page.locator("h1").count() == 1
        assert heard.requests == heard.errors == heard.dialogs == []


@pytest.mark.browser
def test_names_run_nothing(browser, tmp_path):
    with run_server(make_named_home(tmp_path, HOSTILE)) as url, visit(browser, f"{url}/") as (page, heard):
        wait(page, "document.querySelectorAll('#rows-partners tr').length === 5")
        assert page.locator("main img, #start script, a[href^='javascript']").count() == 0
        assert heard.requests == heard.errors == heard.dialogs == []
