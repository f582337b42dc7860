"""Pairs of items that may read one figure: proposed by name and unit, waiting for a second person, and decided. A fixed number of statements."""

from dataclasses import dataclass

from django.db.models import Q

from people.access import Person
from plans.alike import proposed
from plans.conflicts.deeds import published
from plans.models import Item, Likeness, Plan, Target, Terms
from tracker import wording

PROPOSED = "by-name"  # neither said nor linked yet


@dataclass(frozen=True)
class Half:
    """One of two items as a pair shows it."""

    item: int
    plan: str
    plan_title: str
    code: str
    name: str
    target: str
    unit: str
    measure: str
    measure_code: str
    locator: str
    lead: str


@dataclass(frozen=True)
class Pair:
    a: Half
    b: Half
    state: str
    record: Likeness | None = None


@dataclass(frozen=True)
class PairPage:
    pair: Pair
    items: tuple[Item, Item]
    waiting: Likeness | None
    history: list[Likeness]


def pairs(person: Person, measure: int | None = None) -> list[Pair]:
    """What waits first, then what names propose, then what was decided; of one measure where given. 6 statements."""
    there = published(person.user.government)
    records = Likeness.objects.visible_to(person).select_related("item_a__plan", "item_b__plan", "by", "decided_by", "moved", "reads", "left").order_by("pk")
    latest = {frozenset(((r.item_a.plan.code, r.item_a.code), (r.item_b.plan.code, r.item_b.code))): r for r in records if r.state != Likeness.State.REFUSED}
    halves = {at: _half(target) for at, target in _shown(there.targets).items()}
    found = [
        Pair(halves[a], halves[b], r.state if r.state == Likeness.State.PROPOSED else r.kind, r)
        for at, r in latest.items()
        for a, b in [sorted(at)]
        if {a, b} <= halves.keys()
    ]
    found += [Pair(halves[p.a.at], halves[p.b.at], PROPOSED) for p in proposed(list(there.promises.values()), set(latest))]
    order = {Likeness.State.PROPOSED: 0, PROPOSED: 1}
    codes = {h.measure_code for h in halves.values()} if measure is None else {h.measure_code for h in halves.values() if _reads(there.targets, h) == measure}
    return sorted((p for p in found if {p.a.measure_code, p.b.measure_code} & codes), key=lambda p: order.get(p.state, 2))


def _reads(targets: dict[tuple[str, str], Target], half: Half) -> int:
    return targets[half.plan, half.code].terms.item.measure_id


def _shown(targets: dict[tuple[str, str], Target]) -> dict[tuple[str, str], Target]:
    """The same targets with all that a half says. 1 statement."""
    full = Target.objects.filter(pk__in=[t.pk for t in targets.values()]).select_related("terms__item__plan", "terms__item__measure", "terms__lead")
    by_pk = {t.pk: t for t in full}
    for at, target in list(targets.items()):
        targets[at] = by_pk[target.pk]
    return targets


def _half(target: Target) -> Half:
    terms = target.terms
    item = terms.item
    return Half(
        item.pk, item.plan.code, item.plan.short_title, item.code, str(terms), wording.target(target.__dict__), target.unit, str(item.measure), item.measure.code,
        target.locator or terms.locator, str(terms.lead or ""),
    )  # fmt: skip


def pair_page(person: Person, one: int, other: int) -> PairPage | None:
    """None where the two are not two published items of the person's government. 5 statements."""
    out = (Plan.State.PUBLISHED, Plan.State.CLOSED)
    items = list(Item.objects.visible_to(person).filter(pk__in=(one, other), plan__state__in=out).select_related("plan", "measure").order_by("pk"))
    if len(items) != 2:
        return None
    latest = {t.item_id: t.pk for t in Terms.objects.published().filter(item__in=items).order_by("from_on", "pk")}
    finals = Target.objects.filter(terms__in=latest.values(), role=Target.RoleInPath.FINAL).select_related(
        "terms__item__plan", "terms__item__measure", "terms__lead"
    )
    by_item = {t.terms.item_id: t for t in finals.order_by("due_on", "pk")}
    if len(by_item) != 2:
        return None
    said = Likeness.objects.visible_to(person).filter(Q(item_a=items[0], item_b=items[1]))
    history = list(said.select_related("by", "decided_by", "moved__plan", "reads", "left", "item_a__plan", "item_b__plan").order_by("-pk"))
    waiting = next((r for r in history if r.state == Likeness.State.PROPOSED), None)
    a, b = (_half(by_item[item.pk]) for item in items)
    return PairPage(Pair(a, b, waiting.state if waiting else "", waiting), (items[0], items[1]), waiting, history)
