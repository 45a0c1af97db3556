"""The graph into a server: whole at first, then what changed.

The marker goes first and comes back last, so that a load that is broken off never passes for a whole one; the next
build loads anew. Lines are N-Quads as kg.quads writes them, without blank nodes: to add one twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from kg.address import MARKER, Address, marker_quad
from kg.errors import KgError, UsageError
from kg.quads import split_line
from kg.remote import Server, open_server
from kg.schema import ONTOLOGY, PREFIXES

LINES_IN_MEMORY = 50_000
LINES_IN_UPDATE = 2_000  # Virtuoso's parser runs out of memory at five thousand
LINES_TO_POST = 200  # of one graph: fewer go together with others
LARGEST_UPDATE = 2_000_000  # characters, and a line
GRAPHS_AT_ONCE = 500
_OURS = f"<{ONTOLOGY}> <{PREFIXES['rdf']}type> <{PREFIXES['owl']}Ontology> .\n"  # every graph of ours holds it


@contextmanager
def open_loader(address: Address) -> Iterator[Loader]:
    """What writes into a server. Raises UsageError where the address names no way to write."""
    if not (address.update or address.graph_store):
        raise UsageError(f"{address.query}: to load the graph, name update or graph-store in a TOML file")
    with open_server(address) as server:
        yield Loader(server)


class Loader:
    """Writes the graph of one build after another into a server. All methods raise KgError where it refuses."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._address = server.address

    def find_loaded(self) -> str | None:
        """The fingerprint of the graph that the server holds; None where it holds no whole one."""
        return self._server.find_loaded()

    @property
    def can_change(self) -> bool:
        """Whether single lines can be taken out: by updates only."""
        return bool(self._address.update)

    def load_all(
        self, lines: Iterable[str], fingerprint: str, on_progress: Callable[[int], None] = lambda _: None
    ) -> int:
        """Puts a whole graph in the place of what was there. Returns the number of lines.

        ``on_progress`` is told how many lines are written. Graphs of others in the same server are left alone: where
        the facts' graph is one of theirs, KgError is raised and nothing is changed.
        """
        self._check_ours()
        self._drop(MARKER)
        self._drop_former()
        self._insert({"": [_OURS]})
        count, reports = 0, False
        for batch in _group(_split(lines), LINES_IN_MEMORY):
            count += sum(map(len, batch.values()))
            reports = reports or any(batch.keys())
            self._insert(batch)
            on_progress(count)
        self._finish(fingerprint, reports)
        return count

    def apply_changes(self, removed: Iterable[str], added: Iterable[str], fingerprint: str) -> None:
        """Takes lines out and puts lines in; what was loaded before must be what the lines are changes of."""
        self._drop(MARKER)
        for batch in _group(_split(removed), LINES_IN_UPDATE):
            self._server.update(f"DELETE DATA {{\n{self._write(batch)}}}")
        for batch in _group(_split(added), LINES_IN_MEMORY):
            self._insert(batch)
        self._finish(fingerprint, False)

    def _check_ours(self) -> None:
        def holds(pattern: str) -> bool:
            return bool(self._server.ask(f"ASK {{ {pattern} }}").rows[0][0])

        if holds("?s ?p ?o") and not holds(_OURS):
            graph = f"the graph {self._address.default_graph}" if self._address.default_graph else "the default graph"
            raise KgError(
                f"{self._address.query}: {graph} holds what no build of ours put there; clear it or name another"
            )

    def _finish(self, fingerprint: str, reports: bool) -> None:
        seen = f"ASK {{ ?g a <{PREFIXES['zj']}Report> GRAPH ?g {{ ?s ?p ?o }} }}"
        if reports and not self._server.ask(seen).rows[0][0]:
            raise KgError(
                f"{self._address.query}: beside the facts the server shows no graphs of reports; "
                'where it has a default graph of its own, set default-graph = ""'
            )
        graph, triple = split_line(marker_quad(fingerprint))
        self._insert({graph: [triple]})

    def _drop_former(self) -> None:
        former: tuple[str, ...] = ()
        while graphs := self._server.find_report_graphs(GRAPHS_AT_ONCE):
            if graphs == former:
                raise KgError(f"{self._address.query}: graphs that were cleared are there still")
            self._drop(*graphs)
            former = graphs
        self._drop(self._address.default_graph)

    def _drop(self, *graphs: str) -> None:
        if self._address.update:
            kinds = (f"GRAPH <{graph}>" if graph else "DEFAULT" for graph in graphs)
            self._server.update(" ;\n".join(f"CLEAR SILENT {kind}" for kind in kinds))
        else:
            for graph in graphs:
                self._server.drop_graph(graph)

    def _insert(self, batch: dict[str, list[str]]) -> None:
        scattered: dict[str, list[str]] = {}
        for graph, triples in batch.items():
            if self._address.graph_store and (len(triples) >= LINES_TO_POST or not self._address.update):
                self._server.add_triples(graph or self._address.default_graph, "".join(triples))
            else:
                scattered[graph] = triples
        lines = ((graph, triple) for graph, triples in scattered.items() for triple in triples)
        for part in _group(lines, LINES_IN_UPDATE):
            self._server.update(f"INSERT DATA {{\n{self._write(part)}}}")

    def _write(self, batch: dict[str, list[str]]) -> str:
        """Triples by their graphs, as updates write them."""
        parts = []
        for graph, triples in batch.items():
            name = graph or self._address.default_graph
            parts.append(f"GRAPH <{name}> {{\n{''.join(triples)}}}\n" if name else "".join(triples))
        return "".join(parts)


def _split(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    return map(split_line, lines)


def _group(lines: Iterable[tuple[str, str]], most: int) -> Iterator[dict[str, list[str]]]:
    """Triples in batches of bounded size, in each by their graphs."""
    batch: defaultdict[str, list[str]] = defaultdict(list)
    count = size = 0
    largest = LARGEST_UPDATE * most // LINES_IN_UPDATE
    for graph, triple in lines:
        batch[graph].append(triple)
        count, size = count + 1, size + len(triple)
        if count >= most or size >= largest:
            yield batch
            batch = defaultdict(list)
            count = size = 0
    if batch:
        yield batch
