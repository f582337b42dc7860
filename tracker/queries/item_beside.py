"""What stands beside an item's light, on its page: the latest judgement."""

from dataclasses import dataclass

from people.access import Person
from plans.models import Item, Plan
from tracker.models import Judgement


@dataclass(frozen=True)
class ItemBeside:
    judgement: Judgement | None
    told: bool  # whether reasons are there to read


def item_beside(person: Person, item: Item, lead: int | None) -> ItemBeside | None:
    """None for an item that is not published. 1 statement."""
    if item.plan.state not in (Plan.State.PUBLISHED, Plan.State.CLOSED):
        return None
    latest = Judgement.objects.filter(item=item).select_related("by").order_by("-pk").first()
    return ItemBeside(latest, person.reads_all or person.department_id == lead)
