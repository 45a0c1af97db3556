"""The year at the head of a paragraph counts for its later sentences, until another is named."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from stress.scoring import make_document

from extractors import Reading
from extractors.reading import Sentence
from kg.extraction import extract
from kg.mentions import find_mentions
from kg.model import Document

SCHOOL = "澧水市兰江职业中等专业学校"
PARTS = (
    "2022年，",
    "（一）2021年",
    "2022年以来",
    "到2023年",
    "学校开设护理专业",
    "与兰江机械厂合作",
    "12022年",
    "2022年5月",
)


def make(*blocks: str) -> Document:
    report = {
        "title": f"{SCHOOL}质量年度报告",
        "level": "school",
        "publisher": SCHOOL,
        "region": "澧水市",
        "year": 2023,
    }
    return make_document({"id": "x", "report": report, "blocks": [{"p": text} for text in blocks]})


def find_plainly(sentences: tuple[Sentence, ...], sentence: Sentence) -> int | None:
    """The rule as it is told: the first sentence before this one in its block whose year no sentence from there on gainsays."""
    before = [s for s in sentences if s.block == sentence.block and s.span.start < sentence.span.start]
    for index, earlier in enumerate(before):
        found = re.match(
            r"(?:[—\s（(]|[一二三四五六七八九十\d]{1,2}[）)、.])*((?:19|20)\d\d)年(?:\d{1,2}月)?(?!以来|至今|起|开始)",
            earlier.text,
        )
        named = {int(y) for s in before[index:] for y in re.findall(r"(?<!\d)((?:19|20)\d\d)年", s.text)}
        if found and named <= {int(found[1])}:
            return int(found[1])
    return None


@given(st.lists(st.lists(st.sampled_from((*PARTS, "。")), min_size=1).map("".join), min_size=1, max_size=4))
def test_it_is_the_year_that_nothing_from_there_on_gainsays(blocks: list[str]) -> None:
    document = make(*blocks)
    reading = Reading(document, find_mentions(document))
    for sentence in reading.sentences:
        assert reading._leading_year(sentence) == find_plainly(reading.sentences, sentence)


def test_a_paragraph_of_thousands_of_sentences_is_read() -> None:
    """Each was held against all before it, and these against all after them: hours for what is read in seconds."""
    claims, *_ = extract(make("学校开设护理专业。" * 2500))
    assert {claim.object.name for claim in claims} == {"护理"}
