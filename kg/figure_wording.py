"""How a figure is worded where it stands: how exactly it is given, and what it narrows itself to.

Statement files hold a value and its sentence or row. Two values may be set side by side only where neither is a
round number, a plan or a part of the whole, and both speak of the same part: 校内实训基地8个 and 校外实训基地32个 do
not contradict each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.statement_files import FigureRecord, StatementFile

_NUMBER = re.compile(r"(?<![\d.])(?P<whole>\d[\d,，]*)(?:\.(?P<decimals>\d+))?\s*(?P<wan>万)?")
_CJK = re.compile(r"[\u3400-\u9fff]")
# The words by which a sentence shows which of its numbers is the indicator's.
_STEMS = {
    "学校数": "学校|院校", "招生数": "招|录取", "在校生数": "在校|在籍|学生", "毕业生数": "毕业", "教职工数": "教职",
    "专任教师数": "专任", "双师型教师比例": "双师", "双师型教师数": "双师", "生师比": "师比|比例", "就业率": "就业",
    "对口就业率": "对口", "升学人数": "升学", "升学率": "升学", "升入本科人数": "本科", "合作企业数": "企业|公司|单位",
    "专业数": "专业", "实训基地数": "基地", "校园面积": "占地|面积",
}  # fmt: skip
# A number that is round, planned, of several years, or of a part that is not named as one.
_LOOSE = re.compile(
    r"约|近\d|余|\d多|以上|以下|之间|超过?|左右|不低于|不少于|逐步|累计|近[一二三两四五\d]+年|历年|历届|年均|每年|送|录用|接[收纳]|吸纳|安置|聘用|其中的|参[加与]|补充|新增|引进|招聘|增[加至长]|减少|下降|人次|计划|拟|力争|目标|预计|至少|突破|高级|骨干|兼职|外聘|分别|其中全日制|[初入]学率|平均每"
)
# What is wanted, not what is: by a word before the number, or by the section.
_WANTED = re.compile(r"争取|力争|目标|拟|预计|将(?:达|增|建)|不低于")
_OUTLOOK = re.compile(r"改进|下一步|展望|对策|主要问题|存在(?:的)?问题|面临|挑战|努力方向|工作思路|发展思路")
_CAMPUS = re.compile(r"校区|分校|校本部|分部")
# A sentence that counts several years together, or takes in what others count apart.
_AROUND = re.compile(r"(?:近[一二三两四五\d]+年|累计)[^。；]*$|(?:^|[，。；])(?:含|包括|除)[^，。；]*，[^，。；]*$")
_PARTS = re.compile(
    r"校内|校外|公共|公办|民办|普通中专|中专部|职业高中|职高|成人|附设|技工|技校|非全日制|五年制|[3三]\+[24二四]|高职|中职部|专科|直接|初次|[^子]男|女|应届|往届|春季|秋季|初中|社会|农村|涉农|住校|一年级|二年级|三年级|高[一二三]|本校区|校区|专业课|企业|对口|高考|毕业班|订单|不含|含"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A figure that can be set beside others: ``step`` is one in its last place, ``part`` what it narrows itself to."""

    figure: FigureRecord
    step: float
    part: str
    words: str  # the clause, or the row's head and the table's caption

    def fits(self, other: Wording) -> bool:
        """True where both may be the same value: counts to the last digit, rounded and cut ones within one step."""
        step = max(self.step, other.step)
        distance = abs(self.figure.value - other.figure.value)
        return distance < 1e-6 or (step != 1 or self.figure.unit == "%") * step + 1e-9 >= distance


def read_wording(figure: FigureRecord, file: StatementFile) -> Wording | None:
    """How a figure is worded; None for one that is not to be compared."""
    text = figure.evidence.text
    places = [found for found in _NUMBER.finditer(text) if abs(_value_of(found) - figure.value) < 1e-6]
    if not places:
        return None
    if figure.evidence.table is not None:
        found = places[0]
        words, around = _row_words(text, found), figure.evidence.caption
    else:
        stem = re.compile(_STEMS[figure.indicator])
        found = next((each for each in places if stem.search(_words_beside(text, each))), places[0])
        words, around = _words_beside(text, found), ""
        if _is_apart(text, found, figure, file):
            return None
        if figure.indicator == "双师型教师比例" and "专业课" in _sentence_before(text, found):
            around = "专业课"  # of whom the share is may stand far before it
    if _LOOSE.search(words) or _names_another(words, figure, file):
        return None
    step = 10.0 ** -len(found["decimals"] or "") * (10000 if found["wan"] else 1)
    inherent = _STEMS[figure.indicator]
    parts = {part for part in _PARTS.findall(f"{words} {around}") if not re.search(inherent, part)}
    return Wording(figure, step, "、".join(sorted(parts)), words)


def _is_apart(text: str, found: re.Match[str], figure: FigureRecord, file: StatementFile) -> bool:
    """True where the words before a number set it apart: a wish, a campus, several years, another year or school."""
    clause, sentence = text[_begin_of_clause(text, found) : found.end()], _sentence_before(text, found)
    own = file.entities[figure.subject]
    return bool(
        _OUTLOOK.search(figure.evidence.section)
        or _WANTED.search(sentence)
        or _CAMPUS.search(sentence)
        or _AROUND.search(text[: found.start()])
        or _years_against(clause, figure.year)
        or _names_another(clause, figure, file)
        # in its own report 该校 is a partner: itself a school calls 我校 or 学校
        or (file.report.publisher in (own.name, *own.aliases) and "该校" in text[: found.start()])
    )


def _sentence_before(text: str, found: re.Match[str]) -> str:
    return re.split("[。；]", text[: found.start()])[-1]


def _value_of(found: re.Match[str]) -> float:
    number = found["whole"].replace(",", "").replace("，", "") + "." + (found["decimals"] or "0")
    return round(float(number) * (10000 if found["wan"] else 1), 6)


def _begin_of_clause(text: str, found: re.Match[str]) -> int:
    return max(text.rfind(mark, 0, found.start()) for mark in "，。；,;") + 1


def _words_beside(text: str, found: re.Match[str]) -> str:
    """The words from the number before to this one and its unit: what a clause says of this number alone."""
    begin = _begin_of_clause(text, found)
    numbers = [each.end() for each in _NUMBER.finditer(text, begin, found.start()) if not _is_year(each, text)]
    after = re.match(r"[^，。；,;、（(\d]*", text[found.end() :])
    return text[max(numbers, default=begin) : found.end()] + (after.group(0) if after else "")


def _is_year(found: re.Match[str], text: str) -> bool:
    return text[found.end() : found.end() + 1] in ("年", "学")


def _row_words(text: str, found: re.Match[str]) -> str:
    """What a row says of a number: the words right before it, else the row's head."""
    before = [each for each in re.split(r"[\d.,%％:：~—-]+", text[: found.start()]) if _CJK.search(each)]
    if not before:
        return ""
    last = text.rfind(before[-1])
    near = not re.search(r"\d", text[last + len(before[-1]) : found.start()])
    return (before[-1] if near else before[0]).strip()


def _years_against(words: str, year: int | None) -> bool:
    years = {int(found) for found in re.findall(r"(?<!\d)((?:19|20)\d\d)(?=\s*(?:年|学年|级|届|[-—~至]))", words)}
    return bool(years) and year is not None and year not in years


def _names_another(words: str, figure: FigureRecord, file: StatementFile) -> bool:
    """True where the words name a school or a region that is not the figure's subject."""
    own = file.entities[figure.subject]
    names = {own.name, *own.aliases}
    for entity in file.entities.values():
        if entity.iri != own.iri and entity.type in ("School", "Region"):
            for name in (entity.name, *entity.aliases):
                if len(name) > 1 and name in words and not any(name in each for each in names):
                    return True
    return False
