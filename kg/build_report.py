"""The report of a build: ``build.json`` for programs and ``build.html`` for people, who read it in the morning.

What became of each file, how long it took and what it gave, with the cause where it gave nothing; and the sums beside those
of the build before.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kg import __version__, network_page
from kg.build_results import FIGURES, ISSUES, BuildSummary, FileResult, State
from kg.whole_files import write_aside

REPORT, PAGE = "build.json", "build.html"
TITLE = "构建报告"
MOST_ROWS = 20_000  # files in the page; the report for programs has all
STYLE_FILES = ("start.css", "build.css")
SCRIPT_FILES = ("elements.js", "start.js", "build-tables.js", "tables.js", "build-page.js")
_TOLD = (State.FAILED, State.DUPLICATE, State.REMOVED, State.READ, State.SKIPPED, State.UNCHANGED)


def write_build_report(home: Path, summary: BuildSummary, at: datetime, seconds: float) -> None:
    """Writes both files of a build that began at a time and took so many seconds.

    Raises KgError where they cannot be written.
    """
    totals = _sum(summary)
    build = {
        "at": at.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "program": __version__,
        "exit": int(bool(summary.failed)),
        "totals": totals,
        "before": _read_totals(home),
        "notes": summary.notes,
    }
    with write_aside(home / REPORT) as out:
        out.write(_write_json(build, map(_describe, summary.files)).encode("utf-8"))
    rows = [_row(file) for file in sorted(summary.files, key=lambda file: (_TOLD.index(file.state), file.file))]
    data = {"build": build, "tables": {"files": {"total": len(rows), "rows": rows[:MOST_ROWS]}}}
    page = network_page.compose_page(
        network_page.read_asset("build.html"),
        title=TITLE,
        styles=[network_page.read_asset(name) for name in STYLE_FILES],
        scripts=[network_page.read_asset(name) for name in SCRIPT_FILES],
        data={"start-data": data, "words-data": _load_words()},
    )
    network_page.write_page(home / PAGE, page)


def _write_json(build: Mapping[str, Any], files: Iterable[Mapping[str, Any]]) -> str:
    """The report for programs, a line for each file."""
    head = json.dumps(build, ensure_ascii=False, indent=1).removesuffix("\n}")
    rows = ",\n  ".join(json.dumps(file, ensure_ascii=False) for file in files)
    return f'{head},\n "files": [\n  {rows}\n ]\n}}\n'


def _sum(summary: BuildSummary) -> dict[str, Any]:
    """How many files came to what, and what those that were read, now or before, gave together."""
    counts: Counter[str] = Counter()
    for file in summary.files:
        counts.update(file.counts)
    states = Counter(file.state.value for file in summary.files)
    return {"states": dict(sorted(states.items())), "counts": dict(sorted(counts.items()))}


def _read_totals(home: Path) -> Mapping[str, Any] | None:
    """The sums of the build before, where its report can be read."""
    try:
        totals = json.loads((home / REPORT).read_text(encoding="utf-8"))["totals"]
        return totals if isinstance(totals["counts"], dict) and isinstance(totals["states"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _describe(file: FileResult) -> dict[str, Any]:
    """A file as programs read it; what there is nothing to say of is left out."""
    told = {"file": file.file, "state": file.state.value, "report": file.report, "cause": file.cause}
    numbers = {"seconds": round(file.seconds, 2), "counts": dict(file.counts)}
    return {key: value for key, value in (told | numbers).items() if value}


def _row(file: FileResult) -> list[Any]:
    """File, state, report, facts, figures, issues, seconds, cause."""
    facts = sum(count for name, count in file.counts.items() if name not in (FIGURES, ISSUES))
    numbers = [facts, file.counts.get(FIGURES, 0), file.counts.get(ISSUES, 0)]
    return [file.file, file.state.value, file.report, *numbers, round(file.seconds, 1), file.cause]


def _load_words() -> dict[str, Any]:
    """The words of the page; those of its table are the start page's."""
    own = json.loads(network_page.read_asset("build.json"))
    start = json.loads(network_page.read_asset("start.json"))["page"]
    shared = {
        key: words for key, words in start.items() if key.startswith("table.") or key in ("skip", "language.other")
    }
    predicates = json.loads(network_page.read_asset("words.json"))["predicates"]
    return own | {"page": shared | own["page"], "predicates": predicates}
