"""Reports for tests of exports: what no report should hold, and some do, as hypothesis strategies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from kg.export.known import KnownEntity, Place
from kg.export.reading import ReportLines
from kg.schema import load_schema

NASTY = (
    "=1+1",
    '＝HYPERLINK("x")',
    "-2",
    "@x",
    '带"引号"与，逗号,;|',
    "两\n行",
    "回\r车\r\n换行\t制表",
    "控制\x00\x01\x0b\x1f符",
    "<b>&amp;</b> ]]>",
    "😀👩‍🏫𠀀",
    "_x0041_",
    "\\u0041 \\n",
    "\ufeff头",
    "\ufffe\uffff",
    "{'$'}`",
    "长" * 100_000,
    "😀" * 20_000,
)
texts = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.sampled_from(NASTY))
names = texts.filter(lambda text: text.strip() != "")
years = st.integers(1990, 2030)
optional_numbers = st.one_of(st.none(), st.integers(1, 500))


@st.composite
def places(draw: st.DrawFn) -> dict[str, Any]:
    """An evidence, with or without a page, a table, a section."""
    start = draw(st.integers(0, 1000))
    place: dict[str, Any] = {"text": draw(names), "start": start, "end": start + 5}
    given = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "section": texts,
                "page": st.integers(1, 99),
                "table": st.just(2),
                "row": st.integers(1, 9),
                "caption": texts,
            },
        )
    )
    return place | given


@st.composite
def reports(draw: st.DrawFn) -> ReportLines:
    """A report of a few entities, statements and figures."""
    types = sorted(load_schema().types)
    count = draw(st.integers(2, 4))
    entities = {}
    for at in range(count):
        iri = f"https://w3id.org/zhijiao-kg/id/thing/{at}"
        aliases = draw(st.lists(names, max_size=2))
        entities[iri] = {"iri": iri, "type": draw(st.sampled_from(types)), "name": draw(names), "aliases": aliases}
    iris = st.sampled_from(sorted(entities))
    modes = sorted(load_schema().qualifiers["modes"].concepts or {})
    qualifiers = st.fixed_dictionaries(
        {},
        optional={
            "modes": st.lists(st.sampled_from(modes), min_size=1, max_size=3, unique=True),
            "programmes": st.lists(names, min_size=1, max_size=3),
            "year": st.one_of(years, st.lists(years, min_size=2, max_size=3)),
            "headcount": st.one_of(st.integers(1, 10**6), st.lists(st.integers(1, 99), min_size=2, max_size=2)),
            "since": years,
            "designation": names,
            "area": st.floats(0.5, 10**6),
            "partners": st.lists(names, min_size=1, max_size=2),
        },
    )
    statements = [
        {
            "id": f"s{at}",
            "predicate": draw(st.sampled_from(("partnersWith", "collaboratesWith", "memberOf", "operatesBase"))),
            "subject": draw(iris),
            "object": draw(iris),
            "qualifiers": draw(qualifiers),
            "evidence": draw(places()),
        }
        for at in range(draw(st.integers(0, 4)))
    ]
    figures = [
        {
            "id": f"f{at}",
            "subject": draw(iris),
            "indicator": "在校生数",
            "value": draw(st.one_of(st.integers(-(10**6), 10**12), st.floats(-1e9, 1e9))),
            "unit": draw(texts),
            "year": draw(st.one_of(st.none(), years)),
            "evidence": draw(places()),
        }
        for at in range(draw(st.integers(0, 3)))
    ]
    issues = [{"code": "doubtful-claim", "message": draw(texts), "quote": draw(texts), "page": draw(optional_numbers)}]
    head = {"report": "甲/2023", "year": draw(st.one_of(st.none(), years)), "publisher": draw(texts)}
    return ReportLines(head, entities, statements, figures, issues)


@dataclass
class StubKnown:
    """What the index would know: the names that the report has, and places for some."""

    placed: dict[str, Place] = field(default_factory=dict)

    def describe(self, row: dict[str, Any]) -> KnownEntity:
        place = self.placed.get(row["iri"])
        return KnownEntity(row["iri"], row["type"], row["name"], tuple(row["aliases"]), "", place)
