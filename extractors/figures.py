"""The guide's indicators in tables and in running text.

In a table each number is read by all its headers: the row's and the column's words together name the indicator, the
year and the school, whichever way the table is turned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from extractors.cells import is_school, without_remark
from extractors.columns import find_years, read_columns, to_number
from extractors.heads import resolve_heads
from extractors.reading import Reading, Sentence, row_evidence
from kg.model import EntityType, FigureClaim, Mention, Span, Table
from kg.names import is_generic
from kg.programmes import known_programmes

NAME = "figures"

UNITS = {
    "学校数": "所", "招生数": "人", "在校生数": "人", "毕业生数": "人", "教职工数": "人", "专任教师数": "人",
    "双师型教师比例": "%", "双师型教师数": "人", "生师比": ":1", "就业率": "%", "对口就业率": "%", "升学人数": "人",
    "升学率": "%", "升入本科人数": "人", "合作企业数": "家", "专业数": "个", "实训基地数": "个", "校园面积": "平方米",
}  # fmt: skip

# What a header says of a column or a row; the first that fits wins. A label that fits an entry of _NOT is left alone.
_NOT = re.compile(
    r"年龄|岁|性别|生均|占[^/]{0,12}比|其中[：:]?(?:[^师专升]|专任教师中)|变化|增减|增长|满意|合格|巩固|流失|计划(?:招生)?|编制|课程|课时|班级|女|少数民族|党员|团员|住宿|资助|免学费|助学|参加|培训|鉴定|获证|证书|体质|测试|晋升|留学|外籍|兼职|骨干|名师|思政|体育课|美育|班主任|心理|青年|35岁|45岁|博士|硕士|本科(?:学历|以上)|学历|职称|高级(?!技工)|中级|初级|第[一二三]产业|自主创业|直接就业|间接就业|录用|本地|本省|本市|中小微|规模以上|大型企业|西部|专业群|面向|工位|设备|图书|经费|月收入|就业(?:学生|人)数(?:（人）)?$|国外|中外合作|高级[“”]?双师|担任|教学资源|虚拟仿真|专业教师|文化课|公共基础课|行政|教辅|实验|产业学院|接待|使用天数|社会实践|初次|毕业班|联读|校园网|接入|空间|离校|未就业|率变化|预测|目标"
)
_INDICATORS: tuple[tuple[str, str], ...] = (
    ("双师型教师比例", r"[“\"]?双师[”\"]?(?:型)?[”\"]?(?:素质)?(?:专业)?教师[^/]{0,6}(?:比例|占比|比|%)|双师[^/]{0,8}/[^/]*比例"),
    ("双师型教师数", r"[“\"]?双师[”\"]?(?:型)?[”\"]?(?:素质)?(?:专业)?(?:教师|人)(?:总|人)?数|双师[^/]{0,8}/[^/]*人数|[“\"]?双师型?[”\"]?型?(?:教师)?(?:（人）|\(人\))?$"),
    ("生师比", r"生师比|师生比"),
    ("对口就业率", r"对口就业率|^(?:毕业生)?(?:专业)?对口率%?$"),
    ("就业率", r"(?<!对口)(?<!直接)(?<!创业)就业率(?!变化)|毕业去向落实率(?!.*省)"),
    ("升入本科人数", r"升入本科|本科[^/]{0,4}(?:录取|上线|升学)(?:人)?数|(?:对口)?升学[^/]*/(?:[^/]*/)?本科(?:（人）)?$|考入本科"),
    ("升学率", r"(?:^|[^口])升学率|毕业生升学比例|升学比例|对口升学率$"),
    ("升学人数", r"^(?:其中[：:])?升学$|(?:^|[^口作考他生]|毕业生)升学(?:人)?数|升学总人数|^其中[：:]升学人数|^升学（人）"),
    ("专任教师数", r"专任教师(?:总|人)?数?(?:（人）|\(人\))?$|校内专任教师.*总人数"),
    ("教职工数", r"教职[工员](?:总|人)?数?(?:（人）|\(人\))?$|教职工总人数"),
    ("招生数", r"(?:实际)?招生(?:总|人)?(?:数|规模|人数)?(?:（人）|\(人\))?$|新生(?:总|人)?数|招生$|实际招生"),
    ("毕业生数", r"毕[（(]?结?[)）]?业(?:学)?生(?:总|人)?数?(?:（人）|\(人\))?$|毕业(?:学)?生$|^毕业$"),
    ("在校生数", r"(?:全日制)?(?:学历教育)?在校(?:学)?生(?:总|人)?(?:数|规模|人数)?(?:（人）|\(人\))?$|学生(?:总|人)?数(?:（人）)?$|在籍学生数|在校生$|在校人数"),
    ("学校数", r"(?:中职|职业|中等职业)?学校(?:总)?(?:数|数量|个数)(?:（所）)?$"),
    ("合作企业数", r"合作企业(?:[（(]单位[)）])?(?:总)?(?:数|数量|家数)|校企合作企业数"),
    ("实训基地数", r"(?:校内|校外)?(?:实习)?(?:实训|实习)(?:实训)?基地(?:总)?(?:数|数量|个数)|^(?:校内|校外)?(?:实习)?(?:实训|实习)(?:实训)?基地（个）$|^基地总数"),
    ("专业数", r"(?:开设)?专业(?:总)?(?:数|数量|个数|总数)(?:（个）|\(个\))?$|专业（个）"),
    ("校园面积", r"(?:校园|学校)?占地(?:总)?面积|校园(?:总)?面积|占地（亩）"),
)  # fmt: skip
_INDICATORS_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _INDICATORS)
_UNIT_LABEL = re.compile(r"人|万人|%|％|个|所|元|家|名|项|门|学时|·|本|套|万元|亩|平方米|㎡|:1|：1|人次|次|无")
_TOTAL_LABEL = re.compile(r"合计|总计|全[市省县区]|小计|总体|平均")
_PART_LABEL = re.compile(
    r"普通中专|职业高中|职高|成人中专|附设|技工学校|公办|民办|高一|高二|高三|一年级|二年级|三年级|年级|男|女|[^师]类$|级$|本级"
)


def extract(reading: Reading) -> Iterator[FigureClaim]:
    """Figures of all tables and sentences."""
    for index, block in enumerate(reading.document.blocks):
        if block.table is not None:
            yield from _read_table(reading, index, block.table)
    for sentence in reading.sentences:
        yield from _read_sentence(reading, sentence)


# --- tables -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Context:
    """A table as its cells are read: ``schools`` are those at the head of its rows or columns under a short name."""

    reading: Reading
    index: int
    table: Table
    schools: Mapping[str, str]

    @cached_property
    def of_schools(self) -> bool:
        """True where the rows or the columns are schools."""
        return len(self.schools) >= 2 or _mentions_schools(self.table)


def _read_table(reading: Reading, index: int, table: Table) -> Iterator[FigureClaim]:
    caption = re.sub(r"\s", "", table.caption)
    if re.search(r"满意|获奖|大赛|竞赛|资助|体测|体质|考试|文化课|鉴定|经费", caption):
        return
    headers = ["/".join(table.column_path(c)) for c in range(table.columns)]
    roles = read_columns(table).roles
    if _lists_programmes(table, headers) and not re.search(r"实习|订单|学徒|合作|见习|衔接", caption):
        yield from _read_totals_of_programmes(reading, index, table, headers)
        return
    if "partner" in roles or "group" in roles or "college" in roles:
        return
    previous = ""
    schools = resolve_heads(reading, (header.split("/")[0] for header in headers[1:])) | resolve_heads(
        reading, (table.text_at(row, 0) for row in table.body_rows)
    )
    context = _Context(reading, index, table, schools)
    if schools:
        headers = ["/".join(schools.get(part, part) for part in header.split("/")) for header in headers]
    for row in table.body_rows:
        labels = [re.sub(r"\s", "", table.text_at(row, c)) for c in range(max(1, table.header_columns))]
        labels = [label for label in dict.fromkeys(labels) if label and not re.fullmatch(r"\d{1,3}", label)]
        row_label = "/".join(schools.get(label, label) for label in labels)
        claims: list[FigureClaim] = []
        for column in range(max(1, table.header_columns), table.columns):
            cell = table.grid[row][column]
            if cell is None or cell.row != row or cell.column != column:
                continue
            value = to_number(cell.text)
            if value is None:
                continue
            header = _after_left(headers, column)
            claim = _figure_of_cell(context, row, row_label, header, previous, value, cell.text)
            if claim is not None:
                claims.append(claim)
        yield from _without_parts(claims)
        previous = row_label or previous


def _after_left(headers: list[str], column: int) -> str:
    """The header of a column, with 升学人数 before it where it is a part of that: 升学人数 | 其中：本科."""
    header = headers[column]
    if re.fullmatch(r"(?:.*/)?(?:其中[：:]?)?(?:升入)?本科(?:人数)?(?:[（(]人[)）])?", header) and any(
        re.search(r"升学(?:总)?(?:人)?(?:数)?(?:（人）)?$", left) for left in headers[max(0, column - 2) : column]
    ):
        return f"升学人数/{header.split('/')[-1].removeprefix('其中').lstrip('：:')}"
    return header


def _without_parts(claims: list[FigureClaim]) -> Iterator[FigureClaim]:
    """The figures of a row without the parts of a total: "专任教师 2840 | 35岁以下 1020 | 838 | 968" says 2840 once."""
    for claim in claims:
        same = [
            c.value for c in claims if (c.subject, c.indicator, c.year) == (claim.subject, claim.indicator, claim.year)
        ]
        if claim.unit != "人" or len(set(same)) == 1 or claim.value == same[0] == max(same):
            yield claim


def _lists_programmes(table: Table, headers: list[str]) -> bool:
    """True for a table whose rows are programmes: only its total is the school's."""
    if any(
        re.fullmatch(r"专业(?:名称|类别|大类|类)?(?:[（(][^）)]*[)）])?|招生专业", header.split("/")[-1])
        for header in headers[:3]
    ):
        return True
    labels = [re.sub(r"\s", "", table.text_at(row, 0)) for row in table.body_rows]
    return sum(label in known_programmes() for label in labels) * 2 > len(labels)


def _figure_of_cell(
    context: _Context,
    row: int,
    row_label: str,
    header: str,
    previous: str,
    value: float,
    text: str,
) -> FigureClaim | None:
    reading, index, table = context.reading, context.index, context.table
    caption = re.sub(r"^(?:附|续)?表[\d\-—.．一二三四五六七八九十]*[：:、]?", "", re.sub(r"\s", "", table.caption))
    indicator = _indicator_of(row_label) or _indicator_of(header)
    if indicator is None and not _NOT.search(header) and not _NOT.search(row_label):
        indicator = _indicator_of_caption(caption)
        if indicator is not None and not all(_is_neutral(part) for part in f"{row_label}/{header}".split("/") if part):
            return None
    if re.search(r"^占[^/]*比例?$", row_label) and "双师" in previous:  # a share of the row above it
        indicator = "双师型教师比例"
    if indicator is None or re.search(r"变化|增减|增长|同比|比上年", row_label + "/" + header):
        return None
    subject = _subject_of(context, row_label, header)
    if subject is None:
        return None
    unit = _unit_of(indicator, header + row_label + caption + table.unit, text)
    years = find_years(header) or find_years(row_label) or find_years(table.caption)
    year = years[-1] if years else reading.document.info.year
    if unit == "人" and re.search(r"[（(]万人[)）]|(?:^|/)万人(?:/|$)", f"{row_label}/{header}/{table.unit}"):
        value = round(value * 10000, 6)
    if not _is_plausible(indicator, value, text, header + row_label):
        return None
    return FigureClaim(subject, indicator, value, unit, year, row_evidence(reading.document, index, row), NAME)


def _is_neutral(part: str) -> bool:
    """A header that adds nothing to what the caption says: a year, a total, a school, a unit."""
    return bool(
        _years_only(part)
        or _TOTAL_LABEL.search(part)
        or is_school(part)
        or _UNIT_LABEL.fullmatch(part)
        or re.fullmatch(r"(?:总)?人数(?:[（(]人[)）])?|数量|年[度号份]|指标|学校(?:名称)?|数值", part)
    )


def _years_only(label: str) -> bool:
    return bool(re.fullmatch(r"(?:(?:19|20)\d\d(?:学?年度?)?(?:[-—~至](?:19|20)?\d\d(?:学?年度?)?)?)", label))


def _indicator_of(label: str) -> str | None:
    """The indicator that a header path names; the lowest header decides, with those above it where it needs them."""
    if not label:
        return None
    label = re.sub(r"（[^）]{0,12}[:：][^）]*）", "", label)
    parts = [
        part
        for part in label.split("/")
        if not _years_only(part) and not _UNIT_LABEL.fullmatch(part) and not re.fullmatch(r"合计|小计|总计", part)
    ]
    if not parts:
        return None
    joined = "/".join(parts)
    for text in dict.fromkeys((parts[-1], joined)):
        if _NOT.search(text) and not re.search(
            r"^其中[：:]?(?:专任教师|(?:毕业生)?升学|升入本科|对口)|(?<!高级)(?<!高级[“\"])双师|专任教师.*总人数", text
        ):
            continue
        bare = re.sub(r"[（(](?:所|人|个|家|%|％|名|平方米|亩|:1|：1)[)）]$|[（(]万人[)）]$|(?<=率)[%％]$", "", text)
        bare = re.sub(r"^其中[：:]?", "", bare)
        for name, pattern in _INDICATORS_COMPILED:
            if pattern.search(bare) or pattern.search(text):
                return name
    return None


def _indicator_of_caption(caption: str) -> str | None:
    stem = re.sub(r"(?:变化)?(?:情况)?(?:统计)?(?:一览)?(?:对比)?表$|情况$", "", caption)
    stem = re.sub(r"[（(][%％人所个][)）]", "", stem)
    if re.search(r"占专任教师比例", stem) and "双师" in stem:
        return "双师型教师比例"
    if _NOT.search(stem):
        return None
    for name, pattern in _INDICATORS_COMPILED:
        if pattern.search(stem):
            return name
    return None


def _subject_of(context: _Context, row_label: str, header: str) -> Mention | None:
    """The school in the row's or the column's header; a total is the region's, other parts nobody's."""
    reading, table = context.reading, context.table
    for label, _place in ((row_label, "row"), (header, "column")):
        for part in map(without_remark, label.split("/")):
            if reading.is_school(part) or (
                len(part) >= 5 and re.search(r"(?:学校|学院|中学|中专)$", part) and not is_generic(part)
            ):
                return Mention(_label_span(table, part), part, EntityType.SCHOOL)
    words = f"{row_label}/{header}"
    if reading.owner is not None and not context.of_schools:
        return None if _PART_LABEL.search(words) else reading.owner
    if _PART_LABEL.search(words) and not _TOTAL_LABEL.search(words):
        return None
    if context.of_schools and not (
        _TOTAL_LABEL.search(words)
        or (reading.region and any(_is_region(part, reading.region.name) for part in words.split("/")))
    ):
        return None
    return reading.region


def _is_region(part: str, region: str) -> bool:
    return part in (region, f"{region}合计", "全市", "全省", "全县", "全区")


def _mentions_schools(table: Table) -> bool:
    heads = [
        cell.text for cell in table.cells if cell.row < table.header_rows or cell.column < max(1, table.header_columns)
    ]
    return sum(is_school(re.sub(r"\s", "", text)) for text in heads) >= 2


def _label_span(table: Table, label: str) -> Span:
    for cell in table.cells:
        if re.sub(r"\s", "", cell.text) == label:
            return cell.span
    return table.cells[0].span


def _unit_of(indicator: str, words: str, text: str) -> str:
    if indicator == "校园面积" and "亩" in words + text:
        return "亩"
    return UNITS[indicator]


def _is_plausible(indicator: str, value: float, text: str, label: str) -> bool:
    percent = "%" in text or "％" in text
    if indicator in ("就业率", "对口就业率", "升学率", "双师型教师比例"):
        return 0 <= value <= 100.5 and not re.search(r"人数|（人）", label.split("/")[-1])
    if indicator == "生师比":
        return 0 < value < 100
    if indicator == "校园面积":
        return value > 1
    return not percent and value == int(value)


_OF_TOTALS = ("招生数", "在校生数", "毕业生数", "就业率", "对口就业率", "升学人数", "升入本科人数")


def _read_totals_of_programmes(reading: Reading, index: int, table: Table, headers: list[str]) -> Iterator[FigureClaim]:
    """The 合计 row of a table by programmes: its sums are the school's."""
    subject = reading.table_subject(table, index)
    if subject is None:
        return
    caption = re.sub(r"\s", "", table.caption)
    for row in table.body_rows:
        first = re.sub(r"\s", "", "".join(table.text_at(row, c) for c in range(2)))
        if not re.match(r"合计|总计|全校", first):
            continue
        for column, header in enumerate(headers):
            value = to_number(table.text_at(row, column))
            indicator = _indicator_of(header)
            if indicator is None and _years_only(header) and re.search(r"学籍|在校", caption):
                indicator = "在校生数"
            if value is None or indicator not in _OF_TOTALS or re.search(r"计划", header):
                continue
            years = find_years(header) or find_years(table.caption)
            year = years[-1] if years else reading.document.info.year
            yield FigureClaim(
                subject, indicator, value, UNITS[indicator], year, row_evidence(reading.document, index, row), NAME
            )


# --- running text -------------------------------------------------------------------------------------------------------

_N = r"(?P<value>\d[\d,，]*(?:\.\d+)?)\s*(?P<wan>万)?\s*(?:余|多)?"
_TO = (
    r"(?:总数|总量|人数|规模|数|总人数)?(?:达到了?|达|为|共计?有?|有|是|约|近|超过?|稳定在|保持在|突破|：|:|共)*(?:了)?"
)
_PROSE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("学校数", rf"(?:中等职业学校|中职学校|职业学校|职业院校|中职院校)(?:（[^（）]*）)?(?:共|现)?(?:有)?{_TO}{_N}所(?!高职|普通)|(?:有|共有|设有)[^，。；]{{0,6}}?{_N.replace('value', 'v2').replace('wan', 'w2')}所(?:公办|独立设置)?(?:的)?(?:中等职业学校|中职学校|职业学校)(?![^，。]{{0,4}}(?:参与|参加|列入|建|获|承担|开展))"),
        ("在校生数", rf"(?:全日制)?(?:学历教育)?(?:在校|在籍|在册)(?:学)?生{_TO}{_N}(?:人|名)?(?![\d.%])|(?:有|共有|现有)(?:全日制)?(?:在校)?学生{_N.replace('value', 'v2').replace('wan', 'w2')}(?:人|名)"),
        ("招生数", rf"(?<!计划)(?<!扩大)招(?:收)?(?:新)?生(?!.{{0,2}}计划)(?:了|完成)?{_TO}{_N}(?:人|名)(?!为|系)|(?:录取|招收)(?:新生|学生){_TO}{_N.replace('value', 'v2').replace('wan', 'w2')}(?:人|名)"),
        ("毕业生数", rf"毕(?:（结）)?业(?:学)?生{_TO}{_N}(?:人|名)|(?<!应届)(?<!初中)毕业(?:学生)?{_N.replace('value', 'v2').replace('wan', 'w2')}(?:人|名)(?!学生)"),
        ("教职工数", rf"(?:在编在岗|在编|在岗|现有)?教职(?:工|员工|员){_TO}{_N}(?:人|名)"),
        ("专任教师数", rf"专任教师(?!中|占){_TO}{_N}(?:人|名)"),
        ("双师型教师数", rf"[“\"]?双师[”\"]?型?[”\"]?(?:素质)?(?:专业)?教师{_TO}{_N}(?:人|名)|一体化（[“\"]?双师[”\"]?型?[”\"]?）教师{_TO}{_N.replace('value', 'v2').replace('wan', 'w2')}(?:人|名)"),
        ("双师型教师比例", r"[“\"]?双师[”\"]?型?[”\"]?(?:素质)?(?:专业)?教师[^。；]{0,24}?(?:占|比例|占比|达)[^。；，]{0,18}?(?P<value>\d+(?:\.\d+)?)\s*[%％]"),
        ("生师比", r"(?:生师比|师生比)(?:为|达到?|是|：|约|保持在|稳定在)*\s*(?P<value>\d+(?:\.\d+)?)\s*[:：∶]\s*1|与(?:全日制)?(?:学历教育)?在校生(?:的)?比例为\s*(?P<v2>\d+(?:\.\d+)?)\s*[:：∶]\s*1"),
        ("对口就业率", r"(?:对口就业率|(?:专业|毕业生|，)对口率)(?:为|达到?|是|均为|约|保持在|在)*\s*(?P<value>\d+(?:\.\d+)?)\s*[%％]"),
        ("就业率", r"(?<!对口)(?<!直接)(?<!创业)(?<!业率)(?:就业率|(?:毕业|就业)去向落实率)(?:（[^（）]{1,8}）)?(?:为|达到?|达到了|是|均为|约|保持在|稳定在|在|始终|均|连续[^，。]{0,6})*\s*(?P<value>\d+(?:\.\d+)?)\s*[%％]"),
        ("升学率", r"(?<!对口)升学率(?:为|达到?|达到了|是|约|保持在|在)*\s*(?P<value>\d+(?:\.\d+)?)\s*[%％]"),
        ("升学人数", rf"(?:升入|考入|升读)(?:高一级|上一级|上级|高等|高职)(?:学校|院校){_N.replace('value', 'v3').replace('wan', 'w3')}(?:人|名)|(?<!口)(?<!转段)升学(?:总)?(?:人数)?(?:为|达到?|共|是)*{_N}(?:人|名)|{_N.replace('value', 'v2').replace('wan', 'w2')}(?:名学生|人|名毕业生)(?:成功)?升学(?!就业)"),
        ("升入本科人数", rf"(?:升入|考入|被)[^，。；]{{0,10}}?本科[^，。；]{{0,10}}?{_N}(?:人|名)|{_N.replace('value', 'v2').replace('wan', 'w2')}(?:名学生|人|名)(?:被|考入|升入|升读)[^，。；]{{0,6}}本科|本科(?:录取|上线)(?:人数)?(?:为|达)?{_N.replace('value', 'v3').replace('wan', 'w3')}(?:人|名)"),
        ("合作企业数", rf"与[^，。；]{{0,14}}?{_N}家[^，。；、]{{0,14}}?(?:企业|公司|单位)[^，。；]{{0,30}}?(?:合作|签[订署约]|协议|共建|建立)|合作企业{_TO}{_N.replace('value', 'v2').replace('wan', 'w2')}家"),
        ("专业数", rf"(?:开设|现?设有|共设|现设|设置|现有|共有|拥有)(?:了|有)?(?:[^。；]{{2,160}}?(?:等|(?<=[^\\d]))|[^，。；、]{{0,10}}?){_N}个(?:中职|招生|骨干)?专业(?!教室|实训|群|建设|部|大类|教研|教师|课程|类|分校|学校|委员会|实验)|(?:开设|共有|现有|设有)专业(?:总数)?{_N.replace('value', 'v2').replace('wan', 'w2')}个"),
        ("实训基地数", rf"(?:校内|校内外)?(?:实习)?实训基地(?:总数|数量)?(?:达到?|共有?|有|为)*{_N}个|(?:建有|建成|拥有|现有|以)[^，。；]{{0,8}}?{_N.replace('value', 'v2').replace('wan', 'w2')}个(?:校内)(?:外)?(?:实习)?(?:实训|实习实训)基地"),
        ("校园面积", rf"(?:(?:学校|校园)?(?:现)?(?:总)?占地(?:总)?(?:面积)?|校园(?:总)?面积)(?:约|为|达|共|近)*{_N}\s*(?P<area>平方米|平米|㎡|亩|m2)"),
    )
)  # fmt: skip
_COMPARE = re.compile(r"(?:增加|减少|增长|下降|提高|降低|比[^，。]{0,8}(?:多|少)|净增|新增|上升)(?:了)?[^，。；]{0,6}$")
_PROSE_PLAN = re.compile(
    r"力争|争取|目标|规划|计划|预计|将(?=达|突破|新|增|建)|到20(?:2[5-9]|3\d)年|不低于|低于生均|应(?:达|为|不)|要求|标准"
)
_OUTLOOK = re.compile(rf"{_PROSE_PLAN.pattern}|今后|下一步|[要将拟](?!求)")
_PART = re.compile(
    r"(?:农村|贫困|女|男|少数民族|住校|涉农|五年制|中职部|高职部|非全日制|三年级|二年级|一年级|高[一二三]|专业|每个|班级|某|每年|人均|实习|顶岗|技能|参加|民办学校|兄弟学校|同类学校)[^，。；]{0,4}$"
)


# Who is taken in by a class, a project or a joint course, not by the school.
_OF_CLASS = re.compile(
    r"班”[^；。]*招|订单|冠名|学徒|贯通|联办|合办|五年一贯|[“\"]\d\s*\+\s*\d|项目[^，；。]{0,4}(?:共|计)"
)


def _read_sentence(reading: Reading, sentence: Sentence) -> Iterator[FigureClaim]:
    text = sentence.text
    for indicator, pattern in _PROSE:
        for found in pattern.finditer(text):
            groups = found.groupdict()
            key = next((k for k in ("value", "v2", "v3") if groups.get(k)), None)
            if key is None:
                continue
            wan = groups.get({"value": "wan", "v2": "w2", "v3": "w3"}[key])
            value = float((groups[key] or "").replace(",", "").replace("，", "")) * (10000 if wan else 1)
            before = text[: found.start()]
            part = reading.text_of(reading.comma_part(sentence, sentence.span.start + found.start()))
            told = reading.text_of(reading.comma_part(sentence, sentence.span.start + found.start(key)))
            if (
                _COMPARE.search(before)
                or _PROSE_PLAN.search(part)
                or _PROSE_PLAN.search(told)
                or (reading.is_outlook(sentence) and _OUTLOOK.search(text[: found.start()].rsplit("；", 1)[-1]))
                or _PART.search(before)
                or (
                    indicator == "毕业生数"
                    and re.search(r"\d{4}级|(?:录用|接收|接纳|吸纳|聘用|安置)(?:了|我校|学校)?$", before)
                )
            ):
                continue
            if indicator == "学校数" and re.search(
                r"(?:重点|示范|优质|骨干|标准|标杆|星级|双优|试点)[^，。；]{0,8}$",
                text[: found.end()].rsplit("所", 1)[0],
            ):
                continue
            if (
                indicator in ("招生数", "在校生数", "毕业生数")
                and re.search(r"(?<!个)专业(?!\d+个)[^；。]{0,40}$", before.rsplit("；", 1)[-1])
                and not re.search(
                    r"(?:学校|全校|全[市省县]|个专业|专业\d+个)[^；。]{0,30}$",
                    before.rsplit("；", 1)[-1].rsplit("专业", 1)[-1],
                )
            ):
                continue  # of one programme, not of the school
            if indicator == "校园面积" and re.search(r"基地|工坊|车间|实训|园区|中心，|大楼|楼", before[-40:]):
                continue
            if indicator in ("招生数", "在校生数", "毕业生数") and re.search(
                r"[“][^”]{1,8}班[”]|订单班|冠名班|就业[^，]{0,6}$|[^，]{0,6}工科", part
            ):
                continue
            if indicator == "招生数" and _OF_CLASS.search(text[: found.end()].rsplit("；", 1)[-1]):
                continue
            if re.search(r"生均|增加|减少|增长|提高了|下降", found.group(0)):
                continue
            subject = find_subject(reading, sentence, found.start())
            if subject is None:
                continue
            year = _year_of_figure(reading, sentence, found.start())
            if indicator in ("招生数", "在校生数", "毕业生数") and value < 20:
                continue
            unit = "亩" if groups.get("area") == "亩" else UNITS[indicator]
            span = Span(sentence.span.start + found.start(), sentence.span.start + found.end())
            yield FigureClaim(subject, indicator, round(value, 6), unit, year, reading.evidence(sentence, span), NAME)


def find_subject(reading: Reading, sentence: Sentence, at: int) -> Mention | None:
    """Whose figure stands at the place ``at`` of a sentence: a school's, the region's, or nobody's here."""
    if reading.owner is not None:
        before = sentence.text[:at]
        if wide := re.findall(r"全([国省市县区])|我([省市县区])|全自治区|[省市州]高职院校", before):
            return None if _PROSE_PLAN.search(sentence.text) else _region_of(reading, "".join(wide[-1]))
        named = reading.subjects_before(sentence, sentence.span.start + at)
        return named[0] if len(named) == 1 else reading.owner
    before = sentence.text[:at]
    schools = list(reading.subjects_before(sentence, sentence.span.start + at))
    if re.search(r"全[市县区旗州省]|我[市县区旗省]", before) or not schools:
        if re.search(r"全国|全省(?=[^，]*平均)|每所|某|各校", before):
            return None
        return reading.region
    return schools[0] if len(schools) == 1 and schools[0].type is EntityType.SCHOOL else None


def _region_of(reading: Reading, kind: str) -> Mention | None:
    """The report's region where 全市, 全县 … can only mean it."""
    return reading.region if reading.region and kind and reading.region.name.endswith(kind) else None


def _year_of_figure(reading: Reading, sentence: Sentence, at: int) -> int | None:
    year = reading.year_before(sentence, sentence.span.start + at)
    before = re.findall(
        r"(?<!较)(?<!比)(?<!与)(?<!从)(?<!自)(?<!于)((?:19|20)\d\d)(?:学)?年(?!以来|至今|起)", sentence.text[:at]
    )
    if before:
        return int(before[-1])
    lead = re.match(r"[^，。]{0,6}((?:19|20)\d\d)年", sentence.text)
    if lead:
        return int(lead.group(1))
    return year if year and re.search(rf"{year}年", sentence.text[:at]) else reading.document.info.year
