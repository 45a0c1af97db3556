"""Whether a home's graph keeps the rules of ``ontology/shapes``: SHACL Core, run by pySHACL.

Report by report, since pySHACL walks in Python through a graph in memory: what one report says, with its evidence, the
types of its entities and the concepts it uses; then the entities that it is the first to name, as all reports together
describe them. What was found is kept in ``<home>/store/shapes.json`` by a hash of what was looked at, so that only new
and changed reports are looked at again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import pyshacl
from rdflib import RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg import __version__
from kg.branches import find_branches
from kg.checks import ReportCheck, check_reports
from kg.current_store import pin_graph
from kg.decision_file import load_decisions, read_decided_files
from kg.errors import KgError, MissingStore
from kg.graph_quads import rename_quads
from kg.merged_entities import MergedEntity, Naming
from kg.quads import (
    branch_quads,
    check_quads,
    entity_quads,
    redirect_quads,
    statement_file_quads,
    write_iri,
    write_text,
)
from kg.reference_data import read_schemes
from kg.renames import FoundRename, Renames
from kg.schema import DATA, PREFIXES, ZJ, Schema, load_schema
from kg.schemes import scheme_quads
from kg.statement_files import EvidenceRecord, StatementFile, has_statement_files, list_statement_files
from kg.whole_files import write_aside

ZJS = Namespace("https://w3id.org/zhijiao-kg/shapes#")
DCTERMS, OA = (Namespace(PREFIXES[prefix]) for prefix in ("dcterms", "oa"))
KEPT = Path("store") / "shapes.json"

# A line of N-Quads without the name of its graph.
_QUAD = re.compile(r'(<[^>]*> <[^>]*> (?:<[^>]*>|"[^"\\]*(?:\\.[^"\\]*)*"(?:\^\^<[^>]*>|@[\w-]+)?))(?: <[^>]*>)? \.\n?')
_TYPE, _LABEL = write_iri(str(RDF.type)), write_iri(str(RDFS.label))


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A node of the graph that breaks a rule: the rule, what the graph has instead, where it stands, what to do."""

    report: str  # its id; "" where no report is known to say it
    severity: str  # "violation": a fault of the graph; "warning": a value to look at
    shape: str  # the rule's name: "headcount"
    node: str  # the IRI of the fact, the entity or the report
    about: str  # what that is in words: "校企合作：甲校 → 乙公司"
    rule: Words
    found: Words
    remedy: Words
    evidence: EvidenceRecord | None = None

    @property
    def is_violation(self) -> bool:
        return self.severity == "violation"


def list_faults(
    home: Path, reports: Sequence[str] = (), on_progress: Callable[[str, int, int], None] | None = None
) -> list[Fault]:
    """All faults of a home's graph, or of some of its reports, violations first, then by report and place.

    ``on_progress`` takes the report at hand, how many are done, and how many there are. Raises MissingStore where nothing was
    built.
    """
    if not has_statement_files(home):
        raise MissingStore(f"{home}: there is nothing to check yet; make it with: kg build PATH --home {home}")
    with pin_graph(home) as pinned:
        return _list_faults(pinned, _Kept(home, partly=bool(reports)), reports, on_progress)


def _list_faults(
    home: Path, kept: _Kept, reports: Sequence[str], on_progress: Callable[[str, int, int], None] | None
) -> list[Fault]:
    paths = list_statement_files(home)
    graphs = ReportGraphs(home)
    faults: list[Fault] = []
    for done, file in enumerate(read_decided_files(home)):
        report = file.report.report
        if reports and report not in reports:
            continue
        if on_progress is not None:
            on_progress(report, done, len(paths))
        found = kept.find("reports", graphs.list_facts(file)) + kept.find("entities", graphs.list_entities(file))
        faults += (
            replace(each, report=report, evidence=each.evidence or _find_mention(file, each.node)) for each in found
        )
    if not reports:
        faults += kept.find("entities", graphs.list_redirects())
    kept.write()
    return sorted(faults, key=_order)


def find_faults(kind: str, lines: Iterable[str]) -> list[Fault]:
    """The faults of a graph given as lines of N-Quads: of "reports", what one report says with its evidence; of
    "entities", the descriptions of entities over all reports; of "concepts", concepts alone."""
    graph = _read_graph([*lines])
    shapes = _load_shapes(kind)
    conforms, results, _ = pyshacl.validate(graph, shacl_graph=shapes)
    if conforms:
        return []
    told = _Explaining(graph, shapes, results)
    return sorted({told.explain(result) for result in results.subjects(RDF.type, SH.ValidationResult)}, key=_order)


def _order(fault: Fault) -> tuple[object, ...]:
    place = fault.evidence.start if fault.evidence is not None else -1
    return (not fault.is_violation, fault.report, place, fault.node, fault.shape, fault.found.zh)


# ---- shapes and graphs

_FILES = {
    "reports": ("reports.ttl", "concepts.ttl", "remedies.ttl"),
    "entities": ("entities.ttl", "remedies.ttl"),
    "concepts": ("concepts.ttl", "remedies.ttl"),
}


_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)


def _read_shapes(kind: str) -> str:
    folder = resources.files("ontology") / "shapes"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in _FILES[kind])


@cache
def _load_shapes(kind: str) -> Graph:
    """The shapes, each property shape with the targets of its node shapes. It means the same, and pySHACL takes all nodes
    of a property shape at once rather than one by one: a fifth of the time."""
    shapes = Graph().parse(data=_read_shapes(kind), format="turtle")
    for node in {*shapes.subjects(RDF.type, SH.NodeShape)}:
        targets = [(p, o) for p, o in shapes.predicate_objects(node) if p in _TARGETS]
        properties = [*shapes.objects(node, SH.property)]
        if (ignored := shapes.value(node, SH.ignoredProperties)) is not None:
            paths = (path for each in properties for path in shapes.objects(each, SH.path) if isinstance(path, URIRef))
            allowed = [*shapes.items(ignored), *paths]
            shapes.set((node, SH.ignoredProperties, Collection(shapes, BNode(), allowed).uri))
        for each in properties:
            shapes.remove((node, SH.property, each))
            for predicate, target in targets:
                shapes.add((each, predicate, target))
    return shapes


def _read_graph(lines: Sequence[str]) -> Graph:
    """One graph of lines of N-Quads and of what they need of the ontology: the tree of classes, the concepts used."""
    triples = [_QUAD.fullmatch(line) for line in lines]
    text = [f"{match[1]} .\n" for match in triples if match is not None]
    assert len(text) == len(lines), "each line is a quad"
    known = _read_concepts()
    used = {name for line in text for name in re.findall(r"<([^>]*)>", line) if name in known}
    used -= {line[1 : line.index(">")] for line in text}
    graph = Graph()
    graph.parse(
        data="".join((*text, *_class_tree(), *(line for name in sorted(used) for line in known[name]))), format="nt"
    )
    return graph


@cache
def _class_tree() -> tuple[str, ...]:
    return tuple(f"{line}\n" for line in load_schema().triples if f" <{RDFS.subClassOf}> " in line)


@cache
def _read_concepts() -> Mapping[str, list[str]]:
    """The lines about each concept of the ontology and of both schemes."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    schema = load_schema()
    for line in (*(f"{each}\n" for each in schema.triples), *scheme_quads(schema)):
        if line.startswith("<"):
            found[line[1 : line.index(">")]].append(line)
    return {name: lines for name, lines in found.items() if any(f" <{SKOS.inScheme}> " in line for line in lines)}


class ReportGraphs:
    """The graph of a home in parts that are checked one by one, as lines of N-Quads."""

    def __init__(self, home: Path) -> None:
        self.schema: Schema = load_schema()
        self.merged: defaultdict[str, MergedEntity] = defaultdict(MergedEntity)
        self.first: dict[str, str] = {}  # by entity: the report that is the first to name it
        self.renames: defaultdict[str, list[FoundRename]] = defaultdict(list)
        self.checks: defaultdict[str, list[ReportCheck]] = defaultdict(list)
        renames = Renames()

        def take_files() -> Iterator[StatementFile]:
            for file in read_decided_files(home):
                for entity in file.entities.values():
                    self.merged[entity.iri].add(Naming.of(entity))
                    self.first.setdefault(entity.iri, file.report.report)
                renames.add(file)
                yield file

        for check in check_reports(take_files()):
            if check.matters:
                self.checks[check.report].append(check)
        for found in renames.find():
            self.merged[found.entity].add_rename(*found.as_counted())
            self.renames[found.report].append(found)
        self.units: defaultdict[str, list[str]] = defaultdict(list)  # lines on branches by entity
        for line in branch_quads(find_branches({iri: each.as_named() for iri, each in self.merged.items()})):
            self.units[line[1 : line.index(">")]].append(line)
        redirects = load_decisions(home).redirects
        self.redirects = {old: new for old, new in redirects.items() if new in self.merged}

    def list_facts(self, file: StatementFile) -> Iterator[str]:
        """What a report says and what was found in it, with the types of its entities."""
        yield from statement_file_quads(file, self.schema)
        for found in self.renames[file.report.report]:
            yield from rename_quads(found, self.schema)
        for check in self.checks[file.report.report]:
            yield from check_quads(check, self.schema)
        for iri in file.entities:
            yield self._type(iri)

    def list_entities(self, file: StatementFile) -> Iterator[str]:
        """The entities that a report is the first to name; of others that they belong to, name and type alone."""
        own = [iri for iri in file.entities if self.first[iri] == file.report.report]
        others = set()
        for iri in own:
            yield from entity_quads(iri, self.merged[iri], self.schema)
            for line in self.units[iri]:
                yield line
                others.add(line.split()[2].strip("<>"))
        for iri in sorted(others.difference(own)):
            yield f"{write_iri(iri)} {_LABEL} {write_text(self.merged[iri].name)} .\n"
            yield self._type(iri)

    def list_redirects(self) -> Iterator[str]:
        """What was merged into others, and those."""
        yield from redirect_quads(self.redirects)
        for iri in sorted(set(self.redirects.values())):
            yield from entity_quads(iri, self.merged[iri], self.schema)

    def _type(self, iri: str) -> str:
        return f"{write_iri(iri)} {_TYPE} {write_iri(self.schema.types[self.merged[iri].type])} .\n"


# ---- what was found is kept


class _Kept:
    """Faults by a hash of what they were found in. A file that cannot be read or written costs time, nothing else."""

    def __init__(self, home: Path, *, partly: bool) -> None:
        self.path = home / KEPT
        self.rules = {kind: self._hash_rules(kind) for kind in ("reports", "entities")}
        self.known: dict[str, list[Any]] = {}
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            self.known = json.loads(self.path.read_bytes())["faults"]
        self.now: dict[str, list[Any]] = dict(self.known) if partly else {}

    def find(self, kind: str, lines: Iterable[str]) -> list[Fault]:
        text = list(lines)
        if not text:
            return []
        key = hashlib.sha256("".join((self.rules[kind], *text)).encode()).hexdigest()
        if key not in self.known:
            self.known[key] = [asdict(fault) for fault in find_faults(kind, text)]
        self.now[key] = self.known[key]
        return [_read_fault(row) for row in self.known[key]]

    def write(self) -> None:
        with contextlib.suppress(KgError), write_aside(self.path) as out:  # some homes may only be read
            out.write(json.dumps({"faults": self.now}, ensure_ascii=False).encode())

    @staticmethod
    def _hash_rules(kind: str) -> str:
        digest = hashlib.sha256("\0".join((__version__, metadata.version("pyshacl"), _read_shapes(kind))).encode())
        for triple in load_schema().triples:
            digest.update(triple.encode())
        digest.update(read_schemes())
        return digest.hexdigest()


def _read_fault(row: Mapping[str, Any]) -> Fault:
    words = {key: Words(**row[key]) for key in ("rule", "found", "remedy")}
    evidence = None if row["evidence"] is None else EvidenceRecord(**row["evidence"])
    return Fault(**{**row, **words, "evidence": evidence})


# ---- in words


class _Explaining:
    """Results of pySHACL in words, with their places, out of the graph itself."""

    def __init__(self, graph: Graph, shapes: Graph, results: Graph) -> None:
        self.graph = graph
        self.shapes = shapes
        self.results = results
        self.schema = load_schema()

    def explain(self, result: Node) -> Fault:
        shape, focus = self._value(result, SH.sourceShape), self._value(result, SH.focusNode)
        fact = self._climb(focus)
        sources = sorted(self.graph.objects(fact, DCTERMS.source), key=str)
        report = sources[0] if sources else fact
        severity = self._value(result, SH.resultSeverity)
        name = self._name(self._entity_of(result, fact))
        decided = self.graph.value(fact, ZJ.decidedBecause)
        return Fault(
            report=str(self.graph.value(report, DCTERMS.identifier) or ""),
            severity="warning" if severity == SH.Warning else "violation",
            shape=str(shape).removeprefix(str(ZJS)),
            node=str(fact),
            about=self._describe(fact),
            rule=Words(*(self._label(self.shapes, shape, SH.message, language) for language in ("zh", "en"))),
            found=self._found(result, focus, shape),
            remedy=self._remedy(shape, name, fact, report, decided),
            evidence=self._place(fact) if sources else None,
        )

    def _value(self, result: Node, predicate: URIRef) -> Node:
        value = self.results.value(result, predicate)
        assert value is not None, f"each result has {predicate}"
        return value

    def _climb(self, node: Node) -> Node:
        """From a selector to its evidence, from an evidence to its fact; anything else is what it is."""
        place = self.graph.value(predicate=OA.hasSelector, object=node) or node
        return self.graph.value(predicate=ZJ.evidence, object=place) or place

    def _place(self, fact: Node) -> EvidenceRecord:
        def number(node: Node, predicate: URIRef) -> int | None:
            value = self.graph.value(node, predicate)
            return value.value if isinstance(value, Literal) and isinstance(value.value, int) else None

        quotes, starts, ends = [], [], []
        for place in self.graph.objects(fact, ZJ.evidence):
            for selector in self.graph.objects(place, OA.hasSelector):
                quotes += [str(words) for words in self.graph.objects(selector, OA.exact)]
                starts += [start for start in [number(selector, OA.start)] if start is not None]
                ends += [end for end in [number(selector, OA.end)] if end is not None]
        return EvidenceRecord(
            text=max(quotes, default=""),
            start=min(starts, default=0),
            end=max(ends, default=0),
            section=str(self.graph.value(fact, ZJ.section) or ""),
            page=number(fact, ZJ.page),
            table=number(fact, ZJ.table),
            caption=str(self.graph.value(fact, ZJ.caption) or ""),
            row=number(fact, ZJ.row),
        )

    # ---- things

    def _types(self, node: Node) -> list[str]:
        return sorted(str(kind).rpartition("#")[2] for kind in self.graph.objects(node, RDF.type))

    def _name(self, node: Node) -> str:
        """What a thing is called: its name, a concept's Chinese label; else the end of its IRI."""
        labels = [*self.graph.objects(node, SKOS.prefLabel), *self.graph.objects(node, RDFS.label)]
        labels.sort(key=lambda label: (getattr(label, "language", None) == "en", str(label)))
        if not labels and str(node).startswith(ZJ):
            name = str(node).removeprefix(ZJ)
            return self.schema.label(name) if self.schema.label(name) != name else f"zj:{name}"
        return str(labels[0]) if labels else str(node).removeprefix(DATA)

    def _describe(self, node: Node) -> str:
        """A fact, an entity or a report in a few words."""
        for kind in self._types(node):
            label = self.schema.label(kind)
            for relation in self.schema.relations.values():
                if relation.term.name == kind:
                    ends = (URIRef(relation.source), URIRef(relation.target))
                    return f"{label}：" + " → ".join(self._names(node, end) for end in ends)
            if kind == "Figure":
                return f"{label}：{self._names(node, ZJ.about)} {self._names(node, ZJ.indicator)} {self._names(node, ZJ.value)}"
            if kind == "Link":
                return f"{label}：{self._names(node, ZJ.linkedEntity)} → {self._names(node, ZJ.linkedConcept)}"
            if kind == "Check":
                return f"{label}：{self._names(node, ZJ.checked)}"
            if kind == "Report":
                return f"{label}：{self._names(node, DCTERMS.identifier)}"
            if kind in self.schema.types:
                return f"{label}：{self._name(node)}"
        return self._name(node)

    def _names(self, node: Node, predicate: URIRef) -> str:
        values = sorted(self.graph.objects(node, predicate), key=str)
        return "、".join(str(value) if isinstance(value, Literal) else self._name(value) for value in values) or "？"

    def _entity_of(self, result: Node, fact: Node) -> Node:
        """Which entity the remedy speaks of: the value where it is one, else the fact's own node."""
        value = self.results.value(result, SH.value)
        named = value is not None and not isinstance(value, Literal) and (value, SKOS.prefLabel, None) in self.graph
        return value if named and value is not None else fact

    # ---- values

    def _found(self, result: Node, focus: Node, shape: Node) -> Words:
        """What the graph has where it breaks the rule."""
        component = str(self._value(result, SH.sourceConstraintComponent)).rpartition("#")[2]
        value, path = self.results.value(result, SH.value), self.shapes.value(shape, SH.path)
        if isinstance(path, BNode) and (start := self.shapes.value(path, RDF.first)) is not None:
            component, path = "HasValue", start  # of a path of two steps the first is what the node says itself
        if component == "MinCountConstraintComponent":
            return Words("没有", "none")
        if component.startswith(("MaxCount", "Qualified", "UniqueLang", "HasValue", "Equals")) and isinstance(
            path, URIRef
        ):
            values = sorted(self.graph.objects(focus, path), key=str)
            if not values:
                return Words("没有", "none")
            told = [self._tell(each) for each in values]
            many = len(told) > 1
            zh, en = "；".join(each.zh for each in told), "; ".join(each.en for each in told)
            return Words(f"{len(told)} 个：{zh}", f"{len(told)}: {en}") if many else Words(zh, en)
        if component.startswith("Closed") and value is not None:
            said, name = self._tell(value), str(self._value(result, SH.resultPath)).rpartition("#")[2]
            return Words(f"{self.schema.label(name)} {said.zh}", f"{self.schema.label(name, 'en')} {said.en}")
        if value is None or value == focus:
            return self._tell_all(focus)
        return self._tell(value)

    def _tell(self, value: Node) -> Words:
        if isinstance(value, Literal):
            if value.datatype in (XSD.integer, XSD.decimal):
                return Words(str(value), str(value))
            return Words(f"“{value}”（文字）", f'"{value}" (text)')
        kinds, name = self._types(value), self._name(value)
        if not kinds or "Concept" in kinds:  # a role is also an org:Role, which says nothing to the reader
            return Words(name, name)
        zh, en = (self.schema.label(kinds[0], language) for language in ("zh", "en"))
        return Words(f"{name}（{zh}）", f"{name} ({en})")

    def _tell_all(self, node: Node) -> Words:
        """All that the graph says of a small node itself: a position, a figure's value and unit, a link's two ends."""
        told_zh, told_en = [], []
        for predicate in (OA.start, OA.end, ZJ.value, ZJ.unit, ZJ.linkedEntity, ZJ.linkedConcept):
            for value in sorted(self.graph.objects(node, predicate), key=str):
                told, name = self._tell(value), predicate.rpartition("#")[2]
                told_zh.append(f"{_OF_OA.get(name, self.schema.label(name))} {told.zh}")
                told_en.append(f"{self.schema.label(name, 'en')} {told.en}")
        return Words("，".join(told_zh) or self._name(node), ", ".join(told_en) or self._name(node))

    # ---- what to do

    @staticmethod
    def _label(graph: Graph, node: Node | None, predicate: URIRef, language: str) -> str:
        texts = (text for text in graph.objects(node, predicate) if isinstance(text, Literal))
        return next((str(text) for text in texts if text.language == language), "")

    def _remedy(self, shape: Node, name: str, fact: Node, report: Node | None, decided: Node | None) -> Words:
        remedy = self.shapes.value(shape, ZJS.remedy)
        file = str(self.graph.value(report, ZJ.sourceFile) or "PATH")
        parts = {"fact": str(fact).rpartition("/")[2], "name": name, "file": file}
        zh, en = (self._label(self.shapes, remedy, RDFS.label, each).format_map(parts) for each in ("zh", "en"))
        if decided is not None:
            zh = f"这条事实经人工更正或补录（理由：{decided}）：kg identity list 列出决定，kg identity undo 编号 撤回。{zh}"
            en = f"People corrected or added this fact ({decided}): kg identity list, kg identity undo N. {en}"
        return Words(zh, en)


_OF_OA = {"start": "起点", "end": "终点"}


def _find_mention(file: StatementFile, iri: str) -> EvidenceRecord | None:
    """Where a report first says something of an entity."""
    places = [
        statement.evidence
        for statement in file.statements
        if iri
        in (statement.subject, statement.object, *(each for iris in statement.entities.values() for each in iris))
    ]
    places += [figure.evidence for figure in file.figures if figure.subject == iri]
    if iri in file.entities and (link := file.entities[iri].link) is not None:
        places.append(link.evidence)
    return min(places, key=lambda place: place.start, default=None)
