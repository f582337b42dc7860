"""Deadlines end at 24:00 of the government's zone, whatever zone the machine is in."""

import datetime as dt

import pytest

from people import clock
from people.models import StagedTime

UTC = dt.UTC


@pytest.mark.parametrize("machine", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_a_deadline_ends_at_midnight_of_the_zone(monkeypatch, machine):
    import time

    monkeypatch.setenv("TZ", machine)
    time.tzset()
    try:
        assert clock.end_of(dt.date(2022, 10, 17), "Asia/Shanghai") == dt.datetime(2022, 10, 17, 16, 0, tzinfo=UTC)
        assert clock.day_of(dt.datetime(2022, 10, 17, 16, 0, tzinfo=UTC), "Asia/Shanghai") == dt.date(2022, 10, 18)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_hour_ends_a_deadline_earlier():
    assert clock.end_of(dt.date(2022, 10, 17), "Asia/Shanghai", dt.time(18)) == dt.datetime(2022, 10, 17, 10, 0, tzinfo=UTC)


def test_the_stage_shows_its_time_plus_what_passed_but_never_past_2359():
    staged = StagedTime(shown_at=dt.datetime(2022, 10, 17, 6, 30, tzinfo=UTC), set_at=dt.datetime(2026, 1, 1, tzinfo=UTC))
    assert staged.shown(dt.datetime(2026, 1, 1, 0, 5, tzinfo=UTC)) == dt.datetime(2022, 10, 17, 6, 35, tzinfo=UTC)
    assert staged.shown(dt.datetime(2026, 1, 9, tzinfo=UTC)) == dt.datetime(2022, 10, 17, 15, 59, tzinfo=UTC)


@pytest.mark.django_db
def test_off_the_stage_a_stored_time_changes_nothing(settings):
    StagedTime.objects.create(shown_at=dt.datetime(2022, 10, 17, tzinfo=UTC), set_at=clock.machine_now())
    assert clock.now().year >= 2024
    settings.STAGE = True
    assert clock.now().date() == dt.date(2022, 10, 17)
