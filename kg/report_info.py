"""What a report says of itself: title, publisher, region, the year it speaks of, the year it came out.

Read from the front (everything before the first long paragraphs), then from the signature at the end, then from the
running text; what cannot be read stays empty. Whose report it is decides what 学校 and 我校 mean in all of it, so that
several signs are asked in turn: the declaration ("X对报告的真实性负责") and labelled lines (单位名称：X), the title, a
line that is nothing but a name, the sentence that introduces the school.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from kg.model import Block, BlockKind, ReportInfo, ReportLevel
from kg.reference_data import load_regions, short_region_name

_CJK = "\u4e00-\u9fff"
_TITLE = re.compile(r"质量.{0,8}(?:年度)?.{0,4}报告|年度.{0,6}质量报告|年\s*报|质量报告")
# What stands before these words in a title is whose report it is.
_SUBJECT_END = re.compile(
    r"(?:(?:中等|高等)?职业(?:技术)?教育(?!中心|集团|园区)|(?:中等|高等)职业(?:技术)?(?:学校|院校)(?=教育|人才|质量|年度|办学|$)|教育(?:教学)?(?=质量|年度|年报)|人才培养|办学质量|质量|年度|年报)"
)
_SCHOOL_NAME = rf"[{_CJK}（）()·]{{2,30}}?(?:学校|学院|大学|职教中心|教育中心|职教园区|中学校?|中专|职业高中|技校|电大)"
_SCHOOL_LINE = re.compile(rf"({_SCHOOL_NAME})(?:[（(][^（）()]{{2,24}}[)）])?(?:编制?|编印|印制)?")
# "X是……学校", "X位于……", "X创建于……": the sentence that introduces the report's school
_OPENING = re.compile(
    rf"({_SCHOOL_NAME})(?:[（(][^（）()]{{1,40}}[)）])?[，,]?(?:是|系|为|位于|坐落|座落|地处|始建|创建|创办|成立|建校|办学|前身|隶属|原名|占地)"
)
_SHORT_SCHOOL = re.compile(
    rf"[{_CJK}]{{2,8}}(?:职高|职中|职专|职校|技校|职教|卫校|农校|艺校|体校|职院|[一二三四五六]职|中职校)$"
)
_NO_SCHOOL = re.compile(
    r"^(?:全[省市县区州旗国]|各|本校|我|该|中等|高等|某|所属|有关|区域|普通|建设|打造|创建|办好|关于)|年度|报告|质量|附属|目录"
    r"|老年大学|党校"
)
_NO_SCHOOL_ALONE = re.compile(r"(?:省|市|县|区)?(?:(?:中等|高等)职业(?:技术)?(?:学校|院校)|中职学校|高职院校|职业院校)")
_BUREAU = re.compile(
    rf"[{_CJK}]{{2,20}}?(?:教育(?:和体育|体育|科技(?:和体育)?)?(?:局|厅|委员会|委)|教体局|教科[体]?局|人力资源(?:和)?社会保障[局厅]|人民政府)"
)
_LABEL = r"(?:学校名称|单位名称|学校全称|单位全称|编制单位|编写单位|报送单位|报告单位|填报单位|发布单位|学校|单位)\s*[（(]?\s*(?:盖章|公章|章)?\s*[)）]?[：:]"
_PERSON_LINE = re.compile(r"负责人|组成员|成员|审定|采集|撰稿|执笔|法定代表|校长|签名|联系|主编|审核")
_REGION_SUFFIX = re.compile(rf"[{_CJK}]{{2,12}}?(?:自治区|自治州|自治县|自治旗|省|市|盟|州|县|区|旗)")
_PLACED = re.compile(r"(?:位于|坐落[于在]?|座落[于在]?|地处|地址[：:])([^，。；]{2,40})")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_CHINESE_DIGITS = str.maketrans("〇○零OＯ一二三四五六七八九", "00000123456789")
# A line that is a date or a term and nothing else: （2023年度）, 2017年9月—2018年8月, 二〇二三年
_TERM_LINE = re.compile(r"[（(【]?[\d年月日学度至到—－–\-~～/.\s版]+[)）】]?")


def _arabic(text: str) -> str:
    """Years in Chinese figures as digits: 二〇二三年 → 2023年."""
    return re.sub(
        r"[二一][〇○零OＯ九][〇○零OＯ一二三四五六七八九]{2}(?=年|度|学)",
        lambda m: m.group(0).translate(_CHINESE_DIGITS),
        text,
    )


def read_report_info(blocks: Sequence[Block], file_stem: str = "") -> ReportInfo:
    """The ReportInfo of a report's blocks; ``file_stem`` (the file's name) is asked last for the year."""
    front = [block for block in blocks[:60] if block.kind is not BlockKind.TABLE]
    title, at = _find_title(front)
    subject = _subject_of(title)
    declared = _find_declared(front)
    bureau = declared if _BUREAU.fullmatch(declared) else _find_bureau(front, blocks)
    named = _find_school(subject, declared, front, blocks)
    school = _usual_name(named, blocks)
    level = _find_level(subject, named, bureau, declared, front, blocks)
    publisher = school if level is ReportLevel.SCHOOL else bureau
    region = _find_region([named, _place_of(named, blocks)] if level is ReportLevel.SCHOOL else [], title, bureau)
    year = _find_year(front, at, blocks, file_stem)
    published = _find_published(blocks)
    if year is not None and published is not None and published < year:
        year = published  # "2023年年报", out in December 2022: it speaks of 2022
    return ReportInfo(title, level, publisher, region, year, published)


# --- the title and whose it is ---------------------------------------------------------------------------------------


def _find_title(front: Sequence[Block]) -> tuple[str, int]:
    for index, block in enumerate(front[:40]):
        text = " ".join(block.text.split())
        if _TITLE.search(text) and len(text) <= 60 and not re.search(r"通知|编制组|。|责任声明|负责", text):
            above = front[index - 1].text if index else ""
            # a title set in several lines: the school's name, or "某市2023年中等职业教育", stands above "质量年度报告"
            if not _subject_of(text) and len(above) <= 30 and (_SCHOOL_LINE.search(above) or _subject_of(above)):
                text = re.sub(rf"^{_LABEL}\s*", "", above) + text
            return re.sub(rf"^{_LABEL}\s*", "", text), index
    return "", 0


def _subject_of(title: str) -> str:
    """Whose report a title says it is: 某市 of 某市2023年职业教育质量年度报告, 某学校 of 某学校质量年报; "" for nobody's."""
    text = re.sub(r"^附件\s*[\d一二三四五六七八九十]*[：:.、]?|^关于", "", "".join(_arabic(title).split()))
    text = re.sub(r"[（(]?(?:19|20)\d\d(?:[年—－–\-~～至/]+(?:19|20)?\d{2,4})?(?:学?年)?(?:度|版)?[)）]?", "|", text)
    text = re.sub(r"[（(]\|[)）]", "|", text).lstrip("|《〈“")
    end = _SUBJECT_END.search(text)
    if not end:
        return ""
    return text[: end.start()].replace("|", "").rstrip("的")


def _find_declared(front: Sequence[Block]) -> str:
    """Who answers for the report: "X对……负责", or after a label such as 单位名称（盖章）：; "" where nobody does."""
    found: list[str] = []
    for block in front[:40]:
        text = "".join(block.text.split())
        if answer := re.match(
            rf"(?:本报告由)?([{_CJK}（）()]{{4,30}}?)对.{{0,60}}(?:报告|附件|数据|内容).{{0,40}}负责", text
        ):
            found.append(answer.group(1))
        elif label := re.match(rf"{_LABEL}([{_CJK}（）()·]{{4,30}})$", text):
            found.append(label.group(1))
    for name in found:
        if _BUREAU.fullmatch(name) or _is_school(name):
            return name
    return ""


# --- the school or the bureau ----------------------------------------------------------------------------------------


def _is_school(name: str) -> bool:
    """True for the name of one school; False for what names all of a kind (某省职业学校, 中等职业学校)."""
    if not re.fullmatch(_SCHOOL_NAME, name) or _NO_SCHOOL.search(name):
        return False
    places = list(_places_in(name))
    rest = name[places[-1][1] :] if places and places[0][0] == 0 else name
    if _NO_SCHOOL_ALONE.fullmatch(rest):
        return False
    wide = bool(places) and re.search(r"(?:省|自治区)$", name[: places[-1][1]]) is not None
    if re.fullmatch(r"职业(?:技术)?学校|学校|学院|大学", rest):
        return bool(places) and not wide and rest.startswith("职业")
    return len(name) >= 4


def _find_school(subject: str, declared: str, front: Sequence[Block], blocks: Sequence[Block]) -> str:
    if declared and _is_school(declared):
        return declared
    if _is_school(subject):
        return subject
    for line in _school_lines(front):
        return line
    for block in blocks[:80]:
        opening = _OPENING.match("".join(block.text.split()))
        if opening and _is_school(opening.group(1)):
            return opening.group(1)
    return ""


def _school_lines(front: Sequence[Block]) -> Iterator[str]:
    """The lines of the front that are nothing but a school's name."""
    for block in front[:15]:
        text = re.sub(r"[\d—－–\-年度]+$", "", "".join(block.text.split()))
        if len(text) > 40 or block.kind is BlockKind.CONTENTS or _PERSON_LINE.search(text):
            continue
        found = _SCHOOL_LINE.fullmatch(text)
        if found and _is_school(found.group(1)):
            yield found.group(1)


def _usual_name(school: str, blocks: Sequence[Block]) -> str:
    """The school's name without the province and the city that a title sets before it, where the text knows it so."""
    name = school
    full = {region.name for region in load_regions()}
    while True:
        lead = next((name[:n] for n in range(min(11, len(name) - 4), 1, -1) if name[:n] in full), "")
        rest = name[len(lead) :]
        if not lead or len(rest) < 5:
            return name
        # the text uses the rest as a name of its own, not only behind the place
        alone = sum(len(re.findall(rf"(?<!{re.escape(lead[-1])}){re.escape(rest)}", block.text)) for block in blocks)
        whole = sum(block.text.count(name) for block in blocks)
        if not alone or (name != school and alone <= whole):
            return name
        name = rest


def _find_bureau(front: Sequence[Block], blocks: Sequence[Block]) -> str:
    for block in [*front[:40], *reversed(blocks[-8:])]:
        if len(block.text) <= 60 and (found := _BUREAU.search("".join(block.text.split()))):
            return re.sub(rf"^(?:本报告)?由|^{_LABEL}", "", found.group(0))
    return ""


def _find_level(
    subject: str, school: str, bureau: str, declared: str, front: Sequence[Block], blocks: Sequence[Block]
) -> ReportLevel:
    if school and (school in (declared, subject) or _SHORT_SCHOOL.search(subject)):
        return ReportLevel.SCHOOL
    region = _region_level(subject)
    if declared and declared == bureau:
        return region or _region_level(re.sub(r"教育.*|教[体科].*|人力.*|人民政府", "", bureau)) or ReportLevel.CITY
    if school and school in _school_lines(front) and (not bureau or _speaks_of_itself(blocks)):
        return ReportLevel.SCHOOL  # the title is a template's: 某省职业教育质量年度报告, and below it the school
    if region is not None:
        return region
    if school and not bureau:
        return ReportLevel.SCHOOL
    if school and not _TITLE.search(subject) and _speaks_of_itself(blocks):
        return ReportLevel.SCHOOL
    if bureau:
        return _region_level(re.sub(r"教育.*|教[体科].*|人力.*|人民政府", "", bureau)) or ReportLevel.CITY
    return ReportLevel.UNKNOWN


def _region_level(name: str) -> ReportLevel | None:
    """The level of a report about a region of this name; None for what names none."""
    if re.search(r"(?:省|自治区)$", name) or re.fullmatch(r"(?:北京|天津|上海|重庆)市?", name):
        return ReportLevel.PROVINCE
    if re.search(r"[市州盟县区旗]$", name):
        return ReportLevel.CITY
    short = [region for region in load_regions() if short_region_name(region.name) == name]
    if name and short:
        return ReportLevel.PROVINCE if any(region.level == "province" for region in short) else ReportLevel.CITY
    return None


def _speaks_of_itself(blocks: Sequence[Block]) -> bool:
    """True for a text that says 我校 more often than 全市 and 各学校."""
    text = "".join(block.text for block in blocks)
    own = len(re.findall(r"我校|本校|学校(?:现有|占地|开设|坚持|先后|积极)", text))
    wide = len(re.findall(r"全[市县区州盟旗省]|我[市县区州盟旗省]|各(?:中职|中等职业|职业)?(?:学校|院校)", text))
    return own > wide


# --- the region ------------------------------------------------------------------------------------------------------


def _places_in(text: str) -> Iterator[tuple[int, int]]:
    """Where full names of regions stand in a text, from the left, none inside another."""
    full = {region.name for region in load_regions()}
    at = 0
    while at < len(text):
        length = next((n for n in range(min(11, len(text) - at), 1, -1) if text[at : at + n] in full), 0)
        if length:
            yield at, at + length
        at += length or 1


def _place_of(school: str, blocks: Sequence[Block]) -> str:
    """Where the text says that the school lies, for a name without a place: "位于某省某市某区……"; "" else."""
    if not school or any(True for _ in _places_in(school)):
        return ""
    for block in blocks[:80]:
        if block.text.startswith((school, "学校", "我校", "本校")) and (found := _PLACED.search(block.text)):
            return found.group(1)
    return ""


def _find_region(own: Sequence[str], title: str, bureau: str) -> str:
    """The narrowest region that the texts name, the school's own words first, as it is written."""
    heads = [
        re.split(r"教育局|职业教育(?!中心)|中等职业教育|质量|人民政府", "".join(t.split()))[0] for t in (title, bureau)
    ]
    tries = [_full_region(text) for text in own]
    for text in [*own[:1], *heads]:
        tries += [_full_region(text), _short_region(text)]
    names = _REGION_SUFFIX.findall("".join(title.split()))
    return next((name for name in tries if name), names[-1] if names else "")


def _full_region(text: str) -> str:
    """The last full name of a region in the text, or the short name of a city after its province: 云南省曲靖工贸学校."""
    places = list(_places_in(text))
    if not places:
        return ""
    start, end = places[-1]
    for region in load_regions():
        if region.name == text[start:end] and region.level == "province":
            inner = [r for r in load_regions() if r.level == "prefecture" and r.parent == region.code]
            short = next((s for r in inner if text[end:].startswith(s := short_region_name(r.name))), "")
            return short or region.name
    return text[start:end]


def _short_region(text: str) -> str:
    """The region whose short name the text begins with, where that is one only; with 市 or 县 where it follows."""
    head = re.sub(r"^[\d年度附件：:]+", "", text)
    short = [
        region
        for region in load_regions()
        if head.startswith(short_region_name(region.name)) and len(short_region_name(region.name)) > 1
    ]
    wide = [region for region in short if region.level != "county"] or short
    if len({region.name for region in wide}) != 1:
        return ""
    length = len(short_region_name(wide[0].name))
    return head[: length + 1] if head[length : length + 1] in tuple("省市县区旗州盟") else head[:length]


# --- years -----------------------------------------------------------------------------------------------------------


def _find_year(front: Sequence[Block], at: int, blocks: Sequence[Block], file_stem: str) -> int | None:
    for block in [*front[at : at + 4], *front[max(0, at - 2) : at]]:
        text = "".join(_arabic(block.text).split())
        if len(text) > 60 or not (_TITLE.search(text) or _TERM_LINE.fullmatch(text) or _subject_of(text)):
            continue
        found = _YEAR.findall(text)
        span = re.search(r"(?:19|20)\d\d年\d{1,2}月?[日\d]*[—－–\-~～至到]+((?:19|20)\d\d)年", text)
        if span:
            return int(span.group(1))
        if found and not re.search(r"[\d一二三四五六七八九十]\s*月", text):
            return int(found[-1])
    if found := _YEAR.findall(file_stem):
        return int(found[-1])
    counts = Counter(int(year) for block in blocks for year in re.findall(r"((?:19|20)\d\d)\s*年", block.text))
    return counts.most_common(1)[0][0] if counts else None


def _find_published(blocks: Sequence[Block]) -> int | None:
    for block in [*reversed(blocks[-6:]), *blocks[:40]]:
        text = _arabic("".join(block.text.split()))
        found = re.fullmatch(
            r"(?:.{0,20}?)((?:19|20)\d\d)年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?", text
        )
        if found:
            return int(found.group(1))
    return None
