"""What reports state beside what was found in them, as kg check, its exports and the graph show it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from kg import store
from kg.checks import ReportCheck, list_checks
from kg.errors import KgError, MissingStore
from kg.export.writing import export
from kg.pipeline import build
from kg.queries import run_query

BASE = "https://w3id.org/zhijiao-kg/id/"
SCHOOL = "澧水市兰江职业中等专业学校"
CITY = "澧水市"
TYPES = {"Enterprise": "partnersWith", "Programme": "offersProgramme", "TrainingBase": "operatesBase"}


class Report:
    """A statement file while it is written: one school (or a city with its schools)."""

    def __init__(self, name: str, publisher: str = SCHOOL, level: str = "school") -> None:
        self.name = name
        self.at = 0
        head = {"kind": "report", "report": name, "publisher": publisher, "region": CITY, "level": level, "year": 2023}
        self.lines: list[dict[str, Any]] = [head]
        self.entity("Region", CITY)
        self.entity("School", SCHOOL)

    def entity(self, type_: str, name: str) -> str:
        iri = f"{BASE}{type_.lower()}/{name}"
        if iri not in [line.get("iri") for line in self.lines]:
            self.lines.append({"kind": "entity", "iri": iri, "type": type_, "name": name, "aliases": []})
        return iri

    def place(self, text: str, table: int = 0, caption: str = "") -> dict[str, Any]:
        self.at += 100
        row = {"table": table, "row": 2, "caption": caption} if table else {}
        return {"text": text, "start": self.at, "end": self.at + 10, "section": "一、概况", **row}

    def figure(
        self, indicator: str, value: float, text: str, *, unit: str = "人", year: int = 2023, of: str = "",
        table: int = 0, caption: str = "",
    ) -> Report:  # fmt: skip
        subject = f"{BASE}{'region' if of == CITY else 'school'}/{of or SCHOOL}"
        self.lines.append(
            {"kind": "figure", "id": f"{self.name}-f{self.at}", "subject": subject, "indicator": indicator,
             "value": value, "unit": unit, "year": year, "evidence": self.place(text, table, caption)}
        )  # fmt: skip
        return self

    def names(self, type_: str, *names: str, **qualifiers: Any) -> Report:
        for name in names:
            self.lines.append(
                {"kind": "statement", "id": f"{self.name}-s{self.at}-{len(self.lines)}", "predicate": TYPES[type_],
                 "subject": f"{BASE}school/{SCHOOL}", "object": self.entity(type_, name), "qualifiers": qualifiers,
                 "evidence": self.place(name)}
            )  # fmt: skip
        return self

    def write(self, home: Path) -> Report:
        (home / "statements").mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in self.lines)
        (home / "statements" / f"{self.name}.jsonl").write_text(text, encoding="utf-8")
        return self


def checks(home: Path, kind: str, *reports: Report) -> list[ReportCheck]:
    for report in reports:
        report.write(home)
    return [check for check in list_checks(home) if check.record.check == kind]


def said(found: list[ReportCheck]) -> list[tuple[str, float, float | None, str]]:
    return [(c.record.what, c.record.stated, c.record.found, c.record.verdict) for c in found]


# ---- a number against names


def test_a_number_against_the_names_found(tmp_path: Path) -> None:
    report = Report("a").figure("合作企业数", 56, "合作企业56家。", unit="家").names("Enterprise", "甲厂", "乙公司")
    report.figure("专业数", 2, "学校开设2个专业。", unit="个").names("Programme", "护理", "会计", "烹饪", year=2023)
    found = checks(tmp_path, "named", report)
    assert said(found) == [("专业数", 2, 3, "more-found"), ("合作企业数", 56, 2, "fewer-found")]
    assert found[0].record.names == ("会计", "护理", "烹饪") and found[0].subject == SCHOOL


def test_what_was_closed_or_was_of_another_year_is_not_counted(tmp_path: Path) -> None:
    report = Report("a").figure("专业数", 1, "学校开设1个专业。", unit="个").names("Programme", "护理")
    report.names("Programme", "会计", status="停办").names("Programme", "烹饪", year=2022)
    assert said(checks(tmp_path, "named", report)) == [("专业数", 1, 1, "agrees")]


def test_bases_on_campus_are_not_measured_by_all_bases(tmp_path: Path) -> None:
    report = Report("a").figure("实训基地数", 1, "学校建有校内实训基地1个、校外实训基地9个。", unit="个")
    report.names("TrainingBase", "护理实训中心", "县医院实习基地")
    assert said(checks(tmp_path, "named", report)) == [("实训基地数", 1, 2, "skipped")]


# ---- one figure at two places


def test_two_values_of_one_figure(tmp_path: Path) -> None:
    report = Report("a").figure("在校生数", 3286, "全日制在校生3286人，其中女生1352人。")
    report.figure("在校生数", 3268, "1 全日制在校生人数 人 3104 3268", table=6)
    (found,) = checks(tmp_path, "twice", report)
    assert (found.record.verdict, found.record.stated, found.record.found) == ("contradicts", 3286, 3268)
    assert [(place.report, place.evidence.table) for place in found.against] == [("a", 6)]


@pytest.mark.parametrize(
    ("indicator", "unit", "first", "second"),
    [
        ("实训基地数", "个", (8, "建有校内实训基地8个、校外实训基地32个。"), (32, "建有校内实训基地8个、校外实训基地32个。")),
        ("在校生数", "人", (15000, "全校在校生1.5万人。"), (15012, "在校生15012人。")),
        ("在校生数", "人", (2000, "在校生2000余人。"), (2340, "在校生2340人。")),
        ("毕业生数", "人", (3300, "近三年，累计输送毕业生3300人。"), (1176, "2023年毕业生1176人。")),
        ("就业率", "%", (98, "就业率达98%以上。"), (99.2, "就业率为99.2%。")),
        ("就业率", "%", (99, "就业率99%。"), (98.76, "就业率为98.76%。")),
        ("教职工数", "人", (23, "慰问生病教职工23人次。"), (238, "教职工238人。")),
        ("专任教师数", "人", (18, "全年补充专任教师18人。"), (203, "专任教师203人。")),
        ("校园面积", "亩", (126, "南校区占地126亩；北校区占地174亩。"), (174, "南校区占地126亩；北校区占地174亩。")),
        ("双师型教师比例", "%", (78, "专业课教师中双师型教师128人，占78%。"), (63, "双师型教师占专任教师的63%。")),
        ("双师型教师比例", "%", (45, "争取编制，招聘教师2名，双师型教师比例达到45%。"), (39.2, "双师型教师比例39.2%。")),
        ("毕业生数", "人", (118, "开发区年内接收毕业生118名。"), (2014, "2023年毕业生2014人。")),
        ("在校生数", "人", (642, "该校地处山区，在校生642人。"), (2896, "在校生2896人。")),
        ("在校生数", "人", (1900, "2022年在校生1900人。"), (2896, "在校生2896人。")),
    ],
)  # fmt: skip
def test_what_does_not_contradict(
    tmp_path: Path, indicator: str, unit: str, first: tuple[float, str], second: tuple[float, str]
) -> None:
    report = Report("a")
    for value, text in (first, second):
        report.figure(indicator, value, text, unit=unit)
    assert [c for c in checks(tmp_path, "twice", report) if c.differs] == []


def test_the_rows_of_one_table_do_not_contradict_each_other(tmp_path: Path) -> None:
    report = Report("a").figure("实训基地数", 259, "合计 259", unit="个", table=3)
    report.figure("实训基地数", 47, "其他基地 47", unit="个", table=3).figure("实训基地数", 60, "基地60个。", unit="个")
    assert [c for c in checks(tmp_path, "twice", report) if c.differs] == []


def test_a_school_and_its_city_say_two_numbers(tmp_path: Path) -> None:
    own = Report("school").figure("毕业生数", 705, "2023年毕业生705人。").figure("招生数", 900, "招生900人。")
    city = Report("city", "澧水市教育局", "city").figure("毕业生数", 708, f"{SCHOOL} 708", table=2)
    city.figure("招生数", 900, f"{SCHOOL} 900", table=3)
    found = checks(tmp_path, "twice", own, city)
    assert said(found) == [("毕业生数", 708, 705, "contradicts"), ("招生数", 900, 900, "agrees")]
    assert (found[0].report, found[0].against[0].report) == ("city", "school")
    assert [c.record.verdict for c in list_checks(tmp_path, ["school"])] == ["contradicts", "agrees"]


# ---- a ratio against its parts


@pytest.mark.parametrize(
    ("ratio", "verdict"), [(15.84, "agrees"), (15.8, "agrees"), (15.3, "skipped"), (12.2, "differs")]
)
def test_students_per_teacher(tmp_path: Path, ratio: float, verdict: str) -> None:
    report = Report("a").figure("在校生数", 3104, "在校生3104人。").figure("专任教师数", 196, "专任教师196人。")
    report.figure("生师比", ratio, f"生师比为{ratio}:1。", unit=":1")
    (found,) = checks(tmp_path, "rate", report)
    assert (found.record.verdict, found.record.found, found.record.names) == (verdict, 15.84, ("3104/196",))


def test_a_share_of_whom_is_not_said_is_not_named_wrong(tmp_path: Path) -> None:
    report = Report("a").figure("双师型教师数", 80, "双师型教师80人。").figure("专任教师数", 200, "专任教师200人。")
    report.figure("双师型教师比例", 70, "双师型教师比例 % 70", unit="%", table=4)
    assert [c.record.verdict for c in checks(tmp_path, "rate", report)] == ["skipped"]
    report = Report("a").figure("双师型教师数", 80, "双师型教师80人。").figure("专任教师数", 200, "专任教师200人。")
    report.figure("双师型教师比例", 70, "双师型教师占专任教师比例 70%", unit="%", table=4)
    assert [c.record.verdict for c in checks(tmp_path, "rate", report)] == ["differs"]


# ---- whole reports


@pytest.mark.parametrize(
    ("folder", "differences"),
    [
        ("reports", {("gd-school-2023", "在校生数", 3286, 3268), ("ha-school-2019", "就业率", 97.62, 97.45)}),
        (
            "second/reports",
            {
                ("he-school-2018", "在校生数", 1255, 1225),
                ("jx-city-2022", "专任教师数", 88, 90),
                ("jx-city-2022", "教职工数", 2086, 2080),
                ("sn-school-2024", "在校生数", 2896, 2891),
                ("sn-school-2024", "教职工数", 243, 241),
                ("sn-school-2024", "升入本科人数", 47, 49),
                ("sn-school-2024", "生师比", 14.27, 14.24),
                ("zj-school-2021", "在校生数", 5976, 5967),
            },
        ),
    ],
)
def test_whole_reports_raise_no_false_alarm(tmp_path: Path, folder: str, differences: set[object]) -> None:
    """Each of these was read by hand: the report does say both."""
    assert not build([Path(__file__).parent / "heldout" / folder], tmp_path).failed
    found = [c for c in list_checks(tmp_path) if c.differs and c.record.check in ("total", "rate", "twice")]
    assert {(c.report, c.record.what, c.record.stated, c.record.found) for c in found} == differences


# ---- shown


@pytest.fixture
def home(tmp_path: Path) -> Path:
    report = Report("a").figure("毕业生数", 705, "2023年毕业生705人。").figure("毕业生数", 708, "毕业生708人。")
    report.figure("合作企业数", 56, "合作企业56家。", unit="家").names("Enterprise", "甲厂")
    report.lines.append(
        {"kind": "check", "id": "c1", "check": "total", "what": "工位数 · 合计", "stated": 2180, "found": 2160,
         "verdict": "differs", "names": ["1000", "1160"], "evidence": report.place("合计 2180", 3, "表2-1 基地")}
    )  # fmt: skip
    report.write(tmp_path)
    store.rebuild(tmp_path)
    return tmp_path


def test_the_worst_comes_first(home: Path) -> None:
    found = [check.record.verdict for check in list_checks(home)]
    assert found == ["contradicts", "differs", "fewer-found"]


def test_a_check_without_a_subject_is_of_the_publisher(home: Path) -> None:
    assert [check.subject for check in list_checks(home) if check.record.check == "total"] == [SCHOOL]


def test_the_graph_holds_what_differs(home: Path) -> None:
    rows = run_query(home, "differing-checks", {"report": "a"}).as_dicts()
    assert {(row["verdict"], row["kind"], int(row["stated"]), int(row["found"])) for row in rows} == {
        ("前后不一", "前后数据", 705, 708),
        ("不符", "表中合计", 2180, 2160),
        ("只列出一部分", "数与名单", 56, 1),
    }
    assert len(run_query(home, "differing-checks", {"school": "兰江"}).as_dicts()) == 2


def test_exported_for_a_spreadsheet(home: Path) -> None:
    out = io.BytesIO()
    assert export(home, "checks", "csv", out) == 3
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    assert [(row["结论"], row["所述"], row["所得"]) for row in rows[:2]] == [
        ("前后不一", "705", "708"),
        ("不符", "2180", "2160"),
    ]
    assert "毕业生708人" in rows[0]["另一处"] and rows[1]["原文"] == "合计 2180"


def test_nothing_built_and_a_report_that_is_not_there(home: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingStore, match="kg build"):
        list_checks(tmp_path / "none")
    with pytest.raises(KgError, match=r"no report .b.; there are: a"):
        list_checks(home, ["b"])
