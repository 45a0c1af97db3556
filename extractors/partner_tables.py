"""Tables of those who work with a school: enterprises, hospitals, colleges."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.cells import CellItem, is_checked, is_name, split_names
from extractors.columns import find_years
from extractors.modes import find_modes
from extractors.table_rows import TableRows
from kg.model import PARTNER_TYPES, Claim, EntityType, Mention, Predicate
from kg.names import is_generic, type_of_name
from kg.programmes import split_programme_cell

_OF_SCHOOLS = ("贯通培养", "联合办学", "对口支援", "结对共建")


def read_partners(rows: TableRows, modes: list[str] | None = None) -> Iterator[Claim]:
    """Each name of the partners' column works with the row's schools, by the modes of the row, else by ``modes``."""
    for row in rows.rows():
        if rows.is_planned(row):
            continue
        subjects = rows.subjects(row)
        for item in rows.items(row, "partner"):
            name = item.name
            if item.planned:
                continue
            type_ = type_of_name(name) or (
                EntityType.ENTERPRISE if not re.search(r"基地$|中心$|实训室$", name) else EntityType.INSTITUTION
            )
            if type_ is EntityType.SCHOOL and subjects:
                yield from _collaborations(rows, row, subjects, name, "partner")
                continue
            if type_ not in PARTNER_TYPES or not is_partner_name(name):
                continue
            partner = rows.mention(row, "partner", name, type_)
            for subject in subjects:
                qualifiers = partner_qualifiers(rows, row, item) | ({"modes": modes} if modes else {})
                yield rows.claim(row, subject, Predicate.PARTNERS_WITH, partner, qualifiers)


_NOBODY = re.compile(
    r"个体(?:工商户|经营)?|(?:中小|小微|私营|民营|本地|省内|省外|外地)[^，。]{0,4}企业|.*(?:灵活就业|自谋职业|自主创业)|本校"
)


def is_partner_name(name: str) -> bool:
    return is_name(name) and not is_generic(name) and not _NOBODY.fullmatch(name)


def partner_qualifiers(rows: TableRows, row: int, item: CellItem) -> dict[str, object]:
    """What the row says of the partnership: modes, programmes, year, students."""
    qualifiers: dict[str, object] = {"modes": find_modes(item.note) or _modes(rows, row)}
    if programmes := _programmes(rows, row):
        qualifiers["programmes"] = programmes
    if item.year:
        qualifiers["year"] = item.year
    elif year := rows.years_of(row):
        qualifiers |= year
    elif rows.years:
        qualifiers["year"] = rows.years[-1]
    if item.count is not None:
        qualifiers["headcount"] = item.count
    return qualifiers


def _programmes(rows: TableRows, row: int) -> list[str]:
    return split_programme_cell(rows.text(row, "programme") or rows.text(row, "serves"))


def _modes(rows: TableRows, row: int) -> list[str]:
    columns = rows.columns
    checked = [h for c, h in enumerate(columns.headers) if is_checked(rows.table.text_at(row, c))]
    told = [*columns.all("mode"), *columns.all("content")]
    remarks = [c for c in told if columns.headers[c].endswith("备注")]
    own = " ".join(rows.table.text_at(row, c) for c in told if c not in remarks)
    modes = (
        find_modes(own)
        or find_modes("，".join(checked))
        or find_modes(rows.table.caption)
        or find_modes("，".join(columns.headers))
        or find_modes(rows.section.split(" / ")[-1])
    )
    added = find_modes(" ".join(rows.table.text_at(row, c) for c in remarks))
    return list(dict.fromkeys([*modes, *added])) or ["其他"]


# --- schools that work together


def caption_college(rows: TableRows) -> Mention | None:
    """The college that a caption names for all rows ("3+2"衔接项目（高职院校：某学院）)."""
    if not re.search(r"3\s*\+\s*2|衔接|贯通|五年|对口|联合办学|合作办学", rows.table.caption):
        return None
    return next(iter(rows.reading.within_caption(rows.table, rows.block, EntityType.SCHOOL)), None)


def read_caption_college(rows: TableRows) -> Iterator[Claim]:
    """Each school of the rows works with the college of the caption."""
    college = caption_college(rows)
    modes = [m for m in find_modes(rows.table.caption) if m in _OF_SCHOOLS[:3]] or ["其他"]
    for row in rows.rows():
        for subject in rows.subjects(row):
            if college is not None and subject.name != college.name:
                qualifiers: dict[str, object] = {"modes": modes}
                if programmes := _programmes(rows, row):
                    qualifiers["programmes"] = programmes
                yield rows.claim(row, subject, Predicate.COLLABORATES_WITH, college, qualifiers)


def read_colleges(rows: TableRows) -> Iterator[Claim]:
    """Each school of the colleges' column works with the row's schools."""
    for row in rows.rows():
        if rows.is_planned(row):
            continue
        subjects = rows.subjects(row)
        for name in split_names(rows.text(row, "college")):
            if rows.reading.is_school(name):
                yield from _collaborations(rows, row, subjects, name, "college")


def _collaborations(rows: TableRows, row: int, subjects: list[Mention], name: str, role: str) -> Iterator[Claim]:
    told = (rows.words(row, "mode"), " ".join([rows.table.caption, *rows.columns.headers]))
    modes = next((own for text in told if (own := [m for m in find_modes(text) if m in _OF_SCHOOLS])), ["其他"])
    qualifiers: dict[str, object] = {"modes": modes}
    if programmes := _programmes(rows, row):
        qualifiers["programmes"] = programmes
    if years := find_years(rows.text(row, "time")) or rows.years[-1:]:
        qualifiers["year"] = years[0]
    school = rows.mention(row, role, name, EntityType.SCHOOL)
    for subject in subjects:
        if subject.name != name:
            yield rows.claim(row, subject, Predicate.COLLABORATES_WITH, school, qualifiers)
