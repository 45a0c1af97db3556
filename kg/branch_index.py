"""Which entity is a unit of which, kept beside the store so that a new name touches only those that it can tie.

The rules are those of kg.branches; here stand, in the file of the ledger (kg.ledger), the keys that every entity is
found by as a head, and the keys that the head of every branch can have.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from kg.branches import Key, drop_circles, find_parent, list_candidates, list_keys
from kg.ledger import create_tables

_TABLES = """
CREATE TABLE head (key TEXT, iri TEXT, PRIMARY KEY (key, iri)) WITHOUT ROWID;
CREATE INDEX head_iri ON head (iri);
CREATE TABLE unit (iri TEXT PRIMARY KEY, candidates TEXT, parent TEXT);
CREATE TABLE unit_key (key TEXT, iri TEXT, PRIMARY KEY (key, iri)) WITHOUT ROWID;
CREATE INDEX unit_key_iri ON unit_key (iri);
"""


class BranchIndex:
    """The ties of a graph while it is made or changed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: set[str] = set()  # units whose parent must be found anew

    def create(self) -> None:
        """Makes the tables of a new index."""
        create_tables(self._connection, _TABLES)

    def put(self, iri: str, type_: str, names: tuple[str, ...]) -> None:
        """Notes an entity with its names, in the place of what was known of it."""
        self.drop(iri)
        keys = [_write(key) for key in list_keys(type_, names)]
        self._connection.executemany("INSERT INTO head VALUES (?, ?)", ((key, iri) for key in keys))
        self._touch(keys)
        candidates = list_candidates(type_, names)
        if candidates:
            self._connection.execute("INSERT INTO unit VALUES (?, ?, NULL)", (iri, json.dumps(candidates)))
            sought = {_write(key) for groups in candidates for keys_ in groups for key in keys_}
            self._connection.executemany("INSERT INTO unit_key VALUES (?, ?)", ((key, iri) for key in sought))
            self._waiting.add(iri)

    def drop(self, iri: str) -> None:
        """Takes an entity out."""
        into = self._connection
        keys = [key for (key,) in into.execute("SELECT key FROM head WHERE iri = ?", (iri,))]
        self._touch(keys)
        for table in ("head", "unit", "unit_key"):
            into.execute(f"DELETE FROM {table} WHERE iri = ?", (iri,))
        self._waiting.discard(iri)

    def find(self) -> dict[str, str]:
        """The parent of each unit, as kg.branches.find_branches gives them."""
        for iri in sorted(self._waiting):
            row = self._connection.execute("SELECT candidates FROM unit WHERE iri = ?", (iri,)).fetchone()
            if row is not None:
                parent = find_parent(iri, _read(row[0]), self._bearers)
                self._connection.execute("UPDATE unit SET parent = ? WHERE iri = ?", (parent, iri))
        self._waiting.clear()
        return drop_circles(dict(self._connection.execute("SELECT iri, parent FROM unit WHERE parent IS NOT NULL")))

    def _touch(self, keys: Iterable[str]) -> None:
        """Units that look for these keys may have another parent now."""
        for key in keys:
            self._waiting.update(
                iri for (iri,) in self._connection.execute("SELECT iri FROM unit_key WHERE key = ?", (key,))
            )

    def _bearers(self, key: Key) -> list[str]:
        return [iri for (iri,) in self._connection.execute("SELECT iri FROM head WHERE key = ?", (_write(key),))]


def _write(key: Key) -> str:
    return "\t".join(key)


def _read(text: str) -> list[list[list[Key]]]:
    return [[[(key[0], key[1], key[2]) for key in keys] for keys in groups] for groups in json.loads(text)]
