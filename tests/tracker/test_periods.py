"""Periods and duties: when they open, are due and are locked, and who owes what."""

import datetime as dt
import time
from collections.abc import Iterator
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from people import clock
from people.models import Department, WorkdayException
from people.workdays import Calendar, calendar_of, seed_workdays
from plans.models import Cycle, Measure, Terms
from tests import cast
from tests.cast import City, noon
from tracker import periods, reporting
from tracker.models import Duty, Period

D = dt.date


@pytest.fixture(params=["Asia/Shanghai", "America/New_York"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine's zone must not matter."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    with timezone.override(ZoneInfo(request.param)):
        yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def city(db: None) -> City:
    seed_workdays([2021, 2022, 2023])
    return cast.city()


@pytest.fixture
def calendar(db: None) -> Calendar:
    seed_workdays([2021, 2022, 2023])
    return Calendar(*_days())


def _days() -> tuple[frozenset[dt.date], frozenset[dt.date], frozenset[int]]:
    rows = list(WorkdayException.objects.values_list("day", "works"))
    return frozenset(d for d, w in rows if not w), frozenset(d for d, w in rows if w), frozenset({2021, 2022, 2023})


def quarter(**given: object) -> Cycle:
    return Cycle(frequency="quarter", **given)


def month(**given: object) -> Cycle:
    return Cycle(**{"frequency": "month", "due_day": 5, **given})


def q(number: int) -> periods.Bounds:
    return periods.bounds(quarter(), 2022, number)


def duties(city: City, **lookup: object) -> list[tuple[str, str]]:
    rows = Duty.objects.of(city.government).filter(**lookup).select_related("measure", "period__cycle").order_by("measure__code", "period__end")
    return [(d.measure.code, d.period.occasion) for d in rows]


@pytest.mark.parametrize(
    ("frequency", "number", "start", "end"),
    [
        ("month", 2, D(2024, 2, 1), D(2024, 2, 29)),
        ("quarter", 3, D(2024, 7, 1), D(2024, 9, 30)),
        ("half-year", 2, D(2024, 7, 1), D(2024, 12, 31)),
        ("year", 1, D(2024, 1, 1), D(2024, 12, 31)),
    ],
)
def test_a_period_has_the_days_of_its_number(frequency: str, number: int, start: dt.date, end: dt.date) -> None:
    assert periods.bounds(Cycle(frequency=frequency), 2024, number) == periods.Bounds(2024, number, start, end)


def test_a_number_beyond_the_year_is_refused() -> None:
    with pytest.raises(ValueError, match="a quarter cycle has no period 5"):
        periods.bounds(quarter(), 2022, 5)


def test_the_period_after_the_last_of_a_year_is_the_first_of_the_next() -> None:
    assert periods.following(quarter(), q(4)) == periods.Bounds(2023, 1, D(2023, 1, 1), D(2023, 3, 31))


def test_the_third_quarter_of_2022_is_due_on_the_monday_after_its_saturday(calendar: Calendar) -> None:
    assert periods.due_on(quarter(), q(3), calendar) == D(2022, 10, 17)


def test_september_is_due_on_the_first_day_worked_after_the_holiday(calendar: Calendar) -> None:
    assert periods.due_on(month(), periods.bounds(month(), 2022, 9), calendar) == D(2022, 10, 8)


def test_counties_have_a_day_of_their_own(calendar: Calendar) -> None:
    cycle = quarter(staggered={"county": 12})

    assert periods.due_on(cycle, q(3), calendar, kind="county") == D(2022, 10, 12)
    assert periods.due_on(cycle, q(3), calendar, kind="bureau") == D(2022, 10, 17)


def test_a_figure_released_later_is_due_when_it_exists(calendar: Calendar) -> None:
    assert periods.due_on(quarter(), q(3), calendar, release_lag=24) == D(2022, 10, 24)
    assert periods.due_on(quarter(), q(3), calendar, release_lag=22) == D(2022, 10, 24)
    assert periods.due_on(quarter(), q(3), calendar, release_lag=10) == D(2022, 10, 17)


def test_a_rule_may_lie_before_the_end_of_the_period(calendar: Calendar) -> None:
    henan = quarter(due_month=0, due_day=25, shift="before")

    assert periods.due_on(henan, q(3), calendar) == D(2022, 9, 23)


def test_a_release_is_never_moved_before_itself(calendar: Calendar) -> None:
    henan = quarter(due_month=0, due_day=25, shift="before")

    assert periods.due_on(henan, q(3), calendar, release_lag=2) == D(2022, 10, 8)


def test_a_cycle_that_does_not_shift_keeps_its_day(calendar: Calendar) -> None:
    assert periods.due_on(quarter(shift="none"), q(3), calendar) == D(2022, 10, 15)


def test_grace_comes_on_top_and_ends_on_a_working_day(calendar: Calendar) -> None:
    assert periods.due_on(quarter(grace_days=5), q(3), calendar) == D(2022, 10, 24)


def test_day_31_of_a_short_month_is_its_last(calendar: Calendar) -> None:
    assert periods.due_on(month(due_day=31, shift="none"), periods.bounds(month(), 2022, 1), calendar) == D(2022, 2, 28)


def test_a_day_ends_at_midnight_in_the_governments_zone(calendar: Calendar, machine_zone: str) -> None:
    due = periods.due_at(quarter(), q(3), calendar, "Asia/Shanghai")

    assert due == dt.datetime(2022, 10, 17, 16, tzinfo=dt.UTC)


def test_a_cycle_may_set_an_hour(calendar: Calendar, machine_zone: str) -> None:
    due = periods.due_at(quarter(due_hour=dt.time(18)), q(3), calendar, "Asia/Shanghai")

    assert due == dt.datetime(2022, 10, 17, 10, tzinfo=dt.UTC)


def test_opening_makes_the_periods_and_duties_whose_day_has_come(city: City, machine_zone: str) -> None:
    opened = periods.open_due(city.government, noon("2022-06-25"))

    assert opened == periods.Opened(periods=2, duties=12, moved=0, released=0, unknown_years=[])
    assert duties(city, measure__code="gdp") == [("gdp", "2022Q1"), ("gdp", "2022Q2")]


def test_a_period_opens_at_midnight_in_the_governments_zone(city: City, machine_zone: str) -> None:
    midnight = dt.datetime(2022, 3, 19, 16, tzinfo=dt.UTC)

    assert periods.open_due(city.government, midnight - dt.timedelta(microseconds=1)).periods == 0
    assert periods.open_due(city.government, midnight).periods == 1


def test_opening_twice_changes_nothing(city: City) -> None:
    periods.open_due(city.government, noon("2022-06-25"))
    before = duties(city)

    assert periods.open_due(city.government, noon("2022-06-25")) == periods.Opened()
    assert duties(city) == before


def test_a_duty_is_due_by_its_own_release_and_its_reporters_kind(city: City) -> None:
    Measure.objects.filter(code="m-1-01").update(reporter=city.departments["scx"])
    periods.open_due(city.government, noon("2022-10-17"))

    rows = Duty.objects.filter(period__number=3).values_list("measure__code", "due_at")
    due = {code: clock.day_of(at - dt.timedelta(seconds=1), cast.ZONE) for code, at in rows}
    assert due == {
        "gdp": D(2022, 10, 24), "jobless": D(2022, 10, 17), "cloud": D(2022, 10, 17), "m-1-01": D(2022, 10, 12),
        "m-2-01": D(2022, 10, 17), "task-2-02": D(2022, 10, 17),
    }  # fmt: skip


def test_a_measure_asks_only_in_its_own_rhythm(db: None) -> None:
    items = [cast.item("1", "月报", measure={"cycle": "month"}), cast.item("2", "年报", measure={"cycle": "year"})]
    city = cast.city(plan=cast.body(items))
    periods.open_due(city.government, noon("2022-04-25"))

    assert duties(city) == [("m-1", "2022-01"), ("m-1", "2022-02"), ("m-1", "2022-03"), ("m-1", "2022-04")]

    periods.open_due(city.government, noon("2022-12-25"))
    assert duties(city, measure__code="m-2") == [("m-2", "2022")]


def test_nothing_is_owed_before_the_span_of_the_promise_or_after_it(db: None) -> None:
    halves = [cast.target(start="2022-03-31", due="2022-08-31", comparator="at_least", value="10", unit="个")]
    city = cast.city(plan=cast.body([cast.item("1", "半年", targets=halves)]))
    periods.open_due(city.government, noon("2023-04-25"))

    assert duties(city) == [("m-1", "2022Q2"), ("m-1", "2022Q3")]


def test_what_was_due_before_the_promise_was_published_is_not_owed(db: None) -> None:
    paper = {"title": "测试", "number": "迟", "issuer": "市人民政府", "date": "2022-08-01"}
    city = cast.city(plan=cast.body([cast.item("1", "迟到的规划")], document=paper))
    periods.open_due(city.government, noon("2022-10-17"))

    assert duties(city) == [("m-1", "2022Q3")]


def test_a_finished_measure_owes_no_more(city: City) -> None:
    done = city.measure("gdp").pk
    periods.open_due(city.government, noon("2022-03-25"), finished={done})

    assert duties(city, measure=done) == []


def test_what_is_owed_no_more_is_released_while_it_is_not_due(city: City) -> None:
    periods.open_due(city.government, noon("2022-06-25"))
    finished = {city.measure("gdp").pk, city.measure("cloud").pk}
    reporting.draft(Duty.objects.get(measure__code="cloud", period__number=2), city.person("reporter"), noon("2022-06-25"))

    assert periods.open_due(city.government, noon("2022-06-26"), finished=finished).released == 1
    assert duties(city, measure__code="gdp") == [("gdp", "2022Q1")]
    assert duties(city, measure__code="cloud") == [("cloud", "2022Q1"), ("cloud", "2022Q2")]
    assert periods.open_due(city.government, noon("2022-06-27")).duties == 1
    assert duties(city, measure__code="gdp") == [("gdp", "2022Q1"), ("gdp", "2022Q2")]


def test_a_duty_is_overdue_when_its_instant_has_passed_and_no_excuse_runs(city: City) -> None:
    periods.open_due(city.government, noon("2022-03-25"))
    Duty.objects.exclude(measure__code__in=["cloud", "m-2-01"]).update(done_at=noon("2022-04-01"))
    Duty.objects.filter(measure__code="cloud").update(excused_until=D(2022, 4, 20))
    due = Duty.objects.get(measure__code="m-2-01").due_at

    def overdue(at: dt.datetime) -> list[str]:
        return sorted(Duty.objects.overdue(at, clock.day_of(at, cast.ZONE)).values_list("measure__code", flat=True))

    assert due == dt.datetime(2022, 4, 15, 16, tzinfo=dt.UTC)
    assert [overdue(at) for at in (due - dt.timedelta(seconds=1), due, noon("2022-04-20"), noon("2022-04-21"))] == [
        [], ["m-2-01"], ["m-2-01"], ["cloud", "m-2-01"],
    ]  # fmt: skip


def test_a_withdrawn_item_asks_nothing(db: None) -> None:
    city = cast.city()
    before = Terms.objects.get(item=city.item("1-01"))
    version(before, city, withdrawn=True, day=D(2022, 4, 1))
    periods.open_due(city.government, noon("2022-04-10"))

    assert duties(city, measure__code="m-1-01") == []


def version(before: Terms, city: City, day: dt.date, **changes: object) -> Terms:
    """A later version of terms, published by two people."""
    from plans.models import Amendment, Target

    amendment = Amendment.objects.create(
        government=city.government, plan=city.plan, number=1, from_on=day, proposed_by=city.user("supervisor"), published_by=city.user("supervisor2")
    )
    targets = list(before.targets.all())
    values = {f.attname: getattr(before, f.attname) for f in Terms._meta.concrete_fields if not f.primary_key}
    after = Terms.objects.create(**{**values, "amendment_id": amendment.pk, "from_on": day, "published_at": None, **changes})
    for t in targets:
        row = {f.attname: getattr(t, f.attname) for f in Target._meta.concrete_fields if not f.primary_key}
        Target.objects.create(**{**row, "terms_id": after.pk})
    cast.put_in_force(amendment, day)
    return after


def test_a_draft_plan_asks_nothing(city: City) -> None:
    cast.back_to_draft(city.plan)

    assert periods.open_due(city.government, noon("2022-06-25")) == periods.Opened()


def test_the_measure_that_a_target_is_held_against_is_asked_too(db: None) -> None:
    gdp = cast.item("1", "生产总值", targets=[cast.target(due="2022-03-31", comparator="about", value="8", unit="%")], accrual="held", measure={"code": "gdp"})
    income = cast.item("2", "居民收入", targets=[cast.target(comparator="relative", against="gdp", unit="%")], accrual="held", measure={"code": "income"})
    city = cast.city(plan=cast.body([gdp, income]))
    periods.open_due(city.government, noon("2022-06-25"))

    assert duties(city) == [("gdp", "2022Q1"), ("gdp", "2022Q2"), ("income", "2022Q1"), ("income", "2022Q2")]


def test_a_new_reporter_takes_the_open_duties_and_leaves_the_done_ones(city: City) -> None:
    periods.open_due(city.government, noon("2022-06-25"))
    Duty.objects.filter(measure__code="gdp", period__number=1).update(done_at=noon("2022-04-10"))
    Measure.objects.filter(code="gdp").update(reporter=Department.objects.get(government=city.government, code="gxj"))

    assert periods.open_due(city.government, noon("2022-06-26")).moved == 1
    assert list(Duty.objects.filter(measure__code="gdp").order_by("period__number").values_list("department__code", flat=True)) == ["tjj", "gxj"]


def test_the_next_opening_locks_a_period(city: City) -> None:
    periods.open_due(city.government, noon("2022-06-25"))

    assert periods.lock_due(city.government, noon("2022-06-19")) == 0
    assert periods.lock_due(city.government, noon("2022-06-20")) == 1
    assert list(Period.objects.filter(locked_at__isnull=False).values_list("number", "locked_at")) == [(1, noon("2022-06-20"))]


def test_locking_twice_keeps_the_first_instant(city: City) -> None:
    periods.open_due(city.government, noon("2022-06-25"))
    periods.lock_due(city.government, noon("2022-06-20"))

    assert periods.lock_due(city.government, noon("2022-06-25")) == 0
    assert Period.objects.get(number=1).locked_at == noon("2022-06-20")


def test_a_period_with_a_running_excuse_is_not_locked(city: City) -> None:
    periods.open_due(city.government, noon("2022-06-25"))
    Duty.objects.filter(measure__code="gdp", period__number=1).update(excused_until=D(2022, 6, 30))

    assert periods.lock_due(city.government, noon("2022-06-30")) == 0
    assert periods.lock_due(city.government, noon("2022-07-01")) == 1


def test_who_has_not_reported_stands_in_the_official_order(city: City) -> None:
    periods.open_due(city.government, noon("2022-03-25"))
    Duty.objects.filter(measure__code="cloud").update(done_at=noon("2022-03-26"))
    Duty.objects.filter(measure__code="gdp").update(excused_until=D(2022, 3, 25))
    Duty.objects.filter(measure__code="jobless").update(excused_until=D(2022, 3, 26))

    assert [d.measure.code for d in periods.not_reported(Period.objects.get(), D(2022, 3, 26))] == ["m-1-01", "gdp", "m-2-01", "task-2-02"]


def test_a_period_before_every_plan_can_be_opened_for_one_measure(city: City) -> None:
    cycle = Cycle.objects.get(government=city.government, name="quarter")
    period = periods.open_period(cycle, 2021, 4)
    duty = periods.owe(city.measure("cloud"), period)

    assert (period.occasion, duty.department, duty.due_at) == ("2021Q4", city.departments["gxj"], dt.datetime(2022, 1, 17, 16, tzinfo=dt.UTC))
    assert periods.owe(city.measure("cloud"), periods.open_period(cycle, 2021, 4)) == duty


def test_years_nobody_announced_are_told(db: None) -> None:
    city = cast.city()

    assert periods.open_due(city.government, noon("2022-03-25")).unknown_years == [2022]
    assert calendar_of(city.government).years == frozenset()


@pytest.mark.parametrize("items", [1, 40])
def test_opening_takes_nine_statements_however_many_items(items: int, db: None, django_assert_num_queries: object) -> None:
    city = cast.city(plan=cast.body([cast.item(f"{n:03d}", f"事项{n}") for n in range(items)]))

    with django_assert_num_queries(9):  # type: ignore[operator]
        opened = periods.open_due(city.government, noon("2022-12-25"))
    assert opened.duties == 4 * items


@pytest.mark.django_db(transaction=True)
def test_two_that_open_at_once_make_every_duty_once() -> None:
    seed_workdays([2022])
    city, start, errors = cast.city(), Barrier(2), []

    def run() -> None:
        try:
            start.wait()
            periods.open_due(city.government, noon("2022-06-25"))
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()

    assert errors == []
    assert (Period.objects.count(), Duty.objects.count()) == (2, 12)
