"""What a promise is called: its wording without the figure, the limit and the words of will."""

import re

from plans.papers import due
from plans.papers.kinds import GAIN
from plans.papers.words import CLOSE, OPEN, depths

ENSURE = re.compile(r"确保(?:实现|完成)?(?!.{0,2}(?:不低于)?$)|务必|坚决")
STRIVE = re.compile(r"力争(?:实现|完成)?|奋力|冲刺|争创|争取(?![^，。；]{0,14}(?:资金|债券|专项债|试点资金|项目|支持|额度))")
FILLER = re.compile(
    r"^(?:到|在|于|截至|其中[，：]?|同时[，]?|并(?!购)|且|努力|全力|力争|确保|争取(?=[^一-鿿]|新|建|完|达|全|使|实现)|务必|奋力|冲刺|使得|使|今年|本年|全年|年内|本年度|年度内|预计|计划(?!投资|生育)|预期|要|将|再|实现|达到|以上|前|底前|之前|内|的|，|、|：|；|。|-|—)"
)
TAIL = re.compile(r"(?:的|各|为|约|共|达|至|到|在|总数为|力争|确保|争取|计划|预计|实现|分别|目标|任务|，|、|：|；|。|\s)$")
AFTER = re.compile(r"^(?:的?(?:目标|任务|水平|标准|大关)|的|[，、；。：])")
LEADING_VERB = re.compile(rf"^(?:{GAIN})+")
GENERIC = re.compile(
    r"^(?:年度)?(?:计划)?(?:共|累计)?(?:完成|实现)?(?:年度)?(?:计划)?(?:总)?(?:投资|产值|总产值|营业收入|销售收入|主营业务收入|税收|增加值|入库税收|利润)(?:增长|增速)?$"
    r"|^(?:同比|年均|比上年|较上年|较去年|比去年|同口径)?(?:增长|增速|提高|提升|下降|降低|增加|减少|增幅|上升|压减)$|^(?:总数|总量|规模|数量|产量|面积|产值|覆盖率|总额|合格率|达标率|占比|完成率|开工率|投产率|入园率|签约率)(?:达到|增长)?$|^(?:开工|竣工|投产|投用|建成)$"
)
VAGUE_START = re.compile(r"^(?:占|同比|较|比|位居|增长|增速)")
RUBBISH = re.compile(r"[^一-鿿A-Za-z0-9]")
LONGEST = 120


def without_limits(text: str) -> str:
    """A wording without its limits: 6月底前完成X → 完成X. A year that only dates something else (2021年度项目) goes too."""
    found = [(m.start(), m.end()) for kind, pattern in due.PATTERNS if kind != "end" for m in pattern.finditer(text)]
    found += [(m.start(), m.end()) for m in re.finditer(r"(?:今年|本年)?年(?:底|末)(?:之?以?前)?|年度内|年内|今年内?|本年度|(?<![一-鿿])全年", text)]
    levels = depths(text)
    kept = [c for n, c in enumerate(text) if levels[n] or not any(a <= n < b for a, b in found)]
    return "".join(kept)


def without_brackets(text: str) -> str:
    """A wording without the （…） that hold figures or owners; （工厂） stays."""
    return re.sub(r"（[^（）]*(?:\d|其中|责任|单位|牵头)[^（）]*）", "", text)


def clean(text: str) -> str:
    """A name without filler at its ends and without brackets that do not close."""
    text = text.strip()
    while (new := AFTER.sub("", FILLER.sub("", TAIL.sub("", text).strip()).strip()).strip()) != text:
        text = new
    return text if balanced(text) else text.strip(OPEN + CLOSE)


def balanced(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in zip(OPEN, CLOSE, strict=True))


def name_of(before: str, after: str) -> str:
    """The name around a figure: 新建 | 12所 | 幼儿园 → 新建幼儿园."""
    head = clean(without_limits(without_brackets(before)))
    tail = clean(without_limits(without_brackets(after)))
    if re.match(r"^(?:左右|以上|以内|以下|目标|任务)$", tail):
        tail = ""
    return clean(head + tail)


def task_name(text: str) -> str:
    """A task's own words without its limits and the words of will before them; 目标任务 at the end stays."""
    text = re.sub(r"^(?:(?:力争|确保|争取(?!.{0,14}(?:资金|债券))|努力|务必|全力|奋力|要|并|，|、)+)", "", without_limits(text).strip())
    text = re.sub(r"，(?=，|$)|^[，、；。]+|[，、；。：]+$", "", text).strip()
    return text if balanced(text) else text.strip(OPEN + CLOSE)


def subject(name: str) -> str:
    """What a name is about: 实施省重点项目 → 省重点项目, 生产总值增长 → 生产总值."""
    return re.sub(r"(?:增长|增速|提高|提升|下降|降低|达到|总数|数量|面积|产量)$", "", LEADING_VERB.sub("", name)) or name


def shortened(text: str) -> tuple[str, bool]:
    """A name of at most 120 characters, cut at a comma; whether it was cut."""
    if len(text) <= LONGEST:
        return text, False
    head = text[:LONGEST]
    at = max(head.rfind(c) for c in "，。；、")
    return (head[:at] if at > LONGEST // 3 else head), True


def firmness(text: str) -> str | None:
    """ensure or strive, by the last such word of a wording; None without one."""
    found = [(m.start(), "ensure") for m in ENSURE.finditer(text)] + [(m.start(), "strive") for m in STRIVE.finditer(text)]
    return max(found)[1] if found else None


def comparable(text: str) -> str:
    """A name for comparing two papers: characters only."""
    return RUBBISH.sub("", text)
