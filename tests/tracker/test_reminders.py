"""Reminders and 催报: one message a person and day, moved before days off, nothing to who has answered."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from people.models import AuditEntry, RoleGrant
from people.workdays import seed_workdays
from tests import cast
from tests.tracker.stand import at_once, owe, roll
from tracker import jobs, reminders
from tracker.models import Duty, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> cast.City:
    seed_workdays([2022])
    return cast.city()


def remind(city: cast.City, day: str) -> list[str]:
    """Who is written to on a day."""
    reminders.remind(city.government, cast.noon(day))
    return sorted(Message.objects.filter(kind="reminder", occasion=day).values_list("recipient__login", flat=True))


def days(city: cast.City, first: str, last: str) -> list[str]:
    """The days on which a department's reporters hear of it, each day tried in turn."""
    day, found = dt.date.fromisoformat(first), []
    while day.isoformat() <= last:
        found += [day.isoformat()] if remind(city, day.isoformat()) else []
        day += dt.timedelta(days=1)
    return found


def test_reminders_that_fall_into_the_holiday_are_one_on_the_working_day_before(city):
    owe(city, "m-2-01", "2022-10-08")
    assert days(city, "2022-09-20", "2022-10-08") == ["2022-09-30"]


def test_reminders_come_three_days_and_one_day_before_and_then_after_1_3_5_10_working_days(city):
    owe(city, "m-2-01", "2022-10-20")  # a Thursday
    assert days(city, "2022-10-10", "2022-11-04") == ["2022-10-17", "2022-10-19", "2022-10-21", "2022-10-25", "2022-10-27", "2022-11-03"]


def test_one_message_a_person_merges_what_is_late_and_what_falls_due(city):
    late, soon = owe(city, "m-1-01", "2022-10-12"), owe(city, "cloud", "2022-10-17")
    far = owe(city, "m-2-01", "2022-10-31")
    assert remind(city, "2022-10-14") == ["reporter", "reporter2"]
    message = Message.objects.filter(recipient=city.user("reporter")).get()
    assert message.facts["duties"] == [late.pk, soon.pk]
    assert message.facts["overdue"] == [late.pk]
    assert far.pk not in message.facts["duties"]
    assert [line for line in message.text.splitlines() if line.startswith(("- ", "逾期", "即将", "1 项"))] == [
        "1 项逾期未报，1 项最早 10 月 17 日截止。",
        "逾期未报 1 项",
        "- 新增5G基站 · 逾期 2 天 · 2022年三季度",
        "即将截止 1 项",
        "- 新增上云企业 · 10 月 17 日截止 · 2022年三季度",
    ]
    assert message.subject == "填报提醒：1 项逾期未报，1 项最早 10 月 17 日截止"


def test_nothing_to_who_has_answered_is_excused_or_owes_no_more(city):
    owe(city, "m-1-01", "2022-10-17", done="2022-10-13")
    owe(city, "gdp", "2022-10-17", excused_until=dt.date(2022, 10, 24))
    owe(city, "m-2-01", "2022-10-17")
    roll(city, {"2-01": "blue"}, "2022-10-13")
    assert remind(city, "2022-10-14") == []


def test_excuse_moves_the_reminder(city):
    owe(city, "gdp", "2022-10-17", excused_until=dt.date(2022, 10, 24))
    assert days(city, "2022-10-12", "2022-10-26") == ["2022-10-25"]


def test_day_that_was_missed_is_caught_up_and_never_on_a_day_off(city):
    owe(city, "m-2-01", "2022-10-20")
    assert days(city, "2022-10-18", "2022-10-18") == ["2022-10-18"]
    assert remind(city, "2022-10-22") == []
    assert days(city, "2022-10-22", "2022-10-24") == ["2022-10-24"]


def test_reminders_are_due_on_working_days_from_eight_on(city):
    at = lambda day, hour: dt.datetime.fromisoformat(f"{day}T{hour:02d}:00+08:00")  # noqa: E731
    assert [reminders.due(city.government, at("2022-10-14", hour)) for hour in (7, 8, 20)] == [None, "2022-10-14", "2022-10-14"]
    assert reminders.due(city.government, at("2022-10-16", 9)) is None
    assert reminders.due(city.government, at("2022-10-08", 9)) == "2022-10-08"


def test_reminding_again_or_at_once_adds_nothing(city):
    owe(city, "m-2-01", "2022-10-17")
    assert reminders.remind(city.government, cast.noon("2022-10-14")) == reminders.Reminded(new=1, departments=1)
    assert reminders.remind(city.government, cast.noon("2022-10-14")) == reminders.Reminded(new=0, departments=1)


@pytest.mark.django_db(transaction=True)
def test_reminded_twice_at_once_is_one_message():
    seed_workdays([2022])
    city = cast.city()
    owe(city, "m-1-01", "2022-10-17")
    at_once(lambda: reminders.remind(city.government, cast.noon("2022-10-14")))
    assert sorted(Message.objects.values_list("recipient__login", flat=True)) == ["reporter", "reporter2"]


def test_department_without_a_reporter_is_named(city):
    RoleGrant.objects.filter(user=city.user("builder")).update(ended_at=cast.noon("2022-10-01"))
    owe(city, "m-2-01", "2022-10-17")
    assert reminders.remind(city.government, cast.noon("2022-10-14")) == reminders.Reminded(new=0, departments=1, nobody=("市住建局",))


@pytest.mark.parametrize("codes", [("m-1-01",), ("m-1-01", "cloud", "m-2-01", "jobless")])
def test_remind_takes_a_fixed_number_of_statements(city, codes, django_assert_num_queries):
    owe(city, "m-1-01", "2022-10-17", end="2022-06-30")
    remind(city, "2022-10-14")
    for code in codes:
        owe(city, code, "2022-10-20")
    with django_assert_num_queries(12):
        reminders.remind(city.government, cast.noon("2022-10-19"))


def test_line_reminds_and_hands_over(city, settings, tmp_path):
    settings.VAR, settings.EMAIL_FILE_PATH = tmp_path, str(tmp_path / "mail")
    settings.EMAIL_BACKEND = "people.mail.FolderBackend"
    owe(city, "m-2-01", "2022-10-17")
    done = {d.job: d.counts for d in jobs.tick(cast.noon("2022-10-14"))}
    assert done["reminders"]["new"] == Message.objects.filter(kind="reminder").count() > 0
    assert done["mail"]["sent"] == Message.objects.filter(state="sent").count() == len(list((tmp_path / "mail").glob("*.eml")))


# 催报 ---------------------------------------------------------------------------------------------------------------------


def test_supervisor_urges_all_who_have_not_answered_once_a_day(city):
    duty = owe(city, "m-2-01", "2022-10-17")
    owe(city, "cloud", "2022-10-17", done="2022-10-13")
    by = city.person("supervisor")
    assert reminders.urge(duty.period, by, cast.noon("2022-10-13")) == reminders.Reminded(new=1, departments=1)
    assert reminders.urge(duty.period, by, cast.noon("2022-10-13")).new == 0
    assert reminders.urge(duty.period, by, cast.noon("2022-10-14")).new == 1
    message = Message.objects.order_by("id")[0]
    assert [message.recipient.login, message.kind, message.subject] == ["builder", "urge", "催报：1 项最早 10 月 17 日截止"]
    assert "2022年三季度：1 项最早 10 月 17 日截止。" in message.text
    assert AuditEntry.objects.filter(verb="period.urged").count() == 3


@pytest.mark.parametrize("login", ["reporter", "reviewer", "leader", "administrator", "auditor"])
def test_only_a_supervisor_urges(city, login):
    duty = owe(city, "m-2-01", "2022-10-17")
    with pytest.raises(PermissionDenied):
        reminders.urge(duty.period, city.person(login), cast.noon("2022-10-13"))


def test_supervisor_of_another_city_urges_nobody(city):
    stranger = cast.stranger_city()
    duty = owe(city, "m-2-01", "2022-10-17")
    with pytest.raises(PermissionDenied):
        reminders.urge(duty.period, stranger.person("supervisor"), cast.noon("2022-10-13"))
    assert Duty.objects.count() == 1
    assert not Message.objects.exists()
