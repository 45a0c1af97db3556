"""A small SPARQL server over pyoxigraph: query, update and graph store, as the protocols say it, in a thread of the test."""

from __future__ import annotations

import base64
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from kg.address import Address

USER, PASSWORD = "kg", "秘密 of the test"


@dataclass
class SmallServer:
    """What the server holds, was asked, and does wrong.

    ``strict``: as the protocol has it, no named graph is seen beside a default-graph-uri; else as Virtuoso has it, all.
    ``answer`` may give a status, headers and a body in the place of an answer.
    """

    url: str = ""
    store: Store = field(default_factory=Store)
    strict: bool = False
    requests: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, what was sent
    answer: Callable[[str, str], tuple[int, dict[str, str], bytes] | None] = lambda path, sent: None

    def address(self, **other: str) -> Address:
        given = {
            "query": f"{self.url}/query",
            "update": f"{self.url}/update",
            "graph_store": f"{self.url}/graphs",
            "user": USER,
            "password_variable": "KG_TEST_PASSWORD",
        }
        return Address(**(given | other))

    def graphs(self) -> set[str]:
        return {quad.graph_name.value for quad in self.store if quad.graph_name != DefaultGraph()}


@contextmanager
def serve_small(**settings) -> Iterator[SmallServer]:
    small = SmallServer(**settings)

    class Handler(_Handler):
        server_state = small

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    small.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield small
    finally:
        server.shutdown()
        server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    server_state: SmallServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        self._serve()

    def do_DELETE(self):
        self._serve()

    def _serve(self):
        state, url = self.server_state, urlsplit(self.path)
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8")
        state.requests.append((self.command, url.path, sent))
        given = state.answer(url.path, sent)
        if given is None:
            try:
                given = self._do(state, url.path, parse_qs(url.query, keep_blank_values=True), sent)
            except SyntaxError as error:
                given = 400, {}, f"{error}".encode()
        if given[0] == 0:  # as a server that dies
            self.close_connection = True
            return
        status, headers, body = given
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _do(self, state, path, params, sent):
        if path == "/query":
            return self._query(state, parse_qs(sent))
        wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            return 401, {"WWW-Authenticate": 'Basic realm="test"'}, b""
        if path == "/update":
            state.store.update(parse_qs(sent)["update"][0])
            return 204, {}, b""
        graph = DefaultGraph() if "default" in params else NamedNode(params["graph"][0])
        if self.command == "DELETE":
            there = next(state.store.quads_for_pattern(None, None, None, graph), None)
            state.store.clear_graph(graph)
            return (204 if there else 404), {}, b""
        state.store.load(sent, format=RdfFormat.N_TRIPLES, to_graph=graph)
        return 204, {}, b""

    def _query(self, state, form):
        default = [NamedNode(each) for each in form.get("default-graph-uri", [])] or None
        answer = state.store.query(
            form["query"][0], default_graph=default, named_graphs=[] if default and state.strict else None
        )
        if isinstance(answer, QueryBoolean | QuerySolutions):
            kind = QueryResultsFormat.JSON
        else:
            kind = RdfFormat.N_TRIPLES
        return 200, {"Content-Type": kind.media_type}, answer.serialize(format=kind)
