"""What reports state beside what was found in them: all checks of a graph, the worst first.

Those that a report's own pages give (totals, lists, rates in a table) stand in its statement file. Here the facts are
compared: a number with the names found, one figure at two places, a ratio with its parts.
"""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from pathlib import Path
from types import MappingProxyType
from typing import Self

from kg.current_store import pin_graph
from kg.decision_file import read_decided_files
from kg.errors import KgError, MissingStore
from kg.figure_wording import Wording, read_wording
from kg.model import DIFFERENCES, CheckKind, Verdict
from kg.statement_files import (
    CheckRecord,
    EvidenceRecord,
    FigureRecord,
    StatementFile,
    StatementRecord,
    has_statement_files,
)

Key = tuple[str, str, int]  # subject, indicator, year

# 生师比 is reckoned from students and teachers that are weighted by kind (折合): an error shows only beyond that.
WEIGHTED = 0.05


@dataclass(frozen=True, slots=True)
class Place:
    """Another place that a check looked at: its report, its value, its words."""

    report: str
    figure: str  # the id of its figure
    value: int | float
    evidence: EvidenceRecord


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """A check with its report, the name of its subject, and the other places that it looked at."""

    report: str
    subject: str
    record: CheckRecord
    against: tuple[Place, ...] = ()

    @property
    def differs(self) -> bool:
        return self.record.verdict in DIFFERENCES

    @property
    def matters(self) -> bool:
        """True for what is shown unasked: differences, and numbers of which only a part is named."""
        return self.differs or self.record.verdict == Verdict.FEWER_FOUND


def check_reports(files: Iterable[StatementFile]) -> list[ReportCheck]:
    """All checks of these reports, and of each with the others, the worst first."""
    return sorted(iter_checks(files), key=_order)


def iter_checks(files: Iterable[StatementFile]) -> Iterator[ReportCheck]:
    """The same one by one, in little memory however many reports there are: those of each report as it is read, then
    those of reports with one another."""
    with _Tellings() as tellings:
        for file in files:
            facts = _Facts(file)
            yield from _list_own(file)
            yield from _check_named(facts)
            yield from _check_twice(facts)
            yield from _check_ratios(facts)
            tellings.add(facts)
        yield from _check_across(tellings)


def list_checks(home: Path, reports: Sequence[str] = ()) -> list[ReportCheck]:
    """The checks of a home, or of some of its reports (compared with all others), the worst first.

    Raises MissingStore where nothing was built, and KgError for a report that the home does not have.
    """
    if not has_statement_files(home):
        raise MissingStore(f"{home}: there is nothing to check yet; make it with: kg build PATH --home {home}")
    known: set[str] = set()

    def read_files() -> Iterator[StatementFile]:
        with pin_graph(home) as pinned:
            for file in read_decided_files(pinned):
                known.add(file.report.report)
                yield file

    checks = check_reports(read_files())
    if unknown := [report for report in reports if report not in known]:
        raise KgError(f"{home}: there is no report {unknown[0]!r}; there are: {', '.join(sorted(known)[:20])}")
    wanted = set(reports) or known
    return [
        check for check in checks if check.report in wanted or any(place.report in wanted for place in check.against)
    ]


def _order(check: ReportCheck) -> tuple[object, ...]:
    record = check.record
    found = record.found if record.found is not None else record.stated
    off = abs(found - record.stated) / max(abs(found), abs(record.stated), 1e-9)
    return (
        list(Verdict).index(Verdict(record.verdict)),
        -round(off, 6),
        check.report,
        record.evidence.start,
        record.what,
        record.id,
    )


def _list_own(file: StatementFile) -> Iterator[ReportCheck]:
    """The checks that the statement file holds; one without a subject speaks of the report's publisher."""
    publisher = file.report.publisher or file.report.region
    for record in file.checks:
        subject = file.entities[record.subject].name if record.subject else publisher
        yield ReportCheck(file.report.report, subject, record)


class _Facts:
    """What one report says, put in order for comparing."""

    def __init__(self, file: StatementFile) -> None:
        self.file = file
        self.year = file.report.year
        self.comparable: defaultdict[Key, list[Wording]] = defaultdict(list)
        for figure in file.figures:
            if figure.year is not None and (wording := read_wording(figure, file)) is not None:
                self.comparable[figure.subject, figure.indicator, figure.year].append(wording)
        for key, wordings in list(self.comparable.items()):
            self.comparable[key] = _without_divided_tables(wordings)

    def name(self, iri: str) -> str:
        return self.file.entities[iri].name

    def is_own(self, iri: str) -> bool:
        """True for who the report is of: its publisher, or the region of its bureau."""
        entity, report = self.file.entities[iri], self.file.report
        return bool({report.publisher, report.region} & {entity.name, *entity.aliases})

    def statements(self, predicate: str, subject: str, year: int) -> list[StatementRecord]:
        """The statements of a school; for a region those of all its schools in this report."""
        whole = self.file.entities[subject].type == "Region"
        found = []
        for statement in self.file.statements:
            if statement.predicate != predicate or not (whole or statement.subject == subject):
                continue
            years = statement.qualifiers.get("year")
            years = years if isinstance(years, list) else [years if years is not None else self.year]
            if year in years and statement.qualifiers.get("status") != "停办":
                found.append(statement)
        return found


def _without_divided_tables(wordings: list[Wording]) -> list[Wording]:
    """Without what one table gives several values of: its rows are parts, or their headers say more than is known."""
    values: defaultdict[int, set[float]] = defaultdict(set)
    for each in wordings:
        if each.figure.evidence.table is not None:
            values[each.figure.evidence.table].add(each.figure.value)
    return [
        each for each in wordings if each.figure.evidence.table is None or len(values[each.figure.evidence.table]) == 1
    ]


def _make_check(
    report: str,
    subject: str,
    kind: CheckKind,
    figure: FigureRecord,
    verdict: Verdict,
    found: int | float | None,
    *,
    what: str = "",
    names: Sequence[str] = (),
    reason: str = "",
    against: Iterable[Wording] = (),
    elsewhere: str = "",
) -> ReportCheck:
    places = tuple(
        Place(elsewhere or report, each.figure.id, each.figure.value, each.figure.evidence) for each in against
    )
    parts = (report, kind.value, figure.id, elsewhere)
    record = CheckRecord(
        id=hashlib.sha256(repr(parts).encode("utf-8")).hexdigest()[:16],
        check=kind.value,
        what=what or figure.indicator,
        stated=figure.value,
        found=found,
        verdict=verdict.value,
        evidence=figure.evidence,
        subject=figure.subject,
        unit=figure.unit,
        year=figure.year,
        names=tuple(names),
        reason=reason,
    )
    return ReportCheck(report, subject, record, places)


# ---- a number against the names found


def _schools_of(facts: _Facts, subject: str, year: int) -> set[str]:
    """The schools that a city's report speaks of: who only works with one of them is no school of its own."""
    if facts.file.entities[subject].type != "Region":
        return set()
    speaking = {figure.subject for figure in facts.file.figures if figure.year in (year, None)}
    speaking |= {s.subject for p in ("offersProgramme", "operatesBase") for s in facts.statements(p, subject, year)}
    return {iri for iri in speaking if facts.file.entities[iri].type == "School"}


def _objects(predicate: str, kind: str) -> Callable[[_Facts, str, int], set[str]]:
    def collect(facts: _Facts, subject: str, year: int) -> set[str]:
        objects = {statement.object for statement in facts.statements(predicate, subject, year)}
        return {iri for iri in objects if facts.file.entities[iri].type == kind}

    return collect


_NAMED: Mapping[str, Callable[[_Facts, str, int], set[str]]] = MappingProxyType(
    {
        "合作企业数": _objects("partnersWith", "Enterprise"),
        "专业数": _objects("offersProgramme", "Programme"),
        "实训基地数": _objects("operatesBase", "TrainingBase"),
        "学校数": _schools_of,
    }
)


def _check_named(facts: _Facts) -> Iterator[ReportCheck]:
    """合作企业56家 against the enterprises found. Fewer is usual; more means a name too many, or an old number."""
    seen: set[tuple[Key, float, str]] = set()
    for (subject, indicator, year), wordings in facts.comparable.items():
        for each in wordings:
            key = ((subject, indicator, year), each.figure.value, each.part)
            if indicator not in _NAMED or key in seen:
                continue
            seen.add(key)
            found = _NAMED[indicator](facts, subject, year)
            if year != facts.year and not found:
                continue  # of another year this report says nothing
            stated, count = each.figure.value, len(found)
            verdict = (
                Verdict.AGREES if stated == count else Verdict.FEWER_FOUND if count < stated else Verdict.MORE_FOUND
            )
            reason = ""
            if verdict is Verdict.MORE_FOUND and each.part:  # 校内8个: the names found are all bases
                verdict, reason = Verdict.SKIPPED, f"所述只是一部分（{each.part}）"
            elif not count and not facts.is_own(subject):  # a city's table of its schools lists no programmes
                verdict, reason = Verdict.SKIPPED, "报告没有列名"
            yield _make_check(
                facts.file.report.report,
                facts.name(subject),
                CheckKind.NAMED,
                each.figure,
                verdict,
                count,
                names=sorted(facts.name(iri) for iri in found),
                reason=reason,
            )


# ---- one figure at two places


def _check_twice(facts: _Facts) -> Iterator[ReportCheck]:
    for (subject, _, _), wordings in facts.comparable.items():
        by_part: defaultdict[tuple[str, str], list[Wording]] = defaultdict(list)
        for each in wordings:
            by_part[each.part, each.figure.unit].append(each)
        for same in by_part.values():
            if len(same) > 1:
                yield _compare(facts.file.report.report, facts.name(subject), same[0], same[1:], "")


def _compare(report: str, subject: str, first: Wording, others: Sequence[Wording], elsewhere: str) -> ReportCheck:
    against = [each for each in others if not first.fits(each)]
    values = list(dict.fromkeys(each.figure.value for each in against or others))
    return _make_check(
        report,
        subject,
        CheckKind.TWICE,
        first.figure,
        Verdict.CONTRADICTS if against else Verdict.AGREES,
        values[0],
        names=[f"{value:g}" if isinstance(value, float) else str(value) for value in values],
        against=against or others,
        elsewhere=elsewhere,
    )


_Telling = tuple[str, str, tuple[Wording, ...]]  # the report, how it calls the subject, its values of one figure


class _Tellings:
    """What each report says of a figure. Kept on disk, since ten thousand reports state a million values and most of
    them once; it is ours alone, and gone when it is closed."""

    def __enter__(self) -> Self:
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        self._kept.execute("CREATE TABLE told (subject TEXT, indicator TEXT, year INTEGER, telling BLOB)")
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()

    def add(self, facts: _Facts) -> None:
        rows = []
        for key, wordings in facts.comparable.items():
            distinct = {(each.figure.value, each.part): each for each in reversed(wordings)}  # what is kept is little
            telling: _Telling = (facts.file.report.report, facts.name(key[0]), tuple(reversed(distinct.values())))
            rows.append((*key, pickle.dumps(telling, pickle.HIGHEST_PROTOCOL)))
        self._kept.executemany("INSERT INTO told VALUES (?, ?, ?, ?)", rows)

    def __iter__(self) -> Iterator[list[_Telling]]:
        """For each figure that several reports state, what they say, in the order in which they were read."""
        self._kept.execute("CREATE INDEX told_of ON told (subject, indicator, year)")
        rows = self._kept.execute(
            "SELECT told.* FROM told JOIN (SELECT subject, indicator, year FROM told GROUP BY 1, 2, 3 HAVING COUNT(*) > 1)"
            " USING (subject, indicator, year) ORDER BY subject, indicator, year, told.rowid"
        )
        for _, group in groupby(rows, key=lambda row: row[:3]):
            yield [pickle.loads(row[3]) for row in group]


def _check_across(shared: Iterable[Sequence[_Telling]]) -> Iterator[ReportCheck]:
    """A school's own report against its city's: a difference only where no value of one is a value of the other."""
    for tellings in shared:
        for at, (report, subject, mine) in enumerate(tellings):
            for other, _, theirs in tellings[at + 1 :]:
                pairs = [(a, b) for a, b in product(mine, theirs) if (a.part, a.figure.unit) == (b.part, b.figure.unit)]
                if pairs:
                    first, second = next((pair for pair in pairs if pair[0].fits(pair[1])), pairs[0])
                    yield _compare(report, subject, first, [second], other)


# ---- a ratio against its parts


@dataclass(frozen=True, slots=True)
class _Ratio:
    """How an indicator is reckoned. ``clear`` says whether the words of a figure leave no other way."""

    above: str
    below: str
    factor: int
    clear: Callable[[Wording], bool]
    weighted: float = 0.0


_RATIOS: Mapping[str, _Ratio] = MappingProxyType(
    {
        "生师比": _Ratio("在校生数", "专任教师数", 1, lambda wording: True, WEIGHTED),
        # Of all full-time teachers, or of those who teach the trade: reports say which, or not.
        "双师型教师比例": _Ratio(
            "双师型教师数", "专任教师数", 100, lambda w: "占专任教师" in w.words + w.figure.evidence.caption
        ),
        "升学率": _Ratio("升学人数", "毕业生数", 100, lambda w: w.figure.evidence.table is None and not w.part),
    }
)


def _check_ratios(facts: _Facts) -> Iterator[ReportCheck]:
    """A ratio agrees where any of the values stated for its parts makes it, to one in its last place."""
    for (subject, indicator, year), wordings in facts.comparable.items():
        ratio = _RATIOS.get(indicator)
        if ratio is None:
            continue
        above = [w for w in facts.comparable.get((subject, ratio.above, year), []) if not w.part]
        below = [w for w in facts.comparable.get((subject, ratio.below, year), []) if not w.part and w.figure.value]
        if not above or not below:
            continue
        seen: set[float] = set()
        for each in wordings:
            if each.figure.value not in seen:
                seen.add(each.figure.value)
                yield _check_ratio(facts, each, ratio, list(product(above, below)))


def _check_ratio(facts: _Facts, stated: Wording, ratio: _Ratio, pairs: list[tuple[Wording, Wording]]) -> ReportCheck:
    def reckon(pair: tuple[Wording, Wording]) -> float:
        return pair[0].figure.value / pair[1].figure.value * ratio.factor

    value = stated.figure.value
    nearest = min(pairs, key=lambda pair: abs(reckon(pair) - value))
    found = reckon(nearest)
    verdict, reason = Verdict.DIFFERS, ""
    if abs(found - value) < stated.step + 1e-9:
        verdict = Verdict.AGREES
    elif abs(found - value) <= ratio.weighted * value:
        verdict, reason = Verdict.SKIPPED, "相差不大，可能按折合数计算"
    elif not ratio.clear(stated):
        verdict, reason = Verdict.SKIPPED, "计算口径不明"
    return _make_check(
        facts.file.report.report,
        facts.name(stated.figure.subject),
        CheckKind.RATE,
        stated.figure,
        verdict,
        round(found, 2),
        what=f"{stated.figure.indicator} = {ratio.above} / {ratio.below}",
        names=("{:g}/{:g}".format(*(each.figure.value for each in nearest)),),
        reason=reason,
        against=nearest,
    )
