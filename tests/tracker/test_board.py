"""The board: what is kept with a run says what its standings say, and is read only where it fits."""

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.workdays import seed_workdays
from tests import cast
from tests.tracker.answers import answer
from tests.tracker.stood import client_of, period
from tracker import rollup
from tracker.models import Board, Run
from tracker.queries import board

PAGES = ("/overview/", "/overview/?scope=all", "/overview/?reading=closing", "/overview/?period=2022Q1&reading=today", "/items/", "/items/?reading=closing")
OVERVIEW, ITEMS = 17, 11  # statements of a page whose run has its board, with nothing cached


@pytest.fixture
def city(db: None) -> cast.City:
    """Two closings and today, rolled up for real: red and overdue items, some since the first closing."""
    seed_workdays([2021, 2022, 2023])
    city = cast.city()
    for code, first, second in (("1-01", "100", "300"), ("2-01", "1", "2"), ("1-04", "5.2", "5.9")):
        answer(city, code, "2022Q1", first)
        answer(city, code, "2022Q2", second)
    rollup.close(city.government, period(city, "2022Q1"), cast.noon("2022-04-18"), cast.noon("2022-04-18"))
    rollup.close(city.government, period(city, "2022Q2"), cast.noon("2022-07-18"), cast.noon("2022-10-17"))
    return city


def page(city: cast.City, login: str, address: str) -> str:
    cache.clear()
    client = client_of(city, login)
    shown = client.get(address)
    assert shown.status_code == 200
    return shown.content.decode().partition("<main")[2]


@pytest.mark.parametrize("login", ["supervisor", "leader", "reporter"])
def test_pages_say_the_same_with_the_board_that_was_kept_and_without(city: cast.City, login: str) -> None:
    kept = {address: page(city, login, address) for address in PAGES}
    assert "滞后" in kept["/overview/"]
    Board.objects.all().delete()
    assert {address: page(city, login, address) for address in PAGES} == kept


def test_the_current_run_and_every_closing_keep_theirs(city: cast.City) -> None:
    runs = {run.number for run in Run.objects.all() if run.closes_id or run.number == city.government.run}
    assert len(runs) == 3 < Run.objects.count()
    assert set(Board.objects.values_list("number", flat=True)) == runs


@pytest.mark.parametrize("other", [{"layout": board.LAYOUT - 1}, {"before": 999}, {"day": "2099-12-31"}])
def test_a_board_that_does_not_fit_is_reckoned_anew(city: cast.City, other: dict[str, object]) -> None:
    right = page(city, "supervisor", "/items/")
    boards = Board.objects.filter(number=city.government.run)
    for each in boards:
        Board.objects.filter(pk=each.pk).update(summed=json.dumps({**json.loads(each.summed), "order": []}))
    assert page(city, "supervisor", "/items/") != right  # what is kept is what is read
    boards.update(**other)
    assert page(city, "supervisor", "/items/") == right


@pytest.mark.parametrize(("address", "statements"), [("/overview/", OVERVIEW), ("/items/", ITEMS)])
def test_a_page_takes_the_same_few_statements_however_many_items(city: cast.City, address: str, statements: int) -> None:
    taken = []
    for day, codes in (("2022-10-18", ["1-02"]), ("2022-10-19", ["1-03", "2-02"])):
        for code in codes:
            answer(city, code, "2022Q2", "1", accepted=day)
        rollup.take(city.government, cast.noon(day))
        cache.clear()
        client = client_of(city, "supervisor")
        cache.clear()
        with CaptureQueriesContext(connection) as sent:
            client.get(address)
        taken.append(len(sent))
    assert taken == [statements, statements]
