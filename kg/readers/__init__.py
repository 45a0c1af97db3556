"""Readers: from a report file to a Document. One function for each kind of file, found by what the file is.

To add a kind: one module with ``read_x(path, limits) -> list[RawItem]``, one function here that imports it when it is
needed (the libraries behind it are slow to load), one row in READERS, one in _BY_KIND where its first bytes tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kg.errors import EmptyInput, EncryptedInput, UnreadableInput, UnsupportedKind, WrongKind
from kg.layout import RawItem, RawTable, RawText, build_document
from kg.limits import STANDARD, Limits
from kg.model import Document, Remark
from kg.readers import sniffing
from kg.readers.failures import fold_cause, name_place

Reader = Callable[[Path, Limits], list[RawItem]]


def _read_txt(path: Path, limits: Limits) -> list[RawItem]:
    from kg.readers.txt import read_txt

    return read_txt(path, limits)


def _read_docx(path: Path, limits: Limits) -> list[RawItem]:
    from kg.readers.docx import read_docx

    return read_docx(path, limits)


def _read_pdf(path: Path, limits: Limits) -> list[RawItem]:
    from kg.readers.pdf import read_pdf

    return read_pdf(path, limits)


def _read_html(path: Path, limits: Limits) -> list[RawItem]:
    from kg.readers.html import read_html

    return read_html(path, limits)


def _read_xlsx(path: Path, limits: Limits) -> list[RawItem]:
    from kg.readers.xlsx import read_xlsx

    return read_xlsx(path, limits)


def _read_csv(path: Path, limits: Limits) -> list[RawItem]:
    from kg.readers.csv import read_csv

    return read_csv(path, limits)


def _read_office(path: Path, limits: Limits) -> list[RawItem]:
    from kg.readers.office import read_office

    return read_office(path, limits)


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

# What the first bytes tell is read as what it is, whatever its name says.
_BY_KIND: Mapping[str, Reader] = {
    sniffing.DOCX: _read_docx,
    sniffing.PDF: _read_pdf,
    sniffing.HTML: _read_html,
    sniffing.XLSX: _read_xlsx,
    sniffing.TEXT: _read_txt,
    sniffing.OLD_WORD: _read_office,
    sniffing.OLD_SHEET: _read_office,
    sniffing.RTF: _read_office,
    sniffing.ODT: _read_office,
}
# Web sites and old programs give Word's and Excel's endings to RTF, web pages and newer files: nobody wonders at it.
_WORD = frozenset({sniffing.OLE, sniffing.OLD_WORD, sniffing.DOCX, sniffing.RTF, sniffing.HTML, sniffing.ODT})
_SHEET = frozenset({sniffing.OLE, sniffing.OLD_SHEET, sniffing.XLSX, sniffing.HTML})
_EXPECTED: Mapping[str, frozenset[str]] = {
    ".txt": frozenset({sniffing.TEXT}),
    ".docx": frozenset({sniffing.DOCX, sniffing.ZIP}),
    ".docm": frozenset({sniffing.DOCX, sniffing.ZIP}),
    ".pdf": frozenset({sniffing.PDF}),
    ".html": frozenset({sniffing.HTML, sniffing.TEXT}),
    ".htm": frozenset({sniffing.HTML, sniffing.TEXT}),
    ".xlsx": frozenset({sniffing.XLSX, sniffing.ZIP}),
    ".xlsm": frozenset({sniffing.XLSX, sniffing.ZIP}),
    ".csv": frozenset({sniffing.TEXT}),
    ".tsv": frozenset({sniffing.TEXT}),
    ".doc": _WORD,
    ".wps": _WORD,
    ".rtf": _WORD,
    ".odt": _WORD,
    ".xls": _SHEET,
    ".et": _SHEET,
}
_SHEETS = frozenset({".xls", ".et", ".xlsx", ".xlsm"})  # text under these endings is a table


def read_document(path: Path, report: str = "", limits: Limits = STANDARD) -> Document:
    """Reads one report; ``report`` is its id, by default the file's name without its ending.

    Raises one of the ReportErrors of kg.errors, whose text is one line: the file, the place, the cause.
    """
    items = read_items(path, limits)
    if not any(item.text.strip() if isinstance(item, RawText) else isinstance(item, RawTable) for item in items):
        raise EmptyInput(f"{name_place(path)}: there is no text in it")
    check_items(path, items, limits)
    document = build_document(report or path.stem, path.name, items, path.stem)
    if not document.blocks:
        raise EmptyInput(f"{name_place(path)}: there is no text in it")
    return document


def read_items(path: Path, limits: Limits = STANDARD) -> list[RawItem]:
    """What the reader of the file's kind finds in it, in reading order. Raises the same errors.

    A file that is of another kind than its ending says is read as what it is; a Remark says so.
    """
    kind = check_file(path, limits)
    suffix = path.suffix.lower()
    if kind in _EXPECTED[suffix]:
        reader = READERS[suffix] if kind in (sniffing.TEXT, sniffing.ZIP, sniffing.OLE) else _BY_KIND[kind]
        return reader(path, limits)
    reader = _read_csv if kind == sniffing.TEXT and suffix in _SHEETS else _BY_KIND[kind]
    message = f"文件名以 {suffix} 结尾，内容却是{sniffing.CHINESE[kind]}，已按内容读取"
    return [*reader(path, limits), Remark("wrong-ending", message)]


def check_items(path: Path, items: list[RawItem], limits: Limits) -> None:
    """Raises TooLarge for more text or larger tables than a report may have, before anything is made of them."""
    tables = [item for item in items if isinstance(item, RawTable)]
    cells = [cell for table in tables for row in table.rows for cell in row]
    limits.check_cells(name_place(path), sum(cell.rowspan * cell.colspan for cell in cells))
    texts = sum(len(item.text) for item in items if isinstance(item, RawText))
    limits.check_characters(name_place(path), texts + sum(len(cell.text) for cell in cells))


def check_file(path: Path, limits: Limits = STANDARD) -> str:
    """What a file is (kg.readers.sniffing). Raises what can be said before reading: missing, a folder, no permission,
    empty, too large, with a password, of a kind that nobody reads."""
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
        size = path.stat().st_size
        if size == 0:
            raise EmptyInput(f"{name}: the file is empty")
        limits.check_size(name, size)
        kind = sniffing.sniff_kind(path)
    except OSError as error:
        raise UnreadableInput(f"{name}: cannot be opened ({error.strerror or fold_cause(error)})") from error
    if kind == sniffing.PASSWORD:
        raise EncryptedInput(f"{name}: asks for a password")
    if kind == sniffing.UNKNOWN and sniffing.TEXT in _EXPECTED[suffix]:
        return sniffing.TEXT  # its reader says what is wrong with it
    if kind not in _EXPECTED[suffix] and kind not in _BY_KIND:
        is_what = "not such a file" if kind == sniffing.UNKNOWN else f"the content is {kind}"
        raise WrongKind(f"{name}: named {suffix}, but {is_what}")
    return kind
