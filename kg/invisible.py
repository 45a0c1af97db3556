"""Characters that cannot be seen: zero-width ones, marks and overrides of the writing direction, fillers, controls.

They come into reports out of web pages and PDFs. Inside a name they make two names of one that look the same, and an
override shows a text or a file's name in another order than it has. Unicode calls most of them Default_Ignorable.
"""

from __future__ import annotations

import contextlib
import re

_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_ZERO_WIDTH = (
    "\u00ad\u034f\u200b-\u200d\u2060-\u2064\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef"  # with variation selectors
)
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u206a-\u206f"
_FILLER = "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
_SURROGATE = re.compile("[\ud800-\udfff]")
_INVISIBLE = re.compile(f"[{_CONTROL}{_ZERO_WIDTH}{_DIRECTION}{_FILLER}\ud800-\udfff]")
UNREADABLE = "\ufffd"  # what stands where a character cannot be read


def drop_invisible(text: str) -> str:
    """The text without what cannot be seen; blanks, tabs and line breaks stay."""
    return _INVISIBLE.sub("", text)


def show_name(name: str) -> str:
    """A file's name or path as it can be shown: on one line, and what cannot be seen as ``<U+202E>``.

    A name that a system for Chinese wrote in GB 18030, which is no UTF-8, is read as such.
    """
    if _SURROGATE.search(name):
        name = "/".join(map(_decode, name.split("/")))
    name = re.sub(r"[\t-\r\x85\u2028\u2029]", " ", name)
    return _INVISIBLE.sub(lambda found: f"<U+{ord(found[0]):04X}>", name)


def _decode(part: str) -> str:
    """A part of a path, of which Python has kept as surrogates what is no UTF-8."""
    if not _SURROGATE.search(part):
        return part
    with contextlib.suppress(UnicodeError):
        return part.encode("utf-8", "surrogateescape").decode("gb18030")
    return part
