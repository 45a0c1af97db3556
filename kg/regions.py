"""Names of places → codes of GB/T 2260: full names, and short forms made by rule where the report's own region decides.

A full name that one place bears is that place. One that several bear (鼓楼区) is the one of the report's own region. A
short form (岚皋 for 岚皋县, 湘西州 for 湘西土家族苗族自治州) is the one place of the report's own region that it fits; two
that fit are none. Forms are made from the list by rule, never looked up elsewhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.reference_data import Region, load_regions, short_region_name

_ENDING = re.compile(r"(?:(?<=自治)[区州县旗]|地区|特别行政区|[省市县区旗盟州])$")
# Zones that bureaus run; the list has some of them by their full names, and they have no short forms.
_ZONE = re.compile(r"(?:开发区|高新区|新区|园区|管理区|示范区|实验区|试验区|保税区|度假区|工业区|管委会|委员会)$")
# With one character before it, only these endings name a place: 市区 and 城区 are common nouns, and so is 全县.
_AFTER_ONE = tuple("县旗州盟")
_COMMON = frozenset("全本该各我外邻大小两三多某新老强穷贫富旧每此那这")


@dataclass(frozen=True, slots=True)
class RegionLink:
    """What a name was found to be: ``how`` is exact, short-form or in-report-region; "" where there is no code.

    ``candidates`` are the codes of several places that the name fits alike.
    """

    code: str = ""
    how: str = ""
    candidates: tuple[str, ...] = ()


@lru_cache(maxsize=65536)
def link_region(name: str, near: str = "") -> RegionLink:
    """The place of GB/T 2260 that a name means in a report of the region ``near`` ("" where it is not known)."""
    name = "".join(name.split())
    scope = _scope_of(near)
    full = _full(name)
    if len(full) == 1:
        loose = _forms_within(scope, loose=True).get(name, frozenset())
        if loose and full.isdisjoint(scope):
            return _unsure(full | loose)  # 岚县 lies in Shanxi; in a report of Ankang it may be short for 岚皋县
        return RegionLink(next(iter(full)), "exact")
    if full:
        within = full & scope
        return RegionLink(next(iter(within)), "in-report-region") if len(within) == 1 else _unsure(full)
    if _ZONE.search(name):
        return RegionLink()
    own, anywhere = _forms_within(scope).get(name, frozenset()), _forms_anywhere().get(name, frozenset())
    if own:  # a county is not called as a province or prefecture elsewhere is: 西安 in a report of the city of 西安区
        return _choose(own | {code for code in anywhere if _by_code()[code].level != "county"})
    if any(_by_code()[code].level != "county" for code in anywhere):
        return _choose(anywhere)
    return RegionLink()


def region_code(name: str, near: str = "") -> str:
    """The code of ``link_region``; "" where there is none."""
    return link_region(name, near).code


def short_forms(region: Region) -> frozenset[str]:
    """The forms by which a region may be called inside its prefecture: rules only, whether or not they are unique.

    >>> sorted(short_forms(Region("", "科右甲乙旗", "county", "")))
    ['科右', '科右旗', '科右甲乙', '科右甲旗', '科旗']
    """
    found = _ENDING.search(region.name)
    if not found or _ZONE.search(region.name):
        return frozenset()
    ending = found.group(0)[-1]
    stem = short_region_name(region.name)
    if stem == region.name:
        return frozenset()  # 威县: the rest would be one character
    forms = {stem, stem + ending}
    if len(stem) > 2:
        forms.add(stem[:2])
    for length in range(1, len(stem)):
        if length > 1 or (ending in _AFTER_ONE and stem[0] not in _COMMON):
            forms.add(stem[:length] + ending)
    parent = _by_code().get(region.parent)
    if parent is not None and parent.name.endswith("市") and ending != "市":
        forms.discard(short_region_name(parent.name))  # 承德 is the city, never its county 承德县
    return frozenset(form for form in forms if form != region.name and not _ZONE.search(form))


@lru_cache(maxsize=1)
def _by_code() -> Mapping[str, Region]:
    return {region.code: region for region in load_regions()}


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, frozenset[str]]:
    names: defaultdict[str, set[str]] = defaultdict(set)
    for region in load_regions():
        names[region.name].add(region.code)
    return {name: frozenset(codes) for name, codes in names.items()}


@lru_cache(maxsize=1)
def _children() -> Mapping[str, tuple[str, ...]]:
    children: defaultdict[str, list[str]] = defaultdict(list)
    for region in load_regions():
        children[region.parent].append(region.code)
    return {parent: tuple(codes) for parent, codes in children.items()}


@lru_cache(maxsize=4096)
def _below(code: str) -> frozenset[str]:
    """A region and all that lies in it."""
    return frozenset({code}.union(*(_below(child) for child in _children().get(code, ()))))


def _full(name: str) -> frozenset[str]:
    """The places that bear the very name, with or without the names of those around it before it."""
    codes = _by_name().get(name, frozenset())
    if not codes:
        for length in range(2, len(name) - 1):
            around = _by_name().get(name[:length], frozenset())
            inside = _full(name[length:]) if around else frozenset()
            codes = frozenset(code for code in inside if any(code in _below(outer) for outer in around))
            if codes:
                break
    outer = [code for code in codes if all(other in _below(code) for other in codes)]
    return frozenset(outer) if outer else codes  # a prefecture and its only county of one name are one place


def _scope_of(near: str) -> frozenset[str]:
    """What the report's own region covers: a province or prefecture with all in it; a county with its prefecture.

    The province around it is there too: 河北 is no district of Tianjin in a report of Hebei.
    """
    near = "".join(near.split())
    own = _full(near) or _forms_anywhere().get(near, frozenset())
    if len(own) != 1:
        return frozenset()
    region = _by_code()[next(iter(own))]
    if region.level == "county":
        region = _by_code()[region.parent]
    return _below(region.code) | ({region.parent} if region.parent else frozenset())


@lru_cache(maxsize=1024)
def _forms_within(scope: frozenset[str], loose: bool = False) -> Mapping[str, frozenset[str]]:
    """Short forms → the places of one report's region that they fit.

    Beyond one prefecture only the name without its ending counts, unless ``loose``: 甲县 may be short for too many.
    """
    regions = [_by_code()[code] for code in scope]
    narrow = loose or sum(region.level == "prefecture" for region in regions) <= 1
    return _collect(
        (form, region) for region in regions for form in short_forms(region) if narrow or _is_stem(form, region)
    )


@lru_cache(maxsize=1)
def _forms_anywhere() -> Mapping[str, frozenset[str]]:
    """Names without their ending, for reports of any region: 保定, 湘西, 湘西州."""
    regions = load_regions()
    return _collect((form, region) for region in regions for form in short_forms(region) if _is_stem(form, region))


def _is_stem(form: str, region: Region) -> bool:
    return form.startswith(short_region_name(region.name))


def _collect(forms: Iterable[tuple[str, Region]]) -> Mapping[str, frozenset[str]]:
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for form, region in forms:
        codes[form].add(region.code)
    return {form: frozenset(found) for form, found in codes.items()}


def _choose(codes: Iterable[str]) -> RegionLink:
    found = frozenset(codes)
    if len(found) > 1:
        return _unsure(found)
    return RegionLink(next(iter(found)), "short-form") if found else RegionLink()


def _unsure(codes: Iterable[str]) -> RegionLink:
    return RegionLink(candidates=tuple(sorted(codes)))
