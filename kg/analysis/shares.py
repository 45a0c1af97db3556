"""How much of a school's cooperation hangs on few partners."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas

from kg.analysis.programmes import key_programmes
from kg.analysis.scope import EVERYTHING, Scope, make_answer, name_place, select_partnerships, tell_scope
from kg.frames import Frames

FEW = 3  # partners whose share is told together
DIGITS = 6
_COLUMNS = (
    *("school", "school_name", "place", "place_basis", "partners", "links"),
    *("top_partners", "top_share", "top3_share", "hhi", "effective"),
)


def measure_concentration(frames: Frames, scope: Scope = EVERYTHING) -> pandas.DataFrame:
    """How the links of each school are spread over its partners, most concentrated first.

    A link is a programme for which a partner is named; a partner that is named for none has one link. school,
    school_name, place, place_basis; partners, links; top_partners, those of most links (several where they are equal), top_share;
    top3_share, of the FEW first; hhi, the sum of squared shares (Herfindahl 1950, Hirschman 1964), from 1/partners to 1;
    effective, its inverse: as many partners with equal shares would be as concentrated (Laakso and Taagepera 1979).
    """
    facts = select_partnerships(frames, scope)
    keys = key_programmes(frames)
    links: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    names = {}
    columns = facts[["school", "school_name", "partner", "partner_name", "programme_iris"]]
    for school, school_name, partner, partner_name, programmes in columns.itertuples(index=False, name=None):
        names[school], names[partner] = school_name, partner_name
        links[school][partner].update(keys[each] for each in programmes)
    rows = []
    for school, of in links.items():
        counts = sorted(
            ((max(1, len(programmes)), names[partner], partner) for partner, programmes in of.items()),
            key=lambda each: (-each[0], each[1], each[2]),
        )
        total = sum(count for count, *_ in counts)
        index = sum(count * count for count, *_ in counts) / total**2
        rows.append(
            {
                "school": school,
                "school_name": names[school],
                "place": name_place(frames.entities.at[school, "place_code"]),
                "place_basis": frames.entities.at[school, "place_basis"],
                "partners": len(counts),
                "links": total,
                "top_partners": tuple(name for count, name, _ in counts if count == counts[0][0]),
                "top_share": round(counts[0][0] / total, DIGITS),
                "top3_share": round(sum(count for count, *_ in counts[:FEW]) / total, DIGITS),
                "hhi": round(index, DIGITS),
                "effective": round(1 / index, DIGITS),
            }
        )
    rows.sort(key=lambda row: (-row["hhi"], row["school_name"], row["school"]))
    notes: list[tuple[str, dict[str, Any]]] = [("links", {}), *tell_scope(frames, scope)]
    if len(rows) > 1:
        notes.append(("overall", _sum_up(links, names)))
    return make_answer(rows, _COLUMNS, notes)


def _sum_up(links: dict[str, defaultdict[str, set[str]]], names: dict[str, str]) -> dict[str, str | int]:
    """The same over all schools together: the share of the few partners with most links."""
    counts: defaultdict[str, int] = defaultdict(int)
    for of in links.values():
        for partner, programmes in of.items():
            counts[partner] += max(1, len(programmes))
    total = sum(counts.values())
    best = sorted(counts, key=lambda partner: (-counts[partner], names[partner], partner))[:FEW]
    share = sum(counts[partner] for partner in best) / total if total else 0.0
    index = sum(count * count for count in counts.values()) / total**2 if total else 0.0
    return {
        "partners": len(counts),
        "links": total,
        "best": "、".join(names[partner] for partner in best),
        "share": f"{share:.1%}",
        "hhi": f"{index:.4f}",
    }
