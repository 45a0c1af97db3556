"""Tables of training bases, on the campus and off it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.cells import CellItem, is_name, one_line, split_names
from extractors.columns import find_years, to_number
from extractors.partner_tables import partner_qualifiers
from extractors.table_rows import TableRows
from kg.model import PARTNER_TYPES, Claim, EntityType, Predicate
from kg.names import is_generic, type_of_name
from kg.programmes import split_programme_cell

# What a list of all rooms calls a base; 琴房 and 计算机室 are rooms.
_PLACE = re.compile(r"(?:基地|中心|楼|车间|实训室|实验室|工坊|工厂|工作室|园|场|馆|坊|店|医院|院)$")


def read_bases(rows: TableRows) -> Iterator[Claim]:
    """The bases of the row's schools; off the campus one that bears an enterprise's name is a partner."""
    column = rows.columns.first("base")
    unnamed = (
        column is not None and rows.columns.headers[column].endswith("名称") and len(rows.columns.headers[column]) == 2
    )
    off_campus = bool(re.search(r"校外", rows.table.caption + "".join(rows.columns.headers)))
    for row in rows.rows():
        if rows.is_planned(row):
            continue
        subjects = rows.subjects(row)
        name = re.sub(
            r"[（(][^（）()]*(?:改建|新建|扩建|在建|新增|原有|改造)[^（）()]*[)）]$",
            "",
            one_line(rows.text(row, "base")),
        )
        type_ = type_of_name(re.sub(r"(?:校外)?(?:实训|实习|实践|教学|就业)*(?:基地|中心)$", "", name)) or type_of_name(
            name
        )
        if off_campus and type_ in PARTNER_TYPES and not rows.columns.has("partner"):
            partner_name = re.sub(r"(?:校外)?(?:实训|实习|实践|教学|就业|生产)*基地$", "", name)
            if is_name(partner_name) and not is_generic(partner_name):
                assert type_ is not None
                partner = rows.mention(row, "base", partner_name, type_)
                counts = rows.counts(row)
                item = CellItem(partner_name, counts[0] if len(counts) == 1 else None)
                for subject in subjects:
                    qualifiers = partner_qualifiers(rows, row, item)
                    yield rows.claim(row, subject, Predicate.PARTNERS_WITH, partner, qualifiers)
            continue
        if len(name) < 3 or to_number(name) is not None or (unnamed and not _PLACE.search(name)):
            continue
        base = rows.mention(row, "base", name, EntityType.TRAINING_BASE)
        for subject in subjects:
            yield rows.claim(row, subject, Predicate.OPERATES_BASE, base, _base_qualifiers(rows, row))


def _base_qualifiers(rows: TableRows, row: int) -> dict[str, object]:
    qualifiers: dict[str, object] = {}
    for key in ("area", "workstations"):
        number = to_number(rows.text(row, key))
        column = rows.columns.first(key)
        if number is None or column is None or "亩" in rows.text(row, key) + rows.columns.headers[column]:
            continue  # square metres only
        qualifiers[key] = int(number) if number == int(number) else number
    programmes = [
        name
        for name in split_programme_cell(rows.text(row, "serves") or rows.text(row, "programme"))
        if not re.search(r"各种|各类|全校|所有|实训室$|等$", name)
    ]
    if programmes:
        qualifiers["programmes"] = programmes
    if partners := [name for name in split_names(rows.text(row, "partner")) if is_name(name)]:
        qualifiers["partners"] = partners
    remark = rows.words(row, "mode")
    opened = remark if re.search(r"建成|挂牌|启用|投入使用|建立|成立", remark) else ""
    if years := find_years(rows.words(row, "time", "since") or opened):
        qualifiers["year"] = years[0]
    return qualifiers
