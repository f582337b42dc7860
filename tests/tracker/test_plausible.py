"""The slips of the trade at entry: each is said at its field, none stops a report, and whoever reviews it reads why the sender stands by it."""

from typing import Any

import pytest

from tests import cast
from tests.tracker.desk import OCTOBER, Desk
from tests.tracker.stood import client_of
from tests.tracker.test_report import form_of, post
from tests.tracker.test_report import url as form
from tracker import plausible, reporting, reviewing
from tracker.models import ProgressReport
from tracker.problems import problems


def plan(unit: str, value: str, **given: Any) -> dict[str, Any]:
    """A plan of one item with a quarterly measure m-1."""
    return cast.body([cast.item("1", "指标", **{"targets": [cast.target(comparator="at_least", value=value, unit=unit)], **given})])


def doubts(desk: Desk, value: str, measure: str = "m-1", number: int = 3, **fields: Any) -> dict[str, str]:
    report = desk.draft(desk.duty(measure, number), value=value, **fields)
    return {p.code: p.message for p in problems(report, OCTOBER.date())}


SLIPS = {
    "ten thousand times the last": (plan("万元", "900", accrual="level"), "60", "610000", {"ten_thousand": "填的是610000万元，是不是应为61？上次是60。"}),
    "a ten-thousandth of the last": (plan("万元", "900", accrual="level"), "60", "0.0062", {"ten_thousand": "填的是0.0062万元，是不是应为62？上次是60。"}),
    "a share for a per cent": (plan("%", "90", accrual="level"), "84", "0.85", {"factor": "填的是0.85%，是不是应为85？上次是84。"}),
    "more than the whole": (plan("%", "90", accrual="level"), "84", "150", {"over_hundred": "填的是150%，超过了100%。请核对。"}),
    "half a firm": (plan("家", "6000", accrual="level"), "4270", "4540.5", {"fraction": "以“家”为单位的数一般没有小数，填的是4540.5。请核对单位。"}),
    "just the target": (plan("家", "94"), "60", "94", {"on_target": "94恰好等于目标。请核对是否实际数。"}),
    "the part for the total": (plan("家", "6000"), "900", "520", {"part": "520像是本期数。这里要填累计数：900＋520＝1420。", "total_falls": "累计数520比二季度的900少。确实减少的，请写明原因。"}),
    "nothing unlikely": (plan("家", "6000"), "900", "1420", {}),
    "at the whole": (plan("%", "100", accrual="held"), "99", "100", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
@pytest.mark.django_db
def test_a_slip_is_said_with_what_stands_against_it(name: str) -> None:
    given, last, value, expected = SLIPS[name]
    desk = Desk(plan=given)
    desk.accept(desk.duty("m-1", 2), value=last)
    assert doubts(desk, value) == expected


@pytest.mark.django_db
def test_just_the_target_is_found_in_the_total_of_an_increase_and_not_where_nothing_moved() -> None:
    desk = Desk()
    assert doubts(desk, "5080", "cloud", 2) == {"on_target": "5080恰好等于目标。请核对是否实际数。"}
    desk.accept(desk.duty("jobless", 2), value="5.5")
    assert doubts(desk, "5.5", "jobless") == {}


@pytest.mark.django_db
def test_a_level_that_jumps_is_doubted_by_its_own_changes() -> None:
    desk = Desk(plan=plan("分", "95", accrual="level"))
    for number, year, value in ((3, 2021, "80"), (4, 2021, "81"), (1, 2022, "82"), (2, 2022, "83")):
        desk.accept(desk.earlier("m-1", year, number) if year == 2021 else desk.duty("m-1", number), value=value)
    assert doubts(desk, "90") == {"jump": "与上次相差7，是以往各期最大变动（1）的7倍。请核对。"}
    assert doubts(desk, "87") == {}


@pytest.mark.django_db
def test_last_periods_text_is_doubted_at_the_text(settings: Any) -> None:
    desk = Desk()
    desk.accept(desk.duty("m-1-01", 2), value="900", progress="开通顺利")
    assert doubts(desk, "1260", "m-1-01", progress="开通顺利 ") == {"same_text": "进展与二季度所写一字不差。请写本期的情况。"}


@pytest.mark.django_db
def test_the_reason_is_asked_for_at_the_field_and_the_reviewer_reads_it() -> None:
    desk = Desk()
    duty, client = desk.duty("m-2-01"), client_of(desk.city, "builder")
    post(client, duty, "save", value="94")
    html = client.get(form(duty)).content.decode()
    assert f'name="why-{duty.pk}-on_target"' in html
    assert post(client, duty, "submit", value="94").status_code == 422
    reason = {f"why-{duty.pk}-on_target": "逐个小区核过，确已全部开工"}
    answer = client.post(form(duty), {**form_of(client, duty, value="94"), **reason, "do": "submit"})
    assert answer["Location"].endswith("done=submitted")
    report = ProgressReport.objects.get(duty=duty)
    assert report.doubts == {"on_target": {"said": "94恰好等于目标。请核对是否实际数。", "why": "逐个小区核过，确已全部开工"}}
    for login in ("builders_head", "supervisor"):
        if login == "supervisor":
            reviewing.endorse(report, desk.city.person("builders_head"), OCTOBER)
        seen = client_of(desk.city, login).get(f"/review/{report.pk}/").content.decode()
        assert "94恰好等于目标。请核对是否实际数。填报人：逐个小区核过，确已全部开工" in seen
    passed = client_of(desk.city, "builders_head").get("/review/?tab=passed").content.decode()
    assert "逐个小区核过" in passed


@pytest.mark.django_db
def test_every_doubt_that_is_said_has_its_code_in_the_list_that_a_form_may_confirm() -> None:
    desk = Desk()
    report = desk.draft(desk.duty("m-2-01"), value="94.5")
    found = problems(report, OCTOBER.date())
    assert {p.code for p in found} <= plausible.CODES
    assert reporting.submit(report, desk.city.person("builder"), OCTOBER, report.version, confirmed=plausible.CODES).state == "submitted"


@pytest.mark.django_db
def test_a_task_that_repeats_its_text_is_doubted_though_it_has_no_figure() -> None:
    desk = Desk()
    step = desk.city.item("2-02").terms.get().steps.get(name="选址")
    desk.accept(desk.duty("task-2-02", 2), steps={step.pk: OCTOBER.date()}, progress="按计划推进")
    report = desk.draft(desk.duty("task-2-02"), answer="no_change", progress="按计划推进")
    assert [p.code for p in problems(report, OCTOBER.date())] == ["same_text"]
