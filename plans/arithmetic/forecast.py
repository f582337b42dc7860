"""At this pace: where a value will stand at T1, by the robust slope along the path."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from .attained import Aim
from .cases import Forecast
from .spans import six

FEWEST = 3
FEWEST_FOR_RANGE = 5


def theil_sen(points: Sequence[tuple[Fraction, Fraction]]) -> list[Fraction]:
    """The sorted slopes of all pairs (x, y); pairs of the same x give none."""
    return sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2) if a[0] != b[0])


def quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """The quantile of sorted numbers, linear between neighbours: the first is 0, the last 1."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def forecast(points: Sequence[tuple[Fraction, Fraction]], aim: Aim) -> Forecast | None:
    """Carry the last value to the end of the path.

    ``points``: (expected share, value) in order of dates; ``aim`` tells a miss. None below three values, where no
    two differ in what was expected, or where the path is at its end.
    """
    slopes = theil_sen(points)
    if len(points) < FEWEST or not slopes or points[-1][0] >= 1:
        return None
    reached, value = points[-1]

    def carried(share: Fraction) -> Fraction:
        return value + quantile(slopes, share) * (1 - reached)

    middle = carried(Fraction(1, 2))
    low = high = None
    if len(points) >= FEWEST_FOR_RANGE:
        low, high = (six(number) for number in sorted((carried(Fraction(1, 4)), carried(Fraction(3, 4)))))
    return Forecast(six(middle), low, high, not aim.is_met(middle))
