"""The analyses of the three gold reports, against what careful readers took from them.

Names come from the gold facts beside the reports (``KG_GOLD_DIR``, see test_gold.py).
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from kg import analysis, store
from kg.analysis import Scope
from kg.decision_file import list_idle
from kg.frames import Frames, read_frames
from kg.pipeline import build

pytestmark = pytest.mark.gold

CLOSED = "停办"
CLOSE = {"订单培养", "顶岗实习"}


class Gold:
    """The gold facts of all reports; ``same`` joins what is one thing in several of them."""

    def __init__(self, folder: Path) -> None:
        self.entities: dict[str, dict[str, Any]] = {}
        self.relations: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for path in sorted(folder.glob("*.entities.jsonl")):
            report = path.name.removesuffix(".entities.jsonl")
            self.entities |= {f"{report}/{each['id']}": each for each in _read(path)}
            for each in _read(folder / f"{report}.relations.jsonl"):
                self.relations[report].append(each | {"s": f"{report}/{each['s']}", "o": f"{report}/{each['o']}"})
        self.same = [set(each["same"]) for each in _read(folder / "identity.jsonl")]

    def all_of(self, entity: str) -> set[str]:
        return next((group for group in self.same if entity in group), {entity})

    def names_of(self, entity: str) -> set[str]:
        found = [self.entities[each] for each in self.all_of(entity)]
        return {name for each in found for name in (each["name"], *each["aliases"])}

    def list_unpartnered(self, school: str, reports: tuple[str, ...]) -> tuple[list[set[str]], set[str]]:
        """The names of each programme that is offered and not closed, and for which no partner is named; all names for
        which one is, or which a reader could leave out."""
        named: set[str] = set()
        offers: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
        for report in reports:
            for each in self.relations[report]:
                if each["s"] not in self.all_of(school):
                    continue
                if each["p"] == "partnersWith":
                    named.update(each["q"].get("programmes", ()))
                elif each["p"] == "offersProgramme":
                    entity = self.entities[each["o"]]
                    offers[frozenset((entity["name"], *entity["aliases"]))].append(each)
        closed = {name for names, found in offers.items() if any(_is_closed(each) for each in found) for name in names}
        left = {name for names, found in offers.items() if all(each["optional"] for each in found) for name in names}
        # 计算机 in one report is 计算机应用 in the other: what shares a name with a partnered programme is partnered too
        for names in offers:
            if names & named:
                named |= names
        bare = [set(names) for names in offers if not names & (named | closed | left)]
        return bare, named | left


def _is_closed(relation: dict[str, Any]) -> bool:
    status = relation["q"].get("status", ())
    return CLOSED in ([status] if isinstance(status, str) else status)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def gold(gold_dir: Path) -> Gold:
    return Gold(gold_dir)


@pytest.fixture(scope="module")
def home(gold_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    assert build([gold_reports], folder).failed == []
    store.rebuild(folder)
    return folder


@pytest.fixture(scope="module")
def frames(home: Path) -> Frames:
    return read_frames(home)


@pytest.fixture
def shared_partner(gold: Gold) -> set[str]:
    """The one partner with which more than one school runs order classes or internships."""
    schools = defaultdict(set)
    for relations in gold.relations.values():
        for each in relations:
            if each["p"] == "partnersWith" and CLOSE & set(each["q"].get("modes") or ()):
                schools[min(gold.all_of(each["o"]))].add(min(gold.all_of(each["s"])))
    (found,) = [partner for partner, of in schools.items() if len(of) > 1]
    return gold.all_of(found)


def test_the_partner_of_two_schools_shows_both(gold: Gold, frames: Frames, shared_partner: set[str]) -> None:
    wanted = set()
    for relations in gold.relations.values():
        for each in relations:
            if each["o"] in shared_partner and each["p"] == "partnersWith":
                wanted.add(min(gold.all_of(each["s"])))
    names = {name for entity in shared_partner for name in gold.names_of(entity)}
    rows = [row for row in analysis.find_brokers(frames).to_dict("records") if row["partner_name"] in names]
    assert len(rows) == 1 and CLOSE & set(rows[0]["modes"])
    assert len(rows[0]["school_names"]) == len(wanted) == 2
    for school in wanted:
        assert gold.names_of(school) & set(rows[0]["school_names"])
    assert rows[0]["evidence"]


def test_merged_by_a_person_it_shows_all_modes_of_both(gold: Gold, home: Path, shared_partner: set[str]) -> None:
    before = read_frames(home)
    names = {name for entity in shared_partner for name in gold.names_of(entity)}
    apart = sorted(before.entities[before.entities["name"].isin(names)]["name"])
    if len(apart) > 1:
        from kg.cli import main

        with pytest.raises(SystemExit) as ended:
            main(["identity", "merge", *apart, "--reason", "同一企业", "--home", str(home)])
        assert not ended.value.code and list_idle(home) == []
    merged = read_frames(home)
    rows = [row for row in analysis.measure_degree(merged).to_dict("records") if row["name"] in names]
    assert [row["degree"] for row in rows] == [2] and set(rows[0]["modes"]) >= CLOSE
    changes = analysis.compare_builds(before, merged)
    assert set(changes["change"]) <= {"kept", "changed"}  # one partner under one name: nothing is gone, nothing is new


@pytest.mark.parametrize("of_its_year", [False, True])
def test_programmes_without_a_partner_are_listed_right(gold: Gold, frames: Frames, of_its_year: bool) -> None:
    """Of the school that has a report of its own: what a reader found without a partner, and nothing else but what the
    answer itself says may have one (kindergartens are named as partners of the school, and for which programme only a
    reader can tell)."""
    ((report, year),) = frames.reports.loc[frames.reports["level"] == "school", ["report", "year"]].to_numpy()
    (school,) = {each["s"] for each in gold.relations[report] if each["p"] == "offersProgramme"}
    reports = (report,) if of_its_year else tuple(gold.relations)
    wanted, _ = gold.list_unpartnered(school, reports)
    assert len(wanted) > 10
    (iri,) = frames.entities.index[
        (frames.entities["type"] == "School") & frames.entities["name"].isin(gold.names_of(school))
    ]
    scope = Scope(schools=frozenset({iri}), years=frozenset({year} if of_its_year else ()))
    rows = analysis.find_unpartnered_programmes(frames, scope).to_dict("records")
    found = {name: row for row in rows for name in (row["programme"], *row["also"])}
    assert [names for names in wanted if not names & set(found)] == []
    known = set.union(*wanted)
    extra = [row for row in rows if not known & {row["programme"], *row["also"]}]
    assert [row["programme"] for row in extra if not row["perhaps"]] == []
    assert len(extra) <= 1
    assert all(row["evidence"] for row in rows)
