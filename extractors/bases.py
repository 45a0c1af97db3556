"""operatesBase in running text: training bases with a name of their own that a school builds or runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.reading import Reading, Sentence
from kg.model import PARTNER_TYPES, Claim, EntityType, Mention, Predicate, Span
from kg.names import CJK, type_of_name
from kg.programmes import known_programmes

NAME = "bases"

_BUILD = re.compile(
    r"(?:建有|建成|建设|共建|建立|成立|打造|建起|新建|拥有|设立|设有|合建|搭建|投建|改建|扩建|创建|建造|投入使用|改成|改为|合办|共管|办起|办有)(?:了|有|起)?"
)
_BASE = re.compile(
    rf"(?P<name>(?:[{CJK}A-Za-z0-9+·&\-]|“[^”]{{1,12}}”|[（(][{CJK}]{{1,10}}[)）]){{1,26}}?(?:实训基地|实习基地|实践基地|实训中心|实践中心|实习实训基地|生产性基地|产学研基地|教学基地|培训基地|示范基地|生产基地|加工基地|创新基地|实践中心基地|实训车间|产业学院|实训工厂|教学工厂|公共实训中心|体验中心|传习中心|传承中心|孵化中心|孵化基地|直播基地|繁育基地|养殖基地|种植基地|工坊|创意工场|产教融合基地|研发中心|加工车间|生产车间|实训点|研习中心|实训场|实训园|创客空间|众创空间|实训楼|仿真医院|模拟医院|智造园|工业园|产业园|养殖场|种植园|实训农场|教学农场|实验农场|教学酒店|实训酒店|大师工作室|技能工作室|体验馆|实训馆|教学点|人才培养中心))(?!所|基地|班|主任|负责|建设|管理|数|总|等级|认定|内涵|的?数量|评估|联盟)[”\"]?"
)
_GENERIC = re.compile(
    r"^(?:[一二三四五六七八九十两几多数\d]+[个处所家]|各类?|多个|一批|稳定的?|校[内外企]|校企(?:合作|共建)?|区域|开放型?|公共|共享型?|综合性?|专业(?:化)?|学生|教师|师生|双师型?|合作|校内外|校外|校内|生产性|产教融合|产教融合型|现代化|高水平|示范性|国家级?|省级|市级|自治区级?|县级|企业|企业生产|实习|实训|教学|就业|顶岗|对外|社会|职业|技能|技术|技能人才|人才|培养|培训|开放|区域性|专业教学|现代|虚拟仿真|教育|劳动|劳动教育|创新创业|新型|高技能人才|多功能|一体化|理实一体化?|跨企业|学校|本校|我校|部分|原有|新|新建|优质|良好|专门|相应|配套|对应|高标准|先进|真实|固定|紧密型?|长期|良好的|长期稳定|相对稳定|建设|立项|认定|获批|入选|省|市|国家|自治区|级|型|性|的|及|和|与|、|集|为|于|以|产学研|研学|服务|专业群|大学生|职工|教师企业|教师培养|师资|师资培养|双师|挂牌|共建|联合|共同|校地|政校|企业实践|岗位|生产|实践|综合|智能化|数字化)*"
    r"(?:实训基地|实习基地|实践基地|实训中心|实践中心|实习实训基地|生产性基地|产学研基地|教学基地|培训基地|示范基地|生产基地|加工基地|创新基地|实践中心基地|实训车间|产业学院|实训工厂|教学工厂|公共实训中心|体验中心|传习中心|传承中心|孵化中心|孵化基地|直播基地|产教融合基地|研发中心|加工车间|生产车间|实训点|研习中心|实训场|实训园|创客空间|众创空间|实训楼|仿真医院|模拟医院|智造园|工业园|产业园|养殖场|种植园|实训农场|教学农场|实验农场|教学酒店|实训酒店|大师工作室|技能工作室|体验馆|实训馆|教学点|人才培养中心)$"
)
_AREA = re.compile(
    r"(?:面积|占地|建筑面积)?(?:约|达|为|共|近)?(\d[\d,，.]*)\s*(万)?\s*(?:余|多)?(?:平方米|平米|㎡|m2|m²)(?:的?建筑面积)?"
)
_STATIONS = re.compile(r"(\d[\d,]*)\s*(?:余|多)?个?[“\"]?[^，。；、\d]{0,6}?工位|工位数?(?:约|达|为|共)?(\d[\d,]*)")


def extract(reading: Reading) -> Iterator[Claim]:
    """Claims of all sentences that say of a named base that the school built it or has it."""
    for sentence in reading.fact_sentences:
        for found in _BASE.finditer(sentence.text):
            claim = _read_base(reading, sentence, found)
            if claim is not None:
                yield claim


def _read_base(reading: Reading, sentence: Sentence, found: re.Match[str]) -> Claim | None:
    start, name = _trim(found.start("name"), found.group("name"))
    owner = next(
        (
            m
            for m in reading.mentions.within(sentence.span, EntityType.SCHOOL)
            if m.span.start == sentence.span.start + start
        ),
        None,
    )
    if owner is not None:  # 某校烹饪实训中心设有…: the school stands before its base
        start, name = start + len(owner.span), name[len(owner.span) :]
    quoted = sentence.text[max(0, start - 1) : start] == "“"
    if (
        _GENERIC.match(name)
        or re.search(r"专业校外(?:实训|实习|实践)基地$", name)
        or len(name) < (4 if quoted else 5)
        or name.count("“") != name.count("”")
    ):
        return None
    at = sentence.span.start + start
    span = Span(at, at + len(name))
    part = reading.text_of(reading.comma_part(sentence, at))
    masked = re.sub(r"[（(][^（）()]*[)）]", lambda m: "□" * len(m.group(0)), sentence.text)
    left = masked[:start]
    right = sentence.text[start + len(name) :]
    if reading.is_plan(part) or reading.is_plan(left[-30:]) or _NOT_BUILT.search(part):
        return None
    if _FOR_OTHERS.search(left) or re.search(r"(?:衔接|函授|学历)[^，。；]*教学点$", name):
        return None
    build = list(_BUILD.finditer(left[-60:]))
    numbered = _NUMBERED.search(left)
    described = (_AREA.search(right[:36].split("。")[0]) and re.match(r"[^，。；]{0,14}，", right)) or re.match(
        r"[”\"]?(?:现)?(?:拥有|占地|建筑面积|面积|总面积|设有|配备|配有|投入使用|建成|引入|内有|可同时)", right
    )
    if (
        not described
        and not (numbered and _MEASURED.match(right))
        and not (
            build
            and not re.search(r"[。；]", left[-60:][build[-1].end() :])
            and left[-60:][build[-1].end() :].count("，") == 0
        )
    ):
        return None
    if (
        re.search(r"(?:评为|认定为|确定为|列为|授予|命名为|被|获批|入选|获评|是|为|成为)[^，。；]{0,20}$", left[-28:])
        and not build
        and not numbered
    ):
        return None
    if (
        re.search(r"专业(?:实训|实践|实习|教学|生产)+(?:基地|中心)$", name)
        and name[: name.rindex("专业")] in known_programmes()
    ):
        return None  # named after what it teaches alone: no name of its own
    subjects = [owner] if owner else _builders(reading, sentence, left, build, at)
    if len(subjects) != 1:
        return None
    base = Mention(span, name, EntityType.TRAINING_BASE)
    return Claim(
        subjects[0],
        Predicate.OPERATES_BASE,
        base,
        reading.evidence(sentence, subjects[0].span, span),
        _qualifiers(reading, sentence, span, part),
        NAME,
    )


_NOT_BUILT = re.compile(r"择机|谋划|规划中|拟建|待建|选址|预计|尚未|在建|筹建")
_FOR_OTHERS = re.compile(
    r"(?:帮助|协助|援助|帮扶|支援|助力)[^，。；]{0,12}(?:建成|建立|建设|建起|建|打造|新建|改建)(?:了|起)?[^，。；]{0,8}$"
)
_NUMBERED = re.compile(
    r"(?:其[一二三四五六七八]|[一二三四五六七八]是|第[一二三四五六七八]个|[（(]\d[)）]|最[大远早新]的[^，。；]{0,12})(?:，|是|为|：)*[“]?$"
)
_MEASURED = re.compile(r"[”]?(?:，|（)[^。；]{0,30}?(?:面积|\d\s*(?:平方米|平米|㎡)|工位|接收|实训|教学|使用)")
_GIVES = re.compile(r"[^，。；]{0,4}?(?:共同|提供|捐|投入|出资|共建|合办|合建|联合|运营|投资|共管|共用)")


def _builders(reading: Reading, sentence: Sentence, left: str, build: list[re.Match[str]], at: int) -> list[Mention]:
    """The schools that build or run the base: the one right before the verb (某园区同甲校共建), else who acts."""
    if build:
        before = re.sub(
            r"(?:共同|联合|合作|一起|一道|携手|先后|又|还|已|合力)*$",
            "",
            left[: len(left) - len(left[-60:]) + build[-1].start()],
        )
        end = sentence.span.start + len(before)
        for school in reading.mentions.within(sentence.span, EntityType.SCHOOL):
            opening = reading.document.text[max(sentence.span.start, school.span.start - 1) : school.span.start]
            clause = reading.clause_of(sentence, school.span.start)
            others = reading.mentions.within(Span(clause.start, school.span.start), EntityType.SCHOOL)
            if school.span.end == end and opening in tuple("与同和跟及") and reading.owner is None and not others:
                return [school]
    return [m for m in reading.subjects_before(sentence, at) if m.type is EntityType.SCHOOL]


def _trim(start: int, name: str) -> tuple[int, str]:
    """Takes verbs and measures off the name's beginning."""
    cut = 0
    pattern = r"改(?:造)?[成为]|其[一二三四五六七八](?:是|为)|建有|建成了?|建设了?|共建了?|建立了?|成立了?|打造了?|新建了?|拥有|设立了?|设有|合建|搭建|改建|扩建|创建|投资|依托|利用|学校|我校|该校|平方米的?|平米的?|元的?|个(?!性)|处|所(?!有)|家(?!电|具|政|庭|居|装|禽|纺)|(?<=[\d.])万|在|与|和(?=[^和]{5,}$)|及|的|了|为|将|把|对|集团|公司|企业|联合|合作|共同|首家|大型|一批|其中|包括|等|产教融合型(?=“)|(?<=[\d])[年月日]|完成|推进|启动|实施|用于|\d[\d,.]*(?:余|多)?(?:平方米|平米|亩|㎡)|至少|有[一二三四五六七八九十]个|\d+多?|内|校区|进校|入校"
    for found in re.finditer(pattern, name):
        opening = name[: found.start()]
        if found.end() >= len(name) - 3 or opening.count("“") > opening.count("”"):
            continue
        if (
            cut
            and found.group() in ("与", "和")
            and 2 <= found.start() - cut <= 5
            and type_of_name(name[cut : found.start()]) is None
        ):
            continue  # 共建机电与智能控制实训中心
        cut = found.end()
    return start + cut, name[cut:]


def _qualifiers(reading: Reading, sentence: Sentence, span: Span, part: str) -> dict[str, object]:
    """Area, workstations, programmes, partners and year: of the whole sentence, or of what stands by this base."""
    result: dict[str, object] = {}
    start, end = span.start - sentence.span.start, span.end - sentence.span.start
    texts = [sentence.text]
    clause = reading.clause_of(sentence, span.start)
    if own := re.match(r"[”\"]?[（(]([^（）()]*)[)）]", sentence.text[end:]):
        texts = [own.group(1)]
    elif others := [
        m.span("name") for m in _BASE.finditer(sentence.text) if not m.start("name") <= start < m.end("name")
    ]:
        stop = min([clause.end - sentence.span.start, *(at for at, _ in others if at >= end)])
        begin = max(
            [
                reading.comma_part(sentence, span.start).start - sentence.span.start,
                *(to for _, to in others if to <= start),
            ]
        )
        texts = [sentence.text[end:stop], re.sub(r"[（(][^（）()]*[)）]", "", sentence.text[begin:start])]
    for text in texts:
        if "area" not in result and (area := _AREA.search(text)):
            value = float(area.group(1).replace(",", "").replace("，", "")) * (10000 if area.group(2) else 1)
            result["area"] = int(value) if value == int(value) else value
        if "workstations" not in result and (stations := _STATIONS.search(text)):
            result["workstations"] = int((stations.group(1) or stations.group(2)).replace(",", ""))
    if programmes := reading.mentions.within(clause, EntityType.PROGRAMME):
        result["programmes"] = list(dict.fromkeys(m.name for m in programmes))
    partners = [
        m
        for m in reading.mentions.within(clause)
        if m.type in PARTNER_TYPES
        and (m.span.end <= span.start or (m.span.start >= span.end and _GIVES.match(reading.document.text, m.span.end)))
    ]
    if partners:
        result["partners"] = list(dict.fromkeys(m.name for m in partners))
    if year := reading.year_before(sentence, span.start):
        result["year"] = year
    return result
