"""The line: what is due is computed and done once, a week late as well as in time, and one failure blocks nothing."""

import datetime as dt
import itertools
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Government
from people.workdays import seed_workdays
from tests import cast
from tests.tracker.answers import answer
from tracker import installation, jobs
from tracker.models import Alert, Duty, JobRun, Message, Period, ProgressReport, Run, Standing

pytestmark = pytest.mark.django_db


TELLING = ("alerts", "digest", "reminders", "asking", "mail")


@pytest.fixture(autouse=True)
def workdays(db: None) -> None:
    seed_workdays([2021, 2022, 2023])


def tick(day: str) -> list[tuple[str, str]]:
    """What a tick did at noon of a day up to the roll-up: job and occasion. What is told of it, other tests look at."""
    done = jobs.tick(cast.noon(day))
    assert [d.error for d in done] == [""] * len(done)
    return [(d.job, d.occasion) for d in done if d.job not in TELLING]


def closing_lights(code: str) -> dict[str, str]:
    """Of every closed period the light that an item had at its closing."""
    runs = {run.closes.occasion: run.number for run in Run.objects.filter(closes__isnull=False).select_related("closes__cycle") if run.closes}
    return {occasion: Standing.objects.at(number).get(item__code=code).light for occasion, number in runs.items()}


def test_the_first_tick_opens_the_periods_and_rolls_up() -> None:
    cast.city()
    assert tick("2022-03-21") == [("open", "2022-03-21:6"), ("lock", "2022-03-21"), ("conflicts", "published 1"), ("rollup", "run 1")]
    assert (Period.objects.count(), Duty.objects.count(), Government.objects.get().run) == (1, 6, 1)


def test_a_second_tick_finds_nothing_to_do_and_is_cheap() -> None:
    cast.city()
    tick("2022-03-21")
    with CaptureQueriesContext(connection) as queries:
        assert tick("2022-03-21") == []
    assert (len(queries), any(q["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for q in queries)) == (32, False)


def test_an_accepted_report_is_rolled_up_at_the_next_tick() -> None:
    city = cast.city()
    tick("2022-03-21")
    answer(city, "1-01", "2022Q1", "600", accepted="2022-03-21")
    assert tick("2022-03-21") == [("rollup", "run 2")]
    assert Standing.objects.at(2).get(item=city.item("1-01")).light == "green"


def test_a_day_that_changes_a_light_is_waited_for() -> None:
    city = cast.city(plan=cast.body([cast.item("1-01", "新增5G基站")]))
    tick("2022-03-21")
    answer(city, "1-01", "2022Q1", "600", accepted="2022-03-31")
    assert [("rollup", "run 2")] == [done for done in tick("2022-04-01") if done[0] == "rollup"]
    assert tick("2022-04-02") == [("open", "2022-04-02:1"), ("lock", "2022-04-02")]


def test_a_machine_that_was_off_catches_up_on_every_closing() -> None:
    city = cast.city(plan=cast.body([cast.item("1-01", "新增5G基站")]))
    tick("2022-03-21")
    answer(city, "1-01", "2022Q1", "600", accepted="2022-04-12")
    answer(city, "1-01", "2022Q2", "900", accepted="2022-07-12")
    assert tick("2022-10-20") == [
        ("open", "2022-10-20:1"), ("lock", "2022-10-20"),
        ("close", "2022Q1:quarter"), ("close", "2022Q1:quarter:reviewed"),
        ("close", "2022Q2:quarter"), ("close", "2022Q2:quarter:reviewed"),
        ("close", "2022Q3:quarter"), ("close", "2022Q3:quarter:reviewed"),
    ]  # fmt: skip
    assert closing_lights("1-01") == {"2022Q1": "green", "2022Q2": "yellow", "2022Q3": "red"}
    now = Run.objects.get(number=Government.objects.get().run)
    assert (now.as_of.isoformat(), now.closes) == ("2022-10-20", None)
    assert tick("2022-10-20") == []


def test_what_was_reported_in_time_and_accepted_late_counts_at_the_closing() -> None:
    city = cast.city(plan=cast.body([cast.item("1-01", "新增5G基站")]))
    tick("2022-03-21")
    report = answer(city, "1-01", "2022Q1", "600", submitted="2022-04-15", state=ProgressReport.State.ENDORSED)
    assert ("close", "2022Q1:quarter") in tick("2022-04-16")
    assert closing_lights("1-01") == {"2022Q1": "grey"}
    ProgressReport.objects.filter(pk=report.pk).update(state="accepted", accepted_by=city.user("supervisor"), accepted_at=cast.noon("2022-04-20"))
    assert ("close", "2022Q1:quarter:reviewed") in tick("2022-04-20")
    assert closing_lights("1-01") == {"2022Q1": "green"}
    assert Run.objects.filter(closes__isnull=False).count() == 1


def test_what_was_reported_late_changes_todays_light_only() -> None:
    city = cast.city(plan=cast.body([cast.item("1-01", "新增5G基站")]))
    tick("2022-03-21")
    tick("2022-04-16")
    answer(city, "1-01", "2022Q1", "600", accepted="2022-04-20")
    tick("2022-04-20")
    assert closing_lights("1-01") == {"2022Q1": "red"}
    assert Standing.objects.at(Government.objects.get().run).get(item=city.item("1-01")).light == "green"


def test_what_was_reported_late_is_not_in_the_second_closing_either() -> None:
    city = cast.city(plan=cast.body([cast.item("1-01", "新增5G基站"), cast.item("1-02", "另一项"), cast.item("1-03", "统计", measure={"release_lag": 24})]))
    tick("2022-03-21")
    slow = answer(city, "1-01", "2022Q1", "600", submitted="2022-04-15", state=ProgressReport.State.ENDORSED)
    tick("2022-04-16")
    answer(city, "1-02", "2022Q1", "600", submitted="2022-04-18", accepted="2022-04-19")  # due on the 15th
    answer(city, "1-03", "2022Q1", "600", submitted="2022-04-24", accepted="2022-04-24")  # released on Sunday the 24th, a day of work
    ProgressReport.objects.filter(pk=slow.pk).update(state="accepted", accepted_by=city.user("supervisor"), accepted_at=cast.noon("2022-04-20"))
    assert ("close", "2022Q1:quarter:reviewed") not in tick("2022-04-23")
    assert ("close", "2022Q1:quarter:reviewed") in tick("2022-04-25")
    assert [closing_lights(code)["2022Q1"] for code in ("1-01", "1-02", "1-03")] == ["green", "red", "green"]
    assert Standing.objects.at(Government.objects.get().run).get(item=city.item("1-02")).light == "green"


def test_a_failed_job_is_recorded_tried_again_and_blocks_no_other() -> None:
    city, stranger = cast.city(), cast.stranger_city()
    in_the_way = Run.objects.create(government=city.government, number=1, as_of="2022-03-21", at=cast.noon("2022-03-21"), seen={"terms": 0})
    for attempts in (1, 2):
        failed = [d for d in jobs.tick(cast.noon("2022-03-21")) if d.error]
        assert [(d.government, d.job, d.occasion, d.counts) for d in failed] == [("zhumadian", "rollup", "run 1", {"attempts": attempts})]
    row = JobRun.objects.get(job="rollup", government=city.government)
    assert (row.state, row.error.split(":")[0]) == ("failed", "IntegrityError")
    assert Government.objects.get(pk=stranger.government.pk).run == 1
    in_the_way.delete()
    assert tick("2022-03-21") == [("rollup", "run 1")]
    assert (JobRun.objects.get(job="rollup", government=city.government).state, Government.objects.get(pk=city.government.pk).run) == ("done", 1)


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_do_everything_once() -> None:
    seed_workdays([2022])
    cast.city()
    done: list[jobs.Done] = []

    def work() -> None:
        done.extend(jobs.tick(cast.noon("2022-03-21")))
        connection.close()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [d.error for d in done] == [""] * len(done)
    assert sorted((d.job, d.occasion) for d in done if d.job not in TELLING) == [
        ("conflicts", "published 1"), ("lock", "2022-03-21"), ("open", "2022-03-21:6"), ("rollup", "run 1"),
    ]  # fmt: skip
    assert (Run.objects.count(), Standing.objects.filter(until_run__isnull=False).count()) == (1, 0)


def test_a_clock_that_went_back_does_nothing_and_says_so() -> None:
    cast.city()
    tick("2022-03-21")
    tick("2022-10-18")
    before = {model: list(model.objects.order_by("pk").values()) for model in (Alert, Message, Run, Period, Duty)}

    done = jobs.tick(cast.noon("2022-10-10"))
    assert [(d.job, d.error) for d in done] == [("clock", "ClockWentBack: the clock shows 2022-10-10 04:00 UTC, but work was done at 2022-10-18 04:00")]
    assert {model: list(model.objects.order_by("pk").values()) for model in before} == before
    assert JobRun.objects.get(job="clock").state == "failed"
    assert jobs.tick(cast.noon("2022-10-18") - dt.timedelta(minutes=50)) == []
    assert tick("2022-10-19")[0] == ("open", "2022-10-19:6")


def test_a_clock_that_was_ahead_is_confirmed_and_the_work_goes_on(clock_at: Any) -> None:
    cast.city()
    tick("2022-03-21")
    tick("2023-02-28")
    clock_at("2022-03-22")
    installation.confirm()

    assert JobRun.objects.filter(at__gt=cast.noon("2022-03-22")).count() == 0
    assert [job for job, _occasion in tick("2022-03-22")][:2] == ["open", "lock"]


def test_workers_begin_with_governments_far_apart() -> None:
    places = [jobs.begins_with(worker, 100) for worker in range(8)]
    assert places[:2] == [0, 61]
    assert all(abs(a - b) > 15 for a, b in itertools.pairwise(places))
    assert {jobs.begins_with(worker, 1) for worker in range(50)} == {0}
    assert jobs.begins_with(7, 0) == 0
