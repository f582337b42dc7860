"""The people whom an administrator or a steward sets up, as a list: who holds what, who has not joined yet."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from people import clock
from people.access import Person
from people.models import Department, Role, RoleGrant, User
from people.rights import managed_by

JOINED, INVITED, DISABLED = "joined", "invited", "disabled"
FIELDS = ("pk", "login", "name", "email", "standing", "department__name", "department__short", "department__name_en")
ROLES = list(Role)


def people(person: Person) -> QuerySet[User]:
    """Everybody whom a person sets up, with `standing`: joined, invited (no password yet) or disabled."""
    state = Case(
        When(is_active=False, then=Value(DISABLED)),
        When(password__startswith=UNUSABLE_PASSWORD_PREFIX, then=Value(INVITED)),
        default=Value(JOINED),
        output_field=CharField(),
    )
    return managed_by(person).annotate(standing=state)


def counts(found: QuerySet) -> dict[str, int]:
    """How many there are of each standing. 1 statement."""
    return dict(found.order_by().values_list("standing").annotate(n=Count("pk")))


def roles_of(users: Iterable[int] | QuerySet, at: dt.datetime, zone: str) -> dict[int, list[Role]]:
    """The roles in force of each of these people, in their usual order. 1 statement."""
    held: dict[int, list[Role]] = {}
    for user, role in (
        RoleGrant.objects.filter(user__in=users if isinstance(users, QuerySet) else list(users)).open_on(clock.day_of(at, zone)).values_list("user", "role")
    ):
        held.setdefault(user, []).append(Role(role))
    return {user: sorted(roles, key=ROLES.index) for user, roles in held.items()}


def holding(found: QuerySet[User], role: str, at: dt.datetime, zone: str) -> QuerySet[User]:
    """Those who hold a role today."""
    return found.filter(pk__in=RoleGrant.objects.filter(role=role).open_on(clock.day_of(at, zone)).values("user"))


def named(found: QuerySet[User], words: str) -> QuerySet[User]:
    """By name, login or address."""
    return found.filter(Q(name__icontains=words) | Q(login__icontains=words) | Q(email__icontains=words))


def departments(person: Person) -> list[Department]:
    return list(Department.objects.visible_to(person))
