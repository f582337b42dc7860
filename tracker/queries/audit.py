"""The audit trail as it is read: the latest entry first, what each says, and whether the chain holds."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from people import audit as chain
from people import clock
from people.access import Person
from people.models import AuditEntry
from tracker.audit_words import Told, told

FIELDS = ("position", "at", "actor__name", "verb", "subject", "body", "hash")
ALWAYS_UP_TO = 2000  # entries; a longer chain is walked when it is asked for


@dataclass(frozen=True)
class EntryRow:
    position: int
    at: dt.datetime
    actor: str
    verb: str
    subject: str
    facts: list[Told]
    hash: str


@dataclass(frozen=True)
class Chain:
    """The state of the chain. `walked`: whether it was gone through now; `broken`: the first position that does not follow."""

    length: int
    walked: bool
    broken: int | None


def entries(person: Person) -> QuerySet[AuditEntry]:
    """Every entry of the own government, the latest first."""
    return AuditEntry.objects.visible_to(person).order_by("-position")


def verbs(person: Person) -> list[str]:
    """The verbs that stand in the trail. 1 statement."""
    return list(AuditEntry.objects.visible_to(person).order_by("verb").values_list("verb", flat=True).distinct())


def on_day(found: QuerySet[AuditEntry], first: dt.date | None, last: dt.date | None, zone: str) -> QuerySet[AuditEntry]:
    """Of the days from first to last, in the government's zone."""
    if first:
        found = found.filter(at__gte=clock.start_of(first, zone))
    return found.filter(at__lt=clock.end_of(last, zone)) if last else found


def row(found: Mapping[str, Any]) -> EntryRow:
    """An entry, with its facts in words."""
    facts = json.loads(found["body"]).get("facts") or {}
    return EntryRow(found["position"], found["at"], found["actor__name"] or "", found["verb"], found["subject"], told(facts), found["hash"])


def chain_of(person: Person, asked: bool) -> Chain:
    """Walks the chain where it is short or where that is asked for. 2 statements."""
    length = AuditEntry.objects.visible_to(person).count()
    walk = asked or length <= ALWAYS_UP_TO
    return Chain(length, walk, chain.broken_at(person.user.government) if walk else None)
