"""Word files (.docx): paragraphs, headings and tables in the order of the page.

python-docx gives the XML (its parser fetches nothing and expands no entities); the parts are opened by name,
because one lost picture would otherwise keep the whole report from being read. What is dropped on purpose:
headers and footers, footnotes and comments, charts, and everything that is hidden or deleted.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from docx.oxml import parse_xml

from kg.errors import WrongKind
from kg.layout import RawItem, RawTable, RawText
from kg.limits import STANDARD, Limits
from kg.model import BlockKind
from kg.readers.cleaning import clean_text
from kg.readers.failures import check_archive, name_place, read_part, report_damage
from kg.readers.word_numbering import Numbering, read_numbering
from kg.readers.word_styles import Style, level_of_outline, read_styles
from kg.readers.word_tables import WordCell, WordTable, read_grid, to_rows
from kg.readers.word_text import FieldState, read_paragraph
from kg.readers.wordml import (
    NAMESPACE,
    STRICT_NAMESPACE,
    Element,
    W,
    find_child,
    iterate_visible,
    read_value,
    to_number,
)

_RENDERED_BREAK = f"{W}lastRenderedPageBreak"
_LONG_CELL = 100
_LONGEST_HEADING = 80


def read_docx(path: Path, limits: Limits = STANDARD) -> list[RawItem]:
    """The items of a Word file. Page numbers are given where Word left its own page breaks in the file.

    Raises WrongKind for an archive without a Word text, DamagedInput for one that cannot be read to its end.
    """
    check_archive(path)
    with report_damage(path):
        main, styles, numbering = _open_parts(path)
        body = find_child(main, "body")
        if body is None:
            raise WrongKind(f"{name_place(path)}: no Word text in the archive")
        paged = next(main.iter(_RENDERED_BREAK), None) is not None
        reader = _BodyReader(read_styles(styles), read_numbering(numbering), page=1 if paged else None)
        return list(reader.read_blocks(body))


def _open_parts(path: Path) -> tuple[Element, Element | None, Element | None]:
    """The roots of the text, the styles and the lists."""
    with zipfile.ZipFile(path) as archive:
        names = frozenset(archive.namelist())
        main = _related_parts(archive, names, "").get("officeDocument", "word/document.xml")
        if main not in names:
            raise WrongKind(f"{name_place(path)}: no Word text in the archive")
        related = _related_parts(archive, names, main)
        return (
            _parse_part(archive, main),
            _parse_part(archive, related["styles"]) if "styles" in related else None,
            _parse_part(archive, related["numbering"]) if "numbering" in related else None,
        )


def _related_parts(archive: zipfile.ZipFile, names: frozenset[str], part: str) -> Mapping[str, str]:
    """The last word of a relation's type → the name of the part in the archive."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in names:
        return {}
    found: dict[str, str] = {}
    for node in _parse(read_part(archive, relations)):
        target = posixpath.normpath(posixpath.join("/", folder, node.get("Target", ""))).lstrip("/")
        if target in names:
            found.setdefault(node.get("Type", "").rsplit("/", 1)[-1], target)
    return found


def _parse_part(archive: zipfile.ZipFile, name: str) -> Element:
    return _parse(read_part(archive, name).replace(STRICT_NAMESPACE.encode(), NAMESPACE.encode()))


def _parse(xml: bytes) -> Element:
    """Raises ValueError for XML that could define entities: Office writes none, and they would be left out of the text."""
    root = parse_xml(xml)
    if root.getroottree().docinfo.doctype:
        raise ValueError("its XML declares a document type")
    return root


@dataclass(slots=True)
class _BodyReader:
    """Walks a text once, in order: numbers, fields and pages are all counted on the way."""

    styles: Mapping[str, Style]
    numbering: Numbering
    page: int | None = None
    fields: FieldState = field(default_factory=FieldState)
    carried: str = ""  # the text of a paragraph whose end was deleted: the next one goes on with it

    def read_blocks(self, parent: Element, in_cell: bool = False) -> Iterator[RawItem]:
        for node in iterate_visible(parent):
            if node.tag == f"{W}p":
                yield from self._read_paragraph(node, in_cell)
            elif node.tag == f"{W}tbl":
                yield from self._read_table(node)

    def _turn_pages(self, count: int) -> None:
        if self.page is not None:
            self.page += count

    def _read_paragraph(self, paragraph: Element, in_cell: bool) -> Iterator[RawItem]:
        style = self._find_style(paragraph)
        found = read_paragraph(paragraph, self.fields)
        self._turn_pages(found.breaks_before)
        page = self.page
        self._turn_pages(found.breaks - found.breaks_before)
        # An empty paragraph of a list takes its number all the same.
        number = self._count_number(paragraph, style)
        text = "" if style.hidden else clean_text(self.carried + found.text)
        self.carried = ""
        if text and find_child(paragraph, "pPr", "rPr", "del") is not None:
            self.carried = number + text
        elif text:
            kind = self._find_kind(paragraph, style, text, found.in_contents)
            outline = level_of_outline(find_child(paragraph, "pPr"))
            level = style.level if outline is None else outline
            if kind is not None or len(text) > _LONGEST_HEADING:
                level = 0  # a heading's style is also misused to get a paragraph into the contents
            yield RawText(number + text, level=level, page=page, kind=kind)
        elif number and in_cell:
            # A column 序号 is often nothing but automatic numbers.
            yield RawText(number.strip(), page=page)
        for box in found.boxes:
            for item in self.read_blocks(box):
                # A box stands beside the text; large letters in it head nothing.
                if isinstance(item, RawText) and item.kind is None:
                    item = replace(item, kind=BlockKind.PARAGRAPH, level=0)
                yield item

    def _find_style(self, paragraph: Element) -> Style:
        key = read_value(paragraph, "pPr", "pStyle") or ""
        return self.styles.get(key) or self.styles[""]

    def _count_number(self, paragraph: Element, style: Style) -> str:
        own = find_child(paragraph, "pPr", "numPr")
        list_id = (read_value(own, "numId") if own is not None else None) or style.list_id
        if not list_id or list_id == "0":
            return ""
        depth = read_value(own, "ilvl") if own is not None else None
        if depth is not None:
            return self.numbering.count_paragraph(list_id, min(max(to_number(depth), 0), 8))
        if own is None and style.depth is None:
            key = read_value(paragraph, "pPr", "pStyle") or ""
            return self.numbering.count_paragraph(list_id, self.numbering.find_depth(list_id, key))
        return self.numbering.count_paragraph(list_id, min(max(style.depth or 0, 0), 8))

    def _find_kind(self, paragraph: Element, style: Style, text: str, in_field: bool) -> BlockKind | None:
        if in_field or style.kind is BlockKind.CONTENTS or _is_contents_part(paragraph):
            return BlockKind.CONTENTS
        if style.kind is BlockKind.CAPTION:
            # The style serves tables and pictures alike.
            if text.startswith("图"):
                return BlockKind.FIGURE
            return BlockKind.CAPTION if text.startswith(("表", "附表", "续表")) else None
        return None

    def _read_table(self, element: Element) -> Iterator[RawItem]:
        table = read_grid(element)
        if not table.cells:
            return
        if _is_frame(table):
            for cell in table.cells:
                for node in cell.content:
                    yield from self.read_blocks(node)
            return
        page = self.page
        texts: list[str] = []
        row, most = 0, 0
        for cell in table.cells:
            if cell.row != row:
                self._turn_pages(most)
                row, most = cell.row, 0
            text, breaks = self._read_cell(cell)
            texts.append(text)
            # Each cell of a row that a page ends in tells of the same break.
            most = max(most, breaks)
            if row == 0 and page is not None and self.page is not None:
                page = self.page + most
        self._turn_pages(most)
        yield RawTable(to_rows(table, texts), page=page, header_rows=table.header_rows)

    def _read_cell(self, cell: WordCell) -> tuple[str, int]:
        """The text of a cell, a line for each paragraph and each row of a table inside, and its page breaks."""
        before = self.page
        if before is not None:
            self.page = 0
        lines: list[str] = []
        for node in cell.content:
            for item in self.read_blocks(node, in_cell=True):
                if isinstance(item, RawText):
                    lines.append(item.text)
                elif isinstance(item, RawTable):
                    lines.extend(" ".join(part.text for part in row if part.text) for row in item.rows)
        breaks, self.page = self.page or 0, before
        return clean_text("\n".join(lines)), breaks


def _is_contents_part(paragraph: Element) -> bool:
    return any(
        read_value(part, "sdtPr", "docPartObj", "docPartGallery") == "Table of Contents"
        for part in paragraph.iterancestors(f"{W}sdt")
    )


def _is_frame(table: WordTable) -> bool:
    """A table that only draws a frame around text, or puts whole tables beside each other."""
    if len(table.cells) == 1:
        return True
    if table.rows > 1 and table.columns > 1:
        return False
    nodes = [node for cell in table.cells for node in cell.content]
    if any(next(node.iter(f"{W}tbl"), None) is not None for node in nodes):
        return True
    return table.columns == 1 and any(
        sum(len(text.text or "") for text in node.iter(f"{W}t")) > _LONG_CELL for node in nodes
    )
