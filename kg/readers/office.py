"""Old Office files (.doc, .wps, .rtf, .odt, .xls, .et): LibreOffice makes newer ones of them, which are then read."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from kg.errors import DamagedInput, MissingTool
from kg.layout import RawItem
from kg.readers import sniffing
from kg.readers.failures import name_place
from kg.readers.sniffing import sniff_kind
from kg.whole_files import make_scratch

TIME_LIMIT = 180
_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_SHEETS = frozenset({".xls", ".et"})
# A report is a stranger's file: no macros, no linked pictures from the network, no updating of links.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


def read_office(path: Path) -> list[RawItem]:
    """The items of an old Office file, by what it is and not by its name: many a .doc is a .docx or a web page.

    Raises MissingTool without LibreOffice, DamagedInput where LibreOffice makes nothing of the file.
    """
    kind = sniff_kind(path)
    if kind == sniffing.HTML:
        from kg.readers.html import read_html

        return read_html(path)
    sheet = path.suffix.lower() in _SHEETS
    with make_scratch("kg-office") as folder:
        target = "xlsx" if sheet else "docx"
        newer = kind in (sniffing.DOCX, sniffing.XLSX)
        made = path if newer else convert_office(path, folder, target)
        if sheet:
            from kg.readers.xlsx import read_xlsx

            return read_xlsx(made)
        from kg.readers.docx import read_docx

        return read_docx(made)


def find_office() -> str | None:
    """The program to call, or None where LibreOffice is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def convert_office(path: Path, folder: Path, target: str, time_limit: float = TIME_LIMIT) -> Path:
    """Converts a file to ``target`` ("docx", "xlsx") inside ``folder`` and returns the new file.

    LibreOffice gets a profile of its own: an instance that already runs would else take the work and lose it.
    """
    program = find_office()
    if program is None:
        raise MissingTool(
            f"{name_place(path)}: reading {path.suffix.lower()} needs LibreOffice, which is not installed"
        )
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    source = folder / f"report{path.suffix.lower()}"
    shutil.copyfile(path, source)
    output = folder / "made"
    command = [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        target,
        "--outdir",
        str(output),
        str(source),
    ]
    _run_bounded(command, path, time_limit)
    made = output / f"report.{target}"
    if not made.is_file() or made.stat().st_size == 0:
        raise DamagedInput(f"{name_place(path)}: LibreOffice cannot open it")
    return made


def _run_bounded(command: list[str], path: Path, time_limit: float) -> None:
    """Runs a command and ends it with all its children when time is up: soffice is a script around the program."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise MissingTool(f"{name_place(path)}: LibreOffice does not start ({error.strerror})") from error
    try:
        process.wait(time_limit)
    except subprocess.TimeoutExpired as error:
        raise DamagedInput(f"{name_place(path)}: LibreOffice was not done after {time_limit:.0f} seconds") from error
    finally:
        if process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.wait()
