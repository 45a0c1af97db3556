"""The core types: what a reader makes, what extractors yield, what the statement files hold.

All are frozen values. Offsets count characters of ``Document.text``; a span is half open. The law that readers
keep: ``document.text[x.span.start:x.span.end] == x.text`` for every block and every cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters of a Document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


class BlockKind(StrEnum):
    """What a block is. Only PARAGRAPH and TABLE hold facts; a HEADING gives context."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    CAPTION = "caption"  # of a table: stands as a block of its own, and in Table.caption
    FIGURE = "figure"  # the caption of a picture
    CONTENTS = "contents"  # a line of a table of contents, of tables or of figures
    NOTE = "note"  # a note below a table
    FRONT = "front"  # title page and declarations before the first heading


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. ``row`` and ``column`` count from 0 and name its upper left place in the grid."""

    row: int
    column: int
    text: str
    span: Span
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True)
class Table:
    """A table as a grid. A merged cell stands once in ``cells`` and fills its whole area in ``grid``.

    ``header_rows`` rows at the top and ``header_columns`` columns at the left are headers.
    ``unit`` is what the caption or a line beside it says of all figures ("单位：人").
    ``continued`` are rows that only go on with the cells above them, as a page's text has a cell of two lines: they
    keep their place, and ``text_at`` and ``row_span`` of the row that they belong to take them in.
    """

    caption: str
    cells: tuple[Cell, ...]
    rows: int
    columns: int
    header_rows: int = 1
    header_columns: int = 0
    unit: str = ""
    note: str = ""
    number: int = 0  # counts the report's tables from 1
    continued: frozenset[int] = frozenset()

    @cached_property
    def grid(self) -> tuple[tuple[Cell | None, ...], ...]:
        """``grid[row][column]``: the cell that covers that place, or None."""
        places: list[list[Cell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + cell.rowspan, self.rows)):
                for column in range(cell.column, min(cell.column + cell.colspan, self.columns)):
                    places[row][column] = cell
        return tuple(tuple(row) for row in places)

    @cached_property
    def body_rows(self) -> tuple[int, ...]:
        """The rows below the header, each row of several lines once."""
        return tuple(row for row in range(self.header_rows, self.rows) if row not in self.continued)

    def text_at(self, row: int, column: int) -> str:
        cell = self.grid[row][column]
        if cell is None or not self.continued or row in self.continued:
            return cell.text if cell else ""
        pieces, below = [cell.text], cell.row + 1
        while below in self.continued:
            piece = self.grid[below][column]
            if piece is not None and piece is not cell and piece.row == below:
                pieces.append(piece.text)
            below += 1
        return "".join(pieces)

    def column_path(self, column: int) -> tuple[str, ...]:
        """The headers above a column, from the top, each once: ("2019年", "实际招生数")."""
        return _path(
            cell.text
            for row in range(self.header_rows)
            if (cell := self.grid[row][column]) is not None and not (row == 0 and cell.colspan >= self.columns > 1)
        )

    def row_path(self, row: int) -> tuple[str, ...]:
        """The headers left of a row, from the left, each once."""
        return _path(self.text_at(row, column) for column in range(self.header_columns))

    def row_cells(self, row: int) -> tuple[Cell, ...]:
        """The cells that begin in a row, in order of columns."""
        return self._by_row.get(row, ())

    @cached_property
    def _by_row(self) -> Mapping[int, tuple[Cell, ...]]:
        rows: dict[int, list[Cell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, []).append(cell)
        return {row: tuple(cells) for row, cells in rows.items()}

    def row_span(self, row: int) -> Span | None:
        """From the first to the last cell that begins in the row or goes on below; None for a row with none."""
        cells = self.row_cells(row)
        below = row + 1
        while cells and row not in self.continued and below in self.continued:
            cells += self.row_cells(below)
            below += 1
        return Span(min(c.span.start for c in cells), max(c.span.end for c in cells)) if cells else None


def _path(texts: Iterator[str]) -> tuple[str, ...]:
    path: list[str] = []
    for text in texts:
        folded = "".join(text.split())
        if folded and (not path or path[-1] != folded):
            path.append(folded)
    return tuple(path)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page in reading order. ``level`` is a heading's depth from 1; ``page`` counts from 1."""

    kind: BlockKind
    text: str
    span: Span
    level: int = 0
    page: int | None = None
    table: Table | None = None


class ReportLevel(StrEnum):
    SCHOOL = "school"
    CITY = "city"
    PROVINCE = "province"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """What the front of a report says of itself. ``year`` is the year it speaks of; ``published`` when it came out.

    ``publisher`` is the school (level school), else the bureau; ``region`` is the region's name as the report
    writes it. What the report does not say is "" or None.
    """

    title: str = ""
    level: ReportLevel = ReportLevel.UNKNOWN
    publisher: str = ""
    region: str = ""
    year: int | None = None
    published: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader has to say of a file besides what stands in it: a page that cannot be read, another kind than named."""

    code: str  # that of the Issue which it becomes
    message: str
    page: int | None = None


@dataclass(frozen=True)
class Document:
    """One report as text with its blocks. ``report`` is its id: the file name without its ending."""

    report: str
    source: str  # the file's name as given, for messages and links
    text: str
    blocks: tuple[Block, ...]
    info: ReportInfo = ReportInfo()
    remarks: tuple[Remark, ...] = ()

    def slice(self, span: Span) -> str:
        return self.text[span.start : span.end]

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """For each block, the headings above it joined by " / " ("" before the first)."""
        result: list[str] = []
        stack: list[tuple[int, str]] = []
        for block in self.blocks:
            if block.kind is BlockKind.HEADING:
                while stack and stack[-1][0] >= block.level:
                    stack.pop()
                stack.append((block.level, " ".join(block.text.split())))
            result.append(" / ".join(text for _, text in stack))
        return tuple(result)


class EntityType(StrEnum):
    """The types of the annotation guide."""

    SCHOOL = "School"
    ENTERPRISE = "Enterprise"
    HOSPITAL = "Hospital"
    KINDERGARTEN = "Kindergarten"
    GOVERNMENT = "Government"
    INSTITUTION = "Institution"
    EDUCATION_GROUP = "EducationGroup"
    ALLIANCE = "Alliance"
    COMMUNITY = "Community"
    CONSORTIUM = "Consortium"
    PROGRAMME = "Programme"
    TRAINING_BASE = "TrainingBase"
    DESIGNATION = "Designation"
    REGION = "Region"


PARTNER_TYPES = frozenset(
    {
        EntityType.ENTERPRISE,
        EntityType.HOSPITAL,
        EntityType.KINDERGARTEN,
        EntityType.GOVERNMENT,
        EntityType.INSTITUTION,
    }
)
GROUP_TYPES = frozenset({EntityType.EDUCATION_GROUP, EntityType.ALLIANCE, EntityType.COMMUNITY, EntityType.CONSORTIUM})


class Predicate(StrEnum):
    """The relations of the annotation guide."""

    OFFERS_PROGRAMME = "offersProgramme"
    PARTNERS_WITH = "partnersWith"
    COLLABORATES_WITH = "collaboratesWith"
    MEMBER_OF = "memberOf"
    HOSTS_GROUP = "hostsGroup"
    LOCATED_IN = "locatedIn"
    DESIGNATED_AS = "designatedAs"
    OPERATES_BASE = "operatesBase"
    ADMINISTERED_BY = "administeredBy"


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that names something. ``name`` is what it names, which may be put together from a list's parts."""

    span: Span
    name: str
    type: EntityType


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Names that stand together in a sentence ("与A、B和C等12家企业"): the members in order.

    ``span`` goes from the first member to the end of the list's tail ("等12家企业"); ``head`` is the noun of the tail
    ("企业"), "" where there is none. A single name is an enumeration of one.
    """

    span: Span
    members: tuple[Mention, ...]
    head: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The place that says so: one sentence, or one row of a table (``table`` and ``row`` from 1, else 0)."""

    span: Span
    block: int  # index into Document.blocks
    table: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence or row says: subject, predicate, object, qualifiers, evidence."""

    subject: Mention
    predicate: Predicate
    object: Mention
    evidence: Evidence
    qualifiers: Mapping[str, Any] = field(default_factory=dict)
    extractor: str = ""


@dataclass(frozen=True, slots=True)
class FigureClaim:
    """One value of one indicator for one subject and year."""

    subject: Mention
    indicator: str
    value: float
    unit: str
    year: int | None
    evidence: Evidence
    extractor: str = ""


class CheckKind(StrEnum):
    """What a check compares. TOTAL, LIST and a table's RATE come from the document, the others from its facts."""

    TOTAL = "total"  # a table's total against the sum of its parts
    LIST = "list"  # the number of a list against the names in it
    NAMED = "named"  # a figure (合作企业数) against the entities found
    TWICE = "twice"  # one figure at two places
    RATE = "rate"  # a rate or ratio against the numbers it is made of


class Verdict(StrEnum):
    """What a check found, the worst first."""

    CONTRADICTS = "contradicts"  # two places give two values
    DIFFERS = "differs"  # a sum, a rate or a closed list is not what is stated
    MORE_FOUND = "more-found"  # more names than the number allows
    FEWER_FOUND = "fewer-found"  # names for a part of the number only: usual, and no error of the report
    AGREES = "agrees"
    SKIPPED = "skipped"  # nothing can be said: the form is unclear


DIFFERENCES = (Verdict.CONTRADICTS, Verdict.DIFFERS, Verdict.MORE_FOUND)


@dataclass(frozen=True, slots=True)
class Check:
    """What a report states at one place beside what the same place gives when it is counted or reckoned.

    ``what`` says it in the report's words ("工位数（个）合计"); ``names`` are the names or numbers behind ``found``;
    ``reason`` says why a check was skipped.
    """

    kind: CheckKind
    what: str
    stated: float
    found: float | None
    verdict: Verdict
    evidence: Evidence
    subject: Mention | None = None
    unit: str = ""
    year: int | None = None
    names: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that was not taken for a fact, or not read, with its place and the reason in Chinese and English."""

    report: str
    code: str  # a stable name: "unresolved-name", "unread-table" …
    message: str
    span: Span | None = None
    quote: str = ""
    section: str = ""
    page: int | None = None

    @classmethod
    def at(cls, document: Document, code: str, message: str, evidence: Evidence) -> Issue:
        """An Issue at the place of the evidence."""
        return cls(
            document.report,
            code,
            message,
            evidence.span,
            document.slice(evidence.span)[:160],
            document.sections[evidence.block],
            document.blocks[evidence.block].page,
        )
