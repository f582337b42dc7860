"""The text of an attached document: its sentences, what came of each, and what was set aside."""

from typing import TYPE_CHECKING, Self

from django.db import models

from people.models import Owned, OwnedQuerySet, User
from plans.models.papers import Document, Plan
from plans.models.promises import Item

if TYPE_CHECKING:
    from people.access import Person


class OfDocumentQuerySet(OwnedQuerySet):
    """Rows of a document's text: read by who may read a plan of the document."""

    document = "document"

    def visible_to(self, person: "Person") -> Self:
        return self.filter(government_id=person.government_id, **{f"{self.document}__in": Plan.objects.visible_to(person).values("document")})


class OfPassageQuerySet(OfDocumentQuerySet):
    document = "passage__document"


class Attachment(Owned):
    """The file whose text a document's passages are. The text is kept, the file is not; `sha256` says which one it was."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="attachment")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    added_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField()

    objects = OfDocumentQuerySet.as_manager()


class Passage(Owned):
    """One sentence of an attached document, in its order; `promises`: a first guess that something should come of it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="passages")
    position = models.IntegerField()
    locator = models.CharField(max_length=400)
    text = models.TextField()
    promises = models.BooleanField(default=False)

    objects = OfDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["document", "position"]
        constraints = [models.UniqueConstraint(fields=["document", "position"], name="passage_position")]


class PassageLink(Owned):
    """The sentence that an item came of; `start` and `length` mark the words in it. Without `by` the machine found it."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="passages")
    passage = models.ForeignKey(Passage, models.CASCADE, related_name="links")
    start = models.IntegerField(default=0)
    length = models.IntegerField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfPassageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "passage"], name="passage_link_once")]


class SetAside(Owned):
    """A sentence of which no item comes, and why."""

    passage = models.OneToOneField(Passage, models.CASCADE, related_name="set_aside")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfPassageQuerySet.as_manager()
