"""The IRIs of a graph: one thing keeps its IRI from report to report and from build to build."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from kg.errors import BrokenRegistry
from kg.identity import Entity, fold, name_key
from kg.model import GROUP_TYPES, EntityType, ReportInfo
from kg.names import type_of_name
from kg.reference_data import load_companies, region_names
from kg.regions import region_code

BASE = "https://w3id.org/zhijiao-kg/id/"


class Registry:
    """The IRIs of a graph, by key; kept in ``identity/registry.jsonl`` of its home and never changed once minted.

    Raises BrokenRegistry for a file that is no registry.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._iris: dict[str, str] = {}
        if path.exists():
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), start=1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                    self._iris[row["key"]] = row["iri"]
                except (ValueError, KeyError, TypeError):
                    raise BrokenRegistry(
                        f"{path}: line {number}: not a key with its IRI; restore the file or build into a new home"
                    ) from None

    def assign(self, entities: Iterable[Entity], info: ReportInfo) -> None:
        """Gives every entity its IRI: that of any of its keys, else one minted from its first key."""
        for entity in sorted(entities, key=lambda e: (e.type, e.name)):
            keys = _entity_keys(entity, info)
            known = sorted({self._iris[key] for key in keys if key in self._iris})
            entity.iri = known[0] if known else _mint(entity.type, keys[0])
            for key in keys:
                self._iris.setdefault(key, entity.iri)

    def lines(self) -> list[str]:
        return [
            json.dumps({"iri": iri, "key": key}, ensure_ascii=False, sort_keys=True)
            for key, iri in sorted(self._iris.items())
        ]


def _mint(type_: EntityType, key: str) -> str:
    digest = hashlib.sha256(key.encode("utf-8")).hexdigest()[:16]
    return f"{BASE}{type_.value.lower()}/{digest}"


def _entity_keys(entity: Entity, info: ReportInfo) -> list[str]:
    """The keys by which other reports may know the entity, the fullest name's first."""
    type_ = entity.type
    if type_ is EntityType.REGION:
        code = region_code(entity.name, info.region)
        return [f"Region|{code or fold(entity.name)}"]
    if type_ is EntityType.TRAINING_BASE:
        owner = name_key(entity.owner, EntityType.SCHOOL)
        return [f"{type_.value}|{owner}|{name_key(name, type_)}" for name in entity.names]
    if type_ in (EntityType.PROGRAMME, EntityType.DESIGNATION):
        return [f"{type_.value}|{name_key(entity.name, type_)}"]
    keys = []
    for name in entity.names:
        key = name_key(name, type_)
        if type_ in (EntityType.EDUCATION_GROUP, EntityType.ALLIANCE):
            keys.append(f"{type_.value}|{_group_key(key, info)}")
            continue
        if name != entity.name and (len(key) < 5 or type_of_name(name) is None):
            key = f"{_near(info)}|{key}" if info.region else ""
        elif not _has_place(name) and _needs_place(name, type_):
            key = f"{_near(info)}|{key}"
        if key:
            keys.append(f"{type_.value}|{key}")
    return list(dict.fromkeys(keys)) or [f"{type_.value}|{info.region}|{fold(entity.name)}"]


def _group_key(key: str, info: ReportInfo) -> str:
    """The name of a group with its place apart: a city's groups are named with and without the city before them."""
    for length in range(min(11, len(key) - 3), 1, -1):
        if key[:length] in region_names():
            code = region_code(key[:length], info.region)
            return f"{code[:4].rstrip('0') or code or key[:length]}|{key[length:]}"
    if key.startswith(("全国", "中国")):
        return key
    return f"{_near(info)}|{key}"


def _near(info: ReportInfo) -> str:
    """The prefecture of a report, which keeps names without a place apart from those of other cities."""
    code = region_code(info.region)
    return code[:4].rstrip("0") or info.region


def _has_place(name: str) -> bool:
    return name[:1] not in "市县区旗州省" and any(name[:length] in region_names() for length in range(2, 10))


def _needs_place(name: str, type_: EntityType) -> bool:
    """True for names that many places have (机关幼儿园, 第四中学, 惠民超市): they are one thing only within a city.

    Companies with a legal form, well-known ones, universities and what is called 全国 or 中国 are known everywhere.
    """
    if type_ is EntityType.ENTERPRISE:
        return not (re.search(r"有限|股份|集团|公司|[A-Za-z]{3}", name) or name in load_companies())
    if type_ is EntityType.SCHOOL:
        return not re.search(r"大学$|学院$", name) or name[:1] in "市县区旗州省"
    return type_ not in GROUP_TYPES and not name.startswith(("全国", "中国", "国家"))
