"""Which part of a home's graph a picture is asked to show, found out by queries that read no more than they must.

First the plain links are read, each once however many places state it, and a part of them is chosen; only for that part
are statements, qualifiers and the words of the reports fetched. So a school with its partners comes at once out of a
graph of millions of quads.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from kg.errors import UsageError
from kg.fact_index import FactIndex
from kg.graph import Graph
from kg.ledger import Ledger
from kg.model import PARTNER_TYPES
from kg.name_choice import choose_entity
from kg.name_index import NameIndex
from kg.network_part import BACKGROUND, STEPS, Link, grow, take_around
from kg.network_style import SHARES
from kg.queries import find_current, run_bulk
from kg.query_values import find_programme_class, find_region
from kg.schema import PREFIXES, load_schema
from kg.statement_files import IRI

MOST_SHARED = 6_000  # lines between schools that share partners; more would be one grey surface
LARGE = 20_000  # entities of a graph that no picture of the whole can show: beyond it …
OVERVIEW_NODES = 300  # … some stand for it: people can read that, and a build does not wait for it
GROUP_LINKS = ("hostsGroup", "memberOf")


@dataclass(frozen=True, slots=True)
class View:
    """What is asked for: of the first five at most one. With none of them it is the whole network."""

    focus: str = ""  # a name, or an IRI
    region: str = ""  # a name or code of GB/T 2260
    programme_class: str = ""  # a name or code of the catalogue
    shared: bool = False
    groups: bool = False
    steps: int = STEPS  # around the focus


@dataclass(frozen=True, slots=True)
class Part:
    """What a view chose: links, entities that must be there even without links, and what the page says of itself.

    ``middle`` is what the view is around. ``statements`` are the rows of the only ones to be shown, None where all are.
    ``behind`` are links that are not drawn, but whose facts are the evidence of those that are. ``all`` is how many
    entities the view has, where only some of them were looked at.
    """

    kind: str
    zh: str
    en: str
    links: tuple[Link, ...]
    entities: tuple[str, ...] = ()
    middle: tuple[str, ...] = ()
    statements: tuple[Mapping[str, Any], ...] | None = None
    behind: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    all: int | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What a part is chosen from: an open graph, and its names, its ledger and its facts."""

    graph: Graph
    names: NameIndex
    ledger: Ledger
    facts: FactIndex


def choose_part(sources: Sources, view: View) -> Part:
    """The part of a graph that a view shows.

    Raises UsageError where the name that was given means nothing, or more than one entity, in one line that says what
    it may mean; and for a view of two kinds.
    """
    asked = [name for name in ("focus", "region", "programme_class", "shared", "groups") if getattr(view, name)]
    if len(asked) > 1:
        raise UsageError(f"a picture has one view; these are several: {', '.join(asked)}")
    return _CHOOSERS[asked[0] if asked else "whole"](sources, view)


def _choose_whole(sources: Sources, _view: View) -> Part:
    count = sources.names.count_entities()
    if count > LARGE:
        entities = _choose_overview(sources)
        links = sources.ledger.list_links_between(entities)
    else:
        entities = sources.names.list_iris()
        links = sources.ledger.list_links()
    return Part(
        kind="whole",
        zh="职业教育合作网络",
        en="Network of vocational education",
        links=tuple(links),
        entities=tuple(entities),
        all=count,
    )


def _choose_overview(sources: Sources) -> list[str]:
    """The entities that stand for a graph that no picture can show: grown along what is shown at first, those of which
    most is said first. Only what is near them is read."""
    shown = sorted(load_schema().relations.keys() - BACKGROUND)
    seeds = sources.names.iter_weightiest(sorted({"School", *PARTNER_TYPES}))
    return sorted(grow(seeds, lambda iri: sources.ledger.list_near(iri, shown), OVERVIEW_NODES))


def _choose_around(sources: Sources, view: View) -> Part:
    graph, names = sources.graph, sources.names
    iri = find_entity(graph, names, view.focus)
    found = names.search(iri, limit=1)
    if not found:
        raise UsageError(f"图中没有 {iri} (the graph has no such entity)")
    name = found[0].name
    links = _walk(graph, [iri], view.steps)
    return Part("around", f"{name} · 合作网络", f"{name} · network", links, (iri,), (iri,))


def _choose_region(sources: Sources, view: View) -> Part:
    graph = sources.graph
    meant = find_region(view.region)
    schools = [str(row["school"]) for row in run_bulk(graph, "network-schools-of-region", region=meant.iris)]
    if not schools:
        raise UsageError(f"图中没有“{view.region}”的学校 (the graph has no school of {view.region!r})")
    links = _walk(graph, schools, 1)
    name = _label(graph, meant.iris[0]) or view.region
    return Part(
        kind="region",
        zh=f"{name}的学校及其合作单位",
        en=f"Schools of {name} and their partners",
        links=links,
        entities=tuple(schools),
        notes=(meant.note,) if meant.note else (),
    )


def _choose_class(sources: Sources, view: View) -> Part:
    graph = sources.graph
    meant = find_programme_class(view.programme_class)
    found = tuple(run_bulk(graph, "network-statements-of-class", **{"class": meant.iris}))
    if not found:
        raise UsageError(
            f"图中没有“{view.programme_class}”的专业 (no programme of the graph is of {view.programme_class!r})"
        )
    links = sorted({(str(row["source"]), str(row["predicate"]), str(row["target"])) for row in found})
    return Part(
        kind="class",
        zh=f"{view.programme_class} · 开设学校与合作单位",
        en=f"{view.programme_class} · schools and partners",
        links=tuple(links),
        statements=found,
        notes=(meant.note,) if meant.note else (),
    )


def _choose_groups(sources: Sources, _view: View) -> Part:
    return Part(
        kind="groups",
        zh="职业教育集团、联盟及其成员",
        en="Education groups, alliances and their members",
        links=tuple(sources.ledger.list_links(GROUP_LINKS)),
    )


def _choose_shared(sources: Sources, _view: View) -> Part:
    graph = sources.graph
    schools_of: defaultdict[str, list[str]] = defaultdict(list)
    for row in run_bulk(graph, "network-school-partners"):
        schools_of[str(row["partner"])].append(str(row["school"]))
    counts = Counter(pair for schools in schools_of.values() for pair in combinations(sorted(schools), 2))
    least = _least_shared(counts.values())
    pairs = {pair for pair, count in counts.items() if count >= least}
    partners: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for partner, schools in schools_of.items():
        for pair in combinations(sorted(schools), 2):
            if pair in pairs:
                partners[pair].append(partner)
    named = {
        str(row["iri"]): str(row["name"])
        for row in run_bulk(
            graph, "network-nodes", entity=sorted({each for found in partners.values() for each in found})
        )
    }
    rows = [
        {
            "statement": f"{a} {b}",
            "source": a,
            "target": b,
            "predicate": SHARES,
            "shared": sorted(named.get(each, each) for each in found),
        }
        for (a, b), found in sorted(partners.items())
    ]
    few = least > 1
    return Part(
        kind="shared",
        zh="共有合作单位的学校" + (f"（至少{least}个）" if few else ""),
        en="Schools that share partners" + (f" (at least {least})" if few else ""),
        links=tuple((a, SHARES, b) for a, b in sorted(partners)),
        statements=tuple(rows),
        behind=tuple(
            sorted(
                {
                    (school, "partnersWith", each)
                    for pair, found in partners.items()
                    for school in pair
                    for each in found
                }
            )
        ),
    )


_CHOOSERS: Mapping[str, Callable[[Sources, View], Part]] = {
    "whole": _choose_whole,
    "focus": _choose_around,
    "region": _choose_region,
    "programme_class": _choose_class,
    "shared": _choose_shared,
    "groups": _choose_groups,
}


def _least_shared(counts: Iterable[int]) -> int:
    """How many partners two schools must share for a line, so that there are not more lines than MOST_SHARED."""
    strongest = sorted(counts, reverse=True)
    if len(strongest) <= MOST_SHARED:
        return 1
    return strongest[MOST_SHARED] + 1 if strongest[0] > strongest[MOST_SHARED] else strongest[0]


# ---- names


def find_entity(graph: Graph, names: NameIndex, text: str, types: Collection[str] = ()) -> str:
    """The IRI of the one entity of these types (all, if none) that a name means: its whole name or only bearer of another
    name, else any part of one.

    Raises UsageError, with candidates, for none and for several.
    """
    if IRI.fullmatch(text.strip()):
        return str(find_current(graph, text.strip()))
    return choose_entity(names, text, types).iri


def _label(graph: Graph, concept: str) -> str:
    rows = graph.query(f"SELECT ?name {{ <{concept}> <{PREFIXES['skos']}prefLabel> ?name }}").rows
    return str(rows[0][0]) if rows else ""


# ---- links


def _read_links(graph: Graph, **given: Sequence[str]) -> list[Link]:
    rows = run_bulk(graph, "network-links", **given)
    return [(str(row["source"]), str(row["predicate"]), str(row["target"])) for row in rows]


def _walk(graph: Graph, middle: Sequence[str], steps: int) -> tuple[Link, ...]:
    """The links between all that lies within so many steps.

    Between the outermost the background is left out: to read it takes longer than all the rest.
    """
    read: set[Link] = set()
    inner: set[str] = set()

    def links_of(entities: Sequence[str]) -> list[Link]:
        found = [*_read_links(graph, source=entities), *_read_links(graph, target=entities)]
        read.update(found)
        inner.update(entities)
        return found

    reached = take_around(links_of, middle, steps)
    outer = sorted(reached - inner)
    if outer:
        shown = [each.edge for name, each in sorted(load_schema().relations.items()) if name not in BACKGROUND]
        read.update(_read_links(graph, source=outer, edge=shown))
    return tuple(sorted(link for link in read if link[0] in reached and link[2] in reached))


# ---- what is said of what was chosen


def read_facts(facts: FactIndex, part: Part, kept: Collection[str]) -> list[dict[str, Any]]:
    """The rows of all facts of a part between the entities that are kept, for ``kg.network.build_graph``."""
    kept = set(kept)
    if part.statements is None:
        return facts.list_between(link for link in part.links if link[0] in kept and link[2] in kept)
    chosen = [dict(row) for row in part.statements if row["source"] in kept and row["target"] in kept]
    return chosen if part.kind == "shared" else facts.list_these(str(row["statement"]) for row in chosen)


def read_behind(facts: FactIndex, part: Part, kept: Collection[str]) -> list[dict[str, Any]]:
    """The rows of the facts that stand behind the links of a part from what is kept: the evidence of shared partners."""
    return facts.list_between(link for link in part.behind if link[0] in kept)
