"""The preview: what a figure would do to every light that reads it, without a row written."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.workdays import seed_workdays
from tests import cast
from tests.tracker.answers import answer
from tracker.models import ProgressReport, Standing
from tracker.previewing import Figure, preview

pytestmark = pytest.mark.django_db

NOW = cast.noon("2022-10-17")
Q3 = dt.date(2022, 9, 30)


@pytest.fixture(autouse=True)
def workdays(db: None) -> None:
    seed_workdays([2021, 2022, 2023])


def lights(city: cast.City, code: str, figure: Figure) -> list[tuple[str, str, str, str]]:
    """(item, light now, light then, attainment then) of every item that reads the measure."""
    turns = preview(city.measure(code), figure, NOW)
    codes = dict(cast.Item.objects.values_list("pk", "code"))
    return [(codes[turn.item_id], turn.now.light, turn.then.light, str(turn.then.attainment)) for turn in turns]


def cloud_city() -> cast.City:
    """Three promises of two plans that read one running total: 3,910 and 4,270 of enterprises are accepted."""
    city = cast.city()
    cloud = {"code": "cloud", "reporter": "市工业和信息化局", "cycle": "quarter", "release_lag": 0}
    target = cast.target(start="2020-12-31", due="2025-12-31", comparator="at_least", value="6000", unit="家")
    base = {"date": "2020-12-31", "value": "3037"}
    table = cast.item("4-01", "企业上云累计", baseline=base, measure=cloud, targets=[target])
    box = cast.item("4-02", "推动企业上云", reading="increase", baseline=base, measure=cloud, targets=[target])
    cast.load_plan(city.government, cast.body([table, box], code="manufacturing", start="2021-01-01", end="2025-12-31"))
    for quarter, total in (("2021Q4", "3580"), ("2022Q1", "3910"), ("2022Q2", "4270")):
        answer(city, "cloud", quarter, total)
    return city


def test_a_figure_is_shown_in_every_light_that_reads_it() -> None:
    city = cloud_city()
    assert lights(city, "cloud", Figure(Q3, Decimal(4540))) == [
        ("4-01", "green", "green", "0.507256"),
        ("4-02", "yellow", "yellow", "0.250500"),
        ("1-02", "yellow", "red", "0.640000"),
    ]


def test_a_preview_writes_nothing_and_takes_a_fixed_number_of_statements() -> None:
    city = cloud_city()
    with CaptureQueriesContext(connection) as queries:
        preview(city.measure("cloud"), Figure(Q3, Decimal(4540)), NOW)
    assert (len(queries), Standing.objects.count(), ProgressReport.objects.count()) == (16, 0, 3)


def test_an_estimate_does_not_displace_a_verified_value_of_its_date() -> None:
    city = cast.city()
    answer(city, "1-04", "2022Q3", "5.2")
    assert lights(city, "jobless", Figure(Q3, Decimal("5.8"), data_state="estimate")) == [("1-04", "green", "green", "1.000000")]


def test_a_correction_takes_the_place_of_what_it_names() -> None:
    city = cast.city()
    wrong = answer(city, "1-01", "2022Q3", "1600")
    assert lights(city, "m-1-01", Figure(Q3, Decimal(1000), corrects=wrong.pk)) == [("1-01", "green", "red", "0.500000")]


def test_steps_are_previewed_too() -> None:
    city = cast.city()
    figure = Figure(Q3, steps={"选址": dt.date(2022, 3, 20), "用地": dt.date(2022, 9, 1)})
    assert lights(city, "task-2-02", figure) == [("2-02", "red", "green", "0.500000")]


def test_a_measure_that_nothing_in_force_reads_turns_no_light() -> None:
    city = cast.city()
    assert preview(city.measure("jobless"), Figure(Q3, Decimal(5)), cast.noon("2021-06-30")) == []
