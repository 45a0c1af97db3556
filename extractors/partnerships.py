"""partnersWith and collaboratesWith in running text.

A list of names is read by the word before it and the words after it: "与A、B签订…", "依托A共建…", "到A实习",
"A在我校设立订单班", "合作企业有A、B". The school that acts is named before, or 学校, or understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.modes import find_modes
from extractors.partnership_forms import (
    BESIDE,
    COOP,
    ENDED,
    EXPERT,
    MEDIA,
    MEMBERSHIP,
    MERE_TALK,
    PUBLIC_ORDER,
    RESPECTIVELY,
    SOFTWARE,
    SUPERVISOR,
    THROUGH,
    is_sure_partner,
    relate_list,
)
from extractors.reading import CONTEST, PRONOUN, VISIT, Reading, Sentence
from kg.model import (
    GROUP_TYPES,
    PARTNER_TYPES,
    BlockKind,
    Claim,
    EntityType,
    Enumeration,
    Evidence,
    Mention,
    Predicate,
    Span,
)
from kg.names import is_generic, type_of_name

NAME = "partnerships"


def extract(reading: Reading) -> Iterator[Claim]:
    """Claims of all sentences."""
    for sentence in reading.fact_sentences:
        for item in reading.mentions.lists_within(sentence.span):
            yield from _read_list(reading, sentence, item)
            yield from _read_pair(reading, sentence, item)
            yield from _read_parties(reading, sentence, item)
    yield from _read_titles(reading)


_TITLE_JOINS = re.compile(
    r"\s*(?:与|和|同|携手|联合|[+＋×&])\s*(?P<name>[^+＋×&，。；：！？…·\s“”—]{2,24}?)(?:的?(?:校企合作|产教融合|合作|共建|协同|产学研|故事|之路|案例|实践|探索)[^，。；]*)?(?:[…·.\s]*\d*)$"
)
_BOTH = re.compile(r"双方|校企|两家|两边|企业|公司|店|厂|师傅|该班")


def _read_titles(reading: Reading) -> Iterator[Claim]:
    """ "案例2 匠心班——某某学校与某某钻探三厂": a case's title names both, its text says what they do (双方, 企业 …)."""
    blocks = reading.document.blocks
    for index, block in enumerate(blocks):
        title = block.kind is BlockKind.HEADING or (
            block.kind is BlockKind.PARAGRAPH and len(block.text) <= 60 and not re.search(r"[。；，]", block.text)
        )
        if not title or reading.is_plan(block.text):
            continue
        for school in reading.mentions.within(block.span, EntityType.SCHOOL):
            joined = _TITLE_JOINS.match(block.text[school.span.end - block.span.start :])
            if joined is None or is_generic(joined.group("name")):
                continue
            told = [s for s in reading.fact_sentences if index < s.block <= index + 3 and s.block < len(blocks)]
            told = [s for s in told if not any(b.kind is BlockKind.HEADING for b in blocks[index + 1 : s.block])]
            text = "".join(s.text for s in told[:6])
            kind = type_of_name(joined.group("name")) or EntityType.ENTERPRISE
            if kind not in PARTNER_TYPES or not _BOTH.search(text) or not (BESIDE.search(text) or find_modes(text)):
                continue
            at = school.span.end + joined.start("name")
            partner = Mention(Span(at, at + len(joined.group("name"))), joined.group("name"), kind)
            yield Claim(
                school,
                Predicate.PARTNERS_WITH,
                partner,
                Evidence(block.span, index),
                {"modes": find_modes(text) or ["其他"]},
                NAME,
            )


_PARTIES = re.compile(
    r"^[^，。；]{0,4}?(?:[两二三四五六]方|[两二三四五六]家|共同|联合|签[订署约]|合作|共建|合办|一起|一道|携手|协同)[^。；]{0,40}"
)


def _read_parties(reading: Reading, sentence: Sentence, item: Enumeration) -> Iterator[Claim]:
    """ "甲职中、某园区管委会、乙公司三方签约": a school and its partners in one list that opens a part of the sentence."""
    schools = [m for m in item.members if m.type is EntityType.SCHOOL]
    partners = [m for m in item.members if m.type in PARTNER_TYPES]
    part = reading.comma_part(sentence, item.span.start)
    clause = reading.clause_of(sentence, item.span.start)
    right = reading.text_of(Span(min(item.span.end, clause.end), clause.end))
    opens = not re.search(
        r"[与和同跟由在到向为]$|联合$|依托$|邀请$|组织$", reading.text_of(Span(part.start, item.span.start))
    )
    if len(schools) != 1 or not partners or not opens or reading.is_plan(reading.text_of(part)):
        return
    told = _PARTIES.match(right)
    if (
        told
        and not re.search(r"牵头|发起|主办|承办", told.group())
        and COOP.search(told.group())
        and not (VISIT.search(told.group()) or CONTEST.search(told.group()))
    ):
        yield from _claim_partners(reading, sentence, item, partners, (schools[0],), "with", reading.text_of(clause))


def _read_pair(reading: Reading, sentence: Sentence, item: Enumeration) -> Iterator[Claim]:
    """ "甲学校和乙学院在某专业实施五年一贯制": two schools that do something together."""
    lists = [o for o in reading.mentions.lists_within(sentence.span) if o.span.start >= item.span.end]
    if len(item.members) == 1 and lists and reading.text_of(Span(item.span.end, lists[0].span.start)) == "和":
        schools = [*item.members, *lists[0].members]
        end = lists[0].span.end
    elif len(item.members) == 2:
        schools, end = list(item.members), item.span.end
    else:
        return
    if len(schools) != 2 or any(m.type is not EntityType.SCHOOL for m in schools):
        return
    part = reading.comma_part(sentence, item.span.start)
    right = reading.text_of(Span(end, max(end, part.end)))
    joiner = reading.text_of(Span(schools[0].span.end, schools[1].span.start))
    if joiner == "、" and re.match(r"两校|双方", right):
        joiner = "和"
    if joiner not in ("和", "与") or item.span.start - part.start > 12 or reading.is_plan(reading.text_of(part)):
        return
    if joiner == "和" and re.search(
        r"贯通|五年|3\s*\+|三二|衔接|联合办学|合作办学|结对|对口|签[订署]|互派|互聘|互挂|协作|共建", right
    ):
        yield from _claim_schools(reading, sentence, item, schools[1:], (schools[0],), right, "", right)


def _read_list(reading: Reading, sentence: Sentence, item: Enumeration) -> Iterator[Claim]:
    around = reading.text_of(reading.clause_of(sentence, item.span.start))
    partners = [
        m
        for m in item.members
        if m.type in PARTNER_TYPES and (not MEDIA.search(m.name) or re.search(r"合办|共建|实习|协议|基地", around))
    ]
    schools = [m for m in item.members if m.type is EntityType.SCHOOL]
    if not partners and not schools:
        return
    clause = reading.clause_of(sentence, item.span.start)
    text = reading.text_of(clause)
    left = reading.text_of(Span(clause.start, item.span.start))
    right = reading.text_of(Span(min(item.span.end, clause.end), clause.end))
    if reading.is_plan(reading.text_of(reading.comma_part(sentence, item.span.start))) or reading.is_plan(left[-40:]):
        return
    if ENDED.search(text):
        return
    if re.match(
        r"(?:[两三四五]家|[两三四五]方)?(?:于?(?:19|20)\d\d年(?:\d+月)?)?(?:共同|联合)?(?:牵头|发起|主办|承办|协办)",
        right,
    ):
        return
    if re.search(r"[由以]$", left) and re.match(r"[^，。；]{0,40}(?:牵头|发起|主办|承办)", right):
        return  # they lead a group together
    if EXPERT.match(right) or SOFTWARE.match(right) or MEMBERSHIP.match(right):
        return
    if re.search(
        r"(?:成立|组建|设立|建立(?!合作|联系|关系|健全)|建成)(?:了)?[^，。；]*$", left
    ):  # the school's own: 成立某病检测与防控技术服务中心
        partners = [m for m in partners if not (m.type is EntityType.INSTITUTION and m.name.endswith("中心"))]
    relation = relate_list(left, right, text)
    if relation is None:
        return
    role, scope = relation
    subjects = _find_subjects(reading, sentence, item, role, right)
    if role == "beside":
        partners = [m for m in partners if is_sure_partner(m, text, reading.mentions.tabled)]
        subjects = tuple(m for m in subjects if m.type is EntityType.SCHOOL)
        if len(subjects) != 1 or any(m.type in GROUP_TYPES for m in reading.mentions.within(clause)):
            return
    if not subjects:
        return
    modes_text = _modes_scope(reading, sentence, item, clause, scope)
    yield from _claim_partners(reading, sentence, item, partners, subjects, role, modes_text)
    with_us = role == "owner" and re.match(
        r"(?:[^，。；]{0,16}由|(?:(?:19|20)\d\d年(?:\d{1,2}月)?(?:起)?|先后|已|早在|自)*(?:与|和|同|联合|携手|为|在))(?:我校|学校|该校|本校)",
        right,
    )
    helped = role in ("to", "owner", "beside") and re.search(
        r"送教|支教|帮扶|支援|帮带|驻点|援建|对口升学|双方[^。；]{0,20}\d\s*\+\s*\d", left[-20:] + right[:60]
    )
    if len(subjects) == len(schools) > 1 and "分别" in left[-12:]:
        for subject, school in zip(subjects, schools, strict=True):
            yield from _claim_schools(reading, sentence, item, [school], (subject,), text, left, right)
        return
    if schools and (role in ("with", "label", "class") or with_us or helped):
        yield from _claim_schools(reading, sentence, item, schools, subjects, text, left, right)


def _find_subjects(
    reading: Reading, sentence: Sentence, item: Enumeration, role: str, right: str
) -> tuple[Mention, ...]:
    members = {m.name for m in item.members}
    if role in ("owner", "beside"):
        after = Span(
            item.span.end, max(item.span.end, min(reading.clause_of(sentence, item.span.start).end, item.span.end + 60))
        )
        named = tuple(m for m in reading.mentions.within(after, EntityType.SCHOOL) if m.name not in members)
        if (
            named
            and named[0].span.start - item.span.end <= 24
            and not PRONOUN.search(right[: named[0].span.start - item.span.end])
        ):
            return named[:1]
        if (
            reading.region is not None
            and reading.owner is None
            and re.match(
                rf"(?:先后|已|相继|分别|均|共同)*(?:与|和|同){reading.region.name}(?:签|合作|共建|联合|达成|建立)",
                right,
            )
        ):
            return (reading.region,)
        if (
            re.search(r"我[市县区旗州省]|全[市县区旗州省]", right[:12])
            and reading.region is not None
            and reading.owner is None
        ):
            return (reading.region,)
        found = reading.subjects_before(sentence, item.span.start) or reading.antecedent(sentence)
    else:
        found = reading.subjects_before(sentence, item.span.start)
        if (
            reading.region is not None
            and reading.owner is None
            and re.search(
                rf"(?:^|[，。；月日])(?:{re.escape(reading.region.name)}|[我全][市县区州旗盟])(?:人民政府|教育局)?(?:与|和|同|联合|携手)$",
                reading.text_of(Span(sentence.span.start, item.span.start)),
            )
        ):
            return (reading.region,)
    found = tuple(m for m in found if m.name not in members)
    if found:
        return found
    if (
        reading.is_city_wide(sentence)
        and reading.region is not None
        and not reading.antecedent(sentence)
        and role != "to"
    ):
        return (reading.region,)
    return ()


def _modes_scope(reading: Reading, sentence: Sentence, item: Enumeration, clause: Span, text: str) -> str:
    """The text whose words tell the modes of this list: its clause without what belongs to other lists."""
    others = [o for o in reading.mentions.lists_within(clause) if o.span != item.span and _has_partner(o)]
    before = max((o.span.end for o in others if o.span.end <= item.span.start), default=clause.start)
    after = min((o.span.start for o in others if o.span.start >= item.span.end), default=clause.end)
    if before > clause.start:
        part = reading.comma_part(sentence, item.span.start)
        before = max(before, min(part.start, item.span.start))
    if after < clause.end:
        cut = reading.comma_part(sentence, after).start
        after = max(item.span.end, min(after, cut if cut > item.span.end else after))
    own = max(before, reading.comma_part(sentence, item.span.start).start)
    scope = (
        _mask_bases(reading.text_of(Span(before, own)))
        + reading.text_of(Span(own, item.span.start))
        + "　"
        + reading.text_of(Span(item.span.end, after))
    )
    if after == sentence.span.end or sentence.span.end - after <= 1:
        scope += _next_sentence(reading, sentence)
    return scope


def _mask_bases(text: str) -> str:
    """The earlier parts of the clause without the bases, teachers and trainings they speak of: those are not this list's."""
    return re.sub(r"基地|中心|教师|课程|教材|培训|就业", "　", text)


def _has_partner(item: Enumeration) -> bool:
    return any(m.type in PARTNER_TYPES for m in item.members)


def _next_sentence(reading: Reading, sentence: Sentence) -> str:
    """The next sentence where it goes on about the same partners (双方…, 校企…) and names nobody else."""
    sentences = reading.sentences
    index = sentences.index(sentence) if sentence in sentences else -1
    if not 0 <= index < len(sentences) - 1:
        return ""
    following = sentences[index + 1]
    if following.block != sentence.block or not re.match(
        r"双方|三方|校企|合作|企业(?!文化)|共同|基地内|并|其中|该企业|该公司|两家|公司|共建|在[^，。]{2,140}(?:等)?方面|聘请|投资|学生|采用|实行",
        following.text,
    ):
        return ""
    return "" if any(_has_partner(o) for o in reading.mentions.lists_within(following.span)) else following.text


def _claim_partners(
    reading: Reading,
    sentence: Sentence,
    item: Enumeration,
    partners: list[Mention],
    subjects: tuple[Mention, ...],
    role: str,
    modes_text: str,
) -> Iterator[Claim]:
    modes = find_modes(modes_text) or _modes_of_heading(reading, sentence)
    if not modes:
        partners = [p for p in partners if not PUBLIC_ORDER.search(p.name)]
    pairs = [(subject, partner) for subject in subjects for partner in partners]
    if len(subjects) == len(partners) > 1 and RESPECTIVELY.search(
        reading.text_of(Span(sentence.span.start, min(item.span.end + 4, sentence.span.end)))
    ):
        pairs = list(zip(subjects, partners, strict=True))
    if role == "to":
        modes = _modes_of_stay(modes_text, modes)
    qualifiers: dict[str, object] = {"modes": modes or ["其他"]}
    if programmes := reading.programmes_near(sentence, item):
        qualifiers["programmes"] = list(dict.fromkeys(m.name for m in programmes))
    if year := reading.year_before(sentence, item.span.start):
        qualifiers["year"] = year
    counts = count_students(modes_text)
    if len(partners) == 1 and len(counts) == 1:
        qualifiers["headcount"] = counts[0]
    each = (
        dict(zip((p.name for p in partners), counts, strict=True))
        if len(partners) == len(counts) > 1 and "分别" in modes_text
        else {}
    )
    for subject, partner in pairs:
        if partner.name in each:
            qualifiers["headcount"] = each[partner.name]
        if (
            partner.type is EntityType.GOVERNMENT
            and SUPERVISOR.search(partner.name)
            and not (
                (
                    role == "with"
                    and re.search(r"合办|共建|合作(?:共建|建|办|举办|开展)|联合(?:举办|开展)|签[订署]|共同", modes_text)
                )
                or (
                    role in ("owner", "beside")
                    and re.search(r"委托|合办", modes_text)
                    and re.search(r"培训|鉴定|承办", modes_text)
                )
            )
        ):
            continue
        yield Claim(
            subject,
            Predicate.PARTNERS_WITH,
            partner,
            reading.evidence(sentence, subject.span, partner.span),
            dict(qualifiers),
            NAME,
        )


def _modes_of_heading(reading: Reading, sentence: Sentence) -> list[str]:
    """The one mode that the section is about (5.2 现代学徒制试点), for a sentence that names none."""
    modes = find_modes(reading.document.sections[sentence.block].split(" / ")[-1])
    return modes if len(modes) == 1 else []


_STUDENTS = re.compile(
    r"(?P<a>\d{1,4})\s*(?:余|多)?名[^，。；\d、]{0,12}?(?:学生|新生|学徒|学员|实习生|同学)|(?:学生|新生|学徒|学员|实习生|在班|在读|招收|跟岗|见习|录取|接[收纳]|顶岗|实习|参与|培养)[^，。；\d、教师]{0,8}?(?P<b>\d{1,4})\s*(?:余|多)?(?:人|名)(?!次|才|教师|技|工程)"
    r"|(?:学生|新生|学徒)(?P<c>\d{1,4})人|分别(?:为|招收|接[收纳]|有|安排)?(?:学徒|学生)?(?P<d>\d{1,4})人?(?:[、和](?P<e>\d{1,4})人)(?:[、和](?P<f>\d{1,4})人)?"
)


def count_students(text: str) -> list[int]:
    """The numbers of students that the text gives, in order; numbers of teachers, engineers and lessons are none."""
    found = _STUDENTS.search(text)
    respective = next((m for m in _STUDENTS.finditer(text) if m.group("d")), None)
    if respective is not None:
        return [int(v) for v in respective.group("d", "e", "f") if v]
    values = [int(next(v for v in m.groups() if v)) for m in _STUDENTS.finditer(text)] if found else []
    return values[:1] if len(set(values)) == 1 else values


def _modes_of_stay(text: str, modes: list[str]) -> list[str]:
    teachers = re.search(r"教师[^，。；]{0,30}(?:到|赴|进|深入|去|在|下|前往)|选派[^，。；]{0,12}教师", text)
    if teachers and not re.search(r"学生", text):
        return [mode for mode in modes if mode not in ("顶岗实习", "职业培训")] or ["师资共建"]
    kept = [mode for mode in modes if mode not in ("就业合作", "师资共建", "职业培训") or len(modes) == 1]
    return kept or ["顶岗实习"]


def _claim_schools(
    reading: Reading,
    sentence: Sentence,
    item: Enumeration,
    schools: list[Mention],
    subjects: tuple[Mention, ...],
    text: str,
    left: str,
    right: str,
) -> Iterator[Claim]:
    if (
        not THROUGH.search(right[:80])
        and not re.search(
            r"帮扶$|支援$|贯通|联合办学|对口|帮扶|结对|合作|3\s*\+|五年|联办|签[订署]|送教|支教|牵手|携手|援助|托管|管理",
            left[-24:],
        )
        and not re.search(r"\d\s*\+\s*\d|中高职|五年一贯", left)
    ):
        return
    if (
        (MERE_TALK.search(right[:14]) and "协议" not in right[:16])
        or CONTEST.search(right.split("，")[0][:30])
        or re.search(r"教授|专家|博士", right[:8])
    ):
        return
    modes = [
        mode
        for mode in (find_modes(text) or _modes_of_heading(reading, sentence))
        if mode
        in (
            "贯通培养",
            "联合办学",
            "对口支援",
            "结对共建",
            "共建实训基地",
            "师资共建",
            "订单培养",
            "专业共建",
            "课程教材共建",
        )
    ]
    if "贯通培养" in modes:
        modes = [mode for mode in modes if mode not in ("专业共建", "课程教材共建", "共建实训基地", "师资共建")]
    qualifiers: dict[str, object] = {"modes": modes or ["其他"]}
    if programmes := reading.programmes_near(sentence, item):
        qualifiers["programmes"] = list(dict.fromkeys(m.name for m in programmes))
    if year := reading.year_before(sentence, item.span.start):
        qualifiers["year"] = year
    for subject in subjects:
        if subject.type is not EntityType.SCHOOL:
            continue
        for school in schools:
            if school.name != subject.name:
                yield Claim(
                    subject,
                    Predicate.COLLABORATES_WITH,
                    school,
                    reading.evidence(sentence, subject.span, school.span),
                    dict(qualifiers),
                    NAME,
                )
