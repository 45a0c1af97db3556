"""Sheets, links and charts as an XLSX file that Excel, WPS and LibreOffice open as it is.

Text is written as text, whatever it begins with, and is marked so that it stays text when somebody edits the cell. Rows go
to disk as they come, so that memory does not grow with them; the same sheets give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from kg.errors import KgError
from kg.whole_files import make_scratch

# What Excel holds: rows and columns of a sheet, links of a sheet, and UTF-16 units of a cell.
MOST_ROWS, MOST_COLUMNS, MOST_LINKS, MOST_TEXT = 1_048_576, 16_384, 65_530, 32_767
_WIDEST_PAGE = 300  # characters that are still read when a sheet is printed on A4
_LINE, _TALLEST = 15.5, 409.0  # points: a line of text, and the tallest row that Excel allows
_CHART = {"width": 520, "height": 310}
_CHARTS_FROM = 3  # the column of the first chart
_ROWS_OF_A_CHART = 16
_COLOURS = ("#0072B2", "#C9CED3")
_INKS = ("#FFFFFF", "#1D2733")
_TINTS = {"none": "#FBE3D3", "all": "#DDEFE3", "some": "#FFF6DD"}
# Not allowed in XML, or a sign of a broken file there.
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")

Value = str | int | float | None


class Kind(StrEnum):
    """How the cells of a column look."""

    TEXT = "text"
    CODE = "code"
    COUNT = "count"
    PLAIN = "plain"  # a year, a number that names something
    NUMBER = "number"  # as it is, with what decimals it has
    MARK = "mark"  # a field of a matrix


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that leads somewhere or is marked: ``to`` is the key of a sheet and the number of a row, from 0."""

    value: Value
    to: tuple[str, int] | None = None
    tint: str = ""  # a key of _TINTS


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    width: int  # in characters; a Chinese one counts twice
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: ``frozen`` columns at its left stay in sight."""

    key: str
    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value | Cell]]
    frozen: int = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of rows ``first`` to ``last`` of a sheet, whose columns are: chart, item, a number for each series.

    ``upright`` are those of years.
    """

    title: str
    first: int
    items: tuple[tuple[str, tuple[int, ...]], ...]
    series: tuple[str, ...] = ()
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Front:
    """The first sheet: what the workbook is, its numbers, the way to each sheet, and charts of the sheet ``data``."""

    key: str
    name: str
    title: str
    lines: tuple[str, ...]
    headings: tuple[tuple[str, str], tuple[str, str]]  # of the numbers, of the sheets
    numbers: tuple[tuple[str, int], ...]
    charts: tuple[Chart, ...]
    data: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that the file itself puts in: ``cut`` with places for text, length and what is left of it."""

    cut: str
    pages: str


@dataclass(slots=True)
class Left:
    """What did not fit into a workbook: cells cut, sheets divided, links and columns left out."""

    cut: int = 0
    split: int = 0
    links: int = 0
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Properties:
    """Of the document. ``created`` is no later than its data, so that the same data give the same file."""

    title: str
    subject: str
    comments: str
    created: datetime


@dataclass(slots=True)
class _Door:
    """The open file for the archive, until it is shut: an archive that is thrown away half made tries to write its end,
    and Python would tell of that failure too."""

    out: IO[bytes]
    shut: bool = False
    at: int = 0  # where writing would go on once it is shut

    def write(self, data: bytes) -> int:
        if not self.shut:
            return self.out.write(data)
        self.at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset
        return offset if self.shut else self.out.seek(offset, whence)

    def tell(self) -> int:
        return self.at if self.shut else self.out.tell()

    def flush(self) -> None:
        if not self.shut:
            self.out.flush()

    def seekable(self) -> bool:
        return True


@dataclass(slots=True)
class _Writer:
    """A workbook under way. Each sheet of ``sheets`` has a worksheet for each part."""

    book: Any
    wording: Wording
    sheets: Mapping[str, Sheet]
    parts: dict[str, list[Any]] = field(default_factory=dict)
    formats: dict[tuple[object, ...], Any] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    left: Left = field(default_factory=Left)


def write_file(
    out: IO[bytes],
    front: Front,
    sheets: Sequence[Sheet],
    properties: Properties,
    wording: Wording,
    make_last: Callable[[Left], Sheet],
) -> Left:
    """Writes a workbook to an open file; what did not fit is returned.

    ``make_last`` makes the last sheet, whose rows tell of what did not fit. Raises KgError where the file grows beyond
    what the format holds, OSError where it cannot be written.
    """
    door = _Door(out)
    try:
        with make_scratch("kg-workbook") as scratch:
            book = xlsxwriter.Workbook(door, {"constant_memory": True, "tmpdir": str(scratch), "use_zip64": True})
            return _write_book(book, front, sheets, properties, wording, make_last)
    except XlsxWriterException as error:
        if error.args and isinstance(error.args[0], OSError):
            raise error.args[0] from None
        raise KgError(f"the workbook cannot be written: {error}") from None
    finally:
        door.shut = True


def _write_book(
    book: Any,
    front: Front,
    sheets: Sequence[Sheet],
    properties: Properties,
    wording: Wording,
    make_last: Callable[[Left], Sheet],
) -> Left:
    book.set_properties(
        {
            "title": clean_text(properties.title),
            "subject": clean_text(properties.subject)[:255],
            "comments": properties.comments,
            "author": "zhijiao-kg",
            "created": properties.created,
        }
    )
    last = make_last(Left())
    writer = _Writer(book, wording, {sheet.key: sheet for sheet in (*sheets, last)})
    first = book.add_worksheet(front.name)
    for sheet in writer.sheets.values():
        count = max(1, -(-len(sheet.rows) // (MOST_ROWS - 1)))
        names = [sheet.name, *(f"{sheet.name} {at}" for at in range(2, count + 1))]
        writer.parts[sheet.key] = [book.add_worksheet(name) for name in names]
        writer.left.split += count > 1
    _write_front(writer, first, front)
    for sheet in sheets:
        _write_sheet(writer, sheet)
    _write_sheet(writer, make_last(writer.left))
    book.close()
    return writer.left


def clean_text(text: str) -> str:
    """Text without what XML or a spreadsheet would choke on; line breaks are those of Unix."""
    return _BAD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def count_units(text: str) -> int:
    """The length of a text as Excel counts it: a character beyond the first plane is two."""
    return len(text) + sum(char > "\uffff" for char in text)


def _fit(writer: _Writer, text: str) -> str:
    """Text that a cell holds: clean, cut with a word about it where it is too long, and read back as it is."""
    text = clean_text(text)
    length = count_units(text)
    if length > MOST_TEXT:
        writer.left.cut += 1
        room = MOST_TEXT - 200  # for the word about it
        kept = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore")
        text = writer.wording.cut.format(kept, len(text), len(kept))
    return _ESCAPED.sub("_x005F_", text) if "_x" in text else text


# ---- sheets


def _write_front(writer: _Writer, page: Any, front: Front) -> None:
    page.set_column(0, 0, 32)
    page.set_column(1, 1, 12)
    page.set_column(2, 2, 2)
    page.hide_gridlines(2)
    _set_up(writer, page, columns=0, pages=1)
    page.fit_to_pages(1, 1)
    page.write_string(0, 0, _fit(writer, front.title), writer.book.add_format({"bold": True, "font_size": 18}))
    soft = writer.book.add_format({"font_color": "#4A5560"})
    for at, line in enumerate(front.lines, start=1):
        page.write_string(at, 0, _fit(writer, line), soft)
    row = top = len(front.lines) + 2
    (numbers, sheets) = front.headings
    for at, heading in enumerate(numbers):
        page.write_string(row, at, heading, _format(writer, "head"))
    for label, value in front.numbers:
        row += 1
        page.write_string(row, 0, label, _format(writer, Kind.TEXT))
        page.write_number(row, 1, value, _format(writer, Kind.COUNT))
    row += 2
    for at, heading in enumerate(sheets):
        page.write_string(row, at, heading, _format(writer, "head"))
    for key, sheet in writer.sheets.items():
        row += 1
        _write_link(writer, page, row, 0, sheet.name, (key, -1), _format(writer, Kind.TEXT, link=True))
        page.write_number(row, 1, len(sheet.rows), _format(writer, Kind.COUNT))
    for at, chart in enumerate(front.charts):
        down, across = divmod(at, 2)
        place = (top + down * _ROWS_OF_A_CHART, _CHARTS_FROM)
        offset = {"x_offset": across * (_CHART["width"] + 16), "object_position": 3}
        page.insert_chart(*place, _draw(writer, chart, front.data), offset)
    page.activate()


def _write_sheet(writer: _Writer, sheet: Sheet) -> None:
    columns = sheet.columns[:MOST_COLUMNS]
    writer.left.columns += len(sheet.columns) - len(columns)
    size = MOST_ROWS - 1
    for at, page in enumerate(writer.parts[sheet.key]):
        rows = sheet.rows[at * size : (at + 1) * size]
        page.freeze_panes(1, sheet.frozen)
        pages = -(-sum(column.width for column in columns) // _WIDEST_PAGE)
        _set_up(writer, page, columns=sheet.frozen, pages=pages)
        page.set_row(0, _measure(columns, [column.heading for column in columns], bold=True))
        for position, column in enumerate(columns):
            page.set_column(position, position, column.width)
            page.write_string(0, position, _fit(writer, column.heading), _format(writer, "head"))
        page.autofilter(0, 0, len(rows), len(columns) - 1)
        for number, row in enumerate(rows, start=1):
            page.set_row(number, _measure(columns, row))
            for position, (column, value) in enumerate(zip(columns, row, strict=False)):
                _write_cell(writer, page, number, position, column.kind, value)


def _write_cell(writer: _Writer, page: Any, row: int, column: int, kind: Kind, cell: Value | Cell) -> None:
    value, to, tint = (cell.value, cell.to, cell.tint) if isinstance(cell, Cell) else (cell, None, "")
    if value is None or value == "":
        if kind != Kind.MARK:  # a line below each row, from end to end
            page.write_blank(row, column, None, _format(writer, kind))
        return
    if isinstance(value, str):
        value = _fit(writer, value)
        quoted = value.lstrip().startswith(_FORMULA)
    else:
        quoted = False
    linked = to is not None and writer.links.get(page.get_name(), 0) < MOST_LINKS
    if to is not None and not linked:
        writer.left.links += 1
    form = _format(writer, kind, link=linked, tint=tint, quoted=quoted)
    if linked and to is not None:
        _write_link(writer, page, row, column, str(value), to, form)
        if isinstance(value, str):
            return
    if isinstance(value, str):
        page.write_string(row, column, value, form)
    else:
        page.write_number(row, column, value, form)


def _write_link(writer: _Writer, page: Any, row: int, column: int, text: str, to: tuple[str, int], form: Any) -> None:
    key, index = to
    part, place = divmod(max(index, 0), MOST_ROWS - 1)
    target = writer.parts[key][part].get_name()
    page.write_url(row, column, f"internal:'{target}'!A{place + 2 if index >= 0 else 1}", form, text)
    writer.links[page.get_name()] = writer.links.get(page.get_name(), 0) + 1


def _measure(columns: Sequence[Column], row: Sequence[Value | Cell], *, bold: bool = False) -> float:
    """The height of a row in points: not every program works it out for itself when it opens a file."""
    lines = 1
    for column, cell in zip(columns, row, strict=False):
        value = cell.value if isinstance(cell, Cell) else cell
        if isinstance(value, str):
            room = max(1.0, column.width - (3.5 if bold else 1.0))  # a heading has the button of its filter beside it
            parts = value[:MOST_TEXT].split("\n")
            lines = max(lines, sum(-int(-measure_text(part) // room) or 1 for part in parts))
    return min(_LINE * lines + 1, _TALLEST)


def measure_text(text: str) -> int:
    """The width of a text in characters of a spreadsheet: a Chinese one is two wide."""
    return len(text) + sum(char > "\u2e80" for char in text)


def _set_up(writer: _Writer, page: Any, *, columns: int, pages: int) -> None:
    """A4, landscape, so many pages wide, with the headings and the first columns on each page."""
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_header("&L&A")
    page.set_footer(f"&C{writer.wording.pages}")
    page.fit_to_pages(pages, 0)
    if columns:
        page.repeat_rows(0)
    if pages > 1:
        page.repeat_columns(0, columns - 1)


def _format(writer: _Writer, kind: str, *, link: bool = False, tint: str = "", quoted: bool = False) -> Any:
    key = (str(kind), link, tint, quoted)
    if key in writer.formats:
        return writer.formats[key]
    look: dict[str, Any] = {"valign": "top", "text_wrap": True}
    if kind == "head":
        look |= {"bold": True, "bg_color": "#1F4E6B", "font_color": "#FFFFFF", "valign": "vcenter", "border": 1}
        look |= {"border_color": "#FFFFFF"}
    else:
        look |= {"bottom": 1, "bottom_color": "#D5DADF"}
    if kind == Kind.COUNT:
        look |= {"num_format": "#,##0", "align": "right", "indent": 1}
    elif kind == Kind.PLAIN:
        look |= {"num_format": "0", "align": "left"}
    elif kind == Kind.NUMBER:
        look["align"] = "left"
    elif kind == Kind.MARK:
        look |= {"num_format": "0", "align": "center"}
    elif kind == Kind.CODE:
        look["num_format"] = "@"  # not for all text: older Excels show #### for a long one
    if link:
        look |= {"font_color": "#0B4F8A", "underline": 1}
    if tint:
        look["bg_color"] = _TINTS[tint]
    if quoted:
        look["quote_prefix"] = True
    return writer.formats.setdefault(key, writer.book.add_format(look))


# ---- charts


def _draw(writer: _Writer, chart: Chart, data: str) -> Any:
    stacked = {"subtype": "stacked"} if len(chart.series) > 1 else {}
    drawn = writer.book.add_chart({"type": "column" if chart.upright else "bar", **stacked})
    name = writer.parts[data][0].get_name()
    first, last = chart.first + 1, chart.first + len(chart.items)
    font = {"size": 9, "color": "#1D2733"}
    for at in range(max(1, len(chart.series))):
        labels: dict[str, Any] = {"value": True, "font": font}
        if len(chart.series) > 1:
            labels |= {"num_format": "#,##0;;", "font": {**font, "color": _INKS[at]}}  # none for a bar of no length
        drawn.add_series(
            {
                "name": chart.series[at] if chart.series else chart.title,
                "categories": [name, first, 1, last, 1],
                "values": [name, first, 2 + at, last, 2 + at],
                # the numbers themselves, for programs that do not reckon when they open a file
                "categories_data": [clean_text(label) for label, _ in chart.items],
                "values_data": [values[at] for _, values in chart.items],
                "fill": {"color": _COLOURS[at]},
                "gap": 40,
                "data_labels": labels,
            }
        )
    drawn.set_title({"name": chart.title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    drawn.set_legend({"position": "bottom", "font": font} if chart.series else {"none": True})
    numbers = {"major_gridlines": {"visible": False}, "visible": False, "min": 0}
    names = {"num_font": font, "line": {"color": "#7B8794"}, "major_tick_mark": "none", "interval_unit": 1}
    drawn.set_x_axis(names if chart.upright else numbers)
    drawn.set_y_axis(numbers if chart.upright else {**names, "reverse": True, "major_gridlines": {"visible": False}})
    drawn.set_size(_CHART)
    return drawn
