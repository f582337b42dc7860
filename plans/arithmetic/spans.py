"""Days as offices reckon them: whole months plus a share of the month, and the rounding of what is shown."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache

from .cases import Period

PLACES = 6
SCALE = 10**PLACES
ONE_DAY = timedelta(days=1)


def six(number: Fraction) -> Decimal:
    """The number rounded half up (away from zero) to six places; never minus zero."""
    return Decimal(f"{millionths(number.numerator, number.denominator)}E-{PLACES}")


def millionths(above: int, below: int) -> int:
    """A fraction in millionths, rounded half up (away from zero)."""
    if above < 0:
        return -((-2 * above * SCALE + below) // (2 * below))
    return (2 * above * SCALE + below) // (2 * below)


@cache
def position(day: date) -> Fraction:
    """Where the end of a day stands, in months: the months before it plus day ÷ days of its month."""
    return day.year * 12 + day.month - 1 + Fraction(day.day, monthrange(day.year, day.month)[1])


@lru_cache(maxsize=100_000)
def elapsed(day: date, after: date, until: date) -> Fraction:
    """The share of the stretch from the end of ``after`` to the end of ``until`` that is over on ``day``: 0 … 1."""
    if day >= until:
        return Fraction(1)
    if day <= after:
        return Fraction(0)
    return (position(day) - position(after)) / (position(until) - position(after))


@dataclass(frozen=True)
class Window:
    """A reporting period with the day after which it begins: its values have ``after`` < cut-off ≤ ``period.end``."""

    after: date
    period: Period


@dataclass(frozen=True)
class Rhythm:
    """The reporting periods between T0 (exclusive) and T1, up to and with the one that holds T1."""

    start: date
    end: date
    windows: tuple[Window, ...]

    @classmethod
    def of(cls, periods: Sequence[Period], start: date, end: date) -> "Rhythm":
        """Take from ``periods`` those that T0 = ``start`` to T1 = ``end`` touch."""
        windows, after = [], start
        for period in sorted(periods, key=lambda period: period.end):
            if period.end > start and after < end:
                windows.append(Window(after, period))
                after = period.end
        return cls(start, end, tuple(windows))

    @property
    def holding(self) -> Window | None:
        """The period that holds T1; None where no such period is given."""
        return self.windows[-1] if self.windows and self.windows[-1].period.end >= self.end else None

    @property
    def last_day(self) -> date:
        """The latest cut-off that still speaks of this span: the end of the period that holds T1."""
        return self.holding.period.end if self.holding else self.end

    @property
    def final_after(self) -> date:
        """Values after this day are of the period that holds T1. Without periods the whole span is that period."""
        if self.holding:
            return self.holding.after
        return self.windows[-1].period.end if self.windows else self.start

    def later_than(self, reported: date | None) -> tuple[Window, ...]:
        """The periods after the one in which the day ``reported`` lies; all of them where nothing was reported."""
        if reported is None:
            return self.windows
        return tuple(window for window in self.windows if window.after >= reported)

    def next_change(self, on: date, reported: date | None) -> date | None:
        """The next day after ``on`` on which a period can turn silent or overdue, or the span ends."""
        days = [self.end + ONE_DAY]
        for window in self.later_than(reported):
            deadline = window.period.deadline
            if deadline is not None and not window.period.is_submitted(on):
                days += [deadline + ONE_DAY, max(deadline, window.period.end) + ONE_DAY]
        return min((day for day in days if day > on), default=None)
