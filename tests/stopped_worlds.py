"""Reports of two nights, so that the graph of the first and that of the second differ: one changed, one gone, one new, and one
that came as text and now as Word, too."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import docx
from test_pipeline import SAMPLES, make_text, write

LONG = "weixian-2021"
MERGED = ("汉江轴承厂", "汉江精密轴承厂")  # partners of r0 and r3


def make_first_night(folder: Path) -> None:
    """Four short reports, a long one, and two in an archive."""
    for at, partner in enumerate((MERGED[0], "秦岭制药厂", "月河丝绸厂", MERGED[1])):
        write(folder / f"r{at}.txt", make_text(partner=partner, year=2019 + at))
    shutil.copy(SAMPLES / f"{LONG}.txt", folder)
    with zipfile.ZipFile(folder / "more.zip", "w") as packed:
        for at in range(2):
            packed.writestr(f"z{at}.txt", make_text(school=f"平利县第{'一二'[at]}职业中学", partner="女娲茶厂"))


def make_second_night(folder: Path) -> None:
    """What has become of them a night later."""
    write(folder / "r1.txt", make_text(partner="巴山药厂", year=2020))
    (folder / "r2.txt").unlink(missing_ok=True)
    write(folder / "r4.txt", make_text(school="石泉县职业教育中心", partner="秦岭制药厂", year=2023))
    document = docx.Document()
    for line in (folder / f"{LONG}.txt").read_text(encoding="utf-8").splitlines():
        document.add_paragraph(line)
    document.save(folder / "weixian.docx")
