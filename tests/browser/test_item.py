"""The chart of an item in a real browser: drawn under the strict policy, with the same numbers beside it."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests import cast
from tests.tracker import stood
from tests.tracker.answers import answer
from tracker import rollup


@pytest.fixture
def city(live_server: Any, settings: Any) -> cast.City:
    stood.stage(settings, "2022-10-17")
    city = cast.city()
    for occasion, value in (("2022Q1", "420"), ("2022Q2", "900"), ("2022Q3", "1260")):
        answer(city, "1-01", occasion, value)
    rollup.take(city.government, cast.noon("2022-10-17"))
    return city


def open_as(page: Page, live_server: Any, city: cast.City, login: str, address: str) -> None:
    client = stood.client_of(city, login)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    reply = page.goto(f"{live_server.url}{address}")
    assert reply is not None
    assert reply.status == 200


def test_the_chart_is_drawn_and_its_numbers_stand_beside_it(page: Page, live_server: Any, city: cast.City) -> None:
    open_as(page, live_server, city, "reporter", "/items/report-2022/1-01/")
    page.wait_for_selector("#drawn svg")
    drawn = page.locator("#drawn svg").text_content() or ""
    for words in ("目标 2000 个", "欠 240 个", "1260", "按近期趋势 1680"):
        assert words in drawn
    page.locator("summary", has_text="图中的数").click()
    last = page.locator("details.numbers tbody tr").last.inner_text()
    assert last.split() == ["按近期趋势，到期", "2000", "个", "1680", "个"]


def test_no_page_of_reading_scrolls_sideways_on_a_phone(page: Page, live_server: Any, city: cast.City) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for address in ("/plans/", "/plans/report-2022/?open=all", "/items/", "/items/report-2022/1-01/", "/departments/", "/departments/gxj/", "/search/?q=新增"):
        open_as(page, live_server, city, "supervisor", address)
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_link_to_a_goal_opens_it(page: Page, live_server: Any, city: cast.City) -> None:
    open_as(page, live_server, city, "reporter", "/plans/report-2022/#goal-001-001")
    assert page.locator("#goal-001-001").evaluate("goal => goal.open")
