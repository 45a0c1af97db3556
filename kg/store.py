"""From statement files, as decisions leave them, to an Oxigraph store behind the rdflib API, and back as sorted N-Quads.

``<home>/store/`` holds whole stores, each in a folder named by what went into it, and the file ``current``, which
names the one to read. A build makes a new folder and replaces ``current`` by one rename, so a reader finds either
the old graph or the new one. A store is never changed once it is named: it is opened read-only, by as many
processes as like.
"""

from __future__ import annotations

import hashlib
import heapq
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from oxrdflib import OxigraphStore
from pyoxigraph import (
    BlankNode,
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)
from rdflib import Dataset

from kg import __version__
from kg.branches import find_branches
from kg.checks import check_reports
from kg.decision_file import decisions_path, load_decisions, read_decided_files
from kg.errors import KgError, MissingStore, RefusedQuery, UsageError
from kg.graph import AnswerForm, Graph
from kg.quads import (
    MergedEntity,
    branch_quads,
    check_quads,
    entity_quads,
    link_quads,
    redirect_quads,
    statement_file_quads,
)
from kg.reference_data import read_schemes
from kg.renames import Renames
from kg.rows import Rows, Value, plain_literal
from kg.schema import DATA, PREFIXES, load_schema
from kg.schemes import scheme_quads
from kg.statement_files import StatementFile, list_statement_files

FORM = "2"  # of the graph; another number makes every home build its store anew
SORTED_AT_ONCE = 500_000  # lines of N-Quads that are sorted in memory together
LEFT_BEHIND = 3600.0  # seconds after which a half-made store is taken for one of a build that died


@dataclass(frozen=True, slots=True)
class StoreSummary:
    """What a rebuild made, and where it lies."""

    reports: int
    folder: Path
    rebuilt: bool  # False where the store of these very statement files was there already


def rebuild(home: Path) -> StoreSummary:
    """Makes the store of a home's statement files and swaps it in: a report whose file is new, changed or gone is
    added, replaced or taken out. Nothing is done where the current store is of these very files.

    Raises BrokenStatementFile, BrokenDecisions, or KgError where the store cannot be written; the former one is there as before.
    """
    root = home / "store"
    paths = list_statement_files(home)
    try:
        root.mkdir(parents=True, exist_ok=True)
        _clear_left_behind(root)
        folder = root / _fingerprint(home, paths)
        rebuilt = not folder.exists()
        if rebuilt:
            building = Path(tempfile.mkdtemp(prefix=".building-", dir=root))
            try:
                _write_quads(home, building / "quads.nq")
                _load(building / "quads.nq", building / "store")
                (building / "store").rename(folder)
            finally:
                shutil.rmtree(building, ignore_errors=True)
        _point_to(root, folder.name)
        _clear_former(root, folder.name)
    except OSError as error:
        raise KgError(f"{root}: the store cannot be written: {error.strerror or error}") from None
    except SyntaxError as error:
        raise KgError(f"{root}: the statements do not make a graph: {error}") from None
    return StoreSummary(len(paths), folder, rebuilt)


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
def open_graph(home: Path) -> Iterator[Graph]:
    """The current graph of a home as queries ask it: Oxigraph itself, which spares rdflib's terms for every cell.

    Raises MissingStore where there is none.
    """
    yield EmbeddedGraph(_open_current(home))


_TABLES = {
    AnswerForm.JSON: QueryResultsFormat.JSON,
    AnswerForm.XML: QueryResultsFormat.XML,
    AnswerForm.CSV: QueryResultsFormat.CSV,
    AnswerForm.TSV: QueryResultsFormat.TSV,
}
_GRAPHS = {
    AnswerForm.TURTLE: RdfFormat.TURTLE,
    AnswerForm.NTRIPLES: RdfFormat.N_TRIPLES,
    AnswerForm.JSONLD: RdfFormat.JSON_LD,
    AnswerForm.RDFXML: RdfFormat.RDF_XML,
}


class EmbeddedGraph:
    """The Graph of an open Oxigraph store. Its default graph is not a union: facts stand there once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def query(self, text: str) -> Rows:
        result = self._ask(text)
        if isinstance(result, QueryBoolean):
            return Rows(("answer",), ((bool(result),),))
        if isinstance(result, QueryTriples):
            triples = sorted((str(_plain(t.subject)), str(_plain(t.predicate)), str(_plain(t.object))) for t in result)
            return Rows(("subject", "predicate", "object"), tuple(triples))
        names = tuple(variable.value for variable in result.variables)
        return Rows(names, tuple(tuple(map(_plain, solution)) for solution in result))

    def write_answer(self, text: str, form: AnswerForm, to: IO[bytes]) -> None:
        result = self._ask(text)
        if isinstance(result, QueryTriples):
            if form not in _GRAPHS:
                raise UsageError(f"a graph is not written as {form}")
            serialize(result, to, format=_GRAPHS[form], prefixes=dict(PREFIXES))
        elif form not in _TABLES:
            raise UsageError(f"a table of values is not written as {form}")
        else:
            result.serialize(to, format=_TABLES[form])

    def _ask(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            return self._store.query(text, prefixes=dict(PREFIXES))
        except SyntaxError as error:
            cause = " ".join(str(error).split())[:200]  # Oxigraph goes on to list all that it would have taken
            raise RefusedQuery(f"not a query that can be run: {cause}") from None


def _plain(term: Any) -> Value:
    if term is None:
        return None
    if isinstance(term, Literal):
        return plain_literal(term.value, term.datatype.value)
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(getattr(term, "value", term))


def write_nquads(home: Path, to: IO[bytes]) -> int:
    """Writes the whole graph as sorted N-Quads: the same graph gives the same bytes. Returns the number of quads."""
    with open_store(home) as dataset, tempfile.TemporaryDirectory(dir=home) as folder:
        dump = Path(folder) / "dump.nq"
        with dump.open("wb") as file:
            dataset.serialize(file, format="ox-nquads", encoding="utf-8")
        count = 0
        for line in _sort_lines(dump, Path(folder)):
            to.write(line)
            count += 1
    return count


def _fingerprint(home: Path, paths: Sequence[Path]) -> str:
    """A name for what goes into the store: the form, the version, the ontology, the schemes, statement files, decisions."""
    digest = hashlib.sha256(f"{FORM} {__version__}".encode())
    for triple in load_schema().triples:
        digest.update(triple.encode())
    digest.update(read_schemes())
    decisions = decisions_path(home)
    for path in (*paths, *([decisions] if decisions.exists() else [])):
        digest.update(f"\0{path.name}\0".encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:20]


def _write_quads(home: Path, to: Path) -> None:
    schema = load_schema()
    merged: defaultdict[str, MergedEntity] = defaultdict(MergedEntity)
    renames = Renames()
    with to.open("w", encoding="utf-8", newline="\n") as out:
        # The ontology in the default graph: a query that asks for a label or a concept's name needs no GRAPH.
        out.writelines(f"{triple}\n" for triple in schema.triples)

        def write_files() -> Iterator[StatementFile]:
            for file in read_decided_files(home):
                out.writelines(statement_file_quads(file, schema))
                for entity in file.entities.values():
                    merged[entity.iri].add(entity)
                renames.add(file)
                yield file

        out.writelines(scheme_quads(schema))
        for check in check_reports(write_files()):  # read once, for both
            if check.matters:
                out.writelines(check_quads(check, schema))
        for found in renames.find():
            merged[found.entity].add_rename(found.link, found.instead_of)
            out.writelines(link_quads(found.entity, found.link, found.report, schema, found.statements))
        for iri in sorted(merged):
            out.writelines(entity_quads(iri, merged[iri], schema))
        out.writelines(branch_quads(find_branches({iri: each.as_named() for iri, each in merged.items()})))
        redirects = load_decisions(home).redirects
        out.writelines(redirect_quads({old: new for old, new in redirects.items() if new in merged}))


def _load(quads: Path, folder: Path) -> None:
    store = Store(str(folder))
    dataset = Dataset(store=OxigraphStore(store=store))
    with quads.open("rb") as file:
        # An own base IRI: that of a file in a folder with blanks or Chinese in its name would be refused.
        dataset.parse(file, publicID=DATA, format="ox-nquads", transactional=False)
    store.optimize()  # a third off the time of long answers, for two seconds a million quads
    dataset.close()


def _point_to(root: Path, name: str) -> None:
    draft = root / f".current-{os.getpid()}"
    with draft.open("w", encoding="ascii") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(root / "current")


def _open_current(home: Path) -> Store:
    pointer = home / "store" / "current"
    for _ in range(3):  # a build may take a former store away between the reading of its name and the opening
        try:
            name = pointer.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise MissingStore(f"{home}: there is no graph yet; make one with: kg build PATH --home {home}") from None
        try:
            return Store.read_only(str(home / "store" / name))
        except OSError as error:
            cause = error
    raise MissingStore(f"{home / 'store' / name}: the store cannot be opened: {cause}; kg build makes it anew")


def _clear_former(root: Path, current: str) -> None:
    for folder in root.iterdir():
        if folder.is_dir() and folder.name != current and not folder.name.startswith("."):
            shutil.rmtree(folder, ignore_errors=True)  # on Windows one that is still read stays until the next build


def _clear_left_behind(root: Path) -> None:
    for folder in root.glob(".building-*"):
        if time.time() - folder.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(folder, ignore_errors=True)


def _sort_lines(path: Path, folder: Path) -> Iterator[bytes]:
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
