"""Kill −9 at any moment of a build, a decision or an export: what is there is whole, and the next run makes it good."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import openpyxl
import pytest
from stopped_worlds import MERGED, make_first_night, make_second_night
from stopping import Commands, Ended, list_litter, read_facts, read_files, read_graph

from kg.built_inputs import BuiltInputs
from kg.code_digest import digest_code
from kg.inputs import Input, hash_file

EXPORTS = {
    "facts.csv": ("export", "facts"),
    "partnerships.xlsx": ("export", "partnerships"),
    "graph.nq": ("export", "graph"),
    "facts.sqlite": ("export", "facts"),
    "workbook.xlsx": ("workbook",),
    "network.html": ("draw",),
}
MERGE = ("identity", "merge", *MERGED, "--reason", "同一家")


@dataclass
class World:
    """Homes as undisturbed runs leave them, and how long those took."""

    folder: Path
    commands: Commands
    took: dict[str, float]

    @property
    def inputs(self) -> Path:
        return self.folder / "in"

    def build(self, home: Path, *options: object, **more) -> Ended:
        return self.commands.run("build", self.inputs, "--home", home, *options, **more)

    def home(self, name: str) -> Path:
        return self.folder / name

    def copy(self, name: str) -> Path:
        """A home to be stopped at: a copy of an undisturbed one, or a place for one."""
        to = self.folder / "home"
        shutil.rmtree(to, ignore_errors=True)
        if name:
            shutil.copytree(self.home(name), to)
        return to

    @cached_property
    def graphs(self) -> dict[str, tuple[bytes, bytes]]:
        names = ("first", "second", "fresh", "merged")
        return {name: (read_graph(self.home(name)), read_facts(self.home(name))) for name in names} | {"": (b"", b"")}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("stops")
    made = World(folder, Commands(folder), {})
    try:
        make_first_night(made.inputs)
        assert made.build(made.home("first"), "--workers", 1).code == 0
        make_second_night(made.inputs)
        for name, start in (("fresh", ""), ("second", "first")):
            if start:
                shutil.copytree(made.home(start), made.home(name))
            ended = made.build(made.home(name), "--workers", 1)
            assert ended.code == 0, ended.said
            made.took[name] = ended.seconds
        shutil.copytree(made.home("second"), made.home("merged"))
        ended = made.commands.run(*MERGE, "--home", made.home("merged"))
        assert ended.code == 0, ended.said
        made.took["merged"] = ended.seconds
        for name, command in EXPORTS.items():
            ended = made.commands.run(*command, "--to", folder / name, "--home", made.home("second"))
            assert ended.code == 0, ended.said
            made.took[name] = ended.seconds
        assert len({made.graphs[name][0] for name in ("first", "second", "merged")}) == 3
        assert made.graphs["fresh"] == made.graphs["second"]
        yield made
    finally:
        made.commands.close()


def check_graph(world: World, home: Path, *may_be: str) -> None:
    """A reader finds one of these graphs, whole, and exports the facts of the same one."""
    assert (read_graph(home), read_facts(home)) in [world.graphs[name] for name in may_be]


def list_done(world: World, home: Path) -> set[str]:
    """The files that a build that was stopped has noted as read."""
    known = BuiltInputs(home)
    done = set()
    for path in world.inputs.glob("*.*"):
        for built in known:
            if (
                built.path == str(path)
                and not built.duplicate_of  # of what may have to be read again
                and built.sha256 == hash_file(Input(path, "", path))
                and built.code == digest_code()
            ):
                done.add(path.name)
    return done


# ---- builds, decisions, exports: a moment of each


def stop_build(world: World, start: str, workers: int, only_parent: bool, part: float) -> Ended:
    home = world.copy(start)
    seconds = part * world.took["second" if start else "fresh"]
    stopped = world.build(home, "--workers", workers, kill_after=seconds, only_parent=only_parent)
    check_graph(world, home, start, "second")
    done = list_done(world, home)
    again = world.build(home, "--workers", workers)
    assert again.code == 0, again.said
    read = {line.split(" ", 2)[2] for line in again.said.splitlines() if line.startswith("[")}
    assert not read & done, "read again what the stopped build had read"
    check_graph(world, home, "second")
    assert read_files(home) == read_files(world.home("second" if start else "fresh"))
    assert list_litter(home, world.commands.temporary) == []
    return stopped


def stop_merge(world: World, only_parent: bool, part: float) -> Ended:
    home = world.copy("second")
    stopped = world.commands.run(
        *MERGE, "--home", home, kill_after=part * world.took["merged"], only_parent=only_parent
    )
    check_graph(world, home, "second", "merged")
    again = world.commands.run(*MERGE, "--home", home)
    assert again.code == 0 or (again.code == 2 and "one entity already" in again.said), again.said
    check_graph(world, home, "merged")
    again = world.build(home, "--workers", 1)
    assert again.code == 0, again.said
    check_graph(world, home, "merged")
    assert read_files(home) == read_files(world.home("merged"))
    assert list_litter(home, world.commands.temporary) == []
    return stopped


def stop_merge_before_a_build(world: World, only_parent: bool, part: float) -> Ended:
    """The decision is stopped, and the next thing that happens is the nightly build."""
    home = world.copy("second")
    stopped = world.commands.run(
        *MERGE, "--home", home, kill_after=part * world.took["merged"], only_parent=only_parent
    )
    decided = (home / "identity" / "decisions.yaml").exists()
    again = world.build(home, "--workers", 1)
    assert again.code == 0, again.said
    check_graph(world, home, "merged" if decided else "second")
    assert read_files(home) == read_files(world.home("merged" if decided else "second"))
    assert list_litter(home, world.commands.temporary) == []
    return stopped


def stop_export(world: World, name: str, has_old: bool, part: float) -> Ended:
    folder = world.folder / "out"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if has_old:
        (folder / name).write_bytes(b"old")
    command = (*EXPORTS[name], "--to", folder / name, "--home", world.home("second"))
    stopped = world.commands.run(*command, kill_after=part * world.took[name])
    found = (folder / name).read_bytes() if (folder / name).exists() else None
    assert found == (b"old" if has_old else None) or read_export(folder / name) == read_export(world.folder / name)
    again = world.commands.run(*command)
    assert again.code == 0, again.said
    assert read_export(folder / name) == read_export(world.folder / name)
    assert [path.name for path in folder.iterdir()] == [name]
    assert list_litter(world.home("second"), world.commands.temporary) == []
    return stopped


def read_export(path: Path) -> object:
    """What an export says; a workbook and a database of the same content are not the same bytes."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
    if path.suffix == ".sqlite":
        connection = sqlite3.connect(path)
        dumped = list(connection.iterdump())
        connection.close()
        return dumped
    return path.read_bytes()


def draw_case(rng: random.Random, world: World, kind: str) -> Ended:
    """One stop of a kind, at a moment of its undisturbed run."""
    part, only_parent = rng.uniform(0.0, 1.05), rng.random() < 0.4
    if kind == "fresh":
        return stop_build(world, "", rng.choice((1, 2)), only_parent, part)
    if kind == "incremental":
        return stop_build(world, "first", rng.choice((1, 2)), only_parent, part)
    if kind == "merge":
        return rng.choice((stop_merge, stop_merge_before_a_build))(world, only_parent, part)
    return stop_export(world, rng.choice(list(EXPORTS)), rng.random() < 0.5, part)


@pytest.mark.parametrize(("kind", "count"), [("fresh", 1), ("incremental", 2), ("merge", 1), ("export", 2)])
def test_some_stops(world: World, kind: str, count: int) -> None:
    rng = random.Random(kind)
    for _ in range(count):
        draw_case(rng, world, kind)


@pytest.mark.endurance
@pytest.mark.timeout(7200)
@pytest.mark.parametrize(("kind", "count"), [("fresh", 40), ("incremental", 70), ("merge", 40), ("export", 50)])
def test_two_hundred_stops(world: World, kind: str, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(f"endurance {kind}")
    ended = [draw_case(rng, world, kind) for _ in range(count)]
    killed = sum(each.code < 0 for each in ended)
    with capsys.disabled():
        print(f"\n{kind}: {count} stops, {killed} before the end; seconds of undisturbed runs: {world.took}")
    assert killed > count / 2
