"""The one door of exports: from a home, what is wanted and how, to a file that is whole or not there at all."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from kg.decision_file import read_decided_files
from kg.errors import KgError, MissingStore, UsageError
from kg.export.checks import list_checks
from kg.export.filters import EVERYTHING, Chosen, Filters, check_filters, choose
from kg.export.formats import GRAPH, NETWORK, PARTNERSHIPS, RDF, TableRows, find_format
from kg.export.kinds import TABLES
from kg.export.known import Known, open_known
from kg.export.partnerships import list_partnerships
from kg.export.property_graph import PropertyGraph
from kg.export.rdf import RdfGraph
from kg.export.reading import OnReport, ReportLines, Row, lay_out, read_reports
from kg.export.rows import list_entities, list_facts, list_figures, list_issues
from kg.statement_files import StatementFile, list_statement_files
from kg.whole_files import write_aside

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
        known, chosen = None, EVERYTHING
        if part or found.takes == NETWORK or what == PARTNERSHIPS:
            known = stack.enter_context(open_known(home))
            chosen = choose(home, filters, known)
            on_notes(chosen.notes)
        source = _Source(home, what, chosen, known, on_report)
        out, aside = stack.enter_context(_open_target(to))
        given: Any
        if found.takes == RDF:
            wanted = source.choose_ids if part else None
            given = RdfGraph(home, aside, known, wanted, on_report, default_graph)
        elif found.takes == NETWORK:
            given = PropertyGraph(source.read(), source.known, what == GRAPH and not part, aside, english)
        else:
            given = TableRows(TABLES[what], source.list_rows(), aside, english)
        return writer(given, out)


@contextlib.contextmanager
def _open_target(to: Path | IO[bytes]) -> Iterator[tuple[IO[bytes], Path]]:
    """The target, open, and a folder for what a writer needs on the way: beside a file, so that a disk that is full is
    told as that of the file."""
    if isinstance(to, Path):
        with write_aside(to) as out, tempfile.TemporaryDirectory(prefix=f".{to.name}.", dir=to.parent) as aside:
            yield out, Path(aside)
        return
    try:
        with tempfile.TemporaryDirectory() as aside:
            yield to, Path(aside)
            to.flush()
    except OSError as error:
        raise KgError(f"stdout: cannot be written: {error.strerror or error}") from None


@dataclass(frozen=True, slots=True)
class _Source:
    """A home, and which part of it is wanted."""

    home: Path
    what: str
    chosen: Chosen
    index: Known | None
    on_report: OnReport

    @property
    def known(self) -> Known:
        assert self.index is not None  # opened for whatever needs it
        return self.index

    def read(self) -> Iterator[ReportLines]:
        """The reports with the lines of each that are wanted."""
        return (self.narrow(lines) for lines in read_reports(self.home, self.on_report))

    def narrow(self, lines: ReportLines) -> ReportLines:
        """The lines of a report that are wanted."""
        chosen = self.chosen
        if self.what == PARTNERSHIPS:
            statements = [line for line in lines.statements if chosen.keeps_partnership(line, lines)]
            return replace(lines, statements=statements)
        if chosen is EVERYTHING:
            return lines
        return replace(
            lines,
            statements=[line for line in lines.statements if chosen.keeps_fact(line, lines)],
            figures=[line for line in lines.figures if chosen.keeps_figure(line, lines)],
            issues=lines.issues if chosen.keeps_report(lines) else [],
        )

    def choose_ids(self, lines: ReportLines) -> tuple[set[str], set[str]]:
        """The ids of the statements and of the figures of a report that are wanted."""
        wanted = self.narrow(lines)
        return {line["id"] for line in wanted.statements}, {line["id"] for line in wanted.figures}

    def list_rows(self) -> Iterator[Row]:
        """The rows of a table."""
        if self.what == "checks":
            return self.list_checks()
        if self.what == "entities":
            return filter(self.chosen.keeps_entity, list_entities(self.read_files()))
        if self.what == PARTNERSHIPS:
            return (row for lines in self.read() for row in list_partnerships(lines, self.known))
        list_lines = _OF_REPORTS[self.what]
        return (row for lines in self.read() for row in list_lines(lines))

    def list_checks(self) -> Iterator[Row]:
        """Checks compare reports with each other: all are read, then those that are wanted are shown."""
        years: dict[str, int | None] = {}
        reports: set[str] = set()  # whose checks without a subject of their own are wanted

        def note(files: Iterator[StatementFile]) -> Iterator[StatementFile]:
            for file in files:
                years[file.report.report] = file.report.year
                if self.chosen is not EVERYTHING and replace(self.chosen, year=None).keeps_report(lay_out(file)):
                    reports.add(file.report.report)
                yield file

        rows = list_checks(note(self.read_files()))
        if self.chosen is EVERYTHING:
            return rows
        return (row for row in rows if self.chosen.keeps_check(row, row["report"] in reports, years.get(row["report"])))

    def read_files(self) -> Iterator[StatementFile]:
        """All statement files, as those take them who compare them."""
        total = len(list_statement_files(self.home))
        for done, file in enumerate(read_decided_files(self.home), 1):
            yield file
            self.on_report(min(done, total), total)


_OF_REPORTS = {"facts": list_facts, "figures": list_figures, "issues": list_issues}
