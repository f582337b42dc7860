"""Who sets up whom. An administrator everybody of the government; a steward those of his own department who report and review.

Nobody changes his own roles, so nobody lifts himself upward; and a steward never reaches a person who holds more than a steward
may give, since a new password for such a person would be a way up.
"""

from django.db.models import Exists, OuterRef, QuerySet

from people.access import Person
from people.models import Role, RoleGrant, User

GIVEN_BY_STEWARDS = (Role.REPORTER, Role.REVIEWER)


def grantable(person: Person) -> tuple[Role, ...]:
    """The roles that a person may give and take."""
    if person.has(Role.ADMINISTRATOR):
        return tuple(Role)
    return GIVEN_BY_STEWARDS if person.has(Role.STEWARD) else ()


def managed_by(person: Person) -> QuerySet[User]:
    """The people whom a person sets up; he himself only where he is an administrator, to be looked at."""
    everyone = User.objects.visible_to(person)
    if person.has(Role.ADMINISTRATOR):
        return everyone
    if not person.has(Role.STEWARD):
        return everyone.none()
    more = RoleGrant.objects.filter(user=OuterRef("pk"), ended_at__isnull=True).exclude(role__in=GIVEN_BY_STEWARDS)
    return everyone.filter(~Exists(more), department_id=person.department_id).exclude(pk=person.id)


def manages(person: Person, user: User) -> bool:
    """Whether he may change the user now."""
    return managed_by(person).filter(pk=user.pk).exists()
