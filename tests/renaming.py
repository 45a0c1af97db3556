"""Reports under other names: ``python -m tests.renaming --gold DIR [--seed N]... [--keep DIR] [--errors N]``.

Every organisation, base and place that the gold facts name is given another name of its kind, in the reports and in the
gold facts alike, and the reports are scored again. Rules that know the genre read them as before; rules, patterns or
word lists that learnt the reports by heart do not.

What tells the kind of a name stays: legal forms, kinds of schools and offices, trades, ordinals. Places become real
places of another province, short forms included; well-known companies become others of ``companies.txt``; each
character of whatever is left becomes another one, always the same, so that short names change as full names do. All
names are read at run time. The same seed gives the same names.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import shutil
import sys
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parent.parent / "kg" / "reference"
SEEDS = (1, 2, 3)

# Types whose names are made of places and common words alone; no stem is looked for in them.
COMMON_WORDS = ("Designation", "Government", "Region")
UNTOUCHED = "Programme"
ENDINGS = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市", "县", "区", "旗", "盟", "地区", "镇", "乡")
CLASSES = ("自治区", "省", "市")
# Banners and leagues stand in one autonomous region only; elsewhere their rank is a county's or a prefecture's.
ELSEWHERE = {"旗": "县", "盟": "市"}
SIDES = "前后中左右"

NEUTRAL = (
    "宏瑞鑫泰恒源盛嘉博远祥润腾凯辉翔隆昌骏捷锦铭睿诚佳悦晟卓弘毅朗逸轩昊锐翰熙霖晖煜钰琪璟瑾珂琳颖菲薇雅馨怡婷雯萱"
    "沐溪澜浩淼沛涵渊泓洁清涛波森榕桦枫柏桐楠梓杉柳岚峻岭峰巍崇岱屹铮锋钧铠镕铎勋烨炫炜焕炳灿烁旭昱晗晨曜"
    "彬彦彰彤廷延庭康庄礼仪谦谨诺谊诗语韵章竣竞笛筠箫聪联颂颐顺飒骁骐骥鸿鹏鹤鹭麟黎默缘绮绫缇纬纶纯素紫羽翎翊翠"
)

# Words that tell what a name names, or what its bearer deals with.
KIND_WORDS = """
有限责任公司 股份有限公司 集团有限公司 有限公司 分公司 总公司 公司 集团 股份 企业 工厂 厂 店 酒店 宾馆 饭店 餐厅 超市 商场 商贸 贸易
合作社 农场 牧场 庄园 果园 俱乐部 游泳馆 体育馆 健身 影城 影视 酒厂 酒业 面业 乳业 马业 种业 林业 牧业 渔业 矿业 煤业 药业
产业化 产业 实业 工业 农业 商业 服务业 传媒 文化 科技 技术 信息 电子 电力 电气 电器 家电 智能 智慧 数字 数控 网络 软件 通用 航空 机场
汽车 汽修 维修 检测 驾校 机械 机电 机床 刀具 装配 焊接 钣金 涂装 加工 制造 装备 设备 食品 餐饮 饮食 化工 医药 生物 环保 环境 生态 能源
建筑 工程 土木 水利 交通 运输 物流 旅游 金融 财会 财经 会计 保险 银行 服装 纺织 美容 美发 家政 养老 康复 健康 卫生 护理 医疗 畜牧 兽医
农机 农牧 农林 农艺 农学 农产品 作物 小麦 玉米 园艺 园林 种植 养殖 轮滑 足球 体育 艺术 设计 美术 音乐 舞蹈 动漫 创意 传统 书画 摄影
幼儿园 幼儿 小学 初中 高中 中学 中专 职专 职高 职中 职教 职业教育 职业 教育中心 教育 高级 中等 高等 初级 专业 学校 学院 大学 学堂 书院
技师 技工 技能 应用 综合 师范 民族 国立 实验 附属 老年 妇幼 保健 中医 蒙医 人民 中心医院 医院 医科 诊所 卫生院 保健院 中心 总医院
协会 学会 联合会 妇女 青少年 研究院 研究所 研究会 商会 委员会 园区 示范区 开发区 经济区 产业园 科技园 示范园 工业园 园 机构 博物馆
图书馆 电视台 广播 有线 日报 晚报 晨报 画报 时报 报社 报 出版社 视频 网 社区 街道 村 局 厅 部 委 办公室 政府 党委 家庭 工作 服务 中国
职业院校 院校 行业 共同体 联合体 联盟 协同 育人 党建 市域 产教 融合 产学研 职教集团 教育集团 校企 校级 理工类 服务类 艺术服务类 理工 类
基地 实训 实践 生产性 生产 培训 训练 示范 实习 创新 创业 孵化 人才 培养 高技能 后备 竞赛 集训 工作室 楼 大楼 乡村 振兴 农牧民 农民
国家级 国家 自治区级 自治区 省级 市级 县级 旗 县 市 区 镇 乡 级 全国 世界 国际 现代化 现代 绿色 发展 高新 高新区 农高 新能源 无人机
计算机 软硬件 硬质 知识 产权 耕地 土壤 土壤库 库 科研 成果 转移 转化 传染病 防控 与 和 及 的 性 特色 学前 味道 经济 轻工 管理 质量 安全 线上
人力资源 社会保障 发展改革 学生 教师 数创 互联网 物联网 分校 校区 总校 单位 试点 建设 体 卫校 艺校 体校 职校 机 械 一线 研发 实 馆
电商 电子商务 直播 新闻 文学 草业 草原 肉业 粮油 粮食 饲料 化肥 种子 租赁 装饰 广告 印刷 快递 通信 通讯 光伏 风电 材料 新材料 钢铁 冶金
美术家 摄影家 音乐家 书法家 家居 农牧业 中央 关工 巾帼 农大 师大 工大 医大 科大 人兽共患 俄罗斯 白俄罗斯 日本国 日本 韩国 德国 国立 科研院所
"""
ORDINAL = re.compile(r"第?[一二三四五六七八九十]+|[0-9]+")
AFTER_ORDINAL = "职中小高院医批项幼机"  # short for a kind of school, of works, and so on
PLAIN = re.compile(r"[^\u4e00-\u9fff]+")
COMPATIBLE = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]")  # other shapes of common characters
TOWN = re.compile(r".{2,}[镇乡]")
GAP = r"[ \t\u3000]*(?:\n\s*)?"


@dataclass(frozen=True)
class Region:
    """A line of ``regions.csv``; its name is stem and ending."""

    code: str
    name: str
    level: str
    parent: str

    @property
    def ending(self) -> str:
        return next((each for each in ENDINGS if self.name.endswith(each)), "")

    @property
    def stem(self) -> str:
        return self.name.removesuffix(self.ending)

    @property
    def province(self) -> str:
        return self.code[:2]


def read_regions() -> list[Region]:
    with (REFERENCE / "regions.csv").open(encoding="utf-8", newline="") as lines:
        return [Region(row["code"], row["name"], row["level"], row["parent"]) for row in csv.DictReader(lines)]


def read_companies() -> list[str]:
    lines = (REFERENCE / "companies.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


# ---- other places


class Vocabulary:
    """Words that are looked for inside names."""

    words: Collection[str]

    def match(self, name: str, at: int) -> str:
        """The longest of the words that stands at this point of a name."""
        longest = range(min(len(name) - at, 12), 1, -1)
        return next((name[at : at + size] for size in longest if name[at : at + size] in self.words), "")

    def _find_in(self, name: str) -> Iterator[str]:
        at = 0
        while at < len(name):
            word = self.match(name, at)
            if word:
                yield word
            at += len(word) or 1


class Places(Vocabulary):
    """The places that the names hold, and the one that each becomes."""

    def __init__(self, names: dict[str, list[str]], homes: list[str], corpus: str, choice: random.Random) -> None:
        self.regions = read_regions()
        self.corpus, self.choice = corpus, choice
        self.by_code = {region.code: region for region in self.regions}
        self.homes = self._find_homes(homes)
        self.other: dict[str, Region] = {}
        self._swap_provinces()
        self.words = self._list_words()
        used = {self.words[word] for each in names.values() for name in each for word in self._find_in(name)}
        self.used = sorted({region for region, _ in used}, key=lambda region: region.code)
        for region in self.used:
            self._swap(region)

    def _find_homes(self, homes: list[str]) -> list[Region]:
        """The regions that the reports are about: those that gold entities name in full."""
        return [region for region in self.regions if region.name in homes and region.level != "province"]

    def _swap_provinces(self) -> None:
        """Each province becomes another of its class, no two the same."""
        for ending in CLASSES:
            own = [each for each in self.regions if each.level == "province" and each.name.endswith(ending)]
            turned = own[:]
            self.choice.shuffle(turned)
            for at, region in enumerate(turned):
                self.other[region.code] = turned[(at + 1) % len(turned)]

    def _list_words(self) -> dict[str, tuple[Region, str]]:
        """The words for places, each with its region and the form that it is: full, stem, or shorter."""
        words: dict[str, tuple[Region, str]] = {}
        home_codes = {code for region in self.homes for code in (region.code, region.parent)}
        for region in self.regions:
            near = region.code in home_codes or region.parent in home_codes
            if region.ending and len(region.name) > 2:
                words.setdefault(region.name, (region, "full"))
            if len(region.stem) > 1 and (region.level != "county" or near):
                words.setdefault(region.stem, (region, "stem"))
            if region.level == "province" and len(region.stem) > 2:
                words.setdefault(region.stem[:2], (region, "stem"))
        for region in sorted(self.regions, key=lambda each: each not in self.homes):
            if region.code not in home_codes and region.parent not in home_codes:
                continue
            stem = region.stem
            if region.level == "prefecture" and region.ending == "市":
                words.setdefault(stem[0] + "市", (region, "initial"))
            if region.ending == "旗":
                words.setdefault(stem[0] + "旗", (region, "full"))
                if stem[-1] in SIDES:
                    words.setdefault(stem[-1] + "旗", (region, "full"))
                    words.setdefault(stem[0] + stem[-1], (region, "stem"))
                    words.setdefault(stem, (region, "stem"))
        return words

    def _swap(self, region: Region) -> Region:
        if region.code not in self.other:
            parent = self.by_code.get(region.parent)
            target = self._swap(parent) if parent else None
            self.other[region.code] = self._choose(region, target)
        return self.other[region.code]

    def _choose(self, region: Region, parent: Region | None) -> Region:
        """A region of the same rank: under the parent's other if there is one, else in its province, else anywhere."""
        ending = ELSEWHERE.get(region.ending, region.ending)
        taken = {each.code for each in self.other.values()}
        fit = [
            each
            for each in self.regions
            if each.level == region.level
            and each.ending == ending
            and each.code not in taken
            and each.province != region.province
            and self._is_clear(each)
        ]
        near = [each for each in fit if parent and each.parent == parent.code]
        wide = [each for each in fit if parent and each.province == parent.province]
        found = near or wide or fit
        assert found, f"no region can stand for one of level {region.level}, ending {ending}"
        alike = [each for each in found if len(each.stem) == min(len(region.stem), 3)]
        return self.choice.choice(alike or found)

    def _is_clear(self, region: Region) -> bool:
        """Whether its stem is a name of its own, and stands nowhere in the reports."""
        if (
            not 2 <= len(region.stem) <= 4
            or "自治" in region.name
            or region.stem in KINDS
            or region.stem[0] in "市县区一二三四五六七八九十"
        ):
            return False
        if any(region.stem.endswith(word) for word in KINDS) or re.search(
            r"[东西南北中新老]城|城[关东西南北中区]", region.name
        ):
            return False
        return region.stem not in self.corpus and self._stems().count(region.stem) == 1

    def _stems(self) -> list[str]:
        if not hasattr(self, "_all_stems"):
            self._all_stems = [each.stem for each in self.regions]
        return self._all_stems

    def rename(self, word: str) -> str:
        region, form = self.words[word]
        other = self._swap(region)
        if form == "initial":
            return other.stem[0] + "市"
        return other.name if form == "full" else other.stem

    def list_keys(self) -> dict[str, str]:
        """What becomes what in running text: places of the names, and every province."""
        keys = {}
        for word, (region, form) in self.words.items():
            plain = form == "full" or region.level == "prefecture"
            if region.level == "province" or region in self.homes or (region in self.used and plain):
                keys[word] = self.rename(word)
        return keys


# ---- other companies


class Companies(Vocabulary):
    """Well-known companies, family by family: a brand and a group of one house go to one other house."""

    def __init__(self, names: Iterable[str], corpus: str, choice: random.Random) -> None:
        self.words = set(read_companies())
        self.other: dict[str, str] = {}
        self.corpus, self.choice = corpus, choice
        families: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for word in self._find_in(name):
                families[self._split(word)[0]].add(word)
        taken: set[str] = set()
        for base, words in sorted(families.items()):
            self._swap(base, sorted(words), taken)

    def _split(self, word: str) -> tuple[str, str]:
        """The house of a company and what follows its name."""
        for size in range(len(word) - 1, 1, -1):
            if word[:size] in self.words or word[size:] in KINDS or word[size:] in self.words:
                return word[:size], word[size:]
        return word, ""

    def _swap(self, base: str, words: list[str], taken: set[str]) -> None:
        houses: dict[str, dict[str, str]] = defaultdict(dict)
        for each in sorted(self.words):
            house, rest = self._split(each)
            if house not in taken and not any(part in self.corpus for part in (each, house)):
                houses[house][rest] = each
        rests = [self._split(word)[1] for word in words]
        best = max(self._fit(base, rests, house, forms) for house, forms in houses.items())
        house = self.choice.choice([h for h, forms in houses.items() if self._fit(base, rests, h, forms) == best])
        taken.add(house)
        for word, rest in zip(words, rests, strict=True):
            if rest not in self.words:
                self.other[word] = houses[house].get(rest, house + rest)
                continue
            brands = [each for each in houses[house] if each in self.words]
            lone = [each for each in sorted(houses) if each not in taken and len(each) == len(rest)]
            self.other[rest] = brands[0] if brands else self.choice.choice(lone)
            self.other[word] = house + self.other[rest]

    def _fit(self, base: str, rests: list[str], house: str, forms: dict[str, str]) -> tuple[int, int]:
        brands = any(rest in self.words for rest in forms)
        known = sum(2 * (rest in forms) + (rest in self.words and brands) for rest in rests)
        return known, -abs(len(base) - len(house))


# ---- other names


KINDS = set(KIND_WORDS.split())
LONGEST_KIND = max(map(len, KINDS))


@dataclass
class Renamer:
    """Gives names and texts of one report their other names."""

    rename_name: Callable[[str, str], str]
    keys: dict[str, str]

    def __post_init__(self) -> None:
        words = sorted(self.keys, key=lambda word: (-len(word), word))
        self._whole = {re.sub(r"\s+", "", word): self.keys[word] for word in words}
        self._any = re.compile("|".join(self._write_pattern(word) for word in words))

    @staticmethod
    def _write_pattern(word: str) -> str:
        """A name as it may stand in a text: a long one may go over the end of a line."""
        guard = r"(?<![黄长])" if word[0] in "河江" else ""
        return guard + (GAP if len(word) > 3 else "").join(map(re.escape, word))

    def rename_text(self, text: str) -> str:
        text = COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
        return rename_ranks(self._any.sub(self._replace, text))

    def _replace(self, match: re.Match[str]) -> str:
        """The other name, with the blanks of the old one where they stood."""
        new, at = "", 0
        found = match[0]
        other = self._whole[re.sub(r"\s+", "", found)]
        if not re.search(r"\s", found):
            return other
        for part in re.split(r"(\s+)", found):
            if part.strip():
                new, at = new + other[at : at + len(part)], at + len(part)
            elif at < len(other):
                new += part
        return new + other[at:]


def rename_ranks(text: str) -> str:
    """Words for banners in general become words for counties, as their names did."""
    text = text.replace("旗县区", "县市区").replace("旗县", "县区").replace("盟市", "地市")
    text = re.sub(r"(?<=[我全])旗(?!帜)", "县", text)
    return re.sub(r"(?<![红升国党团军五])旗(?=级|财政|委|政府|医院|直|属|内|域|、市|教育)", "县", text)


class Names:
    """The other names of all things in a set of gold files, for one seed."""

    def __init__(self, gold: Path, reports: Path, seed: int) -> None:
        choice = random.Random(seed)
        files = sorted(gold.glob("*.entities.jsonl"))
        self.entities = {path.name.removesuffix(".entities.jsonl"): read_jsonl(path) for path in files}
        things = [thing for each in self.entities.values() for thing in each if thing["type"] != UNTOUCHED]
        corpus = "".join(path.read_text(encoding="utf-8") for path in sorted(reports.glob("*.txt")))
        self.corpus = unicodedata.normalize("NFKC", re.sub(r"\s+", "", corpus))
        by_type: dict[str, list[str]] = defaultdict(list)
        for thing in things:
            by_type[thing["type"]] += forms_of(thing)
        self.places = Places(by_type, by_type["Region"], self.corpus, choice)
        firms = [name for kind, names in by_type.items() if kind not in COMMON_WORDS for name in names]
        self.companies = Companies(firms, self.corpus, choice)
        pool = [char for char in NEUTRAL if char not in KINDS]
        choice.shuffle(pool)
        self._pool, self._chars = pool, {}
        self.stems: set[str] = set()
        for name in sorted(set(firms)):
            self.rename(name, stems=True)

    def rename(self, name: str, *, stems: bool) -> str:
        new, at, stem = "", 0, ""
        while at < len(name):
            word, other = self._match(name, at, stems)
            if word:
                new, stem = new + self._rename_stem(stem, stems), ""
                new, at = new + other, at + len(word)
            else:
                stem, at = stem + name[at], at + 1
        return rename_ranks(new + self._rename_stem(stem, stems))

    def _match(self, name: str, at: int, stems: bool) -> tuple[str, str]:
        """The word at this point that is no part of a stem, and what it becomes."""
        place, company = self.places.match(name, at), self.companies.match(name, at)
        kind = next((name[at : at + size] for size in range(LONGEST_KIND, 0, -1) if name[at : at + size] in KINDS), "")
        if place and len(place) >= len(company) and (len(place) >= len(kind) or place in self.corpus):
            return place, self.places.rename(place)
        if company and stems and len(company) >= len(kind):
            return company, self.companies.other.get(company, company)
        ordinal = ORDINAL.match(name, at) or PLAIN.match(name, at)
        if ordinal and len(ordinal[0]) >= len(kind):
            end = ordinal.end()
            known = any(name[end : end + size] in KINDS for size in range(2, LONGEST_KIND))
            word = name[at : end + (not known and name[end : end + 1] in tuple(AFTER_ORDINAL))]
            return word, word
        if at == 0 and re.match(r".[\u4e00-\u9fff]大", name):
            for region in self.places.regions:
                if region.level == "province" and region.name[0] == name[0] and self._is_short_of(name, region):
                    return name[0], self.places.other[region.code].stem[0]
        return kind, kind

    def _is_short_of(self, name: str, region: Region) -> bool:
        """Whether a university's short name begins with the first character of this province: one that is at home."""
        return region.code[:2] in {home.province for home in self.places.homes} or region.name.endswith("市")

    def _rename_stem(self, stem: str, stems: bool) -> str:
        if not stem or not stems:
            return stem
        if len(stem) > 1:
            self.stems.add(stem)
        return "".join(self._rename_char(char) for char in stem)

    def _rename_char(self, char: str) -> str:
        if char not in self._chars:
            free = [each for each in self._pool if each not in self._chars.values() and each != char]
            self._chars[char] = free[0] if free else self._pool[len(self._chars) % len(self._pool)]
        return self._chars[char]

    def renamer(self, report: str) -> Renamer:
        """For one report: its gold names, the places, and brands beside 班 or a word for a firm."""
        keys = self.places.list_keys()
        for thing in self.entities[report]:
            if thing["type"] == UNTOUCHED:
                continue
            for name in forms_of(thing):
                keys[name] = self.rename(name, stems=has_stem(name, thing["type"]))
                if thing["type"] == "Region" and TOWN.fullmatch(name) and len(name) > 2:
                    keys[name[:-1]] = keys[name][:-1]
        for stem in self.stems:
            for after in ("班", "订单班", "冠名班", "公司", "集团", "企业"):
                keys.setdefault(stem + after, self._rename_stem(stem, True) + after)
        return Renamer(lambda name, kind: self.rename(name, stems=has_stem(name, kind)), keys)


def has_stem(name: str, kind: str) -> bool:
    """Whether a name holds more than words for places and for kinds; towns are in no list of places."""
    return kind not in COMMON_WORDS or (kind == "Region" and TOWN.fullmatch(name) is not None)


def forms_of(thing: dict[str, Any]) -> list[str]:
    return [thing["name"], *thing.get("aliases", [])]


# ---- other reports


def rename_all(gold: Path, reports: Path, target: Path, seed: int) -> tuple[Path, Path]:
    """Writes ``gold`` and ``reports`` under other names into the target; gives their places."""
    new_gold, new_reports = target / "gold", target / "reports"
    for folder in (new_gold, new_reports):
        folder.mkdir(parents=True, exist_ok=True)
    names = Names(gold, reports, seed)
    for report, things in names.entities.items():
        renamer = names.renamer(report)
        for path in sorted(reports.glob(f"{report}.*")):
            _write(new_reports / path.name, renamer.rename_text(path.read_text(encoding="utf-8")))
        _write_jsonl(new_gold / f"{report}.entities.jsonl", [_rename_thing(thing, renamer) for thing in things])
        for kind in ("relations", "indicators"):
            path = gold / f"{report}.{kind}.jsonl"
            if path.exists():
                _write_jsonl(new_gold / path.name, [_rename_row(row, renamer) for row in read_jsonl(path)])
    if (gold / "identity.jsonl").exists():  # its notes, which nobody reads, hold names
        rows = [{k: v for k, v in row.items() if k != "note"} for row in read_jsonl(gold / "identity.jsonl")]
        _write_jsonl(new_gold / "identity.jsonl", rows)
    return new_gold, new_reports


def _rename_thing(thing: dict[str, Any], renamer: Renamer) -> dict[str, Any]:
    if thing["type"] == UNTOUCHED:
        return thing
    first, *rest = (renamer.rename_name(name, thing["type"]) for name in forms_of(thing))
    return thing | {"name": first, "aliases": [each for each in dict.fromkeys(rest) if each != first]}


def _rename_row(row: dict[str, Any], renamer: Renamer) -> dict[str, Any]:
    new = row | {"evidence": renamer.rename_text(row["evidence"])} if "evidence" in row else dict(row)
    if "q" in row:
        own = {"programmes", "modes"}
        new["q"] = {k: v if k in own else _rename_value(v, renamer) for k, v in row["q"].items()}
    return new


def _rename_value(value: Any, renamer: Renamer) -> Any:
    if isinstance(value, list):
        return [_rename_value(each, renamer) for each in value]
    return renamer.rename_text(value) if isinstance(value, str) else value


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _write_jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    _write(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


# ---- scores


def score(scorer: Path, gold: Path, reports: Path) -> dict[str, Any]:
    from tests.gold_scores import score_reports

    with tempfile.TemporaryDirectory() as home:
        return score_reports(scorer, gold, reports, Path(home))


def score_renamed(gold: Path, reports: Path, seed: int, keep: Path | None = None) -> dict[str, Any]:
    """The scores of the reports under the other names of a seed; they stay in ``keep``, if it is given."""
    with tempfile.TemporaryDirectory() as folder:
        target = keep or Path(folder)
        new_gold, new_reports = rename_all(gold, reports, target, seed)
        return score(gold / "score.py", new_gold, new_reports)


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the gold reports under their own and under other names.")
    parser.add_argument("--gold", type=Path, required=True, help="folder of the gold facts; the reports lie beside it")
    parser.add_argument("--seed", type=int, action="append", help="may be given more than once; 1, 2 and 3 if never")
    parser.add_argument("--keep", type=Path, help="where to leave the reports and gold facts under other names")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show N misses that the plain reports lack")
    args = parser.parse_args()
    reports = args.gold.parent / "reports"
    plain = score(args.gold / "score.py", args.gold, reports)
    for seed in args.seed or SEEDS:
        keep = args.keep / f"seed-{seed}" if args.keep else None
        if keep and keep.exists():
            shutil.rmtree(keep)
        renamed = score_renamed(args.gold, reports, seed, keep)
        show(seed, plain, renamed)
        if args.errors:
            show_errors(args.gold, reports, seed, plain, renamed, args.errors)


def show(seed: int, plain: dict[str, Any], renamed: dict[str, Any]) -> None:
    cells = []
    for title, scores in (("plain", plain), ("renamed", renamed)):
        own = scores["relations"]
        cells.append(f"{title} P {own['precision']:.3f} R {own['recall']:.3f} F1 {own['f1']:.3f}")
    print(f"seed {seed}: relations {'  '.join(cells)}  change {change(plain, renamed):+.4f}")


def change(plain: dict[str, Any], renamed: dict[str, Any]) -> float:
    return renamed["relations"]["f1"] - plain["relations"]["f1"]


def show_errors(
    gold: Path, reports: Path, seed: int, plain: dict[str, Any], renamed: dict[str, Any], count: int
) -> None:
    """Lines of the scorer about the renamed reports that none about the plain ones, renamed, is like."""
    names = Names(gold, reports, seed)
    renamers = {report: names.renamer(report) for report in names.entities}
    known = set()
    for line in plain["errors"].splitlines():
        report = next((each for each in renamers if f"  {each}  " in line), "")
        known.add(_squeeze(renamers[report].rename_text(line) if report else line))
    new = [line for line in renamed["errors"].splitlines() if _squeeze(line) not in known and "  " in line]
    for line in [each for each in new if each.startswith(("relation ", "entity "))][:count]:
        print("  " + line)


def _squeeze(line: str) -> str:
    """A line without its end, where the scorer cuts the evidence off."""
    return re.sub(r"\s+", "", "  ".join(line.split("  ")[:5])) if line.startswith("relation") else line


if __name__ == "__main__":
    sys.exit(main())
