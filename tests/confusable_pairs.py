"""Pairs of two things whose names sound alike: ``CONFUSABLE``, one function for each way to mistake them."""

from __future__ import annotations

from collections.abc import Callable

from made_names import (
    DESIGNATIONS,
    FIELDS,
    HOSPITALS,
    INDUSTRIES,
    LEGAL,
    ORDINALS,
    PLACED_TYPES,
    PROGRAMMES,
    SCHOOL_KINDS,
    SYLLABLES,
    TRADES,
    Maker,
    Pair,
    T,
    cities,
    city_of,
    company,
    namesakes,
    placed_name,
)

from kg.reference_data import short_region_name


def _ordinals(make: Maker) -> Pair:
    place = make.place()
    one, other = make.two(ORDINALS)
    type_, kind = make.pick(
        [
            (T.SCHOOL, "职业中专"),
            (T.SCHOOL, "职业中等专业学校"),
            (T.SCHOOL, "中学"),
            (T.SCHOOL, "职业高中"),
            (T.HOSPITAL, "人民医院"),
            (T.KINDERGARTEN, "幼儿园"),
            (T.KINDERGARTEN, "实验幼儿园"),
            (T.ENTERPRISE, "机床厂"),
            (T.ENTERPRISE, "建筑工程有限公司"),
        ]
    )
    lead = make.pick([place.name, ""]) if type_ is not T.ENTERPRISE else place.name
    return Pair("ordinal", type_, f"{lead}第{one}{kind}", f"{lead}第{other}{kind}", place.name, place.name)


def _numbers(make: Maker) -> Pair:
    place = make.place()
    number = make.random.randint(1, 9)
    one, other = make.two([str(number), f"1{number}", f"{number}0", f"{number}{(number + 3) % 9 + 1}"])
    type_, pattern = make.pick(
        [
            (T.SCHOOL, "第{}中学"),
            (T.KINDERGARTEN, "第{}幼儿园"),
            (T.HOSPITAL, "第{}医院"),
            (T.ENTERPRISE, "{}机械厂"),
            (T.SCHOOL, "第{}职业高中"),
        ]
    )
    return Pair(
        "number",
        type_,
        place.name + pattern.format(one),
        place.name + pattern.format(other),
        place.name,
        place.name,
    )


def _ordinal_or_none(make: Maker) -> Pair:
    place = make.place()
    type_, kind = make.pick(
        [(T.SCHOOL, "职业中专"), (T.SCHOOL, "职业技术学校"), (T.HOSPITAL, "人民医院"), (T.KINDERGARTEN, "幼儿园")]
    )
    number = make.pick("一二三四")
    return Pair(
        "ordinal or none", type_, f"{place.name}{kind}", f"{place.name}第{number}{kind}", place.name, place.name
    )


def _places_alike(make: Maker) -> Pair:
    one, other = make.pick(
        [("山西", "陕西"), ("河南", "河北"), ("湖南", "湖北"), ("广东", "广西"), ("江西", "江苏"), ("山东", "山西")]
    )
    kind = make.pick(["工业学校", "农业学校", "经贸学校", "林业学校", "艺术学校", "职业技术学院", "师范大学"])
    if make.random.random() < 0.3:
        brand, trade, legal = make.brand(), make.pick(TRADES), make.pick(LEGAL)
        kind = brand + trade + legal
        return Pair("places alike", T.ENTERPRISE, one + kind, other + kind, "", "")
    suffix = make.pick(["", "省"]) if "广西" not in (one, other) else ""
    return Pair("places alike", T.SCHOOL, one + suffix + kind, other + suffix + kind, "", "")


def _neighbours(make: Maker) -> Pair:
    one, other = make.neighbours()
    type_ = make.pick(PLACED_TYPES)
    name = placed_name(make, type_, "")
    city = city_of(one).name
    short = make.random.random() < 0.3 and type_ is T.SCHOOL
    lead, second = (short_region_name(one.name), short_region_name(other.name)) if short else (one.name, other.name)
    regions = make.pick([(city, city), (one.name, other.name)])
    return Pair("neighbouring counties", type_, lead + name, second + name, *regions)


def _city_and_county(make: Maker) -> Pair:
    county = make.county()
    city = city_of(county)
    type_ = make.pick(PLACED_TYPES)
    name = placed_name(make, type_, "")
    if make.random.random() < 0.25 and type_ in (T.HOSPITAL, T.GOVERNMENT) and county.name[-1] != "市":
        return Pair("city and county", type_, "市" + name, county.name[-1] + name, city.name, city.name)
    return Pair(
        "city and county", type_, city.name + name, county.name + name, city.name, make.pick([city, county]).name
    )


def _namesakes(make: Maker) -> Pair:
    one, other = make.pick(namesakes())
    type_ = make.pick([T.SCHOOL, T.HOSPITAL, T.GOVERNMENT, T.KINDERGARTEN, T.EDUCATION_GROUP, T.INSTITUTION])
    name = placed_name(make, type_, "")
    return Pair("places of one stem", type_, one.name + name, other.name + name, one.name, other.name)


def _two_cities(make: Maker) -> Pair:
    one, other = make.two(cities())
    type_, name = make.pick(
        [
            (T.SCHOOL, "第一职业中专"),
            (T.SCHOOL, "职教中心"),
            (T.SCHOOL, "市职校"),
            (T.SCHOOL, "卫生学校"),
            (T.HOSPITAL, "人民医院"),
            (T.HOSPITAL, "市中医院"),
            (T.KINDERGARTEN, "第二幼儿园"),
            (T.KINDERGARTEN, f"{make.brand()}幼儿园"),
            (T.GOVERNMENT, "市教育局"),
            (T.GOVERNMENT, "财政局"),
            (T.INSTITUTION, "餐饮行业协会"),
            (T.ENTERPRISE, f"{make.brand()}超市"),
            (T.ENTERPRISE, f"{make.brand()}汽修厂"),
            (T.EDUCATION_GROUP, f"{make.pick(FIELDS)}职教集团"),
            (T.ALLIANCE, f"{make.pick(FIELDS)}专业联盟"),
        ]
    )
    lead, second = ("", "") if "市" not in name else make.pick([("", ""), (one.name[:-1], other.name[:-1])])
    return Pair("one name in two cities", type_, lead + name, second + name, one.name, other.name)


def _branches(make: Maker) -> Pair:
    place, other = make.neighbours()
    region = city_of(place).name
    parent = company(make)
    bank = make.brand() + "银行"
    shop = make.brand() + make.pick(["超市", "大药房", "连锁酒店", "家电卖场"])
    school = make.city().name + make.pick(["职业技术学院", "师范学院", "职业技术学校"])
    hospital = city_of(place).name + make.pick(HOSPITALS)
    type_, one, two = make.pick(
        [
            (T.ENTERPRISE, parent, f"{parent}{place.name}分公司"),
            (T.ENTERPRISE, f"{parent}{place.name}分公司", f"{parent}{other.name}分公司"),
            (T.ENTERPRISE, parent, f"{parent}{place.name[:-1]}分公司"),
            (T.ENTERPRISE, bank, f"{bank}{place.name}支行"),
            (T.ENTERPRISE, f"{bank}股份有限公司", f"{bank}股份有限公司{region[:-1]}分行"),
            (T.ENTERPRISE, f"{bank}{place.name}支行", f"{bank}{other.name}支行"),
            (T.ENTERPRISE, f"{shop}{place.name[:-1]}店", f"{shop}{other.name[:-1]}店"),
            (T.ENTERPRISE, shop, f"{shop}{place.name[:-1]}店"),
            (T.SCHOOL, school, f"{school}附属中学"),
            (T.SCHOOL, school, f"{school}附属职业学校"),
            (T.SCHOOL, f"{school}附属中学", f"{school}附属小学"),
            (T.HOSPITAL, f"{school}第一附属医院", f"{school}第二附属医院"),
            (T.HOSPITAL, hospital, f"{hospital}{place.name[:-1]}分院"),
        ]
    )
    return Pair("parent and branch", type_, one, two, region, region)


def _campuses(make: Maker) -> Pair:
    place = make.city()
    one, other = make.pick([("东", "西"), ("南", "北"), ("新", "老"), ("东", "南")])
    kind, word = make.pick([(T.SCHOOL, "校区"), (T.SCHOOL, "校区"), (T.HOSPITAL, "院区")])
    stem = place.name + make.pick(SCHOOL_KINDS if kind is T.SCHOOL else HOSPITALS)
    left, right = make.pick([("", ""), ("（", "）")])
    first = f"{stem}{left}{one}{word}{right}"
    return Pair("campuses", kind, first, f"{stem}{left}{other}{word}{right}", place.name, place.name)


def _subsidiaries(make: Maker) -> Pair:
    brand, place = make.brand(), make.city()
    one, other = make.two(TRADES)
    lead = make.pick(["", place.name, place.name[:-1]])
    first = make.pick([f"{lead}{brand}集团", f"{lead}{brand}集团有限公司", f"{lead}{brand}控股集团有限公司"])
    second = make.pick(
        [
            f"{lead}{brand}{one}有限公司",
            f"{lead}{brand}集团{one}有限公司",
            f"{lead}{brand}{one}股份有限公司",
            f"{lead}{brand}{other}有限责任公司",
        ]
    )
    return Pair("group and subsidiary", T.ENTERPRISE, first, second, place.name, place.name)


def _legal_persons(make: Maker) -> Pair:
    place, brand, legal = make.city(), make.brand(), make.pick(LEGAL)
    lead = make.pick(["", place.name, place.name[:-1]])
    one, other = make.two(TRADES)
    if make.random.random() < 0.5:
        return Pair(
            "trade of a company",
            T.ENTERPRISE,
            company(make, lead, brand, one, legal),
            company(make, lead, brand, other, legal),
            place.name,
            place.name,
        )
    near = brand[0] + make.pick([char for char in SYLLABLES if char != brand[1]])
    return Pair(
        "brands alike",
        T.ENTERPRISE,
        company(make, lead, brand, one, legal),
        company(make, lead, near, one, legal),
        place.name,
        place.name,
    )


def _two_offices_of_one_brand(make: Maker) -> Pair:
    one, other = make.two(cities())
    brand, trade, legal = make.brand(), make.pick(TRADES), make.pick(LEGAL)
    first, second = company(make, one.name, brand, trade, legal), company(make, other.name, brand, trade, legal)
    return Pair("one brand in two cities", T.ENTERPRISE, first, second, one.name, other.name)


def _trades(make: Maker) -> Pair:
    place = make.place()
    type_, one, other = make.pick(
        [
            (T.SCHOOL, "农业学校", "农机学校"),
            (T.SCHOOL, "工业学校", "轻工业学校"),
            (T.SCHOOL, "卫生学校", "中医药学校"),
            (T.SCHOOL, "艺术学校", "工艺美术学校"),
            (T.SCHOOL, "职业技术学校", "技工学校"),
            (T.SCHOOL, "职业中等专业学校", "卫生职业中等专业学校"),
            (T.SCHOOL, "交通学校", "交通运输技工学校"),
            (T.SCHOOL, "财经学校", "财会学校"),
            (T.SCHOOL, "职业教育中心", "技师学院"),
            (T.HOSPITAL, "中医医院", "中心医院"),
            (T.HOSPITAL, "人民医院", "妇幼保健院"),
            (T.HOSPITAL, "人民医院", "中西医结合医院"),
            (T.HOSPITAL, "人民医院", "口腔医院"),
            (T.KINDERGARTEN, "机关幼儿园", "实验幼儿园"),
            (T.KINDERGARTEN, "中心幼儿园", "机关幼儿园"),
            (T.GOVERNMENT, "农业农村局", "农牧局"),
            (T.GOVERNMENT, "文化和旅游局", "文化局"),
            (T.GOVERNMENT, "教育局", "体育局"),
            (T.GOVERNMENT, "人民政府", "教育局"),
            (T.INSTITUTION, "餐饮行业协会", "餐饮职业教育协会"),
            (T.INSTITUTION, "农业科学研究所", "林业科学研究所"),
            (T.INSTITUTION, "高新技术产业开发区", "经济技术开发区"),
        ]
    )
    return Pair("kinds and trades", type_, place.name + one, place.name + other, place.name, place.name)


def _groups(make: Maker) -> Pair:
    place = make.city()
    one, other = make.two(FIELDS)
    first, second = make.two(INDUSTRIES)
    return make.pick(
        [
            Pair(
                "fields of groups",
                T.EDUCATION_GROUP,
                f"{place.name}{one}职业教育集团",
                f"{place.name}{other}职业教育集团",
                place.name,
                place.name,
            ),
            Pair("fields of groups", T.ALLIANCE, f"{one}专业联盟", f"{other}专业联盟", place.name, place.name),
            Pair(
                "fields of groups",
                T.COMMUNITY,
                f"全国{first}行业产教融合共同体",
                f"全国{second}行业产教融合共同体",
                "",
                "",
            ),
            Pair(
                "fields of groups",
                T.COMMUNITY,
                f"全国{first}行业产教融合共同体",
                f"{place.name}{first}行业产教融合共同体",
                place.name,
                place.name,
            ),
            Pair(
                "fields of groups",
                T.CONSORTIUM,
                f"{place.name}{first}市域产教联合体",
                f"{place.name}{second}市域产教联合体",
                place.name,
                place.name,
            ),
        ]
    )


def _programmes(make: Maker) -> Pair:
    one, other = make.two(PROGRAMMES)
    field = make.pick(["护理", "学前教育", "汽车运用与维修", "机电技术应用", "计算机应用"])
    first, second = make.two(["老年护理", "口腔护理", "双语", "新能源", "智能控制", "涉外"])
    if one[:2] == other[:2] or make.random.random() < 0.3:
        one, other = f"{field}（{first}方向）", f"{field}（{second}方向）"
    return Pair("programmes", T.PROGRAMME, one, other, "", "")


def _bases(make: Maker) -> Pair:
    place, other = make.neighbours()
    field, second = make.two(FIELDS)
    name = make.pick(["{}实训基地", "{}生产性实训基地", "{}技能实训中心"])
    schools = place.name + "职业教育中心", other.name + "职业教育中心"
    if make.random.random() < 0.5:
        one = name.format(field)
        return Pair("bases", T.TRAINING_BASE, one, one, place.name, other.name, schools)
    owners = schools[0], schools[0]
    return Pair("bases", T.TRAINING_BASE, name.format(field), name.format(second), place.name, place.name, owners)


def _designations(make: Maker) -> Pair:
    level, other = make.two(["国家级", "省级", "市级", "自治区级"])
    kind = make.pick(DESIGNATIONS)
    if make.random.random() < 0.5:
        return Pair("designations", T.DESIGNATION, level + kind, other + kind, "", "")
    one, two = make.two(DESIGNATIONS)
    return Pair("designations", T.DESIGNATION, level + one, level + two, "", "")


def _regions(make: Maker) -> Pair:
    one, other = make.pick(namesakes()) if make.random.random() < 0.7 else make.neighbours()
    return Pair("regions", T.REGION, one.name, other.name, one.name, other.name)


CONFUSABLE: tuple[Callable[[Maker], Pair], ...] = (
    _ordinals,
    _numbers,
    _ordinal_or_none,
    _places_alike,
    _neighbours,
    _city_and_county,
    _namesakes,
    _two_cities,
    _branches,
    _branches,
    _campuses,
    _subsidiaries,
    _legal_persons,
    _two_offices_of_one_brand,
    _trades,
    _groups,
    _programmes,
    _bases,
    _designations,
    _regions,
)
