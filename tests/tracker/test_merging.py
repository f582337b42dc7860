"""A department goes up in another in mid-year: by two people, with all that is open, and past lights stay where they were."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import deeds, staffing
from people.models import AuditEntry, Department, Merger, Portfolio, Role, User
from people.staffing import Refused
from plans import consulting, sharing_out
from plans.importing import load_draft
from plans.models import Amendment, Measure, Opinion, Plan, Signature, Support, Terms
from tests import cast
from tests.cast import noon
from tests.plans.sharing import AFTER
from tests.plans.sharing import Desk as SharingDesk
from tests.tracker import stood
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of
from tracker import jobs, merging, rollup
from tracker.models import Duty, Period, ProgressReport, Standing

pytestmark = pytest.mark.django_db
TODAY = dt.date(2022, 10, 17)
NOW = noon(TODAY)


@pytest.fixture
def desk(settings: Any) -> Desk:
    """The industry bureau has an accepted second quarter, closed, and a draft and a submitted report for the third."""
    stood.stage(settings, "2022-10-17")
    desk = Desk()
    desk.accept(desk.duty("cloud", 2), value="4000")
    period = Period.objects.get(government=desk.city.government, cycle=desk.city.plan.cycle, year=2022, number=2)
    rollup.close(desk.city.government, period, period.due_at, noon("2022-10-10"))
    desk.submit(desk.duty("cloud"), value="4540", progress="三季度")
    desk.draft(desk.duty("m-1-01"), value="1200")
    desk.city.government.refresh_from_db()
    return desk


def propose(desk: Desk, old: str = "gxj", new: str = "tjj", on: dt.date = TODAY, **given: Any) -> Merger:
    city = desk.city
    row = {"from_on": on, "reason": "机构改革", "basis": "驻办〔2022〕1号", **given}
    return merging.propose(city.departments[old], city.departments[new], city.person("administrator"), NOW, **row)


def confirm(desk: Desk, merger: Merger, login: str = "supervisor") -> None:
    found = Merger.objects.select_related("department", "successor", "proposed_by").get(pk=merger.pk)
    merging.confirm(found, desk.city.person(login), NOW, merging.moves(found.department, found.from_on).mark)


def lead_of(desk: Desk, code: str, day: dt.date) -> str:
    return Terms.objects.filter(item__plan=desk.city.plan, item__code=code).in_force(day).get().lead.code


def test_all_that_is_open_moves_at_once_and_what_is_past_stays(desk: Desk) -> None:
    city = desk.city
    rollup.take(city.government, NOW)
    confirm(desk, propose(desk))
    assert {c: (lead_of(desk, c, TODAY), lead_of(desk, c, TODAY - dt.timedelta(days=1))) for c in ("1-01", "1-02", "1-03", "2-01")} == {
        "1-01": ("tjj", "gxj"), "1-02": ("tjj", "gxj"), "1-03": ("tjj", "tjj"), "2-01": ("zjj", "zjj"),
    }  # fmt: skip
    old, new = Department.objects.get(code="gxj"), Department.objects.get(code="tjj")
    assert (old.until_on, old.successor, new.former[:2]) == (TODAY - dt.timedelta(days=1), new, ["市工业和信息化局", "市工信局"])
    assert set(Measure.objects.filter(reporter=old)) == set()
    assert set(Duty.objects.filter(department=old).values_list("measure__code", "period__number")) == {("cloud", 2)}  # accepted: stays
    assert User.objects.filter(department=old).count() == 0
    assert {u.login for u in User.objects.filter(department=new)} >= {"reporter", "reviewer", "steward", "statistician"}
    held = {(p.department.code, p.user.login, p.until_on) for p in Portfolio.objects.filter(department__in=[old, new])}
    assert held == {("gxj", "leader", TODAY - dt.timedelta(days=1)), ("tjj", "leader", None)}
    city.government.refresh_from_db()
    assert rollup.is_due(city.government, NOW)
    amendment = Amendment.objects.get(plan=city.plan, number=1)
    assert (amendment.proposed_by.login, amendment.published_by.login, amendment.from_on) == ("administrator", "supervisor", TODAY)
    assert {"merger.proposed", "merger.confirmed", "amendment published"} <= set(AuditEntry.objects.values_list("verb", flat=True))


def test_work_that_was_begun_goes_on_in_the_new_house(desk: Desk) -> None:
    from tracker import reviewing

    confirm(desk, propose(desk))
    city = desk.city
    report = ProgressReport.objects.get(measure__code="cloud", period__number=3)
    reviewer, writer = (deeds.person_of(User.objects.select_related("government").get(login=login), NOW) for login in ("reviewer", "reporter"))
    endorsed = reviewing.endorse(report, reviewer, NOW)
    assert reviewing.accept(endorsed, city.person("supervisor"), NOW).state == ProgressReport.State.ACCEPTED
    assert Duty.objects.visible_to(writer).filter(measure__code="m-1-01", period__number=3).count() == 1


def test_the_closed_quarter_keeps_the_old_name_and_both_are_found(desk: Desk) -> None:
    confirm(desk, propose(desk))
    jobs.tick(noon("2022-10-18"))
    client = client_of(desk.city, "supervisor")
    closing = client.get("/items/?as_of_period=2022Q2&q=5G").content.decode()
    today = client.get("/items/?q=5G").content.decode()
    assert ("市工信局" in closing, "/departments/gxj/" in closing, "/departments/tjj/" in today) == (True, True, True)
    assert "/departments/gxj/" not in today.partition("<tbody>")[2]
    found = client.get("/search/?q=工业和信息化").content.decode()
    assert ("/departments/gxj/" in found, "/departments/tjj/" in found) == (True, True)
    node = Standing.objects.of(desk.city.government).filter(subject=f"department:{desk.city.departments['gxj'].pk}", until_run=None)
    assert node.count() == 0
    assert "职责转至市统计局" in client.get("/departments/gxj/").content.decode()


def test_a_renamed_department_keeps_its_name_in_the_closing(desk: Desk) -> None:
    from people import departments

    gxj = desk.city.departments["gxj"]
    departments.rename(gxj, desk.city.person("administrator"), NOW, 0, departments.Called("市工业和信息化委员会", "市工信委", "Commission"), TODAY)
    client = client_of(desk.city, "supervisor")
    pages = {name: client.get(address).content.decode().partition("<tbody>")[2] for name, address in (
        ("closing", "/items/?as_of_period=2022Q2&q=5G"), ("today", "/items/?q=5G"), ("overview", "/overview/?period=2022Q2&reading=closing&scope=all"),
        ("period", "/periods/2022Q2/"), ("plan", "/plans/report-2022/why/?period=2022Q2"),
    )}  # fmt: skip
    assert {name: ("市工信局" in text, "市工信委" in text) for name, text in pages.items()} == {
        "closing": (True, False), "today": (False, True), "overview": (True, False), "period": (True, False), "plan": (True, False),
    }  # fmt: skip
    item = client.get("/items/report-2022/1-02/").content.decode()
    assert item.count("当时牵头 市工业和信息化局") == 3  # the periods that ended before the new name
    why = client.get("/items/report-2022/1-02/why/?period=2022Q2").content.decode()
    assert "<dd>市工业和信息化局</dd>" in why
    department = {query: client.get(f"/departments/gxj/why/{query}").content.decode() for query in ("?period=2022Q2", "")}
    assert [(name, "<h1>市工业和信息化局" in html) for name, html in department.items()] == [("?period=2022Q2", True), ("", False)]


def test_a_support_goes_over_and_is_not_doubled(desk: Desk) -> None:
    confirm(desk, propose(desk, "zjj", "gxj"))
    present = {t.item.code: t for t in Terms.objects.filter(item__plan=desk.city.plan).in_force(TODAY).select_related("item", "lead")}
    assert {code: t.lead.code for code, t in present.items() if t.lead.code == "gxj"} == dict.fromkeys(("1-01", "1-02", "2-01", "2-02"), "gxj")
    assert Support.objects.filter(terms=present["1-01"]).count() == 0  # the lead supports no item of its own
    assert present["2-02"].steps.count() == 3
    assert present["2-01"].targets.count() == 1


def test_a_version_that_begins_later_follows_too(desk: Desk) -> None:
    from plans import amending

    city, later = desk.city, dt.date(2022, 11, 1)
    change = {"1-01": amending.Change(final={"value": cast.d("1900")})}
    amendment = amending.propose(city.plan, city.person("supervisor"), NOW, reason="调整", basis="", from_on=later, changes=change)
    amending.publish(amendment, city.person("supervisor2"), NOW)
    confirm(desk, propose(desk))
    assert [lead_of(desk, "1-01", day) for day in (TODAY, later + dt.timedelta(days=1))] == ["tjj", "tjj"]
    assert Terms.objects.filter(item__code="1-01").in_force(later + dt.timedelta(days=1)).get().targets.get().value == 1900


def test_what_is_only_drafted_or_proposed_is_changed_in_place(desk: Desk) -> None:
    from plans import amending

    city = desk.city
    amending.propose(city.plan, city.person("supervisor"), NOW, reason="调整", basis="", from_on=dt.date(2022, 11, 1), changes={"1-01": amending.Change()})
    Plan.objects.filter(pk=city.plan.pk).update(state=Plan.State.PUBLISHED)
    confirm(desk, propose(desk))
    assert [t.lead.code for t in Terms.objects.filter(item__code="1-01", published_at=None)] == ["tjj"]


def test_it_takes_two_people_and_a_supervisor_only_where_there_is_one_administrator(desk: Desk) -> None:
    city, merger = desk.city, propose(desk)
    for login in ("administrator", "reviewer", "leader", "auditor"):
        with pytest.raises(Refused):
            confirm(desk, merger, login)
    by = city.person("administrator")
    new = staffing.Newcomer("second", "管理乙", city.departments["zfb"], (Role.ADMINISTRATOR,), cast.FROM)
    second = staffing.enrol(new, by, NOW)
    with pytest.raises(Refused):
        confirm(desk, merger, "supervisor")
    assert lead_of(desk, "1-01", TODAY) == "gxj"
    city.people["second"] = second
    confirm(desk, merger, "second")
    with pytest.raises(Refused, match="已由他人办理"):
        confirm(desk, merger, "second")
    assert Amendment.objects.filter(plan=city.plan).count() == 2


def test_a_list_that_changed_since_it_was_read_is_not_confirmed(desk: Desk) -> None:
    city, merger = desk.city, propose(desk)
    page = f"/mergers/{merger.pk}/"
    client = client_of(city, "supervisor")
    mark = client.get(page).context["moves"].mark
    staffing.disable(city.user("reporter2"), city.person("administrator"), NOW)
    late = client.post(page, {"do": "confirm", "mark": mark})
    assert (late.status_code, "请重新核对" in late.content.decode()) == (422, True)
    assert Merger.objects.get().state == "proposed"
    assert client.post(page, {"do": "confirm", "mark": late.context["moves"].mark}).status_code == 302
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    ("given", "field"),
    [({"on": TODAY + dt.timedelta(days=1)}, "from_on"), ({"new": "gxj"}, "successor"), ({"reason": " "}, "reason"), ({"on": dt.date(2018, 1, 1)}, "from_on")],
)
def test_what_is_wrong_with_a_proposal_is_said_at_its_field(desk: Desk, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        propose(desk, **given)
    assert refused.value.field == field


def test_a_department_is_closed_alone_only_where_it_holds_nothing(desk: Desk) -> None:
    city = desk.city
    client, page = client_of(city, "administrator"), f"/people/departments/{city.departments['gxj'].pk}/close/"
    assert client.post(page, {"do": "close"}).status_code == 422
    from people import departments

    empty = departments.open_new(city.person("administrator"), NOW, code="empty", name="空局", short="", name_en="", kind="bureau")
    assert client.post(f"/people/departments/{empty.pk}/close/", {"do": "close"}).status_code == 302
    assert Department.objects.get(code="empty").until_on == TODAY


def test_it_is_proposed_told_and_withdrawn_on_its_pages(desk: Desk) -> None:
    city = desk.city
    admin, page = client_of(city, "administrator"), f"/people/departments/{city.departments['gxj'].pk}/close/"
    assert admin.post(page, {"successor": "", "from_on": "x", "reason": ""}).status_code == 422
    made = admin.post(page, {"successor": city.departments["tjj"].pk, "from_on": "2022-10-17", "reason": "机构改革", "basis": ""})
    assert made.headers["Location"] == f"/mergers/{Merger.objects.get().pk}/"
    assert admin.post(page, {"successor": city.departments["tjj"].pk, "from_on": "2022-10-17", "reason": "又一次", "basis": ""}).status_code == 422
    assert made.headers["Location"] in client_of(city, "supervisor").get("/departments/").content.decode()
    assert admin.post(made.headers["Location"], {"do": "confirm", "mark": "x"}).status_code == 422
    assert admin.post(made.headers["Location"], {"do": "withdraw"}).status_code == 302
    assert Merger.objects.get().state == "withdrawn"


def test_the_name_of_a_drafts_measure_is_not_told(desk: Desk) -> None:
    item = cast.item("9-01", "秘密产业园", lead="市住房和城乡建设局", measure={"code": "secret"})
    load_draft(desk.city.government, cast.body([item], code="draft"), desk.city.person("supervisor"), NOW)
    zjj = desk.city.departments["zjj"]
    html = client_of(desk.city, "administrator").get(f"/people/departments/{zjj.pk}/close/").content.decode()
    assert ("老旧小区改造" in html, "秘密产业园" in html) == (True, False)


def test_the_list_of_what_moves_takes_the_same_statements_with_more_of_everything(desk: Desk) -> None:
    client, merger = client_of(desk.city, "supervisor"), propose(desk, "scx")
    pages = [f"/mergers/{merger.pk}/", f"/mergers/{propose(desk, 'gxj').pk}/"]
    taken = []
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as statements:
            client.get(page)
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_a_running_consultation_and_signatures_go_to_the_successor(desk: Desk) -> None:
    city = desk.city
    draft = SharingDesk(city)
    draft.open()
    draft.object_to("builders_head", "2-01", lead=city.departments["gxj"].pk)
    draft.accept("reviewer")
    opinions = list(Opinion.objects.order_by("pk").values_list("pk", "department__code", "kind"))
    confirm(desk, propose(desk))  # the industry bureau goes up in the statistics bureau
    assert list(Opinion.objects.order_by("pk").values_list("pk", "department__code", "kind")) == opinions  # what was said stays as it was said
    rows = {(row.terms.item.code, row.department.code): row.waits for row in consulting.asked(draft.plan)}
    assert {key: waits for key, waits in rows.items() if key[1] in ("gxj", "tjj")} == {("1-01", "tjj"): False, ("1-02", "tjj"): False}
    assert consulting.orphaned(draft.plan) == []
    page = client_of(city, "statistician").get("/sharing/next/answer/").context["page"]
    assert [row.terms.item.code for row in page.rows] == ["1-01", "1-02"]
    objection = Opinion.objects.get(kind="object")
    consulting.take_over(objection, "采纳", city.person("supervisor2"), cast.noon("2022-10-18"), Terms.objects.get(item=objection.item_id).version)
    assert Terms.objects.get(item=objection.item_id).lead == city.departments["tjj"]  # the objection named the bureau that is gone
    draft.accept("county")
    draft.accept("reviewer")
    issuance = draft.propose()
    sharing_out.publish(issuance, city.person("supervisor2"), AFTER)
    signed = Signature.objects.get(issuance=issuance, department__code="scx")
    sharing_out.sign(signed, city.person("county"), AFTER)
    merger = merging.propose(
        city.departments["zjj"], city.departments["scx"], city.person("administrator"), AFTER, from_on=AFTER.date(), reason="试点", basis=""
    )
    assert "待签收的责任分解表" in client_of(city, "administrator").get(f"/mergers/{merger.pk}/").content.decode()
    found = Merger.objects.select_related("department", "successor", "proposed_by").get(pk=merger.pk)
    assert [s.issuance for s in merging.moves(found.department, found.from_on).papers] == [issuance]
    merging.confirm(found, city.person("supervisor"), AFTER, merging.moves(found.department, found.from_on).mark)
    assert sorted(Signature.objects.filter(issuance=issuance).values_list("department__code", "signed_by__login")) == [("scx", "county"), ("tjj", None)]


def test_what_was_not_signed_for_is_signed_for_by_the_successor(desk: Desk) -> None:
    draft = SharingDesk(desk.city)
    issuance = draft.publish()
    confirm(desk, propose(desk))
    assert list(Signature.objects.filter(issuance=issuance).order_by("pk").values_list("department__code", flat=True)) == ["tjj", "zjj", "scx"]
    sharing_out.sign(Signature.objects.get(issuance=issuance, department__code="tjj"), desk.city.person("statistician"), AFTER)
