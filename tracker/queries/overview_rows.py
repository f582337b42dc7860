"""What the overview reads: every item grouped, those red or overdue one by one, the nodes, and the names of what they are of.

Of a whole city the statements are written once a connection (`people.prepared`): it is the page that everybody opens first.
"""

import datetime as dt
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import StrIndex, Substr

from people.access import Person
from people.models import Department
from people.prepared import Prepared
from plans.models import Goal, Plan, Terms
from tracker.models import Standing
from tracker.models.standings import Light
from tracker.queries.items import of_portfolio
from tracker.queries.looking import Look
from tracker.queries.rows import FIELDS, listed

GOVERNMENT, NUMBER, BEFORE, DAY = -103, -101, -102, dt.date(1, 2, 3)  # what stands in for the values while a statement is written
GROUPED_BY = ("lead_id", "item__plan_id", "root", "now__light", "then__light", "now__overdue", "then__overdue")
EXCEPTION = (*FIELDS, "lead_id", "now__report__problem", "now__report__duty__department_id")


class Group(NamedTuple):
    """How many items of one department, plan and first goal stand alike, now and at the closing before."""

    lead: int
    plan: int
    goal: str
    light: str | None
    light_before: str | None
    late: int | None
    late_before: int | None
    n: int


def _whole(government: int, day: dt.date, number: int, before: int) -> QuerySet[Terms]:
    """The items of a city, as the list of items has them."""
    seen: Any = SimpleNamespace(day=day, number=number, before=SimpleNamespace(number=before))
    reader: Any = SimpleNamespace(government_id=government)
    return listed(reader, seen)


def _grouped(terms: QuerySet[Terms]) -> QuerySet[Any]:
    root = Substr("goal__path", 1, StrIndex("goal__path", Value("/")))
    return terms.annotate(root=root).order_by().values_list(*GROUPED_BY).annotate(n=Count("pk"))


def _red_or_overdue(terms: QuerySet[Any]) -> QuerySet[Any]:
    found = terms.filter(Q(now__light=Light.RED) | Q(now__overdue__gt=0))
    return found.order_by("worst", "item__plan__position", "item__position").values(*EXCEPTION)


PLACES = (GOVERNMENT, DAY, NUMBER, BEFORE)
_groups = Prepared(lambda *at: _grouped(_whole(*at)), *PLACES)
_exceptions = Prepared(lambda *at: _red_or_overdue(_whole(*at)), *PLACES)
_nodes = Prepared(
    lambda government, number: Standing.objects.of(government).at(number).filter(item__isnull=True).values_list("subject", "light", "gap", "counts"),
    GOVERNMENT,
    NUMBER,
)
_departments = Prepared(lambda government: Department.objects.of(government).values_list("pk", "code", "name", "short", "name_en", "kind"), GOVERNMENT)
_plans = Prepared(lambda government: Plan.objects.of(government).published().values_list("pk", "code", "title", "title_en", "short", "short_en"), GOVERNMENT)
_goals = Prepared(
    lambda government: Goal.objects.of(government).filter(parent=None).order_by("path").values_list("pk", "plan_id", "path", "title", "title_en"), GOVERNMENT
)


def items(person: Person, seen: Look, portfolio: bool) -> tuple[list[Group], list[dict[str, Any]]]:
    """Every item, grouped; and those that are red or overdue, the worst first. 2 statements."""
    if portfolio:
        terms = of_portfolio(listed(person, seen, parts=True), person)
        groups, exceptions = list(_grouped(terms)), list(_red_or_overdue(terms))
    else:
        at = (person.government_id, seen.day, seen.number, seen.before.number if seen.before else -1)
        groups, exceptions = _groups(*at), _exceptions(*at)
    return list(map(Group._make, groups)), exceptions


def nodes(government: int, number: int) -> dict[str, tuple[str, Any, dict[str, Any]]]:
    """Light, gap and counts of every node by its subject. 1 statement."""
    return {subject: (light, gap, counts or {}) for subject, light, gap, counts in _nodes(government, number)}


def names(government: int) -> tuple[list[Any], list[Any], list[Any]]:
    """Departments in their official order, published plans in theirs, first goals by their paths. 3 statements."""
    return _departments(government), _plans(government), _goals(government)
