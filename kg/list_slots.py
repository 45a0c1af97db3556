"""Names without an ending that only their place in a list shows: "与A公司、恒远、B厂等企业".

What stands between the names of a list is a name too, known or not; what a list's head says (医院, 幼儿园) is its type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from kg.model import EntityType
from kg.names import CJK, WEAK_ENTERPRISE, find_name_start, is_generic, is_short_school, type_of_name
from kg.programmes import known_programmes

_CLAUSE = re.compile(r"[^，。；：！？,;:!?\n]+")
TAIL = re.compile(
    r"(?:等|(?=[两三四五六七八九十]家(?:企业|单位|公司|医院)))(?:共|共计|合计)?(?:近|约|超)?(?P<count>[\d一二两三四五六七八九十百]+)?(?:余|多)?(?P<many>多|数|众多)?(?:[家所个])?"
    rf"(?P<words>(?:(?!合作|共建|建立|签|开展|联合|共同|校企|为|是|担任)[{CJK}A-Za-z0-9“”\"+]){{0,14}}?)(?P<head>企事业单位|企业|公司|医疗机构|医疗单位|医院|幼儿园|高职院校|本科院校|职业院校|院校|学校|高校|大学|单位|机构|集团|厂家|酒店|行业协会|协会|部门|园区|品牌|厂商|企校)"
)
# Where the last name of a list stops and the sentence goes on.
STOP = re.compile(
    r"等|[两三四五六七八九十]家(?:企业|单位|公司|医院|签)|[两三四五六]方|合作|共建|共同|签[订署约有了]|建立|开展|达成|形成|深度|紧密|联合(?!会|体|大学|技术|职业|学)|进行|构建|设立|搭建|开设|实施|举办|协同|携手|保持|组建|成立|展开|推进|打造|合力|开办|联办|分别|之间|建成|创办|创建|研发|实现|定向|结成|缔结|制定|举行|已|均|先后|相继|全面|积极|深化|通过|采取|采用|围绕|探索|加强|实习|顶岗|跟岗|见习|参加|参与|就业|挂职|锻炼|入驻|落户|牵头|的|是|为(?!民|先)|与|在|来(?!福)|共(?!和|享|创|青)|成为|作为|担任|提供|派|对|以|有(?!限|色|机)|于(?!洪|都)|从事"
)


_SKILL = re.compile(
    r"(?:修剪|分级|种植|栽培|管护|防治|嫁接|收纳|驾驶|焊接|电焊|育婴|月嫂|面点|剪辑|插花|急救|按摩|推拿)$"
)  # what is taught


def iter_slots(text: str, known: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, EntityType]]:
    """Yields (start, end, type) of the slots of lists in ``text`` that no name of ``known`` (start, end, type) fills."""
    for clause in _CLAUSE.finditer(text):
        pieces = list(_split_run(text, clause.start(), clause.end()))
        if len(pieces) > 1:
            pieces = [part for start, end in pieces for part in _part_at_name(text, start, end, known)]
        pieces = list(_until_verb(text, pieces))
        if len(pieces) < 2:
            continue
        tail = None
        typed: list[str | None] = []
        for start, end in pieces:
            ends = [(e, label) for (s, e, label) in known if start <= s and e <= end]
            whole = ends and not re.search(r"[和及与](?=[^，。]{2,}$)", text[ends[-1][0] : end])
            typed.append(ends[-1][1] if whole else None)
        last_start, last_end = pieces[-1]
        tail = TAIL.search(text, last_start, min(len(text), last_end + 24))
        head = tail.group("head") if tail else ""
        organisations = [label for label in typed if label and label != EntityType.PROGRAMME.value]
        share = len(organisations) / len(pieces)
        working = _WORKING.search(text, clause.start(), min(len(text), clause.end() + 30))
        if not head and (
            not organisations or (share < 0.6 and not working) or (len(organisations) < 2 and not working)
        ):
            continue
        if head and not organisations and not working and not re.search(r"企业|公司|集团|厂家|品牌|厂商|酒店", head):
            continue
        if head == "部门" or organisations.count(EntityType.GOVERNMENT.value) * 2 > len(organisations):
            continue  # 发改、工信、人社等部门: no enterprises
        fallback = _type_of_head(head, organisations)
        programmes = set() if head else _find_programme_slots(text, pieces, typed)
        broken = False
        for index, (start, end) in enumerate(pieces):
            if typed[index] is not None:
                broken = index < len(pieces) - 1 and _goes_on(text, start, end, known)
                continue
            if broken or index in programmes:  # "与某公司共同改进萎凋、发酵工艺": what 、 joins are no names
                continue
            span = _slot_name(text, start, end, first=index == 0, last=index == len(pieces) - 1)
            if span is not None:
                own = EntityType.SCHOOL if is_short_school(text[slice(*span)]) else type_of_name(text[slice(*span)])
                if fallback is EntityType.SCHOOL and own is None and not re.search(r"[校院中专]", text[slice(*span)]):
                    around = text[max(0, clause.start() - 40) : clause.end() + 30]
                    if not re.search(r"理事|成员|会员|牵头|加入|集团|联盟|共同体|联合体", around):
                        continue
                    own = EntityType.ENTERPRISE  # a brand among the schools of a group
                yield *span, own or fallback


def _find_programme_slots(text: str, pieces: list[tuple[int, int]], typed: list[str | None]) -> set[int]:
    """The slots beside a known programme, no organisation between: 市场营销与经营、会计等与某公司."""
    found: set[int] = set()
    for is_slot, run in groupby(range(len(pieces)), key=lambda index: typed[index] is None):
        slots = list(run)
        if is_slot and any(text[slice(*pieces[at])].removesuffix("等") in known_programmes() for at in slots):
            found.update(slots)
    return found


_LINK = re.compile(
    r"承接|承揽|与|同(?![时样步学意一类期行等仁心济安])|跟(?![岗踪进])|由|依托|引进|引入|联合(?![会体])|携手|牵手|(?<![先])从(?![事而业])|到|去了|在(?![校读职籍线岗编于])|进入|赴|派往|为(?![主了期])|被|给"
)
# A clause that opens with firms and says what they do for a school or are to it.
_CLAUSE_START = re.compile(
    rf"(?:^|(?<=[，。；：]))(?=[{CJK}A-Za-z、（）()]{{4,40}}?(?:是|成为|同为|均为|作为)?(?:我校|学校|该校|本校|连续|每年|常年|长期|接[收纳]|落户|入驻|进驻|的[^，。；]{{0,8}}(?:生产线|流水线|产线|师傅|技师|工程师|设备)|以[^，。；]{{0,10}}方式))"
)
_COMMON_WORDS = re.compile(
    r"(?:新能源|新型|新兴|现代|当代|智能|智慧|数字化?|先进|高端|高新|绿色|生物|农业|农村|工业|传统|特色|地方|当地|区域|本地|企业|学校|专业|行业|产业|校园|校内|校外|学生|教师|民航|通用|城市|乡村|轨道|交通|汽车|机械|电子|电气|电力|信息|计算机|网络|物流|旅游|酒店|餐饮|幼儿|学前|护理|健康|养老|医疗|康复|艺术|美术|音乐|服装|服饰|建筑|园林|园艺|畜牧|水产|食品|化工|医药|中医|中药|财经|商贸|商务|电商|跨境|直播|工艺|民族|民间|手工|创意|文化|影视|动漫|设计|广告|装饰|家居|家具|数控|模具|焊接|机电|机器人|无人机|大数据|云计算|人工智能|物联网|区块链|制造|加工|生产|服务|技术|应用|管理|工程|维修|运用|设备|材料|能源|环境|安全|质量|检测|社会|经济|国际|国内|国家|全国|一线|基层|名牌|知名|各类?|多家|相关|有关|这些|部分|主要|重点|优势|支柱|主导|龙头|高质量|高水平|大型|中小|科技|软件|通信|动力|口腔|母婴|家政|烘焙|珠宝|纺织|陶瓷|造纸|冷链)*"
)


def iter_linked(text: str, known: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, EntityType]]:
    """Yields (start, end, type) of names that end as trades do (恒远服饰, 云岭乳业) right after 与, 由, 到, 引进 …

    The ending alone is a common noun; with a brand before it and such a word before that, it names a firm.
    """
    for link in (*_LINK.finditer(text), *_CLAUSE_START.finditer(text)):
        run = re.match(rf"[{CJK}A-Za-z0-9（）()、·“”]{{3,60}}", text[link.end() :])
        if run is None:
            continue
        for start, end in _split_run(text, link.end(), link.end() + run.end()):
            for part in re.finditer(r"[^和及“”]+", text[start:end]):
                at = start + part.start()
                if any(s < at + 2 and at < e for s, e, _ in known):
                    break
                name = _trade_name(part.group())
                if name:
                    yield at, at + len(name), type_of_name(name) or EntityType.ENTERPRISE
                elif not (known and any(start <= s < end for s, e, _ in known)):
                    break
            else:
                continue
            break


def _trade_name(text: str) -> str:
    """The shortest beginning of the text that is a brand with a trade after it; "" for none."""
    for length in range(4, min(11, len(text)) + 1):
        name = text[:length]
        found = re.search(rf"(?:{WEAK_ENTERPRISE})$", name)
        if found is None or re.search(rf"^(?:{WEAK_ENTERPRISE})", text[length : length + 4]):
            continue
        rest = text[length:]
        if rest and not (
            STOP.match(rest)
            or re.match(
                r"[（(]|公司|总部|工厂|实习|上岗|跟岗|就近|就业|岗位|两家|三家|试行|联手|商定|引入|冠名|出资|派|装修|承担|落户|腾出|是|同为|连续|每年|常年|长期|接[收纳]|以|厂部|药剂科|被",
                rest,
            )
        ):
            continue
        stem = name[: found.start()]
        if (
            len(stem) < 2
            or name.startswith(("本地", "当地", "地方", "周边"))
            or _COMMON_WORDS.fullmatch(stem)
            or CUT_INSIDE.search(stem)
            or is_generic(name)
            or STOP.search(stem)
        ):
            return ""
        return name
    return ""


def _part_at_name(text: str, start: int, end: int, known: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """ "云帆物流和某某管委会": a conjunction right before a name parts two names."""
    for begin, stop, _ in known:
        if start + 2 < begin < end and text[begin - 1] in "和与及":
            return [(start, begin - (2 if text[begin - 2 : begin] == "以及" else 1)), (begin, end)]
        if start <= begin and stop + 2 < end and text[stop] in "和与及" and STOP.search(text[stop + 1 : end]) is None:
            return [(start, stop), (stop + 1, end)]
    return [(start, end)]


def _goes_on(text: str, start: int, end: int, known: list[tuple[int, int, str]]) -> bool:
    """True for a piece in which words of another kind follow the name: 某公司共同改进萎凋."""
    last = max(e for s, e, _ in known if start <= s and e <= end)
    return bool(re.match(rf"[{CJK}]{{2}}", re.sub(r"[（(][^（）()]*[)）]|[”\"]", "", text[last:end])))


_WORKING = re.compile(
    r"合作|共建|签[订署约]|协议|联合|实习|跟岗|顶岗|见习|订单|冠名|学徒|基地|入驻|引进|成员单位|理事单位|共同|派驻|提供|接[收纳]|合编|加入"
)


def _type_of_head(head: str, organisations: list[str]) -> EntityType:
    if re.search(r"医院|医疗", head):
        return EntityType.HOSPITAL
    if "幼儿园" in head:
        return EntityType.KINDERGARTEN
    if re.search(r"院校|学校|高校|大学", head):
        return EntityType.SCHOOL
    if re.search(r"协会", head):
        return EntityType.INSTITUTION
    kinds = set(organisations)
    if not head and kinds in ({"Hospital"}, {"Kindergarten"}):
        return EntityType(organisations[0])
    if not head and kinds == {"School"} and len(organisations) > 1:
        return EntityType.SCHOOL
    return EntityType.ENTERPRISE


def _split_run(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces between 、 of a clause; brackets and quotes are not cut."""
    depth, at = 0, start
    for index in range(start, end):
        char = text[index]
        if char in "（(“《":
            depth += 1
        elif char in "）)”》":
            depth = max(0, depth - 1)
        elif char == "、" and depth == 0:
            yield at, index
            at = index + 1
    yield at, end


_VERB = re.compile(r"(?:联合|共同|合作|先后)?(?:举办|开展|开设|签[订署]|共建|承办|培训|培养|组织)")


def _until_verb(text: str, pieces: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces up to the verb that ends the list: "与甲局、乙工会联合举办缝纫、面点等培训" names two, not three."""
    for index, (start, end) in enumerate(pieces):
        verb = _VERB.search(text, start + 2, end) if index and index < len(pieces) - 1 else None
        if verb and type_of_name(text[start : verb.start()]) is not None:
            yield start, verb.start()
            return
        yield start, end


def _slot_name(text: str, start: int, end: int, *, first: bool, last: bool) -> tuple[int, int] | None:
    """The name in a list's slot without an ending: trimmed on the left in the first slot, on the right in the last."""
    piece = text[start:end]
    if last:
        stop = STOP.search(piece, 2) if len(piece) > 2 else None
        if stop is None and len(piece) > 12:
            return None
        piece = piece[: stop.start()] if stop else piece
    if first or re.search(r"(?:院校|学校|高校|医院|单位|机构)[和与及]", piece):
        noun = re.search(r"^.*(?:院校|学校|高校|医院|单位|机构)[和与及]", piece)
        cut = noun.end() if noun else find_name_start(re.sub(r"[（(][^（）()]*[)）]$", "", piece))
        start, piece = start + cut, piece[cut:]
    joined = re.match(r"(?P<before>.{4,}?)(?:以及|和|与|及)(?=.{2,}$)", piece)
    if joined and type_of_name(joined.group("before")) is not None:  # 某某技师学院和中通客车: two names
        start, piece = start + joined.end(), piece[joined.end() :]
    piece = piece.removesuffix("等")  # the end of another list: 甲、乙等与某公司
    piece_left = len(piece) - len(piece.lstrip())
    start, piece = start + piece_left, piece.strip()
    bare = re.sub(r"[（(][^（）()]*[)）]$", "", piece).strip('“”"')
    if (
        not 2 <= len(bare) <= 12
        or bare in known_programmes()
        or re.match(r"(?:[今去当本每近同上次]年|目前|近期|此前|随后|期间)", bare)
        or re.match(r"(?:学校|学院|我院|我校|该校|本校|双方|公司|企业|专业)", bare)
        or re.fullmatch(r"(?:该?[院校州市县区旗])?(?:还|先后|也|又|已|均|再|并|则|同时)+", bare)
        or STOP.match(bare)
        or re.match(r"共[建享育管]|协同", bare)
        or is_generic(bare)
        or _SKILL.search(bare)
        or re.search(
            r"[\d]+(?:年|月|家|所|个|名|人|%)|专业|课程|技术$|基地|教师|学生|工作|教育$|管理$|服务$|建设$|培训$|岗位|人才|(?:服务|操作|美容|美发|保育|营业|收银|管理|讲解|检验|绘图|护理)员$|(?:[电焊钳车铣]|缝纫|钢筋)工$|[^院]系$",
            bare,
        )
    ):
        return None
    if CUT_INSIDE.search(bare) or not re.fullmatch(rf"[{CJK}A-Za-z0-9·&（）()“”\"+\-]+", piece):
        return None
    told = re.search(r"[（(][^（）()]*(?:方向|专业|服务|\d|[人名班期])[^（）()]*[)）]$", piece)
    return start, start + (
        told.start() if told else len(piece)
    )  # 某某玉雕城（玉雕方向）: what for, no part of the name


CUT_INSIDE = re.compile(
    r"[的了着]|我校|学校|企业|进行|开展|推动|促进|提高|通过|包括|讲解|介绍|特点|趋势|发展|学习|合作|实习|培养|团队|文化|模式|方式|能力|质量|水平|成果|政策|创造|实践|理论|思想|精神|活动|师傅|导师|比赛|项目|方案|计划|需求|岗位|职工|农民|学员"
)
