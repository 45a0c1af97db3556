"""The property graph for Neo4j: CSV with typed headings for ``neo4j-admin database import``, and a Cypher script."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import IO, Any

import orjson

from kg.export.property_graph import (
    EDGE_PROPERTIES,
    NODE_PROPERTIES,
    NUMBER,
    TEXTS,
    WHOLE,
    Edge,
    Node,
    Properties,
    PropertyGraph,
    clean_text,
)
from kg.export.steady_stream import steady_stream

NODES, RELATIONSHIPS, GUIDE = "nodes.csv", "relationships.csv", "README.txt"
BETWEEN = "\x1f"  # the values of an array; no text holds it, since what XML cannot hold is replaced here too
AT_ONCE = 500  # rows that one Cypher statement takes
_TYPES = {TEXTS: ":string[]", WHOLE: ":long", NUMBER: ":double"}
_LABEL = "Entity"
_COMMAND = f"""\
neo4j-admin database import full --multiline-fields=true --array-delimiter=U+001F \\
  --nodes={NODES} --relationships={RELATIONSHIPS} neo4j
"""


def write_neo4j(graph: PropertyGraph, out: IO[bytes]) -> int:
    """A zip of both CSV files and the command that imports them. Returns the number of relationships."""
    count = 0
    with tempfile.TemporaryFile(dir=graph.aside) as nodes, tempfile.TemporaryFile(dir=graph.aside) as edges:
        put_node = _open_csv(nodes, ["iri:ID", *_head(NODE_PROPERTIES), ":LABEL"])
        put_edge = _open_csv(edges, [":START_ID", ":END_ID", "id", *_head(EDGE_PROPERTIES), ":TYPE"])
        for each in graph.walk():
            if isinstance(each, Node):
                labels = f"{_LABEL}{BETWEEN}{each.type}"
                put_node.writerow([each.id, *_cells(each.properties, NODE_PROPERTIES), labels])
            else:
                cells = _cells(each.properties, EDGE_PROPERTIES)
                put_edge.writerow([each.source, each.target, each.id, *cells, _name_type(each.predicate)])
                count += 1
        with steady_stream(out) as to, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.writestr(GUIDE, _COMMAND)
            for name, written in ((NODES, nodes), (RELATIONSHIPS, edges)):
                written.seek(0)
                with packed.open(name, "w", force_zip64=True) as into:
                    shutil.copyfileobj(written, into, 1 << 20)
    return count


def _open_csv(to: IO[bytes], headings: list[str]) -> Any:
    text = io.TextIOWrapper(to, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)  # whose line ends, \r\n, make it quote either of the two in a cell
    writer.writerow(headings)
    return writer


def _head(properties: Mapping[str, str]) -> list[str]:
    return [name + _TYPES.get(holds, "") for name, holds in properties.items()]


def _cells(properties: Properties, of: Mapping[str, str]) -> Iterator[Any]:
    for name in of:
        value = properties.get(name)
        if isinstance(value, list):
            yield BETWEEN.join(clean_text(str(each)) for each in value)
        else:
            yield clean_text(value) if isinstance(value, str) else value


def write_cypher(graph: PropertyGraph, out: IO[bytes]) -> int:
    """A script for cypher-shell, which may be run again: what is there already is not made twice."""
    out.write(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{_LABEL}) REQUIRE n.iri IS UNIQUE;\n".encode())
    count = 0
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    with tempfile.TemporaryFile(dir=graph.aside) as edges:

        def put(kind: str, row: str, to: IO[bytes], end: str) -> None:
            rows = waiting[kind]
            rows.append(row)
            if len(rows) == AT_ONCE:
                flush(kind, to, end)

        def flush(kind: str, to: IO[bytes], end: str) -> None:
            to.write(f"UNWIND [\n{(',' + chr(10)).join(waiting.pop(kind))}\n] AS row\n{end};\n".encode())

        for each in graph.walk():
            if isinstance(each, Node):
                put(f"n{each.type}", _node_row(each), out, _merge_node(each.type))
            else:
                put(f"e{each.predicate}", _edge_row(each), edges, _merge_edge(each.predicate))
                count += 1
        for kind in sorted(waiting):
            if kind[0] == "n":
                flush(kind, out, _merge_node(kind[1:]))
            else:
                flush(kind, edges, _merge_edge(kind[1:]))
        edges.seek(0)
        shutil.copyfileobj(edges, out, 1 << 20)
    return count


def _merge_node(type_: str) -> str:
    return f"MERGE (n:{_LABEL} {{iri: row.iri}}) SET n += row.properties, n:{type_}"


def _merge_edge(predicate: str) -> str:
    ends = f"MATCH (a:{_LABEL} {{iri: row.source}}), (b:{_LABEL} {{iri: row.target}})"
    return f"{ends} MERGE (a)-[r:{_name_type(predicate)} {{id: row.id}}]->(b) SET r += row.properties"


def _node_row(node: Node) -> str:
    return f"{{iri: {_literal(node.id)}, properties: {_write_map(node.properties)}}}"


def _edge_row(edge: Edge) -> str:
    ends = f"source: {_literal(edge.source)}, target: {_literal(edge.target)}"
    return f"{{id: {_literal(edge.id)}, {ends}, properties: {_write_map(edge.properties)}}}"


def _write_map(properties: Properties) -> str:
    return "{" + ", ".join([f"{key}: {_literal(value)}" for key, value in properties.items()]) + "}"


def _literal(value: Any) -> str:
    """A literal of Cypher, which reads texts, numbers and lists as JSON writes them."""
    return orjson.dumps(value).decode("utf-8")


@cache
def _name_type(predicate: str) -> str:
    """partnersWith as PARTNERS_WITH, as is the custom there."""
    return re.sub(r"(?=[A-Z])", "_", predicate).upper()
