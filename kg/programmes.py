"""Names of programmes (专业) in running text and in cells: where they begin, where a list of them divides.

Programme names contain 与, 和 and brackets (汽车运用与维修, 学前教育（双语方向）), so a list divides at 、 first, and at
和/与/及 only where both sides are names of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.reference_data import load_catalogue, load_programme_names, region_names

_CJK = "\u3400-\u9fff"
_TAIL_WORDS = (
    r"(?:等|以及|和|及)?(?:(?:均|都|同|分别)?(?:为|是|系|属|列为|评为|被评为|入选|获批)(?=(?:国家|省|市|自治区|县|校|区|全国|首批)))?(?:[两三四五六七八九十]大)?(?:共|共计)?(?:[\d一二两三四五六七八九十]+余?多?个?)?"
    r"(?:(?:省|市|区|县|州|校|国家|自治区|自治州|院)?级?(?:中职|高职|骨干|重点|特色|品牌|示范|优势|主干|精品|传统|热门|新兴|紧缺|试点|创新|高水平|优质|大类|招生|涉农|相关|有关|相近|所有|对口|王牌|拳头|建设|改造升级|专科|五年制|三年制|学历教育|技工|中专|普通中专|职高|常设|贯通培养|新|老|主体|核心|急需|方向的?|不同)){0,4}"
)
_TAIL = re.compile(rf"{_TAIL_WORDS}(?:(?<=[等个大])[{_CJK}]{{2,5}}类)?$")
# What may not be part of a programme's name.
_CUT = re.compile(
    r"专业(?:和|与|及|以及)|(?<=[师员工])(?:和|与|及)|获评|荣获|现设有?|下设|设有|开设了?有?|新开设了?|新开了?|新增设?了?|增设了?|设有|设置了?|现有|拥有|包括|涵盖|涉及|覆盖|撤销了?|停招了?|停办了?|停止|恢复|申报了?|申请|获批|备案|打造了?|建成|建设了?|重点建设|共建了?|建立|建有|创建|招收|招生|面向|围绕|依托|通过|推动|推进|选派|组织|安排|其中|以及|我校|学校|本校|该校|各校|学院|职校|中专|职教中心|中学|我院|我系|校内|将|把|以|对|为|在|从|由|向|被|给|了|的|是|按|与(?=企业|医院|行业|幼儿园)|具有|作为|成为|主要|分别|分布|集中在?|开办|举办|实施|开展|进行|形成|构建|针对|结合|对接|服务|同意|确定|认定|评为|入选|列入|如|例如|比如|即|另有|还有|有|含|年|月|级|届|个|名|生|师|部|系(?!统)|群|学生|教师|毕业生|团队|获得|荣获|支持|加强|优化|调整|升级|改造|加大|发展|培育|培养|增加|减少|扩大|组建|参与|参加|承担|负责|联合|合作|引进|带领|班|至|到|于|等|各|本|该|每|多|其它|其他|全部|所有|部分|相关|上述|以下|年制|学制|制|类(?=专业)"
)
_PROTECTED = re.compile(
    r"民航|人工智能|生物工艺|生物制药|生物化工|生物技术|服务与管理|旅游服务|酒店服务|会展服务|软件与信息服务|客户信息服务|金融服务|运营服务|医疗服务|托育服务|养老服务|公共服务|家政服务|航空服务|空中乘务|乘务|电商服务|安全服务|物流服务|餐饮服务|文化服务|水利工程|师范|医师|药师|厨师|美容师|育婴师|幼师|设计师|教师教育|对外|从业|建筑|建设工程|服务机器人|制冷|制药|制造|制作|控制|制品|制图|缝制|印制|机制|复制|自动控制|为民|系统|电力系统|信息系统|部件|班组|级进|年画|等离子|本草|至诚|多媒体|数字多|类型|各类|社会工作|学生心理|师资|种养|种子|发展与|儿童发展|招标|开发|工程|生产|学前|卫生|养生|健身|生态|生殖|野生|新生儿|安全生产|生物|农产品|生化|再生|水生|人力资源|有色|有机|共享|电机|微生物|畜牧|草原"
)
_REJECT = re.compile(
    r"^(?:各|本|该|全|多|骨干|特色|重点|品牌|示范|优势|主干|精品|传统|热门|新兴|紧缺|试点|相关|对口|全部|所有|不同|其他|其它|新|老|中职|高职|本科|专科|中专|涉农|非|跨|主|副|同|某|每|两|三|几|部分|大|小|多个|招生|职业|教育|教学|学校|企业|行业|产业|学科|课程|实训|实践|公共基础|公共|思政|文化|技能|技术|创新|优质|高水平|改革|建设|优化|调整|设置|动态|培养|人才|基础|应用型?|理论|国家级?|省级|市级|自治区级?|校级|区级|县级|院级|中等|高等|学历|非学历|三个|五个|重点建设|自身|所学|原有|现有|一些|这些|那些|一流|双师|双高|双优|升学|就业|短期|长期|两个|专业名称|专业代码|名称|代码|双精准|双高|双优|基地|实训室|实训基地|实训|专业|方向|大类|类|等|和|与|以|及|的|了|为|是|在|有|更|最|较|很|强化|突出|适应|符合|满足|理工科?|文科|工科|艺术类|教师|校企|产教|区域|地方|省内|市内|国内|我省|我市|我县|我区|社会|市场|岗位|职工|技工|跨学科|第一|首个|五年制|三年制|一体化|中高职|贯通|衔接|绿色|办好|办优|做强|做优|做精|目前|开设|设置|数字化|智能化|现代化|信息化|国际化|高端|低碳|对应|分层|相近|相同|目标|精准|原|此|此类|这|那)$"
)
# An unknown name before 专业 is believed after these words, or beside a known name, or in quotation marks.
_INTRODUCED = re.compile(
    r"(?:开设了?|新增设?了?|增设了?|开办了?|申报了?|撤销了?|停招了?|停办了?|设有|共建|学校|学院|[职一二三]中|职教|职教中心|[一二三四五六七八九]职|职校|职高|艺校|体校|技校|中专|我校)$"
)
_INTRODUCES = re.compile(r"原有|开有|办有|开设|新增|增设|开办|申报|撤销|停招|停办|设有|现设|更名为")
_ORGANISATION = re.compile(
    r"接[收纳]|技工院|[职高]校|服务业|酒楼|酒店(?!服务|管理|运营|与)|公司|医院|集团|合作社|学校|工厂|企业|协会|研究所"
)
_VERBAL = re.compile(
    r"[的了着各每某]|^(?:开设|设|现|共)有$|什么|怎么|双精准|双师|双高|双优|产业办|共有|共设|共开|全校|按照|根据|加强|促进|推动|提升|适应|满足|缺乏|逐步|研究|改革|调动|成立|项目|思路|委员会|教师|学生|课程|水平|能力|队伍|团队|企业|学校|职业(?!卫生|健康|病)|标准|资源|培训|专业|集团|联盟|不断|教学|建立|机制|加大|进行|完成|布局|调整|优化|开展|文化课|统筹|保障|政策|发展(?!与)"
)


@lru_cache(maxsize=1)
def known_programmes() -> frozenset[str]:
    """Names of the catalogue of 2021, of the older ones, of trades, and short names."""
    return frozenset(entry.name for entry in load_catalogue()) | frozenset(load_programme_names())


@lru_cache(maxsize=1)
def _longest_known() -> int:
    return max(len(name) for name in known_programmes())


def known_ending(text: str) -> str:
    """The longest known programme name that ``text`` ends with, brackets of a direction kept; "" for none."""
    bracket = re.search(r"[（(][^（）()]{1,16}[)）]$", text)
    bare = text[: bracket.start()] if bracket else text
    for length in range(min(_longest_known(), len(bare)), 1, -1):
        if bare[-length:] in known_programmes():
            return bare[-length:] + (bracket.group(0) if bracket else "")
    return ""


def is_known_programme(name: str) -> bool:
    """True for a known name, a direction in brackets aside."""
    return name in known_programmes() or re.sub(r"[（(][^（）()]*[)）]$", "", name) in known_programmes()


def lies_in_known_programme(text: str, start: int, end: int) -> bool:
    """True where ``text[start:end]`` is the whole or a part of a known programme's name (维修 in 汽车运用与维修)."""
    longest, known = _longest_known(), known_programmes()
    return any(
        text[left:right] in known
        for left in range(start, max(0, end - longest) - 1, -1)
        for right in range(end, min(len(text), left + longest) + 1)
    )


def known_beginning(text: str) -> str:
    """The longest known programme name that ``text`` begins with, a direction in brackets included; "" for none."""
    for length in range(min(_longest_known(), len(text)), 1, -1):
        if text[:length] in known_programmes():
            bracket = re.match(r"[（(][^（）()]{1,14}方向[)）]", text[length:])
            return text[:length] + (bracket.group() if bracket else "")
    return ""


def is_programme_like(text: str) -> bool:
    """True for a known name, or one that has the form of a programme's name."""
    name = re.sub(r"\s|专业$", "", text)
    if name in known_programmes():
        return True
    bare = re.sub(r"[（(][^（）()]*[)）]$", "", name)
    if bare in known_programmes():
        return True
    return (
        2 <= len(bare) <= 20
        and not _REJECT.match(bare)
        and not re.search(r"\d(?![A-Z])|[，。；：]|合计|小计|总计|^总|^无$|其他", bare)
        and bool(re.fullmatch(rf"[{_CJK}A-Za-z0-9（）()+·“”\"\-]+", bare))
    )


# What a school does with the people of programmes that it does not name: 学校统一组织骨干专业学生…
_SENDING = re.compile(
    r"(?:组织|安排|选派|遴选|抽调|抽选|动员|发动|号召|要求|鼓励|引导|推荐|推选|选拔|挑选|优选|择优|邀请|聘请|聘任|带领|召集|调配|通知)(?:本|该)?$"
)
# 相关专业, 对口专业: programmes that somebody speaks of and does not name, so that a name before it must be a known one.
_UNNAMED = re.compile(r"(?!等|以及|和|及).*(?:相关|有关|相近|所有|对口|急需|不同)")


def split_programme_names(text: str, end: int) -> Iterator[tuple[int, int]]:
    """The spans of the programme names of the list that ends before ``end`` (where 专业 stands), the last one first.

    Nothing for a common noun (骨干专业, 各专业).
    """
    low = max(0, end - 160)
    window = text[low:end]
    mark = max((window.rfind(char) for char in "，。；：！？,;:!?\n"), default=-1)
    low, window = low + mark + 1, window[mark + 1 :]
    tail = _TAIL.search(window)
    stop = tail.start() if tail else len(window)
    window = window[:stop].rstrip('“”"‘’ ')
    quoted = text[low + len(window) : low + len(window) + 1] in '”"' and "“" in window
    pieces = _pieces(window)
    introduced = bool(_INTRODUCES.search(window))
    of_people = re.match(r"专业(?:课|负责人|教师|骨干教师|人才|技术人员)", text[end : end + 7])  # 学校组织专业负责人…
    introduced = introduced and not of_people
    named = not of_people and not (tail and _UNNAMED.match(tail.group()))
    any_known = introduced or any(known_ending(window[a:b].strip('“”"‘’ ')) for a, b in pieces)
    for index, (start, finish) in enumerate(reversed(pieces)):
        piece = window[start:finish]
        if quoted and index == 0 and "“" in piece:
            start += piece.rindex("“") + 1
            piece = window[start:finish]
        first = index == len(pieces) - 1
        known = known_ending(piece)
        name = piece.strip('“”"‘’ ')
        if known and (first or _cut_left(piece) > 0):
            begin = len(piece.rstrip('”"’ ')) - len(known)
            if known in ("养殖", "种植") and 0 < begin - _cut_left(piece[:begin]) <= 6:
                begin = _cut_left(piece[:begin])  # 海水生态养殖: what is bred comes before
            if begin > 2 and piece[begin - 1] in "与和及":  # 陶瓷工艺与美术: an unknown name that ends like a known one
                begin = min(begin, _cut_left(piece))
        elif known and len(known) == len(name):
            begin = piece.find(name)
        else:
            begin = _cut_left(piece)
        name = piece[begin:].strip('“”"‘’ ')
        offset = piece.find(name, begin) if name else begin
        sure = (
            bool(known)
            or quoted
            or any_known
            or (named and _INTRODUCED.search(piece[:begin] or text[max(0, low - 6) : low + start]))
        )
        if not sure or name in region_names() or _ORGANISATION.search(name):
            return
        if not known and (_VERBAL.search(name) or _SENDING.search(name)):
            return
        if not known and re.search(
            r"(?:类|班|开设|设置|为)$|^(?:国家|自治区|省|市|县|区)级?(?:示范|重点|骨干|特色|精品|品牌|优质)", name
        ):
            return
        if not name or _REJECT.match(name) or not is_programme_like(name) or (len(name) > 14 and not known):
            return
        yield low + start + offset, low + start + offset + len(name)
        if begin > 0 and not first:
            return


def _cut_left(piece: str) -> int:
    shielded = [(m.start(), m.end()) for m in _PROTECTED.finditer(piece)]
    known = known_ending(piece)
    if known:
        shielded.append((len(piece) - len(known), len(piece)))
    cut = 0
    for found in _CUT.finditer(piece):
        if not any(a <= found.start() < b for a, b in shielded) and found.end() <= len(piece) - 2:
            cut = max(cut, found.end())
    return cut


def _pieces(window: str) -> list[tuple[int, int]]:
    """Spans between separators outside brackets; the last piece also divides at 和/与/及 between two names."""
    spans: list[tuple[int, int]] = []
    depth, at = 0, 0
    for index, char in enumerate(window):
        if char in "（(":
            depth += 1
        elif char in "）)":
            depth = max(0, depth - 1)
        elif depth == 0 and char in "、/":
            spans.append((at, index))
            at = index + 1
    spans.append((at, len(window)))
    result: list[tuple[int, int]] = []
    for start, end in spans:
        result += _divide(window, start, end)
    return [(start, end) for start, end in result if window[start:end].strip()]


def _divide(window: str, start: int, end: int) -> list[tuple[int, int]]:
    piece = window[start:end]
    bare = piece.strip('“”"‘’ ')
    if bare in known_programmes():
        return [(start, end)]
    for joiner in re.finditer(r"以及|和|与|及", piece):
        left, right = piece[: joiner.start()], piece[joiner.end() :]
        if known_ending(piece) and len(known_ending(piece)) > len(right):
            continue
        if (
            known_ending(left)
            and known_ending(left) == left[_cut_left(left) :].strip("“”")
            and right in known_programmes()
        ) or (left in known_programmes() and known_ending(right) == right):
            return [*_divide(window, start, start + joiner.start()), *_divide(window, start + joiner.end(), end)]
    return [(start, end)]


def split_programme_cell(text: str) -> list[str]:
    """The programmes that a table's cell names, each without the ending 专业, in order.

    Divides at 、 and line breaks, at commas, and at blanks where both sides are names.
    """
    result: list[str] = []
    text = _join_lines(text)
    for line in re.split(r"[、，,；;\n]|\s{2,}|/", _protect_brackets(text)):
        line = line.replace("\1", "、").strip()
        parts = line.split(" ")
        if len(parts) > 1 and all(is_programme_like(part) and len(part) > 2 for part in parts):
            pieces = parts
        else:
            pieces = [line.replace(" ", "")]
        for piece in pieces:
            for start, end in _divide(piece, 0, len(piece)):
                name = re.sub(r"(?:等)?(?:\d+个)?(?:相关)?专业(?:群)?$|等$", "", piece[start:end].strip('“”"‘’ '))
                if name and is_programme_like(name):
                    result.append(name)
    return list(dict.fromkeys(result))


def _join_lines(text: str) -> str:
    """A name broken over lines put together: 旅游服务⏎与管理, 机电技术⏎应用; names of their own stay apart."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return text
    whole = "".join(lines)
    if whole in known_programmes() or re.sub(r"专业$", "", whole) in known_programmes():
        return whole
    result = [lines[0]]
    for line in lines[1:]:
        joined = result[-1] + line
        if (
            re.match(r"[与和及]", line)
            or joined in known_programmes()
            or (line not in known_programmes() and result[-1] not in known_programmes())
        ):
            result[-1] = joined
        else:
            result.append(line)
    return "\n".join(result)


def _protect_brackets(text: str) -> str:
    return re.sub(
        r"[（(][^（）()]*[)）]",
        lambda found: found.group(0).replace("、", "\1").replace("/", "\1").replace("，", "\1"),
        text,
    )


def programme_code(name: str) -> tuple[str, str]:
    """(code, level) of a programme of the catalogue of 2021 by its exact name, secondary level first; ("", "") else."""
    for entry in load_catalogue():
        if entry.name == name:
            return entry.code, entry.level
    return "", ""
