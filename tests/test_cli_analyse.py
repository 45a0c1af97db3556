"""``kg analyse`` and ``kg compare`` as their user meets them."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest
from analysis_home import CLOUD, ELECTRICS, GREAT, SMALL, make_home, shared_world
from graph_home import STATEMENTS, shared_home
from test_cli import run  # noqa: F401  (a fixture)

from kg import store
from kg.cli_analyse import _load_analyses


def rows_of(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))


def test_the_list_says_what_each_analysis_answers(run):  # noqa: F811
    code, out, _ = run("analyse", "--list")
    assert code == 0 and all(name in out for name in _load_analyses())
    assert "桥梁" in out and "Programmes at risk" in out
    rows = json.loads(run("analyse", "--list", "--format", "json")[1])
    assert [row["name"] for row in rows] == list(_load_analyses())


@pytest.mark.parametrize("name", [name for name in _load_analyses() if name != "candidates"])
def test_each_analysis_is_shown_in_each_format(run, name):  # noqa: F811
    code, table, notes = run("analyse", name, "--home", shared_world())
    assert code == 0 and "https:" not in table and "rows" in notes
    assert any(word in notes for word in ("不等于", "没有提及", "提及的"))
    code, out, _ = run("analyse", name, "--home", shared_world(), "--format", "csv")
    assert code == 0 and out.startswith("\ufeff") and rows_of(out)
    found = json.loads(run("analyse", name, "--home", shared_world(), "--format", "json")[1])
    assert len(found) == len(rows_of(out))
    english = run("analyse", name, "--home", shared_world(), "--english", "--format", "csv")
    assert not any("一" <= char <= "鿿" for char in english[1].splitlines()[0])
    assert "report" in english[2] and "不" not in english[2]


def test_candidates_come_with_reasons_and_places(run):  # noqa: F811
    code, out, notes = run("analyse", "candidates", "--school", "云岭", "--home", shared_world(), "--format", "csv")
    first = rows_of(out)[0]
    assert code == 0 and first["合作单位"] == ELECTRICS
    assert "容城县（据名称推断）" in first["理由"] and first["所在地依据"] == "据名称推断"
    assert first["原文与出处"] == "“星河职业学校合作容城县丙电器厂。”（xinghe-2023，第5页）"
    assert f"“云岭”按以下查询：{CLOUD}" in notes and "线索" in notes
    rows = json.loads(
        run("analyse", "candidates", "--school", CLOUD, "--home", shared_world(), "--format", "json", "--english")[1]
    )
    assert rows[0]["evidence"][0]["page"] == 5 and rows[0]["reasons"][0].startswith("星河职业学校 works with it")
    assert rows[1]["place"] == "" and isinstance(rows[1]["distance_km"], float)


def test_words_are_resolved_as_in_queries_and_told(run):  # noqa: F811
    asked = ("--region", "保定", "--mode", "订单班", "--type", "企业", "--year", "2023")
    code, out, notes = run("analyse", "degree", *asked, "--home", shared_world(), "--format", "csv")
    assert code == 0
    assert {row["名称"] for row in rows_of(out)} == {CLOUD, GREAT, "星河职业学校", "乙智机器人公司"}
    assert "“订单班”按以下查询" in notes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give the name of an analysis"),
        (("没有",), "there is no analysis '没有'; there are: degree"),
        (("candidates",), "give --school"),
        (("degree", "--school", "职业学校"), "可指4个实体"),
        (("degree", "--school", "没有这所"), "没有名为“没有这所”的实体"),
        (("degree", "--school", "甲途汽车公司"), "没有名为"),  # no school
        (("degree", "--school", "https://w3id.org/zhijiao-kg/id/school/0"), "图谱中没有学校"),
        (("degree", "--region", "没有"), "no place of GB/T 2260"),
        (("degree", "--mode", "没有"), "there is no '没有' here"),
        (("degree", "--type", "没有"), "there is no '没有' here"),
    ],
)
def test_what_means_nothing_or_several_things_is_one_line(run, arguments, said):  # noqa: F811
    code, out, err = run("analyse", *arguments, "--home", shared_world())
    assert code == 2 and out == "" and said in err and err.count("\n") == 1


def test_a_home_without_a_graph_is_one_line(run, tmp_path):  # noqa: F811
    for arguments in (("analyse", "degree"), ("compare", "--years", "2022", "2023")):
        code, out, err = run(*arguments, "--home", tmp_path)
        assert code == 1 and out == "" and err.count("\n") == 1


def test_a_limit_says_how_many_there_are(run):  # noqa: F811
    code, out, notes = run("analyse", "degree", "--limit", "2", "--home", shared_world(), "--format", "csv")
    assert code == 0 and len(rows_of(out)) == 2 and "11 in all" in notes


def test_evidence_that_looks_like_a_formula_is_harmless(run, tmp_path):  # noqa: F811
    home = make_home(
        tmp_path / "home", {("a", CLOUD, 2023): [("合作", CLOUD, "=1+1公司", {}), ("合作", CLOUD, GREAT, {})]}
    )
    _, out, _ = run("analyse", "degree", "--home", home, "--format", "csv")
    names = [row["名称"] for row in rows_of(out)]
    assert "'=1+1公司" in names and "=1+1公司" not in names


# ---- compare


def test_two_years_are_compared(run):  # noqa: F811
    asked = ("compare", "--years", "2022", "2023", "--school", "白洋湖", "--home", shared_home())
    code, out, notes = run(*asked, "--format", "csv")
    rows = {row["合作单位"]: row for row in rows_of(out)}
    assert code == 0 and rows["小荷幼儿园"]["变化（未提及不等于终止）"] == "未再提及（不等于终止）"
    assert rows["长城哈弗汽车分公司"]["有变化的项"] == "方式、人数"
    assert rows["长城哈弗汽车分公司"]["方式（前）"] == "现代学徒制、订单培养"
    assert "（旧/baiyanghu-2022）" in rows["小荷幼儿园"]["原文与出处（前）"]
    assert "按以下查询：白洋湖职业技术学校" in notes and "2022年（前）与2023年（后）" in notes
    english = run(*asked, "--english")[1]
    assert "newly mentioned" in english and "not mentioned any more (not: ended)" in english
    assert json.loads(run(*asked, "--format", "json")[1])[0]["change"] == "gained"


def test_two_builds_are_compared(run, tmp_path):  # noqa: F811
    other = tmp_path / "later"
    (other / "statements").mkdir(parents=True)
    shutil.copy(STATEMENTS / "baoding-2023.jsonl", other / "statements")
    store.rebuild(other)
    code, out, notes = run("compare", "--with", other, "--home", shared_home(), "--format", "csv")
    changes = {(row["学校"], row["合作单位"]): row["变化（未提及不等于终止）"] for row in rows_of(out)}
    assert code == 0 and changes["青松岭职业教育中心", "蒙牛"] == "均提及"
    assert changes["白洋湖职业技术学校", "蒙牛"] == "不能判断：一方没有报告"
    assert "--with" in notes
    new = make_home(tmp_path / "new", {("a", CLOUD, 2023): [("合作", CLOUD, SMALL, {})]})
    _, out, _ = run("compare", "--with", new, "--school", "云岭", "--home", shared_home(), "--format", "csv")
    assert [row["合作单位"] for row in rows_of(out)] == [SMALL]  # a school that only the later build knows


def test_two_regions_are_compared(run):  # noqa: F811
    asked = ("compare", "--regions", "安新县", "容城", "--home", shared_world(), "--format", "csv")
    code, out, notes = run(*asked)
    changes = {row["合作单位"]: row["变化（未提及不等于终止）"] for row in rows_of(out)}
    assert code == 0 and changes[GREAT] == "两地都有" and changes[ELECTRICS] == "仅见于乙地"
    assert "甲地为前" in notes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give two sides"),
        (("--years", "2022", "2023", "--regions", "安新县", "容城县"), "one of them"),
        (("--regions", "安新县", "容城县", "--school", "云岭"), "--regions says which schools"),
        (("--regions", "安新县", "没有"), "no place of GB/T 2260"),
        (("--with", "没有这里"), "没有这里"),
    ],
)
def test_a_comparison_that_is_not_clear_is_one_line(run, arguments, said):  # noqa: F811
    code, out, err = run("compare", *arguments, "--home", shared_world())
    assert code in (1, 2) and out == "" and said in err and err.count("\n") == 1
