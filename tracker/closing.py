"""Which periods close, and as of which instant: the light 报告时 beside the light of today.

A period closes when the last of its duties was due. What was reported in time and is still under review then is awaited: once
all of it is judged, or the period is locked, a second roll-up takes the first one's place, so that how fast a report is
read does not turn a light. What comes later changes today's light only.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min

from people.models import Government
from plans.models import Terms
from tracker import rollup
from tracker.gathering import READ_STATES
from tracker.models import JobRun, Period, ProgressReport

JOB = "close"
REVIEWED = ":reviewed"


@dataclass(frozen=True)
class Closing:
    """One closing: the period, and the instant as of which everything is judged; `again`: the second one, after review.

    `occasion` is '2022Q3:quarter', and of the second '2022Q3:quarter:reviewed'.
    """

    occasion: str
    period: Period
    at: dt.datetime
    again: bool = False


@dataclass(frozen=True)
class _Reports:
    """What was reported in time: is any of it still under review, and when was the last of it accepted."""

    waiting: bool = False
    accepted_at: dt.datetime | None = None


def closings(government: Government, at: dt.datetime) -> list[Closing]:
    """Every closing that has come by the instant and whose period is not over, the earliest first. 4 statements at most.

    Periods that were due before anything was published have none.
    """
    over = JobRun.objects.of(government).filter(job=JOB, state=JobRun.State.DONE, occasion__endswith=REVIEWED).values_list("occasion", flat=True)
    passed = {occasion.removesuffix(REVIEWED) for occasion in over}
    return _closings([p for p in _due(government, at) if _occasion(p) not in passed])


def close(government: Government, occasion: str, at: dt.datetime) -> dict[str, Any]:
    """Takes the roll-up of a closing; returns its number and the rows written. A second closing that has nothing new takes none."""
    period = occasion.removesuffix(REVIEWED)
    closing = next(c for c in _closings([p for p in _due(government, at) if _occasion(p) == period]) if c.occasion == occasion)
    if closing.again and closing.at == closing.period.closes_at:  # type: ignore[attr-defined]
        return {}
    run = rollup.close(government, closing.period, closing.at, at)
    return {"run": run.number, "written": run.written}


def _closings(periods: list[Any]) -> list[Closing]:
    if not periods:
        return []
    reports = _in_time({p.pk: p for p in periods})
    return sorted((c for p in periods for c in _of(p, reports[p.pk])), key=lambda c: (c.at, c.occasion))


def _due(government: Government, at: dt.datetime) -> list[Any]:
    """Periods whose last duty was due by the instant, with `closes_at`; those left out that were due before anything was published."""
    since = Terms.objects.of(government).published().aggregate(at=Min("published_at"))["at"]
    if since is None:
        return []
    periods = list(Period.objects.of(government).filter(due_at__lte=at).select_related("cycle").annotate(last_due=Max("duties__due_at")))
    for period in periods:
        period.closes_at = max(period.due_at, period.last_due or period.due_at)  # type: ignore[attr-defined]
    return [p for p in periods if since < p.closes_at <= at]  # type: ignore[attr-defined]


def _in_time(periods: dict[int, Any]) -> dict[int, _Reports]:
    waiting: dict[int, bool] = defaultdict(bool)
    accepted: dict[int, dt.datetime] = {}
    rows = ProgressReport.objects.filter(period__in=periods, state__in=READ_STATES, submitted_at__isnull=False)
    for period, state, submitted_at, accepted_at in rows.values_list("period", "state", "submitted_at", "accepted_at"):
        if submitted_at > periods[period].closes_at:
            continue
        if state == ProgressReport.State.ACCEPTED and accepted_at:
            accepted[period] = max(accepted_at, accepted.get(period, accepted_at))
        else:
            waiting[period] = True
    return {pk: _Reports(waiting[pk], accepted.get(pk)) for pk in periods}


def _of(period: Any, reports: _Reports) -> list[Closing]:
    first = Closing(_occasion(period), period, period.closes_at)
    if reports.waiting and not period.locked_at:
        return [first]
    reviewed = period.closes_at if reports.accepted_at is None else max(reports.accepted_at, period.closes_at)
    if period.locked_at:
        reviewed = max(period.closes_at, min(reviewed, period.locked_at) if not reports.waiting else period.locked_at)
    return [first, Closing(first.occasion + REVIEWED, period, reviewed, again=True)]


def _occasion(period: Period) -> str:
    return f"{period.occasion}:{period.cycle.name}"
