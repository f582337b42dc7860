"""Conflicts: two targets that cannot both be meant, side by side. A fixed number of statements."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from people.access import Person
from people.language import in_language
from plans.models import Conflict, Plan, Target
from tracker import wording

ORDER = (Conflict.Kind.HARD, Conflict.Kind.DEFINITION, Conflict.Kind.SOFT)


@dataclass(frozen=True)
class Side:
    """One of two targets: what it promises, in whose words, by when, and where that is written."""

    plan: str
    plan_title: str
    code: str
    name: str
    target: str
    words: str
    due_on: dt.date | None
    document: str
    number: str
    locator: str
    counts: bool


@dataclass(frozen=True)
class ConflictRow:
    pk: int
    kind: str
    kind_word: str
    state: str
    state_word: str
    a: Side
    b: Side
    why: str
    by: str


def conflicts(person: Person) -> QuerySet[Conflict]:
    """Those that a person may read: of plans that are there for him; what contradicts outright first. 1 statement, and its own."""
    plans = list(Plan.objects.visible_to(person).values_list("pk", flat=True))
    rank = Case(*(When(kind=kind, then=Value(n)) for n, kind in enumerate(ORDER)), output_field=IntegerField())
    found = Conflict.objects.visible_to(person).filter(target_a__terms__item__plan__in=plans, target_b__terms__item__plan__in=plans)
    return found.annotate(rank=rank).order_by("rank", "pk")


def chip_counts(found: QuerySet[Conflict]) -> dict[str, dict[str, int]]:
    """How many there are of each kind and in each state. 1 statement."""
    counts = {"kind": dict.fromkeys(Conflict.Kind.values, 0), "state": dict.fromkeys(Conflict.State.values, 0)}
    for kind, state, n in found.order_by().values_list("kind", "state").annotate(n=Count("pk")):
        counts["kind"][kind] += n
        counts["state"][state] += n
    return counts


def with_both(found: QuerySet[Conflict]) -> QuerySet[Conflict]:
    """With all that a row says, in the same statement."""
    return found.select_related("target_a__terms__item__plan__document", "target_b__terms__item__plan__document", "by")


def rows(found: Iterable[Conflict]) -> list[ConflictRow]:
    return [
        ConflictRow(
            one.pk, one.kind, str(Conflict.Kind(one.kind).label), one.state, str(Conflict.State(one.state).label),
            side(one.target_a, one), side(one.target_b, one), in_language(one.why, one.why_en), one.by.name if one.by else "",
        )
        for one in found
    ]  # fmt: skip


def side(target: Target, conflict: Conflict) -> Side:
    terms = target.terms
    plan = terms.item.plan
    return Side(
        plan.code, plan.short_title, terms.item.code, str(terms), wording.target(target.__dict__), target.words, target.due_on, str(plan.document),
        plan.document.number, target.locator or terms.locator, conflict.counts_id == target.pk,
    )  # fmt: skip
