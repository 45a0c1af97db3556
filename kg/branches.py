"""Branches and the units that they belong to, as their names say: 某公司甲市分公司 is a unit of 某公司.

A name says so where it is the name of another entity of the graph, a place or a word that tells branches apart, and a
word for a branch. Nothing is guessed: where no entity, or more than one, bears the name of the head, there is no tie. A
group and a company of its own are tied where the company's name begins with the group's (某集团某某有限公司).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.model import EntityType
from kg.name_keys import placed_key

Key = tuple[str, str, str]  # type, place, key of a name

_TYPES = (
    EntityType.ENTERPRISE,
    EntityType.SCHOOL,
    EntityType.HOSPITAL,
    EntityType.KINDERGARTEN,
    EntityType.INSTITUTION,
)
# What stands between the head's name and the word for a branch: a place, an ordinal, a direction; never a company's trade.
_TAILS: Mapping[EntityType, tuple[re.Pattern[str], ...]] = {
    EntityType.ENTERPRISE: (
        re.compile(r"(?<=公司|集团)[^公]{0,12}分公司$"),
        re.compile(r"(?<=[行社司])[^行]{1,12}(?:分行|支行|分理处|营业部)$"),
        re.compile(r".{1,10}(?:分店|门店|专卖店|旗舰店|(?<!酒|商|书|饭)店)$"),
        re.compile(r"(?<=集团)(?:股份)?[^公]{2,16}(?:有限责任公司|有限公司)$"),
    ),
    EntityType.SCHOOL: (
        re.compile(r"[（(]?.{1,8}(?:校区|分校|教学点)[）)]?$"),
        re.compile(r"(?:第?[一二三四五六七八九十]?)附属.{2,12}$"),
    ),
    EntityType.HOSPITAL: (
        re.compile(r"[（(]?.{1,8}(?:院区|分院)[）)]?$"),
        re.compile(r"(?:第?[一二三四五六七八九十]?)附属.{0,8}医院$"),
    ),
    EntityType.KINDERGARTEN: (
        re.compile(r"[（(]?.{1,8}(?:园区|分园)[）)]?$"),
        re.compile(r"(?:第?[一二三四五六七八九十]?)附属.{0,6}幼儿园$"),
    ),
    EntityType.INSTITUTION: (
        re.compile(r"(?:第?[一二三四五六七八九十]?)附属.{2,12}$"),
        re.compile(r".{1,10}分[院会所]$"),
    ),
}
_OF_ANOTHER_TYPE = re.compile("附属")


def find_branches(entities: Mapping[str, tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """The IRI of the unit that each branch belongs to. ``entities``: type and names by IRI."""
    heads: defaultdict[Key, set[str]] = defaultdict(set)
    for iri, (kind, names) in entities.items():
        for key in list_keys(kind, names):
            heads[key].add(iri)
    found = {
        iri: parent
        for iri, (kind, names) in entities.items()
        if (parent := find_parent(iri, list_candidates(kind, names), lambda key: heads.get(key, ()))) is not None
    }
    return drop_circles(found)


def list_keys(kind: str, names: Iterable[str]) -> set[Key]:
    """What an entity is found by as the head of others: type, place and key of each of its names."""
    if kind not in _TYPES:
        return set()
    return {(kind, *form) for name in names if len(name) >= 2 for form in _forms(name, EntityType(kind))}


def list_candidates(kind: str, names: Iterable[str]) -> list[list[tuple[Key, ...]]]:
    """For each name the keys that its head can have, in groups: of one name, the first group that anybody bears counts."""
    if kind not in _TYPES:
        return []
    found = []
    for name in names:
        groups = []
        for head, any_type in iter_heads(name, EntityType(kind)):
            types = (EntityType.SCHOOL, EntityType.HOSPITAL) if any_type else (EntityType(kind),)
            if keys := tuple((str(each), *form) for each in types for form in _forms(head, each)):
                groups.append(keys)
        if groups:
            found.append(groups)
    return found


def find_parent(
    iri: str, candidates: Iterable[Iterable[Iterable[Key]]], bearers: Callable[[Key], Iterable[str]]
) -> str | None:
    """The one entity that an entity is a unit of; None where it is none or several could be meant."""
    parents: set[str] = set()
    for groups in candidates:
        for keys in groups:
            if borne := {bearer for key in keys for bearer in bearers(key)}:
                parents |= borne
                break
    parents.discard(iri)
    return parents.pop() if len(parents) == 1 else None


def drop_circles(parents: Mapping[str, str]) -> dict[str, str]:
    """The ties without those from which one comes round in a circle, in order of IRIs."""
    return {iri: parent for iri, parent in sorted(parents.items()) if not _leads_back(iri, parents)}


def iter_heads(name: str, type_: EntityType) -> Iterator[tuple[str, bool]]:
    """The names that the head of a branch of this name can have, the longest first, and whether its type may differ."""
    for pattern in _TAILS.get(type_, ()):
        for at in range(len(name) - 1, 1, -1):
            if pattern.match(name, at):
                head = name[:at].rstrip("（(")
                yield head, bool(_OF_ANOTHER_TYPE.match(name, at) or name[at:].find("附属") in (0, 1, 2, 3))


def _forms(name: str, type_: EntityType) -> Iterator[tuple[str, str]]:
    """What two spellings of a head's name share. A group is not the company of its brand: 集团 stays in the key."""
    place, key = placed_key(name, type_)
    if type_ is EntityType.ENTERPRISE and "集团" in name:
        key = f"{key}集团"
    if len(key) >= 2 or place:
        yield place, key


def _leads_back(iri: str, parents: Mapping[str, str]) -> bool:
    seen = set()
    at = iri
    while at in parents:
        if at in seen:
            return True
        seen.add(at)
        at = parents[at]
    return False
