"""What the tests of all readers share: short ways to the items of a file."""

from __future__ import annotations

from kg.layout import RawItem, RawTable, RawText

Grid = list[list[str]]


def list_texts(items: list[RawItem]) -> list[str]:
    return [item.text for item in items if isinstance(item, RawText)]


def list_tables(items: list[RawItem]) -> list[RawTable]:
    return [item for item in items if isinstance(item, RawTable)]


def spread_table(table: RawTable) -> Grid:
    """The table with each merged cell's text at all its places."""
    places: dict[tuple[int, int], str] = {}
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while (row, column) in places:
                column += 1
            for down in range(cell.rowspan):
                for right in range(cell.colspan):
                    places[row + down, column + right] = cell.text
            column += cell.colspan
    columns = max(column for _, column in places) + 1
    return [[places.get((row, column), "?") for column in range(columns)] for row in range(len(table.rows))]
