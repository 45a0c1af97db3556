"""What exports cost: ``python -m tests.benchmarks.exports --facts 1000000 [--home DIR] [--only facts.csv …]``.

Makes statement files of so many facts (tests.benchmarks.made_graph) and the store of them, then writes each export in a
process of its own, and prints one table: how many facts a second, how long that is beside Python's ``csv.writer`` alone
over the very rows of the CSV export, and how much memory it took at most above what the process held before it began.

The store takes most of the time: about twenty minutes for a million facts. ``--home`` keeps it for another run.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from kg import store
from kg.export import parallel
from kg.export.formats import FORMATS, find_format
from kg.export.writing import export
from kg.statement_files import list_statement_files
from tests.benchmarks.made_graph import iter_reports, write_report

EXPORTS = (
    *(f"facts.{each}" for each in ("csv", "tsv", "jsonl", "xlsx", "sqlite", "parquet")),
    *(f"partnerships.{each}" for each in ("csv", "xlsx", "geojson")),
    *(f"graph.{each}" for each in ("nquads", "trig", "graphml", "gexf", "neo4j", "cypher")),
)
BASELINE_ROWS = 200_000
QUADS_OF_A_FACT = 36


def make_home(home: Path, facts: int) -> None:
    """Writes statement files of so many facts, and makes the store, where the home has none."""
    if list_statement_files(home):
        return
    folder = home / "statements"
    folder.mkdir(parents=True)
    made = 0
    for writer in iter_reports(facts * QUADS_OF_A_FACT):
        rows = list(writer.rows())
        made += sum(row["kind"] == "statement" for row in rows)
        write_report(folder / f"{writer.report}.jsonl", rows)
        if made >= facts:
            break
    store.rebuild(home)


def measure(home: Path, what: str, form: str, to: Path) -> dict[str, Any]:
    """Writes one export in this process: how many it wrote, in which time, and the memory that came to what was there."""
    find_format(what, form).load_writer()
    before = _peak()
    start, used = time.perf_counter(), os.times()
    count = export(home, what, form, to)
    seconds, cpu = time.perf_counter() - start, sum(os.times()[:4]) - sum(used[:4])  # of helpers too
    memory = _peak() - before + _helpers()
    return {"count": count, "seconds": seconds, "cpu": cpu, "memory": memory, "size": to.stat().st_size}


def _peak() -> float:
    """The most memory of this process so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # the other way counts what the calling process held, too
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _helpers() -> float:
    """About the memory of the processes that helped, in MB: as if each had taken what the largest took."""
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return largest * min(os.cpu_count() or 1, parallel.MOST)


def time_plain_csv(path: Path) -> float:
    """Seconds that ``csv.writer`` alone takes for a row of the CSV export."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(itertools.islice(csv.reader(file), BASELINE_ROWS))
    times = []
    for _ in range(3):
        with tempfile.TemporaryFile() as out:
            text = io.TextIOWrapper(out, encoding="utf-8", newline="")
            start = time.process_time()
            csv.writer(text).writerows(rows)
            text.flush()
            times.append(time.process_time() - start)
    return min(times) / len(rows)


def run(home: Path, names: list[str]) -> None:
    """Measures the exports and prints the table."""
    facts = 0
    plain = 0.0
    with tempfile.TemporaryDirectory(dir=home) as folder:
        for name in dict.fromkeys(["facts.csv", *names]):
            what, form = name.split(".")
            to = Path(folder) / f"{what}{FORMATS[form].endings[0]}"
            command = [
                sys.executable,
                "-m",
                "tests.benchmarks.exports",
                "--home",
                str(home),
                "--one",
                what,
                form,
                str(to),
            ]
            told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            if name == "facts.csv":
                facts, plain = told["count"], time_plain_csv(to)
                print(
                    f"{facts} facts of {len(list_statement_files(home))} reports; plain csv.writer: {1 / plain:,.0f} rows a second"
                )
                heads = ("export", "written", "seconds", "facts/s", "CPU / plain csv", "MB more", "file MB")
                print("{:22}{:>12}{:>9}{:>10}{:>17}{:>9}{:>9}".format(*heads))
            beside = told["cpu"] / (facts * plain)
            print(
                f"{name:22}{told['count']:>12,}{told['seconds']:>9.1f}{facts / told['seconds']:>10,.0f}{beside:>17.1f}"
                f"{told['memory']:>9.0f}{told['size'] / 1e6:>9.0f}",
                flush=True,
            )
            to.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", type=int, default=50_000)
    parser.add_argument("--home", type=Path, help="where the graph is or shall be kept")
    parser.add_argument("--only", nargs="*", default=list(EXPORTS), metavar="WHAT.FORMAT")
    parser.add_argument("--one", nargs=3, metavar=("WHAT", "FORMAT", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        what, form, to = given.one
        print(json.dumps(measure(given.home, what, form, Path(to))))
        return
    with tempfile.TemporaryDirectory() as aside:
        home = given.home or Path(aside)
        make_home(home, given.facts)
        run(home, given.only)


if __name__ == "__main__":
    main()
