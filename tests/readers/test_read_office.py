"""Old Office files, converted by LibreOffice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from listener import Listener, listen
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


def test_libreoffice_ends_with_whoever_asked_for_it(tmp_path: Path) -> None:
    """A worker that takes too long is killed, and can end nothing any more."""
    marks = [tmp_path / "script", tmp_path / "program"]
    office_here = tmp_path / "bin" / "soffice"
    office_here.parent.mkdir()
    office_here.write_text(
        f"#!/bin/sh\nsleep 300 & echo $! > {marks[1]}; echo $$ > {marks[0]}; wait\n", encoding="utf-8"
    )
    office_here.chmod(0o755)
    (tmp_path / "a.rtf").write_bytes(b"{\\rtf1 text}")
    code = "import pathlib, sys; from kg.readers import read_items; read_items(pathlib.Path(sys.argv[1]))"
    path = {"PATH": f"{office_here.parent}{os.pathsep}{os.environ['PATH']}", "TMPDIR": str(tmp_path)}
    reader = subprocess.Popen([sys.executable, "-c", code, tmp_path / "a.rtf"], env=os.environ | path)
    _wait_until(lambda: all(mark.exists() and mark.read_text().strip() for mark in marks))
    reader.kill()
    reader.wait()
    started = [int(mark.read_text()) for mark in marks]
    _wait_until(lambda: not any(_is_running(process) for process in started))


def _wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def _is_running(process: int) -> bool:
    try:
        return (
            " Z " not in Path(f"/proc/{process}/stat").read_text()
            if Path("/proc/self").exists()
            else not os.kill(process, 0)
        )
    except OSError:
        return False


@pytest.mark.office
@needs_office
def test_libreoffice_fetches_nothing_that_a_file_links_to(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    names = " ".join(
        f'xmlns:{prefix}="{name}"'
        for prefix, name in {
            "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
            "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
            "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
            "xlink": "http://www.w3.org/1999/xlink",
        }.items()
    )
    with listen() as address:
        Listener.asked.clear()
        links = "".join(
            f'<text:section text:name="s{at}"><text:section-source xlink:href="{link}"/><text:p>里</text:p></text:section>'
            f'<text:p><draw:frame><draw:image xlink:href="{link}" xlink:type="simple"/></draw:frame></text:p>'
            for at, link in enumerate((secret.as_uri(), f"{address}/section.odt"))
        )
        content = f"<office:document-content {names}><office:body><office:text><text:p>甲校。</text:p>{links}</office:text></office:body></office:document-content>"
        manifest = (
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
        )
        with zipfile.ZipFile(tmp_path / "a.odt", "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
            archive.writestr("content.xml", content)
            archive.writestr("META-INF/manifest.xml", manifest)
        rtf = rf'{{\rtf1 text {{\field{{\*\fldinst INCLUDEPICTURE "{address}/picture.png" \\d}}}} {{\field{{\*\fldinst INCLUDETEXT "{secret}"}}}}}}'
        (tmp_path / "a.rtf").write_text(rtf, encoding="ascii")
        texts = [list_texts(read_items(tmp_path / name)) for name in ("a.odt", "a.rtf")]
        assert Listener.asked == [] and "SECRET" not in str(texts)
        assert texts[0][0] == "甲校。" and texts[1][0].startswith("text")
