"""Names and small steps in the XML of Word files (WordprocessingML), on elements that a parser made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Element = Any  # an lxml element; lxml itself is only known to the parser

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_NAMESPACE = "http://purl.oclc.org/ooxml/wordprocessingml/main"
W = "{" + NAMESPACE + "}"
ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
TEXT_BOX = f"{W}txbxContent"

# Wrappers without a look of their own; what is inside them stands in the page as if they were not there.
TRANSPARENT = frozenset(
    f"{W}{name}"
    for name in ("sdtContent", "customXml", "smartTag", "ins", "moveTo", "dir", "bdo", "hyperlink", "fldSimple")
)
# What the reader of the page does not see: tracked deletions and the old place of moved text.
DELETED = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "delText", "delInstrText"))


def find_child(element: Element, *names: str) -> Element | None:
    """The first child of the first child … by local names; None where a step is missing."""
    for name in names:
        element = element.find(f"{W}{name}") if element is not None else None
    return element


def read_value(element: Element | None, *names: str) -> str | None:
    """The ``w:val`` of the element found by ``names``."""
    found = find_child(element, *names) if element is not None else None
    return None if found is None else found.get(f"{W}val")


def is_on(element: Element | None, *names: str) -> bool:
    """A switch such as ``<w:tblHeader/>``: there, and not switched off."""
    found = find_child(element, *names) if element is not None else None
    return found is not None and found.get(f"{W}val") not in ("0", "false", "off", "none")


def to_number(text: str | None, default: int = 0) -> int:
    """A whole number from an attribute; damaged and fractional ones count as ``default``."""
    try:
        return int(text) if text else default
    except ValueError:
        return default


def iterate_visible(element: Element) -> Iterator[Element]:
    """The children, with transparent wrappers opened and deletions left out."""
    for child in element:
        tag = child.tag
        if tag in DELETED or not isinstance(tag, str):
            continue
        if tag == f"{W}sdt":
            content = find_child(child, "sdtContent")
            if content is not None:
                yield from iterate_visible(content)
        elif tag in TRANSPARENT:
            yield from iterate_visible(child)
        elif tag == ALTERNATIVE:
            # The same thing twice, for newer and for older programs: one of them is enough.
            if len(child):
                yield from iterate_visible(child[0])
        else:
            yield child
