"""docs/tour.md: its blocks are run in their order, and print what stands below them."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pandas
import pytest

TOUR = Path(__file__).resolve().parent.parent / "docs" / "tour.md"
BLOCK = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def list_blocks() -> list[tuple[str, str]]:
    """Each block of code with what is shown below it."""
    return [(match[1], match[2]) for match in BLOCK.finditer(TOUR.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each block printed, up to the first that failed."""
    names: dict[str, object] = {}
    told = []
    folder = tmp_path_factory.mktemp("tour")
    shown_as = pandas.option_context("display.width", 80, "display.unicode.east_asian_width", False)
    with contextlib.chdir(folder), shown_as:  # what the tour sets is set back
        for at, (code, _) in enumerate(list_blocks()):
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(code, f"{TOUR.name}, block {at + 1}", "exec"), names)
            told.append(out.getvalue())
    return told


@pytest.mark.parametrize("at", range(len(list_blocks())))
def test_a_block_prints_what_is_shown(printed: list[str], at: int) -> None:
    shown = list_blocks()[at][1]
    assert [line.rstrip() for line in printed[at].splitlines()] == shown.splitlines()


def test_no_block_is_left_out() -> None:
    text = TOUR.read_text(encoding="utf-8")
    assert len(list_blocks()) == text.count("```python\n") == text.count("```text\n") > 10
