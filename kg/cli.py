"""The command ``kg``: the one place that wires the machine together.

Data goes to stdout, talk to stderr. Exit code 0: done; 1: some input failed or an answer could not be given; 2: wrong
use. Heavy modules are imported inside the commands that need them, so that help comes at once.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from kg import __version__
from kg.cli_analyse import analyse, compare
from kg.cli_build import build, demo
from kg.cli_draw import draw
from kg.cli_export import export_home
from kg.cli_identity import identity_app
from kg.cli_output import (
    OUTPUT,
    Home,
    RowFormat,
    Server,
    open_stdout,
    open_talk,
    print_lines,
    print_notes,
    print_rows,
    print_table,
    read_server,
    show_bar,
    sum_up_checks,
)
from kg.cli_workbook import coverage, workbook
from kg.errors import KgError, UsageError

if TYPE_CHECKING:
    from kg.address import Address
    from kg.queries import Query
    from kg.shapes import Fault

app = typer.Typer(
    name="kg",
    help="A knowledge graph of vocational schools, programmes and partners, read out of China's quality reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class OntologyFormat(StrEnum):
    """How the ontology is written."""

    HTML = "html"
    TURTLE = "ttl"
    JSONLD = "jsonld"


def main(arguments: Sequence[str] | None = None) -> None:
    """The console entry. Ends the process with its exit code; an error of ours is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Windows pipe is not UTF-8 by itself
    usual = gc.get_threshold()
    # What is read of ten thousand reports has no cycles; to look for them takes a tenth of the time.
    gc.set_threshold(200_000, 20, 50)
    try:
        app(args=arguments)
    except KgError as error:
        print(f"kg: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    finally:
        gc.set_threshold(*usual)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"kg {__version__}")
        raise typer.Exit


app.add_typer(identity_app, name="identity")


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass


# ---- query


@app.command()
def query(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A query of the library; see --list.")] = None,
    values: Annotated[
        list[str] | None, typer.Option("-p", "--param", metavar="KEY=VALUE", help="A value for the query; repeatable.")
    ] = None,
    file: Annotated[str | None, typer.Option("--file", metavar="FILE", help="A SPARQL file of yours, or - .")] = None,
    form: Annotated[RowFormat, typer.Option("--format", help="How to show the rows.")] = RowFormat.TABLE,
    english: Annotated[bool, typer.Option("--english", help="Headings in English.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="List the queries of the library and their values.")] = False,
    about: Annotated[
        bool, typer.Option("--about", help="Say what the query answers and which values it takes.")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the finished SPARQL instead of asking.")] = False,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Time limit for a query of yours.")] = 60.0,
    home: Home = OUTPUT,
    server: Server = None,
) -> None:
    """Ask the graph: a query of the library by name, or SPARQL of your own from a file or stdin."""
    if listing:
        return _list_queries(form)
    given = dict(_split_value(value) for value in values or [])
    store = read_server(server)
    if (name is None) == (file is None):
        raise UsageError("give the name of a query (kg query --list shows them) or --file: one of them, not both")
    from kg.queries import bind_home, find_query, has_header, parse_query, run_query

    sparql = _read_sparql(file) if file is not None else ""
    if file is not None and not given and not has_header(sparql):
        if show or about:
            raise UsageError(f"{file}: it takes no values; --show and --about are for queries with a header")
        return _ask_text(home, sparql, form, seconds, store=store)
    found = find_query(name or "") if file is None else parse_query(file, sparql)
    if about:
        return _tell_about(found)
    headings = found.columns_en if english else found.columns
    if show or file is not None:
        bound = bind_home(home, found, given, store)
        print_notes(bound.notes)
        return print(bound.text, end="") if show else _ask_text(home, bound.text, form, seconds, headings, store)
    rows = run_query(home, found.name, given, store)
    print_rows(rows, form, headings)
    return print_notes(rows.notes)


def _read_sparql(file: str) -> str:
    try:
        text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return text.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: not text in UTF-8") from None


def _ask_text(
    home: Path,
    sparql: str,
    form: RowFormat,
    seconds: float,
    headings: Mapping[str, str] = MappingProxyType({}),
    store: Address | None = None,
) -> None:
    from kg.strangers import run_text

    rows = run_text(home, sparql, seconds, store)
    print_rows(rows, form, headings)
    print_notes(rows.notes)


def _split_value(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise UsageError(f"-p takes key=value, not {text!r}")
    return key.strip(), value


def _list_queries(form: RowFormat) -> None:
    from kg.queries import TOPICS, load_queries
    from kg.rows import Rows

    rows = tuple(
        (
            TOPICS[found.topic][0],
            found.name,
            found.title_zh,
            found.title_en,
            " ".join(each.name if each.required else f"[{each.name}]" for each in found.parameters),
        )
        for found in load_queries().values()
    )
    headings = {"topic": "主题", "name": "名称", "title_zh": "标题", "title_en": "title", "parameters": "参数"}
    print_rows(Rows(tuple(headings), rows), form, headings)
    if form is RowFormat.TABLE:
        open_talk().print("kg query NAME --about says what a query takes", style="dim", highlight=False)


def _tell_about(found: Query) -> None:
    """A query in both languages: what it answers, what it takes, its columns."""
    from kg.queries import explain_type

    lines = [f"{found.title_zh} / {found.title_en}", found.about_zh, found.about_en, ""]
    for each in found.parameters:
        needed = "必填 / required" if each.required else "可选 / optional"
        lines.append(f"-p {each.name}=…  （{needed}）")
        lines += [f"    {text}" for text in (each.about_zh, each.about_en, explain_type(each)) if text]
    lines += ["", "列 / columns:"]
    lines += [f"    {column}: {zh} / {found.columns_en[column]}" for column, zh in found.columns.items()]
    print("\n".join(lines))


# ---- search


@app.command()
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name, any part of one, or initials of its pinyin.")],
    kinds: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="Only this type, such as School or 学校; repeatable."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 20,
    form: Annotated[RowFormat, typer.Option("--format", help="How to show the rows.")] = RowFormat.TABLE,
    home: Home = OUTPUT,
) -> None:
    """Find schools, partners, programmes and all else by name, the best first."""
    from kg.rows import Rows
    from kg.schema import load_schema
    from kg.store import open_names

    schema = load_schema()
    with open_names(home) as names:
        found = names.search(text, [schema.find_class(kind) for kind in kinds or ()], limit)
    headings = {
        "name": "名称",
        "type": "类型",
        "matched": "匹配的名称",
        "others": "又称",
        "statements": "陈述数",
        "iri": "链接",
    }
    rows = (
        (each.name, schema.label(each.type), each.matched, "、".join(each.others), each.degree, each.iri)
        for each in found
    )
    print_rows(Rows(tuple(headings), tuple(rows)), form, headings)
    if not found:
        open_talk().print(
            f"no name in the graph holds {text!r}; a shorter part of it may", markup=False, highlight=False
        )


# ---- check


@app.command(name="check")
def check_reports(
    reports: Annotated[
        list[str] | None, typer.Argument(metavar="[REPORT]...", help="Ids of reports; all if none is given.")
    ] = None,
    form: Annotated[RowFormat, typer.Option("--format", help="How to show the rows.")] = RowFormat.TABLE,
    everything: Annotated[bool, typer.Option("--all", help="Also what agrees and what was skipped.")] = False,
    home: Home = OUTPUT,
) -> None:
    """Compare what reports state with what was found in them: totals, rates, numbers, names; and the graph with its rules.

    Where the graph breaks a rule (ontology/shapes, SHACL), the exit code is 1.
    """
    from kg.checks import list_checks
    from kg.export.cells import write_csv_rows
    from kg.export.checks import check_row, fault_row, list_fault_lines
    from kg.export.kinds import CHECKS_ON_SCREEN, TABLES
    from kg.rows import Rows

    checks = list_checks(home, reports or ())
    faults = _list_faults(home, reports or ())
    told = [fault_row(fault) for fault in faults]
    rows = [check_row(check) for check in checks if everything or check.matters]
    if form is RowFormat.JSON:
        print(json.dumps(told + rows, ensure_ascii=False, indent=1))
    elif form is RowFormat.CSV:
        columns = TABLES["checks"].columns
        lines = ([column.look(row) for column in columns] for row in told + rows)
        sys.stdout.flush()
        write_csv_rows(itertools.chain([[column.zh for column in columns]], lines), open_stdout())
    else:
        shown = tuple(tuple(look(row) for look in CHECKS_ON_SCREEN.values()) for row in rows)
        if shown:
            print_table(Rows(tuple(CHECKS_ON_SCREEN), shown), {})
        for row in told:
            print_lines(list_fault_lines(row))
        open_talk().print(
            sum_up_checks(Counter(check.record.verdict for check in checks)), style="dim", highlight=False
        )
        broken = sum(fault.is_violation for fault in faults)
        summed = f"{broken} violations of the graph's rules, {len(faults) - broken} warnings"
        open_talk().print(summed, style="red" if broken else "dim", highlight=False)
    if any(fault.is_violation for fault in faults):
        raise typer.Exit(1)


def _list_faults(home: Path, reports: Sequence[str]) -> list[Fault]:
    """What breaks the rules of the graph, with a bar on a terminal: new reports take half a second each."""
    talk = open_talk()
    with show_bar(talk) if talk.is_terminal else contextlib.nullcontext() as show:
        from kg.shapes import list_faults

        return list_faults(home, reports, show)


# ---- draw, analyse, compare, export


app.command()(build)
app.command()(demo)
app.command()(draw)
app.command()(analyse)
app.command()(compare)
app.command()(workbook)
app.command()(coverage)
app.command(name="export")(export_home)


@app.command()
def ontology(
    form: Annotated[
        OntologyFormat | None, typer.Option("--format", help="The format; by the ending of --to, else html.")
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="The file to write; - is stdout.")] = "-",
) -> None:
    """Write the terms of the graph: a reference page (HTML), or all their files as one (Turtle, JSON-LD)."""
    from kg.ontology_page import WRITERS
    from kg.whole_files import write_aside

    if form is None:
        endings = {"": "html", ".html": "html", ".htm": "html", ".ttl": "ttl", ".jsonld": "jsonld"}
        ending = "" if to == "-" else Path(to).suffix.lower()
        if ending not in endings:
            raise UsageError(
                f"{to}: no format of that ending is written; end the file in .html, .ttl or .jsonld, or say --format"
            )
        form = OntologyFormat(endings[ending])
    text = WRITERS[form.value]().encode("utf-8")
    if to == "-":
        open_stdout().write(text)
        return
    with write_aside(Path(to)) as out:
        out.write(text)
    open_talk().print(f"ontology written to {to}", markup=False, highlight=False, soft_wrap=True)


# ---- serve


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any free one.")] = 8000,
    origins: Annotated[
        list[str] | None, typer.Option("--cors", metavar="ORIGIN", help="A site whose pages may ask; repeatable.")
    ] = None,
    hosts: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="A name that the server may be asked under; repeatable."),
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Time limit for a query.")] = 30.0,
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes for queries; 0: as suits.")] = 0,
    server: Server = None,
    home: Home = OUTPUT,
) -> None:
    """Serve the graph: a SPARQL endpoint, a page for every entity, search and downloads."""
    from kg.server.run import serve as run_server
    from kg.server.settings import LIMITS, LOCAL_HOSTS, Settings

    named = tuple(hosts or ())
    settings = Settings(
        home=home,
        host=host,
        port=port,
        hosts=(*LOCAL_HOSTS, host, *named) if named or host in LOCAL_HOSTS else ("*",),
        origins=tuple(origins or ()),
        workers=workers,
        store=read_server(server),
        limits=replace(LIMITS, seconds=seconds),
    )
    run_server(settings, lambda url: open_talk().print(url, markup=False, highlight=False, soft_wrap=True))


if __name__ == "__main__":
    main()
