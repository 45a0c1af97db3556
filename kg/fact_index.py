"""What every statement says, kept beside the store by its ends: a picture shows tens of thousands of facts with their words,
and a query gives one value of one of them at a time.

The table stands in the file of the ledger (kg.ledger), which numbers reports and entities.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from kg.ledger import create_tables
from kg.quads import make_iri
from kg.statement_files import StatementFile, StatementRecord

_TABLES = """
CREATE TABLE fact (id TEXT PRIMARY KEY, report INTEGER, subject INTEGER, predicate TEXT, object INTEGER, said TEXT) WITHOUT ROWID;
CREATE INDEX fact_of_subject ON fact (subject, predicate, object);
CREATE INDEX fact_of_report ON fact (report);
"""
_PLACE = ("section", "page", "table", "row")


class FactWriter:
    """Writes the facts of a graph while it is made or changed. Reports and entities are those of the ledger."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def create(self) -> None:
        """Makes the table of a new index."""
        create_tables(self._connection, _TABLES)

    def add(self, name: str, file: StatementFile) -> None:
        """Notes the statements of a report that the ledger has."""
        (report,) = self._connection.execute("SELECT id FROM report WHERE file = ?", (name,)).fetchone()
        self._connection.executemany(
            "INSERT INTO fact VALUES (?, ?, (SELECT id FROM entity WHERE iri = ?), ?, (SELECT id FROM entity WHERE iri = ?), ?)",
            ((each.id, report, each.subject, each.predicate, each.object, _tell(each)) for each in file.statements),
        )

    def forget(self, name: str) -> None:
        """Takes out what the report of a file gave, before the ledger does."""
        self._connection.execute("DELETE FROM fact WHERE report = (SELECT id FROM report WHERE file = ?)", (name,))


def _tell(statement: StatementRecord) -> str:
    """What a statement says besides its ends, as JSON: its qualifiers as lists, its place and its words."""
    place = statement.evidence
    said: dict[str, Any] = {
        key: value if isinstance(value, list) else [value] for key, value in statement.qualifiers.items()
    }
    said |= {key: value for key in _PLACE if (value := getattr(place, key)) not in (None, "")}
    return json.dumps(said | {"evidence": place.text}, ensure_ascii=False, separators=(",", ":"))


class FactIndex:
    """The facts of a graph, open for reading."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._ask = connection, connection.execute

    def list_between(self, links: Iterable[tuple[str, str, str]]) -> list[dict[str, Any]]:
        """All facts that stand behind some links (source, predicate, target), in order of their IRIs.

        A row has ``statement`` (its IRI), ``source``, ``predicate`` and ``target``; the qualifiers that it has, each as
        a list; ``evidence``, ``section``, ``page``, ``table``, ``row`` where it has them; and of its report the id, the title
        and the year as ``report``, ``report_title`` and ``report_year``.
        """
        self._ask("CREATE TEMP TABLE IF NOT EXISTS wanted (source TEXT, predicate TEXT, target TEXT)")
        self._ask("DELETE FROM temp.wanted")
        self._connection.executemany("INSERT INTO temp.wanted VALUES (?, ?, ?)", links)
        return self._list(
            "temp.wanted CROSS JOIN entity s ON s.iri = source CROSS JOIN entity o ON o.iri = target"
            " CROSS JOIN fact ON subject = s.id AND fact.predicate = wanted.predicate AND object = o.id"
        )

    def list_these(self, statements: Iterable[str]) -> list[dict[str, Any]]:
        """The facts of these IRIs, as ``list_between`` gives them."""
        self._ask("CREATE TEMP TABLE IF NOT EXISTS chosen (id TEXT)")
        self._ask("DELETE FROM temp.chosen")
        prefix = make_iri("statement", "")
        chosen = ((iri.removeprefix(prefix),) for iri in statements)
        self._connection.executemany("INSERT INTO temp.chosen VALUES (?)", chosen)
        return self._list(
            "temp.chosen CROSS JOIN fact USING (id) JOIN entity s ON s.id = subject JOIN entity o ON o.id = object"
        )

    def _list(self, tables: str) -> list[dict[str, Any]]:
        reports = {
            report: {"report": name, "report_title": title, "report_year": year}
            for report, name, title, year in self._ask(
                "SELECT id, name, title, year FROM report JOIN told ON told.report = report.id"
            )
        }
        rows = self._ask(
            f"SELECT fact.id, s.iri, fact.predicate, o.iri, fact.report, said FROM {tables} ORDER BY fact.id"
        )
        return [*self._describe(rows, reports)]

    def _describe(
        self, rows: Iterable[tuple[Any, ...]], reports: dict[int, dict[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        for identifier, source, predicate, target, report, said in rows:
            ends = {"statement": make_iri("statement", identifier), "source": source}
            yield ends | {"predicate": predicate, "target": target} | json.loads(said) | reports[report]
