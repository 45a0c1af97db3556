"""What the start page counts, kept beside the store report by report: one report more costs no more than itself.

The tables stand in the file of the ledger (kg.ledger), whose ``edge`` and ``report`` they go with, and ``named`` of
kg.name_index. Entities are numbered there, and numbers stand for them here, too.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from kg.divisions import infer_place
from kg.ledger import create_tables
from kg.merged_entities import MergedEntity
from kg.model import DIFFERENCES
from kg.statement_files import StatementFile, find_bearer

_TABLES = """
CREATE TABLE told (
    report INTEGER PRIMARY KEY, title TEXT, year INTEGER, level TEXT, publisher TEXT, region TEXT,
    publisher_entity INTEGER, region_entity INTEGER, figures INTEGER, issues INTEGER, statements INTEGER
);
CREATE TABLE relation (predicate TEXT PRIMARY KEY, statements INTEGER);
CREATE TABLE partnering (
    school INTEGER, partner INTEGER, mode TEXT, year INTEGER, report INTEGER,
    PRIMARY KEY (school, partner, mode, year, report)
) WITHOUT ROWID;
CREATE INDEX partnering_of_partner ON partnering (partner, mode);
CREATE INDEX partnering_of_report ON partnering (report);
CREATE TABLE pairs_in (mode TEXT, year INTEGER, pairs INTEGER, PRIMARY KEY (mode, year)) WITHOUT ROWID;
CREATE TABLE partner (entity INTEGER PRIMARY KEY, schools INTEGER, modes INTEGER, first INTEGER, last INTEGER);
CREATE TABLE partnered (
    programme INTEGER, school INTEGER, partner INTEGER, report INTEGER, PRIMARY KEY (programme, school, partner, report)
) WITHOUT ROWID;
CREATE INDEX partnered_of_report ON partnered (report);
CREATE TABLE closed (
    programme INTEGER, school INTEGER, report INTEGER, PRIMARY KEY (programme, school, report)
) WITHOUT ROWID;
CREATE INDEX closed_of_report ON closed (report);
CREATE TABLE placed (entity INTEGER PRIMARY KEY, code TEXT, inferred TEXT);
CREATE TABLE verdict (verdict TEXT PRIMARY KEY, checks INTEGER);
"""
_OF_REPORT = ("told", "partnering", "partnered", "closed")

# Statements of schools alone count: a city's report says such things of the whole city, too. A pair is a school with a
# partner, whatever the number of facts that say so.
_OFFERED = """
CREATE TEMP TABLE offered (
    programme INTEGER, school INTEGER, lacks INTEGER, PRIMARY KEY (programme, school)
) WITHOUT ROWID;
INSERT INTO offered SELECT DISTINCT object, subject, NOT EXISTS (
        SELECT 1 FROM partnered WHERE partnered.programme = object AND partnered.school = subject
    )
    FROM edge JOIN named ON named.entity = subject WHERE predicate = 'offersProgramme' AND type = 'School'
    AND NOT EXISTS (SELECT 1 FROM closed WHERE closed.programme = object AND closed.school = subject);
CREATE TEMP TABLE class_of (programme INTEGER PRIMARY KEY, class TEXT);
"""

# What is said of pairs, and how many there are: in a mode (year 0), of a year (no mode), in a mode in a year, and without
# any mode (neither). All of them when the tables are filled, those that a change touches before and after it.
_SAY_ALL = """
INSERT INTO temp.said SELECT DISTINCT school, partner, mode, partnering.year FROM partnering NOT INDEXED
    JOIN named ON named.entity = school WHERE type = 'School'
"""
_SAY_PAIR = """
INSERT INTO temp.said SELECT DISTINCT school, partner, mode, partnering.year FROM partnering
    JOIN named ON named.entity = school WHERE school = ? AND partner = ? AND type = 'School'
"""
_COUNT_SAID = """
SELECT mode, 0, COUNT(*) FROM (SELECT DISTINCT school, partner, mode FROM temp.said WHERE mode <> '') GROUP BY mode
UNION ALL
SELECT '', year, COUNT(*) FROM (SELECT DISTINCT school, partner, year FROM temp.said WHERE year <> 0) GROUP BY year
UNION ALL SELECT mode, year, COUNT(*) FROM temp.said WHERE mode <> '' AND year <> 0 GROUP BY mode, year
UNION ALL SELECT '', 0, COUNT(*) FROM (SELECT 1 FROM temp.said GROUP BY school, partner HAVING MAX(mode) = '')
"""
_COUNT_PARTNERS = """
INSERT INTO partner SELECT partner, COUNT(DISTINCT school), COUNT(DISTINCT NULLIF(mode, '')),
    MIN(NULLIF(partnering.year, 0)), MAX(NULLIF(partnering.year, 0))
    FROM partnering JOIN named ON named.entity = school WHERE type = 'School' {which} GROUP BY partner
"""

Pair = tuple[int, int]


class TallyWriter:
    """Writes the tallies of a graph while it is made (``filling``) or changed. Reports and entities are those of the ledger."""

    def __init__(self, connection: sqlite3.Connection, filling: bool) -> None:
        self._connection, self._filling = connection, filling
        self._touched: set[Pair] = set()
        connection.execute(
            "CREATE TEMP TABLE said (school, partner, mode, year, PRIMARY KEY (school, partner, mode, year)) WITHOUT ROWID"
        )

    def create(self) -> None:
        """Makes the tables of a new index."""
        create_tables(self._connection, _TABLES)

    def add(self, name: str, file: StatementFile) -> None:
        """Notes what the start page counts of a report that the ledger has."""
        into, record = self._connection, file.report
        (report,) = into.execute("SELECT id FROM report WHERE file = ?", (name,)).fetchone()
        number = {iri: self._number(iri) for iri in file.entities}
        into.execute(
            "INSERT INTO told VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(report, record.title, record.year, record.level, record.publisher, record.region),
                *(
                    number.get(find_bearer(file, each) or "") for each in (record.publisher, record.region)
                ),  # NULL for none
                *(len(file.figures), len(file.issues), len(file.statements)),
            ),
        )
        self._count_relations(Counter(each.predicate for each in file.statements))
        partnering, partnered, closed = set(), set(), set()
        for each in file.statements:
            ends = (number[each.subject], number[each.object])
            if each.predicate == "partnersWith":
                modes, years = _list(each.qualifiers.get("modes")), _list(each.qualifiers.get("year"))
                said = product(modes or [""], years or [record.year or 0])
                partnering |= {(*ends, mode, year, report) for mode, year in said}
                programmes = each.entities.get("programmes", ())
                partnered |= {(number[programme], *ends, report) for programme in programmes}
            elif each.predicate == "offersProgramme" and "停办" in _list(each.qualifiers.get("status")):
                closed.add((ends[1], ends[0], report))
        self._touch({(school, partner) for school, partner, *_ in partnering})
        into.executemany("INSERT INTO partnering VALUES (?, ?, ?, ?, ?)", partnering)
        into.executemany("INSERT INTO partnered VALUES (?, ?, ?, ?)", partnered)
        into.executemany("INSERT INTO closed VALUES (?, ?, ?)", closed)

    def forget(self, name: str) -> None:
        """Takes out what the report of a file gave, before the ledger does."""
        of_report = "WHERE report = (SELECT id FROM report WHERE file = ?)"
        ask = self._connection.execute
        self._touch(ask(f"SELECT DISTINCT school, partner FROM partnering {of_report}", (name,)).fetchall())
        gave = ask(f"SELECT predicate, -SUM(statements) FROM edge {of_report} GROUP BY predicate", (name,))
        self._count_relations(dict(gave))
        for table in _OF_REPORT:
            ask(f"DELETE FROM {table} {of_report}", (name,))

    def put(self, iri: str, entity: MergedEntity | None) -> None:
        """Notes the code that an entity is linked to, and the place that its name tells; None takes it out."""
        number = self._number(iri)
        self._connection.execute("DELETE FROM placed WHERE entity = ?", (number,))
        if entity is not None:
            code = entity.link[1] if entity.link is not None else None
            inferred = infer_place(entity.type, entity.name)[0] or None
            if code or inferred:
                self._connection.execute("INSERT INTO placed VALUES (?, ?, ?)", (number, code, inferred))

    def count_checks(self, verdicts: Mapping[str, int]) -> None:
        """Adds to the number of checks of each verdict, or takes away from it."""
        self._connection.executemany(
            "INSERT INTO verdict VALUES (?, ?) ON CONFLICT DO UPDATE SET checks = checks + excluded.checks",
            sorted(verdicts.items()),
        )

    def finish(self) -> None:
        """Counts what the pairs say, once every entity is described."""
        if self._filling:
            self._connection.execute(_SAY_ALL)
            self._add_said(+1)
            self._connection.execute(_COUNT_PARTNERS.format(which=""))
        else:
            self._say(self._touched)
            self._add_said(+1)
            for partner in {partner for _, partner in self._touched}:
                self._connection.execute("DELETE FROM partner WHERE entity = ?", (partner,))
                self._connection.execute(_COUNT_PARTNERS.format(which="AND partner = ?"), (partner,))

    def _touch(self, pairs: Iterable[Pair]) -> None:
        """Takes what pairs said out of the counts before it changes; ``finish`` puts in what they say then."""
        if not self._filling:
            new = set(pairs) - self._touched
            self._touched |= new
            self._say(new)
            self._add_said(-1)

    def _say(self, pairs: Iterable[Pair]) -> None:
        self._connection.executemany(_SAY_PAIR, pairs)

    def _add_said(self, sign: int) -> None:
        self._connection.executemany(
            "INSERT INTO pairs_in VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET pairs = pairs + excluded.pairs",
            [(mode, year, sign * count) for mode, year, count in self._connection.execute(_COUNT_SAID)],
        )
        self._connection.execute("DELETE FROM temp.said")

    def _count_relations(self, counts: Mapping[str, int]) -> None:
        self._connection.executemany(
            "INSERT INTO relation VALUES (?, ?) ON CONFLICT DO UPDATE SET statements = statements + excluded.statements",
            sorted(counts.items()),
        )

    def _number(self, iri: str) -> int:
        (number,) = self._connection.execute("SELECT id FROM entity WHERE iri = ?", (iri,)).fetchone()
        return int(number)


class Tallies:
    """The tallies of a graph, open for reading. Entities are numbers; ``describe`` tells what they are."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._ask = connection, connection.execute
        self._has_offered = False

    def count_checks(self) -> dict[str, int]:
        """How many checks there are of each verdict."""
        return {verdict: checks for verdict, checks in self._ask("SELECT * FROM verdict") if checks}

    def count_differing(self) -> int:
        """How many checks differ."""
        return sum(self.count_checks().get(verdict, 0) for verdict in DIFFERENCES)

    def count_reports(self) -> tuple[int, int, int]:
        """How many reports, figures and issues there are."""
        reports, figures, issues = self._ask(
            "SELECT COUNT(*), COALESCE(SUM(figures), 0), COALESCE(SUM(issues), 0) FROM told"
        ).fetchone()
        return reports, figures, issues

    def list_reports(self, most: int) -> list[tuple[Any, ...]]:
        """Id, title, year, level, publisher, region and statements of reports: the newest first, then those that say most."""
        return self._ask(
            "SELECT name, COALESCE(NULLIF(title, ''), name), year, level, publisher, region, statements"
            " FROM told JOIN report ON report.id = told.report"
            " ORDER BY COALESCE(year, 0) DESC, statements DESC, 2, name LIMIT ?",
            (most,),
        ).fetchall()

    def count_report_years(self) -> dict[int, int]:
        """How many reports are of each year."""
        return dict(self._ask("SELECT year, COUNT(*) FROM told WHERE year IS NOT NULL GROUP BY year"))

    def count_relations(self) -> dict[str, int]:
        """How many statements there are of each relation, by its predicate."""
        return {predicate: count for predicate, count in self._ask("SELECT * FROM relation") if count}

    def count_types(self) -> dict[str, int]:
        """How many entities there are of each type."""
        return dict(self._ask("SELECT type, COUNT(*) FROM named GROUP BY type"))

    # ---- entities and places

    def describe(self, entity: int) -> tuple[str, str, str, int]:
        """IRI, type, name, and number of statements of an entity."""
        found = self._ask("SELECT iri, type, name, degree FROM named WHERE entity = ?", (entity,)).fetchone()
        assert found is not None, "whatever a report names is described"
        iri, type_, name, degree = found
        return iri, type_, name, degree

    def list_of_type(self, type_: str) -> list[tuple[int, str, str, int]]:
        """Number, IRI, name and number of statements of all entities of a type."""
        return self._ask("SELECT entity, iri, name, degree FROM named WHERE type = ?", (type_,)).fetchall()

    def list_told_places(self) -> list[tuple[int, str, str]]:
        """Entities with the codes of places that reports tell of them: where they lie ("said"), or that a report of their
        own is of ("own")."""
        return self._ask(
            "SELECT DISTINCT subject, code, 'said' FROM edge JOIN placed ON entity = object"
            " WHERE predicate = 'locatedIn' AND code IS NOT NULL"
            " UNION ALL SELECT DISTINCT publisher_entity, code, 'own' FROM told JOIN placed ON entity = region_entity"
            " WHERE publisher_entity IS NOT NULL AND code IS NOT NULL"
        ).fetchall()

    def list_inferred_places(self) -> dict[int, str]:
        """The code of the place that the name of an entity tells, where it tells one."""
        return dict(self._ask("SELECT entity, inferred FROM placed WHERE inferred IS NOT NULL"))

    # ---- who works with whom

    def list_pairs(self) -> list[Pair]:
        """Every school with every partner of it."""
        return self._ask(
            "SELECT DISTINCT school, partner FROM partnering JOIN named ON named.entity = school WHERE type = 'School'"
        ).fetchall()

    def count_modes(self) -> dict[str, int]:
        """How many pairs work together in each mode."""
        return dict(self._ask("SELECT mode, pairs FROM pairs_in WHERE mode <> '' AND year = 0 AND pairs"))

    def count_silent(self) -> int:
        """How many pairs there are of which no mode is told."""
        (count,) = self._ask("SELECT pairs FROM pairs_in WHERE mode = '' AND year = 0").fetchone() or (0,)
        return int(count)

    def count_years(self) -> dict[int, int]:
        """How many pairs are told of for each year."""
        return dict(self._ask("SELECT year, pairs FROM pairs_in WHERE mode = '' AND year <> 0 AND pairs"))

    def count_modes_by_year(self) -> list[tuple[str, int, int]]:
        """How many pairs work together in each mode in each year."""
        return self._ask(
            "SELECT mode, year, pairs FROM pairs_in WHERE mode <> '' AND year <> 0 AND pairs ORDER BY mode, year"
        ).fetchall()

    def count_partner_types(self) -> dict[str, int]:
        """How many partners there are of each type."""
        return dict(self._ask("SELECT type, COUNT(*) FROM partner JOIN named USING (entity) GROUP BY type"))

    def list_partners(self) -> list[tuple[Any, ...]]:
        """Of every partner: number, IRI, type, name, schools, modes, first and last year."""
        return self._ask(
            "SELECT entity, iri, type, name, schools, modes, first, last FROM partner JOIN named USING (entity)"
        ).fetchall()

    def list_modes(self, partner: int) -> list[str]:
        """The modes in which schools work with a partner, in their order."""
        return [
            mode
            for (mode,) in self._ask(
                "SELECT DISTINCT mode FROM partnering JOIN named ON entity = school"
                " WHERE partner = ? AND mode <> '' AND type = 'School' ORDER BY mode",
                (partner,),
            )
        ]

    # ---- programmes

    def list_codes(self) -> dict[int, str]:
        """The code in the catalogue of every programme that is linked to it."""
        return dict(
            self._ask(
                "SELECT entity, code FROM placed JOIN named USING (entity) WHERE type = 'Programme' AND code <> ''"
            )
        )

    def count_classes(self, class_of: Mapping[int, str]) -> dict[str, tuple[int, int]]:
        """Of each class of programmes the pairs that work together in one, and the schools that offer one."""
        self._join()
        self._ask("DELETE FROM temp.class_of")
        self._connection.executemany("INSERT INTO temp.class_of VALUES (?, ?)", class_of.items())
        pairs = dict(
            self._ask(
                "SELECT class, COUNT(*) FROM (SELECT DISTINCT class, school, partner FROM partnered"
                " JOIN temp.class_of USING (programme) JOIN named ON entity = school WHERE type = 'School') GROUP BY class"
            )
        )
        schools = dict(
            self._ask(
                "SELECT class, COUNT(DISTINCT school) FROM temp.offered JOIN temp.class_of USING (programme) GROUP BY class"
            )
        )
        return {each: (pairs.get(each, 0), schools.get(each, 0)) for each in {*class_of.values()}}

    def count_programmes(self) -> dict[int, int]:
        """How many programmes each school offers."""
        self._join()
        return dict(self._ask("SELECT school, COUNT(*) FROM temp.offered GROUP BY school"))

    def list_lacking(self) -> list[Sequence[int]]:
        """Of every programme that some school offers without a partner: the schools that offer it, and those without."""
        self._join()
        return self._ask(
            "SELECT programme, COUNT(*), SUM(lacks) FROM temp.offered GROUP BY programme HAVING SUM(lacks)"
        ).fetchall()

    def list_lacking_schools(self, programme: int, most: int) -> list[str]:
        """The names of schools that offer a programme without a partner for it, in their order."""
        rows = self._ask(
            "SELECT name FROM temp.offered JOIN named ON entity = school WHERE programme = ? AND lacks ORDER BY name LIMIT ?",
            (programme, most),
        )
        return [name for (name,) in rows]

    def _join(self) -> None:
        """Puts together what most of these questions look at, once."""
        if not self._has_offered:
            create_tables(self._connection, _OFFERED)
            self._has_offered = True


def _list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
