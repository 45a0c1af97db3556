"""What people know of reports that the reports do not say: ``<home>/reports.csv``.

A build lists there the reports of which it could not tell the year, the level, the school or the region; whoever knows fills
in the empty cells, in a spreadsheet, and the next build goes by them. A filled cell also corrects what was read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import BrokenManifest
from kg.model import ReportInfo, ReportLevel
from kg.whole_files import write_aside

MANIFEST = "reports.csv"
HEADINGS = ("报告", "文件", "年度", "层级", "发布者", "地区")
_LEVELS = {"学校": ReportLevel.SCHOOL, "地市": ReportLevel.CITY, "省": ReportLevel.PROVINCE}
_ALSO = {"校": "学校", "校级": "学校", "市": "地市", "市级": "地市", "县": "地市", "省级": "省"}
_ALSO |= {level.value: word for word, level in _LEVELS.items()}
_WORDS = {level: word for word, level in _LEVELS.items()}
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody filled in of one report; "" and None where the cell is empty."""

    year: int | None = None
    level: ReportLevel | None = None
    publisher: str = ""
    region: str = ""

    def correct(self, info: ReportInfo) -> ReportInfo:
        """What a report says of itself, with what was filled in."""
        given = {"year": self.year, "level": self.level, "publisher": self.publisher, "region": self.region}
        return replace(info, **{key: value for key, value in given.items() if value})  # type: ignore[arg-type]

    def as_text(self) -> str:
        """The same text for the same cells, "" for none: by it a build knows that something was filled in."""
        told = (str(self.year or ""), self.level.value if self.level else "", self.publisher, self.region)
        return "|".join(told) if any(told) else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A report in the manifest: its file's name, what is known of it now, and what was filled in."""

    report: str
    file: str
    info: ReportInfo
    given: Given


def is_lacking(info: ReportInfo) -> bool:
    """Whether somebody should say more of a report: its facts hang on the year, the school and the region."""
    alone = info.level is ReportLevel.SCHOOL and not info.publisher
    return info.year is None or info.level is ReportLevel.UNKNOWN or alone or not info.region


def read_manifest(home: Path) -> dict[str, Given]:
    """What was filled in, by the ids of the reports; nothing where there is no manifest.

    Raises BrokenManifest, which names the line, for a file that is no such table and for a cell that is no year or level.
    """
    path = home / MANIFEST
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BrokenManifest(f"{path}: cannot be read ({error.strerror})") from None
    rows = list(csv.reader(io.StringIO(_decode(data, path), newline="")))
    if not rows or not {HEADINGS[0], *HEADINGS[2:]} <= {cell.strip() for cell in rows[0]}:
        raise BrokenManifest(f"{path}: line 1: the headings should be {','.join(HEADINGS)}")
    headings = [cell.strip() for cell in rows[0]]
    given = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(headings, (_plain(cell) for cell in row), strict=False))
        if cells.get("报告"):
            given[cells["报告"]] = _read_row(cells, f"{path}: line {number}")
    return given


def write_manifest(home: Path, lines: Iterable[Line]) -> int:
    """Writes the reports of which something is lacking, and those for which something was filled in; returns how many
    lack something. Where there are none of both no file is made, and one that is there stays.

    Raises KgError where it cannot be written.
    """
    kept = sorted(
        (line for line in lines if is_lacking(line.info) or line.given.as_text()), key=lambda line: line.report
    )
    path = home / MANIFEST
    if kept or path.exists():
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        for line in kept:
            info = line.given.correct(line.info)
            level = _WORDS.get(info.level, "")
            writer.writerow(
                map(_harmless, (line.report, line.file, str(info.year or ""), level, info.publisher, info.region))
            )
        content = out.getvalue().encode("utf-8-sig")
        if not path.exists() or path.read_bytes() != content:
            with write_aside(path) as target:
                target.write(content)
    return sum(is_lacking(line.info) for line in kept)


def _read_row(cells: Mapping[str, str], place: str) -> Given:
    year, level = cells.get("年度", ""), cells.get("层级", "")
    digits = year.removesuffix("年度").removesuffix("年").strip()
    if year and not (digits.isascii() and digits.isdigit() and 1990 <= int(digits) <= 2100):
        raise BrokenManifest(f"{place}: {year!r} is no year")
    word = _ALSO.get(level, level)
    if level and word not in _LEVELS:
        raise BrokenManifest(f"{place}: {level!r} is no level; there are: {', '.join(_LEVELS)}")
    return Given(
        int(digits) if year else None, _LEVELS[word] if level else None, cells.get("发布者", ""), cells.get("地区", "")
    )


def _decode(data: bytes, path: Path) -> str:
    """As UTF-8, or as Excel writes CSV in China."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BrokenManifest(f"{path}: neither UTF-8 nor GB 18030; save it as CSV UTF-8")


def _harmless(value: str) -> str:
    """No cell that a spreadsheet would take for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def _plain(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
