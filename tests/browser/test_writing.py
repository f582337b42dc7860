"""What is typed while the server cannot take it, in a real browser: it is there again afterwards."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_item import open_as
from tests.cast import noon
from tests.tracker import stood
from tests.tracker.desk import Desk
from tracker.models import ProgressReport


@pytest.fixture
def desk(live_server: Any, settings: Any) -> Desk:
    stood.stage(settings, "2022-10-17")
    return Desk(at=noon("2022-10-10"))


@pytest.mark.parametrize("status", [500, 503, 413, 403])
def test_what_the_server_did_not_take_is_there_again(page: Page, live_server: Any, desk: Desk, status: int) -> None:
    duty = desk.duty("m-1-01")
    open_as(page, live_server, desk.city, "reporter", f"/reports/{duty.pk}/")
    refused: list[str] = []

    def refuse(route: Any) -> None:
        if route.request.method == "POST":
            refused.append(route.request.url)
            route.fulfill(status=status, body="<h1>no</h1>", content_type="text/html")
        else:
            route.continue_()

    page.route(f"**/reports/{duty.pk}/", refuse)
    page.locator(f"[name=progress-{duty.pk}]").fill("写了很久的文字")
    page.locator(f"[name=progress-{duty.pk}]").blur()
    expect(page.locator("[data-messages] .notice--red")).to_be_visible()
    assert refused
    assert not ProgressReport.objects.filter(duty=duty).exists()

    page.unroute(f"**/reports/{duty.pk}/")
    page.reload()
    expect(page.locator(f"[name=progress-{duty.pk}]")).to_have_value("写了很久的文字")
    expect(page.locator("[data-messages]")).to_contain_text("已恢复")
    page.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('xushi:'))")
    assert ProgressReport.objects.get(duty=duty).progress == "写了很久的文字"


def test_who_signs_in_again_finds_what_was_typed(page: Page, live_server: Any, desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    address = f"/reports/{duty.pk}/"
    open_as(page, live_server, desk.city, "reporter", address)
    page.context.clear_cookies(name="sessionid")
    page.locator(f"[name=progress-{duty.pk}]").fill("写了很久的文字")
    page.locator(f"[name=progress-{duty.pk}]").blur()
    expect(page.locator("[data-messages]")).to_contain_text("登录已过期")

    open_as(page, live_server, desk.city, "reporter", address)
    page.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('xushi:'))")
    assert ProgressReport.objects.get(duty=duty).progress == "写了很久的文字"
