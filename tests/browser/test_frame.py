"""The frame of every page in a real browser: theme, language, keyboard, width and accessibility."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

THEME = "document.documentElement.dataset.theme || ''"
PAPER = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def door(page: Page, live_server: Any) -> Page:
    page.goto(f"{live_server.url}/sign-in/")
    return page


def test_the_theme_that_was_chosen_stays_over_pages_and_can_be_given_back_to_the_system(door: Page) -> None:
    door.emulate_media(color_scheme="light")
    light = door.evaluate(PAPER)
    door.get_by_text("语言与显示").click()
    door.get_by_role("button", name="深色").click()
    door.reload()
    assert (door.evaluate(THEME), door.evaluate(PAPER) != light) == ("dark", True)
    door.get_by_text("语言与显示").click()
    expect(door.get_by_role("button", name="深色")).to_have_attribute("aria-pressed", "true")
    door.get_by_role("button", name="随系统").click()
    door.reload()
    assert (door.evaluate(THEME), door.evaluate(PAPER)) == ("", light)


def test_escape_closes_a_menu_and_gives_the_focus_back(door: Page) -> None:
    menu = door.locator("details.account")
    menu.locator("summary").press("Enter")
    expect(menu).to_have_attribute("open", "")
    door.keyboard.press("Tab")
    door.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_a_click_elsewhere_closes_a_menu(door: Page) -> None:
    menu = door.locator("details.account")
    menu.locator("summary").click()
    door.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_the_language_is_one_press_away_and_leads_back_to_the_page(door: Page) -> None:
    address = door.url
    door.get_by_text("语言与显示").click()
    door.get_by_role("button", name="English").click()
    expect(door.locator("html")).to_have_attribute("lang", "en")
    assert door.url == address


def test_the_first_tab_leads_past_the_head(door: Page) -> None:
    door.keyboard.press("Tab")
    expect(door.locator(".skip")).to_be_focused()
    door.keyboard.press("Enter")
    expect(door.locator("main")).to_be_focused()


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1920])
@pytest.mark.parametrize("address", ["/sign-in/", "/nowhere/"])
def test_no_page_scrolls_sideways(page: Page, live_server: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_has_no_barrier(door: Page, scheme: Any) -> None:
    door.emulate_media(color_scheme=scheme)
    door.get_by_role("button", name="登录").click()
    door.get_by_text("语言与显示").click()
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in Axe().run(door).response["violations"]] == []
