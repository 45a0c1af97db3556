"""What every reader does to a piece of text before it hands it on."""

from __future__ import annotations

import re
import unicodedata

from kg.invisible import drop_invisible

_BULLETS = re.compile("[\uf000-\uf0ff]")  # of symbol fonts
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
    """The text as a person sees it: nothing that cannot be seen, single blanks, no blanks at the ends.

    Line breaks are ``\\n``, each one only; tabs and full-width blanks inside a line stay.
    """
    text = _BULLETS.sub("", drop_invisible(_BREAK.sub("\n", text))).translate(_RADICALS)
    return _AROUND_BREAK.sub("\n", _BLANKS.sub(" ", text)).strip(" \t\n\u3000")


def fold_blanks(text: str) -> str:
    """The text without any blanks, for comparing."""
    return "".join(text.split())
