"""The names in a document: spans, types, lists, short names that the report introduces."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_flaws import flaw

from kg.layout import RawCell, RawItem, RawTable, RawText, build_document
from kg.mentions import Mentions, clean_name, find_mentions
from kg.model import Document, EntityType, Span
from kg.reference_data import load_regions, short_region_name

T = EntityType
ORGANISATIONS = frozenset(T) - {T.PROGRAMME}


def read(*lines: str) -> tuple[Document, Mentions]:
    document = build_document("r", "r.txt", [RawText("1.校企合作"), *(RawText(line) for line in lines)])
    return document, find_mentions(document)


def names(text: str) -> list[str]:
    return [mention.name for mention in read(text)[1].all if mention.type in ORGANISATIONS]


def typed(text: str) -> set[tuple[str, EntityType]]:
    return {(mention.name, mention.type) for mention in read(text)[1].all}


SENTENCES: tuple[Any, ...] = (
    # one
    ("学校与芜湖鸠江汽车零部件有限公司合作。", ["芜湖鸠江汽车零部件有限公司"]),
    ("“岚皋蜀河古镇旅游开发有限公司”派出专家。", ["岚皋蜀河古镇旅游开发有限公司"]),
    ("与深圳市XX科技有限公司合作。", ["深圳市XX科技有限公司"]),
    ("与汉中市南郑区大河坎镇中心卫生院合作。", ["汉中市南郑区大河坎镇中心卫生院"]),
    ("与中国石油天然气股份有限公司长庆油田分公司签约。", ["中国石油天然气股份有限公司长庆油田分公司"]),
    ("2023年与连云港云台药业股份有限公司共同申报专利3项。", ["连云港云台药业股份有限公司"]),
    ("与中国银行股份有限公司安康分行共建实训室。", ["中国银行股份有限公司安康分行"]),
    ("与国网陕西省电力有限公司安康供电公司合作。", ["国网陕西省电力有限公司安康供电公司"]),
    flaw("示范幼儿园 is taken for a status", "与汉阴县示范幼儿园共建实践基地。", ["汉阴县示范幼儿园"]),
    # lists
    ("与法国施奈公司、德国明德（中国）有限公司合作。", ["法国施奈公司", "德国明德（中国）有限公司"]),
    ("学校与圣康药业、绿源、新时代等企业签订协议。", ["圣康药业", "绿源", "新时代"]),
    ("与海尔集团、格力电器、美的集团等企业共建产业学院。", ["海尔集团", "格力电器", "美的集团"]),
    ("学校先后与京东、华为、中铁一局集团有限公司合作。", ["京东", "华为", "中铁一局集团有限公司"]),
    ("安排学生到岚皋县岭南医院、汉阴县中医院等医院实习。", ["岚皋县岭南医院", "汉阴县中医院"]),
    ("与安康水电职业技术学院、安康学院贯通培养。", ["安康水电职业技术学院", "安康学院"]),
    ("和湖南省湘绣研究所、贵州省苗绣协会联合研究。", ["湖南省湘绣研究所", "贵州省苗绣协会"]),
    (
        "加入全国数控装备行业产教融合共同体、陕南学前教育专业联盟。",
        ["全国数控装备行业产教融合共同体", "陕南学前教育专业联盟"],
    ),
    # two joined by 和, 及, 与, 同
    ("与京东物流有限公司和云汐速运有限公司合作。", ["京东物流有限公司", "云汐速运有限公司"]),
    ("与汉江公司及和平饭店合作。", ["汉江公司", "和平饭店"]),
    ("与江苏同方公司和同仁堂药店合作。", ["江苏同方公司", "同仁堂药店"]),
    ("与汉江公司同济南二机床公司合作。", ["汉江公司", "济南二机床公司"]),
    ("与安康酒店和林业公司合作。", ["安康酒店", "林业公司"]),
    ("与京东物流有限公司和顺丰速运有限公司合作。", ["京东物流有限公司", "顺丰速运有限公司"]),
    ("与安康财险公司和平安保险公司合作。", ["安康财险公司", "平安保险公司"]),
    ("与汉江公司和县中医院合作。", ["汉江公司", "县中医院"]),
    ("与安康市人民医院和平利县医院合作。", ["安康市人民医院", "平利县医院"]),
    ("与陇原轴承有限公司和龙门机床厂合作。", ["陇原轴承有限公司", "龙门机床厂"]),
    flaw("和 stays in a list's last slot", "与江城酒店、绿源和新世纪等酒店合作。", ["江城酒店", "绿源", "新世纪"]),
    # a well-known company and what stands after it
    ("与华为技术有限公司、中兴等企业合作。", ["华为技术有限公司", "中兴"]),
    ("与格力电器（重庆）有限公司合作。", ["格力电器（重庆）有限公司"]),
    ("与一汽大众、上汽通用合作。", ["一汽大众", "上汽通用"]),
    flaw("what follows a brand is read into its name", "与华为和联想集团合作。", ["华为", "联想集团"]),
    flaw("what follows a brand is read into its name", "与京东和顺丰速运合作。", ["京东", "顺丰速运"]),
    ("与格力共建生产性实训基地。", ["格力"]),
    flaw("what follows a brand is read into its name", "与美的联合成立科技公司。", ["美的"]),
    ("与小米合作开发智能汽车。", ["小米"]),
    ("与华为共同组建研究院，培养人才。", ["华为"]),
    ("在京东设立客服基地，接收学生实习。", ["京东"]),
    ("与顺丰开展物流合作。", ["顺丰"]),
    flaw("what follows a brand is read into its name", "与蒙牛、伊利两家集团合作。", ["蒙牛", "伊利"]),
    ("引进海尔共建实训基地。", ["海尔"]),
    ("与中铁一局和中建三局合作。", ["中铁一局", "中建三局"]),
    ("由美的集团捐赠设备。", ["美的集团"]),
    # nobody
    ("深化校企合作，与企业共同制定人才培养方案。", []),
    ("与当地知名企业、行业协会共建实训基地。", []),
    ("大学生志愿者走进社区、医院、幼儿园开展服务。", []),
    ("联合企业开展技术攻关，建成一批高水平实训基地。", []),
    ("全市中等职业学校、技工学校全部接入教育城域网。", []),
    ("教师到企业实践，学生进工厂实习。", []),
)


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_organisations_of_a_sentence(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_types_of_mentions() -> None:
    found = typed("汉阴县教育局、安康市职业技术学校与岚皋县岭南医院、汉江轴承厂、蓓蕾幼儿园、安康茶叶协会共建。")
    assert found == {
        ("汉阴县教育局", T.GOVERNMENT),
        ("安康市职业技术学校", T.SCHOOL),
        ("岚皋县岭南医院", T.HOSPITAL),
        ("汉江轴承厂", T.ENTERPRISE),
        ("蓓蕾幼儿园", T.KINDERGARTEN),
        ("安康茶叶协会", T.INSTITUTION),
    }


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("与圣康、绿源、新时代等医院合作。", T.HOSPITAL),
        ("与小星星、绿芽、金太阳等幼儿园合作。", T.KINDERGARTEN),
        ("与圣康、绿源、新时代等企业合作。", T.ENTERPRISE),
    ],
)
def test_the_word_after_a_list_gives_the_type(text: str, type_: EntityType) -> None:
    mentions = read(text)[1]
    assert len(mentions.all) == 3
    assert {mention.type for mention in mentions.all} == {type_}


def test_a_list_is_one_enumeration() -> None:
    text = "学校与汉江轴承厂、汉水酒店、云汐物流有限公司等12家企业合作。"
    document, mentions = read(text)
    (group,) = [item for item in mentions.lists if len(item.members) > 1]
    assert [member.name for member in group.members] == ["汉江轴承厂", "汉水酒店", "云汐物流有限公司"]
    assert group.head == "企业"
    assert document.slice(group.span) == "汉江轴承厂、汉水酒店、云汐物流有限公司等12家企业"


def test_a_school_is_parted_from_those_it_works_with() -> None:
    mentions = read("安康市职业技术学校与汉江轴承厂、汉水酒店等企业合作。")[1]
    assert [[member.name for member in item.members] for item in mentions.lists] == [
        ["安康市职业技术学校"],
        ["汉江轴承厂", "汉水酒店"],
    ]


@pytest.mark.parametrize(
    "introduction",
    ["（以下简称“汉金”）", "（简称汉金）", "（以下简称为“汉金”）", "(以下简称:汉金)", "（以下统称“汉金”）"],
)
def test_a_short_name_that_the_report_introduces(introduction: str) -> None:
    mentions = read(f"安康汉水金属科技有限公司{introduction}在我校办班。", "2023年，汉金接收学生20人。")[1]
    assert [(same.name, same.short, same.type) for same in mentions.same] == [
        ("安康汉水金属科技有限公司", "汉金", T.ENTERPRISE)
    ]
    assert mentions.all[-1].name == "汉金"
    assert mentions.all[-1].type is T.ENTERPRISE


def test_a_short_name_used_before_it_is_introduced() -> None:
    mentions = read("2022年，汉金接收学生18人。", "安康汉水金属科技有限公司（简称“汉金”）在我校办班。")[1]
    assert mentions.all[0].name == "汉金"


@pytest.mark.parametrize("word", ["学校", "公司", "集团", "联盟"])
def test_a_common_noun_as_short_name_is_no_mention(word: str) -> None:
    mentions = read(f"安康汉水金属科技有限公司（以下简称“{word}”）成立于2005年。", f"{word}发展迅速，前景良好。")[1]
    assert [mention.name for mention in mentions.all] == ["安康汉水金属科技有限公司"]


def test_a_short_name_of_a_school_needs_something_that_backs_it() -> None:
    assert names("打造魅力职教，办人民满意的教育。") == []
    backed = read("岚皋县职业教育中心位于岚皋县。", "岚皋职教与企业合作。")[1]
    assert "岚皋职教" in [mention.name for mention in backed.all]


def test_programmes_and_organisations_stand_side_by_side() -> None:
    found = typed("学校护理专业与岚皋县岭南医院合作，汽车运用与维修专业与汉江汽车有限公司合作。")
    assert {name for name, type_ in found if type_ is T.PROGRAMME} == {"护理", "汽车运用与维修"}
    assert {name for name, type_ in found if type_ is not T.PROGRAMME} == {"岚皋县岭南医院", "汉江汽车有限公司"}


def test_contents_lines_hold_no_mentions() -> None:
    document = build_document(
        "r",
        "r.txt",
        [RawText("目 录"), RawText("1.1 与汉江轴承厂合作......3"), RawText("1.概况"), RawText("学校简介，内容略。")],
    )
    assert find_mentions(document).all == ()


def test_questions_by_place() -> None:
    document, mentions = read("学校与汉江轴承厂合作。", "学校与岚皋县岭南医院合作。")
    for block in document.blocks[1:]:
        inside = mentions.within(block.span)
        assert len(inside) == 1
        assert block.span.covers(inside[0].span)
        assert len(mentions.lists_within(block.span)) == 1
    assert mentions.within(Span(0, len(document.text)), T.HOSPITAL)[0].name == "岚皋县岭南医院"
    assert mentions.within(Span(0, 0)) == []


# --- all over the country ---------------------------------------------------------------------------------------------

KINDS = {
    "schools": ("职业教育中心", "职教中心", "第一职业中专", "职业高级中学", "卫生学校", "职业技术学院", "实验小学"),
    "hospitals": ("人民医院", "中医医院", "妇幼保健院", "第二人民医院", "康复医院"),
    "kindergartens": ("机关幼儿园", "第一幼儿园", "金苹果幼儿园"),
    "offices": ("教育局", "人力资源和社会保障局", "总工会", "红十字会", "汽车行业协会"),
    "companies": ("汉江机械有限公司", "云汐集团", "恒泰轴承厂", "明德酒店", "绿野农业专业合作社"),
}
FRAMES = ("学校与{}、{}、{}合作。", "由{}、{}以及{}共同发起。", "与{}、{}与{}签订协议。", "选派学生到{}、{}及{}实习。")


def make_lists(kind: str, count: int) -> Iterator[tuple[str, list[str]]]:
    """Sentences with three names of a kind each, their places from all over the country, always the same."""
    random = Random(kind)
    places = [region.name for region in load_regions() if "示范" not in region.name]
    if kind in ("schools", "companies"):  # offices and hospitals are named with 县 and 市
        places += [short_region_name(place) for place in places]
    for _ in range(count):
        members = [random.choice(places) + random.choice(KINDS[kind]) for _ in range(3)]
        yield random.choice(FRAMES).format(*members), members


@pytest.mark.parametrize("kind", list(KINDS))
def test_lists_of_names_from_all_over_the_country(kind: str) -> None:
    lists = make_lists(kind, 200)
    assert [(text, names(text)) for text, members in lists if names(text) != members] == []


# --- for any text -----------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *("学校", "与", "和", "、", "，", "。", "等", "企业", "12家", "（", "）", "“", "”", "《", " ", "\n", "·", "\t"),
        *(
            "汉江轴承厂",
            "岚皋县岭南医院",
            "华为",
            "京东",
            "市一职",
            "护理专业",
            "有限公司",
            "集团",
            "职教",
            "第一",
            "简称",
        ),
        *("合作", "共建", "开设", "专业", "年", "2023", "Ａ", "🏫", "𠮷", "\u200b", "é", "公司公司", "、、", "联盟"),
    ]
)
_LINES = st.lists(_PIECES, max_size=30).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(_LINES, min_size=1, max_size=4))
def test_mentions_show_what_stands_at_their_place(lines: list[str]) -> None:
    items: list[RawItem] = [RawText("1.概况"), *(RawText(line) for line in lines)]
    items.append(RawTable(((RawCell("企业"), RawCell("专业")), (RawCell(lines[0]), RawCell("护理")))))
    document = build_document("r", "r.txt", items)
    mentions = find_mentions(document)
    for mention in mentions.all:
        assert clean_name(document.slice(mention.span)) == mention.name
        assert mention.name
    for item in mentions.lists:
        assert item.members
        assert all(item.span.covers(member.span) for member in item.members)
    organisations = [mention.span for mention in mentions.all if mention.type is not T.PROGRAMME]
    assert all(a.end <= b.start for a, b in itertools.pairwise(organisations))


@settings(max_examples=50, deadline=None)
@given(st.lists(_LINES, min_size=1, max_size=4))
def test_mentions_are_the_same_each_time(lines: list[str]) -> None:
    first, second = read(*lines)[1], read(*lines)[1]
    assert (first.all, first.lists, first.same) == (second.all, second.lists, second.same)
