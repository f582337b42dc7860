"""The causes of alerts: what opens one, when, for whom, and what closes it."""

import datetime as dt
from typing import Any

import pytest

from people.models import RoleGrant
from people.workdays import seed_workdays
from plans.models import Conflict, Target
from tests import cast
from tests.tracker.stand import owe, report, roll, shown, sweep
from tracker import alerts, causes
from tracker.models import Alert, Duty, ProgressReport, ReportEvent

pytestmark = pytest.mark.django_db
Rule, Rung = Alert.Rule, Alert.Rung


@pytest.fixture
def city() -> cast.City:
    seed_workdays([2022])
    return cast.city()


# conditions -----------------------------------------------------------------------------------------------------------


def test_lagging_opens_for_yellow_and_red_and_for_the_lead(city):
    roll(city, {"1-01": "red", "1-02": "yellow", "1-03": "green", "2-01": "blue", "2-02": "grey", "1-04": "not_due"}, "2022-10-11")
    assert sweep(city, "2022-10-12") == alerts.Swept(opened=2, open=2)
    gxj, since = city.departments["gxj"].pk, dt.date(2022, 10, 11)
    assert shown("rule", "item__code", "occasion", "department", "since", "rung") == [
        ("lagging", "1-01", "", gxj, since, Rung.REPORTER),
        ("lagging", "1-02", "", gxj, since, Rung.REPORTER),
    ]


def test_lagging_keeps_its_age_while_it_lasts_and_is_a_new_row_when_it_returns(city):
    roll(city, {"1-01": "yellow"}, "2022-10-11")
    sweep(city, "2022-10-11")
    roll(city, {"1-01": "red"}, "2022-10-12")
    assert sweep(city, "2022-10-12") == alerts.Swept(open=1)
    roll(city, {"1-01": "green"}, "2022-10-13")
    assert sweep(city, "2022-10-13") == alerts.Swept(closed=1)
    roll(city, {"1-01": "yellow"}, "2022-10-14")
    assert sweep(city, "2022-10-14") == alerts.Swept(opened=1, open=1)
    assert shown("since", "closed_at") == [(dt.date(2022, 10, 11), cast.noon("2022-10-13")), (dt.date(2022, 10, 14), None)]


def test_forecast_to_miss_opens_before_the_light_turns_and_ends_with_the_item(city):
    facts = {"forecast": {"value": "162.5", "low": None, "high": None, "miss": True}, "target": "200", "closed": False}
    roll(city, {"1-01": {"light": "green", "facts": facts}}, "2022-10-11")
    sweep(city, "2022-10-11")
    assert shown("rule", "facts") == [("will_miss", {"forecast": "162.5", "target": "200"})]
    roll(city, {"1-01": {"light": "red", "facts": {**facts, "closed": True}}}, "2022-10-12")
    sweep(city, "2022-10-12")
    assert [rule for rule, closed in shown("rule", "closed_at") if closed is None] == ["lagging"]


QUARTERS = (("2022-03-31", "2022-04-15"), ("2022-06-30", "2022-07-15"), ("2022-09-30", "2022-10-17"))


def quarters(city: cast.City, measure: str, values: list[str | None]) -> None:
    """A value, or silence, for each quarter."""
    for (end, due), value in zip(QUARTERS, values, strict=False):
        duty = owe(city, measure, due, done=due if value else None, end=end)
        if value:
            report(duty, city.user("reporter"), value, at=due)


@pytest.mark.parametrize(
    ("values", "opens"),
    [
        (["500", "500", "500"], True),
        (["500", "500", None], True),  # silence is no progress either
        (["500", None, None], True),
        (["500", "500", "501"], False),
        (["500", "600", "600"], False),
        ([None, "500", "500"], False),  # nothing before to stand still from
        (["500", "500"], False),
    ],
)
def test_stalled_needs_two_periods_without_progress(city, values, opens):
    quarters(city, "m-1-01", values)
    roll(city, {"1-01": "green"}, "2022-10-18")
    sweep(city, "2022-10-18")
    found = Alert.objects.filter(rule=Rule.STALLED).values_list("since", flat=True)
    assert list(found) == ([dt.date(2022, 10, 17)] if opens else [])


@pytest.mark.parametrize("light", ["blue", "not_due", "grey"])
def test_what_is_reached_or_not_begun_does_not_stall(city, light):
    quarters(city, "m-1-01", ["500", "500", "500"])
    roll(city, {"1-01": light}, "2022-10-18")
    sweep(city, "2022-10-18")
    assert not Alert.objects.exists()


def test_rate_that_is_held_does_not_stall(city):
    quarters(city, "jobless", ["5.2", "5.2", "5.2"])
    roll(city, {"1-04": "green"}, "2022-10-18")
    sweep(city, "2022-10-18")
    assert not Alert.objects.exists()


def test_report_under_review_is_not_taken_for_silence(city):
    quarters(city, "m-1-01", ["500", "500"])
    duty = owe(city, "m-1-01", "2022-10-17", done="2022-10-17")
    report(duty, city.user("reporter"), "700", state="endorsed", at="2022-10-17")
    roll(city, {"1-01": "yellow"}, "2022-10-18")
    sweep(city, "2022-10-18")
    assert shown("rule") == [("lagging",)]


def task(done: dict[str, str], light: str = "yellow") -> dict[str, Any]:
    steps = [("选址", "2022-03-31"), ("用地", "2022-08-31"), ("开工", "2022-12-31")]
    return {"light": light, "facts": {"steps": [{"name": n, "due": d, "weight": "1", "done": done.get(n)} for n, d in steps]}}


def test_task_stalls_where_it_lags_and_no_step_was_done_in_two_periods(city):
    for end, due in QUARTERS[1:]:
        owe(city, "task-2-02", due, done=due, end=end)
    roll(city, {"2-02": task({"选址": "2022-03-20"})}, "2022-10-18")
    sweep(city, "2022-10-18")
    assert Alert.objects.filter(rule=Rule.STALLED).count() == 1
    roll(city, {"2-02": task({"选址": "2022-04-20"})}, "2022-10-18")
    sweep(city, "2022-10-18")
    assert Alert.objects.open().filter(rule=Rule.STALLED).count() == 0


def test_unlike_definitions_are_listed_without_an_alert(city):
    one, other = Target.objects.filter(terms__item__code__in=("1-01", "1-02")).order_by("pk")
    Conflict.objects.create(government=city.government, target_a=one, target_b=other, kind="definition")
    sweep(city, "2022-10-17")
    assert shown("rule") == []


def test_open_conflict_begins_with_the_supervisor_and_closes_when_resolved(city):
    one, other = sorted(Target.objects.filter(terms__item__code__in=["1-01", "2-01"]), key=lambda t: t.pk)
    conflict = Conflict.objects.create(government=city.government, target_a=one, target_b=other, kind="hard")
    sweep(city, "2022-10-17")
    assert shown("rule", "rung", "item__code", "facts") == [("conflict", Rung.SUPERVISOR, "1-01", {"kind": "hard"})]
    Conflict.objects.filter(pk=conflict.pk).update(state="resolved")
    assert sweep(city, "2022-10-18").closed == 1


# occasions ------------------------------------------------------------------------------------------------------------


def test_reminder_days_on_days_off_move_to_the_working_day_before_and_are_one(city):
    calendar = alerts.gather(city.government, cast.noon("2022-10-01")).calendar
    days = lambda last: [str(d) for d in causes.reminder_days(dt.date.fromisoformat(last), calendar)]  # noqa: E731
    assert days("2022-10-08") == ["2022-09-30"]  # 5 and 7 October lie in the holiday
    assert days("2022-10-17") == ["2022-10-14"]  # Friday and Sunday
    assert days("2022-10-12") == ["2022-10-09", "2022-10-11"]  # the 9th, a Sunday, was worked


def test_due_soon_opens_once_and_closes_when_answered_or_late(city):
    duty = owe(city, "m-1-01", "2022-10-17")
    assert sweep(city, "2022-10-13") == alerts.Swept()
    assert sweep(city, "2022-10-14") == alerts.Swept(opened=1, open=1)
    assert shown("rule", "since", "occasion", "duty") == [("due_soon", dt.date(2022, 10, 14), "2022-10-17", duty.pk)]
    Duty.objects.update(done_at=cast.noon("2022-10-14"))
    assert sweep(city, "2022-10-15") == alerts.Swept(closed=1)
    Duty.objects.update(done_at=None)
    assert sweep(city, "2022-10-16") == alerts.Swept()


def test_overdue_opens_the_day_after_and_climbs_by_working_days(city):
    owe(city, "m-1-01", "2022-10-12")
    seen = []
    for day in ("2022-10-12", "2022-10-13", "2022-10-14", "2022-10-16", "2022-10-17", "2022-10-18", "2022-10-19"):
        sweep(city, day)
        seen += [(day[-2:], rung) for (rung,) in Alert.objects.open().filter(rule=Rule.OVERDUE).values_list("rung")]
    assert seen == [("13", Rung.REVIEWER), ("14", Rung.REVIEWER), ("16", Rung.REVIEWER), ("17", Rung.SUPERVISOR), ("18", Rung.SUPERVISOR), ("19", Rung.LEADER)]
    assert shown("rule", "since", "escalated_at")[-1] == ("overdue", dt.date(2022, 10, 12), cast.noon("2022-10-19"))


def test_excused_duty_is_late_only_after_its_excuse(city):
    owe(city, "m-1-01", "2022-10-17", excused_until=dt.date(2022, 10, 24))
    assert sweep(city, "2022-10-24") == alerts.Swept()
    sweep(city, "2022-10-25")
    assert shown("rule", "since", "occasion") == [("overdue", dt.date(2022, 10, 24), "2022-10-24")]


def test_late_report_that_is_returned_is_a_new_occasion(city):
    duty = owe(city, "m-1-01", "2022-10-12")
    sweep(city, "2022-10-13")
    given = report(duty, city.user("reporter"), "5", state="submitted", at="2022-10-13")
    Duty.objects.update(done_at=cast.noon("2022-10-13"))
    sweep(city, "2022-10-14")
    ReportEvent.objects.create(
        government=city.government,
        report=given,
        verb="returned",
        from_state="submitted",
        to_state="returned",
        by=city.user("reviewer"),
        at=cast.noon("2022-10-18"),
    )
    ProgressReport.objects.update(state="returned")
    Duty.objects.update(done_at=None)
    sweep(city, "2022-10-19")
    overdue = Alert.objects.filter(rule=Rule.OVERDUE).order_by("id")
    assert list(overdue.values_list("occasion", "closed_at")) == [("2022-10-12", cast.noon("2022-10-14")), ("2022-10-18", None)]


def test_what_is_reached_owes_no_report(city):
    owe(city, "m-1-01", "2022-10-12")
    roll(city, {"1-01": "blue"}, "2022-10-11")
    assert sweep(city, "2022-10-14") == alerts.Swept()


def test_review_overdue_is_the_reviewers_then_the_supervisors(city):
    duty = owe(city, "m-1-01", "2022-10-17", done="2022-10-11")
    given = report(duty, city.user("reporter"), "5", state="submitted", at="2022-10-11")
    assert sweep(city, "2022-10-13") == alerts.Swept()
    sweep(city, "2022-10-14")
    assert shown("rule", "subject", "since", "rung", "occasion") == [
        ("review_overdue", f"report:{given.pk}", dt.date(2022, 10, 13), Rung.REVIEWER, "submitted:2022-10-11")
    ]
    ProgressReport.objects.update(state="endorsed", endorsed_by=city.user("reviewer"), endorsed_at=cast.noon("2022-10-14"))
    assert sweep(city, "2022-10-17") == alerts.Swept(closed=1)
    sweep(city, "2022-10-19")
    assert list(Alert.objects.open().values_list("rung", "occasion")) == [(Rung.SUPERVISOR, "endorsed:2022-10-14")]


def test_department_without_reviewer_leaves_the_look_to_the_supervisor(city):
    RoleGrant.objects.filter(role="reviewer").update(ended_at=cast.noon("2022-10-01"))
    duty = owe(city, "m-1-01", "2022-10-17", done="2022-10-11")
    report(duty, city.user("reporter"), "5", state="submitted", at="2022-10-11")
    sweep(city, "2022-10-14")
    assert shown("rule", "rung") == [("review_overdue", Rung.SUPERVISOR)]


def test_step_past_its_day_is_overdue_until_done(city):
    roll(city, {"2-02": task({"选址": "2022-03-20"})}, "2022-09-01")
    sweep(city, "2022-10-17")
    row = Alert.objects.get(rule=Rule.STEP_OVERDUE)
    assert [row.since, row.facts, row.rung] == [dt.date(2022, 8, 31), {"name": "用地", "due": "2022-08-31"}, Rung.LEADER]
    assert (dt.date(2022, 10, 17) - row.since).days == 47
    roll(city, {"2-02": task({"选址": "2022-03-20", "用地": "2022-10-17"}, "green")}, "2022-10-18")
    sweep(city, "2022-10-18")
    assert not Alert.objects.open().exists()


def test_fallen_total_is_told_while_it_waits_for_judgement(city):
    quarters(city, "m-1-01", ["500", "600"])
    duty = owe(city, "m-1-01", "2022-10-17", done="2022-10-14")
    fallen = report(duty, city.user("reporter"), "580", state="submitted", at="2022-10-14")
    roll(city, {"1-01": "green"}, "2022-10-14")
    sweep(city, "2022-10-14")
    assert shown("rule", "rung", "facts") == [("total_fell", Rung.REVIEWER, {"before": "600.0000", "value": "580.0000"})]
    ProgressReport.objects.filter(pk=fallen.pk).update(value="610")
    assert sweep(city, "2022-10-14").closed == 1


def test_total_that_begins_anew_in_january_has_not_fallen(city):
    duty = owe(city, "m-1-01", "2022-01-17", done="2022-01-10", end="2021-12-31")
    report(duty, city.user("reporter"), "1900", at="2022-01-10")
    first = owe(city, "m-1-01", "2022-04-15", done="2022-04-14", end="2022-03-31")
    report(first, city.user("reporter"), "400", state="submitted", at="2022-04-14")
    roll(city, {"1-01": "green"}, "2022-04-14")
    assert sweep(city, "2022-04-14") == alerts.Swept()
