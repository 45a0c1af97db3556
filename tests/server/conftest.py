"""A server in a process of its own, as users start it, and clients."""

from __future__ import annotations

import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from graph_home import shared_home

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


class Listener(http.server.BaseHTTPRequestHandler):
    """Notes every request: a server that fetches something would be seen here."""

    asked: list[str] = []  # noqa: RUF012

    def do_GET(self):
        self.asked.append(self.path)
        self.send_error(404)

    do_POST = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def listener() -> Iterator[str]:
    """The address of a server that must not be asked; ``Listener.asked`` has who did."""
    heard = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=heard.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{heard.server_port}"
    assert httpx.get(f"{url}/seen", trust_env=False).status_code == 404
    assert Listener.asked.pop() == "/seen"
    yield url
    heard.shutdown()
    heard.server_close()


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30, trust_env=False) as opened:
        yield opened
