"""Adding up: a goal, plan, department or government from its items, so that no surplus hides a shortfall."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from .cases import LIGHTS, Band, Exact, Judgement, Light, Promise, Record, sure
from .lights import in_band
from .spans import Rhythm, six
from .tasks import Progress, Task

RED_SHARE = Fraction(5, 100)
NONE, ONE = Fraction(0), Fraction(1)
UNCOUNTED: frozenset[Light] = frozenset({"grey", "not_due"})


@dataclass(frozen=True)
class Counted:
    """An item as a node counts it. ``judgement`` is its own; ``points_to_share`` is what a point of its gap counts.

    ``begun``, ``covered``: for coverage, whether its span has begun by the end of the period, and whether it has an
    accepted value of the period or owes none (None: nobody asks). Items that are withdrawn are left out by the caller.
    """

    judgement: Judgement
    weight: Decimal = Decimal(1)
    binding: bool = False
    begun: bool = True
    covered: bool | None = None
    points_to_share: Fraction | None = None

    @cached_property
    def is_summed(self) -> bool:
        """Whether the item is in the sums: not grey, not 未到节点."""
        return self.judgement.light not in UNCOUNTED and self.judgement.exact is not None

    @cached_property
    def share(self) -> Fraction:
        """The weight, exactly."""
        return Fraction(self.weight)

    @cached_property
    def attained(self) -> Fraction:
        """A within 0 … 1."""
        return within(sure(self.judgement.exact).attainment)

    @cached_property
    def expected(self) -> Fraction:
        """E within 0 … 1."""
        return within(sure(self.judgement.exact).expected)

    @cached_property
    def shortfall(self) -> Fraction:
        """What the item takes from the node, in percentage points, never positive."""
        if self.judgement.gap_in == "points" and self.points_to_share is not None:
            return min(sure(self.judgement.exact).gap, Fraction(0)) * self.points_to_share
        return min(self.attained - self.expected, Fraction(0)) * 100


@dataclass(frozen=True)
class Total:
    """Where a node stands: A, E (shares) and gap (percentage points) rounded to six places, None with nothing to sum.

    ``coverage`` is a share, None where no item has begun; ``overdue`` counts items; ``why``: all_blue, band, binding,
    red_share (held down to yellow by red items), nothing.
    """

    light: Light
    counts: dict[Light, int]
    overdue: int
    coverage: Decimal | None
    why: str
    band: Band
    terms: tuple[tuple[Fraction, Fraction], ...] = ()
    exact: Exact | None = None
    attainment: Decimal | None = None
    expected: Decimal | None = None
    gap: Decimal | None = None


def within(share: Fraction) -> Fraction:
    """A share cut to 0 … 1."""
    if share.numerator <= 0:
        return NONE
    return ONE if share.numerator >= share.denominator else share


def add_up(items: Sequence[Counted], band: Band) -> Total:
    """Add the items of a node up; ``band`` is the node band. Withdrawn items must not be among them."""
    summed = [item for item in items if item.is_summed]
    exact = _sums(summed)
    light, why = _colour(items, summed, exact, band)
    lights = Counter(item.judgement.light for item in items)
    return Total(
        light=light,
        counts={one: lights[one] for one in LIGHTS},
        overdue=sum(item.judgement.overdue > 0 for item in items),
        coverage=_coverage(items),
        why=why,
        band=band,
        terms=tuple((item.share, item.shortfall) for item in summed),
        exact=exact,
        attainment=six(exact.attainment) if exact else None,
        expected=six(exact.expected) if exact else None,
        gap=six(exact.gap) if exact else None,
    )


def _coverage(items: Sequence[Counted]) -> Decimal | None:
    asked = [item.covered for item in items if item.begun and item.covered is not None]
    return six(Fraction(sum(asked), len(asked))) if asked else None


def _sums(summed: Sequence[Counted]) -> Exact | None:
    weight = _weight(summed)
    if not weight:
        return None
    return Exact(
        _added((item.share, item.attained) for item in summed) / weight,
        _added((item.share, item.expected) for item in summed) / weight,
        _added((item.share, item.shortfall) for item in summed) / weight,
    )


def _added(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Σ w·x, exactly: whole numbers for each denominator, and only then fractions."""
    found: dict[int, int] = {}
    for weight, number in pairs:
        below = weight.denominator * number.denominator
        found[below] = found.get(below, 0) + weight.numerator * number.numerator
    return sum((Fraction(above, below) for below, above in found.items()), Fraction(0))


def _weight(items: Sequence[Counted]) -> Fraction:
    return _added((item.share, ONE) for item in items)


def _colour(items: Sequence[Counted], summed: Sequence[Counted], exact: Exact | None, band: Band) -> tuple[Light, str]:
    if items and all(item.judgement.light == "blue" for item in items):
        return "blue", "all_blue"
    if exact is None:
        waits = any(item.judgement.light == "not_due" for item in items)
        return ("not_due" if waits else "grey"), "nothing"
    light = in_band(six(exact.gap), band)
    red = [item for item in summed if item.judgement.light == "red"]
    if light == "green" and any(item.binding for item in red):
        return "yellow", "binding"
    if light == "green" and red and _weight(red) >= RED_SHARE * _weight(summed):
        return "yellow", "red_share"
    return light, "band"


def count_indicator(
    promise: Promise,
    record: Record,
    judgement: Judgement,
    on: date,
    period: tuple[date, date] | None = None,
    weight: Decimal = Decimal(1),
    binding: bool = False,
) -> Counted:
    """An indicator as a node counts it; ``period`` (first and last day) is that of the coverage."""
    rhythm = Rhythm.of(record.periods, promise.start, promise.end)
    days = [value.cut_off for value in record.values if value.accepted_on <= on]
    return Counted(
        judgement,
        weight,
        binding,
        _has_begun(promise.first, on, period),
        _is_covered(judgement, rhythm, days, period),
        promise.bands.points_to_share,
    )


def count_task(
    task: Task,
    progress: Progress,
    judgement: Judgement,
    on: date,
    period: tuple[date, date] | None = None,
    weight: Decimal = Decimal(1),
    binding: bool = False,
) -> Counted:
    """A task as a node counts it; a step done in the period is its report."""
    first = task.first or date.min
    rhythm = Rhythm.of(progress.periods, first, task.end)
    days = [day for day in (*progress.done, *progress.reports) if day is not None and day <= on]
    return Counted(
        judgement,
        weight,
        binding,
        _has_begun(task.first, on, period),
        _is_covered(judgement, rhythm, days, period),
        task.bands.points_to_share,
    )


def _has_begun(first: date | None, on: date, period: tuple[date, date] | None) -> bool:
    return first is None or first <= (min(period[1], on) if period else on)


def _is_covered(judgement: Judgement, rhythm: Rhythm, days: Sequence[date], period: tuple[date, date] | None) -> bool | None:
    """Whether there is an accepted value of the period, or none is owed.

    Reached and done items owe none; nor do closed ones after their last period; nor does a rhythm that does not
    report in this period. An item closed by silence still lacks the report of its last period.
    """
    if period is None:
        return None
    if judgement.owes_none:
        return True
    if any(period[0] <= day <= period[1] for day in days):
        return True
    if not rhythm.windows:
        return judgement.closed
    return not any(period[0] <= window.period.end <= period[1] for window in rhythm.windows)
