"""What stands beside an item's light, on its page: the latest judgement, and what is contested."""

import datetime as dt
from dataclasses import dataclass

from people.access import Person
from people.models import Role
from plans.models import Item, Plan
from tracker import objecting
from tracker.models import Criterion, Excuse, Judgement, Objection, ProgressReport


@dataclass(frozen=True)
class ItemBeside:
    judgement: Judgement | None
    objections: list[Objection]  # the reader's to read, open ones first
    criterion: Criterion | None  # the accepted one that counts
    excuse: Excuse | None  # the one that holds
    enters: bool  # whether the page of excuses lets the reader in
    told: bool  # whether reasons are there to read
    may_object: bool
    returned: int | None  # the report that was returned and can be contested


def item_beside(person: Person, item: Item, lead: int | None, day: dt.date) -> ItemBeside | None:
    """None for an item that is not published. 4 statements, and at most 2 more for the department that leads."""
    if item.plan.state not in (Plan.State.PUBLISHED, Plan.State.CLOSED):
        return None
    latest = Judgement.objects.filter(item=item).select_related("by").order_by("-pk").first()
    found = sorted(Objection.objects.visible_to(person).filter(item=item).select_related("named").order_by("-pk"), key=lambda one: one.state != "open")
    may = objecting.may_object(lead, person, day)
    returned = ProgressReport.objects.visible_to(person).filter(measure=item.measure_id, state=ProgressReport.State.RETURNED).values_list("pk", flat=True)
    agreed = Criterion.objects.accepted().filter(item=item).order_by("-pk").first()
    holds = Excuse.objects.visible_to(person).standing_on(day).filter(item=item).order_by("-pk").first()
    enters = person.has(Role.REPORTER, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)
    return ItemBeside(latest, found, agreed, holds, enters, person.reads_all or person.department_id == lead, may, returned.first() if may else None)
