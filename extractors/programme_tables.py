"""Tables of programmes: what a school offers, since when, for how many; what it opened and closed; who offers what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.cells import is_checked, one_line, status_in_remark, status_of, status_of_caption
from extractors.columns import find_years, to_number
from extractors.table_rows import TableRows
from kg.model import Claim, EntityType, Mention, Predicate
from kg.programmes import known_programmes, split_programme_cell

_KINDS = r"(?:改革发展示范|重点|示范性?|特色化?|优势特色|骨干|精品|品牌示范|品牌|优质|优势|创新|试点|高水平|一流|紧缺)"
_LEVEL = r"(?:国家级?|部级|省级?|市级?|自治区级?|县级?|区级|州级|盟级|旗级|校级)"
_KIND = re.compile(rf"{_KINDS}+(?:建设)?(?:专业)?")
_LEVEL_AND_KIND = re.compile(rf"{_LEVEL}{_KINDS}+(?:建设)?(?:专业)?")
_REMARK = re.compile(rf"(?P<name>{_LEVEL}(?:中职|职业教育)?{_KINDS}+专业(?:群)?(?:建设(?:点|项目)?)?)(?:[（(].*[)）])?")
# Students that are not those who are at school.
_OTHER_STUDENTS = re.compile(r"计划|招生|毕业|就业|录取|报到|升学|实习|新生")


def read_programmes(rows: TableRows) -> Iterator[Claim]:
    """The programmes of the row's schools; one claim for each year whose students the row tells."""
    kinds = [c for c in rows.columns.all("programme") if re.search(_KINDS, rows.columns.headers[c].split("/")[-1])]
    if len(kinds) > 1 and rows.columns.has("school"):
        yield from _read_kinds(rows, kinds)
        return
    designation = _designation_of_header(rows)
    counted = _columns_of_students(rows)
    headers = rows.columns.headers
    of_groups = is_of_groups(rows)
    for row in rows.rows():
        text = rows.words(row, "programme").replace("★", " ") if of_groups else rows.text(row, "programme")
        names = split_programme_cell(_without_codes(text))
        if not names or to_number(text) is not None:
            continue
        if re.search(r"拟|计划|筹", rows.words(row, "change", "category")) or rows.is_planned(row):
            continue
        base = _qualifiers(rows, row, designation)
        variants: list[dict[str, object]] = []
        for column in counted:
            count = to_number(rows.table.text_at(row, column))
            if count is None:
                continue
            years = find_years(headers[column]) or rows.years[-1:]
            year = years[-1] if years else rows.reading.document.info.year
            variants.append(
                {**base, "headcount": int(count), **({"year": year} if year and "year" not in base else {})}
            )
        while len(variants) > 1 and variants[0]["headcount"] == 0 and any(v["headcount"] for v in variants):
            del variants[0]  # not yet opened in the earlier year
        if not variants and base and "year" not in base and rows.columns.has("change"):
            base |= {"year": max(years)} if (years := [*rows.years, *find_years(" ".join(headers))]) else {}
        codes = _codes(text)
        for subject in rows.subjects(row):
            for name in names:
                programme = rows.mention(row, "programme", name, EntityType.PROGRAMME)
                for qualifiers in variants or [base]:
                    yield rows.claim(
                        row, subject, Predicate.OFFERS_PROGRAMME, programme, {**qualifiers, **codes.get(name, {})}
                    )


def _read_kinds(rows: TableRows, columns: list[int]) -> Iterator[Claim]:
    """ "学校 | 省级骨干专业 | 省级特色专业": each column's header is what its programmes hold."""
    for row in rows.rows():
        for column in columns:
            designation = rows.columns.headers[column].split("/")[-1]
            for name in split_programme_cell(_without_codes(rows.table.text_at(row, column))):
                programme = rows.mention_at(row, column, name, EntityType.PROGRAMME)
                for subject in rows.subjects(row):
                    yield rows.claim(row, subject, Predicate.OFFERS_PROGRAMME, programme, {"designation": designation})


def is_of_groups(rows: TableRows) -> bool:
    """True for a table of groups of programmes (专业群): all its columns of programmes name what the school offers."""
    return any("专业群" in header for header in rows.columns.headers) and rows.columns.has("programme")


def _columns_of_students(rows: TableRows) -> list[int]:
    """The columns that count the students of a programme: of grades, boys and girls only their sum."""
    columns, caption = rows.columns, rows.table.caption
    if is_of_groups(rows):
        return []
    if columns.has("part"):
        sums = [c for c in columns.all("total") if not _OTHER_STUDENTS.search(columns.headers[c])]
        return (
            []
            if _OTHER_STUDENTS.search(re.sub(r"招生(?=专业)", "", caption)) and not re.search("在校|学生", caption)
            else sums[:1]
        )
    students = [
        c for c in [*columns.all("students"), *columns.all("total")] if not _OTHER_STUDENTS.search(columns.headers[c])
    ]
    students = [c for c in students if columns.roles[c] == "students" or re.search("在校|学生", columns.headers[c])]
    if re.search(r"人数|学生|学籍|在校|规模", caption) and not re.search(r"招生|毕业|就业", caption):
        students += columns.all("year-value")
    return students


def _qualifiers(rows: TableRows, row: int, designation: str) -> dict[str, object]:
    columns = rows.columns
    qualifiers: dict[str, object] = {}
    code = re.sub(r"\s", "", rows.text(row, "code"))
    if re.fullmatch(r"[0-9A-Za-z]{4,8}", code):
        qualifiers["code"] = code
    if columns.has("change"):
        qualifiers |= rows.years_of(row)
    if years := find_years(rows.text(row, "since")):
        qualifiers["since"] = years[0]
    counted = columns.has("students") or columns.has("year-value")  # their own headers tell the year
    if "year" not in qualifiers and not counted and len(rows.years) == 1:
        qualifiers["year"] = rows.years[0]  # 2024年各校主要专业一览
    remark = rows.words(row, "mode", "category")
    status = status_of(rows.text(row, "change")) if columns.has("change") else ""
    if status := status or status_in_remark(remark) or _status_of_all(rows):
        qualifiers["status"] = status
    if designation:
        category = one_line(rows.text(row, "category"))
        qualifiers["designation"] = designation.replace("*", category.removesuffix("专业"))
    elif own := _own_designation(rows, row, remark):
        qualifiers["designation"] = own
    return qualifiers


def _status_of_all(rows: TableRows) -> str:
    """What the caption says of all rows; that they are offered it says only where it lists what is offered."""
    status = status_of_caption(rows.table.caption)
    listed = r"开设专业|专业开设|专业设置一览|专业布局|专业设置(?:基本)?(?:情况)?(?:统计)?表?(?:[（(].*)?$"
    if status == "开设" and not rows.columns.has("change") and not re.search(listed, rows.table.caption):
        return ""
    return status


def _own_designation(rows: TableRows, row: int, remark: str) -> str:
    """The designation that a row's remark or its column of designations names in full."""
    for text in (rows.words(row, "programme-status"), remark):
        if found := _REMARK.fullmatch(one_line(text)):
            return found.group("name")
    column = rows.columns.first("programme-status")
    level = one_line(rows.words(row, "programme-status"))
    if column is not None and re.fullmatch(_LEVEL, level):
        kinds = re.findall(_KINDS, rows.columns.headers[column].split("/")[-1])
        if len(kinds) == 1 and not re.search(r"[（(、/和]", rows.columns.headers[column].split("/")[-1]):
            return f"{level}{kinds[0]}专业"
    return ""


def _designation_of_header(rows: TableRows) -> str:
    """The status that a header (市级重点专业) or the caption with a column of kinds (创新, 特色) gives each programme."""
    column = rows.columns.first("programme")
    header = rows.columns.headers[column].split("/")[-1] if column is not None else ""
    if re.search(_KINDS, header):
        return header
    caption = re.sub(r"^(?:附|续)?表[\s\d\-—.．一二三四五六七八九十]*[：:、]?", "", rows.table.caption)
    kinds = rows.columns.first("category")
    level = re.match(r"(?P<level>国家级?|省级?|市级?|自治区级?|县级?|区级|州级|盟级|旗级|校级)?", caption)
    if kinds is not None and level is not None:
        values = {one_line(rows.table.text_at(row, kinds)) for row in rows.rows()} - {""}
        if values and all(_LEVEL_AND_KIND.fullmatch(value) for value in values):
            return "*专业"
        if values and all(_KIND.fullmatch(value) for value in values):
            return f"{level.group('level') or ''}*专业"
    found = re.search(
        r"((?:国家级|省级|市级|自治区级|县级|区级|州级|盟级|旗级|校级)(?:重点|示范|特色|骨干|精品|品牌|优质|创新|试点|高水平|一流)[^，。]{0,4}专业)",
        caption,
    )
    return found.group(1) if found and rows.columns.has("school") else ""


# --- what was opened and closed


def read_changes(rows: TableRows) -> Iterator[Claim]:
    """ "学校 | 新增 | 停招": the programmes of each column have the status that its header says."""
    for row in rows.rows():
        subjects = rows.subjects(row)
        for column in rows.columns.all("changes"):
            header = rows.columns.headers[column].split("/")[-1]
            years = find_years(header) or rows.years[-1:]
            year: dict[str, object] = {"year": years[-1]} if years else rows.years_of(row)
            text = rows.table.text_at(row, column)
            codes = _codes(text)
            for name in split_programme_cell(_without_codes(text)):
                programme = rows.mention_at(row, column, name, EntityType.PROGRAMME)
                qualifiers = {"status": status_of(header), **year, **codes.get(name, {})}
                for subject in subjects:
                    yield rows.claim(row, subject, Predicate.OFFERS_PROGRAMME, programme, qualifiers)


_CODE = re.compile(r"[（(]\s*(?:专业)?(?:代码)?[：:]?\s*(\d{6}[A-Z]?|\d{4}-\d)\s*[)）]")


def _without_codes(text: str) -> str:
    return _CODE.sub("", text)


def _codes(text: str) -> dict[str, dict[str, object]]:
    """The code in brackets behind each name of a cell: 护理（720201）."""
    result: dict[str, dict[str, object]] = {}
    at = 0
    for found in _CODE.finditer(text):
        if names := split_programme_cell(text[at : found.start()]):
            result[names[-1]] = {"code": found.group(1)}
        at = found.end()
    return result


# --- who offers what, by marks


def is_matrix(rows: TableRows) -> bool:
    """True for a table with programmes at one side and schools at the other."""
    if rows.table.columns < 3 or re.search(r"毕业|就业|升学|实习|考证|证书", rows.table.caption):
        return False
    across = len(_heads(rows, across=True))
    if rows.columns.first("school") == 0:
        return across >= 2 and across * 2 >= rows.table.columns - 1
    body = list(rows.rows())
    down = sum(one_line(rows.table.text_at(row, 0)) in known_programmes() for row in body)
    return down * 2 > len(body) and len(_heads(rows, across=False)) >= 2


def _heads(rows: TableRows, *, across: bool) -> dict[int, str]:
    """The columns headed by programmes (``across``) or by schools."""
    heads = {c: header.split("/")[-1] for c, header in enumerate(rows.columns.headers) if c > 0}
    named = known_programmes().__contains__ if across else rows.reading.is_school
    return {column: head for column, head in heads.items() if named(head)}


def read_matrix(rows: TableRows) -> Iterator[Claim]:
    """Which school offers which programme: where a mark or a number of students stands."""
    across = rows.columns.first("school") == 0
    heads = _heads(rows, across=across)
    for row in rows.rows():
        name = one_line(rows.table.text_at(row, 0))
        if not across and name not in known_programmes():
            continue
        for column, head in heads.items():
            if not _is_offered(rows, row, column):
                continue
            if across:
                schools = rows.schools_at(row, 0)
                programme = _head(rows, column, head, EntityType.PROGRAMME)
            else:
                schools = [_head(rows, column, head, EntityType.SCHOOL)]
                programme = rows.mention_at(row, 0, name, EntityType.PROGRAMME)
            for school in schools:
                yield rows.claim(row, school, Predicate.OFFERS_PROGRAMME, programme, _students(rows, row, column))


def _is_offered(rows: TableRows, row: int, column: int) -> bool:
    text = rows.table.text_at(row, column)
    count = to_number(text)
    return is_checked(text) or (
        count is not None and count > 0 and bool(re.search(r"人数|学生|在校|招生|布点|分布|开设", rows.table.caption))
    )


def _students(rows: TableRows, row: int, column: int) -> dict[str, object]:
    count = to_number(rows.table.text_at(row, column))
    if count is None or not re.search(r"在校|学生", rows.table.caption) or re.search(r"招生", rows.table.caption):
        return {}
    year = rows.years[-1] if rows.years else rows.reading.document.info.year
    return {"headcount": int(count), **({"year": year} if year else {})}


def _head(rows: TableRows, column: int, name: str, type_: EntityType) -> Mention:
    cell = rows.table.grid[rows.table.header_rows - 1][column]
    assert cell is not None
    return Mention(cell.span, name, type_)
