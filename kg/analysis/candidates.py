"""Who might work with a school: partners of other schools, for programmes that it has too, not far away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas

from kg.analysis.programmes import key_programmes, list_programmes
from kg.analysis.scope import (
    EVERYTHING,
    Scope,
    gather,
    lies_in,
    list_evidence,
    make_answer,
    name_place,
    select_partnerships,
)
from kg.divisions import find_shared_level, measure_distance
from kg.frames import Frames

ENTERPRISES = frozenset({"Enterprise"})
LEVELS = ("county", "prefecture", "province", "")  # from near to far; "" where no place is known
ELSEWHERE = "elsewhere"  # the places are known, and no province holds both
_COLUMNS = (
    *("partner", "partner_name", "partner_type", "match", "programmes", "near", "via", "place", "place_basis"),
    *("distance_km", "schools", "school_names", "modes", "reasons", "evidence"),
)


@dataclass(frozen=True, slots=True)
class _Match:
    """A statement about another school: the programme there and its class, ``own`` the school's programme that it fits."""

    row: int
    other: str
    programme: str
    class_name: str
    own: str
    same: bool


def find_candidates(frames: Frames, school: str, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """Partners that work with other schools on programmes that a school offers too, or on ones of the same class of the
    catalogue, in the same county, prefecture or province, and are not yet known to work with it; the best leads first.

    ``school`` is an IRI. Without types in the scope enterprises; modes and years choose what others do with them; places
    are where a candidate or a school that it works with must lie, in place of the school's province.

    partner, partner_name, partner_type; match (programme or class); programmes, the school's own that are meant;
    near (county, prefecture, province, "" for not known, elsewhere), via (partner or school: whose place that is), place,
    place_basis, distance_km of centres; schools, how many work with it on these, school_names, modes; reasons, each as
    [key, values] for kg.analysis.wording; evidence.
    """
    facts = select_partnerships(
        frames, replace(scope, schools=frozenset(), places=frozenset(), types=scope.types or ENTERPRISES)
    )
    taken = set(frames.partnerships.loc[frames.partnerships["school"] == school, "partner"])
    matches = _match(frames, school, facts[~facts["partner"].isin({*taken, school}) & (facts["school"] != school)])
    within = lies_in(frames, scope.places) if scope.places else None
    rows, far = [], 0
    for partner, found in matches.items():
        others = gather([[each.other for each in found]])
        if within is not None and within.isdisjoint({partner, *others}):
            continue
        row = _describe(frames, school, partner, found, facts)
        if row["near"] == ELSEWHERE and within is None:
            far += 1
        else:
            rows.append(row)
    rows.sort(key=_rank)
    notes: list[tuple[str, dict[str, Any]]] = [("candidates", {})]
    if far:
        notes.append(("far", {"far": far}))
    if not frames.entities.loc[school, "place_code"]:
        notes.append(("unplaced", {}))
    return make_answer(rows, _COLUMNS, notes)


def _match(frames: Frames, school: str, facts: pandas.DataFrame) -> dict[str, list[_Match]]:
    """The statements about each partner that are for a programme of the school, or for one of the same class."""
    keys, classes = key_programmes(frames), frames.entities["class_code"]
    own = list_programmes(frames, Scope(schools=frozenset({school})))
    own = own[~own["closed"].astype(bool)]
    same = {keys[iri]: name for iris, name in zip(own["programme_iris"], own["programme"], strict=True) for iri in iris}
    akin: defaultdict[str, list[str]] = defaultdict(list)
    for iris, name in zip(own["programme_iris"], own["programme"], strict=True):
        if code := classes[iris[0]]:
            akin[code].append(name)
    found: defaultdict[str, list[_Match]] = defaultdict(list)
    names, class_names = frames.entities["name"], frames.entities["class"]
    for row, partner, other, iris in facts[["partner", "school", "programme_iris"]].itertuples(name=None):
        for iri in iris:
            meant = [same[keys[iri]]] if keys[iri] in same else akin.get(classes[iri], [])
            found[partner].extend(
                _Match(row, other, names[iri], class_names[iri], each, keys[iri] in same) for each in meant
            )
    return {partner: _best(matches) for partner, matches in found.items() if matches}


def _best(matches: list[_Match]) -> list[_Match]:
    """Where there is a programme of the very same kind, others of its class say nothing more."""
    same = [each for each in matches if each.same]
    return same or matches


def _describe(
    frames: Frames, school: str, partner: str, matches: list[_Match], facts: pandas.DataFrame
) -> dict[str, Any]:
    entities = frames.entities
    named = facts.loc[list(dict.fromkeys(each.row for each in matches))].to_dict("records")
    others = gather([{fact["school"] for fact in named}])
    home, place = entities.at[school, "place_code"], entities.at[partner, "place_code"]
    placed = [(_level(home, place), "partner", "")] if place else []
    placed += [(_level(home, entities.at[each, "place_code"]), "school", each) for each in others]
    near, via, through = min(placed, key=lambda each: (_far(each[0]), each[1], entities["name"].get(each[2], "")))
    distance = _distance(home, [place] if place else [entities.at[each, "place_code"] for each in others])
    row = {
        "partner": partner,
        "partner_name": entities.at[partner, "name"],
        "partner_type": entities.at[partner, "type"],
        "match": "programme" if matches[0].same else "class",
        "programmes": gather([[each.own for each in matches]]),
        "near": near,
        "via": via if near not in ("", ELSEWHERE) else "",
        "place": name_place(place),
        "place_basis": entities.at[partner, "place_basis"],
        "distance_km": None if distance is None else round(distance, 1),
        "schools": len(others),
        "school_names": tuple(sorted(entities.at[each, "name"] for each in others)),
        "modes": gather(fact["modes"] for fact in named),
        "evidence": list_evidence(named),
    }
    return row | {"reasons": _list_reasons(frames, row, matches, through)}


def _list_reasons(frames: Frames, row: dict[str, Any], matches: list[_Match], through: str) -> list[Any]:
    """The reasons as keys of words.json, each with its values."""
    names, reasons = frames.entities["name"], []
    for other in sorted({each.other for each in matches}, key=lambda iri: (names[iri], iri)):
        there = "、".join(gather([[each.programme for each in matches if each.other == other]]))
        own = "、".join(gather([[each.own for each in matches if each.other == other]]))
        kind = "、".join(gather([[each.class_name for each in matches if each.other == other]]))
        reasons.append([f"reason-{row['match']}", {"school": names[other], "there": there, "own": own, "class": kind}])
    if row["place"]:
        reasons.append([f"reason-place-{row['place_basis']}", {"place": row["place"]}])
    if row["via"]:
        key, at = f"reason-near-{row['via']}", row["place"]
        if through:
            at = name_place(frames.entities.at[through, "place_code"])
            key += "-name" if frames.entities.at[through, "place_basis"] == "name" else ""
        reasons.append([key, {"level": row["near"], "school": names.get(through, ""), "place": at}])
    if row["distance_km"] is not None:
        whose = "partner" if row["place"] else "school"
        reasons.append([f"reason-distance-{whose}", {"km": f"{row['distance_km']:.0f}"}])
    return reasons


def _level(home: str, place: str) -> str:
    if not home or not place:
        return ""
    return find_shared_level(home, place) or ELSEWHERE


def _far(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def _distance(home: str, places: Iterable[str]) -> float | None:
    found = (measure_distance(home, place) for place in places if home and place)
    return min((each for each in found if each is not None), default=None)


def _rank(row: dict[str, Any]) -> tuple[Any, ...]:
    distance = row["distance_km"]
    return (
        row["match"] != "programme",
        _far(row["near"]),
        -row["schools"],
        -len(row["programmes"]),
        distance is None,
        distance or 0.0,
        row["partner_name"],
        row["partner"],
    )
