"""The page of an item's judgements. A fixed number of statements."""

import datetime as dt
from dataclasses import dataclass

from people.access import Person
from plans.models import Item, Plan, Terms
from tracker.models import Judgement
from tracker.models.judgements import DOUBTED
from tracker.models.standings import Light
from tracker.queries.looking import Look, look
from tracker.queries.rows import FIELDS, ItemRow, joined, rows


@dataclass(frozen=True)
class ItemSeen:
    """An item of a published plan with the terms in force, and its row."""

    item: Item
    terms: Terms
    row: ItemRow
    look: Look

    def reads(self, person: Person) -> bool:
        """Reasons and texts: of the department that leads, and of those who read all."""
        return person.reads_all or self.terms.lead_id == person.department_id


@dataclass(frozen=True)
class JudgementPage:
    seen: ItemSeen
    history: list[Judgement]

    @property
    def melon(self) -> bool:
        return self.seen.row.light == Light.GREEN and self.seen.row.judged in DOUBTED


def item_seen(person: Person, plan: str, code: str, at: dt.datetime) -> ItemSeen | None:
    """None where there is no such item in a published plan of this person's government. 4 statements."""
    if "\0" in plan + code:
        return None
    seen = look(person, at)
    every = Item.objects.visible_to(person).filter(plan__code=plan, code=code, plan__state__in=(Plan.State.PUBLISHED, Plan.State.CLOSED))
    item = every.select_related("plan", "government", "measure").first()
    if seen is None or item is None:
        return None
    published = Terms.objects.filter(item=item).published().select_related("lead").order_by("from_on", "pk")
    terms = published.in_force(seen.day).first() or published.first()
    if terms is None:
        return None
    return ItemSeen(item, terms, rows(joined(Terms.objects.filter(pk=terms.pk), seen).values(*FIELDS))[0], seen)


def judgement_page(person: Person, plan: str, code: str, at: dt.datetime) -> JudgementPage | None:
    """The latest first; grades are for everyone in the government, reasons are left to the page. 6 statements."""
    found = item_seen(person, plan, code, at)
    if found is None:
        return None
    return JudgementPage(found, history_of(found.item))


def history_of(item: Item) -> list[Judgement]:
    """Every judgement of an item, the latest first. 1 statement."""
    return list(Judgement.objects.filter(item=item).select_related("by").order_by("-pk"))
