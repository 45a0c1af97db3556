"""The number of a list against the names in it: "三个专业：护理、会计、汽修", "A公司、B厂等5家企业".

A closed list must name as many as it says. A list with 等 names examples: fewer is usual, more is not. Names are
counted by the marks between them, since a name that is not known is a name all the same; 和 and 与 may join two names
or stand inside one, so a count is a range, and only a number outside of it is a difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.reading import Reading, Sentence
from kg.model import Check, CheckKind, Span, Verdict

_NUMBER = r"(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3})"
_NOUN = (
    r"(?P<noun>专业|企业|公司|医院|幼儿园|学校|院校|高校|单位|(?:实训|实习|实践|培训)基地|实训中心|集团|联盟|共同体)"
)
_KIND = r"(?P<kind>(?:(?![和与及、，])[\u3400-\u9fffA-Za-z“”]){0,8}?)"
_ENTRY = r"(?:(?:分别|依次)(?:是|为)|即|——|：|:|，(?:分别|依次)(?:是|为)|，即)[：:]?"
# 三个专业：护理、会计、汽修。  3所学校参与，分别是甲校、乙校、丙校。
_LIST_AFTER = re.compile(
    rf"(?<![\d.第近约超余])(?<!前){_NUMBER}(?:个|所|家){_KIND}{_NOUN}(?P<verb>[\u3400-\u9fff]{{0,8}}?)(?:{_ENTRY}|(?P<bracket>[（(]))"
)
_LIST_IN_BRACKET = re.compile(r"[^（）()]*(?=[)）])")
_LIST_TO_END = re.compile(r"[^。；;！？\n]*")
# 护理、会计2个专业 / A公司、B厂等5家企业
_TAIL = re.compile(
    rf"(?P<open>等)?(?P<about>近|约|超过?)?(?<![\d.])(?:这|共|共计)?{_NUMBER}(?:余|多)?(?:个|所|家){_KIND}{_NOUN}"
    r"(?!部|系|群|课|教师|学生|组|类|大类|建设|教学|带头|分校|学院|人才|技能|领域|方向)"
)
# Where a list of programmes begins; 与 and 和 may stand inside a name and are no such place.
_BEGIN = re.compile(
    r"开设了?|设有|设置了?|现有|拥有|包括|涵盖|涉及|新增|增设|停招|停办|申报|打造|建设了?|建成|形成|围绕|依托|面向|推进|完成了?|其中|分别[为是]|主要[为是]|选择|确定|继续|以|将|对|从|向|[，：:；。“]|——"
)
_MARK = re.compile(r"、|；|;")
_JOINER = re.compile(r"以及|[和与及暨]")
# What is no plain list of names.
_PROSE = re.compile(r"不含|不包括|不计|其中|简称|以下|下同|参与|负责|承担|达到|开展|实现|通过|进行|同比|增加|每|均")
MOST = 60


@dataclass(frozen=True, slots=True)
class _Found:
    """The names of a list and the fewest and most that they may be."""

    names: tuple[str, ...]
    fewest: int
    most: int
    is_open: bool


def check(reading: Reading) -> Iterator[Check]:
    """A check for each list of names that says how many they are."""
    for sentence in reading.sentences:
        yield from _check_lists_after(reading, sentence)
        yield from _check_tails(reading, sentence)


def read_count(text: str) -> int:
    """The number that digits or Chinese numerals below a hundred say: "12", "两", "十二", "二十"; 0 for none."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    digits = {numeral: value for value, numeral in enumerate("一二三四五六七八九", start=1)} | {"两": 2, "": 0}
    if tens not in digits or ones not in digits:
        return 0
    return (digits[tens] or 1) * 10 + digits[ones] if ten else digits[ones]


def _check_lists_after(reading: Reading, sentence: Sentence) -> Iterator[Check]:
    for said in _LIST_AFTER.finditer(sentence.text):
        inner = (_LIST_IN_BRACKET if said["bracket"] else _LIST_TO_END).match(sentence.text, said.end())
        if inner is None or (said["bracket"] is None and said["verb"] and "，" in said.group(0)[-6:-3]):
            continue
        text = inner.group(0)
        part = re.split("[，,]", text)[0]
        found = _read_list(part)
        if found is None or _PROSE.search(part):
            continue
        yield from _judge(reading, sentence, said, found, whole=part == text, span=Span(said.start(), inner.end()))


def _check_tails(reading: Reading, sentence: Sentence) -> Iterator[Check]:
    for said in _TAIL.finditer(sentence.text):
        if said["about"]:
            continue
        if said["noun"] == "专业":
            before = _shield(sentence.text[: said.start()])
            begin = max((found.end() for found in _BEGIN.finditer(before)), default=0)
        else:
            begin = _begin_of_names(reading, sentence, said.start())
        text = sentence.text[begin : said.start()]
        found = _read_list(text)
        if found is None or _PROSE.search(text) or _MARK.search(text) is None:
            continue
        found = replace(found, is_open=said["open"] is not None)
        yield from _judge(reading, sentence, said, found, whole=True, span=Span(begin, said.end()))


def _begin_of_names(reading: Reading, sentence: Sentence, end: int) -> int:
    """Where the names of organisations begin that end at a tail; its own place where they are not known."""
    offset = sentence.span.start
    for item in reading.mentions.lists_within(sentence.span):
        begin = item.span.start - offset
        if item.members[-1].span.end == offset + end and not re.search(r"[、和及]$", sentence.text[:begin]):
            return begin
    return end


def _read_list(text: str) -> _Found | None:
    """The names between the marks; None where there are no two, or where what stands there is no list of names."""
    ends = re.search(r"等(?:[\u3400-\u9fff]{0,6})?$", text)
    shielded = _shield(text[: ends.start()] if ends else text)
    pieces = [piece.strip() for piece in _MARK.split(shielded)]
    pieces = [piece for piece in pieces if piece]
    joined = sum(len(_JOINER.findall(piece)) for piece in pieces)
    if len(pieces) + joined < 2 or any(len(piece) > 34 for piece in pieces):
        return None
    names = tuple(text[found.start() : found.end()].strip() for found in re.finditer(r"[^、；;]+", shielded))
    return _Found(names, len(pieces), len(pieces) + joined, ends is not None)


def _shield(text: str) -> str:
    """The text with what stands in brackets and titles made blank, so that no mark in them counts."""
    return re.sub(r"[（(《][^（）()《》]*[)）》]", lambda found: "\1" * len(found.group(0)), text)


def _judge(
    reading: Reading, sentence: Sentence, said: re.Match[str], found: _Found, *, whole: bool, span: Span
) -> Iterator[Check]:
    stated = read_count(said["number"])
    if not 2 <= stated <= MOST:
        return
    reason = ""
    if found.fewest <= stated <= found.most:
        verdict, count = Verdict.AGREES, stated
    elif stated < found.fewest:
        verdict, count = (Verdict.MORE_FOUND if found.is_open else Verdict.DIFFERS), found.fewest
    else:
        verdict, count = (Verdict.FEWER_FOUND if found.is_open else Verdict.DIFFERS), found.fewest
    if verdict is Verdict.DIFFERS and not whole:
        verdict, reason = Verdict.SKIPPED, "列举的止处不明"
    at = Span(sentence.span.start + span.start, sentence.span.start + span.end)
    subjects = reading.subjects_before(sentence, sentence.span.start + said.start())
    yield Check(
        CheckKind.LIST,
        sentence.text[said.start("number") : said.end("noun")],
        stated,
        count,
        verdict,
        reading.evidence(sentence, at),
        subjects[0] if len(subjects) == 1 else None,
        names=found.names,
        reason=reason,
    )
