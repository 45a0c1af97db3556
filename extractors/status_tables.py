"""Tables of schools: the statuses that they hold, where they lie, who runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from extractors.cells import CellItem, is_checked, one_line, region_in, split_items, split_names
from extractors.schools import STATUS_ENDING
from extractors.table_rows import TableRows
from kg.model import Claim, EntityType, Mention, Predicate
from kg.names import is_generic, type_of_name
from kg.programmes import split_programme_cell

# Statuses of which many tables are lists; the prose side reads more carefully.
_STATUS_OF_TABLE = re.compile(r"(?:样板校|样板学校|标杆校|实验校|达标校|基地校|窗口学校|示范学校|试点校|[A-D]档学校)$")
_LEVEL = re.compile(r"(?:国家级|省级|自治区级|市级|县级|区级|州级|盟级|旗级)(?:重点|示范|达标|骨干|优质|特色|规范化?)")
_GRADES = re.compile(r"[A-DＡ-Ｄ甲乙丙][档类等级]|[一二三四五]星级?|[一二三]类")


def _is_status(text: str) -> bool:
    return bool(STATUS_ENDING.search(text) or _STATUS_OF_TABLE.search(text))


def _bare(text: str) -> str:
    """A status without what stands in brackets behind it: 省级示范校（3所）."""
    return re.sub(r"[（(][^（）()]*[)）]$", "", one_line(text))


def read_schools(rows: TableRows) -> Iterator[Claim]:
    """Statuses, place and those who run the row's schools."""
    for row in rows.rows():
        subjects = rows.subjects(row)
        yield from _read_status_column(rows, row, subjects)
        if len(subjects) != 1:
            continue
        for role in ("organiser", "supervisor"):
            for name in split_names(rows.text(row, role)):
                if type_of_name(name) is EntityType.GOVERNMENT and not is_generic(name):
                    office = rows.mention(row, role, name, EntityType.GOVERNMENT)
                    yield rows.claim(row, subjects[0], Predicate.ADMINISTERED_BY, office)
        told = one_line(rows.text(row, "place"))
        former = re.fullmatch(r"[\u4e00-\u9fff]{2,6}[市县区旗]", told)  # a district that is no more has no code
        if place := region_in(told) or (told if former else ""):
            region = rows.mention(row, "place", place, EntityType.REGION)
            yield rows.claim(row, subjects[0], Predicate.LOCATED_IN, region)
    yield from _read_marks(rows)


def _read_status_column(rows: TableRows, row: int, schools: list[Mention]) -> Iterator[Claim]:
    """ "省级 | 某某示范校 | 甲校、乙校": each school of the row has the status."""
    column = _status_column(rows)
    if column is None or rows.columns.has("programme") or rows.is_planned(row):
        return
    year = rows.years_of(row)
    holder = rows.columns.first("school")
    held = {item.name: item for item in split_items(rows.text(row, "school"))} if holder is not None else {}
    for item in split_items(rows.table.text_at(row, column)):
        if re.search(r"专业$", item.name):
            yield from _read_programmes_of(rows, row, schools, item.name, held)
        elif _is_status(item.name) and len(item.name) >= 4 and not item.planned:
            award = rows.mention_at(row, column, item.name, EntityType.DESIGNATION)
            for school in schools:
                own = item.year or (held[school.name].year if school.name in held else None)
                yield rows.claim(row, school, Predicate.DESIGNATED_AS, award, {"year": own} if own else year)


def _status_column(rows: TableRows) -> int | None:
    """The column of statuses: by its header, else (名称) by its cells."""
    told = rows.columns.all("status")
    unsure = [
        c
        for c, header in enumerate(rows.columns.headers)
        if re.search(r"名称$|项目$|类别$|级别$|备注$|水平$|性质$|层次$", header)
    ]
    school = rows.columns.first("school")
    for column in [*told, *(c for c in unsure if c not in told and c != school)]:
        texts = [text for row in rows.rows() if (text := _bare(rows.table.text_at(row, column)))]
        if column in told[:1] and any(_is_status(text) for text in texts):
            return column
        if sum(_is_status(text) or text.endswith("专业") for text in texts) * 2 > len(texts):
            return column
    return None


def _read_programmes_of(
    rows: TableRows, row: int, schools: list[Mention], status: str, held: Mapping[str, CellItem]
) -> Iterator[Claim]:
    """ "省重点专业 | 甲校（护理）、乙校（会计）": the bracket behind a school names the programmes that hold the status."""
    column = rows.columns.first("school")
    for school in schools:
        for name in split_programme_cell(held[school.name].note) if school.name in held and column is not None else ():
            assert column is not None
            programme = rows.mention_at(row, column, name, EntityType.PROGRAMME)
            yield rows.claim(row, school, Predicate.OFFERS_PROGRAMME, programme, {"designation": status})


def _read_marks(rows: TableRows) -> Iterator[Claim]:
    """ "学校 | A档 | B档" with a mark where a school stands: the header is its status, a grade put together with 学校."""
    graded = re.search(r"评价|评定|评估|等级|分级|分类|层级|层次|达标|星级", rows.table.caption)
    for column, header in enumerate(rows.columns.headers):
        status = header.split("/")[-1]
        if not (_is_status(_bare(status)) or _LEVEL.fullmatch(status) or (graded and _GRADES.fullmatch(status))):
            continue
        cell = rows.table.grid[rows.table.header_rows - 1][column]
        assert cell is not None
        award = Mention(cell.span, f"{status}学校" if _GRADES.fullmatch(status) else status, EntityType.DESIGNATION)
        for row in rows.rows():
            if is_checked(rows.table.text_at(row, column)):
                for school in rows.subjects(row):
                    yield rows.claim(row, school, Predicate.DESIGNATED_AS, award)


def has_status_rows(rows: TableRows) -> bool:
    """True for a table whose category column names statuses."""
    column = rows.columns.first("category")
    texts = [_bare(rows.table.text_at(row, column or 0)) for row in rows.rows()]
    return bool(texts) and sum(_is_status(text) for text in texts) * 2 > len(texts)


def read_status_rows(rows: TableRows) -> Iterator[Claim]:
    """ "国家级重点校 | 3 | 甲 乙 丙（2022年）": the status leads the row, its schools stand in one cell."""
    column = rows.columns.first("school")
    assert column is not None
    for row in rows.rows():
        status = _bare(rows.text(row, "category"))
        if _is_status(status):
            award = rows.mention(row, "category", status, EntityType.DESIGNATION)
            yield from _read_holders(rows, row, column, award)


def _read_holders(rows: TableRows, row: int, column: int, award: Mention) -> Iterator[Claim]:
    years = {item.name: item.year for item in split_items(rows.table.text_at(row, column))}
    for school in rows.schools_at(row, column):
        year = years.get(school.name)
        yield rows.claim(row, school, Predicate.DESIGNATED_AS, award, {"year": year} if year else rows.years_of(row))


def has_status_headers(rows: TableRows) -> bool:
    """True for a table at least half of whose headers name statuses."""
    headers = [_bare(header.split("/")[-1]) for header in rows.columns.headers]
    return sum(_is_status(header) for header in headers) >= max(1, len(headers) // 2)


def read_status_lists(rows: TableRows) -> Iterator[Claim]:
    """ "省级示范校 | 市级示范校": the schools of each column hold the status of its header."""
    for row in rows.rows():
        for column, header in enumerate(rows.columns.headers):
            status = _bare(header.split("/")[-1])
            cell = rows.table.grid[rows.table.header_rows - 1][column]
            if _is_status(status) and cell is not None:
                yield from _read_holders(rows, row, column, Mention(cell.span, status, EntityType.DESIGNATION))
