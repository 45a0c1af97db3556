"""Text reports in the dialects that occur.

- *Saved from Word*: one table cell a line, begun by a tab; a blank line ends a row, two end the table; a merged-down
  cell is left empty, cells merged across make the row shorter; a cell's further lines have no tab. Bookmarks and
  pictures leave marks in square brackets.
- *Saved from PDF*: a table row is one line of tab-separated cells; paragraphs stand between blank lines and may break
  off in mid-sentence at a page's end; contents lines end in dots or a tab and a page number. A row whose cells have
  two lines is two lines of the file, and columns may be kept apart by blanks or full-width blanks instead of tabs.

Both may occur in one file, so nothing is decided for the file as a whole.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from kg.headers import align_ragged_rows
from kg.invisible import drop_invisible
from kg.layout import RawItem, RawTable, RawText
from kg.limits import STANDARD, Limits
from kg.model import BlockKind
from kg.readers.failures import name_place
from kg.readers.text_encoding import decode
from kg.readers.text_tables import find_continued, read_aligned_lines, read_spaced_lines

# "[bookmark: _Toc65053513]", "[image: 人才培养模式]": marks that Word's text filter leaves.
_MARK = re.compile(r"\[(?:bookmark|image|picture|图片|书签|comment|footnoteRef)\b[^\[\]\n]{0,200}\]", re.IGNORECASE)
_CONTENTS_LINE = re.compile(r"^(?=.*[^\d\s.…·])[^\t]{1,120}?(?:\t+|[.…·]{3,}|(?:\s\.){3,})[\s.…·]*\d{1,3}\s*$")
_PAGE_NUMBER = re.compile(
    r"^[\s\-—–－·•]*(?:第\s*)?\d{1,3}\s*(?:页)?(?:\s*[/／，,]?\s*共?\s*\d{1,3}\s*页)?[\s\-—–－·•]*$"
)
_SENTENCE_END = re.compile(r"[。！？；：:;!?”』」》）)…\]]\s*$")
_CJK = r"\u3400-\u9fff"
_STRUCTURAL_START = re.compile(
    r"^\s*(?:第[一二三四五六七八九十\d]+[章节部]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[)）]"
    r"|\d{1,2}(?:[.．]\s?\d{1,2})*[、.．\s](?!\d)|表\s*\d|图\s*\d|案例|挑战\s*\d|注[：:]|附[件录表]|目\s*录|前\s*言)"
)


def read_txt(path: Path, limits: Limits = STANDARD) -> list[RawItem]:
    """The file's paragraphs, contents lines and tables in order.

    Raises what decode raises, TooLarge for more characters than it may have; EmptyInput is the dispatcher's to raise.
    """
    text = decode(path.read_bytes(), name_place(path))
    limits.check_characters(name_place(path), len(text))
    text = drop_invisible(text)
    text = _MARK.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\u00a0", " "))
    lines = _drop_running_heads(text.split("\n"))
    items: list[RawItem] = []
    above: list[list[str]] = []  # the rows of the table that ``items`` ends with
    turned = False  # a page ended after the last of them
    at = 0

    def add_table(rows: list[list[str]]) -> None:
        nonlocal above, turned
        if items and isinstance(items[-1], RawTable) and (more := _go_on_below(above, rows, turned)):
            items.pop()
            rows = above + more
        elif turned and items and isinstance(items[-1], RawText) and (head := _head_before(items, rows)):
            items.pop()
            rows = [head, *rows]
        items.append(align_ragged_rows(rows, find_continued(rows)))
        above, turned = rows, False

    while at < len(lines):
        line = lines[at]
        if line.startswith("\t") and _begins_word_table(lines, at):
            rows, at = _read_word_table(lines, at)
            items.append(align_ragged_rows(rows))
            above = []
        elif "\t" in line.strip() and not _CONTENTS_LINE.match(line.strip()):
            rows, at = _read_tabbed_table(lines, at)
            add_table(rows)
        elif line.count("\u3000") >= 2 and (spaced := read_spaced_lines(lines, at))[0]:
            items.append(align_ragged_rows(spaced[0]))
            above, at = [], spaced[1]
        elif "  " in line.strip() and not _is_title(line):
            rows, after = read_aligned_lines(lines, at, captioned=_is_below_caption(items))
            if rows:
                add_table(rows)
                at = after
            else:
                items.append(RawText(line.strip()))
                turned = False
                at += 1
        else:
            if line.strip() and not _PAGE_NUMBER.match(line):
                kind = BlockKind.CONTENTS if _CONTENTS_LINE.match(line.strip()) else None
                items.append(RawText(line.strip(), kind=kind))
                turned = False
            turned = turned or bool(line.strip() and _PAGE_NUMBER.match(line))
            at += 1
    return _join_broken(items)


def _go_on_below(above: list[list[str]], rows: list[list[str]], turned: bool) -> list[list[str]]:
    """The rows of a table that goes on with the one above it on the page before; none where it is a table of its own.

    Its numbers go on; or, ``turned`` being true, a page ended between them and its head comes again or its first row has
    numbers and words where the last row has them.
    """
    if not above or len(above) < 2 or len(above[-1]) != len(rows[0]):
        return []
    if len(rows) > 1 and rows[0] == above[0]:
        return rows[1:] if turned or _follows(above[-1], rows[1]) else []
    return rows if _follows(above[-1], rows[0]) or (turned and _are_alike(above[-1], rows[0])) else []


def _head_before(items: list[RawItem], rows: list[list[str]]) -> list[str]:
    """The cells of a line below a table's caption that is the head of the rows on the next page; none where it is not."""
    assert isinstance(items[-1], RawText)
    cells = re.split(r"\s{2,}", items[-1].text)
    if len(cells) != len(rows[0]) or not _is_below_caption(items[:-1]) or any(re.search(r"\d{2}", c) for c in cells):
        return []
    return cells if any(re.fullmatch(r"[\d.,%％]+", cell) for cell in rows[0]) else []


def _are_alike(row: list[str], following: list[str]) -> bool:
    pairs = [(a, b) for a, b in zip(row, following, strict=True) if a and b]
    numbers = [bool(re.fullmatch(r"[\d.,%％/年月-]+", a)) for a, _ in pairs]
    return (
        len(pairs) >= 2 and any(numbers) and numbers == [bool(re.fullmatch(r"[\d.,%％/年月-]+", b)) for _, b in pairs]
    )


def _follows(row: list[str], following: list[str]) -> bool:
    return row[0].isdigit() and following[0].isdigit() and int(following[0]) == int(row[0]) + 1


# A page's head names the report or whose it is, and is no sentence.
_HEAD = re.compile(r"(?=.*(?:报告|年报|学校|学院|教育|职教|质量))^[^，。；：]*$")


def _drop_running_heads(lines: list[str]) -> list[str]:
    """The lines with the running heads of pages made blank: short lines that come again and again beside a page's number."""
    counts = Counter(line.strip() for line in lines)
    heads = {
        text
        for text, count in counts.items()
        if count >= 3 and 4 <= len(text) <= 60 and "\t" not in text and _HEAD.search(text)
    }
    return [
        "" if line.strip() in heads and _is_beside_page_number(lines, at) else line for at, line in enumerate(lines)
    ]


def _is_beside_page_number(lines: list[str], at: int) -> bool:
    for step in (-1, 1):
        places = (at + step * far for far in (1, 2, 3))
        near = next((lines[place] for place in places if 0 <= place < len(lines) and lines[place].strip()), "")
        if near and "\t" not in near and _PAGE_NUMBER.match(near):
            return True
    return False


def _is_title(line: str) -> bool:
    """A caption with its unit at the right, a contents line, a page's number: blanks in it keep no columns apart."""
    return bool(_STRUCTURAL_START.match(line) and not re.match(r"\s*\d{1,2}\s", line)) or bool(
        _CONTENTS_LINE.match(line.strip()) or _PAGE_NUMBER.match(line)
    )


def _is_below_caption(items: list[RawItem]) -> bool:
    return any(isinstance(item, RawText) and re.match(r"\s*(?:附|续)?表", item.text) for item in items[-2:])


def _begins_word_table(lines: list[str], at: int) -> bool:
    """A tab alone may be an indent: a table has a further line that begins with a tab before a blank line."""
    if "\t" in lines[at].strip():
        return False
    if not lines[at].strip() and not (at + 1 < len(lines) and lines[at + 1].startswith("\t")):
        return False
    if (
        re.search(r"[，；][^\n]{4,}[。；]\s*$", lines[at])
        and at + 1 < len(lines)
        and re.search(r"[。；]\s*$", lines[at + 1])
    ):
        return False  # paragraphs begun by a tab
    for offset, line in enumerate(lines[at + 1 : at + 12], at + 1):
        if line.startswith("\t"):
            return "\t" not in line.strip()
        if not line.strip():
            return _goes_on_in_cell(lines, offset)
    return False


def _read_word_table(lines: list[str], at: int) -> tuple[list[list[str]], int]:
    rows: list[list[str]] = [[]]
    while at < len(lines):
        line = lines[at]
        if line.startswith("\t"):
            rows[-1].append(line.strip())
        elif line.strip():
            if not rows[-1]:  # text right below a row's end: the table is over
                break
            rows[-1][-1] = f"{rows[-1][-1]}\n{line.strip()}".strip()
        else:
            following = lines[at + 1] if at + 1 < len(lines) else ""
            if following.startswith("\t"):
                if rows[-1]:
                    rows.append([])
            elif not (rows[-1] and _goes_on_in_cell(lines, at)):
                at += 1
                break
        at += 1
    return [row for row in rows if row], at


def _goes_on_in_cell(lines: list[str], at: int) -> bool:
    """A blank line inside a cell: one to three short pieces follow and right after them the row's next cell."""
    for offset in range(1, 5):
        piece = lines[at + offset] if at + offset < len(lines) else ""
        if piece.startswith("\t"):
            return offset > 1
        if not 0 < len(piece.strip()) <= 12 or _STRUCTURAL_START.match(piece):
            return False
    return False


def _read_tabbed_table(lines: list[str], at: int) -> tuple[list[list[str]], int]:
    rows: list[list[str]] = []
    while at < len(lines):
        line = lines[at]
        if ("\t" in line.strip("\n") and line.strip() and not _CONTENTS_LINE.match(line.strip())) or (
            line.strip() and "\t" in line and rows
        ):
            rows.append([cell.strip() for cell in line.split("\t")])
        elif (following := _next_row(lines, at)) is not None and len(lines[following].split("\t")) == len(rows[-1]) > 2:
            at = following  # the table goes on after a page's end
            continue
        else:
            break
        at += 1
    return rows, at


def _next_row(lines: list[str], at: int) -> int | None:
    """The place of the table row that follows blank lines and a page number only; None where other text does."""
    for index in range(at, min(at + 5, len(lines))):
        line = lines[index]
        if "\t" in line.strip():
            return index if index > at and not _CONTENTS_LINE.match(line.strip()) else None
        if line.strip() and not _PAGE_NUMBER.match(line):
            return None
    return None


def _join_broken(items: list[RawItem]) -> list[RawItem]:
    """Joins a paragraph that breaks off in mid-sentence with what follows it (a page's end, a fixed line width)."""
    result: list[RawItem] = []
    for item in items:
        before = result[-1] if result else None
        if (
            isinstance(item, RawText)
            and isinstance(before, RawText)
            and item.kind is None
            and before.kind is None
            and _breaks_off(before.text)
            and not _STRUCTURAL_START.match(item.text)
        ):
            result[-1] = RawText(before.text + item.text)
        else:
            result.append(item)
    return result


def _breaks_off(text: str) -> bool:
    """True for running text (it has a comma, a full stop or 某校（以下简称…）是, or is long) that ends in mid-sentence."""
    if _SENTENCE_END.search(text) or (_STRUCTURAL_START.match(text) and len(text) < 60):
        return False
    if text.count("“") > text.count("”") or text.count("（") > text.count("）"):
        return len(text) >= 12
    told = re.search(r"[，。；、,]", text) or (
        len(text) >= 30 and re.search(r"[）)](?:是|为|位于|坐落|创办|始建)", text)
    )
    return (len(text) >= 24 and bool(told)) or len(text) >= 70
