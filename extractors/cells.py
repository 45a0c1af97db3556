"""What a table's cell says: its names, a status, a role, a place."""

from __future__ import annotations

import re

from kg.model import EntityType
from kg.names import begins_with_place, is_generic, is_short_school, type_of_name
from kg.reference_data import region_names

_SPLIT = re.compile(r"[、\n;；]|(?<=[司院团厂店园局会学校心])[，,/]\s*|\s{2,}|(?<=[司院团厂店园校心中专])\s+(?=\S{4,})")


def split_names(text: str) -> list[str]:
    """The names in a cell, brackets kept with their name; line breaks divide only where both parts are names."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if (len(lines) > 1 and not all(type_of_name(line) or len(line) >= 4 for line in lines)) or (
        len(lines) > 1 and not all(type_of_name(line) or is_school(line) for line in lines[:-1])
    ):
        lines = ["".join(lines)]
    result: list[str] = []
    for line in lines:
        shielded = re.sub(r"[（(][^（）()]*[)）]", lambda m: re.sub(r"[、，,;；/]", "\1", m.group(0)), line)
        for part in _SPLIT.split(shielded):
            name = re.sub(r"\s+", "", part.replace("\1", "、")) if re.search("[\u3400-\u9fff]", part) else part.strip()
            name = without_remark(name)
            name = re.sub(
                r"^(?:\d+[.、．)）]|[（(]\d+[)）])|等(?:\d*[家所个]?(?:企业|单位|公司|医院)?)?$", "", name
            ).strip('“”"。 ')
            if name:
                result.append(name)
    return list(dict.fromkeys(result))


def is_school(name: str) -> bool:
    """True for a name that a school has, in full or short."""
    if is_short_school(name):
        return True
    if name.endswith("学校") and len(name) == 5 and begins_with_place(name):
        return not is_generic(name)
    return type_of_name(name) is EntityType.SCHOOL and not is_generic(name)


def without_remark(name: str) -> str:
    """A school's name without what a table adds in brackets: 某市护理学校（民办）."""
    return re.sub(r"[（(](?:民办|公办|国办|省属|市属|县属|区属|市直|省直|直属|筹|其他|技工|中专|高职)[)）]$", "", name)


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


def status_of_caption(caption: str) -> str:
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
