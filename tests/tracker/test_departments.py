"""The matrix of departments: official order, counts that open their lists."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.tracker.stood import client_of, node, roll


@pytest.fixture
def city(db: None) -> cast.City:
    city = cast.city()
    roll(city)
    node(city, f"department:{city.departments['zjj'].pk}", "red", "-30", items=2, red=2, overdue=1)
    node(city, f"department:{city.departments['gxj'].pk}", "yellow", "-5", items=2, yellow=1, green=1)
    return city


def test_departments_stand_in_official_order_whatever_their_lights(city: cast.City) -> None:
    found = client_of(city, "leader").get("/departments/").context["found"]
    assert [row.code for row in found.rows] == ["gxj", "zjj"]
    assert [row.code for row in found.idle] == ["tjj", "scx", "zfb", "dcs"]


def test_every_count_opens_its_list(city: cast.City) -> None:
    html = client_of(city, "reporter").get("/departments/").content.decode()
    assert '<a href="/items/?department=zjj&amp;light=red">2</a>' in html
    assert '<a href="/items/?department=zjj&amp;overdue=1">1</a>' in html
    assert '<a href="/items/?department=gxj&amp;light=yellow">1</a>' in html
    assert "−30.0" in html


def test_another_governments_departments_are_not_there(city: cast.City) -> None:
    stranger = cast.stranger_city()
    html = client_of(stranger, "supervisor").get("/departments/").content.decode()
    assert "−30.0" not in html
    assert client_of(stranger, "supervisor").get("/departments/").context["found"].rows == []


def test_the_matrix_takes_the_same_statements_with_two_and_with_three(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    client.get("/departments/")
    for n in (2, 3):
        with CaptureQueriesContext(connection) as statements:
            assert len(client.get("/departments/").context["found"].rows) == n
        assert len(statements) == 8
        if n == 2:
            node(city, f"department:{city.departments['tjj'].pk}", "green", "0", items=2, green=2)


@pytest.mark.parametrize(
    ("address", "led", "idle"),
    [("?q=住房", ["zjj"], []), ("?kind=county", [], ["scx"]), ("?q=nobody", [], []), ("?kind=nonsense", [], [])],
)
def test_the_departments_are_narrowed_and_never_ranked(city: cast.City, address: str, led: list[str], idle: list[str]) -> None:
    found = client_of(city, "leader").get(f"/departments/{address}&sort=-red").context["found"]
    assert ([row.code for row in found.rows], [row.code for row in found.idle]) == (led, idle)
