"""A table's totals against the sums of their parts.

A difference is named only where the table itself shows how it is built: other totals of the same row or column come
out right, or the only one is off by little. Whatever is unclear is skipped with its reason: a false alarm costs trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from extractors.columns import to_number
from extractors.reading import Reading, row_evidence
from kg.model import Cell, Check, CheckKind, Mention, Table, Verdict
from kg.names import is_generic, type_of_name

_GRAND = re.compile(
    r"(?:总?合计|总计|共计|总数|累计|学校合计|全[市省县区旗州盟校国](?:合计|总计)?)(?:[（(][^）)]*[）)])?[：:]?"
)
_SUB = re.compile(r"小计(?:[（(][^）)]*[）)])?")
_ASIDE = re.compile(
    r"平均|均值|变化|增[减长幅]|增加|减少|同比|环比|比例|占比|比重|备注|说明|^注|排名|名次|差额|完成率|全国|上年"
)
_OF_WHICH = re.compile(r"其中|^[#＃]")
# What cannot be summed, by a header or a caption.
_RATIO = re.compile(
    r"率|比例|占比|比重|生师比|师生比|百分|[%％]|[生师人]均|平均|均[值价分]|比$|[：:]1|指数|满意|得分|分数|名次|排名|带宽|学制|年限|单价"
)
_COUNT = re.compile(
    r"[人次个所家套册台节课本项]?数|人$|[（(/](?:人|名|个|所|家|套|册|台|本|项|亩|平方米|㎡|元|万元|学时|课时|人次)[)）]?$|面积|经费|金额|投入|产值|工位|班级|招生|在校生|毕业生|教师|教职工|学生|规模"
)
_WHEN = re.compile(r"年份|时间|日期|年月|^(?:序号|编号|代码|专业代码|学制|电话|备注)$")
_NO_NUMBER = re.compile(r"代码|时间|年份|日期|名称|学制|级别|类[别型]|备注|序号|等级|电话|说明")
# What several rows may have in common, so that a total counts it once.
_SHARED = re.compile(
    r"(?:专业群?|企业|单位|课程|教材|集团|联盟|院校|基地|师傅|导师|教师)(?:总|个|家|门)?(?:数|人数|数量)?(?:[（(].{1,3}[)）])?$"
)
_EMPTY = re.compile(r"[-—－–/·.…\\*]*|无|暂无")
_ABOUT = re.compile(r"约|余|多|近|超|以上|左右")
FEW = 0.2  # a single total that is off by more is taken for a form not understood, not for a slip


@dataclass(frozen=True, slots=True)
class _Item:
    """A row (or, in a turned table, a column): what its headers say and what part it plays."""

    at: int
    path: tuple[str, ...]
    part: str  # "grand", "region", "sub", "aside", "of-which", "part", "" for a repeated header


@dataclass(frozen=True)
class _Lines:
    """A table read so that totals stand at the end of a series: ``turned`` for totals that are columns."""

    table: Table
    turned: bool
    region: str
    begun: _Lines | None = None  # the table before, where a page cuts one in two

    def cell(self, item: int, series: int) -> Cell | None:
        return self.table.grid[series][item] if self.turned else self.table.grid[item][series]

    @cached_property
    def items(self) -> tuple[_Item, ...]:
        table = self.table
        first, end = (max(1, table.header_columns), table.columns) if self.turned else (table.header_rows, table.rows)
        return tuple(self._read_item(at) for at in range(first, end))

    @cached_property
    def series(self) -> range:
        table = self.table
        return range(table.header_rows, table.rows) if self.turned else range(1, table.columns)

    def title(self, series: int) -> str:
        return "/".join(self._row_path(series) if self.turned else self.table.column_path(series))

    def _row_path(self, row: int) -> tuple[str, ...]:
        texts = (_fold(self.table.text_at(row, column)) for column in range(max(1, self.table.header_columns)))
        return tuple(dict.fromkeys(text for text in texts if text and not re.fullmatch(r"\d{1,3}", text)))

    def _read_item(self, at: int) -> _Item:
        if self.turned:
            path = self.table.column_path(at)
        else:
            path = self._row_path(at)
            wider = [_fold(self.table.text_at(at, column)) for column in range(min(3, self.table.columns - 1))]
            if total := next((text for text in wider if _GRAND.fullmatch(text) or _SUB.fullmatch(text)), ""):
                path = (*(part for part in path if part != total and part not in wider[wider.index(total) :]), total)
            if _repeats_header(self.table, at):
                return _Item(at, path, "")
        if len(path) > 1 and _GRAND.fullmatch(path[-1]) and self._is_whole(path[-2]):
            path = path[-2:-1]  # a total of the region, said twice
        return _Item(at, path, self._part_of(path))

    def _is_whole(self, text: str) -> bool:
        return text == self.region or (text.startswith("全") and not _is_somebody(text))

    def _part_of(self, path: tuple[str, ...]) -> str:
        last = path[-1] if path else ""
        if _SUB.fullmatch(last):
            return "sub"
        if _GRAND.fullmatch(last):
            return "region" if last.startswith("全") else "grand"
        if last and last == self.region:
            return "region"
        if any(_OF_WHICH.search(part) for part in path):
            return "of-which"
        return "aside" if any(_ASIDE.search(part) and not _is_somebody(part) for part in path) else "part"


@dataclass(slots=True)
class _Sum:
    """A total with the sums that it may be; ``clear`` where the form allows only one."""

    item: _Item
    series: int
    stated: float
    candidates: list[_Parts]
    clear: bool
    reason: str = ""

    @property
    def agreeing(self) -> _Parts | None:
        return next((parts for parts in self.candidates if parts.makes(self.stated)), None)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The numbers that are summed; ``blank`` where a cell says nothing, ``slack`` for what rounding may do."""

    values: tuple[float, ...]
    blank: bool = False
    slack: float = 0.0

    @property
    def sum(self) -> float:
        return round(sum(self.values), 6)

    def joined(self, other: _Parts) -> _Parts:
        return _Parts(self.values + other.values, self.blank or other.blank, self.slack + other.slack)

    def makes(self, total: float) -> bool:
        return abs(self.sum - total) <= self.slack + 1e-6


@dataclass(slots=True)
class _Totals:
    """All sums of one total row or column."""

    sums: list[_Sum] = field(default_factory=list)
    skipped: list[_Sum] = field(default_factory=list)


def check(reading: Reading) -> Iterator[Check]:
    """A check for each total that a table states: its value, the sum of its parts, and the verdict."""
    region = reading.region.name if reading.region is not None else ""
    former: Table | None = None
    for index, block in enumerate(reading.document.blocks):
        if block.table is None:
            continue
        table = block.table
        subject = reading.table_subject(table, index) or reading.region
        begun = _Lines(former, False, region) if former is not None and _goes_on(former, table) else None
        for turned in (False, True):
            lines = _Lines(table, turned, region, None if turned else begun)
            for item in lines.items:
                if item.part in ("grand", "region", "sub"):
                    yield from _check_item(reading, index, lines, item, subject)
        former = table


def _check_item(reading: Reading, index: int, lines: _Lines, item: _Item, subject: Mention | None) -> Iterator[Check]:
    totals = _read_totals(lines, item)
    counted = [each for each in totals.sums if each.stated or any(p.sum for p in each.candidates)]
    support = sum(each.agreeing is not None for each in counted)
    for each in totals.sums:
        verdict, reason = Verdict.AGREES, ""
        if each.agreeing is None:
            verdict, reason = _judge(lines, each, support, len(counted))
        yield _make_check(reading, index, lines, each, subject, verdict, reason)
    for each in totals.skipped:
        yield _make_check(reading, index, lines, each, subject, Verdict.SKIPPED, each.reason)


def _judge(lines: _Lines, each: _Sum, support: int, counted: int) -> tuple[Verdict, str]:
    """Whether a total that no sum makes is a difference of the report, or a form that is not understood."""
    found = each.candidates[0]
    if found.blank and each.stated > found.sum:
        return Verdict.SKIPPED, "有空格，缺的数可能在其中"
    if _SHARED.search(lines.title(each.series)) and each.stated < found.sum:
        return Verdict.SKIPPED, "各项可能重复计数"
    if lines.turned and _SHARED.search(lines.title(each.series).split("/")[-1]):
        return Verdict.SKIPPED, "各项可能重复计数"
    if each.clear and not lines.turned:
        little = abs(each.stated - found.sum) <= FEW * max(abs(each.stated), abs(found.sum))
        enough = support * 2 >= counted if counted > 1 else little
    else:
        enough = support >= 2 and support * 3 >= counted * 2
    return (Verdict.DIFFERS, "") if enough else (Verdict.SKIPPED, "表格结构不明")


def _read_totals(lines: _Lines, item: _Item) -> _Totals:
    totals = _Totals()
    groups, clear = _list_groups(lines, item)
    for series in lines.series:
        cell = lines.cell(item.at, series)
        if cell is None or cell.rowspan * cell.colspan > 1 or (cell.text in item.path):
            continue
        stated = to_number(cell.text)
        if stated is None or _WHEN.search(lines.title(series).split("/")[-1]):
            continue
        each = _Sum(item, series, stated, [], clear and not _is_continued(lines))
        each.reason = _reason_against(lines, series, cell)
        if not each.reason:
            parts = [_read_parts(lines, group, series, cell) for group in groups]
            if lines.begun is not None and parts and parts[0] is not None:
                first = _read_parts(lines.begun, [i for i in lines.begun.items if i.part == "part"], series, cell)
                parts.append(first and first.joined(parts[0]))
            each.candidates = [found for found in parts if found is not None and len(found.values) > 1]
            if not each.candidates:
                each.reason = "没有可以相加的数"
        (totals.skipped if each.reason else totals.sums).append(each)
    return totals


def _list_groups(lines: _Lines, total: _Item) -> tuple[list[list[_Item]], bool]:
    """The groups of items that a total may sum, the likeliest first, and whether there is no doubt about it."""
    items = [item for item in lines.items if item.part]
    parts = [item for item in items if item.part == "part"]
    if lines.turned:
        parts = [item for item in parts if item.path and not _NO_NUMBER.search(item.path[-1])]
    of_which = any(item.part == "of-which" for item in items)
    at = items.index(total)
    parent = total.path[:-1]
    if parent:
        own = [item for item in parts if item.path[: len(parent)] == parent]
        if total.part == "grand" and not lines.turned:
            return [parts, own], False  # the cell on the left may be merged down to the total by the reader
        return [own], not of_which and len(own) > 1
    totals = [item for item in items if item.part in ("grand", "region", "sub")]
    bounds = [items.index(item) for item in totals]
    before = max((bound for bound in bounds if bound < at), default=-1)
    after = min((bound for bound in bounds if bound > at), default=len(items))
    block = [item for item in items[before + 1 : at] if item.part == "part"]
    following = [item for item in items[at + 1 : after] if item.part == "part"]
    subs = [item for item in items if item.part == "sub"]
    if total.part == "sub":
        return [group for group in (block, following) if group], False
    groups = [group for group in (parts, block, following, subs) if len(group) > 1]
    alone = sum(item.part in ("grand", "region") for item in items) == 1
    ends = [item for item in items if item.part not in ("aside",)]
    clear = total.part == "grand" and alone and not of_which and bool(ends) and total in (ends[0], ends[-1])
    return groups, clear


def _reason_against(lines: _Lines, series: int, total: Cell) -> str:
    """Why the numbers of a series cannot be summed; "" where they can."""
    title = lines.title(series)
    last = title.split("/")[-1]
    around = (title, _fold(lines.table.caption)) if "." in total.text else (title,)
    ratio = (
        _RATIO.search(last)
        or (lines.turned and _RATIO.search(title))
        or (not _COUNT.search(last) and any(_RATIO.search(words) for words in around))
        or re.search(r"[%％]|[：:]\s*1$", total.text + lines.table.unit)
    )
    if ratio:
        return "比率或平均数，不相加"
    return "约数" if _ABOUT.search(total.text) else ""


def _read_parts(lines: _Lines, group: list[_Item], series: int, total: Cell) -> _Parts | None:
    """The numbers of the items in a series; None where a cell is merged over several or holds no number."""
    values: list[float] = []
    blank = False
    slack = _unit_in_last_place(total.text) / 2 if "万" in total.text else 0.0
    seen: set[Cell] = set()
    for item in group:
        cell = lines.cell(item.at, series)
        text = _fold(cell.text) if cell is not None else ""
        if cell is None or _EMPTY.fullmatch(text):
            blank = True
            continue
        if cell in seen or (cell.colspan if not lines.turned else cell.rowspan) > 1:
            return None
        if (cell.rowspan if not lines.turned else cell.colspan) > 1:
            return None
        seen.add(cell)
        value = to_number(text)
        if value is None or re.search(r"[%％]|[：:]1$", text) or _ABOUT.search(text):
            return None
        values.append(value)
        if value != int(value) or "万" in text:
            slack += _unit_in_last_place(text) / 2
    if values and all(value == int(value) and 1950 <= value <= 2100 for value in values):
        return None  # years
    return _Parts(tuple(values), blank, slack)


def _make_check(
    reading: Reading,
    index: int,
    lines: _Lines,
    each: _Sum,
    subject: Mention | None,
    verdict: Verdict,
    reason: str,
) -> Check:
    parts = each.agreeing or (each.candidates[0] if each.candidates else None)
    row = each.series if lines.turned else each.item.at
    return Check(
        CheckKind.TOTAL,
        f"{lines.title(each.series) or '（无表头）'} · {'/'.join(each.item.path)}",
        each.stated,
        None if parts is None else parts.sum,
        verdict,
        row_evidence(reading.document, index, row),
        subject,
        names=() if parts is None else tuple(f"{value:g}" for value in parts.values),
        reason=reason,
    )


def _unit_in_last_place(text: str) -> float:
    found = re.search(r"\d+(?:\.(\d+))?\s*(万)?", text.replace(",", ""))
    if found is None:
        return 0.0
    return 10.0 ** -len(found.group(1) or "") * (10000 if found.group(2) else 1)


def _repeats_header(table: Table, row: int) -> bool:
    """True for a header that a new page repeats inside the table."""
    if not table.header_rows:
        return False
    texts = [_fold(cell.text) for cell in table.row_cells(row)]
    heads = {_fold(cell.text) for above in range(table.header_rows) for cell in table.row_cells(above)}
    return sum(bool(text) and text in heads for text in texts) >= 2


def _is_continued(lines: _Lines) -> bool:
    return lines.begun is not None or "续" in lines.table.caption


def _goes_on(former: Table, table: Table) -> bool:
    """True where a table has the columns of the one before it, which states no total: a table cut by a page."""
    if former.columns != table.columns or any(_GRAND.fullmatch(_fold(cell.text)) for cell in former.cells):
        return False
    return all(former.column_path(column) == table.column_path(column) for column in range(table.columns))


def _is_somebody(text: str) -> bool:
    """True for the name of one organisation: 全国某某协会 and 某某比例模型有限公司 are parts like all others."""
    return type_of_name(text) is not None and not is_generic(text)


def _fold(text: str) -> str:
    return "".join(text.split())
