"""The ministry's catalogue and the administrative divisions as SKOS, in N-Quads for the default graph.

Text at once, as in kg.quads: fifty thousand lines must not cost a build more than a moment.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.quads import concept_iri, write_iri, write_text
from kg.reference_data import CATALOGUE, REGIONS, load_catalogue, load_regions
from kg.schema import PREFIXES, Schema

_A = f"<{PREFIXES['rdf']}type>"
_SKOS = {
    name: f"<{PREFIXES['skos']}{name}>"
    for name in (
        "Concept",
        "inScheme",
        "notation",
        "prefLabel",
        "broader",
        "narrower",
        "hasTopConcept",
        "topConceptOf",
        "historyNote",
    )
}
_DECIMAL = f"^^<{PREFIXES['xsd']}decimal>"


def scheme_quads(schema: Schema) -> Iterator[str]:
    """All lines of both schemes."""
    yield from _catalogue_quads(schema)
    yield from _region_quads(schema)


def _catalogue_quads(schema: Schema) -> Iterator[str]:
    """Category, class and programme, each with the code that it has at its level."""
    groups: dict[str, None] = {}
    for entry in load_catalogue():
        above = ((entry.category_code, entry.category, ""), (entry.class_code, entry.class_name, entry.category_code))
        for code, name, parent in above:
            if code not in groups:
                groups[code] = None
                yield from _concept(schema, CATALOGUE, code, name, entry.level, parent)
        yield from _concept(schema, CATALOGUE, entry.code, entry.name, entry.level, entry.class_code)
        if entry.note:
            concept = write_iri(concept_iri(CATALOGUE, entry.code))
            yield f"{concept} {_SKOS['historyNote']} {write_text(entry.note)}@zh .\n"


def _region_quads(schema: Schema) -> Iterator[str]:
    longitude, latitude = (f"<{PREFIXES['schema']}{name}>" for name in ("longitude", "latitude"))
    for region in load_regions():
        yield from _concept(schema, REGIONS, region.code, region.name, region.level, region.parent)
        if region.longitude and region.latitude:
            concept = write_iri(concept_iri(REGIONS, region.code))
            yield f'{concept} {longitude} "{region.longitude}"{_DECIMAL} .\n'
            yield f'{concept} {latitude} "{region.latitude}"{_DECIMAL} .\n'


def _concept(schema: Schema, scheme: str, code: str, name: str, level: str, parent: str) -> Iterator[str]:
    """A concept below its parent, or at the top of the scheme where ``parent`` is empty."""
    concept, whole = write_iri(concept_iri(scheme, code)), write_iri(schema.schemes[scheme])
    yield f"{concept} {_A} {_SKOS['Concept']} .\n"
    yield f"{concept} {_SKOS['inScheme']} {whole} .\n"
    yield f"{concept} {_SKOS['notation']} {write_text(code)} .\n"
    yield f"{concept} {_SKOS['prefLabel']} {write_text(name)}@zh .\n"
    yield f"{concept} <{PREFIXES['zj']}schemeLevel> {write_iri(schema.scheme_levels[level])} .\n"
    if not parent:
        yield f"{whole} {_SKOS['hasTopConcept']} {concept} .\n"
        yield f"{concept} {_SKOS['topConceptOf']} {whole} .\n"
        return
    above = write_iri(concept_iri(scheme, parent))
    yield f"{concept} {_SKOS['broader']} {above} .\n"
    yield f"{above} {_SKOS['narrower']} {concept} .\n"
