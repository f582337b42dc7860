"""分管: which leader is in charge of which departments, from and to a day. One leader a department at a time."""

import datetime as dt
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people import audit
from people.access import Person
from people.models import Department, Portfolio, Role, RoleGrant, User
from people.staffing import Refused

DAY = dt.timedelta(days=1)


def put_in_charge(leader: User, departments: Collection[Department], by: Person, at: dt.datetime, from_on: dt.date) -> None:
    """From a day on the leader is in charge of these departments; whoever was before is no more. Raises: Refused at `departments` or `from_on`."""
    _administers(by, leader)
    if not RoleGrant.objects.filter(user=leader, role=Role.LEADER, ended_at__isnull=True).exists():
        raise Refused("departments", _("%(name)s没有领导角色，先授予再定分管。") % {"name": leader.name})
    if not departments:
        raise Refused("departments", _("请选部门。"))
    with transaction.atomic():
        for department in departments:
            before = _end_before(department, from_on)
            try:
                with transaction.atomic():
                    Portfolio.objects.create(government_id=leader.government_id, user=leader, department=department, from_on=from_on)
            except IntegrityError:
                raise Refused("departments", _("%(name)s的分管刚由他人改过。") % {"name": department.short_title}) from None
            facts = {"department": department.code, "leader": leader.login, "before": before, "from": from_on}
            audit.record(leader.government_id, actor=by.user, verb="portfolio.given", subject=f"department:{department.pk}", at=at, facts=facts)


def _end_before(department: Department, from_on: dt.date) -> str:
    """Ends the open portfolio of a department the day before; the login of its leader. Raises: Refused where it began on that day or later."""
    open_one = Portfolio.objects.filter(department=department, until_on__isnull=True).select_related("user").first()
    if open_one is None:
        return ""
    if open_one.from_on >= from_on:
        words = {"name": department.short_title, "leader": open_one.user.name, "day": open_one.from_on}
        raise Refused("from_on", _("%(name)s自 %(day)s 起由%(leader)s分管，起日须晚于该日。") % words)
    Portfolio.objects.filter(pk=open_one.pk, until_on__isnull=True).update(until_on=from_on - DAY)
    return open_one.user.login


def relieve(portfolio: Portfolio, by: Person, at: dt.datetime, last_on: dt.date) -> None:
    """Ends a portfolio with a last day. Raises: Refused at `until_on`."""
    _administers(by, portfolio.user)
    if last_on < portfolio.from_on:
        raise Refused("until_on", _("止日不能早于起日。"))
    with transaction.atomic():
        if Portfolio.objects.filter(pk=portfolio.pk, until_on__isnull=True).update(until_on=last_on) != 1:
            raise Refused("until_on", _("这项分管已结束。"))
        facts = {"department": portfolio.department.code, "leader": portfolio.user.login, "until": last_on}
        audit.record(portfolio.government_id, actor=by.user, verb="portfolio.ended", subject=f"department:{portfolio.department_id}", at=at, facts=facts)


def _administers(by: Person, leader: User) -> None:
    if not by.has(Role.ADMINISTRATOR) or by.government_id != leader.government_id:
        raise Refused("departments", _("分管由管理员办理。"))
