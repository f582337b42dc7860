"""The start leads to the page of one's role; a stranger signs in."""

import pytest
from django.test import Client

from tests import cast
from tests.tracker.stood import client_of


@pytest.mark.django_db
def test_the_start_leads_to_the_page_of_ones_role() -> None:
    city = cast.city()
    assert {login: client_of(city, login).get("/")["Location"] for login in ("leader", "supervisor", "auditor", "steward")} == {
        "leader": "/overview/", "supervisor": "/overview/", "auditor": "/overview/", "steward": "/people/",
    }  # fmt: skip
    for login in city.people:
        assert client_of(city, login).get("/", follow=True).status_code == 200


@pytest.mark.django_db
def test_a_stranger_signs_in() -> None:
    cast.city()
    assert Client().get("/")["Location"] == "/sign-in/"
