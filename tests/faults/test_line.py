"""The whole line: ticks that are killed, or run twice at once, leave what one undisturbed tick would have left."""

import random
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError

from people.models import Government
from people.workdays import seed_workdays
from tests import cast
from tests.faults.killing import AT, Journal, State, at_once, killed_after, killed_at, leases_run_out, settle
from tests.tracker.stand import owe
from tracker import jobs, rollup
from tracker.models import Alert, JobRun, Message, Run, Standing

pytestmark = pytest.mark.django_db(transaction=True)
SHORT, LONG = 4, 30


def town() -> cast.City:
    """A city on a Monday morning: what was due is late, so there is something to roll up, to alert, to tell and to mail."""
    seed_workdays([2022])
    city = cast.city()
    for code in ("m-1-01", "cloud", "m-2-01"):
        owe(city, code, "2022-07-15", end="2022-06-30")
    return city


def left() -> dict[str, Any]:
    """What the line leaves, without the times and keys of its making."""
    return {
        "jobs": sorted(JobRun.objects.exclude(job="mail").exclude(job="alerts").values_list("job", "occasion", "state")),
        "standings": sorted(Standing.objects.filter(until_run=None).values_list("subject", "light")),
        "alerts": sorted(Alert.objects.filter(closed_at=None).values_list("rule", "subject", "occasion", "rung")),
        "messages": sorted(Message.objects.values_list("recipient__login", "kind", "occasion", "state")),
    }


def undisturbed(city: cast.City) -> dict[str, Any]:
    """What is left once a tick finds nothing to do."""
    for _ in range(5):
        leases_run_out()
        if not jobs.tick(AT):
            break
    return left()


def test_ticks_killed_at_random_leave_what_one_tick_leaves(journal: Journal) -> None:
    killed_line(journal, SHORT)


@pytest.mark.faults
def test_ticks_killed_thirty_times_leave_what_one_tick_leaves(journal: Journal) -> None:
    killed_line(journal, LONG)


def killed_line(journal: Journal, number: int) -> None:
    city, dice = town(), random.Random(17)
    for _ in range(number):
        killed_after(dice.uniform(0.02, 0.6), lambda: jobs.tick(AT))
        leases_run_out()
    undisturbed(city)
    settle(city, journal)
    messages = list(Message.objects.values_list("message_id", flat=True))
    assert messages
    assert sorted(journal.taken) == sorted(messages)
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}
    assert not JobRun.objects.filter(state="failed").exists()
    numbers = list(Run.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, Government.objects.get().run + 1))
    keys = list(Alert.objects.values_list("rule", "subject", "occasion"))
    assert len(keys) == len(set(keys))


def test_two_beats_at_once_do_everything_once(journal: Journal) -> None:
    city = town()

    def beat(gate: Callable[[], None]) -> None:
        gate()
        jobs.tick(AT)

    assert at_once(beat, beat) == [0, 0]
    undisturbed(city)
    assert journal.copies == []
    assert sorted(journal.taken) == sorted(Message.objects.values_list("message_id", flat=True))
    assert not JobRun.objects.filter(state="failed").exists()
    assert Run.objects.count() == Government.objects.get().run


def test_two_beats_leave_what_one_leaves(journal: Journal) -> None:
    town()
    jobs.tick(AT)
    once = left()
    jobs.tick(AT)
    assert left() == once


# the roll-up ----------------------------------------------------------------------------------------------------------------


def seen_by_readers() -> tuple[int, list[tuple[str, str]]]:
    run = Government.objects.get().run
    return run, sorted(Standing.objects.at(run).values_list("subject", "light"))


def test_roll_up_killed_in_the_middle_leaves_the_old_run_whole() -> None:
    city = town()
    rollup.take(city.government, cast.noon("2022-03-01"))
    before = seen_by_readers()
    killed_at("rollup.before_pointer", lambda: rollup.take(city.government, AT))
    assert seen_by_readers() == before
    assert [Run.objects.count(), Standing.objects.exclude(until_run=None).count()] == [1, 0]
    rollup.take(city.government, AT)
    assert seen_by_readers()[0] == 2
    assert seen_by_readers()[1] != before[1]


def test_twin_without_the_transaction_leaves_a_half_that_blocks_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    city = town()
    rollup.take(city.government, cast.noon("2022-03-01"))
    monkeypatch.setattr(rollup, "transaction", SimpleNamespace(atomic=nullcontext))
    killed_at("rollup.before_pointer", lambda: rollup.take(city.government, AT))
    assert Run.objects.count() == 2
    assert Government.objects.get().run == 1
    with pytest.raises(IntegrityError):
        rollup.take(city.government, AT)


def test_twin_that_moves_the_pointer_first_shows_a_half() -> None:
    """Why the pointer is moved last: a reader of the next number, before it is written, sees old rows under a new name."""
    city = town()
    rollup.take(city.government, cast.noon("2022-03-01"))
    before = seen_by_readers()
    Government.objects.update(run=2)
    assert seen_by_readers() == (2, before[1])
