"""One's own account, and setting a password by a one-time code."""

import re
from typing import Any

import pytest
from django.test import Client

from people import clock, codes, deeds, staffing
from people.models import OneTimeCode, User
from tests import cast
from tests.tracker.stood import client_of

pytestmark = pytest.mark.django_db
NEW = "a wholly new word"


@pytest.fixture
def city() -> cast.City:
    return cast.city()


def slip(city: cast.City, login: str = "reporter") -> OneTimeCode:
    now = clock.now()
    return staffing.invite(city.user(login), deeds.person_of(city.user("administrator"), now), now, "slip")


def errors(answer: Any) -> list[str]:
    return re.findall(r'<p class="error"[^>]*>([^<]*)</p>', answer.content.decode())


def test_name_and_language_are_ones_own(city: cast.City) -> None:
    client = client_of(city, "reporter")
    client.cookies["language"] = "zh-hans"
    assert client.post("/account/", {"do": "details", "name": "甲新", "language": "en", "version": 0}).status_code == 302
    user = User.objects.get(login="reporter")
    assert (user.name, user.language, user.version) == ("甲新", "en", 1)
    assert client.get("/account/").headers["Content-Language"] == "en"
    late = client.post("/account/", {"do": "details", "name": "甲旧", "language": "en", "version": 0})
    assert late.status_code == 409
    assert "甲新" in late.content.decode()
    assert 'value="甲旧"' in late.content.decode()
    assert client.post("/account/", {"do": "details", "name": "甲旧", "language": "en", "version": 1}).status_code == 302


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(city: cast.City) -> None:
    client, elsewhere = client_of(city, "reporter"), client_of(city, "reporter")
    wrong = client.post("/account/", {"do": "password", "present": "x", "password": "12345678901", "again": "y"})
    assert (wrong.status_code, len(errors(wrong))) == (422, 3)
    assert client.post("/account/", {"do": "password", "present": cast.PASSWORD, "password": NEW, "again": NEW}).status_code == 302
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert User.objects.get(login="reporter").check_password(NEW)


def test_other_devices_are_signed_out_and_this_one_stays(city: cast.City) -> None:
    client, elsewhere = client_of(city, "reporter"), client_of(city, "reporter")
    assert client.post("/account/", {"do": "sessions"}).status_code == 302
    assert (client.get("/account/").status_code, elsewhere.get("/account/").status_code) == (200, 302)


def test_a_code_sets_a_password_and_to_look_at_it_uses_nothing_up(city: cast.City, client: Client) -> None:
    secret, signed_in = codes.secret_of(slip(city)), client_of(city, "reporter")
    for _look in range(2):
        assert f'value="{secret}"' in client.get(f"/join/?code={secret}").content.decode()
    bad = client.post("/join/", {"code": secret, "password": "short", "again": "short"})
    assert (bad.status_code, len(errors(bad))) == (422, 1)
    done = client.post("/join/", {"code": secret, "password": NEW, "again": NEW})
    assert done.headers["Location"] == "/sign-in/?joined=reporter"
    assert 'value="reporter"' in client.get(done.headers["Location"]).content.decode()
    assert signed_in.get("/account/").status_code == 302
    again = client.post("/join/", {"code": secret, "password": NEW, "again": NEW})
    assert errors(again) == ["验证码不对，或已用过、已过期。请核对，或请发给您的人重新开一张。"]
    assert client.post("/sign-in/", {"login": "reporter", "password": NEW}).status_code == 302


def test_guessing_codes_is_stopped(city: cast.City, client: Client) -> None:
    secret = codes.secret_of(slip(city))
    answers = [client.post("/join/", {"code": f"AAAA{n}", "password": NEW, "again": NEW}).status_code for n in range(21)]
    assert (set(answers[:20]), answers[20]) == ({422}, 429)
    assert client.post("/join/", {"code": secret, "password": NEW, "again": NEW}).status_code == 429


def test_a_lost_password_is_asked_for_without_saying_who_is_there(city: cast.City, client: Client) -> None:
    answers = [client.post("/forgot/", {"words": words}) for words in ("reporter", "Builder@example.org", "nobody", "reporter")]
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {(302, "/forgot/?asked=1")}
    assert {(c.user.login, c.mail, c.made_by) for c in OneTimeCode.objects.all()} == {("reporter", "ready", None), ("builder", "ready", None)}
    assert client.post("/forgot/", {"words": ""}).status_code == 422


def test_a_new_password_opens_a_login_that_was_locked(city: cast.City, client: Client, settings: Any) -> None:
    for _guess in range(settings.AXES_FAILURE_LIMIT):
        client.post("/sign-in/", {"login": "reporter", "password": "wrong"})
    assert client.post("/sign-in/", {"login": "reporter", "password": cast.PASSWORD}).status_code == 429
    client.post("/join/", {"code": codes.secret_of(slip(city)), "password": NEW, "again": NEW})
    assert client.post("/sign-in/", {"login": "reporter", "password": NEW}).status_code == 302
