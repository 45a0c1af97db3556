"""What reports of each kind of file cost: ``python -m tests.benchmarks.report_costs FILE_OR_FOLDER …``.

For each ending the processor's time that reading takes (of the file's kind alone, and of all: programs such as LibreOffice
that are started for it count), the most memory that the reading process had until then, and the bytes of the file, of what a
worker sends back, and of the statement file. Each is a mean over the files, which are read once each.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import tempfile
from collections import defaultdict
from pathlib import Path

from kg.extraction import try_input
from kg.inputs import Failure, Input, find_inputs
from kg.readers import read_document
from kg.registry import Registry
from kg.statements import make_records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    with tempfile.TemporaryDirectory() as folder:
        groups: dict[str, list[Input]] = defaultdict(list)
        for item in find_inputs(parser.parse_args().paths, Path(folder)).inputs:
            groups[item.path.suffix.lower()].append(item)
        try_input(next(iter(groups.values()))[0])  # what is loaded once
        registry = Registry(Path(folder) / "registry.jsonl")
        columns = ("files", "read s", "all s", "MB", "file KB", "sent KB", "kept KB")
        print(f"{'':<8}" + "".join(f"{column:>10}" for column in columns))
        for ending in sorted(groups):
            _print_costs(ending, groups[ending], registry)


def _print_costs(ending: str, items: list[Input], registry: Registry) -> None:
    read = whole = 0.0
    sizes = [0, 0, 0]
    for item in items:
        start = _used()
        read_document(item.path, item.report)
        between = _used()
        result = try_input(item)
        whole += _used() - between
        read += between - start
        if isinstance(result, Failure):
            print(f"failed: {result.cause}")
            continue
        lines = [json.dumps(record, ensure_ascii=False) for record in make_records(result, registry)]
        sizes[0] += item.path.stat().st_size
        sizes[1] += len(pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL))
        sizes[2] += sum(len(line.encode()) + 1 for line in lines)
    count = len(items)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{ending:<8}{count:>10}{read / count:>10.2f}{whole / count:>10.2f}{most:>10.0f}"
        + "".join(f"{size / count / 1024:>10.0f}" for size in sizes)
    )


def _used() -> float:
    """Seconds of processor that this process and those it started and that are done have used."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    main()
