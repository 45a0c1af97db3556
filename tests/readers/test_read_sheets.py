"""Workbooks and CSV files: one behaviour a test."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from reader_helpers import list_tables, list_texts, spread_table
from word_files import rewrite_part

from kg.errors import TooLarge
from kg.layout import RawText
from kg.model import BlockKind
from kg.readers.csv import guess_delimiter, read_csv
from kg.readers.xlsx import read_xlsx, show_value

ROWS = [["专业", "招生数"], ["护理", 120], ["会计事务", 45]]
SHOWN = [["专业", "招生数"], ["护理", "120"], ["会计事务", "45"]]


def fill_sheet(path: Path, rows: list[list[object]], *merged: str, title: str = "Sheet1") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    book.save(path)
    return path


def test_a_title_row_above_the_header_is_the_caption(tmp_path: Path) -> None:
    path = fill_sheet(tmp_path / "a.xlsx", [["2023年专业情况表"], ["单位：人"], *ROWS], "A1:B1")
    (table,) = list_tables(read_xlsx(path))
    assert (table.caption, spread_table(table)) == ("2023年专业情况表 单位：人", SHOWN)


def test_merged_cells_become_spans(tmp_path: Path) -> None:
    rows: list[list[object]] = [["学校", "2023年", None], [None, "招生", "在校"], ["甲校", 120, 365]]
    (table,) = list_tables(read_xlsx(fill_sheet(tmp_path / "a.xlsx", rows, "A1:A2", "B1:C1")))
    assert spread_table(table) == [["学校", "2023年", "2023年"], ["学校", "招生", "在校"], ["甲校", "120", "365"]]


def test_blank_rows_part_tables_and_lone_cells_are_text(tmp_path: Path) -> None:
    items = read_xlsx(fill_sheet(tmp_path / "a.xlsx", [["填报说明一段。"], [], *ROWS, [], *ROWS]))
    assert list_texts(items) == ["填报说明一段。"]
    assert [spread_table(table) for table in list_tables(items)] == [SHOWN, SHOWN]


def test_a_note_below_a_table_is_a_note(tmp_path: Path) -> None:
    items = read_xlsx(fill_sheet(tmp_path / "a.xlsx", [*ROWS, ["注：不含技工学校。"]]))
    assert items[1:] == [RawText("注：不含技工学校。", kind=BlockKind.NOTE)]


def test_a_merged_cell_over_rows_holds_them_together(tmp_path: Path) -> None:
    rows: list[list[object]] = [["类别", "专业"], ["骨干", "护理"], [None, None], ["特色", "会计"]]
    (table,) = list_tables(read_xlsx(fill_sheet(tmp_path / "a.xlsx", rows, "A2:A3")))
    assert [row[0] for row in spread_table(table)] == ["类别", "骨干", "骨干", "特色"]


def test_named_sheets_begin_with_their_name_and_hidden_ones_are_noted(tmp_path: Path) -> None:
    path = fill_sheet(tmp_path / "a.xlsx", ROWS, title="市直学校")
    book = openpyxl.load_workbook(path)
    for name, state in (("县属学校", "visible"), ("底稿", "hidden")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in ROWS:
            sheet.append(row)
    book.save(path)
    items = read_xlsx(path)
    assert list_texts(items) == ["市直学校", "县属学校", "隐藏的工作表未读入：底稿"]
    assert len(list_tables(items)) == 2


def test_formulas_are_not_read_as_text(tmp_path: Path) -> None:
    (table,) = list_tables(read_xlsx(fill_sheet(tmp_path / "a.xlsx", [*ROWS, ["合计", "=SUM(B2:B3)"]])))
    assert spread_table(table)[-1] == ["合计", ""]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.3675, "0.00%", "36.75%"),
        (13.2, "0.00", "13.20"),
        (0.1 + 0.2, "General", "0.3"),
        (71240.0, "General", "71240"),
        (45453.53, "#,##0.00", "45453.53"),
        (datetime.datetime(2023, 9, 1), "yyyy-mm-dd", "2023-09-01"),
        (datetime.datetime(2023, 9, 1), 'yyyy"年"m"月"', "2023年9月"),
        ("#DIV/0!", "General", ""),
        (True, "General", "是"),
        (None, "General", ""),
    ],
)
def test_values_are_shown_as_the_sheet_shows_them(value: object, number_format: str, shown: str) -> None:
    assert show_value(value, number_format) == shown


def test_a_lone_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    path = fill_sheet(tmp_path / "a.xlsx", ROWS)
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"] = "完"  # type: ignore[index]
    book.save(path)
    assert list_texts(read_xlsx(path)) == ["完"]


def test_a_sheet_merged_as_a_whole_is_refused(tmp_path: Path) -> None:
    path = fill_sheet(tmp_path / "a.xlsx", ROWS, "A1:B1")
    rewrite_part(path, "xl/worksheets/sheet1.xml", "A1:B1", "A1:XFD1048576")
    with pytest.raises(TooLarge, match=r"17,179,869,\d+ table cells, more than the 200,000 of one file"):
        read_xlsx(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in SHOWN)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert [spread_table(table) for table in list_tables(read_csv(tmp_path / "a.csv"))] == [SHOWN]


def test_csv_quotes_hold_delimiters_and_line_breaks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('专业,企业\n护理,"甲医院, 乙医院\n丙医院"\n', encoding="utf-8")
    (table,) = list_tables(read_csv(tmp_path / "a.csv"))
    assert spread_table(table)[1] == ["护理", "甲医院, 乙医院\n丙医院"]


def test_commas_in_prose_do_not_win_over_tabs() -> None:
    assert guess_delimiter("学校\t说明\n甲\t一,二,三\n乙\t四,五\n丙\t六\n") == "\t"
