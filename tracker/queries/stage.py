"""What the stage page says: the day, what is about to happen, and what happened since the clock was last moved."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from people import clock
from people.language import in_language
from people.models import Government, User
from people.workdays import calendar_of
from plans.models import Item, Terms
from tracker.models import Alert, Duty, Message, Period, ProgressReport, Run, Standing
from tracker.models.standings import Light
from tracker.reviewing import awaiting_supervisor
from tracker.turns import State

MOST = 6  # lines of a group; the rest is behind its link
WEEKLY_MEETING = 1  # 周例会 is on Tuesdays
BUREAU = "gxj"


@dataclass(frozen=True)
class Outlook:
    """The counts that the first paragraph and the cards are made of."""

    now: dt.datetime
    day: dt.date
    due: dt.date | None  # the next last day that somebody has not met
    missing: int  # reports not in by then
    in_review: int
    overdue: int
    meeting: dt.date
    statistics: dt.date | None  # the next day on which figures are awaited
    bureau_open: int
    bureau_returned: int
    bureau_review: int
    waiting: int  # for the supervisors
    clerk_duty: int | None
    clerk_done: bool


@dataclass(frozen=True)
class Line:
    text: str
    url: str
    right: str = ""


@dataclass(frozen=True)
class Group:
    """What happened of one kind: how often, and the first of it."""

    title: str
    count: int
    url: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    day: dt.date
    groups: list[Group]


def page(name: str, *args: Any, tail: str = "") -> str:
    """The address of a page; by its plain name where it is not there yet."""
    try:
        return reverse(name, args=args) + tail
    except NoReverseMatch:
        return "/" + "/".join([name, *map(str, args)]) + "/" + tail


def government() -> Government | None:
    """The city of the stage; None where nothing is built."""
    return Government.objects.order_by("pk").first()


def sitter(login: str) -> User | None:
    """The person behind a card."""
    return User.objects.filter(login=login, is_active=True).first()


def outlook(city: Government, now: dt.datetime) -> Outlook:
    """8 statements."""
    day = clock.day_of(now, city.zone)
    duties = Duty.objects.of(city)
    due_at = duties.owed_on(day).filter(due_at__gt=now).aggregate(at=Min("due_at"))["at"]
    ahead = duties.not_done().filter(due_at=due_at) if due_at else duties.none()
    every = ProgressReport.objects.of(city)
    reports = every.aggregate(
        review=Count("pk", filter=Q(state__in=(State.SUBMITTED, State.ENDORSED))),
        returned=Count("pk", filter=Q(state=State.RETURNED, duty__department__code=BUREAU)),
        head=Count("pk", filter=Q(state=State.SUBMITTED, duty__department__code=BUREAU)),
    )
    bureau = duties.owed_on(day).filter(department__code=BUREAU).count()
    cloud = duties.filter(measure__code="cloud-enterprises", period__end__lte=day).order_by("-period__end")
    clerk, answered = cloud.values_list("pk", "done_at").first() or (None, None)
    return Outlook(
        now=now, day=day, due=clock.day_of(due_at - dt.timedelta(microseconds=1), city.zone) if due_at else None, missing=ahead.count(),
        in_review=reports["review"], overdue=duties.overdue(now, day).count(), meeting=_meeting(city, day),
        statistics=duties.not_done().filter(excused_until__gte=day).aggregate(on=Min("excused_until"))["on"],
        bureau_open=max(bureau - reports["returned"], 0), bureau_returned=reports["returned"], bureau_review=reports["head"],
        waiting=awaiting_supervisor(every, day).count(), clerk_duty=clerk, clerk_done=answered is not None,
    )  # fmt: skip


def _meeting(city: Government, day: dt.date) -> dt.date:
    """The next weekly meeting after a day."""
    there = day + dt.timedelta(days=(WEEKLY_MEETING - day.weekday() - 1) % 7 + 1)
    return calendar_of(city).next_workday(there)


def happened(city: Government, since: dt.datetime, until: dt.datetime) -> list[Day]:
    """Day by day what was opened, closed, raised, mailed, reported and turned between two instants; days without anything are left out."""
    first, days = clock.day_of(since, city.zone), []
    for n in range((clock.day_of(until, city.zone) - first).days + 1):
        day = first + dt.timedelta(days=n)
        span = (max(since, clock.start_of(day, city.zone)), min(until, clock.end_of(day, city.zone)))
        groups = [g for g in _groups(city, day, *span) if g.count]
        if groups:
            days.append(Day(day, groups))
    return days


def _groups(city: Government, day: dt.date, since: dt.datetime, until: dt.datetime) -> list[Group]:
    alerts = Alert.objects.of(city).select_related("item__plan", "department", "duty__measure")
    opened = alerts.filter(opened_at__gt=since, opened_at__lte=until)
    raised = alerts.filter(escalated_at__gt=since, escalated_at__lte=until, opened_at__lte=since)
    closed = alerts.filter(closed_at__gt=since, closed_at__lte=until)
    return [
        *_periods(city, day, since, until),
        *_reports(city, since, until),
        _turned(city, since, until),
        _alerts(_("打开的提醒"), opened),
        _alerts(_("升级的提醒"), raised),
        _alerts(_("关闭的提醒"), closed),
        _mails(city, since, until),
    ]


def _periods(city: Government, day: dt.date, since: dt.datetime, until: dt.datetime) -> list[Group]:
    periods = Period.objects.of(city).select_related("cycle").annotate(last_due=Max("duties__due_at"))
    opened = list(periods.filter(opens_at__gte=since, opens_at__lt=until))
    over = list(periods.filter(duties__due_at__gt=since, duties__due_at__lte=until).distinct())
    locked = list(periods.filter(locked_at__gt=since, locked_at__lte=until))
    named = ((_("开始填报"), opened), (_("到期截止"), over), (_("锁定"), locked))
    return [Group(title, len(found), page("periods"), [Line(p.title, page("period", p.occasion)) for p in found]) for title, found in named]


def _reports(city: Government, since: dt.datetime, until: dt.datetime) -> list[Group]:
    reports = ProgressReport.objects.of(city).select_related("measure", "duty__department")
    named = (
        (_("报送"), reports.filter(submitted_at__gt=since, submitted_at__lte=until)),
        (pgettext("deed", "核定"), reports.filter(accepted_at__gt=since, accepted_at__lte=until)),
    )
    return [
        Group(
            title,
            found.count(),
            page("review"),
            [Line(str(r.measure), page("measure", r.measure.code), r.duty.department.short_title) for r in found.order_by("pk")[:MOST]],
        )
        for title, found in named
    ]


def _turned(city: Government, since: dt.datetime, until: dt.datetime) -> Group:
    """Items whose light is another after the last roll-up of the span than before its first."""
    runs = Run.objects.of(city).order_by("number")
    before = runs.filter(at__lte=since).values_list("number", flat=True).last()
    after = runs.filter(at__gt=since, at__lte=until).values_list("number", flat=True).last()
    if before is None or after is None:
        return Group("", 0, "")
    then, now = (dict(Standing.objects.of(city).at(run).filter(item__isnull=False).values_list("item", "light")) for run in (before, after))
    turned = {item: (then[item], light) for item, light in now.items() if then.get(item, light) != light}
    items = Item.objects.filter(pk__in=turned).select_related("plan").order_by("plan__position", "position")
    names = _names([i.pk for i in items[:MOST]])
    lines = [
        Line(names.get(i.pk, i.code), page("item", i.plan.code, i.code), " → ".join(str(Light(light).label) for light in turned[i.pk])) for i in items[:MOST]
    ]
    return Group(_("亮灯变化"), len(turned), page("items") + "?turned=1", lines)


def _names(items: list[int]) -> dict[int, str]:
    """The items' names by their latest published terms."""
    return {t.item_id: in_language(t.name, t.name_en) for t in Terms.objects.filter(item__in=items, published_at__isnull=False).order_by("from_on")}


def _alerts(title: str, alerts: QuerySet[Alert]) -> Group:
    found = list(alerts.order_by("-rung", "rule", "pk")[:MOST])
    names = _names([a.item_id for a in found if a.item_id])
    lines = []
    for alert in found:
        name = names.get(alert.item_id or 0) or (str(alert.duty.measure) if alert.duty else str(alert.department))
        url = page("item", alert.item.plan.code, alert.item.code) if alert.item else page("department", alert.department.code)
        right = "" if alert.closed_at else str(Alert.Rung(alert.rung).label)
        lines.append(Line(_("%(name)s：%(rule)s") % {"name": name, "rule": alert.get_rule_display()}, url, right))
    return Group(title, alerts.count(), page("alerts"), lines)


def _mails(city: Government, since: dt.datetime, until: dt.datetime) -> Group:
    mails = Message.objects.of(city).filter(made_at__gt=since, made_at__lte=until).select_related("recipient")
    lines = [Line(m.subject, page("message", m.pk), m.recipient.name) for m in mails.order_by("kind", "pk")[:MOST]]
    return Group(_("发出的邮件"), mails.count(), page("messages"), lines)
