"""Whether a figure is likely: the slips of the trade, said at the field with what stands against it.

A doubt blocks nothing: who enters the figure looks at it, stands by it and says why; reviewer and supervisor see both. Only a total that falls
is no report without its reason.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from plans.models import Target, Terms
from tracker.background import Background
from tracker.models import ProgressReport
from tracker.models.periods import period_title
from tracker.turns import Problem, Severity

CODES = frozenset({"part", "total", "factor", "ten_thousand", "leap", "drop", "beyond_target", "jump", "over_hundred", "fraction", "on_target", "same_text"})
LEAP = 10  # so many times the last value, or its tenth, is doubted
JUMP, FEWEST_STEPS = 5, 3  # so many times the largest step of at least so many
HUNDRED = (50, 200)  # the ratio that looks like a slip by a factor of 100
TEN_THOUSAND = (4000, 25000)  # and 万 for 个, 亿 for 万
WHOLE = frozenset({"个", "家", "项", "件", "条", "套", "所", "名", "人", "户", "次", "座", "台", "处"})  # units that are counted
Comparator = Target.Comparator


def figure(report: ProgressReport, value: Decimal, seen: Background) -> Iterator[Problem]:
    """The doubts of a figure: of its size the first that applies, and beside it what else is unlikely."""
    yield from _for_one_another(report, value, seen)
    for size in (_ten_thousand, _hundred, _leap, _jump):
        if slips := list(size(value, seen)):
            yield from slips
            break
    else:
        yield from _over_hundred(value, seen)
    if seen.measure.unit in WHOLE and value != value.to_integral_value():
        words = {"value": shown(value), "unit": seen.measure.unit}
        yield _doubt("value", "fraction", _("以“%(unit)s”为单位的数一般没有小数，填的是%(value)s。请核对单位。") % words)
    yield from _on_target(value, seen)


def text(report: ProgressReport, seen: Background) -> Iterator[Problem]:
    """The remark of the last period, word for word."""
    last, words = seen.told, report.progress.strip()
    if last and words and words == last.progress.strip():
        yield _doubt("progress", "same_text", _("进展与%(period)s所写一字不差。请写本期的情况。") % {"period": _short(last, seen)})


def falls(report: ProgressReport, value: Decimal, seen: Background) -> Problem | None:
    """A running total below the last accepted one that does not say why."""
    last = seen.last
    if not seen.is_total or last is None or last.value is None or value >= last.value or report.reason.strip():
        return None
    words = {"value": shown(value), "last": shown(last.value), "period": _short(last, seen)}
    return Problem("reason", _("累计数%(value)s比%(period)s的%(last)s少。确实减少的，请写明原因。") % words, "total_falls")


def _doubt(field: str, code: str, message: str) -> Problem:
    return Problem(field, message, code, Severity.DOUBT)


def _reference(seen: Background) -> Decimal | None:
    """What a figure is seen against: the last value, else the target."""
    return seen.last.value if seen.last else next((p.next_value for p in seen.promises if p.next_value), None)


def _meant(code: str, value: Decimal, meant: Decimal, seen: Background) -> Problem:
    """是不是应为 85？上次是 84。"""
    words = {"value": shown(value), "unit": seen.measure.unit, "reference": shown(_reference(seen) or Decimal(0)), "meant": shown(meant)}
    known = _("上次是%(reference)s。") if seen.last else _("目标是%(reference)s。")
    return _doubt("value", code, (_("填的是%(value)s%(unit)s，是不是应为%(meant)s？") + known) % words)


def _for_one_another(report: ProgressReport, value: Decimal, seen: Background) -> Iterator[Problem]:
    """累计 and 本期 taken for one another."""
    last = seen.last
    if not seen.is_total or last is None or last.value is None:
        return
    words = {"value": shown(value), "last": shown(last.value), "sum": shown(value + last.value)}
    if value < last.value:
        if 0 < value <= 2 * seen.largest_step:
            yield _doubt("value", "part", _("%(value)s像是本期数。这里要填累计数：%(last)s＋%(value)s＝%(sum)s。") % words)
    elif report.typed.get("part") and value - last.value >= last.value > 0 and value - 2 * last.value <= 2 * seen.largest_step:
        words |= {"value": shown(value - last.value)}
        yield _doubt("part", "total", _("%(value)s像是累计数。按本期数填，累计会变成%(last)s＋%(value)s。请核对。") % words)


def _ten_thousand(value: Decimal, seen: Background) -> Iterator[Problem]:
    """万 for 个, 亿 for 万: ten thousand times too much or too little, by the last value, else the target."""
    reference = _reference(seen)
    if not value or not reference:
        return
    low, high = TEN_THOUSAND
    if low <= value / reference <= high:
        yield _meant("ten_thousand", value, value / 10000, seen)
    elif low <= reference / value <= high:
        yield _meant("ten_thousand", value, value * 10000, seen)


def _hundred(value: Decimal, seen: Background) -> Iterator[Problem]:
    """A share for a per cent, or the other way round, seen against the last value, else the target."""
    reference = _reference(seen)
    if not seen.is_percent or not value or not reference:
        return
    low, high = HUNDRED
    if low <= reference / value <= high:
        yield _meant("factor", value, value * 100, seen)
    elif low <= value / reference <= high:
        yield _meant("factor", value, value / 100, seen)


def _leap(value: Decimal, seen: Background) -> Iterator[Problem]:
    """So many times the last value that the unit or the point may be wrong; a tenth of it where it is no total; far beyond the target."""
    last = seen.last
    if last and last.value and not (seen.is_percent and abs(last.value) < 1):
        times = abs(value / last.value)
        words = {"value": shown(value), "times": shown(round(times, 1)), "period": _short(last, seen), "last": shown(last.value)}
        if times >= LEAP:
            yield _doubt("value", "leap", _("%(value)s是%(period)s（%(last)s）的%(times)s倍。请核对单位和小数点。") % words)
            return
        if times * LEAP <= 1 and not seen.is_total:
            yield _doubt("value", "drop", _("%(value)s不到%(period)s（%(last)s）的十分之一。请核对单位和小数点。") % words)
            return
    for target in (p.next_value for p in seen.promises):
        if target and not (seen.is_percent and abs(target) < 1) and abs(value / target) >= LEAP:
            words = {"value": shown(value), "times": shown(round(abs(value / target), 1)), "target": shown(target)}
            yield _doubt("value", "beyond_target", _("%(value)s是目标（%(target)s）的%(times)s倍。请核对单位和小数点。") % words)
            return


def _jump(value: Decimal, seen: Background) -> Iterator[Problem]:
    """A change many times as large as any before."""
    values = [r.value for r in seen.before if r.value is not None and (seen.counts_from is None or r.cut_off > seen.counts_from)]
    steps = [abs(later - earlier) for earlier, later in pairwise(values)]
    if len(steps) < FEWEST_STEPS or not max(steps):
        return
    step, most = abs(value - values[-1]), max(steps)
    if step > JUMP * most:
        words = {"step": shown(step), "most": shown(most), "times": shown(round(step / most, 1))}
        yield _doubt("value", "jump", _("与上次相差%(step)s，是以往各期最大变动（%(most)s）的%(times)s倍。请核对。") % words)


def _over_hundred(value: Decimal, seen: Background) -> Iterator[Problem]:
    """A share of more than the whole."""
    targets = [p.next_value for p in seen.promises if p.next_value is not None]
    if seen.measure.unit in ("%", "％") and abs(value) > 100 and all(abs(target) <= 100 for target in targets):
        yield _doubt("value", "over_hundred", _("填的是%(value)s%%，超过了100%%。请核对。") % {"value": shown(value)})


def _on_target(value: Decimal, seen: Background) -> Iterator[Problem]:
    """Exactly the target, as the field takes it; not where there is nothing beyond it, nor where the value has not moved."""
    unmoved = seen.last is not None and seen.last.value == value
    whole = seen.is_percent and value in (0, 100)
    if unmoved or whole:
        return
    for promise in seen.promises:
        base = promise.terms.baseline if promise.terms.reading == Terms.Reading.INCREASE else Decimal(0)
        plain = promise.terms.reading != Terms.Reading.GROWTH and promise.final.comparator not in (Comparator.RELATIVE, Comparator.EXACTLY)
        targets = [t.value for t in promise.targets if t.value is not None and plain and base is not None]
        if any(value == target + base for target in targets if base is not None):
            yield _doubt("value", "on_target", _("%(value)s恰好等于目标。请核对是否实际数。") % {"value": shown(value)})
            return


def _short(report: ProgressReport, seen: Background) -> str:
    """A period's name beside another's: 二季度 within the same year, 2021年四季度 else."""
    title = period_title(report.period.cycle.frequency, report.period.year, report.period.number)
    same_year = report.period.year == seen.period.year
    return title.removeprefix(f"{report.period.year}年") or title if same_year else title


def shown(value: Decimal) -> str:
    """A number as people write it: without exponent and trailing zeros."""
    return f"{value.normalize():f}"
