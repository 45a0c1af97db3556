"""The query library (queries/*.rq) and the running of queries: a question goes in, columns and rows come out.

A query file is SPARQL that runs as it stands. Its header comments say what it answers and which values it takes;
each value has a line ``VALUES ?given_NAME { UNDEF }``, in which the loader puts a literal in the place of UNDEF. A
value is never part of the query's text in any other way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from kg.errors import UsageError
from kg.graph import Graph
from kg.quads import fold_name, write_text, write_value
from kg.rows import Rows
from kg.statement_files import IRI
from kg.store import open_graph

_HEADER = re.compile(r"#\s*(title-zh|title-en|about-zh|about-en|param|columns):\s*(.+)")
_NEEDED = ("title-zh", "title-en", "about-zh", "about-en", "columns")
_SLOT = re.compile(r"VALUES \?given_(\w+) \{ UNDEF \}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a query takes. ``type``: name (folded, any part matches; an IRI will do), text (as it stands) or integer."""

    name: str
    type: str
    required: bool
    about_zh: str
    about_en: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query of the library. ``columns`` maps its variables to the headings that users see."""

    name: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, str]
    text: str


@cache
def load_queries() -> Mapping[str, Query]:
    """Every query of the library by name, in order of names. Raises UsageError where a file's header is wrong."""
    files = sorted(resources.files("queries").iterdir(), key=lambda entry: entry.name)
    found = [
        parse_query(entry.name.removesuffix(".rq"), entry.read_text(encoding="utf-8"))
        for entry in files
        if entry.name.endswith(".rq")
    ]
    return {query.name: query for query in found}


def find_query(name: str) -> Query:
    """The query of this name. Raises UsageError, which lists the names, where there is none."""
    queries = load_queries()
    if name not in queries:
        raise UsageError(f"there is no query {name!r}; there are: {', '.join(queries)}")
    return queries[name]


def parse_query(name: str, text: str) -> Query:
    """Reads the header of a query file. Raises UsageError where it lacks a part or a parameter has no place."""
    fields: dict[str, list[str]] = {}
    for line in text.splitlines():
        if match := _HEADER.fullmatch(line.strip()):
            fields.setdefault(match[1], []).append(match[2].strip())
    parameters = tuple(_parse_parameter(name, line) for line in fields.get("param", []))
    missing = [key for key in _NEEDED if len(fields.get(key, [])) != 1]
    if missing:
        raise UsageError(f"query {name}: the header must have one line each for {', '.join(missing)}")
    if {parameter.name for parameter in parameters} != set(_SLOT.findall(text)):
        raise UsageError(
            f"query {name}: every param must have its line VALUES ?given_… {{ UNDEF }}, and the other way round"
        )
    pairs = (column.split(maxsplit=1) for column in fields["columns"][0].split(","))
    return Query(
        name=name,
        title_zh=fields["title-zh"][0],
        title_en=fields["title-en"][0],
        about_zh=fields["about-zh"][0],
        about_en=fields["about-en"][0],
        parameters=parameters,
        columns=dict(pairs),
        text=text,
    )


def bind_query(query: Query, values: Mapping[str, str | int]) -> str:
    """The query's text with the values in their places, each as a literal.

    Raises UsageError for an unknown parameter, a missing one, or a value that is not of the parameter's type.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            takes = ", ".join(known) or "none"
            raise UsageError(f"query {query.name} has no parameter {name!r}; it takes: {takes}")
    literals = {}
    for parameter in query.parameters:
        value = values.get(parameter.name, "")
        if str(value).strip():
            literals[parameter.name] = _write_literal(parameter, value)
        elif parameter.required:
            raise UsageError(f"query {query.name} needs -p {parameter.name}=… ({parameter.about_en})")
    return _SLOT.sub(
        lambda slot: slot[0].replace("UNDEF", literals[slot[1]]) if slot[1] in literals else slot[0], query.text
    )


def run_query(home: Path, name: str, values: Mapping[str, str | int] | None = None) -> Rows:
    """Runs a query of the library on the graph of a home.

    Raises UsageError for a wrong name or value and MissingStore where there is no graph.
    """
    query = find_query(name)
    with open_graph(home) as graph:
        current = {key: find_current(graph, value) for key, value in (values or {}).items()}
        return graph.query(bind_query(query, current))


def follow_iri(home: Path, text: str) -> str:
    """``text``, or the IRI that replaced it where it is the IRI of an entity that was merged into another."""
    with open_graph(home) as graph:
        return str(find_current(graph, text))


def find_current(graph: Graph, value: str | int) -> str | int:
    """The IRI that an IRI was replaced by when its entity was merged into another; any other value as it is."""
    if not isinstance(value, str) or not IRI.fullmatch(value):
        return value
    rows = graph.query(f"SELECT ?new {{ <{value}> dcterms:isReplacedBy ?new }}").rows
    return str(rows[0][0]) if rows else value


def _parse_parameter(query: str, line: str) -> Parameter:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 5 or parts[1] not in ("name", "text", "integer") or parts[2] not in ("required", "optional"):
        raise UsageError(
            f"query {query}: not a parameter (name | type | required or optional | 中文 | English): {line}"
        )
    return Parameter(parts[0], parts[1], parts[2] == "required", parts[3], parts[4])


def _write_literal(parameter: Parameter, value: str | int) -> str:
    if parameter.type == "integer":
        try:
            return write_value(int(value))
        except ValueError:
            raise UsageError(f"parameter {parameter.name} must be a whole number, not {value!r}") from None
    text = str(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError(f"parameter {parameter.name} is not text that can be written in UTF-8") from None
    if parameter.type == "name" and not text.startswith(("https://", "http://")):
        text = fold_name(text)
        if not text:
            raise UsageError(f"parameter {parameter.name} holds nothing to look for: {value!r}")
    return write_text(text)
