"""Makes graphs of the real shape: ``python -m tests.benchmarks.made_graph --quads 5000000 --home DIR [--seed N]``.

It writes statement files (docs/statement-files.md) of made reports in the genre into ``DIR/statements``, as many as give
that number of quads without those of the ontology and of the two schemes, and the graph of them unless told not to.

The shape is that of real reports, read by this project: 14 of schools and 11 of cities, the held-out reports among
them. Means of a report, beside those of the 262 made reports of a million quads:

                                    schools, real / made        cities, real / made
    quads                          3,847 / 3,537               6,691 / 7,431
      least and most               2,776-5,830 / 2,898-4,452   4,396-9,804 / 7,191-8,023
    statements, figures, entities  109, 47, 64 / 100, 41, 57   120, 146, 88 / 125, 154, 101
    offersProgramme                42.6 / 37.5                 42.5 / 45.7
    partnersWith                   34.6 / 32.5                 27.5 / 31.1
      in a table; year; headcount  .52; .60; .40 / .51; .63; .38   .27; .36; .31 / .31; .52; .27
    operatesBase, memberOf         8.7, 7.2 / 7.6, 6.8         5.1, 12.3 / 2.6, 13.7
    collaboratesWith, designatedAs 6.1, 4.4 / 7.8, 4.4         7.3, 11.0 / 5.4, 8.4
    enterprises, programmes        13.2, 16.4 / 14.2, 11.7     15.6, 25.6 / 23.6, 39.5
    bases, schools                 8.3, 7.2 / 7.6, 6.9         4.6, 14.9 / 2.6, 13.9
    names of an entity             1.22 / 1.19                 1.22 / 1.24
    characters of a quotation      50 / 42                     49 / 37
    facts of a place               1.84 / 1.53                 2.83 / 1.74

What the few real reports cannot show is set: four years of each school, with about half of its partners named again a
year later; a city's report for the reports of 27 schools, as in the nation; pages in a third of the reports; 120
enterprises that work all over the country, the first of them, at 5 million quads, with two hundred of some 330 schools,
while nine of ten enterprises have one or two. Colleges teach programmes that only their catalogue has.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg import store
from kg.checks import check_reports
from kg.merged_entities import MergedEntity, Naming
from kg.quads import check_quads, entity_quads, statement_file_quads
from kg.schema import load_schema
from kg.statement_files import StatementFile, read_statement_file
from tests.benchmarks.made_reports import ReportWriter, Row, write_city_report, write_school_report
from tests.benchmarks.made_world import World

REPORT_QUADS = 3_700  # of a report, about: to plan with
LAST_YEAR = 2023


@dataclass(frozen=True, slots=True)
class Made:
    """What was made. ``quads`` are those of the reports, without ontology and schemes."""

    reports: int
    quads: int


def make_statements(home: Path, quads: int, seed: int = 1) -> Made:
    """Writes the statement files of a graph of so many quads into a home. The same seed and size give the same bytes."""
    folder = home / "statements"
    folder.mkdir(parents=True, exist_ok=True)
    for former in folder.glob("*.jsonl"):
        former.unlink()
    size = _Size()
    for writer in iter_reports(quads, seed):
        path = folder / f"{writer.report}.jsonl"
        write_report(path, writer.rows())
        file = read_statement_file(path)
        wanted, share = quads - size.quads, 1.0
        if last := size.needed_by(file) >= wanted:
            for _ in range(4):  # what a part of a report adds is not quite that part of what the whole adds
                share *= wanted / size.needed_by(file)
                write_report(path, writer.rows(share))
                file = read_statement_file(path)
        size.add(file)
        if last:
            break
    return Made(size.reports, size.quads)


def write_report(path: Path, rows: Iterable[Row]) -> None:
    """Writes the lines of a statement file."""
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
    path.write_bytes(("\n".join(lines) + "\n").encode())


class _Size:
    """Counts the quads of reports as the store will hold them: a fact that two reports state stands there once."""

    def __init__(self) -> None:
        self.reports = 0
        self._own = 0
        self._shared: set[tuple[str, str, str]] = set()
        self._entities: dict[str, MergedEntity] = {}
        self._described: dict[str, int] = {}
        self._described_all = 0

    @property
    def quads(self) -> int:
        return self._own + len(self._shared) + self._described_all

    def needed_by(self, file: StatementFile) -> int:
        """About how many a report adds."""
        own, shared = _count_quads(file)
        new = [iri for iri in file.entities if iri not in self._entities]
        return own + len(shared - self._shared) + 6 * len(new)

    def add(self, file: StatementFile) -> None:
        own, shared = _count_quads(file)
        self.reports += 1
        self._own += own
        self._shared |= shared
        for iri, entity in file.entities.items():
            merged = self._entities.setdefault(iri, MergedEntity())
            merged.add(Naming.of(entity))
            count = sum(1 for _ in entity_quads(iri, merged, load_schema()))
            self._described_all += count - self._described.get(iri, 0)
            self._described[iri] = count


def _count_quads(file: StatementFile) -> tuple[int, set[tuple[str, str, str]]]:
    """How many quads are this report's alone, and the edges from entity to entity, which others may state too."""
    own = len(set(statement_file_quads(file, load_schema())))
    checks = [check for check in check_reports([file]) if check.matters]
    own += sum(1 for check in checks for _ in check_quads(check, load_schema()))
    return own, {(each.subject, each.predicate, each.object) for each in file.statements}


def iter_reports(quads: int, seed: int = 1) -> Iterator[ReportWriter]:
    """Reports without end: those of a city's schools and of the city, city by city."""
    reports = max(1, quads // REPORT_QUADS)
    years = range(LAST_YEAR - (4 if reports > 40 else 2) + 1, LAST_YEAR + 1)
    of_city = min(9, max(2, reports // len(years) // 3))
    world = World(seed, years)
    at = 0
    while True:
        city = world.city(at)
        for school in city.schools[:of_city]:
            for year in years:
                yield write_school_report(world, city, school, year, at)
        for year in years if at % 3 == 0 else ():  # in the nation a city's report goes with those of 26 schools
            yield write_city_report(world, city, year)
        at += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quads", type=int, default=100_000)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-store", action="store_true", help="write the statement files only")
    given = parser.parse_args()
    start = time.perf_counter()
    made = make_statements(given.home, given.quads, given.seed)
    print(f"{made.reports} reports, {made.quads} quads: {time.perf_counter() - start:.1f} s")
    if not given.no_store:
        start = time.perf_counter()
        store.rebuild(given.home)
        print(f"store: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
