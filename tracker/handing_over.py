"""移交: what a person who leaves still holds, and handing each of it to somebody who stays. Nothing that was done is rewritten: who submitted,
endorsed and accepted stays written."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from people import audit, clock, portfolios, staffing
from people.access import Person
from people.deeds import person_of
from people.models import Merger, Portfolio, Role, RoleGrant, User
from people.rights import managed_by, manages
from people.staffing import Refused
from plans.models import Amendment, Terms
from tracker.models import Duty, ProgressReport

State = ProgressReport.State
BEGUN, UNDER_WAY = (State.DRAFT, State.RETURNED), (State.SUBMITTED, State.ENDORSED)


@dataclass(frozen=True)
class Holding:
    """What a person holds: `begun` he would go on writing, `under_way` others decide; `duties` of his department if nobody else reports there."""

    begun: list[ProgressReport]
    under_way: list[ProgressReport]
    roles: list[RoleGrant]
    portfolio: list[Portfolio]
    leads: list[Terms]
    waiting: list[str]
    duties: int

    @property
    def nothing(self) -> bool:
        return not (self.begun or self.under_way or self.roles or self.portfolio or self.leads or self.waiting or self.duties)

    @property
    def keyed_roles(self) -> list[tuple[str, RoleGrant]]:
        """Each role with the word by which it is handed over."""
        return [(f"role:{given.pk}", given) for given in self.roles]


def holding(user: User, at: dt.datetime) -> Holding:
    """9 statements."""
    day = clock.day_of(at, user.government.zone)
    reports = ProgressReport.objects.of(user.government_id).select_related("measure", "period__cycle", "duty").order_by("period__end", "measure__code")
    amendments = Amendment.objects.of(user.government_id).filter(proposed_by=user, state=Amendment.State.PROPOSED, number__gt=0).select_related("plan")
    mergers = Merger.objects.of(user.government_id).filter(proposed_by=user, state=Merger.State.PROPOSED).select_related("department")
    return Holding(
        begun=list(reports.filter(edited_by=user, state__in=BEGUN)), under_way=list(reports.filter(submitted_by=user, state__in=UNDER_WAY)),
        roles=list(RoleGrant.objects.filter(user=user, ended_at__isnull=True).order_by("role")),
        portfolio=list(Portfolio.objects.filter(user=user, until_on__isnull=True).select_related("department").order_by("department__position")),
        leads=list(Terms.objects.of(user.government_id).in_force(day).filter(leader=user, withdrawn=False).select_related("item__plan").order_by("item__position")),
        waiting=[_("%(plan)s第 %(n)d 号调整") % {"plan": a.plan.short_title, "n": a.number} for a in amendments]
        + [_("%(name)s的撤并") % {"name": m.department.short_title} for m in mergers],
        duties=_left_alone(user, day),
    )  # fmt: skip


def _left_alone(user: User, day: dt.date) -> int:
    """The open duties of a department in which he alone reports."""
    reporters = RoleGrant.objects.of(user.government_id).open_on(day).filter(role=Role.REPORTER, user__department=user.department_id, user__is_active=True)
    holders = set(reporters.values_list("user", flat=True))
    return Duty.objects.filter(department=user.department_id).not_done().count() if holders == {user.pk} else 0


def receivers(user: User, by: Person) -> list[User]:
    """To whom one may hand over: the others of the department whom one sets up, and for an administrator those with a leader's role."""
    mine = managed_by(by).filter(is_active=True).exclude(pk__in=[user.pk, by.id])
    leaders = RoleGrant.objects.filter(role=Role.LEADER, ended_at__isnull=True).values("user")
    near = mine.filter(department=user.department_id)
    found = (near | mine.filter(pk__in=leaders)) if by.has(Role.ADMINISTRATOR) else near
    return list(found.distinct().select_related("department").order_by("department__position", "name"))


def hand_over(user: User, receiver: User, by: Person, at: dt.datetime, what: str) -> None:
    """Hands one kind of what he holds to another: 'begun', 'portfolio', or 'role:<key>'. Raises: Refused at `receiver`."""
    if not manages(by, user) or not manages(by, receiver) or user.pk in (by.id, receiver.pk):
        raise Refused("receiver", _("请选另一位您办理的人。"))
    if not User.objects.filter(pk=receiver.pk, is_active=True).exists():
        raise Refused("receiver", _("接手的人已停用。"))
    if what == "begun":
        _reports(user, receiver, by, at)
    elif what == "portfolio":
        held = [p.department for p in Portfolio.objects.filter(user=user, until_on__isnull=True).select_related("department")]
        _told_at_receiver(lambda: portfolios.put_in_charge(receiver, held, by, at, clock.day_of(at, by.user.government.zone)))
    else:
        _role(user, receiver, by, at, what.removeprefix("role:"))


def _reports(user: User, receiver: User, by: Person, at: dt.datetime) -> None:
    """Drafts and what was returned: the receiver, who reports in the same department, writes on, and counts as its maker from now on."""
    if receiver.department_id != user.department_id or not person_of(receiver, at).has(Role.REPORTER):
        raise Refused("receiver", _("接手草稿的须是本单位填报员。"))
    with transaction.atomic():
        mine = ProgressReport.objects.of(user.government_id).filter(edited_by=user, state__in=BEGUN)
        keys = list(mine.values_list("pk", flat=True))
        ProgressReport.objects.filter(pk__in=keys, state__in=BEGUN).update(edited_by=receiver, version=F("version") + 1)
        facts = {"before": {"login": user.login}, "after": {"login": receiver.login}, "reports": keys}
        audit.record(user.government_id, actor=by.user, verb="person.handed_over", subject=f"user:{user.pk}", at=at, facts=facts)


def _role(user: User, receiver: User, by: Person, at: dt.datetime, key: str) -> None:
    given = RoleGrant.objects.filter(user=user, pk=int(key) if key.isdecimal() else 0, ended_at__isnull=True).select_related("user__government").first()
    if given is None:
        raise Refused("receiver", _("这个角色已由他人撤销。"))
    day = clock.day_of(at, by.user.government.zone)
    with transaction.atomic():
        held = RoleGrant.objects.filter(user=receiver, role=given.role, ended_at__isnull=True).exists()
        if not held:
            _told_at_receiver(lambda: staffing.grant(receiver, Role(given.role), by, at, day, given.until_on))
        _told_at_receiver(lambda: staffing.end_role(given, by, at))


def _told_at_receiver(deed: Callable[[], object]) -> None:
    """A refusal of the deed beneath is told at the receiver."""
    try:
        deed()
    except Refused as refused:
        raise Refused("receiver", refused.message) from refused
