"""Draws small PDF pages for the tests of the PDF reader: text at places, ruled tables, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.colors import lightgrey
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"  # every viewer has it: no font file is needed
WIDTH, HEIGHT = A4
LEFT, SIZE, PITCH = 72.0, 12.0, 20.0
FULL = 37  # characters of SIZE in a line

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Pages:
    """A PDF that is written line by line from the top of each page."""

    def __init__(self, path: Path, **options: object) -> None:
        self.path = path
        self.canvas = Canvas(str(path), pagesize=A4, **options)
        self.y = HEIGHT - 100

    def write(self, text: str, x: float = LEFT, size: float = SIZE, y: float | None = None, font: str = FONT) -> None:
        """One line, at ``x``; the next one goes below it."""
        if y is None:
            y = self.y
            self.y -= PITCH * size / SIZE
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, text)

    def write_paragraph(self, text: str) -> None:
        """A paragraph indented by two characters and broken where the line is full, as printers do."""
        first = FULL - 2
        self.write(text[:first], x=LEFT + 2 * SIZE)
        for start in range(first, len(text), FULL):
            self.write(text[start : start + FULL])

    def draw_table(
        self,
        rows: Sequence[Sequence[str | None]],
        widths: Sequence[float],
        merged: Sequence[tuple[int, int, int, int]] = (),
        height: float = 24.0,
        shaded: bool = False,
    ) -> None:
        """A ruled table. ``merged`` holds areas (row, column, rows, columns); None marks a place inside one."""
        top, edges = self.y + SIZE, [LEFT + sum(widths[:column]) for column in range(len(widths) + 1)]
        if shaded:
            self.canvas.setFillColor(lightgrey)
            self.canvas.rect(LEFT, top - height, sum(widths), height, stroke=0, fill=1)
            self.canvas.setFillColorRGB(0, 0, 0)
        areas = {(row, column): (down, right) for row, column, down, right in merged}
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text is None:
                    continue
                down, right = areas.get((number, column), (1, 1))
                x, y = edges[column], top - height * (number + down)
                self.canvas.rect(x, y, edges[column + right] - x, height * down)
                self.canvas.setFont(FONT, 10)
                lines = text.split("\n")
                for place, line in enumerate(lines):
                    self.canvas.drawString(x + 4, y + height * down - 11 - 11 * place, line)
        self.y = top - height * len(rows) - 2 * SIZE

    def turn(self) -> None:
        self.canvas.showPage()
        self.y = HEIGHT - 100

    def save(self) -> Path:
        self.canvas.save()
        return self.path
