"""The part of a graph's tables that is asked for: of a school, a region, a class of programmes, a partner, a mode, a year.

School, region and programme say which schools and programmes are looked at; partner, mode, year and type only which of
their partnerships. So a programme does not count as one without a partner because its partner was filtered out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas

from kg.errors import UsageError
from kg.frames import Frames
from kg.graph import Graph
from kg.name_index import NameIndex
from kg.network_views import find_entity
from kg.query_values import Meant, find_concepts, find_programme_class, find_region, find_types
from kg.regions import region_code
from kg.schema import load_schema

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for, in the words it was asked in; of one kind any, of several kinds all must fit. Empty: all."""

    schools: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()  # a programme, a class or a category of the catalogue
    partners: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    types: tuple[str, ...] = ()  # of partners

    @property
    def is_whole(self) -> bool:
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows of the tables of kg.frames, with None where there is no value.

    ``partnerships`` fit the whole choice; ``scope`` holds all that the schools and programmes chosen have. Groups stand
    in ``memberships`` with all their members where one of the schools is a member. ``entities`` are of the whole graph, and
    so are ``own_years``: the years of which each school published a report itself.
    """

    partnerships: list[Row]
    scope: list[Row]
    offerings: list[Row]
    memberships: list[Row]
    reports: list[Row]  # of the choice
    entities: Mapping[str, Row]
    own_years: Mapping[str, set[int]]
    notes: tuple[str, ...]  # what words were taken for


def choose_rows(graph: Graph, names: NameIndex, choice: Choice) -> Chosen:
    """The rows of a graph that a choice leaves.

    Raises UsageError for a word that means nothing, and for a name that may mean several entities.
    """
    frames = Frames(graph)
    entities = {row["iri"]: row for row in list_rows(frames.entities)}
    notes: list[str] = []

    def gather(words: Sequence[str], find: Callable[[str], Meant]) -> set[str]:
        found = [find(word) for word in words]
        notes.extend(each.note for each in found if each.note)
        return {iri for each in found for iri in each.iris}

    schools = {find_entity(graph, names, word, ("School",)) for word in choice.schools}
    places = {_notation(iri) for iri in gather(choice.regions, find_region)}
    programmes = _find_programmes(entities, {_notation(iri) for iri in gather(choice.programmes, find_programme_class)})
    partners = {find_entity(graph, names, word) for word in choice.partners}
    modes = _notations("modes", gather(choice.modes, lambda word: find_concepts("modes", word)))
    wanted = gather(choice.types, find_types)
    types = {name for name, iri in load_schema().types.items() if iri in wanted}

    def is_of(school: str) -> bool:
        return (not choice.schools or school in schools) and (
            not choice.regions or _find_place(entities.get(school)) in places
        )

    scope = [
        row
        for row in list_rows(frames.partnerships)
        if is_of(row["school"]) and (not choice.programmes or programmes & {*row["programme_iris"]})
    ]
    partnerships = [
        row
        for row in scope
        if (not choice.partners or row["partner"] in partners)
        and (not choice.modes or modes & {*row["modes"]})
        and (not choice.years or {*choice.years} & {*row["years"]})
        and (not choice.types or row["partner_type"] in types)
    ]
    offerings = [
        row
        for row in list_rows(frames.offerings)
        if is_of(row["school"]) and (not choice.programmes or row["programme"] in programmes)
    ]
    memberships = list_rows(frames.memberships)
    groups = {row["group"] for row in memberships if is_of(row["member"])}
    memberships = [row for row in memberships if row["group"] in groups]
    named = {row["report"] for rows in (scope, offerings, memberships) for row in rows}
    reports = [row for row in list_rows(frames.reports) if choice.is_whole or row["report"] in named]
    if not choice.is_whole and not (scope or offerings or memberships):
        raise UsageError("图中没有符合所选条件的内容 (the graph has nothing that fits the choice)")
    own: dict[str, set[int]] = {}
    for row in list_rows(frames.reports):
        if row["publisher_iri"] and row["year"] is not None:
            own.setdefault(row["publisher_iri"], set()).add(row["year"])
    return Chosen(partnerships, scope, offerings, memberships, reports, entities, own, tuple(dict.fromkeys(notes)))


def list_rows(frame: pandas.DataFrame) -> list[Row]:
    """The rows of a frame as plain values, None where there is none."""
    columns = list(frame.columns)
    values = [
        [None if not isinstance(value, tuple) and pandas.isna(value) else value for value in frame[column].tolist()]
        for column in columns
    ]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def _notation(iri: str) -> str:
    """The code at the end of the IRI of a concept of a scheme."""
    return iri.rpartition("/")[2]


def _notations(scheme: str, iris: Iterable[str]) -> set[str]:
    wanted = set(iris)
    return {each.notation for each in load_schema().lists[scheme] if each.iri in wanted}


def _find_programmes(entities: Mapping[str, Row], codes: set[str]) -> set[str]:
    return {iri for iri, row in entities.items() if row["code"] and row["code"] in codes}


def _find_place(entity: Row | None) -> str:
    """The code of the place of a school, or of a region that stands for its schools; "" for none."""
    if entity is None:
        return ""
    if entity["type"] != "Region":
        return str(entity["place_code"])
    code = region_code(entity["name"])
    return code.ljust(6, "0") if code else ""
