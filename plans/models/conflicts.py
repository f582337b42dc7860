"""目标冲突: two sides of the documents that do not go together, and what people decided about them."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.access import READS_ALL
from people.models import Owned, OwnedQuerySet, Role, User
from plans.models.promises import Target

if TYPE_CHECKING:
    from people.access import Person


class ConflictQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        allowed = person.has(Role.SUPERVISOR, *READS_ALL)
        return self.filter(government_id=person.government_id) if allowed else self.none()


class Conflict(Owned):
    """Two targets that cannot both be meant, or a target and a result that a document states otherwise. Resolved by naming the one that
    counts; never dropped.

    `key` is the pair with its figures: what was dismissed stays dismissed while they stay, and a new figure is a new conflict. `result`
    is the other side where no target is: name, value, unit, on, locator.
    """

    class Kind(models.TextChoices):
        HARD = "hard", _("相互矛盾")
        DEFINITION = "definition", _("口径不同")
        SOFT = "soft", _("难以兼顾")

    class State(models.TextChoices):
        OPEN = "open", _("待定")
        RESOLVED = "resolved", _("已定")
        DISMISSED = "dismissed", _("不构成冲突")
        LAPSED = "lapsed", _("随调整消除")

    class Rule(models.TextChoices):
        """What found it."""

        READ = "read", _("逐条读出")
        SAME = "same", _("同一指标两个数")
        WORDED = "worded", _("同一个数两种叫法")
        RATE = "rate", _("当年低于年均")
        PACE = "pace", _("当年与多年的进度不合")
        EARLY = "early", _("当年已达多年目标")
        STEP = "step", _("先后两个数")
        SIMILAR = "similar", _("名称相近")
        TWICE = "twice", _("一事两列")
        PARTS = "parts", _("分项与总数不合")
        SHARES = "shares", _("占比合计超过100%")
        BASE = "base", _("基数与文中不合")

    target_a = models.ForeignKey(Target, models.PROTECT, related_name="+")
    target_b = models.ForeignKey(Target, models.PROTECT, null=True, blank=True, related_name="+")
    result: Any = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=400, default="", blank=True)
    rule = models.CharField(max_length=10, choices=Rule, default=Rule.READ)
    facts: Any = models.JSONField(default=dict, blank=True)  # the figures that the rule found, as text
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    counts = models.ForeignKey(Target, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(default="", blank=True)  # of who decided
    decided_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=400, default="", blank=True)  # in the words of who read it; "" for those of the rule
    why_en = models.CharField(max_length=600, default="", blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "key"], condition=~Q(key=""), name="conflict_known_once"),
            models.CheckConstraint(condition=Q(target_a__lt=F("target_b")), name="conflict_ordered"),
        ]


class DecisionQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        return self.filter(conflict__in=Conflict.objects.visible_to(person))


class ConflictDecision(Owned):
    """What a person decided about a conflict, and why; never changed, a later one stands in its place."""

    conflict = models.ForeignKey(Conflict, models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=12, choices=Conflict.State)
    kind = models.CharField(max_length=12, choices=Conflict.Kind)
    counts = models.ForeignKey(Target, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()
