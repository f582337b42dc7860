"""Whether two promises read one figure: what people said, and the link that two of them made."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Owned, OwnedQuerySet, User
from plans.models.papers import Measure, Plan
from plans.models.promises import Item

if TYPE_CHECKING:
    from people.access import Person


class LikenessQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """Of published items, everybody in the government reads what was said of two."""
        mine = self.filter(government_id=person.government_id)
        out = (Plan.State.PUBLISHED, Plan.State.CLOSED)
        return mine if person.reads_drafts else mine.filter(item_a__plan__state__in=out, item_b__plan__state__in=out)


class Likeness(Owned):
    """一数 or 不是一回事. "Not the same" is one person's word; a link is proposed by one and confirmed by another, and then `moved` reads the
    measure `reads`, which the other item reads already. What was decided is never changed; a later record stands before it."""

    class Kind(models.TextChoices):
        SAME = "same", _("同一个数")
        DIFFERENT = "different", _("不是同一个数")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待另一人确认")
        DECIDED = "decided", _("已定")
        REFUSED = "refused", _("未采纳")

    item_a = models.ForeignKey(Item, models.PROTECT, related_name="+")
    item_b = models.ForeignKey(Item, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State)
    moved = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    reads = models.ForeignKey(Measure, models.PROTECT, null=True, blank=True, related_name="+")
    left = models.ForeignKey(Measure, models.PROTECT, null=True, blank=True, related_name="+")  # what it read before
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_a", "item_b"], condition=Q(state="proposed"), name="likeness_proposed_once"),
            models.CheckConstraint(condition=Q(item_a__lt=F("item_b")), name="likeness_ordered"),
            models.CheckConstraint(condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")), name="likeness_two_people"),
            models.CheckConstraint(
                condition=Q(kind="different") | ~Q(state="decided") | (Q(decided_by__isnull=False) & Q(moved__isnull=False) & Q(reads__isnull=False)),
                name="likeness_linked_by_two",
            ),
        ]
