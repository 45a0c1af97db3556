"""designatedAs out of lists: the status is said once, with its number, before the schools that hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.reading import Reading, Sentence
from extractors.shapes import GROUP, LIST, ORG, Shape, draw_shape, part_of
from extractors.statuses import LEVEL, STATUS_ENDING
from kg.model import Claim, EntityType, Mention, Predicate, Span

NAME = "schools"

_NUMBER = r"(?:\d+|[一二两三四五六七八九十]+)"
_STATUS = rf"(?P<status>[^，。；：、（）{ORG}{GROUP}]{{3,30}}?(?:校|学校|单位|院校|中专|中学|职业高中|中心|基地))(?:立项|建设|培育)?(?:单位)?"
_LISTS = (
    # 国家级重点校2所，为甲、乙; 省级示范校（3所）：甲、乙、丙; 省级重点校有甲、乙两所; 市级示范校：甲、乙
    re.compile(
        rf"{_STATUS}(?:(?:（{_NUMBER}所）|{_NUMBER}所)(?:：|（|，?(?:分别|依次)?(?:为|是|有|即|包括)：?)|(?:分别|依次)?(?:有|为|是|包括)|：)"
        rf"(?P<schools>{LIST})(?=[，。；）]|$)"
    ),
    # 省级示范校3所，除甲外，还有乙和丙
    re.compile(
        rf"{_STATUS}(?:（{_NUMBER}所）|{_NUMBER}所)，除(?:了)?(?P<also>{LIST})(?:以|之)?外，?(?:还|另)?(?:有|包括)(?P<schools>{LIST})"
    ),
)
# 新认定的三所省级示范校分布在三县：甲位于……；乙位于……；丙……
_SPREAD = re.compile(rf"(?P<number>{_NUMBER})所{_STATUS}[^，。；：{ORG}]{{0,20}}：(?P<rest>{ORG}[^。]+)")
_LEAD = re.compile(
    rf"^.*(?:其中|现有|共有|建有|有|建成|拥有|创建|含|以及|和|新认定的?|认定的?|{_NUMBER}所)(?=.{{4}})|^(?:所|的|为|是)+"
)


def read_status_lists(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    """Claims of the statuses that the sentence says before lists of schools."""
    if "校" not in sentence.text and "单位" not in sentence.text:
        return
    shape: Shape | None = None
    for pattern in (*_LISTS, _SPREAD):
        if shape is None:
            if not re.search(
                r"重点|示范|标杆|优质|特色|标准|骨干|达标|高水平|双优|试点|建设[校单]|培育|卓越|星级", sentence.text
            ):
                return
            shape = draw_shape(reading, sentence)
        for found in pattern.finditer(shape.text):
            yield from _read_list(reading, sentence, shape, found)


def _read_list(reading: Reading, sentence: Sentence, shape: Shape, found: re.Match[str]) -> Iterator[Claim]:
    raw = found["status"]
    status = _LEAD.sub("", raw)
    at = found.start("status") + raw.rfind(status)
    part = part_of(shape, at)
    if not _is_status(status) or reading.is_plan(shape.text[part.start : part.end]):
        return
    groups = found.groupdict()
    schools: list[Mention] = []
    for name in ("also", "schools"):
        if groups.get(name):
            schools += shape.mentions(*found.span(name))
    if groups.get("rest"):
        schools = [m for at in _clause_starts(found) for m in shape.named.get(at, ())]
        if len(schools) != _number(found["number"]):
            return
    span = Span(shape.places[at], shape.places[at + len(status) - 1] + 1)
    award = Mention(span, status, EntityType.DESIGNATION)
    for school in schools:
        if school.type is EntityType.SCHOOL:
            evidence = reading.evidence(sentence, school.span, span)
            yield Claim(school, Predicate.DESIGNATED_AS, award, evidence, {}, NAME)


def _is_status(text: str) -> bool:
    return bool(
        (STATUS_ENDING.search(text) or re.search(r"重点|示范|标杆|优质|特色|标准|骨干|达标|卓越|建设校", text))
        and re.match(LEVEL, text)
        and not re.search(r"[的了]|各|若干|多所", text)
    )


def _clause_starts(found: re.Match[str]) -> list[int]:
    start = found.start("rest")
    return [start, *(start + each.end() for each in re.finditer("；", found["rest"]))]


def _number(text: str) -> int:
    return int(text) if text.isdigit() else "一二三四五六七八九十".find(text.replace("两", "二")) + 1
