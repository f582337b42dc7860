"""The editor in a real browser: by keyboard alone, and nothing typed is lost by going away."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from plans.models import Item, Target
from tests.browser.test_item import open_as
from tests.plans.test_editing import Desk
from tests.tracker import stood

HERE = "/plans/next/edit/?goal=001/"


@pytest.fixture
def desk(live_server: Any, settings: Any) -> Desk:
    stood.stage(settings, "2022-10-17")
    return Desk()


def test_rows_are_entered_by_keyboard_alone(page: Page, live_server: Any, desk: Desk) -> None:
    open_as(page, live_server, desk.city, "supervisor", HERE)
    page.locator("[name=name-new-0]").focus()
    page.keyboard.type("新增专利")
    page.locator("[name=lead-new-0]").fill("市统计局")
    page.keyboard.press("Enter")
    expect(page.locator("[name=name-new-1]")).to_be_focused()
    expect(page.locator("[name=lead-new-1]")).to_have_value("市统计局")  # carried on from the row above
    page.keyboard.type("新增商标")
    expect(page.locator("[data-touched]")).to_have_text("改了 2 行，未保存")
    page.keyboard.press("Control+s")
    expect(page.locator("[name=name-new-0]")).to_be_focused()  # ready for the next ones
    assert sorted(Item.objects.filter(plan=desk.plan, terms__lead=desk.city.departments["tjj"]).values_list("terms__name", flat=True)) == [
        "新增专利",
        "新增商标",
    ]
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    expect(page.locator(".notice")).to_contain_text("已撤销")
    assert Item.objects.filter(plan=desk.plan).count() == 3


def test_enter_goes_down_a_column_and_leaving_unsaved_is_asked_about(page: Page, live_server: Any, desk: Desk) -> None:
    first, second = desk.item("1-01").pk, desk.item("1-02").pk
    open_as(page, live_server, desk.city, "supervisor", HERE)
    page.locator(f"[name=due-{first}]").fill("6月底")
    page.keyboard.press("Enter")
    expect(page.locator(f"[name=due-{second}]")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(page.locator(f"[name=due-{first}]")).to_be_focused()
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="基本信息").click()
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    page.keyboard.press("Control+Enter")
    page.locator(f"[name=due-{first}]").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_contain_text("已保存 1 项。")
    assert Target.objects.get(terms__item=first).due_on.isoformat() == "2022-06-30"


@pytest.mark.parametrize("width", [320, 360, 768])
def test_no_page_of_the_editor_scrolls_sideways(page: Page, live_server: Any, desk: Desk, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    pk = desk.item("1-01").pk
    for address in (HERE, f"/plans/next/edit/items/{pk}/", "/plans/next/edit/checks/", "/plans/next/edit/leads/", "/plans/next/edit/head/", "/plans/new/"):
        open_as(page, live_server, desk.city, "supervisor", address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
