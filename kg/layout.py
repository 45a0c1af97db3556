"""From a reader's raw items to a Document: what is a heading, a caption, a contents line, a table's header.

Readers only tell what their format knows (text in reading order, tables as rows of cells, a heading's level where
there is a style for it, the page). What the text itself shows is decided here, once for all formats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.model import BlockKind, Document


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the format has it; the places that its span covers have no cell of their own."""

    text: str
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class RawText:
    """A paragraph (not a line: a reader of fixed lines joins them first). ``level`` > 0: a heading by its style.

    ``kind`` is set only where the format itself knows (a contents field, a caption style, a text box).
    """

    text: str
    level: int = 0
    page: int | None = None
    kind: BlockKind | None = None


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as rows of cells, as in HTML. ``header_rows`` is None where the format does not mark them."""

    rows: tuple[tuple[RawCell, ...], ...]
    caption: str = ""
    page: int | None = None
    header_rows: int | None = None


RawItem = RawText | RawTable


def build_document(report: str, source: str, items: Iterable[RawItem]) -> Document:
    """Lays the items out as one text and says what each is. The result keeps the law of offsets."""
    raise NotImplementedError
