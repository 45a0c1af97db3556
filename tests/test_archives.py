"""Reports in zip archives: read like those in folders, and nothing in an archive does harm."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pipeline import files_of, make_text, partners, reports_in, write

from kg import archives
from kg.pipeline import build


def pack(path: Path, parts: dict[str | zipfile.ZipInfo, str | bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_reports_in_an_archive_are_read_like_those_in_a_folder(tmp_path: Path, home: Path) -> None:
    texts = {
        "市属/甲校.txt": make_text(partner="汉江轴承厂"),
        "乙校.txt": make_text("平利县女娲职业学校", "月河丝绸厂"),
    }
    for name, text in texts.items():
        write(tmp_path / "folder" / name, text)
    build([tmp_path / "folder"], tmp_path / "of a folder")
    summary = build([pack(tmp_path / "2023.zip", texts)], home)
    assert summary.failed == [] and files_of(home / "statements") == files_of(tmp_path / "of a folder" / "statements")
    assert build([tmp_path / "2023.zip"], home).unchanged == 2


def test_an_archive_in_a_folder_and_in_an_archive_is_opened(tmp_path: Path, home: Path) -> None:
    inner = pack(tmp_path / "inner.zip", {"c.txt": make_text()}).read_bytes()
    pack(tmp_path / "in" / "outer.zip", {"a.txt": make_text("平利县女娲职业学校"), "deep/inner.zip": inner})
    assert build([tmp_path / "in"], home).reports == ["a", "c"]


def test_names_in_gb18030_are_read_as_chinese(tmp_path: Path, home: Path) -> None:
    """As Chinese Windows writes them: without saying so."""
    path = pack(tmp_path / "old.zip", {"XXXX.txt": make_text()})
    path.write_bytes(path.read_bytes().replace(b"XXXX", "职校".encode("gb18030")))
    assert build([path], home).reports == ["职校"]


def test_what_is_no_report_is_named_and_what_is_hidden_is_not(tmp_path: Path, home: Path) -> None:
    parts = {"a.txt": make_text(), "b.png": b"\x89PNG", "__MACOSX/._a.txt": b"x", "~$a.docx": b"x", "README.txt": "x"}
    summary = build([pack(tmp_path / "r.zip", parts)], home)
    assert summary.reports == ["a"] and summary.failed == []
    assert [(Path(name).name, cause) for name, cause in summary.skipped] == [
        ("b.png", "no reader for .png"),
        ("README.txt", "a note about the folder"),
    ]


def hostile_parts() -> dict[str, tuple[str | zipfile.ZipInfo, str | bytes]]:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return {
        "its name leads out of the archive": ("../../outside.txt", make_text()),
        "its name leads out of the archive ": ("/etc/outside.txt", make_text()),
        "its name leads out of the archive  ": ("C:\\outside.txt", make_text()),
        "its name leads out of the archive   ": ("a\\..\\..\\outside.txt", make_text()),
        "a link": (link, "/etc/passwd"),
        "would unpack to": ("bomb.txt", b"\0" * 3_000_000),
        "cannot be opened as an archive": ("broken.zip", b"PK\x03\x04 and no more"),
    }


@pytest.mark.parametrize("cause", list(hostile_parts()))
def test_a_part_that_would_do_harm_is_left_out_with_its_cause(
    tmp_path: Path, home: Path, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST", 2_000_000)
    name, content = hostile_parts()[cause]
    path = pack(tmp_path / "in" / "r.zip", {"good.txt": make_text(), name: content})
    before = set(tmp_path.rglob("*"))
    summary = build([path], home)
    assert summary.reports == ["good"]
    (failed,) = summary.failed
    assert cause.strip() in failed[1] and failed[1].startswith(str(path)) and "\n" not in failed[1]
    assert {file for file in set(tmp_path.rglob("*")) - before if home not in (file, *file.parents)} == set()


def test_a_bomb_of_many_files_or_of_archives_in_archives_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 5)
    monkeypatch.setattr(archives, "MOST_BYTES", 2_000)
    many = archives.unpack(pack(tmp_path / "many.zip", {f"{at}.txt": "x" for at in range(9)}), tmp_path / "many")
    assert len(many.files) == 5 and {cause for _, cause in many.left_out} == {"the archive has more than 5 files"}
    large = archives.unpack(pack(tmp_path / "l.zip", {f"{at}.txt": "x" * 900 for at in range(4)}), tmp_path / "l")
    assert len(large.files) == 2 and all("unpacks to more than" in cause for _, cause in large.left_out)
    inner = make = pack(tmp_path / "0.zip", {"x.txt": "x"})
    for at in range(1, 6):
        inner = make = pack(tmp_path / f"{at}.zip", {"in.zip": make.read_bytes()})
    deep = archives.unpack(inner, tmp_path / "deep")
    assert deep.files == [] and "to a depth of 3 only" in deep.left_out[0][1]


def test_a_locked_part_is_named(tmp_path: Path, home: Path) -> None:
    path = pack(tmp_path / "locked.zip", {"a.txt": make_text()})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "asks for a password" in build([path], home).failed[0][1]


@given(data=st.data())
@settings(max_examples=60)
def test_a_damaged_archive_gives_files_or_causes_and_writes_nothing_elsewhere(tmp_path_factory, data) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("甲/a.txt", make_text())
        archive.writestr("b.txt", make_text("平利县女娲职业学校"))
    content = bytearray(whole.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / "x.zip").write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])
    found = archives.unpack(folder / "x.zip", folder / "out")
    assert all(each.path.is_relative_to(folder / "out") for each in found.files)
    assert found.files or found.left_out or not any((folder / "out").rglob("*.txt"))
    assert {path.name for path in folder.iterdir()} <= {"x.zip", "out"}


def test_reports_of_an_archive_go_with_it(tmp_path: Path, home: Path) -> None:
    pack(tmp_path / "in" / "r.zip", {"a.txt": make_text(), "b.txt": make_text("平利县女娲职业学校", "月河丝绸厂")})
    build([tmp_path / "in"], home)
    pack(tmp_path / "in" / "r.zip", {"a.txt": make_text()})
    assert build([tmp_path / "in"], home).removed == ["b"]
    assert reports_in(home) == {"a"} and partners(home, "a") == {"汉江轴承厂"}


def test_reports_go_from_an_archive_that_is_named_itself_but_not_from_a_damaged_one(tmp_path: Path, home: Path) -> None:
    path = pack(tmp_path / "r.zip", {"a.txt": make_text(), "b.txt": make_text("平利县女娲职业学校", "月河丝绸厂")})
    build([path], home)
    whole = pack(tmp_path / "r.zip", {"a.txt": make_text()}).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    summary = build([path], home)
    assert summary.removed == [] and len(summary.failed) == 1 and reports_in(home) == {"a", "b"}
    path.write_bytes(whole)
    assert build([path], home).removed == ["b"]


def test_archives_one_after_the_other_do_not_get_in_each_others_way(tmp_path: Path, home: Path) -> None:
    """One of hidden files only came first, and the next was unpacked into the same folder."""
    pack(tmp_path / "in" / "0.zip", {"__MACOSX/a.txt": "x", ".b": "x"})
    pack(tmp_path / "in" / "1.zip", {"a.txt": make_text(), "c.txt": make_text("平利县女娲职业学校", "月河丝绸厂")})
    summary = build([tmp_path / "in"], home)
    assert (summary.reports, summary.failed) == (["a", "c"], [])
