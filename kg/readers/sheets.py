"""From the cells of a sheet or a CSV file to tables: where one ends, what its title is, what is only text.

A sheet has no paragraphs and no captions; people put titles, notes and several tables into one grid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kg.layout import RawCell, RawItem, RawTable, RawText
from kg.model import BlockKind

Place = tuple[int, int]
_NOTES = ("注", "备注", "说明", "数据来源", "资料来源", "*", "※")


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[int, RawCell]  # column → the cell that begins there; only cells with text or a merged area

    @property
    def filled(self) -> list[int]:
        return [column for column, cell in sorted(self.cells.items()) if cell.text]


def split_grid(grid: Mapping[Place, RawCell]) -> list[RawItem]:
    """The tables and texts of a grid, from the top. Blank rows separate; a title row above a table is its caption."""
    items: list[RawItem] = []
    for block in _split_rows(grid):
        items.extend(_read_block(block))
    return items


def _split_rows(grid: Mapping[Place, RawCell]) -> Iterator[list[_Row]]:
    """Runs of rows without a blank row between them; a merged cell holds its rows together."""
    rows: dict[int, dict[int, RawCell]] = {}
    for (row, column), cell in grid.items():
        if cell.text or cell.rowspan > 1 or cell.colspan > 1:
            rows.setdefault(row, {})[column] = cell
    block: list[_Row] = []
    covered = -1  # the last row that a cell with text reaches
    for number in sorted(rows):
        if not any(cell.text for cell in rows[number].values()) and number > covered:
            continue
        if block and number > covered + 1:
            yield block
            block = []
        # Rows that a merged cell covers alone have no cell of their own, and are rows all the same.
        block.extend(_Row(between, {}) for between in range(block[-1].number + 1 if block else number, number))
        block.append(_Row(number, rows[number]))
        reach = [number + cell.rowspan - 1 for cell in rows[number].values() if cell.text]
        covered = max([covered, number, *reach])
    if block:
        yield block


def _read_block(rows: list[_Row]) -> list[RawItem]:
    items: list[RawItem] = []
    first = 0
    while first < len(rows) and len(rows[first].filled) <= 1 and not _is_tall(rows[first]):
        first += 1
    last = len(rows)
    while last > first and _is_note(rows[last - 1]):
        last -= 1
    titles = [_join_row(row) for row in rows[:first] if row.filled]
    body = rows[first:last]
    if not body:
        return [RawText(text) for text in titles]
    items.append(RawTable(_cut_rows(body), caption=" ".join(titles)))
    items.extend(RawText(_join_row(row), kind=BlockKind.NOTE) for row in rows[last:] if row.filled)
    return items


def _is_tall(row: _Row) -> bool:
    return any(cell.rowspan > 1 and cell.text for cell in row.cells.values())


def _is_note(row: _Row) -> bool:
    filled = row.filled
    return not filled or (len(filled) == 1 and row.cells[filled[0]].text.startswith(_NOTES))


def _join_row(row: _Row) -> str:
    return " ".join(row.cells[column].text for column in row.filled)


def _cut_rows(rows: list[_Row]) -> tuple[tuple[RawCell, ...], ...]:
    """The rows as in HTML, without the empty columns around them; every place is covered, if by an empty cell."""
    filled = [(column, row.cells[column]) for row in rows for column in row.filled]
    left = min(column for column, _ in filled)
    right = max(column + cell.colspan for column, cell in filled)
    taken: set[Place] = set()
    result: list[tuple[RawCell, ...]] = []
    for index, row in enumerate(rows):
        cells: list[RawCell] = []
        for column in range(left, right):
            if (index, column) in taken:
                continue
            cell = row.cells.get(column, RawCell(""))
            cell = replace(
                cell,
                rowspan=max(1, min(cell.rowspan, len(rows) - index)),
                colspan=max(1, min(cell.colspan, right - column)),
            )
            taken.update(
                (index + down, column + across) for down in range(cell.rowspan) for across in range(cell.colspan)
            )
            cells.append(cell)
        result.append(tuple(cells))
    return tuple(result)
