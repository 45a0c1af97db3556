"""The graph as nodes and edges with properties: entities are nodes, each statement is an edge with all that it says.

One model for every format of this kind. Nodes come when an edge first needs them, so that neither has to be held; a
format that wants all nodes first puts the edges aside meanwhile (``put_edges_aside``).
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from kg.export.known import Known, KnownEntity
from kg.export.partnerships import as_list, find_years, list_programmes
from kg.export.reading import ReportLines, Row
from kg.export.rows import PREDICATES
from kg.schema import load_schema

# What a property holds.
TEXT, TEXTS, WHOLE, NUMBER = "text", "texts", "whole", "number"

Properties = dict[str, Any]  # only those that there are

NODE_PROPERTIES: Mapping[str, str] = {
    "name": TEXT,
    "type": TEXT,
    "type_label": TEXT,
    "aliases": TEXTS,
    "code": TEXT,
    "programme_class": TEXT,
    "place": TEXT,
    "place_code": TEXT,
    "place_basis": TEXT,
    "longitude": NUMBER,
    "latitude": NUMBER,
}
EDGE_PROPERTIES: Mapping[str, str] = {
    "predicate": TEXT,
    "predicate_label": TEXT,
    "modes": TEXTS,
    "programmes": TEXTS,
    "programme_codes": TEXTS,
    "partners": TEXTS,
    "year": WHOLE,
    "years": TEXTS,
    "year_basis": TEXT,
    "headcount": WHOLE,
    "headcounts": TEXTS,
    "since": TEXT,
    "status": TEXTS,
    "code": TEXT,
    "designation": TEXTS,
    "role": TEXT,
    "area": TEXT,
    "workstations": TEXT,
    "evidence": TEXT,
    "section": TEXT,
    "page": WHOLE,
    "table": WHOLE,
    "caption": TEXT,
    "row": WHOLE,
    "report": TEXT,
    "report_year": WHOLE,
    "decided": TEXT,
}
_PLAIN = ("since", "code", "role", "area", "workstations")
_PLACE = {
    "text": "evidence",
    "section": "section",
    "page": "page",
    "table": "table",
    "caption": "caption",
    "row": "row",
}
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
REPLACED = "\ufffd"
LARGEST = 2**53  # a number that any reader of JSON, XML or CSV takes as it is


@dataclass(frozen=True, slots=True)
class Node:
    """An entity. ``id`` is its IRI, ``type`` the name of its class."""

    id: str
    type: str
    properties: Properties

    @property
    def position(self) -> tuple[float, float] | None:
        """Longitude and latitude, None where its place is not known."""
        return (self.properties["longitude"], self.properties["latitude"]) if "latitude" in self.properties else None


@dataclass(frozen=True, slots=True)
class Edge:
    """A statement. ``id`` is that of the statement, ``predicate`` the name of the relation."""

    id: str
    source: str
    target: str
    predicate: str
    properties: Properties

    @property
    def years(self) -> list[int]:
        """The years for a time line."""
        given = self.properties.get("years", [self.properties["year"]] if "year" in self.properties else [])
        return sorted({int(year) for year in given if re.fullmatch(r"[12][0-9]{3}", str(year))})


@dataclass(frozen=True, slots=True)
class PropertyGraph:
    """A graph while it is written. ``everything``: also the entities that no edge needs. ``aside`` is a folder for what a
    writer needs on the way."""

    reports: Iterable[ReportLines]
    known: Known
    everything: bool
    aside: Path
    english: bool = False

    def walk(self) -> Iterator[Node | Edge]:
        """All nodes and edges; a node comes before the first edge that needs it, and once."""
        seen: set[str] = set()
        language = "en" if self.english else "zh"
        for lines in self.reports:
            for line in lines.statements:
                if line["predicate"] not in PREDICATES:
                    continue
                for end in (line["subject"], line["object"]):
                    if end not in seen:
                        seen.add(end)
                        yield _make_node(self.known.describe(lines.entities[end]), language)
                yield _make_edge(line, lines, self.known, language)
        if self.everything:
            for iri in self.known.iter_iris():
                entity = None if iri in seen else self.known.find(iri)
                if entity is not None:
                    yield _make_node(entity, language)


def put_edges_aside(
    graph: PropertyGraph,
    to: IO[bytes],
    write_node: Callable[[Node], str],
    write_edge: Callable[[Edge], str],
    between: str,
) -> int:
    """Writes all nodes, ``between``, then all edges. Returns the number of edges."""
    count = 0
    with tempfile.TemporaryFile(dir=graph.aside) as edges:
        for each in graph.walk():
            if isinstance(each, Node):
                to.write(write_node(each).encode("utf-8"))
            else:
                edges.write(write_edge(each).encode("utf-8"))
                count += 1
        to.write(between.encode("utf-8"))
        edges.seek(0)
        shutil.copyfileobj(edges, to, 1 << 20)
    return count


def clean_text(text: str) -> str:
    """A text that XML 1.0 can hold: each character that it cannot is U+FFFD instead."""
    return text if text.isprintable() else _UNWRITABLE.sub(REPLACED, text)


def _make_node(entity: KnownEntity, language: str) -> Node:
    place = entity.place
    position = place.position if place is not None else None
    properties: Properties = {
        "name": entity.name,
        "type": entity.type,
        "type_label": _label(entity.type, language),
        "aliases": list(entity.aliases),
        "code": entity.code,
        "programme_class": entity.programme_class,
    }
    if place is not None:
        properties |= {"place": place.name, "place_code": place.code, "place_basis": place.basis}
    if position is not None:
        properties |= {"longitude": position[0], "latitude": position[1]}
    return Node(entity.iri, entity.type, _take_given(properties))


def _make_edge(line: Row, lines: ReportLines, known: Known, language: str) -> Edge:
    qualifiers = line.get("qualifiers") or {}
    evidence = line["evidence"]
    years, year_basis = find_years(line, lines)
    programmes = list_programmes(line, lines, known) if "programmes" in qualifiers or "programmes" in line else []
    properties: Properties = {
        "predicate": line["predicate"],
        "predicate_label": _label(line["predicate"], language),
        "modes": qualifiers.get("modes"),
        "programmes": [each["name"] for each in programmes],
        "programme_codes": [each["code"] for each in programmes if each["code"]],
        "partners": qualifiers.get("partners"),
        **_split_number("year", "years", years),
        "year_basis": year_basis,
        **_split_number("headcount", "headcounts", as_list(qualifiers.get("headcount"))),
        **{key: str(qualifiers[key]) for key in _PLAIN if key in qualifiers},
        "status": list(map(str, as_list(qualifiers.get("status")))),
        "designation": list(map(str, as_list(qualifiers.get("designation")))),
        **{name: evidence.get(key) for key, name in _PLACE.items()},
        "report": lines.report["report"],
        "report_year": lines.report.get("year"),
        "decided": line.get("decided"),
    }
    return Edge(line["id"], line["subject"], line["object"], line["predicate"], _take_given(properties))


def _split_number(one: str, several: str, values: list[Any]) -> Properties:
    """A qualifier that mostly is one whole number, under the name ``one``; else all its values, as texts."""
    if len(values) == 1 and isinstance(values[0], int) and abs(values[0]) < LARGEST:
        return {one: values[0]}
    return {several: list(map(str, values))}


def _take_given(properties: Properties) -> Properties:
    return {key: value for key, value in properties.items() if value is not None and value != "" and value != []}


@cache
def _label(name: str, language: str) -> str:
    return load_schema().label(name, language)
