"""Mentions → entities: inside a report by its own words, across reports by name, kind and place.

Inside a report a short name joins the one full name that it can be short for (泾川职教 → 泾川县职业教育中心); where two
could be meant, it stays by itself. Ordinals, directions and places are vetoes: 第一 and 第二职业中专 differ by one
character and are two schools. Across reports entities meet by a key: the name without legal form and with one word for
each kind of school; a name without a place is kept apart by its report's region.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.model import GROUP_TYPES, EntityType, ReportInfo
from kg.names import begins_with_place, ordinal_of, type_of_name
from kg.programmes import known_programmes, programme_code
from kg.reference_data import (
    load_companies,
    load_programme_names,
    region_names,
    short_region_name,
)
from kg.short_names import is_short_company

_DIRECTION = re.compile(r"([东西南北新老])(?:校区|院区|区$|分)")


@dataclass
class Entity:
    """A thing that one report names: its fullest name first, then every other form."""

    type: EntityType
    name: str
    aliases: list[str] = field(default_factory=list)
    owner: str = ""  # for a base: the school it belongs to
    iri: str = ""

    @property
    def names(self) -> list[str]:
        return [self.name, *self.aliases]


class ReportIdentity:
    """Groups the names of one report into entities.

    ``add`` takes every name with its type (and, for names that stand in rows of one table, the table's number: two
    rows of a table are two things); ``resolve`` joins them; ``entity_of`` answers.
    """

    def __init__(self, info: ReportInfo) -> None:
        self.info = info
        self._names: dict[EntityType, dict[str, None]] = defaultdict(dict)
        self._rows: dict[tuple[EntityType, str], set[tuple[int, int]]] = defaultdict(set)
        self._numbers: dict[str, dict[tuple[str, int], set[int]]] = defaultdict(lambda: defaultdict(set))
        self._owners: dict[str, str] = {}
        self._explicit: list[tuple[EntityType, str, str]] = []
        self._entities: dict[tuple[EntityType, str], Entity] = {}

    def add(self, type_: EntityType, name: str, table: int = 0, row: int = 0) -> None:
        self._names[type_].setdefault(name)
        if table:
            self._rows[(type_, name)].add((table, row))

    def add_owner(self, base: str, school: str) -> None:
        self._owners.setdefault(base, school)

    def add_number(self, school: str, programme: str, year: int, count: int) -> None:
        """A programme's headcount: two tables that give the same number for one year speak of one programme."""
        self._numbers[school][(programme, year)].add(count)

    def declare_same(self, type_: EntityType, name: str, other: str) -> None:
        """What the report itself says: X（以下简称Y）."""
        self._explicit.append((type_, name, other))

    def resolve(self) -> None:
        for type_, names in self._names.items():
            groups = _Groups(names)
            for kind, name, other in self._explicit:
                if kind is type_ and name in names and other in names:
                    groups.join(name, other)
            self._join_same_keys(type_, list(names), groups)
            if type_ is EntityType.SCHOOL:
                self._join_schools(list(names), groups)
            elif type_ is EntityType.PROGRAMME:
                self._join_programmes(list(names), groups)
            elif type_ is not EntityType.REGION and type_ is not EntityType.DESIGNATION:
                self._join_short_forms(type_, list(names), groups)
                self._join_short_forms(type_, list(names), groups)  # what the first round joined is one candidate now
            for members in groups.all():
                name = max(members, key=lambda n: (_fullness(n, type_), len(n), n))
                aliases = [m for m in members if m != name]
                aliases += [short for m in members if (short := _without_province(m)) and short not in members]
                entity = Entity(type_, name, list(dict.fromkeys(aliases)), self._owners.get(name, ""))
                for member in members:
                    self._entities[(type_, member)] = entity

    def entity_of(self, type_: EntityType, name: str) -> Entity:
        return self._entities[(type_, name)]

    def entities(self) -> list[Entity]:
        return list({id(entity): entity for entity in self._entities.values()}.values())

    # -- joining

    def _join_same_keys(self, type_: EntityType, names: Sequence[str], groups: _Groups) -> None:
        by_key: dict[str, str] = {}
        for name in names:
            key = name_key(name, type_)
            if key in by_key:
                groups.join(by_key[key], name)
            else:
                by_key[key] = name

    def _join_schools(self, names: Sequence[str], groups: _Groups) -> None:
        full = [name for name in names if type_of_name(name) is EntityType.SCHOOL]
        for name in names:
            matches = [other for other in full if other != name and short_for(name, other, self.info.region)]
            distinct = groups.distinct(matches)
            if len(distinct) > 1:  # the fullest that the others are short for themselves
                best = [m for m in matches if all(m == o or short_for(o, m, self.info.region) for o in matches)]
                distinct = groups.distinct(best)
            if len(distinct) == 1:
                groups.join(matches[0] if len(matches) == 1 else distinct[0], name)

    def _join_short_forms(self, type_: EntityType, names: Sequence[str], groups: _Groups) -> None:
        for name in names:
            matches = [
                other for other in names if other != name and _is_short_form(name, other, type_, self.info.region)
            ]
            distinct = groups.distinct(matches)
            if len(distinct) == 1:
                groups.join(distinct[0], name)

    def _join_programmes(self, names: Sequence[str], groups: _Groups) -> None:
        tabled = [name for name in names if self._rows[(EntityType.PROGRAMME, name)]]
        targets = tabled or list(names)
        for name in names:
            matches = [
                other
                for other in targets
                if other != name and not self._apart(name, other) and _short_programme(name, other)
            ]
            distinct = groups.distinct(matches)
            if len(distinct) == 1 and not self._groups_apart(groups, distinct[0], name):
                groups.join(distinct[0], name)
        for counts in self._numbers.values():
            self._join_by_numbers(counts, groups)

    def _join_by_numbers(self, counts: dict[tuple[str, int], set[int]], groups: _Groups) -> None:
        by_number: dict[tuple[int, int], list[str]] = defaultdict(list)
        for (name, year), values in counts.items():
            for value in values:
                if value >= 20:
                    by_number[(year, value)].append(name)
        for group in by_number.values():
            distinct = groups.distinct(group)
            if len(distinct) == 2 and not self._groups_apart(groups, distinct[0], distinct[1]):
                # only a short name that nothing else explains: 园艺 120 and 现代园林 120
                unknown = [name for name in group if name not in known_programmes()]
                if unknown:
                    groups.join(distinct[0], distinct[1])

    def _apart(self, name: str, other: str) -> bool:
        rows, others = self._rows[(EntityType.PROGRAMME, name)], self._rows[(EntityType.PROGRAMME, other)]
        return any(t == u and r != s for t, r in rows for u, s in others)

    def _groups_apart(self, groups: _Groups, name: str, other: str) -> bool:
        return any(self._apart(a, b) for a in groups.members(name) for b in groups.members(other))


def _without_province(name: str) -> str:
    """甘肃省和政县某校 is 和政县某校 for its neighbours; "" where only one place, or none, stands before the name."""
    for length in range(min(9, len(name) - 6), 2, -1):
        rest = name[length:]
        if name[:length] in region_names() and name[length - 1] in "省市区州盟":
            return rest if any(rest[:n] in region_names() and rest[n - 1] in "市县区旗" for n in range(3, 9)) else ""
    return ""


class _Groups:
    """Disjoint groups of names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parent = {name: name for name in names}

    def find(self, name: str) -> str:
        while self._parent[name] != name:
            name = self._parent[name]
        return name

    def join(self, one: str, other: str) -> None:
        a, b = self.find(one), self.find(other)
        if a != b:
            self._parent[max(a, b)] = min(a, b)

    def distinct(self, names: Iterable[str]) -> list[str]:
        seen: dict[str, str] = {}
        for name in names:
            seen.setdefault(self.find(name), name)
        return list(seen.values())

    def members(self, name: str) -> list[str]:
        root = self.find(name)
        return [other for other in self._parent if self.find(other) == root]

    def all(self) -> list[list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for name in self._parent:
            groups[self.find(name)].append(name)
        return list(groups.values())


def _fullness(name: str, type_: EntityType) -> int:
    score = 0
    if type_of_name(name) is type_:
        score += 2
    if re.search(r"有限责任公司|有限公司|股份|职业教育中心|专业学校|分公司", name):
        score += 1
    if any(name.startswith(region) for region in (name[:k] for k in range(2, 9)) if region in region_names()):
        score += 1
    return (
        score
        if type_ is not EntityType.PROGRAMME
        else int(name in known_programmes() and load_programme_names().get(name, name) == name)
    )


# --- names as keys ----------------------------------------------------------------------------------------------------

_LEGAL = re.compile(r"(?:集团)?(?:股份)?有限(?:责任)?公司|(?:股份)公司|总公司|公司|集团$")
_SCHOOL_KINDS = (
    (r"职业中等专业学校|职业中专学校|职业中专|中等职业技术专业学校", "职中专"),
    (r"职业技术教育中心(?:学校)?|职业教育中心(?:学校)?|职教中心(?:学校|校)?", "职教中心"),
    (r"中等专业学校|中专学校", "中专"),
    (r"职业高级中学|高级职业中学|高级职业(?:技术)?学校|职业高中", "职高"),
    (r"职业技术学校|职业学校", "职校"),
)


def fold(text: str) -> str:
    """One form for width, case, blanks, quotation marks and brackets."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"第(\d{1,2})(?=[^\d])", lambda m: "第" + _chinese_number(int(m.group(1))), text)
    return re.sub(r"[\s“”\"'‘’《》·•]", "", text)


def _chinese_number(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


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
        branch = re.search(r"(?<=公司)(.{2,10}(?:分公司|店|工厂|基地))$", key)
        stem = key[: branch.start()] if branch else key
        return _LEGAL.sub("", stem) + (branch.group(1) if branch else "") or key
    if type_ in GROUP_TYPES:
        return re.sub(r"(?:职业技术|职业)?(?:教育|职教)集团", "教育集团", key)
    if type_ is EntityType.TRAINING_BASE:
        return re.sub(r"技术|专业|生产(?!性)|类|校内|教学|实习(?=实训)", "", key)
    if type_ is EntityType.GOVERNMENT:
        return key.replace("人力资源和社会保障", "人社").replace("人力资源社会保障", "人社")
    return key


def direction_of(name: str) -> str:
    found = _DIRECTION.search(name)
    return found.group(1) if found else ""


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
    if direction_of(short) != direction_of(full):
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
        if re.search(rf"{trade.group(1)}[^校]{{0,8}}学校$", f) and (not stem or _in_order(stem, f)):
            return bool(stem) or _city_prefix(short, region)
    if s.endswith("技师") and re.search(r"技师学院$", f) and _in_order(s[:-2], f):
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
                return (_city_prefix(short, region) and (not place or bool(said) or only_one)) or (
                    bool(said) and not place
                )
            if _is_formal(short) and not _only_places(stem, place):
                continue  # a full name is short for none that adds more than a place
            if _in_order(stem, place) and (place.startswith(stem[0]) or place.endswith(stem)):
                return True
    # the same beginning and ending, some words left out: 某某信息职业学院 / 某某信息职业技术学院
    return (
        len(s) >= 5
        and s[:2] == f[:2]
        and s[-2:] == f[-2:]
        and _in_order(s, f)
        and bool(re.fullmatch(r"(?:(?<!业)技术|市|县|区|旗|省|自治区|中等|高级|综合)*", _left_out(s, f)))
        and ("职业" in s) == ("职业" in f)
    )


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
        stem = short_region_name(region)
        for prefix in (region, stem + "市", region[:1] + region[-1:], stem):
            if name.startswith(prefix) and len(name) > len(prefix) + 1:
                return name[len(prefix) :]
    if name[:1] in "市县区旗州" and len(name) > 2:
        return name[1:]
    return name


def _in_order(short: str, full: str) -> bool:
    rest = iter(full)
    return all(char in rest for char in short)


def _left_out(short: str, full: str) -> str:
    rest, at = [], 0
    for char in full:
        if at < len(short) and char == short[at]:
            at += 1
        else:
            rest.append(char)
    return "".join(rest)


def _is_short_form(short: str, full: str, type_: EntityType, region: str) -> bool:
    """True where the shorter name of a company, hospital, group or base can only be the longer one's."""
    s, f = fold(short), fold(full)
    if len(s) >= len(f) or ordinal_of(s) != ordinal_of(f) or direction_of(s) != direction_of(f):
        return False
    if f.endswith(s):  # a place or a level before it: 某某医院 / 某县某某医院
        lead = f[: -len(s)]
        return (
            lead in region_names()
            or bool(region and (region.endswith(lead) or lead in (region, short_region_name(region))))
            or (type_ in GROUP_TYPES and len(s) >= 6 and bool(re.search(r"[市县区旗省州]$", lead)))
        )
    if type_ is EntityType.KINDERGARTEN and (found := re.fullmatch(r"[市县区旗州]([一二三四五六七八九])幼", s)):
        return bool(re.search(rf"第{found.group(1)}(?:实验)?幼儿园$", f))
    if type_ is EntityType.HOSPITAL:
        if found := re.fullmatch(r"[市县区旗州]([一二三四五六七八九])院", s):
            return f.endswith(f"第{found.group(1)}人民医院")
        if re.fullmatch(r"[市县区旗省州](?:人民|中|中蒙|蒙中|妇幼|第[一二三四]人民)?(?:医院|保健院)", s):
            return f.endswith(s)
        return (
            s[:2] == f[:2]
            and s[-1] == f[-1]
            and _in_order(s, f)
            and bool(re.fullmatch(r"(?:人民|医|县|市|区|旗|中心)*", _left_out(s, f)))
        )
    if type_ is EntityType.ENTERPRISE:
        if s.endswith("公司") and f.endswith(s) and len(s) >= 4:
            return True  # 燃气公司 / 某某燃气公司
        stem, other = name_key(short, type_), name_key(full, type_)
        if full in load_companies() or (type_of_name(short) is not None and re.search(r"银行$|酒店$", short)):
            return False  # two brands; a bank and its branch
        if (
            short in load_companies()
            and not _INDUSTRY.match(other[len(stem) :])
            and not any(other[len(stem) :].startswith(p) for p in region_names())
        ):
            return False  # 华为 / 华为民食品有限公司
        return is_short_company(short, full) or (
            len(stem) >= 2 and stem != other and other.startswith(stem) and not _is_group_and_subsidiary(short, full)
        )
    if type_ is EntityType.TRAINING_BASE:
        return f.endswith(s) and len(s) >= 6
    return False


_INDUSTRY = re.compile(
    r"[（(]|汽车|乳业|乳品|集团|科技|技术|电器|电气|电子|物流|食品|餐饮|股份|公司|分公司|工厂|智能|智家|通信|软件|网络|投资|控股|实业|酒店|药业|能源|新能源|供应链|商贸|贸易|速运|航空|超市|教育|信息|云|数字|机械|重工|机器人|制造|生产|销售|服务|基地|门店|(?:华|东|西|南|北|中)[东西南北中]|第[一二三四五六]"
)


def _is_group_and_subsidiary(short: str, full: str) -> bool:
    """美的集团 and 美的厨房电器制造有限公司 are two legal persons; 蒙牛 and 蒙牛乳业有限公司 may be one."""
    return bool(re.search(r"集团|公司$", short)) and not (
        short.endswith("公司") and full.endswith("公司") and "分公司" not in full
    )


def _short_programme(name: str, other: str) -> bool:
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
    return (
        len(key) >= 4
        and len(target) >= 4
        and key[:2] == target[:2]
        and len(key) <= len(target) + 2
        and _in_order(re.sub(r"加工|技术|应用", "", key), target)
        and (not programme_code(name)[0] or key[:3] == target[:3])
    )
