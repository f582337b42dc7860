"""The overview: how a city, or a leader's portfolio, stands in one minute. A fixed number of statements, however many items.

Every count is taken from the very rows that the list of items shows, so that the list behind a number has as many rows.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from people.access import Person
from people.models import Department
from plans.models import Goal, Plan, Step
from tracker.models import ProgressReport, Run, Standing
from tracker.models.standings import Light
from tracker.queries.departments import DepartmentRow
from tracker.queries.items import UNREPORTED, of_portfolio
from tracker.queries.looking import Look
from tracker.queries.nodes import LIGHTS, UNKNOWN, NodeRow, nodes_at
from tracker.queries.rows import FIELDS, ItemRow, listed, rows

MOST = 12  # rows of a section; the rest are one link away
FACTS = ("pk", "item_id", "lead_id", "item__plan_id", "goal__path", "now__light", "now__overdue", "now__marks", "then__light", "then__overdue")


@dataclass
class Counts:
    """What the items of a scope come to: lights now and at the closing before, items overdue, of these unreported."""

    items: int = 0
    lights: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    overdue_before: int = 0
    unreported: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        self.items += 1
        self.lights[row["now__light"] or ""] += 1
        self.before[row["then__light"] or ""] += 1
        self.overdue += bool(row["now__overdue"])
        self.overdue_before += bool(row["then__overdue"])
        self.unreported += UNREPORTED in (row["now__marks"] or ())

    @property
    def red(self) -> int:
        return self.lights[Light.RED]

    @property
    def yellow(self) -> int:
        return self.lights[Light.YELLOW]

    def change(self, light: str) -> int:
        return self.lights[light] - self.before[light]

    def node(self, of: NodeRow) -> NodeRow:
        """These counts with the gap, coverage and oldest figure of a node."""
        lights = {light: self.lights[light] for light in LIGHTS}
        return NodeRow(of.light, of.attainment, of.expected, of.gap, self.overdue, {"items": self.items, **lights}, of.coverage, of.oldest)


@dataclass(frozen=True)
class Lagging:
    """An item that is red or overdue, why, and since which closing it has been red."""

    row: ItemRow
    why: str
    since: str
    unreported: bool
    carried: dt.date | None  # the cut-off of the value that is carried on
    step: tuple[str, dt.date] | None  # the first step that is past its day


@dataclass(frozen=True)
class GoalRow:
    plan: str
    path: str
    title: str
    node: NodeRow


@dataclass(frozen=True)
class PlanPart:
    code: str
    title: str
    node: NodeRow
    goals: list[GoalRow]


@dataclass(frozen=True)
class Overview:
    look: Look
    portfolio: bool
    counts: Counts
    whole: NodeRow
    turned: list[Lagging]
    stayed: list[Lagging]
    overdue: list[Lagging]
    turned_n: int
    stayed_n: int
    overdue_n: int
    departments: list[DepartmentRow]
    plans: list[PlanPart]


def overview(person: Person, seen: Look, portfolio: bool) -> Overview:
    """How it stands. `portfolio`: only what a leader is in charge of. 11 statements."""
    terms: QuerySet = listed(person, seen)
    if portfolio:
        terms = of_portfolio(terms, person)
    facts = list(terms.order_by("worst", "item__plan__position", "item__position").values(*FACTS))
    turned, stayed, overdue = _exceptions(person, facts)
    shown = _lagging(person, seen, terms, {*turned[:MOST], *stayed[:MOST], *overdue[:MOST]})
    nodes = nodes_at(person.government_id, seen.number, "government", "plan", "goal", "department")
    return Overview(
        seen, portfolio, _counted(facts), nodes.get(f"government:{person.government_id}", UNKNOWN),
        [shown[pk] for pk in turned[:MOST]], [shown[pk] for pk in stayed[:MOST]], [shown[pk] for pk in overdue[:MOST]],
        len(turned), len(stayed), len(overdue), _departments(person, facts, nodes), _plans(person, facts, {} if portfolio else nodes),
    )  # fmt: skip


def _counted(facts: Iterable[Mapping[str, Any]]) -> Counts:
    counts = Counts()
    for row in facts:
        counts.add(row)
    return counts


def _exceptions(person: Person, facts: list[dict[str, Any]]) -> tuple[list[int], list[int], list[int]]:
    """The keys of the terms that turned red, stayed red, are overdue. Whose reports are missing is told of one's own department, or of all
    to whom reports are there to read."""
    red = [row for row in facts if row["now__light"] == Light.RED]
    stayed = [row["pk"] for row in red if row["then__light"] == Light.RED]
    turned = [row["pk"] for row in red if row["then__light"] != Light.RED]
    late = [row for row in facts if row["now__overdue"] and (person.reads_all or row["lead_id"] == person.department_id)]
    return turned, stayed, [row["pk"] for row in sorted(late, key=lambda row: (-row["now__overdue"], row["pk"]))]


def _lagging(person: Person, seen: Look, terms: QuerySet, shown: set[int]) -> dict[int, Lagging]:
    """The rows shown, with why and since when. 5 statements."""
    found = list(terms.filter(pk__in=shown).values(*FIELDS, "now__report"))
    problems = _problems(person, [row["now__report"] for row in found if row["now__report"]])
    since = _red_since(seen, [row["item_id"] for row in found])
    steps = {(step.terms_id, step.name): str(step) for step in Step.objects.filter(terms__in=shown)}
    return {
        raw["pk"]: Lagging(row, problems.get(raw["now__report"], ""), since.get(row.item, ""), UNREPORTED in row.marks, *_behind(raw, seen.day, steps))
        for raw, row in zip(found, rows(found), strict=True)
    }


def _problems(person: Person, reports: list[int]) -> dict[int, str]:
    """What the reports name as the problem, for whom they are there to read. 1 statement."""
    return dict(ProgressReport.objects.visible_to(person).filter(pk__in=reports).values_list("pk", "problem"))


def _behind(raw: Mapping[str, Any], day: dt.date, steps: Mapping[tuple[int, str], str]) -> tuple[dt.date | None, tuple[str, dt.date] | None]:
    """The cut-off of the value that counts, and the first step that is past its day and not done."""
    facts = raw["now__facts"] or {}
    open_steps = ((step["name"], dt.date.fromisoformat(step["due"])) for step in facts.get("steps") or [] if not step.get("done"))
    late = [(steps.get((raw["pk"], name), name), due) for name, due in open_steps if due < day]
    cut_off = facts.get("cut_off")
    return dt.date.fromisoformat(cut_off) if cut_off else None, late[0] if late else None


def _red_since(seen: Look, items: list[int]) -> dict[int, str]:
    """The period since whose closing each item has been red at every closing up to the one compared with. 1 statement."""
    history: dict[int, list[tuple[int, int | None]]] = {}
    red = Standing.objects.filter(item__in=items, light=Light.RED)
    for item, first, last in red.values_list("item", "since_run", "until_run"):
        history.setdefault(item, []).append((first, last))
    closings = closings_up_to(seen)
    found = {}
    for item, spans in history.items():
        for run in closings:
            if not any(first <= run.number and (last is None or last > run.number) for first, last in spans):
                break
            found[item] = run.closes.title if run.closes else ""
    return found


def closings_up_to(seen: Look) -> list[Run]:
    """The closing that is compared with and those before it, the latest first."""
    before = seen.before
    return [] if before is None else list(seen.closed[seen.closed.index(before) :])


def _departments(person: Person, facts: Iterable[Mapping[str, Any]], nodes: Mapping[str, NodeRow]) -> list[DepartmentRow]:
    """The departments that lead something here, in their official order. 1 statement."""
    counts = _grouped(facts, lambda row: row["lead_id"])
    found = Department.objects.visible_to(person).filter(pk__in=counts)
    return [DepartmentRow(d.code, str(d), d.short_title, d.kind, counts[d.pk].node(nodes.get(f"department:{d.pk}", UNKNOWN))) for d in found]


def _plans(person: Person, facts: list[dict[str, Any]], nodes: Mapping[str, NodeRow]) -> list[PlanPart]:
    """The plans that hold something here, each with its first goals. 2 statements."""
    by_plan = _grouped(facts, lambda row: row["item__plan_id"])
    by_goal = _grouped(facts, lambda row: (row["item__plan_id"], row["goal__path"].partition("/")[0] + "/"))
    goals: dict[int, list[Goal]] = {}
    for goal in Goal.objects.visible_to(person).filter(plan__in=by_plan, parent=None).order_by("path"):
        goals.setdefault(goal.plan_id, []).append(goal)
    return [
        PlanPart(plan.code, plan.short_title, by_plan[plan.pk].node(nodes.get(f"plan:{plan.pk}", UNKNOWN)), [
            GoalRow(plan.code, g.path, str(g), by_goal[plan.pk, g.path].node(nodes.get(f"goal:{g.pk}", UNKNOWN)))
            for g in goals.get(plan.pk, []) if (plan.pk, g.path) in by_goal
        ])
        for plan in Plan.objects.visible_to(person).filter(pk__in=by_plan)
    ]  # fmt: skip


def _grouped(facts: Iterable[Mapping[str, Any]], key: Callable[[Mapping[str, Any]], Any]) -> dict[Any, Counts]:
    found: dict[Any, Counts] = {}
    for row in facts:
        found.setdefault(key(row), Counts()).add(row)
    return found
