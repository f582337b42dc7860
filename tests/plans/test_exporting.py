"""What is loaded is exported the same, and what is published is frozen."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from plans.exporting import export_plan
from plans.importing import BadPlan, differences, load_plan
from plans.models import Amendment, Item, Plan, Step, Target, Terms
from tests import cast

pytestmark = pytest.mark.django_db


def exported(items: list[dict]) -> list[dict]:
    """What an export of these items must be: the body's fields without the fixtures' own."""
    return [{k: v for k, v in item.items() if k not in ("name_en", "acceptance")} for item in items]


def test_a_loaded_plan_exports_the_same_items():
    city = cast.city()
    assert export_plan(city.plan)["items"] == exported(cast.body()["items"])


def test_a_loaded_plan_exports_its_document():
    city = cast.city()
    assert export_plan(city.plan)["document"] == {"title": "测试报告", "number": "测〔2022〕report-2022", "issuer": "市人民政府", "date": "2022-01-01"}


def test_a_task_without_stated_steps_gets_one_step_and_exports_none():
    task = cast.item("t", "高铁规划", kind="task", targets=[cast.target(due="2022-06-30", words="规划")], measure={"code": "t"})
    city = cast.city(plan=cast.body([task]))
    assert list(Step.objects.values_list("name", "due_on", "stated")) == [("高铁规划", dt.date(2022, 6, 30), False)]
    assert export_plan(city.plan)["items"][0]["steps"] == []


def test_export_takes_the_same_number_of_statements_for_one_and_for_three_items(django_assert_num_queries):
    city = cast.city(plan=cast.body([cast.item("a", "甲")]))
    three = load_plan(city.government, cast.body([cast.item(c, c) for c in "bcd"], code="three"))
    for plan in (city.plan, three):
        plan = Plan.objects.select_related("document").get(pk=plan.pk)
        with django_assert_num_queries(5):
            export_plan(plan)


def test_differences_name_item_field_and_both_values():
    city = cast.city()
    changed = cast.body()
    changed["items"][0]["name"] = "新建5G基站"
    assert differences(city.plan, changed) == ["report-2022 1-01 name: 新增5G基站 → 新建5G基站"]


def test_an_unknown_department_is_named_and_nothing_is_left():
    city = cast.city()
    with pytest.raises(BadPlan, match="z-1: unknown department '市火星局'"):
        load_plan(city.government, cast.body([cast.item("z-1", "甲", lead="市火星局", measure={"reporter": "市统计局"})], code="other"))
    assert Plan.objects.count() == 1


@pytest.mark.parametrize("model", [Terms, Target, Step, Amendment])
def test_what_is_published_refuses_update_and_delete(model):
    cast.city()
    row = model.objects.first()
    field = "reason" if model is Amendment else "name" if model in (Terms, Step) else "note"
    for change in (lambda: model.objects.filter(pk=row.pk).update(**{field: "x"}), lambda: model.objects.filter(pk=row.pk)._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_target_cannot_be_slipped_under_published_terms():
    cast.city()
    terms = Terms.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(government=terms.government, terms=terms, from_on=dt.date(2021, 12, 31), due_on=dt.date(2022, 6, 30), value=1)


def test_a_published_item_is_never_deleted():
    cast.city()
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(code="1-01")._raw_delete("default")


def test_terms_in_force_are_the_latest_that_began_by_then():
    city = cast.city()
    old = Terms.objects.get(item__code="1-01")
    later = Amendment.objects.create(government=city.government, plan=city.plan, number=1, from_on=dt.date(2022, 7, 1), proposed_by=city.user("supervisor"))
    new = Terms.objects.create(
        government=city.government,
        item=old.item,
        amendment=later,
        from_on=later.from_on,
        goal=old.goal,
        name="新",
        name_en="New",
        accrual="cumulative",
        lead=old.lead,
    )
    in_force = lambda day: Terms.objects.filter(item=old.item).in_force(day).get().pk  # noqa: E731
    assert in_force(dt.date(2022, 7, 1)) == old.pk  # not yet published
    cast.put_in_force(later, "2022-07-01")
    assert [in_force(dt.date(2022, 6, 30)), in_force(dt.date(2022, 7, 1))] == [old.pk, new.pk]
