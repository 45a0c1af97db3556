"""What a home was built from: each report's file, its content, and the code that read it.

``<home>/inputs.jsonl`` has a line for each report; a later line of the same report takes the place of an earlier one. It is
the journal of a build, which adds a line when it begins to write what a report says and another when that is done: the
next build goes on from there, however this one ends.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from kg.whole_files import append_lines

INPUTS = "inputs.jsonl"


@dataclass(frozen=True, slots=True)
class BuiltInput:
    """A file that was read: where it lay, the SHA-256 of its bytes, and the code that read it.

    ``given`` is what people filled in of it. ``publisher``, ``year``, ``level``, ``region`` and ``sketch`` tell whose report it is
    and what its text is like; ``counts`` how many facts of each
    relation, figures and issues it gave. ``duplicate_of`` is the report that is used in its place, if it is not used.
    """

    report: str
    path: str
    sha256: str
    code: str
    given: str = ""
    publisher: str = ""
    year: int | None = None
    level: str = ""
    region: str = ""
    sketch: tuple[int, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    duplicate_of: str = ""

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.path.rpartition(os.sep)[2]  # a Path for each of ten thousand takes half a second


_NAMES = tuple(field.name for field in fields(BuiltInput))


class BuiltInputs:
    """The inputs of a home. A file that cannot be read counts as none: all is then read again."""

    def __init__(self, home: Path) -> None:
        self._path = home / INPUTS
        self._of: dict[str, BuiltInput] = {}
        self._lines: dict[str, str] = {}  # as they stand in the file: with ten thousand to write, seconds
        self._is_torn = False
        self.is_tidy = True  # whether the file has one line for each report, in their order
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return
        self._is_torn = bool(lines[-1])  # what follows the last line break was broken off
        self.is_tidy = not self._is_torn
        last = ""
        for line in lines[:-1]:
            try:
                row = json.loads(line)
                row = BuiltInput(**row | {"sketch": tuple(row["sketch"])})
            except (ValueError, TypeError, KeyError):
                continue
            self.is_tidy &= row.report > last
            last = row.report
            self._of[row.report] = row
            self._lines[row.report] = line

    def find(self, built: BuiltInput) -> BuiltInput | None:
        """What is remembered of a report that was read from these bytes, under this file name, by this code."""
        known = self._of.get(built.report)
        same = known is not None and (known.sha256, known.code, known.given) == (built.sha256, built.code, built.given)
        if known is None or not same:
            return None
        return known if known.file == built.file else None

    def __iter__(self) -> Iterator[BuiltInput]:
        return iter(self._of.values())

    def __contains__(self, report: str) -> bool:
        return report in self._of

    def list_below(self, folder: Path) -> Iterator[BuiltInput]:
        """The inputs that lay in a folder, or below it, when they were read."""
        absolute = str(folder.absolute())
        below = absolute.rstrip(os.sep) + os.sep
        return (built for built in self._of.values() if built.path == absolute or built.path.startswith(below))

    def begin(self, built: BuiltInput) -> None:
        """Remembers at once that what a report says is being written: should that never end, it is read again, or, where
        its file is gone by then, goes as any other."""
        self.add(BuiltInput(built.report, built.path, "", ""))

    def add(self, built: BuiltInput) -> None:
        """Remembers an input at once."""
        self._of[built.report], line = built, _line(built)
        self._lines[built.report] = line
        append_lines(self._path, ["", line] if self._is_torn else [line])
        self._is_torn = False

    def forget(self, report: str) -> None:
        self._of.pop(report, None)

    def keep_only(self, reports: Collection[str]) -> None:
        self._of = {report: built for report, built in self._of.items() if report in reports}

    def lines(self) -> list[str]:
        """One line for each report, in their order."""
        return [self._lines[report] for report in sorted(self._of)]


def _line(built: BuiltInput) -> str:
    values = {name: getattr(built, name) for name in _NAMES}  # ``asdict`` copies each number of a sketch
    row = json.dumps(values, ensure_ascii=False, sort_keys=True)
    if not row.isprintable():  # a path need be no text
        row = json.dumps(values, sort_keys=True)
    return row
