"""Query rows → networkx → pyvis: the picture of who works with whom, as one HTML file that opens offline.

pyvis holds the nodes, edges and options of vis-network; the page around them is our own (``kg/page/``), since
pyvis's page links to CDNs and puts titles in as HTML. Places are computed in ``kg.network_layout``, before the page
is written.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import networkx
import pyvis.network

from kg import network_layout, network_page, queries
from kg.address import Address
from kg.network_part import count_neighbours, find_focus, hide_background, keep_most_connected, take_around

MAX_NODES = 5_000  # more cannot be told apart on a screen, and a browser moves them in jerks

# (shape of vis-network, fill, border). Colour tells the family and shape the type, so that nothing hangs on colour
# alone; the colours are those of Okabe and Ito, which colour-blind people can tell apart, the borders keep a
# contrast of 3:1 to the white ground.
TYPE_STYLES: dict[str, tuple[str, str, str]] = {
    "School": ("dot", "#0072B2", "#004C78"),
    "Enterprise": ("square", "#E69F00", "#8A5F00"),
    "Hospital": ("triangle", "#CC79A7", "#8C3F69"),
    "Kindergarten": ("triangleDown", "#F0E442", "#7D7500"),
    "Institution": ("diamond", "#009E73", "#00674B"),
    "Government": ("hexagon", "#6B6B6B", "#3D3D3D"),
    "EducationGroup": ("star", "#D55E00", "#8F3F00"),
    "Alliance": ("diamond", "#D55E00", "#8F3F00"),
    "Community": ("hexagon", "#D55E00", "#8F3F00"),
    "Consortium": ("triangle", "#D55E00", "#8F3F00"),
    "TrainingBase": ("square", "#56B4E9", "#1F6E9C"),
    "Programme": ("triangleDown", "#8E7CC3", "#55418E"),
    "Designation": ("star", "#F0E442", "#7D7500"),
    "Region": ("hexagon", "#DDDDDD", "#5A5A5A"),
}
OTHER_STYLE = ("dot", "#FFFFFF", "#3D3D3D")

# (colour, dashes) of a line, the most telling predicate first: it gives a line of several its look.
PREDICATE_STYLES: dict[str, tuple[str, list[int]]] = {
    "partnersWith": ("#7A8794", []),
    "collaboratesWith": ("#0072B2", []),
    "hostsGroup": ("#B34F00", []),
    "memberOf": ("#B34F00", [7, 4]),
    "operatesBase": ("#1F6E9C", [2, 3]),
    "administeredBy": ("#6B6B6B", [7, 3, 2, 3]),
    "offersProgramme": ("#7A66B8", [2, 3]),
    "designatedAs": ("#7D7500", [2, 3]),
    "locatedIn": ("#7A7A7A", [2, 3]),
}
OTHER_LINE = ("#6B6B6B", [2, 3])

_LISTS = ("modes", "programmes", "year", "headcount", "role", "status", "since", "designation")
_PLACES = ("evidence", "section", "page", "table", "row", "report", "report_title", "report_year")

STYLE_FILES = ("network.css",)
SCRIPT_FILES = ("elements.js", "words.js", "view.js", "paint.js", "panel.js", "legend.js", "search.js", "network.js")


@dataclass(frozen=True, slots=True)
class DrawSummary:
    """What a picture holds: nodes, lines (one for each pair of nodes), and nodes left out because of its size."""

    nodes: int
    edges: int
    left_out: int


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
        entity["region"] = _ordered((*entity["region"], *_split(row.get("region"))))
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


def draw_home(home: Path, to: Path, focus: str | None = None, store: Address | None = None) -> DrawSummary:
    """Draw the network of a home into the file ``to``: all of it, or ``focus`` and what is around it. ``store`` is the
    server that holds its graph, where one does.

    Raises MissingStore for a home without a graph, and UsageError for a focus that no entity bears and a place that
    cannot be written.
    """
    nodes = queries.run_bulk(home, "network-nodes", store).as_dicts()
    edges = queries.run_bulk(home, "network-edges", store).as_dicts()
    focus = None if focus is None else queries.follow_iri(home, focus, store)
    title = "职业教育合作网络" if focus is None else f"{focus} · 合作网络"
    return draw_network(build_graph(nodes, edges), to, title=title, focus=focus)


def draw_network(graph: networkx.MultiDiGraph, to: Path, *, title: str, focus: str | None = None) -> DrawSummary:
    """Write the graph as one self-contained page and return what it shows.

    With ``focus`` (a name, an alias or an IRI) only that entity and what is within two steps of it. Of a graph
    beyond MAX_NODES the most connected part is drawn, and the page says how much was left out. Raises UsageError
    for a focus that no entity bears, or several do, and for a place that cannot be written.
    """
    middle = find_focus(graph, focus) if focus is not None else []
    chosen = take_around(graph, middle) if middle else set(graph)
    near = _cut_out(graph, chosen)
    off = hide_background(near, middle)
    drawn = _cut_out(near, keep_most_connected(near, off, middle, MAX_NODES))
    network, facts = _to_pyvis(drawn, off)
    nodes, lines, _, _, _, options = network.get_network_data()
    data = {
        "title": title,
        "nodes": nodes,
        "edges": lines,
        "options": json.loads(options),
        "entities": [_entity_data(iri, drawn.nodes[iri]) for iri in drawn],
        "facts": facts,
        "reports": _report_data(drawn),
        "lines": {name: {"color": color, "dashes": dashes} for name, (color, dashes) in PREDICATE_STYLES.items()},
        "otherLine": {"color": OTHER_LINE[0], "dashes": OTHER_LINE[1]},
        "off": sorted(off),
        "focus": [list(drawn).index(iri) for iri in middle],
        "all": graph.number_of_nodes(),
        "leftOut": len(near) - len(drawn),
    }
    words = json.loads(network_page.read_asset("words.json"))
    page = network_page.compose_page(
        network_page.read_asset("network.html"),
        title=title,
        styles=[network_page.read_asset(name) for name in STYLE_FILES],
        scripts=[network_page.read_vis_network(), *map(network_page.read_asset, SCRIPT_FILES)],
        data={"graph-data": data, "words-data": words},
    )
    network_page.write_page(to, page)
    return DrawSummary(nodes=len(nodes), edges=len(lines), left_out=len(near) - len(drawn))


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
        here |= {name: fact[name] for name in ("predicate", *_LISTS, *_PLACES) if name in fact}
        here.pop("report_title", None)
        here.pop("report_year", None)
        facts.append(here)
    degrees = count_neighbours(graph, off)
    shown = {fact["line"] for fact in facts if "line" in fact and fact["predicate"] not in off}
    small, thin = (1.0, 1.4) if len(graph) <= 400 else (0.75, 1.0)
    sizes = [round(min(30.0, 6 + 3 * math.sqrt(degrees[iri])) * small, 1) for iri in graph]
    points = _place(graph, sizes, list(pairs), [pair for pair, at in pairs.items() if at in shown])

    network = pyvis.network.Network(directed=True)  # undirected ones search all edges for each new one
    network.options = _options()
    for at, (_, entity) in enumerate(graph.nodes(data=True)):
        group = entity["type"] if entity["type"] in TYPE_STYLES else "Other"
        shape = TYPE_STYLES.get(group, OTHER_STYLE)[0]
        x, y = (round(float(value)) for value in points[at])
        network.add_node(at, label=entity["name"], shape=shape, group=group, size=sizes[at], x=x, y=y)
    carried: dict[int, list[str]] = {}
    for fact in facts:
        if "line" in fact:
            carried.setdefault(fact["line"], []).append(fact["predicate"])
    rank = {name: at for at, name in enumerate(PREDICATE_STYLES)}
    for (a, b), at in pairs.items():
        first = min(carried[at], key=lambda name: rank.get(name, len(rank)))
        color, dashes = PREDICATE_STYLES.get(first, OTHER_LINE)
        width = round(min(5.0, thin + math.log2(len(carried[at])) * 0.9), 1)
        network.add_edge(a, b, id=at, width=width, arrows="", color=color, dashes=dashes or False)
    return network, facts


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


def _entity_data(iri: str, entity: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "iri": iri,
        "type": entity["type"],
        "aliases": list(entity["aliases"]),
        "region": list(entity["region"]),
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
