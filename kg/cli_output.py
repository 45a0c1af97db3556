"""What the commands have in common: where a graph lies, how rows are shown, who hears what.

Data goes to stdout, talk to stderr.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.model import DIFFERENCES

if TYPE_CHECKING:
    from kg.address import Address
    from kg.rows import Rows

START = "index.html"
LONGEST_CELL = 40  # characters in a table on a screen
NARROWEST = 12  # columns of a screen for each column of a table
OUTPUT = Path("output")
Home = Annotated[Path, typer.Option("--home", metavar="DIR", help="The folder that holds the graph.")]
SERVER_VARIABLE = "KG_STORE"
Server = Annotated[
    str | None,
    typer.Option(
        "--store",
        envvar=SERVER_VARIABLE,
        metavar="SERVER",
        help="The SPARQL server that holds the graph: the URL of its query endpoint, or a TOML file.",
    ),
]


class RowFormat(StrEnum):
    """How rows are shown."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def read_server(text: str | None) -> Address | None:
    """The server of the option --store. Raises UsageError for one that cannot be read."""
    if not text:
        return None
    from kg.address import read_address

    return read_address(text)


def open_talk() -> Console:
    """Where messages go: stderr."""
    return Console(stderr=True)


def open_stdout() -> BinaryIO:
    """Where data goes, as bytes."""
    return cast(BinaryIO, sys.stdout.buffer)


def print_rows(rows: Rows, form: RowFormat, headings: Mapping[str, str]) -> None:
    """Rows on stdout; ``headings`` are the words for columns in tables and CSV."""
    if form is RowFormat.JSON:
        print(json.dumps(rows.as_dicts(), ensure_ascii=False, indent=1))
    elif form is RowFormat.CSV:
        from kg.export.cells import write_csv_rows

        names = [headings.get(column, column) for column in rows.columns]
        sys.stdout.flush()
        write_csv_rows((list(row) for row in (names, *rows.rows)), open_stdout())
    else:
        print_table(rows, headings)
        open_talk().print(f"{len(rows.rows)} rows", style="dim", highlight=False)


def print_table(rows: Rows, headings: Mapping[str, str]) -> None:
    """Rows as a table on stdout, one below the other where the screen is narrow."""
    # A link says nothing to a reader of a table; JSON and CSV have it.
    shown = [at for at, column in enumerate(rows.columns) if column not in ("statement", "link", "iri") or not headings]
    names = [headings.get(rows.columns[at], rows.columns[at]) for at in shown]
    cells = [["" if row[at] is None else _one_line(row[at]) for at in shown] for row in rows.rows]
    console = Console()
    if console.is_terminal and console.width < len(names) * NARROWEST:
        for row in cells:  # no room side by side: one below the other
            for name, cell in zip(names, row, strict=True):
                if cell:
                    console.print(Text(f"{name}：{cell}"))
            console.print()
        return
    table = Table()
    for name in names:
        table.add_column(name, overflow="fold")
    for row in cells:
        table.add_row(*(Text(_shorten(cell) if console.is_terminal else cell) for cell in row))
    if not console.is_terminal:
        endless = Console(width=1_000_000)  # a file has no width to fold to
        console = Console(width=endless.measure(table).maximum)
    console.print(table)


def print_lines(lines: Iterable[tuple[str, str]]) -> None:
    """Headings and texts one below the other on stdout, whole, with a blank line after them."""
    console = Console(soft_wrap=True)
    for heading, text in lines:
        console.print(Text(f"{heading}：{_one_line(text)}"))
    console.print()


def _shorten(cell: str) -> str:
    """What a table on a screen has room for; the other formats give all of it."""
    return cell if len(cell) <= LONGEST_CELL else f"{cell[: LONGEST_CELL - 1]}…"


def _one_line(value: object) -> str:
    return "".join(char if char.isprintable() else " " for char in str(value))


@contextlib.contextmanager
def show_bar(talk: Console) -> Iterator[Callable[[str, int, int | None], None]]:
    """A function that moves a bar on a terminal: what is at hand, how many are done, how many there are (None: nobody
    knows)."""
    from rich import progress

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=talk, transient=True) as bar:
        task = bar.add_task("", total=None)

        def move(name: str, done: int, total: int | None) -> None:
            short = name if len(name) <= 40 else f"{name[:39]}…"
            bar.update(task, description=short.replace("[", r"\["), completed=done, total=total)

        yield move


def print_notes(notes: Iterable[str]) -> None:
    """Notes for the reader of an answer, on stderr."""
    for note in notes:
        open_talk().print(Text(note, style="yellow"), soft_wrap=True)


def sum_up_checks(counts: Mapping[str, int]) -> str:
    """What the checks found, in one line; ``counts`` are how many there are of each verdict."""
    differ = sum(counts.get(verdict, 0) for verdict in DIFFERENCES)
    return (
        f"{differ} checks differ, {counts.get('fewer-found', 0)} name fewer than stated, {counts.get('agrees', 0)} agree, "
        f"{counts.get('skipped', 0)} skipped"
    )
