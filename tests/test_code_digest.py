"""Which changes of the code make reports be read again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.code_digest import ROOT, digest_code, list_modules

BUILD = """
import sys
from pathlib import Path
from kg.pipeline import build
assert build([Path(sys.argv[1])], Path(sys.argv[2])).reports
print(*(name for name in sys.modules if name.partition(".")[0] in ("kg", "extractors")))
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A copy of the code, to be changed."""
    for package in ("kg", "extractors"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "vega.js"))
    return tmp_path


def digest(root: Path) -> str:
    return digest_code.__wrapped__(root)


def test_every_module_that_a_build_loads_counts(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BUILD, ROOT / "kg" / "samples", tmp_path / "home"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"kg.readers.pdf", "kg.readers.docx", "kg.statements", "extractors.partnerships"} <= loaded
    assert loaded - list_modules().keys() == {"kg.reference"}  # all of whose files count


@pytest.mark.parametrize(
    "changed",
    ["extractors/groups.py", "kg/__init__.py", "kg/names.py", "kg/readers/office.py", "kg/reference/regions.csv"],
)
def test_whatever_reading_depends_on_changes_the_digest(code: Path, changed: str) -> None:
    before = digest(code)
    with (code / changed).open("a", encoding="utf-8") as file:
        file.write("# another\n")
    assert digest(code) != before


@pytest.mark.parametrize("changed", ["kg/workbook.py", "kg/server/app.py", "kg/names.pyc", "kg/samples/README.md"])
def test_other_changes_leave_it_as_it_is(code: Path, changed: str) -> None:
    before = digest(code)
    with (code / changed).open("a", encoding="utf-8") as file:
        file.write("# another\n")
    assert digest(code) == before == digest_code()


def test_a_module_that_comes_to_be_imported_counts(code: Path) -> None:
    before = digest(code)
    with (code / "extractors" / "groups.py").open("a", encoding="utf-8") as file:
        file.write("def late():\n    from kg import (\n        brand_new,\n    )\n")
    (code / "kg" / "brand_new.py").write_text("x = 1\n")
    with_it = digest(code)
    (code / "kg" / "brand_new.py").write_text("x = 2\n")
    assert len({before, with_it, digest(code)}) == 3
