"""Tables of a PDF page from the lines that are ruled around their cells: pure geometry, no library.

Rulings are cut into a grid of units; units without a ruling between them are one cell. So merged cells come out
as they look, and a table open at its sides is as good as a closed one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from kg.readers.pdf_lines import Glyph, Line, build_lines, join_lines

SNAP = 3.0  # points: rulings closer than this are one
_COVERED = 0.6  # the share of a unit's side that must be ruled
_LARGEST = 20_000  # units; drawings with more are no tables
_MOST_PAIRS = 1_000_000  # of rulings; a map or a chart has more
_LONG_CELL = 100


class Ruling(NamedTuple):
    """A straight ruled line: at ``at`` across, from ``start`` to ``end`` along."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class PdfCell:
    """A cell by its rows and by the places of its left and right side.

    ``room`` is what its last line leaves free, ``token`` what its first line cannot be parted in: by these a text
    that goes on behind a page's end is told.
    """

    row: int
    rowspan: int
    x0: float
    x1: float
    top: float
    bottom: float
    glyphs: list[Glyph] = field(default_factory=list)
    text: str = ""
    room: float = 0.0
    token: float = 0.0


@dataclass(slots=True)
class PdfTable:
    """A ruled table on one page; ``edges`` are the places of its columns' sides."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    edges: tuple[float, ...]
    rows: int
    cells: list[PdfCell]
    last_page: int = 0

    def read_row(self, row: int) -> list[PdfCell]:
        return sorted((cell for cell in self.cells if cell.row == row), key=lambda cell: cell.x0)


def find_grids(rulings: Iterable[Ruling], page: int) -> list[PdfTable]:
    """The grids that the rulings of a page make, from the top, each with at least one cell; cells are empty yet."""
    rulings = list(rulings)
    across = _merge_rulings([ruling for ruling in rulings if not ruling.upright])
    upright = _merge_rulings([ruling for ruling in rulings if ruling.upright])
    if len(across) * len(upright) > _MOST_PAIRS:
        return []
    grids = [
        grid
        for rows, columns in _connect_rulings(across, upright)
        if (grid := _build_grid(rows, columns, page)) is not None
    ]
    outer = [grid for grid in grids if not any(_is_inside(grid, other) for other in grids)]
    return sorted(outer, key=lambda grid: (grid.top, grid.x0))


def _merge_rulings(rulings: Sequence[Ruling]) -> list[Ruling]:
    """Rulings at the same place become one, and pieces that follow on each other become one."""
    merged: list[Ruling] = []
    group: list[Ruling] = []
    for ruling in sorted(rulings, key=lambda ruling: ruling.at):
        if group and ruling.at - group[0].at > SNAP:
            merged.extend(_merge_group(group))
            group = []
        group.append(ruling)
    if group:
        merged.extend(_merge_group(group))
    return merged


def _merge_group(group: list[Ruling]) -> list[Ruling]:
    at = sum(ruling.at for ruling in group) / len(group)
    pieces: list[Ruling] = []
    for ruling in sorted(group, key=lambda ruling: ruling.start):
        if pieces and ruling.start - pieces[-1].end <= SNAP:
            pieces[-1] = pieces[-1]._replace(end=max(pieces[-1].end, ruling.end))
        else:
            pieces.append(ruling._replace(at=at))
    return [piece for piece in pieces if piece.end - piece.start > SNAP]


def _connect_rulings(across: list[Ruling], upright: list[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """The groups of rulings that touch each other, with at least one of each direction."""
    parent = list(range(len(across) + len(upright)))

    def find_root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for place, row in enumerate(across):
        for other, column in enumerate(upright):
            meets = (
                row.start - SNAP <= column.at <= row.end + SNAP and column.start - SNAP <= row.at <= column.end + SNAP
            )
            if meets:
                parent[find_root(place)] = find_root(len(across) + other)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = defaultdict(lambda: ([], []))
    for place, row in enumerate(across):
        groups[find_root(place)][0].append(row)
    for other, column in enumerate(upright):
        groups[find_root(len(across) + other)][1].append(column)
    return [group for group in groups.values() if group[0] and group[1]]


def _build_grid(across: list[Ruling], upright: list[Ruling], page: int) -> PdfTable | None:
    xs = _snap_places([*(r.at for r in upright), min(r.start for r in across), max(r.end for r in across)])
    ys = _snap_places([*(r.at for r in across), min(r.start for r in upright), max(r.end for r in upright)])
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows > _LARGEST:
        return None
    cells = [
        PdfCell(top, bottom - top, xs[left], xs[right], ys[top], ys[bottom])
        for top, left, bottom, right in _find_cells(xs, ys, across, upright)
    ]
    return PdfTable(page, xs[0], ys[0], xs[-1], ys[-1], tuple(xs), rows, cells, last_page=page)


def _snap_places(places: Sequence[float]) -> list[float]:
    result: list[float] = []
    for place in sorted(places):
        if not result or place - result[-1] > SNAP:
            result.append(place)
    return result


def _find_cells(
    xs: list[float], ys: list[float], across: list[Ruling], upright: list[Ruling]
) -> list[tuple[int, int, int, int]]:
    """The cells as (top, left, bottom, right) in units, in reading order."""
    rows, columns = len(ys) - 1, len(xs) - 1
    parent = list(range(rows * columns))

    def find_root(unit: int) -> int:
        while parent[unit] != unit:
            parent[unit] = parent[parent[unit]]
            unit = parent[unit]
        return unit

    beside = [[ruling for ruling in upright if abs(ruling.at - x) <= SNAP] for x in xs]
    below = [[ruling for ruling in across if abs(ruling.at - y) <= SNAP] for y in ys]
    for row in range(rows):
        for column in range(columns):
            unit = row * columns + column
            if column + 1 < columns and not _is_ruled(beside[column + 1], ys[row], ys[row + 1]):
                parent[find_root(unit + 1)] = find_root(unit)
            if row + 1 < rows and not _is_ruled(below[row + 1], xs[column], xs[column + 1]):
                parent[find_root(unit + columns)] = find_root(unit)
    areas: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in range(rows):
        for column in range(columns):
            areas[find_root(row * columns + column)].append((row, column))
    return sorted(piece for area in areas.values() for piece in _cut_rectangles(area))


def _is_ruled(rulings: list[Ruling], start: float, end: float) -> bool:
    covered = sum(max(0.0, min(ruling.end, end) - max(ruling.start, start)) for ruling in rulings)
    return covered >= _COVERED * (end - start)


def _cut_rectangles(area: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """A cell is a rectangle; an area of another shape lacks a ruling, and is cut into its rows."""
    top, bottom = min(row for row, _ in area), max(row for row, _ in area) + 1
    left, right = min(column for _, column in area), max(column for _, column in area) + 1
    if len(area) == (bottom - top) * (right - left):
        return [(top, left, bottom, right)]
    pieces: list[tuple[int, int, int, int]] = []
    for row, column in sorted(area):
        if pieces and pieces[-1][0] == row and pieces[-1][3] == column:
            pieces[-1] = (row, pieces[-1][1], row + 1, column + 1)
        else:
            pieces.append((row, column, row + 1, column + 1))
    return pieces


def _is_inside(grid: PdfTable, other: PdfTable) -> bool:
    """A drawing inside a cell of a larger table; a table inside a bare frame stays."""
    return (
        other is not grid
        and len(other.cells) > 1
        and other.x0 - SNAP <= grid.x0
        and grid.x1 <= other.x1 + SNAP
        and other.top - SNAP <= grid.top
        and grid.bottom <= other.bottom + SNAP
        and len(grid.cells) <= len(other.cells)
    )


def fill_cells(grid: PdfTable, glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Gives the glyphs inside the grid to its cells; returns the others."""
    by_row: dict[int, list[PdfCell]] = defaultdict(list)
    tops = sorted({cell.top for cell in grid.cells})
    for cell in grid.cells:
        for place, top in enumerate(tops):
            if cell.top <= top < cell.bottom:
                by_row[place].append(cell)
    outside: list[Glyph] = []
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        found = None
        if grid.x0 <= x <= grid.x1 and grid.top <= y <= grid.bottom:
            band = by_row[max(bisect_right(tops, y) - 1, 0)]
            found = next((cell for cell in band if cell.x0 <= x <= cell.x1 and cell.top <= y <= cell.bottom), None)
        if found is None:
            outside.append(glyph)
        else:
            found.glyphs.append(glyph)
    for cell in grid.cells:
        read_cell(cell)
    return outside


def read_cell(cell: PdfCell) -> None:
    """Sets the cell's text from its glyphs; lines that were only broken because the cell is narrow are joined."""
    lines = build_lines(cell.glyphs)
    if not lines:
        return
    # Text keeps the same distance from both sides of its cell, at most.
    margin = min(min(line.x0 - cell.x0 for line in lines), min(cell.x1 - line.x1 for line in lines))
    room = cell.x1 - cell.x0 - 2 * min(max(margin, 0.0), 6.0)
    cell.text, cell.token = lines[0].text, lines[0].token + 0.2 * lines[0].size
    for above, below in pairwise(lines):
        wrapped = room - (above.x1 - above.x0) < below.token + 0.2 * below.size
        cell.text = join_lines(cell.text, below.text) if wrapped else f"{cell.text}\n{below.text}"
    cell.room = room - (lines[-1].x1 - lines[-1].x0)


def is_table(grid: PdfTable) -> bool:
    """Whether a filled grid is a table: more than one column, and not the empty boxes of a drawing."""
    filled = sum(1 for cell in grid.cells if cell.text)
    if len(grid.cells) < 2 or filled < 2 or filled < 0.25 * len(grid.cells):
        return False
    if len(grid.edges) == 2:
        return not any(len(cell.text) > _LONG_CELL for cell in grid.cells)
    return True


def read_frame(grid: PdfTable) -> list[Line]:
    """The lines of a grid that is no table, as running text in a box."""
    glyphs = [glyph for cell in grid.cells for glyph in cell.glyphs]
    return build_lines(glyphs, grid.page)
