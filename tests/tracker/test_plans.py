"""The plans: which are there for whom, and how each stands."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.tracker import stood
from tests.tracker.stood import client_of, node, roll


@pytest.fixture
def city(db: None) -> cast.City:
    city = cast.city()
    roll(city)
    node(city, f"plan:{city.plan.pk}", "red", "-12.5", items=6, red=2, green=4, overdue=1)
    return city


def test_a_plan_stands_with_document_span_counts_gap_and_light(city: cast.City) -> None:
    html = client_of(city, "reporter").get("/plans/").content.decode()
    assert '<a class="name" href="/plans/report-2022/">测试工作报告</a>' in html
    assert "测试报告，测〔2022〕report-2022，2022 年 1 月 1 日" in html
    assert '<a href="/items/?plan=report-2022&amp;light=red">2</a>' in html
    assert '<a href="/items/?plan=report-2022&amp;overdue=1">1</a>' in html
    assert '<td data-label="覆盖" class="num">94%</td>' in html
    assert '<span class="text-red">−12.5</span>' in html


def test_drafts_are_for_those_who_make_and_check_them(city: cast.City) -> None:
    code = stood.draft(city)
    cast.stranger_city()
    for login, n in (("reporter", 1), ("leader", 1), ("steward", 1), ("supervisor", 2), ("auditor", 2)):
        answer = client_of(city, login).get("/plans/")
        assert len(answer.context["found"].rows) == n
        assert (code in answer.content.decode()) == (n == 2)


def test_without_a_roll_up_the_page_says_so(db: None) -> None:
    html = client_of(cast.city(), "reporter").get("/plans/").content.decode()
    assert "还没有汇总，暂无亮灯" in html
    assert 'class="light ' not in html


def test_the_plans_take_the_same_statements_with_one_and_with_three(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    client.get("/plans/")
    for n in (1, 3):
        with CaptureQueriesContext(connection) as statements:
            assert len(client.get("/plans/").context["found"].rows) == n
        assert len(statements) == 7
        stood.draft(city, f"draft-a{n}")
        stood.draft(city, f"draft-b{n}")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", ["later", "report-2022"]),
        ("?sort=-span", ["later", "report-2022"]),
        ("?sort=red", ["later", "report-2022"]),
        ("?sort=gap", ["report-2022", "later"]),
        ("?q=later", ["later"]),
        ("?q=没有", []),
        ("?state=draft", []),
        ("?state=published&sort=title", ["report-2022", "later"]),
    ],
)
def test_the_plans_are_narrowed_and_sorted_by_their_address(city: cast.City, address: str, found: list[str]) -> None:
    later = cast.load_plan(city.government, cast.body([cast.item("9-01", "九")], code="later", title="远期", start="2023-01-01", end="2023-12-31"))
    node(city, f"plan:{later.pk}", "green", "0", items=1, green=1)
    table = client_of(city, "reporter").get(f"/plans/{address}").context["table"]
    assert [row["row"].code for row in table.raw_rows()] == found
