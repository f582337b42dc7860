"""A city from nothing: a government with its zone, calendar, rhythms, due rules and bands, an office, and its first administrator."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people import audit, clock
from people.models import Department, Government, Role, RoleGrant, StagedTime, User
from people.staffing import LOGIN, Refused
from people.workdays import seed_workdays
from plans.importing import BANDS
from plans.models import BandRule, Cycle

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
AFTER, LAST_MONTH = "after", "last-month"
DUE: dict[str, Mapping[str, tuple[int, int]]] = {  # month counted from the period's last one, day
    AFTER: {"month": (1, 5), "quarter": (1, 15), "half-year": (1, 15), "year": (1, 31)},
    LAST_MONTH: {"month": (0, 25), "quarter": (0, 25), "half-year": (0, 25), "year": (0, 25)},
}
OPENS = {AFTER: {"month": 25, "quarter": 20, "half-year": 20, "year": 20}, LAST_MONTH: dict.fromkeys(("month", "quarter", "half-year", "year"), 10)}
YEARS_AROUND = (-2, 3)  # of the calendar, around the first day


@dataclass(frozen=True)
class Blueprint:
    """All that a government begins with. `county_day`: the day of the quarter's due month on which counties report; empty: as all others."""

    code: str
    name: str
    office: str
    login: str
    person: str
    name_en: str = ""
    level: str = Government.Level.CITY
    zone: str = "Asia/Shanghai"
    office_short: str = ""
    email: str = ""
    due: str = AFTER
    shift: str = Cycle.Shift.AFTER
    grace_days: int = 0
    county_day: int | None = None
    bands: Mapping[str, tuple[str, str]] = field(default_factory=lambda: dict(BANDS))


def set_up(plan: Blueprint, at: dt.datetime, password: str = "") -> User:
    """Makes all of it, or nothing; returns the administrator, who has no password yet unless one is given. Raises: Refused with the field."""
    _is_acceptable(plan)
    day = clock.day_of(at, plan.zone)
    user = User(login=plan.login, name=plan.person, email=plan.email)
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    with transaction.atomic():
        government = _government(plan)
        office = Department.objects.create(
            government=government, code="office", name=plan.office, short=plan.office_short or plan.office, name_en=plan.office, kind=Department.Kind.OFFICE
        )
        Cycle.objects.bulk_create(Cycle(government=government, **row) for row in _cycles(plan))
        BandRule.objects.bulk_create(
            BandRule(government=government, kind=kind, green_from=Decimal(green), yellow_from=Decimal(yellow)) for kind, (green, yellow) in plan.bands.items()
        )
        user.government, user.department = government, office
        _save(user)
        RoleGrant.objects.create(government=government, user=user, role=Role.ADMINISTRATOR, from_on=day)
        facts = {"code": plan.code, "name": plan.name, "login": plan.login}
        audit.record(government, actor=user, verb="government.set_up", subject=f"user:{user.pk}", at=at, facts=facts)
        seed_workdays(range(day.year + YEARS_AROUND[0], day.year + YEARS_AROUND[1]))
    return user


def _cycles(plan: Blueprint) -> list[dict[str, Any]]:
    staggered = {"county": plan.county_day} if plan.county_day else {}
    return [
        {
            "name": name, "frequency": name, "opens_month": 0, "opens_day": OPENS[plan.due][name], "due_month": month, "due_day": day,
            "shift": plan.shift, "grace_days": plan.grace_days, "staggered": staggered if name == "quarter" else {},
        }
        for name, (month, day) in DUE[plan.due].items()
    ]  # fmt: skip


def _government(plan: Blueprint) -> Government:
    try:
        with transaction.atomic():
            return Government.objects.create(code=plan.code, name=plan.name, name_en=plan.name_en or plan.name, level=plan.level, zone=plan.zone)
    except IntegrityError:
        raise Refused("code", _("已有这个代码的政府。")) from None


def _save(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        taken = User.objects.filter(login=user.login).exists()
        raise Refused("login", _("登录名已有人用，请换一个。")) if taken else Refused("email", _("这个邮箱已有人用。")) from None


def _is_acceptable(plan: Blueprint) -> None:
    if not CODE.fullmatch(plan.code):
        raise Refused("code", _("代码用小写字母、数字和 -，至多 40 个字符。"))
    for name in ("name", "office", "person"):
        if not getattr(plan, name).strip():
            raise Refused(name, _("请填写。"))
    if plan.zone not in available_timezones() or not ZoneInfo(plan.zone):
        raise Refused("zone", _("没有这个时区，写作 Asia/Shanghai。"))
    if plan.level not in Government.Level.values:
        raise Refused("level", _("级别是 province、city 或 county。"))
    if not LOGIN.fullmatch(plan.login):
        raise Refused("login", _("登录名用小写字母、数字和 . _ -，2 至 60 个字符。"))
    if plan.due not in DUE or plan.shift not in Cycle.Shift.values or not 0 <= plan.grace_days <= 60:
        raise Refused("due", _("报送规则不对。"))
    if plan.county_day is not None and not 1 <= plan.county_day <= 31:
        raise Refused("county_day", _("请填 1 至 31。"))
    for kind, (green, yellow) in plan.bands.items():
        if Decimal(yellow) >= Decimal(green):
            raise Refused(f"{kind}_yellow", _("偏慢的下限须低于正常的下限。"))
    if StagedTime.objects.exists():
        raise Refused("code", _("这个数据库里是演示。先用 manage.py remove_demonstration 移除。"))
