"""plan → period: the periods of a cycle, when they open, are due and are locked, and who owes what in them.

Dates come from the cycle's rules and the calendar of working days; instants from `people.clock`. A duty's `due_at` holds
all that binds it: the rule's day or the stagger of its kind of department, the release of its figure if that is later, the
shift to a working day, and the grace. What is silent at `due_at` is overdue.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.db.models import Exists, F, Max, OuterRef, Subquery

from people import clock
from people.models import Government
from people.workdays import Calendar, calendar_of
from plans.models import Cycle, Measure
from tracker.models import Duty, Period, ProgressReport, Succession
from tracker.owing import Owing, owings

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Bounds:
    """A period of a cycle by year and number, first and last day included."""

    year: int
    number: int
    start: dt.date
    end: dt.date


@dataclass(frozen=True)
class Opened:
    """What `open_due` left behind; `unknown_years`: years whose working days are reckoned by weekdays alone."""

    periods: int = 0
    duties: int = 0
    moved: int = 0
    released: int = 0
    unknown_years: list[int] = field(default_factory=list)


def bounds(cycle: Cycle, year: int, number: int) -> Bounds:
    """The days of a period, e.g. (2022, 3) of a quarterly cycle: 1 July to 30 September. Raises: ValueError for a number that is none."""
    if not 1 <= number <= 12 // cycle.months:
        raise ValueError(f"a {cycle.frequency} cycle has no period {number}")
    first = (number - 1) * cycle.months + 1
    return Bounds(year, number, dt.date(year, first, 1), month_day(year, first + cycle.months - 1, 31))


def holding(cycle: Cycle, day: dt.date) -> Bounds:
    """The period that holds a day."""
    return bounds(cycle, day.year, (day.month - 1) // cycle.months + 1)


def following(cycle: Cycle, period: Bounds) -> Bounds:
    return holding(cycle, period.end + DAY)


def month_day(year: int, month: int, day: int) -> dt.date:
    """Day `day` of month `month` counted from January of `year` (13 is January of the next); the month's last day where it is shorter."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last = dt.date(year + month // 12, month % 12 + 1, 1) - DAY
    return last.replace(day=min(day, last.day))


def opens_on(cycle: Cycle, period: Bounds) -> dt.date:
    """The day on which a period opens, counted from its last month; not shifted."""
    return month_day(period.year, period.end.month + cycle.opens_month, cycle.opens_day)


def due_on(cycle: Cycle, period: Bounds, calendar: Calendar, *, kind: str = "", release_lag: int = 0) -> dt.date:
    """The last day for a department of this kind and a figure released so many days after the period's end.

    A figure cannot be due before it exists: a release later than the rule's day puts its own day, moved to the next working
    day (whatever the rule's direction) unless the cycle does not shift at all. Grace days come on top.
    """
    named = month_day(period.year, period.end.month + cycle.due_month, cycle.staggered.get(kind, cycle.due_day))
    due = _shifted(cycle, calendar, named)
    if release_lag and (release := period.end + DAY * release_lag) > due:
        due = release if cycle.shift == Cycle.Shift.NONE else calendar.next_workday(release)
    if not cycle.grace_days:
        return due
    graced = due + DAY * cycle.grace_days
    return graced if cycle.shift == Cycle.Shift.NONE else calendar.next_workday(graced)


def due_at(cycle: Cycle, period: Bounds, calendar: Calendar, zone: str, *, kind: str = "", release_lag: int = 0) -> dt.datetime:
    """The instant at which `due_on` has passed: the cycle's hour, or 24:00, in the government's zone."""
    return clock.end_of(due_on(cycle, period, calendar, kind=kind, release_lag=release_lag), zone, cycle.due_hour)


def open_due(government: Government, at: dt.datetime, *, finished: Collection[int] = frozenset()) -> Opened:
    """Opens every period whose day has come and makes its duties; moves open duties to a measure's new reporter.

    `finished`: ids of measures that owe nothing more (closed, reached, done). A duty that is owed no more is released, that is
    deleted, while it is not yet due and nobody has begun a report; what is overdue stays. Idempotent; may run twice at once; at
    most eleven statements however many rows. What is owed at all is told by `tracker.owing`.
    """
    calendar = calendar_of(government)
    owed = owings(government, clock.day_of(at, government.zone), finished)
    wanted = {(o.cycle.pk, b.year, b.number): (o.cycle, b) for o in owed for b in _opened(government, o, at)}
    periods, made = _make_periods(government, calendar, wanted)
    duties = [
        Duty(government=government, measure_id=o.measure_id, period=periods[o.cycle.pk, b.year, b.number], department_id=o.department_id, due_at=due)
        for o in owed
        for b in _opened(government, o, at)
        if o.published_at <= (due := due_at(o.cycle, b, calendar, government.zone, kind=o.kind, release_lag=o.release_lag))
    ]
    known = dict(_known(government, at))
    missing = [d for d in duties if (d.measure_id, d.period_id) not in known]
    insert_missing(Duty, missing)
    loose = {pk for key, pk in known.items() if pk} - {known.get((d.measure_id, d.period_id)) for d in duties}
    released = Duty.objects.filter(pk__in=loose).delete()[0] if loose else 0
    return Opened(made, len(missing), _follow_reporters(government), released, calendar.unknown(year for _, year, _ in wanted))


def open_period(cycle: Cycle, year: int, number: int) -> Period:
    """The period, made if it is not there: for what came before the plans, such as the result from which an increase counts."""
    government, days = cycle.government, bounds(cycle, year, number)
    return _make_periods(government, calendar_of(government), {(cycle.pk, year, number): (cycle, days)})[0][cycle.pk, year, number]


def owe(measure: Measure, period: Period) -> Duty:
    """The duty of a measure in a period, made if it is not there."""
    days = Bounds(period.year, period.number, period.start, period.end)
    government, reporter = measure.government, measure.reporter
    if reporter is None:
        raise ValueError(f"nobody reports {measure.code} yet")
    due = due_at(period.cycle, days, calendar_of(government), government.zone, kind=reporter.kind, release_lag=measure.release_lag)
    insert_missing(Duty, [Duty(government=government, measure=measure, period=period, department=reporter, due_at=due)])
    return Duty.objects.get(measure=measure, period=period)


def lock_due(government: Government, at: dt.datetime) -> int:
    """Locks what is long over, and returns how many periods: a period is locked when the next one of its cycle opens.

    Not before every duty of it was due and no excuse for statistics still runs, nor while a plan that ends in it is kept open. In a locked period an accepted value changes
    by a correction only; what was never answered can still be answered, late. 2 statements.
    """
    today = clock.day_of(at, government.zone)
    open_ones = Period.objects.of(government).filter(locked_at__isnull=True, due_at__lte=at).select_related("cycle")
    kept_open = Succession.objects.of(government).filter(settle_until__gte=today, plan__end__range=(OuterRef("start"), OuterRef("end")))
    over = [
        p.pk
        for p in open_ones.filter(~Exists(kept_open)).annotate(last_due=Max("duties__due_at"), last_excuse=Max("duties__excused_until"))
        if opens_on(p.cycle, following(p.cycle, holding(p.cycle, p.end))) <= today
        and (p.last_due is None or p.last_due <= at)
        and (p.last_excuse is None or p.last_excuse < today)
    ]
    return Period.objects.filter(pk__in=over, locked_at__isnull=True).update(locked_at=at) if over else 0


def not_reported(period: Period, day: dt.date) -> models.QuerySet[Duty]:
    """The duties of a period that are neither answered nor excused on a day, in the official order of departments."""
    return Duty.objects.filter(period=period).owed_on(day).order_by("department__position", "measure__code")


def _shifted(cycle: Cycle, calendar: Calendar, day: dt.date) -> dt.date:
    if cycle.shift == Cycle.Shift.NONE:
        return day
    return calendar.next_workday(day) if cycle.shift == Cycle.Shift.AFTER else calendar.previous_workday(day)


def _opened(government: Government, owed: Owing, at: dt.datetime) -> Iterator[Bounds]:
    """The periods of the measure's cycle that overlap its promises and have opened."""
    for first, last in owed.spans:
        period = holding(owed.cycle, first)
        while period.start <= last and clock.start_of(opens_on(owed.cycle, period), government.zone) <= at:
            yield period
            period = following(owed.cycle, period)


def _make_periods(
    government: Government, calendar: Calendar, wanted: dict[tuple[int, int, int], tuple[Cycle, Bounds]]
) -> tuple[dict[tuple[int, int, int], Period], int]:
    """The wanted periods by (cycle, year, number), and how many of them are new. 3 statements at most."""
    there = _periods(government)
    new = [_period(government, calendar, cycle, b) for key, (cycle, b) in wanted.items() if key not in there]
    insert_missing(Period, new)
    return (_periods(government) if new else there), len(new)


def _periods(government: Government) -> dict[tuple[int, int, int], Period]:
    return {(p.cycle_id, p.year, p.number): p for p in Period.objects.of(government)}


def _period(government: Government, calendar: Calendar, cycle: Cycle, b: Bounds) -> Period:
    """A period; its own due instant is the latest that the rule gives any kind of department."""
    due = max(due_at(cycle, b, calendar, government.zone, kind=kind) for kind in ("", *cycle.staggered))
    opens = clock.start_of(opens_on(cycle, b), government.zone)
    return Period(government=government, cycle=cycle, year=b.year, number=b.number, start=b.start, end=b.end, opens_at=opens, due_at=due)


def _known(government: Government, at: dt.datetime) -> Iterator[tuple[tuple[int, int], int | None]]:
    """(measure, period) of every duty there is; with its id where it could be released: open, not yet due, no report begun."""
    begun = Exists(ProgressReport.objects.filter(duty=OuterRef("pk")))
    rows = Duty.objects.of(government).annotate(begun=begun).values_list("pk", "measure_id", "period_id", "done_at", "due_at", "begun")
    for pk, measure, period, done, due, has_report in rows:
        yield (measure, period), None if done or due <= at or has_report else pk


def _follow_reporters(government: Government) -> int:
    """Open duties go to whom the measure names now; what was submitted stays with whom it came from."""
    reporter = Subquery(Measure.objects.filter(pk=OuterRef("measure")).values("reporter"))
    return Duty.objects.of(government).not_done().exclude(department=F("measure__reporter")).update(department=reporter)


def insert_missing(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Inserts rows and passes over those whose unique key stands. One statement, where `bulk_create` on SQLite splits at 999 parameters."""
    meta = model._meta
    fields = [f for f in meta.concrete_fields if not f.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
    values: list[list[Any]] = [[f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields] for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)
