"""Rows of a text table → cells with spans: what was merged is found again from the shape of the rows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import cache

from kg.layout import RawCell, RawTable

_VALUE = re.compile(r"^[+\-－—–]?\s*[\d,，.．]+\s*(?:[%％‰:：]\s*[\d.]*|[\u4e00-\u9fff]{1,2})?$|^[-－—–/]+$")
_YEAR = re.compile(r"^(?:19|20)\d\d\s*(?:[-－—–~～至/]\s*(?:19|20)?\d\d)?\s*(?:学?年度?)?$")
_WIDEST_HEADER = 60  # columns; a wider header is taken as it stands


def align_ragged_rows(rows: list[list[str]], continued: frozenset[int] = frozenset()) -> RawTable:
    """A RawTable of full width; ``continued`` are the rows that only go on with the cells above them.

    Header rows that are shorter than the body were merged across: their spans are found by laying each on the row
    below it. An empty header cell right of a filled one goes on with it where the row below is filled there; an
    empty cell below a header goes on upward; leading empty cells of a body row go on with the row above.
    """
    body = _usual_width(rows)
    header = _count_header_rows(rows, body)
    while header < len(rows) - 1 and header in continued:
        header += 1
    spread: list[list[tuple[str, int]]] = []
    stub = _count_stub(rows[header:])
    below: list[str] | None = None
    if header and len(rows[header - 1]) < body and header < len(rows):
        below = [""] * stub + ["\1"] * (body - stub)  # no header row is whole: the body's labels stand below them
    for row in reversed(rows[:header]):
        spans: list[int] | None = [1] * len(row)
        if len(row) < body:
            spans = None
            below = [unicodedata.normalize("NFKC", text) for text in below] if below is not None else None
            if below is not None and len(row) > 1 and body <= _WIDEST_HEADER:
                spans = _best_spans(tuple(row), tuple(below), stub)
            spans = spans or [1] * (len(row) - 1) + [body - len(row) + 1]
        elif below is not None:
            row, spans = _merge_right(row, below)
        spread.insert(0, list(zip(row, spans or [], strict=True)))
        below = _lay_out(spread[0], body)
    below_header = rows[header:] if continued else _join_split_rows(rows[header:], body)
    table = _build([*spread, *(_spread_body_row(row, body) for row in below_header)], header)
    return replace(table, continued=frozenset(row for row in continued if row >= header))


def _count_header_rows(rows: list[list[str]], body: int) -> int:
    """Rows of labels at the top: the shorter ones, and those that begin empty below a merged header."""
    header = 0
    while header < len(rows) - 1 and len(rows[header]) < body and _is_labels(rows[header]):
        header += 1
    ragged = header > 0
    if ragged and _is_labels(rows[header]) and len(rows) > header + 1 and _is_values(rows[header + 1]):
        header += 1  # the lowest header row has a label for every column
    header = max(header, 1)
    while header < len(rows) - 1 and _goes_on_as_header(rows[header - 1], rows[header], rows[header + 1]):
        header += 1
    return header


def _goes_on_as_header(above: list[str], row: list[str], following: list[str]) -> bool:
    filled = [text for text in row if text]
    if not filled or row[0] or not _is_labels(row):
        return False
    merged_above = len(above) < len(row) or any(
        not text and any(above[:column]) for column, text in enumerate(above) if column < len(row) and row[column]
    )
    lone = len(filled) <= len(row) // 2 and not _is_labels(following)
    return merged_above or lone


def _usual_width(rows: list[list[str]]) -> int:
    """The width that most rows have, the wider one where two are as frequent."""
    counts: dict[int, int] = {}
    for row in rows:
        counts[len(row)] = counts.get(len(row), 0) + 1
    return max(counts, key=lambda width: (counts[width], width), default=0)


def _join_split_rows(rows: list[list[str]], width: int) -> list[list[str]]:
    """Two short rows that make one of full width are one: an empty paragraph at a cell's end looks like a row's end."""
    result: list[list[str]] = []
    for row in rows:
        if result and len(result[-1]) < width and len(result[-1]) + len(row) == width:
            result[-1] = result[-1] + row
        else:
            result.append(list(row))
    return result


def _spread_body_row(row: list[str], width: int) -> list[tuple[str, int]]:
    """A total whose label is merged across stands over the columns that the row is short of."""
    missing = width - len(row)
    if missing > 0 and len(row) > 1 and re.match(r"合\s*计|总\s*计|小\s*计|共\s*计", row[0]):
        return [(row[0], missing + 1), *((text, 1) for text in row[1:])]
    return [(text, 1) for text in row]


def _count_stub(body: list[list[str]]) -> int:
    """Columns of labels at the left of the body: a text, then perhaps a year."""
    rows = [row for row in body if len(row) > 2]
    if not rows or any(_VALUE.match(row[0]) and not _YEAR.match(row[0]) for row in rows if row[0]):
        return 1
    years = sum(bool(_YEAR.match(row[1])) for row in rows)
    return 2 if years == len(rows) and not any(_YEAR.match(row[0]) for row in rows) else 1


def _is_labels(row: list[str]) -> bool:
    return not any(_VALUE.match(text) and not _YEAR.match(text) for text in row)


def _is_values(row: list[str]) -> bool:
    filled = [text for text in row[1:] if text]
    return sum(bool(_VALUE.match(text)) for text in filled) > len(filled) / 2


def _lay_out(row: list[tuple[str, int]], width: int) -> list[str]:
    """The texts at the columns where they begin; "\0" where the cell to the left goes on."""
    result: list[str] = []
    for text, span in row:
        result += [text, *["\0"] * (span - 1)]
    return (result + [""] * width)[:width]


def _best_spans(upper: tuple[str, ...], lower: tuple[str, ...], stub: int = 1) -> list[int] | None:
    """The widths of ``upper``'s cells over ``lower``'s columns that cost least; None where there is no way.

    Cheap: one column over an empty one (merged down), several columns over filled ones. Dear: a label twice under one
    cell, a cell that begins in the middle of a merged one below, several columns that are all empty below.
    """
    count, width = len(upper), len(lower)
    if count > width:
        return None

    @cache
    def cheapest(index: int, at: int, first_below: str) -> tuple[float, tuple[int, ...]]:
        if index == count:
            return (0.0, ()) if at == width else (float("inf"), ())
        best: tuple[float, tuple[int, ...]] = (float("inf"), ())
        for span in range(1, width - at - (count - index - 1) + 1):
            cost = _span_cost(upper[index], lower[at : at + span], index, first_below)
            if index == 0 and stub > 1:
                cost = 0.0 if span == stub else cost + 3
            if at + span < width and lower[at + span] == "\0":
                cost += 20
            rest, spans = cheapest(index + 1, at + span, lower[at])
            if cost + rest < best[0]:
                best = (cost + rest, (span, *spans))
        return best

    cost, spans = cheapest(0, 0, "")
    return list(spans) if cost < float("inf") else None


def _span_cost(text: str, below: tuple[str, ...], index: int, first_below: str) -> float:
    labels = [label for label in below if label not in ("", "\0", "\1")]
    filled = len(labels)
    cost = 0.08 * len(below) ** 1.5  # prefer even widths
    if len(set(labels)) < filled:
        cost += 10
    if len(below) == 1:
        if below[0] and text:
            cost += 1.0
    else:
        cost += 1.5 * below.count("")
        if not filled:
            cost += 4
        if not text:
            cost += 1.5
        if index == 0:
            cost += 1.5
    if first_below and labels and below[0] == first_below:
        cost -= 0.5
    return cost


def _merge_right(row: list[str], below: list[str]) -> tuple[list[str], list[int]]:
    """An empty header cell right of a filled one belongs to it where the row below has texts under both."""
    texts: list[str] = []
    spans: list[int] = []
    for column, text in enumerate(row):
        filled_below = 0 < column < len(below) and below[column] not in ("", "\0") and below[column - 1] != ""
        if not text and texts and texts[-1] and filled_below:
            spans[-1] += 1
        else:
            texts.append(text)
            spans.append(1)
    return texts, spans


def _build(rows: list[list[tuple[str, int]]], header: int) -> RawTable:
    """Texts with column spans → cells; an empty cell below a header, or leading in a body row, joins the one above."""
    cells: dict[tuple[int, int], RawCell] = {}
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for r, row in enumerate(rows):
        column = 0
        leading = any(text for text, _ in row)
        for text, span in row:
            place = (r, column)
            above = owner.get((r - 1, column))
            joins = not text and above is not None and (above[0] < header) == (r < header) and (r < header or leading)
            if (
                joins
                and above is not None
                and above[1] == column
                and cells[above].text
                and cells[above].colspan == span
            ):
                cells[above] = RawCell(cells[above].text, cells[above].rowspan + 1, span)
                place = above
            else:
                cells[place] = RawCell(text, 1, span)
            for c in range(column, column + span):
                owner[(r, c)] = place
            leading = leading and not text
            column += span
    by_row: list[list[RawCell]] = [[] for _ in rows]
    for (r, _), cell in sorted(cells.items()):
        by_row[r].append(cell)
    return RawTable(tuple(tuple(row) for row in by_row), header_rows=header)
