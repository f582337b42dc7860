"""A roll-up that is killed, at every named place and at any instant, leaves the old standings in place; readers meanwhile never see a half."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from people import failpoints
from people.models import Government
from people.workdays import seed_workdays
from tests import cast
from tests.faults.killing import born, ended, killed_after, killed_at
from tests.tracker.answers import answer
from tracker import rollup, storing
from tracker.models import Board, Period, Run, Standing

pytestmark = pytest.mark.django_db(transaction=True)

PLACES = ("rollup.after_gathering", "rollup.after_ending", "rollup.after_writing", "rollup.before_pointer", "rollup.after_pointer")
DAYS = ("2022-05-01", "2022-07-18", "2022-08-20", "2022-10-20", "2023-01-20")
ITEMS = 15
SHORT, LONG = 4, 60

Seen = tuple[tuple[str, str, str, str], ...]


def town() -> cast.City:
    """Items whose lights turn from day to day."""
    seed_workdays([2021, 2022, 2023])
    city = cast.city(plan=cast.body([cast.item(f"{n:02d}", f"事项{n}", goal=["一、工业", f"（{n % 3}）"]) for n in range(ITEMS)]))
    for n in range(ITEMS):
        for number, quarter in enumerate(("2022Q1", "2022Q2", "2022Q3"), start=1):
            if n % 5 != number:
                answer(city, f"{n:02d}", quarter, str(number * (300 + 20 * n) % 2400))
    return city


def seen_by_readers() -> tuple[int, Seen]:
    """What a page reads: the pointer once, then the standings of that run."""
    number = Government.objects.values_list("run", flat=True).get()
    rows = Standing.objects.at(number).values_list("subject", "light", "gap", "counts")
    return number, tuple(sorted((subject, light, str(gap), str(sorted(counts.items()))) for subject, light, gap, counts in rows))


def take(city: cast.City, day: str) -> None:
    rollup.take(Government.objects.get(pk=city.government.pk), cast.noon(day))


def wholes(city: cast.City) -> dict[str, Seen]:
    """By day what an undisturbed roll-up of that day shows."""
    found = {}
    for day in DAYS:
        judged = rollup.look_at(city.government, cast.noon(day))
        found[day] = tuple(sorted((j.subject, j.light, str(j.gap), str(sorted(j.counts.items()))) for j in judged))
    return found


def test_a_roll_up_killed_at_any_named_place_leaves_the_old_standings_and_the_next_completes_it() -> None:
    city = town()
    whole = wholes(city)
    take(city, DAYS[0])
    before = seen_by_readers()
    assert before == (1, whole[DAYS[0]])
    for place in PLACES:
        killed_at(place, lambda: take(city, DAYS[1]))
        assert (place, *seen_by_readers()) == (place, *before)
        assert [Run.objects.count(), Board.objects.count(), Standing.objects.exclude(until_run=None).count()] == [1, 1, 0]
    take(city, DAYS[1])
    assert seen_by_readers() == (2, whole[DAYS[1]])


@pytest.mark.faults
def test_a_closing_killed_at_any_named_place_leaves_neither_of_its_two_runs() -> None:
    city = town()
    take(city, DAYS[0])
    before, period = seen_by_readers(), Period.objects.get(year=2022, number=2)
    for place in PLACES:
        killed_at(place, lambda: rollup.close(Government.objects.get(), period, period.due_at, cast.noon(DAYS[1])))
        assert (seen_by_readers(), Run.objects.count()) == (before, 1)
    rollup.close(Government.objects.get(), period, period.due_at, cast.noon(DAYS[1]))
    assert (seen_by_readers()[0], Run.objects.get(closes=period).number) == (3, 2)


def killed_at_random(number: int) -> list[str]:
    """Roll-ups that are killed at any instant while a reader reads; returns what he saw that was no whole."""
    city, dice = town(), random.Random(11)
    whole = wholes(city)
    take(city, DAYS[0])
    day = 0
    took = _seconds(lambda: take(city, DAYS[0]))
    with reader(whole) as strange:
        for _ in range(number):
            day = (day + 1) % len(DAYS)
            killed_after(dice.uniform(0, took * 1.2), lambda day=day: take(city, DAYS[day]))  # type: ignore[misc]
        take(city, DAYS[day])
    assert seen_by_readers()[1] == whole[DAYS[day]]
    assert list(Run.objects.order_by("number").values_list("number", flat=True)) == list(range(1, Government.objects.get().run + 1))
    return strange


def test_roll_ups_killed_at_random_are_never_seen_by_half() -> None:
    assert killed_at_random(SHORT) == []


@pytest.mark.faults
def test_roll_ups_killed_sixty_times_are_never_seen_by_half() -> None:
    assert killed_at_random(LONG) == []


class reader:  # noqa: N801  reads like a word
    """A process that reads as pages do, as fast as it can, until the end; what it saw that is no whole."""

    def __init__(self, whole: dict[str, Seen]) -> None:
        self.whole, self.strange = set(whole.values()), []  # type: ignore[var-annotated]

    def __enter__(self) -> list[str]:
        self.told, self.tells = os.pipe()
        self.stop = Path(f"/tmp/xushi-reader-{os.getpid()}-{time.monotonic_ns()}")
        self.pid = born(self._read)
        return self.strange

    def __exit__(self, *_error: object) -> None:
        self.stop.touch()
        assert ended(self.pid) == 0
        os.close(self.tells)
        with os.fdopen(self.told) as told:
            reads, *lines = told.read().splitlines()
        self.stop.unlink()
        assert int(reads) > 3
        self.strange.extend(lines)

    def _read(self) -> None:
        reads, strange = 0, []
        while not self.stop.exists():
            number, seen = seen_by_readers()
            reads += 1
            if seen not in self.whole:
                strange.append(f"run {number}: {len(seen)} standings")
        connections.close_all()
        os.write(self.tells, "\n".join([str(reads), *strange[:50]]).encode())


def _seconds(deed: Callable[[], object]) -> float:
    began = time.monotonic()
    deed()
    return time.monotonic() - began


# twins: with the pointer moved first the same tests turn red ------------------------------------------------------------------


def moving_the_pointer_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A roll-up without its one transaction, that shows its number before it has written anything."""
    monkeypatch.setattr(rollup, "transaction", _NoTransaction)
    whole = storing.store

    def store(government: Government, number: int, *judged: Any, **only: Any) -> int:
        Government.objects.filter(pk=government.pk).update(run=number)
        failpoints.point("twin.after_pointer")
        written = whole(government, number, *judged, **only)
        Government.objects.filter(pk=government.pk).update(run=number - 1)  # the move at the end, which still comes, finds what it looks for
        return written

    monkeypatch.setattr(storing, "store", store)


class _NoTransaction:
    class atomic:  # noqa: N801  stands in for the name
        def __enter__(self) -> None: ...
        def __exit__(self, *_error: object) -> None: ...


def test_twin_that_moves_the_pointer_first_is_seen_by_half_when_it_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    city = town()
    whole = wholes(city)
    take(city, DAYS[0])
    moving_the_pointer_first(monkeypatch)
    killed_at("rollup.after_ending", lambda: take(city, DAYS[1]))
    number, seen = seen_by_readers()
    assert number == 2
    assert seen not in whole.values()


@pytest.mark.faults
def test_twin_that_moves_the_pointer_first_is_seen_by_half_by_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    city = town()
    whole = wholes(city)
    take(city, DAYS[0])
    moving_the_pointer_first(monkeypatch)
    monkeypatch.setattr(failpoints, "point", lambda name: time.sleep(0.3) if name == "rollup.after_ending" else None)
    with reader(whole) as strange:
        assert ended(born(lambda: take(city, DAYS[1]))) == 0
    assert strange != []
