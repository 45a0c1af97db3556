"""Reports that exist as text only, saved as Word would and printed as PDF: the same words in another form.

Headings get heading styles, tables become real tables with their merged cells. Needs python-docx, and LibreOffice for
the PDF.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from kg.model import BlockKind, Document, Table

FONT = "Noto Serif CJK SC"  # in Debian's fonts-noto-cjk; a PDF without the font would hold no text
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f]")


def save_docx(document: Document, path: Path) -> None:
    """Writes the document's blocks in their order as a Word file."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    for style in (word.styles["Normal"], *(word.styles[f"Heading {level}"] for level in range(1, 10))):
        style.font.name, style.font.size = FONT, Pt(10.5)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    for block in document.blocks:
        if block.table is not None:
            _add_table(word, block.table)
        elif block.kind is BlockKind.HEADING:
            word.add_heading(_printable(block.text), level=min(max(block.level, 1), 9))
        else:
            word.add_paragraph(_printable(block.text))
    word.save(str(path))


def save_pdf(word_file: Path, folder: Path) -> Path:
    """Prints a Word file as a text PDF with LibreOffice; returns the PDF's path."""
    with tempfile.TemporaryDirectory(prefix="kg-print-") as profile:
        command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", "pdf"]
        command += ["--outdir", str(folder), str(word_file)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{word_file.stem}.pdf"


def _add_table(word: docx.document.Document, table: Table) -> None:
    made = word.add_table(table.rows, table.columns)
    made.style = "Table Grid"
    for cell in table.cells:
        at = made.cell(cell.row, cell.column)
        if cell.rowspan > 1 or cell.colspan > 1:
            last_row = min(cell.row + cell.rowspan, table.rows) - 1
            last_column = min(cell.column + cell.colspan, table.columns) - 1
            at = at.merge(made.cell(last_row, last_column))
        at.text = _printable(cell.text)
    word.add_paragraph("")


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)
