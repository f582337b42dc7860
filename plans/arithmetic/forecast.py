"""At this pace: where a value will stand at T1, by the robust slope along the path."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm

from .attained import Aim
from .cases import Forecast
from .spans import six

FEWEST = 3
FEWEST_FOR_RANGE = 5

Slope = tuple[int, int]  # rise and run, the run above 0


def theil_sen(points: Sequence[tuple[Fraction, Fraction]]) -> list[Fraction]:
    """The sorted slopes of all pairs (x, y); pairs of the same x give none."""
    scale, slopes = _slopes(points)
    return [rise * scale / run for rise, run in slopes]


def _slopes(points: Sequence[tuple[Fraction, Fraction]]) -> tuple[Fraction, list[Slope]]:
    """The slopes in order, as whole numbers, and what each is to be multiplied with: hundreds of fractions would cost more than all else."""
    across, along = lcm(*(x.denominator for x, _ in points)), lcm(*(y.denominator for _, y in points))
    whole = [(x.numerator * (across // x.denominator), y.numerator * (along // y.denominator)) for x, y in points]
    found: list[Slope] = []
    for place, (x, y) in enumerate(whole):
        for other_x, other_y in whole[:place]:
            run = x - other_x
            if run > 0:
                found.append((y - other_y, run))
            elif run < 0:
                found.append((other_y - y, -run))
    return Fraction(across, along), _in_order(found)


def _in_order(slopes: list[Slope]) -> list[Slope]:
    """Sorted by what they are. Dividing two whole numbers rounds, but never turns two of them round; where it makes two equal that are not, fractions decide."""
    try:
        ordered = sorted(slopes, key=lambda slope: slope[0] / slope[1])
    except OverflowError:
        return sorted(slopes, key=lambda slope: Fraction(*slope))
    for (rise, run), (next_rise, next_run) in pairwise(ordered):
        if rise * next_run > next_rise * run:
            return sorted(slopes, key=lambda slope: Fraction(*slope))
    return ordered


def quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """The quantile of sorted numbers, linear between neighbours: the first is 0, the last 1."""
    below, above, rest = _neighbours(len(ordered), share)
    return ordered[below] + rest * (ordered[above] - ordered[below])


def _neighbours(count: int, share: Fraction) -> tuple[int, int, Fraction]:
    """The places between which a quantile lies, and how far it is from the first to the second."""
    place = share * (count - 1)
    below = int(place)
    return below, min(below + 1, count - 1), place - below


def forecast(points: Sequence[tuple[Fraction, Fraction]], aim: Aim) -> Forecast | None:
    """Carry the last value to the end of the path.

    ``points``: (expected share, value) in order of dates; ``aim`` tells a miss. None below three values, where no
    two differ in what was expected, or where the path is at its end.
    """
    if len(points) < FEWEST or points[-1][0] >= 1:
        return None
    scale, slopes = _slopes(points)
    if not slopes:
        return None
    reached, value = points[-1]

    def carried(share: Fraction) -> Fraction:
        below, above, rest = _neighbours(len(slopes), share)
        pair = [Fraction(*slopes[place]) for place in (below, above)]
        return value + quantile(pair, rest) * scale * (1 - reached)

    middle = carried(Fraction(1, 2))
    low = high = None
    if len(points) >= FEWEST_FOR_RANGE:
        low, high = (six(number) for number in sorted((carried(Fraction(1, 4)), carried(Fraction(3, 4)))))
    return Forecast(six(middle), low, high, not aim.is_met(middle))
