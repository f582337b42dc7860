"""The check list of a draft: each kind of line, its answer, and what no answer replaces."""

import datetime as dt
from typing import Any

import pytest

from people.models import AuditEntry, Department
from plans.checking import Line, answer, check_list, open_checks
from plans.editing.rights import NotAllowed
from plans.importing import load_draft
from plans.models import CheckAnswer, Item, Plan, Terms
from tests import cast
from tests.plans.test_editing import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> cast.City:
    return cast.city()


def draft(city: cast.City, items: list[dict[str, Any]]) -> Plan:
    for n, item in enumerate(items):
        item["measure"] = {**item.get("measure", {})} if item.get("measure", {}).get("code") == "gdp" else {**item.get("measure", {}), "code": f"next-{n}"}
    return load_draft(city.government, cast.body(items, code="next"), city.person("supervisor"), AT)


def good(code: str, name: str, **given: Any) -> dict[str, Any]:
    return cast.item(code, name, **given)


def found(plan: Plan) -> list[tuple[str, str]]:
    return [(line.code, str(line.kind)) for line in check_list(plan)]


def test_a_complete_draft_has_nothing_open(city: cast.City) -> None:
    plan = draft(city, [good("1", "新增企业"), good("2", "开工", kind="task", targets=[cast.target()], acceptance="验收报告")])
    assert check_list(plan) == []


@pytest.mark.parametrize(
    ("item", "kinds"),
    [
        ({"code": "1", "name": "新增企业"}, ["lead", "due", "reporter", "comparator", "unit"]),
        (good("1", "新增企业", targets=[cast.target(value="5", unit="家")]), ["comparator"]),
        (good("1", "新增企业", targets=[cast.target(value="5", comparator="at_least")]), ["unit"]),
        (good("1", "开工", kind="task", targets=[cast.target()]), ["step"]),
        (good("1", "新增企业", targets=[cast.target(due="2023-06-30", value="5", comparator="at_least", unit="家")]), ["before"]),
        (good("1", "占比", accrual="level", baseline={"date": "2021-12-31", "value": "6"}, targets=[cast.target(value="5", comparator="at_least", unit="%")]), ["weaker"]),
        (good("1", "能耗", accrual="level", baseline={"date": "2021-12-31", "value": "5"}, targets=[cast.target(value="6", comparator="at_most", unit="吨")]), ["weaker"]),
        (good("1", "能耗", accrual="level", baseline={"date": "2021-12-31", "value": "6"}, targets=[cast.target(value="5", comparator="at_most", unit="吨")]), []),
        (good("1", "增长", accrual="held", lead="市统计局", targets=[cast.target(comparator="about", value="9", unit="%")], measure={"code": "gdp"}), ["conflict"]),
        (good("1", "增长", accrual="held", lead="市统计局", targets=[cast.target(comparator="about", value="8", unit="%")], measure={"code": "gdp"}), []),
    ],
)  # fmt: skip
def test_what_is_missing_or_doubtful_is_a_line(city: cast.City, item: dict[str, Any], kinds: list[str]) -> None:
    assert found(draft(city, [item])) == [("1", kind) for kind in kinds]


def test_the_later_of_two_alike_is_a_duplicate(city: cast.City) -> None:
    plan = draft(city, [good("1", "新增 企业"), good("2", "新增企业"), good("3", "新增企业", lead="市统计局")])
    assert [(line.code, line.about) for line in check_list(plan)] == [("2", "与 1 “新增 企业”名称、牵头、期限相同")]


def test_a_lead_that_closes_before_the_end_is_a_line(city: cast.City) -> None:
    plan = draft(city, [good("1", "新增企业")])
    Department.objects.filter(pk=city.departments["gxj"].pk).update(until_on=dt.date(2022, 6, 30))
    assert found(plan) == [("1", "closed")]


def line_of(plan: Plan, kind: str) -> Line:
    return next(line for line in check_list(plan) if line.kind == kind)


def test_an_answer_closes_a_line_until_its_words_change(city: cast.City) -> None:
    plan = draft(city, [good("1", "新增企业"), good("2", "新增企业")])
    by = city.person("supervisor")
    answer(plan, line_of(plan, "duplicate"), " 分属两个园区 ", by, AT)
    assert (open_checks(plan), line_of(plan, "duplicate").reason, line_of(plan, "duplicate").by) == ([], "分属两个园区", "督查甲")
    assert AuditEntry.objects.latest("position").verb == "check answered"
    Terms.objects.filter(item__plan=plan).update(name="新增企业数")
    assert [line.reason for line in open_checks(plan)] == [""]
    answer(plan, line_of(plan, "duplicate"), "仍分属两个园区", by, AT)
    answer(plan, line_of(plan, "duplicate"), "", by, AT)
    assert (len(open_checks(plan)), CheckAnswer.objects.count()) == (1, 0)


def test_what_the_judgement_needs_no_reason_replaces(city: cast.City) -> None:
    plan = draft(city, [{"code": "1", "name": "新增企业"}])
    for kind in ("lead", "due", "reporter", "comparator"):
        with pytest.raises(NotAllowed, match="补齐"):
            answer(plan, line_of(plan, kind), "以后再定", city.person("supervisor"), AT)
    answer(plan, line_of(plan, "unit"), "无量纲", city.person("supervisor"), AT)
    assert [str(line.kind) for line in open_checks(plan)] == ["lead", "due", "reporter", "comparator"]


def test_only_supervisors_answer(city: cast.City) -> None:
    plan = draft(city, [{"code": "1", "name": "新增企业"}])
    with pytest.raises(NotAllowed):
        answer(plan, line_of(plan, "unit"), "无量纲", city.person("auditor"), AT)


def test_the_list_takes_the_same_statements_for_one_item_and_for_three(city: cast.City, django_assert_num_queries: Any) -> None:
    plan = draft(city, [good("1", "甲")])
    with django_assert_num_queries(6):
        check_list(plan)
    Item.objects.filter(plan=plan).update(code="x")
    three = load_draft(city.government, cast.body([good(c, c, measure={"code": f"more-{c}"}) for c in "abc"], code="three"), city.person("supervisor"), AT)
    with django_assert_num_queries(6):
        check_list(three)
