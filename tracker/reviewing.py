"""report → review: a department's reviewer endorses, a supervisor accepts, either gives back with a reason.

Nobody passes his own work on: whoever drafted, edited or submitted a report in any of its rounds neither endorses nor
accepts it, and whoever endorsed it does not accept it. A supervisor never edits a figure.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from people import clock
from people.access import Person
from people.models import Role, RoleGrant
from people.workdays import Calendar
from tracker.models import Duty, ProgressReport, ReportEvent
from tracker.turns import (
    ACCEPT,
    COMMENTED,
    ENDORSE,
    GIVE_BACK,
    MAKING,
    AlreadyMoved,
    NotYours,
    State,
    fresh,
    make,
    makers,
    settle_duty,
    tell,
    worded,
)

REVIEW_WORKDAYS = 2  # for the endorsement after the submission, and again for the acceptance after the endorsement


@dataclass(frozen=True)
class Outcome:
    """What became of one report of a list; `why` is empty where the deed was done."""

    report: ProgressReport
    why: str = ""

    @property
    def done(self) -> bool:
        return not self.why


def needs_endorsement(department_id: int, day: dt.date, besides: Collection[int] = ()) -> bool:
    """Whether a department has a reviewer on a day, other than the people `besides`. Without one its reports go straight on. 1 statement."""
    reviewers = RoleGrant.objects.open_on(day).filter(role=Role.REVIEWER, user__department=department_id, user__is_active=True)
    return reviewers.exclude(user__in=besides).exists()


def awaiting_supervisor(reports: QuerySet[ProgressReport], day: dt.date) -> QuerySet[ProgressReport]:
    """Of these the ones that a supervisor is to accept: endorsed, or submitted where nobody else in the department could endorse."""
    made = ReportEvent.objects.filter(report=OuterRef(OuterRef("pk")), verb__in=MAKING).values("by")
    reviewers = RoleGrant.objects.open_on(day).filter(role=Role.REVIEWER, user__department=OuterRef("duty__department"), user__is_active=True)
    others = reviewers.exclude(user__in=made).exclude(user=OuterRef("author")).exclude(user=OuterRef("edited_by"))
    return reports.filter(Q(state=State.ENDORSED) | Q(state=State.SUBMITTED) & ~Exists(others))


def endorse(report: ProgressReport, by: Person, at: dt.datetime, *, version: int | None = None) -> ProgressReport:
    """A reviewer of the department vouches for what was submitted. `version`: the one that the reviewer saw.

    Raises: NotYours; AlreadyMoved where it is not submitted any more, or is another version.
    """
    with transaction.atomic():
        now = _as_seen(report, version)
        _reviewer(now, by)
        _independent(now, by)
        return make(now, ENDORSE, by, at)


def accept(report: ProgressReport, by: Person, at: dt.datetime, *, version: int | None = None) -> ProgressReport:
    """A supervisor accepts: the value counts and is never changed. From submitted only where nobody in the department could endorse.

    An accepted 未到数据时点 excuses the duty until its day and leaves it open; any other answer ends the excuse.

    Raises: NotYours; AlreadyMoved.
    """
    with transaction.atomic():
        now = _as_seen(report, version)
        _supervisor(now, by)
        made_by = makers(now)
        if by.id in made_by or by.id == now.endorsed_by_id:
            raise NotYours
        if now.state == State.SUBMITTED and needs_endorsement(now.duty.department_id, clock.day_of(at, now.government.zone), made_by):
            raise AlreadyMoved(now)
        after = make(now, ACCEPT, by, at)
        excuse = after.until_on if after.answer == ProgressReport.Answer.NOT_OUT else None
        Duty.objects.filter(pk=now.duty_id).update(excused_until=excuse)
        settle_duty(now.duty_id)
        return after


def give_back(report: ProgressReport, by: Person, at: dt.datetime, why: str, *, version: int | None = None) -> ProgressReport:
    """Returns a report with a reason: a reviewer what was submitted, a supervisor what was endorsed, or submitted where nobody endorses.

    Raises: NotYours; AlreadyMoved; Refused without a reason.
    """
    why = worded("why", why, _("退回要写明原因，填报人才知道改什么。"))
    with transaction.atomic():
        now = _as_seen(report, version)
        day = clock.day_of(at, now.government.zone)
        if now.state not in GIVE_BACK.leaves and (_is_reviewer(now, by) or _is_supervisor(now, by)):
            raise AlreadyMoved(now)
        unreviewed = now.state == State.SUBMITTED and not needs_endorsement(now.duty.department_id, day, makers(now))
        if now.state == State.ENDORSED or unreviewed:
            _supervisor(now, by)
        else:
            _reviewer(now, by)
        after = make(now, GIVE_BACK, by, at, why=why, endorsed_by=None, endorsed_at=None)
        settle_duty(now.duty_id)
        return after


def comment(report: ProgressReport, by: Person, at: dt.datetime, text: str) -> None:
    """A remark in the report's story, in any state, by a reviewer of the department or a supervisor. Changes nothing else."""
    text = worded("text", text, _("请写批注内容。"))
    with transaction.atomic():
        now = fresh(report)
        if not _is_reviewer(now, by):
            _supervisor(now, by)
        tell(now, COMMENTED, by.user, at, why=text)


def endorse_many(reports: Iterable[ProgressReport], by: Person, at: dt.datetime) -> list[Outcome]:
    """Endorses each on its own, in the version given; one that cannot be does not stop the others."""
    return _each(reports, lambda report: endorse(report, by, at, version=report.version))


def accept_many(reports: Iterable[ProgressReport], by: Person, at: dt.datetime) -> list[Outcome]:
    """Accepts each on its own, in the version given; one that cannot be does not stop the others."""
    return _each(reports, lambda report: accept(report, by, at, version=report.version))


def review_due_at(report: ProgressReport, calendar: Calendar) -> dt.datetime | None:
    """When the next look is due: two working days after the submission, or after the endorsement, end of day; None out of review."""
    since = {State.SUBMITTED: report.submitted_at, State.ENDORSED: report.endorsed_at}.get(State(report.state))
    if since is None:
        return None
    zone = report.government.zone
    return clock.end_of(calendar.shift(clock.day_of(since, zone), REVIEW_WORKDAYS), zone)


def _as_seen(report: ProgressReport, version: int | None) -> ProgressReport:
    now = fresh(report)
    if version is not None and now.version != version:
        raise AlreadyMoved(now)
    return now


def _is_reviewer(now: ProgressReport, by: Person) -> bool:
    return by.has(Role.REVIEWER) and by.department_id == now.duty.department_id and by.government_id == now.government_id


def _reviewer(now: ProgressReport, by: Person) -> None:
    if not _is_reviewer(now, by):
        raise NotYours


def _is_supervisor(now: ProgressReport, by: Person) -> bool:
    return by.has(Role.SUPERVISOR) and by.government_id == now.government_id


def _supervisor(now: ProgressReport, by: Person) -> None:
    if not _is_supervisor(now, by):
        raise NotYours


def _independent(now: ProgressReport, by: Person) -> None:
    if by.id in makers(now):
        raise NotYours


def _each(reports: Iterable[ProgressReport], deed: Callable[[ProgressReport], ProgressReport]) -> list[Outcome]:
    outcomes = []
    for report in reports:
        try:
            outcomes.append(Outcome(deed(report)))
        except NotYours:
            outcomes.append(Outcome(report, _("不能办理：不在职责范围内，或本人经手过这份填报。")))
        except AlreadyMoved as moved:
            outcomes.append(Outcome(moved.report, _("没有办理：这份填报已是“%(state)s”。") % {"state": moved.report.get_state_display()}))
    return outcomes
