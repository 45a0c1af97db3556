"""From a reader's raw items to a Document: what is a heading, a caption, a contents line, a table's header.

Readers only tell what their format knows (text in reading order, tables as rows of cells, a heading's level where
there is a style for it, the page). What the text itself shows is decided here, once for all formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.invisible import drop_invisible
from kg.model import Block, BlockKind, Cell, Document, Remark, Span, Table
from kg.report_info import read_report_info


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
    """A table as rows of cells, as in HTML. ``header_rows`` is None where the format does not mark them.

    ``continued``: rows that only go on with the cells above them (see Table).
    """

    rows: tuple[tuple[RawCell, ...], ...]
    caption: str = ""
    page: int | None = None
    header_rows: int | None = None
    continued: frozenset[int] = frozenset()


RawItem = RawText | RawTable | Remark


_CJK = "\u3400-\u9fff"
_TABLE_CAPTION = re.compile(
    rf"^(?:附|续)?表\s*[\dA-Za-z一二三四五六七八九十]+(?:\s*[-－—–.．]\s*\d+)*\s*[：:、.．]?\s*(?=[{_CJK}A-Za-z\d“《（(]|$)"
)
_FIGURE_CAPTION = re.compile(r"^图\s*[\d一二三四五六七八九十]+(?:\s*[-－—–.．]\s*\d+)*\s*[：:、.．]?\s*\S")
_NOTE = re.compile(r"^(?:注|备注|说明|数据来源|资料来源|\*)\s*[：:]")
_UNIT = re.compile(r"(?:计量)?单位\s*[：:]\s*([^\s）)，。]{1,10})")
_CONTENTS_TITLE = re.compile(r"^(?:目\s*录|(?:图|表|表格|图表|案例|附件)\s*目\s*录|目\s*次)$")
_NUMBERED = (
    ("part", re.compile(r"^第\s*[一二三四五六七八九十百\d]+\s*(?:部分|章|篇|编)")),
    ("section", re.compile(r"^第\s*[一二三四五六七八九十百\d]+\s*节")),
    (
        "case",
        re.compile(
            r"^(?:典型|特色|优秀)?(?:案例|专栏)\s*(?:[\d一二三四五六七八九十]+(?:\s*[-－—–.．]\s*\d+)*\s*[：:、.．]?|[：:])|^【[^】]{0,8}案例[^】]{0,8}】"
        ),
    ),
    ("n.n.n.n", re.compile(r"^\d{1,2}(?:\s*[.．]\s*\d{1,2}){3}\.?(?!\d)")),
    ("n.n.n", re.compile(r"^\d{1,2}(?:\s*[.．]\s*\d{1,2}){2}\.?(?!\d)")),
    ("n.n", re.compile(r"^\d{1,2}\s*[.．]\s*\d{1,2}\.?(?![\d%年月日])")),
    ("n", re.compile(rf"^\d{{1,2}}\s*[.．、]\s*(?=[{_CJK}“《])|^\d{{1,2}}\s+(?=[{_CJK}])")),
    ("cn", re.compile(r"^[一二三四五六七八九十]{1,3}\s*[、.．]")),
    ("(cn)", re.compile(r"^[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]")),
    ("(n)", re.compile(r"^[（(]\s*\d{1,2}\s*[)）]")),
    ("challenge", re.compile(r"^(?:挑战|问题|附件|附录)\s*[一二三四五六七八九十\d]+")),
)
_BARE_HEADING = re.compile(r"^(?:前\s*言|引\s*言|结\s*语|结束语|概\s*述|附\s*录|附\s*件)$")
_LONGEST_HEADING = 48
_VALUE = re.compile(r"^[+\-－—–/]?\s*[\d,，.．]+\s*(?:[%％‰:：]\s*[\d.]*|[\u4e00-\u9fff]{1,2})?$|^[-－—–/]+$")
_YEAR_LABEL = re.compile(
    r"^(?:19|20)\d\d\s*(?:学?年(?:度)?)?$|^(?:19|20)\d\d\s*[-－—–~～至/]\s*(?:(?:19|20)?\d\d)\s*(?:学?年(?:度)?)?$"
)


def build_document(report: str, source: str, items: Iterable[RawItem], file_stem: str = "") -> Document:
    """Lays the items out as one text and says what each is. The result keeps the law of offsets.

    Blocks are joined by line breaks; in a table cells by tabs and rows by line breaks. What cannot be seen (kg.invisible) is
    left out, so that a name is the same with and without it.
    """
    items = list(map(_drop_invisible, items))
    blocks: list[Block] = []
    pieces: list[str] = []
    at = 0
    tables = 0
    classified = _classify([item for item in items if not isinstance(item, Remark)])
    for kind, level, item in classified:
        if isinstance(item, RawTable):
            tables += 1
            table, text = _lay_out_table(item, at, tables)
            blocks.append(Block(BlockKind.TABLE, text, Span(at, at + len(text)), page=item.page, table=table))
        else:
            text = item.text
            blocks.append(Block(kind, text, Span(at, at + len(text)), level=level, page=item.page))
        pieces.append(text)
        at += len(text) + 1
    text = "\n".join(pieces)
    return Document(
        report,
        source,
        text,
        tuple(_attach_captions(blocks)),
        read_report_info(blocks, file_stem or report),
        tuple(item for item in items if isinstance(item, Remark)),
    )


def _drop_invisible(item: RawItem) -> RawItem:
    if isinstance(item, RawText):
        return replace(item, text=drop_invisible(item.text))
    if isinstance(item, RawTable):
        rows = tuple(tuple(replace(cell, text=drop_invisible(cell.text)) for cell in row) for row in item.rows)
        return replace(item, rows=rows, caption=drop_invisible(item.caption))
    return item


def _classify(items: list[RawText | RawTable]) -> list[tuple[BlockKind, int, RawText | RawTable]]:
    result: list[tuple[BlockKind, int, RawText | RawTable]] = []
    levels = _HeadingLevels()
    in_contents = False
    seen_heading = False
    for item in items:
        if isinstance(item, RawTable):
            in_contents = False
            if any(cell.text.strip() for row in item.rows for cell in row):
                result.append((BlockKind.TABLE, 0, item))
            continue
        text = tidy_text(item.text)
        if not text:
            continue
        if item.kind is not None:
            in_contents = in_contents or item.kind is BlockKind.CONTENTS
            result.append((item.kind, 0, replace(item, text=text)))
            continue
        if _CONTENTS_TITLE.match(text):
            in_contents = True
            result.append((BlockKind.CONTENTS, 0, replace(item, text=text)))
            continue
        kind, style = _kind_of(item, text, " ".join(item.text.split()))
        if in_contents and kind is not BlockKind.PARAGRAPH and re.search(r"[.…·\s]\d{1,3}$", text):
            result.append((BlockKind.CONTENTS, 0, replace(item, text=text)))
            continue
        if kind is BlockKind.HEADING:
            in_contents = False
            seen_heading = True
            result.append((kind, levels.place(style), replace(item, text=text)))
        elif kind is BlockKind.PARAGRAPH and not seen_heading and len(text) < 60 and not re.search(r"[。；]", text):
            result.append((BlockKind.FRONT, 0, replace(item, text=text)))
        else:
            result.append((kind, 0, replace(item, text=text)))
    return result


def tidy_text(text: str) -> str:
    """Removes blanks that a page layout put between Chinese characters and figures; keeps those between two words."""
    text = re.sub(r"[\s\u3000]+", " ", text).strip()
    text = re.sub(
        rf"(?<=[{_CJK}，。、；：？！”’）》】]) (?=[\d（(“‘《【])|(?<=[\d%％）)”’》】]) (?=[{_CJK}，。、；：？！）])",
        "",
        text,
    )
    text = re.sub(r"(?<=[，。、；：？！（《“‘]) (?=\S)|(?<=\S) (?=[，。、；：？！）》”’])", "", text)
    if re.search(r"[，。；]", text):  # running text: a blank between two characters is the page layout's
        text = re.sub(rf"(?<=[{_CJK}]) (?=[{_CJK}])", "", text)
    # a single character cut off from its word by blanks ("市职 校", "指 标")
    return re.sub(rf"(?<![{_CJK}])([{_CJK}]) (?=[{_CJK}])|(?<=[{_CJK}]) (?=[{_CJK}](?![{_CJK}]))", r"\1", text)


def _kind_of(item: RawText, text: str, raw: str) -> tuple[BlockKind, str]:
    if item.level:
        return BlockKind.HEADING, f"style{item.level}"
    if _FIGURE_CAPTION.match(text) and len(text) < 80:
        return BlockKind.FIGURE, ""
    if _TABLE_CAPTION.match(text) and len(text) < 80 and not re.search(r"[。；]", text):
        return BlockKind.CAPTION, ""
    if _NOTE.match(text):
        return BlockKind.NOTE, ""
    letters = sum(ch.isascii() and ch.isalpha() for ch in text)
    if len(text) > 40 and letters > 0.6 * len(text):
        return BlockKind.FIGURE, ""  # a machine's description of a picture, in English
    if len(text) <= _LONGEST_HEADING and not re.search(r"[。；;]", text) and not text.endswith(("，", "、", ",")):
        if _BARE_HEADING.match(text):
            return BlockKind.HEADING, "bare"
        if re.search(r"[：:][^：:]{2,}[（(]\d+[^（）()]*[)）]", text):
            return BlockKind.PARAGRAPH, ""  # 1.某校：护理（120）、会计（86）: a list, not a heading
        for style, pattern in _NUMBERED:
            if pattern.match(text) or (style == "n" and pattern.match(raw)):
                return BlockKind.HEADING, style
    return BlockKind.PARAGRAPH, ""


class _HeadingLevels:
    """The depth of a heading is the place of its numbering style among the styles that are open above it."""

    def __init__(self) -> None:
        self._open: list[str] = []

    def place(self, style: str) -> int:
        if self._open == ["bare"]:  # nothing hangs below a foreword
            self._open = []
        if style.startswith("style"):
            depth = int(style[5:])
            self._open = [f"style{level}" for level in range(1, depth + 1)]
        elif style in self._open:
            del self._open[self._open.index(style) + 1 :]
        elif style in ("part", "bare"):
            self._open = [style]
        elif style.startswith("n") and "n" in self._open and style != "n":
            shorter = [other for other in self._open if other.startswith("n") and len(other) < len(style)]
            keep = self._open.index(shorter[-1]) + 1 if shorter else 0
            self._open = [*self._open[:keep], style]
        else:
            self._open.append(style)
        return len(self._open)


def _lay_out_table(raw: RawTable, start: int, number: int) -> tuple[Table, str]:
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    lines: list[str] = []
    at = start
    columns = 0
    for r, row in enumerate(raw.rows):
        texts: list[str] = []
        column = 0
        for raw_cell in row:
            while (r, column) in taken:
                column += 1
            text = _tidy_cell(raw_cell.text)
            cells.append(Cell(r, column, text, Span(at, at + len(text)), raw_cell.rowspan, raw_cell.colspan))
            taken.update(
                (r + down, column + right) for down in range(raw_cell.rowspan) for right in range(raw_cell.colspan)
            )
            texts.append(text)
            at += len(text) + 1
            column += raw_cell.colspan
            columns = max(columns, column)
        if not texts:
            at += 1
        lines.append("\t".join(texts))
    table = Table(raw.caption, tuple(cells), len(raw.rows), columns, number=number, continued=raw.continued)
    table = _drop_title_row(table)
    if raw.header_rows is not None and raw.header_rows > 0:
        header_rows = min(raw.header_rows, table.rows)
    else:
        header_rows = _count_header_rows(table)
    table = replace(table, header_rows=header_rows)
    return replace(table, header_columns=_count_header_columns(table)), "\n".join(lines)


def _tidy_cell(text: str) -> str:
    """A cell's lines stay apart; within a line white space is folded (two blanks or more become two: they separate)."""
    lines = []
    for line in text.replace("\t", " ").split("\n"):
        line = re.sub(r"[ \u3000\xa0]{2,}", "  ", line.strip(" \u3000\xa0\r"))
        if line:
            lines.append(line)
    return "\n".join(lines)


def _drop_title_row(table: Table) -> Table:
    """A first row of one cell across the whole table is its caption."""
    first = table.row_cells(0)
    if table.rows > 2 and len(first) == 1 and first[0].colspan >= table.columns > 1 and not table.caption:
        return replace(table, caption=" ".join(first[0].text.split()))
    return table


def _count_header_rows(table: Table) -> int:
    """Rows of labels at the top: the first, and those that hang below its merged cells."""
    count = 1
    if table.rows > 1 and len(table.row_cells(0)) == 1 and table.row_cells(0)[0].colspan >= table.columns > 1:
        count = 2  # a title row above the header
    deepest = max((c.row + c.rowspan for c in table.cells if c.row < count), default=1)
    while count < min(deepest, table.rows - 1):
        count += 1
    while count < table.rows - 1:
        above = [c for c in table.cells if c.row == count - 1]
        row = [c for c in table.row_cells(count) if c.text]
        hangs = any(c.colspan > 1 for c in above) or any(c.row < count < c.row + c.rowspan for c in table.cells)
        labels = all(not _VALUE.match(c.text) or _YEAR_LABEL.match(c.text) for c in row)
        if not (row and hangs and labels and table.rows > count + 1):
            break
        if not any(c.colspan > 1 for c in above) and not all(_YEAR_LABEL.match(c.text) for c in row if c.column > 0):
            break
        count += 1
    return min(count, table.rows)


def _count_header_columns(table: Table) -> int:
    """Columns left of the first that holds mostly values; years and running numbers at the left are labels."""
    body = table.body_rows
    for column in range(table.columns):
        texts = [table.text_at(row, column) for row in body]
        filled = [text for text in texts if text]
        if not filled:
            continue
        header = "".join(table.column_path(column))
        if re.search(r"序号|编号|代码|年[号度份]|学年", header) and column <= 1 and not _YEAR_LABEL.match(header):
            continue
        counts = bool(re.search(r"[数率比]$|人|面积|合计", header))  # 1986 may be a number of students
        values = sum(
            bool(_VALUE.match(text)) and not (_YEAR_LABEL.match(text) and column <= 1 and not counts) for text in filled
        )
        if values > len(filled) / 2:
            return column
    return min(1, table.columns)


def _attach_captions(blocks: list[Block]) -> list[Block]:
    """Gives each table the caption line above it (else below), its unit and the note below it."""
    result = list(blocks)
    used: set[int] = set()
    for index, block in enumerate(blocks):
        if block.table is None:
            continue
        caption, unit, note = block.table.caption, "", ""
        above = _find_caption(blocks, index, -1, used)
        if above is None and not caption:
            above = _find_caption(blocks, index, 1, used)
        if above is not None:
            used.add(above)
            caption = blocks[above].text
        for near in reversed(blocks[max(0, index - 3) : index]):
            if near.table is not None:
                break
            found = _UNIT.search(near.text) if len(near.text) < 60 else None
            unit = unit or (found.group(1) if found else "")
        found = _UNIT.search(caption)
        unit = found.group(1) if found else unit
        if index + 1 < len(blocks) and blocks[index + 1].kind is BlockKind.NOTE:
            note = blocks[index + 1].text
        if not caption or _CONTINUED.match(caption):
            caption = _caption_of_same_header(result, index) or caption
        result[index] = replace(block, table=replace(block.table, caption=caption, unit=unit, note=note))
    return result


_CONTINUED = re.compile(
    r"^(?:续\s*表|表\s*续)\s*[\dA-Za-z一二三四五六七八九十.．\-－—–]*\s*$|^[（(]?\s*续(?:上)?表?\s*[)）]?$"
)


def _caption_of_same_header(blocks: Sequence[Block], index: int) -> str:
    """The caption of the table before, where this one goes on with it under the same header on the next page."""
    own = blocks[index].table
    for near in reversed(blocks[max(0, index - 4) : index]):
        if near.kind is BlockKind.HEADING or (len(near.text) > 60 and near.table is None):
            return ""
        if near.table is not None and own is not None:
            heads = [["/".join(t.column_path(c)) for c in range(t.columns)] for t in (near.table, own)]
            return near.table.caption if heads[0] == heads[1] else ""
    return ""


def _find_caption(blocks: Sequence[Block], index: int, step: int, used: set[int]) -> int | None:
    at = index + step
    for _ in range(3 if step < 0 else 2):
        if not 0 <= at < len(blocks) or blocks[at].kind is BlockKind.TABLE:
            return None
        if blocks[at].kind is BlockKind.CAPTION and at not in used:
            # a caption below belongs to this table only if the next block is not a table of its own
            if step > 0 and at + 1 < len(blocks) and blocks[at + 1].kind is BlockKind.TABLE:
                return None
            return at
        if len(blocks[at].text) > 60:
            return None
        at += step
    return None
