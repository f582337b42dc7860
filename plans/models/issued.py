"""Papers that came in, and what a person said about their words: kept, so that the next paper of the same make needs no answer."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Owned, OwnedQuerySet, User
from plans.models.papers import Plan

if TYPE_CHECKING:
    from people.access import Person


class OfMakersQuerySet(OwnedQuerySet):
    """Rows for those who make and check plans."""

    def visible_to(self, person: "Person") -> Self:
        return self.filter(government_id=person.government_id) if person.reads_drafts else self.none()


class PaperWord(Owned):
    """What a heading or a name in papers means in this government: 拟办事宜 is the wording, 水投公司 the water bureau."""

    class Kind(models.TextChoices):
        HEADING = "heading", _("表头")
        OWNER = "owner", _("责任单位")

    kind = models.CharField(max_length=8, choices=Kind)
    words = models.CharField(max_length=120)
    means = models.CharField(max_length=120)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfMakersQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "kind", "words"], name="paper_word_once")]


class IssuedPaper(Owned):
    """A paper as it came in: its blocks as text, what it is to become, and, once taken in, what was read of it.

    `blocks` is JSON in the form of `plans.papers.keeping`; `read` the items as they were taken, by code, for the next paper's comparison.
    """

    class State(models.TextChoices):
        READ = "read", _("待确认")
        TAKEN = "taken", _("已导入")
        DROPPED = "dropped", _("已放弃")

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.READ)
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    start = models.DateField()
    end = models.DateField()
    number = models.CharField(max_length=60, default="", blank=True)
    issuer = models.CharField(max_length=100, default="", blank=True)
    issued_on = models.DateField(null=True, blank=True)
    plan = models.ForeignKey(Plan, models.CASCADE, null=True, blank=True, related_name="issued_papers")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    blocks = models.TextField()
    read = models.TextField(default="", blank=True)

    objects = OfMakersQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["government", "state"], name="issued_paper_state")]
