"""From laid-out PDF pages to the items of a report: lines to paragraphs, pieces of tables to whole ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.layout import RawItem, RawText
from kg.model import BlockKind
from kg.readers.cleaning import clean_text, fold_blanks
from kg.readers.pdf_grid import PdfTable
from kg.readers.pdf_lines import CLOSING, Line, join_lines
from kg.readers.pdf_pages import PageLayout
from kg.readers.pdf_tables import append_table, fits_below, make_table

Piece = Line | PdfTable
Outline = Sequence[tuple[int, str]]  # the depth and the text of each bookmark, in order

_ENDED = re.compile(r"[。！？；：!?;:][”’」』）)]?$")
_MARKER = re.compile(
    r"(?:第[一二三四五六七八九十百\d]+[章节部篇条]|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|"
    r"[①-⑳⑴-⒇]|\d{1,2}(?:[.．]\d{1,2})*[.．、\s]|[●■◆★▪•○□➢☑√]|(?:附|续)?[表图]\s*\d|(?:案例|专栏|挑战|问题|附件)\s*[一二三四五六七八九十\d])"
)
_LEADER = re.compile(r"\s*(?:[.．…·‥_]\s*){3,}(?P<page>[0-9IVXivx]{1,5})?$")
_CONTENTS_TITLE = re.compile(r"(?:[图表格案例附件]{0,3})目录")
_CONTENTS_NUMBER = re.compile(r"\S\s+(?P<page>[0-9]{1,3})$")
_CONTINUED = re.compile(
    r"(?:续\s*表|接\s*上\s*表)[\s\d.．\-—一二三四五六七八九十]*\S{0,40}|表\s*[\d.\-—]+\s*[（(]续[)）]\S{0,40}"
)
_INDENT = 1.2  # ems
_ASIDE = 4.5


def build_items(pages: Sequence[PageLayout], outline: Outline = ()) -> list[RawItem]:
    """All paragraphs and tables in reading order. Titles among the file's bookmarks are headings of their depth."""
    _set_edges(pages)
    pieces = [piece for page in pages for piece in _order_pieces(page)]
    items = list(_join_pieces(pieces, _measure_pitch(pages), {page.number: page for page in pages}))
    return _set_levels(items, outline)


def _set_edges(pages: Sequence[PageLayout]) -> None:
    """Gives each line outside of boxes and columns the edges of its page's text."""
    found: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for page in pages:
        plain = [line for line in page.lines if not line.right]
        if len(plain) >= 6:
            found.setdefault(_shape(page), []).append(_measure_edges(plain))
    for page in pages:
        plain = [line for line in page.lines if not line.right]
        known = found.get(_shape(page), [])
        if len(plain) >= 6:
            left, right = _measure_edges(plain)
        elif known:
            left = sorted(left for left, _ in known)[len(known) // 2]
            right = sorted(right for _, right in known)[len(known) // 2]
        elif plain:
            left, right = min(line.x0 for line in plain), max(line.x1 for line in plain)
        else:
            continue
        # Pages of short lines do not show where their text would have ended: other pages do, or the left margin.
        size = plain[0].size if plain else 12.0
        usual = max((right for _, right in known), default=right)
        right = usual if right < usual - 3 * size else right
        right = page.width - left if right < page.width - left - 4 * size else right
        page.lines = [line if line.right else replace(line, left=left, right=right) for line in page.lines]


def _shape(page: PageLayout) -> tuple[int, int]:
    return round(page.width), round(page.height)


def _measure_edges(lines: Sequence[Line]) -> tuple[float, float]:
    """The outermost places that several lines reach: a single line may stick out.

    Punctuation may hang out over the edge, so lines that end without any show best where it is.
    """
    plain = [line for line in lines if line.text[-1] not in CLOSING]
    lefts = sorted(line.x0 for line in lines)
    rights = sorted((line.x1 for line in (plain if len(plain) >= 4 else lines)), reverse=True)
    several = max(2, len(lines) // 10)
    left = next((x for place, x in enumerate(lefts) if _count_near(lefts[place:], x) >= several), lefts[0])
    right = next((x for place, x in enumerate(rights) if _count_near(rights[place:], x) >= several), rights[0])
    return left, right


def _count_near(places: Sequence[float], x: float) -> int:
    return sum(1 for place in places if abs(place - x) <= 8.0)


def _order_pieces(page: PageLayout) -> Iterator[Piece]:
    """Lines stay in their order; tables and boxes come before the first line that begins below them."""
    blocks: list[tuple[float, list[Piece]]] = [(table.top, [table]) for table in page.tables]
    blocks.extend((frame[0].top, list(frame)) for frame in page.frames if frame)
    blocks.sort(key=lambda block: block[0])
    for line in page.lines:
        while blocks and page.gutter is None and blocks[0][0] < line.top:
            yield from blocks.pop(0)[1]
        yield line
    for _, block in blocks:
        yield from block


def _measure_pitch(pages: Sequence[PageLayout]) -> dict[float, float]:
    """Font size → the usual distance between the baselines of two lines of one paragraph."""
    counts: dict[float, Counter[float]] = {}
    for page in pages:
        for above, below in pairwise(page.lines):
            pitch = round((below.baseline - above.baseline) * 2) / 2
            if above.size == below.size and 0.9 * above.size < pitch < 3 * above.size:
                counts.setdefault(above.size, Counter())[pitch] += 1
    return {size: max(counter.items(), key=lambda item: (item[1], -item[0]))[0] for size, counter in counts.items()}


def _join_pieces(
    pieces: Sequence[Piece], pitches: dict[float, float], pages: dict[int, PageLayout]
) -> Iterator[RawItem]:
    paragraph: list[Line] = []
    table: PdfTable | None = None
    in_contents = False
    for place, piece in enumerate(pieces):
        if isinstance(piece, PdfTable):
            if paragraph:
                yield _make_text(paragraph, in_contents)
                paragraph = []
            in_contents = False
            if table is not None and _goes_on(table, piece, pages):
                append_table(table, piece)
                continue
            if table is not None:
                yield make_table(table)
            table = piece
            continue
        if table is not None:
            following = pieces[place + 1] if place + 1 < len(pieces) else None
            if (
                isinstance(following, PdfTable)
                and _CONTINUED.fullmatch(fold_blanks(piece.text))
                and _goes_on(table, following, pages)
            ):
                continue  # "续表" between the two halves
            yield make_table(table)
            table = None
        whole = in_contents and bool(paragraph) and _CONTENTS_NUMBER.search(paragraph[-1].text) is not None
        if paragraph and (whole or not continues_line(paragraph[-1], piece, pitches, len(paragraph) == 1)):
            yield _make_text(paragraph, in_contents)
            in_contents = _follows_contents(in_contents, paragraph)
            paragraph = []
        paragraph.append(piece)
    if paragraph:
        yield _make_text(paragraph, in_contents)
    if table is not None:
        yield make_table(table)


def _follows_contents(in_contents: bool, paragraph: Sequence[Line]) -> bool:
    """Whether the lines after this paragraph may still be contents lines without leaders."""
    text = fold_blanks(paragraph[-1].text)
    if _CONTENTS_TITLE.fullmatch(text) or _LEADER.search(text):
        return True
    return in_contents and _CONTENTS_NUMBER.search(paragraph[-1].text) is not None


def _goes_on(table: PdfTable, following: PdfTable, pages: dict[int, PageLayout]) -> bool:
    """Whether a table at the top of a page is the rest of the last one on the page before."""
    page, last = pages[following.page], pages[table.last_page]
    if following.page != table.last_page + 1 or table.bottom < 0.6 * last.height:
        return False
    if any(line.bottom < following.top and not _CONTINUED.fullmatch(fold_blanks(line.text)) for line in page.lines):
        return False
    return fits_below(table, following)


def continues_line(above: Line, below: Line, pitches: dict[float, float], first: bool = True) -> bool:
    """Whether two lines that follow on each other belong to one paragraph; ``first``: ``above`` begins one."""
    if abs(above.size - below.size) > 0.08 * max(above.size, below.size) or above.bold != below.bold:
        return False
    if _LEADER.search(above.text) or _CONTENTS_TITLE.fullmatch(fold_blanks(above.text)):
        return False
    size = above.size
    pitch = below.baseline - above.baseline
    if above.page == below.page and pitch > 0 and pitch > 1.35 * pitches.get(size, 2 * size) + 1:
        return False
    # There was room for more: the paragraph ended here.
    if above.right - above.x1 > below.token + 0.3 * size:
        return False
    indent_above, indent_below = above.x0 - above.left, below.x0 - below.left
    if min(indent_above, indent_below) > _ASIDE * size:
        return False  # set flush right or in the middle
    ended = _ENDED.search(above.text) is not None
    if indent_below >= _INDENT * size:
        if abs(indent_below - indent_above) < 0.6 * size:
            return not ended and not _MARKER.match(below.text)
        # Lists hang: their later lines stand further in than the first.
        return indent_below < indent_above or (first and not ended and _MARKER.match(above.text) is not None)
    return not (ended and _MARKER.match(below.text) and indent_above < _INDENT * size)


def _make_text(paragraph: Sequence[Line], in_contents: bool) -> RawText:
    text = ""
    for line in paragraph:
        text = join_lines(text, line.text)
    leader = _LEADER.search(text)
    if leader and (leader["page"] or len(leader[0]) > 6):
        page = leader["page"] or ""
        return RawText(f"{text[: leader.start()]}\t{page}".rstrip(), page=paragraph[0].page, kind=BlockKind.CONTENTS)
    number = _CONTENTS_NUMBER.search(text) if in_contents else None
    if number:
        title = text[: number.start("page")].rstrip()
        return RawText(f"{title}\t{number['page']}", page=paragraph[0].page, kind=BlockKind.CONTENTS)
    return RawText(clean_text(text), page=paragraph[0].page)


def _set_levels(items: list[RawItem], outline: Outline) -> list[RawItem]:
    """Bookmarks come in the order of the text: each title is looked for after the one before it."""
    titles = [(level, fold_blanks(clean_text(title))) for level, title in outline]
    at = 0
    result: list[RawItem] = []
    for item in items:
        if isinstance(item, RawText) and item.kind is None and at < len(titles):
            text = fold_blanks(item.text)
            found = next((place for place in range(at, min(at + 12, len(titles))) if titles[place][1] == text), None)
            if found is not None:
                item = replace(item, level=titles[found][0])
                at = found + 1
        result.append(item)
    return result
