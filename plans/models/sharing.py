"""责任分解: what departments say to a draft and what they are told, how it was published, who signed for it, and why it was closed."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Department, Owned, OwnedQuerySet, Role, User
from plans.models.papers import Plan, PlanPartQuerySet
from plans.models.promises import Item

if TYPE_CHECKING:
    from people.access import Person

ANSWERS = (Role.REPORTER, Role.REVIEWER)


class ConsultationQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """For those who make and check plans, and for the departments that were asked."""
        mine = self.filter(government_id=person.government_id)
        if person.reads_drafts:
            return mine
        return mine.filter(plan__in=asked_plans(person.department_id)) if person.has(*ANSWERS) else self.none()


class Consultation(Owned):
    """征求意见: a draft lies open to the departments of its rows until a day, included. `lapsed_on`: the limit at which silence was recorded."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="consultation")
    until_on = models.DateField()
    note = models.CharField(max_length=400, default="", blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    lapsed_on = models.DateField(null=True, blank=True)

    objects = ConsultationQuerySet.as_manager()


class OpinionQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """All for those who make and check plans; of a department its own."""
        mine = self.filter(government_id=person.government_id)
        if person.reads_drafts:
            return mine
        return mine.filter(department_id=person.department_id) if person.has(*ANSWERS) else self.none()


class Opinion(Owned):
    """What a department said to a row, or that it was silent. Never changed: a later one has the next number and counts instead.

    `seen` is what the row said then, in the form of `plans.sharing_out.said`. The item may since be gone.
    """

    class Kind(models.TextChoices):
        ACCEPT = "accept", _("同意")
        OBJECT = "object", _("有意见")
        SILENT = "silent", _("逾期未答复")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="opinions")
    item = models.ForeignKey(Item, models.DO_NOTHING, db_constraint=False, related_name="+")
    code = models.CharField(max_length=60)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    number = models.IntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    seen = models.TextField()
    lead = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    wording = models.CharField(max_length=120, default="", blank=True)
    due_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=400, default="", blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["consultation", "item", "department", "number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "item", "department", "number"], name="opinion_number"),
            models.CheckConstraint(condition=Q(kind="silent") | Q(by__isnull=False), name="opinion_by_somebody"),
            models.CheckConstraint(
                condition=~Q(kind="object") | (~Q(reason="") & (Q(lead__isnull=False) | ~Q(wording="") | Q(due_on__isnull=False))), name="opinion_proposes"
            ),
        ]


class ReplyQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        return self.filter(opinion__in=Opinion.objects.visible_to(person))


class Reply(Owned):
    """The written answer to an objection: taken over, or refused with a reason. Never changed."""

    opinion = models.OneToOneField(Opinion, models.PROTECT, related_name="reply")
    taken = models.BooleanField()
    reason = models.CharField(max_length=400, default="", blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ReplyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(taken=True) | ~Q(reason=""), name="reply_refuses_with_reason")]


class IssuanceQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """What is issued, to everybody who reads its plan; what is only proposed, to those who make and check plans."""
        mine = self.filter(plan__in=Plan.objects.visible_to(person))
        return mine if person.reads_drafts else mine.filter(state=Issuance.State.PUBLISHED)


class Issuance(Owned):
    """印发: proposed by one person with number and date, done by another. `fingerprint`: of the draft as it was proposed."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待发布")
        PUBLISHED = "published", _("已发布")
        TAKEN_BACK = "taken_back", _("已撤回")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="issuances")
    number = models.CharField(max_length=60)
    dated_on = models.DateField()
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    fingerprint = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = IssuanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=~Q(state="taken_back"), name="issuance_once"),
            models.UniqueConstraint(fields=["government", "number"], condition=Q(state="published"), name="issuance_number"),
            models.CheckConstraint(
                condition=~Q(state="published") | (Q(published_by__isnull=False) & Q(published_at__isnull=False) & ~Q(published_by=F("proposed_by"))),
                name="issuance_two_people",
            ),
        ]


class OfIssuanceQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        return self.filter(issuance__in=Issuance.objects.visible_to(person))


class IssuanceFile(Owned):
    """The 责任分解表 as it was issued, byte by byte."""

    issuance = models.ForeignKey(Issuance, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8)  # docx, xlsx
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    objects = OfIssuanceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuance", "kind"], name="issuance_file_once")]


class SignatureQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """All for those who oversee; of a department its own."""
        mine = self.filter(government_id=person.government_id)
        if person.reads_all:
            return mine
        return mine.filter(department_id=person.department_id) if person.has(*ANSWERS) else self.none()


class Signature(Owned):
    """签收: a department that has something in the paper, and who signed for it and when."""

    issuance = models.ForeignKey(Issuance, models.PROTECT, related_name="signatures")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuance", "department"], name="signature_once"),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True, signed_at__isnull=True) | Q(signed_by__isnull=False, signed_at__isnull=False), name="signature_whole"
            ),
        ]


class Closure(Owned):
    """办结: why and by whom a published plan was closed. Never changed."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="closure")
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PlanPartQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="closure_reason")]


def asked_plans(department: int) -> models.QuerySet[Plan]:
    """Plans that were opened to departments and have a row of this one: it leads, supports or reports, or has once answered."""
    first = Q(items__terms__amendment__number=0)
    rows = first & (Q(items__terms__lead=department) | Q(items__terms__supports__department=department) | Q(items__measure__reporter=department))
    return Plan.objects.filter(rows | Q(consultation__opinions__department=department), consultation__isnull=False).distinct()
