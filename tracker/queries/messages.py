"""Messages: what went out to whom and when; and what the last digests came to. A fixed number of statements."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from people.access import Person
from people.models import Role
from tracker.models import JobRun, Message

SEES_ALL = (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)
DIGEST = "digest"  # the job's name in jobs.LINE
FIELDS = ("pk", "kind", "occasion", "state", "subject", "made_at", "sent_at", "error", "recipient__name", "recipient__department__name",
          "recipient__department__name_en", "recipient__department__short")  # fmt: skip


@dataclass(frozen=True)
class DigestRun:
    """A week's digest: when, how many messages, how many items were checked; or why it failed."""

    week: str
    at: dt.datetime
    messages: int
    checked: int
    error: str

    @property
    def ran(self) -> bool:
        return not self.error


def messages(person: Person) -> QuerySet[Message]:
    """One's own, or all for whom they are there to see; the latest first."""
    return Message.objects.visible_to(person).order_by("-made_at", "-pk")


def sees_all(person: Person) -> bool:
    return person.has(*SEES_ALL)


def chip_counts(found: QuerySet[Message]) -> dict[str, dict[str, int]]:
    """How many there are in each state. 1 statement."""
    return {"state": dict(found.order_by().values_list("state").annotate(n=Count("pk")))}


def digest_runs(person: Person, most: int = 20) -> list[DigestRun]:
    """The records of the last digests, the latest first. 1 statement."""
    found = JobRun.objects.visible_to(person).filter(job=DIGEST).order_by("-at", "-pk")[:most]
    return [
        DigestRun(row.occasion, row.at, _count(row, "messages"), _count(row, "checked"), row.error if row.state == JobRun.State.FAILED else "") for row in found
    ]


def _count(row: JobRun, name: str) -> int:
    value: Any = row.counts.get(name)
    return value if isinstance(value, int) else 0


def message(person: Person, pk: int) -> Message | None:
    """One message, for whom it is there to see. 1 statement."""
    return Message.objects.visible_to(person).select_related("recipient__department").filter(pk=pk).first()
