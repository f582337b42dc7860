"""From accepted values to what an item reads: the best state of each date, the start, increases, growth, averages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .cases import STATES, Promise, Record, State, Value
from .spans import position

FINENESS = 10**40


class Reading(NamedTuple):
    """One date's figure as the item reads it, the measure's own, and the other's that it is held against."""

    day: date
    value: Fraction
    measured: Fraction
    state: State | None
    other: Fraction | None = None


@dataclass(frozen=True)
class Origin:
    """Where the way begins: s and its day (not before T0); ``base`` is what an increase or growth is counted from.

    ``first_value_on``: the cut-off of the accepted value that is the start for want of a baseline, else None.
    """

    start: Fraction
    day: date
    base: Fraction
    first_value_on: date | None = None


def rank(value: Value) -> int:
    """预计 < 快报 < 核定; a value without a state ranks as 核定."""
    return STATES.index(value.state or STATES[-1])


def known(values: Sequence[Value], on: date) -> tuple[Value, ...]:
    """The best value of each date among those accepted by ``on``, by date: by state, then by acceptance."""
    best: dict[date, Value] = {}
    for value in values:
        rival = best.get(value.cut_off)
        if value.accepted_on <= on and (rival is None or _precedence(rival) <= _precedence(value)):
            best[value.cut_off] = value
    return tuple(best[day] for day in sorted(best))


def _precedence(value: Value) -> tuple[int, date]:
    return rank(value), value.accepted_on


def find_origin(promise: Promise, values: Sequence[Value], on: date) -> Origin | None:
    """The start: the baseline; 0 for a plain running total; otherwise the first accepted value, from its date on.

    ``values`` are all of the record. What is older than T0 counts at T0. None where there is no start: nothing is
    accepted yet, the value itself is held against the target, or a growth has nothing before the span to grow from.
    """
    if promise.is_held and promise.reading == "value":
        return None
    if promise.baseline:
        return _origin(promise, Fraction(promise.baseline.value), promise.baseline.day or promise.start)
    if promise.accrual == "cumulative" and promise.reading == "value":
        return Origin(Fraction(0), promise.start, Fraction(0))
    first = _first_accepted(promise, [value for value in values if value.accepted_on <= on])
    if first is None or (promise.reading == "growth" and first > promise.start):
        return None
    value = next(one for one in known(values, on) if one.cut_off == first)
    return _origin(promise, Fraction(value.value), first, first_value_on=first)


def _origin(promise: Promise, base: Fraction, day: date, first_value_on: date | None = None) -> Origin | None:
    if promise.reading == "growth" and not base:
        return None
    start = base if promise.reading == "value" else Fraction(0)
    return Origin(start, max(day, promise.start), base, first_value_on)


def _first_accepted(promise: Promise, values: Sequence[Value]) -> date | None:
    """The date of the first accepted value; one entered later for an earlier date does not replace it.

    Of several dates up to T0 that were known by then the last one tells where things stood at T0.
    """
    first: date | None = None
    for value in sorted(values, key=lambda value: (value.accepted_on, value.cut_off)):
        if value.cut_off > promise.start:
            return first or value.cut_off
        first = max(first or value.cut_off, value.cut_off)
    return first


def read(promise: Promise, record: Record, origin: Origin | None, on: date, last_day: date) -> tuple[Reading, ...]:
    """The item's readings by date, those of the span up to ``last_day`` and the start where it is a value."""
    if promise.reading != "value" and origin is None:
        return ()
    others = dict(record.against)
    readings = []
    for value in known(record.values, on):
        if value.cut_off <= last_day and _belongs(promise, origin, value.cut_off):
            other = value.benchmark if value.benchmark is not None else others.get(value.cut_off)
            measured = Fraction(value.value)
            readings.append(
                Reading(
                    max(value.cut_off, promise.start),
                    _read_one(promise, origin, measured),
                    measured,
                    value.state,
                    None if other is None else Fraction(other),
                )
            )
    return average(promise, origin, readings) if promise.average else tuple(readings)


def _belongs(promise: Promise, origin: Origin | None, cut_off: date) -> bool:
    """Whether a value is of the span: after T0, and not before the value that is the start."""
    first = origin.first_value_on if origin and promise.reading != "growth" else None
    return cut_off == first or (cut_off > promise.start and (first is None or cut_off > first))


def _read_one(promise: Promise, origin: Origin | None, measured: Fraction) -> Fraction:
    if promise.reading == "value" or origin is None:
        return measured
    change = measured - origin.base
    return change if promise.reading == "increase" else change / abs(origin.base) * 100


def average(promise: Promise, origin: Origin | None, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The yearly averages at the end of each whole year of the span, over the years so far.

    Values are single years; an increase or a growth is that of all years together and is shared among them.
    """
    averages: list[Reading] = []
    years: list[Reading] = []
    for reading in readings:
        count, rest = divmod(position(reading.day) - position(promise.start), 12)
        if rest or count < 1:
            continue
        years.append(reading)
        if promise.reading == "value":
            number = _mean(promise, [year.value for year in years])
        elif promise.reading == "growth" and promise.average == "geometric":
            number = (root(1 + reading.value / 100, int(count)) - 1) * 100
        else:
            number = reading.value / count
        state = min((year.state or STATES[-1] for year in years), key=STATES.index)
        averages.append(Reading(reading.day, number, reading.measured, state, reading.other))
    return tuple(averages)


def _mean(promise: Promise, values: Sequence[Fraction]) -> Fraction:
    """The mean of single years: of rates in per cent that of their factors, of amounts the plain one."""
    if promise.average == "arithmetic":
        return sum(values, Fraction(0)) / len(values)
    product = Fraction(1)
    for value in values:
        product *= 1 + value / 100
    return (root(product, len(values)) - 1) * 100


def root(number: Fraction, degree: int) -> Fraction:
    """The root of a number ≥ 0 (below: 0): exact where it is rational, otherwise cut after forty places."""
    if number <= 0:
        return Fraction(0)
    above, below = whole_root(number.numerator, degree), whole_root(number.denominator, degree)
    if above**degree == number.numerator and below**degree == number.denominator:
        return Fraction(above, below)
    return Fraction(whole_root(number.numerator * FINENESS**degree // number.denominator, degree), FINENESS)


def whole_root(number: int, degree: int) -> int:
    """The largest whole number whose power does not exceed ``number`` ≥ 0, by bisection."""
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**degree <= number:
            low = middle
        else:
            high = middle - 1
    return low
