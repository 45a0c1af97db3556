"""The coverage of programmes by partners as an HTML page that opens offline, and as rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from kg import network_page
from kg.address import Address
from kg.coverage import UNLISTED, Cell, Coverage, Line, find_coverage
from kg.current_store import pin_graph
from kg.divisions import say_place
from kg.frame_choice import Choice, Chosen, Row, choose_rows
from kg.rows import Rows, Value
from kg.start_page import load_words as load_start_words
from kg.store import open_graph, open_names

MOST_LINES = 400  # rows of a matrix that a page has room for
MOST_PAIRS = 2_000
MOST_FACTS = 40  # that a field of a matrix lists on the page
LONGEST = 600  # characters of the words of a report on the page
STYLES = ("coverage.css",)
SCRIPTS = ("elements.js", "coverage.js", "coverage-facts.js")

_COLUMNS = {
    "classes": (
        *("school", "class_code", "class", "programmes", "covered", "bare", "bare_names"),
        *("partners", "statement"),
    ),
    "modes": ("programme", "code", "class", "mode", "schools", "partner_count", "partners", "statement"),
    "places": (
        *("school", "school_place", "school_basis", "partner", "partner_place", "partner_basis"),
        *("near", "distance", "statement"),
    ),
}


class Table(StrEnum):
    """The three tables of the coverage."""

    CLASSES = "classes"
    MODES = "modes"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class CoverageAnswer:
    """The coverage of a choice, with what the choice took."""

    chosen: Chosen
    coverage: Coverage
    choice: Choice


def read_coverage(home: Path, choice: Choice | None = None, server: Address | None = None) -> CoverageAnswer:
    """The coverage of a home's graph, or of the part of it that is chosen.

    Raises MissingStore where there is no graph, UsageError for a word of the choice that means nothing or too much.
    """
    choice = choice or Choice()
    with pin_graph(home) as pinned, open_graph(pinned, server) as graph, open_names(pinned) as names:
        chosen = choose_rows(graph, names, choice)
    return CoverageAnswer(chosen, find_coverage(chosen), choice)


def list_coverage(answer: CoverageAnswer, table: Table, english: bool = False) -> tuple[Rows, dict[str, str]]:
    """A table as rows, a field of the matrix each, and the words for its columns."""
    words = json.loads(network_page.read_asset("coverage.json"))
    language = int(english)

    def say(key: str) -> str:
        return str(words["page"][key][language] if key in words["page"] else modes[key][language])

    modes = load_start_words()["modes"]

    lists = {"classes": _list_classes, "modes": _list_modes, "places": _list_places}
    columns = _COLUMNS[table]
    rows = tuple(tuple(row) for row in lists[table](answer, say))
    return Rows(columns, rows, answer.chosen.notes), {each: words["columns"][each][language] for each in columns}


def _list_classes(answer: CoverageAnswer, say: Any) -> Iterator[Sequence[Value]]:
    names, classes = answer.chosen.entities, answer.coverage.classes
    for line in answer.coverage.by_class:
        for key, (code, name) in classes.items():
            if (cell := line.cells.get(key)) is None:
                continue
            yield (
                names[line.iri]["name"],
                code,
                name or say("unlisted" if key == UNLISTED else "unnamed"),
                cell.programmes,
                len(cell.covered),
                len(cell.bare),
                "、".join(cell.bare),
                "、".join(names[iri]["name"] for iri in cell.partners),
                "、".join((*cell.facts, *cell.offers)),
            )


def _list_modes(answer: CoverageAnswer, say: Any) -> Iterator[Sequence[Value]]:
    names = answer.chosen.entities
    for line in answer.coverage.by_mode:
        entity = names[line.iri] if line.iri else {"name": say("unnamed"), "code": "", "class": ""}
        cells = {mode: line.cells[mode] for mode in answer.coverage.modes if mode in line.cells}
        for mode, cell in cells.items() or [(None, line.whole)]:
            yield (
                entity["name"],
                entity["code"],
                entity["class"],
                None if mode is None else say(mode or "nomode"),
                line.schools,
                len(cell.partners),
                "、".join(names[iri]["name"] for iri in cell.partners),
                "、".join((*cell.facts, *cell.offers)),
            )


def _list_places(answer: CoverageAnswer, say: Any) -> Iterator[Sequence[Value]]:
    names = answer.chosen.entities
    for pair in answer.coverage.pairs:
        yield (
            names[pair.school]["name"],
            say_place(pair.school_place) if pair.school_place else None,
            say(f"lies.{pair.school_basis}"),
            names[pair.partner]["name"],
            say_place(pair.partner_place) if pair.partner_place else None,
            say(f"lies.{pair.partner_basis}"),
            say(f"near.{pair.near}"),
            pair.distance,
            "、".join(pair.facts),
        )


# ---- the page


def write_coverage(answer: CoverageAnswer, to: Path, english: bool = False) -> None:
    """Writes the page, whole or not at all. Raises KgError where it cannot be written."""
    words = json.loads(network_page.read_asset("coverage.json"))
    shared = load_start_words()
    page = network_page.compose_page(
        network_page.read_asset("coverage.html"),
        title=words["page"]["site"][int(english)],
        styles=[network_page.read_asset(name) for name in STYLES],
        scripts=[network_page.read_asset(name) for name in SCRIPTS],
        data={
            "coverage-data": describe_coverage(answer) | {"english": english},
            "words-data": words | {"types": shared["types"], "modes": shared["modes"]},
        },
    )
    network_page.write_page(to, page)


def describe_coverage(answer: CoverageAnswer) -> dict[str, Any]:
    """All that the page shows, as plain values for JSON. Fields of a matrix name their facts by their places in
    ``facts`` and ``offers``, and say how many there are where not all are there."""
    return _Page(answer).describe()


class _Page:
    def __init__(self, answer: CoverageAnswer) -> None:
        self.answer, self.names = answer, answer.chosen.entities
        self.rows = {row["statement"]: row for row in (*answer.chosen.scope, *answer.chosen.offerings)}
        self.at: dict[str, int] = {}
        self.facts: list[list[Any]] = []
        self.titles: dict[str, int] = {}
        self.reports: list[list[Any]] = []

    def describe(self) -> dict[str, Any]:
        coverage, choice = self.answer.coverage, self.answer.choice
        parts = {
            "chosen": {
                name: list(getattr(choice, name))
                for name in ("schools", "regions", "programmes")
                if getattr(choice, name)
            },
            "notes": list(self.answer.chosen.notes),
            "classes": [
                [code, name] if name else ["", "unlisted" if key == UNLISTED else "unnamed"]
                for key, (code, name) in coverage.classes.items()
            ],
            "modes": list(coverage.modes),
            "byClass": [
                [self._name_school(line.iri), *self._describe(line, tuple(coverage.classes))]
                for line in coverage.by_class[:MOST_LINES]
            ],
            "byMode": [
                [*self._name_programme(line.iri), line.schools, *self._describe(line, coverage.modes)]
                for line in coverage.by_mode[:MOST_LINES]
            ],
            "pairs": [
                [
                    self.names[pair.school]["name"],
                    say_place(pair.school_place) if pair.school_place else "",
                    pair.school_basis,
                    self.names[pair.partner]["name"],
                    self.names[pair.partner]["type"],
                    say_place(pair.partner_place) if pair.partner_place else "",
                    pair.partner_basis,
                    pair.near,
                    pair.distance,
                    self._list(pair.facts),
                    len(pair.facts),
                ]
                for pair in coverage.pairs[:MOST_PAIRS]
            ],
            "inAll": [len(coverage.by_class), len(coverage.by_mode), len(coverage.pairs)],
        }
        return parts | {"facts": self.facts, "reports": self.reports}

    def _name_school(self, iri: str) -> list[Any]:
        entity = self.names[iri]
        return [entity["name"], entity["type"] == "Region"]

    def _name_programme(self, iri: str) -> tuple[str, str]:
        return (self.names[iri]["name"], self.names[iri]["code"]) if iri else ("", "")

    def _describe(self, line: Line, keys: tuple[str, ...]) -> tuple[list[Any], list[Any]]:
        """The whole of a line, and its fields in the order of columns, None for none."""
        return self._describe_cell(line.whole), [
            self._describe_cell(line.cells[key]) if key in line.cells else None for key in keys
        ]

    def _describe_cell(self, cell: Cell) -> list[Any]:
        return [
            list(cell.covered),
            list(cell.bare),
            len(cell.partners),
            self._list(cell.facts),
            len(cell.facts),
            self._list(cell.offers),
            len(cell.offers),
        ]

    def _list(self, statements: Sequence[str]) -> list[int]:
        return [self._add(self.rows[each]) for each in statements[:MOST_FACTS]]

    def _add(self, row: Row) -> int:
        if row["statement"] in self.at:
            return self.at[row["statement"]]
        partner = row.get("partner_name", "")
        words = row["evidence"]
        self.facts.append(
            [
                row["school_name"],
                partner,
                list(row.get("modes", ())),
                list(row["programmes"]) if partner else [row["programme_name"]],
                list(row["years"]),
                row["year_basis"],
                list(row["headcount"]),
                words if len(words) <= LONGEST else f"{words[:LONGEST]}……",
                row["section"] or "",
                row["page"],
                row["table"],
                row["row"],
                self._add_report(row),
            ]
        )
        return self.at.setdefault(row["statement"], len(self.facts) - 1)

    def _add_report(self, row: Row) -> int:
        if row["report"] not in self.titles:
            self.titles[row["report"]] = len(self.reports)
            self.reports.append([row["report_title"] or row["report"], row["report_year"]])
        return self.titles[row["report"]]
