"""The process in which a query runs, so that it can be killed: ``python -m kg.query_worker``, or one of a pool.

It reads its limits, says that it is ready, then reads one request after another and writes each answer as it comes; all
are frames of bytes, each after its length. Whoever started it counts the time. The store is opened once, and again when
a build has swapped in another; when nobody can ask any more, the process ends.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import socket
import struct
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from kg.address import Address
from kg.errors import KgError, RefusedQuery, StoppedQuery, WrongForm
from kg.graph import AnswerForm, Graph
from kg.rows import Rows
from kg.schema import DATA
from kg.sparql_text import read_query

LONGEST = 200_000  # characters of a query; a value that means a thousand entities has room twice
GRAPHS = f"{DATA}report/"  # the named graphs of this graph: one for each report
GRACE = 5.0  # seconds of processor time beyond the limit, after which the system itself ends the process
WORN = 512 * 1024**2  # bytes of memory once used, after which a process is better started anew
_BASE = f"BASE <{DATA}> "  # on the first line, so that the others keep their numbers
_LENGTH = struct.Struct(">I")
_FRAME = 1 << 16
_PLACE = re.compile(r"error at (\d+):(\d+)")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may take. ``memory`` is address space beyond that of a process with an open store, where the system
    can hold a process to it."""

    seconds: float = 60.0
    rows: int = 1_000_000
    size: int = 512 * 1024**2  # bytes of an answer that is written in a standard format
    memory: int = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Request:
    """Queries and the form their answers are wanted in.

    With neither ``table`` nor ``triples`` the answer is Rows, one for each text; with them it is one document: ``table``
    for SELECT and ASK, ``triples`` for CONSTRUCT and DESCRIBE. ``trusted`` texts are ours and are not checked.
    ``default`` and ``named`` are graphs to be asked in the place of those that the text names.
    """

    texts: tuple[str, ...]
    table: str = ""
    triples: str = ""
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class CheckedQuery:
    """A text that may be run, and what it is; ``graphs`` are the named graphs that it or its request names."""

    text: str
    form: str
    graphs: tuple[str, ...]


def check_text(text: str, default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> CheckedQuery:
    """The text as it may be run. Raises RefusedQuery with the reason where it may not."""
    if not text.strip():
        raise RefusedQuery("the query is empty")
    if len(text) > LONGEST:
        raise RefusedQuery(f"the query is longer than {LONGEST} characters")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedQuery("the query is not text in UTF-8") from None
    query = read_query(text)
    for clause in query.dataset:
        graph = clause.graph[1:-1]
        if not (default or named) and not (clause.graph.startswith("<") and graph.startswith(GRAPHS)):
            raise RefusedQuery(
                f"line {clause.line}: FROM {clause.graph} is refused: a query asks this graph, whose named graphs are "
                f"<{GRAPHS}…>"
            )
    for graph in (*default, *named):
        if not graph.startswith(GRAPHS) or any(char in graph for char in '<>"{}|^`\\') or not graph.isprintable():
            raise RefusedQuery(f"{graph[:200]!a} is not a graph of this server; its named graphs are <{GRAPHS}…>")
    if default or named:
        return CheckedQuery(query.with_dataset(default, named), query.form, (*default, *named))
    return CheckedQuery(query.text, query.form, tuple(clause.graph[1:-1] for clause in query.dataset))


# ---- frames


def pack_frame(data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + data


def pack_start(home: Path, limits: Limits, store: Address | None = None) -> bytes:
    """The first frame: whose graph is asked, which server holds it where one does, and how much an answer may take."""
    held = None if store is None else asdict(store)
    start = {"home": str(home.absolute()), "limits": asdict(limits), "store": held}
    return pack_frame(json.dumps(start).encode("ascii"))


def pack_request(request: Request) -> bytes:
    return pack_frame(json.dumps(asdict(request)).encode("ascii"))


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame, or None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None


def unpack_rows(document: bytes | IO[bytes]) -> tuple[Rows, ...]:
    """The Rows of an answer that was asked for in no format."""
    answers = json.loads(document if isinstance(document, bytes) else document.read())
    return tuple(Rows(tuple(each["columns"]), tuple(map(tuple, each["rows"]))) for each in answers)


class _Frames(io.RawIOBase):
    """Takes an answer as it is written and passes it on, up to so many bytes."""

    def __init__(self, out: IO[bytes], most: int) -> None:
        self._out, self._left, self.full = out, most, False

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._left -= len(data)
        if self._left < 0:
            self.full = True
            raise OSError("full")
        self._out.write(pack_frame(bytes(data)))
        return len(data)


# ---- answers


class _Current:
    """The graph of a home as it is now: opened anew when another has been swapped in."""

    def __init__(self, home: Path, store: Address | None) -> None:
        self._home, self._store = home, store
        self._name = b""
        self._opened = ExitStack()
        self._graph: Graph | None = None

    def get(self) -> Graph:
        from kg.store import open_graph

        name = self._read_name()
        if self._graph is None or name != self._name:
            self._graph, self._name = None, name
            self._opened.close()
            self._graph = self._opened.enter_context(open_graph(self._home, self._store))
        return self._graph

    def is_former(self) -> bool:
        """Whether a build has swapped in another graph since this one was opened."""
        return self._read_name() != self._name

    def _read_name(self) -> bytes:
        try:
            return (self._home / "store" / "current").read_bytes()
        except OSError:
            return b""


def _answer(request: Request, current: _Current, limits: Limits, out: IO[bytes]) -> Mapping[str, Any]:
    """Writes the answer as frames; returns what is to be said after it."""
    try:
        checked = [
            CheckedQuery(text, read_query(text).form, ())
            if request.trusted
            else check_text(text, request.default, request.named)
            for text in request.texts
        ]
        graph = current.get()
        for query in checked:
            for name in query.graphs:
                if not graph.query(f"ASK {{ GRAPH <{name}> {{ ?s ?p ?o }} }}").rows[0][0]:
                    raise RefusedQuery(f"there is no graph <{name}>; the query 'reports' lists those that there are")
        texts = [query.text if request.trusted else _BASE + query.text for query in checked]
        if not request.table and not request.triples:
            _write_rows(graph, texts, limits, out)
            return {"form": ""}
        form = _choose_form(checked[0], request)
        frames = _Frames(out, limits.size)
        buffer = io.BufferedWriter(frames, _FRAME)
        try:
            graph.write_answer(texts[0], form, buffer)
            buffer.flush()
        except OSError:
            if frames.full:
                raise StoppedQuery(
                    f"the query was stopped: its answer is larger than {limits.size // 1024**2} MB; ask for less"
                ) from None
            raise
        finally:
            with contextlib.suppress(OSError, ValueError):
                buffer.detach()
        return {"form": form.value}
    except KgError as error:
        message = str(error) if request.trusted else _PLACE.sub(_without_base, str(error))
        return {"error": type(error).__name__, "message": message, "again": current.is_former()}
    except OSError as error:
        message = f"the query was stopped: the store cannot be read: {error}"
        return {"error": "StoppedQuery", "message": message, "again": current.is_former()}
    except MemoryError:
        return {
            "error": "StoppedQuery",
            "message": "the query was stopped: it took more memory than it may",
            "worn": True,
        }
    except RecursionError:
        return {"error": "RefusedQuery", "message": "the query is nested too deeply"}
    except (RuntimeError, ValueError) as error:  # Oxigraph's own: a function that is not defined, and the like
        return {
            "error": "RefusedQuery",
            "message": f"not a query that can be run: {' '.join(str(error).split())[:200]}",
        }


def _choose_form(query: CheckedQuery, request: Request) -> AnswerForm:
    triples = query.form in ("CONSTRUCT", "DESCRIBE")
    wanted = request.triples if triples else request.table
    if not wanted:
        kinds = "ttl, nt, jsonld or rdf" if triples else "json, xml, csv or tsv"
        raise WrongForm(f"the answer to a {query.form} is written as {kinds}, none of which is wanted")
    return AnswerForm(wanted)


def _without_base(place: re.Match[str]) -> str:
    """The line and column where Oxigraph found an error, as they are in the stranger's text."""
    line, column = int(place[1]), int(place[2])
    return f"line {line}, column {max(1, column - len(_BASE)) if line == 1 else column}"


def _write_rows(graph: Graph, texts: list[str], limits: Limits, out: IO[bytes]) -> None:
    answers = []
    for text in texts:
        rows = graph.query(text)
        if len(rows.rows) > limits.rows:
            raise StoppedQuery(f"the query was stopped: more than {limits.rows} rows; ask for less, or give it a LIMIT")
        answers.append({"columns": rows.columns, "rows": rows.rows})
    document = json.dumps(answers, ensure_ascii=False).encode("utf-8", "surrogatepass")
    for start in range(0, len(document), _FRAME):
        out.write(pack_frame(document[start : start + _FRAME]))


# ---- the process


def _limit_process(memory: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        most = _find_size() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing is written to any file


def _find_size() -> int:
    """The address space of this process in bytes, as far as the system tells it."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 512 * 1024**2


def _limit_time(seconds: float) -> None:
    """A second line behind the clock of whoever started this process: it may have been killed."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime + seconds + GRACE) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _is_worn() -> bool:
    try:
        import resource
    except ImportError:
        return False
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit > WORN


def _silence() -> None:
    """Whatever a library says, or the system when it ends this process, goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def serve(source: IO[bytes], out: IO[bytes]) -> None:
    """Answers one request after another until there are no more."""
    started = json.loads(read_frame(source) or b"{}")
    if not started:
        return
    limits = Limits(**started["limits"])
    held = started["store"]
    current = _Current(Path(started["home"]), None if held is None else Address(**held))
    with contextlib.suppress(KgError, OSError):  # a build may mend it
        current.get()
    _limit_process(limits.memory)
    out.write(pack_frame(b"ready"))
    out.flush()
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)  # who takes in requests goes first, and who is being started in the place of another
    while frame := read_frame(source):
        _limit_time(limits.seconds)
        fields = json.loads(frame)
        texts, default, named = (tuple(fields.pop(key)) for key in ("texts", "default", "named"))
        end = _answer(Request(texts=texts, default=default, named=named, **fields), current, limits, out)
        out.write(pack_frame(b"") + pack_frame(json.dumps({"worn": _is_worn(), **end}).encode("ascii")))
        out.flush()


def serve_socket(connection: socket.socket) -> None:
    """As ``serve``, for a process of the pool."""
    _silence()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which ends its processes itself
    with (
        contextlib.suppress(ConnectionError),
        connection,
        connection.makefile("rb") as source,
        connection.makefile("wb") as out,
    ):
        serve(source, out)


def main() -> None:
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    _silence()
    with out:
        serve(sys.stdin.buffer, out)


if __name__ == "__main__":
    main()
