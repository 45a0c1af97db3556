"""Each format, read back by a reader that knows nothing of its writer, gives the same rows, nodes, edges and values."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx
import openpyxl
import pandas
import pytest
import rdflib
import shapely
from exported import StubKnown, reports
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from kg.export import xlsx
from kg.export.formats import FORMATS, TableRows
from kg.export.kinds import LIST, TABLES
from kg.export.known import Place
from kg.export.partnerships import list_partnerships
from kg.export.property_graph import EDGE_PROPERTIES, NODE_PROPERTIES, PropertyGraph
from kg.export.rdf import RdfGraph
from kg.export.reading import ReportLines
from kg.export.rows import list_facts, list_figures, list_issues
from kg.merged_entities import MergedEntity, Naming
from kg.quads import entity_quads, statement_file_quads
from kg.schema import load_schema
from kg.statement_files import EntityRecord, EvidenceRecord, FigureRecord, ReportRecord, StatementFile, StatementRecord

LISTERS = {"facts": list_facts, "figures": list_figures, "issues": list_issues}
LONGEST = 32_767
tables = st.sampled_from(("facts", "figures", "issues", "partnerships"))
some = settings(max_examples=60, deadline=None)


def list_rows(what, lines):
    return list(list_partnerships(lines, StubKnown()) if what == "partnerships" else LISTERS[what](lines))


def write(form, given, **asked):
    """What a writer of tables makes of the rows of a report; and the rows."""
    what, lines = given
    rows = list_rows(what, lines)
    out = io.BytesIO()
    with TemporaryDirectory() as aside:
        table = TableRows(TABLES[what], iter(rows), Path(aside), **asked)
        assert FORMATS[form].load_writer()(table, out) == len(rows)
    return out.getvalue(), rows, TABLES[what].columns


def show(value):
    """A value as one text."""
    return "" if value is None else "、".join(map(str, value)) if isinstance(value, list) else str(value)


def tame(text):
    """A text as a CSV cell should hold it: no control characters, an apostrophe before what could run."""
    text = "".join(char for char in text if ord(char) >= 32 or char in "\n\t")
    return f"'{text}" if text.strip()[:1] in tuple("=+-@＝＋－＠") and text.strip() else text


# ---- tables


@pytest.mark.parametrize(("form", "sign"), [("csv", ","), ("tsv", "\t")])
@given(given=st.tuples(tables, reports()))
@some
def test_text_tables(form, sign, given):
    data, rows, columns = write(form, given)
    assert data.startswith(b"\xef\xbb\xbf") and not data.startswith(b"\xef\xbb\xbf" * 2)
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=sign))
    assert read[0] == [column.zh for column in columns]
    for line, row in zip(read[1:], rows, strict=True):
        values = [column.look(row) for column in columns]
        assert line == [show(v) if isinstance(v, int | float) else tame(show(v)) for v in values]
    frame = pandas.read_csv(io.BytesIO(data), sep=sign, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert len(frame) == len(rows)


@given(given=st.tuples(tables, reports()))
@some
def test_json_lines(given):
    data, rows, _ = write("jsonl", given)
    assert [json.loads(line) for line in data.decode("utf-8").split("\n") if line] == rows


@given(given=st.tuples(tables, reports()))
@some
def test_sqlite(given):
    data, rows, columns = write("sqlite", given)
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    read = connection.execute(f"SELECT * FROM {given[0]}")
    assert [each[0] for each in read.description] == [column.zh for column in columns]
    for line, row in zip(read, rows, strict=True):
        for value, column in zip(line, columns, strict=True):
            wanted = column.look(row)
            assert value == (show(wanted) if isinstance(wanted, list) else wanted)


@given(given=st.tuples(tables, reports()))
@some
def test_parquet(given):
    data, rows, columns = write("parquet", given)
    frame = pandas.read_parquet(io.BytesIO(data), dtype_backend="pyarrow")
    assert list(frame.columns) == [column.zh for column in columns]
    read = frame.astype(object).where(frame.notna(), None).values.tolist()
    for line, row in zip(read, rows, strict=True):
        for value, column in zip(line, columns, strict=True):
            wanted = column.look(row)
            if wanted is None:
                assert value is None
            elif column.holds == LIST:
                assert list(value) == [str(each) for each in wanted]
            else:
                assert value == (wanted if isinstance(value, int | float) else show(wanted))


@given(given=st.tuples(tables, reports()))
@settings(max_examples=25, deadline=None)
def test_workbook(given):
    data, rows, columns = write("xlsx", given)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[TABLES[given[0]].title]
    long = {}
    if "长文" in book.sheetnames:
        for _, cell, _, part in book["长文"].iter_rows(min_row=2, values_only=True):
            long[cell] = long.get(cell, "") + unescape(part)
    lines = list(sheet.iter_rows())
    assert [cell.value for cell in lines[0]] == [column.zh for column in columns]
    for line, row in zip(lines[1:], rows, strict=True):
        for cell, column in zip(line, columns, strict=True):
            wanted = column.look(row)
            assert cell.data_type in ("s", "n", "inlineStr") and cell.hyperlink is None
            if isinstance(wanted, int | float):
                assert cell.value == pytest.approx(wanted)
                continue
            text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", show(wanted))
            value = unescape(cell.value or "")
            assert len(value.encode("utf-16-le")) // 2 <= LONGEST
            assert long.get(cell.coordinate, value) == text
            if cell.coordinate in long:
                assert value.endswith("…〔全文见“长文”〕") and text.startswith(value[:1000])


def test_a_workbook_goes_on_on_another_sheet(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 4)
    rows = [{"report": f"r{at}", "code": "c", "message": "", "quote": "", "section": "", "page": at} for at in range(8)]
    out = io.BytesIO()
    with TemporaryDirectory() as aside:
        assert xlsx.write_xlsx(TableRows(TABLES["issues"], rows, Path(aside), True), out) == 8
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["issues", "issues 2", "issues 3"]
    read = [line for sheet in book for line in sheet.iter_rows(min_row=2, values_only=True)]
    assert [line[0] for line in read] == [row["report"] for row in rows]
    assert all(sheet.freeze_panes == "A2" and sheet.auto_filter.ref for sheet in book)


def test_numbers_that_a_spreadsheet_would_change_are_text():
    rows = [{"report": "r", "code": "c", "message": 10**17, "quote": float("inf"), "section": 3, "page": None}]
    for form in ("xlsx", "sqlite", "jsonl"):
        out = io.BytesIO()
        with TemporaryDirectory() as aside:
            rows[0]["quote"] = "" if form == "jsonl" else float("inf")
            FORMATS[form].load_writer()(TableRows(TABLES["issues"], rows, Path(aside)), out)
        if form == "xlsx":
            line = [cell.value for cell in openpyxl.load_workbook(out).active[2]]
            assert line == ["r", "c", str(10**17), "inf", 3, None]


# ---- property graphs

PLACE = Place("130600", "name")


def make_graph(lines, aside):
    placed = dict.fromkeys(sorted(lines.entities)[:2], PLACE)
    return PropertyGraph([lines], StubKnown(placed), False, Path(aside))


def write_graph(form, lines):
    """What a writer of networks makes of a report; its nodes and edges by id, as the model has them."""
    out = io.BytesIO()
    with TemporaryDirectory() as aside:
        count = FORMATS[form].load_writer()(make_graph(lines, aside), out)
        each = list(make_graph(lines, aside).walk())
    nodes = {item.id: item for item in each if not hasattr(item, "source")}
    edges = {item.id: item for item in each if hasattr(item, "source")}
    assert count == len(edges) == len(lines.statements)
    ends = {line[end] for line in lines.statements for end in ("subject", "object")}
    assert set(nodes) == ends
    return out.getvalue(), nodes, edges


def clean(value):
    """A value as XML 1.0 can hold it."""
    value = "、".join(value) if isinstance(value, list) else value
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", value) if isinstance(value, str) else value


def test_the_model_has_all_that_a_statement_says():
    lines = next_report()
    (edge,) = [each for each in make_graph(lines, ".").walk() if hasattr(each, "source")]
    assert edge.properties == {
        "predicate": "partnersWith",
        "predicate_label": "合作",
        "modes": ["顶岗实习", "订单培养"],
        "programmes": ["汽修"],
        "years": ["2021", "2022"],
        "year_basis": "said",
        "headcount": 40,
        "evidence": "汽修 长城 40",
        "page": 3,
        "report": "甲",
        "report_year": 2023,
    }
    assert edge.years == [2021, 2022]


def next_report():
    entities = {
        iri: {"iri": iri, "type": kind, "name": name, "aliases": []}
        for iri, kind, name in (("https://x.org/a", "School", "甲校"), ("https://x.org/b", "Enterprise", "乙厂"))
    }
    qualifiers = {"modes": ["顶岗实习", "订单培养"], "programmes": ["汽修"], "year": [2021, 2022], "headcount": 40}
    line = {
        "id": "s",
        "predicate": "partnersWith",
        "subject": "https://x.org/a",
        "object": "https://x.org/b",
        "qualifiers": qualifiers,
        "evidence": {"text": "汽修 长城 40", "start": 0, "end": 9, "page": 3},
    }
    return ReportLines({"report": "甲", "year": 2023}, entities, [line], [], [])


@given(lines=reports())
@some
def test_graphml(lines):
    data, nodes, edges = write_graph("graphml", lines)
    graph = networkx.read_graphml(io.BytesIO(data), force_multigraph=True)
    assert graph.is_directed()
    assert {id_: dict(values) for id_, values in graph.nodes(data=True)} == {
        id_: {key: clean(value) for key, value in node.properties.items()} for id_, node in nodes.items()
    }
    read = {key: (a, b, values) for a, b, key, values in graph.edges(keys=True, data=True)}
    assert read == {
        id_: (each.source, each.target, {key: clean(value) for key, value in each.properties.items()})
        for id_, each in edges.items()
    }


@given(lines=reports())
@some
def test_gexf(lines):
    data, nodes, edges = write_graph("gexf", lines)
    graph = networkx.read_gexf(io.BytesIO(data), version="1.3")
    for id_, node in nodes.items():
        values = dict(graph.nodes[id_])
        assert values.pop("label") == clean(node.properties["name"])
        assert values == {key: clean(value) for key, value in node.properties.items()}
    graph = networkx.MultiDiGraph(graph)
    read = {values["id"]: (a, b, values) for a, b, values in graph.edges(data=True)}
    assert set(read) == set(edges)
    for id_, edge in edges.items():
        source, target, values = read[id_]
        assert (source, target) == (edge.source, edge.target)
        assert values.get("spells", []) == [(f"{year}-01-01", f"{year}-12-31") for year in edge.years]
        for key, value in edge.properties.items():
            assert values[key] == clean(value)


@given(lines=reports())
@some
def test_neo4j(lines):
    data, nodes, edges = write_graph("neo4j", lines)
    packed = zipfile.ZipFile(io.BytesIO(data))
    assert "neo4j-admin database import full" in packed.read("README.txt").decode()
    for name, wanted, properties in (
        ("nodes.csv", nodes, NODE_PROPERTIES),
        ("relationships.csv", edges, EDGE_PROPERTIES),
    ):
        read = list(csv.DictReader(io.StringIO(packed.read(name).decode("utf-8"), newline="")))
        assert len(read) == len(wanted)
        for line in read:
            each = wanted[line.get("iri:ID") or line["id"]]
            found = {}
            for heading, cell in line.items():
                key, _, kind = heading.partition(":")
                if key in properties and cell != "":
                    reader = {"string[]": lambda text: text.split("\x1f"), "long": int, "double": float}.get(kind, str)
                    found[key] = reader(cell)
            assert found == {
                key: list(map(clean, value)) if isinstance(value, list) else clean(value)
                for key, value in each.properties.items()
            }
            if name == "nodes.csv":
                assert line[":LABEL"].split("\x1f") == ["Entity", each.type]
            else:
                assert (line[":START_ID"], line[":END_ID"]) == (each.source, each.target)
                assert line[":TYPE"] == re.sub("([A-Z])", r"_\1", each.predicate).upper()


CYPHER_KEY = re.compile(r'("(?:[^"\\]|\\.)*")|\b([a-z_]+):')


@given(lines=reports())
@some
def test_cypher(lines):
    data, nodes, edges = write_graph("cypher", lines)
    read_nodes, read_edges = {}, {}
    for statement in re.findall(r"UNWIND (\[\n.*?\n\]) AS row\n(.*?);\n", data.decode("utf-8"), re.DOTALL):
        rows = json.loads(CYPHER_KEY.sub(lambda match: match[1] or f'"{match[2]}":', statement[0]))
        for row in rows:
            if "iri" in row:
                read_nodes[row["iri"]] = row["properties"]
                assert statement[1].endswith(f"n:{nodes[row['iri']].type}")
            else:
                read_edges[row["id"]] = (row["source"], row["target"], row["properties"])
    assert read_nodes == {id_: node.properties for id_, node in nodes.items()}
    assert read_edges == {id_: (each.source, each.target, each.properties) for id_, each in edges.items()}


@given(lines=reports())
@some
def test_geojson(lines):
    data, nodes, edges = write_graph("geojson", lines)
    collection = json.loads(data)
    assert collection["type"] == "FeatureCollection"
    read = {feature["id"]: feature for feature in collection["features"]}
    assert set(read) == {*nodes, *edges}
    for id_, node in nodes.items():
        geometry, properties = read[id_]["geometry"], read[id_]["properties"]
        if node.position is None:
            assert geometry is None
        else:
            point = shapely.geometry.shape(geometry)
            assert (point.x, point.y) == node.position and properties["place_basis"] == "name"
        assert properties == {
            key: value for key, value in node.properties.items() if key not in ("longitude", "latitude")
        }
    for id_, edge in edges.items():
        geometry, properties = read[id_]["geometry"], read[id_]["properties"]
        ends = [nodes[end].position for end in (edge.source, edge.target)]
        if None in ends:
            assert geometry is None
        else:
            assert list(shapely.geometry.shape(geometry).coords) == ends
        assert properties == {"source": edge.source, "target": edge.target, **edge.properties}
    for feature in collection["features"]:
        assert feature["geometry"] is None or shapely.from_geojson(json.dumps(feature["geometry"])).is_valid is not None


# ---- RDF


def read_file(lines):
    """A report as the records that quads are made of."""
    known = {"iri", "type", "name"}
    return StatementFile(
        Path("甲.jsonl"),
        ReportRecord("甲/2023", publisher=lines.report["publisher"]),
        {
            iri: EntityRecord(**{k: row[k] for k in known}, aliases=tuple(row["aliases"]))
            for iri, row in lines.entities.items()
        },
        tuple(
            StatementRecord(
                each["id"],
                each["predicate"],
                each["subject"],
                each["object"],
                EvidenceRecord(**each["evidence"]),
                each["qualifiers"],
            )
            for each in lines.statements
        ),
        tuple(
            FigureRecord(
                **{k: v for k, v in each.items() if k != "evidence"}, evidence=EvidenceRecord(**each["evidence"])
            )
            for each in lines.figures
        ),
        (),
        (),
    )


class StubRdf(RdfGraph):
    """A graph of given lines."""

    def __init__(self, lines):
        object.__setattr__(self, "given", sorted(set(lines)))
        object.__setattr__(self, "default_graph", None)

    def sort_lines(self):
        return contextlib.nullcontext(iter(self.given))


StubRdf.__slots__ = ()


@given(lines=reports())
@settings(max_examples=25, deadline=None)
def test_rdf(lines):
    file, schema = read_file(lines), load_schema()
    quads = list(statement_file_quads(file, schema))
    for iri, record in file.entities.items():
        merged = MergedEntity()
        merged.add(Naming.of(record))
        quads += entity_quads(iri, merged, schema)
    made = [line.encode("utf-8") for line in quads]
    wanted = rdflib.Dataset()
    wanted.parse(data=b"".join(made), format="nquads")
    for form in ("nquads", "trig", "jsonld"):
        out = io.BytesIO()
        assert FORMATS[form].load_writer()(StubRdf(made), out) == len(set(made))
        read = rdflib.Dataset()
        read.parse(data=out.getvalue(), format={"jsonld": "json-ld"}.get(form, form))
        assert set(read.quads()) == set(wanted.quads()), form
    out = io.BytesIO()
    count = FORMATS["turtle"].load_writer()(StubRdf(made), out)
    flat = rdflib.Graph()
    flat.parse(data=out.getvalue(), format="turtle")
    assert set(flat) == {quad[:3] for quad in wanted.quads()} and count == len(flat)
