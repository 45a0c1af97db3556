"""Two builds, two years or two regions side by side.

What a side does not mention has not ended: it is called not mentioned where that side has a report of the school, and is
not judged where it has none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pandas

from kg.analysis.scope import (
    EVERYTHING,
    Row,
    Scope,
    gather,
    group_rows,
    lies_in,
    list_evidence,
    make_answer,
    select_offerings,
    select_partnerships,
    tell_scope,
)
from kg.frames import Frames

# What a row says; in the order in which rows come.
GAINED, CHANGED, KEPT, NOT_MENTIONED, NOT_JUDGED = "gained", "changed", "kept", "not-mentioned", "not-judged"
BOTH, ONLY_FIRST, ONLY_SECOND = "both", "only-first", "only-second"
_ORDER = (GAINED, CHANGED, KEPT, NOT_MENTIONED, BOTH, ONLY_FIRST, ONLY_SECOND, NOT_JUDGED)

Pair = tuple[str, str]
Covers = Callable[[Pair], bool]  # whether a side has a report of a pair's school
_TOLD = ("modes", "programmes", "headcount")
_BASIS = ("modes", "headcount")  # that make a difference; a programme may stand under a longer or a shorter name
_SIDES = tuple(f"{what}_{side}" for what in (*_TOLD, "evidence") for side in ("before", "after"))
_OF_PAIRS = ("change", "school", "school_name", "partner", "partner_name", "partner_type", "missing", "differs")
_OF_REGIONS = (
    *("change", "partner", "partner_name", "partner_type", "missing", "differs", "schools_before", "schools_after"),
    *_SIDES,
)


@dataclass(frozen=True, slots=True)
class _Side:
    """The statements of one side by the pairs that both sides call alike; names and types of entities."""

    facts: Mapping[Pair, list[Row]]
    names: Mapping[str, tuple[str, str]]


def compare_years(frames: Frames, before: int, after: int, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """The partnerships of two years side by side. A statement is of the years that it names, else of its report's.

    change: gained, changed (in modes or headcounts, where both years tell some), kept, not-mentioned, not-judged; missing:
    the sides (before, after) for which the school has no report of its own: of those nothing is judged, what both mention
    is kept. school, school_name, partner, partner_name, partner_type; differs (modes, headcount); modes, programmes,
    headcount and evidence with _before and _after. Modes of a scope choose pairs that have one of them on either side.
    """
    whole = replace(scope, modes=frozenset())
    sides = [_take(select_partnerships(frames, replace(whole, years=frozenset({year})))) for year in (before, after)]
    own = set(zip(frames.reports["publisher_iri"], frames.reports["year"], strict=True))
    rows = _compare_pairs(sides, (lambda pair: (pair[0], before) in own, lambda pair: (pair[0], after) in own))
    return _answer(_choose(rows, scope), [("years", {"before": before, "after": after}), *tell_scope(frames, scope)])


def compare_builds(frames: Frames, other: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """The partnerships of two builds side by side: ``frames`` is the former, ``other`` the later; columns as of
    ``compare_years``, and matched: iri, or name where the school or the partner has another IRI and only its exact name
    and type are the same.

    A build covers a pair where it has a report of the school's own, or the very report that states the pair in the other.
    """
    calls_before, by_name = _match_entities(frames, other)
    calls_after = {former: iri for former, iri in _lead(frames).items() if former not in frames.entities.index}
    calls = calls_before, calls_after
    wanted = {called.get(school, school) for called in calls for school in scope.schools}
    whole = replace(scope, schools=frozenset(), modes=frozenset())
    sides = [
        _take(select_partnerships(each, whole), called, wanted)
        for each, called in zip((frames, other), calls, strict=True)
    ]
    covers = (_cover(frames, calls_before, sides[1]), _cover(other, calls_after, sides[0]))
    rows = _compare_pairs(sides, covers)
    for row in rows:
        row["matched"] = "name" if not by_name.isdisjoint((row["school"], row["partner"])) else "iri"
    return _answer(_choose(rows, scope), [("builds", {})], "matched")


def compare_regions(
    frames: Frames, first: Collection[str], second: Collection[str], scope: Scope = EVERYTHING
) -> pandas.DataFrame:
    """The partners of the schools of two regions side by side; regions are codes of GB/T 2260.

    change: both, only-first, only-second, or not-judged, where no report says anything of a school of the other region
    (missing). partner, partner_name, partner_type; differs; schools, modes, programmes, headcount and evidence with
    _before (the first region) and _after (the second).
    """
    whole = replace(scope, modes=frozenset())
    facts = [select_partnerships(frames, replace(whole, places=frozenset(places))) for places in (first, second)]
    known = [_is_covered(frames, frozenset(places)) for places in (first, second)]
    grouped = [{("", partner): rows for partner, rows in group_rows(side, "partner").items()} for side in facts]
    names = {iri: (name, kind) for side in facts for iri, name, kind in _partners(side)}
    sides = [_Side(each, names) for each in grouped]
    rows = _compare_pairs(sides, (lambda _: known[0], lambda _: known[1]))
    called = {GAINED: ONLY_SECOND, NOT_MENTIONED: ONLY_FIRST, KEPT: BOTH, CHANGED: BOTH, NOT_JUDGED: NOT_JUDGED}
    # of a region's schools as a whole: what differs is told, but nothing has changed
    for row in rows:
        row["change"] = called[row["change"]]
        for side, name in zip(grouped, ("before", "after"), strict=True):
            row[f"schools_{name}"] = gather([{fact["school_name"] for fact in side.get(("", row["partner"]), ())}])
    rows = _choose(rows, scope)
    return make_answer(
        _sort(rows),
        _OF_REGIONS,
        [("regions", {}), *tell_scope(frames, replace(scope, places=frozenset((*first, *second))))],
    )


# ---- entities of two builds


def _match_entities(before: Frames, after: Frames) -> tuple[dict[str, str], set[str]]:
    """The IRIs of the former build → those of the later, where they are others; and those of the later that were only
    matched by name and type."""
    ours, theirs = before.entities, after.entities
    led = {former: iri for former, iri in _lead(after).items() if former not in theirs.index}
    known = set(led) | set(_lead(before))
    left = [
        side[[iri not in other.index and iri not in known for iri in side["iri"]]]
        for side, other in ((ours, theirs), (theirs, ours))
    ]
    named = [
        {key: rows["iri"].iloc[0] for key, rows in side.groupby(["name", "type"]) if len(rows) == 1} for side in left
    ]
    matched = {named[0][key]: named[1][key] for key in named[0].keys() & named[1].keys()}
    return led | matched, set(matched.values())


def _lead(frames: Frames) -> dict[str, str]:
    """The IRIs that were merged into others → where they lead in the end."""
    redirects = dict(zip(frames.redirects["former"], frames.redirects["iri"], strict=True))
    found = {}
    for former in redirects:
        iri = former
        while iri in redirects:
            iri = redirects[iri]
        found[former] = iri
    return found


def _cover(frames: Frames, called: Mapping[str, str], other: _Side) -> Covers:
    own = {called.get(iri, iri) for iri in frames.reports["publisher_iri"]} - {""}
    held = set(frames.reports["report"])
    return lambda pair: pair[0] in own or any(fact["report"] in held for fact in other.facts.get(pair, ()))


# ---- two sides


def _take(
    facts: pandas.DataFrame, called: Mapping[str, str] = MappingProxyType({}), only: Collection[str] = ()
) -> _Side:
    """A side with its entities called as ``called`` says, themselves where it does not; of the schools ``only``, if any."""
    facts = facts.assign(**{each: facts[each].map(lambda iri: called.get(iri, iri)) for each in ("school", "partner")})
    if only:
        facts = facts[facts["school"].isin(only)]
    names = {iri: (name, "") for iri, name in zip(facts["school"], facts["school_name"], strict=True)}
    names |= {iri: (name, kind) for iri, name, kind in _partners(facts)}
    return _Side(group_rows(facts, "school", "partner"), names)


def _partners(facts: pandas.DataFrame) -> Iterable[tuple[str, str, str]]:
    columns = facts[["partner", "partner_name", "partner_type"]].drop_duplicates("partner")
    return columns.itertuples(index=False, name=None)


def _compare_pairs(sides: Sequence[_Side], covers: Sequence[Covers]) -> list[dict[str, Any]]:
    (before, after), rows = sides, []
    names = {**before.names, **after.names}
    for pair in {**before.facts, **after.facts}:
        told = [_tell(side.facts.get(pair, ())) for side in (before, after)]
        both = pair in before.facts and pair in after.facts
        silent = [
            name
            for name, side, covered in zip(("before", "after"), sides, covers, strict=True)
            if (both or pair not in side.facts) and not covered(pair)
        ]
        differs = tuple(key for key in _BASIS if told[0][key] and told[1][key] and told[0][key] != told[1][key])
        if both:
            change = CHANGED if differs and not silent else KEPT
        elif pair in after.facts:
            change = NOT_JUDGED if silent else GAINED
        else:
            change = NOT_JUDGED if silent else NOT_MENTIONED
        school, partner = pair
        rows.append(
            {
                "change": change,
                "school": school,
                "school_name": names.get(school, ("", ""))[0],
                "partner": partner,
                "partner_name": names[partner][0],
                "partner_type": names[partner][1],
                "missing": tuple(silent),
                "differs": differs if change == CHANGED else (),
                **{f"{key}_before": value for key, value in told[0].items()},
                **{f"{key}_after": value for key, value in told[1].items()},
            }
        )
    return rows


def _choose(rows: list[dict[str, Any]], scope: Scope) -> list[dict[str, Any]]:
    """The rows with a mode of the scope on either side: what it lost is as much an answer as what it has."""
    if not scope.modes:
        return rows
    return [row for row in rows if not scope.modes.isdisjoint((*row["modes_before"], *row["modes_after"]))]


def _tell(facts: Sequence[Row]) -> dict[str, tuple[Any, ...]]:
    return {key: gather(fact[key] for fact in facts) for key in _TOLD} | {"evidence": list_evidence(facts)}


def _sort(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        return _ORDER.index(row["change"]), row["school_name"], row["partner_name"], row["school"], row["partner"]

    return sorted(rows, key=key)


def _answer(rows: list[dict[str, Any]], notes: Iterable[tuple[str, Mapping[str, Any]]], *also: str) -> pandas.DataFrame:
    return make_answer(_sort(rows), (*_OF_PAIRS, *also, *_SIDES), notes)


def _is_covered(frames: Frames, places: frozenset[str]) -> bool:
    """Whether any report tells of a school of these places."""
    scope = Scope(places=places)
    own = set(frames.reports["publisher_iri"]) & lies_in(frames, places)
    return bool(own) or len(select_partnerships(frames, scope)) > 0 or len(select_offerings(frames, scope)) > 0
