"""The gold reports under other names are read as well as under their own: no rule has learnt them by heart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.renaming import SEEDS, change, rename_all, score, score_renamed

pytestmark = pytest.mark.gold

CHANGE = 0.03


@pytest.fixture(scope="module")
def plain(gold_dir: Path, gold_reports: Path) -> dict[str, Any]:
    return score(gold_dir / "score.py", gold_dir, gold_reports)


@pytest.mark.parametrize("seed", SEEDS)
def test_other_names_change_little(plain: dict[str, Any], gold_dir: Path, gold_reports: Path, seed: int) -> None:
    renamed = score_renamed(gold_dir, gold_reports, seed)
    assert abs(change(plain, renamed)) <= CHANGE, f"{change(plain, renamed):+.4f}\n{renamed['errors']}"


def test_one_seed_gives_the_same_names(gold_dir: Path, gold_reports: Path, tmp_path: Path) -> None:
    first, second, third = (
        [
            path.read_bytes()
            for folder in rename_all(gold_dir, gold_reports, tmp_path / name, seed)
            for path in list_files(folder)
        ]
        for name, seed in (("first", 1), ("second", 1), ("third", 2))
    )
    assert first == second
    assert first != third


def list_files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())
