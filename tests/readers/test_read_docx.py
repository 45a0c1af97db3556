"""Word files: one behaviour a test."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from reader_helpers import list_tables, list_texts, spread_table
from word_files import cell, list_levels, numbered, paragraph, rewrite_part, save_body, table

from kg.errors import DamagedInput, WrongKind
from kg.layout import RawText
from kg.model import BlockKind
from kg.readers.docx import read_docx


def test_paragraphs_and_tables_keep_their_order(tmp_path: Path) -> None:
    xml = paragraph("表前一段。") + table(cell("专业") + cell("人数")) + paragraph("表后一段。")
    items = read_docx(save_body(tmp_path / "a.docx", xml))
    assert [type(item).__name__ for item in items] == ["RawText", "RawTable", "RawText"]


def test_heading_levels_come_from_styles_and_outline_levels(tmp_path: Path) -> None:
    file = docx.Document()
    file.add_heading("学校概况", 1)
    file.add_heading("师资队伍", 2)
    own = file.styles.add_style("章标题", 1)
    own.base_style = file.styles["Heading 3"]
    file.add_paragraph("基于样式的标题", style="章标题")
    file.save(str(tmp_path / "a.docx"))
    assert [item.level for item in read_docx(tmp_path / "a.docx") if isinstance(item, RawText)] == [1, 2, 3]
    direct = save_body(tmp_path / "b.docx", paragraph("直接设置的级别", '<w:outlineLvl w:val="1"/>'))
    assert read_docx(direct) == [RawText("直接设置的级别", level=2)]


def test_a_long_paragraph_with_a_heading_style_is_none(tmp_path: Path) -> None:
    long = "学校坚持产教融合，" * 12
    items = read_docx(save_body(tmp_path / "a.docx", paragraph(long, '<w:outlineLvl w:val="0"/>')))
    assert items == [RawText(long, level=0)]


def test_merged_cells_become_spans(tmp_path: Path) -> None:
    start, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    xml = table(
        cell("专业", start) + cell("2022年", '<w:gridSpan w:val="2"/>'),
        cell("", goes_on) + cell("招生") + cell("在校"),
        cell("护理") + cell("120") + cell("365"),
    )
    (read,) = list_tables(read_docx(save_body(tmp_path / "a.docx", xml)))
    assert spread_table(read) == [["专业", "2022年", "2022年"], ["专业", "招生", "在校"], ["护理", "120", "365"]]
    assert [len(row) for row in read.rows] == [2, 2, 3]


def test_rows_that_begin_late_keep_their_columns(tmp_path: Path) -> None:
    late = '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("乙") + "</w:tr>"
    xml = table(cell("甲") + cell("丙")).replace("</w:tbl>", late + "</w:tbl>")
    (read,) = list_tables(read_docx(save_body(tmp_path / "a.docx", xml)))
    assert spread_table(read) == [["甲", "丙"], ["", "乙"]]


def test_slivers_between_misdrawn_borders_make_no_columns(tmp_path: Path) -> None:
    grid = '<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="60"/><w:gridCol w:w="2000"/></w:tblGrid>'
    wide = '<w:gridSpan w:val="2"/>'
    xml = table(cell("专业", wide) + cell("人数"), cell("护理") + cell("120", wide)).replace(
        "<w:tbl>", "<w:tbl>" + grid
    )
    (read,) = list_tables(read_docx(save_body(tmp_path / "a.docx", xml)))
    assert spread_table(read) == [["专业", "人数"], ["护理", "120"]]


def test_marked_header_rows_are_counted(tmp_path: Path) -> None:
    xml = table("<w:trPr><w:tblHeader/></w:trPr>" + cell("专业"), cell("护理"), cell("会计"))
    assert list_tables(read_docx(save_body(tmp_path / "a.docx", xml)))[0].header_rows == 1
    unmarked = table(cell("专业"), cell("护理"))
    assert list_tables(read_docx(save_body(tmp_path / "b.docx", unmarked)))[0].header_rows is None


def test_a_frame_of_one_cell_is_running_text(tmp_path: Path) -> None:
    inside = "<w:tc>" + paragraph("案例1 师傅进校园") + paragraph("企业派出两名技师。") + "</w:tc>"
    assert list_texts(read_docx(save_body(tmp_path / "a.docx", table(inside)))) == [
        "案例1 师傅进校园",
        "企业派出两名技师。",
    ]


def test_a_table_inside_a_cell_becomes_lines_of_the_cell(tmp_path: Path) -> None:
    nested = "<w:tc>" + table(cell("甲公司") + cell("20人"), cell("乙公司") + cell("15人")) + "<w:p/></w:tc>"
    xml = table(cell("专业") + cell("企业"), cell("护理") + nested)
    (read,) = list_tables(read_docx(save_body(tmp_path / "a.docx", xml)))
    assert spread_table(read)[1] == ["护理", "甲公司 20人\n乙公司 15人"]


def test_tables_beside_each_other_in_a_layout_table_come_one_by_one(tmp_path: Path) -> None:
    one = "<w:tc>" + table(cell("甲") + cell("1")) + "<w:p/></w:tc>"
    two = "<w:tc>" + table(cell("乙") + cell("2")) + "<w:p/></w:tc>"
    tables = list_tables(read_docx(save_body(tmp_path / "a.docx", table(one + two))))
    assert [spread_table(read) for read in tables] == [[["甲", "1"]], [["乙", "2"]]]


def test_paragraphs_of_a_cell_stay_on_lines_of_their_own(tmp_path: Path) -> None:
    two = "<w:tc>" + paragraph("甲学校") + paragraph("乙学校") + "</w:tc>"
    (read,) = list_tables(read_docx(save_body(tmp_path / "a.docx", table(cell("成员") + two))))
    assert spread_table(read) == [["成员", "甲学校\n乙学校"]]


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        ((("decimal", "%1."), ("decimal", "%1.%2")), ["1. 甲", "1.1 乙", "1.2 丙", "2. 丁", "2.1 戊"]),
        (
            (("chineseCounting", "%1、"), ("chineseCounting", "（%2）")),
            ["一、甲", "（一）乙", "（二）丙", "二、丁", "（一）戊"],
        ),
        (
            (("japaneseCounting", "第%1章"), ("decimalEnclosedCircle", "%2")),
            ["第一章 甲", "① 乙", "② 丙", "第二章 丁", "① 戊"],
        ),
        ((("bullet", "·"), ("lowerLetter", "%2)")), ["甲", "a)乙", "b)丙", "丁", "a)戊"]),
    ],
)
def test_automatic_numbers_are_shown(tmp_path: Path, levels: tuple[tuple[str, str], ...], shown: list[str]) -> None:
    xml = "".join(numbered(text, 1, depth) for text, depth in (("甲", 0), ("乙", 1), ("丙", 1), ("丁", 0), ("戊", 1)))
    assert list_texts(read_docx(save_body(tmp_path / "a.docx", xml, list_levels(*levels)))) == shown


def test_a_list_of_its_own_may_begin_again(tmp_path: Path) -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    again = f'<w:num w:numId="7"><w:abstractNumId w:val="1"/>{override}</w:num>'
    xml = numbered("甲", 1) + numbered("乙", 1) + numbered("丙", 7) + numbered("丁", 7)
    numbering = list_levels(("decimal", "（%1）")) + again
    assert list_texts(read_docx(save_body(tmp_path / "a.docx", xml, numbering))) == [
        "（1）甲",
        "（2）乙",
        "（1）丙",
        "（2）丁",
    ]


def test_a_column_of_automatic_numbers_is_not_empty(tmp_path: Path) -> None:
    number = "<w:tc>" + numbered("", 1) + "</w:tc>"
    xml = table(cell("序号") + cell("专业"), number + cell("护理"), number + cell("会计"))
    (read,) = list_tables(read_docx(save_body(tmp_path / "a.docx", xml, list_levels(("decimal", "%1")))))
    assert spread_table(read) == [["序号", "专业"], ["1", "护理"], ["2", "会计"]]


def test_numbers_of_heading_styles_are_shown(tmp_path: Path) -> None:
    path = save_body(
        tmp_path / "a.docx",
        paragraph("办学规模", '<w:pStyle w:val="Heading1"/>') + paragraph("专业", '<w:pStyle w:val="Heading2"/>'),
        list_levels(("decimal", "%1"), ("decimal", "%1.%2")).replace(
            '<w:lvl w:ilvl="1"><w:start w:val="1"/>',
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:pStyle w:val="Heading2"/>',
        ),
    )
    for style in ("Heading1", "Heading2"):
        found = f'w:styleId="{style}">'
        rewrite_part(path, "word/styles.xml", found, found + '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    assert list_texts(read_docx(path)) == ["1 办学规模", "1.1 专业"]


def test_a_text_box_is_read_once_and_heads_nothing(tmp_path: Path) -> None:
    box = "<w:txbxContent>" + paragraph("案例：订单班开班") + "</w:txbxContent>"
    xml = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        + box
        + "</wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox>" + box + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>框外的正文。</w:t></w:r></w:p>"
    )
    assert read_docx(save_body(tmp_path / "a.docx", xml)) == [
        RawText("框外的正文。"),
        RawText("案例：订单班开班", kind=BlockKind.PARAGRAPH),
    ]


def test_contents_fields_and_styles_are_contents(tmp_path: Path) -> None:
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1 概况</w:t><w:tab/><w:t>3</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>2 师资</w:t><w:tab/><w:t>5</w:t></w:r></w:p>"
        '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>正文开始。</w:t></w:r></w:p>'
    )
    items = read_docx(save_body(tmp_path / "a.docx", field))
    assert items == [
        RawText("1 概况\t3", kind=BlockKind.CONTENTS),
        RawText("2 师资\t5", kind=BlockKind.CONTENTS),
        RawText("正文开始。"),
    ]
    part = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        "<w:sdtContent>" + paragraph("目录") + "</w:sdtContent></w:sdt>"
    )
    assert read_docx(save_body(tmp_path / "b.docx", part)) == [RawText("目录", kind=BlockKind.CONTENTS)]


def test_the_caption_style_serves_tables_and_pictures(tmp_path: Path) -> None:
    style = '<w:pStyle w:val="Caption"/>'
    xml = paragraph("表1 专业设置", style) + paragraph("图2 校门", style) + paragraph("说明一句", style)
    kinds = [item.kind for item in read_docx(save_body(tmp_path / "a.docx", xml)) if isinstance(item, RawText)]
    assert kinds == [BlockKind.CAPTION, BlockKind.FIGURE, None]


def test_deleted_hidden_and_coded_text_is_not_read(tmp_path: Path) -> None:
    xml = (
        "<w:p><w:r><w:t>在校生</w:t></w:r><w:del><w:r><w:delText>900</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>920</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>人</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    assert list_texts(read_docx(save_body(tmp_path / "a.docx", xml))) == ["在校生920人"]


def test_a_paragraph_goes_on_where_its_end_was_deleted(tmp_path: Path) -> None:
    xml = paragraph("学校现有", "<w:rPr><w:del/></w:rPr>") + paragraph("三个校区。")
    assert list_texts(read_docx(save_body(tmp_path / "a.docx", xml))) == ["学校现有三个校区。"]


def test_a_field_without_its_end_does_not_swallow_the_report(tmp_path: Path) -> None:
    xml = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' + paragraph("后面的正文。")
    assert list_texts(read_docx(save_body(tmp_path / "a.docx", xml))) == ["后面的正文。"]


def test_breaks_are_kept_and_tabs_are_blanks(tmp_path: Path) -> None:
    xml = "<w:p><w:r><w:t>负责人</w:t><w:tab/><w:t>王某</w:t><w:br/><w:t>电话略</w:t></w:r></w:p>"
    assert list_texts(read_docx(save_body(tmp_path / "a.docx", xml))) == ["负责人 王某\n电话略"]


def test_headers_and_footnotes_are_left_out(tmp_path: Path) -> None:
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "质量年度报告"
    file.add_paragraph("正文。")
    file.save(str(tmp_path / "a.docx"))
    assert list_texts(read_docx(tmp_path / "a.docx")) == ["正文。"]


def test_pages_are_counted_where_the_file_tells_them(tmp_path: Path) -> None:
    turned = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>第二页。</w:t></w:r></w:p>"
    items = read_docx(save_body(tmp_path / "a.docx", paragraph("第一页。") + turned))
    assert [item.page for item in items] == [1, 2]
    assert [item.page for item in read_docx(save_body(tmp_path / "b.docx", paragraph("不知页码。")))] == [None]


def test_a_page_break_in_a_row_counts_once(tmp_path: Path) -> None:
    broken = "<w:tc><w:p><w:r><w:t>上</w:t><w:lastRenderedPageBreak/><w:t>下</w:t></w:r></w:p></w:tc>"
    xml = table(cell("甲") + cell("乙"), broken + broken) + paragraph("表后。")
    assert [item.page for item in read_docx(save_body(tmp_path / "a.docx", xml))] == [1, 2]


def test_a_lost_picture_does_not_keep_the_report_from_being_read(tmp_path: Path) -> None:
    path = save_body(tmp_path / "a.docx", paragraph("正文还在。"))
    relation = '<Relationship Id="rId99" Type="http://x/image" Target="NULL"/></Relationships>'
    rewrite_part(path, "word/_rels/document.xml.rels", "</Relationships>", relation)
    assert list_texts(read_docx(path)) == ["正文还在。"]


def test_the_strict_dialect_is_read(tmp_path: Path) -> None:
    path = save_body(tmp_path / "a.docx", paragraph("严格格式。"))
    rewrite_part(
        path,
        "word/document.xml",
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert list_texts(read_docx(path)) == ["严格格式。"]


def test_broken_xml_is_damage_in_one_line(tmp_path: Path) -> None:
    path = save_body(tmp_path / "a.docx", paragraph("正文。"))
    rewrite_part(path, "word/document.xml", "</w:body>", "")
    with pytest.raises(DamagedInput, match=r"a\.docx: damaged \(.+\)$"):
        read_docx(path)


def test_an_archive_without_a_text_is_no_word_file(tmp_path: Path) -> None:
    path = save_body(tmp_path / "a.docx", paragraph("正文。"))
    rewrite_part(path, "_rels/.rels", "word/document.xml", "word/elsewhere.xml")
    rewrite_part(path, "word/document.xml", "w:body", "w:other")
    with pytest.raises(WrongKind):
        read_docx(path)


def test_what_could_define_entities_is_refused(tmp_path: Path) -> None:
    path = save_body(tmp_path / "a.docx", paragraph("正文。"))
    rewrite_part(
        path, "word/document.xml", "<w:document", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><w:document'
    )
    rewrite_part(path, "word/document.xml", "正文。", "正文。&e;")
    with pytest.raises(DamagedInput, match="its XML declares a document type"):
        read_docx(path)
