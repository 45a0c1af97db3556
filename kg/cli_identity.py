"""``kg identity``: which entities are one thing, as people see it; the wiring of its commands."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli_output import (
    OUTPUT,
    SERVER_VARIABLE,
    START,
    Home,
    RowFormat,
    open_talk,
    print_rows,
    read_server,
)
from kg.errors import UsageError
from kg.home_lock import hold_home

if TYPE_CHECKING:
    from kg.proposals import Named

identity_app = typer.Typer(
    name="identity",
    help="See, make and take back decisions about entities: what is one thing, what is two.",
    no_args_is_help=True,
)
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; whoever reviews the decision reads it.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")]
Form = Annotated[RowFormat, typer.Option("--format", help="How to show the rows.")]
Entity = Annotated[str, typer.Argument(metavar="ENTITY", help="A name, a part of one that only it has, or an IRI.")]


@identity_app.command(name="list")
def list_decisions(form: Form = RowFormat.TABLE, home: Home = OUTPUT) -> None:
    """List the decisions, in the order of the file."""
    from kg.identity_view import DECISION_COLUMNS, IdentityView

    print_rows(IdentityView(home).list_decisions(), form, DECISION_COLUMNS)


@identity_app.command()
def propose(
    kind: Annotated[str, typer.Option("--type", metavar="TYPE", help="Only this type, such as Enterprise.")] = "",
    form: Form = RowFormat.TABLE,
    home: Home = OUTPUT,
) -> None:
    """Show pairs that may be one thing and that nobody has decided on, each with the reason why."""
    from kg.identity_view import PROPOSAL_COLUMNS, IdentityView

    rows = IdentityView(home).list_proposals(kind)
    if form is RowFormat.TABLE:  # what fits a screen; the reason names both sides and their reports
        rows = type(rows)(rows.columns[:4], tuple(row[:4] for row in rows.rows))
    print_rows(rows, form, PROPOSAL_COLUMNS)


@identity_app.command()
def show(
    entity: Entity,
    form: Annotated[RowFormat, typer.Option("--format", help="table or json.")] = RowFormat.TABLE,
    home: Home = OUTPUT,
) -> None:
    """Show one entity: its names by report, IRIs, facts, branches, proposals and decisions."""
    from kg.identity_view import SHOW_HEADINGS, IdentityView

    view = IdentityView(home)
    shown = view.show(view.find(entity))
    if form is RowFormat.JSON:
        print(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for key, heading in SHOW_HEADINGS.items():
        value = shown[key]
        if isinstance(value, Mapping):
            value = [f"{name}：{'、'.join(each) if isinstance(each, list) else each}" for name, each in value.items()]
        if isinstance(value, list):
            for line in value:
                print(f"{heading}  {line}")
        elif value:
            print(f"{heading}  {value}")


@identity_app.command()
def merge(
    entities: Annotated[list[str], typer.Argument(metavar="A B...", help="Names or IRIs of what is one thing.")],
    reason: Reason,
    into: Annotated[str, typer.Option("--into", metavar="ENTITY", help="Whose IRI stays; the first one's.")] = "",
    by: By = "",
    home: Home = OUTPUT,
) -> None:
    """Decide that entities are one thing. The IRIs of the others lead to the one that stays."""
    with _changing(home):
        view = _look(home)
        found = [view.find(entity) for entity in ([into] if into else []) + entities]
        refs = list(dict.fromkeys(_refer(each) for each in found))
        if len(refs) < 2:
            raise UsageError("these names mean one entity already; kg identity show tells more of it")
        _decide(home, {"merge": refs}, reason, by)
        types = list(dict.fromkeys(str(each.type) for each in found))
        if len(types) > 1:
            told = f"these were of several types ({', '.join(types)}); it is a thing of type {types[0]} now"
            open_talk().print(f"note     {told}", markup=False, highlight=False, soft_wrap=True)


@identity_app.command()
def split(
    entity: Entity,
    reason: Reason,
    other: Annotated[
        str, typer.Argument(metavar="[OTHER]", help="Keep apart from this one, and propose it no more.")
    ] = "",
    names: Annotated[
        list[str] | None, typer.Option("--name", metavar="NAME", help="A name that is another thing; repeatable.")
    ] = None,
    report: Annotated[str, typer.Option("--report", metavar="REPORT", help="Only what this report says.")] = "",
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="What the other thing is called.")] = "",
    kind: Annotated[str, typer.Option("--type", metavar="TYPE", help="The other thing's type.")] = "",
    by: By = "",
    home: Home = OUTPUT,
) -> None:
    """Decide that two entities are two things, or that names of one entity are another thing."""
    with _changing(home):
        view = _look(home)
        found = view.find(entity)
        if other:
            if names or report or to or kind:
                raise UsageError(
                    "give another entity to keep apart from, or --name and --report to split off: not both"
                )
            second = view.find(other)
            if second.iri == found.iri:
                raise UsageError("both names mean one entity; say with --name which of its names is another thing")
            _decide(home, {"apart": [_refer(found), _refer(second)]}, reason, by)
            return
        known = {name.text for name in found.names if report in ("", name.report)}
        if missing := [name for name in names or () if name not in known]:
            raise UsageError(
                f"{found.name} is not called {missing[0]!r} here; its names are: {'、'.join(sorted(known))}"
            )
        if report and report not in found.reports:
            raise UsageError(f"report {report!r} does not name {found.name}; these do: {', '.join(found.reports)}")
        entry: dict[str, Any] = {"split": _refer(found), "names": names, "report": report, "to": to, "type": kind}
        _decide(home, {key: value for key, value in entry.items() if value}, reason, by)


@identity_app.command()
def rename(
    entity: Entity,
    to: Annotated[str, typer.Argument(metavar="NAME", help="What it is called from now on.")],
    reason: Reason,
    by: By = "",
    home: Home = OUTPUT,
) -> None:
    """Decide what an entity is called; its other names stay."""
    with _changing(home):
        _decide(home, {"rename": _refer(_look(home).find(entity)), "to": to}, reason, by)


@identity_app.command()
def retype(
    entity: Entity,
    to: Annotated[str, typer.Argument(metavar="TYPE", help="Its type, such as Enterprise.")],
    reason: Reason,
    by: By = "",
    home: Home = OUTPUT,
) -> None:
    """Decide what type an entity is of; its IRI stays."""
    with _changing(home):
        _decide(home, {"retype": _refer(_look(home).find(entity)), "to": to}, reason, by)


@identity_app.command()
def reject(
    fact: Annotated[
        str, typer.Argument(metavar="FACT", help="The id of a statement or figure; kg export facts has it.")
    ],
    reason: Reason,
    by: By = "",
    home: Home = OUTPUT,
) -> None:
    """Decide that a fact does not hold. It stays in its statement file, and leaves the graph."""
    from kg.identity_view import describe_fact

    with _changing(home):
        _decide(home, {"reject": fact, "about": describe_fact(_look(home), fact)}, reason, by)


@identity_app.command()
def undo(
    number: Annotated[int, typer.Argument(metavar="N", help="The id of the decision; kg identity list shows it.")],
    home: Home = OUTPUT,
) -> None:
    """Take a decision back. All is as if it had never been made."""
    from kg.decision_file import remove_decision
    from kg.identity_view import describe_decision

    with _changing(home):
        gone = remove_decision(home, number)
        open_talk().print(f"undone   {number} {describe_decision(gone)}", markup=False, highlight=False, soft_wrap=True)
        _rebuild(home)


@identity_app.command()
def apply(home: Home = OUTPUT) -> None:
    """Check the file of decisions, edited by hand, and make the graph and its picture anew."""
    from kg.decision_file import load_decisions

    with _changing(home):
        load_decisions(home)
        _rebuild(home)


@contextlib.contextmanager
def _changing(home: Path) -> Iterator[None]:
    """Keeps others from changing the home meanwhile. Where nothing is to be changed, or it cannot be, the graph is made all the
    same if an earlier command was stopped after its decision."""
    with hold_home(home):
        try:
            yield
        except UsageError:
            if _is_behind(home):
                _rebuild(home)
            raise


def _is_behind(home: Path) -> bool:
    """Whether the graph or its pages are of other decisions than there are."""
    from kg.current_store import find_current
    from kg.decision_file import decisions_path
    from kg.start_page import is_written

    store = find_current(home)
    if store is None:
        return False
    here, there = (path.read_bytes() if path.exists() else b"" for path in map(decisions_path, (home, store)))
    return here != there or ((home / START).exists() and not is_written(home))


def _look(home: Path) -> Any:
    from kg.identity_view import IdentityView

    return IdentityView(home)


def _refer(named: Named) -> str:
    return f"{named.name.replace('<', '＜').replace('>', '＞')} <{named.iri}>"


def _decide(home: Path, entry: dict[str, Any], reason: str, by: str) -> None:
    from datetime import date

    from kg.decision_file import add_decision, decisions_path

    said = {"reason": reason, "by": by, "date": date.today().isoformat()}
    number = add_decision(home, entry | {key: value for key, value in said.items() if value})
    open_talk().print(f"decision {number} in {decisions_path(home)}", markup=False, highlight=False, soft_wrap=True)
    _rebuild(home)


def _rebuild(home: Path) -> None:
    """Makes the graph anew, of the reports that it has: a build that was stopped may have left others beside it."""
    from kg import store
    from kg.current_store import pin_graph
    from kg.decision_file import list_idle
    from kg.page_writer import open_writer
    from kg.statement_files import has_statement_files

    talk = open_talk()
    if has_statement_files(home):
        server = read_server(os.environ.get(SERVER_VARIABLE))
        with open_writer() as write_pages:
            with pin_graph(home) as pinned:
                store.rebuild(home, server, reports=pinned)
            lines, notes = write_pages(home, server)
        talk.print(
            f"graph    {server.query if server else home / 'store'}", markup=False, highlight=False, soft_wrap=True
        )
        for line in (*lines, *(f"note     {note}" for note in notes)):
            talk.print(line, markup=False, highlight=False, soft_wrap=True)
    for note in list_idle(home):
        talk.print(f"note     {note}", markup=False, highlight=False, soft_wrap=True)
