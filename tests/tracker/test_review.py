"""审核: what waits for whom, what is unusual about it, what passing on and giving back do, and what losing a race says."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import RoleGrant
from tests import cast
from tests.cast import noon
from tests.tracker.desk import OCTOBER, Desk
from tests.tracker.stood import client_of
from tracker import reporting, reviewing
from tracker.frame import _COUNTS
from tracker.models import ProgressReport
from tracker.queries import review as query

pytestmark = pytest.mark.django_db
URL = "/review/"


@pytest.fixture
def desk(clock_at: Any) -> Desk:
    clock_at("2022-10-17")
    return Desk(at=noon("2022-10-10"))


def queue_of(desk: Desk, login: str, query: str = "") -> Any:
    return client_of(desk.city, login).get(URL + query).context["queue"]


def codes(queue: Any) -> list[str]:
    return [case.row.measure.code for case in queue.cases]


def send(desk: Desk, code: str = "m-1-01", value: str = "1260", **fields: Any) -> ProgressReport:
    return desk.submit(desk.duty(code), value=value, **fields)


def endorsed(desk: Desk, code: str = "m-1-01", value: str = "1260", **fields: Any) -> ProgressReport:
    report = send(desk, code, value, **fields)
    login = {"gxj": "reviewer", "zjj": "builders_head"}[report.duty.department.code]
    return reviewing.endorse(report, desk.city.person(login), OCTOBER)


def decide(desk: Desk, login: str, report: ProgressReport, do: str, **given: str) -> Any:
    return client_of(desk.city, login).post(f"{URL}{report.pk}/", {"do": do, "version": str(report.version), **given})


def test_each_sees_what_waits_for_him(desk: Desk) -> None:
    send(desk)
    endorsed(desk, "m-2-01", "60")
    send(desk, "jobless", "5.4")
    assert {login: codes(queue_of(desk, login)) for login in ("reviewer", "builders_head", "supervisor")} == {
        "reviewer": ["m-1-01"], "builders_head": [], "supervisor": ["jobless", "m-2-01"],
    }  # fmt: skip


def test_the_count_in_the_head_is_the_length_of_the_queue(desk: Desk) -> None:
    send(desk)
    send(desk, "jobless", "5.4")
    endorsed(desk, "m-2-01", "60")
    for login in ("reviewer", "supervisor"):
        person = desk.city.person(login)
        with CaptureQueriesContext(connection) as statements:
            counted = _COUNTS["review"](person, noon("2022-10-17"))
        assert (counted, len(statements)) == (len(queue_of(desk, login).cases), 1)


def test_a_report_whose_only_reviewer_made_it_goes_straight_to_the_supervisor(desk: Desk) -> None:
    head = desk.city.user("reviewer")
    RoleGrant.objects.create(government=desk.city.government, user=head, role="reporter", from_on=cast.FROM)
    duty = desk.duty("m-1-01")
    report = reporting.save_draft(reporting.draft(duty, desk.city.person("reviewer"), OCTOBER), {"value": "1260"}, desk.city.person("reviewer"), OCTOBER, 0)
    reporting.submit(report, desk.city.person("reviewer"), OCTOBER, report.version)
    assert codes(queue_of(desk, "supervisor")) == ["m-1-01"]


def test_what_is_unusual_is_said_and_the_rest_is_plain(desk: Desk) -> None:
    for code, value in (("m-1-01", "900"), ("m-2-01", "47"), ("jobless", "5.4")):
        desk.accept(desk.duty(code, 2), value=value, progress="老话")
    endorsed(desk, "m-2-01", "94", progress="老话")
    endorsed(desk, "m-1-01", "9500", progress="新话")
    send(desk, "jobless", "5.5", progress="新话")
    flags = {case.row.measure.code: case.flags for case in queue_of(desk, "supervisor").cases}
    assert flags == {
        "m-1-01": ["9500是二季度（900）的10.6倍。请核对单位和小数点。填报人：未说明"],
        "m-2-01": ["94恰好等于目标。请核对是否实际数。填报人：未说明", "进展与二季度所写一字不差。请写本期的情况。填报人：未说明"],
        "jobless": ["5.5恰好等于目标。请核对是否实际数。填报人：未说明"],
    }


def test_a_light_that_turns_for_the_worse_is_said(desk: Desk) -> None:
    desk.accept(desk.duty("m-1-01", 2), value="900")
    report = endorsed(desk, value="1260")
    answer = client_of(desk.city, "supervisor").get(f"{URL}{report.pk}/")
    case = answer.context["detail"].case
    assert (case.flags, case.turned, case.main.now.light, case.main.then.light) == (["转为滞后"], True, "yellow", "red")
    assert "偏慢</span><i" in answer.content.decode()


def test_the_difference_to_the_last_period_is_marked(desk: Desk) -> None:
    desk.accept(desk.duty("m-1-01", 2), value="900", progress="示范区已开工，建成 38 万亩。")
    report = endorsed(desk, progress="示范区完成六成，建成 49 万亩。")
    html = client_of(desk.city, "supervisor").get(f"{URL}{report.pk}/").content.decode()
    for part in ("<del>已开工</del>", "<ins>完成六成</ins>", "<del>38</del>", "<ins>49</ins>"):
        assert part in html


def test_a_reviewer_endorses_and_goes_on_to_the_next(desk: Desk) -> None:
    first, second = send(desk, "cloud", "4540"), send(desk)
    answer = decide(desk, "reviewer", first, "pass")
    first.refresh_from_db()
    assert (first.state, first.endorsed_by.login, answer["Location"]) == ("endorsed", "reviewer", f"{URL}{second.pk}/")


def test_a_supervisor_accepts_what_was_endorsed(desk: Desk) -> None:
    report = endorsed(desk)
    assert decide(desk, "supervisor", report, "pass")["Location"] == URL
    report.refresh_from_db()
    assert (report.state, report.accepted_by.login) == ("accepted", "supervisor")


def test_giving_back_needs_a_reason(desk: Desk) -> None:
    report = endorsed(desk)
    answer = decide(desk, "supervisor", report, "return", why=" ")
    assert (answer.status_code, "退回要写明原因" in answer.content.decode()) == (422, True)
    decide(desk, "supervisor", report, "return", why="请写明站址")
    report.refresh_from_db()
    assert (report.state, report.events.last().why) == ("returned", "请写明站址")
    assert codes(queue_of(desk, "supervisor", "?tab=returned")) == ["m-1-01"]


def test_who_comes_second_is_told_who_was_first(desk: Desk) -> None:
    report = endorsed(desk)
    decide(desk, "supervisor", report, "pass")
    answer = decide(desk, "supervisor2", report, "pass")
    assert (answer.status_code, "已由督查甲核定。" in answer.content.decode()) == (409, True)
    other = endorsed(desk, "m-2-01", "60")
    decide(desk, "supervisor", other, "return", why="再核")
    assert "已由督查甲退回。" in decide(desk, "supervisor2", other, "pass").content.decode()


def test_a_report_taken_back_while_it_was_read_is_not_passed_on(desk: Desk) -> None:
    report = send(desk)
    client = client_of(desk.city, "reviewer")
    assert client.get(f"{URL}{report.pk}/").status_code == 200
    reporting.take_back(report, desk.city.person("reporter"), OCTOBER)
    assert client.post(f"{URL}{report.pk}/", {"do": "pass", "version": str(report.version)}).status_code == 404


def test_many_are_passed_on_each_with_its_outcome(desk: Desk) -> None:
    one, two = endorsed(desk), endorsed(desk, "m-2-01", "60")
    sent = {"do": "pass", "pick": [str(one.pk), str(two.pk)], f"version-{one.pk}": str(one.version), f"version-{two.pk}": str(two.version)}
    reviewing.accept(two, desk.city.person("supervisor2"), OCTOBER)
    asked = client_of(desk.city, "supervisor").post(URL, sent)
    assert (asked.status_code, [report.pk for report, _case in asked.context["asked"]]) == (200, [one.pk, two.pk])
    assert ("核定的数不能撤回" in asked.content.decode(), ProgressReport.objects.get(pk=one.pk).state) == (True, "endorsed")
    answer = client_of(desk.city, "supervisor").post(URL, sent | {"sure": "1"})
    assert [(s.name, s.words, s.done) for s in answer.context["said"]] == [("新增5G基站", "已核定。", True), ("老旧小区改造", "已由督查乙核定。", False)]
    assert answer.status_code == 409


def test_all_that_is_plain_of_a_department_is_passed_on_at_once(desk: Desk) -> None:
    plain, odd = send(desk, "cloud", "4540"), send(desk, "m-1-01", "2000")
    department = desk.city.departments["gxj"].pk
    sent = {"plain": str(department), f"version-{plain.pk}": str(plain.version), f"version-{odd.pk}": str(odd.version)}
    client_of(desk.city, "reviewer").post(URL, sent)
    assert dict(ProgressReport.objects.values_list("measure__code", "state")) == {"cloud": "endorsed", "m-1-01": "submitted"}


def test_nobody_passes_on_his_own_work(desk: Desk) -> None:
    RoleGrant.objects.create(government=desk.city.government, user=desk.city.user("reporter"), role="reviewer", from_on=cast.FROM)
    report = send(desk)
    page = client_of(desk.city, "reporter").get(f"{URL}{report.pk}/").content.decode()
    assert "本人经手过这份填报" in page
    assert "data-pass" not in page
    answer = decide(desk, "reporter", report, "pass")
    assert (answer.status_code, "不能办理" in answer.content.decode()) == (409, True)


def test_a_comment_changes_nothing_but_the_story(desk: Desk) -> None:
    report = endorsed(desk)
    decide(desk, "supervisor", report, "comment", why="请补图")
    report.refresh_from_db()
    assert (report.state, report.events.last().why) == ("endorsed", "请补图")


def test_a_correction_is_set_beside_what_it_corrects(desk: Desk) -> None:
    old = desk.accept(desk.duty("m-1-01"), value="1260", progress="原报")
    new = reporting.correct(old, desk.city.person("reporter"), OCTOBER, "漏计", "统计局来函")
    new = reporting.save_draft(new, {"value": "1280", "progress": "新报"}, desk.city.person("reporter"), OCTOBER, new.version)
    new = reporting.submit(new, desk.city.person("reporter"), OCTOBER, new.version)
    page = client_of(desk.city, "reviewer").get(f"{URL}{new.pk}/").context
    assert (page["detail"].old.pk, page["detail"].case.flags) == (old.pk, ["更正单"])
    assert codes(queue_of(desk, "reviewer", "?tab=corrections")) == ["m-1-01"]


def test_drafts_and_strangers_are_not_there(desk: Desk) -> None:
    draft, sent = desk.draft(desk.duty("cloud"), value="1"), send(desk)
    stranger = cast.stranger_city()
    for city, login, report in (
        (desk.city, "reviewer", draft),
        (desk.city, "builders_head", sent),
        (stranger, "reviewer", sent),
        (stranger, "supervisor", sent),
    ):
        client = client_of(city, login)
        assert client.get(f"{URL}{report.pk}/").status_code == 404
        assert client.post(f"{URL}{report.pk}/", {"do": "pass"}).status_code == 404
        client.post(URL, {"pick": str(report.pk), f"version-{report.pk}": str(report.version)})
    sent.refresh_from_db()
    assert sent.state == "submitted"
    for login in ("reporter", "leader", "auditor", "administrator"):
        assert client_of(desk.city, login).get(URL).status_code == 404


def test_a_page_takes_the_same_statements_with_one_report_and_with_three(desk: Desk) -> None:
    for code in ("m-1-01", "cloud", "m-2-01"):
        desk.accept(desk.duty(code, 2), value="47")
    client, taken = client_of(desk.city, "supervisor"), []
    for codes_now in (["m-1-01"], ["cloud", "m-2-01"]):
        for code in codes_now:
            endorsed(desk, code, "60", progress="进展")
        client.get(URL)
        with CaptureQueriesContext(connection) as statements:
            assert len(client.get(URL).context["queue"].cases) == (1 if codes_now == ["m-1-01"] else 3)
        taken.append(len(statements))
    assert taken == [38, 38]


@pytest.mark.parametrize("number", ["", "9" * 30, "9" * 5000, "²", "-1"])
def test_what_can_be_no_version_or_report_passes_nothing_on_and_breaks_nothing(desk: Desk, number: str) -> None:
    report, client = endorsed(desk), client_of(desk.city, "supervisor")
    assert client.post(f"{URL}{report.pk}/", {"do": "pass", "version": number}).status_code == 409
    assert client.post(URL, {"pick": [number, str(report.pk)], f"version-{report.pk}": number, f"version-{number[:20]}": number}).status_code == 409
    assert client.post(URL, {"plain": number}).status_code == 200
    assert ProgressReport.objects.get(pk=report.pk).state == "endorsed"


@pytest.mark.parametrize("looks_through", [2, 200])
def test_a_long_queue_has_pages_and_is_worked_off_on_each(desk: Desk, monkeypatch: pytest.MonkeyPatch, looks_through: int) -> None:
    """Whether the whole tab is looked through, or it is too long for that and only the page is."""
    monkeypatch.setattr(query, "PER_PAGE", 2)
    monkeypatch.setattr(query, "LONGEST", looks_through)
    endorsed(desk, "m-1-01")
    endorsed(desk, "m-2-01", "60")
    last = endorsed(desk, "cloud", "4540")
    every = codes(queue_of(desk, "supervisor", "?page=1")) + codes(queue_of(desk, "supervisor", "?page=2"))
    assert (sorted(every), len(every)) == (["cloud", "m-1-01", "m-2-01"], 3)
    page = queue_of(desk, "supervisor", "?page=99")
    assert (page.page, page.pages, page.total, len(page.cases), page.chips == {}) == (2, 2, 3, 1, looks_through == 2)
    client, shown = client_of(desk.city, "supervisor"), page.cases[0].report
    text = client.get(f"{URL}?page=2").content.decode()
    assert "第 3 至 3 项，共 3 项" in text
    assert "第 3 项，共 3 项" in text
    client.post(f"{URL}?page=2", {"pick": str(shown.pk), f"version-{shown.pk}": str(shown.version)})
    left = queue_of(desk, "supervisor", "?page=2")
    assert (left.page, len(left.cases)) == (1, 2)
    assert last.measure.code in every


def test_the_file_of_the_queue_holds_every_page_of_the_tab_as_filtered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "PER_PAGE", 1)
    monkeypatch.setattr(query, "LONGEST", 1)
    endorsed(desk, "m-1-01")
    endorsed(desk, "m-2-01", "60")
    client = client_of(desk.city, "supervisor")
    files = (client.get(f"{URL}?export=csv{more}").content.decode("utf-8-sig") for more in ("", "&show=state"))
    every, restated = (list(csv.reader(io.StringIO(text))) for text in files)
    assert ([row[1] for row in every[1:]], [row[1] for row in restated[1:]]) == (["编码", "m-1-01", "m-2-01"], ["编码"])
