"""Administrative divisions as places of entities: what lies above one, and which of several an entity lies in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from kg.places import split_place
from kg.reference_data import Region, load_regions

# How a place is known: a report says that it lies there, its own report is of there, or its name begins with the place.
SAID, OWN, NAME = "said", "own", "name"
_PLACELESS = ("Region", "Programme", "Designation")


def short_province(province: str) -> str:
    """A province as maps write it: 河北, 内蒙古, 新疆, 香港."""
    return re.sub(r"(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市)$", "", province)


@cache
def divisions_by_code() -> Mapping[str, Region]:
    """The divisions of GB/T 2260 by their codes."""
    return {each.code: each for each in load_regions()}


def list_above(code: str) -> list[str]:
    """The codes of a place and of those above it, from the place up; none where there is no such code."""
    found = []
    while code in divisions_by_code():
        found.append(code)
        code = divisions_by_code()[code].parent
    return found


def climb(code: str, level: str) -> str:
    """The place of this level that a place is or lies in; "" where the place is above that level.

    Counties that no prefecture stands above (those of Beijing) count as prefectures too.
    """
    if level == "county":
        return code
    chain = list_above(code)
    found = next((each for each in chain if divisions_by_code()[each].level == level), "")
    if not found and level == "prefecture" and chain and divisions_by_code()[chain[0]].level == "county":
        return chain[0]
    return found


def choose_places(rows: Iterable[Sequence[Any]]) -> dict[str, tuple[str, str]]:
    """The one place of each entity, and how it is known; ``rows`` are entity, code and basis (SAID or OWN).

    Of several places the one inside all others counts (安新县 in 保定市); of places apart, what holds them all, below a
    province's level; else none, for nobody knows which is right.
    """
    places: dict[str, defaultdict[str, set[str]]] = {SAID: defaultdict(set), OWN: defaultdict(set)}
    for entity, code, basis in rows:
        if code in divisions_by_code():
            places[basis][entity].add(code)
    found = {}
    for entity in sorted({*places[SAID], *places[OWN]}):
        basis = SAID if entity in places[SAID] else OWN
        if code := _choose(places[basis][entity]):
            found[entity] = (code, basis)
    return found


def infer_place(type_: str, name: str) -> tuple[str, str]:
    """The place that an organisation's name begins with (安康市…), and NAME; two empty texts where there is none."""
    code = "" if type_ in _PLACELESS else split_place(name, brands=type_ == "Enterprise")[0]
    full = code.ljust(6, "0") if code and not code.startswith("=") else ""
    return (full, NAME) if full in divisions_by_code() else ("", "")


def _choose(codes: Collection[str]) -> str:
    above = {each for code in codes for each in list_above(code)[1:]}
    inner = [code for code in codes if code not in above]
    if len(inner) == 1:
        return inner[0]
    shared = set.intersection(*(set(list_above(code)) for code in inner))
    chain = list_above(inner[0])
    return next((code for code in chain if code in shared and divisions_by_code()[code].level != "province"), "")


def say_place(code: str) -> str:
    """河北 安新县: a place's name, with its province before it."""
    chain = list_above(code)
    name = divisions_by_code()[code].name
    return name if len(chain) == 1 else f"{short_province(divisions_by_code()[chain[-1]].name)} {name}"
