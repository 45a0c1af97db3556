"""What tests need, the order they run in, and ``KG_NO_SKIP``, under which a skipped test is a failure.

Fast tests come first: modules of ``tests/``, then of its folders, then what needs Virtuoso, LibreOffice, Chromium or
the gold reports.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from browser import find_chromium, open_browser
from virtuoso import find_virtuoso

from kg.readers.office import find_office

TESTS = Path(__file__).resolve().parent
NO_SKIP = os.environ.get("KG_NO_SKIP", "") not in ("", "0")
# The same examples each time, so that a red run is red again; KG_FUZZ, as `make endurance` sets it, looks for new ones.
hypothesis.settings.register_profile("steady", derandomize=True)
if "KG_FUZZ" not in os.environ:
    hypothesis.settings.load_profile("steady")
SLOW_MARKS = ("virtuoso", "office", "browser", "gold")


def find_gold() -> Path | None:
    """The folder of the gold reports, or None: ``KG_GOLD_DIR`` names it, the reports lie in ``reports`` beside it."""
    named = os.environ.get("KG_GOLD_DIR", "")
    return Path(named) if named and Path(named).is_dir() else None


@pytest.fixture(scope="session")
def gold_dir() -> Path:
    found = find_gold()
    if found is None:
        pytest.skip("KG_GOLD_DIR does not name the folder of the gold reports")
    return found


@pytest.fixture(scope="session")
def gold_reports(gold_dir: Path) -> Path:
    """The folder of the reports that the gold files speak of."""
    return gold_dir.parent / "reports"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium for the tests of a module."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def bound_by_permissions() -> tuple[str, ...]:
    """What to put before a command so that a file's permissions bind it, even where root runs the tests."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this system has other permissions")
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may read everything, and there is no setpriv")
    return "setpriv", "--bounding-set=-dac_override,-dac_read_search"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "endurance" not in config.option.markexpr:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("endurance")])
        items[:] = [item for item in items if not item.get_closest_marker("endurance")]
    items.sort(key=_slowness)


def _slowness(item: pytest.Item) -> int:
    marks = [at for at, name in enumerate(SLOW_MARKS, start=2) if item.get_closest_marker(name)]
    return max(marks, default=int(item.path.parent != TESTS))


def pytest_runtest_setup(item: pytest.Item) -> None:
    needs = {
        "virtuoso": (find_virtuoso, "Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)"),
        "office": (find_office, "LibreOffice is not installed (Debian: libreoffice-writer, libreoffice-calc)"),
        "browser": (find_chromium, "Chromium is not installed (Debian: chromium)"),
        "gold": (find_gold, "KG_GOLD_DIR does not name the folder of the gold reports"),
    }
    for mark, (find, reason) in needs.items():
        if item.get_closest_marker(mark) and find() is None:
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Iterator[None]:
    return _forbid_skip((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Iterator[None]:
    return _forbid_skip((yield))


def _forbid_skip(report):
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason} (KG_NO_SKIP is set: a test that is skipped has failed)"
    return report
