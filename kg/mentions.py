"""Document → mentions: spans that name an organisation, a programme or a group, found by a spaCy pipeline.

A blank ``zh`` pipeline (one token a character, so that offsets stay exact) carries four components of our own, each of
which writes spans into ``doc.spans["names"]``:

- ``known_names``: well-known companies (an EntityRuler would match inside longer names, so the boundary is checked);
- ``name_endings``: names by their ending, the beginning found by `kg.names`;
- ``list_slots``: what stands between the names of a list is a name too, known or not;
- ``programme_names``: what stands before 专业.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.util import filter_spans

from kg.model import GROUP_TYPES, Block, BlockKind, Document, EntityType, Enumeration, Mention, Span
from kg.names import CJK, WEAK_ENTERPRISE, begins_with_place, find_name_start, is_generic, iter_endings, iter_placed, iter_short_schools, ordinal_of, type_of_name
from kg.programmes import split_programme_names
from kg.reference_data import load_companies, region_names
from kg.short_names import ShortNames

_KEY = "names"
_CLAUSE = re.compile(r"[^，。；：！？,;:!?\n]+")
_RUN_JOIN = re.compile(r"、|(?<=[司团厂店院校心局会园所学集])(?:和|与|及|以及|暨)(?=[^、，。；]{2,})")
_TAIL = re.compile(
    r"等(?:共|共计|合计)?(?:近|约|超)?(?P<count>[\d一二两三四五六七八九十百]+)?(?:余|多)?(?P<many>多|数|众多)?(?:[家所个])?"
    rf"(?P<words>(?:(?!合作|共建|建立|签|开展|联合|共同|校企)[{CJK}A-Za-z0-9“”\"+]){{0,14}}?)(?P<head>企事业单位|企业|公司|医疗机构|医疗单位|医院|幼儿园|高职院校|本科院校|职业院校|院校|学校|高校|大学|单位|机构|集团|厂家|酒店|行业协会|协会|部门|园区|品牌|厂商|企校)"
)
# Where the last name of a list stops and the sentence goes on.
_STOP = re.compile(
    r"等|合作|共建|共同|签[订署约]|建立|开展|达成|形成|深度|紧密|联合(?!会|体|大学|技术|职业|学)|进行|构建|设立|搭建|开设|实施|举办|协同|携手|保持|组建|成立|展开|推进|打造|合力|开办|联办|分别|之间|建成|创办|创建|研发|实现|定向|结成|缔结|制定|举行|已|均|先后|相继|全面|积极|深化|通过|采取|采用|围绕|探索|加强|实习|顶岗|跟岗|见习|参加|参与|就业|挂职|锻炼|入驻|落户|牵头|的|是|为(?!民|先)|与|在|来(?!福)|共(?!和|享|创|青)|成为|作为|担任|提供|派|对|以|有(?!限|色|机)|于(?!洪|都)|从事"
)
_MARKS = "“”\"‘’'《》〈〉「」『』【】[]"


@dataclass(frozen=True, slots=True)
class Same:
    """A short name that the report introduces for a full one."""

    type: EntityType
    name: str
    short: str


def find_mentions(document: Document) -> Mentions:
    """All mentions of the document's paragraphs, headings and table cells, with the lists they stand in."""
    nlp = load_pipeline()
    by_block: list[tuple[Block, list[Mention]]] = []
    for block in document.blocks:
        if block.kind in (BlockKind.CONTENTS, BlockKind.TABLE) or not block.text:
            continue
        doc = nlp(block.text)
        by_block.append((block, [_mention(span, block) for span in doc.spans.get(_KEY, ())]))
    same = [pair for block, mentions in by_block for pair in _read_abbreviations(block, mentions, document.info.publisher)]
    short_names = ShortNames((mention.type, mention.name) for _, mentions in by_block for mention in mentions)
    found: list[Mention] = []
    lists: list[Enumeration] = []
    for block, own in by_block:
        mentions = _add_short_names(block, _add_abbreviations(block, own, same), short_names)
        found += mentions
        lists += _find_enumerations(block, mentions)
    doubtful = _doubtful_short_names(document, found) - {item.short for item in same}
    found = [mention for mention in found if mention.name not in doubtful]
    lists = [_without(item, doubtful) for item in lists]
    return Mentions(document, found, [item for item in lists if item.members], same)


_ABBREVIATION = re.compile(r"[（(](?:以下)?(?:统|简|下)?称(?:为)?[：:]?\s*[“\"‘]?(?P<short>[^“”\"‘’（）()，。；]{2,14})[”\"’]?[)）]")


def _read_abbreviations(block: Block, mentions: list[Mention], publisher: str) -> Iterator[Same]:
    """What the report itself says: X（以下简称“Y”）."""
    for found in _ABBREVIATION.finditer(block.text):
        at = block.span.start + found.start()
        before = [m for m in mentions if m.span.end == at or m.span.end + 1 == at]
        short = found.group("short").strip()
        if before:
            yield Same(before[-1].type, before[-1].name, short)
        elif publisher and block.text[: found.start()].endswith(publisher):
            yield Same(EntityType.SCHOOL, publisher, short)
    for mention in mentions:  # 某市护理学校（市护校）
        found = re.match(r"[（(](?P<short>[^（）()，。；、：]{2,8})[)）]", block.text[mention.span.end - block.span.start :])
        if found and mention.type in (EntityType.SCHOOL, EntityType.ENTERPRISE) and _abbreviates(found.group("short"), mention.name):
            yield Same(mention.type, mention.name, found.group("short"))


def _abbreviates(short: str, name: str) -> bool:
    """True for a word in brackets that is made of the characters of the name before it, in order."""
    rest = iter(name)
    return len(short) < len(name) and all(char in rest for char in short) and not re.search(r"^(?:集团|股份|公司|学校|中国|校区)$", short) and short not in region_names()


def _add_abbreviations(block: Block, mentions: list[Mention], same: list[Same]) -> list[Mention]:
    """The mentions with the short names that the report introduced, wherever they stand on their own.

    Where a short name is introduced it names nothing new: no mention there.
    """
    base = block.span.start
    brackets = [Span(base + found.start(), base + found.end()) for found in _ABBREVIATION.finditer(block.text)]
    result = [m for m in mentions if not any(bracket.covers(m.span) for bracket in brackets)]
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


def _add_short_names(block: Block, mentions: list[Mention], short_names: ShortNames) -> list[Mention]:
    """The mentions with those short names that no other mention covers."""
    base = block.span.start
    added = [Mention(Span(base + start, base + end), block.text[start:end], type_) for start, end, type_ in short_names.find(block.text)]
    result = [m for m in mentions if not any(new.span.covers(m.span) and m.span != new.span for new in added)]
    free = [new for new in added if not any(m.type is not EntityType.PROGRAMME and m.span.start < new.span.end and new.span.start < m.span.end for m in result)]
    return sorted([*result, *free], key=lambda mention: mention.span.start)


@lru_cache(maxsize=1)
def load_pipeline() -> Language:
    """The blank Chinese pipeline with our components, built once a process."""
    nlp = spacy.blank("zh")
    for name in ("known_names", "name_endings", "list_slots", "programme_names", "longest_names"):
        nlp.add_pipe(name)
    nlp.max_length = 4_000_000
    return nlp


def _doubtful_short_names(document: Document, found: list[Mention]) -> set[str]:
    """Short names of schools (某职教) that nothing in the report backs: no region or full name begins like them.

    魅力职教 and 规范职教 have the form of a short name; 杭后职教 stands beside a full name that begins with 杭.
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
    return {name for name, count in short.items() if name[:1] not in beginnings and count < 3 and len(name) <= 5}


def _without(item: Enumeration, names: set[str]) -> Enumeration:
    if not any(member.name in names for member in item.members):
        return item
    return Enumeration(item.span, tuple(m for m in item.members if m.name not in names), item.head)


class Mentions:
    """The mentions of a document in order of place.

    ``within(span)`` and ``lists_within(span)`` answer by place; both are cheap.
    """

    def __init__(
        self, document: Document, found: Iterable[Mention], lists: Iterable[Enumeration], same: Iterable[Same] = ()
    ) -> None:
        self.document = document
        self.same = tuple(same)
        self.all = tuple(sorted(found, key=lambda mention: (mention.span.start, -mention.span.end)))
        self.lists = tuple(sorted(lists, key=lambda item: (item.span.start, -item.span.end)))
        self._starts = [mention.span.start for mention in self.all]
        self._list_starts = [item.span.start for item in self.lists]

    def within(self, span: Span, *types: EntityType) -> list[Mention]:
        low = bisect.bisect_left(self._starts, span.start)
        high = bisect.bisect_left(self._starts, span.end)
        return [m for m in self.all[low:high] if m.span.end <= span.end and (not types or m.type in types)]

    def lists_within(self, span: Span) -> list[Enumeration]:
        low = bisect.bisect_left(self._list_starts, span.start)
        high = bisect.bisect_left(self._list_starts, span.end)
        return [item for item in self.lists[low:high] if item.span.start < span.end]


def _mention(span: DocSpan, block: Block) -> Mention:
    start = block.span.start + span.start_char
    return Mention(Span(start, start + len(span.text)), clean_name(span.text), EntityType(span.label_))


def clean_name(text: str) -> str:
    """A name as it is shown: blanks inside it and quotation marks around it go."""
    name = re.sub(r"\s+", "", text) if re.search(rf"[{CJK}]", text) else " ".join(text.split())
    if name[:1] in "“\"‘" and name[-1:] in "”\"’" and len(name) > 2:
        name = name[1:-1]
    return name


# --- components -----------------------------------------------------------------------------------------------------


def _add(doc: Doc, found: Iterable[tuple[int, int, EntityType]]) -> Doc:
    spans = list(doc.spans.get(_KEY, ()))
    for start, end, type_ in found:
        span = doc.char_span(start, end, label=type_.value)
        if span is not None:
            spans.append(span)
    doc.spans[_KEY] = spans
    return doc


@Language.component("known_names")
def _find_known_names(doc: Doc) -> Doc:
    return _add(doc, iter_known_names(doc.text))


def iter_known_names(text: str) -> Iterator[tuple[int, int, EntityType]]:
    """Well-known companies; not inside a longer word (京东 in 北京东方, 大众 in 广大众多)."""
    for found in _known_pattern().finditer(text):
        name = found.group(0)
        before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 2]
        if re.match(r"[A-Za-z0-9]", before) and re.match(r"[A-Za-z0-9]", name):
            continue
        if len(name) == 2 and (before and re.match(rf"[{CJK}]", before) and not re.match(r"[与和同跟及、为在到赴由如是有对从了进托手驻携]", before)):
            continue
        if before + name[0] in region_names():
            continue  # 北京|东方
        if re.match(r"(?:订单|冠名|定向|精英|工匠)?班|杯|学院(?!路)", text[found.end() : found.end() + 4]):
            continue  # a class or a cup that bears the name
        if re.match(r"(?:方|众|学|民|市|省|县|区|路|镇|家|化|性|教育|传播|人才|理想)", after) and len(name) == 2:
            continue
        longer = _LONGER_NAME.match(text, found.end())
        yield found.start(), longer.end() if longer else found.end(), EntityType.ENTERPRISE


# 顺丰航空, 京东（金华）客服中心, 海尔贵阳工厂: a well-known name goes on
_LONGER_NAME = re.compile(
    rf"(?:[（(][{CJK}]{{2,6}}[)）])?(?:(?!和|与|及|联合|合作|共同|成立|设立|开展|开发|两家|共建|组建|提供|在|为|等|入驻)[{CJK}]){{0,6}}?(?:[一二三四五六七八九十]{{1,3}}局|航空|物流|科技|汽车|工厂|公司|集团|酒店|门店|客服中心|研究院|速运|快递|电器|智家|新能源|基地(?=[^建]))(?=[，。；、和与及等在为将先的与向）]|接|提|签|共|合|派)"
)


@lru_cache(maxsize=1)
def _known_pattern() -> re.Pattern[str]:
    names = sorted(load_companies(), key=len, reverse=True)
    return re.compile("|".join(re.escape(name) for name in names))


@Language.component("name_endings")
def _find_name_endings(doc: Doc) -> Doc:
    return _add(doc, iter_ended_names(doc.text))


_LEFT_WINDOW = re.compile(rf"(?:[{CJK}A-Za-z0-9＆&·•+—－-]|[（(][{CJK}A-Za-z·]{{1,12}}[)）](?=[{CJK}])|“[^“”，。、]{{1,16}}”(?=[{CJK}]))+$")


def iter_ended_names(text: str) -> Iterator[tuple[int, int, EntityType]]:
    """Names that end as organisations do (某某公司, 某某医院), and short names of schools (某旗职教)."""
    for type_, begin, end in iter_endings(text):
        window = _LEFT_WINDOW.search(text[max(0, end - 44) : end])
        if window is None:
            continue
        run = window.group(0)
        quoted = text[end : end + 1] in "”\"" and text[end - len(run) - 1 : end - len(run)] in "“\""
        name = run if quoted and type_ in GROUP_TYPES else run[find_name_start(run) :]
        name = re.sub(r"^[)）·•+—－\-”]+", "", name)
        before_ending = len(name) - (end - begin)
        if before_ending < (2 if type_ is EntityType.INSTITUTION or text[begin:end] in ("集团", "公司", "酒店", "工厂") else 0) and type_ is not EntityType.GOVERNMENT:
            continue
        if type_ in GROUP_TYPES and "+" in name:
            continue
        if is_generic(clean_name(name)) or len(name) > 40 or name.count("”") != name.count("“"):
            continue
        yield end - len(name), end, type_
    for type_, end in iter_placed(text):
        window = _LEFT_WINDOW.search(text[max(0, end - 30) : end])
        run = window.group(0) if window else ""
        name = run[find_name_start(run) :]
        if 5 <= len(name) <= 24 and begins_with_place(name) and not is_generic(name):
            yield end - len(name), end, type_
    for start, end in iter_short_schools(text):
        yield start, end, EntityType.SCHOOL
    yield from _iter_names_by_context(text)


# Names without an ending that only their place shows: a company that opens a class in a school, one called 企业 before
# or after its name, a school beside 与.
_BY_CONTEXT: tuple[tuple[EntityType, re.Pattern[str]], ...] = (
    (
        EntityType.ENTERPRISE,
        re.compile(rf"(?:^|[，。；：])(?P<name>[{CJK}A-Za-z]{{3,12}})(?=在(?:我校|学校|该校|[{CJK}]{{2,12}}(?:职[教中校高]|职教中心|学校|学院|教育中心|中专))(?:设立|开设|开办|组建|建立|成立)[^，。；]{{0,14}}(?:班|学院|基地|车间|中心))"),
    ),
    (EntityType.ENTERPRISE, re.compile(rf"(?<=[与和同])(?:[{CJK}]{{0,8}}?)(?:企业|品牌|老字号|上市公司|龙头)“?(?P<name>[{CJK}A-Za-z]{{2,8}}?)”?(?=合作|签[订署约]|共建|联合|达成|建立|深度|携手)")),
    (EntityType.ENTERPRISE, re.compile(rf"(?<=[与和同])(?P<name>[{CJK}A-Za-z]{{4,12}}企业)(?=深度|紧密|合作|签[订署约]|共建|联合|建立|开展)")),
    (
        EntityType.ENTERPRISE,
        re.compile(
            rf"(?:^|[，。；：、])(?P<name>[{CJK}]{{2,10}}?(?:{WEAK_ENTERPRISE}))(?=派出|接收|接纳|提供|承担|冠名|入驻|与|同|在|为|先后|每年|共同|则|还|将|委托|捐)"
        ),
    ),
    (EntityType.ENTERPRISE, re.compile(r"(?P<name>[A-Z][\wÀ-ÿ.&\-]+(?: [A-Z&][\wÀ-ÿ.&\-]*){0,4} (?:GmbH|AG|Inc\.?|Ltd\.?|LLC|Corp\.?|Co\.,? ?Ltd\.?|S\.A\.|B\.V\.))")),
    (EntityType.SCHOOL, re.compile(rf"(?<=[与同、])(?P<name>[{CJK}]{{2,6}}学校)(?=合作|共建|建[设立]|签[订署]|联合|开展|结对|等|、|举行)")),
)


def _iter_names_by_context(text: str) -> Iterator[tuple[int, int, EntityType]]:
    for type_, pattern in _BY_CONTEXT:
        for found in pattern.finditer(text):
            name = found.group("name")
            start = found.start("name") + (0 if name[:1].isascii() else find_name_start(name))
            name = text[start : found.end("name")]
            if name.endswith("企业") and not (begins_with_place(name) or any(True for _ in iter_known_names(name))):
                continue
            if len(name) >= 2 and not is_generic(name) and not _STOP.match(name) and not _CUT_INSIDE.search(name.removesuffix("企业").removesuffix("学校")):
                yield start, found.end("name"), type_


@Language.component("list_slots")
def _find_list_slots(doc: Doc) -> Doc:
    """Names without an ending between names that have one: "与A公司、圣牧、B厂等企业"."""
    known = sorted((span.start_char, span.end_char, span.label_) for span in filter_spans(list(doc.spans.get(_KEY, ()))))
    return _add(doc, _iter_slots(doc.text, known))


def _iter_slots(text: str, known: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, EntityType]]:
    for clause in _CLAUSE.finditer(text):
        pieces = list(_split_run(text, clause.start(), clause.end()))
        start, end = pieces[-1]
        for begin, _, _ in known:  # "云帆物流和某某管委会": the last conjunction parts two names
            if start + 2 < begin < end and text[begin - 1] in "和与及" and len(pieces) > 1:
                pieces[-1:] = [(start, begin - 1), (begin, end)]
                break
        if len(pieces) < 2:
            continue
        tail = None
        typed: list[str | None] = []
        for start, end in pieces:
            ends = [(e, label) for (s, e, label) in known if start <= s and e <= end]
            whole = ends and not re.search(r"[和及与](?=[^，。]{2,}$)", text[ends[-1][0] : end])
            typed.append(ends[-1][1] if whole else None)
        last_start, last_end = pieces[-1]
        tail = _TAIL.search(text, last_start, min(len(text), last_end + 24))
        head = tail.group("head") if tail else ""
        organisations = [label for label in typed if label and label != EntityType.PROGRAMME.value]
        share = len(organisations) / len(pieces)
        working = _WORKING.search(text, clause.start(), min(len(text), clause.end() + 30))
        if not head and (not organisations or (share < 0.6 and not working) or (len(organisations) < 2 and not working)):
            continue
        if head and not organisations and not working and not re.search(r"企业|公司|集团|厂家|品牌|厂商|酒店", head):
            continue
        if head == "部门" or organisations.count(EntityType.GOVERNMENT.value) * 2 > len(organisations):
            continue  # 发改、工信、人社等部门: no enterprises
        fallback = _type_of_head(head, organisations)
        for index, (start, end) in enumerate(pieces):
            if typed[index] is not None:
                continue
            span = _slot_name(text, start, end, first=index == 0, last=index == len(pieces) - 1)
            if span is not None:
                yield *span, fallback


_WORKING = re.compile(r"合作|共建|签[订署约]|协议|联合|实习|跟岗|顶岗|见习|订单|冠名|学徒|基地|入驻|引进|成员单位|理事单位|共同|派驻|提供|接[收纳]|合编|加入")


def _type_of_head(head: str, organisations: list[str]) -> EntityType:
    if re.search(r"医院|医疗", head):
        return EntityType.HOSPITAL
    if "幼儿园" in head:
        return EntityType.KINDERGARTEN
    if re.search(r"院校|学校|高校|大学", head):
        return EntityType.SCHOOL
    if re.search(r"协会", head):
        return EntityType.INSTITUTION
    kinds = set(organisations)
    if not head and kinds in ({"Hospital"}, {"Kindergarten"}, {"School"}):
        return EntityType(organisations[0])
    return EntityType.ENTERPRISE


def _split_run(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces between 、 of a clause; brackets and quotes are not cut."""
    depth, at = 0, start
    for index in range(start, end):
        char = text[index]
        if char in "（(“《":
            depth += 1
        elif char in "）)”》":
            depth = max(0, depth - 1)
        elif char == "、" and depth == 0:
            yield at, index
            at = index + 1
    yield at, end


def _slot_name(text: str, start: int, end: int, *, first: bool, last: bool) -> tuple[int, int] | None:
    """The name in a list's slot without an ending: trimmed on the left in the first slot, on the right in the last."""
    piece = text[start:end]
    if last:
        stop = _STOP.search(piece, 2) if len(piece) > 2 else None
        if stop is None and len(piece) > 12:
            return None
        piece = piece[: stop.start()] if stop else piece
    if first or re.search(r"(?:院校|学校|高校|医院|单位|机构)[和与及]", piece):
        noun = re.search(r"^.*(?:院校|学校|高校|医院|单位|机构)[和与及]", piece)
        cut = noun.end() if noun else find_name_start(piece)
        start, piece = start + cut, piece[cut:]
    piece_left = len(piece) - len(piece.lstrip())
    start, piece = start + piece_left, piece.strip()
    bare = re.sub(r"[（(][^（）()]*[)）]$", "", piece).strip("“”\"")
    if not 2 <= len(bare) <= 12 or _STOP.match(bare) or re.match(r"共[建享育管]|协同", bare) or is_generic(bare) or re.search(r"[\d]+(?:年|月|家|所|个|名|人|%)|专业|课程|技术$|基地|教师|学生|工作|教育$|管理$|服务$|建设$|培训$|岗位|人才", bare):
        return None
    if _CUT_INSIDE.search(bare) or not re.fullmatch(rf"[{CJK}A-Za-z0-9·&（）()“”\"+\-]+", piece):
        return None
    return start, start + len(piece)


_CUT_INSIDE = re.compile(r"[的了着]|我校|学校|企业|进行|开展|推动|促进|提高|通过|包括|讲解|介绍|特点|趋势|发展|学习|合作|实习|培养|团队|文化|模式|方式|能力|质量|水平|成果|政策|创造|实践|理论|思想|精神|活动|比赛|项目|方案|计划|需求|岗位|职工|农民|学员")


@Language.component("programme_names")
def _find_programme_names(doc: Doc) -> Doc:
    return _add(doc, ((start, end, EntityType.PROGRAMME) for start, end in iter_programme_names(doc.text)))


_PROGRAMME_TAIL = re.compile(
    rf"(?:等(?:[\d一二两三四五六七八九十]+余?个?)?(?:[{CJK}“”\"]{{0,10}}?)|[”\"])?(?:[\d一二两三四五六七八九十]+个)?(?:[{CJK}]{{2,8}}(?=专业))?专业"
)


def iter_programme_names(text: str) -> Iterator[tuple[int, int]]:
    """Names of programmes before 专业: one, or a list ("护理、会计和汽修等5个专业")."""
    for found in re.finditer("专业(?!部(?!分)|系|组|教研|带头|联盟|合作社|学校|委员会|集团|学会|协会|市场|学院|合作联社)", text):
        yield from split_programme_names(text, found.start())


@Language.component("longest_names")
def _keep_longest(doc: Doc) -> Doc:
    """Of overlapping organisations the longest stays; programmes are kept apart from them."""
    spans = list(doc.spans.get(_KEY, ()))
    programmes = [span for span in spans if span.label_ == EntityType.PROGRAMME.value]
    others = filter_spans([span for span in spans if span.label_ != EntityType.PROGRAMME.value])
    doc.spans[_KEY] = sorted([*others, *filter_spans(programmes)], key=lambda span: span.start)
    return doc


# --- lists ----------------------------------------------------------------------------------------------------------

_BETWEEN = re.compile(r"[”\"’]?\s*(?:（[^（）]*）|\([^()]*\))?\s*(?:、|和|与|及|以及|或|/|，(?=与)|－|——|暨)\s*[“\"‘]?")


def _find_enumerations(block: Block, mentions: list[Mention]) -> list[Enumeration]:
    """Runs of organisations that only a joiner keeps apart, each with its tail."""
    base = block.span.start
    result: list[Enumeration] = []
    run: list[Mention] = []
    ordered = [m for m in mentions if m.type is not EntityType.PROGRAMME]
    for mention in sorted(ordered, key=lambda m: m.span.start):
        if run:
            between = block.text[run[-1].span.end - base : mention.span.start - base]
            explains = between in ("（", "(") and run[-1].type is mention.type is EntityType.ENTERPRISE
            if not explains and (not _BETWEEN.fullmatch(between) or not _belong_together(
                run, mention, between, block.text[mention.span.end - base : mention.span.end - base + 4]
            )):
                result.append(_close(run, block))
                run = []
        run.append(mention)
    if run:
        result.append(_close(run, block))
    return result


_LIST_ENDS = re.compile(r"等|为|是|均|都|加入|担任|被|参与|[，。；）]")


def _belong_together(run: list[Mention], mention: Mention, between: str, after: str) -> bool:
    """与 and 和 join two names of a list, but part a school from those it works with (甲学校与A公司)."""
    if not re.search(r"与|和|及|暨", between) or "、" in between:
        return True
    both = {run[-1].type, mention.type}
    if "与" in between:
        return len(both) == 1 and EntityType.SCHOOL not in both
    if EntityType.SCHOOL in both and len(both) > 1:
        return len(run) > 1 and (run[0].type is not EntityType.SCHOOL or bool(_LIST_ENDS.match(after)))
    return not (between.strip() == "和" and len(run) == 1 and both == {EntityType.SCHOOL} and len(run[0].name) < 3)


def _close(run: list[Mention], block: Block) -> Enumeration:
    end = run[-1].span.end
    if block.text[end - block.span.start : end - block.span.start + 1] in "）)" and "（" in block.text[run[0].span.end - block.span.start : end - block.span.start]:
        end += 1  # "A公司（B厂、C厂）": the bracket explains the list and belongs to it
    tail = _TAIL.match(block.text, end - block.span.start)
    head = ""
    if tail:
        head, end = tail.group("head"), block.span.start + tail.end()
    elif block.text[end - block.span.start : end - block.span.start + 1] == "等":
        end += 1
    return Enumeration(Span(run[0].span.start, end), tuple(run), head)
