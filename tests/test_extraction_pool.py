"""Reading in processes that can be killed: the same result in the same order, and one bad file costs only itself."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from test_pipeline import files_of, make_text, write

from kg import extraction_pool
from kg.extraction_pool import Limits, extract_all
from kg.inputs import Failure, Input
from kg.pipeline import build
from kg.statements import Extraction

# What a stranger's file may do to a reader: each ending stands for one fault. A worker imports this module to find it.
HANGS, DIES, EATS = "hangs", "dies", "eats"


def misbehave(item: Input) -> Extraction | Failure:
    """A reader with faults, by the name of the file."""
    from kg.extraction import try_input
    from kg.inputs import attempt

    if HANGS in item.path.name:
        time.sleep(600)
    if DIES in item.path.name:
        os._exit(3)
    if EATS in item.path.name:
        return attempt(item, lambda: Failure(str(len(b"x" * (1 << 32)))))
    return try_input(item)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for at in range(7):
        write(tmp_path / "in" / f"r{at}.txt", make_text(partner=f"第{at}机械厂", year=2015 + at))
    return tmp_path / "in"


@pytest.mark.parametrize("workers", [1, 3])
def test_any_number_of_workers_gives_what_one_process_gives(tmp_path: Path, folder: Path, workers: int) -> None:
    write(folder / "r3b.txt", "")  # one that cannot be read
    alone = build([folder], tmp_path / "alone")
    shared = build([folder], tmp_path / "shared", extract=lambda items: extract_all(items, workers))
    assert files_of(tmp_path / "shared") == files_of(tmp_path / "alone")
    assert (shared.reports, shared.failed) == (alone.reports, alone.failed) and len(alone.failed) == 1


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (HANGS, "stopped: it took longer than 5 seconds"),
        (DIES, "stopped: its process died, maybe for want of memory"),
        (EATS, "internal error: MemoryError"),
    ],
)
def test_a_file_that_misbehaves_costs_only_itself(folder: Path, fault: str, cause: str) -> None:
    bad = write(folder / f"r2-{fault}.txt")
    items = [Input(path, path.stem, path) for path in sorted(folder.iterdir())]
    found = list(extract_all(items, 2, Limits(seconds=5), misbehave))
    assert [item for item, _ in found] == items
    failed = {item.path: result.cause for item, result in found if isinstance(result, Failure)}
    assert list(failed) == [bad] and failed[bad].startswith(f"{bad}: {cause}")


def test_few_results_wait_for_their_turn(folder: Path) -> None:
    """However slow whoever takes them is: memory stays what it is."""
    asked = []

    def give():
        for at in range(40):
            asked.append(at)
            yield Input(folder / "r0.txt", f"r{at}", folder / "r0.txt")

    results = extract_all(give(), 2)
    next(results)
    time.sleep(1)
    assert len(asked) <= 2 * extraction_pool.WAITING + 1
    results.close()  # type: ignore[attr-defined]


def test_whoever_stops_early_leaves_no_process(folder: Path) -> None:
    items = [Input(folder / "r0.txt", f"r{at}", folder / "r0.txt") for at in range(20)]
    results = extract_all(items, 2)
    next(results)
    before = _children()
    results.close()  # type: ignore[attr-defined]
    assert len(before) >= 2 and not before & _children()


def _children() -> set[int]:
    """The workers that run, by what their commands look like to the system."""
    import multiprocessing

    return {child.pid for child in multiprocessing.active_children() if child.pid}
