"""Pieces of one table on several PDF pages put together, and columns counted: from ruled cells to rows as in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.layout import RawCell, RawTable
from kg.readers.cleaning import fold_blanks
from kg.readers.pdf_grid import SNAP, PdfCell, PdfTable
from kg.readers.pdf_lines import join_lines

_EDGE = 5.0  # points: the edges of one table on two pages may differ by this
_SHIFT = 60.0  # points: pages bound at the left and at the right have their text at different places
_MOST_HEADERS = 4
_VALUE = re.compile(r"[+\-−—/\d.,:%％‰\s]*")
_ENDED = re.compile(r"[。！？；]$")


def fits_below(table: PdfTable, following: PdfTable) -> bool:
    """Whether the columns of ``following`` are those of ``table``: as wide, and no edge that is not there."""
    shift = following.x0 - table.x0
    if abs(following.x1 - table.x1 - shift) > _EDGE or abs(shift) > _SHIFT:
        return False
    theirs = [edge - shift for edge in following.edges]
    return _are_near(theirs, table.edges) or _are_near(table.edges, theirs)


def _are_near(edges: Sequence[float], others: Sequence[float]) -> bool:
    return all(any(abs(edge - other) <= _EDGE for other in others) for edge in edges)


def append_table(table: PdfTable, following: PdfTable) -> None:
    """Puts the rows of ``following`` below those of ``table``, without a header that was only repeated."""
    shift = following.x0 - table.x0
    repeated = _count_repeated(table, following)
    moved = [
        replace(cell, row=cell.row - repeated + table.rows, x0=cell.x0 - shift, x1=cell.x1 - shift)
        for cell in following.cells
        if cell.row >= repeated
    ]
    mended = _mend_cut(table, [cell for cell in moved if cell.row == table.rows], moved)
    table.cells.extend(cell for cell in moved if cell.rowspan)
    table.rows += following.rows - repeated - mended
    table.last_page, table.bottom = following.last_page, following.bottom
    table.edges = tuple(_merge_places([*table.edges, *(edge - shift for edge in following.edges)]))


def _count_repeated(table: PdfTable, following: PdfTable) -> int:
    """The rows at the top of both that say the same, and end together."""
    for count in range(min(_MOST_HEADERS, following.rows - 1, table.rows), 0, -1):
        ours = [_describe_row(table, row) for row in range(count)]
        theirs = [_describe_row(following, row) for row in range(count)]
        whole = all(cell.row + cell.rowspan <= count for cell in following.cells if cell.row < count)
        if whole and ours == theirs and any(any(row) for row in ours):
            return count
    return 0


def _describe_row(table: PdfTable, row: int) -> list[str]:
    return [fold_blanks(cell.text) for cell in table.read_row(row)]


def _mend_cut(table: PdfTable, cut: list[PdfCell], moved: list[PdfCell]) -> int:
    """Mends what the page's end cut through: a row whose text goes on, or cells that reach over several rows.

    ``cut`` are the cells of the first row below the cut. Cells that went into those above get a rowspan of 0.
    Returns the number of rows that went away (0 or 1).
    """
    pairs = [(cell, _find_above(table, cell)) for cell in sorted(cut, key=lambda cell: cell.x0)]
    if not pairs or any(upper is None for _, upper in pairs):
        return 0
    whole = [(cell, upper) for cell, upper in pairs if upper is not None]
    if _is_cut_row(whole):
        for cell, upper in whole:
            upper.text = (
                join_lines(upper.text, cell.text) if _runs_on(upper, cell) else f"{upper.text}\n{cell.text}".strip()
            )
            upper.rowspan += cell.rowspan - 1
            upper.room = cell.room
            cell.rowspan = 0
        for cell in moved:
            cell.row -= 1
        return 1
    for cell, upper in whole:
        # The text of a tall cell stands in one of its halves; only at the left, where labels are.
        tall = upper.rowspan > 1 or cell.rowspan > 1 or len(whole) > 1
        if not tall or bool(cell.text) == bool(upper.text) or (cell.text and upper.rowspan == 1):
            break
        upper.text = upper.text or cell.text
        upper.rowspan += cell.rowspan
        cell.rowspan = 0
    return 0


def _is_cut_row(pairs: Sequence[tuple[PdfCell, PdfCell]]) -> bool:
    """Whether the row above goes on: most of what stands below the cut goes on from a full line above it.

    In a row of its own most cells are filled, and hardly one above them is full to its edge.
    """
    filled = [(cell, upper) for cell, upper in pairs if cell.text]
    running = sum(1 for cell, upper in filled if _runs_on(upper, cell))
    ended = sum(1 for cell, upper in pairs if upper.text and not cell.text)
    first, upper_first = pairs[0]
    headless = not first.text and bool(upper_first.text) and first.rowspan == upper_first.rowspan == 1
    if headless and 0 < 3 * len(filled) <= len(pairs):
        return True
    return 2 * running >= len(filled) > 0 and (ended > 0 or running == len(filled))


def _runs_on(upper: PdfCell, cell: PdfCell) -> bool:
    if _VALUE.fullmatch(cell.text):
        return False  # numbers are not parted
    return bool(upper.text) and bool(cell.text) and upper.room < cell.token and not _ENDED.search(upper.text)


def _find_above(table: PdfTable, cell: PdfCell) -> PdfCell | None:
    """The cell with the same sides that ends with the table's last row."""
    for upper in table.cells:
        ends = upper.row + upper.rowspan == table.rows
        if ends and abs(upper.x0 - cell.x0) <= _EDGE and abs(upper.x1 - cell.x1) <= _EDGE:
            return upper
    return None


def make_table(table: PdfTable) -> RawTable:
    """The table as rows of cells; an edge at which no cell begins makes no column."""
    begins = _merge_places(cell.x0 for cell in table.cells)
    placed = {(cell.row, _find_place(begins, cell.x0)): cell for cell in table.cells}
    taken: set[tuple[int, int]] = set()
    rows: list[tuple[RawCell, ...]] = []
    for row in range(table.rows):
        cells: list[RawCell] = []
        for column in range(len(begins)):
            if (row, column) in taken:
                continue
            cell = placed.get((row, column))
            if cell is None:  # pages that were cut differently leave places without a cell
                cells.append(RawCell(""))
                continue
            span = max(1, sum(1 for edge in begins[column:] if edge < cell.x1 - _EDGE))
            cells.append(RawCell(cell.text, cell.rowspan, span))
            taken.update((row + down, column + right) for down in range(cell.rowspan) for right in range(span))
        rows.append(tuple(cells))
    return RawTable(tuple(rows), page=table.page)


def _merge_places(places: Iterable[float]) -> list[float]:
    merged: list[float] = []
    for place in sorted(places):
        if not merged or place - merged[-1] > max(_EDGE, SNAP):
            merged.append(place)
    return merged


def _find_place(places: Sequence[float], place: float) -> int:
    return min(range(len(places)), key=lambda index: abs(places[index] - place))
