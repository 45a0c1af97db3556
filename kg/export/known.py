"""What the index beside a store knows of entities over all reports: their names, codes and places.

Looked up one by one as they are needed, and kept for a while: memory does not grow with the number of entities.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from kg.current_store import find_store
from kg.divisions import OWN, SAID, choose_places, divisions_by_code, infer_place, list_above
from kg.errors import BrokenStatementFile
from kg.export.reading import Row
from kg.export.rows import find_programme
from kg.ledger import Ledger
from kg.merged_entities import MergedEntity
from kg.reference_data import CATALOGUE, REGIONS
from kg.regions import region_code
from kg.statement_files import list_statement_files
from kg.store import open_ledger

KEPT = 50_000  # entities that are remembered


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entity is: a place of GB/T 2260, and how that is known (SAID, OWN or NAME of kg.divisions)."""

    code: str
    basis: str

    @property
    def name(self) -> str:
        """The name of the place after those around it: 河北省邢台市巨鹿县."""
        return name_place(self.code)

    def as_json(self) -> Row:
        """As exports write it."""
        return {"name": self.name, "code": self.code, "basis": self.basis}

    @property
    def position(self) -> tuple[float, float] | None:
        """Longitude and latitude of the place, None where the list has none."""
        region = divisions_by_code().get(self.code)
        if region is None or not region.longitude or not region.latitude:
            return None
        return float(region.longitude), float(region.latitude)


@dataclass(frozen=True, slots=True)
class KnownEntity:
    """An entity over all reports. ``code`` is that of the catalogue or of GB/T 2260, "" for none."""

    iri: str
    type: str
    name: str
    aliases: tuple[str, ...] = ()
    code: str = ""
    place: Place | None = None

    @property
    def programme_class(self) -> str:
        """The class of a programme in the catalogue, "" for none."""
        entry = find_programme(self.code) if self.type == "Programme" else None
        return entry.class_name if entry else ""


class Known:
    """The entities of a home, open for reading."""

    def __init__(self, home: Path, ledger: Ledger) -> None:
        self._home = home
        self._ledger = ledger
        self._schools: Mapping[str, Place] | None = None
        self.find = lru_cache(maxsize=KEPT)(self._find)
        self.find_code = lru_cache(maxsize=KEPT)(self._find_code)

    def describe(self, row: Row) -> KnownEntity:
        """An entity that a report has a line for; as that line has it where the index does not know it."""
        return self.find(row["iri"]) or KnownEntity(row["iri"], row["type"], row["name"], tuple(row.get("aliases", ())))

    def iter_iris(self) -> Iterator[str]:
        """Every entity in order of types and names."""
        return (iri for (iri,) in self._ledger.connection.execute("SELECT iri FROM named ORDER BY type, name, iri"))

    def _find_code(self, iri: str) -> tuple[str, str]:
        """Scheme and code of what an entity is, both "" where it has no link."""
        merged = self._ledger.find_merged(iri)
        return merged.link[:2] if merged is not None and merged.link is not None else ("", "")

    def find_merged(self, iri: str) -> MergedEntity | None:
        """An entity with all that reports say of it; None where no report names it."""
        return self._ledger.find_merged(iri)

    def find_programmes(self, codes: frozenset[str]) -> frozenset[str]:
        """The programmes that are linked to one of these codes of the catalogue."""
        rows = self._ledger.connection.execute("SELECT iri FROM named WHERE type = 'Programme'").fetchall()
        links = ((iri, *self.find_code(iri)) for (iri,) in rows)
        return frozenset(iri for iri, scheme, code in links if scheme == CATALOGUE and code in codes)

    def find_placed(self, codes: frozenset[str]) -> frozenset[str]:
        """The schools that lie in one of these places of GB/T 2260, as far as a report says so, and the places themselves."""
        rows = self._ledger.connection.execute("SELECT iri FROM named WHERE type = 'Region'").fetchall()
        regions = {iri for (iri,) in rows if self.find_code(iri)[1] in codes}
        return frozenset(regions | {iri for iri, place in self.schools.items() if place.code in codes})

    @property
    def schools(self) -> Mapping[str, Place]:
        """Where schools are, as far as reports say so: in words, or by being of there themselves."""
        if self._schools is None:
            self._schools = _find_schools(self._home, self)
        return self._schools

    def _find(self, iri: str) -> KnownEntity | None:
        connection = self._ledger.connection
        row = connection.execute("SELECT entity, type, name FROM named WHERE iri = ?", (iri,)).fetchone()
        if row is None:
            return None
        entity, type_, name = row
        names = connection.execute("SELECT text FROM name WHERE entity = ? ORDER BY id", (entity,)).fetchall()
        scheme, code = self.find_code(iri) if type_ in ("Programme", "Region") else ("", "")
        own = (code, SAID) if scheme == REGIONS else ("", "")
        place = self.schools.get(iri) or (Place(*own) if own[0] else infer(type_, name))
        return KnownEntity(iri, type_, name, tuple(text for (text,) in names if text != name), code, place)

    def iter_locations(self) -> Iterator[tuple[str, str]]:
        """Schools with the entities that reports say they lie in."""
        yield from self._ledger.connection.execute(
            "SELECT DISTINCT s.iri, o.iri FROM edge JOIN entity s ON s.id = subject JOIN entity o ON o.id = object"
            " WHERE predicate = 'locatedIn'"
        )

    def find_publisher(self, report: str, name: str) -> str:
        """The school that a report calls by its publisher's name; "" where there is none, or more than one."""
        rows = self._ledger.connection.execute(
            "SELECT entity.iri, said FROM report JOIN naming ON naming.report = report.id JOIN entity ON entity.id = entity"
            " WHERE report.name = ? AND instr(said, ?)",
            (report, json.dumps(name, ensure_ascii=False)),
        )
        found = []
        for iri, said in rows:
            type_, first, aliases, *_ = json.loads(said)
            if type_ == "School" and name in (first, *aliases):
                found.append(iri)
        return found[0] if len(found) == 1 else ""


@contextmanager
def open_known(home: Path) -> Iterator[Known]:
    """The entities of the current graph of a home. Raises MissingStore where there is none."""
    find_store(home)
    with open_ledger(home) as ledger:
        yield Known(home, ledger)


@cache
def name_place(code: str) -> str:
    """A place of GB/T 2260 with those around it; "" for a code that the list lacks."""
    return "".join(divisions_by_code()[each].name for each in reversed(list_above(code)))


@lru_cache(maxsize=KEPT)
def infer(type_: str, name: str) -> Place | None:
    """The place that the name of an organisation begins with, None where there is none."""
    code, basis = infer_place(type_, name)
    return Place(code, basis) if code else None


def _find_schools(home: Path, known: Known) -> Mapping[str, Place]:
    found = choose_places((*_iter_said(known), *_iter_own(home, known)))
    return {school: Place(code, basis) for school, (code, basis) in found.items()}


def _iter_said(known: Known) -> Iterator[tuple[str, str, str]]:
    for school, region in known.iter_locations():
        scheme, code = known.find_code(region)
        if scheme == REGIONS:
            yield school, code, SAID


def _iter_own(home: Path, known: Known) -> Iterator[tuple[str, str, str]]:
    for head in _read_heads(home):
        code = region_code(head.get("region") or "")
        school = known.find_publisher(head["report"], head.get("publisher") or "") if code else ""
        if school:
            yield school, code, OWN


def _read_heads(home: Path) -> Iterator[Row]:
    """The report lines of all statement files, which come first in them."""
    for path in list_statement_files(home):
        try:
            with path.open("rb") as file:
                head = json.loads(file.readline())
        except (OSError, ValueError) as error:
            raise BrokenStatementFile(f"{path}: {error}") from None
        if isinstance(head, dict) and head.get("kind") == "report" and isinstance(head.get("report"), str):
            yield head
