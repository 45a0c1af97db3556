"""The one door of exports: from a home, what is wanted and how, to a file that is whole or not there at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from kg.current_store import pin_graph
from kg.errors import KgError, MissingStore, UsageError
from kg.export.filters import EVERYTHING, Filters, check_filters, choose
from kg.export.formats import GRAPH, NETWORK, PARTNERSHIPS, RDF, TableRows, find_format
from kg.export.kinds import TABLES
from kg.export.known import open_known
from kg.export.parallel import Job, write_in_parallel
from kg.export.property_graph import PropertyGraph
from kg.export.rdf import RdfGraph
from kg.export.reading import OnReport
from kg.export.source import Source
from kg.statement_files import list_statement_files
from kg.whole_files import make_scratch, write_aside

OnNotes = Callable[[tuple[str, ...]], None]


def export(
    home: Path,
    what: str,
    form: str | None,
    to: Path | IO[bytes],
    filters: Filters = Filters(),  # noqa: B008
    *,
    english: bool = False,
    default_graph: str | None = None,
    on_report: OnReport = lambda *_: None,
    on_notes: OnNotes = lambda _: None,
) -> int:
    """Writes an export to a file (whole or not at all) or to an open stream; returns how many rows, edges or quads.

    ``form`` is the name of a format, None for that of the file's ending. ``on_report`` is told how many reports are read
    and how many there are, ``on_notes`` what the words of filters were taken for. ``default_graph``: see
    kg.store.write_nquads.

    Raises UsageError for an unknown kind, format or filter, MissingStore where nothing was built, KgError where the
    target cannot be written.
    """
    found = find_format(what, form, str(to) if isinstance(to, Path) else "")
    check_filters(what, filters)
    part = bool(filters.given())
    if default_graph is not None and (found.name != "nquads" or part):
        raise UsageError("--default-graph is for the whole graph as nquads: kg export graph")
    if what != GRAPH and not list_statement_files(home):
        raise MissingStore(f"{home}: there is nothing to export yet; make it with: kg build PATH --home {home}")
    writer = found.load_writer()
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(pin_graph(home))
        known, chosen = None, EVERYTHING
        if part or found.takes == NETWORK or what == PARTNERSHIPS:
            known = stack.enter_context(open_known(home))
            chosen = choose(home, filters, known)
            on_notes(chosen.notes)
        source = Source(home, what, chosen, known, on_report)
        out, aside = stack.enter_context(_open_target(to))
        given: Any
        if found.takes == RDF:
            wanted = source.choose_ids if part else None
            given = RdfGraph(home, aside, known, wanted, on_report, default_graph)
        elif found.takes == NETWORK:
            given = PropertyGraph(source.read(), source.known, what == GRAPH and not part, aside, english)
        else:
            in_parallel = write_in_parallel(Job(home, what, found.name, english, chosen), out, on_report)
            if in_parallel is not None:
                return in_parallel
            given = TableRows(TABLES[what], source.list_rows(), aside, english)
        return writer(given, out)


@contextlib.contextmanager
def _open_target(to: Path | IO[bytes]) -> Iterator[tuple[IO[bytes], Path]]:
    """The target, open, and a folder for what a writer needs on the way: beside a file, so that a disk that is full is
    told as that of the file."""
    if isinstance(to, Path):
        with write_aside(to) as out, make_scratch("export", to.parent) as aside:
            yield out, aside
        return
    try:
        with make_scratch("export") as aside:
            yield to, aside
            to.flush()
    except OSError as error:
        raise KgError(f"stdout: cannot be written: {error.strerror or error}") from None
