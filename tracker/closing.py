"""Which periods close, and as of which instant: the light 报告时 beside the light of today.

A period closes when it was due. What was reported in time, by a later date of its own where the figure is released later, may
then still be under review, or to come: once all of it is judged, or the period is locked, a second roll-up takes the first
one's place, so that neither the day of release nor how fast a report is read turns a light. What was reported late never
counts at the closing: it changes today's light only.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, Min

from people import audit
from people.models import Government
from plans.models import Terms
from tracker import archiving, rollup
from tracker.gathering import READ_STATES
from tracker.models import JobRun, Period, ProgressReport, Run
from tracker.recalling import recall
from tracker.recomputing import CLOSED

JOB = "close"
REVIEWED = ":reviewed"


@dataclass(frozen=True)
class Closing:
    """One closing: the period, and the instant as of which everything is judged.

    `occasion` is '2022Q3:quarter', and of the second '2022Q3:quarter:reviewed'.
    """

    occasion: str
    period: Period
    at: dt.datetime


@dataclass
class Ended:
    """A period that was due. `last_due`: when the last of its duties was; of what came in time: is any still under review, when was the last accepted."""

    period: Period
    last_due: dt.datetime
    waits: bool = False
    accepted_at: dt.datetime | None = None

    @property
    def occasion(self) -> str:
        return f"{self.period.occasion}:{self.period.cycle.name}"

    def closings(self, at: dt.datetime) -> list[Closing]:
        """The closings that have come by the instant."""
        first = Closing(self.occasion, self.period, self.period.due_at)
        locked_at = self.period.locked_at
        if locked_at is None and (self.waits or at < self.last_due):
            return [first]
        reviewed = max(self.last_due, self.accepted_at or self.last_due)
        if locked_at is not None:
            reviewed = max(first.at, locked_at if self.waits else min(reviewed, locked_at))
        return [first, Closing(self.occasion + REVIEWED, self.period, reviewed)]


def closings(government: Government, at: dt.datetime) -> list[Closing]:
    """Every closing that has come by the instant and whose period is not over, the earliest first. 4 statements at most.

    Periods that were due before anything was published have none.
    """
    over = JobRun.objects.of(government).filter(job=JOB, state=JobRun.State.DONE, occasion__endswith=REVIEWED).values_list("occasion", flat=True)
    passed = {occasion.removesuffix(REVIEWED) for occasion in over}
    return _closings([ended for ended in _ended(government, at) if ended.occasion not in passed], at)


def close(government: Government, occasion: str, at: dt.datetime) -> dict[str, Any]:
    """Takes the roll-up of a closing; returns its number and the rows written. A second closing that has nothing new takes none."""
    ended = [each for each in _ended(government, at) if each.occasion == occasion.removesuffix(REVIEWED)]
    closing = next(c for c in _closings(ended, at) if c.occasion == occasion)
    if occasion.endswith(REVIEWED) and closing.at == closing.period.due_at:
        return {}
    with transaction.atomic():
        run = rollup.close(government, closing.period, closing.at, at)
        _record(run, at)
    return {"run": run.number, "written": run.written}


def _record(run: Run, at: dt.datetime) -> None:
    """The trail keeps what was stored and what it rested on, by their hashes: nobody changes both unseen."""
    recalled = recall(run)
    facts = {
        "period": run.closes and run.closes.occasion, "run": run.number, "closed_at": run.at, "inputs": recalled.sha256, "results": archiving.fingerprint(run, recalled.known),
    }  # fmt: skip
    audit.record(run.government_id, actor=None, verb=CLOSED, subject=f"period:{run.closes_id}", at=at, facts=facts)


def _closings(ended: list[Ended], at: dt.datetime) -> list[Closing]:
    _hear(ended)
    return sorted((closing for each in ended for closing in each.closings(at)), key=lambda c: (c.at, c.occasion))


def _ended(government: Government, at: dt.datetime) -> list[Ended]:
    """The periods that were due by the instant, but not those that were due before anything was published. 2 statements."""
    since = Terms.objects.of(government).published().aggregate(at=Min("published_at"))["at"]
    if since is None:
        return []
    periods = Period.objects.of(government).filter(due_at__lte=at, due_at__gt=since).select_related("cycle").annotate(last_due=Max("duties__due_at"))
    return [Ended(period, max(period.due_at, period.last_due or period.due_at)) for period in periods]


def _hear(ended: Iterable[Ended]) -> None:
    """Notes with each period what was reported in time: by its due date, or by the duty's own where that is later. 1 statement."""
    found = {each.period.pk: each for each in ended}
    if not found:
        return
    reports = ProgressReport.objects.filter(period__in=found, state__in=READ_STATES, submitted_at__isnull=False)
    for key, due_at, submitted_at, state, accepted_at in reports.values_list("period", "duty__due_at", "submitted_at", "state", "accepted_at"):
        each = found[key]
        if submitted_at and submitted_at > max(each.period.due_at, due_at):
            continue
        if state == ProgressReport.State.ACCEPTED and accepted_at:
            each.accepted_at = max(accepted_at, each.accepted_at or accepted_at)
        else:
            each.waits = True
