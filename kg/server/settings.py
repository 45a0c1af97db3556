"""What a server is told when it starts, and what its parts share while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.address import Address
from kg.strangers import Limits

LIMITS = Limits(seconds=30, rows=100_000, size=64 * 1024**2, memory=2 * 1024**3)
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """``hosts``: the names under which the server may be asked (a page elsewhere that has its own name point here is
    refused); "*" for any. ``store``: the server that holds the graph, where one does. ``origins``: whose pages may ask by script. ``workers``: 0 for as many as suit the machine."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 8000
    hosts: tuple[str, ...] = LOCAL_HOSTS
    origins: tuple[str, ...] = ()
    workers: int = 0
    store: Address | None = None
    limits: Limits = LIMITS
