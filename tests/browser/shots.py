"""`make shots`: pictures of every page of every role with the demonstration's data, wide and on a phone, into var/shots.

The pictures of the README are taken again as well, into docs/img.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.demonstration import ROOT, demonstration
from tests.browser.pictures import smaller
from tests.browser.walk import ROLES, become, stops

OUT = ROOT / "var" / "shots"
IMAGES = ROOT / "docs" / "img"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
PICTURES = (  # name, who, where, height, language
    ("overview", "vice-city", "/overview/", 900, "zh-hans"),
    ("overview-en", "vice-city", "/overview/", 900, "en"),
    ("item", "vice-city", "/items/report-2022/3.3-19/", 980, "zh-hans"),
    ("item-en", "vice-city", "/items/report-2022/3.3-19/", 980, "en"),
)
DARK = ("overview", "item", "my-work")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    OUT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, demonstration(Path(folder)) as home, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for role, login in ROLES.items():
            _walk(browser, home, role, login)
        _stage(browser, home)
        _pictures(browser, home)
        browser.close()
    return 0


def _walk(browser: Browser, home: str, role: str, login: str) -> None:
    page = browser.new_context(locale="zh-CN", viewport=WIDE, color_scheme="light").new_page()
    become(page, home, login)
    for stop in stops(page, home):
        page.wait_for_load_state("networkidle")
        page.screenshot(path=OUT / f"{role}-{stop.name}-wide.png", full_page=True)
        if stop.name in DARK:
            page.emulate_media(color_scheme="dark")
            page.screenshot(path=OUT / f"{role}-{stop.name}-dark.png", full_page=True)
            page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)
        page.screenshot(path=OUT / f"{role}-{stop.name}-phone.png", full_page=True)
        page.set_viewport_size(WIDE)
        print(f"{role}: {stop.name} {stop.address}", flush=True)
    page.context.close()


def _stage(browser: Browser, home: str) -> None:
    """What nobody has to sign in for."""
    page = browser.new_context(locale="zh-CN", viewport=WIDE, color_scheme="light").new_page()
    for name, address in (("stage", "/stage/"), ("sign-in", "/sign-in/"), ("public", "/public/")):
        page.goto(home + address)
        page.screenshot(path=OUT / f"stranger-{name}-wide.png", full_page=True)
    page.context.close()


def _pictures(browser: Browser, home: str) -> None:
    """Those of the READMEs, in Chinese and in English: what a vice-mayor finds, and why a light is what it is."""
    IMAGES.mkdir(exist_ok=True)
    for name, login, address, height, language in PICTURES:
        page = browser.new_context(viewport={"width": 1280, "height": height}, color_scheme="light").new_page()
        become(page, home, login)
        page.context.add_cookies([{"name": "language", "value": language, "url": home}])
        page.goto(home + address)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)  # a chart is drawn by then
        (IMAGES / f"{name}.png").write_bytes(smaller(page.screenshot()))
        page.context.close()


if __name__ == "__main__":
    sys.exit(main())
