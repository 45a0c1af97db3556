"""Readers: from a report file to a Document. One function for each kind of file, found by the file's ending.

To add a kind: one module with ``read_x(path) -> list[RawItem]``, one function here that imports it when it is
needed (the libraries behind it are slow to load), one row in READERS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kg.errors import EmptyInput, EncryptedInput, UnreadableInput, UnsupportedKind, WrongKind
from kg.layout import RawItem, RawText, build_document
from kg.model import Document
from kg.readers import sniffing
from kg.readers.failures import fold_cause, name_place

Reader = Callable[[Path], list[RawItem]]


def _read_txt(path: Path) -> list[RawItem]:
    from kg.readers.txt import read_txt

    return read_txt(path)


def _read_docx(path: Path) -> list[RawItem]:
    from kg.readers.docx import read_docx

    return read_docx(path)


def _read_pdf(path: Path) -> list[RawItem]:
    from kg.readers.pdf import read_pdf

    return read_pdf(path)


def _read_html(path: Path) -> list[RawItem]:
    from kg.readers.html import read_html

    return read_html(path)


def _read_xlsx(path: Path) -> list[RawItem]:
    from kg.readers.xlsx import read_xlsx

    return read_xlsx(path)


def _read_csv(path: Path) -> list[RawItem]:
    from kg.readers.csv import read_csv

    return read_csv(path)


def _read_office(path: Path) -> list[RawItem]:
    from kg.readers.office import read_office

    return read_office(path)


READERS: Mapping[str, Reader] = {
    ".txt": _read_txt,
    ".docx": _read_docx,
    ".docm": _read_docx,
    ".pdf": _read_pdf,
    ".html": _read_html,
    ".htm": _read_html,
    ".xlsx": _read_xlsx,
    ".xlsm": _read_xlsx,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".doc": _read_office,
    ".wps": _read_office,
    ".rtf": _read_office,
    ".odt": _read_office,
    ".xls": _read_office,
    ".et": _read_office,
}

# Text has no signature. Web sites and old programs give Word's ending to RTF, web pages and newer Word files.
_TEXT = frozenset({sniffing.UNKNOWN})
_OLD_WORD = frozenset({sniffing.OLE, sniffing.DOCX, sniffing.RTF, sniffing.HTML, sniffing.ODT})
_EXPECTED: Mapping[str, frozenset[str]] = {
    ".txt": _TEXT,
    ".docx": frozenset({sniffing.DOCX, sniffing.ZIP}),
    ".docm": frozenset({sniffing.DOCX, sniffing.ZIP}),
    ".pdf": frozenset({sniffing.PDF}),
    ".html": frozenset({sniffing.HTML, sniffing.UNKNOWN}),
    ".htm": frozenset({sniffing.HTML, sniffing.UNKNOWN}),
    ".xlsx": frozenset({sniffing.XLSX, sniffing.ZIP}),
    ".xlsm": frozenset({sniffing.XLSX, sniffing.ZIP}),
    ".csv": _TEXT,
    ".tsv": _TEXT,
    ".doc": _OLD_WORD,
    ".wps": _OLD_WORD,
    ".rtf": _OLD_WORD,
    ".odt": _OLD_WORD,
    ".xls": frozenset({sniffing.OLE, sniffing.XLSX, sniffing.HTML}),
    ".et": frozenset({sniffing.OLE, sniffing.XLSX}),
}


def read_document(path: Path, report: str = "") -> Document:
    """Reads one report; ``report`` is its id, by default the file's name without its ending.

    Raises one of the ReportErrors of kg.errors, whose text is one line: the file, the place, the cause.
    """
    items = read_items(path)
    if not any(item.text.strip() if isinstance(item, RawText) else item.rows for item in items):
        raise EmptyInput(f"{name_place(path)}: there is no text in it")
    return build_document(report or path.stem, path.name, items, path.stem)


def read_items(path: Path) -> list[RawItem]:
    """What the reader of the file's kind finds in it, in reading order. Raises the same errors."""
    check_file(path)
    return READERS[path.suffix.lower()](path)


def check_file(path: Path) -> None:
    """Raises what can be said before reading: missing, a folder, no permission, empty, another kind than named."""
    name = name_place(path)
    suffix = path.suffix.lower()
    try:
        if path.is_dir():
            raise UnreadableInput(f"{name}: a folder, not a file")
        if not path.exists():
            raise UnreadableInput(f"{name}: no such file")
        if not path.is_file():
            raise UnreadableInput(f"{name}: not a regular file")
        if suffix not in READERS:
            known = " ".join(READERS)
            raise UnsupportedKind(f"{name}: no reader for {suffix or 'a file without an ending'} (known: {known})")
        if path.stat().st_size == 0:
            raise EmptyInput(f"{name}: the file is empty")
        kind = sniffing.sniff_kind(path)
    except OSError as error:
        raise UnreadableInput(f"{name}: cannot be opened ({error.strerror or fold_cause(error)})") from error
    if kind == sniffing.PASSWORD:
        raise EncryptedInput(f"{name}: asks for a password")
    if kind not in _EXPECTED[suffix]:
        is_what = "not such a file" if kind == sniffing.UNKNOWN else f"the content is {kind}"
        raise WrongKind(f"{name}: named {suffix}, but {is_what}")
