"""Runs the application in uvicorn, with limits for clients that send much, or slowly."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.errors import KgError, MissingStore, UsageError
from kg.server.app import make_app
from kg.server.settings import Settings
from kg.strangers import QueryPool

MOST_CONNECTIONS = 1000
LONGEST_HEAD = 320 * 1024  # bytes of a request before its body: a query of the greatest length fits into its address
SLOW_HEAD = 20.0  # seconds that a client may take to send it
KEEP_ALIVE = 15
STOPPING = 2  # seconds that queries have to end when the server is stopped


class _Protocol(H11Protocol):
    """uvicorn's own, which waits for ever for the end of a request's head: this one hangs up."""

    _hang_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._hang_up is not None:
            self._hang_up.cancel()
        super().connection_lost(exc)

    def _watch(self) -> None:
        waits = self.cycle is None or self.cycle.response_complete
        if waits and self._hang_up is None:
            self._hang_up = self.loop.call_later(SLOW_HEAD, self.transport.close)
        elif not waits and self._hang_up is not None:
            self._hang_up.cancel()
            self._hang_up = None


class _Server(uvicorn.Server):
    """uvicorn's own, which says when it has started, and stops queries that would keep it from ending."""

    on_start: Callable[[], None]
    stop_queries: Callable[[], Awaitable[None]]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        stopping = asyncio.create_task(self._stop_queries())
        await super().shutdown(sockets)
        stopping.cancel()

    async def _stop_queries(self) -> None:
        await asyncio.sleep(STOPPING)
        await self.stop_queries()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.on_start()


def serve(settings: Settings, tell: Callable[[str], None] = print) -> None:
    """Answers until the process is told to stop (SIGINT or SIGTERM); ``tell`` gets the address once it can be asked.

    Raises MissingStore where the home has no graph, UsageError where the address or the port cannot be had.
    """
    if not (settings.home / "store" / "current").is_file():
        raise MissingStore(
            f"{settings.home}: there is no graph yet; make one with: kg build PATH --home {settings.home}"
        )
    listening = _listen(settings.host, settings.port)
    pool = QueryPool(settings.home, settings.limits, settings.workers, settings.store)
    config = uvicorn.Config(
        make_app(settings, pool),
        http=_Protocol,
        ws="none",
        lifespan="on",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=LONGEST_HEAD,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=3 * STOPPING,
    )
    server = _Server(config)
    server.stop_queries = pool.close
    host, port = listening.getsockname()[:2]
    server.on_start = lambda: tell(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
    # uvicorn ends well and then raises the signal again: that must not end the process in another way.
    former = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with listening, contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    finally:
        signal.signal(signal.SIGTERM, former)
    if not server.started:
        raise KgError("the server could not be started")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise UsageError(f"{host}: this address cannot be had: {error.strerror or error}") from None
    listening = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_REUSEPORT"):  # not on Windows, where it would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(256)
    except OSError as error:
        listening.close()
        cause = "another program uses it" if error.errno == 98 else error.strerror or str(error)
        raise UsageError(f"port {port} of {host} cannot be had: {cause}; choose another with --port") from None
    return listening
