"""目标调整: the list of amendments, and one of them with every field old and new and what it does to today's lights."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from people import clock
from people.access import Person
from people.models import Role
from people.prepared import Prepared
from plans.amending_forms import HeadForm, ItemForm
from plans.models import Amendment, Goal, Item, Plan, Terms
from plans.wordings import PARTS, RELATED, Difference, ItemChanges, band_differences, changes_of
from tracker.foreseeing import Foreseen, foresee
from tracker.frame import counted

State = Amendment.State
OPEN = (State.DRAFTED, State.PROPOSED)


@dataclass(frozen=True)
class Lights:
    """A light and its gap now and then; "" where it is in no count."""

    now: str
    then: str
    gap_now: Decimal | None
    gap_then: Decimal | None
    estimate: bool = False
    assumed: bool = False

    @classmethod
    def of(cls, seen: Foreseen | None) -> "Lights | None":
        if seen is None:
            return None
        now, then = seen.now, seen.then
        facts = (now or then).facts if now or then else {}  # type: ignore[union-attr]
        return cls(
            now.light if now else "",
            then.light if then else "",
            now.gap if now else None,
            then.gap if then else None,
            facts.get("value_state") == "estimate",
            bool(((then or now).facts if now or then else {}).get("assumed_path")),  # type: ignore[union-attr]
        )

    @property
    def turns(self) -> bool:
        return self.now != self.then


@dataclass(frozen=True)
class ItemPart:
    """One item of an amendment: what changes, and its light now and then."""

    changes: ItemChanges
    lights: Lights | None

    @property
    def code(self) -> str:
        return self.changes.new.item.code


@dataclass(frozen=True)
class Other:
    """A node, or an item that is not in the amendment, whose light or gap it moves."""

    name: str
    code: str
    lights: Lights


@dataclass(frozen=True)
class AmendmentPage:
    amendment: Amendment
    parts: list[ItemPart]
    bands: list[Difference]
    plan: Lights | None
    others: list[Other]
    turned: int
    makers: frozenset[int]
    is_foreseen: bool


def amendments(person: Person) -> QuerySet[Amendment]:
    """Those that a person may read, the first publications left out, with how many items each changes."""
    return Amendment.objects.visible_to(person).filter(number__gt=0).annotate(changed=Count("terms"))


def chip_counts(every: QuerySet[Amendment]) -> dict[str, dict[str, int]]:
    """How many are in each state. 1 statement."""
    return {"state": dict(every.order_by().values_list("state").annotate(n=Count("pk", distinct=True)))}


def plans_of(person: Person) -> list[tuple[str, str]]:
    """The plans as a filter offers them. 1 statement."""
    return [(p.code, p.short_title) for p in Plan.objects.visible_to(person).published()]


def amendment_of(person: Person, pk: int) -> Amendment | None:
    """None where there is no such amendment for this person."""
    found = Amendment.objects.visible_to(person).filter(number__gt=0, pk=pk)
    return found.select_related("plan__document", "government", "proposed_by", "published_by", "endorsed_by", "department").first()


def amendment_page(person: Person, pk: int, at: dt.datetime) -> AmendmentPage | None:
    """None where there is no such amendment for this person. A fixed number of statements."""
    amendment = amendment_of(person, pk)
    if amendment is None:
        return None
    changes = changes_of(amendment)
    seen = foresee(amendment, at) if amendment.state in OPEN else {}
    parts = [ItemPart(one, Lights.of(seen.get(f"item:{one.new.item_id}"))) for one in changes]
    others = _others(amendment, seen, {one.new.item_id for one in changes})
    turned = sum(1 for part in parts if part.lights and part.lights.turns) + sum(1 for other in others if other.code and other.lights.turns)
    makers = frozenset(amendment.makers.values_list("pk", flat=True))
    return AmendmentPage(amendment, parts, band_differences(amendment), Lights.of(seen.get(f"plan:{amendment.plan_id}")), others, turned, makers, bool(seen))


def _others(amendment: Amendment, seen: dict[str, Foreseen], own: set[int]) -> list[Other]:
    """Goals of the plan that move, and other items whose light turns. 2 statements."""
    goals = {f"goal:{g.pk}": (str(g), "") for g in Goal.objects.filter(plan=amendment.plan_id).order_by("path")} if seen else {}
    items = Terms.objects.filter(item__plan=amendment.plan_id, published_at__isnull=False).exclude(item__in=own).select_related("item")
    named = {f"item:{t.item_id}": (str(t), t.item.code) for t in items.order_by("from_on")} if seen else {}
    shown = [(names, one) for subject, names in {**goals, **named}.items() if (one := seen.get(subject)) and (one.moves if not names[1] else one.turns)]
    return [Other(name, code, lights) for (name, code), one in shown if (lights := Lights.of(one))]


def head_form(plan: Plan, person: Person, at: dt.datetime, data: object = None, amendment: Amendment | None = None) -> HeadForm:
    return HeadForm(data, plan, clock.day_of(at, person.user.government.zone), amendment)


def plan_to_amend(person: Person, code: str) -> Plan | None:
    """A published plan that a supervisor may amend."""
    own = Plan.objects.visible_to(person).filter(code=code, state=Plan.State.PUBLISHED).select_related("document", "government").first()
    return own if person.has(Role.SUPERVISOR) else None


def choices(plan: Plan, at: dt.datetime) -> list[Terms]:
    """The items of a plan as an amendment may pick them: the terms in force, withdrawn ones too. 1 statement."""
    day = max(clock.day_of(at, plan.government.zone), plan.start)
    return list(Terms.objects.filter(item__plan=plan).in_force(day).select_related("item", "lead").order_by("item__position", "item__code"))


def item_form(amendment: Amendment, item: Item, data: object = None) -> ItemForm | None:
    """The form of an item in a proposal: as it is proposed there, or else as it is in force. None where it has no terms by then."""
    rows = Terms.objects.filter(item=item).select_related("item", "item__plan", "item__measure", *RELATED).prefetch_related(*PARTS)
    terms = rows.filter(amendment=amendment).first() or rows.in_force(amendment.from_on).first()
    return ItemForm(data, terms) if terms else None


def item_of(amendment: Amendment, person: Person, code: str) -> Item | None:
    return Item.objects.visible_to(person).select_related("measure").filter(plan=amendment.plan_id, code=code).first()


@counted("amendments")
def waiting(person: Person, at: dt.datetime) -> int:
    """What waits for this person: amendments and paths to publish, of a supervisor; paths of the own department to endorse, of a reviewer;
    none in which he wrote himself. At most 2 statements."""
    found = _TO_PUBLISH(person.government_id, person.id) if person.has(Role.SUPERVISOR) else []
    return sum(found) + (sum(_TO_ENDORSE(person.department_id, person.id)) if person.has(Role.REVIEWER) else 0)


def _undecided(state: str, person: int) -> QuerySet[Amendment]:
    wrote = Amendment.makers.through.objects.filter(amendment=OuterRef("pk"), user=person)
    return Amendment.objects.filter(~Exists(wrote), state=state, number__gt=0)


def _to_publish(government: int, person: int) -> QuerySet[Any]:
    found = _undecided(State.PROPOSED, person).filter(government=government)
    return found.order_by().values("government").annotate(n=Count("pk")).values_list("n", flat=True)


def _to_endorse(department: int, person: int) -> QuerySet[Any]:
    found = _undecided(State.DRAFTED, person).filter(department=department)
    return found.order_by().values("department").annotate(n=Count("pk")).values_list("n", flat=True)


_TO_PUBLISH, _TO_ENDORSE = Prepared(_to_publish, -105, -106), Prepared(_to_endorse, -107, -108)
