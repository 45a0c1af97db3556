"""Files and folders → inputs: which files are reports, the id of each, and what becomes of one that cannot be read."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from kg.archives import ENDING, is_hidden, unpack
from kg.errors import KgError, UnreadableInput
from kg.invisible import show_name
from kg.manifest import Given
from kg.readers import READERS
from kg.readers.failures import fold_cause

T = TypeVar("T")
NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read and the id of its report. ``origin`` is where it comes from, ``path`` where it lies to be read: for
    a file out of an archive these are two (``reports.zip/x.docx``). ``given`` is what people filled in of the report."""

    path: Path
    report: str
    origin: Path
    given: Given = NOTHING

    @property
    def shown(self) -> str:
        """Where it comes from, for people: as ``kg.invisible.show_name`` has it."""
        return show_name(str(self.origin))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a report could not be read: one line with the file, the place and the cause; and the seconds that it took."""

    cause: str
    seconds: float = 0.0


def attempt(item: Input, work: Callable[[], T]) -> T | Failure:
    """What the work on an input gives, or why it cannot be done; raises nothing."""
    try:
        return work()
    except KgError as error:
        return Failure(str(error).replace(show_name(str(item.path)), item.shown))
    except MemoryError:
        return Failure(
            f"{item.shown}: stopped: it needs more memory than one file may take (kg build --limit memory=MB)"
        )
    except Exception as error:  # the one broad except: a fault of ours on one file must not stop the night's build
        places = {str(item.path): str(item.origin), str(item.path.parent): str(item.origin.parent)}
        return Failure(f"{item.shown}: internal error: {type(error).__name__}: {fold_cause(error, places)}")


def hash_file(item: Input) -> str:
    """The SHA-256 of an input's bytes, by which a report is known."""
    with item.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class Found:
    """The inputs of a build, in the order of their reports' ids; what cannot be listed, and what is no report, with the
    cause."""

    inputs: list[Input] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def find_inputs(paths: Iterable[Path], unpacked: Path) -> Found:
    """The reports of files, folders and archives. ``unpacked`` is a folder for what comes out of archives, which must
    last as long as the inputs are read."""
    found = Found()
    files: dict[Path, Path] = {}  # where it comes from → where it lies
    for path in paths:
        if path.is_dir():
            before = len(files)
            for file in sorted(_files_below(path, found.failed), key=lambda file: file.parts):
                _take(file, files, found, unpacked)
            if len(files) == before:
                found.failed.append(
                    (
                        str(path),
                        f"{show_name(str(path))}: no report in this folder (readable kinds: {' '.join(sorted(READERS))} {ENDING})",
                    )
                )
        elif path.exists() or path.is_symlink():
            _take(path, files, found, unpacked, named=True)
        else:
            found.failed.append((str(path), str(UnreadableInput(f"{path}: no such file or folder"))))
    absolute = {origin.absolute(): file for origin, file in files.items()}  # one file named twice is one input
    found.inputs = sorted(
        (Input(absolute[origin], report, origin) for origin, report in _report_ids(list(absolute)).items()),
        key=lambda item: item.report,
    )
    return found


def _take(file: Path, files: dict[Path, Path], found: Found, unpacked: Path, named: bool = False) -> None:
    """Adds a file to those that are read, opens an archive, or says why it is passed over."""
    if file.suffix.lower() == ENDING:
        out = unpack(file, Path(tempfile.mkdtemp(dir=unpacked)))
        found.failed += [(show_name(str(place)), f"{show_name(str(place))}: {cause}") for place, cause in out.left_out]
        for each in out.files:
            if not any(map(is_hidden, each.origin.relative_to(file).parts)):
                _add(each.origin, each.path, files, found)
        return
    if named:
        files.setdefault(file, file)
    else:
        _add(file, file, files, found)


def _add(origin: Path, path: Path, files: dict[Path, Path], found: Found) -> None:
    if origin.suffix.lower() not in READERS:
        kind = show_name(origin.suffix) or "a file without an ending"
        found.skipped.append((show_name(str(origin)), f"no reader for {kind}"))
    elif origin.name.lower().startswith("readme"):
        found.skipped.append((show_name(str(origin)), "a note about the folder"))
    else:
        files.setdefault(origin, path)


def _files_below(folder: Path, failed: list[tuple[str, str]]) -> Iterator[Path]:
    """All files of a folder but hidden ones and locks."""

    def note(error: OSError) -> None:
        failed.append((str(error.filename), f"{error.filename}: {error.strerror}"))

    for at, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        here = Path(at)
        yield from (here / name for name in names if not is_hidden(name))


def _report_ids(files: list[Path]) -> dict[Path, str]:
    """An id for each file: its stem; of files of one stem the shortest end of the path that tells them apart.

    As it is shown to people, since it stands in pages and in names of files.
    """
    by_stem: defaultdict[str, list[tuple[Path, tuple[str, ...]]]] = defaultdict(list)
    for file in files:
        by_stem[file.stem].append((file, (*file.parts[:-1], file.stem)))
    ids: dict[Path, str] = {}
    for group in by_stem.values():
        twins = Counter(parts for _, parts in group)
        depth = 1
        while len({parts[-depth:] for parts in twins}) < len(twins):
            depth += 1
        for file, parts in group:
            ids[file] = "/".join(parts[-depth:]) + (file.suffix if twins[parts] > 1 else "")
    shown: dict[Path, str] = {}
    taken: set[str] = set()
    for file, report in sorted(ids.items(), key=lambda item: item[0].parts):
        name = show_name(report)
        while name in taken:  # two names of other bytes that look the same
            name += "~"
        taken.add(name)
        shown[file] = name
    return shown
