"""验收标准: one sentence of what will be seen when a task is done, where, and confirmed by whom; proposed by the department that leads,
accepted by a supervisor. Where a plan asks for it, a task without one cannot be blue; nothing else of its light changes.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people import audit, clock
from people.access import Person
from people.models import Role
from plans.models import Item, Plan, Terms
from tracker.judgements import hold
from tracker.models import Criterion, CriterionDemand
from tracker.turns import NotYours, Problem, Refused, clean, worded

State = Criterion.State
PARTS = {"seen": 200, "place": 120, "confirmer": 120}


class Decided(Exception):
    """Somebody was quicker."""


def ask(plan: Plan, by: Person, at: dt.datetime) -> CriterionDemand:
    """A plan asks for criteria from now on; asked twice it is asked once. Raises: NotYours for all but a supervisor, or a plan that is not out."""
    if not by.has(Role.SUPERVISOR) or plan.government_id != by.government_id or plan.state != Plan.State.PUBLISHED:
        raise NotYours
    with transaction.atomic():
        hold(plan.government_id)
        given = {"government_id": plan.government_id, "day": clock.day_of(at, by.user.government.zone), "by": by.user, "at": at}
        made, new = CriterionDemand.objects.get_or_create(plan=plan, defaults=given)
        if new:
            audit.record(plan.government_id, actor=by.user, verb="criteria.asked", subject=f"plan:{plan.pk}", at=at, facts={"plan": plan.code})
    return made


def may_propose(lead_id: int | None, by: Person) -> bool:
    """Reporters and reviewers of the department that leads."""
    return lead_id is not None and by.department_id == lead_id and by.has(Role.REPORTER, Role.REVIEWER)


def propose(item: Item, seen: str, place: str, confirmer: str, by: Person, at: dt.datetime) -> Criterion:
    """Raises: NotYours; Refused where a part is missing or too long, or another one waits."""
    day = clock.day_of(at, by.user.government.zone)
    terms = Terms.objects.in_force(day).filter(item=item, government_id=by.government_id).first()
    if terms is None or not may_propose(terms.lead_id, by):
        raise NotYours
    parts = _parts({"seen": seen, "place": place, "confirmer": confirmer})
    with transaction.atomic():
        hold(item.government_id)
        own = {"government_id": item.government_id, "item": item, "department_id": by.department_id, "proposed_by": by.user, "proposed_at": at}
        try:
            with transaction.atomic():
                made = Criterion.objects.create(**own, **parts)
        except IntegrityError:
            raise Refused([Problem("seen", _("已有一条待接受，请等督查室答复。"), "criterion_open")]) from None
        _record(made, "proposed", by, at, {"after": parts})
    return made


def _parts(given: dict[str, str]) -> dict[str, str]:
    cleaned = {name: " ".join(clean(text).split()) for name, text in given.items()}
    missing = {"seen": _("请写明完成时能看到什么。"), "place": _("请写明在哪里看。"), "confirmer": _("请写明由谁确认。")}
    wrong = [Problem(name, missing[name], f"{name}_missing") for name, text in cleaned.items() if not text]
    wrong += [Problem(name, _("请控制在%(n)s字以内。") % {"n": PARTS[name]}, "text_long") for name, text in cleaned.items() if len(text) > PARTS[name]]
    if wrong:
        raise Refused(wrong)
    return cleaned


def accept(criterion: Criterion, by: Person, at: dt.datetime) -> None:
    """A supervisor accepts what the department proposed. Raises: NotYours, also for who proposed it; Decided."""
    _decide(criterion, by, at, "accepted", state=State.ACCEPTED, accepted_on=clock.day_of(at, by.user.government.zone))


def give_back(criterion: Criterion, why: str, by: Person, at: dt.datetime) -> None:
    """Raises: NotYours; Refused without a reason; Decided."""
    _decide(criterion, by, at, "returned", state=State.RETURNED, why=worded("why", why, _("请写明怎样才算。")))


def _decide(criterion: Criterion, by: Person, at: dt.datetime, verb: str, **changes: object) -> None:
    if not by.has(Role.SUPERVISOR) or criterion.government_id != by.government_id or by.id == criterion.proposed_by_id:
        raise NotYours
    with transaction.atomic():
        hold(criterion.government_id)
        if Criterion.objects.filter(pk=criterion.pk, state=State.PROPOSED).update(decided_by=by.user, decided_at=at, **changes) != 1:
            raise Decided
        facts = {"before": {"state": str(State.PROPOSED)}, "after": {"state": str(changes["state"])}} | ({"why": changes["why"]} if "why" in changes else {})
        _record(criterion, verb, by, at, facts)


def _record(criterion: Criterion, verb: str, by: Person, at: dt.datetime, facts: dict[str, object]) -> None:
    about = {"item": criterion.item.code, **facts}
    audit.record(criterion.government_id, actor=by.user, verb=f"criterion.{verb}", subject=f"item:{criterion.item_id}", at=at, facts=about)
