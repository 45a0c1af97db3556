"""One report in several files (as Word, as PDF, sent twice): one of them is used, the others are named.

Files with the same bytes are one report. So are two that are of the same publisher and year and whose texts are alike; the
one that its reader understands best is used. Reports of two years, however alike, are two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from kg.built_inputs import BuiltInput
from kg.sketches import SIZE, compare_sketches

ALIKE = (
    0.7  # of their text; what is printed as PDF differs from its Word file by headers, page numbers and broken lines
)
ALIKE_UNSAID = 0.9  # where one of the two does not say whose report it is, or of which year
_LOOKED_AT = 8  # numbers of a sketch: two alike texts that share none of these are rarer than one in ten thousand
# By what their readers understand best: tables of Word files are tables, in PDF and text they are guessed.
_KINDS = (".docx", ".docm", ".odt", ".doc", ".wps", ".rtf", ".html", ".htm", ".pdf", ".txt")


class Twins:
    """The reports of a home by their texts."""

    def __init__(self, known: Iterable[BuiltInput]) -> None:
        self._of: dict[str, BuiltInput] = {}
        self._by_number: defaultdict[int, set[str]] = defaultdict(set)
        for built in known:
            self.add(built)

    def add(self, built: BuiltInput) -> None:
        """Takes a report up, in place of one of the same id."""
        self.drop(built.report)
        if not built.duplicate_of:
            self._of[built.report] = built
            for number in built.sketch[:_LOOKED_AT]:
                self._by_number[number].add(built.report)

    def drop(self, report: str) -> BuiltInput | None:
        """Forgets a report; returns what was known of it."""
        if built := self._of.pop(report, None):
            for number in built.sketch[:_LOOKED_AT]:
                self._by_number[number].discard(report)
        return built

    def find(self, built: BuiltInput) -> BuiltInput | None:
        """The report that is the same as this one, under another id; the first by id where there are several."""
        near = {report for number in built.sketch[:_LOOKED_AT] for report in self._by_number[number]} - {built.report}
        return next((self._of[report] for report in sorted(near) if _are_one(built, self._of[report])), None)


def is_better(built: BuiltInput, other: BuiltInput) -> bool:
    """True where the first of two files of one report is the one to use."""
    return _rank(built) < _rank(other)


def _rank(built: BuiltInput) -> tuple[int, str]:
    ending = Path(built.path).suffix.lower()
    return (_KINDS.index(ending) if ending in _KINDS else len(_KINDS), built.report)


def _are_one(one: BuiltInput, other: BuiltInput) -> bool:
    if min(len(one.sketch), len(other.sketch)) < SIZE:
        return False  # a few sentences are like those of others
    told = [(one.publisher, other.publisher), (one.year, other.year)]
    if any(a and b and a != b for a, b in told):
        return False
    least = ALIKE if all(a and b for a, b in told) else ALIKE_UNSAID
    return compare_sketches(one.sketch, other.sketch) >= least
