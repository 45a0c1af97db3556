"""Branches are tied to their heads where the name says so and the head is there; nothing is guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import store
from kg.branches import find_branches
from kg.queries import run_query

GRAPH = {
    "Enterprise": (
        "恒远机械有限公司",
        "恒远机械有限公司安康分公司",
        "汉水银行股份有限公司",
        "汉水银行安康分行",
        "汉水银行安康分行岚皋支行",
        "惠家超市",
        "惠家超市岚皋店",
        "惠家大酒店",
        "恒瑞集团有限公司",
        "恒瑞集团食品有限公司",
        "恒瑞机械有限公司",
        "秦巴集团安康分公司",
        "秦巴有限公司",
        "安顺公司",
        "远大公司汉中分公司",
    ),
    "School": ("安康职业技术学院", "安康职业技术学院江北校区", "安康职业技术学院附属中学", "汉中附属小学"),
    "Hospital": ("安康职业技术学院第一附属医院", "安康市中心医院", "安康市中心医院江南院区", "汉中市中心医院"),
    "Kindergarten": ("安康职业技术学院附属幼儿园",),
}
TIES = {
    "恒远机械有限公司安康分公司": "恒远机械有限公司",
    "汉水银行安康分行": "汉水银行股份有限公司",
    "汉水银行安康分行岚皋支行": "汉水银行安康分行",
    "惠家超市岚皋店": "惠家超市",
    "恒瑞集团食品有限公司": "恒瑞集团有限公司",
    "安康职业技术学院江北校区": "安康职业技术学院",
    "安康职业技术学院附属中学": "安康职业技术学院",
    "安康职业技术学院第一附属医院": "安康职业技术学院",
    "安康职业技术学院附属幼儿园": "安康职业技术学院",
    "安康市中心医院江南院区": "安康市中心医院",
}


def test_each_branch_is_tied_to_its_head_and_nothing_else_is_tied() -> None:
    entities = {name: (kind, (name,)) for kind, names in GRAPH.items() for name in names}
    assert find_branches(entities) == TIES


def test_a_head_that_could_be_two_is_none() -> None:
    entities = {
        "1": ("Enterprise", ("恒远机械有限公司",)),
        "2": ("Enterprise", ("恒远机械股份有限公司",)),
        "3": ("Enterprise", ("恒远机械有限公司安康分公司",)),
    }
    assert find_branches(entities) == {}


def test_any_of_its_names_may_say_so() -> None:
    entities = {
        "1": ("School", ("安康职业技术学院", "安康职院")),
        "2": ("School", ("江北学校", "安康职院江北校区")),
    }
    assert find_branches(entities) == {"2": "1"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One school works with two branches of a bank, another with the bank itself."""
    iri = "https://w3id.org/zhijiao-kg/id/{}"
    names = {
        "school/1": ("School", "甲县职教中心"),
        "school/2": ("School", "乙县职教中心"),
        "enterprise/1": ("Enterprise", "汉水银行"),
        "enterprise/2": ("Enterprise", "汉水银行安康分行"),
        "enterprise/3": ("Enterprise", "汉水银行安康分行岚皋支行"),
    }
    rows: list[dict[str, object]] = [{"kind": "report", "report": "r", "level": "city"}]
    for each, (kind, name) in names.items():
        rows.append({"kind": "entity", "iri": iri.format(each), "type": kind, "name": name, "aliases": []})
    for at, (school, partner) in enumerate([("1", "2"), ("1", "3"), ("2", "1")]):
        rows.append(
            {
                "kind": "statement",
                "id": f"s{at}",
                "predicate": "partnersWith",
                "subject": iri.format(f"school/{school}"),
                "object": iri.format(f"enterprise/{partner}"),
                "evidence": {"text": "合作", "start": at, "end": at + 2},
            }
        )
    (tmp_path / "statements").mkdir()
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "statements" / "r.jsonl").write_text(text, encoding="utf-8")
    store.rebuild(tmp_path)
    return tmp_path


def test_partners_are_rolled_up_to_their_heads(home: Path) -> None:
    (row,) = run_query(home, "partners-rolled-up", {"partner": "安康分行"}).as_dicts()
    assert row["partner"] == "汉水银行" and (row["schools"], row["statements"]) == (2, 3)
    assert sorted(str(row["units"]).split("、")) == ["汉水银行", "汉水银行安康分行", "汉水银行安康分行岚皋支行"]
    (row,) = run_query(home, "partners-rolled-up", {"partner": "岚皋支行", "school": "甲县"}).as_dicts()
    assert row["partner"] == "汉水银行" and row["schools"] == 1
    assert run_query(home, "partners-rolled-up", {"partner": "没有"}).rows == ()


def test_ties_go_both_ways(home: Path) -> None:
    with store.open_store(home) as dataset:
        count = "SELECT (COUNT(*) AS ?n) {{ ?a <http://www.w3.org/ns/org#{}> ?b }}"
        for edge in ("unitOf", "hasUnit"):
            assert int(next(iter(dataset.query(count.format(edge))))[0]) == 2
