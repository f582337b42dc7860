"""Every page of every role, with the demonstration's data: it fits a phone, nobody is shut out of it, nothing goes wrong behind it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.conftest import Watch
from tests.browser.demonstration import demonstration
from tests.browser.walk import ROLES, become, stops

GRAVE = ("serious", "critical")
EXPECTED = {  # at least these; a page that is new is walked too
    "reporter": {"my-work", "report", "items", "item", "plans", "plan", "measure"},
    "reviewer": {"my-work", "review", "items", "plans"},
    "supervisor": {"overview", "review", "alerts", "periods", "conflicts", "messages", "departments", "department"},
    "leader": {"overview", "alerts", "items", "item", "departments", "department"},
    "administrator": {"overview", "messages", "items"},
    "auditor": {"overview", "audit", "periods", "conflicts", "messages"},
}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[str]:
    with demonstration(tmp_path) as address:
        yield address


@pytest.fixture
def watch(page: Page, home: str) -> Watch:
    """In place of the one over the tests' own server."""
    return Watch(page, home)


@pytest.mark.timeout(600)
def test_every_page_of_every_role_fits_a_phone_and_has_no_barrier(browser: Browser, home: str) -> None:
    faults: list[str] = []
    checked: set[str] = set()  # the rules of accessibility look at each kind of page once
    for role, login in ROLES.items():
        page = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900}).new_page()
        watch = Watch(page, home)
        become(page, home, login)
        names = set()
        for stop in stops(page, home):
            names.add(stop.name)
            if stop.name not in checked:
                checked.add(stop.name)
                faults += [f"{role} {stop.address}: {said}" for said in barriers(page)]
                faults += [f"{role} {stop.address}: {wide} px wide at 360 in English" for wide in widths_in_english(page, home, stop.address) if wide > 360]
            faults += [f"{role} {stop.address}: {wide} px wide at {width}" for width in (1280, 768, 360, 320) if (wide := width_at(page, width)) > width]
            faults += [f"{role} {stop.address}: {fault}" for fault in watch.faults]
            watch.faults.clear()
            page.set_viewport_size({"width": 1440, "height": 900})
        faults += [f"{role} does not reach {name}" for name in EXPECTED[role] - names]
        page.context.close()
    assert faults == [], "\n".join(faults)


def barriers(page: Page) -> list[str]:
    """The serious and critical findings of axe, each with the first place."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in GRAVE]


def widths_in_english(page: Page, home: str, address: str) -> Iterator[int]:
    """How wide the page is on a phone in English, whose words are longer; the page is Chinese again afterwards."""
    for language in ("en", "zh-hans"):
        page.context.add_cookies([{"name": "language", "value": language, "url": home}])
        page.goto(home + address)
        if language == "en":
            yield width_at(page, 360)
    page.set_viewport_size({"width": 1440, "height": 900})


def width_at(page: Page, width: int) -> int:
    """How wide the page is in a window of this width; a chart is drawn again a moment after the window has changed."""
    page.set_viewport_size({"width": width, "height": 740})
    if (wide := int(page.evaluate("document.documentElement.scrollWidth"))) <= width:
        return wide
    with suppress(TookTooLong):
        page.wait_for_function("() => document.documentElement.scrollWidth <= window.innerWidth", timeout=2000)
    return int(page.evaluate("document.documentElement.scrollWidth"))
