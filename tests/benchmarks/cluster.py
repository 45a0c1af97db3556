"""What a Dask cluster's second worker is worth: ``python -m tests.benchmarks.cluster [--copies N] [FILE …]``.

The baseline is the same cluster with one worker of one thread, in the same run; all are processes of this machine, so a
machine with two free cores is needed to see what a worker gives. Without files it takes the held-out reports, each
several times. Where reading begins, workers have read something before: what it costs to start them is no part of it.
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
from collections.abc import Iterator
from pathlib import Path

from kg.dask_extraction import Cluster
from kg.inputs import Failure, Input

HELDOUT = Path(__file__).resolve().parent.parent / "heldout"
COPIES = 4
WANTED = 1.7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--copies", type=int, default=COPIES)
    given = parser.parse_args()
    files = given.files or sorted(HELDOUT.rglob("reports/*.txt"))
    items = [Input(file, f"{file.stem}-{copy}", file) for copy in range(given.copies) for file in files]
    size = sum(item.path.stat().st_size for item in items)
    print(f"{len(items)} reports, {size / 1e6:.1f} MB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print(f"{'workers':>8}{'seconds':>10}{'reports/s':>11}{'client MB':>11}")
    seconds = {}
    for workers in (1, 2):
        seconds[workers] = _read(items, workers)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{workers:>8}{seconds[workers]:>10.1f}{len(items) / seconds[workers]:>11.2f}{most:>11.0f}")
    print(f"\ntwo workers against one: {seconds[1] / seconds[2]:.2f} times the speed (wanted: {WANTED})")


def _read(items: list[Input], workers: int) -> float:
    """Seconds that the inputs take."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _start_cluster(Path(folder), workers) as address,
        Cluster(address) as cluster,
    ):
        cluster._client.wait_for_workers(workers)
        list(cluster.extract(items[: 8 * workers]))
        start = time.perf_counter()
        failed = [result.cause for _, result in cluster.extract(items) if isinstance(result, Failure)]
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
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


if __name__ == "__main__":
    main()
