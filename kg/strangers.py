"""Runs queries that somebody else wrote: checked by their grammar, in processes that can be killed.

Only SELECT, ASK, CONSTRUCT and DESCRIBE get through; SERVICE, and FROM for what is no graph of ours, which would reach
files or the network, are refused. The command line runs one process for one query, the server keeps several.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import kg
from kg import errors
from kg.address import Address
from kg.errors import BusyServer, MissingStore, RefusedQuery, SlowQuery, StoppedQuery
from kg.query_worker import (
    Limits,
    Request,
    check_text,
    pack_request,
    pack_start,
    read_frame,
    serve_socket,
    unpack_rows,
)
from kg.rows import Rows

__all__ = ["Answer", "Limits", "QueryPool", "Request", "check_text", "run_text"]

SECONDS = 60.0
LONG = 0.25  # seconds after which a query goes on behind all others
LEAST_URGENT = 19  # as nice(1) counts
IN_MEMORY = 1 << 20  # bytes of an answer that are not yet worth a file
MOST_WAITING = 512  # requests that wait for a process
_HEAD = 4  # bytes of a frame's length


def run_text(home: Path, text: str, seconds: float = SECONDS, store: Address | None = None) -> Rows:
    """The answer to a stranger's query; ``store`` is the server that holds the graph, where one does.

    Raises RefusedQuery where it does more than read this graph or is not SPARQL, StoppedQuery where it takes longer
    than ``seconds`` or too much else, MissingStore where there is no graph.
    """
    if store is not None:  # whose work is done there: there is no process here to be held to a limit
        from kg.current_store import find_fingerprint
        from kg.remote import open_remote

        checked = check_text(text)
        if checked.graphs:
            raise RefusedQuery(
                "FROM is refused where a server holds the graph; for one report use GRAPH <its IRI> { … }"
            )
        with open_remote(store, find_fingerprint(home), seconds) as graph:
            return graph.query(checked.text)
    limits = Limits(seconds=seconds)
    asked = pack_start(home, limits) + pack_request(Request((text,)))
    with subprocess.Popen(
        _command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
    ) as process:
        try:
            answer, _ = process.communicate(asked, timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise _took_too_long(limits) from None
        except BaseException:
            process.kill()
            raise
    stream, document = io.BytesIO(answer), bytearray()
    read_frame(stream)  # that it was ready
    while frame := read_frame(stream):
        document += frame
    end = read_frame(stream)
    if end is None:
        raise _died(process.returncode)
    _raise_error(json.loads(end))
    return unpack_rows(bytes(document))[0]


def _command() -> list[str]:
    return [sys.executable, "-P", "-m", "kg.query_worker"]


def _environment() -> dict[str, str]:
    here = str(Path(kg.__file__).resolve().parent.parent)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))}


def _took_too_long(limits: Limits) -> SlowQuery:
    return SlowQuery(f"the query was stopped: it took longer than {limits.seconds:g} seconds")


def _died(code: int | None) -> StoppedQuery:
    # Where memory cannot be had, Oxigraph ends the process by a signal.
    cause = "it took more memory than it may" if code is not None and code < 0 else "its process failed"
    return StoppedQuery(f"the query was stopped: {cause}")


def _raise_error(end: dict[str, Any]) -> None:
    if "error" in end:
        raise getattr(errors, end["error"])(end["message"])


# ---- the server's processes

# Where the system can, a process is a copy of one that has everything imported: to replace one takes no time.
_PROCESSES: Any = multiprocessing.get_context(
    "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer in a standard format, to be read from the beginning; whoever takes it closes it."""

    form: str
    size: int
    body: IO[bytes]


class QueryPool:
    """Processes that answer queries, more than there are cores: one that runs on and on takes only a share.

    A query past its limits costs its process, which is replaced. Where all are taken, requests wait in the order in which they came.
    """

    def __init__(self, home: Path, limits: Limits, workers: int = 0, store: Address | None = None) -> None:
        self._home, self._store = home, store
        self.served = store is not None  # whether another server answers, which plans queries in its own way
        self._limits = limits
        self._count = workers or 2 * (os.cpu_count() or 1) + 4
        self._idle: list[_Worker] = []
        self._waiting: deque[asyncio.Future[_Worker]] = deque()
        self._all: set[_Worker] = set()
        self._chores: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> QueryPool:
        """Returns when the first process is ready; the others follow one after another."""
        # A process begins by importing the program that started it: of that, too, there is a copy.
        loaded = [name for name in sys.modules if name.startswith("kg.") and not name.startswith("kg.server")]
        _PROCESSES.set_forkserver_preload(["kg.query_worker", "kg.store", *loaded])
        try:
            self._give(await self._start())
        except BaseException:
            await self.close()
            raise
        self._do(self._start_others())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends all processes; who still waits is told that the server stops."""
        self._closed = True
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(BusyServer("the server is stopping"))
        await asyncio.gather(*(worker.end() for worker in self._all), *self._chores, return_exceptions=True)

    async def ask(self, request: Request) -> Answer:
        """The answer as one document.

        Raises RefusedQuery, WrongForm, SlowQuery, StoppedQuery and MissingStore as the query deserves, BusyServer
        where too many wait.
        """
        for _ in range(3):  # a build may swap the store under a query
            body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
            try:
                end = await self._run(request, body)
                if not end.get("again"):
                    _raise_error(end)
                    size = body.tell()
                    body.seek(0)
                    return Answer(end["form"], size, body)
            except BaseException:
                body.close()
                raise
            body.close()
        raise MissingStore("the graph changes faster than it can be asked")

    async def ask_rows(self, *texts: str) -> tuple[Rows, ...]:
        """The answers to queries of ours, which are not checked; raises as ``ask`` does."""
        answer = await self.ask(Request(texts, trusted=True))
        with answer.body as body:
            return unpack_rows(body)

    async def _run(self, request: Request, body: IO[bytes]) -> dict[str, Any]:
        worker = await self._take()
        usable = False
        try:
            async with asyncio.timeout(self._limits.seconds):
                end = await worker.ask(request, body)
            usable = not end.get("worn")
            return end
        except TimeoutError:
            raise _took_too_long(self._limits) from None
        except StoppedQuery:
            if self._closed:
                raise BusyServer("the server is stopping") from None
            raise
        finally:
            if usable and worker.make_urgent():
                self._give(worker)
            elif not self._closed:  # it has died, or whoever asked has gone
                self._replace(worker)

    async def _take(self) -> _Worker:
        if self._idle:
            return self._idle.pop()
        if len(self._waiting) >= MOST_WAITING or self._closed:
            raise BusyServer("the server is busy: too many queries wait; ask again in a while")
        waiting: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            return await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
                self._give(waiting.result())
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(waiting)

    def _give(self, worker: _Worker) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(worker)
                return
        self._idle.append(worker)

    def _replace(self, worker: _Worker) -> None:
        self._do(self._start_instead(worker))

    def _do(self, chore: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _start_others(self) -> None:
        for _ in range(self._count - 1):
            await self._start_another()

    async def _start_instead(self, worker: _Worker) -> None:
        await worker.end()
        self._all.discard(worker)
        await self._start_another()

    async def _start_another(self) -> None:
        while not self._closed:
            try:
                return self._give(await self._start())
            except (OSError, EOFError, StoppedQuery):  # no memory or no process to be had just now
                await asyncio.sleep(1)
            except BusyServer:
                return None
        return None

    async def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            process = _PROCESSES.Process(target=serve_socket, args=(theirs,), daemon=True)
            await asyncio.to_thread(process.start)
        worker = _Worker(process, *await asyncio.open_connection(sock=ours))
        self._all.add(worker)
        try:
            if self._closed:
                raise BusyServer("the server is stopping")
            await worker.start(pack_start(self._home, self._limits, self._store))
        except BaseException:
            await worker.end()
            self._all.discard(worker)
            raise
        return worker


class _Worker:
    """One process of the pool."""

    def __init__(self, process: BaseProcess, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        self._process, self._out, self._in = process, source, to
        self._calm = 0  # how nice the process was before it was made to wait behind all others

    async def start(self, frame: bytes) -> None:
        """Returns when the process can answer. Raises StoppedQuery where it ends before."""
        try:
            self._in.write(frame)
            await self._read()
        except (asyncio.IncompleteReadError, ConnectionError):
            await self.end()
            raise _died(self._process.exitcode) from None

    async def ask(self, request: Request, body: IO[bytes]) -> dict[str, Any]:
        """Writes the answer to ``body`` and returns what the process says at its end. Raises StoppedQuery where it dies."""
        slow = asyncio.get_running_loop().call_later(LONG, self._make_least_urgent)
        try:
            self._in.write(pack_request(request))
            await self._in.drain()
            while frame := await self._read():
                body.write(frame)
            end: dict[str, Any] = json.loads(await self._read())
            return end
        except (asyncio.IncompleteReadError, ConnectionError):
            await self.end()
            raise _died(self._process.exitcode) from None
        finally:
            slow.cancel()

    async def _read(self) -> bytes:
        return await self._out.readexactly(int.from_bytes(await self._out.readexactly(_HEAD), "big"))

    def _make_least_urgent(self) -> None:
        with contextlib.suppress(AttributeError, OSError):  # not on Windows; or it has just ended
            calm = os.getpriority(os.PRIO_PROCESS, self._process.pid or 0)
            os.setpriority(os.PRIO_PROCESS, self._process.pid or 0, LEAST_URGENT)
            self._calm = calm

    def make_urgent(self) -> bool:
        """As it was before a long query. False where the system does not let us, and another process is needed."""
        if self._calm:
            try:
                os.setpriority(os.PRIO_PROCESS, self._process.pid or 0, self._calm)
            except OSError:
                return False
            self._calm = 0
        return not self._in.is_closing()

    async def end(self) -> None:
        """Kills the process and waits until it is gone."""
        self._in.close()
        self._process.kill()
        await asyncio.to_thread(self._process.join)
