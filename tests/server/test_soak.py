"""A server and builds side by side: no answer fails or mixes two graphs, and nothing grows."""

from __future__ import annotations

import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from stopping import ROOT, Commands
from test_pipeline import make_text, write

SCHOOL = "岚皋县巴山职业教育中心"
COUNTS = (
    "SELECT (COUNT(DISTINCT ?r) AS ?reports) (COUNT(DISTINCT ?p) AS ?partnerships) (COUNT(DISTINCT ?e) AS ?words) "
    "{ { ?r a zj:Report } UNION { ?p a zj:Partnership } UNION { GRAPH ?g { ?x zj:evidence ?e } } }"
)
NAMES = "SELECT ?name { ?p a zj:Partnership ; zj:partner/skos:prefLabel ?name } ORDER BY ?name"
MOST_GROWN = 1.10  # of memory
LONGEST_BUILD = 300.0  # seconds


def add_report(folder: Path) -> None:
    for at in range(2):
        write(folder / f"new{at}.txt", make_text(partner=f"秦岭第{'一二'[at]}制药厂", year=2022 + at))


def change_reports(folder: Path) -> None:
    for at in range(2):
        text = make_text(partner=f"月河第{'一二'[at]}丝绸厂", year=2022 + at)
        write(folder / f"new{at}.txt", f"{text}学校与巴山药厂合作，{2022 + at}年选派护理专业20名学生顶岗实习。\n")
    write(folder / "r1.txt", make_text(partner="巴山茶厂", year=2016))


def remove_reports(folder: Path) -> None:
    for at in range(2):
        (folder / f"new{at}.txt").unlink()
    write(folder / "r1.txt", make_text(partner="第1机械厂", year=2016))


ROUND: tuple[Callable[[Path], None], ...] = (add_report, change_reports, remove_reports)


@dataclass
class Soak:
    """What runs, which answers belong to which graph, and what was seen."""

    folder: Path
    commands: Commands
    address: str = ""
    builds: int = 0  # that were begun
    is_built: bool = True  # whether the last one has ended
    expected: list[dict[str, bytes]] = field(default_factory=list)  # answers by graph, in the order of a round
    answered: int = 0
    wrong: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def build(self) -> None:
        """Goes on to the next graph of the round."""
        self.is_built = False
        self.builds += 1
        ROUND[(self.builds - 1) % len(ROUND)](self.folder / "in")
        ended = self.commands.run("build", self.folder / "in", "--home", self.home, "--workers", 1)
        assert ended.code == 0, ended.said
        self.is_built = True

    def ask(self, client: httpx.Client, place: str) -> bytes:
        answer = client.get(self.address + place)
        if answer.status_code != 200:
            raise AssertionError(f"{place}: {answer.status_code} {answer.text[:300]}")
        return answer.content

    def list_places(self) -> dict[str, str]:
        """What is asked: those whose whole answer is known for each graph."""
        return {
            "counts": f"/sparql?format=csv&query={COUNTS}",
            "names": f"/sparql?format=csv&query={NAMES}",
            "library": f"/api/queries/partners-of-school?school={SCHOOL}&format=csv",
            "facts": "/downloads/facts.csv",
            "checks": "/downloads/checks.jsonl",
            "graph": "/downloads/graph.nq",
        }

    def ask_on(self, names: tuple[str, ...], seed: int) -> None:
        """One client, which asks again as soon as it is answered."""
        rng = random.Random(seed)
        places = self.list_places()
        others = (
            f"/search?q={SCHOOL[:3]}",
            f"/api/search?q={SCHOOL}",
            "/",
            "/sparql",
            "/downloads",
            "/health",
            "/ontology",
        )
        try:
            with httpx.Client(timeout=120, trust_env=False, follow_redirects=True) as client:
                while not self.stop.is_set():
                    name = rng.choice(names)
                    if name == "page":
                        self.ask(client, rng.choice(others))
                    else:
                        before = self.builds - (not self.is_built)
                        answer = self.ask(client, places[name])
                        may_be = {self.expected[at % len(ROUND)][name] for at in range(before, self.builds + 1)}
                        if answer not in may_be:
                            self.wrong.append(f"{name} after {before} to {self.builds} builds: {answer[:500]!r}")
                    self.answered += 1
                    self.stop.wait(rng.uniform(0, 0.05))
        except (AssertionError, httpx.HTTPError) as error:
            self.wrong.append(f"{type(error).__name__}: {error}")


@contextmanager
def serve(soak: Soak) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "kg.cli", "serve", "--home", str(soak.home), "--port", "0", "--workers", "3"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            soak.address = process.stderr.readline().strip().rstrip("/")
            yield process
        finally:
            process.terminate()
            process.wait(30)


# ---- what it takes


def list_tree(root: int) -> Iterator[int]:
    """A process and all below it but those that write a download."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if b"export_process" in (folder / "cmdline").read_bytes():
                    del parents[int(folder.name)]
            except OSError:
                continue
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    yield from found


def measure(root: int) -> tuple[float, int]:
    """The memory (proportional, MB) and the number of open files of a process with all below it."""
    memory, files = 0.0, 0
    for process in list_tree(root):
        try:
            told = Path(f"/proc/{process}/smaps_rollup").read_text()
            memory += int(re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)[1]) / 1024
            files += sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
        except OSError:  # it has just ended
            continue
    return memory, files


def run_soak(folder: Path, seconds: float, warm: float) -> str:
    """Runs for so many seconds after those of warming up; returns what was measured."""
    soak = Soak(folder, Commands(folder))
    for at in range(3):
        write(folder / "in" / f"r{at}.txt", make_text(partner=f"第{at}机械厂", year=2015 + at))
    try:
        ended = soak.commands.run("build", folder / "in", "--home", soak.home, "--workers", 1)
        assert ended.code == 0, ended.said
        with serve(soak) as server, httpx.Client(timeout=120, trust_env=False) as client:
            for _ in ROUND:  # so that each graph is known, with every IRI that there will be
                soak.build()
            for _ in ROUND:
                soak.expected.append({name: soak.ask(client, place) for name, place in soak.list_places().items()})
                soak.build()
            assert all(
                len({each[name] for each in soak.expected}) == len(ROUND) for name in ("counts", "facts", "graph")
            )
            clients = [
                threading.Thread(target=soak.ask_on, args=(names, seed))
                for seed, names in enumerate(
                    [
                        ("counts", "names"),
                        ("counts", "library"),
                        ("page",),
                        ("page", "names"),
                        ("facts", "checks", "graph"),
                    ]
                )
            ]
            for each in clients:
                each.start()
            begun, seen, stores = time.monotonic(), [], []
            while time.monotonic() - begun < warm + seconds and not soak.wrong:
                soak.build()
                stores.append(sum(path.is_dir() for path in (soak.home / "store").iterdir()))
                seen.append((time.monotonic() - begun, *measure(server.pid)))
            soak.stop.set()
            for each in clients:
                each.join(LONGEST_BUILD)
    finally:
        soak.commands.close()
    assert soak.wrong == []
    after = [each for each in seen if each[0] >= warm]
    part = max(1, len(after) // 4)
    early, late = (tuple(map(statistics.median, zip(*some, strict=True))) for some in (after[:part], after[-part:]))
    told = (
        f"{seconds:.0f} s: {soak.builds} builds, {soak.answered} answers, memory {early[1]:.0f} → {late[1]:.0f} MB, "
        f"open files {early[2]:.0f} → {late[2]:.0f}, stores at most {max(stores)}"
    )
    assert late[1] <= MOST_GROWN * early[1] and late[2] <= early[2] + 10, told
    assert max(stores) <= 4, told  # the current, the former, and those of two downloads that run
    return told


pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="no measure of memory there")


def test_a_server_beside_builds(tmp_path: Path) -> None:
    run_soak(tmp_path, 12, 4)


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_a_server_beside_builds_for_twenty_minutes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = run_soak(tmp_path, 1200, 120)
    with capsys.disabled():
        print(f"\n{told}")
