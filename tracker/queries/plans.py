"""The plans that a person may read, each with how it stands. 4 statements, however many plans."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from people.access import Person
from plans.models import Plan
from tracker.queries.looking import Look, look
from tracker.queries.nodes import UNKNOWN, NodeRow, nodes_at


@dataclass(frozen=True)
class PlanRow:
    code: str
    title: str
    document: str
    number: str
    issued: dt.date
    start: dt.date
    end: dt.date
    published: bool
    state: str
    node: NodeRow


@dataclass(frozen=True)
class Plans:
    look: Look
    rows: list[PlanRow]
    whole: NodeRow


def plans(person: Person) -> QuerySet[Plan]:
    """Published plans in their order; drafts for those who make and check them."""
    return Plan.objects.visible_to(person).select_related("document").order_by("position", "code")


def named(found: QuerySet[Plan], words: str) -> QuerySet[Plan]:
    """Those whose title, or whose document's title or number, holds the words."""
    own = Q(title__icontains=words) | Q(title_en__icontains=words) | Q(short__icontains=words)
    return found.filter(own | Q(document__title__icontains=words) | Q(document__number__icontains=words))


def plans_for(person: Person, at: dt.datetime, found: QuerySet[Plan]) -> Plans:
    """These plans, each with how it stands."""
    seen = look(person, at)
    if seen is None:
        raise ValueError("today is always there to be looked at")
    nodes = nodes_at(person.government_id, seen.number, "plan", "government")
    whole = nodes.get(f"government:{person.government_id}", UNKNOWN)
    return Plans(seen, [_row(plan, nodes.get(f"plan:{plan.pk}", UNKNOWN)) for plan in found], whole)


def _row(plan: Plan, node: NodeRow) -> PlanRow:
    paper = plan.document
    published = plan.state in (Plan.State.PUBLISHED, Plan.State.CLOSED)
    return PlanRow(
        plan.code, str(plan), str(paper), paper.number, paper.date, plan.start, plan.end, published, str(Plan.State(plan.state).label), node
    )  # fmt: skip
