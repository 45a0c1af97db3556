"""Figures that a sentence compares: which number belongs to which year, and which are plans or parts."""

from __future__ import annotations

import pytest

from kg.extraction import extract
from kg.layout import RawText, build_document
from kg.model import Document, ReportInfo, ReportLevel

SCHOOL = "东湾县青禾职业技术学校"


def figures(text: str, *, city: bool = False) -> set[tuple[str, str, int | None, float]]:
    made = build_document("t", "t", [RawText("质量年度报告"), RawText("1.1 基本情况", level=1), RawText(text)])
    info = (
        ReportInfo("t", ReportLevel.CITY, "临江市教育局", "临江市", 2024)
        if city
        else ReportInfo("t", ReportLevel.SCHOOL, SCHOOL, "临江市", 2024)
    )
    _, found, _, _ = extract(Document(made.report, made.source, made.text, made.blocks, info))
    return {(f.subject.name, f.indicator, f.year, f.value) for f in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2024年，学校在校生3128人，较2023年的2894人增加234人。",
            {("在校生数", 2024, 3128.0), ("在校生数", 2023, 2894.0)},
        ),
        ("2024年，合作企业由2023年的71家增加到83家。", {("合作企业数", 2023, 71.0), ("合作企业数", 2024, 83.0)}),
        ("就业率由上年的96.1%提高到97.3%。", {("就业率", 2023, 96.1), ("就业率", 2024, 97.3)}),
        (
            "2024年，学校招生1420人，在校生4050人，分别比2023年的1350人、3980人增长5.2%和1.8%。",
            {
                ("招生数", 2024, 1420.0),
                ("在校生数", 2024, 4050.0),
                ("招生数", 2023, 1350.0),
                ("在校生数", 2023, 3980.0),
            },
        ),
        ("2023年、2024年，学校招生分别为950人、1020人。", {("招生数", 2023, 950.0), ("招生数", 2024, 1020.0)}),
    ],
)
def test_each_number_has_its_year(text: str, expected: set[tuple[str, int, float]]) -> None:
    assert figures(text) == {(SCHOOL, *figure) for figure in expected}


@pytest.mark.parametrize(
    "text",
    [
        "学校力争在校生由2024年的3128人增加到3500人。",
        "陶瓷工艺专业在校生由2017年的31人增加到268人。",
        "临江市一所兄弟学校今年升学率达82%。",
        "学校与临江重工集团开办“临江班”，2024级招收学生62人；两个项目共录取新生226人。",
        "护理专业与江州医学高等专科学校贯通培养，当年招生90人，2024年转段升学112人。",
        "双师型教师数量不足，与专业课教师中双师型教师占比60%的目标还有差距。",
    ],
)
def test_plans_and_parts_are_no_figures_of_the_school(text: str) -> None:
    assert figures(text) == set()


@pytest.mark.parametrize(
    ("text", "indicator", "value"),
    [
        ("学校有一体化（双师型）教师71人。", "双师型教师数", 71.0),
        ("2024年升入高一级学校386人。", "升学人数", 386.0),
    ],
)
def test_the_words_of_technician_schools_and_of_bureaus(text: str, indicator: str, value: float) -> None:
    assert figures(text) == {(SCHOOL, indicator, 2024, value)}


def test_a_school_may_tell_a_figure_of_its_city() -> None:
    assert figures("据统计，2024年全市共有中等职业学校27所，在校生4.9万人，我校是其中规模最大的一所。") == {
        ("临江市", "学校数", 2024, 27.0),
        ("临江市", "在校生数", 2024, 49000.0),
    }
