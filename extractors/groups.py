"""memberOf and hostsGroup: 职教集团, 专业联盟, 产教融合共同体, 产教联合体."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.cells import role_of
from extractors.group_members import Membership, find_founding_regions, find_memberships, is_not_yet
from extractors.reading import PRONOUN, Reading, Sentence
from extractors.shapes import draw_shape
from kg.model import GROUP_TYPES, PARTNER_TYPES, Claim, EntityType, Mention, Predicate, Span

NAME = "groups"

_JOIN_VERB = re.compile(
    r"(?:加入|参加|参与|加盟|入选|融入|成为|作为|是|当选|任|为|担任|进入|列入|吸纳为|设立为|列为|吸收为|在)(?:了|到)?"
)
_FOUND = re.compile(
    r"(?:成立|组建|组建成立|创建|构建|建立|发起|牵头组建|牵头成立|建成|筹建成立|新组建|联合组建|共同组建|打造|搭建|组成)(?:了)?[^，。；]{0,30}$"
)
_LED_BY = re.compile(r"(?:由|以)([^，。；]{2,60}?)(?:联合)?(?:牵头|发起|为(?:龙头|理事长|牵头)|担任理事长)")

# a paragraph that goes on about the group of the paragraph before
_GOES_ON = re.compile(
    r"(?:该|上述|本|这[两三个])?(?:集团|联盟|共同体|联合体|前者|成员|会员|常务理事|理事|牵头|现有成员)"
)
_LEADS = re.compile(
    r"(?:牵头(?:组建|成立|建设|组织|打造|发起|创建|构建)?|(?:共同|联合)发起(?:成立|组建|创建|设立)?|发起(?:成立|组建|创建))(?:了|的)?[^，。；]{0,24}$"
)


def extract(reading: Reading) -> Iterator[Claim]:
    """Claims of all sentences that name a group, or go on about the groups named before them."""
    claims = list(_read_all(reading))
    of_region = {_kernel(claim.object.name) for claim, _ in claims if claim.subject.type is EntityType.REGION}
    for claim, led in claims:
        if not (led and any(_kernel(claim.object.name).endswith(name) for name in of_region)):
            yield claim  # but whoever leads a group that its region set up is a member only


def _kernel(name: str) -> str:
    """A group's name without the words that come and go: 装备制造职教集团, 装备制造职业教育集团."""
    return re.sub(r"职业教育|职教|教育|行业|产教融合|市域|产教|[“”]", "", name)


def _read_all(reading: Reading) -> Iterator[tuple[Claim, bool]]:
    """Each claim, and whether it says that a school hosts a group only because the school leads it."""
    last: tuple[Mention, ...] = ()
    block = -1
    for sentence in reading.fact_sentences:
        if sentence.block != block:
            if sentence.block != block + 1 or not _GOES_ON.match(sentence.text):
                last = ()
            block = sentence.block
        groups = [m for m in reading.mentions.within(sentence.span) if m.type in GROUP_TYPES]
        if groups or last:
            shape = draw_shape(reading, sentence, last)
            told = list(find_memberships(reading, shape, last))
            for each in told:
                yield from _claim_membership(reading, sentence, each)
            founded = list(find_founding_regions(reading, shape))
            for region, group, year in founded:
                yield _claim(reading, sentence, region, Predicate.HOSTS_GROUP, group, {}, year), False
            members = {(each.member.name, each.group.name) for each in told}
            led = {each.group.name for each in told if each.role == "牵头"}
            hosted = {group.name for _, group, _ in founded}
            for index, group in enumerate(groups):
                for claim, weak in _read_group(reading, sentence, group, groups, index, group.name in led):
                    if (claim.subject.name, group.name) not in members and not (
                        claim.predicate is Predicate.HOSTS_GROUP and group.name in hosted
                    ):
                        yield claim, weak
        last = tuple(groups) or last


def _claim_membership(reading: Reading, sentence: Sentence, told: Membership) -> Iterator[tuple[Claim, bool]]:
    role = {"role": told.role} if told.role else {}
    yield _claim(reading, sentence, told.member, Predicate.MEMBER_OF, told.group, role, told.year, True), False
    if told.role == "牵头" and told.member.type is EntityType.SCHOOL:
        # a company leads as a member; hosts are schools and regions
        yield (
            _claim(reading, sentence, told.member, Predicate.HOSTS_GROUP, told.group, {}, told.year),
            not told.founds,
        )


def _read_group(
    reading: Reading, sentence: Sentence, group: Mention, groups: list[Mention], index: int, led: bool
) -> Iterator[tuple[Claim, bool]]:
    """What stands before a group: who leads it, founds it, joins it; and a role right after it."""
    clause = reading.clause_of(sentence, group.span.start)
    left = reading.text_of(Span(clause.start, group.span.start))
    right = reading.text_of(Span(group.span.end, max(group.span.end, clause.end)))
    part = reading.text_of(reading.comma_part(sentence, group.span.start))
    if reading.is_plan(part) or reading.is_plan(left[-30:]) or is_not_yet(part + right[:12]):
        return
    # where the list of groups begins: "是A集团、B集团、C集团的会员单位"
    first, last = _run_of(reading, sentence, group)
    left_of_run = reading.text_of(Span(clause.start, first.span.start))
    right_of_run = reading.text_of(Span(last.span.end, max(last.span.end, clause.end)))
    previous = max((g.span.end for g in groups if g.span.end <= group.span.start), default=clause.start)
    before = Span(max(clause.start, previous), group.span.start)
    leaders, founds = ([], False) if led else _leaders(reading, sentence, group, before, right)
    for leader in leaders:
        yield _claim(reading, sentence, leader, Predicate.MEMBER_OF, group, {"role": "牵头"}), False
        if leader.type is EntityType.SCHOOL:
            yield _claim(reading, sentence, leader, Predicate.HOSTS_GROUP, group, {}), not founds
    named = {leader.name for leader in leaders}
    for member in _members(reading, sentence, left_of_run, right_of_run, clause, first):
        if member[0].name not in named:
            yield _claim(reading, sentence, member[0], Predicate.MEMBER_OF, group, {"role": member[1]}), False
    if region := _founding_region(reading, sentence, left):
        yield _claim(reading, sentence, region, Predicate.HOSTS_GROUP, group, {}), False
    elif not led and not leaders and (host := _host(reading, sentence, group, left_of_run, left, right)):
        yield _claim(reading, sentence, host, Predicate.HOSTS_GROUP, group, {}), False


def _claim(
    reading: Reading,
    sentence: Sentence,
    subject: Mention,
    predicate: Predicate,
    group: Mention,
    qualifiers: dict,
    year: int | None = None,
    told: bool = False,
) -> Claim:
    if year is None and sentence.span.covers(group.span):
        opening = sentence.text[: group.span.end - sentence.span.start + 5]  # 某集团2016年由……成立
        years = re.findall(r"(?<!\d)((?:19|20)\d\d)年", sentence.text)
        if not years or re.search(rf"(?<!\d){years[0]}", opening) or (len(set(years)) == 1 and not told):
            year = reading.year_before(sentence, group.span.start)
    if year:
        qualifiers = {**qualifiers, "year": year}
    return Claim(subject, predicate, group, reading.evidence(sentence, subject.span, group.span), qualifiers, NAME)


def _run_of(reading: Reading, sentence: Sentence, group: Mention) -> tuple[Mention, Mention]:
    for item in reading.mentions.lists_within(sentence.span):
        if group in item.members:
            return item.members[0], item.members[-1]
    return group, group


def _leaders(
    reading: Reading, sentence: Sentence, group: Mention, before: Span, right: str
) -> tuple[list[Mention], bool]:
    """Who leads the group that follows, and whether they founded it: "由X牵头的G", "X牵头组建G", "X与Y共同发起G"."""
    left = reading.text_of(before)
    if "前者" in left or "后者" in left:
        return [], False
    if found := _LED_BY.search(left):
        span = Span(before.start + found.start(1), before.start + found.end(1))
        founds = "发起" in found.group() or bool(re.search(r"组建|成立|创建|发起", left[found.end() :]))
        named = _organisations(reading, span)
        return named or ([*reading.antecedent(sentence)] if PRONOUN.search(found.group(1)) else []), founds
    leads = _LEADS.search(left)
    if leads or re.match(r"(?:的)?(?:牵头|理事长|发起)(?:单位|院校|学校)", right):
        founds = bool(leads and re.search(r"组建|成立|创建|发起|构建|打造", leads.group()))
        named = _organisations(reading, Span(sentence.span.start, group.span.start))
        if named:
            joined = [m for m in named if m.span.end >= before.start] or named
            return joined[-3:] if len(joined) <= 3 else joined[:1], founds
        return [m for m in reading.subjects_before(sentence, group.span.start) if m.type is EntityType.SCHOOL], founds
    return [], False


def _organisations(reading: Reading, span: Span) -> list[Mention]:
    return [m for m in reading.mentions.within(span) if m.type in PARTNER_TYPES or m.type is EntityType.SCHOOL]


def _members(
    reading: Reading, sentence: Sentence, left: str, right: str, clause: Span, first: Mention
) -> Iterator[tuple[Mention, str]]:
    """Who joins the group that follows: "甲校加入G", "甲校、乙公司是G的理事单位"."""
    later = re.match(
        r"[，,](?:并|并且|现|且)?(?:担任|任|为|是|成为|当选)(?:该|其)?[^，。；]{0,6}?(?P<role>副?(?:常务)?(?:副)?(?:理事长|理事|会员|成员|牵头))",
        right,
    )
    role = (
        role_of(later.group("role"))
        if later
        else role_of(right[:16])
        if re.match(r"[”\"]?(?:的)?(?:副|首批|核心|重要)?(?:常务|副)?(?:成员|会员|理事|牵头|参与|发起|共建)", right)
        else ""
    )
    left = left[left.rfind("：") + 1 :] if "：" in left else left
    shift = clause.start if len(left) == first.span.start - clause.start else first.span.start - len(left)
    joins = _last_join(left)
    if not role and not (joins and re.match(r"加入|参加|参与|加盟|融入|成为", joins.group(0))):
        return
    before_join = joins.start() if joins else len(left)
    near = [
        m
        for m in _organisations(reading, Span(clause.start, first.span.start))
        if shift <= m.span.start <= shift + before_join
    ]
    if re.search(r"(?:将|把)[^，。；]{2,30}(?:设立|列|吸[收纳]|纳入|确定)", left):
        target = re.search(r"(?:将|把)", left)
        near = [m for m in near if target and m.span.start >= shift + target.end()]
    acts = shift + before_join if joins else first.span.start
    subjects = _last_run(reading, near) or list(reading.subjects_before(sentence, acts))
    for subject in subjects:
        yield subject, role or "成员"


def _last_join(text: str) -> re.Match[str] | None:
    """The last verb of joining before the group, where none of 由…牵头 stands between it and its subject."""
    found = [
        m
        for m in _JOIN_VERB.finditer(text)
        if not re.search(r"[，。；]", text[m.end() :][:90]) and len(text) - m.end() <= 90
    ]
    strong = [m for m in found if re.match(r"加入|参加|参与|加盟|融入", m.group(0))]
    return (strong or found)[-1] if found else None


def _last_run(reading: Reading, mentions: list[Mention]) -> list[Mention]:
    """The last of the mentions with those that stand in one list with it."""
    if not mentions:
        return []
    for item in reading.mentions.lists:
        if mentions[-1] in item.members:
            return [m for m in mentions if m in item.members]
    return mentions[-1:]


def _founding_region(reading: Reading, sentence: Sentence, left: str) -> Mention | None:
    """The region that the sentence says founded the group: "某市统筹成立甲集团；又成立乙集团"."""
    if reading.region is None or not re.search(
        r"(?:统筹|正式|联合|推动)?(?:成立|组建|建立|打造|组织成立)(?:了)?[“]?$", left
    ):
        return None
    name = re.escape(reading.region.name)
    founds = rf"(?:^|[，。；：月年日底初])(?:{name}|[我全本][市县区旗州])(?:人民政府)?(?:统筹|正式|牵头|联合|又|共)*(?:成立|组建|建立)"
    if re.search(founds + r"(?:了)?[“]?$", left):
        return reading.region
    again = re.search(r"(?:^|，)又(?:成立|组建|建立)(?:了)?[“]?$", left)
    return reading.region if again and re.search(founds, sentence.text) else None


def _host(
    reading: Reading, sentence: Sentence, group: Mention, left_of_run: str, left: str, right: str
) -> Mention | None:
    founded = _FOUND.search(left_of_run) or _FOUND.search(left)
    if not founded and not re.match(r"(?:正式)?(?:揭牌)?成立", right):
        return None
    if reading.is_city_wide(sentence) and reading.region is not None:
        return reading.region
    subjects = reading.subjects_before(sentence, group.span.start)
    if subjects:
        return subjects[0] if len(subjects) == 1 else None
    return reading.region if reading.owner is None else None
