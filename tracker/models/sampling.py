"""核查: accepted figures drawn by lot, what their departments show for them, and what was found. Nothing of it is ever changed."""

import json
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Department, Owned, OwnedQuerySet, User
from tracker.lots import Figure
from tracker.models.periods import Period
from tracker.models.reports import ProgressReport

if TYPE_CHECKING:
    from people.access import Person


class SampleQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """For those who read all departments."""
        mine = self.filter(government_id=person.government_id)
        return mine if person.reads_all else mine.none()


class Sample(Owned):
    """One drawing: what it was drawn from, by which seed, and who drew it. A second drawing of a period is a second row."""

    number = models.IntegerField()  # within the government
    period = models.ForeignKey(Period, models.PROTECT, related_name="samples")
    size = models.IntegerField()  # as asked for
    seed = models.CharField(max_length=40)
    by_department = models.BooleanField()
    on_target_first = models.BooleanField()
    purpose = models.CharField(max_length=200)
    evidence_by = models.DateField()
    frame = models.TextField()  # [[report, department, on target]] in the order of the keys: a drawing can be repeated
    fingerprint = models.CharField(max_length=64)
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    objects = SampleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "number"], name="sample_number")]

    @property
    def figures(self) -> list[Figure]:
        """All that could be drawn."""
        return [Figure(key, department, bool(on_target)) for key, department, on_target in json.loads(self.frame)]


class SampledQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """The own department's; for those who read all departments every one."""
        mine = self.filter(government_id=person.government_id)
        return mine if person.reads_all else mine.filter(department_id=person.department_id)


class Sampled(Owned):
    """A figure that was drawn, as the report that it is in."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="sampled")
    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="sampled")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    position = models.IntegerField()
    first = models.BooleanField()  # drawn because it lies exactly on a target, not by chance

    objects = SampledQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "report"], name="sampled_once"),
            models.UniqueConstraint(fields=["sample", "position"], name="sampled_position"),
        ]


class OfSampledQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        return self.filter(sampled__in=Sampled.objects.visible_to(person))


class Finding(Owned):
    """What was found of a figure; the latest one counts, all are kept."""

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("属实")
        UNCLEAR = "unclear", _("存疑待查")
        UNTRUE = "untrue", _("不属实")

    sampled = models.ForeignKey(Sampled, models.PROTECT, related_name="findings")
    verdict = models.CharField(max_length=10, choices=Verdict)
    why = models.TextField(default="", blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfSampledQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(verdict="confirmed") | ~models.Q(why=""), name="finding_says_why")]


class SampledFile(Owned):
    """What a department shows for a figure, addressed by its content."""

    sampled = models.ForeignKey(Sampled, models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=100)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = OfSampledQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sampled", "sha256"], name="sampled_file_once")]
