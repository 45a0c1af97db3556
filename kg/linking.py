"""The links of one report's entities: programmes to the ministry's catalogue, regions to GB/T 2260.

A programme links at the level of the schools that it is said of, by the report's own codes or by its name. What two
places of the report link in two ways is not linked, and becomes an Issue with its place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.identity import Entity, ReportIdentity
from kg.model import Claim, Document, EntityType, Evidence, FigureClaim, Issue, Mention, Predicate
from kg.programme_links import (
    COLLEGE,
    SECONDARY,
    NameLink,
    agrees,
    entry_of_code,
    fold_programme,
    is_through_training,
    levels_in_words,
    levels_of_school,
    link_name,
    propose_entries,
    short_name_in,
)
from kg.reference_data import CATALOGUE, REGIONS, CatalogueEntry
from kg.regions import link_region

CATALOGUE_YEAR = 2021  # before it, six digits are a code of an older catalogue


@dataclass(frozen=True, slots=True)
class Link:
    """An entity's link to a concept of a scheme: ``words`` are the name that was linked, ``evidence`` where it stands."""

    scheme: str
    code: str
    how: str
    words: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Why a programme or region has no link, and codes that a user may want to look at."""

    why: str
    scheme: str
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportLinks:
    """What became of each programme and region of a report, by the IRI of its entity."""

    of: Mapping[str, Link | Unlinked]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class _Use:
    """A place that speaks of a programme: the levels that it allows, and the code that it gives.

    ``levels`` is None where the place says nothing of them. ``of_two`` marks what a school does together with another,
    which may be of another level: it counts only where nothing else tells.
    """

    name: str
    evidence: Evidence
    levels: frozenset[str] | None = None
    code: str = ""
    of_two: bool = False


def link_entities(
    document: Document, claims: Iterable[Claim], figures: Iterable[FigureClaim], identity: ReportIdentity
) -> ReportLinks:
    """The links of all programmes and regions that the claims and figures of a report name."""
    uses: defaultdict[str, list[_Use]] = defaultdict(list)
    entities: dict[str, Entity] = {}
    places: defaultdict[str, dict[str, Evidence]] = defaultdict(dict)
    claims = sorted(claims, key=lambda claim: (claim.evidence.span, claim.object.span))

    def note_place(mention: Mention, evidence: Evidence) -> None:
        if mention.type is EntityType.REGION:
            entity = identity.entity_of(mention.type, mention.name)
            places[entity.iri].setdefault(entity.name, evidence)

    for claim in claims:
        note_place(claim.subject, claim.evidence)
        note_place(claim.object, claim.evidence)
        for use in _uses_in(document, claim, identity):
            entity = identity.entity_of(EntityType.PROGRAMME, use.name)
            entities[entity.iri] = entity
            uses[entity.iri].append(use)
    for figure in figures:
        note_place(figure.subject, figure.evidence)
    result: dict[str, Link | Unlinked] = {}
    issues: list[Issue] = []
    everything = {fold_programme(name) for iri in uses for name in entities[iri].names}
    for iri, of_one in uses.items():
        result[iri], found = _link_programme(document, entities[iri], of_one, everything)
        issues += found
    for iri, called in places.items():
        result[iri], found = _link_place(document, called)
        issues += found
    return ReportLinks(result, tuple(issues))


# --- programmes -------------------------------------------------------------------------------------------------------


def _uses_in(document: Document, claim: Claim, identity: ReportIdentity) -> Iterable[_Use]:
    offered = claim.object.type is EntityType.PROGRAMME
    names = [claim.object.name] if offered else claim.qualifiers.get("programmes", ())
    for name in names:
        code = str(claim.qualifiers.get("code", "")) if offered else ""
        of_two = claim.predicate is Predicate.COLLABORATES_WITH
        yield _Use(name, claim.evidence, _levels(document, claim, name, identity), code, of_two)


def _levels(document: Document, claim: Claim, name: str, identity: ReportIdentity) -> frozenset[str] | None:
    if said := levels_in_words(name):  # 护理（高职）
        return said
    text = document.slice(claim.evidence.span)
    if claim.predicate is Predicate.COLLABORATES_WITH or is_through_training(text) or is_through_training(name):
        return levels_in_words(text) or None  # of two levels at once: only the report's words decide
    if claim.subject.type is EntityType.SCHOOL:
        return levels_of_school(identity.entity_of(EntityType.SCHOOL, claim.subject.name).names) or None
    return levels_in_words(text) or _levels_of_report(document.info.title)


def _levels_of_report(title: str) -> frozenset[str] | None:
    title = re.sub(r"\s", "", title)
    secondary, college = "中等职业" in title, "高等职业" in title
    return None if secondary == college else frozenset({SECONDARY if secondary else COLLEGE})


def _link_programme(
    document: Document, entity: Entity, uses: list[_Use], everything: set[str]
) -> tuple[Link | Unlinked, list[Issue]]:
    telling = [(use.levels, use.of_two) for use in uses if use.levels is not None]
    votes = {said for said, of_two in telling if not of_two} or {said for said, _ in telling}
    levels = frozenset().union(*votes)
    coded: dict[str, _Use] = {}
    against: list[tuple[_Use, CatalogueEntry]] = []
    for use in uses:
        entry = entry_of_code(use.code) if use.code else None
        if entry is None:
            continue
        if any(agrees(name, entry) for name in (use.name, *entity.names)):
            coded.setdefault(entry.code, use)
        elif (document.info.year or CATALOGUE_YEAR) >= CATALOGUE_YEAR:
            against.append((use, entry))
    links = _link_names(entity, levels, everything)
    words, link = links[0]
    named = {each.entry.code for _, each in links if each.entry is not None} or _codes_by_level(words, votes)
    if against:
        use, entry = against[0]
        message = f"代码 {entry.code} 在目录中是“{entry.name}”（{entry.level}），报告写作“{use.name}”：不作关联"
        unlinked = _unlinked(entity, "code-against-name", levels, {*coded, *named, entry.code})
        return unlinked, [Issue.at(document, "code-against-name", message, use.evidence)]
    if len({*coded, *named}) > 1 or (link.entry is not None and any(link.entry.level not in vote for vote in votes)):
        found = "、".join(sorted({*coded, *named}))
        message = f"“{entity.name}”在报告各处应关联到目录中不同的专业或层次（{found}）：不作关联"
        unlinked = _unlinked(entity, "links-disagree", levels, {*coded, *named})
        return unlinked, [Issue.at(document, "links-disagree", message, uses[0].evidence)]
    if coded:
        ((code, use),) = coded.items()
        return Link(CATALOGUE, code, "code", use.name, use.evidence), []
    if link.entry is None:
        return _unlinked(entity, link.how, levels), []
    use = next((use for use in uses if fold_programme(use.name) == fold_programme(words)), uses[0])
    return Link(CATALOGUE, link.entry.code, link.how, words, use.evidence), []


def _codes_by_level(name: str, votes: Iterable[frozenset[str]]) -> set[str]:
    """The codes of a name at the level of each kind of school that has it: two where a college has it too."""
    links = (link_name(name, vote) for vote in votes)
    return {link.entry.code for link in links if link.entry is not None}


def _link_names(entity: Entity, levels: frozenset[str], everything: set[str]) -> list[tuple[str, NameLink]]:
    """The names of a programme that link in the plainest way, and their links; its first name where none links.

    ``everything`` are the names of all programmes of the report.
    """
    found = [(name, _link_unless_short_for_several(name, levels, entity, everything)) for name in entity.names]
    for how in ("exact", "official-text", "direction", "short-name"):
        if of_this_way := [(name, link) for name, link in found if link.entry is not None and link.how == how]:
            return of_this_way
    return found[:1]


def _link_unless_short_for_several(name: str, levels: frozenset[str], entity: Entity, everything: set[str]) -> NameLink:
    """计算机 is short for none where the report has 计算机平面设计 or 计算机应用 beside it, as programmes of their own.

    Nor is 数控 where it is what the report calls 数控加工: then it is short for that, which links by itself or not at all.
    """
    short = short_name_in(name)
    link = link_name(name, levels)
    if link.entry is not None and short:
        own = {fold_programme(each) for each in entity.names if link_name(each, levels).entry is not None}
        if any(other.startswith(short) and other not in own for other in everything):
            return NameLink(None, "ambiguous")
    return link


def _unlinked(entity: Entity, why: str, levels: frozenset[str], codes: Iterable[str] = ()) -> Unlinked:
    proposals = sorted(codes)
    if not proposals and why != "trade":  # a trade is no programme under another name
        proposals = [entry.code for entry in propose_entries(entity.name, levels)]
    return Unlinked(why, CATALOGUE, tuple(proposals))


# --- regions ----------------------------------------------------------------------------------------------------------


def _link_place(document: Document, called: Mapping[str, Evidence]) -> tuple[Link | Unlinked, list[Issue]]:
    """The link of one place, which may be called by its full name here and by a short one there."""
    name = max(called, key=lambda each: (len(each), each))
    evidence = called[name]
    found = link_region(name, document.info.region)
    if found.code:
        return Link(REGIONS, found.code, found.how, name, evidence), []
    if not found.candidates:
        return Unlinked("not-in-scheme", REGIONS), []
    places = "、".join(found.candidates[:6])
    message = f"“{name}”可指 {len(found.candidates)} 处（{places}）：不作关联"
    return Unlinked("ambiguous", REGIONS, found.candidates), [Issue.at(document, "ambiguous-region", message, evidence)]
