"""What the path expects, by the expected share and by whole cases."""

from datetime import date
from fractions import Fraction

import pytest

from plans.arithmetic.cases import Profile
from plans.arithmetic.paths import Path
from tests.plans.reckoned import case, numbers, seen, target, values

SHARES = ["15", "40", "70", "100"]


def _path(profile: Profile = "linear") -> Path:
    points = ((date(2021, 12, 31), Fraction(0)), (date(2022, 6, 30), Fraction(20)), (date(2022, 12, 31), Fraction(100)))
    return Path(points, profile)


@pytest.mark.parametrize(
    ("day", "value"),
    [(date(2021, 6, 30), 0), (date(2022, 3, 31), 10), (date(2022, 6, 30), 20), (date(2022, 9, 30), 60), (date(2022, 12, 31), 100), (date(2023, 5, 1), 100)],
)
def test_interim_target_bends_the_path(day: date, value: int):
    assert _path().at(day) == value


@pytest.mark.parametrize(("day", "value"), [(date(2022, 6, 29), 0), (date(2022, 6, 30), 20), (date(2022, 12, 30), 20), (date(2022, 12, 31), 100)])
def test_earlier_point_stands_until_the_end(day: date, value: int):
    assert _path("at_end").at(day) == value


@pytest.mark.parametrize(
    ("day", "expected"), [("03-31", "0.150000"), ("05-15", "0.273656"), ("06-30", "0.400000"), ("09-30", "0.700000"), ("12-31", "1.000000")]
)
def test_shares_are_straight_between(day: str, expected: str):
    # 15 May stands at April and 15/31 of May: 0.15 + 0.25 × (1 + 15/31) ÷ 3 = 0.15 + 0.25 × 46/93
    figures = [{"cut_off": f"2022-{day}", "value": "1"}]
    given = case("cumulative", target("at_least", "100"), figures, "2022-12-31", profile="shares", shares=SHARES)
    assert seen(given, "expected") == (expected,)


def test_shares_divide_each_stretch_anew():
    # two stretches: to 40 by the middle of the year, to 100 at the end; a quarter is half a stretch: 30 % of its way
    goals = [target("at_least", "40", due="2022-06-30"), target("at_least", "100")]
    given = {**case("cumulative", goals[1], values(m09_30="58"), "2022-10-17", profile="shares", shares=["30", "100"]), "targets": goals}
    assert numbers(given) == ("0.580000", "0.580000", "0.000000", "green")


def test_order_of_the_targets_does_not_matter():
    goals = [target("at_least", "100"), target("at_least", "20", due="2022-06-30")]
    given = {**case("cumulative", goals[0], values(m06_30="15"), "2022-07-20"), "targets": goals}
    assert numbers(given) == ("0.150000", "0.200000", "-5.000000", "yellow")


def test_own_due_date_ends_the_path_and_not_the_plan():
    given = case("cumulative", target("at_least", "10", due="2022-06-30"), values(m03_31="4"), "2022-04-20")
    assert numbers(given) == ("0.400000", "0.500000", "-10.000000", "yellow")


def test_interim_target_turns_nothing_blue_or_red():
    goals = [target("at_least", "20", due="2022-06-30"), target("at_least", "100")]
    reached = {**case("cumulative", goals[1], values(m06_30="25"), "2022-07-20"), "targets": goals}
    missed = {**reached, "values": values(m06_30="19")}
    assert (numbers(reached)[3], numbers(missed)[2:]) == ("green", ("-1.000000", "yellow"))


def test_interim_target_of_a_way_downwards_bends_too():
    goals = [target("at_most", "98", due="2022-06-30"), target("at_most", "90")]
    given = {**case("level", goals[1], values(m09_30="95"), "2022-10-17", baseline={"date": "2021-12-31", "value": "100"}), "targets": goals}
    # v = 98 − 8/2 = 94: A = 5/10, E = 6/10
    assert numbers(given) == ("0.500000", "0.600000", "-10.000000", "yellow")


def test_path_begins_with_the_first_value():
    # start 40 at the end of March, target 100 in nine months: a third of them later 60 is expected
    given = case("level", target("at_least", "100"), values(m03_31="40", m06_30="55"), "2022-07-20")
    assert numbers(given) == ("0.250000", "0.333333", "-8.333333", "yellow")


def test_baseline_older_than_the_span_counts_at_its_beginning():
    given = case("level", target("at_least", "20"), values(m06_30="14"), "2022-07-20", baseline={"date": "2019-12-31", "value": "10"})
    assert numbers(given) == ("0.400000", "0.500000", "-10.000000", "yellow")


def test_baseline_within_the_span_counts_from_its_day():
    given = case("level", target("at_least", "20"), values(m09_30="15"), "2022-10-17", baseline={"date": "2022-06-30", "value": "10"})
    assert numbers(given) == ("0.500000", "0.500000", "0.000000", "green")
