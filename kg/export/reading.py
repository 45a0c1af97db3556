"""The statement files of a home as their lines, one report at a time: what decisions do not touch goes past all checks.

A file that the current store was made of was read and checked then, and has the same digest now; reading it as JSON is
a sixth of the work of checking it again. Any other file, and one that a decision speaks of, is read as everybody reads
it (kg.decision_file) and laid out in lines again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from kg.decision_file import decisions_path, load_decisions
from kg.decisions import Add, Decisions, spoken_of
from kg.errors import BrokenStatementFile
from kg.statement_files import (
    EntityRecord,
    FigureRecord,
    IssueRecord,
    StatementFile,
    StatementRecord,
    list_statement_files,
    read_statement_file,
)

Row = dict[str, Any]
OnReport = Callable[[int, int], None]  # told how many reports are done, and how many there are


@dataclass(frozen=True, slots=True)
class ReportLines:
    """What one report says, as the lines of its statement file (docs/statement-files.md) after all decisions.

    Lines that people decided on have ``decided``, their reason. Checks are read elsewhere (kg.checks).
    """

    report: Row
    entities: Mapping[str, Row]  # by IRI
    statements: list[Row]
    figures: list[Row]
    issues: list[Row]


def read_reports(home: Path, on_report: OnReport = lambda *_: None) -> Iterator[ReportLines]:
    """The reports of a home in order of their files; at the end the facts added by hand.

    Raises BrokenStatementFile and BrokenDecisions.
    """
    reader = ReportReader(home)
    paths = list_statement_files(home)
    known = []
    for done, path in enumerate(paths):
        on_report(done, len(paths))
        lines = reader.read(path)
        known.append(lines.report["report"])
        yield lines
    if by_hand := reader.read_by_hand(known):
        yield by_hand
    on_report(len(paths), len(paths))


class ReportReader:
    """Reads statement files of a home in any order."""

    def __init__(self, home: Path) -> None:
        from kg.store import list_checked_files  # what rows are made of needs no store

        self._place = decisions_path(home)
        self._decisions = load_decisions(home)
        self._touched = _Touched(self._decisions)
        self._checked = list_checked_files(home)

    def read(self, path: Path) -> ReportLines:
        """One report after all decisions."""
        lines = _read_quickly(path, self._checked.get(path.name))
        if lines is None or self._touched.touches(lines):
            return lay_out(self._decisions.apply(read_statement_file(path)))
        return lines

    def read_by_hand(self, known: Iterable[str]) -> ReportLines | None:
        """The facts added by hand that stand in none of the ``known`` reports, None for none."""
        by_hand = self._decisions.by_hand(self._place, known)
        return lay_out(by_hand) if by_hand else None


class _Touched:
    """What decisions speak of."""

    def __init__(self, decisions: Decisions) -> None:
        self._named = {each for item in decisions.items for each in spoken_of(item)}
        self._reports = {item.report for item in decisions.items if isinstance(item, Add)}

    def touches(self, lines: ReportLines) -> bool:
        """True where a decision changes anything in a report."""
        if not self._named and not self._reports:
            return False
        facts = (*lines.statements, *lines.figures)
        return (
            lines.report["report"] in self._reports
            or not self._named.isdisjoint(lines.entities)
            or any(fact["id"] in self._named for fact in facts)
        )


def _read_quickly(path: Path, digest: str | None) -> ReportLines | None:
    """The lines of a file that has this digest; None where it has another, or none is known."""
    if digest is None:
        return None
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BrokenStatementFile(f"{path}: {error.strerror or error}") from None
    if hashlib.sha256(raw).hexdigest() != digest:
        return None
    rows: dict[str, list[Row]] = {kind: [] for kind in ("report", "entity", "statement", "figure", "check", "issue")}
    for line in raw.split(b"\n"):
        if line and not line.isspace():
            row = orjson.loads(line)
            rows[row["kind"]].append(row)
    entities = {row["iri"]: row for row in rows["entity"]}
    return ReportLines(rows["report"][0], entities, rows["statement"], rows["figure"], rows["issue"])


# ---- records as lines


def lay_out(file: StatementFile) -> ReportLines:
    """A file that was read as everybody reads it, as the lines that would give it."""
    report = {name: getattr(file.report, name) for name in file.report.__slots__}
    return ReportLines(
        report,
        {iri: _entity(record) for iri, record in file.entities.items()},
        [_statement(record) for record in file.statements],
        [_figure(record) for record in file.figures],
        [_issue(record) for record in file.issues],
    )


def _entity(record: EntityRecord) -> Row:
    row = {"iri": record.iri, "type": record.type, "name": record.name, "aliases": list(record.aliases)}
    return row | ({"decided_name": record.decided_name} if record.decided_name else {})


def _statement(record: StatementRecord) -> Row:
    return {
        "id": record.id,
        "predicate": record.predicate,
        "subject": record.subject,
        "object": record.object,
        "qualifiers": dict(record.qualifiers),
        "evidence": record.evidence.as_json(),
        **{key: list(iris) for key, iris in record.entities.items()},
    } | _decided(record.decided)


def _figure(record: FigureRecord) -> Row:
    return {
        "id": record.id,
        "subject": record.subject,
        "indicator": record.indicator,
        "value": record.value,
        "unit": record.unit,
        "year": record.year,
        "evidence": record.evidence.as_json(),
    } | _decided(record.decided)


def _issue(record: IssueRecord) -> Row:
    return {name: getattr(record, name) for name in record.__slots__}


def _decided(reason: str) -> Row:
    return {"decided": reason} if reason else {}
