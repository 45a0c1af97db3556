"""Tables of a page's text: columns kept apart by blanks, and cells of two lines that stand in two rows.

Columns are kept apart by runs of blanks, one below the other, or by single full-width blanks. A report saved from PDF
has one line of text for each line of a row: the lines below the first are found by what they lack (a number, a running
number) and by where the cell above breaks off; they stay rows of their own, so that the text is as it is in the file,
and are told to the table as continued.
"""

from __future__ import annotations

import re
import unicodedata

from kg.names import is_generic, type_of_name
from kg.programmes import known_programmes

_VALUE = re.compile(
    r"^[+\-－—–]?[\d,，.．]+(?:[%％‰]|[:：∶][\d.]+|[人个家名所门项亩年级月元次]|年\d{1,2}月|[-—–~至][\d.年月级]+)?$|^[-－—–/]+$|^[√✓●○]$"
)
_OPENS = re.compile(r"[、，；（(《“＋+&与和及暨]$")
_CLOSES = re.compile(r"^[、，；。）)》”]")
_LONE = re.compile("(?![是否有无男女大中小上下优良])[\u3400-\u9fff]")  # a word's last character, alone on its line
_GAP = re.compile(r"\s{2,}|\t")
_SLACK = 4  # display columns that a full line may be short of the longest: a bracket or a number is not broken


def find_continued(rows: list[list[str]]) -> frozenset[int]:
    """The rows that only go on with the cells of the row above them.

    Where one row shows it beyond doubt (a bracket closed below, a word's last character alone), the others of the table
    are believed by the width of the cells above them.
    """
    width = max((len(row) for row in rows), default=0)
    widest = [max((width_of(row[c]) for row in rows if c < len(row)), default=0) for c in range(width)]
    sure = _find_by(rows, widest, proven=False)
    return _find_by(rows, widest, proven=True) if sure else sure


def _find_by(rows: list[list[str]], widest: list[int], *, proven: bool) -> frozenset[int]:
    found: set[int] = set()
    lines: list[list[str]] = []  # of the row that is being read
    for index, row in enumerate(rows):
        if lines and _goes_on(lines, row, widest, proven=proven, in_header=len(lines) == index):
            found.add(index)
            lines.append(row)
        else:
            lines = [row]
    return frozenset(found)


def _goes_on(lines: list[list[str]], row: list[str], widest: list[int], *, proven: bool, in_header: bool) -> bool:
    first = lines[0]
    filled = [column for column, text in enumerate(row) if text]
    if not filled or len(filled) >= sum(bool(text) for text in first):
        return False
    signs = 0
    for column in filled:
        above = "".join(line[column] for line in lines if column < len(line))
        if not above or _VALUE.match(row[column]) or _VALUE.match(above):
            return False
        broken = _is_open(above) or bool(_OPENS.search(above) or _CLOSES.match(row[column]))
        if not broken and _are_two(above, row[column]):
            return False
        last = next(line[column] for line in reversed(lines) if column < len(line) and line[column])
        if not broken and width_of(last) < widest[column] - _SLACK:
            return False
        signs += broken or bool(_LONE.fullmatch(row[column]))
    if in_header or signs:
        return signs > 0
    return proven or any(
        _VALUE.match(text) and not (row[column] if column < len(row) else "") for column, text in enumerate(first)
    )


def _is_open(text: str) -> bool:
    return text.count("（") + text.count("(") > text.count("）") + text.count(")")


def _are_two(above: str, below: str) -> bool:
    """True where both are names of their own: the row below is another row, whose left cells are merged."""
    upper = re.split(r"[、，；\s]", above)[-1]
    lower = re.split(r"[、，；\s]", below)[0]
    if upper in known_programmes() and lower in known_programmes():
        return True
    return (
        len(lower) >= 4
        and type_of_name(upper) is not None
        and type_of_name(lower) is not None
        and not is_generic(lower)
    )


def width_of(text: str) -> int:
    """The display columns that a text takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


# --- columns kept apart by blanks


def read_aligned_lines(lines: list[str], at: int, *, captioned: bool) -> tuple[list[list[str]], int]:
    """The rows of the table whose lines begin at ``at``, and the place after it; no rows where none does.

    A table is at least two lines, side by side, of three cells or more (of two where ``captioned``), whose cells
    stand below one another.
    """
    end = at
    while end < len(lines) and _may_be_row(lines[end], begun=end > at):
        end += 1
    block = lines[at:end]
    least = 2 if captioned else 3
    while block and len(_split_line(block[-1])) < 2 and not block[-1].startswith(" "):
        block.pop()
    if len(block) < 2 or sum(len(_split_line(line)) >= least for line in block) < max(2, len(block) // 2):
        return [], at
    bounds = _find_columns(block)
    if len(bounds) < least:
        return [], at
    return [_cut_line(line, bounds) for line in block], at + len(block)


def read_spaced_lines(lines: list[str], at: int) -> tuple[list[list[str]], int]:
    """The rows of a table whose cells are kept apart by single full-width blanks: as many cells in every line.

    Three lines at least, of three cells at least, none of them a sentence; no rows where there is no such table.
    """
    rows: list[list[str]] = []
    end = at
    while end < len(lines) and (line := lines[end].rstrip()) and not line[0].isspace():
        cells = [cell.strip() for cell in re.split("\u3000+", line)]
        if (
            len(cells) < 3
            or (rows and len(cells) != len(rows[0]))
            or not all(cells)
            or re.search(r"[。；！？]", line)
            or max(map(len, cells)) > 40
        ):
            break
        rows.append(cells)
        end += 1
    return (rows, end) if len(rows) >= 3 else ([], at)


def _may_be_row(line: str, *, begun: bool) -> bool:
    stripped = line.strip()
    if not stripped or "\t" in stripped or re.search(r"[。！？]$|[.…·]{4,}", stripped):
        return False
    return len(_split_line(line)) >= 2 or (begun and len(stripped) <= 24)


def _split_line(line: str) -> list[str]:
    return [part for part in _GAP.split(line.strip()) if part]


def _find_columns(block: list[str]) -> list[tuple[int, int]]:
    """The display columns where some line has text, joined over single blanks: one run for each column of the table."""
    covered: set[int] = set()
    for line in block:
        at = 0
        for char in line:
            wide = width_of(char)
            if not char.isspace():
                covered.update(range(at, at + wide))
            at += wide
    runs: list[tuple[int, int]] = []
    for place in sorted(covered):
        if runs and place - runs[-1][1] <= 1:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def _cut_line(line: str, bounds: list[tuple[int, int]]) -> list[str]:
    cells = [""] * len(bounds)
    at, column = 0, 0
    for char in line:
        while column + 1 < len(bounds) and at >= bounds[column + 1][0]:
            column += 1
        cells[column] += char
        at += width_of(char)
    return [cell.strip() for cell in cells]
