"""The text of one Word paragraph as the page shows it: fields by their result, without what is hidden or deleted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg.readers.wordml import TEXT_BOX, Element, W, is_on, iterate_visible

_RUN = f"{W}r"
_TEXT = f"{W}t"
_SPECIAL = {
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
}
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_TICKS = {"F0FC": "√", "F0FE": "☑", "F052": "☑", "F0A8": "□", "F06F": "□", "F0A3": "□", "F0FB": "×", "F0FD": "☒"}
_CONTENTS_FIELD = re.compile(r"\s*TOC\b", re.IGNORECASE)
_CONTENTS_LINE = re.compile(r"\t\s*[0-9IVXivx]+\s*$")


@dataclass(slots=True)
class Field:
    """A complex field: its code comes first and is hidden, its result follows and is shown."""

    code: str = ""
    in_result: bool = False


@dataclass(slots=True)
class FieldState:
    """The fields that are open; a contents field stays open over many paragraphs."""

    stack: list[Field] = field(default_factory=list)

    @property
    def hides(self) -> bool:
        return any(not field.in_result for field in self.stack)

    @property
    def in_contents(self) -> bool:
        return any(_CONTENTS_FIELD.match(field.code) for field in self.stack)

    def begin_paragraph(self) -> None:
        # A field whose separator was lost would hide the rest of the report.
        for open_field in self.stack:
            open_field.in_result = True

    def read_mark(self, kind: str | None) -> None:
        if kind == "begin":
            self.stack.append(Field())
        elif self.stack and kind == "separate":
            self.stack[-1].in_result = True
        elif self.stack and kind == "end":
            self.stack.pop()

    def read_code(self, text: str) -> None:
        if self.stack and not self.stack[-1].in_result:
            self.stack[-1].code += text


@dataclass(slots=True)
class ParagraphText:
    """What one paragraph holds. ``breaks_before`` counts the page breaks that stand before its first character."""

    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    breaks: int = 0
    breaks_before: int = 0
    in_contents: bool = False


def read_paragraph(paragraph: Element, fields: FieldState) -> ParagraphText:
    """The paragraph's text (without its automatic number), its text boxes, and its rendered page breaks."""
    fields.begin_paragraph()
    result = ParagraphText()
    began_in_contents = fields.in_contents
    parts: list[str] = []
    _read_inline(paragraph, fields, parts, result)
    text = "".join(parts)
    is_line = _CONTENTS_LINE.search(text) is not None
    result.text = text if is_line else text.replace("\t", " ")
    # The field often ends inside the first paragraph behind it.
    result.in_contents = fields.in_contents or (began_in_contents and is_line)
    return result


def _read_inline(element: Element, fields: FieldState, parts: list[str], result: ParagraphText) -> None:
    for node in iterate_visible(element):
        tag = node.tag
        if tag == _RUN:
            if not is_on(node, "rPr", "vanish"):
                _read_run(node, fields, parts, result)
        elif tag == f"{W}ruby":
            _read_ruby(node, fields, parts, result)
        elif tag.endswith("}oMath") or tag.endswith("}oMathPara"):
            parts.extend(found.text or "" for found in node.iter(_MATH_TEXT))


def _read_run(run: Element, fields: FieldState, parts: list[str], result: ParagraphText) -> None:
    for node in iterate_visible(run):
        tag = node.tag
        if tag == f"{W}fldChar":
            fields.read_mark(node.get(f"{W}fldCharType"))
        elif tag == f"{W}instrText":
            fields.read_code(node.text or "")
        elif tag == f"{W}lastRenderedPageBreak":
            result.breaks += 1
            if not "".join(parts).strip():
                result.breaks_before += 1
        elif fields.hides:
            continue
        elif tag == _TEXT:
            parts.append(node.text or "")
        elif tag == f"{W}br":
            parts.append("\n")
        elif tag in _SPECIAL:
            parts.append(_SPECIAL[tag])
        elif tag == f"{W}sym":
            parts.append(_TICKS.get((node.get(f"{W}char") or "").upper(), ""))
        elif tag == f"{W}ruby":
            _read_ruby(node, fields, parts, result)
        else:
            result.boxes.extend(find_boxes(node))


def _read_ruby(node: Element, fields: FieldState, parts: list[str], result: ParagraphText) -> None:
    # The characters, without the sounds that stand above them.
    for base in node.iter(f"{W}rubyBase"):
        _read_inline(base, fields, parts, result)


def find_boxes(drawing: Element) -> list[Element]:
    """The outermost text boxes of a drawing, each once."""
    if drawing.tag == TEXT_BOX:
        return [drawing]
    return [box for child in iterate_visible(drawing) for box in find_boxes(child)]
