"""What a report says of itself, on front pages of schools, cities and provinces in various wordings."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kg.layout import RawText, build_document
from kg.model import ReportInfo, ReportLevel

BODY = "全年工作坚持立德树人、产教融合，" * 6 + "现将有关情况报告如下。"
SCHOOL, CITY, PROVINCE = ReportLevel.SCHOOL, ReportLevel.CITY, ReportLevel.PROVINCE


@dataclass(frozen=True)
class Front:
    """The lines of a front page (``BODY`` follows), and what they say; ``""`` and None where they say nothing."""

    lines: tuple[str, ...]
    level: ReportLevel
    publisher: str
    region: str
    year: int | None
    published: int | None = None
    title: str = ""
    after: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "/".join(self.lines)[:40]


def read_info(front: Front, file_stem: str = "report") -> ReportInfo:
    lines = [*front.lines, BODY, *front.after]
    return build_document("r", "r.txt", [RawText(line) for line in lines], file_stem).info


FRONTS = [
    # schools
    Front(
        ("遂宁市东川职业技术学校", "2023年度质量报告", "2024年1月", "一、学校概况"),
        SCHOOL,
        "遂宁市东川职业技术学校",
        "遂宁市",
        2023,
        2024,
        "遂宁市东川职业技术学校2023年度质量报告",
    ),
    Front(
        (
            "桐庐县春江职业高级中学",
            "中等职业教育质量年度报告",
            "（2022年度）",
            "目 录",
            "1.人才培养...........1",
            "1.学校概况",
        ),
        SCHOOL,
        "桐庐县春江职业高级中学",
        "桐庐县",
        2022,
    ),
    Front(("定州市职业技术教育中心2021年度质量报告",), SCHOOL, "定州市职业技术教育中心", "定州市", 2021),
    Front(
        ("2022年度中等职业教育质量报告", "安丘市第一职业中等专业学校", "2022年12月", "1 学校情况"),
        SCHOOL,
        "安丘市第一职业中等专业学校",
        "安丘市",
        2022,
        2022,
    ),
    Front(
        ("上海市浦江中等职业学校质量年报（2023）", "上海市浦江中等职业学校", "2024年3月", "1. 概况"),
        SCHOOL,
        "上海市浦江中等职业学校",
        "上海市",
        2023,
        2024,
    ),
    Front(
        ("重庆市两江职业教育中心质量年度报告（2023年）", "2024年3月"),
        SCHOOL,
        "重庆市两江职业教育中心",
        "重庆市",
        2023,
        2024,
    ),
    Front(
        ("质量年度报告", "（2020-2021学年）", "靖边县职教中心", "2021年12月"),
        SCHOOL,
        "靖边县职教中心",
        "靖边县",
        2021,
        2021,
    ),
    Front(
        ("佛山市岭澜高级技工学校办学质量年度报告（2022—2023学年）", "2023年12月", "一、学校基本情况"),
        SCHOOL,
        "佛山市岭澜高级技工学校",
        "佛山市",
        2023,
        2023,
    ),
    Front(
        (
            "内容真实性责任声明",
            "慈利县职业中专学校对质量年度报告（2023）的真实性、完整性负责。",
            "法定代表人：",
            "2023年12月20日",
            "慈利县职业中专学校质量年度报告",
            "（2023年度）",
        ),
        SCHOOL,
        "慈利县职业中专学校",
        "慈利县",
        2023,
        2023,
        "慈利县职业中专学校质量年度报告",
    ),
    Front(("衡水市冀州区职业技术教育中心", "2023年度质量报告"), SCHOOL, "衡水市冀州区职业技术教育中心", "冀州区", 2023),
    Front(("天津市武清区职业教育中心2022年教育质量年度报告",), SCHOOL, "天津市武清区职业教育中心", "武清区", 2022),
    Front(
        ("桐庐县春江职业高级中学2022-2023学年度教育质量年度报告",),
        SCHOOL,
        "桐庐县春江职业高级中学",
        "桐庐县",
        2023,
        2023,
        after=("桐庐县春江职业高级中学", "2023年11月30日"),
    ),
    # cities, prefectures, counties
    Front(
        ("四川省广元市中等职业教育质量年度报告", "（2023）", "广元市教育局编制", "2024年1月", "前 言"),
        CITY,
        "广元市教育局",
        "广元市",
        2023,
        2024,
        "四川省广元市中等职业教育质量年度报告",
    ),
    Front(
        ("宜宾市职业教育质量年度报告（2024）", "宜宾市教育和体育局", "2025年1月22日", "1 基本情况"),
        CITY,
        "宜宾市教育和体育局",
        "宜宾市",
        2024,
        2025,
    ),
    Front(
        ("锡林郭勒盟中等职业教育质量年度报告", "2023年度", "锡林郭勒盟教育局", "2024 年 1 月"),
        CITY,
        "锡林郭勒盟教育局",
        "锡林郭勒盟",
        2023,
        2024,
    ),
    Front(
        ("松桃县职业教育质量年度报告(2021-2022学年)", "松桃苗族自治县教育局", "2022年11月30日"),
        CITY,
        "松桃苗族自治县教育局",
        "松桃县",
        2022,
        2022,
    ),
    Front(("凉山彝族自治州中等职业教育质量年度报告（2022年）",), CITY, "", "凉山彝族自治州", 2022),
    Front(("湖北省武汉市江夏区职业教育质量年度报告", "2023"), CITY, "", "江夏区", 2023),
    Front(
        ("滨州市职业教育质量年度报告", "（2023）", "滨州市教育局", "审核：滨州市渤海职业学校", "2024年1月", "前 言"),
        CITY,
        "滨州市教育局",
        "滨州市",
        2023,
        2024,
    ),
    # provinces
    Front(
        ("贵州省中等职业教育质量年度报告", "（2022）", "贵州省教育厅", "2023年2月"),
        PROVINCE,
        "贵州省教育厅",
        "贵州省",
        2022,
        2023,
    ),
    Front(
        ("广西壮族自治区职业教育质量年度报告（2023年）", "广西壮族自治区教育厅"),
        PROVINCE,
        "广西壮族自治区教育厅",
        "广西壮族自治区",
        2023,
    ),
    Front(
        ("重庆市中等职业教育质量年度报告（2023）", "重庆市教育委员会", "2024年3月"),
        PROVINCE,
        "重庆市教育委员会",
        "重庆市",
        2023,
        2024,
    ),
    Front(
        ("海南省职业教育质量年度报告（2023）",),
        PROVINCE,
        "海南省教育厅",
        "海南省",
        2023,
        2024,
        after=("海南省教育厅", "2024年3月20日"),
    ),
    # what is not read yet
    Front(
        (
            "2023年度职业教育质量报告",
            "滨州市教育局",
            "编制组成员：李明（滨州市渤海职业学校）",
            "2024年1月",
            "前 言",
        ),
        CITY,
        "滨州市教育局",
        "滨州市",
        2023,
        2024,
    ),
    Front(
        ("海南省职业教育质量年度报告（2023）",),
        PROVINCE,
        "海南省教育厅",
        "海南省",
        2023,
        None,
        after=("本报告由海南省教育厅发布。",),
    ),
    Front(("沛县职业教育质量年度报告（2023年度）", "沛县教育局"), CITY, "沛县教育局", "沛县", 2023),
    Front(("单县职业中等专业学校质量年度报告（2023年度）",), SCHOOL, "单县职业中等专业学校", "单县", 2023),
    Front(
        ("广元市职业教育质量年度报告", "（2023）", "广元市教育局", "二〇二四年三月"),
        CITY,
        "广元市教育局",
        "广元市",
        2023,
        2024,
    ),
    Front(("广元市职业教育质量年度报告", "二○二三年度", "广元市教育局"), CITY, "广元市教育局", "广元市", 2023),
    Front(
        ("学校名称：慈利县职业中专学校", "职业教育质量年度报告", "2023年度", "一、基本情况"),
        SCHOOL,
        "慈利县职业中专学校",
        "慈利县",
        2023,
        None,
        "慈利县职业中专学校职业教育质量年度报告",
    ),
    Front(
        ("江苏省徐州市教育局", "职业教育质量年度报告（2024年度）", "2025年1月"),
        CITY,
        "江苏省徐州市教育局",
        "徐州市",
        2024,
        2025,
    ),
    Front(("盐城信息工程学校", "质量年度报告", "（2023）", "1学校概况"), SCHOOL, "盐城信息工程学校", "盐城", 2023),
    # a template's title above the publisher's own name
    Front(
        (
            "陕西省职业学校质量报告(2024年度)",
            "渭南市白水县东河职业教育中心",
            "2024年12月",
            "目    录",
            "前 言5",
            "1 基本情况7",
        ),
        SCHOOL,
        "渭南市白水县东河职业教育中心",
        "白水县",
        2024,
        2024,
    ),
    Front(
        ("广东省职业教育质量年度报告", "（2023年度）", "佛山市高明区荷城信息技术学校", "2023年12月"),
        SCHOOL,
        "佛山市高明区荷城信息技术学校",
        "高明区",
        2023,
        2023,
    ),
    Front(
        ("宜宾市中等职业学校质量年度报告（2021）", "宜宾市教育和体育局", "2021年12月"),
        CITY,
        "宜宾市教育和体育局",
        "宜宾市",
        2021,
        2021,
    ),
    # a title in two lines; the year of the report is that before it was published
    Front(
        ("吉安市2023年中等职业教育", "质量年度报告", "吉安市教体局", "二O二二年十二月二十日", "目 录"),
        CITY,
        "吉安市教体局",
        "吉安市",
        2022,
        2022,
        "吉安市2023年中等职业教育质量年度报告",
    ),
    # 学校 or 校 after a kind of school; the year of founding is not the report's
    Front(
        (
            "四川省雅安市职业高级中学校",
            "质量年度报告（2017年9月—2018年8月）",
            "四川省雅安市职业高级中学校创办于1986年，地处雨城区青江河畔，直属市教育局管理",
        ),
        SCHOOL,
        "四川省雅安市职业高级中学校",
        "雅安市",
        2018,
    ),
    Front(
        ("雅安职高质量年度报告（2017-2018学年）", "发布时间：2019-01-26 16:38:16", "四川省雅安市职业高级中学校"),
        SCHOOL,
        "四川省雅安市职业高级中学校",
        "雅安市",
        2018,
    ),
    Front(
        ("2021年度陇西县职业中等专业学校中等职业教育年度质量报告", "1.基本情况", "1.1规模结构"),
        SCHOOL,
        "陇西县职业中等专业学校",
        "陇西县",
        2021,
    ),
    Front(
        (
            "云南省曲靖工业财贸学校",
            "中等职业教育质量年度报告",
            "（2020年）",
            "学校名称（盖章）：云南省曲靖工业财贸学校",
        ),
        SCHOOL,
        "云南省曲靖工业财贸学校",
        "曲靖",
        2020,
    ),
    # the declaration names the publisher
    Front(
        (
            "内容真实性责任声明",
            "天水市秦安县南湖职业中等专业学校对中等职业教育质量年度报告（2023年度）及相关附件的真实性、完整性和准确性负责。",
            "单位名称（盖章）：天水市秦安县南湖职业中等专业学校",
            "2023年12月26日",
        ),
        SCHOOL,
        "天水市秦安县南湖职业中等专业学校",
        "秦安县",
        2023,
        2023,
    ),
    Front(
        ("中等职业教育质量年度报告", "2020年度", "报告单位：华容县洞庭职业中等专业学校", "报告时间：2020年12月"),
        SCHOOL,
        "华容县洞庭职业中等专业学校",
        "华容县",
        2020,
        2020,
    ),
    Front(("附件1", "2019年度安康市中等职业教育质量年度报告"), CITY, "", "安康市", 2019),
    # a school whose name has no place says where it lies
    Front(
        ("三江信息工程学校质量年度报告", "2022年度"),
        SCHOOL,
        "三江信息工程学校",
        "叙州区",
        2022,
        after=("三江信息工程学校坐落于四川省宜宾市叙州区南岸，是一所公办中等职业学校。",),
    ),
    # a city's report signed by nobody speaks of 全市
    Front(
        ("职业教育质量年度报告（2022年度）",),
        CITY,
        "安康市教育体育局",
        "安康市",
        2022,
        after=("全市现有中等职业学校12所，各职业学校办学条件持续改善。", "安康市教育体育局", "2022年12月"),
    ),
]


@pytest.mark.parametrize("front", FRONTS, ids=str)
def test_the_front_says_whose_report_it_is(front: Front) -> None:
    info = read_info(front)
    assert (info.level, info.publisher, info.region, info.year) == (
        front.level,
        front.publisher,
        front.region,
        front.year,
    )
    if front.published is not None or not front.after:
        assert info.published == front.published
    if front.title:
        assert info.title == front.title


def test_the_file_name_is_asked_for_the_year_last() -> None:
    front = Front(("靖边县职教中心质量年度报告",), SCHOOL, "靖边县职教中心", "靖边县", 2020)
    assert read_info(front, "靖边县职教中心-2020").year == 2020
    dated = Front(("靖边县职教中心质量年度报告", "（2021年度）"), SCHOOL, "靖边县职教中心", "靖边县", 2021)
    assert read_info(dated, "靖边县职教中心-2020").year == 2021


def test_a_month_of_publishing_is_not_the_year_of_the_report() -> None:
    front = Front(("宜宾市职业教育质量年度报告", "（2023）", "2024年1月"), CITY, "", "宜宾市", 2023, 2024)
    info = read_info(front)
    assert (info.year, info.published) == (2023, 2024)


def test_a_text_that_is_no_report_says_nothing_of_itself() -> None:
    info = build_document("r", "r.txt", [RawText("会议纪要"), RawText(BODY)], "notes").info
    assert (info.title, info.publisher, info.region, info.year) == ("", "", "", None)
