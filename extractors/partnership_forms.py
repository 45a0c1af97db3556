"""How a list of names stands to a school in a sentence: the word before it and the words after it.

"与A、B签订…", "依托A共建…", "到A实习", "A在我校设立订单班", "合作企业有A、B"; and, when no form fits, what the two do
together in whatever words.
"""

from __future__ import annotations

import re

from extractors.reading import CONTEST, VISIT
from kg.model import EntityType, Mention
from kg.names import begins_with_place, is_generic, type_of_name
from kg.reference_data import load_companies

_FILL = r"(?:了)?(?:[^，。；：！？、与和同]{0,14}?(?:企业|公司|单位|园区|机构|老字号|品牌|高校|院校|学校|医院|集团|地区|地|内|等|的|市|省|县|区|[\u3400-\u9fff]国|越南|老挝|缅甸|柬埔寨|马来西亚|新加坡|印尼|印度尼西亚|菲律宾|俄罗斯|日本|澳大利亚|加拿大|新西兰|[\u3400-\u9fff]{2,4}斯坦|台湾|香港|澳门))?[“\"《（(]?$"
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
COOP = re.compile(
    r"合作|共建|共同|共享|共育|联合(?!会|体|大学|国)|签[订署约]|协议|订单|冠名|学徒|建立|建设|建成|搭建|成立|组建|设立|开设|开办|开展|达成|形成|构建|实习|实训|见习|基地|对接|协同|联办|互聘|开发|研发|培养|合办|办学|贯通|衔接|帮扶|结对|入驻|落户|引进|举办|打造|探索|尝试|承接|互派|互通|生产|加工|支援|挂牌|培训|设计|改造|推进|推行|实施|联动|牵手|试点|结为|结成|合编|选育|攻关|互换|一起|一道|合办|共管|联手|排课|签下|编[写了]|实行|办学|结成|合建|五年|一贯制|试行|商定"
)
_ONLY_TALK = re.compile(r"交流|座谈|洽谈|研讨|会谈|会见|论坛|会议|签约仪式(?!.{0,20}合作)")
# What is over, told anywhere in the clause: 曾与某厂合办车间，早已关停.
ENDED = re.compile(
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
RESPECTIVELY = re.compile(r"分别|各自|依次|[各]$|各接")
_DONATION = re.compile(r"捐赠|捐款|赞助|资助|奖学金|助学金|慰问")
_ORDER_AT_SCHOOL = re.compile(
    r"合办|合建|合编|授课|轮训|培训班|放在|结为|结成|结对|姊妹|友好|帮扶|支教|援建|托管|互访|设立|开设|开办|组建|建立|成立|设|建|捐建|接[收纳]|承担|派|冠名|合编|委托|受聘|担任|出资|参与|安排|吸纳|培养|跟岗|顶岗|导师|教学|投资|安装|提供|培养|派|订单|合作|共建|开展|实施|定向|招聘|打造|承接|入驻|落户|进驻"
)
MEDIA = re.compile(
    r"(?:日报|晚报|晨报|时报|画报|电视台|新闻网|教育报|融媒体中心|广播|新闻|出版社|杂志社|公众号|中国教育|网|卫视)$|^(?:新浪|搜狐|网易|腾讯|抖音|快手|新华社|人民网|光明)$"
)
SOFTWARE = re.compile(
    r"^(?:软件|系统|平台|APP|杯|ERP|云|会议|课堂|直播|微课|学习通|财务|智慧|数控系统|机器人编程|PLC|触摸|一体机|品牌|牌)"
)
PUBLIC_ORDER = re.compile(
    r"公安|消防|交警|派出所|法院|检察|司法|综治|应急|疾控|城管|市场监管"
)  # a school's safety, not its teaching
SUPERVISOR = re.compile(
    r"教育(?:和?体育|体育|科技)?[局厅部]|教育委员会|教委|人社[局厅部]|人力资源和?社会保障[局厅部]|财政[局厅部]|人民政府|党委|组织部|宣传部|发改|政府$|审计|统计"
)
EXPERT = re.compile(
    r"^(?:的|党委|副)?(?:副?教授|院长|校长|副院长|副校长|专家|博士|研究员|院士|书记|主席|会长|处长|科长|局长|厅长|董事长|总经理|经理|党支部)"
)
THROUGH = re.compile(
    r"贯通|联合(?:举办|开设|开办)|[“\"]?\d\s*\+\s*\d|三二|五年一贯|五年制|中高职|中本|高本|衔接|长学制|分段|联合办学|合作办学|联办|合办|联合招生|联合培养|对口|帮扶|支援|支教|协作|结对|手拉手|友好学校|姊妹|牵手|合作(?!企业|社|单位)|共建|共同|协议|签[订署约]|一体化|订单|共享|互派|互聘|建设|对子|结为|送教|支教|援建|援助|管理|合建|托管|合办|互访|互认"
)


# What a school and an organisation named in one clause do together, in whatever words the clause joins them ("设备是某公司
# 投的，课也由它上"): asked last, when no form of a list fits.
BESIDE = re.compile(
    r"实习|见习|跟岗|顶岗|学徒|订单|冠名|定向(?:培养|输送|招生)|共[建管育]|合办|合编|合作|协作|联手|联合(?!会|体|大学|国|收割)|牵手|携手|一起|一道|协议|产业学院"
    r"|(?:授课|讲课|任教|代课|上课|上[^，。；]{0,4}课|讲[^，。；]{0,8}课|带徒|带教|坐镇|驻校)|兼职教师|外聘教师|客座教师|产业教授|编[写了][^，。；]{0,12}教材|课程标准|加工|代工|来料"
    r"|(?:生产线|流水线|车间|工作室|门店|产线|试模线|设备)[^，。；]{0,14}(?:校|实训)|(?:搬|引|迁|开)[进入到][^，。；]{0,6}(?:校|实训)|入驻|进驻|落户|接[收纳]|承接[^，。；]{0,20}(?:业务|订单|项目|任务)|包揽|优先(?:安排|录用)|录用|吸纳"
    r"|培训[^，。；]{0,12}(?:职工|员工|骨干|人员|工人|学徒)|选育|攻关|研发|改进|工装|排课|合资|收购|提供[^，。；]{0,10}(?:坯料|毛料|原料|材料|场地|试验田|设备)|引入[^，。；]{0,10}(?:标准|课程|设备|技术)|支持下|(?:投资|出资|投入|投)[^，。；]{0,14}(?:建|设备|实训|基地)|设备[^，。；]{0,4}投的|(?:师傅|技师|工程师|大厨|总厨|护士长|园长|厂长|店长)[^，。；]{0,20}(?:课|授|教|带|导师|指导)"
)
_COOP_STRONG = re.compile(r"协议|共建|合办|实习|见习|跟岗|顶岗|订单|学徒|基地|合作(?:办|建|开)")
_NOT_BESIDE = re.compile(
    r"大赛|竞赛|比赛|杯|获奖|[一二三]等奖|毕业生[^，。；]{0,8}(?:现任|现在|现为|创办)|现任|校友|捐|赠|慰问|中止|终止|解除|到期(?!续)|停止|不再|未能|尚未|采购|中标|供应|承建|监理|保险|责任险|承保|投保|代办|供暖|承印|配送|供货|贷款|论坛|年会|峰会|讲座|宣讲|招聘会|双选会|座谈|会议|洽谈|意向|联系|商谈|接触|考察|参观|走访|调研|访问|演讲|报告会|检查|督导|验收|评估|审计|批复|印发|下发|文件|通知|规定|指出|强调|要求|荣获|授予|评为|认定|表彰|颁发|报道|采访|播出|刊发"
)

MEMBERSHIP = re.compile(
    r"^(?:均|同|分别|都|也|先后)?(?:为|担任|任|是|系|被吸[收纳]为|成为|加入|作为)[^，。；]{0,12}(?:理事|成员|会员|牵头|发起|集团|联盟|共同体|联合体)"
)
MERE_TALK = re.compile(r"参与|参加|毕业于|来自|学习|培训|研修|进修")


# "从某公司引进数控教师一名": somebody changes employer, the two do nothing together.
_HIRED = re.compile(
    r"(?:[^，。；]{0,6})(?:引进|招聘|招录|调入|选调|录用)(?!兼职)[^，。；]{0,12}(?:教师|人才|技师|师傅|工程师|人员|能手|大师)(?![^，。；]{0,6}兼职)"
)
_VERB_INSIDE = re.compile(
    r"^(?:进|出|入|到|成为|帮助|承接|生产|特种|创业|实训|生产型|校内|校办|内设)|[两三四五六七八九十][家所个]|队|志愿|承接|帮助|推行|工种"
)


def is_sure_partner(mention: Mention, text: str, tabled: frozenset[str]) -> bool:
    """True for a partner whose name alone shows that it is one: needed where no form of a list says so."""
    if mention.type is EntityType.GOVERNMENT:
        return bool(re.search(r"合办|共建|协议|一起|联合", text)) and begins_with_place(mention.name)
    if _VERB_INSIDE.search(mention.name) or is_generic(mention.name):
        return False
    return mention.name in load_companies() or mention.name in tabled or type_of_name(mention.name) is mention.type


def relate_list(left: str, right: str, text: str) -> tuple[str, str] | None:
    """How the list stands to the school: its role, and the text that tells the mode. None for no partnership."""
    near = left[-40:]
    if re.match(r"(?:联合|共同|等)?(?:授予|评为|认定|命名|确定为|表彰|颁发|批准|列为|印发|下发|出台)", right):
        return None
    coming = right[:90]
    if left.endswith("从") and _HIRED.match(coming):
        return None
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
            or COOP.search(coming)
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
        if COOP.search(coming) or found.group(0).startswith(("引进", "引入", "引企")):
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
    if re.search(r"由$", near) and CONTEST.search(coming[:20]):
        return None
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
        if _ORDER_AT_SCHOOL.search(coming) or re.search(r"基地|实习|合作|共建|共同|联合|签[订署约]", coming):
            return "owner", text
    window = left[-30:] + "□" + right[:70]
    if BESIDE.search(window) and not _NOT_BESIDE.search(window) and not (visit and not _COOP_STRONG.search(window)):
        return "beside", text
    return None
