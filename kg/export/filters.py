"""Which lines of a table are wanted: a region, a school, a partner, a programme or its class, a mode, a year, a type.

What a filter means for which table stands in docs/export.md; a filter that means nothing there is refused. Several
filters narrow each other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from kg.decision_file import load_decisions
from kg.errors import UsageError
from kg.export.kinds import TABLES
from kg.export.known import Known
from kg.export.partnerships import PARTNERSHIPS, find_years
from kg.export.reading import ReportLines, Row
from kg.name_choice import choose_entity
from kg.name_index import NameIndex
from kg.query_values import Meant, find_concepts, find_programme_class, find_region, find_types
from kg.reference_data import CATALOGUE
from kg.regions import region_code
from kg.schema import DATA, load_schema
from kg.statement_files import IRI
from kg.store import open_names


@dataclass(frozen=True, slots=True)
class Filters:
    """The words that were given; "" and None for none."""

    region: str = ""
    school: str = ""
    partner: str = ""
    programme: str = ""
    mode: str = ""
    year: int | None = None
    type: str = ""

    def given(self) -> list[str]:
        """The names of those that are given."""
        return [field.name for field in fields(self) if getattr(self, field.name) not in ("", None)]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the words mean. None: everything. ``placed`` are the schools of the region and the places in it, ``codes``
    those of GB/T 2260; ``notes`` say what words were taken for."""

    placed: frozenset[str] | None = None
    codes: frozenset[str] = frozenset()
    school: str | None = None
    partner: str | None = None
    programmes: frozenset[str] | None = None
    modes: frozenset[str] | None = None
    year: int | None = None
    types: frozenset[str] | None = None
    notes: tuple[str, ...] = ()

    def keeps_fact(self, line: Row, lines: ReportLines) -> bool:
        """True for a statement that has all that is asked for: at one of its ends, or among its qualifiers."""
        ends = (line["subject"], line["object"])
        return (
            (self.placed is None or not self.placed.isdisjoint(ends))
            and (self.school is None or self.school in ends)
            and (self.partner is None or self.partner in ends or self.partner in line.get("partners", ()))
            and (self.programmes is None or not self.programmes.isdisjoint((*ends, *line.get("programmes", ()))))
            and (self.modes is None or not self.modes.isdisjoint((line.get("qualifiers") or {}).get("modes", ())))
            and (self.year is None or self.year in find_years(line, lines)[0])
            and (self.types is None or any(lines.entities[end]["type"] in self.types for end in ends))
        )

    def keeps_partnership(self, line: Row, lines: ReportLines) -> bool:
        """The same for a partnership: the type is the partner's, and the partner is no end but the partner's, unless
        two schools work together, which has no direction."""
        if line["predicate"] not in PARTNERSHIPS or not self.keeps_fact(line, lines):
            return False
        partners = (line["object"],) if line["predicate"] == "partnersWith" else (line["subject"], line["object"])
        return (self.types is None or any(lines.entities[end]["type"] in self.types for end in partners)) and (
            self.partner is None or self.partner in partners
        )

    def keeps_figure(self, line: Row, lines: ReportLines) -> bool:
        """True for a figure of the school, place, type and year; its year is the report's where it names none. A figure
        has no partner, programme or mode."""
        year = line.get("year")
        return (
            (self.partner is None and self.programmes is None and self.modes is None)
            and self.keeps_subject(line["subject"])
            and (self.types is None or lines.entities[line["subject"]]["type"] in self.types)
            and (self.year is None or self.year == (lines.report.get("year") if year is None else year))
        )

    def keeps_check(self, row: Row, of_report: bool, year: int | None) -> bool:
        """True for a check of the school or place and the year: what has no subject, or no year, is of its report."""
        subject, own = row["subject"]["iri"], row["year"]
        about = self.keeps_subject(subject) if subject else of_report
        return about and (self.year is None or self.year == (year if own is None else own))

    def keeps_subject(self, iri: str) -> bool:
        """True for the school, or one of the place."""
        return (self.placed is None or iri in self.placed) and self.school in (None, iri)

    def keeps_entity(self, row: Row) -> bool:
        """True for the very entity, of the type, of the place or the class."""
        return (
            (self.types is None or row["type"] in self.types)
            and (self.placed is None or row["iri"] in self.placed)
            and (self.programmes is None or row["iri"] in self.programmes)
            and all(iri in (None, row["iri"]) for iri in (self.school, self.partner))
        )

    def keeps_report(self, lines: ReportLines) -> bool:
        """True for a report of the school, the region and the year."""
        report = lines.report
        name = report.get("publisher") or ""
        called = lines.entities.get(self.school or "", {})
        return (
            (self.year is None or self.year == report.get("year"))
            and (self.placed is None or region_code(report.get("region") or "") in self.codes)
            and (self.school is None or (bool(name) and name in (called.get("name"), *(called.get("aliases") or ()))))
        )


EVERYTHING = Chosen()


def check_filters(what: str, filters: Filters) -> None:
    """Raises UsageError for a filter that means nothing for a table; the graph takes those of its facts."""
    takes = TABLES["facts" if what == "graph" else what].filters
    for name in filters.given():
        if name not in takes:
            listed = ", ".join(f"--{each}" for each in sorted(takes))
            raise UsageError(f"--{name} means nothing for {what}; it takes: {listed}")


def choose(home: Path, filters: Filters, known: Known) -> Chosen:
    """What the words mean in the graph of a home.

    Raises UsageError, in one line, for a word that means nothing, or for a name that may mean several entities.
    """
    schema = load_schema()
    notes: list[str] = []
    with open_names(home) as names:
        placed, codes = _find_placed(filters.region, known, notes)
        return Chosen(
            placed=placed,
            codes=codes,
            school=_find_entity(home, names, filters.school, ["School"], notes),
            partner=_find_entity(home, names, filters.partner, ["Organisation"], notes),
            programmes=_find_programmes(filters.programme, names, known, notes),
            modes=_find_words(
                filters.mode,
                lambda word: find_concepts("modes", word),
                schema.qualifiers["modes"].concepts or {},
                notes,
            ),
            year=filters.year,
            types=_find_words(filters.type, find_types, schema.types, notes),
            notes=tuple(notes),
        )


def _find_placed(word: str, known: Known, notes: list[str]) -> tuple[frozenset[str] | None, frozenset[str]]:
    if not word:
        return None, frozenset()
    meant = find_region(word)
    notes += filter(None, [meant.note])
    codes = frozenset(iri.rpartition("/")[2] for iri in meant.iris)
    return known.find_placed(codes), codes


def _find_entity(home: Path, names: NameIndex, word: str, types: Collection[str], notes: list[str]) -> str | None:
    if not word:
        return None
    text = word.strip()
    found = choose_entity(names, load_decisions(home).resolve(text) if IRI.fullmatch(text) else text, types)
    if text != found.name:
        notes.append(f"“{text}”：{found.name} / {text!r} was taken for {found.name}")
    return found.iri


def _find_programmes(word: str, names: NameIndex, known: Known, notes: list[str]) -> frozenset[str] | None:
    """Programmes linked to what the catalogue calls so, and one that the graph itself calls so, linked or not."""
    if not word:
        return None
    text = word.strip()
    iris, count = names.resolve(text, ["Programme"], 1)
    own = frozenset(iris) if count == 1 else frozenset()
    if IRI.fullmatch(text):
        return own
    try:
        meant = find_programme_class(text)
    except UsageError:
        found = choose_entity(names, text, ["Programme"])
        if text != found.name:
            notes.append(f"“{text}”：{found.name} / {text!r} was taken for {found.name}")
        return frozenset((found.iri,))
    codes = frozenset(iri.removeprefix(f"{DATA}{CATALOGUE}/") for iri in meant.iris)
    found_all = known.find_programmes(codes) | own
    told = f"{len(found_all)}个专业 / {text!r} was taken for {len(found_all)} programmes of the graph"
    notes += [*filter(None, [meant.note]), f"“{text}”：{told}"]
    return found_all


def _find_words(
    word: str, find: Callable[[str], Meant], iris: Mapping[str, str], notes: list[str]
) -> frozenset[str] | None:
    """The words of statement files for what a word means; ``iris`` are those words with their IRIs."""
    if not word:
        return None
    meant = find(word)
    notes += filter(None, [meant.note])
    return frozenset(name for name, iri in iris.items() if iri in meant.iris)
