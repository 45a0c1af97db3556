"""Relations in tables, read by the roles of their columns.

One row gives one claim for each name in it: what stands together in a row stays together (汽修 40, 机电 36).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.base_tables import read_bases
from extractors.columns import read_columns
from extractors.group_tables import is_member_list, read_groups, read_members
from extractors.partner_tables import caption_college, read_caption_college, read_colleges, read_partners
from extractors.programme_tables import is_matrix, is_of_groups, read_changes, read_matrix, read_programmes
from extractors.reading import Reading
from extractors.status_tables import (
    has_status_headers,
    has_status_rows,
    read_schools,
    read_status_lists,
    read_status_rows,
)
from extractors.table_rows import NAME, TableRows
from kg.model import Claim

__all__ = ["NAME", "extract"]

_NO_FACTS = re.compile(
    r"获奖|大赛|竞赛|比赛|奖项|教材|满意度|满意率|采购|供应商|捐赠|论文|课题|专利|资助|考察|参观|来访|走访|回访|调研|访问|取证|考证|鉴定|职业资格|拟(?!定)|规划|预算|设备清单|仪器设备一览|招标|图书|经费|活动安排|作品|荣誉(?!称号)|优秀|先进|证书|社团|课程目录|课程结构|考试|体测|意向"
)
_NO_FACTS_HEADER = re.compile(
    r"获奖|奖项|名次|赛项|姓名|出版社|教材|供应商|品牌(?!专业|建设)|型号|职称|计划完成|预期|拟|满意"
)


def extract(reading: Reading) -> Iterator[Claim]:
    """Claims of all tables."""
    for index, block in enumerate(reading.document.blocks):
        table = block.table
        if table is None or table.rows <= table.header_rows or table.columns < 2:
            continue
        columns = read_columns(table)
        if _NO_FACTS.search(table.caption) or any(_NO_FACTS_HEADER.search(header) for header in columns.headers):
            continue
        for part in columns.side_by_side():
            yield from _read(TableRows(reading, index, table, part))


def _read(rows: TableRows) -> Iterator[Claim]:
    """A table is read as what its columns show first: groups, partners, bases, programmes, schools, statuses."""
    columns = rows.columns
    if columns.has("group"):
        yield from read_groups(rows)
    elif columns.has("college"):
        yield from read_colleges(rows)
    elif columns.has("school") and caption_college(rows) is not None:
        yield from read_caption_college(rows)
    elif columns.has("base", "partner") and not re.search(r"企业名称|单位名称", "".join(columns.headers)):
        yield from read_bases(rows)
        yield from read_partners(rows, ["共建实训基地"])
    elif columns.has("partner"):
        yield from read_partners(rows)
        if is_of_groups(rows):
            yield from read_programmes(rows)
    elif columns.has("base"):
        yield from read_bases(rows)
    elif is_member_list(rows):
        yield from read_members(rows)
    elif columns.has("category", "school") and has_status_rows(rows):
        yield from read_status_rows(rows)
    elif is_matrix(rows):
        yield from read_matrix(rows)
    elif columns.has("changes"):
        yield from read_changes(rows)
    elif columns.has("programme"):
        yield from read_programmes(rows)
    elif has_status_headers(rows):
        yield from read_status_lists(rows)
    if columns.has("school") and not columns.has("group"):
        yield from read_schools(rows)
