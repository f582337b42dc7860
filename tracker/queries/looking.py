"""Which roll-up a page reads: the current one, or the closing of a period; read once, before anything else of a page."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from people import clock
from people.access import Person
from people.prepared import Prepared
from plans.models import Plan
from tracker.models import Period, Run
from tracker.queries.reference import compared_with
from tracker.queries.standings import runs_of

TODAY, CLOSING = "today", "closing"


@dataclass(frozen=True)
class Look:
    """A run (None before the first), the closing that it is compared with, and the day whose terms are in force.

    `closed`: the runs that keep a closing, the latest first; of periods that end on one day the last one taken. `against`: the closing
    that today is compared with, where one was asked for.
    """

    run: Run | None
    closed: tuple[Run, ...]
    day: dt.date
    against: Run | None = None

    @property
    def number(self) -> int:
        return self.run.number if self.run else 0

    @property
    def period(self) -> Period | None:
        """The period whose closing is read; None for today."""
        return self.run.closes if self.run and self.run.closes_id else None

    @property
    def asked(self) -> str:
        """What a link to the same closing ends in: ?period=2022Q2; "" for today."""
        return f"?period={self.period.occasion}" if self.period else ""

    @property
    def before_asked(self) -> str:
        """The same of the closing that it is compared with."""
        return f"?period={self.before.closes.occasion}" if self.before and self.before.closes else ""

    @cached_property
    def before(self) -> Run | None:
        """The last closing before the one that is read; today is compared with the period before the one being reported."""
        if self.run is None or self.against is not None:
            return self.against
        period = self.period
        if period is None:
            return compared_with(self.closed, self.day)
        return next((run for run in self.closed if run.pk != self.run.pk and _end(run) < period.end), None)


def _runs(government: int, number: int) -> QuerySet[Run]:
    cycles = Plan.objects.of(government).published().values("cycle")
    return runs_of(government).filter(Q(number=number) | Q(closes__cycle__in=cycles))


runs_read = Prepared(_runs, -103, -101)  # the run of this number and those that keep a closing, of a government: the latest period first


def look(person: Person, at: dt.datetime, occasion: str = "", reading: str = "") -> Look | None:
    """What a page reads; closings are those of the cycles that published plans follow. The pointer is the one that came with the person, at
    the beginning of the request. 1 statement.

    With an occasion (2022Q3) or reading=closing the closing of that period, or of the last one; with both an occasion and
    reading=today the current run, compared with that closing. None where there is no such closing.
    """
    pointer = person.user.government.run
    runs = runs_read(person.government_id, pointer)
    current, closed = next((run for run in runs if run.number == pointer), None), tuple(run for run in runs if run.closes_id)
    day = clock.day_of(at, person.user.government.zone)
    if not occasion and reading != CLOSING:
        return Look(current, closed, day)
    run = next((run for run in closed if not occasion or _period(run).occasion == occasion), None)
    if run is None:
        return None
    return Look(current, closed, day, run) if reading == TODAY else Look(run, closed, run.as_of)


def _period(run: Run) -> Period:
    if run.closes is None:
        raise ValueError(f"run {run.number} keeps no closing")
    return run.closes


def _end(run: Run) -> dt.date:
    return _period(run).end
