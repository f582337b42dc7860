"""撤并: a department is closed, or goes up in another, with all that is open. One proposes, another confirms what then moves.

Past lights keep the old department: its published terms, accepted reports and standings are not touched. What moves is told
by `moves` beforehand, and its mark is sent along with the confirmation, so that nobody confirms another list than he has read.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from people import audit, clock
from people.access import Person
from people.models import Department, Merger, Portfolio, Role, RoleGrant, User
from people.staffing import Refused
from plans import inheriting
from plans.models import Measure, Signature, Terms
from tracker.models import Duty, ProgressReport

DAY = dt.timedelta(days=1)
State = ProgressReport.State


class Changed(Exception):
    """What would move is no longer what was read; nothing has moved."""


@dataclass(frozen=True)
class Moves:
    """All that a department holds and that its successor would take over."""

    leads: list[Terms]
    supports: list[Terms]
    drafts: list[Terms]
    measures: list[Measure]
    duties: list[Duty]
    people: list[User]
    portfolio: Portfolio | None
    papers: list[Signature]

    @property
    def told_measures(self) -> list[Measure]:
        """The measures that a published plan reads; the name of another would tell what a draft is about."""
        return [measure for measure in self.measures if measure.is_told]  # type: ignore[attr-defined]

    @property
    def nothing(self) -> bool:
        return not (self.leads or self.supports or self.drafts or self.measures or self.duties or self.people or self.papers)

    @cached_property
    def mark(self) -> str:
        """The same for the same list, another for any other."""
        rows = (self.leads, self.supports, self.drafts, self.measures, self.duties, self.people, self.papers, [self.portfolio] if self.portfolio else [])
        return hashlib.sha256(repr([[row.pk for row in part] for part in rows]).encode()).hexdigest()[:24]  # type: ignore[attr-defined]


def moves(department: Department, day: dt.date) -> Moves:
    """What would move on a day. 8 statements."""
    promised = list(inheriting.promises(department, day))
    return Moves(
        leads=[t for t in promised if t.lead_id == department.pk], supports=[t for t in promised if t.lead_id != department.pk],
        drafts=list(inheriting.drafted(department)), measures=list(inheriting.measures(department)),
        duties=list(open_duties(department).select_related("measure", "period__cycle").order_by("due_at", "measure__code")),
        people=list(User.objects.filter(department=department, is_active=True).order_by("name", "pk")),
        portfolio=Portfolio.objects.filter(department=department, until_on__isnull=True).select_related("user").first(), papers=list(inheriting.papers(department)),
    )  # fmt: skip


def open_duties(department: Department) -> QuerySet[Duty]:
    """The duties that are not answered, or whose answer is still under way."""
    under_way = ProgressReport.objects.filter(duty=OuterRef("pk"), state__in=[State.DRAFT, State.SUBMITTED, State.ENDORSED, State.RETURNED])
    return Duty.objects.of(department.government_id).filter(Q(done_at__isnull=True) | Exists(under_way), department=department)


def close(department: Department, by: Person, at: dt.datetime) -> None:
    """Closes a department that holds nothing, today its last day. Raises: Refused at `successor`."""
    _administers(by, department)
    today = clock.day_of(at, by.user.government.zone)
    if not moves(department, today).nothing:
        raise Refused("successor", _("还有事项、应报或人员，请选承接部门。"))
    with transaction.atomic():
        Portfolio.objects.filter(department=department, until_on__isnull=True).update(until_on=today)
        _shut(department, today, None)
        audit.record(
            department.government_id, actor=by.user, verb="department.closed", subject=f"department:{department.pk}", at=at, facts={"code": department.code}
        )


def propose(department: Department, successor: Department, by: Person, at: dt.datetime, *, from_on: dt.date, reason: str, basis: str) -> Merger:
    """Proposes that a department go up in another from a day on, not later than today. Raises: Refused."""
    _administers(by, department)
    if successor.government_id != department.government_id or successor.pk == department.pk or successor.until_on is not None:
        raise Refused("successor", _("请选另一个现有部门。"))
    if from_on > clock.day_of(at, by.user.government.zone):
        raise Refused("from_on", _("撤并在当日或之后办理，起日不能晚于今天。"))
    if from_on <= department.from_on:
        raise Refused("from_on", _("起日须晚于部门设立之日。"))
    if not reason.strip():
        raise Refused("reason", _("请写明撤并原因。"))
    try:
        with transaction.atomic():
            merger = Merger.objects.create(
                government_id=department.government_id, department=department, successor=successor, from_on=from_on, reason=reason.strip(),
                basis=basis.strip(), proposed_by=by.user, proposed_at=at,
            )  # fmt: skip
            _record(merger, by, at, "merger.proposed")
    except IntegrityError:
        raise Refused("successor", _("这个部门已有一项撤并待确认。")) from None
    return merger


def may_decide(by: Person, at: dt.datetime) -> bool:
    """Whether a person may confirm mergers: administrators; where the government has one alone, supervisors too."""
    if by.has(Role.ADMINISTRATOR):
        return True
    day = clock.day_of(at, by.user.government.zone)
    administrators = RoleGrant.objects.of(by.government_id).filter(role=Role.ADMINISTRATOR, user__is_active=True).open_on(day).values("user").distinct().count()
    return by.has(Role.SUPERVISOR) and administrators <= 1


def confirm(merger: Merger, by: Person, at: dt.datetime, mark: str) -> None:
    """Moves everything, by another person than the one who proposed. All or nothing. Raises: Refused; Changed where the list is another now."""
    if merger.proposed_by_id == by.id:
        raise Refused("confirm", _("提出的人不能自己确认，请另一位管理员办理；只有一位管理员的，由督查员确认。"))
    if by.government_id != merger.government_id or not may_decide(by, at):
        raise Refused("confirm", _("由另一位管理员确认；只有一位管理员的，由督查员确认。"))
    department, successor = merger.department, merger.successor
    with transaction.atomic():
        decided = Merger.objects.filter(pk=merger.pk, state=Merger.State.PROPOSED).update(state=Merger.State.CONFIRMED, decided_by=by.user, decided_at=at)
        if decided != 1:
            raise Refused("confirm", _("这项撤并已由他人办理。"))
        found = moves(department, merger.from_on)
        if found.mark != mark:
            raise Changed
        if Department.objects.filter(pk=successor.pk, until_on__isnull=True).count() != 1:
            raise Refused("confirm", _("承接部门已撤并，请撤回后重新提出。"))
        heirs = inheriting.Inheritance(department, successor, merger.from_on, merger.proposed_by, by.user, merger.reason, merger.basis)
        amended = inheriting.hand_on(heirs, at)
        _move_duties(department, successor)
        User.objects.filter(pk__in=[user.pk for user in found.people]).update(department=successor, version=F("version") + 1)
        _move_portfolio(found.portfolio, merger)
        _shut(department, merger.from_on - DAY, successor)
        _inherit_names(department, successor)
        _record(merger, by, at, "merger.confirmed", _told(found) | {"amendments": len(amended)})


def withdraw(merger: Merger, by: Person, at: dt.datetime) -> None:
    """Takes a proposal back. Raises: Refused."""
    if by.government_id != merger.government_id or not (by.id == merger.proposed_by_id or may_decide(by, at)):
        raise Refused("confirm", _("由提出的人或另一位管理员撤回。"))
    with transaction.atomic():
        done = Merger.objects.filter(pk=merger.pk, state=Merger.State.PROPOSED).update(state=Merger.State.WITHDRAWN, decided_by=by.user, decided_at=at)
        if done != 1:
            raise Refused("confirm", _("这项撤并已由他人办理。"))
        _record(merger, by, at, "merger.withdrawn")


def _move_duties(old: Department, new: Department) -> None:
    keys = list(open_duties(old).values_list("pk", flat=True))
    Duty.objects.filter(pk__in=keys, department=old).update(department=new)


def _move_portfolio(open_one: Portfolio | None, merger: Merger) -> None:
    """The old department's ends; its leader takes the successor where nobody is in charge of that yet."""
    if open_one is None:
        return
    if open_one.from_on >= merger.from_on:
        raise Refused("confirm", _("分管的起日晚于撤并之日，请先结束这项分管。"))
    Portfolio.objects.filter(pk=open_one.pk).update(until_on=merger.from_on - DAY)
    if not Portfolio.objects.filter(department=merger.successor, until_on__isnull=True).exists():
        Portfolio.objects.create(government_id=merger.government_id, user=open_one.user, department=merger.successor, from_on=merger.from_on)


def _inherit_names(old: Department, new: Department) -> None:
    """Whoever looks for the old name finds the successor too."""
    heir = Department.objects.get(pk=new.pk)
    names = [name for name in dict.fromkeys([*heir.former, old.name, old.short, *old.former]) if name not in (heir.name, heir.short)]
    Department.objects.filter(pk=new.pk).update(former=names, version=F("version") + 1)


def _shut(department: Department, last: dt.date, successor: Department | None) -> None:
    shut = Department.objects.filter(pk=department.pk, until_on__isnull=True)
    if shut.update(until_on=last, successor=successor, version=F("version") + 1) != 1:
        raise Refused("successor", _("这个部门已由他人撤并。"))


def _administers(by: Person, department: Department) -> None:
    if not by.has(Role.ADMINISTRATOR) or by.government_id != department.government_id:
        raise Refused("successor", _("部门由管理员办理。"))


def _told(found: Moves) -> dict[str, object]:
    return {
        "items": [f"{t.item.plan.code} {t.item.code}" for t in found.leads], "supports": [f"{t.item.plan.code} {t.item.code}" for t in found.supports],
        "measures": [m.code for m in found.measures], "duties": len(found.duties), "people": [u.login for u in found.people],
        "papers": [s.issuance.number for s in found.papers],
        "leader": found.portfolio.user.login if found.portfolio else "",
    }  # fmt: skip


def _record(merger: Merger, by: Person, at: dt.datetime, verb: str, facts: dict[str, object] | None = None) -> None:
    told = {"before": {"department": merger.department.code}, "after": {"department": merger.successor.code}, "from": merger.from_on, "reason": merger.reason}
    audit.record(merger.government_id, actor=by.user, verb=verb, subject=f"department:{merger.department_id}", at=at, facts={**told, **(facts or {})})
