"""The forms that tables have in reports: one small table for each, with what a reader takes out of it.

Schools, places of work and numbers are made up.
"""

from __future__ import annotations

from typing import Any

import pytest

from kg.extraction import extract
from kg.headers import align_ragged_rows
from kg.layout import RawItem, RawText, build_document
from kg.model import Document, ReportInfo, ReportLevel

SCHOOL = "东湾县青禾职业技术学校"
SCHOOLS = ("东湾县青禾职业技术学校", "南坪县石桥卫生职业学校", "临江市玉泉工业职业学校", "临江市云岭艺术职业学校")


def make(caption: str, rows: str, *, city: bool = False, before: str = "") -> Document:
    """A report with one table, its rows as lines and its cells between bars."""
    cells = [[cell.strip().replace("⏎", "\n") for cell in line.split("|")] for line in rows.strip().splitlines()]
    items: list[RawItem] = [RawText("质量年度报告"), RawText("1.1 基本情况", level=1)]
    items += [RawText(before)] if before else []
    items += [RawText(caption)] if caption else []
    items.append(align_ragged_rows(cells))
    made = build_document("t", "t", items)
    info = (
        ReportInfo("t", ReportLevel.CITY, "临江市教育局", "临江市", 2023)
        if city
        else ReportInfo("t", ReportLevel.SCHOOL, SCHOOL, "东湾县", 2023)
    )
    return Document(made.report, made.source, made.text, made.blocks, info)


def facts(document: Document) -> dict[tuple[str, str, str], dict[str, Any]]:
    claims, _, _, _ = extract(document)
    return {
        (claim.subject.name, claim.predicate.value, claim.object.name): dict(claim.qualifiers)
        for claim in claims
        if claim.evidence.table
    }


def objects(document: Document, predicate: str) -> dict[str, dict[str, Any]]:
    return {object_: q for (_, p, object_), q in facts(document).items() if p == predicate}


def figures(document: Document) -> set[tuple[str, str, int | None, float]]:
    _, found, _, _ = extract(document)
    return {(f.subject.name, f.indicator, f.year, f.value) for f in found if f.evidence.table}


# --- several names in a cell ------------------------------------------------------------------------------------------


def test_numbers_in_brackets_or_in_order_belong_to_the_names_beside_them() -> None:
    brackets = make("表1 现代学徒制情况", "专业|合作企业（学徒数）\n数控|东湾精工机械有限公司（14人）、大河模具（8名）")
    assert {name: q["headcount"] for name, q in objects(brackets, "partnersWith").items()} == {
        "东湾精工机械有限公司": 14,
        "大河模具": 8,
    }
    order = make("表2 学生实习安排", "专业|实习单位|人数\n护理|东湾县中医医院⏎石桥卫生院|46⏎30")
    assert {name: q.get("headcount") for name, q in objects(order, "partnersWith").items()} == {
        "东湾县中医医院": 46,
        "石桥卫生院": 30,
    }


def test_one_number_for_several_names_is_nobodys_own() -> None:
    table = make("表1 学生实习安排", "专业|实习单位|人数\n护理|东湾县中医医院、石桥卫生院|76")
    assert [q.get("headcount") for q in objects(table, "partnersWith").values()] == [None, None]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("东湾一职  石桥卫校⏎玉泉工校；云岭艺校", ["东湾一职", "石桥卫校", "玉泉工校", "云岭艺校"]),
        ("石桥卫校（2021年）⏎玉泉工校", ["石桥卫校", "玉泉工校"]),
        ("临江市玉泉工业⏎职业学校、石桥卫校", ["临江市玉泉工业职业学校", "石桥卫校"]),
    ],
)
def test_names_divide_at_blanks_and_line_breaks_that_no_name_goes_over(cell: str, names: list[str]) -> None:
    table = make("", f"类别|学校名称\n省级示范性中等职业学校|{cell}", city=True)
    assert [subject for subject, _, _ in facts(table)] == names


def test_a_legal_form_on_the_next_line_is_no_name_of_its_own() -> None:
    table = make(
        "表1 合作企业", "企业名称|合作方式\n东湾红土牧业股份⏎有限公司|岗位实习\n大河物流⏎青禾食品有限公司|订单班"
    )
    assert set(objects(table, "partnersWith")) == {"东湾红土牧业股份有限公司", "大河物流", "青禾食品有限公司"}


def test_a_bracket_may_say_that_it_is_not_so() -> None:
    table = make(
        "表1 合作单位",
        "专业|合作单位\n数控|大河模具（订单班20人）、东湾精工机械有限公司（拟）\n护理|石桥卫生院（洽谈中）\n会计|个体工商户",
    )
    assert objects(table, "partnersWith") == {
        "大河模具": {"modes": ["订单培养"], "programmes": ["数控"], "headcount": 20}
    }


# --- who stands in which column ---------------------------------------------------------------------------------------


def test_a_citys_partners_stand_beside_the_schools_they_work_with() -> None:
    table = make(
        "表1 企业参与办学情况",
        "企业（单位）|合作学校|合作内容|受益学生\n大河模具有限公司|玉泉工校|订单班|60\n|石桥卫校|岗位实习|8",
        city=True,
    )
    assert facts(table) == {
        ("玉泉工校", "partnersWith", "大河模具有限公司"): {"modes": ["订单培养"], "headcount": 60},
        ("石桥卫校", "partnersWith", "大河模具有限公司"): {"modes": ["顶岗实习"], "headcount": 8},
    }


def test_who_aids_whom_are_two_columns_of_schools() -> None:
    table = make(
        "表1 2019年对口支援情况",
        "支援学校|受援学校|形式|帮扶专业\n临江市玉泉工业职业学校|南坪县石桥卫生职业学校|结对共建|护理",
        city=True,
    )
    assert facts(table) == {
        ("临江市玉泉工业职业学校", "collaboratesWith", "南坪县石桥卫生职业学校"): {
            "modes": ["结对共建"],
            "programmes": ["护理"],
            "year": 2019,
        }
    }


def test_tables_side_by_side_are_read_one_after_the_other() -> None:
    table = make(
        "附表1 合作单位名录",
        "序号|单位名称|合作形式|序号|单位名称|合作形式\n1|大河酒业有限公司|岗位实习|3|东湾县第二幼儿园|见习\n2|青禾自行车|订单班|4|/|/",
    )
    assert {name: q["modes"] for name, q in objects(table, "partnersWith").items()} == {
        "大河酒业有限公司": ["顶岗实习"],
        "青禾自行车": ["订单培养"],
        "东湾县第二幼儿园": ["顶岗实习"],
    }


def test_those_who_order_a_training_are_partners() -> None:
    table = make("表1 主要培训项目", "培训项目|委托（合作）单位|期数|人次\n高素质农民培育|东湾县农业农村局|4|320")
    assert set(objects(table, "partnersWith")) == {"东湾县农业农村局"}


def test_a_remark_adds_to_the_mode_of_the_table() -> None:
    table = make("表1 学生顶岗实习安排表", "专业|实习单位|人数|备注\n机电|大河机械有限公司|27|含学徒班20人")
    assert objects(table, "partnersWith")["大河机械有限公司"]["modes"] == ["顶岗实习", "现代学徒制"]


@pytest.mark.parametrize(
    "table",
    [
        make("表1 走访用人单位记录", "序号|单位名称|走访人\n1|大河食品有限公司|就业办\n2|青禾供电公司|团委"),
        make("表1 物资采购", "序号|单位名称|品目\n1|大河教学设备有限公司|课桌椅\n2|青禾被服厂|校服"),
        make("表1 职业资格取证情况", "工种|等级|参加人数|取证人数\n汽车维修工|中级|56|53\n保育员|初级|84|84"),
        make("表1 学生实习安排", "专业|实习单位|人数|备注\n焊工|大河钢构有限公司||新生未到年限，未安排"),
    ],
)
def test_visits_purchases_certificates_and_what_was_not_done_give_nothing(table: Document) -> None:
    assert facts(table) == {}


# --- groups -----------------------------------------------------------------------------------------------------------


def test_members_have_the_role_of_their_column_or_row() -> None:
    columns = make(
        "表1 职教集团成员单位",
        "集团（联盟）|牵头单位|副理事长单位|一般成员\n大河现代农业职教集团|玉泉工校|大河牧业有限公司|青禾合作社⏎东湾莲心堂",
        city=True,
    )
    assert {s: q["role"] for (s, p, _), q in facts(columns).items() if p == "memberOf"} == {
        "玉泉工校": "牵头",
        "大河牧业有限公司": "理事",
        "青禾合作社": "成员",
        "东湾莲心堂": "成员",
    }
    rows = make(
        "表2 东湾县职业教育集团骨干单位",
        "类别|单位\n理事长单位|青禾职校\n常务理事单位|大河食品有限公司\n理事单位|东湾县人民医院⏎大河机械有限公司",
    )
    assert {s: q["role"] for (s, p, _), q in facts(rows).items() if p == "memberOf"} == {
        "青禾职校": "牵头",
        "大河食品有限公司": "常务理事",
        "东湾县人民医院": "理事",
        "大河机械有限公司": "理事",
    }


# --- programmes -------------------------------------------------------------------------------------------------------


def test_of_grades_only_their_sum_is_the_students_of_a_programme() -> None:
    table = make(
        "表1 专业设置及学生分布情况（2024年9月）",
        "专业名称|代码|设立时间|2022级|2023级|2024级|合计|特色专业级别\n"
        "护理|720201|2009年|121|128|162|411|省级\n会计事务|730301|1999年|48|45|26|119|",
    )
    assert objects(table, "offersProgramme") == {
        "护理": {"code": "720201", "since": 2009, "headcount": 411, "year": 2024, "designation": "省级特色专业"},
        "会计事务": {"code": "730301", "since": 1999, "headcount": 119, "year": 2024},
    }


def test_a_column_for_what_was_opened_and_one_for_what_was_closed() -> None:
    table = make(
        "表1 2022年专业调整一览",
        "学校|新增|停招\n玉泉工校|新能源汽车运用与维修（700209）|服装设计与工艺\n石桥卫校|中药制药、康复技术|—",
        city=True,
    )
    assert facts(table) == {
        ("玉泉工校", "offersProgramme", "新能源汽车运用与维修"): {"status": "新增", "year": 2022, "code": "700209"},
        ("玉泉工校", "offersProgramme", "服装设计与工艺"): {"status": "停办", "year": 2022},
        ("石桥卫校", "offersProgramme", "中药制药"): {"status": "新增", "year": 2022},
        ("石桥卫校", "offersProgramme", "康复技术"): {"status": "新增", "year": 2022},
    }


def test_remarks_of_a_table_of_programmes_tell_statuses_and_designations() -> None:
    table = make(
        "表1 开设专业一览表",
        "专业名称|在校生|备注\n护理|465|市级品牌专业\n物流服务与管理|61|停招\n会计事务|268|教室在二楼",
    )
    found = objects(table, "offersProgramme")
    assert found["护理"]["designation"] == "市级品牌专业"
    assert {name: q["status"] for name, q in found.items()} == {
        "护理": "开设",
        "物流服务与管理": "停办",
        "会计事务": "开设",
    }


def test_marks_show_which_school_offers_which_programme() -> None:
    down = make("表1 各校专业布点", "专业|玉泉工校|石桥卫校\n护理||√\n机电技术应用|√|\n会计事务|√|√", city=True)
    across = make("表1 各校专业布点", "学校|护理|机电技术应用|会计事务\n玉泉工校||√|√\n石桥卫校|√||√", city=True)
    for table in (down, across):
        assert set(facts(table)) == {
            ("石桥卫校", "offersProgramme", "护理"),
            ("玉泉工校", "offersProgramme", "机电技术应用"),
            ("玉泉工校", "offersProgramme", "会计事务"),
            ("石桥卫校", "offersProgramme", "会计事务"),
        }


# --- bases ------------------------------------------------------------------------------------------------------------


def test_a_list_of_rooms_names_bases_under_a_bare_heading() -> None:
    table = make(
        "表1 校内主要实训场所",
        "名称|面积（㎡）|工位（个）|面向专业|建成年份\n护理实训中心|1650|260|护理|2019\n琴房|240|52|学前教育|\n现代农业实训园|20亩|—|作物生产技术|2009",
    )
    assert objects(table, "operatesBase") == {
        "护理实训中心": {"area": 1650, "workstations": 260, "programmes": ["护理"], "year": 2019},
        "现代农业实训园": {"programmes": ["作物生产技术"], "year": 2009},
    }


# --- statuses ---------------------------------------------------------------------------------------------------------


def test_marks_below_statuses_and_grades() -> None:
    table = make("表1 中职学校分级评价结果", "学校|A档|B档\n玉泉工校|√|\n石桥卫校||√", city=True)
    assert set(facts(table)) == {
        ("玉泉工校", "designatedAs", "A档学校"),
        ("石桥卫校", "designatedAs", "B档学校"),
    }
    answers = make("表2 学生问卷", "学校|A档|B档\n玉泉工校|√|\n石桥卫校||√", city=True)
    assert facts(answers) == {}


def test_statuses_with_the_schools_that_hold_them_and_their_programmes() -> None:
    table = make(
        "附表1 荣誉称号与建设项目",
        "级别|名称|学校\n国家级|国家级重点中等职业学校|玉泉工校、石桥卫校（2012年）\n省级|省重点专业|石桥卫校（护理、助产）",
        city=True,
    )
    assert facts(table) == {
        ("玉泉工校", "designatedAs", "国家级重点中等职业学校"): {},
        ("石桥卫校", "designatedAs", "国家级重点中等职业学校"): {"year": 2012},
        ("石桥卫校", "offersProgramme", "护理"): {"designation": "省重点专业"},
        ("石桥卫校", "offersProgramme", "助产"): {"designation": "省重点专业"},
    }


def test_those_who_run_a_school_stand_under_two_words() -> None:
    table = make("表1 基本情况", f"学校名称|举办（主管）单位|在校生\n{SCHOOL}|东湾县教育局|386", city=True)
    assert (SCHOOL, "administeredBy", "东湾县教育局") in facts(table)


# --- figures ----------------------------------------------------------------------------------------------------------


def test_schools_of_two_characters_are_those_that_the_report_names_in_full() -> None:
    rows = "项目|青禾|石桥|玉泉|云岭|全市\n专任教师|232|218|164|63|677\n生师比|17.8|20.1|18|16.3|17.8"
    told = "本市有" + "、".join(SCHOOLS) + "。"
    assert {f for f in figures(make("表1 教师情况", rows, city=True, before=told)) if f[1] == "专任教师数"} == {
        (SCHOOLS[0], "专任教师数", 2023, 232.0),
        (SCHOOLS[1], "专任教师数", 2023, 218.0),
        (SCHOOLS[2], "专任教师数", 2023, 164.0),
        (SCHOOLS[3], "专任教师数", 2023, 63.0),
        ("临江市", "专任教师数", 2023, 677.0),
    }
    told = f"本市有{SCHOOLS[0]}，另有临江市青禾艺术职业学校、{SCHOOLS[1]}、{SCHOOLS[2]}。"
    assert not any(value == 232 for *_, value in figures(make("表1 教师情况", rows, city=True, before=told)))


def test_a_part_stands_beside_its_whole() -> None:
    table = make("表1 毕业生去向", "届别|就业率|对口率|升学|其中本科\n2022届|97.1%|82.3%|545|47")
    assert figures(table) == {
        (SCHOOL, "就业率", 2022, 97.1),
        (SCHOOL, "对口就业率", 2022, 82.3),
        (SCHOOL, "升学人数", 2022, 545.0),
        (SCHOOL, "升入本科人数", 2022, 47.0),
    }


def test_a_number_of_students_may_look_like_a_year() -> None:
    table = make("表1 学生规模", "年度|招生数|在校生数\n2019年|1986|5624\n2020年|2048|5790")
    assert figures(table) == {
        (SCHOOL, "招生数", 2019, 1986.0),
        (SCHOOL, "招生数", 2020, 2048.0),
        (SCHOOL, "在校生数", 2019, 5624.0),
        (SCHOOL, "在校生数", 2020, 5790.0),
    }


def test_ten_thousands_stand_in_the_header_or_in_a_column_of_units() -> None:
    header = make("表1 规模", "学校|在校生数（万人）\n玉泉工校|0.52\n石桥卫校|0.31\n全市|0.83", city=True)
    assert ("玉泉工校", "在校生数", 2023, 5200.0) in figures(header)
    units = make(
        "附表6 落实政策表",
        "序号|指标|单位|2022年|2023年\n1|全日制在校生人数|万人|2.94|2.87\n2|班主任人数|人|70|69",
        city=True,
    )
    assert figures(units) == {("临江市", "在校生数", 2022, 29400.0), ("临江市", "在校生数", 2023, 28700.0)}


def test_in_a_table_by_programmes_the_last_row_is_the_schools() -> None:
    table = make(
        "表1 2018届毕业生就业情况（分专业）",
        "专业|毕业生|就业率%|升学|主要就业单位\n中药|60|96.67|22|大河药业有限公司\n会计|71|92.96|25|\n全校|131|94.66|47|",
    )
    assert figures(table) == {
        (SCHOOL, "毕业生数", 2018, 131.0),
        (SCHOOL, "就业率", 2018, 94.66),
        (SCHOOL, "升学人数", 2018, 47.0),
    }


def test_the_share_of_senior_teachers_is_no_share_of_all() -> None:
    table = make(
        "附表3 教学资源表",
        "序号|指标|单位|2022年|2023年\n1|“双师型”教师比例|%|61.11|63.05\n|其中：高级“双师型”教师比例|%|12.63|13.30",
    )
    assert figures(table) == {(SCHOOL, "双师型教师比例", 2022, 61.11), (SCHOOL, "双师型教师比例", 2023, 63.05)}
