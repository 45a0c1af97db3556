"""Relations in tables, read by the roles of their columns.

One row gives one claim for each name in it: what stands together in a row stays together (汽修 40, 机电 36).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.cells import is_name, one_line, region_in, role_of, split_names, status_of, status_of_caption
from extractors.columns import TOTAL, Columns, find_years, read_columns, to_number
from extractors.modes import find_modes
from extractors.reading import Reading, cell_mention, row_evidence
from extractors.schools import STATUS_ENDING
from kg.model import GROUP_TYPES, PARTNER_TYPES, Claim, EntityType, Mention, Predicate, Table
from kg.names import is_generic, type_of_name
from kg.programmes import split_programme_cell

NAME = "tables"

_NO_FACTS = re.compile(
    r"获奖|大赛|竞赛|比赛|奖项|教材|满意度|满意率|采购|供应商|捐赠|论文|课题|专利|资助|考察|参观|来访|调研|访问|拟(?!定)|规划|预算|设备清单|仪器设备一览|招标|图书|经费|活动安排|作品|荣誉|优秀|先进|证书|社团|课程目录|课程结构|考试|体测|意向"
)
_NOT_YET = re.compile(
    r"^拟(?!定|人|真)|洽谈|意向|待签|待定|筹备中|筹建|规划中|计划(?:合作|签|开展|共建|20)|未签|尚未|已终止|已解除|已到期"
)
_NO_FACTS_HEADER = re.compile(r"获奖|奖项|名次|赛项|姓名|出版社|教材|供应商|品牌|型号|职称|计划完成|预期|拟|满意")


def extract(reading: Reading) -> Iterator[Claim]:
    """Claims of all tables."""
    for index, block in enumerate(reading.document.blocks):
        table = block.table
        if table is None or table.rows <= table.header_rows or table.columns < 2:
            continue
        columns = read_columns(table)
        if _NO_FACTS.search(table.caption) or any(_NO_FACTS_HEADER.search(header) for header in columns.headers):
            continue
        yield from TableReader(reading, index, table, columns).read()


class TableReader:
    """Reads one table; ``block`` is its block's index."""

    def __init__(self, reading: Reading, block: int, table: Table, columns: Columns) -> None:
        self.reading = reading
        self.block = block
        self.table = table
        self.columns = columns
        self.section = reading.document.sections[block]
        self.years = find_years(table.caption)

    def read(self) -> Iterator[Claim]:
        """Each table is read as what its columns show first: partners, bases, groups, programmes, schools, statuses."""
        columns = self.columns
        if columns.has("group"):
            yield from self._read_groups()
        elif columns.has("college"):
            yield from self._read_colleges()
        elif self._college_of_caption() is not None and columns.has("school"):
            yield from self._read_caption_college()
        elif columns.has("base", "partner") and not re.search(r"企业名称|单位名称", "".join(columns.headers)):
            yield from self._read_bases()
            yield from self._read_partners("partner", ["共建实训基地"])
        elif columns.has("partner"):
            yield from self._read_partners("partner")
        elif columns.has("base"):
            yield from self._read_bases()
        elif self._is_member_list():
            yield from self._read_members()
        elif columns.has("category", "school") and self._has_status_rows():
            yield from self._read_status_rows()
        elif columns.has("programme"):
            yield from self._read_programmes()
        elif self._has_status_headers():
            yield from self._read_status_lists()
        if columns.has("school") and not columns.has("group"):
            yield from self._read_schools()

    # -- rows and cells

    def _rows(self) -> Iterator[int]:
        for row in range(self.table.header_rows, self.table.rows):
            texts = [self.table.text_at(row, column) for column in range(self.table.columns)]
            filled = [text for text in texts if text]
            if [one_line(text) for text in texts] == [
                one_line(self.table.text_at(self.table.header_rows - 1, c)) for c in range(self.table.columns)
            ]:
                continue  # the header again, at the top of a page
            if (
                filled
                and not any(TOTAL.match(re.sub(r"\s", "", text)) for text in filled[:2])
                and self.table.row_span(row)
            ):
                yield row

    def _text(self, row: int, role: str) -> str:
        column = self.columns.first(role)
        return self.table.text_at(row, column).strip() if column is not None else ""

    def _mention(self, row: int, role: str, name: str, type_: EntityType) -> Mention:
        column = self.columns.first(role)
        assert column is not None
        return cell_mention(self.reading.document, self.block, row, column, name, type_)

    def _claim(
        self,
        row: int,
        subject: Mention,
        predicate: Predicate,
        object_: Mention,
        qualifiers: dict[str, object] | None = None,
    ) -> Claim:
        return Claim(
            subject, predicate, object_, row_evidence(self.reading.document, self.block, row), qualifiers or {}, NAME
        )

    def _subjects(self, row: int) -> list[Mention]:
        """The schools of the row's school column, else the school that the table speaks of."""
        column = self.columns.first("school")
        if column is not None:
            text = self.table.text_at(row, column)
            return [
                cell_mention(self.reading.document, self.block, row, column, name, EntityType.SCHOOL)
                for name in split_names(text)
                if self.reading.is_school(name)
            ]
        subject = self.reading.table_subject(self.table, self.block)
        return [subject] if subject else []

    # -- partners

    def _read_partners(self, role: str, modes: list[str] | None = None) -> Iterator[Claim]:
        for row in self._rows():
            if self._is_planned(row):
                continue
            text = self._text(row, role)
            subjects = self._subjects(row)
            for name in split_names(text):
                type_ = type_of_name(name) or (
                    EntityType.ENTERPRISE if not re.search(r"基地$|中心$|实训室$", name) else EntityType.INSTITUTION
                )
                if type_ is EntityType.SCHOOL and subjects:
                    yield from self._collaborations(row, subjects, name, role)
                    continue
                if type_ not in PARTNER_TYPES or is_generic(name) or not is_name(name):
                    continue
                partner = self._mention(row, role, name, type_)
                for subject in subjects:
                    yield self._claim(
                        row,
                        subject,
                        Predicate.PARTNERS_WITH,
                        partner,
                        self._partner_qualifiers(row) | ({"modes": modes} if modes else {}),
                    )

    def _is_planned(self, row: int) -> bool:
        """True for a row that says of itself that it is not so yet, or no more."""
        texts = (one_line(self.table.text_at(row, column)) for column in range(self.table.columns))
        return any(_NOT_YET.search(text) for text in texts if len(text) <= 24)

    def _partner_qualifiers(self, row: int) -> dict[str, object]:
        qualifiers: dict[str, object] = {"modes": self._modes(row)}
        programmes = split_programme_cell(self._text(row, "programme") or self._text(row, "serves"))
        if programmes:
            qualifiers["programmes"] = programmes
        if years := find_years(self._text(row, "time")):
            qualifiers["year"] = years[0]
        elif self.years:
            qualifiers["year"] = self.years[-1]
        count = to_number(self._text(row, "students"))
        if count is not None and self.columns.has("students"):
            qualifiers["headcount"] = int(count)
        return qualifiers

    def _modes(self, row: int) -> list[str]:
        own = " ".join(
            self.table.text_at(row, column) for column in [*self.columns.all("mode"), *self.columns.all("content")]
        )
        modes = (
            find_modes(own)
            or find_modes(self.table.caption)
            or find_modes("，".join(self.columns.headers))
            or find_modes(self.section.split(" / ")[-1])
        )
        return modes or ["其他"]

    # -- schools that work together

    def _college_of_caption(self) -> Mention | None:
        """The college that a caption names for all rows ("3+2"衔接项目（高职院校：某学院）)."""
        if not re.search(r"3\s*\+\s*2|衔接|贯通|五年|对口|联合办学|合作办学", self.table.caption):
            return None
        return next(iter(self.reading.within_caption(self.table, self.block, EntityType.SCHOOL)), None)

    def _read_caption_college(self) -> Iterator[Claim]:
        college = self._college_of_caption()
        for row in self._rows():
            for subject in self._subjects(row):
                if college is not None and subject.name != college.name:
                    qualifiers: dict[str, object] = {
                        "modes": [
                            m for m in find_modes(self.table.caption) if m in ("贯通培养", "联合办学", "对口支援")
                        ]
                        or ["其他"]
                    }
                    if programmes := split_programme_cell(self._text(row, "programme") or self._text(row, "serves")):
                        qualifiers["programmes"] = programmes
                    yield self._claim(row, subject, Predicate.COLLABORATES_WITH, college, qualifiers)

    def _read_colleges(self) -> Iterator[Claim]:
        for row in self._rows():
            subjects = self._subjects(row)
            for name in split_names(self._text(row, "college")):
                if self.reading.is_school(name):
                    yield from self._collaborations(row, subjects, name, "college")

    def _collaborations(self, row: int, subjects: list[Mention], name: str, role: str) -> Iterator[Claim]:
        text = " ".join(
            [self.table.caption, *self.columns.headers, *(self.table.text_at(row, c) for c in self.columns.all("mode"))]
        )
        modes = [m for m in find_modes(text) if m in ("贯通培养", "联合办学", "对口支援", "结对共建")]
        qualifiers: dict[str, object] = {"modes": modes or ["其他"]}
        if programmes := split_programme_cell(self._text(row, "programme") or self._text(row, "serves")):
            qualifiers["programmes"] = programmes
        if years := find_years(self._text(row, "time")):
            qualifiers["year"] = years[0]
        school = self._mention(row, role, name, EntityType.SCHOOL)
        for subject in subjects:
            if subject.name != name:
                yield self._claim(row, subject, Predicate.COLLABORATES_WITH, school, qualifiers)

    # -- bases

    def _read_bases(self) -> Iterator[Claim]:
        off_campus = bool(re.search(r"校外", self.table.caption + "".join(self.columns.headers)))
        for row in self._rows():
            subjects = self._subjects(row)
            name = re.sub(
                r"[（(][^（）()]*(?:改建|新建|扩建|在建|新增|原有|改造)[^（）()]*[)）]$",
                "",
                one_line(self._text(row, "base")),
            )
            type_ = type_of_name(
                re.sub(r"(?:校外)?(?:实训|实习|实践|教学|就业)*(?:基地|中心)$", "", name)
            ) or type_of_name(name)
            if off_campus and type_ in PARTNER_TYPES and not self.columns.has("partner"):
                partner_name = re.sub(r"(?:校外)?(?:实训|实习|实践|教学|就业|生产)*基地$", "", name)
                if is_name(partner_name) and not is_generic(partner_name):
                    assert type_ is not None
                    partner = self._mention(row, "base", partner_name, type_)
                    for subject in subjects:
                        yield self._claim(row, subject, Predicate.PARTNERS_WITH, partner, self._partner_qualifiers(row))
                continue
            if len(name) < 3 or to_number(name) is not None:
                continue
            base = self._mention(row, "base", name, EntityType.TRAINING_BASE)
            for subject in subjects:
                yield self._claim(row, subject, Predicate.OPERATES_BASE, base, self._base_qualifiers(row))

    def _base_qualifiers(self, row: int) -> dict[str, object]:
        qualifiers: dict[str, object] = {}
        for key in ("area", "workstations"):
            if (number := to_number(self._text(row, key))) is not None:
                qualifiers[key] = int(number) if number == int(number) else number
        programmes = [
            name
            for name in split_programme_cell(self._text(row, "serves") or self._text(row, "programme"))
            if not re.search(r"各种|各类|全校|所有|实训室$|等$", name)
        ]
        if programmes:
            qualifiers["programmes"] = programmes
        if partners := [name for name in split_names(self._text(row, "partner")) if is_name(name)]:
            qualifiers["partners"] = partners
        return qualifiers

    # -- groups

    def _read_groups(self) -> Iterator[Claim]:
        role = "group" if self.columns.has("group") else ""
        for row in self._rows():
            names = split_names(self._text(row, role)) if role else []
            for name in names:
                type_ = type_of_name(name)
                if type_ not in GROUP_TYPES or is_generic(name):
                    continue
                assert type_ is not None
                group = self._mention(row, role, name, type_)
                year: dict[str, object] = {"year": years[0]} if (years := find_years(self._text(row, "time"))) else {}
                leaders = split_names(self._text(row, "headquarters"))
                for leader in leaders:
                    if is_name(leader) and not is_generic(leader):
                        kind = type_of_name(leader) or EntityType.ENTERPRISE
                        yield self._claim(
                            row,
                            self._mention(row, "headquarters", leader, kind),
                            Predicate.MEMBER_OF,
                            group,
                            {"role": "牵头", **year},
                        )
                        if kind is EntityType.SCHOOL:
                            yield self._claim(
                                row,
                                self._mention(row, "headquarters", leader, kind),
                                Predicate.HOSTS_GROUP,
                                group,
                                dict(year),
                            )
                for member in split_names(self._text(row, "members")):
                    kind = type_of_name(member) or EntityType.ENTERPRISE
                    if is_name(member) and not is_generic(member) and member not in leaders:
                        yield self._claim(
                            row,
                            self._mention(row, "members", member, kind),
                            Predicate.MEMBER_OF,
                            group,
                            {"role": "成员", **year},
                        )
                if (
                    self.reading.owner is None
                    and self.reading.region is not None
                    and name.startswith(self.reading.region.name)
                ):
                    yield self._claim(row, self.reading.region, Predicate.HOSTS_GROUP, group, dict(year))
                part = role_of(self._text(row, "role"))
                for subject in self._subjects(row):
                    if subject.name not in leaders:
                        yield self._claim(
                            row,
                            subject,
                            Predicate.MEMBER_OF,
                            group,
                            {"role": part or role_of(self.table.caption) or "成员", **year},
                        )

    def _is_member_list(self) -> bool:
        return (
            bool(self._group_of_caption())
            and (self.columns.has("school") or self.columns.has("role"))
            and bool(re.search(r"成员|理事|单位", self.table.caption))
        )

    def _group_of_caption(self) -> Mention | None:
        return next(iter(self.reading.within_caption(self.table, self.block, *GROUP_TYPES)), None)

    def _read_members(self) -> Iterator[Claim]:
        group = self._group_of_caption()
        column = self.columns.first("school")
        if group is None or column is None:
            return
        for row in self._rows():
            for name in split_names(self.table.text_at(row, column)):
                type_ = type_of_name(name)
                if type_ is not None and not is_generic(name):
                    member = cell_mention(self.reading.document, self.block, row, column, name, type_)
                    yield self._claim(
                        row, member, Predicate.MEMBER_OF, group, {"role": role_of(self._text(row, "role")) or "成员"}
                    )

    # -- programmes

    def _read_programmes(self) -> Iterator[Claim]:
        status_of_header = self._designation_of_header()
        students = [
            c
            for c in self.columns.all("students")
            if not re.search(r"计划|招生|毕业|就业|录取|报到|升学|实习", self.columns.headers[c])
        ]
        years_columns = (
            self.columns.all("year-value")
            if re.search(r"人数|学生|学籍|在校|规模", self.table.caption)
            and not re.search(r"招生|毕业|就业", self.table.caption)
            else []
        )
        for row in self._rows():
            subjects = self._subjects(row)
            names = split_programme_cell(self._text(row, "programme"))
            if not names or to_number(self._text(row, "programme")) is not None:
                continue
            if re.search(r"拟|计划|筹", self._text(row, "change") + self._text(row, "category")):
                continue
            base = self._offering_qualifiers(row, status_of_header)
            variants: list[dict[str, object]] = []
            for column in [*students, *years_columns]:
                count = to_number(self.table.text_at(row, column))
                if count is None:
                    continue
                years = find_years(self.columns.headers[column]) or self.years[-1:]
                year = years[-1] if years else self.reading.document.info.year
                variants.append(
                    {**base, "headcount": int(count), **({"year": year} if year and "year" not in base else {})}
                )
            while len(variants) > 1 and variants[0]["headcount"] == 0 and any(v["headcount"] for v in variants):
                del variants[0]  # not yet opened in the earlier year
            if (
                not variants
                and base
                and "year" not in base
                and (self.years or find_years(" ".join(self.columns.headers)))
                and self.columns.has("change")
            ):
                base["year"] = max([*self.years, *find_years(" ".join(self.columns.headers))])
            for subject in subjects:
                for name in names:
                    programme = self._mention(row, "programme", name, EntityType.PROGRAMME)
                    for qualifiers in variants or [base]:
                        yield self._claim(row, subject, Predicate.OFFERS_PROGRAMME, programme, dict(qualifiers))

    def _offering_qualifiers(self, row: int, designation: str) -> dict[str, object]:
        qualifiers: dict[str, object] = {}
        code = re.sub(r"\s", "", self._text(row, "code"))
        if re.fullmatch(r"[0-9A-Za-z]{4,8}", code):
            qualifiers["code"] = code
        if self.columns.has("change") and (years := find_years(self._text(row, "time"))):
            qualifiers["year"] = years[0]
        if years := find_years(self._text(row, "since")):
            qualifiers["since"] = years[0]
        if (self.columns.has("change") and (status := status_of(self._text(row, "change")))) or (
            status := status_of_caption(self.table.caption)
        ):
            qualifiers["status"] = status
        if designation:
            category = one_line(self._text(row, "category"))
            qualifiers["designation"] = (
                designation.replace("*", category.removesuffix("专业")) if "*" in designation else designation
            )
        return qualifiers

    def _designation_of_header(self) -> str:
        """The status that a header (市级重点专业) or the caption with a column of kinds (创新, 特色) gives each programme."""
        column = self.columns.first("programme")
        header = self.columns.headers[column].split("/")[-1] if column is not None else ""
        if re.search(r"重点|示范|特色|骨干|精品|品牌|优质|创新|试点|高水平|一流", header):
            return header
        caption = re.sub(r"^(?:附|续)?表[\s\d\-—.．一二三四五六七八九十]*[：:、]?", "", self.table.caption)
        kinds = self.columns.first("category")
        if kinds is not None and (
            found := re.match(r"(?P<level>国家级?|省级?|市级?|自治区级?|县级?|区级|校级)?", caption)
        ):
            values = {
                one_line(self.table.text_at(row, kinds)) for row in range(self.table.header_rows, self.table.rows)
            }
            if values and all(
                re.fullmatch(
                    r"(?:国家级?|省级|市级|自治区级|县级|区级|校级)(?:重点|示范|特色化?|骨干|精品|品牌|品牌示范|优质|创新|试点|高水平|一流)(?:建设)?(?:专业)?",
                    v,
                )
                for v in values
                if v
            ):
                return "*专业"
            if values and all(
                re.fullmatch(
                    r"(?:重点|示范|特色化?|骨干|精品|品牌|品牌示范|优质|创新|试点|高水平|一流)(?:建设)?(?:专业)?", v
                )
                for v in values
                if v
            ):
                return f"{found.group('level') or ''}*专业"
        found = re.search(
            r"((?:国家级|省级|市级|自治区级|县级|区级|校级)(?:重点|示范|特色|骨干|精品|品牌|优质|创新|试点|高水平|一流)[^，。]{0,4}专业)",
            caption,
        )
        return found.group(1) if found and self.columns.has("school") else ""

    # -- schools

    def _read_schools(self) -> Iterator[Claim]:
        for row in self._rows():
            subjects = self._subjects(row)
            yield from self._read_status_column(row, subjects)
            if len(subjects) != 1:
                continue
            for role in ("organiser", "supervisor"):
                for name in split_names(self._text(row, role)):
                    if type_of_name(name) is EntityType.GOVERNMENT and not is_generic(name):
                        yield self._claim(
                            row,
                            subjects[0],
                            Predicate.ADMINISTERED_BY,
                            self._mention(row, role, name, EntityType.GOVERNMENT),
                        )
            if place := region_in(one_line(self._text(row, "place"))):
                yield self._claim(
                    row, subjects[0], Predicate.LOCATED_IN, self._mention(row, "place", place, EntityType.REGION)
                )

    def _read_status_column(self, row: int, schools: list[Mention]) -> Iterator[Claim]:
        """ "省级 | 某某示范校 | 甲校、乙校": each school of the row has the status."""
        column = self.columns.first("status")
        if column is None or self.columns.has("programme"):
            return
        year: dict[str, object] = {"year": years[0]} if (years := find_years(self._text(row, "time"))) else {}
        for name in split_names(self.table.text_at(row, column)):
            if STATUS_ENDING.search(name) and len(name) >= 4:
                award = cell_mention(self.reading.document, self.block, row, column, name, EntityType.DESIGNATION)
                for school in schools:
                    yield self._claim(row, school, Predicate.DESIGNATED_AS, award, year)

    def _has_status_rows(self) -> bool:
        column = self.columns.first("category")
        texts = [self.table.text_at(row, column or 0) for row in self._rows()]
        return bool(texts) and sum(bool(STATUS_ENDING.search(one_line(text))) for text in texts) * 2 > len(texts)

    def _read_status_rows(self) -> Iterator[Claim]:
        """ "国家级重点校 | 3 | 甲 乙 丙": the status leads the row, its schools stand in one cell."""
        column = self.columns.first("school")
        assert column is not None
        for row in self._rows():
            status = re.sub(r"[（(][^（）()]*[)）]$", "", one_line(self._text(row, "category")))
            if not STATUS_ENDING.search(status):
                continue
            award = self._mention(row, "category", status, EntityType.DESIGNATION)
            for name in split_names(self.table.text_at(row, column)):
                if self.reading.is_school(name):
                    yield self._claim(
                        row,
                        cell_mention(self.reading.document, self.block, row, column, name, EntityType.SCHOOL),
                        Predicate.DESIGNATED_AS,
                        award,
                    )

    def _has_status_headers(self) -> bool:
        headers = [re.sub(r"[（(][^（）()]*[)）]$", "", h.split("/")[-1]) for h in self.columns.headers]
        return sum(bool(STATUS_ENDING.search(h)) for h in headers) >= max(1, len(headers) // 2)

    def _read_status_lists(self) -> Iterator[Claim]:
        for row in self._rows():
            for column, header in enumerate(self.columns.headers):
                status = re.sub(r"[（(][^（）()]*[)）]$", "", header.split("/")[-1])
                if not STATUS_ENDING.search(status):
                    continue
                cell = self.table.grid[self.table.header_rows - 1][column]
                assert cell is not None
                award = Mention(cell.span, status, EntityType.DESIGNATION)
                for name in split_names(self.table.text_at(row, column)):
                    if self.reading.is_school(name):
                        school = cell_mention(self.reading.document, self.block, row, column, name, EntityType.SCHOOL)
                        yield self._claim(row, school, Predicate.DESIGNATED_AS, award)
