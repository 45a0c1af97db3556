"""Files made to do harm: each is read without harm, or refused in one line that says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile_files import (
    PROLOGUES,
    SENTENCE,
    SHEET,
    WORD,
    cell,
    inline,
    lie_about_size,
    make_docx,
    make_html,
    make_pdf,
    make_xlsx,
    nested_tables,
    one_page,
    put_prologue,
    raw_pdf,
    replace_part,
    rewrite,
    sheet,
    stream,
    word_body,
)
from listener import Listener, listen
from watched_reading import read_watched

from kg.errors import UsageError
from kg.limits import Limits, read_limits

READ = ""  # what is told of a file that is read


def tell(path: Path, data: bytes, limits: Limits | None = None) -> str:
    """What is told of a file that cannot be read; READ for one that is, with its sentence."""
    path.write_bytes(data)
    result = read_watched(path, limits) if limits else read_watched(path)
    if isinstance(result, str):
        return result
    assert SENTENCE in result.document.text or "hello" in result.document.text
    assert "SECRET" not in result.document.text
    return READ


def tell_all(folder: Path, files: dict[str, tuple[bytes, str]]) -> None:
    """Compares what is told of each file with the beginning of what should be."""
    told = {name: tell(folder / name, data) for name, (data, _) in files.items()}
    assert {name: text[: len(files[name][1])] if files[name][1] else text for name, text in told.items()} == {
        name: begins for name, (_, begins) in files.items()
    }


@pytest.mark.parametrize("prologue", PROLOGUES)
@pytest.mark.parametrize(
    "part", [WORD, "word/styles.xml", "_rels/.rels", SHEET, "xl/workbook.xml", "docProps/core.xml"]
)
def test_no_xml_grows_or_fetches(tmp_path: Path, prologue: str, part: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET", encoding="utf-8")
    Listener.asked.clear()
    is_word = part.startswith(("word", "_rels"))
    with listen() as address:
        data = put_prologue(make_docx() if is_word else make_xlsx(), part, prologue, str(secret), address)
        told = tell(tmp_path / ("a.docx" if is_word else "a.xlsx"), data)
    assert Listener.asked == []
    assert told.startswith("damaged (")


def test_web_pages_define_and_fetch_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET", encoding="utf-8")
    links = "".join(
        f"<{tag} {name}='{{}}'></{tag}>"
        for tag, name in (("img", "src"), ("iframe", "src"), ("link", "href"), ("object", "data"), ("script", "src"))
    )
    with listen() as address:
        Listener.asked.clear()
        page = make_html(links.format(*[secret.as_uri()] * 5) + links.format(*[f"{address}/x"] * 5))
        assert tell(tmp_path / "a.html", page) == READ
        for name, (prologue, use) in PROLOGUES.items():
            text = prologue.replace("{secret}", str(secret)).replace("{address}", address)
            page = text.encode() + make_html(f"<p>{use[:1000]}").replace(b"<!DOCTYPE html>", b"")
            assert tell(tmp_path / f"{name}.html", page) == READ
        assert Listener.asked == []


def test_archives_unpack_to_no_more_than_they_may(tmp_path: Path) -> None:
    docx, xlsx = make_docx(), make_xlsx()
    big = b"<a>" + b" " * 101_000_000
    tell_all(
        tmp_path,
        {
            "part.docx": (replace_part(docx, WORD, big), "damaged (word/document.xml would unpack to 101 MB of XML"),
            "part.xlsx": (replace_part(xlsx, SHEET, big), f"damaged ({SHEET} would unpack to 101 MB of XML"),
            "lies.docx": (lie_about_size(docx, WORD, 100), "damaged ("),
            "climbs.docx": (rewrite(docx, lambda _, data: data, {"../../../evil.xml": b"x", "/etc/evil": b"x"}), READ),
            "climbs.xlsx": (rewrite(xlsx, lambda _, data: data, {"../../../evil.xml": b"<x/>"}), READ),
        },
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("climbs.docx", "climbs.xlsx", "lies.docx", "part.docx", "part.xlsx")
    ]


def test_relations_lead_nowhere_outside(tmp_path: Path) -> None:
    kinds = ("attachedTemplate", "styles", "image", "aFChunk", "subDocument", "externalLink")
    with listen() as address:
        Listener.asked.clear()
        relations = "".join(
            f'<Relationship Id="x{kind}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
            f' Target="{address}/{kind}" TargetMode="External"/>'
            for kind in kinds
        )

        def add(name: str, data: bytes) -> bytes:
            return data.replace(b"</Relationships>", relations.encode() + b"</Relationships>")

        assert tell(tmp_path / "a.docx", rewrite(make_docx(), add)) == READ
        assert tell(tmp_path / "a.xlsx", rewrite(make_xlsx(), add)) == READ
        assert Listener.asked == []
    climbs = rewrite(make_docx(), lambda _, data: data.replace(b'"word/document.xml"', b'"../../../etc/passwd"'))
    assert tell(tmp_path / "climbs.docx", climbs) == READ


def test_endless_tables_are_cut_or_refused(tmp_path: Path) -> None:
    row = f"<w:tr>{cell() * 3}</w:tr>"
    wide = cell("汽修", '<w:gridSpan w:val="1000000"/>') + cell("汽修", f'<w:gridSpan w:val="{"9" * 5000}"/>')
    rows = "".join(f'<row r="{at}">{inline(f"A{at}", "甲") * 60}</row>' for at in range(1, 1001))
    one = f'<row r="1">{inline("A1")}</row>'
    merged = '<mergeCells count="1"><mergeCell ref={}/></mergeCells>'
    claims = '<dimension ref="A1:XFD1048576"/>'
    tell_all(
        tmp_path,
        {
            "rows.docx": (word_body(f"<w:tbl>{row * 20_000}</w:tbl>"), "60,000 table cells, more than the 50,000"),
            "spans.docx": (word_body(f"<w:tbl><w:tr>{wide}</w:tr>{row}</w:tbl>"), READ),
            "claims.xlsx": (sheet(one, claims), READ),
            "far.xlsx": (sheet(f'{one}<row r="1048576">{inline("XFD1048576")}</row>'), READ),
            "beyond.xlsx": (sheet(f'<row r="99999999999">{inline("A99999999999")}</row>'), READ),
            "rows.xlsx": (sheet(rows), "60,000 table cells, more than the 50,000"),
            "merged.xlsx": (sheet(one, after=merged.format('"A1:XFD1048576"')), "17,179,869,185 table cells"),
            "quotes.xlsx": (sheet(one, after=merged.format("'A1:A1048576'")), "1,048,577 table cells"),
            "small.xlsx": (sheet(one, after=merged.format("'a1:xfd9999'")), "163,823,617 table cells"),
            "spans.html": (
                make_html("<table><tr><td rowspan=9999999999 colspan=9999999999>甲<td>乙<tr><td>丙</table>"),
                READ,
            ),
            "grid.html": (
                make_html("<table>" + "<tr><td rowspan=999 colspan=999>甲<td>乙" * 100 + "</table>"),
                "5,045,",
            ),
            "list.html": (make_html(f"<ol start={'9' * 5000}>" + "<li>甲" * 2000), READ),
            "rows.csv": (b"1,1,1\n" * 17_000, "51,000 table cells"),
        },
    )


def test_deep_nests_are_read_or_refused(tmp_path: Path) -> None:
    tell_all(
        tmp_path,
        {
            "some.docx": (word_body(nested_tables(20)), READ),
            "many.docx": (word_body(nested_tables(5000)), "damaged ("),
            "boxes.docx": (
                word_body(
                    f"<w:p><w:r>{'<w:txbxContent><w:p><w:r>' * 70}{'</w:r></w:p></w:txbxContent>' * 70}</w:r></w:p>"
                ),
                READ,
            ),
            "some.html": (make_html("<div>" * 100), READ),
            "many.html": (make_html("<div>" * 50_000), "damaged (its tags are nested more than 200 deep)"),
            "array.pdf": (raw_pdf(f"<</Type/Catalog/X {'[' * 50_000}>>"), "damaged ("),
            "content.pdf": (one_page(stream(b"[" * 50_000)), "there is no text in it"),
        },
    )


def test_loops_and_claims_of_pdf_files_end(tmp_path: Path) -> None:
    catalog = "<</Type/Catalog/Pages 2 0 R>>"
    text = stream(b"BT /F1 12 Tf 72 700 Td (hello hello hello) Tj ET")
    itself = stream(b"/X0 Do", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X0 5 0 R>>>>")
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X0 5 0 R>>>>>>"
    kids = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
    chain = [f"<</Type/Pages/Kids[{at} 0 R]/Count 1>>" for at in range(3, 2003)]
    twice = [f"<</Type/Pages/Kids[{at} 0 R {at} 0 R]/Count 2>>" for at in range(3, 43)]
    leaf = "<</Type/Page/MediaBox[0 0 595 842]>>"
    files = {
        "self.pdf": (raw_pdf(catalog, "<</Type/Pages/Kids[2 0 R]/Count 1>>"), "damaged (no pages in it)"),
        "deep.pdf": (raw_pdf(catalog, *chain, leaf), "damaged (nested too deeply)"),
        "twice.pdf": (raw_pdf(catalog, *twice, leaf), "there is no text in it"),
        "form.pdf": (raw_pdf(catalog, kids, page, stream(b"/X0 Do"), itself), "there is no text in it"),
        "none.pdf": (raw_pdf(catalog, "<</Type/Pages/Kids[]/Count 0>>"), "damaged (no pages in it)"),
        "root.pdf": (raw_pdf("<</Type/Catalog>>"), "damaged (no pages in it)"),
        "wide.pdf": (one_page(text, "[0 0 1000000000 1000000000]"), READ),
        "flat.pdf": (one_page(text, "[0 0 0 0]"), READ),
        "words.pdf": (one_page(text, "[a b c d]"), "damaged ("),
        "length.pdf": (one_page(b"<</Length 4 0 R>>stream\nBT ET\nendstream"), "damaged (nested too deeply)"),
        "previous.pdf": (raw_pdf(catalog, kids, leaf, trailer="/Prev 9/XRefStm 9"), "there is no text in it"),
    }
    tell_all(tmp_path, files)
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/..#2f..#2f..#2f..#2f..#2fetc#2fpasswd/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(..)/Ordering(/../../secret)>>>>",
    )
    assert tell(tmp_path / "names.pdf", one_page(stream(b"BT /F1 9 Tf <0001> Tj ET"), "[0 0 9 9]", *font))


def test_limits_of_a_file(tmp_path: Path) -> None:
    """Each is told with what the file has, what it may have, and how to raise it."""
    few = Limits(megabytes=1, pages=2, characters=1000, cells=9)
    padded = make_docx() + b"\0" * 1_100_000
    advice = "(to read it all the same: kg build --limit {})"
    text = SENTENCE * 200
    told = {
        "a.docx": (padded, "2 MB, more than the 1 of one file " + advice.format("megabytes=2")),
        "a.pdf": (make_pdf(3), "3 pages, more than the 2 of one file " + advice.format("pages=3")),
        "a.txt": (
            text.encode(),
            "1,800 characters, more than the 1,000 of one file " + advice.format("characters=1800"),
        ),
        "a.html": (
            make_html(text),
            "1,809 characters, more than the 1,000 of one file " + advice.format("characters=1809"),
        ),
        "b.docx": (make_docx(text), "1,813 characters, more than the 1,000 of one file"),
        "a.csv": (b"a,b,c,d,e\n" * 2, "10 table cells, more than the 9 of one file " + advice.format("cells=10")),
    }
    for name, (data, line) in told.items():
        assert tell(tmp_path / name, data, few).startswith(line)
        (tmp_path / name).unlink()
    assert tell(tmp_path / "a.pdf", make_pdf(1), few) == READ


def test_limits_are_given_by_name() -> None:
    assert read_limits([]) == Limits()
    assert read_limits(["pages=2000", "memory=4096", "seconds=9"]) == Limits(pages=2000, memory=4 << 30, seconds=9)


@pytest.mark.parametrize(
    "given", ["page=5", "pages", "pages=", "pages=-1", "pages=0", "pages=1e9", "pages=²", "pages=" + "9" * 99]
)
def test_a_limit_that_is_none_is_told(given: str) -> None:
    with pytest.raises(
        UsageError, match=rf"--limit {given[:9]}.*: (no such limit; there are seconds, memory|not a whole number)"
    ):
        read_limits([given])
