"""A statement that is written once answers each time as if it were written anew."""

import datetime as dt
from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import RoleGrant, User
from people.prepared import SIZES, Prepared, PreparedOfIds
from tests import cast

granted = Prepared(lambda user, day: RoleGrant.objects.filter(user=user).open_on(day).values_list("role", flat=True), -1, dt.date(1, 2, 3))
person = Prepared(lambda user: User.objects.select_related("government", "department").filter(pk=user, is_active=True), -1)


@pytest.mark.django_db
def test_each_call_answers_for_its_own_values():
    city = cast.city()
    assert [granted(city.user(login).pk, dt.date(2022, 10, 17)) for login in ("reporter", "leader", "auditor")] == [["reporter"], ["leader"], ["auditor"]]
    assert granted(city.user("reporter").pk, cast.FROM - dt.timedelta(days=1)) == []


@pytest.mark.django_db
def test_an_object_comes_with_what_it_was_joined_with_in_one_statement():
    city = cast.city()
    person(-2)
    with CaptureQueriesContext(connection) as statements:
        (found,) = person(city.user("leader").pk)
        assert (found.login, found.government.zone, found.department.former) == ("leader", cast.ZONE, [])
    assert len(statements) == 1
    User.objects.filter(pk=found.pk).update(is_active=False)
    assert person(found.pk) == []


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_meet():
    city = cast.city()
    wanted = {login: city.user(login).pk for login in ("reporter", "leader", "auditor", "supervisor")}
    answers: dict[str, set[tuple[str, ...]]] = {login: set() for login in wanted}

    def ask(login: str) -> None:
        try:
            answers[login] = {tuple(granted(wanted[login], dt.date(2022, 10, 17))) for _ in range(50)}
        finally:
            connection.close()

    threads = [Thread(target=ask, args=(login,)) for login in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {login: {(login,)} for login in wanted}


of_users = PreparedOfIds(
    lambda day, users: RoleGrant.objects.open_on(day).filter(user__in=users).order_by("user__login", "role").values_list("user__login", "role"),
    dt.date(1, 2, 3),
)


@pytest.mark.django_db
def test_a_list_of_any_length_is_one_statement():
    city = cast.city()
    logins = ("auditor", "leader", "reporter")
    ids = [city.user(login).pk for login in logins]
    for found in (ids, ids[:1], ids * (max(SIZES) // 3), ids * max(SIZES)):
        with CaptureQueriesContext(connection) as statements:
            assert of_users(dt.date(2022, 10, 17), ids=found) == [(login, login) for login in logins[: len(set(found))]]
        assert len(statements) == 1
    with CaptureQueriesContext(connection) as statements:
        assert of_users(dt.date(2022, 10, 17), ids=[]) == []
    assert len(statements) == 0


@pytest.mark.django_db
def test_ids_may_stand_more_than_once_but_in_lists_alone():
    city = cast.city()
    leader = city.user("leader")
    twice = PreparedOfIds(lambda users: (User.objects.filter(pk__in=users) | User.objects.filter(grants__user__in=users)).distinct())
    assert twice(ids=[leader.pk]) == [leader]
    alone = PreparedOfIds(lambda users: User.objects.filter(pk__in=users).exclude(pk=users[0]))
    if connection.vendor == "postgresql":
        with pytest.raises(ValueError, match="lists of their own"):
            alone(ids=[leader.pk])


@pytest.mark.django_db
def test_what_is_read_beside_the_rows_comes_with_them():
    city = cast.city()
    leader = city.user("leader").pk
    with_grants = PreparedOfIds(lambda users: User.objects.filter(pk__in=users).prefetch_related("grants"))
    with CaptureQueriesContext(connection) as statements:
        (found,) = with_grants(ids=[leader])
        assert [grant.role for grant in found.grants.all()] == ["leader"]
    assert len(statements) == 2
