"""Contradictions among promises, as a pure function: the same promises give the same findings, in the same order.

`detect` compares promises of one measure (`same`, `rate`, `early`), of similar names and one unit (`similar`, `twice`), parts against
their whole and shares of one whole (`parts`, `shares`, in `sums`), and baselines against what a document states (`base`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from plans.conflicts.naming import LIKE, likeness, same_unit, taken_apart, that_share
from plans.conflicts.promises import CUMULATIVE, HELD, INCREASE, LEVEL, Finding, Promise, Result, plain
from plans.conflicts.sums import of_sums

HARD, DEFINITION, SOFT = "hard", "definition", "soft"
CLOSE = Decimal("0.05")  # of the greater figure: nearer ones differ in the words alone
TASK_LIKE = 0.8
SAID_OTHERWISE = 0.4


def detect(promises: Iterable[Promise], results: Iterable[Result] = ()) -> list[Finding]:
    """Every contradiction, each pair of sides once (the first rule that finds it speaks), in the order of the promises."""
    given = sorted(promises, key=lambda p: (p.plan, p.code))
    found: dict[str, Finding] = {}
    for finding in (*_of_measures(given), *of_sums(given), *_of_names(given), *_of_baselines(given, list(results))):
        found.setdefault(finding.pair, finding)
    return list(found.values())


def _of_measures(promises: Sequence[Promise]) -> Iterator[Finding]:
    """Promises that read one measure."""
    by_measure: dict[str, list[Promise]] = defaultdict(list)
    for promise in promises:
        if not promise.is_task and not promise.whole:
            by_measure[promise.measure].append(promise)
    for group in by_measure.values():
        for a, b in combinations(group, 2):
            if _overlap(a, b) and (finding := _same(a, b)):
                yield finding


def _overlap(a: Promise, b: Promise) -> bool:
    return a.start < b.due and b.start < a.due


def _same(a: Promise, b: Promise) -> Finding | None:
    if a.value is None or b.value is None or (not same_unit(a.unit, b.unit) and INCREASE not in (a.reading, b.reading)):
        return None
    if a.due == b.due and a.start == b.start:
        return _one_day(a, b)
    short, long = sorted((a, b), key=lambda p: (p.due, -p.start.toordinal()))
    if taken_apart(a.name).level != taken_apart(b.name).level and (a.value, a.value_high) == (b.value, b.value_high):
        return _worded(short, long)
    if "每个" in a.name or "每个" in b.name:
        return None if (a.value, a.value_high) == (b.value, b.value_high) else _words(short, long)
    return _two_days(short, long)


def _one_day(a: Promise, b: Promise) -> Finding | None:
    """Both are due together: hard where they name two figures, soft where one allows the other's."""
    left, right = a.reaches, b.reaches
    if left is None or right is None:
        return None
    if (left, a.value_high, a.comparator) == (right, b.value_high, b.comparator):
        return _worded(a, b)
    facts = {"a": plain(left), "b": plain(right)}
    if abs(left - right) <= CLOSE * max(abs(left), abs(right)) or _allows(a, right) or _allows(b, left):
        return Finding("same", SOFT, a, b, facts)
    return Finding("same", HARD, a, b, facts)


def _worded(a: Promise, b: Promise) -> Finding | None:
    """The same figure for what is called otherwise: more or less than the same may be meant."""
    alike = likeness(a.name, b.name)
    other = taken_apart(a.name).level != taken_apart(b.name).level
    return Finding("worded", DEFINITION, a, b, {"a": plain(a.value), "b": plain(b.value)}) if SAID_OTHERWISE < alike < 1 or other else None


def _allows(range_: Promise, figure: Decimal) -> bool:
    """Whether a range holds the other's figure."""
    low, high = range_.reaches, range_.value_high
    if low is None or high is None or range_.value is None:
        return False
    return low <= figure <= low + (high - range_.value)


def _two_days(short: Promise, long: Promise) -> Finding | None:
    """A promise of a year and one of more years: a yearly rate below the average, or a total that the year brings already."""
    if short.accrual == HELD and long.accrual == HELD:
        return _rates(short, long)
    if short.reading == INCREASE:
        return _pace(short, long)
    if LEVEL in (short.accrual, long.accrual) or short.reading == long.reading:
        left, right = short.reaches, long.reaches
        if left is None or right is None or "between" in (short.comparator, long.comparator) or "exactly" in (short.comparator, long.comparator):
            return None if left is None or right is None or (left == right and short.value_high == long.value_high) else _words(short, long)
        return Finding("early" if left >= right else "step", SOFT, short, long, {"a": plain(left), "b": plain(right)})
    return None


def _words(short: Promise, long: Promise) -> Finding:
    return Finding("same", SOFT, short, long, {"a": plain(short.reaches), "b": plain(long.reaches)})


def _rates(short: Promise, long: Promise) -> Finding | None:
    """Of rates held every year the year's may not lie below the average of all; counts a year must agree."""
    if short.value is None or long.value is None or short.value >= long.value:
        return None
    return Finding("rate", SOFT, short, long, {"a": plain(short.value), "b": plain(long.value)})


def _pace(short: Promise, long: Promise) -> Finding | None:
    """The increase of a year against what the longer promise leaves to all its years."""
    if long.reaches is None or short.value is None:
        return None
    asked = long.value if long.reading == INCREASE else long.reaches - (long.baseline or Decimal(0))
    a_year = (asked or Decimal(0)) / long.years
    if abs(short.value * short.years - a_year * short.years) <= CLOSE * max(short.value, a_year):
        return None
    return Finding("pace", SOFT, short, long, {"a": plain(short.value), "b": plain(asked), "years": str(long.years)})


def _of_names(promises: Sequence[Promise]) -> Iterator[Finding]:
    """Other measures of similar names: other subjects, denominators or scopes; and one thing promised twice with two days or figures."""
    for n, m in that_share([p.name for p in promises]):
        a, b = promises[n], promises[m]
        if a.measure == b.measure or a.whole or b.whole or not _overlap(a, b):
            continue
        alike = likeness(a.name, b.name)
        if alike < LIKE or (a.plan == b.plan and a.locator == b.locator):
            continue  # what one passage lists side by side differs on purpose
        if a.is_task or b.is_task:
            if alike >= TASK_LIKE and (finding := _twice(a, b)):
                yield finding
        elif same_unit(a.unit, b.unit) and (finding := _similar(a, b)):
            yield finding


def _twice(a: Promise, b: Promise) -> Finding | None:
    """A task promised twice: for two days, or once with a figure and once without."""
    if a.is_task and b.is_task:
        return None if a.due == b.due else Finding("twice", SOFT, a, b, {"a": a.due.isoformat(), "b": b.due.isoformat()})
    return Finding("twice", SOFT, a, b, {"a": plain(a.value), "b": plain(b.value)})


def _similar(a: Promise, b: Promise) -> Finding | None:
    if a.value is None or b.value is None:
        return None
    if taken_apart(a.name).core == taken_apart(b.name).core and (a.value, a.due) == (b.value, b.due) and a.name == b.name:
        return None
    facts = {"a": plain(a.value), "b": plain(b.value)}
    short, long = sorted((a, b), key=lambda p: (p.due, -p.start.toordinal()))
    if short.due != long.due and CUMULATIVE == short.accrual == long.accrual and short.value is not None and long.value is not None:
        asked = long.value - (long.baseline or Decimal(0))
        return Finding("similar", SOFT if short.value * long.years > asked else DEFINITION, short, long, {"a": plain(short.value), "b": plain(long.value)})
    return Finding("similar", DEFINITION, a, b, facts)


def _of_baselines(promises: Sequence[Promise], results: Sequence[Result]) -> Iterator[Finding]:
    """A document states another figure for the day of the baseline."""
    stated = {(r.measure, r.on): r for r in results}
    for promise in promises:
        if promise.baseline is None or promise.baseline_on is None:
            continue
        result = stated.get((promise.measure, promise.baseline_on))
        if result is not None and result.value != promise.baseline:
            yield Finding("base", SOFT, promise, result, {"a": plain(promise.baseline), "b": plain(result.value)})
