"""Reports saved as text: from Word (one table cell a line), from PDF (tab rows), and in every encoding.

The fixtures are written for these tests; schools and companies in them are made up.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import EmptyInput
from kg.extraction import extract
from kg.mentions import find_mentions
from kg.model import BlockKind, Document, ReportLevel, Table
from kg.readers import read_document

FIXTURES = Path(__file__).parent / "fixtures" / "txt"


def read_fixture(name: str) -> Document:
    return read_document(FIXTURES / name)


def read_text(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def tables(document: Document) -> list[Table]:
    return [block.table for block in document.blocks if block.table]


def paths(table: Table) -> list[str]:
    return [" / ".join(table.column_path(column)) for column in range(table.columns)]


def body(table: Table) -> list[list[str]]:
    rows = range(table.header_rows, table.rows)
    return [["".join(table.text_at(row, column).split()) for column in range(table.columns)] for row in rows]


def texts(document: Document, *kinds: BlockKind) -> list[str]:
    return [block.text for block in document.blocks if block.kind in kinds]


def section_of(document: Document, text: str) -> str:
    return next(s for block, s in zip(document.blocks, document.sections, strict=True) if text in block.text)


# --- saved from Word --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def word() -> Document:
    return read_fixture("saved-from-word.txt")


def test_word_tables_have_their_captions_units_and_notes(word: Document) -> None:
    first, second, third, fourth = tables(word)
    assert first.caption == "表1：2021年、2022年学生规模统计表"
    assert (first.unit, first.note) == ("人", "注：不含短期培训学员")
    assert [t.number for t in tables(word)] == [1, 2, 3, 4]
    assert second.caption.endswith("分专业招生与在校生统计表")
    assert third.caption.endswith("岗位实习情况一览表")
    assert fourth.caption.endswith("师资结构情况")


def test_a_table_of_plain_rows(word: Document) -> None:
    table = tables(word)[0]
    assert paths(table) == ["年度", "招生数", "在校生数", "毕业生数"]
    assert body(table) == [["2021年", "398", "1146", "352"], ["2022年", "412", "1180", "361"]]


def test_headers_merged_across_are_laid_on_the_row_below(word: Document) -> None:
    table = tables(word)[1]
    assert table.header_rows == 2
    assert paths(table) == ["序号", "专业", "2021年 / 招生", "2021年 / 在校生", "2022年 / 招生", "2022年 / 在校生"]
    assert body(table)[0] == ["1", "茶叶生产与加工", "40", "118", "45", "126"]


def test_headers_merged_across_and_down(word: Document) -> None:
    expected = ["类别", "性别结构 / 男", "性别结构 / 女", "学历结构 / 研究生", "学历结构 / 本科", "双师教师"]
    assert paths(tables(word)[3]) == expected


def test_cells_merged_down_go_on(word: Document) -> None:
    column = [row[0] for row in body(tables(word)[2])]
    assert column == ["护理", "护理", "旅游服务与管理", "茶叶生产与加工", "茶叶生产与加工"]


def test_a_cell_of_several_lines_stays_one(word: Document) -> None:
    names = [row[1] for row in body(tables(word)[2])]
    assert names[3:] == ["紫阳县焕古茶业有限公司", "岚皋县四季茶业专业合作社"]
    assert body(tables(word)[1])[2][1] == "旅游服务与管理"


def test_marks_of_bookmarks_and_pictures_are_gone(word: Document) -> None:
    assert "[" not in word.text
    assert "bookmark" not in word.text and "航拍" not in word.text
    assert "图1：校园一角" in texts(word, BlockKind.FIGURE)


def test_an_indented_line_is_no_table(word: Document) -> None:
    assert "这是一段首行缩进的文字，不是表格。" in texts(word, BlockKind.PARAGRAPH)


def test_sections_of_the_word_text(word: Document) -> None:
    assert section_of(word, "实习单位见表3") == "2.校企合作 / 2.1实习就业"
    assert section_of(word, "旅游服务\n与管理\t60") == "1.学校情况 / 1.3专业设置"
    assert section_of(word, "一是师资力量不足") == "3.面临挑战"


def test_the_word_text_says_whose_report_it_is(word: Document) -> None:
    info = word.info
    assert (info.publisher, info.region, info.level) == ("岚皋县巴山职业教育中心", "岚皋县", ReportLevel.SCHOOL)
    assert (info.year, info.published) == (2022, 2022)


def test_a_total_whose_label_is_merged_across_keeps_its_columns(word: Document) -> None:
    assert body(tables(word)[1])[-1][2:] == ["220", "641", "234", "665"]


# --- saved from PDF ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf() -> Document:
    return read_fixture("saved-from-pdf.txt")


def test_contents_give_no_headings_and_no_tables(pdf: Document) -> None:
    contents = texts(pdf, BlockKind.CONTENTS)
    assert len(contents) == 11
    headings = texts(pdf, BlockKind.HEADING)
    assert sum("专业建设" in heading for heading in headings) == 1
    assert len(tables(pdf)) == 2


def test_sentences_broken_over_lines_and_pages_are_joined(pdf: Document) -> None:
    text = "".join(pdf.text.split())
    assert "参加学生累计达到8600人次" in text
    assert "等企业开展订单培养，合作企业达到17家" in text
    joined = "依托现代农业产业园，与甘肃河西走廊种业有限公司共建实训基地2个。"
    assert any(joined in "".join(line.split()) for line in texts(pdf, BlockKind.PARAGRAPH))


def test_a_heading_is_not_joined_to_the_sentence_before(pdf: Document) -> None:
    assert any(heading.startswith("3.") and heading.endswith("面临挑战") for heading in texts(pdf, BlockKind.HEADING))
    assert not any("面临挑战" in text for text in texts(pdf, BlockKind.PARAGRAPH))


def test_descriptions_of_pictures_are_no_running_text(pdf: Document) -> None:
    assert not any("robotic" in text for text in texts(pdf, BlockKind.PARAGRAPH))


def test_blanks_in_words_and_numbers_are_closed(pdf: Document) -> None:
    text = "".join(texts(pdf, BlockKind.PARAGRAPH))
    assert "全市4所中等职业学校开设21个专业" in text
    assert "12道工序" in text


def test_tab_rows_with_empty_cells_have_header_paths(pdf: Document) -> None:
    table = tables(pdf)[0]
    assert paths(table)[1:] == ["教职工数", "招生数 / 2022年", "招生数 / 2023年", "在校生 / 2022年", "在校生 / 2023年"]
    assert body(table)[1] == ["永昌县骊靬职教中心", "118", "360", "348", "1022", "1008"]
    assert (table.unit, table.note) == ("人", "注：不含技工学校")


def test_a_table_with_the_schools_across(pdf: Document) -> None:
    table = tables(pdf)[1]
    assert paths(table)[1:] == ["市祁连中专", "骊靬职教", "龙首职校", "合计"]
    assert body(table)[2] == ["双师型教师比例（%）", "61.3", "52", "48.25", "55.6"]
    assert table.header_columns == 1


def test_sections_of_the_pdf_text(pdf: Document) -> None:
    assert section_of(pdf, "永昌县骊靬职教中心依托").replace(" ", "") == "2.产教融合/2.1校企合作"
    assert "案例2-1" in section_of(pdf, "12道工序")
    assert "案例" not in section_of(pdf, "专业教师缺口")


def test_the_pdf_text_says_whose_report_it_is(pdf: Document) -> None:
    info = pdf.info
    assert (info.publisher, info.region, info.level) == ("金昌市教育局", "金昌市", ReportLevel.CITY)
    assert (info.year, info.published) == (2023, 2024)


# --- small things -----------------------------------------------------------------------------------------------------


def test_two_tables_of_one_file_stay_two(tmp_path: Path) -> None:
    one = "\t专业\n\t人数\n\n\t护理\n\t40\n\n\n"
    other = "\t企业\n\t年份\n\n\t顺达公司\n\t2023\n\n\n"
    document = read_text(tmp_path, one + other)
    assert [body(table) for table in tables(document)] == [[["护理", "40"]], [["顺达公司", "2023"]]]


def test_a_list_with_numbers_stays_in_its_cell(tmp_path: Path) -> None:
    document = read_text(tmp_path, "\t专业\n\t企业\n\n\t护理\n\t1.县医院\n2.市医院\n\n\t会计\n\t顺达公司\n\n\n后文。\n")
    assert body(tables(document)[0]) == [["护理", "1.县医院2.市医院"], ["会计", "顺达公司"]]
    assert texts(document, BlockKind.PARAGRAPH) == ["后文。"]


def test_a_row_that_ends_in_a_number_is_no_contents_line(tmp_path: Path) -> None:
    document = read_text(tmp_path, "专业\t人数\n护理\t40\n会计\t30\n\n后文。\n")
    assert body(tables(document)[0]) == [["护理", "40"], ["会计", "30"]]


def test_both_dialects_in_one_file(tmp_path: Path) -> None:
    document = read_text(tmp_path, "\t专业\n\t人数\n\n\t护理\n\t40\n\n\n正文一段。\n\n专业\t人数\n会计\t30\n")
    assert [body(table) for table in tables(document)] == [[["护理", "40"]], [["会计", "30"]]]


def test_line_ends_of_all_systems(tmp_path: Path) -> None:
    text = (FIXTURES / "saved-from-word.txt").read_text(encoding="utf-8")
    readings = []
    for number, end in enumerate(("\n", "\r\n", "\r")):
        path = tmp_path / f"{number}.txt"
        path.write_bytes(text.replace("\n", end).encode())
        readings.append(read_document(path, "r").text)
    assert readings[0] == readings[1] == readings[2]


@pytest.mark.parametrize(
    "page_break",
    [
        "\f",
        "\n\n12\n\n",
        "\n\n- 12 -\n\n",
        "\n\n第 12 页 共 60 页\n\n",
    ],
)
def test_a_page_s_end_in_a_sentence(tmp_path: Path, page_break: str) -> None:
    before, after = "学校坚持产教融合，依托现代农业产业园，并与", "甘肃河西走廊种业有限公司共建实训基地2个。"
    document = read_text(tmp_path, f"{before}{page_break}{after}\n")
    assert before + after in "".join(document.text.split())


@pytest.mark.parametrize("name", ["金昌镍都 新材料有限公司", "金昌镍都新材 料有限公司", "金昌镍都新材料 有限公司"])
def test_a_blank_inside_a_name(tmp_path: Path, name: str) -> None:
    document = read_text(tmp_path, f"2023年，学校与{name}合作，共建实训车间。\n")
    assert [mention.name for mention in find_mentions(document).all] == ["金昌镍都新材料有限公司"]


def test_an_empty_paragraph_at_a_cell_s_end(tmp_path: Path) -> None:
    document = read_text(
        tmp_path, "\t专业\n\t企业\n\t人数\n\n\t护理\n\t县医院\n\n\t40\n\n\t会计\n\t顺达公司\n\t30\n\n\n"
    )
    assert body(tables(document)[0]) == [["护理", "县医院", "40"], ["会计", "顺达公司", "30"]]


def test_indented_paragraphs_without_blank_lines_are_text(tmp_path: Path) -> None:
    lines = ["学校与顺达公司合作，成效明显，学生受益。", "学校与县医院合作，成效明显，学生受益。"]
    document = read_text(tmp_path, "".join(f"\t{line}\n" for line in lines))
    assert texts(document, BlockKind.PARAGRAPH) == lines


def test_a_tab_table_over_a_page_s_end(tmp_path: Path) -> None:
    document = read_text(tmp_path, "专业\t企业\t人数\n护理\t县医院\t40\n\n会计\t顺达公司\t30\n\n后文。\n")
    assert [body(table) for table in tables(document)] == [[["护理", "县医院", "40"], ["会计", "顺达公司", "30"]]]


# --- encodings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["saved-from-word.txt", "saved-from-pdf.txt"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (b"", "gb18030"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
    ids=["UTF-8 BOM", "GB18030", "UTF-16 LE BOM", "UTF-16 BE BOM", "UTF-16 LE", "UTF-16 BE"],
)
def test_every_encoding_gives_the_same_document(tmp_path: Path, name: str, mark: bytes, encoding: str) -> None:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    path = tmp_path / name
    path.write_bytes(mark + text.encode(encoding))
    assert read_document(path).text == read_fixture(name).text
    assert len(read_document(path).blocks) == len(read_fixture(name).blocks)


# --- nothing gets lost ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["saved-from-word.txt", "saved-from-pdf.txt"])
def test_no_character_of_a_report_is_lost(name: str) -> None:
    """Apart from marks and white space, the document's text is the file's."""
    source = (FIXTURES / name).read_text(encoding="utf-8")
    for mark in ("[bookmark: _Toc1200451]", "[bookmark: _Toc1200452]", "[bookmark: _Toc1200453]"):
        source = source.replace(mark, "")
    source = source.replace("[image: 校门照片]", "").replace("[image: 航拍的校园]", "")
    assert "".join(read_fixture(name).text.split()) == "".join(source.split())


_LINES = st.sampled_from(
    [
        *(
            "",
            "",
            "\t",
            "\t专业",
            "\t护理",
            "\t40",
            "\t2022年",
            "\t合计",
            "专业\t人数\t备注",
            "护理\t40\t",
            "\t招生\t在校",
        ),
        *("学校与甲公司合作，", "共建基地。", "一段没有句号的文字", "　　缩进的段落，", "县医院", "合计\t70", "合计"),
        *(
            "1.概况",
            "（一）规模",
            "表1 专业",
            "注：略",
            "单位：人",
            "目 录",
            "1.概况.....3",
            "二、教学\t7",
            "12",
            "- 3 -",
        ),
        *("[image: 图]", "[bookmark: _Toc1]", "\f"),
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_LINES, min_size=1, max_size=14))
def test_no_word_of_any_lines_is_lost(tmp_path: Path, lines: list[str]) -> None:
    def count(text: str) -> Counter[str]:
        return Counter(re.findall("[\u4e00-\u9fff]", re.sub(r"\[image[^\]]*\]", "", text)))

    text = "\n".join(lines)
    try:
        document = read_text(tmp_path, text)
    except EmptyInput:
        assert not count(text)
        return
    assert count(document.text) == count(text)
    for block in document.blocks:
        assert document.slice(block.span) == block.text
    extract(document)


def test_a_page_s_head_and_number_part_neither_a_sentence_nor_a_table(tmp_path: Path) -> None:
    head = "某县职业教育中心质量年度报告（2024年度）"
    pages = [
        f"学校坚持产教融合，现与多家企业开展合作，建立了稳定的校外实训\n\n1\n{head}\n\n基地，接收学生实习。",
        f"表1 实习单位\n\n序号\t实习单位\t专业\t人数\n1\t甲公司\t护理\t20\n\n2\n{head}\n\n2\t乙公司\t会计\t30",
        f"学校重视安全。\n\n3\n{head}\n\n学校重视卫生。",
    ]
    document = read_text(tmp_path, "\n\n".join(pages))
    assert head not in document.text
    assert "建立了稳定的校外实训基地，接收学生实习。" in document.text
    tables = [block.table for block in document.blocks if block.table]
    assert len(tables) == 1 and tables[0].rows == 3


# --- rows of several lines, columns of blanks -------------------------------------------------------------------------


def test_a_cell_of_two_lines_is_one_though_its_row_is_two_lines(tmp_path: Path) -> None:
    text = """表1 校内实训基地
序号\t基地名称\t面积\t服务专业\t共建单位
1\t模具智造公共实训\t3200\t模具制造技术、数\t精诺模塑、凯豪塑
\t中心\t\t控技术应用\t模
2\t新能源汽车实训中\t2600\t汽车运用与维修\t青禾汽车
\t心\t\t\t
3\t智能缝制体验中心\t740\t服装设计与工艺\t大河缝纫机
"""
    document = read_text(tmp_path, text)
    (table,) = tables(document)
    assert [[table.text_at(row, column) for column in (1, 3, 4)] for row in table.body_rows] == [
        ["模具智造公共实训中心", "模具制造技术、数控技术应用", "精诺模塑、凯豪塑模"],
        ["新能源汽车实训中心", "汽车运用与维修", "青禾汽车"],
        ["智能缝制体验中心", "服装设计与工艺", "大河缝纫机"],
    ]
    span = table.row_span(table.body_rows[0])
    assert span is not None and document.slice(span).endswith("控技术应用\t模")  # the evidence is all lines of the row


def test_a_row_under_a_merged_cell_is_a_row_of_its_own(tmp_path: Path) -> None:
    text = """表1 实习单位
学校\t实习单位\t专业
青禾职校\t大河变压器有限公司\t电气设备运行与控制
\t大河互感器有限公司\t
\t青禾食品有限公司\t农产品加工
石桥卫校\t石桥中心卫生院\t护理
"""
    (table,) = tables(read_text(tmp_path, text))
    assert [table.text_at(row, 1) for row in table.body_rows] == [
        "大河变压器有限公司",
        "大河互感器有限公司",
        "青禾食品有限公司",
        "石桥中心卫生院",
    ]


def test_columns_of_blanks_are_a_table(tmp_path: Path) -> None:
    text = """    近三年学生规模如下。

表1  学生规模              单位：人

年  度        招生数      在校生数      巩固率
2019年        1986        5624          97.1%
2020年        2048        5790          97.6%

表2  中高职衔接

学  制        专    业              合作院校                       招生数
五年一贯制    护理                  大河健康职业学院               80
              幼儿保育              青禾幼儿师范高等专科学校       90
3+2           数控技术应用、        大河科技职业学院               90
              机电技术应用

    除上述院校外，学校  还与多所院校商谈。
"""
    document = read_text(tmp_path, text)
    first, second = tables(document)
    assert body(first) == [["2019年", "1986", "5624", "97.1%"], ["2020年", "2048", "5790", "97.6%"]]
    assert first.unit == "人"
    assert [["".join(second.text_at(row, c).split()) for c in range(4)] for row in second.body_rows] == [
        ["五年一贯制", "护理", "大河健康职业学院", "80"],
        ["五年一贯制", "幼儿保育", "青禾幼儿师范高等专科学校", "90"],
        ["3+2", "数控技术应用、机电技术应用", "大河科技职业学院", "90"],
    ]
    assert any("商谈" in text for text in texts(document, BlockKind.PARAGRAPH))


def test_full_width_blanks_keep_cells_apart(tmp_path: Path) -> None:
    text = """\u3000\u3000实习情况汇总如下：
学校\u3000专业\u3000实习单位\u3000人数
青禾职校\u3000计算机应用\u3000大河科技（东湾）\u3000112
石桥卫校\u3000护理\u3000石桥中心卫生院\u300075
\u3000\u3000（三）集团化办学
"""
    (table,) = tables(read_text(tmp_path, text))
    assert body(table) == [
        ["青禾职校", "计算机应用", "大河科技（东湾）", "112"],
        ["石桥卫校", "护理", "石桥中心卫生院", "75"],
    ]


def test_a_table_that_goes_on_has_the_caption_of_its_beginning(tmp_path: Path) -> None:
    text = """表3 2021年新增专业一览
学校\t专业名称\t代码
青禾职校\t护理\t720201
石桥卫校\t助产\t720202

续表3
学校\t专业名称\t代码
玉泉工校\t会计事务\t730301
玉泉工校\t电子商务\t730701
"""
    assert [table.caption for table in tables(read_text(tmp_path, text))] == ["表3 2021年新增专业一览"] * 2


def test_a_line_that_begins_with_a_number_goes_on_with_the_sentence(tmp_path: Path) -> None:
    text = """    2021届毕业生1866人，就业率98.93%，其中升入各类高校1428人，升学率
76.53%，通过职教高考进入本科院校的有186人，创历史新高，各方面都很满意。
"""
    assert "升学率76.53%" in read_text(tmp_path, text).text


PAGE_END = "\n\n                              - 7 -\n             岚皋县茶岭职业技术学校质量年度报告（2023年度）\n\n"


def _padded(*rows: str) -> str:
    return "".join("  ".join(cell.ljust(14, " ") for cell in row.split("|")) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("upper", "lower", "rows"),
    [
        (("序号|专业|学生数", "1|茶艺与茶营销|120"), ("2|护理|98", "3|会计事务|75"), 4),
        (("专业|实习单位|人数", "护理|岚皋县医院|18"), ("茶艺|南宫山茶场|22", "会计|明珠超市|9"), 4),
        (("专业|实习单位|人数", "护理|岚皋县医院|18"), ("专业|实习单位|人数", "茶艺|南宫山茶场|22"), 3),
    ],
    ids=["numbers go on", "rows alike", "head once more"],
)
def test_a_table_of_blanks_over_a_page_s_end_is_one(
    tmp_path: Path, upper: tuple[str, ...], lower: tuple[str, ...], rows: int
) -> None:
    text = "一、实习\n\n表1 岗位实习\n\n" + _padded(*upper) + PAGE_END + _padded(*lower) + PAGE_END * 2 + "\n二、其他\n"
    (table,) = tables(read_text(tmp_path, text))
    assert table.rows == rows
    assert table.header_rows == 1


def test_two_tables_with_no_page_s_end_between_stay_two(tmp_path: Path) -> None:
    upper, lower = ("专业|实习单位|人数", "护理|岚皋县医院|18"), ("课程|教师|学时", "茶艺|李明|22", "会计|王芳|9")
    assert len(tables(read_text(tmp_path, _padded(*upper) + "\n\n" + _padded(*lower)))) == 2


def test_the_head_of_a_table_alone_at_a_page_s_end(tmp_path: Path) -> None:
    head, rows = _padded("学校|所在县|专业数"), _padded("茶岭职校|岚皋县|11", "杏坪职高|岚皋县|8")
    text = "表1 学校基本情况\n\n" + head + PAGE_END + rows + PAGE_END * 2 + "\n二、其他\n"
    (table,) = tables(read_text(tmp_path, text))
    assert (table.rows, table.header_rows) == (3, 1)
    assert paths(table) == ["学校", "所在县", "专业数"]


def test_rows_do_not_go_on_with_a_table_that_another_one_follows(tmp_path: Path) -> None:
    first = "序号\t专业\t人数\n1\t护理\t98\n2\t茶艺\t75\n"
    word = "\t课程\n\t教师\n\n\t茶艺\n\t李明\n\n\t会计\n\t王芳\n\n"
    last = "3\t会计\t41\n4\t汽修\t52\n"
    found = tables(read_text(tmp_path, first + "\n" + word + "\n" + last))
    assert [table.text_at(table.rows - 1, 0) for table in found] == ["2", "会计", "4"]
