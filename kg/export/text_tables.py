"""Tables as text: CSV and TSV for spreadsheets, JSON Lines for programs."""

from __future__ import annotations

import json
from typing import IO

import orjson

from kg.export.cells import write_csv_rows
from kg.export.formats import TableRows
from kg.export.reading import Row


def write_csv(table: TableRows, out: IO[bytes]) -> int:
    """Comma-separated, UTF-8 with BOM."""
    return write_csv_rows(table.lines_with_headings(), out, "excel", table.risky_columns) - 1


def write_tsv(table: TableRows, out: IO[bytes]) -> int:
    """Tab-separated, UTF-8 with BOM; a cell with a tab, a quote or a line break in it stands in quotes."""
    return write_csv_rows(table.lines_with_headings(), out, "excel-tab", table.risky_columns) - 1


def write_jsonl(table: TableRows, out: IO[bytes]) -> int:
    """One JSON object a line, whole: more than the columns show."""
    count = 0
    for row in table.rows:
        out.write(_write_json(row))
        count += 1
    return count


def _write_json(row: Row) -> bytes:
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a number beyond 64 bits
        return json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"
