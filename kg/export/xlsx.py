"""A table as a workbook of Excel, row by row, with as many sheets as it needs.

A cell holds a text or a number as it is, never a formula or a link. What a cell has no room for stands whole on a sheet
of its own.
"""

from __future__ import annotations

import errno
import math
import re
from collections.abc import Sequence
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kg.export.cells import join_list
from kg.export.formats import TableRows
from kg.export.kinds import LIST, NUMBER, WHOLE
from kg.export.steady_stream import steady_stream

MOST_ROWS = 1_048_576  # of a sheet, its headings among them
LONGEST = 32_767  # UTF-16 units in a cell
EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number
# What XML 1.0 cannot hold, nor Excel: control characters, and halves of nothing.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDTHS = {WHOLE: 7, NUMBER: 10, LIST: 24}
_LONG = ("长文", "long texts")
_LONG_HEADINGS = (("工作表", "单元格", "段", "内容"), ("sheet", "cell", "part", "text"))
_MORE = ("…〔全文见“长文”〕", "… [whole on the sheet “long texts”]")
_PART = 16_000  # characters of a part of a long text: never too many units


def write_xlsx(table: TableRows, out: IO[bytes]) -> int:
    """Writes the table: headings that stay in sight, filters, text as text and numbers as numbers; lists joined by 、."""
    options = {
        "constant_memory": True,
        "tmpdir": str(table.aside),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with steady_stream(out) as to:
        book = xlsxwriter.Workbook(to, options)
        book.use_zip64()
        writer = _Writer(book, table)
        for line in table.lines():
            writer.write(line)
        return writer.close()


class _Writer:
    """A workbook while it is written, one sheet after the other; the sheet of long texts beside them."""

    def __init__(self, book: Any, table: TableRows) -> None:
        self.book = book
        self.table = table
        self.bold = book.add_format({"bold": True})
        self.sheet: Worksheet
        self.sheets = self.row = self.count = 0
        self.long: Worksheet | None = None
        self.long_row = 0
        self.open_sheet()

    def open_sheet(self) -> None:
        self.sheets += 1
        name = self.table.name if self.sheets == 1 else f"{self.table.name} {self.sheets}"
        self.sheet = self.book.add_worksheet(name)
        for at, column in enumerate(self.table.columns):
            self.sheet.set_column(at, at, _WIDTHS.get(column.holds, 18))
        self.put_headings(self.sheet, self.table.headings)
        self.row = 1

    def put_headings(self, sheet: Worksheet, headings: Sequence[str]) -> None:
        sheet.freeze_panes(1, 0)
        for at, heading in enumerate(headings):
            sheet.write_string(0, at, heading, self.bold)

    def write(self, line: list[Any]) -> None:
        if self.row == MOST_ROWS:
            self.end_sheet()
            self.open_sheet()
        write_string, write_number = self.sheet.write_string, self.sheet.write_number
        for at, value in enumerate(line):
            value = join_list(value)
            if value is None or value == "":
                continue
            if isinstance(value, str):
                text = _UNWRITABLE.sub("\ufffd", value) if not value.isprintable() else value
                if len(text) * 2 > LONGEST and count_units(text) > LONGEST:
                    text = self.put_aside(text, at)
                write_string(self.row, at, text)
            elif math.isfinite(value) and abs(value) < EXACT:
                write_number(self.row, at, value)
            else:
                write_string(self.row, at, str(value))
        self.row += 1
        self.count += 1

    def put_aside(self, text: str, column: int) -> str:
        """Writes a text that no cell has room for in parts on a sheet of its own; returns what its cell says instead."""
        english = self.table.english
        if self.long is None:
            self.long = self.book.add_worksheet(_LONG[english])
            self.put_headings(self.long, _LONG_HEADINGS[english])
        cell = xl_rowcol_to_cell(self.row, column)
        for part, start in enumerate(range(0, len(text), _PART), 1):
            self.long_row += 1
            values = (self.sheet.name, cell, part, text[start : start + _PART])
            for at, value in enumerate(values):
                (self.long.write_number if at == 2 else self.long.write_string)(self.long_row, at, value)
        return text[:_PART] + _MORE[english]

    def end_sheet(self) -> None:
        self.sheet.autofilter(0, 0, max(self.row - 1, 1), len(self.table.columns) - 1)

    def close(self) -> int:
        self.end_sheet()
        try:
            self.book.close()
        except XlsxFileError as error:
            cause = error.args[0] if error.args else error
            raise (cause if isinstance(cause, OSError) else OSError(errno.EIO, str(cause))) from None
        return self.count


def count_units(text: str) -> int:
    """The length of a text as Excel counts it: a character beyond the first plane is two."""
    return len(text) + sum(char > "\uffff" for char in text)
