"""The entry to all readers: which one reads what, and what is said of files that cannot be read."""

from __future__ import annotations

import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from drawn_pages import Pages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from word_files import paragraph, save_body

from kg.errors import (
    DamagedInput,
    EmptyInput,
    EncryptedInput,
    ReportError,
    UnreadableInput,
    UnsupportedKind,
    WrongKind,
)
from kg.layout import RawCell, RawTable, RawText, build_document
from kg.readers import READERS, check_file, failures, read_document
from kg.readers.failures import check_archive


def make_docx(path: Path) -> Path:
    return save_body(path, paragraph("甲校与乙公司合作。"))


def make_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["专业", "人数"])  # type: ignore[union-attr]
    book.save(path)
    return path


def make_pdf(path: Path) -> Path:
    pages = Pages(path)
    pages.write("甲校与乙公司合作。")
    return pages.save()


def test_a_document_keeps_name_text_and_offsets(tmp_path: Path) -> None:
    document = read_document(make_docx(tmp_path / "甲校-2023.DOCX"), "甲校-2023")
    assert (document.report, document.source) == ("甲校-2023", "甲校-2023.DOCX")
    assert [document.slice(block.span) for block in document.blocks] == ["甲校与乙公司合作。"]


def test_the_report_is_named_after_the_file(tmp_path: Path) -> None:
    assert read_document(make_pdf(tmp_path / "甲校-2022.pdf")).report == "甲校-2022"


def test_libraries_are_loaded_only_when_needed() -> None:
    heavy = "docx", "pdfplumber", "openpyxl", "bs4", "lxml"
    code = f"import sys, kg.readers; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_missing_files_and_folders_are_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"no\.pdf: no such file"):
        check_file(tmp_path / "no.pdf")
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(UnreadableInput, match=r"folder\.pdf: a folder, not a file"):
        check_file(tmp_path / "folder.pdf")


def test_a_file_without_permission_is_unreadable(tmp_path: Path, bound_by_permissions: tuple[str, ...]) -> None:
    path = make_docx(tmp_path / "a.docx")
    path.chmod(0)
    code = "import pathlib, sys, kg.readers; kg.readers.check_file(pathlib.Path(sys.argv[1]))"
    done = subprocess.run([*bound_by_permissions, sys.executable, "-c", code, path], capture_output=True, text=True)
    assert "UnreadableInput" in done.stderr and "Permission denied" in done.stderr


def test_unknown_endings_are_named_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").write_bytes(b"x")
    with pytest.raises(UnsupportedKind, match=r"no reader for \.pptx \(known: \.txt \.docx"):
        check_file(tmp_path / "a.pptx")


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_a_file_without_bytes_is_empty(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").touch()
    with pytest.raises(EmptyInput, match="the file is empty"):
        check_file(tmp_path / f"a{suffix}")


def test_a_file_without_text_is_empty(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "a.docx"))
    with pytest.raises(EmptyInput, match="there is no text in it"):
        read_document(tmp_path / "a.docx")


def make_html(path: Path) -> Path:
    path.write_text("<table><tr><td>专业<td>人数<tr><td>汽修<td>40</table>", encoding="utf-8")
    return path


def make_text(path: Path) -> Path:
    path.write_text("甲校与乙公司合作。", encoding="utf-8")
    return path


ENDINGS = {make_docx: ".docx", make_xlsx: ".xlsx", make_pdf: ".pdf", make_html: ".html", make_text: ".txt"}
# Nobody wonders at these: web sites and old programs give them to other kinds.
USUAL = {".odt": ".docx .html", ".doc": ".docx .html", ".xls": ".xlsx .html", ".csv": ".txt", ".html": ".txt"}


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".xlsx", ".html", ".csv", ".txt", ".odt", ".doc", ".xls"])
@pytest.mark.parametrize("make", ENDINGS)
def test_a_file_is_read_as_what_it_is_whatever_its_ending(tmp_path: Path, make: Callable, suffix: str) -> None:
    named = ENDINGS[make]
    if (named, suffix) == (".txt", ".html"):
        with pytest.raises(WrongKind, match="not a web page"):
            read_document(make(tmp_path / "b.html"))
        return
    right = read_document(make(tmp_path / f"a{named}"))
    found = read_document(make(tmp_path / f"b{suffix}"), "a")
    assert found.text == right.text
    if suffix == named or named in USUAL.get(suffix, ""):
        assert not found.remarks
    else:
        (remark,) = found.remarks
        assert remark.code == "wrong-ending" and remark.message.startswith(f"文件名以 {suffix} 结尾，内容却是")


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x89PNG\r\n", "the content is a picture"),
        (b"Rar!\x1a\x07", "the content is a rar archive"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", r"the content is a web page .* \(.mht\)"),
        (bytes(range(256)) * 9, "not such a file"),
    ],
)
def test_what_nobody_reads_is_told_by_what_it_is(tmp_path: Path, start: bytes, kind: str) -> None:
    (tmp_path / "a.doc").write_bytes(start)
    with pytest.raises(WrongKind, match=rf"a\.doc: named \.doc, but {kind}"):
        read_document(tmp_path / "a.doc")


def test_an_office_file_with_a_password_is_told(tmp_path: Path) -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "a.docx").write_bytes(container)
    with pytest.raises(EncryptedInput, match=r"a\.docx: asks for a password"):
        check_file(tmp_path / "a.docx")


def test_an_archive_that_would_unpack_to_too_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 3_000_000)
    with pytest.raises(DamagedInput, match="would unpack to 3 MB, more than the 1 MB allowed"):
        check_archive(tmp_path / "a.docx", limit=1_000_000)
    assert failures.UNPACKED_LIMIT == 500_000_000


@pytest.mark.parametrize(("suffix", "make"), [(".docx", make_docx), (".xlsx", make_xlsx), (".pdf", make_pdf)])
def test_torn_and_garbled_files_end_in_one_line(tmp_path: Path, suffix: str, make: object) -> None:
    path = tmp_path / f"a{suffix}"
    data = make(path).read_bytes()  # type: ignore[operator]
    chance = random.Random(7)
    for _ in range(60):
        garbled = bytearray(data)
        if chance.random() < 0.3:
            del garbled[chance.randrange(8, len(data)) :]
        for _ in range(chance.randrange(1, 40)):
            garbled[chance.randrange(8, len(garbled))] = chance.randrange(256)
        path.write_bytes(bytes(garbled))
        try:
            read_document(path)
        except ReportError as error:
            assert str(path) in str(error) and "\n" not in str(error)


texts = st.builds(RawText, st.text("甲乙校 \n\t1，。（）a", max_size=12), level=st.sampled_from([0, 0, 0, 1, 2]))
cells = st.builds(RawCell, st.text("甲乙 \n1%", max_size=6), st.integers(1, 3), st.integers(1, 3))
tables = st.builds(RawTable, st.lists(st.lists(cells, max_size=4).map(tuple), min_size=1, max_size=5).map(tuple))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(texts | tables, max_size=8))
def test_every_block_and_cell_stands_where_it_says(items: list[RawText | RawTable]) -> None:
    document = build_document("r", "r.txt", items)
    for block in document.blocks:
        assert document.slice(block.span) == block.text
        for cell in block.table.cells if block.table else ():
            assert document.slice(cell.span) == cell.text
