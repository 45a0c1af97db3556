"""What the columns of a table hold, by their headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.model import GROUP_TYPES, PARTNER_TYPES, EntityType, Table
from kg.names import is_generic, type_of_name

# A role is taken by the first pattern that fits a column's header path, joined from the top by "/".
_ROLES: tuple[tuple[str, str], ...] = (
    ("serial", r"^(?:序号|编号|No\.?|号)$"),
    ("code", r"专业代码|代码$"),
    ("since", r"(?:设置|开设|设立|开办|批准设置|首次招生|始办|创办|备案)(?:时间|年份|年度|年)|设置日期"),
    (
        "changes",
        r"^(?:本年度?|(?:19|20)\d\d(?:学?年)?)?(?:新增|新设|增设|新开|停招|停办|撤销|停止招生|暂停招生|扩招|缩招|压缩|恢复招生)(?:的)?(?:招生)?(?:专业)?(?:点|名称|（方向）)?$",
    ),
    ("change", r"调整|专业动态|变动情况|招生状态|专业状态"),
    ("headquarters", r"(?:牵头|发起|盟主|主任|组长)(?:单位|学校|院校|企业|高校)|(?<!副)理事长(?:单位|学校)"),
    (
        "members",
        r"(?:成员|参与|参加|理事|理事长|会员)(?:单位|企业|院校|学校|高校)(?:名单|名称|[（(].*)?$|^(?:主要|一般|普通|其他|骨干)?(?:成员|理事|常务理事|会员)(?:名单)?$",
    ),
    ("role", r"(?:担任|我校|学校)?(?:角色|职务|身份|成员类[型别]|参与(?:形式|身份|角色)|承担角色)$"),
    ("group", r"(?:集团|联盟|共同体|联合体)(?:名称|全称)?$|(?:集团|联盟|共同体|联合体)[（(/]"),
    (
        "base",
        r"(?:实训|实习|实践|基地|实训室|中心|工作室|校内)[^/]{0,8}名称|^(?:校内|校外)?(?:实训|实习|实践|生产性实训|实习实训)?基地$|基地名称|实训室$",
    ),
    (
        "college",
        r"(?:对接|合作|衔接|联办|贯通|高职|本科|对口|帮扶|受援|支援|结对|联合培养|升学|转段)[^/]{0,4}(?:院校|高校|学校|学院|高职)|(?:对口|帮扶|受援|支援|结对)[^/]{0,4}单位|高职院校|对接高职|合作高职",
    ),
    (
        "school",
        r"^(?:(?:中职|职业|办学|所属|成员|参与)?(?:学校|院校|单位)(?:全称|名称)?|校名|学校[（(].*)$|学校名称|院校名称|中职学校|试点学校|承担学校|所在学校|学校名单|院校名单|开设学校|申报单位$|立项学校|建设单位$",
    ),
    (
        "partner",
        r"企业(?!导师|教师|兼职|数|家数|类型|性质|规模|所在|地址|联系|简介|资质)|合作单位|合作方(?!式|向|案|法|面)|(?:实习|见习|跟岗|实训|派往|派出|输送)(?:单位|医院|幼儿园|点|地点|机构|基地$)|委托[^/]{0,6}(?:单位|方$|部门)|(?:安置|录用)(?:单位|企业)|委托(?:方|单位|或)|共建(?:单位|机构|主体)|单位名称|合作伙伴|公司|就业单位|用人单位|订单单位|依托单位|实践单位|合作对象|合作机构|接收单位|合作医院|学徒制企业|挂牌单位|共建方",
    ),
    (
        "students",
        r"专业人数|学生(?:人)?数|在校(?:生|学生)?(?:人)?数?|在籍|学籍人数|招生(?:人)?数|实际招生|录取|报到|参与人数|参与学生|实习人数|订单人数|培养人数|合作人数|安排人数|接[收纳](?:学生)?(?:人)?数|学徒(?:人)?数|规模|^人数|人数$|人数[（(]|学生$|招收",
    ),
    (
        "part",
        r"/(?:男|女)生?(?:[（(]人[)）])?$|^(?:男|女)生?(?:[（(]人[)）])?$|^(?:.*/)?(?:(?:20)?\d\d级|高[一二三](?:年级)?|[一二三四五]年级)(?:[（(]人[)）])?$",
    ),
    ("total", r"^(?:合计|小计|总计|总数|总人数|在校生合计|学生合计)(?:[（(]人[)）])?$"),
    ("classes", r"班级|班数|新招班|教学班|班额|^班$"),
    ("area", r"面积"),
    ("workstations", r"工位"),
    ("content", r"主要实训内容|实训项目|实训内容|主要设备|合作内容|主要内容|功能|内容"),
    (
        "serves",
        r"(?:服务|面向|适用|对应|主要|涉及|合作|所属|对接|依托|共建|适合|覆盖)(?:的)?专业|服务的?专业|专业方向$",
    ),
    (
        "programme-status",
        r"(?:示范|骨干|特色|品牌|重点|优质|精品|高水平)[^/]{0,8}(?:级别|等级|类型|称号|情况)$|专业(?:建设)?(?:级别|等级|层次|荣誉|称号|类型)$",
    ),
    ("category", r"^(?:专业)?(?:大类|类别|类型|级别|层次|专业类|专业大类|所属大类|专业群)(?:名称)?$"),
    (
        "programme",
        r"专业(?!部|系|组|科|教师|课|带头|负责|技术|群数|数|设备|建设|调整|代码|总|群|教学|培养|大类|类|级|等级|层次|荣誉|称号)|^工种|^职业[（(工]|培训工种",
    ),
    ("mode", r"合作(?:方式|形式|模式|类型|项目|途径)|实习(?:方式|形式|类型)|方式$|形式$|备注|培养模式|培养形式|类型$"),
    ("time", r"时间|年份|年度|学年|起止|日期|签约|期限|^年$"),
    ("organiser", r"举办[者方]|举办(?:[（(]主管[)）])?(?:单位|部门)|主办单位|办学主体"),
    ("supervisor", r"主管(?:部门|单位)|隶属"),
    ("place", r"所在(?:地|地区|区县|县区|市县|区域)|地址|校址|办学地点|区[（(]?县|县[（(]?市|旗县"),
    ("status", r"称号|荣誉|级别|认定|类别|层级|立项|等级|建设类型"),
)
_ROLES_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _ROLES)


@dataclass(frozen=True, slots=True)
class Columns:
    """The roles of a table's columns; several columns may share one (two years of students).

    ``own`` are the columns of one of several tables that stand side by side in one grid, () where there is one only.
    """

    roles: tuple[str, ...]
    headers: tuple[str, ...]
    own: tuple[int, ...] = ()

    def first(self, role: str) -> int | None:
        return next((index for index, own in enumerate(self.roles) if own == role), None)

    def all(self, role: str) -> list[int]:
        return [index for index, own in enumerate(self.roles) if own == role]

    def has(self, *roles: str) -> bool:
        return all(role in self.roles for role in roles)

    def renamed(self, role: str, new: str) -> Columns:
        """The same with another role for the columns of ``role``."""
        return replace(self, roles=tuple(new if own == role else own for own in self.roles))

    def with_role(self, column: int, role: str) -> Columns:
        """The same with another role for one column."""
        return replace(self, roles=(*self.roles[:column], role, *self.roles[column + 1 :]))

    def side_by_side(self) -> tuple[Columns, ...]:
        """One for each of the tables that stand side by side: their headers come again in the same order."""
        width = len(self.headers)
        for count in (2, 3, 4):
            part = width // count
            if part < 2 or part * count != width or len(set(self.headers[:part])) < 2:
                continue
            if all(self.headers[at] == self.headers[at % part] for at in range(width)):
                return tuple(self._only(range(start, start + part)) for start in range(0, width, part))
        return (self,)

    def _only(self, own: range) -> Columns:
        return Columns(tuple(role if at in own else "" for at, role in enumerate(self.roles)), self.headers, tuple(own))


def read_columns(table: Table) -> Columns:
    """The role of each column of the table, "" where the header shows none."""
    roles: list[str] = []
    headers: list[str] = []
    for column in range(table.columns):
        header = "/".join(table.column_path(column))
        headers.append(header)
        role = _role_of(header, table, column)
        if role in _NAMING and _holds_numbers(table, column):
            role = ""
        roles.append(role)
    if "group" not in roles:
        for column, role in enumerate(roles):
            if role in ("", "programme", "base") and _holds_groups(table, column):
                roles[column] = "group"
                break
    for column, role in enumerate(roles):
        roles[column] = _by_content(role, headers, table, column, roles)
    if "school" in roles and "serves" in roles and not {"partner", "college", "base", "group", "programme"} & {*roles}:
        roles[roles.index("serves")] = "programme"  # 学校 | 主要专业: nothing else is there that they could serve
    return Columns(tuple(roles), tuple(headers))


_NAMING = frozenset({"partner", "college", "group", "members", "base", "headquarters", "school", "programme"})
# What a column headed 名称 holds, by the table's caption.
_NAMED_BY_CAPTION = (
    ("base", r"(?:实训|实习|实践|教学|培训)[^，。]{0,6}(?:基地|中心|室|车间)|实训(?:条件|场所|场地|设施)|工作室"),
    ("partner", r"合作企业|合作单位|实习单位|订单|校企合作"),
    ("programme", r"专业(?:设置|一览|情况|布局|开设)|开设专业"),
)


def _by_content(role: str, headers: Sequence[str], table: Table, column: int, roles: Sequence[str]) -> str:
    """The role of a column whose header leaves open what it holds, by its cells and the caption."""
    header = headers[column].split("/")[-1]
    if role == "members" and "group" not in roles and not re.search(r"集团|联盟|共同体|联合体", table.caption):
        return "partner"
    if role == "school" and not re.search(r"校|学院", header):
        texts = [text for row in table.body_rows if (text := table.text_at(row, column))]
        if texts and all(len(text) <= 3 and type_of_name(text) is None for text in texts):
            return ""  # 人, %, 元: what the numbers of a row count
        types = [type_of_name(part) for text in texts for part in re.split(r"[、\n]", text)]
        if (
            not re.search(r"集团|联盟|共同体|联合体", table.caption)
            and EntityType.SCHOOL not in types
            and sum(t in PARTNER_TYPES for t in types) * (3 if re.search("合作|实习|订单", table.caption) else 2)
            > len(types)
            and "partner" not in (role for role, other in zip(roles, headers, strict=True) if other != headers[column])
        ):
            return "partner"
    if (
        role == ""
        and header in ("名称", "单位名称", "项目名称")
        and not set(roles) & {"base", "partner", "programme", "group"}
    ):
        return next((named for named, pattern in _NAMED_BY_CAPTION if re.search(pattern, table.caption)), "")
    return role


def _holds_numbers(table: Table, column: int) -> bool:
    texts = [text for row in table.body_rows if (text := table.text_at(row, column))]
    return bool(texts) and sum(to_number(text) is not None or text in "-—/" for text in texts) * 2 > len(texts)


def _holds_groups(table: Table, column: int) -> bool:
    """True for a column (名称) most of whose cells name groups."""
    texts = [table.text_at(row, column) for row in table.body_rows]
    filled = [text for text in texts if text]
    return (
        len(filled) > 0
        and sum(type_of_name(text) in GROUP_TYPES and not is_generic(text) for text in filled) * 5 >= len(filled) * 3
    )


def _role_of(header: str, table: Table, column: int) -> str:
    compact = re.sub(r"\s", "", header)
    last = compact.split("/")[-1]
    for role, pattern in _ROLES_COMPILED:
        if pattern.search(last):
            return role
    for role, pattern in _ROLES_COMPILED:
        if pattern.search(compact):
            return role
    if re.fullmatch(r"(?:19|20)\d\d(?:年|学年|年度)?", last):
        return "year-value"
    return ""


def to_number(text: str) -> float | None:
    """The number that a cell holds: "2,442", "36.75%", "13.2:1", "1.2万"; None for none or more than one."""
    compact = re.sub(r"\s", "", text).replace(",", "").replace("，", "").replace("％", "%")
    found = re.fullmatch(
        r"(?:约|近|共|≥|＞|>)?(\d+(?:\.\d+)?)(万)?(?:[%人个名家所户项门本亩元㎡]|平方米|余人|多人|余名|[:：]1)?(?:[（(][^）)]*[)）])?",
        compact,
    )
    if not found:
        return None
    return round(float(found.group(1)) * (10000 if found.group(2) else 1), 6)


def find_years(text: str) -> list[int]:
    """The years of a header or a caption: 2019年, 2018-2019学年 (its later year), 2022—2024 年."""
    text = re.sub(r"^\s*(?:附|续)?表\s*[\dA-Z]+(?:[-－—–.．]\d+)*(?=\s)", "", text)  # 表1 2019年…
    compact = re.sub(r"\s", "", text)
    spans = re.findall(r"((?:19|20)\d\d)[-—–~～至/]((?:19|20)?\d\d)(?=学?年)", compact)
    if spans and "学年" in compact:
        return [int(end) if len(end) == 4 else int(start[:2] + end) for start, end in spans]
    return [int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", compact)]


TOTAL = re.compile(r"^(?:合计|总计|小计|共计|总\s*数|合\s*计|总\s*计|平均|变化|增减|备注|说明|全[市省县区]合计)")
