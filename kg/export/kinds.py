"""The tables that a home can be written as: of what their rows are made, and which columns show which part of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from kg.export.checks import list_elsewhere, name_kind, name_place, name_verdict
from kg.export.reading import Row
from kg.schema import Concept, load_schema

Look = Callable[[Row], Any]
# What a column holds. TEXT: a text, or whatever the report gives, a list of it too. WORD: a word or link of our own. LIST: texts.
TEXT, WORD, WHOLE, NUMBER, LIST = "text", "word", "whole", "number", "list"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading in both languages, what it shows of a row (in English another thing, where
    ``look_en`` is given), and what that is."""

    zh: str
    en: str
    look: Look
    holds: str = TEXT
    look_en: Look | None = None

    def heading(self, english: bool) -> str:
        return self.en if english else self.zh

    def looker(self, english: bool) -> Look:
        return self.look_en if english and self.look_en else self.look


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its name. ``filters`` are those that have a meaning for it (kg.export.filters)."""

    name: str
    title: str
    columns: tuple[Column, ...]
    filters: frozenset[str]


@cache
def _label(name: str, language: str) -> str:
    return load_schema().label(name, language)


def _word(zh: str, en: str, look: Look) -> Column:
    """A column of a type or a predicate, by its label."""
    return Column(zh, en, lambda row: _label(look(row), "zh"), WORD, lambda row: _label(look(row), "en"))


@cache
def _link_words() -> dict[str, Concept]:
    lists = load_schema().lists
    return {each.notation: each for scheme in ("link-ways", "unlinked-reasons") for each in lists[scheme]}


def _link_word(zh: str, en: str, key: str) -> Column:
    """A column of a way of linking, or of a reason for no link, by its label."""

    def look(row: Row, english: bool = False) -> str:
        word = _link_words().get(row[key])
        return "" if word is None else word.label_en if english else word.label_zh

    return Column(zh, en, look, WORD, lambda row: look(row, True))


def _qualifier(zh: str, en: str, key: str, holds: str = TEXT) -> Column:
    return Column(zh, en, lambda row: row["qualifiers"].get(key), holds)


def _evidence(zh: str, en: str, key: str, holds: str = TEXT) -> Column:
    def look(row: Row) -> Any:
        evidence = row["evidence"]
        return evidence[0].get(key) if evidence else None  # a fault may stand at no place

    return Column(zh, en, look, holds)


_KNOWN_BY = {
    "": ("", ""),
    "said": ("报告写明", "stated in a report"),
    "own": ("本校报告所属地区", "region of the school's report"),
    "name": ("按名称推断", "inferred from the name"),
}
_YEAR_OF = {"": ("", ""), "said": ("原文", "the statement"), "report": ("报告年度", "the report")}


def _place_known(zh: str, en: str, end: str) -> Column:
    """A column that says how the place of an end is known."""

    def look(row: Row, english: bool = False) -> str:
        return _KNOWN_BY[row[end]["place"]["basis"]][english]

    return Column(zh, en, look, WORD, lambda row: look(row, True))


_PLACE = (
    _evidence("原文", "evidence", "text"),
    _evidence("章节", "section", "section"),
    _evidence("页码", "page", "page", WHOLE),
    _evidence("表号", "table", "table", WHOLE),
    _evidence("行号", "row", "row", WHOLE),
    Column("报告", "report", lambda row: row["report"]),
)
_ID = Column("编号", "id", lambda row: row["id"])
_DECIDED = Column("人工更正", "corrected because", lambda row: row.get("decided"))

_YEAR_BASIS = Column(
    "年份依据",
    "year of",
    lambda row: _YEAR_OF[row["year_basis"]][0],
    WORD,
    lambda row: _YEAR_OF[row["year_basis"]][1],
)

_FACTS = (
    Column("起点", "source", lambda row: row["subject"]["name"]),
    _word("起点类型", "type of source", lambda row: row["subject"]["type"]),
    _word("关系", "relation", lambda row: row["predicate"]),
    Column("终点", "target", lambda row: row["object"]["name"]),
    _word("终点类型", "type of target", lambda row: row["object"]["type"]),
    _qualifier("合作方式", "modes", "modes", LIST),
    _qualifier("专业", "programmes", "programmes", LIST),
    _qualifier("年份", "year", "year"),
    _qualifier("人数", "students", "headcount"),
    _qualifier("设立年份", "set up in", "since"),
    _qualifier("状态", "status", "status"),
    _qualifier("代码", "code", "code"),
    _qualifier("称号", "designation", "designation"),
    _qualifier("角色", "role", "role"),
    _qualifier("面积", "area", "area"),
    _qualifier("工位", "workstations", "workstations"),
    _qualifier("共建单位", "run together with", "partners", LIST),
    *_PLACE,
    Column("起点链接", "link of source", lambda row: row["subject"]["iri"], WORD),
    Column("终点链接", "link of target", lambda row: row["object"]["iri"], WORD),
    _ID,
)
_PARTNERSHIPS = (
    _word("关系", "relation", lambda row: row["predicate"]),
    Column("学校", "school", lambda row: row["school"]["name"]),
    Column("学校地区", "region of school", lambda row: row["school"]["place"]["name"]),
    Column("地区代码", "code of region", lambda row: row["school"]["place"]["code"]),
    _place_known("地区依据", "region known by", "school"),
    Column("专业", "programmes", lambda row: [each["name"] for each in row["programmes"]], LIST),
    Column(
        "专业代码",
        "codes of programmes",
        lambda row: [each["code"] for each in row["programmes"] if each["code"]],
        LIST,
    ),
    Column(
        "专业类",
        "classes of programmes",
        lambda row: list(dict.fromkeys(each["class"] for each in row["programmes"] if each["class"])),
        LIST,
    ),
    Column("合作单位", "partner", lambda row: row["partner"]["name"]),
    _word("单位类型", "type of partner", lambda row: row["partner"]["type"]),
    Column("单位所在地", "place of partner", lambda row: row["partner"]["place"]["name"]),
    _place_known("所在地依据", "place known by", "partner"),
    Column("合作方式", "modes", lambda row: row["modes"], LIST),
    Column("年份", "year", lambda row: row["years"][0] if len(row["years"]) == 1 else row["years"] or None),
    _YEAR_BASIS,
    Column("人数", "students", lambda row: row["headcount"]),
    *_PLACE,
    Column("学校链接", "link of school", lambda row: row["school"]["iri"], WORD),
    Column("合作单位链接", "link of partner", lambda row: row["partner"]["iri"], WORD),
    Column(
        "专业链接", "links of programmes", lambda row: [each["iri"] for each in row["programmes"] if each["iri"]], LIST
    ),
    Column("陈述链接", "link of statement", lambda row: row["iri"]),
    _ID,
    _DECIDED,
)
_FIGURES = (
    Column("对象", "about", lambda row: row["subject"]["name"]),
    _word("类型", "type", lambda row: row["subject"]["type"]),
    Column("指标", "indicator", lambda row: row["indicator"]),
    Column("年份", "year", lambda row: row["year"], WHOLE),
    Column("数值", "value", lambda row: row["value"], NUMBER),
    Column("单位", "unit", lambda row: row["unit"]),
    *_PLACE,
    Column("对象链接", "link", lambda row: row["subject"]["iri"], WORD),
    _ID,
)
_ENTITIES = (
    Column("名称", "name", lambda row: row["name"]),
    _word("类型", "type", lambda row: row["type"]),
    Column("又称", "other names", lambda row: row["aliases"], LIST),
    Column("代码", "code", lambda row: row["code"]),
    _link_word("关联方式", "linked by", "how"),
    Column("目录名称", "name in the catalogue", lambda row: row["catalogue_name"]),
    Column("专业类", "class", lambda row: row["class"]),
    Column("专业大类", "category", lambda row: row["category"]),
    Column("层次", "level", lambda row: row["level"]),
    _link_word("未关联原因", "not linked because", "unlinked"),
    Column("候选代码", "codes to look at", lambda row: row["proposals"], LIST),
    Column("报告", "reports", lambda row: row["reports"], LIST),
    Column("链接", "link", lambda row: row["iri"]),
)
_CHECKS = (
    Column("结论", "verdict", name_verdict, WORD, lambda row: name_verdict(row, True)),
    Column("核对类型", "kind of check", name_kind, WORD, lambda row: name_kind(row, True)),
    Column("对象", "about", lambda row: row["subject"]["name"]),
    Column("核对内容", "what is checked", lambda row: row["what"]),
    Column("年份", "year", lambda row: row["year"], WHOLE),
    Column("所述", "stated", lambda row: row["stated"], NUMBER),
    Column("所得", "found", lambda row: row["found"], NUMBER),
    Column("单位", "unit", lambda row: row["unit"]),
    Column("所得明细", "what was found", lambda row: row["names"], LIST),
    Column("说明", "note", lambda row: row["reason"]),
    Column("另一处", "elsewhere", list_elsewhere),
    *_PLACE,
    _ID,
)
_ISSUES = (
    Column("报告", "report", lambda row: row["report"]),
    Column("问题", "issue", lambda row: row["code"]),
    Column("说明", "note", lambda row: row["message"]),
    Column("原文", "quotation", lambda row: row["quote"]),
    Column("章节", "section", lambda row: row["section"]),
    Column("页码", "page", lambda row: row["page"], WHOLE),
)

OF_FACTS = frozenset(("region", "school", "partner", "programme", "mode", "year", "type"))

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            Table("facts", "事实", _FACTS, OF_FACTS),
            Table("partnerships", "合作", _PARTNERSHIPS, OF_FACTS),
            Table("figures", "数据", _FIGURES, frozenset(("region", "school", "year", "type"))),
            Table("entities", "实体", _ENTITIES, frozenset(("region", "school", "partner", "programme", "type"))),
            Table("checks", "核对", _CHECKS, frozenset(("region", "school", "year"))),
            Table("issues", "问题", _ISSUES, frozenset(("region", "school", "year"))),
        )
    }
)

# What a screen has room for.
CHECKS_ON_SCREEN: Mapping[str, Look] = MappingProxyType(
    {
        "结论": name_verdict,
        "报告": lambda row: row["report"],
        "对象": lambda row: row["subject"]["name"],
        "核对内容": lambda row: row["what"],
        "年份": lambda row: row["year"],
        "所述": lambda row: row["stated"],
        "所得": lambda row: row["found"],
        "位置": name_place,
        "所得明细": lambda row: row["reason"] or list_elsewhere(row) or "、".join(row["names"]),
    }
)
