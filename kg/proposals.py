"""Pairs of entities that may be one thing but are not surely so, each with the reason why: for people to decide.

Pairs are looked for among entities of one type that share a part of their names' core; what tells two things apart for
certain is a veto: ordinals, directions, places that do not contain one another, a house and its branch, a group and its
company, two legal persons. Likeness (RapidFuzz, the longest common subsequence of the cores) only ranks what is left;
no pair is proposed for being spelled alike, and nothing is transliterated.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import LCSseq

from kg.model import GROUP_TYPES, EntityType, Predicate
from kg.name_keys import PLACED_TYPES, direction_of, fold, left_out, legal_form_of, placed_key, split_branch
from kg.names import ordinal_of
from kg.places import lies_in, prefecture_of, region_place, split_place
from kg.reference_data import load_companies
from kg.short_forms import ACTIVITY, is_short_form, short_for
from kg.short_names import COMMON_BRANDS
from kg.statement_files import StatementFile

MOST = 40  # names of one block; what more share (人民医院 without a place, 中国) tells nothing
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name, the report that uses it, and that report's region."""

    text: str
    report: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """An entity with all names that reports give it, the main one first; ``owners`` are the schools of a base."""

    iri: str
    type: EntityType
    names: tuple[Name, ...]
    owners: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.names[0].text

    @property
    def reports(self) -> tuple[str, ...]:
        return tuple(sorted({name.report for name in self.names if name.report}))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entities that may be one: why, in words, and how alike (0 to 1) the names are that say so."""

    one: Named
    other: Named
    reason: str
    likeness: float


def collect_named(files: Iterable[StatementFile]) -> dict[str, Named]:
    """The entities of statement files by IRI, with each report's names for them."""
    types: dict[str, str] = {}
    main: dict[str, str] = {}
    decided: dict[str, str] = {}
    names: defaultdict[str, dict[Name, None]] = defaultdict(dict)
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for file in files:
        for entity in file.entities.values():
            types[entity.iri] = max(types.get(entity.iri, ""), entity.type)
            for text in (entity.name, *entity.aliases):
                names[entity.iri].setdefault(Name(text, file.report.report, file.report.region))
            main[entity.iri] = max(main.get(entity.iri, ""), entity.name, key=lambda name: (len(name), name))
            if entity.decided_name:
                decided[entity.iri] = entity.decided_name
        for statement in file.statements:
            if statement.predicate == Predicate.OPERATES_BASE:
                owners[statement.object].add(statement.subject)
    result = {}
    for iri, found in sorted(names.items()):
        first = decided.get(iri) or main[iri]
        ordered = sorted(found, key=lambda name: (name.text != first, name))
        if ordered[0].text != first:
            ordered.insert(0, Name(first))
        result[iri] = Named(iri, EntityType(types[iri]), tuple(ordered), frozenset(owners[iri]))
    return result


def propose_merges(
    entities: Collection[Named], apart: Collection[frozenset[str]] = (), ties: Mapping[str, str] | None = None
) -> list[Proposal]:
    """The pairs to be decided, the likeliest first.

    ``apart`` are pairs that people keep apart, ``ties`` branches and their heads: neither is proposed.
    """
    ties = ties or {}
    found: dict[frozenset[str], Proposal] = {}
    tried: set[tuple[str, str, str, str]] = set()
    for (one, name), (other, other_name) in _candidates(entities):
        pair = frozenset((one.iri, other.iri))
        if len(pair) < 2 or pair in apart or ties.get(one.iri) == other.iri or ties.get(other.iri) == one.iri:
            continue
        key = (one.iri, name.text, other.iri, other_name.text)
        if key in tried:
            continue
        tried.add(key)
        reason = _reason_for(one, name, other, other_name)
        if not reason:
            continue
        likeness = _likeness(one.type, name, other_name)
        first, second = sorted((one, other), key=lambda each: (-len(each.reports), each.name, each.iri))
        proposal = Proposal(first, second, reason, round(likeness, 3))
        known = found.get(pair)
        if known is None or (proposal.likeness, proposal.reason) > (known.likeness, known.reason):
            found[pair] = proposal
    return sorted(found.values(), key=lambda p: (-p.likeness, p.one.type, p.one.name, p.one.iri, p.other.iri))


# ---- blocks


def _candidates(entities: Iterable[Named]) -> Iterator[tuple[tuple[Named, Name], tuple[Named, Name]]]:
    blocks: defaultdict[tuple[str, ...], list[tuple[Named, Name]]] = defaultdict(list)
    loose: defaultdict[tuple[str, ...], list[tuple[Named, Name]]] = defaultdict(list)
    for entity in entities:
        seen: set[tuple[str, str]] = set()
        for name in entity.names:
            if (name.text, name.region) in seen:
                continue
            seen.add((name.text, name.region))
            for block in _blocks_of(entity, name):
                blocks[block].append((entity, name))
            if entity.type in PLACED_TYPES and entity.type is not EntityType.ENTERPRISE:
                parts = _parts(name.text, entity.type, name.region)
                near = (entity.type, prefecture_of(parts.place or _implied(name, entity.type)), parts.ordinal)
                (blocks if parts.place else loose)[("near", *near)].append((entity, name))
    for block, members in sorted(blocks.items()):
        if block[0] != "near":
            if len(members) <= MOST or block[0] == "place":
                yield from combinations(members, 2)
            continue
        yield from ((one, other) for one in loose.get(block, ()) for other in members)
    for _, members in sorted(loose.items()):
        if len(members) <= MOST:
            yield from combinations(members, 2)


def _blocks_of(entity: Named, name: Name) -> Iterator[tuple[str, ...]]:
    kind = entity.type
    if kind is EntityType.TRAINING_BASE:
        yield from (("base", owner) for owner in sorted(entity.owners))
        return
    if kind is EntityType.PROGRAMME:
        yield "words", "".join(sorted(placed_key(name.text, kind)[1]))
        return
    if kind not in PLACED_TYPES:
        return
    parts = _parts(name.text, kind, name.region)
    yield "name", kind, fold(name.text)
    yield "rest", kind, parts.rest
    if kind is EntityType.ENTERPRISE:
        if parts.brand:
            yield "brand", parts.brand
    elif parts.place:
        yield "place", kind, parts.place, parts.ordinal


# ---- parts of a name


@dataclass(frozen=True, slots=True)
class _Parts:
    place: str
    rest: str  # the key of what follows the place
    core: str  # of a company: without legal form and branch
    brand: str
    branch: str
    ordinal: str
    direction: str
    numbers: tuple[str, ...]


@lru_cache(maxsize=262144)
def _parts(name: str, kind: EntityType, region: str) -> _Parts:
    place, rest = placed_key(name, kind, region)
    core, branch, brand = rest, "", ""
    folded = fold(name)
    if kind in GROUP_TYPES and folded.startswith(("全国", "国家")):
        place = "00"  # of the whole country: no city's
    if kind is EntityType.ENTERPRISE:
        branch = split_branch(folded)[1]
        if not branch and (found := re.search(r"分公司$|(?<!酒|饭|商|书)店$|[支分]行$", folded)):
            branch = found.group()
        if branch:
            core, place = _without_inner_place(re.sub(r"分(?:公司)?$", "", rest), place)
        core = re.sub(r"(?:公司|企业|集团)$", "", core)
        brand = core[:2] if len(core) >= 2 and core[:2] not in COMMON_BRANDS else ""
    return _Parts(
        place, rest, core, brand, branch, ordinal_of(folded), direction_of(folded), tuple(_NUMBERS.findall(folded))
    )


def _without_inner_place(core: str, place: str) -> tuple[str, str]:
    """某某汽车天津 of 某某汽车天津分公司: the branch lies in the place before its word."""
    for at in range(len(core) - 2, 1, -1):
        inner, rest = split_place(core[at:] + "某某", brands=True)
        if inner and rest == "某某":
            return core[:at], inner
    return core, place


def _implied(name: Name, kind: EntityType) -> str:
    """Where a name without a place must lie: in the prefecture of the report that uses it.

    A company with a legal form may be known all over the country.
    """
    if kind is EntityType.ENTERPRISE and (re.search(r"有限|公司|集团", name.text) or name.text in load_companies()):
        return ""
    return prefecture_of(region_place(name.region)) if name.region else ""


# ---- judgement


def _reason_for(one: Named, name: Name, other: Named, other_name: Name) -> str:
    """Why the two may be one thing, in words; "" where nothing says so or something speaks against it."""
    kind = one.type
    if kind is not other.type:
        return ""
    said = f"“{name.text}”{_where(name)}与“{other_name.text}”{_where(other_name)}"
    if kind is EntityType.TRAINING_BASE:
        return f"{said}：同一学校的基地，名称互为详略" if _are_bases_alike(name.text, other_name.text) else ""
    if kind is EntityType.PROGRAMME:
        return f"{said}：同样的字，次序不同" if fold(name.text) != fold(other_name.text) else ""
    parts, others = _parts(name.text, kind, name.region), _parts(other_name.text, kind, other_name.region)
    if _speak_against(kind, name, parts, other_name, others) or _main_names_speak_against(one, other):
        return ""
    places = _say_places(parts.place, others.place)
    if (parts.place, parts.rest) == (others.place, others.rest):
        return f"{said}：名称相同" if fold(name.text) == fold(other_name.text) else f"{said}：同一名称的两种写法"
    if parts.rest == others.rest:
        return f"{said}：除地名外相同，{places}"
    if kind is EntityType.ENTERPRISE:
        if (why := _companies_alike(name.text, parts, other_name.text, others)) and (
            places or parts.place == others.place
        ):
            return f"{said}：{why}" + (f"，{places}" if places else "")
        return ""
    short, full = sorted((name, other_name), key=lambda each: len(each.text))
    region = short.region or full.region
    fits = short_for if kind is EntityType.SCHOOL else None
    if fits(short.text, full.text, region) if fits is not None else is_short_form(short.text, full.text, kind, region):
        return f"{said}：前者可以是后者的简称" if short is name else f"{said}：后者可以是前者的简称"
    return ""


def _speak_against(kind: EntityType, name: Name, parts: _Parts, other: Name, others: _Parts) -> bool:
    if parts.ordinal != others.ordinal or parts.direction != others.direction or parts.numbers != others.numbers:
        return True
    if ("附属" in name.text) != ("附属" in other.text):
        return True
    place, second = parts.place, others.place
    if place and second and place != second:
        return True  # a county's hospital is not the city's, nor its company
    place, second = place or _implied(name, kind), second or _implied(other, kind)
    if place and second and not (lies_in(place, second) or lies_in(second, place)) and place != second:
        return True
    if kind in GROUP_TYPES and parts.rest != others.rest:
        return LCSseq.similarity(parts.rest, others.rest) < min(len(parts.rest), len(others.rest))
    if kind is not EntityType.ENTERPRISE:
        return False
    if bool(parts.branch) != bool(others.branch):
        # a house and its branch; a branch and what its city calls the company there may be one
        free = other if parts.branch else name
        return not parts.place or parts.place != others.place or bool(legal_form_of(free.text))
    return _are_two_legal_persons(name.text, parts, other.text, others)


def _are_two_legal_persons(name: str, parts: _Parts, other: str, others: _Parts) -> bool:
    forms = legal_form_of(name), legal_form_of(other)
    if "集团" in name + other and (parts.core != others.core or (all(forms) and ("集团" in name) != ("集团" in other))):
        return True  # 某某集团 and 某某集团食品有限公司
    if not all(forms) or parts.core == others.core:
        return False
    short, full = sorted((parts.core, others.core), key=len)
    return not ACTIVITY.fullmatch(left_out(short, full))


def _main_names_speak_against(one: Named, other: Named) -> bool:
    """Where both are known by a name with a number, it must be the same one."""
    first, second = ordinal_of(fold(one.name)), ordinal_of(fold(other.name))
    return bool(first and second and first != second) or direction_of(one.name) != direction_of(other.name)


def _companies_alike(name: str, parts: _Parts, other: str, others: _Parts) -> str:
    short, full = sorted((parts.core, others.core), key=len)
    if short == full:
        return "字号和行业相同"
    if not parts.brand or parts.brand != others.brand or LCSseq.similarity(short, full) < len(short):
        return ""
    if len(short) >= 3:
        brand = short if short in load_companies() else parts.brand  # 比亚迪, not 比亚
        return f"字号同为“{brand}”，行业的说法一详一略"
    bare = name if parts.core == short else other
    return f"字号同为“{parts.brand}”" if bare.endswith("公司") or len(short) >= 3 else ""


def _are_bases_alike(name: str, other: str) -> bool:
    short, full = sorted(
        (placed_key(name, EntityType.TRAINING_BASE)[1], placed_key(other, EntityType.TRAINING_BASE)[1]), key=len
    )
    return len(short) >= 5 and full.endswith(short) and ordinal_of(short) == ordinal_of(full)


def _likeness(kind: EntityType, name: Name, other: Name) -> float:
    parts, others = _parts(name.text, kind, name.region), _parts(other.text, kind, other.region)
    likeness = LCSseq.normalized_similarity(parts.core, others.core)
    return likeness if parts.place == others.place else likeness * 0.9


def _say_places(place: str, other: str) -> str:
    if not place and not other:
        return ""
    if place == other:
        return "同在一地"
    if not place or not other:
        return "一方未写地名"
    return "一地在另一地之内" if lies_in(place, other) or lies_in(other, place) else ""


def _where(name: Name) -> str:
    return f"（{name.report}）" if name.report else ""
