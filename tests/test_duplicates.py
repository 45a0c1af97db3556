"""One report in several files: one is used, the others are named, and what is only alike stays apart."""

from __future__ import annotations

import random
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_pipeline import make_text, partners, reports_in, write

from kg.pipeline import build
from kg.sketches import compare_sketches, make_sketch

WORDS = "学校坚持立德树人根本任务深化产教融合校企合作推进专业建设与课程改革提升办学质量服务地方经济社会发展加强师资队伍"


def long_text(seed: int = 1, **given) -> str:
    """A report with many paragraphs of its own."""
    chance = random.Random(seed)
    rest = "".join("".join(chance.choices(WORDS, k=60)) + "。\n" for _ in range(40))
    return make_text(**given) + "3.建设情况\n" + rest


def save_as_word(path: Path, text: str) -> Path:
    word = docx.Document()
    for line in text.splitlines():
        word.add_paragraph(line)
    path.parent.mkdir(parents=True, exist_ok=True)
    word.save(str(path))
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_files_with_the_same_bytes_are_one_report(tmp_path: Path, home: Path) -> None:
    for name in ("b", "a", "c"):
        write(tmp_path / "in" / f"{name}.txt", long_text())
    summary = build([tmp_path / "in"], home)
    assert summary.reports == ["a"] and reports_in(home) == {"a"}
    assert [cause for _, cause in summary.duplicates] == [
        f"{tmp_path / 'in' / name}: the same report as a, which is used" for name in ("b.txt", "c.txt")
    ]
    again = build([tmp_path / "in"], home)
    assert (again.reports, again.unchanged, len(again.duplicates)) == ([], 1, 2)


@pytest.mark.parametrize(("text", "word"), [("a", "b"), ("b", "a")])
def test_of_a_report_as_word_and_as_text_the_word_file_is_used(
    tmp_path: Path, home: Path, text: str, word: str
) -> None:
    """Whichever comes first by its name."""
    write(tmp_path / "in" / f"{text}.txt", long_text())
    save_as_word(tmp_path / "in" / f"{word}.docx", long_text())
    summary = build([tmp_path / "in"], home)
    assert reports_in(home) == {word} and partners(home, word) == {"汉江轴承厂"}
    assert summary.reports == [word]
    assert summary.duplicates[0][1] == f"{tmp_path / 'in' / text}.txt: the same report as {word}, which is used"
    again = build([tmp_path / "in"], home)
    assert (again.reports, again.unchanged, len(again.duplicates)) == ([], 1, 1)


def test_a_better_file_that_comes_later_takes_the_place_of_the_other(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "in" / "a.txt", long_text())
    build([tmp_path / "in"], home)
    save_as_word(tmp_path / "in" / "z.docx", long_text())
    build([tmp_path / "in"], home)
    assert reports_in(home) == {"z"}


def test_the_other_file_is_used_again_when_the_better_one_is_gone(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "in" / "a.txt", long_text())
    save_as_word(tmp_path / "in" / "z.docx", long_text())
    build([tmp_path / "in"], home)
    (tmp_path / "in" / "z.docx").unlink()
    summary = build([tmp_path / "in"], home)
    assert reports_in(home) == {"a"} and summary.reports == ["a"] and summary.duplicates == []


@pytest.mark.parametrize(
    "other",
    [
        {"year": 2023},  # the next year's, in last year's words
        {"school": "平利县女娲职业学校"},  # another school's, written by the same office
        {"seed": 2},  # the same school's on something else
    ],
)
def test_reports_that_are_only_alike_stay_apart(tmp_path: Path, home: Path, other: dict) -> None:
    write(tmp_path / "in" / "a.txt", long_text())
    write(tmp_path / "in" / "b.txt", long_text(**other))
    summary = build([tmp_path / "in"], home)
    assert (summary.reports, summary.duplicates) == (["a", "b"], [])


TEXTS = st.text(st.sampled_from(WORDS + "，。 12\n"), max_size=300)


@given(TEXTS, TEXTS)
def test_likeness_is_the_same_both_ways_and_whole_only_with_itself(one: str, other: str) -> None:
    a, b = make_sketch(one), make_sketch(other)
    assert compare_sketches(a, b) == compare_sketches(b, a)
    assert 0 <= compare_sketches(a, b) <= 1
    assert compare_sketches(a, a) == (1 if a else 0)


@pytest.mark.parametrize("kept", [0.9, 0.7, 0.4])
def test_likeness_tells_about_what_share_of_the_text_is_the_same(kept: float) -> None:
    chance = random.Random(3)
    lines = ["".join(chance.choices(WORDS, k=50)) for _ in range(400)]
    changed = [line if at < kept * 400 else "".join(chance.choices(WORDS, k=50)) for at, line in enumerate(lines)]
    share = kept / (2 - kept)  # of all that stands in either
    assert compare_sketches(make_sketch("\n".join(lines)), make_sketch("\n".join(changed))) == pytest.approx(
        share, abs=0.15
    )


def test_a_report_that_gives_way_is_told_though_its_file_was_not_named(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "first" / "a.txt", long_text())
    build([tmp_path / "first"], home)
    save_as_word(tmp_path / "second" / "z.docx", long_text())
    summary = build([tmp_path / "second"], home)
    assert summary.duplicates == [
        (
            str(tmp_path / "first" / "a.txt"),
            f"{tmp_path / 'first' / 'a.txt'}: the same report as z, which is used",
        )
    ]
    assert reports_in(home) == {"z"}


def test_what_was_a_duplicate_before_is_no_change(tmp_path: Path, home: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / "in" / f"{name}.txt", long_text())
    assert build([tmp_path / "in"], home).is_changed
    assert not build([tmp_path / "in"], home).is_changed


def test_the_same_bytes_under_a_wrong_ending_take_nothing_away(tmp_path: Path, home: Path) -> None:
    save_as_word(tmp_path / "in" / "z.docx", long_text())
    (tmp_path / "in" / "a.txt").write_bytes((tmp_path / "in" / "z.docx").read_bytes())
    summary = build([tmp_path / "in"], home)
    assert reports_in(home) == {"z"} and not summary.failed
    assert [name for name, _ in summary.duplicates] == [str(tmp_path / "in" / "a.txt")]
