"""PDF files with a text layer: pdfplumber gives glyphs and rulings, the modules pdf_… make lines and tables of them."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.layout import LTChar, LTContainer
from pdfminer.pdfdocument import PDFNoOutlines, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from kg.errors import DamagedInput, EmptyInput, EncryptedInput, ScannedInput
from kg.invisible import UNREADABLE
from kg.layout import RawItem
from kg.limits import STANDARD, Limits
from kg.model import Remark
from kg.readers.failures import name_place, report_damage
from kg.readers.pdf_flow import build_items
from kg.readers.pdf_grid import Ruling
from kg.readers.pdf_lines import Glyph
from kg.readers.pdf_pages import PageLayout, PageMarks, drop_running_lines, lay_out_page

_LIBRARY_ERRORS = (PdfminerException, MalformedPDFException, PDFException, PSException)
# What pdfminer gives for a glyph of which the font does not say what it is, and what fonts give that number their own.
_NO_CHARACTER = re.compile("\\(cid:|[\x00-\x08\x0e-\x1f\ue000-\uefff\uf100-\uf8ff\ufffd]")
_SYMBOLS = re.compile("wingding|webding|dingbat|symbol", re.IGNORECASE)
_THIN = 3.0
_BOLD = ("bold", "black", "heavy", "simhei", "黑体")
# Page numbers and a stamp are not yet a text layer.
_LEAST_GLYPHS = 12


def read_pdf(path: Path, limits: Limits = STANDARD) -> list[RawItem]:
    """The items of a PDF, with page numbers, and a Remark for each page that cannot be read, or not all of it.

    Raises EncryptedInput where a password is needed to open it, ScannedInput where its pages are pictures or its
    fonts do not say which characters they show, EmptyInput for blank pages, TooLarge for too many, DamagedInput for
    broken files.
    """
    # The libraries tell of every oddity of a file; none of it helps whoever reads a report.
    for name in ("pdfminer", "pdfplumber"):
        logging.getLogger(name).setLevel(logging.ERROR)
    layouts: list[PageLayout] = []
    remarks: list[RawItem] = []
    seen = unread = pictures = 0
    with report_damage(path, extra=_LIBRARY_ERRORS), _open_pdf(path) as file:
        limits.check_pages(name_place(path), sum(1 for _ in PDFPage.create_pages(file.doc)))
        pages = file.pages
        if not pages:
            raise DamagedInput(f"{name_place(path)}: damaged (no pages in it)")
        for page in pages:
            with report_damage(path, f"page {page.page_number}", _LIBRARY_ERRORS):
                objects = _list_objects(page)
                marks = _read_marks(page, objects)
                pictures += bool(objects["image"])
                shown = [glyph.text for glyph in marks.glyphs if not glyph.text.isspace()]
                lost = shown.count(UNREADABLE)
                seen, unread = seen + len(shown) - lost, unread + lost
                if lost:
                    remarks.append(_remark(page.page_number, lost, len(shown)))
                if 2 * lost > len(shown):
                    marks.glyphs.clear()
                limits.check_characters(name_place(path), seen)
                layouts.append(lay_out_page(marks))
                page.close()
        outline = list(_read_outline(file))
    if unread > seen:
        raise ScannedInput(f"{name_place(path)}: no text to read (its fonts do not say which characters they show)")
    if seen < _LEAST_GLYPHS * max(1, pictures) and pictures:
        raise ScannedInput(f"{name_place(path)}: no text layer, only pictures of {len(layouts)} pages")
    if not seen:
        raise EmptyInput(f"{name_place(path)}: there is no text in it")
    drop_running_lines(layouts)
    return [*build_items(layouts, outline), *remarks]


def _remark(page: int, lost: int, shown: int) -> Remark:
    what = f"第 {page} 页的文字" if 2 * lost > shown else f"第 {page} 页有 {lost} 个字符"
    return Remark("unreadable-page", f"{what}无法读取：其字体没有 Unicode 对照表", page)


def _open_pdf(path: Path) -> Any:
    try:
        with report_damage(path, extra=_LIBRARY_ERRORS):
            return pdfplumber.open(path)
    except DamagedInput as error:
        cause = error.__cause__
        inner = cause.args[0] if cause is not None and cause.args else None
        if isinstance(inner, PDFPasswordIncorrect) or isinstance(cause, PDFPasswordIncorrect):
            raise EncryptedInput(f"{name_place(path)}: asks for a password") from error
        raise


def _read_outline(file: Any) -> Iterator[tuple[int, str]]:
    try:
        for level, title, *_ in file.doc.get_outlines():
            yield level, str(title)
    except PDFNoOutlines:
        return


def _list_objects(page: Any) -> dict[str, list[Any]]:
    """What stands on a page, by kind, as pdfplumber's ``page.objects`` has it; but of a glyph only what is used here, since
    whatever its graphic state refers to takes half of the time."""
    objects: defaultdict[str, list[Any]] = defaultdict(list)
    waiting = list(reversed(page.layout._objs))
    while waiting:
        item = waiting.pop()
        if isinstance(item, LTContainer):
            waiting.extend(reversed(item._objs))
        elif isinstance(item, LTChar):
            objects["char"].append(_describe_glyph(item, page))
        else:
            described = page.process_object(item)
            objects[described["object_type"]].append(described)
    return objects


def _describe_glyph(item: LTChar, page: Any) -> dict[str, Any]:
    left, above = page.mediabox[:2]
    name = item.fontname
    return {
        "text": item.get_text(),
        "fontname": name.decode("latin-1") if isinstance(name, bytes) else name,
        "size": item.size,
        "upright": item.upright,
        "matrix": item.matrix,
        "x0": item.x0 + left,
        "x1": item.x1 + left,
        "y0": item.y0,
        "top": page.height - item.y1 + above,
        "bottom": page.height - item.y0 + above,
    }


def _read_marks(page: Any, objects: Mapping[str, list[Any]]) -> PageMarks:
    width, height = float(page.width), float(page.height)
    upright: list[Glyph] = []
    turned: dict[bool, list[Glyph]] = {True: [], False: []}  # the text runs upwards, or downwards
    for char in objects["char"]:
        if char["size"] <= 0:
            continue
        if _NO_CHARACTER.match(char["text"]):
            if _SYMBOLS.search(char["fontname"]):
                continue  # a bullet
            char["text"] = UNREADABLE
        along, rise = char["matrix"][0], char["matrix"][1]
        if char["upright"] and abs(rise) < 0.05 * abs(along):
            baseline = char["bottom"] - (char["matrix"][5] - char["y0"])
            upright.append(_make_glyph(char, char["x0"], char["top"], char["x1"], char["bottom"], baseline))
        elif abs(along) < 0.01 * abs(rise):  # what runs aslant is a watermark
            turned[rise > 0].append(_turn_glyph(char, width, height, rise > 0))
    rulings = list(_read_rulings(objects))
    upwards = len(turned[True]) >= len(turned[False])
    if len(turned[upwards]) > len(upright):
        rulings = [_turn_ruling(ruling, width, height, upwards) for ruling in rulings]
        return PageMarks(page.page_number, height, width, turned[upwards], rulings)
    return PageMarks(page.page_number, width, height, upright, rulings)


def _make_glyph(char: Any, x0: float, top: float, x1: float, bottom: float, baseline: float) -> Glyph:
    font = char["fontname"].rsplit("+", 1)[-1].lower()
    bold = any(word in font for word in _BOLD)
    return Glyph(char["text"], x0, top, x1, bottom, baseline, float(char["size"]), bold)


def _turn_glyph(char: Any, width: float, height: float, upwards: bool) -> Glyph:
    if upwards:
        box = (height - char["bottom"], char["x0"], height - char["top"], char["x1"])
    else:
        box = (char["top"], width - char["x1"], char["bottom"], width - char["x0"])
    return _make_glyph({**char, "size": box[3] - box[1]}, *box, baseline=box[3])


def _turn_ruling(ruling: Ruling, width: float, height: float, upwards: bool) -> Ruling:
    if ruling.upright:
        at = ruling.at if upwards else width - ruling.at
        start, end = (height - ruling.end, height - ruling.start) if upwards else (ruling.start, ruling.end)
        return Ruling(False, at, start, end)
    at = height - ruling.at if upwards else ruling.at
    start, end = (ruling.start, ruling.end) if upwards else (width - ruling.end, width - ruling.start)
    return Ruling(True, at, start, end)


def _read_rulings(objects: Mapping[str, list[Any]]) -> Iterator[Ruling]:
    """Straight lines, thin boxes drawn as lines, and the sides of boxes that have an outline."""
    for line in objects["line"]:
        yield from _rule_box(line, outlined=False)
    for rect in objects["rect"]:
        yield from _rule_box(rect, outlined=bool(rect.get("stroke")))
    for curve in objects["curve"]:
        if curve.get("stroke"):
            yield from _rule_path(curve["pts"])


def _rule_box(box: Any, outlined: bool) -> Iterator[Ruling]:
    x0, x1, top, bottom = box["x0"], box["x1"], box["top"], box["bottom"]
    if bottom - top <= _THIN:
        yield Ruling(False, (top + bottom) / 2, x0, x1)
    if x1 - x0 <= _THIN:
        yield Ruling(True, (x0 + x1) / 2, top, bottom)
    if outlined and bottom - top > _THIN and x1 - x0 > _THIN:
        yield from (Ruling(False, top, x0, x1), Ruling(False, bottom, x0, x1))
        yield from (Ruling(True, x0, top, bottom), Ruling(True, x1, top, bottom))


def _rule_path(points: Any) -> Iterator[Ruling]:
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(y1 - y0) <= 0.5 < abs(x1 - x0):
            yield Ruling(False, y0, min(x0, x1), max(x0, x1))
        elif abs(x1 - x0) <= 0.5 < abs(y1 - y0):
            yield Ruling(True, x0, min(y0, y1), max(y0, y1))
