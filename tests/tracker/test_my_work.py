"""我的待填: what is owed and in which order; rows that save themselves; what is wrong stays and is said; submitted once."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.cast import noon
from tests.tracker.desk import OCTOBER, Desk
from tests.tracker.stood import client_of
from tracker import periods, reviewing
from tracker.models import ProgressReport, ReportEvent
from tracker.models.periods import Duty

pytestmark = pytest.mark.django_db
URL = "/my-work/"


@pytest.fixture
def desk(clock_at: Any) -> Desk:
    clock_at("2022-10-17")
    desk = Desk(at=noon("2022-10-10"))
    periods.lock_due(desk.city.government, noon("2022-10-10"))
    Duty.objects.filter(period__number__lt=3).update(done_at=OCTOBER)
    return desk


def board_of(client: Client, query: str = "") -> Any:
    return client.get(URL + query).context["board"]


def names(board: Any) -> list[tuple[str, list[str]]]:
    return [(section.key, [row.measure.code for row in section.rows]) for section in board.sections]


def form_of(client: Client, duty: Duty, **typed: str) -> dict[str, str]:
    """The page's own fields of a duty, as a browser would post them, with what is typed over them."""
    html = client.get(URL).content.decode()
    fields = {
        name: value for name, value in re.findall(rf'<input[^>]*?name="([a-z_]+-{duty.pk})"[^>]*?value="([^"]*)"', html) if not name.startswith(("mode", "ok"))
    }
    texts = dict(re.findall(rf'<textarea[^>]*?name="([a-z_]+-{duty.pk})"[^>]*>([^<]*)</textarea>', html))
    return {f"data_state-{duty.pk}": "verified", **fields, **texts, **{f"{name}-{duty.pk}": value for name, value in typed.items()}}


def test_what_was_returned_comes_first_then_what_is_due_in_the_order_of_the_plan(desk: Desk) -> None:
    returned = desk.submit(desk.duty("cloud"), value="4540", reason="核减")
    reviewing.give_back(returned, desk.city.person("reviewer"), OCTOBER, "请写明原因")
    client = client_of(desk.city, "reporter")
    assert names(board_of(client)) == [("returned", ["cloud"]), ("due", ["m-1-01"])]
    assert "请写明原因" in client.get(URL).content.decode()


def test_what_is_on_its_way_is_apart_and_filters_keep_to_their_group(desk: Desk) -> None:
    desk.submit(desk.duty("cloud"), value="4540")
    desk.draft(desk.duty("m-1-01"), value="1260")
    client = client_of(desk.city, "reporter")
    board = board_of(client)
    assert ([row.measure.code for row in board.done], board.counts) == (["cloud"], {"all": 1, "note": 1, "returned": 0, "problem": 0, "empty": 0, "ready": 1})
    assert names(board_of(client, "?show=empty")) == []
    assert names(board_of(client, "?show=ready")) == [("due", ["m-1-01"])]


def test_a_row_shows_last_value_expectation_and_the_light_of_its_draft(desk: Desk) -> None:
    desk.accept(desk.duty("m-1-01", 2), value="900")
    desk.draft(desk.duty("m-1-01"), value="1260")
    row = board_of(client_of(desk.city, "reporter")).rows[0]
    assert (row.last_value, row.last_period, row.main.expected, row.main.expected_note, row.other) == ("900", "二季度", "1500", "序时 75%", "360")
    assert (row.worst.then.light, str(row.worst.then.gap)) == ("red", "-12.000000")


def test_an_increase_is_expected_as_the_total_that_it_makes(desk: Desk) -> None:
    desk.accept(desk.duty("cloud", 2), value="4270")
    desk.draft(desk.duty("cloud"), value="4540")
    rows = {row.measure.code: row for row in board_of(client_of(desk.city, "reporter")).rows}
    assert (rows["cloud"].main.expected, rows["cloud"].worst.then.light, rows["cloud"].worst.limits) == ("4705", "red", ("4555 家", "4705 家"))


def test_a_row_saves_itself_and_answers_with_its_light(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    desk.accept(desk.duty("m-1-01", 2), value="900")
    client = client_of(desk.city, "reporter")
    answer = client.post(f"{URL}{duty.pk}/", form_of(client, duty, value="1260", progress="开通 1260 个"))
    html = answer.content.decode()
    report = ProgressReport.objects.get(duty=duty)
    assert (answer.status_code, str(report.value), report.progress, report.state) == (200, "1260.0000", "开通 1260 个", "draft")
    assert "light--red" in html
    assert "欠 12.0" in html
    assert f'name="version-{duty.pk}" value="1"' in html


def test_this_periods_figure_becomes_the_total_and_both_are_shown(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    desk.accept(desk.duty("m-1-01", 2), value="900")
    client = client_of(desk.city, "reporter")
    html = client.post(f"{URL}{duty.pk}/", {**form_of(client, duty, value="360"), f"mode-{duty.pk}": "part"}).content.decode()
    assert str(ProgressReport.objects.get(duty=duty).value) == "1260.0000"
    assert "累计 1260" in html
    assert 'value="360"' in html


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [("m-1-01", "一千多", "“一千多”不是数"), ("m-1-01", "9000", "9000是二季度（900）的10倍"), ("m-1-01", "800", "请写明原因")],
)
def test_what_is_wrong_is_said_at_the_row_and_what_was_typed_stays(desk: Desk, code: str, value: str, words: str) -> None:
    duty = desk.duty(code)
    desk.accept(desk.duty(code, 2), value="900")
    client = client_of(desk.city, "reporter")
    answer = client.post(f"{URL}{duty.pk}/", form_of(client, duty, value=value))
    html = answer.content.decode()
    assert words in html
    assert f'value="{value}"' in html
    assert answer.status_code == (200 if value == "9000" else 422)


def test_a_doubt_that_is_confirmed_can_be_submitted(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    desk.accept(desk.duty("m-1-01", 2), value="900")
    desk.draft(duty, value="9000")
    client = client_of(desk.city, "reporter")
    assert client.get(URL).context["board"].counts["problem"] == 1
    asked = client.post(URL, {**form_of(client, duty), f"ok-{duty.pk}": "leap", "do": "ask"})
    assert [row.measure.code for row in asked.context["ready"]] == ["m-1-01"]
    sent = {"do": "submit", "key": "k", "pick": str(duty.pk), f"version-{duty.pk}": "1", f"ok-{duty.pk}": "leap"}
    client.post(URL, sent)
    assert ProgressReport.objects.get(duty=duty).state == "submitted"


def test_without_script_all_rows_are_saved_and_those_that_nobody_touched_are_left_alone(desk: Desk) -> None:
    one, two = desk.duty("m-1-01"), desk.duty("cloud")
    client = client_of(desk.city, "reporter")
    answer = client.post(URL, {**form_of(client, one, value="1260"), **form_of(client, two), "do": "save"})
    assert (answer.status_code, answer["Location"]) == (302, URL)
    assert list(ProgressReport.objects.filter(period__number=3).values_list("measure__code", flat=True)) == ["m-1-01"]


def test_without_script_a_wrong_row_answers_422_with_what_was_typed(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    client = client_of(desk.city, "reporter")
    answer = client.post(URL, {**form_of(client, duty, value="很多"), "do": "save"})
    assert answer.status_code == 422
    assert 'value="很多"' in answer.content.decode()


def test_two_people_editing_one_row_see_both_texts(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    first, second = client_of(desk.city, "reporter"), client_of(desk.city, "reporter2")
    desk.draft(duty, value="1200")
    mine, theirs = form_of(first, duty, value="1260"), form_of(second, duty, value="1300", progress="乙写的")
    assert second.post(f"{URL}{duty.pk}/", theirs).status_code == 200
    answer = first.post(f"{URL}{duty.pk}/", mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    for words in ("填报乙", "1300", "1260", "乙写的"):
        assert words in html
    version = re.search(r'name="version-\d+" value="(\d+)"', html)
    assert version
    again = first.post(f"{URL}{duty.pk}/", {**mine, f"version-{duty.pk}": version[1], f"progress-{duty.pk}": "甲写的"})
    report = ProgressReport.objects.get(duty=duty)
    assert (again.status_code, str(report.value), report.progress) == (200, "1260.0000", "甲写的")


def test_two_who_begin_an_empty_row_at_once_see_both_texts(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    first, second = client_of(desk.city, "reporter"), client_of(desk.city, "reporter2")
    mine, theirs = form_of(first, duty, value="1260"), form_of(second, duty, value="1300")
    assert second.post(f"{URL}{duty.pk}/", theirs).status_code == 200
    assert first.post(f"{URL}{duty.pk}/", mine).status_code == 409


def test_the_same_form_sent_twice_submits_once_and_says_so(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    desk.draft(duty, value="1260")
    client = client_of(desk.city, "reporter")
    sent = {"do": "submit", "key": "one", "pick": str(duty.pk), f"version-{duty.pk}": "1"}
    first, second = client.post(URL, sent, follow=True), client.post(URL, sent, follow=True)
    assert "已提交 1 项。" in first.content.decode()
    assert "这份表单已经提交过一次，当时提交 1 项" in second.content.decode()
    assert ReportEvent.objects.filter(verb="submitted", report__duty=duty).count() == 1


def test_one_row_that_cannot_be_submitted_does_not_stop_the_others(desk: Desk) -> None:
    one, two = desk.duty("m-1-01"), desk.duty("cloud")
    desk.draft(one, value="1260")
    desk.draft(two, value="4540")
    client = client_of(desk.city, "reporter")
    sent = {"do": "submit", "key": "k", "pick": [str(one.pk), str(two.pk)], f"version-{one.pk}": "1", f"version-{two.pk}": "0"}
    html = client.post(URL, sent, follow=True).content.decode()
    assert "已提交 1 项。" in html
    assert "1 项没有提交" in html


def test_a_measure_of_another_rhythm_asks_nothing_now(clock_at: Any) -> None:
    clock_at("2022-10-17")
    yearly = cast.item("3-01", "研发强度", accrual="level", measure={"cycle": "year"}, targets=[cast.target(comparator="at_least", value="3", unit="%")])
    desk = Desk(plan=cast.body([*cast.ITEMS(), yearly]), at=noon("2022-10-10"))
    board = board_of(client_of(desk.city, "reporter"))
    assert [(q.measure.code, q.rhythm, str(q.opens_on)) for q in board.quiet] == [("m-3-01", "每年", "2022-12-20")]


def test_a_reviewer_sees_the_rows_and_cannot_write_them(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    client = client_of(desk.city, "reviewer")
    html = client.get(URL).content.decode()
    assert "m-1-01" not in html
    assert f'name="value-{duty.pk}"' not in html
    assert client.post(URL, {"do": "save"}).status_code == 404
    assert client.post(f"{URL}{duty.pk}/", {f"value-{duty.pk}": "1"}).status_code == 404


def test_nobody_saves_a_row_of_another_department_or_city(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    stranger = cast.stranger_city()
    for city, login in ((desk.city, "builder"), (stranger, "reporter"), (desk.city, "supervisor"), (desk.city, "leader")):
        answer = client_of(city, login).post(f"{URL}{duty.pk}/", {f"value-{duty.pk}": "1", f"version-{duty.pk}": ""})
        assert answer.status_code == 404
    assert not ProgressReport.objects.filter(duty=duty).exists()
    assert client_of(desk.city, "supervisor").get(URL).status_code == 404


def test_a_page_takes_the_same_statements_with_one_row_and_with_three(clock_at: Any) -> None:
    clock_at("2022-10-17")
    desk = Desk(plan=cast.body([*cast.ITEMS(), *(cast.item(f"4-0{n}", f"事项{n}") for n in (1, 2))]), at=noon("2022-10-10"))
    Duty.objects.filter(period__number__lt=3).update(done_at=OCTOBER)
    periods.lock_due(desk.city.government, noon("2022-10-10"))
    client = client_of(desk.city, "reporter")
    taken = []
    for codes in (["m-1-01"], ["cloud", "m-4-01", "m-4-02"]):
        for code in codes:
            desk.accept(desk.duty(code, 2), value="4000")
            desk.draft(desk.duty(code), value="5000")
        client.get(URL)
        with CaptureQueriesContext(connection) as statements:
            assert sum(row.is_filled for row in client.get(URL).context["board"].rows) == (1 if codes == ["m-1-01"] else 4)
        taken.append(len(statements))
    assert taken == [32, 32]


def test_a_version_or_a_pick_that_can_be_none_breaks_no_page(desk: Desk) -> None:
    duty, client = desk.duty("m-1-01"), client_of(desk.city, "reporter")
    desk.draft(duty, value="1200")
    for version in ("9" * 30, "9" * 5000, "²", "-1"):
        assert client.post(f"{URL}{duty.pk}/", form_of(client, duty, value="1260", version=version)).status_code == 409
        assert client.post(URL, form_of(client, duty, value="1260", version=version)).status_code == 422
    for pick in ("9" * 30, "9" * 5000, "²"):
        assert client.post(URL, {"do": "submit", "key": f"k{len(pick)}", "pick": [pick, pick]}).status_code == 302
    assert client.post(URL, {"do": "submit", "key": "a\0b", "pick": str(duty.pk)}).status_code == 422
    assert ProgressReport.objects.get(duty=duty).state == "draft"
