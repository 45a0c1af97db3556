"""Tables that made reports have and that state no fact of the graph: marks, fitness, prizes, money, equipment, contentment."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.benchmarks.made_prose import ACTORS, THINGS

Rows = list[list[object]]
PlainTable = tuple[str, Rows]


def draw_plain_tables(rng: random.Random, count: int, year: int) -> list[PlainTable]:
    """So many tables, each with its caption and its rows: header first."""
    makers = rng.sample(MAKERS, min(count, len(MAKERS)))
    return [make(rng, year) for make in makers]


def _two_years(
    caption: str, head: str, items: tuple[str, ...], low: float, high: float, digits: int
) -> Callable[[random.Random, int], PlainTable]:
    """A table of some things in two years and the change."""

    def make(rng: random.Random, year: int) -> PlainTable:
        rows: Rows = [[head, f"{year - 1}年", f"{year}年", "变化"]]
        for item in rng.sample(items, rng.randint(min(3, len(items)), len(items))):
            before, now = (round(rng.uniform(low, high), digits) for _ in range(2))
            rows.append([item, f"{before:.{digits}f}", f"{now:.{digits}f}", f"{now - before:+.{digits}f}"])
        return caption, rows

    return make


def _several(
    caption: str, heads: tuple[str, ...], items: tuple[str, ...], low: int, high: int
) -> Callable[[random.Random, int], PlainTable]:
    """A table of some things with several numbers each, and their sums."""

    def make(rng: random.Random, year: int) -> PlainTable:
        rows: Rows = [list(heads)]
        for item in items[: rng.randint(min(3, len(items)), len(items))]:
            rows.append([item, *(rng.randint(low, high) for _ in heads[1:])])
        columns = list(zip(*rows[1:], strict=True))[1:]
        rows.append(["合计", *(sum(column) for column in columns)])
        return f"{year}年{caption}", rows

    return make


def _prizes(rng: random.Random, year: int) -> PlainTable:
    rows: Rows = [["序号", "赛项名称", "级别", "奖项", "人数"]]
    names = [
        "短视频制作",
        "手工制茶",
        "硬笔书法",
        "演讲",
        "电子焊接",
        "零件测绘",
        "导游讲解",
        "礼仪展示",
        "沙盘推演",
        "网页设计",
        "服装展示",
        "急救技能",
        "插花",
        "数据录入",
        "朗诵",
        "合唱",
        "舞蹈",
    ]
    for name in rng.sample(names, rng.randint(5, 15)):
        rows.append(
            [
                len(rows),
                name,
                rng.choice(("省级", "市级", "县级")),
                rng.choice(("一等奖", "二等奖", "三等奖")),
                rng.randint(1, 5),
            ]
        )
    return f"{year}年学生技能竞赛获奖情况统计表", rows


def _hours(rng: random.Random, year: int) -> PlainTable:
    rows: Rows = [["课程类别", "课程名称", "学时", "学分"]]
    for name in rng.sample(
        [
            "语文",
            "数学",
            "英语",
            "历史",
            "思想政治",
            "信息技术",
            "体育与健康",
            "艺术",
            "劳动教育",
            "心理健康",
            "职业生涯",
            "安全教育",
        ],
        rng.randint(6, 12),
    ):
        hours = rng.choice((36, 54, 72, 108, 144))
        rows.append(["公共基础课程", name, hours, hours // 18])
    return "公共基础课程设置表", rows


def _rules(rng: random.Random, year: int) -> PlainTable:
    rows: Rows = [["序号", "制度名称", "修订时间", "执行部门"]]
    for thing in rng.sample(THINGS, rng.randint(8, 30)):
        rows.append([len(rows), f"{thing}办法", f"{rng.randint(year - 4, year)}年", rng.choice(ACTORS)])
    return "规章制度制订修订一览表", rows


def _events(rng: random.Random, year: int) -> PlainTable:
    rows: Rows = [["序号", "活动名称", "组织部门", "参加人次", "活动时间"]]
    for thing in rng.sample(THINGS, rng.randint(8, 26)):
        rows.append([len(rows), thing, rng.choice(ACTORS), rng.randint(20, 900), f"{rng.randint(3, 12)}月"])
    return f"{year}年主要活动统计表", rows


COURSES = ("语文", "数学", "英语", "思想政治", "历史", "体育与健康", "艺术", "信息技术")
CLASSES = ("一年级", "二年级", "三年级")
MAKERS: tuple[Callable[[random.Random, int], PlainTable], ...] = (
    _two_years("文化课合格率统计表", "科目", COURSES, 78, 99, 1),
    _two_years("文化课优秀率统计表", "课程", COURSES, 12, 40, 1),
    _two_years("生均仪器设备与图书情况表", "指标", ("生均仪器设备值（元）", "生均图书（册）", "生均校舍建筑面积（平方米）", "生均宿舍面积（平方米）"), 10, 90, 2),
    _two_years("信息化条件情况表", "项目", ("多媒体教室（间）", "录播教室（间）", "教师用机（台）", "网络信息点（个）", "出口带宽（兆）", "数字资源（GB）"), 10, 600, 0),
    _two_years("办学经费收支情况表（万元）", "项目", ("公用经费", "人员经费", "项目经费", "设备购置", "维修支出", "图书购置", "培训支出"), 20, 2400, 2),
    _two_years("满意度调查情况表（%）", "调查对象", ("理论学习", "专业学习", "实习实训", "校园文化", "社团活动", "校园生活", "校园安全", "食堂服务"), 86, 99, 1),
    _two_years("毕业生跟踪调查表（%）", "项目", ("岗位适应", "团队协作", "学习能力", "职业道德", "沟通能力"), 84, 99, 1),
    _two_years("资助资金发放情况表（万元）", "项目", ("免学费", "国家助学金", "奖学金", "校内补助", "临时困难补助"), 2, 400, 2),
    _several("学生体质测试情况表", ("年级", "参测人次", "优秀", "良好", "及格", "不及格"), CLASSES, 20, 600),
    _several("证书考核情况表", ("批次", "参加人次", "通过人次", "补考人次"), ("第一批", "第二批", "第三批", "第四批"), 20, 300),
    _several("教师培训情况统计表", ("培训类别", "国家级", "省级", "市级", "校级"), ("全员培训", "骨干培训", "新教师培训", "班主任培训", "管理干部培训", "信息化培训"), 0, 90),
    _several("社会培训情况统计表", ("培训项目", "期数", "人次", "学时"), ("农业实用技术", "家政服务", "电工作业", "电子商务创业", "安全生产", "退役士兵", "手工技艺"), 1, 300),
    _several("社团活动统计表", ("类别", "社团个数", "活动次数", "成果件数"), ("文艺类", "体育类", "科技类", "技能类", "公益类"), 1, 60),
    _several("教科研成果统计表", ("类别", "立项", "结题", "获奖"), ("课题", "论文", "微课", "教学设计", "校本教材"), 0, 30),
    _several("馆藏图书分类统计表", ("类别", "种数", "册数"), ("社科类", "文学类", "科技类", "艺术类", "工具书"), 100, 9000),
    _several("安全检查情况统计表", ("检查类别", "检查次数", "发现隐患", "已整改"), ("消防", "用电", "食品", "校舍", "交通", "实训"), 0, 60),
    _several("志愿服务情况统计表", ("服务类别", "次数", "参加人次", "时长（小时）"), ("社区清洁", "敬老慰问", "义务维修", "文明引导", "赛事保障"), 1, 400),
    _several("课程资源建设情况表", ("资源类型", "当年新增", "累计数量"), ("微课", "课件", "题库", "案例", "动画", "教案"), 3, 900),
    _several("教师职称与年龄结构表", ("职称", "35岁以下", "36至45岁", "46至55岁", "56岁以上"), ("正高级", "高级", "中级", "初级", "未定级"), 0, 40),
    _several("班级与课时安排表", ("年级", "班级数", "周课时", "实训周数"), CLASSES, 2, 34),
    _prizes,
    _rules,
    _events,
    _hours,
)  # fmt: skip
