"""What building many reports costs: ``python -m tests.benchmarks.builds --reports 1000 [--sample 200] [--json FILE]``.

Makes the files of so many reports (``made_files``) and builds them with ``kg build``, each build in a process of its own. It
prints, beside what is wanted:

- how many times as fast a report is built among all, with two workers, as one report a process, each in a fresh home (that
  one measured on a sample);
- the most memory that all processes of the build had together at a time (their proportional set sizes, so that pages they
  share count once), and the first of them alone;
- the time of a report among all, beside that among a hundred of them, chosen so that formats and sizes are mixed alike;
- how much longer than building it alone it takes to add one report, of ADDED that are added one after the other the one in
  the middle; and a build in which nothing has changed. ``--at FOLDER --adding`` measures these two alone, in the home that a
  run has left there.

Memory and processor time (which others on the machine change less) are measured where the system has /proc. Nothing is
asserted: times depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

from tests.benchmarks.made_files import Maker, make_files

ROOT = Path(__file__).resolve().parent.parent.parent
FEW = 100
ADDED = 7
EVERY = 0.2  # seconds between two looks at the processes
MEMORY_EVERY = 4  # looks between two at their memory, which take more time


@dataclass(frozen=True, slots=True)
class Build:
    """One ``kg build``: its seconds, those of all its processes on a processor, the most memory in MB of all together and
    of the first alone (0 where these are not measured), and how many files came to what."""

    seconds: float
    cpu: float
    memory: float
    first: float
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what was measured, beside what it is compared with, and what is wanted of it."""

    what: str
    value: float
    unit: str
    wanted: str
    beside: str


def run_build(paths: Sequence[Path], home: Path, workers: int) -> Build:
    """Builds some files and folders into a home, in a process of its own."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", "build", *map(str, paths)]
    command += ["--home", str(home), "--workers", str(workers)]
    start = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)
        watch = _Watch(process.pid)
        code = process.wait()
        seconds = time.perf_counter() - start
        watch.stop()
        if not (home / "build.json").exists():
            out.seek(0)
            raise SystemExit(f"kg build ended with {code}:\n{out.read().decode(errors='replace')[-2000:]}")
    files = json.loads((home / "build.json").read_text(encoding="utf-8"))["files"]
    states = dict(Counter(file["state"] for file in files))
    _say(f"{seconds:.1f} s, CPU {watch.cpu:.1f}, {watch.most:.0f} MB, {states}")
    return Build(seconds, watch.cpu, watch.most, watch.most_of_first, states)


class _Watch:
    """Looks at the memory and the processor time of a process and its children until it is stopped."""

    def __init__(self, first: int) -> None:
        self.most = self.most_of_first = 0.0
        self._used: dict[int, float] = {}  # by process, as last seen
        self._first = first
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    @property
    def cpu(self) -> float:
        return sum(self._used.values())

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        for look in count():
            if self._over.wait(EVERY):
                return
            used = _list_family(self._first)
            self._used |= used
            if look % MEMORY_EVERY:
                continue
            sizes = {pid: _read_memory(pid) for pid in used}
            self.most = max(self.most, sum(sizes.values()))
            self.most_of_first = max(self.most_of_first, sizes.get(self._first, 0.0))


def _list_family(first: int) -> dict[int, float]:
    """A process and all that come from it, each with the seconds that it has had of a processor."""
    parents, used = {}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()  # from the state on: proc(5)
            parents[int(entry.name)] = int(fields[1])
            used[int(entry.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    family = {first}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return {pid: seconds for pid, seconds in used.items() if pid in family}


def _read_memory(pid: int) -> float:
    """The proportional set size of a process in MB; 0 for one that has just ended."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
    return 0.0


def choose_alike(folder: Path, many: int) -> list[Path]:
    """Some files of a folder, of each format and size in proportion; none out of archives."""
    files = sorted(
        (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".zip"),
        key=lambda path: (path.suffix, path.stat().st_size, path.name),
    )
    some = min(many, len(files))
    return [files[(2 * at + 1) * len(files) // (2 * some)] for at in range(some)]


def measure(folder: Path, maker: Maker, reports: int, sample: int, workers: int) -> tuple[list[Line], dict[str, Any]]:
    """Makes the files below a folder, builds them in all the ways, and returns the table and the raw figures."""
    files, home = folder / "reports", folder / "home"
    if not files.exists():
        _say(f"making {reports} reports")
        make_files(files, reports, maker, os.cpu_count() or 1)
    few, alone = choose_alike(files, FEW), choose_alike(files, sample)
    _say(f"building {reports} reports")
    whole = run_build([files], home, workers)
    adding, raw = measure_adding(folder, maker, reports, workers)
    _say(f"building {len(few)} reports")
    small = run_build(few, folder / "few", workers)
    _say(f"building {len(alone)} reports, each by itself")
    times: list[Build] = []
    for each in alone:
        times.append(run_build([each], folder / "alone", 1))
        shutil.rmtree(folder / "alone")
    lines = [
        _compare("times as fast as one a process", ">= 5", times, len(times), whole, reports),
        Line("memory, all processes", whole.memory, "MB", "<= 2048", f"{workers} workers"),
        Line("memory, the first process", whole.first, "MB", "", ""),
        _compare(f"a report among {reports} to {len(few)}", "<= 1.3", [whole], reports, small, len(few)),
        *adding,
    ]
    return lines, raw | {"whole": asdict(whole), "few": asdict(small), "alone": [asdict(each) for each in times]}


def measure_adding(folder: Path, maker: Maker, reports: int, workers: int) -> tuple[list[Line], dict[str, Any]]:
    """What a build of a home takes where nothing has changed, and where one report more is there."""
    files, home = folder / "reports", folder / "home"
    _say("building without any change, and with one report more each time")
    again = run_build([files], home, workers)
    new = (
        made for made in map(maker.make_file, count(reports)) if not made.archive and not (files / made.name).exists()
    )
    pairs: list[tuple[Build, Build]] = []
    for made in islice(new, ADDED):
        path = files / made.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.data)
        pairs.append((run_build([files], home, workers), run_build([path], folder / "added", workers)))
        shutil.rmtree(folder / "added")
    pairs.sort(key=lambda pair: pair[0].seconds - pair[1].seconds)
    lines = [
        _subtract("adding one, more than alone", "<= 5", pairs),
        Line("nothing changed", again.seconds, "s", "<= 20", f"CPU {again.cpu:.1f}"),
    ]
    added = [{"added": asdict(one), "by itself": asdict(other)} for one, other in pairs]
    return lines, {"again": asdict(again), "added": added}


def _compare(what: str, wanted: str, builds: Sequence[Build], of: int, other: Build, of_other: int) -> Line:
    """How many times as long a report takes in some builds, which had so many reports, as in another."""
    one, two = sum(build.seconds for build in builds) / of, other.seconds / of_other
    cpu, cpu_two = sum(build.cpu for build in builds) / of, other.cpu / of_other
    return Line(what, one / two, "", wanted, f"{one:.2f} s to {two:.2f} s, CPU {cpu:.2f} to {cpu_two:.2f}")


def _subtract(what: str, wanted: str, pairs: Sequence[tuple[Build, Build]]) -> Line:
    """How much longer the first of two builds takes than the second, in the middle one of pairs in order of that."""
    more = [one.seconds - other.seconds for one, other in pairs]
    one, other = pairs[len(pairs) // 2]
    beside = f"{one.seconds:.1f} s to {other.seconds:.1f} s, CPU {one.cpu:.1f} to {other.cpu:.1f}"
    return Line(
        what, one.seconds - other.seconds, "s", wanted, f"{beside}; {len(pairs)} gave {more[0]:.1f} to {more[-1]:.1f}"
    )


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--sample", type=int, default=200, help="reports that are built each by itself")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=Maker.seed)
    parser.add_argument("--formats", default=",".join(Maker.formats))
    parser.add_argument(
        "--at", type=Path, metavar="FOLDER", help="a folder to work in, which is kept; reports that it has are used"
    )
    parser.add_argument(
        "--adding", action="store_true", help="only what is added to the home that a run has left --at FOLDER"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures too")
    given = parser.parse_args()
    if given.adding and not (given.at and (given.at / "home" / "build.json").exists()):
        parser.error("--adding needs --at FOLDER with the home of an earlier run")
    with tempfile.TemporaryDirectory() as aside:
        maker = Maker(given.seed, tuple(given.formats.split(",")))
        folder = given.at or Path(aside)
        if given.adding:
            lines, raw = measure_adding(folder, maker, given.reports, given.workers)
        else:
            lines, raw = measure(folder, maker, given.reports, given.sample, given.workers)
    print(f"{'measure':<34}{'value':>10} {'':4}{'wanted':>9}  beside")
    for line in lines:
        print(f"{line.what:<34}{line.value:>10.2f} {line.unit:4}{line.wanted:>9}  {line.beside}")
    if given.json:
        told = {"arguments": vars(given), "lines": [asdict(line) for line in lines], **raw}
        given.json.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
