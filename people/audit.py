"""The audit trail: one hash chain a government, written in the transaction of the deed that it records.

`hash = sha256(previous + body)`; `body` is canonical JSON text (sorted keys, no spaces), kept as text because a JSON column
re-orders keys. A tail that was cut off leaves a whole chain: only who noted the length or the head elsewhere sees it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from people.models import AuditEntry, Government, User

FIRST = "0" * 64


def digest(previous: str, body: str) -> str:
    return hashlib.sha256((previous + body).encode()).hexdigest()


@dataclass(frozen=True)
class Fact:
    """What an entry tells: who did what to what, and when."""

    actor: User | None
    verb: str
    subject: str
    at: dt.datetime
    facts: dict[str, Any] = field(default_factory=dict)


def record(government: Government | int, *, actor: User | None, verb: str, subject: str, at: dt.datetime, facts: dict[str, Any] | None = None) -> AuditEntry:
    """Appends an entry. Must run inside the deed's transaction; the chain's order is the position.

    Raises: RuntimeError outside a transaction; IntegrityError where two writers took one position (the deed is retried).
    """
    return record_many(government, [Fact(actor, verb, subject, at, facts or {})])[0]


def record_many(government: Government | int, told: Iterable[Fact]) -> list[AuditEntry]:
    """Appends entries in their order; the same rules as `record`. 3 statements."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record belongs into the transaction of its deed")
    key = government if isinstance(government, int) else government.pk
    Government.objects.select_for_update().filter(pk=key).values_list("pk").get()  # one writer a chain (SQLite: IMMEDIATE)
    last = AuditEntry.objects.filter(government_id=key).order_by("-position").values_list("position", "hash").first()
    position, previous = last or (0, FIRST)
    entries = []
    for fact in told:
        position += 1
        entries.append(_entry(key, position, previous, fact))
        previous = entries[-1].hash
    return AuditEntry.objects.bulk_create(entries)


def _entry(government: int, position: int, previous: str, fact: Fact) -> AuditEntry:
    body = json.dumps(
        {"actor": fact.actor.login if fact.actor else "", "at": fact.at.isoformat(), "facts": fact.facts, "position": position, "subject": fact.subject, "verb": fact.verb},
        ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str,
    )  # fmt: skip
    return AuditEntry(
        government_id=government, position=position, at=fact.at, actor=fact.actor, verb=fact.verb, subject=fact.subject,
        body=body, previous=previous, hash=digest(previous, body),
    )  # fmt: skip


def broken_at(government: Government) -> int | None:
    """The position of the first entry that does not follow from the one before; None where the chain holds."""
    previous, expected = FIRST, 1
    for position, before, body, own in (
        AuditEntry.objects.filter(government=government).order_by("position").values_list("position", "previous", "body", "hash")
    ):
        if position != expected or before != previous or digest(previous, body) != own:
            return expected
        previous, expected = own, expected + 1
    return None
