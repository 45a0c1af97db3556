"""A Virtuoso of the tests' own: its folder, its ports on the loopback, gone when the tests are."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.address import Address

SECONDS_TO_START = 60
USER, PASSWORD = "dba", "dba"  # as a new database has them

_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 20
CaseMode = 2
CheckpointInterval = 60
DirsAllowed = {folder}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
MaxMemPoolSize = 1000000000

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
MaxClientConnections = 10

[SPARQL]
MaxQueryExecutionTime = 120
{sparql}
"""


@dataclass(frozen=True)
class Virtuoso:
    folder: Path
    url: str
    sql: int
    process: subprocess.Popen[bytes]

    def address(self, **other: str) -> Address:
        given = {
            "query": f"{self.url}/sparql",
            "update": f"{self.url}/sparql-auth",
            "graph_store": f"{self.url}/sparql-graph-crud-auth",
            "user": USER,
            "password_variable": "KG_TEST_PASSWORD",
            "auth": "digest",
        }
        return Address(**(given | other))

    def run_sql(self, text: str) -> str:
        """What isql prints."""
        command = ["isql-vt", f"127.0.0.1:{self.sql}", USER, PASSWORD, "VERBOSE=OFF", f"exec={text}"]
        told = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
        assert told.returncode == 0 and "*** Error" not in told.stderr, told.stderr
        return told.stdout


def find_virtuoso() -> str | None:
    return shutil.which("virtuoso-t") and shutil.which("isql-vt")


@contextmanager
def run_virtuoso(folder: Path, sparql: str = "") -> Iterator[Virtuoso]:
    """A new and empty database; ``sparql`` are lines for that part of its settings."""
    sql, http = _free_port(), _free_port()
    (folder / "virtuoso.ini").write_text(
        _INI.format(folder=folder, sql=sql, http=http, sparql=sparql), encoding="ascii"
    )
    command = ["virtuoso-t", "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    with (folder / "told").open("wb") as told:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
    started = Virtuoso(folder, f"http://127.0.0.1:{http}", sql, process)
    try:
        _wait(started)
        yield started
    finally:
        process.kill()  # nobody wants what it holds
        process.wait()


def _wait(started: Virtuoso) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        assert started.process.poll() is None, (started.folder / "told").read_text(errors="replace")[-2000:]
        try:
            with urllib.request.urlopen(f"{started.url}/sparql?query=ASK%7B%7D", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("Virtuoso did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
