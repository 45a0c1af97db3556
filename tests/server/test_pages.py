"""The pages as people see them: by plain requests, and in a browser at the size of a desk and of a phone."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import rdflib
from browser import DESKTOP, PHONE, Heard
from conftest import ROOT, run_server
from graph_home import make_home, shared_home

from kg.decision_file import load_decisions
from kg.export.kinds import TABLES
from kg.export.writing import export
from kg.queries import load_queries, run_query
from kg.schema import DATA, PREFIXES, load_schema
from kg.store import open_graph, rebuild, write_nquads

HTML = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def find(query: str) -> str:
    """The path of the first IRI of an answer."""
    with open_graph(shared_home()) as graph:
        return "/id/" + str(graph.query(query).rows[0][0]).removeprefix(DATA)


@pytest.fixture(scope="session")
def school() -> str:
    return find("SELECT ?s { ?s a zj:School ; skos:prefLabel '白洋湖职业技术学校' }")


@pytest.fixture(scope="session")
def paths(school) -> dict[str, str]:
    """A page of each kind."""
    return {
        "start": "/",
        "search": "/search?q=白洋湖",
        "nothing found": "/search?q=没有这个名称",
        "query": "/sparql",
        "downloads": "/downloads",
        "school": school,
        "programme": find("SELECT ?s { ?s a zj:Programme ; skos:prefLabel '护理' }"),
        "region": find("SELECT ?s { ?s a zj:Region }"),
        "group": find("SELECT ?s { ?s a zj:Community }"),
        "report": find("SELECT ?s { ?s a zj:Report } ORDER BY ?s"),
        "report with a slash": find("SELECT ?s { ?s a zj:Report FILTER(CONTAINS(STR(?s), '%2F')) }"),
        "statement": find("SELECT ?s { ?s a zj:Partnership }"),
        "figure": find("SELECT ?s { ?s a zj:Figure }"),
        "evidence": find("SELECT ?e { GRAPH ?g { ?s zj:evidence ?e } }"),
        "concept": "/id/gb-t-2260/130600",
        "missing": "/id/school/no-such",
        "one relation": f"{school}?relation=partnersWith&direction=out&page=1",
    } | {f"library {name}": f"/sparql?library={name}" for name in load_queries()}


# ---- entities, for people and for programs


def test_a_school_is_shown_with_its_facts_and_where_they_stand(client, school):
    page = client.get(school, headers=HTML)
    assert page.status_code == 200 and page.headers["content-type"] == "text/html; charset=utf-8"
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text))
    for part in ("白洋湖职业技术学校", "白洋湖职校", "合作单位 7 条", "顶岗实习", "星途精密机械有限公司", "第13页"):
        assert part in text, part
    assert "学校与星途精机开设订单班，并在校内共建实训基地。" in text
    assert f"{DATA}{school.removeprefix('/id/')}" in text


def test_pages_speak_english_when_asked(client, school):
    with httpx.Client(base_url=client.base_url, trust_env=False) as other:
        assert '<html lang="zh-CN">' in other.get(school, headers=HTML).text
        english = other.get(school, params={"lang": "en"}, headers=HTML)
        assert '<html lang="en">' in english.text and "Partners" in english.text and "internship" in english.text
        assert '<html lang="en">' in other.get("/", headers=HTML).text  # kept in a cookie
        assert '<html lang="zh-CN">' in other.get("/", params={"lang": "zh"}, headers=HTML).text


FORMS = {
    "text/turtle": ("ttl", "turtle"),
    "application/ld+json": ("jsonld", "json-ld"),
    "application/n-triples": ("nt", "nt"),
    "application/rdf+xml": ("rdf", "xml"),
}


@pytest.mark.parametrize("kind", FORMS)
def test_the_same_address_gives_data_to_programs(client, school, kind):
    ending, form = FORMS[kind]
    answer = client.get(school, headers={"accept": kind})
    assert answer.headers["content-type"].partition(";")[0] == kind and answer.headers["vary"] == "Accept"
    found = rdflib.Graph().parse(data=answer.text, format=form)
    iri = rdflib.URIRef(DATA + school.removeprefix("/id/"))
    zj = rdflib.Namespace(PREFIXES["zj"])
    assert (iri, rdflib.SKOS.prefLabel, rdflib.Literal("白洋湖职业技术学校")) in found
    fact = next(found.subjects(zj.partneringParty, iri))
    words = rdflib.URIRef(f"{PREFIXES['oa']}exact")
    assert list(found.objects(fact, zj.evidence / rdflib.URIRef(f"{PREFIXES['oa']}hasSelector") / words))
    again = rdflib.Graph().parse(data=client.get(f"{school}.{ending}").text, format=form)
    assert set(again) == set(found)


@pytest.mark.parametrize(
    "name", ["report", "report with a slash", "statement", "figure", "evidence", "concept", "group"]
)
def test_all_that_has_an_iri_has_a_page_and_data(client, paths, name):
    page = client.get(paths[name], headers=HTML)
    assert page.status_code == 200 and "<h1>" in page.text
    turtle = client.get(paths[name], headers={"accept": "text/turtle"})
    iri = rdflib.URIRef(DATA + paths[name].removeprefix("/id/"))
    assert list(rdflib.Graph().parse(data=turtle.text, format="turtle").predicate_objects(iri))


def test_what_is_not_there_is_told_plainly(client):
    page = client.get("/id/school/no-such", headers=HTML)
    assert page.status_code == 404 and "图谱中没有这个地址的内容" in page.text
    told = client.get("/id/school/no-such", headers={"accept": "text/turtle"})
    assert told.status_code == 404 and told.headers["content-type"] == "text/plain; charset=utf-8"
    assert client.get("/no-such-page", headers=HTML).status_code == 404
    assert client.get("/id/school/no-such", headers={"accept": "image/png"}).status_code == 406


def test_a_merged_entity_leads_to_the_one_it_was_merged_into(tmp_path):
    home = make_home(tmp_path)
    names = ("星途精密机械有限公司", "蒙牛")
    command = ["identity", "merge", *names, "--into", names[0], "--reason", "test", "--home", str(home)]
    done = subprocess.run([sys.executable, "-m", "kg.cli", *command], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    ((old, new),) = load_decisions(home).redirects.items()
    with run_server(home, "--workers", "1") as url, httpx.Client(base_url=url, trust_env=False) as client:
        for accept, ending in (("text/html", ""), ("text/turtle", ""), ("*/*", ".ttl")):
            answer = client.get(f"/id/{old.removeprefix(DATA)}{ending}", headers={"accept": accept})
            assert answer.status_code == 303
            assert answer.headers["location"] == f"/id/{new.removeprefix(DATA)}{ending}"
            assert client.get(answer.headers["location"], headers={"accept": accept}).status_code == 200


def test_many_facts_come_a_page_at_a_time(tmp_path):
    home = make_home(tmp_path)
    source = next((home / "statements").rglob("*baiyanghu-2023*"))
    lines = source.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    fact = next(row for row in rows if row.get("predicate") == "partnersWith")
    more = [{**fact, "id": f"{at:016x}"} for at in range(250)]
    source.write_text(
        "\n".join([*lines, *(json.dumps(row, ensure_ascii=False) for row in more)]) + "\n", encoding="utf-8"
    )
    rebuild(home)
    with run_server(home, "--workers", "1") as url, httpx.Client(base_url=url, trust_env=False, headers=HTML) as client:
        address = f"/id/{fact['subject'].removeprefix(DATA)}"
        whole = client.get(address).text
        assert whole.count("<blockquote>") < 100 and "全部 257 条" in whole
        seen = [
            client.get(address, params={"relation": "partnersWith", "direction": "out", "page": page}).text.count(
                "<blockquote>"
            )
            for page in (1, 2, 3, 4)
        ]
        assert seen == [100, 100, 57, 0]


# ---- search, downloads, queries, the rest


def test_search_shows_what_matches(client):
    page = client.get("/search", params={"q": "职校"}, headers=HTML).text
    assert "白洋湖职业技术学校" in page and "白洋湖职校" in page
    found = client.get("/api/search", params={"q": "byh", "type": "School"}).json()["results"]
    assert found[0]["name"] == "白洋湖职业技术学校" and found[0]["path"].startswith("/id/school/")
    assert all(each["type"] == "School" for each in found)


@pytest.mark.parametrize("what", ["facts", "partnerships", "figures", "entities", "issues", "checks"])
def test_downloads_are_what_the_command_writes(client, what):
    for form in ("csv", "jsonl") if what == "facts" else ("csv",):
        expected = io.BytesIO()
        export(shared_home(), what, form, expected)
        answer = client.get(f"/downloads/{what}.{form}")
        assert answer.content == expected.getvalue()
        assert answer.headers["content-disposition"] == f'attachment; filename="{what}.{form}"'
    header = next(csv.reader(io.StringIO(client.get(f"/downloads/{what}.csv").content.decode("utf-8-sig"))))
    assert header == [column.zh for column in TABLES[what].columns]


def test_the_whole_graph_can_be_downloaded(client):
    expected = io.BytesIO()
    write_nquads(shared_home(), expected)
    assert sorted(client.get("/downloads/graph.nq").content.splitlines()) == sorted(expected.getvalue().splitlines())


# What is typed for a value that a query needs, by its kind.
TYPED = {"entity": "白洋湖", "concept": "顶岗实习", "region": "保定", "programme-class": "护理", "integer": "2023"}
TYPED_FOR = {
    "enterprise": "哈弗",
    "programme": "汽修",
    "group": "燕西",
    "indicator": "在校生数",
    "report": "baiyanghu-2023",
}


@pytest.mark.parametrize("name", list(load_queries()))
def test_every_query_of_the_library_is_answered(client, name):
    query = load_queries()[name]
    values = {
        each.name: TYPED_FOR.get(each.name) or TYPED[each.type.split()[0]] for each in query.parameters if each.required
    }
    expected = run_query(shared_home(), name, values)
    answer = client.get(f"/api/queries/{name}", params=values).json()
    assert answer["rows"] == expected.as_dicts() and answer["notes"] == list(expected.notes)
    for language, headings in (("zh", query.columns), ("en", query.columns_en)):
        table = client.get(f"/api/queries/{name}", params={**values, "format": "csv", "lang": language})
        assert next(csv.reader(io.StringIO(table.content.decode("utf-8-sig")))) == list(headings.values())
    text = client.get(f"/api/queries/{name}/sparql", params=values).json()["sparql"]
    asked = client.post("/sparql", data={"query": text, "format": "json"}).json()
    assert len(asked["results"]["bindings"]) == len(expected.rows)


def test_the_ontology_is_served(client):
    page = client.get("/ontology", headers=HTML)
    assert page.status_code == 200 and 'id="School"' in page.text
    found = rdflib.Graph().parse(data=client.get("/ontology.ttl").text, format="turtle")
    assert (rdflib.URIRef(load_schema().types["School"]), None, None) in found
    assert (
        client.get("/ontology", headers={"accept": "application/ld+json"}).headers["content-type"]
        == "application/ld+json"
    )


def test_every_page_answers_head_and_refuses_changes(client, paths):
    for path in (
        "/",
        "/search",
        "/downloads",
        "/downloads/facts.csv",
        "/health",
        "/openapi.json",
        "/api/queries",
        paths["school"],
    ):
        assert client.head(path).status_code == 200, path
        refused = client.post(path)
        assert refused.status_code == 405 and refused.headers["allow"] == "GET, HEAD", path


def test_links_lead_somewhere(client, paths):
    """Every address of ours on every kind of page has an answer."""
    seen: set[str] = set()
    for path in paths.values():
        page = client.get(path, headers=HTML).text
        seen.update(re.findall(r'(?:href|src|action)="(/[^"#]*)', page))
    assert len(seen) > 60
    for address in sorted(seen - {each for each in seen if each.startswith("/downloads/")}):  # which are tested above
        answer = client.get(address.replace("&amp;", "&"), headers=HTML)
        assert answer.status_code == 200, address


# ---- in a browser


@contextmanager
def visit(browser, url: str, size: tuple[int, int] = DESKTOP) -> Iterator[tuple[object, Heard]]:
    """A page of the server; what it asks of anybody else is heard."""
    heard = Heard()
    session = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", has_touch=size == PHONE, locale="zh-CN"
    )
    try:
        page = session.new_page()
        page.set_default_timeout(20_000)
        origin = "/".join(url.split("/")[:3])
        page.on(
            "request", lambda request: request.url.startswith((origin, "data:")) or heard.requests.append(request.url)
        )
        page.on("console", lambda said: said.type in ("error", "warning") and heard.errors.append(said.text))
        page.on("pageerror", lambda error: heard.errors.append(str(error)))
        page.on("dialog", lambda dialog: (heard.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(url)
        yield page, heard
    finally:
        session.close()


def wait(page, expression: str) -> None:
    """Until it is so. (Playwright's own wait_for_function is what the policy of the pages forbids.)"""
    end = time.monotonic() + 20
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(40)


# Texts with too little contrast (WCAG AA), controls without a name, and fields without a label.
FLAWS = """() => {
  const found = [];
  const shade = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number)
      .map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility() || element.closest("script, noscript, datalist")) continue;
    const [one, other] = [shade(getComputedStyle(element).color), shade(ground(element))].sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) found.push("contrast: " + walker.currentNode.textContent.trim().slice(0, 40));
  }
  for (const element of document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea")) {
    if (!element.checkVisibility()) continue;
    const name = element.textContent.trim() || element.getAttribute("aria-label") || [...(element.labels ?? [])].map((each) => each.textContent.trim()).join("");
    if (!name) found.push("no name: " + element.outerHTML.slice(0, 80));
  }
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  found.push(...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => "twice: " + id));
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the window: " + document.documentElement.scrollWidth);
  return found;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_every_kind_of_page_behaves(browser, server, paths, size):
    for name, path in paths.items():
        if name.startswith("library ") and name != "library partners-of-school":
            continue  # made of the same template
        with visit(browser, server + path, size) as (page, heard):
            if name.startswith("library "):
                page.wait_for_load_state("networkidle")
            assert page.evaluate(FLAWS) == [], name
            expected = ["404"] if name == "missing" else []
            assert heard.requests == heard.dialogs == [], name
            assert len(heard.errors) == len(expected) and all("404" in error for error in heard.errors), (
                name,
                heard.errors,
            )


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_question_of_the_library_is_filled_in_and_answered(browser, server, size):
    with visit(browser, f"{server}/sparql", size) as (page, heard):
        page.fill("#filter", "学校的合作单位")
        page.click("#titles a:text-is('学校的合作单位')")
        page.fill("input[name=school]", "白洋湖")
        wait(page, "document.querySelector('input[name=school]').list.options.length > 0")
        page.click(".values button")
        page.wait_for_selector("#rows table")
        assert page.locator("#rows tbody tr").count() >= 5
        assert "行" in page.inner_text("#status")
        assert "白洋湖" in page.inner_text("#rows") and page.locator("#rows thead button").first.inner_text() == "学校"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert heard.errors == heard.requests == []


@pytest.mark.browser
def test_own_queries_run_sort_link_and_download(browser, server):
    with visit(browser, f"{server}/sparql") as (page, heard):
        page.fill("#query", "SELECT ?s ?name ?n { ?s a zj:School ; skos:prefLabel ?name BIND(STRLEN(?name) AS ?n) }")
        page.press("#query", "Control+Enter")
        page.wait_for_selector("#rows table")
        names = "[...document.querySelectorAll('#rows tbody td:nth-child(2)')].map((cell) => cell.textContent)"
        page.click("#rows th:nth-child(3) button")
        lengths = [len(name) for name in page.evaluate(names)]
        assert lengths == sorted(lengths) and len(lengths) == 3
        page.click("#rows th:nth-child(3) button")
        assert page.get_attribute("#rows th:nth-child(3)", "aria-sort") == "descending"
        for form, start in (("CSV", b"s,name,n\r\n"), ("JSON", b'{"head"'), ("XML", b"<?xml"), ("TSV", b"?s\t")):
            with page.expect_download() as caught:
                page.click(f"#formats button:text-is('{form}')")
            assert caught.value.path().read_bytes().startswith(start)
        page.click("#rows a >> nth=0")
        page.wait_for_selector("h1:has-text('学')")
        assert "/id/school/" in page.url
        assert heard.errors == heard.requests == []


@pytest.mark.browser
def test_an_error_marks_its_line(browser, server):
    with visit(browser, f"{server}/sparql") as (page, _):
        page.fill("#query", "SELECT ?s {\n  ?s a zj:School .\n  ?s ?p }\n")
        page.click("#run")
        page.wait_for_selector("#status.problem")
        assert "line 3" in page.inner_text("#status")
        assert page.inner_text("#numbers .wrong") == "3"
        assert page.evaluate("document.activeElement.id") == "query"
        page.fill("#query", "ASK { ?s a zj:School }")
        page.click("#run")
        wait(page, "document.querySelector('#status').textContent.startsWith('是')")
        assert page.locator("#numbers .wrong").count() == 0


@pytest.mark.browser
def test_a_running_query_can_be_stopped_and_a_slow_one_is_told(browser, server):
    with visit(browser, f"{server}/sparql") as (page, _):
        page.fill("#query", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
        page.click("#run")
        page.click("#stop")
        wait(page, "document.querySelector('#status').textContent === '已停止'")
        page.click("#run")
        page.wait_for_selector("#status.problem")
        assert "longer than 2 seconds" in page.inner_text("#status")


@pytest.mark.browser
def test_triples_and_hostile_words_are_shown_as_text(browser, server):
    text = "CONSTRUCT { <x> <y> ?v } { VALUES ?v { '<img src=x onerror=alert(1)>' 'a\\\\\"b\\n职'@zh } }"
    with visit(browser, f"{server}/sparql") as (page, heard):
        page.fill("#query", text)
        page.click("#run")
        page.wait_for_selector("#rows table")
        cells = page.evaluate(
            "[...document.querySelectorAll('#rows tbody td:nth-child(3)')].map((cell) => cell.textContent)"
        )
        assert sorted(cells) == ["<img src=x onerror=alert(1)>", 'a\\"b\n职']
        assert page.locator("#rows img").count() == 0 and heard.dialogs == []


@pytest.mark.browser
def test_names_are_offered_while_one_types(browser, server, school):
    with visit(browser, f"{server}/") as (page, heard):
        page.locator("header input").press_sequentially("byh")
        wait(page, "document.querySelector('#found-names').options.length > 0")
        assert page.evaluate("document.querySelector('#found-names').options[0].value") == "白洋湖职业技术学校"
        page.fill("header input", "白洋湖职业技术学校")
        page.keyboard.press("Enter")
        page.click(".found a >> nth=0")
        page.wait_for_selector("h1:has-text('白洋湖职业技术学校')")
        assert page.url.endswith(school) and heard.errors == []


@pytest.mark.browser
def test_the_keyboard_reaches_everything(browser, server):
    with visit(browser, f"{server}/sparql") as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        reached = set()
        for _ in range(80):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        assert {"filter", "query", "run", "English"} <= reached
