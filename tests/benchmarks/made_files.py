"""Makes the files of N reports: ``python -m tests.benchmarks.made_files --reports 10000 --to FOLDER [--seed 7] …``.

Report number i of a seed is the same whatever N is, and can be made alone. The reports of a city stand together, SLOTS
of them in an order of its own: four years of each of its schools and of itself, two of its province where it is the first
city of it that is drawn, and two copies of others: one in another format, one of the same bytes under another name.

What a report has, in the first 120 that are made beside three real ones, as this project reads both (least, median, most):

                                 made                        real
    characters                   16,800 30,361 59,177        27,300 29,637 37,104
    tables, and rows of them     9 18 25, 101 159 296        16 19 22, 138 173 217
    entities                     45 66 217                   84 89 90
    statements                   78 129 236                  107 115 162
    figures                      43 59 294                   61 70 132
    statements of 10,000 ch.     21 42 134                   29 39 59

Nine of ten are of schools, as in life; of the real ones, one. Made reports of cities have 113 to 140 entities and 118 to 174
figures. To write one takes 7 ms, and as Word 2 ms more, as PDF 47, as Excel 14, as text or a web page less than 1; a thousand
in all formats 25 s of one core.
"""

from __future__ import annotations

import argparse
import random
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.benchmarks.made_formats import WRITERS, pack
from tests.benchmarks.made_region_texts import write_city, write_province
from tests.benchmarks.made_texts import Front, MadeReport, Paragraph, write_school
from tests.benchmarks.made_world import City, World, hash_of

SCHOOLS, YEARS = 13, 4
OF_SCHOOLS = SCHOOLS * YEARS
OF_CITY = OF_SCHOOLS + YEARS
COPIES = 2
SLOTS = OF_CITY + 2 + COPIES  # reports of a city
FIRST_YEARS = (2018, 2019, 2020, 2021)
PROVINCES = 31  # the first cities are each of another province
CITIES_TOLD = 4  # of which a province's report tells
FORMATS = {"docx": 50, "pdf": 28, "txt": 9, "html": 8, "xlsx": 5}  # of 100 files
IN_ARCHIVES = 0.06


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file: its place below the folder, what stands in it, and the archive that it is put into, if any."""

    name: str
    data: bytes
    archive: str = ""


@dataclass(frozen=True)
class Maker:
    """Makes files by their number. ``formats`` are those to choose from; ``spoilt`` is the share that is no report."""

    seed: int = 7
    formats: tuple[str, ...] = (*FORMATS, "zip")
    spoilt: float = 0.0

    def make_report(self, number: int) -> MadeReport:
        """What report number so-and-so says; of a copy, what the copied report says."""
        at, place = divmod(number, SLOTS)
        order = self._order(at)
        slot = order[place]
        return self._write(at, self._copied(at, slot) if slot >= SLOTS - COPIES else slot)

    def make_file(self, number: int) -> MadeFile:
        """The file of report number so-and-so."""
        at, place = divmod(number, SLOTS)
        slot = self._order(at)[place]
        report = self.make_report(number)
        rng = random.Random(hash_of(self.seed, number, "file"))
        name = self._name(report, number)
        if slot < SLOTS - COPIES:
            form = self._form(number)
        else:
            of = self._form(at * SLOTS + self._order(at).index(self._copied(at, slot)))
            others = [each for each in self._plain_formats() if each != of]
            form = of if slot == SLOTS - 1 or not others else rng.choice(others)
            name += "（报送稿）"
        data = WRITERS[form](report)
        if rng.random() < self.spoilt:
            data = rng.choice((b"", data[: len(data) // 2], WRITERS[form](_write_notice(report))))
        zipped = "zip" in self.formats and (self.formats == ("zip",) or rng.random() < IN_ARCHIVES)
        folder = f"{at:04d}"
        archive = f"{folder}/{_draw_city(self.seed, at).thing.name}报送材料.zip" if zipped else ""
        return MadeFile(f"{name}.{form}" if zipped else f"{folder}/{name}.{form}", data, archive)

    def _name(self, report: MadeReport, number: int) -> str:
        said = f"{report.year}年" if str(report.year) in report.title else ""
        return f"{number:06d}-{report.publisher}{said}质量报告"

    def _plain_formats(self) -> list[str]:
        return [each for each in self.formats if each != "zip"] or ["docx"]

    def _form(self, number: int) -> str:
        rng = random.Random(hash_of(self.seed, number, "form"))
        some = self._plain_formats()
        form = rng.choices(some, [FORMATS[each] for each in some])[0]
        return "htm" if form == "html" and rng.random() < 0.3 else form

    def _order(self, at: int) -> list[int]:
        """The reports of a city in the order of their numbers."""
        order = list(range(SLOTS))
        random.Random(hash_of(self.seed, at, "order")).shuffle(order)
        return order

    def _copied(self, at: int, slot: int) -> int:
        return random.Random(hash_of(self.seed, at, "copied", slot)).randrange(OF_CITY)

    def _write(self, at: int, slot: int) -> MadeReport:
        city = _draw_city(self.seed, at)
        if slot < OF_SCHOOLS:
            school, turn = divmod(slot, YEARS)
            return write_school(city, city.schools[school], self._first(at, school) + turn, self.seed)
        if slot < OF_CITY:
            return write_city(city, self._first(at, -1) + slot - OF_SCHOOLS, self.seed)
        if at < PROVINCES:
            return write_province(self._of_province(city, at), self._first(at, -2) + slot - OF_CITY, self.seed)
        school = slot - OF_CITY  # one more year of the first schools
        return write_school(city, city.schools[school], self._first(at, school) - 1, self.seed)

    def _first(self, at: int, school: int) -> int:
        return FIRST_YEARS[hash_of(self.seed, at, school) % len(FIRST_YEARS)]

    def _of_province(self, city: City, at: int) -> list[City]:
        code = city.region.code[:2]
        places = [place for place, region in enumerate(_draw_world(self.seed).places) if region.code[:2] == code]
        return [_draw_city(self.seed, place) for place in places[:CITIES_TOLD]]


@lru_cache(4)
def _draw_world(seed: int) -> World:
    return World(seed, range(2017, 2025))


@lru_cache(64)
def _draw_city(seed: int, at: int) -> City:
    """The city of a place in the order; when all have had their turn, they come again with other schools."""
    turn, place = divmod(at, len(_draw_world(seed).places))
    return _draw_world(hash_of(seed, turn) if turn else seed).city(place)


def _write_notice(report: MadeReport) -> MadeReport:
    """A file that came with the reports and is none."""
    blocks = (
        Front("关于召开年度工作会议的通知"),
        Paragraph("各科室：定于下周一下午三时在会议室召开年度工作会议，请准时参加，不得缺席。"),
        Paragraph("会议内容：通报近期工作，布置下阶段任务。"),
    )
    return MadeReport("关于召开年度工作会议的通知", "", report.publisher, report.region, report.year, blocks)


def make_files(folder: Path, reports: int, maker: Maker, workers: int = 1) -> int:
    """Writes the files of so many reports below a folder; returns how many bytes they have."""
    chunks = [range(start, min(start + SLOTS, reports)) for start in range(0, reports, SLOTS)]
    if workers < 2 or len(chunks) < 2:
        return sum(_write_chunk(folder, maker, chunk) for chunk in chunks)
    with ProcessPoolExecutor(workers) as pool:
        return sum(pool.map(_write_chunk, [folder] * len(chunks), [maker] * len(chunks), chunks))


def _write_chunk(folder: Path, maker: Maker, numbers: range) -> int:
    """Writes the files of one city, and its archive."""
    size = 0
    archives: dict[str, dict[str, bytes]] = {}
    for file in map(maker.make_file, numbers):
        size += len(file.data)
        if file.archive:
            archives.setdefault(file.archive, {})[file.name] = file.data
        else:
            _write(folder / file.name, file.data)
    for name, files in archives.items():
        _write(folder / name, pack(files))
    return size


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, required=True)
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--formats", default=",".join(Maker.formats), help=f"some of {','.join(Maker.formats)}")
    parser.add_argument("--spoilt", type=float, default=0.0, metavar="SHARE", help="of files that are no reports")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    start = time.perf_counter()
    maker = Maker(given.seed, tuple(given.formats.split(",")), given.spoilt)
    size = make_files(given.to, given.reports, maker, given.workers)
    print(f"{given.reports} reports, {size / 1e6:.1f} MB: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
