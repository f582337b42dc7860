"""Items, and what they promise at each version: terms, targets, steps, bands, and the amendments that bring them."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from people.language import in_language
from people.models import Department, Owned, OwnedQuerySet, Role, User
from plans.models.papers import Goal, Measure, Plan

if TYPE_CHECKING:
    from people.access import Person

VALUE = {"max_digits": 15, "decimal_places": 4}
SHARE = {"max_digits": 9, "decimal_places": 6}


class ItemQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """Items of the plans that a person may read."""
        return self.filter(plan__in=Plan.objects.visible_to(person))


class Item(Owned):
    """事项: what is promised. The identity through all versions; `Terms` say what at each."""

    class Kind(models.TextChoices):
        INDICATOR = "indicator", _("指标")
        TASK = "task", _("任务")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="items")
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="items")
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    position = models.IntegerField(default=0)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="item_code"),
            models.CheckConstraint(condition=Q(kind__in=["indicator", "task"]), name="item_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}:{self.code}"


class _KindManager(models.Manager.from_queryset(ItemQuerySet)):  # type: ignore[misc]
    """The manager of a proxy: reads and creates only its own kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(kind=self.kind)

    def create(self, **fields: Any) -> Any:
        return super().create(**{**fields, "kind": self.kind})


class Indicator(Item):
    objects = _KindManager(Item.Kind.INDICATOR)

    class Meta:
        proxy = True


class Task(Item):
    objects = _KindManager(Item.Kind.TASK)

    class Meta:
        proxy = True


class AmendmentQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """Those of the plans that a person may read. What is not published: what was proposed, for those who make and check plans;
        a department's own path in every state, for those who draft and endorse there."""
        mine = self.filter(plan__in=Plan.objects.visible_to(person))
        if person.reads_drafts:
            return mine.exclude(state=Amendment.State.DRAFTED)
        published = Q(state=Amendment.State.PUBLISHED)
        drafts = person.has(Role.REPORTER, Role.REVIEWER)
        return mine.filter(published | Q(department=person.department_id)) if drafts else mine.filter(published)


class Amendment(Owned):
    """目标调整. Number 0 is the first publication; every later one is proposed and published by two people.

    A path of a department (`department`) is drafted there and proposed by its reviewer's endorsement. `makers` is everybody who
    wrote in it: none of them publishes it.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", _("拟稿")
        PROPOSED = "proposed", _("待发布")
        PUBLISHED = "published", _("已发布")
        REJECTED = "rejected", _("未采纳")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="amendments")
    number = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reason = models.TextField(default="")
    basis = models.CharField(max_length=200, default="")
    from_on = models.DateField()
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    endorsed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    makers = models.ManyToManyField(User, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(default="", blank=True)  # why it was rejected or given back
    version = models.PositiveIntegerField(default=0)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="amendment_number"),
            models.CheckConstraint(
                condition=Q(number=0)
                | (Q(proposed_by__isnull=False) & ~Q(state="published"))
                | (Q(proposed_by__isnull=False) & Q(published_by__isnull=False) & ~Q(proposed_by=F("published_by"))),
                name="amendment_two_people",
            ),
            models.CheckConstraint(condition=Q(endorsed_by__isnull=True) | ~Q(endorsed_by=F("proposed_by")), name="amendment_endorsed_by_another"),
        ]


class TermsQuerySet(OwnedQuerySet):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def in_force(self, day: dt.date) -> Self:
        """The published terms of each item in force on a day: the latest that began by then."""
        newer = Terms.objects.filter(item=OuterRef("item"), published_at__isnull=False, from_on__lte=day, from_on__gt=OuterRef("from_on"))
        return self.filter(~Exists(newer), published_at__isnull=False, from_on__lte=day)

    def visible_to(self, person: "Person") -> Self:
        """Those of the plans that a person may read; a version that is only proposed, for those who make and check plans."""
        mine = self.filter(item__in=Item.objects.visible_to(person))
        return mine if person.reads_drafts else mine.published()

    def published_to(self, person: "Person") -> Self:
        """Of the published plans of the own government, which everyone in it reads. By the plan's own columns: a subquery is one relation
        more, and beside the joins of a list that costs PostgreSQL 8 ms of planning."""
        return self.filter(item__plan__government_id=person.government_id, item__plan__state__in=[Plan.State.PUBLISHED, Plan.State.CLOSED])


class Terms(Owned):
    """约定: the promise at one version; frozen once published."""

    class Accrual(models.TextChoices):
        CUMULATIVE = "cumulative", _("累计型")
        LEVEL = "level", _("水平型")
        HELD = "held", _("保持型")

    class Reading(models.TextChoices):
        VALUE = "value", _("当期值")
        INCREASE = "increase", _("增量")
        GROWTH = "growth", _("增幅")

    class Average(models.TextChoices):
        GEOMETRIC = "geometric", _("几何平均")
        ARITHMETIC = "arithmetic", _("算术平均")

    class Profile(models.TextChoices):
        LINEAR = "linear", _("按月均匀")
        SHARES = "shares", _("按分期比例")
        AT_END = "at_end", _("到期一次")

    class Adding(models.TextChoices):
        SUM = "sum", _("相加")
        WEIGHTED = "weighted", _("加权平均")
        MINIMUM = "minimum", _("取最低")
        ALL = "all", _("全部达到")

    class Basis(models.TextChoices):
        SOURCE = "source", _("原文载明")
        ASSIGNED = "assigned", _("督查室指定")

    item = models.ForeignKey(Item, models.PROTECT, related_name="terms")
    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="terms")
    from_on = models.DateField()
    published_at = models.DateTimeField(null=True, blank=True)
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="terms")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=240)
    accrual = models.CharField(max_length=12, choices=Accrual)
    reading = models.CharField(max_length=12, choices=Reading, default=Reading.VALUE)
    average = models.CharField(max_length=12, choices=Average, default="", blank=True)
    profile = models.CharField(max_length=12, choices=Profile, default=Profile.LINEAR)
    shares = models.CharField(max_length=200, default="", blank=True)  # '5/25/60/100', per cent of the way
    adding = models.CharField(max_length=10, choices=Adding, default="", blank=True)  # how the parts of a shared item make the whole
    baseline_on = models.DateField(null=True, blank=True)
    baseline = models.DecimalField(**VALUE, null=True, blank=True)  # type: ignore[arg-type]
    weight = models.DecimalField(**SHARE, default=1)  # type: ignore[arg-type]
    binding = models.BooleanField(null=True, blank=True)  # True 约束性, False 预期性, None where the text does not say
    lead = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="leads")  # open in a draft alone
    leader = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # 包联: one item's own leader
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.ASSIGNED)
    locator = models.CharField(max_length=200, default="")
    acceptance = models.CharField(max_length=400, default="", blank=True)  # 验收标准
    withdrawn = models.BooleanField(default=False)
    merged_into = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")  # of a withdrawn item: the one that goes on
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")  # the version that it was copied from
    path_approved = models.BooleanField(default=False)  # the path was laid by an approved amendment, not reckoned month by month
    version = models.PositiveIntegerField(default=0)  # of a draft: raised by every change of the item, so that a lost race is seen

    objects = TermsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "amendment"], name="terms_version"),
            models.UniqueConstraint(fields=["item", "from_on"], condition=Q(published_at__isnull=False), name="terms_in_force_once"),
            models.CheckConstraint(condition=Q(published_at__isnull=True) | Q(lead__isnull=False), name="terms_published_led"),
        ]
        indexes = [models.Index(fields=["government", "lead"], name="terms_lead")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class TermsPart(Owned):
    """A row that hangs on terms and is frozen with them."""

    class Meta:
        abstract = True


class TermsPartQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        return self.filter(terms__in=Terms.objects.visible_to(person))


class Target(TermsPart):
    """目标值: what must be reached, how, and by when. A task has one final target without value."""

    class RoleInPath(models.TextChoices):
        FINAL = "final", _("终期")
        INTERIM = "interim", _("分解")

    class Comparator(models.TextChoices):
        AT_LEAST = "at_least", _("不低于")
        AT_MOST = "at_most", _("不超过")
        ABOUT = "about", _("左右")
        EXACTLY = "exactly", _("等于")
        BETWEEN = "between", _("区间")
        RELATIVE = "relative", _("与参照相比")

    class Better(models.TextChoices):
        UP = "up", _("越高越好")
        DOWN = "down", _("越低越好")

    class Firm(models.TextChoices):
        ENSURE = "ensure", _("确保")
        STRIVE = "strive", _("力争")

    class Origin(models.TextChoices):
        DOCUMENT = "document", _("文件")
        APPROVED = "approved", _("批准的分解")
        ASSUMED = "assumed", _("推算")

    terms = models.ForeignKey(Terms, models.CASCADE, related_name="targets")
    role = models.CharField(max_length=10, choices=RoleInPath, default=RoleInPath.FINAL)
    from_on = models.DateField()  # T0, exclusive
    due_on = models.DateField(null=True, blank=True)  # open in a draft alone
    comparator = models.CharField(max_length=10, choices=Comparator, default="", blank=True)
    better = models.CharField(max_length=5, choices=Better, default="", blank=True)
    value = models.DecimalField(**VALUE, null=True, blank=True)  # type: ignore[arg-type]
    value_high = models.DecimalField(**VALUE, null=True, blank=True)  # type: ignore[arg-type]
    unit = models.CharField(max_length=20, default="", blank=True)
    tolerance = models.DecimalField(**SHARE, null=True, blank=True)  # type: ignore[arg-type]
    offset = models.DecimalField(**VALUE, default=0)  # type: ignore[arg-type]
    against = models.ForeignKey(Measure, models.PROTECT, null=True, blank=True, related_name="+")
    firm = models.CharField(max_length=8, choices=Firm, default="", blank=True)
    words = models.CharField(max_length=40, default="", blank=True)
    note = models.CharField(max_length=300, default="", blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.DOCUMENT)
    locator = models.CharField(max_length=200, default="", blank=True)

    objects = TermsPartQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value_high__isnull=True) | (Q(comparator="between") & Q(value__isnull=False) & Q(value_high__gte=F("value"))), name="target_range"
            ),
            models.CheckConstraint(condition=Q(from_on__lt=F("due_on")), name="target_span"),
        ]


class Step(TermsPart):
    """A dated part of a task; `stage` orders a project's 签约 → 开工 → 建设 → 投产 → 达效."""

    terms = models.ForeignKey(Terms, models.CASCADE, related_name="steps")
    position = models.IntegerField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, default="")
    stage = models.IntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)  # open in a draft alone
    weight = models.DecimalField(**SHARE, default=1)  # type: ignore[arg-type]
    stated = models.BooleanField(default=True)  # False: the one step laid for a task whose text gives none

    objects = TermsPartQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["terms", "position"], name="step_position")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Support(TermsPart):
    """配合: a department that has its part in an item."""

    terms = models.ForeignKey(Terms, models.CASCADE, related_name="supports")
    department = models.ForeignKey(Department, models.PROTECT, related_name="supports")
    part = models.CharField(max_length=200, default="", blank=True)

    objects = TermsPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["terms", "department"], name="support_once")]


class BandsQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        return self.filter(amendment__in=Amendment.objects.visible_to(person))


class Bands(Owned):
    """Where the gap turns the light, per plan and kind, at one amendment. Lower limits belong to the better colour."""

    class Kind(models.TextChoices):
        SHARE = "share", _("百分点（完成比例）")
        POINTS = "points", _("百分点（指标值）")
        NODE = "node", _("汇总")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="bands")
    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="bands")
    kind = models.CharField(max_length=8, choices=Kind)
    green_from = models.DecimalField(**VALUE)  # type: ignore[arg-type]
    yellow_from = models.DecimalField(**VALUE)  # type: ignore[arg-type]

    objects = BandsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "amendment", "kind"], name="bands_once"),
            models.CheckConstraint(condition=Q(yellow_from__lt=F("green_from")), name="bands_ordered"),
        ]
