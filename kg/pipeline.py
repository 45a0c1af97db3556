"""The loop from files to statement files: read, find mentions, extract, resolve, write.

A file that cannot be read fails alone: its cause is told, the others are built, and what was known from it before
stays. Statement files are written aside and renamed, the registry of IRIs last.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import extractors
from extractors import CHECKERS, EXTRACTORS, FIGURE_EXTRACTORS, Reading
from kg import __version__
from kg.errors import KgError, UnreadableInput, UsageError
from kg.mentions import find_mentions
from kg.model import Claim, Document, FigureClaim, Issue
from kg.readers import READERS, read_document
from kg.registry import Registry
from kg.statements import check_claims, make_records, resolve_identity

STATEMENTS = "statements"
REGISTRY = Path("identity") / "registry.jsonl"


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read and the id of its report."""

    path: Path
    report: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a build stands: ``done`` of ``total`` files, the file at hand and what happens to it."""

    done: int
    total: int
    file: str
    state: str  # "reading", "built" or "failed"


@dataclass
class BuildSummary:
    """What a build did: the reports built, the files that failed with their cause, and counts of what was found.

    ``notes`` names the files that were built but need a look: one that gave nothing, one that took the place of another
    publisher's report.
    """

    reports: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    statements_by_predicate: dict[str, int] = field(default_factory=dict)
    entities_by_type: dict[str, int] = field(default_factory=dict)
    figures: int = 0
    issues: int = 0


def build(
    paths: list[Path], home: Path, *, fresh: bool = False, on_progress: Callable[[Progress], None] | None = None
) -> BuildSummary:
    """Builds the reports of files and folders into ``home/statements``.

    Reports of the home that are not named stay; those of the same id are replaced; with ``fresh`` all others go once
    at least one report is built. Raises nothing for bad input: ``BuildSummary.failed`` names file and cause. Raises
    UsageError for a home that is a file and BrokenRegistry for a registry that cannot be read.
    """
    if home.exists() and not home.is_dir():
        raise UsageError(f"{home}: a file; the home of a graph is a folder")
    summary = BuildSummary()
    inputs = list(_find_inputs(paths, summary.failed))
    registry = Registry(home / REGISTRY)
    predicates: Counter[str] = Counter()
    types: dict[str, set[str]] = {}
    for done, item in enumerate(inputs):
        _tell(on_progress, Progress(done, len(inputs), item.path.name, "reading"))
        try:
            records = _read_report(item, registry)
            to = statement_path(home, item.report)
            notes = list(_note(item, records, to))
            _write_lines(to, (json.dumps(r, ensure_ascii=False, sort_keys=True) for r in records))
        except KgError as error:
            summary.failed.append((str(item.path), str(error)))
            _tell(on_progress, Progress(done + 1, len(inputs), item.path.name, "failed"))
            continue
        except Exception as error:  # the one broad except: a fault of ours on one file must not stop the night's build
            cause = f"{item.path}: internal error: {type(error).__name__}: {error}".splitlines()[0]
            summary.failed.append((str(item.path), cause))
            _tell(on_progress, Progress(done + 1, len(inputs), item.path.name, "failed"))
            continue
        _count(records, summary, predicates, types)
        summary.reports.append(item.report)
        summary.notes += notes
        _tell(on_progress, Progress(done + 1, len(inputs), item.path.name, "built"))
    if summary.reports:
        _write_lines(home / REGISTRY, registry.lines())
        if fresh:
            _remove_others(home, (item.report for item in inputs))
    summary.statements_by_predicate = dict(sorted(predicates.items()))
    summary.entities_by_type = {type_: len(iris) for type_, iris in sorted(types.items())}
    return summary


def statement_path(home: Path, report: str) -> Path:
    """Where a report's statements lie: its id, with %xx for what no file name may have.

    A name longer than file systems take (255 bytes, 85 Chinese characters) is cut and ends in a digest of the whole.
    """
    name = re.sub(r'[/\\:*?"<>|%\x00-\x1f]', lambda found: f"%{ord(found.group()):02X}", report)
    if len(name.encode("utf-8")) > _LONGEST_NAME:
        digest = hashlib.sha256(report.encode("utf-8")).hexdigest()[:16]
        name = name.encode("utf-8")[: _LONGEST_NAME - 17].decode("utf-8", errors="ignore") + "~" + digest
    return home / STATEMENTS / f"{name}.jsonl"


_LONGEST_NAME = 220  # bytes; leaves room for the ending and for the mark of a file that is being written


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
    issues += _silent_tables(document, claims, figures)
    return claims, figures, issues, reading


def _read_report(item: Input, registry: Registry) -> list[dict[str, Any]]:
    document = read_document(item.path, item.report)
    claims, figures, issues, reading = extract(document)
    identity = resolve_identity(
        document, claims, figures, ((s.type, s.name, s.short) for s in reading.mentions.same), reading.mentions.all
    )
    checks = [check for checker in CHECKERS for check in checker(reading)]
    info = document.info
    head = {
        "report": item.report,
        "source": item.path.name,
        "sha256": hashlib.sha256(item.path.read_bytes()).hexdigest(),
        "title": info.title,
        "level": info.level.value,
        "publisher": info.publisher,
        "region": info.region,
        "year": info.year,
        "published": info.published,
        "characters": len(document.text),
        "extractors": f"{__version__}/{extractors.VERSION}",
    }
    return list(make_records(document, claims, figures, issues, identity, registry, head, checks).records)


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


# --- inputs -------------------------------------------------------------------------------------------------------------


def _find_inputs(paths: Iterable[Path], failed: list[tuple[str, str]]) -> Iterator[Input]:
    """The files of the paths in order of their reports' ids; what cannot be listed goes to ``failed``."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files = sorted(_files_below(path, failed))
            if not files:
                failed.append(
                    (str(path), f"{path}: no report in this folder (readable kinds: {' '.join(sorted(READERS))})")
                )
            found.update(dict.fromkeys(files))
        elif path.exists() or path.is_symlink():
            found.setdefault(path)
        else:
            failed.append((str(path), str(UnreadableInput(f"{path}: no such file or folder"))))
    absolute = {file.absolute(): file for file in found}  # one file named twice is one input
    yield from sorted(
        (Input(absolute[at], report) for at, report in _report_ids(list(absolute)).items()),
        key=lambda item: item.report,
    )


def _files_below(folder: Path, failed: list[tuple[str, str]]) -> Iterator[Path]:
    def note(error: OSError) -> None:
        failed.append((str(error.filename), f"{error.filename}: {error.strerror}"))

    for at, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            if (
                Path(name).suffix.lower() in READERS
                and not name.startswith((".", "~$"))
                and not name.lower().startswith("readme")
            ):
                yield Path(at) / name


def _report_ids(files: list[Path]) -> dict[Path, str]:
    """An id for each file: its stem; of files of one stem the shortest end of the path that tells them apart."""
    ids: dict[Path, str] = {}
    for stem, count in Counter(file.stem for file in files).items():
        group = [file for file in files if file.stem == stem]
        depth = 1
        while count > 1 and depth < max(len(file.parts) for file in group):
            ends = Counter(file.with_suffix("").parts[-depth:] for file in group)
            if len(ends) == len({file.with_suffix("") for file in group}):
                break
            depth += 1
        for file in group:
            end = "/".join(file.with_suffix("").parts[-depth:])
            twins = sum(other.with_suffix("") == file.with_suffix("") for other in group)
            ids[file] = end + (file.suffix if twins > 1 else "")
    return ids


def _note(item: Input, records: list[dict[str, Any]], to: Path) -> Iterator[str]:
    """What the user should know of a report before it replaces the one of its id."""
    if not any(record["kind"] in ("statement", "figure") for record in records):
        yield f"{item.path}: gave no fact and no figure; is it a quality report?"
    publisher = next((record["publisher"] for record in records if record["kind"] == "report"), "")
    try:
        with to.open(encoding="utf-8") as former:
            before = json.loads(former.readline()).get("publisher", "")
    except (OSError, ValueError, AttributeError):
        return
    if before and publisher and before != publisher:
        yield (
            f"{item.path}: replaces the report of {before}, which had the same name; to keep both, build their folders "
            "together or rename one file"
        )


# --- outputs ------------------------------------------------------------------------------------------------------------


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    """Writes the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{hashlib.sha256(path.name.encode()).hexdigest()[:16]}.{os.getpid()}.part")
    try:
        with aside.open("w", encoding="utf-8", newline="\n") as out:
            for line in lines:
                out.write(line + "\n")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _remove_others(home: Path, reports: Iterable[str]) -> None:
    kept = {statement_path(home, report) for report in reports}
    for path in (home / STATEMENTS).glob("*.jsonl"):
        if path not in kept:
            path.unlink()


def _count(
    records: list[dict[str, Any]], summary: BuildSummary, predicates: Counter[str], types: dict[str, set[str]]
) -> None:
    for record in records:
        kind = record["kind"]
        if kind == "statement":
            predicates[record["predicate"]] += 1
        elif kind == "entity":
            types.setdefault(record["type"], set()).add(record["iri"])
        elif kind == "figure":
            summary.figures += 1
        elif kind == "issue":
            summary.issues += 1


def _tell(on_progress: Callable[[Progress], None] | None, progress: Progress) -> None:
    if on_progress is not None:
        on_progress(progress)
