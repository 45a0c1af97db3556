"""The three gold reports through the whole first half, scored by the scorer that lies beside their gold facts.

They are no part of the project: ``KG_GOLD_DIR`` names the folder of the gold facts and ``score.py``, the reports lie
in ``reports`` beside it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kg.export import export
from kg.pipeline import build

pytestmark = pytest.mark.gold


@pytest.fixture(scope="module")
def scores(gold_dir: Path, gold_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What score.py says, by kind; ``errors`` is its list of misses, for messages."""
    home = tmp_path_factory.mktemp("gold")
    summary = build([gold_reports], home)
    assert summary.failed == []
    assert len(summary.reports) == len(list(gold_dir.glob("*.relations.jsonl")))
    facts, figures = home / "facts.jsonl", home / "figures.jsonl"
    assert export(home, "facts", "jsonl", facts) and export(home, "figures", "jsonl", figures)
    command = [sys.executable, str(gold_dir / "score.py"), "--facts", str(facts), "--indicators", str(figures)]
    command += ["--gold", str(gold_dir), "--reports", str(gold_reports)]
    result: dict[str, Any] = json.loads(run(command, "--json"))
    result["errors"] = run(command, "--errors", "40")
    return result


def run(command: list[str], *options: str) -> str:
    done = subprocess.run([*command, *options], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


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
