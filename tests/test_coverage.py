"""Coverage of programmes by partners, and how far partners lie from their schools."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import pytest
from graph_home import shared_home
from hypothesis import given
from hypothesis import strategies as st
from start_home import make_placed_home

from kg import cli
from kg.coverage import (
    COUNTY,
    ELSEWHERE,
    PREFECTURE,
    PROVINCE,
    UNKNOWN,
    UNLISTED,
    UNNAMED,
    find_shared_place,
)
from kg.coverage_page import Table, list_coverage, read_coverage
from kg.divisions import divisions_by_code, infer_place, list_above, measure_distance
from kg.errors import UsageError
from kg.frame_choice import Choice

SCHOOL, OTHER, CITY, MAKER = "白洋湖职业技术学校", "青松岭职业教育中心", "保定市", "长城哈弗汽车分公司"
CODES = sorted(divisions_by_code())
# Counties and prefectures: 安新县 and 保定市 in 河北, 包头市 in 内蒙古, 东城区 of 北京, 北京市.
ANXIN, BAODING, HEBEI, BAOTOU, BEIJING = "130632", "130600", "130000", "150200", "110000"


@pytest.fixture(scope="module")
def answer() -> Any:
    return read_coverage(shared_home())


def name(answer: Any, iri: str) -> str:
    return answer.chosen.entities[iri]["name"] if iri else ""


# ---- the matrices, worked by hand


def test_schools_by_classes(answer):
    """The first school closed 学前教育, which a partnership names all the same; the second has one of two covered."""
    lines = {name(answer, line.iri): line for line in answer.coverage.by_class}
    assert list(answer.coverage.classes) == ["6603", "7002", "7202", UNLISTED, UNNAMED]
    shown = {
        school: {key: (cell.covered, cell.bare) for key, cell in line.cells.items()} for school, line in lines.items()
    }
    assert shown[SCHOOL] == {
        "6603": (("机电技术应用",), ()),
        "7002": (("汽车运用与维修",), ()),
        "7202": (("护理",), ()),
        UNLISTED: (("学前教育",), ()),
        UNNAMED: ((), ()),
    }
    assert shown[OTHER] == {
        "6603": ((), ("机电技术应用",)),
        "7002": (("汽车运用与维修",), ()),
        UNNAMED: ((), ()),
    }
    whole = lines[SCHOOL].whole
    assert (whole.programmes, len(whole.bare), len(whole.partners), len(whole.facts)) == (4, 0, 5, 7)
    assert [name(answer, iri) for iri in lines[OTHER].cells[UNNAMED].partners] == ["蒙牛"]
    assert set(shown[CITY]) == {UNNAMED}  # what it says of all its schools is no programme of a school
    assert len(lines[OTHER].cells["6603"].offers) == 1


def test_programmes_by_modes(answer):
    lines = {name(answer, line.iri): line for line in answer.coverage.by_mode}
    assert answer.coverage.modes == ("共建实训基地", "就业合作", "现代学徒制", "职业培训", "订单培养", "顶岗实习", "")
    counts = {mode: len(cell.partners) for mode, cell in lines["汽车运用与维修"].cells.items()}
    assert counts == {"现代学徒制": 1, "订单培养": 1, "顶岗实习": 1}
    assert lines["汽车运用与维修"].schools == lines["机电技术应用"].schools == 2
    assert {mode: len(cell.partners) for mode, cell in lines["机电技术应用"].cells.items()} == {
        "共建实训基地": 1,
        "订单培养": 1,
        "顶岗实习": 1,
    }
    assert set(lines[""].cells) == {"就业合作", "职业培训", UNNAMED}


def test_a_closed_programme_without_partner_does_not_count(answer):
    lines, _ = list_coverage(answer, Table.CLASSES)
    bare = [row["bare_names"] for row in lines.as_dicts() if row["bare"]]
    assert bare == ["机电技术应用"]


def test_places_of_partners_say_how_they_are_known(tmp_path):
    answer = read_coverage(make_placed_home(tmp_path))
    pairs = {(name(answer, pair.school), name(answer, pair.partner)): pair for pair in answer.coverage.pairs}
    near = pairs[OTHER, MAKER]
    assert (near.partner_place, near.partner_basis, near.near, near.distance) == (BAODING, "said", PREFECTURE, None)
    far = pairs[SCHOOL, MAKER]  # a county of that prefecture: the seat of the whole tells nothing of where in it
    assert (far.school_place, far.near, far.distance) == (ANXIN, PREFECTURE, None)
    unknown = pairs[SCHOOL, "蒙牛"]
    assert (unknown.partner_place, unknown.partner_basis, unknown.near, unknown.distance) == ("", "", UNKNOWN, None)


# ---- places


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        (ANXIN, ANXIN, COUNTY),
        (ANXIN, BAODING, PREFECTURE),
        (BAODING, BAODING, PREFECTURE),
        (ANXIN, "130102", PROVINCE),
        (ANXIN, HEBEI, PROVINCE),  # where in it is not known
        (ANXIN, BAOTOU, ELSEWHERE),
        (ANXIN, "", UNKNOWN),
        ("", "", UNKNOWN),
        (BEIJING, "110101", PROVINCE),
    ],
)
def test_the_smallest_place_that_is_known_to_hold_both(one, other, near):
    assert find_shared_place(one, other) == find_shared_place(other, one) == near


def test_distances_are_those_of_a_globe():
    # By the cosine rule, from the coordinates of 保定市 and 包头市 in the package.
    (x, y), (u, v) = (
        (math.radians(float(place.longitude)), math.radians(float(place.latitude)))
        for place in (divisions_by_code()[BAODING], divisions_by_code()[BAOTOU])
    )
    by_hand = 6371.0088 * math.acos(math.sin(y) * math.sin(v) + math.cos(y) * math.cos(v) * math.cos(x - u))
    assert measure_distance(BAODING, BAOTOU) == pytest.approx(by_hand) == pytest.approx(511, abs=15)
    assert measure_distance(BEIJING, "310000") == pytest.approx(1068, abs=10)  # municipalities have a seat
    assert measure_distance(BAOTOU, HEBEI) is None  # of a province only
    assert measure_distance(ANXIN, BAODING) is measure_distance(ANXIN, ANXIN) is measure_distance("", ANXIN) is None


@given(st.sampled_from(CODES), st.sampled_from(CODES), st.sampled_from(CODES))
def test_distances_are_a_measure(one, other, third):
    there = measure_distance(one, other)
    assert there == measure_distance(other, one)
    if there is not None:
        assert 0 <= there < 5_600 and one not in list_above(other)
        ways = [measure_distance(one, third), measure_distance(third, other)]
        if None not in ways:
            assert there <= sum(ways) + 1e-6


@pytest.mark.parametrize(
    ("kind", "called", "code"),
    [
        ("Kindergarten", "东城新苗幼儿园", ""),  # of any town
        ("Enterprise", "清河电子有限公司", ""),
        ("School", "安新职教中心", ANXIN),
        ("Institution", "安新县农机推广站", ANXIN),
        ("Enterprise", "青鸟汽车有限公司包头分公司", BAOTOU),
        ("Enterprise", "河北青鸟汽车有限公司包头市分公司", BAOTOU),
        ("Enterprise", "山东青鸟汽车有限公司第一分公司", "370000"),
        ("Enterprise", "河北青鸟汽车有限公司", HEBEI),  # not of the district of that name in 天津
        ("Enterprise", "河北镇农机厂", ""),
        ("Hospital", "河北区中医院", "120105"),
        ("Enterprise", "分公司", ""),
    ],
)
def test_a_name_tells_a_place_or_does_not(kind, called, code):
    assert infer_place(kind, called) == ((code, "name") if code else ("", ""))


# ---- the command


def run(capfdbinary, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main(["coverage", *map(str, arguments), "--home", str(shared_home())])
    out, err = capfdbinary.readouterr()
    return ended.value.code or 0, out.decode("utf-8-sig"), err.decode("utf-8")


def test_rows_of_the_command(capfdbinary, tmp_path):
    code, out, _ = run(capfdbinary, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0 and rows[0]["学校"] == SCHOOL and rows[0]["专业类"] == "自动化类"
    code, out, _ = run(capfdbinary, "--format", "json", "--table", "modes", "--english")
    modes = {(row["programme"], row["mode"]): row["partner_count"] for row in json.loads(out)}
    assert modes["汽车运用与维修", "internship"] == 1
    code, out, err = run(capfdbinary, "--school", OTHER)
    assert OTHER in out and SCHOOL not in out and "statement/" not in out
    code, out, err = run(capfdbinary, "--table", "places", "--to", tmp_path / "a.csv")
    assert out == "" and "7 rows" in err and "同在" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    run(capfdbinary, "--to", tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))[0]["school"] == SCHOOL


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "html"],
        ["--to", "a.txt"],
        ["--to", "a.html", "--table", "modes"],
        ["--to", "a.csv", "--format", "table"],
        ["--school", "没有这所学校"],
        ["--region", "拉萨"],
    ],
)
def test_wrong_use_is_told_in_one_line(capfdbinary, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capfdbinary, *arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert list(Path(tmp_path).iterdir()) == []


def test_a_region_leaves_its_schools():
    answer = read_coverage(shared_home(), Choice(regions=("安新县",)))
    assert [name(answer, line.iri) for line in answer.coverage.by_class] == [SCHOOL]
    with pytest.raises(UsageError):
        read_coverage(shared_home(), Choice(regions=("没有这个地方",)))
