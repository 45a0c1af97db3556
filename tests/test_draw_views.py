"""The views of ``kg draw`` on the fixture home, each with what it must show, counted by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graph_home import shared_home
from test_network import page_data

from kg import network, network_views
from kg.cli import main
from kg.errors import UsageError
from kg.model import EntityType
from kg.network import draw_home
from kg.network_views import View

LAKE, PINE = "白洋湖职业技术学校", "青松岭职业教育中心"
GROUP, COMMUNITY = "燕西职业教育集团", "新能源汽车行业产教融合共同体"
CARS, MILK, STAR = "长城哈弗汽车分公司", "蒙牛", "星途精密机械有限公司"


def drawn(tmp_path: Path, **asked: Any) -> dict[str, Any]:
    draw_home(shared_home(), tmp_path / "n.html", View(**asked))
    return page_data(tmp_path / "n.html")


def labels(data: dict[str, Any]) -> set[str]:
    return {node["label"] for node in data["nodes"]}


def facts(data: dict[str, Any]) -> set[tuple[str, str, str]]:
    names = [node["label"] for node in data["nodes"]]
    return {(names[fact["from"]], fact["predicate"], names[fact["to"]]) for fact in data["facts"]}


def test_the_whole_network_has_every_entity_and_statement(tmp_path):
    data = drawn(tmp_path)
    assert (len(data["nodes"]), len(data["facts"]), data["leftOut"]) == (19, 29, 0)
    assert data["view"] == {
        "kind": "whole",
        "words": {"zh": "职业教育合作网络", "en": "Network of vocational education"},
    }


def test_one_step_shows_an_enterprise_with_its_schools(tmp_path):
    data = drawn(tmp_path, focus=MILK, steps=1)
    assert facts(data) == {(LAKE, "partnersWith", MILK), (PINE, "partnersWith", MILK)}
    assert data["view"]["kind"] == "around" and data["view"]["steps"] == 1
    assert [data["nodes"][at]["label"] for at in data["focus"]] == [MILK]


def test_one_step_shows_what_joins_the_neighbours_too(tmp_path):
    data = drawn(tmp_path, focus=PINE, steps=1)
    assert labels(data) == {PINE, GROUP, CARS, MILK, "汽车运用与维修", "机电技术应用", "保定市"}
    assert ("保定市", "hostsGroup", GROUP) in facts(data)


def test_each_step_reaches_further(tmp_path):
    two, three = drawn(tmp_path, focus=MILK, steps=2), drawn(tmp_path, focus=MILK, steps=3)
    assert labels(two) == labels(drawn(tmp_path)) - {COMMUNITY}  # only 长城哈弗, two steps away, is a member
    assert labels(three) - labels(two) == {COMMUNITY}


def test_a_fact_keeps_its_qualifiers_and_its_place(tmp_path):
    data = drawn(tmp_path, focus=CARS, steps=1)
    twice = next(fact for fact in data["facts"] if fact.get("headcount") == [25, 30])
    assert twice["modes"] == ["现代学徒制", "订单培养"] and twice["year"] == [2022] and "yearOf" not in twice
    assert twice["report"] == "旧/baiyanghu-2022" and twice["evidence"] and twice["section"]
    member = next(fact for fact in data["facts"] if fact["predicate"] == "memberOf")
    assert member["role"] == ["牵头"] and member["year"] == [2023] and member["yearOf"] == "report"


def test_a_region_shows_all_schools_in_it_with_their_partners(tmp_path):
    county, city = drawn(tmp_path, region="安新县"), drawn(tmp_path, region="保定")
    assert {PINE, COMMUNITY, "保定市"}.isdisjoint(labels(county)) and {LAKE, CARS, MILK, STAR} <= labels(county)
    assert {LAKE, PINE, CARS, MILK, "保定市"} <= labels(city) and COMMUNITY not in labels(city)
    assert labels(drawn(tmp_path, region="130632")) == labels(county)
    assert county["view"]["words"]["zh"] == "安新县的学校及其合作单位"


def test_a_class_of_programmes_shows_its_statements_only(tmp_path):
    for name in ("护理类", "7202"):
        data = drawn(tmp_path, programme_class=name)
        assert facts(data) == {(LAKE, "offersProgramme", "护理"), (LAKE, "partnersWith", "白洋湖县人民医院")}
    category = drawn(tmp_path, programme_class="装备制造大类")
    assert (LAKE, "partnersWith", STAR) in facts(category) and (LAKE, "partnersWith", MILK) not in facts(category)


def test_schools_are_linked_by_the_partners_that_they_share(tmp_path):
    data = drawn(tmp_path, shared=True)
    assert facts(data) == {(LAKE, "sharesPartners", PINE)}
    assert [fact["shared"] for fact in data["facts"]] == [[MILK, CARS]]
    # Each of them with the words that say so, for both schools.
    names = [node["label"] for node in data["nodes"]]
    behind = {(names[int(key.split()[0])], key.split()[1]): told for key, told in data["behind"].items()}
    assert set(behind) == {(school, partner) for school in (LAKE, PINE) for partner in (MILK, CARS)}
    assert {"机电 长城哈弗 2023.8 36 顶岗实习"} <= {fact["evidence"] for fact in behind[LAKE, CARS]}
    assert all(fact["report"] in data["reports"] for told in behind.values() for fact in told)
    assert [line["width"] for line in data["edges"]] > [1.4]


def test_of_too_many_shared_partners_the_strongest_are_drawn():
    assert network_views._least_shared([]) == 1
    assert network_views._least_shared([1] * network_views.MOST_SHARED) == 1
    assert network_views._least_shared([1] * network_views.MOST_SHARED + [3]) == 2
    assert network_views._least_shared([2] * (network_views.MOST_SHARED + 1)) == 2


def test_groups_are_shown_with_their_members_by_role(tmp_path):
    data = drawn(tmp_path, groups=True)
    names = [node["label"] for node in data["nodes"]]
    roles = {(names[fact["from"]], names[fact["to"]], *fact.get("role", ())) for fact in data["facts"]}
    assert roles == {
        ("保定市", GROUP),
        (LAKE, GROUP, "常务理事"),
        (LAKE, GROUP, "成员"),
        (PINE, GROUP, "成员"),
        (CARS, COMMUNITY, "牵头"),
    }
    solid = {frozenset((names[line["from"]], names[line["to"]])) for line in data["edges"] if not line["dashes"]}
    assert solid == {frozenset(("保定市", GROUP)), frozenset((CARS, COMMUNITY))}


def test_every_entity_has_a_known_type_and_every_fact_its_words(tmp_path):
    data = drawn(tmp_path)
    assert {entity["type"] for entity in data["entities"]} <= set(EntityType)
    assert all(fact["evidence"] and fact["report"] in data["reports"] for fact in data["facts"])


# ---- names


@pytest.mark.parametrize(
    "name", ["白洋湖职校", "星途精机", "星途", "https://w3id.org/zhijiao-kg/id/school/667ed4760304"]
)
def test_a_focus_is_found_by_any_name_or_its_link(name, tmp_path):
    assert drawn(tmp_path, focus=name, steps=1)["focus"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"focus": "职"}, f"3.*{LAKE}（学校）.*{PINE}（学校）"),
        ({"focus": "白洋湖学校"}, LAKE),
        ({"focus": "https://example.org/none"}, "no such entity"),
        ({"region": "北京"}, "北京"),
        ({"region": "无此地"}, "无此地"),
        ({"programme_class": "新闻传播大类"}, "新闻传播大类"),
        ({"programme_class": "无此类"}, "无此类"),
        ({"focus": MILK, "region": "保定"}, "focus, region"),
        ({"shared": True, "groups": True}, "shared, groups"),
    ],
)
def test_what_is_unclear_is_told_in_one_line_and_nothing_is_written(asked, told, tmp_path):
    with pytest.raises(UsageError, match=told) as caught:
        draw_home(shared_home(), tmp_path / "n.html", View(**asked))
    assert "\n" not in str(caught.value) and not list(tmp_path.iterdir())


def test_what_a_word_was_taken_for_is_told(tmp_path):
    summary = draw_home(shared_home(), tmp_path / "n.html", View(programme_class="护理"))
    assert len(summary.notes) == 1 and "7202" in summary.notes[0]


def test_a_large_home_is_cut_to_its_most_connected_part(monkeypatch, tmp_path):
    monkeypatch.setattr(network, "MAX_NODES", 6)
    data = drawn(tmp_path)
    assert (len(data["nodes"]), data["leftOut"], data["all"]) == (6, 13, 19)
    assert LAKE in labels(data)


def test_of_a_home_that_no_picture_can_show_those_stand_of_which_most_is_said(monkeypatch, tmp_path):
    whole = drawn(tmp_path)
    monkeypatch.setattr(network_views, "LARGE", 18)
    monkeypatch.setattr(network_views, "OVERVIEW_NODES", 6)
    data = drawn(tmp_path)
    assert (len(data["nodes"]), data["leftOut"], data["all"]) == (6, 13, 19)
    assert LAKE in labels(data) and len({end for fact in data["facts"] for end in (fact["from"], fact["to"])}) == 6
    # all that is said between them, with its words
    here = {fact["id"]: fact for fact in data["facts"]}
    assert facts(data) == {ends for ends in facts(whole) if {ends[0], ends[2]} <= labels(data)}
    assert all(fact["evidence"] == here[fact["id"]]["evidence"] for fact in whole["facts"] if fact["id"] in here)


# ---- the command


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["draw", "--home", str(shared_home()), *arguments])
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ((), "whole"),
        (("--focus", MILK, "--steps", "1"), "around"),
        (("--region", "保定市"), "region"),
        (("--class", "护理类"), "class"),
        (("--view", "shared"), "shared"),
        (("--view", "groups"), "groups"),
    ],
)
def test_the_command_draws_each_view(arguments, kind, tmp_path, capsys):
    assert run("--to", str(tmp_path / "n.html"), *arguments) == 0
    assert page_data(tmp_path / "n.html")["view"]["kind"] == kind
    assert "nodes" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [("--steps", "4"), ("--view", "all"), ("--focus", MILK, "--view", "groups"), ("--focus", "职")]
)
def test_wrong_use_ends_with_two_and_writes_nothing(arguments, tmp_path):
    assert run("--to", str(tmp_path / "n.html"), *arguments) == 2
    assert not list(tmp_path.iterdir())
