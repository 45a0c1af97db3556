"""Reports of a made world as the lines of their statement files, in the shape of real reports (``made_graph`` has both)."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.benchmarks.made_world import City, School, Thing, Tie, World, hash_of

Row = dict[str, Any]


class ReportWriter:
    """One report while it is written: places in its order, and what each of them says."""

    def __init__(self, report: str, info: Row, rng: random.Random, own: Sequence[Thing]) -> None:
        self.report = report
        self.info = info
        self.rng = rng
        self.year: int = info["year"]
        self.own = own  # entities that have a line though nothing be left of what is said about them
        self.facts: list[tuple[Row, tuple[Thing, ...]]] = []
        self.others: list[Row] = []
        self.pages = info["source"].endswith(".pdf")
        self.at = rng.randint(400, 900)
        self.section = ""
        self.table = 0
        self.caption = ""
        self.row = 0
        self.names: dict[str, str] = {}

    def open_section(self, chapter: str, part: str = "") -> None:
        self.section = f"{chapter} / {part}" if part else chapter

    def open_table(self, caption: str) -> None:
        self.table += 1
        self.caption = f"表{self.table}：{caption}"
        self.row = 1

    def sentence(self, text: str) -> Row:
        self.at += self.rng.randint(20, 160)
        return self._place(text, {})

    def table_row(self, *cells: object) -> Row:
        self.row += 1
        self.at += 1
        table = {"table": self.table, "caption": self.caption, "row": self.row}
        return self._place(" ".join(str(cell) for cell in cells if cell != ""), table)

    def _place(self, text: str, table: Row) -> Row:
        start, self.at = self.at, self.at + len(text)
        page = {"page": start // 700 + 1} if self.pages else {}
        return {"text": text, "start": start, "end": self.at, "section": self.section, **page, **table}

    def name(self, thing: Thing) -> str:
        """The name that this report uses for a thing: mostly its full one."""
        if thing.iri not in self.names:
            short = thing.aliases and thing not in self.own and self.rng.random() < 0.12
            self.names[thing.iri] = thing.aliases[0] if short else thing.name
        return self.names[thing.iri]

    def say(
        self,
        place: Row,
        subject: Thing,
        predicate: str,
        target: Thing,
        qualifiers: Mapping[str, Any] = {},
        programmes: Sequence[Thing] = (),
        partners: Sequence[Thing] = (),
    ) -> None:
        words = {
            "programmes": [self.name(each) for each in programmes],
            "partners": [self.name(each) for each in partners],
        }
        row: Row = {
            "kind": "statement",
            "predicate": predicate,
            "subject": subject.iri,
            "object": target.iri,
            "qualifiers": {key: value for key, value in {**qualifiers, **words}.items() if value not in (None, [], "")},
            "said": {"subject": self.name(subject), "object": self.name(target)},
            "evidence": place,
            "extractor": EXTRACTORS[predicate],
        }
        for key, things in (("programmes", programmes), ("partners", partners)):
            if things:
                row[key] = [each.iri for each in things]
        self.facts.append((row, (subject, target, *programmes, *partners)))

    def figure(self, place: Row, subject: Thing, indicator: str, value: float, year: int) -> None:
        row = {
            "kind": "figure",
            "subject": subject.iri,
            "indicator": indicator,
            "value": value,
            "unit": UNITS[indicator],
            "year": year,
            "said": {"subject": self.name(subject)},
            "evidence": place,
            "extractor": "figures",
        }
        self.facts.append((row, (subject,)))

    def check_total(self, place: Row, subject: Thing, what: str, parts: Sequence[int], stated: int) -> None:
        row = {
            "kind": "check",
            "check": "total",
            "what": what,
            "subject": subject.iri,
            "stated": stated,
            "found": sum(parts),
            "names": [str(part) for part in parts],
            "verdict": "agrees" if stated == sum(parts) else "differs",
            "evidence": place,
        }
        self.others.append(row)

    def issue(self, message: str, quote: str) -> None:
        self.at += len(quote)
        place = {"start": self.at - len(quote), "end": self.at, "section": self.section}
        self.others.append(
            {"kind": "issue", "code": "table-without-facts", "message": message, "quote": quote, **place}
        )

    def rows(self, share: float = 1.0) -> Iterator[Row]:
        """The lines of the statement file, or of one that has this share of the facts only."""
        facts = self.facts[: max(1, round(len(self.facts) * share))]
        things = {thing.iri: thing for thing in (*self.own, *(thing for _, things in facts for thing in things))}
        yield {"kind": "report", "report": self.report, "characters": self.at, **self.info}
        first = self.facts[0][0]["evidence"]
        for _, thing in sorted(things.items()):
            yield self._entity(thing, first)
        for kind in ("statement", "figure"):
            for number, (row, _) in enumerate(facts):
                if row["kind"] == kind:
                    yield {"id": _digest(f"{self.report} {number}"), **row}
        for kind in ("check", "issue"):
            for number, row in enumerate(self.others[: round(len(self.others) * share)]):
                if row["kind"] == kind == "check":
                    yield {"id": _digest(f"{self.report} check {number}"), **row}
                elif row["kind"] == kind:
                    yield row

    def _entity(self, thing: Thing, evidence: Row) -> Row:
        name = self.name(thing)
        aliases = list(thing.aliases) if name == thing.name else []
        row: Row = {"kind": "entity", "iri": thing.iri, "type": thing.type.value, "name": name, "aliases": aliases}
        if thing.link is not None:
            scheme, code, how = thing.link
            row["link"] = {"scheme": scheme, "code": code, "how": how, "words": name, "evidence": evidence}
        if thing.unlinked is not None:
            scheme, why, proposals = thing.unlinked
            row["unlinked"] = {"scheme": scheme, "why": why, "proposals": list(proposals)}
        return row


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


EXTRACTORS = {
    "offersProgramme": "programmes",
    "partnersWith": "partnerships",
    "collaboratesWith": "partnerships",
    "memberOf": "groups",
    "hostsGroup": "groups",
    "locatedIn": "schools",
    "designatedAs": "schools",
    "administeredBy": "schools",
    "operatesBase": "bases",
}
UNITS = {
    "学校数": "所",
    "招生数": "人",
    "在校生数": "人",
    "毕业生数": "人",
    "教职工数": "人",
    "专任教师数": "人",
    "双师型教师比例": "%",
    "双师型教师数": "人",
    "生师比": ":1",
    "就业率": "%",
    "对口就业率": "%",
    "升学人数": "人",
    "升学率": "%",
    "升入本科人数": "人",
    "合作企业数": "家",
    "专业数": "个",
    "实训基地数": "个",
    "校园面积": "亩",
}


def figures_of(school: School, year: int) -> dict[str, float]:
    """What is true of a school in a year, whichever report says it."""
    rng = random.Random(hash_of(school.thing.name, year))
    pupils = round(school.size * (1 + 0.03 * (year - 2020)) * rng.uniform(0.95, 1.05))
    teachers = max(12, round(pupils / rng.uniform(11, 19)))
    both = round(teachers * rng.uniform(0.3, 0.7))
    leavers = round(pupils * rng.uniform(0.27, 0.33))
    onward = round(leavers * rng.uniform(0.3, 0.75))
    return {
        "在校生数": pupils,
        "招生数": round(pupils * rng.uniform(0.3, 0.38)),
        "毕业生数": leavers,
        "教职工数": teachers + rng.randint(6, 40),
        "专任教师数": teachers,
        "双师型教师数": both,
        "双师型教师比例": round(100 * both / teachers, 2),
        "生师比": round(pupils / teachers, 2),
        "就业率": round(rng.uniform(94, 99.5), 2),
        "对口就业率": round(rng.uniform(70, 93), 2),
        "升学人数": onward,
        "升学率": round(100 * onward / leavers, 2),
        "升入本科人数": rng.randint(1, max(1, onward // 6)),
        "专业数": len(school.programmes),
        "实训基地数": len(school.bases) + rng.randint(0, 5),
        "合作企业数": rng.randint(18, 60),
        "校园面积": 60 + hash_of(school.thing.name) % 300,
    }


def write_school_report(world: World, city: City, school: School, year: int, at: int) -> ReportWriter:
    own = school.thing
    report = f"{school.region.link[1] if school.region.link else at}-{city.schools.index(school) + 1}-{year}"
    rng = random.Random(hash_of(world.seed, own.name, year))
    title = f"{own.name}{year}年度职业教育质量报告"
    writer = ReportWriter(report, _info(report, title, "school", own, school.region, year), rng, (own, school.region))
    writer.open_section("一、基本情况", "（一）学校概况")
    place = writer.sentence(f"{own.name}坐落于{school.region.name}，是由{school.office.name}主管的公办职业学校。")
    writer.say(place, own, "locatedIn", school.region)
    writer.say(place, own, "administeredBy", school.office)
    if school.office is not city.bureau and rng.random() < 0.8:
        writer.say(
            writer.sentence(f"学校业务上接受{city.bureau.name}指导，举办者为市级教育部门。"),
            own,
            "administeredBy",
            city.bureau,
        )
    for status, since in school.designations:
        place = writer.sentence(f"{since}年，学校被认定为{status.name}，办学水平得到社会各界认可。")
        writer.say(place, own, "designatedAs", status, {"year": since if rng.random() < 0.65 else None})
    _write_figures(writer, school, year)
    _write_programmes(writer, school, year)
    _write_bases(writer, school, year)
    _write_ties(writer, school, [tie for tie in school.ties if tie.first <= year <= tie.last], year)
    _write_schools_and_groups(writer, school, year)
    for number in range(rng.choice((0, 1, 2, 3))):
        quote = "序号\t指标\t单位\t得分\n1\t学生满意度\t%\t96.2\n2\t家长满意度\t%\t95.1\n3\t毕业生满意度\t%\t94.8"
        writer.issue(f"第 {writer.table + number + 1} 张表未得出事实：满意度调查表", quote)
    return writer


def _info(report: str, title: str, level: str, publisher: Thing, region: Thing, year: int) -> Row:
    return {
        "source": report + random.Random(report).choice((".docx", ".pdf", ".txt")),
        "sha256": hashlib.sha256(report.encode()).hexdigest(),
        "title": title,
        "level": level,
        "publisher": publisher.name,
        "region": region.name,
        "year": year,
        "published": year + 1,
        "extractors": "0.1.0/2",
    }


def _write_figures(writer: ReportWriter, school: School, year: int) -> None:
    own, rng = school.thing, writer.rng
    now, before = figures_of(school, year), figures_of(school, year - 1)
    for part, indicators in (
        ("（二）学生情况", ("招生数", "在校生数", "毕业生数", "升学人数", "升入本科人数")),
        ("（三）教师队伍", ("教职工数", "专任教师数", "双师型教师数", "双师型教师比例", "生师比")),
        ("（四）就业与升学", ("就业率", "对口就业率", "升学率")),
        ("（五）办学条件", ("专业数", "实训基地数", "合作企业数", "校园面积")),
    ):
        writer.open_section("一、基本情况", part)
        writer.open_table(f"{year - 1}、{year}年{part[3:]}一览表")
        for indicator in rng.sample(indicators, len(indicators) - (rng.random() < 0.5)):
            place = writer.table_row(indicator, before[indicator], now[indicator], UNITS[indicator])
            writer.figure(place, own, indicator, before[indicator], year - 1)
            writer.figure(place, own, indicator, now[indicator], year)
        said = {indicator: now[indicator] for indicator in rng.sample(indicators, len(indicators) // 2 + 1)}
        for indicator, value in said.items():
            if rng.random() < 0.01:
                said[indicator] = round(value * 1.1, 2) if isinstance(value, float) else value + 3  # a slip of the pen
        words = "，".join(f"{indicator}为{value}{UNITS[indicator]}" for indicator, value in said.items())
        place = writer.sentence(f"截至{year}年底，学校{words}，与上年相比总体保持稳定。")
        for indicator, value in said.items():
            writer.figure(place, own, indicator, value, year)


def _write_programmes(writer: ReportWriter, school: School, year: int) -> None:
    own, rng = school.thing, writer.rng
    writer.open_section("二、专业建设", "（一）专业布局")
    offered = [each for each in school.programmes if rng.random() < 0.92] or list(school.programmes)
    some = offered[: rng.randint(4, len(offered))] if len(offered) > 4 else offered
    names = "、".join(writer.name(each) for each in some)
    text = f"学校紧密对接区域主导产业和民生需求，现开设{names}等{len(offered)}个专业，专业布局日趋合理。"
    place = writer.sentence(text)
    for each in some:
        writer.say(place, own, "offersProgramme", each, {"status": "开设"})
    writer.open_table(f"{year}年各专业招生和在校生人数统计表")
    parts = _split(rng, int(figures_of(school, year)["在校生数"]), len(offered))
    for each, heads in zip(offered, parts, strict=True):
        code = each.link[1] if each.link and rng.random() < 0.7 else None
        place = writer.table_row(writer.name(each), code or "", "三年", "全日制", "初中毕业生", heads // 3, heads)
        for count in (heads // 3, heads)[rng.random() < 0.5 :]:
            writer.say(place, own, "offersProgramme", each, {"year": year, "headcount": count, "code": code})
    stated = sum(parts) + (rng.random() < 0.03) * 10
    writer.check_total(writer.table_row("合计", stated), own, f"{year}年 · 合计", parts, stated)
    writer.open_section("二、专业建设", "（二）专业设置与调整")
    writer.open_table("专业设置情况一览表")
    for each in offered:
        if rng.random() < 0.95:
            since = 1990 + hash_of(own.name, each.name) % 30
            level = rng.choice(("省级重点专业", "市级特色专业", "省级骨干专业")) if rng.random() < 0.3 else None
            place = writer.table_row(writer.name(each), since, "三年", "春季、秋季招生", level or "")
            writer.say(place, own, "offersProgramme", each, {"since": since, "designation": level})
    for each in rng.sample(offered, min(3, len(offered))):
        status = rng.choice(("新增", "扩招", "缩招", "停办"))
        place = writer.sentence(
            f"{year}年，学校根据区域产业发展需要{status}{writer.name(each)}专业，进一步优化专业结构。"
        )
        writer.say(place, own, "offersProgramme", each, {"year": year, "status": status})


def _write_bases(writer: ReportWriter, school: School, year: int) -> None:
    own, rng = school.thing, writer.rng
    writer.open_section("三、条件保障", "（一）实训基地建设")
    writer.open_table("校内外实训基地一览表")
    areas, firms = [], [tie.partner for tie in school.ties if tie.partner.type == "Enterprise"]
    for base in school.bases:
        programmes = rng.sample(school.programmes, rng.choice((0, 1, 1, 1, 2)))
        partners = rng.sample(firms, rng.choice((0, 0, 0, 1))) if firms else []
        areas.append(150 + hash_of(base.name, own.name) % 1500)
        places = 20 + hash_of(base.name, own.name) % 180
        cells = (base.name, areas[-1], places, *(writer.name(each) for each in programmes))
        values = {"area": areas[-1], "workstations": places, "year": year if rng.random() < 0.2 else None}
        if rng.random() < 0.8:
            writer.say(writer.table_row(*cells), own, "operatesBase", base, values, programmes, partners)
        else:
            place = writer.sentence(f"学校建成{base.name}，可满足相关专业学生校内实训和社会培训的需要。")
            writer.say(place, own, "operatesBase", base, {}, programmes, partners)
    place = writer.table_row("合计", sum(areas))
    writer.check_total(place, own, "基地面积（平方米） · 合计", areas, sum(areas))


def _write_ties(writer: ReportWriter, school: School, ties: Sequence[Tie], year: int) -> None:
    """Partners: about half in lists of sentences, half in rows of a table; many of them in both."""
    own, rng = school.thing, writer.rng
    writer.open_section("四、产教融合", "（一）校企合作概况")
    listed = [tie for tie in ties if rng.random() < 0.9]
    while listed:
        length = rng.randint(2, 6)
        some, listed = listed[:length], listed[length:]
        mode, programmes = some[0].modes[0], some[0].programmes
        names = "、".join(writer.name(tie.partner) for tie in some)
        words = "、".join(writer.name(each) for each in programmes)
        when = f"{year}年，" if rng.random() < 0.5 else ""
        text = f"{when}学校{words}{'等专业' if words else ''}与{names}等单位开展{mode}合作，双方共同制定人才培养方案，成效显著。"
        place = writer.sentence(text)
        values = {"modes": [mode], "year": year if when else None}
        for tie in some:
            writer.say(place, own, "partnersWith", tie.partner, values, programmes)
    writer.open_section("四、产教融合", "（二）学生实习与订单培养")
    writer.open_table(f"{year}年合作企业与学生实习情况一览表")
    for tie in ties:
        if rng.random() > 0.95:
            continue
        words = [writer.name(each) for each in tie.programmes]
        heads = tie.headcount + (year - tie.first) * 2 if rng.random() < 0.75 else None
        cells = ("、".join(words), writer.name(tie.partner), f"{year}年9月", heads or "", "、".join(tie.modes), "良好")
        values = {"modes": list(tie.modes), "year": year if rng.random() < 0.75 else None, "headcount": heads}
        writer.say(writer.table_row(*cells), own, "partnersWith", tie.partner, values, tie.programmes)


def _write_schools_and_groups(writer: ReportWriter, school: School, year: int) -> None:
    own, rng = school.thing, writer.rng
    writer.open_section("四、产教融合", "（三）贯通培养与结对帮扶")
    for other, mode, programmes, since in school.sister_schools:
        names = "、".join(writer.name(each) for each in programmes) or "相关"
        for words in (
            f"自{since}年起，学校与{writer.name(other)}在{names}专业开展{mode}，共同制定培养方案，分段实施教学。",
            "",
        )[: rng.choice((1, 1, 2))]:
            place = writer.sentence(words or f"学校与{writer.name(other)}签订{mode}协议，双方教师定期互访交流。")
            year_said = year if rng.random() < 0.6 else None
            writer.say(place, own, "collaboratesWith", other, {"modes": [mode], "year": year_said}, programmes)
    writer.open_section("四、产教融合", "（四）职教集团与共同体")
    for group, role, since in school.memberships:
        place = writer.sentence(
            f"{since}年，学校加入{writer.name(group)}，为{role}单位，积极参与人才培养、师资交流和技能竞赛等各项活动。"
        )
        writer.say(place, own, "memberOf", group, {"role": role, "year": since if rng.random() < 0.65 else None})
    for group, since in school.hosts:
        members = [tie.partner for tie in rng.sample(school.ties, min(2, len(school.ties)))]
        names = "、".join(writer.name(each) for each in members)
        place = writer.sentence(f"学校牵头组建{writer.name(group)}，{names}等为成员单位。")
        when = since if rng.random() < 0.75 else None
        writer.say(place, own, "hostsGroup", group, {"year": when})
        for member in members:
            writer.say(place, member, "memberOf", group, {"role": "成员", "year": when})


def write_city_report(world: World, city: City, year: int) -> ReportWriter:
    """A city's report: tables of all its schools, and again some of what its schools' own reports say."""
    own = city.thing
    code = city.region.code
    rng = random.Random(hash_of(world.seed, code, year))
    title = f"{own.name}{year}年度中等职业教育质量报告"
    info = _info(f"{code}-{year}", title, "city", city.bureau, own, year)
    writer = ReportWriter(f"{code}-{year}", info, rng, (own, city.bureau))
    schools = city.schools[:-1]  # all but the college
    writer.open_section("一、规模与结构", "（一）学校布局")
    place = writer.sentence(f"{year}年，{own.name}共有中等职业学校{len(schools)}所。")
    writer.figure(place, own, "学校数", len(schools), year)
    writer.open_table(f"{own.name}中等职业学校基本情况表")
    for school in schools:
        place = writer.table_row(
            writer.name(school.thing),
            school.region.name,
            school.office.name,
            "公办",
            "全日制中等职业教育",
            "市属" if school.office is city.bureau else "县属",
        )
        if rng.random() < 0.6:
            writer.say(place, school.thing, "locatedIn", school.region)
        if rng.random() < 0.55:
            writer.say(place, school.thing, "administeredBy", school.office)
        for status, since in school.designations[: rng.choice((0, 1, 1))]:
            writer.say(place, school.thing, "designatedAs", status, {"year": since if rng.random() < 0.25 else None})
    writer.open_section("一、规模与结构", "（二）学生与教师")
    for indicators in (
        ("招生数", "在校生数", "毕业生数"),
        ("教职工数", "专任教师数", "双师型教师数", "双师型教师比例", "生师比"),
        ("专业数", "校园面积", "就业率", "对口就业率"),
    ):
        writer.open_table(f"{year}年各校{'、'.join(indicators)}统计表")
        facts = {school: figures_of(school, year) for school in schools}
        for school in schools:
            values = facts[school]
            place = writer.table_row(writer.name(school.thing), *(values[each] for each in indicators))
            for indicator in indicators:
                if rng.random() < 0.85:
                    writer.figure(place, school.thing, indicator, values[indicator], year)
        for indicator in indicators:
            if UNITS[indicator] == "人":
                parts = [int(values[indicator]) for values in facts.values()]
                place = writer.table_row("合计", sum(parts))
                writer.figure(place, own, indicator, sum(parts), year)
                writer.check_total(place, own, f"{indicator} · 合计", parts, sum(parts))
    for indicator in ("就业率", "对口就业率", "升学率", "双师型教师比例", "生师比", "合作企业数", "实训基地数"):
        for each in (year - 1, year):
            value = round(figures_of(schools[0], each)[indicator], 1)
            place = writer.sentence(f"{each}年，全市中职学校{indicator}为{value}{UNITS[indicator]}，总体保持平稳。")
            writer.figure(place, own, indicator, value, each)
    for school in schools:
        _write_school_part(writer, school, year)
    _write_city_groups(writer, city, year)
    return writer


def _write_school_part(writer: ReportWriter, school: School, year: int) -> None:
    """Some of what a school's own report says too."""
    own, rng = school.thing, writer.rng
    writer.open_section("二、专业建设", f"（{writer.table}）{own.name}")
    some = school.programmes[:2]
    place = writer.sentence(
        f"{writer.name(own)}立足当地产业，重点建设{'、'.join(writer.name(each) for each in some)}等专业，办学特色鲜明，服务地方经济社会发展的能力不断增强。"
    )
    for each in some:
        level = "省级骨干专业" if rng.random() < 0.17 else None
        writer.say(place, own, "offersProgramme", each, {"status": "开设", "designation": level})
    writer.open_table(f"{year}年{own.name}主要专业在校生人数")
    for each in some:
        if rng.random() < 0.75:
            heads = rng.randint(30, 600) if rng.random() < 0.5 else None
            place = writer.table_row(writer.name(own), writer.name(each), heads or "", year)
            writer.say(place, own, "offersProgramme", each, {"year": year, "headcount": heads})
    writer.open_section("三、产教融合", "（一）校企合作")
    for tie in [tie for tie in school.ties if tie.first <= year <= tie.last][:2]:
        if rng.random() < 0.4:
            heads = tie.headcount if rng.random() < 0.8 else None
            place = writer.table_row(writer.name(own), writer.name(tie.partner), heads or "", "、".join(tie.modes))
            values = {"modes": list(tie.modes), "headcount": heads, "year": year}
            writer.say(place, own, "partnersWith", tie.partner, values, tie.programmes[:1])
        if rng.random() < 0.8:
            words = "、".join(writer.name(each) for each in tie.programmes)
            text = f"{writer.name(own)}与{writer.name(tie.partner)}开展{tie.modes[0]}合作，涉及{words or '多个'}专业，企业选派技术骨干到校授课，学校安排学生到岗实践，合作成果惠及学生。"
            values = {"modes": list(tie.modes), "year": year if rng.random() < 0.37 else None}
            writer.say(writer.sentence(text), own, "partnersWith", tie.partner, values, tie.programmes)
    for other, mode, programmes, _ in school.sister_schools[: rng.choice((0, 0, 1, 1))]:
        place = writer.sentence(
            f"{writer.name(own)}与{writer.name(other)}开展{mode}，在教师互派、课程共享和学生交流等方面取得进展。"
        )
        writer.say(place, own, "collaboratesWith", other, {"modes": [mode]}, programmes)
    for base in school.bases[: rng.choice((0, 0, 1))]:
        writer.say(writer.sentence(f"{writer.name(own)}建有{base.name}。"), own, "operatesBase", base, {}, ())


def _write_city_groups(writer: ReportWriter, city: City, year: int) -> None:
    rng = writer.rng
    writer.open_section("三、产教融合", "（二）职教集团与联合体")
    for group in city.groups[:3]:
        since = 2012 + hash_of(group.name) % 8
        writer.say(
            writer.sentence(f"{since}年，{city.thing.name}组建{group.name}，推动校企资源共享。"),
            city.thing,
            "hostsGroup",
            group,
            {"year": since},
        )
    for school in city.schools:
        for group, role, since in school.memberships[:1]:
            place = writer.sentence(
                f"{writer.name(school.thing)}为{group.name}{role}单位，参与区域产教融合项目建设和技术技能人才培养。"
            )
            writer.say(
                place, school.thing, "memberOf", group, {"role": role, "year": since if rng.random() < 0.7 else None}
            )


def _split(rng: random.Random, total: int, parts: int) -> list[int]:
    """A whole in parts of different sizes."""
    weights = [rng.random() + 0.1 for _ in range(parts)]
    found = [int(total * weight / sum(weights)) for weight in weights]
    return [*found[:-1], total - sum(found[:-1])]
