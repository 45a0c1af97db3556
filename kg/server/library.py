"""The query library as the server uses it: values out of an address become a finished query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import UsageError
from kg.queries import Query, bind_query

LONGEST_VALUE = 500  # characters


@dataclass(frozen=True, slots=True)
class Bound:
    text: str
    notes: tuple[str, ...] = ()


def bind_values(home: Path, query: Query, values: Mapping[str, str]) -> Bound:
    """The query with the values in their places; blank values count as not given.

    Raises UsageError where a value is missing, unknown or of another type, MissingStore where there is no graph.
    """
    given: dict[str, str | int] = {name: value.strip() for name, value in values.items() if value.strip()}
    for name, value in given.items():
        if len(str(value)) > LONGEST_VALUE:
            raise UsageError(f"the value of {name[:40]!a} is longer than {LONGEST_VALUE} characters")
    return Bound(bind_query(query, given))


def find_headings(query: Query, language: str) -> Mapping[str, str]:
    """The headings of a query's columns."""
    return query.columns if language == "zh" else {}
