"""The ontology as the machine reads it: of one mind with the core types."""

from __future__ import annotations

from importlib import resources

from rdflib import BNode, Graph

from kg.model import EntityType, Predicate
from kg.reference_data import CATALOGUE, REGIONS
from kg.schema import load_schema

SCHEMA = load_schema()
OWN = "https://w3id.org/zhijiao-kg/ontology#"


def test_a_term_carries_what_the_ontology_says_of_it():
    terms = {term.iri: term for term in (*SCHEMA.classes, *SCHEMA.properties)}
    school = terms[f"{OWN}School"]
    assert (school.name, school.label_zh, school.label_en) == ("School", "学校", "school")
    assert "中职" in school.comment_zh and "college" in school.comment_en
    assert "职业技术学校" in school.example_zh and "Vocational School" in school.example_en


def test_a_name_means_one_term():
    names = [term.name for term in (*SCHEMA.classes, *SCHEMA.properties)]
    assert len(names) == len(set(names))


def test_types_and_predicates_are_those_of_the_core():
    assert set(SCHEMA.types) == {str(each) for each in EntityType}
    assert set(SCHEMA.relations) == {str(each) for each in Predicate}


def test_relation_classes_name_properties_that_exist():
    known = {term.iri for term in SCHEMA.properties}
    for relation in SCHEMA.relations.values():
        assert {relation.source, relation.target, relation.edge} <= known
        assert relation.source != relation.target


def test_closed_lists():
    assert len(SCHEMA.indicators) == 18
    assert len(SCHEMA.qualifiers["modes"].concepts) == 17
    assert set(SCHEMA.qualifiers["role"].concepts) == {"牵头", "常务理事", "理事", "成员"}
    assert set(SCHEMA.qualifiers["status"].concepts) == {"开设", "新增", "停办", "扩招", "缩招"}
    assert set(SCHEMA.entity_keys) == {"programmes", "partners"}
    assert set(SCHEMA.schemes) == {CATALOGUE, REGIONS}
    assert set(SCHEMA.link_words) == {*SCHEMA.link_ways, *SCHEMA.unlinked_reasons}
    assert {way.match.rpartition("#")[2] for way in SCHEMA.link_ways.values()} == {
        "exactMatch",
        "closeMatch",
        "broadMatch",
    }


def test_files_have_no_blank_nodes_and_define_no_term_twice():
    defined: dict[str, str] = {}
    files = [entry for entry in resources.files("ontology").iterdir() if entry.name.endswith(".ttl")]
    assert len(files) >= 5
    for entry in files:
        graph = Graph().parse(data=entry.read_text(encoding="utf-8"), format="turtle")
        assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]
        for subject in {str(node) for node in graph.subjects() if str(node).startswith(OWN)}:
            assert defined.setdefault(subject, entry.name) == entry.name


def test_labels_of_what_is_unknown_are_the_name_itself():
    assert SCHEMA.label("partnersWith") == "合作"
    assert SCHEMA.label("School", "en") == "school"
    assert SCHEMA.label("nothing") == "nothing"
