"""``kg draw``: the picture of a graph, or of a part of it."""

from __future__ import annotations

import contextlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli_output import OUTPUT, Home, Server, open_talk, print_notes, read_server
from kg.home_lock import hold_home
from kg.page_writer import NETWORK


class DrawnView(StrEnum):
    """Pictures that need no name."""

    WHOLE = "whole"
    SHARED = "shared"
    GROUPS = "groups"


def draw(
    focus: Annotated[
        str | None, typer.Option("--focus", metavar="NAME", help="Only this entity and its surroundings.")
    ] = None,
    steps: Annotated[int, typer.Option("--steps", min=1, max=3, help="How far around the focus.")] = 2,
    region: Annotated[
        str | None, typer.Option("--region", metavar="NAME", help="Only the schools of a place, with their partners.")
    ] = None,
    programme_class: Annotated[
        str | None,
        typer.Option("--class", metavar="NAME", help="Only what is about a class or category of programmes."),
    ] = None,
    view: Annotated[
        DrawnView, typer.Option("--view", help="All; schools linked by partners they share; groups and their members.")
    ] = DrawnView.WHOLE,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="The page to write; DIR/network.html if not given.")
    ] = None,
    home: Home = OUTPUT,
    server: Server = None,
) -> None:
    """Draw the network of cooperation as one HTML page that needs no internet."""
    from kg import network
    from kg.network_views import View

    asked = View(
        focus=focus or "",
        region=region or "",
        programme_class=programme_class or "",
        shared=view is DrawnView.SHARED,
        groups=view is DrawnView.GROUPS,
        steps=steps,
    )
    page = to or home / NETWORK
    with hold_home(home) if to is None else contextlib.nullcontext():
        drawn = network.draw_home(home, page, asked, read_server(server))
    left_out = f", {drawn.left_out} left out" if drawn.left_out else ""
    open_talk().print(f"{page}: {drawn.nodes} nodes, {drawn.edges} edges{left_out}", highlight=False, soft_wrap=True)
    print_notes(drawn.notes)
