"""The bundled samples through the whole first half, against what their annotators say should be found.

Facts match as the annotation guide's scorer has it: subject, predicate and object, each by its name or an alias;
``collaboratesWith`` in either direction; what is marked optional costs nothing either way. The floors stand a little
below what was measured; raise them when extraction gets better.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kg.export.reading import lay_out
from kg.export.rows import list_facts, list_figures
from kg.pipeline import build, statement_path
from kg.statement_files import read_statement_file

SAMPLES = Path(__file__).parents[1] / "kg" / "samples"
EXPECTED = Path(__file__).parent / "samples"
NAMES = ("weixian-2021.txt", "xingtai-2023.pdf", "宁晋凤鸣职教中心-2023.docx")
FACTS_FLOOR = {"weixian-2021": 0.97, "xingtai-2023": 0.955, "宁晋凤鸣职教中心-2023": 0.945}
FIGURES_FLOOR = {"weixian-2021": 0.97, "xingtai-2023": 0.97, "宁晋凤鸣职教中心-2023": 0.97}

Row = dict[str, Any]


@dataclass
class Result:
    """What was right, found and wanted; ``errors`` names what was missed and what was extra."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 1.0

    def __str__(self) -> str:
        counts = f"F1 {self.f1:.3f} ({self.right} right, {self.found} found, {self.wanted} wanted)"
        return "\n".join([counts, *self.errors])


def fold(text: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).casefold()


def names_of(entity: Row) -> frozenset[str]:
    return frozenset(fold(name) for name in [entity["name"], *(entity.get("aliases") or [])])


def load_rows(name: str, what: str) -> list[Row]:
    lines = (EXPECTED / f"{name}.{what}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def fact_matches(fact: Row, gold: Row) -> bool:
    if fact["predicate"] != gold["p"]:
        return False
    subject, object_ = names_of(fact["subject"]), names_of(fact["object"])
    s, o = names_of(gold["s"]), names_of(gold["o"])
    if subject & s and object_ & o:
        return True
    return gold["p"] == "collaboratesWith" and bool(subject & o and object_ & s)


def figure_matches(figure: Row, gold: Row) -> bool:
    return (
        figure["indicator"] == gold["indicator"]
        and figure["year"] == gold["year"]
        and round(float(figure["value"]), 2) == round(float(gold["value"]), 2)
        and bool(names_of(figure["subject"]) & names_of(gold["s"]))
    )


def compare(rows: list[Row], gold: list[Row], matches: Any, show: Any) -> Result:
    result = Result()
    hit: set[int] = set()
    for row in rows:
        index = next((i for i, g in enumerate(gold) if matches(row, g)), None)
        if index is None:
            result.found += 1
            result.errors.append(f"extra   {show(row)}")
        else:
            hit.add(index)
    for index, wanted in enumerate(gold):
        if wanted.get("optional"):
            continue
        result.wanted += 1
        if index in hit:
            result.right += 1
            result.found += 1
        else:
            result.errors.append(f"missed  {show(wanted)} | {wanted['evidence'][:60]}")
    return result


def show_fact(row: Row) -> str:
    subject, object_ = row.get("subject") or row["s"], row.get("object") or row["o"]
    return f"{row.get('predicate') or row['p']}  {subject['name']} → {object_['name']}"


def show_figure(row: Row) -> str:
    return f"{(row.get('subject') or row['s'])['name']}  {row['indicator']} {row['year']} {row['value']}"


@pytest.fixture(scope="module", params=NAMES)
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The sample's id, and its statement file."""
    home = tmp_path_factory.mktemp("home")
    path = SAMPLES / request.param
    summary = build([path], home)
    assert (summary.reports, summary.failed) == ([path.stem], [])
    return path.stem, statement_path(home, path.stem)


def score_facts(name: str, path: Path) -> Result:
    rows = {
        (r["subject"]["iri"], r["predicate"], r["object"]["iri"]): r
        for r in list_facts(lay_out(read_statement_file(path)))
    }
    return compare(list(rows.values()), load_rows(name, "facts"), fact_matches, show_fact)


def score_figures(name: str, path: Path) -> Result:
    rows = {
        (r["subject"]["iri"], r["indicator"], r["year"], r["value"]): r
        for r in list_figures(lay_out(read_statement_file(path)))
    }
    return compare(list(rows.values()), load_rows(name, "figures"), figure_matches, show_figure)


def test_facts_of_the_samples(sample: tuple[str, Path]) -> None:
    result = score_facts(*sample)
    assert result.f1 >= FACTS_FLOOR[sample[0]], str(result)


def test_figures_of_the_samples(sample: tuple[str, Path]) -> None:
    result = score_figures(*sample)
    assert result.f1 >= FIGURES_FLOOR[sample[0]], str(result)


def names_an_end(row: Row) -> bool:
    text = fold(row["evidence"][0]["text"])
    return any(name in text or is_spread(name, text) for name in names_of(row["subject"]) | names_of(row["object"]))


def is_spread(name: str, text: str) -> bool:
    """Whether a list spreads the name: 甲类教育集团 stands in 甲类和乙类教育集团 (docs/annotation.md, entities)."""
    kind = re.search(r"(?:职业教育集团|职教集团|教育集团|联盟|共同体|联合体)$", name)
    return kind is not None and name[: kind.start()] in text and kind.group() in text


def test_one_evidence_of_each_fact_names_an_end(sample: tuple[str, Path]) -> None:
    named: dict[str, bool] = {}
    for row in list_facts(lay_out(read_statement_file(sample[1]))):
        named[show_fact(row)] = named.get(show_fact(row), False) or names_an_end(row)
    assert [fact for fact, holds in named.items() if not holds] == []


def test_every_evidence_names_an_end(sample: tuple[str, Path]) -> None:
    rows = [row for row in list_facts(lay_out(read_statement_file(sample[1]))) if not names_an_end(row)]
    assert [f"{show_fact(row)} | {row['evidence'][0]['text'][:40]}" for row in rows] == []


def test_the_evidence_of_a_figure_holds_its_value(sample: tuple[str, Path]) -> None:
    for row in list_figures(lay_out(read_statement_file(sample[1]))):
        text = fold(row["evidence"][0]["text"]).replace(",", "")
        value = float(row["value"])
        forms = {f"{value:g}", f"{value:.0f}", f"{value:.1f}", f"{value:.2f}", f"{value / 10000:g}万"}
        assert any(form in text for form in forms), show_figure(row)


def test_the_samples_gold_is_of_the_form_that_the_guide_shows() -> None:
    for name in NAMES:
        for row in load_rows(Path(name).stem, "facts"):
            assert {"s", "p", "o", "evidence", "optional"} <= set(row)
        for row in load_rows(Path(name).stem, "figures"):
            assert {"s", "indicator", "year", "value", "unit", "evidence"} <= set(row)
