"""What every reader does to a piece of text before it hands it on."""

from __future__ import annotations

import re
import unicodedata

# Control characters make unreadable XML later; zero-width ones and soft hyphens break names in two.
# U+F0xx are the bullets of symbol fonts.
_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\uf000-\uf0ff\ufeff\ufff9-\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile("[ \u00a0\u2000-\u200a\u202f\u205f]+")
_AROUND_BREAK = re.compile("[ \t\u3000]*\n[ \t\u3000]*(?:\n[ \t\u3000]*)*")
# PDF fonts map 工 to the radical ⼯: it looks the same, and no search finds it.
_RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))
    if len(unicodedata.normalize("NFKC", chr(code))) == 1
}


def clean_text(text: str) -> str:
    """The text as a person sees it: no control or zero-width characters, single blanks, no blanks at the ends.

    Line breaks are ``\\n``, each one only; tabs and full-width blanks inside a line stay.
    """
    text = _SURROGATE.sub("", _CONTROL.sub("", _BREAK.sub("\n", text))).translate(_RADICALS)
    return _AROUND_BREAK.sub("\n", _BLANKS.sub(" ", text)).strip(" \t\n\u3000")


def fold_blanks(text: str) -> str:
    """The text without any blanks, for comparing."""
    return "".join(text.split())
