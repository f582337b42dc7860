"""What is said to those who have not answered: the reminder before and after the last day, and a supervisor's 催报.

One message a person and day for all that his department owes; nothing to who has answered, nothing on a day off. A reminder that
falls on one is said on the working day before, with that day's others.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import audit, clock
from people.access import Person
from people.models import Government, Role, RoleGrant, User
from people.workdays import Calendar, calendar_of
from tracker import formats
from tracker.causes import reached, reminder_days
from tracker.models import Duty, Message, Period, Standing
from tracker.telling import Letter, Line, Page, Section, address, letter, store

HOUR = dt.time(8)
AFTER_WORKDAYS = (1, 3, 5)  # working days after the last one on which what is overdue is called to mind; then every fifth
SOON = 14  # days: what falls due in them is told together
LONG = 4  # lines of a section


@dataclass(frozen=True)
class Owed:
    """A duty that nobody has answered, the last day for it, and whether that day is over."""

    duty: Duty
    last: dt.date
    late: bool


@dataclass(frozen=True)
class Reminded:
    """What a call left: how many messages are new, for how many departments, and the short names of those without a reporter."""

    new: int = 0
    departments: int = 0
    nobody: tuple[str, ...] = ()


def due(government: Government, at: dt.datetime) -> str | None:
    """The day whose reminders are due at the instant: a working day from 08:00 on."""
    day = clock.day_of(at, government.zone)
    if at < clock.start_of(day, government.zone, HOUR) or not calendar_of(government).is_workday(day):
        return None
    return day.isoformat()


def remind(government: Government, at: dt.datetime) -> Reminded:
    """Writes to the reporters of every department that is to be reminded today, or was to be while the machine was off.

    Idempotent, and safe twice at once. 10 statements.
    """
    day, calendar = clock.day_of(at, government.zone), calendar_of(government)
    if not calendar.is_workday(day):
        return Reminded()
    owed = _owed(Duty.objects.of(government).owed_on(day).exclude(measure__in=_reached(government)), at)
    asked = {key: day_asked for key, rows in owed.items() if (day_asked := last_asked(rows, calendar, day))}
    told = dict(Message.objects.of(government).filter(kind=Message.Kind.REMINDER).order_by().values_list("recipient").annotate(Max("occasion")))
    reporters = _reporters(government, day)
    letters = [
        _letter(user, Message.Kind.REMINDER, day.isoformat(), _soon(owed[key], day), day)
        for key in asked
        for user in reporters[key]
        if told.get(user.pk, "") < asked[key].isoformat()
    ]
    return Reminded(store(government, letters, at), len(asked), _without(owed, asked, reporters))


def urge(period: Period, by: Person, at: dt.datetime, departments: Collection[int] | None = None) -> Reminded:
    """A supervisor urges all who have not answered in a period, or those of these departments: one message a reporter and day.

    Raises: PermissionDenied.
    """
    government = period.government
    if not by.has(Role.SUPERVISOR) or by.government_id != government.pk:
        raise PermissionDenied
    day = clock.day_of(at, government.zone)
    duties = Duty.objects.filter(period=period).owed_on(day).exclude(measure__in=_reached(government))
    owed = _owed(duties if departments is None else duties.filter(department__in=departments), at)
    reporters = _reporters(government, day)
    occasion = f"{period.occasion}:{period.cycle_id}:{day}"
    letters = [_letter(user, Message.Kind.URGE, occasion, rows, day, period) for key, rows in owed.items() for user in reporters[key]]
    with transaction.atomic():
        done = Reminded(store(government, letters, at), len(owed), _without(owed, owed, reporters))
        facts = {"period": period.occasion, "departments": done.departments, "messages": done.new, "to": sorted({letter.recipient.login for letter in letters})}
        audit.record(government, actor=by.user, verb="period.urged", subject=f"period:{period.pk}", at=at, facts=facts)
    return done


def last_asked(owed: Iterable[Owed], calendar: Calendar, day: dt.date) -> dt.date | None:
    """The latest day, up to `day`, on which any of these duties was to be called to mind."""
    days = [asked for each in owed for asked in (*reminder_days(each.last, calendar), *_after(each.last, calendar, day)) if asked <= day]
    return max(days, default=None)


def _after(last: dt.date, calendar: Calendar, day: dt.date) -> list[dt.date]:
    """The days after `last` that have come: the 1st, 3rd and 5th working day, then every fifth."""
    late = calendar.workdays_after(last, day)
    counted = [n for n in AFTER_WORKDAYS if n <= late]
    if late > AFTER_WORKDAYS[-1]:
        counted.append(late - late % AFTER_WORKDAYS[-1])
    return [calendar.shift(last, n) for n in counted[-1:]]


def _owed(duties: Any, at: dt.datetime) -> dict[int, list[Owed]]:
    """By department, the earliest last day first. 1 statement."""
    found: dict[int, list[Owed]] = defaultdict(list)
    for duty in duties.select_related("measure", "department", "period__cycle", "government").order_by("department__position", "due_at", "measure__code"):
        zone = duty.government.zone
        last = max(clock.day_of(duty.due_at - dt.timedelta(microseconds=1), zone), duty.excused_until or dt.date.min)
        found[duty.department_id].append(Owed(duty, last, duty.due_at <= at))
    return dict(found)


def _reached(government: Government) -> set[int]:
    """Measures that owe nothing more. 2 statements."""
    run = Government.objects.values_list("run", flat=True).get(pk=government.pk)
    return reached(Standing.objects.of(government).at(run).filter(item__isnull=False).values_list("item__measure", "light"))


def _soon(owed: list[Owed], day: dt.date) -> list[Owed]:
    """Of what is owed, what is late or falls due soon; the rest is left for later."""
    return [each for each in owed if each.late or (each.last - day).days <= SOON]


def _reporters(government: Government, day: dt.date) -> dict[int, list[User]]:
    """The reporters in office of every department. 1 statement."""
    found: dict[int, list[User]] = defaultdict(list)
    grants = RoleGrant.objects.of(government).open_on(day).filter(role=Role.REPORTER, user__is_active=True)
    for grant in grants.select_related("user").order_by("user"):
        found[grant.user.department_id].append(grant.user)
    return found


def _without(owed: dict[int, list[Owed]], asked: Iterable[int], reporters: dict[int, list[User]]) -> tuple[str, ...]:
    return tuple(owed[key][0].duty.department.short for key in asked if not reporters.get(key))


def _letter(user: User, kind: str, occasion: str, owed: list[Owed], day: dt.date, period: Period | None = None) -> Letter:
    facts = {"duties": [o.duty.pk for o in owed], "overdue": [o.duty.pk for o in owed if o.late]}
    with translation.override(user.language):
        return letter(user, kind, occasion, _page(owed, day, period), facts)


def _page(owed: list[Owed], day: dt.date, period: Period | None) -> Page:
    late, coming = [o for o in owed if o.late], [o for o in owed if not o.late]
    sections = [_section(late, day, late=True), _section(coming, day, late=False)]
    heading = _heading(late, coming)
    title = _("催报：%(heading)s") if period else _("填报提醒：%(heading)s")
    foot = _("市督查室催报。") if period else _("截止前 3 天和前 1 天提醒，逢假日提前；逾期后继续提醒。已报的不再提醒。")
    return Page(
        heading=_("%(department)s填报") % {"department": owed[0].duty.department.short_title},
        title=title % {"heading": heading.rstrip("。.")},
        lead=_("%(period)s：%(heading)s") % {"period": period.title, "heading": heading} if period else heading,
        day=formats.day(day),
        sections=[section for section in sections if section.lines],
        button=_("去填报 %(n)d 项") % {"n": len(owed)},
        button_href=address("my-work"),
        foot=foot + (_("进展为虚构。") if settings.STAGE else ""),
        preview=_("，").join(str(o.duty.measure) for o in owed[: LONG * 2]),
    )


def _heading(late: list[Owed], coming: list[Owed]) -> str:
    parts = []
    if late:
        parts.append(ngettext("%(n)d 项逾期未报", "%(n)d 项逾期未报", len(late)) % {"n": len(late)})
    if coming:
        words = {"n": len(coming), "day": formats.day(min(o.last for o in coming))}
        parts.append(ngettext("%(n)d 项最早 %(day)s截止", "%(n)d 项最早 %(day)s截止", len(coming)) % words)
    return _("，").join(parts) + _("。")


def _section(owed: list[Owed], day: dt.date, *, late: bool) -> Section:
    n, left = len(owed), len(owed) - LONG
    title = ngettext("逾期未报 %(n)d 项", "逾期未报 %(n)d 项", n) if late else ngettext("即将截止 %(n)d 项", "即将截止 %(n)d 项", n)
    lines = [
        Line(
            str(o.duty.measure),
            address("report", o.duty.pk),
            o.duty.period.title,
            _("逾期 %(days)s") % {"days": formats.days((day - o.last).days)} if late else _("%(day)s截止") % {"day": formats.day(o.last)},
        )
        for o in owed[:LONG]
    ]
    more = ngettext("另 %(n)d 项", "另 %(n)d 项", left) % {"n": left} if left > 0 else ""
    return Section(title % {"n": n}, n, lines, address("my-work"), more=more)
