"""Closed by default: a view that says nothing stops the start-up; the door lets in whom the view names."""

import datetime as dt

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from people.access import entry
from people.models import Role, RoleGrant
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.test_access")]


@entry(Role.SUPERVISOR)
def for_supervisors(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@entry(stage_only=True, public=True)
def on_the_stage(request: HttpRequest) -> HttpResponse:
    return HttpResponse("stage")


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


urlpatterns = [path("s/", for_supervisors), path("stage/", on_the_stage), path("open/", undeclared), path("", include("people.urls"))]


def get(client: Client, city: cast.City, login: str | None, where: str = "/s/") -> int:
    if login:
        client.force_login(city.user(login), backend="people.signing_in.LoginBackend")
    return client.get(where).status_code


def test_a_view_without_a_declaration_is_an_error_at_start():
    assert [e.id for e in run_checks() if e.id == "people.E001"] == ["people.E001"]


def test_a_view_without_a_declaration_answers_404(client: Client):
    assert get(client, cast.city(), "supervisor", "/open/") == 404


def test_who_is_named_enters_others_see_404_strangers_sign_in(client: Client):
    city = cast.city()
    assert get(client, city, None) == 302
    assert {login: get(client, city, login) for login in ("supervisor", "leader", "administrator", "reporter")} == {
        "supervisor": 200, "leader": 404, "administrator": 404, "reporter": 404,
    }  # fmt: skip


def test_a_method_that_the_view_does_not_take_is_405(client: Client):
    city = cast.city()
    client.force_login(city.user("supervisor"), backend="people.signing_in.LoginBackend")
    assert client.post("/s/").status_code == 405


def test_a_grant_that_has_ended_opens_nothing(client: Client):
    city = cast.city()
    RoleGrant.objects.filter(user=city.user("supervisor")).update(until_on=dt.date(2021, 6, 30))
    assert get(client, city, "supervisor") == 404


def test_stage_pages_exist_only_on_the_stage(client: Client, settings):
    city = cast.city()
    assert get(client, city, None, "/stage/") == 404
    settings.STAGE = True
    assert get(client, city, None, "/stage/") == 200
