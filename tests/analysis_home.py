"""Homes with invented schools and partners in real places, told in a few lines, for the tests of analyses.

A report is ``(id, publisher, year)`` with what it says: ``("合作", school, partner, {"programmes": …, "modes": …})``,
``("开设", school, programme, {…})``, ``("加入", member, group, {})``, ``("位于", school, place, {})``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from kg import store
from kg.frames import Frames, read_frames
from kg.reference_data import CATALOGUE, REGIONS, load_catalogue, load_regions

Saying = tuple[str, str, str, Mapping[str, Any]]
Report = tuple[str, str, int | None]

PREDICATES = {
    "合作": "partnersWith",
    "开设": "offersProgramme",
    "加入": "memberOf",
    "位于": "locatedIn",
    "校际": "collaboratesWith",
}
ENDINGS = {
    "学校": ("School", "school"),
    "医院": ("Hospital", "hospital"),
    "幼儿园": ("Kindergarten", "kindergarten"),
    "集团": ("EducationGroup", "education-group"),
}


def iri_of(name: str, salt: str = "") -> str:
    """The IRI of what bears a name in these homes."""
    return f"https://w3id.org/zhijiao-kg/id/{_kind(name)[1]}/{hashlib.sha256((salt + name).encode()).hexdigest()[:12]}"


def make_home(folder: Path, reports: Mapping[Report, Sequence[Saying]], salts: Mapping[str, str] = {}) -> Path:
    """A home of these reports; ``salts`` gives some names other IRIs than they have otherwise."""
    (folder / "statements").mkdir(parents=True)
    for (report, publisher, year), sayings in reports.items():
        rows = list(_write(report, publisher, year, sayings, salts))
        text = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
        (folder / "statements" / f"{report}.jsonl").write_text(text, encoding="utf-8")
    store.rebuild(folder)
    return folder


def read_home(folder: Path, reports: Mapping[Report, Sequence[Saying]], salts: Mapping[str, str] = {}) -> Frames:
    return read_frames(make_home(folder, reports, salts))


@cache
def shared_world() -> Path:
    """One home of WORLD for all tests of a process."""
    return make_home(Path(mkdtemp(prefix="kg-world-")) / "home", WORLD)


def _write(report: str, publisher: str, year: int | None, sayings: Sequence[Saying], salts: Mapping[str, str]):
    yield {
        "kind": "report",
        "report": report,
        "source": f"{report}.docx",
        "sha256": "ab" * 32,
        "title": f"{publisher}质量年度报告",
        "level": "school",
        "publisher": publisher,
        "region": "",
        "year": year,
        "characters": 1000,
        "extractors": "0.1.0",
    }
    names = dict.fromkeys([publisher])
    for _, subject, target, qualifiers in sayings:
        names |= dict.fromkeys([subject, target, *qualifiers.get("programmes", ())])
    iris = {name: iri_of(name, salts.get(name, "")) for name in names}
    for name in names:
        yield {"kind": "entity", "iri": iris[name], "type": _kind(name)[0], "name": name, "aliases": []} | _link(name)
    for at, (word, subject, target, qualifiers) in enumerate(sayings):
        yield {
            "kind": "statement",
            "id": hashlib.sha256(f"{report} {at}".encode()).hexdigest()[:16],
            "predicate": PREDICATES[word],
            "subject": iris[subject],
            "object": iris[target],
            "qualifiers": dict(qualifiers),
            "said": {"subject": subject, "object": target},
            "evidence": _evidence(f"{subject}{word}{target}。", at),
            "extractor": "test",
        } | ({"programmes": [iris[each] for each in qualifiers["programmes"]]} if "programmes" in qualifiers else {})


def _evidence(text: str, at: int = 0) -> dict[str, Any]:
    return {"text": text, "start": 100 * at, "end": 100 * at + len(text), "section": "四、合作", "page": at + 1}


def _kind(name: str) -> tuple[str, str]:
    if name in _codes(REGIONS):
        return "Region", "region"
    if name in _codes(CATALOGUE) or name in UNLINKED:
        return "Programme", "programme"
    return next((kind for ending, kind in ENDINGS.items() if name.endswith(ending)), ("Enterprise", "enterprise"))


def _link(name: str) -> dict[str, Any]:
    for scheme in (REGIONS, CATALOGUE):
        if name in _codes(scheme):
            code = _codes(scheme)[name]
            link = {"scheme": scheme, "code": code, "how": "exact", "words": name, "evidence": _evidence(name)}
            return {"link": link}
    return {}


@cache
def _codes(scheme: str) -> dict[str, str]:
    if scheme == REGIONS:
        return {each.name: each.code for each in load_regions()}
    return {each.name: each.code for each in load_catalogue() if each.level == "中职"}


UNLINKED = ("学前教育", "茶艺")
CARS, MACHINES, ROBOTS, NURSES = "汽车运用与维修", "机电技术应用", "工业机器人技术应用", "护理"
# 云岭 in 安新县 and 星河 in 容城县 are in one prefecture (保定市), 东湖 in 宁晋县 in the same province, 南山 in 新乡市 elsewhere.
CLOUD, STAR, LAKE, HILL = "云岭职业学校", "星河职业学校", "东湖职业学校", "南山职业学校"
GREAT, SMALL, ROBOTICS, ELECTRICS, FAR_OFF = (
    "甲途汽车公司",
    "庚光电子公司",
    "乙智机器人公司",
    "容城县丙电器厂",
    "己远汽车公司",
)
WARD, NURSERY, GROUP = "丁康医院", "戊芽幼儿园", "北方职教集团"
WORLD: Mapping[Report, Sequence[Saying]] = {
    ("yunling-2023", CLOUD, 2023): (
        ("位于", CLOUD, "安新县", {}),
        ("开设", CLOUD, CARS, {}),
        ("开设", CLOUD, MACHINES, {}),
        ("开设", CLOUD, NURSES, {}),
        ("开设", CLOUD, "学前教育", {}),
        ("开设", CLOUD, "茶艺", {"status": "停办", "year": 2023}),
        ("合作", CLOUD, GREAT, {"programmes": [CARS], "modes": ["订单培养"], "headcount": 40}),
        ("合作", CLOUD, SMALL, {"programmes": [CARS], "modes": ["顶岗实习"]}),
        ("合作", CLOUD, WARD, {"programmes": [NURSES], "modes": ["顶岗实习"], "year": 2023}),
        ("合作", CLOUD, NURSERY, {"modes": ["顶岗实习"]}),
    ),
    ("xinghe-2023", STAR, 2023): (
        ("位于", STAR, "容城县", {}),
        ("合作", STAR, GREAT, {"programmes": [CARS]}),
        ("合作", STAR, SMALL, {}),
        ("合作", STAR, ROBOTICS, {"programmes": [ROBOTS], "modes": ["订单培养"]}),
        ("合作", STAR, ELECTRICS, {"programmes": [MACHINES], "modes": ["现代学徒制"]}),
    ),
    ("donghu-2023", LAKE, 2023): (
        ("位于", LAKE, "宁晋县", {}),
        ("加入", LAKE, GROUP, {}),
        ("合作", LAKE, GREAT, {"programmes": [CARS]}),
    ),
    ("nanshan-2023", HILL, 2023): (
        ("位于", HILL, "新乡市", {}),
        ("加入", HILL, GROUP, {}),
        ("合作", HILL, GREAT, {"programmes": [CARS]}),
        ("合作", HILL, FAR_OFF, {"programmes": [CARS]}),
    ),
}
