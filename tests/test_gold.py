"""The three gold reports through the whole first half, scored by the scorer that lies beside their gold facts.

They are no part of the project: ``KG_GOLD_DIR`` names the folder of the gold facts and ``score.py``, the reports lie
in ``reports`` beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.gold_scores import score_reports

pytestmark = pytest.mark.gold

COMMON = 15  # gold facts from which on a predicate's score says something


@pytest.fixture(scope="module")
def scores(gold_dir: Path, gold_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return score_reports(gold_dir / "score.py", gold_dir, gold_reports, tmp_path_factory.mktemp("gold"))


@pytest.mark.parametrize(
    ("kind", "measure", "floor"),
    [
        ("relations", "f1", 0.94),
        ("relations", "precision", 0.96),
        ("entities", "f1", 0.94),
        ("qualifier programmes", "f1", 0.88),
        ("qualifier modes", "f1", 0.88),
        ("qualifier headcount", "f1", 0.88),
        ("qualifier status", "f1", 0.88),
        ("qualifier code", "f1", 0.88),
        ("qualifier since", "f1", 0.88),
        ("qualifier role", "f1", 0.88),
        ("qualifier year", "f1", 0.85),
        ("qualifier designation", "f1", 0.85),
        ("indicators", "f1", 0.94),
        ("identity", "f1", 1.0),
        ("evidence", "precision", 0.98),
        ("names", "precision", 0.98),
    ],
)
def test_the_gold_reports_are_read_well_enough(scores: dict[str, Any], kind: str, measure: str, floor: float) -> None:
    assert scores[kind][measure] >= floor, f"{kind} {measure} {scores[kind][measure]} < {floor}\n{scores['errors']}"


def test_each_predicate_that_is_common_is_read_well_enough(scores: dict[str, Any]) -> None:
    f1 = {
        kind: score["f1"]
        for kind, score in scores.items()
        if kind.startswith("relations ") and score["wanted"] >= COMMON
    }
    assert len(f1) >= 5
    assert {kind: value for kind, value in f1.items() if value < 0.9} == {}, scores["errors"]


def test_no_two_things_of_two_reports_are_merged(scores: dict[str, Any]) -> None:
    assert scores["identity"]["precision"] == 1.0, scores["errors"]
