"""Reading on a Dask cluster, a real one of processes on this machine: the same result, whatever befalls the workers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_determinism import content
from test_extraction_pool import HANGS, misbehave
from test_house import COMMON, DISTRIBUTIONS, FIRST_HALF, HOMES, is_part
from test_pipeline import files_of, make_text, write

from kg import __version__, dask_extraction, extraction_pool
from kg.cli import main
from kg.code_digest import digest_code
from kg.dask_extraction import LIBRARIES, Cluster
from kg.errors import ClusterError
from kg.extraction_pool import Limits
from kg.home_lock import LOCK
from kg.inputs import Failure, Input, attempt
from kg.pipeline import build
from kg.statements import Extraction

KILLS, TELLS = "kills", "tells"
LIMITS = Limits(seconds=6)


def read_badly(item: Input) -> Extraction | Failure:
    """A reader with faults, by the name of the file; a worker imports this module to find it."""
    if KILLS in item.path.name:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    if TELLS in item.path.name:
        return attempt(item, lambda: fail(f"{item.path} in {item.path.parent}"))
    return misbehave(item)


def fail(message: str) -> Failure:
    raise ValueError(message)


class Processes:
    """A scheduler and its workers, as a person starts them."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", self.address.rpartition(":")[2])

    def add_worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", self.address, "--nthreads", "1", "--local-directory", str(self._folder))

    def _start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        # a worker imports what is read with from where this process does; a file that kills its worker need do so once
        environment = {"PYTHONPATH": os.pathsep.join(sys.path), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
        with (self._folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", kind, *options, "--no-dashboard"],
                env=os.environ | environment,
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def end(self) -> None:
        for process in self._running:
            kill_all_of(process)


def kill_all_of(process: subprocess.Popen[bytes]) -> None:
    """A nanny and its worker at once; not their reading processes, which shall find out by themselves."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Two workers of one thread each."""
    started = Processes(tmp_path_factory.mktemp("dask"))
    try:
        for _ in range(2):
            started.add_worker()
        with Cluster(started.address) as cluster:
            cluster._client.wait_for_workers(2, timeout=60)
        yield started
    finally:
        started.end()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for at in range(9):
        write(tmp_path / "in" / f"r{at}.txt", make_text(partner=f"第{at}机械厂", year=2010 + at))
    return tmp_path / "in"


def list_inputs(folder: Path) -> list[Input]:
    return [Input(path, path.stem, path) for path in sorted(folder.iterdir())]


def count_tasks(cluster: Cluster) -> int:
    """How many inputs or results the cluster holds."""
    return cluster._client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.1)
    return holds()


# ---- what comes out


def test_a_cluster_gives_what_one_process_gives(tmp_path: Path, folder: Path, processes: Processes) -> None:
    write(folder / "r3b.txt", "")  # one that cannot be read
    (folder / "r4b.docx").write_bytes(b"PK\3\4 no archive")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("学校/packed.txt", make_text(partner="汉江轴承厂", year=2021))
    alone = build([folder], tmp_path / "alone")
    with Cluster(processes.address) as cluster:
        shared = build([folder], tmp_path / "shared", extract=cluster.extract)
        assert wait_until(lambda: count_tasks(cluster) == 0)
    assert files_of(tmp_path / "shared") == files_of(tmp_path / "alone")
    assert (shared.reports, shared.failed) == (alone.reports, alone.failed)
    assert len(alone.reports) == 10 and len(alone.failed) == 2
    assert content(tmp_path / "shared") == content(tmp_path / "alone")  # with the graph


def test_a_worker_that_is_killed_changes_nothing(tmp_path: Path, folder: Path, processes: Processes) -> None:
    for at in range(20):
        write(folder / f"s{at}.txt", make_text(partner=f"第{at}轴承厂", year=2001 + at))
    build([folder], tmp_path / "alone")
    third = processes.add_worker()

    def extract(items):
        for found in cluster.extract(items):
            if third.poll() is None and cluster._client.processing()[worker]:  # it has work that must be done again
                kill_all_of(third)
            yield found

    try:
        with Cluster(processes.address) as cluster:
            cluster._client.wait_for_workers(3, timeout=60)
            worker = find_worker(cluster, third.pid)
            summary = build([folder], tmp_path / "shared", extract=extract)
            assert third.poll() is not None
    finally:
        kill_all_of(third)
    assert len(summary.reports) == 29 and not summary.failed
    assert files_of(tmp_path / "shared") == files_of(tmp_path / "alone")


def find_worker(cluster: Cluster, nanny: int) -> str:
    found = cluster._client.run(os.getppid)
    return next(worker for worker, parent in found.items() if parent == nanny)


# ---- files that misbehave


def test_a_file_that_hangs_costs_only_itself(folder: Path, processes: Processes) -> None:
    """And no message names a place on a worker."""
    hangs, tells = write(folder / f"r2-{HANGS}.txt"), write(folder / f"{TELLS}.txt")
    items = [*list_inputs(folder), Input(tells, "r", Path("reports.zip/学校/r.txt"))]
    with Cluster(processes.address, LIMITS, read_badly) as cluster:
        found = list(cluster.extract(items))
    assert [item for item, _ in found] == items
    told = [
        f"{hangs}: stopped: it took longer than 6 seconds (to read it all the same: kg build --limit seconds=24)",
        f"{tells}: internal error: ValueError: {tells} in {folder}",
        "reports.zip/学校/r.txt: internal error: ValueError: reports.zip/学校/r.txt in reports.zip/学校",
    ]
    causes = [result.cause for _, result in found if isinstance(result, Failure)]
    assert len(causes) == len(told)
    for cause, whole in zip(causes, told, strict=True):
        assert cause == whole or (len(cause) > 150 and whole.startswith(cause.removesuffix("…"))), "a long one is cut"


def test_a_file_that_takes_its_workers_along_costs_only_itself(folder: Path, processes: Processes) -> None:
    for at in range(5, 9):
        (folder / f"r{at}.txt").unlink()
    bad = write(folder / f"r2-{KILLS}.txt")
    with Cluster(processes.address, LIMITS, read_badly) as cluster:
        found = list(cluster.extract(list_inputs(folder)))
    assert [item for item, _ in found] == list_inputs(folder)
    failed = {item.path: result.cause for item, result in found if isinstance(result, Failure)}
    assert failed == {bad: f"{bad}: stopped: the workers that read it died, one after the other"}


# ---- bounds


def test_few_inputs_are_on_the_way_however_many_there_are(folder: Path, processes: Processes) -> None:
    asked = []

    def give() -> Iterator[Input]:
        for at in range(200):
            asked.append(at)
            yield Input(folder / "r0.txt", f"r{at}", folder / "r0.txt")

    with Cluster(processes.address) as cluster:
        cluster._client.wait_for_workers(2, timeout=60)
        most = 2 * extraction_pool.WAITING
        results = cluster.extract(give())
        for taken in range(1, 6):
            next(results)
            assert len(asked) <= most + taken and count_tasks(cluster) <= most
        assert len(asked) > extraction_pool.WAITING
        results.close()  # as Ctrl-C does
        assert wait_until(lambda: count_tasks(cluster) == 0)


def test_large_inputs_are_on_the_way_one_by_one(
    folder: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_extraction, "BYTES", 1)
    asked = []
    with Cluster(processes.address) as cluster:
        results = cluster.extract(asked.append(item) or item for item in list_inputs(folder))
        for taken in range(1, 4):
            next(results)
            assert len(asked) == taken
        assert len(list(results)) == 6


# ---- a cluster that is not as it should be


def test_workers_of_another_version_are_named_before_anything_is_changed(
    tmp_path: Path, folder: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    build([folder], tmp_path / "home")
    (folder / "r0.txt").unlink()
    before = {name: told for name, told in files_of(tmp_path / "home").items() if name != LOCK}
    monkeypatch.setattr(dask_extraction, "digest_code", lambda: "another")
    monkeypatch.setattr(dask_extraction, "_describe_reading", dask_extraction._describe_reading.__wrapped__)
    assert run(folder, tmp_path / "home", "--scheduler", processes.address) == 1
    line = capsys.readouterr().err
    assert line.startswith("kg: worker tcp://127.0.0.1:") and line.count("\n") == 1
    assert f" has zhijiao-kg {__version__} ({digest_code()}), here it is {__version__} (another); " in line
    assert {name: told for name, told in files_of(tmp_path / "home").items() if name != LOCK} == before


def test_a_worker_of_another_version_that_comes_later_reads_nothing(folder: Path, processes: Processes) -> None:
    with Cluster(processes.address) as cluster:
        ours, *rest = cluster._arguments
        cluster._arguments = (dict(ours) | {"Python": "3.0"}, *rest)
        with pytest.raises(ClusterError, match=r"^worker tcp://\S+ has Python 3\.\d+, here it is 3\.0; "):
            list(cluster.extract(list_inputs(folder)))


def test_nobody_at_the_address(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(dask_extraction, "SECONDS_TO_CONNECT", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        for address in (f"tcp://127.0.0.1:{silent.getsockname()[1]}", "nonsense", ""):
            assert run(folder, tmp_path / "home", "--scheduler", address) == 1
            line = capsys.readouterr().err
            assert line.startswith(f"kg: {address}: no Dask scheduler answers: ") and line.count("\n") == 1
    assert not (tmp_path / "home").exists()


def test_without_dask_it_says_what_to_install(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.delitem(sys.modules, "kg.dask_extraction")
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run(folder, tmp_path / "home", "--scheduler", "tcp://127.0.0.1:1") == 2
    assert capsys.readouterr().err == "kg: --scheduler needs Dask: pip install 'zhijiao-kg[dask]'\n"


def test_a_build_is_here_or_there(tmp_path: Path, folder: Path, capsys: Any) -> None:
    assert run(folder, tmp_path / "home", "--scheduler", "tcp://127.0.0.1:1", "--workers", "2") == 2
    assert "--workers is for this machine" in capsys.readouterr().err


def test_a_build_waits_for_workers_and_survives_the_loss_of_the_scheduler(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_extraction, "SECONDS_TO_TELL", 0.5)
    lone = Processes(tmp_path)
    told: list[str] = []
    try:
        no_worker = pytest.raises(ClusterError, match=r"no worker has come for 2 seconds; what was done is kept")
        with Cluster(lone.address, patience=2, tell=told.append) as cluster, no_worker:
            list(cluster.extract(list_inputs(folder)))
        assert told == [f"no worker at {lone.address}: waiting for one"]

        def start_worker(note: str) -> None:
            lone.add_worker()

        def extract(items):
            for at, found in enumerate(cluster.extract(items)):
                yield found
                if at == 2:
                    kill_all_of(lone.scheduler)

        lost = pytest.raises(ClusterError, match=r"the scheduler is lost; what was done is kept")
        with Cluster(lone.address, tell=start_worker) as cluster, lost:
            build([folder], tmp_path / "home", extract=extract)
    finally:
        lone.end()
    done = len(list((tmp_path / "home" / "statements").iterdir()))
    assert 3 <= done < 9
    rest = build([folder], tmp_path / "home")
    assert (rest.unchanged, len(rest.reports)) == (done, 9 - done)
    build([folder], tmp_path / "alone")
    assert files_of(tmp_path / "home") == files_of(tmp_path / "alone")


def run(folder: Path, home: Path, *options: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["build", str(folder), "--home", str(home), *options])
    return int(end.value.code or 0)


def test_the_versions_that_are_compared_are_those_of_all_that_reads() -> None:
    """What only the way out of the graph uses may differ."""
    reading = {
        DISTRIBUTIONS.get(name, name)
        for name, homes in HOMES.items()
        if any(is_part(home, FIRST_HALF + COMMON) for home in homes)
    }
    assert reading - {"distributed", "filelock"} | {"lxml"} <= set(LIBRARIES)
