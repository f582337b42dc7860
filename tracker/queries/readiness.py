"""What is missing before the first period can open: departments, people, a plan, the calendar. A fixed number of statements."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.utils.translation import gettext as _

from people import clock
from people.access import Person
from people.language import in_language
from people.models import Department, Role, RoleGrant, User
from people.workdays import calendar_of
from plans.models import Cycle, Measure, Plan
from tracker.models import Period


@dataclass(frozen=True)
class Point:
    """One line of the list: what, whether it is there, what stands there or is missing, the page where it is done ("" for a command), and
    whether nothing opens without it."""

    title: str
    done: bool
    words: str
    page: str = ""
    needed: bool = True


@dataclass(frozen=True)
class Readiness:
    points: list[Point]
    opened: int

    @property
    def missing(self) -> int:
        return sum(1 for point in self.points if point.needed and not point.done)


def readiness(person: Person, at: dt.datetime) -> Readiness:
    """The list for the own government. 9 statements."""
    return Readiness(list(_points(person, at)), Period.objects.of(person.government_id).count())


def _points(person: Person, at: dt.datetime) -> Iterator[Point]:
    government, day = person.user.government, clock.day_of(at, person.user.government.zone)
    departments = Department.objects.of(government).filter(until_on__isnull=True).exclude(kind=Department.Kind.OFFICE).count()
    grants = RoleGrant.objects.of(government).open_on(day).filter(user__is_active=True)
    held = list(grants.values_list("role", "user", "user__department"))
    supervisors = len({user for role, user, _department in held if role == Role.SUPERVISOR})
    reporting = {department for role, _user, department in held if role == Role.REPORTER}
    cycles = Cycle.objects.of(government).count()
    published = Plan.objects.of(government).filter(state=Plan.State.PUBLISHED)
    plans = [plan.short_title for plan in published]
    mute = sorted({in_language(short, name_en) for pk, short, name_en in _reporters(person) if pk not in reporting})
    waiting = User.objects.of(government).filter(is_active=True).filter(Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(password="")).count()
    unknown = calendar_of(government).unknown([day.year])
    yield Point(_("部门"), departments > 0, _("已设 %(n)d 个") % {"n": departments} if departments else _("只有办公机构，还没有责任单位"), "department-list")
    yield Point(_("督查员"), supervisors > 1, _("%(n)d 位；发布规划要两位") % {"n": supervisors}, "people")
    yield Point(_("报送周期"), cycles > 0, _("%(n)d 种") % {"n": cycles})
    yield Point(_("已发布的规划"), bool(plans), _("、").join(plans) or _("还没有；没有规划就没有要填的数"), "plans")
    yield Point(_("填报员"), bool(reporting) and not mute, _mute(mute) if mute else _("各填报部门都有") if plans else _("规划发布后核对"), "people")
    words = _("%(year)s年的节假日安排还没有，按周一至周五推算") % {"year": day.year} if unknown else _("%(year)s年的节假日安排已有") % {"year": day.year}
    yield Point(_("工作日历"), not unknown, words, needed=False)
    yield Point(
        _("邮件"), bool(settings.EMAIL_URL), _("已接邮件服务器") if settings.EMAIL_URL else _("没有接邮件服务器，邮件存成文件（EMAIL_URL）"), needed=False
    )
    yield Point(_("加入"), not waiting, _("%(n)d 人还没有设密码") % {"n": waiting} if waiting else _("都已加入"), "people", needed=False)


def _reporters(person: Person) -> list[tuple[int, str, str]]:
    """The departments that report a measure of a published plan. 1 statement."""
    read = Measure.objects.of(person.government_id).filter(items__plan__state=Plan.State.PUBLISHED)
    return list(read.order_by().values_list("reporter", "reporter__short", "reporter__name_en").distinct())


def _mute(names: list[str]) -> str:
    shown = _("、").join(names[:6])
    return _("%(names)s等 %(n)d 个部门没有填报员") % {"names": shown, "n": len(names)} if len(names) > 6 else _("没有填报员：%(names)s") % {"names": shown}
