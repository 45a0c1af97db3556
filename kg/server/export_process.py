"""Writes an export to stdout, in a process of its own: ``python -m kg.server.export_process HOME WHAT FORMAT``.

It reads every statement file, which takes its time and shall not take that of those who ask.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from kg.errors import KgError
from kg.export.writing import export


def main(home: Path, what: str, form: str) -> int:
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)
    try:
        export(home, what, form, sys.stdout.buffer)
    except KgError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
