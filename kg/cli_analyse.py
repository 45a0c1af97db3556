"""``kg analyse`` and ``kg compare``: what the tables of a graph say together, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli_output import OUTPUT, Home, RowFormat, Server, open_talk, print_notes, print_rows, read_server
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.analysis import Answer, Scope
    from kg.frames import Frames

School = Annotated[str | None, typer.Option("--school", metavar="NAME", help="Only about this school.")]
Region = Annotated[
    str | None, typer.Option("--region", metavar="NAME", help="Only schools of this place and of the places in it.")
]
Mode = Annotated[str | None, typer.Option("--mode", metavar="WORD", help="Only partnerships of this mode.")]
Year = Annotated[int | None, typer.Option("--year", metavar="YEAR", help="Only what is said of this year.")]
Type = Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Only partners of this type.")]
English = Annotated[bool, typer.Option("--english", help="Headings and words in English.")]
Form = Annotated[RowFormat, typer.Option("--format", help="How to show the rows.")]


def analyse(
    what: Annotated[str | None, typer.Argument(metavar="[WHAT]", help="Which analysis; see --list.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the analyses.")] = False,
    school: School = None,
    region: Region = None,
    mode: Mode = None,
    year: Year = None,
    kind: Type = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first rows.")] = None,
    form: Form = RowFormat.TABLE,
    english: English = False,
    home: Home = OUTPUT,
    server: Server = None,
) -> None:
    """Analyse who works with whom: reach, brokers, concentration, programmes at risk, candidates for a school."""
    if listing:
        _list_analyses(form)
        return
    analyses = _load_analyses()
    if what is None or what not in analyses:
        given = "give the name of an analysis" if what is None else f"there is no analysis {what!r}"
        raise UsageError(f"{given}; there are: {', '.join(analyses)} (kg analyse --list says what they answer)")
    if what == "candidates" and not school:
        raise UsageError("candidates are those for a school: give --school NAME")
    from kg.analysis import resolve_scope
    from kg.current_store import pin_graph
    from kg.frames import Frames
    from kg.store import open_graph, open_names

    with pin_graph(home) as pinned, open_graph(pinned, read_server(server)) as graph, open_names(pinned) as names:
        scope, notes = resolve_scope(
            graph, names, school=school or "", region=region or "", mode=mode or "", year=year, type=kind or ""
        )
        answer = analyses[what](Frames(graph), scope)
    _print_answer(answer, form, english, limit, notes)


def compare(
    other: Annotated[
        Path | None, typer.Option("--with", metavar="DIR", help="The later build, beside that of --home.")
    ] = None,
    years: Annotated[tuple[int, int] | None, typer.Option("--years", metavar="BEFORE AFTER", help="Two years.")] = None,
    regions: Annotated[
        tuple[str, str] | None, typer.Option("--regions", metavar="ONE OTHER", help="Two places.")
    ] = None,
    school: School = None,
    region: Region = None,
    mode: Mode = None,
    kind: Type = None,
    form: Form = RowFormat.TABLE,
    english: English = False,
    home: Home = OUTPUT,
    server: Server = None,
) -> None:
    """Set two builds, two years or two regions side by side: gained, kept, changed, not mentioned any more."""
    given = [name for name, value in (("--with", other), ("--years", years), ("--regions", regions)) if value]
    if len(given) != 1:
        raise UsageError("give two sides: --with DIR, --years BEFORE AFTER or --regions ONE OTHER, one of them")
    if regions and (school or region):
        raise UsageError("--regions says which schools are meant: --school and --region do not go with it")
    from kg import analysis
    from kg.analysis.scope import resolve_region
    from kg.current_store import pin_graph
    from kg.frames import Frames
    from kg.store import open_graph, open_names

    words: dict[str, Any] = {"school": school or "", "region": region or "", "mode": mode or "", "type": kind or ""}
    with ExitStack() as stack:
        home = stack.enter_context(pin_graph(home))
        other = stack.enter_context(pin_graph(other)) if other else None
        graph = stack.enter_context(open_graph(home, read_server(server)))
        later = stack.enter_context(open_graph(other)) if other else graph
        try:
            scope, notes = analysis.resolve_scope(graph, stack.enter_context(open_names(home)), **words)
        except UsageError:
            if other is None:
                raise
            scope, notes = analysis.resolve_scope(later, stack.enter_context(open_names(other)), **words)
        frames = Frames(graph)
        if years:
            answer = analysis.compare_years(frames, years[0], years[1], scope)
        elif regions:
            first, second = (resolve_region(each, notes) for each in regions)
            answer = analysis.compare_regions(frames, first, second, scope)
        else:
            answer = analysis.compare_builds(frames, Frames(later), scope)
    _print_answer(answer, form, english, None, notes)


def _load_analyses() -> Mapping[str, Callable[[Frames, Scope], Answer]]:
    """The analyses by their names, in the order in which they are listed."""
    from kg import analysis

    def find_candidates(frames: Frames, scope: Scope) -> Answer:
        return analysis.find_candidates(frames, min(scope.schools), scope)

    return {
        "degree": analysis.measure_degree,
        "betweenness": analysis.measure_betweenness,
        "communities": analysis.find_communities,
        "brokers": analysis.find_brokers,
        "concentration": analysis.measure_concentration,
        "at-risk": analysis.find_programmes_at_risk,
        "unpartnered": analysis.find_unpartnered_programmes,
        "candidates": find_candidates,
    }


def _list_analyses(form: RowFormat) -> None:
    from kg.analysis.wording import load_words
    from kg.rows import Rows

    titles: Mapping[str, Any] = load_words()["kinds"]
    rows = tuple((name, *titles[name]) for name in _load_analyses())
    headings = {"name": "名称", "title_zh": "分析", "title_en": "analysis"}
    print_rows(Rows(tuple(headings), rows), form, headings)


def _print_answer(answer: Answer, form: RowFormat, english: bool, limit: int | None, notes: list[str]) -> None:
    """An answer on stdout; what words were taken for, and what the answer counts, on stderr."""
    from kg.analysis.wording import read_headings, write_answer

    shown = answer if limit is None else answer.head(limit)
    rows = write_answer(shown, english=english, plain=form is RowFormat.JSON, links=form is not RowFormat.TABLE)
    print_rows(rows, form, read_headings(rows.columns, english=english))
    if len(shown) < len(answer):
        open_talk().print(f"{len(answer)} in all", style="dim", highlight=False)
    print_notes([*notes, *rows.notes])
