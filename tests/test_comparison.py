"""Two builds, two years, two regions side by side, against what was worked out by hand."""

from __future__ import annotations

import shutil

import pytest
from analysis_home import (
    CARS,
    CLOUD,
    ELECTRICS,
    GREAT,
    HILL,
    MACHINES,
    ROBOTICS,
    SMALL,
    STAR,
    WORLD,
    iri_of,
    make_home,
    read_home,
    shared_world,
)
from graph_home import STATEMENTS, shared_home

from kg import analysis, store
from kg.analysis import Scope
from kg.frames import Frames, read_frames

HAFO, MENGNIU, XINGTU = "长城哈弗汽车分公司", "蒙牛", "星途精密机械有限公司"
SCHOOL, OTHER = "白洋湖职业技术学校", "青松岭职业教育中心"


@pytest.fixture(scope="module")
def frames() -> Frames:
    return read_frames(shared_home())


def changes(answer) -> dict[tuple[str, str], str]:
    return {(row["school_name"], row["partner_name"]): row["change"] for row in answer.to_dict("records")}


def home_of(folder, *reports: str):
    """A home of some of the fixture reports."""
    (folder / "statements").mkdir(parents=True)
    for report in reports:
        shutil.copy(STATEMENTS / f"{report}.jsonl", folder / "statements")
    store.rebuild(folder)
    return folder


# ---- years


def test_two_years_of_a_school(frames):
    answer = analysis.compare_years(frames, 2022, 2023)
    assert changes(answer) == {
        (SCHOOL, "星途精密机械有限公司"): "gained",
        (SCHOOL, "白洋湖县人民医院"): "gained",
        (SCHOOL, "蒙牛"): "gained",  # of the report's year: the sentence names none
        (SCHOOL, HAFO): "changed",
        (SCHOOL, "小荷幼儿园"): "not-mentioned",
        (OTHER, "蒙牛"): "not-judged",  # only its city's report speaks of it
        (OTHER, HAFO): "not-judged",
    }
    assert answer["change"].tolist() == ["gained"] * 3 + ["changed", "not-mentioned"] + ["not-judged"] * 2
    row = answer[answer["change"] == "changed"].to_dict("records")[0]
    assert row["differs"] == ("modes", "headcount")
    assert (row["modes_before"], row["modes_after"]) == (("现代学徒制", "订单培养"), ("顶岗实习",))
    assert (row["headcount_before"], row["headcount_after"]) == ((25, 30), (36, 40))
    assert [place["report"] for place in row["evidence_before"]] == ["旧/baiyanghu-2022"]
    assert [(place["page"], place["row"]) for place in row["evidence_after"]] == [(12, 3), (12, 2)]
    silent = answer[answer["partner_name"] == "小荷幼儿园"].to_dict("records")[0]
    assert silent["evidence_before"] and silent["evidence_after"] == () and silent["missing"] == ()


def test_a_year_without_any_report_is_not_judged(frames):
    later = analysis.compare_years(frames, 2023, 2024)
    assert set(later["change"]) == {"not-judged"} and later["missing"].iloc[0] == ("after",)
    earlier = analysis.compare_years(frames, 2021, 2022)
    assert set(earlier["change"]) == {"not-judged"} and earlier["missing"].iloc[0] == ("before",)


def test_nothing_is_ever_said_to_have_ended(frames):
    for answer in (analysis.compare_years(frames, 2022, 2023), analysis.compare_years(frames, 2023, 2022)):
        told = " ".join(map(str, analysis.write_answer(answer).rows)) + " ".join(analysis.list_notes(answer))
        assert "不等于终止" in told
        assert "终止" not in told.replace("不等于终止", "")


def test_what_one_side_does_not_tell_is_no_change(tmp_path):
    told = {
        ("a-2022", CLOUD, 2022): [("合作", CLOUD, GREAT, {"modes": ["订单培养"]}), ("合作", CLOUD, SMALL, {})],
        ("a-2023", CLOUD, 2023): [
            ("合作", CLOUD, GREAT, {"modes": ["订单培养"], "headcount": 30}),
            ("合作", CLOUD, SMALL, {"modes": ["顶岗实习"]}),
        ],
    }
    answer = analysis.compare_years(read_home(tmp_path / "home", told), 2022, 2023)
    assert set(answer["change"]) == {"kept"} and set(answer["differs"]) == {()}


def test_what_both_years_mention_is_kept_but_not_judged_without_a_report(tmp_path):
    told = {
        ("a-2022", CLOUD, 2022): [("合作", CLOUD, GREAT, {"modes": ["订单培养"]})],
        ("city-2023", "保定市", 2023): [("合作", CLOUD, GREAT, {"modes": ["职业培训"]})],
    }
    (row,) = analysis.compare_years(read_home(tmp_path / "home", told), 2022, 2023).to_dict("records")
    assert (row["change"], row["missing"], row["differs"]) == ("kept", ("after",), ())


def test_modes_of_a_scope_choose_pairs_and_show_all_of_them(frames):
    answer = analysis.compare_years(frames, 2022, 2023, Scope(modes=frozenset({"现代学徒制"})))
    row = answer[answer["school_name"] == SCHOOL].to_dict("records")[0]
    assert row["change"] == "changed" and row["modes_after"] == (
        "顶岗实习",
    )  # the apprenticeship is not mentioned any more


def test_a_school_alone(frames):
    one = Scope(schools=frozenset(frames.entities.index[frames.entities["name"] == OTHER]))
    assert set(analysis.compare_years(frames, 2022, 2023, one)["school_name"]) == {OTHER}


# ---- builds


def test_a_build_without_a_report_is_judged_only_where_it_has_another_of_the_school(frames, tmp_path):
    fewer = read_frames(home_of(tmp_path / "fewer", "baiyanghu-2023"))
    answer = analysis.compare_builds(frames, fewer)
    assert changes(answer) == {
        (SCHOOL, "星途精密机械有限公司"): "kept",
        (SCHOOL, "白洋湖县人民医院"): "kept",
        (SCHOOL, "蒙牛"): "kept",
        (SCHOOL, "长城哈弗"): "changed",  # of 25, 30, 36, 40 students 36 and 40 are left
        (SCHOOL, "小荷幼儿园"): "not-mentioned",  # the school has a report there too
        (OTHER, "蒙牛"): "not-judged",
        (OTHER, "长城哈弗"): "not-judged",
    }
    assert set(answer["matched"]) == {"iri"}
    back = changes(analysis.compare_builds(fewer, frames))
    assert back[SCHOOL, "小荷幼儿园"] == "gained" and back[OTHER, "蒙牛"] == "not-judged"


def test_a_fact_that_is_not_read_any_more_out_of_the_same_report_is_judged(tmp_path):
    told = {("city-2023", "保定市", 2023): [("合作", CLOUD, GREAT, {}), ("合作", CLOUD, SMALL, {})]}
    less = {key: sayings[:1] for key, sayings in told.items()}
    answer = analysis.compare_builds(read_home(tmp_path / "a", told), read_home(tmp_path / "b", less))
    assert changes(answer) == {(CLOUD, GREAT): "kept", (CLOUD, SMALL): "not-mentioned"}


def test_other_iris_are_matched_by_name_and_type_and_told(tmp_path):
    told = {("a-2023", CLOUD, 2023): [("合作", CLOUD, GREAT, {}), ("合作", CLOUD, SMALL, {})]}
    one = read_home(tmp_path / "a", told)
    other = read_home(tmp_path / "b", told, {GREAT: "elsewhere "})
    answer = analysis.compare_builds(one, other)
    assert changes(answer) == {(CLOUD, GREAT): "kept", (CLOUD, SMALL): "kept"}
    assert dict(zip(answer["partner_name"], answer["matched"], strict=True)) == {GREAT: "name", SMALL: "iri"}
    assert answer["partner"].tolist() == [iri_of(SMALL), iri_of(GREAT, "elsewhere ")]


def test_a_school_with_another_iri_is_found_by_the_former(tmp_path):
    told = {
        ("a-2023", CLOUD, 2023): [("合作", CLOUD, GREAT, {})],
        ("b-2023", STAR, 2023): [("合作", STAR, GREAT, {})],
    }
    one, other = read_home(tmp_path / "a", told), read_home(tmp_path / "b", told, {CLOUD: "elsewhere "})
    answer = analysis.compare_builds(one, other, Scope(schools=frozenset({iri_of(CLOUD)})))
    assert changes(answer) == {(CLOUD, GREAT): "kept"} and answer["matched"].tolist() == ["name"]


def test_what_was_merged_is_the_same_in_the_later_build(tmp_path):
    told = {("a-2023", CLOUD, 2023): [("合作", CLOUD, GREAT, {}), ("合作", CLOUD, SMALL, {})]}
    before, after = make_home(tmp_path / "a", told), make_home(tmp_path / "b", told)
    merge(after, GREAT, SMALL)
    answer = analysis.compare_builds(read_frames(before), read_frames(after))
    assert changes(answer) == {(CLOUD, GREAT): "kept"}
    back = analysis.compare_builds(read_frames(after), read_frames(before))
    assert set(back["change"]) == {"kept"}


def merge(home, into: str, other: str) -> None:
    from kg.cli import main

    with pytest.raises(SystemExit) as ended:
        main(["identity", "merge", into, other, "--reason", "试", "--home", str(home)])
    assert not ended.value.code


# ---- regions


def test_two_regions_side_by_side():
    world = read_frames(shared_world())
    answer = analysis.compare_regions(world, {"130632"}, {"130629"})  # 云岭's and 星河's counties
    rows = {row["partner_name"]: row for row in answer.to_dict("records")}
    assert {name: row["change"] for name, row in rows.items()} == {
        GREAT: "both",
        SMALL: "both",
        "丁康医院": "only-first",
        "戊芽幼儿园": "only-first",
        ROBOTICS: "only-second",
        ELECTRICS: "only-second",
    }
    assert rows[GREAT]["schools_before"] == (CLOUD,) and rows[GREAT]["schools_after"] == (STAR,)
    assert rows[ELECTRICS]["programmes_after"] == (MACHINES,) and rows[ELECTRICS]["evidence_before"] == ()
    province = analysis.compare_regions(world, {"130000"}, {"410000"}, Scope(types=frozenset({"Enterprise"})))
    found = {row["partner_name"]: row["schools_after"] for row in province.to_dict("records")}
    assert found[GREAT] == (HILL,)


def test_modes_of_two_regions_differ_where_both_tell_some(tmp_path):
    told = {
        ("a-2023", CLOUD, 2023): [("位于", CLOUD, "安新县", {}), ("合作", CLOUD, GREAT, {"modes": ["订单培养"]})],
        ("b-2023", STAR, 2023): [("位于", STAR, "容城县", {}), ("合作", STAR, GREAT, {"modes": ["顶岗实习"]})],
    }
    (row,) = analysis.compare_regions(read_home(tmp_path / "h", told), {"130632"}, {"130629"}).to_dict("records")
    assert (row["change"], row["differs"]) == ("both", ("modes",))


def test_a_region_without_any_report_is_not_judged():
    answer = analysis.compare_regions(read_frames(shared_world()), {"130632"}, {"440000"})
    assert set(answer["change"]) == {"not-judged"} and set(answer["missing"]) == {("after",)}
    assert CARS in WORLD[("yunling-2023", CLOUD, 2023)][1]
