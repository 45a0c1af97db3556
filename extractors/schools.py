"""designatedAs, locatedIn and administeredBy in running text: what a school is, where it stands, who runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.reading import CITY_WIDE, CONTEST, Reading, Sentence
from kg.model import Claim, EntityType, Mention, Predicate, ReportLevel, Span
from kg.names import CJK
from kg.reference_data import region_names

NAME = "schools"

_LEVEL = r"(?:国家|全国|教育部|人社部|[\u4e00-\u9fff]{2,8}(?:省|自治区)|全[省区市]|[\u4e00-\u9fff]{2,6}市|自治区|省|市|县|区|首批|第[一二三四五六七八九十]批|首届|优质|中等职业教育|中等职业学校|中职|“?双[高优]”?|A类|B类|[一二三四五]星级)"
STATUS_ENDING = re.compile(
    r"(?:重点校|示范校|示范学校|标杆校|标杆学校|优质校|优质学校|优质中职学校|优质中等职业学校|优秀学校(?=建设)|试点校|试点学校|试点单位|试点院校|特色学校|特色校|标准校|标准化学校|达标学校|规范化学校|星级学校|星级中等职业学校"
    r"|重点职业高中|重点职业中学|重点职业学校|重点中等职业学校|重点中职学校|重点中专(?:学校)?|重点技工学校|重点技校|示范性?(?:中等)?职业(?:技术)?学校|示范性?职教中心|示范中等职业学校|示范性?中等专业学校|骨干职业学校|高级技工学校|技师学院"
    r"|示范点|示范基地|培训基地|实训基地|实践基地|传承基地|教育基地|孵化基地|创业基地|鉴定所|鉴定站|认定机构|评价机构|考核站点|考点|建设单位|建设学校|建设院校|建设校|立项学校|培育学校|培育单位|示范单位|示范校园|标杆校园|文明校园|文明单位|绿色学校|平安校园|园林式学校|花园式学校|智慧校园|数字校园|书香校园|无烟学校|健康学校|依法治校示范校|民族团结进步[^，。；、]{0,6}(?:单位|学校)|实践中心|培养基地|试点|示范院校|“?双优”?(?:建设)?(?:计划)?学校|“?双高”?(?:建设)?(?:计划)?(?:学校|院校|建设单位)|(?:示范|试点|特色|重点|传承|标杆|优质|文明|达标|星级|高水平|骨干|精品|实验|培育|双优|现代化|规范化)[^，。；、]{0,14}(?:学校|单位|院校|职校|中专|校)|产业项目|精品校|传承学校|[“”]?精品校[“”]?|特色基地|人才培养示范学校|(?:工程|定点|定向|劳务|输出|技能|承训|评价|考评|鉴定|培训)(?:基地|机构|站|点|所|单位))$"
)
_PRIZE = re.compile(
    r"安保|安检|服务优[质秀]|先进集体|优秀组织奖|[一二三]等奖|金奖|银奖|铜奖|贡献奖|优秀奖|创新奖|示范奖|团体|道德风尚|红旗团委|先进单位|突出贡献|优秀(?:团队|集体|案例|学校奖)|团体奖|杯|大赛|冠军|名$|强案例|表扬|表彰"
)
_BECOMES = re.compile(
    r"(?:(?:先后|相继|曾|已|于|又|均|分别|成功|顺利|也)*(?:被[^，。；]{0,30}?(?:评为|评定为|认定为|确定为|确认为|命名为|授予|列为|列入|批准为|遴选为|选为|确立为|定为|授牌)|晋升为|晋升|升格为|升级为|评为|评定为|认定为|确定为|确认为|命名为|获评|获批|荣获|荣膺|获得|获|入选|列入|跻身|成为|授予|通过[^，。；]{0,10}验收|认定|立项为|立项建设|批准认定|创建为|创建成为|建成|跨入)|是|为|系)"
    r"(?:了)?(?:[“\"])?"
)


def extract(reading: Reading) -> Iterator[Claim]:
    """Claims of all sentences."""
    for sentence in reading.fact_sentences:
        yield from _read_designations(reading, sentence)
        yield from _read_status_lists(reading, sentence)
        yield from _read_passed(reading, sentence)
        yield from _read_place(reading, sentence)
        yield from _read_administration(reading, sentence)
        yield from _read_direct(reading, sentence)


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
        for status in _statuses(text, found.end()):
            subjects = _designated(reading, sentence, sentence.span.start + found.start(), at)
            if len(subjects) > 1 and "分别" in sentence.text[max(0, found.start() - 8) : found.end()]:
                order = [s[2] for s in _statuses(text, found.end())]
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


_COUNTED = re.compile(
    r"(?:有|共有|建成|拥有|入选)(?:\d+|[一二两三四五六七八九十]+)所(?P<after>[^，。；：、（）\d]{4,24}?(?:校|学校|单位|院校|中专|职业高中))(?:[（(：:]|，(?:分别)?(?:为|是)|分别(?:为|是)|，即)"
    r"|(?P<status>[^，。；：、（）\d]{2,24}?(?:校|学校|单位|院校|中专|职业高中|基地))(?:建设单位)?(?:\d+|[一二三四五六七八九十]+)所(?:[（(：:]|，(?:分别)?(?:为|是)|分别(?:为|是)|，即)"
)


def _read_status_lists(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    """ "国家级重点中职学校3所（甲、乙、丙）": the status is said once, with its number, before the schools."""
    for found in _COUNTED.finditer(sentence.text):
        group = "after" if found.group("after") else "status"
        status = re.sub(r"^.*(?:其中|有|建成|拥有|创建|含|以及|和)", "", found.group(group))
        if not STATUS_ENDING.search(status) and not re.search(r"重点|示范|标杆|优质|特色|标准|骨干", status):
            continue
        start = sentence.span.start + found.end()
        for item in reading.mentions.lists_within(Span(start, sentence.span.end)):
            if item.span.start > start + 2:
                break
            at = sentence.span.start + found.start(group) + found.group(group).find(status)
            award = Mention(Span(at, at + len(status)), status, EntityType.DESIGNATION)
            for school in item.members:
                if school.type is EntityType.SCHOOL:
                    yield Claim(
                        school,
                        Predicate.DESIGNATED_AS,
                        award,
                        reading.evidence(sentence, school.span, award.span),
                        {},
                        NAME,
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
        for subject in reading.subjects_before(sentence, at):
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
    ) or bool(re.search(r"，(?:现|同时|也|还|又)?$", text[:at]))


def _stands_after_school(reading: Reading, sentence: Sentence, at: int) -> bool:
    """ "某工校（2009年以前叫某学校）是…": a school, full or short, stands right before the verb, a bracket aside."""
    before = re.sub(r"(?:（[^）]*）)?(?:现|同时|也|还|又|均|都)?$", "", sentence.text[:at])
    end = sentence.span.start + len(before)
    return any(m.span.end == end for m in reading.mentions.within(sentence.span, EntityType.SCHOOL))


def _statuses(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    """The statuses of the list that begins at ``start``: (start, end, name)."""
    at = start
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
            if _PRIZE.search(name) or name.startswith("校级"):
                continue
            if (
                not STATUS_ENDING.search(name)
                or len(name) < 5
                or len(name) > 32
                or re.search(r"[的了]|我校|各|多|若干|\d+[所个家]", name)
            ):
                stop = True
                break
            if _OF_BASE.search(name) and not re.match(_LEVEL, name):
                stop = True  # 建成某某实践中心: a base, not a status
                break
            if not re.search(_LEVEL, name) and not re.search(
                r"高级技工学校|技师学院|双优|双高|示范|试点|特色|标杆|重点", name
            ):
                stop = True
                break
            begin = at + piece.start() + offset + part.find(name)
            yield begin, begin + len(name), name
        if stop and piece.start() == 0:
            return


_OF_BASE = re.compile(r"(?:基地|中心)$")


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
    return tuple(m for m in reading.subjects_before(sentence, at) if m.type is EntityType.SCHOOL)


# --- place ------------------------------------------------------------------------------------------------------------

_STANDS = re.compile(
    r"(?:(?:校区|校址|校园|校部)在|位于|坐落于|座落于|坐落在|座落在|地处|设在|校址(?:设)?在|校址位于|选址于|迁址)(?:了)?"
)
_PLACE = re.compile(rf"(?:[{CJK}]{{2,9}}?(?:自治区|特别行政区|自治州|自治县|自治旗|省|市|盟|州|县|区|旗|镇|乡|街道))+?")


def _read_place(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
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
            start, end, name = place
            span = Span(sentence.span.start + start, sentence.span.start + end)
            region = Mention(span, name, EntityType.REGION)
            yield Claim(
                subjects[0], Predicate.LOCATED_IN, region, reading.evidence(sentence, subjects[0].span, span), {}, NAME
            )


def _narrowest_region(text: str, start: int) -> tuple[int, int, str] | None:
    """The narrowest known region of the address that begins at ``start``: (start, end, name)."""
    names = region_names()
    aside = re.match(r"[^，。；]{0,14}——", text[start:])  # 先贤故里——某省某市某县
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
            if text[at] in "，。；、" or at - (best[1] if best else start) > 3:
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
    re.compile(r"(?:为|是|系)(?P<who>[^，。；的]{3,30}?)(?:直属|所属|主管)(?=[，。；]|学校|的)"),
    re.compile(r"(?:举办者|主管部门|举办单位|主办单位|主管单位|上级主管部门)(?:为|是|：|:)(?P<who>[^，。；]{3,40})"),
)


def _read_administration(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    for pattern in _RUN_BY:
        for found in pattern.finditer(sentence.text):
            start, end = found.span("who")
            span = Span(sentence.span.start + start, sentence.span.start + end)
            bodies = reading.mentions.within(Span(span.start, span.end), EntityType.GOVERNMENT)
            subjects = [m for m in reading.subjects_before(sentence, span.start) if m.type is EntityType.SCHOOL]
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
                    yield Claim(
                        subject,
                        Predicate.ADMINISTERED_BY,
                        body,
                        reading.evidence(sentence, subject.span, body.span),
                        {},
                        NAME,
                    )
                continue
            for index, body in enumerate(bodies):
                name = body.name
                if len(subjects) > 1:
                    for subject in subjects if "分别" not in sentence.text else ():
                        yield Claim(
                            subject,
                            Predicate.ADMINISTERED_BY,
                            body,
                            reading.evidence(sentence, subject.span, body.span),
                            {},
                            NAME,
                        )
                    break
                if index and prefix and not _place_of_name(name):
                    name = prefix + name  # "某县教育局和人力资源和社会保障局": the place is said once
                yield Claim(
                    subjects[0],
                    Predicate.ADMINISTERED_BY,
                    Mention(body.span, name, EntityType.GOVERNMENT),
                    reading.evidence(sentence, subjects[0].span, body.span),
                    {},
                    NAME,
                )


def _run_by_one(subjects: list[Mention], bodies: list[Mention], reading: Reading, sentence: Sentence) -> bool:
    """ "甲学校、乙学校由某局直接管理": a list of schools right before the one body that runs them."""
    between = reading.text_of(Span(subjects[-1].span.end, max(subjects[-1].span.end, bodies[0].span.start)))
    return len(bodies) == 1 and bool(re.fullmatch(r"[，]?(?:均|都|同)?(?:由|归|归口|隶属于?|直属于?)", between))


_DIRECT = re.compile(
    r"直属(?:管理)?(?:的)?(?:中职|中等职业)?(?:学校|院校)?(?:有)?(?:\d+|[一二三四五六七八九十两]+)所[，（：](?:分别)?(?:为|是|有)?"
)


def _read_direct(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
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
