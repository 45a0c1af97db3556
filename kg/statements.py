"""Claims → Statements and Issues: the only gate between what extractors read and what is kept.

The gate checks values, puts names together into entities, and drops what cannot hold (a school that is its own
partner, a number where a name should stand); what it drops becomes an Issue with its place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from kg.identity import Entity, ReportIdentity
from kg.invisible import UNREADABLE
from kg.linking import Link, Unlinked, link_entities
from kg.model import (
    Block,
    Cell,
    Check,
    Claim,
    Document,
    EntityType,
    Evidence,
    FigureClaim,
    Issue,
    Mention,
    Predicate,
    Span,
)
from kg.names import is_generic
from kg.pickling import pickle_by_fields
from kg.registry import Registry

_Told = TypeVar("_Told", FigureClaim, Check)
LIST_QUALIFIERS = ("modes", "programmes", "partners")
_SUBJECTS = {
    Predicate.OFFERS_PROGRAMME: {EntityType.SCHOOL, EntityType.REGION},
    Predicate.PARTNERS_WITH: {EntityType.SCHOOL, EntityType.REGION},
    Predicate.COLLABORATES_WITH: {EntityType.SCHOOL},
    Predicate.HOSTS_GROUP: {EntityType.SCHOOL, EntityType.REGION},
    Predicate.LOCATED_IN: {EntityType.SCHOOL},
    Predicate.DESIGNATED_AS: {EntityType.SCHOOL},
    Predicate.OPERATES_BASE: {EntityType.SCHOOL},
    Predicate.ADMINISTERED_BY: {EntityType.SCHOOL},
}

for _kind in (Block, Cell, Claim, Entity, Evidence, FigureClaim, Mention, Span):
    pickle_by_fields(_kind)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one report says: all that its statement file is made of but the IRIs. It travels between processes."""

    document: Document
    claims: list[Claim]
    figures: list[FigureClaim]
    issues: list[Issue]
    identity: ReportIdentity
    checks: list[Check]
    head: dict[str, Any]
    sketch: tuple[int, ...] = ()  # of the text: kg.sketches
    seconds: float = 0.0  # that it took


def check_claims(document: Document, claims: Iterable[Claim]) -> Iterator[Claim | Issue]:
    """Each claim that can hold, or an Issue that says why it cannot; the same claim at the same place once."""
    seen: set[tuple[object, ...]] = set()
    for claim in claims:
        key = (
            claim.predicate,
            claim.subject.name,
            claim.object.name,
            claim.evidence.span,
            str(sorted(claim.qualifiers.items())),
        )
        if key in seen:
            continue
        seen.add(key)
        if reason := _UNREADABLE if _is_unreadable(document, claim.evidence) else _reason_against(claim):
            yield Issue.at(document, "doubtful-claim", reason, claim.evidence)
        else:
            yield claim


_UNREADABLE = "原文有读不出的字符"


def _is_unreadable(document: Document, evidence: Evidence) -> bool:
    """What stands beside a character that cannot be read may be half a name or half a number."""
    return UNREADABLE in document.slice(evidence.span)


def drop_unreadable(document: Document, found: Iterable[_Told]) -> tuple[list[_Told], list[Issue]]:
    """The figures or checks whose places can be read to the last character, and an Issue for each other place."""
    kept: list[_Told] = []
    issues: list[Issue] = []
    for each in found:
        if _is_unreadable(document, each.evidence):
            issues.append(Issue.at(document, "doubtful-claim", _UNREADABLE, each.evidence))
        else:
            kept.append(each)
    return kept, list(dict.fromkeys(issues))


def _reason_against(claim: Claim) -> str:
    subject, object_ = claim.subject, claim.object
    if claim.predicate in _SUBJECTS and subject.type not in _SUBJECTS[claim.predicate]:
        return f"{claim.predicate.value}：{subject.name} 不是可以作主语的类型（{subject.type.value}）"
    if subject.name == object_.name:
        return f"{claim.predicate.value}：主语与宾语同为 {subject.name}"
    for mention in (subject, object_):
        if mention.type not in (
            EntityType.PROGRAMME,
            EntityType.REGION,
            EntityType.DESIGNATION,
            EntityType.TRAINING_BASE,
        ) and is_generic(mention.name):
            return f"{claim.predicate.value}：“{mention.name}”是泛称，不指明具体单位"
        if len(mention.name) > 60 or not re.search(r"[\u3400-\u9fffA-Za-z]", mention.name):
            return f"{claim.predicate.value}：“{mention.name[:40]}”不像名称"
    return ""


def resolve_identity(
    document: Document,
    claims: Iterable[Claim],
    figures: Iterable[FigureClaim],
    same: Iterable[tuple[EntityType, str, str]],
    named: Iterable[Mention] = (),
) -> ReportIdentity:
    """The entities of one report: all names of its claims and figures, joined by the report's own words.

    ``named`` are the other mentions of the report: the full name that a short one needs may stand where no fact does.
    """
    identity = ReportIdentity(document.info)
    for mention in named:
        if mention.type not in (
            EntityType.PROGRAMME,
            EntityType.DESIGNATION,
            EntityType.TRAINING_BASE,
            EntityType.REGION,
        ) and not is_generic(mention.name):
            identity.add(mention.type, mention.name)
    claims, figures = list(claims), list(figures)
    for claim in claims:
        for mention in (claim.subject, claim.object):
            identity.add(mention.type, mention.name, claim.evidence.table, claim.evidence.row)
        if claim.predicate is Predicate.OPERATES_BASE:
            identity.add_owner(claim.object.name, claim.subject.name)
        year, count = claim.qualifiers.get("year"), claim.qualifiers.get("headcount")
        if claim.predicate is Predicate.OFFERS_PROGRAMME and isinstance(year, int) and isinstance(count, int):
            identity.add_number(claim.subject.name, claim.object.name, year, count)
        for name in claim.qualifiers.get("programmes", ()):
            identity.add(EntityType.PROGRAMME, name)
    for figure in figures:
        identity.add(figure.subject.type, figure.subject.name)
    for type_, name, other in same:
        if name and other:
            identity.add(type_, name)  # what the report calls a thing is a name of it, whether a fact says so or not
            identity.add(type_, other)
            identity.declare_same(type_, name, other)
    identity.resolve()
    return identity


def make_records(extraction: Extraction, registry: Registry) -> list[dict[str, Any]]:
    """The records of the report's statement file, in their order, as docs/statement-files.md describes them."""
    document, claims, figures = extraction.document, extraction.claims, extraction.figures
    identity = extraction.identity
    registry.assign(identity.entities(), document.info)
    links = link_entities(document, claims, figures, identity)
    used: dict[str, dict[str, Entity]] = {}  # 巨鹿 and 巨鹿县 may be two entities of the report, and one place

    def use(mention: Mention) -> Entity:
        entity = identity.entity_of(mention.type, mention.name)
        used.setdefault(entity.iri, {})[entity.name] = entity
        return entity

    statements = []
    for claim in sorted(
        claims, key=lambda c: (c.evidence.span.start, c.predicate, c.object.span.start, c.object.name, c.subject.name)
    ):
        subject, object_ = use(claim.subject), use(claim.object)
        if subject.iri == object_.iri:
            continue
        statements.append(_statement(document, claim, subject, object_, identity, used))
    lines = []
    for figure in sorted(
        figures, key=lambda f: (f.evidence.span.start, f.indicator, f.year or 0, f.value, f.subject.name)
    ):
        lines.append(_figure(document, figure, use(figure.subject)))
    return [
        {"kind": "report", **extraction.head},
        *(_entity([*same.values()], links.of.get(iri), document) for iri, same in sorted(used.items())),
        *_unique(statements),
        *_unique(lines),
        *_unique(_checks(document, extraction.checks, used)),
        *(_issue(issue) for issue in (*extraction.issues, *links.issues)),
    ]


def _statement(
    document: Document,
    claim: Claim,
    subject: Entity,
    object_: Entity,
    identity: ReportIdentity,
    used: dict[str, dict[str, Entity]],
) -> dict[str, Any]:
    qualifiers = _clean_qualifiers(claim.qualifiers)
    record: dict[str, Any] = {
        "kind": "statement",
        "predicate": claim.predicate.value,
        "subject": subject.iri,
        "object": object_.iri,
        "qualifiers": qualifiers,
        "said": {"subject": claim.subject.name, "object": claim.object.name},
        "evidence": _evidence(document, claim.evidence),
        "extractor": claim.extractor,
    }
    if names := qualifiers.get("programmes"):
        entities = [identity.entity_of(EntityType.PROGRAMME, name) for name in names]
        for entity in entities:
            used.setdefault(entity.iri, {})[entity.name] = entity
        record["programmes"] = [entity.iri for entity in entities]
    record["id"] = _hash(document.report, record)
    return record


def _figure(document: Document, figure: FigureClaim, subject: Entity) -> dict[str, Any]:
    record: dict[str, Any] = {
        "kind": "figure",
        "subject": subject.iri,
        "indicator": figure.indicator,
        "value": _number(figure.value),
        "unit": figure.unit,
        "year": figure.year,
        "said": {"subject": figure.subject.name},
        "evidence": _evidence(document, figure.evidence),
        "extractor": figure.extractor,
    }
    record["id"] = _hash(document.report, record)
    return record


def _checks(document: Document, checks: Iterable[Check], used: dict[str, dict[str, Entity]]) -> list[dict[str, Any]]:
    """The records of what the report was checked for; a subject without any fact is left out."""
    names = {
        (entity.type, name): iri
        for iri, same in used.items()
        for entity in same.values()
        for name in (entity.name, *entity.aliases)
    }
    records = []
    for check in sorted(checks, key=lambda c: (c.evidence.span.start, c.kind, c.what)):
        record: dict[str, Any] = {
            "kind": "check",
            "check": check.kind.value,
            "what": check.what,
            "stated": _number(check.stated),
            "verdict": check.verdict.value,
            "evidence": _evidence(document, check.evidence),
        }
        subject = names.get((check.subject.type, check.subject.name)) if check.subject else None
        optional = {
            "subject": subject,
            "found": None if check.found is None else _number(check.found),
            "unit": check.unit,
            "year": check.year,
            "names": list(check.names),
            "reason": check.reason,
        }
        record |= {key: value for key, value in optional.items() if value not in (None, "", [])}
        parts = (document.report, check.kind.value, check.what, check.stated, check.evidence.span)
        record["id"] = hashlib.sha256(repr(parts).encode("utf-8")).hexdigest()[:16]
        records.append(record)
    return records


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _clean_qualifiers(qualifiers: Any) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in sorted(qualifiers.items()):
        if value is None or value == "" or value == []:
            continue
        result[key] = list(dict.fromkeys(value)) if key in LIST_QUALIFIERS else value
    return result


def _evidence(document: Document, evidence: Evidence) -> dict[str, Any]:
    block = document.blocks[evidence.block]
    text = " ".join(document.slice(evidence.span).split())
    record: dict[str, Any] = {
        "text": text,
        "start": evidence.span.start,
        "end": evidence.span.end,
        "section": document.sections[evidence.block],
    }
    if block.page is not None:
        record["page"] = block.page
    if evidence.table and block.table is not None:
        record |= {"table": evidence.table, "row": evidence.row, "caption": block.table.caption}
    return record


def _entity(same: list[Entity], link: Link | Unlinked | None, document: Document) -> dict[str, Any]:
    entity = max(same, key=lambda each: (len(each.name), each.name)) if len(same) > 1 else same[0]
    record: dict[str, Any] = {
        "kind": "entity",
        "iri": entity.iri,
        "type": entity.type.value,
        "name": entity.name,
        "aliases": sorted({name for each in same for name in each.names} - {entity.name}),
    }
    if isinstance(link, Link):
        record["link"] = {
            "scheme": link.scheme,
            "code": link.code,
            "how": link.how,
            "words": link.words,
            "evidence": _evidence(document, link.evidence),
        }
    elif isinstance(link, Unlinked):
        record["unlinked"] = {"scheme": link.scheme, "why": link.why, "proposals": list(link.proposals)}
    return record


def _issue(issue: Issue) -> dict[str, Any]:
    record: dict[str, Any] = {
        "kind": "issue",
        "code": issue.code,
        "message": issue.message,
        "quote": issue.quote,
        "section": issue.section,
    }
    if issue.span is not None:
        record |= {"start": issue.span.start, "end": issue.span.end}
    if issue.page is not None:
        record["page"] = issue.page
    return record


def _unique(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({record["id"]: record for record in records}.values())


def _hash(report: str, record: dict[str, Any]) -> str:
    parts = [
        report,
        record.get("predicate") or record.get("indicator"),
        record["subject"],
        record.get("object"),
        record.get("value"),
    ]
    parts += [
        record.get("year"),
        sorted((record.get("qualifiers") or {}).items()),
        record["evidence"]["start"],
        record["evidence"]["end"],
    ]
    return hashlib.sha256(repr(parts).encode("utf-8")).hexdigest()[:16]
