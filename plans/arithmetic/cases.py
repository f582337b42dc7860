"""What the arithmetic takes and gives, as frozen rows: promises, records and judgements."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeVar

Known = TypeVar("Known")

Accrual = Literal["cumulative", "level", "held"]
Comparator = Literal["at_least", "at_most", "about", "exactly", "between", "relative"]
Reads = Literal["value", "increase", "growth"]
Average = Literal["geometric", "arithmetic"]
Profile = Literal["linear", "shares", "at_end"]
Better = Literal["up", "down"]
State = Literal["预计", "快报", "核定"]
Light = Literal["blue", "green", "yellow", "red", "not_due", "grey"]
GapIn = Literal["share", "points"]
Language = Literal["zh", "en"]

STATES: tuple[State, ...] = ("预计", "快报", "核定")
LIGHTS: tuple[Light, ...] = ("blue", "green", "yellow", "red", "not_due", "grey")
MARKS = ("逾期未报", "已达", "起点", "待比对值", "预计")
POINT_UNITS = frozenset({"%", "％", "‰", "百分点", "个百分点"})
TOLERANCE = Decimal("0.05")


def sure(number: Known | None) -> Known:
    """What may be missing elsewhere, where the rule at hand exists only because it is there; ValueError otherwise."""
    if number is None:
        raise ValueError("a number that this rule needs is missing")
    return number


@dataclass(frozen=True)
class Band:
    """The lower limits of green and yellow, in percentage points; a limit belongs to the better colour."""

    green: Decimal
    yellow: Decimal


@dataclass(frozen=True)
class Bands:
    """A plan's bands: for gaps in shares of the way, in points of the value, and of nodes."""

    share: Band = Band(Decimal(0), Decimal(-10))
    points: Band = Band(Decimal(0), Decimal(-1))
    node: Band = Band(Decimal(-2), Decimal(-10))

    @property
    def points_to_share(self) -> Fraction | None:
        """What one point counts in a node: share-yellow ÷ points-yellow; None where points-yellow is 0."""
        if not self.points.yellow:
            return None
        return Fraction(self.share.yellow) / Fraction(self.points.yellow)


@dataclass(frozen=True)
class Target:
    """What must be reached, how and by when, in the units of the reading.

    ``due`` None: the span's last day. ``comparator``, ``tolerance`` and ``better`` None: as the last target has it,
    and there at_least, 0.05 and up. ``value`` may be None only for relative, where ``offset`` counts.
    """

    value: Decimal | None = None
    due: date | None = None
    comparator: Comparator | None = None
    value_high: Decimal | None = None
    tolerance: Decimal | None = None
    offset: Decimal = Decimal(0)
    better: Better | None = None


@dataclass(frozen=True)
class Baseline:
    """The value from which the way is measured, in the measure's own units; without a day it stands at T0."""

    value: Decimal
    day: date | None = None


@dataclass(frozen=True)
class Promise:
    """An indicator's terms: the span from ``first`` to ``last`` (both inclusive), how values accrue, what to reach.

    ``shares`` are per cent of the way at the ends of equal parts of each stretch, the last one 100.
    """

    first: date
    last: date
    accrual: Accrual
    targets: tuple[Target, ...]
    baseline: Baseline | None = None
    reading: Reads = "value"
    average: Average | None = None
    profile: Profile = "linear"
    shares: tuple[Decimal, ...] = ()
    unit: str = ""
    bands: Bands = field(default_factory=Bands)

    @cached_property
    def start(self) -> date:
        """T0, exclusive: the day before the first."""
        return self.first - timedelta(days=1)

    def due(self, target: Target) -> date:
        """The day by which a target must be reached."""
        return target.due or self.last

    @cached_property
    def final(self) -> Target:
        """The target with the last due; the others are interim."""
        return max(self.targets, key=self.due)

    @cached_property
    def end(self) -> date:
        """T1: the final target's own due date."""
        return self.due(self.final)

    @cached_property
    def interim(self) -> tuple[Target, ...]:
        """The targets due before T1, by date."""
        return tuple(sorted((one for one in self.targets if self.due(one) < self.end), key=self.due))

    @property
    def is_held(self) -> bool:
        """Whether every value is held against the target itself; a growth rate and a yearly average always are."""
        return self.accrual == "held" or self.reading == "growth" or self.average is not None

    @property
    def in_points(self) -> bool:
        """Whether a held gap is told in points: the unit is a rate, or the reading makes one."""
        return self.unit.strip() in POINT_UNITS or self.reading == "growth"


@dataclass(frozen=True)
class Value:
    """An accepted value of the measure. ``accepted`` None: on its cut-off. ``state`` None ranks as 核定.

    ``benchmark`` is the other's value of the same date, for relative targets.
    """

    cut_off: date
    value: Decimal
    state: State | None = None
    accepted: date | None = None
    benchmark: Decimal | None = None

    @property
    def accepted_on(self) -> date:
        """The day from which the value is there."""
        return self.accepted or self.cut_off


@dataclass(frozen=True)
class Period:
    """A reporting period: its last day and the last day for its report, release lag and grace included.

    ``out``: when the statistics are published; False: not yet known when; None or True: nothing to wait for.
    ``submitted``: the day of the report, or True; accepted reports may be left to the values.
    """

    end: date
    due: date
    out: date | bool | None = None
    submitted: date | bool | None = None

    @property
    def deadline(self) -> date | None:
        """The last day on which the report is in time; None while nobody knows when the statistics come."""
        if self.out is False:
            return None
        return max(self.due, self.out) if isinstance(self.out, date) else self.due

    def is_submitted(self, on: date) -> bool:
        """Whether a report is there on this day, accepted or not."""
        return self.submitted <= on if isinstance(self.submitted, date) else bool(self.submitted)

    def is_overdue(self, on: date) -> bool:
        """Whether the deadline has passed without a report."""
        return self.deadline is not None and on > self.deadline and not self.is_submitted(on)

    def is_silent(self, on: date) -> bool:
        """Whether the period has ended and its report is overdue."""
        return on > self.end and self.is_overdue(on)


@dataclass(frozen=True)
class Record:
    """What became of an indicator: accepted values in any order, the other's values, the reporting periods."""

    values: tuple[Value, ...] = ()
    against: tuple[tuple[date, Decimal], ...] = ()
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Exact:
    """Attainment and expectation as shares (1 = the whole way) and the gap in percentage points, unrounded."""

    attainment: Fraction
    expected: Fraction
    gap: Fraction


@dataclass(frozen=True)
class Forecast:
    """The value at T1 at the present pace, its quartile range from five values on, and whether the target is missed."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None
    miss: bool


@dataclass(frozen=True)
class Basis:
    """The numbers behind a light, for the line that explains it; None where the rule does not use one.

    ``rule``: path (on the way), held (against the target), task, none (nothing to judge).
    ``why``: reached, final, closed, broken, start, not_due, met, stale, unproved, band, before, no_value, no_pair,
    done, overrun – which sentence on lights decided.
    """

    rule: Literal["path", "held", "task", "none"]
    why: str
    value: Fraction | None = None
    value_day: date | None = None
    state: State | None = None
    base: Fraction | None = None
    measured: Fraction | None = None
    start: Fraction | None = None
    start_day: date | None = None
    target: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    expected_value: Fraction | None = None
    comparator: Comparator | None = None
    reading: Reads = "value"
    average: Average | None = None
    profile: Profile | None = None
    interpolated: bool = False
    met: bool = False
    silent: int = 0
    band: Band | None = None
    done: Fraction | None = None
    passed: Fraction | None = None
    weight: Fraction | None = None
    late: int = 0


@dataclass(frozen=True)
class Judgement:
    """Where an item stands on a day.

    ``attainment`` and ``expected`` are shares (1 = the whole way), ``gap`` is in percentage points of the way
    (``gap_in`` share) or of the value (points); all rounded half up to six places, None while there is nothing to
    reckon; ``exact`` holds them unrounded. ``overdue`` counts the days since ``overdue_since``. ``judged_at`` is the
    day judged, None when grey. ``closed``: nothing more can change it but a correction. ``owes_none``: a total that
    is reached, a task that is done. ``wake_on``: the next day on which the judgement can change without a new
    figure, the mere count of overdue days apart; None: never.
    """

    light: Light
    marks: tuple[str, ...]
    basis: Basis
    exact: Exact | None = None
    attainment: Decimal | None = None
    expected: Decimal | None = None
    gap: Decimal | None = None
    gap_in: GapIn = "share"
    overdue: int = 0
    overdue_since: date | None = None
    judged_at: date | None = None
    forecast: Forecast | None = None
    closed: bool = False
    owes_none: bool = False
    wake_on: date | None = None
