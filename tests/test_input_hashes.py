"""A file that the file system shows to be the same is not read again; whatever may have changed is."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from test_pipeline import files_of, make_text, partners, write

from kg import input_hashes
from kg.errors import BrokenRegistry
from kg.input_hashes import HASHES, SETTLED
from kg.pipeline import REGISTRY, build


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return write(tmp_path / "in" / "r.txt", make_text(partner="汉江轴承厂"))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every file were old enough for its times to tell."""
    monkeypatch.setattr(input_hashes, "SETTLED", 0)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are hashed."""
    names: list[str] = []
    hash_file = input_hashes.hash_file
    monkeypatch.setattr(input_hashes, "hash_file", lambda item: names.append(item.path.name) or hash_file(item))
    return names


@pytest.mark.usefixtures("later")
def test_a_file_that_is_the_same_is_not_opened(report: Path, home: Path, opened: list[str]) -> None:
    build([report.parent], home)
    assert opened == ["r.txt"] and (home / HASHES).exists()
    opened.clear()
    summary = build([report.parent], home)
    assert (opened, summary.unchanged) == ([], 1)


@pytest.mark.usefixtures("later")
def test_wherever_it_is_named_from(
    report: Path, home: Path, opened: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "more" / "s.txt", make_text(partner="秦岭制药厂", year=2020))
    monkeypatch.chdir(tmp_path)
    build([Path("in")], home)
    build([Path("more")], home)  # and what was built before is remembered all the same
    build([report.parent, tmp_path / "more"], home)
    assert opened == ["r.txt", "s.txt"]


@pytest.mark.usefixtures("later")
def test_other_bytes_of_the_same_size_and_time_are_seen(report: Path, home: Path) -> None:
    build([report.parent], home)
    before = report.stat()
    write(report, make_text(partner="秦岭制药厂"))
    os.utime(report, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert report.stat().st_size == before.st_size and report.stat().st_mtime_ns == before.st_mtime_ns
    assert build([report.parent], home).reports == ["r"]
    assert "秦岭制药厂" in partners(home, "r")


def test_a_file_that_has_only_just_been_written_is_not_remembered(
    report: Path, home: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change within one tick of the clock of a file system would not show."""
    assert SETTLED >= 2_000_000_000
    monkeypatch.setattr(input_hashes, "SETTLED", 3600 * SETTLED)  # however slow the machine is
    build([report.parent], home)
    build([report.parent], home)
    assert opened == ["r.txt", "r.txt"] and not (home / HASHES).exists()


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": ["x"]}', "\udcff"])
def test_without_its_memory_a_build_is_the_same(report: Path, home: Path, opened: list[str], text: str) -> None:
    build([report.parent], home)
    before = files_of(home)
    (home / HASHES).write_text(text, encoding="utf-8", errors="surrogateescape")
    assert build([report.parent], home).unchanged == 1
    assert files_of(home) == before and opened == ["r.txt", "r.txt"]


@pytest.mark.usefixtures("later")
def test_a_file_out_of_an_archive_is_always_hashed(report: Path, home: Path, opened: list[str]) -> None:
    with zipfile.ZipFile(report.with_suffix(".zip"), "w") as archive:
        archive.write(report, "r.txt")
    report.unlink()
    build([report.parent], home)
    build([report.parent], home)
    assert opened == ["r.txt", "r.txt"]


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_broken_registry_ends_the_build_before_anything_is_changed(report: Path, home: Path, is_gone: bool) -> None:
    build([report.parent], home)
    (home / REGISTRY).write_text("no registry\n", encoding="utf-8")
    before = files_of(home)
    for at in range(2):
        write(report.with_name(f"new{at}.txt"), make_text(partner="月河丝绸厂", year=2020 + at))
    if is_gone:
        report.unlink()
    states = []
    with pytest.raises(BrokenRegistry):
        build([report.parent], home, on_progress=lambda at: states.append(at.state))
    assert files_of(home) == before
    assert states == ([] if is_gone else ["reading"]), "no file is at fault, and none is read in vain"
