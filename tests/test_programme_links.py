"""Programmes and the ministry's catalogue: what links at which level, and what stays without a code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import programme_links
from kg.linking import Link, Unlinked, link_entities
from kg.model import (
    Block,
    BlockKind,
    Claim,
    Document,
    EntityType,
    Evidence,
    Issue,
    Mention,
    Predicate,
    ReportInfo,
    ReportLevel,
    Span,
)
from kg.programme_links import (
    agrees,
    entry_of_code,
    levels_in_words,
    levels_of_school,
    link_name,
    propose_entries,
)
from kg.reference_data import Rename, load_catalogue, programme_name_kinds
from kg.registry import Registry
from kg.statements import resolve_identity

CATALOGUE = load_catalogue()
NAMES = {entry.name for entry in CATALOGUE}
SECONDARY, COLLEGE, BACHELOR = (frozenset({level}) for level in ("中职", "高职专科", "职教本科"))
LEVELS = st.sampled_from([SECONDARY, COLLEGE, BACHELOR])
ENTRIES = st.sampled_from(CATALOGUE)


# ---- names


@pytest.mark.parametrize(
    ("name", "levels", "code", "how"),
    [
        ("护理", SECONDARY, "720201", "exact"),
        ("护理", COLLEGE, "520201", "exact"),
        ("护理专业", SECONDARY, "720201", "exact"),
        ("旅游服务和管理", SECONDARY, "740101", "exact"),
        ("会计事务（原会计）", SECONDARY, "730301", "exact"),
        ("汽修", SECONDARY, "700206", "short-name"),
        ("机电", SECONDARY, "660301", "short-name"),
        ("护理（老年护理方向）", SECONDARY, "720201", "direction"),
        ("护理(涉外)", COLLEGE, "520201", "direction"),
        ("护理——老年护理", SECONDARY, "720201", "direction"),
        ("汽修（新能源方向）", SECONDARY, "700206", "direction"),
        ("汽车运用与维修", frozenset(), "700206", "exact"),  # at one level only
    ],
)
def test_names_that_link(name: str, levels: frozenset[str], code: str, how: str) -> None:
    found = link_name(name, levels)
    assert found.entry is not None
    assert (found.entry.code, found.how) == (code, how)


@pytest.mark.parametrize(
    ("name", "levels", "why"),
    [
        ("学前教育", SECONDARY, "older-name"),
        ("学前教育（双语方向）", SECONDARY, "older-name"),
        ("学前", SECONDARY, "older-name"),
        ("学前教育", frozenset(), "older-name"),
        ("会计", SECONDARY, "older-name"),
        ("畜牧兽医", SECONDARY, "older-name"),
        ("电工", SECONDARY, "trade"),
        ("电焊", SECONDARY, "trade"),
        ("美容师", SECONDARY, "trade"),
        ("烹饪", SECONDARY, "trade"),
        ("数控车工", SECONDARY, "trade"),
        ("机电一体化技术", SECONDARY, "trade"),  # of the colleges' part of the catalogue, and of technician schools
        ("数控技术", SECONDARY, "other-level"),
        ("汽修", COLLEGE, "older-name"),
        ("护理", frozenset(), "level-not-said"),
        ("护理", COLLEGE | BACHELOR, "level-not-said"),
        ("苗族刺绣", SECONDARY, "not-in-scheme"),
    ],
)
def test_names_that_do_not_link(name: str, levels: frozenset[str], why: str) -> None:
    assert (link_name(name, levels).entry, link_name(name, levels).how) == (None, why)


@given(ENTRIES, st.sampled_from(["", "专业", " "]), st.booleans())
def test_every_name_of_the_catalogue_links_to_itself_at_its_level(entry: Any, behind: str, direction: bool) -> None:
    name = entry.name + ("（某某方向）" if direction else "") + behind
    found = link_name(name, frozenset({entry.level}))
    assert (found.entry, found.how) == (entry, "direction" if direction else "exact")


@pytest.mark.parametrize("levels", [SECONDARY, COLLEGE, BACHELOR, frozenset()])
def test_no_older_name_or_trade_gets_a_code_unless_the_catalogue_has_it(levels: frozenset[str]) -> None:
    for name, kind in programme_name_kinds().items():
        found = link_name(name, levels)
        if kind in ("older", "trade") and found.entry is not None:
            assert found.entry.name == name and found.entry.level in (levels or SECONDARY)


@given(ENTRIES, LEVELS)
def test_a_link_is_at_the_level_asked(entry: Any, levels: frozenset[str]) -> None:
    found = link_name(entry.name, levels).entry
    assert found is None or (found.level in levels and found.name == entry.name)


def test_a_rename_of_an_official_text(monkeypatch: pytest.MonkeyPatch) -> None:
    renames = (Rename("会计", "中职", "730301", "某部某年第1号公告"),)
    monkeypatch.setattr(programme_links, "load_renames", lambda: renames)
    found = link_name("会计", SECONDARY)
    assert found.entry is not None and (found.entry.name, found.how) == ("会计事务", "official-text")
    assert link_name("会计", COLLEGE).entry is None


# ---- codes


@given(ENTRIES, st.sampled_from(["{}", " {} ", "{}K", "{}.0"]), st.booleans())
def test_a_code_is_read_as_reports_write_it(entry: Any, form: str, wide: bool) -> None:
    code = form.format(entry.code)
    if wide:
        code = "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in code)
    assert entry_of_code(code) == entry


@pytest.mark.parametrize("code", ["", "120100", "7202", "72020101", "0203-4", "72O201"])
def test_other_codes_are_none_of_the_catalogue(code: str) -> None:
    assert entry_of_code(code) is None


@given(ENTRIES, ENTRIES)
def test_a_name_of_the_catalogue_agrees_only_with_its_own_codes(entry: Any, other: Any) -> None:
    assert agrees(entry.name, other) == (entry.name == other.name)


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("汽修", "700206", True),
        ("数媒", "710204", True),
        ("护理（老年）", "720201", True),
        ("会计", "730301", False),  # a name of the older catalogue
        ("汽车维修", "700206", False),  # a trade
        ("机电", "660103", False),
        ("幼", "770101", False),
    ],
)
def test_what_agrees_with_a_code(name: str, code: str, expected: bool) -> None:
    entry = entry_of_code(code)
    assert entry is not None and agrees(name, entry) is expected


# ---- levels


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("岚皋县职业教育中心", SECONDARY),
        ("安康市第一职业中专", SECONDARY),
        ("安康高级技工学校", SECONDARY),
        ("安康技师学院", SECONDARY),
        ("安康卫校", SECONDARY),
        ("安康职业技术学院", COLLEGE),
        ("安康职院", COLLEGE),
        ("安康幼儿师范高等专科学校", COLLEGE),
        ("安康职业技术学院附属中专学校", SECONDARY),
        ("安康职业技术大学", COLLEGE | BACHELOR),
        ("安康学院", frozenset()),
        ("西北农业大学", frozenset()),
    ],
)
def test_the_level_of_a_school(name: str, levels: frozenset[str]) -> None:
    assert levels_of_school([name]) == levels


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("护理 高职 40人", COLLEGE),
        ("护理 大专层次", COLLEGE),
        ("护理 中专 40人", SECONDARY),
        ("护理 3+2", frozenset()),
        ("中高职贯通护理", frozenset()),
        ("与安康职业中专共建护理", frozenset()),
    ],
)
def test_levels_that_a_row_says(text: str, levels: frozenset[str]) -> None:
    assert levels_in_words(text) == levels


# ---- proposals


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("学前教育", "幼儿保育"),
        ("畜牧兽医", "畜禽生产技术"),
        ("会计", "会计事务"),
        ("计算机动漫与游戏制作", "动漫与游戏制作"),
        ("财会", "会计事务"),
    ],
)
def test_a_proposal_for_a_name_of_an_older_catalogue(name: str, proposal: str) -> None:
    assert propose_entries(name, SECONDARY)[0].name == proposal


@given(st.sampled_from(sorted(programme_name_kinds())), LEVELS)
def test_proposals_are_few_of_one_class_and_level(name: str, levels: frozenset[str]) -> None:
    found = propose_entries(name, levels)
    assert len(found) <= 4 and len({entry.class_code for entry in found}) <= 1
    assert {entry.level for entry in found} <= levels


def test_nothing_is_proposed_for_nothing_alike() -> None:
    assert propose_entries("饕餮", SECONDARY) == ()


# ---- a whole report

T = EntityType
SCHOOL, OTHER, COLLEGE_SCHOOL = "岚皋县职业教育中心", "岚皋县技工学校", "安康职业技术学院"


class Rows:
    """A report made of rows, one claim each."""

    def __init__(self, title: str = "", region: str = "安康市", year: int | None = 2023) -> None:
        self.info = ReportInfo(title, ReportLevel.CITY, "", region, year)
        self.rows: list[tuple[str, T, Predicate, str, T, dict[str, Any], str]] = []
        self.same: list[tuple[T, str, str]] = []

    def offers(self, school: str, programme: str, words: str = "", type_: T = T.SCHOOL, **qualifiers: Any) -> Rows:
        row = (school, type_, Predicate.OFFERS_PROGRAMME, programme, T.PROGRAMME, qualifiers, words)
        self.rows.append(row)
        return self

    def works_with(self, school: str, other: str, words: str, *programmes: str) -> Rows:
        row = (school, T.SCHOOL, Predicate.COLLABORATES_WITH, other, T.SCHOOL, {"programmes": list(programmes)}, words)
        self.rows.append(row)
        return self

    def lies_in(self, school: str, region: str) -> Rows:
        self.rows.append((school, T.SCHOOL, Predicate.LOCATED_IN, region, T.REGION, {}, ""))
        return self

    def link(self, tmp_path: Path) -> tuple[dict[str, Link | Unlinked], list[Issue]]:
        """What became of each name, and the issues."""
        text, blocks, claims = "", [], []
        for number, (subject, kind, predicate, object_, target, qualifiers, words) in enumerate(self.rows):
            line = f"{subject} {object_} {words}"
            span = Span(len(text), len(text) + len(line))
            blocks.append(Block(BlockKind.PARAGRAPH, line, span))
            at = span.start + len(subject) + 1
            claims.append(
                Claim(
                    Mention(Span(span.start, span.start + len(subject)), subject, kind),
                    predicate,
                    Mention(Span(at, at + len(object_)), object_, target),
                    Evidence(span, number, 1, number + 1),
                    qualifiers,
                )
            )
            text += f"{line}\n"
        document = Document("report", "report.txt", text, tuple(blocks), self.info)
        identity = resolve_identity(document, claims, [], self.same)
        Registry(tmp_path / "registry.jsonl").assign(identity.entities(), document.info)
        links = link_entities(document, claims, [], identity)
        found = {
            name: links.of[entity.iri]
            for entity in identity.entities()
            for name in entity.names
            if entity.iri in links.of
        }
        return found, list(links.issues)


def outcome(found: Link | Unlinked) -> tuple[str, str]:
    return (found.code, found.how) if isinstance(found, Link) else ("", found.why)


def test_the_school_decides_the_level(tmp_path: Path) -> None:
    found, issues = Rows().offers(SCHOOL, "护理").offers(OTHER, "护理").link(tmp_path)
    assert (outcome(found["护理"]), issues) == (("720201", "exact"), [])
    found, issues = Rows().offers(COLLEGE_SCHOOL, "护理").link(tmp_path)
    assert (outcome(found["护理"]), issues) == (("520201", "exact"), [])


def test_one_programme_of_two_levels_is_an_issue(tmp_path: Path) -> None:
    found, (issue,) = Rows().offers(SCHOOL, "护理").offers(COLLEGE_SCHOOL, "护理").link(tmp_path)
    assert outcome(found["护理"]) == ("", "links-disagree")
    assert isinstance(found["护理"], Unlinked) and found["护理"].proposals == ("520201", "720201")
    assert issue.code == "links-disagree" and issue.span is not None and "护理" in issue.quote


def test_a_name_that_one_of_two_levels_lacks_is_not_given_its_code(tmp_path: Path) -> None:
    found, (issue,) = Rows().offers(SCHOOL, "幼儿保育").offers(COLLEGE_SCHOOL, "幼儿保育").link(tmp_path)
    assert (outcome(found["幼儿保育"]), issue.code) == (("", "links-disagree"), "links-disagree")


def test_through_training_says_its_level_itself_or_not_at_all(tmp_path: Path) -> None:
    assert outcome(Rows().offers(SCHOOL, "护理", "3+2 40人").link(tmp_path)[0]["护理"]) == ("", "level-not-said")
    assert outcome(Rows().offers(SCHOOL, "护理", "3+2 高职 40人").link(tmp_path)[0]["护理"]) == ("520201", "exact")
    both = Rows().offers(SCHOOL, "护理", "40人").offers(SCHOOL, "护理", "3+2 30人").link(tmp_path)
    assert (outcome(both[0]["护理"]), both[1]) == (("720201", "exact"), [])


def test_what_two_schools_do_together_tells_only_where_nothing_else_does(tmp_path: Path) -> None:
    together = Rows().works_with(SCHOOL, COLLEGE_SCHOOL, "合办高职护理专业", "护理")
    assert outcome(together.link(tmp_path)[0]["护理"]) == ("520201", "exact")
    found, issues = together.offers(SCHOOL, "护理").link(tmp_path)
    assert (outcome(found["护理"]), issues) == (("720201", "exact"), [])


def test_a_city_s_own_statement_goes_by_words_or_title(tmp_path: Path) -> None:
    said = Rows().offers("安康市", "护理", "全市中等职业教育主要专业", T.REGION)
    assert outcome(said.link(tmp_path)[0]["护理"]) == ("720201", "exact")
    titled = Rows("安康市中等职业教育质量年度报告").offers("安康市", "护理", "", T.REGION)
    assert outcome(titled.link(tmp_path)[0]["护理"]) == ("720201", "exact")
    untold = Rows("安康市职业教育质量年度报告").offers("安康市", "护理", "", T.REGION)
    assert outcome(untold.link(tmp_path)[0]["护理"]) == ("", "level-not-said")


def test_a_code_that_agrees_links(tmp_path: Path) -> None:
    found, issues = Rows().offers(SCHOOL, "数媒", code="710204").link(tmp_path)
    assert (outcome(found["数媒"]), issues) == (("710204", "code"), [])
    found, _ = Rows().offers("安康学院", "护理", code="520201").link(tmp_path)
    assert outcome(found["护理"]) == ("520201", "code")


def test_a_code_that_contradicts_the_name_is_an_issue(tmp_path: Path) -> None:
    found, (issue,) = Rows().offers(SCHOOL, "护理", code="660301").link(tmp_path)
    assert (outcome(found["护理"]), issue.code) == (("", "code-against-name"), "code-against-name")
    assert "660301" in issue.message and "机电技术应用" in issue.message


def test_a_code_of_an_older_catalogue_says_nothing(tmp_path: Path) -> None:
    found, issues = Rows().offers(SCHOOL, "护理", code="100100").link(tmp_path)
    assert (outcome(found["护理"]), issues) == (("720201", "exact"), [])
    found, issues = Rows(year=2019).offers(COLLEGE_SCHOOL, "护理", code="620201").link(tmp_path)
    assert (outcome(found["护理"]), issues) == (("520201", "exact"), [])


def test_a_code_of_another_level_than_the_school_s_is_an_issue(tmp_path: Path) -> None:
    found, (issue,) = Rows().offers(SCHOOL, "护理").offers(SCHOOL, "护理", code="520201").link(tmp_path)
    assert (outcome(found["护理"]), issue.code) == (("", "links-disagree"), "links-disagree")


def test_a_short_name_of_several_links_to_none(tmp_path: Path) -> None:
    report = Rows().offers(SCHOOL, "计算机").offers(SCHOOL, "计算机应用").offers(SCHOOL, "计算机平面设计")
    found, _ = report.link(tmp_path)
    assert outcome(found["计算机"]) == ("", "ambiguous")
    assert outcome(found["计算机应用"]) == ("710201", "exact")
    assert outcome(Rows().offers(SCHOOL, "计算机").link(tmp_path)[0]["计算机"]) == ("710201", "short-name")


@pytest.mark.parametrize(
    ("full", "short", "expected"),
    [
        ("数控加工", "数控", ("", "trade")),
        ("焊接加工", "焊接", ("", "not-in-scheme")),
        ("数控技术应用", "数控", ("660103", "exact")),
        ("汽车整车维修", "汽修", ("700206", "short-name")),
    ],
)
def test_a_short_name_is_short_for_the_name_beside_it(
    tmp_path: Path, full: str, short: str, expected: tuple[str, str]
) -> None:
    report = Rows().offers("安康技工学校", full).offers("安康技工学校", short)
    report.same.append((T.PROGRAMME, full, short))
    found, issues = report.link(tmp_path)
    assert found[full] is found[short]
    assert (outcome(found[full]), issues) == (expected, [])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([SCHOOL, OTHER, COLLEGE_SCHOOL]),
            st.sampled_from(["护理", "护理（老年）", "汽修", "会计", "会计事务", "幼儿保育", "电工", "学前教育"]),
            st.sampled_from(["", "720201", "520201", "730301", "700206", "120100"]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.randoms(),
)
def test_links_do_not_depend_on_the_order_of_rows(rows: list[tuple[str, str, str]], random: Any) -> None:
    def outcomes(order: list[tuple[str, str, str]]) -> dict[str, tuple[str, str]]:
        report = Rows()
        for school, programme, code in order:
            report.offers(school, programme, **({"code": code} if code else {}))
        return {name: outcome(found) for name, found in report.link(Path("/nonexistent"))[0].items()}

    shuffled = list(rows)
    random.shuffle(shuffled)
    assert outcomes(rows) == outcomes(shuffled)


def test_a_trade_stands_apart(tmp_path: Path) -> None:
    found, _ = Rows().offers(OTHER, "电工").link(tmp_path)
    assert found["电工"] == Unlinked("trade", "programme-catalogue-2021")


def test_a_region_links_by_the_report_s_own(tmp_path: Path) -> None:
    found, issues = Rows(region="安康市").lies_in(SCHOOL, "岚皋").lies_in(OTHER, "岚县").link(tmp_path)
    assert outcome(found["岚皋"]) == ("610925", "short-form")
    assert outcome(found["岚县"]) == ("", "ambiguous")
    assert [issue.code for issue in issues] == ["ambiguous-region"]


def test_a_development_zone_is_a_region_without_a_code(tmp_path: Path) -> None:
    found, issues = Rows(region="安康市").lies_in(SCHOOL, "恒口高新区").link(tmp_path)
    assert (outcome(found["恒口高新区"]), issues) == (("", "not-in-scheme"), [])
