"""A folder of damaged files and some good ones, built as users do: each file is told, and the good ones are as without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from damage import BOMBS, KINDS, make_damaged, make_good
from test_pipeline import make_text

from kg.invisible import show_name
from kg.pipeline import build

SCHOOLS = {
    f"{place}职业教育中心": f"{place}机械厂" for place in ("柳溪县", "南坪县", "石渠县", "东陵县", "西川县", "北岭县")
}
LIMITS = {"seconds": 15, "memory": 1500, "megabytes": 5, "pages": 50, "characters": 200_000, "cells": 20_000}


def make_good_reports(folder: Path) -> None:
    for year, (school, partner) in enumerate(SCHOOLS.items(), 2016):
        path = folder / "good" / f"{school}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make_text(school, partner, year), encoding="utf-8")


def make_damaged_folder(folder: Path, number: int, seed: int, hangs: int = 1) -> None:
    """``number`` bad files of all kinds, some below folders and in archives, under right and wrong endings."""
    chance = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    makers = list(BOMBS.items())
    endings = list(KINDS)
    for at in range(number):
        below = folder / chance.choice(("", "市属", "县属/附件"))
        below.mkdir(parents=True, exist_ok=True)
        if at < len(makers) or chance.random() < 0.01:
            name, make = makers[at % len(makers)]
            (below / f"{at}-{name}").write_bytes(make())
            continue
        ending = endings[at % len(endings)]
        data = make_damaged(ending, chance)
        named = chance.choice((*endings, ".doc", ".xls", ".wps")) if chance.random() < 0.1 else ending
        if named in (".doc", ".xls", ".wps") and data[:4] == b"\xd0\xcf\x11\xe0":
            named = ending
        if chance.random() < 0.05:
            with zipfile.ZipFile(below / f"{at}.zip", "w") as archive:
                archive.writestr(f"附件{at}{named}", data)
                archive.writestr("../../climbs.txt", "x")
        else:
            (below / f"{at}{named}").write_bytes(data)
    (folder / "empty.docx").touch()
    (folder / "folder.pdf").mkdir()
    (folder / "program.exe").write_bytes(b"MZ")
    (folder / "gone.pdf").symlink_to(folder / "nowhere.pdf")
    (folder / "reversed\u202efdp.txt").write_text("x\u202e")
    (folder / "two\nlines.docx").write_bytes(b"PK\x03\x04")
    Path(os.fsdecode(os.fsencode(folder) + "/乙校.txt".encode("gb18030"))).write_text("乙校。")
    for at in range(hangs):  # forms that call each other twice: 2 to the power of 40 calls
        (folder / f"hang{at}.pdf").write_bytes(make_endless_pdf())


def make_endless_pdf() -> bytes:
    from hostile_files import CATALOG, FONT, PAGES, raw_pdf, stream

    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X0 6 0 R>>>>>>"
    forms = [
        stream(
            f"/X{at} Do /X{at} Do".encode(),
            f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X{at} {6 + at} 0 R>>>>",
        )
        for at in range(1, 41)
    ]
    return raw_pdf(CATALOG, PAGES, page, stream(b"/X0 Do"), FONT, *forms)


def check_build(tmp_path: Path, number: int, seed: int, hangs: int) -> None:
    make_good_reports(tmp_path / "alone")
    make_good_reports(tmp_path / "in")
    make_damaged_folder(tmp_path / "in", number, seed, hangs)
    build([tmp_path / "alone"], tmp_path / "expected")
    before = sorted(str(path) for path in tmp_path.rglob("*"))

    command = [sys.executable, "-m", "kg.cli", "build", str(tmp_path / "in"), "--home", str(tmp_path / "home")]
    for key, value in LIMITS.items():
        command += ["--limit", f"{key}={value}"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr and "internal error" not in done.stdout

    # nothing but the home was written
    assert before == sorted(str(path) for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "home"))
    # each file is told, and on one line that shows it as it is
    told = {row["file"]: row for row in json.loads((tmp_path / "home" / "build.json").read_text("utf-8"))["files"]}
    files = [path for path in (tmp_path / "in").rglob("*") if not path.is_dir() and path.suffix != ".zip"]
    assert {show_name(str(path)) for path in files} - set(told) == set()
    assert all(row["state"] == "read" or row["cause"] for row in told.values())
    assert not any(sign in json.dumps(list(told.values()), ensure_ascii=False) for sign in "\u202e\n\udcd2")
    for name, state in (("hang0.pdf", "failed"), ("program.exe", "skipped"), ("empty.docx", "failed")):
        assert told[str(tmp_path / "in" / name)]["state"] == state
    print(Counter(row["state"] for row in told.values()))
    # the good ones are as without the others
    for path in (tmp_path / "expected" / "statements").iterdir():
        assert (tmp_path / "home" / "statements" / path.name).read_bytes() == path.read_bytes()


def test_a_folder_of_damaged_files_is_built(tmp_path: Path) -> None:
    check_build(tmp_path, 60, 7, 1)


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_two_thousand_damaged_files_are_built(tmp_path: Path) -> None:
    check_build(tmp_path, 2000, int(os.environ.get("KG_SEED", "2000")), 3)


def test_good_files_of_each_kind_say_the_same(tmp_path: Path) -> None:
    """What is damaged is worth damaging: undamaged it gives facts."""
    for ending in KINDS:
        path = tmp_path / f"甲市职业技术学校{ending}"
        path.write_bytes(make_good(ending))
        summary = build([path], tmp_path / ending)
        assert summary.reports == ["甲市职业技术学校"] and not summary.failed
