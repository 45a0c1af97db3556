"""What a table's cell says: its names, a status, a role, a place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.model import EntityType
from kg.names import begins_with_place, is_generic, is_short_school, type_of_name
from kg.programmes import known_ending
from kg.reference_data import region_names

_SPLIT = re.compile(
    r"[、;；]|(?<=[司院团厂店园局会学校心校专中高职])[，,/]\s*|(?<=[)）])[，,]\s*|\s{2,}|(?<=[司院团厂店园校心中专])\s+(?=\S{4,})"
)
_ITEM_NUMBER = re.compile(r"^(?:\d+[.、．)）]|[（(]\d+[)）]|[①-⑳])\s*")
_LIST_END = re.compile(r"等(?:\d*余?[家所个]?(?:企业|单位|公司|医院|学校|院校)?)?$")
# What a table adds to a name in brackets: a number of people, a year, both.
_ADDED = re.compile(
    r"[（(](?:(?P<year>(?:19|20)\d\d)\s*年?(?:度|\d{1,2}月)?)?[、，,\s]*(?P<before>[^（）()\d]{0,8}?)(?:(?P<count>\d{1,4})\s*[人名](?P<behind>[^（）()\d]{0,8})|(?P<bare>\d{1,3}))?[)）]$"
)
_NOT_SO = re.compile(r"^拟|洽谈|意向|待定|待签|未启用|未获批|筹建|筹备|公示|自主|自行|停止合作|已终止")
_LEGAL_FORM = re.compile(
    r"^(?:[\u3400-\u9fff]{0,4}?(?:股份|集团|实业))?(?:有限(?:责任)?公司|公司)$|^(?:分公司|分行|支行|分院|总厂)$"
)


@dataclass(frozen=True, slots=True)
class CellItem:
    """A name of a cell with what stands in brackets behind it: 甲公司（订单班14人）, 乙校（2022年）, 丙校（护理、助产）.

    ``planned`` where the bracket says that it is not so yet, or that the school had no part in it (自主应聘).
    """

    name: str
    count: int | None = None
    year: int | None = None
    note: str = ""
    planned: bool = False


def split_names(text: str) -> list[str]:
    """The names in a cell, brackets kept with their name, numbers and years in brackets taken off."""
    return [item.name for item in split_items(text)]


def split_items(text: str) -> list[CellItem]:
    """The names in a cell with what the brackets behind each add; each name once.

    A line break divides only where a whole name stands before it and no rest of one behind it.
    """
    parts: list[str] = []
    for line in (line.strip() for line in text.split("\n") if line.strip()):
        shielded = re.sub(r"[（(][^（）()]*[)）]", lambda m: re.sub(r"[、，,;；/\s]", "\1", m.group(0)), line)
        pieces = [part.replace("\1", "、") for whole in _SPLIT.split(shielded) for part in _split_blank(whole)]
        if parts and pieces and not _divides(parts[-1], pieces[0]):
            parts[-1:] = [parts[-1] + pieces.pop(0)]
        parts += pieces
    items: dict[str, CellItem] = {}
    for part in parts:
        name = re.sub(r"\s+", "", part) if re.search("[\u3400-\u9fff]", part) else part.strip()
        name = _LIST_END.sub("", _ITEM_NUMBER.sub("", name)).strip('“”"。，, ')
        item = _read_bracket(name)
        name = _LIST_END.sub("", without_remark(item.name))
        if name:
            items.setdefault(name, replace(item, name=name))
    return list(items.values())


def _read_bracket(text: str) -> CellItem:
    """What the bracket at the end of a name adds to it; a bracket that adds nothing known is part of the name."""
    bracket = re.search(r"[（(]([^（）()]*)[)）]$", text)
    if bracket is None or bracket.start() == 0:
        return CellItem(text)
    name, inside = text[: bracket.start()], bracket.group(1)
    if _NOT_SO.search(inside):
        return CellItem(name, note=inside, planned=True)
    added = _ADDED.search(text)
    number = added and (added.group("count") or added.group("bare"))
    if added and (number or added.group("year")):
        year = added.group("year")
        return CellItem(name, int(number) if number else None, int(year) if year else None, inside)
    if (is_school(name) or name.endswith("中职")) and all(
        known_ending(part) == part for part in re.split("[、，]", inside)
    ):
        return CellItem(name, note=inside)  # the school's programmes
    return CellItem(text)


def _split_blank(text: str) -> list[str]:
    """A blank divides two names that both have the form of one: 京东物流 某市新视野广告公司."""
    left, blank, right = text.strip().partition(" ")
    if blank and len(left) >= 3 and type_of_name(left) and type_of_name(right) and not is_generic(right):
        return [left, *_split_blank(right)]
    return [text]


def _divides(above: str, below: str) -> bool:
    """True where a line break between the two divides names: the upper is whole, the lower no rest of it."""
    if not above.strip() or not below.strip() or _ITEM_NUMBER.match(below.strip()):
        return True
    upper, lower = _ADDED.sub("", one_line(above)), _ADDED.sub("", one_line(below))
    if above.count("（") > above.count("）") or _LEGAL_FORM.match(lower) or is_generic(lower):
        return False
    whole = type_of_name(upper) is not None or is_school(upper) or upper != one_line(above)
    return whole and (len(lower) >= 4 or type_of_name(lower) is not None or is_school(lower))


def is_school(name: str) -> bool:
    """True for a name that a school has, in full or short."""
    if is_short_school(name):
        return True
    if name.endswith("学校") and len(name) == 5 and begins_with_place(name):
        return not is_generic(name)
    return type_of_name(name) is EntityType.SCHOOL and not is_generic(name)


def without_remark(name: str) -> str:
    """A school's name without what a table adds in brackets: 某市护理学校（民办）."""
    name = _without_short_name(name)
    return re.sub(r"[（(](?:民办|公办|国办|省属|市属|县属|区属|市直|省直|直属|筹|其他|技工|中专|高职)[)）]$", "", name)


def _without_short_name(name: str) -> str:
    """A school's name without the short one in brackets behind it: 某市百泉工业学校（市工业学校）."""
    found = re.fullmatch(r"(?P<name>[^（）()]{5,})[（(](?P<short>[^（）()]{2,10})[)）]", name)
    if found is None or not is_school(found.group("name")):
        return name
    return found.group("name") if is_school(found.group("short")) else name


def status_of(text: str) -> str:
    """The guide's status for what a column of changes says; "" for what says nothing."""
    compact = one_line(text)
    for status, pattern in (
        ("新增", r"新增|新设|新开|增设|新办|新建"),
        ("停办", r"停办|停招|撤销|停止|取消|暂停"),
        ("扩招", r"扩招|扩大|增加"),
        ("缩招", r"缩招|缩减|压缩|减少"),
        ("开设", r"未调|未变|不变|保留|保持|原有|稳定|正常|无|延续|继续|开设|在招|招生|改造|升级|更名"),
    ):
        if re.search(pattern, compact):
            return status
    return ""


def status_in_remark(text: str) -> str:
    """The status where a remark says nothing else: 新增, 2021年停招; "" for any other remark."""
    found = re.fullmatch(
        r"(?:本年度?|今年|(?:19|20)\d\d(?:学?年)?(?:\d{1,2}月|[春秋]季)?)?(?:起|已)?"
        r"((?:新增|新设|新开|增设|停招|停办|撤销|停止招生|暂停招生|扩招|缩招)(?:专业)?)",
        one_line(text),
    )
    return status_of(found.group(1)) if found else ""


def status_of_caption(caption: str) -> str:
    """The status of all programmes of a table by its caption (2022年新增专业一览表); "" for none."""
    if re.search(r"新增|增设|新开设?", caption):
        return "新增"
    if re.search(r"停招|停办|撤销", caption):
        return "停办"
    if re.search(r"专业设置|开设专业|专业开设|专业一览|专业布局|设置专业", caption):
        return "开设"
    return ""


_ROLES = (
    ("常务理事", r"常务理事"),
    ("牵头", r"牵头|理事长|发起|盟主|组长单位|主席单位|主任单位"),
    ("理事", r"理事"),
    ("成员", r"成员|会员|参与|参加|加入|共建|加盟"),
)


def role_of(text: str) -> str:
    """The guide's role in a group for the words of a cell or a sentence; "" for none. 副理事长 is 理事."""
    for role, pattern in _ROLES:
        if re.search(pattern, text) and not (role == "牵头" and "副" in text):
            return role
    return ""


def one_line(text: str) -> str:
    return re.sub(r"\s+", "", text)


def is_checked(text: str) -> bool:
    """True for a cell that holds a mark and nothing else."""
    return bool(re.fullmatch(r"\s*[√✓✔☑●■★▲◆]\s*", text))


def is_name(text: str) -> bool:
    return (
        2 <= len(text) <= 40
        and not re.fullmatch(
            r"[\d\s.,/\-—%年月日－~～]+|[—\-/无]+|其他|其它|待定|合计|.*(?:自主联系|自行联系|自主择业).*", text
        )
        and bool(re.search(r"[\u3400-\u9fffA-Za-z]", text))
    )


def region_in(text: str) -> str:
    """The narrowest region of an address; "" for none."""
    names, best, at = region_names(), "", 0
    while at < len(text):
        for length in range(min(11, len(text) - at), 1, -1):
            if text[at : at + length] in names:
                best, at = text[at : at + length], at + length
                break
        else:
            break
    return best
