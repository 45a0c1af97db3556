"""An answer of the graph as plain values: columns and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.schema import PREFIXES

if TYPE_CHECKING:
    import pandas

Value = str | int | float | bool | None

_XSD = PREFIXES["xsd"]
_INTEGERS = frozenset(
    _XSD + name
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt")
)
_FRACTIONS = frozenset(_XSD + name for name in ("decimal", "double", "float"))
_TRUE = ("true", "1")


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer. ASK gives one row of one column "answer"; CONSTRUCT and DESCRIBE give triples as three columns.

    ``notes`` says what a reader of the rows must know: what a name was taken for, what was left out.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()

    def as_dicts(self) -> list[dict[str, Value]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def as_frame(self) -> pandas.DataFrame:
        """The answer as a table of pandas: a row for each row, the columns named as the query names them.

        An answer without rows keeps its columns.
        """
        import pandas  # half a second that only those who ask for a frame should wait

        return pandas.DataFrame(list(self.rows), columns=list(self.columns))


def plain_literal(text: str, datatype: str) -> Value:
    """A literal as a plain value: numbers and truth values as such, all else, and what is no number, as its text."""
    try:
        if datatype in _INTEGERS:
            return int(text)
        if datatype in _FRACTIONS:
            return float(text)
    except ValueError:
        return text
    return text in _TRUE if datatype == _XSD + "boolean" else text
