"""Which programmes have partners, and where partners lie: schools by classes of programmes, programmes by modes, and the
places of partners beside those of their schools.

A programme is covered at a school where a place of a report names it in a partnership of that school. What reports are
silent about counts as not named, which is not the same as not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.divisions import find_shared_level, measure_distance
from kg.frame_choice import Chosen, Row

CLOSED = "停办"
UNLISTED = "-"  # the class of programmes that the catalogue does not have
UNNAMED = ""  # the programme, or the mode, of a partnership that names none
COUNTY, PREFECTURE, PROVINCE, ELSEWHERE, UNKNOWN = "county", "prefecture", "province", "elsewhere", "unknown"


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a matrix: the programmes of it, those of them with a partner, and who the partners are.

    ``facts`` are partnerships and ``offers`` places that name a programme without partner, both as statements.
    """

    covered: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()

    @property
    def programmes(self) -> int:
        return len(self.covered) + len(self.bare)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a matrix: a school, or a programme, and its fields by the keys of columns."""

    iri: str
    cells: Mapping[str, Cell]
    whole: Cell
    schools: int = 0  # that have the programme


@dataclass(frozen=True, slots=True)
class Pair:
    """A school and a partner with their places (codes, "" where unknown) and how each is known.

    ``near`` is the smallest place that is known to hold both. ``distance`` is that of the seats of their counties or
    prefectures in km, None where one of them is not known so well, or where one place lies in the other.
    """

    school: str
    partner: str
    school_place: str
    school_basis: str
    partner_place: str
    partner_basis: str
    near: str
    distance: int | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The three tables. ``classes`` are the columns of ``by_class``: code and name of each; ``modes`` those of
    ``by_mode``, UNNAMED last where a place says no mode."""

    classes: Mapping[str, tuple[str, str]]
    modes: tuple[str, ...]
    by_class: tuple[Line, ...]
    by_mode: tuple[Line, ...]
    pairs: tuple[Pair, ...]


@dataclass
class _Tally:
    """What a field of a matrix is counted up from. Keys of ``offers`` are (school, programme)."""

    offers: dict[tuple[str, str], str] = field(default_factory=dict)
    covered: set[tuple[str, str]] = field(default_factory=set)
    partners: set[str] = field(default_factory=set)
    facts: dict[str, None] = field(default_factory=dict)

    def close(self, names: Mapping[str, Row]) -> Cell:
        bare = {key: statement for key, statement in self.offers.items() if key not in self.covered}

        def name(programmes: Iterable[str]) -> tuple[str, ...]:
            return tuple(sorted({iri: names[iri]["name"] for iri in programmes}.values()))

        return Cell(
            covered=name(programme for _, programme in self.covered),
            bare=name(programme for _, programme in bare),
            partners=tuple(sorted(self.partners)),
            facts=tuple(self.facts),
            offers=tuple(bare[key] for key in sorted(bare)),
        )


def find_coverage(chosen: Chosen) -> Coverage:
    """The coverage of the programmes of a choice by whichever partners; ``pairs`` are of the partnerships of the choice."""
    offered = list_open_offerings(chosen.offerings)
    by_class: defaultdict[str, defaultdict[str, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    by_mode: defaultdict[str, defaultdict[str, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    schools: defaultdict[str, set[str]] = defaultdict(set)
    whole = "*"
    for (school, programme), rows in offered.items():
        statement = rows[-1]["statement"]
        for key in (find_class(chosen.entities[programme]), whole):
            by_class[school][key].offers[school, programme] = statement
        by_mode[programme][whole].offers[school, programme] = statement
        schools[programme].add(school)
    for row in chosen.scope:
        school = row["school"]
        programmes = row["programme_iris"] or (UNNAMED,)
        for programme in programmes:
            class_ = find_class(chosen.entities[programme]) if programme else UNNAMED
            tallies = [by_class[school][class_], by_class[school][whole], by_mode[programme][whole]]
            tallies += [by_mode[programme][mode] for mode in row["modes"] or (UNNAMED,)]
            for tally in tallies:
                tally.partners.add(row["partner"])
                tally.facts[row["statement"]] = None
                if programme:
                    tally.covered.add((school, programme))
            if programme and row["school_type"] == "School":
                schools[programme].add(school)
    lines = _close(by_class, whole, chosen, {})
    seen = {key for line in lines for key in line.cells}
    modes = {mode for line in by_mode.values() for mode in line} - {whole}
    return Coverage(
        classes=_order_classes(seen, chosen),
        modes=(*sorted(modes - {UNNAMED}), *([UNNAMED] if UNNAMED in modes else [])),
        by_class=lines,
        by_mode=_close(by_mode, whole, chosen, schools),
        pairs=tuple(_find_pairs(chosen)),
    )


def list_open_offerings(offerings: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """The places that name each (school, programme) on offer, in order of years; without those closed at any time, and
    without what a report says of all schools of a region."""
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    closed = set()
    for row in offerings:
        if row["school_type"] != "School":
            continue
        key = (row["school"], row["programme"])
        found[key].append(row)
        if CLOSED in row["status"]:
            closed.add(key)
    return {
        key: sorted(found[key], key=lambda row: (row["years"], row["report"], row["statement"]))
        for key in sorted(found)
        if key not in closed
    }


def find_class(programme: Row) -> str:
    """The key of the class that a programme is in: the code of the catalogue, UNLISTED for none."""
    return str(programme["class_code"]) or UNLISTED


def find_shared_place(one: str, other: str) -> str:
    """The level of the smallest place that is known to hold two places: where only the province of one is known, it
    is the province; ELSEWHERE for two provinces, UNKNOWN where the place of one is not known."""
    return find_shared_level(one, other) or (ELSEWHERE if one and other else UNKNOWN)


def _round_distance(one: str, other: str) -> int | None:
    distance = measure_distance(one, other)
    return None if distance is None else round(distance)


def _find_pairs(chosen: Chosen) -> Iterable[Pair]:
    facts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in chosen.partnerships:
        if row["school_type"] == "School":  # a whole city has no seat of its schools
            facts[row["school"], row["partner"]].append(row["statement"])
    for school, partner in sorted(facts, key=lambda pair: tuple(chosen.entities[iri]["name"] for iri in pair)):
        ends = [(chosen.entities[iri]["place_code"], chosen.entities[iri]["place_basis"]) for iri in (school, partner)]
        codes = [code for code, _ in ends]
        yield Pair(
            school,
            partner,
            *ends[0],
            *ends[1],
            near=find_shared_place(codes[0], codes[1]),
            distance=_round_distance(codes[0], codes[1]),
            facts=tuple(facts[school, partner]),
        )


def _close(
    tallies: Mapping[str, Mapping[str, _Tally]], whole: str, chosen: Chosen, schools: Mapping[str, set[str]]
) -> tuple[Line, ...]:
    lines = [
        Line(
            iri=iri,
            cells={key: tally.close(chosen.entities) for key, tally in row.items() if key != whole},
            whole=row[whole].close(chosen.entities),
            schools=len(schools.get(iri, ())),
        )
        for iri, row in tallies.items()
    ]

    def order(line: Line) -> tuple[Any, ...]:
        name = chosen.entities[line.iri]["name"] if line.iri else ""
        return (line.iri == UNNAMED, -line.schools, -line.whole.programmes, -len(line.whole.partners), name, line.iri)

    return tuple(sorted(lines, key=order))


def _order_classes(keys: set[str], chosen: Chosen) -> dict[str, tuple[str, str]]:
    """The classes in order of their codes; then programmes outside the catalogue, then partnerships that name none."""
    named = {
        row["class_code"]: row["class"] for row in chosen.entities.values() if row["class_code"] in keys - {UNNAMED}
    }
    last = [key for key in (UNLISTED, UNNAMED) if key in keys]
    return {key: (key, named[key]) for key in sorted(named)} | dict.fromkeys(last, ("", ""))
