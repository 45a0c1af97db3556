"""Web pages: the report's text and tables out of whatever a site builds around them."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PreformattedString
from bs4.exceptions import ParserRejectedMarkup

from kg.errors import EmptyInput, WrongKind
from kg.layout import RawCell, RawItem, RawTable, RawText
from kg.limits import STANDARD, Limits
from kg.model import BlockKind
from kg.readers.cleaning import clean_text, fold_blanks
from kg.readers.failures import name_place, report_damage
from kg.readers.text_encoding import decode

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
# Sites name the old standard and write characters of the newer ones.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}
# fmt: off
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "nav", "footer", "aside", "button", "select", "input",
    "textarea", "iframe", "object", "embed", "svg", "canvas", "audio", "video", "map", "head", "dialog",
})
# fmt: on
_FURNITURE = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|breadcrumbs?|crumbs?|footer|foot|sidebar|share|bdshare\w*|toolbar|"
    r"pagination|pager|copyright|related|qrcode|ewm|dqwz|weizhi|skip|search)(?:$|[-_ ])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADING = re.compile(r"h([1-6])")
# fmt: off
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
})
# fmt: on
_INDENT = re.compile(r"\n(?=[\u3000\u00a0]{2}|\s*\n)")
_SENTENCE = re.compile(r"[^。；！？]{12,}[。；！？]")
_LONG_CELL = 100
_LONGEST_HEADING = 80
_WIDEST = 1000
_LONGEST_NUMBER = 10  # digits
_DEEPEST = 200
_MARKUP = 10  # characters of a page for one of its text, in pages made by Word


def read_html(path: Path, limits: Limits = STANDARD) -> list[RawItem]:
    """The headings, paragraphs, list items and tables of a web page, in order, without the site around them.

    Raises WrongKind for bytes that are no web page, DamagedInput for one that is nested too deeply, TooLarge for one that
    is ten times as long as its text may be, and what decode raises.
    """
    data = path.read_bytes()
    text = decode_html(data, name_place(path))
    limits.check_characters(name_place(path), len(text) // _MARKUP)
    if "<" not in text:
        raise WrongKind(f"{name_place(path)}: not a web page (no tags in it)")
    with report_damage(path, extra=(ParserRejectedMarkup,)), warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(text, "lxml")
        _check_depth(soup)
        title = _find_title(soup)
        body = soup.body
        if body is None:
            raise EmptyInput(f"{name_place(path)}: there is no text in it")
        _drop_furniture(body)
        items = list(_Walker().read_blocks(_find_content(body)))
    if (
        items
        and title
        and not any(isinstance(item, RawText) and fold_blanks(title) in fold_blanks(item.text) for item in items[:12])
    ):
        items.insert(0, RawText(title))
    return items


def decode_html(data: bytes, name: str = "web page") -> str:
    """The page as text: by its byte order mark, else by the charset that it names, else by what reads well."""
    found = _CHARSET.search(data[:4096])
    if found and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        charset = found[1].decode("ascii").lower()
        try:
            return data.decode(_WIDER.get(charset, charset))
        except (LookupError, UnicodeDecodeError):
            pass  # the page is not what it says of itself
    return decode(data, name)


def _find_title(soup: BeautifulSoup) -> str:
    """The article's title as the site keeps it for machines; the window's title bar names the site as well."""
    for name in ("ArticleTitle", "og:title"):
        node = soup.find("meta", attrs={"name": name}) or soup.find("meta", attrs={"property": name})
        if isinstance(node, Tag) and node.get("content"):
            return clean_text(str(node["content"]))
    node = soup.find("title")
    return re.split(r"\s*[_|]\s*|\s+[-—–]+\s+", clean_text(node.get_text()))[0] if isinstance(node, Tag) else ""


def _check_depth(soup: BeautifulSoup) -> None:
    """Raises ValueError for a page that no person wrote: what walks through its tags goes as deep as they do."""
    depth = {id(soup): 0}
    for node in soup.find_all(True):
        depth[id(node)] = depth[id(node.parent)] + 1
        if depth[id(node)] > _DEEPEST:
            raise ValueError(f"its tags are nested more than {_DEEPEST} deep")


def _drop_furniture(body: Tag) -> None:
    """Takes out what is not the article. What only looks so by its name stays if it holds running text."""
    for node in body.find_all(True):
        if node.decomposed:
            continue
        names = " ".join(str(name) for key in ("class", "id") for name in node.get_attribute_list(key) if name)
        hidden = node.has_attr("hidden") or _HIDDEN.search(str(node.get("style") or ""))
        if node.name in _DROPPED or hidden or (_FURNITURE.search(names) and not _has_substance(node)):
            node.decompose()


def _has_substance(node: Tag) -> bool:
    """Whether there is a sentence or a table of data in the node, links aside."""
    if any(_is_data(table) for table in node.find_all("table")):
        return True
    text = "".join(str(piece) for piece in node.find_all(string=True) if piece.find_parent("a") is None)
    return _SENTENCE.search(text) is not None


def _find_content(body: Tag) -> Tag:
    """Goes down to the part that holds the article, as long as what is left beside it has no substance."""
    node = body
    while True:
        children = list(node.find_all(True, recursive=False))
        bare = any(
            isinstance(piece, NavigableString) and piece.strip()
            for piece in node.children
            if not isinstance(piece, Tag)
        )
        solid = [child for child in children if _has_substance(child)]
        if bare or len(solid) != 1 or solid[0].name not in ("div", "section", "article", "main", "center", "form"):
            return node
        if any(_HEADING.fullmatch(child.name) or child.find(_HEADING) for child in children if child is not solid[0]):
            return node
        node = solid[0]


def _is_data(table: Tag) -> bool:
    """Whether a table holds data: two rows and two columns at least, nothing but text in its cells."""
    if table.find("table") or table.find(_HEADING):
        return False
    rows = _own_rows(table)
    widths = [sum(_read_span(cell, "colspan") for cell in _own_cells(row)) for row in rows]
    if not widths or max(widths) < 2:
        longest = max((len(cell.get_text()) for row in rows for cell in _own_cells(row)), default=0)
        return len(rows) > 1 and longest <= _LONG_CELL
    return len(rows) > 1 or len(table.find_all("p")) <= 2 * max(widths)


def _own_rows(table: Tag) -> list[Tag]:
    return [row for row in table.find_all("tr") if row.find_parent("table") is table]


def _own_cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


def _read_span(cell: Tag, name: str) -> int:
    text = str(cell.get(name) or "1").strip()
    if not text.isdecimal():
        return 1
    return min(max(int(text), 1), _WIDEST) if len(text) < _LONGEST_NUMBER else _WIDEST


@dataclass(slots=True)
class _Walker:
    """Collects inline text until a block begins or ends, then hands it out as one paragraph."""

    pieces: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)  # the part of ``pieces`` that only leads elsewhere in the page
    counts: Counter[int] = field(default_factory=Counter)  # of the items of each list so far

    def read_blocks(self, node: Tag) -> Iterator[RawItem]:
        yield from self._walk(node)
        yield from self._flush()

    def _walk(self, node: Tag) -> Iterator[RawItem]:
        for child in list(node.children):
            if isinstance(child, Tag):
                yield from self._read_tag(child)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                kept = node.name == "pre" or node.find_parent("pre") is not None
                self.pieces.append(str(child) if kept else re.sub(r"[ \t\r\n\f]+", " ", str(child)))

    def _read_tag(self, tag: Tag) -> Iterator[RawItem]:
        name = tag.name
        if name == "br":
            self.pieces.append("\n")
        elif name == "table":
            yield from self._flush()
            yield from self._read_table(tag)
        elif match := _HEADING.fullmatch(name):
            yield from self._flush()
            yield from self._walk(tag)
            yield from self._flush(level=int(match[1]))
        elif name == "li":
            yield from self._flush()
            self.pieces.append(self._number_item(tag))
            yield from self._walk(tag)
            yield from self._flush()
        elif name in _BLOCKS:
            yield from self._flush()
            yield from self._walk(tag)
            yield from self._flush()
        elif name == "a" and str(tag.get("href") or "").startswith("#") and tag.find(list(_BLOCKS)) is None:
            self.links.append(tag.get_text())
            yield from self._walk(tag)
        elif name not in ("rt", "rp"):
            yield from self._walk(tag)

    def _number_item(self, item: Tag) -> str:
        """The number that an ordered list shows before its item."""
        parent = item.parent
        if parent is None or parent.name != "ol":
            return ""
        start = str(parent.get("start") or "1")
        first = int(start) if start.isdecimal() and len(start) < _LONGEST_NUMBER else 1
        self.counts[id(parent)] += 1
        return f"{first + self.counts[id(parent)] - 1}. "

    def _flush(self, level: int = 0) -> Iterator[RawItem]:
        whole, links = "".join(self.pieces), "".join(self.links)
        self.pieces.clear()
        self.links.clear()
        contents = links and fold_blanks(links) == fold_blanks(whole)
        # Two line breaks, or one and an indent, are how editors write a paragraph.
        for text in [whole] if level else _INDENT.split(whole):
            text = clean_text(text)
            if text:
                heads = level if len(text) <= _LONGEST_HEADING else 0
                yield RawText(text, level=heads, kind=BlockKind.CONTENTS if contents and not heads else None)

    def _read_table(self, table: Tag) -> Iterator[RawItem]:
        if not _is_data(table):
            for child in table.find_all(["caption", "td", "th"]):
                if child.find_parent("table") is table:
                    yield from self._walk(child)
                    yield from self._flush()
            return
        rows = _own_rows(table)
        cells = tuple(_read_row(row, len(rows) - index) for index, row in enumerate(rows))
        caption = table.find("caption")
        text = clean_text(caption.get_text(" ")) if isinstance(caption, Tag) else ""
        yield RawTable(cells, caption=text, header_rows=_count_headers(rows))


def _read_row(row: Tag, rows_left: int) -> tuple[RawCell, ...]:
    cells: list[RawCell] = []
    for cell in _own_cells(row):
        down = rows_left if str(cell.get("rowspan") or "").strip() == "0" else _read_span(cell, "rowspan")
        cells.append(RawCell(_read_cell(cell), min(down, rows_left), _read_span(cell, "colspan")))
    return tuple(cells)


def _read_cell(cell: Tag) -> str:
    return "\n".join(item.text for item in _Walker().read_blocks(cell) if isinstance(item, RawText))


def _count_headers(rows: list[Tag]) -> int | None:
    """The rows at the top that the page marks as headers; None where it marks none."""
    count = 0
    for row in rows:
        cells = _own_cells(row)
        marked = row.parent is not None and row.parent.name == "thead"
        if not marked and not (cells and all(cell.name == "th" for cell in cells)):
            break
        count += 1
    return count if 0 < count < len(rows) else None
