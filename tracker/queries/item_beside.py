"""What stands beside an item's light, on its page: the latest judgement, and what is contested."""

import datetime as dt
from dataclasses import dataclass

from people.access import Person
from plans.models import Item, Plan
from tracker import objecting
from tracker.models import Judgement, Objection, ProgressReport


@dataclass(frozen=True)
class ItemBeside:
    judgement: Judgement | None
    objections: list[Objection]  # the reader's to read, open ones first
    told: bool  # whether reasons are there to read
    may_object: bool
    returned: int | None  # the report that was returned and can be contested


def item_beside(person: Person, item: Item, lead: int | None, day: dt.date) -> ItemBeside | None:
    """None for an item that is not published. 2 statements, and at most 2 more for the department that leads."""
    if item.plan.state not in (Plan.State.PUBLISHED, Plan.State.CLOSED):
        return None
    latest = Judgement.objects.filter(item=item).select_related("by").order_by("-pk").first()
    found = sorted(Objection.objects.visible_to(person).filter(item=item).select_related("named").order_by("-pk"), key=lambda one: one.state != "open")
    may = objecting.may_object(lead, person, day)
    returned = ProgressReport.objects.visible_to(person).filter(measure=item.measure_id, state=ProgressReport.State.RETURNED).values_list("pk", flat=True)
    return ItemBeside(latest, found, person.reads_all or person.department_id == lead, may, returned.first() if may else None)
