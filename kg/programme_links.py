"""Names and codes of programmes → programmes of the ministry's catalogue of 2021, at the level that fits the school.

A name links where the catalogue has that very name at the level, where it is short for one (汽修), or where it is one
with a direction behind it (护理（老年护理）). Names of older catalogues and of skilled-worker trades have no code of 2021:
they get proposals for the eye, never a link. Successors come from official texts only (programme-renames.csv).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kg.programmes import known_programmes
from kg.reference_data import (
    CatalogueEntry,
    load_catalogue,
    load_programme_names,
    load_renames,
    programme_name_kinds,
)

SECONDARY, COLLEGE, BACHELOR = "中职", "高职专科", "职教本科"
MOST_PROPOSALS = 4
LEAST_LIKENESS = 0.34  # of a name and a class or a member of it: two characters of five that stand together

_COLLEGE_NAME = re.compile(r"职业(?:技术)?学院|职院|专科学校|高专$")
_VOCATIONAL_UNIVERSITY = re.compile(r"职业(?:技术)?大学|职业本科")
_SECONDARY_NAME = re.compile(
    r"学校|中学|中专|职教|职业(?:技术)?教育中心|职[高中专校]|[技卫艺体农商财工]校|技师(?:学院)?$|高中|[一二三四五六七八九十]职$"
)
_THROUGH = re.compile(
    r"[3三]\s*[+＋加]\s*[2-4二三四]|2\s*[+＋]\s*3|五年(?:一贯)?制|五年一贯|贯通|中高职?衔接|中高本|中本|专本|对口升学|直升"
)
_SAYS_COLLEGE = re.compile(r"高职|大专|专科(?!学校)")
_SAYS_SECONDARY = re.compile(r"(?<!职业)中职|(?<!职业)中专(?!学校)|中等职业(?!.{0,4}学校)")
_SAYS_BOTH = re.compile(r"中高职|中职高职|中、高职")
_DIRECTION = re.compile(r"^(?P<base>[^()]{2,}?)(?:\((?P<bracket>[^()]+)\)|[—–―-]+(?P<dash>[^()]{2,}))$")
_OCCUPATION = re.compile(r"(?<![化施加手])工$|[师员]$")


@dataclass(frozen=True, slots=True)
class NameLink:
    """What a name was found to be. ``entry`` is None where it is nothing that the catalogue has at the levels asked.

    ``how`` is exact, short-name, direction or official-text; without an entry the reason: trade, older-name,
    other-level, level-not-said or not-in-scheme.
    """

    entry: CatalogueEntry | None
    how: str


def fold_programme(name: str) -> str:
    """A name as it is compared: one width, no blanks or quotation marks, no 专业 at its end, 和 and 及 as 与."""
    name = re.sub(r"[\s“”\"'‘’]", "", unicodedata.normalize("NFKC", name))
    return re.sub(r"(?<=.)[和及](?=.)", "与", re.sub(r"(?<=.)专业$", "", name))


def levels_of_school(names: Iterable[str]) -> frozenset[str]:
    """The levels of the catalogue at which a school of these names teaches; none where its names do not tell.

    Technician schools and colleges (技工学校, 技师学院) stand with the secondary ones. 学院 and 大学 alone may be of
    general higher education, whose programmes are not in this catalogue.
    """
    for name in names:
        own = re.sub(r"^.*(?:附属|附设)", "", name)
        if _VOCATIONAL_UNIVERSITY.search(own):
            return frozenset({COLLEGE, BACHELOR})
        if _COLLEGE_NAME.search(own):
            return frozenset({COLLEGE})
        if _SECONDARY_NAME.search(own):
            return frozenset({SECONDARY})
    return frozenset()


def levels_in_words(text: str) -> frozenset[str]:
    """The level that a row or a sentence says itself (高职, 大专; 中职, 中专); none where it says none or both."""
    college, secondary = bool(_SAYS_COLLEGE.search(text)), bool(_SAYS_SECONDARY.search(text))
    if college == secondary or _SAYS_BOTH.search(text):
        return frozenset()
    return frozenset({COLLEGE if college else SECONDARY})


def is_through_training(text: str) -> bool:
    """True for 3+2, five-year courses and the like: such a row may give the programme of either level."""
    return bool(_THROUGH.search(text))


def split_direction(name: str) -> tuple[str, str]:
    """The programme and the direction behind it, in brackets or after a dash; the name and "" where there is none.

    >>> split_direction("护理（老年护理方向）")
    ('护理', '老年护理方向')
    """
    found = _DIRECTION.match(fold_programme(name))
    if not found:
        return fold_programme(name), ""
    return fold_programme(found["base"]), found["bracket"] or found["dash"]


def entry_of_code(code: str) -> CatalogueEntry | None:
    """The programme of a code as a report writes it (blanks, full width, a letter K behind it); None for no code of 2021."""
    found = re.fullmatch(r"(\d{6})[A-Z]{0,2}(?:\.0)?", unicodedata.normalize("NFKC", code).strip())
    return _by_code().get(found.group(1)) if found else None


def agrees(name: str, entry: CatalogueEntry) -> bool:
    """True where a name can stand beside the code of ``entry``: its name, short for it, or a direction of it.

    Beside a code a name may be shortened freely (数媒 for 数字媒体技术应用), but not be that of an older catalogue or a trade.
    """
    if any(entry in entries for _, entries in _readings(name)):
        return True
    base, _ = split_direction(name)
    if _kind_of(name) != "not-in-scheme" and base not in _shorts():
        return False
    full = fold_programme(entry.name)
    rest = iter(full)
    return len(base) >= 2 and base[0] == full[0] and base not in _by_name() and all(char in rest for char in base)


def link_name(name: str, levels: frozenset[str]) -> NameLink:
    """The programme that a name means at one of the levels. Where no level is known, only a name of one level alone."""
    kind, readings = _kind_of(name), _readings(name)
    for how, entries in readings:
        fitting = [entry for entry in entries if not levels or entry.level in levels]
        if len(fitting) > 1:
            return NameLink(None, "level-not-said")
        if fitting and (levels or (how == "exact" and _stands_alone(fitting[0], kind))):
            return NameLink(fitting[0], how)
    if kind == "not-in-scheme" and readings:
        return NameLink(None, "other-level" if levels else "level-not-said")
    return NameLink(None, kind)


def _stands_alone(entry: CatalogueEntry, kind: str) -> bool:
    """True where a name says its level by itself: the list of older names is of the secondary level."""
    return entry.level == SECONDARY if kind == "older-name" else kind != "trade" and entry.level != BACHELOR


def short_name_in(name: str) -> str:
    """The short name that a name is or that stands before its direction; "" where there is none."""
    base, _ = split_direction(name)
    return base if base in _shorts() else ""


@lru_cache(maxsize=4096)
def propose_entries(name: str, levels: frozenset[str]) -> tuple[CatalogueEntry, ...]:
    """Programmes of the catalogue that a user may want to look at: the class most like the name, its likest members first.

    A class is as like as its own name (学前教育: 教育类) or its likest member is.
    """
    base, _ = split_direction(name)
    base = fold_programme(load_programme_names().get(base, base))
    best: tuple[float, list[tuple[float, CatalogueEntry]]] = (0.0, [])
    for members in _classes().values():
        if levels and members[0].level not in levels:
            continue
        scored = [(_likeness(base, entry.name), entry) for entry in members]
        top = max(_likeness(base, members[0].class_name.removesuffix("类")), *(score for score, _ in scored))
        if top > best[0]:
            best = (top, scored)
    if best[0] < LEAST_LIKENESS:
        return ()
    ranked = sorted(best[1], key=lambda pair: (-pair[0], pair[1].code))
    return tuple(entry for _, entry in ranked[:MOST_PROPOSALS])


def _readings(name: str) -> list[tuple[str, tuple[CatalogueEntry, ...]]]:
    """What a name can mean in the catalogue: programmes of all levels by how it means them, the plainest way first."""
    whole, (base, direction) = fold_programme(name), split_direction(name)
    if direction.startswith("原"):  # 会计事务（原会计）
        whole, direction = base, ""
    found = _plain_readings(whole)
    if not found and direction:
        found = [("direction", entries) for _, entries in _plain_readings(base)]
    return found


def _plain_readings(name: str) -> list[tuple[str, tuple[CatalogueEntry, ...]]]:
    full = fold_programme(_shorts().get(name, ""))
    renamed = tuple(_by_code()[each.code] for each in load_renames() if fold_programme(each.former) == name)
    found = (("exact", _by_name().get(name, ())), ("short-name", _by_name().get(full, ())), ("official-text", renamed))
    return [(how, entries) for how, entries in found if entries]


def _kind_of(name: str) -> str:
    """Why a name that does not link does not: a trade, a name of older catalogues, or nothing that is known."""
    base, _ = split_direction(name)
    kind = programme_name_kinds().get(base, "")
    if kind == "trade" or (not kind and base not in known_programmes() and _OCCUPATION.search(base)):
        return "trade"
    return "older-name" if kind in ("older", "short") else "not-in-scheme"


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, tuple[CatalogueEntry, ...]]:
    names: defaultdict[str, list[CatalogueEntry]] = defaultdict(list)
    for entry in load_catalogue():
        names[fold_programme(entry.name)].append(entry)
    return {name: tuple(entries) for name, entries in names.items()}


@lru_cache(maxsize=1)
def _by_code() -> Mapping[str, CatalogueEntry]:
    return {entry.code: entry for entry in load_catalogue()}


@lru_cache(maxsize=1)
def _shorts() -> Mapping[str, str]:
    """Short name → full name; none that is a trade as well (平面设计)."""
    kinds = programme_name_kinds()
    return {name: full for name, full in load_programme_names().items() if kinds[name] == "short"}


@lru_cache(maxsize=1)
def _classes() -> Mapping[str, list[CatalogueEntry]]:
    classes: defaultdict[str, list[CatalogueEntry]] = defaultdict(list)
    for entry in load_catalogue():
        classes[entry.class_code].append(entry)
    return classes


@lru_cache(maxsize=4096)
def _parts(name: str) -> Counter[str]:
    """Characters and pairs of neighbours."""
    return Counter([*name, *(a + b for a, b in pairwise(name))])


def _likeness(name: str, other: str) -> float:
    """From 0 to 1: the share of characters and neighbouring pairs that two names have in common (Dice)."""
    one, two = _parts(name), _parts(other)
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 0.0
