"""One writer at a time: the lock of a home.

The system holds it, and lets it go when its process ends, however that ends. Who only reads needs none.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kg.errors import BusyHome, KgError, UsageError

LOCK = ".lock"  # in the home; it stays there and tells of the last who held it


@contextlib.contextmanager
def hold_home(home: Path) -> Iterator[None]:
    """Keeps others from writing into a home meanwhile; makes its folder, and takes it away again if nothing came into it.

    Raises BusyHome where somebody else writes into it, UsageError where it is a file, KgError where it cannot be written.
    """
    if home.exists() and not home.is_dir():
        raise UsageError(f"{home}: a file; the home of a graph is a folder")
    place, is_new = home / LOCK, not home.exists()
    # Without locks of the system it would fall back to a file that stays when its process is killed: rather none.
    lock = FileLock(place, timeout=0, fallback_to_soft=False, preserve_lock_file=True)
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise BusyHome(f"{home}: {_tell_holder(place)} writes into it; try again when that has ended") from None
    except OSError as error:
        raise KgError(f"{home}: cannot be written: {error.strerror or error}") from None
    try:
        holder = {"process": os.getpid(), "since": datetime.now().astimezone().isoformat(timespec="seconds")}
        with contextlib.suppress(OSError):  # a full disk; or Windows, where nobody may write to what is locked
            place.write_text(json.dumps(holder), encoding="ascii")
        yield
    finally:
        with contextlib.suppress(OSError):
            if is_new and [path.name for path in home.iterdir()] == [LOCK]:
                place.unlink()
                home.rmdir()
        lock.release()


def _tell_holder(place: Path) -> str:
    try:
        holder = json.loads(place.read_text(encoding="ascii"))
        since = datetime.fromisoformat(holder["since"])
        return f"process {int(holder['process'])}, since {since:%Y-%m-%d %H:%M:%S},"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
