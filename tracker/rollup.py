"""review → roll-up: gather (fixed SQL) → judge (pure) → store what changed → move the pointer. One transaction a government."""

import datetime as dt
import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q

from people import clock, failpoints
from people.models import Government
from people.workdays import calendar_of
from plans.models import Amendment, Likeness, Terms
from tracker import boards, recalling, storing
from tracker.gathering import READ_STATES, gather, in_time
from tracker.judging import Judged, judge
from tracker.known import INSTANT, Known, Moment
from tracker.models import Criterion, CriterionDemand, Duty, Period, ProgressReport, Run, Standing
from tracker.models.standings import Light


class Overtaken(RuntimeError):
    """Another roll-up of the same government moved the pointer first; nothing of this one was kept."""


def take(government: Government, at: dt.datetime, closes: Period | None = None) -> Run:
    """Rolls a government up as of the instant and makes it the current run.

    With `closes` it is the one run that keeps that period's closing, and what was reported after the period and its own duty
    were due is left out. All or nothing: readers see the run before until the pointer moves, last of all. Raises: Overtaken.
    """
    with _undisturbed(), transaction.atomic():
        number = Government.objects.values_list("run", flat=True).get(pk=government.pk) + 1
        saw = seen(government)
        known = learn(government, Moment(clock.day_of(at, government.zone), at))
        if closes is not None:
            known = Known(in_time(known.rows, closes.due_at), known.calendar, known.moment)
        failpoints.point("rollup.after_gathering")
        written = storing.store(government, number, judge(known))
        if closes is not None:
            Run.objects.of(government).filter(closes=closes).update(closes=None)
        run = Run.objects.create(
            government=government, number=number, as_of=known.moment.day, at=at, closes=closes, versions=known.versions(), seen=saw, written=written
        )
        if closes is not None:
            recalling.keep(run, known)
        boards.lay(run)
        failpoints.point("rollup.before_pointer")
        if not Government.objects.filter(pk=government.pk, run=number - 1).update(run=number):
            raise Overtaken(f"{government.code}: run {number}")
        failpoints.point("rollup.after_pointer")
    government.run = number
    return run


def close(government: Government, period: Period, closing: dt.datetime, at: dt.datetime) -> Run:
    """Keeps how a period closed, as of the instant `closing`; in the same transaction the roll-up of the instant `at` follows and is the current one."""
    with transaction.atomic():
        run = take(government, closing, closes=period)
        take(government, at)
    return run


def look(government: Government, as_of: dt.date) -> list[Judged]:
    """How everything stands at the end of a day, by what was accepted and in force by then. Stores nothing."""
    return judge(learn(government, Moment(as_of, clock.end_of(as_of, government.zone) - INSTANT)))


def look_at(government: Government, at: dt.datetime) -> list[Judged]:
    """The same at an instant: what a roll-up of that instant would find."""
    return judge(learn(government, Moment(clock.day_of(at, government.zone), at)))


def learn(government: Government, moment: Moment, measures: Iterable[int] | None = None) -> Known:
    """All that was known at a moment; with `measures` only of the items that read these. A fixed number of statements."""
    return Known(gather(government, measures), calendar_of(government), moment)


def is_due(government: Government, at: dt.datetime) -> bool:
    """Whether anything that a roll-up reads has changed since the last one, or a standing's day to wake has come."""
    last = Run.objects.of(government).order_by("-number").values_list("seen", flat=True).first()
    if last is None:
        return Terms.objects.of(government).published().exists()
    return last != seen(government) or _wakes(government, clock.day_of(at, government.zone))


def seen(government: Government) -> dict[str, Any]:
    """What there is for a roll-up to read, in counts: they differ whenever a report, terms, a link, a criterion or a duty came or went. 7 statements.

    Counts, not instants: a row that is committed late, under an earlier instant, is seen too.
    """
    accepted = Q(state=ProgressReport.State.ACCEPTED)
    reports = (
        ProgressReport.objects.of(government)
        .filter(state__in=READ_STATES)
        .aggregate(accepted=Count("pk", filter=accepted), waiting=Count("pk", filter=~accepted), submitted=Max("submitted_at", filter=~accepted))
    )
    return {
        **reports,
        "submitted": reports["submitted"].isoformat() if reports["submitted"] else None,
        "terms": Terms.objects.of(government).published().count(),
        "amendments": Amendment.objects.of(government).filter(state=Amendment.State.PUBLISHED).count(),
        "duties": Duty.objects.of(government).count(),
        "links": Likeness.objects.of(government).filter(kind=Likeness.Kind.SAME, state=Likeness.State.DECIDED).count(),
        "criteria": Criterion.objects.of(government).accepted().count(),
        "demands": CriterionDemand.objects.of(government).count(),
    }


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Python looks for no cycles meanwhile: there are none among hundreds of thousands of rows, and going through them costs a sixth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def finished(government: Government) -> set[int]:
    """The measures that owe no more reports: every item that reads them is closed, or done and reached. 1 statement."""
    owing: dict[int, bool] = {}
    rows = Standing.objects.of(government).at(government.run).filter(item__isnull=False)
    for measure, light, facts in rows.values_list("item__measure", "light", "facts"):
        owing[measure] = owing.get(measure, False) or not (light == Light.BLUE or facts.get("closed"))
    return {measure for measure, owes in owing.items() if not owes}


def _wakes(government: Government, day: dt.date) -> bool:
    first = Standing.objects.of(government).filter(until_run__isnull=True).aggregate(first=Min("wake_on"))["first"]
    return first is not None and first <= day
