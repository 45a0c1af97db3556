"""The network of schools and partners as graphs of networkx, and what is measured on it.

A school and a partner are joined once, however many sentences and reports name them together. Nodes and lines are put in
in order of their IRIs and whatever is drawn by lot has a fixed seed, so that the same graph gives the same numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import networkx
import pandas

from kg.analysis.scope import (
    EVERYTHING,
    Row,
    Scope,
    gather,
    group_rows,
    list_evidence,
    make_answer,
    name_place,
    select_partnerships,
    tell_scope,
)
from kg.frames import Frames

SEED = 1
PIVOTS = 250  # nodes from which shortest paths are counted where there are more than EXACT
EXACT = 1_000  # nodes up to which all shortest paths are counted
DIGITS = 6  # of a measure: the last ones of a float depend on the machine
PAIRS_NAMED = 20  # pairs of schools that a row names; their number is always told

_NODE = ("iri", "name", "type", "place", "place_basis")
_DEGREE = (*_NODE, "degree", "centrality", "neighbours", "statements", "modes", "years")
_OF_SCHOOLS = ("places", "inferred_places")
_COMMUNITIES = ("community", "schools", "partners", "school_names", "partner_names", *_OF_SCHOOLS, "lines", "outward")
_BROKERS = (
    *("partner", "partner_name", "partner_type", "place", "place_basis", "schools", "school_names", "pairs"),
    *("only_pairs", "only_pair_names", "parts", "modes", "evidence"),
)


def build_partner_graph(frames: Frames, scope: Scope = EVERYTHING) -> networkx.Graph:
    """Schools and partners, joined where a report names a partnership.

    Nodes are IRIs with ``name``, ``type`` and ``side`` (school or partner); a line has ``statements`` (their number),
    ``modes``, ``programmes`` (IRIs) and ``years``.
    """
    rows = select_partnerships(frames, scope)
    graph = networkx.Graph()
    for side in ("school", "partner"):
        named = rows[[side, f"{side}_name", f"{side}_type"]].drop_duplicates(side).sort_values(side)
        for iri, name, kind in named.itertuples(index=False, name=None):
            if iri not in graph:  # a school that is another's partner is a school
                graph.add_node(iri, name=name, type=kind, side=side)
    for (school, partner), facts in sorted(group_rows(rows, "school", "partner").items()):
        graph.add_edge(
            school,
            partner,
            statements=len(facts),
            modes=gather(fact["modes"] for fact in facts),
            programmes=gather(fact["programme_iris"] for fact in facts),
            years=gather(fact["years"] for fact in facts),
        )
    return graph


def build_school_graph(frames: Frames, scope: Scope = EVERYTHING) -> networkx.Graph:
    """Schools, joined where they have partners in common: ``weight`` is how many, ``partners`` are their names."""
    joined = build_partner_graph(frames, scope)
    graph = networkx.Graph()
    for iri, node in joined.nodes(data=True):
        if node["side"] == "school":
            graph.add_node(iri, name=node["name"], type=node["type"])
    shared: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for partner, schools in _schools_of(joined).items():
        for pair in combinations(schools, 2):
            shared[pair].append(joined.nodes[partner]["name"])
    for (one, other), partners in sorted(shared.items()):
        graph.add_edge(one, other, weight=len(partners), partners=tuple(sorted(partners)))
    return graph


def _schools_of(graph: networkx.Graph) -> dict[str, list[str]]:
    return {
        iri: sorted(graph.neighbors(iri)) for iri, node in sorted(graph.nodes(data=True)) if node["side"] == "partner"
    }


def _whole(scope: Scope) -> Scope:
    """The scope without its schools: the network is measured whole, and only what is shown is about them."""
    return replace(scope, schools=frozenset())


def _shown(graph: networkx.Graph, scope: Scope) -> list[str]:
    """The nodes that rows are about: all, or the schools of the scope and their partners."""
    if not scope.schools:
        return list(graph)
    schools = scope.schools & set(graph)
    return sorted(schools | {partner for school in schools for partner in graph.neighbors(school)})


def _describe(frames: Frames, graph: networkx.Graph, iri: str) -> dict[str, Any]:
    entity = frames.entities.loc[iri]
    return {
        "iri": iri,
        "name": graph.nodes[iri]["name"],
        "type": graph.nodes[iri]["type"],
        "place": name_place(entity["place_code"]),
        "place_basis": entity["place_basis"],
    }


def _note_network(frames: Frames, graph: networkx.Graph, scope: Scope) -> list[tuple[str, dict[str, Any]]]:
    sides = Counter(side for _, side in graph.nodes(data="side"))
    return [("network", {"schools": sides["school"], "partners": sides["partner"]}), *tell_scope(frames, scope)]


def _by_name(row: dict[str, Any]) -> tuple[str, str]:
    return str(row.get("name", row.get("partner_name"))), str(row.get("iri", row.get("partner")))


def measure_degree(frames: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """How many partners a school and how many schools a partner has, most first.

    iri, name, type, place, place_basis; degree; centrality, the degree as a part of all on the other side (Borgatti and
    Everett 1997); neighbours, their names; statements; modes; years.
    """
    graph = build_partner_graph(frames, _whole(scope))
    sides = Counter(side for _, side in graph.nodes(data="side"))
    rows = []
    for iri in _shown(graph, scope):
        lines = [graph.edges[iri, other] for other in graph.neighbors(iri)]
        others = sides["partner" if graph.nodes[iri]["side"] == "school" else "school"]
        rows.append(
            _describe(frames, graph, iri)
            | {
                "degree": len(lines),
                "centrality": round(len(lines) / others, DIGITS),
                "neighbours": tuple(sorted(graph.nodes[other]["name"] for other in graph.neighbors(iri))),
                "statements": sum(line["statements"] for line in lines),
                "modes": gather(line["modes"] for line in lines),
                "years": gather(line["years"] for line in lines),
            }
        )
    rows.sort(key=lambda row: (-row["degree"], *_by_name(row)))
    return make_answer(rows, _DEGREE, _note_network(frames, graph, scope))


def measure_betweenness(frames: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """How much of the network's shortest paths leads over each school and partner, most first (Freeman 1977, Brandes 2001).

    iri, name, type, place, place_basis; betweenness, from 0 to 1; degree. In a network of more than EXACT nodes it is
    estimated from PIVOTS of them (Brandes and Pich 2007), which a note tells.
    """
    graph = build_partner_graph(frames, _whole(scope))
    pivots = PIVOTS if len(graph) > EXACT else None
    between = networkx.betweenness_centrality(graph, k=pivots, seed=SEED)
    rows = [
        _describe(frames, graph, iri) | {"betweenness": round(between[iri], DIGITS), "degree": graph.degree(iri)}
        for iri in _shown(graph, scope)
    ]
    rows.sort(key=lambda row: (-row["betweenness"], *_by_name(row)))
    notes = [*_note_network(frames, graph, scope), *([("estimated", {"pivots": pivots})] if pivots else [])]
    return make_answer(rows, (*_NODE, "betweenness", "degree"), notes)


def find_communities(frames: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """Parts of the network that are more closely joined within than with the rest, largest first (Louvain method, Blondel
    and others 2008).

    community, a number; schools and partners, how many; school_names; partner_names; places of the schools and inferred_places, known
    by their names only; lines, of
    its members with each other; outward, with others. A note tells the modularity (Newman and Girvan 2004).
    """
    graph = build_partner_graph(frames, _whole(scope))
    # Sets of texts have another order in each process, sets of small numbers have not.
    nodes = list(graph)
    numbered = networkx.convert_node_labels_to_integers(graph)
    found = networkx.community.louvain_communities(numbered, weight=None, seed=SEED) if len(graph) else []
    parts = [sorted(nodes[number] for number in part) for part in found]
    quality = networkx.community.modularity(numbered, found, weight=None) if graph.number_of_edges() else 0.0
    parts.sort(key=lambda part: (-len(part), min(graph.nodes[iri]["name"] for iri in part), part))
    shown = set(_shown(graph, scope)) & (scope.schools or set(nodes))
    rows = []
    for number, part in enumerate(parts, start=1):
        if shown.isdisjoint(part):
            continue
        sides = {side: [iri for iri in part if graph.nodes[iri]["side"] == side] for side in ("school", "partner")}
        names = {side: tuple(sorted(graph.nodes[iri]["name"] for iri in iris)) for side, iris in sides.items()}
        lines = graph.subgraph(part).number_of_edges()
        schools = frames.entities.loc[sides["school"]]
        inferred = schools["place_basis"] == "name"
        rows.append(
            {
                "community": number,
                "schools": len(names["school"]),
                "partners": len(names["partner"]),
                "school_names": names["school"],
                "partner_names": names["partner"],
                "places": gather([set(map(name_place, schools.loc[~inferred, "place_code"])) - {""}]),
                "inferred_places": gather([set(map(name_place, schools.loc[inferred, "place_code"]))]),
                "lines": lines,
                "outward": sum(graph.degree(iri) for iri in part) - 2 * lines,
            }
        )
    return make_answer(
        rows, _COMMUNITIES, [("modularity", {"modularity": f"{quality:.3f}"}), *tell_scope(frames, scope)]
    )


def find_brokers(frames: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """Partners of two or more schools, first those that join the most pairs of schools which nothing else joins: no other
    partner of the scope, no group that both belong to, no cooperation of the two.

    partner, partner_name, partner_type, place, place_basis; schools and school_names; pairs of schools that it joins,
    only_pairs that nothing else joins, only_pair_names (the first PAIRS_NAMED); parts, into which its part of the network
    falls without it (1: it holds together without); modes; evidence, one place for each school. With schools in the
    scope only pairs of which one is such a school.
    """
    graph = build_partner_graph(frames, _whole(scope))
    schools_of = {partner: schools for partner, schools in _schools_of(graph).items() if len(schools) > 1}
    shared = Counter(pair for schools in schools_of.values() for pair in combinations(schools, 2))
    otherwise = _Otherwise(frames)
    parts = Counter(iri for block in networkx.biconnected_components(graph) for iri in block)
    rows_of = group_rows(select_partnerships(frames, _whole(scope)), "partner")
    rows = []
    for partner, schools in schools_of.items():
        pairs = [pair for pair in combinations(schools, 2) if not scope.schools or not scope.schools.isdisjoint(pair)]
        if not pairs:
            continue
        only = [pair for pair in pairs if shared[pair] == 1 and not otherwise.joins(*pair)]
        names = sorted("—".join(sorted(graph.nodes[school]["name"] for school in pair)) for pair in only)
        entity = _describe(frames, graph, partner)
        firsts: dict[str, Row] = {}
        for fact in rows_of[partner]:
            firsts.setdefault(fact["school"], fact)
        rows.append(
            {
                "partner": partner,
                "partner_name": entity["name"],
                "partner_type": entity["type"],
                "place": entity["place"],
                "place_basis": entity["place_basis"],
                "schools": len(schools),
                "school_names": tuple(sorted(graph.nodes[school]["name"] for school in schools)),
                "pairs": len(pairs),
                "only_pairs": len(only),
                "only_pair_names": tuple(names[:PAIRS_NAMED]),
                "parts": parts[partner],
                "modes": gather(fact["modes"] for fact in rows_of[partner]),
                "evidence": list_evidence(firsts.values()),
            }
        )
    rows.sort(key=lambda row: (-row["only_pairs"], -row["schools"], *_by_name(row)))
    return make_answer(rows, _BROKERS, [("brokers", {}), *tell_scope(frames, scope)])


class _Otherwise:
    """What joins two schools beside partners: groups that both belong to, and their own cooperation."""

    def __init__(self, frames: Frames) -> None:
        self._groups: defaultdict[str, set[str]] = defaultdict(set)
        for member, group in zip(frames.memberships["member"], frames.memberships["group"], strict=True):
            self._groups[member].add(group)
        self._pairs = set(self._iter_pairs(frames))

    def joins(self, one: str, other: str) -> bool:
        groups = self._groups.get(one, set())
        return (one, other) in self._pairs or not groups.isdisjoint(self._groups.get(other, set()))

    @staticmethod
    def _iter_pairs(frames: Frames) -> Iterator[tuple[str, str]]:
        for one, other in zip(frames.collaborations["school"], frames.collaborations["other"], strict=True):
            yield one, other
            yield other, one
