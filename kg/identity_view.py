"""What a graph knows of its entities and what people decided about them: for looking, and for choosing what to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.branches import find_branches
from kg.current_store import pin_graph
from kg.decision_file import load_decisions, read_decided_files
from kg.decisions import (
    Add,
    Apart,
    Correct,
    Decision,
    EntityRef,
    Merge,
    Reject,
    Rename,
    Retype,
    Split,
    find_idle,
    spoken_of,
)
from kg.errors import MissingStore, UsageError
from kg.name_keys import fold
from kg.proposals import Named, Proposal, collect_named, propose_merges
from kg.rows import Rows
from kg.schema import load_schema
from kg.statement_files import StatementFile, has_statement_files, list_statement_files, read_statement_file

LISTED = 12  # candidates that are named where a name could mean several


class IdentityView:
    """The entities of a home's graph after its decisions, and the decisions themselves.

    Raises MissingStore where nothing was built, BrokenStatementFile and BrokenDecisions.
    """

    def __init__(self, home: Path) -> None:
        if not has_statement_files(home):
            raise MissingStore(f"{home}: there is no report yet; make a graph with: kg build PATH --home {home}")
        self.home = home
        self.decisions = load_decisions(home)
        with pin_graph(home) as self.reports:
            self.files = tuple(read_decided_files(home, self.reports))
        self.named = collect_named(self.files)

    @cached_property
    def raw_files(self) -> tuple[StatementFile, ...]:
        """The statement files as the reports made them."""
        return tuple(map(read_statement_file, list_statement_files(self.reports)))

    @cached_property
    def ties(self) -> Mapping[str, str]:
        """Branches and the units that they belong to."""
        return find_branches(
            {iri: (each.type, tuple(name.text for name in each.names)) for iri, each in self.named.items()}
        )

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """What is open: pairs that nobody has decided on."""
        return tuple(propose_merges(self.named.values(), self.decisions.apart, self.ties))

    def find(self, text: str) -> Named:
        """The entity that an IRI, a name or a part of one means.

        Raises UsageError where none is meant, or several, which are named then.
        """
        if text.startswith(("http://", "https://")):
            iri = self.decisions.resolve(text)
            if iri not in self.named:
                raise UsageError(f"no entity of the graph has the IRI {text}")
            return self.named[iri]
        wanted = fold(text)
        if not wanted:
            raise UsageError(f"a name, a part of one, or an IRI is needed, not {text!r}")
        bearers = [each for each in self.named.values() if any(fold(name.text) == wanted for name in each.names)]
        if len(bearers) != 1:
            bearers = bearers or [
                each for each in self.named.values() if any(wanted in fold(name.text) for name in each.names)
            ]
        if not bearers:
            raise UsageError(f"no entity has a name that holds {text!r}")
        if len(bearers) > 1:
            told = "; ".join(map(_tell_apart, bearers[:LISTED]))
            more = f"; and {len(bearers) - LISTED} more" if len(bearers) > LISTED else ""
            raise UsageError(f"{text!r} could be several, say which: {told}{more}")
        return bearers[0]

    def list_proposals(self, type_: str = "") -> Rows:
        """The open proposals, each with its reason. Raises UsageError for a type that there is not."""
        _check_type(type_)
        rows = tuple(
            (
                str(each.one.type),
                each.one.name,
                each.other.name,
                each.reason,
                each.likeness,
                each.one.iri,
                each.other.iri,
            )
            for each in self.proposals
            if not type_ or each.one.type == type_
        )
        return Rows(tuple(PROPOSAL_COLUMNS), rows)

    def list_decisions(self) -> Rows:
        """All decisions in the order of the file; ``state`` says where one changes nothing."""
        idle = {item.number for item in find_idle(self.decisions, self.raw_files)}
        return Rows(
            tuple(DECISION_COLUMNS),
            tuple(
                (
                    item.number,
                    type(item).__name__.lower(),
                    describe_decision(item),
                    item.reason,
                    item.by,
                    item.date,
                    "未生效：报告中没有所指的实体、叫法或事实" if item.number in idle else "",
                )
                for item in self.decisions.items
            ),
        )

    def show(self, named: Named) -> dict[str, Any]:
        """All that is known of the identity of one entity, under headings for people."""
        iri = named.iri
        former = sorted(old for old, new in self.decisions.redirects.items() if new == iri)
        mine = {iri, *former}
        facts = {each.id for file in self.raw_files for each in file.statements if {each.subject, each.object} & mine}
        facts |= {each.id for file in self.raw_files for each in file.figures if each.subject in mine}
        return {
            "name": named.name,
            "type": str(named.type),
            "iri": iri,
            "former_iris": former,
            "names": _names_by_report(named),
            "facts": self._count_facts(iri),
            "unit_of": [self.named[parent].name for unit, parent in self.ties.items() if unit == iri],
            "units": [self.named[unit].name for unit, parent in self.ties.items() if parent == iri],
            "proposals": [
                f"{(each.other if each.one.iri == iri else each.one).name}：{each.reason}"
                for each in self.proposals
                if iri in (each.one.iri, each.other.iri)
            ],
            "decisions": [
                f"{item.number} {type(item).__name__.lower()}：{describe_decision(item)}（{item.reason}）"
                for item in self.decisions.items
                if spoken_of(item) & (mine | facts)
                or (isinstance(item, Add) and {item.subject.iri, item.object.iri} & mine)
            ],
        }

    def _count_facts(self, iri: str) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for file in self.files:
            for statement in file.statements:
                if iri == statement.subject:
                    counts[statement.predicate] += 1
                elif iri == statement.object:
                    counts[f"←{statement.predicate}"] += 1
            counts["figures"] += sum(figure.subject == iri for figure in file.figures)
        return {key: count for key, count in sorted(counts.items()) if count}


PROPOSAL_COLUMNS = {
    "type": "类型",
    "one": "一方",
    "other": "另一方",
    "reason": "理由",
    "likeness": "相似度",
    "one_iri": "一方链接",
    "other_iri": "另一方链接",
}
DECISION_COLUMNS = {
    "id": "编号",
    "kind": "决定",
    "what": "内容",
    "reason": "理由",
    "by": "决定者",
    "date": "日期",
    "state": "状态",
}
SHOW_HEADINGS = {
    "name": "名称",
    "type": "类型",
    "iri": "链接",
    "former_iris": "旧链接",
    "names": "各报告的叫法",
    "facts": "事实数",
    "unit_of": "上级单位",
    "units": "分支机构",
    "proposals": "待定",
    "decisions": "人工决定",
}


def describe_decision(item: Decision) -> str:
    """What a decision says, in one line for a table."""
    if isinstance(item, Merge | Apart):
        return (" = " if isinstance(item, Merge) else " ≠ ").join(_call(each) for each in item.entities)
    if isinstance(item, Rename | Retype):
        return f"{_call(item.entity)} → {item.to}"
    if isinstance(item, Split):
        part = "、".join(item.names) or "全部叫法"
        where = f"（{item.report}）" if item.report else ""
        return f"{_call(item.entity)}：{part}{where} → {item.to or part}"
    if isinstance(item, Reject):
        return f"{item.fact} {item.about}".strip()
    if isinstance(item, Correct):
        changes = "，".join(f"{key}={value}" for key, value in item.changes.items())
        return f"{item.fact} {item.about} → {changes}"
    if isinstance(item, Add):
        qualifiers = "，".join(f"{key}={value}" for key, value in item.qualifiers.items())
        return f"{_call(item.subject)} {item.predicate} {_call(item.object)} {qualifiers}".strip()
    return ""


def describe_fact(view: IdentityView, fact: str) -> str:
    """What a statement or figure states, for the reader of a decision. Raises UsageError where no report has it."""
    for file in view.raw_files:
        names = {iri: record.name for iri, record in file.entities.items()}
        for statement in file.statements:
            if statement.id == fact:
                return f"{names[statement.subject]} {statement.predicate} {names[statement.object]}（{file.report.report}）"
        for figure in file.figures:
            if figure.id == fact:
                return f"{names[figure.subject]} {figure.indicator} {figure.value}{figure.unit}（{file.report.report}）"
    raise UsageError(f"no report has a fact of the id {fact!r}; the column 编号 of kg export facts has the ids")


def _tell_apart(named: Named) -> str:
    """An entity among others of its name: they differ in type and in the reports that name them."""
    more = f" and {len(named.reports) - 3} more" if len(named.reports) > 3 else ""
    return f"{named.name} ({named.type} in {', '.join(named.reports[:3])}{more}) <{named.iri}>"


def _names_by_report(named: Named) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name in named.names:
        if name.report:
            names.setdefault(name.report, []).append(name.text)
    return {report: sorted(texts, key=lambda text: (-len(text), text)) for report, texts in sorted(names.items())}


def _call(ref: EntityRef) -> str:
    return ref.name or ref.iri


def _check_type(type_: str) -> None:
    types: Iterable[str] = load_schema().types
    if type_ and type_ not in types:
        raise UsageError(f"there is no type {type_!r}; there are: {', '.join(sorted(types))}")
