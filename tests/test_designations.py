"""Levels and kinds of designations, as their names say them; what a name does not say is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.designations import describe_designation
from kg.reference_data import load_regions
from kg.schema import ZJ, load_schema

SCHEMA = load_schema()


def describe(name: str) -> tuple[str, str]:
    """The last parts of the IRIs of level and kind; "" where there is none."""
    said = dict(describe_designation(name, SCHEMA))
    assert said["skos:inScheme"] == str(ZJ.designations)
    level, kind = said.get("zj:designationLevel", ""), said.get("zj:designationKind", "")
    return level.rpartition("designation-level-")[2], kind.rpartition("designation-kind-")[2]


@pytest.mark.parametrize(
    ("name", "level", "kind"),
    [
        ("国家级重点中等职业学校", "national", "key"),
        ("国家中等职业教育改革发展示范学校", "national", "model"),
        ("教育部第二批现代学徒制试点单位", "national", "pilot"),
        ("省级优质中职学校", "province", "quality"),
        ("自治区级重点校", "province", "key"),  # not of a district, 区级
        ("自治区四星级中等职业学校", "province", ""),  # 星级 is no level
        ("第一批省级示范校", "province", "model"),
        ("首批自治区产教融合实践中心试点单位", "province", "pilot"),
        ("广东省重点中等职业学校", "province", "key"),
        ("重庆市优质中等职业学校", "province", "quality"),  # a municipality is a province
        ("湛江市优质中等职业学校", "prefecture", "quality"),
        ("市级平安校园", "prefecture", "civilised"),
        ("威县职业教育特色学校", "county", "special"),
        ("区级文明校园", "county", "civilised"),
        ("校级骨干专业", "school", "backbone"),
        ("福建省示范性现代职业院校建设工程培育学校", "province", "candidate"),  # it is no model school yet
        ("山东省高水平中等职业学校建设单位", "province", "candidate"),
        ("“双优”学校", "", "quality"),
        ("数字校园标杆学校", "", "benchmark"),
        ("高级技工学校", "", ""),
        ("现代农业国家示范实训基地", "", "model"),  # 国家 in the middle may be part of another name
    ],
)
def test_a_name_says_its_level_and_kind(name, level, kind):
    assert describe(name) == (level, kind)


@given(st.sampled_from([region for region in load_regions() if region.level == "province"]))
def test_every_province_gives_provincial_designations(region):
    assert describe(f"{region.name}示范校") == ("province", "model")


@given(st.text(max_size=30))
def test_any_name_is_described(name):
    said = list(describe_designation(name, SCHEMA))
    assert said[0] == ("skos:inScheme", str(ZJ.designations))
    assert len({predicate for predicate, _ in said}) == len(said) <= 3
