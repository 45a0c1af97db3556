"""Three invented reports of other provinces (heldout/README.md), scored like the gold reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.gold_scores import score_reports

pytestmark = pytest.mark.gold

HELDOUT = Path(__file__).resolve().parent / "heldout"


@pytest.fixture(scope="module")
def scores(gold_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("heldout")
    return score_reports(gold_dir / "score.py", HELDOUT / "gold", HELDOUT / "reports", home)


@pytest.mark.parametrize(
    ("kind", "measure", "floor"),
    [
        ("relations", "f1", 0.92),
        ("relations", "precision", 0.93),
        ("evidence", "precision", 0.98),
        ("names", "precision", 0.98),
        ("indicators", "f1", 0.95),
    ],
)
def test_reports_of_other_provinces_are_read_well_enough(
    scores: dict[str, Any], kind: str, measure: str, floor: float
) -> None:
    assert scores[kind][measure] >= floor, f"{kind} {measure} {scores[kind][measure]} < {floor}\n{scores['errors']}"
