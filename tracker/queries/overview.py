"""The overview: how a city, or a leader's portfolio, stands in one minute. A fixed number of statements, however many items.

Every count is taken from the very rows that the list of items shows, so that the list behind a number has as many rows.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from people.access import Person
from people.departments import Called
from people.language import in_language
from plans.models import Step
from tracker.models import Run, Standing
from tracker.models.standings import Light
from tracker.queries import overview_rows
from tracker.queries.departments import DepartmentRow
from tracker.queries.items import UNREPORTED
from tracker.queries.looking import Look
from tracker.queries.nodes import NodeRow
from tracker.queries.overview_rows import Group
from tracker.queries.rows import ItemRow, called_then, rows

MOST = 8  # rows of a section; the rest are one link away


@dataclass
class Counts:
    """What the items of a scope come to: lights now and at the closing before, items overdue, of these unreported."""

    items: int = 0
    lights: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    overdue_before: int = 0

    def add(self, group: Group) -> None:
        n = group.n
        self.items += n
        self.lights[group.light or ""] += n
        self.before[group.light_before or ""] += n
        self.overdue += n if group.late else 0
        self.overdue_before += n if group.late_before else 0

    @property
    def red(self) -> int:
        return self.lights[Light.RED]

    @property
    def yellow(self) -> int:
        return self.lights[Light.YELLOW]

    def change(self, light: str) -> int:
        return self.lights[light] - self.before[light]

    def node(self, stands: tuple[str, Decimal | None, Mapping[str, Any]] | None) -> NodeRow:
        """These counts with the light, gap, coverage and oldest figure of a node."""
        light, gap, counts = stands or ("", None, {})
        coverage, oldest = counts.get("coverage"), counts.get("oldest")
        return NodeRow(
            light, gap=gap, overdue=self.overdue, counts={"items": self.items, **self.lights},
            coverage=Decimal(coverage) if coverage else None, oldest=dt.date.fromisoformat(oldest) if oldest else None,
        )  # fmt: skip


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
    unreported: int
    departments: list[DepartmentRow]
    plans: list[PlanPart]


def overview(person: Person, seen: Look, portfolio: bool) -> Overview:
    """How it stands. `portfolio`: only what a leader is in charge of. 9 statements."""
    groups, found = overview_rows.items(person, seen, portfolio)
    turned, stayed, overdue = _parted(person, found)
    called = called_then(seen, person.government_id)
    shown = _lagging(person, seen, called, [*turned[:MOST], *stayed[:MOST], *overdue[:MOST]])
    nodes = overview_rows.nodes(person.government_id, seen.number)
    departments, plans, goals = overview_rows.names(person.government_id)
    whole = _summed(groups, lambda _group: None).get(None, Counts())
    told = lambda rows: [shown[row["pk"]] for row in rows[:MOST]]  # noqa: E731
    return Overview(
        seen, portfolio, whole, whole.node(None if portfolio else nodes.get(f"government:{person.government_id}")), told(turned), told(stayed), told(overdue),
        len(turned), len(stayed), len(overdue), sum(bool(row["now__overdue"]) and UNREPORTED in (row["now__marks"] or ()) for row in found),
        _departments(departments, called, groups, nodes), _plans(plans, goals, groups, {} if portfolio else nodes),
    )  # fmt: skip


def _parted(person: Person, found: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """What turned red and what stayed red, the worst first; what is overdue, the longest first. Whose reports are missing is told of one's
    own department, or of all to whom reports are there to read."""
    red = [row for row in found if row["now__light"] == Light.RED]
    stayed = [row for row in red if row["then__light"] == Light.RED]
    turned = [row for row in red if row["then__light"] != Light.RED]
    late = [row for row in found if row["now__overdue"] and (person.reads_all or row["lead_id"] == person.department_id)]
    return turned, stayed, sorted(late, key=lambda row: (-row["now__overdue"], row["pk"]))


def _lagging(person: Person, seen: Look, called: Mapping[str, Called], shown: list[dict[str, Any]]) -> dict[int, Lagging]:
    """The rows shown, with why and since when. 3 statements."""
    found = list({row["pk"]: row for row in shown}.values())
    since = _red_since(seen, [row["item_id"] for row in found])
    steps = _steps([row["pk"] for row in found])
    return {
        raw["pk"]: Lagging(row, _problem(person, raw), since.get(row.item, ""), UNREPORTED in row.marks, *_behind(raw, seen.day, steps))
        for raw, row in zip(found, rows(found, called), strict=True)
    }


def _steps(terms: list[int]) -> dict[tuple[int, str], str]:
    """The names of the steps of these terms in the page's language, by terms and Chinese name. 1 statement."""
    found = Step.objects.filter(terms__in=terms).order_by().values_list("terms_id", "name", "name_en")
    return {(key, name): in_language(name, name_en) for key, name, name_en in found}


def _problem(person: Person, raw: Mapping[str, Any]) -> str:
    """What the report names as the problem, for whom it is there to read: of one's own department, or of all."""
    mine = person.reads_all or raw["now__report__duty__department_id"] == person.department_id
    return raw["now__report__problem"] or "" if mine else ""


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


def _departments(departments: list[Any], called: Mapping[str, Called], groups: list[Group], nodes: Mapping[str, Any]) -> list[DepartmentRow]:
    """The departments that lead something here, in their official order."""
    counts = _summed(groups, lambda group: group.lead)
    named = [(pk, code, called.get(code) or Called(name, short, name_en), kind) for pk, code, name, short, name_en, kind in departments]
    return [
        DepartmentRow(code, in_language(c.name, c.name_en), in_language(c.short, c.name_en), kind, counts[pk].node(nodes.get(f"department:{pk}")))
        for pk, code, c, kind in named
        if pk in counts
    ]


def _plans(plans: list[Any], goals: list[Any], groups: list[Group], nodes: Mapping[str, Any]) -> list[PlanPart]:
    """The plans that hold something here, each with its first goals."""
    by_plan, by_goal = _summed(groups, lambda group: group.plan), _summed(groups, lambda group: (group.plan, group.goal))
    codes = {pk: code for pk, code, *_titles in plans}
    parts: dict[int, list[GoalRow]] = {}
    for pk, plan, path, title, title_en in goals:
        if (plan, path) in by_goal:
            row = GoalRow(codes[plan], path, in_language(title, title_en), by_goal[plan, path].node(nodes.get(f"goal:{pk}")))
            parts.setdefault(plan, []).append(row)
    return [
        PlanPart(code, in_language(short or title, short_en or title_en), by_plan[pk].node(nodes.get(f"plan:{pk}")), parts.get(pk, []))
        for pk, code, title, title_en, short, short_en in plans
        if pk in by_plan
    ]


def _summed(groups: Iterable[Group], key: Callable[[Group], Any]) -> dict[Any, Counts]:
    found: dict[Any, Counts] = {}
    for group in groups:
        found.setdefault(key(group), Counts()).add(group)
    return found
