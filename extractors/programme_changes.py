"""What is said right after programmes: new, closed, grown or shrunk, since when, how many students."""

from __future__ import annotations

import re

_YEAR = r"((?:19|20)\d\d)年"
_OF_THEM = (
    r"^[”\"]?(?:专业)?(?:（[^（）]*）)?(?:等)?(?:(?:共)?[\d一二两三四五六七八九十]+个?)?(?:老|新)?(?:专业)?(?:点)?"
)
_CHANGES = (
    (
        "新增",
        re.compile(
            rf"{_OF_THEM}[，]?[^，。；]{{0,4}}?(?:为|是|系|于|在)?(?:学校|我校)?(?:{_YEAR}(?:\d{{1,2}}月)?|当年|本年度?|今年|新近)"
            r"(?:[^，。；]{0,4}|由[^，。；]{2,24}?批准)(?:新增|新设|新开|新办|增设)"
        ),
    ),
    (
        "停办",
        re.compile(
            rf"{_OF_THEM}(?:[，]?(?:因|由于)[^，。；]{{2,20}}[，]?)?(?:{_YEAR}|自{_YEAR}(?:[春秋]季)?起?|今年|本年度?|当年|已|也|而|则|均|被)*"
            r"(?:停止招生|停招|停办|撤销|暂停招生|停开)"
        ),
    ),
    (
        "扩招",
        re.compile(
            rf"{_OF_THEM}(?:的)?(?:招生计划|招生规模|招生|班额|计划)?(?:今年|本年度?|当年|各|均|都|由[^，。；]{{1,10}}?)*(?:扩大了?招生|扩招|增招|扩大|(?:增加?|扩|扩大)到)"
        ),
    ),
    (
        "缩招",
        re.compile(
            rf"{_OF_THEM}(?:的)?(?:招生计划|招生规模|招生|班额|计划)?(?:今年|本年度?|当年|各|均|都|由[^，。；]{{1,16}}?)*(?:缩招|缩减|压缩|压减|减招|调减|减少?到)"
        ),
    ),
)
_SINCE = re.compile(
    rf"(?:(?:始|创)?建于|创办于|开办于|开设于|设立于|创设于){_YEAR}|{_YEAR}(?:始建|创办|开办|创建|获批招生|获批开设|起招生|开始招生)"
)
_HEADCOUNT = (
    re.compile(r"^[”\"]?专业(?:（[^（）]*）)?(\d{1,4})人(?=[，。；、]|$)"),
    re.compile(
        r"在籍(?:学生|生)?(?:共)?(\d{1,4})人|个年级共(\d{1,4})人|(?:首届|首批|当年)?(?:招生|招收新生|招收)(\d{1,4})人"
    ),
    re.compile(r"(?:为|到)\d+个班，(\d{1,4})人"),
)
_DROPPED = re.compile(
    r"(?:曾|原本|一度|曾经)列入|未予|未(?:能)?获(?:得)?(?:批|通过)|从目录中(?:删|撤)|(?:申报|申请)(?:未|没有)|论证后(?:未|不)"
)


def is_dropped(text: str) -> bool:
    """A programme that was only thought of, or that is long gone: 曾列入增设计划, 未予增设."""
    return bool(_DROPPED.search(text))


def read_changes(own: str, alone: bool, report_year: int | None) -> dict[str, object]:
    """Qualifiers out of the text from the end of a list of programmes to the next one; a number holds for one ``alone``."""
    result: dict[str, object] = {}
    for status, pattern in _CHANGES:
        if found := pattern.search(own):
            result["status"] = status
            told = [int(year) for year in found.groups() if year]
            year = told[0] if told else report_year if re.search(r"今年|本年|当年", found.group()) else None
            if year:
                result["year"] = year
                if status == "新增":
                    result["since"] = year
            break
    if found := _SINCE.search(own):
        result["since"] = int(next(year for year in found.groups() if year))
    if alone:
        for pattern in _HEADCOUNT:
            if found := pattern.search(own):
                result["headcount"] = int(next(count for count in found.groups() if count))
                break
    return result
