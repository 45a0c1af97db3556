"""Which part of a graph a picture shows: what is around a focus, what counts as background, what a screen can hold.

The graph is that of ``kg.network.build_graph``; only that module knows networkx.
"""

from __future__ import annotations

import difflib
import heapq
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from kg.errors import UsageError

Graph = Any  # a networkx.MultiDiGraph

Link = tuple[str, str, str]  # source, predicate, target

STEPS = 2  # how far around a focus the picture goes, unless told otherwise

# True of nearly every school: drawn at once they would bury the collaboration that the picture is about.
BACKGROUND = frozenset({"offersProgramme", "designatedAs", "locatedIn", "administeredBy"})


def find_focus(graph: Graph, focus: str) -> list[str]:
    """Return the IRIs of the entities whose name (else whose alias) is ``focus``, or the IRI itself.

    Raises UsageError where none bears it, with names that are near, and where an alias belongs to several.
    """
    if focus in graph:
        return [focus]
    wanted = _fold(focus)
    named = [iri for iri, entity in graph.nodes(data=True) if _fold(entity["name"]) == wanted]
    if named:
        return named
    known = [iri for iri, entity in graph.nodes(data=True) if wanted in map(_fold, entity["aliases"])]
    if len(known) == 1:
        return known
    if known:
        names = "、".join(sorted(graph.nodes[iri]["name"] for iri in known)[:8])
        raise UsageError(f"“{focus}”是多个实体的简称，请用全称 (several entities bear this short name): {names}")
    near = _near_names(graph, wanted)
    hint = f"；相近的有 (near): {'、'.join(near)}" if near else ""
    raise UsageError(f"没有名为“{focus}”的实体 (no entity bears this name){hint}")


def _near_names(graph: Graph, wanted: str, most: int = 5) -> list[str]:
    names: dict[str, str] = {}
    for _, entity in graph.nodes(data=True):
        for name in (entity["name"], *entity["aliases"]):
            names.setdefault(_fold(name), entity["name"])
    within = [key for key in names if wanted and (wanted in key or (len(key) > 1 and key in wanted))]
    within.sort(key=lambda key: (abs(len(key) - len(wanted)), key))
    close = difflib.get_close_matches(wanted, names, n=most, cutoff=0.4)
    return list(dict.fromkeys(names[key] for key in (*within, *close)))[:most]


def take_around(
    links_of: Callable[[Sequence[str]], Iterable[Link]], middle: Sequence[str], steps: int = STEPS
) -> set[str]:
    """The focus and all within so many steps of it; ``links_of`` gives the links of entities, in either direction.

    No step leads on from a region, a programme, a designation or a bureau that is merely a trait of what was
    reached: through its city every school would be a neighbour of every other.
    """
    reached, own = set(middle), set(middle)
    passable = list(middle)
    for _ in range(steps):
        here = set(passable)
        traits: set[str] = set()
        onward: dict[str, None] = {}
        for source, predicate, target in links_of(passable):
            if source in here:
                traits.add(target)
                if target not in reached and predicate not in BACKGROUND:
                    onward[target] = None
            if target in here and source not in reached and (predicate not in BACKGROUND or target in own):
                onward[source] = None
        passable = list(onward)
        reached |= traits | onward.keys()
    return reached


def list_links(graph: Graph) -> list[Link]:
    """The links of a graph, one for each of its statements."""
    return [(source, predicate, target) for source, target, predicate in graph.edges(data="predicate")]


def links_in(graph: Graph) -> Callable[[Sequence[str]], Iterable[Link]]:
    """What gives take_around the links of entities of a graph."""

    def links_of(entities: Sequence[str]) -> Iterator[Link]:
        for iri in entities:
            for source, target, predicate in (
                *graph.out_edges(iri, data="predicate"),
                *graph.in_edges(iri, data="predicate"),
            ):
                yield source, predicate, target

    return links_of


def hide_background(links: Iterable[Link], middle: Sequence[str]) -> frozenset[str]:
    """The predicates hidden at first: the background, unless the picture would then show nothing."""
    own: dict[str, set[str]] = {iri: set() for iri in middle}
    present: set[str] = set()
    for source, predicate, target in links:
        present.add(predicate)
        for end in (source, target):
            if end in own:
                own[end].add(predicate)
    off = BACKGROUND & present
    if off == present:
        return frozenset()
    for predicates in own.values():
        if predicates <= BACKGROUND:
            off -= predicates
    return frozenset(off)


def find_neighbours(nodes: Iterable[str], links: Iterable[Link], off: frozenset[str]) -> dict[str, set[str]]:
    """The others that each node is joined to by the predicates that are shown."""
    others: dict[str, set[str]] = {iri: set() for iri in nodes}
    for source, predicate, target in links:
        if predicate not in off and source != target:
            others[source].add(target)
            others[target].add(source)
    return others


def keep_most_connected(
    nodes: Collection[str], links: Collection[Link], off: frozenset[str], middle: Sequence[str], most: int
) -> set[str]:
    """At most ``most`` nodes: grown from the best connected along shown links."""
    if len(nodes) <= most:
        return set(nodes)
    others = find_neighbours(nodes, links, off)
    ends = Counter(end for source, _, target in links for end in (source, target))
    seeds = [*middle, *sorted(nodes, key=lambda iri: (-len(others[iri]), -ends[iri], iri))]
    return grow(seeds, lambda iri: ((len(others[other]), other) for other in others[iri]), most)


def grow(seeds: Iterable[str], list_near: Callable[[str], Iterable[tuple[int, str]]], most: int) -> set[str]:
    """At most ``most`` nodes, grown from the first seed and then the next that is not reached; ``list_near`` gives the
    neighbours of a node, each with its weight: the heaviest comes first."""
    kept: set[str] = set()
    for seed in seeds:
        queue = [(0, seed)]
        while queue and len(kept) < most:
            _, iri = heapq.heappop(queue)
            if iri in kept:
                continue
            kept.add(iri)
            for weight, other in list_near(iri):
                if other not in kept:
                    heapq.heappush(queue, (-weight, other))
        if len(kept) >= most:
            break
    return kept


def _fold(name: str) -> str:
    """A name as people compare it: full and half width, case and blanks aside."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
