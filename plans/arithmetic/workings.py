"""The sum behind a light, written out line by line: whoever types a line into a pocket calculator gets the result beside it.

What is no exact number at six places stands in the next line as the sum that it came from, so that nothing is lost to rounding.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from .attained import Aim, held_attainment, ratio
from .cases import TOLERANCE, Judgement, Promise, Record, sure
from .lights import Sight, measure
from .paths import Path, done_by
from .readings import average, read
from .reasons import show
from .spans import elapsed, six
from .tasks import Progress, Task, TaskSight


@dataclass(frozen=True)
class Working:
    """One line: `what` names it (a key of `LABELS`), `sum` is what to type ('' where nothing is reckoned), `result` what comes out."""

    what: str
    sum: str
    result: Fraction
    day: date | None = None

    @property
    def written(self) -> str:
        """900 ÷ 2000 = 0.45, or the result alone."""
        return f"{self.sum} = {show(self.result)}" if self.sum else show(self.result)


LABELS = {
    "zh": {
        "value": "数值", "increase": "期内增量", "growth": "增幅（%）", "average": "年均", "other": "比对的目标值", "edge": "容许的界限",
        "attainment": "完成率", "met": "已符合目标，完成率至少计为", "beyond": "越过另一侧界限，完成率改按比值", "silent": "从未报数，完成率计为",
        "gone": "已过月数", "months": "全程月数", "share": "应完成的份额", "expected_value": "应达", "expected": "序时进度",
        "gap": "差距（百分点）", "points": "差距（个点）", "done": "完成节点的权重", "passed": "到期节点的权重", "weight": "全部节点的权重",
    },
    "en": {
        "value": "Value", "increase": "Increase in the span", "growth": "Growth, %", "average": "Yearly average", "other": "Target from the comparison",
        "edge": "Edge that still counts as met", "attainment": "Attainment", "met": "Met: attainment counts as at least",
        "beyond": "Beyond the far side: attainment is a ratio", "silent": "Never reported: attainment counts as", "gone": "Months gone",
        "months": "Months in all", "share": "Share expected", "expected_value": "Expected value", "expected": "Expected progress",
        "gap": "Gap, percentage points of the way", "points": "Gap, points", "done": "Weight of the steps done", "passed": "Weight of the steps due",
        "weight": "Weight of all steps",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A number with the sum that it came from."""

    text: str
    value: Fraction

    @property
    def inside(self) -> str:
        """As it stands in another sum: itself where six places hold it, otherwise its own sum in brackets."""
        if Fraction(six(self.value)) != self.value:
            return f"({self.text})"
        shown = show(self.value)
        return f"({shown})" if self.value < 0 else shown


def plain(value: Fraction) -> Number:
    return Number(show(value), value)


def indicator_workings(promise: Promise, record: Record, on: date) -> tuple[Working, ...]:
    """The lines of an indicator as `judge` judges it on a day; none while it is grey."""
    sight = Sight(promise, record, on)
    if sight.has_nothing:
        return ()
    return tuple(_held(sight) if sight.path is None else _path(sight, sight.path))


def task_workings(task: Task, progress: Progress, on: date, judgement: Judgement) -> tuple[Working, ...]:
    """The lines of a task as `judge_task` judges it on a day; none before its first."""
    if judgement.exact is None:
        return ()
    sight = TaskSight(task, progress, on)
    weights = [Fraction(step.weight) for step in task.parts]
    weights = weights if any(weights) else [Fraction(1)] * len(weights)
    whole = _added(weights)
    done = _added([weight for weight, day in zip(weights, sight.done, strict=True) if day is not None])
    passed = _added([weight for weight, step in zip(weights, task.parts, strict=True) if step.due < on])
    attained = Number(f"{done.inside} ÷ {whole.inside}", done.value / whole.value)
    expected = Number(f"{passed.inside} ÷ {whole.inside}", passed.value / whole.value)
    return (
        Working("weight", whole.text if len(weights) > 1 else "", whole.value),
        Working("done", done.text if "+" in done.text else "", done.value),
        Working("passed", passed.text if "+" in passed.text else "", passed.value, on),
        Working("attainment", attained.text, attained.value),
        Working("expected", expected.text, expected.value, on),
        _gap(attained, expected),
    )


def _added(numbers: Sequence[Fraction]) -> Number:
    return Number(" + ".join(show(number) for number in numbers) or "0", sum(numbers, Fraction(0)))


def _gap(attained: Number, expected: Number) -> Working:
    return Working("gap", f"({attained.inside} − {expected.inside}) × 100", (attained.value - expected.value) * 100)


def _path(sight: Sight, path: Path) -> Iterator[Working]:
    """Attainment on the way, then what the path expects on the day judged, then their difference."""
    attained = plain(Fraction(0))
    if sight.latest is None:
        yield Working("silent", "", Fraction(0))
    else:
        value, lines = _value(sight)
        yield from lines
        for line in _travelled(sight.final_aim, sure(sight.start), value):
            yield line
            attained = Number(line.sum or show(line.result), line.result)
    expected = plain(path.expected(sight.day))
    for line in _expected(path, sight.day, known=sight.start is not None):
        yield line
        if line.what == "expected":
            expected = Number(line.sum or show(line.result), line.result)
    yield _gap(attained, expected)


def _travelled(aim: Aim, start: Fraction, value: Number) -> Iterator[Working]:
    """A = (a − s) ÷ (t − s); at least 1 where the target is met; a ratio beyond its far side."""
    share = (value.value - start) / (aim.toward - start)
    yield Working("attainment", _part(value, start, aim.toward), share)
    if aim.is_met(value.value):
        if share < 1:
            yield Working("met", "", Fraction(1))
    elif share >= 1:
        yield _ratio("beyond", value, aim.nearer(value.value))


def _part(value: Number, start: Fraction, target: Fraction) -> str:
    """(a − s) ÷ (t − s), without a start of 0."""
    if not start:
        return f"{value.inside} ÷ {plain(target).inside}"
    s = plain(start).inside
    return f"({value.inside} − {s}) ÷ ({plain(target).inside} − {s})"


def _ratio(what: str, value: Number, bound: Fraction) -> Working:
    """The smaller ÷ the larger of two numbers of one sign."""
    result = ratio(value.value, bound)
    if not result:
        return Working(what, "", result)
    small, large = sorted((value, plain(bound)), key=lambda number: abs(number.value))
    return Working(what, f"{small.inside} ÷ {large.inside}", result)


def _expected(path: Path, day: date, known: bool) -> Iterator[Working]:
    """The months gone, the share of the stretch, the value expected (`known`: the way has a start) and its share of the whole way."""
    (first, start), (last, target) = path.points[0], path.points[-1]
    before, after = _stretch(path, day)
    part = Fraction(1) if day >= last else done_by(path.profile, path.shares, elapsed(day, before[0], after[0]))
    share, straight = Number(show(part), part), False
    if first < day < last and path.profile != "at_end":
        gone, whole = _months(before[0], day), _months(before[0], after[0])
        yield Working("gone", gone.text if " " in gone.text else "", gone.value, day)
        yield Working("months", whole.text if " " in whole.text else "", whole.value, after[0])
        share = _profiled(path, Number(f"{gone.inside} ÷ {whole.inside}", gone.value / whole.value))
        straight = len(path.points) == 2
        yield Working("expected" if straight else "share", share.text, share.value, day)
    value = Number(_carried(share, before[1], after[1]), path.at(day))
    if known:
        yield Working("expected_value", "" if day >= last or value.value == before[1] else value.text, value.value, day)
    if not straight:
        yield Working("expected", "" if day >= last or not known else _part(value, start, target), path.expected(day), day)


def _carried(share: Number, before: Fraction, after: Fraction) -> str:
    """v = v0 + share × (v1 − v0), without a beginning of 0."""
    if not before:
        return f"{share.inside} × {plain(after).inside}"
    start = plain(before).inside
    return f"{start} + {share.inside} × ({plain(after).inside} − {start})"


def _stretch(path: Path, day: date) -> tuple[tuple[date, Fraction], tuple[date, Fraction]]:
    """The two points of the path between which a day lies; the last two after its end."""
    for before, after in zip(path.points, path.points[1:], strict=False):
        if day < after[0]:
            return before, after
    return path.points[-2], path.points[-1]


def _months(after: date, day: date) -> Number:
    """Whole months, and the days of a month that is not whole ÷ its days."""
    (whole, rest), (whole_before, rest_before) = _month_of(day), _month_of(after)
    text, value = str(whole - whole_before), Fraction(whole - whole_before)
    if rest:
        text, value = f"{text} + {rest[0]} ÷ {rest[1]}", value + Fraction(*rest)
    if rest_before:
        text, value = f"{text} − {rest_before[0]} ÷ {rest_before[1]}", value - Fraction(*rest_before)
    return Number(text, value)


def _month_of(day: date) -> tuple[int, tuple[int, int] | None]:
    days = monthrange(day.year, day.month)[1]
    whole = day.year * 12 + day.month
    return (whole, None) if day.day == days else (whole - 1, (day.day, days))


def _profiled(path: Path, part: Number) -> Number:
    """The share of a stretch's way after this part of its time: the part itself, or between two given shares."""
    if path.profile == "linear" or not path.shares:
        return part
    count = len(path.shares)
    marks = [Fraction(0), *(Fraction(share) for share in path.shares)]
    step = min(int(part.value * count), count - 1)
    result = done_by(path.profile, path.shares, part.value)
    if part.value * count == step:
        return Number(f"{show(marks[step])} ÷ 100", result)
    more = f"({part.inside} × {count} − {step}) × ({show(marks[step + 1])} − {show(marks[step])}) ÷ 100"
    return Number(f"{show(marks[step])} ÷ 100 + {more}" if marks[step] else more, result)


def _held(sight: Sight) -> Iterator[Working]:
    """The value against the target itself, in points or as a ratio."""
    if sight.latest is None:
        yield Working("silent", "", Fraction(0))
        yield _gap(plain(Fraction(0)), plain(Fraction(1)))
        return
    value, lines = _value(sight)
    yield from lines
    aim = sight.governing_aim
    yield from _aimed(sight, aim)
    attained = held_attainment(aim, value.value)
    ratio_line = Working("met", "", attained) if aim.is_met(value.value) else _ratio("attainment", value, aim.nearer(value.value))
    yield ratio_line
    exact, gap_in = measure(sight)
    if gap_in == "share":
        yield _gap(Number(ratio_line.sum or show(attained), attained), plain(Fraction(1)))
        return
    bound = plain(aim.toward if aim.low is None or aim.high is None else _tighter(aim, value.value))
    left, right = (value, bound) if value.value - bound.value == exact.gap else (bound, value)
    yield Working("points", f"{left.inside} − {right.inside}", exact.gap)


def _tighter(aim: Aim, value: Fraction) -> Fraction:
    """Of a range the bound that lies nearer, or is exceeded more."""
    low, high = sure(aim.low), sure(aim.high)
    return low if value - low <= high - value else high


def _aimed(sight: Sight, aim: Aim) -> Iterator[Working]:
    """Where the target is no number of the text: the other's value, the edge of 左右."""
    if aim.comparator == "relative":
        offset = Fraction(sight.promise.final.offset)
        other = plain(aim.toward - offset)
        yield Working("other", f"{other.inside} + {plain(offset).inside}" if offset else "", aim.toward, sure(sight.latest).day)
    if aim.comparator == "about":
        edge = aim.high if aim.low is None else aim.low
        slack = abs(sure(edge) - aim.toward)
        tolerance = Fraction(sight.promise.final.tolerance if sight.promise.final.tolerance is not None else TOLERANCE)
        if slack and tolerance:
            sign = "+" if aim.low is None else "−"
            yield Working("edge", f"{plain(aim.toward).inside} {sign} {show(tolerance)} × {plain(slack / tolerance).inside}", sure(edge))


def _value(sight: Sight) -> tuple[Number, list[Working]]:
    """The value judged, as the item reads it from its measure, and the lines by which it does."""
    latest, origin, promise = sure(sight.latest), sight.origin, sight.promise
    if promise.average:
        number = _averaged(sight)
        return number, [Working("average", number.text, number.value, latest.day)]
    if promise.reading == "value" or origin is None:
        return plain(latest.value), [Working("value", "", latest.value, latest.day)]
    measured, base = plain(latest.measured), plain(origin.base)
    if promise.reading == "increase":
        number = Number(f"{measured.inside} − {base.inside}", latest.value)
    else:
        number = Number(f"({measured.inside} − {base.inside}) ÷ {show(abs(origin.base))} × 100", latest.value)
    return number, [Working(promise.reading, number.text, number.value, latest.day)]


def _averaged(sight: Sight) -> Number:
    """The average of the whole years so far: of rates by their factors, of amounts by their sum, of one change by its root or share."""
    promise, latest = sight.promise, sure(sight.latest)
    single = read(replace(promise, average=None), sight.record, sight.origin, sight.on, sight.rhythm.last_day)
    years = [one for one in single if one.day <= latest.day and average(promise, sight.origin, [one])]
    if promise.reading == "value":
        values = [plain(one.value) for one in years]
        if promise.average == "arithmetic":
            return Number(f"({' + '.join(one.inside for one in values)}) ÷ {len(values)}", latest.value)
        factors = " × ".join(f"(1 + {one.inside} ÷ 100)" for one in values)
        return Number(f"(({factors}) ^ (1 ÷ {len(values)}) − 1) × 100", latest.value)
    count = (latest.day.year * 12 + latest.day.month - promise.start.year * 12 - promise.start.month) // 12
    change, base = f"{show(latest.measured)} − {plain(sure(sight.origin).base).inside}", show(abs(sure(sight.origin).base))
    if promise.reading == "increase":
        return Number(f"({change}) ÷ {count}", latest.value)
    if promise.average == "geometric":
        return Number(f"((1 + ({change}) ÷ {base}) ^ (1 ÷ {count}) − 1) × 100", latest.value)
    return Number(f"({change}) ÷ {base} × 100 ÷ {count}", latest.value)
