"""A sentence with one sign for each name in it, so that a rule can read the form and not the names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from extractors.reading import PRONOUN, Reading, Sentence
from kg.model import GROUP_TYPES, PARTNER_TYPES, EntityType, Mention, Span

ORG = "\ue000"
GROUP = "\ue001"
ASIDE = r"(?:（[^（）]*）)?"
_TAIL = (  # 等5家骨干企业, 3所院校
    r"(?:(?:等(?:共)?)?(?:[\d一二两三四五六七八九十]+(?:余|多)?[家所个])?(?:(?:骨干|核心|龙头|有关|相关|行业|知名|规模以上|中职|高职|职业|本科|职业教育)?"
    r"(?:企业|单位|学校|院校|高校|校|公司|机构|企))?|等|两校|三校|两家|三家)"
)
LIST = (  # 甲、乙（某地）和丙等5家企业, and what 与 adds to it
    rf"{ORG}{ASIDE}(?:(?:{_TAIL})(?:、|，?以及|和|与|及|暨|同){ORG}{ASIDE})*(?:{_TAIL})"
)
_BEFORE_SCHOOL = "，。；：（由与和同即是为将让把被对给使"  # 县域学校 and 多所学校 are not the school
_GROUP_SHORT = re.compile(r"[\u3400-\u9fff]{2,10}?(?:集团|联盟|共同体|联合体)")
# 省级示范性中职学校 is no school's name
_STATUS_NAME = re.compile(
    r"(?:成为)?(?:(?:国家|省|市|县|自治区|全国)级?[\u3400-\u9fff]{0,8}?|[\u3400-\u9fff]{2,3}省)"
    r"(?:示范|重点|优质|标杆|骨干|高水平|特色|卓越|达标|合格|试点|中等职业教育改革|中职教育改革)"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """``text`` is the sentence with `ORG` for each school or partner and `GROUP` for each group.

    ``named`` tells which mentions a sign stands for, by its place in ``text``; ``places`` where in the document each
    character of ``text`` begins, with the end of the sentence as its last.
    """

    text: str
    named: Mapping[int, tuple[Mention, ...]]
    places: tuple[int, ...]

    def mentions(self, start: int, end: int) -> list[Mention]:
        """What the signs between two places of ``text`` stand for, in order."""
        return [mention for at in range(start, end) for mention in self.named.get(at, ())]


def draw_shape(reading: Reading, sentence: Sentence, groups: tuple[Mention, ...] = ()) -> Shape:
    """The shape of a sentence. ``groups`` are those spoken of so far: a short name of one of them is a group too."""
    text, start = sentence.text, sentence.span.start
    marks: list[tuple[int, int, str, tuple[Mention, ...]]] = []
    end = 0
    for mention in reading.mentions.within(sentence.span):
        at, stop = mention.span.start - start, mention.span.end - start
        if at < end or (mention.type is EntityType.SCHOOL and _STATUS_NAME.match(mention.name)):
            continue
        if mention.type in GROUP_TYPES:
            marks.append((at, stop, GROUP, (mention,)))
        elif (full := _full_group(mention.name, groups)) is not None:
            marks.append((at, stop, GROUP, (full,)))
        elif mention.type in PARTNER_TYPES or mention.type is EntityType.SCHOOL:
            marks.append((at, stop, ORG, (mention,)))
        else:
            continue
        end = stop
    taken = [(at, stop) for at, stop, _, _ in marks]
    for found in PRONOUN.finditer(text):
        before = text[: found.start()][-1:]
        if found.group() == "学校" and (
            (before and before not in _BEFORE_SCHOOL) or text[found.end() : found.end() + 1] == "、"
        ):
            continue
        if not any(at < found.end() and found.start() < stop for at, stop in taken) and (
            meant := reading.antecedent(sentence)
        ):
            marks.append((found.start(), found.end(), ORG, meant))
    if groups:
        for found in _GROUP_SHORT.finditer(text):
            full = _full_group(found.group(), groups)
            if full is not None and not any(at < found.end() and found.start() < stop for at, stop in taken):
                marks.append((found.start(), found.end(), GROUP, (full,)))
    return _replace(text, start, sorted(marks, key=lambda mark: mark[0]))


def _full_group(name: str, groups: tuple[Mention, ...]) -> Mention | None:
    """The one group of which ``name`` (智能终端集团) is a short form: the same kind, its words at the head's end."""
    name = name.lstrip("其中和与由")
    ending = next((e for e in ("集团", "联盟", "共同体", "联合体") if name.endswith(e)), "")
    head = name.removesuffix(ending)
    if not ending or len(head) < 2:
        return None
    fitting = {m.name: m for m in groups if m.name.endswith(ending) and m.name != name and head in m.name}
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _replace(text: str, start: int, marks: list[tuple[int, int, str, tuple[Mention, ...]]]) -> Shape:
    pieces: list[str] = []
    places: list[int] = []
    named: dict[int, tuple[Mention, ...]] = {}
    at = 0
    for begin, stop, sign, mentions in marks:
        if begin < at:
            continue
        # quotation marks around a name belong to it
        if text[begin - 1 : begin] == "“" and text[stop : stop + 1] == "”" and begin > at:
            begin, stop = begin - 1, stop + 1
        pieces.append(text[at:begin])
        places.extend(range(start + at, start + begin))
        named[len(places)] = mentions
        pieces.append(sign)
        places.append(start + begin)
        at = stop
    pieces.append(text[at:])
    places.extend(range(start + at, start + len(text) + 1))
    return Shape("".join(pieces), named, tuple(places))


def part_of(shape: Shape, at: int) -> Span:
    """The part between commas, semicolons, colons and brackets of ``text`` that holds a place, as a span in it."""
    begin = max(shape.text.rfind(mark, 0, at) for mark in "，；：。（）") + 1
    ends = [end for mark in "，；：。（）" if (end := shape.text.find(mark, at)) >= 0]
    return Span(begin, min(ends, default=len(shape.text)))


def clause_of(shape: Shape, at: int) -> Span:
    """The part between semicolons outside brackets, or inside the bracket, that holds a place of ``text``."""
    text = shape.text
    opened = text.rfind("（", 0, at)
    inside = opened > text.rfind("）", 0, at)
    if inside:
        closed = text.find("）", at)
        return Span(opened + 1, closed if closed >= 0 else len(text))
    bare = re.sub(r"（[^（）]*）", lambda found: "□" * len(found.group()), text)
    end = bare.find("；", at)
    return Span(bare.rfind("；", 0, at) + 1, end if end >= 0 else len(text))
