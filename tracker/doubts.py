"""What an operator says of a mail that nobody can be sure of, or that was refused; written into the audit trail."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from people import audit
from people.access import Person
from people.models import Role
from tracker import outbox
from tracker.models import Message

SETTLERS = (Role.SUPERVISOR, Role.ADMINISTRATOR)
ARRIVED, RESEND = "arrived", "resend"


class Settled(Exception):
    """It is neither in doubt nor failed any more."""


def may_settle(message: Message, by: Person) -> bool:
    """Supervisors and administrators, of a message in doubt or failed."""
    return by.has(*SETTLERS) and by.government_id == message.government_id and message.state in (Message.State.DOUBT, Message.State.FAILED)


def settle(message: Message, by: Person, at: dt.datetime, said: str) -> None:
    """Says that a doubtful message arrived, or sends it, or a failed one, again.

    Raises: PermissionDenied; ValueError for anything else said; Settled.
    """
    if not by.has(*SETTLERS) or by.government_id != message.government_id:
        raise PermissionDenied
    if said not in (ARRIVED, RESEND):
        raise ValueError(said)
    with transaction.atomic():
        done = outbox.resolve(message, arrived=said == ARRIVED) or (said == RESEND and outbox.again(message))
        if not done:
            raise Settled
        now = Message.objects.values_list("state", flat=True).get(pk=message.pk)
        facts = {"to": message.recipient.login, "title": message.subject, "before": {"state": message.state}, "after": {"state": now}}
        audit.record(message.government_id, actor=by.user, verb=f"message.{said}", subject=f"message:{message.pk}", at=at, facts=facts)
