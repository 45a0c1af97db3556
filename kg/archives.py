"""Zip archives of reports, unpacked where nothing that stands in them can do harm.

A name that leads out of its folder, a link, a locked part, and what would unpack to more than it may is named and left
out; nothing is written but below the folder that is given. Archives in archives are opened too, to a depth.
"""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from kg.readers.failures import LIBRARY_ERRORS, fold_cause

ENDING = ".zip"
DEEPEST = 3  # archives in archives
MOST_FILES = 20_000
MOST_BYTES = 4_000_000_000  # of all that is in one archive
LARGEST = 300_000_000  # bytes of one file in it
_ERRORS: tuple[type[Exception], ...] = (*LIBRARY_ERRORS, RuntimeError)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file out of an archive: where it lies now, and its place in the archive (``reports.zip/2023/x.docx``)."""

    path: Path
    origin: Path


@dataclass
class Unpacking:
    """What came out of an archive, and what was left out, with its cause."""

    files: list[Unpacked] = field(default_factory=list)
    left_out: list[tuple[Path, str]] = field(default_factory=list)
    bytes: int = 0


def unpack(archive: Path, to: Path, origin: Path | None = None) -> Unpacking:
    """Unpacks an archive, and those in it, into the folder ``to``, which must be empty. Raises nothing for a bad archive."""
    found = Unpacking()
    _unpack(archive, to, origin or archive, found, 1)
    return found


def _unpack(archive: Path, to: Path, origin: Path, found: Unpacking, depth: int) -> None:
    try:
        with _open(archive) as opened:
            for at, part in enumerate(opened.infolist()):
                if not part.is_dir():
                    # by number: what a name may hold is another matter on each system
                    _take(opened, part, to / f"{depth}-{at}", origin, found, depth)
    except LIBRARY_ERRORS as error:
        found.left_out.append((origin, f"cannot be opened as an archive ({fold_cause(error)})"))


def _open(archive: Path) -> zipfile.ZipFile:
    """Chinese Windows writes names in GB 18030 and does not say so."""
    try:
        return zipfile.ZipFile(archive, metadata_encoding="gb18030")
    except UnicodeDecodeError:
        return zipfile.ZipFile(archive)


def _take(
    opened: zipfile.ZipFile, part: zipfile.ZipInfo, folder: Path, origin: Path, found: Unpacking, depth: int
) -> None:
    name = PurePosixPath(re.sub(r"[\x00-\x1f]", "_", part.filename.replace("\\", "/")))
    place = origin / name.relative_to("/") if name.is_absolute() else origin / name
    if cause := _find_fault(part, name, found):
        found.left_out.append((origin / name.name, cause))
        return
    target = folder / (name.name.encode("utf-8")[:200].decode("utf-8", errors="ignore") + _ending(name))
    try:
        folder.mkdir(parents=True)
        with opened.open(part) as source, target.open("xb") as out:
            shutil.copyfileobj(source, out)
    except _ERRORS as error:
        target.unlink(missing_ok=True)
        found.left_out.append((place, f"cannot be unpacked ({fold_cause(error)})"))
        return
    found.bytes += part.file_size
    if name.suffix.lower() != ENDING:
        found.files.append(Unpacked(target, place))
    elif depth == DEEPEST:
        found.left_out.append((place, f"archives in archives are opened to a depth of {DEEPEST} only"))
    else:
        _unpack(target, folder / "in", place, found, depth + 1)


def _ending(name: PurePosixPath) -> str:
    """The ending again where the name was cut before it."""
    return "" if len(name.name.encode("utf-8")) <= 200 else name.suffix


def _find_fault(part: zipfile.ZipInfo, name: PurePosixPath, found: Unpacking) -> str:
    """Why a part is left out, or nothing. zipfile reads no more of it than the size that it states."""
    if name.is_absolute() or ".." in name.parts or re.match(r"[A-Za-z]:", str(name)) or not name.name:
        return f"its name leads out of the archive ({fold_cause(ValueError(part.filename))})"
    if stat.S_ISLNK(part.external_attr >> 16):
        return "a link"
    if part.flag_bits & 1:
        return "asks for a password"
    if part.file_size > LARGEST:
        return f"would unpack to {part.file_size / 1e6:,.0f} MB, more than the {LARGEST / 1e6:,.0f} MB of one file"
    if found.bytes + part.file_size > MOST_BYTES:
        return f"the archive unpacks to more than {MOST_BYTES / 1e6:,.0f} MB"
    if len(found.files) >= MOST_FILES:
        return f"the archive has more than {MOST_FILES:,} files"
    return ""


def is_hidden(part: str) -> bool:
    """Whether no report stands in this part of a place: ``.git``, ``__MACOSX``, ``~$lock.docx``."""
    return part.startswith((".", "~$")) or part == "__MACOSX"
