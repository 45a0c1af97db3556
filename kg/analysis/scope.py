"""What of a graph an analysis looks at, and the rows of its tables that belong to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas

from kg.divisions import divisions_by_code, list_above
from kg.errors import UsageError
from kg.frames import Frames
from kg.graph import Graph
from kg.name_index import NameIndex
from kg.network_views import find_entity
from kg.queries import find_current
from kg.query_values import LISTED, Meant, find_concepts, find_region, find_types
from kg.schema import load_schema
from kg.statement_files import IRI

Row = dict[str, Any]
Answer = pandas.DataFrame  # of an analysis: with notes, which kg.analysis.list_notes puts into words


@dataclass(frozen=True, slots=True)
class Scope:
    """What an analysis looks at; an empty part means all.

    ``schools`` are IRIs, ``places`` codes of GB/T 2260 in which the schools lie (or in places below them), ``modes`` and
    ``types`` (of partners) as the tables write them: 订单培养, Enterprise.
    """

    schools: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    types: frozenset[str] = frozenset()


EVERYTHING = Scope()


def resolve_scope(
    graph: Graph,
    names: NameIndex,
    *,
    school: str = "",
    region: str = "",
    mode: str = "",
    year: int | None = None,
    type: str = "",
) -> tuple[Scope, list[str]]:
    """The scope that words mean, and notes on what a word was taken for where that is not plain.

    Raises UsageError, in one line with what there is, where a word means nothing or several things.
    """
    notes: list[str] = []
    schools = frozenset({resolve_school(graph, names, school, notes)} if school else ())
    kinds = {iri: name for name, iri in load_schema().types.items()}
    modes = {each.iri: each.notation for each in load_schema().lists["modes"]}
    return Scope(
        schools=schools,
        places=resolve_region(region, notes) if region else frozenset(),
        modes=frozenset(modes[iri] for iri in _resolve(find_concepts("modes", mode), notes)) if mode else frozenset(),
        years=frozenset({year} if year is not None else ()),
        types=frozenset(kinds[iri] for iri in _resolve(find_types(type), notes)) if type else frozenset(),
    ), notes


def resolve_school(graph: Graph, names: NameIndex, text: str, notes: list[str]) -> str:
    """The IRI of the one school that a word means. Raises UsageError for none and for several."""
    iri = str(find_current(graph, text.strip())) if IRI.fullmatch(text.strip()) else ""
    iri = iri or find_entity(graph, names, text, ("School",))
    found = names.search(iri, limit=1)
    if not found or found[0].type != "School":
        raise UsageError(f"图谱中没有学校 {iri} (the graph has no such school)")
    if found[0].name != text.strip():
        notes.append(f"“{text}”按以下查询：{found[0].name} / {text!r} was taken for: {found[0].name}")
    return iri


def resolve_region(text: str, notes: list[str]) -> frozenset[str]:
    """The codes of the places that a word means, without those below them. Raises UsageError where it means none."""
    meant = find_region(text)
    _resolve(meant, notes)
    return frozenset(iri.rpartition("/")[2] for iri in meant.tops)


def _resolve(meant: Meant, notes: list[str]) -> tuple[str, ...]:
    notes.extend([meant.note] if meant.note else [])
    return meant.iris


# ---- rows


def lies_in(frames: Frames, places: Collection[str]) -> frozenset[str]:
    """The IRIs of all entities that lie in one of these places."""
    codes = {code for code in set(frames.entities["place_code"]) if not set(places).isdisjoint(list_above(code))}
    return frozenset(frames.entities.index[frames.entities["place_code"].isin(codes)])


def select_partnerships(frames: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """The statements of partnerships of schools in a scope, in order of names.

    What a report says of a whole region's schools is no school's own and is left out.
    """
    rows = _select(frames, frames.partnerships, scope)
    if scope.types:
        rows = rows[rows["partner_type"].isin(scope.types)]
    if scope.modes:
        rows = _having(rows, "modes", scope.modes)
    return rows.sort_values(["school_name", "partner_name", "report_year", "report", "statement"])


def select_offerings(frames: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """The statements that schools of a scope offer a programme, in order of names."""
    rows = _select(frames, frames.offerings, scope)
    return rows.sort_values(["school_name", "programme_name", "report_year", "report", "statement"])


def _select(frames: Frames, rows: pandas.DataFrame, scope: Scope) -> pandas.DataFrame:
    rows = rows[rows["school_type"] == "School"]
    if scope.schools:
        rows = rows[rows["school"].isin(scope.schools)]
    if scope.places:
        rows = rows[rows["school"].isin(lies_in(frames, scope.places))]
    if scope.years:
        rows = _having(rows, "years", scope.years)
    return rows


def _having(rows: pandas.DataFrame, column: str, wanted: frozenset[Any]) -> pandas.DataFrame:
    """The rows whose list has one of these values."""
    return rows[pandas.Series([not wanted.isdisjoint(values) for values in rows[column]], rows.index, bool)]


def tell_scope(frames: Frames, scope: Scope) -> list[tuple[str, dict[str, Any]]]:
    """Notes on a scope: what is said of whole regions and does not count, schools that are in a place by their names only."""
    notes: list[tuple[str, dict[str, Any]]] = []
    count = int((frames.partnerships["school_type"] == "Region").sum())
    if count and not scope.schools:
        notes.append(("regional", {"count": count}))
    if scope.places:
        here = frames.entities.loc[sorted(lies_in(frames, scope.places))]
        inferred = sorted(here.loc[(here["type"] == "School") & (here["place_basis"] == "name"), "name"])
        if inferred:
            names = "、".join(inferred[:LISTED]) + ("…" if len(inferred) > LISTED else "")
            notes.append(("inferred", {"count": len(inferred), "names": names}))
    return notes


# ---- what rows say together


def gather(values: Iterable[Collection[Any]]) -> tuple[Any, ...]:
    """All values of several lists, each once, in order."""
    return tuple(sorted({each for value in values for each in value}))


def name_place(code: str) -> str:
    """The name of a place; "" for none."""
    return divisions_by_code()[code].name if code else ""


def group_rows(rows: pandas.DataFrame, *columns: str) -> dict[Any, list[Row]]:
    """The rows as dicts, in their order, by the value of a column, or the values of several."""
    found: dict[Any, list[Row]] = {}
    keys = zip(*(rows[column] for column in columns), strict=True)
    for key, row in zip(keys, rows.to_dict("records"), strict=True):
        found.setdefault(key if len(columns) > 1 else key[0], []).append(row)
    return found


def list_evidence(rows: Iterable[Row]) -> tuple[dict[str, Any], ...]:
    """Where statements stand: ``text``, the words of the report, ``report`` (its id), ``section``, ``page``, ``table``,
    ``row``; None for what is not known."""
    found = {}
    for row in rows:
        place = {"text": row["evidence"], "report": row["report"], "section": row["section"]}
        place |= {key: None if pandas.isna(row[key]) else int(row[key]) for key in ("page", "table", "row")}
        found[tuple(place.values())] = place
    return tuple(found.values())


def make_answer(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], notes: Iterable[tuple[str, Mapping[str, Any]]]
) -> pandas.DataFrame:
    """An answer with these columns; ``attrs["notes"]`` are the notes that belong to it: keys of words.json and numbers."""
    answer = pandas.DataFrame([[row.get(column) for column in columns] for row in rows], columns=list(columns))
    answer.attrs["notes"] = [[key, dict(values)] for key, values in notes]
    return answer
