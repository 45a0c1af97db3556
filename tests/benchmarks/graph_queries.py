"""What the query library costs: ``python -m tests.benchmarks.graph_queries [--quads 5000000] [--home DIR] [--markdown]``.

On a made graph on disk (``made_graph``; made once and used again): every query of the library with its required
parameters bound to typical values out of the graph, as a user's call and asked of pyoxigraph directly in the same run;
search by name; loading; the memory of a process that serves. On a graph of 100,000 quads the library beside rdflib's
memory store, whose answers must be the same.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from pyoxigraph import RdfFormat, Store
from rdflib import BNode, Dataset, Literal
from rdflib.plugins.sparql.aggregates import Accumulator
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.processor import prepareQuery
from rdflib.plugins.sparql.sparql import NotBoundError

from kg import store
from kg.embedded import EmbeddedGraph
from kg.graph import Graph
from kg.name_index import NameIndex, find_initials
from kg.queries import Parameter, Query, ask_query, bind_query, load_queries
from kg.reference_data import load_catalogue, load_regions
from kg.rows import Rows, Value, plain_literal
from kg.schema import PREFIXES
from tests.benchmarks.made_graph import LAST_YEAR, make_statements

ROOT = Path(__file__).resolve().parent.parent.parent
BESIDE_RDFLIB = 100_000  # quads of the graph that rdflib's memory store is asked about
RUNS, SECONDS = 9, 5.0  # of each query: so many, or as many as fit
PATIENCE, MEMORY = 60.0, 6 << 30  # seconds and bytes that rdflib may take for one query
X = TypeVar("X")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report: the first column is text, the others are numbers."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def write(self, *, markdown: bool) -> str:
        rows = [[_cell(value) for value in row] for row in self.rows]
        if markdown:
            rule = "|".join(["---", *["---:"] * (len(self.headings) - 1)])
            lines = [f"| {' | '.join(cells)} |" for cells in rows]
            return "\n".join([f"**{self.title}**", "", f"| {' | '.join(self.headings)} |", f"|{rule}|", *lines, ""])
        widths = [max(map(_width, column)) for column in zip(self.headings, *rows, strict=True)]
        lines = [_align(cells, widths) for cells in [list(self.headings), *rows]]
        return "\n".join([self.title, *lines, ""])


def _cell(value: object) -> str:
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _align(cells: Sequence[str], widths: Sequence[int]) -> str:
    """A line of a table: the first cell at the left of its column, the others at the right."""
    blanks = [" " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    first = cells[0] + blanks[0]
    return "  ".join([first, *(blank + cell for cell, blank in zip(cells[1:], blanks[1:], strict=True))])


# ---- the graph


def prepare_home(quads: int, home: Path, seed: int = 1) -> Path:
    """The home of a made graph: the one that is there, where it was made with this size and seed."""
    marker, wanted = home / "made.json", {"quads": quads, "seed": seed}
    if not marker.exists() or json.loads(marker.read_text(encoding="utf-8")) != wanted:
        make_statements(home, quads, seed)
        marker.write_text(json.dumps(wanted), encoding="utf-8")
    store.rebuild(home)
    return home


def graph_folder(home: Path) -> Path:
    """Where Oxigraph's files of a home's graph lie."""
    return store.find_store(home) / store.GRAPH


# ---- typical values


class Typical:
    """Values for the parameters of queries, picked from a graph by the parameters' types.

    A school is one of the middle of those that publish reports; any other entity is the one of the first of the classes
    that most is said about: a big partner, a common programme. Of two parameters of one type the second gets the next.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._ranked = cache(self._rank)

    def values(self, query: Query) -> dict[str, str | int]:
        """A value for each required parameter."""
        values: dict[str, str | int] = {}
        seen: Counter[str] = Counter()
        for parameter in query.parameters:
            if parameter.required:
                values[parameter.name] = self._pick(parameter, seen[parameter.type])
                seen[parameter.type] += 1
        return values

    def _pick(self, parameter: Parameter, turn: int) -> str | int:
        kind, *words = parameter.type.split()
        if kind == "entity":
            return self.entities(tuple(words))[turn]
        if kind == "integer":
            return LAST_YEAR - turn if "year" in parameter.name or parameter.name in ("before", "since") else 2
        return {
            "concept": lambda: self._concept(words[0]),
            "region": self._region,
            "programme-class": self._programme_class,
            "relation": lambda: "partnersWith",
            "type": lambda: "Enterprise",
            "text": lambda: self._text(parameter.name),
        }[kind]()

    def entities(self, classes: tuple[str, ...]) -> list[str]:
        """Names of entities of these classes, the typical one first."""
        kind = {"Organisation": "Enterprise", "Entity": "Enterprise"}.get(classes[0], classes[0])
        ranked = self._ranked(kind)
        return ranked[len(ranked) // 2 :] if kind == "School" else ranked

    def _rank(self, kind: str) -> list[str]:
        only = "?report dcterms:publisher ?entity ." if kind == "School" else ""
        return self._column(
            f"""SELECT ?name (COUNT(?any) AS ?degree) WHERE {{
              {{ SELECT DISTINCT ?entity WHERE {{
                ?class rdfs:subClassOf* zj:{kind} . ?entity a ?class . {only} }} }}
              ?entity skos:prefLabel ?name . ?any ?property ?entity
            }} GROUP BY ?entity ?name ORDER BY DESC(?degree) ?name LIMIT 1000"""
        )

    def _concept(self, scheme: str) -> str:
        """The value of a closed list that is used most."""
        return self._column(
            f"""SELECT ?notation (COUNT(?any) AS ?uses) WHERE {{
              ?concept skos:inScheme zj:{scheme} ; skos:notation ?notation . OPTIONAL {{ ?any ?property ?concept }}
            }} GROUP BY ?notation ORDER BY DESC(?uses) ?notation"""
        )[0]

    def _region(self) -> str:
        """The province in which most schools lie."""
        codes = self._column(
            "SELECT ?code { ?school zj:locatedIn ?place . ?place skos:exactMatch ?concept . ?concept skos:notation ?code }"
        )
        most = Counter(code[:2] for code in codes).most_common(1)[0][0]
        return next(region.name for region in load_regions() if region.code == f"{most}0000")

    def _programme_class(self) -> str:
        """The class (类) of the programme that most is said about, of those that the catalogue has."""
        classes = {entry.name: entry.class_name for entry in load_catalogue() if entry.level == "中职"}
        return next(classes[name] for name in self._ranked("Programme") if name in classes)

    def _text(self, name: str) -> str:
        if "statement" in name:
            return self._column("SELECT ?statement { ?statement a zj:Partnership } LIMIT 1")[0]
        if "report" in name:
            return self._column("SELECT ?id { ?report a zj:Report ; dcterms:identifier ?id } ORDER BY ?id LIMIT 1")[0]
        return self._ranked("Enterprise")[0][:2]

    def _column(self, text: str) -> list[str]:
        return [str(row[0]) for row in self._graph.query(text).rows]


# ---- queries


def measure_queries(home: Path) -> Table:
    """Every query as a user's call beside pyoxigraph asked with the same finished text; medians of runs in turn."""
    folder = Store.read_only(str(graph_folder(home)))
    graph = EmbeddedGraph(folder)
    typical = Typical(graph)
    rows: list[tuple[object, ...]] = []
    with store.open_names(home) as names:
        for query in load_queries().values():
            values = typical.values(query)
            answer = ask_query(graph, names, query, values)
            text = bind_query(query, values, names).text
            calls, direct = _time_in_turn(
                partial(ask_query, graph, names, query, values),
                partial(_exhaust, folder, text),
            )
            given = "、".join(str(value) for value in values.values())
            rows.append((query.name, given, len(answer.rows), calls, direct, calls - direct))
    headings = ("query", "asked for", "rows", "call, ms", "pyoxigraph, ms", "more, ms")
    return Table("The library, median of each query", headings, tuple(rows))


def _exhaust(folder: Store, text: str) -> int:
    return sum(1 for _ in folder.query(text))


def _time_in_turn(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Median milliseconds of two calls that are made in turn, so that what else the machine does falls on both."""
    times: tuple[list[float], list[float]] = ([], [])
    other()
    until = time.perf_counter() + SECONDS
    while len(times[0]) < RUNS and (not times[0] or time.perf_counter() < until):
        for call, into in zip((one, other), times, strict=True):
            into.append(_time(call)[0] * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


def _time(call: Callable[[], X]) -> tuple[float, X]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


# ---- search by name


def measure_search(home: Path) -> Table:
    """Median and worst milliseconds of a search for each kind of input, over many names of the graph."""
    with store.open_graph(home) as graph, store.open_names(home) as names:
        labels = _sample(
            graph, "SELECT ?name { ?entity a ?class ; skos:prefLabel ?name . ?class rdfs:subClassOf* zj:Entity }"
        )
        others = _sample(
            graph, "SELECT ?name { ?entity a ?class ; skos:altLabel ?name . ?class rdfs:subClassOf* zj:Entity }"
        )
        rows = [
            (kind, *_search_all(names, texts))
            for kind, texts in (
                ("a full name", labels),
                ("a short name", others),
                ("two characters", [name[len(name) // 2 :][:2] for name in labels]),
                ("one character", [*(name[0] for name in labels), "职", "学", "公"]),
                ("initials of pinyin", [find_initials(name)[:4] for name in labels]),
                ("two letters", [find_initials(name)[:2] for name in labels]),
                ("nothing found", ["龘龘", "没有的名称", "zzzzqq"]),
            )
        ]
    return Table("Search by name, 50 best", ("what is typed", "found", "median, ms", "worst, ms"), tuple(rows))


def _sample(graph: Graph, text: str, count: int = 30) -> list[str]:
    names = sorted({str(row[0]) for row in graph.query(text).rows})
    return names[:: max(1, len(names) // count)][:count]


def _search_all(names: NameIndex, texts: Iterable[str]) -> tuple[int, float, float]:
    times, found = [], []
    for text in texts:
        runs = [_time(lambda text=text: names.search(text)) for _ in range(3)]
        times.append(statistics.median(seconds for seconds, _ in runs) * 1000)
        found.append(len(runs[0][1]))
    return round(statistics.median(found)), statistics.median(times), max(times)


# ---- loading


def measure_loading(home: Path) -> Table:
    """A bulk load of the graph's N-Quads, as Oxigraph does it, and a whole rebuild out of the statement files."""
    with tempfile.TemporaryDirectory(dir=home, prefix=".loading-") as name:
        folder = Path(name)
        quads = folder / "quads.nq"
        Store.read_only(str(graph_folder(home))).dump(str(quads), format=RdfFormat.N_QUADS)
        with quads.open("rb") as file:
            count = sum(1 for _ in file)
        loaded = Store(str(folder / "graph"))
        load, _ = _time(lambda: loaded.bulk_load(path=str(quads), format=RdfFormat.N_QUADS))
        optimize, _ = _time(loaded.optimize)
        again = folder / "again"
        (again / "statements").mkdir(parents=True)
        for path in (home / "statements").glob("*.jsonl"):
            (again / "statements" / path.name).hardlink_to(path)
        rebuild, _ = _time(lambda: store.rebuild(again))
        rows = tuple(
            (what, count, seconds, round(count / seconds))
            for what, seconds in (
                ("N-Quads file to store", load),
                ("the same, and put in order", load + optimize),
                ("statement files to store and index", rebuild),
            )
        )
    return Table("Loading", ("what", "quads", "seconds", "quads a second"), rows)


# ---- memory


def measure_memory(home: Path) -> Table:
    """The memory of a process that has the graph and its names open and has answered the library once (Linux only)."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.graph_queries", "--answer-once", str(home)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        check=True,
    )
    sizes = json.loads(run.stdout)
    rows = tuple((when, sizes[when]["Rss"], sizes[when]["Pss"]) for when in sizes)
    return Table("Memory of a process that answers", ("when", "RSS, MB", "PSS, MB"), rows)


def answer_once(home: Path) -> None:
    """Opens a graph, answers every query and a search, and prints what memory that took."""
    sizes = {}
    with store.open_graph(home) as graph, store.open_names(home) as names:
        sizes["opened"] = _memory(os.getpid())
        typical = Typical(graph)
        for query in load_queries().values():
            ask_query(graph, names, query, typical.values(query))
        names.search("职业")
        sizes["answered the library"] = _memory(os.getpid())
    print(json.dumps(sizes))


def _memory(process: int) -> dict[str, int]:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    sizes = dict(line.split(":", 1) for line in lines)
    return {key: round(int(sizes[key].split()[0]) / 1024) for key in ("Rss", "Pss")}


# ---- beside rdflib


class MemoryGraph:
    """rdflib's memory store with the same quads, asked as any other graph is.

    A value that is not bound is left out of an aggregate, as SPARQL has it: rdflib 7.6 breaks off where it is to be
    DISTINCT.
    """

    def __init__(self, dataset: Dataset, *, helped: bool = False) -> None:
        Accumulator.use_row = _skip_unbound
        self._dataset = dataset
        self._helped = helped

    def query(self, text: str) -> Rows:
        query = prepareQuery(text, initNs=dict(PREFIXES))
        if self._helped:
            _push_bindings(query.algebra)
        result = self._dataset.query(query)
        names = tuple(str(name) for name in result.vars or ())
        return Rows(names, tuple(tuple(_plain(row[name]) for name in names) for row in result))

    def write_answer(self, *_: object) -> None:
        raise NotImplementedError


def load_in_memory(home: Path) -> Dataset:
    """The quads of a home's graph in rdflib's memory store."""
    dataset = Dataset(default_union=False)
    with tempfile.TemporaryDirectory() as name:
        quads = Path(name) / "quads.nq"
        Store.read_only(str(graph_folder(home))).dump(str(quads), format=RdfFormat.N_QUADS)
        dataset.parse(quads, format="nquads")
    return dataset


def _push_bindings(node: object) -> bool:
    """Lets every join hand on what is bound already. rdflib does so only where no join stands in another: else both
    sides are found on their own, all labels of the graph beside all reports of the graph. Returns whether nothing but
    patterns stands in the node, so that more bindings cannot change what it means.

    What is optional stays as it is: there rdflib does not compare what it has with what it found.
    """
    plain = True
    if isinstance(node, list | tuple):
        for child in node:
            plain &= _push_bindings(child)
    if not isinstance(node, CompValue):
        return plain
    for key, child in node.items():
        if key != "p2" or node.name not in ("LeftJoin", "Minus"):
            plain &= _push_bindings(child)
    if node.name == "Join" and _push_bindings(node.p2):
        node["lazy"] = True
    return plain and node.name in ("BGP", "Graph", "Join", "Union", "values", "ToMultiSet", "Project")


def _skip_unbound(accumulator: Accumulator, row: object) -> bool:
    try:
        return _use_row(accumulator, row)
    except NotBoundError:
        return False


_use_row = Accumulator.use_row


def _plain(term: object) -> Value:
    if isinstance(term, Literal):
        return plain_literal(str(term), str(term.datatype or ""))
    return None if term is None else f"_:{term}" if isinstance(term, BNode) else str(term)


@dataclass(frozen=True, slots=True)
class Compared:
    """One query on both stores. ``same`` is None where rdflib did not come to an end, ``stopped`` where it did only
    when it was helped; ``rdflib`` then is what it was given."""

    query: str
    rows: int
    same: bool | None
    stopped: bool
    ours: float  # milliseconds
    rdflib: float


def compare_with_rdflib(home: Path, patience: float = PATIENCE, helped_patience: float = PATIENCE) -> list[Compared]:
    """Every query on the made graph and on rdflib's memory store with the same quads. Without ``patience`` rdflib is
    helped from the start: then only the answers are compared."""
    graph, dataset = EmbeddedGraph(Store.read_only(str(graph_folder(home)))), load_in_memory(home)
    typical = Typical(graph)
    found = []
    with store.open_names(home) as names:
        for query in load_queries().values():
            values = typical.values(query)
            answer = ask_query(graph, names, query, values)

            def ask(graph: Graph, query: Query = query, values: Mapping[str, str | int] = values) -> Rows:
                return ask_query(graph, names, query, values)

            runs = [_time(partial(ask, graph))[0] for _ in range(RUNS)]
            slow, other = _run_apart(partial(ask, MemoryGraph(dataset)), patience) if patience else (0.0, None)
            if stopped := other is None:
                _, other = _run_apart(partial(ask, MemoryGraph(dataset, helped=True)), helped_patience)
            same = None if other is None else answer.columns == other.columns and _multiset(answer) == _multiset(other)
            ours = statistics.median(runs) * 1000
            found.append(Compared(query.name, len(answer.rows), same, stopped, ours, slow * 1000))
    return found


def _run_apart(call: Callable[[], Rows], patience: float) -> tuple[float, Rows | None]:
    """Seconds and answer of a call in a copy of this process, None where it takes too long or too much memory."""
    context = multiprocessing.get_context("fork")  # the graph is there already
    receiving, sending = context.Pipe(duplex=False)

    def run() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        with contextlib.suppress(MemoryError):
            sending.send(_time(call))

    process = context.Process(target=run)
    start = time.perf_counter()
    process.start()
    sending.close()
    try:
        with contextlib.suppress(EOFError):  # out of memory
            if receiving.poll(patience):
                seconds, rows = receiving.recv()
                return seconds, rows
        return time.perf_counter() - start, None
    finally:
        process.kill()
        process.join()


def _multiset(rows: Rows) -> Counter[tuple[Value, ...]]:
    """The rows without their order. A list of nothing is "" for rdflib and no value for Oxigraph."""
    return Counter(
        tuple(round(cell, 6) if isinstance(cell, float) else None if cell == "" else cell for cell in row)
        for row in rows.rows
    )


def write_comparison(compared: Sequence[Compared]) -> Table:
    """What was stopped counts with the time that it was given, so that the whole is at least so many times faster."""
    words = {True: "yes", False: "NO", None: "not known"}
    rows: list[tuple[object, ...]] = [
        (
            each.query,
            each.rows,
            words[each.same],
            each.ours,
            f"> {each.rdflib:,.0f}" if each.stopped else each.rdflib,
            each.rdflib / each.ours,
        )
        for each in compared
    ]
    ours, theirs = sum(each.ours for each in compared), sum(each.rdflib for each in compared)
    same = (
        False
        if any(each.same is False for each in compared)
        else None
        if any(each.same is None for each in compared)
        else True
    )
    rows.append(("the whole library", sum(each.rows for each in compared), words[same], ours, theirs, theirs / ours))
    headings = ("query", "rows", "same answer", "call, ms", "rdflib in memory, ms", "times faster")
    return Table(f"Beside rdflib's memory store, {BESIDE_RDFLIB:,} quads", headings, tuple(rows))


# ---- the report


def measure_all(home: Path, small: Path | None, parts: Mapping[str, bool], patience: float) -> Iterable[Table]:
    """The tables of the report; ``small`` is the home that rdflib is asked about, None to leave it out."""
    yield measure_queries(home)
    yield measure_search(home)
    if parts["loading"]:
        yield measure_loading(home)
    if parts["memory"]:
        yield measure_memory(home)
    if small is not None:
        yield write_comparison(compare_with_rdflib(small, patience))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quads", type=int, default=5_000_000)
    parser.add_argument("--home", type=Path, help="where the made graph is or shall be (default: build/graphs/QUADS)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--markdown", action="store_true", help="tables as the README has them")
    parser.add_argument("--no-loading", action="store_true", help="leave out the loading, which takes minutes")
    parser.add_argument("--no-rdflib", action="store_true", help="leave out rdflib's memory store")
    parser.add_argument("--patience", type=float, default=PATIENCE, help="seconds that rdflib may take for a query")
    parser.add_argument("--answer-once", type=Path, metavar="HOME", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.answer_once:
        answer_once(given.answer_once)
        return
    graphs = ROOT / "build" / "graphs"
    home = prepare_home(given.quads, given.home or graphs / str(given.quads), given.seed)
    small = None
    if not given.no_rdflib:
        quads = min(BESIDE_RDFLIB, given.quads)
        small = (
            home
            if quads == given.quads
            else prepare_home(quads, home.with_name(f"{home.name}-beside-rdflib"), given.seed)
        )
    size = sum(path.stat().st_size for path in graph_folder(home).iterdir()) / 1e6
    print(
        f"{given.quads:,} quads of reports, {size:,.0f} MB on disk; {os.cpu_count()} cores, Python {platform.python_version()}\n"
    )
    parts = {"loading": not given.no_loading, "memory": Path("/proc/self/smaps_rollup").exists()}
    for table in measure_all(home, small, parts, given.patience):
        print(table.write(markdown=given.markdown), flush=True)


if __name__ == "__main__":
    main()
