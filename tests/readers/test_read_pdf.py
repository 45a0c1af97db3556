"""PDF files: one behaviour a test. Pages are drawn by hand, so that each one shows just one thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_pages import FULL, HEIGHT, LEFT, PITCH, SIZE, WIDTH, Pages
from reader_helpers import list_tables, list_texts, spread_table
from reportlab.lib.pdfencrypt import StandardEncryption

from kg.errors import DamagedInput, EmptyInput, EncryptedInput, ScannedInput
from kg.layout import RawText
from kg.model import BlockKind
from kg.readers.pdf import read_pdf

LONG = (
    "学校坚持立德树人，深化产教融合，与区内多家制造企业共同制订培养方案，"
    "共同开发课程，共同评价学生，形成了稳定的合作机制。"
)
OTHER = (
    "全年组织学生到企业见习两批次，聘请企业技师担任兼职教师，开设订单班两个，毕业生在本地就业的比例逐年提高，家长满意。"
)
ROWS = [["专业", "招生数", "在校生数"], ["护理", "120", "365"], ["会计事务", "45", "130"]]
WIDTHS = [150, 100, 100]


def test_broken_lines_are_joined_and_paragraphs_kept_apart(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    for text in (LONG, OTHER, LONG):
        pages.write_paragraph(text)
    assert list_texts(read_pdf(pages.save())) == [LONG, OTHER, LONG]


def test_a_short_line_ends_a_paragraph(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write_paragraph(LONG)
    for text in ("一、学校概况", "（一）办学规模", "2024年1月"):
        pages.write(text)
    pages.write_paragraph(OTHER)
    assert list_texts(read_pdf(pages.save())) == [LONG, "一、学校概况", "（一）办学规模", "2024年1月", OTHER]


def test_a_larger_line_stands_alone(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write("办学条件" * 7, size=16)
    pages.write_paragraph(LONG)
    assert list_texts(read_pdf(pages.save())) == ["办学条件" * 7, LONG]


def test_a_paragraph_goes_on_over_the_page(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    for _ in range(4):
        pages.write_paragraph(OTHER)
    pages.write(LONG[: FULL - 2], x=LEFT + 2 * SIZE)
    pages.turn()
    pages.write(LONG[FULL - 2 :])
    for _ in range(4):
        pages.write_paragraph(OTHER)
    items = read_pdf(pages.save())
    assert list_texts(items) == [OTHER] * 4 + [LONG] + [OTHER] * 4
    assert [item.page for item in items] == [1] * 5 + [2] * 4


def test_lines_set_flush_right_are_not_joined(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write_paragraph(LONG)
    right = LEFT + FULL * SIZE
    pages.write("南川市教育局", x=right - 6 * SIZE)
    pages.write("二〇二四年二月", x=right - 7 * SIZE)
    assert list_texts(read_pdf(pages.save())) == [LONG, "南川市教育局", "二〇二四年二月"]


def test_running_headers_footers_and_page_numbers_are_dropped(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    for number in range(1, 5):
        pages.write("南川市职业教育质量报告", y=HEIGHT - 40, size=9)
        pages.write(f"- {number} -", x=WIDTH / 2, y=40, size=9)
        pages.write_paragraph(f"第{number}页的正文。{LONG}")
        pages.turn()
    assert list_texts(read_pdf(pages.save())) == [f"第{number}页的正文。{LONG}" for number in range(1, 5)]


def test_headings_that_differ_by_a_number_are_no_headers(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    for number in range(1, 5):
        pages.write(f"附件{number}")
        pages.write_paragraph(LONG)
        pages.turn()
    assert list_texts(read_pdf(pages.save())) == [text for number in range(1, 5) for text in (f"附件{number}", LONG)]


def test_a_chapter_title_at_the_height_of_a_header_is_one(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    for number in range(1, 6):
        pages.write("第二章 师资" if number == 5 else "第一章 概况", y=HEIGHT - 40, size=9)
        pages.write_paragraph(f"{number}号正文。")
        pages.turn()
    assert list_texts(read_pdf(pages.save())) == [f"{number}号正文。" for number in range(1, 6)]


def test_a_single_page_keeps_its_first_line(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write("南川市职业教育质量报告", y=HEIGHT - 60)
    pages.write_paragraph(LONG)
    assert list_texts(read_pdf(pages.save())) == ["南川市职业教育质量报告", LONG]


def test_a_ruled_table_is_read_once_and_in_its_place(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write("表1 专业设置情况")
    pages.draw_table(ROWS, WIDTHS)
    pages.write_paragraph(LONG)
    items = read_pdf(pages.save())
    assert list_texts(items) == ["表1 专业设置情况", LONG]
    assert [spread_table(table) for table in list_tables(items)] == [ROWS]
    assert items[1] is list_tables(items)[0]


def test_merged_cells_are_told_by_missing_rulings(tmp_path: Path) -> None:
    rows = [["学校", "2023年", None], [None, "招生", "在校"], ["甲校", "120", "365"]]
    pages = Pages(tmp_path / "a.pdf")
    pages.draw_table(rows, WIDTHS, merged=[(0, 0, 2, 1), (0, 1, 1, 2)])
    (table,) = list_tables(read_pdf(pages.save()))
    assert spread_table(table) == [["学校", "2023年", "2023年"], ["学校", "招生", "在校"], ["甲校", "120", "365"]]


def test_a_shaded_header_row_changes_nothing(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.draw_table(ROWS, WIDTHS, shaded=True)
    assert [spread_table(table) for table in list_tables(read_pdf(pages.save()))] == [ROWS]


def test_a_table_open_at_its_sides_is_read(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    top = pages.y
    for row, (left, right) in enumerate([("专业", "人数"), ("护理", "120")]):
        pages.write(left, x=LEFT + 4, y=top - 24 * row - 16)
        pages.write(right, x=LEFT + 104, y=top - 24 * row - 16)
    for row in range(3):
        pages.canvas.line(LEFT, top - 24 * row, LEFT + 200, top - 24 * row)
    pages.canvas.line(LEFT + 100, top, LEFT + 100, top - 48)
    (table,) = list_tables(read_pdf(pages.save()))
    assert spread_table(table) == [["专业", "人数"], ["护理", "120"]]


def test_lines_wrapped_in_a_cell_are_joined_and_others_are_not(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.draw_table([["成员", "备注"], ["南川轨道交通\n职业技术学校", "甲校\n乙校"]], [68, 100], height=40)
    (table,) = list_tables(read_pdf(pages.save()))
    assert spread_table(table)[1] == ["南川轨道交通职业技术学校", "甲校\n乙校"]


def draw_split_table(pages: Pages, upper: list[list[str]], lower: list[list[str]], between: str = "") -> None:
    pages.y = 100 + 24 * len(upper)
    pages.draw_table(upper, WIDTHS)
    pages.turn()
    if between:
        pages.write(between)
    pages.draw_table(lower, WIDTHS)


def test_a_table_over_two_pages_is_one_and_its_header_stands_once(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    draw_split_table(pages, ROWS, [ROWS[0], ["物流服务", "30", "88"], ["烹饪", "25", "70"]])
    tables = list_tables(read_pdf(pages.save()))
    assert [spread_table(table) for table in tables] == [[*ROWS, ["物流服务", "30", "88"], ["烹饪", "25", "70"]]]
    assert tables[0].page == 1


def test_a_continued_caption_does_not_part_a_table(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    draw_split_table(pages, ROWS, [ROWS[0], ["烹饪", "25", "70"]], between="续表1")
    items = read_pdf(pages.save())
    assert [len(table.rows) for table in list_tables(items)] == [4]
    assert list_texts(items) == []


def test_a_caption_between_two_tables_keeps_them_apart(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    draw_split_table(pages, ROWS, ROWS, between="表2 上年情况")
    assert len(list_tables(read_pdf(pages.save()))) == 2


def test_a_row_cut_by_the_page_is_mended(tmp_path: Path) -> None:
    upper = [["项目", "数量", "说明"], ["实训基地", "3", "与企业共同建设并"]]
    lower = [["", "", "共同管理。"], ["合作企业", "12", "均签协议。"]]
    pages = Pages(tmp_path / "a.pdf")
    pages.y = 100 + 24 * len(upper)
    pages.draw_table(upper, [90, 60, 88])
    pages.turn()
    pages.draw_table(lower, [90, 60, 88])
    (table,) = list_tables(read_pdf(pages.save()))
    assert spread_table(table)[1:] == [
        ["实训基地", "3", "与企业共同建设并共同管理。"],
        ["合作企业", "12", "均签协议。"],
    ]


def test_a_tall_cell_cut_by_the_page_is_one(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.y = 100 + 24 * 3
    merged = [(1, 0, 2, 1)]
    pages.draw_table([["学校", "专业", "人数"], ["甲校", "护理", "120"], [None, "会计", "45"]], WIDTHS, merged)
    pages.turn()
    pages.draw_table([["", "烹饪", "25"], [None, "物流", "30"]], WIDTHS, [(0, 0, 2, 1)])
    (table,) = list_tables(read_pdf(pages.save()))
    assert [row[0] for row in spread_table(table)] == ["学校", "甲校", "甲校", "甲校", "甲校"]


def test_a_box_around_text_is_no_table(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.canvas.rect(LEFT - 6, pages.y - 60, FULL * SIZE + 12, 80)
    pages.write_paragraph(LONG)
    items = read_pdf(pages.save())
    assert list_texts(items) == [LONG]


def test_empty_boxes_of_a_drawing_are_no_table(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.canvas.grid([LEFT + 40 * step for step in range(8)], [300 + 30 * step for step in range(6)])
    pages.write("图1 近三年招生变化", y=280)
    assert list_tables(read_pdf(pages.save())) == []


def test_contents_lines_with_leaders_are_contents(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write("目 录", x=WIDTH / 2)
    pages.write("一、学校概况" + "." * 60 + "1")
    pages.write("（一）办学规模" + "…" * 20 + "12")
    assert read_pdf(pages.save())[1:] == [
        RawText("一、学校概况\t1", page=1, kind=BlockKind.CONTENTS),
        RawText("（一）办学规模\t12", page=1, kind=BlockKind.CONTENTS),
    ]


def test_contents_lines_without_leaders_are_contents_below_their_title(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write("目 录", x=WIDTH / 2)
    for place, title in enumerate(("一、学校概况", "二、师资队伍")):
        pages.write(title, y=pages.y)
        pages.write(str(3 + place), x=LEFT + 400)
    kinds = [item.kind for item in read_pdf(pages.save()) if isinstance(item, RawText)]
    assert kinds == [None, BlockKind.CONTENTS, BlockKind.CONTENTS]


def test_blanks_inside_a_spread_word_are_removed_and_between_words_kept(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write("质 量 年 度 报 告", size=18)
    pages.write("负责人：王某 李某")
    assert list_texts(read_pdf(pages.save())) == ["质量年度报告", "负责人：王某 李某"]


def test_text_printed_twice_for_boldness_is_read_once(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write("师资队伍", y=600)
    pages.write("师资队伍", x=LEFT + 0.4, y=600)
    assert list_texts(read_pdf(pages.save())) == ["师资队伍"]


def test_bookmarks_make_headings(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    for level, title in enumerate(("第一章 概况", "办学规模")):
        pages.canvas.bookmarkPage(title)
        pages.canvas.addOutlineEntry(title, title, level)
        pages.write(title)
    pages.write_paragraph(LONG)
    levels = [item.level for item in read_pdf(pages.save()) if isinstance(item, RawText)]
    assert levels == [1, 2, 0]


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write("两栏排印的简报", x=LEFT + 140, size=16)
    top, width = pages.y, 17
    texts = (LONG * 4, OTHER * 4)
    for text, x in zip(texts, (LEFT, LEFT + 20 * SIZE), strict=True):
        for number, start in enumerate(range(0, len(text), width)):
            pages.write(text[start : start + width], x=x, y=top - number * PITCH)
    assert list_texts(read_pdf(pages.save())) == ["两栏排印的简报", *texts]


def test_a_page_of_turned_text_is_turned_back(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.canvas.translate(WIDTH, 0)
    pages.canvas.rotate(90)
    pages.y = 400
    pages.write("附表1 横排的大表")
    pages.draw_table(ROWS, WIDTHS)
    items = read_pdf(pages.save())
    assert list_texts(items) == ["附表1 横排的大表"]
    assert [spread_table(table) for table in list_tables(items)] == [ROWS]


def test_a_watermark_aslant_is_dropped(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write_paragraph(LONG)
    pages.canvas.rotate(35)
    pages.write("内部资料", x=400, y=100, size=40)
    assert list_texts(read_pdf(pages.save())) == [LONG]


def test_pictures_without_text_are_scanned(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (60, 80), 200).save(tmp_path / "scan.png")
    pages = Pages(tmp_path / "a.pdf")
    for _ in range(2):
        pages.canvas.drawImage(str(tmp_path / "scan.png"), 0, 0, WIDTH, HEIGHT)
        pages.turn()
    with pytest.raises(ScannedInput, match=r"a\.pdf: no text layer, only pictures of 2 pages"):
        read_pdf(pages.save())


def test_blank_pages_are_empty(tmp_path: Path) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.turn()
    with pytest.raises(EmptyInput):
        read_pdf(pages.save())


def test_a_password_to_open_is_asked_for_and_one_to_edit_is_not(tmp_path: Path) -> None:
    locked = Pages(tmp_path / "a.pdf", encrypt=StandardEncryption("secret", strength=128))
    locked.write("Annual report 2024", font="Helvetica")
    with pytest.raises(EncryptedInput, match=r"a\.pdf: asks for a password"):
        read_pdf(locked.save())
    protected = Pages(tmp_path / "b.pdf", encrypt=StandardEncryption("", "owner", strength=128))
    protected.write("Annual report 2024", font="Helvetica")
    assert list_texts(read_pdf(protected.save())) == ["Annual report 2024"]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6])
def test_a_torn_file_is_damage_in_one_line(tmp_path: Path, share: float) -> None:
    pages = Pages(tmp_path / "a.pdf")
    pages.write_paragraph(LONG)
    data = pages.save().read_bytes()
    pages.path.write_bytes(data[: 9 + int(share * len(data))])
    with pytest.raises((DamagedInput, EmptyInput)) as caught:
        read_pdf(pages.path)
    assert "\n" not in str(caught.value) and "a.pdf" in str(caught.value)
