"""The one entity that a name means, or why it means none: what commands ask for that speak of one thing at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from kg.errors import UsageError
from kg.name_index import FoundName, NameIndex
from kg.schema import load_schema

CANDIDATES = 8  # that are named where a name is not clear


def choose_entity(names: NameIndex, text: str, types: Collection[str] = ()) -> FoundName:
    """The entity that a name means: its whole name or only bearer of another name, else any part of one.

    ``types`` are names of classes; none means all. An IRI means its entity. Raises UsageError, with candidates in one
    line, for none and for several.
    """
    iris, count = names.resolve(text, types, CANDIDATES)
    found = [each for iri in iris for each in names.search(iri, types, limit=1)]
    if count == 1 and found:
        return found[0]
    if found:
        told = _list_names(found) + (f" … +{count - len(iris)}" if count > len(iris) else "")
        raise UsageError(f"“{text}”可指{count}个实体，请写全称或链接 ({count} entities may be meant): {told}")
    near = _near_names(names, "".join(text.split()), types)
    hint = f"；相近的有 (near): {near}" if near else ""
    raise UsageError(f"没有名为“{text}”的实体 (no entity bears this name){hint}")


def _list_names(found: Sequence[FoundName]) -> str:
    """Names with their types; where two are alike, their links too."""
    alike = {name for name, count in Counter(each.name for each in found).items() if count > 1}
    return "、".join(
        f"{each.name}（{load_schema().label(each.type)}{' ' + each.iri if each.name in alike else ''}）"
        for each in found
    )


def _near_names(names: NameIndex, text: str, types: Collection[str], most: int = 5) -> str:
    """Names that hold the longest beginning or end of a text that any name holds."""
    for length in range(len(text) - 1, 1, -1):
        found = [each for part in (text[:length], text[-length:]) for each in names.search(part, types, limit=most)]
        if found:
            return "、".join(dict.fromkeys(each.name for each in found[:most]))
    return ""
