"""One HTML file out of a template, styles, scripts and data: it asks for nothing else and runs nothing else.

Everything that comes out of reports travels as JSON in a block that browsers do not run; the scripts put it into
the page as text. A Content-Security-Policy allows exactly the scripts and styles written here, by their hashes, and
no request at all, so that a slip in a script still runs nothing that a report says.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from pathlib import Path

from kg.errors import KgError
from kg.whole_files import write_aside

# What could end the JSON block, or a line of it, before its time.
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def read_asset(name: str) -> str:
    """Return a file of ``kg/page/`` as text."""
    return resources.files("kg").joinpath("page", name).read_text(encoding="utf-8")


def read_vis_network() -> str:
    """Return the newest vis-network script of the installed pyvis, its licence comment included.

    Raises KgError where pyvis carries none. vis-network's style sheet is left alone: it dresses tooltips and
    buttons that our page does not use.
    """
    library = resources.files("pyvis").joinpath("lib")
    found = [
        (tuple(int(part) for part in match[1].split(".")), folder)
        for folder in library.iterdir()
        if (match := re.fullmatch(r"vis-(\d+(?:\.\d+)*)", folder.name))
        and folder.joinpath("vis-network.min.js").is_file()
    ]
    if not found:
        raise KgError("pyvis: 安装包中没有 vis-network，无法作图 (the installed pyvis carries no vis-network)")
    _, newest = max(found, key=lambda pair: pair[0])
    return newest.joinpath("vis-network.min.js").read_text(encoding="utf-8")


def read_vega() -> str:
    """Return the charting library that the build puts into the package (``hatch_build.py``), its licences at its head.

    Raises KgError where the package was neither built nor installed.
    """
    try:
        return read_asset("vega.js")
    except FileNotFoundError as error:
        raise KgError(
            "kg/page/vega.js: 软件包未安装，缺少图表库，请先 pip install (the package is not installed)"
        ) from error


def encode_json(value: object) -> str:
    """Return JSON that can stand inside a script element whatever strings it holds."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda match: _UNSAFE[match[0]], text)


def compose_page(
    template: str, *, title: str, styles: Sequence[str], scripts: Sequence[str], data: Mapping[str, object]
) -> str:
    """Fill ``{{head}}``, ``{{data}}`` and ``{{scripts}}`` of the template, and ``{{title}}``, ``{{policy}}`` and
    ``{{styles}}`` of the head that all pages share.

    Each entry of ``data`` becomes a JSON block with its key as id. Raises ValueError for a script or style that
    would end its own element.
    """
    # The browser reads \r\n as \n before it hashes.
    styles = [_check_inline("style", "\n".join(text.splitlines())) for text in styles]
    scripts = [_check_inline("script", text.replace("\r\n", "\n").replace("\r", "\n")) for text in scripts]
    policy = "; ".join(
        [
            "default-src 'none'",
            "script-src " + " ".join(map(_hash_source, scripts)),
            "style-src " + " ".join(map(_hash_source, styles)),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    # Each template in one pass: what is put in is never searched for further placeholders.
    head = {
        "title": escape(title),
        "policy": escape(policy, quote=False),
        "styles": "\n".join(f"<style>{text}</style>" for text in styles),
    }
    parts = head | {
        "head": _fill(read_asset("head.html").rstrip("\n"), head),
        "data": "\n".join(
            f'<script type="application/json" id="{escape(key)}">{encode_json(value)}</script>'
            for key, value in data.items()
        ),
        "scripts": "\n".join(f"<script>{text}</script>" for text in scripts),
    }
    return _fill(template, parts)


def _fill(template: str, parts: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], template)


def write_page(to: Path, text: str) -> None:
    """Write the page as UTF-8, whole or not at all. Raises KgError where the place cannot be written."""
    with write_aside(to) as out:
        out.write(text.encode("utf-8", errors="replace"))


def _check_inline(element: str, text: str) -> str:
    if f"</{element}" in text.lower() or "<!--" in text:
        raise ValueError(f"an inline {element} would end its own element")
    return text


def _hash_source(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
