"""What the reader of a paper was not sure of: marks on the fields of draft items, laid by an import, gone when a person changes or confirms the field."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from people.access import Person
from plans.editing.log import changing
from plans.editing.snapshots import Touched
from plans.models import Item, PaperDoubt, Plan


def lay(item: Item, doubts: Mapping[str, str]) -> None:
    """Marks fields of an item, each with its reason; what was said of these fields before is replaced."""
    PaperDoubt.objects.filter(item=item, field__in=doubts).delete()
    PaperDoubt.objects.bulk_create(PaperDoubt(government_id=item.government_id, item=item, field=name, reason=why) for name, why in doubts.items())


def lay_all(plan: Plan, read: Iterable[Mapping[str, Any]]) -> None:
    """Marks the items of a draft that was just made of these, as the reader gave them. 2 statements."""
    ids = dict(plan.items.values_list("code", "pk"))
    PaperDoubt.objects.bulk_create(
        PaperDoubt(government_id=plan.government_id, item_id=ids[one["code"]], field=name, reason=why) for one in read for name, why in one["why"].items()
    )


def confirm(plan: Plan, items: Iterable[Item], by: Person, at: dt.datetime, field: str = "") -> int:
    """A person says that the fields of these items, or one field of them, stand as they are; how many marks went. Raises: NotAllowed."""
    found = [item for item in items if item.plan_id == plan.pk]
    with changing(plan, by, at, "doubts confirmed", Touched(items={item.pk for item in found})):
        marks = PaperDoubt.objects.filter(item__in=found, **({"field": field} if field else {}))
        return marks.delete()[0]
