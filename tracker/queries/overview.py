"""The overview: how a city, or a leader's portfolio, stands in one minute. A fixed number of statements, however many items.

Every count is taken from the very rows that the list of items shows, so that the list behind a number has as many rows.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from people.access import Person
from people.departments import Called
from people.language import in_language
from people.prepared import PreparedOfIds
from plans.models import Step
from tracker.models.standings import Light
from tracker.queries import overview_names
from tracker.queries.board import Board, Counts, Line, Summed, board_of, doubted, summed, uncheckable_leads, wide
from tracker.queries.departments import DepartmentRow
from tracker.queries.items import UNREPORTED
from tracker.queries.looking import Look
from tracker.queries.nodes import NodeRow
from tracker.queries.rows import ItemRow, called_then, rows

MOST = 8  # rows of a section; the rest are one link away


def node(counts: Counts, stands: tuple[str, str | None, str | None, str | None] | None) -> NodeRow:
    """These counts with the light, gap, coverage and oldest figure of a node."""
    light, gap, coverage, oldest = stands or ("", None, None, None)
    return NodeRow(
        light, gap=Decimal(gap) if gap else None, overdue=counts.overdue, counts={"items": counts.items, **counts.lights},
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
    melons: list[ItemRow]  # green, and judged doubtful or worse
    uncheckable: int  # tasks without an accepted 验收标准, where one is asked
    departments: list[DepartmentRow]
    plans: list[PlanPart]


def overview(person: Person, seen: Look, portfolio: bool) -> Overview:
    """How it stands. `portfolio`: only what a leader is in charge of. 8 statements, 3 more where no board is kept with the run, 1 more where green is doubted."""
    board = board_of(person.government_id, seen)
    found = summed(line for line in board.lines if line.lead in person.portfolio or line.leader == person.id) if portfolio else board.summed
    turned, stayed, overdue = _parted(person, found.told)
    called = called_then(seen, person.government_id)
    shown = _lagging(person, seen, board, called, [*turned[:MOST], *stayed[:MOST], *overdue[:MOST]])
    nodes = board.nodes
    departments, plans, goals = overview_names.names(person.government_id)
    told = lambda lines: [shown[line.terms] for line in lines[:MOST] if line.terms in shown]  # noqa: E731
    return Overview(
        seen, portfolio, found.whole, node(found.whole, None if portfolio else nodes.get(f"government:{person.government_id}")),
        told(turned), told(stayed), told(overdue), len(turned), len(stayed), len(overdue), sum(line.silent for line in found.told),
        melons(person, seen, called, portfolio), uncheckable(person, seen, portfolio),
        _departments(departments, called, found.leads, nodes), _plans(plans, goals, found, {} if portfolio else nodes),
    )  # fmt: skip


def melons(person: Person, seen: Look, called: Mapping[str, Called], portfolio: bool) -> list[ItemRow]:
    """What is green by the sums and doubted by the supervisor, in the order of the list. 1 statement, and one for their targets."""
    found = doubted(person.government_id, seen)
    mine = [row for row in found if row["lead_id"] in person.portfolio or row["leader_id"] == person.id] if portfolio else found
    return rows(mine, called)


def uncheckable(person: Person, seen: Look, portfolio: bool) -> int:
    """尚不可核验 in all, or of what the leader is in charge of. 1 statement."""
    found = uncheckable_leads(person.government_id, seen)
    return sum(lead in person.portfolio or leader == person.id for lead, leader in found) if portfolio else len(found)


def _parted(person: Person, found: list[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """What turned red and what stayed red, the worst first; what is overdue, the longest first. Whose reports are missing is told of one's
    own department, or of all to whom reports are there to read."""
    red = [line for line in found if line.light == Light.RED]
    stayed = [line for line in red if line.before == Light.RED]
    turned = [line for line in red if line.before != Light.RED]
    late = [line for line in found if line.late and (person.reads_all or line.lead == person.department_id)]
    return turned, stayed, sorted(late, key=lambda line: (-(line.late or 0), line.terms))


def _lagging(person: Person, seen: Look, board: Board, called: Mapping[str, Called], shown: list[Line]) -> dict[int, Lagging]:
    """The lines shown as rows, by terms, with why and since when. 3 statements."""
    found = wide(person.government_id, seen, list(dict.fromkeys(line.terms for line in shown)), more=True)
    closed, since = {run.number: run.closes.title for run in seen.closed if run.closes}, board.red_since
    steps = {(key, name): in_language(name, name_en) for key, name, name_en in _steps(ids=[row["pk"] for row in found])}
    return {
        raw["pk"]: Lagging(
            row, _problem(person, raw), closed.get(since.get(row.item, 0), ""), UNREPORTED in row.marks, *_behind(raw, seen.day, steps)
        )
        for raw, row in zip(found, rows(found, called), strict=True)
    }  # fmt: skip


_steps = PreparedOfIds(lambda terms: Step.objects.filter(terms__in=terms).order_by().values_list("terms_id", "name", "name_en"))  # by Chinese name


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


def _departments(departments: list[Any], called: Mapping[str, Called], counts: Mapping[int, Counts], nodes: Mapping[str, Any]) -> list[DepartmentRow]:
    """The departments that lead something here, in their official order."""
    named = [(pk, code, called.get(code) or Called(name, short, name_en), kind) for pk, code, name, short, name_en, kind in departments]
    return [
        DepartmentRow(code, in_language(c.name, c.name_en), in_language(c.short, c.name_en), kind, node(counts[pk], nodes.get(f"department:{pk}")))
        for pk, code, c, kind in named
        if pk in counts
    ]


def _plans(plans: list[Any], goals: list[Any], found: Summed, nodes: Mapping[str, Any]) -> list[PlanPart]:
    """The plans that hold something here, each with its first goals."""
    codes = {pk: code for pk, code, *_titles in plans}
    parts: dict[int, list[GoalRow]] = {}
    for pk, plan, path, title, title_en in goals:
        if (plan, path) in found.goals and plan in codes:
            row = GoalRow(codes[plan], path, in_language(title, title_en), node(found.goals[plan, path], nodes.get(f"goal:{pk}")))
            parts.setdefault(plan, []).append(row)
    return [
        PlanPart(code, in_language(short or title, short_en or title_en), node(found.plans[pk], nodes.get(f"plan:{pk}")), parts.get(pk, []))
        for pk, code, title, title_en, short, short_en in plans
        if pk in found.plans
    ]
