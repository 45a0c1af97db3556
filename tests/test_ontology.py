"""The ontology stands on its own: complete, loaded by others' tools, without a contradiction, with a page to read."""

from __future__ import annotations

import io
import re
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest
from browser import DESKTOP, PHONE, open_browser, open_page
from graph_home import shared_home
from owlrl import DeductiveClosure, OWLRL_Semantics
from owlrl.Namespaces import ERRNS
from pyoxigraph import RdfFormat, Store
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Dataset, Graph, Literal, Namespace, URIRef

from kg import __version__
from kg.cli import main
from kg.ontology_page import ontology_jsonld, ontology_page, ontology_turtle
from kg.schema import CLASS_KINDS, DATA, ONTOLOGY, PREFIXES, PROPERTY_KINDS, ZJ, read_ontology
from kg.store import write_nquads

STANDARDS = Path(__file__).parent / "fixtures" / "standards.ttl"
ORG = Namespace(PREFIXES["org"])
VANN = Namespace("http://purl.org/vocab/vann/")
DCTERMS = Namespace(PREFIXES["dcterms"])
SCHOOL = URIRef(f"{DATA}school/667ed4760304")
GRAPH = read_ontology()
CONCEPTS = sorted(set(GRAPH.subjects(RDF.type, SKOS.Concept)))
SCHEMES = sorted(set(GRAPH.subjects(RDF.type, SKOS.ConceptScheme)))
# In the graph itself; the ontology only says that they are there.
FILLED_BY_DATA = {ZJ.designations, URIRef(f"{DATA}scheme/programme-catalogue-2021"), URIRef(f"{DATA}scheme/gb-t-2260")}


def find_terms(*kinds: URIRef) -> list[URIRef]:
    return sorted({node for kind in kinds for node in GRAPH.subjects(RDF.type, kind)})


def languages(node: URIRef, predicate: URIRef) -> list[str]:
    return sorted(str(text.language) for text in GRAPH.objects(node, predicate) if str(text).strip())


# ---- complete


@pytest.mark.parametrize("term", find_terms(*CLASS_KINDS, *PROPERTY_KINDS))
def test_a_term_has_label_comment_and_example_in_both_languages(term):
    for predicate in (RDFS.label, RDFS.comment, SKOS.example):
        assert languages(term, predicate) == ["en", "zh"], predicate


@pytest.mark.parametrize("node", [*SCHEMES, *CONCEPTS])
def test_a_concept_has_label_notation_and_definition(node):
    assert languages(node, SKOS.prefLabel) == ["en", "zh"]
    assert languages(node, SKOS.definition) == ["en", "zh"]
    assert len(list(GRAPH.objects(node, SKOS.notation))) == 1


@pytest.mark.parametrize("scheme", sorted({*SCHEMES} - FILLED_BY_DATA))
def test_a_scheme_and_its_concepts_know_each_other(scheme):
    members = set(GRAPH.subjects(SKOS.inScheme, scheme))
    tops = {node for node in members if not any(GRAPH.objects(node, SKOS.broader))}
    assert len(members) >= 2
    assert set(GRAPH.objects(scheme, SKOS.hasTopConcept)) == tops
    assert set(GRAPH.subjects(SKOS.topConceptOf, scheme)) == tops
    notations = [str(GRAPH.value(node, SKOS.notation)) for node in members]
    assert len(set(notations)) == len(notations)


def test_a_word_of_a_scheme_means_one_concept():
    for scheme in SCHEMES:
        words: dict[Literal, URIRef] = {}
        for concept in GRAPH.subjects(SKOS.inScheme, scheme):
            for word in (*GRAPH.objects(concept, SKOS.prefLabel), *GRAPH.objects(concept, SKOS.altLabel)):
                assert words.setdefault(word, concept) == concept, word


def test_the_schemes_of_the_domain_are_there():
    assert {ZJ.modes, ZJ.roles, ZJ.designations, ZJ["designation-levels"], ZJ["designation-kinds"]} <= {*SCHEMES}
    assert {*SCHEMES} >= FILLED_BY_DATA


def test_our_properties_have_domain_and_range():
    for node in find_terms(OWL.ObjectProperty, OWL.DatatypeProperty):
        if node in ZJ:
            assert len(list(GRAPH.objects(node, RDFS.domain))) == 1, node
            assert len(list(GRAPH.objects(node, RDFS.range))) == 1, node
            is_literal = str(GRAPH.value(node, RDFS.range)).startswith(PREFIXES["xsd"])
            assert ((node, RDF.type, OWL.DatatypeProperty) in GRAPH) == is_literal, node


def test_what_is_ours_and_pointed_to_is_described():
    described = {*find_terms(*CLASS_KINDS, *PROPERTY_KINDS), *CONCEPTS, *SCHEMES}
    ours = {node for _, _, node in GRAPH if isinstance(node, URIRef) and node in ZJ}
    cube = {node for node in ours if "component-" in node} | {ZJ.figures, ZJ.figureStructure}
    assert ours - cube - {URIRef(str(ZJ))} - described == set()


def test_the_header_says_what_a_citation_needs():
    header = URIRef(ONTOLOGY)
    version = str(GRAPH.value(header, OWL.versionInfo))
    assert version == __version__
    assert str(GRAPH.value(header, OWL.versionIRI)) == f"{ONTOLOGY}/{version}"
    assert str(GRAPH.value(header, VANN.preferredNamespaceUri)) == str(ZJ)
    assert PREFIXES[str(GRAPH.value(header, VANN.preferredNamespacePrefix))] == str(ZJ)
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.bibliographicCitation):
        assert languages(header, predicate) == ["en", "zh"]
    for citation in GRAPH.objects(header, DCTERMS.bibliographicCitation):
        assert f"{ONTOLOGY}/{version}" in citation
    for predicate in (DCTERMS.creator, DCTERMS.license, DCTERMS.issued, DCTERMS.modified, RDFS.seeAlso):
        assert any(GRAPH.objects(header, predicate)), predicate
    assert GRAPH.value(header, DCTERMS.issued).toPython() <= GRAPH.value(header, DCTERMS.modified).toPython()
    assert not any(GRAPH.objects(header, OWL.imports))


# ---- of one mind with the graph


@cache
def built_graph() -> Dataset:
    """The graph of the fixture home, read back from its N-Quads."""
    out = io.BytesIO()
    write_nquads(shared_home(), out)
    dataset = Dataset()
    dataset.parse(data=out.getvalue().decode("utf-8"), format="nquads")
    return dataset


def test_every_predicate_and_class_of_the_graph_is_described():
    described = {*find_terms(*CLASS_KINDS, *PROPERTY_KINDS), RDF.type}
    predicates, classes = set(), set()
    for subject, predicate, value, _ in built_graph().quads():
        if (subject, predicate, value) not in GRAPH:
            predicates.add(predicate)
            classes |= {value} if predicate == RDF.type else set()
    assert len(predicates) > 70 and len(classes) > 20
    assert predicates - described == set()
    assert classes - described == set()


# ---- loads elsewhere, and no reasoner finds a contradiction


def test_it_loads_in_rdflib_and_in_oxigraph_as_the_same_triples():
    store = Store()
    for entry in resources.files("ontology").iterdir():
        if entry.name.endswith(".ttl"):
            store.load(entry.read_bytes(), format=RdfFormat.TURTLE)
    assert len(store) == len(GRAPH)
    assert not [node for node in GRAPH.all_nodes() if isinstance(node, BNode)]


def reason(graph: Graph) -> list[str]:
    """Makes the OWL RL closure over the ontology, the standards and a graph, in the graph; returns the contradictions."""
    graph += GRAPH
    graph.parse(STANDARDS)
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return [str(graph.value(node, ERRNS.error)) for node in graph.subjects(RDF.type, ERRNS.ErrorMessage)]


def small_graph() -> Graph:
    """The fixture graph without those thousands of concepts that nothing in it uses."""
    places = (f"{DATA}programme-catalogue-2021/", f"{DATA}gb-t-2260/")
    quads = list(built_graph().quads())
    used = {
        each for subject, _, each, _ in quads if str(each).startswith(places) and not str(subject).startswith(places)
    }
    graph = Graph()
    for subject, predicate, value, _ in quads:
        if not [each for each in (subject, value) if str(each).startswith(places) and each not in used]:
            graph.add((subject, predicate, value))
    return graph


def test_a_reasoner_finds_no_contradiction_and_draws_the_right_conclusions():
    graph = small_graph()
    assert (SCHOOL, RDF.type, ZJ.School) in graph and (SCHOOL, RDF.type, ORG.Organization) not in graph
    assert reason(graph) == []
    assert (SCHOOL, RDF.type, ORG.Organization) in graph
    for partnership in graph.subjects(RDF.type, ZJ.Partnership):
        assert (partnership, RDF.type, ZJ.Record) in graph
    for school, other in list(graph.subject_objects(ZJ.collaboratesWith)):
        assert (other, ZJ.collaboratesWith, school) in graph
        assert (school, ORG.linkedTo, other) in graph
    for member, group in graph.subject_objects(ZJ.memberOf):
        assert (member, ORG.memberOf, group) in graph


# Each a thing that cannot be: the node that a reasoner must name, and what is said of it.
CANNOT_BE = """
id:two-classes a zj:School, zj:Enterprise .
id:no-group a zj:School . id:member zj:memberOf id:no-group .
id:no-school a zj:Region . id:no-school zj:operatesBase id:base .
id:no-place a zj:Government . id:location zj:place id:no-place .
id:scheme a skos:ConceptScheme, skos:Concept .
id:no-record a zj:Region ; zj:year 2023 .
id:no-relation a zj:Figure ; zj:headcount 40 .
id:no-programme a zj:Designation . id:offering zj:offeredProgramme id:no-programme .
id:one a zj:School ; owl:differentFrom id:other . id:figure zj:about id:one, id:other .
id:no-concept a skos:ConceptScheme . id:partnership zj:mode id:no-concept .
"""


def test_a_contradiction_is_found():
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    graph = Graph().parse(data=prefixes + CANNOT_BE, format="turtle")
    found = reason(graph)
    for node in re.findall(r"^(?:id):([\w-]+)", CANNOT_BE, re.M):
        assert [message for message in found if f"{DATA}{node}" in message], node


# ---- the page, and the whole as one file


class Reader(HTMLParser):
    """Notes ids, links, what would be fetched, and elements that are not closed."""

    VOID = frozenset({"br", "input", "link", "meta"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []  # language, text
        self.spoken: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []
        self.fetched += [found[key] for key in ("src", "srcset", "action") if key in found]
        self.fetched += [found["href"]] if tag == "link" and not found["href"].startswith("data:") else []
        assert tag not in ("script", "iframe", "img", "object")
        assert not [key for key in found if key.startswith("on")]
        if tag not in self.VOID:
            self.open.append(tag)
            self.spoken.append(found.get("lang") or (self.spoken[-1] if self.spoken else ""))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.spoken.pop()

    def handle_data(self, data):
        self.texts.append((self.spoken[-1] if self.spoken else "", data))


PAGE = ontology_page()
READ = Reader(PAGE)


def test_each_iri_leads_to_its_place_on_the_page():
    for node in [*find_terms(*CLASS_KINDS, *PROPERTY_KINDS), *CONCEPTS, *SCHEMES]:
        if node in ZJ:
            assert READ.ids.count(str(node).rpartition("#")[2]) == 1, node
    assert {"org-member", "skos-prefLabel", "gb-t-2260"} <= set(READ.ids)
    assert len(READ.ids) == len(set(READ.ids))


def test_links_inside_the_page_lead_somewhere_and_nothing_is_fetched():
    assert READ.open == []
    inside = {link.removeprefix("#") for link in READ.links if link.startswith("#")}
    assert len(inside) > 150
    assert inside - set(READ.ids) == set()
    assert {link for link in READ.links if not re.match(r"#|https?://[\w.]+/", link)} == set()
    assert READ.fetched == []
    assert "url(" not in PAGE and "@import" not in PAGE


def test_the_page_says_all_in_both_languages():
    said = {language: " ".join(text for spoken, text in READ.texts if spoken == language) for language in ("zh", "en")}
    for node in [*find_terms(*CLASS_KINDS, *PROPERTY_KINDS), *CONCEPTS, *SCHEMES]:
        for predicate in (RDFS.label, SKOS.prefLabel, RDFS.comment, SKOS.definition, SKOS.example):
            for text in GRAPH.objects(node, predicate):
                assert str(text) in said[text.language] or str(text) in said[""], text
    assert 'id="-zh" checked' in PAGE
    assert 'id="-en" checked' in ontology_page("en")


def test_what_a_term_says_cannot_break_the_page(monkeypatch):
    hostile = read_ontology()
    hostile.set((ZJ.School, RDFS.comment, Literal('</p><script>alert(1)</script>"&', lang="zh")))
    monkeypatch.setattr("kg.ontology_page.read_ontology", lambda: hostile)
    text = ontology_page()
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    Reader(text)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # inside rdflib
def test_turtle_and_jsonld_hold_the_whole(capfdbinary, tmp_path):
    assert set(Graph().parse(data=ontology_turtle(), format="turtle")) == set(GRAPH)
    assert set(Graph().parse(data=ontology_jsonld(), format="json-ld")) == set(GRAPH)
    for ending in ("html", "ttl", "jsonld"):
        with pytest.raises(SystemExit) as ended:
            main(["ontology", "--to", str(tmp_path / f"文件 1.{ending}")])
        assert ended.value.code == 0
    assert (tmp_path / "文件 1.html").read_text(encoding="utf-8") == PAGE
    assert (tmp_path / "文件 1.jsonld").read_text(encoding="utf-8") == ontology_jsonld()
    capfdbinary.readouterr()
    with pytest.raises(SystemExit):
        main(["ontology", "--format", "ttl"])
    assert set(Graph().parse(data=capfdbinary.readouterr().out, format="turtle")) == set(GRAPH)
    with pytest.raises(SystemExit) as ended:
        main(["ontology", "--to", str(tmp_path / "x.pdf")])
    assert ended.value.code == 2


@pytest.mark.browser
def test_the_page_in_a_browser(tmp_path):
    file = tmp_path / "本体 1.html"
    file.write_text(PAGE, encoding="utf-8")
    with open_browser() as browser:
        for size in (DESKTOP, PHONE):
            with open_page(browser, file, size) as (page, heard):
                page.goto(f"{file.as_uri()}#partner")
                assert page.locator("#partner").bounding_box()["y"] < size[1] / 2
                shown = page.locator("#partner h3").inner_text()
                assert "合作单位" in shown and "partner " not in shown.replace("zj:partner", "")
                page.get_by_text("English", exact=True).click()
                assert page.locator("h1").inner_text() == "Ontology of vocational schools, programmes and partners"
                assert "合作单位" not in page.locator("main").inner_text()
                assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
                assert (heard.requests, heard.errors) == ([], [])
