"""``kg workbook`` and ``kg coverage``: what an officer takes into a meeting."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli_output import OUTPUT, Home, RowFormat, Server, open_talk, print_notes, print_rows, read_server
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.rows import Rows

Schools = Annotated[
    list[str] | None, typer.Option("--school", metavar="NAME", help="Only this school; repeatable, as all of these.")
]
Regions = Annotated[list[str] | None, typer.Option("--region", metavar="NAME", help="Only schools of this place.")]
Programmes = Annotated[
    list[str] | None,
    typer.Option("--programme", metavar="NAME", help="Only a programme, class or category of the catalogue."),
]
English = Annotated[bool, typer.Option("--english", help="Headings in English.")]


class CoverageFormat(StrEnum):
    """How the coverage is given."""

    HTML = "html"
    CSV = "csv"
    JSON = "json"
    TABLE = "table"


class CoverageTable(StrEnum):
    """Which of its tables; the page has all."""

    CLASSES = "classes"
    MODES = "modes"
    PLACES = "places"


def workbook(
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="The workbook to write, FILE.xlsx.")],
    school: Schools = None,
    region: Regions = None,
    programme: Programmes = None,
    partner: Annotated[
        list[str] | None, typer.Option("--partner", metavar="NAME", help="Only partnerships with this partner.")
    ] = None,
    mode: Annotated[
        list[str] | None, typer.Option("--mode", metavar="NAME", help="Only partnerships of a mode.")
    ] = None,
    year: Annotated[
        list[int] | None, typer.Option("--year", metavar="YEAR", help="Only partnerships of a year, and its changes.")
    ] = None,
    type_: Annotated[
        list[str] | None, typer.Option("--type", metavar="NAME", help="Only partners of a type: 企业, Hospital.")
    ] = None,
    english: English = False,
    home: Home = OUTPUT,
    server: Server = None,
) -> None:
    """Write the partnership workbook: partnerships, programmes without partners, changes, evidence, charts (XLSX)."""
    from kg.frame_choice import Choice
    from kg.workbook import write_workbook

    if to.suffix.lower() != ".xlsx":
        raise UsageError(f"{to}: a workbook is an .xlsx file; give a name that ends so")
    choice = Choice(
        schools=tuple(school or ()),
        regions=tuple(region or ()),
        programmes=tuple(programme or ()),
        partners=tuple(partner or ()),
        modes=tuple(mode or ()),
        years=tuple(year or ()),
        types=tuple(type_ or ()),
    )
    written = write_workbook(home, to, choice, english=english, server=read_server(server))
    talk = open_talk()
    for name, rows in written.rows.items():
        talk.print(f"{rows:8,} {name}", markup=False, highlight=False, soft_wrap=True)
    talk.print(str(to), markup=False, highlight=False, soft_wrap=True)
    print_notes(written.notes)
    left = written.left
    if left.cut or left.links or left.split or left.columns:
        print_notes(
            [
                f"beyond what a workbook holds: {left.cut} texts cut, {left.links} cells without their link, "
                f"{left.split} sheets in parts, {left.columns} columns left out"
            ]
        )


def coverage(
    school: Schools = None,
    region: Regions = None,
    programme: Programmes = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="The file to write; rows go to stdout without it.")
    ] = None,
    form: Annotated[
        CoverageFormat | None, typer.Option("--format", help="As the ending of FILE says, else a table.")
    ] = None,
    table: Annotated[
        CoverageTable | None,
        typer.Option("--table", help="Schools by classes; programmes by modes; places of partners. For rows."),
    ] = None,
    english: English = False,
    home: Home = OUTPUT,
    server: Server = None,
) -> None:
    """Show which programmes have partners and where partners lie: as a page, or as rows."""
    from kg.coverage_page import Table, list_coverage, read_coverage, write_coverage
    from kg.frame_choice import Choice

    form = form or _guess_format(to)
    if form is CoverageFormat.HTML and to is None:
        raise UsageError("a page is written to a file; say where: --to coverage.html")
    if form is CoverageFormat.HTML and table is not None:
        raise UsageError("a page has all tables; --table is for csv, json and table")
    choice = Choice(schools=tuple(school or ()), regions=tuple(region or ()), programmes=tuple(programme or ()))
    answer = read_coverage(home, choice, read_server(server))
    if form is CoverageFormat.HTML and to is not None:
        write_coverage(answer, to, english)
        open_talk().print(str(to), markup=False, highlight=False, soft_wrap=True)
    else:
        rows, headings = list_coverage(answer, Table(table or CoverageTable.CLASSES), english)
        if to is not None:
            _write_rows(rows, form, headings, to)
        else:
            print_rows(rows, RowFormat(form), headings)
    print_notes(answer.chosen.notes)


def _guess_format(to: Path | None) -> CoverageFormat:
    """By the ending of a file; a table where there is none."""
    if to is None:
        return CoverageFormat.TABLE
    endings = {".htm": CoverageFormat.HTML} | {f".{each}": each for each in CoverageFormat if each != "table"}
    if to.suffix.lower() not in endings:
        raise UsageError(f"{to}: its ending names no format; give one: --format html, csv or json")
    return endings[to.suffix.lower()]


def _write_rows(rows: Rows, form: CoverageFormat, headings: Mapping[str, str], to: Path) -> None:
    from kg.export import write_csv_rows
    from kg.whole_files import write_aside

    if form is CoverageFormat.TABLE:
        raise UsageError("a table is for the screen; a file is html, csv or json")
    with write_aside(to) as out:
        if form is CoverageFormat.JSON:
            out.write(json.dumps(rows.as_dicts(), ensure_ascii=False, indent=1).encode("utf-8"))
        else:
            names = [headings[column] for column in rows.columns]
            write_csv_rows((list(row) for row in (names, *rows.rows)), out)
    open_talk().print(f"{to}: {len(rows.rows)} rows", markup=False, highlight=False, soft_wrap=True)
