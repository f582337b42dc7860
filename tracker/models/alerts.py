"""提醒: a condition that lasts, or an occasion that opens once."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.access import READS_ALL
from people.models import Department, Owned, OwnedQuerySet, User
from plans.models import Item
from tracker.models.periods import Duty

if TYPE_CHECKING:
    from people.access import Person


class AlertQuerySet(OwnedQuerySet):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def visible_to(self, person: "Person") -> Self:
        mine = self.filter(government_id=person.government_id)
        return mine if person.has(*READS_ALL) else mine.filter(department_id=person.department_id)


class Alert(Owned):
    """Conditions (occasion '') are episodes that keep their age; occasions open once each. Closes itself, is never deleted."""

    class Rule(models.TextChoices):
        LAGGING = "lagging", _("欠序时进度")
        STALLED = "stalled", _("连续两期无进展")
        WILL_MISS = "will_miss", _("预计完不成")
        CONFLICT = "conflict", _("目标冲突")
        DUE_SOON = "due_soon", _("临近截止")
        OVERDUE = "overdue", _("逾期未报")
        REVIEW_OVERDUE = "review_overdue", _("审核逾期")
        STEP_OVERDUE = "step_overdue", _("节点逾期")
        TOTAL_FELL = "total_fell", _("累计数下降")

    class Rung(models.IntegerChoices):
        REPORTER = 0, _("填报员")
        REVIEWER = 1, _("审核人")
        SUPERVISOR = 2, _("督查员")
        LEADER = 3, _("分管领导")

    rule = models.CharField(max_length=16, choices=Rule)
    subject = models.CharField(max_length=60)  # 'item:42', 'duty:9', 'report:3', 'step:8', 'conflict:2'
    occasion = models.CharField(max_length=40, default="", blank=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="alerts")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="alerts")
    duty = models.ForeignKey(Duty, models.SET_NULL, null=True, blank=True, related_name="alerts")  # a duty owed no more is released
    since = models.DateField()
    opened_at = models.DateTimeField()
    rung = models.IntegerField(choices=Rung, default=Rung.REPORTER)
    escalated_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    note = models.TextField(default="", blank=True)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "rule", "subject", "occasion"], condition=Q(closed_at__isnull=True), name="alert_open_once"),
            models.UniqueConstraint(fields=["government", "rule", "subject", "occasion"], condition=~Q(occasion=""), name="alert_occasion_once"),
        ]
        indexes = [models.Index(fields=["government", "department"], condition=Q(closed_at__isnull=True), name="alert_open")]
