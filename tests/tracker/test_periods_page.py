"""报告期: who has not reported, in the official order, and a word to them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import RoleGrant
from tests import cast
from tests.cast import noon
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of
from tracker import periods, reviewing
from tracker.models import Message, Period

pytestmark = pytest.mark.django_db
URL = "/periods/2022Q3/"


@pytest.fixture
def desk(clock_at: Any) -> Desk:
    clock_at("2022-10-17")
    return Desk(at=noon("2022-10-10"))


def page_of(desk: Desk, login: str = "supervisor") -> Any:
    return client_of(desk.city, login).get(URL).context["page"]


def test_departments_stand_in_their_official_order_with_what_they_owe(desk: Desk) -> None:
    desk.accept(desk.duty("m-1-01"), value="1260")
    reviewing.give_back(desk.submit(desk.duty("cloud"), value="4540"), desk.city.person("reviewer"), noon("2022-10-11"), "再核")
    found = [(o.department.code, o.reported, o.duties, o.accepted, [d.measure.code for d in o.missing], o.returned) for o in page_of(desk).departments]
    assert found == [
        ("gxj", 1, 2, 1, ["cloud"], 1),
        ("tjj", 0, 2, 0, ["jobless", "gdp"], 0),
        ("zjj", 0, 2, 0, ["m-2-01", "task-2-02"], 0),
    ]


def test_statistics_that_are_not_out_are_not_missing(desk: Desk) -> None:
    desk.accept(desk.duty("gdp"), answer="not_out", until_on="2022-10-24", source="国家统计局")
    statistics = page_of(desk).departments[1]
    assert ([d.measure.code for d in statistics.missing], statistics.excused) == (["jobless"], 1)


def test_what_is_past_its_day_is_late(desk: Desk, clock_at: Any) -> None:
    assert page_of(desk).late == 0
    clock_at("2022-10-18")
    assert [(o.department.code, len(o.late)) for o in page_of(desk).departments] == [("gxj", 2), ("tjj", 1), ("zjj", 2)]


def test_a_department_without_a_reviewer_is_told_beforehand(desk: Desk) -> None:
    html = client_of(desk.city, "supervisor").get(URL).content.decode()
    assert html.count("本单位无审核人，将直接核定") == 1
    RoleGrant.objects.filter(user=desk.city.user("reviewer")).update(until_on=cast.dt.date(2022, 10, 1))
    assert [o.department.code for o in page_of(desk).without_reviewer] == ["gxj", "tjj"]


def test_the_list_of_periods_counts_what_is_answered(desk: Desk) -> None:
    desk.accept(desk.duty("m-1-01"), value="1260")
    desk.submit(desk.duty("cloud"), value="4540")
    rows = client_of(desk.city, "auditor").get("/periods/").context["rows"]
    assert next((r.period.occasion, r.duties, r.reported, r.accepted, r.missing) for r in rows) == ("2022Q3", 6, 2, 1, 4)
    assert rows[1].overdue == 6


def test_locked_periods_say_so(desk: Desk) -> None:
    periods.lock_due(desk.city.government, noon("2022-10-17"))
    html = client_of(desk.city, "leader").get("/periods/").content.decode()
    assert ("已锁定" in html, Period.objects.filter(locked_at__isnull=False).count()) == (True, 2)


def test_all_who_have_not_reported_are_urged_once_a_day(desk: Desk) -> None:
    client = client_of(desk.city, "supervisor")
    html = client.post(URL, follow=True).content.decode()
    assert "已催 3 个单位，发出 4 条消息。" in html
    again = client.post(URL, follow=True).content.decode()
    assert "这些单位今天已经催过" in again
    assert sorted(Message.objects.filter(kind="urge").values_list("recipient__login", flat=True)) == ["builder", "reporter", "reporter2", "statistician"]


def test_one_department_is_urged_alone(desk: Desk) -> None:
    client_of(desk.city, "supervisor").post(URL, {"department": "zjj"})
    assert list(Message.objects.filter(kind="urge").values_list("recipient__login", flat=True)) == ["builder"]
    assert page_of(desk).departments[2].urged_at is not None


def test_only_a_supervisor_urges_and_strangers_see_nothing(desk: Desk) -> None:
    stranger = cast.stranger_city()
    answers = {login: client_of(desk.city, login).post(URL).status_code for login in ("leader", "auditor", "reporter", "reviewer")}
    assert set(answers.values()) == {404}
    assert client_of(stranger, "supervisor").get(URL).status_code == 404
    assert client_of(desk.city, "supervisor").post(URL, {"department": "nobody"}).status_code == 404
    assert not Message.objects.filter(kind="urge").exists()
    for occasion in ("2022Q9", "x", "2022", "２０２２Q3"):
        assert client_of(desk.city, "supervisor").get(f"/periods/{occasion}/").status_code == 404


def test_a_page_takes_the_same_statements_with_one_report_and_with_three(desk: Desk) -> None:
    client, taken = client_of(desk.city, "supervisor"), []
    for codes in (["m-1-01"], ["cloud", "m-2-01"]):
        for code in codes:
            desk.submit(desk.duty(code), value="60")
        for url in (URL, "/periods/"):
            client.get(url)
            with CaptureQueriesContext(connection) as statements:
                client.get(url)
            taken.append(len(statements))
    assert taken == [12, 8, 12, 8]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", ["2022Q3", "2022Q2", "2022Q1"]),
        ("?sort=period", ["2022Q1", "2022Q2", "2022Q3"]),
        ("?sort=-reported", ["2022Q3", "2022Q2", "2022Q1"]),
        ("?state=open", ["2022Q3"]),
        ("?state=locked&sort=due", ["2022Q1", "2022Q2"]),
        ("?year=2021", []),
        ("?year=nonsense", []),
        ("?cycle=99999", []),
    ],
)
def test_the_periods_are_narrowed_and_sorted_by_their_address(desk: Desk, address: str, found: list[str]) -> None:
    desk.submit(desk.duty("m-1-01"), value="60")
    desk.submit(desk.duty("m-1-01", 2), value="50")
    desk.submit(desk.duty("cloud"), value="4540")
    Period.objects.filter(number__lt=3, cycle__frequency="quarter").update(locked_at=noon("2022-10-01"))
    table = client_of(desk.city, "supervisor").get(f"/periods/{address}").context["table"]
    assert [row["row"].period.occasion for row in table.raw_rows() if row["row"].period.cycle.frequency == "quarter"] == found
