"""Running text of made reports that states no fact of the graph: what most of a report consists of.

Sentences are put together from words, not picked from a list: of the runs of six letters of two made reports of different
publishers three in a hundred are common to both, of two real ones about one. All words are the genre's, no sentence is
anybody's.
"""

from __future__ import annotations

import random
from collections.abc import Sequence


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


THINGS = _words(
    "课堂教学 早读晚修 主题班会 家校联系 学籍管理 教案检查 听课评课 推门听课 集体备课 公开课 示范课 微课制作 教学日志 实训教学 技能抽测 期中考试 学业水平测试 "
    "作业批改 教学督导 教学诊断 校本教材 活页教材 课程标准 教学资源库 线上课程 网络教研 智慧教室 录播系统 校园网络 办公平台 数据填报 宿舍管理 卫生评比 "
    "文明礼仪 入学教育 新生军训 升旗仪式 国旗下讲话 青年志愿服务 社团活动 校园广播 合唱比赛 书法展览 经典诵读 读书分享 劳动周 植树活动 田径运动会 篮球联赛 "
    "阳光体育 体质监测 心理辅导 心理健康筛查 生命教育 禁毒宣传 防溺水教育 交通安全 消防演练 食品安全 晨检午检 校园巡查 门卫值守 隐患排查 法治讲座 反诈宣传 "
    "欺凌防治 控辍保学 贫困资助 勤工助学 助学金发放 档案整理 师德培训 新教师培养 青蓝结对 骨干教师培养 班主任论坛 教学能力比赛 教研课题 论文评选 教师实践 "
    "职称评聘 绩效考核 教代会 校务公开 财务审计 预算执行 物资采购 校舍维修 绿化养护 食堂管理 图书借阅 电子阅览 实训耗材 设备保养 工位布置 安全操作规程 "
    "技能竞赛 选手集训 赛项研讨 证书考核 技能等级认定 就业指导 创业讲座 职业体验日 生涯规划课 简历制作 招聘会 毕业生回访 招生宣传 初中走访 升学辅导 支部学习 "
    "主题党日 党员示范岗 廉政谈话 民主生活会 工会活动 教工体检 退休教师慰问 传统节日活动 非遗进校园 剪纸课程 戏曲欣赏 茶艺展示 农技宣讲 社区课堂 老年课堂 "
    "送课下乡 义务维修 爱心义诊 环保宣传 数据采集 满意度调查 问卷分析 质量月 教学开放日 家长会 校史教育 导师制 走班教学 分层教学 项目教学 案例教学 情境教学 "
    "混合式教学 过程评价 增值评价 学分认定 学生成长档案 德育学分 行为习惯养成 自主管理 值周制度 宿舍文化 班级公约 楼道文化 橱窗展板 校园景观 校训校歌 校报校刊 "
    "微信推送 舆情应对 信访接待 应急预案 值班制度 公物保管 节能降耗 垃圾分类 用电检查 锅炉检修 电梯维保 道路硬化 操场翻新 机房改造 多媒体更新 门禁系统 "
    "监控升级 热水供应 医务服务"
)
TOPICS = _words(
    "课堂 晨读 晚修 班会 家访 学籍 教案 备课 作业 考试 课表 教材 教具 微课 课件 题库 机房 网站 宿舍 食堂 卫生 礼仪 军训 升旗 团课 社团 "
    "广播 合唱 书法 绘画 诵读 读书 劳动 植树 田径 篮球 跳绳 早操 体测 心理 生命 禁毒 防溺 交通 消防 食品 晨检 门卫 用电 法治 反诈 控辍 "
    "资助 档案 师德 青蓝 骨干 论坛 课题 论文 职称 考勤 校务 财务 预算 采购 校舍 绿化 图书 阅览 耗材 设备 工位 操作 赛项 选手 证书 就业 "
    "创业 生涯 简历 回访 招生 升学 支部 党课 廉政 工会 体检 节日 非遗 剪纸 戏曲 茶艺 农技 社区 敬老 送课 维修 义诊 环保 数据 问卷 质量 "
    "家长 校史 导师 分层 项目 案例 情境 评价 学分 德育 习惯 值周 公约 橱窗 校园 校训 校报 舆情 信访 应急 值班 公物 节能 分类 锅炉 操场 "
    "监控 供水 医务 双创 美育 体育 思政 语文 数学 英语 历史 艺术 信息 专业课 公共课 选修课 实训课 毕业班 新生 住校生 走读生 班干部 "
    "青年教师 外聘教师 班主任 教研组 备课组 督导组"
)
KINDS = _words(
    "管理 评比 检查 活动 制度 规范 建设 研讨 展示 巡查 台账 方案 机制 竞赛 讲座 例会 培训 档案 标准 流程 考核 整改 观摩 诊断 反馈 "
    "工作 预案 手册 指南 计划 总结 抽查 普查 调研 评议 服务 指导 辅导 宣传 演示 汇报 交流 沙龙 擂台 明细 清单 公示 督办 细则 月报"
)
WHO = _words("学生 教师 新生 师生 班级 团队 家长 毕业生 青年教师 学生干部 职工 各年级 各专业部 教研组 年级组 社团")
VERBS = _words(
    "开展 推进 完善 组织 规范 加强 改进 落实 细化 深化 优化 坚持 抓实 健全 强化 统筹 部署 启动 改革 探索 创新 普及 充实 梳理 调整 固化 提升 夯实 "
    "重视 丰富 拓展 跟进 督促 安排 布置 检查 总结 评比 试行 推广 贯彻 实施 巩固 带动 支持 保障 做好 抓好 用好 办好 建好 管好"
)
HOW = _words(
    "扎实 持续 全面 稳步 深入 有序 分层 分步 定期 常态化 按月 按周 按学期 因地制宜 因材施教 循序渐进 有针对性地 逐级 逐项 逐班 分年级 分专业部 认真 "
    "积极 大力 切实 及时 严格 主动 率先 精心 统一 集中 反复 适时 不断 着力 认真细致地 以点带面 上下联动 形式多样地"
)
ACTORS = _words(
    "教务处 学生科 团委 德育处 总务处 实训处 教研室 专业部 班主任 任课教师 教学副校长 年级组 语文组 数学组 英语组 体育组 信息中心 财务科 招生办 就业办 "
    "保卫科 图书馆 校医室 学生会 工会 办公室 督导室 培训处 校领导班子 值周教师 宿管教师 心理教师 思政教师 专业带头人 青年教师 老教师 家长委员会 伙食委员会 "
    "安全领导小组 资助中心 教材选用小组 课程建设小组 质量监控小组 党总支 各支部"
)
AIMS = _words(
    "学习习惯 动手能力 职业素养 规矩意识 安全意识 团队精神 表达能力 审美情趣 体能素质 劳动观念 诚信品质 创新思维 服务意识 岗位认知 学习兴趣 自信心 责任感 "
    "法治观念 环保观念 时间观念 教学质量 管理水平 育人实效 工作效率 教研氛围 师资水平 校园风貌 班风学风 服务能力 资源利用率 设备完好率 出勤率 家长认可度 "
    "社会声誉 育人合力 管理精度 反馈速度 课堂活力 教学规范 工匠精神"
)
SIZES = _words(
    "明显增强 稳步提高 逐年向好 有所改善 得到巩固 进一步提升 持续向好 初步形成 日渐浓厚 更加扎实 基本到位 仍需努力 有待加强 好于往年 达到预期 受到好评 "
    "显著改观 总体平稳 不断加深 有了新的起色"
)
TIMES = (
    *_words(
        "上半年 下半年 春季学期 秋季学期 学年初 学期末 暑假期间 寒假期间 新学期伊始 每周一 每周三下午 每月末 期中前后 考试结束后 开学第一周"
    ),
    *(f"{month}月份" for month in range(3, 13)),
    *[""] * 12,
)
REASONS = _words(
    "生源基础参差不齐 师资结构不够均衡 个别制度执行不严 场地条件有限 学生差异较大 家长期望各不相同 工作头绪较多 部分设备老化 经费比较紧张 教研力量薄弱 "
    "信息化应用不深 评价办法单一 年轻教师经验不足 专任教师年龄偏大 宣传方式比较陈旧 校区较为分散"
)
COUNTS = _words("次 场 期 轮 项 个专题 人次 节 课时 份 篇")


INTO = _words("纳入 写进 列入 融入 并入 归入 放进 植入")
LEADS = _words("带动 促进 推动 牵引 助推 引领 反哺 撬动")
DRAWS = _words("牵头 负责 主抓 承办 具体 会同各班 分头 带头")


class Prose:
    """Writes paragraphs, each anew, from one seeded source. ``we`` is what the report calls its publisher."""

    def __init__(self, rng: random.Random, we: Sequence[str]) -> None:
        self.rng = rng
        self.we = tuple(we)

    def paragraph(self, length: int) -> str:
        """A paragraph of about so many characters."""
        parts: list[str] = []
        at = 0
        while at < length:
            parts.append(self.sentence())
            at += len(parts[-1])
        return "".join(parts)

    def sentence(self) -> str:
        """One sentence of one to four clauses."""
        pick, rng = self.rng.choice, self.rng
        draw = rng.random()
        if draw < 0.3:
            head = f"{pick(TIMES)}{pick(self.we)}"
        elif draw < 0.5:
            head = pick(ACTORS)
        elif draw < 0.6:
            head = f"为增强{pick(WHO)}{pick(AIMS)}，{pick(self.we)}"
        elif draw < 0.63:
            head = f"针对{pick(REASONS)}的情况，{pick(ACTORS)}"
        else:
            head = ""
        clauses = [self._clause() for _ in range(rng.choice((1, 2, 2, 3, 3, 4)))]
        if rng.random() < 0.3:
            clauses.append(f"{pick(WHO)}{pick(AIMS)}{pick(SIZES)}")
        return head + "，".join(clauses) + "。"

    def _clause(self) -> str:
        pick, rng, thing = self.rng.choice, self.rng, self._thing
        draw = rng.random()
        if draw < 0.28:
            return f"{pick(HOW)}{pick(VERBS)}{thing()}"
        if draw < 0.42:
            return f"{pick(VERBS)}{thing()}{pick('和与及')}{thing()}"
        if draw < 0.54:
            return f"{pick('以用靠')}{thing()}{pick(LEADS)}{thing()}"
        if draw < 0.64:
            return f"{pick(('全年', '累计', '先后', '共'))}{pick(VERBS)}{thing()}{rng.randint(2, 60)}{pick(COUNTS)}"
        if draw < 0.74:
            return f"由{pick(ACTORS)}{pick(DRAWS)}{pick(VERBS)}{thing()}"
        if draw < 0.84:
            return f"{pick('把将')}{thing()}{pick(INTO)}{thing()}"
        if draw < 0.92:
            return f"{thing()}由{pick(ACTORS)}{pick(HOW)}{pick(VERBS)}"
        return f"{pick('在从于')}{thing()}中{pick(('培养', '锻炼', '检验', '提升'))}{pick(WHO)}{pick(AIMS)}"

    def _thing(self) -> str:
        pick = self.rng.choice
        return pick(THINGS) if self.rng.random() < 0.15 else pick(TOPICS) + pick(KINDS)
