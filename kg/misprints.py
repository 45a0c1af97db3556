"""Misprints of names inside one report: 恒晟汽车配件厂 once written 恒盛汽车配件厂.

Reports are typed by sound, so that a wrong character sounds like the right one. Two names of one length that differ in
one character of the same sound are one name; where the character belongs to a place, a number or a direction they are
two (山西 and 陕西 sound alike).
"""

from __future__ import annotations

from functools import lru_cache

from kg.model import EntityType
from kg.name_keys import fold, legal_form_of
from kg.reference_data import region_names
from kg.short_names import core_of

SHORTEST = 5  # characters of a company or hospital; of shorter names one is a quarter or more
_TYPES = frozenset({EntityType.SCHOOL, EntityType.ENTERPRISE, EntityType.HOSPITAL, EntityType.KINDERGARTEN})
_TELLING = frozenset("一二三四五六七八九十东西南北中新老上下左右大小男女")


def is_misprint(name: str, other: str, type_: EntityType) -> bool:
    """True for two names of this type that differ in one character of the same sound, tones aside."""
    a, b = fold(name), fold(other)
    if type_ not in _TYPES or len(a) != len(b) or len(a) < SHORTEST - (type_ is EntityType.SCHOOL):
        return False
    at = [index for index, (left, right) in enumerate(zip(a, b, strict=True)) if left != right]
    if len(at) != 1 or {a[at[0]], b[at[0]]} & _TELLING or _in_place(a, at[0]) or _in_place(b, at[0]):
        return False
    if legal_form_of(a) and legal_form_of(b) and at[0] < len(a) - len(core_of(a)) + 2 - len(legal_form_of(a)):
        return False  # 宏炫 and 宏萱建筑有限公司, both in full: brands of two characters are two firms
    return _sound_of(a[at[0]]) == _sound_of(b[at[0]])


def _in_place(name: str, at: int) -> bool:
    """True where the character at this place belongs to a region that the name begins with."""
    return any(at < length and name[:length] in region_names() for length in range(2, 10))


@lru_cache(maxsize=8192)
def _sound_of(char: str) -> str:
    """The commonest reading of a character, without its tone; rare readings would make too much alike."""
    from pypinyin import lazy_pinyin  # slow to load, and few reports need it

    return str(lazy_pinyin(char)[0])
