"""The reference data that travels with the package, each read once: programmes, regions, companies."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A programme of the ministry's catalogue of 2021; ``level`` is 中职, 高职专科 or 职教本科."""

    code: str
    name: str
    level: str
    class_name: str
    category: str


@dataclass(frozen=True, slots=True)
class Region:
    """A place of GB/T 2260; ``level`` is province, prefecture or county; ``parent`` the parent's code."""

    code: str
    name: str
    level: str
    parent: str


def _open(name: str) -> str:
    return (files("kg.reference") / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def load_catalogue() -> tuple[CatalogueEntry, ...]:
    rows = csv.DictReader(_open("programme-catalogue.csv").splitlines())
    return tuple(CatalogueEntry(r["code"], r["name"], r["level"], r["class"], r["category"]) for r in rows)


@lru_cache(maxsize=1)
def load_regions() -> tuple[Region, ...]:
    rows = csv.DictReader(_open("regions.csv").splitlines())
    return tuple(Region(r["code"], r["name"], r["level"], r["parent"]) for r in rows)


@lru_cache(maxsize=1)
def load_companies() -> frozenset[str]:
    return frozenset(_lines("companies.txt"))


@lru_cache(maxsize=1)
def load_programme_names() -> dict[str, str]:
    """Names outside the catalogue of 2021 → the name they are short for, or themselves."""
    result: dict[str, str] = {}
    for line in _lines("programme-names.txt"):
        name, _, full = (part.strip() for part in line.partition("="))
        result[name] = full or name
    return result


def _lines(name: str) -> list[str]:
    return [line.strip() for line in _open(name).splitlines() if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=1)
def region_names() -> frozenset[str]:
    """Full names of regions and their forms without 市, 县, 区 … where two characters or more are left."""
    names: set[str] = set()
    for region in load_regions():
        names.add(region.name)
        names.add(short_region_name(region.name))
    return frozenset(names)


_PEOPLES = re.compile(
    r"(?:壮族|回族|维吾尔|藏族|苗族|彝族|土家族|侗族|布依族|傣族|蒙古族|蒙古|哈萨克|朝鲜族|满族|瑶族|白族|羌族|黎族|畲族|哈尼族|傈僳族|景颇族|柯尔克孜)+$"
)


def short_region_name(name: str) -> str:
    """A region's name without 省, 市, 县 … and the peoples in it; the name itself where less than two characters are left.

    >>> short_region_name("大理白族自治州")
    '大理'
    """
    short = re.sub(r"(?:特别行政区|自治区|自治州|自治县|自治旗|省|市|地区|盟|州|县|区|旗)$", "", name)
    short = (_PEOPLES.sub("", short) or short) if short != "内蒙古" else short
    return short if len(short) >= 2 else name


@lru_cache(maxsize=1)
def anchor_places() -> frozenset[str]:
    """Places that show where a name begins: full names of regions, and short names of provinces and prefectures."""
    names = {region.name for region in load_regions()}
    for region in load_regions():
        if region.level != "county":
            names.add(short_region_name(region.name))
    return frozenset(name for name in names if len(name) >= 2)
