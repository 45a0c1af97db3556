"""What stands before every request: the host's name, the size of its body, and what every answer carries."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import KgError

MOST_BODY = 2 * 1024**2  # bytes; a query of the greatest length fits, form-encoded
SLOW_BODY = 30.0  # seconds that a client may take to send one
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?", re.ASCII)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": POLICY,
}


class BodyTooLarge(KgError):
    """The body of a request is larger than any query."""


class SlowBody(KgError):
    """The body of a request did not come in time."""


class Guard:
    """Refuses what is asked under a strange host name, and gives each answer the headers that keep browsers safe."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app = app
        self._hosts = {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        named = Headers(scope=scope).getlist("host")
        match = _HOST.fullmatch(named[0]) if len(named) == 1 else None
        if match is None or ("*" not in self._hosts and match[1].lower() not in self._hosts):
            status = 400 if match is None else 421
            refused = PlainTextResponse("this server is not asked under that name (kg serve --allow-host)\n", status)
            return await refused(scope, receive, send_guarded)
        return await self._app(scope, receive, send_guarded)


async def read_body(request: Request) -> bytes:
    """The body of a request. Raises BodyTooLarge before it is read to its end, and SlowBody where it comes too slowly."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > MOST_BODY:
        raise BodyTooLarge(f"the request is larger than {MOST_BODY // 1024**2} MB")
    body = bytearray()
    try:
        async with asyncio.timeout(SLOW_BODY):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BODY:
                    raise BodyTooLarge(f"the request is larger than {MOST_BODY // 1024**2} MB")
    except TimeoutError:
        raise SlowBody(f"the request did not come within {SLOW_BODY:g} seconds") from None
    return bytes(body)
