"""Which names are one thing and which are two, inside a report and across reports."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_flaws import flaw

from kg.identity import Entity, ReportIdentity
from kg.model import EntityType, ReportInfo
from kg.name_keys import name_key
from kg.regions import region_code
from kg.registry import Registry
from kg.short_forms import short_for

T = EntityType


def are_one(name: str, other: str, region: str = "", type_: EntityType = T.SCHOOL) -> bool:
    """Whether a report of ``region`` that names both takes them for one thing; the order of mention is the same."""
    answers = set()
    for first, second in ((name, other), (other, name)):
        identity = ReportIdentity(ReportInfo(region=region))
        identity.add(type_, first)
        identity.add(type_, second)
        identity.resolve()
        answers.add(identity.entity_of(type_, first) is identity.entity_of(type_, second))
    assert len(answers) == 1, f"{name} and {other}: the order of mention decides"
    return answers.pop()


TWO_SCHOOLS: tuple[Any, ...] = (
    # ordinals
    ("岚皋县第一职业中专", "岚皋县第二职业中专", "岚皋县"),
    ("第一职业中专", "第二职业中专", "安康市"),
    ("安康市第一职业中等专业学校", "安康市第二职业中专", "安康市"),
    ("市一职", "安康市第二职业中专", "安康市"),
    ("市一职", "市二职", "安康市"),
    ("安康市第一中学", "安康市第十一中学", "安康市"),
    ("长沙市第1中学", "长沙市第10中学", "长沙市"),
    ("安康市职业学校", "安康市第一职业学校", "安康市"),
    ("市职校", "市一职", "安康市"),
    # places that look or sound alike
    ("山西工业学校", "陕西工业学校", ""),
    ("山西省经贸学校", "陕西省经贸学校", ""),
    ("江西农业学校", "江苏农业学校", ""),
    ("岭南县职业教育中心", "岭北县职业教育中心", ""),
    ("平利县职教中心", "平陆县职教中心", ""),
    ("旬阳职中", "旬邑县职业中学", ""),
    ("汉阴县职教中心", "汉滨区职教中心", "安康市"),
    ("汉阴职教", "汉滨职教中心", ""),
    ("新疆农业大学", "河北农业大学", ""),
    # parent and branch, campuses, a city's and its district's
    ("安康职业技术学院", "安康职业技术学院附属中学", ""),
    ("安康技师学院东校区", "安康技师学院西校区", ""),
    ("安康技师学院（东校区）", "安康技师学院（西校区）", ""),
    ("陕西科技大学", "陕西科技大学镐京学院", ""),
    ("安康市职教中心", "安康市高新职教中心", "安康市"),
    # kinds
    ("安康市职业技术学校", "安康市技工学校", "安康市"),
    ("市艺校", "安康市体育学校", "安康市"),
    ("安康卫校", "安康农校", "安康市"),
    ("金华职业技术学院", "金华职业学校", ""),
    ("白河县职业中专", "白河县卫生职业中专", "白河县"),
    ("北京市昌平职业学校", "北京市昌平农业学校", ""),
    ("青岛旅游学校", "青岛烹饪旅游学校", ""),
    ("大连海洋学校", "大连海洋大学", ""),
    ("重庆市轻工业学校", "重庆市工业学校", ""),
    ("汉滨区职业教育中心", "汉滨区江北职业教育中心", "汉滨区"),
    ("汉滨区职业教育中心", "汉滨区江北职业教育中心", "安康市"),
    ("汉滨区职业技术学校", "汉滨区江北职业技术学校", "安康市"),
    ("南京工业大学", "南京工业职业技术大学", ""),
    ("吉林工业学校", "吉林市工业学校", "吉林市"),
    ("海南卫生学校", "海南州卫生学校", "海南藏族自治州"),
)
ONE_SCHOOL: tuple[Any, ...] = (
    # one word for each kind
    ("岚皋县第一职业中专", "岚皋县第一职业中等专业学校", "岚皋县"),
    ("安康市第一中专", "安康市第一中等专业学校", "安康市"),
    ("岚皋县职业中专学校", "岚皋县职业中等专业学校", "岚皋县"),
    ("岚皋县职教中心", "岚皋县职业教育中心", "岚皋县"),
    ("岚皋县职业技术教育中心", "岚皋县职业教育中心", "岚皋县"),
    ("岚皋县高级职业中学", "岚皋县职业高中", "岚皋县"),
    # width, blanks, figures
    ("ＡＢＣ职业学校", "ABC职业学校", ""),
    ("安康市第１职业中专", "安康市第1职业中专", "安康市"),
    ("安康市 第一 职业中专", "安康市第一职业中专", "安康市"),
    ("安康市第1职业中专", "安康市第一职业中专", "安康市"),
    # the place left out or short
    ("第一职业中专", "安康市第一职业中专", "安康市"),
    ("市一职", "安康市第一职业中专", "安康市"),
    ("岚皋职教中心", "岚皋县职业教育中心", "岚皋县"),
    ("县职教中心", "岚皋县职业教育中心", "岚皋县"),
    ("市艺校", "安康市艺术学校", "安康市"),
    ("市体校", "安康市体育运动学校", "安康市"),
    ("湘西州民族职校", "湘西土家族苗族自治州民族职业技术学校", "湘西土家族苗族自治州"),
    # short names of daily use
    ("岚皋职教", "岚皋县职业教育中心", "岚皋县"),
    ("岚皋职中", "岚皋县职业中学", "岚皋县"),
    ("旬阳职高", "旬阳市职业高级中学", "旬阳市"),
    ("汉滨职校", "汉滨区职业技术学校", "安康市"),
    ("安康职院", "安康职业技术学院", "安康市"),
    ("安康卫校", "安康卫生学校", "安康市"),
    ("江西师大", "江西师范大学", ""),
    ("西北农大", "西北农业大学", ""),
    ("安康信息职业学院", "安康信息职业技术学院", ""),
)  # fmt: skip


@pytest.mark.parametrize(("name", "other", "region"), TWO_SCHOOLS)
def test_two_schools_are_never_one(name: str, other: str, region: str) -> None:
    assert not are_one(name, other, region)


@pytest.mark.parametrize(("name", "other", "region"), ONE_SCHOOL)
def test_two_names_of_one_school(name: str, other: str, region: str) -> None:
    assert are_one(name, other, region)


TWO_THINGS: tuple[Any, ...] = (
    (T.HOSPITAL, "安康市人民医院", "安康县人民医院", "安康市"),
    (T.HOSPITAL, "市人民医院", "县人民医院", "安康市"),
    (T.HOSPITAL, "安康市第一人民医院", "安康市第二人民医院", ""),
    (T.HOSPITAL, "安康市人民医院", "安康市第一人民医院", "安康市"),
    (T.HOSPITAL, "安康市中医院", "安康市中心医院", "安康市"),
    (T.HOSPITAL, "汉阴县医院", "汉阴县中医医院", ""),
    (T.HOSPITAL, "汉阴县妇幼保健院", "汉滨区妇幼保健院", ""),
    (T.HOSPITAL, "安康市中心医院东院区", "安康市中心医院西院区", ""),
    (T.ENTERPRISE, "海尔集团", "海尔智家股份有限公司", ""),
    (T.ENTERPRISE, "国网公司", "国网公司汉阴分公司", ""),
    (T.ENTERPRISE, "华联超市汉阴店", "华联超市旬阳店", ""),
    (T.ENTERPRISE, "顺达机械有限公司", "顺达机械有限公司汉阴分公司", ""),
    (T.ENTERPRISE, "顺达机械有限公司汉阴分公司", "顺达机械有限公司旬阳分公司", ""),
    (T.ENTERPRISE, "山西顺达有限公司", "陕西顺达有限公司", ""),
    (T.ENTERPRISE, "长江电力", "长江电子", ""),
    (T.ENTERPRISE, "一汽大众", "一汽丰田", ""),
    (T.ENTERPRISE, "中铁一局集团有限公司", "中铁二局集团有限公司", ""),
    (T.ENTERPRISE, "中铁十一局", "中铁一局", ""),
    (T.ENTERPRISE, "第一汽车制造厂", "第二汽车制造厂", ""),
    (T.ENTERPRISE, "京东", "京东方", ""),
    flaw("a brand that begins another brand", T.ENTERPRISE, "大众", "大众点评", ""),
    (T.ENTERPRISE, "华为", "华为民食品有限公司", ""),
    (T.ENTERPRISE, "一汽", "一汽丰田", ""),
    (T.ENTERPRISE, "中国银行", "中国银行安康分行", ""),
    (T.KINDERGARTEN, "第一幼儿园", "第二幼儿园", "安康市"),
    (T.KINDERGARTEN, "汉阴县实验幼儿园", "旬阳县实验幼儿园", ""),
    (T.KINDERGARTEN, "汉阴县幼儿园", "汉阴县机关幼儿园", ""),
    (T.GOVERNMENT, "安康市教育局", "汉滨区教育局", "安康市"),
    (T.GOVERNMENT, "县教育局", "安康市教育局", "安康市"),
    (T.EDUCATION_GROUP, "安康护理职教集团", "安康学前教育职教集团", "安康市"),
    (T.ALLIANCE, "护理专业联盟", "学前教育专业联盟", "安康市"),
)
ONE_THING: tuple[Any, ...] = (
    (T.HOSPITAL, "汉阴县医院", "汉阴县人民医院", ""),
    (T.HOSPITAL, "人民医院", "汉阴县人民医院", "汉阴县"),
    (T.ENTERPRISE, "顺达机械有限公司", "顺达机械", ""),
    (T.ENTERPRISE, "顺达机械有限公司", "顺达机械有限责任公司", ""),
    (T.ENTERPRISE, "顺达集团", "顺达集团有限公司", ""),
    (T.ENTERPRISE, "比亚迪", "比亚迪汽车有限公司", ""),
    (T.KINDERGARTEN, "县幼儿园", "汉阴县幼儿园", "汉阴县"),
    (T.KINDERGARTEN, "汉阴县第2幼儿园", "汉阴县第二幼儿园", ""),
    (T.GOVERNMENT, "市教育局", "安康市教育局", "安康市"),
    (T.GOVERNMENT, "安康市人社局", "安康市人力资源和社会保障局", ""),
    (T.EDUCATION_GROUP, "安康现代农业职教集团", "安康现代农业职业教育集团", ""),
    (T.EDUCATION_GROUP, "现代农业职教集团", "安康市现代农业职教集团", "安康市"),
)


@pytest.mark.parametrize(("type_", "name", "other", "region"), TWO_THINGS)
def test_two_things_are_never_one(type_: EntityType, name: str, other: str, region: str) -> None:
    assert not are_one(name, other, region, type_)


@pytest.mark.parametrize(("type_", "name", "other", "region"), ONE_THING)
def test_two_names_of_one_thing(type_: EntityType, name: str, other: str, region: str) -> None:
    assert are_one(name, other, region, type_)


def test_a_school_is_not_short_for_itself_nor_for_a_shorter_name() -> None:
    assert not short_for("岚皋县职教中心", "岚皋县职教中心")
    assert not short_for("岚皋县职业教育中心", "岚皋职教")


def test_a_short_name_of_two_schools_stays_by_itself() -> None:
    identity = ReportIdentity(ReportInfo(region="安康市"))
    names = ["汉滨职校", "汉滨江南职业技术学校", "汉滨江北职业技术学校"]
    for name in names:
        identity.add(T.SCHOOL, name)
    identity.resolve()
    assert len({identity.entity_of(T.SCHOOL, name).name for name in names}) == 3


def test_a_full_name_is_not_joined_with_a_longer_one_by_a_short_one() -> None:
    identity = ReportIdentity(ReportInfo(region="安康市"))
    names = ["汉滨职教中心", "汉滨区职业教育中心", "汉滨区江北职业教育中心"]
    for name in names:
        identity.add(T.SCHOOL, name)
    identity.resolve()
    entities = [identity.entity_of(T.SCHOOL, name).name for name in names]
    assert entities[0] == entities[1] != entities[2]


def test_the_fullest_name_is_the_entity_s_name() -> None:
    identity = ReportIdentity(ReportInfo(region="岚皋县"))
    for name in ("岚皋职教", "岚皋县职业教育中心", "县职教中心", "岚皋县职教中心"):
        identity.add(T.SCHOOL, name)
    identity.resolve()
    entity = identity.entity_of(T.SCHOOL, "岚皋职教")
    assert entity.name == "岚皋县职业教育中心"
    assert set(entity.aliases) == {"岚皋职教", "县职教中心", "岚皋县职教中心"}


def test_what_the_report_declares_the_same_is_one() -> None:
    identity = ReportIdentity(ReportInfo(region="安康市"))
    identity.add(T.ENTERPRISE, "安康汉水金属科技有限公司")
    identity.add(T.ENTERPRISE, "汉金")
    identity.declare_same(T.ENTERPRISE, "安康汉水金属科技有限公司", "汉金")
    identity.resolve()
    assert identity.entity_of(T.ENTERPRISE, "汉金").name == "安康汉水金属科技有限公司"


# --- programmes -------------------------------------------------------------------------------------------------------


def programme_groups(rows: Iterable[tuple[str, int]], loose: Iterable[str] = ()) -> list[set[str]]:
    """The groups of programmes: ``rows`` are the rows of tables (name, table), ``loose`` stand in running text."""
    identity = ReportIdentity(ReportInfo())
    names = []
    for row, (name, table) in enumerate(rows, 1):
        identity.add(T.PROGRAMME, name, table, row)
        names.append(name)
    for name in loose:
        identity.add(T.PROGRAMME, name)
        names.append(name)
    identity.resolve()
    groups: dict[int, set[str]] = {}
    for name in names:
        groups.setdefault(id(identity.entity_of(T.PROGRAMME, name)), set()).add(name)
    return sorted(groups.values(), key=sorted)


def test_two_rows_of_one_table_are_two_programmes() -> None:
    rows = [
        ("护理", 1),
        ("护理（老年护理方向）", 1),
        ("会计", 1),
        ("会计事务", 1),
        ("计算机应用", 1),
        ("计算机平面设计", 1),
    ]
    assert len(programme_groups(rows)) == 6


def test_a_short_form_in_the_text_joins_the_one_row_it_can_be() -> None:
    groups = programme_groups([("汽车运用与维修", 1), ("机电技术应用", 1), ("护理", 1)], ["汽修", "汽车运用与维修专业"])
    assert {"汽车运用与维修", "汽修", "汽车运用与维修专业"} in groups
    assert len(groups) == 3


def test_a_short_form_of_two_rows_joins_neither() -> None:
    groups = programme_groups([("计算机应用", 1), ("计算机平面设计", 1)], ["计算机"])
    assert {"计算机应用", "计算机平面设计", "计算机"} not in groups
    assert sum("计算机应用" in group or "计算机平面设计" in group for group in groups) == 2


def test_the_same_programme_of_two_tables_is_one() -> None:
    assert programme_groups([("护理", 1), ("护理", 2), ("护理专业", 3)]) == [{"护理", "护理专业"}]


# --- across reports ---------------------------------------------------------------------------------------------------


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "registry.jsonl")


def iri_of(registry: Registry, type_: EntityType, name: str, *aliases: str, region: str = "", owner: str = "") -> str:
    entity = Entity(type_, name, list(aliases), owner)
    registry.assign([entity], ReportInfo(region=region))
    return entity.iri


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        (T.SCHOOL, "市第一职业中专"),
        (T.SCHOOL, "第一职业中专"),
        (T.SCHOOL, "职教中心"),
        (T.HOSPITAL, "人民医院"),
        (T.HOSPITAL, "县医院"),
        (T.HOSPITAL, "市中医院"),
        (T.HOSPITAL, "市中心医院"),
        (T.KINDERGARTEN, "蓝天幼儿园"),
        (T.KINDERGARTEN, "第二幼儿园"),
        (T.GOVERNMENT, "教育局"),
        (T.GOVERNMENT, "市财政局"),
        (T.REGION, "鼓楼区"),
        (T.GOVERNMENT, "人力资源和社会保障局"),
        (T.KINDERGARTEN, "小太阳艺术幼儿园"),
        (T.INSTITUTION, "汽车维修行业协会"),
        (T.EDUCATION_GROUP, "现代农业职教集团"),
        (T.ALLIANCE, "学前教育专业联盟"),
        (T.ENTERPRISE, "惠民超市"),
        (T.SCHOOL, "农业机械化学校"),
        (T.ENTERPRISE, "恒远有限公司"),
        (T.ENTERPRISE, "恒远集团"),
    ],
)
def test_a_name_that_many_places_have_is_kept_apart(registry: Registry, type_: EntityType, name: str) -> None:
    assert iri_of(registry, type_, name, region="南京市") != iri_of(registry, type_, name, region="徐州市")


@pytest.mark.parametrize(
    ("type_", "name", "other"),
    [
        (T.SCHOOL, "岚皋县职业教育中心", "岚皋县职教中心"),
        (T.SCHOOL, "徐州市第一职业中等专业学校", "徐州市第一职业中专"),
        (T.ENTERPRISE, "长城哈弗", "长城哈弗"),
        (T.ENTERPRISE, "徐州云龙机械有限公司", "徐州云龙机械有限责任公司"),
        (T.REGION, "徐州市", "徐州市"),
        (T.PROGRAMME, "护理", "护理专业"),
        (T.PROGRAMME, "旅游服务与管理", "旅游服务和管理"),
        (T.COMMUNITY, "全国数控装备行业产教融合共同体", "全国数控装备行业产教融合共同体"),
    ],
)
def test_one_thing_meets_itself_in_another_place_s_report(
    registry: Registry, type_: EntityType, name: str, other: str
) -> None:
    assert iri_of(registry, type_, name, region="徐州市") == iri_of(registry, type_, other, region="安康市")


def test_bases_of_two_schools_are_two(registry: Registry) -> None:
    one = iri_of(registry, T.TRAINING_BASE, "汽修实训基地", owner="徐州市云龙职业学校", region="徐州市")
    assert one != iri_of(registry, T.TRAINING_BASE, "汽修实训基地", owner="徐州市泉山职业学校", region="徐州市")
    assert one == iri_of(registry, T.TRAINING_BASE, "汽修实训基地", owner="徐州市云龙职业学校", region="徐州市")


def test_a_short_name_that_two_schools_of_a_county_have_joins_none(registry: Registry) -> None:
    one = Entity(T.SCHOOL, "岚皋县杏坪职业技术教育中心", ["岚皋职教中心", "岚皋职教"])
    other = Entity(T.SCHOOL, "岚皋县茶岭职业技术教育中心", ["岚皋职教"])
    registry.assign([one], ReportInfo(region="安康市"))
    registry.assign([other], ReportInfo(region="岚皋县"))
    assert one.iri != other.iri


def test_an_iri_stays_when_a_later_report_spells_the_name_in_full(registry: Registry) -> None:
    first = iri_of(registry, T.SCHOOL, "岚皋职教中心", region="岚皋县")
    full = iri_of(registry, T.SCHOOL, "岚皋县职业教育中心", "岚皋职教中心", region="岚皋县")
    assert full == first
    assert iri_of(registry, T.SCHOOL, "岚皋职教中心", region="岚皋县") == first
    assert iri_of(registry, T.SCHOOL, "岚皋县职业教育中心", region="岚皋县") == first


def test_an_iri_minted_before_stays_when_a_report_joins_two(registry: Registry) -> None:
    short = iri_of(registry, T.SCHOOL, "岚皋县江北职教中心", region="岚皋县")
    other = iri_of(registry, T.SCHOOL, "岚皋县汉江职业中专", region="岚皋县")
    joined = iri_of(registry, T.SCHOOL, "岚皋县江北职教中心", "岚皋县汉江职业中专", region="岚皋县")
    assert joined in (short, other)
    assert iri_of(registry, T.SCHOOL, "岚皋县江北职教中心", region="岚皋县") == short
    assert iri_of(registry, T.SCHOOL, "岚皋县汉江职业中专", region="岚皋县") == other


def test_the_registry_is_the_same_after_it_was_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "registry.jsonl"
    registry = Registry(path)
    iri = iri_of(registry, T.SCHOOL, "岚皋县职业教育中心", "岚皋职教", region="岚皋县")
    path.write_text("".join(f"{line}\n" for line in registry.lines()), encoding="utf-8")
    again = Registry(path)
    assert again.lines() == registry.lines()
    assert iri_of(again, T.SCHOOL, "岚皋县职教中心", region="安康市") == iri


_PLACES = st.sampled_from(["徐州市", "安康市", "岚皋县", "南京市", "山西省", "陕西省"])
_SCHOOLS = st.builds(
    lambda place, ordinal, kind: f"{place}{ordinal}{kind}",
    _PLACES,
    st.sampled_from(["", "第一", "第二", "第十一"]),
    st.sampled_from(["职业中专", "职业中等专业学校", "职教中心", "职业教育中心", "卫生学校"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(_SCHOOLS, _PLACES), min_size=1, max_size=8), st.randoms())
def test_iris_do_not_depend_on_the_order_of_reports(reports: list[tuple[str, str]], random: Any) -> None:
    def mint(order: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
        registry = Registry(Path("/nonexistent/registry.jsonl"))
        return {(name, region): iri_of(registry, T.SCHOOL, name, region=region) for name, region in order}

    shuffled = list(reports)
    random.shuffle(shuffled)
    assert mint(reports) == mint(shuffled)


@settings(max_examples=200, deadline=None)
@given(_SCHOOLS, _SCHOOLS)
def test_keys_keep_ordinals_and_places(name: str, other: str) -> None:
    """Two of the made-up schools share a key only if they differ in nothing but the word for their kind."""

    def plain(text: str) -> str:
        return text.replace("职业中等专业学校", "职业中专").replace("职业教育中心", "职教中心")

    assert (name_key(name, T.SCHOOL) == name_key(other, T.SCHOOL)) == (plain(name) == plain(other))


def test_a_district_of_a_common_name_is_found_beside_its_city() -> None:
    assert region_code("朝阳区", "北京市") == "110105"
    assert region_code("朝阳区", "长春市") == "220104"
    assert region_code("鼓楼区", "江苏省") == ""
    assert region_code("岚皋县") == "610925"
    assert region_code("不存在的县") == ""
