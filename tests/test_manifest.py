"""What reports do not say of themselves is asked for in reports.csv, and what people fill in there counts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_pipeline import make_text, records, write

from kg.errors import BrokenManifest
from kg.manifest import HEADINGS, MANIFEST, Given, Line, read_manifest, write_manifest
from kg.model import ReportInfo, ReportLevel
from kg.pipeline import build

BARE = "2.校企合作\n我校与汉江轴承厂合作，选派护理专业40名学生顶岗实习。\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def rows(home: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((home / MANIFEST).read_text(encoding="utf-8-sig").splitlines()))


def fill(home: Path, encoding: str = "utf-8-sig", **cells: str) -> None:
    filled = [row | cells for row in rows(home)]
    with (home / MANIFEST).open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, HEADINGS)
        writer.writeheader()
        writer.writerows(filled)


def test_a_report_that_says_all_is_not_asked_about(tmp_path, home):
    assert build([write(tmp_path / "a.txt", make_text())], home).lacking == 0
    assert not (home / MANIFEST).exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_what_is_lacking_is_asked_for_and_what_is_filled_in_counts(tmp_path, home, encoding):
    write(tmp_path / "in" / "附件3.txt", BARE)
    write(tmp_path / "in" / "a.txt", make_text())
    assert build([tmp_path / "in"], home).lacking == 1
    assert [row["报告"] for row in rows(home)] == ["附件3"]
    fill(home, encoding, 年度="2022年", 层级="校级", 发布者="平利县女娲职业学校", 地区="平利县")
    summary = build([tmp_path / "in"], home)
    assert (summary.reports, summary.unchanged, summary.lacking) == (["附件3"], 1, 0)
    head = records(home, "附件3")[0]
    assert (head["year"], head["level"], head["publisher"], head["region"]) == (
        2022,
        "school",
        "平利县女娲职业学校",
        "平利县",
    )
    said = [record["said"] for record in records(home, "附件3", "statement") if record["predicate"] == "partnersWith"]
    assert [each["object"] for each in said] == ["汉江轴承厂"]
    assert {"平利县女娲职业学校"} <= {record["name"] for record in records(home, "附件3", "entity")}
    assert build([tmp_path / "in"], home).unchanged == 2  # and it is remembered
    assert rows(home)[0]["发布者"] == "平利县女娲职业学校"


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("a,b\n1,2\n", "line 1: the headings should be 报告,文件,年度,层级,发布者,地区"),
        ("", "line 1: the headings should be"),
        (",".join(HEADINGS) + "\nx,,明年,,,\n", "line 2: '明年' is no year"),
        (",".join(HEADINGS) + "\ny,,,,,\nx,,,国家级,,\n", "line 3: '国家级' is no level; there are: 学校, 地市, 省"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_one_line_and_changes_nothing(tmp_path, home, content, cause):
    path = write(tmp_path / "a.txt", BARE)
    build([path], home)
    (home / MANIFEST).write_text(content, encoding="utf-8")
    write(path, make_text())
    with pytest.raises(BrokenManifest) as caught:
        build([path], home)
    assert cause in str(caught.value) and str(home / MANIFEST) in str(caught.value) and "\n" not in str(caught.value)
    assert (home / MANIFEST).read_text(encoding="utf-8") == content
    assert records(home, "a")[0]["publisher"] == ""


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=12)


@given(
    report=NAMES,
    publisher=NAMES.filter(lambda name: not name.startswith("'")),
    region=st.sampled_from(["", "岚皋县", "=1+1", '"', ",;", "-2"]),
    year=st.one_of(st.none(), st.integers(1990, 2100)),
    level=st.sampled_from(ReportLevel),
)
def test_what_is_written_is_read_again(tmp_path_factory, report, publisher, region, year, level):
    home = tmp_path_factory.mktemp("manifest")
    report = report.removeprefix("'") or "x"
    info = ReportInfo("", level, publisher, region, year)
    kept = Given(year, None if level is ReportLevel.UNKNOWN else level, publisher, region)
    write_manifest(home, [Line(report, "f.txt", info, kept)])
    assert read_manifest(home) == {report: kept}
    assert kept.correct(ReportInfo()) == info
