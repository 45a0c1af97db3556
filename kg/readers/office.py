"""Old Office files (.doc, .wps, .rtf, .odt, .xls, .et): LibreOffice makes newer ones of them, which are then read.

LibreOffice goes when whoever asked for it goes, however that ends: a shell between the two waits for the end of a pipe.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from kg.errors import DamagedInput, MissingTool, ReportError
from kg.layout import RawItem
from kg.limits import STANDARD, Limits
from kg.readers import sniffing
from kg.readers.failures import name_place
from kg.readers.sniffing import sniff_kind
from kg.whole_files import make_scratch

_SHARE = 0.6  # of a file's time, for LibreOffice
_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_SHEETS = frozenset({".xls", ".et"})
_SUFFIXES = {sniffing.OLD_WORD: ".doc", sniffing.OLD_SHEET: ".xls", sniffing.RTF: ".rtf", sniffing.ODT: ".odt"}
_SHEET_KINDS = frozenset({sniffing.OLD_SHEET, sniffing.XLSX})
# The command, and beside it a watch that ends the whole process group as soon as nobody holds the pipe any more.
_WATCHED = """exec 3<&0 </dev/null; (read -r _ <&3; kill -KILL 0) & "$@" 3<&- & wait $!"""
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


def read_office(path: Path, limits: Limits = STANDARD) -> list[RawItem]:
    """The items of an old Office file. Raises MissingTool without LibreOffice, DamagedInput where LibreOffice makes nothing
    of the file."""
    kind = sniff_kind(path)
    sheet = kind in _SHEET_KINDS or (kind == sniffing.OLE and path.suffix.lower() in _SHEETS)
    with make_scratch("kg-office") as folder:
        target = "xlsx" if sheet else "docx"
        made = convert_office(path, folder, target, _SHARE * limits.seconds)
        try:
            return _read_made(made, limits)
        except ReportError as error:
            raise type(error)(str(error).replace(str(made), name_place(path))) from error


def _read_made(made: Path, limits: Limits) -> list[RawItem]:
    if made.suffix == ".xlsx":
        from kg.readers.xlsx import read_xlsx

        return read_xlsx(made, limits)
    from kg.readers.docx import read_docx

    return read_docx(made, limits)


def find_office() -> str | None:
    """The program to call, or None where LibreOffice is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def convert_office(path: Path, folder: Path, target: str, time_limit: float = 180.0) -> Path:
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
    source = folder / f"report{_SUFFIXES.get(sniff_kind(path), path.suffix.lower())}"
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
    watched = ["sh", "-c", _WATCHED, "sh", *command] if hasattr(os, "killpg") else command
    try:
        process = subprocess.Popen(
            watched,
            stdin=subprocess.PIPE,
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
        assert process.stdin is not None
        process.stdin.close()
        if watched is command:
            process.kill()
        process.wait()
