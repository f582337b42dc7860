"""The history of an item: a point a period, by what is accepted today, beside the light at the closing."""

import datetime as dt
from decimal import Decimal

import pytest

from people.workdays import seed_workdays
from tests import cast
from tests.tracker.answers import answer
from tracker import jobs
from tracker.history import Point, history

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def workdays(db: None) -> None:
    seed_workdays([2021, 2022, 2023])


def told(point: Point) -> tuple[str | None, ...]:
    numbers = (point.value, point.expected_value, point.gap)
    return (point.end.isoformat(), *(None if n is None else f"{n.normalize():f}" for n in numbers), point.light_closing, point.light_today)


def test_every_period_has_its_value_its_path_and_two_lights() -> None:
    city = cast.city()
    jobs.tick(cast.noon("2022-03-21"))
    wrong = answer(city, "1-01", "2022Q1", "500", accepted="2022-04-10")
    jobs.tick(cast.noon("2022-04-16"))
    answer(city, "1-01", "2022Q1", "400", accepted="2022-05-10", corrects=wrong)
    answer(city, "1-01", "2022Q2", "1000", accepted="2022-07-10", data_state="estimate")
    jobs.tick(cast.noon("2022-10-18"))
    points = history(city.item("1-01"), cast.noon("2022-10-18"))
    assert [told(p) for p in points] == [
        ("2022-03-31", "400", "500", "-5", "green", "yellow"),
        ("2022-06-30", "1000", "1000", "0", "green", "green"),
        ("2022-09-30", None, "1500", "-25", "red", "red"),
        ("2022-12-31", None, "2000", None, None, None),
    ]
    assert [p.value_state for p in points] == ["verified", "estimate", None, None]
    assert [(p.assumed_closing, p.assumed_today) for p in points] == [(True, True)] * 3 + [(False, False)]  # nobody approved the path
    assert (points[0].due, points[0].attainment, points[0].expected) == (dt.date(2022, 4, 15), Decimal("0.2"), Decimal("0.25"))


def test_what_is_held_has_its_target_for_a_path() -> None:
    city = cast.city()
    answer(city, "1-04", "2022Q1", "5.2")
    points = history(city.item("1-04"), cast.noon("2022-04-12"))
    assert [told(p)[:4] for p in points[:2]] == [("2022-03-31", "5.2", "5.5", "0.3"), ("2022-06-30", None, "5.5", None)]


def test_a_task_has_shares_and_no_values() -> None:
    city = cast.city()
    answer(city, "2-02", "2022Q1", steps={"选址": "2022-03-20"})
    points = history(city.item("2-02"), cast.noon("2022-10-12"))
    assert [(p.value, p.attainment, p.expected, p.light_today) for p in points] == [
        (None, Decimal("0.4"), Decimal("0.4"), "green"),
        (None, Decimal("0.4"), Decimal("0.4"), "green"),
        (None, Decimal("0.4"), Decimal("0.5"), "yellow"),
        (None, None, None, None),
    ]


def test_an_item_before_its_terms_has_no_history() -> None:
    city = cast.city()
    assert history(city.item("1-01"), cast.noon("2021-06-30")) == []
