"""Who there is in a made graph: cities with their schools, and whoever they work with. Names are drawn by ``made_names``.

A world is drawn city by city, each from a source of its own: a city has the same schools in a large graph as in a
small one. Nobody real is meant.
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, zip_longest
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from made_names import (
    BODIES,
    DESIGNATIONS,
    FIELDS,
    HOSPITALS,
    INDUSTRIES,
    OFFICES,
    PROGRAMMES,
    SCHOOL_KINDS,
    TRADES,
    Maker,
    by_code,
    by_parent,
    province_of,
)

from kg.model import EntityType
from kg.reference_data import (
    CATALOGUE,
    REGIONS,
    Region,
    load_catalogue,
    load_programme_names,
    programme_name_kinds,
    short_region_name,
)
from kg.registry import BASE

T = EntityType
X = TypeVar("X")

NATIONWIDE = 120  # enterprises that work with schools all over the country
SCHOOLS_OF_CITY = 14  # that its report names; those that report themselves are fewer
KINDERGARTENS = ("第一幼儿园", "第二幼儿园", "实验幼儿园", "机关幼儿园", "中心幼儿园")
DIRECTIONS = {"护理": "老年护理", "汽车运用与维修": "新能源汽车", "计算机应用": "网络运维", "电子商务": "直播运营"}
BASE_KINDS = ("实训中心", "实训室", "校外实习基地", "生产性实训基地", "实训车间", "产教融合实践中心")


@dataclass(frozen=True)
class Thing:
    """An entity. ``link`` and ``unlinked`` are as statement files write them, without evidence."""

    type: EntityType
    name: str
    aliases: tuple[str, ...] = ()
    link: tuple[str, str, str] | None = None  # scheme, code, how
    unlinked: tuple[str, str, tuple[str, ...]] | None = None  # scheme, why, proposals
    owner: str = ""  # of a base: many schools have one of the same name

    @property
    def iri(self) -> str:
        return _iri(self.type, f"{self.owner}|{self.name}")


@cache
def _iri(kind: EntityType, key: str) -> str:
    return f"{BASE}{kind.value.lower()}/{hashlib.sha256(f'{kind}|{key}'.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Tie:
    """What a school and a partner do together, from ``first`` to ``last``: the same from year to year, as reports repeat it."""

    partner: Thing
    modes: tuple[str, ...]
    programmes: tuple[Thing, ...]
    headcount: int
    first: int
    last: int


@dataclass(eq=False)
class School:
    thing: Thing
    region: Thing  # the narrowest: its county
    office: Thing
    college: bool
    programmes: tuple[Thing, ...] = ()
    ties: tuple[Tie, ...] = ()
    bases: tuple[Thing, ...] = ()
    designations: tuple[tuple[Thing, int], ...] = ()
    memberships: tuple[tuple[Thing, str, int], ...] = ()  # group, role, since
    hosts: tuple[tuple[Thing, int], ...] = ()
    sister_schools: tuple[tuple[Thing, str, tuple[Thing, ...], int], ...] = ()  # school, mode, programmes, since
    size: int = 0  # pupils in the first year


@dataclass(eq=False)
class City:
    region: Region
    thing: Thing
    province: str
    schools: list[School] = field(default_factory=list)
    groups: tuple[Thing, ...] = ()
    bureau: Thing = field(default_factory=lambda: Thing(T.GOVERNMENT, "教育局"))


class World:
    """Draws cities one after the other; what is nationwide is drawn first."""

    def __init__(self, seed: int, years: Sequence[int]) -> None:
        self.seed = seed
        self.years = tuple(years)
        make = Maker(seed)
        self.giants = _distinct(make, NATIONWIDE, _giant)
        self.giant_weights = list(accumulate(1 / rank for rank in range(1, NATIONWIDE + 1)))  # a long tail
        self.associations = _distinct(make, 20, lambda m: Thing(T.INSTITUTION, f"全国{m.pick(TRADES)}行业协会"))
        self.communities = _distinct(
            make, 24, lambda m: Thing(T.COMMUNITY, f"全国{m.pick(INDUSTRIES)}{m.pick(TRADES)}行业产教融合共同体")
        )
        provinces = sorted({province_of(county).code for group in by_parent().values() for county in group})
        self.colleges = tuple(
            Thing(T.SCHOOL, f"{short_region_name(by_code()[code].name)}{make.brand()}职业技术学院")
            for code in provinces
            for _ in range(3)
        )
        self.places = _in_turn(make, provinces)

    def city(self, at: int) -> City:
        """The city at a place of the order, with all that its schools' reports can say."""
        region = self.places[at % len(self.places)]
        make = Maker(hash_of(self.seed, region.code))
        city = City(region, _region(region), province_of(region).name)
        counties = by_parent()[region.code]
        city.bureau = Thing(T.GOVERNMENT, f"{region.name}教育局", ("市教育局",) if make.random.random() < 0.3 else ())
        partners = _Partners(make, region, counties)
        city.groups = (
            *(Thing(T.EDUCATION_GROUP, f"{region.name}{each}职业教育集团") for each in make.two(FIELDS)),
            *(Thing(T.ALLIANCE, f"{region.name}{each}专业联盟") for each in make.two(FIELDS)),
            Thing(T.CONSORTIUM, f"{region.name}{make.pick(INDUSTRIES)}市域产教联合体"),
        )
        for number in range(SCHOOLS_OF_CITY):
            city.schools.append(self._school(make, city, make.pick(counties) if number % 3 else region, number))
        for school in city.schools:
            self._fill(make, school, city, partners)
        return city

    def _school(self, make: Maker, city: City, place: Region, number: int) -> School:
        college = number == SCHOOLS_OF_CITY - 1  # one that does not report: colleges have reports of another kind
        kind = "职业技术学院" if college else make.pick(SCHOOL_KINDS)
        brand = make.brand()
        short = short_region_name(place.name) + brand + {"职业教育中心": "职教中心"}.get(kind, kind[:2] + "校")
        draw = make.random.random()
        aliases = () if draw < 0.4 else (short,) if draw < 0.8 else (short, brand + kind[:2] + "校")
        county = place.level == "county"
        office = Thing(T.GOVERNMENT, f"{place.name}教育局") if county else city.bureau
        return School(Thing(T.SCHOOL, place.name + brand + kind, aliases), _region(place), office, college)

    def _fill(self, make: Maker, school: School, city: City, partners: _Partners) -> None:
        rng, first = make.random, self.years[0]
        school.size = int(min(9000, max(260, rng.lognormvariate(7.4, 0.5))))
        school.programmes = _draw_programmes(rng, rng.randint(9, 15), college=school.college)
        own = [self._own(make, city) for _ in range(rng.randint(12, 24))]
        giants = _some(rng.choices(self.giants, cum_weights=self.giant_weights, k=rng.choice((2, 4, 5, 6, 9))), 9)
        local = partners.draw(rng)
        some = [*own, *giants, *local, rng.choice(self.associations)]
        school.ties = tuple(self._tie(rng, each, school) for each in some)
        owner = city.region.name if rng.random() < 0.2 else ""
        school.bases = tuple(
            Thing(T.TRAINING_BASE, f"{owner}{name.split('（')[0]}{rng.choice(BASE_KINDS)}", owner=school.thing.name)
            for name in rng.sample([each.name for each in school.programmes], rng.randint(6, 9))
        )
        level = ("国家级", "省级", "市级", city.province, city.region.name)
        school.designations = tuple(
            (Thing(T.DESIGNATION, f"{rng.choice(level)}{rng.choice(DESIGNATIONS)}"), first - rng.randint(0, 15))
            for _ in range(rng.randint(3, 6))
        )
        groups = [*rng.sample(city.groups, 3), *rng.sample(self.communities, rng.choice((0, 1, 1, 2)))]
        roles = ("牵头", "常务理事", "理事", "成员", "成员", "成员")
        school.memberships = tuple((group, rng.choice(roles), first - rng.randint(0, 4)) for group in groups)
        school.hosts = tuple((group, first - rng.randint(0, 4)) for group in city.groups if rng.random() < 0.25)
        others = [other.thing for other in rng.sample(city.schools, 3) if other is not school]
        near = [*others, *rng.sample(self.colleges, rng.randint(2, 4))]
        school.sister_schools = tuple(
            (
                other,
                "贯通培养" if "学院" in other.name else rng.choice(("结对共建", "对口支援", "师资共建", "联合办学")),
                tuple(rng.sample(school.programmes, rng.choice((0, 1, 1, 2)))),
                first - rng.randint(0, 3),
            )
            for other in near
        )

    def _own(self, make: Maker, city: City) -> Thing:
        """A firm that hardly another school works with."""
        place = make.pick(["", "", city.region.name, short_region_name(city.region.name)])
        return _firm(make, place)

    def _tie(self, rng: random.Random, partner: Thing, school: School) -> Tie:
        first = rng.choice((self.years[0], *self.years))
        last = first + rng.choice((0, 0, 0, 1, 1, 2, 9))
        usual = {
            T.HOSPITAL: ("顶岗实习", "师资共建"),
            T.KINDERGARTEN: ("顶岗实习", "共建实训基地"),
            T.GOVERNMENT: ("职业培训", "其他"),
            T.INSTITUTION: ("职业培训", "技术研发", "共建实训基地"),
        }.get(partner.type, MODES)
        modes = tuple(dict.fromkeys(rng.choices(usual, k=rng.choice((1, 1, 1, 1, 2, 2, 3)))))
        programmes = tuple(rng.sample(school.programmes, rng.choice((0, 1, 1, 1, 1, 2)))) if rng.random() < 0.8 else ()
        return Tie(partner, modes, programmes, rng.randint(3, 80), first, last)


MODES = (
    *("顶岗实习",) * 9,
    *("订单培养",) * 3,
    *("现代学徒制",) * 2,
    *("共建实训基地",) * 4,
    *("师资共建",) * 3,
    "引企入校",
    "专业共建",
    "课程教材共建",
    "技术研发",
    "生产合作",
    "职业培训",
    "就业合作",
    "其他",
)


class _Partners:
    """Those of one city that several of its schools work with."""

    def __init__(self, make: Maker, region: Region, counties: Sequence[Region]) -> None:
        places = [region, *counties[:6]]
        self.firms = [_firm(make, make.pick([region.name, ""])) for _ in range(40)]
        self.hospitals = [Thing(T.HOSPITAL, place.name + kind) for place in places for kind in HOSPITALS[:3]]
        self.kindergartens = [Thing(T.KINDERGARTEN, place.name + kind) for place in places for kind in KINDERGARTENS]
        self.offices = [Thing(T.GOVERNMENT, place.name + kind) for place in places[:3] for kind in OFFICES[1:]]
        self.bodies = [Thing(T.INSTITUTION, region.name + kind) for kind in BODIES]

    def draw(self, rng: random.Random) -> list[Thing]:
        return [
            *rng.sample(self.firms, rng.randint(4, 9)),
            *rng.sample(self.hospitals, rng.randint(2, 5)),
            *rng.sample(self.kindergartens, rng.randint(3, 6)),
            *rng.sample(self.offices, rng.randint(1, 3)),
            *rng.sample(self.bodies, rng.randint(1, 3)),
        ]


def hash_of(*parts: object) -> int:
    """A seed out of words and numbers, the same in every process."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:8], "big")


def programme(name: str, level: str = "中职") -> Thing:
    """A programme with its link to the catalogue, as the machine links names of schools of this level."""
    short = _short_programmes().get(name)
    aliases = (short,) if short and hash_of(name) % 3 else ()
    plain = name.split("（")[0]
    if code := _codes(level).get(plain):
        how = "direction" if plain != name else "code" if hash_of(name) % 2 else "exact"
        return Thing(T.PROGRAMME, name, aliases, link=(CATALOGUE, code, how))
    why = {"older": "older-name", "trade": "trade"}.get(programme_name_kinds().get(name, ""), "not-in-scheme")
    proposals = () if why == "trade" else tuple(sorted(_codes(level).values())[hash_of(name) % 300 :][:4])
    return Thing(T.PROGRAMME, name, unlinked=(CATALOGUE, why, proposals))


@cache
def _codes(level: str) -> dict[str, str]:
    return {entry.name: entry.code for entry in load_catalogue() if entry.level == level}


@cache
def _short_programmes() -> dict[str, str]:
    kinds = programme_name_kinds()
    return {full: short for short, full in load_programme_names().items() if kinds.get(short) == "short"}


@cache
def _programme_pools(college: bool) -> tuple[list[Thing], list[int], list[Thing]]:
    """Programmes of the catalogue, how often each is drawn, and names outside of it."""
    common = [name for name in PROGRAMMES if name in _codes("中职")]
    if college:  # only what the catalogue has at this level alone: links of one name that disagree are no links
        names = sorted(set(_codes("高职专科")) - set(_codes("中职")))
        return [programme(name, "高职专科") for name in names], list(range(1, len(names) + 1)), []
    rest = sorted(set(_codes("中职")) - set(common))
    rest.sort(key=hash_of)
    named = [*common, *rest]
    weights = list(accumulate(1_000_000 // (rank + 4) ** 2 + 1000 for rank in range(len(named))))
    outside = [name for name, kind in programme_name_kinds().items() if kind in ("older", "trade")]
    return [programme(name) for name in named], weights, [programme(name) for name in sorted(outside)]


def _draw_programmes(rng: random.Random, count: int, *, college: bool) -> tuple[Thing, ...]:
    linked, weights, outside = _programme_pools(college)
    drawn: list[Thing] = []
    unlinked = rng.sample(outside, count // 4) if outside else []
    while len(drawn) < count - len(unlinked):
        drawn = _some([*drawn, *rng.choices(linked, cum_weights=weights, k=count)], count - len(unlinked))
    drawn += unlinked
    for at, each in enumerate(drawn):
        if each.name in DIRECTIONS and rng.random() < 0.1:
            drawn[at] = programme(f"{each.name}（{DIRECTIONS[each.name]}）")
    return tuple(drawn)


def _some(drawn: Sequence[Thing], count: int) -> list[Thing]:
    """The first few of what was drawn, each once."""
    return list(dict.fromkeys(drawn))[:count]


def _distinct(make: Maker, count: int, draw: Callable[[Maker], Thing]) -> tuple[Thing, ...]:
    found: dict[str, Thing] = {}
    while len(found) < count:
        thing = draw(make)
        found.setdefault(thing.name, thing)
    return tuple(found.values())


def _giant(make: Maker) -> Thing:
    brand, trade = make.brand(), make.pick(TRADES)
    return Thing(
        T.ENTERPRISE, f"{brand}{trade}集团股份有限公司", (f"{brand}集团", f"{brand}{trade}")[: make.pick((1, 2))]
    )


def _firm(make: Maker, place: str) -> Thing:
    brand, trade = make.brand(), make.pick(TRADES)
    draw = make.random.random()
    aliases = () if draw < 0.7 else (brand + trade,) if draw < 0.95 else (brand + trade, place + brand + trade)
    name = place + brand + trade + make.pick(("有限公司", "有限责任公司", "股份有限公司", "厂"))
    return Thing(T.ENTERPRISE, name, tuple(dict.fromkeys(alias for alias in aliases if alias != name)))


def _region(region: Region) -> Thing:
    return Thing(T.REGION, region.name, link=(REGIONS, region.code, "exact"))


def _in_turn(make: Maker, provinces: Sequence[str]) -> tuple[Region, ...]:
    """Cities, those of every province in turn."""
    queues: defaultdict[str, list[Region]] = defaultdict(list)
    for code in sorted(by_parent()):
        queues[province_of(by_code()[code]).code].append(by_code()[code])
    order = list(provinces)
    make.random.shuffle(order)
    for queue in queues.values():
        make.random.shuffle(queue)
    return tuple(city for turn in zip_longest(*(queues[code] for code in order)) for city in turn if city is not None)
