"""A correction lists everything that used the old value, and whoever was told it is told the new one, once."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.tracker import stood
from tests.tracker.answers import answer
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of, period
from tracker import correcting, digests, jobs, outbox, rollup
from tracker.models import JobRun, Message, ProgressReport, Standing
from tracker.queries.correction import Uses, uses_of

MONDAY = cast.noon("2022-07-25")
SEPTEMBER = cast.noon("2022-09-05")


@pytest.fixture
def desk(db: None, settings: Any) -> Desk:
    """老旧小区 61 of 94 by June, green at the closing and counted so in the digest of July; 银行 lags and is named."""
    stood.stage(settings, "2022-10-17")
    return Desk()


def settle(city: cast.City, old: str, new: str, code: str = "2-01") -> ProgressReport:
    """A value of June, its closing, the digests of a Monday, then its correction and the roll-up after it."""
    wrong = answer(city, code, "2022Q2", old)
    rollup.take(city.government, cast.noon("2022-07-18"), closes=period(city, "2022Q2"))
    rollup.take(city.government, cast.noon("2022-07-18"))
    digests.compose(city.government, MONDAY)
    report = answer(city, code, "2022Q2", new, corrects=wrong, accepted="2022-09-05")
    rollup.take(city.government, SEPTEMBER)
    return report


def told(uses: Uses) -> dict[str, tuple[bool, bool]]:
    return {each.name: (each.named, each.misled) for each in uses.told}


def test_every_standing_board_and_message_that_used_the_old_value_is_listed(desk: Desk) -> None:
    city = desk.city
    answer(city, "1-02", "2022Q2", "3600")  # lags: a digest goes out
    report = settle(city, "61", "46")
    uses = uses_of(report)
    assert [(use.name, use.last.role, use.last.light, use.now.light if use.now else "") for use in uses.items] == [
        ("老旧小区改造", "judged", "green", "yellow")
    ]
    assert uses.items[0].stood[0].closings == (("2022Q2", "2022年二季度"),)
    assert [use.name for use in uses.nodes] == ["二、城乡", "测试工作报告", "市住房和城乡建设局", "驻马店市"]
    assert uses.closings == (("2022Q2", "2022年二季度"),)
    assert told(uses) == {"住建乙": (False, True), "副市长甲": (False, True)}  # the industry bureau's head counted other items


def test_a_value_that_was_named_in_a_digest_is_told_anew_whatever_the_light(desk: Desk) -> None:
    report = settle(desk.city, "20", "18")
    assert told(uses_of(report)) == {"住建乙": (True, True), "副市长甲": (True, True)}


def test_whoever_was_told_the_old_value_is_told_the_new_one_once(desk: Desk) -> None:
    city = desk.city
    report = settle(city, "61", "46")
    assert correcting.waiting(city.government) == [f"report:{report.pk}"]
    assert [one.counts for one in jobs.pull(city.government, {"corrections"}, SEPTEMBER)] == [{"people": 2, "messages": 2}]
    assert jobs.pull(city.government, {"corrections"}, SEPTEMBER) == []
    assert JobRun.objects.filter(job="corrections", state="done").count() == 1
    assert correcting.tell(city.government, f"report:{report.pk}", SEPTEMBER).messages == 0
    assert sorted(Message.objects.filter(kind="corrected").values_list("recipient__login", flat=True)) == ["builders_head", "leader"]


def test_the_letter_says_old_and_new_value_and_what_turned(desk: Desk) -> None:
    city = desk.city
    answer(city, "1-02", "2022Q2", "3600")
    report = settle(city, "61", "46")
    jobs.pull(city.government, {"corrections"}, SEPTEMBER)
    letter = Message.objects.get(kind="corrected", recipient__login="leader")
    assert (letter.recipient.login, letter.occasion) == ("leader", f"report:{report.pk}")
    assert "更正：老旧小区改造 2022年二季度 61 个 → 46 个" in letter.subject
    assert "由 61 个更正为 46 个" in letter.text
    assert "正常 → 偏慢" in letter.text
    assert f"/corrections/{report.pk}/" in letter.html
    assert outbox.has_work(city.government)


def test_a_correction_that_changes_no_figure_tells_nobody(desk: Desk) -> None:
    report = settle(desk.city, "20", "20")
    assert correcting.tell(desk.city.government, f"report:{report.pk}", SEPTEMBER).people == 0


def test_the_start_of_an_increase_is_found_as_a_use(desk: Desk) -> None:
    city = desk.city
    item = city.item("1-02")
    terms = item.terms.get()
    answer(city, "1-02", "2022Q1", "3600")
    wrong = answer(city, "1-02", "2022Q2", "4270")
    rollup.take(city.government, cast.noon("2022-07-18"))
    assert terms.baseline is not None
    standing = Standing.objects.get(item=item, until_run=None)
    assert standing.report_id == wrong.pk
    first = ProgressReport.objects.get(measure=item.measure, period__number=1)
    report = answer(city, "1-02", "2022Q1", "3650", corrects=first, accepted="2022-09-05")
    assert uses_of(report).items == ()  # a later value was judged, from a start that the plan names


def test_the_page_shows_old_and_new_reason_basis_and_uses(desk: Desk) -> None:
    city = desk.city
    answer(city, "1-02", "2022Q2", "3600")
    report = settle(city, "61", "46")
    jobs.pull(city.government, {"corrections"}, SEPTEMBER)
    for login in ("supervisor", "builder", "leader"):
        html = client_of(city, login).get(f"/corrections/{report.pk}/").content.decode()
        for words in ("61 个", "46 个", "老旧小区改造", "判定值", "2022年二季度报告时的总览", "计入各灯的项数", "须告知新数", "已告知新数"):
            assert words in html
        assert '<a href="/items/report-2022/2-01/why/" class="light light--yellow">偏慢</a>' in html
    assert client_of(city, "reporter").get(f"/corrections/{report.pk}/").status_code == 404


def test_while_it_is_not_accepted_the_old_value_counts(desk: Desk) -> None:
    city = desk.city
    wrong = answer(city, "2-01", "2022Q2", "61")
    rollup.take(city.government, cast.noon("2022-07-18"))
    report = answer(city, "2-01", "2022Q2", "46", corrects=wrong, state="submitted")
    html = client_of(city, "supervisor").get(f"/corrections/{report.pk}/").content.decode()
    assert "更正单还没有核定，原数仍然有效" in html
    assert correcting.waiting(city.government) == []


def test_a_page_takes_as_many_statements_whatever_used_the_old_value(desk: Desk) -> None:
    city, taken = desk.city, []
    answer(city, "1-02", "2022Q2", "3600")
    report = settle(city, "61", "46")
    client = client_of(city, "supervisor")
    for week in ("2022-08-01", "2022-08-08"):
        client.get(f"/corrections/{report.pk}/")
        with CaptureQueriesContext(connection) as statements:
            page = client.get(f"/corrections/{report.pk}/").context["page"]
        taken.append((len(statements), len(page.uses.told)))
        first = Message.objects.filter(kind="digest", recipient__login="leader").earliest("pk")
        first.pk, first.occasion, first.message_id = None, week, week
        first.save(force_insert=True)
    assert taken[0][0] == taken[1][0]
    assert taken[1][1] > taken[0][1]
