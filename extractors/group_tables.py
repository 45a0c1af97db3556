"""Tables of education groups, alliances and communities, and of their members."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.cells import is_name, role_of, split_items, split_names
from extractors.table_rows import TableRows
from kg.model import GROUP_TYPES, Claim, EntityType, Mention, Predicate
from kg.names import is_generic, type_of_name


def read_groups(rows: TableRows) -> Iterator[Claim]:
    """Who belongs to the group that a row names: its leaders, the members of each column by the column's role."""
    for row in rows.rows():
        if rows.is_planned(row):
            continue
        for name in split_names(rows.text(row, "group")):
            type_ = type_of_name(name)
            if type_ in GROUP_TYPES and not is_generic(name):
                assert type_ is not None
                yield from _read_group(rows, row, rows.mention(row, "group", name, type_))


def _read_group(rows: TableRows, row: int, group: Mention) -> Iterator[Claim]:
    reading, year = rows.reading, rows.years_of(row)
    named: list[str] = []
    for column in rows.columns.all("headquarters"):
        for leader in _organisations(rows, row, column):
            named.append(leader.name)
            yield rows.claim(row, leader, Predicate.MEMBER_OF, group, {"role": "牵头", **year})
            if leader.type is EntityType.SCHOOL:
                yield rows.claim(row, leader, Predicate.HOSTS_GROUP, group, dict(year))
    for column in rows.columns.all("members"):
        role = role_of(rows.columns.headers[column].split("/")[-1]) or "成员"
        for member in _organisations(rows, row, column):
            if member.name not in named:
                yield rows.claim(row, member, Predicate.MEMBER_OF, group, {"role": role, **year})
    if reading.owner is None and reading.region is not None and group.name.startswith(reading.region.name):
        yield rows.claim(row, reading.region, Predicate.HOSTS_GROUP, group, dict(year))
    part = role_of(rows.text(row, "role")) or role_of(rows.table.caption) or "成员"
    for subject in rows.subjects(row):
        if subject.name not in named:
            yield rows.claim(row, subject, Predicate.MEMBER_OF, group, {"role": part, **year})


def _organisations(rows: TableRows, row: int, column: int) -> Iterator[Mention]:
    for name in split_names(rows.table.text_at(row, column)):
        if is_name(name) and not is_generic(name):
            yield rows.mention_at(row, column, name, _type_of(rows, name))


def _type_of(rows: TableRows, name: str) -> EntityType:
    return type_of_name(name) or (EntityType.SCHOOL if rows.reading.is_school(name) else EntityType.ENTERPRISE)


def is_member_list(rows: TableRows) -> bool:
    """True for a table whose caption names a group and whose rows are its members."""
    return (
        group_of_caption(rows) is not None
        and _member_column(rows) is not None
        and bool(re.search(r"成员|理事|单位|名单|构成|组成", rows.table.caption))
    )


def group_of_caption(rows: TableRows) -> Mention | None:
    """The group that the caption names."""
    return next(iter(rows.reading.within_caption(rows.table, rows.block, *GROUP_TYPES)), None)


def _member_column(rows: TableRows) -> int | None:
    return next((at for role in ("members", "school") if (at := rows.columns.first(role)) is not None), None)


def read_members(rows: TableRows) -> Iterator[Claim]:
    """The members of the caption's group, each in the role that its row, its column or its bracket says."""
    group, column = group_of_caption(rows), _member_column(rows)
    if group is None or column is None:
        return
    for row in rows.rows():
        role = role_of(rows.words(row, "role", "category")) or role_of(rows.columns.headers[column]) or "成员"
        year = rows.years_of(row)
        for item in split_items(rows.table.text_at(row, column)):
            type_ = type_of_name(item.name) or (EntityType.SCHOOL if rows.reading.is_school(item.name) else None)
            if type_ is not None and not is_generic(item.name):
                member = rows.mention_at(row, column, item.name, type_)
                yield rows.claim(row, member, Predicate.MEMBER_OF, group, {"role": role, **year})
                if role == "牵头" and type_ is EntityType.SCHOOL:
                    yield rows.claim(row, member, Predicate.HOSTS_GROUP, group, dict(year))
