"""One object for each statement that a school works together with somebody, with the names that hold over all reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.export.known import Known, KnownEntity, Place
from kg.export.reading import ReportLines, Row
from kg.export.rows import take_decided, take_place
from kg.quads import make_iri

PARTNERSHIPS = ("partnersWith", "collaboratesWith")
SAID, OF_REPORT = "said", "report"  # whose year a year is: the statement says it, or it is its report's


def list_partnerships(lines: ReportLines, known: Known) -> Iterator[Row]:
    """One object for each statement of ``partnersWith`` and ``collaboratesWith``."""
    for line in lines.statements:
        if line["predicate"] not in PARTNERSHIPS:
            continue
        school, partner = (known.describe(lines.entities[line[end]]) for end in ("subject", "object"))
        years, basis = find_years(line, lines)
        qualifiers = line.get("qualifiers") or {}
        yield {
            "predicate": line["predicate"],
            "school": _describe(school),
            "programmes": list_programmes(line, lines, known),
            "partner": _describe(partner),
            "modes": qualifiers.get("modes") or [],
            "years": years,
            "year_basis": basis,
            "headcount": qualifiers.get("headcount"),
            "evidence": [take_place(line)],
            "report": lines.report["report"],
            "report_year": lines.report.get("year"),
            "id": line["id"],
            "iri": make_iri("statement", line["id"]),
            **take_decided(line),
        }


def find_years(line: Row, lines: ReportLines) -> tuple[list[Any], str]:
    """The years of a statement, or the report's where it names none, and whose they are; ([], "") for none."""
    own = as_list((line.get("qualifiers") or {}).get("year"))
    if own:
        return own, SAID
    year = lines.report.get("year")
    return ([], "") if year is None else ([year], OF_REPORT)


def list_programmes(line: Row, lines: ReportLines, known: Known) -> list[Row]:
    """The programmes that a statement names: as it names them (``said``), and what they are over all reports."""
    names = (line.get("qualifiers") or {}).get("programmes") or []
    iris = line.get("programmes") or []
    if len(names) != len(iris):  # people corrected the names, or not all are resolved: each for itself
        found = [known.describe(lines.entities[iri]) for iri in iris]
        called = {name for entity in found for name in (entity.name, *entity.aliases)}
        return [_programme(each.name, each) for each in found] + [_said(name) for name in names if name not in called]
    pairs = zip(names, iris, strict=True)
    return [_programme(name, known.describe(lines.entities[iri])) for name, iri in pairs]


def as_list(value: Any) -> list[Any]:
    """The values of a qualifier that has one, several or none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def describe_place(place: Place | None) -> Row:
    """Where an entity is: name and code of the place, and how that is known; all "" where it is not."""
    return {"name": "", "code": "", "basis": ""} if place is None else place.as_json()


def _describe(entity: KnownEntity) -> Row:
    return {"iri": entity.iri, "name": entity.name, "type": entity.type, "place": describe_place(entity.place)}


def _programme(said: str, entity: KnownEntity) -> Row:
    about = {"name": entity.name, "iri": entity.iri, "code": entity.code, "class": entity.programme_class}
    return {"said": said, **about}


def _said(name: str) -> Row:
    return {"said": name, "name": name, "iri": "", "code": "", "class": ""}
