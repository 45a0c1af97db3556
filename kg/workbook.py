"""The partnership workbook: the chosen part of a graph as one XLSX file, whole or not at all."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kg import __version__, network_page
from kg.address import Address
from kg.coverage import COUNTY, ELSEWHERE, PREFECTURE, PROVINCE, UNKNOWN, Coverage, find_coverage
from kg.current_store import find_store, pin_graph
from kg.decision_file import read_decided_files
from kg.export.checks import list_checks
from kg.export.reading import read_reports
from kg.export.rows import list_issues
from kg.frame_choice import Choice, Chosen, choose_rows
from kg.model import DIFFERENCES
from kg.store import open_graph, open_names
from kg.whole_files import write_aside
from kg.workbook_file import Cell, Chart, Front, Left, Properties, Sheet, Value, Wording, measure_text, write_file
from kg.workbook_sheets import Maker, list_schools
from kg.workbook_words import Words, make_sheet

MOST_BARS = 12
WIDEST_NAME = 32  # of a bar of a chart, in characters; a Chinese one counts twice
_NEAR = (COUNTY, PREFECTURE, PROVINCE, ELSEWHERE, UNKNOWN)


@dataclass(frozen=True, slots=True)
class WorkbookSummary:
    """What a workbook holds: rows by the name of each sheet; ``notes`` for the reader of the command's talk."""

    rows: Mapping[str, int]
    notes: tuple[str, ...]
    left: Left


def write_workbook(
    home: Path, to: Path, choice: Choice | None = None, *, english: bool = False, server: Address | None = None
) -> WorkbookSummary:
    """Writes the workbook of a home, or of the part of it that is chosen.

    The same graph and choice give the same bytes. Raises MissingStore where there is no graph, UsageError for a word of
    the choice that means nothing or too much, KgError where the file cannot be written: the old one is then still there.
    """
    with pin_graph(home) as pinned:
        return _write(pinned, to, choice or Choice(), english, server)


def _write(home: Path, to: Path, choice: Choice, english: bool, server: Address | None) -> WorkbookSummary:
    words = load_words(english)
    fingerprint = find_store(home).name
    with open_graph(home, server) as graph, open_names(home) as names:
        chosen = choose_rows(graph, names, choice)
    coverage = find_coverage(chosen)
    maker = Maker(words, chosen, coverage, chosen.own_years, choice.years)
    checks = list(list_checks(read_decided_files(home)))
    sheets = [
        maker.make_partnerships(),
        maker.make_unpartnered(),
        maker.make_partners(),
        maker.make_shared(),
        maker.make_groups(),
        maker.make_changes(),
        maker.make_classes(),
        maker.make_modes(),
        maker.make_places(),
        maker.make_checks(checks),
        maker.make_issues(issue for lines in read_reports(home) for issue in list_issues(lines)),
        maker.make_evidence(),
    ]
    charts, rows = _make_charts(words, maker)
    sheets.append(make_sheet(words, "charts", ("chart", "label", "value", "value2"), rows))
    differ = sum(row["verdict"] in DIFFERENCES for row in checks if row["report"] in _ids(chosen))
    asked = _say_choice(words, choice)
    front = Front(
        key="overview",
        name=words.name_sheet("overview"),
        title=words.say("title"),
        lines=(
            f"{words.say('chosen')}：{asked}" if not english else f"{words.say('chosen')}: {asked}",
            words.say("footnote"),
        ),
        headings=((words.say("numbers"), ""), (words.say("contents"), words.say("rows"))),
        numbers=tuple(_count(words, maker, {sheet.key: sheet for sheet in sheets}, differ)),
        charts=charts,
        data="charts",
    )
    latest = max((row["year"] for row in chosen.reports if row["year"] is not None), default=None)
    properties = Properties(
        title=words.say("title"),
        subject=asked,
        comments=f"zhijiao-kg {__version__}, {fingerprint}",
        created=datetime(min(max(latest or 2000, 1980), 2100), 12, 31),
    )

    def make_notes(left: Left) -> Sheet:
        said = [len(chosen.reports), latest or words.say("basis.")], [asked], [__version__, fingerprint]
        return make_sheet(words, "notes", ("topic", "text"), list(_list_notes(words, said, left)))

    with write_aside(to) as out:
        left = write_file(out, front, sheets, properties, Wording(words.say("cut"), words.say("page_of")), make_notes)
    return WorkbookSummary({sheet.name: len(sheet.rows) for sheet in sheets}, chosen.notes, left)


def load_words(english: bool) -> Words:
    """The words of the workbook in one language."""
    return Words(json.loads(network_page.read_asset("workbook.json")), int(english))


def _ids(chosen: Chosen) -> set[str]:
    return {row["report"] for row in chosen.reports}


def _say_choice(words: Words, choice: Choice) -> str:
    asked = {name: getattr(choice, name) for name in words.all["choice"] if getattr(choice, name)}
    if not asked:
        return words.say("chosen.all")
    return "；".join(f"{words.all['choice'][name][words.language]} {words.join(each)}" for name, each in asked.items())


def _count(words: Words, maker: Maker, sheets: Mapping[str, Sheet], differ: int) -> Iterator[tuple[str, int]]:
    facts = [row for row in maker.facts if row["school_type"] == "School"]
    numbers = {
        "reports": len(maker.chosen.reports),
        "schools": len({row["school"] for row in facts}),
        "partners": len({row["partner"] for row in maker.facts}),
        "pairs": len(_pairs(facts)),
        "facts": len(maker.facts),
        "programmes": sum(line.whole.programmes for line in maker.coverage.by_class if maker.is_school(line.iri)),
        "unpartnered": len(sheets["unpartnered"].rows),
        "shared": len({row[0] for row in sheets["shared"].rows}),
        "groups": len({row["group"] for row in maker.chosen.memberships}),
        "differ": differ,
        "issues": len(sheets["issues"].rows),
    }
    for key, number in numbers.items():
        yield words.say(f"number.{key}"), number


def _pairs(rows: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    return {(row["school"], row["partner"]) for row in rows}


# ---- charts


def _make_charts(words: Words, maker: Maker) -> tuple[tuple[Chart, ...], list[tuple[Value | Cell, ...]]]:
    """The charts that have something to show, and the rows of their numbers."""
    facts = [row for row in maker.facts if row["school_type"] == "School"]
    by_mode: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    by_year: defaultdict[int | None, set[tuple[str, str]]] = defaultdict(set)
    for row in facts:
        pair = (row["school"], row["partner"])
        for mode in row["modes"] or ("",):
            by_mode[mode].add(pair)
        for year in row["years"] or (None,):
            by_year[year].add(pair)
    types = Counter(kind for _, kind in {(row["partner"], row["partner_type"]) for row in maker.facts})
    near = Counter(pair.near for pair in maker.coverage.pairs)
    modes = {
        words.concept("modes", mode) if mode else words.say("unnamed.mode"): len(by_mode[mode]) for mode in by_mode
    }
    years = sorted(by_year, key=lambda year: (year is None, year))
    given: dict[str, Sequence[tuple[str, tuple[int, ...]]]] = {
        "modes": _rank(words, modes),
        "types": _rank(words, {words.type(kind): count for kind, count in types.items()}),
        "years": [
            (str(year) if year is not None else words.say("unnamed.year"), (len(by_year[year]),)) for year in years
        ][-MOST_BARS:],
        "partners": [
            (maker.chosen.entities[iri]["name"], (len(list_schools(rows)),))
            for _, iri, rows in maker.list_partners()[:MOST_BARS]
        ],
        "coverage": _list_coverage(maker.coverage, maker),
        "near": [(words.say(f"near.{each}"), (near[each],)) for each in _NEAR if near[each]],
    }
    charts: list[Chart] = []
    rows: list[tuple[Value | Cell, ...]] = []
    for key, items in given.items():
        if not items:
            continue
        title = words.say(f"chart.{key}")
        series = ("covered_count", "bare_count") if key == "coverage" else ()
        heads = tuple(words.all["columns"][each][words.language] for each in series)
        items = [(_shorten_name(label), values) for label, values in items]
        charts.append(Chart(title, len(rows), tuple(items), heads, upright=key == "years"))
        rows += [(title, label, *values) for label, values in items]
    return tuple(charts), rows


def _rank(words: Words, counts: Mapping[str, int]) -> list[tuple[str, tuple[int, ...]]]:
    """The largest first; what there is no room for as one last bar."""
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(label, (count,)) for label, count in order[:MOST_BARS]]


def _list_coverage(coverage: Coverage, maker: Maker) -> list[tuple[str, tuple[int, ...]]]:
    lines = sorted(
        (line for line in coverage.by_class if line.whole.programmes and maker.is_school(line.iri)),
        key=lambda line: (-line.whole.programmes, maker.chosen.entities[line.iri]["name"]),
    )
    return [
        (maker.chosen.entities[line.iri]["name"], (len(line.whole.covered), len(line.whole.bare)))
        for line in lines[:MOST_BARS]
    ]


def _shorten_name(name: str) -> str:
    """A name that has room beside a bar; the sheets have all of it."""
    if measure_text(name) <= WIDEST_NAME:
        return name
    kept = ""
    for char in name:
        if measure_text(kept + char) >= WIDEST_NAME:
            break
        kept += char
    return f"{kept}…"


# ---- notes


def _list_notes(words: Words, said: tuple[Sequence[object], ...], left: Left) -> Iterator[tuple[Value | Cell, ...]]:
    source, asked, versions = said
    values = {0: source, 1: asked, len(words.all["notes"]) - 1: versions}
    for at, (topic, text) in enumerate(words.all["notes"]):
        yield topic[words.language], _fill(text[words.language], values.get(at, ()))
    for key in ("cut", "split", "links", "columns"):
        if number := getattr(left, key):
            topic, text = words.all["left"][key]
            yield topic[words.language], _fill(text[words.language], [number])
    for key, about in words.all["about"].items():
        yield Cell(words.name_sheet(key), (key, 0)), about[words.language]


def _fill(text: str, values: Sequence[object]) -> str:
    for at, value in enumerate(values):
        text = text.replace(f"{{{at}}}", str(value))
    return text
