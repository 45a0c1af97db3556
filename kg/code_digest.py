"""The code that reading depends on, in one word: another word, and what it read before is read again.

A change of pages, queries or exports leaves the word as it is; a change of a reader, an extractor or of what they know
does not. What belongs to it is told from the import lines, so that no list has to be kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST = "kg.pipeline"  # from a file to its statement file: all that does it is imported from here
DATA = Path("kg", "reference")
_IMPORT = re.compile(
    r"^ *(?:from (?P<of>(?:kg|extractors)(?:\.\w+)*) import (?P<names>\([^)]*\)|.*)|import (?P<plain>(?:kg|extractors)[.\w]*))",
    re.MULTILINE,
)


@cache
def digest_code(root: Path = ROOT) -> str:
    """A digest of the code and the data below a folder that reading depends on."""
    digest = hashlib.sha256()
    data = (path for path in root.joinpath(DATA).iterdir() if path.is_file() and path.suffix != ".pyc")
    for path in sorted({*list_modules(root).values(), *data}):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def list_modules(root: Path = ROOT) -> dict[str, Path]:
    """The modules that reading depends on, by name: the first, what it imports anywhere in its text, and so on."""
    found: dict[str, Path] = {}
    todo = [FIRST]
    while todo:
        name = todo.pop()
        if name not in found and (path := _find_module(root, name)) is not None:
            found[name] = path
            todo += [*_list_parents(name), *_list_imported(path.read_text(encoding="utf-8"))]
    return found


def _find_module(root: Path, name: str) -> Path | None:
    path = root.joinpath(*name.split("."))
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)


def _list_parents(name: str) -> Iterator[str]:
    """The packages of a module, which are imported before it."""
    while name := name.rpartition(".")[0]:
        yield name


def _list_imported(text: str) -> Iterator[str]:
    """What may be modules among all that a text imports: of "from a import b" a and a.b."""
    for match in _IMPORT.finditer(text):
        yield match["of"] or match["plain"]
        for name in re.findall(r"\w+", match["names"] or ""):
            yield f"{match['of']}.{name}"
