"""Which graph of a home is the current one, and how to hold on to it while builds go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import MissingStore
from kg.whole_files import hold_shared

CURRENT = "current"  # in the folder of stores: the name of the one to read
INDEX, STATEMENTS = "index.sqlite", "statements"  # in the folder of a store


@contextmanager
def pin_graph(home: Path) -> Iterator[Path]:
    """A home that stays as it is, whatever builds do meanwhile: that of the current graph, or where there is none the
    home itself."""
    for _ in range(3):  # a build may take a former store away between the reading of its name and the holding
        folder = find_current(home)
        if folder is None or not (folder / STATEMENTS).is_dir():  # none, or one of an older form
            break
        with hold_shared(folder):
            if folder.exists():
                yield folder
                return
    yield home


def find_current(home: Path) -> Path | None:
    """The folder of the current store; None where there is none. A store that stands for a home is its own."""
    if (home.parent / CURRENT).exists() and (home / INDEX).exists():
        return home
    root = home / "store"
    try:
        name = (root / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return root / name if name and (root / name).is_dir() else None


def find_fingerprint(home: Path) -> str | None:
    """What a home's current graph was made of, in one word; None where there is none."""
    folder = find_current(home)
    return folder.name if folder else None


def find_store(home: Path) -> Path:
    """The folder of a home's current store: another one after each build that changed anything.

    Raises MissingStore where there is none.
    """
    folder = find_current(home)
    if folder is None:
        raise MissingStore(f"{home}: there is no graph yet; make one with: kg build PATH --home {home}")
    return folder
