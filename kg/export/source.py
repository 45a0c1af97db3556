"""The lines of a home's reports, or the part of them that filters leave, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kg.decision_file import read_decided_files
from kg.export.checks import list_checks
from kg.export.filters import EVERYTHING, Chosen
from kg.export.formats import PARTNERSHIPS
from kg.export.known import Known
from kg.export.partnerships import list_partnerships
from kg.export.reading import OnReport, ReportLines, Row, lay_out, read_reports
from kg.export.rows import list_entities, list_facts, list_figures, list_issues
from kg.statement_files import StatementFile, list_statement_files


@dataclass(frozen=True, slots=True)
class Source:
    """A home, what is wanted of it, and which part of that."""

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
        if chosen == EVERYTHING:
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
        return (row for lines in self.read() for row in self.list_lines(lines))

    def list_lines(self, lines: ReportLines) -> Iterator[Row]:
        """The rows that one report gives; for tables that are made report by report (OF_REPORTS)."""
        return list_partnerships(lines, self.known) if self.what == PARTNERSHIPS else _LISTERS[self.what](lines)

    def list_checks(self) -> Iterator[Row]:
        """Checks compare reports with each other: all are read, then those that are wanted are shown."""
        years: dict[str, int | None] = {}
        reports: set[str] = set()  # whose checks without a subject of their own are wanted

        def note(files: Iterator[StatementFile]) -> Iterator[StatementFile]:
            for file in files:
                years[file.report.report] = file.report.year
                if self.chosen != EVERYTHING and replace(self.chosen, year=None).keeps_report(lay_out(file)):
                    reports.add(file.report.report)
                yield file

        rows = list_checks(note(self.read_files()))
        if self.chosen == EVERYTHING:
            return rows
        return (row for row in rows if self.chosen.keeps_check(row, row["report"] in reports, years.get(row["report"])))

    def read_files(self) -> Iterator[StatementFile]:
        """All statement files, as those take them who compare them."""
        total = len(list_statement_files(self.home))
        for done, file in enumerate(read_decided_files(self.home), 1):
            yield file
            self.on_report(min(done, total), total)


_LISTERS = {"facts": list_facts, "figures": list_figures, "issues": list_issues}
OF_REPORTS = frozenset((*_LISTERS, PARTNERSHIPS))
