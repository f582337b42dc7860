"""What a view finds on its request."""

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from people.middleware import PersonMiddleware


def test_a_request_carries_a_plain_instant_that_every_database_takes() -> None:
    request = HttpRequest()
    request.user = AnonymousUser()

    PersonMiddleware(lambda _: HttpResponse())(request)

    assert (type(request.now), request.now.tzinfo) == (dt.datetime, dt.UTC)  # type: ignore[attr-defined]
