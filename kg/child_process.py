"""A process of ours that can be killed, and that ends when whoever started it does, however that ends.

It is started by its command line: a Dask worker under a nanny is a daemon, which may have no children by multiprocessing.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from typing import Any

# It finds modules as its parent does.
_START = "import sys; sys.path[:] = sys.argv[2:]; from kg.child_process import serve; serve(int(sys.argv[1]))"


class ChildProcess:
    """A process that runs ``target(connection, *arguments)``; ``connection`` is this end of it.

    ``target`` is a function of a module; it and what it is given are pickled.
    """

    def __init__(self, target: Callable[..., None], *arguments: object) -> None:
        self.connection, theirs = Pipe()
        handle = theirs.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, str(handle), *sys.path],
            stdin=subprocess.PIPE,  # nothing is ever written: where it closes, nobody is there any more
            start_new_session=True,  # Ctrl-C is for its parent
            **_hand_down(handle),
        )
        theirs.close()
        with contextlib.suppress(BrokenPipeError):  # whoever waits for an answer will find out
            self.connection.send((target, arguments))

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Kills it and waits until it is gone."""
        self.connection.close()
        self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


def _hand_down(handle: int) -> dict[str, Any]:
    """What makes Popen leave a handle open in the child."""
    if sys.platform == "win32":
        os.set_handle_inheritable(handle, True)
        return {"startupinfo": subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]})}
    return {"pass_fds": (handle,)}


def serve(handle: int) -> None:
    """What the process does: the target that comes through the connection of this handle."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection

        connection: Any = PipeConnection(handle)
    else:
        connection = Connection(handle)
    with contextlib.suppress(EOFError, ConnectionError):
        target, arguments = connection.recv()
        target(connection, *arguments)


def _end_with_parent() -> None:
    os.read(0, 1)
    os._exit(1)
