"""The words of the partnership workbook in its two languages, and how wide its columns are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.schema import load_schema
from kg.workbook_file import Cell, Column, Kind, Sheet, Value, measure_text

SEPARATOR = {0: "、", 1: "; "}

# Columns by their keys: width in characters, and kind where they are not text.
_WIDTHS: Mapping[str, tuple[int, Kind]] = {
    "region": (14, Kind.TEXT),
    "named": (16, Kind.TEXT),
    "programme": (18, Kind.TEXT),
    "programmes": (20, Kind.TEXT),
    "school": (20, Kind.TEXT),
    "partner": (24, Kind.TEXT),
    "see": (7, Kind.TEXT),
    "facts": (8, Kind.TEXT),
    "fact": (20, Kind.TEXT),
    "code": (10, Kind.CODE),
    "class": (16, Kind.TEXT),
    "level": (10, Kind.TEXT),
    "type": (11, Kind.TEXT),
    "member_type": (12, Kind.TEXT),
    "modes": (18, Kind.TEXT),
    "modes_before": (20, Kind.TEXT),
    "modes_after": (20, Kind.TEXT),
    "years": (11, Kind.PLAIN),
    "before": (12, Kind.PLAIN),
    "after": (12, Kind.PLAIN),
    "year": (10, Kind.PLAIN),
    "since": (11, Kind.PLAIN),
    "report_year": (9, Kind.PLAIN),
    "page": (9, Kind.PLAIN),
    "table": (9, Kind.PLAIN),
    "row": (9, Kind.PLAIN),
    "basis": (12, Kind.TEXT),
    "headcount": (8, Kind.COUNT),
    "evidence": (44, Kind.TEXT),
    "whole": (90, Kind.TEXT),
    "title": (22, Kind.TEXT),
    "place": (15, Kind.TEXT),
    "section": (24, Kind.TEXT),
    "rank": (9, Kind.PLAIN),
    "school_count": (10, Kind.COUNT),
    "fact_count": (10, Kind.COUNT),
    "programme_count": (10, Kind.COUNT),
    "covered_count": (12, Kind.COUNT),
    "bare_count": (12, Kind.COUNT),
    "partner_count": (13, Kind.COUNT),
    "offering": (13, Kind.COUNT),
    "schools": (34, Kind.TEXT),
    "lies": (16, Kind.TEXT),
    "school_lies": (16, Kind.TEXT),
    "lies_basis": (18, Kind.TEXT),
    "school_basis": (18, Kind.TEXT),
    "near": (12, Kind.TEXT),
    "distance": (14, Kind.COUNT),
    "status": (10, Kind.TEXT),
    "role": (10, Kind.TEXT),
    "verdict": (13, Kind.TEXT),
    "kind": (14, Kind.TEXT),
    "stated": (12, Kind.NUMBER),
    "found": (12, Kind.NUMBER),
    "unit": (8, Kind.TEXT),
    "details": (48, Kind.TEXT),
    "problem": (22, Kind.TEXT),
    "message": (48, Kind.TEXT),
    "change": (32, Kind.TEXT),
    "chart": (34, Kind.TEXT),
    "label": (34, Kind.TEXT),
    "value": (10, Kind.COUNT),
    "value2": (13, Kind.COUNT),
    "topic": (22, Kind.TEXT),
    "text": (110, Kind.TEXT),
    "same_class": (26, Kind.TEXT),
}
_WIDE = (28, Kind.TEXT)  # names


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the workbook in one language: 0 Chinese, 1 English."""

    all: Mapping[str, Any]
    language: int

    def say(self, key: str, *values: object) -> str:
        text: str = self.all["words"][key][self.language]
        for at, value in enumerate(values):
            text = text.replace(f"{{{at}}}", str(value))
        return text

    def name_sheet(self, key: str) -> str:
        return str(self.all["sheets"][key][self.language])

    def join(self, values: Iterable[object]) -> str:
        return SEPARATOR[self.language].join(map(str, values))

    def type(self, name: str) -> str:
        return load_schema().label(name, "en" if self.language else "zh")

    def concept(self, scheme: str, notation: str) -> str:
        """The label of a value of a closed list; the value itself where the list does not have it."""
        for each in load_schema().lists[scheme]:
            if each.notation == notation:
                return each.label_en if self.language else each.label_zh
        return notation

    def modes(self, notations: Iterable[str]) -> str:
        return self.join(self.concept("modes", each) for each in notations)

    def role(self, notation: str) -> str:
        key = f"role.{notation}"
        return self.say(key) if key in self.all["words"] else self.concept("roles", notation)


def make_sheet(
    words: Words,
    key: str,
    keys: Sequence[str],
    rows: Sequence[Sequence[Value | Cell]],
    frozen: int = 1,
    extra: tuple[Column, ...] = (),
) -> Sheet:
    """A sheet with columns by their keys; none is narrower than the longest part of its heading."""
    columns = []
    for each in keys:
        width, kind = _WIDTHS.get(each, _WIDE)
        heading = str(words.all["columns"][each][words.language])
        columns.append(Column(heading, max(width, _longest(heading) + 4), kind))
    return Sheet(key, words.name_sheet(key), (*columns, *extra), rows, frozen)


def _longest(heading: str) -> int:
    """The width of the longest part of a heading that must not be broken."""
    parts = [heading] if any(char > "\u2e80" for char in heading) else heading.split()
    return max(measure_text(part) for part in parts)
