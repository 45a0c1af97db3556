"""A server that holds the graph in place of the embedded store: asked by the SPARQL 1.1 protocol.

The facts stand in its default graph, or in a named one where it has none of its own, the evidence in a named graph for
each report. What is loaded is told by a marker, a graph of one triple that is taken away before the first change and
written after the last (kg.remote_loading): a graph whose load was broken off answers nobody.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import IO
from urllib.parse import urlencode

import httpx
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg.address import MARKER, Address
from kg.answers import Answer, read_rows, write_answer
from kg.errors import KgError, MissingStore, RefusedQuery, StoppedQuery
from kg.graph import AnswerForm
from kg.rows import Rows
from kg.schema import DATA, PREFIXES

REPORTS = f"{DATA}report/"  # how the names of the reports' graphs begin
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 600.0
PAUSES = (0.2, 0.8, 3.0)  # seconds before a request is sent again
LARGEST = 512 * 1024**2  # bytes of an answer
_TABLE = "application/sparql-results+json"
_TRIPLES = "application/n-triples"


@contextmanager
def open_remote(
    address: Address, expected: str | None = None, seconds: float = ANSWER_SECONDS
) -> Iterator[RemoteGraph]:
    """The graph of a server, to be asked, ``seconds`` at most for each question; ``expected`` is what a home says that
    it was built of, if there is one.

    Raises MissingStore where the server holds no whole graph of ours, KgError where it cannot be reached.
    """
    with open_server(address, seconds) as server:
        loaded = server.find_loaded()
        if loaded is None:
            raise MissingStore(
                f"{address.query}: this server holds no whole graph; load it with: kg build PATH --store …"
            )
        notes = () if expected in (None, loaded) else (f"{address.query} holds another build than the home",)
        yield RemoteGraph(server, notes)


class RemoteGraph:
    """The Graph that a server holds."""

    def __init__(self, server: Server, notes: tuple[str, ...] = ()) -> None:
        self._server = server
        self._notes = notes

    def query(self, text: str) -> Rows:
        rows = self._server.ask(text)
        kept = [at for at, name in enumerate(rows.columns) if not name.startswith(_ADDED)]
        # Virtuoso gives "" where nothing was there to join: no text of the graph is empty.
        values = ((row[at] for at in kept) for row in rows.rows)
        plain = tuple(tuple(None if value == "" else value for value in row) for row in values)
        return Rows(tuple(rows.columns[at] for at in kept), plain, self._notes)

    def write_answer(self, text: str, form: AnswerForm, to: IO[bytes]) -> None:
        with self._server.answer(text) as answer:
            write_answer(answer, form, to)


class Server:
    """The requests that a server takes. All methods raise KgError where it cannot be reached or refuses."""

    def __init__(self, address: Address, client: httpx.Client, seconds: float) -> None:
        self.address = address
        self._client = client
        self._seconds = seconds

    def ask(self, text: str) -> Rows:
        """The answer to a query, as ``answer`` gives it."""
        with self.answer(text) as answer:
            return read_rows(answer)

    @contextmanager
    def answer(self, text: str) -> Iterator[Answer]:
        """The answer to a query, to be read once. Raises RefusedQuery where the server takes it for none,
        StoppedQuery where the answer is too large or not whole."""
        accept = _TRIPLES if _find_form(text) in ("CONSTRUCT", "DESCRIBE") else _TABLE
        with self._answer(finish_text(text), self.address.default_graph, accept) as answer:
            yield answer

    def find_loaded(self) -> str | None:
        """The fingerprint of the graph that is loaded; None where there is none, or not a whole one."""
        text = f"SELECT ?print {{ <{MARKER}> <{PREFIXES['dcterms']}identifier> ?print }}"
        with self._answer(text, MARKER, _TABLE) as answer:
            rows = read_rows(answer).rows
        return str(rows[0][0]) if len(rows) == 1 else None

    def find_report_graphs(self, most: int) -> tuple[str, ...]:
        """The names of reports' graphs that have anything in them, as many as ``most``."""
        named = f'GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{REPORTS}"))'
        with self._answer(
            f"SELECT DISTINCT ?g {{ {named} }} LIMIT {most}", self.address.default_graph, _TABLE
        ) as answer:
            return tuple(str(graph) for (graph,) in read_rows(answer).rows)

    def update(self, text: str) -> None:
        """Runs an update."""
        self._send("POST", self.address.update, {"update": text})

    def add_triples(self, graph: str, lines: str) -> None:
        """Adds N-Triples to a graph; "" is the default graph."""
        self._send("POST", self._graph_url(graph), lines.encode("utf-8"), {"Content-Type": _TRIPLES})

    def drop_graph(self, graph: str) -> None:
        """Takes a graph away by the Graph Store protocol, if it is there."""
        self._send("DELETE", self._graph_url(graph), missing=True)

    def _graph_url(self, graph: str) -> str:
        sign = "&" if "?" in self.address.graph_store else "?"
        return f"{self.address.graph_store}{sign}{urlencode({'graph': graph}) if graph else 'default'}"

    @contextmanager
    def _answer(self, text: str, default_graph: str, accept: str) -> Iterator[Answer]:
        form = {"query": text} | ({"default-graph-uri": default_graph} if default_graph else {})
        body = self._send("POST", self.address.query, form, {"Accept": accept}, reads=True)
        try:
            if accept == _TRIPLES:
                yield (quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES))
            else:
                yield parse_query_results(body, QueryResultsFormat.JSON)
        except SyntaxError as error:
            cause = " ".join(str(error).split())[:200]
            raise KgError(f"{self.address.query}: the server's answer cannot be read: {cause}") from None

    def _send(
        self,
        method: str,
        url: str,
        body: Mapping[str, str] | bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        reads: bool = False,
        missing: bool = False,
    ) -> bytes:
        content, data = (body, None) if isinstance(body, bytes) else (None, dict(body))
        request = self._client.build_request(method, url, headers=headers, content=content, data=data)
        for pause in (*PAUSES, None):
            try:
                return self._receive(request, missing)
            except _Again as again:
                # What was never sent may be sent again; what was may have been done already, unless it only reads.
                if pause is None or not (reads or again.unsent):
                    raise KgError(f"{url}: {again}") from None
                time.sleep(pause)
        raise AssertionError  # the last turn returns or raises

    def _receive(self, request: httpx.Request, missing: bool) -> bytes:
        url = str(request.url.copy_with(query=None))
        response, until = None, time.monotonic() + self._seconds
        try:
            response = self._client.send(request, stream=True)
            parts, size = [], 0
            for part in response.iter_bytes():
                if time.monotonic() > until:
                    raise _too_slow(url, self._seconds)
                size += len(part)
                if size > LARGEST:
                    raise StoppedQuery(f"{url}: the answer is larger than {LARGEST // 1024**2} MB")
                parts.append(part)
            body = b"".join(parts)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _Again(f"the server cannot be reached: {_cause(error)}", unsent=True) from None
        except httpx.TimeoutException:
            raise _too_slow(url, self._seconds) from None
        except httpx.TransportError as error:
            raise _Again(f"the connection broke: {_cause(error)}") from None
        except httpx.HTTPError as error:
            raise KgError(f"{url}: {_cause(error)}") from None
        finally:
            if response is not None:
                response.close()
        _check_status(response, body, url, missing)
        return body


@contextmanager
def open_server(address: Address, seconds: float = ANSWER_SECONDS) -> Iterator[Server]:
    """A server to be read or written, ``seconds`` at most for each request. Nothing is sent yet.

    Raises UsageError where the environment lacks the password.
    """
    auth: httpx.Auth | None = None
    if address.user:
        scheme = httpx.DigestAuth if address.auth == "digest" else httpx.BasicAuth
        auth = scheme(address.user, address.find_password())
    # A proxy or a .netrc of the machine would see what is asked: only the address tells where requests go.
    with httpx.Client(
        auth=auth,
        verify=_trust(address.certificates),
        timeout=httpx.Timeout(seconds, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
    ) as client:
        yield Server(address, client, seconds)


@cache  # to read them takes as long as a hundred queries
def _trust(certificates: str) -> ssl.SSLContext:
    try:
        if certificates:
            return ssl.create_default_context(cafile=certificates)
        return httpx.create_ssl_context(trust_env=False)
    except OSError as error:
        raise KgError(f"{certificates}: no certificates can be read: {error}") from None


class _Again(Exception):
    """A request that failed on the way; ``unsent`` where it never left."""

    def __init__(self, cause: str, unsent: bool = False) -> None:
        super().__init__(cause)
        self.unsent = unsent


def _too_slow(url: str, seconds: float) -> StoppedQuery:
    return StoppedQuery(f"{url}: no whole answer within {seconds:g} seconds")


def _cause(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _check_status(response: httpx.Response, body: bytes, url: str, missing: bool) -> None:
    code = response.status_code
    if code == 503:
        raise _Again("the server is busy (503)")
    if response.is_redirect:
        raise KgError(f"{url}: the server sends on to {response.headers['Location']}; name that address instead")
    if code in (401, 403):
        raise KgError(f"{url}: the server refuses this user or password ({code})")
    if code == 404 and missing:
        return
    if code >= 300:
        lines = re.sub(r"<[^<>\n]*>", " ", body[:2000].decode("utf-8", "replace")).split("\n\n")[0]
        told = " ".join(lines.split())[:300]
        if code == 400:
            raise RefusedQuery(f"not a query that the server can run: {told}")
        raise KgError(f"{url}: the server failed ({code}): {told}")
    # Virtuoso gives what it has when rows or time run out, with 200 and a word in the header.
    if most := response.headers.get("X-SPARQL-MaxRows"):
        raise StoppedQuery(f"{url}: the server gives {most} rows at most (ResultSetMaxRows); ask for fewer with LIMIT")
    if response.headers.get("X-SQL-State"):
        raise StoppedQuery(f"{url}: the server stopped the query before its end")


# ---- the text of a query

_ADDED = "kg_graph_"  # how variables begin that stand for a graph named in a text
_REPORT = f"{PREFIXES['zj']}Report"
_NAME = r"[^\s<>\"'{}()|^`\\.;,#/*+?!=&]"
_TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|' + r"'''(?:[^'\\]|\\.|'(?!''))*'''|"
    r'"(?:[^"\\\n\r]|\\.)*"|' + r"'(?:[^'\\\n\r]|\\.)*'|"
    r"<[^\s<>\"{}|^`\\]*>|#[^\n\r]*|"
    rf"(?<![\w:?$@-])(?:(?P<form>SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:-])|PREFIX\s+(?P<prefix>[\w.-]*):|"
    rf"GRAPH\s*(?:(?P<variable>[?$]\w+)|(?P<graph><[^\s<>\"{{}}|^`\\]*>|[\w.-]*:{_NAME}*)))",
    re.IGNORECASE | re.DOTALL,
)


def finish_text(text: str) -> str:
    """A text as any server takes it: with the prefixes that the embedded store knows by itself, and graphs asked so
    that a server without a default graph of its own answers as the embedded store does.

    Virtuoso finds nothing in a graph that is named by an IRI while the default graph is given, and finds the facts and
    graphs of its own in one that is a variable. Every graph of ours but the facts is that of a report.
    """
    declared: set[str] = set()
    count = 0

    def rewrite(match: re.Match[str]) -> str:
        nonlocal count
        if match["prefix"] is not None:
            declared.add(match["prefix"])
        elif match["variable"]:
            return f"{{ {match['variable']} a <{_REPORT}> }} {match[0]}"
        elif match["graph"]:
            count += 1
            return f"VALUES ?{_ADDED}{count} {{ {match['graph']} }} GRAPH ?{_ADDED}{count}"
        return match[0]

    body = _TOKENS.sub(rewrite, text)
    added = (
        f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if name not in declared and f"{name}:" in text
    )
    return "".join(added) + body


def _find_form(text: str) -> str:
    return next((match["form"].upper() for match in _TOKENS.finditer(text) if match["form"]), "")
