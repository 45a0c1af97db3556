"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kg.errors import KgError


@contextlib.contextmanager
def write_aside(to: Path) -> Iterator[IO[bytes]]:
    """An open file that takes the name ``to`` once it is whole; on any error the old file is there as before.

    Where ``to`` is a link, it stays one, and the file that it leads to is the one that is written. What is no file (a device,
    a named pipe) is written as it stands there. Raises KgError where it cannot be written.
    """
    target = to.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as out:
                yield out
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as out:
            yield out
        draft.replace(target)
    except OSError as error:
        raise KgError(f"{to}: cannot be written: {error.strerror or error}") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
