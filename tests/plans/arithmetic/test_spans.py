"""Days as offices reckon them, periods, and rounding."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from plans.arithmetic.cases import Period
from plans.arithmetic.spans import Rhythm, elapsed, six

YEAR_BEFORE, YEAR_END = date(2021, 12, 31), date(2022, 12, 31)


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2022, 3, 31), Fraction(1, 4)),
        (date(2022, 6, 30), Fraction(1, 2)),
        (date(2022, 9, 30), Fraction(3, 4)),
        (date(2022, 12, 31), Fraction(1)),
        (date(2022, 2, 28), Fraction(1, 6)),
        (date(2022, 2, 14), Fraction(1, 8)),  # a month and half a February
        (date(2022, 1, 1), Fraction(1, 372)),
        (date(2021, 12, 31), Fraction(0)),
        (date(2021, 6, 30), Fraction(0)),
        (date(2023, 6, 30), Fraction(1)),
    ],
)
def test_elapsed_share_counts_months_and_days_of_the_month(day: date, share: Fraction):
    assert elapsed(day, YEAR_BEFORE, YEAR_END) == share


def test_elapsed_share_is_a_difference_of_positions():
    # from half of June to half of September are three months; to the end of July is one month and a half
    assert elapsed(date(2022, 7, 31), date(2022, 6, 15), date(2022, 9, 15)) == Fraction(1, 2)


def test_leap_day_ends_its_month():
    assert elapsed(date(2024, 2, 29), date(2023, 12, 31), date(2024, 12, 31)) == Fraction(1, 6)
    assert elapsed(date(2024, 2, 28), date(2023, 12, 31), date(2024, 12, 31)) == (1 + Fraction(28, 29)) / 12


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Fraction(2, 3), "0.666667"),
        (Fraction(-2, 3), "-0.666667"),
        (Fraction(5, 10**7), "0.000001"),
        (Fraction(-5, 10**7), "-0.000001"),
        (Fraction(-4, 10**7), "0.000000"),
        (Fraction(0), "0.000000"),
        (Fraction(10**40 + 1), "1" + "0" * 39 + "1.000000"),
    ],
)
def test_rounding_is_half_up_to_six_places(number: Fraction, shown: str):
    assert f"{six(number):f}" == shown


def test_rounded_number_is_a_decimal():
    assert six(Fraction(1, 8)) == Decimal("0.125")


def _period(month: int, day: int, due: date, **more: date | bool) -> Period:
    return Period(date(2022, month, day), due, **more)


def test_rhythm_ends_with_the_period_that_holds_the_due_day():
    periods = [_period(3, 31, date(2022, 4, 10)), _period(6, 30, date(2022, 7, 10)), _period(9, 30, date(2022, 10, 10))]
    rhythm = Rhythm.of(periods, YEAR_BEFORE, date(2022, 5, 31))
    assert [window.period.end for window in rhythm.windows] == [date(2022, 3, 31), date(2022, 6, 30)]
    assert (rhythm.last_day, rhythm.final_after) == (date(2022, 6, 30), date(2022, 3, 31))


def test_rhythm_without_periods_is_the_span_itself():
    rhythm = Rhythm.of([], YEAR_BEFORE, YEAR_END)
    assert (rhythm.holding, rhythm.last_day, rhythm.final_after) == (None, YEAR_END, YEAR_BEFORE)


def test_period_is_overdue_before_it_is_silent_where_it_is_due_before_its_end():
    period = _period(9, 30, date(2022, 9, 25))
    days = [date(2022, 9, 25), date(2022, 9, 26), date(2022, 9, 30), date(2022, 10, 1)]
    assert [period.is_overdue(day) for day in days] == [False, True, True, True]
    assert [period.is_silent(day) for day in days] == [False, False, False, True]


def test_statistics_not_out_yet_are_waited_for():
    period = _period(9, 30, date(2022, 10, 17), out=date(2022, 10, 24))
    assert [period.is_silent(day) for day in (date(2022, 10, 24), date(2022, 10, 25))] == [False, True]
    assert not _period(9, 30, date(2022, 10, 17), out=False).is_silent(date(2023, 9, 30))


def test_submitted_report_ends_the_wait_from_its_day_on():
    period = _period(9, 30, date(2022, 10, 10), submitted=date(2022, 10, 12))
    assert [period.is_silent(day) for day in (date(2022, 10, 11), date(2022, 10, 12))] == [True, False]
    assert not _period(9, 30, date(2022, 10, 10), submitted=True).is_silent(date(2022, 10, 11))
