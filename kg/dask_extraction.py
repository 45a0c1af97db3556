"""Inputs read on a Dask cluster: their bytes go out, what they say comes back, in the order of the inputs.

Client and workers share no file system; the code and the libraries that read must be the same on both sides, and are
compared. Workers read in processes that can be killed, as kg.extraction_pool does here, so that a file takes no more than
it may and no worker along. Only a few inputs for each thread of a worker are on the way at a time: what the client, the
scheduler and the workers hold does not grow with the number of reports.
"""

from __future__ import annotations

import logging
import platform
import tempfile
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

from distributed import Client, Future, KilledWorker, get_worker, wait

from kg import __version__
from kg.built_inputs import digest_code
from kg.errors import ClusterError
from kg.extraction_pool import WAITING, Limits, Read, Reader
from kg.inputs import Failure, Input, attempt
from kg.manifest import Given
from kg.readers import check_file
from kg.readers.failures import fold_cause
from kg.statements import Extraction

# What decides what a report says, besides the code itself.
LIBRARIES = ("beautifulsoup4", "lxml", "openpyxl", "pdfminer.six", "pdfplumber", "pypinyin", "python-docx", "spacy")
STANDARD = Limits()
PATIENCE = 3600.0  # seconds that a build waits where there is no worker
SECONDS_TO_CONNECT = 10.0
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

    def is_done(self) -> bool:
        return self.future is None or self.future.done()


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
        patience: float = PATIENCE,
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
                if self._wait_for(order[0]):
                    result = self._take(order)
                    yield order.popleft().item, result
        finally:
            self._cancel(order)

    def _has_room(self, order: deque[_Task]) -> bool:
        few = len(order) < WAITING * max(1, self._threads)
        return few and (not order or sum(task.size for task in order) < BYTES)

    def _send(self, item: Input) -> _Task:
        parcel = attempt(item, lambda: _pack(item))
        if isinstance(parcel, Failure):
            return _Task(item, result=parcel)
        with self._name_loss(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a large graph: it is a report
            future = self._client.submit(_read_parcel, parcel, *self._arguments, pure=False)
        return _Task(item, len(parcel.content), future)

    def _wait_for(self, task: _Task) -> bool:
        """Whether a task is done; where it is not, after a while."""
        if not task.is_done():
            with self._name_loss():
                try:
                    wait([task.future], timeout=TICK)
                except TimeoutError:
                    return False
        return True

    def _take(self, order: deque[_Task]) -> Extraction | Failure:
        """What the first task says. One that took its workers along was perhaps only beside the one that did, and is tried
        alone."""
        try:
            return self._receive(order[0])
        except KilledWorker:
            for task in order:
                self._wait_long_for(task)
            order[0] = self._send(order[0].item)
            self._wait_long_for(order[0])
        try:
            return self._receive(order[0])
        except KilledWorker:
            return Failure(f"{order[0].item.origin}: stopped: the workers that read it died, one after the other")

    def _wait_long_for(self, task: _Task) -> None:
        while not self._wait_for(task):
            self._look()

    def _receive(self, task: _Task) -> Extraction | Failure:
        """What a task that is done says; the cluster need not keep it any longer."""
        if task.future is None:
            assert task.result is not None
            return task.result
        with self._name_loss():
            try:
                result: Extraction | Failure = task.future.result()
            finally:
                task.future.release()
        return result

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


def _pack(item: Input) -> _Parcel:
    check_file(item.path)
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


def _read_parcel(
    parcel: _Parcel, versions: Mapping[str, str], limits: Limits, read: Read | None
) -> Extraction | Failure:
    """Reads an input on a worker. Raises ClusterError where that would give another result than on the client."""
    worker = get_worker()
    _compare(worker.address, _describe_reading(), versions)
    readers = _idle.setdefault((limits, read), [])
    origin = Path(parcel.origin)
    reader = readers.pop() if readers else Reader(limits, read, IDLE)
    try:
        # There Dask itself clears up after a worker that was killed.
        with tempfile.TemporaryDirectory(prefix="kg-", dir=worker.local_directory) as folder:
            path = Path(folder) / parcel.name
            path.write_bytes(parcel.content)
            result = reader.read(Input(path, parcel.report, origin, parcel.given))
    except OSError as error:
        return Failure(f"{origin}: worker {worker.address} cannot hold it: {error.strerror or fold_cause(error)}")
    finally:
        readers.append(reader)
    if isinstance(result, Failure):
        cause = result.cause.replace(str(path), str(origin)).replace(folder, str(origin.parent))
        return Failure(cause, result.seconds)
    return result
