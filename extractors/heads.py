"""Schools at the head of a row or a column under a name of two or three characters: 汝水, 岐黄 … for 某市汝水工业学校."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from extractors.cells import one_line
from extractors.reading import Reading
from kg.model import EntityType
from kg.names import is_generic, is_short_school, type_of_name

_NO_NAME = re.compile(r"合计|总计|小计|全[市省县区旗州盟]|平均|\d|[（(%％]|项目|指标|备注|人数|学校|专业|公办|民办")


def resolve_heads(reading: Reading, labels: Iterable[str]) -> dict[str, str]:
    """The school that each label stands for: the only full name of the report that holds it.

    Nothing unless the labels are a list of schools: three or more of those that are no school by their form are found,
    each another school, and at most a fifth of all are found nowhere.
    """
    asked = [label for label in dict.fromkeys(labels) if 2 <= len(label) <= 6 and not _NO_NAME.search(label)]
    unknown = [label for label in asked if not reading.is_school(label)]
    if len(asked) < 3 or not unknown:
        return {}
    listed, told = _full_names(reading)
    found: dict[str, str] = {}
    for label in unknown:
        holders = next(
            (
                held
                for holds in (_holds, _abbreviates)
                for names in (listed, told)
                if (held := [name for name in names if holds(name, label)])
            ),
            [],
        )
        if len(holders) == 1:
            found[label] = holders[0]
    known = len(asked) - len(unknown)
    if (len(found) + known) * 5 < len(asked) * 4 or len(set(found.values())) < len(found):
        return {}
    return found


def _holds(name: str, label: str) -> bool:
    return label in name


def _abbreviates(name: str, label: str) -> bool:
    """True for a label of the name's characters in order, its first two together: 旅游职校 for 某某旅游职业学校."""
    at = name.find(label[:2])
    rest = iter(name[at + 2 :])
    return at >= 0 and all(char in rest for char in label[2:])


@lru_cache(maxsize=2)
def _full_names(reading: Reading) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The schools that the report names in full: those that stand in its tables, and those of its text."""
    listed: set[str] = set()
    for block in reading.document.blocks:
        if block.table is not None:
            texts = (one_line(cell.text) for cell in block.table.cells)
            listed |= {text for text in texts if len(text) <= 24 and type_of_name(text) is EntityType.SCHOOL}
    told = {mention.name for mention in reading.mentions.all if mention.type is EntityType.SCHOOL}
    return _whole(listed), _whole(told)


def _whole(names: Iterable[str]) -> tuple[str, ...]:
    full = sorted(name for name in names if len(name) >= 6 and not is_generic(name) and not is_short_school(name))
    return tuple(name for name in full if not any(name != other and name in other for other in full))
