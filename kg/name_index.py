"""Search by name: any part of any name of an entity, or of the initials of its pinyin, found at once and ranked.

A name is indexed by its pairs of neighbouring characters (SQLite FTS5 keeps them with their places), so that a part of
any length is a phrase of pairs, and a single character the beginning of one; words cannot be told apart in Chinese
names, and SQLite's own trigrams do not find 蒙牛. The tables stand in the file of the ledger (kg.ledger).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.ledger import create_tables
from kg.quads import fold_name
from kg.schema import load_schema
from kg.statement_files import IRI

_TABLES = """
CREATE TABLE named (entity INTEGER PRIMARY KEY, iri TEXT UNIQUE, type TEXT, name TEXT, degree INTEGER);
CREATE TABLE name (id INTEGER PRIMARY KEY, entity INTEGER, text TEXT, folded TEXT, letters TEXT);
CREATE INDEX name_entity ON name (entity);
CREATE INDEX name_folded ON name (folded);
CREATE INDEX name_letters ON name (letters);
CREATE VIRTUAL TABLE pairs USING fts5 (folded_pairs, letters_pairs, content = '', tokenize = 'ascii')
"""
LOOKED_AT = 2_000  # names that hold a part and are ranked; the index has them in order of their entities' weight
COUNTED = 20_000  # names that are looked at to say how many there are
_END = "\x03"  # what makes a pair with the last character of a name
_LETTERS = re.compile(r"[a-z]+")
_RUNS = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class FoundName:
    """An entity that bears a name one looked for. ``type`` is the name of its class, ``matched`` the name that fits best,
    ``others`` all its names but the first, ``degree`` the number of statements about it."""

    iri: str
    type: str
    name: str
    matched: str
    others: tuple[str, ...]
    degree: int


class NameIndex:
    """The names of a graph, open for reading.

    Joins are CROSS JOINs: SQLite keeps their order, while of itself it would begin with all entities of a type.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def search(self, text: str, types: Collection[str] = (), limit: int = 50) -> tuple[FoundName, ...]:
        """The entities that bear a name like ``text``, best first: the very name, then those that begin with it, then
        those that hold it, then initials of pinyin in the same order; among equals the one of most statements.

        ``types`` are names of classes of the ontology, also of classes above the types; none means all. An IRI finds
        its entity. Of parts with blanks between them, all must be in the name where the whole is in none.
        """
        found: dict[int, int] = {}
        for entity, name in self._iter_ranked(text, _leaf_types(types), limit):
            found.setdefault(entity, name)
            if len(found) == limit:
                break
        return tuple(self._describe(entity, name) for entity, name in found.items())

    def resolve(self, text: str, types: Collection[str] = (), limit: int = 1000) -> tuple[tuple[str, ...], int]:
        """The IRIs of the ``limit`` best, and how many there are in all, as far as names are counted (COUNTED).

        Unlike in a search, initials count only where no name holds the text: a question must not be answered for
        others than those named. Where the text is the first name of some, or the other name of one, those alone are meant.
        """
        leaves = _leaf_types(types)
        if IRI.fullmatch(text.strip()):
            return (text.strip(),), 1
        folded = fold_name(text)
        if not folded:
            return (), 0
        for column, query in ((_FOLDED, folded), (_LETTERED, folded)):
            if column is _LETTERED and not _LETTERS.fullmatch(query):
                continue
            exact = self._named_so(column, query, leaves)
            if exact:
                return self._iris(exact[:limit]), len(exact)
            best = dict.fromkeys(
                entity
                for found in (
                    self._beginning(column, query, leaves, COUNTED),
                    self._holding(column, query, leaves, COUNTED),
                )
                for entity, _ in found
            )
            if best:
                return self._iris(list(best)[:limit]), len(best)
        return (), 0

    def list_iris(self) -> list[str]:
        """The IRI of every entity, in order."""
        return [iri for (iri,) in self._connection.execute("SELECT iri FROM named ORDER BY iri")]

    def count_entities(self) -> int:
        """How many entities there are."""
        (count,) = self._connection.execute("SELECT COUNT(*) FROM named").fetchone()
        return int(count)

    def iter_weightiest(self, types: Collection[str]) -> Iterator[str]:
        """The IRIs of the entities of some types, those of which most is said first."""
        rows = self._connection.execute(
            f"SELECT iri FROM named WHERE type IN ({', '.join('?' * len(types))}) ORDER BY degree DESC, iri", (*types,)
        )
        return (iri for (iri,) in rows)

    # ---- ranks

    def _iter_ranked(self, text: str, leaves: tuple[str, ...], limit: int) -> Iterator[tuple[int, int]]:
        if IRI.fullmatch(text.strip()):
            yield from self._connection.execute(
                "SELECT entity, MIN(id) FROM name WHERE entity = (SELECT entity FROM named WHERE iri = ?) GROUP BY entity",
                (text.strip(),),
            )
            return
        folded = fold_name(text)
        if not folded:
            return
        some = False
        for found in self._iter_tiers(_FOLDED, folded, leaves, limit):
            some = True
            yield found
        parts = [fold_name(part) for part in text.split()]
        if not some and len(parts) > 1:
            yield from self._all_of(parts, leaves, limit)
        if _LETTERS.fullmatch(folded):
            yield from self._iter_tiers(_LETTERED, folded, leaves, limit)

    def _iter_tiers(self, column: str, query: str, leaves: tuple[str, ...], limit: int) -> Iterator[tuple[int, int]]:
        yield from self._exactly(column, query, leaves)
        yield from self._beginning(column, query, leaves, 4 * limit)
        yield from self._holding(column, query, leaves, LOOKED_AT)

    def _named_so(self, column: str, query: str, leaves: tuple[str, ...]) -> list[int]:
        """The entities of which this is the first name; or the only one of which it is another name."""
        found: dict[int, None] = {}
        first: list[int] = []
        for entity, _ in self._exactly(column, query, leaves):
            found.setdefault(entity)
        for entity in found:
            (name,) = self._connection.execute("SELECT name FROM named WHERE entity = ?", (entity,)).fetchone()
            if query == (fold_name(name) if column is _FOLDED else find_initials(name)):
                first.append(entity)
        return first or (list(found) if len(found) == 1 else [])

    def _exactly(self, column: str, query: str, leaves: tuple[str, ...]) -> list[tuple[int, int]]:
        return self._connection.execute(
            f"SELECT entity, name.id FROM name CROSS JOIN named USING (entity) WHERE {column} = ? {_of(leaves)}"
            " ORDER BY named.name = name.text DESC, degree DESC, name.id",
            (query, *leaves),
        ).fetchall()

    def _beginning(self, column: str, query: str, leaves: tuple[str, ...], limit: int) -> list[tuple[int, int]]:
        return self._connection.execute(
            f"SELECT entity, name.id FROM name CROSS JOIN named USING (entity) WHERE {column} > ? AND {column} < ? {_of(leaves)}"
            " ORDER BY degree DESC, length(folded), name.id LIMIT ?",
            (query, query + "\U0010ffff", *leaves, limit),
        ).fetchall()

    def _holding(self, column: str, query: str, leaves: tuple[str, ...], limit: int) -> list[tuple[int, int]]:
        rows = self._connection.execute(
            "SELECT entity, name.id, degree, length(folded) FROM pairs CROSS JOIN name ON name.id = pairs.rowid"
            f" CROSS JOIN named USING (entity) WHERE pairs MATCH ? {_of(leaves)} LIMIT ?",
            (f"{column}_pairs : {_phrase(query)}", *leaves, limit),
        ).fetchall()
        rows.sort(key=lambda row: (-row[2], row[3], row[1]))
        return [row[:2] for row in rows]

    def _all_of(self, parts: list[str], leaves: tuple[str, ...], limit: int) -> list[tuple[int, int]]:
        match = " AND ".join(_phrase(part) for part in parts if part)
        return self._connection.execute(
            "SELECT entity, name.id FROM pairs CROSS JOIN name ON name.id = pairs.rowid CROSS JOIN named USING (entity)"
            f" WHERE pairs MATCH ? {_of(leaves)} ORDER BY degree DESC, length(folded), name.id LIMIT ?",
            (f"{_FOLDED}_pairs : ({match})", *leaves, 4 * limit),
        ).fetchall()

    # ---- what is found

    def _describe(self, entity: int, name: int) -> FoundName:
        iri, type_, first, degree = self._connection.execute(
            "SELECT iri, type, name, degree FROM named WHERE entity = ?", (entity,)
        ).fetchone()
        rows = self._connection.execute("SELECT id, text FROM name WHERE entity = ? ORDER BY id", (entity,)).fetchall()
        matched = dict(rows)[name]
        return FoundName(iri, type_, first, matched, tuple(text for _, text in rows if text != first), degree)

    def _iris(self, entities: Iterable[int]) -> tuple[str, ...]:
        return tuple(
            iri
            for entity in entities
            for (iri,) in self._connection.execute("SELECT iri FROM named WHERE entity = ?", (entity,))
        )


class NameWriter:
    """Writes the names of entities into the file of a ledger.

    Where a new index is being filled, names wait for the end, when the weight of all is known: those of the entities
    that most is said of come first.
    """

    def __init__(self, connection: sqlite3.Connection, *, filling: bool) -> None:
        self._connection = connection
        self._filling = filling

    def create(self) -> None:
        """Makes the tables of a new index."""
        create_tables(self._connection, _TABLES)
        self._connection.execute("CREATE TEMP TABLE waiting (entity INTEGER, text TEXT)")

    def put(self, iri: str, type_: str, names: tuple[str, ...], degree: int) -> None:
        """Writes an entity with its names, the first one first, in the place of what was known of it."""
        self.drop(iri)
        into = self._connection
        (entity,) = into.execute("SELECT id FROM entity WHERE iri = ?", (iri,)).fetchone()
        into.execute("INSERT INTO named VALUES (?, ?, ?, ?, ?)", (entity, iri, type_, names[0], degree))
        for text in names:
            if self._filling:
                into.execute("INSERT INTO waiting VALUES (?, ?)", (entity, text))
            else:
                self._write(entity, text)

    def _write(self, entity: int, text: str) -> None:
        folded, letters = fold_name(text), find_initials(text)
        written = self._connection.execute(
            "INSERT INTO name (entity, text, folded, letters) VALUES (?, ?, ?, ?)", (entity, text, folded, letters)
        )
        self._connection.execute(
            "INSERT INTO pairs (rowid, folded_pairs, letters_pairs) VALUES (?, ?, ?)",
            (written.lastrowid, _pairs(folded), _pairs(letters)),
        )

    def drop(self, iri: str) -> None:
        """Takes an entity with its names out."""
        into = self._connection
        found = into.execute("SELECT entity FROM named WHERE iri = ?", (iri,)).fetchone()
        if found is None:
            return
        for row, folded, letters in into.execute(
            "SELECT id, folded, letters FROM name WHERE entity = ?", found
        ).fetchall():
            into.execute(
                "INSERT INTO pairs (pairs, rowid, folded_pairs, letters_pairs) VALUES ('delete', ?, ?, ?)",
                (row, _pairs(folded), _pairs(letters)),
            )
        into.execute("DELETE FROM name WHERE entity = ?", found)
        into.execute("DELETE FROM named WHERE entity = ?", found)

    def finish(self) -> None:
        """Writes the names that waited, and puts a new index in order: queries take a fraction of the time."""
        if self._filling:
            into = self._connection
            order = "ORDER BY degree DESC, length(text), waiting.rowid"
            for entity, text in into.execute(f"SELECT entity, text FROM waiting JOIN named USING (entity) {order}"):
                self._write(entity, text)
            into.execute("DROP TABLE waiting")
            into.execute("INSERT INTO pairs (pairs) VALUES ('optimize')")


def find_initials(name: str) -> str:
    """The initials of a name's pinyin, Latin letters and figures as they stand: 蒙牛（ABC） gives mnabc."""
    folded = fold_name(name)
    each = [_initials(char) for char in folded]
    if all(len(letters) <= 1 for letters in each):
        return "".join(each)
    # 长, 行, 重: the word tells how it is read, which takes a hundred times as long to find out
    return "".join(
        "".join(filter(str.isalnum, run)) if run.isascii() else "".join(_read_words(run))
        for run in _RUNS.findall(folded)
    )


def _read_words(run: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # slow to load, and only writing needs it

    return [reading[:1] for reading in lazy_pinyin(run, style=Style.FIRST_LETTER, errors="ignore")]


@lru_cache(maxsize=30_000)
def _initials(char: str) -> str:
    """The letters with which the readings of a character begin."""
    if char.isascii():
        return char if char.isalnum() else ""
    from pypinyin import Style, pinyin

    found = pinyin(char, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return "".join(sorted({reading[:1] for readings in found for reading in readings}))


def _leaf_types(types: Collection[str]) -> tuple[str, ...]:
    """The types of entities that these classes have below them."""
    return tuple(sorted({leaf for each in types for leaf in load_schema().leaf_types.get(each, (each,))}))


def _of(leaves: tuple[str, ...]) -> str:
    return f"AND type IN ({', '.join('?' * len(leaves))})" if leaves else ""


_FOLDED, _LETTERED = "folded", "letters"


def _pair(first: str, second: str) -> str:
    """A pair as a word that any tokenizer takes for one."""
    return f"{ord(first):x}z{ord(second):x}"


def _pairs(text: str) -> str:
    return " ".join(map(_pair, text, text[1:] + _END)) if text else ""


def _phrase(part: str) -> str:
    """What finds the names that hold a text: its pairs in a row, or any pair that begins with the only character."""
    if len(part) == 1:
        return f'"{ord(part):x}z" *'
    return '"' + " ".join(map(_pair, part, part[1:])) + '"'
