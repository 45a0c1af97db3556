"""Names as keys: what two spellings of one name share, and what tells two names apart however alike they are.

A key has the name's place as a code, one word for each kind of school, office or group, and no legal form: 第一 and
第二职业中专, 山西 and 陕西, a company and its branch keep different keys.
"""

from __future__ import annotations

import re
import unicodedata
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
    (r"职业技术学校|职业学校", "职校"),
    (r"技工学校", "技校"),
    (r"[（(]([东西南北新老]?校区)[)）]", r"\1"),
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
    ("残疾人联合会", "残联"),
    ("妇女联合会", "妇联"),
)
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
    if type_ is EntityType.SCHOOL:
        for pattern, word in _SCHOOL_KINDS:
            key = re.sub(pattern, word, key)
        return key
    if type_ is EntityType.ENTERPRISE:
        stem, branch = split_branch(key)
        return (_LEGAL.sub("", stem) + branch) or key
    if type_ in GROUP_TYPES:
        return re.sub(r"(?:职业技术|职业)?(?:教育|职教)集团", "教育集团", key)
    if type_ is EntityType.TRAINING_BASE:
        return re.sub(r"技术|专业|生产(?!性)|类|校内|教学|实习(?=实训)", "", key)
    if type_ is EntityType.GOVERNMENT:
        for word, short in _OFFICE_WORDS:
            key = key.replace(word, short)
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
    place, rest = split_place(fold(name), region, brands=type_ is EntityType.ENTERPRISE)
    return place, name_key(rest, type_)


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
