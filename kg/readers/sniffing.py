"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from kg.errors import ReportError
from kg.readers.failures import report_damage
from kg.readers.text_encoding import decode

HEAD = 4096
UNKNOWN = "no known kind"
OLE = "an old Office file"
OLD_WORD = "an old Word file (.doc, .wps)"
OLD_SHEET = "an old Excel file (.xls, .et)"
PASSWORD = "an Office file with a password"
DOCX = "a Word file (.docx)"
XLSX = "an Excel file (.xlsx)"
ODT = "an OpenDocument text (.odt)"
ZIP = "a zip archive"
PDF = "a PDF"
RTF = "an RTF text"
HTML = "a web page"
TEXT = "plain text"
ARCHIVED_PAGE = "a web page with its pictures in one file (.mht)"
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
CHINESE = {  # what the kinds that are read are called in a Remark
    OLD_WORD: "旧版 Word 文件",
    OLD_SHEET: "旧版 Excel 文件",
    DOCX: "Word 文件（docx）",
    XLSX: "Excel 文件（xlsx）",
    ODT: "OpenDocument 文本",
    PDF: "PDF",
    RTF: "RTF 文本",
    HTML: "网页",
    TEXT: "纯文本",
}
_OLE_PARTS = (
    ("WordDocument", OLD_WORD),
    ("Workbook", OLD_SHEET),
    ("Book", OLD_SHEET),
    ("PowerPoint Document", "an old PowerPoint file (.ppt)"),
)
# Programs that export a table or an article as a web page leave out what stands around it.
_TAG = re.compile(rb"<(?:!doctype html|html|head|body|meta|title|style|table|div|center|font|p|h[1-6]|br)\b")
_ZIP_PARTS = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("ppt/presentation.xml", "a PowerPoint file (.pptx)"),
)


def sniff_kind(path: Path) -> str:
    """One of the kinds above, told by content. Raises DamagedInput for a zip archive without an end.

    Text has no signature: what can be decoded and has no other is text.
    """
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
    start = re.sub(rb"^(?:<!--.*?-->\s*)+", b"", start, flags=re.DOTALL)
    if _TAG.match(start) or (start.startswith(b"<?xml") and b"<html" in start):
        return HTML
    if start.startswith(b"mime-version:"):
        return ARCHIVED_PAGE
    if start.startswith(b"<?xml") and b"<w:worddocument" in start:
        return "a Word file in one piece of XML (.xml)"
    return TEXT if _is_text(path) else UNKNOWN


def _is_text(path: Path) -> bool:
    try:
        decode(path.read_bytes())
    except ReportError:
        return False
    return True


def _sniff_ole(path: Path) -> str:
    """Office wraps a locked .docx in an old container; a locked .doc has a flag in its first block."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        return PASSWORD
    if data[512:514] == b"\xec\xa5" and len(data) > 524 and data[523] & 1:
        return PASSWORD
    return next((kind for part, kind in _OLE_PARTS if part.encode("utf-16-le") + b"\x00\x00" in data), OLE)


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
