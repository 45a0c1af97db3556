"""``kg identity`` as its user meets it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from graph_home import make_home, shared_home

from kg import cli
from kg.decision_file import decisions_path
from kg.queries import run_query

SCHOOLS = "https://w3id.org/zhijiao-kg/id/school/"


@pytest.fixture
def run(capfdbinary):
    """Runs ``kg identity``; gives its exit code, stdout and stderr."""

    def run_command(*arguments, home):
        with pytest.raises(SystemExit) as ended:
            cli.main(["identity", *map(str, arguments), "--home", str(home)])
        out, err = capfdbinary.readouterr()
        return ended.value.code or 0, out.decode("utf-8"), err.decode("utf-8")

    return run_command


@pytest.fixture
def home(tmp_path):
    return make_home(tmp_path)


def test_merge_makes_the_graph_and_the_picture_anew_and_undo_takes_it_back(run, home):
    code, out, err = run("merge", "哈弗汽车", "蒙牛", "--reason", "试试", "--by", "某人", home=home)
    assert code == 0 and out == "" and "decision 1" in err and (home / "network.html").exists()
    assert len(run_query(home, "entities", {"name": "蒙牛"}).rows) == 1
    assert run_query(home, "entities", {"name": "蒙牛"}).as_dicts()[0]["name"] == "长城哈弗汽车分公司"
    code, out, _ = run("list", "--format", "json", home=home)
    (row,) = json.loads(out)
    assert (row["id"], row["kind"], row["reason"], row["by"]) == (1, "merge", "试试", "某人") and "蒙牛" in row["what"]
    code, _, err = run("undo", "1", home=home)
    assert code == 0 and "undone" in err
    assert run_query(home, "entities", {"name": "蒙牛"}).as_dicts()[0]["name"] == "蒙牛"
    assert run("undo", "1", home=home)[0] == 2


def test_into_says_whose_iri_stays(run, home):
    run("merge", "哈弗汽车", "蒙牛", "--into", "蒙牛", "--reason", "x", home=home)
    code, out, _ = run("show", "哈弗汽车", "--format", "json", home=home)
    shown = json.loads(out)
    assert code == 0 and shown["iri"].endswith("enterprise/d1aae59ceaec")
    assert shown["former_iris"] == ["https://w3id.org/zhijiao-kg/id/enterprise/4ea878d15f75"]
    assert run("show", shown["former_iris"][0], home=home)[1].splitlines()[0].endswith(shown["name"])


def test_a_merge_of_two_types_is_told(run, home):
    code, _, err = run("merge", "蒙牛", "小荷", "--reason", "x", home=home)
    assert code == 0 and "several types (Enterprise, Kindergarten); it is a thing of type Enterprise now" in err
    assert run_query(home, "entities", {"name": "小荷"}).as_dicts()[0]["type"] == "企业"
    assert "several types" not in run("merge", "蒙牛", "哈弗", "--reason", "x", home=home)[2]


def test_show_tells_names_facts_and_decisions(run, home):
    run("reject", "1ace6a668ea8b657", "--reason", "是计划", home=home)
    code, out, _ = run("show", "哈弗汽车", home=home)
    assert code == 0
    assert "各报告的叫法  旧/baiyanghu-2022：长城哈弗汽车分公司、长城哈弗" in out
    assert "人工决定  1 reject：1ace6a668ea8b657 白洋湖职业技术学校 partnersWith 长城哈弗" in out
    before = json.loads(run("show", "哈弗汽车", "--format", "json", home=shared_home())[1])["facts"]
    after = json.loads(run("show", "哈弗汽车", "--format", "json", home=home)[1])["facts"]
    assert after["←partnersWith"] == before["←partnersWith"] - 1


def test_a_name_that_could_be_several_lists_them(run, home):
    code, out, err = run("show", "青松岭职业教育中心", home=home)
    assert code == 0
    code, out, err = run("show", "职", home=home)
    assert code == 2 and out == "" and "白洋湖职业技术学校" in err and "青松岭职业教育中心" in err
    assert f"(School in baiyanghu-2023, baoding-2023, 旧/baiyanghu-2022) <{SCHOOLS}667ed4760304>" in err
    code, _, err = run("show", "没有这个", home=home)
    assert code == 2 and "没有这个" in err
    assert not decisions_path(home).exists()


def test_a_proposal_is_gone_once_it_is_decided(run, home):
    path = home / "statements" / "baoding-2023.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    twin = "https://w3id.org/zhijiao-kg/id/enterprise/aaaaaaaaaaaa"
    lines = [line.replace("https://w3id.org/zhijiao-kg/id/enterprise/65ff8b89bf8b", twin) for line in lines]
    path.write_text("\n".join(lines).replace("星途精密机械有限公司", "星途精密机械制造有限公司"), encoding="utf-8")
    code, out, _ = run("propose", "--type", "Enterprise", "--format", "csv", home=home)
    rows = list(csv.reader(io.StringIO(out.removeprefix("\ufeff"))))
    assert code == 0 and rows[0][:4] == ["类型", "一方", "另一方", "理由"]
    (pair,) = rows[1:]
    assert "baoding-2023" in pair[3] and "baiyanghu-2023" in pair[3]
    code, _, _ = run("split", "星途精密机械有限公司", "星途精密机械制造", "--reason", "两个法人", home=home)
    assert code == 0
    assert json.loads(run("propose", "--type", "Enterprise", "--format", "json", home=home)[1]) == []
    run("undo", "1", home=home)
    assert len(json.loads(run("propose", "--type", "Enterprise", "--format", "json", home=home)[1])) == 1
    assert run("propose", "--type", "Firm", home=home)[0] == 2


def test_split_rename_retype(run, home):
    arguments = ("split", "星途精密", "--name", "星途精机", "--report", "baiyanghu-2023", "--to", "星途精机厂")
    assert run(*arguments, "--reason", "另一家", home=home)[0] == 0
    assert {row["name"] for row in run_query(home, "entities", {"name": "星途"}).as_dicts()} == {
        "星途精密机械有限公司",
        "星途精机厂",
    }
    assert run("rename", "蒙牛", "蒙牛乳业", "--reason", "全称", home=home)[0] == 0
    assert run("retype", "小荷", "School", "--reason", "错了", home=home)[0] == 0
    rows = run_query(home, "entities", {"type": "School", "name": "小荷"}).as_dicts()
    assert rows[0]["name"] == "小荷幼儿园"
    code, _, err = run("split", "蒙牛", "--name", "没有", "--reason", "x", home=home)
    assert code == 2 and "蒙牛乳业" in err
    code, _, err = run("split", "蒙牛", "--reason", "x", home=home)
    assert code == 2 and "which part" in err
    assert "retype" not in run("list", home=shared_home())[1]


@pytest.mark.parametrize(
    ("command", "cause"),
    [
        (("rename", "蒙牛", "蒙牛乳业", "--reason", " "), "decision 1 cannot be made: reason is missing or empty"),
        (("rename", "蒙牛", "", "--reason", "x"), "decision 1 cannot be made: to is missing or empty"),
        (("retype", "蒙牛", "Firm", "--reason", "x"), "decision 1 cannot be made: to 'Firm' is none of Alliance, "),
    ],
)
def test_a_slip_on_the_command_line_is_not_laid_to_the_file(run, home, command, cause):
    code, out, err = run(*command, home=home)
    assert code == 2 and out == "" and err.startswith(f"kg: {cause}") and len(err.splitlines()) == 1
    assert not decisions_path(home).exists()


def test_a_wrong_file_is_one_line_and_changes_nothing(run, home):
    decisions_path(home).parent.mkdir(exist_ok=True)
    decisions_path(home).write_text("- id: 1\n  merge: 3\n  reason: x\n", encoding="utf-8")
    current = (home / "store" / "current").read_text(encoding="ascii")
    for command in (("apply",), ("list",), ("propose",), ("rename", "蒙牛", "x", "--reason", "y"), ("undo", "1")):
        code, out, err = run(*command, home=home)
        assert code == 1 and out == "" and len(err.splitlines()) == 1, command
        assert "decisions.yaml: line 1: decision 1: merge needs a list" in err
    assert (home / "store" / "current").read_text(encoding="ascii") == current
    decisions_path(home).write_text("", encoding="utf-8")
    assert run("apply", home=home)[0] == 0


def test_an_idle_decision_is_told(run, home):
    decisions_path(home).parent.mkdir(exist_ok=True)
    decisions_path(home).write_text("- id: 4\n  reject: gone\n  reason: 旧的\n", encoding="utf-8")
    code, _, err = run("apply", home=home)
    assert code == 0 and "decision 4 (旧的)" in err
    assert "未生效" in run("list", home=home)[1]


def test_a_home_without_reports(run, tmp_path):
    code, out, err = run("list", home=tmp_path / "none")
    assert code == 1 and out == "" and "kg build" in err
