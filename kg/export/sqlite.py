"""A table as a SQLite file: one table of the export's name, its columns as in CSV."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from contextlib import closing
from typing import IO, Any

from kg.export.cells import join_list
from kg.export.formats import TableRows
from kg.export.kinds import NUMBER, WHOLE

_LARGEST = 2**63 - 1


def write_sqlite(table: TableRows, out: IO[bytes]) -> int:
    """Writes the table; lists are joined by 、 and what is missing is NULL."""
    path = table.aside / "table.sqlite"
    name = _quote(table.table.name)
    columns = ", ".join(
        f"{_quote(heading)}{_TYPES.get(column.holds, '')}"
        for heading, column in zip(table.headings, table.columns, strict=True)
    )
    slots = ", ".join("?" * len(table.columns))
    count = 0

    def lines() -> Any:
        nonlocal count
        for line in table.lines():
            count += 1
            yield [_plain(value) for value in line]

    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            connection.execute(f"CREATE TABLE {name} ({columns})")
            connection.execute("BEGIN")
            connection.executemany(f"INSERT INTO {name} VALUES ({slots})", lines())
            connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error)) from None  # told as any other error of the disk
    with path.open("rb") as made:
        shutil.copyfileobj(made, out, 1 << 20)
    return count


# Columns of text have no type: a qualifier is stored as the report gives it, a number as a number.
_TYPES = {WHOLE: " INTEGER", NUMBER: " NUMERIC"}


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(value: Any) -> Any:
    value = join_list(value)
    return str(value) if isinstance(value, int) and abs(value) > _LARGEST else value
