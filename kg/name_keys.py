"""Names as keys: what two spellings of one name share, and what tells two names apart however alike they are.

A key has the name's place as a code, one word for each kind of school, office or group, and no legal form: 第一 and
第二职业中专, 山西 and 陕西, a company and its branch keep different keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from kg.model import GROUP_TYPES, EntityType
from kg.places import split_place
from kg.regions import region_code

_DIRECTION = re.compile(r"([东西南北新老])(?:校区|院区|区$|分)")
_LEGAL = re.compile(r"(?:集团)?(?:股份)?有限(?:责任)?公司|(?:股份)公司|总公司|公司|集团$")
_BRANCH = re.compile(
    r"(?<=公司)(.{2,10}(?:分公司|店|工厂|基地))$|(?<=[行社])([^行社]{2,10}(?:分行|支行|营业部|分理处))$"
)
_SCHOOL_KINDS = (
    (r"职业中等专业学校|职业中专学校|职业中专|中等职业技术专业学校", "职中专"),
    (r"职业技术教育中心(?:学校)?|职业教育中心(?:学校)?|职教中心(?:学校|校)?", "职教中心"),
    (r"中等专业学校|中专学校", "中专"),
    (r"职业高级中学|高级职业中学|高级职业(?:技术)?学校|职业高中", "职高"),
    (r"(?:中等)?(?:职业技术学校|职业学校)", "职校"),
    (r"技工学校", "技校"),
    (r"广播电视大学", "电大"),
)
_OFFICE_WORDS = (
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("工业和信息化", "工信"),
    ("卫生健康委员会", "卫健委"),
    ("卫生健康委", "卫健委"),
    ("发展和改革委员会", "发改委"),
    ("发展和改革", "发改"),
    ("文化和旅游", "文旅"),
    ("住房和城乡建设", "住建"),
    ("教育和体育", "教体"),
    ("教育体育", "教体"),
    ("教育科技", "教科"),
    ("人力资源与社会保障", "人社"),
    ("市场监督管理", "市监"),
    ("市场监管", "市监"),
    ("退役军人事务", "退役军人"),
    ("人民政府", "政府"),
    ("人民法院", "法院"),
    ("人民检察院", "检察院"),
)
_INSTITUTION_WORDS = (
    ("残疾人联合会", "残联"),
    ("妇女联合会", "妇联"),
    ("工商业联合会", "工商联"),
    ("高新技术产业开发区", "高新区"),
    ("高新技术开发区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("自由贸易试验区", "自贸区"),
    ("中国科学院", "中科院"),
    ("农业科学研究", "农科"),
    ("农业科学", "农科"),
    ("研究所", "所"),
    ("汽车维修", "汽修"),
    ("行业协会", "协会"),
    ("产业园区", "产业园"),
    ("创业园区", "创业园"),
    ("职业教育教学指导委员会", "行指委"),
    ("行业教学指导委员会", "行指委"),
)
_GROUP_WORDS = (
    ("职业教育", "职教"),
    ("产教融合", "产教"),
    ("汽车运用与维修", "汽修"),
    ("汽车维修", "汽修"),
    ("专业建设联盟", "专业联盟"),
    ("经济技术开发区", "经开区"),
    ("高新技术产业开发区", "高新区"),
)
# What state companies are called in full and every day; 中建三局 and 国网某市供电公司 are made of them.
_COMPANY_WORDS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"^中国石油天然气(?:集团|股份)?(?:有限公司)?", "中石油"),
    (r"^中国石油化工(?:集团|股份)?(?:有限公司)?|^中国石化", "中石化"),
    (r"^中国海洋石油(?:集团)?(?:有限公司)?|^中国海油", "中海油"),
    (r"^中国移动通信集团[^公]{0,6}有限公司", "中国移动"),
    (r"^中国电信(?:集团|股份)有限公司", "中国电信"),
    (r"^中国联合网络通信(?:集团)?有限公司|^中国联通有限公司", "中国联通"),
    (r"^(?:国家电网|国网)[^公]{2,5}省?电力有限公司(?=.)", "国网"),
    (r"供电分公司$", "供电公司"),
    (r"^中国建筑第([一二三四五六七八九])工程局", r"中建\1局"),
    (r"^中国(?:中铁|铁路工程)?(?=中?铁[一二三四五六七八九十]+局)", ""),
    (r"^中国(工商|农业|建设)银行(?:股份有限公司)?", lambda m: m.group(1)[0] + "行"),
    (r"^(?:中国)?交通银行(?:股份有限公司)?", "交行"),
    (r"^中国(南方|东方)航空(?:股份有限公司)?", lambda m: m.group(1)[0] + "航"),
    (r"^中国国际航空(?:股份有限公司)?", "国航"),
    (r"公共交通", "公交"),
    (r"大酒店", "酒店"),
)
_PLACE_INSIDE = re.compile(r"^([^()]{2,6})\(([^()]{2,8})\)([^()]+)$")  # 某某(北京)科技有限公司
_SIGNS = "省市县区旗州盟"
# Types whose names begin with their place, if they have one.
PLACED_TYPES = frozenset(
    {
        EntityType.SCHOOL,
        EntityType.ENTERPRISE,
        EntityType.HOSPITAL,
        EntityType.KINDERGARTEN,
        EntityType.GOVERNMENT,
        EntityType.INSTITUTION,
        *GROUP_TYPES,
    }
)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """One form for width, case, blanks, quotation marks, brackets and ordinals (第2 is 第二)."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"第(\d{1,2})(?=[^\d])", lambda m: "第" + _chinese_number(int(m.group(1))), text)
    text = re.sub(r"(?<=[铁建交冶])(\d{1,2})(?=局)", lambda m: _chinese_number(int(m.group(1))), text)  # 中铁11局
    return re.sub(r"[\s“”\"'‘’《》〈〉「」『』·•]", "", text)


def _chinese_number(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


@lru_cache(maxsize=65536)
def name_key(name: str, type_: EntityType) -> str:
    """What two spellings of one name share.

    >>> name_key("某县第一职业中等专业学校", EntityType.SCHOOL) == name_key("某县第一职业中专", EntityType.SCHOOL)
    True
    """
    key = fold(name)
    if type_ is EntityType.PROGRAMME:
        bare = re.sub(r"专业$", "", key)
        return re.sub(r"(?<=.)[与和及](?=.)", "", bare)
    if type_ is EntityType.TRAINING_BASE:
        return re.sub(r"技术|专业|生产(?!性)|类|校内|教学|实习(?=实训)", "", key)
    key = re.sub(r"(?<=..)\([a-z .&]{2,}\)(?=.)", "", key)  # 霖铂(LINBO)电子有限公司
    key = re.sub(r"[()]|(?<=.)[—–―-](?=.)", "", key) or key
    if type_ is EntityType.SCHOOL:
        for pattern, word in _SCHOOL_KINDS:
            key = re.sub(pattern, word, key)
        return key
    if type_ is EntityType.ENTERPRISE:
        for pattern, short in _COMPANY_WORDS:
            key = re.sub(pattern, short, key)
        stem, branch = split_branch(key)
        return (_LEGAL.sub("", stem) + branch) or key
    if type_ is EntityType.HOSPITAL:
        return re.sub(r"(?<=院)(?:股份)?有限(?:责任)?公司$", "", key)
    if type_ is EntityType.KINDERGARTEN:
        return key.replace("幼稚园", "幼儿园")
    words: tuple[tuple[str, str], ...] = ()
    if type_ in GROUP_TYPES:
        words = _GROUP_WORDS
    elif type_ is EntityType.GOVERNMENT:
        words = _OFFICE_WORDS
    elif type_ is EntityType.INSTITUTION:
        words = _INSTITUTION_WORDS
    for word, short in words:
        key = key.replace(word, short)
    if type_ in GROUP_TYPES:
        key = re.sub(r"(?:职业技术|职业)?(?:教育|职教)集团", "教育集团", key)
    if type_ is EntityType.COMMUNITY:
        key = re.sub(r"^(?:国家|全国)|行业(?=产教)", "", key)
    if type_ is EntityType.CONSORTIUM:
        key = re.sub(r"^市?域|市域(?=产教)", "", key)
    return key


@lru_cache(maxsize=65536)
def placed_key(name: str, type_: EntityType, region: str = "") -> tuple[str, str]:
    """The place of a name (see ``kg.places``) and the key of what follows it; the place is "" where the name has none.

    >>> placed_key("陕西省安康市职教中心", EntityType.SCHOOL) == placed_key("安康市职业教育中心", EntityType.SCHOOL)
    True
    """
    if type_ is EntityType.REGION:
        return "", region_code(name, region) or fold(name)
    if type_ not in PLACED_TYPES:
        return "", name_key(name, type_)
    folded = fold(name)
    if type_ is EntityType.GOVERNMENT:
        folded = folded.removeprefix("中共")
    place, rest = split_place(folded, region, brands=type_ is EntityType.ENTERPRISE)
    if not place and type_ is EntityType.ENTERPRISE and (inside := _PLACE_INSIDE.match(folded)):
        place, left = split_place(inside.group(2) + "□□", region, brands=True)
        if left != "□□":
            return "", name_key(folded, type_)
        rest = inside.group(1) + inside.group(3)
    return place, name_key(rest, type_)


def may_be_one(name: str, other: str, type_: EntityType, region: str) -> bool:
    """False where the places that two names begin with are two: 泰州 and 台州, 承德市 and 承德县, 市 and 县 before a short name.

    A city and a county of it tell two schools, hospitals, kindergartens or offices apart where both are written in full;
    a city and a district of it do not: the city's school is often called by its district.
    """
    if type_ not in PLACED_TYPES or type_ in GROUP_TYPES:
        return True
    a, b = fold(name), fold(other)
    if {a[:1], b[:1]} <= set("市县区旗州省") and a[:1] != b[:1]:
        return False
    brands = type_ is EntityType.ENTERPRISE
    (place, rest), (second, left) = split_place(a, region, brands=brands), split_place(b, region, brands=brands)
    if not place or not second or place == second or "=" in place + second:
        return True
    leads = a[: len(a) - len(rest)], b[: len(b) - len(left)]
    if not (place.startswith(second) or second.startswith(place)):  # 运河艺校 is not of 运河区, far away
        return not all(len(code) <= 4 or lead[-1] in _SIGNS for code, lead in zip((place, second), leads, strict=True))
    return brands or not all(len(lead) > 1 and lead[-1] in _SIGNS and lead[-1] != "区" for lead in leads)


def split_branch(name: str) -> tuple[str, str]:
    """The head office and what tells the branch apart: 某公司|某市分公司, 某银行|某县支行; "" for no branch."""
    branch = _BRANCH.search(name)
    return (name[: branch.start()], name[branch.start() :]) if branch else (name, "")


def direction_of(name: str) -> str:
    """东 of a name that ends in 东校区 or the like; "" for none."""
    found = _DIRECTION.search(name)
    return found.group(1) if found else ""


def legal_form_of(name: str) -> str:
    """The full legal form that a company's name ends with (有限公司, 股份有限公司 …); "" for none."""
    found = re.search(r"(?:集团)?(?:股份)?有限(?:责任)?公司$", fold(name))
    return found.group() if found else ""


def stands_in_order(short: str, full: str) -> bool:
    """True where the characters of ``short`` stand in ``full`` in their order, as those of a short name do."""
    rest = iter(full)
    return all(char in rest for char in short)


def left_out(short: str, full: str) -> str:
    """What of ``full`` is not in ``short``, whose characters stand in it in order."""
    rest, at = [], 0
    for char in full:
        if at < len(short) and char == short[at]:
            at += 1
        else:
            rest.append(char)
    return "".join(rest)
