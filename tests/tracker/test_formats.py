"""How figures, shares, gaps and days are written, in both languages."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from tracker import formats as f

NIGHT = dt.datetime(2022, 10, 12, 16, tzinfo=dt.UTC)  # 24:00 of 12 October in Shanghai


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1260.0000"), "1260"),
        ("7.60", "7.6"),
        (9999, "9999"),
        (12600, "12,600"),
        (Decimal("-1234567.5"), "−1,234,567.5"),
        (0, "0"),
        (100, "100"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_number_loses_trailing_zeros_and_is_grouped_from_five_digits_on(value: f.Figure, written: str) -> None:
    assert f.number(value) == written


def test_a_number_with_places_is_rounded_half_up_and_zero_has_no_sign() -> None:
    assert [f.number(v, 1) for v in ("0.25", "-0.25", "-0.04", 2)] == ["0.3", "−0.3", "0.0", "2.0"]


def test_the_figures_of_a_column_have_the_same_decimals() -> None:
    assert f.column([Decimal("2.1000"), 8, None, "12600.25"]) == ["2.10", "8.00", "", "12,600.25"]
    assert f.column([100, 2000]) == ["100", "2000"]
    assert f.column([]) == []


def test_a_signed_gap_has_a_real_minus_and_is_never_written_as_zero_when_it_is_not() -> None:
    assert [f.signed(v) for v in ("-12", "37", 0, "-0.04", "0.000001", None)] == ["−12.0", "+37.0", "0.0", "−0.04", "+0.000001", ""]


def test_what_is_short_of_the_whole_is_never_rounded_up_to_it() -> None:
    assert [f.percent(v) for v in ("0.63", "0.99996", "1", "1.2345", None)] == ["63.0%", "99.9%", "100.0%", "123.5%", ""]
    assert f.percent("0.94", 0) == "94%"


@pytest.mark.parametrize(
    ("gap", "gap_in", "better", "said"),
    [
        ("-12", "share", "up", "欠 12.0 百分点"), ("8.7", "node", "up", "超 8.7 百分点"), ("0", "share", "up", "与序时持平"), ("-1.3", "points", "up", "低 1.3 个点"),
        ("-0.3", "points", "down", "高 0.3 个点"), ("2", "points", "down", "达到"), ("-0.04", "share", "up", "欠 0.04 百分点"), (None, "share", "up", ""),
    ],
)  # fmt: skip
def test_a_gap_is_said_in_the_offices_words(gap: str | None, gap_in: str, better: str, said: str) -> None:
    assert f.gap_text(gap, gap_in, better) == said


def test_days_are_written_long_short_and_full_in_both_languages() -> None:
    date = dt.date(2022, 9, 3)
    assert (f.day(date), f.short_day(date), f.full_day(date), f.weekday(date)) == ("9 月 3 日", "9-03", "2022 年 9 月 3 日", "周六")
    with translation.override("en"):
        assert (f.day(date), f.short_day(date), f.full_day(date), f.weekday(date)) == ("3 Sep", "3 Sep", "3 Sep 2022", "Sat")
    assert f.day(None) == ""


def test_an_instant_is_written_in_the_governments_zone() -> None:
    at = dt.datetime(2022, 10, 16, 22, 5, tzinfo=dt.UTC)
    assert f.moment(at, "Asia/Shanghai") == "10 月 17 日 06:05"
    assert f.moment(at, "Asia/Shanghai", short=True) == "10-17 06:05"


def test_a_deadline_at_midnight_is_named_by_the_day_that_ends() -> None:
    assert f.deadline(NIGHT, "Asia/Shanghai") == "10 月 12 日"
    assert f.deadline(NIGHT - dt.timedelta(hours=6), "Asia/Shanghai") == "10 月 12 日 18:00"
