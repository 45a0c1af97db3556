"""What the name of a designation says of it: who gives it, and of what kind it is.

The words stand in ``ontology/designations.ttl``. What a name does not say is left out: no level is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from kg.reference_data import load_regions
from kg.schema import ZJ, Schema

_BATCH = re.compile(r"^[“”\"「『]?(?:首批|第[一二三四五六七八九十\d]+批)?")
_LEVELS_OF_PLACES = {"province": "省级", "prefecture": "市级", "county": "县级"}


def describe_designation(name: str, schema: Schema) -> Iterator[tuple[str, str]]:
    """Predicates (``skos:inScheme``, ``zj:designationLevel``, ``zj:designationKind``) and the IRIs that they lead to."""
    yield "skos:inScheme", str(ZJ.designations)
    if level := find_level(name, schema):
        yield "zj:designationLevel", level
    if kind := find_kind(name, schema):
        yield "zj:designationKind", kind


def find_level(name: str, schema: Schema) -> str | None:
    """The IRI of the level: of 省级 or 国家级 anywhere in the name, else of the word or the place that it begins with."""
    levels = schema.designation_levels
    said = [word for word in levels if word.endswith("级")]
    if found := re.search(_any_of(said), name):
        return levels[found[0]]
    rest = name[_BATCH.match(name).end() :]  # type: ignore[union-attr]
    if found := re.match(_any_of(levels), rest):
        return levels[found[0]]
    places = _levels_by_place()
    level = next((places[rest[:end]] for end in range(len(rest), 1, -1) if rest[:end] in places), None)
    return levels[_LEVELS_OF_PLACES[level]] if level else None


def find_kind(name: str, schema: Schema) -> str | None:
    """The IRI of the kind; the last word counts: 示范性现代职业院校培育学校 is a candidate, no model school."""
    found = re.findall(_any_of(schema.designation_kinds), name)
    return schema.designation_kinds[found[-1]] if found else None


def _any_of(words: Mapping[str, str] | list[str]) -> str:
    """A pattern that prefers the longest word: 自治区级 before 区级."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def _levels_by_place() -> Mapping[str, str]:
    """Full names of places; one that places of two levels bear says nothing."""
    levels: dict[str, set[str]] = {}
    for region in load_regions():
        levels.setdefault(region.name, set()).add(region.level)
    return {name: next(iter(found)) for name, found in levels.items() if len(found) == 1}
