"""Hostile queries are refused or stopped in time; nothing is read, fetched or written, and the server goes on."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from conftest import run_server
from graph_home import make_home
from hostile import list_cases
from listener import Listener

SECONDS = 1  # that the server gives a query
IN_TIME = 15  # seconds until an answer is there, eight others asked at the same time
SECRET = "the-words-of-a-file-that-nobody-may-read"
QUERY = {"content-type": "application/sparql-query"}
CASES = list_cases()
REFUSED = {"reach-out", "change", "break-text"}


def list_files(folder: Path) -> list[tuple[str, bytes]]:
    return sorted((str(path.relative_to(folder)), path.read_bytes()) for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def target(tmp_path_factory, listener) -> Iterator[str]:
    """A server of its own; afterwards its home is as it was before, and nobody was asked for anything."""
    home = make_home(tmp_path_factory.mktemp("hostile"))
    before = list_files(home)
    with run_server(home, "--seconds", str(SECONDS)) as url:
        yield url
        assert httpx.get(f"{url}/health", trust_env=False).text == "ok\n"
    assert list_files(home) == before
    assert not Listener.asked


@pytest.fixture(scope="module")
def secret(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("secret") / "data.nt"
    path.write_text(f'<x:s> <x:p> "{SECRET}" .\n', encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def answers(target, listener, secret) -> dict[str, tuple[httpx.Response, float]]:
    """The answer to each hostile query and the seconds it took, many asked at once."""

    def ask(text: str) -> tuple[httpx.Response, float]:
        body = text.replace("{url}", listener).replace("{file}", secret.as_uri()).encode("utf-8")
        began = time.monotonic()
        answer = client.post("/sparql", content=body, headers=QUERY)
        return answer, time.monotonic() - began

    with httpx.Client(base_url=target, timeout=60, trust_env=False) as client, ThreadPoolExecutor(8) as pool:
        texts = [text for _, text in CASES.values()]
        return dict(zip(texts, pool.map(ask, texts), strict=True))


def test_there_are_two_hundred():
    assert len(CASES) >= 200


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_query_is_refused_or_stopped_in_time(answers, name):
    family, text = CASES[name]
    answer, seconds = answers[text]
    assert answer.status_code in ((400,) if family in REFUSED else (503, 504)), answer.text[:300]
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.count("\n") == 1 and len(answer.text) < 600
    assert SECRET not in answer.text and "/etc" not in answer.text
    assert seconds < IN_TIME


def test_nobody_was_asked_and_others_are_still_answered(answers, target):
    assert not Listener.asked
    began = time.monotonic()
    answer = httpx.post(f"{target}/sparql", data={"query": "SELECT (1 AS ?x) {}"}, trust_env=False)
    assert answer.status_code == 200 and time.monotonic() - began < IN_TIME


# ---- bodies, fields and headers


def in_form(data: bytes) -> tuple[dict[str, str], bytes]:
    return {"content-type": "application/x-www-form-urlencoded"}, data


TEN_MB = 10 * 1024**2
BODIES = {
    "ten-mb-direct": (QUERY, b"ASK { ?s ?p '" + b"a" * TEN_MB + b"' }", {413}),
    "ten-mb-of-brackets": (QUERY, b"{" * TEN_MB, {413}),
    "ten-mb-of-values": (QUERY, b"SELECT * { VALUES ?x {" + b"1 " * (TEN_MB // 2) + b"} }", {413}),
    "ten-mb-form": (*in_form(b"query=" + b"%41" * (TEN_MB // 3)), {413}),
    "ten-mb-of-fields": (*in_form(b"a=b&" * (TEN_MB // 4)), {413}),
    "two-mb-of-fields": (*in_form(b"a=b&" * 500_000), {400}),
    "utf-16": (QUERY, "ASK {}".encode("utf-16"), {400}),
    "utf-16-without-mark": (QUERY, "ASK {}".encode("utf-16-le"), {400}),
    "utf-32": (QUERY, "ASK {}".encode("utf-32"), {400}),
    "gb18030": (QUERY, "ASK { ?s ?p '河北省职校' }".encode("gb18030"), {400}),
    "latin-1": (QUERY, "ASK { ?s ?p 'é' }".encode("latin-1"), {400}),
    "half-a-character": (QUERY, "ASK { ?s ?p '职".encode()[:-1], {400}),
    "surrogate": (QUERY, b"ASK { ?s ?p '\xed\xa0\x80' }", {400}),
    "overlong": (QUERY, b"ASK { ?s ?p '\xc0\xaf' }", {400}),
    "random": (QUERY, bytes(range(256)), {400}),
    "packed": (QUERY | {"content-encoding": "gzip"}, gzip.compress(b"ASK {}"), {415}),
    "packed-bomb": (QUERY | {"content-encoding": "gzip"}, gzip.compress(b"#" * TEN_MB), {415}),
    "multipart": ({"content-type": "multipart/form-data; boundary=x"}, b"--x\r\n\r\nASK {}\r\n--x--", {415}),
    "json": ({"content-type": "application/json"}, b'{"query": "ASK {}"}', {415}),
    "long-type": ({"content-type": "a/" + "b" * 60_000}, b"ASK {}", {415}),
    "broken-percent": (*in_form(b"query=ASK%2"), {400}),
    "raw-bytes-in-a-form": (*in_form(b"query=\xff\xfe"), {400}),
    "no-field": (*in_form(b"text=ASK%20%7B%7D"), {400}),
    "empty-form": (*in_form(b""), {400}),
    "update-beside-a-query": (*in_form(b"query=ASK%20%7B%7D&update=DROP%20ALL"), {403}),
    "unknown-format": (*in_form(b"query=ASK%20%7B%7D&format=../../etc/passwd"), {406}),
    "header-in-a-format": (*in_form(b"query=ASK%20%7B%7D&format=csv%0d%0aset-cookie:%20x"), {406}),
    "strange-accept": (QUERY | {"accept": "a/b;q=" + "9" * 5000}, b"ASK {}", {406}),
    "many-accepts": (QUERY | {"accept": ",".join(f"a{n}/b;q=0.{n}" for n in range(5000))}, b"ASK {}", {406}),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_strange_body_is_refused(target, name):
    headers, body, statuses = BODIES[name]
    began = time.monotonic()
    with httpx.Client(base_url=target, timeout=30, trust_env=False) as client:
        answer = client.post("/sparql", content=body, headers=headers)
    assert answer.status_code in statuses, answer.text
    assert answer.text.count("\n") == 1 and "set-cookie" not in answer.headers
    assert time.monotonic() - began < IN_TIME


HOST = b"Host: localhost\r\n"
GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"
# What is sent over a bare connection, and what may come back; b"" is a connection that is closed.
RAW = {
    "no-host": (GET + b"\r\n", (b"400",)),
    "two-hosts": (GET + HOST + b"Host: evil.example\r\n\r\n", (b"400",)),
    "strange-host": (GET + b"Host: evil.example\r\n\r\n", (b"421",)),
    "rebound-host": (GET + b"Host: localhost.evil.example:8000\r\n\r\n", (b"421",)),
    "host-with-a-path": (GET + b"Host: localhost/x\r\n\r\n", (b"400",)),
    "host-with-signs": (GET + b"Host: <localhost>\r\n\r\n", (b"400",)),
    "long-head": (GET + HOST + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n", (b"400", b"431", b"")),
    "many-headers": (GET + HOST + b"".join(b"X%d: y\r\n" % n for n in range(100_000)) + b"\r\n", (b"400", b"431", b"")),
    "long-address": (
        b"GET /sparql?query=" + b"a" * 10_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        (b"400", b"414", b""),
    ),
    "long-path": (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", (b"404",)),
    "strange-method": (b"BREW /sparql HTTP/1.1\r\n" + HOST + b"\r\n", (b"405",)),
    "trace": (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", (b"405",)),
    "connect": (b"CONNECT evil.example:80 HTTP/1.1\r\n" + HOST + b"\r\n", (b"400", b"404", b"405")),
    "absolute-address": (b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n", (b"400", b"404")),
    "not-http": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n", (b"400", b"")),
    "nothing": (b"\r\n\r\n\r\n\r\n", (b"400", b"")),
    "header-without-name": (GET + HOST + b": x\r\n\r\n", (b"400",)),
    "folded-header": (GET + HOST + b"X: a\r\n b\r\n\r\n", (b"200", b"400")),
    "null-in-header": (GET + HOST + b"X: a\x00b\r\n\r\n", (b"400",)),
    "null-in-path": (b"GET /id/\x00 HTTP/1.1\r\n" + HOST + b"\r\n", (b"400",)),
    "negative-length": (b"POST /sparql HTTP/1.1\r\nContent-Length: -1\r\n" + HOST + b"\r\n", (b"400",)),
    "two-lengths": (
        b"POST /sparql HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n" + HOST + b"\r\nabcd",
        (b"400",),
    ),
    "huge-length": (
        b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nContent-Length: 99999999999\r\n"
        + HOST
        + b"\r\n",
        (b"413",),
    ),
    "length-and-chunks": (
        b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n" + HOST + b"\r\n0\r\n\r\n",
        (b"400",),
    ),
    "strange-coding": (b"POST /sparql HTTP/1.1\r\nTransfer-Encoding: gzip\r\n" + HOST + b"\r\n", (b"400", b"501")),
    "broken-chunks": (
        b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n"
        + HOST
        + b"\r\nzz\r\nASK {}\r\n",
        (b"400", b""),
    ),
    "endless-chunks": (
        b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n"
        + HOST
        + b"\r\n"
        + (b"10000\r\n" + b"#" * 0x10000 + b"\r\n") * 50,
        (b"413",),
    ),
}


@pytest.mark.parametrize("name", RAW)
def test_a_strange_request_is_refused(target, name):
    sent, statuses = RAW[name]
    host, _, port = target.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        try:
            connection.sendall(sent)
            answer = connection.recv(4096)
        except (ConnectionError, TimeoutError):
            answer = b""
    status = answer.split(b" ")[1] if answer else b""
    assert status in statuses, answer


PATHS = {
    "/static/../../pyproject.toml": {404},
    "/static/..%2f..%2fapp.py": {404},
    "/static/%2e%2e/app.py": {404},
    "/static//etc/passwd": {404},
    "/static/pages.css%00.html": {404},
    "/downloads/..%2f..%2fetc%2fpasswd": {404},
    "/downloads/facts.csv%00": {404},
    "/downloads/facts.exe": {404},
    "/id/": {404},
    "/id/x%3E%20%3Fp%20%3Fo%20%7D%20%23": {404},
    "/id/%22%3E%3Cscript%3E": {404},
    "/id/" + "a" * 5000: {404},
    "/id/school/..%2f..": {404},
    "/id/school/x.ttl": {404},
    "/id/%FF": {404},
    "/id/x?page=99999999999999999999": {404},
    "/id/x?relation=%3E%20%7D&direction=out&page=-1": {404},
    "/api/queries/..%2f..%2fetc": {404},
    "/api/queries/" + "a" * 200: {400},
    "/api/queries/partners-of-school": {400},
    "/api/queries/partners-of-school?school=" + "a" * 5000: {400},
    "/api/queries/partners-of-school?school=x&no-such=1": {400},
    "/api/queries/partners-of-school?school=x&year=MMXX": {400},
    "/api/search": {400},
    "/api/search?q=" + "a" * 5000: {400},
    "/api/search?q=x&limit=100000": {400},
    "/api/search?q=x&limit=-1": {400},
    "/api/search?q=x&type=NoSuch": {400},
    "/sparql?query=ASK%7B%7D&format=%00": {406},
    "/sparql?" + "&".join(f"a{n}=b" for n in range(2000)): {400},
    "/no-such-page": {404},
}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:60])
def test_a_strange_address_is_refused(target, path):
    """As it is, not as a client would tidy it."""
    host, _, port = target.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("ascii"))
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    assert int(answer.split(b" ")[1]) in PATHS[path], answer[:600]
    assert b"root:" not in answer and b"Traceback" not in answer


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "{{7*7}}", "\x00\x01\u202e"]
)
@pytest.mark.parametrize(
    "path",
    [
        "/search?q={}",
        "/sparql?query={}",
        "/sparql?library=partners-of-school&school={}",
        "/sparql?library={}",
        "/?lang={}",
    ],
)
def test_what_is_sent_comes_back_as_text_only(target, path, text):
    address = path.replace("{}", str(httpx.QueryParams({"x": text}))[2:])
    answer = httpx.get(f"{target}{address}", headers={"accept": "text/html"}, trust_env=False)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_a_client_that_sends_nothing_more_is_hung_up_on(target):
    """Tested here in short: that idle connections cost nobody else an answer."""
    host, _, port = target.removeprefix("http://").partition(":")
    idle = []
    try:
        for _ in range(200):
            connection = socket.create_connection((host, int(port)), timeout=10)
            connection.sendall(b"GET /sparql HTTP/1.1\r\nHost: loc")
            idle.append(connection)
        assert httpx.get(f"{target}/health", trust_env=False).text == "ok\n"
    finally:
        for connection in idle:
            connection.close()
