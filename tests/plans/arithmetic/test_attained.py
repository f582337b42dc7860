"""Comparators, attainment on the way and when held, readings, states of one date, the start."""

import pytest

from tests.plans.reckoned import FIVE_YEARS, case, numbers, seen, target, values

JULY, OCTOBER, AFTER = "2022-07-20", "2022-10-17", "2023-01-20"
HUNDRED = {"baseline": {"date": "2021-12-31", "value": "100"}}
TEN = {"baseline": {"date": "2021-12-31", "value": "10"}}


def _level(goal: dict, value: str, **more: object) -> dict:
    return case("level", goal, values(m06_30=value), JULY, **more)


def _held(goal: dict, value: str, unit: str = "%") -> dict:
    return case("held", goal, values(m06_30=value), JULY, unit=unit)


ON_THE_WAY = {
    "about, edge of 5 % of the way": (_level(target("about", "20"), "19.5", **TEN), "1.000000", "0.500000", "50.000000", "green"),
    "about, just short": (_level(target("about", "20"), "19.49", **TEN), "0.949000", "0.500000", "44.900000", "green"),
    "about, own tolerance": (_level(target("about", "20", tolerance="0.1"), "19", **TEN), "1.000000", "0.500000", "50.000000", "green"),
    "about, beyond on the good side": (_level(target("about", "20"), "30", **TEN), "2.000000", "0.500000", "150.000000", "green"),
    "about downwards": (_level(target("about", "90", better="down"), "90.5", **HUNDRED), "1.000000", "0.500000", "50.000000", "green"),
    "exactly, short of it": (_level(target("exactly", "20"), "14", **TEN), "0.400000", "0.500000", "-10.000000", "yellow"),
    "exactly there": (_level(target("exactly", "20"), "20", **TEN), "1.000000", "0.500000", "50.000000", "green"),
    "exactly, beyond: 20 ÷ 25": (_level(target("exactly", "20"), "25", **TEN), "0.800000", "0.500000", "30.000000", "green"),
    "between from below": (_level(target("between", "20", value_high="30"), "14", **TEN), "0.400000", "0.500000", "-10.000000", "yellow"),
    "between, inside: (25 − 10) ÷ 10": (_level(target("between", "20", value_high="30"), "25", **TEN), "1.500000", "0.500000", "100.000000", "green"),
    "between, beyond: 30 ÷ 40": (_level(target("between", "20", value_high="30"), "40", **TEN), "0.750000", "0.500000", "25.000000", "green"),
    "between from above aims at the upper bound": (
        _level(target("between", "20", value_high="50"), "80", **HUNDRED),
        *("0.400000", "0.500000", "-10.000000", "yellow"),
    ),
    "between from above, beyond the lower bound: 10 ÷ 20": (
        _level(target("between", "20", value_high="50"), "10", **HUNDRED),
        *("0.500000", "0.500000", "0.000000", "green"),
    ),
    "downwards, moved the wrong way": (_level(target("at_most", "90"), "102", **HUNDRED), "-0.200000", "0.500000", "-70.000000", "red"),
    "exactly beyond zero: signs differ": (
        _level(target("exactly", "-5"), "5", baseline={"date": "2021-12-31", "value": "-15"}),
        *("0.000000", "0.500000", "-50.000000", "red"),
    ),
}


@pytest.mark.parametrize("name", ON_THE_WAY)
def test_way_is_measured_from_the_start(name: str):
    given, *expected = ON_THE_WAY[name]
    assert list(numbers(given)) == expected


HELD = {
    "about, edge": (_held(target("about", "8"), "7.6"), "1.000000", "-0.400000", "green"),
    "about, good side": (_held(target("about", "8"), "12"), "1.000000", "4.000000", "green"),
    "about, better down, edge": (_held(target("about", "8", better="down"), "8.4"), "1.000000", "-0.400000", "green"),
    "about, better down, beyond: 8 ÷ 10": (_held(target("about", "8", better="down"), "10"), "0.800000", "-2.000000", "red"),
    "about of a negative target": (_held(target("about", "-8"), "-8.4"), "1.000000", "-0.400000", "green"),
    "at least, lower edge of yellow": (_held(target("at_least", "3"), "2"), "0.666667", "-1.000000", "yellow"),
    "at least, below yellow": (_held(target("at_least", "3"), "1.999999"), "0.666666", "-1.000001", "red"),
    "at least, gap that rounds to the limit": (_held(target("at_least", "3"), "1.9999999"), "0.666667", "-1.000000", "yellow"),
    "at least, signs differ": (_held(target("at_least", "3"), "-1"), "0.000000", "-4.000000", "red"),
    "at least, both negative: −2 ÷ −4": (_held(target("at_least", "-2"), "-4"), "0.500000", "-2.000000", "red"),
    "at most, both negative: −2 ÷ −4": (_held(target("at_most", "-4"), "-2"), "0.500000", "-2.000000", "red"),
    "at most nothing": (_held(target("at_most", "0"), "2", "起"), "0.000000", "-100.000000", "red"),
    "at most nothing, met": (_held(target("at_most", "0"), "0", "起"), "1.000000", "0.000000", "green"),
    "at least nothing": (_held(target("at_least", "0"), "-1"), "0.000000", "-1.000000", "yellow"),
    "exactly, above": (_held(target("exactly", "100"), "100.5"), "0.995025", "-0.500000", "yellow"),
    "exactly, below": (_held(target("exactly", "100"), "99.5"), "0.995000", "-0.500000", "yellow"),
    "exactly there": (_held(target("exactly", "100"), "100"), "1.000000", "0.000000", "green"),
    "between, nearer to the upper bound": (_held(target("between", "1", value_high="3"), "2.5"), "1.000000", "0.500000", "green"),
    "between, on a bound": (_held(target("between", "1", value_high="3"), "1"), "1.000000", "0.000000", "green"),
    "between, below: 0.5 ÷ 1": (_held(target("between", "1", value_high="3"), "0.5"), "0.500000", "-0.500000", "yellow"),
    "between, above: 3 ÷ 4": (_held(target("between", "1", value_high="3"), "4"), "0.750000", "-1.000000", "yellow"),
    "per mille": (_held(target("at_least", "3"), "2.5", "‰"), "0.833333", "-0.500000", "yellow"),
    "points": (_held(target("at_least", "3"), "2.5", "个百分点"), "0.833333", "-0.500000", "yellow"),
    "no rate, (2.5 ÷ 3 − 1) × 100": (_held(target("at_least", "3"), "2.5", "公里"), "0.833333", "-16.666667", "red"),
    "no rate, at most: 3 ÷ 3.3": (_held(target("at_most", "3"), "3.3", ""), "0.909091", "-9.090909", "yellow"),
    "no rate, surplus is 0": (_held(target("at_least", "3"), "9", ""), "1.000000", "0.000000", "green"),
}


@pytest.mark.parametrize("name", HELD)
def test_held_value_is_compared_with_the_target_itself(name: str):
    given, attainment, gap, light = HELD[name]
    assert numbers(given) == (attainment, "1.000000", gap, light)


@pytest.mark.parametrize(("value", "light"), [("95", "blue"), ("94.99", "green")])
def test_total_about_a_number_is_done_within_five_per_cent_of_the_way(value: str, light: str):
    assert numbers(case("cumulative", target("about", "100"), values(m06_30=value), JULY))[3] == light


def test_total_exactly_is_a_lower_bound():
    assert numbers(case("cumulative", target("exactly", "4"), values(m06_30="5"), JULY)) == ("1.250000", "0.500000", "75.000000", "blue")


def test_total_between_is_met_from_the_lower_bound_on():
    assert numbers(case("cumulative", target("between", "1", value_high="2"), values(m06_30="3"), JULY))[3] == "blue"


def test_total_that_falls_to_its_target_travels_downwards():
    given = case("cumulative", target("at_most", "40"), values(m06_30="70"), JULY, **HUNDRED)
    assert numbers(given) == ("0.500000", "0.500000", "0.000000", "green")


def _pairs(*pairs: tuple[str, str, str | None]) -> list[dict]:
    return [{"cut_off": f"2022-{day}", "value": value, "benchmark": other} for day, value, other in pairs]


def test_relative_tie_is_met():
    given = case("held", target("relative", None), _pairs(("06-30", "7.2", "7.2")), JULY, unit="%")
    assert numbers(given) == ("1.000000", "1.000000", "0.000000", "green")


def test_relative_offset_raises_the_bar():
    given = case("held", target("relative", None, offset="1"), _pairs(("06-30", "8", "8")), JULY, unit="%")
    assert numbers(given) == ("0.888889", "1.000000", "-1.000000", "yellow")


def test_relative_with_below_as_the_good_side():
    given = case("held", target("relative", None), _pairs(("06-30", "5", "4.5")), JULY, unit="%", better="down")
    assert numbers(given) == ("0.900000", "1.000000", "-0.500000", "yellow")


def test_relative_without_any_pair_is_grey_and_says_that_it_waits():
    given = case("held", target("relative", None), _pairs(("06-30", "5", None)), JULY, unit="%")
    assert seen(given, "light", "marks", "attainment", "judged_at") == ("grey", ["待比对值"], None, None)


def test_relative_partner_of_another_date_makes_no_pair():
    against = [{"cut_off": "2022-03-31", "value": "4"}]
    given = case("held", target("relative", None), _pairs(("06-30", "5", None)), JULY, against=against)
    assert seen(given, "light") == ("grey",)


GROWTH = {"reading": "growth", "baseline": {"date": "2021-12-31", "value": "200"}}


def test_growth_is_told_in_points_against_the_baseline():
    given = case("cumulative", target("at_least", "10"), values(m12_31="219"), "2022-12-31", **GROWTH)
    assert (*numbers(given), *seen(given, "gap_in")) == ("0.950000", "1.000000", "-0.500000", "yellow", "points")


def test_growth_takes_the_last_value_before_the_span_for_want_of_a_baseline():
    figures = [{"cut_off": "2020-12-31", "value": "150"}, {"cut_off": "2021-12-31", "value": "200"}, {"cut_off": "2022-06-30", "value": "220"}]
    assert numbers(case("held", target("at_least", "10"), figures, JULY, reading="growth")) == ("1.000000", "1.000000", "0.000000", "green")


def test_growth_from_nothing_known_is_grey():
    assert seen(case("held", target("at_least", "10"), values(m06_30="220"), JULY, reading="growth"), "light", "gap") == ("grey", None)


def test_increase_of_a_level_starts_from_zero():
    given = case("level", target("at_least", "2"), values(m06_30="14.9"), JULY, reading="increase", baseline={"date": "2021-12-31", "value": "14"})
    assert numbers(given) == ("0.450000", "0.500000", "-5.000000", "yellow")


def test_increase_counts_from_the_first_value_for_want_of_a_baseline():
    # first value 30 at the end of March; by the end of June a third of the nine months, and 40 − 30 of 50
    given = case("cumulative", target("at_least", "50"), values(m03_31="30", m06_30="40"), JULY, reading="increase")
    assert numbers(given) == ("0.200000", "0.333333", "-13.333333", "red")


def test_increase_counts_from_the_last_value_before_the_span():
    figures = [{"cut_off": "2020-12-31", "value": "3037"}, {"cut_off": "2021-12-31", "value": "3580"}, {"cut_off": "2022-09-30", "value": "4540"}]
    given = case("cumulative", target("at_least", "1500"), figures, OCTOBER, reading="increase")
    assert numbers(given) == ("0.640000", "0.750000", "-11.000000", "red")


def _years(*rates: str) -> list[dict]:
    return [{"cut_off": f"{2021 + place}-12-31", "value": rate} for place, rate in enumerate(rates)]


def _average(kind: str, goal: str, figures: list[dict], as_of: str, unit: str = "%") -> dict:
    return case("held", target("at_least", goal), figures, as_of, span=FIVE_YEARS, average=kind, unit=unit)


def test_yearly_average_of_rates_is_geometric():
    # 1.10 × 1.21 = 1.331 in two years: the root is 1.15368973…
    given = _average("geometric", "16", _years("10", "21"), "2023-03-01")
    assert (*numbers(given), *seen(given, "judged_at")) == ("0.960561", "1.000000", "-0.631027", "yellow", "2022-12-31")


def test_yearly_average_of_equal_rates_is_exactly_that_rate():
    assert numbers(_average("geometric", "7", _years("7", "7", "7"), "2024-03-01")) == ("1.000000", "1.000000", "0.000000", "green")


def test_yearly_average_of_amounts_is_arithmetic():
    assert numbers(_average("arithmetic", "20", _years("18", "21"), "2023-03-01", "亿吨")) == ("0.975000", "1.000000", "-2.500000", "yellow")


def test_yearly_average_leaves_the_year_under_way_out():
    figures = [*_years("18"), {"cut_off": "2022-09-30", "value": "60"}]
    assert seen(_average("arithmetic", "20", figures, "2022-10-17", "亿吨"), "attainment", "judged_at") == ("0.900000", "2021-12-31")


def test_yearly_average_is_grey_before_the_first_year_is_over():
    figures = [{"cut_off": "2021-09-30", "value": "20"}]
    assert seen(_average("arithmetic", "20", figures, "2021-10-17"), "light") == ("grey",)


def test_better_state_of_one_date_counts_whenever_it_came():
    figures = [
        {"cut_off": "2022-06-30", "value": "7.3", "state": "核定", "accepted": "2022-07-15"},
        {"cut_off": "2022-06-30", "value": "7.8", "state": "预计", "accepted": "2022-07-05"},
        {"cut_off": "2022-06-30", "value": "7.1", "state": "快报", "accepted": "2022-07-18"},
    ]
    given = case("held", target("about", "8"), figures, JULY, unit="%")
    by_day = [seen({**given, "as_of": day}, "gap", "marks") for day in ("2022-07-05", "2022-07-14", "2022-07-15", "2022-07-20")]
    assert by_day == [("-0.200000", ["预计"]), ("-0.200000", ["预计"]), ("-0.700000", []), ("-0.700000", [])]


def test_later_acceptance_counts_among_equal_states():
    figures = [{"cut_off": "2022-06-30", "value": "61", "accepted": "2022-09-05"}, {"cut_off": "2022-06-30", "value": "40", "accepted": "2022-07-05"}]
    assert numbers(case("cumulative", target("at_least", "100"), figures, OCTOBER))[0] == "0.610000"


def test_later_of_two_equals_in_the_list_counts():
    figures = [{"cut_off": "2022-06-30", "value": value} for value in ("40", "61")]
    assert numbers(case("cumulative", target("at_least", "100"), figures, OCTOBER))[0] == "0.610000"


def test_later_cut_off_counts_before_the_better_state():
    figures = [{"cut_off": "2022-06-30", "value": "50", "state": "核定"}, {"cut_off": "2022-09-30", "value": "75", "state": "预计"}]
    assert seen(case("cumulative", target("at_least", "100"), figures, OCTOBER), "attainment", "marks") == ("0.750000", ["预计"])


def test_value_accepted_after_the_day_is_not_there_yet():
    figures = [{"cut_off": "2022-06-30", "value": "50", "accepted": "2022-07-21"}]
    given = case("cumulative", target("at_least", "100"), figures, JULY)
    assert [seen({**given, "as_of": day}, "light") for day in (JULY, "2022-07-21")] == [("grey",), ("green",)]


def test_value_entered_later_for_an_earlier_date_does_not_move_the_start():
    figures = [
        {"cut_off": "2022-03-31", "value": "40", "accepted": "2022-04-10"},
        {"cut_off": "2022-01-31", "value": "10", "accepted": "2022-05-10"},
        {"cut_off": "2022-06-30", "value": "55", "accepted": "2022-07-10"},
    ]
    assert numbers(case("level", target("at_least", "100"), figures, JULY)) == ("0.250000", "0.333333", "-8.333333", "yellow")


def test_values_outside_the_span_are_not_its_values():
    figures = [{"cut_off": "2021-12-31", "value": "500"}, {"cut_off": "2022-06-30", "value": "50"}, {"cut_off": "2023-03-31", "value": "200"}]
    given = case("cumulative", target("at_least", "100"), figures, "2023-04-20")
    assert seen(given, "attainment", "light", "judged_at") == ("0.500000", "red", "2022-12-31")
