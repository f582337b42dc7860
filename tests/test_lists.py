"""No page asks once a row: each that shows rows is tested with one and with three against one number of statements."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast

TESTS = settings.BASE_DIR / "tests" / "tracker"
# a redirect; words alone; one file; fixed cards, and what happened since, which is read whole; parts of another page
WITHOUT_ROWS = {"home", "help", "evidence", "stage", "overview_parts", "overview_cells"}


def test_every_page_of_rows_counts_its_statements() -> None:
    pages = {path.stem for path in (settings.BASE_DIR / "tracker" / "views").glob("*.py")} - {"__init__"} - WITHOUT_ROWS
    files = {page: [TESTS / f"test_{page}.py", TESTS / f"test_{page}_page.py"] for page in pages} | {"public": [TESTS.parent / "test_lists.py"]}
    counted = {page for page, paths in files.items() if any("statements" in path.read_text(encoding="utf-8") for path in paths if path.exists())}
    assert pages - counted == set()


@pytest.mark.django_db
def test_the_published_plans_take_the_same_statements_with_one_and_with_three() -> None:
    city = cast.city()
    for n in (1, 3):
        with CaptureQueriesContext(connection) as statements:
            assert len(Client().get("/public/").context["plans"]) == n
        assert len(statements) == 1
        for code in ("second", "third") if n == 1 else ():
            cast.load_plan(city.government, cast.body([cast.item(f"{code}-1", code)], code=code))


@pytest.mark.django_db
def test_a_published_plan_takes_the_same_statements_with_one_item_and_with_three() -> None:
    city, taken = cast.city(plan=cast.body([cast.item("1", "一")])), {}
    cast.load_plan(city.government, cast.body([cast.item(f"3-{n}", f"三{n}") for n in range(3)], code="three"))
    for code, items in (("report-2022", 1), ("three", 3)):
        with CaptureQueriesContext(connection) as statements:
            assert sum(len(rows) for _goal, rows in Client().get(f"/public/{code}/").context["goals"]) == items
        taken[code] = len(statements)
    assert set(taken.values()) == {1}
