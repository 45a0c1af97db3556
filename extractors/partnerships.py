"""partnersWith and collaboratesWith in running text.

A list of names is read by the word before it and the words after it: "与A、B签订…", "依托A共建…", "到A实习",
"A在我校设立订单班", "合作企业有A、B". The school that acts is named before, or 学校, or understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.modes import find_modes
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
from kg.names import begins_with_place, is_generic, type_of_name
from kg.reference_data import load_companies

NAME = "partnerships"

_FILL = r"(?:了)?(?:[^，。；：！？、与和同]{0,14}?(?:企业|公司|单位|园区|机构|老字号|品牌|高校|院校|学校|医院|集团|地区|地|内|等|的|市|省|县|区))?[“\"《（(]?$"
_WITH = re.compile(
    rf"(?:援助|受托管理|托管|代管|对口帮扶|对口支援|帮扶|支援|结对|与|和|同(?!时)|跟|携手|联合|会同|联手|牵手|对接|牵线|会|联姻|结对){_FILL}"
)
# A list goes on after something that is no name: 与某大学某教授团队、A公司
_WITH_BEFORE = re.compile(r"(?:与|同|跟|联合|携手)[^，。；：！？]{2,80}、$")
_RELY = re.compile(rf"(?:依托|借助|利用|引进|引入|引企|吸引|邀请|聘请|走进|借力|整合){_FILL}")
_TO = re.compile(
    rf"(?:分在|分到|去了|搬进|搬到|去往|分流到|放在|设在|到|赴|在|前往|进入|深入|分赴|进驻|派往|送往|走进|奔赴|去|入){_FILL}"
)
_COLON = re.compile(
    r"(?:合作|引进|入驻|签[订署约]|共建|对接|企业|单位|医院|项目)[^。；：]{0,24}[：:]$|专业(?:[—\-－]{1,3}|：|:)$"
)
_LABEL = re.compile(
    r"(?:合作(?:企业|单位|伙伴|医院|院校|方)|实习(?:企业|单位|基地|医院)|实训基地|就业(?:企业|单位|基地)|签约(?:企业|单位)|共建(?:企业|单位)|用人单位|订单(?:企业|单位)|(?:依托|支持|对接|承担|协作)(?:企业|单位)|合作对象|合作办学单位|教学医院|见习基地|实践基地|校企合作单位)"
    r"(?:主要|目前|现|分别|已|达\d+家)*(?:[，,])?(?:有|为|是|包括|涵盖|如|：|:)+[“\"]?$"
)
_COOP = re.compile(
    r"合作|共建|共同|共享|共育|联合(?!会|体|大学|国)|签[订署约]|协议|订单|冠名|学徒|建立|建设|建成|搭建|成立|组建|设立|开设|开办|开展|达成|形成|构建|实习|实训|见习|基地|对接|协同|联办|互聘|开发|研发|培养|合办|办学|贯通|衔接|帮扶|结对|入驻|落户|引进|举办|打造|探索|尝试|承接|互派|互通|生产|加工|支援|挂牌|培训|设计|改造|推进|推行|实施|联动|牵手|试点|结为|结成|合编|选育|攻关|互换|一起|一道|合办|共管|联手|排课|签下|编[写了]|实行|办学|结成|合建|五年|一贯制|试行|商定"
)
_ONLY_TALK = re.compile(r"交流|座谈|洽谈|研讨|会谈|会见|论坛|会议|签约仪式(?!.{0,20}合作)")
# What is over, told anywhere in the clause: 曾与某厂合办车间，早已关停.
_ENDED = re.compile(
    r"关停|已(?:经)?(?:停产|停办|结束|中止|中断|终止|解散)|后来中断|没有再续|不再续|未再续|因[^，。；]{0,12}(?:中止|终止|中断)"
)
_PRACTICE = re.compile(r"实习|见习|跟岗|顶岗|实践|锻炼|挂职|实训|就业|学徒|工学交替|轮岗|培训|上岗|教学")
_PEOPLE = re.compile(r"学生|教师|名|毕业生|师生|学员|班|人|学徒|专业")
_AS_OWNER = re.compile(
    r"(?:入驻|落户|进驻|走进)(?:了)?(?:我|学校|该校|本校|校园|[^，。；]{0,12}(?:学校|学院|职教中心|中心|中专|职[教中校高]|校区|园区|基地|市|县|区))"
    r"|(?:先后|已|相继|分别|正式)?(?:在|为|向|与|和|同|到|来|把|将|给)(?:我校|学校|该校|本校|学院|校内|我院|我市|全市|全省|我县|我区|各学校|校|学生|[^，。；]{2,22}?(?:学校|学院|职教中心|教育中心|中专|职[教中校高]|技校|[一二三四]职|专业))"
    r"|由(?:我校|学校|该校|本校)(?:负责)?(?:对口)?(?:援建|帮扶|支援|托管)"
    r"|成为(?:我校|学校|该校|本校|[^，。；]{0,14})(?:的)?[^，。；]{0,14}(?:基地|企业|单位|伙伴)|(?:是|作为|为)(?:我校|学校|该校|本校)[^，。；]{0,20}(?:基地|合作企业|合作单位|合作伙伴)"
    r"|接[收纳](?:了)?(?:我校|学校|该校)?[^，。；]{0,14}(?:学生|实习)|承担(?:我校|学校|该校)?[^，。；]{0,14}(?:实习|教学|实训)|投资[^，。；]{0,24}(?:建|设|打造)[^，。；]{0,16}(?:实训|基地|学校|校内|我校|工坊|车间|学院|中心|班)|捐建|与[^，。；]{2,24}(?:合作|签[订署约]|共建|开展|开办|联合|达成)|提供[^，。；]{0,16}(?:实习|岗位)|共建|共同|联合(?!会)"
)
# A firm at the beginning of a clause that does something for the school's students or courses.
_SERVES = re.compile(
    r"(?:则|还|也|均|先后|每年|每学期|长期|定期|分别|共同|又|在[^，。；]{0,8})*[^，。；]{0,14}?(?:接[收纳]|承担|选派|派出|派驻|派|冠名|提供|合编|设立|开设|开出|组建|委托|受聘|担任|出资|捐建|参与|投入|安排|吸纳|录用|招收|培养|聘请(?=学校|我校)|迁入校|搬[进入]校)"
    r"(?=[^。；]{0,50}(?:学生|学员|专业|我校|学校|学徒|班|校内|来校|到校|课程|岗位|实习|跟岗|教材|导师|实训|教学))"
)
_RESPECTIVELY = re.compile(r"分别|各自|依次|[各]$|各接")
_DONATION = re.compile(r"捐赠|捐款|赞助|资助|奖学金|助学金|慰问")
_ORDER_AT_SCHOOL = re.compile(
    r"授课|轮训|培训班|放在|结为|结成|结对|姊妹|友好|帮扶|支教|援建|托管|互访|设立|开设|开办|组建|建立|成立|设|建|捐建|接[收纳]|承担|派|冠名|合编|委托|受聘|担任|出资|参与|安排|吸纳|培养|跟岗|顶岗|导师|教学|投资|安装|提供|培养|派|订单|合作|共建|开展|实施|定向|招聘|打造|承接|入驻|落户|进驻"
)
_MEDIA = re.compile(
    r"(?:日报|晚报|晨报|时报|画报|电视台|新闻网|教育报|融媒体中心|广播|新闻|出版社|杂志社|公众号|中国教育|网|卫视)$|^(?:新浪|搜狐|网易|腾讯|抖音|快手|新华社|人民网|光明)$"
)
_SOFTWARE = re.compile(
    r"^(?:软件|系统|平台|APP|杯|ERP|云|会议|课堂|直播|微课|学习通|财务|智慧|数控系统|机器人编程|PLC|触摸|一体机|品牌|牌)"
)
_PUBLIC_ORDER = re.compile(
    r"公安|消防|交警|派出所|法院|检察|司法|综治|应急|疾控|城管|市场监管"
)  # a school's safety, not its teaching
_SUPERVISOR = re.compile(
    r"教育(?:和?体育|体育|科技)?[局厅部]|教育委员会|教委|人社[局厅部]|人力资源和?社会保障[局厅部]|财政[局厅部]|人民政府|党委|组织部|宣传部|发改|政府$|审计|统计"
)
_EXPERT = re.compile(
    r"^(?:的|党委|副)?(?:副?教授|院长|校长|副院长|副校长|专家|博士|研究员|院士|书记|主席|会长|处长|科长|局长|厅长|董事长|总经理|经理|党支部)"
)
_THROUGH = re.compile(
    r"贯通|联合(?:举办|开设|开办)|[“\"]?\d\s*\+\s*\d|三二|五年一贯|五年制|中高职|中本|高本|衔接|长学制|分段|联合办学|合作办学|联办|合办|联合招生|联合培养|对口|帮扶|支援|支教|协作|结对|手拉手|友好学校|姊妹|牵手|合作(?!企业|社|单位)|共建|共同|协议|签[订署约]|一体化|订单|共享|互派|互聘|建设|对子|结为|送教|支教|援建|援助|管理|合建|托管|合办|互访|互认"
)


# What a school and an organisation named in one clause do together, in whatever words the clause joins them ("设备是某公司
# 投的，课也由它上"): asked last, when no form of a list fits.
_BESIDE = re.compile(
    r"实习|见习|跟岗|顶岗|学徒|订单|冠名|定向(?:培养|输送|招生)|共[建管育]|合办|合编|合作|协作|联手|联合(?!会|体|大学|国|收割)|牵手|携手|一起|一道|协议|产业学院"
    r"|(?:授课|讲课|任教|代课|上课|上[^，。；]{0,4}课|讲[^，。；]{0,8}课|带徒|带教|坐镇|驻校)|兼职教师|外聘教师|客座教师|产业教授|编[写了][^，。；]{0,12}教材|课程标准|加工|代工|来料"
    r"|(?:生产线|车间|工作室|门店|产线|试模线|设备)[^，。；]{0,14}(?:校|实训)|(?:搬|引|迁|开)[进入到][^，。；]{0,6}(?:校|实训)|入驻|进驻|落户|接[收纳]|承接[^，。；]{0,20}(?:业务|订单|项目|任务)|包揽|优先(?:安排|录用)|录用|吸纳"
    r"|培训[^，。；]{0,12}(?:职工|员工|骨干|人员|工人|学徒)|选育|攻关|研发|改进|工装|排课|合资|引入[^，。；]{0,10}(?:标准|课程|设备|技术)|支持下|(?:投资|出资|投入|投)[^，。；]{0,14}(?:建|设备|实训|基地)|设备[^，。；]{0,4}投的|(?:师傅|技师|工程师|大厨|总厨|护士长|园长|厂长|店长)[^，。；]{0,20}(?:课|授|教|带|导师|指导)"
)
_COOP_STRONG = re.compile(r"协议|共建|合办|实习|见习|跟岗|顶岗|订单|学徒|基地|合作(?:办|建|开)")
_NOT_BESIDE = re.compile(
    r"大赛|竞赛|比赛|杯|获奖|[一二三]等奖|毕业生[^，。；]{0,8}(?:现任|现在|现为|创办)|现任|校友|捐|赠|慰问|中止|终止|解除|到期(?!续)|停止|不再|未能|尚未|采购|中标|供应|承建|监理|保险|责任险|承保|投保|代办|供暖|承印|配送|供货|贷款|论坛|年会|峰会|讲座|宣讲|招聘会|双选会|座谈|会议|洽谈|意向|联系|商谈|接触|考察|参观|走访|调研|访问|演讲|报告会|检查|督导|验收|评估|审计|批复|印发|下发|文件|通知|规定|指出|强调|要求|荣获|授予|评为|认定|表彰|颁发|报道|采访|播出|刊发"
)

_MEMBERSHIP = re.compile(
    r"^(?:均|分别|都|也|先后)?(?:为|担任|任|是|系|被吸[收纳]为|成为|加入|作为)[^，。；]{0,12}(?:理事|成员|会员|牵头|发起|集团|联盟|共同体|联合体)"
)
_MERE_TALK = re.compile(r"参与|参加|毕业于|来自|学习|培训|研修|进修")


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
            if kind not in PARTNER_TYPES or not _BOTH.search(text) or not _BESIDE.search(text):
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
        and _COOP.search(told.group())
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
    if joiner not in ("和", "与") or item.span.start - part.start > 12 or reading.is_plan(reading.text_of(part)):
        return
    if joiner == "和" and re.search(
        r"贯通|五年|3\s*\+|三二|衔接|联合办学|合作办学|结对|对口|签[订署]|互派|互聘", right
    ):
        yield from _claim_schools(reading, sentence, item, schools[1:], (schools[0],), right, "", right)


def _read_list(reading: Reading, sentence: Sentence, item: Enumeration) -> Iterator[Claim]:
    around = reading.text_of(reading.clause_of(sentence, item.span.start))
    partners = [
        m
        for m in item.members
        if m.type in PARTNER_TYPES and (not _MEDIA.search(m.name) or re.search(r"合办|共建|实习|协议|基地", around))
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
    if _ENDED.search(text):
        return
    if re.match(
        r"(?:[两三四五]家|[两三四五]方)?(?:于?(?:19|20)\d\d年(?:\d+月)?)?(?:共同|联合)?(?:牵头|发起|主办|承办|协办)",
        right,
    ):
        return
    if re.search(r"[由以]$", left) and re.match(r"[^，。；]{0,40}(?:牵头|发起|主办|承办)", right):
        return  # they lead a group together
    if _EXPERT.match(right) or _SOFTWARE.match(right) or _MEMBERSHIP.match(right):
        return
    if re.search(
        r"(?:成立|组建|设立|建立|建成)(?:了)?[^，。；]*$", left
    ):  # the school's own: 成立某病检测与防控技术服务中心
        partners = [m for m in partners if not (m.type is EntityType.INSTITUTION and m.name.endswith("中心"))]
    relation = _relate(left, right, text)
    if relation is None:
        return
    role, scope = relation
    subjects = _find_subjects(reading, sentence, item, role, right)
    if role == "beside":
        partners = [m for m in partners if _is_sure(m, text)]
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
        r"送教|支教|帮扶|支援|帮带|驻点|援建", left[-20:] + right[:40]
    )
    if len(subjects) == len(schools) > 1 and "分别" in left[-12:]:
        for subject, school in zip(subjects, schools, strict=True):
            yield from _claim_schools(reading, sentence, item, [school], (subject,), text, left, right)
        return
    if schools and (role in ("with", "label", "class") or with_us or helped):
        yield from _claim_schools(reading, sentence, item, schools, subjects, text, left, right)


_VERB_INSIDE = re.compile(
    r"^(?:进|出|入|到|成为|帮助|承接|生产|特种|创业|实训|生产型|校内|校办|内设)|[两三四五六七八九十][家所个]|队|志愿|承接|帮助|推行|工种"
)


def _is_sure(mention: Mention, text: str) -> bool:
    """True for a partner whose name alone shows that it is one: needed where no form of a list says so."""
    if mention.type is EntityType.GOVERNMENT:
        return bool(re.search(r"合办|共建|协议|一起|联合", text)) and begins_with_place(mention.name)
    if _VERB_INSIDE.search(mention.name) or is_generic(mention.name):
        return False
    return mention.name in load_companies() or type_of_name(mention.name) is mention.type


def _relate(left: str, right: str, text: str) -> tuple[str, str] | None:
    """How the list stands to the school: its role, and the text that tells the mode. None for no partnership."""
    near = left[-40:]
    coming = right[:90]
    visit = bool(VISIT.search(coming[:24]) or VISIT.search(near[-12:]))
    if re.search(r"意向", coming) and not re.search(r"协议|订单|实习|基地(?!意向)", coming):
        return None  # a letter of intent
    if _LABEL.search(near) or _COLON.search(near):
        return "label", text
    if (_WITH.search(near) or _WITH_BEFORE.search(left[-100:])) and not re.search(r"(?:到|赴|在|前往)$", near):
        if _DONATION.search(coming.split("，")[0][:12]):
            return None
        trigger = (
            re.search(r"(?:帮扶|支援|援助|托管|管理|代管|结对|牵手)(?:了)?[“]?$", near)
            or re.search(r"3\s*\+\s*\d|贯通|中高职|五年一贯|联合办学", left)
            or _COOP.search(coming)
            or re.search(r"(?:签[订署]|达成|建立|开展|加强|深化|推进|共同)[^，。；]{0,10}$", _WITH.sub("", near))
        )
        if trigger is None or (visit and not re.search(r"合作|共建|签|协议|基地|订单|实习", coming)):
            return None
        if _ONLY_TALK.search(coming[:14]) and not re.search(r"合作|共建|签[订署约]|协议|基地|订单|实习|培养", coming):
            return None
        return "with", text
    if found := _RELY.search(near):
        if visit:
            return None
        if found.group(0).startswith(("邀请", "聘请")):
            if re.search(r"兼职|任教|担任|授课|导师|指导|承担", coming) and re.search(
                r"技师|工程师|师傅|骨干|技术人员|专家|能手|大师|护士长|医师|教师|导师", coming[:24]
            ):
                return "rely", text
            return None
        if _COOP.search(coming) or found.group(0).startswith(("引进", "引入", "引企")):
            return "rely", text
        return None
    if re.search(r"(?:到|赴|在|前往|去|为|给|向)$", near) and re.match(
        r"(?:[^，。；]{0,6})(?:送教|支教|驻点|帮扶|支援)", coming
    ):
        return "to", text
    if _TO.search(near):
        if visit and not re.search(r"实习|见习|跟岗|顶岗|锻炼|挂职", coming):
            return None
        if _PRACTICE.search(re.sub(r"现场教学|体验教学|参观教学", "", coming[:40])) and (
            _PEOPLE.search(near) or _PEOPLE.search(coming[:20])
        ):
            return "to", text
        if re.search(r"实习|见习|跟岗|顶岗|学徒", left) and re.search(r"\d+\s*(?:余)?[人名]|学生|实习生", near):
            return "to", text
        if re.search(r"(?:设立|建立|建成|挂牌|建有|共建)[^，。；]{0,20}基地", coming[:40]):
            return "to", text
        return None
    if re.match(r"[”\"]?(?:[“\"]?\d\s*\+\s*\d|订单|冠名|长学制|贯通|联合培养|五年)", coming) and re.search(
        r"开办|开设|举办|设立|组建", left[-40:]
    ):
        return "class", text
    lead = re.sub(r"^.*[，。；：:]", "", left)
    if re.search(r"(?:为|向|给|面向)$", near) and re.match(
        r"(?:培训|轮训|在岗职工|职工|员工)?(?:定向|订单式?|联合)?(?:输送|培养|选送|提供(?:技术|培训|人才)|开展[^，。；]{0,10}培训|定制)",
        coming,
    ):
        return "to", text
    if re.match(r"(?:为[^，。；]{0,8})?提供(?:的)?(?:专线|网络|宽带|通信|物业|保安|保洁|后勤|餐饮|保险)", coming):
        return None  # a supplier
    if re.search(r"由$", near) and re.match(r"(?:对口|负责)?(?:帮扶|支援|援建|托管|援助)", coming):
        return "with", text
    if re.match(r"的(?:学生|毕业生)[^。；]{0,30}(?:升入|转入|进入|衔接)(?:到)?(?:我院|我校|学院|学校)", right):
        return "with", text
    if re.search(r"由$", near) and re.match(
        r"(?:独家|共同|全额)?(?:冠名|承担|派|出资|提供|投资|负责|管理|承办)", coming
    ):
        return "owner", text
    if re.search(r"被$", near) and re.match(r"(?:列|确定|选|定)为[^，。；]{0,16}(?:学校|单位|基地)", coming):
        return "with", text
    if (
        re.match(
            r"(?:也|均|都|还)?(?:被列为|作为|是|成为|为)[^，。；]{0,16}(?:结对|帮扶|对口|友好|共建|合作)[^，。；]{0,8}(?:学校|院校|单位)",
            coming,
        )
        and len(lead) <= 14
    ):
        return "with", text
    owner = _AS_OWNER.search(coming)
    if re.search(r"受$", near) and re.match(r"委托", coming):
        return "owner", text
    if len(lead) <= 14 and ((owner and owner.start() <= 16) or _SERVES.match(coming)):
        if _DONATION.search(coming[:40]) and not re.search(r"合作|共建|订单|实习|基地|班[”\"]|上课|授课|驻校", coming):
            return None
        if visit or CONTEST.search(coming[:30]):
            return None
        if not (_ORDER_AT_SCHOOL.search(coming) or re.search(r"基地|实习|合作|共建|共同|联合|签[订署约]", coming)):
            return None
        return "owner", text
    window = left[-30:] + "□" + right[:70]
    if _BESIDE.search(window) and not _NOT_BESIDE.search(window) and not (visit and not _COOP_STRONG.search(window)):
        return "beside", text
    return None


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
        partners = [p for p in partners if not _PUBLIC_ORDER.search(p.name)]
    pairs = [(subject, partner) for subject in subjects for partner in partners]
    if len(subjects) == len(partners) > 1 and _RESPECTIVELY.search(
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
            and _SUPERVISOR.search(partner.name)
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
    if not _THROUGH.search(right[:80]) and not re.search(
        r"帮扶$|支援$|贯通|联合办学|对口|帮扶|结对|合作|3\s*\+|五年|联办|签[订署]|送教|支教|牵手|携手|援助|托管|管理",
        left[-24:],
    ):
        return
    if (
        (_MERE_TALK.search(right[:14]) and "协议" not in right[:16])
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
