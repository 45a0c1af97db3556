"""Members of a group told by their part in it: 甲牵头，乙、丙为理事单位; 成员有丁、戊; 己、庚加入."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.cells import role_of
from extractors.reading import Reading
from extractors.shapes import ASIDE, GROUP, LIST, ORG, Shape, clause_of, part_of
from kg.model import EntityType, Mention
from kg.reference_data import region_names, short_region_name

_ROLE = r"副?(?:常务)?(?:副)?(?:理事长|理事|成员|会员|盟员|参与|牵头|发起|组长|主席|盟主|龙头)"
_BODIES = r"(?:单位|企业|院校|学校|高校|方|校)?"
_TIME = r"(?:于?(?:今年|去年|当年|本年度?|同年|(?:19|20)\d\d年)(?:初|底|末)?(?:\d{1,2}月(?:份)?)?)"
_HOW = rf"(?:{_TIME}|新近|新|正式|先后|也|还|又|均|都|全部|分别|一并|共同|联合|相继|同|随后|陆续|后|则|双双|一道|一同|携手|首批|首次)*"
# what stands after a list of members
_IS = re.compile(
    rf"(?P<how>{_HOW})(?:被推[选举]为|被选为|被吸[收纳]为|被聘为|被列为|当选为?|成为|作为|担任|充任|出任|列为|列入|入列|入选|跻身|任|为|是|系|获选)"
    rf"(?:了)?(?:该|其|首批|首届|第一批)*(?P<kind>集团|联盟|共同体|联合体)?(?:的)?(?P<role>{_ROLE})(?!人)"
)
_LEADS = re.compile(rf"(?P<how>{_HOW})(?:牵头|挂帅|领衔|领头|发起(?!人)|主导|(?:担)?任盟主)")
_JOINS = re.compile(
    rf"(?P<how>{_HOW})(?P<verb>入会|入盟|加盟|加入|参加|参与)(?:了)?(?:其中|[该本]?(?P<kind>集团|联盟|共同体|联合体)|建设|共建|组建|进来)?(?=$|[，。；）])"
    rf"(?:，(?:并)?(?:担任|出任|任|为|是)(?:其)?(?P<role>{_ROLE}))?"
)
_LISTED = re.compile(
    r"(?:均|都|双双|也|同时|一同|全部|皆)*(?:榜上有名|在列|在内|(?:名|位)列其中|在其中|入列|有名|(?:在|位列|名列)(?P<role>成员|会员|理事)?(?:单位)?(?:名单)?(?:之列|之内|其中|之中))"
)
# a last name of the list that nobody knows: 甲、乙以及某某果业为成员
_UNKNOWN = re.compile(r"^(?:、|，?以及|和|与|及)[\u3400-\u9fff]{2,10}?(?=为|任|担任|出任|加入|参加|参与|是)")
# what stands before one
_ARE = re.compile(
    rf"(?:(?P<role>{_ROLE}){_BODIES}{ASIDE}(?P<count>(?:共|现有)?\d+[家所个])?(?:主要|目前|现|首批|均|既|分别|共|则)*(?:有|包括|包含|涵盖|为|是|即|由|含|：)(?:了)?)"
    rf"|(?P<counted>{_ROLE}){_BODIES}(?:共|现有)?\d+[家所个](?=（)"
    rf"|(?P<takes>{GROUP}{ASIDE}[，]?(?:已|现|目前|共|主要|先后)*(?:涵盖|包括|包含|吸纳|汇聚|覆盖|联合|集聚|吸引|聚集|拥有|由|有)(?:了)?)"
    r"|(?P<kind>(?:企业|院校|学校|行业)(?:一方|方面|一侧)?(?:则|还)?(?:有|包括))"
)
_GOES_ON = re.compile(r"(?:也|还|又|另)?(?:有|包括|含)|以及|和|及|、")
_BREAKS = re.compile(
    rf"秘书处|办公室|总部|设在|落户|挂靠|支持|指导|批准|批复|合作|签[订署约]|开展|召开|考察|培训|调研|推荐|{GROUP}"
)
_PERSON = re.compile(
    r"(?:党委|党组)?(?:主要负责人|负责人|主任|书记|校长|院长|局长|经理|总经理|董事长|会长|老师|教师|专家)"
)
_FOUNDS = r"(?:共同|联合|牵头|倡议|发起|组织|的|了|正式|并|、)*(?:组建|成立|建设|组织|打造|创建|构建|筹建|搭建|发起)?(?:了|的|起)?"
_NOT_YET = re.compile(
    r"谋划|择机|征求意见|未挂牌|论证|尚在|审批中|(?:没有|未)(?:获得?)?(?:通过|批准|表决)|未获|被否|提出加入|申请(?:加入|入)|递交"
)


@dataclass(frozen=True, slots=True)
class Membership:
    """What a sentence tells of one organisation and one group; ``founds`` where it says that it set the group up."""

    member: Mention
    group: Mention
    role: str
    year: int | None = None
    founds: bool = False


def is_not_yet(text: str) -> bool:
    """A group that is still planned, or a membership that was refused or only asked for."""
    return bool(_NOT_YET.search(text))


def find_memberships(reading: Reading, shape: Shape, last: tuple[Mention, ...]) -> Iterator[Membership]:
    """Who belongs to which group by this sentence; ``last`` are the groups that the text before it spoke of."""
    if ORG not in shape.text or (GROUP not in shape.text and not last):
        return
    for found in re.finditer(LIST, shape.text):
        part = part_of(shape, found.start())
        told = shape.text[part.start : part.end]
        if reading.is_plan(told) or is_not_yet(told) or _PERSON.match(shape.text, found.end()):
            continue
        cue = _read_cue(shape, found)
        if cue is None:
            continue
        role, kind, year, founds = cue
        groups = _groups_after(shape, found) if kind == GROUP else _groups_for(shape, found, last, kind)
        members = [m for m in shape.mentions(*found.span()) if not m.name.endswith("政府")]
        planned = {group.name for group in groups if _is_planned(reading, shape, group)}
        groups = [group for group in groups if group.name not in planned]
        each = _respective(shape, found, last)
        for index, member in enumerate(members):
            for group in each[index : index + 1] if len(each) == len(members) else groups:
                yield Membership(member, group, role, year, founds)


def _is_planned(reading: Reading, shape: Shape, group: Mention) -> bool:
    """True where the part of the sentence that names the group says that it is to be founded."""
    at = next((at for at, named in shape.named.items() if group in named), None)
    if at is None:
        return False
    part = part_of(shape, at)
    told = shape.text[part.start : part.end]
    return reading.is_plan(told) or is_not_yet(told)


def _read_cue(shape: Shape, found: re.Match[str]) -> tuple[str, str, int | None, bool] | None:
    """Role, kind of group, year, and whether it founded the group, by what stands after or before a list."""
    text = shape.text
    part = part_of(shape, found.start())
    right = _UNKNOWN.sub("", text[found.end() :])
    own = text[part.start : found.start()]
    if (after := _IS.match(right)) and not _group_follows(right[after.end() :], own):
        return role_of(after["role"]), after["kind"] or "", _year_in(after["how"]), False
    if after := _LEADS.match(right):
        founds = bool(re.match(r"(?:共同|联合)*(?:组建|成立|发起|创建|创办)", right[after.end() :]))
        follows = GROUP if _group_follows(right[after.end() :], own) else ""
        return "牵头", follows, _year_in(after["how"]), founds or "发起" in after.group()
    if (after := _JOINS.match(right)) and not own.endswith(("由", "与", "和")):
        return role_of(after["role"] or "成员"), after["kind"] or "", _year_in(after["how"]), False
    if after := _LISTED.match(right.removeprefix("，")):
        role = after["role"] or ("成员" if re.search(r"成员[^，]{0,8}$", text[: found.start()].rstrip("，")) else "")
        return role_of(role), "", None, False
    return _read_cue_before(shape, found)


def _group_follows(right: str, own: str) -> bool:
    """True where the group stands after the verb: 甲牵头成立某集团; 某集团由甲牵头 has it before."""
    found = re.match(rf"(?P<verb>{_FOUNDS})[^，。；]{{0,12}}?{GROUP}", right)
    return bool(found and (found["verb"] or GROUP not in own))


def _read_cue_before(shape: Shape, found: re.Match[str]) -> tuple[str, str, int | None, bool] | None:
    text = shape.text
    clause = clause_of(shape, found.start())
    before = text[clause.start : found.start()]
    if text[: clause.start].endswith("（") and not _ARE.search(before):
        # 成员既有高职（甲、乙），也有中职（丙、丁): the cue stands before the bracket
        before = text[clause_of(shape, clause.start - 1).start : found.start()]
    cues = list(_ARE.finditer(before))
    if not cues:
        return None
    cue = cues[-1]
    first, *more = re.sub(r"（[^（）]*）", "", before[cue.end() :]).split("，")
    if _BREAKS.search(first) or len(first) > 40:
        return None
    for step in more:
        if step and not _GOES_ON.match(step) and not re.fullmatch(LIST, step):
            return None
    if told := cue["role"] or cue["counted"]:
        return (role_of(told), "", None, False) if role_of(told) != "牵头" or not more else None
    return "成员" if cue["takes"] else "", "", None, False


def _groups_for(shape: Shape, found: re.Match[str], last: tuple[Mention, ...], kind: str) -> list[Mention]:
    """The groups that a list of members belongs to: by 前者/后者, the last before it, by its kind, or the one spoken of."""
    text = shape.text
    clause = clause_of(shape, found.start())
    opening = text[clause.start : found.start()]
    before = [mention for at in range(found.start()) if text[at] == GROUP for mention in shape.named[at]]
    former, latter = opening.rfind("前者"), opening.rfind("后者")
    spoken = before if len(before) > 1 else list(last)
    if len(spoken) > 1 and max(former, latter) >= 0:
        return [spoken[-1] if latter > former else spoken[0]]
    if kind:
        fitting = [m for m in [*last, *before] if m.name.endswith(kind)]
        return fitting[-1:]
    if before:
        return before[-1:]
    return list(last) if len({m.name for m in last}) == 1 else []


def _groups_after(shape: Shape, found: re.Match[str]) -> list[Mention]:
    """The list of groups that follows: 甲校牵头成立某集团、某联盟."""
    at = shape.text.index(GROUP, found.end())
    run = re.compile(rf"{GROUP}(?:[、和与及]{GROUP})*").match(shape.text, at)
    return shape.mentions(at, run.end()) if run else []


def _respective(shape: Shape, found: re.Match[str], last: tuple[Mention, ...]) -> list[Mention]:
    """ "上述两个共同体的牵头企业分别是甲和乙": the groups of the text before, one each."""
    if not shape.text[: found.start()].endswith(("分别是", "分别为", "分别由", "依次为", "依次是")):
        return []
    own = [mention for at in range(found.start()) if shape.text[at] == GROUP for mention in shape.named[at]]
    return own or list(last)


def _year_in(text: str) -> int | None:
    found = re.search(r"(?:19|20)\d\d", text)
    return int(found.group()) if found else None


_GOVERNMENT = rf"(?:{ORG}|[省市州县区旗盟](?:委、[省市州县区旗盟])?(?:人民)?政府|[我全本][省市州县区旗盟]|(?<![\u3400-\u9fff])[\u3400-\u9fff]{{2,8}}?[市州县区旗盟])"
_SET_UP = r"(?:成立|组建|建立|设立|发起|创建|打造)"
_BY_GOVERNMENT = (
    re.compile(
        rf"(?<!经)(?P<who>{_GOVERNMENT})(?:依托{ORG}{ASIDE})?(?P<how>[^，。；{ORG}{GROUP}]{{0,16}}?{_SET_UP})(?:了)?[^，。；{ORG}]{{0,6}}?(?={GROUP})"
    ),
    re.compile(
        rf"由(?P<who>{_GOVERNMENT})(?P<how>[^，。；{ORG}{GROUP}]{{0,10}}?(?:主导|统筹|推动|倡导|组织|牵头|批准))，[^。；]{{0,60}}?{_SET_UP}[^，。；{ORG}]{{0,6}}?(?={GROUP})"
    ),
    re.compile(
        rf"{GROUP}[^，。；{ORG}]{{0,8}}?由(?P<who>{_GOVERNMENT})(?P<how>[^，。；{ORG}{GROUP}]{{0,16}}?{_SET_UP})"
    ),
)


def find_founding_regions(reading: Reading, shape: Shape) -> Iterator[tuple[Mention, Mention, int | None]]:
    """Regions whose government set a group up: "州人民政府组建甲集团", "由某市政府主导，……发起甲联合体"."""
    for pattern in _BY_GOVERNMENT:
        for found in pattern.finditer(shape.text):
            region = _region_of(reading, shape, found)
            part = part_of(shape, found.start("who"))
            told = shape.text[part.start : part_of(shape, found.end()).end]
            if region is None or reading.is_plan(told) or is_not_yet(told):
                continue
            at = found.start() if shape.text[found.start()] == GROUP else shape.text.index(GROUP, found.end() - 1)
            run = re.compile(rf"{GROUP}(?:[、和与及]{GROUP})*").match(shape.text, at)
            for group in shape.mentions(at, run.end()) if run else ():
                yield region, group, _year_in(found["how"])


def _region_of(reading: Reading, shape: Shape, found: re.Match[str]) -> Mention | None:
    """The region of a government: that of its name, or the report's own for 市政府, 我市."""
    who = found["who"]
    if who != ORG:
        if len(who) < 3 or who.endswith("政府"):
            return reading.region
        if reading.region is None:
            return None
        named = (reading.region.name, short_region_name(reading.region.name) + who[-1])  # 文山州
        return reading.region if who in named else None
    [government] = shape.named[found.start("who")][:1]
    place = re.sub(r"(?:人民)?政府$|教育(?:和?体育|体育|科技)?局$|教委$|教育委员会$", "", government.name)
    if place == government.name or government.type is not EntityType.GOVERNMENT:
        return None
    if len(place) == 1 or (reading.region is not None and place in reading.region.name):
        return reading.region
    return Mention(government.span, place, EntityType.REGION) if place in region_names() else None
