"""The loop from files to statement files: read, find mentions, extract, resolve, write.

A file that cannot be read fails alone: its cause is told, the others are built, and what was known from it before
stays. A file that has not changed is not read again. Statement files are written aside and renamed; what a build has done
when it is stopped, by whatever it is, the next one need not do again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.archives import ENDING
from kg.build_results import FIGURES, ISSUES, BuildSummary, FileResult, State
from kg.built_inputs import INPUTS, BuiltInput, BuiltInputs
from kg.code_digest import digest_code
from kg.duplicates import Twins, is_better
from kg.errors import BrokenManifest, KgError, UsageError
from kg.input_hashes import InputHashes
from kg.inputs import NOTHING, Failure, Input, attempt, find_inputs
from kg.invisible import show_name
from kg.manifest import Given, Line, read_manifest, write_manifest
from kg.model import ReportInfo, ReportLevel
from kg.registry import Registry
from kg.statements import Extraction, make_records
from kg.whole_files import append_lines, clear_left, make_scratch, write_aside

STATEMENTS = "statements"
REGISTRY = Path("identity") / "registry.jsonl"

Extractor = Callable[[Iterable[Input]], Iterator[tuple[Input, Extraction | Failure]]]
"""Reads inputs: each with what it says, or with why it cannot be read, in their order."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a build stands: ``done`` of ``total`` files, the file at hand and what happens to it."""

    done: int
    total: int
    file: str
    state: str  # "reading", "built" or "failed"


def extract_here(items: Iterable[Input]) -> Iterator[tuple[Input, Extraction | Failure]]:
    """Each input with what it says, or with why it cannot be read, one after the other in this process."""
    from kg.extraction import try_input  # what it needs is slow to load, and workers have it of their own

    return ((item, try_input(item)) for item in items)


def build(
    paths: list[Path],
    home: Path,
    *,
    fresh: bool = False,
    extract: Extractor = extract_here,
    on_progress: Callable[[Progress], None] | None = None,
) -> BuildSummary:
    """Builds the reports of files and folders into ``home/statements``.

    A report whose file has not changed since it was read by this very code is left as it is. Reports of the home that
    are not named stay, but those whose files are gone from a folder that is named go; those of the same id are replaced.
    With ``fresh`` all are read anew, and the others go once at least one is built. ``extract`` reads the files, here or
    elsewhere; what comes out is the same. Raises nothing for bad input: ``BuildSummary.failed`` names file and cause.
    Raises UsageError for a home that is a file, BrokenRegistry for a registry that cannot be read, and KgError where
    the home cannot be written; what was done by then stays, and the next build goes on from there.
    """
    if home.exists() and not home.is_dir():
        raise UsageError(f"{home}: a file; the home of a graph is a folder")
    try:
        return _Build(home, on_progress).run(paths, fresh, extract)
    except OSError as error:
        raise KgError(f"{error.filename or home}: cannot be written: {error.strerror or error}") from None


class _Build:
    """One build, from its inputs to the home's files."""

    def __init__(self, home: Path, on_progress: Callable[[Progress], None] | None) -> None:
        self.home = home
        self._registry: Future[Registry] | None = None
        self.inputs, self.hashes = BuiltInputs(home), InputHashes(home)
        self.written = {path.name for path in (home / STATEMENTS).glob("*.jsonl")}
        self.twins = Twins(built for built in self.inputs if self._has_statements(built.report))
        self.notes: list[str] = []
        self.types: dict[str, set[str]] = {}
        self.results: dict[str, FileResult] = {}  # by report
        self.changed: dict[str, BuiltInput | None] = {}  # what is read again, with what was known of it
        self.is_changed = False
        self._on_progress = on_progress

    def run(self, paths: list[Path], fresh: bool, extract: Extractor) -> BuildSummary:
        """Reads what is to be read and brings the home up to date."""
        for folder in (self.home, self.home / STATEMENTS, (self.home / REGISTRY).parent):
            clear_left(folder)
        with make_scratch("kg-unpacked") as unpacked:
            given = read_manifest(self.home)
            found = find_inputs(paths, unpacked)
            found.inputs = [replace(item, given=given.get(item.report, item.given)) for item in found.inputs]
            removed = self._remove_gone(paths, found.inputs)
            self._read(found.inputs, fresh, extract)
        read = [result for result in self.results.values() if result.state is State.READ]
        if fresh and read:
            self._remove_others({item.report for item in found.inputs})
        if self.registry.wants_order:
            _write_lines(self.home / REGISTRY, self.registry.lines())
        if self.is_changed or not self.inputs.is_tidy:
            _write_lines(self.home / INPUTS, self.inputs.lines())
        self.hashes.keep(built.path for built in self.inputs)
        lacking = self._write_manifest(given)
        others = [FileResult(name, State.FAILED, cause=cause) for name, cause in found.failed]
        others += [FileResult(name, State.SKIPPED, cause=cause) for name, cause in found.skipped]
        return BuildSummary(
            [*others, *(self.results[report] for report in sorted(self.results)), *removed],
            self.notes,
            {type_: len(iris) for type_, iris in sorted(self.types.items())},
            lacking,
            self.is_changed,
        )

    def _read(self, items: list[Input], fresh: bool, extract: Extractor) -> None:
        seen: dict[tuple[str, str], Input] = {}
        described: dict[str, BuiltInput] = {}
        todo: list[Input] = []
        duplicates: list[tuple[Input, BuiltInput]] = []
        for item, digest in zip(items, self.hashes.hash_all(items), strict=True):
            built = BuiltInput(item.report, str(item.origin), digest, digest_code(), item.given.as_text())
            described[item.report] = built
            # under another ending the same bytes may be read otherwise
            first = seen.setdefault((built.sha256, item.origin.suffix.lower()), item) if built.sha256 else item
            known = None if fresh else self._find_known(built)
            if first is not item:
                self._pass_over(self.inputs.find(built) or built, first.report)
            elif known is None:
                todo.append(item)
            elif known.duplicate_of:
                duplicates.append((item, known))
            else:
                self.results[item.report] = FileResult(item.shown, State.UNCHANGED, item.report, counts=known.counts)
        self.changed = {item.report: self.twins.drop(item.report) for item in todo}
        for item, known in duplicates:
            if known.duplicate_of in self.changed:  # which may be another report now
                todo.append(item)
            else:
                self._pass_over(known, known.duplicate_of)
        if todo:
            self._begin_registry()
        for done, (item, result) in enumerate(extract(self._announce(todo))):
            self._take(item, result, described[item.report])
            state = "failed" if self.results[item.report].state is State.FAILED else "built"
            self._tell(Progress(done + 1, len(todo), show_name(item.origin.name), state))

    def _find_known(self, built: BuiltInput) -> BuiltInput | None:
        """What an earlier build made of these bytes, where that still stands."""
        known = self.inputs.find(built)
        return known if known is not None and self._has_statements(known.duplicate_of or known.report) else None

    def _has_statements(self, report: str) -> bool:
        return statement_name(report) in self.written

    def _drop_statements(self, report: str) -> None:
        self._begin_registry().result()  # a broken one ends the build before anything is changed
        path = statement_path(self.home, report)
        path.unlink(missing_ok=True)
        self.written.discard(path.name)

    def _announce(self, todo: list[Input]) -> Iterator[Input]:
        for at, item in enumerate(todo):
            self._tell(Progress(at, len(todo), show_name(item.origin.name), "reading"))
            yield item

    def _take(self, item: Input, result: Extraction | Failure, described: BuiltInput) -> None:
        """Writes what an input says, unless another file says the same."""
        if isinstance(result, Failure):
            self._fail(item, result)
            return
        info = result.document.info
        built = replace(
            described,
            publisher=info.publisher,
            year=info.year,
            level=info.level.value,
            region=info.region,
            sketch=result.sketch,
        )
        twin = self.twins.find(built)
        if twin is not None and not is_better(built, twin):
            self._pass_over(built, twin.report)
            return
        registry = self.registry  # a broken one is no fault of the file's
        records = attempt(item, lambda: make_records(result, registry))
        if isinstance(records, Failure):
            self._fail(item, records)
            return
        to = statement_path(self.home, item.report)
        self.notes += _note(item, records, to)
        # In this order: whatever stands in a statement file, the registry knows its IRIs; and whatever the build is stopped
        # at, the next one reads this report again unless all is done.
        self.inputs.begin(built)
        self._add_to_registry()
        _write_lines(to, (json.dumps(record, ensure_ascii=False, sort_keys=True) for record in records))
        self.written.add(to.name)
        self.is_changed = True
        counts = self._count(records)
        self.results[item.report] = FileResult(
            item.shown, State.READ, item.report, counts=counts, seconds=result.seconds
        )
        if twin is not None:
            self._pass_over(twin, item.report)
        built = replace(built, counts=counts)
        if built.sha256 == result.head["sha256"]:  # else it has changed while it was read
            self.inputs.add(built)
            self.twins.add(built)

    @property
    def registry(self) -> Registry:
        """The registry. Whoever changes anything asks for it before: a broken one ends the build."""
        return self._begin_registry().result()

    def _begin_registry(self) -> Future[Registry]:
        """Reads the registry aside: with many names that takes as long as the first process needs to get ready to read."""
        if self._registry is None:
            with_it = ThreadPoolExecutor(1)
            self._registry = with_it.submit(Registry, self.home / REGISTRY)
            with_it.shutdown(wait=False)
        return self._registry

    def _add_to_registry(self) -> None:
        new = self.registry.take_new()
        if self.registry.is_torn:
            _write_lines(self.home / REGISTRY, self.registry.lines())
            self.registry.is_torn = False
        else:
            append_lines(self.home / REGISTRY, new)

    def _fail(self, item: Input, failure: Failure) -> None:
        if known := self.changed.get(item.report):
            self.twins.add(known)
        self.results[item.report] = FileResult(
            item.shown, State.FAILED, item.report, failure.cause, seconds=failure.seconds
        )

    def _pass_over(self, built: BuiltInput, instead: str) -> None:
        """Uses another file of the same report."""
        self.twins.drop(built.report)
        if built.duplicate_of != instead:
            self.is_changed = True
            self._drop_statements(built.report)
            self.inputs.add(replace(built, duplicate_of=instead, counts={}))
        path = show_name(built.path)
        cause = f"{path}: the same report as {instead}, which is used"
        self.results[built.report] = FileResult(path, State.DUPLICATE, built.report, cause)

    def _remove_gone(self, paths: Iterable[Path], items: Iterable[Input]) -> list[FileResult]:
        """Takes out the reports whose files are gone from the folders that were built; not from one without any report,
        which may just not be mounted."""
        removed = []
        report_of = {str(item.origin): item.report for item in items}
        for folder in paths:
            holds_reports = folder.is_dir() or folder.suffix.lower() == ENDING
            below = list(self.inputs.list_below(folder)) if holds_reports else []
            if not any(Path(path).is_relative_to(folder.absolute()) for path in report_of):
                continue
            for built in below:
                if report_of.get(built.path) != built.report:
                    self.is_changed = True
                    self._drop_statements(built.report)
                    self.inputs.forget(built.report)
                    self.twins.drop(built.report)
                    removed.append(FileResult(show_name(built.path), State.REMOVED, built.report, "its file is gone"))
        return removed

    def _write_manifest(self, given: Mapping[str, Given]) -> int:
        """Asks for what the reports do not say; returns of how many."""
        with contextlib.suppress(BrokenManifest):  # the next build tells
            given = read_manifest(self.home)  # again: somebody may have filled it in meanwhile
        lines = [
            Line(
                built.report,
                show_name(built.file),
                ReportInfo("", ReportLevel(built.level), built.publisher, built.region, built.year),
                given.get(built.report, NOTHING),
            )
            for built in self.inputs
            if built.level and not built.duplicate_of
        ]
        return write_manifest(self.home, lines)

    def _remove_others(self, reports: Collection[str]) -> None:
        kept = {statement_path(self.home, report) for report in reports}
        for path in (self.home / STATEMENTS).glob("*.jsonl"):
            if path not in kept:
                path.unlink()
        self.inputs.keep_only(reports)

    def _count(self, records: Iterable[Mapping[str, Any]]) -> dict[str, int]:
        """The facts of each relation, the figures and the issues of a report."""
        counts: Counter[str] = Counter()
        for record in records:
            kind = record["kind"]
            if kind == "statement":
                counts[record["predicate"]] += 1
            elif kind == "entity":
                self.types.setdefault(record["type"], set()).add(record["iri"])
            elif kind in ("figure", "issue"):
                counts[FIGURES if kind == "figure" else ISSUES] += 1
        return dict(sorted(counts.items()))

    def _tell(self, progress: Progress) -> None:
        if self._on_progress is not None:
            self._on_progress(progress)


def statement_path(home: Path, report: str) -> Path:
    """Where a report's statements lie."""
    return home / STATEMENTS / statement_name(report)


def statement_name(report: str) -> str:
    """The file of a report's statements: its id, with %xx for what no file name may have.

    A name longer than file systems take (255 bytes, 85 Chinese characters) is cut and ends in a digest of the whole.
    """
    name = re.sub(r'[/\\:*?"<>|%\x00-\x1f]', lambda found: f"%{ord(found.group()):02X}", report)
    if len(name.encode("utf-8")) > _LONGEST_NAME:
        digest = hashlib.sha256(report.encode("utf-8")).hexdigest()[:16]
        name = name.encode("utf-8")[: _LONGEST_NAME - 17].decode("utf-8", errors="ignore") + "~" + digest
    return f"{name}.jsonl"


_LONGEST_NAME = 220  # bytes; leaves room for the ending and for the mark of a file that is being written


def _note(item: Input, records: list[dict[str, Any]], to: Path) -> Iterator[str]:
    """What the user should know of a report before it replaces the one of its id."""
    if not any(record["kind"] in ("statement", "figure") for record in records):
        yield f"{item.shown}: gave no fact and no figure; is it a quality report?"
    for record in records:
        if record["kind"] == "issue" and record["code"] in ("unreadable-page", "wrong-ending"):
            yield f"{item.shown}: {record['message']}"
    publisher = next((record["publisher"] for record in records if record["kind"] == "report"), "")
    try:
        with to.open(encoding="utf-8") as former:
            before = json.loads(former.readline()).get("publisher", "")
    except (OSError, ValueError, AttributeError):
        return
    if before and publisher and before != publisher:
        yield (
            f"{item.shown}: replaces the report of {before}, which had the same name; to keep both, build their folders "
            "together or rename one file"
        )


# --- outputs ------------------------------------------------------------------------------------------------------------


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    """Writes the file whole or not at all."""
    with write_aside(path) as out:
        out.writelines(f"{line}\n".encode() for line in lines)
