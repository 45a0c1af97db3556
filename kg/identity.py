"""Mentions → entities inside a report, by the report's own words.

A short name joins the one full name that it can be short for (泾川职教 → 泾川县职业教育中心); where two could be meant, it
stays by itself. Ordinals, directions and places are vetoes: 第一 and 第二职业中专 differ by one character and are two
schools. How entities of several reports meet stands in ``kg.registry``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg.misprints import is_misprint
from kg.model import EntityType, ReportInfo, ReportLevel
from kg.name_keys import fold, may_be_one, placed_key
from kg.names import is_short_school, ordinal_of, type_of_name
from kg.programmes import known_programmes
from kg.reference_data import load_programme_names, provinces, region_names, short_region_name
from kg.short_forms import is_short_form, is_short_programme, short_for
from kg.short_names import core_of


@dataclass
class Entity:
    """A thing that one report names: its fullest name first, then every other form."""

    type: EntityType
    name: str
    aliases: list[str] = field(default_factory=list)
    owner: str = ""  # for a base: the school it belongs to
    iri: str = ""

    @property
    def names(self) -> list[str]:
        return [self.name, *self.aliases]


def _no_counts() -> dict[tuple[str, int], set[int]]:
    return defaultdict(set)


class ReportIdentity:
    """Groups the names of one report into entities.

    ``add`` takes every name with its type (and, for names that stand in rows of one table, the table's number: two
    rows of a table are two things); ``resolve`` joins them; ``entity_of`` answers.
    """

    def __init__(self, info: ReportInfo) -> None:
        self.info = info
        self._names: dict[EntityType, dict[str, None]] = defaultdict(dict)
        self._rows: dict[tuple[EntityType, str], set[tuple[int, int]]] = defaultdict(set)
        self._numbers: dict[str, dict[tuple[str, int], set[int]]] = defaultdict(_no_counts)
        self._owners: dict[str, str] = {}
        self._explicit: list[tuple[EntityType, str, str]] = []
        self._entities: dict[tuple[EntityType, str], Entity] = {}

    def add(self, type_: EntityType, name: str, table: int = 0, row: int = 0) -> None:
        self._names[type_].setdefault(name)
        if table:
            self._rows[(type_, name)].add((table, row))

    def add_owner(self, base: str, school: str) -> None:
        self._owners.setdefault(base, school)

    def add_number(self, school: str, programme: str, year: int, count: int) -> None:
        """A programme's headcount: two tables that give the same number for one year speak of one programme."""
        self._numbers[school][(programme, year)].add(count)

    def declare_same(self, type_: EntityType, name: str, other: str) -> None:
        """What the report itself says: X（以下简称Y）."""
        self._explicit.append((type_, name, other))

    def resolve(self) -> None:
        for type_, names in self._names.items():
            groups = _Groups(names)
            for kind, name, other in self._explicit:
                if kind is type_ and name in names and other in names:
                    groups.join(name, other)
            self._join_same_keys(type_, list(names), groups)
            # before short forms: what is short for both spellings is short for one school
            self._join_misprints(type_, list(names), groups)
            if type_ is EntityType.SCHOOL:
                self._join_schools(list(names), groups)
                self._join_owner(list(names), groups)
            elif type_ is EntityType.PROGRAMME:
                self._join_programmes(list(names), groups)
            elif type_ is not EntityType.REGION and type_ is not EntityType.DESIGNATION:
                self._join_short_forms(type_, list(names), groups)
                self._join_short_forms(type_, list(names), groups)  # what the first round joined is one candidate now
            for members in groups.all():
                name = max(members, key=lambda n: (_fullness(n, type_), len(n), n))
                aliases = [m for m in members if m != name]
                aliases += [short for m in members if (short := _without_province(m)) and short not in members]
                entity = Entity(type_, name, list(dict.fromkeys(aliases)), self._owners.get(name, ""))
                for member in members:
                    self._entities[(type_, member)] = entity

    def entity_of(self, type_: EntityType, name: str) -> Entity:
        return self._entities[(type_, name)]

    def entities(self) -> list[Entity]:
        return list({id(entity): entity for entity in self._entities.values()}.values())

    # -- joining

    def _join_same_keys(self, type_: EntityType, names: Sequence[str], groups: _Groups) -> None:
        by_key: dict[tuple[str, str], str] = {}
        for name in names:
            key = placed_key(name, type_, self.info.region)
            if key in by_key:
                groups.join(by_key[key], name)
            else:
                by_key[key] = name

    def _join_schools(self, names: Sequence[str], groups: _Groups) -> None:
        region = self.info.region
        full = [name for name in names if type_of_name(name) is EntityType.SCHOOL]
        for name in names:
            matches = [
                other
                for other in full
                if other != name and self._may_be_one(name, other, EntityType.SCHOOL) and short_for(name, other, region)
            ]
            distinct = groups.distinct(matches)
            if len(distinct) > 1:  # the fullest that the others are short for themselves
                best = [m for m in matches if all(m == o or short_for(o, m, region) for o in matches)]
                distinct = groups.distinct(best)
            if len(distinct) == 1:
                groups.join(matches[0] if len(matches) == 1 else distinct[0], name)

    def _may_be_one(self, name: str, other: str, type_: EntityType) -> bool:
        return may_be_one(name, other, type_, self.info.region)

    def _join_owner(self, names: Sequence[str], groups: _Groups) -> None:
        """In a school's own report a short name of another kind with its brand (清溪职高) is the school's own."""
        owner = self.info.publisher
        if self.info.level is not ReportLevel.SCHOOL or owner not in names:
            return
        brand = core_of(owner)[:2]
        others = [name for name in names if groups.find(name) != groups.find(owner)]
        short = [name for name in others if name.startswith(brand) and is_short_school(name) and len(name) <= 6]
        if len(brand) == 2 and not any(brand in name for name in others if name not in short):
            for name in short:
                if ordinal_of(name) == ordinal_of(owner):
                    groups.join(owner, name)

    def _join_misprints(self, type_: EntityType, names: Sequence[str], groups: _Groups) -> None:
        by_length: dict[int, list[str]] = defaultdict(list)
        for name in names:
            by_length[len(name)].append(name)
        for same in by_length.values():
            for at, name in enumerate(same):
                for other in same[at + 1 :]:
                    if is_misprint(name, other, type_) and self._may_be_one(name, other, type_):
                        groups.join(name, other)

    def _join_short_forms(self, type_: EntityType, names: Sequence[str], groups: _Groups) -> None:
        pieces = _index_pieces(names)
        for name in names:
            matches = [
                other
                for other in _find_sharing(name, names, pieces)
                if other != name
                and self._may_be_one(name, other, type_)
                and is_short_form(name, other, type_, self.info.region)
            ]
            distinct = groups.distinct(matches)
            if len(distinct) == 1:
                groups.join(distinct[0], name)

    def _join_programmes(self, names: Sequence[str], groups: _Groups) -> None:
        tabled = [name for name in names if self._rows[(EntityType.PROGRAMME, name)]]
        targets = tabled or list(names)
        for name in names:
            matches = [
                other
                for other in targets
                if other != name and not self._apart(name, other) and is_short_programme(name, other)
            ]
            distinct = groups.distinct(matches)
            if len(distinct) == 1 and not self._groups_apart(groups, distinct[0], name):
                groups.join(distinct[0], name)
        for counts in self._numbers.values():
            self._join_by_numbers(counts, groups)

    def _join_by_numbers(self, counts: dict[tuple[str, int], set[int]], groups: _Groups) -> None:
        by_number: dict[tuple[int, int], list[str]] = defaultdict(list)
        for (name, year), values in counts.items():
            for value in values:
                if value >= 20:
                    by_number[(year, value)].append(name)
        for group in by_number.values():
            distinct = groups.distinct(group)
            if len(distinct) == 2 and not self._groups_apart(groups, distinct[0], distinct[1]):
                # only a short name that nothing else explains: 园艺 120 and 现代园林 120
                unknown = [name for name in group if name not in known_programmes()]
                if unknown:
                    groups.join(distinct[0], distinct[1])

    def _apart(self, name: str, other: str) -> bool:
        rows, others = self._rows[(EntityType.PROGRAMME, name)], self._rows[(EntityType.PROGRAMME, other)]
        return any(t == u and r != s for t, r in rows for u, s in others)

    def _groups_apart(self, groups: _Groups, name: str, other: str) -> bool:
        return any(self._apart(a, b) for a in groups.members(name) for b in groups.members(other))


@lru_cache(maxsize=1)
def _provinces() -> frozenset[str]:
    return frozenset(map(short_region_name, provinces()))


def _without_province(name: str) -> str:
    """甘肃省和政县某校 is 和政县某校 for its neighbours; "" where only one place, or none, stands before the name."""
    for length in range(min(9, len(name) - 6), 1, -1):
        rest = name[length:]
        if name[:length] in region_names() and (name[length - 1] in "省市区州盟" or name[:length] in _provinces()):
            return rest if any(rest[:n] in region_names() and rest[n - 1] in "市县区旗" for n in range(3, 9)) else ""
    return ""


def _index_pieces(names: Sequence[str]) -> dict[str, list[int]]:
    """Where in ``names`` each piece of two characters stands: a short name has its first two from the full one."""
    pieces: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        folded = fold(name)
        for piece in {folded[start : start + 2] for start in range(len(folded) - 1)}:
            pieces[piece].append(at)
    return pieces


def _find_sharing(name: str, names: Sequence[str], pieces: dict[str, list[int]]) -> Iterable[str]:
    """The names that can be the full form of ``name``, in their order: all, where a sign stands for the place (县二院)."""
    folded = fold(name)
    if folded[:1] in tuple("市县区旗州省"):
        return names
    core = fold(core_of(name))  # without the place, which all names of a city share
    return [names[at] for at in pieces.get(core[:2] if len(core) >= 2 else folded[:2], ())]


class _Groups:
    """Disjoint groups of names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parent = {name: name for name in names}

    def find(self, name: str) -> str:
        while self._parent[name] != name:
            name = self._parent[name]
        return name

    def join(self, one: str, other: str) -> None:
        a, b = self.find(one), self.find(other)
        if a != b:
            self._parent[max(a, b)] = min(a, b)

    def distinct(self, names: Iterable[str]) -> list[str]:
        seen: dict[str, str] = {}
        for name in names:
            seen.setdefault(self.find(name), name)
        return list(seen.values())

    def members(self, name: str) -> list[str]:
        root = self.find(name)
        return [other for other in self._parent if self.find(other) == root]

    def all(self) -> list[list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for name in self._parent:
            groups[self.find(name)].append(name)
        return list(groups.values())


def _fullness(name: str, type_: EntityType) -> int:
    score = 0
    if type_of_name(name) is type_:
        score += 2
    if re.search(r"有限责任公司|有限公司|股份|职业教育中心|专业学校|分公司", name):
        score += 1
    if any(name.startswith(region) for region in (name[:k] for k in range(2, 9)) if region in region_names()):
        score += 1
    return (
        score
        if type_ is not EntityType.PROGRAMME
        else int(name in known_programmes() and load_programme_names().get(name, name) == name)
    )
