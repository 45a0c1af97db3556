"""What cannot be seen makes no second name, and what cannot be read makes no fact."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hostile_files import FONT, raw_pdf, stream
from hypothesis import given
from hypothesis import strategies as st
from test_pipeline import make_text, partners
from word_files import paragraph, save_body

from kg.errors import ScannedInput
from kg.extraction import extract, extract_input
from kg.inputs import find_inputs
from kg.invisible import UNREADABLE, drop_invisible, show_name
from kg.model import CheckKind, Remark
from kg.pipeline import build
from kg.readers import read_document

INVISIBLE = "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u206a\u3164\ufe0f\ufeff\U000e0101"
PLAIN = "柳溪县职业教育中心与汉江轴承厂合作。"
SPRINKLED = "".join(f"{a}{b}" for a, b in zip(PLAIN, INVISIBLE, strict=False))


def write_txt(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def write_docx(path: Path, text: str) -> None:
    save_body(path, paragraph(text))


def write_html(path: Path, text: str) -> None:
    path.write_text("<html><body><p>" + "".join(f"&#{ord(sign)};" for sign in text), encoding="utf-8")


def write_xlsx(path: Path, text: str) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = text[:20]
    book.worksheets[0].append([text, text])
    book.create_sheet(text[::-1][:20]).sheet_state = "hidden"
    book.save(path)


@pytest.mark.parametrize("write", [write_txt, write_docx, write_html, write_xlsx])
def test_a_text_is_the_same_with_and_without_what_cannot_be_seen(tmp_path: Path, write: Callable) -> None:
    ending = write.__name__.replace("write_", ".")
    write(tmp_path / f"a{ending}", SPRINKLED)
    document = read_document(tmp_path / f"a{ending}")
    assert drop_invisible(document.text) == document.text
    assert PLAIN in document.text or PLAIN[:8] in document.text
    for block in document.blocks:
        assert document.slice(block.span) == block.text


def test_a_name_with_zero_width_characters_is_the_same_entity(tmp_path: Path) -> None:
    texts = {year: make_text(partner="汉江轴承厂", year=year) for year in (2021, 2022)}
    for home, shown in (("plain", "汉江轴承厂"), ("sprinkled", "汉\u200b江\u202e轴\u2069承厂")):
        for year, text in texts.items():
            (tmp_path / f"{year}.txt").write_text(text.replace("汉江轴承厂", shown), encoding="utf-8")
        build([tmp_path / "2021.txt", tmp_path / "2022.txt"], tmp_path / home)
        assert partners(tmp_path / home, "2021") == partners(tmp_path / home, "2022") == {"汉江轴承厂"}
    registries = {(tmp_path / home / "identity" / "registry.jsonl").read_bytes() for home in ("plain", "sprinkled")}
    assert len(registries) == 1


@given(st.text())
def test_no_file_name_turns_what_is_shown(name: str) -> None:
    shown = show_name(name)
    assert drop_invisible(shown) == shown and len(shown.splitlines()) <= 1
    assert show_name(shown) == shown


def test_names_of_files_are_shown_as_they_are(tmp_path: Path) -> None:
    """An override would show fdp.txt as txt.pdf; a name in GB 18030 is no text for a system that has UTF-8."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a\u202efdp.txt").write_text(make_text(partner="甲机械厂"), encoding="utf-8")
    chinese = os.fsdecode(os.fsencode(tmp_path) + b"/in/" + "乙校".encode("gb18030") + b".txt")
    Path(chinese).write_text(make_text("平利县女娲职业学校", year=2020), encoding="utf-8")
    Path(chinese.replace(".txt", ".docx")).write_bytes(b"PK\x03\x04")
    summary = build([tmp_path / "in"], tmp_path / "home")
    assert summary.reports == ["a<U+202E>fdp", "乙校.txt"]
    assert [cause.rpartition("/")[2] for _, cause in summary.failed] == ["乙校.docx: damaged (File is not a zip file)"]
    assert build([tmp_path / "in"], tmp_path / "home").unchanged == 2


# ---- fonts that do not say what they show


def make_pages(*contents: bytes) -> bytes:
    """F1 is a plain font, F2 one of glyphs by number without a Unicode map."""
    fonts = "/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>"
    first = 7
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(contents)))
    pages = [
        each
        for at, content in enumerate(contents)
        for each in (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {first + 2 * at + 1} 0 R{fonts}>>",
            stream(content),
        )
    ]
    return raw_pdf(
        *("<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>", FONT),
        "<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+SimSun/Encoding/Identity-H/DescendantFonts[5 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        "/Supplement 0>>/FontDescriptor 6 0 R>>",
        "<</Type/FontDescriptor/FontName/ABCDEF+SimSun/Flags 4/FontBBox[0 -200 1000 900]/Ascent 900/Descent -200>>",
        *pages,
    )


WORDS = b"BT /F1 12 Tf 72 700 Td (words that can be read well) Tj ET "
GLYPHS = b"BT /F2 12 Tf 72 600 Td <" + b"0102" * 60 + b"> Tj ET "


def test_a_page_whose_font_has_no_unicode_map_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pages(WORDS, GLYPHS, WORDS, WORDS + b"BT /F2 12 Tf 300 700 Td <0102> Tj ET"))
    document = read_document(tmp_path / "a.pdf")
    lost = "无法读取：其字体没有 Unicode 对照表"
    assert document.remarks == (
        Remark("unreadable-page", f"第 2 页的文字{lost}", 2),
        Remark("unreadable-page", f"第 4 页有 1 个字符{lost}", 4),
    )
    assert {block.page for block in document.blocks} == {1, 3, 4} and "cid" not in document.text
    assert document.text.count(UNREADABLE) == 1
    summary = build([tmp_path / "a.pdf"], tmp_path / "home")
    assert [note.rpartition("/")[2] for note in summary.notes][-2:] == [
        f"a.pdf: {remark.message}" for remark in document.remarks
    ]


def test_a_pdf_of_such_fonts_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pages(GLYPHS, GLYPHS))
    with pytest.raises(ScannedInput, match="its fonts do not say which characters they show"):
        read_document(tmp_path / "a.pdf")


def test_no_fact_stands_beside_a_character_that_cannot_be_read(tmp_path: Path) -> None:
    good = make_text(partner="汉江轴承厂")
    (tmp_path / "a.txt").write_text(good, encoding="utf-8")
    (tmp_path / "b.txt").write_text(good.replace("汉江轴承厂", f"汉{UNREADABLE}轴承厂"), encoding="utf-8")
    told, *_ = extract(read_document(tmp_path / "a.txt"))
    claims, _, issues, _ = extract(read_document(tmp_path / "b.txt"))
    assert len(claims) < len(told)
    assert not any(UNREADABLE in claim.object.name or claim.object.name.endswith("轴承厂") for claim in claims)
    assert any(issue.code == "doubtful-claim" and issue.message == "原文有读不出的字符" for issue in issues)


def test_a_check_beside_a_character_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    said = "学校开设三个专业：护理、会计、汽车运用与维修。"
    good, spoilt = tmp_path / "good.txt", tmp_path / "spoilt.txt"
    good.write_text(f"{make_text()}\n{said}\n", encoding="utf-8")
    spoilt.write_text(f"{make_text()}\n{said.replace('会计', f'会{UNREADABLE}')}\n", encoding="utf-8")
    read, unread = (extract_input(item) for item in find_inputs([good, spoilt], tmp_path / "unpacked").inputs)
    assert [check.kind for check in read.checks] == [CheckKind.LIST] and not unread.checks
    told = [issue.quote for issue in unread.issues if issue.message == "原文有读不出的字符"]
    assert len(told) == 1 and "三个专业" in told[0]
