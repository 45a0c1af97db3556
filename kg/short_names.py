"""Short names that a report uses without introducing them, each read from a full name that stands in the same report.

A report writes 某市恒远轴承有限公司 once and 恒远轴承 or 恒远公司 afterwards. What follows the brand must come out of the
full name, so that nothing is invented; a brand that two full names share explains nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.model import EntityType
from kg.names import begins_with_place
from kg.reference_data import load_companies, region_names

_LEGAL = re.compile(r"(?:集团)?(?:股份)?有限(?:责任)?公司$|(?:股份)?公司$|集团$|厂$")
_BRANCH = re.compile(r"(?:分公司|分行|支行|分店|店|营业部|服务站)$")
_NUMERALS = re.compile(r"[一二三四五六七八九十]+")
COMMON_BRANDS = frozenset(
    {
        "中国",
        "中华",
        "全国",
        "国际",
        "国家",
        "东方",
        "华东",
        "华北",
        "华南",
        "华中",
        "西北",
        "西南",
        "东北",
        "人民",
        "第一",
        "第二",
        "第三",
        "实验",
        "现代",
        "中心",
        "城市",
        "农业",
        "职业",
        "教育",
    }
)


def core_of(name: str) -> str:
    """The name of a company without the place before it and the legal form after it.

    >>> core_of("甘肃省兰州市恒远轴承有限公司")
    '恒远轴承'
    """
    name = re.sub(r"[（(][^（）()]*[)）]", "", name)
    moved = True
    while moved:
        moved = False
        for length in range(min(9, len(name) - 4), 1, -1):
            if name[:length] in region_names():
                name, moved = name[length:], True
                break
    return _LEGAL.sub("", name)


def is_short_company(short: str, full: str) -> bool:
    """True where ``short`` is built from ``full``: its brand, then characters of the rest in order, or 公司 (恒远公司).

    One more character may stand for what follows the first of the trade: 骏远汽贸 for 骏远汽车销售.
    """
    own, core = core_of(short), core_of(full)
    if _BRANCH.search(full) or not set(_NUMERALS.findall(short)) <= set(_NUMERALS.findall(full)):
        return False
    if (
        short in load_companies()
        or full in load_companies()
        or len(core) < 4
        or own[:2] != core[:2]
        or own[:2] in COMMON_BRANDS
    ):
        return False
    if own == core[:2]:
        return bool(re.search(r"公司$|厂$", short)) and not begins_with_place(short)
    rest = iter(core[2:])
    return (own == core and not begins_with_place(short)) or (
        3 <= len(own) < len(core) and (all(char in rest for char in own[2:]) or (len(own) == 4 and own[2] == core[2]))
    )


class ShortNames:
    """The short names that the full names of one report allow; ``find`` yields where they stand in a text."""

    def __init__(self, full_names: Iterable[tuple[EntityType, str]]) -> None:
        brands: dict[str, set[str]] = defaultdict(set)
        schools: set[str] = set()  # 某某技师 for 某某技师学院
        for type_, name in full_names:
            if type_ is EntityType.ENTERPRISE and re.search(r"公司$|集团$|厂$", name) and name not in load_companies():
                core = core_of(name)
                if (
                    len(core) >= 4
                    and core[:2] not in COMMON_BRANDS
                    and core[:2] not in region_names()
                    and re.fullmatch("[\u3400-\u9fff]+", core)
                ):
                    brands[core[:2]].add(core)
            elif type_ is EntityType.SCHOOL and name.endswith("技师学院") and len(name) >= 6:
                schools.add(name.removesuffix("学院"))
        singles = {brand: cores.pop() for brand, cores in brands.items() if len({core[:4] for core in cores}) == 1}
        words = [re.escape(word) + "(?!学院)" for word in schools]
        words += [_pattern_of(brand, core) for brand, core in singles.items()]
        self._pattern = re.compile("|".join(sorted(words, key=len, reverse=True))) if words else None

    def find(self, text: str) -> Iterator[tuple[int, int, EntityType]]:
        """Yields (start, end, type) of every short name in ``text``."""
        if self._pattern is None:
            return
        for found in self._pattern.finditer(text):
            of_school = found.group().endswith("技师")
            yield found.start(), found.end(), EntityType.SCHOOL if of_school else EntityType.ENTERPRISE


def _pattern_of(brand: str, core: str) -> str:
    rest = core[2:8]
    pairs = {a + b for at, a in enumerate(rest) for b in rest[at + 1 :]} | {rest[:1] + "贸", rest[:1] + "修"}
    return re.escape(brand) + "(?:公司|集团|" + "|".join(re.escape(pair) for pair in sorted(pairs)) + ")"
