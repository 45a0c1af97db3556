"""offersProgramme in running text: what a school opens, adds, closes, and what else it is said to have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.programme_changes import is_dropped, read_changes
from extractors.reading import Reading, Sentence
from kg.model import Claim, EntityType, Mention, Predicate, Span
from kg.programmes import is_known_programme, is_programme_like

NAME = "offerings"

_OPENS = re.compile(r"原有|开有|开出|开设|开办|设有|设置|设立|现有|拥有|举办|办有|共有|常设|涵盖|包括")
_NEW = re.compile(
    r"新增|增添|又添|添了|加开|增设|新开设?|新设|新办|新申报|成功申报|获批|备案|首次开设|新建(?=[^，。；]{0,16}专业)|增加"
)
_CLOSED = re.compile(r"砍掉|撤掉|停掉|停止|停招|停办|撤销|停止招生|取消|暂停招生|停开")
_GROWS = re.compile(r"扩招|扩大招生|增加招生")
_SHRINKS = re.compile(r"缩招|压缩招生|减少招生")
_STATUS_OF_PROGRAMME = re.compile(
    r"(?:是|为|被[^，。；]{0,24}(?:评为|认定为|确定为|列为|遴选为)|获评|获批|入选|列入|被授予|评为|认定为|确定为|申报为|建成|成为|打造成)(?:了|成)?[“\"]?"
    r"(?P<name>[^，。；、“”]{0,24}?(?:重点|示范|特色|骨干|精品|品牌|优质|创新|试点|高水平|优势|一流|改造升级)[^，。；、“”]{0,14}?专业(?:点|群)?(?:建设点)?)"
)
_OTHERS = re.compile(r"(?:同|相近|相关|对口|该校|兄弟|高职|本科|大学|高校|企业)[^，。；]{0,4}$")


def extract(reading: Reading) -> Iterator[Claim]:
    """Claims of all sentences that name programmes."""
    yield from _read_listed(reading)
    for sentence in reading.fact_sentences:
        programmes = reading.mentions.within(sentence.span, EntityType.PROGRAMME)
        if programmes:
            yield from _read_sentence(reading, sentence, programmes)


_LISTED = re.compile(
    r"(?:\d{1,2}\s*[.．、]|[（(]\d{1,2}[)）]|[一二三四五六七八九十]+、)?\s*(?P<school>[^：:，。；\s]{2,24})[：:](?P<list>[^：:]+)$"
)
_ITEM = re.compile(r"(?P<name>[^、，（）()\s]{2,20})(?:专业)?(?:[（(](?P<told>[^（）()]*)[)）])?(?:[、，；。]|$)")


def _read_listed(reading: Reading) -> Iterator[Claim]:
    """ "1.县职业中专：学前教育（864）、会计（251，2020年新开）": a school, a colon, its programmes with their students."""
    for sentence in reading.sentences:
        found = _LISTED.match(sentence.text)
        if not found or not reading.is_school(found.group("school")):
            continue
        items = list(_ITEM.finditer(found.group("list")))
        names = [item.group("name").removesuffix("专业") for item in items]
        if len(items) < 1 or sum(is_known_programme(name) for name in names) * 2 <= len(names):
            continue
        start = sentence.span.start
        school = Mention(
            Span(start + found.start("school"), start + found.end("school")), found.group("school"), EntityType.SCHOOL
        )
        for item, name in zip(items, names, strict=True):
            if not is_programme_like(name):
                continue
            at = start + found.start("list") + item.start("name")
            programme = Mention(Span(at, at + len(name)), name, EntityType.PROGRAMME)
            told = item.group("told") or ""
            qualifiers: dict[str, object] = {}
            if count := re.match(r"(?:在校(?:生)?)?(\d{1,4})(?:人)?(?:$|[，,、])", told):
                qualifiers["headcount"] = int(count.group(1))
            if opened := re.search(r"((?:19|20)\d\d)年(?:新开|新增|新设|开设|开办)", told):
                qualifiers |= {"since": int(opened.group(1)), "status": "新增" if "新" in told else "开设"}
            if re.search(r"停招|停办|撤销", told):
                qualifiers["status"] = "停办"
            yield Claim(
                school,
                Predicate.OFFERS_PROGRAMME,
                programme,
                reading.evidence(sentence, school.span, programme.span),
                qualifiers,
                NAME,
            )


def _respective(reading: Reading, sentence: Sentence, programmes: list[Mention], subjects: tuple[Mention, ...]) -> bool:
    """ "甲、乙分别开设A、B专业": as many programmes as schools, one each."""
    if len(subjects) < 2 or len(subjects) != len(programmes):
        return False
    return "分别" in reading.text_of(Span(sentence.span.start, programmes[0].span.start))[-8:]


def _read_sentence(reading: Reading, sentence: Sentence, programmes: list[Mention]) -> Iterator[Claim]:
    for programme in programmes:
        part = reading.comma_part(sentence, programme.span.start)
        text = reading.text_of(part)
        clause = reading.clause_of(sentence, programme.span.start)
        left = reading.text_of(Span(clause.start, programme.span.start))
        if (
            reading.is_plan(text)
            or re.search(r"(?:拟|计划|将|力争|预计|准备)[^，。；]{0,20}$", left)
            or _OTHERS.search(left)
        ):
            continue
        end = _run_end(reading, sentence, programme)
        own = _text_after_run(reading, sentence, end, clause.end)
        if is_dropped(own):
            continue
        of_class = re.search(
            r"(?:订单|冠名|学徒|定向|[”\"])[^，。；]{0,4}班[”\"]?|班[”\"]", left[-40:]
        )  # a class of a firm, not the programme
        alone = end == programme.span.end and not _stands_in_run(reading, sentence, programme)
        changes = {} if of_class else read_changes(own, alone, reading.document.info.year)
        status = "" if of_class else changes.get("status") or _status(left)
        subjects = _subjects(reading, sentence, programme)
        if not subjects:
            continue
        qualifiers: dict[str, object] = {}
        if status:
            qualifiers["status"] = status
            if (year := reading.year_before(sentence, programme.span.start)) is not None:
                qualifiers["year"] = year
                if status == "新增" and re.search(rf"{year}年[^。；]{{0,30}}$", left):
                    qualifiers["since"] = year
        elif not _is_own(left, text):
            continue
        _add_details(
            qualifiers,
            reading.text_of(Span(programme.span.end, reading.clause_of(sentence, programme.span.start).end)),
            programmes,
            programme,
        )
        qualifiers |= changes
        if of_class or (not alone and re.match(r"等?(?:专业)?[\d一二两三四五六七八九十]+个", own)):
            qualifiers.pop("headcount", None)
        if designation := _designation(reading, sentence, programme):
            qualifiers["designation"] = designation
        if _respective(reading, sentence, programmes, subjects):
            subjects = (subjects[programmes.index(programme)],)
        for subject in subjects:
            yield Claim(
                subject,
                Predicate.OFFERS_PROGRAMME,
                programme,
                reading.evidence(sentence, subject.span, programme.span),
                dict(qualifiers),
                NAME,
            )


_FOUNDED = re.compile(
    r"^[”专业]{0,3}(?:（[^）]*）)?[^，。；]{0,4}?(?:自|于|始建于|创建于|开设于|设立于)?((?:19|20)\d\d)年?[^，。；]{0,6}?(?:开办|开设|设立|创办|创建|新设|批准|始建|增设|起招生|$)"
)
_SIZE = re.compile(
    r"(?:在校(?:学)?生|在读学生|学生|在籍)(?:人数|规模)?(?:达|为|有|共)?(\d{1,4})(?:余|多)?人|(?:招生|招收|录取)(?:新生|学生)?(?:扩大到|达到|达|为)?(\d{1,4})人"
)
_OPENED = re.compile(r"^[”专业]{0,3}[^，。；]{0,6}?(?:始建|开办|创办|开设)(?:于)?((?:19|20)\d\d)年")


def _add_details(qualifiers: dict[str, object], right: str, programmes: list[Mention], programme: Mention) -> None:
    """What follows one programme's name: since when, how many students, stopped or grown."""
    later = [m for m in programmes if m.span.start > programme.span.end]
    own = right[: later[0].span.start - programme.span.end] if later else right
    if found := _OPENED.match(own) or _FOUNDED.match(own):
        qualifiers.setdefault("since", int(found.group(1)))
        qualifiers.setdefault("status", "开设")
    if re.search(r"停止招生|停招|停办|撤销", own[:40]) and qualifiers.get("status") in (None, "开设"):
        qualifiers["status"] = "停办"
        if year := re.search(r"((?:19|20)\d\d)年", own[:40]):
            qualifiers["year"] = int(year.group(1))
            qualifiers.pop("since", None)
    elif re.search(r"招生(?:规模)?扩大|扩招|扩大招生", own[:24]):
        qualifiers["status"] = "扩招"
    elif re.search(r"招生(?:规模)?(?:压缩|缩减)|缩招|缩减招生", own[:24]):
        qualifiers["status"] = "缩招"
    if size := _SIZE.search(own):
        qualifiers["headcount"] = int(size.group(1) or size.group(2))


def _status(left: str) -> str:
    """The status by the last verb before the list of programmes."""
    best, at = "", -1
    for status, pattern in (("新增", _NEW), ("停办", _CLOSED), ("扩招", _GROWS), ("缩招", _SHRINKS), ("开设", _OPENS)):
        for found in pattern.finditer(left[-90:]):
            if found.start() > at:
                best, at = status, found.start()
    if best == "开设" and re.search(r"新$|新开$|新增$", left[-90:][:at]):
        best = "新增"
    if best and "。" not in left[-90:][at:] and left[-90:][at:].count("，") <= (1 if best == "开设" else 0):
        return best
    return ""


_RECEIVES = re.compile(r"(?:接收|接纳|吸纳|招收)(?:了)?$")
_CITY_OFFERS = re.compile(
    r"(?:全|我)[市省县区州盟旗]|(?P<place>(?:(?![全我])[\u3400-\u9fff]){2,6}?[市省县区州盟旗])(?:各|所有)?(?:中职|中等职业|职业)(?:学校|院校)"
)
_OFFERS = re.compile(r"开设|开有|设有|设置|开办|办有")


def _subjects(reading: Reading, sentence: Sentence, programme: Mention) -> tuple[Mention, ...]:
    """The schools that have the programme; the report's region where it speaks of all its schools."""
    schools = reading.mentions.within(sentence.span, EntityType.SCHOOL)
    before = [m for m in schools if m.span.end <= programme.span.start]
    if before:
        between = reading.text_of(Span(before[-1].span.end, programme.span.start))
        opening = reading.text_of(Span(sentence.span.start, before[-1].span.start))
        if between == "的" or (opening.endswith("被") and re.match(r"(?:聘|选|确定|认定|列)", between)):
            return (before[-1],)  # 甲校的A专业、乙校的B专业获评……; 某医院被甲校聘为A专业的教学医院
    lead = reading.text_of(Span(sentence.span.start, programme.span.start))
    found = tuple(m for m in reading.subjects_before(sentence, programme.span.start) if m.type is EntityType.SCHOOL)
    if found and reading.owner is None and not before and (later := _acting_later(reading, sentence, schools)):
        return (
            later
            if len(later) == 1
            and reading.comma_part(sentence, later[0].span.start).start <= (later[0].span.start)
            and "专业方面" in sentence.text
            else ()
        )
    if found:
        return found
    return _region_offers(reading, sentence, lead, schools)


def _acting_later(reading: Reading, sentence: Sentence, schools: list[Mention]) -> tuple[Mention, ...]:
    """Schools that a sentence without a subject of its own names later: "护理专业方面，甲校……", "各接收乙校的学生"."""
    for school in schools:
        part = reading.comma_part(sentence, school.span.start)
        opening = reading.text_of(Span(part.start, school.span.start))
        if opening == "" or _RECEIVES.search(opening):
            return (school,) if opening == "" else tuple(schools)
    return ()


def _region_offers(reading: Reading, sentence: Sentence, lead: str, schools: list[Mention]) -> tuple[Mention, ...]:
    if reading.region is None or reading.owner is not None:
        return ()
    city = _CITY_OFFERS.search(lead)
    if city and (not city["place"] or city["place"][:2] == reading.region.name[:2]) and _OFFERS.search(lead):
        return (reading.region,)
    if (
        not schools
        and re.search(r"专业(?:布)?点", sentence.text)
        and re.match(r"(?:\d{4}年|今年|本年度?|全年)?新增", lead)
    ):
        before = [s for s in reading.sentences if s.block == sentence.block and s.span.end <= sentence.span.start]
        if before and (city := _CITY_OFFERS.search(before[-1].text)) and _OFFERS.search(before[-1].text):
            return (reading.region,)
    return ()


def _is_own(left: str, text: str) -> bool:
    """A programme that the sentence treats as the school's own: its students, teachers, base, or a joint building of it."""
    near = left[-16:]
    if re.search(r"考入|升入|就读|录取|毕业于|报考|攻读|所学$", near):
        return False
    return bool(re.search(r"专业", text)) and not re.search(r"(?:高职|本科|院校|大学|学院)(?:的)?$", near)


_COUNTED_KIND = re.compile(
    r"^[”]?(?:专业)?(?:等)?(?:共)?(?:\d+|[一二两三四五六七八九十]+)个(?P<name>[^，。；]{0,10}?(?:试点|重点|示范|特色|骨干|精品|品牌|创新|高水平|优质)[^，。；]{0,4}?专业)"
)


_JOINS = re.compile(
    r"[”“]?(?:专业)?(?:、|和|与|及|以及|，以及)(?:[^，。；、]{3,20}(?:学校|中专|职高|职中|职校|中心|学院|技校|中学)的)?[“]?"
)


def _run_end(reading: Reading, sentence: Sentence, programme: Mention) -> int:
    """Where the list of programmes ends that this one stands in."""
    end = programme.span.end
    for other in reading.mentions.within(Span(end, sentence.span.end), EntityType.PROGRAMME):
        between = reading.text_of(Span(end, other.span.start))
        if not _JOINS.fullmatch(between) or re.search(r"[”\"]?班", between):
            break
        end = other.span.end
    return end


def _stands_in_run(reading: Reading, sentence: Sentence, programme: Mention) -> bool:
    """True for a later one of a list of programmes."""
    before = reading.mentions.within(Span(sentence.span.start, programme.span.start), EntityType.PROGRAMME)
    return bool(before) and _run_end(reading, sentence, before[-1]) >= programme.span.end


def _text_after_run(reading: Reading, sentence: Sentence, end: int, stop: int) -> str:
    """The clause from the end of a list of programmes to the next programme of another list."""
    later = reading.mentions.within(Span(end, max(end, stop)), EntityType.PROGRAMME)
    return reading.text_of(Span(end, later[0].span.start if later else max(end, stop)))


def _designation(reading: Reading, sentence: Sentence, programme: Mention) -> str:
    end = _run_end(reading, sentence, programme)
    if counted := _COUNTED_KIND.match(reading.text_of(Span(end, min(end + 30, sentence.span.end)))):
        return counted.group("name")
    right = reading.text_of(Span(programme.span.end, sentence.span.end))
    found = _STATUS_OF_PROGRAMME.search(right[:140])
    if found:  # another programme between, that is not of the same list, takes the status for itself
        at = programme.span.end
        for other in reading.mentions.within(Span(at, at + found.start()), EntityType.PROGRAMME):
            between = reading.text_of(Span(at, other.span.start))
            if not (_JOINS.fullmatch(between) or re.fullmatch(r"（[^）]*）、", between)):
                return ""
            at = other.span.end
    if not found or re.search(r"[。；]", right[: found.start()]):
        return ""
    between = right[: found.start()]
    if re.search(r"教师|学生|课程|基地|教材|团队|资源库|大赛", between):
        return ""
    return re.sub(r"^(?:了|首批(?=自治区|省|国家)|“)+", "", found.group("name")).strip("“”")
