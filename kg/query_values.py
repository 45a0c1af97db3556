"""What is typed for a parameter of a query → terms of the graph, for all that needs no look into the graph: words of
closed lists, places, classes of programmes, relations, types.

Each function raises UsageError, which says what there is, for a word that means nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from kg.errors import UsageError
from kg.quads import concept_iri, fold_name
from kg.reference_data import CATALOGUE, REGIONS, Region, load_catalogue, load_regions, short_region_name
from kg.schema import load_schema

LISTED = 6  # things that a note names before it says how many more there are


@dataclass(frozen=True, slots=True)
class Meant:
    """The IRIs that a word stands for; ``note`` says what it was taken for, "" where it was nothing but that. ``tops``
    are concepts, if there are such, that stand for the IRIs with all below them (skos:broader)."""

    iris: tuple[str, ...]
    note: str = ""
    tops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Choice:
    """Something that a word may mean: its IRIs, how it is called in a note, and its names, the ways to say it."""

    iris: tuple[str, ...]
    label_zh: str
    label_en: str
    names: tuple[str, ...]  # the very names: of several choices, those that bear the word itself win
    words: tuple[str, ...] = ()  # other words for it


def find_concepts(scheme: str, word: str) -> Meant:
    """Values of a closed list of the ontology, by notation, label in either language, another word, or a part of one."""
    choices = [
        _Choice(
            iris=(each.iri,),
            label_zh=each.label_zh,
            label_en=each.label_en,
            names=(each.notation, each.label_zh, each.label_en),
            words=each.words,
        )
        for each in load_schema().lists[scheme]
    ]
    return _choose(word, choices, lambda: "、".join(f"{each.label_zh} ({each.label_en})" for each in choices))


def find_types(word: str) -> Meant:
    """Types of entities, by the name of the class or its label; a class above types means all of them."""
    schema = load_schema()
    choices = [
        _Choice(
            iris=tuple(schema.types[leaf] for leaf in leaves),
            label_zh=schema.label(name),
            label_en=schema.label(name, "en"),
            names=(name, schema.label(name), schema.label(name, "en")),
        )
        for name, leaves in sorted(schema.leaf_types.items())
    ]
    return _choose(word, choices, lambda: "、".join(f"{each.label_zh} ({each.names[0]})" for each in choices))


def find_relation(word: str) -> Meant:
    """Classes of relations, by the name of the class, of its edge, or a label of either."""
    schema = load_schema()
    choices = [
        _Choice(
            iris=(each.term.iri,),
            label_zh=schema.label(each.predicate),
            label_en=schema.label(each.predicate, "en"),
            names=(each.predicate, schema.label(each.predicate), schema.label(each.predicate, "en"), each.term.name),
            words=(each.term.label_zh, each.term.label_en),
        )
        for each in sorted(schema.relations.values(), key=lambda each: each.predicate)
    ]
    return _choose(word, choices, lambda: "、".join(f"{each.label_zh} ({each.names[0]})" for each in choices))


def find_region(word: str) -> Meant:
    """A place of GB/T 2260 with all places in it, by code, full name, short name, or a part of a name.

    Of places with one short name those of the highest level are meant: 河北 is the province, not the district of Tianjin.
    """
    regions = load_regions()
    folded = fold_name(word)
    below = _places_below()
    for fits in (
        lambda region: folded == region.code,
        lambda region: folded == region.name,
        lambda region: folded == short_region_name(region.name),
        lambda region: folded in region.name,
    ):
        found = [region for region in regions if folded and fits(region)]
        if found:
            break
    else:
        raise UsageError(f"no place of GB/T 2260 is called {word!r}; give the name or code of one, or a part of a name")
    highest = next(
        level for level in ("province", "prefecture", "county") if any(each.level == level for each in found)
    )
    kept = [each for each in found if each.level == highest]
    codes = dict.fromkeys(code for each in kept for code in below[each.code])
    plain = len(found) == 1 and folded in (kept[0].name, short_region_name(kept[0].name))
    note = "" if plain else _note(word, [_place_name(each) for each in kept])
    tops = tuple(concept_iri(REGIONS, each.code) for each in kept)
    return Meant(tuple(concept_iri(REGIONS, code) for code in codes), note, tops)


def find_programme_class(word: str) -> Meant:
    """Programmes of the catalogue, by the code or name of a category (大类), of a class (类), or of a programme.

    A name with 类 or 大类 left out is the class or category, before it is a programme: 护理 is 护理类 with all in it.
    """
    folded = fold_name(word)
    choices = _catalogue_choices()
    for fits in (
        lambda each: folded == each.code,
        lambda each: each.wide and folded == each.name,
        lambda each: each.wide and folded in (each.name.removesuffix("大类"), each.name.removesuffix("类")),
        lambda each: folded == each.name,
        lambda each: each.wide and folded in each.name,
        lambda each: folded in each.name,
    ):
        found = [each for each in choices if folded and fits(each)]
        if found:
            break
    else:
        raise UsageError(
            f"the catalogue has nothing that is called {word!r}; give a code or a name, or a part of one, of a category"
            " (大类), a class (类) or a programme: 医药卫生大类, 护理类, 7202"
        )
    codes = dict.fromkeys(code for each in found for code in each.programmes)
    note = "" if len(found) == 1 else _note(word, [f"{each.name} {each.code}（{each.level}）" for each in found])
    return Meant(tuple(concept_iri(CATALOGUE, code) for code in codes), note)


def _choose(word: str, choices: Sequence[_Choice], list_all: Callable[[], str]) -> Meant:
    folded = fold_name(word)

    def fits_part(choice: _Choice) -> bool:
        return any(folded in fold_name(name) for name in (*choice.names, *choice.words))

    for fits in (
        lambda choice: folded in map(fold_name, choice.names),
        lambda choice: folded in map(fold_name, choice.words),
        fits_part,
    ):
        found = [choice for choice in choices if folded and fits(choice)]
        if found:
            break
    else:
        raise UsageError(f"there is no {word!r} here; there are: {list_all()}")
    exact = len(found) == 1 and folded in map(fold_name, found[0].names)
    note = "" if exact else _note(word, [each.label_zh for each in found], [each.label_en for each in found])
    return Meant(tuple(dict.fromkeys(iri for choice in found for iri in choice.iris)), note)


def _note(word: str, zh: Sequence[str], en: Sequence[str] = ()) -> str:
    return f"“{word}”按以下查询：{_list_some(zh)} / {word!r} was taken for: {_list_some(en or zh)}"


def _list_some(names: Sequence[str]) -> str:
    more = len(names) - LISTED
    return "、".join(names[:LISTED]) + (f" … +{more}" if more > 0 else "")


@cache
def _places_below() -> dict[str, list[str]]:
    """The code of every place → its own and those of all places in it."""
    by_code = {region.code: region for region in load_regions()}
    below: dict[str, list[str]] = {code: [] for code in by_code}
    for code in by_code:
        above = code
        while above in by_code:
            below[above].append(code)
            above = by_code[above].parent
    return below


def _place_name(region: Region) -> str:
    by_code = {each.code: each for each in load_regions()}
    parts = [region.name]
    while region.parent in by_code:
        region = by_code[region.parent]
        parts.insert(0, region.name)
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _CatalogueChoice:
    code: str
    name: str
    level: str
    wide: bool  # a category or a class
    programmes: tuple[str, ...]


@cache
def _catalogue_choices() -> tuple[_CatalogueChoice, ...]:
    groups: dict[tuple[str, str, str], list[str]] = {}
    single = []
    for entry in load_catalogue():
        for code, name in ((entry.category_code, entry.category), (entry.class_code, entry.class_name)):
            groups.setdefault((code, name, entry.level), []).append(entry.code)
        single.append(_CatalogueChoice(entry.code, entry.name, entry.level, False, (entry.code,)))
    wide = (_CatalogueChoice(code, name, level, True, _all(codes)) for (code, name, level), codes in groups.items())
    return (*wide, *single)


def _all(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
