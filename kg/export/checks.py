"""Checks and faults of the graph as rows of a table, as JSON, and as lines on a screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING

from kg.checks import ReportCheck, check_reports
from kg.export.reading import Row
from kg.schema import Concept, load_schema
from kg.statement_files import StatementFile

if TYPE_CHECKING:
    from kg.shapes import Fault


def list_checks(files: Iterable[StatementFile]) -> Iterator[Row]:
    """One object for each number that was compared with what was found, the worst first."""
    for check in check_reports(files):
        yield check_row(check)


def check_row(check: ReportCheck) -> Row:
    """A check as exports write it."""
    record = check.record
    return {
        "report": check.report,
        "subject": {"iri": record.subject, "name": check.subject},
        "check": record.check,
        "what": record.what,
        "year": record.year,
        "stated": record.stated,
        "unit": record.unit,
        "found": record.found,
        "names": list(record.names),
        "verdict": record.verdict,
        "reason": record.reason,
        "evidence": [record.evidence.as_json()],
        "against": [
            {"report": place.report, "value": place.value, "evidence": place.evidence.as_json()}
            for place in check.against
        ],
        "id": record.id,
    }


def fault_row(fault: Fault) -> Row:
    """A fault of the graph with the keys of a check, and what it means and what to do in both languages beside them."""
    return {
        "report": fault.report,
        "subject": {"iri": fault.node, "name": fault.about},
        "check": "shape",
        "what": fault.rule.zh,
        "year": None,
        "stated": None,
        "unit": "",
        "found": None,
        "names": [fault.found.zh],
        "verdict": fault.severity,
        "reason": fault.remedy.zh,
        "evidence": [fault.evidence.as_json()] if fault.evidence is not None else [],
        "against": [],
        "id": fault.shape,
        "rule": asdict(fault.rule),
        "instead": asdict(fault.found),
        "remedy": asdict(fault.remedy),
    }


def list_fault_lines(row: Row) -> Iterator[tuple[str, str]]:
    """What a screen shows of a fault: headings and texts, the first of them what the fault is."""
    place = "，".join(filter(None, (row["report"], *_list_place(row))))
    words = row["evidence"][0]["text"] if row["evidence"] else ""
    texts = (
        (name_verdict(row), row["subject"]["name"]),
        ("规则", row["what"]),
        ("图中", "；".join(row["names"])),
        ("位置", place),
        ("原文", words),
        ("办法", row["reason"]),
    )
    return (line for line in texts if line[1])


def _list_place(row: Row) -> list[str]:
    section = row["evidence"][0].get("section", "") if row["evidence"] else ""
    place = name_place(row) if row["evidence"] else ""
    return [section] if place == section else [section, place]


_SEVERITIES = {"violation": ("违反规则", "violation of a rule"), "warning": ("存疑", "doubtful")}
_OF_SHAPES = ("图谱规则", "rule of the graph")


def name_verdict(row: Row, english: bool = False) -> str:
    """What came of a check or fault, in words."""
    if row["check"] == "shape":
        return _SEVERITIES[row["verdict"]][english]
    return _label("verdicts", row["verdict"], english)


def name_kind(row: Row, english: bool = False) -> str:
    """What was compared with what, in words."""
    return _OF_SHAPES[english] if row["check"] == "shape" else _label("checkKinds", row["check"], english)


def _label(scheme: str, notation: str, english: bool) -> str:
    concept = _concepts(scheme)[notation]
    return concept.label_en if english else concept.label_zh


@cache
def _concepts(scheme: str) -> dict[str, Concept]:
    return {each.notation: each for each in load_schema().lists[scheme]}


def name_place(row: Row) -> str:
    """Where the evidence stands, in a few words: 第12页，表1-5第10行."""
    evidence = row["evidence"][0] if isinstance(row["evidence"], list) else row["evidence"]
    page, table = evidence.get("page"), evidence.get("table")
    own = re.match(r"(?:附|续|附件)?表\s*\d+(?:[-－—–.．]\d+)*", evidence.get("caption", ""))
    number = own.group(0) if own else f"第{table}张表"
    words = [f"第{page}页" if page else "", f"{number}第{evidence.get('row')}行" if table else ""]
    return "，".join(word for word in words if word) or evidence.get("section", "")


def list_elsewhere(row: Row) -> str:
    """The other places of a check: the value, where it stands, and its words."""
    return "；".join(
        f"{each['value']}（{'' if each['report'] == row['report'] else each['report'] + '，'}{name_place(each)}：{each['evidence']['text']}）"
        for each in row["against"]
    )
