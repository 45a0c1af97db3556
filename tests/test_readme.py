"""What the READMEs say, tried out: every command of their console blocks, and their Python."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from kg.cli import app

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("README.md", "README.zh-CN.md")
SAMPLES = ROOT / "kg" / "samples"
COUNT = re.compile(r"(?<=│) +\d+$", re.MULTILINE)


def read_readme(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def list_blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", read_readme(name), re.DOTALL | re.MULTILINE)


def list_commands(name: str) -> list[str]:
    return [line[2:] for block in list_blocks(name, "console") for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with reports in it, as a user has one, in which the commands are given one after the other."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "reports").mkdir()
    for sample in SAMPLES.iterdir():
        if sample.suffix != ".md":
            (folder / "reports" / sample.name).write_bytes(sample.read_bytes())
    return folder


def run_in(folder: Path, command: str | list[str]) -> subprocess.CompletedProcess[str]:
    found = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return subprocess.run(
        command,
        shell=isinstance(command, str),
        cwd=folder,
        env=os.environ | {"PATH": found, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_option_is_named(name: str) -> None:
    program = typer.main.get_command(app)
    told = [f"kg {command}" for command in program.commands]  # type: ignore[attr-defined]
    for command in program.commands.values():  # type: ignore[attr-defined]
        told += [each.opts[-1] for each in command.params if each.opts[0].startswith("-")]
    assert [each for each in told if each not in read_readme(name)] == []


def test_both_languages_tell_the_same() -> None:
    assert list_commands(NAMES[0]) == list_commands(NAMES[1]) != []
    for language in ("console", "json"):
        assert list_blocks(NAMES[0], language) == list_blocks(NAMES[1], language)
    heads = [[len(mark) for mark in re.findall(r"^(#+) ", read_readme(name), re.MULTILINE)] for name in NAMES]
    assert heads[0] == heads[1]


@pytest.mark.parametrize("name", NAMES)
def test_what_it_links_to_is_there(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", read_readme(name)):
        assert (ROOT / target).exists(), target


@pytest.fixture(scope="module")
def tour(desk: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """What each command of the tour did, given in their order."""
    return {command: run_in(desk, command) for command in list_commands(NAMES[0])}


@pytest.mark.parametrize("command", list_commands(NAMES[0]))
def test_each_command_of_the_tour_works(tour: dict[str, subprocess.CompletedProcess[str]], command: str) -> None:
    assert tour[command].returncode == 0, tour[command].stderr
    assert tour[command].stdout or tour[command].stderr


def test_the_tour_shows_what_is_said(tour: dict[str, subprocess.CompletedProcess[str]]) -> None:
    """What the tour shows is what the commands print, but for counts, columns left out, and an ellipsis."""
    printed = COUNT.sub("", "".join(done.stdout + done.stderr for done in tour.values()))
    shown = {line for block in list_blocks(NAMES[0], "console") for line in block.splitlines() if line[:2] != "$ "}
    pieces = {piece.strip() for line in shown for piece in (line.split("│") if line.startswith("│") else [line])}
    assert {piece for piece in pieces if "…" not in piece and COUNT.sub("", piece) not in printed} == set()


@pytest.mark.parametrize("name", NAMES)
def test_its_python_runs(desk: Path, name: str) -> None:
    (code,) = list_blocks(name, "python")
    done = run_in(desk, [sys.executable, "-c", code])
    assert done.returncode == 0, done.stderr
    assert "长城哈弗" in done.stdout
