"""At this pace: slopes, quartiles, and which items have a forecast at all."""

from fractions import Fraction

import pytest

from plans.arithmetic.forecast import quantile, theil_sen
from tests.plans.reckoned import FIVE_YEARS, QUARTERS, case, result, seen, target, values

OCTOBER = "2022-10-17"
THREE = values(m03_31="10", m06_30="30", m09_30="60")
TOTAL = case("cumulative", target("at_least", "100"), THREE, OCTOBER)


def test_pairs_of_the_same_expectation_give_no_slope():
    points = [(Fraction(0), Fraction(0)), (Fraction(0), Fraction(5)), (Fraction(1), Fraction(10))]
    assert theil_sen(points) == [5, 10]


@pytest.mark.parametrize(
    ("share", "number"), [(0, 1), (Fraction(1, 4), Fraction(7, 4)), (Fraction(1, 2), Fraction(5, 2)), (Fraction(3, 4), Fraction(17, 4)), (1, 8)]
)
def test_quantile_is_linear_between_sorted_numbers(share: Fraction, number: Fraction):
    assert quantile([Fraction(one) for one in (1, 2, 3, 8)], Fraction(share)) == number


def test_middle_slope_carries_the_last_value():
    # slopes 80, 120, 100 a year: 60 + 100 ÷ 4
    assert result(TOTAL)["forecast"] == {"value": "85.000000", "low": None, "high": None, "miss": True}


def test_two_values_are_too_few():
    assert seen({**TOTAL, "values": THREE[:2]}, "forecast") == (None,)


def test_states_of_one_date_are_one_value():
    figures = [*THREE[:2], {**THREE[1], "state": "预计"}]
    assert seen({**TOTAL, "values": figures}, "forecast") == (None,)


def test_five_values_give_a_range():
    figures = values(m01_31="0", m02_28="12", m03_31="12", m04_30="24", m05_31="60")
    # a month: 12 6 8 15 | 0 6 16 | 12 24 | 36 → sorted 0 6 6 8 12 12 15 16 24 36; quartiles 6.5, 12, 15.75; times 7 months
    assert result({**TOTAL, "values": figures, "as_of": "2022-06-01"})["forecast"] == {
        "value": "144.000000",
        "low": "105.500000",
        "high": "170.250000",
        "miss": False,
    }


def test_range_of_a_way_downwards_is_low_before_high():
    figures = values(m01_31="100", m02_28="88", m03_31="88", m04_30="76", m05_31="40")
    given = case("level", target("at_most", "10"), figures, "2022-06-01", baseline={"value": "100"})
    # the same slopes downwards: 40 − 7 × (6.5, 12, 15.75)
    assert result(given)["forecast"] == {"value": "-44.000000", "low": "-70.250000", "high": "-5.500000", "miss": False}


def test_pace_is_measured_along_the_path():
    # expected 0.1, 0.3, 0.6 and exactly on it: 100 is forecast, where the calendar would give 85
    given = {**TOTAL, "profile": "shares", "shares": ["10", "30", "60", "100"]}
    assert result(given)["forecast"] == {"value": "100.000000", "low": None, "high": None, "miss": False}


def test_silence_does_not_change_the_pace():
    # slopes 30, 40 and 36 a year: 20 + 36 ÷ 2
    given = {**TOTAL, "values": values(m01_31="5", m03_31="10", m06_30="20"), "periods": QUARTERS}
    assert seen({**given, "as_of": "2022-10-20"}, "judged_at", "forecast")[1]["value"] == "38.000000"


def test_ceiling_is_forecast_over_its_elapsed_share():
    given = case("cumulative", target("at_most", "80"), values(m03_31="10", m06_30="30", m09_30="60"), OCTOBER)
    assert result(given)["forecast"] == {"value": "85.000000", "low": None, "high": None, "miss": True}


NO_FORECAST = {
    "held": case("held", target("at_least", "3"), THREE, OCTOBER),
    "level that is held": case("level", target("at_least", "3"), THREE, OCTOBER, baseline={"value": "5"}),
    "at the end": {**TOTAL, "profile": "at_end"},
    "reached total": {**TOTAL, "targets": [target("at_least", "60")]},
    "reached level": case("level", target("at_least", "50"), THREE, OCTOBER, baseline={"value": "5"}),
    "past its due date": {**TOTAL, "targets": [target("at_least", "100", due="2022-09-30")]},
    "past its end, the last report still to come": {**TOTAL, "periods": QUARTERS, "as_of": "2023-01-05"},
    "at its due date": {**TOTAL, "targets": [target("at_least", "100", due="2022-09-30")], "as_of": "2022-09-30"},
    "nothing expected between": {**TOTAL, "profile": "shares", "shares": ["0", "0", "0", "100"]},
}


@pytest.mark.parametrize("name", NO_FORECAST)
def test_item_has_no_forecast(name: str):
    assert result(NO_FORECAST[name])["forecast"] is None


def test_first_value_that_is_the_start_is_a_value():
    # from 10 at the end of March: 0, 10/30 and 20/30 expected; 10, 25, 40: 40 + 45 ÷ 3
    given = case("level", target("at_least", "100"), values(m03_31="10", m06_30="25", m09_30="40"), OCTOBER)
    assert result(given)["forecast"] == {"value": "55.000000", "low": None, "high": None, "miss": True}


def test_long_plan_is_carried_to_its_end():
    figures = [{"cut_off": f"{year}-12-31", "value": str(10 * (year - 2020))} for year in (2021, 2022, 2023)]
    given = case("cumulative", target("at_least", "50"), figures, "2024-01-20", span=FIVE_YEARS)
    assert result(given)["forecast"] == {"value": "50.000000", "low": None, "high": None, "miss": False}
