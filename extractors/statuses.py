"""Names of lasting statuses of schools: 国家级重点中等职业学校, 省级示范校, 高级技工学校."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.reading import Reading, Sentence
from kg.model import EntityType, Mention

LEVEL = r"(?:国家|全国|教育部|人社部|[\u4e00-\u9fff]{2,8}(?:省|自治区)|全[省区市]|[\u4e00-\u9fff]{2,6}市|自治区|省|市|县|区|州|盟|旗|首批|第[一二三四五六七八九十]批|首届|优质|中等职业教育|中等职业学校|中职|“?双[高优]”?|A类|B类|[一二三四五]星级)"
STATUS_ENDING = re.compile(
    r"(?:重点校|示范校|示范学校|标杆校|标杆学校|优质校|优质学校|优质中职学校|优质中等职业学校|优秀学校(?=建设)|试点校|试点学校|试点单位|试点院校|特色学校|特色校|标准校|标准化学校|达标学校|规范化学校|星级学校|星级中等职业学校"
    r"|重点职业高(?:中|级中学)|重点职业中学|重点职业学校|重点中等职业学校|重点中职学校|重点中专(?:学校)?|重点技工学校|重点技校|示范性?(?:中等)?职业(?:技术)?学校|示范性?职教中心|示范中等职业学校|示范性?中等专业学校|骨干职业学校|高级技工学校|技师学院"
    r"|示范点|示范基地|培训基地|实训基地|实践基地|传承基地|教育基地|孵化基地|创业基地|鉴定所|鉴定站|认定机构|评价机构|考核站点|考点|建设单位|建设学校|建设院校|建设校|立项学校|培育学校|培育单位|示范单位|示范校园|标杆校园|文明校园|文明单位|绿色学校|平安校园|园林式学校|花园式学校|智慧校园|数字校园|书香校园|无烟学校|健康学校|依法治校示范校|民族团结进步[^，。；、]{0,6}(?:单位|学校)|实践中心|培养基地|试点|示范院校|“?双优”?(?:建设)?(?:计划)?学校|“?双高”?(?:建设)?(?:计划)?(?:学校|院校|建设单位)|(?:示范|试点|特色|重点|传承|标杆|优质|文明|达标|星级|高水平|骨干|精品|实验|培育|双优|现代化|规范化)[^，。；、]{0,14}(?:学校|单位|院校|职校|中专|校)|产业项目|精品校|传承学校|[“”]?精品校[“”]?|特色基地|人才培养示范学校|(?:工程|定点|定向|劳务|输出|技能|承训|评价|考评|鉴定|培训)(?:基地|机构|站|点|所|单位))$"
)
PRIZE = re.compile(
    r"安保|安检|服务优[质秀]|先进集体|优秀组织奖|[一二三]等奖|金奖|银奖|铜奖|贡献奖|优秀奖|创新奖|示范奖|团体|道德风尚|红旗团委|先进单位|突出贡献|优秀(?:团队|集体|案例|学校奖)|团体奖|杯|大赛|冠军|名$|强案例|表扬|表彰"
)


def find_statuses(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    """The statuses of the list that begins at ``start``: (start, end, name)."""
    at = start
    text = re.sub(r"（[^（）]*(?:19|20)\d\d年[^（）]*）", lambda found: "\u3000" * len(found.group()), text)
    end = next((i for i in range(start, len(text)) if text[i] in "，。；！？：（"), len(text))
    for piece in re.finditer(r"[^、]+", text[at:end]):
        raw = piece.group(0)
        pieces = [(0, raw)]
        joined = re.search(r"(?<=[校所点地位站])(?:和|及|以及|与|暨)(?=\S{4,})", raw)
        if joined:
            pieces = [(0, raw[: joined.start()]), (joined.end(), raw[joined.end() :])]
        stop = False
        for offset, part in pieces:
            name = re.sub(r"(?:的)?(?:荣誉)?称号$|等$|等(?:荣誉)?(?:称号)?$|之一$|行列$|名单$|序列$", "", part.strip())
            name = re.sub(r"^.*(?:认定|批准|评为|授予|命名|确定|成为|列为|升为|晋升)(?:为)?[“\"]?", "", name)
            name = re.sub(
                r"^(?:了|全[省市区县]|唯一|一所|一家|为|的|是|“|\")+(?=(?:国家|省|市|自治区|全国|首批|“))", "", name
            ).strip('“”"《》 ')
            if PRIZE.search(name) or name.startswith("校级"):
                continue
            if (
                not STATUS_ENDING.search(name)
                or len(name) < 5
                or len(name) > 32
                or re.search(r"[的了]|我校|各|多|若干|\d+[所个家]", name)
            ):
                stop = True
                break
            if _OF_BASE.search(name) and not re.match(LEVEL, name):
                stop = True  # 建成某某实践中心: a base, not a status
                break
            if not re.search(LEVEL, name) and not re.search(
                r"高级技工学校|技师学院|双优|双高|示范|试点|特色|标杆|重点", name
            ):
                stop = True
                break
            begin = at + piece.start() + offset + part.find(name)
            yield begin, begin + len(name), name
        if stop and piece.start() == 0:
            return


_OF_BASE = re.compile(r"(?:基地|中心)$")


_FORMER = re.compile(r"(?:[由从]?原|前身[为是]|原名|曾?[叫称]|更名前|并入前的|合并前的)[“]?$")
_MERGED = re.compile(r"由[^，。；]*(?:合并|组建|并入|整合|改建|改制|升格)|(?:先后|整体)?并入|为基础组建")


def find_holders(reading: Reading, sentence: Sentence, at: int) -> tuple[Mention, ...]:
    """The schools of which the sentence speaks before the place ``at``: no former name, no school merged into another,
    no status that looks like a school's name."""
    named = reading.subjects_before(sentence, at)
    held = tuple(m for m in named if m.type is EntityType.SCHOOL and not _is_other(reading, sentence, m))
    if held or not named:
        return held
    opening = reading.mentions.within(sentence.span, EntityType.SCHOOL)
    for mention in opening:
        after = reading.document.text[mention.span.end : mention.span.end + 1]
        if (
            mention.span.end <= named[0].span.start
            and not _is_other(reading, sentence, mention)
            and after in "（，由是"
        ):
            return (mention,)
    return tuple(m for m in reading.antecedent(sentence) if m not in named)


def _is_other(reading: Reading, sentence: Sentence, school: Mention) -> bool:
    """A former name, a school merged into the one spoken of, or a status."""
    if re.match(rf"(?:成为)?{LEVEL}级?", school.name) and re.search(
        r"示范|重点|优质|标杆|骨干|高水平|达标", school.name
    ):
        return True
    if not sentence.span.covers(school.span):
        return False
    part = reading.comma_part(sentence, school.span.start)
    before = sentence.text[: school.span.start - sentence.span.start]
    inside = before.rfind("（") > before.rfind("）")
    return inside or bool(
        _FORMER.search(before) or (_MERGED.search(reading.text_of(part)) and part.start < school.span.start)
    )
