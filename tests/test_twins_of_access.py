"""The table of access proves that it can fail: with a filter forgotten, the door open or a body kept for all, its tests turn red."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from people.access import Entry, Person
from people.models import OwnedQuerySet, StagedTime
from plans.models.papers import PlanQuerySet
from tests import test_access
from tests.tracker.desk import OCTOBER
from tests.world import World, laid
from tracker.models.reports import ProgressReportQuerySet
from tracker.views import overview


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with laid(django_db_blocker) as world:
        yield world


@pytest.fixture
def world(built: World, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """Its walks are a twin's own: none is taken over from what walked through the right code, nor left to it."""
    settings.STAGE = True
    monkeypatch.setattr(test_access, "walk", cache(test_access.walk.__wrapped__))
    return built


def along(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Walks to these addresses alone: where the fault is seen."""
    monkeypatch.setattr(test_access, "ROWS", {key: row for key, row in test_access.ROWS.items() if key[0] == "GET" and key[1] in names})


def everybody(self: OwnedQuerySet, person: Person) -> OwnedQuerySet:
    """The filter that somebody forgot."""
    return self.all()


def own_city(self: OwnedQuerySet, person: Person) -> OwnedQuerySet:
    """The filter that asks for the government alone."""
    return self.filter(government_id=person.government_id)


@pytest.mark.parametrize(
    ("rows", "forgotten", "column", "leaks", "at"),
    [
        (ProgressReportQuerySet, everybody, "builder", "云台密语", "item"),
        (ProgressReportQuerySet, own_city, "builder", "云台密语", "item"),
        (PlanQuerySet, own_city, "leader", "秘密规划", "plan draft"),
        (PlanQuerySet, everybody, "auditor", "信阳", "plan strange"),
        (OwnedQuerySet, everybody, "steward", "信阳", "department strange"),
    ],
)
def test_twin_with_a_filter_forgotten_the_secret_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, rows: type[OwnedQuerySet], forgotten: Any, column: str, leaks: str, at: str
) -> None:
    along(monkeypatch, at)
    monkeypatch.setattr(rows, "visible_to", forgotten)
    with pytest.raises(AssertionError, match=leaks):
        test_access.test_a_secret_stands_where_it_may_and_nowhere_else(world, column)


def test_twin_with_the_door_open_the_table_sees_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    along(monkeypatch, "audit", "report", "overview")
    monkeypatch.setattr(Person, "has", lambda self, *roles: True)
    with pytest.raises(AssertionError):
        test_access.test_each_person_gets_what_the_table_says(world, "administrator")


def test_twin_with_a_body_kept_for_all_alike_the_difference_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    along(monkeypatch, *test_access.KEPT)
    monkeypatch.setattr(test_access, "COLUMNS", ["leader", "supervisor"])
    for column in test_access.COLUMNS:
        test_access.walk(world, column)
    monkeypatch.setattr(overview, "rights_of", lambda person, portfolio: ())
    with pytest.raises(AssertionError):
        test_access.test_what_was_kept_for_one_is_not_shown_to_another(world)


def test_twin_with_a_page_that_writes_the_tables_tell(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    along(monkeypatch, "overview")
    real = overview.overview_of

    def writing(*given: Any) -> Any:
        StagedTime.objects.update(set_at=OCTOBER)
        return real(*given)

    monkeypatch.setattr(overview, "overview_of", writing)
    with pytest.raises(AssertionError):
        test_access.test_to_read_changes_nothing(world, "leader")


def test_twin_with_a_method_more_the_table_asks_for_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview.overview, "entry", Entry(overview.overview.entry.roles, methods=("GET", "HEAD", "DELETE")))
    with pytest.raises(AssertionError, match="DELETE"):
        test_access.test_every_address_and_method_stands_in_the_table()
