"""The pages of sharing out: supervisors see who has answered, departments their own rows alone, and two people publish."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people import clock
from people.models import StagedTime
from plans import consulting
from plans.importing import load_draft
from plans.models import Closure, Consultation, Issuance, Item, Opinion, Plan, Reply, Signature
from tests import cast
from tests.plans.sharing import AFTER, AT, SAME, Desk
from tests.tracker.stood import client_of

pytestmark = pytest.mark.django_db
HOME = "/sharing/next/"
ANSWER = f"{HOME}answer/"
OUT = f"{HOME}publication/"


@pytest.fixture
def desk(settings: Any) -> Desk:
    settings.STAGE = True
    StagedTime.objects.create(shown_at=SAME, set_at=SAME)
    return Desk()


@pytest.fixture(autouse=True)
def later(desk: Desk) -> Any:
    def show(at: dt.datetime) -> None:
        StagedTime.objects.update(shown_at=at, set_at=clock.machine_now())

    show(SAME)
    return show


def who(desk: Desk, login: str) -> Client:
    return client_of(desk.city, login)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def item(desk: Desk, code: str) -> int:
    return Item.objects.get(plan=desk.made, code=code).pk


def test_a_supervisor_opens_a_draft_and_the_departments_find_it(desk: Desk) -> None:
    supervisor, reviewer = who(desk, "supervisor"), who(desk, "reviewer")
    assert reviewer.get(ANSWER).status_code == 404
    wrong = supervisor.post(HOME, {"do": "open", "until_on": "2022-10-18", "note": "请核对"})
    assert (wrong.status_code, "截止日要晚于今天。" in wrong.content.decode(), "请核对" in wrong.content.decode()) == (422, True, True)
    assert supervisor.post(HOME, {"do": "open", "until_on": "2022-10-20", "note": "请核对"}).status_code == 302
    assert supervisor.post(HOME, {"do": "open", "until_on": "2022-10-20"}).status_code == 422
    assert Consultation.objects.count() == 1
    for address in ("/sharing/", "/my-work/"):
        assert ANSWER in text(reviewer, address), address
    assert ANSWER not in text(who(desk, "statistician"), "/sharing/")
    assert who(desk, "statistician").get(ANSWER).status_code == 404


def test_a_department_reads_its_own_rows_alone_and_a_reporter_does_not_answer(desk: Desk) -> None:
    desk.open()
    page = text(who(desk, "reporter"), ANSWER)
    assert ("新增企业" in page, "开工污水厂" in page, "改造小区" in page, "由本单位审核人答复" in page) == (True, False, False, True)
    (row, *_rest) = desk.asked("reporter")
    assert who(desk, "reporter").post(ANSWER, {"row": f"{row.terms.item_id}:{row.token}"}).status_code == 422
    assert not Opinion.objects.exists()


def test_the_reviewer_objects_to_one_row_and_accepts_the_rest(desk: Desk) -> None:
    desk.open()
    reviewer = who(desk, "reviewer")
    (row,) = desk.asked("reviewer", "1-02")
    given = {"do": "object", "item": row.terms.item_id, "token": row.token, "reason": "口径不符", "wording": "新增城镇就业"}
    wrong = reviewer.post(ANSWER, {**given, "reason": ""})
    assert (wrong.status_code, "新增城镇就业" in wrong.content.decode()) == (422, True)
    assert reviewer.post(ANSWER, {**given, "item": item(desk, "2-02")}).status_code == 404
    assert reviewer.post(ANSWER, given).status_code == 302
    assert reviewer.post(ANSWER, given).status_code == 422  # the same form once more
    rest = [f"{row.terms.item_id}:{row.token}" for row in desk.asked("reviewer") if row.waits]
    assert reviewer.post(ANSWER, {"do": "accept", "row": rest}).headers["Location"].endswith("?accepted=1&left=0")
    assert reviewer.post(ANSWER, {"do": "accept", "row": rest}).status_code == 422
    assert reviewer.post(ANSWER, {"do": "accept", "row": ["x", "7", "9" * 30 + ":a"]}).status_code == 302
    assert list(Opinion.objects.order_by("pk").values_list("code", "kind")) == [("1-02", "object"), ("1-01", "accept")]


def test_the_supervisor_answers_objections_first_and_the_department_reads_it(desk: Desk) -> None:
    desk.open()
    opinion = desk.object_to("reviewer", "1-02", wording="新增城镇就业")
    desk.object_to("county", "2-02", due_on=dt.date(2022, 11, 30))
    supervisor = who(desk, "supervisor")
    page = text(supervisor, HOME)
    assert page.index("新增城镇就业") < page.index("各部门答复")
    row = desk.asked("reviewer", "1-02")[0].terms
    reply = {"do": "refuse", "opinion": opinion.pk, "version": row.version, "reason": ""}
    assert "请写明不采纳的理由。" in supervisor.post(HOME, reply).content.decode()
    assert supervisor.post(HOME, {**reply, "do": "take", "version": row.version + 1}).status_code == 422
    assert supervisor.post(HOME, {**reply, "opinion": "x"}).status_code == 404
    assert supervisor.post(HOME, {**reply, "do": "take", "reason": "照办"}).status_code == 302
    assert supervisor.post(HOME, {**reply, "reason": "不办"}).status_code == 422
    assert (Reply.objects.get().taken, desk.asked("reviewer", "1-02")[0].terms.name) == (True, "新增城镇就业")
    mine = text(who(desk, "reviewer"), ANSWER)
    assert ("照办" in mine, "答复后改动" in mine) == (True, True)
    for login in ("auditor", "supervisor2"):
        assert who(desk, login).get(HOME).status_code == 200
    assert who(desk, "auditor").post(HOME, {"do": "extend", "until_on": "2022-12-01", "before": "2022-10-20"}).status_code == 404
    assert supervisor.post(HOME, {"do": "extend", "until_on": "2022-12-01", "before": "2022-10-20"}).status_code == 302


def test_two_people_publish_and_each_department_signs(desk: Desk, later: Any) -> None:
    supervisor, second, reporter = who(desk, "supervisor"), who(desk, "supervisor2"), who(desk, "reporter")
    assert "先征求意见" in text(supervisor, OUT)
    desk.open()
    assert "还不能发布" in text(supervisor, OUT)
    desk.accept_all()
    later(AFTER)
    given = {"do": "propose", "number": "驻政办〔2022〕5号", "dated_on": "2022-10-21"}
    assert who(desk, "auditor").post(OUT, given).status_code == 404
    assert supervisor.post(OUT, {**given, "number": ""}).status_code == 422
    assert supervisor.post(OUT, given).status_code == 302
    page = text(supervisor, OUT)
    assert ("提出的人不能自己发布" in page, "确认发布" in page, "新增企业：20家以上" in page) == (True, False, True)
    assert supervisor.post(OUT, {"do": "publish"}).status_code == 422
    assert second.post(OUT, {"do": "publish"}).status_code == 302
    assert second.post(OUT, {"do": "publish"}).status_code == 422
    assert "3 个部门未签收" in text(second, OUT)
    assert "待本单位签收" in text(reporter, "/my-work/")
    for kind, mark in (("docx", b"PK"), ("xlsx", b"PK")):
        got = reporter.get(f"{HOME}files/{kind}/")
        assert (got.content[:2], "attachment" in got.headers["Content-Disposition"], got.headers["Cache-Control"]) == (mark, True, "private, no-store")
    assert reporter.get(f"{HOME}files/pdf/").status_code == 404
    assert reporter.post(f"{HOME}sign/").status_code == 302
    assert who(desk, "reviewer").post(f"{HOME}sign/").status_code == 409
    assert who(desk, "statistician").post(f"{HOME}sign/").status_code == 404
    assert Signature.objects.exclude(signed_by=None).count() == 1
    assert "2 个部门未签收" in text(second, OUT)
    assert "next" in text(second, "/sharing/")
    assert second.post(OUT, {"do": "close", "reason": ""}).status_code == 422
    assert second.post(OUT, {"do": "close", "reason": "已办结"}).status_code == 302
    assert "已办结" in text(supervisor, OUT)
    assert second.post(OUT, {"do": "close", "reason": "再来"}).status_code == 422
    assert (Closure.objects.count(), Plan.objects.get(pk=desk.made.pk).state) == (1, "closed")


def test_what_was_proposed_is_taken_back(desk: Desk, later: Any) -> None:
    desk.open()
    desk.accept_all()
    desk.propose(at=SAME)
    assert who(desk, "supervisor2").post(OUT, {"do": "back"}).status_code == 302
    assert Issuance.objects.get().state == "taken_back"
    assert "可以提出发布" in text(who(desk, "supervisor"), OUT)


def test_the_pages_take_the_same_statements_with_one_row_and_with_three(desk: Desk) -> None:
    taken: dict[str, set[int]] = {}
    for rows in (1, 3):
        code = f"rows-{rows}"
        items = [cast.item(f"{n}", f"事项{n}", supporting=["市住房和城乡建设局"], measure={"code": f"{code}-{n}"}) for n in range(rows)]
        plan = load_draft(desk.city.government, cast.body(items, code=code), desk.supervisor, AT)
        consulting.open_consultation(plan, dt.date(2022, 10, 20), "", desk.supervisor, AT)
        for row in consulting.asked(Plan.objects.get(pk=plan.pk), desk.city.departments["gxj"].pk):
            wanted = consulting.Proposed("改", wording="改名")
            consulting.object_to(Plan.objects.get(pk=plan.pk), row.terms.item_id, row.token, wanted, desk.city.person("reviewer"), SAME)
        for login, address in (("reviewer", f"/sharing/{code}/answer/"), ("supervisor", f"/sharing/{code}/"), ("supervisor", f"/sharing/{code}/publication/"),
                               ("reviewer", "/sharing/"), ("supervisor", "/sharing/")):  # fmt: skip
            client = who(desk, login)
            client.get("/plans/")
            with CaptureQueriesContext(connection) as statements:
                assert client.get(address).status_code == 200
            taken.setdefault(f"{login} {address.replace(code, '')}", set()).add(len(statements))
    assert {page: len(found) for page, found in taken.items() if len(found) > 1} == {}
