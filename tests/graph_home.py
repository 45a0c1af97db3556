"""A home made of the fixture statement files: two years of one school's reports and its city's."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from kg import store

STATEMENTS = Path(__file__).parent / "fixtures" / "statements"


def make_home(folder: Path) -> Path:
    """A fresh home in a folder; its name has a blank and Chinese in it, as users' folders have."""
    home = folder / "我的 图谱"
    shutil.copytree(STATEMENTS, home / "statements")
    store.rebuild(home)
    return home


@cache
def shared_home() -> Path:
    """One home for all tests of a process that only read."""
    return make_home(Path(mkdtemp(prefix="kg-test-")))
