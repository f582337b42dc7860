"""The whole journey of a figure in a real browser: typed, returned, sent again, endorsed, accepted; and what is never lost on the way."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from people.models import StagedTime
from tests import cast
from tests.browser.conftest import Watch
from tests.cast import noon
from tests.tracker.desk import OCTOBER, Desk
from tracker import periods, reviewing
from tracker.models import Duty, ProgressReport, ReportEvent

SignIn = Callable[..., Page]


@pytest.fixture
def desk(live_server: Any, settings: Any) -> Desk:
    settings.STAGE = True
    StagedTime.objects.create(shown_at=noon("2022-10-17"), set_at=noon("2100-01-01"))
    desk = Desk(at=noon("2022-10-10"))
    Duty.objects.filter(period__number=1).update(done_at=OCTOBER)
    desk.accept(desk.duty("m-1-01", 2), value="900", progress="开通 900 个。")
    desk.accept(desk.duty("cloud", 2), value="4270")
    periods.lock_due(desk.city.government, noon("2022-10-17"))
    return desk


@pytest.fixture
def signed_in(browser: Browser, live_server: Any, desk: Desk) -> Iterator[SignIn]:
    """Signs a person in, in a browser of its own and watched, and opens a page."""
    watched: list[Watch] = []

    def sign_in(login: str, address: str = "/my-work/", **options: Any) -> Page:
        page = browser.new_context(base_url=live_server.url, locale="zh-CN", **options).new_page()
        page.set_default_timeout(10_000)
        watched.append(Watch(page, live_server.url))
        page.goto(f"/sign-in/?next={address}")
        _fill_door(page, login)
        return page

    yield sign_in
    assert [fault for watch in watched for fault in watch.faults] == []


def _fill_door(page: Page, login: str) -> None:
    page.locator("#id_login").fill(login)
    page.locator("#id_password").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def row(page: Page, name: str = "新增5G基站") -> Any:
    return page.locator("tbody[data-row]").filter(has_text=name)


def field(page: Page, duty: Duty) -> Any:
    return page.locator(f"#value-{duty.pk}")


def submit(page: Page, n: int = 1) -> None:
    page.get_by_role("button", name=f"提交 {n} 项…").click()
    page.get_by_role("dialog").get_by_role("button", name=f"提交 {n} 项").click()
    expect(page.locator(".notice")).to_contain_text(f"已提交 {n} 项。")


def test_a_figure_goes_its_whole_way(desk: Desk, signed_in: SignIn) -> None:
    duty = desk.duty("m-1-01")
    reporter = signed_in("reporter")
    field(reporter, duty).fill("1260")
    expect(row(reporter)).to_contain_text("滞后")
    expect(row(reporter)).to_contain_text("欠 12.0")
    expect(row(reporter)).to_contain_text("本期 360")
    expect(row(reporter)).to_contain_text("请写原因和下一步")
    row(reporter).get_by_label("进展说明").fill("开通 1260 个。")
    field(reporter, duty).press("Enter")
    expect(field(reporter, desk.duty("cloud"))).to_be_focused()
    submit(reporter)

    reviewer = signed_in("reviewer", "/review/")
    expect(reviewer.locator(".review__detail")).to_contain_text("900")
    reviewer.keyboard.press("r")
    expect(reviewer.get_by_label("退回原因或意见")).to_be_focused()
    reviewer.get_by_label("退回原因或意见").fill("请写明哪些站址")
    reviewer.get_by_role("button", name="退回本项").click()
    expect(reviewer.get_by_role("link", name="已退回 1")).to_be_visible()

    reporter.goto("/my-work/")
    expect(row(reporter)).to_contain_text("退回：请写明哪些站址")
    row(reporter).get_by_label("进展说明").fill("开通 1260 个，上蔡 86 处站址未定。")
    submit(reporter)

    reviewer.goto("/review/")
    expect(reviewer.locator("ins").first).to_be_visible()
    reviewer.keyboard.press("a")
    expect(reviewer.locator(".empty")).to_contain_text("没有待办的填报")

    supervisor = signed_in("supervisor", "/review/")
    expect(supervisor.locator("tr[aria-selected=true]")).to_contain_text("转为滞后")
    supervisor.get_by_role("button", name="通过本项").click()
    expect(supervisor.locator(".empty")).to_be_visible()
    report = ProgressReport.objects.get(duty=duty)
    assert (report.state, str(report.value), report.accepted_by.login) == ("accepted", "1260.0000", "supervisor")


def test_what_is_typed_while_the_session_ends_comes_back_after_signing_in(desk: Desk, signed_in: SignIn) -> None:
    duty, page = desk.duty("m-1-01"), signed_in("reporter")
    expect(field(page, duty)).to_be_visible()
    Session.objects.all().delete()
    cache.clear()
    field(page, duty).fill("1260")
    expect(page.locator(".notice--red")).to_contain_text("登录已过期。")
    page.get_by_role("link", name="重新登录").click()
    _fill_door(page, "reporter")
    expect(field(page, duty)).to_have_value("1260")
    expect(row(page)).to_contain_text("已存草稿")
    page.reload()
    expect(field(page, duty)).to_have_value("1260")
    assert str(ProgressReport.objects.get(duty=duty).value) == "1260.0000"


def test_what_one_person_left_in_a_browser_is_not_another_ones(desk: Desk, signed_in: SignIn) -> None:
    duty, page = desk.duty("m-1-01"), signed_in("reporter")
    Session.objects.all().delete()
    cache.clear()
    field(page, duty).fill("1260")
    page.get_by_role("link", name="重新登录").click()
    _fill_door(page, "reporter2")
    expect(field(page, duty)).to_have_value("")


def test_what_is_typed_without_a_network_is_saved_when_it_is_back(desk: Desk, signed_in: SignIn) -> None:
    duty, page = desk.duty("m-1-01"), signed_in("reporter")
    page.context.set_offline(True)
    field(page, duty).fill("1260")
    expect(page.locator(".notice--red")).to_contain_text("网络断开")
    page.context.set_offline(False)
    expect(row(page)).to_contain_text("已存草稿")
    assert str(ProgressReport.objects.get(duty=duty).value) == "1260.0000"


def test_two_people_see_both_figures_and_one_decides(desk: Desk, signed_in: SignIn) -> None:
    duty = desk.duty("m-1-01")
    one, two = signed_in("reporter"), signed_in("reporter2")
    field(one, duty).fill("1260")
    expect(row(one)).to_contain_text("已存草稿")
    field(two, duty).fill("1300")
    expect(row(two).locator(".clash")).to_contain_text("填报甲")
    expect(row(two).locator(".clash")).to_contain_text("1260")
    row(two).get_by_role("button", name="以我填的为准").click()
    expect(row(two).locator(".clash")).to_have_count(0)
    assert str(ProgressReport.objects.get(duty=duty).value) == "1300.0000"


def test_pressing_twice_submits_once(desk: Desk, signed_in: SignIn) -> None:
    duty, page = desk.duty("m-1-01"), signed_in("reporter")
    field(page, duty).fill("1500")
    expect(row(page)).to_contain_text("正常")
    page.get_by_role("button", name="提交 1 项…").click()
    page.get_by_role("dialog").get_by_role("button", name="提交 1 项").dblclick()
    expect(page.locator(".notice")).to_contain_text("1 项")
    assert ReportEvent.objects.filter(report__duty=duty, verb="submitted").count() == 1


def test_without_script_the_same_form_saves_asks_and_submits_once(desk: Desk, signed_in: SignIn) -> None:
    duty = desk.duty("m-1-01")
    page = signed_in("reporter", java_script_enabled=False)
    field(page, duty).fill("1500")
    page.get_by_role("button", name="只存草稿").click()
    expect(row(page)).to_contain_text("正常")
    page.get_by_role("button", name="提交 1 项…").click()
    expect(page.locator(".confirm")).to_be_visible()
    form = {str(f.get_attribute("name")): str(f.get_attribute("value")) for f in page.locator(".confirm input").all()}
    page.locator(".confirm").get_by_role("button", name="提交 1 项").click()
    expect(page.locator(".notice")).to_contain_text("已提交 1 项。")
    assert "这份表单已经提交过一次" in page.context.request.post("/my-work/", form={**form, "do": "submit"}).text()
    assert ReportEvent.objects.filter(report__duty=duty, verb="submitted").count() == 1


def test_the_full_form_shows_every_light_while_it_is_typed_and_takes_files(desk: Desk, signed_in: SignIn, settings: Any, tmp_path: Any) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    duty = desk.duty("cloud")
    page = signed_in("reporter", f"/reports/{duty.pk}/")
    field(page, duty).fill("4540")
    lights = page.locator('[data-slot="lights"]')
    expect(lights).to_contain_text("偏慢")
    expect(lights).to_contain_text("滞后")
    page.get_by_label("本期", exact=True).check()
    expect(page.locator('[data-slot="other"]')).to_contain_text("累计 8810")
    page.get_by_label("累计", exact=True).check()
    page.locator("input[type=file]").set_input_files({"name": "清单.csv", "mimeType": "text/csv", "buffer": "甲,1\n".encode()})
    expect(page.get_by_role("link", name="清单.csv")).to_be_visible()
    page.get_by_label("未到数据时点").check()
    expect(field(page, duty)).to_be_hidden()
    expect(page.get_by_label("由谁公布")).to_be_visible()


@pytest.fixture
def pages(desk: Desk) -> list[tuple[str, str]]:
    """Each page with something on it: (who, where)."""
    desk.draft(desk.duty("m-1-01"), value="9000", progress="开通")
    sent = desk.submit(desk.duty("cloud"), value="4540", progress="新增 270 家")
    report = reviewing.endorse(sent, desk.city.person("reviewer"), OCTOBER)
    draft = desk.duty("m-1-01").pk
    return [
        ("reporter", "/my-work/"), ("reporter", f"/reports/{draft}/"), ("builder", f"/reports/{desk.duty('task-2-02').pk}/"),
        ("supervisor", f"/review/{report.pk}/"), ("supervisor", "/review/"), ("supervisor", "/periods/"), ("supervisor", "/periods/2022Q3/"),
        ("auditor", "/measures/cloud/"), ("reporter", f"/reports/{sent.duty_id}/"),
    ]  # fmt: skip


def test_no_page_of_writing_scrolls_sideways_or_has_a_barrier(pages: list[tuple[str, str]], signed_in: SignIn) -> None:
    open_pages = {who: signed_in(who) for who in dict(pages)}
    wrong = []
    for who, where in pages:
        page = open_pages[who]
        page.goto(where)
        for width in (320, 360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append((where, width))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.wait_for_timeout(300)  # colours fade into one another
            wrong += [(where, fault["id"], fault["nodes"][0]["html"][:200]) for fault in Axe().run(page).response["violations"]]
    assert "\n".join(map(str, wrong)) == ""
