"""What a view finds on its request."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client

from people.middleware import PersonMiddleware
from tests import cast
from tests.tracker.stood import client_of


def test_a_request_carries_a_plain_instant_that_every_database_takes() -> None:
    request = HttpRequest()
    request.user = AnonymousUser()

    PersonMiddleware(lambda _: HttpResponse())(request)

    assert (type(request.now), request.now.tzinfo) == (dt.datetime, dt.UTC)  # type: ignore[attr-defined]


@pytest.fixture
def small(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.EVIDENCE_MAX_BYTES, settings.EVIDENCE_MAX_FILES = 1000, 500, 4


@pytest.mark.django_db
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("signed_in", "longest"), [(False, 1000), (True, 3000)])
def test_a_body_that_no_form_needs_is_refused_before_anything_reads_it(signed_in: bool, longest: int) -> None:
    client = client_of(cast.city(), "reporter") if signed_in else Client()

    def sent(size: int) -> int:
        return client.post("/language/", b"x" * size, content_type="multipart/form-data; boundary=b", HTTP_ACCEPT="text/html").status_code

    assert (sent(longest + 1), sent(longest) == 413) == (413, False)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/measures/%00/", "/my-work/?receipt=a%00b", "/sign-in/?next=%00"])
def test_an_address_with_a_nul_is_none(address: str) -> None:
    assert client_of(cast.city(), "reporter").get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "back"), [("/reports/7/", "/reports/7/"), ("/my-work/?show=ready", "/my-work/"), ("/my-work/7/", "/")])
def test_whose_session_ended_while_writing_comes_back_to_the_form(address: str, back: str) -> None:
    assert Client().post(address).headers["Location"] == f"/sign-in/?next={back}"


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "punycode"])
def test_a_form_in_another_charset_is_refused_and_breaks_nothing(charset: str) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.post("/sign-out/", b"a=1", content_type=kind, HTTP_COOKIE=f"csrftoken={'a' * 32}").status_code == 415
