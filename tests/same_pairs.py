"""Pairs of two names of one thing: ``SAME``, one function for each way to write a name differently."""

from __future__ import annotations

from collections.abc import Callable

from made_names import (
    BODIES,
    DESIGNATIONS,
    FIELDS,
    ORDINALS,
    PLACED_TYPES,
    PROGRAMMES,
    SCHOOL_KINDS,
    TRADES,
    WIDE,
    Maker,
    Pair,
    T,
    city_of,
    company,
    placed_name,
    province_of,
)

from kg.reference_data import load_regions, short_region_name


def _legal_forms(make: Maker) -> Pair:
    place = make.city()
    lead = make.pick(["", place.name, place.name[:-1]])
    core = lead + make.brand() + make.pick(TRADES)
    one, other = make.pick(
        [
            ("有限公司", ""),
            ("有限责任公司", ""),
            ("有限责任公司", "有限公司"),
            ("股份有限公司", "股份公司"),
            ("股份有限公司", ""),
            ("有限公司", "公司"),
        ]
    )
    if make.random.random() < 0.2:
        core, one, other = lead + make.brand(), "集团有限公司", "集团"
    return Pair("legal forms", T.ENTERPRISE, core + one, core + other, place.name, place.name)


def _widths(make: Maker) -> Pair:
    place = make.place()
    letters = "".join(make.random.sample("ABCDEFGHKLMNPRSTUVXYZ", 3))
    type_, name = make.pick(
        [
            (T.ENTERPRISE, f"{letters}{make.pick(TRADES)}有限公司"),
            (T.ENTERPRISE, f"{make.brand()}{letters}电子有限公司"),
            (T.ENTERPRISE, f"{place.name}{make.random.randint(2, 999)}同城商贸有限公司"),
            (T.ENTERPRISE, f"{make.brand()}4S店"),
            (T.SCHOOL, f"{place.name}第{make.random.randint(1, 30)}中学"),
            (T.KINDERGARTEN, f"{place.name}第{make.random.randint(1, 30)}幼儿园"),
            (T.TRAINING_BASE, f"{letters}实训基地"),
            (T.COMMUNITY, f"全国{letters}产业产教融合共同体"),
        ]
    )
    return Pair("widths", type_, name, name.translate(WIDE), place.name, place.name)


def _ordinal_figures(make: Maker) -> Pair:
    place = make.place()
    at = make.random.randrange(10)
    type_, kind = make.pick(
        [(T.SCHOOL, "职业中专"), (T.SCHOOL, "中学"), (T.HOSPITAL, "人民医院"), (T.KINDERGARTEN, "幼儿园")]
    )
    lead = place.name
    return Pair("figures", type_, f"{lead}第{ORDINALS[at]}{kind}", f"{lead}第{at + 1}{kind}", lead, lead)


def _brackets(make: Maker) -> Pair:
    place = make.city()
    inner = make.pick(["中国", place.name[:-1], make.city().name[:-1]])
    type_, name = make.pick(
        [
            (T.ENTERPRISE, f"{make.brand()}{make.pick(TRADES)}（{inner}）有限公司"),
            (T.ENTERPRISE, f"{make.brand()}（{inner}）{make.pick(TRADES)}有限公司"),
            (T.SCHOOL, f"{place.name}{make.pick(SCHOOL_KINDS)}（东校区）"),
            (T.PROGRAMME, f"{make.pick(PROGRAMMES)}（老年方向）"),
            (T.INSTITUTION, f"{place.name}{make.pick(BODIES)}（筹）"),
        ]
    )
    return Pair("brackets", type_, name, name.replace("（", "(").replace("）", ")"), place.name, place.name)


def _school_kinds(make: Maker) -> Pair:
    place = make.place()
    ordinal = make.pick(["", "", "第一", "第二", "第三"])
    one, other = make.pick(
        [
            ("职业中专", "职业中等专业学校"),
            ("职业中专学校", "职业中等专业学校"),
            ("中专", "中等专业学校"),
            ("职教中心", "职业教育中心"),
            ("职业技术教育中心", "职教中心"),
            ("职业教育中心学校", "职业教育中心"),
            ("职业高中", "高级职业中学"),
            ("职业高级中学", "职业高中"),
            ("职业学校", "职业技术学校"),
            ("技校", "技工学校"),
        ]
    )
    lead = place.name + ordinal
    return Pair("kinds of schools", T.SCHOOL, lead + one, lead + other, place.name, place.name)


def _places_dropped(make: Maker) -> Pair:
    place = make.place()
    city = city_of(place)
    type_ = make.pick(
        [T.SCHOOL, T.HOSPITAL, T.KINDERGARTEN, T.GOVERNMENT, T.INSTITUTION, T.ENTERPRISE, T.EDUCATION_GROUP]
    )
    if type_ is T.ENTERPRISE:
        bare = company(make)
    elif type_ is T.SCHOOL:
        bare = make.pick(["第一职业中专", "第二职业中等专业学校", "卫生学校", "艺术学校", "职业教育中心"])
    else:
        bare = placed_name(make, type_, "")
    return make.pick(
        [
            Pair("place dropped", type_, place.name + bare, bare, place.name, place.name),
            Pair("province dropped", type_, province_of(place).name + place.name + bare, place.name + bare, place.name, place.name),
            Pair("city dropped", type_, city.name + place.name + bare, place.name + bare, city.name, city.name)
            if city is not place
            else Pair("province dropped", type_, province_of(place).name + place.name + bare, place.name + bare, "", ""),
        ]
    )  # fmt: skip


def _places_short(make: Maker) -> Pair:
    place = make.county()
    short = short_region_name(place.name)
    type_ = make.pick([T.SCHOOL, T.SCHOOL, T.HOSPITAL, T.GOVERNMENT, T.KINDERGARTEN])
    name = placed_name(make, type_, "")
    region = make.pick([place, city_of(place)]).name
    return Pair("place short", type_, place.name + name, short + name, region, region)


def _one_of_its_place(make: Maker) -> Pair:
    place = make.place()
    sign = place.name[-1]
    type_, kind = make.pick(
        [
            (T.SCHOOL, "职教中心"),
            (T.SCHOOL, "第一职业中专"),
            (T.HOSPITAL, "人民医院"),
            (T.HOSPITAL, "中医医院"),
            (T.KINDERGARTEN, "实验幼儿园"),
            (T.GOVERNMENT, "教育局"),
        ]
    )
    return Pair("one of its place", type_, place.name + kind, sign + kind, place.name, place.name)


def _quotation_marks(make: Maker) -> Pair:
    place = make.city()
    brand, trade = make.brand(), make.pick(TRADES)
    open_, close = make.pick([("“", "”"), ('"', '"'), ("《", "》"), ("「", "」")])
    type_, one, other = make.pick(
        [
            (T.ENTERPRISE, f"{brand}{trade}有限公司", f"{open_}{brand}{trade}{close}有限公司"),
            (T.ENTERPRISE, f"{place.name}{brand}{trade}有限公司", f"{place.name}{open_}{brand}{close}{trade}有限公司"),
            (T.ENTERPRISE, f"{brand}集团", f"{open_}{brand}{close}集团"),
            (T.TRAINING_BASE, f"{brand}实训基地", f"{open_}{brand}{close}实训基地"),
            (T.ALLIANCE, f"{brand}家政联盟", f"{open_}{brand}{close}家政联盟"),
            (T.KINDERGARTEN, f"{place.name}{brand}幼儿园", f"{place.name}{open_}{brand}{close}幼儿园"),
        ]
    )
    return Pair("quotation marks", type_, one, other, place.name, place.name)


def _blanks(make: Maker) -> Pair:
    place = make.place()
    type_ = make.pick(PLACED_TYPES)
    name = placed_name(make, type_, place.name)
    at = len(place.name)
    return Pair(
        "blanks", type_, name, name[:at] + make.pick([" ", "\u3000", "\n", "·"]) + name[at:], place.name, place.name
    )


def _group_words(make: Maker) -> Pair:
    place, field = make.city(), make.pick(FIELDS)
    one, other = make.two(["职业教育集团", "职教集团", "教育集团"])
    lead, second = make.pick([(place.name, place.name), (place.name, ""), (place.name[:-1], place.name)])
    first, two = f"{lead}{field}{one}", f"{second}{field}{other}"
    return Pair("words for groups", T.EDUCATION_GROUP, first, two, place.name, place.name)


def _office_words(make: Maker) -> Pair:
    place = make.place()
    one, other = make.pick(
        [
            ("人力资源和社会保障局", "人社局"),
            ("人力资源社会保障局", "人社局"),
            ("工业和信息化局", "工信局"),
            ("卫生健康委员会", "卫健委"),
            ("发展和改革委员会", "发改委"),
            ("文化和旅游局", "文旅局"),
            ("残疾人联合会", "残联"),
        ]
    )
    return Pair("words for offices", T.GOVERNMENT, place.name + one, place.name + other, place.name, place.name)


def _short_schools(make: Maker) -> Pair:
    place = make.county()
    short = short_region_name(place.name)
    full, brief = make.pick(
        [
            ("职业教育中心", "职教中心"),
            ("职业教育中心", "职教"),
            ("职业中学", "职中"),
            ("高级职业中学", "职高"),
            ("职业技术学校", "职校"),
            ("卫生学校", "卫校"),
            ("艺术学校", "艺校"),
            ("第一职业中等专业学校", "一职"),
            ("职业技术学院", "职院"),
        ]
    )
    return Pair("short names of schools", T.SCHOOL, place.name + full, short + brief, place.name, place.name)


def _short_companies(make: Maker) -> Pair:
    place, brand = make.city(), make.brand()
    trade = make.pick([each for each in TRADES if len(each) >= 2])
    full = f"{place.name}{brand}{trade}有限公司"
    other = make.pick([f"{brand}{trade}", f"{brand}{trade}公司", f"{brand}公司", f"{brand}{trade[:2]}"])
    return Pair("short names of companies", T.ENTERPRISE, full, other, place.name, place.name)


def _programme_words(make: Maker) -> Pair:
    name = make.pick(PROGRAMMES)
    joined = [each for each in PROGRAMMES if "与" in each]
    if make.random.random() < 0.5:
        name = make.pick(joined)
        return Pair("words of programmes", T.PROGRAMME, name, name.replace("与", make.pick("和及")), "", "")
    return Pair("words of programmes", T.PROGRAMME, name, name + "专业", "", "")


def _region_words(make: Maker) -> Pair:
    place = make.place()
    if make.random.random() < 0.4:
        place = make.pick([region for region in load_regions() if region.level == "province"])
    return Pair("regions", T.REGION, place.name, short_region_name(place.name), place.name, place.name)


def _base_words(make: Maker) -> Pair:
    place, field = make.county(), make.pick(FIELDS)
    one, other = make.pick(
        [
            ("{}专业实训基地", "{}实训基地"),
            ("校内{}实训基地", "{}实训基地"),
            ("{}实习实训基地", "{}实训基地"),
            ("{}技术实训中心", "{}实训中心"),
        ]
    )
    school = place.name + "职业教育中心"
    name = one.format(field), other.format(field)
    return Pair("words of bases", T.TRAINING_BASE, *name, place.name, place.name, (school, school))


def _designation_words(make: Maker) -> Pair:
    level = make.pick(["国家级", "省级", "市级", "自治区级"])
    name = level + make.pick(DESIGNATIONS)
    return Pair(
        "words of designations", T.DESIGNATION, name, make.pick([f"“{name}”", f"{level} {name[len(level) :]}"]), "", ""
    )


SAME: tuple[Callable[[Maker], Pair], ...] = (
    _legal_forms,
    _legal_forms,
    _widths,
    _ordinal_figures,
    _brackets,
    _school_kinds,
    _school_kinds,
    _places_dropped,
    _places_dropped,
    _places_short,
    _one_of_its_place,
    _quotation_marks,
    _blanks,
    _group_words,
    _office_words,
    _short_schools,
    _short_companies,
    _programme_words,
    _region_words,
    _base_words,
    _designation_words,
)
