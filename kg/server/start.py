"""What ``/`` shows of the current graph, read once for each graph."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache

from kg.current_store import find_store
from kg.network_page import encode_json
from kg.server.settings import Settings
from kg.start_page import load_words, read_start


@dataclass(frozen=True, slots=True)
class _Kept:
    store: str
    picture: bool
    data: str


class StartData:
    """The data of the start page as JSON that can stand in a page, kept until another graph is there."""

    def __init__(self, settings: Settings) -> None:
        self._home = settings.home
        self._kept: _Kept | None = None
        self._reading = asyncio.Lock()

    async def read(self, picture: bool) -> str:
        """The data of the current graph; ``picture``: there is a network.html.

        Raises MissingStore where there is no graph.
        """
        async with self._reading:  # many may ask at once for a new graph
            store = find_store(self._home).name
            if self._kept is None or (self._kept.store, self._kept.picture) != (store, picture):
                data = await asyncio.to_thread(read_start, self._home)
                served = {"served": True, "network": picture, "files": []}
                self._kept = _Kept(data["store"], picture, encode_json(data | served))
            return self._kept.data


@cache
def write_words() -> str:
    """The words of the start page as JSON that can stand in a page."""
    return encode_json(load_words())
