"""The browser itself works, and the watch over it sees what it is there to see."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import Watch


def test_sign_in_page_opens(page: Page, live_server: Any):
    answer = page.goto(f"{live_server.url}/sign-in/")
    assert answer is not None
    assert answer.status == 200


def test_watch_sees_a_request_to_another_host(page: Page, live_server: Any, watch: Watch):
    page.route("http://elsewhere.test/*", lambda route: route.abort())
    page.goto(f"{live_server.url}/static/vendor/htmx.min.js")
    page.evaluate("fetch('http://elsewhere.test/spy.js').catch(() => 0)")
    assert watch.faults == ["another host: http://elsewhere.test/spy.js"]
    watch.faults.clear()


def test_watch_sees_a_script_error(page: Page, live_server: Any, watch: Watch):
    page.goto(f"{live_server.url}/static/vendor/htmx.min.js")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') }, 0)")
    assert watch.faults == ["script: broken"]
    watch.faults.clear()
