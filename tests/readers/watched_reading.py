"""A file read under watch: what may come of any bytes is a Document or one line, soon, and nothing is opened beside it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from kg.extraction import try_input
from kg.inputs import Failure, Input
from kg.invisible import drop_invisible
from kg.limits import Limits
from kg.statements import Extraction

LIMITS = Limits(megabytes=20, pages=60, characters=200_000, cells=50_000)
SECONDS = 40  # of the processor's time, whatever else it has to do
MEMORY = 3 << 30  # bytes, of the whole test process

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "urllib.",
    "ftplib.",
    "http.",
)
_CHANGES = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "shutil.",
)
# Code and its data: modules and tables that libraries load when they are needed.
_OWN = tuple(
    {
        os.path.realpath(place)
        for place in (
            *sysconfig.get_paths().values(),
            Path(__file__).parents[2],
            sys.base_prefix,
            "/proc/self",
            "/sys/fs",
            "/dev",
            "/usr/share",
            "/usr/lib",
        )
    }
)


class Hang(BaseException):
    """Too much time went by; no reader's ``except`` takes it for damage."""


class _Watch:
    """What the process did while it was watched. An audit hook stays for good, so there is one that can be at rest."""

    def __init__(self) -> None:
        self.own: tuple[str, ...] | None = None
        self.seen: list[str] = []
        sys.addaudithook(self.note)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.own is None:
            return
        if event.startswith(_FORBIDDEN) or event.startswith(_CHANGES):
            self.seen.append(f"{event} {arguments!r}")
        elif event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            writes = isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            place = os.path.realpath(os.fsdecode(arguments[0]))
            if writes or not place.startswith(self.own):
                self.seen.append(f"open {place} {arguments[1:]!r}")


_WATCH = _Watch()


@contextlib.contextmanager
def watch(*own: Path) -> Iterator[list[str]]:
    """What is done inside that a reader must not do: files opened that are not ``own``, anything written, any network."""
    with contextlib.suppress(ImportError):
        tempfile.gettempdir()  # which tries whether it can write
    _WATCH.seen, _WATCH.own = [], (*_OWN, *map(os.path.realpath, own))
    try:
        yield _WATCH.seen
    finally:
        _WATCH.own = None


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """At most SECONDS of the processor and MEMORY, as a worker has them."""
    import resource

    def stop(_: int, __: FrameType | None) -> None:
        raise Hang(f"more than {SECONDS} seconds")

    former = resource.getrlimit(resource.RLIMIT_DATA)
    handler = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, former)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)


def read_watched(path: Path, limits: Limits = LIMITS) -> Extraction | str:
    """What a file says, or the line that tells why it cannot be read, after all laws were checked."""
    with _bounded(), watch(path) as seen:
        result = try_input(Input(path, "r", path), limits)
    assert seen == []
    return check_result(path, result, limits)


def check_result(path: Path, result: Extraction | Failure, limits: Limits = LIMITS) -> Extraction | str:
    """What a file says, or the line that tells why it cannot be read, if these are as they must be."""
    if isinstance(result, Failure):
        assert result.cause.startswith(str(path)) and "\n" not in result.cause, result.cause
        assert "internal error" not in result.cause, result.cause
        return result.cause.removeprefix(str(path)).lstrip(":, ")
    document = result.document
    assert drop_invisible(document.text) == document.text
    assert len(document.text) <= 2 * limits.characters
    for block in document.blocks:
        assert document.slice(block.span) == block.text
        for cell in block.table.cells if block.table else ():
            assert document.slice(cell.span) == cell.text
    return result
