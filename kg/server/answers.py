"""How answers and errors go out: a whole document from the pool, or one line and its status code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import IO, TypeVar

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from kg.errors import (
    BusyServer,
    KgError,
    MissingStore,
    RefusedQuery,
    SlowQuery,
    StoppedQuery,
    UsageError,
    WrongForm,
)
from kg.server.guard import BodyTooLarge, SlowBody

_CHUNK = 1 << 16
_STATUS: tuple[tuple[type[KgError], int], ...] = (
    (BodyTooLarge, 413),
    (SlowBody, 408),
    (WrongForm, 406),
    (RefusedQuery, 400),
    (UsageError, 400),
    (SlowQuery, 504),
    (StoppedQuery, 503),
    (BusyServer, 503),
    (MissingStore, 503),
)
T = TypeVar("T")


def find_status(error: KgError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def write_problem(status: int, text: str, as_json: bool = False, headers: Mapping[str, str] | None = None) -> Response:
    """One line that says what is wrong, as text or as JSON."""
    line = " ".join(text.split())
    also = dict(headers or {})
    if status in (408, 413):
        also["connection"] = "close"  # the rest of the body is not read
    if status == 503:
        also.setdefault("retry-after", "5")
    if as_json:
        return JSONResponse({"error": line}, status, also)
    return PlainTextResponse(f"{line}\n", status, also)


async def while_connected(request: Request, answer: Awaitable[T]) -> T:
    """The answer; given up, and its query stopped, when the client goes away. Raises ClientDisconnect then.

    To be called when the body of the request has been read.
    """
    asked = asyncio.ensure_future(answer)
    gone = asyncio.ensure_future(_wait_until_gone(request))
    try:
        await asyncio.wait((asked, gone), return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            raise ClientDisconnect
        return asked.result()
    finally:
        for task in (asked, gone):
            task.cancel()


async def _wait_until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def write_content_type(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def stream_document(body: IO[bytes], size: int, headers: Mapping[str, str]) -> Response:
    """An answer of known size, read from a file that is closed at the end."""

    async def chunks() -> AsyncIterator[bytes]:
        with body:
            while chunk := body.read(_CHUNK):
                yield chunk

    return StreamingResponse(chunks(), headers={**headers, "content-length": str(size)})
