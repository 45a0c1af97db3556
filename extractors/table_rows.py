"""A table's rows as the extractors read them: what a column's role holds in a row, whom the row speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from extractors.cells import CellItem, one_line, split_items, split_names
from extractors.columns import TOTAL, Columns, find_years, to_number
from extractors.heads import resolve_heads
from extractors.reading import Reading, cell_mention, row_evidence
from kg.model import Claim, EntityType, Mention, Predicate, Table

NAME = "tables"

_NOT_YET = re.compile(
    r"^拟(?!定|人|真)|洽谈|意向|待签|待定|待批|待建|筹备中|筹建|规划中|计划(?:合作|签|开展|共建|新增|20)|未签|未启动|尚未|已终止|已解除|已到期|已停止合作|终止合作|未安排|未实施|未获批|暂未|^在建"
)

# A short form that only a column of schools shows to be one: 石桥中职.
_OF_A_COLUMN = re.compile("[\u3400-\u9fff]{2,8}(?<![省市县区旗州])中职")


class TableRows:
    """One table and the roles of its columns; ``block`` is its block's index."""

    def __init__(self, reading: Reading, block: int, table: Table, columns: Columns) -> None:
        self.reading = reading
        self.block = block
        self.table = table
        if reading.owner is None and not columns.has("school"):
            if columns.has("partner", "college"):
                columns = columns.renamed("college", "school")  # a city's enterprises and the schools beside them
            elif len(columns.all("college")) == 2:
                columns = columns.with_role(columns.all("college")[0], "school")  # who helps whom
        self.columns = columns
        self.section = reading.document.sections[block]
        self.years = find_years(table.caption)

    def rows(self) -> tuple[int, ...]:
        """The rows that say something of their own: no total, no header once more at the top of a page."""
        return self._told_rows

    @cached_property
    def _told_rows(self) -> tuple[int, ...]:
        return tuple(self._iter_told_rows())

    def _iter_told_rows(self) -> Iterator[int]:
        header = [one_line(self.table.text_at(self.table.header_rows - 1, c)) for c in self._own_columns]
        for row in self.table.body_rows:
            texts = [one_line(self.table.text_at(row, column)) for column in self._own_columns]
            filled = [text for text in texts if text]
            if (
                filled
                and texts != header
                and not any(TOTAL.match(text) for text in filled[:2])
                and self.table.row_span(row)
            ):
                yield row

    @cached_property
    def _own_columns(self) -> tuple[int, ...]:
        return self.columns.own or tuple(range(self.table.columns))

    # -- cells

    def text(self, row: int, role: str) -> str:
        """The text of the first column of this role; "" where the table has none."""
        column = self.columns.first(role)
        return self.table.text_at(row, column).strip() if column is not None else ""

    def words(self, row: int, *roles: str) -> str:
        """The texts of all columns of these roles."""
        return " ".join(self.table.text_at(row, column) for role in roles for column in self.columns.all(role))

    def items(self, row: int, role: str) -> list[CellItem]:
        """The names in the first column of this role, each with the number that stands for it.

        The number is in brackets behind the name, or at the same place of a column of students that has as many
        numbers as there are names.
        """
        items = split_items(self.text(row, role))
        counts = self.counts(row)
        if len(items) != len(counts):
            return items  # one number for several names is nobody's own
        return [replace(item, count=item.count or count) for item, count in zip(items, counts, strict=True)]

    def counts(self, row: int) -> list[int]:
        """The numbers of the first column of students: one, or one for each name beside it."""
        text = self.text(row, "students")
        parts = [part for part in re.split(r"[、，,；;/\n]|\s{2,}", text) if part.strip()]
        if "，" in text or "," in text:
            whole = to_number(text) if re.fullmatch(r"\s*\d{1,3}(?:[,，]\d{3})+\s*人?\s*", text) else None
            parts = [text] if whole is not None else parts
        numbers = [to_number(part) for part in parts]
        return [] if None in numbers else [int(number) for number in numbers if number is not None]

    def years_of(self, row: int) -> dict[str, object]:
        """The first year of the row's time, as a qualifier."""
        return {"year": years[0]} if (years := find_years(self.text(row, "time"))) else {}

    def mention(self, row: int, role: str, name: str, type_: EntityType) -> Mention:
        column = self.columns.first(role)
        assert column is not None
        return self.mention_at(row, column, name, type_)

    def mention_at(self, row: int, column: int, name: str, type_: EntityType) -> Mention:
        return cell_mention(self.reading.document, self.block, row, column, name, type_)

    def claim(
        self,
        row: int,
        subject: Mention,
        predicate: Predicate,
        object_: Mention,
        qualifiers: dict[str, object] | None = None,
    ) -> Claim:
        return Claim(
            subject, predicate, object_, row_evidence(self.reading.document, self.block, row), qualifiers or {}, NAME
        )

    # -- whom a row speaks of

    def subjects(self, row: int) -> list[Mention]:
        """The schools of the row's school column, else the school that the table speaks of."""
        column = self.columns.first("school")
        if column is not None:
            return self.schools_at(row, column)
        subject = self.reading.table_subject(self.table, self.block)
        return [subject] if subject else []

    def schools_at(self, row: int, column: int) -> list[Mention]:
        """The schools that a cell names, in full or as the whole column shortens them."""
        schools = []
        for name in split_names(self.table.text_at(row, column)):
            if self.reading.is_school(name) or _OF_A_COLUMN.fullmatch(name):
                schools.append(self.mention_at(row, column, name, EntityType.SCHOOL))
            elif full := self._short_heads(column).get(name):
                schools.append(self.mention_at(row, column, full, EntityType.SCHOOL))
        return schools

    def _short_heads(self, column: int) -> dict[str, str]:
        if column not in self._resolved:
            names = [n for row in self.table.body_rows for n in split_names(self.table.text_at(row, column))]
            self._resolved[column] = resolve_heads(self.reading, names)
        return self._resolved[column]

    @cached_property
    def _resolved(self) -> dict[int, dict[str, str]]:
        return {}

    def is_planned(self, row: int) -> bool:
        """True for a row that says of itself that it is not so yet, or no more."""
        texts = (one_line(self.table.text_at(row, column)) for column in self._own_columns)
        return any(_NOT_YET.search(text) for text in texts if len(text) <= 24)
