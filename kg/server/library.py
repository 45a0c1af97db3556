"""The query library as the server uses it: values out of an address become a finished query."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from kg.errors import UsageError
from kg.queries import Bound, Parameter, Query, bind_query
from kg.schema import load_schema
from kg.statement_files import IRI
from kg.store import open_names
from kg.strangers import QueryPool

LONGEST_VALUE = 500  # characters


async def bind_values(pool: QueryPool, home: Path, query: Query, values: Mapping[str, str]) -> Bound:
    """The query with the values in their places; blank values count as not given.

    Raises UsageError where a value is missing, unknown or of another type, MissingStore where there is no graph.
    """
    given = {name: value.strip() for name, value in values.items() if value.strip()}
    for name, value in given.items():
        if len(value) > LONGEST_VALUE:
            raise UsageError(f"the value of {name[:40]!a} is longer than {LONGEST_VALUE} characters")
        if IRI.fullmatch(value):  # of an entity that may have been merged into another
            (rows,) = await pool.ask_rows(f"SELECT ?new {{ <{value}> dcterms:isReplacedBy ?new }}")
            given[name] = str(rows.rows[0][0]) if rows.rows else value
    return await asyncio.to_thread(_bind, home, query, given, pool.served)


def _bind(home: Path, query: Query, given: Mapping[str, str], served: bool) -> Bound:
    with open_names(home) as names:
        return bind_query(query, given, names, served)


def find_headings(query: Query, language: str) -> Mapping[str, str]:
    """The headings of a query's columns."""
    return query.columns if language == "zh" else query.columns_en


def list_choices(parameter: Parameter, language: str) -> list[str]:
    """What a parameter may be, where it is one of a list."""
    schema = load_schema()
    kind, *names = parameter.type.split()
    if kind == "concept":
        return [each.label_zh if language == "zh" else each.label_en for each in schema.lists[names[0]]]
    if kind in ("relation", "type"):
        return [
            schema.label(name, language) for name in sorted(schema.relations if kind == "relation" else schema.types)
        ]
    return []
