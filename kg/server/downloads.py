"""``/downloads``: what ``kg export`` writes, the whole graph, the picture; each made when it is asked for."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from pathlib import Path
from types import MappingProxyType

from starlette.responses import Response, StreamingResponse

import kg
from kg.errors import BusyServer, StoppedQuery
from kg.export.formats import FORMATS

AT_ONCE = 2  # exports that run beside each other
_CHUNK = 1 << 16
KINDS = ("facts", "partnerships", "figures", "entities", "issues", "checks")
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "jsonl": "application/jsonl; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "nquads": "application/n-quads",
        "graphml": "application/graphml+xml",
        "gexf": "application/gexf+xml",
    }
)
# What is offered: the name of each file, what is exported in it, and in which format.
FILES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {f"{what}.{form}": (what, form) for what in KINDS for form in ("csv", "xlsx", "jsonl")}
    | {f"graph{FORMATS[form].endings[0]}": ("graph", form) for form in ("nquads", "graphml", "gexf")}
)


def describe_file(name: str) -> Response:
    """What a file is, without making it."""
    return Response(headers=_write_headers(name))


def _write_headers(name: str) -> dict[str, str]:
    return {"content-type": _TYPES[FILES[name][1]], "content-disposition": f'attachment; filename="{name}"'}


class Exports:
    """Runs exports in processes of their own, a few at a time."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._running = 0

    async def start(self, name: str) -> Response:
        """The file as it is written. Raises BusyServer where others are being written, StoppedQuery where it fails."""
        what, form = FILES[name]
        if self._running >= AT_ONCE:
            raise BusyServer("other files are being made; ask again in a while")
        self._running += 1
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "kg.server.export_process", str(self._home.absolute()), what, form),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": _find_code(), "PYTHONIOENCODING": "utf-8"},
            )
        except BaseException:
            self._running -= 1
            raise
        assert process.stdout is not None and process.stderr is not None
        chunks = self._read(process)
        first = await anext(chunks, b"")  # what is wrong is known before anything is sent
        if not first and await process.wait():
            raise StoppedQuery((await process.stderr.read()).decode("utf-8", "replace").strip()[-300:])

        async def whole() -> AsyncIterator[bytes]:
            try:
                yield first
                async for chunk in chunks:
                    yield chunk
            finally:
                await chunks.aclose()
            if await process.wait():
                raise OSError(
                    f"the export of {name} failed"
                )  # which cuts the answer short, so that it is not taken for whole

        return StreamingResponse(whole(), headers=_write_headers(name))

    async def _read(self, process: asyncio.subprocess.Process) -> AsyncGenerator[bytes, None]:
        assert process.stdout is not None
        try:
            while chunk := await process.stdout.read(_CHUNK):
                yield chunk
        finally:
            self._running -= 1
            if process.returncode is None and not process.stdout.at_eof():
                process.kill()  # nobody wants the rest


def _find_code() -> str:
    here = str(Path(kg.__file__).resolve().parent.parent)
    return os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
