"""Made reports of cities and provinces: tables of their schools, and again some of what the schools say of themselves."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.benchmarks.made_prose import Prose
from tests.benchmarks.made_reports import UNITS, figures_of
from tests.benchmarks.made_texts import (
    LEAST,
    MEDIAN,
    MOST,
    Chapters,
    MadeReport,
    Writing,
    draw_title,
    lasts,
    say_ties,
    write_chapters,
    write_cover,
)
from tests.benchmarks.made_world import City, School, hash_of

KINDS = ("中等职业教育质量年度报告", "职业教育质量年度报告", "中等职业教育质量报告")


def write_city(city: City, year: int, seed: int) -> MadeReport:
    """A city's report of a year, by its education bureau: of all its schools but the college."""
    facts = RegionFacts(city.thing.name, "市", city.schools[:-1], (city,), year)
    return _write(facts, "city", city.bureau.name, year, seed)


def write_province(cities: Sequence[City], year: int, seed: int) -> MadeReport:
    """A province's report of a year: the schools of some of its cities."""
    province = cities[0].province
    schools = [school for city in cities for school in city.schools[:6]]
    facts = RegionFacts(province, "自治区" if province.endswith("区") else province[-1], schools, cities, year)
    return _write(facts, "province", f"{province}教育{'委员会' if province.endswith('市') else '厅'}", year, seed)


def _write(facts: RegionFacts, level: str, publisher: str, year: int, seed: int) -> MadeReport:
    rng = random.Random(hash_of(seed, level, facts.name, year))
    whole = facts.kind
    prose = Prose(rng, ("各校", "各学校", f"全{whole}", f"我{whole}", "教育行政部门"))
    writing = Writing(rng, year, prose, hash_of(facts.name) % 3)
    title = draw_title(rng, facts.name, year, KINDS)
    write_cover(writing, title, publisher, year)
    size = rng.lognormvariate(0.15, 0.3)
    length = int(min(MOST, max(LEAST, MEDIAN * size)))
    chapters = facts.chapters_now() if year >= 2022 else facts.chapters_then()
    write_chapters(writing, chapters, length, min(20, max(1, round(7 * size + rng.gauss(0, 2)))))
    return MadeReport(title, level, publisher, facts.name, year, tuple(writing.blocks))


class RegionFacts:
    """The parts of a city's or a province's report that state facts."""

    def __init__(self, name: str, kind: str, schools: Sequence[School], cities: Sequence[City], year: int) -> None:
        self.name, self.kind, self.schools, self.cities, self.year = name, kind, schools, cities, year
        self.figures = {school.thing.iri: figures_of(school, year) for school in schools}
        self.all = f"全{kind}"

    def chapters_then(self) -> Chapters:
        return (
            ("基本情况", (("规模和结构", 1, self.layout), ("学生情况", 1, self.pupils), ("教师队伍", 1, self.teachers), ("设施设备", 1, None))),
            ("学生发展", (("学生素质", 3, None), ("在校体验", 1, None), ("就业质量", 1, self.leavers))),
            ("质量保障措施", (("专业布局", 1, self.programmes), ("质量保证", 3, None), ("教师培养培训", 2, None), ("规范管理", 2, None))),
            ("校企合作", (("校企合作开展情况和效果", 1, self.partners), ("学生实习情况", 1, self.internships), ("集团化办学情况", 0.5, self.groups), ("区域协作", 0.5, self.sisters))),
            ("社会贡献", (("技术技能人才培养", 1, None), ("社会服务", 2, None))),
            ("政府履责", (("经费投入", 1, None), ("政策措施", 1, None))),
            ("特色与创新", (("典型案例一", 2, self.case), ("典型案例二", 2, self.case))),
            ("主要问题和改进措施", (("存在问题", 1, None), ("改进措施", 1, None))),
        )  # fmt: skip

    def chapters_now(self) -> Chapters:
        return (
            ("人才培养", (("学校布局", 1, self.layout), ("立德树人", 3, None), ("专业建设", 1, self.programmes), ("贯通培养", 0.5, self.sisters), ("培养规模", 1, self.pupils), ("培养质量", 1, self.leavers))),
            ("服务贡献", (("服务地方经济", 2, None), ("服务乡村振兴", 2, None))),
            ("文化传承", (("传承优秀传统文化", 2, None),)),
            ("国际合作", (("交流与借鉴", 1, None),)),
            ("产教融合", (("校企双元育人", 1, self.partners), ("岗位实习", 1, self.internships), ("集团化办学与产教联合体", 0.5, self.groups), ("典型案例", 2, self.case))),
            ("发展保障", (("党建引领", 2, None), ("师资队伍", 1, self.teachers), ("学校治理", 2, None), ("经费投入", 1, None))),
            ("面临挑战", (("主要问题", 1, None), ("改进方向", 1, None))),
        )  # fmt: skip

    def layout(self, w: Writing) -> None:
        year, rng = self.year, w.rng
        w.say(
            w.pick(
                f"{year}年，{self.all}共有中等职业学校{len(self.schools)}所。",
                f"截至{year}年底，{self.name}有中等职业学校{len(self.schools)}所。",
            )
        )
        rows: list[list[object]] = [["序号", "学校名称", "所在地区", "主管部门", "办学性质", "备注"]]
        for school in self.schools:
            told = [status.name for status, _ in school.designations if not status.name.endswith("专业")]
            note = told[0] if told and rng.random() < 0.6 else ""
            rows.append([len(rows), w.name(school.thing), school.region.name, school.office.name, "公办", note])
        w.table(f"{self.name}中等职业学校基本情况一览表", rows)
        held = [(school, *each) for school in self.schools for each in school.designations]
        held = [each for each in held if not each[1].name.endswith("专业")]
        for school, status, since in rng.sample(held, min(5, len(held))):
            w.say(
                w.pick(
                    f"{w.name(school.thing)}于{since}年被认定为{status.name}。",
                    f"{since}年，{w.name(school.thing)}建成{status.name}。",
                )
            )

    def _table_of_schools(self, w: Writing, what: str, names: Sequence[str]) -> None:
        heads = [each + ("" if each == "生师比" else f"（{UNITS[each]}）") for each in names]
        rows: list[list[object]] = [["学校名称", *heads]]
        for school in self.schools:
            values = self.figures[school.thing.iri]
            rows.append(
                [w.name(school.thing), *(f"{values[each]:g}{':1' if each == '生师比' else ''}" for each in names)]
            )
        if all(UNITS[each] == "人" for each in names):
            rows.append(["合计", *(f"{self._sum(each):g}" for each in names)])
        w.table(f"{self.year}年各校{what}统计表", rows)

    def _sum(self, indicator: str) -> float:
        return sum(values[indicator] for values in self.figures.values())

    def _mean(self, indicator: str) -> float:
        return round(self._sum(indicator) / len(self.figures), 2)

    def pupils(self, w: Writing) -> None:
        names = ("招生数", "在校生数", "毕业生数")
        said = "，".join(f"{each[:-1]}{self._sum(each):g}人" for each in names)
        w.say(
            w.pick(
                f"{self.year}年，{self.all}中等职业学校{said}。", f"{self.year}年{self.all}中职{said}，规模总体稳定。"
            )
        )
        self._table_of_schools(w, "招生、在校生、毕业生", names)

    def teachers(self, w: Writing) -> None:
        w.say(
            w.pick(
                f"{self.year}年，{self.all}中等职业学校有教职工{self._sum('教职工数'):g}人，专任教师{self._sum('专任教师数'):g}人。",
                f"{self.all}中职学校现有专任教师{self._sum('专任教师数'):g}人，其中双师型教师{self._sum('双师型教师数'):g}人，占{self._mean('双师型教师比例'):g}%。",
            )
        )
        self._table_of_schools(w, "教师队伍情况", ("教职工数", "专任教师数", "双师型教师数"))
        if w.rng.random() < 0.6:
            self._table_of_schools(w, "师资结构", ("双师型教师比例", "生师比"))

    def leavers(self, w: Writing) -> None:
        w.say(
            w.pick(
                f"{self.year}年，{self.all}中职毕业生{self._sum('毕业生数'):g}人，就业率为{self._mean('就业率'):g}%，对口就业率为{self._mean('对口就业率'):g}%。",
                f"{self.year}届毕业生就业率{self._mean('就业率'):g}%，升学率{self._mean('升学率'):g}%。",
            )
        )
        self._table_of_schools(w, "毕业生就业质量", ("就业率", "对口就业率"))
        if w.rng.random() < 0.6:
            self._table_of_schools(w, "毕业生升学", ("升学人数", "升入本科人数"))

    def programmes(self, w: Writing) -> None:
        rng = w.rng
        rows: list[list[object]] = [["序号", "学校", "专业名称", "在校生数（人）", "专业级别"]]
        for school in self.schools:
            for each in school.programmes[: rng.choice((1, 2, 2, 3))]:
                level = rng.choice(("省级骨干专业", "市级重点专业", "省级特色专业")) if rng.random() < 0.4 else ""
                rows.append([len(rows), w.name(school.thing), w.name(each), rng.randint(30, 600), level])
        w.table(f"{self.year}年各校主要专业情况一览表", rows)
        for school in rng.sample(self.schools, min(5, len(self.schools))):
            some = rng.sample(school.programmes, 3)
            w.say(
                w.pick(
                    f"{w.name(school.thing)}开设有{w.list(some)}等专业。",
                    f"{w.name(school.thing)}重点建设{w.list(some)}等专业。",
                )
            )

    def partners(self, w: Writing) -> None:
        rng = w.rng
        w.say(
            w.pick(
                f"{self.all}中职学校坚持开门办学，校企协同持续深化。", f"一年来，{self.all}职业学校主动对接产业需求。"
            )
        )
        for school in self.schools:
            ties = [tie for tie in school.ties if lasts(school, tie, self.year)]
            if ties and rng.random() < 0.75:
                some = rng.sample(ties, min(len(ties), rng.randint(1, 4)))
                w.say(say_ties(w, w.name(school.thing), some, self.year))

    def internships(self, w: Writing) -> None:
        rng = w.rng
        rows: list[list[object]] = [["学校", "合作企业", "专业", "合作形式", "人数"]]
        for school in self.schools:
            ties = [tie for tie in school.ties if lasts(school, tie, self.year)]
            for tie in rng.sample(ties, min(len(ties), rng.choice((0, 1, 1, 2)))):
                rows.append(
                    [
                        w.name(school.thing),
                        w.name(tie.partner),
                        w.list(tie.programmes),
                        "、".join(tie.modes),
                        tie.headcount,
                    ]
                )
        if len(rows) > 1:
            w.table(f"{self.year}年各校学生实习情况一览表", rows)

    def groups(self, w: Writing) -> None:
        for city in self.cities:
            for group in city.groups[:3]:
                since = 2012 + hash_of(group.name) % 8
                w.say(
                    w.pick(
                        f"{since}年，{city.thing.name}组建{group.name}。",
                        f"{city.thing.name}于{since}年牵头成立{group.name}，资源共享不断深入。",
                    )
                )
        for school in w.rng.sample(self.schools, min(8, len(self.schools))):
            group, role, since = school.memberships[0]
            w.say(
                w.pick(
                    f"{w.name(school.thing)}是{w.name(group)}{role}单位。",
                    f"{w.name(school.thing)}于{since}年加入{w.name(group)}。",
                )
            )

    def sisters(self, w: Writing) -> None:
        for school in w.rng.sample(self.schools, min(6, len(self.schools))):
            other, mode, programmes, _ = w.rng.choice(school.sister_schools)
            on = f"在{w.list(programmes)}专业" if programmes else ""
            w.say(
                w.pick(
                    f"{w.name(school.thing)}与{w.name(other)}{on}开展{mode}。",
                    f"{self.year}年，{w.name(school.thing)}与{w.name(other)}签订{mode}协议。",
                )
            )

    def case(self, w: Writing) -> None:
        school = w.rng.choice(self.schools)
        ties = [tie for tie in school.ties if lasts(school, tie, self.year)]
        if ties:
            w.say(say_ties(w, w.name(school.thing), [w.rng.choice(ties)], self.year) + "这一做法得到推广。")
        w.say(f"{w.name(school.thing)}建有{school.bases[0].name}，面向周边开放。")
