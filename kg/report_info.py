"""What a report says of itself: title, publisher, region, the year it speaks of, the year it came out.

Read from the front (everything before the first long paragraphs), then from the signature at the end, then from the
running text; what cannot be read stays empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kg.model import Block, BlockKind, ReportInfo, ReportLevel
from kg.reference_data import load_regions, short_region_name

_TITLE = re.compile(r"质量.{0,8}(?:年度)?.{0,4}报告|年度.{0,6}质量报告|年\s*报|质量报告")
_CJK = "\u4e00-\u9fff"
_SCHOOL = re.compile(
    rf"[{_CJK}（）()·]{{2,28}}?(?:职业技术学院|职业技术大学|职业大学|职业学院|技师学院|技工学校|技术学校|职业学校|职业中学|职业中等专业学校|中等专业学校"
    rf"|中等职业技术学校|中等职业学校|职业高级中学|职业高中|高级职业中学|职业中专(?:学校)?|中专学校|职教中心|职业教育中心(?:学校)?|职业技术教育中心|职业教育集团学校"
    rf"|(?:卫生|护士|师范|艺术|体育|体育运动|财经|商业|商贸|工商|工业|工程|交通|旅游|农业|农牧|农林|林业|建筑|建筑工程|机电|电子|信息|信息工程|轻工|水利|幼儿师范|戏曲|舞蹈|音乐|特殊教育|开放|科技|技术|专业|职业)学校|学院|大学)"
)
_GENERIC_SCHOOL = re.compile(
    r"^(?:全[省市县区州旗]|各|本|我|该|中等|高等|某|所属|有关)|^(?:中等)?职业(?:技术)?学校$|年度|报告"
)
_BUREAU = re.compile(
    rf"[{_CJK}]{{2,20}}?(?:教育(?:和体育|体育|科技(?:和体育)?)?(?:局|厅|委员会|委)|教体局|人力资源(?:和)?社会保障[局厅]|人民政府)"
)
_REGION_SUFFIX = re.compile(rf"[{_CJK}]{{2,12}}?(?:自治区|自治州|自治县|自治旗|省|市|盟|州|县|区|旗)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def _arabic(text: str) -> str:
    """Years in Chinese figures as digits: 二〇二三年 → 2023年."""
    return re.sub(
        r"[二一][〇○零九][〇○零一二三四五六七八九]{2}(?=年|度|学)",
        lambda m: m.group(0).translate(_CHINESE_DIGITS),
        text,
    )


def read_report_info(blocks: Sequence[Block], file_stem: str = "") -> ReportInfo:
    """The ReportInfo of a report's blocks; ``file_stem`` (the file's name) is asked last for the year."""
    front = [block for block in blocks[:60] if block.kind is not BlockKind.TABLE]
    title, at = _find_title(front)
    year = _find_year(front, at, blocks, file_stem)
    school = _find_school(title, front, blocks)
    bureau = _find_bureau(front, blocks)
    school = _usual_name(school, blocks)
    level = _find_level(title, school, bureau)
    publisher = school if level is ReportLevel.SCHOOL else bureau
    return ReportInfo(
        title, level, publisher, _find_region(title, publisher, bureau), year, _find_published(blocks, year)
    )


def _find_title(front: Sequence[Block]) -> tuple[str, int]:
    for index, block in enumerate(front[:40]):
        text = " ".join(block.text.split())
        if _TITLE.search(text) and len(text) <= 60 and "通知" not in text and "编制组" not in text and "。" not in text:
            parts = [text]
            # a title set in several lines: the school's name stands above "质量年度报告"
            if (
                index
                and len(front[index - 1].text) <= 30
                and not _SCHOOL.search(text)
                and _SCHOOL.search(front[index - 1].text)
            ):
                parts.insert(0, front[index - 1].text)
            return re.sub(r"^(?:学校名称|单位名称|编制单位|学校全称)[：:]", "", "".join(parts)), index
    return "", 0


def _find_year(front: Sequence[Block], at: int, blocks: Sequence[Block], file_stem: str) -> int | None:
    for block in [*front[at : at + 4], *front[max(0, at - 2) : at]]:
        if len(block.text) > 60:
            continue
        found = _YEAR.findall(_arabic(block.text))
        if found and not re.search(r"[\d一二三四五六七八九十]\s*月", block.text):
            return int(found[-1])
    if found := _YEAR.findall(file_stem):
        return int(found[-1])
    counts = Counter(int(year) for block in blocks for year in re.findall(r"((?:19|20)\d\d)\s*年", block.text))
    return counts.most_common(1)[0][0] if counts else None


def _find_published(blocks: Sequence[Block], year: int | None) -> int | None:
    for block in [*reversed(blocks[-6:]), *blocks[:40]]:
        text = _arabic("".join(block.text.split()))
        found = re.fullmatch(
            r"(?:.{0,20}?)((?:19|20)\d\d)年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?", text
        )
        if found and (year is None or int(found.group(1)) >= year):
            return int(found.group(1))
    return None


def _find_school(title: str, front: Sequence[Block], blocks: Sequence[Block]) -> str:
    for text in [
        title,
        *(block.text for block in front[:12] if len(block.text) <= 40 and not _PERSON_LINE.search(block.text)),
    ]:
        if found := _school_in(re.sub(r"\s", "", text)):
            return found
    # "X是……学校", "X位于……", "X创建于……" near the beginning
    for block in blocks[:80]:
        opening = re.match(
            rf"({_SCHOOL.pattern})(?:（[^）]{{1,20}}）)?(?:是|位于|坐落|座落|地处|始建于|创建于|创办于|成立于|前身)",
            block.text,
        )
        if opening and not _GENERIC_SCHOOL.search(opening.group(1)):
            return opening.group(1)
    return ""


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


_PERSON_LINE = re.compile(r"负责人|组成员|成员|审定|采集|编写|撰稿|执笔|法定代表|校长|签名|联系|主编|审核")


def _school_in(text: str) -> str:
    for found in _SCHOOL.finditer(text):
        name = re.sub(r"^.*?(?:\d{4}年?度?|单位名称|学校名称|编制单位|报送单位)[：:（(]*", "", found.group(0))
        if not _GENERIC_SCHOOL.search(name) and len(name) >= 4:
            return name
    return ""


def _find_bureau(front: Sequence[Block], blocks: Sequence[Block]) -> str:
    for block in [*front[:40], *reversed(blocks[-8:])]:
        if len(block.text) <= 60 and (found := _BUREAU.search("".join(block.text.split()))):
            return re.sub(
                r"^(?:本报告)?由|^(?:编制单位|单位名称|报送单位|发布单位)[（(]?[盖章]*[)）]?[：:]", "", found.group(0)
            )
    return ""


def _find_level(title: str, school: str, bureau: str) -> ReportLevel:
    compact = "".join(title.split())
    if school and (school in compact or not re.search(r"[省市县区州旗盟]", compact.split("职业教育")[0])):
        return ReportLevel.SCHOOL
    before = re.split(r"(?:中等|高等)?职业(?:技术)?教育|\d{4}", compact)[0]
    if re.search(r"(?:省|自治区)$", before) or re.match(r"^(?:北京|天津|上海|重庆)市?$", before):
        return ReportLevel.PROVINCE
    if re.search(r"[市州盟县区旗]$", before):
        return ReportLevel.CITY
    if not school and re.search(r"[市州盟县区旗]", bureau):
        return ReportLevel.CITY
    return ReportLevel.SCHOOL if school else ReportLevel.UNKNOWN


def _find_region(title: str, publisher: str, bureau: str) -> str:
    """The narrowest region that the title, else the publisher, names, as it is written."""
    full = {region.name for region in load_regions()}
    for text in ("".join(title.split()), publisher, bureau):
        head = re.split(r"教育局|职业教育质量|职业教育年|中等职业教育|质量|人民政府", text)[0]
        found = ""
        at = 0
        while at < len(head):
            name = next(
                (head[at : at + n] for n in range(min(11, len(head) - at), 1, -1) if head[at : at + n] in full), ""
            )
            found, at = (name, at + len(name)) if name else (found, at + 1)
        if found:
            return found
        short = [
            region
            for region in load_regions()
            if head.startswith(short_region_name(region.name)) and len(short_region_name(region.name)) > 1
        ]
        wide = [region for region in short if region.level != "county"] or short
        if len({region.name for region in wide}) == 1:
            length = len(short_region_name(wide[0].name))
            return head[: length + 1] if head[length : length + 1] in tuple("省市县区旗州盟") else head[:length]
    names = _REGION_SUFFIX.findall("".join(title.split()))
    return names[-1] if names else ""
