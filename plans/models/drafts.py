"""What is done to a plan while it is a draft: the log that undoes it, and what was answered to the check list."""

from typing import TYPE_CHECKING, Self

from django.db import models

from people.models import Owned, OwnedQuerySet, User
from plans.models.papers import Plan
from plans.models.promises import Item

if TYPE_CHECKING:
    from people.access import Person


class OfDraftQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """For those who make and check plans."""
        return self.filter(government_id=person.government_id) if person.reads_drafts else self.none()


class DraftChange(Owned):
    """One change of a draft. `before` and `after` are JSON texts of what differs, in the form of `plans.editing.snapshots`."""

    class State(models.TextChoices):
        DONE = "done"
        UNDONE = "undone"
        GONE = "gone"  # undone, and then something else was done: it cannot come back

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="changes")
    number = models.IntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State, default=State.DONE)
    before = models.TextField()
    after = models.TextField()

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="draft_change_number")]


class PaperDoubt(Owned):
    """A field of a draft item that the reader of its paper was not sure of, and why, in the words of `plans.papers`: until a person changes or confirms it."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="doubts")
    field = models.CharField(max_length=20)
    reason = models.CharField(max_length=20)

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "field"], name="paper_doubt_once")]


class CheckAnswer(Owned):
    """Why a line of the check list may stand as it is. `about` is what the line said: where that changes, it is open again."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "kind"], name="check_answer_once")]
