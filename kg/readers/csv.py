"""CSV files: any usual encoding, commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kg.layout import RawCell, RawItem
from kg.limits import STANDARD, Limits
from kg.readers.cleaning import clean_text
from kg.readers.failures import name_place, report_damage
from kg.readers.sheets import split_grid
from kg.readers.text_encoding import decode

_DELIMITERS = (",", "\t", ";", "|", "，")
_SAMPLE_ROWS = 100


def read_csv(path: Path, limits: Limits = STANDARD) -> list[RawItem]:
    """The tables of a CSV file. Raises what decode raises, TooLarge, and DamagedInput for cells that never end."""
    text = decode(path.read_bytes(), name_place(path))
    limits.check_characters(name_place(path), len(text))
    delimiter = guess_delimiter(text)
    if text.startswith("sep=") and len(text.split("\n", 1)[0].strip()) == 5:
        text = text.split("\n", 1)[-1]
    with report_damage(path, extra=(csv.Error,)):
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        limits.check_cells(name_place(path), sum(map(len, rows)))
    cells = {
        (number, column): RawCell(clean_text(cell))
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell.strip()
    }
    return split_grid(cells)


def guess_delimiter(text: str) -> str:
    """The delimiter under which most rows have the same number of cells, more than one; a comma if none has."""
    if text.startswith("sep=") and len(text.split("\n", 1)[0].strip()) == 5:
        return text[4]
    best, most = ",", 0
    sample = "\n".join(text.splitlines()[:_SAMPLE_ROWS])
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if row]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        score = max((wide.count(width) for width in set(wide)), default=0)
        if score > most:
            best, most = delimiter, score
    return best
