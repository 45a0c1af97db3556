"""A stream for libraries that go on writing after an error: they find it in order, and the error is told once, at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import IO, Any


@contextlib.contextmanager
def steady_stream(out: IO[bytes]) -> Iterator[Any]:
    """A stream that takes all that is written and passes it on up to the first error, which is raised in the end.

    A zip file that cannot be finished would try so again when it is forgotten, and print that it could not.
    """
    stream = _Steady(out)
    yield stream
    if stream.error is not None:
        raise stream.error


class _Steady:
    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.error: OSError | None = None

    def write(self, data: Any) -> int:
        if self.error is None:
            try:
                return self._out.write(data)
            except OSError as error:
                self.error = error
        return len(data)

    def flush(self) -> None:
        if self.error is None:
            try:
                self._out.flush()
            except OSError as error:
                self.error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)
