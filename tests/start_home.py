"""Homes for the tests of the start page: the fixture with a partner whose place is known, and with names of one's own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from graph_home import STATEMENTS

from kg import store

IRI = "https://w3id.org/zhijiao-kg/id/"
HAFO, BAODING = f"{IRI}enterprise/4ea878d15f75", f"{IRI}region/d9dc88acbd5e"


def make_placed_home(folder: Path) -> Path:
    """The fixture, in which the city's report says that the enterprise of both schools lies in the city."""
    home = folder / "图谱"
    shutil.copytree(STATEMENTS, home / "statements")
    row = {
        "kind": "statement",
        "id": "00112233445566aa",
        "predicate": "locatedIn",
        "subject": HAFO,
        "object": BAODING,
        "qualifiers": {},
        "extractor": "schools",
        "said": {"subject": "长城哈弗", "object": "保定市"},
        "evidence": {"start": 100, "end": 110, "section": "一、规模", "text": "长城哈弗位于保定市。"},
    }
    with (home / "statements" / "baoding-2023.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
    store.rebuild(home)
    return home


def make_named_home(folder: Path, names: Sequence[str]) -> Path:
    """The fixture with other names: entities and titles of reports bear these, one after the other."""
    home = folder / "names"
    (home / "statements").mkdir(parents=True)
    given: dict[str, str] = {}
    for path in sorted(STATEMENTS.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for row in rows:
            if row["kind"] == "entity" and "/region/" not in row["iri"]:
                row["name"] = given.setdefault(row["iri"], names[len(given) % len(names)])
                row["aliases"] = []
            if row["kind"] == "report":
                row["title"] = row["publisher"] = names[len(given) % len(names)]
        text = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
        (home / "statements" / path.name).write_text(text, encoding="utf-8")
    store.rebuild(home)
    return home
