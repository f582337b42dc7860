"""The figures of a promise: number, unit, comparator. What looks like a figure and promises nothing stays out."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from plans.papers import due
from plans.papers.words import chinese_number, depths

SCALE = r"(?:千万|百万|十万|万亿|万|亿|千(?!米|克|瓦|伏)|百)"
MONEY = r"(?:元人民币|人民币|美元|欧元|元)"
MEASURES = (
    r"微克(?:/|每)立方米|毫克/升|平方公里|平方千米|平方米|立方米|公里/小时|吨标准煤|吨标煤|兆瓦时|千瓦时|兆瓦|千瓦|公里|千米|公顷|公斤|千克|标准箱|标箱|TEU"
    r"|个?百分点|%|‰|亩次|亩|吨|斤|米|里|升|克|度|km|MW|kW|GW|亩地"
)
COUNTS = (
    r"个标准化|个工作日|工作日|个小时|小时|分钟|秒|天|个车位|个床位|个泊位|个学位|张床位|张病床|人次|户次|场次|批次|件次|台套|台件|台次|个位"
    r"|车位|泊位|床位|学位|个|家|所|座|处|条|户|人|名|套|件|项|次|场|台|辆|只|头|株|棵|张|部|篇|支|艘|架|栋|幢|间|块|片|盏|组|对|种|类|门|本|册|宗|起|例|床|孔|口|眼|根|杆|位|分|层|倍|期|批|单|款|味|羽|枚|吨位|步|届|年|村|镇|乡|列|岁|架次|班次|双|瓶|桶|袋|箱|盒|尾|幅|笔|桩|群|趟|卷|道|段|面|池|匹|员|席|堂|首|集|平方|公顷|所次|站|中心|平台|项目|企业"
)
PER = r"(?:/[一-鿿A-Za-z]{1,3})?"
ANY_UNIT = r"[一-鿿](?=以上|左右|以内|以下|及以上|[，。；、]|$)"  # a measure word that stands in no list
UNIT = rf"(?P<unit>{SCALE}?(?:{MONEY}|{MEASURES}|{COUNTS}|{ANY_UNIT})?{PER})"
TO = r"(?:—+|–|-|~|～|至|到)"
NUMBER = r"(?<![\d.A-Za-z])-?\d+(?:\.\d+)?(?![\d.])"
UNLISTED = re.compile(rf"{SCALE}?(?!{COUNTS}|{MEASURES}|{MONEY}|万|亿)[一-鿿]")
QUANTITY = re.compile(rf"(?P<low>{NUMBER})(?:(?P<lowunit>%|{SCALE})?{TO}(?P<high>\d+(?:\.\d+)?))?\s*(?P<more>余|多)?{UNIT}(?P<odd>余|多)?")
WORDED = re.compile(
    rf"百分之(?P<n>[{'零一二三四五六七八九十两'}]+)|(?P<m>[两二三四五六七八九十]+)(?:{TO}(?P<o>[两二三四五六七八九十]+))?(?P<unit>个|家|所|座|处|条|项|件|场|名|支|台)(?![月层批年项])"
)
VERBS_BEFORE = re.compile(r"(?:新建|新增|建成|建设|引进|培育|创建|完成|打造|开工|举办|改造|打通|新建改扩建|认定|争创|设立|投用|新开|开通|签约)$")

POST = re.compile(r"^(?:及|或|\(含\))?(?:以上|以内|之内|以下|左右|上下|内(?![一-鿿]{2}))")
PRE = re.compile(
    r"(?:(?P<most>不超过|不高于|不大于|不多于|不突破|≤|<=|<|＜|小于|(?<=时限)[至到为]|(?<=时间)[至到为]|(?<=周期)[至到为]|控制在|控制到|限制在|压减[至到]|压缩[至到]|缩短[至到]|缩减[至到]|压降[至到]|下?降低?[至到]|下降[至到]|减少[至到]|低于)"
    r"|(?P<least>不低于|不少于|不小于|≥|>=|>|＞|达到|达|突破|超过|超|至少|高于|多于|提高[至到]|提升[至到]|增加[至到]|增长[至到]|扩大[至到]|上升[至到]|升[至到]|增[至到]|发展[至到]"
    r"|稳定在|保持在|维持在|稳定|保持|维持|在|累计|共|=|＝|为|约))\s*$"
)
WORDS_KEPT = ("不超过", "不高于", "不大于", "不多于", "不突破", "不低于", "不少于", "不小于", "突破", "超过", "达到", "至少", "保持", "≥", "≤", "高于", "低于")

NO_FIGURE = re.compile(
    r"第\d+(?:届|次|批|期|轮|名|位|个|条|产业|代|类)?|(?:前|TOP|top)\s*\d+(?:名|位|强)?|\d+强(?!化)|[2-6]G\b|[2-6]G|\d+A级?|A{3,5}级?|[A-Za-z]+-?\d+(?:\.\d+)?(?:[A-Za-z]+)?|〔\d+〕\d*号?|\d+号"
    r"|\d+(?:线|路)(?=[^一-鿿]|公交|地铁|$)|\d+国道|\d+省道|\d{3,5}热线|\d+(?:\+\w+)+|\d+[×xX*]\d+|\d+(?:—|-|至)?\d*岁(?=以上|以下|及|[一-鿿])|\d+(?:kV|千伏|KV)|\d+年期|\d+(?:周年|星级|星)|\d+(?:分钟|小时)(?=[一-鿿]{0,6}(?:圈|经济圈|服务))"
    r"|“[^”]{0,24}”|《[^》]*》|‘[^’]*’|每\d+[一-鿿]?|[\d.]+(?:万|亿|千|百)?(?:亿|万)?元?级|\d+(?:亿|万)?[至到—-][\d百千万亿]+级|\d+(?=级|型|类|星|周岁|号|期工程)|[\d.]+万?(?:吨|千瓦|兆瓦|立方米|头|只|台|套|辆)/(?:年|日)(?=[一-鿿]{2,})"
    r"|(?:年产|日产|日处理|年处理|日供)[^，。；、]{0,4}?[\d.]+(?:万|亿)?[一-鿿]{1,3}|(?<!完成)总投资(?:约|额)?[\d.]+(?:万|亿)?元?|投资(?:约)?[\d.]+(?:万|亿)?元的|占地(?:面积)?(?:约)?[\d.]+(?:万|亿)?(?:亩|平方米|公顷)"
    r"|(?:总)?建筑面积(?:约)?[\d.]+(?:万|亿)?(?:亩|平方米|公顷)|(?:惠及|受益)[^，。；、\d]{0,12}[\d.]+(?:万|亿)?|\d+(?:年|个月)(?:行动|计划|规划|攻坚)|(?:7|24)小时|\d+所高校|\d+(?:\.\d+)?(?:万|亿)?人口|\d+:\d+|\d+/\d+"
)
ATTRIBUTE_TAIL = re.compile(r"^(?:及)?(?:以上|以下|级)(?:的)?(?!$|[，。；、（）：])[一-鿿“《A-Z]")
MONEY_UNIT = re.compile(rf"{MONEY}|亩|平方米|公里|吨|千瓦|兆瓦|岁|人|米")
ATTRIBUTE_HEAD = re.compile(r"(?:投资|产值|收入|销售|规模|面积|金额|价值|纳税|税收)?(?:超|超过|达|达到|不低于)?$")


LONGEST = 1500  # characters that are looked through


@dataclass(frozen=True)
class Figure:
    """One figure as it stands: `start`, `end` take in the words of comparing. `high` only of a range. Units as written, 万 and 亿 with them."""

    value: Decimal
    high: Decimal | None
    unit: str
    comparator: str
    words: str
    start: int
    end: int
    better: str = ""
    sure: bool = True
    points: bool = False


def masked(text: str) -> str:
    """The text with every digit that promises nothing covered, at the same length."""
    covered = list(text)
    for begin, end in [*due.spans(text), *(m.span() for m in NO_FIGURE.finditer(text))]:
        covered[begin:end] = ["\0"] * (end - begin)
    return "".join(covered)


def figures(text: str, *, brackets: bool = False) -> list[Figure]:
    """The figures of a wording that are targets, in order. What stands in brackets is left out unless asked for."""
    return list(_figures(text[:LONGEST], brackets))


@lru_cache(maxsize=4096)
def _figures(text: str, brackets: bool) -> tuple[Figure, ...]:
    covered, levels = masked(text), depths(text)
    raw = [m for m in QUANTITY.finditer(covered) if m.group("unit") or _compared(covered, m)]
    raw = [m for m in raw if brackets or not levels[m.start()]]
    kept = [m for n, m in enumerate(raw) if not _attribute(covered, m, raw[n + 1 :])]
    found = [_figure(text, covered, m) for m in kept]
    return tuple(found or _worded(text, covered, levels, brackets=brackets))


def _compared(covered: str, match: re.Match[str]) -> bool:
    """A number without a unit is a figure only where it is compared."""
    return bool(PRE.search(covered[: match.start()]) and not covered[: match.start()].endswith(("在", "共", "为"))) or bool(POST.match(covered[match.end() :]))


def _attribute(covered: str, match: re.Match[str], later: list[re.Match[str]]) -> bool:
    """亿元以上项目, 投资超1亿元项目: the size of what is counted, not the count."""
    tail, unit = covered[match.end() :], match.group("unit")
    if tail.startswith("的") or re.match(r"^(?:的)?(?:规模|能力)", tail):
        return True
    following = re.match(r"^(?:及)?(?:以上|以下|级)?(?:的)?[一-鿿\0]{2,}", tail)
    same = later and not re.search(r"[，。；、和及并]", covered[match.end() : later[0].start()])
    if same and following and not unit.endswith("%"):
        return True
    return bool(ATTRIBUTE_TAIL.match(tail)) and bool(MONEY_UNIT.search(unit)) and not re.match(r"^(?:及)?(?:以上|以下)(?:和|及|并|，|且)", tail)


def _figure(text: str, covered: str, match: re.Match[str]) -> Figure:
    before, after = covered[: match.start()], covered[match.end() :]
    pre, post = PRE.search(before), POST.match(after)
    low = Decimal(match.group("low"))
    high = Decimal(match.group("high")) if match.group("high") else None
    unit = match.group("unit")
    if high is not None and high < low:
        low, high = high, None
    start = match.start() - (len(pre.group()) if pre else 0)
    end = match.end() + (len(post.group()) if post else 0)
    comparator, better = _comparator(pre, post, high)
    return Figure(
        low, high if comparator == "between" else None, unit.removeprefix("个") if unit.endswith("百分点") else unit, comparator,
        _words(pre, post, comparator), start, end, better, points=unit.endswith("百分点"),
        sure=bool(unit) and not UNLISTED.fullmatch(unit) and not match.group("more") and not match.group("odd"),
    )  # fmt: skip


def _comparator(pre: re.Match[str] | None, post: re.Match[str] | None, high: Decimal | None) -> tuple[str, str]:
    most = bool(pre and pre.group("most"))
    tail = post.group() if post else ""
    if tail in ("左右", "上下"):
        return "about", "down" if most else ""
    if pre and pre.group().strip() == "约" and not tail:
        return "about", ""
    if high is not None:
        return "between", "down" if most else ""
    if tail.endswith("以上"):
        return "at_least", ""
    if tail.endswith(("以内", "以下", "之内", "内")) or most:
        return "at_most", ""
    return "at_least", ""


def _words(pre: re.Match[str] | None, post: re.Match[str] | None, comparator: str) -> str:
    """The text's own words of comparing: 左右, 控制在…以内, 不超过."""
    head, tail = (pre.group().strip() if pre else ""), (post.group() if post else "")
    if head in ("控制在", "稳定在", "保持在", "维持在", "在", "达到") and tail:
        return f"{head}…{tail}"
    if tail:
        return tail
    return head if head not in ("为", "共", "=", "＝", "在", "累计", "稳定", "维持") else ""


def _worded(text: str, covered: str, levels: list[int], *, brackets: bool) -> list[Figure]:
    """新建两所, 增长百分之五: numbers in Chinese characters, uncertain unless a percentage."""
    found = []
    for m in WORDED.finditer(covered):
        if levels[m.start()] and not brackets:
            continue
        if m.group("n"):
            pre, post = PRE.search(covered[: m.start()]), POST.match(covered[m.end() :])
            comparator, better = _comparator(pre, post, None)
            value = chinese_number(m.group("n"))
            end = m.end() + (len(post.group()) if post else 0)
            found.append(
                Figure(Decimal(value or 0), None, "%", comparator, _words(pre, post, comparator), m.start() - (len(pre.group()) if pre else 0), end, better)
            )
        elif VERBS_BEFORE.search(covered[: m.start()]) and (value := chinese_number(m.group("m"))):
            top = chinese_number(m.group("o")) if m.group("o") else None
            post = POST.match(covered[m.end() :])
            end = m.end() + (len(post.group()) if post else 0)
            found.append(
                Figure(
                    Decimal(value),
                    Decimal(top) if top else None,
                    m.group("unit"),
                    "between" if top else "at_least",
                    post.group() if post else "",
                    m.start(),
                    end,
                    sure=False,
                )
            )
    return found
