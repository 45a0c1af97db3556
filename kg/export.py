"""What a home holds as files for others: facts, figures, entities, issues and checks, as JSON Lines or CSV.

Rows come from the statement files as people's decisions leave them, one report at a time, so that the names of an entity
are those that the report itself uses. A file is written aside and renamed: whole, or not at all.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

from kg.checks import ReportCheck, check_reports
from kg.decision_file import read_decided_files
from kg.errors import MissingStore, UsageError
from kg.merged_entities import MergedEntity, Naming
from kg.model import Predicate
from kg.reference_data import CATALOGUE, load_catalogue
from kg.renames import Renames
from kg.schema import load_schema
from kg.statement_files import EntityRecord, StatementFile, list_statement_files
from kg.whole_files import write_aside

if TYPE_CHECKING:
    from kg.shapes import Fault

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exporter:
    """A kind of export. ``rows`` yields JSON-like objects; ``columns`` maps the CSV's headings to what they show."""

    rows: Callable[[Iterable[StatementFile]], Iterator[Row]]
    columns: Mapping[str, Callable[[Row], Any]]


def export_facts(files: Iterable[StatementFile]) -> Iterator[Row]:
    """One object for each statement with a predicate of the annotation guide."""
    predicates = {str(predicate) for predicate in Predicate}
    for file in files:
        for statement in file.statements:
            if statement.predicate in predicates:
                yield {
                    "report": file.report.report,
                    "predicate": statement.predicate,
                    "subject": _entity(file.entities[statement.subject]),
                    "object": _entity(file.entities[statement.object]),
                    "qualifiers": dict(statement.qualifiers),
                    "evidence": [statement.evidence.as_json()],
                    "id": statement.id,
                } | _decided(statement.decided)


def export_figures(files: Iterable[StatementFile]) -> Iterator[Row]:
    """One object for each value of an indicator."""
    for file in files:
        for figure in file.figures:
            yield {
                "report": file.report.report,
                "subject": _entity(file.entities[figure.subject]),
                "indicator": figure.indicator,
                "year": figure.year,
                "value": figure.value,
                "unit": figure.unit,
                "evidence": [figure.evidence.as_json()],
                "id": figure.id,
            } | _decided(figure.decided)


def export_entities(files: Iterable[StatementFile]) -> Iterator[Row]:
    """One object for each entity over all reports, in order of type and name."""
    merged: defaultdict[str, MergedEntity] = defaultdict(MergedEntity)
    reports: defaultdict[str, list[str]] = defaultdict(list)
    renames = Renames()
    for file in files:
        renames.add(file)
        for record in file.entities.values():
            merged[record.iri].add(Naming.of(record))
            reports[record.iri].append(file.report.report)
    for found in renames.find():
        merged[found.entity].add_rename(*found.as_counted())
    for iri, entity in sorted(merged.items(), key=lambda item: (item[1].type, item[1].name, item[0])):
        yield {
            "iri": iri,
            "type": entity.type,
            "name": entity.name,
            "aliases": entity.other_names,
            **_scheme_columns(entity),
            "reports": sorted(reports[iri]),
        }


def _scheme_columns(entity: MergedEntity) -> Row:
    """What an entity is in its scheme, and a programme's place in the catalogue; "" for what there is not."""
    scheme, code, how = entity.link or ("", "", "")
    entry = next((each for each in load_catalogue() if each.code == code), None) if scheme == CATALOGUE else None
    return {
        "code": code,
        "how": how,
        "catalogue_name": entry.name if entry else "",
        "class": entry.class_name if entry else "",
        "category": entry.category if entry else "",
        "level": entry.level if entry else "",
        "unlinked": entity.reason,
        "proposals": [candidate for _, candidate in entity.candidates],
    }


def export_issues(files: Iterable[StatementFile]) -> Iterator[Row]:
    """One object for each thing that was not taken for a fact."""
    for file in files:
        for issue in file.issues:
            yield {
                "report": file.report.report,
                "code": issue.code,
                "message": issue.message,
                "quote": issue.quote,
                "section": issue.section,
                "page": issue.page,
                "start": issue.start,
                "end": issue.end,
            }


def export_checks(files: Iterable[StatementFile]) -> Iterator[Row]:
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
        (_verdict(row), row["subject"]["name"]),
        ("规则", row["what"]),
        ("图中", "；".join(row["names"])),
        ("位置", place),
        ("原文", words),
        ("办法", row["reason"]),
    )
    return (line for line in texts if line[1])


def _list_place(row: Row) -> list[str]:
    section = row["evidence"][0].get("section", "") if row["evidence"] else ""
    place = _place(row) if row["evidence"] else ""
    return [section] if place == section else [section, place]


def _decided(reason: str) -> Row:
    return {"decided": reason} if reason else {}


def _entity(record: EntityRecord) -> Row:
    return {"iri": record.iri, "name": record.name, "type": record.type, "aliases": list(record.aliases)}


def _field(*path: str | int) -> Callable[[Row], Any]:
    def look(row: Row) -> Any:
        value: Any = row
        for step in path:
            if not value:  # a fault that stands at no place
                return None
            value = value.get(step) if isinstance(value, dict) else value[int(step)]
        return value

    return look


def _word(*path: str | int) -> Callable[[Row], str]:
    """A field that holds a type or a predicate, by its Chinese label."""
    look = _field(*path)
    return lambda row: load_schema().label(look(row))


_SEVERITIES = {"violation": "违反规则", "warning": "存疑"}


def _verdict(row: Row) -> str:
    if row["check"] == "shape":
        return _SEVERITIES[row["verdict"]]
    schema = load_schema()
    return schema.concept_labels[schema.verdicts[row["verdict"]]]


def _check_kind(row: Row) -> str:
    if row["check"] == "shape":
        return "图谱规则"
    schema = load_schema()
    return schema.concept_labels[schema.check_kinds[row["check"]]]


def _place(row: Row) -> str:
    """Where the evidence stands, in a few words: 第12页，表1-5第10行."""
    evidence = row["evidence"][0] if isinstance(row["evidence"], list) else row["evidence"]
    page, table = evidence.get("page"), evidence.get("table")
    own = re.match(r"(?:附|续|附件)?表\s*\d+(?:[-－—–.．]\d+)*", evidence.get("caption", ""))
    number = own.group(0) if own else f"第{table}张表"
    words = [f"第{page}页" if page else "", f"{number}第{evidence.get('row')}行" if table else ""]
    return "，".join(word for word in words if word) or evidence.get("section", "")


def _elsewhere(row: Row) -> str:
    """The other places of a check: the value, where it stands, and its words."""
    return "；".join(
        f"{each['value']}（{'' if each['report'] == row['report'] else each['report'] + '，'}{_place(each)}：{each['evidence']['text']}）"
        for each in row["against"]
    )


def _link_word(key: str) -> Callable[[Row], str]:
    """A way of linking, or a reason for no link, by its Chinese label."""
    return lambda row: load_schema().link_words.get(row[key], "")


_PLACE = {
    "原文": _field("evidence", 0, "text"),
    "章节": _field("evidence", 0, "section"),
    "页码": _field("evidence", 0, "page"),
    "表号": _field("evidence", 0, "table"),
    "行号": _field("evidence", 0, "row"),
    "报告": _field("report"),
}

EXPORTERS: Mapping[str, Exporter] = MappingProxyType(
    {
        "facts": Exporter(
            export_facts,
            {
                "起点": _field("subject", "name"),
                "起点类型": _word("subject", "type"),
                "关系": _word("predicate"),
                "终点": _field("object", "name"),
                "终点类型": _word("object", "type"),
                "合作方式": _field("qualifiers", "modes"),
                "专业": _field("qualifiers", "programmes"),
                "年份": _field("qualifiers", "year"),
                "人数": _field("qualifiers", "headcount"),
                "设立年份": _field("qualifiers", "since"),
                "状态": _field("qualifiers", "status"),
                "代码": _field("qualifiers", "code"),
                "称号": _field("qualifiers", "designation"),
                "角色": _field("qualifiers", "role"),
                "面积": _field("qualifiers", "area"),
                "工位": _field("qualifiers", "workstations"),
                "共建单位": _field("qualifiers", "partners"),
                **_PLACE,
                "起点链接": _field("subject", "iri"),
                "终点链接": _field("object", "iri"),
                "编号": _field("id"),
            },
        ),
        "figures": Exporter(
            export_figures,
            {
                "对象": _field("subject", "name"),
                "类型": _word("subject", "type"),
                "指标": _field("indicator"),
                "年份": _field("year"),
                "数值": _field("value"),
                "单位": _field("unit"),
                **_PLACE,
                "对象链接": _field("subject", "iri"),
                "编号": _field("id"),
            },
        ),
        "entities": Exporter(
            export_entities,
            {
                "名称": _field("name"),
                "类型": _word("type"),
                "又称": _field("aliases"),
                "代码": _field("code"),
                "关联方式": _link_word("how"),
                "目录名称": _field("catalogue_name"),
                "专业类": _field("class"),
                "专业大类": _field("category"),
                "层次": _field("level"),
                "未关联原因": _link_word("unlinked"),
                "候选代码": _field("proposals"),
                "报告": _field("reports"),
                "链接": _field("iri"),
            },
        ),
        "checks": Exporter(
            export_checks,
            {
                "结论": _verdict,
                "核对类型": _check_kind,
                "对象": _field("subject", "name"),
                "核对内容": _field("what"),
                "年份": _field("year"),
                "所述": _field("stated"),
                "所得": _field("found"),
                "单位": _field("unit"),
                "所得明细": _field("names"),
                "说明": _field("reason"),
                "另一处": _elsewhere,
                **_PLACE,
                "编号": _field("id"),
            },
        ),
        "issues": Exporter(
            export_issues,
            {
                "报告": _field("report"),
                "问题": _field("code"),
                "说明": _field("message"),
                "原文": _field("quote"),
                "章节": _field("section"),
                "页码": _field("page"),
            },
        ),
    }
)

# What a screen has room for.
CHECKS_ON_SCREEN: Mapping[str, Callable[[Row], Any]] = MappingProxyType(
    {
        "结论": _verdict,
        "报告": _field("report"),
        "对象": _field("subject", "name"),
        "核对内容": _field("what"),
        "年份": _field("year"),
        "所述": _field("stated"),
        "所得": _field("found"),
        "位置": _place,
        "所得明细": lambda row: row["reason"] or _elsewhere(row) or "、".join(row["names"]),
    }
)

# A spreadsheet with a Chinese keyboard in mind takes the wide signs too.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
FORMATS = ("jsonl", "csv")


def export(home: Path, what: str, form: str, to: Path | IO[bytes]) -> int:
    """Writes an export to a file (whole or not at all) or to an open stream; returns the number of rows.

    Raises UsageError for an unknown kind or format, MissingStore where nothing was built, KgError where the target
    cannot be written.
    """
    if what not in EXPORTERS:
        raise UsageError(f"there is no export {what!r}; there are: {', '.join(EXPORTERS)}")
    if form not in FORMATS:
        raise UsageError(f"there is no format {form!r}; there are: {', '.join(FORMATS)}")
    if not list_statement_files(home):
        raise MissingStore(f"{home}: there is nothing to export yet; make it with: kg build PATH --home {home}")
    write = _write_csv if form == "csv" else _write_jsonl
    exporter = EXPORTERS[what]
    if not isinstance(to, Path):
        return write(exporter, read_decided_files(home), to)
    with write_aside(to) as out:
        return write(exporter, read_decided_files(home), out)


def export_graph(home: Path, to: Path | IO[bytes], default_graph: str | None = None) -> int:
    """Writes the whole graph as sorted N-Quads, for ``default_graph`` see kg.store.write_nquads; returns their number.

    Raises MissingStore where there is no graph, KgError where the target cannot be written.
    """
    from kg.store import write_nquads  # what rows are made of needs no store

    if not isinstance(to, Path):
        return write_nquads(home, to, default_graph)
    with write_aside(to) as out:
        return write_nquads(home, out, default_graph)


def write_csv_rows(rows: Iterator[list[Any]], out: IO[bytes]) -> int:
    """Writes rows as CSV that spreadsheets read: UTF-8 with BOM, no cell that would run as a formula."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    count = 0
    for row in rows:
        writer.writerow([harmless_cell(value) for value in row])
        count += 1
    text.flush()
    text.detach()
    return count


def harmless_cell(value: Any) -> Any:
    """A value as a CSV cell: lists joined, control characters out, an apostrophe before what looks like a formula."""
    if isinstance(value, list | tuple):
        value = "、".join(str(item) for item in value)
    if not isinstance(value, str):
        return value
    value = "".join(char for char in value if char >= " " or char in "\n\t")
    return f"'{value}" if value.lstrip().startswith(_FORMULA) else value


def _write_jsonl(exporter: Exporter, files: Iterable[StatementFile], out: IO[bytes]) -> int:
    count = 0
    for row in exporter.rows(files):
        out.write(json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n")
        count += 1
    return count


def _write_csv(exporter: Exporter, files: Iterable[StatementFile], out: IO[bytes]) -> int:
    def rows() -> Iterator[list[Any]]:
        yield list(exporter.columns)
        for row in exporter.rows(files):
            yield [look(row) for look in exporter.columns.values()]

    return write_csv_rows(rows(), out) - 1
