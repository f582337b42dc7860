"""What the pages about people read."""

import datetime as dt
from dataclasses import dataclass

from people import clock
from people.access import Person
from people.models import Department, DepartmentName, Merger, OneTimeCode, Portfolio, Role, RoleGrant, User


@dataclass(frozen=True)
class RoleRow:
    """A role that is held, will be, or was."""

    pk: int
    role: str
    title: str
    from_on: dt.date
    until_on: dt.date | None
    by: str
    state: str  # "now", "later", "over"


def roles_of(user: User, at: dt.datetime) -> list[RoleRow]:
    """All roles of a person, those in force first, then by their day. 1 statement."""
    today = clock.day_of(at, user.government.zone)
    found = [_role(g, today) for g in RoleGrant.objects.filter(user=user).select_related("by").order_by("-from_on", "role")]
    return sorted(found, key=lambda row: ("now", "later", "over").index(row.state))


def own_roles(person: Person, at: dt.datetime) -> list[RoleRow]:
    return [row for row in roles_of(person.user, at) if row.state != "over"]


def _role(given: RoleGrant, today: dt.date) -> RoleRow:
    over = given.ended_at is not None or (given.until_on is not None and given.until_on < today)
    state = "over" if over else "later" if given.from_on > today else "now"
    last = given.until_on
    if given.ended_at is not None:
        last = min(day for day in (given.ended_at.date(), given.until_on) if day)
    return RoleRow(given.pk, given.role, str(Role(given.role).label), given.from_on, last, given.by.name if given.by else "", state)


@dataclass(frozen=True)
class PersonPage:
    """A person as the administrator sees him."""

    user: User
    roles: list[RoleRow]
    portfolio: list[Portfolio]
    code: OneTimeCode | None
    joined: bool
    leads: bool


def person_page(user: User, at: dt.datetime) -> PersonPage:
    """3 statements."""
    today = clock.day_of(at, user.government.zone)
    roles = roles_of(user, at)
    portfolio = list(Portfolio.objects.filter(user=user).select_related("department").order_by("department__position", "-from_on"))
    code = OneTimeCode.objects.filter(user=user).open().first()
    open_ones = [p for p in portfolio if p.until_on is None or p.until_on >= today]
    return PersonPage(user, roles, open_ones, code, user.has_usable_password(), any(r.role == Role.LEADER and r.state != "over" for r in roles))


def grant_of(user: User, pk: int) -> RoleGrant | None:
    return RoleGrant.objects.filter(user=user, pk=pk).select_related("user__government").first()


def portfolio_of(user: User, pk: int) -> Portfolio | None:
    return Portfolio.objects.filter(user=user, pk=pk).select_related("user", "department").first()


def user_of(person: Person, pk: int) -> User | None:
    """Anybody of the own government."""
    return User.objects.visible_to(person).filter(pk=pk).select_related("department", "government").first()


def department_of(person: Person, pk: int) -> Department | None:
    return Department.objects.visible_to(person).filter(pk=pk).select_related("government", "successor").first()


def departments_of(person: Person) -> list[Department]:
    """All departments of the own government in their order. 1 statement."""
    return list(Department.objects.visible_to(person).select_related("successor"))


def names_of(department: Department) -> list[DepartmentName]:
    """What it was called before, the latest first. 1 statement."""
    return list(DepartmentName.objects.filter(department=department).order_by("-until_on"))


def mergers_waiting(person: Person) -> list[Merger]:
    """The mergers that wait for a confirmation, for those who may give it. 1 statement; none for others."""
    if not person.has(Role.ADMINISTRATOR, Role.SUPERVISOR):
        return []
    waiting = Merger.objects.visible_to(person).filter(state=Merger.State.PROPOSED)
    return list(waiting.select_related("department", "successor").order_by("proposed_at"))


def codes_of(person: Person, first: int, count: int) -> list[OneTimeCode]:
    """The codes that a person has made in one go, from the first on. 1 statement."""
    mine = OneTimeCode.objects.visible_to(person).filter(made_by=person.user, pk__gte=first).select_related("user__government", "user__department")
    return list(mine.order_by("pk")[:count])
