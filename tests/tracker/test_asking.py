"""Departments hear of a draft that is open to them: once when asked, once before the limit where they have not answered, and to sign for the table."""

import datetime as dt

import pytest

from people.models import AuditEntry, RoleGrant
from people.workdays import seed_workdays
from plans import consulting, sharing_out
from tests import cast
from tests.plans.sharing import Desk
from tracker import asking, jobs
from tracker.models import JobRun, Message

pytestmark = pytest.mark.django_db
EVERYBODY = ["builders_head", "county", "reviewer", "steward"]  # the county has no reviewer, so its reporter answers


@pytest.fixture
def desk() -> Desk:
    seed_workdays([2022])
    return Desk()


def tick(day: str, hour: int = 12) -> list[str]:
    """Whom the line's tick at an hour of a day wrote to, with what: 'asked reviewer'."""
    before = set(Message.objects.values_list("pk", flat=True))
    at = cast.noon(day) + dt.timedelta(hours=hour - 12)
    assert [done.error for done in jobs.tick(at) if done.error] == []
    new = Message.objects.exclude(pk__in=before).filter(kind__in=["asked", "answer", "sign"])
    return sorted(f"{m.kind} {m.recipient.login}" for m in new.select_related("recipient"))


def test_who_answers_and_the_steward_are_told_once_with_the_link_and_the_day(desk: Desk) -> None:
    desk.open()
    assert tick("2022-10-17") == [f"asked {login}" for login in EVERYBODY]
    assert tick("2022-10-17") == tick("2022-10-18") == []
    told = Message.objects.get(kind="asked", recipient__login="reviewer")
    assert told.subject == "征求意见：工作报告，10 月 20 日前答复"
    assert "/sharing/next/" in told.text
    assert "请在 10 月 20 日前答复 2 项。" in told.text
    assert told.facts["until"] == "2022-10-20"
    steward = Message.objects.get(kind="asked", recipient__login="steward")
    assert "/people/" in steward.html


def test_one_working_day_before_the_limit_those_who_have_not_answered_hear_of_it(desk: Desk) -> None:
    desk.open()
    tick("2022-10-17")
    desk.accept("reviewer")
    assert tick("2022-10-18") == []
    assert tick("2022-10-19", hour=7) == []
    assert tick("2022-10-19", hour=8) == ["answer builders_head", "answer county"]
    assert tick("2022-10-19") == tick("2022-10-20") == []
    consulting.extend(desk.plan.consultation, dt.date(2022, 10, 27), desk.supervisor, cast.noon("2022-10-20"), dt.date(2022, 10, 20))
    assert tick("2022-10-25") == []
    assert tick("2022-10-26") == ["answer builders_head", "answer county"]


def test_nothing_is_said_on_a_day_off_and_a_limit_after_one_is_called_to_mind_before_it(desk: Desk) -> None:
    consulting.open_consultation(desk.plan, dt.date(2022, 10, 10), "", desk.supervisor, cast.noon("2022-09-30"))
    assert tick("2022-10-03") == []  # the holiday of October; the 8th and 9th are worked
    assert tick("2022-10-08") == [f"asked {login}" for login in EVERYBODY]
    assert tick("2022-10-09") == [f"answer {login}" for login in EVERYBODY]


def test_a_department_that_is_named_later_is_told_then(desk: Desk) -> None:
    desk.open()
    tick("2022-10-17")
    row = desk.made.items.get(code="1-02")
    consulting.change_item(row, consulting.ItemChange(terms={"lead_id": desk.city.departments["tjj"].pk}), desk.supervisor, cast.noon("2022-10-17"), 0)
    assert tick("2022-10-18") == ["asked statistician"]


def test_each_department_is_asked_once_to_sign_for_the_table(desk: Desk) -> None:
    issuance = desk.publish()
    assert tick("2022-10-24") == [f"sign {login}" for login in EVERYBODY]
    sharing_out.sign(issuance.signatures.get(department=desk.city.departments["gxj"]), desk.city.person("reviewer"), cast.noon("2022-10-24"))
    assert tick("2022-10-25") == []
    told = Message.objects.get(kind="sign", recipient__login="county")
    assert "/sharing/next/publication/" in told.text
    assert "驻政办〔2022〕5号" in told.text


def test_a_department_without_anybody_is_named_in_the_record(desk: Desk) -> None:
    RoleGrant.objects.filter(user__login="county").update(ended_at=cast.noon("2022-10-01"), until_on=dt.date(2022, 9, 30))
    desk.open()
    assert tick("2022-10-17") == [f"asked {login}" for login in EVERYBODY if login != "county"]
    run = JobRun.objects.get(job="asking")
    assert (run.counts["departments"], run.counts["nobody"]) == (3, ["上蔡县"])
    assert AuditEntry.objects.filter(verb="consultation opened").count() == 1


def test_the_statements_do_not_grow_with_the_departments(desk: Desk, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    opened = desk.open()
    with django_assert_max_num_queries(19):
        asking.tell(desk.city.government, f"asked {opened.pk} 2022-10-17", cast.noon("2022-10-17"))
