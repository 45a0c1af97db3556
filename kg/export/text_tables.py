"""Tables as text: CSV and TSV for spreadsheets, JSON Lines for programs.

Each row stands for itself, so that parts of a table can be written beside each other and put together (kg.export.parallel).
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from typing import IO

import orjson

from kg.export.cells import write_csv_rows
from kg.export.formats import TableRows
from kg.export.reading import Row

DIALECTS = {"csv": "excel", "tsv": "excel-tab"}


def write_csv(table: TableRows, out: IO[bytes]) -> int:
    """Comma-separated, UTF-8 with BOM."""
    write_head("csv", table, out)
    return write_part("csv", table, out)


def write_tsv(table: TableRows, out: IO[bytes]) -> int:
    """Tab-separated, UTF-8 with BOM; a cell with a tab, a quote or a line break in it stands in quotes."""
    write_head("tsv", table, out)
    return write_part("tsv", table, out)


def write_jsonl(table: TableRows, out: IO[bytes]) -> int:
    """One JSON object a line, whole: more than the columns show."""
    return write_part("jsonl", table, out)


def write_head(form: str, table: TableRows, out: IO[bytes]) -> None:
    """What stands before the first row in one of these formats."""
    if form in DIALECTS:
        out.write(codecs.BOM_UTF8)
        write_csv_rows([table.headings], out, DIALECTS[form], encoding="utf-8")


def write_part(form: str, table: TableRows, out: IO[bytes]) -> int:
    """The rows alone; returns their number."""
    if form in DIALECTS:
        return write_csv_rows(table.lines(), out, DIALECTS[form], table.risky_columns, encoding="utf-8")
    return _write_json_rows(table.rows, out)


def _write_json_rows(rows: Iterable[Row], out: IO[bytes]) -> int:
    count = 0
    for row in rows:
        out.write(_write_json(row))
        count += 1
    return count


def _write_json(row: Row) -> bytes:
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a number beyond 64 bits
        return json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"
