"""Judging rows: amended and withdrawn terms, values to compare with, terms that cannot be judged."""

import datetime as dt
from typing import Any

import pytest

from people.workdays import seed_workdays
from plans.models import Amendment, Bands, Step, Target, Terms
from tests import cast
from tests.tracker.answers import answer
from tracker import rollup
from tracker.judging import Judged

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def workdays(db: None) -> None:
    seed_workdays([2021, 2022, 2023])


def judged(city: cast.City, day: str) -> dict[str, Judged]:
    """The items as they stand at the end of a day, by code."""
    codes = {f"item:{pk}": code for pk, code in cast.Item.objects.values_list("pk", "code")}
    return {codes[j.subject]: j for j in rollup.look(city.government, dt.date.fromisoformat(day)) if j.subject in codes}


def amend(city: cast.City, code: str, from_on: str, *, target: str | None = None, steps: list[tuple[str, str]] | None = None, **changes: Any) -> Terms:
    """A published amendment of one item's terms; steps as (name, due)."""
    old = Terms.objects.filter(item=city.item(code)).latest("from_on")
    amendment = Amendment.objects.create(
        government=city.government, plan=city.plan, number=city.plan.amendments.count(), from_on=from_on, proposed_by=city.user("supervisor")
    )
    fields = {f.name: getattr(old, f.name) for f in Terms._meta.concrete_fields if f.name not in ("id", "amendment", "from_on", "published_at")}
    new = Terms.objects.create(amendment=amendment, from_on=from_on, **{**fields, **changes})
    for row in old.targets.all():
        kept = {f.name: getattr(row, f.name) for f in Target._meta.concrete_fields if f.name not in ("id", "terms")}
        Target.objects.create(terms=new, **{**kept, **({"value": target} if target else {})})
    for position, (name, due) in enumerate(steps or [], start=1):
        Step.objects.create(government=city.government, terms=new, position=position, name=name, due_on=due)
    cast.put_in_force(amendment, from_on)
    return new


def test_amended_terms_count_from_their_day_and_are_waited_for() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q1", "600")
    answer(city, "1-01", "2022Q2", "1000")
    new = amend(city, "1-01", "2022-07-14", target="2500")
    before, after = judged(city, "2022-07-13")["1-01"], judged(city, "2022-07-14")["1-01"]
    assert [(str(j.attainment), j.light, j.terms_id == new.pk) for j in (before, after)] == [("0.500000", "green", False), ("0.400000", "yellow", True)]


def test_published_terms_of_a_coming_day_are_a_day_to_wake() -> None:
    city = cast.city(plan=cast.body([cast.item("1-01", "新增5G基站")]))
    answer(city, "1-01", "2022Q2", "1000")
    rollup.take(city.government, cast.noon("2022-07-11"))
    amend(city, "1-01", "2022-08-01", target="2500")
    assert rollup.is_due(city.government, cast.noon("2022-07-11"))
    rollup.take(city.government, cast.noon("2022-07-11"))
    assert [rollup.is_due(city.government, cast.noon(day)) for day in ("2022-07-31", "2022-08-01")] == [False, True]


def test_an_amended_task_keeps_the_steps_that_were_done() -> None:
    city = cast.city()
    answer(city, "2-02", "2022Q1", steps={"选址": "2022-03-20"})
    amend(city, "2-02", "2022-06-01", steps=[("选址", "2022-03-31"), ("开工", "2022-12-31")])
    standing = judged(city, "2022-07-01")["2-02"]
    assert (str(standing.attainment), [step["done"] for step in standing.facts["steps"]]) == ("0.500000", ["2022-03-20", None])


def test_a_withdrawn_item_has_no_standing_and_is_in_no_count() -> None:
    city = cast.city()
    amend(city, "1-01", "2022-06-01", withdrawn=True)
    assert [len(judged(city, day)) for day in ("2022-05-31", "2022-06-01")] == [6, 5]
    run = rollup.take(city.government, cast.noon("2022-06-01"))
    assert (run.written, run.versions) == (5 + 3 + 1 + 3 + 1, {"report-2022": 1})


def test_a_standing_of_an_item_that_is_withdrawn_ends() -> None:
    city = cast.city()
    rollup.take(city.government, cast.noon("2022-05-31"))
    amend(city, "1-01", "2022-06-01", withdrawn=True)
    rollup.take(city.government, cast.noon("2022-06-01"))
    assert list(city.item("1-01").standings.values_list("since_run", "until_run")) == [(1, 2)]


def test_bands_of_an_amendment_count_from_its_day() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "900")
    amendment = Amendment.objects.create(government=city.government, plan=city.plan, number=1, from_on="2022-07-14", proposed_by=city.user("supervisor"))
    Bands.objects.create(government=city.government, plan=city.plan, amendment=amendment, kind="share", green_from="-5", yellow_from="-20")
    Amendment.objects.filter(pk=amendment.pk).update(state="published", published_by=city.user("supervisor2"))
    found = [judged(city, day)["1-01"] for day in ("2022-07-13", "2022-07-14")]
    assert [(j.light, j.facts["bands"]["green"]) for j in found] == [("yellow", "0"), ("green", "-5")]


def _income(**given: Any) -> dict[str, Any]:
    target = cast.target(comparator="relative", unit="%", **given)
    return cast.item("3-01", "居民收入增长", accrual="held", lead="市统计局", targets=[target], measure={"code": "income"})


def test_a_relative_target_is_held_against_the_other_measure() -> None:
    items = [*cast.ITEMS(), _income(against="gdp")]
    city = cast.city(plan=cast.body(items))
    answer(city, "gdp", "2022Q2", "7.3", data_state="flash")
    answer(city, "gdp", "2022Q2", "7.2")
    answer(city, "income", "2022Q2", "7.0")
    answer(city, "income", "2022Q3", "6.9")
    standing = judged(city, "2022-10-17")["3-01"]
    assert (standing.light, str(standing.gap), standing.gap_in, standing.marks, standing.facts["benchmark"]) == (
        "yellow",
        "-0.200000",
        "points",
        ["待比对值"],
        "7.2",
    )


def test_a_relative_target_without_a_measure_is_held_against_the_benchmark_reported_with_it() -> None:
    city = cast.city(plan=cast.body([_income(offset="0.5")]))
    answer(city, "income", "2022Q2", "-9.8", benchmark="-8.9")
    standing = judged(city, "2022-07-12")["3-01"]
    assert (standing.light, str(standing.gap), standing.facts["benchmark"], standing.facts["target"]) == ("red", "-1.400000", "-8.9", "-8.4")


def test_terms_that_cannot_be_judged_are_set_aside_and_stop_nothing(caplog: pytest.LogCaptureFixture) -> None:
    broken = cast.item("9-01", "没有终期目标", targets=[cast.target(role="interim", comparator="at_least", value="10")])
    city = cast.city(plan=cast.body([cast.item("1-01", "新增5G基站"), broken]))
    answer(city, "1-01", "2022Q2", "1000")
    found = judged(city, "2022-07-12")
    assert {code: j.light for code, j in found.items()} == {"1-01": "green", "9-01": "grey"}
    assert found["9-01"].facts["error"] == "ValueError: 9-01: no final target"
    assert "9-01" in caplog.text


def test_a_report_that_nothing_can_be_reported_is_no_silence_but_lets_the_item_close() -> None:
    city = cast.city()
    answer(city, "1-01", "2022Q2", "1000")
    for quarter in ("2022Q3", "2022Q4"):
        answer(city, "1-01", quarter, answer="cannot")
    assert (judged(city, "2022-10-20")["1-01"].marks, judged(city, "2022-10-20")["1-01"].light) == ([], "green")
    assert (judged(city, "2023-01-20")["1-01"].light, judged(city, "2023-01-20")["1-01"].facts["closed"]) == ("red", True)
