"""The start page of a home: numbers, charts, a map by place, tables, and the ways on, as one HTML file that opens offline.

What it shows comes out of the bulk queries ``start-…``, the name index and the ledger; ``kg serve`` shows the same. Long
lists are cut to the best MOST_ROWS, so that the page of a national graph opens at once; the page says so.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import network_page
from kg.address import Address
from kg.divisions import choose_places, climb, divisions_by_code, infer_place, say_place, short_province
from kg.export.formats import FORMATS
from kg.network_style import OTHER_STYLE, TYPE_STYLES, shade_modes
from kg.queries import load_bulk_query
from kg.reference_data import load_catalogue, load_regions
from kg.rows import Rows
from kg.schema import DATA, load_schema
from kg.store import REPORTS, find_store, open_graph, open_ledger, open_names

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
_QUERIES = (
    "start-partnerships",
    "start-partnered-programmes",
    "start-offered-programmes",
    "start-programmes",
    "start-places",
    "start-reports",
    "start-counts",
)
_GROUPS = ("EducationGroup", "Alliance", "Community", "Consortium")
# Quotation marks inside a value have a backslash before them: these bytes are nothing but the kind of a row.
_ISSUES = (b'"kind": "issue"', b'"kind":"issue"')
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


def write_start(home: Path, server: Address | None = None) -> StartSummary:
    """Write ``index.html`` of a home, whole or not at all. ``server`` is the one that holds the graph, where one does.

    Raises MissingStore for a home without a graph, UsageError where the page cannot be written.
    """
    data = read_start(home, server=server)
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


def find_written(home: Path) -> Data | None:
    """What the page of a home says, where it is of the current graph; None where it is of another, or is not there.

    Raises MissingStore where there is no graph.
    """
    current = find_store(home).name
    try:
        page = (home / PAGE).read_text(encoding="utf-8")
        found = re.search(f'<script type="application/json" id="{_DATA}">(.*?)</script>', page, re.DOTALL)
        data: Data = json.loads(found[1]) if found else {}
    except (OSError, ValueError):
        return None  # somebody else's page, or none
    return data if data.get("store") == current else None


def load_words() -> dict[str, Any]:
    """The words of the page in Chinese and English, those of types, relations and modes among them."""
    own = json.loads(network_page.read_asset("start.json"))
    shared = json.loads(network_page.read_asset("words.json"))
    levels = {each.notation: [each.label_zh, each.label_en] for each in load_schema().lists["levels"]}
    return own | {name: shared[name] for name in ("types", "predicates", "modes")} | {"levels": levels}


def list_texts() -> tuple[str, ...]:
    """The queries that ``read_start`` wants answers to, in their order."""
    return tuple(load_bulk_query(name).text for name in _QUERIES)


def list_files(home: Path) -> list[str]:
    """The names of files beside the page that a reader may want: the network, and what was exported there."""
    found = (path for path in home.iterdir() if path.suffix in _FILES and path.name != PAGE and path.is_file())
    return sorted(path.name for path in found if not path.name.startswith("."))


def read_start(home: Path, answers: Sequence[Rows] | None = None, server: Address | None = None) -> Data:
    """All that the start page shows of a home, as plain values for JSON.

    ``answers`` are those to ``list_texts()``, where somebody else has asked. Raises MissingStore where there is no graph.
    """
    store = find_store(home).name  # of an older graph at worst, so that nobody takes the page for newer than it is
    if answers is None:
        with open_graph(home, server) as graph:
            answers = [graph.query(text) for text in list_texts()]
    found = dict(zip(_QUERIES, (answer.rows for answer in answers), strict=True))
    with open_names(home) as names:
        entities = {iri: _Entity(type_, name, degree) for iri, type_, name, degree in names.list_entities()}
    with open_ledger(home) as ledger:
        by_report, by_relation = ledger.count_by_report(), ledger.count_by_relation()
    return {"store": store} | _Start(found, entities, by_report, by_relation, _count_issues(home)).as_data()


def _count_issues(home: Path) -> int:
    """How many issues the statement files of the store hold; looked for in the bytes, for reading them takes minutes."""
    files = (path.read_bytes() for path in (find_store(home) / REPORTS).glob("*.jsonl"))
    return sum(file.count(kind) for file in files for kind in _ISSUES)


@dataclass(frozen=True, slots=True)
class _Entity:
    type: str
    name: str
    degree: int


class _Start:
    """The answers put together. A pair is a school with a partner, whatever the number of facts that say so."""

    def __init__(
        self,
        found: Mapping[str, Sequence[Sequence[Any]]],
        entities: Mapping[str, _Entity],
        by_report: Mapping[str, int],
        by_relation: Mapping[str, int],
        issues: int,
    ) -> None:
        self.entities, self.by_report, self.by_relation, self.issues = entities, by_report, by_relation, issues
        self.counts: dict[str, int] = {what: int(count) for what, count in found["start-counts"]}
        self.reports = found["start-reports"]
        self.pairs: defaultdict[tuple[str, str], set[tuple[str | None, int | None]]] = defaultdict(set)
        for school, partner, mode, year in found["start-partnerships"]:
            if self._type(school) == "School":  # a city's report says such things of the whole city, too
                self.pairs[school, partner].add((mode, year))
        self.partnered = [row for row in found["start-partnered-programmes"] if self._type(row[0]) == "School"]
        self.offered: defaultdict[str, set[str]] = defaultdict(set)  # programme → schools
        for school, programme in found["start-offered-programmes"]:
            if self._type(school) == "School":
                self.offered[programme].add(school)
        self.codes = {str(programme): str(code) for programme, code in found["start-programmes"]}
        told = choose_places(found["start-places"])
        shown = {partner for _, partner in self.pairs} | {iri for iri in entities if self._type(iri) == "School"}
        self.inferred = {
            iri: code for iri in shown - told.keys() if (code := infer_place(self._type(iri), self._name(iri))[0])
        }
        self.places = {iri: code for iri, (code, _) in told.items()} | self.inferred

    def as_data(self) -> Data:
        schools = self._list_schools()
        return {
            "numbers": self._count(),
            "charts": self._chart(),
            **self._map(),
            "inferred": sorted(self.inferred),
            "tables": {
                "schools": _cut(schools),
                "partners": _cut(self._list_partners()),
                "programmes": _cut(self._list_programmes()),
                "reports": _cut(self._list_reports()),
            },
        }

    # ---- numbers and charts

    def _count(self) -> dict[str, int]:
        types = Counter(entity.type for entity in self.entities.values())
        return {
            "reports": len(self.reports),
            "schools": types["School"],
            "partners": len({partner for _, partner in self.pairs}),
            "pairs": len(self.pairs),
            "programmes": types["Programme"],
            "groups": sum(types[each] for each in _GROUPS),
            "bases": types["TrainingBase"],
            "statements": sum(self.by_relation.values()),
            "figures": self.counts.get("figures", 0),
            "issues": self.issues,
            "differ": self.counts.get("differ", 0),
        }

    def _chart(self) -> Data:
        partners = Counter(self._type(partner) for partner in {partner for _, partner in self.pairs})
        modes: Counter[str] = Counter()
        years: Counter[int] = Counter()
        both: Counter[tuple[str, int]] = Counter()
        for said in self.pairs.values():
            modes.update({mode for mode, _ in said if mode})
            years.update({year for _, year in said if year is not None})
            both.update({(mode, year) for mode, year in said if mode and year is not None})
        # A pair without any mode counts as such, so that the bars do not hide how much is told without one.
        silent = sum(all(mode is None for mode, _ in said) for said in self.pairs.values())
        reports = Counter(row[3] for row in self.reports if row[3] is not None)
        types = Counter(entity.type for entity in self.entities.values())
        return {
            "looks": {
                "types": {each: list(TYPE_STYLES.get(each, OTHER_STYLE)[1:]) for each in sorted(types)},
                "modes": shade_modes(modes),
            },
            "types": _rank(types),
            "partnerTypes": _rank(partners),
            "relations": _rank(self.by_relation),
            "modes": _rank(modes),
            "silent": silent,
            "years": [[year, years[year], reports[year]] for year in sorted({*years, *reports})],
            "modesByYear": [[mode, year, count] for (mode, year), count in sorted(both.items())],
            "classes": self._chart_classes(),
            "regions": self._chart_regions(),
        }

    def _chart_classes(self) -> list[list[Any]]:
        """Code, name, level, pairs and schools of each class of the catalogue that reports name."""
        entries = {entry.code: entry for entry in load_catalogue()}
        of = {iri: entries[code] for iri, code in self.codes.items() if code in entries}
        pairs: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        schools: defaultdict[str, set[str]] = defaultdict(set)
        for school, partner, programme in self.partnered:
            if programme in of:
                pairs[of[programme].class_code].add((school, partner))
        for programme, offering in self.offered.items():
            if programme in of:
                schools[of[programme].class_code] |= offering
        named = {entry.class_code: entry for entry in of.values()}
        rows: list[list[Any]] = [
            [code, entry.class_name, entry.level, len(pairs[code]), len(schools[code])] for code, entry in named.items()
        ]
        return sorted(rows, key=lambda row: (-row[3], -row[4], row[0]))[:MOST_BARS]

    def _chart_regions(self) -> Data:
        """Schools and pairs of each province; of one province alone its prefectures, of one prefecture its counties."""
        for level in ("province", "prefecture", "county"):
            schools: Counter[str] = Counter()
            pairs: Counter[str] = Counter()
            for iri, code in self.places.items():
                above = climb(code, level)
                if above and self._type(iri) == "School":
                    schools[above] += 1
            for school, _ in self.pairs:
                above = climb(self.places.get(school, ""), level)
                if above:
                    pairs[above] += 1
            if len(schools) > 1:
                break
        codes = sorted(schools, key=lambda code: (-pairs[code], -schools[code], code))[:MOST_BARS]
        return {
            "level": level,
            "rows": [[code, divisions_by_code()[code].name, pairs[code], schools[code]] for code in codes],
            "unplaced": sum(
                entity.type == "School" and iri not in self.places for iri, entity in self.entities.items()
            ),
        }

    # ---- the map

    def _map(self) -> Data:
        """Places with schools or partners, and the lines between them."""
        codes = set(self.places.values())
        level = "county" if len(codes) <= MOST_PLACES else "prefecture"
        at = {iri: climb(code, level) or code for iri, code in self.places.items()}
        schools = Counter(code for iri, code in at.items() if self._type(iri) == "School")
        pairs: Counter[str] = Counter()
        partners: defaultdict[str, set[str]] = defaultdict(set)
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

    def _list_schools(self) -> list[list[Any]]:
        """IRI, name, code and words of the place, partners, programmes, statements; the one of most partners first."""
        partners = Counter(school for school, _ in self.pairs)
        programmes = Counter(school for schools in self.offered.values() for school in schools)
        rows = [
            [iri, entity.name, *self._place(iri), partners[iri], programmes[iri], entity.degree]
            for iri, entity in self.entities.items()
            if entity.type == "School"
        ]
        return sorted(rows, key=lambda row: (-row[4], -row[6], row[1], row[0]))

    def _list_partners(self) -> list[list[Any]]:
        """IRI, name, type, place, schools, modes, first and last year; the one of most schools first."""
        schools: Counter[str] = Counter()
        modes: defaultdict[str, set[str]] = defaultdict(set)
        years: defaultdict[str, set[int]] = defaultdict(set)
        for (_, partner), said in self.pairs.items():
            schools[partner] += 1
            modes[partner].update(mode for mode, _ in said if mode)
            years[partner].update(year for _, year in said if year is not None)
        rows = [
            [iri, self._name(iri), self._type(iri), *self._place(iri), count, sorted(modes[iri]), *_ends(years[iri])]
            for iri, count in schools.items()
        ]
        return sorted(rows, key=lambda row: (-row[5], -len(row[6]), row[1], row[0]))

    def _list_programmes(self) -> list[list[Any]]:
        """IRI, name, code, class, schools that offer it, those of them without a partner for it, and their names."""
        entries = {entry.code: entry for entry in load_catalogue()}
        partnered: defaultdict[str, set[str]] = defaultdict(set)
        for school, _, programme in self.partnered:
            partnered[programme].add(school)
        rows = []
        for iri, schools in self.offered.items():
            without = sorted(self._name(each) for each in schools - partnered[iri])
            entry = entries.get(self.codes.get(iri, ""))
            if without:
                described = [entry.code, entry.class_name] if entry else ["", ""]
                rows.append([iri, self._name(iri), *described, len(schools), len(without), without[:MOST_NAMES]])
        return sorted(rows, key=lambda row: (-row[5], -row[4], row[1], row[0]))

    def _list_reports(self) -> list[list[Any]]:
        """IRI, title, year, level, publisher, region, statements; the newest first."""
        rows = [
            [iri, title or report, year, level, publisher or "", region or "", self.by_report.get(report, 0)]
            for iri, report, title, year, level, publisher, region in self.reports
        ]
        return sorted(rows, key=lambda row: (-(row[2] or 0), -row[6], row[1], row[0]))

    # ---- entities

    def _type(self, iri: str) -> str:
        return self.entities[iri].type if iri in self.entities else ""

    def _name(self, iri: str) -> str:
        return self.entities[iri].name if iri in self.entities else iri.removeprefix(DATA)

    def _place(self, iri: str) -> tuple[str, str]:
        """The code of an entity's place and its words: province and place."""
        code = self.places.get(iri, "")
        return (code, say_place(code)) if code else ("", "")


# ---- places


def _describe(code: str) -> list[Any]:
    """Code, name, words, longitude and latitude of a place."""
    place = divisions_by_code()[code]
    return [code, place.name, say_place(code), float(place.longitude), float(place.latitude)]


# ---- lists


def _rank(counts: Mapping[str, int]) -> list[list[Any]]:
    return [[name, count] for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _ends(years: Collection[int]) -> list[int | None]:
    return [min(years, default=None), max(years, default=None)]


def _cut(rows: list[list[Any]]) -> Data:
    """The best of a list, and how long it is in all."""
    return {"total": len(rows), "rows": rows[:MOST_ROWS]}
