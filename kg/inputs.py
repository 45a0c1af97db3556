"""Files and folders → inputs: which files are reports, the id of each, and what becomes of one that cannot be read."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kg.errors import KgError, UnreadableInput
from kg.readers import READERS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read and the id of its report."""

    path: Path
    report: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a report could not be read: one line with the file, the place and the cause."""

    cause: str


def attempt(item: Input, work: Callable[[], T]) -> T | Failure:
    """What the work on an input gives, or why it cannot be done; raises nothing."""
    try:
        return work()
    except KgError as error:
        return Failure(str(error))
    except Exception as error:  # the one broad except: a fault of ours on one file must not stop the night's build
        return Failure(f"{item.path}: internal error: {type(error).__name__}: {error}".splitlines()[0])


def hash_file(item: Input) -> str:
    """The SHA-256 of an input's bytes, by which a report is known."""
    with item.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_inputs(paths: Iterable[Path], failed: list[tuple[str, str]]) -> Iterator[Input]:
    """The files of the paths in order of their reports' ids; what cannot be listed goes to ``failed``."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files = sorted(_files_below(path, failed))
            if not files:
                failed.append(
                    (str(path), f"{path}: no report in this folder (readable kinds: {' '.join(sorted(READERS))})")
                )
            found.update(dict.fromkeys(files))
        elif path.exists() or path.is_symlink():
            found.setdefault(path)
        else:
            failed.append((str(path), str(UnreadableInput(f"{path}: no such file or folder"))))
    absolute = {file.absolute(): file for file in found}  # one file named twice is one input
    yield from sorted(
        (Input(absolute[at], report) for at, report in _report_ids(list(absolute)).items()),
        key=lambda item: item.report,
    )


def _files_below(folder: Path, failed: list[tuple[str, str]]) -> Iterator[Path]:
    def note(error: OSError) -> None:
        failed.append((str(error.filename), f"{error.filename}: {error.strerror}"))

    for at, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            if (
                Path(name).suffix.lower() in READERS
                and not name.startswith((".", "~$"))
                and not name.lower().startswith("readme")
            ):
                yield Path(at) / name


def _report_ids(files: list[Path]) -> dict[Path, str]:
    """An id for each file: its stem; of files of one stem the shortest end of the path that tells them apart."""
    ids: dict[Path, str] = {}
    for stem, count in Counter(file.stem for file in files).items():
        group = [file for file in files if file.stem == stem]
        depth = 1
        while count > 1 and depth < max(len(file.parts) for file in group):
            ends = Counter(file.with_suffix("").parts[-depth:] for file in group)
            if len(ends) == len({file.with_suffix("") for file in group}):
                break
            depth += 1
        for file in group:
            end = "/".join(file.with_suffix("").parts[-depth:])
            twins = sum(other.with_suffix("") == file.with_suffix("") for other in group)
            ids[file] = end + (file.suffix if twins > 1 else "")
    return ids
