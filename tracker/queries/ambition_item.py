"""One item's ambition: what its target is compared with, and everything that its lead said. A fixed number of statements."""

import datetime as dt
from dataclasses import dataclass

from people.access import Person
from tracker.explaining import may_explain
from tracker.models import Explanation
from tracker.queries.ambition import AmbitionRow, ambition
from tracker.queries.judgements import ItemSeen, item_seen


@dataclass(frozen=True)
class AmbitionPage:
    seen: ItemSeen
    rows: list[AmbitionRow]
    history: list[Explanation]
    writes: bool


def ambition_page(person: Person, plan: str, code: str, at: dt.datetime) -> AmbitionPage | None:
    """None where there is no such item in a published plan of the person's government."""
    seen = item_seen(person, plan, code, at)
    if seen is None:
        return None
    rows = ambition(person, at, seen.item.pk)
    history = Explanation.objects.visible_to(person).filter(item=seen.item).select_related("by", "department").order_by("-pk")
    return AmbitionPage(seen, rows, list(history), bool(rows) and may_explain(seen.terms, person))
