"""进展填报: the answer to a duty, what it says, what supports it, and its story."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from people.models import Owned, OwnedQuerySet, User
from plans.models import Measure, Step
from tracker.models.periods import Duty, Period

if TYPE_CHECKING:
    from people.access import Person

VALUE = {"max_digits": 15, "decimal_places": 4}


class ProgressReportQuerySet(OwnedQuerySet):
    def accepted(self) -> Self:
        return self.filter(state=ProgressReport.State.ACCEPTED)

    def unfinished(self) -> Self:
        return self.filter(state__in=ProgressReport.UNFINISHED)

    def current(self) -> Self:
        """Accepted, and no accepted report corrects it: derived, never written."""
        newer = ProgressReport.objects.filter(corrects=OuterRef("pk"), state=ProgressReport.State.ACCEPTED)
        return self.accepted().filter(~Exists(newer))

    def visible_to(self, person: "Person") -> Self:
        """The own department's; for those who read all departments every other's too, but a draft leaves its department unseen by nobody."""
        mine = self.filter(government_id=person.government_id)
        own = Q(duty__department_id=person.department_id)
        return mine.filter(own | ~Q(state=ProgressReport.State.DRAFT)) if person.reads_all else mine.filter(own)


class ProgressReport(Owned):
    """One report. Frozen once accepted: a correction is a new report of the same period that names the old one."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        ENDORSED = "endorsed", _("待核定")
        ACCEPTED = "accepted", _("已核定")
        RETURNED = "returned", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Answer(models.TextChoices):
        VALUE = "value", _("填报数值或节点")
        NO_CHANGE = "no_change", _("无变化")
        NOT_OUT = "not_out", _("未到数据时点")
        CANNOT = "cannot", _("无法填报")

    class DataState(models.TextChoices):
        ESTIMATE = "estimate", _("预计")
        FLASH = "flash", _("快报")
        VERIFIED = "verified", _("核定")

    class Origin(models.TextChoices):
        FORM = "form", _("网页填报")
        SHEET = "sheet", _("表格上传")
        DEMONSTRATION = "demonstration", _("演示数据")
        DOCUMENT = "document", _("文件")

    UNFINISHED = (State.DRAFT, State.SUBMITTED, State.ENDORSED, State.RETURNED)

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="reports")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="reports")
    period = models.ForeignKey(Period, models.PROTECT, related_name="reports")
    number = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.VALUE)
    data_state = models.CharField(max_length=10, choices=DataState, default=DataState.VERIFIED)
    value = models.DecimalField(**VALUE, null=True, blank=True)  # the total 累计 or the level, never this period's part
    benchmark = models.DecimalField(**VALUE, null=True, blank=True)  # the other's value of a relative target
    typed = models.JSONField(default=dict, blank=True)  # what a draft holds that is no value yet: field → text as typed
    until_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, default="", blank=True)
    cut_off = models.DateField()
    progress = models.TextField(default="", blank=True)
    problem = models.TextField(default="", blank=True)
    next_step = models.TextField(default="", blank=True)
    origin = models.CharField(max_length=14, choices=Origin, default=Origin.FORM)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    reason = models.TextField(default="", blank=True)  # why a total falls, why a correction, why nothing can be reported
    basis = models.TextField(default="", blank=True)  # 依据 of a correction: the letter, the record of a check
    doubts = models.JSONField(default=dict, blank=True)  # what was unlikely when it was sent: code → {"said", "why"}; the sender stood by it
    version = models.IntegerField(default=0)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    endorsed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    endorsed_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "period", "number"], name="report_number"),
            models.UniqueConstraint(
                fields=["measure", "period"], condition=Q(state__in=["draft", "submitted", "endorsed", "returned"]), name="report_unfinished_once"
            ),
            models.UniqueConstraint(fields=["corrects"], condition=Q(corrects__isnull=False) & ~Q(state="withdrawn"), name="report_corrected_once"),
            models.CheckConstraint(
                condition=Q(endorsed_by__isnull=True)
                | ((Q(submitted_by__isnull=True) | ~Q(endorsed_by=F("submitted_by"))) & ~Q(endorsed_by=F("edited_by"))),
                name="report_maker_is_not_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True)
                | ((Q(submitted_by__isnull=True) | ~Q(accepted_by=F("submitted_by"))) & ~Q(accepted_by=F("edited_by"))),
                name="report_maker_is_not_supervisor",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | (Q(accepted_by__isnull=False) & Q(accepted_at__isnull=False)), name="report_accepted_by_somebody"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["government", "state"], name="report_state"),
            models.Index(fields=["government", "accepted_at"], name="report_accepted"),
        ]


class ReportPartQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """What hangs on the reports that a person may read."""
        return self.filter(report__in=ProgressReport.objects.visible_to(person))


class StepDone(Owned):
    """A step that a report says is done, and on which day."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="steps_done")
    step = models.ForeignKey(Step, models.PROTECT, related_name="+")
    on = models.DateField()

    objects = ReportPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "step"], name="step_done_once")]


class Evidence(Owned):
    """佐证: a file of a report, addressed by its content."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="evidence")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=100)  # media type, found from the content
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = ReportPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "sha256"], name="evidence_once")]


class ReportEvent(Owned):
    """One turn in a report's story: who, when, from which state to which, and why. `verb` 'edited' keeps the editor."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=12)
    from_state = models.CharField(max_length=10, default="")
    to_state = models.CharField(max_length=10)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.TextField(default="", blank=True)

    objects = ReportPartQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
