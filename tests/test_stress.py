"""The stress set, passages and tables in the words of many provinces: extraction must not fall behind.

The floors stand a little below what was measured; raise them when extraction gets better. What each passage misses:
``python -m tests.stress.scoring --errors``.
"""

from __future__ import annotations

from functools import lru_cache

import pytest
from stress.scoring import PARTS, Score, f1, load_passages, score_part

FLOORS = {  # part: facts F1, precision of facts, figures F1, share of traps passed
    "passages": (0.95, 0.965, 0.94, 0.98),
    "tables": (0.97, 0.98, 0.975, 0.98),
}


@lru_cache(maxsize=len(PARTS))
def score(part: str) -> Score:
    return score_part(part)


def errors(part: str, *kinds: str) -> str:
    return "\n".join(line for line in score(part).errors if line.startswith(kinds))


@pytest.mark.parametrize("part", PARTS)
def test_facts(part: str) -> None:
    assert score(part).f1 >= FLOORS[part][0], errors(part, "missed", "extra")


@pytest.mark.parametrize("part", PARTS)
def test_facts_are_seldom_wrong(part: str) -> None:
    assert score(part).right / score(part).found >= FLOORS[part][1], errors(part, "extra")


@pytest.mark.parametrize("part", PARTS)
def test_figures(part: str) -> None:
    assert f1(*score(part).figures) >= FLOORS[part][2], errors(part, "figure")


@pytest.mark.parametrize("part", PARTS)
def test_traps(part: str) -> None:
    assert score(part).passed >= FLOORS[part][3], errors(part, "trap")


@pytest.mark.parametrize("part", PARTS)
def test_every_trap_stands_in_its_passage(part: str) -> None:
    assert errors(part, "trap not in the text") == ""


def test_the_set_is_large_enough_to_mean_something() -> None:
    passages = [passage for part in PARTS for passage in load_passages(part)]
    assert len({passage["id"] for passage in passages}) == len(passages) >= 120
    assert sum(len(passage.get("facts") or []) for passage in passages) >= 1000
    assert sum(len(passage.get("traps") or []) for passage in passages) >= 400
