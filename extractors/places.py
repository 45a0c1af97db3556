"""locatedIn and administeredBy in running text: where a school stands and who runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.reading import CONTEST, Reading, Sentence
from extractors.statuses import find_holders
from kg.model import Claim, EntityType, Mention, Predicate, ReportLevel, Span
from kg.names import CJK
from kg.reference_data import region_names

NAME = "schools"

_STANDS = re.compile(
    r"(?:(?:校区|校址|校园|校部|校本部|办学地点|办学地址|学校地址)(?:均|都)?(?:在|：)|地址(?:为|在|：)|位于|坐落于|座落于|坐落在|座落在|地处|设在|校址(?:设)?在|校址位于|选址于|迁址)(?:了)?"
)
_PLACE = re.compile(rf"(?:[{CJK}]{{2,9}}?(?:自治区|特别行政区|自治州|自治县|自治旗|省|市|盟|州|县|区|旗|镇|乡|街道))+?")


def read_place(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    yield from _read_in_brackets(reading, sentence)
    yield from _read_respective(reading, sentence)
    for found in _STANDS.finditer(sentence.text):
        subjects = reading.subjects_before(sentence, sentence.span.start + found.start())
        clause = reading.clause_of(sentence, sentence.span.start + found.start())
        lead = reading.text_of(Span(clause.start, sentence.span.start + found.start()))
        if (
            not subjects
            or len(subjects) > 1
            or len(lead) > 60
            or re.search(r"基地|企业|公司|工厂|园区(?!$)|实训楼|新址|秘书处|办公室|总部", lead[-8:])
            or re.match(r"[\u3400-\u9fff]{2,6}校区", sentence.text[found.end() :])
        ):
            continue
        if place := _narrowest_region(sentence.text, found.end()):
            yield _place_claim(reading, sentence, subjects[0], place)


_IN_BRACKETS = re.compile(r"（(?:地址|校址|学校地址|位于|在)?(?:：|:)?(?P<place>[^（）：，、]{2,20})）")


def _read_in_brackets(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    """ "甲校（某县）、乙校（地址：某市某镇）": a place alone in brackets after a school's name."""
    if "（" not in sentence.text:
        return
    for school in reading.mentions.within(sentence.span, EntityType.SCHOOL):
        found = _IN_BRACKETS.match(sentence.text, school.span.end - sentence.span.start)
        place = _narrowest_region(sentence.text, found.start("place")) if found else None
        if found is None or place is None or place[0] != found.start("place"):
            continue
        told = ("址" in found.group() or "位" in found.group()) or place[1] == found.end("place")
        if told and re.search(r"[省市县区旗盟州]$", place[2]):
            yield _place_claim(reading, sentence, school, place)


_RESPECTIVE = re.compile(r"(?:分(?:别)?(?:位于|设在|设于|坐落于|坐落在|地处|在|落户)|(?:校址|校区)?一(?:所)?在)")
_NEXT = re.compile(r"(?:、|和|与|及|，)?(?:一(?:所)?在)?")


def _read_respective(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    """ "甲校、乙校分别位于某县和某市", "甲校、乙校……校址一在某区、一在某县"."""
    for found in _RESPECTIVE.finditer(sentence.text):
        places = []
        at = found.end()
        while (place := _narrowest_region(sentence.text, at)) is not None and place[0] <= at + 1:
            places.append(place)
            at = place[1] + len(_NEXT.match(sentence.text, place[1]).group())  # type: ignore[union-attr]
        schools = reading.subjects_before(sentence, sentence.span.start + found.start())
        if len(places) == len(schools) > 1:
            for school, place in zip(schools, places, strict=True):
                yield _place_claim(reading, sentence, school, place)


def _place_claim(reading: Reading, sentence: Sentence, school: Mention, place: tuple[int, int, str]) -> Claim:
    start, end, name = place
    span = Span(sentence.span.start + start, sentence.span.start + end)
    region = Mention(span, name, EntityType.REGION)
    return Claim(school, Predicate.LOCATED_IN, region, reading.evidence(sentence, school.span, span), {}, NAME)


def _narrowest_region(text: str, start: int) -> tuple[int, int, str] | None:
    """The narrowest known region of the address that begins at ``start``: (start, end, name)."""
    names = region_names()
    # 先贤故里——某省某市某县, 某山脚下的某县
    aside = re.match(
        r"[^，。；]{0,14}——|[^，。；]{2,14}(?:的|之)(?=[\u3400-\u9fff]{1,6}[省市县区旗盟州])", text[start:]
    )
    start += aside.end() if aside else 0
    at, best = start, None
    while at < min(len(text), start + 24):
        for length in range(min(11, len(text) - at), 1, -1):
            name = text[at : at + length]
            if name in names and (re.search(r"[省市县区旗盟州]$", name) or best is None):
                best = (at, at + length, name)
                at += length
                break
        else:
            if (
                text[at] in "，。；、"
                or (best is not None and at == best[1] and text[at] in "和与及")
                or at - (best[1] if best else start) > 3
            ):
                break
            at += 1
    return best


# --- administration ---------------------------------------------------------------------------------------------------

_RUN_BY = (
    re.compile(r"(?:由|经)(?P<who>[^，。；]{3,40}?)(?:批准)?(?:联合|共同)?(?:举办|主办|主管|直管|管理|创办|兴办)"),
    re.compile(
        r"是(?:一所)?(?:由)?(?P<who>[^，。；的]{3,30}?)(?:联合|共同)?(?:举办|主办|主管|直属|所属|直管)(?:的|，)?"
    ),
    re.compile(r"(?:隶属于?|直属于?|归属于?)(?P<who>[^，。；]{3,30})"),
    re.compile(r"归(?:口)?(?:于|由)?(?P<who>[^，。；]{3,30}?)(?:直接)?(?:管理|主管|领导)"),
    re.compile(r"由(?P<who>[^，。；]{3,30}?)直接(?:管理|主管|领导)"),
    re.compile(r"(?:举办|主办)[，、](?:由)?(?P<who>[^，。；]{3,30}?)(?:主管|直管|管理)"),
    re.compile(r"(?:为|是|系)(?P<who>[^，。；的]{3,30}?)(?:直属|所属|主管|举办|主办|兴办)(?=[，。；]|学校|的|一所)"),
    re.compile(r"(?:举办者|主管部门|举办单位|主办单位|主管单位|上级主管部门)(?:为|是|：|:)(?P<who>[^，。；]{3,40})"),
)


def read_administration(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    for pattern in _RUN_BY:
        for found in pattern.finditer(sentence.text):
            start, end = found.span("who")
            span = Span(sentence.span.start + start, sentence.span.start + end)
            bodies = reading.mentions.within(Span(span.start, span.end), EntityType.GOVERNMENT)
            subjects = list(find_holders(reading, sentence, span.start))
            bodies = [m for m in bodies if not re.match(r"县（|所在|各|当地|上级", m.name)]
            if (
                not bodies
                or not subjects
                or (
                    len(subjects) > 1
                    and "分别" not in sentence.text
                    and not _run_by_one(subjects, bodies, reading, sentence)
                )
                or CONTEST.search(sentence.text)
            ):
                continue
            if reading.owner is None and reading.document.info.level is ReportLevel.UNKNOWN:
                continue
            prefix = _place_of_name(bodies[0].name)
            if len(subjects) == len(bodies) > 1 and "分别" in sentence.text[max(0, start - 6) : start + 2]:
                for subject, body in zip(subjects, bodies, strict=True):
                    yield _claim_runs(reading, sentence, subject, body)
                continue
            if len(subjects) > 1:
                for subject in subjects if "分别" not in sentence.text else ():
                    yield _claim_runs(reading, sentence, subject, bodies[0])
                continue
            for index, body in enumerate(bodies):
                if index and prefix and not _place_of_name(body.name):
                    # "某县教育局和人力资源和社会保障局": the place is said once
                    body = Mention(body.span, prefix + body.name, EntityType.GOVERNMENT)
                yield _claim_runs(reading, sentence, subjects[0], body)


def _claim_runs(reading: Reading, sentence: Sentence, school: Mention, body: Mention) -> Claim:
    evidence = reading.evidence(sentence, school.span, body.span)
    return Claim(school, Predicate.ADMINISTERED_BY, body, evidence, {}, NAME)


def _run_by_one(subjects: list[Mention], bodies: list[Mention], reading: Reading, sentence: Sentence) -> bool:
    """ "甲学校、乙学校由某局直接管理": a list of schools right before the one body that runs them."""
    between = reading.text_of(Span(subjects[-1].span.end, max(subjects[-1].span.end, bodies[0].span.start)))
    return len(bodies) == 1 and bool(re.fullmatch(r"[，]?(?:均|都|同)?(?:由|归|归口|隶属于?|直属于?)", between))


_DIRECT = re.compile(
    r"直属(?:管理)?(?:的)?(?:中职|中等职业)?(?:学校|院校)?(?:有)?(?:\d+|[一二三四五六七八九十两]+)所[，（：](?:分别)?(?:为|是|有)?"
)


def read_direct(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    """ "市教育局直属3所，分别为甲、乙和丙"."""
    for found in _DIRECT.finditer(sentence.text):
        at, end = sentence.span.start + found.start(), sentence.span.start + found.end()
        bodies = [
            m for m in reading.mentions.within(Span(sentence.span.start, at), EntityType.GOVERNMENT) if m.span.end == at
        ]
        lists = [item for item in reading.mentions.lists_within(Span(end, sentence.span.end)) if item.span.start == end]
        for body in bodies:
            for school in lists[0].members if lists else ():
                if school.type is EntityType.SCHOOL:
                    yield Claim(
                        school,
                        Predicate.ADMINISTERED_BY,
                        body,
                        reading.evidence(sentence, school.span, body.span),
                        {},
                        NAME,
                    )


def _place_of_name(name: str) -> str:
    for length in range(min(11, len(name) - 2), 1, -1):
        if name[:length] in region_names():
            return name[:length]
    return ""
