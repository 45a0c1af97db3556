"""Commands of ``kg`` in processes that can be killed at any moment, and what must be there afterwards.

A process that has everything imported is copied for each command: what is killed is the command at its work, not Python at
its imports. The copy runs ``kg.cli.main`` with the arguments, as the program ``kg`` does.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from kg import store
from kg.export.writing import export
from kg.home_lock import LOCK

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_END = 20.0  # for what is left of a build whose parent was killed

_COPIED = """
import json, os, sys
from kg.cli import main
import kg.build_report, kg.checks, kg.decision_file, kg.duplicates, kg.export.writing, kg.extraction_pool, kg.identity_view
import kg.network, kg.pipeline, kg.start_page, kg.store, kg.workbook
from kg.export.formats import FORMATS
for form in FORMATS.values():
    form.load_writer()
for line in sys.stdin:
    arguments, said = json.loads(line)
    process = os.fork()
    if not process:
        os.setsid()
        os.environ["KG_STOPPED"] = str(os.getpid())  # all that it starts has it, too
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        main(arguments)
        sys.exit(0)
    print(process, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: its exit code (minus the number of the signal that ended it), what it said, how long it took."""

    code: int
    said: str
    seconds: float


class Commands:
    """Starts commands, one after the other; ``temporary`` is where they find a place for what is needed on the way.

    With ``mount``, a line for the shell, they have a view of the file system of their own, in which that was done first.
    """

    def __init__(self, folder: Path, mount: str = "") -> None:
        self.temporary = Path(mkdtemp(prefix="kg-"))  # no longer than that: sockets lie there
        self._said = folder / "said"
        self._process = subprocess.Popen(
            [*(list_own_view(mount) if mount else ()), sys.executable, "-c", _COPIED],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"TMPDIR": str(self.temporary), "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)},
        )

    def look(self, path: Path) -> Path:
        """Where a place that the commands see lies for the test."""
        return Path(f"/proc/{self._process.pid}/root{path}")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()
        shutil.rmtree(self.temporary)

    def run(self, *arguments: object, kill_after: float | None = None, only_parent: bool = False) -> Ended:
        """A command, killed after some seconds unless it has ended by then: with all its processes, or its first alone."""
        began = time.monotonic()
        self._process.stdin.write(json.dumps([[str(each) for each in arguments], str(self._said)]) + "\n")
        self._process.stdin.flush()
        process = int(self._process.stdout.readline())
        ended = threading.Event()
        if kill_after is not None:
            threading.Thread(target=_kill, args=(process, kill_after, only_parent, ended), daemon=True).start()
        code = int(self._process.stdout.readline())
        ended.set()
        seconds = time.monotonic() - began
        for _ in range(int(SECONDS_TO_END * 20)):
            if not (left := list(list_processes(process))):
                break
            time.sleep(0.05)
        else:
            raise AssertionError(f"processes that went on after {arguments}: {left}")
        return Ended(code, self._said.read_text(encoding="utf-8"), seconds)


def list_own_view(mount: str) -> list[str]:
    """The words before a command that give it a view of the file system of its own, in which something is mounted."""
    as_root = () if os.geteuid() == 0 else ("--map-root-user",)
    return ["unshare", *as_root, "--mount", "--propagation", "private", "sh", "-ec", f'{mount}; exec "$@"', "sh"]


def _kill(process: int, seconds: float, only_parent: bool, ended: threading.Event) -> None:
    if not ended.wait(seconds):
        for each in [process] if only_parent else [process, *list_processes(process)]:
            with contextlib.suppress(ProcessLookupError):  # it has ended just now
                os.kill(each, signal.SIGKILL)


def list_processes(command: int) -> Iterator[int]:
    """The living processes of a command: its first one, and what that has started."""
    mark = f"KG_STOPPED={command}\0".encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                if state not in "ZX" and (int(folder.name) == command or mark in (folder / "environ").read_bytes()):
                    yield int(folder.name)
            except OSError:
                continue


# ---- what is there


def read_graph(home: Path) -> bytes:
    """The current graph of a home as a reader finds it, as sorted N-Quads; nothing where there is none."""
    if not (home / "store" / "current").exists():
        return b""
    out = io.BytesIO()
    store.write_nquads(home, out)
    return out.getvalue()


def read_facts(home: Path) -> bytes:
    """The facts of a home as a reader exports them; nothing where there is no graph."""
    if not (home / "store" / "current").exists():
        return b""
    out = io.BytesIO()
    export(home, "facts", "csv", out)
    return out.getvalue()


def read_files(home: Path) -> dict[str, bytes]:
    """What a build keeps and shows, by place: all but the graph, of which bytes tell nothing, and what tells of the build
    itself."""
    wanted = ("statements/*", "identity/*", "inputs.jsonl", "reports.csv", "index.html", "network.html")
    return {str(path.relative_to(home)): path.read_bytes() for each in wanted for path in home.glob(each)}


def list_litter(home: Path, *others: Path) -> list[str]:
    """What should not be there after a command has ended: hidden files, more stores than the current and the former one,
    and anything in other folders."""
    hidden = [str(path) for path in home.rglob(".*") if path != home / LOCK]
    stores = [path for path in (home / "store").glob("*") if path.is_dir()]
    return hidden + list(map(str, stores[2:])) + [str(path) for folder in others for path in folder.iterdir()]
