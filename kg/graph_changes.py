"""What changes in a graph when a few of its reports come, go or are replaced.

Only these reports are read, and the few others that they are compared or tied with. The law: the old graph with these
changes is the very graph that a build of all the reports would make (tests/test_graph_changes.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.checks import ReportCheck, iter_checks
from kg.graph_quads import GraphIndex, ReportFile, live_redirects, rename_quads
from kg.ledger import Edge
from kg.quads import branch_quads, check_quads, edge_quad, entity_quads, redirect_quads, statement_file_quads
from kg.renames import FoundRename, Renames
from kg.schema import Schema, load_schema

Reader = Callable[[str], ReportFile | None]  # of a statement file by its name; None where there is none


@dataclass(frozen=True, slots=True)
class Changes:
    """Lines of N-Quads to take out and to put in."""

    removed: frozenset[str]
    added: frozenset[str]


def find_changes(
    changed: Iterable[str], before: Reader, after: Reader, redirects: Mapping[str, str], index: GraphIndex
) -> Changes:
    """The changes that new, other or missing statement files make, by their names; the index is brought up to them.

    ``before`` reads the files that the graph was made of, ``after`` those that there are now.
    """
    schema = load_schema()
    names = sorted(changed)
    olds = [report for name in names if (report := before(name)) is not None]
    news = [report for name in names if (report := after(name)) is not None]
    both = (*olds, *news)
    near = _find_neighbours(both, index) - set(names)
    schools = {school for report in both for school in _schools_of(report)}

    verdicts: Counter[str] = Counter()
    removed, added = _own_lines(olds, schema), _own_lines(news, schema)
    for reports, read, lines, sign in ((olds, before, removed, -1), (news, after, added, 1)):
        for check in _find_checks(reports, near, read):
            verdicts[check.record.verdict] += sign
            if check.matters:
                lines.update(check_quads(check, schema))

    # what several reports give together: as it was …
    edges = {edge for report in both for edge in _edges_of(report)}
    ties, leads = index.branches.find(), live_redirects(redirects, index)
    gone, come = _find_renames(schools, olds, near, before), _find_renames(schools, news, near, after)
    touched = {iri for report in both for iri in report.content.entities}
    touched |= {found.entity for found in (*gone, *come)}
    removed |= {line for found in gone for line in rename_quads(found, schema)}
    for iri in touched:
        if (entity := index.ledger.find_merged(iri)) is not None:
            removed.update(entity_quads(iri, entity, schema))
    removed |= {_edge_line(edge, schema) for edge in edges if index.ledger.has_edge(edge)}
    removed.update(branch_quads(ties))
    removed.update(redirect_quads(leads))

    index.ledger.forget_renames(schools)
    for report in olds:
        index.forget(report)
    for report in news:
        index.add(report)
    index.tallies.count_checks(verdicts)

    # … and as it is now
    for found in come:
        index.ledger.add_rename(found)
        added.update(rename_quads(found, schema))
    for iri in sorted(touched):
        entity = index.ledger.find_merged(iri)
        index.describe(iri, entity, index.ledger.count_statements(iri))
        if entity is not None:
            added.update(entity_quads(iri, entity, schema))
    added |= {_edge_line(edge, schema) for edge in edges if index.ledger.has_edge(edge)}
    added.update(branch_quads(index.branches.find()))
    added.update(redirect_quads(live_redirects(redirects, index)))
    return Changes(frozenset(removed - added), frozenset(added - removed))


def _own_lines(reports: Iterable[ReportFile], schema: Schema) -> set[str]:
    return {line for report in reports for line in statement_file_quads(report.content, schema)}


def _edges_of(report: ReportFile) -> set[Edge]:
    return {Edge(each.subject, each.predicate, each.object) for each in report.content.statements}


def _edge_line(edge: Edge, schema: Schema) -> str:
    return edge_quad(edge.subject, edge.predicate, edge.object, schema)


def _schools_of(report: ReportFile) -> set[str]:
    """Schools whose tables in this report give programmes a code: their years may show a rename."""
    renames = Renames()
    renames.add(report.content)
    return renames.schools


def _find_neighbours(reports: Iterable[ReportFile], index: GraphIndex) -> set[str]:
    """The files whose reports may be compared or tied with these: they have figures or coded programmes of the same."""
    measured = {figure.subject for report in reports for figure in report.content.figures}
    schools = {school for report in reports for school in _schools_of(report)}
    return index.ledger.files_measuring(measured) | index.ledger.files_naming(schools)


def _read_all(reports: Iterable[ReportFile], near: Iterable[str], read: Reader) -> list[ReportFile]:
    """The reports and their neighbours in the order in which a build reads them."""
    others = [report for name in near if (report := read(name)) is not None]
    return sorted((*reports, *others), key=lambda report: report.name)


def _find_checks(reports: list[ReportFile], near: set[str], read: Reader) -> Iterator[ReportCheck]:
    """The checks of these reports, and of their figures against those of others."""
    ids = {report.content.report.report for report in reports}
    for check in iter_checks(report.content for report in _read_all(reports, near, read)):
        if check.report in ids or any(place.report in ids for place in check.against):
            yield check


def _find_renames(schools: set[str], reports: list[ReportFile], near: set[str], read: Reader) -> list[FoundRename]:
    renames = Renames()
    for report in _read_all(reports, near, read):
        renames.add(report.content)
    return [found for found in renames.find() if found.school in schools]
