"""A made report as the bytes of a file: ``WRITERS`` has a function for each ending. The same report gives the same bytes.

Word files are written part by part and pages line by line: thousands are to be made in minutes.
"""

from __future__ import annotations

import datetime
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

import xlsxwriter
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.benchmarks.made_texts import Front, Grid, Heading, MadeReport
from tests.benchmarks.made_world import hash_of

# --- text --------------------------------------------------------------------------------------------------------------


def write_txt(report: MadeReport) -> bytes:
    """As Word saves text (each cell on a line of its own) or as it is copied (a row on a line); UTF-8 or GB 18030."""
    rng = _source(report, "txt")
    show = rng.choice((_cells_apart, _rows_apart))
    lines: list[str] = []
    for block in report.blocks:
        if isinstance(block, Grid):
            lines += [block.caption, *show(block), ""]
        elif isinstance(block, Front):
            lines += [block.text, ""]
        else:
            lines.append(block.text)
    encoding = rng.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "gb18030"))
    return ("\n".join(lines) + "\n").encode(encoding)


def _cells_apart(grid: Grid) -> Iterator[str]:
    for row in grid.rows:
        yield from (f"\t{cell}" for cell in row)
        yield ""


def _rows_apart(grid: Grid) -> Iterator[str]:
    yield from ("\t".join(row) for row in grid.rows)


def _source(report: MadeReport, form: str) -> random.Random:
    return random.Random(hash_of(report.publisher, report.year, form))


# --- web pages -----------------------------------------------------------------------------------------------------------


def write_html(report: MadeReport) -> bytes:
    """A page as a school's site shows it; UTF-8 or GB 18030, which the page says."""
    encoding = _source(report, "html").choice(("utf-8", "utf-8", "gb18030"))
    parts = [f'<html><head><meta charset="{encoding}"><title>{escape(report.title)}</title></head><body>']
    for block in report.blocks:
        if isinstance(block, Grid):
            parts.append(f"<p>{escape(block.caption)}</p><table>")
            for row in block.rows:
                parts.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>")
            parts.append("</table>")
        else:
            tag = f"h{block.level + 1}" if isinstance(block, Heading) else "p"
            parts.append(f"<{tag}>{escape(block.text)}</{tag}>")
    return "\n".join([*parts, "</body></html>"]).encode(encoding)


# --- Word ----------------------------------------------------------------------------------------------------------------

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_WORD_PARTS = {
    "[Content_Types].xml": f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "word/styles.xml": f'{_DECLARED}<w:styles xmlns:w="{_MAIN}">'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
        for level in (1, 2)
    )
    + "</w:styles>",
}


def write_docx(report: MadeReport) -> bytes:
    """A Word file with heading styles and real tables."""
    parts = [f'{_DECLARED}<w:document xmlns:w="{_MAIN}"><w:body>']
    for block in report.blocks:
        if isinstance(block, Grid):
            parts.append(
                f"{_paragraph(block.caption)}<w:tbl><w:tblPr/><w:tblGrid>{'<w:gridCol/>' * len(block.rows[0])}"
            )
            parts.append("</w:tblGrid>")
            for row in block.rows:
                cells = "".join(f"<w:tc><w:tcPr/>{_paragraph(cell)}</w:tc>" for cell in row)
                parts.append(f"<w:tr>{cells}</w:tr>")
            parts.append("</w:tbl>")
        else:
            parts.append(_paragraph(block.text, f"Heading{block.level}" if isinstance(block, Heading) else ""))
    parts.append("</w:body></w:document>")
    return pack({**_WORD_PARTS, "word/document.xml": "".join(parts)})


def _paragraph(text: str, style: str = "") -> str:
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{styled}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of parts by their names, all of one date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 1)
    return out.getvalue()


# --- Excel ---------------------------------------------------------------------------------------------------------------


def write_xlsx(report: MadeReport) -> bytes:
    """A workbook with a sheet for each chapter: lines of text in its first column, tables where they stand."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(2024, 1, 1)})
    sheet, at = book.add_worksheet("封面"), 0
    for block in report.blocks:
        if isinstance(block, Heading) and block.level == 1:
            sheet, at = book.add_worksheet(block.text.replace(" ", "")[:31]), 0
        elif isinstance(block, Grid):
            sheet.write_string(at + 1, 0, block.caption)
            for number, row in enumerate(block.rows, at + 2):
                for column, cell in enumerate(row):
                    if cell.isdecimal() and len(cell) < 6:
                        sheet.write_number(number, column, int(cell))
                    elif cell:
                        sheet.write_string(number, column, cell)
            at += len(block.rows) + 3
        else:
            sheet.write_string(at, 0, block.text)
            at += 1
    book.close()
    return out.getvalue()


# --- PDF -----------------------------------------------------------------------------------------------------------------

FONT = "STSong-Light"  # every viewer has it: no font file is needed
LEFT, TOP, BOTTOM, SIZE, PITCH = 62.0, A4[1] - 80, 70.0, 12.0, 20.0
WIDTH = A4[0] - 2 * LEFT
CELL, CELL_PITCH = 9.0, 12.0
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
rl_config.useA85 = 0  # pages as letters would take a third of the time


def write_pdf(report: MadeReport) -> bytes:
    """Printed pages with a header and a page number; tables are ruled and go on over pages."""
    pages = _Pages(report.title)
    for block in report.blocks:
        if isinstance(block, Grid):
            pages.write(block.caption, CELL + 1, indent=(WIDTH - _width(block.caption, CELL + 1)) / 2)
            pages.draw(block.rows)
        elif isinstance(block, Front):
            pages.write(block.text, 18, indent=max(0.0, (WIDTH - _width(block.text, 18)) / 2))
        elif isinstance(block, Heading):
            pages.write(block.text, 16 if block.level == 1 else 14)
        else:
            pages.write(block.text, SIZE, indent=2 * SIZE)
    return pages.save()


class _Pages:
    def __init__(self, header: str) -> None:
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=A4, invariant=1, pageCompression=1)
        self.header, self.number = header, 0
        self._turn()

    def _turn(self) -> None:
        if self.number:
            self.canvas.showPage()
        self.number += 1
        self.y = TOP
        self.canvas.setFont(FONT, CELL)
        self.canvas.drawString(LEFT, A4[1] - 50, self.header)
        self.canvas.drawCentredString(A4[0] / 2, 40, str(self.number))

    def write(self, text: str, size: float, indent: float = 0.0) -> None:
        """A paragraph; its first line indented."""
        for number, line in enumerate(_break(text, size, WIDTH, WIDTH - indent)):
            if self.y < BOTTOM:
                self._turn()
            self.canvas.setFont(FONT, size)
            self.canvas.drawString(LEFT + (0 if number else indent), self.y, line)
            self.y -= PITCH * max(1.0, size / SIZE)

    def draw(self, rows: Sequence[Sequence[str]]) -> None:
        """A ruled table of the page's width."""
        columns = range(len(rows[0]))
        longest = [min(14.0, max(3.0, *(_width(row[column], 1.0) for row in rows))) for column in columns]
        edges = [round(LEFT + WIDTH * sum(longest[:column]) / sum(longest)) for column in range(len(longest) + 1)]
        room = [edges[column + 1] - edges[column] - 6 for column in columns]
        self.y += PITCH - 6
        top = self.y
        for row in rows:
            cells = [list(_break(cell, CELL, room[column], room[column])) for column, cell in enumerate(row)]
            height = CELL_PITCH * max(len(lines) for lines in cells) + 6
            if self.y - height < BOTTOM - 10:
                self._rule(edges, top)
                self._turn()
                top = self.y
            self.canvas.line(LEFT, self.y, edges[-1], self.y)
            self.canvas.setFont(FONT, CELL)
            for column, lines in enumerate(cells):
                for number, line in enumerate(lines):
                    self.canvas.drawString(edges[column] + 3, self.y - CELL_PITCH * (number + 1) + 1, line)
            self.y -= height
        self._rule(edges, top)
        self.y -= PITCH + 6

    def _rule(self, edges: Sequence[float], top: float) -> None:
        """The lines between the columns of what stands on a page, and the last below it."""
        self.canvas.line(LEFT, self.y, edges[-1], self.y)
        self.canvas.lines([(edge, top, edge, self.y) for edge in edges])

    def save(self) -> bytes:
        self.canvas.save()
        return self.out.getvalue()


def _width(text: str, size: float) -> float:
    return size * sum(0.5 if char < "\u0080" else 1.0 for char in text)


def _break(text: str, size: float, width: float, first: float) -> Iterator[str]:
    """The lines of a paragraph; no line begins with a mark that ends something."""
    start, left = 0, first / size
    for at, char in enumerate(text):
        left -= 0.5 if char < "\u0080" else 1.0
        if left < 0 and at > start and char not in "，。；、：）”%":
            yield text[start:at]
            start, left = at, width / size - (0.5 if char < "\u0080" else 1.0)
    yield text[start:]


Writer = Callable[[MadeReport], bytes]
WRITERS: Mapping[str, Writer] = {
    "docx": write_docx,
    "pdf": write_pdf,
    "txt": write_txt,
    "html": write_html,
    "htm": write_html,
    "xlsx": write_xlsx,
}
