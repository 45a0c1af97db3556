"""Facts out of single sentences and small tables: each test is named after a mistake that was made once."""

from __future__ import annotations

from pathlib import Path

from kg.extraction import extract
from kg.layout import build_document
from kg.mentions import find_mentions
from kg.pipeline import build
from kg.readers.txt import read_txt
from kg.statements import resolve_identity

SCHOOL = "常德市朗州职业中等专业学校"
FRONT = f"{SCHOOL}质量年度报告（2023年度）\n\n一、校企合作\n\n"


def read_facts(tmp_path: Path, text: str) -> list[tuple[str, str, str, dict]]:
    """(subject, predicate, object, qualifiers) of all claims of a school's report that says ``text``."""
    file = tmp_path / "report.txt"
    file.write_text(FRONT + text, encoding="utf-8")
    claims, *_ = extract(build_document("report", file.name, read_txt(file), "report"))
    return [(c.subject.name, str(c.predicate), c.object.name, dict(c.qualifiers)) for c in claims]


def read_city(tmp_path: Path, city: str, text: str, predicate: str) -> set[tuple[str, str]]:
    """(subject, object) of the claims of one predicate in a city's report that says ``text``."""
    file = tmp_path / "report.txt"
    front = f"{city}中等职业教育质量年度报告（2023年度）\n\n{city}教育局\n\n一、规模\n\n"
    file.write_text(front + text, encoding="utf-8")
    claims, *_ = extract(build_document("report", file.name, read_txt(file), "report"))
    return {(c.subject.name, c.object.name) for c in claims if str(c.predicate) == predicate}


def partners_in(tmp_path: Path, text: str) -> dict[str, dict]:
    return {found[2]: found[3] for found in read_facts(tmp_path, text) if found[1] == "partnersWith"}


def roles_in(tmp_path: Path, text: str) -> set[tuple[str, str]]:
    return {(found[0], found[3]["role"]) for found in read_facts(tmp_path, text) if found[1] == "memberOf"}


def test_a_column_called_合作方式_holds_modes(tmp_path: Path) -> None:
    table = "表1 校企合作情况\n\n企业名称\t合作方式\t合作专业\n常德瑞和物流有限公司\t顶岗实习\t物流服务与管理\n"
    assert partners_in(tmp_path, table)["常德瑞和物流有限公司"]["modes"] == ["顶岗实习"]


def test_a_row_that_is_still_negotiated_is_no_fact(tmp_path: Path) -> None:
    rows = "常德瑞和物流有限公司\t顶岗实习\n常德丙辰机械有限公司\t洽谈中\n常德金帆酒店\t拟开展顶岗实习\n"
    table = f"表1 校企合作情况\n\n企业名称\t合作形式\n{rows}"
    assert set(partners_in(tmp_path, table)) == {"常德瑞和物流有限公司"}


def test_a_short_name_in_brackets_keeps_mode_and_headcount(tmp_path: Path) -> None:
    text = "电气专业与常德滏源电缆集团有限公司（以下简称滏源电缆）推行现代学徒制，2023年在岗学徒40人。"
    found = partners_in(tmp_path, text)
    assert set(found) == {"常德滏源电缆集团有限公司"}
    assert found["常德滏源电缆集团有限公司"]["modes"] == ["现代学徒制"]
    assert found["常德滏源电缆集团有限公司"]["headcount"] == 40


def test_an_introduced_company_is_no_school_in_a_list_of_schools(tmp_path: Path) -> None:
    text = (
        "学校与常德滏源电缆有限公司（以下简称滏源电缆）签订协议。"
        "常德市装备职业教育集团由桃源县职业中专牵头，石门县职业中专、滏源电缆和澧县职业中专为理事单位。"
    )
    file = tmp_path / "report.txt"
    file.write_text(FRONT + text, encoding="utf-8")
    document = build_document("report", file.name, read_txt(file), "report")
    types = {m.type.value for m in find_mentions(document).all if m.name == "滏源电缆"}
    assert types == {"Enterprise"}


def test_a_council_member_is_not_also_a_plain_member(tmp_path: Path) -> None:
    text = "常德市装备职业教育集团由桃源县职业中专牵头，石门县职业中专为理事单位，澧县职业中专为成员单位。"
    assert roles_in(tmp_path, text) == {
        ("桃源县职业中专", "牵头"),
        ("石门县职业中专", "理事"),
        ("澧县职业中专", "成员"),
    }


def test_a_vice_president_of_a_group_does_not_lead_it(tmp_path: Path) -> None:
    assert roles_in(tmp_path, "学校任常德市装备职业教育集团副理事长单位。") == {(SCHOOL, "理事")}
    assert roles_in(tmp_path, "学校加入了湖南省智能制造职业教育集团，任副理事长单位。") == {(SCHOOL, "理事")}


def test_the_end_of_a_list_of_groups_is_no_group_each_of_the_list_is_one(tmp_path: Path) -> None:
    found = read_facts(tmp_path, "学校先后组建装备制造、现代服务两个职业教育集团。")
    assert {fact[2] for fact in found} == {"装备制造职业教育集团", "现代服务职业教育集团"}


def test_the_size_of_a_firm_s_class_is_not_the_programme_s(tmp_path: Path) -> None:
    text = "学校与湖南远航科技有限公司开设“远航订单班”，培养电子商务专业学生35人。"
    offers = [found[3] for found in read_facts(tmp_path, text) if found[1] == "offersProgramme"]
    assert all("headcount" not in qualifiers and "status" not in qualifiers for qualifiers in offers)
    assert partners_in(tmp_path, text)["湖南远航科技有限公司"]["headcount"] == 35


def test_the_number_of_a_picture_is_no_part_of_a_school_s_name(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(FRONT + "图1-15常德市体育学校运动员训练\n\n学校与常德市体育学校结对共建。", encoding="utf-8")
    names = {m.name for m in find_mentions(build_document("r", "r.txt", read_txt(file), "r")).all}
    assert "常德市体育学校" in names and not any(name.startswith("图") for name in names)


def test_a_letter_of_intent_a_supplier_and_the_police_are_no_partners(tmp_path: Path) -> None:
    text = (
        "学校与泰国清莱技术学院签署合作意向书。校园网络由中国电信提供专线服务。学校与县公安局建立联动机制。"
        "学校组织专业负责人到园区调研。"
    )
    assert not read_facts(tmp_path, text)


def test_a_short_name_that_the_report_never_introduces_joins_its_company(tmp_path: Path) -> None:
    text = "学校与常德恒远轴承有限公司共建实训基地。恒远轴承接收学生顶岗实习。恒远公司选派技师到校任教。"
    file = tmp_path / "report.txt"
    file.write_text(FRONT + text, encoding="utf-8")
    document = build_document("report", file.name, read_txt(file), "report")
    claims, figures, _, reading = extract(document)
    identity = resolve_identity(document, claims, figures, (), reading.mentions.all)
    partners = {c.object.name for c in claims if str(c.predicate) == "partnersWith"}
    assert "恒远轴承" in partners
    assert {identity.entity_of(c.object.type, c.object.name).name for c in claims if c.object.name in partners} == {
        "常德恒远轴承有限公司"
    }


def test_a_report_that_takes_another_one_s_place_and_one_without_facts_are_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for folder, text in (("甲", FRONT), ("乙", FRONT.replace("朗州", "桃花源"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "2023.txt").write_text(text + "学校占地120亩，在校生2000人。", encoding="utf-8")
    (tmp_path / "letter.txt").write_text("hello world", encoding="utf-8")
    assert build([tmp_path / "甲" / "2023.txt"], home).notes == []
    [note] = build([tmp_path / "乙" / "2023.txt"], home).notes
    assert SCHOOL in note and "replaces" in note
    [note] = build([tmp_path / "letter.txt"], home).notes
    assert "letter.txt" in note and "no fact" in note


def test_a_subject_of_unknown_form_is_not_the_school_before_it(tmp_path: Path) -> None:
    front = "常德市中等职业教育质量年度报告（2023年度）\n\n常德市教育局\n\n一、校企合作\n\n"
    told = "桃源县职业中专占地120亩。机电专业与常德丙辰机械有限公司共建实训基地。"
    unknown = "沅江红与湖南远航科技有限公司共建实训基地。"
    file = tmp_path / "city.txt"
    file.write_text(front + told + unknown, encoding="utf-8")
    claims, *_ = extract(build_document("city", file.name, read_txt(file), "city"))
    partners = {(c.subject.name, c.object.name) for c in claims if str(c.predicate) == "partnersWith"}
    assert partners == {("桃源县职业中专", "常德丙辰机械有限公司")}


def test_学校_introduced_as_a_short_name_is_a_pronoun_still(tmp_path: Path) -> None:
    text = f"{SCHOOL}（以下简称学校）创办于1985年。学校是国家级重点职业高级中学，任常德汽车专业职教联盟理事单位。"
    facts = {(found[0], found[1], found[2]) for found in read_facts(tmp_path, text)}
    assert (SCHOOL, "designatedAs", "国家级重点职业高级中学") in facts
    assert (SCHOOL, "memberOf", "常德汽车专业职教联盟") in facts


def test_a_prefecture_called_by_its_short_name_founds_its_group(tmp_path: Path) -> None:
    text = "2018年，文山州成立文山州南药职业教育集团，州卫校为牵头单位。"
    hosts = read_city(tmp_path, "文山壮族苗族自治州", text, "hostsGroup")
    assert ("文山壮族苗族自治州", "文山州南药职业教育集团") in hosts


def test_和_before_a_name_that_makes_it_a_county_joins_two_names(tmp_path: Path) -> None:
    """和静 and 和县 are places of their own."""
    text = "全市有国家级重点中等职业学校2所，为市工程学校和静宁职教中心。"
    held = read_city(tmp_path, "平凉市", text, "designatedAs")
    assert {school for school, _ in held} == {"市工程学校", "静宁职教中心"}


def test_a_short_school_and_a_company_with_its_county_before_it_are_two(tmp_path: Path) -> None:
    found = partners_in(tmp_path, "桃源县职高与桃源县雾岭茶业有限公司、学校三方合作开展现代学徒制培养。")
    assert "桃源县雾岭茶业有限公司" in found


def test_the_trade_of_a_technician_school_s_title_is_no_programme(tmp_path: Path) -> None:
    text = "汽车维修、数控加工（加工中心操作工）专业为湖南省技工院校示范专业，学校围绕现代服务业设专业。"
    offered = {found[2] for found in read_facts(tmp_path, text) if found[1] == "offersProgramme"}
    assert offered == {"汽车维修", "数控加工（加工中心操作工）"}


def test_a_well_known_brand_before_the_kind_of_a_school_is_no_company(tmp_path: Path) -> None:
    text = "学校与吉利中职结对，双方与桃源县雾岭茶业有限公司合作开设订单班。"
    assert set(partners_in(tmp_path, text)) == {"桃源县雾岭茶业有限公司"}


def test_a_table_of_schools_and_their_main_programmes(tmp_path: Path) -> None:
    text = (
        "甲校指平凉市陇原茶艺学校（简称“陇原茶艺”）。\n\n表1 各校主要专业一览\n学校\t主要专业\n"
        "陇原茶艺\t茶艺与茶营销、护理\n泾河职校\t会计事务、农机设备应用与维修\n"
    )
    assert read_city(tmp_path, "平凉市", text, "offersProgramme") == {
        ("陇原茶艺", "茶艺与茶营销"),
        ("陇原茶艺", "护理"),
        ("泾河职校", "会计事务"),
        ("泾河职校", "农机设备应用与维修"),
    }


def test_a_figure_that_is_only_aimed_at_is_none(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    text = "九、改进措施\n\n今后要通过公开招聘、柔性引进等途径，使“双师型”教师比例达到75%以上。\n"
    file.write_text(FRONT + text, encoding="utf-8")
    _, figures, *_ = extract(build_document("report", file.name, read_txt(file), "report"))
    assert [f.indicator for f in figures] == []


def test_a_district_that_is_no_more_is_a_place_in_a_column_of_places(tmp_path: Path) -> None:
    text = (
        "表1 学校基本情况\n序号\t学校名称\t所在地\t主管部门\n1\t三明市雾岭工业学校\t梅列区\t三明市教育局\n"
        "2\t沙县溪畔职业中专学校\t沙县\t沙县教育局\n"
    )
    assert ("三明市雾岭工业学校", "梅列区") in read_city(tmp_path, "三明市", text, "locatedIn")
