"""The rates of a table against the numbers that stand beside them: 就业率 beside 就业人数 and 毕业生数."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.columns import find_years, to_number
from extractors.reading import Reading, row_evidence
from kg.model import Check, CheckKind, Table, Verdict

_NUMBER = re.compile(r"^\s*(?:附|续)?表\s*\d+(?:\s*[-－—–.．]\s*\d+)*")
_UNIT = re.compile(r"[（(][^）)]{1,4}[)）]$")
_RATE = re.compile(r"(?P<what>[\u3400-\u9fff]*(?:就业|升学|创业))率")
_BASE = re.compile(r"毕业(?:学)?生(?:总)?(?:人)?数?")
_ASIDE = re.compile(r"变化|增[减长]|同比")


def check(reading: Reading) -> Iterator[Check]:
    """A check for each cell of a rate column whose two numbers stand in the same row.

    Reports round or cut, so a rate may be off by one in its last place. A column is believed to be what it seems only
    where half of its rows come out right; else all that do not are skipped.
    """
    for index, block in enumerate(reading.document.blocks):
        if block.table is None:
            continue
        labels = [_UNIT.sub("", (block.table.column_path(c) or ("",))[-1]) for c in range(block.table.columns)]
        base = _only(labels, _BASE)
        for rate, label in enumerate(labels):
            named = _RATE.fullmatch(label)
            if base is None or named is None:
                continue
            count = _only(labels, re.compile(rf"{named['what']}(?:学生|毕业生|生)?(?:总)?(?:人)?数?"))
            if count is not None:
                yield from _check_column(reading, index, block.table, (count, base, rate), label)


def _only(labels: list[str], pattern: re.Pattern[str]) -> int | None:
    found = [at for at, label in enumerate(labels) if pattern.fullmatch(label)]
    return found[0] if len(found) == 1 else None


def _check_column(
    reading: Reading, index: int, table: Table, columns: tuple[int, int, int], label: str
) -> Iterator[Check]:
    rows: list[tuple[int, float, float, tuple[str, str], bool]] = []
    for row in range(table.header_rows, table.rows):
        count, base, stated = (to_number(table.text_at(row, column)) for column in columns)
        if count is None or not base or stated is None or _ASIDE.search(table.text_at(row, 0)):
            continue
        found = count / base * 100
        text = "".join(table.text_at(row, columns[2]).split()).rstrip("%％")
        slack = 10.0 ** -len(text.partition(".")[2])
        used = (table.text_at(row, columns[0]), table.text_at(row, columns[1]))
        rows.append((row, stated, found, used, abs(found - stated) < slack + 1e-9))
    believed = sum(right for *_, right in rows) * 2 >= len(rows)
    for row, stated, found, used, right in rows:
        years = find_years(table.text_at(row, 0)) or find_years(_NUMBER.sub("", table.caption))
        yield Check(
            CheckKind.RATE,
            f"{label} · {''.join(table.text_at(row, 0).split())}",
            stated,
            round(found, 2),
            Verdict.AGREES if right else Verdict.DIFFERS if believed else Verdict.SKIPPED,
            row_evidence(reading.document, index, row),
            reading.table_subject(table, index) or reading.region,
            unit="%",
            year=years[-1] if years else None,
            names=("/".join("".join(each.split()) for each in used),),
            reason="" if right or believed else "计算口径不明",
        )
