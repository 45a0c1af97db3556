"""Files that are written whole or not at all, and folders for what is needed on the way.

Drafts and folders are held by a lock of the system, which ends with its process, however that ends: whatever of their kind
nobody holds is left of one that was killed, and the next that writes beside it takes it away.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import IO

from kg.errors import KgError

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be deleted
    fcntl = None  # type: ignore[assignment]

DRAFT = ".kg-part"  # how the names of drafts and folders end
LEFT_BEHIND = 3600.0  # seconds after which a draft is nobody's, where the system cannot say whose it is


@contextlib.contextmanager
def write_aside(to: Path) -> Iterator[IO[bytes]]:
    """An open file that takes the name ``to`` once it is whole; on any error the old file is there as before.

    Where ``to`` is a link, it stays one, and the file that it leads to is the one that is written. What is no file (a device,
    a named pipe) is written as it stands there. Raises KgError where it cannot be written.
    """
    target = to.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}{DRAFT}")
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as out:
                yield out
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear_once(target.parent)
        with _open_draft(draft) as out:
            yield out
        draft.replace(target)
    except OSError as error:
        raise KgError(f"{to}: cannot be written: {error.strerror or error}") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def append_lines(to: Path, lines: Iterable[str]) -> None:
    """Adds lines at the end of a file; where that is stopped, the last may be a part of one. Raises KgError where it cannot be
    written."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("a", encoding="utf-8", newline="\n") as out:
            out.writelines(line + "\n" for line in lines)
    except OSError as error:
        raise KgError(f"{to}: cannot be written: {error.strerror or error}") from None


@contextlib.contextmanager
def make_scratch(name: str, within: Path | None = None) -> Iterator[Path]:
    """A folder for what is needed on the way, ``within`` another or where the system has such; it goes with all that is in it.

    Raises OSError where it cannot be made.
    """
    place = within or Path(tempfile.gettempdir())
    _clear_once(place)
    while True:
        with (
            tempfile.TemporaryDirectory(
                prefix=f".{name}.", suffix=DRAFT, dir=place, ignore_cleanup_errors=True
            ) as made,
            _hold(Path(made)) as is_held,
        ):
            if is_held:
                yield Path(made)
                return


def clear_left(folder: Path) -> None:
    """Takes away what processes that were killed left of their drafts in a folder, not below it."""
    try:
        found = [entry.path for entry in os.scandir(folder) if entry.name.endswith(DRAFT)]
    except OSError:
        return
    for path in map(Path, found):
        with contextlib.suppress(OSError):
            if not _is_left(path):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


_clear_once = cache(clear_left)  # a build writes ten thousand files into one folder


@contextlib.contextmanager
def hold_shared(folder: Path) -> Iterator[None]:
    """Lets ``is_in_use`` say that somebody reads in a folder, where the system can tell."""
    with contextlib.ExitStack() as stack:
        if fcntl is not None:
            with contextlib.suppress(OSError):
                number = os.open(folder, os.O_RDONLY)
                stack.callback(os.close, number)
                fcntl.flock(number, fcntl.LOCK_SH)
        yield


def is_in_use(folder: Path) -> bool:
    """Whether somebody is known to read in a folder (``hold_shared``)."""
    return _try_lock(folder) is False


@contextlib.contextmanager
def _open_draft(path: Path) -> Iterator[IO[bytes]]:
    while True:
        with path.open("wb") as out, _hold(path) as is_held:
            if is_held:
                yield out
                return


@contextlib.contextmanager
def _hold(path: Path) -> Iterator[bool]:
    """Holds a file or folder that was just made; False where somebody took it for left behind before it was held."""
    if fcntl is None:
        yield True
        return
    number = os.open(path, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(number, fcntl.LOCK_EX)
        try:
            is_there = os.path.samestat(os.fstat(number), path.stat())
        except FileNotFoundError:
            is_there = False
        yield is_there
    finally:
        os.close(number)


def _is_left(path: Path) -> bool:
    is_free = _try_lock(path)
    return time.time() - path.lstat().st_mtime > LEFT_BEHIND if is_free is None else is_free


def _try_lock(path: Path) -> bool | None:
    """Whether nobody holds a file or folder; None where the system cannot say."""
    if fcntl is None:
        return None
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    finally:
        os.close(number)
    return True
