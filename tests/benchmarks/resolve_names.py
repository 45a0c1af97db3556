"""How fast names resolve: ``python -m tests.benchmarks.resolve_names [--names 100000] [--seed 1]``.

Made names of schools, companies, hospitals, offices and groups stand in made reports, 200 in each; every report is
resolved, its entities meet those of the others, and what may be one thing is proposed, as for one graph.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from made_names import PLACED_TYPES, Maker, city_of, company, placed_name
from same_pairs import SAME

from kg.identity import ReportIdentity
from kg.model import EntityType, ReportInfo
from kg.name_keys import fold
from kg.proposals import Name, Named, propose_merges
from kg.registry import Registry

PER_REPORT = 200
X = TypeVar("X")


@dataclass(frozen=True, slots=True)
class Measured:
    """What resolving gave and cost; ``baseline`` is the time that folding the same names once takes."""

    names: int
    entities: int
    proposals: int
    seconds: float
    baseline: float


def make_reports(count: int, seed: int) -> list[tuple[str, list[tuple[EntityType, str]]]]:
    """(region, names) of reports that hold ``count`` names together, some in two spellings."""
    make, reports, left = Maker(seed), [], count
    while left > 0:
        city = city_of(make.county()).name
        names = list(_draw_names(make, city, min(PER_REPORT, left)))
        reports.append((city, names))
        left -= len(names)
    return reports


def _draw_names(make: Maker, city: str, count: int) -> Iterator[tuple[EntityType, str]]:
    for at in range(count):
        if at % 10 == 0:
            pair = make.pick(SAME)(make)
            yield pair.type, make.pick([pair.name, pair.other])
        elif at % 2:
            yield EntityType.ENTERPRISE, company(make, make.pick(["", city, city[:-1]]))
        else:
            kind = make.pick(PLACED_TYPES)
            yield kind, placed_name(make, kind, make.pick([city, make.place().name, ""]))


def resolve(reports: list[tuple[str, list[tuple[EntityType, str]]]]) -> tuple[int, int]:
    """Resolves the reports as one graph; returns the numbers of entities and of proposals."""
    registry = Registry(Path("none"))
    found: dict[str, tuple[EntityType, list[Name]]] = {}
    for at, (region, names) in enumerate(reports):
        identity = ReportIdentity(ReportInfo(region=region))
        for kind, name in names:
            identity.add(kind, name)
        identity.resolve()
        registry.assign(identity.entities(), identity.info)
        for entity in identity.entities():
            kept = found.setdefault(entity.iri, (entity.type, []))[1]
            kept.extend(Name(name, f"r{at}", region) for name in entity.names)
    named = [Named(iri, kind, tuple(names)) for iri, (kind, names) in found.items()]
    return len(named), len(propose_merges(named))


def measure(count: int, seed: int = 1) -> Measured:
    """Resolves ``count`` names and takes the time."""
    reports = make_reports(count, seed)
    texts = [name for _, names in reports for _, name in names]
    baseline, _ = _time(lambda: [fold(text) for text in texts])
    seconds, (entities, proposals) = _time(lambda: resolve(reports))
    return Measured(len(texts), entities, proposals, seconds, baseline)


def _time(do: Callable[[], X]) -> tuple[float, X]:
    start = time.perf_counter()
    result = do()
    return time.perf_counter() - start, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    measured = measure(given.names, given.seed)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    print(f"{measured.names} names, {measured.entities} entities, {measured.proposals} proposals")
    print(f"{measured.seconds:.1f} s ({measured.seconds / measured.baseline:.0f} times folding them), {memory:.2f} GB")


if __name__ == "__main__":
    main()
