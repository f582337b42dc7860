"""What is done to people and their rights. The pages of setting up call these verbs; so do the seed and the stage."""

import datetime as dt
from typing import Any

from people import clock
from people.access import Person
from people.models import Department, Government, Portfolio, Role, RoleGrant, User
from people.prepared import Prepared

NOBODY, NEVER = -1, dt.date(1, 2, 3)
_roles = Prepared(lambda user, day: RoleGrant.objects.filter(user=user).open_on(day).values_list("role", flat=True), NOBODY, NEVER)
_portfolio = Prepared(lambda user, day: Portfolio.objects.filter(user=user).open_on(day).values_list("department_id", flat=True), NOBODY, NEVER)


def person_of(user: User, at: dt.datetime) -> Person:
    """The person with the roles and the portfolio in force on the day of `at` in the government's zone. 1 statement, 2 for a leader."""
    day = clock.day_of(at, user.government.zone)
    roles = frozenset(Role(role) for role in _roles(user.pk, day))
    portfolio: frozenset[int] = frozenset(_portfolio(user.pk, day)) if Role.LEADER in roles else frozenset()
    return Person(user=user, roles=roles, portfolio=portfolio)


def open_department(government: Government, row: dict[str, Any]) -> Department:
    """Creates a department from a row of fixtures/departments.json."""
    return Department.objects.create(
        government=government,
        **{k: row[k] for k in ("code", "name", "short", "name_en", "former", "position", "kind")},
    )


def enrol(
    government: Government,
    department: Department,
    *,
    login: str,
    name: str,
    roles: tuple[Role, ...],
    from_on: dt.date,
    email: str = "",
    language: str = "zh-hans",
) -> User:
    """Creates a person with roles; without a usable password until one is set."""
    user = User(government=government, department=department, login=login, name=name, email=email, language=language)
    user.set_unusable_password()
    user.save(force_insert=True)
    for role in roles:
        RoleGrant.objects.create(government=government, user=user, role=role, from_on=from_on)
    return user


def put_in_charge(user: User, departments: list[Department], from_on: dt.date) -> None:
    """Gives a leader a portfolio of departments."""
    Portfolio.objects.bulk_create(Portfolio(government_id=user.government_id, user=user, department=d, from_on=from_on) for d in departments)


def end_sessions(user: User) -> None:
    """Ends every session of a person at once."""
    from django.db.models import F

    User.objects.filter(pk=user.pk).update(epoch=F("epoch") + 1)


def disable(user: User) -> None:
    """A person who leaves signs in no more; open sessions end."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    end_sessions(user)
