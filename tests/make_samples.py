"""Make the sample reports under kg/samples/ from the readable sources under tests/samples/.

    python tests/make_samples.py            # needs python-docx, LibreOffice, poppler-utils, fonts-noto-cjk

A source `<stem>.source.txt` begins with `key: value` lines; after the first empty line each line is one block:

    # text, ## text      heading of level 1 or 2, `#-` for a heading of level 1 that no table of contents lists
    > text               a line set flush right
    % text               caption of the table that follows
    |= a | b | c         header row of a table
    | a | b | c          row; `<` continues the cell to the left, `^` the one above, `¶` breaks the line in a cell
    [title … ]           a box with a case story; the closing bracket stands alone on its line
    text                 a paragraph

Three formats come out of it: a Word file, a PDF (printed from Word's file by LibreOffice) and text as Word saves it,
with one table cell a line.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

HERE = Path(__file__).parent
SOURCES = HERE / "samples"
OUTPUT = HERE.parent / "kg" / "samples"

TEXT_WIDTH = 15.6  # cm between the margins of an A4 page
WORD_FONTS = ("宋体", "黑体")  # body, headings: what a Chinese office has
PRINT_FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC")  # what Debian's fonts-noto-cjk has


@dataclass(frozen=True)
class Heading:
    text: str
    level: int
    listed: bool = True


@dataclass(frozen=True)
class Paragraph:
    text: str
    flush_right: bool = False


@dataclass
class Table:
    caption: str
    rows: list[list[str]] = field(default_factory=list)
    header_rows: int = 0


@dataclass
class Box:
    title: str
    paragraphs: list[str] = field(default_factory=list)


Block = Heading | Paragraph | Table | Box


@dataclass
class Report:
    head: dict[str, str]
    blocks: list[Block]


# --- reading a source -------------------------------------------------------------------------------------------


def read_source(path: Path) -> Report:
    head_lines, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    head = dict(line.split(": ", 1) for line in head_lines.splitlines())
    return Report(head, list(read_blocks(body.splitlines())))


def read_blocks(lines: list[str]) -> Iterator[Block]:
    caption, table, box = "", None, None
    for line in lines:
        if table is not None and not line.startswith("|"):
            yield table
            table = None
        if box is not None:
            if line == "]":
                yield box
                box = None
            else:
                box.paragraphs.append(line)
        elif line.startswith("|"):
            if table is None:
                table, caption = Table(caption), ""
            table.header_rows += line.startswith("|=")
            table.rows.append([cell.strip() for cell in line.removeprefix("|").removeprefix("=").split("|")])
        elif line.startswith("% "):
            caption = line[2:]
        elif line.startswith("[") and "]" not in line:
            box = Box(line[1:])
        elif line.startswith("> "):
            yield Paragraph(line[2:], flush_right=True)
        elif match := re.match(r"(#{1,2})(-?) (.+)", line):
            yield Heading(match[3], len(match[1]), listed=not match[2])
        elif line:
            yield Paragraph(line)
    if table is not None:
        yield table


def spans_of(rows: list[list[str]]) -> dict[tuple[int, int], tuple[int, int]]:
    """Where each cell begins → where it ends, both as (row, column)."""
    spans = {}
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            right, down = c, r
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            while down + 1 < len(rows) and rows[down + 1][c] == "^":
                down += 1
            spans[r, c] = (down, right)
    return spans


# --- text as Word saves it --------------------------------------------------------------------------------------


def write_saved_text(report: Report, path: Path) -> None:
    lines = [" " + report.head["title"]]
    for block in report.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                # Word keeps the place of a cell merged downwards, and drops that of one merged to the right.
                lines += ["\t" + ("" if cell == "^" else cell.replace("¶", "\n")) for cell in row if cell != "<"]
                lines.append("")
            lines.append("")
        elif isinstance(block, Box):
            lines += [block.title, *block.paragraphs]
        else:
            lines.append(block.text)
    path.write_text("\n".join(lines) + "\n ", encoding="utf-8")


# --- a Word file ------------------------------------------------------------------------------------------------


class WordFile:
    def __init__(self, report: Report, fonts: tuple[str, str], pages: dict[str, int] | None = None):
        self.report, self.fonts, self.pages = report, fonts, pages or {}
        self.document = docx.Document()
        self.set_page()
        self.set_styles()
        self.add_cover()
        if report.head.get("contents"):
            self.add_contents()
        for block in report.blocks:
            {Heading: self.add_heading, Paragraph: self.add_paragraph, Table: self.add_table, Box: self.add_box}[
                type(block)
            ](block)

    def save(self, path: Path) -> None:
        properties = self.document.core_properties
        properties.title = self.report.head["title"] + self.report.head["subtitle"]
        properties.author = properties.last_modified_by = properties.comments = ""
        self.document.save(str(path))

    # page and styles

    def set_page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm((21 - TEXT_WIDTH) / 2)
        section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.3)
        section.different_first_page_header_footer = True
        header = section.header.paragraphs[0]
        header.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(header, self.report.head["header"], self.fonts[0], 9)
        header._p.get_or_add_pPr().insert_element_before(rule_below(), "w:spacing", "w:ind", "w:jc", "w:rPr")
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(footer, "— ", self.fonts[0], 9)
        add_field(footer, "PAGE", "2", self.fonts[0], 9)
        add_run(footer, " —", self.fonts[0], 9)

    def set_styles(self) -> None:
        body, heading = self.fonts
        styles = self.document.styles
        for name, font, size, bold in [
            ("Normal", body, 10.5, False),
            ("Title", heading, 26, True),
            ("Heading 1", heading, 14, True),
            ("Heading 2", heading, 12, True),
            ("Caption", heading, 10, False),
        ]:
            style = styles[name]
            set_font(style.font, style.element.get_or_add_rPr(), font, size)
            style.font.bold, style.font.italic = bold, False
            style.font.color.rgb = RGBColor(0, 0, 0)
            style.paragraph_format.line_spacing = 1.25
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
            for rule in style.element.xpath("w:pPr/w:pBdr"):
                rule.getparent().remove(rule)
        for name in ("Heading 1", "Heading 2"):
            styles[name].paragraph_format.space_before = Pt(8)
            styles[name].paragraph_format.space_after = Pt(3)
        caption = styles["Caption"].paragraph_format
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.space_before, caption.space_after, caption.keep_with_next = Pt(8), Pt(3), True
        for name, indent in [("toc 1", 0), ("toc 2", 0.8), ("table of figures", 0)]:
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
            style.base_style = styles["Normal"]
            style.paragraph_format.left_indent = Cm(indent)
            style.paragraph_format.tab_stops.add_tab_stop(Cm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)

    # front matter

    def add_cover(self) -> None:
        head = self.report.head
        self.document.add_paragraph().paragraph_format.space_before = Pt(150)
        for text, size in [(head["title"], 26), (head["subtitle"], 18)]:
            title = self.document.add_paragraph(style="Title" if size == 26 else "Normal")
            title.alignment = WD_ALIGN_PARAGRAPH.CENTER
            add_run(title, text, self.fonts[1], size)
        self.document.add_paragraph().paragraph_format.space_before = Pt(300)
        for text in (head["publisher"], head["date"]):
            line = self.document.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            add_run(line, text, self.fonts[0], 15)
        line.add_run().add_break(WD_BREAK.PAGE)

    def add_contents(self) -> None:
        headings = [(f"toc {b.level}", b.text) for b in self.report.blocks if isinstance(b, Heading) and b.listed]
        tables = [("table of figures", b.caption) for b in self.report.blocks if isinstance(b, Table)]
        for title, code, entries in [
            ("目 录", r'TOC \o "1-2" \h \z', headings),
            ("表目录", r'TOC \c "表" \h \z', tables),
        ]:
            line = self.document.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            line.paragraph_format.space_before = Pt(14)
            add_run(line, title, self.fonts[1], 15)
            for number, (style, text) in enumerate(entries):
                entry = self.document.add_paragraph(style=style)
                if number == 0:
                    open_field(entry, code)
                entry.add_run(f"{text}\t{self.pages.get(text, 1)}")
                if number == len(entries) - 1:
                    close_field(entry)
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    # body

    def add_heading(self, heading: Heading) -> None:
        self.document.add_heading(heading.text, heading.level)

    def add_paragraph(self, paragraph: Paragraph) -> None:
        line = self.document.add_paragraph(paragraph.text)
        if paragraph.flush_right:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            indent_first_line(line)

    def add_table(self, table: Table) -> None:
        caption = self.document.add_paragraph(style="Caption")
        if match := re.match(r"表(\d+)( .+)", table.caption):
            caption.add_run("表")
            add_field(caption, r"SEQ 表 \* ARABIC", match[1], self.fonts[1], 10)
            caption.add_run(match[2])
        else:
            caption.add_run(table.caption)
        grid = self.document.add_table(len(table.rows), len(table.rows[0]), style="Table Grid")
        grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        grid._tbl.tblPr.insert_element_before(cell_margins(40), "w:tblLook")
        widths = column_widths(table)
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = Cm(width)
        spans = spans_of(table.rows)
        for (r, c), (down, right) in spans.items():
            cell = grid.cell(r, c)
            if (down, right) != (r, c):
                cell = cell.merge(grid.cell(down, right))
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            line = cell.paragraphs[0]
            line.paragraph_format.line_spacing = 1.15
            centred = right > c or column_is_short(table, c) or r < table.header_rows
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
            run = add_run(line, table.rows[r][c].replace("¶", "\n"), self.fonts[0], 9)
            if r < table.header_rows:
                run.bold = True
                shade(cell, "E7EDF3")
        for r, row in enumerate(grid.rows):
            c = 0
            for cell in row._tr.tc_lst:
                cell.width = Cm(sum(widths[c : c + cell.grid_span]))
                c += cell.grid_span
            properties = row._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if r < table.header_rows:
                properties.append(OxmlElement("w:tblHeader"))
        self.add_gap()

    def add_box(self, box: Box) -> None:
        grid = self.document.add_table(1, 1, style="Table Grid")
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        cell = grid.cell(0, 0)
        cell.width = Cm(TEXT_WIDTH)
        shade(cell, "F6F3EA")
        title = cell.paragraphs[0]
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.keep_with_next = True
        title.paragraph_format.space_before = Pt(4)
        add_run(title, box.title, self.fonts[1], 11.5)
        for text in box.paragraphs:
            indent_first_line(cell.add_paragraph(text))
        cell.paragraphs[-1].paragraph_format.space_after = Pt(4)
        self.add_gap()

    def add_gap(self) -> None:
        self.document.add_paragraph().paragraph_format.line_spacing = Pt(8)


def display_width(text: str) -> int:
    return max(
        (sum(2 if unicodedata.east_asian_width(ch) in "WFA" else 1 for ch in line) for line in text.split("¶")),
        default=0,
    )


def column_widths(table: Table) -> list[float]:
    """Centimetres for each column: what its longest cell asks for, long texts cut down so that they wrap."""
    spans = spans_of(table.rows)
    wanted = []
    for c in range(len(table.rows[0])):
        texts = [table.rows[r][c] for r in range(len(table.rows)) if spans.get((r, c), (0, -1))[1] == c]
        heads = [display_width(text) for text in texts[: table.header_rows]]
        cells = [display_width(text) for text in texts[table.header_rows :]]
        wanted.append(min(max([4, *cells, *(min(width, max(8, width * 0.6)) for width in heads)]), 26) + 3.5)
    return [width * TEXT_WIDTH / sum(wanted) for width in wanted]


def column_is_short(table: Table, c: int) -> bool:
    return all(display_width(row[c]) <= 20 for row in table.rows[table.header_rows :])


# small pieces of WordprocessingML that python-docx has no words for; Word insists on the order of the children


def set_font(font, properties, name: str, size: float) -> None:
    font.name, font.size = name, Pt(size)
    fonts = properties.get_or_add_rFonts()
    for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(attribute), name)
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)
    for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(attribute), None)


def add_run(paragraph, text: str, font: str, size: float):
    run = paragraph.add_run(text)
    set_font(run.font, run._r.get_or_add_rPr(), font, size)
    return run


def field_mark(paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def open_field(paragraph, code: str) -> None:
    field_mark(paragraph, "begin")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    paragraph.add_run()._r.append(instruction)
    field_mark(paragraph, "separate")


def close_field(paragraph) -> None:
    field_mark(paragraph, "end")


def add_field(paragraph, code: str, shown: str, font: str, size: float) -> None:
    open_field(paragraph, code)
    add_run(paragraph, shown, font, size)
    close_field(paragraph)


def indent_first_line(paragraph) -> None:
    paragraph.paragraph_format.first_line_indent = Pt(21)
    paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "200")


def rule_below():
    element, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in [("val", "single"), ("sz", "4"), ("space", "1"), ("color", "808080")]:
        line.set(qn(f"w:{key}"), value)
    element.append(line)
    return element


def cell_margins(twentieths: int):
    element = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(twentieths))
        margin.set(qn("w:type"), "dxa")
        element.append(margin)
    return element


def shade(cell, colour: str) -> None:
    element = OxmlElement("w:shd")
    for key, value in [("val", "clear"), ("color", "auto"), ("fill", colour)]:
        element.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().insert_element_before(element, "w:vAlign")


# --- printing ---------------------------------------------------------------------------------------------------


def print_pdf(word_file: Path, folder: Path) -> Path:
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(folder),
                str(word_file),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
    return folder / f"{word_file.stem}.pdf"


def pages_of(texts: list[str], pdf: Path) -> dict[str, int]:
    """The last page on which each text stands: the table of contents comes before the headings it lists."""
    output = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True).stdout
    pages = [re.sub(r"\s", "", page) for page in output.decode("utf-8").split("\f")]
    return {
        text: max((n for n, page in enumerate(pages, 1) if re.sub(r"\s", "", text) in page), default=1)
        for text in texts
    }


def make_docx(stem: str) -> None:
    report = read_source(SOURCES / f"{stem}.source.txt")
    listed = [b.text if isinstance(b, Heading) else b.caption for b in report.blocks if isinstance(b, Heading | Table)]
    with tempfile.TemporaryDirectory() as name:
        draft = Path(name) / "draft.docx"
        WordFile(report, PRINT_FONTS).save(draft)
        pages = pages_of(listed, print_pdf(draft, draft.parent))
    WordFile(report, WORD_FONTS, pages).save(OUTPUT / f"{stem}.docx")


def make_pdf(stem: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        draft = Path(name) / f"{stem}.docx"
        WordFile(read_source(SOURCES / f"{stem}.source.txt"), PRINT_FONTS).save(draft)
        shutil.copyfile(print_pdf(draft, draft.parent), OUTPUT / f"{stem}.pdf")


def make_txt(stem: str) -> None:
    write_saved_text(read_source(SOURCES / f"{stem}.source.txt"), OUTPUT / f"{stem}.txt")


def main() -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    make_pdf("xingtai-2023")
    make_docx("宁晋凤鸣职教中心-2023")
    make_txt("weixian-2021")


if __name__ == "__main__":
    main()
