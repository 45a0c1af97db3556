"""Sketches of texts: how alike two texts are, told from a few numbers of each.

Bottom-k sketches (Cohen and Kaplan 2007, "Summarizing data using bottom-k sketches"): of the hashes of all runs of RUN
characters the SIZE smallest are kept; the share that two texts have in common of the smallest of both is an estimate of
the share of runs that they have in common, right to about 1/sqrt(SIZE).
"""

from __future__ import annotations

import heapq
import re
import zlib
from collections.abc import Sequence

RUN = 6  # characters; shorter runs are common to all reports
SIZE = 96
_PASSED = re.compile(r"[\W\d_]+")  # signs and figures, which readers of different kinds of files put in other places


def make_sketch(text: str) -> tuple[int, ...]:
    """The sketch of a text, in ascending order; of a short text fewer than SIZE numbers."""
    letters = _PASSED.sub("", text)
    runs = {letters[at : at + RUN] for at in range(len(letters) - RUN + 1)}
    return tuple(heapq.nsmallest(SIZE, {zlib.crc32(run.encode("utf-8")) for run in runs}))


def compare_sketches(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of their runs that two texts have in common, 0 to 1; 0 for texts without any."""
    smallest = heapq.nsmallest(min(SIZE, max(len(one), len(other))), {*one, *other})
    shared = {*one} & {*other}
    return sum(each in shared for each in smallest) / len(smallest) if smallest else 0.0
