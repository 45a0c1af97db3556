"""A document made ready for the extractors: sentences, who is spoken of, and what is no fact.

`Reading` answers the questions that every extractor asks: which school does 学校 or 我校 mean here, is this sentence a
plan or a visit, which year does it speak of, which place is its evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from extractors.cells import is_school
from kg.mentions import Mentions
from kg.model import BlockKind, Document, EntityType, Enumeration, Evidence, Mention, ReportLevel, Span, Table

_SENTENCE_END = re.compile(r"[。！？!?]+[”’」』）)]*|\n")
LONGEST_EVIDENCE = 380
PRONOUN = re.compile(
    r"我校|该校|本校|(?<![业等技工专高职通院类小民办间特农牧艺体卫])学校(?!长)|我院|该院|学院(?=与|和|先后|积极|现|开|依托|通过)|本中心|该中心"
)
_OWN = re.compile(r"我校|本校|我院")
CITY_WIDE = re.compile(
    r"全[市省县区旗州盟]|我[市省县区旗州盟](?!职)|[市省县区]教育[局厅]|[各两三四五六七八九十\d]+所?(?:中等)?(?:中职|职业|高职|技工)?(?:学校|院校)(?!的?示范)|[市省县]委|[市省县]政府|[市县区旗省州](?:各|所有|域内?|属)?(?:中等职业学校|中职学校|职业院校)"
)
_PLAN = re.compile(
    r"拟(?!定|人|真|态|合)|(?<!教学)(?<!培养)(?<!实习)(?<!课程)(?<!授课)(?<!培训)(?<!工作)计划(?!》|”|项目|生|招生|书|经济|资金|单列|管理|中|学校|专业|总结|及|和|的实施|数|建设单位|建设学校)(?!.{0,6}(?:已|完成))|(?<![即必须])将(?=于|在|进一步|继续|依托|通过|与|建|投|逐步|积极|以|会|充分|全面|重点|按照|根据|新|引|围绕|持续|不断|大力|努力|着力|联合|加|组织|开)|力争|争取(?!到|了)|下一步|下阶段|今后|未来|预计|准备|打算|有望|即将|接洽|磋商|(?<!能)将(?:择机|适时|推动|尽快|陆续|逐年|分批|择优)|谋划|征求意见|意向|洽谈|筹建|筹备|筹划|规划建设|申报(?!成功|获批|通过|为|并获)|正在(?:申报|申请|筹|谋划|洽谈|创建)|目标是|到20(?:2[5-9]|3\d)年[，前底]|待.{0,8}(?:批准|批复|审批)|希望|期待|愿景|设想|建议|意愿|心愿|商谈|(?<!共同)论证|酝酿|有意(?!义|识|思|见)|预期|申请(?!获批|成功|人|获|到)|待定"
)
_NEGATION = re.compile(
    r"尚未|迟迟未|还没有|(?:提出|要求|申请)(?:加入|参加)|(?:尚|还|暂)?未(?!来|成年|经)(?=[^。，；]{0,6}(?:与|建|签|开|合作|形成|能|达|设|实现|加入|参加|参与|进行|开展))|没有(?=[^。，；]{0,8}(?:与|建|签|开|合作|加入|企业|学校))|不再|终止|解除|取消|停止合作|尚无|暂无|缺乏|缺少"
)
_DUTY = re.compile(
    r"(?:应当|必须|要求各|要求学校|鼓励(?:各|学校|企业|支持)?|支持(?:各|学校|企业)|引导(?:各|学校)|指出[：:，]|强调[：:，]|提出[：:，]|明确提出|规定[：:，]|要(?=加强|进一步|充分|积极|深化|建立|推动|大力))"
)
_OUTLOOK = re.compile(
    r"改进(?:措施|举措|方向)|下一步|下阶段|展望|努力方向|工作思路|发展思路|发展规划|未来|对策|存在(?:的)?(?:主要)?问题|主要问题|面临(?:的)?挑战|机遇与挑战|挑战与|问题与|不足"
)
VISIT = re.compile(
    r"考察|参观|观摩|调研|来访|走访|访问|座谈|洽谈|拜访|研学|游学|交流学习|学习交流|经验交流|指导工作|来校指导|慰问"
)
CONTEST = re.compile(
    r"大赛|竞赛|比赛|锦标赛|运动会|一等奖|二等奖|三等奖|金奖|银奖|铜奖|金牌|银牌|铜牌|获奖|优秀奖|冠军|亚军|季军|杯"
)
# A sentence that opens with a name of unknown form (某某实验班与A公司…) does not go on about the school before it.
_UNKNOWN_SUBJECT = re.compile(
    r"(?:[\d年月日]+，)?(?!(?:近年|目前|同时|此外|另外|其中|先后|积极|主动|通过|依托|充分|大力|不断|持续|深化|推进|开展|加强|为|以|在|按照|根据|围绕|坚持|学生|教师|师生|专业|双方|校企|企业|合作|并|还|也|又|已|现|该|本|我|各|由|将|把|与|和|同|联合|携手|引进|组织|安排|选派|结合|利用|借助|立足|聚焦|对接|强化|探索|创新|实施|建立|构建|打造|成立|组建|牵头|每|每年|全年|截至|今年|去年|当年|随着|针对|面向|从|到|自|于|如|例如|比如|一是|二是|三是|四是|首先|其次|再次|最后|今后|期间|暑假|寒假|假期|春季|秋季|上半年|下半年|平时|长期以来|多年来|中心|基地|支部|党|团))"
    r"(?:(?!专业|学生|教师|系|部|班|年级|毕业|团队|基地|中心|课程|工作|建设|培养|教学|校|院|方面|合作|模式|项目|双方|企业|行业|产业|过程|实践|文化|活动|积极|主动|先后|分别|共同|深度|紧密)[\u3400-\u9fff]){2,8}?(?:依托|与|联合|携手)"
)
_YEAR = re.compile(
    r"(?<!创办于)(?<!始建于)(?<!创建于)(?<!建校于)(?<!兴建于)(?<!创立于)(?<!前身于)(?<!\d)((?:19|20)\d\d)\s*(?:年|学年|[-—–/．.]\s*\d{1,2}(?!\d))(?!以来|至今|起|级|创办|创建|建校|始建)"
)
# The year at the head of a paragraph, and any year that a sentence names.
_OPENING_YEAR = re.compile(
    r"(?:[—\s（(]|[一二三四五六七八九十\d]{1,2}[）)、.])*((?:19|20)\d\d)年(?:\d{1,2}月)?(?!以来|至今|起|开始)"
)
_NAMED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph; ``block`` is the index of its block."""

    span: Span
    text: str
    block: int


class Reading:
    """A document with its mentions, as the extractors read it."""

    def __init__(self, document: Document, mentions: Mentions) -> None:
        self.document = document
        self.mentions = mentions
        info = document.info
        self.owner = self._name_owner() if info.level is ReportLevel.SCHOOL and info.publisher else None
        self.region = self._name_region()

    # -- the report itself

    def is_school(self, name: str) -> bool:
        """True for what names a school by its form, or by what the report says of it: 某市护理学校（护校）."""
        return is_school(name) or name in self._introduced

    @cached_property
    def _introduced(self) -> frozenset[str]:
        return frozenset(item.short for item in self.mentions.same if item.type is EntityType.SCHOOL)

    def _name_owner(self) -> Mention:
        return Mention(self._place_of(self.document.info.publisher), self.document.info.publisher, EntityType.SCHOOL)

    def _name_region(self) -> Mention | None:
        name = self.document.info.region
        return Mention(self._place_of(name), name, EntityType.REGION) if name else None

    def _place_of(self, name: str) -> Span:
        at = self.document.text.find(name)
        return Span(at, at + len(name)) if at >= 0 else Span(0, 0)

    # -- sentences

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of all paragraphs in order."""
        result: list[Sentence] = []
        for index, block in enumerate(self.document.blocks):
            if block.kind is not BlockKind.PARAGRAPH:
                continue
            at = 0
            for end in [*(found.end() for found in _SENTENCE_END.finditer(block.text)), len(block.text)]:
                text = block.text[at:end]
                if text.strip():
                    start = block.span.start + at + len(text) - len(text.lstrip())
                    text = text.strip()
                    result.append(Sentence(Span(start, start + len(text)), text, index))
                at = end
        return tuple(result)

    @cached_property
    def fact_sentences(self) -> tuple[Sentence, ...]:
        """The sentences that may state facts: not those of sections on problems, plans and prospects."""
        return tuple(s for s in self.sentences if not self.is_outlook(s))

    def is_outlook(self, sentence: Sentence) -> bool:
        """True for a sentence of a section on problems, plans or prospects."""
        return bool(_OUTLOOK.search(self.document.sections[sentence.block]))

    def clause_of(self, sentence: Sentence, at: int) -> Span:
        """The part of the sentence between semicolons that holds the place ``at``."""
        text, offset = sentence.text, at - sentence.span.start
        start = max(text.rfind("；", 0, offset), text.rfind(";", 0, offset)) + 1
        ends = [end for end in (text.find("；", offset), text.find(";", offset)) if end >= 0]
        end = min(ends, default=len(text))
        return Span(sentence.span.start + start, sentence.span.start + end)

    def comma_part(self, sentence: Sentence, at: int) -> Span:
        """The part between commas, semicolons or colons that holds the place ``at``."""
        text, offset = sentence.text, at - sentence.span.start
        start = max(text.rfind(mark, 0, offset) for mark in "，；;：:") + 1
        ends = [end for mark in "，；;：:" if (end := text.find(mark, offset)) >= 0]
        end = min(ends, default=len(text))
        return Span(sentence.span.start + start, sentence.span.start + end)

    def text_of(self, span: Span) -> str:
        return self.document.slice(span)

    def evidence(self, sentence: Sentence, *spans: Span) -> Evidence:
        """The sentence; of a very long one the commas' parts that hold the spans."""
        span = sentence.span
        if len(span) > LONGEST_EVIDENCE:
            inner = [s for s in spans if span.covers(s)]
            if inner:
                low, high = min(s.start for s in inner), max(s.end for s in inner)
                low, high = self.comma_part(sentence, low).start, self.comma_part(sentence, max(low, high - 1)).end
                span = Span(low, min(high, low + LONGEST_EVIDENCE))
            else:
                span = Span(span.start, span.start + LONGEST_EVIDENCE)
        return Evidence(span, sentence.block)

    # -- who is spoken of

    @cached_property
    def _antecedents(self) -> dict[Span, tuple[Mention, ...]]:
        """For each sentence the schools that 学校 means in it, by what stands before it in its section."""
        result: dict[Span, tuple[Mention, ...]] = {}
        current: tuple[Mention, ...] = ()
        depth = 0
        level = 0
        by_block: dict[int, list[Sentence]] = {}
        for sentence in self.sentences:
            by_block.setdefault(sentence.block, []).append(sentence)
        for index, block in enumerate(self.document.blocks):
            if block.kind is BlockKind.HEADING:
                level = block.level
                if level <= depth:
                    current, depth = (), 0
                if named := self.mentions.within(block.span, EntityType.SCHOOL):
                    current, depth = (named[0],), level
            for sentence in by_block.get(index, ()):
                if opening := self._opening_schools(sentence):
                    current, depth = opening, level
                elif CITY_WIDE.match(re.sub(r"^[\d年月，、\s]+", "", sentence.text)) and self.owner is None:
                    current = ()
                result[sentence.span] = current
        return result

    def _opening_schools(self, sentence: Sentence) -> tuple[Mention, ...]:
        """The schools that the sentence begins with, past a date and a few words (近年来，例如)."""
        lead = re.match(
            r"(?:[—\-－“\s]|[\d]{4}年(?:度|以来|起|\d+月(?:\d+日)?|上半年|下半年|底|初|春季|秋季)?|[（(]?\d+[)）、.]|[一二三四五六七八九十]+[、是]|近年来|近[一两三二四五\d]+年来?|[\d]{4}年(?:度|以来|起|\d+月(?:\d+日)?)?|目前|其中|例如|比如|如|同时|此外|截至[^，]{0,12}|本(?:年度|学年)|[，,：:])*",
            sentence.text,
        )
        start = sentence.span.start + (lead.end() if lead else 0)
        for item in self.mentions.lists_within(sentence.span):
            if item.span.start == start and all(m.type is EntityType.SCHOOL for m in item.members):
                return item.members
            if item.span.start > start:
                break
        for mention in self.mentions.within(sentence.span, EntityType.SCHOOL):
            if mention.span.start == start:
                return (mention,)
        return ()

    def antecedent(self, sentence: Sentence) -> tuple[Mention, ...]:
        """The schools that an unnamed subject means here: the report's own school, else those last spoken of."""
        if self.owner is not None:
            return (self.owner,)
        return self._antecedents.get(sentence.span, ())

    def subjects_before(self, sentence: Sentence, at: int) -> tuple[Mention, ...]:
        """The schools that act in the sentence before the place ``at``: named there, or by 学校, or understood.

        A school after 与, 到, 在 … is no subject. Empty where the sentence speaks of all schools or of the city.
        """
        text = sentence.text[: at - sentence.span.start]
        named: tuple[Mention, ...] = ()
        # in a school's own report each clause returns to it, unless the clause names another
        start = self.clause_of(sentence, at).start if self.owner is not None else sentence.span.start
        reach = Span(start, max(start, at))
        for item in self.mentions.lists_within(reach):
            schools = tuple(m for m in item.members if m.type is EntityType.SCHOOL and m.span.end <= at)
            if not schools:
                continue
            before = self.document.text[max(sentence.span.start, schools[0].span.start - 6) : schools[0].span.start]
            if re.search(
                r"(?:与|和|同|跟|到|赴|在|前往|来自|向|对|联合|携手|依托|邀请|于|参观|考察|《|帮扶|支援|结对|援建|衔接|对接|升入|考入|列为|为|给|被|原名|曾用名|前身|前身是|更名|与现)(?:了)?[“\"]?$",
                before,
            ):
                continue
            if (
                self.owner is not None
                and schools[0].name != self.owner.name
                and not self._opens_part(sentence, schools[0])
            ):
                continue
            named = schools
        pronouns = list(PRONOUN.finditer(text))
        if not named and pronouns and pronouns[-1].group() == "该校" and (other := self._school_before(sentence)):
            return (other,)
        if named:
            if pronouns and _OWN.fullmatch(pronouns[-1].group()) and self.owner is not None:
                return (self.owner,)
            return named
        if pronouns:
            return self.antecedent(sentence)
        if self.owner is None and (CITY_WIDE.search(text) or _UNKNOWN_SUBJECT.match(text)):
            return ()
        return self.antecedent(sentence)

    def _school_before(self, sentence: Sentence) -> Mention | None:
        """The other school that 该校 means in a school's own report: the last one named in the sentence before."""
        if self.owner is None:
            return None
        before = [s for s in self.sentences if s.block == sentence.block and s.span.end <= sentence.span.start]
        named = self.mentions.within(before[-1].span, EntityType.SCHOOL) if before else []
        others = [mention for mention in named if mention.name != self.owner.name]
        return others[-1] if others else None

    def _opens_part(self, sentence: Sentence, school: Mention) -> bool:
        """True where the school stands at the beginning of a part between commas, past a date or an adverb."""
        part = self.comma_part(sentence, school.span.start)
        lead = self.text_of(Span(part.start, school.span.start))
        return (
            len(
                re.sub(
                    r"[\d年月日学度—\-（）()一二三四五六七八九十、是]|近年来|目前|其中|由|同时|此外|随后|当年|另外|例如|比如",
                    "",
                    lead,
                )
            )
            <= 2
        )

    def is_city_wide(self, sentence: Sentence) -> bool:
        return self.owner is None and bool(CITY_WIDE.search(sentence.text))

    # -- what is no fact

    def is_plan(self, text: str) -> bool:
        """A plan, a wish, a duty, or what is not (yet) so."""
        return bool(_PLAN.search(text) or _NEGATION.search(text) or _DUTY.search(text))

    # -- years

    def year_before(self, sentence: Sentence, at: int) -> int | None:
        """The last year named in the sentence up to ``at``, else the only one in it; never the report's own."""
        years = [(sentence.span.start + found.start(), int(found.group(1))) for found in _YEAR.finditer(sentence.text)]
        before = [year for place, year in years if place <= at]
        if before:
            return before[-1]
        values = {year for _, year in years}
        if not values and re.search(
            r"今年|本年度?(?=[，与和内])|本学年|年内",
            self.document.slice(Span(sentence.span.start, max(sentence.span.start, at))),
        ):
            return self.document.info.year
        return values.pop() if len(values) == 1 else self._leading_year(sentence)

    def _leading_year(self, sentence: Sentence) -> int | None:
        """The year that opens the paragraph ("2022年，……") for its later sentences that name none."""
        return self._leading_years.get(sentence.span.start)

    @cached_property
    def _leading_years(self) -> dict[int, int]:
        """By the start of a sentence: the year that stands at the head of one before it in its block, where no sentence from
        there on names another."""
        leading: dict[int, int] = {}
        for _, block in groupby(self.sentences, key=lambda each: each.block):
            year = None
            for sentence in block:
                if year is not None:
                    leading[sentence.span.start] = year
                if named := set(map(int, _NAMED_YEAR.findall(sentence.text))):
                    opening = _OPENING_YEAR.match(sentence.text)
                    year = next((each for each in (year, opening and int(opening[1])) if named == {each}), None)
        return leading

    # -- programmes

    def programmes_near(self, sentence: Sentence, item: Enumeration) -> list[Mention]:
        """The programmes that belong to a list of partners: those between it and the list before, else after it."""
        clause = self.clause_of(sentence, item.span.start)
        programmes = self.mentions.within(clause, EntityType.PROGRAMME)
        lists = [
            other
            for other in self.mentions.lists_within(clause)
            if any(m.type is not EntityType.SCHOOL for m in other.members)
        ]
        before_end = max((o.span.end for o in lists if o.span.end <= item.span.start), default=clause.start)
        after_start = min((o.span.start for o in lists if o.span.start >= item.span.end), default=clause.end)
        left = [m for m in programmes if before_end <= m.span.start and m.span.end <= item.span.start]
        right = [m for m in programmes if item.span.end <= m.span.start and m.span.end <= after_start]
        if not left and not right and sentence.text[:1] in "与同和联依引先并":
            # the subject and its programme stand in the sentence before: "重点推进A专业产教融合。联合…"
            before = [s for s in self.sentences if s.block == sentence.block and s.span.end <= sentence.span.start]
            return self.mentions.within(before[-1].span, EntityType.PROGRAMME) if before else []
        return left or right

    def within_caption(self, table: Table, block: int, *types: EntityType) -> list[Mention]:
        """The mentions of these types in the table's caption, which stands close before or after its block."""
        near = self.document.blocks[max(0, block - 3) : block + 2]
        captions = [each.span for each in near if table.caption and each.text == table.caption]
        return [mention for span in captions for mention in self.mentions.within(span, *types)]

    def table_subject(self, table: Table, block: int) -> Mention | None:
        """The school that a table of a school speaks of: named in its caption, else the report's own."""
        return next(iter(self.within_caption(table, block, EntityType.SCHOOL)), self.owner)


def row_evidence(document: Document, block: int, row: int) -> Evidence:
    """The row of a table as evidence, with the rows above it down to which one of its cells is merged."""
    table = document.blocks[block].table
    assert table is not None
    span = table.row_span(row)
    assert span is not None
    above = [cell for cell in table.grid[row] if cell is not None and cell.row < row and cell.text]
    if above:
        start = min(cell.span.start for cell in above)
        if start < span.start and span.end - start <= LONGEST_EVIDENCE:
            span = Span(start, span.end)
    return Evidence(Span(span.start, min(span.end, span.start + LONGEST_EVIDENCE)), block, table.number, row + 1)


def cell_mention(document: Document, block: int, row: int, column: int, name: str, type_: EntityType) -> Mention:
    """A mention of ``name`` in a cell; its span is the name's place in the cell where it stands in one piece."""
    table = document.blocks[block].table
    assert table is not None
    cell = table.grid[row][column]
    assert cell is not None
    at = cell.text.find(name)
    span = Span(cell.span.start + at, cell.span.start + at + len(name)) if at >= 0 else cell.span
    return Mention(span, name, type_)
