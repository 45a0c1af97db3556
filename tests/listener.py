"""A server that must not be asked: whoever fetches something is noted."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Listener(http.server.BaseHTTPRequestHandler):
    """Notes every request."""

    asked: list[str] = []  # noqa: RUF012

    def do_GET(self):
        self.asked.append(self.path)
        self.send_error(404)

    do_POST = do_GET

    def log_message(self, *_):
        pass


@contextmanager
def listen() -> Iterator[str]:
    """The address of the server; ``Listener.asked`` has who came."""
    heard = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=heard.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{heard.server_port}"
    finally:
        heard.shutdown()
        heard.server_close()
