"""What must hold for every promise, whatever its numbers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from plans.arithmetic.cases import Baseline, Judgement, Period, Promise, Record, Target, Value
from plans.arithmetic.lights import judge
from plans.arithmetic.reasons import explain
from plans.arithmetic.totals import Counted, add_up, count_indicator

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
numbers = st.decimals(min_value=-200, max_value=200, places=2)
days = st.dates(FIRST, LAST).filter(lambda day: day.month != 2)
PERIODS = tuple(Period(date(2022, month, day), date(2022, month, day) + timedelta(days=10)) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)))


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    """Any indicator of the year 2022 but the relative ones."""
    comparator = draw(st.sampled_from(["at_least", "at_most", "about", "exactly", "between"]))
    low, high = sorted((draw(numbers), draw(numbers)))
    target = Target(low, comparator=comparator, value_high=high, better=draw(st.sampled_from(["up", "down"])))
    return Promise(
        FIRST,
        LAST,
        draw(st.sampled_from(["cumulative", "level", "held"])),
        (target,),
        draw(st.one_of(st.none(), st.builds(Baseline, numbers, st.just(date(2021, 12, 31))))),
        draw(st.sampled_from(["value", "increase"])),
        profile=draw(st.sampled_from(["linear", "at_end"])),
        unit=draw(st.sampled_from(["%", "个"])),
    )


@st.composite
def records(draw: st.DrawFn, states: bool = True) -> Record:
    """Up to four values and perhaps the quarters."""
    state = st.sampled_from(["预计", "快报", "核定"]) if states else st.none()
    values = draw(st.lists(st.builds(Value, days, numbers, state), max_size=4))
    return Record(tuple(values), periods=draw(st.sampled_from([(), PERIODS])))


judging_days = st.dates(date(2021, 12, 1), date(2023, 6, 30)).filter(lambda day: day.month != 2)
cases = st.tuples(promises(), records(), judging_days)


@given(cases)
@settings(max_examples=150, deadline=None)
def test_every_judgement_is_whole(one: tuple[Promise, Record, date]):
    judgement = judge(*one)
    assert (judgement.light == "grey") == (judgement.exact is None) == (judgement.judged_at is None)
    assert judgement.wake_on is None or judgement.wake_on > one[2]
    assert explain(judgement)
    assert explain(judgement, "en")
    ahead = judgement.forecast
    if ahead and ahead.low is not None and ahead.high is not None:
        assert ahead.low <= ahead.high


@given(cases)
@settings(max_examples=100, deadline=None)
def test_nothing_changes_before_the_day_it_wakes(one: tuple[Promise, Record, date]):
    promise, record, on = one
    record = replace(record, values=tuple(value for value in record.values if value.cut_off <= on))
    judgement = judge(promise, record, on)
    last = (judgement.wake_on or on + timedelta(days=400)) - timedelta(days=1)
    assert without_days(judge(promise, record, last)) == without_days(judgement)


def without_days(judgement: Judgement) -> Judgement:
    """The judgement without what merely counts days, and without the forecast, which ends with the span."""
    return replace(judgement, overdue=0, wake_on=None)


@given(promises(), numbers, numbers)
@settings(max_examples=150, deadline=None)
def test_attainment_never_falls_towards_the_satisfied_side(promise: Promise, one: Decimal, other: Decimal):
    # one-sided comparators only: of an exact number or a range both sides are bad
    comparator = promise.final.comparator
    promise = replace(promise, accrual="cumulative" if comparator in ("exactly", "between") else promise.accrual, profile="linear")
    promise = replace(promise, baseline=promise.baseline or Baseline(Decimal(0)))
    falls = comparator == "at_most" or (comparator == "about" and promise.final.better == "down")
    worse, better = sorted((one, other), reverse=falls)
    attained = [judge(promise, Record((Value(date(2022, 6, 30), value),)), date(2022, 7, 20)).exact.attainment for value in (worse, better)]
    if promise.accrual == "held" and worse * better > 0 and worse < 0:
        return  # of negative numbers the ratio is turned over
    assert attained[0] <= attained[1] or max(attained) <= 1


@given(cases)
@settings(max_examples=100, deadline=None)
def test_moving_all_dates_by_a_year_changes_nothing(one: tuple[Promise, Record, date]):
    promise, record, on = one
    moved_promise = replace(promise, first=later(promise.first), last=later(promise.last), baseline=moved_baseline(promise))
    values = tuple(replace(value, cut_off=later(value.cut_off)) for value in record.values)
    periods = tuple(Period(later(period.end), later(period.due)) for period in record.periods)
    before, after = judge(promise, record, on), judge(moved_promise, Record(values, periods=periods), later(on))
    assert (after.light, after.exact, after.marks, after.forecast) == (before.light, before.exact, before.marks, before.forecast)
    assert after.judged_at == (before.judged_at and later(before.judged_at))


def later(day: date) -> date:
    """The same day of the next year."""
    return day.replace(year=day.year + 1)


def moved_baseline(promise: Promise) -> Baseline | None:
    """The baseline a year later."""
    baseline = promise.baseline
    return baseline and Baseline(baseline.value, baseline.day and later(baseline.day))


weighed = st.tuples(promises(), records(states=False), st.decimals(min_value="0.1", max_value=9, places=1))


def counted(items: list[tuple[Promise, Record, Decimal]], on: date) -> list[Counted]:
    """The items as a node counts them."""
    return [count_indicator(promise, record, judge(promise, record, on), on, None, weight) for promise, record, weight in items]


@given(st.lists(weighed, min_size=1, max_size=5), judging_days)
@settings(max_examples=100, deadline=None)
def test_node_gap_is_never_positive_never_better_than_its_best_item_and_hides_none(items: list, on: date):
    summed = [item for item in counted(items, on) if item.is_summed]
    total = add_up(counted(items, on), items[0][0].bands.node)
    assert (total.exact is None) == (not summed)
    if total.exact is None:
        return
    assert total.exact.gap <= 0
    assert total.exact.gap <= max(item.shortfall for item in summed)
    assert (total.exact.gap < 0) == any(item.shortfall < 0 for item in summed)
    assert 0 <= total.exact.attainment <= 1
    assert 0 <= total.exact.expected <= 1


@given(weighed, st.lists(weighed, min_size=1, max_size=3), judging_days)
@settings(max_examples=100, deadline=None)
def test_weighted_shortfall_of_an_item_stays_in_the_node_whatever_stands_beside_it(one: tuple, others: list, on: date):
    alone, beside = counted([one], on), counted([one, *others], on)
    total = add_up(beside, one[0].bands.node)
    if not alone[0].is_summed or total.exact is None:
        return
    weight = sum((Fraction(item.weight) for item in beside if item.is_summed), Fraction(0))
    assert total.exact.gap * weight <= alone[0].shortfall * Fraction(alone[0].weight)
