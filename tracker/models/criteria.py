"""验收标准 and 正当理由: what will be seen when a task is done, agreed by two people; and why something may be late, until a day."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Department, Owned, OwnedQuerySet, User
from plans.models import Item, Plan

if TYPE_CHECKING:
    from people.access import Person


class CriterionDemand(Owned):
    """From when on a plan's tasks must have an accepted criterion before they are done. Asked once, never taken back."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="criterion_demand")
    day = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class CriterionQuerySet(OwnedQuerySet):
    def accepted(self) -> Self:
        return self.filter(state=Criterion.State.ACCEPTED)

    def visible_to(self, person: "Person") -> Self:
        """What is agreed is for everyone; what is only proposed or was given back, for its department and those who read all."""
        mine = self.filter(government_id=person.government_id)
        return mine if person.reads_all else mine.filter(Q(state=Criterion.State.ACCEPTED) | Q(department_id=person.department_id))


class Criterion(Owned):
    """One sentence: what will be seen, where, confirmed by whom. The last accepted one counts; all are kept."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待接受")
        ACCEPTED = "accepted", _("已接受")
        RETURNED = "returned", _("已退回")

    item = models.ForeignKey(Item, models.PROTECT, related_name="criteria")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    seen = models.CharField(max_length=200)
    place = models.CharField(max_length=120)
    confirmer = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    why = models.TextField(default="", blank=True)  # why it was given back

    objects = CriterionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(state="proposed"), name="criterion_open_once"),
            models.CheckConstraint(condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="criterion_two_people"),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(decided_by__isnull=False, decided_at__isnull=False, accepted_on__isnull=False),
                name="criterion_accepted_by_somebody",
            ),
        ]


class ExcuseQuerySet(OwnedQuerySet):
    def standing_on(self, day: dt.date) -> Self:
        """Confirmed, and not over: the last day still counts."""
        return self.filter(state=Excuse.State.CONFIRMED, confirmed_on__lte=day, until_on__gte=day)

    def visible_to(self, person: "Person") -> Self:
        mine = self.filter(government_id=person.government_id)
        return mine if person.reads_all else mine.filter(department_id=person.department_id)


class Excuse(Owned):
    """A reason that holds for an item until a day, proposed by one person and confirmed by another: its alerts rise no further."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("不予确认")

    item = models.ForeignKey(Item, models.PROTECT, related_name="excuses")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    reason = models.TextField()
    basis = models.CharField(max_length=200)
    until_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    why = models.TextField(default="", blank=True)  # why it was refused

    objects = ExcuseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(state="proposed"), name="excuse_open_once"),
            models.CheckConstraint(condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="excuse_two_people"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(decided_by__isnull=False, confirmed_on__isnull=False, confirmed_on__lte=F("until_on")),
                name="excuse_confirmed",
            ),
        ]
