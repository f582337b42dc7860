"""Conflicts: two sides that do not go together, next to each other. A fixed number of statements."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from people.access import Person
from people.language import in_language
from plans.models import Conflict, ConflictDecision, Plan, Target
from tracker import conflict_words, formats, wording

ORDER = (Conflict.Kind.HARD, Conflict.Kind.DEFINITION, Conflict.Kind.SOFT)


@dataclass(frozen=True)
class Side:
    """One of two sides: what it promises or states, in whose words, by when, and where that is written. `code` is "" for a result."""

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
    pk: int = 0
    lead: str = ""


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
    reason: str
    rule: str


@dataclass(frozen=True)
class ConflictPage:
    conflict: Conflict
    row: ConflictRow
    decisions: list[ConflictDecision]


def conflicts(person: Person) -> QuerySet[Conflict]:
    """Those that a person may read: of plans that are there for him; what contradicts outright first. 1 statement, and its own."""
    plans = list(Plan.objects.visible_to(person).values_list("pk", flat=True))
    rank = Case(*(When(kind=kind, then=Value(n)) for n, kind in enumerate(ORDER)), output_field=IntegerField())
    other = Q(target_b__isnull=True) | Q(target_b__terms__item__plan__in=plans)
    found = Conflict.objects.visible_to(person).filter(other, target_a__terms__item__plan__in=plans)
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
    return found.select_related(
        "target_a__terms__item__plan__document", "target_b__terms__item__plan__document", "target_a__terms__lead", "target_b__terms__lead", "by"
    )


def rows(found: Iterable[Conflict]) -> list[ConflictRow]:
    return [row(one) for one in found]


def row(one: Conflict) -> ConflictRow:
    a = side(one.target_a, one)
    b = side(one.target_b, one) if one.target_b else _stated(one, a)
    return ConflictRow(
        one.pk, one.kind, str(Conflict.Kind(one.kind).label), one.state, str(Conflict.State(one.state).label), a, b, conflict_words.why(one),
        one.by.name if one.by else "", one.reason, str(Conflict.Rule(one.rule).label),
    )  # fmt: skip


def side(target: Target, conflict: Conflict) -> Side:
    terms = target.terms
    plan = terms.item.plan
    return Side(
        plan.code, plan.short_title, terms.item.code, str(terms), wording.target(target.__dict__), target.words, target.due_on, str(plan.document),
        plan.document.number, target.locator or terms.locator, conflict.counts_id == target.pk, target.pk, str(terms.lead or ""),
    )  # fmt: skip


def _stated(conflict: Conflict, beside: Side) -> Side:
    """A result that the document of the target states elsewhere."""
    given = conflict.result
    figure = wording.with_unit(formats.number(Decimal(given.get("value", "0"))), given.get("unit", ""))
    name = in_language(given.get("name", ""), given.get("name_en", "") or given.get("name", ""))
    on = dt.date.fromisoformat(given["on"]) if given.get("on") else None
    return Side(beside.plan, beside.plan_title, "", name, figure, "", on, beside.document, beside.number, given.get("locator", ""), False)


def conflict_page(person: Person, pk: int) -> ConflictPage | None:
    """None where there is none that the person may read. 3 statements."""
    found = with_both(conflicts(person)).filter(pk=pk).first()
    if found is None:
        return None
    decisions = list(found.decisions.visible_to(person).select_related("by", "counts__terms__item__plan").order_by("-pk"))
    return ConflictPage(found, row(found), decisions)
