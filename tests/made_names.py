"""Names made by rule: places, brands, trades and kinds, drawn from one seeded source.

Places are those of ``kg/reference``; brands are put together from syllables; trades and kinds are those of the genre.
Nobody real is meant. The same seed gives the same names.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from kg.model import EntityType
from kg.reference_data import Region, load_regions, short_region_name

T = EntityType
X = TypeVar("X")
SYLLABLES = (
    "宏瑞鑫泰恒源盛嘉博祥润腾凯辉翔隆昌骏捷锦铭睿诚佳悦晟卓弘毅朗逸轩昊锐翰熙霖晖煜钰琪璟瑾珂琳菲薇雅馨怡雯萱"
    "沐溪澜浩淼涵渊泓洁清涛榕桦枫楠梓岚峻岭峰巍崇岱屹铮锋钧铠勋烨炫炜焕灿旭昱晗晨曜彦彰彤庭礼仪谦谨诺谊诗韵"
)
TRADES = [
    "机械",
    "电子",
    "食品",
    "轴承",
    "模具",
    "汽车销售",
    "汽车维修",
    "医药",
    "纺织",
    "服装",
    "建材",
    "化工",
    "物流",
    "餐饮管理",
    "酒店管理",
    "软件",
    "信息技术",
    "环保科技",
    "新能源",
    "农业科技",
    "生物科技",
    "文化传媒",
    "建筑工程",
    "园林绿化",
    "商贸",
    "电子商务",
    "机电设备",
    "数控设备",
    "乳业",
    "家具",
]
LEGAL = ("有限公司", "有限责任公司", "股份有限公司")
SCHOOL_KINDS = ("职业教育中心", "职业中等专业学校", "职业技术学校", "高级职业中学", "技工学校", "卫生学校")
PLACED_SCHOOLS = (*SCHOOL_KINDS, "农业学校", "工业学校", "艺术学校", "体育运动学校", "财经学校", "旅游学校")
HOSPITALS = ("人民医院", "中医医院", "妇幼保健院", "中心医院")
OFFICES = ("教育局", "财政局", "农业农村局", "人力资源和社会保障局", "卫生健康局", "文化和旅游局")
BODIES = ("餐饮行业协会", "汽车维修行业协会", "家政服务协会", "农业技术推广中心", "博物馆", "社会福利院", "工业园区")
FIELDS = ("护理", "学前教育", "汽车", "现代农业", "装备制造", "信息技术", "旅游", "财经商贸", "建筑", "电子商务")
INDUSTRIES = ("数控装备", "新能源汽车", "智慧物流", "生物医药", "轨道交通", "现代纺织", "绿色食品", "工业软件")
PROGRAMMES = [
    "护理",
    "助产",
    "学前教育",
    "幼儿保育",
    "会计事务",
    "电子商务",
    "物流服务与管理",
    "汽车运用与维修",
    "汽车制造与检测",
    "机电技术应用",
    "数控技术应用",
    "计算机应用",
    "计算机平面设计",
    "计算机网络技术",
    "旅游服务与管理",
    "高星级饭店运营与管理",
    "建筑工程施工",
    "工程造价",
    "园林技术",
    "园艺技术",
    "作物生产技术",
    "畜禽生产技术",
    "服装设计与工艺",
    "服装制作与生产管理",
    "中餐烹饪",
    "西餐烹饪",
    "中药",
    "中药制药",
    "药剂",
    "康复技术",
]
DESIGNATIONS = ("重点中等职业学校", "示范性中等职业学校", "优质中等职业学校", "重点专业", "特色专业", "骨干专业")
ORDINALS = "一二三四五六七八九十"
WIDE = str.maketrans(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names and the regions of the reports that they stand in. ``owners`` are the schools of two bases."""

    rule: str
    type: EntityType
    name: str
    other: str
    region: str
    other_region: str
    owners: tuple[str, str] = ("", "")


class Maker:
    """Draws places, brands and names from one seeded source."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, items: Sequence[X]) -> X:
        return self.random.choice(items)

    def two(self, items: Sequence[X]) -> tuple[X, X]:
        one, other = self.random.sample(list(items), 2)
        return one, other

    def brand(self) -> str:
        return "".join(self.random.sample(SYLLABLES, 2))

    def county(self) -> Region:
        return self.pick(counties())

    def city(self) -> Region:
        return self.pick(cities())

    def neighbours(self) -> tuple[Region, Region]:
        """Two counties of one prefecture."""
        return self.two(self.pick([group for group in by_parent().values() if len(group) > 1]))

    def place(self) -> Region:
        return self.county() if self.random.random() < 0.6 else self.city()


@cache
def counties() -> tuple[Region, ...]:
    """Counties, districts and county-level cities whose short name has two characters and belongs to one only."""
    bearers = defaultdict(set)
    for region in load_regions():
        bearers[short_region_name(region.name)].add(region.code)
    return tuple(
        region
        for region in load_regions()
        if region.level == "county"
        and len(bearers[short_region_name(region.name)]) == 1
        and 2 <= len(short_region_name(region.name)) <= 3
        and region.name[-1] in "县市区旗"
        and len(region.name) <= 4
        and region.parent in by_code()
    )


@cache
def cities() -> tuple[Region, ...]:
    return tuple(
        region
        for region in load_regions()
        if region.level == "prefecture" and region.name.endswith("市") and len(short_region_name(region.name)) == 2
    )


@cache
def by_code() -> dict[str, Region]:
    return {region.code: region for region in load_regions()}


@cache
def by_parent() -> dict[str, list[Region]]:
    groups: dict[str, list[Region]] = defaultdict(list)
    for county in counties():
        if by_code()[county.parent].name.endswith("市"):
            groups[county.parent].append(county)
    return groups


@cache
def namesakes() -> tuple[tuple[Region, Region], ...]:
    """Places of one short name and different rank or province: a city and a county, two districts."""
    groups: dict[str, list[Region]] = defaultdict(list)
    for region in load_regions():
        groups[short_region_name(region.name)].append(region)
    return tuple(
        (one, other)
        for group in groups.values()
        for one in group
        for other in group
        if one.code < other.code and one.name != other.name
    )


def city_of(region: Region) -> Region:
    """The prefecture of a county; the region itself else."""
    parent = by_code().get(region.parent)
    return parent if region.level == "county" and parent is not None else region


def province_of(region: Region) -> Region:
    return by_code()[region.code[:2] + "0000"]


def placed_name(make: Maker, type_: EntityType, place: str) -> str:
    """A name that begins with its place, as many places have one of the kind."""
    kinds = {
        T.SCHOOL: PLACED_SCHOOLS,
        T.HOSPITAL: HOSPITALS,
        T.GOVERNMENT: OFFICES,
        T.INSTITUTION: BODIES,
        T.KINDERGARTEN: ("第一幼儿园", "实验幼儿园", "机关幼儿园", "幼儿园"),
        T.EDUCATION_GROUP: tuple(f"{field}职业教育集团" for field in FIELDS),
        T.ALLIANCE: tuple(f"{field}专业联盟" for field in FIELDS),
        T.CONSORTIUM: tuple(f"{industry}市域产教联合体" for industry in INDUSTRIES),
        T.ENTERPRISE: ("自来水公司", "公共交通有限公司", "供热有限公司", "粮食购销有限公司"),
    }
    return place + make.pick(kinds[type_])


PLACED_TYPES = (
    T.SCHOOL,
    T.HOSPITAL,
    T.GOVERNMENT,
    T.INSTITUTION,
    T.KINDERGARTEN,
    T.EDUCATION_GROUP,
    T.ALLIANCE,
    T.CONSORTIUM,
    T.ENTERPRISE,
)


def company(make: Maker, place: str = "", brand: str = "", trade: str = "", legal: str = "") -> str:
    return place + (brand or make.brand()) + (trade or make.pick(TRADES)) + (legal or make.pick(LEGAL))


def make_pairs(rules: tuple[Callable[[Maker], Pair], ...], count: int, seed: int) -> Iterator[Pair]:
    """``count`` pairs, the rules in turn; each pair once where the rules have enough of them."""
    make, seen, made, at = Maker(seed), set(), 0, 0
    while made < count:
        pair = rules[at % len(rules)](make)
        at += 1
        # small word lists repeat themselves; after many rounds a pair may come again
        if pair.name != pair.other or pair.region != pair.other_region:
            if pair in seen and at < count * 20:
                continue
            seen.add(pair)
            made += 1
            yield pair
