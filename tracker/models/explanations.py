"""What a lead department says about the ambition of a target: why it lies below the last result, or is passed early."""

from typing import TYPE_CHECKING, Self

from django.db import models

from people.models import Department, Owned, OwnedQuerySet, User
from plans.models import Item

if TYPE_CHECKING:
    from people.access import Person


class ExplanationQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """It stands beside a published target: everybody in the government reads it."""
        return self.filter(government_id=person.government_id)


class Explanation(Owned):
    """One explanation, never changed; a later one stands before it. `figures` is what it was about, as the page said it then."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="explanations")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    figures = models.CharField(max_length=300, default="", blank=True)
    words = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ExplanationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["item", "at"], name="explanation_of_item")]
