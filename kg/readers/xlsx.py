"""Excel workbooks (.xlsx): every visible sheet, the values that its cells show, merged cells."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from defusedxml.common import DTDForbidden
from defusedxml.ElementTree import iterparse
from openpyxl.utils.cell import range_boundaries

from kg.layout import RawCell, RawItem, RawText
from kg.limits import STANDARD, Limits
from kg.model import BlockKind
from kg.readers.cleaning import clean_text
from kg.readers.failures import check_archive, name_place, read_part, report_damage
from kg.readers.sheets import Place, split_grid

_PLAIN_SHEET = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_DECIMALS = re.compile(r"0\.(0+)")
_ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"})
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]')


def read_xlsx(path: Path, limits: Limits = STANDARD) -> list[RawItem]:
    """The tables and lone texts of all visible sheets; a sheet with a name of its own begins with it as a heading.

    Hidden sheets are not read: a note says which. Formulas count as the value that was last saved for them.
    """
    check_archive(path)
    _check_cells(path, limits)
    items: list[RawItem] = []
    hidden: list[str] = []
    # openpyxl warns of decorations that it drops; they are of no use here.
    with report_damage(path), warnings.catch_warnings(), path.open("rb") as file:  # by a name it would go by its ending
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, data_only=True)
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                hidden.append(sheet.title)
                continue
            found = split_grid(_read_cells(sheet))
            if found and not _PLAIN_SHEET.fullmatch(sheet.title.strip()):
                items.append(RawText(clean_text(sheet.title), level=1))
            items.extend(found)
        book.close()
    if items and hidden:
        items.append(RawText(f"隐藏的工作表未读入：{'、'.join(hidden)}", kind=BlockKind.NOTE))
    return items


def _check_cells(path: Path, limits: Limits) -> None:
    """Counts before openpyxl makes an object of each cell and of each place of a merged area.

    Raises TooLarge for too many of them, DamagedInput for XML that defines entities: Office writes none.
    """
    count = 0
    with report_damage(path), zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            for node in _iterate_nodes(read_part(archive, name)):
                tag = node.tag.rpartition("}")[2]
                if tag == "c":
                    count += 1
                elif tag == "mergeCell":
                    left, top, right, bottom = range_boundaries(node.get("ref", ""))
                    count += (right - left + 1) * (bottom - top + 1)
                node.clear()
    limits.check_cells(name_place(path), count)


def _iterate_nodes(part: bytes) -> Iterator[Any]:
    try:
        for _, node in iterparse(io.BytesIO(part), forbid_dtd=True):
            yield node
    except DTDForbidden:
        raise ValueError("its XML declares a document type") from None


def _read_cells(sheet: Any) -> dict[Place, RawCell]:
    """The filled and the merged cells; a sheet may say that it has a million rows, so only these are looked at."""
    merged = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    cells: dict[Place, RawCell] = {}
    for place, text in _iterate_texts(sheet):
        area = merged.get(place)
        if area is not None:
            cells[place] = RawCell(text, area.max_row - area.min_row + 1, area.max_col - area.min_col + 1)
        elif text:
            cells[place] = RawCell(text)
    return cells


def _iterate_texts(sheet: Any) -> Iterator[tuple[Place, str]]:
    for place, cell in sheet._cells.items():
        yield place, show_value(getattr(cell, "value", None), getattr(cell, "number_format", "General"))


def show_value(value: object, number_format: str = "General") -> str:
    """A cell's value as the sheet shows it, as far as reports go: percent, fixed decimals, dates; "" for errors."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time.min
        return _show_date(value.date(), number_format) if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return _show_date(value, number_format)
    if isinstance(value, int | float):
        return _show_number(value, number_format)
    text = clean_text(str(value))
    return "" if text in _ERRORS else text


def _show_date(value: datetime.date, number_format: str) -> str:
    if "年" in number_format or "[$-804]" in number_format or "[DBNum" in number_format:
        text = f"{value.year}年{value.month}月"
        return f"{text}{value.day}日" if "d" in _QUOTED.sub("", number_format).lower() else text
    return value.isoformat()


def _show_number(value: float, number_format: str) -> str:
    plain = _QUOTED.sub("", number_format.split(";", 1)[0])
    found = _DECIMALS.search(plain)
    decimals = len(found[1]) if found else 0
    if "%" in plain:
        return f"{value * 100:.{decimals}f}%"
    if found and "E" not in plain:
        return f"{value:.{decimals}f}"
    # Sums of decimals carry a tail that no sheet shows.
    return f"{value:.10g}" if isinstance(value, float) and abs(value) < 1e10 else f"{value:.15g}"
