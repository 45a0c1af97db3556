"""What can be short for what: the names of schools, companies, hospitals, groups, bases and programmes of one report.

A short name adds nothing to the full one, its characters stand in the same order, and ordinals, directions, places and
what makes a branch are the same in both.
"""

from __future__ import annotations

import re

from kg.model import GROUP_TYPES, EntityType
from kg.name_keys import direction_of, fold, left_out, legal_form_of, name_key, placed_key, stands_in_order
from kg.names import begins_with_place, ordinal_of, type_of_name
from kg.places import region_place, split_place
from kg.programmes import programme_code
from kg.reference_data import load_companies, load_programme_names, provinces, region_names, short_region_name
from kg.short_names import core_of, is_short_company

_SHORT_KINDS = (
    ("职教中心", r"职业(?:技术)?教育中心|职教中心"),
    ("职教", r"职业(?:技术)?教育中心|职教中心"),
    ("职中专", r"职业中等专业|职业中专"),
    ("职中", r"职业中学|职业中等|职业中专|职业高级中学|高级职业中学|职业高中"),
    ("职高", r"职业高中|职业高级中学|高级职业(?:中学|学校|技术学校)"),
    ("职专", r"职业中等专业|职业中专"),
    ("职校", r"职业(?:技术|高级)?学校|职业中等专业学校"),
    ("技校", r"技工学校|技术学校"),
    ("艺校", r"艺术学校"),
    ("体校", r"体育(?:运动)?学校"),
    ("卫校", r"(?:卫生|卫生护理|护理|医药卫生)学校|卫生职业"),
    ("农校", r"农业学校|农牧学校"),
    ("职院", r"职业(?:技术)?学院"),
    ("幼专", r"幼儿师范(?:高等)?专科学校"),
    ("医专", r"(?:医学|医药|卫生)(?:高等)?专科学校"),
    ("师专", r"师范(?:高等)?专科学校"),
    ("农大", r"农业大学"),
    ("师大", r"师范大学"),
    ("工大", r"工业大学"),
    ("职", r"职业"),
    ("中", r"中学"),
)


def short_for(short: str, full: str, region: str = "") -> bool:
    """True where ``short`` can be a short name of the school ``full``: the same ordinal, its characters in order, a kind that fits.

    ``region`` is the report's: 市 at the beginning means it.
    """
    if short == full or len(short) > len(full):
        return False
    if direction_of(short) != direction_of(full) or ("附属" in short) != ("附属" in full):
        return False
    s, f = _without_place(fold(short), region), _without_place(fold(full), region)
    said, own = ordinal_of(s), ordinal_of(f)
    if said != own:
        return False
    if name_key(s, EntityType.SCHOOL) == name_key(f, EntityType.SCHOOL):
        return True
    s = name_key(s, EntityType.SCHOOL)
    if (trade := re.search(r"([^职技中学])校$", s)) and not said:  # 市工校: the trade's first character stands for it
        stem = s[: trade.start()]
        if re.search(rf"{trade.group(1)}[^校]{{0,8}}学校$", f) and (not stem or stands_in_order(stem, f)):
            return bool(stem) or _city_prefix(short, region)
    if s.endswith("技师") and re.search(r"技师学院$", f) and stands_in_order(s[:-2], f):
        return True
    for kind, pattern in _SHORT_KINDS:
        if s.endswith(kind):
            stem = s[: -len(kind)]
            stem = re.sub(r"第?[一二三四五六七八九十]+$", "", stem) if said else stem
            rest = re.split(pattern, f, maxsplit=1)
            if len(rest) < 2:
                continue
            place = re.sub(r"第?[一二三四五六七八九十]+$", "", rest[0]) if said else rest[0]
            if not stem:
                # 县职教中心: the county's, where only one full name fits (see `Identity._join_schools`)
                only_one = short[:1] in "市县区旗州" and kind == "职教中心" and full.startswith(region)
                return (
                    (_city_prefix(short, region) and (not place or bool(said) or only_one))
                    or (bool(said) and not place)
                    or (not said and _is_loose_short(short, s, f, full, region))
                )
            only_centre = kind == "职教中心" and stem[-1] in "县旗" and place.startswith(stem)  # a county has one
            if _is_formal(short) and not only_centre and not _only_places(stem, place):
                continue  # a full name is short for none that adds more than a place
            if stands_in_order(stem, place) and (place.startswith(stem[0]) or place.endswith(stem)):
                return True
    if _is_loose_short(short, s, f, full, region):
        return True
    # the same beginning and ending, some words left out: 某某信息职业学院 / 某某信息职业技术学院
    return (
        len(s) >= 5
        and s[:2] == f[:2]
        and s[-2:] == f[-2:]
        and stands_in_order(s, f)
        and bool(re.fullmatch(r"(?:(?<!业)技术|市|县|区|旗|省|自治区|中等|高级|综合)*", left_out(s, f)))
        and ("职业" in s) == ("职业" in f)
    )


_LOOSE_KIND = re.compile(
    r"技工学校|技校|技师学院|职业中专|职中专|职业高中|职高|职业中学|职业学校|职校|卫生学校|艺术学校|体育学校|农业学校|工业学校"
)


def _is_loose_short(short: str, s: str, f: str, full: str, region: str) -> bool:
    """Short names of daily use that fit one school of a report: 市商旅学校, 县技工学校, 龙潭机电, 旅游职校.

    ``s`` and ``f`` are the folded names without the report's place, ``s`` as a key.
    """
    key = name_key(f, EntityType.SCHOOL)
    own = short[:1] in "市县区旗州"
    if own and _LOOSE_KIND.fullmatch(s):  # the one of its kind in the place
        return key.endswith(s) and fold(full).startswith(fold(region)) and bool(region)
    core = re.sub(r"^.{2,9}?(?:省|市|县|区|旗|州|盟)", "", f)
    if own and s.endswith("学校") and 4 <= len(s) <= 6 and f.endswith("学校"):
        stem, rest = s[:-2], core[:-2]
        return len(rest) <= 3 * len(stem) and (
            (rest.endswith(stem) and len(rest) - len(stem) >= 2)
            or (stem[0] == rest[:1] and stem[-1] in rest[2:4] and stands_in_order(stem, rest))
        )
    if len(s) >= 4 and not begins_with_place(short) and type_of_name(short) is None:
        brand = core[:2] == s[:2] and stands_in_order(s, f) and s[-1] in f[4:]
        return bool(brand) or key.endswith(s)
    return False


def _is_formal(name: str) -> bool:
    """True for a name that is written out: it ends as schools end and begins with its place."""
    return type_of_name(name) is EntityType.SCHOOL and begins_with_place(name) and len(name) >= 7


def _only_places(stem: str, place: str) -> bool:
    if place.startswith(stem) and not place.endswith(stem):
        return place[len(stem) :] in ("市", "县", "区", "旗")
    if not place.endswith(stem):
        return False
    lead = place[: -len(stem)]
    return not lead or lead in region_names() or lead in ("市", "县", "区", "旗")


def _city_prefix(short: str, region: str) -> bool:
    return short[:1] in "市县区旗州" or (bool(region) and short[:1] == region[:1])


def _without_place(name: str, region: str) -> str:
    """The name without the report's own region before it: 市X校 and 某某市X学校 begin alike."""
    if region:
        place, rest = split_place(name, region)
        if place and place == region_place(region) and len(rest) > 1:
            return rest
        stem = short_region_name(region)
        of_province = region not in provinces() and stem in map(short_region_name, provinces())  # 吉林, not 吉林市
        for prefix in (region, stem + "市", region[:1] + region[-1:], *(() if of_province else (stem,))):
            if name.startswith(prefix) and len(name) > len(prefix) + 1:
                return name[len(prefix) :]
    if name[:1] in "市县区旗州" and len(name) > 2:
        return name[1:]
    return name


def is_short_form(short: str, full: str, type_: EntityType, region: str) -> bool:
    """True where the shorter name of a company, hospital, group or base can only be the longer one's."""
    s, f = fold(short), fold(full)
    if type_ in GROUP_TYPES:
        s, f = name_key(short, type_), name_key(full, type_)
    if len(s) >= len(f) or direction_of(s) != direction_of(f):
        return False
    if type_ in _NUMBERED and _is_numbered_short(s, f, type_):
        return True
    if ordinal_of(s) != ordinal_of(f):
        return type_ is EntityType.ENTERPRISE and f.endswith("厂") and _is_loose_company(s, f)
    if _is_head_and_branch(s, f):
        return False
    if f.endswith(s):  # a place or a level before it: 某某医院 / 某县某某医院
        lead = f[: -len(s)]
        return (
            lead in region_names()
            or bool(region and (region.endswith(lead) or lead in (region, short_region_name(region))))
            or (type_ in GROUP_TYPES and len(s) >= 6 and bool(re.search(r"[市县区旗省州]$", lead)))
        )
    if type_ is EntityType.HOSPITAL:
        if len(s) >= 4 and f.endswith((s + "医院", s + "保健院")):  # 康桥骨科, 某市妇幼
            return True
        if (lead := s.removesuffix("妇幼")) != s and f.endswith("妇幼保健院"):
            return 2 <= len(lead) <= 4 and f.startswith(lead)
        if re.fullmatch(r"[市县区旗省州](?:人民|中|中蒙|蒙中|妇幼|第[一二三四]人民)?(?:医院|保健院)", s):
            return f.endswith(s)
        return (
            s[:2] == f[:2]
            and s[-1] == f[-1]
            and stands_in_order(s, f)
            and bool(
                re.fullmatch(
                    r"(?:医|县|市|区|旗|中心)*" if ordinal_of(s) else r"(?:人民|医|县|市|区|旗|中心)*", left_out(s, f)
                )
            )
        )
    if type_ is EntityType.ENTERPRISE:
        if s.endswith("公司") and f.endswith(s) and len(s) >= 4:
            return True  # 燃气公司 / 某某燃气公司
        stem, other = name_key(short, type_), placed_key(full, type_, region)[1]
        if re.search(r"[县区旗]|市.+市", left_out(s, f)) and re.search(r"(?:供电|电力|燃气|水务|烟草)公司$", s):
            return False  # a city's company and the one of a district of it
        if _is_loose_company(s, f):
            return full not in load_companies() and short not in load_companies()
        if full in load_companies() or (type_of_name(short) is not None and re.search(r"银行$|酒店$", short)):
            return False  # two brands; a bank and its branch
        if (
            short in load_companies()
            and not _INDUSTRY.match(other[len(stem) :])
            and not any(other[len(stem) :].startswith(p) for p in region_names())
        ):
            return False  # 华为 / 华为民食品有限公司
        return not _are_two_legal_persons(short, full, stem, other) and (
            is_short_company(short, full) or (len(stem) >= 2 and stem != other and other.startswith(stem))
        )
    if type_ is EntityType.TRAINING_BASE:
        return f.endswith(s) and len(s) >= 6
    return False


_NUMBERED = (EntityType.HOSPITAL, EntityType.KINDERGARTEN)
_NUMBERED_SHORT = (
    (r"(?:医大|医科大|医学院|大)?([一二三四五六七八九])附?院", r"第{}(?:临床|附属)?(?:人民)?医院"),
    (r"(?:医大|医科大|医学院|大)?附([一二三四五六七八九])院", r"第{}附属医院"),
    (r"([一二三四五六七八九])幼", r"第{}(?:实验)?幼儿园"),
    (r"([一二三四五六七八九])实幼", r"第{}实验幼儿园"),
    (r"()附幼", r"附属{}幼儿园"),
    (r"()附院", r"附属{}医院"),
    (r"市直()(.{2,4})幼儿园", r"市直属{}.{{2,4}}幼儿园"),
)


def _is_numbered_short(s: str, f: str, type_: EntityType) -> bool:
    """市二院, 来宾一院, 医大二附院, 县一幼, 师大附幼: the place or the house, a number and a sign of the kind."""
    for short, full in _NUMBERED_SHORT:
        if not (found := re.search(rf"{short}$", s)):
            continue
        pattern = full.format(found.group(1)) + "$"
        if not (whole := re.search(pattern, f)):
            continue
        lead, house = s[: found.start()], f[: whole.start()]
        if lead in ("市", "县", "区", "旗", "州", "省") or (not lead and "直" in found.group()):
            return True
        if len(lead) >= 2 and lead[:2] == house[:2] and stands_in_order(lead, house):
            return True
    return False


_NO_BRAND = re.compile(
    r"(?:汽车|机械|电子|电器|食品|建筑|物流|科技|农业|旅游|服装|纺织|化工|医药|机电|装备|模具|印刷|包装|教育|文化|商贸|实业|燃气|电力|水务|公交|供电|热力|供水|种植|养殖)+"
)


def _is_loose_company(s: str, f: str) -> bool:
    """Short names of companies that fit one of a report: 云顶茶业 for 观音河云顶茶业公司, 硒源公司 for 凤凰山硒源生物公司.

    Both names are folded; the short one has no legal form of its own.
    """
    if legal_form_of(s) or not (legal_form_of(f) or f.endswith(("合作社", "厂"))):
        return False
    own, core = core_of(s), core_of(f)
    if f.endswith("合作社"):
        stem = s.removesuffix("合作社")
        return s.endswith("合作社") and 2 <= len(stem) <= 3 and stem in core and not _NO_BRAND.fullmatch(stem)
    if len(own) >= 4 and core.endswith(own) and len(core) - len(own) <= 4 and own[:2] not in region_names():
        return not _NO_BRAND.fullmatch(own)
    if s.endswith("酒店") and core == own + "管理":
        return True
    if f.endswith("厂") and s.endswith("厂"):  # 某地刀具厂 for 某地第一刀具厂
        return bool(ordinal_of(f)) and not ordinal_of(s) and re.sub(r"第[一二三四五六七八九十]+", "", f) == s
    return s.endswith(("公司", "集团")) and 2 <= len(own) <= 3 and own in core[1:] and not _NO_BRAND.fullmatch(own)


_INDUSTRY = re.compile(
    r"[（(]|汽车|乳业|乳品|集团|科技|技术|电器|电气|电子|物流|食品|餐饮|股份|公司|分公司|工厂|智能|智家|通信|软件|网络|投资|控股|实业|酒店|药业|能源|新能源|供应链|商贸|贸易|速运|航空|超市|教育|信息|云|数字|机械|重工|机器人|制造|生产|销售|服务|基地|门店|(?:华|东|西|南|北|中)[东西南北中]|第[一二三四五六]"
)


def _is_head_and_branch(short: str, full: str) -> bool:
    """某某超市 and 某某超市泾川店, 某某银行 and 某某银行泾川支行: the house and a branch of it."""
    return full.startswith(short) and bool(
        re.fullmatch(r".{0,9}(?:店|门店|支行|分行|营业部|分理处|分院|分校|校区|院区)|.{0,9}附属.+", full[len(short) :])
    )


# What a company does with its goods; a report may leave it out of the name: 某某汽车有限公司 / 某某汽车维修有限公司.
ACTIVITY = re.compile(r"(?:维修|维护|销售|贸易|商贸|制造|生产|加工|服务|运营|管理|科技|技术|工业|实业)+")


def _are_two_legal_persons(short: str, full: str, stem: str, other: str) -> bool:
    """美的集团 and 美的厨房电器制造有限公司 are two; 蒙牛 and 蒙牛乳业有限公司 may be one.

    ``stem`` and ``other`` are the keys of the two names.
    """
    if "集团" in short and not re.fullmatch(r"(?:实业|控股|投资|发展|产业)*", other.removeprefix(stem)):
        return True
    if legal_form_of(short) and legal_form_of(full):
        return len(stem) < 4 or not ACTIVITY.fullmatch(other[len(stem) :])
    return short.endswith("公司") and ("分公司" in full or not full.endswith("公司"))


def is_short_programme(name: str, other: str) -> bool:
    """True where ``name`` can be a short or loose form of the programme ``other``."""
    if load_programme_names().get(name) == other:
        return True
    key, target = name_key(name, EntityType.PROGRAMME), name_key(other, EntityType.PROGRAMME)
    if key == target or sorted(key) == sorted(target):
        return True  # 旅游管理服务 / 旅游服务管理
    if re.sub(r"技术$", "", key) == target and len(target) >= 2:  # 护理技术 / 护理
        return True
    if len(key) >= 2 and len(key) < len(target) and target.startswith(key):
        return True
    stem = re.sub(r"加工|技术|应用", "", key)
    return (
        len(key) >= 4
        and len(target) >= 4
        and key[:2] == target[:2]
        and len(key) <= len(target) + 2
        and stands_in_order(stem, target)
        and (len(stem) >= 4 or not programme_code(name)[0])
        and (not programme_code(name)[0] or key[:3] == target[:3])
    )
