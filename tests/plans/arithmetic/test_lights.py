"""The day judged, silence, closing, ceilings, and the colours in their order."""

from datetime import date
from decimal import Decimal

import pytest

from plans.arithmetic.cases import Period, Promise, Record, Target, Value
from plans.arithmetic.lights import judge
from tests.plans.reckoned import FIVE_YEARS, QUARTERS, case, numbers, seen, target, values

APRIL, JULY, OCTOBER, CLOSED = "2022-04-20", "2022-07-20", "2022-10-20", "2023-01-20"
FACTS = ("light", "marks", "overdue", "judged_at")
TOTAL = case("cumulative", target("at_least", "100"), [], JULY, periods=QUARTERS)
RATE = case("held", target("at_least", "3"), [], JULY, unit="%", periods=QUARTERS)
LEVEL = case("level", target("at_least", "20"), [], JULY, periods=QUARTERS, baseline={"date": "2021-12-31", "value": "10"})
CEILING = case("cumulative", target("at_most", "100"), [], JULY, periods=QUARTERS)


def quarters(number: int, **more: object) -> list[dict]:
    """The quarters, that of this number (from 0) with more to say."""
    return [{**one, **more} if place == number else one for place, one in enumerate(QUARTERS)]


def test_value_is_carried_from_the_day_after_the_due_date():
    given = {**TOTAL, "values": values(m03_31="25")}
    by_day = [seen({**given, "as_of": day}, *FACTS) for day in ("2022-07-10", "2022-07-11", "2022-10-11")]
    assert by_day == [
        ("green", [], 0, "2022-03-31"),
        ("red", ["逾期未报"], 1, "2022-06-30"),
        ("red", ["逾期未报"], 93, "2022-09-30"),
    ]


def test_later_value_ends_the_silence_before_it():
    given = {**TOTAL, "values": values(m03_31="25", m09_30="75"), "as_of": OCTOBER}
    assert seen(given, *FACTS) == ("green", [], 0, "2022-09-30")


def test_submitted_report_is_no_silence():
    given = {**TOTAL, "values": values(m03_31="25"), "periods": quarters(1, submitted=True)}
    assert seen(given, *FACTS) == ("green", [], 0, "2022-03-31")


def test_submitted_report_does_not_end_an_older_silence_nor_a_newer_one():
    given = {**TOTAL, "values": values(m03_31="25"), "periods": quarters(1, submitted=True), "as_of": OCTOBER}
    assert seen(given, *FACTS) == ("red", ["逾期未报"], 10, "2022-09-30")


def test_statistics_not_out_yet_are_neither_overdue_nor_red():
    given = {**TOTAL, "values": values(m03_31="25"), "periods": quarters(1, out="2022-07-25")}
    by_day = [seen({**given, "as_of": day}, *FACTS) for day in ("2022-07-25", "2022-07-26")]
    assert by_day == [("green", [], 0, "2022-03-31"), ("red", ["逾期未报"], 1, "2022-06-30")]


def test_report_due_before_its_period_ends_is_overdue_but_judges_nothing_yet():
    given = {**TOTAL, "values": values(m03_31="25"), "periods": quarters(1, due="2022-06-25")}
    by_day = [seen({**given, "as_of": day}, *FACTS) for day in ("2022-06-30", "2022-07-01")]
    assert by_day == [("green", ["逾期未报"], 5, "2022-03-31"), ("red", ["逾期未报"], 6, "2022-06-30")]


def test_value_within_a_period_is_the_report_of_that_period():
    given = {**TOTAL, "values": values(m06_25="49")}
    assert seen(given, "light", "overdue", "judged_at") == ("green", 0, "2022-06-25")


@pytest.mark.parametrize("given", [TOTAL, RATE, LEVEL, CEILING])
def test_nothing_accepted_and_nothing_due_is_grey(given: dict):
    facts = ("light", "attainment", "expected", "gap", "judged_at", "overdue")
    assert seen({**given, "as_of": "2022-04-10"}, *facts) == ("grey", None, None, None, None, 0)


def test_before_its_first_day_everything_is_grey():
    figures = [{"cut_off": "2021-11-30", "value": "500"}]
    assert [seen({**given, "values": figures, "as_of": "2021-12-31"}, "light") for given in (TOTAL, RATE, LEVEL, CEILING)] == [("grey",)] * 4


SILENT_FROM_THE_START = {
    "total": (TOTAL, "0.250000", "-25.000000"),
    "level": (LEVEL, "0.250000", "-25.000000"),
    "rate": (RATE, "1.000000", "-100.000000"),
    "ceiling": (CEILING, "1.000000", "-100.000000"),
    "level without a start": ({**LEVEL, "baseline": None}, "0.250000", "-25.000000"),
    "level whose start satisfies": ({**LEVEL, "baseline": {"value": "30"}}, "1.000000", "-100.000000"),
}


@pytest.mark.parametrize("name", SILENT_FROM_THE_START)
def test_silence_from_the_start_is_not_safety(name: str):
    given, expected, gap = SILENT_FROM_THE_START[name]
    assert numbers({**given, "as_of": APRIL}) == ("0.000000", expected, gap, "red")
    assert seen({**given, "as_of": APRIL}, "marks", "overdue", "judged_at", "gap_in") == (["逾期未报"], 10, "2022-03-31", "share")


def test_item_is_not_closed_before_the_day_after_its_end():
    given = {**RATE, "values": values(m12_31="4")}
    assert [seen({**given, "as_of": day}, "light") for day in ("2022-12-31", "2023-01-01")] == [("green",), ("blue",)]


def test_total_closes_red_only_when_its_last_report_is_in_or_overdue():
    given = {**TOTAL, "values": values(m09_30="99")}
    by_day = [seen({**given, "as_of": day}, *FACTS) for day in ("2023-01-10", "2023-01-11")]
    assert by_day == [("green", [], 0, "2022-09-30"), ("red", ["逾期未报"], 1, "2022-12-31")]


def test_total_waits_for_a_submitted_last_report():
    given = {**TOTAL, "values": values(m09_30="99"), "periods": quarters(3, submitted="2023-01-09"), "as_of": CLOSED}
    assert seen(given, *FACTS) == ("green", [], 0, "2022-09-30")


def test_total_waits_for_statistics_that_come_late():
    given = {**TOTAL, "values": values(m09_30="99"), "periods": quarters(3, out="2023-02-15")}
    assert [seen({**given, "as_of": day}, "light") for day in ("2023-02-15", "2023-02-16")] == [("green",), ("red",)]


def test_without_periods_an_item_closes_the_day_after_its_due_date():
    given = case("cumulative", target("at_least", "100"), values(m06_30="99.9"), "2022-07-01")
    given["targets"] = [target("at_least", "100", due="2022-06-30")]
    assert [seen({**given, "as_of": day}, "light", "gap") for day in ("2022-06-30", "2022-07-01")] == [("yellow", "-0.100000"), ("red", "-0.100000")]


def test_closed_item_without_any_value_is_red():
    given = {**TOTAL, "periods": None, "as_of": "2023-01-01"}
    assert (*numbers(given), *seen(given, "judged_at")) == ("0.000000", "1.000000", "-100.000000", "red", "2022-12-31")


def test_reached_total_is_blue_at_once_and_owes_nothing():
    given = {**TOTAL, "values": values(m03_31="100"), "as_of": OCTOBER}
    assert seen(given, "attainment", *FACTS) == ("1.000000", "blue", [], 0, "2022-03-31")


def test_reached_total_is_judged_at_its_end_once_closed():
    given = {**TOTAL, "values": values(m03_31="120"), "as_of": CLOSED}
    assert (*numbers(given), *seen(given, "judged_at", "overdue")) == ("1.200000", "1.000000", "20.000000", "blue", "2022-12-31", 0)


def test_value_after_the_end_says_nothing_about_a_total():
    figures = [*values(m12_31="99"), {"cut_off": "2023-03-31", "value": "130"}]
    assert seen({**TOTAL, "values": figures, "as_of": "2023-04-20"}, "attainment", "light") == ("0.990000", "red")


def test_total_due_within_a_period_is_closed_by_the_report_of_that_period():
    given = {**TOTAL, "targets": [target("at_least", "100", due="2022-05-31")], "values": values(m03_31="60"), "as_of": "2022-07-10"}
    late = {**given, "values": values(m03_31="60", m06_30="100")}
    lights = [seen(one, "light")[0] for one in (given, {**given, "as_of": "2022-07-11"}, late)]
    assert lights == ["green", "red", "blue"]


def test_level_is_blue_only_once_closed_by_its_last_period():
    given = {**LEVEL, "values": values(m09_30="20", m12_31="21")}
    by_day = [seen({**given, "as_of": day}, "light", "marks") for day in ("2022-12-30", "2022-12-31", "2023-01-01")]
    assert by_day == [("green", ["已达"]), ("green", ["已达"]), ("blue", [])]


@pytest.mark.parametrize("given", [LEVEL, RATE])
def test_met_item_that_closes_without_its_last_value_is_at_best_yellow(given: dict):
    answer = seen({**given, "values": values(m09_30="25"), "as_of": CLOSED}, *FACTS)
    assert answer == ("yellow", ["逾期未报"], 10, "2022-12-31")


def test_rate_that_misses_by_little_closes_red():
    given = {**RATE, "values": values(m12_31="2.9"), "as_of": CLOSED}
    assert seen(given, "gap", "light") == ("-0.100000", "red")


def test_met_rate_is_at_best_yellow_once_two_periods_are_silent():
    given = {**RATE, "values": values(m03_31="4")}
    by_day = [seen({**given, "as_of": day}, "light", "gap", "marks") for day in (JULY, OCTOBER)]
    assert by_day == [("green", "1.000000", ["逾期未报"]), ("yellow", "1.000000", ["逾期未报"])]


def test_level_on_its_way_that_is_reached_stays_green_in_silence():
    assert seen({**LEVEL, "values": values(m03_31="20"), "as_of": OCTOBER}, "light", "marks") == ("green", ["逾期未报", "已达"])


def test_relative_item_closes_only_by_a_complete_pair():
    figures = [
        {"cut_off": "2022-09-30", "value": "8", "benchmark": "7"},
        {"cut_off": "2022-12-31", "value": "6"},
    ]
    given = {**RATE, "targets": [target("relative", None)], "values": figures, "as_of": "2023-06-30"}
    paired = {**given, "against": [{"cut_off": "2022-12-31", "value": "7"}]}
    assert seen(given, *FACTS) == ("green", ["待比对值"], 0, "2022-09-30")
    assert (*seen(paired, *FACTS), *seen(paired, "gap")) == ("red", [], 0, "2022-12-31", "-1.000000")


def test_relative_item_in_silence_never_closes():
    figures = [{"cut_off": "2022-09-30", "value": "6.8", "benchmark": "7"}]
    given = {**RATE, "targets": [target("relative", None)], "values": figures, "as_of": CLOSED}
    assert seen(given, *FACTS) == ("yellow", ["逾期未报"], 10, "2022-12-31")


def test_level_whose_start_satisfies_is_held():
    given = {**LEVEL, "baseline": {"value": "25"}, "values": values(m06_30="19")}
    assert (*numbers(given), *seen(given, "gap_in")) == ("0.950000", "1.000000", "-5.000000", "yellow", "share")


def test_total_whose_start_satisfies_is_done():
    given = {**TOTAL, "baseline": {"value": "120"}, "values": values(m06_30="125")}
    assert numbers(given) == ("1.000000", "1.000000", "0.000000", "blue")


def test_ceiling_is_held_and_says_nothing_about_being_reached():
    given = {**CEILING, "values": values(m06_30="80")}
    assert (*numbers(given), *seen(given, "marks")) == ("1.000000", "1.000000", "0.000000", "green", [])


def test_broken_ceiling_is_red_and_stays_so():
    broken = {**CEILING, "values": values(m06_30="101")}
    mended = {**CEILING, "values": values(m06_30="101", m09_30="99"), "as_of": OCTOBER}
    closed = {**CEILING, "values": values(m06_30="101", m12_31="99"), "as_of": CLOSED}
    assert numbers(broken) == ("0.990099", "1.000000", "-0.990099", "red")
    assert [numbers(one)[3] for one in (mended, closed)] == ["red", "red"]


def test_ceiling_broken_by_an_estimate_alone_is_not_broken_once_the_final_figure_is_in():
    figures = [{"cut_off": "2022-06-30", "value": "101", "state": "预计"}, {"cut_off": "2022-06-30", "value": "99", "state": "核定"}]
    assert numbers({**CEILING, "values": figures})[3] == "green"


def test_total_that_must_stay_below_anothers_is_no_ceiling():
    figures = [{"cut_off": "2022-06-30", "value": "30", "benchmark": "40"}, {"cut_off": "2022-03-31", "value": "50", "benchmark": "60"}]
    goal = target("relative", None, better="down")
    assert numbers({**CEILING, "targets": [goal], "values": figures})[3] == "green"


def test_ceiling_is_blue_once_closed_by_its_last_value():
    given = {**CEILING, "values": values(m12_31="100"), "as_of": CLOSED}
    assert numbers(given)[3] == "blue"


def test_target_due_next_governs_a_held_item():
    goals = [target("at_least", "2", due="2022-06-30"), target("at_least", "3")]
    given = {**RATE, "targets": goals}
    june = {**given, "values": values(m06_30="2.5")}
    july = {**given, "values": values(m07_31="2.5"), "as_of": "2022-08-20"}
    assert [numbers(one) for one in (june, july)] == [
        ("1.000000", "1.000000", "0.500000", "green"),
        ("0.833333", "1.000000", "-0.500000", "yellow"),
    ]


def test_interim_target_reached_by_a_level_that_is_held_is_not_the_target():
    goals = [target("at_least", "85", due="2022-06-30"), target("at_least", "90")]
    given = {**LEVEL, "targets": goals, "baseline": {"value": "95"}, "unit": "%", "values": values(m06_30="86")}
    assert seen(given, "gap", "light", "marks") == ("1.000000", "green", [])


FROM_FIRST = {**LEVEL, "baseline": None}


def test_only_value_that_is_the_start_is_green_with_its_mark():
    given = {**FROM_FIRST, "values": values(m03_31="10"), "as_of": APRIL}
    assert (*numbers(given), *seen(given, "marks")) == ("0.000000", "0.000000", "0.000000", "green", ["起点"])


def test_start_loses_its_mark_when_a_later_period_is_silent():
    given = {**FROM_FIRST, "values": values(m03_31="10")}
    assert (*numbers(given), *seen(given, "marks")) == ("0.000000", "0.333333", "-33.333333", "red", ["逾期未报"])


def test_start_alone_closes_red():
    given = {**FROM_FIRST, "values": values(m12_31="10")}
    assert [seen({**given, "as_of": day}, "light", "marks") for day in ("2022-12-31", "2023-01-01")] == [("green", ["起点"]), ("red", [])]


def test_start_before_the_span_is_the_start_of_it():
    given = {**FROM_FIRST, "values": [{"cut_off": "2021-12-31", "value": "10"}], "as_of": "2022-02-01"}
    assert seen(given, "light", "marks", "judged_at") == ("green", ["起点"], "2021-12-31")


def test_path_that_expects_nothing_yet_is_not_due():
    given = {**LEVEL, "profile": "at_end", "values": values(m06_30="10")}
    assert seen(given, "light", "marks") == ("not_due", [])


def test_not_due_item_may_still_be_overdue():
    given = {**TOTAL, "profile": "at_end"}
    assert (*numbers(given), *seen(given, "marks", "overdue")) == ("0.000000", "0.000000", "0.000000", "not_due", ["逾期未报"], 101)


def test_progress_before_anything_is_expected_is_green_and_regress_is_not():
    given = {**LEVEL, "profile": "at_end"}
    assert [numbers({**given, "values": values(m06_30=value)})[2:] for value in ("12", "9.5")] == [("20.000000", "green"), ("-5.000000", "yellow")]


@pytest.mark.parametrize(
    ("value", "gap", "light"),
    [("50", "0.000000", "green"), ("49.9999999", "0.000000", "green"), ("40", "-10.000000", "yellow"), ("39.9999", "-10.000100", "red")],
)
def test_limit_belongs_to_the_better_colour(value: str, gap: str, light: str):
    assert numbers({**TOTAL, "values": values(m06_30=value)})[2:] == (gap, light)


def test_bands_of_the_plan_replace_the_usual_ones():
    given = {**TOTAL, "values": values(m06_30="40"), "bands": {"share": {"green": "-5", "yellow": "-9"}}}
    assert numbers(given)[3] == "red"
    assert numbers({**RATE, "values": values(m06_30="2"), "bands": {"points": {"yellow": "-0.5"}}})[3] == "red"


def test_estimate_is_marked():
    figures = [{"cut_off": "2022-06-30", "value": "50", "state": "预计"}]
    assert seen({**TOTAL, "values": figures}, "light", "marks") == ("green", ["预计"])


PROMISE = Promise(date(2022, 1, 1), date(2022, 12, 31), "cumulative", (Target(Decimal(100)),))
PERIODS = tuple(Period(date.fromisoformat(one["end"]), date.fromisoformat(one["due"])) for one in QUARTERS)
HALF = Value(date(2022, 6, 30), Decimal(50))


@pytest.mark.parametrize(
    ("record", "on", "wake_on"),
    [
        (Record(), date(2021, 12, 1), date(2022, 1, 1)),
        (Record(), date(2022, 7, 20), date(2023, 1, 1)),
        (Record(periods=PERIODS), date(2022, 1, 1), date(2022, 4, 11)),
        (Record((HALF,), periods=PERIODS), date(2022, 7, 20), date(2022, 10, 11)),
        (Record((HALF,), periods=PERIODS), date(2022, 10, 11), date(2023, 1, 1)),
        (Record((HALF,), periods=PERIODS), date(2023, 1, 1), date(2023, 1, 11)),
        (Record((HALF,), periods=PERIODS), date(2023, 1, 11), None),
        (Record((Value(date(2022, 12, 31), Decimal(99)),), periods=PERIODS), date(2023, 1, 5), None),
    ],
)
def test_judgement_wakes_on_the_next_day_that_can_change_it(record: Record, on: date, wake_on: date | None):
    assert judge(PROMISE, record, on).wake_on == wake_on


def test_closed_and_owing_are_told():
    judgements = [judge(PROMISE, Record((value,), periods=PERIODS), date(2022, 7, 20)) for value in (HALF, Value(date(2022, 6, 30), Decimal(100)))]
    assert [(one.closed, one.owes_none) for one in judgements] == [(False, False), (False, True)]


def test_plan_of_five_years_judges_the_value_of_its_own_date():
    given = case("cumulative", target("at_least", "500"), values(m06_30="150"), JULY, span=FIVE_YEARS)
    assert numbers(given) == ("0.300000", "0.300000", "0.000000", "green")
