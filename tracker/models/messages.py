"""The outbox: a message is a row first, made in one transaction with what it tells."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Owned, OwnedQuerySet, Role, User

if TYPE_CHECKING:
    from people.access import Person


class MessageQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """One's own; who supervises, administers or audits sees what went out."""
        mine = self.filter(government_id=person.government_id)
        return mine if person.has(Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR) else mine.filter(recipient_id=person.id)


class Message(Owned):
    class State(models.TextChoices):
        READY = "ready", _("待发")
        CLAIMED = "claimed", _("已领取")
        HANDING = "handing", _("正在交付")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        DOUBT = "doubt", _("存疑")
        DROPPED = "dropped", _("不再发送")

    class Kind(models.TextChoices):
        DIGEST = "digest", _("每周摘要")
        REMINDER = "reminder", _("填报提醒")
        URGE = "urge", _("催报")
        RETURNED = "returned", _("退回通知")
        ASKED = "asked", _("征求意见")
        ANSWER = "answer", _("答复提醒")
        SIGN = "sign", _("签收通知")
        OBJECTION = "objection", _("异议")
        CORRECTED = "corrected", _("更正通知")
        SAMPLED = "sampled", _("核查通知")

    recipient = models.ForeignKey(User, models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=16, default="mail")
    kind = models.CharField(max_length=16, choices=Kind)
    occasion = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    owner = models.CharField(max_length=60, default="", blank=True)
    attempt = models.IntegerField(default=0)
    message_id = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(default="", blank=True)
    facts = models.JSONField(default=dict)  # what it tells, for the page and for tests
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, default="", blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "channel", "kind", "occasion"], name="message_once")]
        indexes = [models.Index(fields=["government", "state"], name="message_state")]
