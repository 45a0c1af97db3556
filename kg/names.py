"""Chinese names of organisations: what kind a name is by its ending, and where in running text it begins.

An ending (公司, 医院, 职教中心 …) shows where a name stops; where it starts is found by going left to a mark or to a
word that no name contains (与, 依托, 先后 …), past the few words that do contain such a character (同济, 华为,
人力资源和社会保障局).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.model import EntityType
from kg.reference_data import anchor_places, load_companies, load_regions, region_names

CJK = "\u3400-\u9fff"

# Endings by type, the more special types first: the first type whose ending fits a name wins.
_ENDINGS: tuple[tuple[EntityType, str], ...] = (
    (EntityType.COMMUNITY, r"(?:产教融合|产教|产学研|行业|校企合作|职教|科教融汇|融合发展|产业)共同体"),
    (EntityType.CONSORTIUM, r"产教联合体|产教融合联合体|产教城联合体"),
    (
        EntityType.EDUCATION_GROUP,
        r"(?:职业教育|职教|教育|办学|职业技术教育)集团(?!公司|有限|股份|学校|化)(?:（联盟）)?",
    ),
    (EntityType.ALLIANCE, r"联盟|党建联合体|发展联合体|协作体|协同体"),
    (
        EntityType.KINDERGARTEN,
        r"[市县区旗州][一二三四五六七八九]幼(?!儿)|幼儿园|幼稚园|保育院|托育园|托儿所|蒙台梭利园",
    ),
    (
        EntityType.HOSPITAL,
        r"[市县区旗州][一二三四五六七八九]院(?=[，。；、和与及等（]|$)|医院(?:[\u3400-\u9fff]{1,4}(?<![与和的])院区)?|卫生院|保健院|保健所|诊所|门诊部|卫生室|社区卫生服务中心|卫生服务中心|疾控中心|妇幼保健(?:计划生育)?服务中心|妇幼保健中心|急救中心|口腔中心",
    ),
    (
        EntityType.ENTERPRISE,
        r"有限责任公司|股份有限公司|集团有限公司|有限公司|总公司|分公司|子公司|公司|事务所|工厂"
        r"|(?<!工)(?<!进)(?<!入)(?<!建)(?<!出)(?<!在)(?<!下)(?<!校)(?<!中)(?<!后)(?<!前)(?<!驻)(?<!到)(?<!办)(?<!设)厂(?!家|房|区|商|部|长|校|里|内|外|方|址|级|矿企)"
        r"|(?:大|国际)?(?:酒店|宾馆|饭店)(?!运营|服务|管理|与管理|与服务|业)|度假村|度假酒店|酒楼|餐厅|民宿|旅行社|国旅|合作社|农场|牧场|林场|养殖场|[种奶][牛羊猪马]场|滑雪场|度假区|小镇|乐园|免税店|农庄|种植园|庄园|商场|超市|购物中心|商城|百货"
        r"|4S店|[4四]S店|专卖店|旗舰店|门店|连锁店|药店|大药房(?:连锁)?|药房|银行[\u3400-\u9fff（）]{2,12}?(?:分行|支行)|银行|信用社|合作联社|(?:营业部|营业厅)|汽贸|美容院|健身中心|健身房|游泳馆"
        r"|控股|集团|出版社|商行|苗圃|茶楼|林管站|管理站|分拣中心|配送中心|工艺社|研磨社|供热站|养护站|快修店|面包房",
    ),
    (
        EntityType.SCHOOL,
        r"(?:职业技术|职业|高等专科|技师|师范|医学|中医药|农业|工业|科技|体育|艺术|财经|警官|开放|广播电视|继续教育|应用技术|传媒|理工|工程|建筑|交通|外国语|幼儿师范|铁道|航空)?(?<!书)(?<!科)(?<!法)(?<!画)(?<!产业|研究|检察|振兴|工匠|企业|鲁班|老年|银龄|丝路|社区|市民)学院(?:(?:(?![与和及的在有从到])[\u3400-\u9fff]){1,4}校区)?"
        r"|(?<!老年|市民|社区)大学(?:(?:(?![与和及的在有从到])[\u3400-\u9fff]){1,4}校区)?(?!生|城|毕业|科技园|本科|专科|英语|期间|学历|教授|教师|程度)"
        r"|高等专科学校|职业技术学校|职业技术中学|职业学校|职业中学|职业中等专业学校|中等专业学校|中等职业技术学校|中等职业学校|中等技术学校|职业高级中学|高级职业中学|高级职业技术学校|职业高中|职业中专学校|职业中专|职教中心学校|职教中心校|职教中心|职教园区|职业教育中心学校|职业教育中心|(?<!职业)(?<!普通)(?<!成人)(?<!附设)中专(?!学校|生|部|班|层次|学历|毕业|教育|专业|阶段|招生|段)|职业技术教育中心学校|职业技术教育中心"
        r"|高级技工学校|技工学校|技术学校|技校|(?:卫生|护士|师范|艺术|体育|体育运动|运动|财经|商业|商贸|商务|工商|工业|工程|交通|交通运输|旅游|农业|农牧|农林|农机|林业|建筑|建筑工程|机电|电子|信息|信息工程|信息技术|轻工|轻工业|水利|水产|幼儿师范|幼师|戏曲|舞蹈|音乐|特殊教育|开放|科技|烹饪|机械|机械工程|化工|粮食|供销|经济|经贸|铁路|民族|实验|高级|国际|外国语|双语|九年一贯制|附属|联合|综合|专门|科学技术|工贸|工艺美术|工艺|美术|印刷|纺织|服装|环境|气象|石油|煤炭|冶金|航空|航海|海事|邮电|电力|测绘|地质|司法|公安|警察|药科|药学|中医|中医药|医药)学校(?!长)"
        r"|高级中学|完全中学|实验中学|第[一二三四五六七八九十百\d]+中学|(?<!届)(?<!高)[一二三四五六七八九十]中(?![专学高药队餐学心央国小全])|附属中学|附中|中学(?!生|组|教师|阶段|语文|数学)|小学(?!生|组|教师|阶段|部)|附小|电大|党校|干校|进修学校|开放大学|学堂|书院(?=附属)",
    ),
    (
        EntityType.GOVERNMENT,
        r"人民政府(?:办公[室厅])?|政府(?!采购|补贴|部门|统筹|主导|购买|投入|履责|履职|引导|支持|机构|工作|资助|买岗|给|职业|负责|高度|各|出台|重视|保障|经费|专项|主管|层面|安排)"
        r"|(?:教育|教体|教科|体育|科技|科学技术|人社|人力资源和?社会保障|财政|发改|发展和改革|发展改革|工信|工业和信息化|商务|农业农村|农牧|农牧和科技|畜牧|畜牧兽医|海洋|海洋发展|渔业|粮食和物资|供销|农机|文物|林业|林草|林业和草原|水利|交通|交通运输|住建|住房和城乡建设|卫健|卫生健康|文旅|文化和旅游|文化旅游|文体旅游|广电|文化|民政|公安|司法|市场监管|市场监督管理|应急管理|应急|退役军人(?:事务)?|乡村振兴|扶贫|就业(?:服务)?|招商|税务|统计|审计|医保|医疗保障|生态环境|环保|自然资源|烟草(?:专卖)?|气象|邮政管理|铁路|海关|质监|城管|园林|供电|教育和体育|教育体育|教育科技(?:和体育)?|科学技术和?体育|能源|粮食|粮食和物资储备|国资|金融|地震|民宗|机关事务管理)(?:管理|服务|监督)?局"
        r"|(?:教育|财政|人社|人力资源和?社会保障|工信|工业和信息化|农业农村|商务|卫生健康|科技|科学技术|交通运输|住建|住房和城乡建设|民政|文化和旅游|水利|公安|司法|生态环境|自然资源)厅"
        r"|教育部|人社部|财政部|人力资源和?社会保障部|工业和信息化部|农业农村部|教育委员会|教委|卫健委|卫生健康委(?:员会)?|发改委|国资委|发展和改革委员会|管委会|管理委员会|宣传部|组织部|统战部|人民法院|法院|检察院|街道办事处|镇人民政府|消防救援[支大]队|武装部|残疾人联合会|残联",
    ),
    (
        EntityType.INSTITUTION,
        r"协会|学会|商会|公会|研究会|促进会|联合会|总工会|工会|妇联|团市委|基金会|研究院|研究所|研究中心|设计院|科学院|规划院|推广站|推广中心|技术中心|农科院|农科所|质检院|检验院|检测中心|实验站|试验站"
        r"|产业园区|工业园区|科技园区|物流园区|产业园|科技园|工业园|软件园|物流园|物流港|工业集中区|产业集中区|产业集聚区|工业集聚区|集聚区|集中区|创业园|孵化园|示范园|农业园|生态园|动漫园|园区|示范区|开发区|高新区|经开区|保税区|新区|自贸区|景区|风景区|旅游区"
        r"|机场|航站|火车站|高铁站|客运段|车务段|机务段|工务段|电务段|博物馆|图书馆|文化馆|美术馆|科技馆|体育馆|纪念馆|展览馆|艺术馆|文化宫|少年宫|青少年宫|青少年活动中心|社区|村委会|居委会|敬老院|养老院|福利院|养老中心|养护院|养老服务中心|康养中心|护理院|福利中心|救助站|救助管理站|颐养中心|颐养院|畜牧站|农技站|农机站|兽医站|文化站|保护中心|传承中心|气象站|种子站|水产站|检查站|边检站|海关|试验场|示范场|原种场"
        r"|服务中心|发展中心|交流中心|培训中心|鉴定中心|人才中心|就业中心|会展中心|艺术中心|活动中心|评价中心|指导中心|管理中心|文化中心|创新中心|促进中心|救助中心|康复中心|供电所|电视台|广播电视台|融媒体中心|报社|歌舞团|剧团|艺术团|杂技团|交响乐团|剧院|部队|动物园|植物园|公园|体育中心|水文站|气象台|供销社|红十字会|志愿者协会|行业指导委员会|行指委",
    ),
)
# Endings that are common words in running text: they show a type only where the place already says that a name stands
# there (a list's slot, a table's column of partners).
WEAK_ENTERPRISE = (
    r"科技|智慧|制衣|饰品|电商|直播|五金|商行|苗圃|园艺|工坊|银饰坊|陶社|林管站|工作站|服务站|茶楼|茶庄|别院|山庄|智能|电器|电子|机电|汽车|物流|快递|速运|动力|股份|传媒|影视|重工|重汽|网络|软件|信息|数码|医药|生物|食品|服饰|家居|家电|地产|文旅|通信|能源|材料|装备|汽贸|餐饮|面包房|织造|纺织|特钢|钢构|漆艺|银饰馆|玉雕城|珠宝行?|口腔|眼科|齿科|养老|模塑|模具|母婴护理|云仓|无人机|石化|鞋材|建材|智造|精工|精机|冷链|供应链|酒庄|老号|粉店|面馆|火锅|烘焙|影城|研学社|联社|织坊|染坊|蓝靛坊|造纸|水泥|陶瓷|绿色食品|冷饮|印务|图文|影像|婚庆|家政|健身|快运|货运|旅业|教仪|展业|纺园"
    r"|[马面乳牧农种药酒茶渔林粮纸瓷鞋服纺印食饮实置物旅商矿钢铝铜铁硅盐木竹果菌蜂桑丝棉塑化重医米糖染皮革船]业"
)
_TYPE_PATTERNS = (
    *tuple((type_, re.compile(rf"(?:{endings})$")) for type_, endings in _ENDINGS),
    (EntityType.ENTERPRISE, re.compile(rf"(?:{WEAK_ENTERPRISE})$")),
)
_ANY_ENDING = re.compile("|".join(f"(?P<{type_.name}>{endings})" for type_, endings in _ENDINGS))

# Words with a character that otherwise ends a name to the left.
_PROTECTED = re.compile(
    r"人力资源和社会保障|人力资源与社会保障|教育和体育|教育和科技|教育科技和体育|卫生和计划生育|住房和城乡|文化和旅游|工业和信息化|自然资源和规划|农牧和科技|发展和改革|林业和草原|粮食和物资"
    r"|大有(?!可为|作为)|和平|祥和|和谐|和田|和县|和龙|和顺|和政|和布克|和林格尔|共和|呼和浩特|敦和|永和|谦和|(?<!职)中和|和睦|泰和|安和|嘉和|亿和|和信|和美|大同|同济|同仁|同心|同江|同德|同方|同创|同力|同程|同安|合同|同步|协同|共同体|华为|有为|经济|经贸|经开|经营|经纬|经典|财经|有限|有色|国有|富有|自由|缘由|向阳|于都|于洪|从化|从江|将乐|将军|在线|有线|高等|中等|初等|合作社|合作银行|合作联社|信用合作|联合会|联合体|联合大学|联合技术|联合职业|联合学校|妇女联合会|产教联合|组织部|建筑|等离子|了望|是非|及时|乌兰察布|之江|以岭|以利|以太|被服|至诚|至善|至远|跟踪|本溪|本田|本草|日本|基本|根本|资本|成本|各庄|该市|我国|每日|每天|这里|那曲|那坡|合并|并州|或然|且末|的士|目的|均瑶|均胜|均安|均和|已故|又一|再生|再制造|后勤|新时代|为民|为先|经理|到位|与时俱进|安置|双鸭山|参茸|人参|受益|首都|首创|首钢|时代|时尚|中新|获嘉|汇聚|聚集|如皋|如东|如意|如家|如春|例外|设计|设备|设施|建设|成为|开展|卫生健康和|兼善|赴美|曾都|曾母|请教|上汽|带岭|签约|优选|甄选|严选|精选"
)
_CUT = re.compile(
    r"(?:案例|图|表)[\d一二三四五六七八九十]+(?:[-－—.]\d+)*|案例|典型|吸收|吸纳|除|依托|涵盖|坚持|立足|联合|引进|引入|携手|组织|选派|安排|先后|分别|其中|通过|包括|参加|加入|成为|签订|签署|签约|合作|开展|建立了?|建有|建成|组建|成立|牵头|作为|前往|来自|聘请|邀请|获得|荣获|担任|走进|深入|进入|进驻|入驻|位于|对接|围绕|结合|例如|比如|以及|目前|现有|主要|促进|支持|推动|接收|接受|输送|派遣|派出|送往|前去|利用|借助|整合|吸引|面向|针对|如下|推荐|介绍|鼓励|引导|积极|主动|又与|已与|还与|相继|陆续|继续|共同|并与|并由|并在|紧密|进行|实现|形成|打造|搭建|构建|探索|深化|加强|充分|发挥|不断|正式|成功|经过|根据|按照|关于|对于|属于|隶属|举办|承办|协办|主办|主管|承接|承揽|不含|受托管理|受托|代管|可见|援助|搬进|搬到|去往|成为|(?<=[也都常期])去|帮助|协助|搭上|牵手|让给|交给|送到|被|把|将|评为|授予|认定|确定|列入|纳入|入选|申报|创建|新建|共建|设立|开设|设置|增设|新增|开办|学校|我校|该校|本校|各校|院校|高校|双方|三方|多方|校企|政校|企业|单位|学生|教师|师生|同学|老师|校长|书记|院长|主任|班主任|团队|代表|骨干|专家|领导|名师|学员|员工|职工|一线(?![城])|毕业生|实习生|专业群|专业(?!学校|合作社|学院|技术|培训|建设|设计|市场|化|委员会|(?:建设|共建|职教|职业教育|产教(?:融合)?|协作|发展)?联盟|集团|协会|大学)|等|的|了|着|与|在|于|由|到|向|给|赴|跟|至|每|各|该|我|这|那|并|且|或|以(?!上海)|之|已|又|再(?!生)|从|对口(?:帮扶|支援|协作|援建)|帮扶|支援|结对|接收|接纳|对(?!口|外)|为|是|有|及|(?<=[之以随然业成束今])后|年度|年(?!华|轮|画|糕)|(?<=\d)月|(?<=\d)日|(?<=\d)[家所个名人次期]|其(?=中|他|它|余|实|次|所)|前身|现任|原为|原名|曾用名|更名为|即|(?:以下|下|又|简|全|统)?称(?:为)?|命名|如|受|请|让|使|获|聘|派|选|送|(?<![海地一纽热胶皮领携磁履传])带|获评|则(?=与|同|和|为|由|在|将)|首批|首个|第一批|第二批|一批|多家|数家|知名|龙头|著名|当地|本地|驻地|周边|附近|省内外|国内外|区内外|市内外|行业龙头|和(?=我校|学校|该校|本校)|上述|以下|下列|该|双选会|招聘会|参与|邀约|对标|学习|考察|参观|走访|调研|交流(?!中心|协会)|访问|落户|挂牌|揭牌|授牌|捐赠|赞助|资助|投资|出资|入股|参股|控股(?=$)"
)
# Verbs and adverbs that may stand right before a name; some of them also stand inside names (广东建设职业技术学院), so they
# are taken off at the beginning only.
_LEADING = re.compile(
    r"(?:任|担任|提升|改善|推进|完善|落实|特别注重|瞄准|增强|规范|强化|巩固|培养|缩减|扩大|实施|开展|引领|带动|统筹|优化|创新|研制|制定|统计|汇总|反映|体现|满足|适应|符合|超过|达到|率先|注重|重视|关注|考入|升入|考取|录取|毕业于|就读|来到|走出|评选|表彰|获批|受到|得到|取得|列为|引用|参照|参考|使用|采用|选用|掌握|了解|丰富|拓宽|拓展|延伸|广泛|大力|着力|全力|努力|逐步|稳步|持续|进一步|切实|认真|严格|全面|有效|助力|赋能|激发|营造|创设|传承|弘扬|宣传|推广|推介|重塑|普及|带领|指导|协调|管理|监督|检查|督导|评估|评价|考核|验收|聘任|招聘|选拔|选树|培训|进修|深造|研修|访学|返回|离开|改建|扩建|迁建|划拨|置换|租赁|购置|采购|配备|配置|投入|安装|调试|升级|改造|完成|启动|确保|保障|提供|创造|建设|组织|召开|创办|兴办|停办|撤销|合并|并入|划入|转入|更名|改名|升格|晋升|纵深|特别|握|上报|报|用|经|原|含|解|距|驻|走|同时|时|更|最|国家级|发起|牵头|携|率|系(?!统)|工业园区|高新区|开发区|园区内?|所|底|初|内|外|个|间|和|与|同|及|、|-|—|“(?=[^”]*$))+"
)
_BROAD_REGION = re.compile(
    r"^(?:中国|中华|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|省|市|县|区|旗)"
)
# Characters that bind names in a list; what lies left of them is another name.
_JOINERS = re.compile(r"(?<!人力资源)(?:和|(?<!共)同|暨)")


@lru_cache(maxsize=65536)
def type_of_name(name: str) -> EntityType | None:
    """The type that a name's ending shows; None where it shows none.

    >>> type_of_name("某某县职业教育中心")
    <EntityType.SCHOOL: 'School'>
    """
    bare = re.sub(r"[（(][^（）()]*[)）]$", "", name.strip())
    if re.search(r"(?:[东西南北新老]校区|分校)$", bare):
        return EntityType.SCHOOL
    for type_, pattern in _TYPE_PATTERNS:
        if pattern.search(bare):
            return type_
    if len(bare) >= 6 and bare.endswith(("学校", "学院")) and begins_with_place(bare):
        return EntityType.SCHOOL  # whatever it teaches, its place makes it a name: 某市护理学校
    return None


@lru_cache(maxsize=65536)
def find_name_start(window: str) -> int:
    """Where the name at the end of ``window`` begins: after the last word that no name contains.

    ``window`` is a run of name characters that ends with a complete name.
    """
    shielded = [found.span() for found in _PROTECTED.finditer(window)]
    shielded += [found.span() for found in _shielded_names().finditer(window)]

    def is_shielded(at: int) -> bool:
        return any(start <= at < end for start, end in shielded)

    start = 0
    for found in _CUT.finditer(window):
        if (
            found.group() in "与及"
            and _goes_on_after_place(window[start : found.start()])
            and not re.match(r"我校|学校|该校|本校|企业|各", window[found.end() :])
        ):
            continue
        if not is_shielded(found.start()) and found.end() < len(window):
            start = max(start, found.end())
    for found in _JOINERS.finditer(window, start):
        left = window[start : found.start()]
        whole = (
            bool(left) and found.group() == "和" and type_of_name(left) is not None
        )  # 某公司|和|顺丰, though 和顺 is a county
        placed_after = any(
            window[found.end() : found.end() + n] in _full_region_names() for n in range(3, 9)
        )  # 同|江苏省
        if (is_shielded(found.start()) and not whole and not placed_after) or found.end() >= len(window):
            continue
        if not left or type_of_name(left) or (len(left) == 1 and found.group() != "和"):
            start = found.end()
    placed = begins_with_place(window[start:])
    leading = None if placed or is_shielded(start) else _LEADING.match(window, start)
    if leading and (leading.end() < len(window) - 2 or _is_verb_before_noun(window[start:], leading.group())):
        start = leading.end()
    return start + _find_region_start(window[start:])


def _is_verb_before_noun(name: str, verb: str) -> bool:
    """True for 强化社区, 规范医院: all that follows the verb is a common noun. 建设银行 and 高新区医院 are names."""
    noun = name[len(verb) :]
    return len(noun) > 1 and is_generic(noun) and not verb.endswith("区") and name not in load_companies()


def _goes_on_after_place(left: str) -> bool:
    """True for what a place begins and no ending closes (某市建筑|与园林设计院): the name goes on behind 与."""
    place = next((n for n in range(min(9, len(left)), 2, -1) if left[:n] in _full_region_names()), 0)
    complete = type_of_name(left) is not None or re.search(r"[局办站院会社馆厅部所]$|中心$", left)
    return place > 0 and 2 <= len(left) - place <= 6 and not complete


@lru_cache(maxsize=1)
def _shielded_names() -> re.Pattern[str]:
    """Companies and regions whose names hold a word that otherwise ends a name: 美的集团, 无为市, 从江县."""
    names = [name for name in (*load_companies(), *region_names()) if _CUT.search(name) or _JOINERS.search(name)]
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))


def begins_with_place(name: str) -> bool:
    """True for a name that begins with a region."""
    return bool(_BROAD_REGION.match(name)) or any(name[:length] in region_names() for length in range(2, 8))


def _find_region_start(name: str) -> int:
    """A place inside a name that does not begin with one: the name begins there (考取|天津某某大学).

    Only places with 市, 县, 区 … and prefectures count; after a complete name (某公司某市分公司) nothing is cut.
    """
    if begins_with_place(name) or re.search(r"(?:分公司|分行|支行|分店|分厂|分院)$", name):
        return 0
    for at in range(2, min(len(name) - 4, 10)):
        if name[at - 1] in "（(" or name[:at] in load_companies():
            return 0
        if _place_at(name, at) and not type_of_name(name[:at]):
            return at
    return 0


def _place_at(name: str, at: int) -> bool:
    places = anchor_places()
    return any(name[at : at + length] in places for length in range(2, 8))


# Any 学校 or 局 is a name where the name begins with its place.
_PLACED = re.compile(
    r"学校(?!长)|(?<!职教)(?<!教育)(?<!实训)(?<!实践)(?<!培训)中心(?=[，。；、和与及等在为将先的同联共（）合签派])|局(?=[，。；、和与及等在为将先的同联共（）]|举办|主管|主办|直属|批准|签|合|授|认|印|评|$)"
)


_PLACED_TYPES = {"学": EntityType.SCHOOL, "局": EntityType.GOVERNMENT, "中": EntityType.INSTITUTION}


def iter_placed(text: str) -> Iterator[tuple[EntityType, int]]:
    """Yields (type, end) of names that their place at the beginning shows: 某市护理学校, 某市海洋发展局."""
    for found in _PLACED.finditer(text):
        yield _PLACED_TYPES[found.group()[0]], found.end()


def iter_endings(text: str) -> Iterator[tuple[EntityType, int, int]]:
    """Yields (type, start, end) of every ending in ``text``, the longest at each place."""
    for found in _ANY_ENDING.finditer(text):
        yield EntityType[found.lastgroup or ""], found.start(), found.end()


_SCHOOL_SHORT = re.compile(
    rf"(?<![{CJK}])?(?P<name>[{CJK}]{{1,6}}?(?:(?<!高)(?<!中)职教(?!师|育|学会|集团|高考|联盟|事业|中心|活动|改革|出海|周|桥|云|园|委|与普|发展|体系|办|科)|(?<!高)(?<!中)职中(?!心|部|学)|职高(?!生|班|部)|职专(?!业)|职校(?!生|园)|技校|卫校|艺校|体校|农校|商校|财校|护校|工校|林校|水校|粮校|建校|交校|师校|航校|机校|信校|幼师(?!资|范|生|专)|(?:幼|医|师|农|高|卫)专(?!业|任|职|科)|[一二三四五六七八九十]职专|[一二三四五六七八九]职(?!业|工|能|责|务|称|教|专)|(?<!高)(?<!中)职院(?!校)|(?:农|师|医|工|林|财|科|民|交|理工)大(?!学|赛|师|讯|型|量|力|家|棚|事|会|数)))"
)
"""Short names of schools: a place or an ordinal before 职教, 职中, 一职, 艺校 …"""


_SHORT_KIND = re.compile(
    rf"[{CJK}]{{1,8}}(?:职教|职中|职高|职中专|职专|职校|技师|[技卫艺体农商财护工林水粮建交师航机信幼海旅电]校|幼师|幼专|医专|师专|农专|高专|卫专|[一二三四五六七八九]职|[一二三四五六七八九十]中|职院|职大|[农师医工林财科民交]大|理工|电大)"
)


def is_short_school(name: str) -> bool:
    """True where ``name``, which stands where a school is named, is the short name of one: 市工校, 某某技师."""
    return bool(_SHORT_KIND.fullmatch(name)) and not is_generic(name)


_ORDINAL = re.compile(
    r"第?([一二三四五六七八九十]+|\d+)(?=职|中|小|医|幼|附|实|高|技|人|建|机|汽|制|刀|轴|纺|机床|化|药|监|航|分|工)"
)


def ordinal_of(name: str) -> str:
    """The number that tells schools or hospitals of one place apart (第一职业中专, 二中); "" for none."""
    found = _ORDINAL.search(name)
    return found.group(1) if found else ""


def iter_short_schools(text: str) -> Iterator[tuple[int, int]]:
    """Yields (start, end) of short names of schools."""
    for found in _SCHOOL_SHORT.finditer(text):
        window_start = max(0, found.start("name") - 2)
        start = found.start("name") + find_name_start(text[found.start("name") : found.end("name")])
        if found.end() - start >= 3 and window_start >= 0:
            yield start, found.end()


def _proper_place(name: str) -> bool:
    """True for a name that begins with the full name of a region (合作市, 内乡县) and goes on as a name does."""
    short = name[:2] in region_names() and name[0] not in "市县区旗省州" and len(name) > 4  # 内乡职业技术学院
    return (
        short or any(name[:length] in _full_region_names() and len(name) > length + 1 for length in range(3, 9))
    ) and not re.search(r"(?:企业|单位|学校|院校|高校|医院|幼儿园|部门|机构|园区|酒店)$", name)


@lru_cache(maxsize=1)
def _full_region_names() -> frozenset[str]:
    return frozenset(region.name for region in load_regions())


def _is_class_prefix(prefix: str) -> bool:
    prefix = re.sub(r"(?:公办|民办|高水平|现代化|示范性?|优质|特色|普通|各|所有|内|域内|属|直属)+$", "", prefix)
    return (
        not prefix
        or prefix in region_names()
        or prefix[:-1] in region_names()
        or bool(re.fullmatch(r"(?:全|各|本|我|该)?[省市县区旗州盟]?", prefix))
    )


_GENERIC = re.compile(
    r"^(?:[全本我该各某外他其另两多数几若干众每所有关相类同此兄弟上级下级当地本地周边省内外国内外市内外区内外县域域内辖区内地方基层主管政府教育行政部门]*)"
    r"(?:中等|高等|普通|公办|民办|独立|本科|专科|高职|中职|大中型|中小型|中小微|小微|大型|中型|小型|知名|优质|龙头|骨干|规模以上|规上|综合性|机械|共享和|现代化|全日制|规范化|品牌|高水平|一流|名|老牌|新型|合作|实习|用人|行业|相关|有关|民营|国有|外资|上市|高新技术|科技型|制造|生产|加工|农业|建筑|旅游|餐饮|汽车|电子|信息|物流|医疗|五星级|四星级|三星级|星级|高星级|三甲|三级甲等|二级甲等|二甲|职业|技术|技工|专业|教学|教育|示范|重点|特色|优秀|先进|标杆|对口|兄弟|友好|结对|国外|境外|海外|国际|全国|全省|全区|全市|市级|省级|国家级|区级|校级|县级|镇级|乡镇|农村|城市|街道|县|市|省|区|乡|镇|村)*"
    r"(?:企业|公司|集团|工厂|厂|单位|医院|学校|院校|高校|幼儿园|中学|小学|大学|学院|技校|职校|职教中心|职业学校|职业院校|中等职业学校|中等专业学校|职业中学|技工学校|高级技工学校|技师学院|职业高中|普通高中|职业中专|普通中专|成人中专|职业技术学院|职业技术学校|教育局|政府|人民政府|教育行政部门|部门|机构|协会|行业协会|园区|产业园|产业园区|工业园|工业园区|开发区|高新区|示范区|酒店|宾馆|超市|商场|景区|社区|合作社|农场|银行|联盟|专业联盟|职教联盟|共同体|产教融合共同体|行业产教融合共同体|产教联合体|市域产教联合体|职业教育集团|职教集团|教育集团|集团公司|有限公司|分公司|子公司|研究院|研究所|出版社|师范学校|电大|党校|委员会|管理委员会|图书馆|服务中心|培训中心|技术中心|实训中心|实践中心|养老院|福利院|敬老院|汽车|科技|物流|电子|农业|物业|机电|电商|法院|工会|总工会|妇联|卫生院|社区卫生服务中心)$"
)


_INDUSTRY = "汽车|机械|电子|电器|食品|建筑|物流|农业|旅游|服装|纺织|化工|医药|机电|装备|模具|印刷|包装|商贸|工业|制造|销售|服务|维修|加工|设备"


def is_generic(name: str) -> bool:
    """True for a common noun that names nobody (企业, 各中等职业学校, 当地知名企业, 行业协会)."""
    bare = re.sub(r"[“”\"‘’\s]", "", name)
    if re.fullmatch(r"[市县区旗州](?:职校|技校|职教中心|职业中专|职业高中|职业中学|技工学校|技师学院)", bare):
        return False  # the one of its place: 市 and 职校
    if (
        len(bare) < 2
        or "某" in bare
        or re.fullmatch(r"[我本该各全贵]?(?:校|院|园|公司|单位|市|县|区|省|旗|州|中心)", bare)
        or (_GENERIC.match(bare) and not _proper_place(bare))
    ):
        return True
    if re.fullmatch(
        r"(?:实习|实训|教学|生产性?|校办|校内|见习|合作|快修|直营|加盟|连锁|线下|线上|实体|校园|各)*(?:工厂|门店|药店|药房|专卖店|旗舰店|连锁店|餐厅|民宿|旅行社|汽修厂)",
        bare,
    ):
        return True
    if re.fullmatch(r"(?:[发水火热核]|水力|火力|风力)?电厂", bare):
        return True  # a kind of plant; a name has its place or owner before it
    if re.fullmatch(rf"(?:{_INDUSTRY})+(?:股份)?(?:有限)?(?:责任)?公司", bare):
        return True  # what is left of a name that was cut
    if re.match(
        r"[一两三四五六七八九十\d]+[家所个](?:企业|公司|单位|学校|医院)|(?:成为|这)[一两三四五六七八九十\d]+[家所个]",
        bare,
    ):
        return True
    if re.search(
        r"[一两三四五六七八九十\d]+[个家大](?:职业|专业|行业|产教|区域)[^个家大]{0,6}(?:集团|联盟|共同体|联合体)$", bare
    ):
        return True  # the end of a list of several groups: 现代服务两个职业教育集团
    if re.search(
        r"(?:国家|自治区|[省市县区州旗])?级?(?:重点|示范性?|优质|骨干|特色|标准|标杆|先进|改革发展示范)(?:职业高中|职业高级中学|高级职业中学|职业中学|中等职业学校|中职学校|职业学校|职业技术学校|职业中专|中等专业学校|职教中心|中专|技工学校|技师学院|院校|中学|学校)$",
        bare,
    ):
        return True  # a status, not a name
    kind = re.search(
        r"(?:中等职业学校|中职学校|职业院校|职业学校|中职校|中高职院校|(?:市|县|区)?内?(?:普通|公办)?中小学校?|职业教育中心教研组|幼儿园|普通高中)$",
        bare,
    )
    if kind and _is_class_prefix(bare[: kind.start()]):
        return True  # the schools of a place, not one of them
    body = re.fullmatch(r"(?P<whose>.*?)总?(?:工会|妇联)", bare)
    if body and not begins_with_place(bare) and type_of_name(body["whose"]) is None:
        return True  # every employer has one: it is named by its place or its employer, and 强化工会 by neither
    lead = _QUANTIFIER.match(bare)
    if lead is None or begins_with_place(bare):
        return False
    rest = bare[lead.end() :]
    return lead.end() > 1 or bool(_GENERIC.match(rest)) or rest[:1] in "家所个类级种批名位间"


_QUANTIFIER = re.compile(
    r"(?:一些|一批|这些|那些|其他|其它|若干|部分|全体|所有|[两\d一二三四五六七八九十百]+余?多?[所家个名]|\d+(?!同城|度|汽|建|冶)(?=[所家个名类])|各|多|数|几|该|本|我|两)"
)
