"""Files made to do harm: bombs of entities and of archives, endless tables, deep nests, loops, names that mislead.

Each says a sentence, so that what a reader lets pass is known to be read. A new way to harm goes in here before the cure.
"""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
from drawn_pages import Pages

SENTENCE = "甲校与乙公司合作。"
Maker = Callable[[], bytes]

# ---- XML that grows or fetches

LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
)
BLOWN_UP = f"<!DOCTYPE x [<!ENTITY a '{'ha' * 50_000}'>]>"
PROLOGUES = {  # name → what stands before the root, and what stands in the text
    "laughs": (LAUGHS, "&a11;"),
    "blow-up": (BLOWN_UP, "&a;" * 50_000),
    "file entity": ("<!DOCTYPE x [<!ENTITY a SYSTEM 'file://{secret}'>]>", "&a;"),
    "http entity": ("<!DOCTYPE x [<!ENTITY a SYSTEM '{address}/entity'>]>", "&a;"),
    "http DTD": ("<!DOCTYPE x SYSTEM '{address}/dtd'>", ""),
    "file parameter": ("<!DOCTYPE x [<!ENTITY % a SYSTEM 'file://{secret}'> %a;]>", ""),
    "http parameter": ("<!DOCTYPE x [<!ENTITY % a SYSTEM '{address}/parameter'> %a;]>", ""),
}


def make_docx(*texts: str) -> bytes:
    word = docx.Document()
    for text in texts or (SENTENCE,):
        word.add_paragraph(text)
    table = word.add_table(2, 2)
    for row in table.rows:
        for cell in row.cells:
            cell.text = "汽修"
    word.add_paragraph("第一", style="List Number")
    return _save(word)


def make_xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["专业", "人数"], [SENTENCE, 40], ["汽修", 50]):
        sheet.append(row)
    return _save(book)


def make_pdf(pages: int = 1) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Pages(Path(folder) / "a.pdf")
        for _ in range(pages):
            file.write(SENTENCE)
            file.turn()
        return file.save().read_bytes()


def make_html(body: str = "") -> bytes:
    return f"<!DOCTYPE html><html><meta charset=utf-8><body><p>{SENTENCE}</p>{body}</body></html>".encode()


def _save(file: docx.document.Document | openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def rewrite(data: bytes, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """The archive with each part as ``change`` makes it of its name and bytes, and with further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def put_prologue(data: bytes, part: str, name: str, secret: str = "", address: str = "") -> bytes:
    """The Office file with a hostile prologue in one of its parts, used in the first text or attribute there is."""
    prologue, use = (text.replace("{secret}", secret).replace("{address}", address) for text in PROLOGUES[name])

    def change(name: str, xml: bytes) -> bytes:
        if name != part:
            return xml
        start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
        body = xml[start:]
        for mark in (b"</w:t>", b"</t>", b"</dc:creator>"):
            body = body.replace(mark, use.encode() + mark, 1)
        return xml[:start] + prologue.encode() + body

    return rewrite(data, change)


# ---- archives


def zero_part(name: str, size: int, start: bytes = b"", fill: bytes = b" ") -> tuple[str, bytes]:
    return name, start + fill * size


def replace_part(data: bytes, part: str, new: bytes) -> bytes:
    return rewrite(data, lambda name, old: new if name == part else old)


def lie_about_size(data: bytes, part: str, size: int) -> bytes:
    """The archive with another unpacked size stated for a part, at both places."""
    raw = bytearray(data)
    name = part.encode()
    for signature, at_size, at_name in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = raw.find(signature)
        while at >= 0:
            if raw[at + at_name : at + at_name + len(name)] == name:
                struct.pack_into("<I", raw, at + at_size, size)
            at = raw.find(signature, at + 4)
    return bytes(raw)


# ---- Word

WORD = "word/document.xml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_body(xml: str) -> bytes:
    text = f"<?xml version='1.0' encoding='UTF-8'?><w:document {_W}><w:body>{paragraph(SENTENCE)}{xml}</w:body></w:document>"
    return replace_part(make_docx(), WORD, text.encode())


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str = "汽修", properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def nested_tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + paragraph("里") + "</w:tc></w:tr></w:tbl>" * depth


# ---- Excel

SHEET = "xl/worksheets/sheet1.xml"
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(rows: str, before: str = "", after: str = "") -> bytes:
    text = f"<?xml version='1.0' encoding='UTF-8'?><worksheet {_S}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    return replace_part(make_xlsx(), SHEET, text.encode())


def inline(place: str, text: str = SENTENCE) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


# ---- PDF


def raw_pdf(*objects: str | bytes, root: int = 1, trailer: str = "") -> bytes:
    """A PDF of the given objects, numbered from 1, with a right table of places."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        body = each.encode() if isinstance(each, str) else each
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer\n<</Size {len(objects) + 1}/Root {root} 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def stream(data: bytes, extra: str = "", packed: bool = True) -> bytes:
    body = zlib.compress(data, 9) if packed else data
    filtered = "/Filter/FlateDecode" if packed else ""
    return f"<</Length {len(body)}{filtered}{extra}>>stream\n".encode() + body + b"\nendstream"


CATALOG = "<</Type/Catalog/Pages 2 0 R>>"
PAGES = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def one_page(content: bytes, box: str = "[0 0 595 842]", font: str = FONT, *more: str | bytes) -> bytes:
    page = f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    return raw_pdf(CATALOG, PAGES, page, content, font, *more)
