"""The sum behind a light, line by line: typed into a pocket calculator every line gives the result beside it, and the last one the gap."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from plans.arithmetic.cases import Baseline, Promise, Record, Target, Value
from plans.arithmetic.lights import judge
from plans.arithmetic.spans import six
from plans.arithmetic.tasks import Progress, Step, Task, judge_task
from plans.arithmetic.workings import LABELS, Working, indicator_workings, task_workings
from plans.fields import Fields
from plans.reckoning import Indicator, read_item
from tests.plans.arithmetic.calculator import typed
from tests.plans.arithmetic.test_properties import cases
from tests.plans.reckoned import YEAR, case, target, values
from tests.plans.test_reckon import CLOUD, DEMONSTRATION, FIELDS, WORKED


def lines(given: dict[str, Any]) -> list[str]:
    """A case's lines as they are written."""
    return [f"{one.what} {one.written}" for one in workings(given)]


def workings(given: dict[str, Any]) -> tuple[Working, ...]:
    read = read_item(Fields.of(given, ""))
    assert isinstance(read, Indicator)
    return indicator_workings(read.promise, read.record, date.fromisoformat(given["as_of"]))


def check(found: tuple[Working, ...], gap: Fraction) -> None:
    """Every line is what a calculator finds, and the last is the gap that is judged."""
    for one in found:
        assert one.what in LABELS["zh"]
        assert one.what in LABELS["en"]
        if one.sum:
            assert abs(typed(one.sum) - Decimal(one.result.numerator) / Decimal(one.result.denominator)) < Decimal("1e-9"), one
    assert found[-1].what in ("gap", "points")
    assert six(found[-1].result) == six(gap)


@pytest.mark.parametrize("name", [*WORKED, *DEMONSTRATION])
def test_a_calculator_finds_the_gap_of_every_worked_example(name: str) -> None:
    given = {**WORKED, **DEMONSTRATION}[name][0]
    read = read_item(Fields.of(given, ""))
    exact = read.judge(date.fromisoformat(given["as_of"])).exact
    assert exact
    check(workings(given), exact.gap)


@given(cases)
@settings(max_examples=200, deadline=None)
def test_a_calculator_finds_the_gap_whatever_the_numbers(one: tuple[Promise, Record, date]) -> None:
    exact, found = judge(*one).exact, indicator_workings(*one)
    if exact is None:
        assert found == ()
    else:
        check(found, exact.gap)


def test_the_lines_of_an_increase_begin_with_what_was_reported() -> None:
    given = case("cumulative", target("at_least", "1500"), values(m09_30="4540"), "2022-10-17", **CLOUD)
    assert lines(given) == [
        "increase 4540 − 3580 = 960", "attainment 960 ÷ 1500 = 0.64", "gone 9", "months 12", "expected 9 ÷ 12 = 0.75", "expected_value 0.75 × 1500 = 1125",
        "gap (0.64 − 0.75) × 100 = -11",
    ]  # fmt: skip


def test_days_within_a_month_and_approved_shares_are_written_out() -> None:
    given = case("cumulative", target("at_least", "84"), values(m08_10="40"), "2022-08-12", **FIELDS)
    assert lines(given)[2:] == [
        "gone 7 + 10 ÷ 31 = 7.322581", "months 12", "expected 25 ÷ 100 + (((7 + 10 ÷ 31) ÷ 12) × 4 − 2) × (60 − 25) ÷ 100 = 0.404301",
        "expected_value (25 ÷ 100 + (((7 + 10 ÷ 31) ÷ 12) × 4 − 2) × (60 − 25) ÷ 100) × 84 = 33.96129",
        "gap ((40 ÷ 84) − (25 ÷ 100 + (((7 + 10 ÷ 31) ÷ 12) × 4 − 2) × (60 − 25) ÷ 100)) × 100 = 7.18894",
    ]  # fmt: skip


def test_an_interim_target_bends_the_sum() -> None:
    goal = target("at_least", "100")
    given = {**case("cumulative", goal, values(m09_30="70"), "2022-10-17"), "targets": [target("at_least", "60", due="2022-06-30"), goal]}
    assert lines(given)[1:] == [
        "attainment 70 ÷ 100 = 0.7", "gone 3", "months 6", "share 3 ÷ 6 = 0.5", "expected_value 60 + 0.5 × (100 − 60) = 80",
        "expected 80 ÷ 100 = 0.8", "gap (0.7 − 0.8) × 100 = -10",
    ]  # fmt: skip


HELD = {
    "about": (case("held", target("about", "8"), values(m06_30="7.2"), "2022-07-20", unit="%"),
              ["value 7.2", "edge 8 − 0.05 × 8 = 7.6", "attainment 7.2 ÷ 8 = 0.9", "points 7.2 − 8 = -0.8"]),
    "range": (case("held", target("between", "1", value_high="3"), values(m06_30="3.5"), "2022-07-20", unit="个点"),
              ["value 3.5", "attainment 3 ÷ 3.5 = 0.857143", "gap ((3 ÷ 3.5) − 1) × 100 = -14.285714"]),
    "relative": (case("held", target("relative", None, offset="0.5"), [{"cut_off": "2022-06-30", "value": "7.0", "benchmark": "7.2"}], "2022-07-20", unit="%"),
                 ["value 7", "other 7.2 + 0.5 = 7.7", "attainment 7 ÷ 7.7 = 0.909091", "points 7 − 7.7 = -0.7"]),
    "growth": (case("level", target("at_least", "10"), values(m06_30="219"), "2022-07-20", reading="growth", baseline={"date": "2021-12-31", "value": "200"}),
               ["growth (219 − 200) ÷ 200 × 100 = 9.5", "attainment 9.5 ÷ 10 = 0.95", "points 9.5 − 10 = -0.5"]),
    "below zero": (case("held", target("at_least", "3"), values(m06_30="-2"), "2022-07-20", unit="%"),
                   ["value -2", "attainment 0", "points (-2) − 3 = -5"]),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_the_lines_of_what_is_held_against_its_target(name: str) -> None:
    given, expected = HELD[name]
    assert lines(given) == expected


AVERAGES = {
    ("value", "geometric"): ((10, 21), None, "(((1 + 10 ÷ 100) × (1 + 21 ÷ 100)) ^ (1 ÷ 2) − 1) × 100 = 15.368973"),
    ("value", "arithmetic"): ((10, 21), None, "(10 + 21) ÷ 2 = 15.5"),
    ("increase", "arithmetic"): ((110, 131), 100, "(131 − 100) ÷ 2 = 15.5"),
    ("growth", "geometric"): ((110, 121), 100, "((1 + (121 − 100) ÷ 100) ^ (1 ÷ 2) − 1) × 100 = 10"),
    ("growth", "arithmetic"): ((110, 121), 100, "(121 − 100) ÷ 100 × 100 ÷ 2 = 10.5"),
}


@pytest.mark.parametrize(("reading", "average"), AVERAGES)
def test_yearly_averages_write_their_root_or_their_sum(reading: Any, average: Any) -> None:
    (first, second), base, expected = AVERAGES[reading, average]
    baseline = None if base is None else Baseline(Decimal(base))
    promise = Promise(date(2021, 1, 1), date(2025, 12, 31), "level", (Target(Decimal(20)),), baseline, reading, average, unit="%")
    record = Record((Value(date(2021, 12, 31), Decimal(first)), Value(date(2022, 12, 31), Decimal(second))))
    found = indicator_workings(promise, record, date(2023, 1, 20))
    assert found[0].written == expected
    check(found, judge(promise, record, date(2023, 1, 20)).exact.gap)  # type: ignore[union-attr]


def test_a_task_adds_the_weights_of_what_is_done_and_what_is_due() -> None:
    steps = tuple(Step(day, Decimal(weight)) for day, weight in ((date(2022, 3, 31), 40), (date(2022, 8, 31), 10), (date(2022, 12, 31), 50)))
    work, progress, on = Task(date(2022, 12, 31), steps=steps), Progress((date(2022, 3, 1), None, None)), date(2022, 10, 17)
    judgement = judge_task(work, progress, on)
    found = task_workings(work, progress, on, judgement)
    assert [f"{one.what} {one.written}" for one in found] == [
        "weight 40 + 10 + 50 = 100", "done 40", "passed 40 + 10 = 50", "attainment 40 ÷ 100 = 0.4", "expected 50 ÷ 100 = 0.5", "gap (0.4 − 0.5) × 100 = -10",
    ]  # fmt: skip
    check(found, judgement.exact.gap)  # type: ignore[union-attr]


def test_silence_is_reckoned_from_nothing() -> None:
    given = {**case("held", target("at_most", "3"), [], "2023-02-01", unit="%"), "span": YEAR}
    assert lines(given) == ["silent 0", "gap (0 − 1) × 100 = -100"]
