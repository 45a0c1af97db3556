"""The property graph as GraphML (yEd, Gephi, Cytoscape, networkx) and as GEXF with its years (Gephi).

Written as text, line by line: a library that takes whole graphs would need gigabytes for a million edges. What XML 1.0
cannot hold, control characters, is U+FFFD instead.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import IO, Any

from kg.export.cells import JOINED
from kg.export.property_graph import (
    EDGE_PROPERTIES,
    NODE_PROPERTIES,
    NUMBER,
    WHOLE,
    Edge,
    Node,
    Properties,
    PropertyGraph,
    clean_text,
    put_edges_aside,
)

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# A reader folds line breaks in attributes, and turns a carriage return into a line break everywhere.
_IN_TEXT = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_MARKUP = re.compile(r'[&<>"\r\n\t]')
_IN_ATTRIBUTE = {**_IN_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}


def write_graphml(graph: PropertyGraph, out: IO[bytes]) -> int:
    """GraphML: a directed multigraph; lists are joined by 、."""
    types = {WHOLE: "long", NUMBER: "double"}
    keys = [
        f'<key id="{side[0]}_{name}" for="{side}" attr.name="{name}" attr.type="{types.get(holds, "string")}"/>\n'
        for side, properties in (("node", NODE_PROPERTIES), ("edge", EDGE_PROPERTIES))
        for name, holds in properties.items()
    ]
    begin = f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n{"".join(keys)}'
    out.write(f'{_HEAD}{begin}<graph id="G" edgedefault="directed">\n'.encode())
    count = put_edges_aside(graph, out, _graphml_node, _graphml_edge, "")
    out.write(b"</graph>\n</graphml>\n")
    return count


def _graphml_node(node: Node) -> str:
    return f'<node id="{_attribute(node.id)}">{_graphml_data("n", node.properties)}</node>\n'


def _graphml_edge(edge: Edge) -> str:
    ends = f'source="{_attribute(edge.source)}" target="{_attribute(edge.target)}"'
    return f'<edge id="{_attribute(edge.id)}" {ends}>{_graphml_data("e", edge.properties)}</edge>\n'


def _graphml_data(side: str, properties: Properties) -> str:
    return "".join([f'<data key="{side}_{key}">{_text(value)}</data>' for key, value in properties.items()])


def write_gexf(graph: PropertyGraph, out: IO[bytes]) -> int:
    """GEXF 1.3: edges live in the years that their statements are of, those without any year always."""
    declared = "".join(
        _gexf_attributes(side, properties)
        for side, properties in (("node", NODE_PROPERTIES), ("edge", EDGE_PROPERTIES))
    )
    meta = f'<meta lastmodifieddate="{datetime.date.today().isoformat()}"><creator>zhijiao-kg</creator></meta>\n'
    out.write(
        f'{_HEAD}<gexf xmlns="http://gexf.net/1.3" version="1.3">\n{meta}'
        f'<graph mode="dynamic" defaultedgetype="directed" timeformat="date">\n{declared}<nodes>\n'.encode()
    )
    count = put_edges_aside(graph, out, _gexf_node, _gexf_edge, "</nodes>\n<edges>\n")
    out.write(b"</edges>\n</graph>\n</gexf>\n")
    return count


def _gexf_attributes(side: str, properties: Mapping[str, str]) -> str:
    types = {WHOLE: "long", NUMBER: "double"}
    lines = [
        f'<attribute id="{name}" title="{name}" type="{types.get(holds, "string")}"/>\n'
        for name, holds in properties.items()
    ]
    return f'<attributes class="{side}" mode="static">\n{"".join(lines)}</attributes>\n'


def _gexf_node(node: Node) -> str:
    label = _attribute(node.properties["name"])
    return f'<node id="{_attribute(node.id)}" label="{label}">{_gexf_values(node.properties)}</node>\n'


def _gexf_edge(edge: Edge) -> str:
    ends = f'source="{_attribute(edge.source)}" target="{_attribute(edge.target)}"'
    label = _attribute(edge.properties["predicate_label"])
    spells = "".join(f'<spell start="{year:04}-01-01" end="{year:04}-12-31"/>' for year in edge.years)
    inside = _gexf_values(edge.properties) + (f"<spells>{spells}</spells>" if spells else "")
    return f'<edge id="{_attribute(edge.id)}" {ends} label="{label}">{inside}</edge>\n'


def _gexf_values(properties: Properties) -> str:
    values = [f'<attvalue for="{key}" value="{_attribute(_plain(value))}"/>' for key, value in properties.items()]
    return f"<attvalues>{''.join(values)}</attvalues>"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else JOINED.join(value) if isinstance(value, list) else str(value)


def _text(value: Any) -> str:
    text = clean_text(_plain(value))
    return text.translate(_IN_TEXT) if _MARKUP.search(text) else text


def _attribute(text: str) -> str:
    text = clean_text(text)
    return text.translate(_IN_ATTRIBUTE) if _MARKUP.search(text) else text
