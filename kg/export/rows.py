"""One object for each line of a table: facts, figures, entities, issues, with the names that each report itself uses.

The objects are what JSON Lines has; the other formats show parts of them (kg.export.kinds). They are made for a million
facts: what lines have in common is made once for each report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from kg.export.reading import ReportLines, Row
from kg.merged_entities import MergedEntity, Naming
from kg.model import Predicate
from kg.reference_data import CATALOGUE, CatalogueEntry, load_catalogue
from kg.renames import Renames
from kg.statement_files import EvidenceRecord, StatementFile

PREDICATES = frozenset(map(str, Predicate))
_PLACE = frozenset(EvidenceRecord.__slots__)


def list_facts(lines: ReportLines) -> Iterator[Row]:
    """One object for each statement with a predicate of the annotation guide."""
    report, entities = lines.report["report"], _name_entities(lines)
    for line in lines.statements:
        if line["predicate"] in PREDICATES:
            yield {
                "report": report,
                "predicate": line["predicate"],
                "subject": entities[line["subject"]],
                "object": entities[line["object"]],
                "qualifiers": line.get("qualifiers") or {},
                "evidence": [take_place(line)],
                "id": line["id"],
                **take_decided(line),
            }


def list_figures(lines: ReportLines) -> Iterator[Row]:
    """One object for each value of an indicator."""
    report, entities = lines.report["report"], _name_entities(lines)
    for line in lines.figures:
        yield {
            "report": report,
            "subject": entities[line["subject"]],
            "indicator": line["indicator"],
            "year": line.get("year"),
            "value": line["value"],
            "unit": line.get("unit") or "",
            "evidence": [take_place(line)],
            "id": line["id"],
            **take_decided(line),
        }


def list_issues(lines: ReportLines) -> Iterator[Row]:
    """One object for each thing that was not taken for a fact."""
    for line in lines.issues:
        yield {
            "report": lines.report["report"],
            "code": line["code"],
            "message": line.get("message") or "",
            "quote": line.get("quote") or "",
            "section": line.get("section") or "",
            "page": line.get("page"),
            "start": line.get("start"),
            "end": line.get("end"),
        }


def list_entities(files: Iterable[StatementFile]) -> Iterator[Row]:
    """One object for each entity over all reports, in order of type and name."""
    merged: defaultdict[str, MergedEntity] = defaultdict(MergedEntity)
    reports: defaultdict[str, list[str]] = defaultdict(list)
    renames = Renames()
    for file in files:
        renames.add(file)
        for record in file.entities.values():
            merged[record.iri].add(Naming.of(record))
            reports[record.iri].append(file.report.report)
    for found in renames.find():
        merged[found.entity].add_rename(*found.as_counted())
    for iri, entity in sorted(merged.items(), key=lambda item: (item[1].type, item[1].name, item[0])):
        yield {
            "iri": iri,
            "type": entity.type,
            "name": entity.name,
            "aliases": entity.other_names,
            **_scheme_columns(entity),
            "reports": sorted(reports[iri]),
        }


def _scheme_columns(entity: MergedEntity) -> Row:
    """What an entity is in its scheme, and a programme's place in the catalogue; "" for what there is not."""
    scheme, code, how = entity.link or ("", "", "")
    entry = find_programme(code) if scheme == CATALOGUE else None
    return {
        "code": code,
        "how": how,
        "catalogue_name": entry.name if entry else "",
        "class": entry.class_name if entry else "",
        "category": entry.category if entry else "",
        "level": entry.level if entry else "",
        "unlinked": entity.reason,
        "proposals": [candidate for _, candidate in entity.candidates],
    }


def take_place(line: Row) -> Row:
    """A line's evidence: its words and where they stand, without what is not known."""
    place: Row = line["evidence"]
    values = place.values()
    if place.keys() <= _PLACE and None not in values and "" not in values:
        return place
    return {key: value for key, value in place.items() if value not in ("", None) and key in _PLACE}


def take_decided(line: Row) -> Row:
    """The reason for which people corrected or added a fact, where they did."""
    return {"decided": line["decided"]} if "decided" in line else {}


def find_programme(code: str) -> CatalogueEntry | None:
    """The entry of the catalogue that has a code."""
    return _programmes().get(code)


@cache
def _programmes() -> dict[str, CatalogueEntry]:
    return {entry.code: entry for entry in reversed(load_catalogue())}


def _name_entities(lines: ReportLines) -> dict[str, dict[str, Any]]:
    return {
        iri: {"iri": iri, "name": row["name"], "type": row["type"], "aliases": row.get("aliases") or []}
        for iri, row in lines.entities.items()
    }
