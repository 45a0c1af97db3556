"""The ledger beside a store: which report named which entity how, and which plain edges it gave.

From it follows what the graph says of an entity over all reports, and what changes when one report comes, goes or is
replaced, without reading the others. It is one SQLite file, written while the store is made and never changed once
the store has its name; kg.name_index keeps its tables in the same file, so that the two are always in step.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from kg.errors import BrokenStatementFile, KgError
from kg.merged_entities import MergedEntity, Naming
from kg.renames import FoundRename
from kg.statement_files import StatementFile

_TABLES = """
CREATE TABLE made_of (base TEXT NOT NULL);
CREATE TABLE stamp (file TEXT PRIMARY KEY, stamp TEXT, digest TEXT) WITHOUT ROWID;
CREATE TABLE report (id INTEGER PRIMARY KEY, file TEXT UNIQUE, name TEXT UNIQUE, digest TEXT NOT NULL);
CREATE TABLE entity (id INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE naming (entity INTEGER, report INTEGER, said TEXT, PRIMARY KEY (entity, report)) WITHOUT ROWID;
CREATE INDEX naming_of_report ON naming (report);
CREATE TABLE measuring (entity INTEGER, report INTEGER, PRIMARY KEY (entity, report)) WITHOUT ROWID;
CREATE INDEX measuring_of_report ON measuring (report);
CREATE TABLE edge (
    subject INTEGER, predicate TEXT, object INTEGER, report INTEGER, statements INTEGER,
    PRIMARY KEY (subject, predicate, object, report)
) WITHOUT ROWID;
CREATE INDEX edge_of_report ON edge (report);
CREATE INDEX edge_of_object ON edge (object);
CREATE TABLE rename (
    entity INTEGER, report INTEGER, school INTEGER, scheme TEXT, code TEXT, how TEXT, instead_of TEXT,
    PRIMARY KEY (entity, report)
) WITHOUT ROWID;
CREATE INDEX rename_of_school ON rename (school);
"""


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """A plain edge: IRIs of its ends, and the predicate's name."""

    subject: str
    predicate: str
    object: str


class Ledger:
    """An open ledger."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._ids: dict[str, int] = {}

    def create(self) -> None:
        """Makes the tables of a new ledger."""
        create_tables(self.connection, _TABLES)

    @property
    def base(self) -> str:
        """The digest of what the graph was made of beside the reports."""
        (base,) = self.connection.execute("SELECT base FROM made_of").fetchone() or ("",)
        return str(base)

    @base.setter
    def base(self, digest: str) -> None:
        self.connection.execute("DELETE FROM made_of")
        self.connection.execute("INSERT INTO made_of VALUES (?)", (digest,))

    # ---- reports

    def digests(self) -> dict[str, str]:
        """The digest of each statement file that is in the graph, by the file's name."""
        return dict(self.connection.execute("SELECT file, digest FROM report"))

    def stamps(self) -> dict[str, tuple[str, str]]:
        """By the name of each statement file: what the file system said of it when it was hashed, and its digest."""
        return {file: (stamp, digest) for file, stamp, digest in self.connection.execute("SELECT * FROM stamp")}

    def keep_stamps(self, stamps: Mapping[str, tuple[str, str]]) -> None:
        """Notes these instead of those known."""
        known = self.stamps()
        gone = ((file,) for file in known.keys() - stamps.keys())
        self.connection.executemany("DELETE FROM stamp WHERE file = ?", gone)
        new = ((file, *stamp) for file, stamp in stamps.items() if known.get(file) != stamp)
        self.connection.executemany("INSERT OR REPLACE INTO stamp VALUES (?, ?, ?)", new)

    def add(self, name: str, digest: str, file: StatementFile) -> None:
        """Notes what a report says of entities and which edges it gives.

        Raises BrokenStatementFile where another file has this report already.
        """
        into = self.connection
        twin = into.execute("SELECT file FROM report WHERE name = ?", (file.report.report,)).fetchone()
        if twin is not None:
            raise BrokenStatementFile(
                f"{file.path}: is of report {file.report.report!r}, as {twin[0]} is; take one of the two away"
            )
        (report,) = into.execute(
            "INSERT INTO report (file, name, digest) VALUES (?, ?, ?) RETURNING id", (name, file.report.report, digest)
        ).fetchone()
        into.executemany(
            "INSERT INTO naming VALUES (?, ?, ?)",
            ((self._id(iri), report, Naming.of(entity).to_json()) for iri, entity in file.entities.items()),
        )
        into.executemany(
            "INSERT INTO measuring VALUES (?, ?)",
            ((self._id(iri), report) for iri in {figure.subject for figure in file.figures}),
        )
        into.executemany(
            "INSERT INTO edge VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET statements = statements + 1",
            ((self._id(each.subject), each.predicate, self._id(each.object), report) for each in file.statements),
        )

    def forget(self, name: str) -> None:
        """Takes out what the report of a file gave."""
        into = self.connection
        for table in ("naming", "measuring", "edge", "rename"):
            into.execute(f"DELETE FROM {table} WHERE report = (SELECT id FROM report WHERE file = ?)", (name,))
        into.execute("DELETE FROM report WHERE file = ?", (name,))

    def files_naming(self, iris: Iterable[str]) -> set[str]:
        """The names of the files whose reports name any of these entities."""
        return self._files_in("naming", iris)

    def files_measuring(self, iris: Iterable[str]) -> set[str]:
        """The names of the files whose reports have figures of any of these entities."""
        return self._files_in("measuring", iris)

    def _files_in(self, table: str, iris: Iterable[str]) -> set[str]:
        ask = (
            f"SELECT file FROM {table} JOIN report ON report.id = report"
            " WHERE entity = (SELECT id FROM entity WHERE iri = ?)"
        )
        return {file for iri in iris for (file,) in self.connection.execute(ask, (iri,))}

    # ---- entities

    def iter_merged(self) -> Iterator[tuple[str, MergedEntity]]:
        """Every entity over all reports, in order of IRIs."""
        rows = self.connection.execute(
            "SELECT iri, said, scheme, code, how, instead_of, COUNT(*) FROM entity JOIN naming ON entity.id = naming.entity"
            " LEFT JOIN rename ON rename.entity = naming.entity AND rename.report = naming.report"
            " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY iri"
        )
        for iri, group in groupby(rows, key=lambda row: row[0]):
            yield iri, _merge(row[1:] for row in group)

    def find_merged(self, iri: str) -> MergedEntity | None:
        """One entity over all reports; None where no report names it."""
        rows = self.connection.execute(
            "SELECT said, scheme, code, how, instead_of, COUNT(*) FROM naming"
            " LEFT JOIN rename ON rename.entity = naming.entity AND rename.report = naming.report"
            " WHERE naming.entity = (SELECT id FROM entity WHERE iri = ?) GROUP BY 1, 2, 3, 4, 5",
            (iri,),
        ).fetchall()
        return _merge(rows) if rows else None

    def count_statements(self, iri: str) -> int:
        """In how many statements an entity is one of the two ends."""
        (count,) = self.connection.execute(
            "SELECT COALESCE((SELECT SUM(statements) FROM edge WHERE subject = e.id), 0)"
            " + COALESCE((SELECT SUM(statements) FROM edge WHERE object = e.id), 0) FROM entity e WHERE iri = ?",
            (iri,),
        ).fetchone() or (0,)
        return int(count)

    def count_all_statements(self) -> dict[str, int]:
        """The same of every entity that is an end of any statement, by IRI."""
        return dict(
            self.connection.execute(
                "SELECT iri, SUM(n) FROM (SELECT subject AS id, statements AS n FROM edge"
                " UNION ALL SELECT object, statements FROM edge) JOIN entity USING (id) GROUP BY iri"
            )
        )

    def is_named(self, iri: str) -> bool:
        """True where any report names the entity."""
        row = self.connection.execute(
            "SELECT 1 FROM naming WHERE entity = (SELECT id FROM entity WHERE iri = ?)", (iri,)
        ).fetchone()
        return row is not None

    def _id(self, iri: str) -> int:
        """The number of an entity, which is given one where it has none."""
        if iri not in self._ids:
            self.connection.execute("INSERT OR IGNORE INTO entity (iri) VALUES (?)", (iri,))
            (self._ids[iri],) = self.connection.execute("SELECT id FROM entity WHERE iri = ?", (iri,)).fetchone()
        return self._ids[iri]

    # ---- edges

    def iter_edges(self) -> Iterator[Edge]:
        """Every plain edge once."""
        rows = self.connection.execute(
            "SELECT DISTINCT s.iri, predicate, o.iri FROM edge"
            " JOIN entity s ON s.id = subject JOIN entity o ON o.id = object"
        )
        return (Edge(*row) for row in rows)

    def list_links(self, predicates: Collection[str] = ()) -> list[tuple[str, str, str]]:
        """The ends and the predicate of every plain edge, or of those of some predicates, once and in order: subject,
        predicate, object."""
        iri_of = dict(self.connection.execute("SELECT id, iri FROM entity"))
        where = f"WHERE predicate IN ({', '.join('?' * len(predicates))})" if predicates else ""
        edges = self.connection.execute(f"SELECT DISTINCT subject, predicate, object FROM edge {where}", (*predicates,))
        name_of = {
            predicate: predicate for (predicate,) in self.connection.execute("SELECT DISTINCT predicate FROM edge")
        }
        return sorted((iri_of[subject], name_of[predicate], iri_of[object_]) for subject, predicate, object_ in edges)

    def list_links_between(self, entities: Collection[str]) -> list[tuple[str, str, str]]:
        """The plain edges from one of some entities to another, as ``list_links`` gives them."""
        found = {
            (iri, predicate, other)
            for iri in entities
            for predicate, other in self.connection.execute(
                "SELECT DISTINCT predicate, o.iri FROM edge JOIN entity o ON o.id = object"
                " WHERE subject = (SELECT id FROM entity WHERE iri = ?)",
                (iri,),
            )
        }
        inside = set(entities)
        return sorted(link for link in found if link[2] in inside)

    def list_near(self, iri: str, predicates: Collection[str]) -> list[tuple[int, str]]:
        """The entities that edges of some predicates join to one, each with the number of statements about it."""
        marks = ", ".join("?" * len(predicates))
        ask = (
            "SELECT degree, named.iri FROM edge JOIN named ON named.entity = {far}"
            f" WHERE {{near}} = (SELECT id FROM entity WHERE iri = ?) AND predicate IN ({marks})"
        )
        both = f"{ask.format(near='subject', far='object')} UNION {ask.format(near='object', far='subject')}"
        return self.connection.execute(both, (iri, *predicates, iri, *predicates)).fetchall()

    def has_edge(self, edge: Edge) -> bool:
        """True where any report gives the edge."""
        row = self.connection.execute(
            "SELECT 1 FROM edge WHERE subject = (SELECT id FROM entity WHERE iri = ?) AND predicate = ?"
            " AND object = (SELECT id FROM entity WHERE iri = ?)",
            (edge.subject, edge.predicate, edge.object),
        ).fetchone()
        return row is not None

    # ---- renames

    def add_rename(self, found: FoundRename) -> None:
        """Notes a link that reports of one school give together."""
        link, instead_of = found.as_counted()
        self.connection.execute(
            "INSERT INTO rename VALUES (?, (SELECT id FROM report WHERE name = ?), ?, ?, ?, ?, ?)",
            (self._id(found.entity), found.report, self._id(found.school), *link, instead_of),
        )

    def forget_renames(self, schools: Iterable[str]) -> None:
        """Takes out the renames that these schools' reports give."""
        self.connection.executemany(
            "DELETE FROM rename WHERE school = (SELECT id FROM entity WHERE iri = ?)", ((school,) for school in schools)
        )


def create_tables(connection: sqlite3.Connection, tables: str) -> None:
    """Runs CREATE statements that end in a line's end; ``executescript`` would end the transaction at hand."""
    for statement in tables.strip().removesuffix(";").split(";\n"):
        connection.execute(statement)


def _merge(rows: Iterable[tuple[str, str | None, str, str, str, int]]) -> MergedEntity:
    """What reports say together; each row with the number of reports that say it."""
    merged = MergedEntity()
    for said, scheme, code, how, instead_of, reports in rows:
        merged.add(Naming.from_json(said), reports)
        if scheme is not None:
            merged.add_rename((scheme, code, how), instead_of, reports)
    return merged


@contextlib.contextmanager
def write_ledger(path: Path) -> Iterator[Ledger]:
    """A ledger to be written, a new one or a copy of an older one, kept if nothing goes wrong.

    Nobody reads it before the store has its name, so nothing is synced before the end.
    """
    new = not path.exists()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
        connection.execute("BEGIN")
        ledger = Ledger(connection)
        if new:
            ledger.create()
        yield ledger
        connection.execute("COMMIT")


@contextlib.contextmanager
def read_ledger(path: Path) -> Iterator[sqlite3.Connection]:
    """The SQLite file of a store that has its name: it is read only, by as many as like, and never changes.

    Raises KgError where it cannot be read.
    """
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise KgError(f"{path}: cannot be read: {error}") from None
    with contextlib.closing(connection):
        connection.execute("PRAGMA temp_store = MEMORY")  # what a question puts together needs no disk
        yield connection
