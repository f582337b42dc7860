"""What is expected by when: the path through the start, the interim targets and the target."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache

from .cases import Profile, Promise, Target, sure
from .spans import elapsed


@dataclass(frozen=True)
class Path:
    """Points (day, value) in order of days; between two of them the profile decides."""

    points: tuple[tuple[date, Fraction], ...]
    profile: Profile = "linear"
    shares: tuple[Decimal, ...] = ()

    def at(self, day: date) -> Fraction:
        """v(day): the value that the path expects; the first point before it begins, the last one after its end."""
        before = self.points[0]
        if day < before[0]:
            return before[1]
        for after in self.points[1:]:
            if day < after[0]:
                part = done_by(self.profile, self.shares, elapsed(day, before[0], after[0]))
                return part if before[1] == 0 and after[1] == 1 else before[1] + part * (after[1] - before[1])
            before = after
        return before[1]

    def expected(self, day: date) -> Fraction:
        """E(day) = (v − s) ÷ (t − s), as a share of the whole way."""
        return self._way.at(day)

    @cached_property
    def _way(self) -> "Path":
        """The same path in shares of the whole way: it is asked for the day of every value."""
        start, target = self.points[0][1], self.points[-1][1]
        return Path(tuple((day, (value - start) / (target - start)) for day, value in self.points), self.profile, self.shares)


def done_by(profile: Profile, shares: tuple[Decimal, ...], part: Fraction) -> Fraction:
    """The share of a stretch's way that a profile expects after this part (0 … 1) of its time."""
    if profile == "at_end":
        return Fraction(int(part >= 1))
    if profile == "linear" or not shares:
        return part
    marks = _marks(shares)
    step = min(int(part * len(shares)), len(shares) - 1)
    return marks[step] + (part * len(shares) - step) * (marks[step + 1] - marks[step])


@lru_cache(maxsize=1000)
def _marks(shares: tuple[Decimal, ...]) -> tuple[Fraction, ...]:
    return Fraction(0), *(Fraction(share) / 100 for share in shares)


def lay_path(promise: Promise, start: Fraction, start_day: date, target: Fraction) -> Path:
    """The path from the start through the interim targets due after it to t at T1."""
    points = [(start_day, start)]
    for interim in promise.interim:
        if interim.value is not None and start_day < promise.due(interim):
            points.append((promise.due(interim), _point(interim, start, target)))
    points.append((promise.end, target))
    return Path(tuple(points), promise.profile, promise.shares)


def bare_path(promise: Promise) -> Path:
    """The path as shares of a way whose start nobody knows yet; interim targets cannot bend it."""
    return Path(((promise.start, Fraction(0)), (promise.end, Fraction(1))), promise.profile, promise.shares)


def _point(interim: Target, start: Fraction, target: Fraction) -> Fraction:
    """The bound of an interim target that the way meets first."""
    if interim.value_high is not None and target < start:
        return Fraction(interim.value_high)
    return Fraction(sure(interim.value))
