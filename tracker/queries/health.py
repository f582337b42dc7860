"""How the installation runs: when each job last did its work, what failed, whether mails go out, whether the locks stand. 5 statements."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from people import locks
from people.access import Person
from tracker import installation
from tracker.models import JobRun, Message

MOST = 10


@dataclass(frozen=True)
class JobRow:
    job: str
    last: dt.datetime | None  # the last time that it was done
    done: int
    failed: int


@dataclass(frozen=True)
class Health:
    jobs: list[JobRow]
    failures: list[JobRun]
    confirmed: bool
    held: int  # mails ready, and held back where not confirmed
    doubts: int
    locks: int
    locks_due: int
    last: dt.datetime | None

    @property
    def locks_stand(self) -> bool:
        return self.locks == self.locks_due


def health(person: Person, order: list[str]) -> Health:
    """`order`: the jobs of the line, in their order."""
    runs = JobRun.objects.visible_to(person)
    done, failed = Q(state=JobRun.State.DONE), Q(state=JobRun.State.FAILED)
    found = {
        row["job"]: JobRow(row["job"], row["last"], row["n"], row["failed"])
        for row in runs.order_by().values("job").annotate(last=Max("at", filter=done), n=Count("pk", filter=done), failed=Count("pk", filter=failed))
    }
    mails = Message.objects.of(person.government_id).aggregate(
        ready=Count("pk", filter=Q(state=Message.State.READY)), doubts=Count("pk", filter=Q(state=Message.State.DOUBT))
    )
    jobs = [found.pop(name, JobRow(name, None, 0, 0)) for name in order] + list(found.values())
    return Health(
        jobs, list(runs.filter(failed).order_by("-at", "-pk")[:MOST]), not installation.held_back(), mails["ready"], mails["doubts"],
        locks.count(), locks.expected(), max((job.last for job in jobs if job.last), default=None),
    )  # fmt: skip
