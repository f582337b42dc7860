"""A body becomes a draft that may be incomplete; publishing it asks for all that was left open."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from people.models import AuditEntry
from plans.editing.rights import NotAllowed
from plans.exporting import export_plan
from plans.importing import BadPlan, load_draft
from plans.models import Amendment, Bands, Measure, PastResult, Plan, Step, Target, Terms
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-03-02")


@pytest.fixture
def city() -> cast.City:
    return cast.city()


def publish(plan: Plan) -> int:
    Amendment.objects.filter(plan=plan).update(state=Amendment.State.PUBLISHED)
    return Terms.objects.filter(item__plan=plan).update(published_at=AT)


def load(city: cast.City, items: list[dict[str, Any]], login: str = "supervisor", **given: Any) -> Plan:
    return load_draft(city.government, cast.body(items, code="next", **given), city.person(login), AT)


def test_a_body_becomes_a_draft_that_exports_the_same(city: cast.City) -> None:
    items = cast.ITEMS()
    plan = load(city, items)
    assert (plan.state, export_plan(plan)["items"]) == ("draft", [{k: v for k, v in item.items() if k != "name_en"} for item in items])
    first = Amendment.objects.get(plan=plan)
    assert (first.number, first.state, first.proposed_by) == (0, "proposed", city.user("supervisor"))
    assert set(Terms.objects.filter(item__plan=plan).values_list("published_at", "version")) == {(None, 0)}
    assert Bands.objects.filter(plan=plan).count() == 3
    assert AuditEntry.objects.filter(government=city.government).latest("position").subject == f"plan:{plan.pk}"


def test_what_a_paper_leaves_open_is_filled_in_or_stays_open(city: cast.City) -> None:
    plan = load(city, [{"code": "1", "name": "新增企业"}, {"code": "2", "kind": "task", "name": "开工"}])
    enterprise, task = export_plan(plan)["items"]
    assert (enterprise["lead"], enterprise["measure"]["reporter"], enterprise["targets"][0]["due"], enterprise["targets"][0]["start"]) == (
        None,
        None,
        None,
        "2021-12-31",
    )
    assert (enterprise["goal"], enterprise["measure"]["code"], task["profile"]) == (["未分类"], "next-1", "at_end")
    assert (Step.objects.get(terms__item__plan=plan).due_on, Measure.objects.get(code="next-2").kind) == (None, "steps")


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([{"code": "1", "name": "甲"}, {"code": "1", "name": "乙"}], "1: the code stands 2 times"),
        ([{"code": "1", "name": "甲", "targets": [{"due": "2021-12-31"}]}], "1: due 2021-12-31 must be after start 2021-12-31"),
        ([{"code": "1", "name": "甲", "weight": "-1"}], "1: weight must be above 0"),
        ([{"code": "1", "kind": "task", "name": "甲", "steps": [{"name": "开工", "weight": "0"}]}], "1: weight of step '开工' must be above 0"),
        ([{"code": "1", "name": "甲", "targets": [{"value": "3", "value_high": "2", "comparator": "between"}]}], "1: value_high stands only with between, and not below value"),
        ([{"code": "1", "name": "甲", "lead": "市火星局"}], "unknown department '市火星局'"),
    ],
)  # fmt: skip
def test_what_no_row_can_hold_is_named_and_nothing_is_left(city: cast.City, items: list[dict[str, Any]], why: str) -> None:
    with pytest.raises(BadPlan, match=why):
        load(city, items)
    assert Plan.objects.count() == 1


def test_a_code_that_exists_is_named(city: cast.City) -> None:
    load(city, [])
    with pytest.raises(BadPlan, match="next: a plan of this code exists"):
        load(city, [])


@pytest.mark.parametrize("login", ["reporter", "administrator", "auditor", "leader"])
def test_only_a_supervisor_loads_a_draft(city: cast.City, login: str) -> None:
    with pytest.raises(NotAllowed):
        load(city, [], login)


def test_a_supervisor_of_another_city_loads_none_here(city: cast.City) -> None:
    stranger = cast.stranger_city().person("supervisor")
    with pytest.raises(NotAllowed):
        load_draft(city.government, cast.body([], code="next"), stranger, AT)


@pytest.mark.parametrize("missing", ["lead", "target", "step", "reporter"])
def test_the_database_publishes_nothing_incomplete(city: cast.City, missing: str) -> None:
    task = cast.item("1", "开工", kind="task", targets=[cast.target()], steps=[{"name": "开工", "due": "2022-06-30", "weight": "1"}])
    plan = load(city, [task])
    terms = Terms.objects.filter(item__plan=plan)
    rows: dict[str, Any] = {
        "lead": (terms, {"lead": None}), "target": (Target.objects.filter(terms__in=terms), {"due_on": None}),
        "step": (Step.objects.filter(terms__in=terms), {"due_on": None}), "reporter": (Measure.objects.filter(items__plan=plan), {"reporter": None}),
    }  # fmt: skip
    found, change = rows[missing]
    assert found.update(**change) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        publish(plan)


def test_a_complete_draft_can_be_published_and_its_measure_keeps_a_reporter(city: cast.City) -> None:
    plan = load(city, [cast.item("1", "新增企业")])
    assert publish(plan) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(items__plan=plan).update(reporter=None)


def test_an_item_without_lead_or_day_is_shown(city: cast.City) -> None:
    from tests.tracker.stood import client_of

    load(city, [{"code": "1", "name": "新增企业"}, {"code": "2", "kind": "task", "name": "开工"}], start="2022-01-01")
    client = client_of(city, "supervisor")
    pages = [client.get(address) for address in ("/plans/next/", "/items/next/1/", "/items/next/2/", "/measures/next-1/")]
    assert [page.status_code for page in pages] == [200, 200, 200, 200]
    assert dt.date(2022, 1, 1) == Plan.objects.get(code="next").start


def test_an_earlier_result_that_is_known_stays_as_it_was_first_given(city: cast.City) -> None:
    past = {"measure": "m-1-01", "date": "2021-12-31", "value": "180", "locator": "一"}
    for code, value in (("first", "180"), ("second", "190")):
        load_draft(
            city.government,
            cast.body([cast.item("9-01", "新增5G基站", measure={"code": "m-1-01"})], code=code, past=[{**past, "value": value}]),
            city.person("supervisor"),
            AT,
        )
    assert [str(row.value) for row in PastResult.objects.filter(measure__code="m-1-01")] == ["180.0000"]
