"""A made report as the bytes of a file: ``WRITERS`` has a function for each ending. The same report gives the same bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

from tests.benchmarks.made_texts import Front, Grid, MadeReport
from tests.benchmarks.made_world import hash_of


def write_txt(report: MadeReport) -> bytes:
    """As Word saves text (each cell on a line of its own) or as it is copied (a row on a line); UTF-8 or GB 18030."""
    rng = random.Random(hash_of(report.title, report.year, "txt"))
    show = rng.choice((_cells_apart, _rows_apart))
    lines: list[str] = []
    for block in report.blocks:
        if isinstance(block, Grid):
            lines += [block.caption, *show(block), ""]
        elif isinstance(block, Front):
            lines += [block.text, ""]
        else:
            lines.append(block.text)
    encoding = rng.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "gb18030"))
    return ("\n".join(lines) + "\n").encode(encoding)


def _cells_apart(grid: Grid) -> Iterator[str]:
    for row in grid.rows:
        yield from (f"\t{cell}" for cell in row)
        yield ""


def _rows_apart(grid: Grid) -> Iterator[str]:
    yield from ("\t".join(row) for row in grid.rows)


Writer = Callable[[MadeReport], bytes]
WRITERS: Mapping[str, Writer] = {"txt": write_txt}
