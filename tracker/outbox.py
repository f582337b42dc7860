"""digest → mail: hands over what is ready, once each.

A message is claimed (one conditional UPDATE), its recipient and his rights are looked up again, the state `handing` is
committed just before the bytes go out, and `sent` just after. A process that dies in between leaves `handing`: once its
lease has run out the folder is asked by Message-ID; a relay cannot be asked, so the message is held as a doubt and shown.
Every write after the claim is fenced by owner and attempt. Leases run on the machine's clock, which the stage does not move.
"""

import datetime as dt
import os
import secrets
import socket
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import F, Q

from people import clock, mail
from people.deeds import person_of
from people.failpoints import point
from people.models import Government, User
from tracker import installation
from tracker.models import Message

LEASE = dt.timedelta(minutes=15)  # longer than a relay's idle time-out: a paused worker finds its connection gone
WAITS = (1, 5, 30, 120)  # minutes before the 2nd, 3rd … attempt: a relay that is down for an hour loses nothing
ATTEMPTS = len(WAITS) + 1
State = Message.State


@dataclass(frozen=True)
class HandedOver:
    """What one call did."""

    sent: int = 0
    failed: int = 0
    doubtful: int = 0
    dropped: int = 0
    held_back: int = 0


def message_id(recipient: User, channel: str, kind: str, occasion: str, installed: str = "") -> str:
    """The Message-ID of a message, the same whenever it is made again. `installed`: the installation's key, where it is at hand."""
    key = f"{installed or installation.key()}:{recipient.pk}:{channel}:{kind}:{occasion}"
    return f"<{sha256(key.encode()).hexdigest()[:32]}@xushi>"


def hand_over(government: Government, at: dt.datetime) -> HandedOver:
    """Hands over every ready message of a government; nothing from a copied database until an operator confirms it."""
    ready = Message.objects.of(government).filter(_has_waited(), state=State.READY)
    if not installation.may_send():
        return HandedOver(held_back=ready.count())
    recovered = recover(government)
    keys = list(ready.order_by("id").values_list("pk", flat=True))
    if keys:
        installation.count_on()
    outcomes = [_hand_over(pk, at) for pk in keys]
    count = lambda state: sum(o == state for o in outcomes)  # noqa: E731
    return HandedOver(count(State.SENT), count(State.FAILED), count(State.DOUBT) + recovered, count(State.DROPPED))


def has_work(government: Government) -> bool:
    """Whether anything is ready, or was left by a process that may be dead. 1 statement."""
    left = Q(state__in=(State.CLAIMED, State.HANDING), claimed_at__lt=clock.machine_now() - LEASE)
    return Message.objects.of(government).filter(Q(_has_waited(), state=State.READY) | left).exists()


def _has_waited() -> Q:
    """Never tried, or long enough ago for the next attempt."""
    now = clock.machine_now()
    waited = Q(attempt=0)
    for attempt, minutes in enumerate(WAITS, start=1):
        waited |= Q(attempt=attempt, claimed_at__lt=now - dt.timedelta(minutes=minutes))
    return waited | Q(attempt__gte=ATTEMPTS)


def recover(government: Government) -> int:
    """Takes up what a dead process left. Returns how many messages had to be set aside as doubtful."""
    stale = Message.objects.of(government).filter(claimed_at__lt=clock.machine_now() - LEASE)
    stale.filter(state=State.CLAIMED).update(state=State.READY, owner="")
    doubtful = 0
    for message in stale.filter(state=State.HANDING):
        taken = mail.was_taken(message.message_id)
        new = {True: State.SENT, False: State.READY, None: State.DOUBT}[taken]
        mine = Message.objects.filter(pk=message.pk, state=State.HANDING, owner=message.owner, attempt=message.attempt)
        moved = mine.update(state=new, owner="", error="" if taken is not None else "the process ended while the mail was under way")
        doubtful += moved if new == State.DOUBT else 0
    return doubtful


def resolve(message: Message, *, arrived: bool) -> bool:
    """An operator says of a doubtful message whether it arrived; if not, it goes out again. False where it was no doubt any more."""
    new = State.SENT if arrived else State.READY
    return Message.objects.filter(pk=message.pk, state=State.DOUBT).update(state=new, owner="", error="") == 1


def again(message: Message) -> bool:
    """An operator sends a failed message again, with all its attempts before it. False where it has not failed."""
    return Message.objects.filter(pk=message.pk, state=State.FAILED).update(state=State.READY, attempt=0, owner="", error="") == 1


def _hand_over(pk: int, at: dt.datetime) -> str:
    """One message, from ready to its end. Returns the state it left, or '' where another process has it."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:60]
    claim = {"state": State.CLAIMED, "owner": owner, "attempt": F("attempt") + 1, "claimed_at": clock.machine_now()}
    if Message.objects.filter(pk=pk, state=State.READY).update(**claim) != 1:
        return ""
    point("outbox.after_claim")
    message = Message.objects.select_related("recipient__government").get(pk=pk)
    if not _may_receive(message.recipient, at):
        return _move(message, State.CLAIMED, State.DROPPED, error="the recipient has no address or no role any more")
    if not _move(message, State.CLAIMED, State.HANDING, handed_at=at):
        return ""
    point("outbox.after_handing")
    try:
        mail.send(to=message.recipient.email, subject=message.subject, text=message.text, html=message.html, message_id=message.message_id)
    except mail.NotHanded as error:
        last = error.lasting or message.attempt >= ATTEMPTS
        return _move(message, State.HANDING, State.FAILED if last else State.READY, error=str(error)[:300])
    except (mail.Doubtful, ValueError) as error:
        return _move(message, State.HANDING, State.FAILED if isinstance(error, ValueError) else State.DOUBT, error=str(error)[:300])
    point("outbox.after_bytes")
    return _move(message, State.HANDING, State.SENT, sent_at=at, error="")


def _move(message: Message, old: str, new: str, **fields: object) -> str:
    """From one state to the next, fenced by owner and attempt; '' where somebody else has taken over."""
    mine = Message.objects.filter(pk=message.pk, state=old, owner=message.owner, attempt=message.attempt)
    return new if mine.update(state=new, **fields) == 1 else ""


def _may_receive(recipient: User, at: dt.datetime) -> bool:
    """Active, with an address, and holding any role on that day."""
    return recipient.is_active and bool(recipient.email) and bool(person_of(recipient, at).roles)
