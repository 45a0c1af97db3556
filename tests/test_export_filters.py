"""Filters of exports: what each means for each table, how names are found, what is refused."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
import rdflib
from graph_home import make_home, shared_home

from kg.cli import main
from kg.errors import UsageError
from kg.export.filters import Filters
from kg.export.kinds import TABLES
from kg.export.writing import export


def rows(what, home=None, form="jsonl", **words):
    out = io.BytesIO()
    count = export(home or shared_home(), what, form, out, Filters(**words))
    found = [json.loads(line) for line in out.getvalue().decode("utf-8").splitlines()]
    assert len(found) == count
    return found


def ends(row):
    return {row["subject"]["name"], row["object"]["name"]}


def test_without_filters_all_partnerships_are_there():
    found = rows("partnerships")
    assert len(found) == 11
    ids = {row["id"] for row in rows("facts") if row["predicate"] in ("partnersWith", "collaboratesWith")}
    assert {row["id"] for row in found} == ids


def test_a_partnership_says_who_where_what_and_whence():
    (row,) = [row for row in rows("partnerships") if row["headcount"] == 40]
    assert row["school"]["name"] == "白洋湖职业技术学校"
    assert row["school"]["place"] == {"name": "河北省保定市安新县", "code": "130632", "basis": "said"}
    assert row["partner"]["name"] == "长城哈弗汽车分公司" and row["partner"]["type"] == "Enterprise"
    assert [(each["said"], each["name"], each["iri"] != "") for each in row["programmes"]] == [
        ("汽修", "汽车运用与维修", True)
    ]
    assert (row["modes"], row["years"], row["year_basis"]) == (["顶岗实习"], [2023], "said")
    assert row["evidence"][0]["page"] == 12 and row["report"] == "baiyanghu-2023"
    assert row["iri"].endswith(f"/id/statement/{row['id']}")


def test_a_year_of_the_report_is_told_apart():
    found = rows("partnerships")
    of_report = [row for row in found if row["year_basis"] == "report"]
    assert of_report and all(row["years"] == [row["report_year"]] for row in of_report)
    assert {row["year_basis"] for row in found} <= {"said", "report", ""}


def test_names_are_those_of_all_reports():
    names = {row["school"]["name"] for row in rows("partnerships") if row["school"]["type"] == "School"}
    assert "白洋湖职校" not in names and "白洋湖职业技术学校" in names


@pytest.mark.parametrize("what", ["facts", "partnerships"])
def test_each_filter_takes_what_it_says(what):
    whole = {row["id"]: row for row in rows(what)}

    def kept(**words):
        found = rows(what, **words)
        assert [whole[row["id"]] for row in found] == found
        return found

    def said(row, key):
        return row["qualifiers"].get(key) if what == "facts" else row.get(key)

    modes = kept(mode="顶岗实习")
    assert modes and all("顶岗实习" in said(row, "modes") for row in modes)
    assert len(modes) == sum("顶岗实习" in (said(row, "modes") or []) for row in whole.values())
    schools = kept(school="白洋湖")
    assert schools and len(schools) < len(whole)
    partner = kept(partner="长城哈弗")
    assert partner and all("长城哈弗" in json.dumps(row, ensure_ascii=False) for row in partner)
    both = kept(partner="长城哈弗", mode="顶岗实习")
    assert {row["id"] for row in both} == {row["id"] for row in modes} & {row["id"] for row in partner}
    years = kept(year=2022)
    assert years and all("2022" in row["report"] or "2022" in json.dumps(row) for row in years)
    region = kept(region="保定")
    assert region
    assert kept(region="广东") == []


def test_the_type_of_a_partnership_is_the_partners():
    assert {row["partner"]["type"] for row in rows("partnerships", type="企业")} == {"Enterprise"}
    assert all("School" in {row["subject"]["type"], row["object"]["type"]} for row in rows("facts", type="School"))


def test_a_programme_is_found_by_its_class_and_by_its_own_name():
    nursing = {row["id"] for row in rows("facts", programme="护理类")}
    assert nursing == {
        row["id"]
        for row in rows("facts")
        if row["object"]["name"] == "护理" or "护理" in (row["qualifiers"].get("programmes") or [])
    }
    assert nursing
    (iri,) = {row["iri"] for row in rows("entities", type="Programme") if "汽修" in (row["name"], *row["aliases"])}
    own = rows("partnerships", programme="汽修")
    assert own and all(iri in [each["iri"] for each in row["programmes"]] for row in own)


def test_filters_of_the_other_tables():
    assert {row["name"] for row in rows("entities", type="Region")} <= {row["name"] for row in rows("entities")}
    assert {row["type"] for row in rows("entities", type="Region")} == {"Region"}
    assert [row["name"] for row in rows("entities", school="白洋湖")] == ["白洋湖职业技术学校"]
    figures = rows("figures", school="白洋湖")
    assert figures and {row["subject"]["name"] for row in figures} <= {"白洋湖职业技术学校", "白洋湖职校"}
    assert {row["year"] for row in rows("figures", year=2023)} <= {2023, None}
    assert len(rows("issues", school="白洋湖")) == 1 and rows("issues", year=2022) == []
    assert len(rows("checks", school="白洋湖")) + len(rows("checks", region="广东")) <= len(rows("checks"))


def test_a_part_of_the_graph_has_its_facts_with_all_that_belongs_to_them():
    out = io.BytesIO()
    export(shared_home(), "graph", "trig", out, Filters(partner="长城哈弗"))
    part = rdflib.Dataset()
    part.parse(data=out.getvalue(), format="trig")
    zj = "https://w3id.org/zhijiao-kg/ontology#"
    found = {str(s).rpartition("/")[2] for s, _, _, _ in part.quads((None, rdflib.URIRef(f"{zj}partner"), None, None))}
    assert found == {row["id"] for row in rows("facts", partner="长城哈弗") if row["predicate"] == "partnersWith"}
    assert not list(part.quads((None, rdflib.RDF.type, rdflib.URIRef(f"{zj}Figure"), None)))
    whole = io.BytesIO()
    export(shared_home(), "graph", "nquads", whole)
    few = io.BytesIO()
    export(shared_home(), "graph", "nquads", few, Filters(partner="长城哈弗"))
    assert set(few.getvalue().splitlines()) <= set(whole.getvalue().splitlines())
    assert few.getvalue().splitlines() == sorted(few.getvalue().splitlines())


REFUSED = [(what, name) for what, table in TABLES.items() for name in sorted(TABLES["facts"].filters - table.filters)]


@pytest.mark.parametrize(("what", "name"), REFUSED)
def test_a_filter_without_meaning_is_refused(what, name):
    with pytest.raises(UsageError, match=f"--{name} means nothing for {what}"):
        rows(what, **{name: 2023 if name == "year" else "x"})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--school", "职"], "entities may be meant"),
        (["--partner", "不存在的厂"], "no entity bears this name"),
        (["--mode", "吃饭"], "there is no '吃饭' here"),
        (["--region", "亚特兰蒂斯"], "no place of GB/T 2260"),
        (["--type", "飞机"], "there is no '飞机' here"),
        (["--programme", "炼金术"], "no entity bears this name"),
    ],
)
def test_a_word_that_means_nothing_or_too_much(words, said, capfdbinary, tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(["export", "facts", *words, "--to", str(tmp_path / "x.csv"), "--home", str(shared_home())])
    told = capfdbinary.readouterr().err.decode()
    assert ended.value.code == 2 and said in told
    assert len(told.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_what_a_word_was_taken_for_is_told(capfdbinary):
    with pytest.raises(SystemExit):
        main(["export", "facts", "--school", "白洋湖", "--mode", "实习", "--home", str(shared_home())])
    told = capfdbinary.readouterr()
    assert "白洋湖职业技术学校" in told.err.decode() and "顶岗实习" in told.err.decode()
    assert all(json.loads(line) for line in told.out.decode().splitlines())


def test_english_headings_and_words():
    out = io.BytesIO()
    export(shared_home(), "partnerships", "csv", out, english=True)
    lines = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    assert lines[0][:3] == ["relation", "school", "region of school"]
    assert "enterprise" in {line[9].lower() for line in lines[1:]}
    assert not any(re.search("[\u4e00-\u9fff]", heading) for heading in lines[0])


def test_an_entity_that_was_merged_is_found_by_its_old_link(tmp_path):
    home = make_home(tmp_path)
    iris = {row["partner"]["name"]: row["partner"]["iri"] for row in rows("partnerships", home)}
    kept, gone = sorted(name for name in iris if iris[name].rpartition("/")[0].endswith("enterprise"))[:2]
    before = len(rows("partnerships", home, partner=kept)) + len(rows("partnerships", home, partner=gone))
    with pytest.raises(SystemExit):
        main(["identity", "merge", kept, gone, "--into", kept, "--reason", "同一企业", "--home", str(home)])
    assert len(rows("partnerships", home, partner=iris[gone])) == before
