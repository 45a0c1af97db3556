"""``kg build`` and ``kg demo``: from reports to the graph, its pages and the report of the build."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.cli_output import OUTPUT, START, Home, Server, open_talk, read_server, show_bar, sum_up_checks
from kg.errors import UsageError
from kg.home_lock import hold_home
from kg.limits import STANDARD, Limits, read_limits
from kg.model import DIFFERENCES

if TYPE_CHECKING:
    from kg.address import Address
    from kg.build_results import BuildSummary
    from kg.pipeline import Extractor, Progress

LINES_TOLD = 500_000  # of a graph that goes into a server, between two words about it


def build(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Reports, or folders of them.")],
    home: Home = OUTPUT,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start anew: forget reports built before.")] = False,
    server: Server = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes that read reports; 0: one for each core.")] = 0,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Read on the Dask cluster of this scheduler: tcp://HOST:8786.")
    ] = None,
    patience: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="With --scheduler: how long to wait where no worker is.")
    ] = 3600,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT=NUMBER",
            help="Of one file: seconds=300, memory=2048 (MB), megabytes=200, pages=1000, characters=2000000, cells=200000.",
        ),
    ] = None,
) -> None:
    """Read reports and make the graph, its picture and a start page.

    Reports are added to those of the home; one that was built before is replaced where its file has changed, and goes
    where its file is gone from a folder that is named. A file that cannot be read is named with its cause, the others
    are built all the same, and the exit code is 1.
    """
    if scheduler is not None and workers:
        raise UsageError("--workers is for this machine; a cluster has as many as were started there")
    limits = read_limits(limit or ())
    reading = (
        partial(_read_here, workers, limits) if scheduler is None else partial(_read_there, scheduler, patience, limits)
    )
    if _build(paths, home, fresh=fresh, server=read_server(server), reading=reading).failed:
        raise typer.Exit(1)


def demo(home: Home = OUTPUT) -> None:
    """Build the bundled sample reports and say what to open."""
    with resources.as_file(resources.files("kg") / "samples") as samples:
        summary = _build([samples], home, fresh=False, reading=partial(_read_here, 0, STANDARD))
    for line in (
        f"Open in a browser:  {(home / START).resolve()}",
        f"Ask the graph:      kg query schools-of-enterprise -p enterprise=长城哈弗{_at(home)}",
        "See all questions:  kg query --list",
    ):
        open_talk().print(line, markup=False, highlight=False, soft_wrap=True)
    if summary.failed:
        raise typer.Exit(1)


def _at(home: Path) -> str:
    """What a command needs to find the home."""
    return "" if home == OUTPUT else f" --home {home}"


@contextlib.contextmanager
def _read_here(workers: int, limits: Limits, talk: Console) -> Iterator[Extractor]:
    """What reads the inputs in processes of this machine."""
    from kg.extraction_pool import open_pool

    with open_pool(workers, limits) as extract:
        yield extract


@contextlib.contextmanager
def _read_there(scheduler: str, patience: float, limits: Limits, talk: Console) -> Iterator[Extractor]:
    """What reads the inputs on a Dask cluster. Raises UsageError where Dask is not installed."""
    try:
        from kg.dask_extraction import Cluster
    except ModuleNotFoundError as error:
        if error.name != "distributed":
            raise
        raise UsageError("--scheduler needs Dask: pip install 'zhijiao-kg[dask]'") from None
    with Cluster(scheduler, limits, patience=patience, tell=lambda note: _tell(talk, note)) as cluster:
        yield cluster.extract


def _tell(talk: Console, note: str) -> None:
    talk.print(Text(f"note     {note}", style="yellow"), soft_wrap=True)


def _build(
    paths: list[Path],
    home: Path,
    *,
    fresh: bool,
    reading: Callable[[Console], AbstractContextManager[Extractor]],
    server: Address | None = None,
) -> BuildSummary:
    talk = open_talk()
    began, clock = datetime.now(UTC), time.monotonic()
    with hold_home(home), _progress(talk) as show:
        with reading(talk) as extract:  # gets ready while this process loads what it needs
            from kg import pipeline, start_page, store  # after the bar is there: these take a moment
            from kg.build_report import PAGE as REPORT
            from kg.build_report import write_build_report
            from kg.decision_file import list_idle, load_decisions
            from kg.manifest import MANIFEST
            from kg.page_writer import open_writer
            from kg.statement_files import has_statement_files

            load_decisions(home)  # a broken file is told before anything is changed
            summary = pipeline.build(paths, home, fresh=fresh, extract=extract, on_progress=show)
        pages: list[str] = []
        notes: list[str] = []
        verdicts: Mapping[str, int] = {}
        if has_statement_files(home):
            with open_writer() as write_pages:
                store.rebuild(home, server, lambda lines: _print_lines(talk, lines))
                if not start_page.is_written(home):  # a build that was stopped may have left them behind the graph
                    pages, notes = write_pages(home, server)
                    with store.open_tallies(home) as tallies:
                        verdicts = tallies.count_checks()
        if home.is_dir():
            write_build_report(home, summary, began, time.monotonic() - clock)
            pages.append(f"report   {home / REPORT}")
    _print_counts(talk, "关系", summary.statements_by_predicate)
    _print_counts(talk, "实体", summary.entities_by_type)
    built = f"{len(summary.reports)} reports built, {summary.figures} figures, {summary.issues} issues"
    talk.print(built + (" (kg export issues lists them)" if summary.issues else ""), highlight=False)
    if summary.unchanged:
        talk.print(f"{summary.unchanged} files have not changed since they were read", highlight=False)
    if summary.skipped:
        first, why = summary.skipped[0]
        talk.print(f"{len(summary.skipped)} files are no reports: {first} ({why}) …", highlight=False, markup=False)
    for _, cause in summary.duplicates:
        talk.print(Text(f"twice    {cause}"), soft_wrap=True)
    for report in summary.removed:
        talk.print(Text(f"removed  {report}: its file is gone"), soft_wrap=True)
    if has_statement_files(home):
        talk.print(f"graph    {server.query if server else home / 'store'}", highlight=False, soft_wrap=True)
    for line in pages:
        talk.print(line, highlight=False, soft_wrap=True)
    if any(verdicts.get(verdict) for verdict in DIFFERENCES):
        talk.print(f"checks   {sum_up_checks(verdicts)}: kg check{_at(home)}", highlight=False, soft_wrap=True)
    if summary.lacking:
        talk.print(
            f"ask      {summary.lacking} reports do not say their year, level, school or region: fill in "
            f"{home / MANIFEST} and build again",
            highlight=False,
            soft_wrap=True,
        )
    for note in (*summary.notes, *notes, *list_idle(home)):
        _tell(talk, note)
    for _, cause in summary.failed:
        talk.print(Text(f"failed   {cause}", style="red"), soft_wrap=True)
    return summary


@contextlib.contextmanager
def _progress(talk: Console) -> Iterator[Any]:
    """A function that takes the pipeline's Progress: a bar on a terminal, else a line for each file."""
    if not talk.is_terminal:
        yield lambda at: _print_line(talk, at)
        return
    with show_bar(talk) as show:
        yield lambda at: show(at.file, at.done, at.total)


def _print_line(talk: Console, at: Progress) -> None:
    if at.state != "reading":
        talk.print(f"[{at.done}/{at.total}] {at.state} {at.file}", markup=False, highlight=False, soft_wrap=True)


def _print_lines(talk: Console, lines: int) -> None:
    if lines % LINES_TOLD == 0:
        talk.print(f"{lines} statements loaded", markup=False, highlight=False)


def _print_counts(talk: Console, heading: str, counts: Mapping[str, int]) -> None:
    if not counts:
        return
    from kg.schema import load_schema

    schema = load_schema()
    table = Table(title=None, show_edge=False, pad_edge=False)
    table.add_column(heading)
    table.add_column("")
    table.add_column("数量", justify="right")
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(schema.label(name), name, str(count))
    talk.print(table)
    talk.print()
