"""The line: what is pulled, in order. What is due is computed from the calendar and from what is marked done; nothing is queued.

A machine that was off for a week catches up. Two ticks at once do no harm: the first statement of a job marks it done under a
unique key, in the transaction of its deed. A job that fails is recorded and tried again at the next tick; it blocks no other.
"""

import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from people import clock, codes
from people.models import Government
from plans import consulting
from plans.conflicts.deeds import sweep as sweep_conflicts
from plans.models import Publication, Terms
from tracker import alerts, asking, closing, correcting, digests, installation, outbox, periods, reminders, rollup
from tracker.models import JobRun

log = logging.getLogger(__name__)

DIGEST, MAIL, CLOCK = "digest", "mail", "clock"
SCATTER = 2654435769  # 2³² ÷ the golden ratio
SLACK = dt.timedelta(hours=1)  # by so much the clocks of two machines may differ

Counts = dict[str, Any]


class ClockWentBack(Exception):
    """Nothing is pulled until the clock is right, or an operator says that it was ahead before (`manage.py confirm_installation`)."""


@dataclass(frozen=True)
class Job:
    """One pulled deed: which occasions have come, and what to do for one of them.

    `due` is cheap and only reads; occasions that are marked done are passed over. With `whole` the deed and its mark are one
    transaction; without it the deed commits each of its steps itself, and the mark follows.
    """

    name: str
    due: Callable[[Government, dt.datetime], Iterable[str]]
    run: Callable[[Government, str, dt.datetime], Counts]
    whole: bool = True


@dataclass(frozen=True)
class Done:
    """One job that a tick ran: what it counted, or the error that it ended with."""

    government: str
    job: str
    occasion: str
    counts: Counts
    error: str = ""


def _today(government: Government, at: dt.datetime) -> Iterator[str]:
    yield clock.day_of(at, government.zone).isoformat()


def _opening(government: Government, at: dt.datetime) -> Iterator[str]:
    """Once a day, and again when something was published."""
    terms = Terms.objects.of(government).published().count()
    if terms:
        yield f"{clock.day_of(at, government.zone)}:{terms}"


def _open(government: Government, occasion: str, at: dt.datetime) -> Counts:
    return dataclasses.asdict(periods.open_due(government, at, finished=rollup.finished(government)))


def _lapsing(government: Government, at: dt.datetime) -> list[str]:
    return [f"{c.pk}:{c.until_on}" for c in consulting.lapsing(government, at)]


def _lapse(government: Government, occasion: str, at: dt.datetime) -> Counts:
    """Whoever said nothing to a draft by the limit was silent, and did not consent."""
    return {"silent": sum(consulting.lapse(c, at) for c in consulting.lapsing(government, at) if occasion == f"{c.pk}:{c.until_on}")}


def _lock(government: Government, occasion: str, at: dt.datetime) -> Counts:
    return {"locked": periods.lock_due(government, at)}


def _publishing(government: Government, at: dt.datetime) -> Iterator[str]:
    """Once for everything that was published or amended."""
    papers = Publication.objects.of(government).count()
    if papers:
        yield f"published {papers}"


def _contradict(government: Government, occasion: str, at: dt.datetime) -> Counts:
    return dataclasses.asdict(sweep_conflicts(government, at))


def _closings(government: Government, at: dt.datetime) -> list[str]:
    return [c.occasion for c in closing.closings(government, at)]


def _rolling(government: Government, at: dt.datetime) -> Iterator[str]:
    if rollup.is_due(government, at):
        yield f"run {government.run + 1}"


def _roll(government: Government, occasion: str, at: dt.datetime) -> Counts:
    run = rollup.take(government, at)
    return {"run": run.number, "written": run.written}


def _sweeping(government: Government, at: dt.datetime) -> Iterator[str]:
    yield alerts.due(government, at)


def _sweep(government: Government, occasion: str, at: dt.datetime) -> Counts:
    return dataclasses.asdict(alerts.sweep(government, at))


def _correcting(government: Government, at: dt.datetime) -> list[str]:
    return correcting.waiting(government)


def _correct(government: Government, occasion: str, at: dt.datetime) -> Counts:
    return dataclasses.asdict(correcting.tell(government, occasion, at))


def _composing(government: Government, at: dt.datetime) -> list[str]:
    return [week] if (week := digests.due(government, at)) else []


def _compose(government: Government, occasion: str, at: dt.datetime) -> Counts:
    """Ends in a record in any case: sent n; or nothing lagging among n checked; or, where it fails, the error."""
    composed = digests.compose(government, at)
    return {**dataclasses.asdict(composed), "said": composed.said}


def _reminding(government: Government, at: dt.datetime) -> list[str]:
    return [day] if (day := reminders.due(government, at)) else []


def _remind(government: Government, occasion: str, at: dt.datetime) -> Counts:
    return dataclasses.asdict(reminders.remind(government, at))


def _asking(government: Government, at: dt.datetime) -> list[str]:
    return list(asking.due(government, at))


def _ask(government: Government, occasion: str, at: dt.datetime) -> Counts:
    return dataclasses.asdict(asking.tell(government, occasion, at))


def _mailing(government: Government, at: dt.datetime) -> Iterator[str]:
    if outbox.has_work(government):
        yield f"{at.isoformat()}"


def _mail(government: Government, occasion: str, at: dt.datetime) -> Counts:
    return dataclasses.asdict(outbox.hand_over(government, at))


def _coding(government: Government, at: dt.datetime) -> Iterator[str]:
    if codes.waiting(government) and installation.may_send():
        yield f"{at.isoformat()}"


def _hand_codes(government: Government, occasion: str, at: dt.datetime) -> Counts:
    return dataclasses.asdict(codes.hand_over(government, at))


LINE = (
    Job("silence", _lapsing, _lapse),
    Job("open", _opening, _open),
    Job("lock", _today, _lock),
    Job("conflicts", _publishing, _contradict),
    Job(closing.JOB, _closings, closing.close),
    Job("rollup", _rolling, _roll),
    Job("alerts", _sweeping, _sweep),
    Job("corrections", _correcting, _correct),
    Job(DIGEST, _composing, _compose),
    Job("reminders", _reminding, _remind),
    Job("asking", _asking, _ask),
    Job(MAIL, _mailing, _mail, whole=False),
    Job("codes", _coding, _hand_codes, whole=False),
)


def tick(at: dt.datetime, worker: int = 0) -> list[Done]:
    """Does for every government all that is due at the instant and not marked done; returns what was run, in order. Never raises for a failed job.

    Each `worker` begins with another government, so that several share them out: what one has done the next passes over.
    """
    governments = list(Government.objects.order_by("pk"))
    first = begins_with(worker, len(governments))
    return [done for government in (*governments[first:], *governments[:first]) for done in _line(government, at)]


def begins_with(worker: int, governments: int) -> int:
    """The place at which a worker begins: neighbouring numbers (0 is the first) begin far apart."""
    return (worker * SCATTER % 2**32) * governments >> 32


def pull(government: Government, names: Collection[str], at: dt.datetime) -> list[Done]:
    """The same for one government and the jobs named."""
    return [done for job in LINE if job.name in names for done in _pull(government, job, at)]


def _line(government: Government, at: dt.datetime) -> Iterator[Done]:
    """The whole line; nothing but a record where the clock shows a time long before what is done: alerts would close, last week's digest go out again."""
    last = JobRun.objects.of(government).filter(state=JobRun.State.DONE).aggregate(last=Max("at"))["last"]
    if last is not None and last - at > SLACK and not settings.STAGE:  # the stage sets its clock on purpose
        error = ClockWentBack(f"the clock shows {at:%Y-%m-%d %H:%M} UTC, but work was done at {last:%Y-%m-%d %H:%M}")
        yield _fail(government, CLOCK, clock.day_of(at, government.zone).isoformat(), at, error)
        return
    for job in LINE:
        yield from _pull(government, job, at)


def _pull(government: Government, job: Job, at: dt.datetime) -> Iterator[Done]:
    try:
        occasions = _not_done(government, job, list(job.due(government, at)))
    except Exception as error:
        log.exception("%s: what is due of job %s is not known", government.code, job.name)
        yield _fail(government, job.name, f"due {clock.day_of(at, government.zone)}", at, error)
        return
    for occasion in occasions:
        try:
            counts = _run(government, job, occasion, at)
        except Exception as error:
            log.exception("%s: job %s %s failed", government.code, job.name, occasion)
            yield _fail(government, job.name, occasion, at, error)
        else:
            if counts is not None:
                yield Done(government.code, job.name, occasion, counts)


def _not_done(government: Government, job: Job, occasions: list[str]) -> list[str]:
    if not occasions:
        return []
    marked = JobRun.objects.of(government).filter(job=job.name, occasion__in=occasions, state=JobRun.State.DONE)
    done = set(marked.values_list("occasion", flat=True))
    return [occasion for occasion in occasions if occasion not in done]


def _run(government: Government, job: Job, occasion: str, at: dt.datetime) -> Counts | None:
    """Runs one job and marks it done; None where another tick has done it first."""
    with transaction.atomic() if job.whole else nullcontext():
        if job.whole and not _mark(government, job, occasion, at):
            return None
        counts = job.run(government, occasion, at)
        if not job.whole:
            _mark(government, job, occasion, at)
        JobRun.objects.of(government).filter(job=job.name, occasion=occasion).update(counts=counts)
    return counts


def _mark(government: Government, job: Job, occasion: str, at: dt.datetime) -> bool:
    """Marks a job done; whether this call did. On PostgreSQL a second tick waits here for the first one's transaction."""
    try:
        with transaction.atomic():
            JobRun.objects.create(government=government, job=job.name, occasion=occasion, state=JobRun.State.DONE, at=at)
    except IntegrityError:
        failed = JobRun.objects.of(government).filter(job=job.name, occasion=occasion, state=JobRun.State.FAILED)
        return failed.update(state=JobRun.State.DONE, at=at, error="") == 1
    return True


def _fail(government: Government, job: str, occasion: str, at: dt.datetime, error: Exception) -> Done:
    """Records a failed job with its error and how often it was tried."""
    government.refresh_from_db()
    words = f"{type(error).__name__}: {error}"
    with transaction.atomic():
        row, _made = JobRun.objects.get_or_create(government=government, job=job, occasion=occasion, defaults={"state": JobRun.State.FAILED, "at": at})
        counts = {"attempts": row.counts.get("attempts", 0) + 1}
        JobRun.objects.filter(pk=row.pk, state=JobRun.State.FAILED).update(at=at, error=words, counts=counts)
    return Done(government.code, job, occasion, counts, words)
