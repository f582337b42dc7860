"""The light of an indicator: what is seen on a day, how far it is from what is expected, and the colour of that."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from .attained import Aim, aim, comparator_of, held_attainment, held_points, travelled
from .cases import Band, Basis, Exact, Forecast, GapIn, Judgement, Light, Promise, Record, Target, sure
from .forecast import forecast
from .paths import Path, bare_path, lay_path
from .readings import Origin, Reading, find_origin, known, read
from .spans import Rhythm, Window, elapsed, six

SILENT_TOO_LONG = 2


@dataclass(frozen=True)
class Sight:
    """What is to be seen of a promise on a day: readings, silence, closing, and how it is judged."""

    promise: Promise
    record: Record
    on: date

    @cached_property
    def rhythm(self) -> Rhythm:
        return Rhythm.of(self.record.periods, self.promise.start, self.promise.end)

    @cached_property
    def origin(self) -> Origin | None:
        return find_origin(self.promise, self.record.values, self.on)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        return read(self.promise, self.record, self.origin, self.on, self.rhythm.last_day)

    @cached_property
    def is_relative(self) -> bool:
        return comparator_of(self.promise, self.promise.final) == "relative"

    @cached_property
    def judgeable(self) -> tuple[Reading, ...]:
        """The readings that can be compared: of a relative item the complete pairs."""
        if not self.is_relative:
            return self.readings
        return tuple(reading for reading in self.readings if reading.other is not None)

    @property
    def latest(self) -> Reading | None:
        return self.judgeable[-1] if self.judgeable else None

    @property
    def waits(self) -> bool:
        """Whether a value later than the last complete pair still waits for its partner."""
        return self.is_relative and bool(self.readings) and self.readings[-1] is not self.latest

    @cached_property
    def reported(self) -> date | None:
        """The latest cut-off in the span for which anything was accepted."""
        days = [value.cut_off for value in known(self.record.values, self.on)]
        return max((day for day in days if self.promise.start < day <= self.rhythm.last_day), default=None)

    @cached_property
    def is_reached(self) -> bool:
        """Whether a running total has met its target: nothing later is owed."""
        return self.is_total and self.latest is not None and self.final_aim.is_met(self.latest.value)

    @cached_property
    def missing(self) -> tuple[Window, ...]:
        """The periods after the last reported one whose report is overdue."""
        if self.is_reached:
            return ()
        later = self.rhythm.later_than(self.reported)
        return tuple(window for window in later if window.period.is_overdue(self.on))

    @cached_property
    def silent(self) -> tuple[Window, ...]:
        """Those of the missing periods that have ended."""
        return tuple(window for window in self.missing if window.period.is_silent(self.on))

    @cached_property
    def has_final_value(self) -> bool:
        """Whether the latest reading is of the period that holds T1."""
        return self.latest is not None and self.latest.day > self.rhythm.final_after and not self.waits

    @cached_property
    def is_closed(self) -> bool:
        """After the end: the last period's report is accepted, or overdue; a relative item only by a complete pair."""
        if self.on <= self.promise.end:
            return False
        if self.is_relative:
            return self.has_final_value
        holding = self.rhythm.holding
        if holding is None or (self.reported is not None and self.reported > holding.after):
            return True
        return holding.period.is_silent(self.on)

    @cached_property
    def day(self) -> date:
        """The day judged: the value's cut-off, the end of the last silent period, T1 once closed."""
        days = [self.latest.day] if self.latest else []
        days += [self.silent[-1].period.end] if self.silent else []
        days += [self.promise.end] if self.is_closed else []
        return max(days)

    @property
    def has_nothing(self) -> bool:
        """Grey: nothing accepted that can be judged, and no period that was due ended in silence."""
        if self.on < self.promise.first:
            return True
        if self.latest is not None:
            return False
        return self.reported is not None or not (self.silent or self.is_closed)

    @cached_property
    def is_held(self) -> bool:
        """Whether values are held against the target itself, because that is the accrual or nothing is to travel."""
        if self.promise.is_held:
            return True
        if self.origin is None or (self.is_relative and self.latest is None):
            return False
        return self._aim(self.promise.final, self.origin.start).is_met(self.origin.start)

    @cached_property
    def final_aim(self) -> Aim:
        return self._aim(self.promise.final, self.start)

    @cached_property
    def governing_aim(self) -> Aim:
        """The target that counts on the day judged: when held the one due next, on the way the final one."""
        if not self.is_held:
            return self.final_aim
        for target in self.promise.interim:
            if self.day <= self.promise.due(target):
                return self._aim(target, None)
        return self.final_aim

    def _aim(self, target: Target, start: Fraction | None) -> Aim:
        return aim(self.promise, target, start, self.latest.other if self.latest else None)

    @property
    def start(self) -> Fraction | None:
        """s where there is a way to travel."""
        return self.origin.start if self.origin and not self.is_held else None

    @cached_property
    def is_ceiling(self) -> bool:
        """Whether this is a running total that must stay below its target."""
        if self.promise.accrual != "cumulative" or not self.is_held or self.promise.is_held or self.is_relative:
            return False
        return self.final_aim.is_ceiling

    @property
    def is_total(self) -> bool:
        """Whether this is a running total that is done once it is reached."""
        plain = self.promise.accrual == "cumulative" and not self.promise.is_held
        return plain and not self.is_relative and not self.is_ceiling

    @cached_property
    def is_broken(self) -> bool:
        """Whether a ceiling was ever exceeded."""
        return self.is_ceiling and not all(self.final_aim.is_met(reading.value) for reading in self.judgeable)

    @property
    def is_met(self) -> bool:
        return self.latest is not None and self.governing_aim.is_met(self.latest.value)

    @property
    def is_only_start(self) -> bool:
        """Whether the only value is the one that serves as the start."""
        first = self.origin.first_value_on if self.origin and self.promise.reading != "growth" else None
        return first is not None and self.latest is not None and self.latest.day == sure(self.origin).day

    @cached_property
    def path(self) -> Path | None:
        """The path; None where values are held against the target."""
        if self.is_held:
            return None
        if self.origin is None or (self.is_relative and self.latest is None):
            return bare_path(self.promise)
        return lay_path(self.promise, self.origin.start, self.origin.day, self.final_aim.toward)


def judge(promise: Promise, record: Record, on: date) -> Judgement:
    """Judge an indicator on a day. Nothing accepted after ``on`` is seen; no error for any well-formed promise."""
    sight = Sight(promise, record, on)
    if sight.has_nothing:
        return _grey(sight)
    exact, gap_in = measure(sight)
    band = promise.bands.points if gap_in == "points" else promise.bands.share
    light, why = colour(sight, exact, band)
    since = _overdue_since(sight)
    return Judgement(
        light=light,
        marks=_marks(sight, light),
        basis=_basis(sight, why, band),
        exact=exact,
        attainment=six(exact.attainment),
        expected=six(exact.expected),
        gap=six(exact.gap),
        gap_in=gap_in,
        judged_at=sight.day,
        forecast=foresee(sight),
        closed=sight.is_closed,
        owes_none=sight.is_reached,
        wake_on=None if sight.is_closed else sight.rhythm.next_change(on, sight.reported),
        overdue=_days(since, on),
        overdue_since=since,
    )


def measure(sight: Sight) -> tuple[Exact, GapIn]:
    """A, E and the gap with the unit that it is told in; where nothing was ever accepted the start stands in: A = 0."""
    expected = Fraction(1) if sight.path is None else sight.path.expected(sight.day)
    if sight.latest is None:
        return Exact(Fraction(0), expected, -expected * 100), "share"
    value, goal = sight.latest.value, sight.governing_aim
    if sight.path is not None:
        attained = travelled(goal, sure(sight.start), value)
    else:
        attained = held_attainment(goal, value)
        if sight.promise.in_points:
            return Exact(attained, expected, held_points(goal, value)), "points"
    return Exact(attained, expected, (attained - expected) * 100), "share"


def colour(sight: Sight, exact: Exact, band: Band) -> tuple[Light, str]:
    """The light and which rule decided it, in the order of the rules."""
    if sight.is_reached:
        return "blue", "reached"
    if sight.is_closed and sight.is_met and sight.has_final_value and not sight.is_broken:
        return "blue", "final"
    if sight.is_closed and not sight.is_met:
        return "red", "closed"
    if sight.is_broken:
        return "red", "broken"
    if sight.is_only_start and not sight.silent and not sight.is_closed:
        return "green", "start"
    if sight.path is not None and exact.expected <= 0 and exact.attainment == 0:
        return "not_due", "not_due"
    if sight.is_met:
        return _colour_met(sight)
    return in_band(six(exact.gap), band), "band"


def _colour_met(sight: Sight) -> tuple[Light, str]:
    """Met and not yet final: green, but silence proves nothing."""
    if sight.is_closed:
        return "yellow", "unproved"
    if sight.is_held and len(sight.silent) >= SILENT_TOO_LONG:
        return "yellow", "stale"
    return "green", "met"


def in_band(gap: Decimal, band: Band) -> Light:
    """The colour of a gap (rounded to six places); a limit belongs to the better colour."""
    if gap >= band.green:
        return "green"
    return "yellow" if gap >= band.yellow else "red"


def foresee(sight: Sight) -> Forecast | None:
    """The forecast along the path, of a ceiling along the elapsed share; None where none makes sense."""
    promise, latest = sight.promise, sight.latest
    if latest is None or promise.profile == "at_end" or sight.on > promise.end or sight.is_reached:
        return None
    seen = [reading for reading in sight.judgeable if reading.day > promise.start]
    if sight.is_ceiling:
        points = [(elapsed(one.day, sure(sight.origin).day, promise.end), one.value) for one in seen]
        return forecast(points, sight.final_aim)
    if sight.path is None or sight.is_met:
        return None
    return forecast([(sight.path.expected(one.day), one.value) for one in seen], sight.final_aim)


def _marks(sight: Sight, light: Light) -> tuple[str, ...]:
    given = {
        "逾期未报": bool(sight.missing),
        "已达": light == "green" and _is_at_target(sight),
        "起点": light == "green" and sight.is_only_start and not sight.silent,
        "待比对值": sight.waits,
        "预计": sight.latest is not None and sight.latest.state == "预计",
    }
    return tuple(mark for mark, holds in given.items() if holds)


def _is_at_target(sight: Sight) -> bool:
    """Whether the value meets the final target before it counts; held items and ceilings never say so."""
    if sight.promise.is_held or sight.is_ceiling or sight.latest is None:
        return False
    return sight.final_aim.is_met(sight.latest.value)


def _overdue_since(sight: Sight) -> date | None:
    """The oldest deadline that is still open."""
    return min((sure(window.period.deadline) for window in sight.missing), default=None)


def _days(since: date | None, on: date) -> int:
    return (on - since).days if since else 0


def _grey(sight: Sight) -> Judgement:
    if sight.on < sight.promise.first:
        return Judgement("grey", (), Basis("none", "before"), wake_on=sight.promise.first)
    since = _overdue_since(sight)
    return Judgement(
        light="grey",
        marks=_marks(sight, "grey"),
        basis=Basis("none", "no_pair" if sight.is_relative and sight.readings else "no_value"),
        closed=sight.is_closed,
        wake_on=None if sight.is_closed else sight.rhythm.next_change(sight.on, sight.reported),
        overdue=_days(since, sight.on),
        overdue_since=since,
    )


def _basis(sight: Sight, why: str, band: Band) -> Basis:
    latest, goal, path, origin = sight.latest, sight.governing_aim, sight.path, sight.origin
    return Basis(
        rule="held" if path is None else "path",
        why=why,
        value=latest.value if latest else None,
        value_day=latest.day if latest else None,
        state=latest.state if latest else None,
        measured=latest.measured if latest else None,
        base=origin.base if origin else None,
        start=sight.start,
        start_day=origin.day if origin and path else None,
        target=goal.toward,
        low=goal.low,
        high=goal.high,
        expected_value=path.at(sight.day) if path and sight.start is not None else None,
        comparator=goal.comparator,
        reading=sight.promise.reading,
        average=sight.promise.average,
        profile=sight.promise.profile if path else None,
        interpolated=bool(path) and sight.promise.profile == "linear" and sight.day < sight.promise.end,
        met=sight.is_met,
        silent=len(sight.silent),
        band=band,
    )
