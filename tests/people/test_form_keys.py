"""The same form sent twice counts once."""

from collections.abc import Callable

import pytest

from people.form_keys import once
from people.models import FormKey, Government, User
from tests import cast
from tests.tracker.desk import at_once


@pytest.fixture
def user(db: None) -> User:
    return cast.city().user("reporter")


def county(code: str) -> Callable[[], str]:
    def deed() -> str:
        return str(Government.objects.create(code=code, name=code, name_en=code).pk)

    return deed


def test_the_same_key_finds_the_first_result(user: User) -> None:
    first = once(user, "k1", county("a"))

    assert once(user, "k1", county("b")) == first
    assert list(Government.objects.filter(code__in="ab").values_list("code", flat=True)) == ["a"]


def test_another_key_or_person_does_the_deed_again(user: User) -> None:
    other = User.objects.get(login="reporter2")
    results = {once(user, "k1", county("a")), once(user, "k2", county("b")), once(other, "k1", county("c"))}

    assert len(results) == 3


def test_a_deed_that_fails_leaves_no_key(user: User) -> None:
    def failing() -> str:
        county("a")()
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        once(user, "k1", failing)

    assert FormKey.objects.count() == 0
    assert Government.objects.filter(code="a").count() == 0


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_a_key_that_is_none_is_refused(user: User, key: str) -> None:
    with pytest.raises(ValueError, match="a form key has 1 to 64 characters"):
        once(user, key, county("a"))


@pytest.mark.django_db(transaction=True)
def test_two_that_send_at_once_get_one_result() -> None:
    user = cast.city().user("reporter")
    results = at_once(lambda: once(user, "k1", county("a")), lambda: once(user, "k1", county("b")))

    assert results[0] == results[1]
    assert Government.objects.filter(code__in="ab").count() == 1
