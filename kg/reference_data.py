"""The reference data that travels with the package, each read once: programmes, regions, companies."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

# The names of the two schemes, as statement files and IRIs write them.
CATALOGUE = "programme-catalogue-2021"
REGIONS = "gb-t-2260"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A programme of the ministry's catalogue of 2021; ``level`` is 中职, 高职专科 or 职教本科.

    Categories (大类) and classes (类) have codes of their own at each level: 72 and 7202 at 中职, 52 and 5202 at 高职专科.
    """

    code: str
    name: str
    level: str
    class_name: str
    category: str
    class_code: str = ""
    category_code: str = ""
    note: str = ""  # of a later addition: when it was added


@dataclass(frozen=True, slots=True)
class Region:
    """A place of GB/T 2260; ``level`` is province, prefecture or county; ``parent`` the parent's code.

    ``longitude`` and ``latitude`` are decimal degrees as the source writes them, "" where unknown.
    """

    code: str
    name: str
    level: str
    parent: str
    longitude: str = ""
    latitude: str = ""


@dataclass(frozen=True, slots=True)
class Rename:
    """A programme's former name and the code that an official text says it has now; ``source`` names the text."""

    former: str
    level: str
    code: str
    source: str


def _open(name: str) -> str:
    return (files("kg.reference") / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def load_catalogue() -> tuple[CatalogueEntry, ...]:
    rows = csv.DictReader(_open("programme-catalogue.csv").splitlines())
    return tuple(
        CatalogueEntry(
            *(r[key] for key in ("code", "name", "level", "class", "category", "class_code", "category_code", "note"))
        )
        for r in rows
    )


@lru_cache(maxsize=1)
def load_regions() -> tuple[Region, ...]:
    """All places; a prefecture without counties, which the list has once more as its own county, stands once."""
    rows = csv.DictReader(_open("regions.csv").splitlines())
    keys = ("code", "name", "level", "parent", "longitude", "latitude")
    return tuple(Region(*(r[key] for key in keys)) for r in rows if r["code"] != r["parent"])


@lru_cache(maxsize=1)
def load_renames() -> tuple[Rename, ...]:
    """Renames that official texts state; none where no such text is at hand."""
    rows = csv.DictReader(_open("programme-renames.csv").splitlines())
    return tuple(Rename(r["former"], r["level"], r["code"], r["source"]) for r in rows)


def read_schemes() -> bytes:
    """The files behind the two schemes as they lie there, for whoever asks whether they changed."""
    folder = files("kg.reference")
    return b"".join((folder / name).read_bytes() for name in ("programme-catalogue.csv", "regions.csv"))


@lru_cache(maxsize=1)
def load_companies() -> frozenset[str]:
    return frozenset(_lines("companies.txt"))


@lru_cache(maxsize=1)
def load_programme_names() -> dict[str, str]:
    """Names outside the catalogue of 2021 → the name they are short for, or themselves."""
    result: dict[str, str] = {}
    for line in _lines("programme-names.txt"):
        name, _, full = (part.strip() for part in line.partition("="))
        if not name.startswith("["):
            result[name] = full or name
    return result


@lru_cache(maxsize=1)
def programme_name_kinds() -> dict[str, str]:
    """Names outside the catalogue of 2021 → older, trade or short: the part of the list that they stand in."""
    result: dict[str, str] = {}
    kind = ""
    for line in _lines("programme-names.txt"):
        if line.startswith("["):
            kind = line.strip("[]")
        else:
            result.setdefault(line.partition("=")[0].strip(), kind)
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
        if region.name.endswith(("自治县", "自治旗")):  # 彭水苗族土家族自治县 is 彭水县 for its neighbours
            names.add(_ALL_PEOPLES.sub("", region.name[:-3]) + region.name[-1])
    return frozenset(names)


@lru_cache(maxsize=1)
def provinces() -> tuple[str, ...]:
    """Full names of provinces, autonomous regions and municipalities."""
    return tuple(region.name for region in load_regions() if region.level == "province")


_ALL_PEOPLES = re.compile(
    r"(?<=..)(?:(?:回|壮|苗|彝|土家|侗|布依|傣|蒙古|哈萨克|朝鲜|满|瑶|白|羌|黎|畲|哈尼|傈僳|景颇|锡伯|东乡|保安|撒拉|土|仡佬|水|毛南|仫佬"
    r"|裕固|塔吉克|达斡尔|鄂温克|纳西|藏|佤|拉祜|布朗|普米|怒|独龙|各)族|锡伯|蒙古|哈萨克|塔吉克|柯尔克孜|达斡尔)+$"
)
_PEOPLES = re.compile(
    r"(?:壮族|回族|维吾尔|藏族|苗族|彝族|土家族|侗族|布依族|傣族|蒙古族|蒙古|哈萨克|朝鲜族|满族|瑶族|白族|羌族|黎族|畲族|哈尼族|傈僳族|景颇族|柯尔克孜)+$"
)


@lru_cache(maxsize=8192)
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
