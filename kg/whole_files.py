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

    Raises KgError where it cannot be written.
    """
    draft = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as out:
            yield out
        draft.replace(to)
    except OSError as error:
        raise KgError(f"{to}: cannot be written: {error.strerror or error}") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
