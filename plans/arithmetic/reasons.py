"""A light explains itself: one line with the numbers by which a pocket calculator finds the same."""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from .cases import Band, Basis, Judgement, Language, sure
from .spans import SCALE, millionths
from .totals import Total

STATES_EN = {"预计": "estimate", "快报": "flash", "核定": "verified"}
MINUS = re.compile(r"(?<!\d)-(?=\d)")  # of a number; the hyphens of a day stay
LIGHT_NAMES = {
    "zh": {
        "blue": "完成",
        "green": "正常",
        "yellow": "偏慢",
        "red": "滞后",
        "not_due": "未到节点",
        "grey": "暂无数据",
    },
    "en": {
        "blue": "done",
        "green": "on track",
        "yellow": "slow",
        "red": "behind",
        "not_due": "not due yet",
        "grey": "no data",
    },
}

WHY = {
    "zh": {
        "reached": "累计值已达目标",
        "final": "到期且末期数据达标",
        "closed": "到期未达标",
        "broken": "曾突破上限，不再转好",
        "start": "目前只有起点值",
        "not_due": "路径尚无要求，也未动工",
        "met": "已符合目标",
        "stale": "虽符合目标，但连续{silent}期未报，至多偏慢",
        "unproved": "虽符合目标，但缺末期数据，至多偏慢",
        "before": "尚未到起始日",
        "no_value": "尚无可用数据，也无到期未报",
        "no_pair": "尚无成对的比对数据",
        "done": "各步骤均已完成",
        "overrun": "最后一步已过期而未完成",
        "all_blue": "各项均已完成",
        "binding": "有约束性事项滞后，至多偏慢",
        "red_share": "滞后事项权重达5%，至多偏慢",
        "nothing": "没有可汇总的事项",
    },
    "en": {
        "reached": "the total has reached its target",
        "final": "closed, and the last period meets the target",
        "closed": "closed without meeting the target",
        "broken": "the ceiling was broken once and stays so",
        "start": "the only value is the start",
        "not_due": "the path expects nothing yet and nothing is done",
        "met": "the target is met",
        "stale": "met, but silent for {silent} periods: at best slow",
        "unproved": "met, but the last period has no value: at best slow",
        "before": "before its first day",
        "no_value": "nothing accepted and nothing that was due",
        "no_pair": "no complete pair to compare",
        "done": "every step is done",
        "overrun": "the last day has passed and not every step is done",
        "all_blue": "every item is done",
        "binding": "a binding item is behind: at best slow",
        "red_share": "red items have 5 % of the weight: at best slow",
        "nothing": "nothing to add up",
    },
}


def explain(judgement: Judgement, language: Language = "zh") -> str:
    """The line for an indicator or a task, in Chinese or English; it names every number that the light rests on."""
    basis = judgement.basis
    if basis.rule == "none":
        return _close(judgement.light, basis.why, language)
    if basis.rule == "task":
        parts = _task(judgement, language)
    elif basis.rule == "held":
        parts = _held(judgement, language)
    else:
        parts = _path(judgement, language)
    if basis.why == "band":
        parts.append(_bands(sure(basis.band), language))
    return _join([*parts, _close(judgement.light, basis.why, language, basis.silent)], language)


def explain_total(total: Total, language: Language = "zh") -> str:
    """The line for a node: the weighted shortfalls, their sum, and the node band."""
    if total.exact is None:
        return _close(total.light, total.why, language)
    weight = sum((one for one, _ in total.terms), Fraction(0))
    terms = " + ".join(f"{show(one)}×{_signed(gap)}" for one, gap in total.terms)
    gap = f"({terms}) ÷ {show(weight)} = {show(total.exact.gap)}"
    parts = [f"差距 {gap} 百分点"] if language == "zh" else [f"gap {gap} points"]
    parts.append(_bands(total.band, language))
    return _join([*parts, _close(total.light, total.why, language)], language)


def show(number: Fraction | Decimal | None) -> str:
    """A number with at most six places and no trailing zeros."""
    if number is None:
        raise ValueError("a number to show is missing")
    return _shown(*number.as_integer_ratio())


@lru_cache(maxsize=100_000)
def _shown(above: int, below: int) -> str:
    """The same of a fraction; each number is told in two languages and in several lines."""
    whole, rest = divmod(millionths(above, below), SCALE)
    if not rest:
        return str(whole)
    if whole < 0:  # −0.8 is −1 + 0.2
        whole, rest = whole + 1, SCALE - rest
        return f"-{-whole}.{rest:06d}".rstrip("0")
    return f"{whole}.{rest:06d}".rstrip("0")


def _signed(number: Fraction | None) -> str:
    return f"({show(number)})" if sure(number) < 0 else show(number)


def _join(parts: list[str], language: Language) -> str:
    return MINUS.sub("−", ("；" if language == "zh" else "; ").join(part for part in parts if part))


def _close(light: str, why: str, language: Language, silent: int = 0) -> str:
    name = LIGHT_NAMES[language][light]
    reason = "" if why == "band" else WHY[language][why].format(silent=silent)
    if language == "zh":
        return f"{reason}：{name}" if reason else f"亮灯：{name}"
    return f"{reason}: {name}" if reason else f"light: {name}"


def _bands(band: Band, language: Language) -> str:
    if language == "zh":
        return f"≥{show(band.green)} 正常，≥{show(band.yellow)} 偏慢，以下滞后"
    return f"≥ {show(band.green)} on track, ≥ {show(band.yellow)} slow, below behind"


def _task(judgement: Judgement, language: Language) -> list[str]:
    basis, exact = judgement.basis, sure(judgement.exact)
    done = f"{show(basis.done)} ÷ {show(basis.weight)} = {show(exact.attainment)}"
    passed = f"{show(basis.passed)} ÷ {show(basis.weight)} = {show(exact.expected)}"
    if language == "zh":
        late = [f"迟 {basis.late} 天完成"] if basis.late else []
        return [f"{judgement.judged_at} 完成权重 {done}", f"已到期权重 {passed}", _gap(judgement, language), *late]
    late = [f"done {basis.late} days late"] if basis.late else []
    return [f"{judgement.judged_at} weight done {done}", f"weight due {passed}", _gap(judgement, language), *late]


def _gap(judgement: Judgement, language: Language) -> str:
    exact = sure(judgement.exact)
    sum_ = f"({show(exact.attainment)} − {show(exact.expected)}) × 100 = {show(exact.gap)}"
    return f"差距 {sum_} 百分点" if language == "zh" else f"gap {sum_} points of the way"


def _value(basis: Basis, language: Language) -> str:
    """The value with its date and state, and how it was read from the measure's own."""
    if basis.value is None:
        return "从未报数，以起点代（完成率 0）" if language == "zh" else "never reported: the start stands in (A = 0)"
    state = "" if not basis.state else f"（{basis.state}）" if language == "zh" else f" ({STATES_EN[basis.state]})"
    shown = show(basis.value)
    if basis.average:
        years = "年均" if language == "zh" else "yearly average"
        shown = f"{years} {shown}"
    elif basis.reading == "increase":
        shown = f"{show(basis.measured)} − {_signed(basis.base)} = {shown}"
    elif basis.reading == "growth":
        change = f"({show(basis.measured)} − {_signed(basis.base)}) ÷ {show(abs(sure(basis.base)))} × 100"
        shown = f"{change} = {shown}"
    return f"{basis.value_day} {'值' if language == 'zh' else 'value'} {shown}{state}"


def _target(basis: Basis, language: Language) -> str:
    """The target in the words of its comparator, with the edges that count as met."""
    low = show(basis.low) if basis.low is not None else None
    high = show(basis.high) if basis.high is not None else None
    if low is not None and high is not None:
        edge = f"= {low}" if low == high else f"{low} … {high}"
    else:
        edge = f"≥ {low}" if low is not None else f"≤ {high}"
    about = "" if basis.comparator != "about" else f"{show(basis.target)}左右，" if language == "zh" else "about "
    if language == "en" and about:
        about = f"about {show(basis.target)}, "
    return f"目标 {about}{edge}" if language == "zh" else f"target {about}{edge}"


def _held(judgement: Judgement, language: Language) -> list[str]:
    basis, exact = judgement.basis, sure(judgement.exact)
    parts = [_value(basis, language)]
    if basis.value is None:
        return [*parts, _gap(judgement, language)]
    parts.append(_target(basis, language))
    share = _ratio(basis, exact.attainment)
    parts.append(f"完成率 {share}" if language == "zh" else f"attainment {share}")
    if judgement.gap_in == "share":
        return [*parts, _gap(judgement, language)]
    gap = _points(basis, exact.gap)
    return [*parts, f"差距 {gap} 百分点" if language == "zh" else f"gap {gap} percentage points"]


def _nearer(basis: Basis) -> Fraction:
    """The bound against which the value is measured."""
    if basis.low is None or basis.high is None:
        return sure(basis.target)
    value = sure(basis.value)
    return basis.low if abs(value - basis.low) <= abs(value - basis.high) else basis.high


def _ratio(basis: Basis, attainment: Fraction) -> str:
    if basis.met or attainment == 0:
        return show(attainment)
    top, bottom = sorted((sure(basis.value), _nearer(basis)), key=abs)
    return f"{show(top)} ÷ {_signed(bottom)} = {show(attainment)}"


def _points(basis: Basis, gap: Fraction) -> str:
    value, bound = sure(basis.value), _nearer(basis)
    top, bottom = (value, bound) if value - bound == gap else (bound, value)
    return f"{show(top)} − {_signed(bottom)} = {show(gap)}"


def _path(judgement: Judgement, language: Language) -> list[str]:
    basis, exact = judgement.basis, sure(judgement.exact)
    zh = language == "zh"
    parts = [_value(basis, language)]
    if basis.start is not None and basis.value is not None:
        parts.append(f"{'完成率' if zh else 'attainment'} {_way(basis, exact.attainment)}")
    if basis.expected_value is not None:
        way = f"({show(basis.expected_value)} − {_signed(basis.start)}) ÷ ({_span(basis)})"
        due = f"{judgement.judged_at} 应达 {show(basis.expected_value)}" if zh else ""
        due = due or f"{judgement.judged_at} expects {show(basis.expected_value)}"
        parts.append(f"{due}，序时进度 {way} = {show(exact.expected)}" if zh else f"{due}, {way} = {show(exact.expected)}")
    else:
        parts.append(f"{judgement.judged_at} {'序时进度' if zh else 'expected'} {show(exact.expected)}")
    if basis.interpolated:
        parts.append("路径为推算" if zh else "the path is an assumption")
    return [*parts, _gap(judgement, language)]


def _span(basis: Basis) -> str:
    return f"{show(basis.target)} − {_signed(basis.start)}"


def _way(basis: Basis, attainment: Fraction) -> str:
    start = sure(basis.start)
    share = (sure(basis.value) - start) / (sure(basis.target) - start)
    way = f"({show(basis.value)} − {_signed(basis.start)}) ÷ ({_span(basis)}) = {show(share)}"
    if attainment == share:
        return way
    if basis.met:
        return f"{way} → {show(attainment)}"
    return _ratio(basis, attainment)
