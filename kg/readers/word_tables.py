"""Word's tables: rows of cells over a hidden grid, with merges in two dialects, to rows of cells as in HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.layout import RawCell
from kg.readers.wordml import Element, W, find_child, is_on, iterate_visible, read_value, to_number

# Borders dragged by hand miss each other by a hair, and each miss makes a column (in twentieths of a point).
SLIVER = 100
WIDEST = 1000


@dataclass(slots=True)
class WordCell:
    """A cell on the grid. ``content`` holds the elements of the places that it covers, the first one's first."""

    row: int
    column: int
    rowspan: int
    colspan: int
    content: list[Element]


@dataclass(slots=True)
class WordTable:
    """A table with its cells in reading order; ``header_rows`` is None where no row is marked as a header."""

    cells: list[WordCell]
    rows: int
    columns: int
    header_rows: int | None


def read_grid(table: Element) -> WordTable:
    """The cells of a ``w:tbl`` with their places; deleted rows are left out."""
    rows = [row for row in iterate_visible(table) if row.tag == f"{W}tr" and find_child(row, "trPr", "del") is None]
    cells: list[WordCell] = []
    above: dict[int, WordCell] = {}
    for index, row in enumerate(rows):
        above = _place_row(row, index, above)
        cells.extend(cell for cell in above.values() if cell.row == index)
    columns = _drop_columns(cells, _read_widths(table))
    headers = 0
    while headers < len(rows) and is_on(rows[headers], "trPr", "tblHeader"):
        headers += 1
    return WordTable(cells, len(rows), columns, headers if 0 < headers < len(rows) else None)


def _place_row(row: Element, index: int, above: dict[int, WordCell]) -> dict[int, WordCell]:
    """column → the cell that covers the row there; a cell that goes on from above has grown by this row."""
    placed: dict[int, WordCell] = {}
    column = 0
    before = to_number(read_value(row, "trPr", "gridBefore"))
    if 0 < before < WIDEST:
        placed[0] = WordCell(index, 0, 1, before, [])
        column = before
    last: WordCell | None = None
    for node in iterate_visible(row):
        if node.tag != f"{W}tc":
            continue
        properties = find_child(node, "tcPr")
        span = min(max(to_number(read_value(properties, "gridSpan"), 1), 1), WIDEST)
        upper = above.get(column)
        if last is not None and _continues(properties, "hMerge"):
            last.colspan += span
            last.content.append(node)
        elif upper is not None and upper.colspan == span and _continues(properties, "vMerge"):
            upper.rowspan += 1
            upper.content.append(node)
            last = placed[column] = upper
        else:
            last = placed[column] = WordCell(index, column, 1, span, [node])
        column += span
    after = to_number(read_value(row, "trPr", "gridAfter"))
    if 0 < after < WIDEST:
        placed[column] = WordCell(index, column, 1, after, [])
    return placed


def _continues(properties: Element | None, merge: str) -> bool:
    node = find_child(properties, merge) if properties is not None else None
    return node is not None and node.get(f"{W}val", "continue") == "continue"


def _read_widths(table: Element) -> list[int]:
    grid = find_child(table, "tblGrid")
    return [to_number(node.get(f"{W}w")) for node in grid.iterfind(f"{W}gridCol")] if grid is not None else []


def _drop_columns(cells: list[WordCell], widths: Sequence[int]) -> int:
    """Drops the columns in which no cell begins, and slivers, as long as every cell keeps one. Returns the rest."""
    width = max((cell.column + cell.colspan for cell in cells), default=0)
    begins = sorted({cell.column for cell in cells})
    places = {column: place for place, column in enumerate(begins)}
    if len(widths) >= width:
        wide = _join_slivers(begins, widths)
        if all(_find_end(wide, cell) > wide[cell.column] for cell in cells):
            places = wide
    for cell in cells:
        end = _find_end(places, cell)
        cell.column = places[cell.column]
        cell.colspan = end - cell.column
    return max(places.values(), default=-1) + 1


def _join_slivers(begins: Sequence[int], widths: Sequence[int]) -> dict[int, int]:
    """Each column in which a cell begins → its place; the two sides of a sliver have the same one."""
    places: dict[int, int] = {}
    place, last = -1, 0
    for column in begins:
        edge = sum(widths[:column])
        if not places or edge - last > SLIVER:
            place, last = place + 1, edge
        places[column] = place
    return places


def _find_end(places: Mapping[int, int], cell: WordCell) -> int:
    """The place of the column behind a cell."""
    end = cell.column + cell.colspan
    if end in places:
        return places[end]
    return max((place for column, place in places.items() if column < end), default=0) + 1


def to_rows(table: WordTable, texts: Sequence[str]) -> tuple[tuple[RawCell, ...], ...]:
    """Rows as in HTML; ``texts`` runs beside ``table.cells``."""
    rows: list[list[tuple[int, RawCell]]] = [[] for _ in range(table.rows)]
    for cell, text in zip(table.cells, texts, strict=True):
        rows[cell.row].append((cell.column, RawCell(text, cell.rowspan, cell.colspan)))
    return tuple(tuple(cell for _, cell in sorted(row, key=lambda place: place[0])) for row in rows)
