"""目标力度: a target beside the last result of the same measure in the same unit, and longer targets that shorter promises pass early. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from plans.conflicts.promises import CUMULATIVE, VALUE, Promise, Result

A_YEAR = 366  # days: a flow over more of them is not compared with the result of a year


class Verdict(StrEnum):
    BELOW = "below"
    SAME = "same"
    ABOVE = "above"
    EARLY = "early"


@dataclass(frozen=True)
class Weighed:
    """A promise and what it is compared with: a result (`result`), or for `early` the longer promises' target that `others` reach. `by`: how
    much more it asks, in its unit; positive on the good side."""

    verdict: Verdict
    promise: Promise
    by: Decimal
    result: Result | None = None
    others: tuple[Promise, ...] = ()


def weigh(promises: Iterable[Promise], results: Mapping[str, Iterable[Result]], units: Mapping[str, str], down: frozenset[tuple[str, str]]) -> list[Weighed]:
    """What can be compared, in the order given. `results` by measure, `units` of the measures; `down`: promises whose good side is below."""
    given = [p for p in promises if not p.is_task and not p.whole and p.value is not None]
    beside = [w for p in given if (w := _beside_result(p, results.get(p.measure, ()), units.get(p.measure, ""), p.at in down))]
    return [*beside, *_early(given, down)]


def _beside_result(promise: Promise, results: Iterable[Result], unit: str, down: bool) -> Weighed | None:
    """The result of the last day before the span; a range, a comparison with others and an increase are not weighed, nor other units."""
    if promise.value is None or promise.reading != VALUE or promise.comparator in ("between", "relative") or promise.unit != unit:
        return None
    if promise.accrual == CUMULATIVE and (promise.due - promise.start).days > A_YEAR:
        return None
    last = next((r for r in results if r.on == promise.start), None) or _baseline(promise)
    if last is None:
        return None
    more = last.value - promise.value if down else promise.value - last.value
    verdict = Verdict.SAME if more == 0 else Verdict.BELOW if more < 0 else Verdict.ABOVE
    return Weighed(verdict, promise, more, last)


def _baseline(promise: Promise) -> Result | None:
    """Of a rate or a level the baseline is the last result; a running total starts there and earned nothing yet."""
    if promise.baseline is None or promise.baseline_on is None or promise.accrual == CUMULATIVE or promise.baseline_on != promise.start:
        return None
    return Result(promise.measure, promise.baseline_on, promise.baseline, promise.locator)


def _early(promises: list[Promise], down: frozenset[tuple[str, str]]) -> Iterator[Weighed]:
    """Longer targets that a promise due earlier reaches, or that all the yearly ones together do."""
    by_measure: dict[str, list[Promise]] = defaultdict(list)
    for promise in promises:
        by_measure[promise.measure].append(promise)
    for group in by_measure.values():
        for long in group:
            short = tuple(p for p in group if p.due < long.due and p.start >= long.start and p.unit == long.unit)
            if (
                short
                and long.accrual != "held"
                and "between" not in {long.comparator, *(p.comparator for p in short)}
                and (w := _passed(long, short, long.at in down))
            ):
                yield w


def _passed(long: Promise, short: tuple[Promise, ...], down: bool) -> Weighed | None:
    target = long.reaches
    if target is None:
        return None
    flows = [p for p in short if p.accrual == CUMULATIVE == long.accrual and p.reading == VALUE == long.reading and p.baseline is None is long.baseline]
    apart = not any(a.start < b.due and b.start < a.due for a, b in combinations(flows, 2))
    total = sum((p.value for p in flows if p.value is not None), Decimal(0)) if flows and apart else None
    reached = [p for p in short if p not in flows and p.reaches is not None and (p.reaches <= target if down else p.reaches >= target)]
    if reached:
        best = reached[0].reaches
        return Weighed(Verdict.EARLY, long, Decimal(0) if best is None else abs(best - target), others=tuple(reached))
    if total is not None and not down and total >= target:
        return Weighed(Verdict.EARLY, long, total - target, others=tuple(flows))
    return None


def last_results(stated: Iterable[Result], reported: Iterable[Result]) -> dict[str, list[Result]]:
    """By measure, the latest first; what was reported and accepted goes before what a document states for the same day."""
    found: dict[str, dict[dt.date, Result]] = defaultdict(dict)
    for result in (*stated, *reported):
        found[result.measure][result.on] = result
    return {measure: sorted(days.values(), key=lambda r: r.on, reverse=True) for measure, days in found.items()}
