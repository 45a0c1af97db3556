"""Figures that a sentence sets side by side: of this year and the one before, from one to another, of several years."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.figures import NAME, UNITS, find_subject
from extractors.reading import Reading, Sentence
from kg.model import FigureClaim, Mention, Span

_NOUNS = (
    ("对口就业率", r"对口就业率"),
    ("就业率", r"(?<!对口)(?<!直接)(?<!创业)就业率"),
    ("升学率", r"(?<!对口)升学率"),
    ("双师型教师比例", r"[“\"]?双师型?[”\"]?型?(?:专任|专业)?教师(?:占比|比例|占[^，。；\d]{0,12}比例?)"),
    ("在校生数", r"(?:全日制|学历教育)*(?:在校|在籍|在册)(?:学)?生(?:人数|总数|规模|数)?"),
    ("招生数", r"(?<!计划)招生(?:人数|总数|数)?"),
    ("毕业生数", r"毕业生(?:人数|总数|数)?"),
    ("专任教师数", r"专任教师(?:总数|数)?"),
    ("教职工数", r"教职[工员](?:总数|数)?"),
    ("合作企业数", r"合作企业(?:总数|数量|数)?"),
    ("专业数", r"专业(?:总数|数量|数)"),
)
_NUMBER = r"(\d[\d,]*(?:\.\d+)?)\s*(万)?\s*(人|名|家|个|所|%|％)?"
_YEAR = r"(上年|去年|上一年度?|(?:19|20)\d\d年)"
_VERB = r"(?:为|达到?|有|是|共|约)*"
_BECAME = r"(?:增加|提高|上升|增长|提升|扩大|下降|减少|降低|降|增|升)(?:到|至|为)了?"
_FROM_TO = tuple(
    (name, re.compile(rf"{noun}(?:由|从){_YEAR}的?{_NUMBER}{_BECAME}(?:(?:19|20)\d\d年的?)?{_NUMBER}(?![\d年])"))
    for name, noun in _NOUNS
)
_AGAINST = tuple(
    (name, re.compile(rf"{noun}{_VERB}{_NUMBER}[，,]?(?:较|比){_YEAR}的{_NUMBER}")) for name, noun in _NOUNS
)
_SERIES = tuple((name, re.compile(rf"{noun}分别{_VERB}({_NUMBER}(?:[、和]{_NUMBER})+)")) for name, noun in _NOUNS)
_SEVERAL = tuple((name, re.compile(rf"{noun}{_VERB}{_NUMBER}")) for name, noun in _NOUNS)
_RESPECTIVELY = re.compile(rf"[，,]分别(?:较|比){_YEAR}的({_NUMBER}(?:[、和]{_NUMBER})+)")
_YEARS = re.compile(r"((?:19|20)\d\d)年?(?:[、和]|与)((?:19|20)\d\d)年(?!级|届)")
_PLAN = re.compile(r"力争|争取|目标|计划|预计|拟|规划|要求|标准|不低于|应")


def extract(reading: Reading) -> Iterator[FigureClaim]:
    """The figures of all comparisons in running text; those of this year alone are told by ``figures`` too."""
    for sentence in reading.sentences:
        if re.search(r"(?:由|从|较|比|分别)", sentence.text) and not _PLAN.search(sentence.text):
            yield from _read_pairs(reading, sentence)
            yield from _read_respectively(reading, sentence)
            yield from _read_series(reading, sentence)


def _read_pairs(reading: Reading, sentence: Sentence) -> Iterator[FigureClaim]:
    """合作企业由2023年的71家增加到83家; 在校生3128人，较2022年的2894人增加…: two years, the later one first told or last."""
    for name, pattern in _FROM_TO:
        for found in pattern.finditer(sentence.text):
            before, first, last = found.group(1), found.group(2, 3, 4), found.group(5, 6, 7)
            yield from _make(reading, sentence, found, name, [(_earlier(reading, sentence, found, before), first)])
            yield from _make(reading, sentence, found, name, [(_now(reading, sentence, found), last)])
    for name, pattern in _AGAINST:
        for found in pattern.finditer(sentence.text):
            earlier = _earlier(reading, sentence, found, found.group(4))
            yield from _make(reading, sentence, found, name, [(earlier, found.group(5, 6, 7))])


def _read_respectively(reading: Reading, sentence: Sentence) -> Iterator[FigureClaim]:
    """招生1.42万人，在校生4.05万人，分别比2023年的1.35万人、3.98万人增长…: the numbers in the order of those before."""
    for found in _RESPECTIVELY.finditer(sentence.text):
        numbers = re.findall(_NUMBER, found.group(2))
        told = [
            (m.start(), name) for name, pattern in _SEVERAL for m in pattern.finditer(sentence.text, 0, found.start())
        ]
        names = [name for _, name in sorted(told)][-len(numbers) :]
        if len(names) == len(numbers):
            year = _earlier(reading, sentence, found, found.group(1))
            for name, number in zip(names, numbers, strict=True):
                yield from _make(reading, sentence, found, name, [(year, number)])


def _read_series(reading: Reading, sentence: Sentence) -> Iterator[FigureClaim]:
    """2022年、2023年，全市在校生分别为9.12万人、8.87万人: as many numbers as years."""
    for name, pattern in _SERIES:
        for found in pattern.finditer(sentence.text):
            years = list(_YEARS.finditer(sentence.text, 0, found.start()))
            numbers = re.findall(_NUMBER, found.group(1))
            if years and len(numbers) == 2:
                pairs = zip((int(year) for year in years[-1].groups()), numbers, strict=True)
                yield from _make(reading, sentence, found, name, list(pairs))


def _make(
    reading: Reading,
    sentence: Sentence,
    found: re.Match[str],
    indicator: str,
    values: list[tuple[int | None, tuple[str, ...]]],
) -> Iterator[FigureClaim]:
    subject: Mention | None = find_subject(reading, sentence, found.start())
    for year, (digits, wan, unit) in values:
        of_programme = re.search(r"专业(?!\d)[^，。；]{0,6}$", sentence.text[: found.start()])
        if of_programme or subject is None or year is None or (unit in ("%", "％")) != (UNITS[indicator] == "%"):
            continue
        value = float(digits.replace(",", "")) * (10000 if wan else 1)
        span = Span(sentence.span.start + found.start(), sentence.span.start + found.end())
        evidence = reading.evidence(sentence, span)
        yield FigureClaim(subject, indicator, round(value, 6), UNITS[indicator], year, evidence, NAME)


def _now(reading: Reading, sentence: Sentence, found: re.Match[str]) -> int | None:
    """The year that the sentence speaks of before the comparison, else the report's own."""
    years = re.findall(r"((?:19|20)\d\d)年(?!级|届)", sentence.text[: found.start()])
    return int(years[-1]) if years else reading.document.info.year


def _earlier(reading: Reading, sentence: Sentence, found: re.Match[str], told: str) -> int | None:
    if told[:1].isdigit():
        return int(told[:4])
    now = _now(reading, sentence, found)
    return now - 1 if now else None
