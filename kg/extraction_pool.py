"""Inputs read side by side in processes that can be killed: a file that hangs or takes too much costs only itself.

Results come in the order of the inputs, whatever the number of workers, and only a few wait at a time. A worker that dies
is replaced and its input tried once more, in case the system was short of memory just then; one that has read many is replaced
too, so that no file is refused for what those before it left.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any

from kg.child_process import ChildProcess
from kg.inputs import Failure, Input
from kg.limits import STANDARD, Limits, advise
from kg.statements import Extraction

SECONDS_TO_START = 120.0  # for a process, on a machine that is at other work
SECONDS_TO_END = 5.0  # that a file's time may be over before its process ends itself
READY = "ready"
TRIES = 2
MOST_READ = 500  # inputs by one process, which takes a little more memory with each: caches, words that spaCy has met
WAITING = 4  # results for each worker that may wait for their turn

Read = Callable[[Input], Extraction | Failure]
WithResult = tuple[Input, Extraction | Failure]


@dataclass
class _Task:
    item: Input
    tries: int = 0
    result: Any = None  # an Extraction, or its pickle for a Reader; a Failure


def extract_all(
    items: Iterable[Input], workers: int, limits: Limits = STANDARD, read: Read | None = None
) -> Iterator[WithResult]:
    """Each input with what it says, or with why it could not be read, in their order.

    ``workers`` is the number of processes, 0 for one a core; ``read`` is what they do with an
    input, if not ``kg.extraction.try_input``.
    """
    pool: list[_Worker] = []
    try:
        yield from _extract(items, workers, limits, read, pool)
    finally:
        _end(pool)


@contextlib.contextmanager
def open_pool(workers: int, limits: Limits = STANDARD) -> Iterator[Callable[[Iterable[Input]], Iterator[WithResult]]]:
    """What does the same with its first process at hand, which gets ready while its caller still looks for inputs."""
    pool = [_Worker(limits, None)]
    try:
        yield lambda items: _extract(items, workers, limits, None, pool)
    finally:
        _end(pool)


def _end(pool: list[_Worker]) -> None:
    for worker in pool:
        worker.end()


def _extract(
    items: Iterable[Input], workers: int, limits: Limits, read: Read | None, pool: list[_Worker]
) -> Iterator[WithResult]:
    workers = workers or os.cpu_count() or 1
    rest = iter(items)
    order: deque[_Task] = deque()  # what was given out and not yet handed on, the oldest first
    again: deque[_Task] = deque()
    while True:
        while len(pool) < workers or any(worker.task is None for worker in pool):
            if (task := _choose(again, order, rest, WAITING * workers)) is None:
                break
            if all(worker.task is not None for worker in pool):  # a process is started when there is work for it
                pool.append(_Worker(limits, read))
            next(worker for worker in pool if worker.task is None).give(task)
        if not order:
            return
        if (result := order[0].result) is None:
            again.extend(_gather(pool, limits))
        else:
            yield order.popleft().item, result


def _choose(again: deque[_Task], order: deque[_Task], rest: Iterator[Input], most: int) -> _Task | None:
    """What to do next: what must be done once more, else a new input unless too many wait for their turn already."""
    if again:
        return again.popleft()
    if len(order) >= most or (item := next(rest, None)) is None:
        return None
    order.append(_Task(item))
    return order[-1]


def _gather(pool: list[_Worker], limits: Limits) -> Iterator[_Task]:
    """Waits for a worker to say something; yields the tasks that must be tried once more."""
    busy = [worker for worker in pool if worker.task is not None]
    soonest = min(worker.until for worker in busy) - time.monotonic()
    said = wait([worker.connection for worker in busy], max(0.0, soonest))
    for worker in busy:
        if worker.connection in said:
            if task := worker.take():
                yield task
        elif worker.task is not None and worker.until <= time.monotonic():
            task = worker.task
            task.result = Failure(
                f"{task.item.origin}: stopped: it took longer than {limits.seconds:g} seconds "
                f"({advise('seconds', 4 * round(limits.seconds))})",
                limits.seconds,
            )
            worker.restart()


class _Worker:
    """A process that reads one input at a time."""

    def __init__(self, limits: Limits, read: Read | None, idle: float | None = None, is_packed: bool = False) -> None:
        self._limits, self._arguments = limits, (limits, read, idle, is_packed)
        self.task: _Task | None = None
        self.until = 0.0
        self._start()

    def _start(self) -> None:
        self._process = ChildProcess(_serve, *self._arguments)
        self.connection = self._process.connection
        self._is_ready = False
        self._given = 0

    def give(self, task: _Task) -> None:
        if self._given == MOST_READ or not self._process.is_alive():
            self.restart()
        self._given += 1
        task.tries += 1
        self.task = task
        self._start_clock()
        with contextlib.suppress(BrokenPipeError):  # it has died while it had nothing to do; take() will find out
            self.connection.send(task.item)

    def _start_clock(self) -> None:
        """The time that a process needs to get ready is not the file's."""
        self.until = time.monotonic() + (self._limits.seconds if self._is_ready else SECONDS_TO_START)

    def take(self) -> _Task | None:
        """Keeps what the process says. Returns the task where it has died and the task should be tried again."""
        task = self.task
        assert task is not None
        try:
            said = self.connection.recv()
        except (EOFError, OSError):
            self.restart()
            if task.tries < TRIES:
                return task
            said = Failure(f"{task.item.origin}: stopped: its process died, maybe for want of memory")
        if said == READY:
            self._is_ready = True
            self._start_clock()
            return None
        task.result = said
        self.task = None
        return None

    def restart(self) -> None:
        self.task = None
        self.end()
        self._start()

    def end(self) -> None:
        self._process.end()


class Reader:
    """A process that reads one input after the other for a caller who waits, and hands on what it says elsewhere; after
    ``idle`` seconds without any it goes, and comes again with the next."""

    def __init__(self, limits: Limits, read: Read | None = None, idle: float | None = None) -> None:
        self._limits = limits
        self._worker = _Worker(limits, read, idle, is_packed=True)

    def read(self, item: Input) -> bytes | Failure:
        """What an input says, as the pickle of an Extraction, or why it could not be read."""
        task = _Task(item)
        self._worker.give(task)
        while task.result is None:
            for again in _gather([self._worker], self._limits):
                self._worker.give(again)
        said: bytes | Failure = task.result
        return said

    def end(self) -> None:
        self._worker.end()


def _serve(connection: Connection, limits: Limits, read: Read | None, idle: float | None, is_packed: bool) -> None:
    """Reads inputs until nobody wants any, or none comes for ``idle`` seconds. What they say is sent as bytes (``is_packed``)
    to whoever only hands it on."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no limits
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    if read is None:
        from kg.extraction import try_input  # what it needs is slow to load, and only workers need it

        read = partial(try_input, limits=limits)
    with contextlib.suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        connection.send(READY)
        while connection.poll(idle):
            item = connection.recv()
            _set_alarm(limits.seconds + SECONDS_TO_END)
            result = read(item)
            _set_alarm(0)
            connection.send(pickle.dumps(result) if is_packed and isinstance(result, Extraction) else result)


def _set_alarm(seconds: float) -> None:
    """The system ends this process by then: whoever else would end it may be gone."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
