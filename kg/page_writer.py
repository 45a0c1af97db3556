"""The pages of a home after its graph has changed. The network is drawn in a process of its own, which gets ready while the
store is made and draws while this process counts for the start page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from kg.child_process import ChildProcess
from kg.errors import KgError, StoppedQuery

if TYPE_CHECKING:
    from kg.address import Address

NETWORK = "network.html"

Told = tuple[list[str], list[str]]  # lines that tell of pages, and notes


@contextmanager
def open_writer() -> Iterator[Callable[[Path, Address | None], Told]]:
    """What draws the network of a home, whose graph a server may hold, and writes its start page.

    It returns the lines that tell of them, and a note where no picture could be drawn: a server may hold more than it
    answers for in time. It raises MissingStore for a home without a graph, and KgError where a page cannot be written.
    """
    drawing = ChildProcess(_draw)
    try:
        yield partial(_write, drawing)
    finally:
        drawing.end()


def _write(drawing: ChildProcess, home: Path, server: Address | None) -> Told:
    from kg import start_page

    with suppress(BrokenPipeError):  # its end is found out below
        drawing.connection.send((home, server))
    data = start_page.read_start(home)
    try:
        drawn: Told | KgError = drawing.connection.recv()
    except (EOFError, OSError):
        raise KgError(f"{home / NETWORK}: not drawn: its process died, maybe for want of memory") from None
    if isinstance(drawn, KgError):
        raise drawn
    start_page.write_start(home, data)  # after the picture: a start page of the current graph says that both are there
    lines, notes = drawn
    return [*lines, f"start    {home / start_page.PAGE}"], notes


def _draw(connection: Connection) -> None:
    """Draws the home that comes through the connection; sends what tells of it."""
    from kg import network  # what it needs is slow to load

    home, server = connection.recv()
    told: Told | KgError
    try:
        drawn = network.draw_home(home, home / NETWORK, store=server)
    except StoppedQuery as stopped:
        told = [], [f"no picture was drawn: {stopped}"]
    except KgError as error:
        told = error
    else:
        left_out = f", {drawn.left_out} left out" if drawn.left_out else ""
        told = [f"picture  {home / NETWORK} ({drawn.nodes} nodes, {drawn.edges} edges{left_out})"], []
    connection.send(told)
