"""The next year: what becomes of each item, who decides, and the draft that is made of it; the series and the last figures go on."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import AuditEntry, Department
from people.workdays import seed_workdays
from plans.editing.rights import NotAllowed
from plans.exporting import export_plan
from plans.models import Plan, Terms
from tests import cast
from tests.cast import noon
from tests.tracker.answers import answer
from tests.tracker.stood import client_of
from tracker import periods, rollup, succession
from tracker.history import earlier
from tracker.models import Fate, Period, Succession
from tracker.succession import Choice

pytestmark = pytest.mark.django_db
AT = noon("2023-02-20")
URL = "/plans/report-2022/next-year/"
HEAD = {
    "title": "测试工作报告（2023）", "title_en": "Test work report 2023", "code": "report-2023", "number": "第一次会议", "issuer": "市人民政府",
    "date": "2023-01-10", "start": "2023-01-01", "end": "2023-12-31",
}  # fmt: skip


@pytest.fixture
def city(db: None) -> cast.City:
    """The cast's year over: 5G reached, renewal short, one step of three done, rates reported."""
    seed_workdays([2022, 2023])
    city = cast.city()
    answer(city, "1-01", "2022Q4", "2100")
    answer(city, "cloud", "2022Q4", "4600")
    answer(city, "gdp", "2022Q4", "7.9")
    answer(city, "jobless", "2022Q4", "5.4")
    answer(city, "2-01", "2022Q4", "80")
    answer(city, "task-2-02", "2022Q1", steps={"选址": "2022-03-20"})
    rollup.take(city.government, AT)
    city.government.refresh_from_db()
    return city


@pytest.fixture
def opened(city: cast.City) -> Succession:
    return succession.begin(city.plan, city.person("supervisor", dt.date(2023, 2, 20)), AT)


def person(city: cast.City, login: str) -> Any:
    return city.person(login, dt.date(2023, 2, 20))


def ids(city: cast.City) -> dict[str, int]:
    return dict(city.plan.items.values_list("code", "pk"))


def decide(city: cast.City, opened: Succession, login: str = "supervisor", **kinds: Any) -> succession.Decided:
    """Every item as proposed, but those that are given: {'2_01': ('dropped', 'because')}."""
    at = ids(city)
    proposed = {"1-01": "done", "1-02": "done", "1-03": "continued", "1-04": "continued", "2-01": "carried", "2-02": "carried"}
    given = {code.replace("_", "-"): value for code, value in kinds.items()}
    choices = {at[c]: Choice(*(given.get(c) or (kind,))) for c, kind in proposed.items()}
    return succession.decide(opened, choices, person(city, login), AT)


def test_what_is_proposed_comes_from_where_the_items_stand(city: cast.City) -> None:
    standings = succession.standings_of(city.plan)
    terms = {t.item.code: t for t in Terms.objects.filter(item__plan=city.plan).select_related("item")}
    assert {code: succession.proposal(t.item.kind, t.accrual, standings[t.item_id].light) for code, t in terms.items()} == {
        "1-01": "done", "1-02": "carried", "1-03": "continued", "1-04": "continued", "2-01": "carried", "2-02": "carried",
    }  # fmt: skip


def test_the_draft_carries_on_what_goes_on(city: cast.City, opened: Succession) -> None:
    decide(city, opened, **{"1_02": ("carried",)})
    made = succession.make(opened, HEAD, person(city, "supervisor"), AT)
    items = {item["code"]: item for item in export_plan(made)["items"]}
    assert (made.state, list(items)) == ("draft", ["1-02", "1-03", "1-04", "2-01", "2-02"])
    assert items["2-01"]["baseline"] == {"date": "2022-12-31", "value": "80"}
    assert [(t["start"], t["due"], t["comparator"], t["value"]) for t in items["2-01"]["targets"]] == [("2022-12-31", "2023-12-31", "at_least", "94")]
    assert [(s["name"], s["due"]) for s in items["2-02"]["steps"]] == [("用地", None), ("开工", None)]
    assert items["2-02"]["measure"]["code"] != "task-2-02"
    series = items["1-03"]
    assert (series["measure"]["code"], series["targets"][0]["comparator"], series["targets"][0]["value"], series["baseline"]) == ("gdp", "about", None, None)
    assert items["1-02"]["baseline"] == {"date": "2022-12-31", "value": "4600"}
    assert series["source"]["locator"] == "接续工作报告 1-03"
    assert Succession.objects.get().successor == made


def test_a_closed_departments_items_go_to_its_successor(city: cast.City, opened: Succession) -> None:
    Department.objects.filter(code="zjj").update(until_on="2022-12-31", successor=city.departments["gxj"])
    decide(city, opened)
    made = succession.make(opened, HEAD, person(city, "supervisor"), AT)
    assert {item["code"]: item["lead"] for item in export_plan(made)["items"]}["2-01"] == "市工业和信息化局"


def test_what_is_dropped_takes_a_reason_and_a_second_person(city: cast.City, opened: Succession) -> None:
    assert set(decide(city, opened, **{"2_01": ("dropped", " ")}).wrong) == {ids(city)["2-01"]}
    decide(city, opened, **{"2_01": ("dropped", "并入县区任务")})
    with pytest.raises(NotAllowed, match="1 项“不再列入”"):
        succession.make(opened, HEAD, person(city, "supervisor"), AT)
    with pytest.raises(NotAllowed, match="另一位督查员"):
        succession.confirm(opened, [ids(city)["2-01"]], person(city, "supervisor"), AT)
    assert succession.confirm(opened, [ids(city)["2-01"]], person(city, "supervisor2"), AT) == 1
    made = succession.make(opened, HEAD, person(city, "supervisor"), AT)
    assert "2-01" not in [item["code"] for item in export_plan(made)["items"]]
    assert "并入县区任务" in client_of(city, "supervisor").get(URL).content.decode()
    assert [e.verb for e in AuditEntry.objects.filter(subject=f"succession:{opened.pk}")] == [
        "succession begun", "fates decided", "fates decided", "drops confirmed", "succession made",
    ]  # fmt: skip


def test_the_database_too_wants_two_people_and_a_reason(city: cast.City, opened: Succession) -> None:
    decide(city, opened, **{"2_01": ("dropped", "并入县区任务")})
    fate = Fate.objects.filter(item__code="2-01")
    for values in ({"confirmed_by": city.user("supervisor")}, {"reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            fate.update(**values)


def test_a_changed_mind_needs_a_new_confirmation(city: cast.City, opened: Succession) -> None:
    decide(city, opened, **{"2_01": ("dropped", "并入县区任务")})
    succession.confirm(opened, [ids(city)["2-01"]], person(city, "supervisor2"), AT)
    decide(city, opened, **{"2_01": ("dropped", "另有安排", "dropped")})
    assert Fate.objects.get(item__code="2-01").confirmed_by is None


def test_who_comes_second_is_told_what_the_first_decided(city: cast.City, opened: Succession) -> None:
    decide(city, opened)
    told = succession.decide(opened, {ids(city)["2-01"]: Choice("done", "", "")}, person(city, "supervisor2"), AT)
    assert told.wrong == {ids(city)["2-01"]: "督查甲已决定：结转续办。"}
    assert Fate.objects.get(item__code="2-01").kind == "carried"


def test_everything_is_decided_before_the_draft_is_made_and_once(city: cast.City, opened: Succession) -> None:
    with pytest.raises(NotAllowed, match="还有 6 项没有决定去向"):
        succession.make(opened, HEAD, person(city, "supervisor"), AT)
    decide(city, opened)
    succession.make(opened, HEAD, person(city, "supervisor"), AT)
    opened.refresh_from_db()
    with pytest.raises(NotAllowed, match="已经生成"):
        succession.make(opened, {**HEAD, "code": "another"}, person(city, "supervisor"), AT)


def test_only_supervisors_of_the_city_and_only_published_plans(city: cast.City) -> None:
    for who in (person(city, "reporter"), person(city, "administrator"), cast.stranger_city().person("supervisor")):
        with pytest.raises(NotAllowed):
            succession.begin(city.plan, who, AT)
    cast.back_to_draft(city.plan)
    city.plan.refresh_from_db()
    with pytest.raises(NotAllowed, match="还没有发布"):
        succession.begin(city.plan, person(city, "supervisor"), AT)


def test_the_page_saves_confirms_and_makes(city: cast.City, clock_at: Any) -> None:
    clock_at("2023-02-20")
    first, second = client_of(city, "supervisor"), client_of(city, "supervisor2")
    rows = {each.row.code: each for each in first.get(URL).context["page"].rows}
    assert {code: each.kind for code, each in rows.items()}["2-01"] == "carried"
    form = {f"kind-{each.row.item}": each.kind for each in rows.values()} | {f"kind-{rows['2-02'].row.item}": "dropped", "do": "save"}
    refused = first.post(URL, form)
    assert (refused.status_code, "不再列入须写明原因。" in refused.content.decode(), Fate.objects.count()) == (422, True, 5)
    assert refused.context["page"].counts["open"] == 1
    again = (
        form | {f"reason-{rows['2-02'].row.item}": "改由省里实施"} | {f"seen-{each.row.item}": each.kind for each in rows.values() if each.row.code != "2-02"}
    )
    assert first.post(URL, again)["Location"] == f"{URL}?saved=1"
    assert 'name="pick"' not in first.get(URL).content.decode()
    assert 'name="pick"' in second.get(f"{URL}?show=unconfirmed").content.decode()
    assert second.post(URL, {"do": "confirm", "pick": rows["2-02"].row.item})["Location"] == f"{URL}?confirmed=1"
    wrong = first.post(URL, {**HEAD, "code": "report-2022", "do": "make"})
    assert (wrong.status_code, Plan.objects.count()) == (422, 1)
    assert first.post(URL, {**HEAD, "end": "2022-01-01", "do": "make"}).context["form"].errors["end"] == ["止须晚于起。"]
    assert first.post(URL, {**HEAD, "do": "make"})["Location"] == "/plans/report-2023/"
    assert "下一年的草案已生成" in first.get(URL).content.decode()


def test_the_page_is_read_by_the_auditor_and_nobody_else(city: cast.City) -> None:
    status = {login: client_of(city, login).get(URL).status_code for login in ("auditor", "reporter", "leader", "administrator")}
    assert status == {"auditor": 200, "reporter": 404, "leader": 404, "administrator": 404}
    assert client_of(city, "auditor").post(URL, {"do": "save"}).status_code == 404


def test_the_last_period_stays_open_for_settled_figures_until_its_day(city: cast.City, opened: Succession) -> None:
    last = Period.objects.get(year=2022, number=4)
    with pytest.raises(NotAllowed, match="截止日须在"):
        succession.settle(opened, dt.date(2022, 12, 1), person(city, "supervisor"), AT)
    succession.settle(opened, dt.date(2023, 6, 30), person(city, "supervisor"), AT)
    periods.lock_due(city.government, noon("2023-06-30"))
    assert Period.objects.get(pk=last.pk).locked_at is None
    assert Period.objects.exclude(pk=last.pk).filter(locked_at__isnull=True).count() == 0
    periods.lock_due(city.government, noon("2023-07-01"))
    assert Period.objects.get(pk=last.pk).locked_at == noon("2023-07-01")


def test_a_series_is_drawn_through_both_years(city: cast.City, opened: Succession) -> None:
    decide(city, opened)
    made = succession.make(opened, HEAD, person(city, "supervisor"), AT)
    terms = {t.item.code: t for t in Terms.objects.filter(item__plan=made).select_related("item")}
    series = earlier(terms["1-03"].item, terms["1-03"], made.start)
    assert [(p.end.isoformat(), f"{p.value.normalize():f}") for p in series if p.value is not None] == [("2022-12-31", "7.9")]
    assert earlier(terms["2-02"].item, terms["2-02"], made.start) == []
    fresh = city.item("1-01").terms.get()
    assert earlier(fresh.item, fresh, made.start) == []  # a total that counts anew


def test_the_page_takes_the_same_statements_with_one_and_with_six_rows(city: cast.City, opened: Succession) -> None:
    client, taken = client_of(city, "supervisor"), set()
    for show, n in (("", 6), ("?show=open", 6), ("?show=done", 0)):
        client.get(URL + show)
        with CaptureQueriesContext(connection) as statements:
            assert len(client.get(URL + show).context["page"].shown) == n
        taken.add(len(statements))
    cast.load_plan(city.government, cast.body([cast.item("9", "九")], code="other"))
    with CaptureQueriesContext(connection) as statements:
        client.get("/plans/other/next-year/")
    assert len(taken) == 1
    assert len(statements) <= max(taken)
