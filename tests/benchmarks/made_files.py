"""Makes the files of N reports: ``python -m tests.benchmarks.made_files --reports 10000 --to FOLDER [--seed 7] …``.

Report number i of a seed is the same whatever N is, and can be made alone. The reports of a city stand together, SLOTS
of them: four years of each of its schools and of itself, its province's for the first city of a province, and copies.
"""

from __future__ import annotations

import argparse
import random
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.benchmarks.made_formats import WRITERS
from tests.benchmarks.made_texts import MadeReport, write_school
from tests.benchmarks.made_world import City, World, hash_of

SLOTS = 52  # reports of a city
SCHOOLS, YEARS = 13, 4
FIRST_YEARS = (2018, 2019, 2020, 2021)
FORMATS = ("txt",)


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file: its place below the folder, and what stands in it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Maker:
    """Makes files by their number. ``formats`` are those to choose from."""

    seed: int = 7
    formats: tuple[str, ...] = FORMATS

    def make_report(self, number: int) -> MadeReport:
        """What report number so-and-so says."""
        at, slot = divmod(number, SLOTS)
        slot = self._order(at)[slot]
        city = _draw_city(self.seed, at)
        school, turn = divmod(slot, YEARS)
        first = FIRST_YEARS[hash_of(self.seed, at, school) % len(FIRST_YEARS)]
        return write_school(city, city.schools[school], first + turn, self.seed)

    def make_file(self, number: int) -> MadeFile:
        """The file of report number so-and-so."""
        rng = random.Random(hash_of(self.seed, number, "file"))
        report = self.make_report(number)
        form = rng.choice(self.formats)
        said = f"{report.year}" if str(report.year) in report.title else ""
        return MadeFile(f"{number // SLOTS:04d}/{number:06d}-{report.publisher}{said}.{form}", WRITERS[form](report))

    def _order(self, at: int) -> list[int]:
        """The reports of a city in the order of their numbers."""
        order = list(range(SLOTS))
        random.Random(hash_of(self.seed, at, "order")).shuffle(order)
        return order


@cache
def _draw_world(seed: int) -> World:
    return World(seed, range(2018, 2025))


@cache
def _draw_city(seed: int, at: int) -> City:
    world = _draw_world(seed)
    turn, place = divmod(at, len(world.places))
    return (world if turn == 0 else _draw_world(hash_of(seed, turn))).city(place)


def make_files(folder: Path, reports: int, maker: Maker, workers: int = 1) -> int:
    """Writes the files of so many reports below a folder; returns their bytes."""
    chunks = [range(start, min(start + SLOTS, reports)) for start in range(0, reports, SLOTS)]
    if workers < 2 or len(chunks) < 2:
        return sum(_write_chunk(folder, maker, chunk) for chunk in chunks)
    with ProcessPoolExecutor(workers) as pool:
        return sum(pool.map(_write_chunk, [folder] * len(chunks), [maker] * len(chunks), chunks))


def _write_chunk(folder: Path, maker: Maker, numbers: range) -> int:
    size = 0
    for number in numbers:
        file = maker.make_file(number)
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
        size += len(file.data)
    return size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, required=True)
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--formats", default=",".join(FORMATS), help=f"some of {','.join(FORMATS)}")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    start = time.perf_counter()
    maker = Maker(given.seed, tuple(given.formats.split(",")))
    size = make_files(given.to, given.reports, maker, given.workers)
    print(f"{given.reports} reports, {size / 1e6:.1f} MB: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
