"""The ontology, read once into frozen values: types, relation classes, qualifiers, closed lists of values.

Nothing else in the machine knows an IRI of the ontology by heart but the store, which writes evidence and reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kg.errors import UsageError

ONTOLOGY = "https://w3id.org/zhijiao-kg/ontology"
ZJ = Namespace(f"{ONTOLOGY}#")
DATA = "https://w3id.org/zhijiao-kg/id/"

# What queries and files may abbreviate; rdflib does not bundle oa, and data needs zj and id.
PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "zj": str(ZJ),
        "id": DATA,
        "dcterms": "http://purl.org/dc/terms/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": str(OWL),
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "rdf": str(RDF),
        "rdfs": str(RDFS),
        "schema": "https://schema.org/",
        "skos": str(SKOS),
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)


# How the ontology says that something is a class or a property; those of other vocabularies are only named, as RDF has it.
CLASS_KINDS = (OWL.Class, RDFS.Class)
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property with what the ontology says of it; ``name`` is the last part of its IRI."""

    iri: str
    name: str
    label_zh: str
    label_en: str
    comment_zh: str
    comment_en: str
    example_zh: str
    example_en: str


@dataclass(frozen=True, slots=True)
class RelationClass:
    """A class whose nodes are relations. ``source``, ``target`` and ``edge`` are IRIs of properties."""

    term: Term
    predicate: str  # the name of the edge: "partnersWith"
    source: str
    target: str
    edge: str


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A key of a statement's qualifiers. ``concepts`` maps its allowed values to IRIs, or is None where it is free."""

    key: str
    property: str
    concepts: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class LinkWay:
    """A way of linking an entity to a concept of a scheme: its own IRI, and the SKOS property of such a link."""

    iri: str
    match: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A value of a closed list: ``notation`` is the word of statement files, ``words`` are all other ways to say it."""

    iri: str
    notation: str
    label_zh: str
    label_en: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """The whole ontology. Mappings go from the words of statement files to what the graph holds."""

    classes: tuple[Term, ...]
    properties: tuple[Term, ...]
    types: Mapping[str, str]  # "School" → IRI of the class; only those that entities have
    leaf_types: Mapping[str, tuple[str, ...]]  # "Organisation" → ("Enterprise", …): the types that a class has below it
    relations: Mapping[str, RelationClass]  # by predicate
    qualifiers: Mapping[str, Qualifier]  # by key
    entity_keys: Mapping[str, str]  # "programmes" → IRI of the property that links to the entities
    indicators: Mapping[str, str]  # "在校生数" → IRI of the concept
    levels: Mapping[str, str]  # "school" → IRI of the concept
    check_kinds: Mapping[str, str]  # "total" → IRI of the concept
    verdicts: Mapping[str, str]  # "differs" → IRI of the concept
    lists: Mapping[str, tuple[Concept, ...]]  # every closed list by its name ("modes"), in order of notations
    concept_labels: Mapping[str, str]  # IRI of a concept → its Chinese label
    link_ways: Mapping[str, LinkWay]  # by notation: "exact"
    unlinked_reasons: Mapping[str, str]  # "trade" → IRI of the concept
    link_words: Mapping[str, str]  # of ways of linking and of reasons: "exact" → the label in Chinese
    schemes: Mapping[str, str]  # "gb-t-2260" → IRI of the scheme
    scheme_levels: Mapping[str, str]  # "中职", "county" → IRI of the concept
    designation_levels: Mapping[str, str]  # "省级" and other words for it, "自治区级" → IRI of the concept
    designation_kinds: Mapping[str, str]  # "优质", "双优" → IRI of the concept
    triples: tuple[str, ...]  # the ontology as sorted N-Triples lines, for the store

    @cached_property
    def _labels(self) -> Mapping[str, Term]:
        return {term.name: term for term in (*self.properties, *self.classes)}

    def find_class(self, word: str) -> str:
        """The name of the class of entities that a word names: "School", 学校 or school.

        Raises UsageError, which lists the classes, where there is none.
        """
        known = {name: self._labels[name] for name in self.leaf_types}
        for name, term in known.items():
            if word.strip().casefold() in (name.casefold(), term.label_zh, term.label_en.casefold()):
                return name
        there = ", ".join(f"{name} ({term.label_zh})" for name, term in sorted(known.items()))
        raise UsageError(f"there is no type {word!r}; there are: {there}")

    def label(self, name: str, language: str = "zh") -> str:
        """The label of a class or property by its name ("partnersWith" → "合作"); the name itself where unknown."""
        term = self._labels.get(name)
        return name if term is None else term.label_zh if language == "zh" else term.label_en


def read_ontology() -> Graph:
    """Every Turtle file of the ontology package, as one new graph."""
    graph = Graph()
    for entry in sorted(resources.files("ontology").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".ttl"):
            graph.parse(data=entry.read_text(encoding="utf-8"), format="turtle")
    return graph


@cache
def load_schema() -> Schema:
    """The ontology as frozen values, read once."""
    graph = read_ontology()
    relations = [
        RelationClass(
            term=_term(graph, node),
            predicate=_name(graph.value(node, ZJ.edge)),
            source=str(graph.value(node, ZJ.source)),
            target=str(graph.value(node, ZJ.target)),
            edge=str(graph.value(node, ZJ.edge)),
        )
        for node in graph.subjects(RDFS.subClassOf, ZJ.Relation)
    ]
    qualifiers = [
        Qualifier(str(key), str(node), _concepts(graph, graph.value(node, ZJ.valuesFrom)))
        for node, key in graph.subject_objects(ZJ.key)
    ]
    return Schema(
        classes=_terms(graph, *CLASS_KINDS),
        properties=_terms(graph, *PROPERTY_KINDS),
        types=MappingProxyType({_name(node): str(node) for node in _leaves(graph, ZJ.Entity)}),
        leaf_types=MappingProxyType(
            {
                _name(node): tuple(sorted(map(_name, _leaves(graph, node))))
                for node in {*graph.transitive_subjects(RDFS.subClassOf, ZJ.Entity)}
                if node is not None
            }
        ),
        relations=MappingProxyType({relation.predicate: relation for relation in relations}),
        qualifiers=MappingProxyType({qualifier.key: qualifier for qualifier in qualifiers}),
        entity_keys=MappingProxyType({str(key): str(node) for node, key in graph.subject_objects(ZJ.entityKey)}),
        indicators=_concepts(graph, ZJ.indicators) or {},
        levels=_concepts(graph, ZJ.levels) or {},
        check_kinds=_concepts(graph, ZJ.checkKinds) or {},
        verdicts=_concepts(graph, ZJ.verdicts) or {},
        lists=MappingProxyType({_name(scheme): _list(graph, scheme) for scheme in _lists(graph)}),
        concept_labels=MappingProxyType(
            {
                str(concept): str(label)
                for concept, label in graph.subject_objects(SKOS.prefLabel)
                if isinstance(label, Literal) and label.language == "zh"
            }
        ),
        link_ways=MappingProxyType(
            {
                name: LinkWay(iri, str(graph.value(URIRef(iri), ZJ.matchProperty)))
                for name, iri in (_concepts(graph, ZJ["link-ways"]) or {}).items()
            }
        ),
        unlinked_reasons=_concepts(graph, ZJ["unlinked-reasons"]) or {},
        link_words=MappingProxyType(
            {
                str(graph.value(concept, SKOS.notation)): str(label)
                for scheme in (ZJ["link-ways"], ZJ["unlinked-reasons"])
                for concept in graph.subjects(SKOS.inScheme, scheme)
                for label in graph.objects(concept, SKOS.prefLabel)
                if isinstance(label, Literal) and label.language == "zh"
            }
        ),
        schemes=MappingProxyType(
            {str(key): str(node) for node, key in graph.subject_objects(ZJ.schemeKey) if node is not None}
        ),
        scheme_levels=_concepts(graph, ZJ["scheme-levels"]) or {},
        designation_levels=_words(graph, ZJ["designation-levels"]),
        designation_kinds=_words(graph, ZJ["designation-kinds"]),
        triples=tuple(sorted(filter(None, graph.serialize(format="nt").splitlines()))),
    )


def _name(node: object) -> str:
    return str(node).rsplit("#", 1)[-1]


def _term(graph: Graph, node: Node) -> Term:
    words = {
        (kind, text.language): str(text)
        for kind in (RDFS.label, RDFS.comment, SKOS.example)
        for text in graph.objects(node, kind)
        if isinstance(text, Literal)
    }
    return Term(
        iri=str(node),
        name=_name(node),
        label_zh=words.get((RDFS.label, "zh"), ""),
        label_en=words.get((RDFS.label, "en"), ""),
        comment_zh=words.get((RDFS.comment, "zh"), ""),
        comment_en=words.get((RDFS.comment, "en"), ""),
        example_zh=words.get((SKOS.example, "zh"), ""),
        example_en=words.get((SKOS.example, "en"), ""),
    )


def _terms(graph: Graph, *kinds: URIRef) -> tuple[Term, ...]:
    nodes = {node for kind in kinds for node in graph.subjects(RDF.type, kind)}
    return tuple(_term(graph, node) for node in sorted(nodes, key=str))


def _leaves(graph: Graph, root: Node) -> list[Node]:
    """The classes below ``root`` that have none below themselves."""
    below = {node for node in graph.transitive_subjects(RDFS.subClassOf, root) if node is not None}
    return sorted((node for node in below if not any(graph.subjects(RDFS.subClassOf, node))), key=str)


def _lists(graph: Graph) -> list[Node]:
    """The concept schemes whose concepts the ontology itself lists."""
    return sorted(set(graph.objects(None, SKOS.inScheme)), key=str)


def _list(graph: Graph, scheme: Node) -> tuple[Concept, ...]:
    found = []
    for node in graph.subjects(SKOS.inScheme, scheme):
        labels = {text.language: str(text) for text in graph.objects(node, SKOS.prefLabel) if isinstance(text, Literal)}
        found.append(
            Concept(
                iri=str(node),
                notation=str(graph.value(node, SKOS.notation)),
                label_zh=labels.get("zh", ""),
                label_en=labels.get("en", ""),
                words=tuple(sorted(map(str, graph.objects(node, SKOS.altLabel)))),
            )
        )
    return tuple(sorted(found, key=lambda concept: (concept.notation, concept.iri)))


def _concepts(graph: Graph, scheme: Node | None) -> Mapping[str, str] | None:
    """The members of a concept scheme by their notation; None where there is no scheme."""
    if scheme is None:
        return None
    return MappingProxyType(
        {
            str(graph.value(concept, SKOS.notation)): str(concept)
            for concept in sorted(graph.subjects(SKOS.inScheme, scheme), key=str)
        }
    )


def _words(graph: Graph, scheme: Node) -> Mapping[str, str]:
    """The members of a concept scheme by their notation and by each other word for them in Chinese."""
    words = {
        str(word): str(concept)
        for concept in graph.subjects(SKOS.inScheme, scheme)
        for word in (*graph.objects(concept, SKOS.notation), *graph.objects(concept, SKOS.altLabel))
        if not isinstance(word, Literal) or word.language in (None, "zh")
    }
    return MappingProxyType(dict(sorted(words.items())))
