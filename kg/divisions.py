"""Administrative divisions as places of entities: what lies above one, which of several an entity lies in, how far apart two
are."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from kg.places import split_place
from kg.reference_data import Region, load_regions

# How a place is known: a report says that it lies there, its own report is of there, or its name tells it.
SAID, OWN, NAME = "said", "own", "name"
EARTH_KM = 6371.0088  # the mean radius of the earth (IUGG)
_PLACELESS = ("Region", "Programme", "Designation")
_BRANCH = re.compile(r"(?:分公司|分行|支行|分店|分厂|分院|分校)$")
_STREET = re.compile(r".{2,3}[东西南北中]?(?:大街|大道|路|街)")  # 北京路幼儿园 lies anywhere
_SMALLER = frozenset("区县市州盟旗镇乡村街路")
_LONGEST_PLACE = 12  # characters of a place before the word for a branch


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


def choose_places(rows: Iterable[Sequence[Any]]) -> dict[Any, tuple[str, str]]:
    """The one place of each entity, and how it is known; ``rows`` are entity, code and basis (SAID or OWN).

    Of several places the one inside all others counts (安新县 in 保定市); of places apart, what holds them all, below a
    province's level; else none, for nobody knows which is right.
    """
    places: dict[str, defaultdict[Any, set[str]]] = {SAID: defaultdict(set), OWN: defaultdict(set)}
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
    """The place that an organisation's name tells, and NAME; two empty texts where it tells none.

    Of a branch (某公司天津分公司) it is that of the branch, else the place that the name begins with, at least its
    province: before a company's name 河北 is the province, not a district of that name. The short form of a county counts for
    schools alone: 东城新苗幼儿园 of any town is not in Beijing.
    """
    if type_ in _PLACELESS or _STREET.match(name):
        return "", ""
    code = _place_of_branch(name) or split_place(name, brands=type_ != "School")[0]
    full = "" if code.startswith("=") else code.ljust(6, "0") if code else ""
    full = full or next((code for short, code in _provinces() if _begins_with(name, short)), "")
    return (full, NAME) if full in divisions_by_code() else ("", "")


def _place_of_branch(name: str) -> str:
    """The place right before the word for a branch at a name's end, as short as it may be written there."""
    branch = _BRANCH.search(name)
    for at in range(max(1, branch.start() - _LONGEST_PLACE), branch.start() - 1) if branch else ():
        code, rest = split_place(name[at:])
        if branch and code and not code.startswith("=") and rest == branch[0]:
            return code
    return ""


def _begins_with(name: str, province: str) -> bool:
    """True for 河北某某公司, not for 河北区某某公司 or 河北路幼儿园, which are named after it."""
    return name.startswith(province) and name[len(province) : len(province) + 1] not in _SMALLER


@cache
def _provinces() -> tuple[tuple[str, str], ...]:
    return tuple((short_province(each.name), each.code) for each in load_regions() if each.level == "province")


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


def find_shared_level(one: str, other: str) -> str:
    """The narrowest level at which two places are one: county, prefecture or province; "" where there is none."""
    if one == other:
        return divisions_by_code()[one].level if one in divisions_by_code() else ""
    for level in ("prefecture", "province"):
        if (place := climb(one, level)) and place == climb(other, level):
            return level
    return ""


def measure_distance(one: str, other: str) -> float | None:
    """The kilometres between the seats of two places, along a great circle (haversine formula).

    None where that says nothing: one place is the other or holds it, or a seat is unknown or that of a whole province.
    """
    if one in list_above(other) or other in list_above(one):
        return None
    seats = [_find_seat(one), _find_seat(other)]
    if seats[0] is None or seats[1] is None:
        return None
    (x1, y1), (x2, y2) = seats[0], seats[1]
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _find_seat(code: str) -> tuple[float, float] | None:
    """Where the seat of a county, a prefecture or a municipality is, in radians."""
    place = divisions_by_code().get(code)
    if place is None or not place.longitude or (place.level == "province" and not place.name.endswith("市")):
        return None
    return math.radians(float(place.longitude)), math.radians(float(place.latitude))
