"""The programmes of schools with the partners that reports name for them.

Two names that are linked to one entry of the catalogue are one programme here; a programme without a link is itself.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas

from kg.analysis.scope import (
    EVERYTHING,
    Row,
    Scope,
    gather,
    list_evidence,
    make_answer,
    select_offerings,
    select_partnerships,
    tell_scope,
)
from kg.frames import Frames

CLOSED = "停办"
NEVER = 9999  # a year after all others
# Which programmes a partner of a kind may well be for, where no report says for which: hospitals take students of nursing
# and medicine, kindergartens those who will teach there.
_FITTING: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "Hospital": ("医药卫生大类", re.compile("护理|医|药|助产|康复|检验|口腔|影像")),
    "Kindergarten": ("", re.compile("学前|幼|保育|早期教育|托育")),
}
_NAMED = ("school", "school_name", "programme", "also")
_LISTED = (
    *(*_NAMED, "programme_iris", "code", "class", "category", "level", "offered", "closed", "years"),
    *(
        "partners",
        "partner_names",
        "partner_types",
        "modes",
        "headcounts",
        "partner_years",
        "evidence",
        "offer_evidence",
    ),
)
_AT_RISK = (
    *(*_NAMED, "code", "class", "partner", "partner_name", "partner_type", "modes", "headcounts", "years"),
    *("unnamed", "evidence"),
)
_UNPARTNERED = (*_NAMED, "code", "class", "years", "perhaps", "unnamed", "evidence")


@dataclass(slots=True)
class _Programme:
    """What was gathered of one programme of one school: rows that say it is offered, and those of partnerships."""

    iris: set[str] = field(default_factory=set)
    names: Counter[str] = field(default_factory=Counter)
    offers: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)

    def take(self, iris: Iterable[str], names: Mapping[str, str]) -> None:
        self.iris.update(iris)
        self.names.update(names[iri] for iri in iris)


def key_programmes(frames: Frames) -> dict[str, str]:
    """The IRI of each programme → its code in the catalogue, or the IRI itself where it has none."""
    found = frames.entities[frames.entities["type"] == "Programme"]
    return {iri: code or iri for iri, code in zip(found["iri"], found["code"], strict=True)}


def list_programmes(frames: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """Every programme that a school of the scope offers, or for which a partner of it is named, in order of names.

    school, school_name; programme (its name), also (its other names), programme_iris, code, class, category, level;
    offered: whether a report says that it is, for of partnerships alone one only concludes it; closed: whether the last
    thing that is said of it is that it was; years; partners (IRIs), partner_names, partner_types, modes, headcounts,
    partner_years; evidence of the partnerships, offer_evidence of what is said of the programme itself. Modes and types
    of a scope choose partners, not programmes.
    """
    offerings = _until(select_offerings(frames, replace(scope, years=frozenset())), scope)
    found = _gather_programmes(frames, offerings, select_partnerships(frames, scope))
    rows = []
    for (school, _), programme in found.items():
        offers, facts = programme.offers, programme.facts
        within = [row for row in offers if not scope.years or not scope.years.isdisjoint(row["years"])]
        if not within and not facts:
            continue  # said of other years only
        names = sorted(programme.names, key=lambda name: (-programme.names[name], name))
        partners = {row["partner"]: row for row in facts}
        rows.append(
            {
                "school": school,
                "school_name": frames.entities.at[school, "name"],
                "programme": names[0],
                "also": tuple(sorted(names[1:])),
                "programme_iris": gather([programme.iris]),
                **{key: frames.entities.at[min(programme.iris), key] for key in ("code", "class", "category", "level")},
                "offered": bool(within),
                "closed": _is_closed(offers),
                "years": gather(row["years"] for row in within),
                "partners": tuple(partners),
                "partner_names": tuple(row["partner_name"] for row in partners.values()),
                "partner_types": tuple(row["partner_type"] for row in partners.values()),
                "modes": gather(row["modes"] for row in facts),
                "headcounts": gather(row["headcount"] for row in facts),
                "partner_years": gather(row["years"] for row in facts),
                "evidence": list_evidence(facts),
                "offer_evidence": list_evidence(within),
            }
        )
    rows.sort(key=lambda row: (row["school_name"], row["programme"], row["school"], row["programme_iris"]))
    return make_answer(rows, _LISTED, [])


def find_programmes_at_risk(frames: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """Programmes for which reports name exactly one partner of the school: without it none would be left that is known.

    school, school_name, programme, also, code, class; partner, partner_name, partner_type; modes, headcounts, years of
    the partnership's statements; unnamed, how many other partners the school has for which no programme is told;
    evidence. Programmes that were closed are left out.
    """
    programmes = list_programmes(frames, scope)
    unnamed = _find_unnamed(frames, scope)
    rows = [
        row
        | {
            "partner": row["partners"][0],
            "partner_name": row["partner_names"][0],
            "partner_type": row["partner_types"][0],
            "years": row["partner_years"],
            "unnamed": len([each for each in unnamed[row["school"]] if each[0] != row["partners"][0]]),
        }
        for row in programmes.to_dict("records")
        if len(row["partners"]) == 1 and not row["closed"]
    ]
    return make_answer(rows, _AT_RISK, _notes(frames, scope, programmes))


def find_unpartnered_programmes(frames: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """Programmes that a school offers and for which no report names a partner of it. Not named does not mean none.

    school, school_name, programme, also, code, class, years; perhaps, names of partners for which no programme is told
    and which by their kind may be for this one (a kindergarten for 学前教育; inferred); unnamed, how many partners the
    school has in all for which no programme is told; evidence of the programme. Programmes that were closed are left out.
    """
    programmes = list_programmes(frames, scope)
    unnamed = _find_unnamed(frames, scope)
    rows = [
        row
        | {
            "perhaps": tuple(name for _, name, kind in unnamed[row["school"]] if _may_fit(kind, row)),
            "unnamed": len(unnamed[row["school"]]),
            "evidence": row["offer_evidence"],
        }
        for row in programmes.to_dict("records")
        if row["offered"] and not row["partners"] and not row["closed"]
    ]
    return make_answer(rows, _UNPARTNERED, _notes(frames, scope, programmes))


def _notes(frames: Frames, scope: Scope, programmes: pandas.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    closed = int(programmes["closed"].sum())
    return [("unnamed", {}), *tell_scope(frames, scope), *([("closed", {"closed": closed})] if closed else [])]


def _gather_programmes(
    frames: Frames, offerings: pandas.DataFrame, facts: pandas.DataFrame
) -> dict[tuple[str, str], _Programme]:
    """The programmes of each school by their keys."""
    keys, names = key_programmes(frames), dict(frames.entities["name"])
    found: defaultdict[tuple[str, str], _Programme] = defaultdict(_Programme)
    for row in offerings.to_dict("records"):
        programme = found[row["school"], keys[row["programme"]]]
        programme.take([row["programme"]], names)
        programme.offers.append(row)
    for row in facts.to_dict("records"):
        for key in dict.fromkeys(keys[iri] for iri in row["programme_iris"]):
            programme = found[row["school"], key]
            programme.take([iri for iri in row["programme_iris"] if keys[iri] == key], names)
            programme.facts.append(row)
    return dict(found)


def _until(offerings: pandas.DataFrame, scope: Scope) -> pandas.DataFrame:
    """The rows that are of no later year than the scope: what was closed after it was there in it."""
    last = max(scope.years, default=NEVER)
    return offerings[
        pandas.Series([min(years, default=0) <= last for years in offerings["years"]], offerings.index, bool)
    ]


def _is_closed(offers: Iterable[Row]) -> bool:
    """Whether the last thing that is said of a programme is that it was closed; without any year it counts as last."""
    said = [(max(row["years"], default=NEVER), CLOSED in row["status"]) for row in offers]
    return max(said, default=(0, False))[1]


def _find_unnamed(frames: Frames, scope: Scope) -> defaultdict[str, list[tuple[str, str, str]]]:
    """The partners of each school for which no programme is told: IRI, name, type, in order of names."""
    facts = select_partnerships(frames, scope)
    told = {
        pair
        for pair, iris in zip(zip(facts["school"], facts["partner"], strict=True), facts["programme_iris"], strict=True)
        if iris
    }
    found: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    partners = facts[["school", "partner", "partner_name", "partner_type"]].drop_duplicates(["school", "partner"])
    for school, partner, name, kind in partners.itertuples(index=False, name=None):
        if (school, partner) not in told:
            found[school].append((partner, name, kind))
    return found


def _may_fit(kind: str, programme: Mapping[str, Any]) -> bool:
    category, names = _FITTING.get(kind, ("", None))
    if names is None:
        return False
    said: Iterable[str] = (programme["programme"], *programme["also"])
    return (bool(category) and programme["category"] == category) or any(map(names.search, said))
