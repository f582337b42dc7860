"""Working days by the statutory calendar."""

import datetime as dt

import pytest

from people.models import Government, WorkdayException
from people.workdays import Calendar, calendar_of, seed_workdays

D = dt.date


@pytest.fixture
def government(db: None) -> Government:
    return Government.objects.create(code="zhumadian", name="驻马店市", name_en="Zhumadian")


@pytest.fixture
def calendar(government: Government) -> Calendar:
    seed_workdays(range(2021, 2027))
    return calendar_of(government)


def test_the_week_after_the_national_holiday_of_2022_begins_on_a_saturday(calendar: Calendar) -> None:
    days = [D(2022, 10, n) for n in range(1, 11)]

    assert [d.day for d in days if calendar.is_workday(d)] == [8, 9, 10]


@pytest.mark.parametrize(
    ("year", "made_up"),
    [
        (2021, ["02-07", "02-20", "04-25", "05-08", "09-18", "09-26", "10-09"]),
        (2022, ["01-29", "01-30", "04-02", "04-24", "05-07", "10-08", "10-09"]),
        (2023, ["01-28", "01-29", "04-23", "05-06", "06-25", "10-07", "10-08"]),
        (2024, ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"]),
        (2025, ["01-26", "02-08", "04-27", "09-28", "10-11"]),
        (2026, ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]),
    ],
)
def test_the_make_up_days_are_those_that_the_state_council_announced(calendar: Calendar, year: int, made_up: list[str]) -> None:
    assert sorted(f"{d:%m-%d}" for d in calendar.worked if d.year == year) == made_up


def test_a_workday_is_its_own_next_and_previous(calendar: Calendar) -> None:
    assert (calendar.next_workday(D(2022, 10, 8)), calendar.previous_workday(D(2022, 10, 8))) == (D(2022, 10, 8), D(2022, 10, 8))


def test_a_holiday_moves_to_the_working_day_on_either_side(calendar: Calendar) -> None:
    assert (calendar.next_workday(D(2022, 10, 5)), calendar.previous_workday(D(2022, 10, 5))) == (D(2022, 10, 8), D(2022, 9, 30))


@pytest.mark.parametrize(("days", "found"), [(0, D(2022, 9, 30)), (1, D(2022, 10, 8)), (2, D(2022, 10, 9)), (3, D(2022, 10, 10)), (-1, D(2022, 9, 29))])
def test_a_shift_counts_working_days(calendar: Calendar, days: int, found: dt.date) -> None:
    assert calendar.shift(D(2022, 9, 30), days) == found


def test_working_days_late_are_counted_without_the_holiday(calendar: Calendar) -> None:
    assert calendar.workdays_after(D(2022, 9, 30), D(2022, 10, 10)) == 3
    assert calendar.workdays_after(D(2022, 10, 10), D(2022, 9, 30)) == 0


def test_a_year_nobody_announced_is_reckoned_by_weekdays_and_says_so(government: Government, caplog: pytest.LogCaptureFixture) -> None:
    assert seed_workdays([2022, 2031]) == [2031]
    calendar = calendar_of(government)

    assert (calendar.knows_year(2022), calendar.knows_year(2031)) == (True, False)
    assert calendar.unknown([2031, 2022, 2031]) == [2031]
    assert calendar.next_workday(D(2031, 10, 4)) == D(2031, 10, 6)
    assert caplog.messages == ["no announcement of holidays for 2031: these years are reckoned by their weekdays"]


def test_seeding_twice_changes_nothing(government: Government) -> None:
    seed_workdays([2022])
    before = sorted(WorkdayException.objects.values_list("day", "works"))
    seed_workdays([2022])

    assert sorted(WorkdayException.objects.values_list("day", "works")) == before


def test_seeding_again_keeps_what_an_office_changed(government: Government) -> None:
    seed_workdays([2022])
    WorkdayException.objects.filter(day=D(2022, 10, 8)).update(works=False)
    seed_workdays([2022])

    assert calendar_of(government).is_workday(D(2022, 10, 8)) is False


def test_a_government_can_have_days_of_its_own(government: Government, calendar: Calendar) -> None:
    WorkdayException.objects.create(scope="zhumadian", day=D(2022, 10, 8), works=False)
    WorkdayException.objects.create(scope="xinyang", day=D(2022, 10, 10), works=False)

    mine = calendar_of(government)

    assert (mine.is_workday(D(2022, 10, 8)), mine.is_workday(D(2022, 10, 10))) == (False, True)
    assert mine.knows_year(2022) is True


def test_a_calendar_is_read_with_one_statement(government: Government, django_assert_num_queries: object) -> None:
    seed_workdays([2022])
    with django_assert_num_queries(1):  # type: ignore[operator]
        calendar_of(government)


def test_a_calendar_without_a_working_day_is_refused(government: Government) -> None:
    empty = Calendar(off=frozenset(D(2022, 1, 1) + dt.timedelta(days=n) for n in range(800)))
    with pytest.raises(ValueError, match="no working day within 366 days of 2022-01-01"):
        empty.next_workday(D(2022, 1, 1))
