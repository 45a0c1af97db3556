"""Names that a report gives by its own words: short names it introduces or uses, names in its tables, groups whose
names a list spreads; and short forms that nothing in it backs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kg.list_slots import CUT_INSIDE
from kg.model import Block, Document, EntityType, Enumeration, Mention, Span
from kg.names import CJK, find_name_start, is_generic, is_short_school, ordinal_of, type_of_name
from kg.programmes import known_programmes
from kg.reference_data import region_names
from kg.short_names import ShortNames, core_of


@dataclass(frozen=True, slots=True)
class Same:
    """A short name that the report introduces for a full one."""

    type: EntityType
    name: str
    short: str


def clean_name(text: str) -> str:
    """A name as it is shown: blanks inside it and quotation marks around it go."""
    name = re.sub(r"\s+", "", text) if re.search(rf"[{CJK}]", text) else " ".join(text.split())
    if name[:1] in '“"‘' and name[-1:] in '”"’' and len(name) > 2:
        name = name[1:-1]
    return name


_ABBREVIATION = re.compile(
    r"[（(](?:以下)?(?:统|简|下)?称(?:为)?[：:]?\s*[“\"‘]?(?P<short>[^“”\"‘’（）()，。；]{2,14})[”\"’]?[)）]"
)


# "（以下简称学校）": a word for what is spoken of, as it is without being introduced, no name.
_PRONOUN_LIKE = re.compile(
    r"[我本该]?(?:学校|校|学院|院|中心|职教中心|医院|公司|企业|集团|协会|联盟|共同体|联合体|中职|高职|[省市县区旗州])"
)


def read_abbreviations(block: Block, mentions: list[Mention], publisher: str) -> Iterator[Same]:
    """What the report itself says: X（以下简称“Y”）."""
    for found in _ABBREVIATION.finditer(block.text):
        at = block.span.start + found.start()
        before = [m for m in mentions if m.span.end == at or m.span.end + 1 == at]
        short = found.group("short").strip()
        if _PRONOUN_LIKE.fullmatch(short):
            continue
        if before:
            yield Same(before[-1].type, before[-1].name, short)
        elif publisher and block.text[: found.start()].endswith(publisher):
            yield Same(EntityType.SCHOOL, publisher, short)
    for mention in mentions:  # 某市护理学校（市护校）
        bracket = re.match(
            r"[（(](?P<short>[^（）()，。；、：]{2,8})[)）]", block.text[mention.span.end - block.span.start :]
        )
        if (
            bracket
            and mention.type in (EntityType.SCHOOL, EntityType.ENTERPRISE)
            and _abbreviates(bracket.group("short"), mention.name)
        ):
            yield Same(mention.type, mention.name, bracket.group("short"))


_OTHER_NAME = re.compile(
    r"(?:前身(?:是|为|系)?(?:[^，。；由]{0,12}的)?|更名为|改名为|易名为|改办为|改建为|升格为|改称|定名为|加挂|同时挂|另挂|挂有|又名|又称|也称|亦称|原名|曾用名|曾名|以前[叫称]|原称|[（(]原)(?:了)?(?:为|是|有|：|:)?[“\"]?$"
)


def read_other_names(block: Block, mentions: list[Mention], publisher: str) -> Iterator[Same]:
    """A second or a former name: "某中心……加挂某职业中专牌子", "某工校（2009年以前叫某学校）", "某公司（原某厂）"."""
    for at, mention in enumerate(mentions):
        start = mention.span.start - block.span.start
        if not _OTHER_NAME.search(block.text[max(0, start - 18) : start]):
            continue
        sentence = max(block.text.rfind(mark, 0, start) for mark in "。；") + 1
        bearers = [m for m in mentions[:at] if m.type is mention.type and m.span.start - block.span.start >= sentence]
        if bearers and bearers[0].name != mention.name:
            yield Same(mention.type, bearers[0].name, mention.name)
        elif publisher and mention.type is EntityType.SCHOOL and not bearers and mention.name != publisher:
            yield Same(EntityType.SCHOOL, publisher, mention.name)


def read_table_abbreviations(document: Document) -> Iterator[Same]:
    """A table's column of short names (校名简称) beside that of the full ones, and cells that give both: 某校（某职校）."""
    for block in document.blocks:
        table = block.table
        if table is None:
            continue
        for cell in table.cells:
            told = re.fullmatch(r"(?P<name>[^（）()]{5,})[（(](?P<short>[^（）()]{2,10})[)）]", clean_name(cell.text))
            kind = type_of_name(told.group("name")) if told else None
            if (
                told
                and kind is EntityType.SCHOOL
                and (is_short_school(told.group("short")) or type_of_name(told.group("short")) is EntityType.SCHOOL)
            ):
                yield Same(kind, told.group("name"), told.group("short"))
        headers = ["".join(table.column_path(column)[-1:]) for column in range(table.columns)]
        short = next((at for at, header in enumerate(headers) if "简称" in header), None)
        full = next(
            (at for at, h in enumerate(headers) if at != short and re.search(r"学校|院校|单位|全称|名称", h)), None
        )
        if short is None or full is None:
            continue
        for row in range(table.header_rows, table.rows):
            name, other = (clean_name(table.text_at(row, column)) for column in (full, short))
            kind = type_of_name(name)
            if kind is not None and 2 <= len(other) < len(name) and not is_generic(name):
                yield Same(kind, name, other)


def _abbreviates(short: str, name: str) -> bool:
    """True for a word in brackets that is made of the characters of the name before it, in order."""
    rest = iter(name)
    return (
        len(short) < len(name)
        and all(char in rest for char in short)
        and not re.search(r"^(?:集团|股份|公司|学校|中国|校区)$", short)
        and short not in region_names()
    )


def add_abbreviations(block: Block, mentions: list[Mention], same: list[Same]) -> list[Mention]:
    """The mentions with the short names that the report introduced, wherever they stand on their own.

    Where a short name is introduced it names nothing new: no mention there.
    """
    base = block.span.start
    brackets = [Span(base + found.start(), base + found.end()) for found in _ABBREVIATION.finditer(block.text)]
    types = {item.short: item.type for item in same}
    result = [
        Mention(m.span, m.name, types.get(m.name, m.type))
        for m in mentions
        if not any(bracket.covers(m.span) for bracket in brackets)
    ]
    for item in same:
        if item.short in ("学校", "我校", "集团", "公司", "中心", "联盟", "共同体", "联合体"):
            continue
        for found in re.finditer(re.escape(item.short), block.text):
            span = Span(block.span.start + found.start(), block.span.start + found.end())
            if any(bracket.covers(span) for bracket in brackets):
                continue
            if not any(m.span.start < span.end and span.start < m.span.end for m in result):
                result.append(Mention(span, item.short, item.type))
    return sorted(result, key=lambda mention: mention.span.start)


def add_short_names(block: Block, mentions: list[Mention], short_names: ShortNames) -> list[Mention]:
    """The mentions with those short names that no other mention covers."""
    base = block.span.start
    added = [
        Mention(Span(base + start, base + end), block.text[start:end], type_)
        for start, end, type_ in short_names.find(block.text)
    ]
    brackets = [Span(base + found.start(), base + found.end()) for found in _ABBREVIATION.finditer(block.text)]
    added = [new for new in added if not any(bracket.covers(new.span) for bracket in brackets)]
    result = [m for m in mentions if not any(new.span.covers(m.span) and m.span != new.span for new in added)]
    free = [
        new
        for new in added
        if not any(
            m.type is not EntityType.PROGRAMME and m.span.start < new.span.end and new.span.start < m.span.end
            for m in result
        )
    ]
    return sorted([*result, *free], key=lambda mention: mention.span.start)


_SPREAD = re.compile(
    rf"(?P<list>[{CJK}]{{2,10}}(?:、[{CJK}]{{2,10}})*(?:和|与|及|以及|、)[{CJK}]{{2,10}}?)(?:等)?(?P<count>[两二三四五六七八九]|\d)?(?(count)[个大家])"
    r"(?P<kind>职业教育集团|职教集团|教育集团|专业联盟|产教联盟|职教联盟|(?:行业)?产教融合共同体|产教联合体)"
)


def spread_groups(block: Block, mentions: list[Mention]) -> list[Mention]:
    """The mentions with groups whose names a list spreads: 农林类和艺术类教育集团 is 农林类教育集团 and 艺术类教育集团."""
    result = mentions
    for found in _SPREAD.finditer(block.text):
        start, kind = found.start("list"), found.group("kind")
        start += find_name_start(block.text[start : found.end("list")] + kind) if "、" not in found.group("list") else 0
        pieces = list(re.finditer(r"[^、和与及以]+", block.text[start : found.end("list")]))
        if found.group("count") is None and not all(piece.group().endswith("类") for piece in pieces):
            continue  # "某学院和某职教集团": two names of their own
        added = []
        for piece in pieces:
            name = piece.group()[find_name_start(piece.group() + kind) :]
            end = block.span.start + start + piece.end()
            added.append(
                Mention(Span(end - len(name), end), name + kind, type_of_name("某" + kind) or EntityType.ALLIANCE)
            )
        if len(added) < 2 or any(len(m.name) < len(kind) + 2 or is_generic(m.name) for m in added):
            continue
        whole = Span(block.span.start + start, block.span.start + found.end())
        result = [m for m in result if m.span.end <= whole.start or m.span.start >= whole.end] + added
    return sorted(result, key=lambda mention: mention.span.start)


_OF_PARTNERS = re.compile(
    r"企业(?!导师|教师|数|家数|类型|性质|规模|所在|地址|联系|简介)|公司(?!数)|(?:合作|实习|共建|用人|就业|见习|接收|订单|冠名|挂牌)(?:单位|机构|方$|医院)"
)


def find_table_names(document: Document) -> frozenset[str]:
    """What the report's tables name in columns of partners: in running text these are names too, brands above all."""
    names: set[str] = set()
    for block in document.blocks:
        table = block.table
        for column in range(table.columns) if table else ():
            assert table is not None
            if not _OF_PARTNERS.search("".join(table.column_path(column)[-1:])):
                continue
            for row in range(table.header_rows, table.rows):
                text = re.sub(r"[（(][^（）()]*[)）]", "", table.text_at(row, column))
                for piece in re.split(r"[、，,;；/\n]|\s{2,}", text):
                    name = clean_name(piece)
                    if (
                        re.fullmatch(rf"[{CJK}A-Za-z·]{{3,20}}", name)
                        and not is_generic(name)
                        and not CUT_INSIDE.search(name)
                    ):
                        names.add(name)
    return frozenset(names - known_programmes() - region_names())


def add_table_names(block: Block, mentions: list[Mention], tabled: frozenset[str]) -> list[Mention]:
    """The mentions with those names of tables that no other mention touches; a class that bears a name (某某班) is none."""
    if not tabled:
        return mentions
    pattern = re.compile("|".join(map(re.escape, sorted(tabled, key=len, reverse=True))))
    base = block.span.start
    added = [
        Mention(Span(base + m.start(), base + m.end()), m.group(), type_of_name(m.group()) or EntityType.ENTERPRISE)
        for m in pattern.finditer(block.text)
        if not re.match(r"[”\"]?(?:订单|冠名|学徒|工匠)?班|杯|奖", block.text[m.end() : m.end() + 4])
    ]
    free = [
        new for new in added if not any(m.span.start < new.span.end and new.span.start < m.span.end for m in mentions)
    ]
    return sorted([*mentions, *free], key=lambda mention: mention.span.start)


def find_doubtful_names(document: Document, found: list[Mention]) -> set[str]:
    """Short names of schools (某职教) that nothing in the report backs: no region or full name begins like them.

    魅力职教 and 规范职教 have the form of a short name; 泾川职教 stands beside a full name that begins with 泾.
    """
    full = {document.info.publisher, document.info.region}
    short: Counter[str] = Counter()
    for mention in found:
        if mention.type is EntityType.SCHOOL:
            if type_of_name(mention.name) is EntityType.SCHOOL:
                full.add(mention.name)
            else:
                short[mention.name] += 1
    for block in document.blocks:
        if block.table:
            full.update(cell.text for cell in block.table.cells if type_of_name(cell.text) is EntityType.SCHOOL)
    beginnings = {name[:1] for name in full if name} | {ordinal_of(name) for name in full} | set("省市县区旗州")
    brands = {core_of(name)[:2] for name in full}  # 漯水艺校 stands for 某市漯水艺术学校
    return {
        name
        for name, count in short.items()
        if name[:1] not in beginnings
        and name[:2] not in brands
        and count < 3
        and len(name) <= 5
        and (re.search(r"职教$|职院$|大$", name) or len(name) < 4 or re.match(_COMMON_LEAD, name))
    }


# What stands before 职校 or 职中 without being a name: 优质职校, 省内职高.
_COMMON_LEAD = (
    r"(?:优质|省内|市内|县内|区内|国内|当地|本地|普通|公办|民办|农村|城市|传统|综合|特色|示范|重点|骨干|一流|名牌|多所|几所|两所|其他|其它|兄弟|部分|"
    r"中等|高等|初中|高中|全国|全省|全市|全县|现代|当代|新型|办好|走进|进入|就读|报考|选择|考入|学在|优秀|品质|魅力|规范|智慧|平安|书香|绿色|和谐|美丽|幸福|活力)"
)


def drop_members(item: Enumeration, names: set[str]) -> Enumeration:
    if not any(member.name in names for member in item.members):
        return item
    return Enumeration(item.span, tuple(m for m in item.members if m.name not in names), item.head)
