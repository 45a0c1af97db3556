"""The IRIs of a graph: one thing keeps its IRI from report to report and from build to build.

Entities of several reports meet by keys. A *full* key is a name that is written out, with its place as a code: it means
one thing everywhere. A *loose* key (its place begins with "~") is a short name, or one without its place, within the
prefecture of the report that uses it: it joins two entities only where their full names do not speak against it. What
keys do not settle is proposed to people (``kg.proposals``), not joined.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.errors import BrokenRegistry
from kg.identity import Entity
from kg.model import GROUP_TYPES, EntityType, ReportInfo
from kg.name_keys import PLACED_TYPES, fold, placed_key, stands_in_order
from kg.names import type_of_name
from kg.places import prefecture_of, region_place
from kg.reference_data import load_companies

LARGE = 100_000  # keys
BASE = "https://w3id.org/zhijiao-kg/id/"


class Registry:
    """The IRIs of a graph, by key; kept in ``identity/registry.jsonl`` of its home and never changed once minted.

    Raises BrokenRegistry for a file that is no registry.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._iris: dict[str, str] = {}
        self._full_keys: defaultdict[str, set[str]] = defaultdict(set)
        self._new: list[str] = []  # keys that the file has not
        self._unordered = 0  # how many stand out of their order in the file
        self.is_torn = False  # whether the file ends in a line that was broken off, when a build was stopped
        if path.exists():
            *lines, rest = path.read_text(encoding="utf-8", errors="replace").split("\n")
            self.is_torn = bool(rest)  # no statement file was written after it: nothing is lost
            for row in self._read_rows([line for line in lines if line.strip()], lines):
                self._keep(row["key"], row["iri"])
            self._unordered = sum(one > other for one, other in pairwise(self._iris))
            self._new.clear()

    def _read_rows(self, filled: list[str], lines: list[str]) -> list[dict[str, str]]:
        """The rows of the file; read together, for a registry of a nation has a million."""
        try:
            rows = json.loads(f"[{','.join(filled)}]")
            if len(rows) == len(filled) and all(_is_row(row) for row in rows):
                return [*rows]
        except ValueError:
            pass
        for number, line in enumerate(lines, start=1):  # which is it?
            try:
                if not line.strip() or _is_row(json.loads(line)):
                    continue
            except ValueError:
                pass
            raise BrokenRegistry(
                f"{self._path}: line {number}: not a key with its IRI; restore the file or build into a new home"
            )
        raise BrokenRegistry(f"{self._path}: not one key with its IRI a line")

    def assign(self, entities: Iterable[Entity], info: ReportInfo) -> None:
        """Gives every entity of one report its IRI: that of any of its keys, else one minted from its first key.

        Two entities of one report never get the same IRI: the report itself tells them apart.
        """
        taken: set[str] = set()
        schools: dict[str, str] = {}
        for entity in sorted(entities, key=lambda e: (e.type, e.name)):
            keys = _entity_keys(entity, info, schools)
            entity.iri = self._find(keys, taken if entity.type is not EntityType.REGION else set()) or _mint(
                entity.type, keys[0]
            )
            if entity.iri in taken and entity.type is not EntityType.REGION:  # 巨鹿 and 巨鹿县 are one place
                entity.iri = _mint(entity.type, f"{keys[0]}|{info.region}|{fold(entity.name)}")
            taken.add(entity.iri)
            if entity.type is EntityType.SCHOOL:
                schools.update(dict.fromkeys(entity.names, entity.iri))
            for key in keys:
                self._keep(key, entity.iri)

    def lines(self) -> list[str]:
        """All of the registry, in the order of its keys."""
        return [_line(key, iri) for key, iri in sorted(self._iris.items())]

    @property
    def wants_order(self) -> bool:
        """Whether the file should be written anew in the order of its keys, rather than left with what was added to it:
        a large one takes seconds, and waits until a tenth of it is new."""
        return self._unordered > 0 and len(self._iris) < max(LARGE, 10 * self._unordered)

    def take_new(self) -> list[str]:
        """The lines that are to be added to the file since the last call."""
        new, self._new = self._new, []
        self._unordered += len(new)
        return [_line(key, self._iris[key]) for key in new]

    def _keep(self, key: str, iri: str) -> None:
        if key not in self._iris:
            self._new.append(key)
        if self._iris.setdefault(key, iri) == iri and not _is_loose(key):
            self._full_keys[iri].add(key)

    def _find(self, keys: Sequence[str], taken: set[str]) -> str:
        """The IRI of the first key that has one, full keys first; "" where none has."""
        for key in sorted(keys, key=_is_loose):
            iri = self._iris.get(key, "")
            if not iri or iri in taken:
                continue
            if not (self._speak_against(keys[0], iri) if _is_loose(key) else self._is_shared_short(key, keys[0], iri)):
                return iri
        return ""

    def _speak_against(self, key: str, iri: str) -> bool:
        """True where the full names of an entity and of what it met by a loose key are two names."""
        known = self._full_keys.get(iri)
        if not known or _is_loose(key):
            return False
        _, place, rest = key.split("|", 2)
        same = [other.split("|", 2)[1] for other in known if other.split("|", 2)[2] == rest]
        return not same or any(place and other and place != other for other in same)

    def _is_shared_short(self, key: str, own: str, iri: str) -> bool:
        """True where two names of different brands are short for one: 某县职教中心 of 某县凤山 and of 某县凤鸣职教中心."""
        rest, main = key.split("|", 2)[2], own.split("|", 2)[2]
        if main == rest or not stands_in_order(rest, main):
            return False
        known = {other.split("|", 2)[2] for other in self._full_keys.get(iri, ())}
        return main not in known and any(other != rest and stands_in_order(rest, other) for other in known)


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("key"), str) and isinstance(row.get("iri"), str)


def _line(key: str, iri: str) -> str:
    return json.dumps({"iri": iri, "key": key}, ensure_ascii=False, sort_keys=True)


def _is_loose(key: str) -> bool:
    return "|~" in key


def _mint(type_: EntityType, key: str) -> str:
    digest = hashlib.sha256(key.encode("utf-8")).hexdigest()[:16]
    return f"{BASE}{type_.value.lower()}/{digest}"


def _entity_keys(entity: Entity, info: ReportInfo, schools: dict[str, str]) -> list[str]:
    """The keys by which other reports may know the entity, the fullest name's first.

    ``schools`` are the IRIs of the report's schools by name: a base is known by its school.
    """
    type_ = entity.type
    if type_ is EntityType.TRAINING_BASE:
        owner = schools.get(entity.owner) or "".join(placed_key(entity.owner, EntityType.SCHOOL, info.region))
        return list(dict.fromkeys(f"{type_}|{owner}|{placed_key(name, type_)[1]}" for name in entity.names))
    if type_ not in PLACED_TYPES:
        return [f"{type_}||{placed_key(entity.name, type_, info.region)[1]}"]
    keys = [key for name in entity.names for key in _name_keys(name, type_, info, name == entity.name)]
    return list(dict.fromkeys(keys)) or [f"{type_}|~{info.region}|{fold(entity.name)}"]


def _name_keys(name: str, type_: EntityType, info: ReportInfo, is_main: bool) -> list[str]:
    """The full key of a name that is written out, and the loose keys that it may be met by."""
    place, key = placed_key(name, type_, info.region)
    own = region_place(info.region)
    near = prefecture_of(own)
    if type_ in GROUP_TYPES:
        if type_ in (EntityType.COMMUNITY, EntityType.CONSORTIUM) or key.startswith(("全国", "中国")):
            return [f"{type_}|{place}|{key}"]
        return [f"{type_}|{place or near}|{key}"]  # a city's groups are named with and without the city before them
    whole = (type_of_name(name) is not None and len(fold(name)) >= 5) or bool(place)
    if not place and whole and len(own) == 6 and _needs_place(name, type_):
        place = own  # in a county's report, the county's
    loose = [f"{type_}|~{near}|{key}"] if near else []
    if (place or not _needs_place(name, type_)) and (is_main or whole):
        if type_ is EntityType.ENTERPRISE and prefecture_of(place) in ("", near):
            return [f"{type_}|{place}|{key}", *loose]  # the place may be left out beside other companies of its city
        return [f"{type_}|{place}|{key}"]
    return loose or ([f"{type_}|~|{key}"] if is_main else [])


def _needs_place(name: str, type_: EntityType) -> bool:
    """True for names that many places have (机关幼儿园, 第四中学, 惠民超市): they are one thing only within a city.

    Companies with a legal form and more than a brand of two characters, well-known ones, universities and what is called
    全国 or 中国 are known everywhere.
    """
    if type_ is EntityType.ENTERPRISE:
        if name in load_companies():
            return False
        core = placed_key(name, type_)[1]
        return not (re.search(r"[A-Za-z]{3}", name) or (re.search(r"有限|股份|集团|公司", name) and len(core) >= 4))
    if type_ is EntityType.SCHOOL:
        return not re.search(r"大学$|学院$", name) or name[:1] in "市县区旗州省"
    return not name.startswith(("全国", "中国", "国家"))
