"""Reading in processes that can be killed: the same result in the same order, and one bad file costs only itself."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_pipeline import files_of, make_text, write

from kg import extraction_pool
from kg.child_process import ChildProcess
from kg.extraction_pool import Limits, extract_all
from kg.inputs import Failure, Input
from kg.pipeline import build
from kg.statements import Extraction

# What a stranger's file may do to a reader: each ending stands for one fault. A worker imports this module to find it.
HANGS, DIES, EATS, CLINGS = "hangs", "dies", "eats", "clings"


def misbehave(item: Input) -> Extraction | Failure:
    """A reader with faults, by the name of the file."""
    from kg.extraction import try_input
    from kg.inputs import attempt

    if HANGS in item.path.name:
        time.sleep(600)
    if CLINGS in item.path.name:  # and lets no other thread run
        re.match("(a|a)*b", "a" * 40)
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
        (EATS, "stopped: it needs more memory than one file may take"),
    ],
)
def test_a_file_that_misbehaves_costs_only_itself(folder: Path, fault: str, cause: str) -> None:
    bad = write(folder / f"r2-{fault}.txt")
    items = [Input(path, path.stem, path) for path in sorted(folder.iterdir())]
    found = list(extract_all(items, 2, Limits(seconds=5), misbehave))
    assert [item for item, _ in found] == items
    failed = {item.path: result.cause for item, result in found if isinstance(result, Failure)}
    assert list(failed) == [bad] and failed[bad].startswith(f"{bad}: {cause}")


def tell_process(item: Input) -> Extraction | Failure:
    return Failure(str(os.getpid()))


def test_a_process_that_has_read_many_gives_way_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction_pool, "MOST_READ", 3)
    items = [Input(Path(f"{at}.txt"), f"{at}", Path(f"{at}.txt")) for at in range(8)]
    by = [result.cause for _, result in extract_all(items, 1, read=tell_process) if isinstance(result, Failure)]
    assert [len(list(same)) for _, same in itertools.groupby(by)] == [3, 3, 2] and len(set(by)) == 3


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


def test_whoever_stops_early_leaves_no_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(
        extraction_pool, "ChildProcess", lambda *given: started.append(ChildProcess(*given)) or started[-1]
    )
    items = [Input(folder / "r0.txt", f"r{at}", folder / "r0.txt") for at in range(20)]
    results = extract_all(items, 2)
    next(results)
    assert [process.is_alive() for process in started] == [True, True]
    results.close()  # type: ignore[attr-defined]
    assert [process.is_alive() for process in started] == [False, False]


@pytest.mark.parametrize("name", ["r0.txt", f"r0-{HANGS}.txt", f"r0-{CLINGS}.txt"])
def test_a_reader_does_not_outlive_whoever_started_it(folder: Path, name: str) -> None:
    """However that ends, and whatever the reader does at that moment."""
    write(folder / name)
    code = (
        "import os, sys; from pathlib import Path; from test_extraction_pool import misbehave; "
        "from kg import extraction_pool as pool; from kg.inputs import Input; "
        "reader = pool.Reader(pool.Limits(seconds=3), misbehave); "
        "reader.read(Input(Path('r1.txt'), 'r1', Path('r1.txt'))); "
        "print(reader._worker._process._process.pid, flush=True); reader.read(Input(Path(sys.argv[1]), 'r', Path('r.txt'))); "
        "input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, name],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        reader = int(parent.stdout.readline())
        time.sleep(0.5)
        assert is_running(reader)
        parent.kill()
    until = time.monotonic() + 20
    while is_running(reader) and time.monotonic() < until:
        time.sleep(0.1)
    assert not is_running(reader)


def is_running(process: int) -> bool:
    """Whether a process does more than wait to be counted out."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
