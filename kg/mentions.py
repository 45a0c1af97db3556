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
from collections.abc import Iterable, Iterator
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.util import filter_spans

from kg.list_slots import CUT_INSIDE, STOP, TAIL, iter_linked, iter_slots
from kg.model import (
    GROUP_TYPES,
    PARTNER_TYPES,
    Block,
    BlockKind,
    Document,
    EntityType,
    Enumeration,
    Mention,
    ReportLevel,
    Span,
)
from kg.names import (
    CJK,
    WEAK_ENTERPRISE,
    begins_with_place,
    find_name_start,
    is_generic,
    is_short_school,
    iter_endings,
    iter_placed,
    iter_short_schools,
    type_of_name,
)
from kg.programmes import known_beginning, lies_in_known_programme, split_programme_names
from kg.reference_data import load_companies, region_names
from kg.report_names import (
    Same,
    add_abbreviations,
    add_short_names,
    add_table_names,
    clean_name,
    drop_members,
    find_doubtful_names,
    find_table_names,
    read_abbreviations,
    read_other_names,
    read_table_abbreviations,
    spread_groups,
)
from kg.short_names import ShortNames

_KEY = "names"


def find_mentions(document: Document) -> Mentions:
    """All mentions of the document's paragraphs, headings and table cells, with the lists they stand in."""
    nlp = load_pipeline()
    by_block: list[tuple[Block, list[Mention]]] = []
    for block in document.blocks:
        if block.kind in (BlockKind.CONTENTS, BlockKind.TABLE) or not block.text:
            continue
        doc = nlp.make_doc(block.text)
        doc.user_data[_KEY] = block.text
        doc = nlp(doc)
        by_block.append((block, [_without_and(_mention(span, block), block) for span in doc.spans.get(_KEY, ())]))
    owner = document.info.publisher if document.info.level is ReportLevel.SCHOOL else ""
    same = [
        *(pair for block, own in by_block for pair in read_abbreviations(block, own, document.info.publisher)),
        *(pair for block, own in by_block for pair in read_other_names(block, own, owner)),
        *read_table_abbreviations(document),
    ]
    short = frozenset(pair.short for pair in same)
    by_block = [(block, [part for each in own for part in _split_joined(each, short)]) for block, own in by_block]
    short_names = ShortNames((mention.type, mention.name) for _, mentions in by_block for mention in mentions)
    tabled = find_table_names(document)
    by_block = [(block, spread_groups(block, own)) for block, own in by_block]
    found: list[Mention] = []
    lists: list[Enumeration] = []
    for block, own in by_block:
        mentions = add_short_names(block, add_abbreviations(block, own, same), short_names)
        mentions = add_table_names(block, mentions, tabled)
        found += mentions
        lists += _find_enumerations(block, mentions)
    doubtful = find_doubtful_names(document, found) - {item.short for item in same}
    found = [mention for mention in found if mention.name not in doubtful]
    lists = [drop_members(item, doubtful) for item in lists]
    return Mentions(document, found, [item for item in lists if item.members], same, tabled)


@lru_cache(maxsize=1)
def load_pipeline() -> Language:
    """The blank Chinese pipeline with our components, built once a process."""
    nlp = spacy.blank("zh")
    for name in ("known_names", "name_endings", "list_slots", "programme_names", "longest_names"):
        nlp.add_pipe(name)
    nlp.max_length = 4_000_000
    return nlp


class Mentions:
    """The mentions of a document in order of place.

    ``within(span)`` and ``lists_within(span)`` answer by place; both are cheap.
    """

    def __init__(
        self,
        document: Document,
        found: Iterable[Mention],
        lists: Iterable[Enumeration],
        same: Iterable[Same] = (),
        tabled: frozenset[str] = frozenset(),
    ) -> None:
        self.document = document
        self.tabled = tabled  # names that the report's tables give in columns of partners
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
    start, end = span.start_char, span.end_char
    place = Span(block.span.start + start, block.span.start + end)
    return Mention(place, clean_name(block.text[start:end]), EntityType(span.label_))


# --- components -----------------------------------------------------------------------------------------------------


# What may stand right before a place that begins with 和 (和县, 和静县): all else before it is joined by it to what follows.
_BEFORE_PLACE = re.compile(r"[与在于到为对从由向赴往经及和是如即、，。；：（“\s]$|[省市州区盟]$")


def _without_and(mention: Mention, block: Block) -> Mention:
    """某校和静宁职教中心, 其中和县妇联一起: the second name begins after 和, though 和静 and 和县 are places."""
    start = mention.span.start - block.span.start
    rest = mention.name[1:]
    if not mention.name.startswith("和") or start == 0 or _BEFORE_PLACE.search(block.text[:start]):
        return mention
    if not (begins_with_place(rest) or rest[:1] in tuple("市县区旗州")) or type_of_name(rest) is None:
        return mention
    return Mention(Span(mention.span.start + 1, mention.span.end), rest, mention.type)


_JOINED = re.compile(r"(?P<left>.{3,}?)(?:与|和|同|及)(?P<right>.{4,})")


def _split_joined(mention: Mention, introduced: frozenset[str]) -> tuple[Mention, ...]:
    """某县职高与某市某公司: a short school's name and a name that begins with its own place are two; so are a short name
    that the report introduces and any name.
    """
    found = _JOINED.fullmatch(mention.name)
    if found is None or len(mention.name) != mention.span.end - mention.span.start:
        return (mention,)
    left, right = found["left"], found["right"]
    type_ = type_of_name(right)
    sure = begins_with_place(right) or re.search(r"(?:公司|集团|厂|医院|银行|协会)$", right)
    if type_ is None or not (left in introduced or (is_short_school(left) and sure)):
        return (mention,)
    start, end = mention.span.start, mention.span.end
    return (
        Mention(Span(start, start + len(left)), left, EntityType.SCHOOL),
        Mention(Span(end - len(right), end), right, type_),
    )


def _text_of(doc: Doc) -> str:
    """The text that the document was made of: ``Doc.text`` walks over all tokens each time it is asked."""
    return str(doc.user_data.get(_KEY) or doc.text)


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
    return _add(doc, iter_known_names(_text_of(doc)))


def iter_known_names(text: str) -> Iterator[tuple[int, int, EntityType]]:
    """Well-known companies; not inside a longer word (京东 in 北京东方, 大众 in 广大众多)."""
    for found in _known_pattern().finditer(text):
        name = found.group(0)
        before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 2]
        if re.match(r"[A-Za-z0-9]", before) and re.match(r"[A-Za-z0-9]", name):
            continue
        if len(name) == 2 and (
            before
            and re.match(rf"[{CJK}]", before)
            and not re.match(r"[与和同跟及、为在到赴由如是有对从了进托手驻携]", before)
        ):
            continue
        if before + name[0] in region_names():
            continue  # 北京|东方
        if re.match(r"(?:订单|冠名|定向|精英|工匠)?班|杯|学院(?!路)", text[found.end() : found.end() + 4]):
            continue  # a class or a cup that bears the name
        if re.match(
            r"(?:中职|职[校高中专]|职业(?!装)|职教|中专|技校|技师|卫校|工校|中学|小学|学校|幼儿园)", text[found.end() :]
        ):
            continue  # a school
        if re.match(r"(?:方|众|学|民|市|省|县|区|路|镇|家|化|性|教育|传播|人才|理想)", after) and len(name) == 2:
            continue
        longer = _LONGER_NAME.match(text, found.end())
        yield found.start(), longer.end() if longer else found.end(), EntityType.ENTERPRISE


# 顺丰航空, 京东（金华）客服中心, 海尔贵阳工厂: a well-known name goes on
_LONGER_NAME = re.compile(
    rf"(?:[（(][{CJK}]{{2,6}}[)）])?(?:(?!和|与|及|联合|合作|共同|成立|设立|开展|开发|两家|共建|组建|提供|在|为|等|入驻)[{CJK}]){{0,6}}?(?:[一二三四五六七八九十]{{1,3}}局|航空|物流|科技|汽车|工厂|公司|集团|酒店|门店|客服中心|研究院|速运|快递|电器|智家|新能源|基地(?=[^建]))(?=[，。；、和与及等在为将先的与向以每也则）]|接|提|签|共|合|派|冠|委|捐)"
)


@lru_cache(maxsize=1)
def _known_pattern() -> re.Pattern[str]:
    names = sorted(load_companies(), key=len, reverse=True)
    return re.compile("|".join(re.escape(name) for name in names))


@Language.component("name_endings")
def _find_name_endings(doc: Doc) -> Doc:
    return _add(doc, iter_ended_names(_text_of(doc)))


_LEFT_WINDOW = re.compile(
    rf"(?:[{CJK}A-Za-z0-9＆&·•+-]|(?<=[{CJK}])—{{1,2}}(?=[{CJK}])|[（(][{CJK}A-Za-z·]{{1,12}}[)）](?=[{CJK}])|“[^“”，。、]{{1,16}}”(?=[{CJK}]))+$"
)


def iter_ended_names(text: str) -> Iterator[tuple[int, int, EntityType]]:
    """Names that end as organisations do (某某公司, 某某医院), and short names of schools (某旗职教)."""
    for type_, begin, end in iter_endings(text):
        window = _LEFT_WINDOW.search(text[max(0, end - 44) : end])
        if window is None:
            continue
        run = window.group(0)
        quoted = text[end : end + 1] in '”"' and text[end - len(run) - 1 : end - len(run)] in '“"'
        name = run if quoted and type_ in GROUP_TYPES else run[find_name_start(run) :]
        name = (
            re.sub(r"^\d+(?=[市行])", "", name) if type_ in GROUP_TYPES else name
        )  # 5.2市域产教联合体: a heading's number
        lead, dash, rest = name.rpartition("——")
        if dash and type_of_name(lead) is None:
            name = rest  # 从牧场到课堂——某某中学
        name = re.sub(r"^(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|[)）·•+—－\-”])+", "", name)
        before_ending = len(name) - (end - begin)
        if (
            before_ending
            < (2 if type_ is EntityType.INSTITUTION or text[begin:end] in ("集团", "公司", "酒店", "工厂") else 0)
            and type_ is not EntityType.GOVERNMENT
        ):
            continue
        if type_ in GROUP_TYPES and "+" in name:
            continue
        if is_generic(clean_name(name)) or len(name) > 40 or name.count("”") != name.count("“"):
            continue
        campus = _CAMPUS.match(text, end)
        yield end - len(name), campus.end() if campus else end, type_
    for type_, end in iter_placed(text):
        window = _LEFT_WINDOW.search(text[max(0, end - 30) : end])
        run = window.group(0) if window else ""
        name = run[find_name_start(run) :]
        if 5 <= len(name) <= 24 and begins_with_place(name) and not is_generic(name):
            yield end - len(name), end, type_
    for start, end in iter_short_schools(text):
        yield start, end, EntityType.SCHOOL
    yield from _iter_names_by_context(text)


# 某某医院（江北院区）, 某某大药房连锁（城南片区）: the bracket belongs to the name
_CAMPUS = re.compile(rf"[（(][{CJK}]{{1,6}}(?:院区|校区|分院|支行|分行|厂区)[)）]")


# Names without an ending that only their place shows: a company that opens a class in a school, one called 企业 before
# or after its name, a school beside 与.
_BY_CONTEXT: tuple[tuple[EntityType, re.Pattern[str]], ...] = (
    (
        EntityType.ENTERPRISE,
        re.compile(
            rf"(?:^|[，。；：])(?P<name>[{CJK}A-Za-z]{{3,12}})(?=在(?:我校|学校|该校|[{CJK}]{{2,12}}(?:职[教中校高]|职教中心|学校|学院|教育中心|中专))(?:设立|开设|开办|组建|建立|成立)[^，。；]{{0,14}}(?:班|学院|基地|车间|中心))"
        ),
    ),
    (
        EntityType.ENTERPRISE,
        re.compile(
            rf"(?<=[与和同])(?:[{CJK}]{{0,8}}?)(?:企业|品牌|老字号|上市公司|龙头)“?(?P<name>[{CJK}A-Za-z]{{2,8}}?)”?(?=合作|签[订署约]|共建|联合|达成|建立|深度|携手)"
        ),
    ),
    (
        EntityType.ENTERPRISE,
        re.compile(rf"(?:品牌|企业|公司|老字号)“(?P<name>[{CJK}A-Za-z]{{2,8}})”(?=入驻|落户|进驻|与|在|为|将|把)"),
    ),
    (
        EntityType.ENTERPRISE,
        re.compile(
            rf"(?<=[与和同])(?P<name>[{CJK}A-Za-z]{{4,12}}企业)(?=深度|紧密|合作|签[订署约]|共建|联合|建立|开展)"
        ),
    ),
    (
        EntityType.ENTERPRISE,
        re.compile(
            rf"(?:^|[，。；：、])(?P<name>[{CJK}]{{2,10}}?(?:{WEAK_ENTERPRISE}))(?=派出|接收|接纳|提供|承担|冠名|入驻|与|同|在|为|先后|每年|共同|则|还|将|委托|捐)"
        ),
    ),
    (
        EntityType.ENTERPRISE,
        re.compile(
            r"(?P<name>[A-Z][\wÀ-ÿ.&\-]+(?: [A-Z&][\wÀ-ÿ.&\-]*){0,4} (?:GmbH|AG|Inc\.?|Ltd\.?|LLC|Corp\.?|Co\.,? ?Ltd\.?|S\.A\.|B\.V\.))"
        ),
    ),
    (
        EntityType.SCHOOL,
        re.compile(
            r"(?P<name>[A-Z][A-Za-z]+(?: (?:of |and )?[A-Z][A-Za-z]+){0,5} (?:College|University|Institute|School|Academy|Polytechnic))"
        ),
    ),
    (
        EntityType.ENTERPRISE,
        re.compile(
            r"(?P<name>[A-Z][A-Za-z]{2,}(?: [A-Z][A-Za-z]+){1,3})(?=(?:公司)?(?:与|和|同|在)(?:我校|学校|该校|本校|我院|学院))"
        ),
    ),
    (
        EntityType.SCHOOL,
        re.compile(
            rf"(?<=[与同、])(?P<name>[{CJK}]{{2,6}}学校)(?=合作|共建|建[设立]|签[订署]|联合|开展|结对|等|、|举行)"
        ),
    ),
)


def _iter_names_by_context(text: str) -> Iterator[tuple[int, int, EntityType]]:
    for type_, pattern in _BY_CONTEXT:
        for found in pattern.finditer(text):
            name = found.group("name")
            start = found.start("name") + (0 if name[:1].isascii() else find_name_start(name))
            name = text[start : found.end("name")]
            if name.endswith("企业") and not (begins_with_place(name) or any(True for _ in iter_known_names(name))):
                continue
            if (
                len(name) >= 2
                and not is_generic(name)
                and not STOP.match(name)
                and not CUT_INSIDE.search(name.removesuffix("企业").removesuffix("学校"))
            ):
                yield start, found.end("name"), type_


@Language.component("list_slots")
def _find_list_slots(doc: Doc) -> Doc:
    """Names without an ending between names that have one: "与A公司、恒远、B厂等企业"."""
    known = sorted(
        (span.start_char, span.end_char, span.label_) for span in filter_spans(list(doc.spans.get(_KEY, ())))
    )
    linked = list(iter_linked(_text_of(doc), known))
    known = sorted([*known, *((start, end, type_.value) for start, end, type_ in linked)])
    return _add(doc, [*linked, *iter_slots(_text_of(doc), known)])


@Language.component("programme_names")
def _find_programme_names(doc: Doc) -> Doc:
    return _add(doc, ((start, end, EntityType.PROGRAMME) for start, end in iter_programme_names(_text_of(doc))))


def iter_programme_names(text: str) -> Iterator[tuple[int, int]]:
    """Names of programmes before 专业: one, or a list ("护理、会计和汽修等5个专业")."""
    for found in re.finditer(
        "专业(?!部(?!分)|系|组|教研|带头|(?:建设|共建|职教|职业教育|产教(?:融合)?|协作|发展)?联盟|合作社|学校|委员会|集团|学会|协会|市场|学院|合作联社)",
        text,
    ):
        yield from split_programme_names(text, found.start())
    yield from _iter_programmes_after_verbs(text)


_ALTERED = re.compile(
    rf"(?:新增|增设|新开设?|增开|加开|增添|添|恢复|停办|停招|停开|撤销|砍掉|撤掉|停掉|扩招|压缩|开设)(?:了|的)?(?P<list>[{CJK}（）()、和与及]{{2,60}})"
)


_NO_PROGRAMMES = re.compile(r"等?(?:短期|技能|职业)?(?:班次|班级|课|培训|工种|社团|讲座|项目|选修|实训|班(?:$|[，。]))")


def _iter_programmes_after_verbs(text: str) -> Iterator[tuple[int, int]]:
    """Known names after a verb that only programmes have, though 专业 is not said: "又添了戏曲表演，砍掉了文秘"."""
    for found in _ALTERED.finditer(text):
        at = found.start("list")
        if _NO_PROGRAMMES.search(found.group("list")):
            continue
        while name := known_beginning(text[at:]):
            end = at + len(name)
            joined = re.match(r"、|以及|[和与及]", text[end:])
            if not joined and not re.match(r"[，。；：（等\d两三四五六七八九十]|$", text[end:]):
                break
            yield at, end
            if not joined:
                break
            at = end + joined.end()


@Language.component("longest_names")
def _keep_longest(doc: Doc) -> Doc:
    """Of overlapping organisations the longest stays; a part of a programme's name is none."""
    spans = list(doc.spans.get(_KEY, ()))
    programmes = filter_spans([span for span in spans if span.label_ == EntityType.PROGRAMME.value])
    others = filter_spans([span for span in spans if span.label_ != EntityType.PROGRAMME.value])
    others = [span for span in others if not _is_part_of_programme(span, programmes, _text_of(doc))]
    doc.spans[_KEY] = sorted([*others, *programmes], key=lambda span: span.start)
    return doc


def _is_part_of_programme(span: DocSpan, programmes: Iterable[DocSpan], text: str) -> bool:
    """True for 水电厂 in 水电厂机电设备安装与运行, 维修 in 汽车运用与维修: no partner, though it ends as one or stands like one.

    A place or a well-known company before what a school teaches (海尔家电维修专业) stays a name.
    """
    if EntityType(span.label_) not in PARTNER_TYPES:
        return False
    start, end = span.start_char, span.end_char
    if lies_in_known_programme(text, start, end):
        return True
    name = text[start:end]
    inside = any(programme.start_char <= start and end <= programme.end_char for programme in programmes)
    return inside and name not in load_companies() and not begins_with_place(name)


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
            explains = (
                between in ("（", "(")
                and mention.type is EntityType.ENTERPRISE
                and run[-1].type in (EntityType.ENTERPRISE, EntityType.INSTITUTION)
            )
            if not explains and (
                not _BETWEEN.fullmatch(between)
                or not _belong_together(
                    run, mention, between, block.text[mention.span.end - base : mention.span.end - base + 4]
                )
            ):
                result.append(_close(run, block))
                run = []
        run.append(mention)
    if run:
        result.append(_close(run, block))
    return result


_LIST_ENDS = re.compile(r"等|为|是|均|都|加入|担任|被|参与|[，。；）]")


def _belong_together(run: list[Mention], mention: Mention, between: str, after: str) -> bool:
    """与 and 和 join two names of a list, but part a school from those it works with (甲学校与A公司)."""
    if not re.search(r"与|和|及|暨", between) or "、" in between or "以及" in between:
        return True
    both = {run[-1].type, mention.type}
    if "与" in between:
        return len(both) == 1 and EntityType.SCHOOL not in both
    if EntityType.SCHOOL in both and len(both) > 1:
        return len(run) > 1 and (run[0].type is not EntityType.SCHOOL or bool(_LIST_ENDS.match(after)))
    return not (between.strip() == "和" and len(run) == 1 and both == {EntityType.SCHOOL} and len(run[0].name) < 3)


def _close(run: list[Mention], block: Block) -> Enumeration:
    end = run[-1].span.end
    if (
        block.text[end - block.span.start : end - block.span.start + 1] in "）)"
        and "（" in block.text[run[0].span.end - block.span.start : end - block.span.start]
    ):
        end += 1  # "A公司（B厂、C厂）": the bracket explains the list and belongs to it
    tail = TAIL.match(block.text, end - block.span.start)
    head = ""
    if tail:
        head, end = tail.group("head"), block.span.start + tail.end()
    elif block.text[end - block.span.start : end - block.span.start + 1] == "等":
        end += 1
    return Enumeration(Span(run[0].span.start, end), tuple(run), head)
