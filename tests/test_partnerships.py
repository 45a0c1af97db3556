"""Forms in which reports tell of partners, in running text, each with what a reader takes from it and what not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kg.extraction import extract
from kg.layout import RawText, build_document
from kg.mentions import find_mentions
from kg.model import PARTNER_TYPES, ReportInfo, ReportLevel, Span
from kg.reference_data import load_catalogue

SCHOOL = "常德市朗州职业中等专业学校"
CITY = "常德市"


def read(*texts: str, level: str = "school", heading: str = "1 校企合作") -> set[tuple[str, str, str]]:
    """(subject, predicate, object) of partnersWith and collaboratesWith in a report of a school or of its city."""
    document = build_document("r", "r", [RawText("质量年度报告"), RawText(heading, level=1), *map(RawText, texts)])
    publisher = SCHOOL if level == "school" else "常德市教育局"
    info = ReportInfo("质量年度报告", ReportLevel(level), publisher, CITY, 2023, None)
    claims, *_ = extract(replace(document, info=info))
    wanted = ("partnersWith", "collaboratesWith")
    return {(c.subject.name, c.predicate.value, c.object.name) for c in claims if c.predicate.value in wanted}


def partners(*texts: str, **options: Any) -> set[str]:
    return {found[2] for found in read(*texts, **options)}


OF_A_SCHOOL: tuple[Any, ...] = (
    # one after the other with one subject
    (
        "学校先与常德巨沣精密模具有限公司续签协议；又与湘北自动化设备有限公司签约；此外还同云岭通信科技、澧水服饰两家分别组建了冠名班。",
        {"常德巨沣精密模具有限公司", "湘北自动化设备有限公司", "云岭通信科技", "澧水服饰"},
    ),
    # no form of a list: what the two do together tells
    ("实训楼的设备是湖南玉衡机器人有限公司投的，课也由该公司上。", {"湖南玉衡机器人有限公司"}),
    ("常德市蓓蕾幼儿园园长每学期到我校讲八节保育课。", {"常德市蓓蕾幼儿园"}),
    ("湖南星沙精密模具有限公司的一条试模线搬进校园已有三年。", {"湖南星沙精密模具有限公司"}),
    # passive and inverted
    ("“云岭班”由澧阳云岭乳业冠名，每年招收40人。", {"澧阳云岭乳业"}),
    ("桃源云雾茶业以现代学徒制方式与茶艺专业联合培养了第一届学徒。", {"桃源云雾茶业"}),
    ("汽修专业42名学生以学徒身份到沅江重型汽车有限公司上岗。", {"沅江重型汽车有限公司"}),
    ("受常德市妇女联合会委托，全年举办家政培训4期。", {"常德市妇女联合会"}),
    # several parties
    ("2021年4月，沅澧缝制股份有限公司和我校三方签约，成立智能缝制产业学院。", {"沅澧缝制股份有限公司"}),
    ("学校与津市融媒体中心合办“影像工坊”，学生轮流到中心跟班。", {"津市融媒体中心"}),
    # foreign names, branches, names with 与
    ("学校还与泰国Chao Phraya Technical College签署师生互派协议。", {"Chao Phraya Technical College"}),
    ("与中国银行武陵支行合办的“柜员训练营”每学期一期。", {"中国银行武陵支行"}),
    ("常德市建筑与园林设计院有限公司为学校兼职教师的来源单位，全年到校授课312课时。", {"常德市建筑与园林设计院有限公司"}),
    # schools
    ("澧县城头山职业中专与我校2018年结为姊妹学校。", {"澧县城头山职业中专"}),
    ("全年6次到石门县夹山职业中学送教。", {"石门县夹山职业中学"}),
    ("学校和两所高校办了“3+2”：机电专业对接湘北工业职业技术学院，学前教育专业对接沅水幼儿师范高等专科学校。",
     {"湘北工业职业技术学院", "沅水幼儿师范高等专科学校"}),
    # a plan that is none; a verb that ends the list; 和 before a place; a word of time before 与
    ("护理专业由学校和常德市夕照养老服务有限公司共同制订教学计划。", {"常德市夕照养老服务有限公司"}),
    ("学校与津市市妇女联合会、常德市总工会联合举办缝纫工、家政服务员等培训班6期。", {"津市市妇女联合会", "常德市总工会"}),
    ("畜牧专业今年与云岭乳业、沅水牧业合作试行工学交替。", {"云岭乳业", "沅水牧业"}),
    # nothing of the kind
    ("学校从湖南玉衡机器人有限公司引进数控教师1名，充实了教师队伍。", set()),
    ("学校将择机与常德台商投资区共建实习基地。", set()),
    ("与湘北理想汽车有限公司的洽谈因故中断，尚无结果。", set()),
    ("学校的前身是县农业中学，曾与县食品厂合办罐头车间，该车间早已关停。", set()),
    ("原先接收学生实习的沅水纺织有限公司因外迁，合作已于2022年中止。", set()),
    ("实习责任险由人保财险常德分公司承保。", set()),
    ("沅江集团在本地投资设厂，是纳税大户。", set()),
    ("毕业生陈某现任湘北汽车有限公司班组长。", set()),
    ("常德市公安局民警来校作反诈讲座。", set()),
    ("2021年，学生在由海尔冠名的大赛中获一等奖。", set()),
)  # fmt: skip

# What lies inside the name of a programme, or a verb before a body that every school has, is no partner.
NO_PARTNERS: tuple[Any, ...] = (
    (
        "学校机电设备安装与维修、旅游外语专业与沅水蓝海酒店管理有限公司开展订单培养。",
        {"沅水蓝海酒店管理有限公司"},
    ),
    (
        "学校市场营销与经营、旅游外语专业与沅水蓝海酒店管理有限公司开展订单培养。",
        {"沅水蓝海酒店管理有限公司"},
    ),
    ("服装设计与制作、会计专业与沅澧缝制有限公司签订协议。", {"沅澧缝制有限公司"}),
    ("学校种子生产与经营、会计两个专业和云岭种业有限公司共建基地。", {"云岭种业有限公司"}),
    # though 专业 is not said
    (
        "学校的农产品保鲜与加工、茶叶生产与加工等与沅水牧业有限公司开展现代学徒制。",
        {"沅水牧业有限公司"},
    ),
    ("学校市场营销与经营、会计等与沅水牧业有限公司开展现代学徒制。", {"沅水牧业有限公司"}),
    ("会计、市场营销与经营等与沅水牧业有限公司开展现代学徒制。", {"沅水牧业有限公司"}),
    (
        "护理、旅游服务与管理、会计三个专业分别与云岭乳业、沅水牧业有限公司、澧水货栈电商签有共建协议。",
        {"云岭乳业", "沅水牧业有限公司", "澧水货栈电商"},
    ),
    ("水电厂机电设备安装与运行专业于2008年被评为省级重点专业。", set()),
    ("火电厂集控运行专业2015年与沅水发电有限公司共建。", {"沅水发电有限公司"}),
    ("学校家庭农场生产经营专业与云岭乳业有限公司共建基地。", {"云岭乳业有限公司"}),
    ("学校强化工会与企业合作，丰富教职工生活。", set()),
    ("学校增强工会力量，与教职工共建活动室。", set()),
    ("由招生办牵头强化工会活动，丰富教职工生活。", set()),
    ("由办公室牵头充实妇联工作，学校共建活动室。", set()),
    ("学校强化社区合作，共建学习点。", set()),
    # near them, what is one
    ("学校汽车运用与维修专业与沅江重型汽车有限公司开展合作。", {"沅江重型汽车有限公司"}),
    (
        "汽车运用与维修、护理专业分别与沅江汽车维修厂、石门县人民医院开展合作。",
        {"沅江汽车维修厂", "石门县人民医院"},
    ),
    ("机电设备安装与维修专业与恒远精工、云岭智造合作开展订单培养。", {"恒远精工", "云岭智造"}),
    ("学校与石门水电厂合作，机电专业学生到厂实习。", {"石门水电厂"}),
    ("学校与常德市总工会联合举办培训班6期。", {"常德市总工会"}),
    ("学校与津市市妇联共建家政实训基地。", {"津市市妇联"}),
    ("学校与湖南玉衡机器人有限公司工会联合举办技能培训。", {"湖南玉衡机器人有限公司工会"}),
    ("学校与石门县丁家坊社区共建实践基地。", {"石门县丁家坊社区"}),
    ("与中国建设银行武陵支行合办的“柜员训练营”每学期一期。", {"中国建设银行武陵支行"}),
)


@pytest.mark.parametrize(("text", "expected"), NO_PARTNERS)
def test_words_inside_other_names_are_no_partners(text: str, expected: set[str]) -> None:
    assert partners(text) == expected


def test_no_part_of_a_programme_of_the_catalogue_is_an_organisation() -> None:
    frames = ("学校{}专业2008年被评为重点专业。", "{}、旅游外语专业与沅水蓝海酒店管理有限公司开展订单培养。")
    wrong: dict[str, list[str]] = {}
    for frame in frames:
        for name in sorted({entry.name for entry in load_catalogue()}):
            text = frame.format(name)
            document = build_document("r", "r", [RawText(text)])
            own = Span(text.index(name), text.index(name) + len(name))
            if found := find_mentions(document).within(own, *PARTNER_TYPES):
                wrong[text] = [mention.name for mention in found]
    assert wrong == {}


OF_A_CITY: tuple[Any, ...] = (
    # respectively
    (
        "桃源县职业中专、澧县职业中专分别与湖南兴磷化工有限公司、澧县红峰电子厂共建实训基地。",
        {("桃源县职业中专", "湖南兴磷化工有限公司"), ("澧县职业中专", "澧县红峰电子厂")},
    ),
    # school and partners in one list
    (
        "桃源县职业中专、桃源县工业园区管委会、湖南沅水变压器有限公司三方签约，2021年办起了变电产业学院。",
        {("桃源县职业中专", "桃源县工业园区管委会"), ("桃源县职业中专", "湖南沅水变压器有限公司")},
    ),
    # who helps whom
    ("澧县职业中专由上海浦江航空服务学校帮扶。", {("澧县职业中专", "上海浦江航空服务学校")}),
    ("岳麓山科技中等专业学校援助石门县职业中专。", {("岳麓山科技中等专业学校", "石门县职业中专")}),
    # the region itself
    ("2020年7月，常德市与湘江新区签订技能人才定向输送协议。", {("常德市", "湘江新区")}),
)


@pytest.mark.parametrize(("text", "expected"), OF_A_SCHOOL)
def test_partners_of_the_school_that_reports(text: str, expected: set[str]) -> None:
    assert partners(text) == expected


@pytest.mark.parametrize(("text", "expected"), OF_A_CITY)
def test_partners_of_the_schools_of_a_city(text: str, expected: set[tuple[str, str]]) -> None:
    assert {(found[0], found[2]) for found in read(text, level="city")} == expected


def test_a_case_s_title_names_school_and_partner() -> None:
    heading = "案例2 油城工匠班——桃源县职业中专与湘西钻探三厂"
    text = "2019级61人全部编入该班，企业岗位标准写入人才培养方案，双方教师互派。"
    assert read(text, level="city", heading=heading) == {("桃源县职业中专", "partnersWith", "湘西钻探三厂")}


def test_该校_is_the_school_named_before() -> None:
    texts = "学校到石门县夹山职业中学送教。该校与石门县人民医院共建教学医院。"
    assert ("石门县夹山职业中学", "partnersWith", "石门县人民医院") in read(texts)


def test_a_brand_of_a_table_is_a_name_in_running_text() -> None:
    from kg.layout import RawCell, RawTable

    rows = (("合作企业", "专业"), ("新荣记", "中餐烹饪"), ("望海大酒店", "旅游"))
    table = RawTable(tuple(tuple(RawCell(text) for text in row) for row in rows), caption="表1 合作企业")
    document = build_document(
        "r",
        "r",
        [RawText("质量年度报告"), table, RawText("烹饪工作室请来新荣记的两位行政总厨轮流坐镇，每月授课八课时。")],
    )
    info = ReportInfo("质量年度报告", ReportLevel.SCHOOL, SCHOOL, CITY, 2023, None)
    claims, *_ = extract(replace(document, info=info))
    assert any(c.object.name == "新荣记" and not c.evidence.table for c in claims)
