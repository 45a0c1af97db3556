"""Old Office files, converted by LibreOffice."""

from __future__ import annotations

import subprocess
from pathlib import Path

import docx
import pytest
from reader_helpers import list_tables, list_texts, spread_table
from word_files import paragraph, save_body

from kg.errors import DamagedInput, MissingTool
from kg.readers import office, read_items

needs_office = pytest.mark.skipif(office.find_office() is None, reason="LibreOffice is not installed")


def save_as(tmp_path: Path, suffix: str) -> Path:
    """A file as LibreOffice writes it, without any of our own code."""
    file = docx.Document()
    file.add_paragraph("甲校与乙公司合作。")
    table = file.add_table(2, 2, style="Table Grid")
    for place, text in enumerate(("专业", "人数", "护理", "120")):
        table.cell(place // 2, place % 2).text = text
    file.add_paragraph("表后一段。")
    source = tmp_path / "a.docx"
    file.save(str(source))
    profile = (tmp_path / "profile").as_uri()
    command = [str(office.find_office()), f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix]
    subprocess.run([*command, "--outdir", str(tmp_path), str(source)], check=True, capture_output=True, timeout=120)
    return tmp_path / f"a.{suffix}"


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("suffix", ["doc", "odt", "rtf"])
def test_old_word_files_are_read(tmp_path: Path, suffix: str) -> None:
    items = read_items(save_as(tmp_path, suffix))
    assert list_texts(items) == ["甲校与乙公司合作。", "表后一段。"]
    assert [spread_table(read) for read in list_tables(items)] == [[["专业", "人数"], ["护理", "120"]]]


@pytest.mark.office
@needs_office
def test_a_wps_file_is_a_doc_by_another_name(tmp_path: Path) -> None:
    path = save_as(tmp_path, "doc").rename(tmp_path / "报告 一.wps")
    assert list_texts(read_items(path)) == ["甲校与乙公司合作。", "表后一段。"]


def test_a_newer_file_under_an_old_ending_needs_no_conversion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    path = save_body(tmp_path / "a.doc", paragraph("甲校与乙公司合作。"))
    assert list_texts(read_items(path)) == ["甲校与乙公司合作。"]


def test_a_web_page_under_an_old_ending_needs_no_conversion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    (tmp_path / "a.doc").write_text("<html><body><p>甲校与乙公司合作。</p></body></html>", encoding="utf-8")
    assert list_texts(read_items(tmp_path / "a.doc")) == ["甲校与乙公司合作。"]


def test_without_libreoffice_one_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    (tmp_path / "a.rtf").write_bytes(b"{\\rtf1 text}")
    with pytest.raises(MissingTool, match=r"a\.rtf: reading \.rtf needs LibreOffice, which is not installed"):
        read_items(tmp_path / "a.rtf")


def test_a_conversion_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    sleeper.chmod(0o755)
    monkeypatch.setattr(office, "find_office", lambda: str(sleeper))
    (tmp_path / "a.rtf").write_bytes(b"{\\rtf1 text}")
    with pytest.raises(DamagedInput, match="was not done after 0 seconds"):
        office.convert_office(tmp_path / "a.rtf", tmp_path, "docx", time_limit=0.2)


def test_a_conversion_that_makes_nothing_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: "true")
    (tmp_path / "a.rtf").write_bytes(b"{\\rtf1 text}")
    with pytest.raises(DamagedInput, match="LibreOffice cannot open it"):
        office.convert_office(tmp_path / "a.rtf", tmp_path, "docx")
