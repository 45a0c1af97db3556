"""What a build did with each file, and with all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

FIGURES, ISSUES = "figures", "issues"  # keys of a file's counts beside its predicates


class State(StrEnum):
    """What became of a file."""

    READ = "read"
    UNCHANGED = "unchanged"  # read by an earlier build, and not since
    FAILED = "failed"
    DUPLICATE = "duplicate"  # another file holds the same report
    SKIPPED = "skipped"  # no report by its kind
    REMOVED = "removed"  # its file is gone, and its facts with it


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file. ``counts`` has the facts of each relation, FIGURES and ISSUES; ``seconds`` is what reading took."""

    file: str
    state: State
    report: str = ""
    cause: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class BuildSummary:
    """What a build did: a result for each file, and what was found in those that were read.

    ``notes`` names the files that were built but need a look: one that gave nothing, one that took the place of another
    publisher's report. ``lacking`` is of how many reports of the home the year, level, school or region is not known;
    ``is_changed`` whether its facts may be others than before.
    """

    files: list[FileResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    entities_by_type: dict[str, int] = field(default_factory=dict)
    lacking: int = 0
    is_changed: bool = True

    @property
    def reports(self) -> list[str]:
        """The ids of the reports that were read."""
        return [file.report for file in self.files if file.state is State.READ]

    @property
    def removed(self) -> list[str]:
        """The ids of the reports whose files are gone."""
        return [file.report for file in self.files if file.state is State.REMOVED]

    @property
    def failed(self) -> list[tuple[str, str]]:
        """The files that could not be read, each with its cause."""
        return self._list(State.FAILED)

    @property
    def skipped(self) -> list[tuple[str, str]]:
        """The files that are no reports, each with the cause."""
        return self._list(State.SKIPPED)

    @property
    def duplicates(self) -> list[tuple[str, str]]:
        """The files that hold a report that another one holds, each with the cause."""
        return self._list(State.DUPLICATE)

    @property
    def unchanged(self) -> int:
        """How many files were not read since they have not changed."""
        return sum(file.state is State.UNCHANGED for file in self.files)

    @property
    def statements_by_predicate(self) -> dict[str, int]:
        """The statements of the reports that were read, by predicate."""
        counts = self._count()
        return {name: counts[name] for name in sorted(counts) if name not in (FIGURES, ISSUES)}

    @property
    def figures(self) -> int:
        """The figures of the reports that were read."""
        return self._count()[FIGURES]

    @property
    def issues(self) -> int:
        """The issues of the reports that were read."""
        return self._count()[ISSUES]

    def _list(self, state: State) -> list[tuple[str, str]]:
        return [(file.file, file.cause) for file in self.files if file.state is state]

    def _count(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for file in self.files:
            if file.state is State.READ:
                counts.update(file.counts)
        return counts
