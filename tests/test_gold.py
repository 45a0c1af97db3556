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


@pytest.fixture(scope="module")
def scores(gold_dir: Path, gold_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return score_reports(gold_dir / "score.py", gold_dir, gold_reports, tmp_path_factory.mktemp("gold"))


@pytest.mark.parametrize(
    ("kind", "measure", "floor"),
    [
        ("relations", "f1", 0.945),
        ("relations", "precision", 0.94),
        ("relations partnersWith", "f1", 0.965),
        ("relations memberOf", "f1", 0.96),
        ("evidence", "precision", 0.98),
        ("names", "precision", 0.98),
        ("indicators", "f1", 0.88),
    ],
)
def test_the_gold_reports_are_read_well_enough(scores: dict[str, Any], kind: str, measure: str, floor: float) -> None:
    assert scores[kind][measure] >= floor, f"{kind} {measure} {scores[kind][measure]} < {floor}\n{scores['errors']}"


def test_no_two_things_of_two_reports_are_merged(scores: dict[str, Any]) -> None:
    assert scores["identity"]["precision"] == 1.0, scores["errors"]
