"""Renames of programmes that one school's own tables show: a former name in one year, the catalogue's in a later one.

The code is what holds the two together: the same school gives it to both, never in the same year. A report alone
cannot tell; so links of this way are found when the store is made, and hold for the school's own reports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kg.statement_files import EvidenceRecord, LinkRecord, StatementFile, UnlinkedRecord

WAY = "same-table-years"


@dataclass(frozen=True, slots=True)
class FoundRename:
    """The link of a former name in one report of a school, and the two statements that show it."""

    school: str
    entity: str
    report: str
    link: LinkRecord
    instead_of: UnlinkedRecord | None
    statements: tuple[str, str]

    def as_counted(self) -> tuple[tuple[str, str, str], str]:
        """Scheme, code and way of the link, and the reason for which its report alone gave none; "" where it gave no reason."""
        link = (self.link.scheme, self.link.code, self.link.how)
        return link, "" if self.instead_of is None else self.instead_of.why


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table that gives a programme of a school a code."""

    statement: str
    report: str
    programme: str
    name: str
    year: int
    evidence: EvidenceRecord
    link: LinkRecord | None
    unlinked: UnlinkedRecord | None


class Renames:
    """Takes statement files one by one, then tells what their tables show together."""

    def __init__(self) -> None:
        self._rows: defaultdict[tuple[str, str], list[_Row]] = defaultdict(list)  # by school and code
        self._users: defaultdict[tuple[str, str], set[str]] = defaultdict(set)  # of a programme in a report

    def add(self, file: StatementFile) -> None:
        report = file.report.report
        for statement in file.statements:
            offered = (statement.object,) if statement.predicate == "offersProgramme" else ()
            for programme in (*offered, *statement.entities.get("programmes", ())):
                self._users[report, programme].add(statement.subject)
            year, code = statement.qualifiers.get("year", file.report.year), statement.qualifiers.get("code")
            if not offered or not isinstance(code, str) or not isinstance(year, int) or not statement.evidence.table:
                continue
            entity = file.entities[statement.object]
            self._rows[statement.subject, code].append(
                _Row(
                    statement.id,
                    report,
                    entity.iri,
                    statement.said_object or entity.name,
                    year,
                    statement.evidence,
                    entity.link,
                    entity.unlinked,
                )
            )

    @property
    def schools(self) -> set[str]:
        """The IRIs of the schools whose tables give programmes a code."""
        return {school for school, _ in self._rows}

    def find(self) -> Iterator[FoundRename]:
        """The renames, one for each former name in each report of the school that uses it alone."""
        given: set[tuple[str, str]] = set()
        for (school, _), rows in sorted(self._rows.items()):
            rows = sorted(rows, key=lambda row: (row.year, row.report, row.statement))
            linked = [row for row in rows if row.link is not None and row.link.how in ("exact", "code")]
            former = [row for row in rows if row.link is None]
            if len({row.programme for row in linked}) != 1 or len({row.programme for row in former}) != 1:
                continue
            if former[-1].year >= linked[0].year or linked[0].link is None:
                continue
            now = linked[0].link
            for row in former:
                key = (row.report, row.programme)
                if self._users[key] == {school} and key not in given:
                    given.add(key)
                    link = LinkRecord(now.scheme, now.code, WAY, row.name, row.evidence)
                    shown_by = (row.statement, linked[0].statement)
                    yield FoundRename(school, row.programme, row.report, link, row.unlinked, shown_by)
