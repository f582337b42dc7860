"""When two names may mean one thing: names without the verbs of promising, compared by pairs of characters.

A likeness proposes and decides nothing: what is one measure, and what is not, a person says.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

LIKE = 0.54  # from this likeness on two names may mean one thing
CONTAINED = 0.6  # the likeness of a name with which a longer one begins
LONG = 3  # characters that such a name must have more than
_VERBS = (
    "实际到位", "实际利用", "联合建设", "滚动实施", "重点培育", "全面推行", "探索实施", "每年认定", "每年选树", "柔性引进", "新建改造", "新建改扩建", "新增", "新建", "新签约",
    "实施", "完成", "认定", "推动", "推进", "带动", "培育", "建设", "建成", "建立", "创建", "争创", "争取", "加快", "抓好", "打造", "开工", "办好", "创建一批", "打造一批",
    "形成", "发展", "设立", "提升", "提高", "净增", "每年", "全部", "全市", "我市", "市级", "力争", "一批", "评价入库", "规划", "高能级",
)  # fmt: skip
_SAME = (
    ("规模以上", "规上"), ("战略性", "战略"), ("生产总值", "GDP"), ("营业收入", "营收"), ("技术改造", "技改"), ("比例", "比重"), ("占比", "比重"), ("国家级", "国家"),
    ("增速", "增长"), ("涨幅", "增长"), ("个数", "数"), ("家数", "数"), ("百亿级", "超100亿元"), ("研发经费", "研发投入"), ("工程", ""),
)  # fmt: skip
_SUFFIXES = ("产业集群规模", "产业集群", "年均增长", "增长", "比重", "覆盖率", "数量", "净增数", "数", "规模", "率")
_LEVELS = re.compile("^(国家|省级以上|省级及以上|省级|省(?!外)|市级|市(?!外|场)|县级|县)")
# names that differ by one of these mean different things on purpose
_APART = (
    ("境外", "省外", "市外"), ("空间", "时间"), ("晴雨", "温度"), ("短临", "天网格"), ("投资", "资金"), ("幼儿园", "义务教育", "高中"), ("污染地块", "耕地"),
    ("小麦", "花生", "芝麻"), ("企业数", "岗位"), ("新型学徒", "现代学徒"), ("质量标杆", "技术创新"), ("主导产业", "新兴产业"), ("支柱", "战略"), ("国家级", "省级"),
)  # fmt: skip
FEW = 3  # pairs: of a shorter name one in common is enough
KNOWN = 8192  # names whose parts are kept
COUNTED = {"个": "n", "家": "n", "项": "n", "件": "n", "所": "n", "": ""}


@dataclass(frozen=True)
class Name:
    """A name taken apart: `core` without promising words, `sort` of quantity (增长, 比重 …), `level` of government that it names."""

    core: str
    sort: str
    level: str
    of: str = ""  # of a share: the whole


@lru_cache(maxsize=KNOWN)
def taken_apart(name: str) -> Name:
    text = re.sub(r"（[^）]*级）|[“”\"'（）()、·，,\s及和与]", "", name)
    for old, new in _SAME:
        text = text.replace(old, new)
    text = re.sub("年均(?=增长)", "", text)
    sort = next((word for word in ("增长", "比重", "覆盖率", "能耗", "投资", "集群") if word in text), "")
    changed = True
    while changed:
        before = text
        for verb in sorted(_VERBS, key=len, reverse=True):
            text = text.removeprefix(verb)
        changed = text != before and bool(text)
    level = match.group(0) if (match := _LEVELS.match(text)) else ""
    core = text.removeprefix(level) if len(text) > len(level) + 1 else text
    of = ""
    if sort == "比重" and "占" in core:
        core, _by, of = core.partition("占")  # the part and the whole: another whole is another denominator
        core = core.removesuffix("增加值") or core
    for suffix in _SUFFIXES:
        if core.endswith(suffix) and len(core) > len(suffix) + 1:
            core = core.removesuffix(suffix)
            break
    return Name(core, sort, level, of)


def likeness(one: str, other: str) -> float:
    """0 to 1: how alike two names are, 1 where they are the same but for words of promising."""
    a, b = taken_apart(one), taken_apart(other)
    if a.sort != b.sort or _apart(one, other):
        return 0.0
    one_of, other_of = (a.of, b.of) if a.of == b.of else ("", "")
    first, second = a.core + one_of, b.core + other_of
    pairs_a, pairs_b = _pairs(first), _pairs(second)
    whole = 2 * sum((pairs_a & pairs_b).values()) / max(1, sum(pairs_a.values()) + sum(pairs_b.values()))
    short, long = sorted((first, second), key=len)
    held = CONTAINED if len(short) > LONG and long.startswith(short) else 0.0
    return 1.0 if first == second else max(whole, held)


def _apart(one: str, other: str) -> bool:
    """Whether each name has a word of a set that the other has not."""
    for words in _APART:
        mine, theirs = {w for w in words if w in one}, {w for w in words if w in other}
        if mine and theirs and not mine & theirs:
            return True
    return False


@lru_cache(maxsize=KNOWN)
def _pairs(text: str) -> Counter[str]:
    return Counter(text[n : n + 2] for n in range(len(text) - 1))


def same_unit(one: str, other: str) -> bool:
    """个, 家 and 项 count the same things."""
    return COUNTED.get(one, one) == COUNTED.get(other, other)


def that_share(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of the names of which two have a pair of characters in common: no others can be alike. In order."""
    holders: dict[str, list[int]] = defaultdict(list)
    for n, name in enumerate(names):
        for pair in _pairs(taken_apart(name).core):
            holders[pair].append(n)
    for n, name in enumerate(names):
        shared = Counter(m for pair in _pairs(taken_apart(name).core) for m in holders[pair] if m > n)
        size = len(_pairs(taken_apart(name).core))
        yield from ((n, m) for m in sorted(shared) if shared[m] > 1 or size < FEW or len(_pairs(taken_apart(names[m]).core)) < FEW)
