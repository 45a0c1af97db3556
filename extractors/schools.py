"""designatedAs, locatedIn and administeredBy in running text: what a school is, where it stands, who runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.places import read_administration, read_direct, read_place
from extractors.reading import CITY_WIDE, Reading, Sentence
from extractors.status_lists import read_status_lists
from extractors.statuses import STATUS_ENDING, find_holders, find_statuses
from kg.model import Claim, EntityType, Mention, Predicate, Span

NAME = "schools"

_BECOMES = re.compile(
    r"(?:(?:先后|相继|曾|已|于|又|均|分别|成功|顺利|也)*(?:被[^，。；]{0,30}?(?:评为|评定为|认定为|确定为|确认为|命名为|授予|列为|列入|批准为|遴选为|选为|确立为|定为|授牌)|晋升为|晋升|升格为|升级为|评为|评定为|认定为|确定为|确认为|命名为|获评|获批|荣获|荣膺|获得|获|入选|列入|跻身|成为|授予|通过[^，。；]{0,10}验收|认定|立项为|立项建设|批准认定|创建为|创建成为|建成|跨入)|是|为|系)"
    r"(?:了)?(?:[“\"])?"
)


def extract(reading: Reading) -> Iterator[Claim]:
    """Claims of all sentences."""
    for sentence in reading.fact_sentences:
        yield from _read_designations(reading, sentence)
        yield from read_status_lists(reading, sentence)
        yield from _read_passed(reading, sentence)
        yield from read_place(reading, sentence)
        yield from read_administration(reading, sentence)
        yield from read_direct(reading, sentence)


# --- designations -----------------------------------------------------------------------------------------------------


def _read_designations(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    text = sentence.text
    seen: set[tuple[str, str]] = set()
    for found in _BECOMES.finditer(text):
        at = sentence.span.start + found.end()
        verb = found.group(0)
        part = reading.comma_part(sentence, sentence.span.start + found.start())
        if _OTHER_SUBJECT.match(text[: found.start()]):
            continue
        if (
            reading.is_plan(reading.text_of(part))
            or re.search(r"将(?:建成|打造|成为)", text[: found.start()])
            or (
                re.search(
                    r"(?:专业|课程|教材|案例|教师|老师|学生|团队|同学|校长|资源库|项目|工作室|论文|课题|作品|社团|支部|班级|中队|团委|基地|中心(?<!职教中心)(?<!教育中心)|公司|企业|食堂|图书馆|案例)(?:也|均|还|先后|曾|已|被[^，。；]{0,16})?$",
                    text[: found.start()],
                )
                and not re.search(r"所[^，。；]{0,6}(?:学校|院校)[^，。；]{0,12}$", text[: found.start()])
            )
        ):
            continue
        if verb in ("是", "为", "系") and not (
            _states_identity(text, found.start()) or _stands_after_school(reading, sentence, found.start())
        ):
            continue
        for status in find_statuses(text, found.end()):
            subjects = _designated(reading, sentence, sentence.span.start + found.start(), at)
            if len(subjects) > 1 and "分别" in sentence.text[max(0, found.start() - 8) : found.end()]:
                order = [s[2] for s in find_statuses(text, found.end())]
                subjects = (
                    subjects[order.index(status[2]) : order.index(status[2]) + 1]
                    if len(order) == len(subjects)
                    else subjects
                )
            for subject in subjects:
                key = (subject.name, status[2])
                if key in seen:
                    continue
                seen.add(key)
                span = Span(sentence.span.start + status[0], sentence.span.start + status[1])
                award = Mention(span, status[2], EntityType.DESIGNATION)
                qualifiers = {"year": year} if (year := _year_of(reading, sentence, span)) else {}
                yield Claim(
                    subject,
                    Predicate.DESIGNATED_AS,
                    award,
                    reading.evidence(sentence, subject.span, span),
                    qualifiers,
                    NAME,
                )


_OTHER_SUBJECT = re.compile(
    r"^(?![^，。；]{0,24}(?:学校|院校|我校|中专|职教中心))[^，。；]{0,24}(?:基地|实训中心|实践中心|项目|团队|课程|专业|教师|老师|同学|教材|资源库|支部|社团|工作室|公司|企业)(?!建设|方面|等)(?=[^，。；]{0,20}$|[\d]{4}年[^，。；]{0,20}$)(?![^，。；]*(?:学校|我校|中心|学院))"
)


_PASSED = re.compile(r"通过(?:了)?(?P<status>[^，。；、]{5,24}?)(?:的)?(?:复评|验收|评估验收|评估|复核|评审|认定)")


def _read_passed(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    """ "2022年通过某省五星级中等职业学校复评": the status that a school passed the examination for."""
    for found in _PASSED.finditer(sentence.text):
        status = found.group("status").strip("“”")
        at = sentence.span.start + found.start("status")
        if not STATUS_ENDING.search(status) or reading.is_plan(reading.text_of(reading.comma_part(sentence, at))):
            continue
        span = Span(at, at + len(found.group("status")))
        for subject in find_holders(reading, sentence, at):
            if subject.type is EntityType.SCHOOL:
                year = {"year": year} if (year := _year_of(reading, sentence, span)) else {}
                yield Claim(
                    subject,
                    Predicate.DESIGNATED_AS,
                    Mention(span, status, EntityType.DESIGNATION),
                    reading.evidence(sentence, subject.span, span),
                    year,
                    NAME,
                )


def _year_of(reading: Reading, sentence: Sentence, span: Span) -> int | None:
    told = re.match(r"[”]?（[^（）]*?((?:19|20)\d\d)年[^（）]*）", sentence.text[span.end - sentence.span.start :])
    if told:
        return int(told.group(1))
    part = reading.comma_part(sentence, span.start)
    found = re.findall(r"((?:19|20)\d\d)年", reading.text_of(Span(part.start, span.start)))
    if found:
        return int(found[-1])
    before = reading.text_of(Span(sentence.span.start, span.start))
    lead = re.match(r"((?:19|20)\d\d)年[^，。]{0,6}，", before)
    return int(lead.group(1)) if lead else None


def _states_identity(text: str, at: int) -> bool:
    """ "学校是…", "X职教中心是…": the verb stands right after a school."""
    return bool(
        re.search(
            r"(?:学校|我校|该校|本校|职教中心|教育中心|中学|中专|学院|职[教中校高]|技校|高中|^)(?:（[^）]*）)?(?:现|现已|目前|同时|又|也|还|均)?$",
            text[:at],
        )
    ) or bool(re.search(r"，(?:现|同时|也|还|又)*$", text[:at]))


def _stands_after_school(reading: Reading, sentence: Sentence, at: int) -> bool:
    """ "某工校（2009年以前叫某学校）是…": a school, full or short, stands right before the verb, a bracket aside."""
    before = re.sub(r"(?:（[^）]*）)?(?:现|同时|也|还|又|均|都)?$", "", sentence.text[:at])
    end = sentence.span.start + len(before)
    return any(m.span.end == end for m in reading.mentions.within(sentence.span, EntityType.SCHOOL))


def _designated(reading: Reading, sentence: Sentence, at: int, after: int) -> tuple[Mention, ...]:
    colon = sentence.text.find("：", after - sentence.span.start)
    if (
        re.search(r"[两三四五六七八九十\d]+所[^，。；]{0,12}学校", sentence.text[: at - sentence.span.start])
        and colon > 0
    ):
        # "5所学校列入…试点单位：甲、乙、丙…"
        for item in reading.mentions.lists_within(Span(sentence.span.start + colon, sentence.span.end)):
            if item.span.start <= sentence.span.start + colon + 2 and item.members[0].type is EntityType.SCHOOL:
                return tuple(m for m in item.members if m.type is EntityType.SCHOOL)
    if reading.owner is None and CITY_WIDE.search(sentence.text[: at - sentence.span.start]):
        named = list(reading.mentions.within(Span(sentence.span.start, at), EntityType.SCHOOL))
        if not named:
            return ()
    return find_holders(reading, sentence, at)
