"""The graph as tables of pandas, for analyses, workbooks and notebooks.

Each table has a row for each statement (entities and reports: for each of them), with merged names and the evidence.
Lists (modes, programmes, years …) are tuples in their order, empty where a report says none. ``years`` are those that the
statement says, else that of its report: ``year_basis`` is "said" or "report", "" where neither is known. A place is
known in one of three ways, ``place_basis``: "said" (a report says where it lies), "own" (its own report is of there) or
"name" (its name tells it: 安康市…, …天津分公司; inferred).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas

from kg.address import Address
from kg.divisions import choose_places, climb, divisions_by_code, infer_place
from kg.graph import Graph
from kg.queries import run_bulk
from kg.reference_data import load_catalogue
from kg.schema import load_schema
from kg.store import open_graph

HOSTS = "组建"  # the role of who set a group up, where hostsGroup says so
_PLACES = ("section", "page", "table", "row")
_LINKED = ("code", "catalogue_name", "class_code", "class", "category", "level")
_PLACED = ("place_code", "place_basis", "province", "prefecture", "county")
_NUMBERS = ("page", "table", "row", "year", "report_year")


@dataclass(frozen=True)
class Frames:
    """The tables of an open graph, each read when it is first asked for.

    Entities are named by their IRIs in the columns ``school``, ``partner``, ``programme`` …, and in words in
    ``school_name`` and so on.
    """

    graph: Graph

    @cached_property
    def reports(self) -> pandas.DataFrame:
        """iri, report (its id), title, year, level, publisher, region (as the report writes them), publisher_iri: the
        school or region that it is of, "" where the graph does not tell which that is."""
        publishers = {row["report"]: row["publisher"] for row in run_bulk(self.graph, "frame-publishers")}
        rows = [
            row | {"publisher_iri": publishers.get(row["iri"], "")} for row in run_bulk(self.graph, "frame-reports")
        ]
        return _frame(rows, ("iri", "report", "title", "year", "level", "publisher", "region", "publisher_iri"))

    @cached_property
    def entities(self) -> pandas.DataFrame:
        """iri, type, name, aliases; what it is in the catalogue (code, catalogue_name, class_code, class, category, level);
        where it lies (place_code, place_basis, province, prefecture, county); the index is the IRI."""
        places = choose_places(
            (row["entity"], row["code"], row["basis"]) for row in run_bulk(self.graph, "frame-places")
        )
        codes = {str(row["programme"]): str(row["code"]) for row in run_bulk(self.graph, "frame-programmes")}
        rows: list[dict[str, Any]] = []
        for row in run_bulk(self.graph, "network-nodes"):
            iri, name = str(row["iri"]), str(row["name"])
            place = places.get(iri) or infer_place(str(row["type"]), name)
            rows.append(
                {"iri": iri, "type": str(row["type"]), "name": name, "aliases": _split(row["aliases"])}
                | _describe_programme(codes.get(iri, ""))
                | _describe_place(*place)
            )
        frame = _frame(rows, ("iri", "type", "name", "aliases", *_LINKED, *_PLACED))
        return frame.set_index("iri", drop=False)

    @cached_property
    def partnerships(self) -> pandas.DataFrame:
        """statement, school, partner (with _name and _type), modes, programmes (as the report names them),
        programme_iris, years, year_basis, headcount, and where it stands: evidence, section, page, table, row, report,
        report_title, report_year. A region that states a partnership of all its schools stands as the school."""
        return self._read("partnersWith", "school", "partner", ("modes", "programmes", "headcount"))

    @cached_property
    def offerings(self) -> pandas.DataFrame:
        """statement, school, programme (with _name and _type), codes (as written), status, since, years and place as in
        ``partnerships``."""
        return self._read("offersProgramme", "school", "programme", ("code", "status", "since", "headcount"))

    @cached_property
    def memberships(self) -> pandas.DataFrame:
        """statement, member, group (with _name and _type), role, years and place as in ``partnerships``; who set a
        group up has the role HOSTS."""
        members = self._read("memberOf", "member", "group", ("role", "since"))
        hosts = self._read("hostsGroup", "member", "group", ("role", "since"))
        hosts["role"] = [(HOSTS, *(role for role in roles if role != HOSTS)) for roles in hosts["role"]]
        return pandas.concat([each for each in (hosts, members) if len(each)] or [members], ignore_index=True)

    @cached_property
    def collaborations(self) -> pandas.DataFrame:
        """statement, school, other (with _name and _type), modes, programmes, years and place: of schools with schools."""
        return self._read("collaboratesWith", "school", "other", ("modes", "programmes"))

    @cached_property
    def figures(self) -> pandas.DataFrame:
        """statement, about, about_name, about_type, indicator, year, value, unit and place as in ``partnerships``."""
        rows = run_bulk(self.graph, "frame-figures")
        names = [{"about": row.pop("source"), **row} for row in rows]
        columns = ("statement", "about", "indicator", "year", "value", "unit", "report", "evidence", *_PLACES)
        return self._name(self._tell_report(_frame(names, columns)), "about")

    @cached_property
    def redirects(self) -> pandas.DataFrame:
        """former, iri: the IRIs of entities that were merged into others, and those that they lead to."""
        return _frame(run_bulk(self.graph, "frame-redirects"), ("former", "iri"))

    def _read(self, predicate: str, source: str, target: str, qualifiers: tuple[str, ...]) -> pandas.DataFrame:
        relation = load_schema().relations[predicate].term.iri
        rows: dict[str, dict[str, Any]] = {
            str(row["statement"]): dict(row) | {source: row["source"], target: row["target"]}
            for row in run_bulk(self.graph, "frame-statements", relation=[relation])
        }
        said: defaultdict[tuple[str, str], set[Any]] = defaultdict(set)
        for row in run_bulk(self.graph, "frame-qualifiers", relation=[relation]):
            key, notations = _qualifiers().get(str(row["property"]), ("programme_iris", {}))
            said[str(row["statement"]), key].add(notations.get(str(row["value"]), row["value"]))
        kept = (*qualifiers, *(["programme_iris"] if "programmes" in qualifiers else []), "year")
        for statement, fields in rows.items():
            for key in kept:
                fields[key] = tuple(sorted(said.get((statement, key), ()), key=lambda value: (str(type(value)), value)))
        columns = ("statement", source, target, *kept, "evidence", *_PLACES, "report")
        frame = self._tell_report(_frame(rows.values(), columns))
        said_years, own = frame.pop("year"), frame["report_year"]
        frame.insert(
            len(columns) - 7,
            "years",
            [years or (() if pandas.isna(year) else (int(year),)) for years, year in zip(said_years, own, strict=True)],
        )
        frame.insert(
            len(columns) - 6,
            "year_basis",
            [
                "said" if years else "" if pandas.isna(year) else "report"
                for years, year in zip(said_years, own, strict=True)
            ],
        )
        return self._name(self._name(frame, source), target)

    def _name(self, frame: pandas.DataFrame, column: str) -> pandas.DataFrame:
        """The frame with the name and type of an entity behind its IRI."""
        at = frame.columns.get_loc(column) + 1
        for offset, what in enumerate(("name", "type")):
            frame.insert(at + offset, f"{column}_{what}", frame[column].map(self.entities[what]))
        return frame

    def _tell_report(self, frame: pandas.DataFrame) -> pandas.DataFrame:
        """The frame with a report's id, title and year in place of its IRI."""
        reports = self.reports.set_index("iri")
        for name, column in (("report_title", "title"), ("report_year", "year")):
            frame[name] = frame["report"].map(reports[column])
        frame["report"] = frame["report"].map(reports["report"])
        return frame


def read_frames(home: Path, server: Address | None = None) -> Frames:
    """All tables of a home (or of the server that holds its graph), read at once.

    Raises MissingStore where there is no graph, KgError where it cannot be reached.
    """
    with open_graph(home, server) as graph:
        frames = Frames(graph)
        for name, value in vars(Frames).items():
            if isinstance(value, cached_property):
                getattr(frames, name)
    return frames


def _frame(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> pandas.DataFrame:
    """Rows as a frame with these columns, in their order; whole numbers stay whole where some are missing."""
    frame = pandas.DataFrame(
        [[row.get(column) for column in columns] for row in rows], columns=list(columns), dtype=object
    )
    for column in frame.columns.intersection(_NUMBERS):
        if not any(isinstance(value, tuple) for value in frame[column]):
            frame[column] = pandas.to_numeric(frame[column], errors="coerce").astype("Int64")
    return frame


def _split(value: Any) -> tuple[str, ...]:
    return tuple(sorted(part for part in str(value or "").split("|") if part))


@cache
def _qualifiers() -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """The key of each property of a qualifier, and the notations of its values where they are a closed list."""
    return {
        each.property: (each.key, {iri: notation for notation, iri in (each.concepts or {}).items()})
        for each in load_schema().qualifiers.values()
    }


@cache
def _programmes() -> Mapping[str, dict[str, str]]:
    return {
        entry.code: dict(
            zip(
                _LINKED,
                (entry.code, entry.name, entry.class_code, entry.class_name, entry.category, entry.level),
                strict=True,
            )
        )
        for entry in load_catalogue()
    }


def _describe_programme(code: str) -> dict[str, str]:
    return _programmes().get(code) or dict.fromkeys(_LINKED, "") | {"code": code}


def _describe_place(code: str, basis: str) -> dict[str, str]:
    levels = {level: climb(code, level) if code else "" for level in ("province", "prefecture", "county")}
    if code and divisions_by_code()[code].level != "county":
        levels["county"] = ""
    names = {level: divisions_by_code()[each].name if each else "" for level, each in levels.items()}
    return {"place_code": code, "place_basis": basis, **names}
