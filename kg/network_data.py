"""What a page knows of its entities and facts, as plain values for JSON.

A fact has ``year`` as a list of whole numbers: of the statement, else of its report, which ``yearOf`` then says. An
entity has ``letters`` (the pinyin initials of its name and of each other name, in that order), ``place`` where it is
known to lie in one, and ``classes`` where it is a programme of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from kg.divisions import divisions_by_code, list_above
from kg.name_index import find_initials
from kg.quads import concept_iri
from kg.reference_data import CATALOGUE, REGIONS, load_catalogue


def describe_entity(iri: str, entity: Mapping[str, Any]) -> dict[str, Any]:
    """What the page says of a node of ``kg.network.build_graph``."""
    described = {
        "iri": iri,
        "type": entity["type"],
        "aliases": list(entity["aliases"]),
        "region": list(entity["region"]),
        "letters": [find_initials(name) for name in (entity["name"], *entity["aliases"])],
    }
    concepts = entity.get("concepts", ())
    place = find_place(concepts) or find_place(entity.get("places", ()))
    classes = [_classes()[concept] for concept in concepts if concept in _classes()]
    return described | ({"place": place} if place else {}) | ({"classes": classes} if classes else {})


def describe_years(said: Iterable[Any], report_year: Any) -> dict[str, Any]:
    """The years of a fact: those that it says itself, else that of its report, else nothing."""
    if own := sorted({int(year) for year in said if _is_year(year)}):
        return {"year": own}
    return {"year": [int(report_year)], "yearOf": "report"} if _is_year(report_year) else {}


def _is_year(value: Any) -> bool:
    return len(text := str(value)) <= 4 and text.isascii() and text.isdigit()


def find_place(concepts: Iterable[str]) -> dict[str, str] | None:
    """The place of GB/T 2260 that divisions name together: the smallest where each lies in the next, else None.

    ``concepts`` are IRIs; those of other schemes are passed over. ``province`` is the province's own name.
    """
    paths = [list_above(code)[::-1] for concept in concepts if (code := _divisions().get(concept))]
    inmost = max(paths, key=len, default=[])
    if not inmost or any(path != inmost[: len(path)] for path in paths):
        return None
    place, province = divisions_by_code()[inmost[-1]], divisions_by_code()[inmost[0]]
    return {"code": place.code, "name": place.name, "province": province.name}


@cache
def _divisions() -> Mapping[str, str]:
    """The codes of divisions by the IRIs of their concepts."""
    return {concept_iri(REGIONS, code): code for code in divisions_by_code()}


@cache
def _classes() -> Mapping[str, dict[str, str]]:
    """The class of each programme of the catalogue, by the programme's IRI."""
    return {
        concept_iri(CATALOGUE, entry.code): {
            "code": entry.class_code,
            "name": entry.class_name,
            "category": entry.category,
            "level": entry.level,
        }
        for entry in load_catalogue()
    }
