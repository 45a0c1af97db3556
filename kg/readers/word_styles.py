"""Paragraph styles of Word files: which are headings, captions or lines of a table of contents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kg.model import BlockKind
from kg.readers.wordml import Element, W, find_child, is_on, read_value, to_number

_HEADING = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:toc|目录) ?(?:[1-9]|heading|标题)|table of figures|图表目录|contents \d|contents heading", re.I
)
_CAPTION = re.compile(r"caption|题注|table|illustration", re.IGNORECASE)
_BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style:
    """What a style and those it is based on say of a paragraph."""

    level: int = 0
    kind: BlockKind | None = None
    list_id: str = ""
    depth: int | None = None
    hidden: bool = False


def read_styles(root: Element | None) -> Mapping[str, Style]:
    """style id → Style, and "" → the default paragraph style. Circles in ``basedOn`` are cut."""
    nodes = {node.get(f"{W}styleId", ""): node for node in root.iter(f"{W}style")} if root is not None else {}
    styles = {key: _read_chain(key, nodes) for key in nodes}
    defaults = [
        key
        for key, node in nodes.items()
        if node.get(f"{W}type") == "paragraph" and node.get(f"{W}default") in ("1", "true", "on")
    ]
    styles[""] = styles[defaults[0]] if defaults else Style()
    return styles


def _read_chain(key: str, nodes: Mapping[str, Element]) -> Style:
    level: int | None = None
    kind: BlockKind | None = None
    list_id: str | None = None
    depth: int | None = None
    hidden = False
    seen: set[str] = set()
    while key in nodes and key not in seen:
        seen.add(key)
        node = nodes[key]
        name = (read_value(node, "name") or "").strip()
        properties = find_child(node, "pPr")
        kind = kind or _kind_of_name(name)
        if level is None:
            level = level_of_outline(properties)
        if level is None and (match := _HEADING.fullmatch(name)):
            level = int(match[1])
        if list_id is None:
            list_id = read_value(properties, "numPr", "numId")
        if depth is None and (text := read_value(properties, "numPr", "ilvl")) is not None:
            depth = to_number(text)
        hidden = hidden or is_on(node, "rPr", "vanish")
        key = read_value(node, "basedOn") or ""
    return Style(level=level or 0, kind=kind, list_id=list_id or "", depth=depth, hidden=hidden)


def level_of_outline(properties: Element | None) -> int | None:
    """A paragraph's or a style's outline level as a heading's depth: 0 for body text, None where nothing is said."""
    text = read_value(properties, "outlineLvl")
    if text is None:
        return None
    outline = to_number(text, _BODY_LEVEL)
    return outline + 1 if 0 <= outline < _BODY_LEVEL else 0


def _kind_of_name(name: str) -> BlockKind | None:
    if _CONTENTS.fullmatch(name):
        return BlockKind.CONTENTS
    return BlockKind.CAPTION if _CAPTION.fullmatch(name) else None
