"""Who, and by which calendar: governments, departments, people, their roles, and the audit trail."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from people.language import in_language

if TYPE_CHECKING:
    from people.access import Person


class OwnedQuerySet(models.QuerySet):
    """Rows of tenants. `visible_to` is the funnel: views reach objects through it alone."""

    def of(self, government: "Government | int") -> Self:
        return self.filter(government=government)

    def visible_to(self, person: "Person") -> Self:
        """What a signed-in person may read: by default everything of the own government."""
        return self.filter(government_id=person.government_id)


class Government(models.Model):
    """A province, city or county: the tenant."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县")

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    level = models.CharField(max_length=10, choices=Level, default=Level.CITY)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    run = models.BigIntegerField(default=0)  # number of the current roll-up; no foreign key upwards
    objection_days = models.PositiveIntegerField(default=10)  # working days in which an objection is answered
    beside = models.BigIntegerField(default=0)  # raised whenever what stands beside the lights changes: pages kept before are made anew

    objects = models.Manager()

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Owned(models.Model):
    """A row that belongs to one government."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="+", db_index=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True


class Department(Owned):
    """A bureau, county, zone or office: answers for what it leads, reports what it measures."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("市直部门")
        COUNTY = "county", _("县区")
        ZONE = "zone", _("功能区")
        OFFICE = "office", _("政府办公机构")

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    short = models.CharField(max_length=40)
    name_en = models.CharField(max_length=120)
    former = models.JSONField(default=list, blank=True)
    position = models.IntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BUREAU)
    from_on = models.DateField(default=dt.date(2019, 1, 1))
    until_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["government", "code"], name="department_code"),
            models.UniqueConstraint(fields=["government", "name"], name="department_name"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def short_title(self) -> str:
        return in_language(self.short, self.name_en)


class DepartmentName(Owned):
    """What a department was called up to and with a day; what stands on the department is the name now."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="names")
    name = models.CharField(max_length=80)
    short = models.CharField(max_length=40)
    name_en = models.CharField(max_length=120)
    until_on = models.DateField()

    class Meta:
        ordering = ["department", "until_on"]
        constraints = [models.UniqueConstraint(fields=["department", "until_on"], name="department_name_once")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Role(models.TextChoices):
    REPORTER = "reporter", _("填报员")
    REVIEWER = "reviewer", _("审核人")
    SUPERVISOR = "supervisor", _("督查员")
    LEADER = "leader", _("领导")
    ADMINISTRATOR = "administrator", _("管理员")
    STEWARD = "steward", _("联络员")
    AUDITOR = "auditor", _("审计员")


EXCLUSIVE_ROLES = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR)


class UserManager(BaseUserManager["User"].from_queryset(OwnedQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login=username)


class User(AbstractBaseUser):
    """A person with one department and one government."""

    government = models.ForeignKey(Government, models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, related_name="people")
    login = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True, default="")
    name = models.CharField(max_length=40)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    epoch = models.PositiveIntegerField(default=0)  # raised to end every session of this person at once
    version = models.PositiveIntegerField(default=0)

    objects = UserManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="user_email")]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        return salted_hmac("people.User.session", f"{self.password}:{self.epoch}:{self.is_active}", algorithm="sha256").hexdigest()


class RoleGrantQuerySet(OwnedQuerySet):
    def open_on(self, day: dt.date) -> Self:
        """Grants in force on a day."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day, ended_at__isnull=True)


class RoleGrant(Owned):
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=16, choices=Role)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    deputy_for = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], condition=Q(ended_at__isnull=True), name="role_open_once"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at__isnull=True, role__in=["administrator", "supervisor", "auditor"]), name="role_exclusive"
            ),
        ]


class PortfolioQuerySet(OwnedQuerySet):
    def open_on(self, day: dt.date) -> Self:
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)


class Portfolio(Owned):
    """分管: a leader in charge of a department, between two days."""

    user = models.ForeignKey(User, models.PROTECT, related_name="portfolio")
    department = models.ForeignKey(Department, models.PROTECT, related_name="portfolios")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = PortfolioQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department"], condition=Q(until_on__isnull=True), name="portfolio_open_once")]


class Merger(Owned):
    """撤并: a department goes up in another one from a day on. One proposes, another confirms; then all that is open moves at once."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待确认")
        CONFIRMED = "confirmed", _("已办理")
        WITHDRAWN = "withdrawn", _("已撤回")

    department = models.ForeignKey(Department, models.PROTECT, related_name="mergers")
    successor = models.ForeignKey(Department, models.PROTECT, related_name="+")
    from_on = models.DateField()
    reason = models.TextField()
    basis = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department"], condition=Q(state="proposed"), name="merger_open_once"),
            models.CheckConstraint(condition=~Q(department=F("successor")), name="merger_into_another"),
            models.CheckConstraint(condition=~Q(state="confirmed") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))), name="merger_two_people"),
        ]


class OneTimeCodeQuerySet(OwnedQuerySet):
    def open(self) -> Self:
        """Neither used nor taken back; may be out of date."""
        return self.filter(used_at__isnull=True, ended_at__isnull=True)

    def visible_to(self, person: "Person") -> Self:
        """Administrators see those of their government, stewards those of their department's people."""
        mine = self.filter(government_id=person.government_id)
        if person.has(Role.ADMINISTRATOR):
            return mine
        return mine.filter(user__department_id=person.department_id) if person.has(Role.STEWARD) else mine.none()


class OneTimeCode(Owned):
    """Lets one person set a password, once, until a day. Of the code itself only the hash is kept."""

    class Purpose(models.TextChoices):
        INVITE = "invite", _("邀请")
        RESET = "reset", _("重设密码")

    class Channel(models.TextChoices):
        MAIL = "mail", _("发邮件")
        SLIP = "slip", _("打印纸条")

    class Mail(models.TextChoices):
        NONE = "", _("不发")
        READY = "ready", _("待发")
        HANDING = "handing", _("正在发")
        SENT = "sent", _("已发")
        FAILED = "failed", _("没发出")

    user = models.ForeignKey(User, models.PROTECT, related_name="codes")
    purpose = models.CharField(max_length=8, choices=Purpose)
    channel = models.CharField(max_length=8, choices=Channel)
    nonce = models.CharField(max_length=32)
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # empty: asked for by the person
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=8, choices=Mail, default=Mail.NONE, blank=True)

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(used_at__isnull=True, ended_at__isnull=True), name="one_time_code_open_once"),
        ]
        indexes = [models.Index(fields=["government", "mail"], condition=Q(mail="ready"), name="one_time_code_ready")]


class WorkdayException(models.Model):
    """A day that differs from its weekday: a holiday, or a make-up working day. Scope: a country ('CN') or a government's code."""

    scope = models.CharField(max_length=40)
    day = models.DateField()
    works = models.BooleanField()

    objects = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "day"], name="workday_exception_once")]


class FormKey(models.Model):
    """The key of a form that creates something: the same key sent twice finds the first result."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    result = models.CharField(max_length=200, default="")

    objects = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="form_key_once")]


class AuditEntryQuerySet(OwnedQuerySet):
    def visible_to(self, person: "Person") -> Self:
        """The trail of the own government, for those who supervise or audit."""
        return self.filter(government_id=person.government_id) if person.has(Role.SUPERVISOR, Role.AUDITOR) else self.none()


class AuditEntry(Owned):
    """One link of a government's audit chain; `body` is the canonical text that was hashed."""

    position = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    body = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["government", "position"]
        constraints = [models.UniqueConstraint(fields=["government", "position"], name="audit_position")]
        indexes = [models.Index(fields=["government", "subject"], name="audit_subject")]


class StagedTime(models.Model):
    """What the clock shows on the stage: `shown_at` plus the time since `set_at`, never past 23:59 of that day."""

    shown_at = models.DateTimeField()
    set_at = models.DateTimeField()

    objects = models.Manager()

    def shown(self, real: dt.datetime) -> dt.datetime:
        """The instant to show for the real instant `real`; both aware, UTC."""
        from zoneinfo import ZoneInfo

        local = self.shown_at.astimezone(ZoneInfo("Asia/Shanghai"))
        last = local.replace(hour=23, minute=59, second=0, microsecond=0)
        return min(self.shown_at + max(real - self.set_at, dt.timedelta(0)), last).astimezone(dt.UTC)
