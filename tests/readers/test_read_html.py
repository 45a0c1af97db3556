"""Web pages: one behaviour a test."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_helpers import list_tables, list_texts, spread_table

from kg.errors import WrongKind
from kg.layout import RawItem, RawText
from kg.model import BlockKind
from kg.readers.html import read_html

SENTENCE = "学校与南川精工机械有限公司共建实训基地，面向数控技术应用专业。"


def read_body(folder: Path, body: str, head: str = "") -> list[RawItem]:
    path = folder / "a.html"
    path.write_text(f"<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>", encoding="utf-8")
    return read_html(path)


def test_headings_and_paragraphs_keep_their_order(tmp_path: Path) -> None:
    items = read_body(
        tmp_path, "<h1>年度报告</h1><p>第一段。</p><h2>概况</h2><div>第二段。<p>第三段。</p>第四段。</div>"
    )
    assert [(item.text, item.level) for item in items if isinstance(item, RawText)] == [
        ("年度报告", 1),
        ("第一段。", 0),
        ("概况", 2),
        ("第二段。", 0),
        ("第三段。", 0),
        ("第四段。", 0),
    ]


def test_inline_tags_do_not_part_words(tmp_path: Path) -> None:
    body = "<p>学校与<span>南川</span><b>精工</b>\n <font>机械</font>合作。</p>"
    assert list_texts(read_body(tmp_path, body)) == ["学校与南川精工 机械合作。"]


def test_line_breaks_part_paragraphs_only_before_an_indent(tmp_path: Path) -> None:
    body = "<div>　　第一段。<br>　　第二段。<br><br>第三段，<br>同一段。</div>"
    assert list_texts(read_body(tmp_path, body)) == ["第一段。", "第二段。", "第三段，\n同一段。"]


def test_spans_of_cells_are_kept(tmp_path: Path) -> None:
    body = (
        "<table><tr><th rowspan=2>专业<th colspan=2>2023年<tr><th>招生<th>在校"
        "<tr><td rowspan=0>护理<td>120<td>365<tr><td>1<td>2</table>"
    )
    (table,) = list_tables(read_body(tmp_path, body))
    assert spread_table(table) == [
        ["专业", "2023年", "2023年"],
        ["专业", "招生", "在校"],
        ["护理", "120", "365"],
        ["护理", "1", "2"],
    ]
    assert table.header_rows == 2


def test_a_caption_and_the_lines_of_a_cell_are_kept(tmp_path: Path) -> None:
    body = "<table><caption>表1 成员</caption><tr><td>群</td><td>成员</td></tr>"
    body += "<tr><td>甲</td><td><p>乙校</p><p>丙校</p></td></tr></table>"
    (table,) = list_tables(read_body(tmp_path, body))
    assert (table.caption, spread_table(table)[1]) == ("表1 成员", ["甲", "乙校\n丙校"])


def test_layout_tables_are_opened(tmp_path: Path) -> None:
    inner = "<table><tr><td>专业</td><td>人数</td></tr><tr><td>护理</td><td>120</td></tr></table>"
    items = read_body(tmp_path, f"<table><tr><td><p>{SENTENCE}</p>{inner}</td></tr></table>")
    assert list_texts(items) == [SENTENCE]
    assert [spread_table(table) for table in list_tables(items)] == [[["专业", "人数"], ["护理", "120"]]]


def test_the_site_around_the_article_is_dropped(tmp_path: Path) -> None:
    body = (
        "<div class='top'><a href='/'>首页</a><a href='/xx'>信息公开</a></div>"
        "<form><div class='breadcrumb'>当前位置：首页</div>"
        f"<div class='wrap'><div class='content'><p>{SENTENCE}</p><p>短句</p></div>"
        "<div class='share-box'>分享到</div></div></form>"
        "<script>var a='学校与某某公司合作共建基地，十分成功。'</script><div id='footer'>版权所有</div>"
    )
    assert list_texts(read_body(tmp_path, body)) == [SENTENCE, "短句"]


def test_a_name_like_furniture_does_not_cost_an_article(tmp_path: Path) -> None:
    assert list_texts(read_body(tmp_path, f"<div class='menu'><p>{SENTENCE}</p></div>")) == [SENTENCE]


def test_hidden_parts_are_dropped(tmp_path: Path) -> None:
    body = f"<p>{SENTENCE}</p><p style='display: none'>不显示。</p><p hidden>也不显示。</p><!-- 注释 -->"
    assert list_texts(read_body(tmp_path, body)) == [SENTENCE]


def test_the_title_is_kept_where_the_article_does_not_say_it(tmp_path: Path) -> None:
    head = "<title>南川市职业教育质量报告_南川市教育局</title>"
    assert list_texts(read_body(tmp_path, f"<p>{SENTENCE}</p>", head)) == ["南川市职业教育质量报告", SENTENCE]
    said = "<h1>南川市职业教育质量报告</h1><p>正文。</p>"
    assert list_texts(read_body(tmp_path, said, head)) == ["南川市职业教育质量报告", "正文。"]


def test_ordered_lists_show_their_numbers(tmp_path: Path) -> None:
    assert list_texts(read_body(tmp_path, "<ol start=3><li>甲</li><li>乙</li></ol><ul><li>丙</li></ul>")) == [
        "3. 甲",
        "4. 乙",
        "丙",
    ]


def test_lines_that_only_lead_into_the_page_are_contents(tmp_path: Path) -> None:
    items = read_body(tmp_path, f"<p><a href='#a'>一、概况 1</a></p><p>{SENTENCE}</p>")
    assert [item.kind for item in items if isinstance(item, RawText)] == [BlockKind.CONTENTS, None]


@pytest.mark.parametrize(
    ("named", "used"), [("gb2312", "gb18030"), ("utf-8", "gbk"), ("", "gbk"), ("nonsense", "utf-8")]
)
def test_the_charset_is_taken_from_the_page_or_guessed(tmp_path: Path, named: str, used: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(
        f"<html><head><meta charset={named}></head><body><p>{SENTENCE}㛃</p>".replace("㛃", "镕").encode(used)
    )
    assert list_texts(read_html(path)) == [SENTENCE + "镕"]


def test_a_text_without_tags_is_no_web_page(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("只有文字。", encoding="utf-8")
    with pytest.raises(WrongKind, match="no tags"):
        read_html(tmp_path / "a.html")
