"""A server in a process of its own, as users start it, and clients."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from graph_home import shared_home
from listener import Listener, listen

ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def run_server(home: Path, *options: str) -> Iterator[str]:
    """``kg serve`` on a free port; yields its address. It must end by itself when told to."""
    command = [sys.executable, "-m", "kg.cli", "serve", "--home", str(home), "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            line = process.stderr.readline()
            assert re.match(r"http://", line), line + process.stderr.read()
            yield line.strip().rstrip("/")
        finally:
            process.terminate()
            try:
                assert process.wait(20) == 0
            finally:
                process.kill()
                left = process.stderr.read()
        assert left == "", left


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server that gives a query two seconds."""
    with run_server(shared_home(), "--seconds", "2") as url:
        yield url


@pytest.fixture(scope="session")
def listener() -> Iterator[str]:
    """The address of a server that must not be asked; ``Listener.asked`` has who did."""
    with listen() as url:
        assert httpx.get(f"{url}/seen", trust_env=False).status_code == 404
        assert Listener.asked.pop() == "/seen"
        yield url


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30, trust_env=False) as opened:
        yield opened
