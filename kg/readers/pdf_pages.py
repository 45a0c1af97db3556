"""A PDF page laid out: its lines in reading order, its tables, without running headers, footers and page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg.readers.cleaning import fold_blanks
from kg.readers.pdf_grid import PdfTable, Ruling, fill_cells, find_grids, is_table, read_frame
from kg.readers.pdf_lines import Glyph, Line, build_lines, group_lines, make_line

# The outer share of a page's height in which headers and footers stand.
_MARGIN = 0.13
_NEAR = 4.0
_PAGE_NUMBER = re.compile(
    r"[-—–―─~·\[\(（\s]*(?:第\s*)?(?:\d{1,4}|[ivxlc]{1,6}|[IVXLC]{1,6})(?:\s*页)?(?:\s*[/／,，]?\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?"
    r"[-—–―─~·\]\)）\s]*"
)
_ROMAN = re.compile(r"[ivxlc]{1,6}|[IVXLC]{1,6}")


@dataclass(slots=True)
class PageMarks:
    """What stands on a page before anything is understood."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    rulings: list[Ruling]


@dataclass(slots=True)
class PageLayout:
    """A page's pieces: ``pieces`` holds lines and tables in reading order."""

    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    tables: list[PdfTable] = field(default_factory=list)
    frames: list[list[Line]] = field(default_factory=list)
    gutter: float | None = None


def lay_out_page(marks: PageMarks) -> PageLayout:
    """The page's tables, the texts in its boxes, and all other lines."""
    layout = PageLayout(marks.number, marks.width, marks.height)
    glyphs = marks.glyphs
    for grid in find_grids(marks.rulings, marks.number):
        if grid.x1 - grid.x0 > 0.9 * marks.width and grid.bottom - grid.top > 0.85 * marks.height:
            continue  # a border around the page
        outside = fill_cells(grid, glyphs)
        if is_table(grid):
            layout.tables.append(grid)
            glyphs = outside
        elif len(glyphs) - len(outside) > 0 and len(grid.cells) <= 2:
            lines = read_frame(grid)
            inset = max(min((line.x0 for line in lines), default=grid.x0) - grid.x0, 0.0)
            layout.frames.append([replace(line, left=grid.x0 + inset, right=grid.x1 - inset) for line in lines])
            glyphs = outside
    layout.gutter = find_gutter(glyphs, marks.width)
    layout.lines = build_lines(glyphs, marks.number) if layout.gutter is None else _split_lines(glyphs, layout)
    return layout


def find_gutter(glyphs: Sequence[Glyph], width: float) -> float | None:
    """The middle of the blank strip between two columns of running text; None for one column."""
    rows = [[glyph for glyph in row if not glyph.text.isspace()] for row in group_lines(glyphs)]
    rows = [row for row in rows if row]
    if len(rows) < 12:
        return None
    left = min(row[0].x0 for row in rows)
    right = max(row[-1].x1 for row in rows)
    best: tuple[int, float] | None = None
    for step in range(35, 66):
        x = left + (right - left) * step / 100
        parted = [row for row in rows if _gap_at(row, x) > 0.9]
        crossed = len(rows) - len(parted)
        both = [row for row in parted if row[0].x0 < x < row[-1].x1]
        if len(both) < 8 or crossed > 0.3 * len(rows):
            continue
        # Both columns are full of text: names in pairs and contents lines are not.
        before = sum(max(glyph.x1 for glyph in row if glyph.x0 < x) - row[0].x0 for row in both) / len(both)
        after = sum(row[-1].x1 - min(glyph.x0 for glyph in row if glyph.x0 > x) for row in both) / len(both)
        if before > 0.7 * (x - left) and after > 0.7 * (right - x) and (best is None or crossed < best[0]):
            best = (crossed, x)
    return best[1] if best else None


def _gap_at(row: Sequence[Glyph], x: float) -> float:
    """How wide, in ems, the row is blank at ``x``; a row that ends before it counts as wide open."""
    before = max((glyph.x1 for glyph in row if glyph.x0 < x), default=None)
    after = min((glyph.x0 for glyph in row if glyph.x0 >= x), default=None)
    if before is None or after is None:
        return 9.0 if before is None or before < x else 0.0
    return (after - before) / max(row[0].size, 1.0) if before < x else 0.0


def _split_lines(glyphs: Sequence[Glyph], layout: PageLayout) -> list[Line]:
    """Lines of two columns: between lines that cross the gutter, first the left column, then the right."""
    gutter = layout.gutter or 0.0
    ordered: list[Line] = []
    columns: tuple[list[Line], list[Line]] = ([], [])
    for row in group_lines(glyphs):
        seen = [glyph for glyph in row if not glyph.text.isspace()]
        if not seen:
            continue
        if _gap_at(seen, gutter) > 0.9:
            halves = ([g for g in row if g.x0 < gutter], [g for g in row if g.x0 >= gutter])
            for column, half in zip(columns, halves, strict=True):
                if line := make_line(half, layout.number):
                    column.append(line)
        else:
            ordered.extend(_close_columns(columns))
            columns = ([], [])
            if line := make_line(row, layout.number):
                ordered.append(line)
    return [*ordered, *_close_columns(columns)]


def _close_columns(columns: tuple[list[Line], list[Line]]) -> list[Line]:
    closed: list[Line] = []
    for column in columns:
        if column:
            left, right = min(line.x0 for line in column), max(line.x1 for line in column)
            closed.extend(replace(line, left=left, right=right) for line in column)
    return closed


def drop_running_lines(pages: Sequence[PageLayout]) -> None:
    """Takes the headers, footers and page numbers out of the pages' lines.

    They are told by repetition: the same text at the same height on three pages or on all of two. Where only a
    number changes it must be the page's, and in smaller print than the text: "附件1", "附件2" head pages as well.
    What else stands at the height of a header is one too: a chapter's title, say.
    """
    candidates: dict[str, list[tuple[PageLayout, Line]]] = defaultdict(list)
    for page in pages:
        for line in _marginal_lines(page):
            candidates[_fold_running(line.text)].append((page, line))
    body = _measure_body(pages)
    dropped: dict[int, set[int]] = defaultdict(set)
    heights: list[tuple[float, float]] = []
    for folded, found in candidates.items():
        for page, line in found:
            twins = [(other, twin) for other, twin in found if abs(twin.baseline - line.baseline) <= _NEAR]
            if folded != "#" and not (_counts_pages(twins) and line.size < 0.95 * body):
                twins = [(other, twin) for other, twin in twins if twin.text == line.text]
            same = {other.number for other, _ in twins}
            if len(same) >= 3 or (len(pages) == 2 and len(same) == 2):
                dropped[page.number].add(id(line))
                heights.append((line.baseline, line.size))
    for page in pages:
        marginal = _marginal_lines(page)
        for line in marginal:
            at_height = any(abs(line.baseline - height) <= 1.0 and line.size == size for height, size in heights)
            if at_height or _is_page_number(line, page, marginal):
                dropped[page.number].add(id(line))
        page.lines = [line for line in page.lines if id(line) not in dropped[page.number]]


def _measure_body(pages: Sequence[PageLayout]) -> float:
    """The font size in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _counts_pages(twins: Sequence[tuple[PageLayout, Line]]) -> bool:
    """Whether some number in the lines grows with the pages."""
    shifts = [{int(number) - page.number for number in re.findall(r"\d+", line.text)} for page, line in twins]
    return len(shifts) > 1 and bool(set.intersection(*shifts))


def _marginal_lines(page: PageLayout) -> list[Line]:
    """The three outermost lines at the top and at the bottom, as far as they stand in the margins."""
    lines = sorted(page.lines, key=lambda line: line.baseline)
    tops = [line for line in lines[:3] if line.bottom < _MARGIN * page.height]
    bottoms = [line for line in lines[-3:] if line.top > (1 - _MARGIN) * page.height]
    return [*tops, *(line for line in bottoms if line not in tops)]


def _fold_running(text: str) -> str:
    folded = fold_blanks(text)
    return "#" if _PAGE_NUMBER.fullmatch(folded) else re.sub(r"\d+", "#", folded)


def _is_page_number(line: Line, page: PageLayout, marginal: Sequence[Line]) -> bool:
    """A line of nothing but a number, outermost, with some room between it and the text."""
    if not _PAGE_NUMBER.fullmatch(line.text):
        return False
    others = [other for other in page.lines if other is not line and other not in marginal]
    room = min((abs(other.baseline - line.baseline) for other in others), default=page.height)
    return room > 1.8 * line.size
