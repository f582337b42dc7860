"""接续: what becomes of a plan's items in the next plan, item by item; what is dropped takes two people and stays listed."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Owned, OwnedQuerySet, User
from plans.models import Item, Plan

if TYPE_CHECKING:
    from people.access import Person


class SuccessionQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """What the next plan will hold is a draft: for those who read drafts; once that plan is published, for everyone."""
        mine = self.filter(government_id=person.government_id)
        return mine if person.reads_drafts else mine.filter(successor__in=Plan.objects.visible_to(person))


class Succession(Owned):
    """The end of a plan: what follows it, and how long its last figures may still be settled. `successor` once its draft was made."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="succession")
    successor = models.OneToOneField(Plan, models.PROTECT, null=True, blank=True, related_name="predecessor")
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    settle_until = models.DateField(null=True, blank=True)  # the plan's last periods are not locked before this day is over

    objects = SuccessionQuerySet.as_manager()


class FateQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        return self.filter(succession__in=Succession.objects.visible_to(person))


class Fate(Owned):
    """What becomes of one item. `confirmed_by`: the second person, for what is dropped."""

    class Kind(models.TextChoices):
        DONE = "done", _("已办结")
        CARRIED = "carried", _("结转续办")
        CONTINUED = "continued", _("接续指标")
        DROPPED = "dropped", _("不再列入")

    succession = models.ForeignKey(Succession, models.PROTECT, related_name="fates")
    item = models.ForeignKey(Item, models.PROTECT, related_name="fates")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=200, default="", blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = FateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["succession", "item"], name="fate_once"),
            models.CheckConstraint(condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("by")), name="fate_two_people"),
            models.CheckConstraint(condition=~Q(kind="dropped") | ~Q(reason=""), name="fate_dropped_because"),
        ]
