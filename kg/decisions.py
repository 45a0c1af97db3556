"""What people decided about entities and facts, and the statement files as these decisions leave them.

Statement files stay what the reports say; ``Decisions.apply`` is a pure function of one file, so a decision that is taken
back leaves no trace. How decisions are written down, and the one way to read the decided files of a home, stand in
``kg.decision_file``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import BrokenDecisions
from kg.name_keys import fold
from kg.schema import DATA, load_schema
from kg.statement_files import (
    EntityRecord,
    EvidenceRecord,
    FigureRecord,
    ReportRecord,
    StatementFile,
    StatementRecord,
)

BY_HAND = "人工补录"  # the report of facts that no report of the home says
EXTRACTOR = "decision"
# What of a fact may be corrected.
OF_STATEMENT = ("subject", "predicate", "object", "qualifiers")
OF_FIGURE = ("subject", "indicator", "value", "unit", "year")


@dataclass(frozen=True, slots=True)
class EntityRef:
    """An entity as a decision names it: its IRI, and a name for the reader."""

    iri: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.iri}>".strip()


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``number`` is its id in the file, ``line`` where it stands there."""

    number: int
    reason: str
    by: str = ""
    date: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Merge(Decision):
    """Entities that are one thing; the first keeps its IRI, those of the others redirect to it."""

    entities: tuple[EntityRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart(Decision):
    """Entities that are not one thing, each pair of them."""

    entities: tuple[EntityRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Rename(Decision):
    entity: EntityRef = EntityRef("")
    to: str = ""


@dataclass(frozen=True, slots=True)
class Retype(Decision):
    entity: EntityRef = EntityRef("")
    to: str = ""


@dataclass(frozen=True, slots=True)
class Split(Decision):
    """Names of an entity, in one report or all, are another thing; without names, all that one report says of it."""

    entity: EntityRef = EntityRef("")
    names: tuple[str, ...] = ()
    report: str = ""
    to: str = ""  # the other thing's name; the longest of its names if not given
    type: str = ""

    @property
    def iri(self) -> str:
        """The IRI of the other thing: the same whenever the same is split off."""
        return _mint(self.entity.iri, "split", self.entity.iri, self.report, *sorted(map(fold, self.names)))


@dataclass(frozen=True, slots=True)
class Reject(Decision):
    """A statement or figure that does not hold; ``about`` says for the reader what it stated."""

    fact: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Correct(Decision):
    """What a statement or figure should say: keys are fields of StatementRecord or FigureRecord."""

    fact: str = ""
    about: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    named: tuple[EntityRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Add(Decision):
    """A fact that no extractor read. ``report`` is the report that says it, "" where it is known from elsewhere."""

    subject: EntityRef = EntityRef("")
    predicate: str = ""
    object: EntityRef = EntityRef("")
    qualifiers: Mapping[str, Any] = field(default_factory=dict)
    report: str = ""
    source: str = ""  # the words that say so, or where it is known from

    @property
    def fact(self) -> str:
        parts = (self.subject.iri, self.predicate, self.object.iri, str(sorted(self.qualifiers.items())), self.report)
        return hashlib.sha256("|".join(("add", *parts)).encode("utf-8")).hexdigest()[:16]


class Decisions:
    """All decisions of a home, checked against one another.

    Raises BrokenDecisions where two of them contradict each other.
    """

    def __init__(self, items: Iterable[Decision] = (), place: str = "decisions") -> None:
        self.items = tuple(items)
        self._place = place
        self._parents: dict[str, str] = {}
        for merge in self._of(Merge):
            for entity in merge.entities[1:]:
                kept, gone = self.resolve(merge.entities[0].iri), self.resolve(entity.iri)
                if kept != gone:
                    self._parents[gone] = kept
        self._rejected = self._by_fact(Reject)
        self._corrected = self._by_fact(Correct)
        self._names = self._by_entity(Rename)
        self._types = self._by_entity(Retype)
        self._check()

    def resolve(self, iri: str) -> str:
        """The IRI that stands for ``iri`` after all merges."""
        while iri in self._parents:
            iri = self._parents[iri]
        return iri

    @property
    def adds_facts(self) -> bool:
        """True where people added facts that stand in no report, or in one that may come or go."""
        return any(True for _ in self._of(Add))

    @cached_property
    def redirects(self) -> Mapping[str, str]:
        """Every IRI that was merged into another, with that other."""
        return {iri: self.resolve(iri) for iri in sorted(self._parents)}

    @cached_property
    def apart(self) -> frozenset[frozenset[str]]:
        """The pairs of entities that are two."""
        pairs = set()
        for apart in self._of(Apart):
            iris = [self.resolve(entity.iri) for entity in apart.entities]
            pairs |= {frozenset((one, other)) for one in iris for other in iris if one != other}
        for split in self._of(Split):
            pairs.add(frozenset((self.resolve(split.entity.iri), self.resolve(split.iri))))
        return frozenset(pairs)

    def apply(self, file: StatementFile) -> StatementFile:
        """The file as the decisions leave it. Whatever they do not touch is as it was."""
        if not self.items:
            return file
        moved = self._split(file)
        entities: dict[str, EntityRecord] = {}
        for record in moved.records:
            self._keep(entities, record)
        statements = [self._statement(each, moved, entities) for each in file.statements]
        figures = [self._figure(each, moved, entities) for each in file.figures]
        for add in self._of(Add):
            if add.report == file.report.report:
                statements.append(self._added(add, entities))
        kept = [each for each in statements if each is not None and each.subject != each.object]
        return replace(
            file,
            entities=entities,
            statements=tuple({each.id: each for each in kept}.values()),
            figures=tuple(each for each in figures if each is not None),
            checks=tuple(
                replace(each, subject=self.resolve(moved.find(each.subject, ""))) if each.subject else each
                for each in file.checks
            ),
        )

    def by_hand(self, path: Path, known: Iterable[str]) -> StatementFile | None:
        """The facts added by hand that stand in none of the ``known`` reports, as a file of their own; None for none."""
        reports = set(known)
        adds = [add for add in self._of(Add) if add.report not in reports]
        if not adds:
            return None
        entities: dict[str, EntityRecord] = {}
        statements = tuple({each.id: each for each in (self._added(add, entities) for add in adds)}.values())
        head = ReportRecord(BY_HAND, source=path.name, title="人工补录的事实")
        return StatementFile(path, head, entities, statements, (), (), ())

    def splits(self, split: Split, file: StatementFile) -> bool:
        """True where the file has what ``split`` makes another thing."""
        if split.report not in ("", file.report.report):
            return False
        wanted = set(map(fold, split.names))
        return any(
            not wanted or wanted & set(map(fold, (record.name, *record.aliases)))
            for record in file.entities.values()
            if self.resolve(record.iri) == self.resolve(split.entity.iri)
        )

    # ---- checks

    def _of(self, kind: type[Any]) -> Iterator[Any]:
        return (item for item in self.items if isinstance(item, kind))

    def _by_fact(self, kind: type[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in self._of(kind):
            if item.fact in found:
                self._fail(item, found[item.fact], f"both speak of fact {item.fact}")
            found[item.fact] = item
        return found

    def _by_entity(self, kind: type[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in self._of(kind):
            iri = self.resolve(item.entity.iri)
            if iri in found and found[iri].to != item.to:
                self._fail(item, found[iri], f"both speak of {item.entity}")
            found[iri] = item
        return found

    def _check(self) -> None:
        numbers: dict[int, Decision] = {}
        for item in self.items:
            if item.number in numbers:
                taken = f"line {numbers[item.number].line} has the id {item.number} already"
                raise BrokenDecisions(f"{self._place}: line {item.line}: {taken}")
            numbers[item.number] = item
        for fact in self._rejected.keys() & self._corrected.keys():
            self._fail(self._corrected[fact], self._rejected[fact], f"both speak of fact {fact}")
        for apart in self._of(Apart):
            roots: dict[str, EntityRef] = {}
            for entity in apart.entities:
                other = roots.setdefault(self.resolve(entity.iri), entity)
                if other is not entity:
                    merges = (
                        merge
                        for merge in self._of(Merge)
                        if any(self.resolve(each.iri) == self.resolve(entity.iri) for each in merge.entities)
                    )
                    self._fail(apart, next(merges), f"keep apart and merge {other} and {entity}")

    def _fail(self, item: Decision, other: Decision, cause: str) -> None:
        raise BrokenDecisions(
            f"{self._place}: line {item.line}: decisions {other.number} and {item.number} contradict: {cause}"
        )

    # ---- one file

    def _split(self, file: StatementFile) -> _Moved:
        moved = _Moved()
        splits = [split for split in self._of(Split) if split.report in ("", file.report.report)]
        for record in file.entities.values():
            rest: EntityRecord | None = record
            for split in splits:
                if rest is not None and self.resolve(split.entity.iri) == self.resolve(record.iri):
                    rest = moved.take(rest, split, record.iri)
            if rest is not None:
                moved.records.append(rest)
        return moved

    def _keep(self, entities: dict[str, EntityRecord], record: EntityRecord) -> str:
        """Puts a record under the IRI that stands for its own, together with what is there; returns that IRI."""
        iri = self.resolve(record.iri)
        rename, retype = self._names.get(iri), self._types.get(iri)
        kind = record.type if iri == record.iri else type_of_iri(iri) or record.type
        record = replace(
            record,
            iri=iri,
            type=retype.to if retype else kind,
            decided_name=rename.to if rename else record.decided_name,
        )
        other = entities.get(iri)
        entities[iri] = record if other is None else _join(other, record)
        return iri

    def _side(self, ref: EntityRef, entities: dict[str, EntityRecord]) -> str:
        """The IRI of an entity that a decision names, with a record for it where the file has none."""
        iri = self.resolve(ref.iri)
        if iri not in entities:
            self._keep(entities, EntityRecord(ref.iri, type_of_iri(ref.iri) or "Institution", ref.name or ref.iri))
        return iri

    def _statement(
        self, statement: StatementRecord, moved: _Moved, entities: dict[str, EntityRecord]
    ) -> StatementRecord | None:
        if statement.id in self._rejected:
            return None
        names = statement.qualifiers
        statement = replace(
            statement,
            subject=self.resolve(moved.find(statement.subject, statement.said_subject)),
            object=self.resolve(moved.find(statement.object, statement.said_object)),
            entities={
                key: tuple(
                    self.resolve(moved.find(iri, said))
                    for iri, said in zip(iris, _names_beside(names, key, iris), strict=True)
                )
                for key, iris in statement.entities.items()
            },
        )
        correct = self._corrected.get(statement.id)
        if correct is None:
            return statement
        self._check_keys(correct, OF_STATEMENT, "statement")
        changes = self._changes(correct, entities)
        if "qualifiers" in changes:
            given = {**statement.qualifiers, **changes["qualifiers"]}
            changes["qualifiers"] = {key: value for key, value in given.items() if value is not None}
            changes["entities"] = {
                key: iris for key, iris in statement.entities.items() if key not in correct.changes["qualifiers"]
            }
        return replace(statement, **changes, decided=correct.reason)

    def _figure(self, figure: FigureRecord, moved: _Moved, entities: dict[str, EntityRecord]) -> FigureRecord | None:
        if figure.id in self._rejected:
            return None
        figure = replace(figure, subject=self.resolve(moved.find(figure.subject, figure.said_subject)))
        correct = self._corrected.get(figure.id)
        if correct is None:
            return figure
        self._check_keys(correct, OF_FIGURE, "figure")
        return replace(figure, **self._changes(correct, entities), decided=correct.reason)

    def _check_keys(self, correct: Correct, keys: tuple[str, ...], what: str) -> None:
        """Only now is it known what the corrected fact is."""
        for key in correct.changes:
            if key not in keys:
                raise BrokenDecisions(
                    f"{self._place}: line {correct.line}: decision {correct.number}: fact {correct.fact} is a {what} "
                    f"and has no {key}; it has: {', '.join(keys)}"
                )

    def _changes(self, correct: Correct, entities: dict[str, EntityRecord]) -> dict[str, Any]:
        for ref in correct.named:
            self._side(ref, entities)
        sides = {key: self.resolve(correct.changes[key]) for key in ("subject", "object") if key in correct.changes}
        return {**correct.changes, **sides}

    def _added(self, add: Add, entities: dict[str, EntityRecord]) -> StatementRecord:
        place = EvidenceRecord(add.source or add.reason, 0, 0, section=BY_HAND)
        return StatementRecord(
            id=add.fact,
            predicate=add.predicate,
            subject=self._side(add.subject, entities),
            object=self._side(add.object, entities),
            evidence=place,
            qualifiers=dict(add.qualifiers),
            said_subject=add.subject.name,
            said_object=add.object.name,
            extractor=EXTRACTOR,
            decided=add.reason,
        )


@dataclass
class _Moved:
    """The records of a file after the splits, and which names of which entity went off to where."""

    records: list[EntityRecord] = field(default_factory=list)
    _whole: dict[str, str] = field(default_factory=dict)
    _named: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, record: EntityRecord, split: Split, iri: str) -> EntityRecord | None:
        """What is left of a record when a split has taken its names; None where nothing is."""
        wanted = set(map(fold, split.names))
        names = (record.name, *record.aliases)
        gone = [name for name in names if not wanted or fold(name) in wanted]
        if not gone:
            return record
        left = [name for name in names if name not in gone]
        name = max(gone, key=lambda each: (len(each), each))
        self.records.append(
            EntityRecord(
                split.iri,
                split.type or record.type,
                name,
                tuple(sorted(set(gone) - {name})),
                decided_name=split.to,
            )
        )
        if not left:
            self._whole[iri] = split.iri
            return None
        self._named.update({(iri, fold(each)): split.iri for each in gone})
        name = record.name if record.name in left else max(left, key=lambda each: (len(each), each))
        return replace(record, name=name, aliases=tuple(sorted(set(left) - {name})))

    def find(self, iri: str, said: str) -> str:
        """Where a fact of an entity belongs that the report says of it under the name ``said``."""
        return self._named.get((iri, fold(said))) or self._whole.get(iri, iri)


def find_idle(decisions: Decisions, files: Iterable[StatementFile]) -> list[Decision]:
    """The decisions that speak of an entity, a fact or a name to split off that no statement file has (any more).

    ``files`` are the statement files as the reports made them.
    """
    known: set[str] = {split.iri for split in decisions.items if isinstance(split, Split)}
    known |= {add.fact for add in decisions.items if isinstance(add, Add)}
    known |= {ref.iri for add in decisions.items if isinstance(add, Add) for ref in (add.subject, add.object)}
    waiting = {item.number: item for item in decisions.items if isinstance(item, Split)}
    for file in files:
        known.update(file.entities)
        known.update(each.id for each in file.statements)
        known.update(each.id for each in file.figures)
        waiting = {number: split for number, split in waiting.items() if not decisions.splits(split, file)}
    return [item for item in decisions.items if not spoken_of(item) <= known or item.number in waiting]


def spoken_of(item: Decision) -> set[str]:
    """The IRIs of the entities and the ids of the facts that a decision needs."""
    if isinstance(item, Merge | Apart):
        return {entity.iri for entity in item.entities}
    if isinstance(item, Rename | Retype | Split):
        return {item.entity.iri}
    if isinstance(item, Reject | Correct):
        return {item.fact}
    return set()


def mint_by_hand(type_: str, name: str) -> str:
    """The IRI of an entity that only a decision names."""
    return _mint(f"{DATA}{type_.lower()}/", "by hand", type_, fold(name))


def type_of_iri(iri: str) -> str:
    """The type that an IRI of the project was minted for; "" for any other IRI."""
    kinds = {name.lower(): name for name in load_schema().types}
    return kinds.get(iri.removeprefix(DATA).partition("/")[0].replace("-", ""), "") if iri.startswith(DATA) else ""


def _mint(like: str, *parts: str) -> str:
    digest = hashlib.sha256("|".join(parts).encode("utf-8")).hexdigest()[:16]
    return f"{like.rpartition('/')[0]}/{digest}"


def _join(record: EntityRecord, other: EntityRecord) -> EntityRecord:
    """Two records of one entity in one report as one."""
    names = {record.name, *record.aliases, other.name, *other.aliases}
    name = max(record.name, other.name, key=lambda each: (len(each), each))
    first = record if record.link is not None or other.link is None else other
    return replace(first, name=name, aliases=tuple(sorted(names - {name})))


def _names_beside(qualifiers: Mapping[str, Any], key: str, iris: tuple[str, ...]) -> tuple[str, ...]:
    names = qualifiers.get(key)
    return tuple(names) if isinstance(names, list) and len(names) == len(iris) else ("",) * len(iris)
