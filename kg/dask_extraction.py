"""Inputs read on a Dask cluster: their bytes go out, what they say comes back, in the order of the inputs.

Client and workers share no file system; the code and the libraries that read must be the same on both sides, and are
compared. Workers read in processes that can be killed, as kg.extraction_pool does here, so that a file takes no more than
it may and no worker along. Only a few inputs for each thread of a worker are on the way at a time: what the client, the
scheduler and the workers hold does not grow with the number of reports.
"""

from __future__ import annotations

import logging
import math
import pickle
import platform
import shutil
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from uuid import uuid4

from distributed import Client, Future, KilledWorker, get_worker, wait

from kg import __version__
from kg.code_digest import digest_code
from kg.errors import ClusterError, UnreadableInput
from kg.extraction_pool import WAITING, Read, Reader
from kg.inputs import Failure, Input, attempt
from kg.limits import STANDARD, Limits
from kg.manifest import Given
from kg.readers import check_file
from kg.readers.failures import fold_cause
from kg.statements import Extraction

# What decides what a report says, besides the code itself.
LIBRARIES = (
    "beautifulsoup4",
    "defusedxml",
    "lxml",
    "openpyxl",
    "pdfminer.six",
    "pdfplumber",
    "pypinyin",
    "python-docx",
    "spacy",
)
SECONDS_TO_CONNECT = 10.0
SECONDS_TO_RECEIVE = 60.0  # a result that is there
SECONDS_TO_TELL = 5.0  # without a worker, before somebody should know
BYTES = 256 << 20  # of inputs on the way, which the scheduler holds
IDLE = 60.0  # seconds after which a worker's reading process goes
TICK = 1.0  # seconds from one look at the cluster to the next


@dataclass(frozen=True, slots=True)
class _Parcel:
    """An input as it travels: what a system calls a path may be none on another."""

    name: str
    content: bytes
    report: str
    origin: str
    given: Given


@dataclass
class _Task:
    item: Input
    size: int = 0
    future: Future | None = None
    result: Extraction | Failure | None = None
    is_alone: bool = False


# ---- here


class Cluster:
    """A connection to a Dask cluster that reads inputs.

    ``patience`` is how many seconds to wait where there is no worker, ``tell`` takes what the user should know meanwhile.
    ``read`` is what workers do with an input, if not ``kg.extraction.try_input``.
    """

    def __init__(
        self,
        address: str,
        limits: Limits = STANDARD,
        read: Read | None = None,
        patience: float = math.inf,
        tell: Callable[[str], None] = lambda note: None,
    ) -> None:
        self._address, self._patience, self._tell = address, patience, tell
        self._arguments = (_describe_reading(), limits, read)
        self._threads = 0
        self._looked = self._seen = time.monotonic()
        self._is_told = False

    def __enter__(self) -> Cluster:
        """Raises ClusterError where no scheduler answers, or where a worker would read otherwise than this process."""
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what is to be told is told by us
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of versions: those that matter are compared below
                self._client = Client(self._address, timeout=SECONDS_TO_CONNECT, name="kg")
        except Exception as error:  # of an address of a stranger's make, anything
            raise ClusterError(f"{self._address}: no Dask scheduler answers: {fold_cause(error)}") from None
        try:
            with self._name_loss():
                found = self._client.run(_describe_reading, on_error="return")
            for worker, theirs in found.items():
                if not isinstance(theirs, OSError):  # it has gone just now
                    _compare(worker, theirs, self._arguments[0])
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def extract(self, items: Iterable[Input]) -> Iterator[tuple[Input, Extraction | Failure]]:
        """Each input with what it says, or with why it could not be read, in their order.

        A worker that dies costs its inputs another try; only one that takes worker after worker along is a Failure.
        Raises ClusterError where the scheduler is lost, no worker comes for too long, or one reads otherwise.
        """
        self._seen = time.monotonic()
        rest = iter(items)
        order: deque[_Task] = deque()  # what was sent out and not yet handed on, the oldest first
        try:
            while True:
                self._look()
                while self._has_room(order) and (item := next(rest, None)) is not None:
                    order.append(self._send(item))
                if not order:
                    return
                if (result := self._receive(order)) is not None:
                    yield order.popleft().item, result
        finally:
            self._cancel(order)

    def _has_room(self, order: deque[_Task]) -> bool:
        if not order:
            return True
        few = len(order) < WAITING * max(1, self._threads)
        return few and not order[0].is_alone and sum(task.size for task in order) < BYTES

    def _send(self, item: Input, is_alone: bool = False) -> _Task:
        parcel = attempt(item, lambda: _pack(item, self._arguments[1]))
        if isinstance(parcel, Failure):
            return _Task(item, result=parcel)
        with self._name_loss(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a large graph: it is a report
            future = self._client.submit(_read_parcel, parcel, *self._arguments, pure=False)
        return _Task(item, len(parcel.content), future, is_alone=is_alone)

    def _receive(self, order: deque[_Task]) -> Extraction | Failure | None:
        """What the first task says, None where it does not yet; the cluster need not keep it any longer."""
        task = order[0]
        if task.future is None or not self._is_done(task.future):
            return task.result
        try:
            result = self._take(task.future)
        except KilledWorker:
            if task.is_alone:
                return Failure(f"{task.item.origin}: stopped: the workers that read it died, one after the other")
            # perhaps it was only beside the one that did it
            while not all(other.future is None or self._is_done(other.future) for other in order):
                self._look()
            order[0] = self._send(task.item, is_alone=True)
            return None
        if result is not None:
            task.future.release()
        return result

    def _take(self, future: Future) -> Extraction | Failure | None:
        """What a task that was done says; None where whoever held it has gone just now, and another does it again."""
        with self._name_loss():
            try:
                result: bytes | Failure = future.result(timeout=SECONDS_TO_RECEIVE)
            except TimeoutError:
                return None
            said: Extraction | Failure = pickle.loads(result) if isinstance(result, bytes) else result
        return said

    def _is_done(self, future: Future) -> bool:
        """Whether a task is done; where it is not, after a while."""
        with self._name_loss():
            try:
                wait([future], timeout=TICK)
            except TimeoutError:
                return False
        return True

    def _look(self) -> None:
        """Looks at times who is there. Raises ClusterError where there has been nobody for too long."""
        now = time.monotonic()
        if self._threads and now < self._looked + TICK:
            return
        self._looked = now
        with self._name_loss():
            self._threads = sum(self._client.nthreads().values())
        if self._threads:
            self._seen, self._is_told = now, False
        elif now > self._seen + self._patience:
            raise ClusterError(
                f"{self._address}: no worker has come for {self._patience:g} seconds; what was done is kept, and the next "
                "build goes on from there"
            )
        elif now > self._seen + SECONDS_TO_TELL and not self._is_told:
            self._is_told = True
            self._tell(f"no worker at {self._address}: waiting for one")

    def _cancel(self, order: deque[_Task]) -> None:
        futures = [task.future for task in order if task.future is not None]
        if futures and self._client.status == "running":
            self._client.cancel(futures, force=True)

    @contextmanager
    def _name_loss(self) -> Iterator[None]:
        """What goes wrong with the cluster as one line."""
        try:
            yield
        except (ClusterError, KilledWorker):
            raise
        except (OSError, CancelledError):
            raise ClusterError(
                f"{self._address}: the scheduler is lost; what was done is kept, and the next build goes on from there"
            ) from None
        except Exception as error:  # a worker's fault before our code runs there has any class
            raise ClusterError(f"{self._address}: the cluster cannot read: {fold_cause(error)}") from None


def _pack(item: Input, limits: Limits) -> _Parcel:
    check_file(item.path, limits)
    return _Parcel(item.path.name, item.path.read_bytes(), item.report, item.origin.as_posix(), item.given)


def _compare(worker: str, theirs: Mapping[str, str] | BaseException, ours: Mapping[str, str]) -> None:
    """Raises ClusterError for a worker that would read otherwise."""
    if isinstance(theirs, BaseException):
        raise ClusterError(
            f"worker {worker} cannot read reports: {fold_cause(theirs)}; install there what is installed here"
        )
    for name, wanted in ours.items():
        if (found := theirs.get(name, "none")) != wanted:
            raise ClusterError(
                f"worker {worker} has {name} {found}, here it is {wanted}; install there what is installed here"
            )


# ---- on the workers


@cache
def _describe_reading() -> Mapping[str, str]:
    """The versions of all that decides what a report says."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {
        "Python": python,
        "zhijiao-kg": f"{__version__} ({digest_code()})",
        **{name: version(name) for name in LIBRARIES},
    }


_idle: dict[tuple[Limits, Read | None], list[Reader]] = {}  # of each build's kind, those that read nothing just now


def _read_parcel(parcel: _Parcel, versions: Mapping[str, str], limits: Limits, read: Read | None) -> bytes | Failure:
    """Reads an input on a worker; what it says is pickled. Raises ClusterError where that would give another result than on
    the client."""
    worker = get_worker()
    _compare(worker.address, _describe_reading(), versions)
    folder = Path(worker.local_directory) / f"kg-{uuid4().hex}"  # Dask clears up there after a worker that was killed
    item = Input(folder / parcel.name, parcel.report, Path(parcel.origin), parcel.given)
    try:
        result = attempt(item, lambda: _read_apart(item, parcel.content, limits, read))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if isinstance(result, Failure):
        cause = result.cause.replace(str(item.path), str(item.origin)).replace(str(folder), str(item.origin.parent))
        return Failure(cause, result.seconds)
    return result


def _read_apart(item: Input, content: bytes, limits: Limits, read: Read | None) -> bytes | Failure:
    """Reads an input of these bytes in a process of its own, as kg.extraction_pool does."""
    try:
        item.path.parent.mkdir()
        item.path.write_bytes(content)
    except OSError as error:
        raise UnreadableInput(
            f"{item.path}: cannot be kept by worker {get_worker().address}: {error.strerror}"
        ) from None
    readers = _idle.setdefault((limits, read), [])
    reader = readers.pop() if readers else Reader(limits, read, IDLE)
    try:
        return reader.read(item)
    finally:
        readers.append(reader)
