"""From one file to what it says, before the names of several reports meet: work that any process can do by itself."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

import extractors
from extractors import CHECKERS, EXTRACTORS, FIGURE_EXTRACTORS, Reading
from kg import __version__
from kg.inputs import Failure, Input, attempt, hash_file
from kg.invisible import show_name
from kg.limits import STANDARD, Limits
from kg.mentions import find_mentions
from kg.model import Claim, Document, FigureClaim, Issue
from kg.readers import read_document
from kg.sketches import make_sketch
from kg.statements import Extraction, check_claims, drop_unreadable, resolve_identity


def try_input(item: Input, limits: Limits = STANDARD) -> Extraction | Failure:
    """What an input says, or why it cannot be read; raises nothing."""
    start = time.perf_counter()
    return replace(attempt(item, lambda: extract_input(item, limits)), seconds=time.perf_counter() - start)


def extract_input(item: Input, limits: Limits = STANDARD) -> Extraction:
    """What an input says. Raises one of the ReportErrors of kg.errors for a file that cannot be read."""
    document = read_document(item.path, item.report, limits)
    document = replace(document, info=item.given.correct(document.info))
    claims, figures, issues, reading = extract(document)
    identity = resolve_identity(
        document, claims, figures, ((s.type, s.name, s.short) for s in reading.mentions.same), reading.mentions.all
    )
    checks, unread = drop_unreadable(document, (check for checker in CHECKERS for check in checker(reading)))
    told = set(issues)
    issues += [issue for issue in unread if issue not in told]  # of some places a figure tells it, too
    info = document.info
    head = {
        "report": item.report,
        "source": show_name(item.origin.name),
        "sha256": hash_file(item),
        "title": info.title,
        "level": info.level.value,
        "publisher": info.publisher,
        "region": info.region,
        "year": info.year,
        "published": info.published,
        "characters": len(document.text),
        "extractors": f"{__version__}/{extractors.VERSION}",
    }
    return Extraction(document, claims, figures, issues, identity, checks, head, make_sketch(document.text))


def extract(document: Document) -> tuple[list[Claim], list[FigureClaim], list[Issue], Reading]:
    """All that the extractors read in a document: claims and figures that can hold, and issues."""
    reading = Reading(document, find_mentions(document))
    claims: list[Claim] = []
    issues: list[Issue] = []
    for checked in check_claims(document, (claim for extractor in EXTRACTORS for claim in extractor(reading))):
        if isinstance(checked, Issue):
            issues.append(checked)
        else:
            claims.append(checked)
    figures = list(dict.fromkeys(figure for extractor in FIGURE_EXTRACTORS for figure in extractor(reading)))
    figures, unread = drop_unreadable(document, figures)
    issues += unread
    issues += _silent_tables(document, claims, figures)
    issues += [Issue(document.report, remark.code, remark.message, page=remark.page) for remark in document.remarks]
    return claims, figures, issues, reading


def _silent_tables(document: Document, claims: Iterable[Claim], figures: Iterable[FigureClaim]) -> Iterator[Issue]:
    """An Issue for each table that gave nothing, so that nothing is passed over in silence."""
    spoken = {claim.evidence.block for claim in claims} | {figure.evidence.block for figure in figures}
    for index, block in enumerate(document.blocks):
        if block.table is not None and index not in spoken:
            caption = block.table.caption or "（无标题）"
            yield Issue(
                document.report,
                "table-without-facts",
                f"第 {block.table.number} 张表未得出事实：{caption}",
                block.span,
                block.text[:160],
                document.sections[index],
                block.page,
            )
