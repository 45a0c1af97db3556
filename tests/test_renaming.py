"""The gold reports under other names are read as well as under their own: no rule has learnt them by heart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.renaming import SEEDS, change, rename_all, score

pytestmark = pytest.mark.gold

CHANGE = 0.03


@pytest.fixture(scope="module")
def plain(gold_dir: Path, gold_reports: Path) -> dict[str, Any]:
    return score(gold_dir / "score.py", gold_dir, gold_reports)


@pytest.fixture(scope="module")
def renamed(
    gold_dir: Path, gold_reports: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[int, tuple[Path, Path]]:
    """Gold facts and reports under other names, by seed."""
    return {seed: rename_all(gold_dir, gold_reports, tmp_path_factory.mktemp("renamed"), seed) for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS)
def test_other_names_change_little(
    plain: dict[str, Any], gold_dir: Path, renamed: dict[int, tuple[Path, Path]], seed: int
) -> None:
    scores = score(gold_dir / "score.py", *renamed[seed])
    assert abs(change(plain, scores)) <= CHANGE, f"{change(plain, scores):+.4f}\n{scores['errors']}"


def test_one_seed_gives_the_same_names(
    gold_dir: Path, gold_reports: Path, renamed: dict[int, tuple[Path, Path]], tmp_path: Path
) -> None:
    first, other = (read_all(renamed[seed]) for seed in SEEDS[:2])
    assert read_all(rename_all(gold_dir, gold_reports, tmp_path, SEEDS[0])) == first != other


def read_all(folders: tuple[Path, Path]) -> list[bytes]:
    return [path.read_bytes() for folder in folders for path in list_files(folder)]


def list_files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())
