"""What can be written how: the one registry of formats, and what their writers are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from kg.errors import UsageError
from kg.export.kinds import NUMBER, TABLES, WHOLE, WORD, Column, Table
from kg.export.reading import Row

GRAPH, PARTNERSHIPS = "graph", "partnerships"
KINDS = (*TABLES, GRAPH)
TABLE, NETWORK, RDF = "table", "network", "rdf"


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table while it is written: its rows come once, one by one. ``aside`` is a folder for what a writer needs on the way."""

    table: Table
    rows: Iterable[Row]
    aside: Path
    english: bool = False

    @property
    def name(self) -> str:
        return self.table.name if self.english else self.table.title

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.table.columns

    @property
    def headings(self) -> list[str]:
        return [column.heading(self.english) for column in self.columns]

    @property
    def risky_columns(self) -> list[int]:
        """The places of the columns that may hold what a report wrote."""
        return [at for at, column in enumerate(self.columns) if column.holds not in (WORD, WHOLE, NUMBER)]

    def lines(self) -> Iterator[list[Any]]:
        """The values of each row in the order of the columns."""
        looks = [column.looker(self.english) for column in self.columns]
        return ([look(row) for look in looks] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what is written in it, the endings of its files, the first of them the usual one, and where its writer is.

    ``takes`` says what its writer is given: a TABLE (TableRows), the graph as RDF (kg.export.rdf.RdfGraph) or a NETWORK
    (kg.export.property_graph.PropertyGraph). ``module`` and ``function`` name what takes the thing to write and an open file, and returns how many rows, edges or
    quads it wrote; libraries are loaded when they are needed.
    """

    name: str
    takes: str
    endings: tuple[str, ...]
    module: str
    function: str

    @property
    def kinds(self) -> frozenset[str]:
        """What is written in it."""
        return _KINDS[self.takes]

    def load_writer(self) -> Callable[[Any, IO[bytes]], int]:
        writer: Callable[[Any, IO[bytes]], int] = getattr(import_module(f"kg.export.{self.module}"), self.function)
        return writer


_KINDS = {TABLE: frozenset(TABLES), NETWORK: frozenset((GRAPH, PARTNERSHIPS)), RDF: frozenset((GRAPH,))}

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        each.name: each
        for each in (
            Format("csv", TABLE, (".csv",), "text_tables", "write_csv"),
            Format("tsv", TABLE, (".tsv", ".tab"), "text_tables", "write_tsv"),
            Format("jsonl", TABLE, (".jsonl", ".ndjson", ".json", ".txt"), "text_tables", "write_jsonl"),
            Format("xlsx", TABLE, (".xlsx",), "xlsx", "write_xlsx"),
            Format("sqlite", TABLE, (".sqlite", ".sqlite3", ".db"), "sqlite", "write_sqlite"),
            Format("parquet", TABLE, (".parquet",), "parquet", "write_parquet"),
            Format("nquads", RDF, (".nq", ".nquads"), "rdf", "write_nquads"),
            Format("trig", RDF, (".trig",), "rdf", "write_trig"),
            Format("turtle", RDF, (".ttl",), "rdf", "write_turtle"),
            Format("jsonld", RDF, (".jsonld",), "rdf", "write_jsonld"),
            Format("graphml", NETWORK, (".graphml",), "xml_graphs", "write_graphml"),
            Format("gexf", NETWORK, (".gexf",), "xml_graphs", "write_gexf"),
            Format("neo4j", NETWORK, (".zip",), "neo4j", "write_neo4j"),
            Format("cypher", NETWORK, (".cypher", ".cql"), "neo4j", "write_cypher"),
            Format("geojson", NETWORK, (".geojson",), "geojson", "write_geojson"),
        )
    }
)


def find_format(what: str, name: str | None, target: str = "") -> Format:
    """The format of a name, or by the ending of the file to write; without both the usual one, jsonl or nquads.

    Raises UsageError where there is no such kind or format, or the kind is not written so.
    """
    if what not in KINDS:
        raise UsageError(f"there is no export {what!r}; there are: {', '.join(KINDS)}")
    usual = FORMATS["nquads" if what == GRAPH else "jsonl"]
    ending = Path(target).suffix.lower()
    if name is not None:
        if name not in FORMATS:
            raise UsageError(f"there is no format {name!r}; there are: {', '.join(FORMATS)}")
        found = FORMATS[name]
    elif not ending or target == "-" or (ending == ".txt" and what == GRAPH):
        found = usual
    else:
        by_ending = {each: form for form in FORMATS.values() for each in form.endings}
        if ending not in by_ending:
            offered = ", ".join(form.endings[0] for form in FORMATS.values() if what in form.kinds)
            raise UsageError(
                f"{target}: no format of that ending is written; say --format, or end the file in: {offered}"
            )
        found = by_ending[ending]
    if what not in found.kinds:
        offered = ", ".join(form.name for form in FORMATS.values() if what in form.kinds)
        raise UsageError(f"{what} is not written as {found.name}, but as: {offered}")
    return found
