"""Bytes to text, in all the encodings that reports come in."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DamagedInput, EmptyInput, WrongKind
from kg.readers.text_encoding import decode

TEXT = "南川市职业教育质量年度报告（2023年）\n全市现有中等职业学校6所，在校生11,208人，生师比13.5:1。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312"]
)
def test_usual_encodings_are_told_apart(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_LE, "utf-32-le")])
def test_byte_order_marks_are_taken_off(mark: bytes, encoding: str) -> None:
    assert decode(mark + TEXT.encode(encoding)) == TEXT


def test_plain_english_and_rare_characters_survive() -> None:
    assert decode(b"name,number\r\nschool,3\r\n") == "name,number\r\nschool,3\r\n"
    assert decode("㛃䶮𠀀镕喆".encode("gb18030")) == "㛃䶮𠀀镕喆"


def test_a_short_gbk_text_is_not_taken_for_utf16() -> None:
    assert decode("甲校".encode("gbk")) == "甲校"


def test_no_bytes_are_empty() -> None:
    with pytest.raises(EmptyInput, match=r"a\.txt: the file is empty"):
        decode(b"", "a.txt")


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\x03" * 50, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, b"\xff\xff\xff\xff"]
)
def test_bytes_of_another_kind_are_no_text(data: bytes) -> None:
    with pytest.raises(WrongKind, match=r"a\.txt: not a text file"):
        decode(data, "a.txt")


def test_broken_utf8_is_damage_and_not_read_as_gb18030() -> None:
    data = (TEXT * 4).encode()
    with pytest.raises(DamagedInput, match=r"a\.txt, line 3: broken UTF-8"):
        decode(data.replace("市".encode(), b"\xe5\xb8", 3).replace(b"\xe5\xb8", "市".encode(), 2), "a.txt")


def test_text_with_a_mark_that_breaks_off_is_damage() -> None:
    with pytest.raises(DamagedInput, match="line 2: broken UTF-16-LE"):
        decode((codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"))[:-5], "a.txt")


@given(st.text(st.characters(categories=["Lo", "Nd", "Po"], include_characters="\n，。"), min_size=1))
def test_utf8_always_comes_back(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")
