"""The words of the pages in Chinese and English. Names of schools and partners stay as reports write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")


@cache
def _load(package: str, name: str) -> Mapping[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = json.loads(
        resources.files(package).joinpath(name).read_text(encoding="utf-8")
    )
    return loaded


def say_in(language: str, key: str, default: str | None = None, /, *values: object) -> str:
    """A phrase with {0}, {1} … filled in; the default, or the key itself, where there is none."""
    pair = _load("kg.server", "words.json")["page"].get(key)
    if pair is None:
        return key if default is None else default
    text = pair[LANGUAGES.index(language)]
    for at, value in enumerate(values):
        text = text.replace(f"{{{at}}}", str(value))
    return text


def say_relation(language: str, relation: str, direction: str) -> str:
    """The heading of facts of a relation in a direction, in the words of the picture."""
    table = _load("kg.page", "words.json")["backward" if direction == "in" else "forward"]
    pair = table.get(relation)
    return pair[LANGUAGES.index(language)] if pair else say_in(language, f"part.{relation}", relation)


def say_type(language: str, name: str) -> str:
    """The name of a type of entities."""
    pair = _load("kg.page", "words.json")["types"].get(name)
    return pair[LANGUAGES.index(language)] if pair else name
