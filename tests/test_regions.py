"""Places: full names, short forms by rule, and what the report's own region decides."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.reference_data import Region, load_regions
from kg.regions import link_region, region_code, short_forms

REGIONS = {region.code: region for region in load_regions()}
WITH_COUNTIES = sorted({region.parent for region in REGIONS.values() if region.level == "county"})

LINKED = (
    # name, region of the report, the place it is, how
    ("岚皋县", "", "岚皋县", "exact"),
    ("岚皋县", "保定市", "岚皋县", "exact"),
    ("陕西省安康市岚皋县", "", "岚皋县", "exact"),
    ("南京市鼓楼区", "徐州市", "鼓楼区", "exact"),
    ("嘉峪关市", "", "嘉峪关市", "exact"),
    ("东莞市", "", "东莞市", "exact"),
    ("朝阳区", "长春市", "朝阳区", "in-report-region"),
    ("朝阳区", "北京市", "朝阳区", "in-report-region"),
    ("岚皋", "安康市", "岚皋县", "short-form"),
    ("岚皋", "汉滨区", "岚皋县", "short-form"),
    ("岚皋", "岚皋县", "岚皋县", "short-form"),
    ("保定", "邢台市", "保定市", "short-form"),
    ("河北", "邢台市", "河北省", "short-form"),
    ("西安", "陕西省", "西安市", "short-form"),
    ("承德", "承德市", "承德市", "short-form"),
    ("湘西州", "湘西土家族苗族自治州", "湘西土家族苗族自治州", "short-form"),
    ("湘西", "", "湘西土家族苗族自治州", "short-form"),
    ("湘西州", "长沙市", "湘西土家族苗族自治州", "short-form"),
    ("前郭县", "松原市", "前郭尔罗斯蒙古族自治县", "short-form"),
    ("敖旗", "赤峰市", "敖汉旗", "short-form"),
    ("阿鲁", "赤峰市", "阿鲁科尔沁旗", "short-form"),
)
NOT_LINKED = (
    # name, region of the report
    ("鼓楼区", ""),
    ("鼓楼区", "江苏省"),  # two of them
    ("鼓楼区", "无锡市"),
    ("朝阳", "石家庄市"),  # a city of Liaoning, or a district of Beijing
    ("岚皋", ""),
    ("岚皋", "邢台市"),
    ("岚县", "安康市"),  # a county of Shanxi, or short for 岚皋县
    ("大理", "大理白族自治州"),  # the prefecture or the city in it
    ("吉林", ""),
    ("西安", "辽源市"),  # the city, or the district of Liaoyuan
    ("敖旗", "保定市"),
    ("市", "安康市"),
    ("县", "安康市"),
    ("区", "安康市"),
    ("旗", "赤峰市"),
    ("全县", "桂林市"),  # 全州县 lies there
    ("城区", "六盘水市"),
    ("市区", "枣庄市"),
    ("高新区", "石家庄市"),
    ("经济开发区", "石家庄市"),
    ("滨河新区", "银川市"),
    ("不存在的县", ""),
    ("", ""),
    ("", "安康市"),
)


@pytest.mark.parametrize(("name", "near", "place", "how"), LINKED)
def test_a_place_is_found(name: str, near: str, place: str, how: str) -> None:
    found = link_region(name, near)
    assert (REGIONS[found.code].name, found.how, found.candidates) == (place, how, ())
    assert region_code(name, near) == found.code


@pytest.mark.parametrize(("name", "near"), NOT_LINKED)
def test_a_place_that_is_unsure_has_no_code(name: str, near: str) -> None:
    found = link_region(name, near)
    assert (found.code, found.how) == ("", "")
    assert len(found.candidates) != 1


def test_places_of_one_name_are_told_apart_by_the_report() -> None:
    assert region_code("鼓楼区", "徐州市") == "320302"
    assert region_code("鼓楼区", "福州市") == "350102"
    assert region_code("鼓楼区", "南京市江宁区") == "320106"


def test_what_may_be_meant_is_told() -> None:
    assert set(link_region("岚县", "安康市").candidates) == {"141127", "610925"}


def counties_of(parent: str) -> list[Region]:
    return [region for region in REGIONS.values() if region.parent == parent and region.level == "county"]


@cache
def measure_short_forms() -> tuple[int, int, list[tuple[str, str, str, str]]]:
    """Every short form of every county, in a report of its prefecture: how many, how many link, which link wrongly."""
    made = linked = 0
    wrong = []
    for parent in WITH_COUNTIES:
        near = REGIONS[parent].name
        full = {region.name for region in counties_of(parent)}
        for county in counties_of(parent):
            for form in short_forms(county) - full:  # 沁县 lies beside 沁源县: it is no short form of that
                made += 1
                code = region_code(form, near)
                linked += code == county.code
                if code not in ("", county.code):
                    wrong.append((near, county.name, form, REGIONS[code].name))
    return made, linked, wrong


def test_no_short_form_of_any_county_links_to_another() -> None:
    made, linked, wrong = measure_short_forms()
    assert wrong == []
    assert made > 4800 and linked / made > 0.9


def test_a_full_name_is_never_another_place() -> None:
    for region in REGIONS.values():
        parent = REGIONS.get(region.parent)
        found = region_code(region.name, parent.name if parent else "")
        assert found in ("", region.code) or REGIONS[found].name == region.name


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(sorted(REGIONS)), st.sampled_from(WITH_COUNTIES), st.data())
def test_a_link_always_fits_its_name(code: str, near: str, data: st.DataObject) -> None:
    """In a report of any region, a form of any place links only to a place of which it is the name or a form."""
    place = REGIONS[code]
    form = data.draw(st.sampled_from(sorted(short_forms(place) | {place.name})))
    found = link_region(form, REGIONS[near].name)
    if found.code:
        other = REGIONS[found.code]
        assert form == other.name or form in short_forms(other)
        assert not found.candidates
    assert (found.code != "") == (found.how in ("exact", "short-form", "in-report-region"))


@settings(max_examples=300, deadline=None)
@given(st.text("省市县区旗盟州东西南北新安阳河江山林城一", max_size=5), st.sampled_from(WITH_COUNTIES))
def test_any_text_is_a_place_only_by_a_rule(text: str, near: str) -> None:
    found = link_region(text, REGIONS[near].name)
    if found.code and found.how == "short-form":
        assert text in short_forms(REGIONS[found.code])
        assert len(text) >= 2
