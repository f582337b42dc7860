"""One department: what it leads, supports and reports, and its alerts. A fixed number of statements."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from people.access import Person
from people.models import Department, Portfolio
from plans.models import Support, Terms
from tracker.models import Alert, Duty
from tracker.models.standings import Light
from tracker.queries.looking import Look, look
from tracker.queries.nodes import UNKNOWN, NodeRow, nodes_at
from tracker.queries.rows import FIELDS, ItemRow, in_force, joined, rows

ORDER = (Light.RED, Light.YELLOW, Light.GREY, Light.NOT_DUE, Light.GREEN, Light.BLUE)


@dataclass(frozen=True)
class DutyRow:
    measure: str
    code: str
    period: str
    due_at: dt.datetime
    late: bool


@dataclass(frozen=True)
class AlertCount:
    """The open alerts of one rule, and since when the oldest is open."""

    rule: str
    label: str
    count: int
    since: dt.date


@dataclass(frozen=True)
class DepartmentPage:
    department: Department
    look: Look
    node: NodeRow
    leads: list[tuple[str, list[ItemRow]]]  # by light, the lagging first; "" where nothing is rolled up yet
    supports: list[tuple[str, list[ItemRow]]]
    duties: list[DutyRow]
    alerts: list[AlertCount]
    leaders: list[str]
    reads: bool

    @property
    def alerted(self) -> int:
        return sum(alert.count for alert in self.alerts)

    @property
    def led(self) -> int:
        return sum(len(items) for _light, items in self.leads)

    @property
    def supported(self) -> int:
        return sum(len(items) for _light, items in self.supports)


def department_page(person: Person, code: str, at: dt.datetime) -> DepartmentPage | None:
    """None where there is no such department in the own government."""
    department = Department.objects.visible_to(person).filter(code=code).select_related("successor").first()
    seen = look(person, at)
    if department is None or seen is None:
        return None
    part = Support.objects.filter(terms=OuterRef("pk"), department=department)
    terms = in_force(person, seen, parts=True)
    nodes = nodes_at(person.government_id, seen.number, "department")
    leaders = Portfolio.objects.of(person.government_id).open_on(seen.day).filter(department=department).values_list("user__name", flat=True)
    return DepartmentPage(
        department, seen, nodes.get(f"department:{department.pk}", UNKNOWN),
        by_light(rows(_found(terms.filter(lead=department), seen))), by_light(rows(_found(terms.filter(Exists(part)), seen))),
        open_duties(person, department, at), open_alerts(person, department),
        list(leaders), person.reads_all or person.department_id == department.pk,
    )  # fmt: skip


def _found(terms: QuerySet[Terms], seen: Look) -> Iterable[dict[str, Any]]:
    found: QuerySet = joined(terms, seen)
    return found.order_by("lag", "worst", "item__plan__position", "item__position").values(*FIELDS)


def by_light(items: list[ItemRow]) -> list[tuple[str, list[ItemRow]]]:
    """The items by their light, what lags first."""
    groups = [(light.value, [row for row in items if row.light == light]) for light in ORDER]
    return [(light, found) for light, found in (*groups, ("", [row for row in items if not row.light])) if found]


def open_duties(person: Person, department: Department, at: dt.datetime) -> list[DutyRow]:
    """What it still owes, the earliest first, for whom its reports are there to read. 1 statement."""
    owed = Duty.objects.visible_to(person).not_done().filter(department=department, period__opens_at__lte=at)
    found = owed.select_related("measure", "period__cycle").order_by("due_at", "measure__code")
    return [DutyRow(str(d.measure), d.measure.code, d.period.title, d.due_at, d.due_at < at) for d in found[:200]]


def open_alerts(person: Person, department: Department) -> list[AlertCount]:
    """How many alerts are open by rule, in the order of the rules. 1 statement."""
    found = Alert.objects.visible_to(person).open().filter(department=department).values_list("rule").annotate(n=Count("pk"), oldest=Min("since"))
    counted = {rule: (n, oldest) for rule, n, oldest in found}
    return [AlertCount(rule.value, str(rule.label), *counted[rule.value]) for rule in Alert.Rule if rule.value in counted]
