"""What people decided: applied to what is read, gone without a trace when taken back, told in one line when wrong."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from graph_home import STATEMENTS
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import store
from kg.decision_file import (
    add_decision,
    decisions_path,
    list_idle,
    load_decisions,
    parse_decisions,
    read_decided_files,
    remove_decision,
)
from kg.errors import BrokenDecisions, UsageError
from kg.export.writing import export
from kg.network import draw_home
from kg.network_views import View
from kg.queries import run_query
from kg.statement_files import StatementFile, read_statement_file

ID = "https://w3id.org/zhijiao-kg/id/"
SCHOOL = f"白洋湖职业技术学校 <{ID}school/667ed4760304>"
COLLEGE = f"燕西应用技术学院 <{ID}school/87bed6fa20c8>"
CENTRE = f"青松岭职业教育中心 <{ID}school/fe152bd508aa>"
CARS = f"长城哈弗 <{ID}enterprise/4ea878d15f75>"
MILK = f"蒙牛 <{ID}enterprise/d1aae59ceaec>"
TOOLS = f"星途精密机械有限公司 <{ID}enterprise/65ff8b89bf8b>"
FACT = "1ace6a668ea8b657"  # 白洋湖职业技术学校 partnersWith 长城哈弗, 40 students


def iri(ref: str) -> str:
    return ref[ref.index("<") + 1 : -1]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(STATEMENTS, tmp_path / "statements")
    return tmp_path


def decide(home: Path, **entry: Any) -> int:
    return add_decision(home, {"reason": "查证", **entry})


def read(home: Path) -> dict[str, StatementFile]:
    return {file.report.report: file for file in read_decided_files(home)}


def export_rows(home: Path, what: str) -> list[dict[str, Any]]:
    out = io.BytesIO()
    export(home, what, "jsonl", out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def nquads(home: Path) -> bytes:
    store.rebuild(home)
    out = io.BytesIO()
    store.write_nquads(home, out)
    return out.getvalue()


# ---- each kind


def test_merged_entities_are_one_in_every_answer(home: Path) -> None:
    decide(home, merge=[CARS, MILK])
    (merged,) = [row for row in export_rows(home, "entities") if "蒙牛" in (row["name"], *row["aliases"])]
    assert merged["iri"] == iri(CARS) and merged["name"] == "长城哈弗汽车分公司"
    assert {row["object"]["iri"] for row in export_rows(home, "facts")} & {iri(MILK)} == set()
    store.rebuild(home)
    rows = run_query(home, "schools-of-enterprise", {"enterprise": "蒙牛"}).as_dicts()
    assert {row["school"] for row in rows} == {"白洋湖职业技术学校", "青松岭职业教育中心"}


def test_an_old_iri_leads_to_the_new_entity(home: Path) -> None:
    decide(home, merge=[CARS, MILK])
    text = nquads(home).decode()
    assert f"<{iri(MILK)}> <http://purl.org/dc/terms/isReplacedBy> <{iri(CARS)}> ." in text
    by_old = run_query(home, "everything-about-entity", {"entity": iri(MILK)})
    assert by_old.rows == run_query(home, "everything-about-entity", {"entity": iri(CARS)}).rows != ()
    assert run_query(home, "schools-of-enterprise", {"enterprise": iri(MILK)}).rows != ()
    assert draw_home(home, home / "old.html", View(focus=iri(MILK))).nodes > 1
    assert [line for line in text.splitlines() if iri(MILK) in line and "isReplacedBy" not in line and "sameAs" not in line
            and "deprecated" not in line] == []  # fmt: skip


def test_a_chain_of_merges_ends_at_the_last(home: Path) -> None:
    decide(home, merge=[CARS, MILK])
    decide(home, merge=[TOOLS, CARS])
    assert load_decisions(home).redirects == {iri(CARS): iri(TOOLS), iri(MILK): iri(TOOLS)}


def test_a_fact_of_a_thing_and_itself_is_none(home: Path) -> None:
    rows = [row for row in export_rows(home, "facts") if row["predicate"] == "collaboratesWith"]
    pairs = {(row["subject"]["iri"], row["object"]["iri"]) for row in rows}
    assert (iri(SCHOOL), iri(COLLEGE)) in pairs
    decide(home, merge=[SCHOOL, COLLEGE])
    assert not [row for row in export_rows(home, "facts") if row["subject"]["iri"] == row["object"]["iri"]]


def test_a_new_name_is_everywhere_but_in_the_words_of_the_reports(home: Path) -> None:
    decide(home, rename=MILK, to="蒙牛乳业集团")
    (row,) = [row for row in export_rows(home, "entities") if row["iri"] == iri(MILK)]
    assert row["name"] == "蒙牛乳业集团" and "蒙牛" in row["aliases"]
    assert {f["object"]["name"] for f in export_rows(home, "facts") if f["object"]["iri"] == iri(MILK)} == {"蒙牛"}
    store.rebuild(home)
    assert run_query(home, "schools-of-enterprise", {"enterprise": "蒙牛乳业集团"}).rows != ()


def test_a_new_type_counts_in_queries_and_the_iri_stays(home: Path) -> None:
    decide(home, retype=MILK, to="Institution")
    store.rebuild(home)
    (row,) = run_query(home, "entities", {"name": "蒙牛"}).as_dicts()
    assert row["type"] == "其他机构" and row["iri"] == iri(MILK)


def test_a_name_that_is_split_off_takes_its_facts_along(home: Path) -> None:
    """``星途精机`` of one report is another company: the fact that says so goes, the city's fact stays."""
    decide(home, split=TOOLS, names=["星途精机"], report="baiyanghu-2023", to="星途精机厂")
    facts = [row for row in export_rows(home, "facts") if "星途" in row["object"]["name"]]
    by_report = {row["report"]: row["object"] for row in facts}
    assert by_report["baoding-2023"]["iri"] == iri(TOOLS)
    gone = by_report["baiyanghu-2023"]
    assert gone["iri"] != iri(TOOLS) and gone["name"] == "星途精机" and gone["type"] == "Enterprise"
    assert [row["name"] for row in export_rows(home, "entities") if row["iri"] == gone["iri"]] == ["星途精机厂"]


def test_what_is_split_off_has_the_same_iri_whoever_splits_it_when(home: Path) -> None:
    def split_iri() -> set[str]:
        return {iri for file in read_decided_files(home) for iri in file.entities} - before

    before = {iri for file in read_decided_files(home) for iri in file.entities}
    decide(home, split=TOOLS, names=["星途精机"])
    first = split_iri()
    remove_decision(home, 1)
    decide(home, rename=MILK, to="别的")
    decide(home, split=TOOLS, names=["星途精机"], to="另一个名字")
    assert split_iri() == first and len(first) == 1


def test_all_that_one_report_says_can_be_split_off(home: Path) -> None:
    decide(home, split=MILK, report="baoding-2023")
    rows = [row for row in export_rows(home, "entities") if row["name"] == "蒙牛"]
    assert sorted(row["reports"] for row in rows) == [["baiyanghu-2023"], ["baoding-2023"]]


def test_a_rejected_fact_leaves_the_graph_but_not_its_file(home: Path) -> None:
    decide(home, reject=FACT, about="白洋湖职业技术学校 partnersWith 长城哈弗")
    assert FACT not in {row["id"] for row in export_rows(home, "facts")}
    assert FACT.encode() not in nquads(home)
    path = home / "statements" / "baiyanghu-2023.jsonl"
    assert FACT in {each.id for each in read_statement_file(path).statements}


def test_a_corrected_fact_says_so(home: Path) -> None:
    decide(home, correct=FACT, set={"object": MILK, "qualifiers": {"headcount": 41, "year": None}})
    (row,) = [row for row in export_rows(home, "facts") if row["id"] == FACT]
    assert row["object"]["iri"] == iri(MILK) and row["decided"] == "查证"
    assert row["qualifiers"] == {"headcount": 41, "modes": ["顶岗实习"], "programmes": ["汽修"]}
    assert row["evidence"][0]["text"] == "汽修 长城哈弗 2023.8 40 顶岗实习"
    assert f"statement/{FACT}> <https://w3id.org/zhijiao-kg/ontology#decidedBecause>" in nquads(home).decode()


def test_a_corrected_figure(home: Path) -> None:
    figure = export_rows(home, "figures")[0]
    decide(home, correct=figure["id"], set={"value": 1234.5, "year": 2020})
    (row,) = [row for row in export_rows(home, "figures") if row["id"] == figure["id"]]
    assert (row["value"], row["year"], row["decided"]) == (1234.5, 2020, "查证")


def test_a_fact_added_by_hand_stands_in_its_report_or_in_one_of_its_own(home: Path) -> None:
    entry = {"subject": CENTRE, "predicate": "partnersWith", "object": "戊食品有限公司 (Enterprise)"}
    decide(home, add=entry, source="2024 年协议")
    decide(home, add={**entry, "object": TOOLS}, source="与星途合作", report="baoding-2023")
    rows = {row["report"]: row for row in export_rows(home, "facts") if row.get("decided")}
    assert rows["人工补录"]["object"]["name"] == "戊食品有限公司"
    assert rows["人工补录"]["evidence"][0]["text"] == "2024 年协议"
    assert rows["baoding-2023"]["object"]["iri"] == iri(TOOLS)
    store.rebuild(home)
    (asked,) = run_query(home, "schools-of-enterprise", {"enterprise": "戊食品"}).as_dicts()
    assert asked["school"] == "青松岭职业教育中心" and asked["evidence"] == "2024 年协议"


# ---- undo, rebuild, determinism


def test_undo_gives_back_every_byte(home: Path) -> None:
    before = nquads(home)
    numbers = [
        decide(home, merge=[CARS, MILK]),
        decide(home, split=TOOLS, names=["星途精机"]),
        decide(home, rename=SCHOOL, to="白洋湖学校"),
        decide(home, reject=FACT),
    ]
    text = decisions_path(home).read_bytes()
    between = nquads(home)
    assert between != before
    number = decide(home, retype=MILK, to="Institution")
    assert nquads(home) != between
    remove_decision(home, number)
    assert decisions_path(home).read_bytes() == text
    assert nquads(home) == between
    for number in numbers:
        remove_decision(home, number)
    assert nquads(home) == before


@settings(max_examples=10, deadline=None)
@given(st.permutations(["baiyanghu-2022", "baiyanghu-2023", "baoding-2023"]), st.permutations([1, 2, 3]))
def test_the_order_of_files_and_of_independent_decisions_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, in_order: bytes, files: list[str], order: list[int]
) -> None:
    assert in_steps(tmp_path_factory, files, order) == in_order


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return in_steps(tmp_path_factory, ["baiyanghu-2022", "baiyanghu-2023", "baoding-2023"], [1, 2, 3])


def in_steps(homes: pytest.TempPathFactory, files: Iterable[str], order: Iterable[int]) -> bytes:
    """The graph of decisions that were taken in an order, and of files that came in one."""
    entries: dict[int, dict[str, Any]] = {
        1: {"merge": [CARS, MILK]},
        2: {"split": TOOLS, "names": ["星途精机"]},
        3: {"reject": FACT},
    }
    home = homes.mktemp("home")
    (home / "statements").mkdir()
    for number in order:
        decide(home, **entries[number])
    for name in files:
        shutil.copy(STATEMENTS / f"{name}.jsonl", home / "statements")
        store.rebuild(home)
    return nquads(home)


def test_the_store_knows_when_decisions_changed(home: Path) -> None:
    store.rebuild(home)
    assert not store.rebuild(home).rebuilt
    decide(home, rename=MILK, to="别的")
    assert store.rebuild(home).rebuilt


def test_a_decision_without_its_report_waits(home: Path) -> None:
    decide(home, merge=[CARS, MILK])
    decide(home, reject="ffffffffffffffff")
    assert [line.split()[1] for line in list_idle(home)] == ["2"]
    for path in (home / "statements").glob("*.jsonl"):
        path.unlink()
    assert len(list_idle(home)) == 2
    assert nquads(home)  # an empty graph is a graph


def test_a_split_of_what_no_report_says_is_told(home: Path) -> None:
    report = "旧/baiyanghu-2022"
    decide(home, split=CARS, names=["长城哈弗"], report=report)
    decide(home, split=CARS, names=["长城皮卡"])
    decide(home, split=CARS, report="gone-2020")
    decide(home, split=CARS, names=["长城哈弗"], report="gone-2020")
    decide(home, merge=[MILK, CARS])  # the split speaks of what CARS is now
    assert [line.split()[1] for line in list_idle(home)] == ["2", "3", "4"]
    assert list_idle(home)[0].endswith("kg identity undo 2")


# ---- the file


def test_comments_and_order_stay(home: Path) -> None:
    path = decisions_path(home)
    path.parent.mkdir()
    mine = (
        "# 我们的约定\n\n"
        f"- id: 7   # 先前的\n  reason: '没有 ''引号'''\n  merge:\n  - {CARS}\n  - {MILK}   # 乳业\n  # 结尾\n"
        f"\n# 下一条\n- reason: 另一条\n  id: 3\n  rename: {TOOLS}\n  to: 星途\n"
    )
    path.write_text(mine, encoding="utf-8")
    assert decide(home, retype=MILK, to="Institution") == 8
    assert path.read_text(encoding="utf-8").startswith(mine)
    remove_decision(home, 8)
    assert path.read_text(encoding="utf-8") == mine
    remove_decision(home, 7)
    left = path.read_text(encoding="utf-8")
    assert "# 我们的约定" in left and "# 下一条" in left and "- reason: 另一条" in left and "蒙牛" not in left


def line(text: str) -> str:
    return f"- id: 1\n  reason: 因为\n{text}"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("a: 1", "must be a list"),
        ("- id: 1\n  reason: x\n  merge: [a", "not YAML"),
        ("- id: 1\n  id: 2\n  reason: x", "not YAML"),
        ("- 3", "must have keys"),
        (line("  mrege: []"), "exactly one of merge"),
        (line(f"  merge: ['{CARS}', '{MILK}']\n  into: x"), "no key 'into'"),
        (line(f"  merge: ['{CARS}']"), "two entities or more"),
        (line(f"  merge: ['{CARS}', '{CARS}']"), "one entity twice"),
        (line("  merge: [长城哈弗, 蒙牛]"), "written as 名称 <IRI>"),
        (line("  rename: 甲 <nothing>\n  to: 乙"), "is not an IRI"),
        (line(f"  rename: {CARS}"), "to is missing"),
        (line(f"  retype: {CARS}\n  to: Firm"), "none of Alliance"),
        (line(f"  split: {CARS}"), "which part"),
        (line("  reject: 123"), "quotation marks"),
        (line("  correct: abc\n  set: {headcount: 3}"), "no key 'headcount'"),
        (line("  correct: abc\n  set: {value: 3, predicate: partnersWith}"), "belong to a figure"),
        (line("  correct: abc\n  set: {qualifiers: {modes: [跳舞]}}"), "modes '跳舞' is none of"),
        (line(f"  add: {{subject: '{CARS}', predicate: likes, object: '{MILK}'}}\n  source: x"), "predicate 'likes'"),
        (line(f"  add: {{subject: '{CARS}', predicate: partnersWith, object: '{MILK}'}}"), "source is missing"),
        (f"- id: 1\n  apart: ['{CARS}', '{MILK}']", "reason is missing"),
        ("- id: 1\n  reason: x\n  reject: a\n- id: 1\n  reason: x\n  reject: b", "line 4: line 1 has the id 1 already"),
        (f"- id: x\n  reason: x\n  apart: ['{CARS}', '{MILK}']", "id must be a number"),
    ],
)
def test_a_wrong_file_is_told_with_its_place(text: str, cause: str) -> None:
    with pytest.raises(BrokenDecisions, match=re.escape(cause)) as caught:
        parse_decisions(text, "决定.yaml")
    assert str(caught.value).startswith("决定.yaml: line ") and "\n" not in str(caught.value)


def test_a_correction_of_what_the_fact_has_not_is_told(home: Path) -> None:
    figure = next(each.id for file in read(home).values() for each in file.figures)
    before = nquads(home)
    for fact, change, cause in (
        (FACT, {"value": 3}, f"fact {FACT} is a statement and has no value; it has: subject, predicate"),
        (figure, {"object": CARS}, f"fact {figure} is a figure and has no object; it has: subject, indicator"),
    ):
        number = decide(home, correct=fact, set=change)
        with pytest.raises(BrokenDecisions, match=rf"decisions.yaml: line \d+: decision {number}: {re.escape(cause)}"):
            store.rebuild(home)
        remove_decision(home, number)
    assert nquads(home) == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"merge: ['{CARS}', '{MILK}']", f"apart: ['{MILK}', '{CARS}']"),
        ("reject: abc", "correct: abc\n  set: {value: 1}"),
        (f"rename: {CARS}\n  to: 甲", f"rename: {CARS}\n  to: 乙"),
        ("reject: abc", "reject: abc"),
    ],
)
def test_decisions_that_contradict_each_other_are_told(one: str, other: str) -> None:
    text = f"- id: 1\n  reason: x\n  {one}\n- id: 2\n  reason: y\n  {other}\n"
    with pytest.raises(BrokenDecisions, match="decisions 1 and 2 contradict"):
        parse_decisions(text, "决定.yaml")


def test_nothing_is_written_that_does_not_go_with_the_rest(home: Path) -> None:
    decide(home, merge=[CARS, MILK])
    text = decisions_path(home).read_bytes()
    with pytest.raises(
        UsageError, match=r"^decision 2 cannot be made: decisions 1 and 2 contradict: keep apart and merge"
    ):
        decide(home, apart=[CARS, MILK])
    with pytest.raises(UsageError, match="no decision 9"):
        remove_decision(home, 9)
    assert decisions_path(home).read_bytes() == text


def test_a_broken_file_leaves_the_graph(home: Path) -> None:
    before = nquads(home)
    decisions_path(home).parent.mkdir()
    decisions_path(home).write_text("- id: 1\n", encoding="utf-8")
    with pytest.raises(BrokenDecisions):
        store.rebuild(home)
    out = io.BytesIO()
    store.write_nquads(home, out)
    assert out.getvalue() == before


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_any_reason_survives_the_file(tmp_path_factory: pytest.TempPathFactory, reason: str) -> None:
    home = tmp_path_factory.mktemp("home")
    add_decision(home, {"reject": "0123", "reason": reason})
    (decision,) = load_decisions(home).items
    assert decision.reason == reason.strip()
    assert parse_decisions(decisions_path(home).read_text(encoding="utf-8"), "x").items == (decision,)


def test_the_example_of_the_documentation_is_of_the_form() -> None:
    guide = (Path(__file__).parent.parent / "docs" / "decisions.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    assert len(parse_decisions(text, "docs/decisions.md").items) == 8
