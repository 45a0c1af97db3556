"""memberOf and hostsGroup: 职教集团, 专业联盟, 产教融合共同体, 产教联合体."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.cells import role_of
from extractors.reading import PRONOUN, Reading, Sentence
from kg.model import GROUP_TYPES, PARTNER_TYPES, Claim, EntityType, Enumeration, Mention, Predicate, Span

NAME = "groups"

_JOIN_VERB = re.compile(
    r"(?:加入|参加|参与|加盟|入选|融入|成为|作为|是|当选|任|为|担任|进入|列入|吸纳为|设立为|列为|吸收为|在)(?:了|到)?"
)
_COMPOSED = re.compile(
    r"^[，,]?(?:已|现|现已|目前|共|由|主要)*(?:涵盖|包括|包含|吸纳|汇聚|覆盖|联合|集聚|吸引|聚集|由|有|拥有|成员(?:单位)?(?:包括|有|：))"
)
_FOUND = re.compile(
    r"(?:成立|组建|组建成立|创建|构建|建立|发起|牵头组建|牵头成立|建成|筹建成立|新组建|联合组建|共同组建|打造|搭建|组成)(?:了)?[^，。；]{0,30}$"
)
_LED_BY = re.compile(r"(?:由|以)([^，。；]{2,60}?)(?:联合)?(?:牵头|发起|为(?:龙头|理事长|牵头)|担任理事长)")


def extract(reading: Reading) -> Iterator[Claim]:
    """Claims of all sentences that name a group."""
    last: list[Mention] = []
    block = -1
    for sentence in reading.fact_sentences:
        if sentence.block != block:
            last, block = [], sentence.block
        yield from _read_roles(reading, sentence, last)
        if named := [m for m in reading.mentions.within(sentence.span) if m.type in GROUP_TYPES]:
            last = named
        groups = [m for m in reading.mentions.within(sentence.span) if m.type in GROUP_TYPES]
        for index, group in enumerate(groups):
            yield from _read_group(reading, sentence, group, groups, index)


_ROLE_PHRASE = re.compile(
    r"(?:于?(?:今年|去年|当年|本年度?|(?:19|20)\d\d年)(?:初|底)?(?:\d{1,2}月)?|新|正式|先后|也|均|都|分别|一并|共同|相继|同|随后|陆续|后|新近)*(?:(?:为|担任|任|是|系|被吸[收纳]为|被吸纳为|成为|当选为?|列为|被列为|作为)(?:该|其|首批)?(?P<kind>集团|联盟|共同体|联合体)?(?:的)?(?P<role>副?(?:常务)?(?:副)?(?:理事长|理事|成员|会员|参与|牵头|发起|盟主))(?:单位|院校|学校|企业|高校)?|(?P<joins>加入|参与)(?:其中|该(?:集团|联盟|共同体|联合体))?(?=[，。；]|$))"
)
_TAKES_IN = re.compile(
    r"^[，,]?(?:也|还|又|新|先后|并)*(?:吸收|吸纳|接纳|增补|推选|选举|聘任)(?:了)?(?P<who>[^，。；]{2,40}?)(?:为|作为|担任)(?:其|首批)?(?P<role>副?(?:常务)?(?:副)?(?:理事长|理事|成员|会员))"
)
_THEN_ROLE = re.compile(
    r"^[^。；]{0,24}?[，,](?:我校|学校|该校|本校)(?:当选|担任|成为|任|为|是|作为|被推选为|被选为|获选)(?:为)?(?:该?(?:集团|联盟|共同体|联合体)|其|首批|首届)?(?:的)?(?P<role>副?(?:常务)?(?:副)?(?:理事长|理事|成员|会员|参与|牵头))"
)
_ON_THE_LIST = re.compile(
    r"^(?:的)?(?:首批|现有|第一批)?(?:成员|会员|理事|参与)?(?:单位)?(?:名单|名录|行列|之列)?(?:中|里|内)?[，,](?P<who>[^，。；]{2,60}?)(?:均|都|双双|也|同时|一同|榜上)*(?:在列|在内|名列其中|都在其中|入列|在其中|有名)"
)
_MEMBERS_ARE = re.compile(
    r"(?:(?:主要|首批|现有)?(?P<role>常务理事|理事|成员|会员|参与)(?:单位|企业|院校|学校)?(?:主要|目前|现)?(?:有|包括|为|涵盖|：|:))[“”]?$"
)


def _read_roles(reading: Reading, sentence: Sentence, last: list[Mention]) -> Iterator[Claim]:
    """Members told beside their group: "A、B为理事单位", "成员有A、B", with the group in the same or the last sentence."""
    own = [m for m in reading.mentions.within(sentence.span) if m.type in GROUP_TYPES]
    if last and not own:
        yield from _read_leaders_of_last(reading, sentence, last)
    for item in reading.mentions.lists_within(sentence.span):
        members = [m for m in item.members if m.type in PARTNER_TYPES or m.type is EntityType.SCHOOL]
        if not members:
            continue
        clause = reading.clause_of(sentence, item.span.start)
        right = reading.text_of(Span(min(item.span.end, clause.end), clause.end))
        left = reading.text_of(Span(clause.start, item.span.start))
        after = _ROLE_PHRASE.match(right) or _ROLE_PHRASE.match(re.sub(r"^（[^（）]*）", "", right))
        before = _MEMBERS_ARE.search(left)
        if not after and not before:
            continue
        if reading.is_plan(reading.text_of(reading.comma_part(sentence, item.span.start))):
            continue
        found = after or before
        assert found is not None
        # the group may stand right after the role ("是A集团的成员"): that is read with the group itself
        if (
            after
            and any(clause.covers(m.span) and m.span.start >= item.span.end for m in own)
            and not any(clause.covers(m.span) and m.span.end <= item.span.start for m in own)
        ):
            continue
        group = _group_of(item, own, last, left, (after.groupdict().get("kind") or "") if after else "")
        if group is None:
            continue
        role = role_of(found.group("role") or "") or "成员"
        for other in reading.mentions.lists_within(sentence.span):  # "甲学校与A公司为理事单位": parted by 与
            between = (
                reading.text_of(Span(other.span.end, item.span.start)) if other.span.end <= item.span.start else ""
            )
            if after and re.fullmatch(r"(?:（[^（）]*）)?(?:与|和|及|同)", between):
                members = [
                    *(m for m in other.members if m.type in PARTNER_TYPES or m.type is EntityType.SCHOOL),
                    *members,
                ]
        for member in members:
            yield _claim(reading, sentence, member, Predicate.MEMBER_OF, group, {"role": role})
            if role == "牵头" and member.type is EntityType.SCHOOL:
                yield _claim(reading, sentence, member, Predicate.HOSTS_GROUP, group, {})


def _read_leaders_of_last(reading: Reading, sentence: Sentence, last: list[Mention]) -> Iterator[Claim]:
    """ "前者由甲学院牵头；后者由乙学院牵头": the groups stand in the sentence before."""
    for found in _LED_BY.finditer(sentence.text):
        left = sentence.text[: found.start()]
        former, latter = left.rfind("前者"), left.rfind("后者")
        if len(last) > 1 and former < 0 and latter < 0:
            continue
        group = last[-1] if latter > former else last[0]
        start = sentence.span.start
        if reading.is_plan(reading.text_of(reading.comma_part(sentence, start + found.start()))):
            continue
        for leader in _organisations(reading, Span(start + found.start(1), start + found.end(1))):
            yield _claim(reading, sentence, leader, Predicate.MEMBER_OF, group, {"role": "牵头"})
            if leader.type is EntityType.SCHOOL:  # a company leads as a member; hosts are schools and regions
                yield _claim(reading, sentence, leader, Predicate.HOSTS_GROUP, group, {})


def _group_of(item: Enumeration, own: list[Mention], last: list[Mention], left: str, kind: str) -> Mention | None:
    """The group that a list of members belongs to: the last one before it, by 前者/后者, or by its kind (集团, 联盟)."""
    before = [m for m in own if m.span.end <= item.span.start]
    candidates = before or last
    if not candidates:
        return None
    if re.search(r"前者", left) and len(last) >= 2:
        return last[0]
    if re.search(r"后者", left) and len(last) >= 2:
        return last[-1]
    if kind:
        fitting = [m for m in [*last, *before] if m.name.endswith(kind)]
        return fitting[-1] if fitting else None
    return candidates[-1] if len(candidates) == 1 or before else None


def _read_group(
    reading: Reading, sentence: Sentence, group: Mention, groups: list[Mention], index: int
) -> Iterator[Claim]:
    clause = reading.clause_of(sentence, group.span.start)
    left = reading.text_of(Span(clause.start, group.span.start))
    right = reading.text_of(Span(group.span.end, max(group.span.end, clause.end)))
    part = reading.text_of(reading.comma_part(sentence, group.span.start))
    if reading.is_plan(part) or reading.is_plan(left[-30:]):
        return
    # where the list of groups begins: "是A集团、B集团、C集团的会员单位"
    first, last = _run_of(reading, sentence, group)
    left_of_run = reading.text_of(Span(clause.start, first.span.start))
    right_of_run = reading.text_of(Span(last.span.end, max(last.span.end, clause.end)))
    previous = max((g.span.end for g in groups if g.span.end <= group.span.start), default=clause.start)
    leaders = _leaders(reading, sentence, group, Span(max(clause.start, previous), group.span.start), right)
    for leader in leaders:
        yield _claim(reading, sentence, leader, Predicate.MEMBER_OF, group, {"role": "牵头"})
        if leader.type is EntityType.SCHOOL:
            yield _claim(reading, sentence, leader, Predicate.HOSTS_GROUP, group, {})
    named = {leader.name for leader in leaders}
    for member in _members(reading, sentence, group, left_of_run, right_of_run, clause, first):
        if member[0].name not in named:
            yield _claim(reading, sentence, member[0], Predicate.MEMBER_OF, group, {"role": member[1]})
    if region := _founding_region(reading, sentence, left):
        yield _claim(reading, sentence, region, Predicate.HOSTS_GROUP, group, {})
    elif not leaders and (host := _host(reading, sentence, group, left_of_run, left, right)):
        yield _claim(reading, sentence, host, Predicate.HOSTS_GROUP, group, {})


def _claim(
    reading: Reading, sentence: Sentence, subject: Mention, predicate: Predicate, group: Mention, qualifiers: dict
) -> Claim:
    if year := reading.year_before(sentence, group.span.start):
        qualifiers = {**qualifiers, "year": year}
    return Claim(subject, predicate, group, reading.evidence(sentence, subject.span, group.span), qualifiers, NAME)


def _run_of(reading: Reading, sentence: Sentence, group: Mention) -> tuple[Mention, Mention]:
    for item in reading.mentions.lists_within(sentence.span):
        if group in item.members:
            return item.members[0], item.members[-1]
    return group, group


def _leaders(reading: Reading, sentence: Sentence, group: Mention, before: Span, right: str) -> list[Mention]:
    """Who leads the group: "由X牵头的G", "X牵头组建G", "G由X牵头"."""
    left = reading.text_of(before)
    if "前者" in left or "后者" in left:
        return []
    if found := _LED_BY.search(left):
        span = Span(before.start + found.start(1), before.start + found.end(1))
        return _organisations(reading, span) or (
            [*reading.antecedent(sentence)] if PRONOUN.search(found.group(1)) else []
        )
    if found := re.match(
        r"(?:[，,]?[^，。；]{0,6}|[^，。；]{0,10}[，,](?:该|此)(?:集团|联盟|共同体|联合体))" + _LED_BY.pattern, right
    ):
        span = Span(group.span.end + found.start(1), group.span.end + found.end(1))
        return _organisations(reading, span) or (
            [*reading.antecedent(sentence)] if PRONOUN.search(found.group(1)) else []
        )
    if re.search(r"牵头(?:组建|成立|建设|组织|打造|发起|创建|构建)?(?:了|的)?[^，。；]{0,24}$", left) or re.match(
        r"(?:的)?(?:牵头|理事长|发起)(?:单位|院校|学校)", right
    ):
        if named := _organisations(reading, Span(sentence.span.start, group.span.start)):
            joined = [m for m in named if m.span.end >= before.start] or named
            return joined[-3:] if len(joined) <= 3 else joined[:1]
        return [m for m in reading.subjects_before(sentence, group.span.start) if m.type is EntityType.SCHOOL]
    return []


def _organisations(reading: Reading, span: Span) -> list[Mention]:
    return [m for m in reading.mentions.within(span) if m.type in PARTNER_TYPES or m.type is EntityType.SCHOOL]


def _members(
    reading: Reading, sentence: Sentence, group: Mention, left: str, right: str, clause: Span, first: Mention
) -> Iterator[tuple[Mention, str]]:
    if _COMPOSED.match(right):
        for item in reading.mentions.lists_within(Span(group.span.end, max(group.span.end, clause.end))):
            if _ROLE_PHRASE.match(reading.text_of(Span(min(item.span.end, clause.end), clause.end))):
                continue  # told with its own role: "甲、乙为理事单位"
            for member in item.members:
                if member.type in PARTNER_TYPES or member.type is EntityType.SCHOOL:
                    yield member, "成员"
        return
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
    if told := _TAKES_IN.match(right) or _ON_THE_LIST.match(right):
        at = first.span.start + (clause.end - first.span.start - len(right))
        span = Span(at + told.start("who"), at + told.end("who"))
        for member in _organisations(reading, span):
            yield member, role_of(told.groupdict().get("role") or "") or "成员"
        return
    if then := _THEN_ROLE.match(right):
        for member in reading.antecedent(sentence):
            yield member, role_of(then.group("role")) or "成员"
        return
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
