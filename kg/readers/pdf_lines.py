"""From the glyphs of a PDF page to lines of text: pure geometry, no library.

A PDF knows no words and no blanks, only glyphs at places. Coordinates are points from the page's upper left corner.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.readers.cleaning import clean_text

_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u2014\u2018-\u201d\u2026]")
CLOSING = frozenset("，。、；：？！）》」』】〕”’％,.;:?!)]}%…·")
_OPENING = frozenset("（《「『【〔“‘([{")
_QUOTES = frozenset("“”‘’")
_MARKS = CLOSING | _OPENING | _QUOTES
# In ems: how far two glyphs of a line must be apart to stand for a blank.
_GAP_CJK = 0.4
_GAP_MARK = 0.7  # beside punctuation, whose own box is half empty
_GAP_LATIN = 0.25
_GAP_MIXED = 0.5
_GAP_TYPED = 0.12  # with a blank in the text itself
_SAME_LINE = 0.5


class Glyph(NamedTuple):
    """One character with its box; ``size`` is the font's."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. ``left`` and ``right`` are the edges of the column that it stands in.

    ``token`` is the width of what cannot be parted at its beginning: a line above it that had this much room
    left would have taken it.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    token: float
    page: int = 0
    left: float = 0.0
    right: float = 0.0


def group_lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs that share a baseline, from the top, each line from the left; raised and lowered ones belong to it."""
    rows: list[list[Glyph]] = []
    size = baseline = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.baseline):
        if rows and glyph.baseline - baseline <= _SAME_LINE * max(size, glyph.size):
            rows[-1].append(glyph)
            if glyph.size > size:
                size, baseline = glyph.size, glyph.baseline
        else:
            rows.append([glyph])
            size, baseline = glyph.size, glyph.baseline
    return [_drop_doubles(sorted(row, key=lambda glyph: glyph.x0)) for row in rows]


def _drop_doubles(row: list[Glyph]) -> list[Glyph]:
    """Bold print is sometimes made by printing twice, a hair apart."""
    kept: list[Glyph] = []
    for glyph in row:
        last = kept[-1] if kept else None
        if last and glyph.text == last.text and not glyph.text.isspace() and glyph.x0 - last.x0 < 0.2 * glyph.size:
            kept[-1] = last._replace(bold=True)
        else:
            kept.append(glyph)
    return kept


def build_lines(glyphs: Iterable[Glyph], page: int = 0) -> list[Line]:
    """The lines of a region of one column, from the top; lines of blanks only are left out."""
    return [line for row in group_lines(glyphs) if (line := make_line(row, page)) is not None]


def make_line(row: Sequence[Glyph], page: int = 0) -> Line | None:
    """One line from its glyphs in order; None where nothing is to be seen."""
    seen = [glyph for glyph in row if not glyph.text.isspace()]
    text = clean_text(_join_glyphs(row))
    if not seen or not text:
        return None
    sizes: Counter[float] = Counter()
    for glyph in seen:
        sizes[round(glyph.size * 2) / 2] += len(glyph.text)
    return Line(
        text=text,
        x0=seen[0].x0,
        top=min(glyph.top for glyph in seen),
        x1=max(glyph.x1 for glyph in seen),
        bottom=max(glyph.bottom for glyph in seen),
        baseline=max((glyph.size, glyph.baseline) for glyph in seen)[1],
        size=max(sizes.items(), key=lambda item: (item[1], item[0]))[0],
        bold=all(glyph.bold for glyph in seen),
        token=_measure_token(seen),
        page=page,
    )


def _join_glyphs(row: Sequence[Glyph]) -> str:
    """The glyphs' text with blanks where the page shows some: not inside words that were only spread out."""
    pieces: list[str] = []
    blanks: list[tuple[int, float]] = []  # blanks between two Chinese characters: place in pieces, width in ems
    pairs = 0
    last: Glyph | None = None
    typed = False
    for glyph in row:
        if glyph.text.isspace():
            typed = True
            continue
        if last is not None:
            size = max(last.size, glyph.size, 1.0)
            gap = (glyph.x0 - last.x1) / size
            before, after = _is_cjk(last.text[-1]), _is_cjk(glyph.text[0])
            pairs += before and after
            if before and after:
                marked = last.text in _MARKS or glyph.text in _MARKS
                needed = _GAP_TYPED if typed else _GAP_MARK if marked else _GAP_CJK
            elif before or after:
                needed = _GAP_TYPED if typed else _GAP_MIXED
            else:
                needed = 0.0 if typed else _GAP_LATIN
            if gap >= needed:
                if before and after:
                    blanks.append((len(pieces), gap))
                pieces.append(" ")
        pieces.append(glyph.text)
        last, typed = glyph, False
    # A title set with blanks between all its characters is still one word.
    if len(blanks) >= 3 and 2 * len(blanks) > pairs:
        narrowest = min(gap for _, gap in blanks)
        for place, gap in blanks:
            if gap < narrowest + 0.5:
                pieces[place] = ""
    return "".join(pieces)


def _is_cjk(character: str) -> bool:
    return _CJK.match(character) is not None


def _measure_token(seen: Sequence[Glyph]) -> float:
    """From the line's beginning to the first place where it could have been broken.

    No line is broken before closing or after opening marks, and programs differ on curved quotes (never at
    either side, some say) and on figures after a comma (some keep them together).
    """
    end = 0
    while end < len(seen) - 1:
        glyph, following = seen[end], seen[end + 1]
        opens = glyph.text in _OPENING or glyph.text in _QUOTES
        closes = following.text in CLOSING or following.text in _QUOTES
        latin = not _is_cjk(following.text[0]) and (not _is_cjk(glyph.text[0]) or glyph.text in CLOSING)
        if not (opens or closes or (latin and following.x0 - glyph.x1 < _GAP_LATIN * glyph.size)):
            break
        end += 1
    return seen[end].x1 - seen[0].x0


def join_lines(first: str, second: str) -> str:
    """Two lines of one paragraph as one text: a blank only between two Latin words."""
    if not first or not second:
        return first or second
    if first[-1] == "-" and len(first) > 1 and first[-2].isascii() and first[-2].isalpha() and second[0].islower():
        return first[:-1] + second
    latin = first[-1].isascii() and second[0].isascii()
    return (
        f"{first} {second}"
        if latin and (first[-1].isalnum() or first[-1] in ",.;:)") and second[0].isalnum()
        else first + second
    )
