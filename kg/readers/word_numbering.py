"""Automatic numbers of Word paragraphs: "1.2", "一、", "（三）" are nowhere in the text, only in the list's rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.readers.wordml import Element, W, find_child, is_on, read_value, to_number

LEVELS = 9
_DIGITS = "零一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_ONES = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "japaneseDigitalTenThousand",
        "koreanDigital2",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "taiwaneseDigital",
    }
)
_LEGAL = frozenset({"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"})


@dataclass(frozen=True, slots=True)
class NumberLevel:
    """One depth of a list: where it starts, how it counts, and the pattern around the numbers ("%1.%2")."""

    start: int = 1
    format: str = "decimal"
    pattern: str = ""
    suffix: str = "tab"
    legal: bool = False
    restarts: bool = True
    style: str = ""


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of one Word file; ask it once a paragraph, in order."""

    lists: Mapping[str, str]  # numId → abstractNumId
    levels: Mapping[str, Mapping[int, NumberLevel]]  # abstractNumId → depth → level
    overrides: Mapping[tuple[str, int], NumberLevel]
    restarts: Mapping[tuple[str, int], int]
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _restarted: set[tuple[str, int]] = field(default_factory=set)

    def find_level(self, list_id: str, depth: int) -> NumberLevel | None:
        level = self.overrides.get((list_id, depth))
        return level or self.levels.get(self.lists.get(list_id, ""), {}).get(depth)

    def find_depth(self, list_id: str, style: str) -> int:
        """The depth that a list keeps for a paragraph style (0 where it names none)."""
        for depth, level in self.levels.get(self.lists.get(list_id, ""), {}).items():
            if level.style == style:
                return depth
        return 0

    def count_paragraph(self, list_id: str, depth: int) -> str:
        """The number that stands before the paragraph, with the blank after it; "" for bullets and unknown lists."""
        level = self.find_level(list_id, depth)
        if level is None:
            return ""
        counters = self._counters.setdefault(self.lists[list_id], [None] * LEVELS)
        self._advance(counters, list_id, depth, level)
        if level.format == "bullet":
            return ""
        number = re.sub(
            r"%([1-9])", lambda match: self._show(counters, list_id, int(match[1]) - 1, level), level.pattern
        )
        if not number.strip():
            return ""
        # Word leaves a tab after "一、" too; nobody writes one there.
        return number if level.suffix == "nothing" or number[-1] in "、）)．。 　：:" else number + " "

    def _advance(self, counters: list[int | None], list_id: str, depth: int, level: NumberLevel) -> None:
        key = (list_id, depth)
        current = counters[depth]
        if key in self.restarts and key not in self._restarted:
            self._restarted.add(key)
            counters[depth] = self.restarts[key]
        else:
            counters[depth] = level.start if current is None else current + 1
        for below in range(depth + 1, LEVELS):
            deeper = self.find_level(list_id, below)
            if deeper is None or deeper.restarts:
                counters[below] = None

    def _show(self, counters: list[int | None], list_id: str, depth: int, level: NumberLevel) -> str:
        shown = self.find_level(list_id, depth) or NumberLevel()
        count = counters[depth]
        return format_number(shown.start if count is None else count, "decimal" if level.legal else shown.format)


def read_numbering(root: Element | None) -> Numbering:
    """The lists of ``word/numbering.xml``; a Numbering without lists for None."""
    levels: dict[str, dict[int, NumberLevel]] = {}
    lists: dict[str, str] = {}
    overrides: dict[tuple[str, int], NumberLevel] = {}
    restarts: dict[tuple[str, int], int] = {}
    linked: dict[str, str] = {}  # a style's name → the list that defines it
    links: dict[str, str] = {}
    for abstract in root.iter(f"{W}abstractNum") if root is not None else ():
        key = abstract.get(f"{W}abstractNumId", "")
        levels[key] = {to_number(node.get(f"{W}ilvl")): _read_level(node) for node in abstract.iter(f"{W}lvl")}
        if (style := read_value(abstract, "styleLink")) is not None:
            linked[style] = key
        if (style := read_value(abstract, "numStyleLink")) is not None:
            links[key] = style
    for number in root.iter(f"{W}num") if root is not None else ():
        list_id = number.get(f"{W}numId", "")
        key = read_value(number, "abstractNumId") or ""
        lists[list_id] = linked.get(links.get(key, ""), key)
        for override in number.iter(f"{W}lvlOverride"):
            depth = to_number(override.get(f"{W}ilvl"))
            if (node := find_child(override, "lvl")) is not None:
                overrides[list_id, depth] = _read_level(node)
            if (start := read_value(override, "startOverride")) is not None:
                restarts[list_id, depth] = to_number(start, 1)
    return Numbering(lists, levels, overrides, restarts)


def _read_level(node: Element) -> NumberLevel:
    # Newer formats hide in an alternative beside the old one, so the first numFmt anywhere below counts.
    formats = [found.get(f"{W}val", "decimal") for found in node.iter(f"{W}numFmt")]
    return NumberLevel(
        start=to_number(read_value(node, "start"), 1),
        format=formats[0] if formats else "decimal",
        pattern=read_value(node, "lvlText") or "",
        suffix=read_value(node, "suff") or "tab",
        legal=is_on(node, "isLgl"),
        restarts=read_value(node, "lvlRestart") != "0",
        style=read_value(node, "pStyle") or "",
    )


def format_number(number: int, kind: str) -> str:
    """The number as Word shows it in a list format; unknown formats show plain digits."""
    if kind == "none":
        return ""
    if kind in _CHINESE:
        return count_chinese(number, _DIGITS, "十百千")
    if kind in _LEGAL:
        return count_chinese(number, _LEGAL_DIGITS, "拾佰仟")
    if kind in ("upperRoman", "lowerRoman"):
        roman = _count_roman(number)
        return roman.upper() if kind == "upperRoman" else roman
    if kind in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind == "decimalZero":
        return f"{number:02d}"
    if kind == "decimalFullWidth":
        return "".join(chr(ord("０") + int(digit)) for digit in str(number))
    if kind.startswith("decimalEnclosed") and 1 <= number <= 20:
        first = {"decimalEnclosedParen": "⑴", "decimalEnclosedFullstop": "⒈"}.get(kind, "①")
        return chr(ord(first) + number - 1)
    if kind == "ideographTraditional" and number > 0:
        return _STEMS[(number - 1) % 10]
    if kind == "ideographZodiac" and number > 0:
        return _BRANCHES[(number - 1) % 12]
    return str(number)


def count_chinese(number: int, digits: str, units: str) -> str:
    """一, 十, 十一, 二十, 一百零一: as lists count, without the 一 before a leading 十."""
    if not 0 < number < 10_000:
        return digits[0] if number == 0 else str(number)
    text = ""
    for power in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**power % 10
        if digit:
            text += digits[digit] + (units[power - 1] if power else "")
        elif text and not text.endswith(digits[0]):
            text += digits[0]
    text = text.rstrip(digits[0])
    return text[1:] if 10 <= number < 20 else text


def _count_roman(number: int) -> str:
    text = ""
    for value, sign in (*_ROMAN, *_ROMAN_ONES):
        while number >= value:
            text += sign
            number -= value
    return text
