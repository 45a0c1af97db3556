"""What a Dask cluster's second worker is worth: ``python -m tests.benchmarks.cluster [--copies N] [--rounds N] [FILE …]``.

The baseline is the same cluster with one worker of one thread. Beside both stand one and two processes of kg.extraction_pool,
which read the same without Dask: what a second process is worth on this machine is the most that a second worker can be.
All four go in turn, round after round, since others may use the machine at times; told are the ratios of each round and the
middle one. All are processes of this machine, so one with two free cores is needed to see what a worker gives. Without
files it takes the held-out reports, each several times. Where reading begins, workers have read something before: what it
costs to start them is no part of it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

from kg.dask_extraction import Cluster
from kg.extraction_pool import WithResult, open_pool
from kg.inputs import Failure, Input

HELDOUT = Path(__file__).resolve().parent.parent / "heldout"
COPIES = 4
ROUNDS = 3
WARMING = 8  # reports for each worker
WANTED = 1.7
# What docs/many-reports.md advises where workers have no cores to spare: Dask looks less often at itself.
CALM = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__MONITOR_INTERVAL": "1s",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "200ms",
}
SECONDS_TO_START = 60.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    files = given.files or sorted(HELDOUT.rglob("reports/*.txt"))
    items = [Input(file, f"{file.stem}-{copy}", file) for copy in range(given.copies) for file in files]
    size = sum(item.path.stat().st_size for item in items)
    print(f"{len(items)} reports, {size / 1e6:.1f} MB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print(f"{'':10}{'one s':>10}{'two s':>10}{'ratio':>10}{'client MB':>11}")
    ratios: dict[str, list[float]] = {"processes": [], "cluster": []}
    for _ in range(given.rounds):
        for name, read in (("processes", _read_here), ("cluster", _read_there)):
            one, two = read(items, 1), read(items, 2)
            ratios[name].append(one / two)
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{name:10}{one:>10.1f}{two:>10.1f}{one / two:>10.2f}{most:>11.0f}", flush=True)
    limit, worth = median(ratios["processes"]), median(ratios["cluster"])
    print(f"\ntwo workers against one: {worth:.2f} times the speed (wanted: {WANTED})")
    print(f"two processes against one, without Dask: {limit:.2f} times")


def _read_here(items: list[Input], processes: int) -> float:
    """Seconds that the inputs take in processes of this machine."""
    with open_pool(processes) as extract:
        list(extract(items[: WARMING * processes]))
        return _time(extract(items))


def _read_there(items: list[Input], workers: int) -> float:
    """Seconds that the inputs take on a cluster."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _start_cluster(Path(folder), workers) as address,
        Cluster(address) as cluster,
    ):
        cluster._client.wait_for_workers(workers)
        list(cluster.extract(items[: WARMING * workers]))
        return _time(cluster.extract(items))


def _time(results: Iterable[WithResult]) -> float:
    start = time.perf_counter()
    failed = [result.cause for _, result in results if isinstance(result, Failure)]
    seconds = time.perf_counter() - start
    for cause in failed:
        print(f"failed: {cause}", file=sys.stderr)
    return seconds


@contextlib.contextmanager
def _start_cluster(folder: Path, workers: int) -> Iterator[str]:
    """The address of a scheduler with workers of one thread each."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    commands = [["scheduler", "--host", "127.0.0.1", "--port", str(port)]]
    commands += [["worker", address, "--nthreads", "1", "--local-directory", str(folder)]] * workers
    with (folder / "log.txt").open("wb") as log:
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "dask", *command, "--no-dashboard"], cwd=folder, env=_environment(), stderr=log
            )
            for command in commands
        ]
    try:
        _await(port)
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def _await(port: int) -> None:
    """Waits until somebody listens at a port."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)


def _environment() -> dict[str, str]:
    return os.environ | CALM | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


if __name__ == "__main__":
    main()
