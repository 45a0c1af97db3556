"""Processes for queries: limits that stop, others that go on, and that one runaway takes only a share."""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import time

import httpx
import pytest
from conftest import run_server
from graph_home import shared_home
from hostile import list_cases

from kg.errors import BusyServer, MissingStore, RefusedQuery, SlowQuery, StoppedQuery, WrongForm
from kg.strangers import Limits, QueryPool, Request

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
QUICK = "SELECT ?s ?name { ?s a zj:School ; skos:prefLabel ?name }"
FEW = Limits(seconds=200, rows=100, size=2 * 1024**2, memory=512 * 1024**2)


def in_pool(do, limits: Limits = FEW, workers: int = 1, home=None):
    async def run():
        async with QueryPool(home or shared_home(), limits, workers) as pool:
            return await do(pool)

    return asyncio.run(run())


async def read(pool: QueryPool, text: str, **more) -> bytes:
    answer = await pool.ask(Request((text,), **{"table": "csv", "triples": "nt", **more}))
    with answer.body:
        return answer.body.read()


def stopped(pool: QueryPool, text: str, **more):
    """The error of a query, after which the next one is answered all the same."""

    async def ask():
        with pytest.raises(Exception) as caught:
            await read(pool, text, **more)
        assert await read(pool, "SELECT (1 AS ?x) {}") == b"x\r\n1\r\n"
        return caught.value

    return ask()


def test_a_query_past_its_time_is_stopped():
    error = in_pool(lambda pool: stopped(pool, ENDLESS), Limits(seconds=0.5))
    assert isinstance(error, SlowQuery) and "longer than 0.5 seconds" in str(error)


@pytest.mark.skipif(os.name == "nt", reason="Windows holds no process to an amount of memory")
@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c ?a",
        next(text for name, (_, text) in list_cases().items() if "x40 { BIND('" in name),
    ],
)
def test_a_query_past_its_memory_is_stopped(text):
    error = in_pool(lambda pool: stopped(pool, text), Limits(seconds=100, memory=200 * 1024**2))
    assert type(error) is StoppedQuery and "memory" in str(error)


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_an_answer_past_its_size_is_stopped(form):
    error = in_pool(lambda pool: stopped(pool, "SELECT * { ?a ?b ?c . ?d ?e ?f }", table=form))
    assert type(error) is StoppedQuery and "larger than 2 MB" in str(error)


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld", "rdf"])
def test_a_graph_past_its_size_is_stopped(form):
    error = in_pool(lambda pool: stopped(pool, "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }", triples=form))
    assert type(error) is StoppedQuery and "larger than 2 MB" in str(error)


def test_too_many_rows_are_not_collected():
    async def ask(pool):
        with pytest.raises(StoppedQuery, match="more than 100 rows"):
            await pool.ask_rows("SELECT * { ?s ?p ?o }")
        return await pool.ask_rows("SELECT * { ?s ?p ?o } LIMIT 100", "ASK {}")

    rows, yes = in_pool(ask)
    assert len(rows.rows) == 100 and yes.rows == ((True,),)


def test_each_error_is_its_own(tmp_path):
    async def ask(pool):
        for text, more, kind in (
            ("ASK { SERVICE <http://x/> {} }", {}, RefusedQuery),
            ("SELECT * { FILTER(no-such(1)) }", {}, RefusedQuery),
            ("SELECT (<http://x/no-such>(1) AS ?x) {}", {}, RefusedQuery),
            ("SELECT ?x { ?x <a> <b> } GROUP BY ?y", {}, RefusedQuery),
            ("ASK {}", {"table": ""}, WrongForm),
            ("DESCRIBE <x>", {"triples": ""}, WrongForm),
        ):
            with pytest.raises(kind):
                await read(pool, text, **more)

    in_pool(ask)
    assert isinstance(in_pool(lambda pool: failing(pool), home=tmp_path), MissingStore)


async def failing(pool):
    with pytest.raises(MissingStore) as caught:
        await read(pool, "ASK {}")
    return caught.value


def test_an_error_in_the_first_line_is_where_it_was_written():
    async def ask(pool):
        errors = []
        for text in ("SELECT (nope AS ?x) {}", "SELECT ?x\n{ ?x <a> 'b'^^<c d> }", "ASK { ?s nope:x ?o }"):
            with pytest.raises(RefusedQuery) as caught:
                await read(pool, text)
            errors.append(str(caught.value))
        return errors

    first, second, third = in_pool(ask)
    assert "line 1, column 9" in first and "line 2, column" in second and "line 1, column 1" in third


def test_a_client_that_goes_away_frees_the_process():
    with run_server(shared_home(), "--seconds", "100", "--workers", "1") as url:
        body = ENDLESS.encode()
        host, port = url.split("/")[2].split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            time.sleep(1)
        answer = httpx.get(f"{url}/sparql", params={"query": "ASK {}"}, timeout=30, trust_env=False)
        assert answer.json()["boolean"] is True


@pytest.mark.endurance
def test_clients_that_send_slowly_are_hung_up_on():
    with run_server(shared_home(), "--workers", "1") as url:
        host, port = url.split("/")[2].split(":")
        half = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        for sent, expected in ((half, b""), (half + b"Content-Length: 100\r\n\r\nASK", b"HTTP/1.1 408")):
            with socket.create_connection((host, int(port)), timeout=60) as connection:
                connection.sendall(sent)
                began = time.monotonic()
                assert connection.recv(1000).startswith(expected)
                assert 15 < time.monotonic() - began < 40


def test_who_gives_up_frees_the_process():
    async def ask(pool):
        task = asyncio.create_task(read(pool, ENDLESS))
        await asyncio.sleep(0.3)
        task.cancel()
        return await asyncio.wait_for(read(pool, "SELECT (1 AS ?x) {}"), 15)

    assert in_pool(ask, Limits(seconds=100)) == b"x\r\n1\r\n"


def test_a_pool_that_closes_answers_those_who_wait():
    async def ask(pool):
        tasks = [asyncio.create_task(read(pool, ENDLESS)) for _ in range(4)]
        await asyncio.sleep(0.3)
        await pool.close()
        return await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(each) for each in in_pool(ask, Limits(seconds=100))] == [BusyServer] * 4


def test_many_who_wait_are_answered_in_order():
    async def ask(pool):
        done = []

        async def one(number):
            await read(pool, QUICK)
            done.append(number)

        await asyncio.gather(*(one(number) for number in range(50)))
        return done

    assert in_pool(ask) == list(range(50))


# ---- 32 clients and one runaway

CLIENTS = 32


async def measure(url: str, seconds: float) -> list[float]:
    """How long each answer took that 32 clients got, each asking again as soon as it is answered."""
    limits = httpx.Limits(max_connections=CLIENTS + 1)
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits) as client:
        end = time.monotonic() + seconds
        taken: list[float] = []

        async def ask_on() -> None:
            while time.monotonic() < end:
                began = time.monotonic()
                answer = await client.get("/sparql", params={"query": QUICK})
                taken.append(time.monotonic() - began)
                assert answer.status_code == 200 and len(answer.json()["results"]["bindings"]) == 3

        await asyncio.gather(*(ask_on() for _ in range(CLIENTS)))
    return taken


async def compare(url: str, seconds: float, rounds: int) -> tuple[float, float]:
    """The median without and with a runaway query among the clients, turn by turn: what else the machine does meanwhile
    falls on both."""
    await measure(url, 1)
    quiet: list[float] = []
    beside: list[float] = []
    for _ in range(rounds):
        quiet += await measure(url, seconds)
        async with httpx.AsyncClient(base_url=url, timeout=200, trust_env=False) as client:
            running = asyncio.create_task(client.get("/sparql", params={"query": ENDLESS}))
            await asyncio.sleep(0.2)
            beside += await measure(url, seconds)
            assert not running.done()  # it ran all the time
            running.cancel()  # which stops it
    return statistics.median(quiet), statistics.median(beside)


@pytest.fixture(scope="module")
def patient():
    with run_server(shared_home(), "--seconds", "60") as url:
        yield url


def test_one_runaway_takes_only_a_share(patient):
    quiet, beside = asyncio.run(compare(patient, 1.5, 3))
    assert beside <= 3 * quiet, f"{quiet * 1000:.1f} ms without, {beside * 1000:.1f} ms with a runaway query"


@pytest.mark.endurance
def test_a_runaway_takes_only_a_share_for_as_long_as_it_runs():
    with run_server(shared_home(), "--seconds", "60") as url:
        quiet, beside = asyncio.run(compare(url, 15, 6))
    print(f"{CLIENTS} clients: median {quiet * 1000:.1f} ms, beside a runaway query {beside * 1000:.1f} ms")
    assert beside <= 3 * quiet
