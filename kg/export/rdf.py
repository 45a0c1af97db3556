"""The graph as RDF: sorted N-Quads, TriG, Turtle, JSON-LD; all of it, or the part that filters leave."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from kg.decision_file import read_decided_files
from kg.export.known import Known
from kg.export.reading import OnReport, ReportLines, lay_out
from kg.quads import edge_quad, entity_quads, split_line, statement_file_quads
from kg.schema import PREFIXES, load_schema
from kg.statement_files import StatementFile
from kg.store import sort_lines, sort_nquads
from kg.store import write_nquads as write_all

TOLD_EVERY = 100_000  # quads

Wanted = Callable[[ReportLines], tuple[set[str], set[str]]]  # the ids of its statements and figures that are wanted


@dataclass(frozen=True, slots=True)
class RdfGraph:
    """A graph while it is written. ``wanted`` is None where all of it is; ``default_graph`` as kg.store.write_nquads has it.

    ``on_quads`` is told how many quads are written; the second number, of all, is 0 for not known.
    """

    home: Path
    aside: Path
    known: Known | None = None
    wanted: Wanted | None = None
    on_quads: OnReport = lambda *_: None
    default_graph: str | None = None

    @contextmanager
    def sort_lines(self) -> Iterator[Iterator[bytes]]:
        """The lines of N-Quads in order of their bytes, each once."""
        self.on_quads(0, 0)
        if self.wanted is None or self.known is None:
            with sort_nquads(self.home, self.aside) as lines:
                yield self._count(lines)
            return
        part = self.aside / "part.nq"
        with part.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(_iter_part(self.home, self.known, self.wanted))
        yield self._count(sort_lines(part, self.aside))

    def _count(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        for count, line in enumerate(lines):
            if count % TOLD_EVERY == 0:
                self.on_quads(count, 0)
            yield line


def write_nquads(graph: RdfGraph, out: IO[bytes]) -> int:
    """Sorted N-Quads: the same graph, the same bytes."""
    if graph.default_graph is not None:
        return write_all(graph.home, out, graph.default_graph)
    count = 0
    with graph.sort_lines() as lines:
        for line in lines:
            out.write(line)
            count += 1
    return count


def write_trig(graph: RdfGraph, out: IO[bytes]) -> int:
    """TriG: facts in the default graph, evidence in a graph for each report."""
    return _write_quads(graph, out, RdfFormat.TRIG)


def write_jsonld(graph: RdfGraph, out: IO[bytes]) -> int:
    """JSON-LD, with a named graph for each report's evidence."""
    return _write_quads(graph, out, RdfFormat.JSON_LD)


def write_turtle(graph: RdfGraph, out: IO[bytes]) -> int:
    """Turtle, which has no named graphs: the evidence stands beside the facts, each triple once."""
    count = 0

    def triples() -> Iterator[Triple]:
        nonlocal count
        with graph.sort_lines() as lines:
            for quad in parse(_open_lines(_drop_graphs(lines)), format=RdfFormat.N_TRIPLES):
                count += 1
                yield quad.triple

    serialize(triples(), out, format=RdfFormat.TURTLE, prefixes=dict(PREFIXES))
    return count


def _drop_graphs(lines: Iterable[bytes]) -> Iterator[bytes]:
    former = ""
    for line in lines:
        _, triple = split_line(line.decode("utf-8"))
        if triple != former:  # the same in another graph comes next
            yield triple.encode("utf-8")
        former = triple


def _write_quads(graph: RdfGraph, out: IO[bytes], form: RdfFormat) -> int:
    count = 0

    def quads() -> Iterator[Quad]:
        nonlocal count
        with graph.sort_lines() as lines:
            for quad in parse(_open_lines(lines), format=RdfFormat.N_QUADS):
                count += 1
                yield quad

    serialize(quads(), out, format=form, prefixes=dict(PREFIXES))
    return count


def _open_lines(lines: Iterable[bytes]) -> IO[bytes]:
    return io.BufferedReader(_Lines(lines), 1 << 16)


class _Lines(io.RawIOBase):
    """Lines as a file that a parser reads."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        into = memoryview(buffer)
        while not self._rest:
            line = next(self._lines, None)
            if line is None:
                return 0
            self._rest = line
        part, self._rest = self._rest[: len(into)], self._rest[len(into) :]
        into[: len(part)] = part
        return len(part)


def _iter_part(home: Path, known: Known, wanted: Wanted) -> Iterator[str]:
    """The quads of the wanted statements and figures: with their reports, their evidence, what they are about, and the
    edges between; without the ontology and the schemes."""
    schema = load_schema()
    iris: set[str] = set()
    edges: set[tuple[str, str, str]] = set()
    for file in read_decided_files(home):
        statements, figures = wanted(lay_out(file))
        if not statements and not figures:
            continue
        part = _take_part(file, statements, figures)
        yield from statement_file_quads(part, schema)
        iris.update(part.entities)
        edges.update((each.subject, each.predicate, each.object) for each in part.statements)
    for subject, predicate, target in sorted(edges):
        yield edge_quad(subject, predicate, target, schema)
    for iri in sorted(iris):
        merged = known.find_merged(iri)
        if merged is not None:
            yield from entity_quads(iri, merged, schema)


def _take_part(file: StatementFile, statements: set[str], figures: set[str]) -> StatementFile:
    kept = tuple(each for each in file.statements if each.id in statements)
    numbers = tuple(each for each in file.figures if each.id in figures)
    named = {
        iri
        for each in kept
        for iri in (each.subject, each.object, *(i for some in each.entities.values() for i in some))
    }
    named.update(each.subject for each in numbers)
    publisher = (file.report.publisher, file.report.region)
    entities = {
        iri: record
        for iri, record in file.entities.items()
        if iri in named or any(name in publisher for name in (record.name, *record.aliases))
    }
    return replace(file, entities=entities, statements=kept, figures=numbers, checks=(), issues=())
