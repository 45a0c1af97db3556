"""The ontology for readers: one HTML page in Chinese and English, and all its files as one in Turtle or JSON-LD.

The page asks for nothing and runs nothing: the language is switched by a style rule. The anchor of a term is its name,
so that its IRI leads to it wherever the page stands in for the ontology.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from kg.schema import CLASS_KINDS, ONTOLOGY, PREFIXES, PROPERTY_KINDS, ZJ, read_ontology

_SCHEMA = PREFIXES["schema"]
_VANN = "http://purl.org/vocab/vann/"


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages; what has one form only stands in both."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Link:
    """A term as another one points to it: ``anchor`` is "" for what this page does not describe."""

    name: str  # "zj:School"
    iri: str
    anchor: str
    label: Words | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of what the ontology says of a term."""

    heading: Words
    links: tuple[Link, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A class or a property; ``depth`` counts the classes of ours above it."""

    link: Link
    kinds: tuple[Words, ...]
    comment: Words
    example: Words
    rows: tuple[Row, ...]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class ConceptEntry:
    """A concept of a scheme; ``others`` are its other words, ``rows`` what else is said of it."""

    link: Link
    notation: str
    others: Words
    definition: Words
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SchemeEntry:
    """A concept scheme with its concepts, as far as the ontology itself has them."""

    link: Link
    notation: str
    definition: Words
    used_by: tuple[Link, ...]
    concepts: tuple[ConceptEntry, ...]
    depth: int = 0  # as the contents show it

    @property
    def has_others(self) -> bool:
        """Whether any concept has another word."""
        return any(concept.others.zh for concept in self.concepts)


_KINDS: Mapping[URIRef, Words] = MappingProxyType(
    {
        OWL.Class: Words("类", "class"),
        RDFS.Class: Words("类", "class"),
        OWL.ObjectProperty: Words("对象属性", "object property"),
        OWL.DatatypeProperty: Words("数据属性", "datatype property"),
        OWL.AnnotationProperty: Words("注释属性", "annotation property"),
        RDF.Property: Words("属性", "property"),
        OWL.FunctionalProperty: Words("至多一值", "one value at most"),
        OWL.SymmetricProperty: Words("对称", "symmetric"),
        URIRef(f"{PREFIXES['qb']}DimensionProperty"): Words("维度", "dimension"),
        URIRef(f"{PREFIXES['qb']}MeasureProperty"): Words("度量", "measure"),
        URIRef(f"{PREFIXES['qb']}AttributeProperty"): Words("属性（数据立方体）", "attribute of a cube"),
    }
)
# What is shown of a term, in this order; ^ before a predicate: the terms that say so of this one.
_ROWS: tuple[tuple[str, URIRef, Words], ...] = (
    ("", RDFS.subClassOf, Words("上位类", "subclass of")),
    ("^", RDFS.subClassOf, Words("下位类", "superclass of")),
    ("", RDFS.subPropertyOf, Words("上位属性", "subproperty of")),
    ("", RDFS.domain, Words("定义域", "domain")),
    ("", URIRef(f"{_SCHEMA}domainIncludes"), Words("见于", "used of")),
    ("", RDFS.range, Words("值域", "range")),
    ("", URIRef(f"{_SCHEMA}rangeIncludes"), Words("具体为", "namely")),
    ("", ZJ.valuesFrom, Words("取值表", "values from")),
    ("", OWL.inverseOf, Words("逆属性", "inverse of")),
    ("^", OWL.inverseOf, Words("逆属性", "inverse of")),
    ("", ZJ.source, Words("起点属性", "source property")),
    ("", ZJ.target, Words("终点属性", "target property")),
    ("", ZJ.edge, Words("对应的直接关系", "plain edge")),
    ("^", ZJ.edge, Words("详见关系类", "told in full by")),
    ("", ZJ.key, Words("陈述文件的键", "key in statement files")),
    ("", ZJ.entityKey, Words("陈述文件的键", "key in statement files")),
    ("^", RDFS.domain, Words("所有的属性", "properties of it")),
    ("^", RDFS.range, Words("指向它的属性", "properties that lead to it")),
    ("", OWL.disjointWith, Words("与之不相交", "disjoint with")),
)
_OF_CONCEPTS = (("", ZJ.matchProperty, Words("匹配属性", "match property")),)
_FACTS: tuple[tuple[URIRef, Words], ...] = (
    (OWL.versionIRI, Words("版本 IRI", "version IRI")),
    (OWL.priorVersion, Words("上一版本", "prior version")),
    (DCTERMS.creator, Words("创建者", "creator")),
    (DCTERMS.issued, Words("发布日期", "issued")),
    (DCTERMS.modified, Words("修改日期", "modified")),
    (DCTERMS.license, Words("许可", "licence")),
    (URIRef(f"{_VANN}preferredNamespacePrefix"), Words("前缀", "prefix")),
    (URIRef(f"{_VANN}preferredNamespaceUri"), Words("命名空间", "namespace")),
    (RDFS.seeAlso, Words("所依据的词汇", "builds on")),
)


def ontology_page(language: str = "zh") -> str:
    """The reference page as one HTML text; ``language`` ("zh" or "en") is what it shows first."""
    view = _View(read_ontology())
    environment = Environment(
        loader=PackageLoader("kg", "page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("ontology.html").render(view=view, english=language == "en")


def ontology_turtle() -> str:
    """All files of the ontology as one, in Turtle."""
    return read_ontology().serialize(format="turtle")


def ontology_jsonld() -> str:
    """All files of the ontology as one, in JSON-LD: the same ontology gives the same text."""
    text = read_ontology().serialize(format="json-ld", context=dict(PREFIXES), auto_compact=False)
    return json.dumps(_sort(json.loads(text)), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


WRITERS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {"html": ontology_page, "ttl": ontology_turtle, "jsonld": ontology_jsonld}
)


def _sort(value: object, *, ordered: bool = False) -> object:
    """Sets of JSON-LD in one order; an RDF list keeps its own."""
    if isinstance(value, dict):
        return {key: _sort(each, ordered=key == "@list") for key, each in value.items()}
    if isinstance(value, list):
        sorted_members = [_sort(each) for each in value]
        return sorted_members if ordered else sorted(sorted_members, key=lambda each: json.dumps(each, sort_keys=True))
    return value


class _View:
    """What the template shows, asked of the graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._classes = self._of_kinds(CLASS_KINDS)
        self._properties = self._of_kinds(PROPERTY_KINDS)

    @cached_property
    def title(self) -> Words:
        return self._words(URIRef(ONTOLOGY), DCTERMS.title)

    @cached_property
    def description(self) -> Words:
        return self._words(URIRef(ONTOLOGY), DCTERMS.description)

    @cached_property
    def citation(self) -> Words:
        return self._words(URIRef(ONTOLOGY), DCTERMS.bibliographicCitation)

    @property
    def iri(self) -> str:
        return ONTOLOGY

    @cached_property
    def facts(self) -> tuple[Row, ...]:
        """Version, creator, dates and what else a citation needs; what is not there is left out."""
        rows = (self._row(heading, self._graph.objects(URIRef(ONTOLOGY), predicate)) for predicate, heading in _FACTS)
        return tuple(row for row in rows if row.links or row.texts)

    @cached_property
    def classes(self) -> tuple[Entry, ...]:
        """Our classes, each below its superclass."""
        own = [node for node in self._classes if _is_own(node)]
        roots = [node for node in own if not self._above(node)]
        return tuple(self._entry(node, depth) for root in roots for node, depth in self._walk(root, 0))

    @cached_property
    def properties(self) -> tuple[Entry, ...]:
        """Our properties but those for the machine."""
        return tuple(
            self._entry(node)
            for node in self._properties
            if _is_own(node) and not self._is(node, OWL.AnnotationProperty)
        )

    @cached_property
    def annotations(self) -> tuple[Entry, ...]:
        """Our annotation properties: how the ontology tells the machine what to do with a term."""
        return tuple(
            self._entry(node) for node in self._properties if _is_own(node) and self._is(node, OWL.AnnotationProperty)
        )

    @cached_property
    def reused(self) -> tuple[Entry, ...]:
        """Terms of other vocabularies."""
        nodes = [node for node in (*self._classes, *self._properties) if not _is_own(node)]
        return tuple(self._entry(node) for node in sorted(nodes, key=_shorten))

    @cached_property
    def schemes(self) -> tuple[SchemeEntry, ...]:
        found = sorted(self._subjects(RDF.type, SKOS.ConceptScheme), key=lambda node: self._link(node).anchor)
        return tuple(
            SchemeEntry(
                link=self._link(node),
                notation=str(self._graph.value(node, SKOS.notation)),
                definition=self._words(node, SKOS.definition),
                used_by=tuple(self._link(each) for each in sorted(self._subjects(ZJ.valuesFrom, node), key=str)),
                concepts=tuple(self._concept(each) for each in sorted(self._subjects(SKOS.inScheme, node), key=str)),
            )
            for node in found
        )

    def _concept(self, node: URIRef) -> ConceptEntry:
        others = Words(*("、".join(self._texts(node, SKOS.altLabel, language)) for language in ("zh", "en")))
        return ConceptEntry(
            link=self._link(node),
            notation=str(self._graph.value(node, SKOS.notation)),
            others=Words(others.zh, others.en or others.zh),
            definition=self._words(node, SKOS.definition),
            rows=self._rows(node, _OF_CONCEPTS),
        )

    def _entry(self, node: URIRef, depth: int = 0) -> Entry:
        return Entry(
            link=self._link(node),
            kinds=tuple(words for kind, words in _KINDS.items() if self._is(node, kind)),
            comment=self._words(node, RDFS.comment),
            example=self._words(node, SKOS.example),
            rows=self._rows(node, _ROWS),
            depth=depth,
        )

    def _rows(self, node: URIRef, wanted: tuple[tuple[str, URIRef, Words], ...]) -> tuple[Row, ...]:
        rows = []
        for direction, predicate, heading in wanted:
            at_other_end = self._subjects(predicate, node) if direction else self._graph.objects(node, predicate)
            row = self._row(heading, at_other_end)
            if row.links or row.texts:
                rows.append(row)
        return tuple(rows)

    def _row(self, heading: Words, nodes: Iterator[Node] | list[URIRef]) -> Row:
        ordered = sorted(nodes, key=str)
        return Row(
            heading,
            tuple(self._link(node) for node in ordered if isinstance(node, URIRef)),
            tuple(str(node) for node in ordered if isinstance(node, Literal)),
        )

    def _link(self, node: URIRef) -> Link:
        label = self._words(node, RDFS.label)
        if self._is(node, SKOS.ConceptScheme) or self._is(node, SKOS.Concept):
            label = self._words(node, SKOS.prefLabel)
        anchor = _anchor(node) if node in self._described else ""
        return Link(_shorten(node), str(node), anchor, label if label.zh else None)

    @cached_property
    def _described(self) -> set[URIRef]:
        concepts = self._subjects(RDF.type, SKOS.Concept)
        return {*self._classes, *self._properties, *self._subjects(RDF.type, SKOS.ConceptScheme), *concepts}

    def _above(self, node: URIRef) -> list[Node]:
        return [each for each in self._graph.objects(node, RDFS.subClassOf) if each in self._classes and _is_own(each)]

    def _walk(self, node: URIRef, depth: int) -> Iterator[tuple[URIRef, int]]:
        yield node, depth
        for below in self._classes:
            if (below, RDFS.subClassOf, node) in self._graph:
                yield from self._walk(below, depth + 1)

    def _of_kinds(self, kinds: tuple[URIRef, ...]) -> list[URIRef]:
        return sorted({node for kind in kinds for node in self._subjects(RDF.type, kind)}, key=str)

    def _subjects(self, predicate: URIRef, value: Node) -> list[URIRef]:
        return [node for node in self._graph.subjects(predicate, value) if isinstance(node, URIRef)]

    def _is(self, node: Node, kind: URIRef) -> bool:
        return (node, RDF.type, kind) in self._graph

    def _texts(self, node: Node, predicate: URIRef, language: str) -> list[str]:
        return sorted(
            str(text)
            for text in self._graph.objects(node, predicate)
            if isinstance(text, Literal) and text.language == language
        )

    def _words(self, node: Node, predicate: URIRef) -> Words:
        return Words(*(" ".join(self._texts(node, predicate, language)) for language in ("zh", "en")))


def _is_own(node: Node) -> bool:
    return str(node).startswith(str(ZJ))


def _shorten(node: Node) -> str:
    """An IRI as queries write it; as it is where no prefix fits."""
    iri = str(node)
    for prefix, start in PREFIXES.items():
        if iri.startswith(start) and iri != start and "/" not in (rest := iri[len(start) :]):
            return f"{prefix}:{rest}"
    return iri


def _anchor(node: Node) -> str:
    """The fragment of the IRI for what is ours; ``org-member`` for others, ``gb-t-2260`` for a scheme."""
    if _is_own(node):
        return str(node).removeprefix(str(ZJ))
    short = _shorten(node)
    return short.rpartition("/")[2] if "/" in short else short.replace(":", "-")
