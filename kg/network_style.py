"""How the picture's types, relations and modes look.

Shape and dashes tell apart what a colour is shared by, so that nothing hangs on colour alone. The colours of types are
those of Okabe and Ito (Color Universal Design), which colour-blind people can tell apart; borders and lines
keep a contrast of 3:1 to the white ground (WCAG 1.4.11).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.schema import load_schema

# (shape of vis-network, fill, border). Colour tells the family and shape the type.
TYPE_STYLES: dict[str, tuple[str, str, str]] = {
    "School": ("dot", "#0072B2", "#004C78"),
    "Enterprise": ("square", "#E69F00", "#8A5F00"),
    "Hospital": ("triangle", "#CC79A7", "#8C3F69"),
    "Kindergarten": ("triangleDown", "#F0E442", "#7D7500"),
    "Institution": ("diamond", "#009E73", "#00674B"),
    "Government": ("hexagon", "#6B6B6B", "#3D3D3D"),
    "EducationGroup": ("star", "#D55E00", "#8F3F00"),
    "Alliance": ("diamond", "#D55E00", "#8F3F00"),
    "Community": ("hexagon", "#D55E00", "#8F3F00"),
    "Consortium": ("triangle", "#D55E00", "#8F3F00"),
    "TrainingBase": ("square", "#56B4E9", "#1F6E9C"),
    "Programme": ("triangleDown", "#8E7CC3", "#55418E"),
    "Designation": ("star", "#F0E442", "#7D7500"),
    "Region": ("hexagon", "#DDDDDD", "#5A5A5A"),
}
OTHER_STYLE = ("dot", "#FFFFFF", "#3D3D3D")

SHARES = "sharesPartners"  # between schools that work with the same partners: drawn, never stated
LEADER = "牵头"  # the role whose line is as solid as that of the host

# (colour, dashes) of a line, the most telling predicate first: it gives a line of several its look.
PREDICATE_STYLES: dict[str, tuple[str, list[int]]] = {
    "partnersWith": ("#7A8794", []),
    "collaboratesWith": ("#0072B2", []),
    SHARES: ("#7A8794", []),
    "hostsGroup": ("#B34F00", []),
    "memberOf": ("#B34F00", [7, 4]),
    "operatesBase": ("#1F6E9C", [2, 3]),
    "administeredBy": ("#6B6B6B", [7, 3, 2, 3]),
    "offersProgramme": ("#7A66B8", [2, 3]),
    "designatedAs": ("#7D7500", [2, 3]),
    "locatedIn": ("#7A7A7A", [2, 3]),
}
OTHER_LINE = ("#6B6B6B", [2, 3])

_SOLID: list[int] = []
_DASHED, _DOTTED = [8, 4], [2, 3]

# (colour, dashes) of a mode by its notation, in the legend's order: three modes that are near to each other share a
# colour, first what is done with students, then what is built together, last what schools do among themselves.
MODE_STYLES: dict[str, tuple[str, list[int]]] = {
    "顶岗实习": ("#0652B1", _SOLID),
    "订单培养": ("#0652B1", _DASHED),
    "现代学徒制": ("#0652B1", _DOTTED),
    "共建实训基地": ("#D53C0D", _SOLID),
    "引企入校": ("#D53C0D", _DASHED),
    "专业共建": ("#D53C0D", _DOTTED),
    "课程教材共建": ("#49A266", _SOLID),
    "师资共建": ("#49A266", _DASHED),
    "技术研发": ("#49A266", _DOTTED),
    "生产合作": ("#532E01", _SOLID),
    "职业培训": ("#532E01", _DASHED),
    "就业合作": ("#532E01", _DOTTED),
    "贯通培养": ("#9E2D6A", _SOLID),
    "联合办学": ("#9E2D6A", _DASHED),
    "对口支援": ("#9E2D6A", _DOTTED),
    "结对共建": ("#1A1A1A", _SOLID),
    "其他": ("#1A1A1A", _DOTTED),
}


def list_modes(present: Iterable[str]) -> list[dict[str, Any]]:
    """The modes that occur, in the legend's order, with names in both languages; unknown ones last, under their own."""
    found = set(present)
    known = {each.notation: each for each in load_schema().lists["modes"]}
    order = [*(mode for mode in MODE_STYLES if mode in found), *sorted(found - MODE_STYLES.keys())]
    modes = []
    for mode in order:
        color, dashes = MODE_STYLES.get(mode, OTHER_LINE)
        zh, en = (known[mode].label_zh, known[mode].label_en) if mode in known else (mode, mode)
        modes.append({"name": mode, "zh": zh, "en": en, "color": color, "dashes": dashes})
    return modes


def shade_modes(present: Iterable[str]) -> dict[str, list[str]]:
    """Fill and border of each mode that occurs, in the legend's order.

    A bar has no dashes: of the modes that share a colour the dashed one is paler, the dotted one paler still.
    """
    return {mode["name"]: [_lighten(mode["color"], mode["dashes"]), mode["color"]] for mode in list_modes(present)}


def _lighten(color: str, dashes: list[int]) -> str:
    share = 1.0 if dashes == _SOLID else 0.55 if dashes == _DASHED else 0.1  # of the colour, the rest is white
    parts = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


def list_lines() -> Mapping[str, dict[str, Any]]:
    """The looks of lines by predicate, the most telling first."""
    return {name: {"color": color, "dashes": dashes} for name, (color, dashes) in PREDICATE_STYLES.items()}
