"""One department: what it leads by light, supports, owes; whose reports stay whose."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.tracker import stood
from tests.tracker.stood import client_of, node, period, roll, stand
from tracker import periods
from tracker.models import Alert


@pytest.fixture
def city(db: None) -> cast.City:
    city = cast.city()
    roll(city)
    node(city, f"department:{city.departments['gxj'].pk}", "red", "-6", items=2, red=1, green=1)
    stand(city, "1-01", "red", "-12")
    stand(city, "1-02", "green", "3")
    periods.owe(city.item("1-01").measure, period(city, "2022Q1"))
    return city


def test_what_it_leads_stands_by_light_what_it_supports_apart(city: cast.City) -> None:
    page = client_of(city, "leader").get("/departments/gxj/").context["page"]
    assert [(light, [row.code for row in items]) for light, items in page.leads] == [("red", ["1-01"]), ("green", ["1-02"])]
    supports = client_of(city, "leader").get("/departments/zjj/").context["page"].supports
    assert [(light, [row.code for row in items]) for light, items in supports] == [("red", ["1-01"])]
    assert page.leaders == ["副市长甲"]


def test_what_it_owes_is_shown_to_itself_and_those_who_read_all(city: cast.City) -> None:
    for login, n in (("reporter", 1), ("supervisor", 1), ("statistician", 0), ("administrator", 0)):
        page = client_of(city, login).get("/departments/gxj/").context["page"]
        assert [duty.late for duty in page.duties] == [True] * n


def test_its_alerts_stay_with_it_and_those_who_read_all(city: cast.City) -> None:
    given = {"rule": "lagging", "subject": "item:1", "since": dt.date(2022, 7, 18), "opened_at": cast.noon("2022-07-18"), "item": city.item("1-01")}
    Alert.objects.create(government=city.government, department=city.departments["gxj"], **given)
    for login, n in (("reporter", 1), ("leader", 1), ("statistician", 0)):
        assert len(client_of(city, login).get("/departments/gxj/").context["page"].alerts) == n


def test_unpublished_items_and_other_governments_stay_out(city: cast.City) -> None:
    stood.draft(city)
    assert "秘密产业园" not in client_of(city, "supervisor").get("/departments/gxj/").content.decode()
    stranger = cast.stranger_city()
    html = client_of(stranger, "supervisor").get("/departments/gxj/").content.decode()
    assert "−12.0" not in html
    assert client_of(city, "reporter").get("/departments/nothing/").status_code == 404


def test_a_department_takes_a_fixed_number_of_statements(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    client.get("/departments/zjj/")
    taken = []
    for code, n in (("tjj", 2), ("zjj", 2), ("gxj", 2)):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(f"/departments/{code}/").context["page"].led == n
        taken.append(len(statements))
    assert taken == [13, 14, 13]  # one more where there is something supported, whose targets are asked for
