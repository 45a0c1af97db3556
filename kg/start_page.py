"""The start page of a home: numbers, charts, a map by place, tables, and the ways on, as one HTML file that opens offline.

What it shows comes out of the tallies beside the store (kg.tallies), so that it is there at once however many reports
there are; ``kg serve`` shows the same. Long lists are cut to the best MOST_ROWS, and the page says so.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import network_page
from kg.current_store import find_store, pin_graph
from kg.divisions import choose_places, climb, divisions_by_code, say_place, short_province
from kg.export.formats import FORMATS
from kg.network_style import OTHER_STYLE, TYPE_STYLES, shade_modes
from kg.quads import make_iri
from kg.reference_data import CatalogueEntry, load_catalogue, load_regions
from kg.schema import load_schema
from kg.store import open_tallies
from kg.tallies import Tallies

PAGE = "index.html"
TITLE = "职业教育质量报告知识图谱"
MOST_ROWS = 1_000  # of a table; of a longer one the best stay
MOST_NAMES = 30  # schools that the row of a programme names
MOST_PLACES = 120  # circles that a map has room for; beyond that counties are drawn as their prefectures
MOST_FLOWS = 400  # lines between places
MOST_BARS = 60  # of a chart

STYLE_FILES = ("start.css",)
SCRIPT_FILES = (
    "elements.js",
    "start.js",
    "start-specs.js",
    "start-charts.js",
    "start-map.js",
    "start-tables.js",
    "tables.js",
    "start-page.js",
)
_DATA = "start-data"  # the id of the block that holds what the page shows
_STORE = "store"  # in it: of which graph that is
_GROUPS = ("EducationGroup", "Alliance", "Community", "Consortium")
# Provinces for the map that the list of regions lacks: name, longitude, latitude.
_ALSO = (("台湾", 121.52, 25.04), ("香港", 114.17, 22.28), ("澳门", 113.55, 22.2))
# What `kg export` and `kg draw` may have left in a home.
_FILES = frozenset(ending for form in FORMATS.values() for ending in form.endings) - {".json", ".txt"} | {".html"}

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StartSummary:
    """What a start page holds: reports, schools and partners that it counts."""

    reports: int
    schools: int
    partners: int


def write_start(home: Path, data: Data | None = None) -> StartSummary:
    """Write ``index.html`` of a home, whole or not at all. ``data`` is what ``read_start`` gave, where that was asked before.

    Raises MissingStore for a home without a graph, KgError where the page cannot be written.
    """
    data = data or read_start(home)
    page = network_page.compose_page(
        network_page.read_asset("start.html"),
        title=TITLE,
        styles=[network_page.read_asset(name) for name in STYLE_FILES],
        scripts=[network_page.read_vega(), *map(network_page.read_asset, SCRIPT_FILES)],
        data={_DATA: data | {"files": list_files(home)}, "words-data": load_words()},
    )
    network_page.write_page(home / PAGE, page)
    numbers = data["numbers"]
    return StartSummary(numbers["reports"], numbers["schools"], numbers["partners"])


def load_words() -> dict[str, Any]:
    """The words of the page in Chinese and English, those of types, relations and modes among them."""
    own = json.loads(network_page.read_asset("start.json"))
    shared = json.loads(network_page.read_asset("words.json"))
    levels = {each.notation: [each.label_zh, each.label_en] for each in load_schema().lists["levels"]}
    return own | {name: shared[name] for name in ("types", "predicates", "modes")} | {"levels": levels}


def list_files(home: Path) -> list[str]:
    """The names of files beside the page that a reader may want: the network, and what was exported there."""
    found = (path for path in home.iterdir() if path.suffix in _FILES and path.name != PAGE and path.is_file())
    return sorted(path.name for path in found if not path.name.startswith("."))


def read_start(home: Path) -> Data:
    """All that the start page shows of a home, as plain values for JSON. Raises MissingStore where there is no graph."""
    with pin_graph(home) as pinned, open_tallies(pinned) as tallies:
        return {_STORE: find_store(pinned).name} | _Start(tallies).as_data()


def is_written(home: Path) -> bool:
    """Whether the page of a home is there and of the current graph. Raises MissingStore where there is none."""
    current = find_store(home).name
    try:
        return f'"{_STORE}":"{current}"' in (home / PAGE).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False  # somebody else's page, or none


class _Start:
    """The tallies put together. A pair is a school with a partner, whatever the number of facts that say so."""

    def __init__(self, tallies: Tallies) -> None:
        self.tallies, self.by_relation, self.types = tallies, tallies.count_relations(), tallies.count_types()
        self.schools = {school: told for school, *told in tallies.list_of_type("School")}
        self.pairs = tallies.list_pairs()
        self.partners = {partner for _, partner in self.pairs}
        told = choose_places(tallies.list_told_places())
        shown = (self.partners | self.schools.keys()) - told.keys()
        self.inferred = {entity: code for entity, code in tallies.list_inferred_places().items() if entity in shown}
        self.places = {entity: code for entity, (code, _) in told.items()} | self.inferred

    def as_data(self) -> Data:
        return {
            "numbers": self._count(),
            "charts": self._chart(),
            **self._map(),
            "inferred": sorted(self._describe(entity)[0] for entity in self.inferred),
            "tables": {
                "schools": self._list_schools(),
                "partners": self._list_partners(),
                "programmes": self._list_programmes(),
                "reports": self._list_reports(),
            },
        }

    # ---- numbers and charts

    def _count(self) -> dict[str, int]:
        reports, figures, issues = self.tallies.count_reports()
        return {
            "reports": reports,
            "schools": self.types.get("School", 0),
            "partners": len(self.partners),
            "pairs": len(self.pairs),
            "programmes": self.types.get("Programme", 0),
            "groups": sum(self.types.get(each, 0) for each in _GROUPS),
            "bases": self.types.get("TrainingBase", 0),
            "statements": sum(self.by_relation.values()),
            "figures": figures,
            "issues": issues,
            "differ": self.tallies.count_differing(),
        }

    def _chart(self) -> Data:
        modes, years = self.tallies.count_modes(), self.tallies.count_years()
        reports = self.tallies.count_report_years()
        return {
            "looks": {
                "types": {each: list(TYPE_STYLES.get(each, OTHER_STYLE)[1:]) for each in sorted(self.types)},
                "modes": shade_modes(modes),
            },
            "types": _rank(self.types),
            "partnerTypes": _rank(self.tallies.count_partner_types()),
            "relations": _rank(self.by_relation),
            "modes": _rank(modes),
            # A pair without any mode counts as such, so that the bars do not hide how much is told without one.
            "silent": self.tallies.count_silent(),
            "years": [[year, years.get(year, 0), reports.get(year, 0)] for year in sorted({*years, *reports})],
            "modesByYear": [list(row) for row in self.tallies.count_modes_by_year()],
            "classes": self._chart_classes(),
            "regions": self._chart_regions(),
        }

    def _chart_classes(self) -> list[list[Any]]:
        """Code, name, level, pairs and schools of each class of the catalogue that reports name."""
        of = self._list_entries()
        counts = self.tallies.count_classes({programme: entry.class_code for programme, entry in of.items()})
        named = {entry.class_code: entry for _, entry in sorted(of.items())}
        rows: list[list[Any]] = [
            [code, entry.class_name, entry.level, *counts[code]] for code, entry in sorted(named.items())
        ]
        return sorted(rows, key=lambda row: (-row[3], -row[4], row[0]))[:MOST_BARS]

    def _list_entries(self) -> dict[int, CatalogueEntry]:
        """The entry of the catalogue of each programme that has one."""
        entries = {entry.code: entry for entry in load_catalogue()}
        codes = self.tallies.list_codes()
        return {programme: entries[code] for programme, code in codes.items() if code in entries}

    def _chart_regions(self) -> Data:
        """Schools and pairs of each province; of one province alone its prefectures, of one prefecture its counties."""
        for level in ("province", "prefecture", "county"):
            schools: Counter[str] = Counter()
            pairs: Counter[str] = Counter()
            above = {code: climb(code, level) for code in {*self.places.values()}}
            of = {school: above[self.places[school]] for school in self.schools.keys() & self.places.keys()}
            schools.update(filter(None, of.values()))
            pairs.update(filter(None, (of.get(school) for school, _ in self.pairs)))
            if len(schools) > 1:
                break
        codes = sorted(schools, key=lambda code: (-pairs[code], -schools[code], code))[:MOST_BARS]
        return {
            "level": level,
            "rows": [[code, divisions_by_code()[code].name, pairs[code], schools[code]] for code in codes],
            "unplaced": len(self.schools.keys() - self.places.keys()),
        }

    # ---- the map

    def _map(self) -> Data:
        """Places with schools or partners, and the lines between them."""
        codes = set(self.places.values())
        level = "county" if len(codes) <= MOST_PLACES else "prefecture"
        above = {code: climb(code, level) or code for code in codes}
        at = {entity: above[code] for entity, code in self.places.items()}
        schools = Counter(at[school] for school in self.schools.keys() & at.keys())
        pairs: Counter[str] = Counter()
        partners: defaultdict[str, set[int]] = defaultdict(set)
        flows: Counter[tuple[str, str]] = Counter()
        for school, partner in self.pairs:
            ends = [at.get(end) for end in (school, partner)]
            for end in filter(None, dict.fromkeys(ends)):
                pairs[end] += 1
            if ends[1]:
                partners[ends[1]].add(partner)
            if ends[0] and ends[1] and ends[0] != ends[1]:
                flows[ends[0], ends[1]] += 1
        shown = [
            code
            for code in {*schools, *partners}
            if divisions_by_code()[code].longitude and divisions_by_code()[code].latitude
        ]
        shown.sort(key=lambda code: (-pairs[code], -schools[code], code))
        index = {code: number for number, code in enumerate(shown)}
        lines = [
            [index[one], index[other], count]
            for (one, other), count in sorted(flows.items(), key=lambda item: (-item[1], item[0]))
            if one in index and other in index
        ]
        return {
            "places": [[*_describe(code), schools[code], len(partners[code]), pairs[code]] for code in shown],
            "placeLevel": level,
            "flows": lines[:MOST_FLOWS],
            "flowsInAll": len(lines),
            "provinces": [
                *(
                    [short_province(each.name), float(each.longitude), float(each.latitude)]
                    for each in load_regions()
                    if each.level == "province" and each.longitude and each.latitude
                ),
                *map(list, _ALSO),
            ],
        }

    # ---- tables

    def _list_schools(self) -> Data:
        """IRI, name, code and words of the place, partners, programmes, statements; the one of most partners first."""
        partners = Counter(school for school, _ in self.pairs)
        programmes = self.tallies.count_programmes()
        rows: list[tuple[Any, ...]] = [
            (partners[school], degree, name, iri, school) for school, (iri, name, degree) in self.schools.items()
        ]
        return _cut(
            len(rows),
            (
                [iri, name, *self._place(school), count, programmes.get(school, 0), degree]
                for count, degree, name, iri, school in heapq.nsmallest(
                    MOST_ROWS, rows, key=lambda row: (-row[0], -row[1], row[2], row[3])
                )
            ),
        )

    def _list_partners(self) -> Data:
        """IRI, name, type, place, schools, modes, first and last year; the one of most schools first."""
        rows = self.tallies.list_partners()
        best = heapq.nsmallest(MOST_ROWS, rows, key=lambda row: (-row[4], -row[5], row[3], row[1]))
        return _cut(
            len(rows),
            (
                [iri, name, type_, *self._place(partner), schools, self.tallies.list_modes(partner), first, last]
                for partner, iri, type_, name, schools, _, first, last in best
            ),
        )

    def _list_programmes(self) -> Data:
        """IRI, name, code, class, schools that offer it, those of them without a partner for it, and their names."""
        entries = self._list_entries()
        rows: list[tuple[Any, ...]] = [(*row, *self._describe(row[0])) for row in self.tallies.list_lacking()]
        best = heapq.nsmallest(MOST_ROWS, rows, key=lambda row: (-row[2], -row[1], row[5], row[3]))

        def describe(programme: int) -> list[str]:
            entry = entries.get(programme)
            return [entry.code, entry.class_name] if entry else ["", ""]

        return _cut(
            len(rows),
            (
                [*(iri, name), *describe(it), *(offering, without), self.tallies.list_lacking_schools(it, MOST_NAMES)]
                for it, offering, without, iri, _, name, _ in best
            ),
        )

    def _list_reports(self) -> Data:
        """IRI, title, year, level, publisher, region, statements; the newest first."""
        rows = self.tallies.list_reports(MOST_ROWS)
        return _cut(self.tallies.count_reports()[0], ([make_iri("report", name), *rest] for name, *rest in rows))

    # ---- entities

    def _describe(self, entity: int) -> tuple[str, str, str, int]:
        return self.tallies.describe(entity)

    def _place(self, entity: int) -> tuple[str, str]:
        """The code of an entity's place and its words: province and place."""
        code = self.places.get(entity, "")
        return (code, say_place(code)) if code else ("", "")


# ---- places


def _describe(code: str) -> list[Any]:
    """Code, name, words, longitude and latitude of a place."""
    place = divisions_by_code()[code]
    return [code, place.name, say_place(code), float(place.longitude), float(place.latitude)]


# ---- lists


def _rank(counts: Mapping[str, int]) -> list[list[Any]]:
    return [[name, count] for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _cut(total: int, best: Iterable[list[Any]]) -> Data:
    """The best of a list, and how long it is in all."""
    return {"total": total, "rows": list(best)}
