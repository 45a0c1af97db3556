"""The sheets of the partnership workbook: what an officer takes into a meeting, made of the chosen part of a graph.

Sheets stand in one order for both languages. The sheet of evidence is made last, out of what the others lead to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from kg.coverage import UNLISTED, UNNAMED, Coverage, Line, find_class, list_open_offerings
from kg.coverage import Cell as Field
from kg.divisions import say_place
from kg.frame_choice import Chosen, Row
from kg.workbook_file import Cell, Column, Kind, Sheet, Value, count_units
from kg.workbook_words import Words, make_sheet

EXCERPT = 160  # characters of evidence beside a fact; the sheet of evidence has all of it
_ROLES = ("组建", "牵头", "常务理事", "理事", "成员")


@dataclass
class Maker:
    """Makes the sheets of a choice, each by a method of its name; ``make_evidence`` after all others.

    ``own`` says of which years each school published a report itself.
    """

    words: Words
    chosen: Chosen
    coverage: Coverage
    own: Mapping[str, set[int]]
    years: Sequence[int] = ()
    facts: list[Row] = field(init=False)
    at: dict[str, int] = field(init=False)  # statement → row of the sheet of partnerships
    bare_at: dict[str, int] = field(init=False, default_factory=dict)  # statement → row of programmes without partner
    _evidence: dict[str, tuple[int, Row, tuple[str, int]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = sorted(
            self.chosen.partnerships,
            key=lambda row: (
                row["school_type"] != "School",
                row["school_name"],
                row["school"],
                row["partner_name"],
                row["partner"],
                row["years"],
                row["report"],
                row["section"] or "",
                row["statement"],
            ),
        )
        self.at = {row["statement"]: at for at, row in enumerate(self.facts)}

    # ---- partnerships

    def make_partnerships(self) -> Sheet:
        say = self.words
        rows = []
        for at, row in enumerate(self.facts):
            linked = [self._entity(iri) for iri in row["programme_iris"]]
            rows.append(
                (
                    self._school(row["school"]),
                    self._region(row["school"]),
                    say.join(row["programmes"]),
                    say.join(each["name"] for each in linked),
                    say.join(each["code"] for each in linked if each["code"]),
                    row["partner_name"],
                    say.type(row["partner_type"]),
                    say.modes(row["modes"]),
                    self._years(row["years"]),
                    say.say(f"basis.{row['year_basis']}"),
                    self._list(row["headcount"]),
                    self._see(row, ("partnerships", at)),
                    _shorten(row["evidence"]),
                    *self._source(row),
                )
            )
        keys = ("school", "region", "named", "programme", "code", "partner", "type", "modes", "years", "basis")
        return self._sheet(
            "partnerships", (*keys, "headcount", "see", "evidence", "place", "title", "report_year"), rows
        )

    def make_unpartnered(self) -> Sheet:
        """Programmes on offer for which no place of any report names a partner of the school."""
        covered = {(row["school"], iri) for row in self.chosen.scope for iri in row["programme_iris"]}
        by_class: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self.chosen.scope:
            for iri in row["programme_iris"]:
                if (key := find_class(self._entity(iri))) != UNLISTED:
                    by_class[row["school"], key].add(row["partner_name"])
        found = [
            (key, places) for key, places in list_open_offerings(self.chosen.offerings).items() if key not in covered
        ]
        found.sort(
            key=lambda item: (
                self._school(item[0][0]),
                item[0][0],
                self._entity(item[0][1])["code"] or "~",
                self._entity(item[0][1])["name"],
                item[0][1],
            )
        )
        rows = []
        for at, ((school, programme), places) in enumerate(found):
            last, entity = places[-1], self._entity(programme)
            years = sorted({year for row in places for year in row["years"]})
            statuses = dict.fromkeys(each for row in places for each in row["status"])
            self.bare_at[last["statement"]] = at
            rows.append(
                (
                    self._school(school),
                    self._region(school),
                    entity["name"],
                    entity["code"],
                    entity["class"] or self.words.say("unlisted"),
                    self._level(entity["level"]),
                    self._years(years),
                    self.words.join(self.words.concept("statuses", each) for each in statuses),
                    self._list(last["headcount"]),
                    self.words.join(sorted(by_class.get((school, find_class(entity)), ()))),
                    self._see(last, ("unpartnered", at)),
                    _shorten(last["evidence"]),
                    *self._source(last),
                )
            )
        keys = ("school", "region", "programme", "code", "class", "level", "years", "status", "headcount", "same_class")
        return self._sheet("unpartnered", (*keys, "see", "evidence", "place", "title", "report_year"), rows)

    def list_partners(self) -> list[tuple[int, str, list[Row]]]:
        """Rank, IRI and facts of each partner: those of most schools first, then those of most statements."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.facts:
            found[row["partner"]].append(row)

        def size(rows: list[Row]) -> tuple[int, int]:
            return -len(list_schools(rows)), -len(rows)

        order = sorted(found.items(), key=lambda item: (size(item[1]), item[1][0]["partner_name"], item[0]))
        ranked: list[tuple[int, str, list[Row]]] = []
        for at, (iri, rows) in enumerate(order, start=1):
            same = ranked and size(ranked[-1][2]) == size(rows)
            ranked.append((ranked[-1][0] if same else at, iri, rows))
        return ranked

    def make_partners(self) -> Sheet:
        rows = []
        for rank, iri, facts in self.list_partners():
            entity = self._entity(iri)
            rows.append(
                (
                    rank,
                    entity["name"],
                    self._to_fact(facts[0]["statement"]),
                    self.words.type(entity["type"]),
                    self._place(entity["place_code"]),
                    self.words.say(f"lies.{entity['place_basis']}"),
                    len(list_schools(facts)),
                    len(facts),
                    self.words.modes(_gather(facts, "modes")),
                    self.words.join(dict.fromkeys(self._entity(p)["name"] for p in _gather(facts, "programme_iris"))),
                    self._years(sorted(_gather(facts, "years"))),
                    self.words.join(dict.fromkeys(self._school(row["school"]) for row in facts)),
                )
            )
        keys = (
            "rank",
            "partner",
            "facts",
            "type",
            "lies",
            "lies_basis",
            "school_count",
            "fact_count",
            "modes",
            "programmes",
        )
        return self._sheet("partners", (*keys, "years", "schools"), rows, frozen=2)

    def make_shared(self) -> Sheet:
        rows = []
        for _, iri, facts in self.list_partners():
            schools = list_schools(facts)
            if len(schools) < 2:
                continue
            for school in schools:
                of_school = [row for row in facts if row["school"] == school]
                rows.append(
                    (
                        self._entity(iri)["name"],
                        self.words.type(self._entity(iri)["type"]),
                        len(schools),
                        self._school(school),
                        self._to_fact(of_school[0]["statement"]),
                        self._region(school),
                        self.words.modes(_gather(of_school, "modes")),
                        self.words.join(
                            dict.fromkeys(self._entity(p)["name"] for p in _gather(of_school, "programme_iris"))
                        ),
                        self._years(sorted(_gather(of_school, "years"))),
                        len(of_school),
                    )
                )
        keys = (
            "partner",
            "type",
            "school_count",
            "school",
            "facts",
            "region",
            "modes",
            "programmes",
            "years",
            "fact_count",
        )
        return self._sheet("shared", keys, rows)

    # ---- groups, changes

    def make_groups(self) -> Sheet:
        def order(row: Row) -> tuple[object, ...]:
            ranks = [_ROLES.index(role) if role in _ROLES else len(_ROLES) for role in row["role"]]
            return row["group_name"], row["group"], min(ranks, default=9), row["member_name"], row["statement"]

        rows = []
        for at, row in enumerate(sorted(self.chosen.memberships, key=order)):
            rows.append(
                (
                    row["group_name"],
                    self.words.type(row["group_type"]),
                    self.words.join(map(self.words.role, row["role"])),
                    row["member_name"],
                    self.words.type(row["member_type"]),
                    self._years(row["years"]),
                    self.words.say(f"basis.{row['year_basis']}"),
                    self._years(row["since"]),
                    self._see(row, ("groups", at)),
                    _shorten(row["evidence"]),
                    *self._source(row),
                )
            )
        keys = ("group", "type", "role", "member", "member_type", "years", "basis", "since", "see", "evidence")
        return self._sheet("groups", (*keys, "place", "title", "report_year"), rows)

    def make_changes(self) -> Sheet:
        """A school's reports of one year and of the next; where one of them is not there, that is all that is said."""
        told: defaultdict[str, defaultdict[int, defaultdict[str, list[Row]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        for row in self.chosen.scope:
            if row["school_type"] == "School" and row["report_year"] is not None:
                told[row["school"]][row["report_year"]][row["partner"]].append(row)
        rows: list[tuple[Value | Cell, ...]] = []
        for school in sorted(told, key=lambda iri: (self._entity(iri)["name"], iri)):
            years, own = sorted({*told[school], *self.own.get(school, ())}), self.own.get(school, set())
            pairs = [pair for pair in pairwise(years) if not self.years or pair[1] in self.years]
            if len(years) == 1 and (not self.years or years[0] in self.years):
                rows.append(self._change(school, None, years[0], self.words.say("change.single", years[0])))
            for before, after in pairs:
                missing = [year for year in (before, after) if year not in own]
                if missing:
                    said = self.words.say("change.missing", self.words.join(missing))
                    rows.append(self._change(school, before, after, said))
                    continue
                rows += self._compare(school, before, after, told[school][before], told[school][after])
        keys = ("school", "before", "after", "change", "partner", "type", "modes_before", "modes_after", "facts")
        return self._sheet("changes", keys, rows)

    def _compare(
        self, school: str, before: int, after: int, old: Mapping[str, list[Row]], new: Mapping[str, list[Row]]
    ) -> list[tuple[Value | Cell, ...]]:
        ranks = {"new": 0, "kept": 1, "silent": 2}
        kinds = {
            partner: "new" if partner not in old else "kept" if partner in new else "silent" for partner in {*old, *new}
        }
        order = sorted(kinds, key=lambda iri: (ranks[kinds[iri]], self._entity(iri)["name"], iri))
        return [
            self._change(
                school,
                before,
                after,
                self.words.say(f"change.{kinds[partner]}", before, after),
                partner,
                old.get(partner, []),
                new.get(partner, []),
            )
            for partner in order
        ]

    def _change(
        self,
        school: str,
        before: int | None,
        after: int,
        said: str,
        partner: str = "",
        old: Sequence[Row] = (),
        new: Sequence[Row] = (),
    ) -> tuple[Value | Cell, ...]:
        at = next((self.at[row["statement"]] for row in (*new, *old) if row["statement"] in self.at), None)
        return (
            self._school(school),
            before,
            after,
            said,
            self._entity(partner)["name"] if partner else "",
            self.words.type(self._entity(partner)["type"]) if partner else "",
            self.words.modes(_gather(old, "modes")),
            self.words.modes(_gather(new, "modes")),
            None if at is None else Cell(self.words.say("to"), ("partnerships", at)),
        )

    # ---- coverage

    def make_classes(self) -> Sheet:
        say, coverage = self.words, self.coverage
        heads = []
        for key, (code, name) in coverage.classes.items():
            heads.append(f"{code} {name}" if name else say.say("unlisted" if key == UNLISTED else "unnamed.programme"))
        rows = []
        for line in coverage.by_class:
            whole = line.whole
            rows.append(
                (
                    self._school(line.iri),
                    self._region(line.iri),
                    whole.programmes,
                    len(whole.covered),
                    len(whole.bare),
                    *(self._mark(line, key) for key in coverage.classes),
                )
            )
        keys = ("school", "region", "programme_count", "covered_count", "bare_count")
        extra = tuple(Column(head, 11, Kind.MARK) for head in heads)
        return self._sheet("classes", keys, rows, extra=extra)

    def make_modes(self) -> Sheet:
        say, coverage = self.words, self.coverage
        heads = [say.concept("modes", mode) if mode else say.say("unnamed.mode") for mode in coverage.modes]
        rows = []
        for line in coverage.by_mode:
            entity = self._entity(line.iri) if line.iri else None
            rows.append(
                (
                    entity["name"] if entity else say.say("unnamed.programme"),
                    entity["code"] if entity else "",
                    (entity["class"] or say.say("unlisted")) if entity else "",
                    line.schools if entity else None,
                    len(line.whole.partners),
                    *(
                        Cell(len(found.partners), self._find(found)) if (found := line.cells.get(mode)) else None
                        for mode in coverage.modes
                    ),
                )
            )
        keys = ("programme", "code", "class", "offering", "partner_count")
        return self._sheet("modes", keys, rows, extra=tuple(Column(head, 11, Kind.MARK) for head in heads))

    def make_places(self) -> Sheet:
        say = self.words
        rows = [
            (
                self._school(pair.school),
                self._place(pair.school_place),
                say.say(f"lies.{pair.school_basis}"),
                self._entity(pair.partner)["name"],
                self._to_fact(pair.facts[0]),
                say.type(self._entity(pair.partner)["type"]),
                self._place(pair.partner_place),
                say.say(f"lies.{pair.partner_basis}"),
                say.say(f"near.{pair.near}"),
                pair.distance,
            )
            for pair in self.coverage.pairs
        ]
        keys = ("school", "school_lies", "school_basis", "partner", "facts", "type", "lies", "lies_basis", "near")
        return self._sheet("places", (*keys, "distance"), rows)

    def _mark(self, line: Line, key: str) -> Cell | None:
        """The field of a school and a class: 2/5, or how many partners no programme is named for."""
        found = line.cells.get(key)
        if found is None:
            return None
        if key == UNNAMED:
            return Cell(len(found.partners), self._find(found))
        tint = "all" if not found.bare else "some" if found.covered else "none"
        return Cell(f"{len(found.covered)}/{found.programmes}", self._find(found), tint)

    def _find(self, found: Field) -> tuple[str, int] | None:
        """The first row that a field of a matrix was counted from; None where the choice leaves none."""
        if facts := [self.at[each] for each in found.facts if each in self.at]:
            return "partnerships", min(facts)
        rows = [self.bare_at[each] for each in found.offers if each in self.bare_at]
        return ("unpartnered", min(rows)) if rows else None

    # ---- checks, issues, evidence

    def make_checks(self, checks: Iterable[Row]) -> Sheet:
        titles, say = self._titles(), self.words
        rows = []
        for row in checks:
            if row["report"] not in titles:
                continue
            against = [f"{each['value']}：{each['evidence']['text']}" for each in row["against"]]
            evidence = row["evidence"][0]
            rows.append(
                (
                    say.concept("verdicts", row["verdict"]),
                    say.concept("checkKinds", row["check"]),
                    row["subject"]["name"],
                    row["what"],
                    row["year"],
                    row["stated"],
                    row["found"],
                    row["unit"],
                    _shorten(row["reason"] or "；".join(against) or say.join(row["names"])),
                    _shorten(evidence["text"]),
                    self._where(evidence),
                    titles[row["report"]],
                )
            )
        keys = ("verdict", "kind", "subject", "what", "year", "stated", "found", "unit", "details", "evidence")
        return self._sheet("checks", (*keys, "place", "title"), rows)

    def make_issues(self, issues: Iterable[Row]) -> Sheet:
        titles = self._titles()
        rows = [
            (
                titles[row["report"]],
                row["code"],
                row["message"],
                _shorten(row["quote"]),
                row["section"],
                row["page"],
            )
            for row in issues
            if row["report"] in titles
        ]
        return self._sheet("issues", ("title", "problem", "message", "evidence", "section", "page"), rows)

    def make_evidence(self) -> Sheet:
        rows: list[tuple[Value | Cell, ...]] = []
        for at, row, (key, index) in self._evidence.values():
            assert at == len(rows)
            fact = self.words.say("line", self.words.name_sheet(key), index + 2)
            rows.append(
                (
                    Cell(fact, (key, index)),
                    row["evidence"],
                    row["report_title"],
                    row["report"],
                    row["report_year"],
                    row["section"],
                    row["page"],
                    row["table"],
                    row["row"],
                )
            )
        keys = ("fact", "whole", "title", "report", "report_year", "section", "page", "table", "row")
        return self._sheet("evidence", keys, rows)

    # ---- cells

    def _sheet(
        self,
        key: str,
        keys: Sequence[str],
        rows: Sequence[Sequence[Value | Cell]],
        frozen: int = 1,
        extra: tuple[Column, ...] = (),
    ) -> Sheet:
        return make_sheet(self.words, key, keys, rows, frozen, extra)

    def _entity(self, iri: str) -> Row:
        return self.chosen.entities[iri]

    def is_school(self, iri: str) -> bool:
        """False for a region that stands for all its schools."""
        return bool(self._entity(iri)["type"] == "School")

    def _school(self, iri: str) -> str:
        entity = self._entity(iri)
        return str(entity["name"]) if entity["type"] != "Region" else self.words.say("all.region", entity["name"])

    def _region(self, iri: str) -> str:
        return self._place(self._entity(iri)["place_code"])

    def _place(self, code: str) -> str:
        return say_place(code) if code else ""

    def _level(self, level: str) -> str:
        return self.words.concept("scheme-levels", level) if level else ""

    def _years(self, years: Sequence[Any]) -> Value:
        return None if not years else years[0] if len(years) == 1 else self.words.join(years)

    def _list(self, values: Sequence[Any]) -> Value:
        return None if not values else values[0] if len(values) == 1 else self.words.join(values)

    def _see(self, row: Row, fact: tuple[str, int]) -> Cell:
        """The way to the words of a statement; the first fact that leads there is the one that they lead back to."""
        at, _, _ = self._evidence.setdefault(row["statement"], (len(self._evidence), row, fact))
        return Cell(self.words.say("to"), ("evidence", at))

    def _to_fact(self, statement: str) -> Cell:
        return Cell(self.words.say("to"), ("partnerships", self.at[statement]))

    def _source(self, row: Row) -> tuple[Value, ...]:
        return self._where(row), row["report_title"], row["report_year"]

    def _where(self, row: Mapping[str, Any]) -> str:
        """Page and table; the section where there is neither."""
        page, table = row.get("page"), row.get("table")
        words = [
            self.words.say("page", page) if page else "",
            self.words.say("table", table, row.get("row")) if table else "",
        ]
        return self.words.join(filter(None, words)) or str(row.get("section") or "")

    def _titles(self) -> dict[str, str]:
        return {row["report"]: row["title"] or row["report"] for row in self.chosen.reports}


def list_schools(rows: Iterable[Row]) -> list[str]:
    """The schools of some facts, each once; a whole region is none."""
    return list(dict.fromkeys(row["school"] for row in rows if row["school_type"] == "School"))


def _gather(rows: Iterable[Row], key: str) -> list[Any]:
    return sorted({value for row in rows for value in row[key]})


def _shorten(text: str) -> str:
    return text if count_units(text) <= EXCERPT else f"{text[:EXCERPT]}……"
