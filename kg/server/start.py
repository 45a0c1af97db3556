"""What ``/`` shows of the current graph, read once for each graph: from the page that the build wrote, else from the graph."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache

from fastapi import Request

from kg.errors import BusyServer, StoppedQuery
from kg.network_page import encode_json
from kg.server.answers import while_connected
from kg.server.settings import Settings
from kg.start_page import find_written, list_texts, load_words, read_start
from kg.store import find_store
from kg.strangers import QueryPool


@dataclass(frozen=True, slots=True)
class _Kept:
    store: str
    picture: bool
    data: str


class StartData:
    """The data of the start page as JSON that can stand in a page, kept until another graph is there."""

    def __init__(self, settings: Settings, pool: QueryPool) -> None:
        self._home, self._pool = settings.home, pool
        self._kept: _Kept | None = None
        self._reading = asyncio.Lock()

    async def read(self, request: Request, picture: bool) -> str | None:
        """The data of the current graph; None where it takes longer than a query may. ``picture``: there is a network.html.

        Raises MissingStore where there is no graph.
        """
        async with self._reading:  # many may ask at once for a new graph
            store = find_store(self._home).name
            if self._kept is not None and (self._kept.store, self._kept.picture) == (store, picture):
                return self._kept.data
            data = await asyncio.to_thread(find_written, self._home)
            if data is None:
                try:
                    answers = await while_connected(request, self._pool.ask_rows(*list_texts()))
                except (StoppedQuery, BusyServer):
                    return None
                data = await asyncio.to_thread(read_start, self._home, answers)
            served = {"served": True, "network": picture, "files": []}
            self._kept = _Kept(store, picture, encode_json(data | served))
            return self._kept.data


@cache
def write_words() -> str:
    """The words of the start page as JSON that can stand in a page."""
    return encode_json(load_words())
