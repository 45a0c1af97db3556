"""One writer at a time: who comes second is told so, readers are never held up, and a lock ends with its process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from graph_home import make_home
from test_pipeline import write

from kg.errors import BusyHome, KgError, UsageError
from kg.home_lock import LOCK, hold_home

ROOT = Path(__file__).resolve().parent.parent
HOLDING = """
import sys, time
from pathlib import Path
from kg.home_lock import hold_home
with hold_home(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(120)
"""


def run_kg(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kg.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


@contextmanager
def held(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A home into which another process writes."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(home)], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("lock"))


@pytest.mark.parametrize(
    "command",
    [
        ("build", "IN"),
        ("identity", "merge", "百泉职教中心", "长城哈弗", "--reason", "x"),
        ("identity", "undo", "1"),
        ("identity", "apply"),
        ("draw",),
    ],
)
def test_who_comes_second_is_told_who_writes(home: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    write(tmp_path / "in" / "a.txt")
    before = sorted(path for path in home.rglob("*") if path.name != LOCK)
    with held(home) as process:
        ended = run_kg(*(str(tmp_path / "in") if each == "IN" else each for each in command), "--home", home)
    said = (
        rf"kg: {re.escape(str(home))}: process {process.pid}, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d, writes into it; "
    )
    assert ended.returncode == 1 and re.fullmatch(said + "try again when that has ended\n", ended.stderr), ended.stderr
    assert sorted(path for path in home.rglob("*") if path.name != LOCK) == before


def test_readers_are_not_held_up(home: Path, tmp_path: Path) -> None:
    with held(home):
        for command in (
            ("query", "reports"),
            ("search", "百泉"),
            ("check",),
            ("export", "facts", "--to", tmp_path / "facts.csv"),
            ("workbook", "--to", tmp_path / "book.xlsx"),
            ("draw", "--to", tmp_path / "network.html"),
            ("identity", "propose"),
        ):
            ended = run_kg(*command, "--home", home)
            assert ended.returncode == 0, ended.stderr


def test_a_lock_ends_with_its_process(home: Path) -> None:
    with held(home) as process:
        with pytest.raises(BusyHome):
            hold_home(home).__enter__()
        process.kill()
        process.wait()
        with hold_home(home):
            pass


def test_a_lock_that_tells_nothing_still_holds(home: Path) -> None:
    with held(home):
        (home / LOCK).write_text("?")
        with pytest.raises(BusyHome, match="another process writes into it"), hold_home(home):
            pass


def test_a_home_into_which_nothing_came_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="nothing"), hold_home(tmp_path / "new" / "home"):
        raise KgError("nothing")
    assert not (tmp_path / "new" / "home").exists()
    with hold_home(tmp_path / "home"):
        write(tmp_path / "home" / "a.txt")
    assert {path.name for path in (tmp_path / "home").iterdir()} == {"a.txt", LOCK}


def test_a_file_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the home of a graph is a folder"), hold_home(write(tmp_path / "a.txt")):
        pass
