"""Text tables of many reports, made by several processes: each takes its share of the reports, all in their order.

A process of its own is started for each share (``python -m kg.export.parallel``), so that it does not matter what the
calling program is. It is told its job on stdin, and answers on stdout with one block of text after another; the pipes hold
back whoever is ahead, so that memory does not grow.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import kg
from kg.errors import KgError
from kg.export.filters import Chosen
from kg.export.formats import PARTNERSHIPS, TableRows
from kg.export.kinds import TABLES
from kg.export.known import open_known
from kg.export.reading import OnReport, ReportLines, ReportReader, Row
from kg.export.source import OF_REPORTS, Source
from kg.export.text_tables import DIALECTS, write_head, write_part
from kg.statement_files import list_statement_files

WORTH = 200_000_000  # bytes of statement files, some 180,000 facts; each process takes a second to begin
BLOCK = 16  # reports that a process hands over together
MOST = 4  # processes
_ENDED = "a process that wrote a part of the export ended before its time"


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be written of which home, and how."""

    home: Path
    what: str
    form: str
    english: bool
    chosen: Chosen


# What a process hands over before each block: how many rows, of which reports, in how many bytes.
_Block = tuple[int, tuple[str, ...], int]


def write_in_parallel(job: Job, out: IO[bytes], on_report: OnReport) -> int | None:
    """Writes a table and returns the number of its rows; None, and writes nothing, where one process does as well.

    Raises KgError where a process fails, with what it says.
    """
    shares = min(os.cpu_count() or 1, MOST)
    if job.what not in OF_REPORTS or job.form not in (*DIALECTS, "jsonl") or shares == 1:
        return None
    paths = list_statement_files(job.home)
    if sum(path.stat().st_size for path in paths) < WORTH:
        return None
    write_head(job.form, TableRows(TABLES[job.what], (), Path(), job.english), out)
    count = 0
    known: list[str] = []
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(_start(job, share, shares)) for share in range(shares)]
        for at in range(0, len(paths), BLOCK):
            on_report(at, len(paths))
            rows, reports, data = _take(workers[at // BLOCK % shares])
            out.write(data)
            count += rows
            known += reports
        on_report(len(paths), len(paths))
    with open_source(job) as source:
        by_hand = ReportReader(job.home).read_by_hand(known)
        last = source.list_lines(source.narrow(by_hand)) if by_hand else ()
        return count + write_part(job.form, TableRows(TABLES[job.what], last, Path(), job.english), out)


@contextlib.contextmanager
def _start(job: Job, share: int, shares: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that writes a share of the blocks; it ends with the with-block, whatever it is at."""
    code = str(Path(kg.__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, (code, os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        (sys.executable, "-P", "-m", "kg.export.parallel"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
        start_new_session=True,  # who interrupts the command does not interrupt it: it is ended below
    )
    try:
        assert process.stdin is not None
        with process.stdin:
            pickle.dump((job, share, shares, BLOCK), process.stdin)
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _take(process: subprocess.Popen[bytes]) -> tuple[int, tuple[str, ...], bytes]:
    assert process.stdout is not None
    try:
        told: _Block | KgError = pickle.load(process.stdout)
    except (EOFError, pickle.UnpicklingError):
        raise KgError(_ENDED) from None
    if isinstance(told, KgError):
        raise told
    rows, reports, size = told
    data = process.stdout.read(size)
    if len(data) != size:
        raise KgError(_ENDED)
    return rows, reports, data


@contextlib.contextmanager
def open_source(job: Job) -> Iterator[Source]:
    """What a job is to be made of."""
    with contextlib.ExitStack() as stack:
        known = stack.enter_context(open_known(job.home)) if job.what == PARTNERSHIPS else None
        yield Source(job.home, job.what, job.chosen, known, lambda *_: None)


def write_share(job: Job, share: int, shares: int, block: int, out: IO[bytes]) -> None:
    """Writes every so-many-th block of a table, each of so many reports, to a pipe."""
    paths = list_statement_files(job.home)
    reader = ReportReader(job.home)
    with open_source(job) as source:
        for at in range(share * block, len(paths), shares * block):
            names: list[str] = []
            rows = (row for path in paths[at : at + block] for row in _list_rows(source, reader.read(path), names))
            part = io.BytesIO()
            count = write_part(job.form, TableRows(TABLES[job.what], rows, Path(), job.english), part)
            data = part.getvalue()
            pickle.dump((count, tuple(names), len(data)), out)
            out.write(data)
            out.flush()


def _list_rows(source: Source, lines: ReportLines, names: list[str]) -> Iterator[Row]:
    """The rows of one report, whose id is noted: one report is held at a time."""
    names.append(lines.report["report"])
    return source.list_lines(source.narrow(lines))


def main() -> None:
    job, share, shares, block = pickle.load(sys.stdin.buffer)
    with contextlib.suppress(BrokenPipeError):
        try:
            gc.freeze()  # what is loaded by now stays: it need not be looked through for garbage again and again
            write_share(job, share, shares, block, sys.stdout.buffer)
        except KgError as error:
            pickle.dump(error, sys.stdout.buffer)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
