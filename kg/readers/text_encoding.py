"""Bytes to text: UTF-8, UTF-16 and GB18030, with and without a byte order mark.

Chinese reports come in all of them, and each misread as another gives text that looks like text. So every way
of reading is judged by what it yields: the share of characters that Chinese reports are made of.
"""

from __future__ import annotations

import codecs
import re

from kg.errors import DamagedInput, EmptyInput, WrongKind

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_USUAL = re.compile("[\t\n\r\x20-\x7e\u00a0-\u00ff\u2000-\u206f\u2100-\u27bf\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_SAMPLE = 65_536
_ENOUGH = 0.9


def decode(data: bytes, name: str = "text") -> str:
    """The text in ``data``, without its byte order mark; ``name`` is what a message calls the file.

    Raises EmptyInput for no bytes, WrongKind for bytes that are no text, DamagedInput for text that breaks off or has
    broken places.
    """
    if not data:
        raise EmptyInput(f"{name}: the file is empty")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding, name)
    text = _try_decoding(data, "utf-8")
    if text is not None and not _CONTROL.search(text):
        return text
    for encoding in _guess_utf16(data):
        return _decode_marked(data, encoding, name)
    if text is None:
        _refuse_broken(data, "utf-8", name)
        text = _try_decoding(data, "gb18030")
    if text is None:
        _refuse_broken(data, "gb18030", name)
    if text is None or _is_binary(text):
        raise WrongKind(f"{name}: not a text file (neither UTF-8 nor UTF-16 nor GB18030)")
    return text


def _try_decoding(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_marked(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, errors="ignore").count("\n") + 1
        raise DamagedInput(f"{name}, line {line}: broken {encoding.upper()} ({error.reason})") from error
    if _is_binary(text):
        raise WrongKind(f"{name}: not a text file (control characters in {encoding.upper()})")
    return text


def _guess_utf16(data: bytes) -> list[str]:
    """The byte order whose reading looks like a Chinese or English text, if any."""
    shares: dict[str, float] = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        sample = data[:_SAMPLE].decode(encoding, errors="replace")
        shares[encoding] = len(_USUAL.findall(sample)) / max(1, len(sample))
    best = max(shares, key=lambda encoding: shares[encoding])
    return [best] if shares[best] >= _ENOUGH else []


def _refuse_broken(data: bytes, encoding: str, name: str) -> None:
    """UTF-8 with a few broken bytes decodes as GB18030 too, into nonsense: tell it by its whole characters."""
    text = data.decode(encoding, errors="replace")
    broken = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\u07ff") - broken
    usual = encoding == "utf-8" or len(_USUAL.findall(text[:_SAMPLE])) >= _ENOUGH * len(text[:_SAMPLE])
    if usual and whole > 20 * broken and not _is_binary(text):
        line = text[: text.index("\ufffd")].count("\n") + 1
        raise DamagedInput(f"{name}, line {line}: broken {encoding.upper()}")


def _is_binary(text: str) -> bool:
    """A few control characters are slips of a program, many are none of a text."""
    return len(_CONTROL.findall(text)) * 200 > len(text)
