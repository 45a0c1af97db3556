"""What the reading of one file may take, and what a file may hold: bounds that a real report is far from.

The longest reports have 500 pages, 100 MB and half a million characters; what is beyond these limits is no report, was made
to do harm, or is many reports in one file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from kg.errors import TooLarge, UsageError

_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes of memory (where the system can limit it) for the reading of a file; its own size in megabytes;
    its pages (of a PDF), its characters, and the cells of its tables."""

    seconds: float = 300.0  # LibreOffice alone may take 180
    memory: int = 2 << 30  # that a process, or a program that it starts, may have as its own
    megabytes: int = 200
    pages: int = 1000
    characters: int = 2_000_000
    cells: int = 200_000

    def check_size(self, name: str, size: int) -> None:
        """Raises TooLarge for a file of more bytes than it may have; ``name`` is what the message calls it."""
        if size > self.megabytes * _MB:
            self._refuse(name, "megabytes", -(-size // _MB), "MB")

    def check_pages(self, name: str, pages: int) -> None:
        """Raises TooLarge for more pages than a file may have."""
        if pages > self.pages:
            self._refuse(name, "pages", pages, "pages")

    def check_characters(self, name: str, characters: int) -> None:
        """Raises TooLarge for more characters than a file may have."""
        if characters > self.characters:
            self._refuse(name, "characters", characters, "characters")

    def check_cells(self, name: str, cells: int) -> None:
        """Raises TooLarge for more table cells than a file may have, merged ones counted at all their places."""
        if cells > self.cells:
            self._refuse(name, "cells", cells, "table cells")

    def _refuse(self, name: str, key: str, found: int, what: str) -> None:
        raise TooLarge(
            f"{name}: {found:,} {what}, more than the {getattr(self, key):,} of one file ({advise(key, found)})"
        )


STANDARD = Limits()


def advise(key: str, value: int) -> str:
    """How a user raises a limit."""
    return f"to read it all the same: kg build --limit {key}={value}"


def read_limits(given: Iterable[str]) -> Limits:
    """The limits with those that are ``given`` as ``pages=2000``, memory in megabytes. Raises UsageError for an unknown one
    and for no number."""
    limits = Limits()
    known = [each.name for each in fields(Limits)]
    for each in given:
        key, _, value = each.partition("=")
        if key not in known:
            raise UsageError(f"--limit {each}: no such limit; there are {', '.join(known)}")
        if not value.isascii() or not value.isdigit() or not 0 < int(value[:18]) <= 10**12:
            raise UsageError(f"--limit {each}: not a whole number above 0, as in --limit pages=2000")
        limits = replace(limits, **{key: int(value) * (_MB if key == "memory" else 1)})
    return limits
