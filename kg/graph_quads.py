"""All quads of a graph, out of its statement files; and what is noted beside the store on the way."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.branch_index import BranchIndex
from kg.checks import iter_checks
from kg.fact_index import FactWriter
from kg.ledger import Ledger, write_ledger
from kg.merged_entities import MergedEntity
from kg.name_index import NameWriter
from kg.quads import (
    branch_quads,
    check_quads,
    edge_quad,
    entity_quads,
    link_quads,
    redirect_quads,
    statement_file_quads,
)
from kg.renames import FoundRename, Renames
from kg.schema import Schema, load_schema
from kg.schemes import scheme_quads
from kg.statement_files import StatementFile
from kg.tallies import TallyWriter


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A statement file as decisions leave it, with its name and the digest of its bytes."""

    name: str
    digest: str
    content: StatementFile


@dataclass(frozen=True, slots=True)
class GraphIndex:
    """What lies beside a store in one SQLite file: the ledger, the names, the branches, the tallies, the facts."""

    ledger: Ledger
    names: NameWriter
    branches: BranchIndex
    tallies: TallyWriter
    facts: FactWriter

    def add(self, report: ReportFile) -> None:
        """Notes what a report says. Raises BrokenStatementFile where another file has this report already."""
        self.ledger.add(report.name, report.digest, report.content)
        self.tallies.add(report.name, report.content)
        self.facts.add(report.name, report.content)

    def forget(self, report: ReportFile) -> None:
        """Takes out what a report gave."""
        self.tallies.forget(report.name)
        self.facts.forget(report.name)
        self.ledger.forget(report.name)

    def describe(self, iri: str, entity: MergedEntity | None, degree: int) -> None:
        """Notes what an entity is called now; None takes it out."""
        if entity is None:
            self.names.drop(iri)
            self.branches.drop(iri)
            self.tallies.put(iri, None)
        else:
            type_, names = entity.as_named()
            self.names.put(iri, type_, names, degree)
            self.branches.put(iri, type_, names)
            self.tallies.put(iri, entity)


@contextlib.contextmanager
def write_index(path: Path) -> Iterator[GraphIndex]:
    """The index of a store that is made: a new one, or the copy of an older one to be changed."""
    new = not path.exists()
    with write_ledger(path) as ledger:
        into = ledger.connection
        names = NameWriter(into, filling=new)
        index = GraphIndex(ledger, names, BranchIndex(into), TallyWriter(into, filling=new), FactWriter(into))
        if new:
            for part in (index.names, index.branches, index.tallies, index.facts):
                part.create()
        yield index
        index.names.finish()
        index.tallies.finish()


def write_graph(reports: Iterable[ReportFile], redirects: Mapping[str, str], index: GraphIndex, out: IO[str]) -> int:
    """Writes every quad of the graph, most of them once, and fills a new index. Returns the number of reports."""
    schema = load_schema()
    renames = Renames()
    count = 0

    def read_reports() -> Iterator[StatementFile]:
        nonlocal count
        for report in reports:
            out.writelines(statement_file_quads(report.content, schema))
            index.add(report)
            renames.add(report.content)
            count += 1
            yield report.content

    # The ontology in the default graph: a query that asks for a label or a concept's name needs no GRAPH.
    out.writelines(f"{triple}\n" for triple in schema.triples)
    out.writelines(scheme_quads(schema))
    verdicts: Counter[str] = Counter()
    for check in iter_checks(read_reports()):  # read once, for both
        verdicts[check.record.verdict] += 1
        if check.matters:
            out.writelines(check_quads(check, schema))
    index.tallies.count_checks(verdicts)
    for found in renames.find():
        index.ledger.add_rename(found)
        out.writelines(rename_quads(found, schema))
    degrees = index.ledger.count_all_statements()
    for iri, entity in index.ledger.iter_merged():
        out.writelines(entity_quads(iri, entity, schema))
        index.describe(iri, entity, degrees.get(iri, 0))
    for edge in index.ledger.iter_edges():
        out.write(edge_quad(edge.subject, edge.predicate, edge.object, schema))
    out.writelines(branch_quads(index.branches.find()))
    out.writelines(redirect_quads(live_redirects(redirects, index)))
    return count


def rename_quads(found: FoundRename, schema: Schema) -> Iterator[str]:
    """The link that several reports of a school give together."""
    return link_quads(found.entity, found.link, found.report, schema, found.statements)


def live_redirects(redirects: Mapping[str, str], index: GraphIndex) -> dict[str, str]:
    """The redirects that lead to an entity of the graph."""
    return {old: new for old, new in redirects.items() if index.ledger.is_named(new)}
