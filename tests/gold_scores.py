"""Reports built and scored against the facts that a careful reader took from them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from kg.export.writing import export
from kg.pipeline import build


def score_reports(scorer: Path, gold: Path, reports: Path, home: Path, words: Path | None = None) -> dict[str, Any]:
    """What ``score.py`` says of the reports, by kind; ``errors`` is its list of misses, for messages.

    ``words`` is the folder of the reports as text, where ``reports`` holds them in another form.
    """
    summary = build([reports], home)
    assert summary.failed == []
    assert len(summary.reports) == len(list(gold.glob("*.relations.jsonl")))
    facts, figures = home / "facts.jsonl", home / "figures.jsonl"
    assert export(home, "facts", "jsonl", facts) and export(home, "figures", "jsonl", figures)
    command = [sys.executable, str(scorer), "--facts", str(facts), "--indicators", str(figures)]
    command += ["--gold", str(gold), "--reports", str(words or reports)]
    result: dict[str, Any] = json.loads(_run(command, "--json"))
    result["errors"] = _run(command, "--errors", "40")
    return result


def _run(command: list[str], *options: str) -> str:
    done = subprocess.run([*command, *options], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
