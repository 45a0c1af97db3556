"""Answers of analyses in words, Chinese or English: headings, values, reasons, evidence, notes (words.json)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import pandas

from kg.rows import Rows, Value
from kg.schema import load_schema

# IRIs, which say nothing to the reader of a table.
LINKS = ("school", "partner", "iri")
_BETWEEN = {"evidence": "；", "evidence_before": "；", "evidence_after": "；", "reasons": "；"}


@cache
def load_words() -> Mapping[str, Any]:
    """The words of all analyses, each [Chinese, English]."""
    text = (resources.files("kg.analysis") / "words.json").read_text(encoding="utf-8")
    words: Mapping[str, Any] = json.loads(text)
    return words


def list_notes(answer: pandas.DataFrame, *, english: bool = False) -> list[str]:
    """What a reader of an answer must know: what it counts, what it leaves out, what it cannot know."""
    return [load_words()["notes"][key][english].format_map(values) for key, values in answer.attrs["notes"]]


def say_evidence(places: Iterable[Mapping[str, Any]], *, english: bool = False) -> list[str]:
    """The words of reports with the places where they stand: “汽修 长城哈弗 40”（baiyanghu-2023，第12页，表6，第2行）."""
    says = load_words()["says"]
    told = []
    for each in places:
        where = [says[key][english].format(each[key]) for key in says if each[key] is not None]
        between, brackets = (", ", (" (", ")")) if english else ("，", ("（", "）"))
        told.append(f"“{each['text']}”{brackets[0]}{between.join([each['report'], *where])}{brackets[1]}")
    return told


def say_reasons(reasons: Iterable[Sequence[Any]], *, english: bool = False) -> list[str]:
    """The reasons of a candidate as sentences."""
    words = load_words()
    near = {level: pair[english] for level, pair in words["values"]["near"].items()}
    told = []
    for key, values in reasons:
        values = {name: near[value] if name == "level" else value for name, value in values.items()}
        told.append(words["reasons"][key][english].format_map(values))
    return told


def read_headings(columns: Iterable[str], *, english: bool = False) -> dict[str, str]:
    """The heading of each column."""
    return {column: load_words()["columns"][column][english] for column in columns}


def write_answer(answer: pandas.DataFrame, *, english: bool = False, plain: bool = False, links: bool = True) -> Rows:
    """An answer as rows that are shown: in words, with lists joined; with its notes.

    ``plain``: as programs want it, values as in the frame and lists as lists, only reasons in words. Without ``links``
    the columns that hold IRIs are left out.
    """
    columns = tuple(column for column in answer.columns if links or column not in LINKS)
    rows = []
    for values in answer[list(columns)].itertuples(index=False, name=None):
        say = _plain if plain else _say
        rows.append(tuple(say(column, value, english) for column, value in zip(columns, values, strict=True)))
    return Rows(columns, tuple(rows), tuple(list_notes(answer, english=english)))


def _plain(column: str, value: Any, english: bool) -> Any:
    if column == "reasons":
        return say_reasons(value, english=english)
    if isinstance(value, tuple | list):
        return list(value)
    return None if pandas.isna(value) else getattr(value, "item", lambda: value)()


def _say(column: str, value: Any, english: bool) -> Value:
    if column.startswith("evidence"):
        value = say_evidence(value, english=english)
    elif column == "reasons":
        value = say_reasons(value, english=english)
    elif column.startswith("modes"):
        value = [_modes()[mode][english] for mode in value]
    elif column.endswith("type"):
        value = load_schema().label(value, "en" if english else "zh")
    elif known := load_words()["values"].get(column):
        value = [known[each][english] for each in value] if isinstance(value, tuple) else known[value][english]
    if isinstance(value, tuple | list):
        return _BETWEEN.get(column, "、").join(map(str, value))
    found: Value = _plain(column, value, english)
    return found


@cache
def _modes() -> Mapping[str, tuple[str, str]]:
    return {each.notation: (each.label_zh, each.label_en) for each in load_schema().lists["modes"]}
