"""What counts as met, and how much of the way is done: targets, comparators, attainment."""

from dataclasses import dataclass
from fractions import Fraction

from .cases import TOLERANCE, Better, Comparator, Promise, Target, sure


@dataclass(frozen=True)
class Aim:
    """A target made ready for comparing: ``toward`` is t; met is ``low`` ≤ a ≤ ``high`` (None: open on that side)."""

    comparator: Comparator
    toward: Fraction
    low: Fraction | None
    high: Fraction | None

    def is_met(self, value: Fraction) -> bool:
        """Whether the value satisfies the comparator; edges and ties do."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @property
    def has_two_sides(self) -> bool:
        """Whether there is a far side beyond which the target is no longer met."""
        return self.low is not None and self.high is not None

    @property
    def is_ceiling(self) -> bool:
        """Whether below is the good side."""
        return self.low is None

    def nearer(self, value: Fraction) -> Fraction:
        """The bound against which a value outside is measured: the nearer one of a range, otherwise t."""
        if self.low is None or self.high is None:
            return self.toward
        return self.low if value < self.low else self.high


def comparator_of(promise: Promise, target: Target) -> Comparator:
    """The comparator of a target: its own, else the final target's, else at_least."""
    return target.comparator or promise.final.comparator or "at_least"


def aim(promise: Promise, target: Target, start: Fraction | None, other: Fraction | None = None) -> Aim:
    """Make a target ready. ``start``: s on the way, None when held; ``other``: the other's value, for relative.

    A running total meets a range from its lower bound on, and an exact number as a lower bound.
    """
    comparator = comparator_of(promise, target)
    better: Better = target.better or promise.final.better or "up"
    if comparator == "relative":
        value = (other or Fraction(0)) + Fraction(target.offset)
    else:
        value = Fraction(sure(target.value))
    if comparator == "about":
        return _about(promise, target, value, start, better)
    if comparator == "between" and promise.accrual != "cumulative":
        high = Fraction(sure(target.value_high))
        toward = high if start is not None and start > high else value
        return Aim(comparator, toward, value, high)
    if comparator == "exactly" and promise.accrual != "cumulative":
        return Aim(comparator, value, value, value)
    if comparator == "at_most" or (comparator == "relative" and better == "down"):
        return Aim(comparator, value, None, value)
    return Aim(comparator, value, value, None)


def _about(promise: Promise, target: Target, value: Fraction, start: Fraction | None, better: Better) -> Aim:
    """Within a tolerance of the way, of |t| when held; the good side is met too."""
    tolerance = target.tolerance if target.tolerance is not None else promise.final.tolerance
    size = abs(value) if start is None else abs(value - start)
    slack = Fraction(TOLERANCE if tolerance is None else tolerance) * size
    if better == "down":
        return Aim("about", value, None, value + slack)
    return Aim("about", value, value - slack, None)


def ratio(value: Fraction, target: Fraction) -> Fraction:
    """The smaller ÷ the larger size of two numbers of one sign, 0 where signs differ or one is 0.

    For a value that does not meet its target this is a ÷ t or t ÷ a, turned over where both are negative.
    """
    if value * target <= 0:
        return Fraction(0)
    return min(value / target, target / value)


def travelled(aim: Aim, start: Fraction, value: Fraction) -> Fraction:
    """A on the way from ``start``: (a − s) ÷ (t − s), at least 1 when met, a ratio beyond the far side."""
    share = (value - start) / (aim.toward - start)
    if aim.is_met(value):
        return max(share, Fraction(1))
    return ratio(value, aim.nearer(value)) if share >= 1 else share


def held_attainment(aim: Aim, value: Fraction) -> Fraction:
    """A of a value held against the target itself: 1 when met, else the ratio to it."""
    return Fraction(1) if aim.is_met(value) else ratio(value, aim.nearer(value))


def held_points(aim: Aim, value: Fraction) -> Fraction:
    """The gap of a held rate in points, good side positive; inside a range the distance to the nearer bound."""
    if aim.low is not None and aim.high is not None:
        return min(value - aim.low, aim.high - value)
    return aim.toward - value if aim.is_ceiling else value - aim.toward
