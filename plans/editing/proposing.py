"""Leads proposed from plans that are published: who led the same measure, or an item of the same name."""

import unicodedata
from dataclasses import dataclass

from people.models import Department
from plans.models import Item, Plan, Terms


@dataclass(frozen=True)
class LeadProposal:
    """For an item without lead: a department, and the item that it led before."""

    item: Item
    name: str
    lead: Department
    plan: str
    before: str
    same_measure: bool


def lead_proposals(plan: Plan) -> list[LeadProposal]:
    """In the order of the plan; the latest plan that knows an answer gives it. Departments that close before the end are not proposed. 2 statements."""
    open_ones = Terms.objects.filter(item__plan=plan, published_at__isnull=True, lead__isnull=True).select_related("item").order_by("item__position")
    by_measure: dict[int, Terms] = {}
    by_name: dict[str, Terms] = {}
    known = Terms.objects.published().filter(government=plan.government_id, withdrawn=False, lead__isnull=False).exclude(item__plan=plan)
    for terms in known.select_related("lead", "item__plan").order_by("item__plan__end", "from_on", "pk"):
        if terms.lead is not None and (terms.lead.until_on is None or terms.lead.until_on >= plan.end):
            by_measure[terms.item.measure_id] = by_name[folded(terms.name)] = terms
    found = []
    for terms in open_ones:
        same = by_measure.get(terms.item.measure_id)
        before = same or by_name.get(folded(terms.name))
        if before is not None and before.lead is not None:
            found.append(LeadProposal(terms.item, str(terms), before.lead, before.item.plan.short_title, str(before), same is not None))
    return found


def folded(name: str) -> str:
    """A name for comparing: without spaces and signs, half width."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())
