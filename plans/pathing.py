"""年度分解: the path of an item is drafted by its lead department, endorsed there by another person, and approved by a supervisor.

It is an amendment of one item: its profile, its shares and its interim targets; nothing else of the promise changes. A supervisor
may propose one too, and another one approves it.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from people import clock
from people.access import Person
from people.models import Role, RoleGrant
from plans.amending import begin, lay_all, record
from plans.editing.rights import NotAllowed, Overtaken
from plans.models import Amendment, Item, Plan, Target, Terms
from plans.versions import Change, Interim

State = Amendment.State
STEPS = "steps"  # a path of interim targets alone: between two of them the earlier one stands


@dataclass(frozen=True)
class Path:
    """A path as it is typed: linear, shares, steps or at_end; '25/50/75/100' for shares; interim targets by day."""

    profile: str
    shares: str = ""
    interim: tuple[Interim, ...] = ()

    def change(self) -> Change:
        """What it does to the item's terms. Raises: NotAllowed, by field."""
        if self.profile == STEPS and not self.interim:
            raise _wrong("interim", _("按节点时，请至少填写一个分解目标。"))
        days = [point.due_on for point in self.interim]
        if len(set(days)) < len(days):
            raise _wrong("interim", _("同一天只能有一个分解目标。"))
        profile = Terms.Profile.AT_END if self.profile == STEPS else self.profile
        shares = self.shares if profile == Terms.Profile.SHARES else ""
        return Change(terms={"profile": profile, "shares": shares, "path_approved": True}, interim=self.interim)


def path_of(terms: Terms) -> Path:
    """The path that terms lay, as it would be typed; the document's own interim targets are not part of it. 1 statement."""
    rows = terms.targets.filter(role=Target.RoleInPath.INTERIM, value__isnull=False).exclude(origin=Target.Origin.DOCUMENT).order_by("due_on")
    interim = tuple(Interim(t.due_on, t.value) for t in rows if t.due_on and t.value is not None)
    profile = STEPS if interim and terms.profile == Terms.Profile.AT_END else terms.profile
    return Path(profile, terms.shares, interim)


def open_proposal(item: Item) -> Amendment | None:
    """The path of an item that is drafted or proposed and not yet decided. 1 statement."""
    open_ones = Amendment.objects.filter(state__in=[State.DRAFTED, State.PROPOSED], terms__item=item, terms__path_approved=True, number__gt=0)
    return open_ones.filter(Q(department__isnull=False)).select_related("plan", "department", "proposed_by", "endorsed_by").first()


def may_draft(item: Item, terms: Terms, by: Person) -> bool:
    """The reporters of the lead department."""
    return by.has(Role.REPORTER) and by.government_id == item.government_id and by.department_id == terms.lead_id and item.plan.state == Plan.State.PUBLISHED


def may_endorse(amendment: Amendment, by: Person) -> bool:
    """A reviewer of that department who wrote nothing in it. 1 statement."""
    own = by.has(Role.REVIEWER) and by.department_id == amendment.department_id and amendment.state == State.DRAFTED
    return own and not amendment.makers.filter(pk=by.id).exists()


def draft(item: Item, path: Path, by: Person, at: dt.datetime, *, reason: str, basis: str, from_on: dt.date, version: int = 0) -> Amendment:
    """Lays a department's path, or lays it anew. Where nobody else there could endorse it, it goes straight to the supervisors.

    Raises: NotAllowed for the wrong person and what cannot be, by field; Overtaken where it is another version by now.
    """
    terms = Terms.objects.filter(item=item).in_force(clock.day_of(at, item.government.zone)).first()
    if terms is None or not may_draft(item, terms, by):
        raise NotAllowed(_("只有牵头单位的填报员可以拟定分解。"))
    if not reason.strip():
        raise _wrong("reason", _("请写明分解的依据和理由。"))
    with transaction.atomic():
        amendment = open_proposal(item)
        if amendment is None:
            straight = not _reviewers(by.department_id, clock.day_of(at, item.government.zone), [by.id])
            state = State.PROPOSED if straight else State.DRAFTED
            amendment = begin(item.plan, by, at, reason=reason, basis=basis, from_on=from_on, department_id=by.department_id, state=state)
        else:
            _claim(amendment, State.DRAFTED, version, reason=reason.strip(), basis=basis.strip(), from_on=from_on)
            amendment.makers.add(by.user)
            Terms.objects.filter(amendment=amendment).delete()
        lay_all(amendment, {item.code: path.change()}, {})
        record(amendment, by, at, "path drafted")
    return amendment


def endorse(amendment: Amendment, by: Person, at: dt.datetime, version: int) -> None:
    """The department's reviewer vouches for the path: it lies before the supervisors. Raises: NotAllowed, Overtaken."""
    if not may_endorse(amendment, by):
        raise NotAllowed(_("分解由本单位另一位审核人审核。"))
    with transaction.atomic():
        _claim(amendment, State.DRAFTED, version, state=State.PROPOSED, endorsed_by=by.user)
        record(amendment, by, at, "path endorsed")


def give_back(amendment: Amendment, by: Person, at: dt.datetime, why: str, version: int) -> None:
    """A reviewer or a supervisor gives a path back to be drafted anew, with a reason. Raises: NotAllowed, Overtaken."""
    supervises = by.has(Role.SUPERVISOR) and by.government_id == amendment.government_id and amendment.state == State.PROPOSED
    if amendment.department_id is None or not (supervises or may_endorse(amendment, by)):
        raise NotAllowed(_("只有审核人和督查员可以退回分解。"))
    if not why.strip():
        raise _wrong("why", _("退回要写明原因，拟稿人才知道改什么。"))
    with transaction.atomic():
        _claim(amendment, amendment.state, version, state=State.DRAFTED, endorsed_by=None, answer=why.strip())
        record(amendment, by, at, "path returned")


def _reviewers(department: int, day: dt.date, besides: Collection[int]) -> bool:
    """Whether somebody else in the department could endorse. 1 statement."""
    grants = RoleGrant.objects.open_on(day).filter(role=Role.REVIEWER, user__department=department, user__is_active=True)
    return grants.exclude(user__in=besides).exists()


def _claim(amendment: Amendment, was: str, version: int, **fields: Any) -> None:
    if Amendment.objects.filter(pk=amendment.pk, state=was, version=version).update(version=F("version") + 1, **fields) != 1:
        now = Amendment.objects.get(pk=amendment.pk)
        if now.state != was:
            raise NotAllowed(_("这份分解已由他人处理。"))
        raise Overtaken(_("这份分解刚被别人改过，请看过新的内容再办。"))
    amendment.refresh_from_db()


def _wrong(field: str, why: str) -> NotAllowed:
    return NotAllowed(why, {field: why})
