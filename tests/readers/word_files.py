"""Makes Word files for the tests: python-docx for what it can, raw XML for what it cannot."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def save_body(path: Path, xml: str, numbering: str = "") -> Path:
    """A Word file whose body is ``xml`` (without namespaces declared); ``numbering`` holds its lists."""
    file = docx.Document()
    body = file.element.body
    for node in list(body):
        body.remove(node)
    for node in parse_body(xml):
        body.append(node)
    if numbering:
        root = file.part.numbering_part.element
        for node in list(root):
            root.remove(node)
        for node in parse_body(numbering):
            root.append(node)
    file.save(str(path))
    return path


def parse_body(xml: str) -> list[Any]:
    names = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    return list(parse_xml(f"<w:body {W} {names}>{xml}</w:body>"))


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, list_id: int, depth: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>')


def list_levels(*levels: tuple[str, str], list_id: int = 1, extra: str = "") -> str:
    """A list whose levels are given as (format, pattern)."""
    inside = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for depth, (kind, pattern) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="{list_id}">{inside}</w:abstractNum>'
        f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{list_id}"/>{extra}</w:num>'
    )


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(text: str = "", properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def rewrite_part(path: Path, part: str, old: str, new: str) -> None:
    """Replaces text inside one part of an Office file."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
