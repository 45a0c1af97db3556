"""What a made report says, block by block: headings, paragraphs, tables, in the order of the genre.

Facts come from a made world (``made_world``): a school says the same of itself from year to year, and its city of it. The
wording is drawn for each place. Between the facts stands running text (``made_prose``), as much as the report is long.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.model import EntityType
from tests.benchmarks.made_prose import Prose
from tests.benchmarks.made_reports import UNITS, figures_of
from tests.benchmarks.made_tables import draw_plain_tables
from tests.benchmarks.made_world import City, School, Thing, Tie, hash_of

T = EntityType


@dataclass(frozen=True, slots=True)
class Front:
    """A line of the cover."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its caption; its first row is the header."""

    caption: str
    rows: tuple[tuple[str, ...], ...]


Block = Front | Heading | Paragraph | Grid


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report of the genre before it is a file of some kind."""

    title: str
    level: str  # school, city or province
    publisher: str
    region: str
    year: int
    blocks: tuple[Block, ...]


Say = Callable[["Writing"], None]
MEDIAN, LEAST, MOST = 29_500, 9_000, 85_000  # characters
NUMBERS = "一二三四五六七八九十"


@dataclass(eq=False)
class Writing:
    """One report while it is written."""

    rng: random.Random
    year: int
    prose: Prose
    style: int  # of headings and captions
    fullness: float = 1.0  # how much of what could be told is told
    blocks: list[Block] = field(default_factory=list)
    chapter: int = 0
    part: int = 0
    tables: int = 0
    names: dict[str, str] = field(default_factory=dict)

    def open_chapter(self, title: str) -> None:
        self.chapter, self.part = self.chapter + 1, 0
        number = (f"{self.chapter}.", f"{NUMBERS[self.chapter - 1]}、", f"第{NUMBERS[self.chapter - 1]}部分 ")[
            self.style
        ]
        self.blocks.append(Heading(number + title, 1))
        if self.style == 0:
            self.tables = 0

    def open_part(self, title: str) -> None:
        self.part += 1
        number = (f"{self.chapter}.{self.part} ", f"（{NUMBERS[self.part - 1]}）", f"{NUMBERS[self.part - 1]}、")[
            self.style
        ]
        self.blocks.append(Heading(number + title, 2))

    def say(self, text: str) -> None:
        self.blocks.append(Paragraph(text))

    def table(self, caption: str, rows: Sequence[Sequence[object]]) -> None:
        self.tables += 1
        number = f"表{self.chapter}-{self.tables}" if self.style == 0 else f"表{self.tables}"
        self.blocks.append(Grid(f"{number} {caption}", tuple(tuple(str(cell) for cell in row) for row in rows)))

    def pick(self, *texts: str) -> str:
        return self.rng.choice(texts)

    def name(self, thing: Thing) -> str:
        """The name that this report uses for a thing: mostly its full one."""
        if thing.iri not in self.names:
            short = thing.aliases and self.rng.random() < 0.12
            self.names[thing.iri] = thing.aliases[0] if short else thing.name
        return self.names[thing.iri]

    def list(self, things: Sequence[Thing]) -> str:
        return "、".join(self.name(each) for each in things)

    @property
    def characters(self) -> int:
        return sum(
            sum(len(cell) for row in each.rows for cell in row) if isinstance(each, Grid) else len(each.text)
            for each in self.blocks
        )


Part = tuple[str, float, Say | None]  # its title, its share of the running text, what writes its facts
Chapters = Sequence[tuple[str, Sequence[Part]]]


def write_chapters(writing: Writing, chapters: Chapters, length: int, plain_tables: int) -> None:
    """Writes facts, tables that state none, and running text up to about so many characters."""
    rng = writing.rng
    parts = [(chapter, at) for chapter, (_, parts) in enumerate(chapters) for at in range(len(parts))]
    fillers = [(rng.choice(parts), *each) for each in draw_plain_tables(rng, plain_tables, writing.year)]
    gaps: list[tuple[int, float]] = []  # where running text goes, and its share
    for chapter, (title, subs) in enumerate(chapters):
        writing.open_chapter(title)
        for at, (part, share, say_facts) in enumerate(subs):
            writing.open_part(part)
            before = len(writing.blocks)
            if say_facts is not None:
                say_facts(writing)
            for place, caption, rows in fillers:
                if place == (chapter, at):
                    writing.table(caption, rows)
            gaps.append((before if rng.random() < 0.3 else len(writing.blocks), share))
    _fill(writing, gaps, max(0, length - writing.characters))


def _fill(writing: Writing, gaps: Sequence[tuple[int, float]], length: int) -> None:
    """Puts paragraphs of so many characters in all into the gaps between blocks."""
    total = sum(share for _, share in gaps)
    out: list[Block] = []
    taken = 0
    for place, share in gaps:
        out += writing.blocks[taken:place]
        taken = place
        left = int(length * share / total)
        while left > 30:
            size = min(left, int(writing.rng.lognormvariate(5.0, 0.6)) + 20)
            text = writing.prose.paragraph(size)
            out.append(Paragraph(text))
            left -= len(text)
    writing.blocks = out + writing.blocks[taken:]


def write_school(city: City, school: School, year: int, seed: int) -> MadeReport:
    """A school's report of a year."""
    own = school.thing
    rng = random.Random(hash_of(seed, own.name, year))
    short = own.aliases[0] if own.aliases else ""
    we = ("学校", "我校", *([short] if short else []))
    style = hash_of(own.name) % 3
    writing = Writing(rng, year, Prose(rng, we), style)
    title = draw_title(rng, own.name, year, ("职业教育质量年度报告", "中等职业教育质量年度报告", "质量年度报告"))
    write_cover(writing, title, own.name, year)
    if short:
        writing.names[own.iri] = short
    facts = SchoolFacts(city, school, year)
    size = rng.lognormvariate(0, 0.3)
    writing.fullness = rng.uniform(0.6, 1.6)
    plan = facts.chapters_now() if year >= 2022 else facts.chapters_then()
    length = int(min(MOST, max(LEAST, MEDIAN * size)))
    write_chapters(writing, plan, length, min(24, max(1, round(9 * size + rng.gauss(0, 2)))))
    return MadeReport(title, "school", own.name, school.region.name, year, tuple(writing.blocks))


def draw_title(rng: random.Random, name: str, year: int, kinds: Sequence[str]) -> str:
    """A title; one in ten without the year, which then stands elsewhere."""
    kind = rng.choice(kinds)
    draw = rng.random()
    if draw < 0.1:
        return f"{name}{kind}"
    if draw < 0.3:
        return f"{name}{year}年度{kind.replace('年度', '')}"
    return f"{name}{kind}（{year}{rng.choice(('年度', '年', ''))}）"


def write_cover(writing: Writing, title: str, publisher: str, year: int) -> None:
    """The cover, and what stands before the first chapter."""
    rng = writing.rng
    lines = [title]
    signed = rng.random() < 0.6
    if signed:
        lines += [publisher + rng.choice(("编制", "")), rng.choice((f"{year}年12月", f"{year + 1}年1月"))]
    writing.blocks += [Front(line) for line in lines]
    if rng.random() < (0.4 if signed else 0.9):  # a few do not say who publishes them
        writing.blocks.append(Heading("内容真实性声明", 1))
        writing.say(f"{publisher}对本报告及附件内容的真实性、完整性和准确性负责。特此声明。")
    if rng.random() < 0.7:
        writing.blocks.append(Heading("前 言", 1))
        why = writing.pick("为全面反映", "为系统总结", "为客观呈现")
        by = writing.pick("按照上级通知要求", "根据关于编制质量年度报告的通知", "依照年报编制工作安排")
        how = writing.pick("经各部门提供数据、集中核对", "由编写小组汇总各处室材料", "经多次征求意见")
        until = f"{year}年{rng.choice((8, 9, 10, 12))}月"
        writing.say(f"{why}{year}年办学情况，{by}，{how}，形成本报告，数据统计截至{until}。")


class SchoolFacts:
    """The parts of a school's report that state facts."""

    def __init__(self, city: City, school: School, year: int) -> None:
        self.city, self.school, self.year = city, school, year
        told = 2 + hash_of(school.thing.name, year, "years") % 2  # years that its tables compare
        self.of = {at: figures_of(school, at) for at in range(year - told + 1, year + 1)}
        self.now, self.before = self.of[year], self.of[year - 1]
        self.ties = [tie for tie in school.ties if lasts(school, tie, year)]

    def chapters_then(self) -> Chapters:
        return (
            ("学校情况", (("学校概况", 1, self.school_itself), ("学生情况", 1, self.pupils), ("教师队伍", 1, self.teachers), ("设施设备", 1.5, self.facilities))),
            ("学生发展", (("学生素质", 3, None), ("在校体验", 1.5, None), ("就业质量", 1, self.leavers), ("职业发展", 1.5, None))),
            ("质量保障措施", (("专业动态调整", 1, self.programmes), ("教育教学改革", 4, None), ("教师培养培训", 2, None), ("规范管理情况", 2.5, None), ("德育工作情况", 3, None))),
            ("校企合作", (("校企合作开展情况和效果", 1, self.partners), ("学生实习情况", 1, self.internships), ("集团化办学情况", 0.5, self.groups), ("校际合作", 0.5, self.schools))),
            ("社会贡献", (("技术技能人才培养", 1, None), ("社会服务", 1.5, None), ("对口支援", 0.7, None))),
            ("举办者履责", (("经费保障", 1, None), ("政策措施", 1, None))),
            ("特色创新", (("典型案例一", 3, self.case), ("典型案例二", 3, None))),
            ("主要问题和改进措施", (("存在问题", 1, None), ("改进措施", 1, None))),
        )  # fmt: skip

    def chapters_now(self) -> Chapters:
        return (
            ("基本情况", (("学校概况", 1, self.school_itself), ("办学条件", 1, self.facilities))),
            ("人才培养", (("立德树人", 3.5, None), ("培养规模", 1, self.pupils), ("专业建设", 1.5, self.programmes), ("课程与教材建设", 3, None), ("技能竞赛", 1.5, None), ("贯通培养", 0.7, self.schools), ("培养质量", 1, self.leavers))),
            ("服务贡献", (("服务地方经济", 1.5, None), ("服务乡村振兴", 1.5, None), ("职业培训", 1, None))),
            ("文化传承", (("传承工匠精神", 1.5, None), ("传承优秀传统文化", 2, None))),
            ("国际合作", (("交流与借鉴", 1, None),)),
            ("产教融合", (("校企双元育人", 1.2, self.partners), ("岗位实习", 1, self.internships), ("集团化办学与产教联合体", 0.5, self.groups), ("典型案例", 2, self.case))),
            ("发展保障", (("党建引领", 2.5, None), ("教师队伍", 1.5, self.teachers), ("学校治理", 2.5, None), ("经费投入", 1, None))),
            ("面临挑战", (("主要问题", 1, None), ("改进方向", 1, None))),
        )  # fmt: skip

    def school_itself(self, w: Writing) -> None:
        own, region, office = self.school.thing, self.school.region.name, self.school.office.name
        short = f"（以下简称“{own.aliases[0]}”）" if own.aliases else ""
        w.say(
            w.pick(
                f"{own.name}{short}位于{region}，由{office}主管，是一所公办全日制中等职业学校。",
                f"{own.name}{short}坐落在{region}，是{office}主管的公办中等职业学校，交通便利，环境宜人。",
                f"{own.name}{short}创办于{1956 + hash_of(own.name) % 45}年，位于{region}，主管部门为{office}。",
            )
            + f"校园占地面积{self.now['校园面积']:g}亩，现有在校生{self.now['在校生数']:g}人。"
        )
        for status, since in self.school.designations:
            if w.rng.random() > 0.85:
                continue
            if status.name.endswith("专业"):
                programme = w.name(w.rng.choice(self.school.programmes))
                w.say(
                    w.pick(
                        f"{programme}专业于{since}年被评为{status.name}。",
                        f"{since}年，{programme}专业通过验收，成为{status.name}。",
                    )
                )
                continue
            w.say(
                w.pick(
                    f"{since}年，学校被认定为{status.name}。",
                    f"{since}年学校被评为{status.name}，办学影响不断扩大。",
                    f"学校于{since}年通过验收，成为{status.name}。",
                    f"学校是{status.name}，在当地有良好口碑。",
                )
            )

    def pupils(self, w: Writing) -> None:
        n, b, year = self.now, self.before, self.year
        w.say(
            w.pick(
                f"{year}年，学校招生{n['招生数']:g}人，在校生{n['在校生数']:g}人，毕业生{n['毕业生数']:g}人。",
                f"本年度学校共招收新生{n['招生数']:g}人，在校生规模达到{n['在校生数']:g}人，毕业{n['毕业生数']:g}人。",
            )
        )
        names = ("招生数", "在校生数", "毕业生数")
        rows = self._down(names)
        rows.append(["增减", *(f"{n[each] - b[each]:+g}" for each in names)])
        w.table("学生规模情况统计表", rows)

    def _down(self, names: Sequence[str]) -> list[list[object]]:
        """A table with a line for each year that is compared."""
        heads = [f"{each}（{UNITS[each]}）" for each in names]
        rows: list[list[object]] = [["年度", *heads]]
        rows += [[f"{at}年", *(f"{of[each]:g}" for each in names)] for at, of in self.of.items()]
        return rows

    def _across(self, head: str, names: Sequence[str]) -> list[list[object]]:
        """A table with a column for each year that is compared, and the change."""
        rows: list[list[object]] = [[head, *(f"{at}年" for at in self.of), "变化"]]
        for each in names:
            ratio = each == "生师比"
            values = [f"{of[each]:g}{':1' if ratio else ''}" for of in self.of.values()]
            change = f"{self.now[each] - self.before[each]:+.4g}"
            rows.append([each if ratio else f"{each}（{UNITS[each]}）", *values, change])
        return rows

    def conditions(self, w: Writing) -> None:
        w.table("学校基本办学条件表", self._across("指标", ("校园面积", "专业数", "实训基地数", "合作企业数")))

    def teachers(self, w: Writing) -> None:
        n, year = self.now, self.year
        w.say(
            w.pick(
                f"学校现有教职工{n['教职工数']:g}人，其中专任教师{n['专任教师数']:g}人，双师型教师{n['双师型教师数']:g}人，生师比为{n['生师比']:g}:1。",
                f"截至{year}年底，学校有教职工{n['教职工数']:g}人，专任教师{n['专任教师数']:g}人，“双师型”教师占专任教师的{n['双师型教师比例']:g}%。",
            )
        )
        names = ("教职工数", "专任教师数", "双师型教师数", "双师型教师比例", "生师比")
        w.table("教师队伍情况对比表", self._across("项目", names))

    def facilities(self, w: Writing) -> None:
        rng, school = w.rng, self.school
        if rng.random() < 0.7 * w.fullness:
            self.conditions(w)
        w.say(
            w.pick(
                f"学校现有校内外实训基地{self.now['实训基地数']:g}个，基本满足教学需要。",
                f"目前学校建有实训基地{self.now['实训基地数']:g}个，设备完好率保持在{rng.randint(93, 99)}%以上。",
            )
        )
        rows: list[list[object]] = [["序号", "实训基地名称", "面积（平方米）", "工位数（个）", "主要服务专业", "备注"]]
        total = 0
        for number, base in enumerate(school.bases, 1):
            area, places = (
                150 + hash_of(base.name, school.thing.name) % 1500,
                20 + hash_of(base.name, school.thing.name) % 180,
            )
            total += area
            programmes = rng.sample(school.programmes, rng.choice((1, 1, 1, 2)))
            rows.append([number, base.name, area, places, w.list(programmes), rng.choice(("", "", "原有", "新建"))])
        w.table("校内实训基地一览表", [*rows, ["合计", "", total, "", "", ""]])

    def leavers(self, w: Writing) -> None:
        n, b, year = self.now, self.before, self.year
        w.say(
            w.pick(
                f"{year}年学校毕业生{n['毕业生数']:g}人，就业率为{n['就业率']:g}%，对口就业率为{n['对口就业率']:g}%。",
                f"{year}届毕业生共{n['毕业生数']:g}人，升学{n['升学人数']:g}人，升学率{n['升学率']:g}%，其中升入本科{n['升入本科人数']:g}人，就业率{n['就业率']:g}%。",
            )
        )
        rows: list[list[object]] = [["专业名称", "毕业生数（人）", "就业人数（人）", "就业率（%）"]]
        for each, leavers in zip(
            self.school.programmes, _split(w.rng, int(n["毕业生数"]), len(self.school.programmes)), strict=True
        ):
            employed = round(leavers * w.rng.uniform(0.9, 1))
            rows.append([w.name(each), leavers, employed, f"{100 * employed / leavers:.2f}" if leavers else "0"])
        w.table(f"{year}年各专业毕业生就业情况表", rows)
        names = ("毕业生数", "升学人数", "升学率", "升入本科人数", "就业率", "对口就业率")
        w.table("毕业生升学就业情况对比表", self._down(names))
        w.say(f"与{year - 1}年相比，对口就业率由{b['对口就业率']:g}%变为{n['对口就业率']:g}%。")

    def programmes(self, w: Writing) -> None:
        rng, year, school = w.rng, self.year, self.school
        offered = [each for each in school.programmes if rng.random() < 0.92] or list(school.programmes)
        some = offered[: rng.randint(4, max(4, len(offered)))]
        w.say(
            w.pick(
                f"{year}年，学校开设{w.list(some)}等{len(offered)}个专业。",
                f"学校对接区域产业，现开设有{w.list(some)}等{len(offered)}个专业，布局逐步优化。",
                f"目前学校设有{w.list(some)}等专业，共{len(offered)}个。",
            )
        )
        rows: list[list[object]] = [
            ["序号", "专业代码", "专业名称", "学制（年）", f"{year}年招生数（人）", "在校生数（人）"]
        ]
        heads = _split(rng, int(self.now["在校生数"]), len(offered))
        for number, (each, count) in enumerate(zip(offered, heads, strict=True), 1):
            rows.append([number, each.link[1] if each.link else "", w.name(each), 3, count // 3, count])
        rows.append(["合计", "", "", "", sum(count // 3 for count in heads), sum(heads)])
        w.table(f"{year}年各专业招生和在校生人数统计表", rows)
        if rng.random() < 0.8 * w.fullness:
            rows = [["专业名称", "专业设置时间", "学制", "专业级别", "专业调整情况"]]
            for each in offered:
                level = rng.choice(("省级重点专业", "市级特色专业", "省级骨干专业")) if rng.random() < 0.2 else ""
                change = rng.choice(("未调", "未调", "未调", "扩招", "缩招"))
                rows.append(
                    [w.name(each), f"{1990 + hash_of(school.thing.name, each.name) % 30}年", "三年", level, change]
                )
            w.table("专业设置情况一览表", rows)
        for each in rng.sample(offered, min(rng.randint(0, 2), len(offered))):
            change = rng.choice(("新增", "停办", "扩招"))
            w.say(
                w.pick(
                    f"{year}年，学校根据产业需要{change}{w.name(each)}专业。",
                    f"经论证，学校于{year}年{change}了{w.name(each)}专业。",
                )
            )

        others = [
            each for other in self.city.schools[:-1] for each in other.programmes if each not in school.programmes
        ]
        if rng.random() < 0.6 * w.fullness:
            gone = list(dict.fromkeys(rng.sample(others, rng.randint(2, 5))))
            w.say(
                w.pick(f"近年来，学校先后停办{w.list(gone)}等专业。", f"受生源影响，学校停办了{w.list(gone)}等专业。")
            )

    def partners(self, w: Writing) -> None:
        rng, year = w.rng, self.year
        w.say(
            w.pick(
                f"学校现与{self.now['合作企业数']:g}家企业建立了稳定的合作关系。",
                f"截至{year}年底，学校合作企业达到{self.now['合作企业数']:g}家。",
            )
        )
        listed = [tie for tie in self.ties if rng.random() < 0.65 * w.fullness]
        while listed:
            length = rng.randint(1, 5)
            some, listed = listed[:length], listed[length:]
            w.say(say_ties(w, "学校", some, year))

    def internships(self, w: Writing) -> None:
        rng, year = w.rng, self.year
        rows: list[list[object]] = [["序号", "合作企业", "专业", "合作形式", "时间", "人数"]]
        total = 0
        for tie in self.ties:
            if rng.random() < 0.75 * w.fullness:
                heads = tie.headcount + (year - tie.first) * 2
                total += heads
                when = f"{year}年{rng.choice((3, 6, 9))}月"
                rows.append([len(rows), w.name(tie.partner), w.list(tie.programmes), "、".join(tie.modes), when, heads])
        w.table(f"{year}年校外合作企业与学生实习情况一览表", [*rows, ["合计", "", "", "", "", total]])

    def groups(self, w: Writing) -> None:
        for group, role, since in self.school.memberships:
            w.say(
                w.pick(
                    f"{since}年，学校加入{w.name(group)}，为{role}单位。",
                    f"学校是{w.name(group)}{role}单位，积极参加各项活动。",
                    f"学校于{since}年加入{w.name(group)}，共享师资和实训资源。",
                )
            )
        for group, since in self.school.hosts:
            members = [tie.partner for tie in w.rng.sample(self.school.ties, min(2, len(self.school.ties)))]
            w.say(
                w.pick(
                    f"{since}年，学校牵头组建{w.name(group)}，成员单位有{w.list(members)}等。",
                    f"学校牵头成立了{w.name(group)}。",
                )
            )

    def schools(self, w: Writing) -> None:
        for other, mode, programmes, since in self.school.sister_schools:
            names = w.list(programmes)
            on = f"在{names}专业" if names else ""
            if mode == "贯通培养":
                w.say(
                    w.pick(
                        f"{since}年起，学校与{w.name(other)}{on}开展中高职贯通培养。",
                        f"学校与{w.name(other)}{on}联合开展“3+2”贯通培养，共同制定方案。",
                    )
                )
            else:
                w.say(
                    w.pick(
                        f"学校与{w.name(other)}{on}开展{mode}，两校教师定期互访。",
                        f"{self.year}年，学校与{w.name(other)}签订{mode}协议。",
                    )
                )

    def case(self, w: Writing) -> None:
        if self.ties:
            tie = w.rng.choice(self.ties)
            w.say(
                say_ties(w, "学校", [tie], self.year)
                + f"双方{w.pick('共同制定人才培养方案', '联合组建教学团队', '共同开发实训项目')}，成效明显。"
            )


def lasts(school: School, tie: Tie, year: int) -> bool:
    """True where a school still works with a partner: for four to fifteen years, from some year on."""
    drawn = hash_of(school.thing.name, tie.partner.iri)
    first = 2009 + drawn % 13
    return first <= year <= first + 4 + drawn // 13 % 12


WAYS = {
    "顶岗实习": ("安排学生到{names}顶岗实习", "组织{words}学生赴{names}顶岗实习"),
    "订单培养": ("与{names}开展订单培养", "与{names}合作开办订单班"),
    "现代学徒制": ("与{names}开展现代学徒制试点", "与{names}联合实施现代学徒制培养"),
    "共建实训基地": ("与{names}共建实训基地", "与{names}合作共建校外实训基地"),
    "师资共建": ("与{names}开展师资共建", "选派教师到{names}实践锻炼"),
    "引企入校": ("引进{names}入校办厂", "引入{names}进驻校园"),
    "专业共建": ("与{names}共建{words}", "与{names}开展专业共建"),
    "课程教材共建": ("与{names}共同开发课程和教材", "与{names}合作编写教材"),
    "技术研发": ("与{names}开展技术研发", "与{names}合作进行技术研发"),
    "生产合作": ("与{names}开展生产合作", "承接{names}的产品加工任务"),
    "职业培训": ("与{names}联合开展职业培训", "为{names}培训职工"),
    "就业合作": ("与{names}签订就业合作协议", "与{names}开展就业合作"),
    "其他": ("与{names}开展合作", "与{names}签订合作协议"),
}


def say_ties(w: Writing, who: str, ties: Sequence[Tie], year: int) -> str:
    """A sentence that names some partners, with the way and the programmes of the first."""
    tie = ties[0]
    words = f"{w.list(tie.programmes)}专业" if tie.programmes else "相关专业"
    names = w.list([each.partner for each in ties])
    names += "等单位" if len(ties) > 2 or w.rng.random() < 0.3 else ""
    way = w.pick(*WAYS[tie.modes[0]]).format(names=names, words=words)
    when = w.pick(f"{year}年，", "", "", "本年度，")
    at = f"{who}{words}" if tie.programmes and words not in way and w.rng.random() < 0.6 else who
    return (
        f"{when}{at}{way}{w.pick('，校企双方优势互补', '，成效良好', '', '，参与学生' + str(tie.headcount) + '人')}。"
    )


def _split(rng: random.Random, total: int, parts: int) -> list[int]:
    """A whole in parts of different sizes."""
    weights = [rng.random() + 0.1 for _ in range(parts)]
    found = [int(total * weight / sum(weights)) for weight in weights]
    return [*found[:-1], total - sum(found[:-1])]


def iterate_texts(report: MadeReport) -> Iterator[str]:
    """The text of a report's blocks, cells apart."""
    for block in report.blocks:
        if isinstance(block, Grid):
            yield block.caption
            yield from (cell for row in block.rows for cell in row)
        else:
            yield block.text
