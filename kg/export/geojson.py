"""The property graph on a map: entities as points, statements as lines between them (GeoJSON, RFC 7946).

A point is the seat of the place of GB/T 2260 where an entity is, the same for all that are there; ``place_basis`` says
how the place is known. What has no place has no geometry, and stands there all the same.
"""

from __future__ import annotations

from typing import IO, Any

import orjson

from kg.export.property_graph import Edge, Node, PropertyGraph


def write_geojson(graph: PropertyGraph, out: IO[bytes]) -> int:
    """A collection of features. Returns the number of lines, those without geometry among them."""
    count = 0
    places: dict[str, tuple[float, float]] = {}
    out.write(b'{"type": "FeatureCollection", "features": [')
    begin = b"\n"
    for each in graph.walk():
        if isinstance(each, Node):
            if each.position is not None:
                places[each.id] = each.position
            feature = _make_point(each)
        else:
            feature = _make_line(each, places)
            count += 1
        out.write(begin + orjson.dumps(feature))
        begin = b",\n"
    out.write(b"\n]}\n")
    return count


def _make_point(node: Node) -> dict[str, Any]:
    position = node.position
    properties = {key: value for key, value in node.properties.items() if key not in ("longitude", "latitude")}
    geometry = None if position is None else {"type": "Point", "coordinates": position}
    return {"type": "Feature", "id": node.id, "geometry": geometry, "properties": properties}


def _make_line(edge: Edge, places: dict[str, tuple[float, float]]) -> dict[str, Any]:
    ends = [places[end] for end in (edge.source, edge.target) if end in places]
    geometry = {"type": "LineString", "coordinates": ends} if len(ends) == 2 else None
    properties = {"source": edge.source, "target": edge.target, **edge.properties}
    return {"type": "Feature", "id": edge.id, "geometry": geometry, "properties": properties}
