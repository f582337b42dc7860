"""The pages of 验收标准: of one item with its history, and of a plan's tasks. And what of 正当理由 an item has. A fixed number of statements."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from people.access import Person
from people.language import in_language
from people.models import Role
from plans.models import Item, Plan, Terms
from tracker.models import Criterion, CriterionDemand, Excuse
from tracker.queries.judgements import ItemSeen, item_seen
from tracker.queries.looking import look
from tracker.queries.rows import FIELDS, ItemRow, in_force, joined, rows


@dataclass(frozen=True)
class CriterionPage:
    seen: ItemSeen
    history: list[Criterion]
    asked: CriterionDemand | None

    @property
    def proposed(self) -> Criterion | None:
        return next((one for one in self.history if one.state == Criterion.State.PROPOSED), None)

    @property
    def current(self) -> Criterion | None:
        return next((one for one in self.history if one.state == Criterion.State.ACCEPTED), None)


def criterion_page(person: Person, plan: str, code: str, at: dt.datetime) -> CriterionPage | None:
    """The latest first. None where there is no such item for this person."""
    found = item_seen(person, plan, code, at)
    if found is None:
        return None
    every = Criterion.objects.visible_to(person).filter(item=found.item).select_related("proposed_by", "decided_by", "item").order_by("-pk")
    return CriterionPage(found, list(every), CriterionDemand.objects.filter(plan=found.item.plan_id).select_related("by").first())


@dataclass(frozen=True)
class TaskRow:
    """A task of a plan and how far its criterion has come: accepted, proposed, or nothing."""

    row: ItemRow
    said: str
    state: str


@dataclass(frozen=True)
class CriteriaPage:
    plan: Plan
    asked: CriterionDemand | None
    may_ask: bool


def criteria_page(person: Person, code: str) -> CriteriaPage | None:
    """None where there is no such published plan. 2 statements."""
    plan = None if "\0" in code else Plan.objects.visible_to(person).filter(code=code, state__in=(Plan.State.PUBLISHED, Plan.State.CLOSED)).first()
    if plan is None:
        return None
    asked = CriterionDemand.objects.filter(plan=plan).select_related("by").first()
    return CriteriaPage(plan, asked, asked is None and plan.state == Plan.State.PUBLISHED and person.has(Role.SUPERVISOR))


def tasks(person: Person, plan: Plan, at: dt.datetime) -> QuerySet[Any]:
    """The plan's tasks as dicts of FIELDS and `said`, the sentence that counts or waits; none before the first roll-up's day."""
    seen = look(person, at)
    if seen is None:
        return Terms.objects.none().values()
    own = Criterion.objects.visible_to(person).filter(item=OuterRef("item")).exclude(state=Criterion.State.RETURNED).order_by("-state", "-pk")
    told = JSONObject(seen="seen", place="place", confirmer="confirmer", state="state")
    found = in_force(person, seen).filter(item__plan=plan, item__kind=Item.Kind.TASK)
    told_of = joined(found, seen).annotate(said=Subquery(own.annotate(told=told).values("told")[:1]))
    return told_of.order_by("item__position", "item__code").values(*FIELDS, "said", "acceptance")


def task_rows(found: Iterable[Mapping[str, Any]]) -> list[TaskRow]:
    """Of the rows of `tasks`. 1 statement for their targets."""
    raw = list(found)
    return [_task(told, row) for told, row in zip(raw, rows(raw), strict=True)]


def _task(raw: Mapping[str, Any], row: ItemRow) -> TaskRow:
    said = raw["said"]
    if isinstance(said, dict):
        return TaskRow(row, sentence(said["seen"], said["place"], said["confirmer"]), said["state"])
    acceptance = str(raw["acceptance"])
    return TaskRow(row, acceptance, Criterion.State.ACCEPTED if acceptance else "")


def sentence(seen: str, place: str, confirmer: str) -> str:
    return " · ".join((seen, place, confirmer))


def excuses_of(person: Person, item: Item) -> list[Excuse]:
    """The latest first, for whom they are there to read. 1 statement."""
    return list(Excuse.objects.visible_to(person).filter(item=item).select_related("proposed_by", "decided_by", "item").order_by("-pk"))


def to_decide(person: Person) -> list[tuple[str, str, str, str]]:
    """What waits for a supervisor: criteria and excuses that somebody else proposed, as (name of the page, plan, item, words). 2 statements."""
    if not person.has(Role.SUPERVISOR):
        return []
    latest = Terms.objects.filter(item=OuterRef("item"), published_at__isnull=False).order_by("-from_on", "-pk")
    named = {"item_name": Subquery(latest.values("name")[:1]), "item_name_en": Subquery(latest.values("name_en")[:1])}
    found = []
    kinds: tuple[tuple[str, Any], ...] = (("criterion", Criterion), ("excuse", Excuse))
    for page, model in kinds:
        waiting = model.objects.visible_to(person).filter(state="proposed").exclude(proposed_by=person.id).order_by("pk")
        told = waiting.annotate(**named).values_list("item__plan__code", "item__code", "item_name", "item_name_en", "department__short", "department__name_en")
        found += [(page, plan, code, f"{in_language(name, name_en)}　{in_language(short, short_en)}") for plan, code, name, name_en, short, short_en in told]
    return found
