"""What the page knows of entities, facts and modes: years, pinyin initials, places, classes, looks."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from test_network import edge, node, page_data

from kg.model import Predicate
from kg.network import build_graph, draw_network
from kg.network_data import describe_years, find_place
from kg.network_style import MODE_STYLES, PREDICATE_STYLES, SHARES, TYPE_STYLES, list_modes, shade_modes
from kg.quads import concept_iri
from kg.reference_data import CATALOGUE, REGIONS
from kg.schema import load_schema

# How colours reach eyes that lack one kind of cones (Machado, Oliveira and Fernandes 2009, severity 1.0; linear RGB).
SIGHTS = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def region(code: str) -> str:
    return concept_iri(REGIONS, code)


@pytest.mark.parametrize(
    ("said", "report", "years"),
    [
        ((2023, 2021), 2023, {"year": [2021, 2023]}),
        (("2022",), None, {"year": [2022]}),
        ((), 2023, {"year": [2023], "yearOf": "report"}),
        (("二〇二三",), "2023", {"year": [2023], "yearOf": "report"}),
        (("２０２３", "12345"), None, {}),
    ],
)
def test_a_fact_has_its_own_years_else_that_of_its_report(said, report, years):
    assert describe_years(said, report) == years


def test_places_that_lie_in_each_other_are_one_and_others_none():
    baoding = {"code": "130600", "name": "保定市", "province": "河北省"}
    assert find_place([region("130600")]) == baoding
    assert find_place([region("130000"), region("130600")]) == baoding
    assert find_place([region("130632"), region("130600")]) == {
        "code": "130632",
        "name": "安新县",
        "province": "河北省",
    }
    assert find_place([region("130600"), region("130100")]) is None
    assert find_place([region("130000")]) == {"code": "130000", "name": "河北省", "province": "河北省"}
    assert find_place([]) is find_place([concept_iri(CATALOGUE, "720201"), region("999999")]) is None


def test_the_page_knows_initials_places_classes_and_years(tmp_path: Path):
    graph = build_graph(
        [
            node("安新县职校", aliases="安职|安中", places=f"{region('130632')}|{region('130000')}"),
            node("护理", "Programme", concepts=concept_iri(CATALOGUE, "720201")),
        ],
        [edge("安新县职校", "offersProgramme", "护理", report="r", report_year=2023, modes="订单培养")],
    )
    draw_network(graph, tmp_path / "n.html", title="图")
    data = page_data(tmp_path / "n.html")
    school, programme = data["entities"]
    assert school["letters"] == ["axxzx", "az", "az"]
    assert school["aliases"] == ["安中", "安职"] and school["place"]["name"] == "安新县" and "classes" not in school
    assert programme["classes"] == [{"code": "7202", "name": "护理类", "category": "医药卫生大类", "level": "中职"}]
    assert "place" not in programme
    assert [(fact["year"], fact["yearOf"]) for fact in data["facts"]] == [([2023], "report")]
    assert [mode["name"] for mode in data["modes"]] == ["订单培养"]
    assert data["view"] == {"kind": "whole", "words": {"zh": "图", "en": "图"}}


def test_modes_come_in_the_order_of_the_legend_with_unknown_ones_last():
    found = list_modes(["其他", "新方式", "现代学徒制", "顶岗实习"])
    assert [mode["name"] for mode in found] == ["顶岗实习", "现代学徒制", "其他", "新方式"]
    assert [mode["en"] for mode in found[:2]] == ["internship", "modern apprenticeship"]


def test_every_mode_and_predicate_has_a_look_of_its_own():
    assert set(MODE_STYLES) == {mode.notation for mode in load_schema().lists["modes"]}
    assert set(PREDICATE_STYLES) == {*Predicate, SHARES}
    looks = [(color, *dashes) for color, dashes in MODE_STYLES.values()]
    assert len(set(looks)) == len(looks)


def test_lines_and_borders_stand_out_from_the_white_ground():
    colors = {color for color, _ in (*MODE_STYLES.values(), *PREDICATE_STYLES.values())}
    for color in colors | {border for _, _, border in TYPE_STYLES.values()}:
        red, green, blue = linear(color)
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 3, color


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_of_modes_are_told_apart_by_all_eyes(sight):
    seen = {color: lightness(color, SIGHTS[sight]) for color in {color for color, _ in MODE_STYLES.values()}}
    for (one, a), (other, b) in itertools.combinations(seen.items(), 2):
        assert sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5 > 20, (one, other)  # CIE76; 2.3 is just seen


@pytest.mark.parametrize("sight", SIGHTS)
def test_bars_of_modes_of_one_colour_are_told_apart_by_all_eyes(sight):
    """Between colours the border tells, which is that of the line."""
    shades = shade_modes(MODE_STYLES)
    assert [border for _, border in shades.values()] == [color for color, _ in MODE_STYLES.values()]
    for (one, (fill, border)), (other, (fill_, border_)) in itertools.combinations(shades.items(), 2):
        if border == border_:
            a, b = lightness(fill, SIGHTS[sight]), lightness(fill_, SIGHTS[sight])
            assert sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5 > 20, (one, other)


def linear(color: str) -> list[float]:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lightness(color: str, sight: tuple) -> tuple[float, float, float]:
    """CIE L*a*b* of a colour as an eye sees it."""
    rgb = linear(color)
    r, g, b = (min(1.0, max(0.0, sum(row[at] * rgb[at] for at in range(3)))) for row in sight)
    x, y, z = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
