"""Shapes of the graph: they are right SHACL, sound graphs keep them, and each of them catches a graph that breaks it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from graph_home import STATEMENTS, make_home, shared_home
from rdflib import RDF, SH, Graph, URIRef

from kg import cli, shapes, store
from kg.decision_file import add_decision, read_decided_files
from kg.errors import MissingStore
from kg.pipeline import build
from kg.quads import write_text, write_value
from kg.schema import DATA, PREFIXES, load_schema
from kg.schemes import scheme_quads
from kg.shapes import Fault, ReportGraphs, find_faults, list_faults

SAMPLES = Path(__file__).parents[1] / "kg" / "samples"
FOLDER = Path(__file__).parents[1] / "ontology" / "shapes"
ZJS = "https://w3id.org/zhijiao-kg/shapes#"
KINDS = ("reports", "entities", "concepts")

SCHOOL, ENTERPRISE = "id:school/667ed4760304", "id:enterprise/4ea878d15f75"
PROGRAMME, REGION = "id:programme/5f6342801149", "id:region/0dcebb89584a"
HOSPITAL, GROUP, OFFICE = (
    "id:hospital/dcacc0afb95d",
    "id:education-group/5ea1c4c8bd08",
    "id:government/f2e8f3988d5b",
)
COMMUNITY = "id:community/d41a44f8b23c"
PARTNERSHIP, OFFERING = "id:statement/1ace6a668ea8b657", "id:statement/b8de80ef942473b8"
COLLABORATION, MEMBERSHIP = "id:statement/a2135e97c8191bbb", "id:statement/3c9b9d5d0c6014a9"
BASE, AWARD = "id:statement/807b5afb0f53da0d", "id:statement/72ab907a92db6886"
LOCATION, ADMINISTRATION = "id:statement/1b489710d02d1e61", "id:statement/f10c7d4d9c9c1594"
HOSTING, CHECK = "id:statement/529ced799acde2f4", "id:statement/82013c21366819f1"
FIGURE, SHARE = "id:statement/8de7addc7e73370f", "id:statement/1911e3f84981f8c4"
REPORT, CITY = "id:report/baiyanghu-2023", "id:report/baoding-2023"
EVIDENCE = "id:evidence/1ace6a668ea8b657"
LINK = "id:link/c88e733810d3e8f7"
CATALOGUE, OTHER = "id:programme-catalogue-2021/700206", "id:programme-catalogue-2021/660301"
DIVISION = "id:gb-t-2260/130632"
OLD = "id:enterprise/0000aaaa0000"

TABLE_ROW = ("4 校企合作 / 4.1 学生实习", 12, 6, 2, "汽修 长城哈弗 2023.8 40 顶岗实习")

# shape, subject, property, what it says instead, what the explanation says that the graph has
BROKEN_REPORTS: tuple[tuple[str, str, str, tuple[Any, ...], str], ...] = (
    ("fact-type", PARTNERSHIP, "rdf:type", ("zj:Partnership", "zj:School"), "学校"),
    ("fact-report", PARTNERSHIP, "dcterms:source", (REPORT, CITY), "2 个"),
    ("fact-evidence", PARTNERSHIP, "zj:evidence", (), "没有"),
    ("fact-section", PARTNERSHIP, "zj:section", (4,), "4"),
    ("fact-page", PARTNERSHIP, "zj:page", (0,), "0"),
    ("fact-table", PARTNERSHIP, "zj:table", (-6,), "-6"),
    ("fact-row", PARTNERSHIP, "zj:row", (2, 3), "2 个：2；3"),
    ("fact-caption", PARTNERSHIP, "zj:caption", ("表6", "表7"), "2 个"),
    ("fact-decided", PARTNERSHIP, "zj:decidedBecause", (" ",), "文字"),
    ("partnership", PARTNERSHIP, "zj:workstations", (12,), "工位数 12"),
    ("partnership-source", PARTNERSHIP, "zj:partneringParty", (ENTERPRISE,), "长城哈弗（企业）"),
    ("partnership-target", PARTNERSHIP, "zj:partner", (PROGRAMME,), "汽车运用与维修（专业）"),
    ("offering", OFFERING, "zj:role", ("zj:role-leader",), "角色 牵头"),
    ("offering-source", OFFERING, "zj:provider", (HOSPITAL,), "白洋湖县人民医院（医院）"),
    ("offering-target", OFFERING, "zj:offeredProgramme", (), "没有"),
    ("collaboration", COLLABORATION, "zj:headcount", (40,), "人数 40"),
    ("collaboration-source", COLLABORATION, "zj:collaborator", (OFFICE,), "政府部门"),
    ("collaboration-target", COLLABORATION, "zj:otherCollaborator", (SCHOOL,), "白洋湖职业技术学校（学校）"),
    ("membership", MEMBERSHIP, "zj:headcount", (3,), "人数 3"),
    ("membership-source", MEMBERSHIP, "org:member", (PROGRAMME,), "专业"),
    ("membership-target", MEMBERSHIP, "org:organization", (SCHOOL,), "白洋湖职业技术学校（学校）"),
    ("hosting", HOSTING, "zj:headcount", (3,), "人数 3"),
    ("hosting-source", HOSTING, "zj:host", (COMMUNITY,), "新能源汽车行业产教融合共同体（行业产教融合共同体）"),
    ("hosting-target", HOSTING, "zj:hostedGroup", (REGION,), "安新县（行政区）"),
    ("award", AWARD, "zj:headcount", (3,), "人数 3"),
    ("award-source", AWARD, "zj:awardee", (OFFICE,), "政府部门"),
    ("award-target", AWARD, "zj:awardedDesignation", (GROUP,), "职业教育集团"),
    ("base", BASE, "zj:headcount", (3,), "人数 3"),
    ("base-source", BASE, "zj:operator", (ENTERPRISE,), "长城哈弗（企业）"),
    ("base-target", BASE, "zj:operatedBase", (SCHOOL,), "学校"),
    ("location", LOCATION, "zj:year", (2023,), "年份 2023"),
    ("location-source", LOCATION, "zj:locatedParty", (REGION,), "行政区"),
    ("location-target", LOCATION, "zj:place", (OFFICE,), "安新县教育和体育局（政府部门）"),
    ("administration", ADMINISTRATION, "zj:year", (2023,), "年份 2023"),
    ("administration-source", ADMINISTRATION, "zj:administeredParty", (OFFICE,), "政府部门"),
    ("administration-target", ADMINISTRATION, "zj:authority", (ENTERPRISE,), "企业"),
    ("mode", PARTNERSHIP, "zj:mode", ("zj:mode-holiday",), "zj:mode-holiday"),
    ("mode-scheme", PARTNERSHIP, "zj:mode", ("zj:role-leader",), "牵头"),
    ("status", OFFERING, "zj:status", ("开设",), "“开设”（文字）"),
    ("status-scheme", OFFERING, "zj:status", ("zj:mode-other",), "其他"),
    ("role", MEMBERSHIP, "zj:role", ("zj:role-leader", "zj:role-member"), "2 个：牵头；成员"),
    ("role-scheme", MEMBERSHIP, "zj:role", ("zj:mode-other",), "其他"),
    ("programme-name", PARTNERSHIP, "zj:programmeName", (7,), "7"),
    ("programme", PARTNERSHIP, "zj:programme", (ENTERPRISE,), "长城哈弗（企业）"),
    ("partner-name", BASE, "zj:partnerName", ("",), "“”（文字）"),
    ("base-partner", BASE, "zj:basePartner", (PROGRAMME,), "专业"),
    ("year", PARTNERSHIP, "zj:year", (20203,), "20203"),
    ("since", OFFERING, "zj:since", (2005, 2006), "2 个：2005；2006"),
    ("headcount", PARTNERSHIP, "zj:headcount", (0,), "0"),
    ("enrolment", OFFERING, "zj:headcount", ("三百",), "“三百”（文字）"),
    ("code", OFFERING, "zj:code", (700206,), "700206"),
    ("designation", OFFERING, "zj:designation", (5,), "5"),
    ("area", BASE, "zj:area", (-2600.5,), "-2600.5"),
    ("workstations", BASE, "zj:workstations", (180.5,), "180.5"),
    ("figure", SHARE, "zj:value", (967.5,), "数值 967.5，单位 “%”（文字）"),
    ("figure-about", FIGURE, "zj:about", (PROGRAMME,), "汽车运用与维修（专业）"),
    ("figure-indicator", FIGURE, "zj:indicator", (), "没有"),
    ("figure-indicator-scheme", FIGURE, "zj:indicator", ("zj:mode-other",), "其他"),
    ("figure-value", FIGURE, "zj:value", ("一千多",), "“一千多”（文字）"),
    ("figure-unit", FIGURE, "zj:unit", ("人", "所"), "2 个"),
    ("figure-year", FIGURE, "zj:year", (2022, 2023), "2 个：2022；2023"),
    ("figure-cube", FIGURE, "qb:dataSet", (), "没有"),
    ("figure-observation", FIGURE, "rdf:type", ("zj:Figure",), "数据"),
    ("figure-id", FIGURE, "dcterms:identifier", (), "没有"),
    ("report-id", REPORT, "dcterms:identifier", (), "没有"),
    ("report-level", REPORT, "zj:level", (), "没有"),
    ("report-level-scheme", REPORT, "zj:level", ("zj:mode-other",), "其他"),
    ("report-title", REPORT, "dcterms:title", ("甲", "乙"), "2 个"),
    ("report-publisher-name", REPORT, "zj:publisherName", ("甲", "乙"), "2 个"),
    ("report-publisher", REPORT, "dcterms:publisher", (PROGRAMME,), "专业"),
    ("report-region-name", REPORT, "zj:regionName", (1306,), "1306"),
    ("report-region", REPORT, "dcterms:spatial", (SCHOOL,), "学校"),
    ("report-year", REPORT, "zj:reportYear", (203,), "203"),
    ("report-published", REPORT, "zj:publishedYear", ("去年",), "去年"),
    ("report-order", REPORT, "zj:publishedYear", (2021,), "2023"),
    ("report-file", REPORT, "zj:sourceFile", ("a.docx", "b.docx"), "2 个"),
    ("report-sha256", REPORT, "zj:sha256", ("xyz",), "xyz"),
    ("report-characters", REPORT, "zj:characters", (-1,), "-1"),
    ("report-version", REPORT, "owl:versionInfo", ("1", "2"), "2 个"),
    ("evidence-report", EVIDENCE, "oa:hasSource", (), "没有"),
    ("evidence-quote", EVIDENCE, "oa:hasSelector", (f"{EVIDENCE}#position",), ""),
    ("evidence-position", EVIDENCE, "oa:hasSelector", (f"{EVIDENCE}#text",), ""),
    ("said-subject", EVIDENCE, "zj:saidSubject", ("我校", "学校"), "2 个"),
    ("said-object", EVIDENCE, "zj:saidObject", ("甲", "乙"), "2 个"),
    ("extractor", EVIDENCE, "zj:extractor", ("甲", "乙"), "2 个"),
    ("quote-exact", f"{EVIDENCE}#text", "oa:exact", (" ",), "“ ”（文字）"),
    ("position", f"{EVIDENCE}#position", "oa:end", (300,), "起点 300，终点 300"),
    ("position-start", f"{EVIDENCE}#position", "oa:start", (-3,), "-3"),
    ("position-end", f"{EVIDENCE}#position", "oa:end", (), "没有"),
    ("link", LINK, "zj:linkedConcept", (DIVISION,), "安新县"),
    ("link-entity", LINK, "zj:linkedEntity", (), "没有"),
    ("link-concept", LINK, "zj:linkedConcept", ("id:programme-catalogue-2021/999999",), "programme-catalogue-2021/999999"),
    ("link-way", LINK, "zj:linkWay", ("exact",), "exact"),
    ("link-way-scheme", LINK, "zj:linkWay", ("zj:mode-other",), "其他"),
    ("link-words", LINK, "zj:linkWords", ("甲", "乙"), "2 个"),
    ("link-from", LINK, "prov:wasDerivedFrom", ("甲",), "甲"),
    ("check-kind", CHECK, "zj:checkKind", (), "没有"),
    ("check-kind-scheme", CHECK, "zj:checkKind", ("zj:mode-other",), "其他"),
    ("check-verdict", CHECK, "zj:verdict", (), "没有"),
    ("check-verdict-scheme", CHECK, "zj:verdict", ("zj:mode-other",), "其他"),
    ("check-of", CHECK, "zj:checkOf", (CITY,), "质量报告"),
    ("check-what", CHECK, "zj:checked", (), "没有"),
    ("check-stated", CHECK, "zj:stated", ("二十三",), "二十三"),
    ("check-found", CHECK, "zj:found", (1, 2), "2 个：1；2"),
    ("check-year", CHECK, "zj:year", (23,), "23"),
    ("check-against", CHECK, "zj:comparedWith", ("甲",), "甲"),
    ("named-name", SCHOOL, "skos:prefLabel", ("甲校", "乙校"), "2 个：“乙校”（文字）；“甲校”（文字）"),
    ("named-other", SCHOOL, "skos:altLabel", ("白洋湖职业技术学校",), "白洋湖职业技术学校"),
)  # fmt: skip

BROKEN_ENTITIES: tuple[tuple[str, str, str, tuple[Any, ...], str], ...] = (
    ("entity-type", SCHOOL, "rdf:type", ("zj:School", "zj:Enterprise"), "2 个"),
    ("entity-name", SCHOOL, "skos:prefLabel", ("甲校", "乙校"), "2 个"),
    ("entity-long-name", SCHOOL, "skos:prefLabel", ("校" * 61,), "校" * 61),
    ("entity-other-name", SCHOOL, "skos:altLabel", (5,), "5"),
    ("entity-search-text", SCHOOL, "zj:searchText", ("白洋湖",), "白洋湖"),
    ("entity-unit", ENTERPRISE, "org:unitOf", (PROGRAMME,), "汽车运用与维修（专业）"),
    ("entity-units", ENTERPRISE, "org:hasUnit", (PROGRAMME,), "汽车运用与维修（专业）"),
    ("entity-current", ENTERPRISE, "dcterms:isReplacedBy", (SCHOOL,), "学校"),
    ("linkable", PROGRAMME, "zj:unlinkedBecause", ("zj:unlinked-trade",), "汽车运用与维修"),
    ("linkable-match", PROGRAMME, "skos:mappingRelation", (CATALOGUE, OTHER), "2 个"),
    ("linkable-reason", PROGRAMME, "zj:unlinkedBecause", ("不详",), "不详"),
    ("linkable-reason-scheme", PROGRAMME, "zj:unlinkedBecause", ("zj:mode-other",), "其他"),
    ("linkable-proposal", PROGRAMME, "zj:proposedConcept", ("id:gb-t-2260/999999",), "gb-t-2260/999999"),
    ("programme-scheme", PROGRAMME, "skos:mappingRelation", (DIVISION,), "安新县"),
    ("programme-exact", PROGRAMME, "skos:exactMatch", (OTHER,), "机电技术应用"),
    ("programme-one-match", PROGRAMME, "skos:closeMatch", (CATALOGUE,), "汽车运用与维修"),
    ("region-scheme", REGION, "skos:mappingRelation", (CATALOGUE,), "汽车运用与维修"),
    ("region-exact", REGION, "skos:exactMatch", (), "没有"),
    ("redirect-to", OLD, "dcterms:isReplacedBy", (CATALOGUE,), "汽车运用与维修"),
    ("redirect-same", OLD, "owl:sameAs", (SCHOOL,), "白洋湖职业技术学校（学校）"),
    ("redirect-deprecated", OLD, "owl:deprecated", ("true",), "true"),
    ("redirect-empty", OLD, "skos:prefLabel", ("旧名",), "旧名"),
)
BROKEN_CONCEPTS: tuple[tuple[str, str, str, tuple[Any, ...], str], ...] = (
    ("concept", "zj:mode-other", "rdf:type", (), ""),
    ("concept-scheme", "zj:mode-other", "skos:inScheme", ("zj:modes", "zj:roles"), "2 个"),
    ("concept-notation", "zj:mode-other", "skos:notation", (), "没有"),
    ("concept-name", "zj:mode-other", "skos:prefLabel", ("其他",), "其他"),
    ("concept-one-name", "zj:mode-other", "skos:prefLabel", ("@甲", "@乙"), "2 个：“乙”（文字）；“甲”（文字）"),
    ("concept-level", "zj:mode-other", "zj:schemeLevel", ("zj:a", "zj:b"), "2 个"),
    ("concept-broader", "zj:mode-other", "skos:broader", ("zj:a", "zj:b"), "2 个"),
)


@cache
def lines_of(kind: str, report: str) -> tuple[str, ...]:
    """A part of the fixture's graph, sound as it is."""
    if kind == "concepts":
        return tuple(f"{line}\n" for line in load_schema().triples if "mode-other>" in line)
    graphs = ReportGraphs(shared_home())
    files = {file.report.report: file for file in read_decided_files(shared_home())}
    if kind == "reports":
        return tuple(graphs.list_facts(files[report]))
    redirect = [say(OLD, p, o) for p, o in (("dcterms:isReplacedBy", ENTERPRISE), ("owl:sameAs", ENTERPRISE))]
    deprecated = f'{expand(OLD)} {expand("owl:deprecated")} "true"^^<{PREFIXES["xsd"]}boolean> .\n'
    return (*(line for file in files.values() for line in graphs.list_entities(file)), *redirect, deprecated)


def expand(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return f"<{PREFIXES[prefix]}{rest}>"


def say(subject: str, predicate: str, value: Any) -> str:
    if isinstance(value, str) and value.startswith("@"):
        target = f"{write_text(value[1:])}@zh"
    elif isinstance(value, str) and value.partition(":")[0] in PREFIXES:
        target = expand(value)
    else:
        target = write_value(value)
    return f"{expand(subject)} {expand(predicate)} {target} .\n"


def break_graph(lines: tuple[str, ...], subject: str, predicate: str, values: tuple[Any, ...]) -> list[str]:
    """The graph with other values of one property of one node."""
    start = f"{expand(subject)} {expand(predicate)} "
    return [line for line in lines if not line.startswith(start)] + [say(subject, predicate, each) for each in values]


def report_of(subject: str) -> str:
    return "baoding-2023" if subject in (HOSTING, CHECK) else "baiyanghu-2023"


def named(faults: list[Fault], shape: str) -> Fault:
    return next(fault for fault in faults if fault.shape == shape)


# ---- the shapes themselves


@pytest.mark.parametrize("kind", KINDS)
def test_the_shapes_are_right_shacl(kind: str) -> None:
    whole = Graph()
    for name in shapes._FILES[kind]:
        whole.parse(FOLDER / name)
    pyshacl.validate(Graph(), shacl_graph=whole, meta_shacl=True)  # raises where a shape is none
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes._load_shapes(kind), meta_shacl=True)
    assert conforms, text


def list_shapes() -> dict[str, Graph]:
    """Each shape that constrains something, with the graph it stands in."""
    found = {}
    for path in sorted(FOLDER.glob("*.ttl")):
        graph = Graph().parse(path)
        remedies = Graph().parse(FOLDER / "remedies.ttl")
        for shape in {*graph.subjects(RDF.type, SH.PropertyShape), *graph.subjects(SH.message)}:
            found[str(shape).removeprefix(ZJS)] = graph + remedies
    return found


@pytest.mark.parametrize(
    ("name", "graph"), sorted(list_shapes().items()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_shape_says_its_rule_and_what_to_do_in_both_languages(name: str, graph: Graph) -> None:
    shape = URIRef(ZJS + name)
    assert sorted(text.language for text in graph.objects(shape, SH.message)) == ["en", "zh"]
    remedies = [text.language for text in graph.objects(graph.value(shape, URIRef(ZJS + "remedy")))]
    assert sorted(remedies) == ["en", "zh"]


def test_each_shape_is_tried() -> None:
    tried = [row[0] for row in (*BROKEN_REPORTS, *BROKEN_ENTITIES, *BROKEN_CONCEPTS)]
    assert set(list_shapes()) - set(tried) == {"entity"}  # a node without an IRI cannot be written at all
    assert len(tried) == len(set(tried))


def test_each_class_and_qualifier_of_the_ontology_has_its_shape() -> None:
    schema = load_schema()
    text = (FOLDER / "reports.ttl").read_text(encoding="utf-8")
    for relation in schema.relations.values():
        assert f"sh:targetClass zj:{relation.term.name} ;" in text
        for end in (relation.source, relation.target):
            assert f"sh:path {'org' if '/org#' in end else 'zj'}:{end.rpartition('#')[2]} ;" in text
    for iri in (*(each.property for each in schema.qualifiers.values()), *schema.entity_keys.values()):
        assert f"sh:path zj:{iri.rpartition('#')[2]} ;" in text
    leaves = Graph().parse(FOLDER / "entities.ttl")
    allowed = leaves.items(leaves.value(URIRef(ZJS + "entity-type"), SH["in"]))
    assert {str(each) for each in allowed} == set(schema.types.values())


# ---- sound graphs


def test_the_fixture_keeps_the_rules() -> None:
    assert list_faults(shared_home()) == []


def test_the_samples_keep_the_rules(tmp_path: Path) -> None:
    build([SAMPLES], tmp_path)
    assert list_faults(tmp_path) == []


@pytest.mark.gold
def test_the_gold_reports_keep_the_rules(gold_reports: Path, tmp_path: Path) -> None:
    build([gold_reports], tmp_path)
    assert list_faults(tmp_path) == []


def test_all_schemes_keep_the_rules() -> None:
    schema = load_schema()
    own = {iri for names in (schema.indicators, schema.levels, schema.verdicts) for iri in names.values()}
    lines = [f"{line}\n" for line in schema.triples if line[1 : line.index(">")] in own]
    assert find_faults("concepts", [*lines, *scheme_quads(schema)]) == []


# ---- each shape catches what breaks it


@pytest.mark.parametrize(("shape", "subject", "predicate", "values", "found"), BROKEN_REPORTS, ids=lambda value: value)
def test_what_a_report_says_wrongly(
    shape: str, subject: str, predicate: str, values: tuple[Any, ...], found: str
) -> None:
    report = report_of(subject)
    fault = named(find_faults("reports", break_graph(lines_of("reports", report), subject, predicate, values)), shape)
    assert found in fault.found.zh and fault.rule.zh and fault.remedy.zh and "{" not in fault.remedy.zh
    if shape not in ("report-id", "fact-report") and subject != SCHOOL:
        assert fault.report == report
    if subject in (PARTNERSHIP, EVIDENCE) and shape not in ("fact-evidence", "fact-report", "evidence-quote"):
        place = fault.evidence
        assert place is not None and place.text == TABLE_ROW[4]
        if "fact-" not in shape:
            assert (place.section, place.page, place.table, place.row) == TABLE_ROW[:4]


@pytest.mark.parametrize(
    ("shape", "subject", "predicate", "values", "found"), BROKEN_ENTITIES, ids=lambda value: str(value)
)
def test_an_entity_that_is_described_wrongly(
    shape: str, subject: str, predicate: str, values: tuple[Any, ...], found: str
) -> None:
    fault = named(find_faults("entities", break_graph(lines_of("entities", ""), subject, predicate, values)), shape)
    assert found in fault.found.zh and fault.node == expand(subject).strip("<>") and "{" not in fault.remedy.zh


@pytest.mark.parametrize(
    ("shape", "subject", "predicate", "values", "found"), BROKEN_CONCEPTS, ids=lambda value: str(value)
)
def test_a_concept_that_is_described_wrongly(
    shape: str, subject: str, predicate: str, values: tuple[Any, ...], found: str
) -> None:
    fault = named(find_faults("concepts", break_graph(lines_of("concepts", ""), subject, predicate, values)), shape)
    assert found in fault.found.zh and fault.node == expand(subject).strip("<>")


def test_a_fact_that_people_added_stands_in_no_text(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    ends = {"subject": f"白洋湖职业技术学校 <{DATA}school/667ed4760304>", "object": "丙公司 (Enterprise)"}
    add_decision(home, {"add": {**ends, "predicate": "partnersWith"}, "source": "来函", "reason": "补录"})
    assert list_faults(home) == []


# ---- from a home to the command line


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]):
    def run_command(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(each) for each in arguments])
        out, err = capfdbinary.readouterr()
        return ended.value.code or 0, out.decode("utf-8"), err.decode("utf-8")  # type: ignore[return-value]

    return run_command


def edit(home: Path, report: str, old: str, new: str) -> None:
    path = home / "statements" / f"{report}.jsonl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(STATEMENTS, tmp_path / "图谱" / "statements")
    return tmp_path / "图谱"


def test_a_fault_is_told_with_its_place_and_what_to_do(home: Path, run) -> None:
    edit(home, "baiyanghu-2023", '"headcount": 40, "modes"', '"headcount": -40, "modes"')
    code, out, err = run("check", "--home", home)
    assert code == 1 and "1 violations of the graph's rules, 0 warnings" in err
    told = out[out.index("违反规则") :].splitlines()
    assert told[:5] == [
        "违反规则：校企合作：白洋湖职业技术学校 → 长城哈弗",
        "规则：人数须为大于 0 的整数。",
        "图中：-40",
        "位置：baiyanghu-2023，4 校企合作 / 4.1 学生实习，第12页，表6第2行",
        "原文：汽修 长城哈弗 2023.8 40 顶岗实习",
    ]
    assert "kg identity reject 1ace6a668ea8b657 --reason 理由" in told[5]
    assert run("check", "baoding-2023", "--home", home)[0] == 0


def test_a_wrong_decision_about_a_type_shows_in_every_fact_and_can_be_undone(home: Path, run) -> None:
    store.rebuild(home)
    add_decision(home, {"retype": f"长城哈弗 <{DATA}enterprise/4ea878d15f75>", "to": "Programme", "reason": "误"})
    store.rebuild(home)
    code, out, _ = run("check", "--format", "json", "--home", home)
    rows = [row for row in json.loads(out) if row["check"] == "shape"]
    assert code == 1 and {row["report"] for row in rows} == {"旧/baiyanghu-2022", "baiyanghu-2023", "baoding-2023"}
    assert {row["id"] for row in rows} == {"partnership-target", "membership-source"}
    row = next(row for row in rows if row["id"] == "partnership-target")
    assert row["instead"] == {"zh": "长城哈弗（专业）", "en": "长城哈弗 (programme)"}
    assert row["rule"]["en"].startswith("The partner is exactly one enterprise")
    assert "kg identity retype “长城哈弗” 类型" in row["remedy"]["zh"]
    (home / "identity" / "decisions.yaml").unlink()
    store.rebuild(home)
    assert run("check", "--home", home)[0] == 0


def test_a_fact_that_people_corrected_wrongly_says_so(home: Path) -> None:
    store.rebuild(home)
    change = {"qualifiers": {"year": 20203}}
    add_decision(home, {"correct": "1ace6a668ea8b657", "set": change, "reason": "看错年份"})
    store.rebuild(home)
    (fault,) = list_faults(home)
    assert fault.shape == "year" and fault.is_violation
    assert fault.remedy.zh.startswith("这条事实经人工更正或补录（理由：看错年份）：kg identity list")


def test_a_warning_is_no_failure(home: Path, run) -> None:
    edit(home, "baiyanghu-2023", '"value": 96.75', '"value": 967.5')
    code, out, _ = run("check", "--format", "csv", "--home", home)
    assert code == 0
    row = next(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert (row["结论"], row["核对类型"], row["报告"]) == ("存疑", "图谱规则", "baiyanghu-2023")
    assert row["核对内容"] == "百分比一般不超过 100。" and row["原文"] == "毕业生就业率为96.75%。"


def test_a_fault_of_an_entity_names_a_place_that_speaks_of_it(home: Path) -> None:
    edit(home, "baiyanghu-2023", '"name": "蒙牛"', f'"name": "{"与蒙牛等企业" * 11}"')
    (fault,) = list_faults(home)
    assert (fault.shape, fault.severity, fault.report) == ("entity-long-name", "warning", "baiyanghu-2023")
    assert fault.evidence is not None and fault.evidence.text == "白洋湖职校还与蒙牛等企业保持合作。"


def test_only_what_is_new_is_looked_at_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def watch(kind: str, lines: list[str]) -> list[Fault]:
        seen.append(kind)
        return find_faults(kind, lines)

    monkeypatch.setattr(shapes, "find_faults", watch)
    assert list_faults(home) == [] and sorted(seen) == ["entities"] * 3 + ["reports"] * 3
    seen.clear()
    edit(home, "baoding-2023", '"modes": ["就业合作"]', '"headcount": 0, "modes": ["就业合作"]')
    first = list_faults(home)
    assert seen == ["reports"] and [fault.shape for fault in first] == ["headcount"]
    assert list_faults(home) == first and seen == ["reports"]
    (home / shapes.KEPT).write_text("坏", encoding="utf-8")
    assert list_faults(home) == first and len(seen) == 7


def test_a_home_that_nothing_was_built_in(tmp_path: Path) -> None:
    with pytest.raises(MissingStore):
        list_faults(tmp_path)
