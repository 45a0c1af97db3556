"""How a table of examples marks a line that the code does not read as it should yet."""

from __future__ import annotations

from typing import Any

import pytest


def flaw(reason: str, *values: Any) -> Any:
    """The values as a pytest parameter that is expected to fail; it may pass once the flaw is gone."""
    return pytest.param(*values, marks=pytest.mark.xfail(reason=reason, strict=False))


def plain(*tables: Any) -> list[Any]:
    """The values of all lines, the flawed too, without their marks."""
    rows = [row for table in tables for row in table]
    return [(row.values[0] if len(row.values) == 1 else row.values) if hasattr(row, "values") else row for row in rows]
