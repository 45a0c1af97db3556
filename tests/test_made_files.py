"""The files of made reports: the same for the same seed, readable in every format, with facts as real reports have them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from kg.pipeline import build
from kg.sketches import compare_sketches, make_sketch
from kg.statement_files import StatementFile, list_statement_files, read_statement_file
from tests.benchmarks.made_files import COPIES, FORMATS, SLOTS, MadeFile, Maker, make_files
from tests.benchmarks.made_texts import Grid, MadeReport, iterate_texts

ROOT = Path(__file__).resolve().parent.parent
FEWEST = 20  # statements of 10,000 characters; the three real reports have 29 to 59


def find_number(maker: Maker, level: str) -> int:
    return next(number for number in range(SLOTS) if maker.make_report(number).level == level)


def build_file(folder: Path, file: MadeFile) -> StatementFile:
    path = folder / Path(file.name).name
    path.write_bytes(file.data)
    summary = build([path], folder / f"home of {path.name}")
    assert not summary.failed
    (statements,) = list_statement_files(folder / f"home of {path.name}")
    return read_statement_file(statements)


def read_tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes_in_any_process_and_number_of_workers(tmp_path: Path) -> None:
    trees = []
    for salt, workers in (("1", "1"), ("2", "2")):
        folder = tmp_path / salt
        command = [sys.executable, "-m", "tests.benchmarks.made_files", "--to", str(folder)]
        command += ["--reports", str(SLOTS + 5), "--workers", workers]
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": salt})
        trees.append(read_tree(folder))
    assert trees[0] == trees[1]
    assert {name.rsplit(".", 1)[1] for name in trees[0]} >= {"docx", "pdf", "txt"}


def test_a_report_alone_is_the_one_among_many_and_another_seed_gives_another(tmp_path: Path) -> None:
    make_files(tmp_path, SLOTS + 3, Maker(formats=("docx",)))
    files = read_tree(tmp_path)
    for number in (0, 17, SLOTS + 2):
        alone = Maker(formats=("docx",)).make_file(number)
        assert files[alone.name] == alone.data
        assert Maker(8, ("docx",)).make_file(number).data != alone.data


def test_every_format_is_read_and_gives_what_the_text_gives(tmp_path: Path) -> None:
    number = find_number(Maker(), "school")
    found = {
        form: Counter(each.predicate for each in check_file(tmp_path, Maker(formats=(form,)), number).statements)
        for form in FORMATS
    }
    few = min(each.total() for each in found.values())
    assert few >= 0.9 * max(each.total() for each in found.values()), found


@pytest.mark.parametrize("level", ["city", "province"])
def test_reports_of_regions_have_facts_too(tmp_path: Path, level: str) -> None:
    maker = Maker(formats=("docx",))
    file = check_file(tmp_path, maker, find_number(maker, level))
    assert {each.type for each in file.entities.values()} >= {"School", "Enterprise", "Programme", "Region"}


def check_file(folder: Path, maker: Maker, number: int) -> StatementFile:
    """Builds a file alone; holds that it is read as the report that it is, and has facts as close as real ones have."""
    file, report = build_file(folder, maker.make_file(number)), maker.make_report(number)
    read = (file.report.level, file.report.publisher, file.report.region, file.report.year)
    assert read == (report.level, report.publisher, report.region, report.year)
    assert len(file.statements) >= FEWEST * sum(map(len, iterate_texts(report))) / 10_000
    return file


def test_lengths_and_tables_spread_around_those_of_real_reports() -> None:
    reports = [Maker().make_report(number) for number in range(SLOTS * 3)]
    sizes = sorted(sum(map(len, iterate_texts(report))) for report in reports)
    assert sizes[0] < 20_000 and sizes[-1] > 50_000
    assert 24_000 < sizes[len(sizes) // 2] < 36_000
    tables = sorted(len(_grids(report)) for report in reports)
    assert tables[0] < 14 < 16 <= tables[len(tables) // 2] <= 22 < tables[-1]
    rows = sorted(sum(len(grid.rows) for grid in _grids(report)) for report in reports)
    assert rows[0] < 138 < rows[len(rows) // 2] < 217 < rows[-1]
    assert len({report.region for report in reports}) > 9
    assert len({report.year for report in reports}) >= 6


def _grids(report: MadeReport) -> list[Grid]:
    return [block for block in report.blocks if isinstance(block, Grid)]


def test_schools_report_year_after_year_and_some_titles_lack_the_year() -> None:
    reports = [Maker().make_report(number) for number in range(SLOTS)]
    years: dict[str, set[int]] = {}
    for report in reports:
        years.setdefault(report.publisher, set()).add(report.year)
    assert all(len(each) >= 4 for publisher, each in years.items() if "厅" not in publisher)
    silent = [report for report in reports if str(report.year) not in report.title]
    assert 1 <= len(silent) <= SLOTS // 4
    assert len({tuple(iterate_texts(report)) for report in reports}) == SLOTS - COPIES


def test_a_city_has_one_file_twice_and_one_report_in_two_formats_which_a_build_finds(tmp_path: Path) -> None:
    maker = Maker(formats=("docx", "txt"))
    files = [maker.make_file(number) for number in range(SLOTS)]
    texts = [tuple(iterate_texts(maker.make_report(number))) for number in range(SLOTS)]
    for copy in (number for number, file in enumerate(files) if "报送稿" in file.name):
        (first,) = (number for number in range(SLOTS) if number != copy and texts[number] == texts[copy])
        folder = tmp_path / str(copy)
        for number in (copy, first):
            path = folder / files[number].name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[number].data)
        summary = build([folder], tmp_path / f"home {copy}")
        assert len(summary.reports) == len(summary.duplicates) == 1
    assert sorted(Counter(file.data for file in files).values())[-2:] == [1, 2]


def test_texts_of_different_publishers_are_not_alike() -> None:
    reports = [Maker().make_report(number) for number in range(24)]
    sketches = [make_sketch("".join(iterate_texts(report))) for report in reports]
    for one, other in combinations(range(len(reports)), 2):
        if reports[one].publisher != reports[other].publisher:
            assert compare_sketches(sketches[one], sketches[other]) < 0.15


def test_archives_hold_reports_that_a_build_finds(tmp_path: Path) -> None:
    make_files(tmp_path / "in", 3, Maker(formats=("zip",)))
    (archive,) = (tmp_path / "in").rglob("*.zip")
    summary = build([archive], tmp_path / "home")
    assert len(summary.reports) == 3 and not summary.failed


def test_spoilt_files_are_made_only_when_asked_for() -> None:
    clean, spoilt = Maker(formats=("txt",)), Maker(formats=("txt",), spoilt=0.5)
    changed = [number for number in range(40) if clean.make_file(number).data != spoilt.make_file(number).data]
    assert 10 <= len(changed) <= 30
    assert b"" in {spoilt.make_file(number).data for number in changed}
