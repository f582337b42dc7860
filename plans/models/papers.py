"""Documents, the plans in them, their goals, and the measures that are reported."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from people.language import in_language
from people.models import Department, Owned, OwnedQuerySet

if TYPE_CHECKING:
    from people.access import Person


class Document(Owned):
    """A published source."""

    number = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, default="")
    issuer = models.CharField(max_length=100)
    date = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "number", "title"], name="document_number")]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)


class Cycle(Owned):
    """The rhythm that plans share: how long a period is, when it opens, when it is due.

    Days count from the period's last month: month 0 is that month itself, 1 the month after. `staggered` gives a kind of
    department a day of its own: {"county": 12}.
    """

    class Frequency(models.TextChoices):
        MONTH = "month", _("每月")
        QUARTER = "quarter", _("每季度")
        HALF_YEAR = "half-year", _("每半年")
        YEAR = "year", _("每年")

    class Shift(models.TextChoices):
        AFTER = "after", _("顺延至下一工作日")
        BEFORE = "before", _("提前至上一工作日")
        NONE = "none", _("不调整")

    MONTHS = {frequency.value: months for frequency, months in zip(Frequency, (1, 3, 6, 12), strict=True)}

    name = models.CharField(max_length=40)
    frequency = models.CharField(max_length=10, choices=Frequency)
    opens_month = models.IntegerField(default=0)
    opens_day = models.IntegerField(default=20)
    due_month = models.IntegerField(default=1)
    due_day = models.IntegerField(default=15)
    due_hour = models.TimeField(null=True, blank=True)
    shift = models.CharField(max_length=10, choices=Shift, default=Shift.AFTER)
    grace_days = models.IntegerField(default=0)
    staggered = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "name"], name="cycle_name")]

    def __str__(self) -> str:
        return str(self.get_frequency_display())

    @property
    def months(self) -> int:
        """Length of a period in months."""
        return self.MONTHS[str(self.frequency)]


class PlanQuerySet(OwnedQuerySet):
    def published(self) -> Self:
        return self.filter(state__in=[Plan.State.PUBLISHED, Plan.State.CLOSED])

    def visible_to(self, person: "Person") -> Self:
        """Published plans of the own government; drafts only for those who make and check them."""
        mine = self.filter(government_id=person.government_id)
        return mine if person.reads_drafts else mine.published()


class Plan(Owned):
    """A document's promises over a span of time."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草案")
        CONSULTATION = "consultation", _("征求意见")
        PUBLISHED = "published", _("已发布")
        CLOSED = "closed", _("已办结")

    document = models.ForeignKey(Document, models.PROTECT, related_name="plans")
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300)
    short = models.CharField(max_length=40, default="")
    short_en = models.CharField(max_length=60, default="")
    start = models.DateField()
    end = models.DateField()
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    position = models.IntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["government", "code"], name="plan_code"),
            models.CheckConstraint(condition=Q(start__lte=F("end")), name="plan_span"),
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def short_title(self) -> str:
        return in_language(self.short or self.title, self.short_en or self.title_en)


class PlanPartQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """Parts of the plans that a person may read."""
        return self.filter(plan__in=Plan.objects.visible_to(person))


class Goal(Owned):
    """A node of a plan's tree. `path` is '001/003/', read by prefix; its depth is the number of '/'."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="goals")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=120)
    position = models.IntegerField()
    title = models.CharField(max_length=160)
    title_en = models.CharField(max_length=240)
    version = models.PositiveIntegerField(default=0)

    objects = PlanPartQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "path"]
        constraints = [models.UniqueConstraint(fields=["plan", "path"], name="goal_path")]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def depth(self) -> int:
        return self.path.count("/")

    @property
    def indent(self) -> str:
        """What stands before the title in a list of choices."""
        return "\u3000" * (self.depth - 1)


class MeasureQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """What a plan reads that the person may read: the name of a measure tells what a draft is about."""
        mine = self.filter(government_id=person.government_id)
        return mine if person.reads_drafts else mine.filter(Exists(Plan.objects.visible_to(person).filter(items__measure=OuterRef("pk"))))


class Measure(Owned):
    """指标口径: what is reported. One figure turns the light of every promise that reads it."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("数值")
        STEPS = "steps", _("节点")

    code = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=240)
    unit = models.CharField(max_length=20, default="", blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NUMBER)
    definition = models.CharField(max_length=400, default="", blank=True)
    source = models.CharField(max_length=120, default="", blank=True)
    reporter = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="measures")  # open while only drafts read it
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="measures")
    release_lag = models.IntegerField(default=0)  # days after the period's end at which the figure exists
    version = models.PositiveIntegerField(default=0)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "code"], name="measure_code")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class PastResultQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        return self.filter(measure__in=Measure.objects.visible_to(person))


class PastResult(Owned):
    """A result before the plan, as a document gives it, of the same measure in the same unit (目标力度).

    Yearly flows start at zero, so their last result is no baseline of the promise; it stands here.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="past")
    on = models.DateField()
    value = models.DecimalField(max_digits=15, decimal_places=4)
    locator = models.CharField(max_length=200, default="")

    objects = PastResultQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "on"], name="past_result_once")]


class Publication(Owned):
    """A plan as it was published, whole: what the public reads."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="publications")
    amendment = models.ForeignKey("plans.Amendment", models.PROTECT, related_name="publications")
    body = models.TextField()

    objects = PlanPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "amendment"], name="publication_once")]
