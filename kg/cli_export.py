"""``kg export``: what a home holds as files for others."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from kg.cli_output import OUTPUT, Home, open_stdout, open_talk, print_notes, show_bar
from kg.errors import KgError

TOLD_EVERY = 5.0  # seconds between two words about how far it is, where there is no terminal


def export_home(
    what: Annotated[
        str,
        typer.Argument(metavar="WHAT", help="facts, partnerships, figures, entities, checks, issues or graph."),
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="csv, tsv, jsonl, xlsx, sqlite, parquet; the graph as nquads, trig, turtle, jsonld; the graph or "
            "partnerships as graphml, gexf, neo4j, cypher, geojson. By the ending of --to; else jsonl or nquads.",
        ),
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="The file to write; - is stdout.")] = "-",
    region: Annotated[str, typer.Option("--region", metavar="NAME", help="Only the schools of a place.")] = "",
    school: Annotated[str, typer.Option("--school", metavar="NAME", help="Only one school.")] = "",
    partner: Annotated[str, typer.Option("--partner", metavar="NAME", help="Only one partner.")] = "",
    programme: Annotated[
        str, typer.Option("--programme", metavar="NAME", help="Only a programme, a class or a category of them.")
    ] = "",
    mode: Annotated[str, typer.Option("--mode", metavar="MODE", help="Only a mode of cooperation.")] = "",
    year: Annotated[
        int | None, typer.Option("--year", help="Only a year; the report's own counts where a fact names none.")
    ] = None,
    kind: Annotated[str, typer.Option("--type", metavar="TYPE", help="Only a type of entity, or of partner.")] = "",
    english: Annotated[bool, typer.Option("--english", help="Headings and types in English.")] = False,
    default_graph: Annotated[
        str | None,
        typer.Option("--default-graph", metavar="IRI", help="graph: the name of the facts' graph in a server, or ''."),
    ] = None,
    home: Home = OUTPUT,
) -> None:
    """Write facts, partnerships, figures, entities, checks or issues as a table, or the graph, whole or a part of it."""
    from kg.address import check_iri
    from kg.export.filters import Filters
    from kg.export.formats import find_format
    from kg.export.writing import export

    found = find_format(what, form, to)
    if default_graph:
        check_iri("--default-graph", default_graph)
    filters = Filters(region, school, partner, programme, mode, year, kind)
    try:
        with _tell_progress("quads written" if found.takes == "rdf" else "reports read") as on_report:
            count = export(
                home,
                what,
                found.name,
                open_stdout() if to == "-" else Path(to),
                filters,
                english=english,
                default_graph=default_graph,
                on_report=on_report,
                on_notes=print_notes,
            )
    except KeyboardInterrupt:
        _drop_stdout()
        raise KgError(
            "interrupted: nothing was written" if to != "-" else "interrupted: what was written is not whole"
        ) from None
    except KgError:
        _drop_stdout()
        raise
    unit = {"rdf": "quads", "network": "edges"}.get(found.takes, what)
    open_talk().print(
        f"{count} {unit} written{'' if to == '-' else f' to {to}'}", highlight=False, soft_wrap=True, markup=False
    )


@contextlib.contextmanager
def _tell_progress(unit: str) -> Iterator[Callable[[int, int], None]]:
    """A function that takes how many are done, and of how many (0: nobody knows): a bar on a terminal, else a line at
    times."""
    talk = open_talk()
    if talk.is_terminal:
        with show_bar(talk) as show:
            yield lambda done, total: show(unit, done, total or None)
        return
    told = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= TOLD_EVERY:
            told = time.monotonic()
            talk.print(f"{done}{f' of {total}' if total else ''} {unit}", markup=False, highlight=False)

    yield tell


def _drop_stdout() -> None:
    """Lets go of what waits for a stdout that takes no more: Python would try once again at its end."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
