"""What a report's own pages say against each other: totals of tables, rates beside their numbers, numbers of lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stress.scoring import make_document

from extractors import Reading, list_counts, table_rates, table_totals
from kg.mentions import find_mentions
from kg.model import Check, Verdict

AGREES, DIFFERS, SKIPPED = Verdict.AGREES, Verdict.DIFFERS, Verdict.SKIPPED
SCHOOL = "澧水市兰江职业中等专业学校"


def read(*blocks: dict, level: str = "school") -> Reading:
    report = {"title": f"{SCHOOL}质量年度报告", "level": level, "publisher": SCHOOL, "region": "澧水市", "year": 2023}
    document = make_document({"id": "x", "report": report, "blocks": list(blocks)})
    return Reading(document, find_mentions(document))


def totals(*rows: str, caption: str = "表1 情况统计表", header_rows: int = 1, level: str = "school") -> list[Check]:
    """The checks of a table whose rows are written with blanks between the cells."""
    table = {"caption": caption, "rows": [row.split() for row in rows], "header_rows": header_rows}
    table["rows"] = [["" if cell == "_" else cell for cell in row] for row in table["rows"]]
    return list(table_totals.check(read({"table": table}, level=level)))


def verdicts(checks: list[Check]) -> dict[str, Verdict]:
    return {check.what: check.verdict for check in checks}


# ---- totals


def test_a_total_row_is_summed_column_by_column() -> None:
    checks = totals("专业 招生数（人） 在校生数（人）", "护理 40 120", "会计 35 90", "合计 75 211")
    assert [(c.what, c.stated, c.found, c.verdict) for c in checks] == [
        ("招生数（人） · 合计", 75, 75, AGREES),
        ("在校生数（人） · 合计", 211, 210, DIFFERS),
    ]
    assert checks[1].names == ("120", "90")
    assert (checks[1].evidence.table, checks[1].evidence.row) == (1, 4)


def test_a_total_column_is_summed_row_by_row() -> None:
    checks = totals("年级 男 女 合计", "一年级 210 190 400", "二年级 180 170 350", "三年级 160 150 320")
    assert [c.verdict for c in checks] == [AGREES, AGREES, DIFFERS]


def test_a_subtotal_of_columns_belongs_to_its_header() -> None:
    rows = ("年份 直接就业 < < 升学 < <", "^ 录用 自主 小计 对口 联读 小计")
    checks = totals(
        *rows, "2022 60 10 70 90 20 110", "2023 50 12 62 80 25 115", "2021 40 5 45 70 30 100", header_rows=2
    )
    assert verdicts(checks) == {
        "2022 · 直接就业/小计": AGREES, "2023 · 直接就业/小计": AGREES, "2021 · 直接就业/小计": AGREES,
        "2022 · 升学/小计": AGREES, "2023 · 升学/小计": DIFFERS, "2021 · 升学/小计": AGREES,
    }  # fmt: skip


def test_a_total_above_its_rows() -> None:
    checks = totals("类别 基地数（个） 工位数（个）", "合计 12 300", "校内 8 200", "校外 4 100")
    assert [c.verdict for c in checks] == [AGREES, AGREES]


def test_subtotals_inside_a_total_are_not_counted_twice() -> None:
    rows = ("甲科 10 20", "乙科 30 40", "小计 40 60", "丙科 5 6", "丁科 7 8", "小计 12 14", "总计 52 74")
    assert {c.verdict for c in totals("专业 招生数 在校生数", *rows)} == {AGREES}


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("学校 就业率（%）", ("甲校 96.5", "乙校 97.5", "合计 97")),
        ("学校 生师比", ("甲校 14:1", "乙校 16:1", "合计 15:1")),
        ("学校 生均图书（册）", ("甲校 30", "乙校 34", "合计 32")),
        ("学校 升学率", ("甲校 60%", "乙校 70%", "合计 65%")),
        ("学校 平均分", ("甲校 80", "乙校 82", "合计 81")),
    ],
)
def test_rates_and_averages_have_no_sum(header: str, rows: tuple[str, ...]) -> None:
    assert [c.verdict for c in totals(header, *rows)] == [SKIPPED]


def test_what_schools_share_a_city_counts_once() -> None:
    rows = ("甲校 12 900", "乙校 10 800", "合计 15 1700")
    assert [c.verdict for c in totals("学校 专业数（个） 在校生数（人）", *rows, level="city")] == [SKIPPED, AGREES]


def test_a_blank_may_hold_what_the_total_has_more() -> None:
    more = totals("专业 招生数 在校生数", "护理 40 120", "会计 _ 90", "合计 75 210")
    less = totals("专业 招生数 在校生数", "护理 80 120", "烹饪 5 30", "会计 _ 90", "合计 75 240")
    assert verdicts(more) == {"招生数 · 合计": SKIPPED, "在校生数 · 合计": AGREES}
    assert [c.verdict for c in less] == [DIFFERS, AGREES]


def test_rows_of_which_averages_and_changes_are_no_parts() -> None:
    rows = ("护理 40 120", "会计 35 90", "合计 75 210", "平均 37.5 105", "比上年增加 5 12")
    assert [c.verdict for c in totals("专业 招生数 在校生数", *rows)] == [AGREES, AGREES]
    rows = ("教职工 200", "其中：专任教师 150", "临时工 20", "合计 220")
    assert DIFFERS not in {c.verdict for c in totals("类别 人数（人）", *rows)}


@pytest.mark.parametrize(
    "name",
    ["全国环保科技行业协会", "全国机械职业教育教学指导中心服务协会", "全友增减速器有限公司", "澧水同比例模型有限公司"],
)
def test_an_organisation_is_a_part_whatever_its_name_begins_with(name: str) -> None:
    rows = (f"{name} 56", "澧水鸿远精密机械有限公司 40", "澧水蓝海酒店管理有限公司 30")
    for lines in (rows, rows[::-1]):
        (check,) = totals("合作单位 订单人数", *lines, "合计 126")
        assert (check.found, check.verdict) == (126, AGREES)


@pytest.mark.parametrize(
    "aside", ["全国", "全国平均", "全国中等职业学校", "全国中职学校平均", "上年", "同比增长", "比例"]
)
def test_what_is_set_beside_the_rows_is_no_part(aside: str) -> None:
    rows = ("甲校 40 120", "乙校 35 90", "合计 75 210", f"{aside} 900 1800")
    assert DIFFERS not in {c.verdict for c in totals("学校 招生数 在校生数", *rows, level="city")}
    assert [c.found for c in totals("学校 招生数 在校生数", *rows, level="city") if c.what.endswith("合计")] == [
        75,
        210,
    ]


@pytest.mark.parametrize("whole", ["全市", "全市合计", "全省", "全国合计", "全校"])
def test_the_whole_is_the_sum_of_its_rows(whole: str) -> None:
    rows = ("甲校 40 120", "乙校 35 90", f"{whole} 75 210")
    assert [c.verdict for c in totals("学校 招生数 在校生数", *rows, level="city")] == [AGREES, AGREES]


def test_a_single_total_far_off_is_a_form_that_is_not_understood() -> None:
    rows = ("高级职称 50", "硕士 60", "双师型 80", "合计 110")
    assert [c.verdict for c in totals("类别 教师数（人）", *rows)] == [SKIPPED]
    assert [c.verdict for c in totals("专业 人数", "护理 40", "会计 35", "合计 76")] == [DIFFERS]


def test_a_column_of_years_or_codes_has_no_total() -> None:
    checks = totals("专业 专业代码 开设年份 在校生数", "护理 720201 2005 120", "会计 730301 2008 90", "合计 2 4013 210")
    assert [(c.what, c.verdict) for c in checks] == [("在校生数 · 合计", AGREES)]


def test_a_table_that_a_page_parts_is_summed_over_both() -> None:
    def part(caption: str, *rows: str) -> dict:
        return {
            "table": {"caption": caption, "rows": [row.split() for row in ("学校 招生数", *rows)], "header_rows": 1}
        }

    reading = read(part("表2 各校招生", "甲校 100", "乙校 200"), part("续表2", "丙校 50", "丁校 60", "合计 410"))
    (check,) = table_totals.check(reading)
    assert (check.stated, check.found, check.verdict) == (410, 410, AGREES)
    reading = read(part("表2 各校招生", "甲校 100", "乙校 200"), part("续表2", "丙校 50", "丁校 60", "合计 413"))
    assert [c.verdict for c in table_totals.check(reading)] == [SKIPPED]


def test_money_and_thousands() -> None:
    checks = totals("项目 金额（万元）", "设备 1,200.5", "教材 99.52", "合计 1,300.02")
    assert [(c.found, c.verdict) for c in checks] == [(1300.02, AGREES)]


@given(st.lists(st.lists(st.integers(1, 900), min_size=3, max_size=3), min_size=2, max_size=8), st.integers(1, 40))
def test_right_totals_agree_and_one_wrong_one_is_found(rows: list[list[int]], off: int) -> None:
    sums = [sum(column) for column in zip(*rows, strict=True)]
    lines = [f"第{at}部 " + " ".join(map(str, row)) for at, row in enumerate(rows, 1)]
    head = "部门 招生人数 在校生人数 毕业生人数"
    assert {c.verdict for c in totals(head, *lines, "合计 " + " ".join(map(str, sums)))} == {AGREES}
    wrong = [sums[0], sums[1] + off, sums[2]]
    found = totals(head, *lines, "合计 " + " ".join(map(str, wrong)))
    assert [c.verdict for c in found] == [AGREES, DIFFERS, AGREES] and found[1].found == sums[1]


# ---- rates


def rates(*rows: str) -> list[Check]:
    table = {"caption": "表3 2023年毕业生就业情况", "rows": [row.split() for row in rows], "header_rows": 1}
    return list(table_rates.check(read({"table": table})))


def test_a_rate_beside_its_numbers() -> None:
    head = "专业 毕业生数（人） 就业人数（人） 就业率"
    checks = rates(head, "护理 80 78 97.5%", "会计 63 62 98%", "烹饪 45 44 97.77%", "汽修 50 41 92%")
    assert [c.verdict for c in checks] == [AGREES, AGREES, AGREES, DIFFERS]  # rounded, cut, wrong
    assert (checks[3].stated, checks[3].found, checks[3].names, checks[3].year) == (92, 82, ("41/50",), 2023)


def test_a_rate_of_something_else_is_not_named_wrong() -> None:
    head = "专业 毕业生数 就业人数 就业率"  # of those who looked for work
    assert {c.verdict for c in rates(head, "护理 80 40 98%", "会计 60 20 97%", "烹饪 45 10 99%")} == {SKIPPED}


# ---- lists


def lists(text: str) -> list[tuple[float, float | None, str]]:
    found = list_counts.check(read({"h": "一、校企合作"}, {"p": text}))
    return [(check.stated, check.found, str(check.verdict)) for check in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("学校开设护理、会计、中餐烹饪三个专业。", (3, 3, "agrees")),
        ("学校开设护理、会计4个专业。", (4, 2, "differs")),
        ("学校开设护理、会计、汽车运用与维修等12个专业。", (12, 3, "fewer-found")),
        ("学校开设护理、会计、中餐烹饪等2个专业。", (2, 3, "more-found")),
        ("学校现有四个专业：护理、会计、旅游服务与管理、畜牧兽医。", (4, 4, "agrees")),
        ("学校新增3个专业，分别是护理、会计。", (3, 2, "differs")),
        ("学校新增十二个专业：护理、会计等。", (12, 2, "fewer-found")),
        ("学校与三家企业（澧水瑞和物流有限公司、丙辰机械厂、金帆酒店）签订协议。", (3, 3, "agrees")),
        ("学校与澧水瑞和物流有限公司、澧水丙辰机械厂等5家企业签订协议。", (5, 2, "fewer-found")),
    ],
)
def test_a_list_names_as_many_as_it_says(text: str, found: tuple[float, float, str]) -> None:
    assert lists(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "学校开设12个专业，在校生2400人，教师130人。",
        "学校与36家企业（不含校内工坊、社团）合作，成效显著。",
        "护理、会计等近10个专业开展了试点。",
        "3所学校参加：甲校负责教材、资源，乙校和丙校负责师资，共同推进。",
        "学校开设护理、会计专业，2个专业部各有特色。",
    ],
)
def test_what_is_no_list_of_names_is_not_counted(text: str) -> None:
    assert [verdict for *_, verdict in lists(text) if verdict in ("differs", "more-found")] == []


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("三十六", 36), ("百", 0)]
)
def test_numbers_in_words(text: str, number: int) -> None:
    assert list_counts.read_count(text) == number
