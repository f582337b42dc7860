"""正当理由: a reason with its basis that holds for an item until a day, proposed by one person and confirmed by another.

While it stands the item's alerts stay open and rise no further; no light, figure or duty changes.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people import audit, clock
from people.access import Person
from people.models import Role
from plans.models import Item, Terms
from tracker.judgements import hold
from tracker.models import Excuse
from tracker.turns import NotYours, Problem, Refused, clean, worded

State = Excuse.State
LONGEST = dt.timedelta(days=366)


class Decided(Exception):
    """Somebody was quicker."""


def may_propose(lead_id: int | None, by: Person) -> bool:
    """The reviewer of the department that leads, or a supervisor."""
    return by.has(Role.SUPERVISOR) or (lead_id is not None and by.department_id == lead_id and by.has(Role.REVIEWER))


def propose(item: Item, reason: str, basis: str, until_on: dt.date | None, by: Person, at: dt.datetime) -> Excuse:
    """Raises: NotYours; Refused where reason, basis or a day to come is missing, or another one waits."""
    day = clock.day_of(at, by.user.government.zone)
    terms = Terms.objects.in_force(day).filter(item=item, government_id=by.government_id).first()
    if terms is None or terms.lead_id is None or not may_propose(terms.lead_id, by):
        raise NotYours
    words = worded("reason", reason, _("请写明理由。"))
    paper = " ".join(clean(basis).split())
    if not paper or len(paper) > 200:
        raise Refused([Problem("basis", _("请写明依据：文号、指令或会议纪要，200字以内。"), "basis_missing")])
    if until_on is None or not day <= until_on <= day + LONGEST:
        raise Refused([Problem("until_on", _("请填截止日：不早于今天，不超过一年。"), "until_out_of_range")])
    with transaction.atomic():
        own = {"government_id": item.government_id, "item": item, "department_id": terms.lead_id, "proposed_by": by.user, "proposed_at": at}
        try:
            with transaction.atomic():
                made = Excuse.objects.create(**own, reason=words, basis=paper, until_on=until_on)
        except IntegrityError:
            raise Refused([Problem("reason", _("已有一条待确认。"), "excuse_open")]) from None
        _record(made, "proposed", by, at, {"why": words, "basis": paper, "until": until_on.isoformat()})
    return made


def confirm(excuse: Excuse, by: Person, at: dt.datetime) -> None:
    """A second person, a supervisor, confirms. Raises: NotYours; Decided, also once its last day is over."""
    day = clock.day_of(at, by.user.government.zone)
    if excuse.until_on < day:
        raise Decided
    _decide(excuse, by, at, "confirmed", state=State.CONFIRMED, confirmed_on=day)


def refuse(excuse: Excuse, why: str, by: Person, at: dt.datetime) -> None:
    """Raises: NotYours; Refused without a reason; Decided."""
    _decide(excuse, by, at, "refused", state=State.REFUSED, why=worded("why", why, _("请写明为什么不予确认。")))


def _decide(excuse: Excuse, by: Person, at: dt.datetime, verb: str, **changes: object) -> None:
    if not by.has(Role.SUPERVISOR) or excuse.government_id != by.government_id or by.id == excuse.proposed_by_id:
        raise NotYours
    with transaction.atomic():
        hold(excuse.government_id)
        if Excuse.objects.filter(pk=excuse.pk, state=State.PROPOSED).update(decided_by=by.user, decided_at=at, **changes) != 1:
            raise Decided
        facts = {"before": {"state": str(State.PROPOSED)}, "after": {"state": str(changes["state"])}} | ({"why": changes["why"]} if "why" in changes else {})
        _record(excuse, verb, by, at, facts)


def _record(excuse: Excuse, verb: str, by: Person, at: dt.datetime, facts: dict[str, object]) -> None:
    about = {"item": excuse.item.code, **facts}
    audit.record(excuse.government_id, actor=by.user, verb=f"excuse.{verb}", subject=f"item:{excuse.item_id}", at=at, facts=about)
