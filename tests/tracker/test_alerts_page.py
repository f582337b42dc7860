"""The page of alerts: whose they are, how they are narrowed, their story, and the note that answers one."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import clock
from people.models import AuditEntry, StagedTime
from tests import cast
from tests.tracker.stood import client_of
from tracker import alerts
from tracker.models import Alert

STATEMENTS = 9  # the person 2, departments, counts, count, rows, names of items and steps


@pytest.fixture
def city(db: None) -> cast.City:
    city = cast.city()
    put(city, "lagging", "1-01", "2022-07-18", rung=3, facts={"light": "red", "gap": "-12", "gap_in": "share"})
    put(city, "will_miss", "1-02", "2022-10-10", facts={"forecast": "162.5", "target": "200"})
    put(city, "step_overdue", "2-02", "2022-08-31", rung=2, facts={"name": "用地", "due": "2022-08-31"})
    put(city, "lagging", "2-01", "2022-04-18", closed_at=cast.noon("2022-07-20"))
    return city


def put(city: cast.City, rule: str, code: str, since: str, **given: object) -> Alert:
    item = city.item(code)
    columns = {"subject": f"item:{item.pk}", "item": item, "department": item.terms.get().lead, "opened_at": cast.noon(since), **given}
    return Alert.objects.create(government=city.government, rule=rule, since=dt.date.fromisoformat(since), **columns)


def listed(city: cast.City, login: str, query: str = "") -> list[str]:
    answer = client_of(city, login).get(f"/alerts/{query}")
    assert answer.status_code == 200
    return [row["row"].code for row in answer.context["table"].raw_rows()]


def test_each_reads_the_alerts_of_his_rights(city: cast.City) -> None:
    assert {login: listed(city, login) for login in ("supervisor", "leader", "auditor", "reporter", "builder", "statistician", "administrator")} == {
        "supervisor": ["1-01", "2-02", "1-02"], "leader": ["1-01", "2-02", "1-02"], "auditor": ["1-01", "2-02", "1-02"],
        "reporter": ["1-01", "1-02"], "builder": ["2-02"], "statistician": [], "administrator": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?rule=lagging", ["1-01"]),
        ("?rung=2", ["2-02"]),
        ("?department=zjj", ["2-02"]),
        ("?unnoted=1", ["1-01", "2-02"]),
        ("?closed=1", ["2-01"]),
        ("?sort=-since", ["1-02", "2-02", "1-01"]),
        ("?sort=rung", ["1-01", "2-02", "1-02"]),
        ("?rule=nonsense", []),
    ],
)
def test_the_list_is_narrowed_by_its_address(city: cast.City, query: str, codes: list[str]) -> None:
    Alert.objects.filter(rule="will_miss").update(note="已调度")
    assert listed(city, "supervisor", query) == codes


@pytest.mark.parametrize(("age", "codes"), [("7", ["1-01", "2-02", "1-02"]), ("30", ["1-01", "2-02"]), ("90", ["1-01"])])
def test_the_list_is_narrowed_by_age(city: cast.City, settings: Any, age: str, codes: list[str]) -> None:
    settings.STAGE = True
    StagedTime.objects.create(shown_at=cast.noon("2022-10-17"), set_at=clock.machine_now())
    assert listed(city, "supervisor", f"?age={age}") == codes


def test_what_waits_for_a_decision_is_one_row_an_item(city: cast.City) -> None:
    put(city, "will_miss", "1-01", "2022-08-01", rung=3)
    put(city, "stalled", "1-01", "2022-09-01", rung=3)
    assert listed(city, "leader", "?waits=1") == ["1-01"]
    assert listed(city, "leader", "?portfolio=1") == ["1-01", "1-01", "2-02", "1-01", "1-02"]


def test_one_alert_stands_beside_the_list_with_its_story(city: cast.City) -> None:
    alert = Alert.objects.get(rule="lagging", closed_at=None)
    html = client_of(city, "supervisor").get(f"/alerts/?alert={alert.pk}").content.decode()
    aside = html.partition("<aside")[2]
    assert "新增5G基站" in aside
    assert "滞后　−12.0 百分点" in aside
    assert "还没有人回应" in aside
    assert 'aria-selected="true"' in html


def test_a_closed_one_says_that_its_cause_is_gone(city: cast.City) -> None:
    alert = Alert.objects.exclude(closed_at=None).get()
    html = client_of(city, "supervisor").get(f"/alerts/?closed=1&alert={alert.pk}").content.decode()
    assert "原因消失，自行消除" in html
    assert "<textarea" not in html


def test_a_note_is_written_by_those_it_concerns(city: cast.City) -> None:
    alert = Alert.objects.get(rule="lagging", closed_at=None)
    answers = {
        login: client_of(city, login).post(f"/alerts/{alert.pk}/note/", {"note": f"{login} 已调度", "query": "rung=3"}).status_code
        for login in ("reporter", "reviewer", "supervisor", "leader", "builder", "auditor", "administrator", "steward")
    }
    assert answers == {"reporter": 302, "reviewer": 302, "supervisor": 302, "leader": 302, "builder": 404, "auditor": 404, "administrator": 404, "steward": 404}
    alert.refresh_from_db()
    assert (alert.note, alert.noted_by) == ("leader 已调度", city.user("leader"))
    html = client_of(city, "supervisor").get(f"/alerts/?alert={alert.pk}").content.decode()
    assert html.index("reporter 已调度") < html.index("leader 已调度")
    assert AuditEntry.objects.filter(verb="alert.noted").count() == 4


def test_after_a_note_the_list_is_as_it_was(city: cast.City) -> None:
    alert = Alert.objects.get(rule="lagging", closed_at=None)
    answer = client_of(city, "supervisor").post(f"/alerts/{alert.pk}/note/", {"note": "已调度", "query": "rung=3"})
    assert answer["Location"] == f"/alerts/?rung=3&alert={alert.pk}#alert"


def test_an_empty_note_is_refused_beside_its_field(city: cast.City) -> None:
    alert = Alert.objects.get(rule="lagging", closed_at=None)
    answer = client_of(city, "supervisor").post(f"/alerts/{alert.pk}/note/", {"note": "  "})
    assert answer.status_code == 422
    assert "写明已做什么、由谁、何时" in answer.content.decode()


def test_a_note_on_what_has_closed_itself_is_not_lost(city: cast.City) -> None:
    alert = Alert.objects.exclude(closed_at=None).get()
    answer = client_of(city, "supervisor").post(f"/alerts/{alert.pk}/note/", {"note": "已调度"})
    assert answer.status_code == 422
    assert "提醒已自行消除，没有记下" in answer.content.decode()


def test_another_governments_alerts_are_not_there(city: cast.City) -> None:
    stranger = cast.stranger_city()
    put(stranger, "lagging", "1-01", "2022-01-01", note="金丝雀")
    alert = Alert.objects.get(note="金丝雀")
    assert "金丝雀" not in client_of(city, "supervisor").get("/alerts/").content.decode()
    assert client_of(city, "supervisor").get(f"/alerts/?alert={alert.pk}").status_code == 404
    assert client_of(city, "supervisor").post(f"/alerts/{alert.pk}/note/", {"note": "x"}).status_code == 404
    assert listed(stranger, "supervisor") == ["1-01"]


def test_an_alert_of_another_department_is_not_there(city: cast.City) -> None:
    alert = Alert.objects.get(rule="step_overdue")
    assert client_of(city, "reporter").get(f"/alerts/?alert={alert.pk}").status_code == 404


def test_the_list_takes_the_same_statements_with_one_and_with_three(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    client.get("/alerts/")
    taken = []
    for query, n in (("?rung=2", 1), ("", 3)):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(f"/alerts/{query}").context["total"] == n
        taken.append(len(statements))
    assert taken == [STATEMENTS, STATEMENTS]


def test_a_note_of_whom_it_is_about_takes_nothing_off_the_list_of_what_waits(city: cast.City) -> None:
    Alert.objects.filter(rule="step_overdue").update(rung=3)
    alert = Alert.objects.get(rule="step_overdue")
    assert listed(city, "leader", "?waits=1") == ["2-02"]

    for login, waits in (("builder", ["2-02"]), ("builders_head", ["2-02"]), ("leader", [])):
        alerts.note(alert, city.person(login), clock.now(), "已处理\0")
        assert (listed(city, "leader", "?waits=1"), Alert.objects.get(pk=alert.pk).note) == (waits, "已处理")
