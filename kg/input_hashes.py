"""The hashes of files that a build has read before: what the file system shows to be the same file is not read again.

``<home>/hashes.json`` has them. It is there for speed alone: without it, or where it cannot be read, every file is hashed.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterable
from pathlib import Path

from kg.errors import KgError
from kg.inputs import Input, hash_file
from kg.whole_files import write_aside

HASHES = "hashes.json"
SETTLED = (
    2_000_000_000  # nanoseconds: a change within the coarsest clock of a file system (FAT) does not show in its times
)


class InputHashes:
    """By the path of each file: what the file system said of it when it was hashed, and the SHA-256 of its bytes."""

    def __init__(self, home: Path) -> None:
        self._path = home / HASHES
        self._known: dict[str, tuple[str, str]] = {}
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            self._known = {str(path): (str(stamp), str(digest)) for path, (stamp, digest) in told.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            pass
        self._now: dict[str, tuple[str, str]] = {}

    def hash_all(self, items: Iterable[Input]) -> list[str]:
        """The SHA-256 of each input; "" for one that cannot be opened, which its reader tells."""
        return [self._hash(item) for item in items]

    def _hash(self, item: Input) -> str:
        try:
            if item.path.absolute() != item.origin:  # what comes out of an archive lies elsewhere each time
                return hash_file(item)
            before = _stamp(item.path)
            stamp, digest = self._known.get(str(item.origin), ("", ""))
            if not before or stamp != before:
                digest = hash_file(item)
                if not before or _stamp(item.path) != before:  # it may have changed meanwhile
                    return digest
            self._now[str(item.origin)] = before, digest
            return digest
        except OSError:
            return ""

    def keep(self, paths: Iterable[str]) -> None:
        """Remembers these files for the next build, those of earlier ones among them, where that can be written."""
        all_known = self._known | self._now
        kept = {path: all_known[path] for path in paths if path in all_known}
        if kept != self._known:
            with contextlib.suppress(KgError), write_aside(self._path) as out:
                out.write(json.dumps(kept).encode("ascii"))


def _stamp(path: Path) -> str:
    """What tells a file from another and from what it was before; "" for one that has only just been changed."""
    told = path.stat()
    if time.time_ns() - max(told.st_mtime_ns, told.st_ctime_ns) < SETTLED:
        return ""
    return f"{told.st_dev} {told.st_ino} {told.st_size} {told.st_mtime_ns} {told.st_ctime_ns}"
