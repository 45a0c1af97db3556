"""What it costs to read a report: ``python -m tests.benchmarks.extraction [FILE.txt …]``.

The baseline is spaCy's blank ``zh`` tokenizer alone over the same text in the same run; a report may cost twelve times
as much, from file to statements. Then how the cost grows with a report's length, up to a million characters. Without
files it takes the held-out reports.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from kg.pipeline import build

HELDOUT = Path(__file__).resolve().parent.parent / "heldout"
LIMIT = 12
LENGTHS = (50_000, 250_000, 1_000_000)  # characters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files or sorted(HELDOUT.rglob("reports/*.txt"))
    tokenizer = spacy.blank("zh")
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    with tempfile.TemporaryDirectory() as folder:
        warm_up = Path(folder) / "warm"
        build([files[0]], warm_up)
        print(f"{'report':<24}{'characters':>12}{'tokenizer s':>13}{'report s':>10}{'ratio':>8}   (limit {LIMIT})")
        for number, (path, text) in enumerate(texts.items()):
            home = Path(folder) / str(number)
            alone = best_of(5, lambda text=text: tokenizer(text))
            whole = best_of(3, lambda path=path, home=home: build([path], home))
            print(f"{path.stem:<24}{len(text):>12,}{alone:>13.3f}{whole:>10.3f}{whole / alone:>8.1f}")
        print(f"\n{'characters':>12}{'seconds':>10}{'µs a character':>17}")
        together = "\n".join(texts.values())
        for length in LENGTHS:
            path = Path(folder) / f"long-{length}.txt"
            path.write_text((together * (length // len(together) + 1))[:length], encoding="utf-8")
            seconds = best_of(1, lambda path=path, length=length: build([path], Path(folder) / f"home-{length}"))
            print(f"{length:>12,}{seconds:>10.2f}{seconds / length * 1e6:>17.1f}")


def best_of(times: int, call: Callable[[], object]) -> float:
    """Seconds of the quickest of several calls: the machine's other work only ever adds."""
    return min(_time(call) for _ in range(times))


def _time(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
