"""The full form of one duty: what it takes, what it shows beside the field, who may do what with it."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.cast import noon
from tests.tracker.desk import OCTOBER, Desk, story
from tests.tracker.stood import client_of
from tracker import reviewing
from tracker.models import Duty, Evidence, ProgressReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock_at: Any, settings: Any, tmp_path: Any) -> Desk:
    clock_at("2022-10-17")
    settings.EVIDENCE_ROOT = tmp_path
    return Desk(at=noon("2022-10-10"))


def url(duty: Duty) -> str:
    return f"/reports/{duty.pk}/"


def form_of(client: Client, duty: Duty, **typed: str) -> dict[str, str]:
    """The page's own fields, as a browser would post them, with what is typed over them."""
    html = client.get(url(duty)).content.decode()
    inputs = re.findall(rf'<input(?![^>]*type="(?:radio|checkbox|file)")[^>]*?name="([a-z_]+-{duty.pk}(?:-\d+)?)"[^>]*?value="([^"]*)"', html)
    texts = re.findall(rf'<textarea[^>]*?name="([a-z_]+-{duty.pk})"[^>]*>([^<]*)</textarea>', html)
    answer = re.search(r'name="answer-\d+" value="(\w+)" checked', html)
    plain = {f"data_state-{duty.pk}": "verified", f"answer-{duty.pk}": answer[1] if answer else "value"}
    return {**plain, **dict(inputs), **dict(texts), **{f"{name}-{duty.pk}": value for name, value in typed.items()}}


def post(client: Client, duty: Duty, do: str, **typed: str) -> Any:
    return client.post(url(duty), {**form_of(client, duty, **typed), "do": do})


def report_of(duty: Duty) -> ProgressReport:
    return ProgressReport.objects.exclude(state="withdrawn").get(duty=duty)


def test_a_figure_is_typed_saved_and_submitted(desk: Desk) -> None:
    duty, client = desk.duty("m-1-01"), client_of(desk.city, "reporter")
    assert post(client, duty, "save", value="1260", progress="开通", problem="站址", next_step="协调")["Location"] == f"{url(duty)}?done=saved"
    assert post(client, duty, "submit")["Location"] == f"{url(duty)}?done=submitted"
    report = report_of(duty)
    assert (report.state, str(report.value), report.progress, report.problem, report.next_step) == ("submitted", "1260.0000", "开通", "站址", "协调")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"value": "一千"}, "“一千”不是数"),
        ({"value": "1260", "cut_off": "2022-06-30"}, "截止日不在本期内"),
        ({"answer": "not_out"}, "请填数据哪一天能出来"),
        ({"answer": "cannot"}, "请写明为什么无法填报"),
        ({"answer": "no_change"}, "此前没有核定过的数"),
        ({"value": ""}, "没有填数值"),
    ],
)
def test_what_is_wrong_answers_422_and_stays_in_the_form(desk: Desk, typed: dict[str, str], words: str) -> None:
    duty, client = desk.duty("m-1-01"), client_of(desk.city, "reporter")
    answer = post(client, duty, "submit", progress="写到一半", **typed)
    html = answer.content.decode()
    assert (answer.status_code, words in html, "写到一半" in html) == (422, True, True)
    assert not typed.get("value") or f'value="{typed["value"]}"' in html
    assert report_of(duty).state == "draft"


@pytest.mark.parametrize("name", ["progress", "problem", "next_step", "reason"])
def test_a_text_too_long_is_refused_at_its_field_and_stays_there(desk: Desk, name: str) -> None:
    duty, client = desk.duty("m-1-01"), client_of(desk.city, "reporter")
    answer = post(client, duty, "submit", value="1260", **{name: "长" * 4001})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'id="at-{name}"><p class="error">文字太长，请控制在4000字以内', html)
    assert re.search(rf'<textarea[^>]*aria-describedby="at-{name}" aria-invalid="true" name="{name}-{duty.pk}"[^>]*>长{{4001}}</textarea>', html)


def test_a_per_cent_given_as_a_share_is_doubted_and_can_be_confirmed(desk: Desk) -> None:
    duty, client = desk.duty("jobless"), client_of(desk.city, "statistician")
    desk.accept(desk.duty("jobless", 2), value="5.4")
    answer = post(client, duty, "submit", value="0.054")
    assert answer.status_code == 422
    assert "是不是应为5.4" in answer.content.decode()
    assert client.post(url(duty), {**form_of(client, duty), "do": "submit", f"ok-{duty.pk}": "factor"}).status_code == 302


def test_statistics_that_are_not_out_yet_are_an_answer(desk: Desk) -> None:
    duty, client = desk.duty("gdp"), client_of(desk.city, "statistician")
    post(client, duty, "submit", answer="not_out", until_on="2022-10-24", source="国家统计局")
    report = report_of(duty)
    assert (report.state, report.answer, str(report.until_on), report.source) == ("submitted", "not_out", "2022-10-24", "国家统计局")


def test_steps_are_marked_with_their_days(desk: Desk) -> None:
    duty, client = desk.duty("task-2-02"), client_of(desk.city, "builder")
    page = client.get(url(duty)).context["page"]
    first = page.steps[0]
    assert [s.name for s in page.steps] == ["选址", "用地", "开工"]
    answer = client.post(url(duty), {**form_of(client, duty), f"step-{duty.pk}-{first.pk}": "2022-09-20", "do": "submit"})
    assert answer["Location"] == f"{url(duty)}?done=submitted"
    assert [(d.step.name, str(d.on)) for d in report_of(duty).steps_done.select_related("step")] == [("选址", "2022-09-20")]


def test_what_was_submitted_can_be_taken_back_by_who_sent_it(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    sent = desk.submit(duty, value="1260", progress="开通")
    other, client = client_of(desk.city, "reporter2"), client_of(desk.city, "reporter")
    assert "撤回修改" not in other.get(url(duty)).content.decode()
    assert other.post(url(duty), {"do": "take_back"}).status_code == 404
    assert client.post(url(duty), {"do": "take_back"}, follow=True).context["page"].report.progress == "开通"
    sent.refresh_from_db()
    assert (sent.state, report_of(duty).state) == ("withdrawn", "draft")


def test_a_second_submission_says_what_became_of_the_first(desk: Desk) -> None:
    duty, client = desk.duty("m-1-01"), client_of(desk.city, "reporter")
    fields = {**form_of(client, duty, value="1260"), "do": "submit"}
    assert client.post(url(duty), fields)["Location"].endswith("done=submitted")
    again = client.post(url(duty), fields, follow=True).content.decode()
    assert "没有重复办理" in again
    assert "待审核" in again
    assert [verb for verb, _by in story(report_of(duty))].count("submitted") == 1


def test_a_press_that_finds_the_first_ones_text_saved_goes_on_from_it(desk: Desk) -> None:
    duty, client = desk.duty("m-1-01"), client_of(desk.city, "reporter")
    desk.draft(duty, value="1200")
    fields = form_of(client, duty, value="1260", progress="开通")
    client.post(url(duty), {**fields, "do": "save"})
    assert client.post(url(duty), {**fields, "do": "submit"})["Location"].endswith("done=submitted")
    assert (report_of(duty).state, str(report_of(duty).value)) == ("submitted", "1260.0000")


def test_a_correction_names_the_accepted_report_and_says_why(desk: Desk) -> None:
    duty, client = desk.duty("m-1-01"), client_of(desk.city, "reporter")
    old = desk.accept(duty, value="1260")
    assert client.post(url(duty), {"do": "correct", "why": " "}).status_code == 422
    page = client.post(url(duty), {"do": "correct", "why": "漏计 20 个", "basis": "统计局来函"}, follow=True).context["page"]
    assert (page.report.corrects_id, page.report.reason, page.report.basis, page.writes) == (old.pk, "漏计 20 个", "统计局来函", True)
    assert post(client, duty, "submit", value="1280")["Location"].endswith("done=submitted")


def test_a_returned_report_shows_why_above_all(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    reviewing.give_back(desk.submit(duty, value="1260"), desk.city.person("reviewer"), OCTOBER, "请写明站址")
    html = client_of(desk.city, "reporter").get(url(duty)).content.decode()
    assert "退回：请写明站址" in html
    assert "已退回" in html


def test_two_people_editing_one_report_see_both_texts(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    first, second = client_of(desk.city, "reporter"), client_of(desk.city, "reporter2")
    desk.draft(duty, value="1200")
    mine, theirs = form_of(first, duty, progress="甲写的"), form_of(second, duty, progress="乙写的")
    second.post(url(duty), {**theirs, "do": "save"})
    answer = first.post(url(duty), {**mine, "do": "save"})
    html = answer.content.decode()
    assert (answer.status_code, "甲写的" in html, "乙写的" in html, report_of(duty).progress) == (409, True, True, "乙写的")


def test_the_preview_covers_every_light_that_the_figure_turns_and_writes_nothing(desk: Desk) -> None:
    cloud = {"code": "cloud", "reporter": "市工业和信息化局"}
    target = cast.target(start="2020-12-31", due="2025-12-31", comparator="at_least", value="6000", unit="家")
    table = cast.item("4-01", "企业上云累计", baseline={"date": "2020-12-31", "value": "3037"}, measure=cloud, targets=[target])
    cast.load_plan(desk.city.government, cast.body([table], code="manufacturing", start="2021-01-01", end="2025-12-31"))
    desk.accept(desk.duty("cloud", 2), value="4270")
    duty, client = desk.duty("cloud"), client_of(desk.city, "reporter")
    answer = client.get(f"{url(duty)}preview/", {f"value-{duty.pk}": "4540", f"data_state-{duty.pk}": "verified"})
    assert [(p.name, p.now.light, p.then.light) for p in answer.context["promises"]] == [("企业上云累计", "green", "green"), ("新增上云企业", "yellow", "red")]
    part = client.get(f"{url(duty)}preview/", {f"value-{duty.pk}": "270", f"mode-{duty.pk}": "part"})
    assert [p.then.light for p in part.context["promises"]] == ["green", "red"]
    assert not ProgressReport.objects.filter(duty=duty).exists()
    assert client.get(f"{url(duty)}preview/", {f"data_state-{duty.pk}": "odd"}).status_code == 404


def test_the_preview_is_for_who_may_write(desk: Desk) -> None:
    where = f"{url(desk.duty('m-1-01'))}preview/"
    answers = {login: client_of(desk.city, login).get(where).status_code for login in ("reporter", "reporter2", "builder", "reviewer", "supervisor")}
    assert answers == {"reporter": 200, "reporter2": 200, "builder": 404, "reviewer": 404, "supervisor": 404}


def test_files_go_up_and_come_off_and_a_wrong_one_is_said_at_the_field(desk: Desk) -> None:
    duty, client = desk.duty("m-1-01"), client_of(desk.city, "reporter")
    files = [SimpleUploadedFile("进度.txt", "完成".encode()), SimpleUploadedFile("脚本.exe", b"MZ\x00")]
    answer = client.post(url(duty), {"do": "upload", "files": files})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "脚本.exe：这种文件不收" in html
    assert [e.name for e in Evidence.objects.all()] == ["进度.txt"]
    client.post(url(duty), {"do": f"remove-{Evidence.objects.get().pk}"})
    assert not Evidence.objects.exists()
    assert client.post(url(duty), {"do": "upload"}).status_code == 422


READERS = [
    ("reporter", 200),
    ("reviewer", 200),
    ("supervisor", 200),
    ("leader", 200),
    ("auditor", 200),
    ("builder", 404),
    ("administrator", 404),
    ("steward", 404),
]


@pytest.mark.parametrize(("login", "status"), READERS)
def test_a_report_is_read_by_its_department_and_those_who_read_all(desk: Desk, login: str, status: int) -> None:
    duty = desk.duty("m-1-01")
    desk.submit(duty, value="1260", progress="秘密进展")
    answer = client_of(desk.city, login).get(url(duty))
    assert (answer.status_code, "秘密进展" in answer.content.decode()) == (status, status == 200)
    if login != "reporter":
        assert client_of(desk.city, login).post(url(duty), {"do": "save", f"value-{duty.pk}": "9"}).status_code == 404


def test_a_stranger_sees_nothing(desk: Desk) -> None:
    duty = desk.duty("m-1-01")
    desk.submit(duty, value="1260", progress="秘密进展")
    stranger = cast.stranger_city()
    for login in ("reporter", "supervisor", "auditor"):
        assert client_of(stranger, login).get(url(duty)).status_code == 404


def test_a_page_takes_the_same_statements_with_one_earlier_report_and_with_three(clock_at: Any) -> None:
    clock_at("2022-10-17")
    two = cast.item("4-01", "另一项", measure={"code": "m-1-01"})
    desk = Desk(plan=cast.body([*cast.ITEMS(), two]), at=noon("2022-10-10"))
    duty, client = desk.duty("m-1-01"), client_of(desk.city, "reporter")
    desk.draft(duty, value="1260")
    taken = []
    for number in (1, 2):
        desk.accept(desk.duty("m-1-01", number), value=f"{number}00")
        client.get(url(duty))
        with CaptureQueriesContext(connection) as statements:
            assert len(client.get(url(duty)).context["row"].seen.before) == number
        taken.append(len(statements))
    assert taken == [27, 27]


def test_each_error_stands_at_its_field(desk: Desk) -> None:
    duty, client = desk.duty("m-1-01"), client_of(desk.city, "reporter")
    html = post(client, duty, "submit", value="很多", cut_off="2022-06-30").content.decode()
    for field, words in (("value", "“很多”不是数"), ("cut_off", "截止日不在本期内")):
        box = re.search(rf'<div data-slot="at-{field}" id="at-{field}">(.*?)</div>', html, re.DOTALL)
        assert box
        assert words in box[1]
        assert f'aria-describedby="at-{field}"' in html
    assert html.count("截止日不在本期内") == 1
