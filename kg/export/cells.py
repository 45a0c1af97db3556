"""Values as cells of text tables: no cell may run as a formula, none holds what a spreadsheet chokes on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Any

JOINED = "、"  # between the values of a list in one cell
# A spreadsheet with a Chinese keyboard in mind takes the wide signs too.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_SUSPECT = frozenset((*_FORMULA, " "))  # a printable text that begins with none of these is harmless


def join_list(value: Any) -> Any:
    """A list as one text; any other value as it is."""
    return JOINED.join(map(str, value)) if isinstance(value, list | tuple) else value


def harmless_cell(value: Any) -> Any:
    """A value as a CSV cell: lists joined, control characters out, an apostrophe before what looks like a formula."""
    if isinstance(value, list | tuple):
        value = JOINED.join(map(str, value))
    if not isinstance(value, str) or (value.isprintable() and value[:1] not in _SUSPECT):
        return value
    value = "".join(char for char in value if char >= " " or char in "\n\t")
    return f"'{value}" if value.lstrip().startswith(_FORMULA) else value


def write_csv_rows(
    rows: Iterable[list[Any]],
    out: IO[bytes],
    dialect: str = "excel",
    risky: Sequence[int] = (),
    encoding: str = "utf-8-sig",
) -> int:
    """Writes rows as CSV that spreadsheets read: UTF-8 with BOM, no cell that would run as a formula.

    ``risky`` are the columns that may hold what a report wrote; without it all are looked at.
    """
    text = io.TextIOWrapper(out, encoding=encoding, newline="")
    writer = csv.writer(text, dialect)
    count = 0
    for row in rows:
        for at in risky or range(len(row)):
            value = row[at]
            if value is not None:
                row[at] = harmless_cell(value)
        writer.writerow(row)
        count += 1
    text.flush()
    text.detach()
    return count
