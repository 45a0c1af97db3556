"""The partnership workbook, read back with another library, and opened by LibreOffice."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pypdfium2
import pytest
from graph_home import STATEMENTS, make_home, shared_home
from hypothesis import given, settings
from hypothesis import strategies as st
from start_home import make_named_home, make_placed_home
from test_network import HOSTILE

from kg import cli, store, workbook, workbook_file
from kg.errors import MissingStore, UsageError
from kg.frame_choice import Choice
from kg.queries import run_query
from kg.readers.office import convert_office
from kg.workbook import write_workbook
from kg.workbook_file import Column, Front, Left, Properties, Sheet, Wording, clean_text, write_file

SCHOOL, OTHER, MAKER = "白洋湖职业技术学校", "青松岭职业教育中心", "长城哈弗汽车分公司"
CHINESE = [
    *("总览", "合作明细", "无合作单位的专业", "合作单位", "共有合作单位", "集团与成员", "年度变化"),
    *("学校×专业类", "专业×合作方式", "所在地与距离", "所述与所得", "待核查", "原文", "图表数据", "说明"),
]
CONTROL = "名\x01\x1f字\x7f\ufffe"
FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://a.example","x")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "＝1",
    "\t=1",
    "{=1}",
    "=cmd|' /C x'!A0",
]


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Any:
    return make(tmp_path_factory.mktemp("book"))


def make(folder: Path, home: Path | None = None, **choice: Any) -> Any:
    """The workbook of a home, read back."""
    english = choice.pop("english", False)
    write_workbook(home or shared_home(), folder / "a.xlsx", Choice(**choice), english=english)
    return openpyxl.load_workbook(folder / "a.xlsx")


def rows_of(book: Any, name: str) -> list[dict[str, Any]]:
    head, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def list_links(book: Any) -> list[tuple[Any, Any]]:
    """Each linked cell, with the cell that it leads to."""
    found = []
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None:
                    assert cell.hyperlink.target is None  # nothing outside the workbook
                    name, place = re.fullmatch(r"'(.+)'!(\w+)", cell.hyperlink.location).groups()
                    found.append((cell, book[name][place]))
    return found


# ---- what is in it


def test_there_is_a_row_for_each_place_that_tells_of_a_partnership(book):
    assert book.sheetnames == CHINESE
    rows = rows_of(book, "合作明细")
    assert len(rows) == 10
    [row] = [row for row in rows if row["人数"] == 36]
    assert (row["学校"], row["地区"], row["合作单位"], row["类型"]) == (SCHOOL, "河北 安新县", MAKER, "企业")
    assert (row["报告所写专业"], row["专业"], row["专业代码"]) == ("机电", "机电技术应用", "660301")
    assert (row["合作方式"], row["年份"], row["年份依据"]) == ("顶岗实习", 2023, "报告写明")
    assert (row["原文摘录"], row["出处"]) == ("机电 长城哈弗 2023.8 36 顶岗实习", "第12页、第6张表第3行")
    [silent] = [row for row in rows if row["合作单位"] == "蒙牛" and row["学校"] == SCHOOL]
    assert (silent["年份"], silent["年份依据"], silent["合作方式"]) == (2023, "按报告年度", None)
    [double] = [row for row in rows if row["人数"] == "25、30"]
    assert double["合作方式"] == "现代学徒制、订单培养"


def test_programmes_without_partner_are_those_on_offer_that_no_partnership_names(book):
    # 学前教育 of the first school is closed, and all its others have partners; the city's own list is of no school.
    rows = rows_of(book, "无合作单位的专业")
    assert [(row["学校"], row["专业"], row["专业代码"]) for row in rows] == [(OTHER, "机电技术应用", "660301")]


@pytest.mark.parametrize("school", [SCHOOL, OTHER])
def test_programmes_without_partner_are_those_of_the_query(book, school):
    asked = run_query(shared_home(), "programmes-without-partner", {"school": school}).as_dicts()
    listed = [row["专业"] for row in rows_of(book, "无合作单位的专业") if row["学校"] == school]
    assert sorted(listed) == sorted(row["programme"] for row in asked)


def test_partners_are_ranked_by_their_schools(book):
    rows = rows_of(book, "合作单位")
    assert [(row["位次"], row["合作单位"], row["学校数"], row["陈述数"]) for row in rows] == [
        (1, MAKER, 2, 4),
        (2, "蒙牛", 2, 2),
        (3, "星途精密机械有限公司", 1, 2),  # a whole city is no school
        (4, "小荷幼儿园", 1, 1),
        (4, "白洋湖县人民医院", 1, 1),
    ]
    shared = rows_of(book, "共有合作单位")
    assert [(row["合作单位"], row["学校"]) for row in shared] == [
        (MAKER, SCHOOL),
        (MAKER, OTHER),
        ("蒙牛", SCHOOL),
        ("蒙牛", OTHER),
    ]


def test_groups_begin_with_their_founders(book):
    rows = [row for row in rows_of(book, "集团与成员") if row["集团或联盟"] == "燕西职业教育集团"]
    assert [(row["角色"], row["成员"]) for row in rows] == [
        ("组建", "保定市"),
        ("常务理事", SCHOOL),
        ("成员", SCHOOL),
        ("成员", OTHER),
    ]


def test_changes_judge_nothing_where_there_is_no_report(book):
    rows = rows_of(book, "年度变化")
    assert [(row["合作单位"], row["变化"]) for row in rows if row["学校"] == SCHOOL] == [
        ("星途精密机械有限公司", "2023年新提及"),
        ("白洋湖县人民医院", "2023年新提及"),
        ("蒙牛", "2023年新提及"),
        (MAKER, "两年均提及"),
        ("小荷幼儿园", "2023年报告未再提及（不等于终止）"),
    ]
    assert [row["变化"] for row in rows if row["学校"] == OTHER] == ["不能对照：图谱中只有2023年的内容"]


def test_a_year_without_a_report_of_the_school_is_said_and_not_judged(tmp_path):
    home = tmp_path / "home"
    (home / "statements").mkdir(parents=True)
    for path in STATEMENTS.glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines()
        first = json.loads(lines[0])
        if first["report"] == "旧/baiyanghu-2022":  # the same words in a report of the city
            first |= {"publisher": "保定市教育局", "level": "city"}
        text = "\n".join([json.dumps(first, ensure_ascii=False, sort_keys=True), *lines[1:]]) + "\n"
        (home / "statements" / path.name).write_text(text, encoding="utf-8")
    store.rebuild(home)
    rows = [row for row in rows_of(make(tmp_path, home), "年度变化") if row["学校"] == SCHOOL]
    assert [(row["变化"], row["合作单位"]) for row in rows] == [("不能判断：图谱中没有该校2022年的报告", None)]
    for sheet in openpyxl.load_workbook(tmp_path / "a.xlsx"):
        for row in sheet.iter_rows(values_only=True):
            assert not any("已终止" in str(value) or "ended" in str(value) for value in row)


def test_numbers_of_the_overview_are_those_of_the_sheets(book):
    numbers = {row[0].value: row[1].value for row in book["总览"].iter_rows(min_row=5, max_row=16)}
    assert numbers["报告"] == 3 and numbers["有合作陈述的学校"] == 2 and numbers["合作单位"] == 5
    assert numbers["校企合作（对）"] == 7 and numbers["合作陈述（处）"] == 10
    assert numbers["学校开设的专业（校×专业）"] == 6 and numbers["其中报告未提到合作单位"] == 1
    assert numbers["两校以上共有的合作单位"] == 2


def test_charts_show_the_numbers_of_their_sheet(book):
    charts = book["总览"]._charts
    assert len(charts) == 6
    data = book["图表数据"]
    for chart in charts:
        for series in chart.series:
            name, place = re.fullmatch(r"'?(.+?)'?!(.+)", series.val.numRef.f).groups()
            assert name == "图表数据"
            left, top, right, bottom = openpyxl.utils.range_boundaries(place.replace("$", ""))
            cells = [row[0] for row in data.iter_rows(top, bottom, left, right, values_only=True)]
            assert [float(point.v) for point in series.val.numRef.numCache.pt] == cells
            assert all(isinstance(value, int) for value in cells)


def test_english_headings_keep_names(tmp_path):
    book = make(tmp_path, english=True)
    assert book.sheetnames[:3] == ["Overview", "Partnerships", "Without partner"]
    row = rows_of(book, "Partnerships")[0]
    assert (row["School"], row["Type"], row["Modes"], row["Year from"]) == (
        SCHOOL,
        "kindergarten",
        "internship",
        "said by the report",
    )
    heads = [cell.value for sheet in book for cell in sheet[1] if sheet.title not in ("Overview", "Schools by class")]
    assert not [head for head in heads if re.search("[\u4e00-\u9fff]", head or "")]


# ---- how it is made


def test_sheets_scroll_filter_print_and_say_what_they_are(book):
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == ("C2" if sheet.title == "合作单位" else "B2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        widths = {at: each.width for each in sheet.column_dimensions.values() for at in range(each.min, each.max + 1)}
        for column, cell in enumerate(sheet[1], start=1):
            width = widths[column]
            height = sheet.row_dimensions[1].height
            assert width * (height // 15) >= workbook_file.measure_text(cell.value) + 2, cell.value
    properties = book.properties
    assert properties.title == "校企合作工作簿" and properties.creator == "zhijiao-kg"
    assert properties.created == datetime(2023, 12, 31)


def test_years_and_codes_are_no_amounts(book):
    sheet = book["合作明细"]
    head = [cell.value for cell in sheet[1]]
    for name, form in (("年份", "0"), ("报告年度", "0"), ("专业代码", "@"), ("人数", "#,##0")):
        for row in sheet.iter_rows(min_row=2):
            assert row[head.index(name)].number_format == form
    codes = [row["专业代码"] for row in rows_of(book, "合作明细") if row["专业代码"]]
    assert codes and all(isinstance(code, str) for code in codes)


def test_links_lead_to_the_evidence_and_back(book):
    links = list_links(book)
    assert len(links) > 60
    sheet = book["合作明细"]
    for row in sheet.iter_rows(min_row=2):
        cell = next(each for each in row if each.hyperlink)
        [target] = [to for source, to in links if source is cell]
        words = target.parent.cell(target.row, 2).value
        assert target.parent.title == "原文" and words.startswith(row[12].value.rstrip("…"))
        [back] = [to for source, to in links if source is target]
        assert back.parent is sheet and back.row == cell.row
    for source, target in links:
        assert target.value not in (None, ""), (source, target)


def test_a_field_of_a_matrix_leads_to_a_row_that_it_counts(book):
    sheet = book["学校×专业类"]
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == OTHER)
    bare, covered = row[heads.index("6603 自动化类")], row[heads.index("7002 道路运输类")]
    assert (bare.value, covered.value) == ("0/1", "1/1")
    to = {source.coordinate: target for source, target in list_links(book) if source.parent is sheet}
    assert to[bare.coordinate].parent.title == "无合作单位的专业"
    target = to[covered.coordinate]
    assert target.parent.title == "合作明细" and target.value == OTHER


def test_the_same_graph_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        home = make_home(tmp_path / name)
        write_workbook(home, tmp_path / f"{name}.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


# ---- a choice


def test_a_school_alone(tmp_path):
    book = make(tmp_path, schools=(OTHER,))
    assert {row["学校"] for row in rows_of(book, "合作明细")} == {OTHER}
    assert [row["报告"] for row in rows_of(book, "所述与所得")] == ["保定市职业教育质量年度报告（2023）"]
    assert "青松岭职业教育中心" in book["总览"]["A2"].value
    assert [row["学校"] for row in rows_of(book, "学校×专业类")] == [OTHER]


def test_a_filter_of_partnerships_makes_no_programme_one_without_partner(tmp_path):
    book = make(tmp_path, modes=("现代学徒制",))
    assert {row["合作方式"] for row in rows_of(book, "合作明细")} == {"现代学徒制、订单培养", "现代学徒制"}
    assert [row["学校"] for row in rows_of(book, "无合作单位的专业")] == [OTHER]
    assert len(rows_of(book, "年度变化")) == 6
    assert rows_of(book, "学校×专业类")[0]["无合作单位"] == 0
    for _, target in list_links(book):
        assert target.value not in (None, "")


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        ({"regions": ("安新县",)}, 7),
        ({"regions": ("保定",)}, 10),
        ({"partners": ("蒙牛",)}, 2),
        ({"years": (2022,)}, 2),
        ({"types": ("医院",)}, 1),
        ({"programmes": ("护理类",)}, 1),
        ({"schools": (SCHOOL, OTHER), "years": (2022, 2023), "modes": ("顶岗实习",)}, 4),
        ({"types": ("政府部门",)}, 0),
    ],
)
def test_choices(tmp_path, choice, count):
    assert len(rows_of(make(tmp_path, **choice), "合作明细")) == count


@pytest.mark.parametrize(
    "choice",
    [{"schools": ("没有这所学校",)}, {"schools": ("职业",)}, {"modes": ("没有",)}, {"regions": ("拉萨",)}],
)
def test_a_word_that_means_nothing_or_too_much_is_told(tmp_path, choice):
    with pytest.raises(UsageError):
        make(tmp_path, **choice)
    assert list(tmp_path.iterdir()) == []


# ---- what reports may hold


def test_names_that_look_like_formulas_stay_text(tmp_path):
    names = [CONTROL, *FORMULAS, *HOSTILE, "_x0041_", "表情😀", "  前后  "]
    book = make(tmp_path, make_named_home(tmp_path, names))
    seen = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate, cell.value)
                if isinstance(cell.value, str):
                    seen.add(cell.value)
                    if cell.value.startswith(("=", "+", "-", "@")):
                        assert cell.quotePrefix  # stays text when somebody edits the cell
    assert {"=1+1", "+1", "@SUM(A1)"} <= seen
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        sheets = [packed.read(name).decode() for name in packed.namelist() if "worksheets/sheet" in name]
        assert not any("<f>" in text for text in sheets)
        assert not any("vba" in name.lower() or "external" in name.lower() for name in packed.namelist())
        assert not any(
            'TargetMode="External"' in packed.read(name).decode() for name in packed.namelist() if ".rels" in name
        )


NAMES = st.text(min_size=1, max_size=30).filter(lambda name: clean_text(name).strip())


@given(st.lists(NAMES | st.sampled_from([*FORMULAS, *HOSTILE]), min_size=1, max_size=12, unique=True))
@settings(max_examples=5, deadline=None)
def test_whatever_names_are_links_lead_somewhere_and_nothing_runs(names):
    with TemporaryDirectory() as folder:
        book = make(Path(folder), make_named_home(Path(folder), [*names, CONTROL]))
    links = list_links(book)
    assert len(links) > 50
    for _, target in links:
        assert target.value not in (None, "")
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    whole = {clean_text(name).replace("x005F_", "") for name in [*names, CONTROL]}
    shown = {row["合作单位"].replace("x005F_", "") for row in rows_of(book, "合作单位")}
    assert shown <= whole


def test_changes_to_a_year(tmp_path):
    rows = rows_of(make(tmp_path, years=(2023,)), "年度变化")
    assert len([row for row in rows if row["学校"] == SCHOOL]) == 5
    assert [row["变化"] for row in rows if row["学校"] == OTHER] == ["不能对照：图谱中只有2023年的内容"]
    assert rows_of(make(tmp_path, years=(2022,)), "年度变化") == []  # there is nothing before


def write_cells(values: list[Any]) -> tuple[list[Any], Left]:
    """Values written into a sheet and read back."""
    out = io.BytesIO()
    sheet = Sheet("a", "甲", (Column("列", 20),), [(value,) for value in values])
    front = Front("f", "首", "题", (), (("", ""), ("", "")), (), (), "a")
    properties = Properties("题", "", "", datetime(2024, 12, 31))
    left = write_file(
        out,
        front,
        [sheet],
        properties,
        Wording("{0}……（{1}字，{2}字）", "&P"),
        lambda _: Sheet("n", "注", (Column("列", 9),), []),
    )
    out.seek(0)
    read = openpyxl.load_workbook(out)
    return [
        row[0] for name in read.sheetnames if name.startswith("甲") for row in read[name].iter_rows(2, values_only=True)
    ], left


@given(
    st.lists(
        st.text(min_size=1, max_size=40) | st.sampled_from([*FORMULAS, *HOSTILE]) | st.integers(-(10**9), 10**9),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read(values):
    read, left = write_cells(values)
    # a cell of nothing but control characters is an empty one; a reader may leave the escape of _x0041_ as it is
    expected = [(clean_text(value) or None) if isinstance(value, str) else value for value in values]
    assert [value.replace("x005F_", "") if isinstance(value, str) else value for value in read] == expected
    assert left == Left()


def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    [short, long, wide], left = write_cells(["龙" * 32_767, "龙" * 100_000, "😀" * 20_000])
    assert short == "龙" * 32_767
    assert long.endswith("……（100000字，32567字）") and len(long) <= 32_767
    assert wide.endswith("……（20000字，16283字）") and workbook_file.count_units(wide) <= 32_767
    assert left == Left(cut=2)


def test_more_rows_or_links_than_a_sheet_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_file, "MOST_ROWS", 5)
    monkeypatch.setattr(workbook_file, "MOST_LINKS", 3)
    book = make(tmp_path)
    assert [name for name in book.sheetnames if name.startswith("合作明细")] == ["合作明细", "合作明细 2", "合作明细 3"]
    names = [row["合作单位"] for part in ("合作明细", "合作明细 2", "合作明细 3") for row in rows_of(book, part)]
    assert len(names) == 10
    words = {
        row["项目"]: row["说明"] for name in book.sheetnames if name.startswith("说明") for row in rows_of(book, name)
    }
    assert "数字区分" in words["分表"] and "个链接" in words["链接"]
    for source, target in list_links(book):
        assert target.value not in (None, ""), source


# ---- failing


def test_a_home_without_a_graph(tmp_path):
    with pytest.raises(MissingStore):
        write_workbook(tmp_path, tmp_path / "a.xlsx")


FULL = """
import resource, sys
from kg import cli
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
cli.main(sys.argv[2:])
"""


@pytest.mark.parametrize("room", [500, 9_000, 16_000])  # for a sheet on its way, for the archive, for all but its end
def test_a_full_disk_leaves_the_old_file(tmp_path, room):
    pytest.importorskip("resource", reason="this system limits no files")
    to = tmp_path / "a.xlsx"
    to.write_bytes(b"old")
    command = [sys.executable, "-c", FULL, str(room), "workbook", "--to", str(to), "--home", str(shared_home())]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith(f"kg: {to}: cannot be written")
    assert to.read_bytes() == b"old" and [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_an_interrupt_leaves_the_old_file(tmp_path, monkeypatch):
    to = tmp_path / "a.xlsx"
    to.write_bytes(b"old")

    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workbook, "write_file", stop)
    with pytest.raises(KeyboardInterrupt):
        write_workbook(shared_home(), to)
    assert to.read_bytes() == b"old" and [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_the_command(tmp_path, capfd):
    to = tmp_path / "会议.xlsx"
    arguments = ["--home", str(shared_home()), "--school", OTHER, "--english"]
    with pytest.raises(SystemExit) as ended:
        cli.main(["workbook", "--to", str(to), *arguments])
    said = capfd.readouterr()
    assert not ended.value.code and said.out == "" and "Partnerships" in said.err and str(to) in said.err
    assert openpyxl.load_workbook(to).sheetnames[0] == "Overview"
    with pytest.raises(SystemExit) as ended:
        cli.main(["workbook", "--to", str(tmp_path / "a.xls"), *arguments])
    said = capfd.readouterr().err
    assert ended.value.code == 2 and ".xlsx" in said and len(said.splitlines()) == 1


# ---- LibreOffice


@pytest.mark.office
@pytest.mark.parametrize("english", [False, True])
def test_libreoffice_opens_it_and_finds_the_same(tmp_path, english):
    """Every sheet as LibreOffice reads it has the rows that were written; a page that it prints holds no ####."""
    home = make_placed_home(tmp_path)
    to = tmp_path / "a.xlsx"
    write_workbook(home, to, english=english)
    (tmp_path / "again").mkdir()
    (tmp_path / "printed").mkdir()
    made = convert_office(to, tmp_path / "again", "xlsx")
    again = openpyxl.load_workbook(made)
    book = openpyxl.load_workbook(to)
    assert again.sheetnames == book.sheetnames
    for sheet in book.worksheets[1:]:
        rows = [[value or None for value in row] for row in sheet.iter_rows(values_only=True)]
        read = [
            [value or None for value in row[: len(rows[0])]] for row in again[sheet.title].iter_rows(values_only=True)
        ]
        assert read[: len(rows)] == rows, sheet.title
    assert len(again.worksheets[0]._charts) == len(book.worksheets[0]._charts) == 6
    pages = pypdfium2.PdfDocument(convert_office(to, tmp_path / "printed", "pdf"))
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert len(texts) >= len(book.sheetnames) and not any("###" in text for text in texts)


@pytest.mark.office
def test_libreoffice_runs_nothing_that_a_report_wrote(tmp_path):
    write_workbook(make_named_home(tmp_path, [CONTROL, *FORMULAS, *HOSTILE]), tmp_path / "a.xlsx")
    (tmp_path / "again").mkdir()
    again = openpyxl.load_workbook(convert_office(tmp_path / "a.xlsx", tmp_path / "again", "xlsx"))
    assert [sheet.title for sheet in again] == CHINESE
    assert not any(cell.data_type == "f" for sheet in again for row in sheet.iter_rows() for cell in row)
