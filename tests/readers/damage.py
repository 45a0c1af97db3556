"""Good files damaged by chance: bytes turned, cut, doubled and swapped, outside and inside what is packed.

``chance`` decides all, so that a seed is a file. Inside a zip archive a part is damaged and packed anew, inside a PDF an
object or a stream, so that what reads them is reached and not only what unpacks.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from random import Random

import docx
import openpyxl
from hostile_files import (
    BLOWN_UP,
    CATALOG,
    FONT,
    LAUGHS,
    PAGES,
    SENTENCE,
    cell,
    inline,
    make_docx,
    make_html,
    nested_tables,
    raw_pdf,
    rewrite,
    sheet,
    stream,
    word_body,
)

REPORT = f"""甲市职业技术学校质量年度报告（2023）

一、基本情况
学校现有在校生 1200 人。{SENTENCE}与丙集团共建实训基地，开设汽修、护理等专业。
表1 校企合作
序号\t企业\t专业\t人数
1\t丁机械公司\t汽修\t40
2\t戊医院\t护理\t50
注：数据来自学校。
"""
# What parsers stumble over: borders of numbers and of buffers, marks of formats, signs that turn the writing.
_PIECES = (
    *(
        b"\0",
        b"\0" * 300,
        b"\xff",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r",
        b"\t" * 50,
        b"  " * 50,
        b"<",
        b">",
        b"&",
        b"]]>",
    ),
    *(
        b"&#0;",
        b"&#x202E;",
        b"&#55296;",
        b"<!--",
        b"<![CDATA[",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"endstream",
        b"endobj",
        b"xref",
    ),
    *(
        b"-1",
        b"0",
        b"99999999999999999999",
        b"1e999",
        b"NaN",
        b"((((",
        b"[[[[",
        b"<<<<",
        b"<table>",
        b"</tr>",
        b"'" * 9,
        b'"',
    ),
    *(
        "\u202e\u200b\u2066".encode(),
        "“（《".encode(),
        "甲校与乙公司".encode("gb18030"),
        b"\xd8\x00",
        b"\xf0\x9f\x98\x80",
    ),
)
_NUMBER = re.compile(rb"(?<=[\"'= \[(])-?\d+(?:\.\d+)?(?=[\"' \])<>])")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def damage(data: bytes, chance: Random, most: int = 6) -> bytes:
    """The bytes after some small accidents."""
    out = bytearray(data)
    for _ in range(chance.randint(1, most)):
        if not out:
            break
        at = chance.randrange(len(out))
        end = min(len(out), at + chance.choice((1, 2, 8, 64, 512, 4096)))
        other = chance.randrange(len(out))
        match chance.randrange(8):
            case 0:
                out[at] ^= 1 << chance.randrange(8)
            case 1:
                out[at:end] = bytes(chance.randrange(256) for _ in range(min(16, end - at)))
            case 2:
                del out[at:end]
            case 3:
                out[at:at] = out[at:end] * chance.choice((1, 2, 50))
            case 4:
                out[at:end], out[other : other + end - at] = out[other : other + end - at], out[at:end]
            case 5:
                out[at:at] = chance.choice(_PIECES)
            case 6:
                if numbers := list(_NUMBER.finditer(out)):
                    found = chance.choice(numbers)
                    out[found.start() : found.end()] = chance.choice(
                        (b"-1", b"0", b"99999999999", b"1e9", b"", b"4294967296")
                    )
            case 7:
                if chance.random() < 0.3:
                    del out[at:]
    return bytes(out)


def _damage_text(data: bytes, chance: Random) -> bytes:
    encoding = chance.choice(("utf-8", "utf-8", "gb18030", "utf-16", "utf-16-le"))
    return damage(data.decode().encode(encoding), chance)


def damage_archive(data: bytes, chance: Random) -> bytes:
    """The archive after accidents to its parts, or to itself."""
    if chance.random() < 0.3:
        return damage(data, chance)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    main = [name for name in names if name.endswith(("document.xml", "sheet1.xml"))]
    hit = {chance.choice(names), *main} if chance.random() < 0.5 else set(main)
    lost = chance.choice(names) if chance.random() < 0.1 else ""
    changed = rewrite(data, lambda name, part: damage(part, chance) if name in hit else part)
    return changed if not lost else rewrite(changed, lambda name, part: b"" if name == lost else part)


def _damage_pdf(data: bytes, chance: Random) -> bytes:
    streams = list(_STREAM.finditer(data))
    if not streams or chance.random() < 0.4:
        return damage(data, chance)
    found = chance.choice(streams)
    try:
        inside = zlib.decompress(found[1])
    except zlib.error:
        return damage(data, chance)
    packed = zlib.compress(damage(inside, chance))
    start, end = found.span(1)
    head = re.sub(
        rb"/Length \d+(?=[^/]*$|/Filter/FlateDecode)", b"/Length %d" % len(packed), data[max(0, start - 200) : start]
    )
    return data[: max(0, start - 200)] + head + packed + data[end:]


def _make_rich_docx() -> bytes:
    word = docx.Document()
    for line in REPORT.splitlines():
        if "\t" not in line:
            word.add_paragraph(line, style="Heading 1" if line.startswith("一") else None)
    rows = [line.split("\t") for line in REPORT.splitlines() if "\t" in line]
    table = word.add_table(len(rows), 4)
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    table.cell(1, 2).merge(table.cell(2, 2))
    word.add_paragraph("第一", style="List Number")
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _make_rich_xlsx() -> bytes:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for line in REPORT.splitlines():
        page.append(line.split("\t"))
    page.merge_cells("C7:C8")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _make_rich_pdf() -> bytes:
    """Fonts with and without Unicode maps, rulings, a form inside a form, a picture."""
    words = b" ".join(b"(hello %d) Tj 0 -14 Td" % at for at in range(12))
    rules = b" ".join(
        b"72 %d m 400 %d l S %d 400 m %d 500 l S" % (400 + at * 20, 400 + at * 20, 72 + at * 60, 72 + at * 60)
        for at in range(6)
    )
    content = (
        b"q BT /F1 12 Tf 72 700 Td " + words + b" ET BT /F2 12 Tf 80 410 Td <00010002> Tj ET " + rules + b" /X0 Do Q"
    )
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
        b"2 beginbfchar <0001> <7532> <0002> <6821> endbfchar 1 beginbfrange <0003> <0010> <4E00> endbfrange endcmap end end"
    )
    page = (
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2 6 0 R>>"
        "/XObject<</X0 10 0 R>>>>>>"
    )
    return raw_pdf(
        *(CATALOG, PAGES, page, stream(content), FONT),
        "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 9 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        "/FontDescriptor 8 0 R/DW 1000/W[1[500 600] 3 9 700]>>",
        "<</Type/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 -200 1000 900]/Ascent 900/Descent -200/ItalicAngle 0>>",
        stream(cmap),
        stream(
            b"BT /F1 9 Tf 300 300 Td (form) Tj ET",
            "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>",
        ),
    )


def _make_rich_html() -> bytes:
    rows = "".join(
        "<tr>" + "".join(f"<td colspan=1 rowspan=1>{text}</td>" for text in line.split("\t")) + "</tr>"
        for line in REPORT.splitlines()
        if "\t" in line
    )
    texts = "".join(f"<p style='x'>{line}</p>" for line in REPORT.splitlines() if "\t" not in line)
    body = f"<div class=nav><a href=#a>目录</a></div><h1>报告</h1>{texts}<ol start=3><li>一<li>二</ol><table>{rows}</table>"
    return make_html(f"{body}<pre>\n 甲 </pre><ruby>甲<rt>jia</rt></ruby><!-- x -->")


# ending → a good file, and how files of its kind are damaged
KINDS: Mapping[str, tuple[Callable[[], bytes], Callable[[bytes, Random], bytes]]] = {
    ".txt": (lambda: REPORT.encode(), _damage_text),
    ".csv": (lambda: REPORT.replace("\t", ",").encode(), _damage_text),
    ".html": (_make_rich_html, _damage_text),
    ".docx": (_make_rich_docx, damage_archive),
    ".xlsx": (_make_rich_xlsx, damage_archive),
    ".pdf": (_make_rich_pdf, _damage_pdf),
}


@cache
def make_good(ending: str) -> bytes:
    return KINDS[ending][0]()


def make_damaged(ending: str, chance: Random) -> bytes:
    """A file of a kind after an accident; one in twenty has had two."""
    data = KINDS[ending][1](make_good(ending), chance)
    return damage(data, chance) if chance.random() < 0.05 else data


# Bombs that are quickly made and quickly told, for folders of damaged files.
BOMBS: Mapping[str, Callable[[], bytes]] = {
    "laughs.docx": lambda: _with_prologue(LAUGHS),
    "blown.docx": lambda: _with_prologue(BLOWN_UP),
    "deep.docx": lambda: word_body(nested_tables(3000)),
    "rows.docx": lambda: word_body(f"<w:tbl>{f'<w:tr>{cell() * 3}</w:tr>' * 8_000}</w:tbl>"),
    "merged.xlsx": lambda: sheet(
        f'<row r="1">{inline("A1")}</row>', after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "deep.html": lambda: make_html("<div>" * 30_000),
    "spans.html": lambda: make_html("<table>" + "<tr><td rowspan=999 colspan=999>甲<td>乙" * 400 + "</table>"),
    "loop.pdf": lambda: raw_pdf(CATALOG, "<</Type/Pages/Kids[2 0 R]/Count 1>>"),
    "line.txt": lambda: (SENTENCE * 300_000).encode(),
}


def _with_prologue(prologue: str) -> bytes:
    def change(name: str, part: bytes) -> bytes:
        return (
            part.replace(b"<w:document", prologue.encode() + b"<w:document", 1) if name == "word/document.xml" else part
        )

    return rewrite(make_docx(), change)
