"""研判: what a supervisor thinks of an item's chances, beside the computed light; every one is kept, the latest shows."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.access import READS_ALL
from people.models import Owned, OwnedQuerySet, User
from plans.models import Item

if TYPE_CHECKING:
    from people.access import Person


class Grade(models.TextChoices):
    """How likely it is that the promise is kept, the best first."""

    SURE = "sure", _("很有把握")
    LIKELY = "likely", _("较有把握")
    DOUBTFUL = "doubtful", _("存疑")
    UNLIKELY = "unlikely", _("很难完成")
    HOPELESS = "hopeless", _("无法完成")


DOUBTED = (Grade.DOUBTFUL, Grade.UNLIKELY, Grade.HOPELESS)


class JudgementQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """With its reason: of what one's own department leads, and for those who read all."""
        mine = self.filter(government_id=person.government_id)
        return mine if person.has(*READS_ALL) else mine.filter(item__terms__lead=person.department_id, item__terms__published_at__isnull=False).distinct()


class Judgement(Owned):
    """One judgement of an item, never changed; a later one stands in its place from its own day on."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="judgements")
    grade = models.CharField(max_length=10, choices=Grade)
    reason = models.TextField()
    day = models.DateField()  # in the government's zone
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = JudgementQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["item", "day"], name="judgement_of_item")]
