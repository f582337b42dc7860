"""A plan as a tree: goals in the document's order with how they stand, each with its items. A fixed number of statements."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet

from people.access import Person
from plans.models import Goal, PastResult, Plan, Target, Terms
from tracker import formats, wording
from tracker.queries.looking import Look, look
from tracker.queries.nodes import UNKNOWN, NodeRow, nodes_at
from tracker.queries.rows import FIELDS, ItemRow, joined, rows


@dataclass
class GoalNode:
    """A goal with its own items and the goals under it; `anchor` is its place in the page, `opened` shows what it holds."""

    path: str
    anchor: str
    title: str
    depth: int
    node: NodeRow
    items: list[ItemRow] = field(default_factory=list)
    children: list["GoalNode"] = field(default_factory=list)
    opened: bool = False

    @property
    def total(self) -> int:
        """Items of the goal and of all goals under it."""
        return len(self.items) + sum(child.total for child in self.children)


@dataclass(frozen=True)
class Weak:
    """目标力度: a target below the last result of the same thing in the same unit."""

    row: ItemRow
    past: str
    past_on: dt.date


@dataclass(frozen=True)
class PlanPage:
    plan: Plan
    look: Look
    node: NodeRow
    goals: list[GoalNode]
    total: int
    weak: list[Weak]
    uncheckable: int  # tasks without an accepted 验收标准, where the plan asks for one


def plan_page(person: Person, code: str, at: dt.datetime, opened: bool = False) -> PlanPage | None:
    """None where there is no such plan for this person. 8 statements."""
    plan = Plan.objects.visible_to(person).select_related("document", "cycle").filter(code=code).first()
    seen = look(person, at)
    if plan is None or seen is None:
        return None
    terms = list(joined(terms_of(plan, seen.day), seen).order_by("item__position", "item__code").values(*FIELDS))
    found = rows(terms)
    nodes = nodes_at(person.government_id, seen.number, "plan", "goal")
    goals = grow(list(Goal.objects.filter(plan=plan).order_by("path")), nodes, found, opened)
    return PlanPage(
        plan, seen, nodes.get(f"plan:{plan.pk}", UNKNOWN), goals, len(found), weak_targets(plan, {row["item_id"]: row["pk"] for row in terms}, found),
        sum(row.uncheckable for row in found),
    )  # fmt: skip


def terms_of(plan: Plan, day: dt.date) -> QuerySet[Terms]:
    """The terms that a plan has on a day, on its first day where that is yet to come; a draft's are not published."""
    terms = Terms.objects.filter(item__plan=plan, item__part_of__isnull=True, withdrawn=False)
    return terms.in_force(max(day, plan.start)) if plan.state in (Plan.State.PUBLISHED, Plan.State.CLOSED) else terms.filter(published_at__isnull=True)


def grow(goals: list[Goal], nodes: dict[str, NodeRow], items: list[ItemRow], opened: bool) -> list[GoalNode]:
    """The tree of a plan's goals, given in the order of their paths. First goals are open, so that the page begins with an index."""
    made: dict[str, GoalNode] = {}
    by_id: dict[int, GoalNode] = {}
    roots: list[GoalNode] = []
    for goal in goals:
        node = GoalNode(goal.path, anchor(goal.path), str(goal), goal.depth, nodes.get(f"goal:{goal.pk}", UNKNOWN), opened=opened or goal.depth == 1)
        made[goal.path] = by_id[goal.pk] = node
        above = made.get(goal.path[: goal.path.rstrip("/").rfind("/") + 1])
        (above.children if above else roots).append(node)
    for item in items:
        by_id[item.goal].items.append(item)
    return roots


def anchor(path: str) -> str:
    """A goal's place in the page of its plan: goal-001-003."""
    return "goal-" + path.strip("/").replace("/", "-")


def weak_targets(plan: Plan, terms: dict[int, int], found: list[ItemRow]) -> list[Weak]:
    """Items that promise less than the last result before the plan, by the comparator's good side. 2 statements."""
    targets = {
        t.terms_id: t
        for t in Target.objects.filter(terms__in=terms.values(), role=Target.RoleInPath.FINAL, value__isnull=False, terms__reading=Terms.Reading.VALUE)
        .select_related("terms__item__measure")
        .order_by("due_on")
    }
    past: dict[int, PastResult] = {}
    for result in PastResult.objects.filter(measure__items__plan=plan, on__lte=plan.start).order_by("on").distinct():
        past[result.measure_id] = result
    weak = []
    for row in found:
        target = targets.get(terms[row.item])
        last = (past.get(target.terms.item.measure_id) or _baseline(target)) if target else None
        if target and last and is_weaker(target, last):
            weak.append(Weak(row, wording.with_unit(formats.number(last.value), target.unit), last.on))
    return weak


def _baseline(target: Target) -> PastResult | None:
    """Of a rate or a level the baseline is the last result."""
    terms = target.terms
    if terms.baseline is None or terms.baseline_on != target.from_on or terms.accrual == Terms.Accrual.CUMULATIVE:
        return None
    return PastResult(measure_id=terms.item.measure_id, on=terms.baseline_on, value=terms.baseline)


def is_weaker(target: Target, result: PastResult) -> bool:
    """Whether a target asks for less than was there; unlike units are never compared, nor what a span of other length gives."""
    terms = target.terms
    if target.value is None or target.due_on is None or target.unit != terms.item.measure.unit or target.comparator in ("between", "relative"):
        return False
    if terms.accrual == Terms.Accrual.CUMULATIVE and (target.due_on - target.from_on).days > 366:
        return False
    down = target.comparator == "at_most" or target.better == "down"
    return bool(Decimal(target.value) > result.value) if down else bool(Decimal(target.value) < result.value)
