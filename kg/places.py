"""Which place a name begins with: 陕西省安康市X, 安康市X and 安康X begin with one place, 市X with that of its report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from kg.reference_data import Region, load_regions, short_region_name
from kg.regions import region_code

_LONGEST = 11  # characters of the longest names of regions that names of organisations begin with
_SIGNS = "市县区旗州盟"
_MUNICIPALITIES = ("11", "12", "31", "50")


@lru_cache(maxsize=65536)
def split_place(name: str, near: str = "", *, brands: bool = False) -> tuple[str, str]:
    """The place before a name and the rest of the name.

    The place is the code of GB/T 2260 without the noughts at its end; "=" and the words themselves where several places
    of that name could be meant; "" where the name begins with none. Short forms (安康, 岚皋) count where only one place
    has them, in the report's own prefecture or, there being none there, in the country. ``near`` is the report's region; 市
    before a name is its city, 省 and 自治区 its province. ``brands``: companies are named after anything, so the short
    form of a county is taken for no place before them.
    """
    code, rest = _own_place(name, near)
    if rest != name:
        return code, rest
    while True:
        found = _place_at(rest, code, near, brands)
        if found is None:
            return code, rest
        place, length = found
        code, rest = place, rest[length:]
        if code.startswith("="):
            return code, rest


def lies_in(place: str, other: str) -> bool:
    """True where ``place`` is ``other`` or a part of it; both are places as ``split_place`` gives them."""
    return place.startswith(other) and not place.startswith("=") and not other.startswith("=")


def region_place(region: str) -> str:
    """The place of a report's region as ``split_place`` writes it; "" where it is not known."""
    code = region_code(region)
    return _trim(code) if code else f"={region}" if region else ""


def prefecture_of(place: str) -> str:
    """The prefecture of a county; any other place is its own, as are the cities that lie right below a province."""
    if place[:2] in _MUNICIPALITIES:
        return place[:2]
    return place if place.startswith("=") or place[2:4] == "90" else place[:4]


def _own_place(name: str, near: str) -> tuple[str, str]:
    own = region_place(near) if near else ""
    if not own or own.startswith("="):
        return "", name
    for sign, length in (("自治区", 2), ("省", 2)):
        if name.startswith(sign) and len(name) > len(sign) + 1:
            return own[:length], name[len(sign) :]
    if name[:1] in tuple(_SIGNS) and len(name) > 2:
        if near.endswith(name[0]):
            return own, name[1:]
        if name[0] == "市" and len(own) == 6 and near[-1] != "市":
            return prefecture_of(own), name[1:]  # in a county's report 市 is its prefecture's city
    return "", name


def _place_at(name: str, within: str, near: str, brands: bool) -> tuple[str, int] | None:
    """(place, length) of the region at the beginning of ``name`` that lies in ``within``; None for none."""
    for length in range(min(_LONGEST, len(name) - 1), 1, -1):
        lead = name[:length]
        full = [region for region in _by_name().get(lead, ()) if _is_below(region, within)]
        if full:
            chosen = _choose(full, near)
            return (_trim(chosen.code) if chosen else f"={lead}"), length
        if len(within) >= 4:  # after a prefecture only full names are places: 南京江宁学校 may be a name of its own
            continue
        short = [region for region in _by_short().get(lead, ()) if _is_below(region, within)]
        if short and len(name) - length >= 2:
            if brands:
                short = short if all(region.level != "county" for region in short) else []
            chosen = _choose(short, near) if short else None
            if chosen is None:  # 河北 before 承德县 is the province, not the district of its name
                provinces = (region for region in short if region.level == "province")
                chosen = next((r for r in provinces if _place_at(name[length:], _trim(r.code), near, brands)), None)
            if chosen is not None:
                return _trim(chosen.code), length
    return None


def _choose(regions: Iterable[Region], near: str) -> Region | None:
    """The one that is meant near a region; None where it could be several."""
    regions = list(regions)
    regions = [r for r in regions if not any(_is_below(r, _trim(o.code)) for o in regions)]  # 嘉峪关市 has two codes
    if len(regions) > 1 and any(region.level == "province" for region in regions):
        return None  # 吉林, 海南: the province or a city of its name, wherever the report is from
    own = [region.code for region in _by_name().get(near, ())] if near else []
    for length in (4, 2):
        within = [r for r in regions if any(r.code[:length] == code[:length] for code in own)]
        if len(within) == 1:
            return within[0]
        if within and length == 4:
            return None
    return regions[0] if len(regions) == 1 else None


def _is_below(region: Region, within: str) -> bool:
    return not within or (region.code.startswith(within) and _trim(region.code) != within)


def _trim(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[Region]]:
    result: dict[str, list[Region]] = defaultdict(list)
    for region in load_regions():
        result[region.name].append(region)
        ruled = re.search(r"自治([州县旗])$", region.name)
        if ruled and (short := short_region_name(region.name) + ruled.group(1)) != region.name:
            result[short].append(region)  # 湘西州
    return dict(result)


@lru_cache(maxsize=1)
def _by_short() -> dict[str, list[Region]]:
    result: dict[str, list[Region]] = defaultdict(list)
    for region in load_regions():
        short = short_region_name(region.name)
        if short != region.name:
            result[short].append(region)
    return dict(result)
