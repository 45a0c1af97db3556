"""Statement files as N-Quads: each fact once in the default graph, its evidence in the report's named graph.

Pure text, line by line: making rdflib terms for a million quads takes longer than loading them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from urllib.parse import quote

from kg.checks import ReportCheck
from kg.designations import describe_designation
from kg.merged_entities import MergedEntity
from kg.schema import DATA, PREFIXES, Schema
from kg.statement_files import (
    EvidenceRecord,
    FigureRecord,
    LinkRecord,
    StatementFile,
    StatementRecord,
    find_bearer,
)

_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)} | {
    ord("\\"): "\\\\",
    ord('"'): '\\"',
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
}
_LINE = re.compile(
    r'(<[^>]*> <[^>]*> (?:<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?))(?: <([^>]*)>)? \.\n?', re.DOTALL
)
_DATATYPE = f"^^<{PREFIXES['xsd']}%s>"


def write_text(text: str) -> str:
    """A string as a literal that N-Quads and SPARQL read alike, whatever it holds."""
    return f'"{text.translate(_ESCAPES)}"'


def write_value(value: str | int | float) -> str:
    """A plain value as a literal: text, xsd:integer, or xsd:decimal (never an exponent)."""
    if isinstance(value, str):
        return write_text(value)
    if isinstance(value, float) and not value.is_integer():
        return f'"{Decimal(repr(value)):f}"' + _DATATYPE % "decimal"
    return f'"{int(value)}"' + _DATATYPE % "integer"


def split_line(line: str) -> tuple[str, str]:
    """A line of N-Quads as the name of its graph ("" for the default graph) and its triple, a line of N-Triples.

    Raises ValueError where it is none, or holds a blank node: no graph of ours has one.
    """
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a line of N-Quads without blank nodes: {line[:200]!r}")
    return match[2] or "", f"{match[1]} .\n"


def name_graph(line: str, name: str) -> str:
    """A line of N-Quads as it is, or in the graph of this name where it stood in the default graph."""
    graph, triple = split_line(line)
    return line if graph else f"{triple[:-3]} <{name}> .\n"


def write_iri(iri: str) -> str:
    return f"<{iri}>"


def make_iri(kind: str, name: str) -> str:
    """``…/id/report/%E7%A4%BA…``: safe whatever the name holds."""
    return f"{DATA}{kind}/{quote(name, safe='')}"


def concept_iri(scheme: str, code: str) -> str:
    """The IRI of a concept of the catalogue or of the administrative divisions."""
    return f"{DATA}{scheme}/{code}"


def fold_name(name: str) -> str:
    """A name as it is searched: width and case made one, blanks out."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


@cache
def _term(prefixed: str) -> str:
    prefix, name = prefixed.split(":", 1)
    return f"<{PREFIXES[prefix]}{name}>"


_RDF_TYPE = _term("rdf:type")


@dataclass(frozen=True, slots=True)
class _Node:
    """A subject (and graph) about which quads are made."""

    subject: str
    graph: str = ""

    def says(self, predicate: str, target: str) -> str:
        """One line; ``predicate`` prefixed or an IRI in brackets, ``target`` a finished term."""
        return f"{self.subject} {predicate if predicate[0] == '<' else _term(predicate)} {target}{self.graph} .\n"

    def says_all(self, values: Iterable[tuple[str, str | int | float | None]]) -> Iterator[str]:
        """A line for each value that is there."""
        for predicate, value in values:
            if value is not None and value != "":
                yield self.says(predicate, write_value(value))


def statement_file_quads(file: StatementFile, schema: Schema) -> Iterator[str]:
    """The quads that one report alone gives: not the plain edges, which others may give too, nor the descriptions of
    its entities, which depend on the other reports."""
    report = write_iri(make_iri("report", file.report.report))
    yield from _report_quads(file, report, schema)
    for entity in file.entities.values():
        named = _Node(write_iri(entity.iri), f" {report}")
        yield named.says("skos:prefLabel", write_text(entity.name))
        for alias in entity.aliases:
            yield named.says("skos:altLabel", write_text(alias))
        if entity.link is not None:
            yield from link_quads(entity.iri, entity.link, file.report.report, schema)
    for statement in file.statements:
        yield from _statement_quads(statement, report, schema)
    for figure in file.figures:
        yield from _figure_quads(figure, report, schema)


def _report_quads(file: StatementFile, report: str, schema: Schema) -> Iterator[str]:
    record = file.report
    node = _Node(report)
    yield node.says(_RDF_TYPE, _term("zj:Report"))
    yield node.says("zj:level", write_iri(schema.levels[record.level]))
    yield from node.says_all(
        (
            ("dcterms:identifier", record.report),
            ("dcterms:title", record.title),
            ("zj:publisherName", record.publisher),
            ("zj:regionName", record.region),
            ("zj:reportYear", record.year),
            ("zj:publishedYear", record.published),
            ("zj:sourceFile", record.source),
            ("zj:sha256", record.sha256),
            ("zj:characters", record.characters),
            ("owl:versionInfo", record.extractors),
        )
    )
    for predicate, name in (("dcterms:publisher", record.publisher), ("dcterms:spatial", record.region)):
        if (bearer := find_bearer(file, name)) is not None:
            yield node.says(predicate, write_iri(bearer))


def _statement_quads(statement: StatementRecord, report: str, schema: Schema) -> Iterator[str]:
    relation = schema.relations[statement.predicate]
    subject, target = write_iri(statement.subject), write_iri(statement.object)
    node = _Node(write_iri(make_iri("statement", statement.id)))
    yield node.says(_RDF_TYPE, write_iri(relation.term.iri))
    yield node.says(write_iri(relation.source), subject)
    yield node.says(write_iri(relation.target), target)
    for key, values in statement.qualifiers.items():
        qualifier = schema.qualifiers[key]
        for value in values if isinstance(values, list) else [values]:
            finished = write_value(value) if qualifier.concepts is None else write_iri(qualifier.concepts[value])
            yield node.says(write_iri(qualifier.property), finished)
    for key, entities in statement.entities.items():
        for entity in entities:
            yield node.says(write_iri(schema.entity_keys[key]), write_iri(entity))
    yield from node.says_all((("zj:decidedBecause", statement.decided),))
    yield from _place_quads(node, report, statement.evidence)
    said = (("zj:saidSubject", statement.said_subject), ("zj:saidObject", statement.said_object))
    also = (*said, ("zj:extractor", statement.extractor))
    yield from _evidence_quads(node, statement.id, statement.evidence, report, also)


def edge_quad(subject: str, predicate: str, target: str, schema: Schema) -> str:
    """The plain edge that statements of a predicate give between two entities."""
    return _Node(write_iri(subject)).says(write_iri(schema.relations[predicate].edge), write_iri(target))


def _figure_quads(figure: FigureRecord, report: str, schema: Schema) -> Iterator[str]:
    node = _Node(write_iri(make_iri("statement", figure.id)))
    yield node.says(_RDF_TYPE, _term("zj:Figure"))
    yield node.says(_RDF_TYPE, _term("qb:Observation"))
    yield node.says("qb:dataSet", _term("zj:figures"))
    yield node.says("zj:about", write_iri(figure.subject))
    yield node.says("zj:indicator", write_iri(schema.indicators[figure.indicator]))
    values = (("dcterms:identifier", figure.id), ("zj:value", figure.value), ("zj:unit", figure.unit))
    yield from node.says_all((*values, ("zj:year", figure.year), ("zj:decidedBecause", figure.decided)))
    yield from _place_quads(node, report, figure.evidence)
    yield from _evidence_quads(node, figure.id, figure.evidence, report, (("zj:extractor", figure.extractor),))


def link_quads(
    entity: str, link: LinkRecord, report: str, schema: Schema, statements: Iterable[str] = ()
) -> Iterator[str]:
    """One report's link of an entity, as a node with its evidence; ``statements`` are the ids of those behind it."""
    identifier = hashlib.sha256(f"{report} {entity}".encode()).hexdigest()[:16]
    node = _Node(write_iri(make_iri("link", identifier)))
    yield node.says(_RDF_TYPE, _term("zj:Link"))
    yield node.says("zj:linkedEntity", write_iri(entity))
    yield node.says("zj:linkedConcept", write_iri(concept_iri(link.scheme, link.code)))
    yield node.says("zj:linkWay", write_iri(schema.link_ways[link.how].iri))
    yield from node.says_all((("zj:linkWords", link.words),))
    for statement in statements:
        yield node.says("prov:wasDerivedFrom", write_iri(make_iri("statement", statement)))
    source = write_iri(make_iri("report", report))
    yield from _place_quads(node, source, link.evidence)
    yield from _evidence_quads(node, f"link-{identifier}", link.evidence, source, ())


def check_quads(check: ReportCheck, schema: Schema) -> Iterator[str]:
    """A check as a node with its evidence; the figures that it compares are nodes of their own."""
    record = check.record
    report = write_iri(make_iri("report", check.report))
    node = _Node(write_iri(make_iri("statement", record.id)))
    yield node.says(_RDF_TYPE, _term("zj:Check"))
    yield node.says("zj:checkKind", write_iri(schema.check_kinds[record.check]))
    yield node.says("zj:verdict", write_iri(schema.verdicts[record.verdict]))
    if record.subject:
        yield node.says("zj:checkOf", write_iri(record.subject))
    for place in check.against:
        yield node.says("zj:comparedWith", write_iri(make_iri("statement", place.figure)))
    values = (("zj:checked", record.what), ("zj:stated", record.stated), ("zj:found", record.found))
    yield from node.says_all((*values, ("zj:year", record.year)))
    yield from _place_quads(node, report, record.evidence)
    yield from _evidence_quads(node, record.id, record.evidence, report, ())


def _place_quads(node: _Node, report: str, evidence: EvidenceRecord) -> Iterator[str]:
    """Where a fact stands, beside the fact: an OPTIONAL that looks into named graphs walks through all of them."""
    yield node.says("dcterms:source", report)
    yield from node.says_all(
        (
            ("zj:section", evidence.section),
            ("zj:page", evidence.page),
            ("zj:table", evidence.table),
            ("zj:row", evidence.row),
            ("zj:caption", evidence.caption),
        )
    )


def _evidence_quads(
    node: _Node, identifier: str, evidence: EvidenceRecord, report: str, also: tuple[tuple[str, str], ...]
) -> Iterator[str]:
    """The words themselves, in the report's named graph."""
    graph = f" {report}"
    iri = make_iri("evidence", identifier)
    place = _Node(write_iri(iri), graph)
    quoted, position = _Node(write_iri(f"{iri}#text"), graph), _Node(write_iri(f"{iri}#position"), graph)
    yield _Node(node.subject, graph).says("zj:evidence", place.subject)
    yield place.says(_RDF_TYPE, _term("zj:Evidence"))
    yield place.says("oa:hasSource", report)
    yield place.says("oa:hasSelector", quoted.subject)
    yield place.says("oa:hasSelector", position.subject)
    yield from place.says_all(also)
    yield quoted.says(_RDF_TYPE, _term("oa:TextQuoteSelector"))
    yield quoted.says("oa:exact", write_text(evidence.text))
    yield position.says(_RDF_TYPE, _term("oa:TextPositionSelector"))
    yield from position.says_all((("oa:start", evidence.start), ("oa:end", evidence.end)))


def entity_quads(iri: str, entity: MergedEntity, schema: Schema) -> Iterator[str]:
    """The description of an entity over all reports, in the default graph. The order of reports does not matter."""
    node = _Node(write_iri(iri))
    name = entity.name
    others = entity.other_names
    yield node.says(_RDF_TYPE, write_iri(schema.types[entity.type]))
    if entity.type == "Designation":
        for predicate, concept in describe_designation(name, schema):
            yield node.says(predicate, write_iri(concept))
    yield node.says("skos:prefLabel", write_text(name))
    for other in others:
        yield node.says("skos:altLabel", write_text(other))
    folded = sorted({fold_name(each) for each in (name, *others)})
    yield node.says("zj:searchText", write_text("\n" + "".join(f"{each}\n" for each in folded)))
    if entity.link is not None:
        scheme, code, how = entity.link
        for match in (write_iri(schema.link_ways[how].match), "skos:mappingRelation"):
            yield node.says(match, write_iri(concept_iri(scheme, code)))
    elif entity.reason:
        yield node.says("zj:unlinkedBecause", write_iri(schema.unlinked_reasons[entity.reason]))
    for scheme, code in entity.candidates:
        yield node.says("zj:proposedConcept", write_iri(concept_iri(scheme, code)))


def branch_quads(parents: Mapping[str, str]) -> Iterator[str]:
    """Branches and the units that they belong to, in both directions."""
    for unit, parent in sorted(parents.items()):
        yield _Node(write_iri(unit)).says("org:unitOf", write_iri(parent))
        yield _Node(write_iri(parent)).says("org:hasUnit", write_iri(unit))


def redirect_quads(redirects: Mapping[str, str]) -> Iterator[str]:
    """What is left of IRIs that were merged into others: where they lead."""
    for old, new in sorted(redirects.items()):
        node = _Node(write_iri(old))
        yield node.says("dcterms:isReplacedBy", write_iri(new))
        yield node.says("owl:sameAs", write_iri(new))
        yield node.says("owl:deprecated", f'"true"{_DATATYPE % "boolean"}')
