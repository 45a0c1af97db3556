"""Query rows → networkx → pyvis: the picture of who works with whom, as one HTML file that opens offline.

pyvis holds the nodes, edges and options of vis-network; the page around them is our own (``kg/page/``), since
pyvis's page links to CDNs and puts titles in as HTML. Places are computed in ``kg.network_layout``, before the page
is written.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import networkx
import pyvis.network

from kg import network_layout, network_page
from kg.address import Address
from kg.current_store import pin_graph
from kg.network_data import describe_entity, describe_years
from kg.network_part import (
    STEPS,
    find_focus,
    find_neighbours,
    hide_background,
    keep_most_connected,
    links_in,
    list_links,
    take_around,
)
from kg.network_style import (
    LEADER,
    OTHER_LINE,
    OTHER_STYLE,
    PREDICATE_STYLES,
    TYPE_STYLES,
    list_lines,
    list_modes,
)
from kg.network_views import Part, Sources, View, choose_part, read_behind, read_facts
from kg.queries import run_bulk
from kg.store import open_facts, open_graph, open_ledger, open_names

DRAGGED_LINES = 600  # more take too long to paint for each frame
MAX_NODES = 5_000  # more cannot be told apart on a screen, and a browser moves them in jerks

_LISTS = ("modes", "programmes", "year", "headcount", "role", "status", "since", "designation", "shared")
_PLACES = ("evidence", "section", "page", "table", "row", "report", "report_title", "report_year")

WHOLE = View()
STYLE_FILES = ("network.css",)
SCRIPT_FILES = (
    *("elements.js", "words.js", "view.js", "paint.js", "panel.js", "legend.js", "search.js", "address.js"),
    *("taking.js", "keys.js", "physics.js", "drag.js", "network.js"),
)


@dataclass(frozen=True, slots=True)
class DrawSummary:
    """What a picture holds: nodes, lines (one for each pair of nodes), and nodes left out because of its size."""

    nodes: int
    edges: int
    left_out: int
    notes: tuple[str, ...] = ()  # what a name was taken for


@dataclass(frozen=True, slots=True)
class Heading:
    """What a picture shows, and its title in both languages; ``steps`` around a focus, None without one."""

    kind: str
    zh: str
    en: str
    steps: int | None

    def as_data(self) -> dict[str, Any]:
        steps = {} if self.steps is None else {"steps": self.steps}
        return {"kind": self.kind, "words": {"zh": self.zh, "en": self.en}, **steps}


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a graph is drawn: ``off`` are the predicates hidden at first, ``middle`` what it is around, ``all`` the number
    of nodes that the view has beside those left out, ``behind`` the facts that are told with those of the picture."""

    heading: Heading
    off: frozenset[str]
    middle: Sequence[str]
    all: int
    behind: networkx.MultiDiGraph


def build_graph(nodes: Iterable[Mapping[str, Any]], edges: Iterable[Mapping[str, Any]]) -> networkx.MultiDiGraph:
    """Build the graph from query rows: entities by IRI, one edge for each statement with its id as key.

    Rows of the same entity or statement are joined: what differs between them stays, each value once. Fields that
    may hold several values (aliases, region, modes, programmes, year, headcount …) become sorted tuples, whatever
    the order of the rows; what a row does not say is absent, never None. An edge whose end has no row of its own
    gets a node that is named after its IRI.
    """
    graph = networkx.MultiDiGraph()
    for row in nodes:
        iri = str(row["iri"])
        if iri not in graph:
            graph.add_node(iri, type="", name=_name_of(iri), aliases=(), region=())
        entity = graph.nodes[iri]
        if entity["type"] not in TYPE_STYLES:  # a row for a wider class must not hide the type itself
            entity["type"] = _local_name(row.get("type")) or entity["type"]
        name = " ".join(str(row.get("name") or "").split())
        if name and entity["name"] == _name_of(iri):
            entity["name"] = name
        said = (*entity["aliases"], *_split(name), *_split(row.get("aliases")))
        entity["aliases"] = _ordered(alias for alias in said if alias != entity["name"])
        for field in ("region", "places", "concepts"):
            if values := _ordered((*entity.get(field, ()), *_split(row.get(field)))):
                entity[field] = values
    for row in edges:
        source, target = str(row["source"]), str(row["target"])
        for iri in (source, target):
            if iri not in graph:
                graph.add_node(iri, type="", name=_name_of(iri), aliases=(), region=())
        key = str(row["statement"])
        if not graph.has_edge(source, target, key):
            graph.add_edge(source, target, key, predicate=_local_name(row["predicate"]))
        fact = graph.edges[source, target, key]
        for field in _LISTS:
            values = _ordered((*fact.get(field, ()), *_split(row.get(field))))
            if values:
                fact[field] = values
        for field in _PLACES:
            if row.get(field) not in (None, ""):
                fact.setdefault(field, row[field])
    return graph


def draw_home(home: Path, to: Path, view: View = WHOLE, store: Address | None = None) -> DrawSummary:
    """Draw the network of a home into the file ``to``: all of it, or the part that a view asks for. ``store`` is the
    server that holds its graph, where one does.

    Raises MissingStore for a home without a graph, and UsageError for a name that means nothing, or more than one
    entity, and for a place that cannot be written.
    """
    with (
        pin_graph(home) as pinned,
        open_graph(pinned, store) as graph,
        open_names(pinned) as names,
        open_ledger(pinned) as ledger,
        open_facts(pinned) as facts,
    ):
        return _draw_view(Sources(graph, names, ledger, facts), to, view)


def _draw_view(sources: Sources, to: Path, view: View) -> DrawSummary:
    graph, part = sources.graph, choose_part(sources, view)
    nodes = dict.fromkeys((*part.entities, *(end for source, _, target in part.links for end in (source, target))))
    off = hide_background(part.links, part.middle)
    kept = keep_most_connected(nodes, part.links, off, part.middle, MAX_NODES)
    drawn = build_graph(run_bulk(graph, "network-nodes", entity=sorted(kept)), read_facts(sources.facts, part, kept))
    heading = Heading(part.kind, part.zh, part.en, view.steps if part.kind == "around" else None)
    drawing = Drawing(heading, off, part.middle, part.all or len(nodes), _read_behind(sources, part, kept))
    return replace(_write(drawn, to, drawing), notes=part.notes)


def _read_behind(sources: Sources, part: Part, kept: set[str]) -> networkx.MultiDiGraph:
    """The graph of the facts that are not drawn themselves."""
    rows = read_behind(sources.facts, part, kept) if part.behind else []
    ends = sorted({str(row[end]) for row in rows for end in ("source", "target")})
    return build_graph(run_bulk(sources.graph, "network-nodes", entity=ends) if ends else [], rows)


def draw_network(graph: networkx.MultiDiGraph, to: Path, *, title: str, focus: str | None = None) -> DrawSummary:
    """Write the graph as one self-contained page and return what it shows.

    With ``focus`` (a name, an alias or an IRI) only that entity and what is within STEPS of it. Of a graph beyond
    MAX_NODES the most connected part is drawn, and the page says how much was left out. Raises UsageError for a focus
    that no entity bears, or several do, and for a place that cannot be written.
    """
    middle = find_focus(graph, focus) if focus is not None else []
    near = _cut_out(graph, take_around(links_in(graph), middle)) if middle else graph
    off = hide_background(list_links(near), middle)
    drawn = _cut_out(near, keep_most_connected(near, list_links(near), off, middle, MAX_NODES))
    heading = Heading("around" if middle else "whole", title, title, STEPS if middle else None)
    return _write(drawn, to, Drawing(heading, off, middle, len(near), networkx.MultiDiGraph()))


def _write(graph: networkx.MultiDiGraph, to: Path, drawing: Drawing) -> DrawSummary:
    network, facts = _to_pyvis(graph, drawing.off)
    nodes, lines, _, _, _, options = network.get_network_data()
    at = {iri: number for number, iri in enumerate(graph)}
    left_out = drawing.all - len(graph)
    data = {
        "title": drawing.heading.zh,
        "view": drawing.heading.as_data(),
        "nodes": nodes,
        "edges": lines,
        "options": json.loads(options),
        "entities": [describe_entity(iri, graph.nodes[iri]) for iri in graph],
        "facts": facts,
        "behind": _describe_behind(drawing.behind, at),
        "reports": _report_data(graph) | _report_data(drawing.behind),
        "modes": list_modes(mode for fact in facts for mode in fact.get("modes", ())),
        "lines": list_lines(),
        "otherLine": {"color": OTHER_LINE[0], "dashes": OTHER_LINE[1]},
        "off": sorted(drawing.off),
        "focus": [at[iri] for iri in drawing.middle],
        "all": drawing.all,
        "leftOut": left_out,
    }
    words = json.loads(network_page.read_asset("words.json"))
    page = network_page.compose_page(
        network_page.read_asset("network.html"),
        title=drawing.heading.zh,
        styles=[network_page.read_asset(name) for name in STYLE_FILES],
        scripts=[network_page.read_vis_network(), *map(network_page.read_asset, SCRIPT_FILES)],
        data={"graph-data": data, "words-data": words},
    )
    network_page.write_page(to, page)
    return DrawSummary(nodes=len(nodes), edges=len(lines), left_out=left_out)


def _cut_out(graph: networkx.MultiDiGraph, kept: set[str]) -> networkx.MultiDiGraph:
    """A part of the graph in the graph's own order; networkx's views have the order of the set."""
    if len(kept) == len(graph):
        return graph
    part = networkx.MultiDiGraph()
    part.add_nodes_from((iri, entity) for iri, entity in graph.nodes(data=True) if iri in kept)
    part.add_edges_from(
        (source, target, key, fact)
        for source, target, key, fact in graph.edges(keys=True, data=True)
        if source in kept and target in kept
    )
    return part


def _to_pyvis(graph: networkx.MultiDiGraph, off: frozenset[str]) -> tuple[pyvis.network.Network, list[dict[str, Any]]]:
    """Put nodes, lines and options into a pyvis network; return it with the facts that its lines stand for.

    Nodes are numbered in the order of the graph. A fact's ``line`` is the id of the line that carries it, absent
    where both ends are one node.
    """
    index = {iri: at for at, iri in enumerate(graph)}
    pairs: dict[tuple[int, int], int] = {}
    facts: list[dict[str, Any]] = []
    for source, target, key, fact in graph.edges(keys=True, data=True):
        pair = (min(index[source], index[target]), max(index[source], index[target]))
        here = {"id": key, "from": index[source], "to": index[target]}
        if pair[0] != pair[1]:
            here["line"] = pairs.setdefault(pair, len(pairs))
        facts.append(here | _describe_fact(fact))
    others = find_neighbours(graph, list_links(graph), off)
    shown = {fact["line"] for fact in facts if "line" in fact and fact["predicate"] not in off}
    small, thin = (1.0, 1.4) if len(graph) <= 400 else (0.75, 1.0)
    sizes = [round(min(30.0, 6 + 3 * math.sqrt(len(others[iri]))) * small, 1) for iri in graph]
    points = _place(graph, sizes, list(pairs), [pair for pair, at in pairs.items() if at in shown])

    network = pyvis.network.Network(directed=True)  # undirected ones search all edges for each new one
    network.options = _options()
    network.options["interaction"]["dragView"] = len(pairs) <= DRAGGED_LINES  # beyond that drag.js moves it
    for at, (_, entity) in enumerate(graph.nodes(data=True)):
        group = entity["type"] if entity["type"] in TYPE_STYLES else "Other"
        shape = TYPE_STYLES.get(group, OTHER_STYLE)[0]
        x, y = (round(float(value)) for value in points[at])
        network.add_node(at, label=entity["name"], shape=shape, group=group, size=sizes[at], x=x, y=y)
    carried: dict[int, list[dict[str, Any]]] = {}
    for fact in facts:
        if "line" in fact:
            carried.setdefault(fact["line"], []).append(fact)
    for (a, b), at in pairs.items():
        color, dashes = _look_of(carried[at])
        weight = sum(len(fact.get("shared", "1")) for fact in carried[at])
        width = round(min(5.0, thin + math.log2(weight) * 0.9), 1)
        network.add_edge(a, b, id=at, width=width, arrows="", color=color, dashes=dashes or False)
    return network, facts


def _describe_fact(fact: Mapping[str, Any]) -> dict[str, Any]:
    """What the page says of a fact besides its ends."""
    told = {name: fact[name] for name in ("predicate", *_LISTS, *_PLACES) if name in fact}
    told |= describe_years(told.pop("year", ()), told.pop("report_year", None))
    told.pop("report_title", None)
    return told


def _describe_behind(graph: networkx.MultiDiGraph, at: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
    """The facts behind those of the picture, by the number of the node and the name of the partner: "3 蒙牛"."""
    told: dict[str, list[dict[str, Any]]] = {}
    for source, target, fact in graph.edges(data=True):
        told.setdefault(f"{at[source]} {graph.nodes[target]['name']}", []).append(_describe_fact(fact))
    return told


_RANK = {name: at for at, name in enumerate(PREDICATE_STYLES)}


def _look_of(facts: Sequence[Mapping[str, Any]]) -> tuple[str, list[int]]:
    """Colour and dashes of the line that carries these facts."""
    first = min((fact["predicate"] for fact in facts), key=lambda name: _RANK.get(name, len(_RANK)))
    color, dashes = PREDICATE_STYLES.get(first, OTHER_LINE)
    leads = first == "memberOf" and any(LEADER in fact.get("role", ()) for fact in facts)
    return color, [] if leads else dashes


def _place(
    graph: networkx.MultiDiGraph,
    sizes: Sequence[float],
    links: Sequence[tuple[int, int]],
    shown: Sequence[tuple[int, int]],
) -> network_layout.Points:
    """Places of all nodes: first of those that are seen at first, then of the rest around them."""
    seen = sorted({end for pair in shown for end in pair})
    # Small graphs leave room for each name; in large ones only the best connected show theirs until one comes near.
    room = min(1.0, max(0.0, (320 - len(seen)) / 200))
    boxes = []
    for at, (_, entity) in enumerate(graph.nodes(data=True)):
        letters = min(len(entity["name"]), 10)
        rows = 1 if len(entity["name"]) <= 10 else 2
        mark = 2 * sizes[at] + 14 + 10 * (1 - room)
        boxes.append((max(mark, mark + (13 * letters + 12 - mark) * room), mark + (17 * rows + 4) * room))
    return network_layout.place_nodes(boxes, shown, links)


def _options() -> dict[str, Any]:
    """vis-network's options: nothing moves by itself, names and the selection are painted by our own script."""
    groups = {
        name: {"shape": shape, "color": {"background": fill, "border": border}}
        for name, (shape, fill, border) in {**TYPE_STYLES, "Other": OTHER_STYLE}.items()
    }
    return {
        "autoResize": True,
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "groups": {"useDefaultGroups": False, **groups},
        "nodes": {"borderWidth": 1.5, "chosen": False},
        "edges": {"smooth": False, "chosen": False, "selectionWidth": 0, "hoverWidth": 0},
        "interaction": {
            "hover": False,
            "multiselect": False,
            "selectConnectedEdges": False,
            "keyboard": {"enabled": True, "bindToWindow": False},
        },
    }


def _report_data(graph: networkx.MultiDiGraph) -> dict[str, dict[str, Any]]:
    reports: dict[str, dict[str, Any]] = {}
    for _, _, fact in graph.edges(data=True):
        if "report" in fact:
            reports.setdefault(
                str(fact["report"]), {"title": fact.get("report_title", ""), "year": fact.get("report_year")}
            )
    return reports


def _split(value: Any) -> tuple[Any, ...]:
    """The values of a row's field: a list, a text joined by "|", a single value, or nothing."""
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split("|") if part.strip())
    if isinstance(value, Iterable):
        return tuple(part for part in value if part not in (None, ""))
    return (value,)


def _ordered(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(set(values), key=lambda value: (str(value), type(value).__name__)))


def _local_name(term: Any) -> str:
    """partnersWith, of the term itself or of its IRI."""
    return str(term or "").rstrip("/#").rpartition("#")[2].rpartition("/")[2]


def _name_of(iri: str) -> str:
    return unquote(_local_name(iri)) or iri
