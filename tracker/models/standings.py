"""进度状态: where an item, goal, plan, department or government stands after a roll-up; run-versioned."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Owned, OwnedQuerySet
from plans.models import Item, Target, Terms
from tracker.models.periods import Period
from tracker.models.reports import ProgressReport

NUMBER = {"max_digits": 20, "decimal_places": 6}


class Light(models.TextChoices):
    RED = "red", _("滞后")
    YELLOW = "yellow", _("偏慢")
    GREEN = "green", _("正常")
    BLUE = "blue", _("完成")
    NOT_DUE = "not_due", _("未到节点")
    GREY = "grey", _("暂无数据")


LAGGING = (Light.RED, Light.YELLOW)


class Run(Owned):
    """One roll-up of a government, numbered. `closes`: the period whose closing it keeps (报告时)."""

    number = models.BigIntegerField()
    as_of = models.DateField()
    at = models.DateTimeField()
    closes = models.ForeignKey(Period, models.PROTECT, null=True, blank=True, related_name="+")
    versions = models.JSONField(default=dict)  # plan code → number of the amendment in force
    seen = models.JSONField(default=dict)  # what there was to read, in counts: when they differ the next roll-up is due
    written = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "number"], name="run_number")]


class ClosingNote(Owned):
    """What a closing rested on that can change afterwards, as canonical JSON (`tracker.recalling`); written once, never changed.

    Promises and accepted values are frozen and stay where they are: of them it says only which ones were known.
    """

    run = models.OneToOneField(Run, models.PROTECT, related_name="note")
    body = models.TextField()
    sha256 = models.CharField(max_length=64)


class StandingQuerySet(OwnedQuerySet):
    def at(self, run: int) -> Self:
        """The standings that a run sees: since ≤ run < until."""
        return self.filter(Q(until_run__isnull=True) | Q(until_run__gt=run), since_run__lte=run)


class Standing(Owned):
    """A subject's standing from one run until another. Subjects: 'item:42', 'goal:7', 'plan:1', 'department:9', 'government:1'."""

    subject = models.CharField(max_length=40)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="standings")
    since_run = models.BigIntegerField()
    until_run = models.BigIntegerField(null=True, blank=True)
    terms = models.ForeignKey(Terms, models.PROTECT, null=True, blank=True, related_name="+")
    report = models.ForeignKey(ProgressReport, models.PROTECT, null=True, blank=True, related_name="+")
    target = models.ForeignKey(Target, models.PROTECT, null=True, blank=True, related_name="+")
    attainment = models.DecimalField(**NUMBER, null=True, blank=True)  # type: ignore[arg-type]
    expected = models.DecimalField(**NUMBER, null=True, blank=True)  # type: ignore[arg-type]
    gap = models.DecimalField(**NUMBER, null=True, blank=True)  # type: ignore[arg-type]
    gap_in = models.CharField(max_length=8, default="share")
    light = models.CharField(max_length=8, choices=Light)
    marks = models.JSONField(default=list)
    overdue = models.IntegerField(default=0)  # item: days; node: number of items
    judged_at = models.DateField(null=True, blank=True)
    counts = models.JSONField(default=dict)  # node: per light, 'items', 'overdue'; and its 'coverage' as text
    facts = models.JSONField(default=dict)  # what explains the light: value, value_state, start, target, expected_value, bands, forecast, reason
    wake_on = models.DateField(null=True, blank=True)  # the day on which it can change without a new figure

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "subject", "since_run"], name="standing_since"),
            models.UniqueConstraint(fields=["government", "subject"], condition=Q(until_run__isnull=True), name="standing_open_once"),
        ]
        indexes = [models.Index(fields=["government", "until_run", "wake_on"], name="standing_wake")]


class Board(Owned):
    """What pages read of a run at a glance, kept with it: a pure function of the run and of the closing that it is compared with.

    `summed`: the counts of the whole, and what is red or overdue; `lines`: every item in the order of the list. JSON as text, written
    once (`tracker.queries.board`). Only the current run and those that keep a closing have one; without one a page reckons it anew.
    """

    number = models.BigIntegerField()
    before = models.BigIntegerField()  # the run compared with; -1 for none
    day = models.DateField()
    layout = models.SmallIntegerField()  # of the texts: code that lays them otherwise does not read these
    summed = models.TextField()
    lines = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "number"], name="board_number")]
