"""Alerts: who gets one as it grows old, who may note it; and that sweeping again, or twice at once, does no harm."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from people.models import AuditEntry
from people.workdays import Calendar, seed_workdays
from tests import cast
from tests.tracker.stand import at_once, owe, roll, shown, sweep
from tracker import alerts
from tracker.models import Alert, Duty
from tracker.turns import Refused

pytestmark = pytest.mark.django_db
Rule, Rung = Alert.Rule, Alert.Rung


@pytest.fixture
def city() -> cast.City:
    seed_workdays([2022])
    return cast.city()


# the ladder -----------------------------------------------------------------------------------------------------------


def test_ladder_has_a_row_for_every_rule_and_rises():
    assert set(alerts.LADDER) == set(Rule)
    for steps in alerts.LADDER.values():
        days = [d for d in steps if d is not None]
        assert days == sorted(days)


@pytest.mark.parametrize(("day", "rung"), [("2022-10-10", 0), ("2022-10-14", 0), ("2022-10-17", 1), ("2022-10-24", 2), ("2022-11-07", 3)])
def test_lagging_climbs_after_5_10_and_20_working_days(day, rung):
    assert alerts.rung_of(Rule.LAGGING, dt.date(2022, 10, 10), Calendar(), dt.date.fromisoformat(day)) == rung


def test_rung_never_goes_down_and_the_alert_follows_its_department(city):
    roll(city, {"1-01": "red"}, "2022-10-11")
    sweep(city, "2022-10-11")
    Alert.objects.update(rung=Rung.LEADER, department=city.departments["tjj"])
    assert sweep(city, "2022-10-12").raised == 1
    assert shown("rung", "department__code") == [(Rung.LEADER, "gxj")]


# again, at once, and in one number of statements -----------------------------------------------------------------------


def test_sweep_is_idempotent(city):
    busy(city)
    first = sweep(city, "2022-10-18")
    before = list(Alert.objects.order_by("id").values())
    assert sweep(city, "2022-10-18") == alerts.Swept(open=first.open)
    assert list(Alert.objects.order_by("id").values()) == before


def busy(city: cast.City, codes: tuple[str, ...] = ("1-01", "1-02", "2-01")) -> None:
    roll(city, dict.fromkeys(codes, "red"), "2022-10-11")
    for code in codes:
        owe(city, city.item(code).measure.code, "2022-10-12")


@pytest.mark.parametrize("codes", [("1-01",), ("1-01", "1-02", "2-01")])
def test_sweep_takes_a_fixed_number_of_statements(city, codes, django_assert_num_queries):
    busy(city, codes)
    with django_assert_num_queries(17):  # with the two of the savepoint
        sweep(city, "2022-10-18")
    roll(city, dict.fromkeys(codes, "green"), "2022-10-19")
    with django_assert_num_queries(16):
        sweep(city, "2022-10-19")


def test_another_government_is_left_alone(city):
    stranger = cast.stranger_city()
    roll(stranger, {"1-01": "red"}, "2022-10-11")
    sweep(city, "2022-10-12")
    assert not Alert.objects.exists()
    sweep(stranger, "2022-10-12")
    sweep(city, "2022-10-12")
    assert Alert.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_open_each_alert_once():
    seed_workdays([2022])
    city = cast.city()
    busy(city)
    at_once(lambda: alerts.sweep(city.government, cast.noon("2022-10-18")))
    assert Alert.objects.count() == 6
    assert Alert.objects.values("rule", "subject", "occasion").distinct().count() == 6


@pytest.mark.parametrize("occasion", ["", "2022-10-12"])
def test_database_refuses_a_second_open_alert(city, occasion):
    roll(city, {"1-01": "red"}, "2022-10-11")
    sweep(city, "2022-10-11")
    Alert.objects.update(occasion=occasion)
    twin = Alert.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


# notes ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["reporter", "reviewer", "supervisor", "leader"])
def test_note_acknowledges_and_is_kept_in_the_audit_trail(city, login):
    roll(city, {"1-01": "red"}, "2022-10-11")
    sweep(city, "2022-10-11")
    alerts.note(Alert.objects.get(), city.person(login), cast.noon("2022-10-12"), " 已约谈，月底前整改 ")
    assert shown("note", "noted_by__login", "noted_at", "closed_at") == [("已约谈，月底前整改", login, cast.noon("2022-10-12"), None)]
    assert AuditEntry.objects.filter(verb="alert.noted").count() == 1


@pytest.mark.parametrize("login", ["builder", "administrator", "auditor", "steward"])
def test_note_is_refused_to_others(city, login):
    roll(city, {"1-01": "red"}, "2022-10-11")
    sweep(city, "2022-10-11")
    with pytest.raises(PermissionDenied):
        alerts.note(Alert.objects.get(), city.person(login), cast.noon("2022-10-12"), "x")


def test_note_on_what_has_closed_is_refused(city):
    roll(city, {"1-01": "red"}, "2022-10-11")
    sweep(city, "2022-10-11")
    alert = Alert.objects.get()
    Alert.objects.update(closed_at=cast.noon("2022-10-12"))
    with pytest.raises(alerts.Closed):
        alerts.note(alert, city.person("supervisor"), cast.noon("2022-10-12"), "x")
    for text in (" ", "长" * 4001):
        with pytest.raises(Refused):
            alerts.note(alert, city.person("supervisor"), cast.noon("2022-10-12"), text)
    assert not AuditEntry.objects.filter(verb="alert.noted").exists()


def test_alert_outlives_the_duty_that_is_released(city):
    duty = owe(city, "m-1-01", "2022-10-17")
    sweep(city, "2022-10-14")
    Duty.objects.filter(pk=duty.pk).delete()
    assert sweep(city, "2022-10-14") == alerts.Swept(closed=1)
    assert shown("subject", "duty") == [(f"duty:{duty.pk}", None)]
