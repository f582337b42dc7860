"""What the line has done: one row a government, job and occasion. What is due is computed, never queued."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Owned


class JobRun(Owned):
    class State(models.TextChoices):
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")

    job = models.CharField(max_length=40)
    occasion = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State)
    counts = models.JSONField(default=dict)
    error = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "job", "occasion"], name="job_run_once")]


class Installation(models.Model):
    """Which installation this database belongs to. A copy on another machine sends nothing until an operator confirms."""

    key = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField()
    handed = models.BigIntegerField(default=0)  # how often mails were handed over; the file outside counts along

    objects = models.Manager()
