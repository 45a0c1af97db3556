"""Reads and checks statement files (docs/statement-files.md): the only door from the first half to the second.

A file is read whole, one report at a time; what it holds comes back as frozen records in the file's order. Anything
that the form does not allow raises BrokenStatementFile with the file and the line. Keys that the form does not name
are passed over, so that a file of a newer version can still be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from kg.errors import BrokenStatementFile
from kg.schema import Schema, load_schema

LIST_QUALIFIERS = ("modes", "programmes", "partners")

# What Oxigraph takes for an IRI and N-Quads can write as it stands: no blank, quote, bracket or stray percent sign.
IRI = re.compile(
    r"https?://(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|[\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef]|%[0-9A-Fa-f]{2})+"
)


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """What a statement file says of its report. Unknown words are "", unknown years None."""

    report: str
    source: str = ""
    sha256: str = ""
    title: str = ""
    level: str = "unknown"
    publisher: str = ""
    region: str = ""
    year: int | None = None
    published: int | None = None
    characters: int = 0
    extractors: str = ""


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """An entity with the names that this one report uses; ``decided_name`` is the one that people gave it, if any."""

    iri: str
    type: str
    name: str
    aliases: tuple[str, ...] = ()
    link: LinkRecord | None = None
    unlinked: UnlinkedRecord | None = None
    decided_name: str = ""


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """The concept of a scheme that an entity is, how that was found, from which words, and where they stand."""

    scheme: str
    code: str
    how: str
    words: str
    evidence: EvidenceRecord


@dataclass(frozen=True, slots=True)
class UnlinkedRecord:
    """Why an entity is no concept of the scheme, and codes of concepts to look at."""

    scheme: str
    why: str
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """The place that says so. ``table`` and ``row`` count from 1 and are None in running text."""

    text: str
    start: int
    end: int
    section: str = ""
    page: int | None = None
    table: int | None = None
    caption: str = ""
    row: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As exports write it: the keys of the statement file, those without a value left out."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value not in (None, "")} | {"text": self.text}


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """One relation as one sentence or row states it. ``entities`` holds the IRIs behind ``qualifiers`` by key.

    ``decided`` is the reason for which people corrected or added it, "" for what a report says as it stands.
    """

    id: str
    predicate: str
    subject: str
    object: str
    evidence: EvidenceRecord
    qualifiers: Mapping[str, Any] = field(default_factory=dict)
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    said_subject: str = ""
    said_object: str = ""
    extractor: str = ""
    decided: str = ""


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """One value of one indicator; ``decided`` as in StatementRecord."""

    id: str
    subject: str
    indicator: str
    value: int | float
    unit: str
    year: int | None
    evidence: EvidenceRecord
    said_subject: str = ""
    extractor: str = ""
    decided: str = ""


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """Something that was not taken for a fact, with its place where there is one."""

    code: str
    message: str
    quote: str = ""
    start: int | None = None
    end: int | None = None
    section: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """What a report states beside what was found. ``subject`` is an IRI, or "" where it is the report's publisher."""

    id: str
    check: str
    what: str
    stated: int | float
    found: int | float | None
    verdict: str
    evidence: EvidenceRecord
    subject: str = ""
    unit: str = ""
    year: int | None = None
    names: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StatementFile:
    """Everything that one report says. ``entities`` by IRI, in the file's order."""

    path: Path
    report: ReportRecord
    entities: Mapping[str, EntityRecord]
    statements: tuple[StatementRecord, ...]
    figures: tuple[FigureRecord, ...]
    checks: tuple[CheckRecord, ...]
    issues: tuple[IssueRecord, ...]


def list_statement_files(home: Path) -> tuple[Path, ...]:
    """The statement files of a home in order of their names; none where nothing was built."""
    return tuple(sorted((home / "statements").glob("*.jsonl"), key=lambda path: path.name))


def has_statement_files(home: Path) -> bool:
    """Whether anything was built in a home."""
    return next((home / "statements").glob("*.jsonl"), None) is not None


def find_bearer(file: StatementFile, name: str) -> str | None:
    """The IRI of the entity of a report that bears a name; None where none does, or several: which is meant is not ours
    to guess."""
    bearers = [entity.iri for entity in file.entities.values() if name in (entity.name, *entity.aliases)]
    return bearers[0] if len(bearers) == 1 else None


def read_statement_file(path: Path) -> StatementFile:
    """Reads one statement file. Raises BrokenStatementFile where it cannot be read or a line is not of the form."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise BrokenStatementFile(f"{path}: {error.strerror or error}") from None
    reading = _Reading(path, load_schema())
    for number, line in enumerate(lines, 1):
        if line.strip():
            reading.take(number, line)
    return reading.result()


class _Reading:
    """One file while it is read: what its lines gave so far, and the line at hand for messages."""

    def __init__(self, path: Path, schema: Schema) -> None:
        self.path = path
        self.schema = schema
        self.line = 0
        self.report: ReportRecord | None = None
        self.entities: dict[str, EntityRecord] = {}
        self.statements: dict[str, StatementRecord] = {}
        self.figures: dict[str, FigureRecord] = {}
        self.checks: dict[str, CheckRecord] = {}
        self.issues: list[IssueRecord] = []

    def take(self, number: int, raw: bytes) -> None:
        self.line = number
        try:
            row = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
            if b"\\u" in raw:
                json.dumps(row, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no text
        except (ValueError, RecursionError) as error:
            self.fail(f"not a line of JSON in UTF-8: {error}")
        kinds: dict[str, Callable[[dict[str, Any]], None]] = {
            "report": self.take_report,
            "entity": self.take_entity,
            "statement": self.take_statement,
            "figure": self.take_figure,
            "check": self.take_check,
            "issue": self.take_issue,
        }
        if not isinstance(row, dict) or row.get("kind") not in kinds:
            self.fail(f"kind must be one of {', '.join(kinds)}")
        kinds[row["kind"]](row)

    def take_report(self, row: dict[str, Any]) -> None:
        if self.report is not None:
            self.fail("a second report line")
        level = self.text(row, "level") or "unknown"
        self.one_of("level", level, self.schema.levels)
        self.report = ReportRecord(
            report=self.text(row, "report", needed=True),
            source=self.text(row, "source"),
            sha256=self.text(row, "sha256"),
            title=self.text(row, "title"),
            level=level,
            publisher=self.text(row, "publisher"),
            region=self.text(row, "region"),
            year=self.number(row, "year"),
            published=self.number(row, "published"),
            characters=self.number(row, "characters") or 0,
            extractors=self.text(row, "extractors"),
        )

    def take_entity(self, row: dict[str, Any]) -> None:
        iri = self.text(row, "iri", needed=True)
        if not IRI.fullmatch(iri):
            self.fail(f"iri {iri!r} is not an IRI that the graph can hold")
        if iri in self.entities:
            self.fail(f"a second entity line for {iri}")
        kind = self.text(row, "type", needed=True)
        self.one_of("type", kind, self.schema.types)
        self.entities[iri] = EntityRecord(
            iri=iri,
            type=kind,
            name=self.text(row, "name", needed=True),
            aliases=self.texts(row, "aliases"),
            link=self.link(row),
            unlinked=self.unlinked(row),
        )

    def take_statement(self, row: dict[str, Any]) -> None:
        identifier = self.new_id(row)
        predicate = self.text(row, "predicate", needed=True)
        self.one_of("predicate", predicate, self.schema.relations)
        said = self.said(row)
        self.statements[identifier] = StatementRecord(
            id=identifier,
            predicate=predicate,
            subject=self.entity(row, "subject"),
            object=self.entity(row, "object"),
            evidence=self.evidence(row),
            qualifiers=self.qualifiers(row),
            entities={
                key: tuple(self.known_entity(key, iri) for iri in self.texts(row, key))
                for key in self.schema.entity_keys
                if row.get(key)
            },
            said_subject=self.text(said, "subject"),
            said_object=self.text(said, "object"),
            extractor=self.text(row, "extractor"),
        )

    def take_figure(self, row: dict[str, Any]) -> None:
        identifier = self.new_id(row)
        indicator = self.text(row, "indicator", needed=True)
        self.one_of("indicator", indicator, self.schema.indicators)
        self.figures[identifier] = FigureRecord(
            id=identifier,
            subject=self.entity(row, "subject"),
            indicator=indicator,
            value=self.value(row, "value"),
            unit=self.text(row, "unit"),
            year=self.number(row, "year"),
            evidence=self.evidence(row),
            said_subject=self.text(self.said(row), "subject"),
            extractor=self.text(row, "extractor"),
        )

    def take_check(self, row: dict[str, Any]) -> None:
        identifier = self.new_id(row)
        check, verdict = self.text(row, "check", needed=True), self.text(row, "verdict", needed=True)
        self.one_of("check", check, self.schema.check_kinds)
        self.one_of("verdict", verdict, self.schema.verdicts)
        self.checks[identifier] = CheckRecord(
            id=identifier,
            check=check,
            what=self.text(row, "what", needed=True),
            stated=self.value(row, "stated"),
            found=None if row.get("found") is None else self.value(row, "found"),
            verdict=verdict,
            evidence=self.evidence(row),
            subject=self.entity(row, "subject") if row.get("subject") else "",
            unit=self.text(row, "unit"),
            year=self.number(row, "year"),
            names=self.texts(row, "names"),
            reason=self.text(row, "reason"),
        )

    def take_issue(self, row: dict[str, Any]) -> None:
        self.issues.append(
            IssueRecord(
                code=self.text(row, "code", needed=True),
                message=self.text(row, "message"),
                quote=self.text(row, "quote"),
                start=self.number(row, "start"),
                end=self.number(row, "end"),
                section=self.text(row, "section"),
                page=self.number(row, "page"),
            )
        )

    def result(self) -> StatementFile:
        if self.report is None:
            raise BrokenStatementFile(f"{self.path}: there is no report line")
        return StatementFile(
            path=self.path,
            report=self.report,
            entities=self.entities,
            statements=tuple(self.statements.values()),
            figures=tuple(self.figures.values()),
            checks=tuple(self.checks.values()),
            issues=tuple(self.issues),
        )

    # ---- values of a line

    def fail(self, cause: str) -> NoReturn:
        raise BrokenStatementFile(f"{self.path}:{self.line}: {' '.join(cause.split())[:300]}")

    def text(self, row: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
        value = row.get(key)
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.fail(f"{key} must be a string, not {value!r}")
        if needed and not value.strip():
            self.fail(f"{key} is missing or empty")
        return value

    def texts(self, row: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = row.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.fail(f"{key} must be a list of non-empty strings")
        return tuple(value)

    def number(self, row: Mapping[str, Any], key: str) -> int | None:
        value = row.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self.fail(f"{key} must be a whole number, not {value!r}")
        return value

    def value(self, row: Mapping[str, Any], key: str) -> int | float:
        value = row.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail(f"{key} must be a number, not {value!r}")
        return value

    def one_of(self, key: str, value: str, allowed: Mapping[str, Any]) -> None:
        if value not in allowed:
            self.fail(f"{key} {value!r} is none of {', '.join(sorted(allowed))}")

    def said(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        said = row.get("said") or {}
        if not isinstance(said, dict):
            self.fail("said must be an object")
        return said

    def new_id(self, row: Mapping[str, Any]) -> str:
        identifier = self.text(row, "id", needed=True)
        if not re.fullmatch(r"[A-Za-z0-9._~-]+", identifier):
            self.fail(f"id {identifier!r} must be letters, digits, '.', '_', '~' and '-'")
        if identifier in self.statements or identifier in self.figures or identifier in self.checks:
            self.fail(f"id {identifier} stands in this file already")
        return identifier

    def entity(self, row: Mapping[str, Any], key: str) -> str:
        return self.known_entity(key, self.text(row, key, needed=True))

    def known_entity(self, key: str, iri: str) -> str:
        if iri not in self.entities:
            self.fail(f"{key} {iri!r} has no entity line above")
        return iri

    def qualifiers(self, row: Mapping[str, Any]) -> dict[str, Any]:
        values = row.get("qualifiers") or {}
        if not isinstance(values, dict):
            self.fail("qualifiers must be an object")
        for key, value in values.items():
            if wrong := check_qualifier(key, value, self.schema):
                self.fail(wrong)
        return values

    def link(self, row: Mapping[str, Any]) -> LinkRecord | None:
        link = row.get("link")
        if link is None:
            return None
        if not isinstance(link, dict):
            self.fail("link must be an object")
        how = self.text(link, "how", needed=True)
        self.one_of("link how", how, self.schema.link_ways)
        scheme, code = self.concept(link, self.text(link, "code", needed=True))
        return LinkRecord(scheme, code, how, self.text(link, "words"), self.evidence(link))

    def unlinked(self, row: Mapping[str, Any]) -> UnlinkedRecord | None:
        unlinked = row.get("unlinked")
        if unlinked is None:
            return None
        if not isinstance(unlinked, dict):
            self.fail("unlinked must be an object")
        why = self.text(unlinked, "why", needed=True)
        self.one_of("unlinked why", why, self.schema.unlinked_reasons)
        proposals = self.texts(unlinked, "proposals")
        scheme = self.concept(unlinked, "")[0]
        for code in proposals:
            self.concept(unlinked, code)
        return UnlinkedRecord(scheme, why, proposals)

    def concept(self, row: Mapping[str, Any], code: str) -> tuple[str, str]:
        """A scheme and a code of it, both such that they can stand in an IRI."""
        scheme = self.text(row, "scheme", needed=True)
        self.one_of("scheme", scheme, self.schema.schemes)
        if not re.fullmatch(r"\d*", code, re.ASCII):
            self.fail(f"code {code!r} must be digits")
        return scheme, code

    def evidence(self, row: Mapping[str, Any]) -> EvidenceRecord:
        place = row.get("evidence")
        if not isinstance(place, dict):
            self.fail("evidence must be an object")
        start, end = self.number(place, "start"), self.number(place, "end")
        if start is None or end is None or not 0 <= start <= end:
            self.fail(f"evidence must have 0 <= start <= end, not {start!r} and {end!r}")
        return EvidenceRecord(
            text=self.text(place, "text", needed=True),
            start=start,
            end=end,
            section=self.text(place, "section"),
            page=self.number(place, "page"),
            table=self.number(place, "table"),
            caption=self.text(place, "caption"),
            row=self.number(place, "row"),
        )


def check_qualifier(key: str, value: Any, schema: Schema) -> str:
    """What is wrong with a qualifier and its value; "" where nothing is."""
    if key not in schema.qualifiers:
        return f"qualifier {key!r} is none of {', '.join(sorted(schema.qualifiers))}"
    items = value if isinstance(value, list) else [value]
    if key in LIST_QUALIFIERS and not (
        isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
    ):
        return f"{key} must be a list of non-empty strings"
    if not items or not all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in items):
        return f"qualifier {key} must be text, a number or a list of them, not {value!r}"
    concepts = schema.qualifiers[key].concepts
    for item in items if concepts is not None else ():
        if item not in (concepts or {}):
            return f"qualifier {key} {item!r} is none of {', '.join(sorted(concepts or {}))}"
    return ""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")
