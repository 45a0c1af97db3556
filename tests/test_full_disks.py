"""A disk that fills at one write or another, and a folder that may only be read: one clear line, and all from before is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from stopped_worlds import MERGED, make_first_night, make_second_night
from stopping import ROOT, Commands, Ended, list_litter, list_own_view, read_facts, read_files, read_graph

from kg.current_store import find_store

SIZE, BLOCK = 96 << 20, 4096  # bytes of the disk, and of the parts in which it gives room
CAN_MOUNT = (
    sys.platform == "linux" and not subprocess.run([*list_own_view(":"), "true"], capture_output=True).returncode
)
pytestmark = pytest.mark.skipif(not CAN_MOUNT, reason="nothing can be mounted here")


@dataclass
class Nights:
    """A home after the first night and after the second, and the reports of the second; and one after the first from which
    nothing more will be removed, which would give room."""

    folder: Path

    @property
    def inputs(self) -> Path:
        return self.folder / "in"

    @property
    def first(self) -> Path:
        return self.folder / "first"

    @property
    def thinned(self) -> Path:
        return self.folder / "thinned"

    @property
    def second(self) -> Path:
        return self.folder / "second"


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    made = Nights(tmp_path_factory.mktemp("disks"))
    commands = Commands(made.folder)
    make_first_night(made.inputs)
    assert build(commands, made, made.first).code == 0
    (made.inputs / "r2.txt").unlink()
    shutil.copytree(made.first, made.thinned)
    assert build(commands, made, made.thinned).code == 0
    make_second_night(made.inputs)
    shutil.copytree(made.first, made.second)
    assert build(commands, made, made.second).code == 0
    commands.close()
    return made


def build(commands: Commands, nights: Nights, home: Path) -> Ended:
    return commands.run("build", nights.inputs, "--home", home, "--workers", 1)


def read_all(home: Path) -> tuple[bytes, bytes]:
    return read_graph(home), read_facts(home)


def find_error(ended: Ended) -> str:
    """The one line that says what is wrong, after those about files that were read."""
    others = [line for line in ended.said.splitlines() if not re.match(r"\[\d+/\d+\] built ", line)]
    assert len(others) == 1 and others[0].startswith("kg: "), ended.said
    return others[0].removeprefix("kg: ")


def fill_and_build(nights: Nights, folder: Path, start: Path, rooms: Iterable[int], full: str = "") -> set[str]:
    """Builds on a disk with so many KB left, then with enough; returns the places that were told as not to be written.

    What is added to the file ``full`` needs room of its own: blank lines fill its last block.
    """
    disk = folder / "disk"
    disk.mkdir()
    commands = Commands(folder, f"mount -t tmpfs -o size={SIZE} none '{disk}'")
    home, seen = disk / "home", commands.look(disk) / "home"
    old, new = read_all(start), read_all(nights.second)
    told: set[str] = set()
    try:
        for room in rooms:
            shutil.rmtree(seen, ignore_errors=True)
            shutil.copytree(start, seen)
            if full:
                with (seen / full).open("ab") as file:
                    file.write(b"\n" * (-file.tell() % BLOCK))
            with (seen.parent / "filler").open("wb") as filler:
                filler.write(b"\0" * (shutil.disk_usage(seen).free - room * 1024))
            ended = build(commands, nights, home)
            assert ended.code == 1, f"{room} KB were enough: {ended.said}"
            error = find_error(ended)
            found = re.fullmatch(
                rf"{re.escape(str(home))}/([^:]+): .*cannot be written: No space left on device", error
            )
            assert found, error
            told.add(found[1].partition("/")[0])
            assert read_all(seen) in (old, new)
            (seen.parent / "filler").unlink()
            ended = build(commands, nights, home)
            assert ended.code == 0, ended.said
            assert read_all(seen) == new and read_files(seen) == read_files(nights.second)
            assert list_litter(seen, commands.temporary) == []
    finally:
        commands.close()
    return told


def test_a_disk_that_fills_during_a_build(nights: Nights, tmp_path: Path) -> None:
    assert fill_and_build(nights, tmp_path, nights.first, (0, 2000)) == {"statements", "store"}


def test_a_disk_that_fills_when_a_line_is_added(nights: Nights, tmp_path: Path) -> None:
    assert fill_and_build(nights, tmp_path, nights.thinned, (0,), "identity/registry.jsonl") == {"identity"}


def test_a_disk_that_fills_while_pages_are_written(nights: Nights, tmp_path: Path) -> None:
    """As after a build that was stopped when its graph was there."""
    home = shutil.copytree(nights.second, tmp_path / "stopped")
    (home / "index.html").unlink()
    for store in {*(home / "store").iterdir()} - {find_store(home), home / "store" / "current"}:
        shutil.rmtree(store)  # a build would gain room by that
    assert fill_and_build(nights, tmp_path, home, (0, 400)) == {"network.html"}


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_a_disk_that_fills_at_any_write(nights: Nights, tmp_path: Path) -> None:
    told = fill_and_build(nights, tmp_path, nights.first, (*range(0, 72, 4), *range(100, 3000, 100)))
    assert told == {"statements", "store"}, told


def test_a_home_that_may_only_be_read(nights: Nights, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(nights.first, home)
    read_only = f"mount --bind '{home}' '{home}'; mount -o remount,bind,ro '{home}'"
    commands = Commands(tmp_path, read_only)
    try:
        for command in (
            ("build", nights.inputs),
            ("identity", "merge", *MERGED, "--reason", "x"),
            ("identity", "apply"),
            ("draw",),
        ):
            ended = commands.run(*command, "--home", home)
            assert ended.code == 1 and find_error(ended) == f"{home}: cannot be written: Read-only file system"
        out = tmp_path / "out"
        for command in (
            ("query", "reports"),
            ("search", MERGED[0]),
            ("check",),
            ("analyse", "degree"),
            ("identity", "propose"),
            ("identity", "show", MERGED[0]),
            ("draw", "--to", out / "network.html"),
            ("workbook", "--to", out / "book.xlsx"),
            ("coverage", "--to", out / "coverage.html"),
            ("export", "facts", "--to", out / "facts.csv"),
            ("export", "partnerships", "--to", out / "partnerships.xlsx"),
            ("export", "graph", "--to", out / "graph.nq"),
        ):
            ended = commands.run(*command, "--home", home)
            assert ended.code == 0 and "Traceback" not in ended.said, ended.said
        assert (out / "graph.nq").read_bytes() == read_graph(nights.first)
    finally:
        commands.close()
    ask_server(home, read_only)
    commands = Commands(tmp_path)
    ended = build(commands, nights, home)  # and when it may be written again
    assert ended.code == 0, ended.said
    assert read_all(home) == read_all(nights.second) and list_litter(home) == []
    commands.close()


def ask_server(home: Path, mount: str) -> None:
    command = [*list_own_view(mount), sys.executable, "-m", "kg.cli", "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = process.stderr.readline().strip().rstrip("/")
            for place in ("/", f"/search?q={MERGED[0]}", "/sparql?query=ASK{?s ?p ?o}", "/downloads/facts.csv"):
                answer = httpx.get(address + place, timeout=60, trust_env=False, follow_redirects=True)
                assert answer.status_code == 200, (place, answer.text)
        finally:
            process.terminate()


def test_a_target_on_a_full_disk_or_in_a_folder_that_may_only_be_read(nights: Nights, tmp_path: Path) -> None:
    for folder in ("full", "read"):
        (tmp_path / folder).mkdir()
    (tmp_path / "read" / "facts.csv").write_bytes(b"old")
    read = tmp_path / "read"
    mount = (
        f"mount -t tmpfs -o size=16k none '{tmp_path / 'full'}'; "
        f"mount --bind '{read}' '{read}'; mount -o remount,bind,ro '{read}'"
    )
    commands = Commands(tmp_path, mount)
    try:
        for folder, cause in (("full", os.strerror(28)), ("read", os.strerror(30))):
            for command, name in (
                (("export", "facts"), "facts.csv"),
                (("workbook",), "book.xlsx"),
                (("draw",), "n.html"),
            ):
                to = tmp_path / folder / name
                ended = commands.run(*command, "--to", to, "--home", nights.second)
                assert ended.code == 1 and find_error(ended) == f"{to}: cannot be written: {cause}", ended.said
        assert list(commands.look(tmp_path / "full").iterdir()) == []
        assert [(path.name, path.read_bytes()) for path in read.iterdir()] == [("facts.csv", b"old")]
    finally:
        commands.close()
