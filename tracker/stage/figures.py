"""Invented values that give a wished light: tried against the arithmetic itself, so that a value never says another light than it shows."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from plans.arithmetic.cases import Record, Value
from plans.arithmetic.lights import judge
from tracker.cases import IndicatorCase, case_of
from tracker.known import Known
from tracker.stage.planned import FEW

COUNTED = frozenset("个家所套条项名户件只台")
GAPS = {"green": (0.6, 8.0), "yellow": (-8.8, -1.2), "red": (-27.0, -12.0), "blue": (0.0, 6.0)}  # of a way, in percentage points
POINTS = {"green": (0.05, 0.9), "yellow": (-0.9, -0.1), "red": (-3.0, -1.1)}  # of what is held
TRIES = 40


@dataclass
class Figures:
    """Makes values; remembers what a measure was given before."""

    known: Known
    chance: random.Random
    given: dict[int, list[Value]] = field(default_factory=dict)

    def case(self, item: int) -> IndicatorCase:
        terms = self.known.terms_of(self.known.rows.terms[item])
        assert terms is not None  # noqa: S101  every item of the city has terms in force
        case = case_of(self.known, terms)
        assert isinstance(case, IndicatorCase)  # noqa: S101  asked for indicators only
        return case

    def make(self, item: int, measure: int, day: dt.date, light: str) -> Decimal:
        """The value at a cut-off that gives the light, or the nearest to it that was found; kept as given."""
        case, before = self.case(item), self.given.setdefault(measure, [])
        tried = [value for value, _n in zip(self._candidates(case, before, day, light), range(TRIES), strict=False)]
        value = next((v for v in tried if self._light(case, [*before, Value(day, v)]) == light), tried[0])
        before.append(Value(day, value))
        return value

    @staticmethod
    def _light(case: IndicatorCase, values: list[Value]) -> str:
        record = Record(values=tuple(values), against=case.record.against)
        return judge(case.promise, record, values[-1].cut_off + dt.timedelta(days=1)).light

    def _candidates(self, case: IndicatorCase, before: list[Value], day: dt.date, light: str) -> Iterator[Decimal]:
        """Drawn from where the light should be found, and then from farther round; never below what a total had reached."""
        target = case.final
        goal = float(target.value or 0)
        floor = before[-1].value if before and not case.promise.is_held else None
        step = _step(case.promise.unit, goal, held=case.promise.is_held)
        for n in range(TRIES):
            raw = self._held(goal, target.comparator, light, n) if case.promise.is_held else self._on_the_way(case, goal, day, light, n)
            value = Decimal(str(raw)).quantize(step, rounding=ROUND_HALF_UP)
            yield max(value, floor) if floor is not None and goal >= _start(case) else value

    def _on_the_way(self, case: IndicatorCase, goal: float, day: dt.date, light: str, n: int) -> float:
        before, base = self.given[case.terms.measure_id], float(case.promise.baseline.value) if case.promise.baseline else 0.0
        start, first, last = _start(case), case.promise.start, case.promise.end
        if case.promise.accrual == "level" and case.promise.baseline is None:  # the first value becomes the start
            if not before:
                return goal * self.chance.uniform(0.82, 0.93)
            start, first = float(before[0].value), max(before[0].cut_off, first)
        share = (day - first).days / (last - first).days
        if case.promise.profile == "at_end":
            return 0.0 if light == "not_due" or goal < FEW else max(1.0, goal * share * self.chance.uniform(0.5, 0.9))
        low, high = GAPS.get(light, GAPS["green"])
        gap = self.chance.uniform(low - n / 20, high + n / 20) / 100
        way = 1 + abs(gap) if light == "blue" else max(share + gap, 0.0)
        value = start + way * (goal - start)
        return value + base if case.promise.reading == "increase" else value

    def _held(self, goal: float, comparator: str, light: str, n: int) -> float:
        low, high = POINTS.get(light, POINTS["green"])
        size = max(goal / 12, 1.0)
        gap = self.chance.uniform(low, high) * (size if light == "green" else 1 + n / 10)
        if comparator == "about" and light == "green":
            return goal * self.chance.uniform(0.96, 1.04)
        if comparator == "about":
            return goal + gap
        return goal - gap if comparator == "at_most" else goal + gap


def _start(case: IndicatorCase) -> float:
    """s as far as it is known beforehand."""
    if case.promise.reading == "increase" or case.promise.baseline is None:
        return 0.0
    return float(case.promise.baseline.value)


def _step(unit: str, goal: float, *, held: bool) -> Decimal:
    """The last place in which an office would tell the figure."""
    if unit[:1] in COUNTED and not held:
        return Decimal(1)
    if goal >= 500:
        return Decimal(1)
    return Decimal("0.1") if held or goal >= 20 else Decimal("0.01")
