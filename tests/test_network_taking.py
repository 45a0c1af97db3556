"""What one takes along from the picture, and whether everybody can use the page: files, paper, axe-core."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pdfplumber
import pytest
from browser import DESKTOP, PHONE, check_with_axe, open_page
from network_pages import EVIDENCE, find_node, open_legend, reading_graph, wait_for_picture
from PIL import Image
from test_network import HOSTILE, edge, node

from kg.network import build_graph, draw_network

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("taking") / "network.html"
    draw_network(reading_graph(), file, title="职业教育合作网络")
    return file


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request, browser, drawn) -> Iterator[Any]:
    with open_page(browser, drawn, request.param) as (page, heard):
        wait_for_picture(page)
        yield page
        assert heard.errors == [] and heard.dialogs == []
        assert all(url.startswith("blob:") for url in heard.requests)  # made in the page itself


def take(page, what: str) -> tuple[str, bytes]:
    """Press a button of the export menu; return the name and the bytes of the file that comes."""
    page.click("#taking-button")
    with page.expect_download() as download:
        page.click(f"#take-{what}")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def read_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_texts(content: bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(content).iter(f"{SVG}text")]


def test_png_shows_the_present_view(page):
    find_node(page, "云汐工业学校")
    name, content = take(page, "png")
    assert name == "职业教育合作网络_云汐工业学校.png"
    shot = Image.open(io.BytesIO(content)).convert("RGB")
    frame = page.locator("#picture").bounding_box()
    assert shot.width == round(frame["width"]) * 2 and shot.height > frame["height"] * 2
    colours = {colour for _, colour in shot.getcolors(1 << 24)}
    assert {(0, 114, 178), (230, 159, 0), (255, 255, 255)} <= colours  # a school, an enterprise, the ground


def test_svg_holds_names_as_text(page):
    open_legend(page)
    page.uncheck("[data-key='type Hospital']")
    name, content = take(page, "svg")
    assert name == "职业教育合作网络.svg"
    texts = read_texts(content)
    assert {"职业教育合作网络", "云汐工业学校", "麦川技工学校", "企业", "订单培养"} <= set(texts)
    assert "石阑市人民医院" not in texts and "医院" not in texts
    root = ElementTree.fromstring(content)
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "rect", "path", "text")
    }
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on") or "href" in key]


def test_csv_has_a_row_for_each_fact_that_is_seen(page):
    open_legend(page)
    page.uncheck("[data-key='year 2023']")
    page.uncheck("[data-key='predicate memberOf']")
    name, content = take(page, "csv")
    assert name == "职业教育合作网络.csv" and content.startswith(b"\xef\xbb\xbf")
    rows = read_rows(content)
    assert [(row["起点"], row["终点"], row["合作方式"], row["年份"]) for row in rows] == [
        ("云汐工业学校", "远航汽车有限公司", "订单培养、顶岗实习", "2021"),
        ("云汐工业学校", "远航汽车有限公司", "现代学徒制", "2022"),
        ("石阑卫生学校", "启明电子有限公司", "", ""),
        ("麦川技工学校", "启明电子有限公司", "订单培养", "2022"),
    ]
    told = next(row for row in rows if row["年份"] == "2021")
    assert (told["起点类型"], told["关系"], told["人数"], told["原文"]) == ("学校", "校企合作", "40", EVIDENCE)
    assert (told["章节"], told["页码"], told["报告"], told["报告年度"]) == (
        "4 校企合作",
        "12",
        "云汐市质量年度报告",
        "2022",
    )


FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@x", " =1", "＝1", '"quoted", and\nbroken']


def test_files_of_strange_names_are_harmless(browser, tmp_path):
    names = [*HOSTILE, *FORMULAS, "控\x00制\x0b符\ud800"]
    rows = [edge(name, "partnersWith", names[at - 1], evidence=name, modes=name) for at, name in enumerate(names)]
    draw_network(
        build_graph([node(name) for name in names], rows),
        tmp_path / "n.html",
        title='..\\/:*?"<>|\n名\x00' + "长" * 300,
    )
    with open_page(browser, tmp_path / "n.html") as (page, heard):
        wait_for_picture(page)
        name, content = take(page, "csv")
        assert len(name) <= 70 and not set(name) & set('\\/:*?"<>|\n\x00') and name.strip(".") == name and "名" in name
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]
        assert "'=HYPERLINK(1)" in cells and "javascript:alert(1)" in cells
        assert "alert(1)" in str(read_texts(take(page, "svg")[1]))
        assert take(page, "png")[1].startswith(b"\x89PNG")
        page.evaluate("id => select({ node: id })", page.evaluate("NAMES.indexOf('{{scripts}}{{data}}')"))
        assert take(page, "csv")[0].endswith(".csv")
        assert heard.errors == [] and heard.dialogs == []


def test_no_system_refuses_the_file_name(browser, tmp_path):
    draw_network(build_graph([node("甲校")], []), tmp_path / "n.html", title="图")
    with open_page(browser, tmp_path / "n.html") as (page, _):
        for title in ("CON", "…", "", "..", "nul", " . "):
            name = page.evaluate("title => { document.title = title; return fileName('png'); }", title)
            assert name.removesuffix(".png").lower() not in {"con", "nul", "", ".", ".."} and not name.startswith(".")


def test_paper_holds_the_picture_and_the_panel_as_text(browser, drawn, tmp_path):
    with open_page(browser, drawn) as (page, heard):
        wait_for_picture(page)
        find_node(page, "云汐工业学校")
        page.pdf(path=tmp_path / "n.pdf", prefer_css_page_size=True)
        with pdfplumber.open(tmp_path / "n.pdf") as pdf:
            told = "".join(part.extract_text() for part in pdf.pages)
            assert len(pdf.pages) <= 2
        text = "".join(unicodedata.normalize("NFKC", told).split())  # some fonts name a radical in place of a character
        assert "职业教育合作网络" in text and "云汐现代制造职业教育集团" in text and "送40名学生顶岗实习" in text
        assert "English" not in text
        assert page.locator("#sheet svg").count() == 0  # gone when the paper is printed
        assert heard.errors == []


def test_the_link_is_copied(browser, drawn):
    with open_page(browser, drawn) as (page, heard):
        wait_for_picture(page)
        find_node(page, "云汐工业学校")
        page.click("#taking-button")
        page.click("#take-link")
        page.wait_for_timeout(100)
        assert page.inner_text("#take-link") == "已复制"
        page.keyboard.press("Escape")
        assert not page.is_visible("#taking") and page.evaluate("document.activeElement.id") == "taking-button"
        page.fill("#search", "")
        page.focus("#search")
        page.keyboard.press("Control+V")
        assert "node=" in page.input_value("#search")
        assert heard.errors == []


# -- axe-core


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_serious_fault(browser, drawn, size, language):
    with open_page(browser, drawn, size) as (page, _):
        wait_for_picture(page)
        if language == "en":
            page.click("#language")
        assert check_with_axe(page) == []
        open_legend(page)
        page.click("#taking-button")
        assert check_with_axe(page) == []
        page.keyboard.press("Escape")
        find_node(page, "云汐工业学校")
        page.click("[data-by=mode]")
        page.fill("#search", "石阑")
        assert check_with_axe(page) == []
        page.click("[data-act='panel.path']")
        assert check_with_axe(page) == []
        find_node(page, "麦川技工学校")
        assert check_with_axe(page) == []
