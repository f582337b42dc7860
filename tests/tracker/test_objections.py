"""异议: who may make one, who answers, by when, who looks again; and that it moves no light at any step."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import AuditEntry, Government, RoleGrant
from plans import amending
from plans.amending import Change
from tests import cast
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of, stage
from tracker import excuses, objecting, reviewing, rollup
from tracker.models import Message, Objection, ObjectionTurn, ProgressReport, Remedy, Standing
from tracker.turns import NotYours, Refused

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-10-17")
NEW = "/items/report-2022/2-01/object/"
ITEM = "/items/report-2022/2-01/"


@pytest.fixture
def desk(settings: Any) -> Desk:
    desk = Desk()
    desk.accept(desk.duty("m-2-01"), value="40")
    rollup.take(desk.city.government, AT)
    stage(settings, "2022-10-17")
    return desk


@pytest.fixture
def city(desk: Desk) -> cast.City:
    return desk.city


def made(city: cast.City, kind: str = "light", at: dt.datetime = AT, **given: Any) -> Objection:
    words = {"wrong": "停工是按指令", "should": "停工期间不比", **given}
    return objecting.make(city.item("2-01"), kind, by=city.person("builders_head"), at=at, **words)


def lights(city: cast.City) -> list[dict[str, Any]]:
    rows = Standing.objects.of(city.government).at(Government.objects.get(pk=city.government.pk).run)
    return list(rows.order_by("subject").values("subject", "light", "attainment", "expected", "gap", "marks", "overdue"))


def body(city: cast.City, address: str, login: str = "supervisor") -> str:
    return client_of(city, login).get(address).content.decode().partition("<main")[2]


def test_an_objection_is_acknowledged_answered_reviewed_and_made_good_and_no_light_moves(city: cast.City) -> None:
    before, head = lights(city), client_of(city, "builders_head")
    file = SimpleUploadedFile("停工令.txt", "停工".encode())
    given = {"kind": "light", "wrong": "停工是按指令", "should": "停工期间不比", "evidence": file, "key": "k1"}
    assert head.post(NEW, given).status_code == 302
    one = Objection.objects.get()
    assert (one.named.login, one.due_on, one.light, one.department.code) == ("supervisor", dt.date(2022, 10, 31), "red", "zjj")
    told = {m.recipient.login: m.subject for m in Message.objects.filter(kind="objection").select_related("recipient")}
    assert told == {"builders_head": "【演示数据】异议已收到，督查甲于 10 月 31 日 前答复", "supervisor": "【演示数据】一件异议待答复，限 10 月 31 日"}
    for page in ("/items/", "/overview/", "/plans/report-2022/?open=all", "/departments/zjj/", ITEM, "/search/?q=老旧"):
        assert '<span class="tag">异议中</span>' in body(city, page), page
        assert "light--red" in body(city, page), page
    assert client_of(city, "leader").get("/items/?mark=disputed").context["total"] == 1
    assert b"".join(head.get(f"/objections/files/{one.files.get().pk}/").streaming_content).decode() == "停工"
    page, first, second = f"/objections/{one.pk}/", client_of(city, "supervisor"), client_of(city, "supervisor2")
    assert first.post(page, {"do": "answer", "outcome": "refused", "words": " ", "version": 0}).status_code == 422
    assert second.post(page, {"do": "answer", "outcome": "refused", "words": "不是他", "version": 0}).status_code == 404  # not the one who was named
    assert first.post(page, {"do": "answer", "outcome": "refused", "words": "停工已在约定中", "version": 1}).status_code == 409
    assert first.post(page, {"do": "answer", "outcome": "refused", "words": "停工已在约定中", "version": 0}).status_code == 302
    assert '<span class="tag">异议中</span>' not in body(city, "/items/")
    assert head.post(page, {"do": "ask", "words": "约定里没有", "version": 1}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.named.login, one.in_review) == ("open", "supervisor2", True)
    assert '<span class="tag">异议中</span>' in body(city, "/items/")
    assert first.post(page, {"do": "take", "version": 2}).status_code == 404  # who answered does not review
    assert second.post(page, {"do": "answer", "outcome": "upheld", "words": "确未写明", "version": 2}).status_code == 302
    assert head.post(page, {"do": "ask", "words": "再看", "version": 3}).status_code == 404  # once
    assert [(t.verb, t.outcome, t.by.login) for t in one.turns.select_related("by")] == [
        ("made", "", "builders_head"), ("answered", "refused", "supervisor"), ("asked", "", "builders_head"), ("reviewed", "upheld", "supervisor2"),
    ]  # fmt: skip
    amendment = amending.propose(
        city.plan,
        city.person("supervisor"),
        AT + dt.timedelta(minutes=30),
        reason="停工顺延",
        basis="纪要",
        from_on=dt.date(2022, 11, 1),
        changes={"2-01": Change(final={"value": 90})},
    )
    assert "还没有落实" in body(city, page)
    assert second.post(page, {"do": "good", "subject": "amendment:0"}).status_code == 422
    assert second.post(page, {"do": "good", "subject": f"amendment:{amendment.pk}"}).status_code == 302
    assert f"/amendments/{amendment.pk}/" in body(city, page)
    excuse = excuses.propose(city.item("2-01"), "停工令", "防疫指令", dt.date(2022, 12, 1), city.person("builders_head"), AT + dt.timedelta(minutes=40))
    assert second.post(page, {"do": "good", "subject": f"excuse:{excuse.pk}"}).status_code == 302
    assert '<a class="name" href="/items/report-2022/2-01/excuse/">正当理由，至2022 年 12 月 1 日：停工令</a>' in body(city, page)
    rollup.take(city.government, AT + dt.timedelta(hours=1))
    assert lights(city) == before
    verbs = list(AuditEntry.objects.filter(subject=f"objection:{one.pk}").order_by("position").values_list("verb", flat=True))
    assert verbs == [f"objection.{verb}" for verb in ("made", "answered", "asked", "reviewed", "made_good", "made_good")]


def test_only_the_leading_departments_reviewer_objects(city: cast.City) -> None:
    for login in ("builder", "reviewer", "supervisor", "leader", "administrator", "auditor"):
        with pytest.raises(NotYours):
            objecting.make(city.item("2-01"), "light", "错", "对", city.person(login), AT)
    with pytest.raises(NotYours):
        objecting.make(cast.stranger_city().item("2-01"), "light", "错", "对", city.person("builders_head"), AT)
    RoleGrant.objects.filter(user=city.user("builders_head")).delete()  # a department without a reviewer
    assert objecting.make(city.item("2-01"), "light", "错", "对", city.person("builder"), AT).pk


@pytest.mark.parametrize(
    ("given", "field"),
    [({"kind": ""}, "kind"), ({"kind": "returned"}, "kind"), ({"wrong": " "}, "wrong"), ({"should": ""}, "should"), ({"wrong": "长" * 4001}, "wrong")],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(city: cast.City, given: dict[str, str], field: str) -> None:
    answer = client_of(city, "builders_head").post(NEW, {"kind": "light", "wrong": "停工", "should": "不比开工", **given})
    assert (answer.status_code, list(answer.context["form"].errors), Objection.objects.count()) == (422, [field], 0)
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert "不比开工" in answer.content.decode() or field == "should"


def test_a_file_that_is_not_taken_is_said_at_its_field(city: cast.City) -> None:
    file = SimpleUploadedFile("run.exe", b"MZ\x90\x00\x01")
    answer = client_of(city, "builders_head").post(NEW, {"kind": "light", "wrong": "停工", "should": "不比", "evidence": file})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["evidence"])


def test_the_same_is_contested_once_at_a_time(city: cast.City) -> None:
    made(city)
    with pytest.raises(Refused):
        made(city)
    assert made(city, kind="reading").pk  # another thing may be
    assert {o.named.login for o in Objection.objects.all()} == {"supervisor", "supervisor2"}  # the freer one is named


def test_a_returned_report_is_contested_from_that_report(desk: Desk) -> None:
    city = desk.city
    report = desk.submit(desk.duty("m-2-01", 2), value="30")
    asked = f"{NEW}?report={report.pk}"
    assert client_of(city, "builders_head").get(asked).status_code == 404  # not returned yet
    reviewing.give_back(report, city.person("builders_head"), AT, "附表缺失")
    assert f"?report={report.pk}" in body(city, ITEM, "builders_head")
    given = {"kind": "returned", "wrong": "附表在", "should": "收下", "report": report.pk}
    assert client_of(city, "builders_head").post(NEW, given).status_code == 302
    assert Objection.objects.get().report == ProgressReport.objects.get(pk=report.pk)


def test_the_limit_is_the_governments_and_what_is_late_stands_on_every_supervisors_page(city: cast.City) -> None:
    admin = client_of(city, "administrator")
    assert [admin.post("/limits/", {"days": days}).status_code for days in ("0", "61", "x", "3")] == [422, 422, 422, 302]
    one = made(city, at=cast.noon("2022-10-11"))
    assert (one.days, one.due_on) == (3, dt.date(2022, 10, 14))
    later = made(city, kind="reading", at=AT)
    assert [row.pk for row in client_of(city, later.named.login).get("/review/").context["objections"]] == [one.pk, later.pk]
    assert "10-14 到期，超时" in body(city, "/review/", "supervisor")
    assert client_of(city, "supervisor").get("/objections/?late=1").context["total"] == 1
    answered = objecting.answer(one, "refused", "不", city.person(one.named.login), AT, 0)
    with pytest.raises(Refused):  # the time for a review has run out with the working days
        objecting.ask_review(answered, "再看", city.person("builders_head"), cast.noon("2022-10-21"), 1)


def test_another_supervisor_takes_over_and_a_lost_race_changes_nothing(city: cast.City) -> None:
    one = made(city)
    moved = objecting.take_over(one, city.person("supervisor2"), AT, 0)
    assert moved.named == city.user("supervisor2")
    with pytest.raises(objecting.Overtaken):
        objecting.take_over(one, city.person("supervisor2"), AT, 0)
    with pytest.raises(NotYours):
        objecting.answer(moved, "upheld", "对", city.person("supervisor"), AT, 1)
    assert ObjectionTurn.objects.filter(objection=one).count() == 2


def test_database_keeps_what_was_said_and_who_may_say_it(city: cast.City) -> None:
    one = made(city)
    Remedy.objects.create(government=city.government, objection=one, subject="amendment:1", by=city.user("supervisor"), at=AT)
    mine = Objection.objects.filter(pk=one.pk)
    reviewed = {"answered_by": city.user("supervisor"), "reviewed_by": city.user("supervisor"), "state": "refused", "closed_on": "2022-10-17"}
    deeds = [
        lambda: mine.update(wrong="别的"), mine.delete, lambda: one.turns.all().update(words="别的"), lambda: Remedy.objects.all().delete(),
        lambda: mine.update(**reviewed), lambda: mine.update(state="upheld"),
    ]  # fmt: skip
    for deed in deeds:
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_what_was_said_stays_with_the_department_and_those_who_read_all(city: cast.City) -> None:
    one = made(city)
    pages = {login: client_of(city, login).get(f"/objections/{one.pk}/").status_code for login in ("builder", "leader", "auditor", "reporter", "reviewer")}
    assert pages == {"builder": 200, "leader": 200, "auditor": 200, "reporter": 404, "reviewer": 404}
    assert "停工是按指令" not in body(city, ITEM, "reporter")
    assert "停工是按指令" in client_of(city, "supervisor").get("/objections/?export=csv").content.decode()
    assert "停工是按指令" not in client_of(city, "reviewer").get("/objections/?export=csv").content.decode()


@pytest.mark.parametrize("n", [1, 3])
def test_objections_take_a_fixed_number_of_statements(city: cast.City, n: int) -> None:
    for kind in ("light", "reading", "lead")[:n]:
        one = made(city, kind=kind)
    client, taken = client_of(city, "supervisor"), []
    for page in ("/objections/", f"/objections/{one.pk}/"):
        client.get(page)
        with CaptureQueriesContext(connection) as statements:
            client.get(page)
        taken.append(len(statements))
    assert taken == [9, 14]
