"""Claims out of a few sentences of an invented report, for tests of the forms that the genre writes facts in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from kg.extraction import extract
from kg.layout import build_document
from kg.readers.txt import read_txt

SCHOOL = "常德市朗州职业中等专业学校"
REGION = "常德市"
_OF_SCHOOL = f"{SCHOOL}质量年度报告（2023年度）\n\n一、办学情况\n\n"
_OF_CITY = "常德市中等职业教育质量年度报告（2023年度）\n\n常德市教育局\n\n一、办学情况\n\n"


def read_claims(text: str, predicate: str, city: bool = False) -> list[tuple[str, str, dict]]:
    """(subject, object, qualifiers) of the claims of one predicate in a school's or a city's report that says ``text``."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.txt"
        file.write_text((_OF_CITY if city else _OF_SCHOOL) + text, encoding="utf-8")
        claims, *_ = extract(build_document("report", file.name, read_txt(file), "report"))
    return [(c.subject.name, c.object.name, dict(c.qualifiers)) for c in claims if str(c.predicate) == predicate]


def pairs(text: str, predicate: str, city: bool = False) -> set[tuple[str, str]]:
    return {(subject, object_) for subject, object_, _ in read_claims(text, predicate, city)}
