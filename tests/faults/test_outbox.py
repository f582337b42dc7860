"""Whoever is killed while he hands over mails: no mail comes twice, none is lost in silence. Each test has a twin that does it wrong."""

import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from people import mail
from tests import cast
from tests.faults.killing import AT, Journal, State, at_once, killed_after, killed_at, leases_run_out, put, settle
from tracker import outbox
from tracker.models import Message

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = ["outbox.after_claim", "outbox.after_handing", "mail.before_bytes", "mail.after_bytes", "outbox.after_bytes"]
SHORT, LONG = 6, 30
MAILS = 8  # a round


def states() -> list[str]:
    return sorted(set(Message.objects.values_list("state", flat=True)))


# killed at a place --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_any_place_each_mail_arrives_once(journal: Journal, place: str) -> None:
    city = cast.city()
    ids = put(city, 3)
    killed_at(place, lambda: outbox.hand_over(city.government, AT))
    time.sleep(0.1)
    assert journal.taken == (ids[:1] if place in ("mail.after_bytes", "outbox.after_bytes") else [])
    leases_run_out()
    outbox.hand_over(city.government, AT)
    in_doubt = list(Message.objects.filter(state=State.DOUBT).values_list("message_id", flat=True))
    assert in_doubt == ([] if place == "outbox.after_claim" else ids[:1])  # held and shown, never sent again on a guess
    settle(city, journal)
    assert sorted(journal.taken) == sorted(ids)
    assert states() == [State.SENT]


def test_twin_that_sends_again_on_a_guess_sends_twice(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Claim and lease, the usual pattern: what a dead process held is taken for not sent."""
    city = cast.city()
    ids = put(city, 3)
    killed_at("mail.after_bytes", lambda: outbox.hand_over(city.government, AT))
    monkeypatch.setattr(mail, "was_taken", lambda message_id: False)
    settle(city, journal)
    assert journal.copies == ids[:1]


def sends_then_marks(message: Message) -> None:
    _send(message)
    Message.objects.filter(pk=message.pk).update(state=State.SENT)


def marks_then_sends(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(state=State.SENT)
    _send(message)


def _send(message: Message) -> None:
    mail.send(to=message.recipient.email, subject=message.subject, text=message.text, html="", message_id=message.message_id)


def hands_over(one: Callable[[Message], None]) -> None:
    for message in Message.objects.filter(state=State.READY).order_by("pk"):
        one(message)


def test_twin_that_sends_and_then_marks_sends_twice(journal: Journal) -> None:
    ids = put(cast.city(), 3)
    killed_at("mail.after_bytes", lambda: hands_over(sends_then_marks))
    hands_over(sends_then_marks)
    assert journal.copies == ids[:1]


def test_twin_that_marks_and_then_sends_loses(journal: Journal) -> None:
    ids = put(cast.city(), 3)
    killed_at("mail.before_bytes", lambda: hands_over(marks_then_sends))
    hands_over(marks_then_sends)
    assert journal.taken == ids[1:]
    assert states() == [State.SENT]


# killed at random ---------------------------------------------------------------------------------------------------------


def rounds(city: cast.City, journal: Journal, number: int) -> list[str]:
    """Workers killed at a random moment, one after the other; then one that is not. Returns what was to be sent."""
    dice, ids, killed = random.Random(20221017), [], 0
    for n in range(number):
        ids += put(city, MAILS, week=f"{n}")
        killed += killed_after(dice.uniform(0.02, 0.15), lambda: outbox.hand_over(city.government, AT))
        leases_run_out()
    assert killed > number / 2
    settle(city, journal)
    return ids


@pytest.mark.parametrize("number", [SHORT, pytest.param(LONG, marks=pytest.mark.faults)])
def test_killed_at_random_no_mail_comes_twice_and_none_is_lost(journal: Journal, number: int) -> None:
    ids = rounds(cast.city(), journal, number)
    assert journal.copies == []
    assert sorted(journal.taken) == sorted(ids)
    assert states() == [State.SENT]


@pytest.mark.faults
def test_twin_killed_at_random_that_guesses_sends_twice(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "was_taken", lambda message_id: False)
    rounds(cast.city(), journal, LONG)
    assert journal.copies != []


# two at once --------------------------------------------------------------------------------------------------------------


def test_two_workers_at_once_hand_over_each_mail_once(journal: Journal) -> None:
    city = cast.city()
    ids = put(city, 12)

    def worker(gate: Callable[[], None]) -> None:
        gate()
        outbox.hand_over(city.government, AT)

    assert at_once(worker, worker) == [0, 0]
    assert sorted(journal.taken) == sorted(ids)
    assert states() == [State.SENT]


def test_twin_without_a_claim_hands_over_twice(journal: Journal) -> None:
    city = cast.city()
    ids = put(city, 3)

    def worker(gate: Callable[[], None]) -> None:
        found = list(Message.objects.filter(state=State.READY).select_related("recipient"))
        gate()
        for message in found:
            sends_then_marks(message)

    assert at_once(worker, worker) == [0, 0]
    assert journal.copies == sorted(ids)


# paused, not dead -----------------------------------------------------------------------------------------------------------


def paused_until_another_has_done_it(monkeypatch: pytest.MonkeyPatch, city: cast.City) -> None:
    """A worker that has claimed sleeps for longer than its lease; another does its work; then it wakes and goes on."""
    slept: list[str] = []

    def point(name: str) -> None:
        if name == "outbox.after_claim" and not slept:
            slept.append(name)
            leases_run_out()
            outbox.hand_over(city.government, AT)

    monkeypatch.setattr(outbox, "point", point)
    outbox.hand_over(city.government, AT)
    assert slept == ["outbox.after_claim"]


def test_worker_that_wakes_after_its_lease_sends_nothing(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    city = cast.city()
    ids = put(city, 1)
    paused_until_another_has_done_it(monkeypatch, city)
    assert journal.taken == ids
    assert states() == [State.SENT]


def test_twin_without_the_fence_sends_twice(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def moves(message: Message, old: str, new: str, **fields: Any) -> str:
        return new if Message.objects.filter(pk=message.pk).update(state=new, **fields) else ""

    monkeypatch.setattr(outbox, "_move", moves)
    city = cast.city()
    ids = put(city, 1)
    paused_until_another_has_done_it(monkeypatch, city)
    assert journal.copies == ids
