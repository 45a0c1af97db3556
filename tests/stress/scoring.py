"""Scores the extraction on the stress set: run ``python -m tests.stress.scoring`` from the project's folder.

A fact is right when subject, predicate and object are (each by its name or one of the passage's aliases); optional
facts cost nothing. A trap is passed when no claim's object stands inside it and no figure is read out of it.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kg.extraction import extract
from kg.layout import RawCell, RawItem, RawTable, RawText, build_document
from kg.model import Document, Predicate, ReportInfo, ReportLevel
from kg.statements import resolve_identity

FOLDER = Path(__file__).parent
PARTS = ("passages", "tables")


@dataclass
class Score:
    """Counts of one or more passages; ``errors`` names what was missed, extra or sprung."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    traps: int = 0
    sprung: int = 0
    figures: list[int] = field(default_factory=lambda: [0, 0, 0])
    by_predicate: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    by_qualifier: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    errors: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        self.right, self.found, self.wanted = (
            self.right + other.right,
            self.found + other.found,
            self.wanted + other.wanted,
        )
        self.traps, self.sprung = self.traps + other.traps, self.sprung + other.sprung
        self.figures = [a + b for a, b in zip(self.figures, other.figures, strict=True)]
        for own, others in ((self.by_predicate, other.by_predicate), (self.by_qualifier, other.by_qualifier)):
            for key, counts in others.items():
                own[key] = [a + b for a, b in zip(own[key], counts, strict=True)]
        self.errors += other.errors

    @property
    def f1(self) -> float:
        return f1(self.right, self.found, self.wanted)

    @property
    def passed(self) -> float:
        return 1 - self.sprung / self.traps if self.traps else 1.0


def f1(right: int, found: int, wanted: int) -> float:
    return 2 * right / (found + wanted) if found + wanted else 1.0


def load_passages(part: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / part).glob("*.yaml"))]


def make_document(passage: dict[str, Any]) -> Document:
    """The passage as a reader would hand it on: its title, then its blocks."""
    report = passage["report"]
    items: list[RawItem] = [RawText(report["title"])]
    for block in passage["blocks"]:
        if "h" in block:
            items.append(RawText(str(block["h"]), level=1))
        elif "p" in block:
            items += [RawText(line) for line in str(block["p"]).split("\n") if line.strip()]
        else:
            items += _table_items(block["table"])
    document = build_document(passage["id"], passage["id"], items)
    level = ReportLevel(report.get("level", "unknown"))
    info = ReportInfo(
        report["title"],
        level,
        report.get("publisher", ""),
        _narrowest(report.get("region", "")),
        report.get("year"),
        None,
    )
    return Document(document.report, document.source, document.text, document.blocks, info)


def _narrowest(region: str) -> str:
    parts = re.findall(r".{2,}?(?:自治区|自治州|自治县|省|市|盟|州|县|区|旗)", region)
    return parts[-1] if parts else region


def _table_items(table: dict[str, Any]) -> list[RawItem]:
    rows = [[str(cell) for cell in row] for row in table["rows"]]
    width = max(len(row) for row in rows)
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    spans: dict[tuple[int, int], list[int]] = {}
    for r, row in enumerate(rows):
        for c in range(width):
            text = row[c] if c < len(row) else ""
            if text == "<" and c:
                owner[r, c] = owner[r, c - 1]
            elif text == "^" and r:
                owner[r, c] = owner[r - 1, c]
            else:
                owner[r, c] = (r, c)
            spans.setdefault(owner[r, c], [r, c])
            spans[owner[r, c]] = [max(spans[owner[r, c]][0], r), max(spans[owner[r, c]][1], c)]
    cells = tuple(
        tuple(
            RawCell(rows[r][c] if c < len(rows[r]) else "", spans[r, c][0] - r + 1, spans[r, c][1] - c + 1)
            for c in range(width)
            if owner[r, c] == (r, c)
        )
        for r in range(len(rows))
    )
    items: list[RawItem] = []
    if table.get("caption"):
        items.append(RawText(table["caption"]))
    items.append(RawTable(cells, header_rows=table.get("header_rows")))
    if table.get("note"):
        items.append(RawText(table["note"]))
    return items


def score_passage(passage: dict[str, Any]) -> Score:
    """The Score of one passage."""
    document = make_document(passage)
    claims, figures, _, reading = extract(document)
    same = ((s.type, s.name, s.short) for s in reading.mentions.same)
    identity = resolve_identity(document, claims, figures, same, reading.mentions.all)
    aliases = passage.get("aliases") or {}

    def forms(name: str) -> frozenset[str]:
        return frozenset(fold(n) for n in [name, *(aliases.get(name) or [])])

    def found_forms(mention: Any) -> frozenset[str]:
        return frozenset(fold(n) for n in identity.entity_of(mention.type, mention.name).names)

    score = Score()
    gold: dict[int, dict[str, Any]] = dict(enumerate(passage.get("facts") or []))
    hits: dict[int, list[Any]] = defaultdict(list)
    extra: dict[tuple[Any, ...], Any] = {}
    for claim in claims:
        subject, object_ = found_forms(claim.subject), found_forms(claim.object)
        match = next((i for i, g in gold.items() if _matches(g, claim.predicate.value, subject, object_, forms)), None)
        if match is None:
            extra.setdefault((claim.predicate.value, min(subject), min(object_)), claim)
        else:
            hits[match].append(claim)
    for index, fact in gold.items():
        if fact.get("optional"):
            continue
        counts = score.by_predicate[fact["p"]]
        score.wanted += 1
        counts[2] += 1
        if index in hits:
            score.right += 1
            score.found += 1
            counts[0] += 1
            counts[1] += 1
            _score_qualifiers(score, fact, hits[index])
        else:
            score.errors.append(f"missed  {passage['id']}  {fact['p']}  {fact['s']} → {fact['o']}")
    for (predicate, _, _), claim in extra.items():
        score.found += 1
        score.by_predicate[predicate][1] += 1
        quote = document.slice(claim.evidence.span)[:70].replace("\n", " ")
        score.errors.append(
            f"extra   {passage['id']}  {predicate}  {claim.subject.name} → {claim.object.name} | {quote}"
        )
    _score_figures(score, passage, document, figures, forms, found_forms)
    _score_traps(score, passage, document, claims, figures)
    return score


def _matches(
    fact: dict[str, Any], predicate: str, subject: frozenset[str], object_: frozenset[str], forms: Any
) -> bool:
    if fact["p"] != predicate:
        return False
    s, o = forms(fact["s"]), forms(fact["o"])
    if subject & s and object_ & o:
        return True
    return predicate == Predicate.COLLABORATES_WITH.value and bool(subject & o and object_ & s)


def _score_qualifiers(score: Score, fact: dict[str, Any], claims: list[Any]) -> None:
    wanted = fact.get("q") or {}
    for key in (
        "modes",
        "programmes",
        "year",
        "since",
        "headcount",
        "status",
        "code",
        "role",
        "area",
        "workstations",
        "designation",
    ):
        own = {fold(str(v)).removesuffix("专业") for v in _values(wanted.get(key))}
        given = {fold(str(v)).removesuffix("专业") for claim in claims for v in _values(claim.qualifiers.get(key))}
        if key == "year" and not own:
            continue
        counts = score.by_qualifier[key]
        score.by_qualifier[key] = [counts[0] + len(own & given), counts[1] + len(given), counts[2] + len(own)]
        if own != given:
            score.errors.append(
                f"qualifier {key}  {fact['o']}  missed {sorted(own - given)} extra {sorted(given - own)}"
            )


def _values(value: Any) -> list[Any]:
    return [] if value in (None, "", []) else list(value) if isinstance(value, list | tuple) else [value]


def _score_figures(
    score: Score, passage: dict[str, Any], document: Document, figures: Any, forms: Any, found_forms: Any
) -> None:
    wanted = passage.get("figures") or []
    used: set[int] = set()
    seen: set[tuple[Any, ...]] = set()
    for figure in figures:
        key = (min(found_forms(figure.subject)), figure.indicator, figure.year, round(figure.value, 2))
        if key in seen:
            continue
        seen.add(key)
        match = next(
            (
                i
                for i, g in enumerate(wanted)
                if g["indicator"] == figure.indicator
                and round(float(g["value"]), 2) == round(figure.value, 2)
                and (
                    g.get("year") in (None, figure.year)
                    or (figure.year == document.info.year and g.get("year") is None)
                )
                and forms(g["s"]) & found_forms(figure.subject)
            ),
            None,
        )
        if match is None:
            score.figures[1] += 1
            score.errors.append(
                f"figure extra   {passage['id']}  {figure.subject.name} {figure.indicator} {figure.year} {figure.value:g}"
            )
        elif match not in used:
            used.add(match)
            if not wanted[match].get("optional"):
                score.figures[0] += 1
                score.figures[1] += 1
    for index, figure in enumerate(wanted):
        if not figure.get("optional"):
            score.figures[2] += 1
            if index not in used:
                score.errors.append(
                    f"figure missed  {passage['id']}  {figure['s']} {figure['indicator']} {figure.get('year')} {figure['value']}"
                )


def _score_traps(score: Score, passage: dict[str, Any], document: Document, claims: Any, figures: Any) -> None:
    numbers = {f"{float(g['value']):g}" for g in passage.get("figures") or []}
    for trap in passage.get("traps") or []:
        score.traps += 1
        quote = str(trap["text"]).strip()
        at = document.text.find(quote)
        spans = [(at, at + len(quote))] if at >= 0 else []
        if not spans:  # the text of several cells, or blanks that the layout folds
            squeezed = re.escape(re.sub(r"\s+", "", quote))
            found = re.search(r"\s*".join(re.findall(r"\\.|.", squeezed)), document.text)
            spans = [(found.start(), found.end())] if found else []
        if not spans:
            score.errors.append(f"trap not in the text  {passage['id']}  {quote[:40]}")
            continue
        start, end = spans[0]
        sprung = [c for c in claims if start <= c.object.span.start and c.object.span.end <= end]
        caught = [
            f
            for f in figures
            if (start <= f.evidence.span.start and f.evidence.span.end <= end)
            or (
                f.evidence.span.start <= start
                and end <= f.evidence.span.end
                and f"{f.value:g}" in quote
                and f"{f.value:g}" not in numbers
            )
        ]
        if sprung or caught:
            score.sprung += 1
            what = (
                f"{sprung[0].predicate.value} → {sprung[0].object.name}"
                if sprung
                else f"{caught[0].indicator} {caught[0].value:g}"
            )
            score.errors.append(f"trap sprung  {passage['id']}  {what} | {quote[:60]} ({trap.get('why', '')})")


def fold(text: str) -> str:
    return re.sub(r"[\s“”\"'‘’]", "", text).casefold()


def score_part(part: str, prefix: str = "") -> Score:
    total = Score()
    for passage in load_passages(part):
        if passage["id"].startswith(prefix):
            total.add(score_passage(passage))
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list what was missed, extra or sprung")
    parser.add_argument("--prefix", default="", help="only passages whose id begins so")
    args = parser.parse_args()
    whole = Score()
    for part in PARTS:
        score = score_part(part, args.prefix)
        whole.add(score)
        print(_line(part, score))
    print(_line("together", whole))
    for key, counts in sorted(whole.by_predicate.items()):
        print(f"  {key:18} F1 {f1(*counts):.3f}  ({counts[0]} right, {counts[1]} found, {counts[2]} wanted)")
    for key, counts in sorted(whole.by_qualifier.items()):
        print(f"  qualifier {key:12} F1 {f1(*counts):.3f}  ({counts[0]} right, {counts[1]} found, {counts[2]} wanted)")
    if args.errors:
        print("\n".join(whole.errors))
    for kind, count in Counter(error.split("  ")[0] for error in whole.errors).items():
        print(f"{kind}: {count}", file=sys.stderr)


def _line(name: str, score: Score) -> str:
    return (
        f"{name:10} facts F1 {score.f1:.3f} ({score.right} right, {score.found} found, {score.wanted} wanted)  "
        f"figures F1 {f1(*score.figures):.3f}  traps passed {score.passed:.3f} of {score.traps}"
    )


if __name__ == "__main__":
    main()
