"""验收标准: proposed by the department, accepted by a supervisor; a missing one withholds blue where the plan asks, and nothing else."""

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import AuditEntry
from plans import amending
from plans.amending import Change
from plans.standalone import reckon
from tests import cast
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of, stage
from tracker import criteria, excuses, judgements, objecting, recomputing, rollup
from tracker.archiving import archive
from tracker.models import Criterion, CriterionDemand, Period, Standing
from tracker.turns import NotYours, Refused

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-10-17")
PAGE = "/items/report-2022/2-02/criterion/"
STEPS = {"选址": "2022-03-20", "用地": "2022-08-20", "开工": "2022-10-10"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def city(desk: Desk, settings: Any) -> cast.City:
    """Every step of 第六污水处理厂 is done."""
    item = desk.city.item("2-02")
    steps = {str(s.pk): STEPS[s.name] for s in item.terms.get().steps.all()}
    desk.accept(desk.duty("task-2-02"), steps=steps, progress="开工")
    rollup.take(desk.city.government, AT)
    stage(settings, "2022-10-17")
    return desk.city


def task(city: cast.City) -> tuple[str, str, str]:
    one = Standing.objects.of(city.government).at(city.government.run).get(item=city.item("2-02"))
    return one.light, str(one.attainment), str(one.gap)


def others(city: cast.City) -> list[tuple[Any, ...]]:
    """Light and numbers of every item but the one that is asked for its criterion."""
    rows = Standing.objects.of(city.government).at(city.government.run).filter(item__isnull=False).exclude(item=city.item("2-02"))
    return list(rows.order_by("item").values_list("item", "light", "attainment", "expected", "gap", "marks", "overdue"))


def take(city: cast.City, minutes: int) -> None:
    rollup.take(city.government, AT + dt.timedelta(minutes=minutes))


def proposed(city: cast.City, minutes: int = 0, **given: str) -> Criterion:
    parts = {"seen": "桩基开打", "place": "项目现场", "confirmer": "市督查室", **given}
    return criteria.propose(city.item("2-02"), **parts, by=city.person("builder"), at=AT + dt.timedelta(minutes=minutes))


def test_where_a_plan_asks_a_task_without_an_accepted_criterion_is_not_blue(city: cast.City) -> None:
    same = others(city)
    assert task(city) == ("blue", "1.000000", "50.000000")  # nobody asked yet
    supervisor, builder = client_of(city, "supervisor"), client_of(city, "builder")
    assert supervisor.post("/plans/report-2022/criteria/", {}).status_code == 302
    assert supervisor.post("/plans/report-2022/criteria/", {}).status_code == 302  # asked twice, asked once
    assert CriterionDemand.objects.count() == 1
    assert rollup.is_due(city.government, AT + dt.timedelta(minutes=5))
    take(city, 5)
    assert task(city) == ("green", "1.000000", "50.000000")
    assert supervisor.get("/items/?mark=uncheckable").context["total"] == 1
    for page in ("/items/", "/overview/", "/plans/report-2022/?open=all", "/departments/zjj/", "/items/report-2022/2-02/"):
        assert "尚不可核验" in client_of(city, "leader").get(page).content.decode().partition("</form>")[2], page
    given = {"do": "propose", "seen": "桩基开打", "place": "", "confirmer": "市督查室", "key": "a"}
    answer = builder.post(PAGE, given)
    assert (answer.status_code, list(answer.context["form"].errors), "桩基开打" in answer.content.decode()) == (422, ["place"], True)
    assert builder.post(PAGE, {**given, "place": "现场"}).status_code == 302
    take(city, 10)
    assert task(city)[0] == "green"  # proposed is not accepted
    one = Criterion.objects.get()
    assert "第六污水处理厂" in supervisor.get("/review/").content.decode()
    assert supervisor.post(PAGE, {"do": "accept", "criterion": one.pk + 1}).status_code == 409
    assert supervisor.post(PAGE, {"do": "accept", "criterion": one.pk}).status_code == 302
    take(city, 60)
    assert task(city) == ("blue", "1.000000", "50.000000")
    assert others(city) == same
    assert supervisor.get("/items/?mark=uncheckable").context["total"] == 0
    assert list(AuditEntry.objects.filter(verb__startswith="criteri").order_by("position").values_list("verb", flat=True)) == [
        "criteria.asked", "criterion.proposed", "criterion.accepted",
    ]  # fmt: skip


def test_nothing_that_people_say_beside_a_light_turns_one(desk: Desk) -> None:
    """An afternoon of trying: judged, contested and upheld, excused, agreed on; every light, gap and attainment as before."""
    city = desk.city
    desk.accept(desk.duty("m-2-01"), value="40")
    desk.accept(desk.duty("m-1-01"), value="900")
    rollup.take(city.government, AT)

    def lights() -> list[tuple[Any, ...]]:
        rows = Standing.objects.of(city.government).at(city.government.run).order_by("subject")
        return list(rows.values_list("subject", "light", "attainment", "expected", "gap", "marks", "overdue"))

    before, head, first, second = lights(), city.person("builders_head"), city.person("supervisor"), city.person("supervisor2")
    criteria.ask(city.plan, first, AT)
    for code in ("2-01", "2-02"):
        item = city.item(code)
        for grade in ("hopeless", "sure"):
            judgements.judge(item, grade, "看过", first, AT)
        for kind in ("light", "lead", "reading"):
            one = objecting.make(item, kind, "不对", "应为正常", head, AT)
            objecting.answer(one, "upheld", "同意", city.person(one.named.login), AT, 0)
        excuses.confirm(excuses.propose(item, "停工", "指令", dt.date(2022, 12, 31), head, AT), second, AT)
        criteria.accept(criteria.propose(item, "看到", "现场", "督查室", head, AT), first, AT)
    rollup.take(city.government, AT + dt.timedelta(hours=1))
    assert lights() == before


def test_a_criterion_in_the_published_terms_counts_from_their_first_day(city: cast.City) -> None:
    criteria.ask(city.plan, city.person("supervisor"), AT)
    change = {"2-02": Change(terms={"acceptance": "桩基开打，三方签字"})}
    amendment = amending.propose(city.plan, city.person("supervisor"), AT, reason="补充", basis="函", from_on=dt.date(2022, 10, 18), changes=change)
    amending.publish(amendment, city.person("supervisor2"), AT)
    take(city, 5)
    assert task(city)[0] == "green"
    rollup.take(city.government, cast.noon("2022-10-18"))
    assert task(city)[0] == "blue"


def test_a_closed_period_keeps_what_was_known_then(city: cast.City) -> None:
    closed = Period.objects.get(government=city.government, cycle=city.plan.cycle, year=2022, number=3)
    criteria.ask(city.plan, city.person("supervisor"), AT)
    run = rollup.take(city.government, AT + dt.timedelta(minutes=1), closes=closed)
    rollup.take(city.government, AT + dt.timedelta(minutes=2))
    criteria.accept(proposed(city, 3), city.person("supervisor"), AT + dt.timedelta(minutes=3))
    take(city, 4)
    assert task(city)[0] == "blue"
    assert recomputing.recompute(run).differences == []
    files = {entry.filename: packed.read(entry) for packed in [zipfile.ZipFile(io.BytesIO(archive(run)))] for entry in packed.infolist()}
    given = {name: content.decode("utf-8-sig") for name, content in files.items() if name.endswith(".csv")}
    assert f"item:{city.item('2-02').pk},green" in given["results.csv"]
    assert reckon(given)["results.csv"] == given["results.csv"]


def test_two_people_agree_and_all_is_kept(city: cast.City) -> None:
    for login in ("reviewer", "supervisor", "leader", "administrator", "auditor"):
        with pytest.raises(NotYours):
            criteria.propose(city.item("2-02"), "看", "处", "人", city.person(login), AT)
    one = proposed(city)
    with pytest.raises(Refused):
        proposed(city)
    for login in ("builder", "builders_head", "leader"):
        with pytest.raises(NotYours):
            criteria.accept(one, city.person(login), AT)
    with pytest.raises(Refused):
        criteria.give_back(one, " ", city.person("supervisor"), AT)
    criteria.give_back(one, "写明由谁签字", city.person("supervisor"), AT)
    with pytest.raises(criteria.Decided):
        criteria.accept(one, city.person("supervisor"), AT)
    again = proposed(city, seen="桩基开打，监理签字")
    criteria.accept(again, city.person("supervisor"), AT)
    html = client_of(city, "builder").get(PAGE).content.decode()
    assert html.index("监理签字") < html.index("写明由谁签字")
    with pytest.raises(NotYours):
        criteria.ask(city.plan, city.person("builders_head"), AT)
    for deed in (
        Criterion.objects.filter(pk=again.pk).delete,
        lambda: Criterion.objects.filter(pk=one.pk).update(why=""),
        lambda: Criterion.objects.update(seen="别的"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_the_plans_criteria_are_a_list_and_a_file_and_take_a_fixed_number_of_statements(city: cast.City) -> None:
    client, taken = client_of(city, "supervisor"), []
    for page in ("/plans/report-2022/criteria/", PAGE):
        client.get(page)
        with CaptureQueriesContext(connection) as before:
            client.get(page)
        taken.append(len(before))
    for n in range(3):
        criteria.give_back(proposed(city, n), "再写", city.person("supervisor"), AT)
    for page, statements in zip(("/plans/report-2022/criteria/", PAGE), taken, strict=True):
        with CaptureQueriesContext(connection) as after:
            client.get(page)
        assert len(after) == statements
    proposed(city, 9)
    assert "桩基开打 · 项目现场 · 市督查室" in client.get("/plans/report-2022/criteria/?export=csv").content.decode()
