"""Search by name: any part of any name, initials of pinyin, ranked; the same as looking through all names by hand."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from graph_home import shared_home
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.name_index import FoundName, NameIndex, NameWriter, find_initials
from kg.quads import fold_name
from kg.store import open_names

WORLD = {
    "https://x.org/1": ("School", ("云岭职业技术学院", "云岭职院", "我院"), 40),
    "https://x.org/2": ("School", ("云岭职业技术学院附属中学", "附中"), 3),
    "https://x.org/3": ("School", ("海城第一职业中专", "一职"), 9),
    "https://x.org/4": ("School", ("海城第二职业中专", "二职"), 11),
    "https://x.org/5": ("Enterprise", ("蒙牛乳业（海城）有限公司", "蒙牛"), 7),
    "https://x.org/6": ("Enterprise", ("ＡＢＣ Motors (China)", "abc"), 2),
    "https://x.org/7": ("Hospital", ("海城市人民医院",), 1),
    "https://x.org/8": ("EducationGroup", ("云岭职教集团",), 5),
    "https://x.org/9": ("Enterprise", ('"*OR\'%_^-" 公司',), 0),
}


def make_index(world: dict[str, tuple[str, tuple[str, ...], int]], *, filling: bool = True) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE entity (id INTEGER PRIMARY KEY, iri TEXT UNIQUE)")
    connection.executemany("INSERT INTO entity (iri) VALUES (?)", ((iri,) for iri in world))
    writer = NameWriter(connection, filling=filling)
    writer.create()
    for iri, (type_, names, degree) in world.items():
        writer.put(iri, type_, names, degree)
    writer.finish()
    return connection


@pytest.fixture(scope="module")
def index():
    with closing(make_index(WORLD)) as connection:
        yield NameIndex(connection)


def names_of(found: tuple[FoundName, ...]) -> list[str]:
    return [each.iri.rpartition("/")[2] for each in found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("云岭职业技术学院", ["1", "2"]),  # the very name first, though another begins with it
        ("云岭", ["1", "8", "2"]),  # beginnings, by the number of statements
        ("职业", ["1", "4", "3", "2"]),
        ("职", ["1", "4", "3", "8", "2"]),
        ("院", ["1", "2", "7"]),
        ("一职", ["3"]),
        ("第一职业", ["3"]),
        ("蒙牛", ["5"]),
        ("(海城)", ["5"]),
        (" 蒙 牛 ", ["5"]),
        ("海城 有限", ["5"]),  # parts, where the whole is in no name
        ("有限 海城", ["5"]),
        ("abc", ["6"]),
        ("ABC motors", ["6"]),
        ("abcmotors(china)", ["6"]),
        ("mnry", ["5"]),
        ("MN", ["5"]),
        ("zyjs", ["1", "2"]),
        ("hcdyzyzz", ["3"]),
        ("yl", ["1", "8", "2"]),
        ("https://x.org/7", ["7"]),
        ("https://x.org/70", []),
        ("nobody", []),
        ("", []),
        ("  ", []),
        ('"*or', ["9"]),
        ("%", ["9"]),
        ("*", ["9"]),
        ("学院职", []),
    ],
)
def test_what_one_types_is_found_in_order(index, typed, found):
    assert names_of(index.search(typed)) == found


def test_what_is_found_says_what_it_is(index):
    (found,) = index.search("一职")
    assert found == FoundName("https://x.org/3", "School", "海城第一职业中专", "一职", ("一职",), 9)


@pytest.mark.parametrize(
    ("types", "found"),
    [(("School",), ["1", "2"]), (("Group",), ["8"]), (("Organisation", "Group"), ["1", "8", "2"]), (("Region",), [])],
)
def test_types_and_classes_above_them_narrow_a_search(index, types, found):
    assert names_of(index.search("云岭", types)) == found


def test_a_limit_keeps_the_best(index):
    assert names_of(index.search("职", limit=2)) == ["1", "4"]


@pytest.mark.parametrize(
    ("typed", "types", "found", "count"),
    [
        ("云岭职业技术学院", (), ["1"], 1),  # the very name of one is that one
        ("云岭", ("School",), ["1", "2"], 2),
        ("蒙牛", (), ["5"], 1),
        ("mn", (), ["5"], 1),
        ("abc", (), ["6"], 1),
        ("无此名", (), [], 0),
        ("职", ("School",), ["1", "4", "3", "2"], 4),
    ],
)
def test_a_name_is_resolved_for_a_question(index, typed, types, found, count):
    iris, number = index.resolve(typed, types)
    assert [iri.rpartition("/")[2] for iri in iris] == found and number == count


def test_more_than_the_limit_is_counted(index):
    iris, number = index.resolve("职", limit=2)
    assert len(iris) == 2 and number == 5


def test_an_iri_is_taken_as_it_is_though_nobody_bears_it(index):
    assert index.resolve("https://x.org/old") == (("https://x.org/old",), 1)


@pytest.mark.parametrize(
    ("name", "initials"),
    [("蒙牛", "mn"), ("长城哈弗（天津）", "cchftj"), ("ABC公司3厂", "abcgs3c"), ("重庆", "cq"), ("", ""), ("…—", "")],
)
def test_initials(name, initials):
    assert find_initials(name) == initials


def test_a_short_name_of_several_stands_for_all_that_hold_it():
    world = {
        "https://x.org/1": ("School", ("甲县职教中心", "职教中心"), 1),
        "https://x.org/2": ("School", ("乙县职教中心", "职教中心"), 2),
        "https://x.org/3": ("School", ("丙县职教中心",), 3),
    }
    with closing(make_index(world)) as connection:
        assert set(NameIndex(connection).resolve("职教中心")[0]) == set(world)
        assert NameIndex(connection).resolve("甲县职教中心") == (("https://x.org/1",), 1)


CHARS = "职业学院中心ab1（)甲 \"'*^-%_ＡＢ\U00020000"
NAMES = st.text(CHARS, min_size=1, max_size=8).filter(lambda text: bool(fold_name(text)))


@settings(max_examples=150, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=8, unique=True), part=NAMES, filling=st.booleans())
def test_every_name_that_holds_a_part_is_found_and_no_other(names, part, filling):
    world = {f"https://x.org/{at}": ("School", (name,), at) for at, name in enumerate(names)}
    with closing(make_index(world, filling=filling)) as connection:
        index = NameIndex(connection)
        held = {iri for iri, (_, (name,), _) in world.items() if fold_name(part) in fold_name(name)}
        found = {each.iri for each in index.search(part) if fold_name(part) in fold_name(each.matched)}
        assert found == held
        exact = {iri for iri, (_, (name,), _) in world.items() if fold_name(part) == fold_name(name)}  # all first names
        if exact or held:
            assert set(index.resolve(part)[0]) == (exact or held)


@settings(max_examples=60, deadline=None)
@given(names=st.lists(NAMES, min_size=2, max_size=6, unique=True), gone=st.integers(0, 5), part=NAMES, other=NAMES)
def test_a_name_that_goes_or_changes_is_found_no_more(names, gone, part, other):
    world = {f"https://x.org/{at}": ("School", (name,), at) for at, name in enumerate(names)}
    with closing(make_index(world)) as connection:
        writer = NameWriter(connection, filling=False)
        changed = f"https://x.org/{gone % len(names)}"
        writer.put(changed, "School", (other,), 1)
        writer.drop(f"https://x.org/{(gone + 1) % len(names)}")
        now = {changed: other} | {
            iri: name
            for at, (iri, (_, (name,), _)) in enumerate(world.items())
            if iri != changed and at != (gone + 1) % len(names)
        }
        found = {each.iri for each in NameIndex(connection).search(part) if fold_name(part) in fold_name(each.matched)}
        assert found == {iri for iri, name in now.items() if fold_name(part) in fold_name(name)}


def test_the_names_of_a_graph_are_beside_it():
    with open_names(shared_home()) as names:
        (found, *_) = names.search("byh")
        assert found.name == "白洋湖职业技术学校" and found.type == "School" and found.degree > 5
        assert "白洋湖职校" in found.others
