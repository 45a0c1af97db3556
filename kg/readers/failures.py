"""How readers say that a file cannot be read: one line with the file, the place and the cause."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from kg.errors import DamagedInput, EncryptedInput, ReportError
from kg.invisible import show_name

# What the parsers of a file format are seen to raise on broken bytes. They promise no class of their own.
LIBRARY_ERRORS: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # of zipfile, for one; also RecursionError and NotImplementedError
    SyntaxError,  # lxml's XMLSyntaxError is one
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
)

UNPACKED_LIMIT = 500_000_000
PART_LIMIT = 100_000_000  # of XML, which takes twenty times as much as it is read; the longest report has 20 MB
LONGEST_CAUSE = 160


def fold_cause(error: BaseException, instead: Mapping[str, str] = MappingProxyType({})) -> str:
    """The error as a piece of one line: its text without line breaks, or its class where it has no text. ``instead`` are
    words that stand for others in it, before it is cut."""
    if isinstance(error, RecursionError) or isinstance(error.__context__, RecursionError):
        return "nested too deeply"
    text = str(error)
    for words, others in instead.items():
        text = text.replace(words, others)
    text = show_name(" ".join(text.split()))
    if len(text) > LONGEST_CAUSE:
        text = text[:LONGEST_CAUSE] + "…"
    return text or type(error).__name__


def name_place(path: Path, place: str = "") -> str:
    """What a message begins with: the file, and the place in it where there is one."""
    name = show_name(" ".join(str(path).split()))
    return f"{name}, {place}" if place else name


@contextmanager
def report_damage(path: Path, place: str = "", extra: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Turns what a library raises on broken bytes into DamagedInput; our own errors pass through."""
    try:
        yield
    except ReportError:
        raise
    except (*LIBRARY_ERRORS, *extra) as error:
        if isinstance(error.__context__, MemoryError):
            raise error.__context__ from None
        raise DamagedInput(f"{name_place(path, place)}: damaged ({fold_cause(error)})") from error


def check_archive(path: Path, limit: int = UNPACKED_LIMIT) -> None:
    """Looks at a zip archive's table of contents before anything is unpacked.

    Raises DamagedInput where there is no such table or where it would unpack to more than ``limit`` bytes (the
    sizes that it states bind: zipfile reads no further), and EncryptedInput where a part asks for a password.
    """
    with report_damage(path), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limit:
        raise DamagedInput(
            f"{name_place(path)}: would unpack to {unpacked / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB allowed"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise EncryptedInput(f"{name_place(path)}: the archive asks for a password")


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part of XML out of an Office file. Raises ValueError for one that would unpack to more than PART_LIMIT."""
    size = archive.getinfo(name).file_size
    if size > PART_LIMIT:
        raise ValueError(f"{name} would unpack to {size / 1e6:,.0f} MB of XML, more than {PART_LIMIT / 1e6:,.0f} MB")
    return archive.read(name)
