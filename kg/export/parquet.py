"""A table as Parquet, with pyarrow, which is an extra: it is larger than all that the project needs otherwise."""

from __future__ import annotations

from itertools import islice
from typing import IO, Any

from kg.errors import UsageError
from kg.export.cells import join_list
from kg.export.formats import TableRows
from kg.export.kinds import LIST, NUMBER, WHOLE

AT_ONCE = 20_000  # rows that are held in memory and make a row group


def write_parquet(table: TableRows, out: IO[bytes]) -> int:
    """Writes the table: lists as lists, pages and values as numbers, all else as text, what is missing as null.

    Raises UsageError where pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise UsageError("Parquet needs pyarrow: pip install 'zhijiao-kg[parquet]'") from None
    types = {WHOLE: pyarrow.int64(), NUMBER: pyarrow.float64(), LIST: pyarrow.list_(pyarrow.string())}
    schema = pyarrow.schema(
        [
            (heading, types.get(column.holds, pyarrow.string()))
            for heading, column in zip(table.headings, table.columns, strict=True)
        ]
    )
    kinds = [column.holds for column in table.columns]
    lines = table.lines()
    count = 0
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        while some := list(islice(lines, AT_ONCE)):
            columns = [[_plain(line[at], kind) for line in some] for at, kind in enumerate(kinds)]
            arrays = [pyarrow.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            count += len(some)
    return count


def _plain(value: Any, holds: str) -> Any:
    if value is None or holds == WHOLE:
        return value
    if holds == NUMBER:
        return float(value)
    if holds == LIST:
        return [str(each) for each in value] if isinstance(value, list) else [str(value)]
    return value if isinstance(value, str) else str(join_list(value))
