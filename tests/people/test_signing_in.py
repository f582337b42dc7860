"""Signing in: the right pair enters, a wrong pair is one message, a disabled person is out at once."""

import pytest
from django.test import Client

from people import deeds
from tests import cast

pytestmark = pytest.mark.django_db


def sign_in(client: Client, login: str = "reporter", password: str = cast.PASSWORD, **extra: str):
    return client.post("/sign-in/", {"login": login, "password": password, **extra})


def test_the_right_pair_enters(client: Client):
    city = cast.city()
    assert sign_in(client).status_code == 302
    assert client.session["_auth_user_id"] == str(city.user("reporter").pk)


def test_a_wrong_password_keeps_the_login_and_says_one_thing(client: Client):
    cast.city()
    answers = [sign_in(client, password="wrong"), sign_in(client, login="nobody")]
    assert [a.status_code for a in answers] == [422, 422]
    assert [a.context["form"].non_field_errors() for a in answers] == [["登录名或密码不对。请核对后再试，忘记密码请找本单位联络员。"]] * 2
    assert 'value="reporter"' in answers[0].content.decode()


def test_the_page_asked_for_comes_after_signing_in(client: Client):
    cast.city()
    assert sign_in(client, next="/language/").headers["Location"] == "/language/"


def test_a_page_of_another_host_does_not(client: Client):
    cast.city()
    assert sign_in(client, next="https://evil.example/").headers["Location"] == "/"


def test_too_many_wrong_guesses_are_stopped_and_said(client: Client, settings):
    cast.city()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = sign_in(client, password="wrong")
    assert last.status_code == 429
    assert sign_in(client).status_code == 429


def test_disabling_a_person_ends_the_session(client: Client):
    city = cast.city()
    sign_in(client)
    deeds.disable(city.user("reporter"))
    assert client.get("/sign-in/").wsgi_request.person is None


def test_raising_the_epoch_ends_the_session(client: Client):
    city = cast.city()
    sign_in(client)
    deeds.end_sessions(city.user("reporter"))
    assert client.get("/sign-in/").wsgi_request.person is None


def test_a_session_older_than_the_absolute_limit_ends(client: Client, settings):
    cast.city()
    sign_in(client)
    settings.SESSION_ABSOLUTE_AGE = -1
    assert client.get("/sign-in/").wsgi_request.person is None


def test_signing_in_gives_the_session_a_new_key(client: Client):
    cast.city()
    client.get("/sign-in/")
    client.session["a"] = 1
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_the_language_is_the_persons_then_the_cookies(client: Client):
    cast.city()
    assert client.get("/sign-in/").headers["Content-Language"] == "zh-hans"
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert client.get("/sign-in/").headers["Content-Language"] == "en"


def test_an_unknown_language_changes_nothing(client: Client):
    client.post("/language/", {"language": "xx"})
    assert "language" not in client.cookies


def guess(client: Client, times: int, address: str, **extra: str) -> int:
    """The last answer to so many wrong guesses from an address."""
    for _guess in range(times):
        last = client.post("/sign-in/", {"login": "reporter", "password": "wrong"}, REMOTE_ADDR=address, **extra).status_code
    return last


def test_somebody_elses_wrong_guesses_do_not_shut_a_colleague_out(client: Client, settings):
    cast.city()
    assert guess(client, settings.AXES_FAILURE_LIMIT, "10.0.0.1") == 429
    right = {"login": "reporter", "password": cast.PASSWORD}
    assert client.post("/sign-in/", right, REMOTE_ADDR="10.0.0.2").status_code == 302
    assert client.post("/sign-in/", right, REMOTE_ADDR="10.0.0.1").status_code == 429


def test_guessing_from_many_addresses_meets_a_ceiling(client: Client, settings):
    cast.city()
    settings.GUESSES_CEILING = 10
    assert [guess(client, 5, f"10.0.0.{n}") for n in (1, 2)] == [422, 429]
    assert client.post("/sign-in/", {"login": "reporter", "password": cast.PASSWORD}, REMOTE_ADDR="10.0.0.3").status_code == 429


def test_behind_the_proxy_the_address_is_the_one_that_it_appended(client: Client, settings):
    cast.city()
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    mine = {"HTTP_X_FORWARDED_FOR": "10.9.9.9, 10.0.0.1"}  # what a client writes himself stands before it
    assert guess(client, settings.AXES_FAILURE_LIMIT, "172.18.0.1", **mine) == 429
    right = {"login": "reporter", "password": cast.PASSWORD}
    assert client.post("/sign-in/", right, REMOTE_ADDR="172.18.0.1", HTTP_X_FORWARDED_FOR="10.9.9.9, 10.0.0.2").status_code == 302
    assert client.post("/sign-in/", right, REMOTE_ADDR="172.18.0.1", HTTP_X_FORWARDED_FOR="10.7.7.7, 10.0.0.1").status_code == 429
