"""From statement files, as decisions leave them, to an Oxigraph store behind the rdflib API, and back as sorted N-Quads.

``<home>/store/`` holds whole stores, each in a folder named by what went into it, and the file ``current``, which
names the one to read. A build makes a new folder and replaces ``current`` by one rename, so a reader finds either
the old graph or the new one, and a process that answers from the old goes on until it asks for the current one. A
store is never changed once it is named: it is opened read-only, by as many processes as like. In its folder lie
``graph`` (Oxigraph's files), ``index.sqlite`` (kg.graph_quads), and what it was made of, in the places where a home has it:
``statements`` and ``identity/decisions.yaml``. So a store stands for a home to whoever reads several things of one graph
(``pin_graph``). Where few statement files are new, the new store is a linked copy of the former with these reports in or out.

A server may hold the graph instead (kg.remote): then all lies in the folder but ``graph``.
"""

from __future__ import annotations

import hashlib
import heapq
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from oxrdflib import OxigraphStore
from pyoxigraph import RdfFormat, Store, parse
from rdflib import Dataset

from kg import __version__
from kg.address import Address, marker_quad
from kg.current_store import CURRENT, INDEX, STATEMENTS, find_current, find_fingerprint, find_store
from kg.decision_file import decisions_path, load_decisions
from kg.decisions import Decisions
from kg.embedded import EmbeddedGraph
from kg.errors import BrokenStatementFile, KgError, MissingStore
from kg.fact_index import FactIndex
from kg.graph import Graph
from kg.graph_changes import Changes, find_changes
from kg.graph_quads import ReportFile, write_graph, write_index
from kg.ledger import Ledger, read_ledger
from kg.name_index import NameIndex
from kg.quads import name_graph
from kg.reference_data import read_schemes
from kg.schema import load_schema
from kg.statement_files import list_statement_files, read_statement_file
from kg.tallies import Tallies
from kg.whole_files import DRAFT, clear_left, is_in_use, make_scratch, write_aside

if TYPE_CHECKING:
    from kg.remote_loading import Loader

FORM = "7"  # of the graph and what lies beside it; another number makes every home build its store anew
GRAPH = "graph"  # in the folder of a store, beside INDEX and STATEMENTS
MOST_CHANGED = 0.2  # of all reports: beyond that it is quicker to make the store anew
LOADED_AT_ONCE = 200_000  # lines of N-Quads
SORTED_AT_ONCE = 500_000  # lines of N-Quads that are sorted in memory together


@dataclass(frozen=True, slots=True)
class StoreSummary:
    """What a rebuild made, and where it lies."""

    reports: int
    folder: Path
    rebuilt: bool  # False where the store of these very statement files was there already


def rebuild(
    home: Path,
    store: Address | None = None,
    on_lines: Callable[[int], None] | None = None,
    *,
    reports: Path | None = None,
) -> StoreSummary:
    """Makes the store of a home's statement files and swaps it in: a report whose file is new, changed or gone is
    added, replaced or taken out. Nothing is done where the current store is of these very files. The graph goes into
    the server ``store`` if one is given; ``on_lines`` is told how many lines it has taken when it is loaded anew. ``reports``
    is a home whose statement files are taken instead (that of the current graph: kg.current_store.pin_graph).

    Raises BrokenStatementFile, BrokenDecisions, or KgError where the store cannot be written; the former one is there as before.
    """
    if store is None:
        return _rebuild(home, reports or home, _Embedded())
    from kg.remote_loading import open_loader  # an HTTP client, which only servers need

    with open_loader(store) as loader:
        return _rebuild(home, reports or home, _Served(loader, on_lines))


def _rebuild(home: Path, reports: Path, target: _Target) -> StoreSummary:
    root = home / "store"
    try:
        root.mkdir(parents=True, exist_ok=True)
        clear_left(root)
        source = _read_source(home, reports)
        folder, former = root / source.fingerprint, find_current(home)
        rebuilt = not (folder.exists() and target.holds(folder))
        if rebuilt:
            with make_scratch("building", root) as building:
                if former is None or not _change(former, building / "store", source, target):
                    _make(building, source, target)
                _keep_source(source, building / "store")
                if not folder.exists():
                    (building / "store").rename(folder)
                elif (building / "store" / GRAPH).exists():  # of these very files, but its graph was elsewhere
                    (building / "store" / GRAPH).rename(folder / GRAPH)
        if former != folder:
            with write_aside(root / CURRENT) as out:
                out.write(folder.name.encode("ascii"))
        _clear_former(root, keep={folder, former})
    except OSError as error:
        raise KgError(f"{root}: the store cannot be written: {error.strerror or error}") from None
    except SyntaxError as error:
        raise KgError(f"{root}: the statements do not make a graph: {error}") from None
    return StoreSummary(len(source.digests), folder, rebuilt)


@contextmanager
def open_store(home: Path) -> Iterator[Dataset]:
    """The current graph of a home, to be read. Its default graph is not a union: facts stand there once.

    Raises MissingStore where there is none.
    """
    dataset = Dataset(store=OxigraphStore(store=_open_current(home)), default_union=False)
    try:
        yield dataset
    finally:
        dataset.close()


@contextmanager
def open_graph(home: Path, store: Address | None = None) -> Iterator[Graph]:
    """The current graph of a home, to be asked; ``store`` is the server that holds it, where one does.

    Raises MissingStore where there is none.
    """
    if store is None:
        yield EmbeddedGraph(_open_current(home))
        return
    from kg.remote import open_remote  # an HTTP client, which only servers need

    with open_remote(store, find_fingerprint(home)) as graph:
        yield graph


@contextmanager
def open_names(home: Path) -> Iterator[NameIndex]:
    """The names of the current graph of a home, to be searched.

    Raises MissingStore where there is none.
    """
    with read_ledger(find_store(home) / INDEX) as connection:
        yield NameIndex(connection)


@contextmanager
def open_tallies(home: Path) -> Iterator[Tallies]:
    """What the start page counts of the current graph of a home.

    Raises MissingStore where there is none.
    """
    with read_ledger(find_store(home) / INDEX) as connection:
        yield Tallies(connection)


@contextmanager
def open_facts(home: Path) -> Iterator[FactIndex]:
    """What the statements of the current graph of a home say.

    Raises MissingStore where there is none.
    """
    with read_ledger(find_store(home) / INDEX) as connection:
        yield FactIndex(connection)


@contextmanager
def open_ledger(home: Path) -> Iterator[Ledger]:
    """The ledger of the current graph of a home, to be read.

    Raises MissingStore where there is none.
    """
    with read_ledger(find_store(home) / INDEX) as connection:
        yield Ledger(connection)


def list_checked_files(home: Path) -> Mapping[str, str]:
    """The digests, by name, of the statement files that the current store was made of by this version: a file that has
    its digest was read and checked. None where there is no store, or it was made by another version."""
    folder = find_current(home)
    if folder is None:
        return {}
    try:
        with read_ledger(folder / INDEX) as connection:
            ledger = Ledger(connection)
            return ledger.digests() if ledger.base == _find_base(home) else {}
    except (KgError, sqlite3.Error):
        return {}


def write_nquads(home: Path, to: IO[bytes], default_graph: str | None = None) -> int:
    """Writes the whole graph as sorted N-Quads: the same graph gives the same bytes. Returns the number of quads.

    ``default_graph`` makes it a file to load into a server (docs/remote-store.md): facts stand in the graph of that
    name, or in none where it is "", and the last line tells which build it is.
    """
    count = 0
    with sort_nquads(home) as lines:
        for count, line in enumerate(lines, 1):  # noqa: B007
            to.write(name_graph(line.decode("utf-8"), default_graph).encode("utf-8") if default_graph else line)
    if default_graph is not None:
        to.write(marker_quad(find_store(home).name).encode("utf-8"))
        count += 1
    return count


@contextmanager
def sort_nquads(home: Path, within: Path | None = None) -> Iterator[Iterator[bytes]]:
    """The lines of the whole graph as N-Quads in order of their bytes, each once; sorted in a folder ``within`` another, or
    where the system has such. Raises MissingStore."""
    folder = find_store(home)
    with make_scratch("sorting", within) as aside:
        dump = aside / "dump.nq"
        if (folder / GRAPH).exists():
            with open_store(home) as dataset, dump.open("wb") as file:
                dataset.serialize(file, format="ox-nquads", encoding="utf-8")
        else:  # a server holds the graph
            source = _read_source(home, home)
            with dump.open("w", encoding="utf-8", newline="\n") as text, write_index(aside / INDEX) as index:
                write_graph(source.read_all(), source.decisions.redirects, index, text)
        yield sort_lines(dump, aside)


# ---- what a store is made of


@dataclass(frozen=True, slots=True)
class _Source:
    """The statement files of a home and all else that its graph is made of."""

    folder: Path
    stamps: Mapping[str, tuple[str, str]]  # of the statement files, by name: see Ledger.stamps
    decisions: Decisions
    place: Path  # of the decisions
    base: str  # a digest of the form, the version, the ontology, the schemes and the decisions

    @property
    def digests(self) -> Mapping[str, str]:
        """Of the statement files, by name."""
        return {name: digest for name, (_, digest) in self.stamps.items()}

    @property
    def fingerprint(self) -> str:
        """A name for the store of all this."""
        return _digest([self.base, *(f"{name} {digest}" for name, digest in self.digests.items())])[:20]

    def read(self, name: str) -> ReportFile:
        file = read_statement_file(self.folder / name)
        return ReportFile(name, self.digests[name], self.decisions.apply(file))

    def read_all(self) -> Iterator[ReportFile]:
        known = []
        for name in self.digests:
            report = self.read(name)
            known.append(report.content.report.report)
            yield report
        if by_hand := self.decisions.by_hand(self.place, known):
            yield ReportFile("", "", by_hand)


def _read_source(home: Path, reports: Path) -> _Source:
    """The statement files in order of their names, each with its digest: as it is known where the file system shows that
    the file is the one that was hashed, since ten thousand of them hold gigabytes."""
    known = _read_stamps(find_current(home))
    stamps = {}
    for path in list_statement_files(reports):
        told = path.stat()
        stamp = f"{told.st_ino} {told.st_size} {told.st_mtime_ns}"
        before, digest = known.get(path.name, ("", ""))
        stamps[path.name] = (stamp, digest if stamp == before else _digest_file(path))
    return _Source(reports / STATEMENTS, stamps, load_decisions(home), decisions_path(home), _find_base(home))


def _read_stamps(store: Path | None) -> Mapping[str, tuple[str, str]]:
    """What a store notes of its statement files; nothing where it cannot be read, which costs time alone."""
    try:
        if store is not None:
            with read_ledger(store / INDEX) as connection:
                return Ledger(connection).stamps()
    except (KgError, sqlite3.Error):
        pass
    return {}


def _find_base(home: Path) -> str:
    place = decisions_path(home)
    decided = place.read_text(encoding="utf-8", errors="replace") if place.exists() else ""
    schemes = hashlib.sha256(read_schemes()).hexdigest()
    return _digest([FORM, __version__, *load_schema().triples, schemes, decided])


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def _digest_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep_source(source: _Source, store: Path) -> None:
    """Keeps what a store was made of: it is read by exports, and what files gave can be taken out by them later.

    A build renames new files over old ones, so that a link goes on holding what the old one held.
    """
    to = store / STATEMENTS
    to.mkdir()
    for name in source.stamps:
        try:
            (to / name).hardlink_to(source.folder / name)
        except OSError:  # a file system without links, or another one
            shutil.copyfile(source.folder / name, to / name)
    if source.place.exists():
        decisions_path(store).parent.mkdir()
        shutil.copyfile(source.place, decisions_path(store))  # no link: people write into this file in its place


# ---- making and changing


class _Target(Protocol):
    """Where the graph of a store goes. Folders are those of stores; their names are fingerprints."""

    def holds(self, folder: Path) -> bool: ...

    def load(self, quads: Path, folder: Path, fingerprint: str) -> None: ...

    def change(self, former: Path, changes: Changes, folder: Path, fingerprint: str) -> None: ...


class _Embedded:
    """The folder itself."""

    def holds(self, folder: Path) -> bool:
        return (folder / GRAPH).exists()

    def load(self, quads: Path, folder: Path, fingerprint: str) -> None:
        _load(quads, folder / GRAPH)

    def change(self, former: Path, changes: Changes, folder: Path, fingerprint: str) -> None:
        Store.read_only(str(former / GRAPH)).backup(str(folder / GRAPH))
        _apply(folder / GRAPH, changes)


@dataclass(frozen=True, slots=True)
class _Served:
    """A server, which holds one graph at a time."""

    loader: Loader
    on_lines: Callable[[int], None] | None

    def holds(self, folder: Path) -> bool:
        return self.loader.find_loaded() == folder.name

    def load(self, quads: Path, folder: Path, fingerprint: str) -> None:
        with quads.open(encoding="utf-8", newline="\n") as lines:
            self.loader.load_all(lines, fingerprint, self.on_lines or (lambda _: None))

    def change(self, former: Path, changes: Changes, folder: Path, fingerprint: str) -> None:
        self.loader.apply_changes(changes.removed, changes.added, fingerprint)


def _make(building: Path, source: _Source, target: _Target) -> None:
    """Makes a store anew in ``building/store``."""
    quads, store = building / "quads.nq", building / "store"
    store.mkdir()
    with quads.open("w", encoding="utf-8", newline="\n") as out, write_index(store / INDEX) as index:
        write_graph(source.read_all(), source.decisions.redirects, index, out)
        index.ledger.base = source.base
        index.ledger.keep_stamps(source.stamps)
    target.load(quads, store, source.fingerprint)


def _change(former: Path, store: Path, source: _Source, target: _Target) -> bool:
    """Makes ``store`` of a linked copy of the former one. Returns False where it has to be made anew: something else
    than reports changed, much of them did, or the former is not what it says."""
    if not target.holds(former):
        return False
    try:
        with read_ledger(former / INDEX) as connection:
            ledger = Ledger(connection)
            base, digests = ledger.base, ledger.digests()
    except (KgError, sqlite3.Error):
        return False
    now = source.digests
    changed = {name for name in digests.keys() | now.keys() if digests.get(name) != now.get(name)}
    if base != source.base or source.decisions.adds_facts or len(changed) > len(now) * MOST_CHANGED:
        return False
    old = replace(source, folder=former / STATEMENTS, stamps={name: ("", digest) for name, digest in digests.items()})
    if any(name in digests and _digest_file(old.folder / name) != digests[name] for name in changed):
        return False  # somebody wrote into a statement file in its place
    try:
        store.mkdir()
        shutil.copyfile(former / INDEX, store / INDEX)
        with write_index(store / INDEX) as index:
            changes = find_changes(
                changed,
                lambda name: old.read(name) if name in digests else None,
                lambda name: source.read(name) if name in now else None,
                source.decisions.redirects,
                index,
            )
            index.ledger.keep_stamps(source.stamps)
        target.change(former, changes, store, source.fingerprint)
    except (BrokenStatementFile, sqlite3.Error):  # a build of all tells what is wrong
        shutil.rmtree(store)
        return False
    return True


def _apply(graph: Path, changes: Changes) -> None:
    store = Store(str(graph))
    for quad in parse("".join(changes.removed), format=RdfFormat.N_QUADS):
        store.remove(quad)
    store.extend(parse("".join(changes.added), format=RdfFormat.N_QUADS))
    store.flush()


def _load(quads: Path, folder: Path) -> None:
    """Loads a file of N-Quads in lots: at once it would take gigabytes of memory, and no less time."""
    store = Store(str(folder))
    with quads.open("rb") as file:
        while lot := b"".join(islice(file, LOADED_AT_ONCE)):
            store.bulk_load(lot, format=RdfFormat.N_QUADS)
    store.optimize()  # a third off the time of long answers, for two seconds a million quads
    store.flush()


# ---- the current one


def _open_current(home: Path) -> Store:
    for _ in range(3):  # a build may take a former store away between the reading of its name and the opening
        folder = find_store(home)
        if not (folder / GRAPH).exists() and folder.exists():
            raise MissingStore(f"{home}: its graph is in a server; name it with --store, or kg build makes one here")
        try:
            return Store.read_only(str(folder / GRAPH))
        except OSError as error:
            cause = error
    raise MissingStore(f"{folder}: the store cannot be opened: {cause}; kg build makes it anew")


def _clear_former(root: Path, keep: Collection[Path | None]) -> None:
    """Takes away all stores but the current and the former one, which somebody may be about to open, and those that are
    read just now."""
    for folder in list(root.iterdir()):
        if folder.is_dir() and folder not in keep and not folder.name.startswith(".") and not is_in_use(folder):
            with suppress(OSError):  # on Windows one that is still read stays until the next build
                # Under another name first: half a store would later be taken for a whole one.
                shutil.rmtree(folder.rename(root / f".{folder.name}{DRAFT}"), ignore_errors=True)


def sort_lines(path: Path, folder: Path) -> Iterator[bytes]:
    """The lines of a file in order of their bytes, each once, in bounded memory."""
    parts: list[Path] = []
    with path.open("rb") as file:
        while lines := [line for _, line in zip(range(SORTED_AT_ONCE), file, strict=False)]:
            part = folder / f"part-{len(parts)}.nq"
            with part.open("wb") as out:
                out.writelines(sorted(lines))
            parts.append(part)
    files = [part.open("rb") for part in parts]
    try:
        former = None
        for line in heapq.merge(*files):
            if line != former:
                yield line
            former = line
    finally:
        for part_file in files:
            part_file.close()
