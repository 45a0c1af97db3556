"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import zipfile
from pathlib import Path

from kg.readers.failures import report_damage

HEAD = 4096
UNKNOWN = "no known kind"
OLE = "an old Office file (.doc, .xls, .wps)"
PASSWORD = "an Office file with a password"
DOCX = "a Word file (.docx)"
XLSX = "an Excel file (.xlsx)"
ODT = "an OpenDocument text (.odt)"
ZIP = "a zip archive"
PDF = "a PDF"
RTF = "an RTF text"
HTML = "a web page"
PICTURE = "a picture"

_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rtf", RTF),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"II*\x00", PICTURE),
    (b"MM\x00*", PICTURE),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"\x1f\x8b", "a gzip archive"),
)
_ZIP_PARTS = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("ppt/presentation.xml", "a PowerPoint file (.pptx)"),
)


def sniff_kind(path: Path) -> str:
    """One of the kinds above, told by content. Raises DamagedInput for a zip archive without an end."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return _sniff_ole(path) if kind == OLE else kind
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(path)
    if b"%PDF-" in head[:1024]:
        return PDF
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<?xml") and b"<html" in start):
        return HTML
    return UNKNOWN


def _sniff_ole(path: Path) -> str:
    """Office wraps a locked .docx in an old container; a locked .doc has a flag in its first block."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        return PASSWORD
    locked = data[512:514] == b"\xec\xa5" and len(data) > 524 and data[523] & 1
    return PASSWORD if locked else OLE


def _sniff_zip(path: Path) -> str:
    with report_damage(path), zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        for part, kind in _ZIP_PARTS:
            if part in names:
                return kind
        if "mimetype" in names and archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.text"):
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            return PASSWORD if b"encryption-data" in manifest else ODT
    return ZIP
