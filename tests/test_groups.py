"""Members and hosts of groups, form by form."""

from __future__ import annotations

import pytest
from sentences import REGION, SCHOOL, pairs, read_claims

GROUP = "常德市装备制造职业教育集团"
OTHER = "常德市现代物流职教联盟"


def roles(text: str, city: bool = False) -> set[tuple[str, str]]:
    return {(member, told.get("role", "")) for member, _, told in read_claims(text, "memberOf", city)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # each part of the council in a clause of its own, the group in the sentence before
            f"2012年学校发起成立{GROUP}。理事长单位即我校，副理事长由桃源县职业中专和石门县职业中专出任；"
            "常务理事有澧县职业中专；理事包括常德瑞和物流有限公司以及常德金帆酒店。",
            {
                (SCHOOL, "牵头"),
                ("桃源县职业中专", "理事"),
                ("石门县职业中专", "理事"),
                ("澧县职业中专", "常务理事"),
                ("常德瑞和物流有限公司", "理事"),
                ("常德金帆酒店", "理事"),
            },
        ),
        (  # in brackets after the group
            f"{GROUP}（牵头：桃源县职业中专；成员：澧县职业中专、常德瑞和物流有限公司）运转正常。",
            {("桃源县职业中专", "牵头"), ("澧县职业中专", "成员"), ("常德瑞和物流有限公司", "成员")},
        ),
        (  # members by kind
            f"市里组建了{GROUP}。成员既有高职（湖南远航职业技术学院），也有中职（桃源县职业中专、澧县职业中专），"
            "企业方面则由常德瑞和物流有限公司担任牵头单位，常德金帆酒店参与。",
            {
                ("湖南远航职业技术学院", "成员"),
                ("桃源县职业中专", "成员"),
                ("澧县职业中专", "成员"),
                ("常德瑞和物流有限公司", "牵头"),
                ("常德金帆酒店", "成员"),
            },
        ),
        (  # a list right after the group
            f"由桃源县职业中专牵头的{GROUP}，澧县职业中专、常德金帆酒店均在成员之列。",
            {("桃源县职业中专", "牵头"), ("澧县职业中专", "成员"), ("常德金帆酒店", "成员")},
        ),
        (  # a year and a part of its own
            f"{GROUP}由桃源县职业中专挂帅，湖南远航职业技术学院2019年入会，担任常务理事单位。",
            {("桃源县职业中专", "牵头"), ("湖南远航职业技术学院", "常务理事")},
        ),
        (  # the school and a firm found it together
            f"学校与常德高新技术产业开发区牵头组建了{GROUP}，桃源县职业中专等校入列成员单位。",
            {(SCHOOL, "牵头"), ("常德高新技术产业开发区", "牵头"), ("桃源县职业中专", "成员")},
        ),
        (f"{GROUP}今年吸收石门县职业中专为成员单位。", {("石门县职业中专", "成员")}),
    ],
)
def test_members_are_told_by_their_part(text: str, expected: set[tuple[str, str]]) -> None:
    assert roles(text, city=SCHOOL not in str(expected)) == expected


def test_leaders_of_two_groups_are_told_respectively() -> None:
    text = (
        f"桃源县职业中专加入{GROUP}，澧县职业中专加入{OTHER}。"
        "上述两个组织的牵头企业分别是常德瑞和物流有限公司和常德金帆酒店。"
    )
    found = pairs(text, "memberOf", city=True)
    assert {("常德瑞和物流有限公司", GROUP), ("常德金帆酒店", OTHER)} <= found
    assert ("常德瑞和物流有限公司", OTHER) not in found


def test_the_former_and_the_latter_have_their_own_members() -> None:
    text = f"市政府先后组建{GROUP}、{OTHER}。前者由桃源县职业中专牵头；后者由澧县职业中专牵头，常德金帆酒店为成员。"
    assert pairs(text, "memberOf", city=True) == {
        ("桃源县职业中专", GROUP),
        ("澧县职业中专", OTHER),
        ("常德金帆酒店", OTHER),
    }


def test_a_region_that_founds_a_group_hosts_it_and_its_leader_is_a_member_only() -> None:
    text = f"市政府组建{GROUP}，由桃源县职业中专牵头。"
    assert pairs(text, "hostsGroup", city=True) == {(REGION, GROUP)}
    assert roles(text, city=True) == {("桃源县职业中专", "牵头")}


def test_a_city_founds_a_group_on_the_ground_of_a_park() -> None:
    text = f"2023年6月，常德市依托常德高新技术产业开发区组建{GROUP}，由桃源县职业中专牵头。"
    assert read_claims(text, "hostsGroup", city=True) == [(REGION, GROUP, {"year": 2023})]


def test_a_region_and_a_school_host_what_the_one_guides_and_the_other_founds() -> None:
    text = f"由常德市人民政府主导，学校与常德高新技术产业开发区于2023年6月共同发起{GROUP}。"
    assert pairs(text, "hostsGroup") == {(REGION, GROUP), (SCHOOL, GROUP)}
    assert {told["year"] for _, _, told in read_claims(text, "hostsGroup")} == {2023}


def test_a_short_name_of_a_group_stands_for_it() -> None:
    text = f"{GROUP}由桃源县职业中专牵头。其中装备制造集团由市政府于2018年批准成立。"
    assert (REGION, GROUP, {"year": 2018}) in read_claims(text, "hostsGroup", city=True)


@pytest.mark.parametrize(
    "text",
    [
        f"学校拟牵头成立{GROUP}，成员包括桃源县职业中专、常德金帆酒店。",
        f"市里谋划组建{GROUP}，目前还在论证。",
        f"{GROUP}的章程正在征求意见，尚未挂牌。",
        f"石门县职业中专的{GROUP}加入申请没有获得通过。",
        f"学校向{GROUP}递交入会申请，尚待批复。",
    ],
)
def test_plans_and_refused_applications_give_no_group(text: str) -> None:
    assert not pairs(text, "memberOf") and not pairs(text, "hostsGroup")


def test_an_office_holder_is_no_member() -> None:
    text = f"{GROUP}由桃源县职业中专牵头。联合体理事长由常德高新区管委会主任兼任，更多县域学校加入。"
    assert roles(text, city=True) == {("桃源县职业中专", "牵头")}
