"""Whether two stores give the same answer: rows and columns in any order, numbers as numbers, joined texts sorted."""

from __future__ import annotations

import re
from collections import Counter

from kg.queries import Query
from kg.rows import Rows

# What the questions of the library are asked about, of the graph of tests/graph_home.py.
VALUES = {
    **{"school": "白洋湖", "organisation": "青松岭", "subject": "白洋湖", "entity": "长城哈弗", "name": "蒙牛"},
    **{"enterprise": "哈弗", "partner": "哈弗", "group": "燕西", "designation": "重点", "programme": "汽修"},
    **{"region": "河北", "class": "交通运输大类", "mode": "顶岗实习", "indicator": "在校生数", "year": "2023"},
    **{"report": "baiyanghu-2023"},
}


def choose_values(query: Query) -> dict[str, str]:
    """A value for each parameter that a query needs."""
    return {each.name: VALUES[each.name] for each in query.parameters if each.required}


def assert_same(one: Rows, other: Rows) -> None:
    assert sorted(one.columns) == sorted(other.columns)
    first, second = (
        Counter(tuple(sorted(zip(rows.columns, map(_plain, row), strict=True))) for row in rows.rows)
        for rows in (one, other)
    )
    assert first == second, f"only one has {list(first - second)[:3]}, only the other {list(second - first)[:3]}"


def _plain(value):
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    if isinstance(value, str):
        return tuple(sorted(re.split("[、|]", value)))
    return round(float(value), 9)
