"""异议: a leading department contests a light, an assignment, the reading of a target or a returned report; answered once, reviewed once."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Department, Owned, OwnedQuerySet, User
from plans.models import Item
from tracker.models.reports import ProgressReport
from tracker.models.standings import Light

if TYPE_CHECKING:
    from people.access import Person


class ObjectionQuerySet(OwnedQuerySet):
    def open(self) -> Self:
        return self.filter(state=Objection.State.OPEN)

    def open_on(self, day: dt.date) -> Self:
        """Not closed at the end of a day."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)

    def visible_to(self, person: "Person") -> Self:
        """Those of one's own department, or all for who reads all; that a light is contested stands beside it for everyone."""
        mine = self.filter(government_id=person.government_id)
        return mine if person.reads_all else mine.filter(department_id=person.department_id)


class Objection(Owned):
    """One objection. What it says is frozen; its state moves by `tracker.objecting` alone and changes no light."""

    class Kind(models.TextChoices):
        LIGHT = "light", _("亮灯")
        LEAD = "lead", _("责任分工")
        READING = "reading", _("目标口径")
        RETURNED = "returned", _("退回的填报")

    class State(models.TextChoices):
        OPEN = "open", _("办理中")
        UPHELD = "upheld", _("成立")
        PARTLY = "partly", _("部分成立")
        REFUSED = "refused", _("不成立")

    item = models.ForeignKey(Item, models.PROTECT, related_name="objections")
    department = models.ForeignKey(Department, models.PROTECT, related_name="objections")
    kind = models.CharField(max_length=10, choices=Kind)
    report = models.ForeignKey(ProgressReport, models.PROTECT, null=True, blank=True, related_name="objections")
    light = models.CharField(max_length=8, choices=Light, default="", blank=True)  # what it was when it was contested
    run = models.BigIntegerField(default=0)  # and in which roll-up
    wrong = models.TextField()
    should = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    opened_on = models.DateField()
    days = models.PositiveIntegerField()  # working days for an answer, as the government had set them
    due_on = models.DateField()
    named = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # who is to answer
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    review_asked_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField(null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "kind"], condition=Q(state="open"), name="objection_open_once"),
            models.CheckConstraint(condition=Q(kind="returned", report__isnull=False) | (~Q(kind="returned") & Q(report__isnull=True)), name="objection_about"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | (~Q(state="open") & Q(closed_on__isnull=False)), name="objection_closed"
            ),
            models.CheckConstraint(condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("made_by")), name="objection_answered_by_another"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | (~Q(reviewed_by=F("made_by")) & ~Q(reviewed_by=F("answered_by"))), name="objection_reviewed_by_a_third"
            ),
        ]
        indexes = [models.Index(fields=["government", "state"], name="objection_state")]

    @property
    def in_review(self) -> bool:
        """Whether it is open for the second time."""
        return self.state == self.State.OPEN and self.review_asked_at is not None


class ObjectionPartQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        return self.filter(objection__in=Objection.objects.visible_to(person))


class ObjectionTurn(Owned):
    """One turn of its story, never changed: made, taken over, answered, review asked for, reviewed."""

    class Verb(models.TextChoices):
        MADE = "made", _("提出异议")
        TAKEN = "taken", _("接办")
        ANSWERED = "answered", _("答复")
        ASKED = "asked", _("申请复核")
        REVIEWED = "reviewed", _("复核")

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="turns")
    verb = models.CharField(max_length=10, choices=Verb)
    outcome = models.CharField(max_length=8, choices=Objection.State, default="", blank=True)
    words = models.TextField(default="", blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ObjectionPartQuerySet.as_manager()

    class Meta:
        ordering = ["id"]


class ObjectionFile(Owned):
    """佐证 of an objection, addressed by its content like that of a report."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=100)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = ObjectionPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["objection", "sha256"], name="objection_file_once")]


class Remedy(Owned):
    """How an objection that was upheld was made good, by one of the ways there are. `subject`: 'amendment:3', 'report:17'."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="remedies")
    subject = models.CharField(max_length=40)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ObjectionPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["objection", "subject"], name="remedy_once")]
